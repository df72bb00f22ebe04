-- Sources: measures on tables, views and foreign tables that others keep.
-- add_source() makes two views a source, facts_of_source_... and
-- unreadable_of_source_..., of which each row of the relation is in exactly
-- one, and the views fact and unreadable_row anew.

CREATE VIEW @registry@.unreadable_row (source, measure, relation, source_key, fact_column, column_name, value, reason, reason_zh, region)
WITH (security_invoker = true) AS
SELECT NULL::bigint, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::antifraud.region
WHERE false;

CREATE FUNCTION @registry@.comment_unreadable(views text[]) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  SELECT @registry@.comment_columns($1,
    '{source,measure,relation,source_key,fact_column,column_name,value,reason,reason_zh,region}',
    ARRAY['The source; see the table source.',
          'The measure that it supplies.',
          'The relation, as it was named when the source was added.',
          'Key of the row there; null where it cannot be told.',
          'The column of fact that cannot be read.',
          'The column of the relation from which it is read; null: it is not read from one.',
          'What stands there; digits of identity numbers, and of numbers as long as these, are masked.',
          'Why it cannot be read.',
          'The same in Chinese.',
          'Where the row belongs; null where that cannot be read.']);
END;
COMMENT ON FUNCTION @registry@.comment_unreadable(text[]) IS 'Comment the columns of the view unreadable_row and of the views that it is made of.';
COMMENT ON VIEW @registry@.unreadable_row IS 'Rows of sources that are no facts, because something in them cannot be read: a row for each column at fault. Who has a scope sees those that lie in it; those of which the place cannot be read are for the owner of the registry.';
SELECT @registry@.comment_unreadable('{unreadable_row}');

CREATE FUNCTION @registry@.fact_reader() RETURNS TABLE (name text, role oid)
STABLE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE r.role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.role)) END AS name, r.role
  FROM (
    SELECT a.grantee AS role FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
    WHERE c.oid = to_regclass(format('%I.fact', @registry_literal@)) AND a.privilege_type = 'SELECT'
    UNION
    SELECT a.grantee AS role FROM pg_attribute AS t CROSS JOIN LATERAL aclexplode(t.attacl) AS a
    WHERE t.attrelid = to_regclass(format('%I.fact', @registry_literal@)) AND a.privilege_type = 'SELECT'
    UNION
    SELECT c.relowner AS role FROM pg_class AS c WHERE c.oid = to_regclass(format('%I.fact', @registry_literal@))
  ) AS r;
END;
COMMENT ON FUNCTION @registry@.fact_reader() IS 'The roles that may read the view fact, or columns of it: its owner, and those to which that was granted.';

CREATE FUNCTION @registry@.check_source(measure text, relation regclass, mapping jsonb DEFAULT NULL)
RETURNS TABLE (finding text, source_key text, column_name text, value text, reason text, reason_zh text, rows bigint)
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $body$
#variable_conflict use_column
DECLARE
  wanted jsonb := $3;
  q record;
  all_rows bigint;
  facts bigint;
  bad bigint;
  other record;
  server oid := (SELECT t.ftserver FROM pg_foreign_table AS t WHERE t.ftrelid = $2);
BEGIN
  IF wanted IS NULL THEN
    wanted := (SELECT s.mapping FROM @registry@.source AS s WHERE s.measure = $1 AND s.relation = $2 AND s.removed_at IS NULL);
  END IF;
  SELECT x.* INTO q FROM @registry@.source_queries($1, $2, wanted) AS x;
  EXECUTE 'SELECT count(*) FROM ' || q.relation_name INTO all_rows;
  EXECUTE concat('SELECT count(*) FROM (', q.facts, ') AS f') INTO facts;
  EXECUTE q.unreadable_rows INTO bad;
  RETURN QUERY SELECT 'summary', NULL::text, NULL::text, NULL::text, w.en, w.zh, w.rows
    FROM (VALUES ('Rows in the relation.', '表中行数。', all_rows), ('Rows that are facts.', '可作事实的行数。', facts), ('Rows that cannot be read.', '无法读取的行数。', bad)) AS w (en, zh, rows);
  IF q.key_of = 'content' THEN
    RETURN QUERY SELECT 'note', NULL::text, NULL::text, NULL::text, 'Rows are named by what they hold, since no column is mapped to source_key: one that is changed has another name, and equal ones have the same.',
      '未映射source_key，以行的内容为键：内容一变键即变，内容相同的行键也相同。', NULL::bigint;
  END IF;
  -- it may be changed after it was added
  RETURN QUERY SELECT 'note', NULL::text, NULL::text, pg_get_userbyid(c.relowner)::text, 'This role may change the view or its row security at any time, and their functions run with the rights of every reader, also those of the owner of the registry.',
      '该角色可随时修改此视图或其行级安全策略，其中的函数以每个查询者（包括登记库所有者）的权限运行。', NULL::bigint
    FROM pg_class AS c CROSS JOIN pg_class AS o JOIN pg_roles AS r ON true
    WHERE c.oid = $2 AND (c.relkind = 'v' OR c.relrowsecurity) AND o.oid = format('%I.source', @registry_literal@)::regclass AND c.relowner <> o.relowner AND r.oid = c.relowner AND NOT r.rolsuper;
  -- and was it?
  RETURN QUERY SELECT 'change', NULL::text, NULL::text, concat_ws(': ', l.object, l.part), concat(upper(left(l.problem_en, 1)), substr(l.problem_en, 2), '.'), l.problem_zh || '。', NULL::bigint
    FROM @registry@.source AS s JOIN @registry@.lint_sources() AS l ON l.source = s.id
    WHERE s.measure = $1 AND s.relation = $2 AND s.removed_at IS NULL;
  IF NOT wanted ? 'recorded_at' THEN
    RETURN QUERY SELECT 'note', NULL::text, NULL::text, NULL::text, 'recorded_at is not mapped: at any known_at the rows count as they are now.', '未映射recorded_at：任何known_at都按现状计算。', NULL::bigint;
  END IF;
  IF q.key_of <> 'primary key' THEN
    RETURN QUERY EXECUTE concat('SELECT ''duplicate''::text, f.source_key, ', quote_nullable(wanted ->> 'source_key'), '::text, f.source_key, ''Several rows have this key, and each is a fact.''::text, ''多行同键，逐行计为事实。''::text, count(*) FROM (',
      q.facts, ') AS f GROUP BY f.source_key HAVING count(*) > 1 ORDER BY f.source_key COLLATE "C"');
  END IF;
  RETURN QUERY EXECUTE concat('SELECT ''unreadable''::text, f.source_key, f.column_name, f.value, f.reason, f.reason_zh, 1::bigint FROM (',
    q.unreadable, ') AS f ORDER BY f.source_key COLLATE "C", f.column_name COLLATE "C", f.value COLLATE "C"');
  -- counted twice, if the same events are in both
  RETURN QUERY
    SELECT 'note', NULL::text, NULL::text, f.source_table, 'This holds facts of the measure already: what is in both counts twice.', '此处已有该指标的事实：两处都有的会重复计算。', count(*)
    FROM @registry@.fact AS f WHERE f.measure = $1 AND f.source_table <> q.relation_name AND f.voided_at IS NULL GROUP BY f.source_table ORDER BY f.source_table;
  -- who reads scores, and could not read this
  RETURN QUERY
    SELECT 'access', NULL::text, NULL::text, r.name || ': ' || g.line, 'This role may read facts, and not this relation: what it asks about the measure fails until this is run.', '该角色可读事实而不可读此表：执行此句之前，凡涉及该指标的查询都会失败。', NULL::bigint
    FROM @registry@.fact_reader() AS r (name)
    CROSS JOIN LATERAL (
      SELECT format('GRANT SELECT ON %s TO %s', q.relation_name, r.name) AS line WHERE NOT has_table_privilege(r.role, $2, 'SELECT')
      UNION ALL
      SELECT format('CREATE USER MAPPING FOR %s SERVER %I', r.name, v.srvname) AS line FROM pg_foreign_server AS v
      WHERE v.oid = server AND NOT EXISTS (SELECT FROM pg_user_mappings AS m WHERE m.srvid = v.oid AND (m.umuser = 0 OR m.umuser = r.role))) AS g
    WHERE r.role <> 0
    ORDER BY r.name, g.line;
END
$body$;
COMMENT ON FUNCTION @registry@.check_source(text, regclass, jsonb) IS 'What add_source() would find, without adding anything (mapping null: of the source that is there): how many rows there are, are facts, cannot be read (summary); what cannot be read in each row and why (unreadable); keys that several rows bear (duplicate); what of a source that is there differs from what was added or accepted (change); roles that read facts and may not read the relation, with what to run (access); what else to know (note).';

CREATE FUNCTION @registry@.check_source_keeper() RETURNS name
STABLE
LANGUAGE sql
BEGIN ATOMIC
  SELECT @registry@.check_owner('adds and removes sources', 'the view fact is made anew', 'active_sql_transaction') AS owner;
END;
COMMENT ON FUNCTION @registry@.check_source_keeper() IS 'The owner of the registry; an error unless the current role may act for it, in this transaction.';

-- The options of a view are lost where CREATE OR REPLACE does not repeat them:
-- without security_invoker readers would see with the rights of the owner.
-- What is gone (a table below was dropped with CASCADE) is made as it ships;
-- sources whose views are gone have ended.
CREATE FUNCTION @registry@.rebuild_fact() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $body$
DECLARE
  registry CONSTANT text := @registry_literal@;
  fact_columns CONSTANT text := 'f.measure::text, f.unit::text, f.region::antifraud.region, f.occurred_on::date, f.quantity::bigint, f.base::bigint, f.amount::numeric,'
                                ' f.subject::text, f.source_table::text, f.source_key::text, f.recorded_at::timestamptz, f.voided_at::timestamptz';
  unreadable_columns CONSTANT text := 'f.source::bigint, f.measure::text, f.relation::text, f.source_key::text, f.fact_column::text, f.column_name::text, f.value::text,'
                                      ' f.reason::text, f.reason_zh::text, f.region::antifraud.region';
  nothing CONSTANT text := 'SELECT NULL::bigint AS source, NULL::text AS measure, NULL::text AS relation, NULL::text AS source_key, NULL::text AS fact_column, NULL::text AS column_name,'
                           ' NULL::text AS value, NULL::text AS reason, NULL::text AS reason_zh, NULL::antifraud.region AS region WHERE false';
  owner name := @registry@.check_source_keeper();
  kept boolean := EXISTS (SELECT FROM @registry@.card_keeping AS k WHERE k.facts);
  of_registry text := format('SELECT %s FROM %I.registry_facts() AS f', fact_columns, registry);
  of_sources text;
  made record;
  reader record;
BEGIN
  SELECT pg_describe_object(d.refclassid, d.refobjid, 0) AS what INTO made
  FROM pg_rewrite AS w JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass) AND d.refobjid <> w.ev_class
  LEFT JOIN pg_class AS c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
  LEFT JOIN pg_proc AS p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
  WHERE w.ev_class = to_regclass(format('%I.fact', registry))
    AND NOT (COALESCE(c.relnamespace, p.pronamespace) = quote_ident(registry)::regnamespace
             AND (c.relname = 'kept_fact' OR c.relname ~ '^facts_of_source_[0-9]+$' OR p.proname = ANY ('{registry_facts,facts_not_kept,stale_fact_units}')) IS TRUE)
  ORDER BY 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('the view fact reads %s by itself', made.what),
      DETAIL = 'It was changed by hand, and to make it anew would undo that.',
      HINT = 'Put what was added into the function registry_facts(), which stays as it is, and let fact be SELECT * FROM registry_facts(); or make it a source.';
  END IF;
  -- whoever may create objects in the schema may take a name that a DROP ...
  -- CASCADE left free; what stands there would run with the rights of readers
  SELECT o.kind, o.name, pg_get_userbyid(coalesce(c.relowner, p.proowner)) AS owner INTO made
  FROM (
    SELECT 'view' AS kind, format('%I.%I', registry, n.name) AS name
    FROM (SELECT unnest('{fact,unreadable_row}'::text[]) UNION ALL
          SELECT unnest(ARRAY['facts_of_source_' || s.id, 'unreadable_of_source_' || s.id]) FROM @registry@.source AS s WHERE s.removed_at IS NULL) AS n (name)
    UNION ALL
    SELECT 'function', format('%I.facts_from_scratch()', registry)) AS o
  LEFT JOIN pg_class AS c ON c.oid = to_regclass(CASE o.kind WHEN 'view' THEN o.name END)
  LEFT JOIN pg_proc AS p ON p.oid = to_regprocedure(CASE o.kind WHEN 'function' THEN o.name END)
  WHERE pg_get_userbyid(coalesce(c.relowner, p.proowner)) <> owner
  ORDER BY o.name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('%s %s belongs to %s, and not to the owner of the registry, %s', made.kind, made.name, made.owner, owner),
      DETAIL = 'Its owner could let the view fact run anything with the rights of whoever reads it.',
      HINT = format('Look at what it is, then DROP %s %s CASCADE and call rebuild_fact(); nobody else should have CREATE on schema %I.', upper(made.kind), made.name, registry);
  END IF;
  UPDATE @registry@.source AS s SET relation = NULL, removed_at = now(), removed_by = current_user, removal_reason = 'its views were dropped'
    WHERE s.removed_at IS NULL AND to_regclass(format('%I.%I', registry, 'facts_of_source_' || s.id)) IS NULL;
  IF FOUND THEN
    DELETE FROM @registry@.card_exception AS x WHERE x.reason = 'A source outside the registry supplies it.' AND NOT @registry@.has_source(ARRAY[x.measure]);
  END IF;
  -- the measure as a constant here too: where another is asked for, the view
  -- below is not even planned, for which mysql_fdw would connect to its server
  of_sources := (
    SELECT string_agg(concat('SELECT ', quote_literal(s.measure), '::text AS measure, ', substr(fact_columns, length('f.measure::text, ') + 1), format(' FROM %I.%I AS f', registry, 'facts_of_source_' || s.id)), ' UNION ALL ' ORDER BY s.id)
    FROM @registry@.source AS s WHERE s.removed_at IS NULL);
  FOR made IN
    SELECT v.kind, format('%I.%I', registry, v.name) || CASE v.kind WHEN 'FUNCTION' THEN '()' ELSE '' END AS name, v.name AS bare, v.query, coalesce(c.oid, p.oid::oid) IS NULL AS gone,
           coalesce(obj_description(c.oid, 'pg_class'), obj_description(p.oid, 'pg_proc'), v.remark) AS remark,
           (SELECT string_agg(format('%I = %L', split_part(o.option, '=', 1), substr(o.option, strpos(o.option, '=') + 1)), ', ')
            FROM unnest('{security_invoker=true}'::text[] || ARRAY(SELECT r.option FROM unnest(c.reloptions) AS r (option) WHERE NOT starts_with(r.option, 'security_invoker='))) AS o (option)) AS options
    FROM (
      SELECT 'VIEW', 'fact', concat_ws(' UNION ALL ',
          CASE WHEN kept THEN format(
            -- what time will bring is kept beforehand. Which units hold is asked
            -- once: the answer may change while a statement runs that changes
            -- facts in a WITH, and both parts must go by the same
            'WITH held AS MATERIALIZED (SELECT %2$I.stale_fact_units() AS stale)'
            ' SELECT %1$s FROM %2$I.kept_fact AS f WHERE (NOT f.by_clock OR f.recorded_at <= now())'
            ' AND ((SELECT h.stale = ''{}'' FROM held AS h) OR (SELECT h.stale IS NOT NULL FROM held AS h)'
            ' AND COALESCE(f.unit, '''') NOT IN (SELECT s.unit FROM held AS h CROSS JOIN unnest(h.stale) AS s (unit)))'
            ' UNION ALL SELECT %1$s FROM %2$I.facts_not_kept((SELECT h.stale FROM held AS h)) AS f', fact_columns, registry)
          ELSE of_registry END, of_sources),
        'Every fact that a rule can count, one row each: those of the registry''s own tables, and those of sources.'
      UNION ALL
      SELECT 'FUNCTION', 'facts_from_scratch', CASE WHEN kept THEN concat_ws(' UNION ALL ', of_registry, of_sources) ELSE format('SELECT %s FROM %I.fact AS f', fact_columns, registry) END,
        'What the view fact gives, from the registry''s own tables and the sources, whatever is kept. Scores count these.'
      UNION ALL
      SELECT 'VIEW', 'unreadable_row', coalesce(
        (SELECT string_agg(concat('SELECT ', unreadable_columns, format(' FROM %I.%I AS f', registry, 'unreadable_of_source_' || s.id)), ' UNION ALL ' ORDER BY s.id) FROM @registry@.source AS s WHERE s.removed_at IS NULL),
        nothing),
        'Rows of sources that are no facts, because something in them cannot be read: a row for each column at fault. Who has a scope sees those that lie in it; those of which the place cannot be read are for the owner of the registry.') AS v (kind, name, query, remark)
    LEFT JOIN pg_class AS c ON v.kind = 'VIEW' AND c.oid = to_regclass(format('%I.%I', registry, v.name))
    LEFT JOIN pg_proc AS p ON v.kind = 'FUNCTION' AND p.oid = to_regprocedure(format('%I.%I()', registry, v.name))
  LOOP
    EXECUTE CASE made.kind
      WHEN 'VIEW' THEN concat('CREATE OR REPLACE VIEW ', made.name, ' WITH (', made.options, ') AS ', made.query)
      ELSE concat('CREATE OR REPLACE FUNCTION ', made.name, ' RETURNS TABLE (measure text, unit text, region antifraud.region, occurred_on date, quantity bigint, base bigint, amount numeric,'
                  ' subject text, source_table text, source_key text, recorded_at timestamptz, voided_at timestamptz) STABLE PARALLEL SAFE ROWS 100000 LANGUAGE sql BEGIN ATOMIC ', made.query, '; END') END;
    EXECUTE format('COMMENT ON %s %s IS %L', made.kind, made.name, made.remark);
    IF made.gone THEN
      EXECUTE format('ALTER %s %s OWNER TO %I', made.kind, made.name, owner);
      EXECUTE format('REVOKE ALL ON %s %s FROM PUBLIC', replace(made.kind, 'VIEW', 'TABLE'), made.name);
      FOR reader IN SELECT quote_ident(a.role) AS name FROM @registry@.access_scope AS a JOIN pg_roles AS r ON r.rolname = a.role
                    WHERE (a.until IS NULL OR a.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date) AND has_table_privilege(a.role, format('%I.facts_of_cases', registry), 'SELECT') LOOP
        EXECUTE format('GRANT %s TO %s', CASE made.kind WHEN 'VIEW' THEN 'SELECT ON ' ELSE 'EXECUTE ON FUNCTION ' END || made.name, reader.name);
      END LOOP;
      PERFORM CASE made.bare WHEN 'fact' THEN @registry@.comment_fact_views('{fact}') WHEN 'unreadable_row' THEN @registry@.comment_unreadable('{unreadable_row}') END;
    END IF;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.rebuild_fact() IS 'Make the views fact and unreadable_row and the function facts_from_scratch() from the registry''s own tables and the sources in the table source, with the options and comments that they have; and as they ship where they are gone, since a table of a source was dropped with CASCADE: such sources have ended. For the owner; add_source(), remove_source() and keep_facts() call it.';

CREATE FUNCTION @registry@.add_source(measure text, relation regclass, mapping jsonb, purpose text DEFAULT NULL, legal_basis text DEFAULT NULL)
RETURNS TABLE (finding text, source_key text, column_name text, value text, reason text, reason_zh text, rows bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $body$
#variable_conflict use_column
DECLARE
  registry CONSTANT text := @registry_literal@;
  owner name := @registry@.check_source_keeper();
  q record;
  number bigint;
  v record;
  reader record;
BEGIN
  LOCK TABLE @registry@.source IN SHARE ROW EXCLUSIVE MODE;
  SELECT x.* INTO q FROM @registry@.source_queries($1, $2, $3) AS x;
  IF EXISTS (SELECT FROM @registry@.source AS s WHERE s.measure = $1 AND s.relation = $2 AND s.removed_at IS NULL) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'duplicate_object',
      MESSAGE = format('%s supplies measure "%s" already', q.relation_name, $1),
      DETAIL = 'A second time each of its rows would count twice.',
      HINT = 'To map it otherwise, call remove_source() first.';
  ELSIF $3 ? 'subject' AND (coalesce(btrim($4), '') = '' OR coalesce(btrim($5), '') = '') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'persons cannot be mapped without a purpose and a legal basis',
      DETAIL = format('The mapping reads subject from %s.', $3 -> 'subject'),
      HINT = 'Pass both: add_source(measure, relation, mapping, purpose, legal_basis); or leave out subject, which only rules about persons need.';
  ELSIF NOT has_table_privilege(owner, $2, 'SELECT') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('the owner of the registry, %s, may not read %s', owner, q.relation_name),
      HINT = format('GRANT SELECT ON %s TO %I;', q.relation_name, owner);
  END IF;
  INSERT INTO @registry@.source (measure, relation, relation_name, mapping, purpose, legal_basis) VALUES ($1, $2, q.relation_name, $3, btrim($4), btrim($5)) RETURNING id INTO number;
  FOR v IN
    SELECT format('%I.%I', registry, n.name) AS name, n.name AS bare, n.query, n.remark
    FROM (VALUES ('facts_of_source_' || number, q.facts, format('Facts of measure %s in %s, by add_source().', $1, q.relation_name)),
                 ('unreadable_of_source_' || number, concat('SELECT ', number, '::bigint AS source, r.* FROM (', q.unreadable, ') AS r'),
                  format('Rows of %s that are no facts of measure %s, because something in them cannot be read.', q.relation_name, $1))) AS n (name, query, remark)
  LOOP
    EXECUTE concat('CREATE VIEW ', v.name, ' WITH (security_invoker = true) AS ', v.query);
    EXECUTE format('ALTER VIEW %s OWNER TO %I', v.name, owner);
    EXECUTE format('COMMENT ON VIEW %s IS %L', v.name, v.remark);
    FOR reader IN SELECT r.name FROM @registry@.fact_reader() AS r WHERE r.role <> 0 AND r.name <> quote_ident(owner) LOOP
      EXECUTE format('GRANT SELECT ON %s TO %s', v.name, reader.name);
    END LOOP;
  END LOOP;
  PERFORM @registry@.keep_source_shape(number, $2);
  PERFORM @registry@.comment_fact_views(ARRAY['facts_of_source_' || number]);
  PERFORM @registry@.comment_unreadable(ARRAY['unreadable_of_source_' || number]);
  PERFORM @registry@.rebuild_fact();
  -- what the views read besides
  FOR reader IN SELECT r.name FROM @registry@.fact_reader() AS r WHERE r.role <> 0 AND r.name <> quote_ident(owner) LOOP
    EXECUTE format('GRANT SELECT ON %1$I.division_change, %1$I.region_unit TO %2$s', registry, reader.name);
    EXECUTE format('GRANT SELECT (code, region, active) ON %I.unit TO %s', registry, reader.name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %1$I.current_region(antifraud.region, date), %1$I.scope_region() TO %2$s', registry, reader.name);
  END LOOP;
  -- nothing says when its rows change
  DELETE FROM @registry@.escalation_margin;
  INSERT INTO @registry@.card_exception (measure, reason) VALUES ($1, 'A source outside the registry supplies it.') ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT c.* FROM @registry@.check_source($1, $2, $3) AS c;
END
$body$;
COMMENT ON FUNCTION @registry@.add_source(text, regclass, jsonb, text, text) IS 'Let a table, view or foreign table supply facts of a measure, for the owner of the registry: mapping says from which of its columns those of fact are read; purpose and legal basis are needed where subject is mapped. Makes the view fact anew, and gives what check_source() gives: also each row that cannot be read and why.';

CREATE FUNCTION @registry@.remove_source(measure text, relation regclass, reason text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $body$
DECLARE
  registry CONSTANT text := @registry_literal@;
  number bigint;
BEGIN
  PERFORM @registry@.check_source_keeper();
  LOCK TABLE @registry@.source IN SHARE ROW EXCLUSIVE MODE;
  UPDATE @registry@.source AS s SET relation = NULL, removed_at = now(), removed_by = current_user, removal_reason = nullif(btrim(remove_source.reason), '')
    WHERE s.measure = remove_source.measure AND s.relation = remove_source.relation AND s.removed_at IS NULL
    RETURNING s.id INTO number;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('%s does not supply measure %s', coalesce(relation::text, 'NULL'), coalesce(quote_literal(measure), 'NULL')),
      HINT = 'The table source lists what does.';
  END IF;
  PERFORM @registry@.rebuild_fact();
  EXECUTE format('DROP VIEW %1$I.%2$I, %1$I.%3$I', registry, 'facts_of_source_' || number, 'unreadable_of_source_' || number);
  DELETE FROM @registry@.escalation_margin;
  DELETE FROM @registry@.card_exception AS x WHERE x.measure = remove_source.measure AND x.reason = 'A source outside the registry supplies it.' AND NOT @registry@.has_source(ARRAY[x.measure]);
END
$body$;
COMMENT ON FUNCTION @registry@.remove_source(text, regclass, text) IS 'Let a relation no longer supply facts of a measure, for the owner of the registry. What was sealed stays as it was sealed.';
