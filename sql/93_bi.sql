-- A schema of plain views for people who drag and drop: sql/bi/ holds one file
-- a view. It begins with a line for the view and one for each column, the
-- parts between bars:
--
--   -- name | Chinese name | comment | Chinese comment
--   -- name | Chinese name | type | comment | Chinese comment
--
-- and then the query, with @registry@, @label@ (label_en or label_zh) and
-- @{english|chinese}@. Every column is cast to its plain type.

CREATE FUNCTION antifraud.bi_view(definition text, registry text, language text, OUT name text, OUT remark text, OUT columns text[], OUT remarks text[], OUT query text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
  zh integer := CASE language WHEN 'zh' THEN 1 ELSE 0 END;
  line text;
  part text[];
  types text[] := '{}';
  body text := '';
BEGIN
  columns := '{}';
  remarks := '{}';
  FOREACH line IN ARRAY string_to_array(definition, E'\n') LOOP
    IF body = '' AND starts_with(line, '-- ') THEN
      part := string_to_array(substr(line, 4), ' | ');
      IF name IS NULL THEN
        name := part[1 + zh];
        remark := part[3 + zh];
      ELSE
        columns := columns || part[1 + zh];
        types := types || part[3];
        remarks := remarks || part[4 + zh];
      END IF;
    ELSE
      body := body || line || E'\n';
    END IF;
  END LOOP;
  body := regexp_replace(body, '@(label|counter)@', '\1_' || language, 'g');
  body := regexp_replace(body, '@\{([^|}]*)\|([^}]*)\}@', '''\' || 1 + zh || '''', 'g');
  query := format('SELECT %s FROM (%s) AS q (%s)',
    (SELECT string_agg(format('q.%1$I::%2$s AS %1$I', c.name, c.type), ', ' ORDER BY c.place) FROM unnest(columns, types) WITH ORDINALITY AS c (name, type, place)),
    antifraud.registry_bind(body, registry),
    (SELECT string_agg(quote_ident(c.name), ', ' ORDER BY c.place) FROM unnest(columns) WITH ORDINALITY AS c (name, place)));
END
$function$;
COMMENT ON FUNCTION antifraud.bi_view(text, text, text) IS
  'one view of bi_definitions(), for a registry and in a language (en or zh): its name, comment, columns, their comments and the query; used by create_bi()';

CREATE FUNCTION antifraud.create_bi(registry text, language text DEFAULT 'en', schema text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET client_min_messages = warning
AS $function$
DECLARE
  target text;
  found_schema oid;
  taken text;
  mark text;
  v record;
BEGIN
  IF language IS NULL OR language NOT IN ('en', 'zh') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('there is no language %s', coalesce(quote_literal(language), 'NULL')),
      DETAIL = 'Names and labels are English (en) or Chinese (zh).',
      HINT = 'SELECT antifraud.create_bi(''fraud'', ''zh'');';
  ELSIF to_regclass(format('%I.registry_info', antifraud.registry_name(registry))) IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('schema "%s" holds no registry', registry),
      HINT = 'Create one with antifraud.create_registry(), or correct the name.';
  END IF;
  target := antifraud.registry_name(coalesce(schema, registry || CASE language WHEN 'zh' THEN '_bi_zh' ELSE '_bi' END));
  mark := format('BI views of registry %I (%s), made by antifraud.create_bi()', registry, language);
  found_schema := (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = target);
  IF found_schema IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I', target);
  ELSIF obj_description(found_schema, 'pg_namespace') IS DISTINCT FROM mark THEN
    taken := (SELECT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend AS d
              WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = found_schema AND d.deptype = 'n' ORDER BY 1 LIMIT 1);
    IF taken IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'duplicate_schema',
        MESSAGE = format('schema "%s" exists and is not a BI schema of registry "%s" in that language', target, registry),
        DETAIL = format('It holds %s.', taken),
        HINT = 'Name another schema as the third argument.';
    END IF;
  END IF;
  EXECUTE format('COMMENT ON SCHEMA %I IS %L', target, mark);
  -- views in the order of their files; replaced in place, so that grants and
  -- what an office has built on them stay
  FOR v IN
    SELECT b.name, b.remark, b.columns, b.remarks, b.query
    FROM antifraud.bi_definitions() AS d CROSS JOIN LATERAL antifraud.bi_view(d.doc, registry, language) AS b
    ORDER BY d.name
  LOOP
    EXECUTE format('CREATE OR REPLACE VIEW %I.%I WITH (security_invoker = true) AS %s', target, v.name, v.query);
    EXECUTE format('REVOKE ALL ON %I.%I FROM PUBLIC', target, v.name);
    EXECUTE format('COMMENT ON VIEW %I.%I IS %L', target, v.name, v.remark);
    FOR place IN 1 .. cardinality(v.columns) LOOP
      EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', target, v.name, v.columns[place], v.remarks[place]);
    END LOOP;
  END LOOP;
  RETURN target;
END
$function$;
COMMENT ON FUNCTION antifraud.create_bi(text, text, text) IS
  'create or bring up to date a schema of plain-typed views of a registry for BI tools, with names and labels in a language (en or zh); schema: its name, otherwise that of the registry with _bi or _bi_zh; gives that name';

-- What the views of a schema read, however deep: relations by column where a
-- view or function is stored parsed, whole ones where PL/pgSQL names them in
-- its text, policies included.
CREATE FUNCTION antifraud.bi_reads(schema text, registry text) RETURNS TABLE (kind text, object oid, whole boolean, columns smallint[])
LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
  WITH RECURSIVE place AS (
    SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname IN (schema, registry)
  ), registry_object AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS class, c.oid, c.relname AS name FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = registry AND c.relkind IN ('r', 'p', 'v', 'f', 'm')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, p.oid, p.proname FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = registry
  ), edge AS (
    -- views
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS class, r.ev_class AS object, d.refclassid AS refclass, d.refobjid AS refobject, d.refobjsubid AS refcolumn
    FROM pg_catalog.pg_rewrite AS r JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
    WHERE d.refclassid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass) AND d.refobjid <> r.ev_class
    UNION ALL
    -- functions with a parsed body
    SELECT d.classid, d.objid, d.refclassid, d.refobjid, d.refobjsubid
    FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refclassid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
    UNION ALL
    -- functions with a text for a body, which name what they read
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, o.class, o.oid, 0
    FROM pg_catalog.pg_proc AS p
    JOIN place AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL pg_catalog.regexp_matches(p.prosrc, pg_catalog.format('%s\.("?)(\w+)\1', pg_catalog.regexp_replace(pg_catalog.quote_ident(registry), '([^[:alnum:]_])', '\\\1', 'g')), 'g') AS m (found)
    JOIN registry_object AS o ON o.name = m.found[2]
    WHERE p.prosqlbody IS NULL
    UNION ALL
    -- row security
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, y.polrelid, d.refclassid, d.refobjid, d.refobjsubid
    FROM pg_catalog.pg_policy AS y JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid = y.oid
    WHERE d.refclassid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass) AND NOT (d.refobjid = y.polrelid AND d.deptype = 'a')
  ), reached AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS class, c.oid AS object, 0 AS refcolumn, false AS named
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = schema AND c.relkind = 'v'
    UNION
    SELECT e.refclass, e.refobject, e.refcolumn, p.oid IS NOT NULL AND p.prosqlbody IS NULL
    FROM reached AS r JOIN edge AS e ON e.class = r.class AND e.object = r.object
    LEFT JOIN pg_catalog.pg_proc AS p ON e.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = e.object
  )
  SELECT 'relation', r.object, pg_catalog.bool_or(r.named), pg_catalog.array_agg(DISTINCT r.refcolumn::pg_catalog.int2) FILTER (WHERE r.refcolumn > 0)
  FROM reached AS r JOIN pg_catalog.pg_class AS c ON c.oid = r.object JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE r.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND n.nspname = registry AND c.relkind IN ('r', 'p', 'v', 'f', 'm')
  GROUP BY r.object
  UNION ALL
  SELECT DISTINCT 'function', r.object, true, NULL::pg_catalog.int2[]
  FROM reached AS r JOIN pg_catalog.pg_proc AS p ON p.oid = r.object JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  WHERE r.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND n.nspname = registry;
END;
COMMENT ON FUNCTION antifraud.bi_reads(text, text) IS
  'what the views of a BI schema read in a registry, at any depth: relations, whole where a function in PL/pgSQL names them, with the numbers of the columns that are known, and functions; used by grant_bi()';

CREATE FUNCTION antifraud.grant_bi(schema text, role name, region antifraud.region, purpose text, until date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $function$
DECLARE
  registry text := (regexp_match(obj_description(to_regnamespace(quote_ident(schema)), 'pg_namespace'), '^BI views of registry (.*) \((?:en|zh)\), made by'))[1];
  named text[];
  r record;
  names text;
BEGIN
  IF registry IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('schema "%s" is not a BI schema', coalesce(schema, 'NULL')),
      DETAIL = 'Its comment says which registry it shows.',
      HINT = 'Make one with antifraud.create_bi().';
  END IF;
  named := parse_ident(registry);
  registry := named[1];
  -- what follows would take rights from the owner, who is bound by no scope
  IF role = (SELECT pg_get_userbyid(c.relowner) FROM pg_class AS c WHERE c.oid = to_regclass(format('%I.access_scope', registry))) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_grant_operation',
      MESSAGE = format('role %I owns the registry and cannot have a scope', role),
      DETAIL = 'Row security does not bind the owner.',
      HINT = 'Name another role: one account a scope.';
  END IF;
  EXECUTE format('INSERT INTO %I.access_scope AS s (role, region, purpose, until) VALUES ($1, $2, $3, $4)
    ON CONFLICT ON CONSTRAINT access_scope_pk DO UPDATE SET region = EXCLUDED.region, purpose = EXCLUDED.purpose, sees_names = false, until = EXCLUDED.until, set_at = now(), set_by = CURRENT_USER', registry)
    USING role, region, purpose, until;
  -- nothing that an earlier scope had opened stays open
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', registry, role);
  EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM %I', registry, role);
  EXECUTE format('GRANT USAGE ON SCHEMA %I, %I TO %I', registry, schema, role);
  EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', schema, role);
  FOR r IN SELECT b.kind, b.object, b.whole, b.columns, c.relname, c.relkind FROM antifraud.bi_reads(schema, registry) AS b LEFT JOIN pg_class AS c ON c.oid = b.object AND b.kind = 'relation' LOOP
    IF r.kind = 'function' THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', r.object::regprocedure, role);
    ELSE
      -- of a person never what tells who it is
      SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO names FROM pg_attribute AS a
      WHERE a.attrelid = r.object AND a.attnum > 0 AND NOT a.attisdropped
        -- a function in PL/pgSQL may read any column of a table that it names, but
        -- shows nothing that people wrote freely; and who counts rows reads no column
        AND (a.attnum = ANY (r.columns) OR r.relkind = 'v' AND r.whole OR r.columns IS NULL AND NOT r.whole
             OR r.whole AND a.attname NOT IN ('note', 'reason', 'void_reason', 'purpose', 'evidence', 'recorded_by', 'voided_by', 'set_by'))
        AND NOT (r.relname = 'person' AND a.attname IN ('citizen_id', 'document_no', 'born_on', 'name', 'source_key'));
      EXECUTE format('GRANT SELECT (%s) ON %I.%I TO %I', names, registry, r.relname, role);
    END IF;
  END LOOP;
  EXECUTE format('SELECT %I.protect_persons()', registry);
END
$function$;
COMMENT ON FUNCTION antifraud.grant_bi(text, name, antifraud.region, text, date) IS
  'let a role read the views of a BI schema, and in the registry only what these read, under row security: the places of one region, for a purpose and until a day (null: until end_scope()); never names or documents of persons';
