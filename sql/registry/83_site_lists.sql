-- Lists of sites, clues, inspections and milestones as they stand on a day.
-- Functions take the day; views look as of list_day().

CREATE FUNCTION @registry@.sites_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (site text, unit text, region antifraud.region, kind text, name text, keeper text, programme text, material text, required boolean, topic text,
               state text, present boolean, pieces integer, checked_on date, refreshed_on date, stale_on date, check_again_on date)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.code AS site, s.unit, s.region AS region, s.kind, s.name, COALESCE(s.keeper, s.unit) AS keeper, r.programme, r.material, r.required, r.topic,
         CASE WHEN c.checked_on IS NULL THEN 'never_checked'
              WHEN NOT r.required THEN CASE WHEN c.present THEN 'forbidden' WHEN $1 - c.checked_on > r.check_days THEN 'check_overdue' ELSE 'ok' END
              WHEN NOT c.present THEN 'missing'
              WHEN c.pieces < r.minimum OR c.pieces IS NULL AND r.minimum > 1 THEN 'too_few'
              WHEN $1 - c.refreshed_on > r.refresh_days THEN 'stale'
              WHEN $1 - c.checked_on > r.check_days THEN 'check_overdue'
              WHEN r.refresh_days IS NOT NULL AND c.refreshed_on IS NULL THEN 'refresh_unknown'
              WHEN r.refreshed AND r.refresh_days IS NULL THEN 'refresh_not_set'
              ELSE 'ok' END AS state,
         c.present, c.pieces, c.checked_on, c.refreshed_on, c.refreshed_on + r.refresh_days + 1 AS stale_on, c.checked_on + r.check_days + 1 AS check_again_on
  FROM @registry@.site AS s
  JOIN @registry@.site_requirement AS r ON r.site_kind = s.kind
  JOIN @registry@.programme AS p ON p.code = r.programme AND p.active
  LEFT JOIN LATERAL (
    SELECT c.present, c.pieces, c.checked_on, c.refreshed_on
    FROM @registry@.site_check AS c
    WHERE c.site = s.code AND c.material = r.material AND c.checked_on <= $1 AND c.voided_at IS NULL
    ORDER BY c.checked_on DESC, c.recorded_at DESC, c.id DESC
    LIMIT 1
  ) AS c ON true
  WHERE (p.region IS NULL OR s.region OPERATOR(antifraud.<@) p.region)
    AND p.period_from <= $1 AND (p.period_to IS NULL OR p.period_to >= $1)
    AND (s.opened_on IS NULL OR s.opened_on <= $1) AND (s.closed_on IS NULL OR s.closed_on >= $1)
    AND ($2 IS NULL OR s.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.sites_at(date, antifraud.region) IS 'Each site open on a day with each thing that a programme in force asks about it, and how the last check until that day found it: never_checked, missing, too_few, forbidden, stale, check_overdue, refresh_unknown, refresh_not_set (it is to be changed regularly, and the office has set no days), ok.';

CREATE VIEW @registry@.site_state (site, unit, region, kind, name, keeper, programme, material, required, topic, state, present, pieces, checked_on, refreshed_on, stale_on, check_again_on, as_of)
WITH (security_invoker = true) AS
SELECT t.site, t.unit, t.region, t.kind, t.name, t.keeper, t.programme, t.material, t.required, t.topic, t.state, t.present, t.pieces, t.checked_on, t.refreshed_on, t.stale_on, t.check_again_on, l.day
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.sites_at(l.day) AS t;
COMMENT ON VIEW @registry@.site_state IS 'How each site stands as of registry_info.as_of, or today in China: sites_at() for that day.';
SELECT @registry@.comment_columns('{site_state}', '{site,unit,region,kind,name,keeper,programme,material,required,topic,state,present,pieces,checked_on,refreshed_on,stale_on,check_again_on,as_of}',
  ARRAY['The site.', 'The unit in whose area it is.', 'Where it is.', 'What it is; see site_kind.', 'Its name.', 'The unit that looks after it.', 'The programme that asks.',
        'What it asks about; see material.', 'Whether that must be there (true) or must not (false).', 'What it is to be about above all; null: not stated.',
        'never_checked, missing, too_few, forbidden, stale, check_overdue, refresh_unknown, refresh_not_set or ok.',
        'Whether the last check found it; null: never checked.', 'How many; null: not counted.', 'Day of the last check.', 'Day on which it was last changed.',
        'From this day on it is stale; null: no days are set.', 'From this day on it is to be checked again; null: no days are set.', 'The day as of which it looks.']);

-- Places without a message group or without publicity. A unit is reached by
-- what it did itself, by what was done before its people, and by what was
-- held at a site of its own kind.
CREATE FUNCTION @registry@.places_uncovered(as_of date, days integer DEFAULT NULL, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, site text, region antifraud.region, kind text, name text, no_group boolean, no_activity boolean, last_activity date)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.unit, s.site, s.region AS region, s.kind, s.name, s.no_group, s.no_activity, s.last_activity
  FROM (
    SELECT u.code AS unit, NULL::text AS site, u.region, u.kind, u.name,
           NOT EXISTS (SELECT FROM @registry@.contact_group AS g WHERE g.unit = u.code AND g.active AND (g.formed_on IS NULL OR g.formed_on <= $1)) AS no_group,
           a.last_activity IS NULL OR a.last_activity < w.since AS no_activity,
           a.last_activity
    FROM @registry@.unit AS u
    CROSS JOIN LATERAL (SELECT COALESCE($1 - $2 + 1, date_trunc('year', $1::timestamp)::date) AS since) AS w
    CROSS JOIN LATERAL (
      SELECT greatest(
        (SELECT max(a.held_on) FROM @registry@.activity AS a JOIN @registry@.activity_kind AS k ON k.code = a.kind AND k.measure = 'publicity'
         WHERE a.unit = u.code AND a.held_on <= $1 AND a.voided_at IS NULL),
        (SELECT max(x.held_on) FROM @registry@.activity_audience AS x JOIN @registry@.activity_kind AS k ON k.code = x.kind AND k.measure = 'publicity'
         JOIN @registry@.activity AS a ON a.id = x.activity AND a.voided_at IS NULL
         WHERE x.unit = u.code AND x.held_on <= $1 AND x.voided_at IS NULL)) AS last_activity
      OFFSET 0
    ) AS a
    WHERE u.active AND u.kind IN ('community', 'village', 'cluster', 'school', 'enterprise', 'hospital', 'compound', 'department')
      AND ($3 IS NULL OR u.region OPERATOR(antifraud.<@) $3)
    UNION ALL
    SELECT s.unit, s.code, s.region, s.kind, s.name, false, a.last_activity IS NULL OR a.last_activity < w.since, a.last_activity
    FROM @registry@.site AS s
    JOIN @registry@.site_kind AS v ON v.code = s.kind AND v.visited
    CROSS JOIN LATERAL (SELECT COALESCE($1 - $2 + 1, date_trunc('year', $1::timestamp)::date) AS since) AS w
    CROSS JOIN LATERAL (
      SELECT max(a.held_on) AS last_activity FROM @registry@.activity AS a JOIN @registry@.activity_kind AS k ON k.code = a.kind AND k.measure = 'publicity'
      WHERE a.site = s.code AND a.held_on <= $1 AND a.voided_at IS NULL
    ) AS a
    WHERE (s.opened_on IS NULL OR s.opened_on <= $1) AND (s.closed_on IS NULL OR s.closed_on >= $1)
      AND ($3 IS NULL OR s.region OPERATOR(antifraud.<@) $3)
  ) AS s
  WHERE $1 IS NOT NULL AND (s.no_group OR s.no_activity);
END;
COMMENT ON FUNCTION @registry@.places_uncovered(date, integer, antifraud.region) IS 'Compounds, villages, schools, enterprises and other units without an active message group of their own, or without publicity in the last so many days (null: since 1 January of the year); and shops, banks, schools and other sites at which none was held.';

CREATE VIEW @registry@.place_uncovered (unit, site, region, kind, name, no_group, no_activity, last_activity, as_of)
WITH (security_invoker = true) AS
SELECT t.unit, t.site, t.region, t.kind, t.name, t.no_group, t.no_activity, t.last_activity, l.day
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.places_uncovered(l.day) AS t;
COMMENT ON VIEW @registry@.place_uncovered IS 'Units without a message group, and units and sites without publicity in this year, as of registry_info.as_of, or today in China: places_uncovered() for that day.';
SELECT @registry@.comment_columns('{place_uncovered}', '{unit,site,region,kind,name,no_group,no_activity,last_activity,as_of}',
  ARRAY['The unit, or that in whose area the site is.', 'The site; null: the unit itself.', 'Where it is.', 'Kind of unit or of site.', 'Its name.', 'Whether it has no active message group of its own; of units only.',
        'Whether no publicity was held there in the time.', 'When it was last held.', 'The day as of which it looks.']);

CREATE FUNCTION @registry@.clues_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (clue bigint, unit text, region antifraud.region, kind text, received_on date, source text, cards bigint, in_case boolean, state text, handled_on date, outcome text, den bigint, days integer)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.id AS clue, c.unit, c.region AS region, c.kind, c.received_on, c.source, CASE WHEN k.two_cards THEN c.cards END AS cards,
         c.in_case OR COALESCE(h.in_case, false) AS in_case, CASE WHEN h.outcome IS NULL THEN 'open' ELSE 'handled' END AS state,
         h.handled_on, h.outcome, h.den, COALESCE(h.handled_on, $1) - c.received_on AS days
  FROM @registry@.clue AS c
  JOIN @registry@.clue_kind AS k ON k.code = c.kind
  LEFT JOIN LATERAL (
    SELECT h.handled_on, h.outcome, h.den, bool_or(h.in_case) OVER () AS in_case
    FROM @registry@.clue_handling AS h
    WHERE h.clue = c.id AND h.handled_on <= $1 AND h.voided_at IS NULL
    ORDER BY h.handled_on DESC, h.recorded_at DESC, h.id DESC
    LIMIT 1
  ) AS h ON true
  WHERE c.voided_at IS NULL AND c.received_on <= $1 AND ($2 IS NULL OR c.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.clues_at(date, antifraud.region) IS 'The clues received until a day and how they stand: open or handled, with the latest outcome, the den that was found, and the days that it took or has lasted.';

CREATE VIEW @registry@.clue_state (clue, unit, region, kind, received_on, source, cards, in_case, state, handled_on, outcome, den, days, as_of)
WITH (security_invoker = true) AS
SELECT t.clue, t.unit, t.region, t.kind, t.received_on, t.source, t.cards, t.in_case, t.state, t.handled_on, t.outcome, t.den, t.days, l.day
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.clues_at(l.day) AS t;
COMMENT ON VIEW @registry@.clue_state IS 'The clues and how they stand as of registry_info.as_of, or today in China: clues_at() for that day.';
SELECT @registry@.comment_columns('{clue_state}', '{clue,unit,region,kind,received_on,source,cards,in_case,state,handled_on,outcome,den,days,as_of}',
  ARRAY['The clue.', 'Its unit.', 'Its region.', 'What it is about.', 'Day on which it came in.', 'Where it comes from.', 'Accounts or cards; null: not about these.', 'Whether they were used in a case.',
        'open or handled.', 'When it was last dealt with.', 'What it led to; null: nothing yet.', 'The den that was found through it.', 'Days from receipt to the last entry, or until now.', 'The day as of which it looks.']);

CREATE FUNCTION @registry@.focus_areas_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (focus_area bigint, unit text, region antifraud.region, place text, reason text, starts_on date, ends_on date, clues bigint, dens bigint, dens_open bigint, sweeps bigint, premises_checked bigint)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT f.id AS focus_area, f.unit, f.region AS region, f.place, f.reason, f.starts_on, f.ends_on,
         (SELECT count(*) FROM @registry@.clue AS c WHERE c.unit = f.unit AND c.voided_at IS NULL AND c.received_on BETWEEN f.starts_on AND w.until) AS clues,
         d.dens, d.dens_open, s.sweeps, s.premises_checked
  FROM @registry@.focus_area AS f
  CROSS JOIN LATERAL (SELECT least(f.ends_on, $1) AS until) AS w
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE d.found_on >= f.starts_on) AS dens,
           count(*) FILTER (WHERE NOT EXISTS (SELECT FROM @registry@.den_closure AS x WHERE x.den = d.id AND x.voided_at IS NULL AND x.closed_on <= $1)) AS dens_open
    FROM @registry@.den AS d WHERE d.unit = f.unit AND d.voided_at IS NULL AND d.found_on <= w.until
  ) AS d
  CROSS JOIN LATERAL (
    SELECT count(*) AS sweeps, COALESCE(sum(s.checked), 0)::bigint AS premises_checked
    FROM @registry@.sweep AS s WHERE s.unit = f.unit AND s.held_on BETWEEN f.starts_on AND w.until
  ) AS s
  WHERE f.voided_at IS NULL AND f.starts_on <= $1 AND (f.ends_on IS NULL OR f.ends_on >= $1) AND ($2 IS NULL OR f.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.focus_areas_at(date, antifraud.region) IS 'The areas in focus on a day, and what came in and was done there since they were: clues, dens found, dens not closed, sweeps, premises checked.';

CREATE FUNCTION @registry@.inspection_gaps(from_date date, to_date date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, name text, kind text, last_inspected date, last_unannounced date)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT u.code AS unit, u.region AS region, u.name, u.kind, i.last_inspected, i.last_unannounced
  FROM @registry@.unit AS u
  JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
  CROSS JOIN LATERAL (
    SELECT max(i.inspected_on) AS last_inspected, max(i.inspected_on) FILTER (WHERE NOT i.announced) AS last_unannounced
    FROM @registry@.inspection AS i
    WHERE i.unit = u.code AND i.voided_at IS NULL AND i.inspected_on <= $2
  ) AS i
  WHERE u.active AND (i.last_inspected IS NULL OR i.last_inspected < $1) AND ($3 IS NULL OR u.region OPERATOR(antifraud.<@) $3);
END;
COMMENT ON FUNCTION @registry@.inspection_gaps(date, date, antifraud.region) IS 'The assessed units that were not inspected from one day to another, both included, and when they last were, at all and unannounced.';

CREATE VIEW @registry@.inspection_gap (unit, region, name, kind, last_inspected, last_unannounced, month)
WITH (security_invoker = true) AS
SELECT t.unit, t.region, t.name, t.kind, t.last_inspected, t.last_unannounced, l.month
FROM (SELECT d.day, date_trunc('month', d.day::timestamp)::date AS month FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.inspection_gaps(l.month, l.day) AS t;
COMMENT ON VIEW @registry@.inspection_gap IS 'The assessed units that have not been inspected in this month, as of registry_info.as_of, or today in China.';
SELECT @registry@.comment_columns('{inspection_gap}', '{unit,region,name,kind,last_inspected,last_unannounced,month}',
  ARRAY['The unit.', 'Where it is.', 'Its name.', 'Its kind.', 'When it was last inspected; null: never.', 'When it was last inspected unannounced; null: never.', 'First day of the month.']);

CREATE FUNCTION @registry@.rectifications_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (rectification bigint, finding bigint, unit text, region antifraud.region, kind text, found_on date, inspection bigint, assigned_by text, assigned_on date, due_on date,
               state text, done_on date, verified_on date, verified_by text, days_overdue integer)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT r.id AS rectification, r.finding, r.unit, r.region AS region, f.kind, f.found_on, f.inspection, r.assigned_by, r.assigned_on, r.due_on,
         CASE WHEN d.done_on > r.due_on THEN 'done_late'
              WHEN d.done_on IS NOT NULL THEN 'done'
              WHEN r.due_on IS NULL THEN 'no_day_set'
              WHEN $1 > r.due_on THEN 'overdue'
              ELSE 'open' END AS state,
         d.done_on, d.verified_on, d.verified_by, CASE WHEN r.due_on IS NOT NULL THEN greatest(COALESCE(d.done_on, $1) - r.due_on, 0) END AS days_overdue
  FROM @registry@.rectification AS r
  JOIN @registry@.finding AS f ON f.id = r.finding AND f.voided_at IS NULL
  LEFT JOIN LATERAL (
    SELECT d.done_on, CASE WHEN d.verified_on <= $1 THEN d.verified_on END AS verified_on, CASE WHEN d.verified_on <= $1 THEN d.verified_by END AS verified_by
    FROM @registry@.rectification_result AS d
    WHERE d.rectification = r.id AND d.done_on <= $1 AND d.voided_at IS NULL
    ORDER BY d.done_on, d.verified_on, d.id
    LIMIT 1
  ) AS d ON true
  WHERE r.voided_at IS NULL AND r.assigned_on <= $1 AND ($2 IS NULL OR r.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.rectifications_at(date, antifraud.region) IS 'The problems assigned until a day, and how they stand: open, overdue, no_day_set, done, done_late; verified or not yet.';

CREATE VIEW @registry@.rectification_overdue (rectification, finding, unit, region, kind, found_on, inspection, assigned_by, assigned_on, due_on, days_overdue, as_of)
WITH (security_invoker = true) AS
SELECT t.rectification, t.finding, t.unit, t.region, t.kind, t.found_on, t.inspection, t.assigned_by, t.assigned_on, t.due_on, t.days_overdue, l.day
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.rectifications_at(l.day) AS t
WHERE t.state = 'overdue';
COMMENT ON VIEW @registry@.rectification_overdue IS 'Problems that are past their day and not put right, as of registry_info.as_of, or today in China.';
SELECT @registry@.comment_columns('{rectification_overdue}', '{rectification,finding,unit,region,kind,found_on,inspection,assigned_by,assigned_on,due_on,days_overdue,as_of}',
  ARRAY['The row of the table rectification.', 'What was found wanting.', 'The unit that is to put it right.', 'Where it belongs.', 'What was found; see finding_kind.', 'When it was found.',
        'The inspection that found it.', 'Who assigned it.', 'When.', 'Last day on which it would have been in time.', 'Days since.', 'The day as of which it looks.']);

CREATE FUNCTION @registry@.milestones_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (programme text, code text, unit text, region antifraud.region, stage integer, label_zh text, label_en text, due_on date,
               state text, reached_on date, proven boolean, days_late integer, days_left integer)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT q.programme, q.code, q.unit, q.region AS region, q.stage, q.label_zh, q.label_en, q.due_on,
         CASE WHEN q.met AND (q.due_on IS NULL OR q.reached_on <= q.due_on) THEN 'met'
              WHEN q.met THEN 'late'
              WHEN q.due_on < $1 THEN 'missed'
              ELSE 'open' END AS state,
         q.reached_on, q.proven,
         CASE WHEN q.due_on IS NOT NULL THEN greatest(CASE WHEN q.met THEN q.reached_on ELSE $1 END - q.due_on, 0) END AS days_late,
         CASE WHEN NOT q.met AND q.due_on >= $1 THEN q.due_on - $1 END AS days_left
  FROM (
    SELECT a.programme, a.code, a.unit, a.region, a.stage, a.label_zh, a.label_en, a.due_on, m.reached_on, m.proven,
           m.reached_on IS NOT NULL AND (m.proven OR NOT a.evidence_required) AS met
    FROM @registry@.milestone_asked AS a
    LEFT JOIN LATERAL (
      SELECT m.reached_on,
             num_nonnulls(m.document, m.evidence) > 0
             OR EXISTS (SELECT FROM @registry@.evidence AS e WHERE e.source_table = 'milestone' AND e.source_id = m.id AND e.voided_at IS NULL) AS proven
      FROM @registry@.milestone AS m
      WHERE m.unit = a.unit AND m.programme = a.programme AND m.plan = a.code AND m.voided_at IS NULL AND m.reached_on <= $1
      OFFSET 0                  -- one look-up each, by the index of a unit's own
    ) AS m ON true
    WHERE $1 IS NOT NULL AND ($2 IS NULL OR a.region OPERATOR(antifraud.<@) $2)
  ) AS q;
END;
COMMENT ON FUNCTION @registry@.milestones_at(date, antifraud.region) IS 'The milestones of the programmes in force, for each unit of which one is asked, as they stand at the end of a day: met, late (reached after its day), missed (past its day and not reached, or without the proof that it asks), open.';

CREATE VIEW @registry@.milestone_state (programme, code, unit, region, stage, label_zh, label_en, due_on, state, reached_on, proven, days_late, days_left, as_of)
WITH (security_invoker = true) AS
SELECT t.programme, t.code, t.unit, t.region, t.stage, t.label_zh, t.label_en, t.due_on, t.state, t.reached_on, t.proven, t.days_late, t.days_left, l.day
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.milestones_at(l.day) AS t;
COMMENT ON VIEW @registry@.milestone_state IS 'How each milestone stands as of registry_info.as_of, or today in China: milestones_at() for that day.';
SELECT @registry@.comment_columns('{milestone_state}', '{programme,code,unit,region,stage,label_zh,label_en,due_on,state,reached_on,proven,days_late,days_left,as_of}',
  ARRAY['The programme.', 'The milestone within it.', 'The unit.', 'Where it lies.', 'Stage of the programme.', 'What it asks, in Chinese.', 'What it asks, in English.',
        'Last day on which it is in time; null: none is set.', 'met, late, missed or open.', 'Day on which it was reached; null: not recorded.', 'Whether there is proof; null: it was not reached.',
        'Days after its day, until it was reached or until now; null: no day is set.', 'Days that remain; null: none, or no day is set.', 'The day as of which it looks.']);
