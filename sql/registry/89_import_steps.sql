-- Applying what was judged.
--
-- An importer writes the tables of imports as himself, and the owner of the
-- registry may go on with his batch: what stands there is not taken on trust.
-- Whatever it says, only rows in the region of the batch are touched.

CREATE FUNCTION @registry@.import_guard_batch() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF ROW (NEW.target, NEW.source, NEW.region, NEW.mapping, NEW.begun_by, NEW.begun_at) IS DISTINCT FROM ROW (OLD.target, OLD.source, OLD.region, OLD.mapping, OLD.begun_by, OLD.begun_at) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('what import %s was announced as does not change', OLD.id),
      DETAIL = 'Table, source, region, mapping and who began it stay.',
      HINT = 'Cancel it (import_cancel) and begin another one.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.import_guard_batch() IS 'Trigger: a batch stays what it was announced as.';
CREATE TRIGGER import_batch_1_announced BEFORE UPDATE ON @registry@.import_batch FOR EACH ROW EXECUTE FUNCTION @registry@.import_guard_batch();

-- import_begin() is not the only way to a batch: an account that imports may
-- write these tables itself, and the owner, who may fill everything, may be
-- who goes on with it.
CREATE FUNCTION @registry@.import_guard_target() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF has_any_column_privilege(to_regclass(format('%I.%I', @registry_literal@, NEW.target)), 'INSERT') IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('account %I may not fill table %s', CURRENT_USER, NEW.target),
      DETAIL = 'Who imports writes what he could enter by hand.',
      HINT = 'set_importer() lets a role with a scope import into a table.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'target';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.import_guard_target() IS 'Trigger: a batch is of a table that the account may fill.';
CREATE TRIGGER import_batch_2_target BEFORE INSERT ON @registry@.import_batch FOR EACH ROW EXECUTE FUNCTION @registry@.import_guard_target();

CREATE FUNCTION @registry@.import_guard_field() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  into_table text := (SELECT b.target FROM @registry@.import_batch AS b WHERE b.id = NEW.batch);
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute AS a JOIN @registry@.import_target AS t ON t.name = into_table
                 WHERE a.attrelid = to_regclass(format('%I.%I', @registry_literal@, t.name)) AND a.attname = NEW.name AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
                   AND a.attname <> ALL (t.left_out) AND a.attname <> ALL ('{recorded_at,recorded_by,voided_at,voided_by,void_reason}')
                   AND has_column_privilege(a.attrelid, a.attnum, 'INSERT')) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('account %I may not fill column %I of table %s by an import', CURRENT_USER, NEW.name, coalesce(into_table, 'of a batch that is not there')),
      DETAIL = 'No file fills stamps and what the registry keeps by itself; and who imports writes what he could enter by hand.',
      HINT = 'import_begin() writes the mapping.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'name';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.import_guard_field() IS 'Trigger: a mapping names columns that a file fills and the account may.';
CREATE TRIGGER import_field_1_column BEFORE INSERT OR UPDATE OF batch, name ON @registry@.import_field FOR EACH ROW EXECUTE FUNCTION @registry@.import_guard_field();

CREATE FUNCTION @registry@.import_insert(batch bigint) RETURNS text
STABLE
LANGUAGE sql
BEGIN ATOMIC
  SELECT format($sql$
WITH put AS (
  INSERT INTO %1$s (%2$s) SELECT %3$s FROM %7$I.import_row AS r WHERE r.batch = $1 AND r.line BETWEEN $2 AND $3 AND r.verdict = 'ready'%4$s ORDER BY r.line
  ON CONFLICT DO NOTHING RETURNING %5$s AS id, %6$s AS key)
SELECT array_agg(put.id), array_agg(put.key) FROM put$sql$,
    format('%I.%I', @registry_literal@, b.target),
    string_agg(quote_ident(c.name), ', ' ORDER BY c.place) || CASE WHEN b.target = 'unit' OR b.target = 'person' AND k.place IS NULL THEN '' ELSE ', source_key' END,
    string_agg(format('(r.taken[%s])::%s', c.place, c.type), ', ' ORDER BY c.place)
      || CASE WHEN b.target = 'unit' OR b.target = 'person' AND k.place IS NULL THEN ''
              WHEN b.target = 'person' THEN format(', %L || %I.import_plain(r.cells[%s])', b.source || ':', @registry_literal@, k.place) ELSE ', r.key' END,
    -- those above before those below them
    CASE WHEN b.target <> 'unit' THEN '' ELSE (SELECT format(' AND (r.taken[%s] IS NULL OR EXISTS (SELECT FROM %I.unit AS u WHERE u.code = r.taken[%1$s]))', u.place, @registry_literal@)
                                      FROM @registry@.import_columns(b.id) AS u WHERE u.name = 'parent') END
      -- (where the region is not given, the row takes that of its unit)
      || (SELECT string_agg(CASE u.name WHEN 'region' THEN format(' AND (r.taken[%s] IS NULL OR (r.taken[%1$s])::antifraud.region OPERATOR(antifraud.<@) %L::antifraud.region)', u.place, b.region)
                                        ELSE format(' AND NOT EXISTS (SELECT FROM %I.unit AS u WHERE u.code = r.taken[%s] AND NOT u.region OPERATOR(antifraud.<@) %L::antifraud.region)', @registry_literal@, u.place, b.region) END, '')
          FROM @registry@.import_columns(b.id) AS u WHERE u.name = ANY ('{unit,region}')),
    CASE WHEN b.target = 'unit' THEN 'code' ELSE 'id::text' END,
    CASE b.target WHEN 'unit' THEN 'code' WHEN 'person' THEN format('%I.import_person_key(document_kind, citizen_id, document_no)', @registry_literal@) ELSE 'source_key' END,
    @registry_literal@)
  FROM @registry@.import_batch AS b
  CROSS JOIN LATERAL @registry@.import_columns(b.id) AS c
  LEFT JOIN @registry@.import_field AS k ON k.batch = b.id AND k.name = 'source_key'
  WHERE b.id = import_insert.batch
  GROUP BY b.id, k.place;
END;
COMMENT ON FUNCTION @registry@.import_insert(bigint) IS 'The statement that applies the lines $2 to $3 of batch $1 that are ready, and gives the ids and keys of the rows that came of them.';

CREATE FUNCTION @registry@.import_bound(batch bigint) RETURNS text
STABLE
LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = format('%I.%I', @registry_literal@, b.target)::regclass AND a.attname = 'region' AND NOT a.attisdropped)
              THEN format(' AND t.region OPERATOR(antifraud.<@) %L::antifraud.region', b.region)
              ELSE ' AND t.source_key = r.key' END
  FROM @registry@.import_batch AS b WHERE b.id = import_bound.batch;
END;
COMMENT ON FUNCTION @registry@.import_bound(bigint) IS 'The condition on a row t of the target, and its row r of import_row, that it can be of this batch: by its region, or its key where the table has none.';

-- By hashing: nothing is known yet about lines that were just read, and a
-- planner that expects one would compare each with each. No trigger runs here
-- that would plan its own queries so.
CREATE FUNCTION @registry@.import_mark(batch bigint, from_line bigint, to_line bigint, ids text[], keys text[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $body$
DECLARE
  marked bigint;
BEGIN
  UPDATE @registry@.import_row AS r SET verdict = 'applied', faults = '{}', target_key = put.id
    FROM ROWS FROM (unnest(ids), unnest(keys)) AS put (id, key)
    WHERE r.batch = import_mark.batch AND r.line BETWEEN from_line AND to_line AND r.key = put.key AND r.verdict = 'ready';
  GET DIAGNOSTICS marked = ROW_COUNT;
  RETURN marked;
END
$body$;
COMMENT ON FUNCTION @registry@.import_mark(bigint, bigint, bigint, text[], text[]) IS 'Note which rows the lines of a batch became. Gives how many.';

CREATE FUNCTION @registry@.import_resting(batch bigint) RETURNS TABLE (line bigint, relation text)
STABLE ROWS 10
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $body$
DECLARE
  registry text := @registry_literal@;
  about text := (SELECT b.target FROM @registry@.import_batch AS b WHERE b.id = import_resting.batch);
  link record;
BEGIN
  FOR link IN
    SELECT k.conrelid::regclass AS child, a.attname AS child_column, p.attname AS parent_column,
           EXISTS (SELECT FROM pg_attribute AS v WHERE v.attrelid = k.conrelid AND v.attname = 'voided_at' AND NOT v.attisdropped) AS voids, c.relname
    FROM pg_constraint AS k
    JOIN pg_class AS c ON c.oid = k.conrelid
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute AS p ON p.attrelid = k.confrelid AND p.attnum = k.confkey[1]
    WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = format('%I.%I', registry, about)::regclass
      AND p.attname = CASE about WHEN 'unit' THEN 'code' ELSE 'id' END
    ORDER BY c.relname, k.conname
  LOOP
    RETURN QUERY EXECUTE format(
      'SELECT DISTINCT r.line, %L::text FROM %I.import_row AS r JOIN %s AS t ON t.%I::text = r.target_key%s WHERE r.batch = $1 AND r.verdict = ANY (''{applied,changed}'')%s',
      link.relname, registry, link.child, link.child_column, CASE WHEN link.voids THEN ' AND t.voided_at IS NULL' ELSE '' END,
      -- units of the same file that lie below each other go together
      CASE WHEN link.relname = about THEN format(' AND NOT EXISTS (SELECT FROM %I.import_row AS o WHERE o.batch = $1 AND o.verdict = ''applied'' AND o.target_key = t.%I::text)', registry, link.parent_column) ELSE '' END)
      USING batch;
  END LOOP;
  RETURN QUERY
    SELECT DISTINCT r.line, 'assessment_fact'::text FROM @registry@.import_row AS r
    JOIN @registry@.assessment_fact AS f ON f.source_table = about AND f.source_key = r.target_key
    WHERE r.batch = import_resting.batch AND r.verdict = ANY ('{applied,changed}');
END
$body$;
COMMENT ON FUNCTION @registry@.import_resting(bigint) IS 'Lines of a batch whose rows other rows in force rest on, with the table of these: follow-ups, refunds, published results.';

CREATE FUNCTION @registry@.import_apply_lines(batch bigint, from_line bigint, to_line bigint, statement text, target text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD'
AS $body$
DECLARE
  state text;
  message text;
  broken text;
  part record;
  replaces boolean;
  applied bigint := 0;
  again bigint;
  ids text[];
  keys text[];
BEGIN
  BEGIN
    replaces := EXISTS (SELECT FROM @registry@.import_row AS r WHERE r.batch = import_apply_lines.batch AND r.line BETWEEN from_line AND to_line AND r.verdict = 'ready' AND r.replaced IS NOT NULL);
    IF replaces THEN
      EXECUTE format('UPDATE %I.%I AS t SET void_reason = format(''import %%s, line %%s: corrected'', r.batch, r.line) FROM %1$I.import_row AS r WHERE r.batch = $1 AND r.line BETWEEN $2 AND $3 AND r.verdict = ''ready'' AND t.id = r.replaced AND t.source_key = r.key AND t.voided_at IS NULL' || @registry@.import_bound(batch),
                     @registry_literal@, target) USING batch, from_line, to_line;
    END IF;
    LOOP
      EXECUTE statement INTO ids, keys USING batch, from_line, to_line;
      again := @registry@.import_mark(batch, from_line, to_line, ids, keys);
      applied := applied + again;
      EXIT WHEN again = 0 OR target <> 'unit';
    END LOOP;
    -- a row that took a place meanwhile, in another session
    UPDATE @registry@.import_row AS r SET verdict = 'duplicate', faults = '{:taken}'
      WHERE r.batch = import_apply_lines.batch AND r.line BETWEEN from_line AND to_line AND r.verdict = 'ready' AND target <> 'unit';
    RETURN applied;
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, broken = CONSTRAINT_NAME;
    IF NOT @registry@.import_is_of_row(state) THEN
      RAISE;
    END IF;
    applied := 0;
  END;
  FOR part IN SELECT * FROM @registry@.import_parts(batch, from_line, to_line, 'ready') LOOP
    IF part.rows = 1 AND part.parts = 1 THEN
      UPDATE @registry@.import_row AS r
        SET verdict = 'faulty', said = @registry@.import_mask(message), replaced = NULL,
            faults = ARRAY[':' || CASE WHEN target = 'person' AND message LIKE 'a person of status%' THEN 'status_ended'
                                       WHEN EXISTS (SELECT FROM @registry@.import_reason AS w WHERE w.code = broken) THEN broken ELSE 'server' END]
        WHERE r.batch = import_apply_lines.batch AND r.line = part.first_line;
    ELSE
      applied := applied + @registry@.import_apply_lines(batch, part.first_line, part.last_line, statement, target);
    END IF;
  END LOOP;
  RETURN applied;
END
$body$;
COMMENT ON FUNCTION @registry@.import_apply_lines(bigint, bigint, bigint, text, text) IS 'Apply some lines of a batch by its statement; a row that its table refuses is found by dividing them and becomes faulty. Gives how many were applied.';

-- What is judged `changed` replaces the fact that is there, if that is wanted
-- and nothing rests on it.
CREATE FUNCTION @registry@.import_accept_changes(batch bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  UPDATE @registry@.import_row AS r SET faults = '{:rests}'
    WHERE r.batch = import_accept_changes.batch AND r.verdict = 'changed' AND r.line IN (SELECT w.line FROM @registry@.import_resting(import_accept_changes.batch) AS w);
  UPDATE @registry@.import_row AS r SET verdict = 'ready', faults = '{}', replaced = r.target_key::bigint, target_key = NULL
    FROM @registry@.import_batch AS b JOIN @registry@.fact_table AS f ON f.name = b.target
    WHERE b.id = import_accept_changes.batch AND r.batch = b.id AND r.verdict = 'changed' AND r.faults <> '{:rests}';
END
$body$;
COMMENT ON FUNCTION @registry@.import_accept_changes(bigint) IS 'Let the changed rows of a batch take the place of the facts that they correct, but for those on which other rows rest.';

-- The planner looks rows up by partial indexes, and chooses badly between them
-- when it still believes that all facts are void, or none is there. Only the
-- owner may tell it; otherwise autovacuum does, a minute later.
CREATE FUNCTION @registry@.import_analyze(target text, written bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  relation regclass := format('%I.%I', @registry_literal@, target)::regclass;
BEGIN
  IF written >= 1000 AND (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class AS c WHERE c.oid = relation) THEN
    EXECUTE format('ANALYZE %s', relation);
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.import_analyze(text, bigint) IS 'Gather statistics of a target to which many rows were written, where the caller owns it.';

CREATE FUNCTION @registry@.import_finish(batch bigint) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  -- units whose superior never came
  UPDATE @registry@.import_row AS r SET verdict = 'faulty', faults = '{parent:unit}'::text[] FROM @registry@.import_batch AS b
    WHERE b.id = import_finish.batch AND b.target = 'unit' AND r.batch = b.id AND r.verdict = 'ready';
  UPDATE @registry@.import_batch AS b
    SET state = 'applied', applied_at = now(), applied_by = CURRENT_USER,
        rows_applied = (SELECT count(*) FROM @registry@.import_row AS r WHERE r.batch = b.id AND r.verdict = 'applied')
    WHERE b.id = import_finish.batch;
  SELECT @registry@.import_analyze(b.target, b.rows_applied) FROM @registry@.import_batch AS b WHERE b.id = import_finish.batch;
END;
COMMENT ON FUNCTION @registry@.import_finish(bigint) IS 'End the application of a batch.';

CREATE FUNCTION @registry@.import_apply(batch bigint, changes boolean DEFAULT false) RETURNS TABLE (verdict text, lines bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  this @registry@.import_batch := @registry@.import_lock(batch, '{checked,applying,applied}');
BEGIN
  IF changes THEN
    PERFORM @registry@.import_accept_changes(batch);
  END IF;
  -- units again, for those whose superiors came late
  WHILE @registry@.import_apply_lines(batch, 1, 9223372036854775806, @registry@.import_insert(batch), this.target) > 0 AND this.target = 'unit' LOOP
  END LOOP;
  PERFORM @registry@.import_finish(batch);
  RETURN QUERY SELECT c.verdict, c.lines FROM @registry@.import_counts(batch) AS c;
END
$body$;
COMMENT ON FUNCTION @registry@.import_apply(bigint, boolean) IS 'Bring the rows of a batch that are ready into their table, in one transaction, and count the verdicts; with changes, changed rows replace the facts that they correct (these are voided). Again it does nothing more. For long files: CALL import_run().';

CREATE FUNCTION @registry@.import_step(batch bigint, changes boolean, many integer) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  this @registry@.import_batch := @registry@.import_lock(batch, '{loading,checking,checked,applying,applied}');
  first_line bigint;
  last_line bigint;
  done bigint;
BEGIN
  IF this.state = 'loading' THEN
    PERFORM @registry@.import_split(batch);
    RETURN true;
  ELSIF this.state = 'checked' THEN
    IF changes THEN
      PERFORM @registry@.import_accept_changes(batch);
    END IF;
    UPDATE @registry@.import_batch AS b SET state = 'applying' WHERE b.id = import_step.batch;
    RETURN true;
  ELSIF this.state = 'applied' THEN
    RETURN false;
  END IF;
  SELECT min(w.line), max(w.line), count(*) INTO first_line, last_line, done FROM (
    SELECT r.line FROM @registry@.import_row AS r
    WHERE r.batch = import_step.batch AND r.verdict = CASE this.state WHEN 'checking' THEN 'read' ELSE 'ready' END
    ORDER BY r.line LIMIT CASE WHEN this.state = 'applying' AND this.target = 'unit' THEN NULL ELSE many END) AS w;
  IF this.state = 'checking' THEN
    IF done = 0 THEN
      PERFORM @registry@.import_settle(batch);
    ELSE
      PERFORM @registry@.import_check_lines(batch, first_line, last_line, @registry@.import_statement(batch), this.region);
    END IF;
    -- lines set aside were judged when they were read
    UPDATE @registry@.import_batch AS b SET lines_checked = CASE WHEN done = 0 THEN b.lines_read ELSE LEAST(b.lines_read, b.lines_checked + done) END WHERE b.id = import_step.batch;
  ELSIF done = 0 THEN
    PERFORM @registry@.import_finish(batch);
  ELSE
    done := @registry@.import_apply_lines(batch, first_line, last_line, @registry@.import_insert(batch), this.target);
    IF this.target = 'unit' AND done = 0 THEN
      PERFORM @registry@.import_finish(batch);
    END IF;
    UPDATE @registry@.import_batch AS b SET rows_applied = b.rows_applied + done WHERE b.id = import_step.batch AND b.state = 'applying';
  END IF;
  RETURN true;
END
$body$;
COMMENT ON FUNCTION @registry@.import_step(bigint, boolean, integer) IS 'The next step of import_run(): read the lines, judge or apply so many of them; false: nothing is left to do.';

CREATE PROCEDURE @registry@.import_run(batch bigint, changes boolean DEFAULT false, many integer DEFAULT 20000)
LANGUAGE plpgsql
-- without a search_path of its own, which would forbid COMMIT: hence the names in full
AS $body$
BEGIN
  IF many IS NULL OR many OPERATOR(pg_catalog.<) 1 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = pg_catalog.format('an import cannot go %s lines at a time', coalesce(many::pg_catalog.text, 'NULL')),
      HINT = 'Give a positive number, or leave it out.';
  END IF;
  WHILE @registry@.import_step(batch, changes, many) LOOP
    -- what was done stays done, should the server crash on a later line
    COMMIT;
  END LOOP;
END
$body$;
REVOKE ALL ON PROCEDURE @registry@.import_run(bigint, boolean, integer) FROM PUBLIC;
COMMENT ON PROCEDURE @registry@.import_run(bigint, boolean, integer) IS 'Check and apply a batch, so many lines at a time, with a commit after each: other sessions see in import_progress how far it is. After a crash, call it again: it goes on where it stopped, and enters nothing twice.';
