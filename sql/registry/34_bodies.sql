-- The facts that message groups, rosters and bodies supply.

CREATE VIEW @registry@.facts_of_groups (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT NULL::text, NULL::text, NULL::antifraud.region, NULL::date, NULL::bigint, NULL::bigint, NULL::numeric, NULL::text, NULL::text, NULL::text, NULL::timestamptz, NULL::timestamptz
WHERE false;
COMMENT ON VIEW @registry@.facts_of_groups IS 'Facts of message groups and rosters; a part of the view fact.';
