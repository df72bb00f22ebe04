-- How a file is announced and loaded.

CREATE FUNCTION @registry@.import_open_batch() RETURNS bigint
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  open bigint[] := ARRAY(SELECT b.id FROM @registry@.import_batch AS b WHERE b.begun_by = CURRENT_USER AND b.state = 'loading' ORDER BY b.id LIMIT 4);
BEGIN
  IF cardinality(open) = 1 THEN
    RETURN open[1];
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'object_not_in_prerequisite_state',
    MESSAGE = CASE WHEN open = '{}' THEN format('account %I is loading no file', CURRENT_USER) ELSE format('account %I is loading several files', CURRENT_USER) END,
    DETAIL = CASE WHEN open = '{}' THEN 'A line belongs to a batch, and none is open.' ELSE format('Batches %s are open.', array_to_string(open, ', ')) END,
    HINT = CASE WHEN open = '{}' THEN 'Begin one with import_begin().' ELSE 'Check or cancel (import_cancel) the others first, or fill in the column batch.' END;
END
$body$;
COMMENT ON FUNCTION @registry@.import_open_batch() IS 'The batch that the current account is loading; an error where there is none, or more than one.';
ALTER TABLE @registry@.import_line ALTER COLUMN batch SET DEFAULT @registry@.import_open_batch();

CREATE FUNCTION @registry@.import_guard_lines() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  closed record;
BEGIN
  SELECT l.batch, b.state INTO closed FROM (SELECT DISTINCT w.batch FROM written AS w) AS l
    LEFT JOIN @registry@.import_batch AS b ON b.id = l.batch
    WHERE b.state IS DISTINCT FROM 'loading' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('batch %s takes no lines', closed.batch),
      DETAIL = CASE WHEN closed.state IS NULL THEN 'There is no such batch, or you may not see it.' ELSE format('Its state is %s.', closed.state) END,
      HINT = 'Begin another one with import_begin().';
  END IF;
  RETURN NULL;
END
$body$;
COMMENT ON FUNCTION @registry@.import_guard_lines() IS 'Trigger: lines are added to a batch only while it is loading.';
CREATE TRIGGER import_line_1_open AFTER INSERT ON @registry@.import_line REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION @registry@.import_guard_lines();

-- COPY goes into no table under row security, but into a view that inserts.
CREATE VIEW @registry@.import_stage WITH (security_invoker = true) AS
  SELECT l.words, l.c1, l.c2, l.c3, l.c4, l.c5, l.c6, l.c7, l.c8, l.c9, l.c10, l.c11, l.c12, l.c13, l.c14, l.c15, l.c16, l.c17, l.c18, l.c19, l.c20, l.c21, l.c22,
    l.c23, l.c24, l.c25, l.c26, l.c27, l.c28, l.c29, l.c30, l.c31, l.c32, l.c33, l.c34, l.c35, l.c36, l.c37, l.c38, l.c39, l.c40, l.batch
  FROM @registry@.import_line AS l;
COMMENT ON VIEW @registry@.import_stage IS 'Where to copy a file to: whole lines into words, or cells into c1 to c40. They go into import_line.';
COMMENT ON COLUMN @registry@.import_stage.batch IS 'The batch; left out, the one that this account is loading.';
COMMENT ON COLUMN @registry@.import_stage.words IS 'A line of the file as it is; null: cells are given.';
SELECT @registry@.comment_columns('{import_stage}', array_agg('c' || n), array_agg('Column ' || n || ' of the file, as text.')) FROM generate_series(1, 40) AS n;

CREATE FUNCTION @registry@.import_stage_line() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF NEW.words IS NOT NULL THEN
    INSERT INTO @registry@.import_line (batch, words) VALUES (coalesce(NEW.batch, @registry@.import_open_batch()), NEW.words);
  ELSE
    INSERT INTO @registry@.import_line (batch, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31, c32,
    c33, c34, c35, c36, c37, c38, c39, c40)
    VALUES (coalesce(NEW.batch, @registry@.import_open_batch()), NEW.c1, NEW.c2, NEW.c3, NEW.c4, NEW.c5, NEW.c6, NEW.c7, NEW.c8, NEW.c9, NEW.c10, NEW.c11, NEW.c12, NEW.c13, NEW.c14, NEW.c15, NEW.c16, NEW.c17,
    NEW.c18, NEW.c19, NEW.c20, NEW.c21, NEW.c22, NEW.c23, NEW.c24, NEW.c25, NEW.c26, NEW.c27, NEW.c28, NEW.c29, NEW.c30, NEW.c31, NEW.c32, NEW.c33,
    NEW.c34, NEW.c35, NEW.c36, NEW.c37, NEW.c38, NEW.c39, NEW.c40);
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.import_stage_line() IS 'Trigger: a line or cells of a file, into import_line.';
CREATE TRIGGER import_stage_1_line INSTEAD OF INSERT ON @registry@.import_stage FOR EACH ROW EXECUTE FUNCTION @registry@.import_stage_line();

-- A batch of the caller, locked: two sessions never work on one at once.
CREATE FUNCTION @registry@.import_lock(batch bigint, states text[], INOUT this @registry@.import_batch DEFAULT NULL) RETURNS @registry@.import_batch
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  SELECT * INTO this FROM @registry@.import_batch AS b WHERE b.id = import_lock.batch FOR UPDATE;
  IF this.id IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no import %s', coalesce(batch::text, 'NULL')),
      DETAIL = 'Either it does not exist, or it lies outside of your scope.',
      HINT = 'The table import_batch lists them.';
  ELSIF this.begun_by <> CURRENT_USER AND NOT (SELECT pg_has_role(CURRENT_USER, c.relowner, 'USAGE') FROM pg_class AS c WHERE c.oid = format('%I.import_batch', @registry_literal@)::regclass) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('import %s is not yours', batch),
      DETAIL = format('Account %I began it.', this.begun_by),
      HINT = 'That account goes on with it, or the owner of the registry.';
  ELSIF this.state <> ALL (states) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('import %s is %s', batch, this.state),
      DETAIL = format('This needs one that is %s.', array_to_string(states, ' or ')),
      HINT = CASE this.state WHEN 'loading' THEN 'Judge its lines first: import_check().'
                              WHEN 'checking' THEN 'Judge its lines first: import_check().'
                              ELSE 'Begin another one with import_begin().' END;
  ELSIF this.expired_at IS NOT NULL AND NOT 'undone' = ANY (states) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('the lines of import %s have expired', batch),
      DETAIL = format('They were removed at %s; the batch kept them until %s.', this.expired_at, this.expires_on),
      HINT = 'Load the file again: what was applied is known by its key.';
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.import_lock(bigint, text[], @registry@.import_batch) IS 'A batch, locked for the transaction; an error where it is in none of these states, or has expired.';

CREATE FUNCTION @registry@.import_begin(target text, mapping jsonb, source text, region antifraud.region, file_name text DEFAULT NULL,
  purpose text DEFAULT NULL, basis text DEFAULT NULL, keep_days integer DEFAULT 30, skip_lines integer DEFAULT 0) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  relation regclass;
  about @registry@.import_target;
  entry record;
  facts boolean;
  fault text;
  hint text := 'A mapping is an object such as {"case_no": "案件编号", "filed_on": 4, "loss": {"column": "损失（万元）", "times": 10000}, "category": {"constant": "loan"}}.';
  fresh bigint;
BEGIN
  SELECT * INTO about FROM @registry@.import_target AS t WHERE t.name = import_begin.target;
  IF about.name IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_table',
      MESSAGE = format('%s is no table that files are imported into', coalesce(quote_literal(target), 'NULL')),
      HINT = format('Those are %s; see import_target.', (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM @registry@.import_target AS t));
  END IF;
  relation := format('%I.%I', registry, about.name)::regclass;
  facts := EXISTS (SELECT FROM @registry@.fact_table AS f WHERE f.name = about.name);
  IF NOT facts AND about.name <> ALL ('{person,unit}')
     OR facts AND NOT EXISTS (SELECT FROM pg_attribute AS a JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisunique AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum
                              WHERE a.attrelid = relation AND a.attname = 'source_key' AND a.atttypid = 'text'::regtype AND NOT a.attisdropped) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'wrong_object_type',
      MESSAGE = format('table %s cannot take a file', about.name),
      DETAIL = 'Only tables of facts with a unique source_key can, and person and unit: they know a row that comes again.',
      HINT = 'Add the column source_key (text) with a unique index, and call guard_facts().';
  END IF;
  fault := CASE
    WHEN jsonb_typeof(mapping) IS DISTINCT FROM 'object' THEN format('It is %s.', coalesce(jsonb_typeof(mapping), 'NULL'))
    WHEN mapping = '{}' THEN 'It names no column.'
    WHEN coalesce(btrim(source), '') = '' THEN 'The source is not named.'
    WHEN region IS NULL THEN 'The region is not named.'
    WHEN keep_days IS NULL OR keep_days < 0 OR keep_days > 366 THEN format('Lines are kept from 0 to 366 days, not %s.', coalesce(keep_days::text, 'NULL'))
    WHEN skip_lines IS NULL OR skip_lines < 0 THEN format('%s lines cannot be skipped.', coalesce(skip_lines::text, 'NULL'))
    WHEN about.name = 'person' AND (coalesce(btrim(purpose), '') = '' OR coalesce(btrim(basis), '') = '')
      THEN 'A file of persons needs a purpose and a basis (Personal Information Protection Law, art. 6 and 13).' END;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value', MESSAGE = format('an import into %s cannot begin so', about.name), DETAIL = fault, HINT = hint;
  END IF;
  INSERT INTO @registry@.import_batch (target, source, region, file_name, mapping, skip_lines, purpose, basis, expires_on)
    VALUES (about.name, btrim(source), import_begin.region, nullif(btrim(import_begin.file_name), ''), import_begin.mapping, import_begin.skip_lines,
            nullif(btrim(import_begin.purpose), ''), nullif(btrim(import_begin.basis), ''), (now() AT TIME ZONE 'Asia/Shanghai')::date + keep_days)
    RETURNING id INTO fresh;

  FOR entry IN
    SELECT m.key AS name, m.value AS said, a.attnum, t.typname, t.typnamespace = 'pg_catalog'::regnamespace AS plain,
           row_number() OVER (ORDER BY a.attnum, m.key) AS place,
           CASE WHEN jsonb_typeof(m.value) = 'object' THEN m.value ELSE jsonb_build_object('column', m.value) END AS spec,
           l.relname AS list
    FROM jsonb_each(mapping) AS m
    LEFT JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = m.key AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
      AND m.key <> ALL (about.left_out) AND m.key <> ALL ('{recorded_at,recorded_by,voided_at,voided_by,void_reason}')
    LEFT JOIN pg_type AS t ON t.oid = a.atttypid
    -- the list whose codes the column holds, or the table unit
    LEFT JOIN LATERAL (
      SELECT c.relname FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.confrelid
      WHERE k.conrelid = relation AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] AND c.relnamespace = registry::regnamespace
        AND (c.relname = 'unit' OR (SELECT count(*) FROM pg_attribute AS x WHERE x.attrelid = c.oid AND NOT x.attisdropped AND x.attname = ANY ('{code,label_zh,label_en}')) = 3)
      ORDER BY k.conname LIMIT 1) AS l ON true
    ORDER BY place
  LOOP
    fault := CASE
      WHEN entry.attnum IS NULL THEN format('Table %s has no column %I that a file fills. Those are: %s.', about.name, entry.name,
        (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a
          WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
            AND a.attname <> ALL (about.left_out) AND a.attname <> ALL ('{recorded_at,recorded_by,voided_at,voided_by,void_reason}')))
      WHEN NOT has_column_privilege(relation, entry.attnum, 'INSERT') THEN format('You may not write column %I of table %s.', entry.name, about.name)
      WHEN EXISTS (SELECT FROM jsonb_object_keys(entry.spec) AS k WHERE k <> ALL ('{column,constant,default,times,codes}'))
        THEN format('For %I it says %L.', entry.name, (SELECT min(k) FROM jsonb_object_keys(entry.spec) AS k WHERE k <> ALL ('{column,constant,default,times,codes}')))
      WHEN (entry.spec ? 'column') = (entry.spec ? 'constant') THEN format('For %I it must name a column or a constant, one of them.', entry.name)
      WHEN entry.spec ? 'constant' AND entry.spec ?| '{default,times,codes}' THEN format('For %I it names a constant and more.', entry.name)
      WHEN entry.spec ? 'column' AND NOT (jsonb_typeof(entry.spec -> 'column') = 'string' AND btrim(entry.spec ->> 'column') <> ''
           OR jsonb_typeof(entry.spec -> 'column') = 'number' AND (entry.spec ->> 'column') ~ '^[0-9]{1,4}$' AND (entry.spec ->> 'column')::integer BETWEEN 1 AND 1600)
        THEN format('For %I the column of the file is %s: neither a name nor a number from 1 to 1600.', entry.name, left(entry.spec ->> 'column', 100))
      WHEN entry.spec ? 'codes' AND (jsonb_typeof(entry.spec -> 'codes') <> 'object' OR EXISTS (SELECT FROM jsonb_each(entry.spec -> 'codes') AS k WHERE jsonb_typeof(k.value) <> 'string'))
        THEN format('For %I the codes are no object of words.', entry.name)
      WHEN entry.spec ? 'times' AND (jsonb_typeof(entry.spec -> 'times') <> 'number' OR (entry.spec ->> 'times')::numeric NOT BETWEEN 0.000001 AND 1000000000
           OR entry.typname <> ALL ('{numeric,int4,int8}'))
        THEN format('%I cannot be multiplied by %s.', entry.name, entry.spec ->> 'times')
      WHEN jsonb_typeof(entry.spec -> 'constant') <> ALL ('{string,number,boolean}') OR jsonb_typeof(entry.spec -> 'default') <> ALL ('{string,number,boolean}')
        THEN format('For %I the constant or default is no single value.', entry.name)
      WHEN about.name = 'person' AND NOT has_column_privilege(relation, 'citizen_id', 'SELECT')
        THEN 'You may not read identity documents, by which persons are known.'
      WHEN entry.plain AND entry.typname <> ALL ('{date,numeric,int4,int8,bool,time,text}') OR NOT entry.plain AND entry.typname <> ALL ('{region,citizen_id}')
        THEN format('Column %I is of type %s, which no file fills.', entry.name, entry.typname) END;
    IF fault IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = CASE WHEN entry.attnum IS NULL THEN 'undefined_column' WHEN fault LIKE 'You may not %' THEN 'insufficient_privilege' ELSE 'invalid_parameter_value' END,
        MESSAGE = format('the mapping of an import into %s cannot be used', about.name), DETAIL = fault, HINT = hint;
    END IF;
    INSERT INTO @registry@.import_field (batch, place, name, kind, list, header, cell, constant, fallback, times, codes)
      VALUES (fresh, entry.place, entry.name,
              CASE WHEN entry.name = 'source_key' OR about.name = 'unit' AND entry.name = 'code' THEN 'key'
                   WHEN entry.list = 'unit' AND about.name = 'unit' THEN 'parent'
                   WHEN entry.list = 'unit' THEN 'unit'
                   WHEN entry.list IS NOT NULL THEN 'code'
                   ELSE CASE entry.typname WHEN 'numeric' THEN 'number' WHEN 'int4' THEN 'integer' WHEN 'int8' THEN 'bigint' WHEN 'bool' THEN 'yes_no' ELSE entry.typname END END,
              CASE WHEN entry.list <> 'unit' THEN entry.list END,
              CASE WHEN jsonb_typeof(entry.spec -> 'column') = 'string' THEN entry.spec ->> 'column' END,
              CASE WHEN jsonb_typeof(entry.spec -> 'column') = 'number' THEN (entry.spec ->> 'column')::integer END,
              entry.spec ->> 'constant', entry.spec ->> 'default', (entry.spec ->> 'times')::numeric, entry.spec -> 'codes');
  END LOOP;

  -- what every row must have and no file would give it
  fault := (
    SELECT string_agg(CASE WHEN facts AND a.attname = 'unit' THEN 'unit (or region)' ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attnum) FROM pg_attribute AS a
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attname <> ALL (about.left_out)
      AND NOT mapping ? a.attname::text
      -- one of the two says the other
      AND NOT (a.attname = 'region' AND (facts OR mapping ? 'unit' OR about.name = 'unit')) AND NOT (a.attname = 'unit' AND mapping ? 'region'));
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'not_null_violation',
      MESSAGE = format('the mapping of an import into %s cannot be used', about.name),
      DETAIL = format('It lacks %s.', fault),
      HINT = hint;
  END IF;
  RETURN fresh;
END
$body$;
COMMENT ON FUNCTION @registry@.import_begin(text, jsonb, text, antifraud.region, text, text, text, integer, integer) IS 'Announce a file: the table it is for, which column comes from which column of the file (by its name in the header, or its number), the office or system it comes from, the region it is about; for persons also purpose and basis. Gives the number of the batch; load the file next.';

CREATE FUNCTION @registry@.import_decode(content bytea, encoding text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  RETURN convert_from(content, encoding);
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
  RETURN NULL;
END
$body$;
COMMENT ON FUNCTION @registry@.import_decode(bytea, text) IS 'Text of bytes in an encoding; null where they are none.';

CREATE FUNCTION @registry@.import_file(batch bigint, content bytea, encoding text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  this @registry@.import_batch := @registry@.import_lock(batch, '{loading}');
  fault text;
  words text;
  lines bigint;
BEGIN
  fault := CASE
    WHEN content IS NULL OR content = '' THEN 'It is empty.'
    WHEN this.sha256 IS NOT NULL THEN format('Import %s has its file.', batch)
    WHEN substr(content, 1, 4) = E'\\x504b0304' THEN 'It is a workbook (xlsx) or another archive.'
    WHEN substr(content, 1, 4) = E'\\xd0cf11e0' THEN 'It is a workbook (xls).'
    WHEN substr(content, 1, 2) IN (E'\\xfffe', E'\\xfeff') OR position(E'\\x00'::bytea IN content) > 0 THEN 'It is text in UTF-16, or no text.'
    WHEN pg_char_to_encoding(encoding) = -1 THEN format('There is no encoding %L.', encoding) END;
  IF fault IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('the file of import %s cannot be read', batch),
      DETAIL = fault,
      HINT = 'Save the sheet as CSV (comma or tab separated, UTF-8 or GBK), and begin a batch for each file.';
  END IF;
  IF substr(content, 1, 3) = E'\\xefbbbf' THEN
    encoding := coalesce(encoding, 'UTF8');
  END IF;
  words := @registry@.import_decode(content, coalesce(encoding, 'UTF8'));
  IF words IS NULL AND encoding IS NULL THEN
    encoding := 'GB18030';  -- of which GBK and GB2312 are parts
    words := @registry@.import_decode(content, encoding);
  END IF;
  IF words IS NOT NULL THEN
    INSERT INTO @registry@.import_line (batch, words)
      SELECT import_file.batch, l.words FROM string_to_table(replace(replace(words, E'\r\n', E'\n'), E'\r', E'\n'), E'\n') WITH ORDINALITY AS l (words, place) ORDER BY l.place;
  ELSE
    -- line by line, so that one with foreign bytes does not take the others
    -- with it; in these encodings no byte of a character is a line break
    INSERT INTO @registry@.import_line (batch, words)
      SELECT import_file.batch, coalesce(@registry@.import_decode(convert_to(l.raw, 'LATIN1'), coalesce(encoding, 'UTF8')), regexp_replace(l.raw, E'[\\x80-\\xff]+', E'\ufffd', 'g'))
      FROM string_to_table(replace(replace(convert_from(content, 'LATIN1'), E'\r\n', E'\n'), E'\r', E'\n'), E'\n') WITH ORDINALITY AS l (raw, place) ORDER BY l.place;
  END IF;
  GET DIAGNOSTICS lines = ROW_COUNT;
  -- what stands after the last line break is a line only if it holds something
  DELETE FROM @registry@.import_line AS l
    WHERE l.no = (SELECT max(m.no) FROM @registry@.import_line AS m WHERE m.batch = import_file.batch) AND l.words = '';
  IF FOUND THEN
    lines := lines - 1;
  END IF;
  UPDATE @registry@.import_batch AS b SET sha256 = pg_catalog.sha256(content) WHERE b.id = import_file.batch;
  RETURN lines;
END
$body$;
COMMENT ON FUNCTION @registry@.import_file(bigint, bytea, text) IS 'Load a whole file as bytes, in an encoding (null: UTF-8 where it is that, otherwise GB18030, which holds GBK): bytes that are no characters spoil only their line. Gives how many lines it has, counting each line break, also those within quotes: import_counts() counts rows.';
