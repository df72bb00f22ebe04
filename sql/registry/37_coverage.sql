-- The facts that activities and samples supply beyond those of the view fact
-- itself.

CREATE VIEW @registry@.facts_of_activities (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT 'followed_up'::text, c.unit, c.region, c.filed_on, CASE WHEN c.followed_up THEN 1 ELSE 0 END::bigint, 1::bigint, NULL::numeric, c.victim, 'fraud_case'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c;
COMMENT ON VIEW @registry@.facts_of_activities IS 'Facts of activities and samples, beyond those of their kinds; a part of the view fact.';
