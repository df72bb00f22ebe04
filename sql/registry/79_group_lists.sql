-- What is wrong with message groups: names, owners, missing groups, who is not
-- in one; and how messages went from level to level. As of a day, in a region
-- or everywhere; the views look as of list_day(). (In SQL functions arguments
-- are written $1, $2: their names are also names of columns.)

-- A programme asks its units while it is in force on that day.
CREATE FUNCTION @registry@.programme_units(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (programme text, unit text, unit_kind text, region antifraud.region)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.code AS programme, u.code AS unit, u.kind AS unit_kind, u.region
  FROM @registry@.programme AS p
  JOIN @registry@.unit AS u ON p.region IS NULL OR u.region OPERATOR(antifraud.<@) p.region
  WHERE p.active AND u.active AND p.period_from <= $1 AND (p.period_to >= $1) IS NOT FALSE
    AND ($2 IS NULL OR u.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.programme_units(date, antifraud.region) IS 'The active units of which each programme in force on a day asks something, in a region (null: everywhere).';

CREATE FUNCTION @registry@.group_namings(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (contact_group text, unit text, region antifraud.region, level integer, grid integer, part integer, name text, name_rule text, members_limit integer, office text, expected text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT g.code AS contact_group, g.unit, u.region, g.level, g.grid, g.part, g.name, r.code AS name_rule, r.members_limit, o.office,
         @registry@.group_name(g.level, o.office, CASE WHEN g.level = 1 THEN r.command_unit ELSE u.name END, g.grid, g.part) AS expected
  FROM @registry@.contact_group AS g
  JOIN @registry@.unit AS u ON u.code = g.unit
  LEFT JOIN @registry@.unit AS p ON p.code = u.parent
  LEFT JOIN @registry@.unit AS q ON q.code = p.parent
  JOIN @registry@.group_name_rule AS r ON r.code = COALESCE(g.name_rule, (
    SELECT min(n.code) FROM @registry@.group_name_rule AS n
    JOIN @registry@.programme AS f ON f.code = n.programme
    WHERE f.active AND f.period_from <= $1 AND (f.period_to >= $1) IS NOT FALSE AND (f.region IS NULL OR u.region OPERATOR(antifraud.<@) f.region)))
  CROSS JOIN LATERAL (
    SELECT COALESCE(r.office, CASE WHEN u.kind = 'town' THEN u.name WHEN p.kind = 'town' THEN p.name WHEN q.kind = 'town' THEN q.name WHEN g.level = 1 THEN u.name END) AS office
  ) AS o
  WHERE g.active AND ($2 IS NULL OR u.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.group_namings(date, antifraud.region) IS 'The active message groups that a rule for names holds for on a day, in a region (null: everywhere), and the name that it gives each; expected is null where it cannot say.';

CREATE FUNCTION @registry@.last_group_counts(as_of date)
RETURNS TABLE (contact_group text, counted_on date, members integer, members_eligible integer, households integer, households_eligible integer)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT g.code AS contact_group, c.counted_on, c.members, c.members_eligible, c.households, c.households_eligible
  FROM @registry@.contact_group AS g
  CROSS JOIN LATERAL (
    SELECT x.counted_on, x.members, x.members_eligible, x.households, x.households_eligible
    FROM @registry@.group_count AS x
    WHERE x.contact_group = g.code AND x.counted_on <= $1 AND x.voided_at IS NULL
    ORDER BY x.counted_on DESC LIMIT 1
  ) AS c;
END;
COMMENT ON FUNCTION @registry@.last_group_counts(date) IS 'The last count of each message group up to a day; no row for a group that was never counted.';

CREATE FUNCTION @registry@.group_name_faults(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (contact_group text, unit text, region antifraud.region, level integer, name text, expected text, gap text, gap_zh text, gap_en text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT n.contact_group, n.unit, n.region, n.level, n.name, n.expected, k.code AS gap, k.label_zh AS gap_zh, k.label_en AS gap_en
  FROM (
    SELECT g.contact_group, g.unit, g.region, g.level, g.grid, g.part, g.name, g.expected, g.office, g.members_limit, c.members,
           pg_catalog.count(*) OVER alike AS siblings, pg_catalog.row_number() OVER (alike ORDER BY g.part) AS place
    FROM @registry@.group_namings($1, $2) AS g
    LEFT JOIN @registry@.last_group_counts($1) AS c ON c.contact_group = g.contact_group
    WINDOW alike AS (PARTITION BY g.unit, g.level, g.grid)
  ) AS n
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN n.level = 3 AND n.grid IS NULL THEN 'no_grid'
          WHEN n.office IS NULL THEN 'no_office'
          WHEN n.name = n.expected THEN NULL
          WHEN normalize(n.name, NFC) = n.expected THEN 'not_nfc'
          WHEN normalize(n.name, NFKC) = normalize(n.expected, NFKC) THEN 'width'
          WHEN pg_catalog.regexp_replace(normalize(n.name, NFKC), '\s', '', 'g') = normalize(n.expected, NFKC) THEN 'spaces'
          ELSE 'name' END),
    (CASE WHEN n.level = 3 AND n.grid IS NULL THEN NULL
          WHEN n.siblings > 1 AND n.part IS NULL THEN 'number_missing'
          WHEN n.siblings = 1 AND n.part IS NOT NULL THEN 'number_needless'
          WHEN n.part <> n.place THEN 'number_gap' END),
    (CASE WHEN n.members > n.members_limit THEN 'too_many' END)
  ) AS f (gap)
  JOIN @registry@.gap_kind AS k ON k.code = f.gap;
END;
COMMENT ON FUNCTION @registry@.group_name_faults(date, antifraud.region) IS 'What is wrong with the names and numbers of message groups on a day, in a region (null: everywhere), a row for each fault.';

CREATE FUNCTION @registry@.group_gaps(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, contact_group text, level integer, programme text, officer bigint, gap text, gap_zh text, gap_en text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT f.unit, f.region, f.contact_group, f.level, f.programme, f.officer, k.code AS gap, k.label_zh AS gap_zh, k.label_en AS gap_en
  FROM (
    SELECT u.unit AS unit, u.region AS region, NULL::text AS contact_group, r.level AS level, r.programme AS programme, NULL::bigint AS officer, 'no_group'::text AS gap
    FROM @registry@.programme_units($1, $2) AS u
    JOIN @registry@.group_rule AS r ON r.programme = u.programme AND r.unit_kind = u.unit_kind
    WHERE NOT EXISTS (SELECT FROM @registry@.contact_group AS g
                      WHERE g.unit = u.unit AND g.level = r.level AND g.active AND (g.formed_on <= $1) IS NOT FALSE)
    UNION ALL
    SELECT u.code AS unit, u.region AS region, g.code AS contact_group, g.level AS level, NULL::text AS programme, o.officer AS officer, w.gap AS gap
    FROM @registry@.contact_group AS g
    JOIN @registry@.unit AS u ON u.code = g.unit
    JOIN @registry@.group_level AS v ON v.level = g.level
    LEFT JOIN @registry@.contact_group AS p ON p.code = g.parent
    LEFT JOIN LATERAL (
      SELECT m.officer, e.role, e.left_on
      FROM @registry@.group_officer AS m
      JOIN @registry@.officer AS e ON e.id = m.officer
      WHERE m.contact_group = g.code AND m.role = 'owner' AND m.period @> $1
      LIMIT 1                   -- there is no other; said for the planner
    ) AS o ON true
    LEFT JOIN @registry@.last_group_counts($1) AS c ON c.contact_group = g.code
    CROSS JOIN LATERAL (VALUES
      (CASE WHEN o.officer IS NULL THEN 'no_owner' WHEN o.left_on < $1 THEN 'owner_left' WHEN o.role <> v.owner_role THEN 'owner_role' END),
      (CASE WHEN g.level = 1 THEN NULL WHEN g.parent IS NULL THEN 'no_parent' WHEN p.level <> g.level - 1 THEN 'parent_level' END),
      (CASE WHEN c.counted_on IS NULL THEN 'not_counted' WHEN $1 - c.counted_on > v.recount_days THEN 'count_stale' END)
    ) AS w (gap)
    WHERE $1 IS NOT NULL AND w.gap IS NOT NULL AND g.active AND (g.formed_on <= $1) IS NOT FALSE AND u.active AND ($2 IS NULL OR u.region OPERATOR(antifraud.<@) $2)
  ) AS f
  JOIN @registry@.gap_kind AS k ON k.code = f.gap;
END;
COMMENT ON FUNCTION @registry@.group_gaps(date, antifraud.region) IS 'Units without a message group that a programme in force asks for, and groups without an owner, a group above or a count, on a day, in a region (null: everywhere).';

CREATE FUNCTION @registry@.group_coverage_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, grid integer, contact_groups bigint, uncounted bigint, counted_on date, members bigint, members_eligible bigint,
               households bigint, households_eligible bigint, households_missing bigint, percent numeric)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.unit, s.region, s.grid, s.contact_groups, s.uncounted, s.counted_on, s.members, s.members_eligible, s.households, s.households_eligible,
         s.households_eligible - s.households AS households_missing,
         pg_catalog.round(100.0 * s.households / NULLIF(s.households_eligible, 0), 2) AS percent
  FROM (
    SELECT u.code AS unit, u.region AS region, g.grid, pg_catalog.count(*) AS contact_groups, pg_catalog.count(*) FILTER (WHERE c.counted_on IS NULL) AS uncounted,
           min(c.counted_on) AS counted_on, sum(c.members) AS members, sum(c.members_eligible) AS members_eligible,
           sum(c.households) FILTER (WHERE c.households_eligible IS NOT NULL) AS households,
           sum(c.households_eligible) FILTER (WHERE c.households IS NOT NULL) AS households_eligible
    FROM @registry@.contact_group AS g
    JOIN @registry@.unit AS u ON u.code = g.unit
    LEFT JOIN @registry@.last_group_counts($1) AS c ON c.contact_group = g.code
    WHERE $1 IS NOT NULL AND g.level = 3 AND g.active AND (g.formed_on <= $1) IS NOT FALSE AND u.active AND ($2 IS NULL OR u.region OPERATOR(antifraud.<@) $2)
    GROUP BY u.code, g.grid
  ) AS s;
END;
COMMENT ON FUNCTION @registry@.group_coverage_at(date, antifraud.region) IS 'How many households are in the publicity groups of each unit and grid, of those that are to be, by the last counts up to a day, in a region (null: everywhere). Numbers only: nobody is listed.';

-- A message goes from the group in which it was sent to those below it, and
-- from these to theirs: each such group has a row, whether it passed the
-- message on or not.
CREATE FUNCTION @registry@.relay_delays(from_date date, to_date date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (message bigint, title text, source text, origin text, contact_group text, level integer, unit text, region antifraud.region,
               sent_at timestamptz, parent_at timestamptz, relayed_at timestamptz, delay_minutes integer, total_minutes integer, limit_minutes integer, state text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT w.message, w.title, w.source, w.origin, w.contact_group, w.level, w.unit, w.region, w.sent_at, w.parent_at, w.relayed_at,
         pg_catalog.floor(EXTRACT(epoch FROM CASE WHEN w.relayed_at >= w.parent_at THEN w.relayed_at - w.parent_at END) / 60)::integer AS delay_minutes,
         pg_catalog.floor(EXTRACT(epoch FROM CASE WHEN w.relayed_at >= w.sent_at THEN w.relayed_at - w.sent_at END) / 60)::integer AS total_minutes,
         l.minutes AS limit_minutes,
         CASE WHEN w.distance IS NULL THEN 'outside'
              WHEN w.relayed_at IS NULL THEN 'not_relayed'
              WHEN w.relayed_at < w.parent_at OR w.relayed_at < w.sent_at THEN 'before_parent'
              WHEN w.relayed_at - w.parent_at > pg_catalog.make_interval(mins => l.minutes) THEN 'late'
              WHEN w.distance = 0 THEN 'sent'
              WHEN w.parent_at IS NULL THEN 'parent_not_relayed'
              ELSE 'relayed' END AS state
  FROM (
    SELECT m.id AS message, m.title AS title, m.source AS source, m.contact_group AS origin, g.code AS contact_group, g.level AS level, u.code AS unit, u.region AS region,
           m.sent_at AS sent_at, m.sent_on AS sent_on, a.distance AS distance,
           CASE a.distance WHEN 0 THEN m.received_at WHEN 1 THEN m.sent_at ELSE b.relayed_at END AS parent_at,
           CASE a.distance WHEN 0 THEN m.sent_at ELSE r.relayed_at END AS relayed_at
    FROM @registry@.contact_group AS g
    JOIN @registry@.unit AS u ON u.code = g.unit
    LEFT JOIN @registry@.contact_group AS p ON p.code = g.parent
    CROSS JOIN LATERAL (VALUES (g.code, 0), (g.parent, 1), (NULLIF(p.parent, g.code), 2)) AS a (origin, distance)
    JOIN @registry@.group_message AS m ON m.contact_group = a.origin AND m.sent_on >= $1 AND m.sent_on <= $2 AND m.voided_at IS NULL
    -- one row at most; said for the planner
    LEFT JOIN LATERAL (
      SELECT x.relayed_at FROM @registry@.group_relay AS x
      WHERE x.message = m.id AND x.contact_group = g.code AND x.voided_at IS NULL AND a.distance > 0 LIMIT 1
    ) AS r ON true
    LEFT JOIN LATERAL (
      SELECT x.relayed_at FROM @registry@.group_relay AS x
      WHERE x.message = m.id AND x.contact_group = g.parent AND x.voided_at IS NULL AND a.distance = 2 LIMIT 1
    ) AS b ON true
    WHERE (a.distance = 0 OR r.relayed_at IS NOT NULL OR (g.active AND (g.formed_on <= m.sent_on) IS NOT FALSE))
      AND ($3 IS NULL OR u.region OPERATOR(antifraud.<@) $3)
    UNION ALL
    SELECT m.id AS message, m.title AS title, m.source AS source, m.contact_group AS origin, g.code AS contact_group, g.level AS level, u.code AS unit, u.region AS region,
           m.sent_at AS sent_at, m.sent_on AS sent_on, NULL::integer AS distance, NULL::timestamptz AS parent_at, r.relayed_at AS relayed_at
    FROM @registry@.group_message AS m
    JOIN @registry@.group_relay AS r ON r.message = m.id AND r.voided_at IS NULL
    JOIN @registry@.contact_group AS g ON g.code = r.contact_group
    JOIN @registry@.unit AS u ON u.code = g.unit
    LEFT JOIN @registry@.contact_group AS p ON p.code = g.parent
    WHERE m.sent_on >= $1 AND m.sent_on <= $2 AND m.voided_at IS NULL
      AND m.contact_group <> g.code AND m.contact_group IS DISTINCT FROM g.parent AND m.contact_group IS DISTINCT FROM p.parent
      AND ($3 IS NULL OR u.region OPERATOR(antifraud.<@) $3)
  ) AS w
  LEFT JOIN @registry@.relay_limit_period AS l ON l.level = w.level AND l.valid_from <= w.sent_on AND (l.valid_until > w.sent_on) IS NOT FALSE;
END;
COMMENT ON FUNCTION @registry@.relay_delays(date, date, antifraud.region) IS 'How the messages sent on these days went down: a row for each message and each group that had or was to have it, in a region (null: everywhere), with whole minutes from the group above and from the first.';

CREATE VIEW @registry@.group_name_fault WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT f.contact_group, f.unit, f.region, f.level, f.name, f.expected, f.gap, f.gap_zh, f.gap_en
  FROM today AS t CROSS JOIN LATERAL @registry@.group_name_faults(t.day) AS f;
COMMENT ON VIEW @registry@.group_name_fault IS 'What is wrong with the names and numbers of message groups, as of list_day().';
COMMENT ON COLUMN @registry@.group_name_fault.name IS 'Its name.';
COMMENT ON COLUMN @registry@.group_name_fault.expected IS 'The name that the rule gives; null where it cannot say.';

CREATE VIEW @registry@.group_gap WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT g.unit, g.region, g.contact_group, g.level, g.programme, g.officer, g.gap, g.gap_zh, g.gap_en
  FROM today AS t CROSS JOIN LATERAL @registry@.group_gaps(t.day) AS g;
COMMENT ON VIEW @registry@.group_gap IS 'Units without a message group that a programme in force asks for, and what groups lack, as of list_day().';
COMMENT ON COLUMN @registry@.group_gap.programme IS 'The programme that asks for the group; null for what an existing group lacks.';
COMMENT ON COLUMN @registry@.group_gap.officer IS 'The owner; null: none.';

CREATE VIEW @registry@.group_coverage WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT c.unit, c.region, c.grid, c.contact_groups, c.uncounted, c.counted_on, c.members, c.members_eligible, c.households, c.households_eligible, c.households_missing, c.percent
  FROM today AS t CROSS JOIN LATERAL @registry@.group_coverage_at(t.day) AS c;
COMMENT ON VIEW @registry@.group_coverage IS 'Households in the publicity groups of each unit and grid, as of list_day(). Numbers only: nobody is listed.';
COMMENT ON COLUMN @registry@.group_coverage.grid IS 'The grid; null: groups without one.';
COMMENT ON COLUMN @registry@.group_coverage.contact_groups IS 'Active groups of level 3.';
COMMENT ON COLUMN @registry@.group_coverage.uncounted IS 'Those of them that were never counted.';
COMMENT ON COLUMN @registry@.group_coverage.counted_on IS 'Day of the oldest of their last counts.';
COMMENT ON COLUMN @registry@.group_coverage.members IS 'Members of the groups, in persons.';
COMMENT ON COLUMN @registry@.group_coverage.members_eligible IS 'Persons who are to be in them; null: not known.';
COMMENT ON COLUMN @registry@.group_coverage.households IS 'Households of which somebody is in a group.';
COMMENT ON COLUMN @registry@.group_coverage.households_eligible IS 'Households that are to be in one.';
COMMENT ON COLUMN @registry@.group_coverage.households_missing IS 'Those that are not.';
COMMENT ON COLUMN @registry@.group_coverage.percent IS 'Per cent of households in a group, rounded to two decimals for reading; compare households with households_eligible.';

CREATE VIEW @registry@.relay_delay WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT d.message, d.title, d.source, d.origin, d.contact_group, d.level, d.unit, d.region, d.sent_at, d.parent_at, d.relayed_at,
         d.delay_minutes, d.total_minutes, d.limit_minutes, d.state
  FROM today AS t CROSS JOIN LATERAL @registry@.relay_delays(t.day - 29, t.day) AS d;
COMMENT ON VIEW @registry@.relay_delay IS 'How the messages of the 30 days up to list_day() went down; for other days see relay_delays().';
COMMENT ON COLUMN @registry@.relay_delay.message IS 'The message.';
COMMENT ON COLUMN @registry@.relay_delay.title IS 'What it is about.';
COMMENT ON COLUMN @registry@.relay_delay.source IS 'Where it comes from; see message_source.';
COMMENT ON COLUMN @registry@.relay_delay.origin IS 'The group in which it was sent first.';
COMMENT ON COLUMN @registry@.relay_delay.sent_at IS 'When that was.';
COMMENT ON COLUMN @registry@.relay_delay.parent_at IS 'When the group above had it; for the first group, when it arrived from outside.';
COMMENT ON COLUMN @registry@.relay_delay.relayed_at IS 'When this group had it; null: never.';
COMMENT ON COLUMN @registry@.relay_delay.delay_minutes IS 'Whole minutes since the group above had it.';
COMMENT ON COLUMN @registry@.relay_delay.total_minutes IS 'Whole minutes since it was sent first.';
COMMENT ON COLUMN @registry@.relay_delay.limit_minutes IS 'Minutes that relay_limit allows; null: no limit is set.';
COMMENT ON COLUMN @registry@.relay_delay.state IS 'sent (the first group), relayed, late, not_relayed, parent_not_relayed (the group above did not, or not in the registry), before_parent (earlier than the group above: no delay is given), outside (a group that is not below the first).';
SELECT @registry@.comment_columns('{group_name_fault,group_gap,relay_delay}',
  '{contact_group,unit,region,level}', '{The group.,The unit that answers for it.,Where it belongs.,Level of the group.}');
SELECT @registry@.comment_columns('{group_coverage}', '{unit,region}', '{The unit.,Where it belongs.}');
SELECT @registry@.comment_columns('{group_name_fault,group_gap}',
  '{gap,gap_zh,gap_en}', '{What is wrong; see gap_kind.,The same in Chinese.,The same in English.}');

CREATE FUNCTION @registry@.rename_group(contact_group text, new_name text DEFAULT NULL, renamed_on date DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  old @registry@.contact_group;
  on_day date := coalesce(renamed_on, @registry@.list_day());
  wanted text := new_name;
BEGIN
  SELECT g.* INTO old FROM @registry@.contact_group AS g WHERE g.code = rename_group.contact_group FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no message group %s', coalesce(quote_literal(contact_group), 'NULL')),
      HINT = 'The table contact_group lists them.';
  END IF;
  IF wanted IS NULL THEN
    SELECT n.expected INTO wanted FROM @registry@.group_namings(on_day) AS n WHERE n.contact_group = rename_group.contact_group;
    IF wanted IS NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('no rule gives a name for message group %L', contact_group),
        DETAIL = format('On %s no rule for names holds for it, or its office or grid is not known.', on_day),
        HINT = 'Give the new name, or set name_rule, grid and the parent of its unit.';
    END IF;
  END IF;
  IF wanted <> old.name THEN
    INSERT INTO @registry@.group_rename (contact_group, unit, old_name, new_name, renamed_on) VALUES (old.code, old.unit, old.name, wanted, on_day);
    UPDATE @registry@.contact_group AS g SET name = wanted WHERE g.code = old.code;
  END IF;
  RETURN wanted;
END
$body$;
COMMENT ON FUNCTION @registry@.rename_group(text, text, date) IS 'Give a message group a new name, or the one that the rule gives it, and enter that in group_rename; gives the name. A day left out is list_day().';
