-- What scores ask of the servers that hold the rows of sources, for everybody
-- who may read these: EXPLAIN does not look into scores(), and auto_explain is
-- for superusers.

CREATE FUNCTION @registry@.explain_sources(rubric text, as_of date DEFAULT NULL, units text[] DEFAULT NULL) RETURNS SETOF text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $body$
DECLARE
  measures text[] := ARRAY(SELECT DISTINCT r.measure FROM @registry@.rubric_rule AS r
                           JOIN @registry@.source AS s ON s.measure = r.measure AND s.removed_at IS NULL WHERE r.rubric = $1);
  bounds record;
BEGIN
  PERFORM @registry@.published_rubric($1);
  IF measures = '{}' THEN
    RETURN;
  END IF;
  SELECT b.elsewhere, b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds(measures, $3) AS b;
  -- the conditions of scores_from_scratch(), for these branches of fact only
  RETURN QUERY EXECUTE format(
    'EXPLAIN (VERBOSE) SELECT f.unit, antifraud.tally(%1$L::antifraud.rubric, f.measure, f.occurred_on, f.quantity, f.base, f.amount)'
    ' FROM %2$I.facts_from_scratch() AS f WHERE f.measure = ANY (%3$L::text[]) AND (%4$L::text[] IS NULL OR f.unit = ANY (%4$L)) AND f.voided_at IS NULL'
    ' AND f.source_table = ANY (%5$L::text[]) AND antifraud.within(f.occurred_on, %6$L)'
    ' AND (f.source_table <> ALL (%7$L::text[]) OR antifraud.within(f.region, %8$L, %9$L)) GROUP BY f.unit',
    @registry@.rubric_as_of($1, $2), @registry_literal@, measures, $3, bounds.elsewhere,
    antifraud.counted_days(@registry@.rubric_as_of($1, $2), measures), bounds.placed, bounds.regions, bounds.as_written);
END
$body$;
COMMENT ON FUNCTION @registry@.explain_sources(text, date, text[]) IS 'The plan, as EXPLAIN (VERBOSE) writes it, by which scores() counts the facts that sources supply to a rubric: what is asked of other servers, and how. Runs nothing. units: of these units only (null: all).';
