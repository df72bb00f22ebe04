-- The facts that activities, samples and what followed cases supply.

-- A case is followed up from the moment the first call that reached the victim
-- was recorded, and not before: one row a stretch, so that at every known_at
-- the rate counts it once.
CREATE VIEW @registry@.case_followed_up WITH (security_invoker = true) AS
SELECT c.id, c.unit, c.region, c.filed_on, c.victim, true AS followed_up, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE c.followed_up
UNION ALL
SELECT c.id, c.unit, c.region, c.filed_on, c.victim, false AS followed_up, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE c.followed_up IS NOT TRUE AND NOT EXISTS (SELECT FROM @registry@.follow_up AS f WHERE f.fraud_case = c.id)
UNION ALL
SELECT s.id, s.unit, s.region, s.filed_on, s.victim, w.followed_up, pg_catalog.lower(known.stretch) AS recorded_at, pg_catalog.upper(known.stretch) AS voided_at
FROM (
  SELECT c.id, c.unit, c.region, c.filed_on, c.victim, pg_catalog.tstzrange(c.recorded_at, c.voided_at) AS recorded,
         COALESCE(pg_catalog.range_agg(pg_catalog.tstzrange(c.recorded_at, c.voided_at) * pg_catalog.tstzrange(f.recorded_at, f.voided_at)) FILTER (WHERE o.counts), '{}') AS reached
  FROM @registry@.follow_up AS f
  JOIN @registry@.follow_up_outcome AS o ON o.code = f.outcome
  JOIN @registry@.fraud_case AS c ON c.id = f.fraud_case
  WHERE c.followed_up IS NOT TRUE
  GROUP BY c.id
) AS s
CROSS JOIN LATERAL (VALUES (true, s.reached), (false, pg_catalog.tstzmultirange(s.recorded) - s.reached)) AS w (followed_up, stretches)
CROSS JOIN LATERAL antifraud.stretches(w.stretches) AS known (stretch);
COMMENT ON VIEW @registry@.case_followed_up IS 'Whether the victim of each case was reached afterwards, with the time for which that was known. A case that the clerk marked as followed up is so from the start.';
SELECT @registry@.comment_columns('{case_followed_up}', '{id,unit,region,filed_on,victim,followed_up,recorded_at,voided_at}',
  ARRAY['The case.', 'Its unit.', 'Its region.', 'Day on which it was filed.', 'Surrogate key of the victim.', 'Whether the victim was reached.', 'Since when this was known.', 'Until when; null: still.']);

-- Each entry or withdrawal of a refund begins another stretch.
CREATE VIEW @registry@.case_net_loss WITH (security_invoker = true) AS
SELECT c.id, c.unit, c.region, c.filed_on, c.victim, c.loss - COALESCE(c.recovered, 0) AS net_loss, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE NOT EXISTS (SELECT FROM @registry@.refund AS r WHERE r.fraud_case = c.id)
UNION ALL
SELECT s.id, s.unit, s.region, s.filed_on, s.victim, s.loss - COALESCE(s.recovered, 0) - s.refunded AS net_loss,
       pg_catalog.lower(s.stretch) AS recorded_at, pg_catalog.upper(s.stretch) AS voided_at
FROM (
  SELECT c.id, c.unit, c.region, c.filed_on, c.victim, c.loss, c.recovered,
         pg_catalog.sum(e.amount) OVER known AS refunded,
         pg_catalog.tstzrange(e.at, pg_catalog.lead(e.at) OVER known) * pg_catalog.tstzrange(c.recorded_at, c.voided_at) AS stretch
  FROM (
    SELECT x.fraud_case, x.at, pg_catalog.sum(x.amount) AS amount
    FROM (
      SELECT r.fraud_case, '-infinity'::timestamptz AS at, 0::numeric AS amount FROM @registry@.refund AS r
      UNION ALL
      SELECT r.fraud_case, r.recorded_at AS at, r.amount FROM @registry@.refund AS r
      UNION ALL
      SELECT r.fraud_case, r.voided_at AS at, - r.amount AS amount FROM @registry@.refund AS r WHERE r.voided_at IS NOT NULL
    ) AS x
    GROUP BY x.fraud_case, x.at
  ) AS e
  JOIN @registry@.fraud_case AS c ON c.id = e.fraud_case
  -- by unit and region too, so that asking for one unit looks at no others
  WINDOW known AS (PARTITION BY c.unit, c.region, e.fraud_case ORDER BY e.at)
) AS s
WHERE NOT pg_catalog.isempty(s.stretch);
COMMENT ON VIEW @registry@.case_net_loss IS 'The loss of each case less what came back (recovered and refunds), with the time for which that was known.';
SELECT @registry@.comment_columns('{case_net_loss}', '{id,unit,region,filed_on,victim,net_loss,recorded_at,voided_at}',
  ARRAY['The case.', 'Its unit.', 'Its region.', 'Day on which it was filed.', 'Surrogate key of the victim.', 'In yuan; null where the loss is not known.', 'Since when this was known.', 'Until when; null: still.']);

CREATE VIEW @registry@.facts_of_activities (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT 'followed_up'::text, f.unit, f.region, f.filed_on, f.followed_up::integer::bigint, 1::bigint, NULL::numeric, f.victim, 'fraud_case'::text, f.id::text, f.recorded_at, f.voided_at
FROM @registry@.case_followed_up AS f
UNION ALL
-- a refund of a case that was withdrawn was never one
SELECT 'refund', r.unit, r.region, r.refunded_on, 1::bigint, NULL, r.amount, c.victim, 'refund', r.id::text,
       GREATEST(r.recorded_at, c.recorded_at), LEAST(r.voided_at, c.voided_at)
FROM @registry@.refund AS r
JOIN @registry@.fraud_case AS c ON c.id = r.fraud_case
UNION ALL
SELECT 'pledge', p.unit, p.region, p.signed_on, p.signed, NULL, NULL, NULL, 'pledge', p.id::text, p.recorded_at, p.voided_at
FROM @registry@.pledge AS p
UNION ALL
SELECT k.missing_measure, s.unit, s.region, s.sampled_on, s.sampled - s.positive, s.sampled, NULL, NULL, 'sample', s.id::text, s.recorded_at, s.voided_at
FROM @registry@.sample AS s
JOIN @registry@.sample_kind AS k ON k.code = s.kind AND k.missing_measure IS NOT NULL
UNION ALL
SELECT k.positive_measure, s.unit, s.region, s.sampled_on, s.positive, s.sampled, NULL, NULL, 'sample', s.id::text, s.recorded_at, s.voided_at
FROM @registry@.sample AS s
JOIN @registry@.sample_kind AS k ON k.code = s.kind AND k.positive_measure IS NOT NULL
UNION ALL
SELECT k.measure, a.unit, a.region, a.held_on, a.sessions, NULL, NULL, NULL, 'activity', a.id::text, a.recorded_at, a.voided_at
FROM @registry@.activity AS a
JOIN @registry@.activity_kind AS k ON k.code = a.kind AND k.measure IS NOT NULL;
COMMENT ON VIEW @registry@.facts_of_activities IS 'Facts of activities and samples, and of what followed cases; a part of the view fact.';
