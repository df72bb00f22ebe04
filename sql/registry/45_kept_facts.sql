-- Kept facts: a copy of what registry_facts() gives, for who reads the view
-- fact as analysts and dashboards do. Which units' facts hold is known in the
-- same way as of kept scorecards (45_cards.sql); those of all others, and all
-- of them for readers who may not see every fact, are read from the tables.

CREATE TABLE @registry@.kept_fact (
  measure text NOT NULL,
  unit text,
  region antifraud.region,
  occurred_on date,
  quantity bigint,
  base bigint,
  amount numeric,
  subject text,
  source_table text,
  source_key text,
  recorded_at timestamptz,
  voided_at timestamptz,
  by_clock boolean NOT NULL
);
CREATE INDEX kept_fact_unit ON @registry@.kept_fact (unit, measure);
CREATE INDEX kept_fact_measure ON @registry@.kept_fact (measure, occurred_on);
CREATE INDEX kept_fact_region ON @registry@.kept_fact (region);
COMMENT ON TABLE @registry@.kept_fact IS 'Facts as they were when refresh_cards() ran last. A cache: read the view fact, which knows which of them hold.';
SELECT @registry@.comment_fact_views('{kept_fact}');
COMMENT ON COLUMN @registry@.kept_fact.by_clock IS 'Whether time brought it, or will at recorded_at (facts_of_time_limits).';

CREATE FUNCTION @registry@.stale_fact_units() RETURNS text[]
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  kept record;
BEGIN
  IF NOT @registry@.kept_may_be_read('{card_keeping,card_extent,kept_fact,unit_touched}') THEN
    RETURN NULL;
  END IF;
  SELECT k.fact_snapshot, k.facts_computed_by, k.relations, k.views, k.mark INTO kept
    FROM @registry@.card_keeping AS k WHERE k.facts AND k.fact_snapshot IS NOT NULL;
  IF NOT FOUND OR NOT @registry@.sees_every_fact() OR kept.mark <> @registry@.card_mark(kept.relations, kept.views) THEN
    RETURN NULL;
  END IF;
  RETURN @registry@.units_touched_since(kept.fact_snapshot, kept.facts_computed_by);
END
$body$;
COMMENT ON FUNCTION @registry@.stale_fact_units() IS 'The units whose kept facts do not hold for the current role and snapshot (empty text: facts of no unit); null: no kept fact may be read.';

CREATE FUNCTION @registry@.facts_not_kept(stale text[] DEFAULT @registry@.stale_fact_units()) RETURNS TABLE (measure text, unit text, region antifraud.region, occurred_on date, quantity bigint, base bigint, amount numeric, subject text, source_table text, source_key text, recorded_at timestamptz, voided_at timestamptz)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
DECLARE
  others text[] := array_remove($1, '');
  besides text[];
BEGIN
  IF stale IS NULL THEN
    RETURN QUERY SELECT f.* FROM @registry@.registry_facts() AS f;
    RETURN;
  END IF;
  IF '' = ANY (stale) THEN
    RETURN QUERY SELECT f.* FROM @registry@.registry_facts() AS f WHERE f.unit IS NULL;
  END IF;
  IF cardinality(others) BETWEEN 1 AND 100 THEN
    RETURN QUERY SELECT f.* FROM @registry@.registry_facts() AS f WHERE f.unit = ANY (others);
  ELSIF others <> '{}' THEN
    RETURN QUERY SELECT f.* FROM @registry@.registry_facts() AS f WHERE f.unit IN (SELECT s.unit FROM unnest(others) AS s (unit));
  END IF;
  besides := (SELECT k.facts_besides FROM @registry@.card_keeping AS k);
  IF besides <> '{}' THEN
    RETURN QUERY SELECT f.* FROM @registry@.registry_facts() AS f
      WHERE f.measure = ANY (besides) AND COALESCE(f.unit, '') NOT IN (SELECT s.unit FROM unnest(stale) AS s (unit));
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.facts_not_kept(text[]) IS 'The facts of the registry''s own tables that the view fact does not take from kept_fact: of the units of stale_fact_units() and the measures of card_keeping.facts_besides, or all.';
