-- One row a fact, whatever table it stands in. Voided rows are shown, with
-- the time at which they were voided; scores leave them out. The views
-- facts_of_... have branches of their own, in the same columns; a measure that
-- is a constant in its branch lets the planner leave out the others.
-- registry_facts() gives what stands in the registry's own tables, and the
-- view fact that and a branch a source. While facts are kept (keep_facts), fact
-- reads those; facts_from_scratch() always counts. rebuild_fact() makes both
-- anew when a source comes or goes.
--
-- Some facts rest on several rows (a case after an alert rests on both). They
-- are known from the moment the last of these was recorded until the first
-- was voided, and where several alerts would each do, in the union of those
-- times: range_agg gives it, one row a stretch, so that a fact counts once at
-- every known_at.

CREATE VIEW @registry@.case_after_alert WITH (security_invoker = true) AS
SELECT s.id, s.unit, s.region, s.filed_on, s.loss, s.victim, s.within_30_days,
       pg_catalog.lower(known.stretch) AS recorded_at,
       pg_catalog.upper(known.stretch) AS voided_at
FROM (
  -- by the columns of the case too, so that asking for those of one unit looks
  -- at no others
  SELECT c.id, c.unit, c.region, c.filed_on, c.loss, c.victim, d.within_30_days,
         pg_catalog.range_agg(pg_catalog.tstzmultirange(pg_catalog.tstzrange(c.recorded_at, c.voided_at) * pg_catalog.tstzrange(a.recorded_at, a.voided_at) * pg_catalog.tstzrange(r.recorded_at, r.voided_at))
           -- not for as long as somebody has rejected the pair
           - COALESCE((SELECT pg_catalog.range_agg(pg_catalog.tstzrange(x.recorded_at, x.voided_at)) FROM @registry@.alert_case AS x
                       WHERE x.alert = a.id AND x.fraud_case = c.id AND NOT x.confirmed), '{}')) AS stretches
  FROM @registry@.fraud_case AS c
  JOIN @registry@.alert AS a ON a.victim = c.victim
  -- as alert_delivery says it
  JOIN LATERAL (
    SELECT a.delivered_on AS day, NULL::timestamptz AS recorded_at, NULL::timestamptz AS voided_at
    WHERE a.delivered_on IS NOT NULL
    UNION ALL
    SELECT d.made_on, d.recorded_at, d.voided_at FROM @registry@.dissuasion AS d WHERE d.alert = a.id AND d.reached AND a.delivered_on IS NULL
  ) AS r ON r.day <= COALESCE(c.happened_on, c.filed_on)
  CROSS JOIN (VALUES (false), (true)) AS d (within_30_days)
  WHERE c.alert_before IS NULL AND (NOT d.within_30_days OR COALESCE(c.happened_on, c.filed_on) - r.day <= 30)
  GROUP BY c.id, c.unit, c.region, c.filed_on, c.loss, c.victim, d.within_30_days
) AS s
CROSS JOIN LATERAL antifraud.stretches(s.stretches) AS known (stretch)
UNION ALL
SELECT c.id, c.unit, c.region, c.filed_on, c.loss, c.victim, d.within_30_days, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
CROSS JOIN (VALUES (false), (true)) AS d (within_30_days)
WHERE c.alert_before;
COMMENT ON VIEW @registry@.case_after_alert IS 'Cases whose victim an alert had reached on or before the day of the act (the day of filing where that is not known), at any time or within 30 days; without pairs that somebody rejected in alert_case.';
COMMENT ON COLUMN @registry@.case_after_alert.id IS 'The case.';
COMMENT ON COLUMN @registry@.case_after_alert.unit IS 'Its unit.';
COMMENT ON COLUMN @registry@.case_after_alert.region IS 'Its region.';
COMMENT ON COLUMN @registry@.case_after_alert.filed_on IS 'Day on which it was filed.';
COMMENT ON COLUMN @registry@.case_after_alert.loss IS 'Gross loss, in yuan.';
COMMENT ON COLUMN @registry@.case_after_alert.victim IS 'Surrogate key of the victim.';
COMMENT ON COLUMN @registry@.case_after_alert.within_30_days IS 'Whether only alerts of the 30 days before count. A case stated by the clerk to follow an alert counts in both.';
COMMENT ON COLUMN @registry@.case_after_alert.recorded_at IS 'Since when this was known.';
COMMENT ON COLUMN @registry@.case_after_alert.voided_at IS 'Until when; null: still.';

CREATE VIEW @registry@.control_failure_person WITH (security_invoker = true) AS
SELECT f.id, f.unit, f.region, f.found_on, f.subject,
       pg_catalog.lower(known.stretch) AS recorded_at,
       pg_catalog.upper(known.stretch) AS voided_at
FROM (
  SELECT f.id, f.unit, f.region, f.found_on, f.subject, pg_catalog.tstzmultirange(pg_catalog.tstzrange(f.recorded_at, f.voided_at))
           - COALESCE(pg_catalog.range_agg(pg_catalog.tstzrange(f.recorded_at, f.voided_at)) OVER earlier, '{}') AS stretches
  FROM @registry@.finding AS f
  WHERE f.kind = 'control_failure'
  WINDOW earlier AS (PARTITION BY f.unit, f.subject, EXTRACT(year FROM f.found_on), CASE WHEN f.subject IS NULL THEN f.id END
                     ORDER BY f.found_on, f.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
) AS f
CROSS JOIN LATERAL antifraud.stretches(f.stretches) AS known (stretch);
COMMENT ON VIEW @registry@.control_failure_person IS 'The first control defect of each person in a calendar year; findings without a subject stand for a person each.';
COMMENT ON COLUMN @registry@.control_failure_person.id IS 'The finding.';
COMMENT ON COLUMN @registry@.control_failure_person.unit IS 'Its unit.';
COMMENT ON COLUMN @registry@.control_failure_person.region IS 'Its region.';
COMMENT ON COLUMN @registry@.control_failure_person.found_on IS 'Day of the inspection.';
COMMENT ON COLUMN @registry@.control_failure_person.subject IS 'Surrogate key of the person.';
COMMENT ON COLUMN @registry@.control_failure_person.recorded_at IS 'Since when it was known as the first.';
COMMENT ON COLUMN @registry@.control_failure_person.voided_at IS 'Until when; null: still.';

CREATE VIEW @registry@.facts_of_cases (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT 'case'::text, c.unit, c.region, c.filed_on, 1::bigint, NULL::bigint, c.loss::numeric, c.victim, 'fraud_case'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
UNION ALL
SELECT 'case_net', c.unit, c.region, c.filed_on, 1::bigint, NULL, c.net_loss, c.victim, 'fraud_case', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.case_net_loss AS c
UNION ALL
SELECT 'case_by_act', c.unit, c.region, COALESCE(c.happened_on, c.filed_on), 1::bigint, NULL, c.loss, c.victim, 'fraud_case', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
UNION ALL
SELECT 'case_staff', c.unit, c.region, c.filed_on, 1::bigint, NULL, c.loss, c.victim, 'fraud_case', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE c.victim_is_staff
UNION ALL
SELECT 'case_after_alert', a.unit, a.region, a.filed_on, 1::bigint, NULL, a.loss, a.victim, 'fraud_case', a.id::text, a.recorded_at, a.voided_at
FROM @registry@.case_after_alert AS a
WHERE NOT a.within_30_days
UNION ALL
SELECT 'case_after_alert_30_days', a.unit, a.region, a.filed_on, 1::bigint, NULL, a.loss, a.victim, 'fraud_case', a.id::text, a.recorded_at, a.voided_at
FROM @registry@.case_after_alert AS a
WHERE a.within_30_days
UNION ALL
SELECT 'victim_unreached', c.unit, c.region, c.filed_on, 1::bigint, NULL, c.loss, c.victim, 'fraud_case', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE NOT c.publicity_reached AND (NOT c.in_group OR NOT c.app_installed)
UNION ALL
SELECT 'victim_unreached_or_no_app', c.unit, c.region, c.filed_on, 1::bigint, NULL, c.loss, c.victim, 'fraud_case', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE (NOT c.publicity_reached AND NOT c.in_group) OR NOT c.app_installed;
COMMENT ON VIEW @registry@.facts_of_cases IS 'Facts of cases; a part of the view fact.';

CREATE VIEW @registry@.facts_of_findings (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT f.kind, f.unit, f.region, f.found_on, f.quantity, NULL::bigint, NULL::numeric, f.subject, 'finding'::text, f.id::text, f.recorded_at, f.voided_at
FROM @registry@.finding AS f
UNION ALL
SELECT 'control_failure_person', f.unit, f.region, f.found_on, 1::bigint, NULL, NULL, f.subject, 'finding', f.id::text, f.recorded_at, f.voided_at
FROM @registry@.control_failure_person AS f
UNION ALL
SELECT 'den', d.unit, d.region, d.found_on, 1::bigint, NULL, NULL, NULL, 'den', d.id::text, d.recorded_at, d.voided_at
FROM @registry@.den AS d
UNION ALL
-- known since its approval: before, it was a proposal
SELECT m.measure, m.unit, m.region, m.due_on, 1::bigint, NULL, NULL, 'person:' || m.person, 'missed', m.id::text, m.decided_at, m.voided_at
FROM @registry@.missed AS m
WHERE m.status = 'approved'
UNION ALL
SELECT 'control_failure_or_checkin_missed', f.unit, f.region, f.found_on, f.quantity, NULL, NULL, f.subject, 'finding', f.id::text, f.recorded_at, f.voided_at
FROM @registry@.finding AS f
WHERE f.kind = 'control_failure'
UNION ALL
SELECT 'control_failure_or_checkin_missed', m.unit, m.region, m.due_on, 1::bigint, NULL, NULL, 'person:' || m.person, 'missed', m.id::text, m.decided_at, m.voided_at
FROM @registry@.missed AS m
WHERE m.status = 'approved' AND m.kind = 'checkin';
COMMENT ON VIEW @registry@.facts_of_findings IS 'Facts of findings, dens and what was missed; a part of the view fact.';

-- A function of one query, so that it is planned as if the query stood in its
-- place; views have an answer for each unit at hand, and this has to plan some
-- sixty branches first.
CREATE FUNCTION @registry@.registry_facts(known_by timestamptz DEFAULT now()) RETURNS TABLE (measure text, unit text, region antifraud.region, occurred_on date, quantity bigint, base bigint, amount numeric, subject text, source_table text, source_key text, recorded_at timestamptz, voided_at timestamptz)
STABLE PARALLEL SAFE ROWS 100000
LANGUAGE sql
BEGIN ATOMIC
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_cases AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_findings AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_activities AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_alerts AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_control AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_groups AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_sites AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_ratings AS f
  UNION ALL
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM @registry@.facts_of_time_limits AS f
  WHERE f.recorded_at <= $1;
END;
COMMENT ON FUNCTION @registry@.registry_facts(timestamptz) IS 'Every fact that stands in the tables of this registry, one row each; the row of one table may give facts of several measures. known_by: of what time brings (facts_of_time_limits) only what is known by then.';

CREATE VIEW @registry@.fact (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
FROM @registry@.registry_facts() AS f;
COMMENT ON VIEW @registry@.fact IS 'Every fact that a rule can count, one row each: those of the registry''s own tables, and those of sources.';

CREATE FUNCTION @registry@.facts_from_scratch() RETURNS TABLE (measure text, unit text, region antifraud.region, occurred_on date, quantity bigint, base bigint, amount numeric, subject text, source_table text, source_key text, recorded_at timestamptz, voided_at timestamptz)
STABLE PARALLEL SAFE ROWS 100000
LANGUAGE sql
BEGIN ATOMIC
  SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at FROM @registry@.fact AS f;
END;
COMMENT ON FUNCTION @registry@.facts_from_scratch() IS 'What the view fact gives, from the registry''s own tables and the sources, whatever is kept. Scores count these.';
SELECT @registry@.comment_fact_views('{fact,facts_of_cases,facts_of_findings,facts_of_alerts,facts_of_control,facts_of_groups,facts_of_activities,facts_of_sites,facts_of_ratings,facts_of_time_limits}');
