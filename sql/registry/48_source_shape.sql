-- What a source is: the table, view or foreign table and what it reads, in
-- lines that can be compared. Whoever owns it may change it after it was
-- added; then facts mean something else, and its functions run with the rights
-- of every reader.

CREATE TABLE @registry@.source_shape (
  source bigint NOT NULL CONSTRAINT source_shape_source_fk REFERENCES @registry@.source,
  no integer NOT NULL CONSTRAINT source_shape_no_positive CHECK (no > 0),
  digest text NOT NULL CONSTRAINT source_shape_digest_form CHECK (digest ~ '^[0-9a-f]{64}$'),
  server_version integer NOT NULL,
  shape jsonb NOT NULL CONSTRAINT source_shape_array CHECK (jsonb_typeof(shape) = 'array'),
  accepted_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  accepted_by text NOT NULL DEFAULT CURRENT_USER,
  reason text CONSTRAINT source_shape_reason_not_blank CHECK (btrim(reason) <> ''),
  CONSTRAINT source_shape_pk PRIMARY KEY (source, no),
  CONSTRAINT source_shape_change_has_reason CHECK (no = 1 OR reason IS NOT NULL)
);
COMMENT ON TABLE @registry@.source_shape IS 'What each source was when it was added (no 1), and each change of it that was accepted since: the last one holds. See lint_sources() and accept_source_change().';
COMMENT ON COLUMN @registry@.source_shape.source IS 'The source.';
COMMENT ON COLUMN @registry@.source_shape.no IS '1 when it was added, then counted on.';
COMMENT ON COLUMN @registry@.source_shape.digest IS 'SHA-256 of what it was, as source_digest() gives it.';
COMMENT ON COLUMN @registry@.source_shape.server_version IS 'Major version of the server then: each writes definitions in its own way.';
COMMENT ON COLUMN @registry@.source_shape.shape IS 'What it was: objects with object, part, value as shape_of_relation() gives them, and again, the definition as it is written after a dump and restore, where that differs.';
COMMENT ON COLUMN @registry@.source_shape.accepted_at IS 'When it was added, or the change accepted.';
COMMENT ON COLUMN @registry@.source_shape.accepted_by IS 'Who did.';
COMMENT ON COLUMN @registry@.source_shape.reason IS 'Why the change was accepted; null: it is as it was added.';

-- Of a list of words of type varchar the server moves the cast to text into
-- the list when it reads what it wrote itself.
CREATE FUNCTION @registry@.restored_words(definition text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN regexp_replace(regexp_replace(definition, '\((''(?:[^'']|'''')*'')::character varying\)::text|(''(?:[^'']|'''')*'')::character varying', '\1\2', 'g'),
         '\(ARRAY\[([^]]*)\]\)::text\[\]', 'ARRAY[\1]', 'g');
COMMENT ON FUNCTION @registry@.restored_words(text) IS 'A definition with lists of varchar words in one form, whether it was restored from a dump or not.';

-- The settings are those by which the server writes names and constants. No
-- oids, no places of columns and no order of options, which a dump and restore
-- change; nothing of the system, of extensions or of the registry, which come
-- with their versions.
CREATE FUNCTION @registry@.shape_of_relation(relation regclass) RETURNS TABLE (object text, part text, value text)
STABLE ROWS 20
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
SET standard_conforming_strings = on
SET DateStyle = 'ISO, YMD'
SET IntervalStyle = postgres
SET TimeZone = 'UTC'
SET extra_float_digits = 1
SET bytea_output = hex
SET lc_monetary = 'C'
SET xmlbinary = base64
BEGIN ATOMIC
  WITH RECURSIVE reached (class, id) AS (
    SELECT 'pg_class'::regclass::oid AS class, $1::oid AS id
    UNION
    SELECT d.refclassid, d.refobjid
    FROM reached AS r
    CROSS JOIN LATERAL (
      SELECT r.class AS class, r.id AS id WHERE r.class = ANY ('{pg_proc,pg_operator}'::regclass[]::oid[])
      UNION ALL
      SELECT 'pg_rewrite'::regclass::oid AS class, w.oid AS id FROM pg_rewrite AS w WHERE r.class = 'pg_class'::regclass AND w.ev_class = r.id AND w.ev_type = '1'
      UNION ALL
      SELECT 'pg_policy'::regclass::oid AS class, p.oid AS id FROM pg_policy AS p WHERE r.class = 'pg_class'::regclass AND p.polrelid = r.id AND p.polcmd = ANY ('{r,*}'::"char"[])
    ) AS o
    JOIN pg_depend AS d ON d.classid = o.class AND d.objid = o.id AND d.refclassid = ANY ('{pg_class,pg_proc,pg_operator}'::regclass[]::oid[])
    -- (what initdb makes has a lower oid: the information schema, too)
    WHERE d.refobjid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e')
      AND @registry_literal@ <> coalesce(
            (SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid),
            (SELECT n.nspname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid), '')
  ), rel AS MATERIALIZED (
    SELECT c.*, CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || c.oid::regclass::text AS label
    FROM reached AS r JOIN pg_class AS c ON c.oid = r.id WHERE r.class = 'pg_class'::regclass
  )
  SELECT c.label COLLATE pg_catalog."default" AS object, p.part COLLATE pg_catalog."default" AS part, p.value COLLATE pg_catalog."default" AS value
  FROM rel AS c
  CROSS JOIN LATERAL (
    SELECT 'owner' AS part, pg_get_userbyid(c.relowner)::text AS value
    UNION ALL
    SELECT 'security' AS part, concat_ws(', ', (SELECT string_agg(o.words, ', ' ORDER BY o.words COLLATE "C") FROM unnest(c.reloptions) AS o (words) WHERE o.words ~ '^security_'),
             CASE WHEN c.relrowsecurity THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END) AS value
    UNION ALL
    SELECT 'definition' AS part, pg_get_viewdef(c.oid, false) AS value WHERE c.relkind = ANY ('{v,m}'::"char"[])
    UNION ALL
    SELECT 'column ' || a.attname AS part,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), (SELECT 'COLLATE ' || a.attcollation::regcollation::text FROM pg_type AS t WHERE t.oid = a.atttypid AND t.typcollation <> a.attcollation), (SELECT string_agg(o.words, ', ' ORDER BY o.words COLLATE "C") FROM unnest(a.attfdwoptions) AS o (words))) AS value
    FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    -- whose rows are read with its own (partitions come every month, and by
    -- whoever owns the whole)
    SELECT 'child ' || i.inhrelid::regclass::text AS part, 'of ' || pg_get_userbyid(k.relowner) AS value FROM pg_inherits AS i JOIN pg_class AS k ON k.oid = i.inhrelid WHERE i.inhparent = c.oid AND NOT k.relispartition
    UNION ALL
    SELECT 'server' AS part, concat_ws(' ', s.srvname, w.fdwname, s.srvtype, s.srvversion, 'of ' || pg_get_userbyid(s.srvowner), (SELECT string_agg(o.words, ', ' ORDER BY o.words COLLATE "C") FROM unnest(s.srvoptions) AS o (words))) AS value
    FROM pg_foreign_table AS t JOIN pg_foreign_server AS s ON s.oid = t.ftserver JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw WHERE t.ftrelid = c.oid
    UNION ALL
    SELECT 'options' AS part, coalesce((SELECT string_agg(o.words, ', ' ORDER BY o.words COLLATE "C") FROM unnest(t.ftoptions) AS o (words)), '') AS value FROM pg_foreign_table AS t WHERE t.ftrelid = c.oid
    UNION ALL
    SELECT 'policy ' || y.polname AS part,
           concat_ws(' ', CASE WHEN y.polpermissive THEN 'permissive' ELSE 'restrictive' END, y.polcmd,
             (SELECT string_agg(CASE WHEN r.role = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.role)) END, ', ' ORDER BY r.role = 0, pg_get_userbyid(r.role)::text COLLATE "C") FROM unnest(y.polroles) AS r (role)),
             @registry@.restored_words(pg_get_expr(y.polqual, y.polrelid, false))) AS value
    FROM pg_policy AS y WHERE y.polrelid = c.oid AND y.polcmd = ANY ('{r,*}'::"char"[])
  ) AS p
  UNION ALL
  SELECT 'function ' || f.oid::regprocedure::text AS object, p.part COLLATE pg_catalog."default" AS part, p.value COLLATE pg_catalog."default" AS value
  FROM reached AS r JOIN pg_proc AS f ON f.oid = r.id AND r.class = 'pg_proc'::regclass
  CROSS JOIN LATERAL (
    SELECT 'owner' AS part, pg_get_userbyid(f.proowner)::text AS value
    UNION ALL
    SELECT 'security' AS part, concat_ws(', ', CASE WHEN f.prosecdef THEN 'security definer' END, CASE WHEN f.proisstrict THEN 'strict' END, f.proconfig::text) AS value
    UNION ALL
    SELECT 'body' AS part, concat_ws(E'\n', (SELECT l.lanname FROM pg_language AS l WHERE l.oid = f.prolang), f.probin, f.prosrc) AS value WHERE f.prosqlbody IS NULL
    UNION ALL
    SELECT 'definition' AS part, @registry@.restored_words(pg_get_functiondef(f.oid)) AS value WHERE f.prosqlbody IS NOT NULL
  ) AS p;
END;
COMMENT ON FUNCTION @registry@.shape_of_relation(regclass) IS 'What a table, view or foreign table is, with everything that it reads: owners, columns and their types, definitions of views and functions, security options and policies, servers and their options; the same in every session and after a dump and restore. Not the functions, views and tables of the system, of extensions and of the registry.';

CREATE FUNCTION @registry@.source_digest(relation regclass) RETURNS text
STABLE
LANGUAGE sql
BEGIN ATOMIC
  SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws(chr(31), s.object, s.part, s.value), chr(30) ORDER BY s.object COLLATE "C", s.part COLLATE "C"), ''), 'UTF8')), 'hex')
  FROM @registry@.shape_of_relation($1) AS s;
END;
COMMENT ON FUNCTION @registry@.source_digest(regclass) IS 'SHA-256 of what shape_of_relation() gives, as hexadecimal digits.';

-- A view that was dumped and restored may be written otherwise than before:
-- so it is made once more under another name, and read again.
CREATE FUNCTION @registry@.keep_source_shape(source bigint, relation regclass, reason text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $body$
DECLARE
  probe CONSTANT text := format('%I.source_shape_probe', @registry_literal@);
  lines jsonb := '[]';
  line record;
  again text;
BEGIN
  FOR line IN SELECT s.object, s.part, s.value FROM @registry@.shape_of_relation(keep_source_shape.relation) AS s ORDER BY s.object COLLATE "C", s.part COLLATE "C" LOOP
    again := NULL;
    IF line.part = 'definition' AND line.object !~ '^function ' THEN
      BEGIN
        EXECUTE concat('CREATE VIEW ', probe, ' AS ', line.value);
        again := (SELECT nullif(s.value, line.value) FROM @registry@.shape_of_relation(probe::regclass) AS s WHERE s.object = 'view ' || probe AND s.part = 'definition');
        EXECUTE concat('DROP VIEW ', probe);
      EXCEPTION WHEN insufficient_privilege OR syntax_error_or_access_rule_violation THEN
        -- what the owner of the registry may not name: as it is written now
        again := NULL;
      END;
    END IF;
    lines := lines || jsonb_strip_nulls(jsonb_build_object('object', line.object, 'part', line.part, 'value', line.value, 'again', again));
  END LOOP;
  INSERT INTO @registry@.source_shape (source, no, digest, server_version, shape, reason)
    VALUES (keep_source_shape.source, 1 + coalesce((SELECT max(k.no) FROM @registry@.source_shape AS k WHERE k.source = keep_source_shape.source), 0),
            @registry@.source_digest(keep_source_shape.relation), current_setting('server_version_num')::integer / 10000, lines, keep_source_shape.reason);
END
$body$;
COMMENT ON FUNCTION @registry@.keep_source_shape(bigint, regclass, text) IS 'Keep what the relation of a source is now, as accepted, in source_shape. For add_source() and accept_source_change().';

CREATE FUNCTION @registry@.lint_sources()
RETURNS TABLE (source bigint, measure text, relation text, problem text, problem_zh text, problem_en text, object text, part text, kept text, now text, digest text)
STABLE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.id AS source, s.measure, s.relation_name AS relation, w.problem,
         CASE w.problem WHEN 'changed' THEN '来源的定义在添加（或上次确认）之后被改动' WHEN 'added' THEN '添加（或上次确认）之后新增' WHEN 'gone' THEN '添加（或上次确认）时存在，现已不存在'
                        WHEN 'other_server' THEN '在另一大版本的服务器上确认，定义的写法不同，无法比对' ELSE '没有留存添加时的定义，无法比对' END AS problem_zh,
         CASE w.problem WHEN 'changed' THEN 'it is not as it was when the source was added, or last accepted' WHEN 'added' THEN 'it was not there when the source was added, or last accepted' WHEN 'gone' THEN 'it was there when the source was added, or last accepted'
                        WHEN 'other_server' THEN 'it was accepted under another major version of the server, which writes definitions in another way: nobody can tell' ELSE 'nothing is kept of what it was when it was added: nobody can tell' END AS problem_en,
         w.object, w.part, w.kept, w.now, @registry@.source_digest(s.relation) AS digest
  FROM @registry@.source AS s
  LEFT JOIN LATERAL (SELECT k.* FROM @registry@.source_shape AS k WHERE k.source = s.id ORDER BY k.no DESC LIMIT 1) AS k ON true
  CROSS JOIN LATERAL (
    SELECT CASE WHEN o.value IS NULL THEN 'added' WHEN n.value IS NULL THEN 'gone'
                WHEN (o.part = 'definition' OR o.part ~ '^policy ') AND k.server_version <> current_setting('server_version_num')::integer / 10000 THEN 'other_server'
                ELSE 'changed' END AS problem,
           coalesce(o.object, n.object) AS object, coalesce(o.part, n.part) AS part, o.value AS kept, n.value AS now
    FROM jsonb_to_recordset(k.shape) AS o (object text, part text, value text, again text)
    FULL JOIN @registry@.shape_of_relation(s.relation) AS n ON n.object = o.object AND n.part = o.part
    WHERE k.source IS NOT NULL AND (n.value IN (o.value, o.again)) IS NOT TRUE
    UNION ALL
    SELECT 'not_kept' AS problem, NULL::text AS object, NULL::text AS part, NULL::text AS kept, NULL::text AS now WHERE k.source IS NULL
  ) AS w
  WHERE s.removed_at IS NULL
  ORDER BY s.id, w.object COLLATE "C", w.part COLLATE "C";
END;
COMMENT ON FUNCTION @registry@.lint_sources() IS 'Sources that are no longer what they were when they were added, or when a change was last accepted: a row for each line of shape_of_relation() that differs, with what was kept and what is there now, and the digest by which accept_source_change() accepts it. For the owner of the registry.';

CREATE FUNCTION @registry@.accept_source_change(measure text, relation regclass, digest text, reason text) RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  about record;
  stands text;
BEGIN
  PERFORM @registry@.check_owner('accepts changes of sources', 'what a source gives counts in everybody''s scores', NULL);
  LOCK TABLE @registry@.source IN SHARE ROW EXCLUSIVE MODE;
  SELECT s.id, s.relation_name INTO about FROM @registry@.source AS s WHERE s.measure = $1 AND s.relation = $2 AND s.removed_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('%s does not supply measure %s', coalesce($2::text, 'NULL'), coalesce(quote_literal($1), 'NULL')),
      HINT = 'The table source lists what does.';
  ELSIF coalesce(btrim($4), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = format('a change of %s is not accepted without a reason', about.relation_name),
      HINT = 'accept_source_change(measure, relation, digest, reason): who agreed to it, or the document.';
  ELSIF NOT EXISTS (SELECT FROM @registry@.lint_sources() AS l WHERE l.source = about.id) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('%s has not changed', about.relation_name),
      DETAIL = 'It is as it was when it was added, or last accepted.',
      HINT = 'lint_sources() lists what differs.';
  END IF;
  stands := @registry@.source_digest($2);
  -- what is accepted is what somebody has looked at, and no later change
  IF stands IS DISTINCT FROM lower($3) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('%s is not what the digest %s says', about.relation_name, coalesce(quote_literal($3), 'NULL')),
      DETAIL = format('Its digest is %s now.', stands),
      HINT = 'Look at what lint_sources() lists, and pass the digest that stands there.';
  END IF;
  PERFORM @registry@.keep_source_shape(about.id, $2, btrim($4));
  -- facts may be others now
  DELETE FROM @registry@.escalation_margin;
  RETURN (SELECT max(k.no) FROM @registry@.source_shape AS k WHERE k.source = about.id);
END
$body$;
COMMENT ON FUNCTION @registry@.accept_source_change(text, regclass, text, text) IS 'Accept that a source is no longer what it was, for the owner of the registry: as the digest says that lint_sources() gave, with the reason; who and when are kept in source_shape. Gives the number of the new row there.';

CREATE FUNCTION @registry@.report_source_changes() RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
  -- once for what it has become
  WITH changed AS (
    SELECT c.source, c.measure, c.lines, format('source:%s:changed:%s:%s', c.source, (SELECT coalesce(max(k.no), 0) FROM @registry@.source_shape AS k WHERE k.source = c.source), left(c.digest, 16)) AS key
    FROM (SELECT l.source, l.measure, l.digest, count(*) AS lines FROM @registry@.lint_sources() AS l GROUP BY l.source, l.measure, l.digest) AS c
  ), told AS MATERIALIZED (
    SELECT @registry@.enqueue(c.key, 'source_change', jsonb_build_object('source', c.source, 'measure', c.measure, 'lines', c.lines))
    FROM changed AS c WHERE NOT EXISTS (SELECT FROM @registry@.outbox AS o WHERE o.key = c.key)
  )
  SELECT count(*) FROM told AS t;
END;
COMMENT ON FUNCTION @registry@.report_source_changes() IS 'Enter a message in the outbox for each source that lint_sources() finds changed, once for what it has become; gives how many. For tick().';
