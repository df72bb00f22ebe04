-- Taking a batch of an import back, and what expires.

CREATE FUNCTION @registry@.import_undo(batch bigint, reason text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  this @registry@.import_batch := @registry@.import_lock(batch, '{checking,checked,applying,applied,undone}');
  relation text := format('%I.%I', registry, this.target);
  resting text;
  columns text;
  corrected bigint[];
  changed bigint;
  state text;
  message text;
  detail text;
BEGIN
  IF this.state = 'undone' THEN
    RETURN 0;
  ELSIF coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('import %s is not undone without a reason', batch),
      HINT = 'Say why: the reason stands with every fact that is withdrawn.';
  END IF;
  SELECT string_agg(w.words, '; ' ORDER BY w.rank) INTO resting FROM (
    SELECT row_number() OVER (ORDER BY r.line, r.relation) AS rank, format('line %s: %s', r.line, r.relation) AS words
    FROM @registry@.import_resting(batch) AS r JOIN @registry@.import_row AS i ON i.batch = import_undo.batch AND i.line = r.line AND i.verdict = 'applied') AS w
  WHERE w.rank <= 10;
  IF resting IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('import %s cannot be undone', batch),
      DETAIL = format('Other rows rest on what it brought: %s.', resting),
      HINT = 'Withdraw those first, or correct single rows by hand.';
  END IF;
  EXECUTE format('SELECT string_agg(r.line::text, '', '' ORDER BY r.line) FROM %s AS t JOIN %I.import_row AS r ON t.%s = r.target_key WHERE r.batch = $1 AND r.verdict = ''applied'' AND NOT (true%s)',
                 relation, registry, CASE this.target WHEN 'unit' THEN 'code' ELSE 'id::text' END, @registry@.import_bound(batch)) INTO resting USING batch;
  IF resting IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('import %s cannot be undone', batch),
      DETAIL = format('What lines %s became lies outside of its region %s now, or never was of this import.', left(resting, 200), this.region),
      HINT = 'Correct single rows by hand.';
  END IF;
  IF EXISTS (SELECT FROM @registry@.fact_table AS f WHERE f.name = this.target) THEN
    EXECUTE format('UPDATE %s AS t SET void_reason = $2 FROM %I.import_row AS r WHERE r.batch = $1 AND r.verdict = ''applied'' AND t.id = r.target_key::bigint AND t.voided_at IS NULL', relation, registry)
      USING batch, format('import %s undone: %s', batch, reason);
    -- What it had corrected holds again, as it was; not what an import brought
    -- that is undone itself, but what that one had corrected.  The import whose
    -- row it is may be undone later, and must then find it.
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns FROM pg_attribute AS a
      WHERE a.attrelid = relation::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
        AND a.attname <> ALL ('{recorded_at,recorded_by,voided_at,voided_by,void_reason}');
    EXECUTE format($sql$
      WITH RECURSIVE before AS (
        SELECT r.replaced AS id FROM %2$I.import_row AS r JOIN %1$s AS n ON n.id = r.target_key::bigint AND n.void_reason = $2
          WHERE r.batch = $1 AND r.verdict = 'applied' AND r.replaced IS NOT NULL
        UNION
        SELECT o.replaced FROM before AS b JOIN %2$I.import_row AS o ON o.target_key = b.id::text AND o.verdict = 'undone'
          JOIN %2$I.import_batch AS i ON i.id = o.batch AND i.target = $3
          WHERE o.replaced IS NOT NULL)
      SELECT array_agg(b.id) FROM before AS b
        WHERE NOT EXISTS (SELECT FROM %2$I.import_row AS o JOIN %2$I.import_batch AS i ON i.id = o.batch AND i.target = $3 WHERE o.target_key = b.id::text AND o.verdict = 'undone')
      $sql$, relation, registry) INTO corrected USING batch, format('import %s undone: %s', batch, reason), this.target;
    IF corrected IS NOT NULL THEN
      EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM %1$s AS t WHERE t.id = ANY ($1)', relation, columns) USING corrected;
      -- row security lets nobody write in the list of somebody else
      EXECUTE format($sql$
        UPDATE %2$I.import_row AS r SET target_key = n.id::text
          FROM %1$s AS t JOIN %1$s AS n ON n.source_key = t.source_key AND n.voided_at IS NULL, %2$I.import_batch AS b
          WHERE t.id = ANY ($1) AND r.target_key = t.id::text AND r.verdict = 'applied' AND b.id = r.batch AND b.target = $2
            AND (b.begun_by = CURRENT_USER OR NOT row_security_active($3))
        $sql$, relation, registry) USING corrected, this.target, format('%I.import_row', registry)::regclass::oid;
    END IF;
  ELSE
    BEGIN
      EXECUTE format('DELETE FROM %s AS t USING %I.import_row AS r WHERE r.batch = $1 AND r.verdict = ''applied'' AND t.%s = r.target_key',
                     relation, registry, CASE this.target WHEN 'unit' THEN 'code' ELSE 'id::text' END) USING batch;
    EXCEPTION WHEN integrity_constraint_violation THEN
      GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('import %s cannot be undone', batch),
        DETAIL = @registry@.import_mask(concat_ws(' ', message, detail)),
        HINT = 'Other rows rest on what it brought.';
    END;
  END IF;
  UPDATE @registry@.import_row AS r SET verdict = 'undone' WHERE r.batch = import_undo.batch AND r.verdict = 'applied';
  GET DIAGNOSTICS changed = ROW_COUNT;
  UPDATE @registry@.import_batch AS b SET state = 'undone', undone_at = now(), undone_by = CURRENT_USER, undo_reason = btrim(reason) WHERE b.id = import_undo.batch;
  PERFORM @registry@.import_analyze(this.target, changed);
  RETURN changed;
END
$body$;
COMMENT ON FUNCTION @registry@.import_undo(bigint, text) IS 'Take back all that a batch brought: facts are voided with the reason, and what they had corrected is entered again; units and persons are removed. Refused as a whole where later rows rest on one of them. Gives how many rows.';

CREATE FUNCTION @registry@.import_cancel(batch bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  PERFORM @registry@.import_lock(batch, '{loading,checking,checked}');
  IF EXISTS (SELECT FROM @registry@.import_row AS r WHERE r.batch = import_cancel.batch AND r.verdict = 'applied') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('import %s cannot be cancelled', batch),
      DETAIL = 'Rows of it were applied.',
      HINT = 'Undo it: import_undo().';
  END IF;
  DELETE FROM @registry@.import_line AS l WHERE l.batch = import_cancel.batch;
  UPDATE @registry@.import_row AS r SET cells = NULL, taken = NULL, key = NULL, said = NULL WHERE r.batch = import_cancel.batch;
  UPDATE @registry@.import_batch AS b SET state = 'cancelled', expired_at = now() WHERE b.id = import_cancel.batch;
END
$body$;
COMMENT ON FUNCTION @registry@.import_cancel(bigint) IS 'Give up a batch of which nothing was applied: its lines are removed.';

CREATE FUNCTION @registry@.expire_imports(as_of date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  day date := coalesce(as_of, (now() AT TIME ZONE 'Asia/Shanghai')::date);
  over bigint[] := ARRAY(SELECT b.id FROM @registry@.import_batch AS b WHERE b.expires_on < day AND b.expired_at IS NULL ORDER BY b.id FOR UPDATE);
BEGIN
  DELETE FROM @registry@.import_line AS l WHERE l.batch = ANY (over);
  -- the key of a fact stands with the fact; that of a document is one of a person
  UPDATE @registry@.import_row AS r SET cells = NULL, taken = NULL, said = NULL, key = CASE WHEN b.target <> 'person' THEN r.key END
    FROM @registry@.import_batch AS b WHERE b.id = ANY (over) AND r.batch = b.id;
  UPDATE @registry@.import_batch AS b SET expired_at = now() WHERE b.id = ANY (over);
  RETURN cardinality(over);
END
$body$;
COMMENT ON FUNCTION @registry@.expire_imports(date) IS 'Remove what is staged of batches whose last day (expires_on) lies before this one (null: today, in China); verdicts, counts and what was applied stay. Gives how many batches. To be called daily.';
