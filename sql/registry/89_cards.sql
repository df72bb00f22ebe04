-- Keeping scorecards: the triggers, the refresh, and who may read the cards.

ALTER TABLE @registry@.unit_card ENABLE ROW LEVEL SECURITY;
ALTER TABLE @registry@.unit_touched ENABLE ROW LEVEL SECURITY;
-- the cards are counted over all facts, and so for those who may see all
CREATE POLICY sees_every_fact ON @registry@.unit_card FOR SELECT USING ((SELECT @registry@.sees_every_fact()));
CREATE POLICY sees_every_fact ON @registry@.unit_touched FOR SELECT USING ((SELECT @registry@.sees_every_fact()));
COMMENT ON POLICY sees_every_fact ON @registry@.unit_card IS 'Who sees all facts may read cards that were counted over all of them.';
COMMENT ON POLICY sees_every_fact ON @registry@.unit_touched IS 'Who may read the cards sees which of them hold.';

CREATE FUNCTION @registry@.check_card_keeper() RETURNS name
STABLE
LANGUAGE sql
BEGIN ATOMIC
  SELECT @registry@.check_owner('keeps scorecards', 'cards are counted over all facts', 'active_sql_transaction') AS owner;
END;
COMMENT ON FUNCTION @registry@.check_card_keeper() IS 'The owner of the registry; an error unless the current role may keep scorecards, in this transaction.';

-- What cards rest on: the tables below the functions by which facts are read,
-- and those that stand in card_source besides.
CREATE FUNCTION @registry@.card_relations(OUT relation oid, OUT name text, OUT kind "char", OUT here boolean, OUT on_insert text[], OUT on_change text[]) RETURNS SETOF record
STABLE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  WITH RECURSIVE below (oid, of_source) AS (
    SELECT d.refobjid, false
    FROM pg_depend AS d
    WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.objid IN (SELECT p.oid FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace(quote_ident(@registry_literal@)) AND p.proname = ANY ('{registry_facts,facts_from_scratch}'))
    UNION
    SELECT d.refobjid, b.of_source OR v.relname ~ '^facts_of_source_[0-9]+$'
    FROM below AS b
    JOIN pg_class AS v ON v.oid = b.oid
    JOIN pg_rewrite AS r ON r.ev_class = b.oid
    JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> b.oid
  ), listed (oid, of_source) AS (
    SELECT x.oid, bool_and(x.of_source)
    FROM (
      SELECT b.oid, b.of_source FROM below AS b
      UNION ALL
      SELECT to_regclass(format('%I.%I', @registry_literal@, s.relation))::oid AS oid, false AS of_source FROM @registry@.card_source AS s
    ) AS x
    GROUP BY x.oid
  ), tree (oid, root, of_source) AS (
    SELECT l.oid, l.oid, l.of_source FROM listed AS l
    UNION
    SELECT i.inhrelid, t.root, t.of_source FROM tree AS t JOIN pg_inherits AS i ON i.inhparent = t.oid
  )
  SELECT c.oid AS relation, n.name, c.relkind AS kind, c.relnamespace = s.oid AS here,
         -- of measures that sources supply no card is kept
         COALESCE(d.on_insert, CASE WHEN t.of_source THEN '{}' ELSE '{all}' END::text[]) AS on_insert,
         COALESCE(d.on_change, CASE WHEN t.of_source THEN '{}' ELSE '{all}' END::text[]) AS on_change
  FROM tree AS t
  JOIN pg_class AS c ON c.oid = t.oid
  JOIN pg_class AS root ON root.oid = t.root
  JOIN pg_namespace AS s ON s.nspname = @registry_literal@
  CROSS JOIN LATERAL (
    SELECT CASE WHEN root.relnamespace = s.oid THEN root.relname::text ELSE root.relnamespace::regnamespace || '.' || quote_ident(root.relname) END AS root,
           CASE WHEN c.relnamespace = s.oid THEN c.relname::text ELSE c.relnamespace::regnamespace || '.' || quote_ident(c.relname) END AS name
  ) AS n
  LEFT JOIN @registry@.card_source AS d ON d.relation = n.root;
END;
COMMENT ON FUNCTION @registry@.card_relations() IS 'The tables that scorecards and kept facts rest on, with partitions, the views between them and facts_from_scratch(), and what a row of each touches.';

CREATE FUNCTION @registry@.keep_cards(keep boolean DEFAULT true) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $body$
DECLARE
  about record;
  tables oid[] := '{}';
  fact_views oid[] := '{}';
  extent text[];
  touches text;
  events text;
BEGIN
  IF keep IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'keep cannot be NULL',
      HINT = 'keep_cards(true) keeps scorecards, keep_cards(false) ends it.';
  END IF;
  PERFORM @registry@.check_card_keeper();
  IF NOT keep THEN
    FOR about IN
      SELECT t.tgname, t.tgrelid::regclass AS relation FROM pg_trigger AS t
      WHERE t.tgfoid = 'antifraud.touch_cards()'::regprocedure
        AND t.tgrelid IN (SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = @registry_literal@)
      ORDER BY t.tgrelid::regclass::text, t.tgname
    LOOP
      EXECUTE format('DROP TRIGGER %I ON %s', about.tgname, about.relation);
    END LOOP;
    IF EXISTS (SELECT FROM @registry@.card_keeping AS k WHERE k.facts) THEN
      PERFORM @registry@.keep_facts(false);
    END IF;
    DELETE FROM @registry@.card_keeping;
    DELETE FROM @registry@.card_set;
    DELETE FROM @registry@.unit_touched;
    DELETE FROM @registry@.card_extent;
    RETURN 0;
  END IF;

  -- the lock waits for whoever is writing: what they wrote is seen below
  FOR about IN SELECT r.relation::regclass AS relation FROM @registry@.card_relations() AS r WHERE r.kind = ANY ('{r,p}') AND r.here ORDER BY r.name LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', about.relation);
  END LOOP;
  DELETE FROM @registry@.card_set;
  DELETE FROM @registry@.unit_touched;
  DELETE FROM @registry@.card_extent;
  FOR about IN
    SELECT r.*, c.relrowsecurity AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'region' AND NOT a.attisdropped) AS hides
    FROM @registry@.card_relations() AS r JOIN pg_class AS c ON c.oid = r.relation
    ORDER BY r.name
  LOOP
    IF about.kind = 'v' THEN
      fact_views := fact_views || about.relation;
      CONTINUE;
    ELSIF NOT about.here OR NOT about.kind = ANY ('{r,p}') THEN
      CONTINUE WHEN about.on_insert = '{}' AND about.on_change = '{}';
      RAISE EXCEPTION USING
        ERRCODE = 'feature_not_supported',
        MESSAGE = format('scorecards cannot be kept: the view fact reads %s', about.name),
        DETAIL = 'It is no table of this registry, and so nothing says when its rows change.',
        HINT = 'Enter the measures that it supplies into card_exception, and it into card_source with {} and {}; editions that use these measures are then counted afresh, the others kept.';
    END IF;
    IF (about.on_insert <> '{}' OR about.on_change <> '{}') AND EXISTS (SELECT FROM pg_subscription_rel AS s WHERE s.srrelid = about.relation) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'feature_not_supported',
        MESSAGE = format('scorecards cannot be kept: a subscription writes to table %s', about.name),
        DETAIL = 'It writes row by row, and fires no trigger for each statement that says whose cards it touched.',
        HINT = 'Enter the measures that the table supplies into card_exception, and the table into card_source with {} and {}, or keep scorecards where the rows come from.';
    END IF;
    tables := tables || about.relation;
    extent := CASE WHEN about.hides THEN '{region:region}' ELSE '{}' END::text[];
    FOREACH events IN ARRAY '{INSERT,UPDATE,DELETE,TRUNCATE}'::text[] LOOP
      SELECT string_agg(quote_literal(a.argument), ', ') INTO touches
      FROM unnest(CASE events WHEN 'INSERT' THEN about.on_insert || extent
                              WHEN 'UPDATE' THEN about.on_change || CASE WHEN about.on_change <> '{}' THEN extent END
                              ELSE about.on_change END) AS a (argument);
      CONTINUE WHEN touches IS NULL;
      EXECUTE format('CREATE OR REPLACE TRIGGER cards_%s_%s AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION antifraud.touch_cards(%s)',
        CASE events WHEN 'INSERT' THEN 2 WHEN 'UPDATE' THEN 3 WHEN 'DELETE' THEN 4 ELSE 5 END, lower(events), events, about.relation::regclass,
        CASE events WHEN 'INSERT' THEN 'REFERENCING NEW TABLE AS touched' WHEN 'UPDATE' THEN 'REFERENCING OLD TABLE AS touched NEW TABLE AS touched_new'
                    WHEN 'DELETE' THEN 'REFERENCING OLD TABLE AS touched' ELSE '' END, touches);
      EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER cards_%s_%s', about.relation::regclass,
        CASE events WHEN 'INSERT' THEN 2 WHEN 'UPDATE' THEN 3 WHEN 'DELETE' THEN 4 ELSE 5 END, lower(events));
    END LOOP;
    events := concat_ws(' OR ', CASE WHEN about.on_insert <> '{}' THEN 'INSERT' END, CASE WHEN about.on_change <> '{}' THEN 'UPDATE OR DELETE OR TRUNCATE' END);
    IF events <> '' THEN
      EXECUTE format('CREATE OR REPLACE TRIGGER cards_1_before BEFORE %s ON %s FOR EACH STATEMENT EXECUTE FUNCTION antifraud.touch_cards()', events, about.relation::regclass);
      EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER cards_1_before', about.relation::regclass);
    END IF;
    IF about.hides AND about.on_change = '{}' THEN
      -- by row, and only where it matters: the rows of persons change often
      EXECUTE format('CREATE OR REPLACE TRIGGER cards_3_update AFTER UPDATE OF region ON %s FOR EACH ROW WHEN (OLD.region IS DISTINCT FROM NEW.region) EXECUTE FUNCTION antifraud.touch_cards(''region:region'')', about.relation::regclass);
      EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER cards_3_update', about.relation::regclass);
    END IF;
    IF about.hides THEN
      EXECUTE format('INSERT INTO %1$I.card_extent (region) SELECT DISTINCT coalesce(antifraud.region_ancestor(t.region, 3), t.region) FROM %2$s AS t'
                     ' EXCEPT SELECT e.region FROM %1$I.card_extent AS e', @registry_literal@, about.relation::regclass);
    END IF;
  END LOOP;
  INSERT INTO @registry@.card_keeping (relations, views, mark) VALUES (tables, fact_views, @registry@.card_mark(tables, fact_views))
    ON CONFLICT ON CONSTRAINT card_keeping_pk DO UPDATE SET relations = EXCLUDED.relations, views = EXCLUDED.views, mark = EXCLUDED.mark, since = now(), fact_snapshot = NULL, facts_computed_by = NULL;
  RETURN cardinality(tables);
END
$body$;
COMMENT ON FUNCTION @registry@.keep_cards(boolean) IS 'Begin to keep the scorecard of each unit (or, with false, end it, and that of facts): creates the triggers by which every statement on the tables below the view fact says whose cards it touched, and forgets what was kept. Waits for whoever is writing to them. For the owner; gives how many tables are watched. Call it again after a change of card_source, card_exception or the view fact; then refresh_cards().';

CREATE FUNCTION @registry@.refresh_cards(as_of date DEFAULT NULL) RETURNS TABLE (rubric text, day date, units bigint, counted bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  kept record;
  edition record;
  seen pg_snapshot;
  stale text[];
  missing text[];
BEGIN
  PERFORM @registry@.check_card_keeper();
  -- one at a time
  SELECT k.relations, k.views, k.mark INTO kept FROM @registry@.card_keeping AS k FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = 'no scorecards are kept',
      HINT = 'Begin with keep_cards().';
  ELSIF kept.mark <> @registry@.card_mark(kept.relations, kept.views) THEN
    -- restored, upgraded, or something was changed that they rest on
    PERFORM @registry@.keep_cards();
  END IF;
  -- taken before anything is counted: what is committed in between, cards may
  -- hold already, and readers count again
  seen := pg_current_snapshot();
  PERFORM @registry@.refresh_facts(seen);
  FOR edition IN
    SELECT e.code, d.day, s.snapshot, s.computed_by
    FROM @registry@.rubric_edition AS e
    CROSS JOIN (SELECT DISTINCT x.day FROM @registry@.registry_info AS i
                CROSS JOIN LATERAL (VALUES ($1), (i.as_of), ('infinity'::date)) AS x (day) WHERE x.day IS NOT NULL) AS d
    LEFT JOIN @registry@.card_set AS s ON s.rubric = e.code AND s.as_of = d.day
    WHERE e.status = 'published' AND e.listed
      AND NOT EXISTS (SELECT FROM @registry@.rubric_rule AS r JOIN @registry@.card_exception AS x ON x.measure = r.measure WHERE r.rubric = e.code)
    ORDER BY e.code, d.day
  LOOP
    stale := CASE WHEN edition.snapshot IS NOT NULL THEN @registry@.units_touched_since(edition.snapshot, edition.computed_by) END;
    INSERT INTO @registry@.card_set AS s (rubric, as_of, snapshot, computed_by) VALUES (edition.code, edition.day, seen, pg_current_xact_id())
      ON CONFLICT ON CONSTRAINT card_set_pk DO UPDATE SET snapshot = EXCLUDED.snapshot, computed_by = EXCLUDED.computed_by, refreshed_at = now();
    DELETE FROM @registry@.unit_card AS c
      WHERE c.rubric = edition.code AND c.as_of = edition.day AND (stale IS NULL OR c.unit = ANY (stale) OR NOT EXISTS (SELECT FROM @registry@.unit AS u WHERE u.code = c.unit AND u.active));
    missing := ARRAY(SELECT u.code FROM @registry@.unit AS u JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
                     WHERE u.active AND NOT EXISTS (SELECT FROM @registry@.unit_card AS c WHERE c.rubric = edition.code AND c.as_of = edition.day AND c.unit = u.code));
    IF missing <> '{}' THEN
      -- a card too wide for a page is counted by whoever reads it
      INSERT INTO @registry@.unit_card (rubric, as_of, unit, card, total, low, high, vetoed)
        SELECT edition.code, edition.day, s.unit, s.card, s.total, s.low, s.high, s.vetoed
        FROM @registry@.scores_from_scratch(edition.code, nullif(edition.day, 'infinity'), NULL, CASE WHEN stale IS NOT NULL THEN missing END) AS s
        WHERE s.unit = ANY (missing) AND pg_column_size(s.card) < 7000;
    END IF;
    rubric := edition.code;
    day := nullif(edition.day, 'infinity');
    counted := cardinality(missing);
    units := (SELECT count(*) FROM @registry@.unit_card AS c WHERE c.rubric = edition.code AND c.as_of = edition.day);
    RETURN NEXT;
  END LOOP;
  DELETE FROM @registry@.card_set AS s WHERE s.computed_by <> pg_current_xact_id();
  -- every set has seen these now
  DELETE FROM @registry@.unit_touched AS t WHERE pg_visible_in_snapshot(t.touched_by, seen) AND t.touched_by <> pg_current_xact_id();
END
$body$;
COMMENT ON FUNCTION @registry@.refresh_cards(date) IS 'Bring the kept facts, if facts are kept, and the kept scorecards up to date, for every published and listed edition, as of a day (null: none), as of what the view scoreboard looks at, and judged whole; cards of other days are dropped. Counts only units that were touched; gives for each edition and day how many cards are kept, and how many units were counted (day null: judged whole). For the owner, as often as wanted; nothing depends on it but speed.';
