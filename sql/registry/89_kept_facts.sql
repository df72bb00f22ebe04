-- Keeping facts: who begins and ends it, and the refresh.

ALTER TABLE @registry@.kept_fact ENABLE ROW LEVEL SECURITY;
CREATE POLICY sees_every_fact ON @registry@.kept_fact FOR SELECT USING ((SELECT @registry@.sees_every_fact()));
COMMENT ON POLICY sees_every_fact ON @registry@.kept_fact IS 'They are copies of rows of all tables: for who sees every fact there.';

CREATE FUNCTION @registry@.keep_facts(keep boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $body$
DECLARE
  reader record;
BEGIN
  IF keep IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'keep cannot be NULL',
      HINT = 'keep_facts(true) keeps facts, keep_facts(false) ends it.';
  END IF;
  PERFORM @registry@.check_card_keeper();
  IF NOT keep THEN
    UPDATE @registry@.card_keeping SET facts = false, fact_snapshot = NULL, facts_computed_by = NULL WHERE facts;
    DELETE FROM @registry@.kept_fact;
    PERFORM @registry@.rebuild_fact();
    RETURN;
  END IF;
  IF NOT EXISTS (SELECT FROM @registry@.card_keeping) THEN
    PERFORM @registry@.keep_cards();
  END IF;
  UPDATE @registry@.card_keeping SET facts = true, fact_snapshot = NULL, facts_computed_by = NULL;
  PERFORM @registry@.rebuild_fact();
  -- who was granted the view by itself; row security shows the rows to those
  -- alone who may read all the tables
  FOR reader IN SELECT r.name FROM @registry@.fact_reader() AS r WHERE r.role <> 0 LOOP
    EXECUTE format('GRANT SELECT ON %1$I.kept_fact, %1$I.card_keeping, %1$I.card_extent, %1$I.unit_touched TO %2$s', @registry_literal@, reader.name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %1$I.stale_fact_units(), %1$I.kept_may_be_read(text[]), %1$I.facts_not_kept(text[]), %1$I.registry_facts(timestamptz), %1$I.sees_every_fact(), %1$I.scope_region(),'
                   ' %1$I.card_mark(oid[], oid[]), %1$I.units_touched_since(pg_snapshot, xid8) TO %2$s', @registry_literal@, reader.name);
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.keep_facts(boolean) IS 'Begin to keep a copy of the facts of the registry''s own tables (or, with false, end it), from which the view fact is then read; begins to keep scorecards too, whose triggers tell which facts hold. Nothing is kept before the next refresh_cards(). For the owner.';

CREATE FUNCTION @registry@.refresh_facts(seen pg_snapshot) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $body$
DECLARE
  by_clock CONSTANT text[] := '{alert_late,alert_settled_late,milestone_missed,rectification_late}';
  kept record;
  stale text[];
  besides text[];
  condition text;
  written bigint;
  counted bigint := 0;
BEGIN
  PERFORM @registry@.check_card_keeper();
  SELECT k.facts, k.fact_snapshot, k.facts_computed_by, k.facts_besides INTO kept FROM @registry@.card_keeping AS k FOR UPDATE;
  IF kept.facts IS NOT TRUE THEN
    RETURN NULL;
  END IF;
  -- those that change without any row being written
  besides := ARRAY(SELECT x.measure FROM @registry@.card_exception AS x
                   WHERE x.measure <> ALL (by_clock) AND x.reason <> 'A source outside the registry supplies it.' ORDER BY x.measure);
  IF kept.fact_snapshot IS NOT NULL AND kept.facts_besides = besides THEN
    stale := @registry@.units_touched_since(kept.fact_snapshot, kept.facts_computed_by);
  END IF;
  -- many units one by one cost more than all of them; of few, those of no unit
  -- by themselves, so that an index finds the others
  FOREACH condition IN ARRAY CASE WHEN stale IS NULL OR cardinality(stale) > 100 THEN '{true}'::text[]
    ELSE array_remove(ARRAY[CASE WHEN array_remove(stale, '') <> '{}' THEN 'f.unit = ANY ($1)' END, CASE WHEN '' = ANY (stale) THEN 'f.unit IS NULL' END], NULL) END
  LOOP
    -- not TRUNCATE: who reads under an older snapshot would find nothing
    EXECUTE format('DELETE FROM %I.kept_fact AS f WHERE %s', @registry_literal@, condition) USING stale;
    -- registry_facts() with nothing that time brings; then all of that, also
    -- what lies ahead
    EXECUTE format(
      'INSERT INTO %1$I.kept_fact (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at, by_clock)'
      ' SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at, f.by_clock'
      ' FROM (SELECT r.*, false AS by_clock FROM %1$I.registry_facts(''-infinity'') AS r UNION ALL SELECT l.*, true FROM %1$I.facts_of_time_limits AS l) AS f'
      ' WHERE f.measure <> ALL ($2) AND %2$s ORDER BY f.unit, f.measure, f.occurred_on', @registry_literal@, condition)
      USING stale, besides;
    GET DIAGNOSTICS written = ROW_COUNT;
    counted := counted + written;
  END LOOP;
  UPDATE @registry@.card_keeping SET fact_snapshot = seen, facts_computed_by = pg_current_xact_id(), facts_besides = besides;
  RETURN counted;
END
$body$;
COMMENT ON FUNCTION @registry@.refresh_facts(pg_snapshot) IS 'Bring the kept facts of the units that were touched up to date; a part of refresh_cards(), which passes the snapshot that it took before it began. Gives how many facts were written; null: facts are not kept.';

-- A function: to compare all facts takes as long as reading them twice.
CREATE FUNCTION @registry@.verify_facts() RETURNS TABLE (finding text, measure text, unit text, region antifraud.region, occurred_on date, quantity bigint, base bigint, amount numeric, subject text, source_table text, source_key text, recorded_at timestamptz, voided_at timestamptz)
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  RETURN QUERY
    SELECT 'kept only'::text, k.* FROM (SELECT f.* FROM @registry@.fact AS f EXCEPT ALL SELECT s.* FROM @registry@.facts_from_scratch() AS s) AS k
    UNION ALL
    SELECT 'missing'::text, m.* FROM (SELECT s.* FROM @registry@.facts_from_scratch() AS s EXCEPT ALL SELECT f.* FROM @registry@.fact AS f) AS m;
END
$body$;
COMMENT ON FUNCTION @registry@.verify_facts() IS 'Facts that the view fact gives and the tables and sources do not (kept only), or the other way round (missing). Always empty; otherwise call keep_facts() and refresh_cards(), and tell who maintains the registry.';
