-- Rosters and bodies: who is missing, whose entry is stale, who answers for
-- what. As 79_group_lists.sql.

CREATE FUNCTION @registry@.roster_gaps(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (programme text, unit text, region antifraud.region, role text, role_zh text, role_en text, officer bigint, confirmed_on date,
               serving bigint, minimum integer, gap text, gap_zh text, gap_en text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT f.programme, f.unit, f.region, f.role, o.label_zh AS role_zh, o.label_en AS role_en, f.officer, f.confirmed_on, f.serving, f.minimum,
         k.code AS gap, k.label_zh AS gap_zh, k.label_en AS gap_en
  FROM (
    SELECT u.programme AS programme, u.unit AS unit, u.region AS region, r.role AS role, NULL::bigint AS officer, NULL::date AS confirmed_on,
           n.serving AS serving, r.minimum AS minimum, 'missing'::text AS gap
    FROM @registry@.programme_units($1, $2) AS u
    JOIN @registry@.roster_rule AS r ON r.programme = u.programme AND r.unit_kind = u.unit_kind
    CROSS JOIN LATERAL (
      SELECT pg_catalog.count(*) AS serving FROM @registry@.officer AS e
      WHERE e.unit = u.unit AND e.role = r.role AND (e.joined_on <= $1) IS NOT FALSE AND (e.left_on >= $1) IS NOT FALSE
    ) AS n
    WHERE n.serving < r.minimum
    UNION ALL
    SELECT u.programme AS programme, u.unit AS unit, u.region AS region, r.role AS role, e.id AS officer, e.confirmed_on AS confirmed_on,
           NULL::bigint AS serving, r.minimum AS minimum, w.gap AS gap
    FROM @registry@.programme_units($1, $2) AS u
    JOIN @registry@.roster_rule AS r ON r.programme = u.programme AND r.unit_kind = u.unit_kind
    JOIN @registry@.officer AS e ON e.unit = u.unit AND e.role = r.role AND (e.joined_on <= $1) IS NOT FALSE AND (e.left_on >= $1) IS NOT FALSE
    CROSS JOIN LATERAL (VALUES
      (CASE WHEN r.confirm_days IS NOT NULL AND (e.confirmed_on IS NULL OR $1 - e.confirmed_on > r.confirm_days) THEN 'stale' END),
      (CASE WHEN r.telephone AND COALESCE(pg_catalog.btrim(e.phone), '') = '' THEN 'no_telephone' END)
    ) AS w (gap)
    WHERE w.gap IS NOT NULL
  ) AS f
  JOIN @registry@.officer_role AS o ON o.code = f.role
  JOIN @registry@.gap_kind AS k ON k.code = f.gap;
END;
COMMENT ON FUNCTION @registry@.roster_gaps(date, antifraud.region) IS 'Whom units should have named and have not, whose entry nobody confirmed in time, and who has no telephone, by the rules of the programmes in force on a day, in a region (null: everywhere).';

CREATE FUNCTION @registry@.body_gaps(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (programme text, unit text, region antifraud.region, kind text, kind_zh text, kind_en text, body text, found bigint, minimum integer, gap text, gap_zh text, gap_en text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT f.programme, f.unit, f.region, f.kind, b.label_zh AS kind_zh, b.label_en AS kind_en, f.body, f.found, f.minimum,
         k.code AS gap, k.label_zh AS gap_zh, k.label_en AS gap_en
  FROM (
    SELECT u.programme AS programme, u.unit AS unit, u.region AS region, r.kind AS kind, NULL::text AS body, n.found AS found, r.minimum AS minimum, 'no_body'::text AS gap
    FROM @registry@.programme_units($1, $2) AS u
    JOIN @registry@.body_rule AS r ON r.programme = u.programme AND r.unit_kind = u.unit_kind
    CROSS JOIN LATERAL (
      SELECT pg_catalog.count(*) AS found FROM @registry@.body AS x
      WHERE x.unit = u.unit AND x.kind = r.kind AND (x.formed_on <= $1) IS NOT FALSE AND (x.dissolved_on >= $1) IS NOT FALSE
    ) AS n
    WHERE n.found < r.minimum
    UNION ALL
    SELECT u.programme AS programme, u.unit AS unit, u.region AS region, r.kind AS kind, x.code AS body, n.heads AS found, r.heads AS minimum,
           CASE WHEN n.left_heads > 0 THEN 'head_left' ELSE 'no_head' END AS gap
    FROM @registry@.programme_units($1, $2) AS u
    JOIN @registry@.body_rule AS r ON r.programme = u.programme AND r.unit_kind = u.unit_kind
    JOIN @registry@.body AS x ON x.unit = u.unit AND x.kind = r.kind AND (x.formed_on <= $1) IS NOT FALSE AND (x.dissolved_on >= $1) IS NOT FALSE
    CROSS JOIN LATERAL (
      SELECT pg_catalog.count(*) FILTER (WHERE (e.left_on >= $1) IS NOT FALSE) AS heads, pg_catalog.count(*) FILTER (WHERE e.left_on < $1) AS left_heads
      FROM @registry@.body_member AS m
      LEFT JOIN @registry@.officer AS e ON e.id = m.officer
      WHERE m.body = x.code AND m.position = 'head' AND m.period @> $1
    ) AS n
    WHERE n.heads < r.heads
  ) AS f
  JOIN @registry@.body_kind AS b ON b.code = f.kind
  JOIN @registry@.gap_kind AS k ON k.code = f.gap;
END;
COMMENT ON FUNCTION @registry@.body_gaps(date, antifraud.region) IS 'Bodies that units should have set up and have not, and bodies with fewer heads than asked for, by the rules of the programmes in force on a day, in a region (null: everywhere).';

CREATE FUNCTION @registry@.unit_responsibilities(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, programme text, place text, task text, part text, part_zh text, part_en text, party text, officer bigint)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT f.unit, f.region, f.programme, f.place, f.task, f.part, p.label_zh AS part_zh, p.label_en AS part_en, f.party, f.officer
  FROM (
    SELECT u.unit AS unit, u.region AS region, r.programme AS programme, r.place AS place, r.task AS task, r.part AS part, r.party AS party, r.officer AS officer
    FROM @registry@.programme_units($1, $2) AS u
    JOIN @registry@.responsibility AS r ON r.programme = u.programme AND r.unit_kind = u.unit_kind
    UNION ALL
    SELECT u.unit AS unit, u.region AS region, r.programme AS programme, r.place AS place, r.task AS task, r.part AS part, r.party AS party, r.officer AS officer
    FROM @registry@.programme_units($1, $2) AS u
    JOIN @registry@.responsibility AS r ON r.programme = u.programme AND r.unit = u.unit
  ) AS f
  JOIN @registry@.responsibility_part AS p ON p.code = f.part;
END;
COMMENT ON FUNCTION @registry@.unit_responsibilities(date, antifraud.region) IS 'What each unit leads, answers for and supports under the programmes in force on a day, in a region (null: everywhere).';

CREATE VIEW @registry@.roster (unit, unit_name, region, role, role_zh, role_en, officer, post, phone, scope, confirmed_on) WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT u.code, u.name, u.region, o.role, r.label_zh, r.label_en, o.id, o.post, o.phone, o.scope, o.confirmed_on
  FROM today AS t
  CROSS JOIN @registry@.officer AS o
  JOIN @registry@.unit AS u ON u.code = o.unit
  JOIN @registry@.officer_role AS r ON r.code = o.role
  WHERE u.active AND (o.joined_on <= t.day) IS NOT FALSE AND (o.left_on >= t.day) IS NOT FALSE;
COMMENT ON VIEW @registry@.roster IS 'Who serves, with posts and duty telephones, as of list_day(): the list that units hand in.';
COMMENT ON COLUMN @registry@.roster.unit_name IS 'Its name.';
COMMENT ON COLUMN @registry@.roster.post IS 'Post, as the office calls it.';
COMMENT ON COLUMN @registry@.roster.phone IS 'Duty telephone.';
COMMENT ON COLUMN @registry@.roster.scope IS 'What the officer answers for: a grid, a street, a group.';

CREATE VIEW @registry@.roster_gap WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT g.programme, g.unit, g.region, g.role, g.role_zh, g.role_en, g.officer, g.confirmed_on, g.serving, g.minimum, g.gap, g.gap_zh, g.gap_en
  FROM today AS t CROSS JOIN LATERAL @registry@.roster_gaps(t.day) AS g;
COMMENT ON VIEW @registry@.roster_gap IS 'What rosters lack, as of list_day(); empty when all are complete, confirmed and have telephones.';
COMMENT ON COLUMN @registry@.roster_gap.serving IS 'How many serve in the role, where they are fewer than asked for.';
COMMENT ON COLUMN @registry@.roster_gap.minimum IS 'How many are asked for.';

CREATE VIEW @registry@.body_gap WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT g.programme, g.unit, g.region, g.kind, g.kind_zh, g.kind_en, g.body, g.found, g.minimum, g.gap, g.gap_zh, g.gap_en
  FROM today AS t CROSS JOIN LATERAL @registry@.body_gaps(t.day) AS g;
COMMENT ON VIEW @registry@.body_gap IS 'Bodies that are not set up, or lack a head, as of list_day().';
COMMENT ON COLUMN @registry@.body_gap.kind IS 'Kind of body; see body_kind.';
COMMENT ON COLUMN @registry@.body_gap.kind_zh IS 'Its name in Chinese.';
COMMENT ON COLUMN @registry@.body_gap.kind_en IS 'Its name in English.';
COMMENT ON COLUMN @registry@.body_gap.body IS 'The body that lacks a head; null: one is not set up.';
COMMENT ON COLUMN @registry@.body_gap.found IS 'How many bodies there are, or heads.';
COMMENT ON COLUMN @registry@.body_gap.minimum IS 'How many are asked for.';

CREATE VIEW @registry@.unit_responsibility WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT r.unit, r.region, r.programme, r.place, r.task, r.part, r.part_zh, r.part_en, r.party, r.officer
  FROM today AS t CROSS JOIN LATERAL @registry@.unit_responsibilities(t.day) AS r;
COMMENT ON VIEW @registry@.unit_responsibility IS 'What each unit leads, answers for and supports, as of list_day().';
COMMENT ON COLUMN @registry@.unit_responsibility.place IS 'Place in the document.';
COMMENT ON COLUMN @registry@.unit_responsibility.task IS 'The task.';
COMMENT ON COLUMN @registry@.unit_responsibility.part IS 'The part in it; see responsibility_part.';
COMMENT ON COLUMN @registry@.unit_responsibility.part_zh IS 'Its name in Chinese.';
COMMENT ON COLUMN @registry@.unit_responsibility.part_en IS 'Its name in English.';
COMMENT ON COLUMN @registry@.unit_responsibility.party IS 'Who, as the document calls it.';

CREATE VIEW @registry@.responsibility_gap (responsibility, programme, place, task, part, party, officer, gap, gap_zh, gap_en) WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT r.id, r.programme, r.place, r.task, r.part, r.party, r.officer, k.code, k.label_zh, k.label_en
  FROM today AS t
  JOIN @registry@.programme AS p ON p.active AND p.period_from <= t.day AND (p.period_to >= t.day) IS NOT FALSE
  JOIN @registry@.responsibility AS r ON r.programme = p.code
  LEFT JOIN @registry@.officer AS o ON o.id = r.officer
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN pg_catalog.num_nonnulls(r.unit, r.unit_kind) = 0 THEN 'no_unit' END),
    (CASE WHEN o.left_on < t.day THEN 'officer_left' END)
  ) AS w (gap)
  JOIN @registry@.gap_kind AS k ON k.code = w.gap;
COMMENT ON VIEW @registry@.responsibility_gap IS 'Tasks of programmes in force, as of list_day(), whose parties no unit was named for, or whose officer has left.';
COMMENT ON COLUMN @registry@.responsibility_gap.responsibility IS 'The row of the table responsibility.';
COMMENT ON COLUMN @registry@.responsibility_gap.place IS 'Place in its document.';
COMMENT ON COLUMN @registry@.responsibility_gap.task IS 'The task.';
COMMENT ON COLUMN @registry@.responsibility_gap.part IS 'The part in it.';
COMMENT ON COLUMN @registry@.responsibility_gap.party IS 'Who, as the document calls it.';

SELECT @registry@.comment_columns('{roster_gap,body_gap,unit_responsibility,responsibility_gap}', '{programme}', '{The programme that asks for it.}');
SELECT @registry@.comment_columns('{roster,roster_gap,body_gap,unit_responsibility}', '{unit,region}', '{The unit.,Where it belongs.}');
SELECT @registry@.comment_columns('{roster,roster_gap}', '{role,role_zh,role_en,confirmed_on}', '{Role; see officer_role.,Its name in Chinese.,Its name in English.,Day on which the entry was last confirmed.}');
SELECT @registry@.comment_columns('{roster,roster_gap,unit_responsibility,responsibility_gap}', '{officer}', '{The officer; null: none in particular.}');
SELECT @registry@.comment_columns('{roster_gap,body_gap,responsibility_gap}', '{gap,gap_zh,gap_en}', '{What is lacking; see gap_kind.,The same in Chinese.,The same in English.}');
