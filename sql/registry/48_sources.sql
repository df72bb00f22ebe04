-- Sources: measures on tables, views and foreign tables that others keep.
-- add_source() makes two views a source, facts_of_source_... and
-- unreadable_of_source_..., of which each row of the relation is in exactly
-- one, and the views fact and unreadable_row anew.
--
-- No row makes these views fail: every value is read by a function or cast
-- that cannot, or within a CASE that lets through only what can be cast.

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
          'What stands there; digits of identity numbers are masked.',
          'Why it cannot be read.',
          'The same in Chinese.',
          'Where the row belongs; null where that cannot be read.']);
END;
COMMENT ON FUNCTION @registry@.comment_unreadable(text[]) IS 'Comment the columns of the view unreadable_row and of the views that it is made of.';
COMMENT ON VIEW @registry@.unreadable_row IS 'Rows of sources that are no facts, because something in them cannot be read: a row for each column at fault. Who has a scope sees those that lie in it; those of which the place cannot be read are for the owner of the registry.';
SELECT @registry@.comment_unreadable('{unreadable_row}');

-- What a mapping says of one column of fact. The parts are only put together,
-- never taken as formats: a column may be named 100%s.
CREATE FUNCTION @registry@.source_column(relation regclass, fact_column text, said jsonb,
  OUT column_name text, OUT raw text, OUT value text, OUT readable text, OUT kind text)
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  number_columns CONSTANT text[] := '{quantity,base,amount}';
  day_columns CONSTANT text[] := '{occurred_on,recorded_at}';
  spec jsonb := said;
  names text[];
  constant text;
  fallback text;
  times numeric;
  type_of text := 'text';
  base oid;
  category "char";
  of_column record;
  limit_of numeric;
  blank text;
BEGIN
  IF jsonb_typeof(spec) = 'string' THEN
    spec := jsonb_build_object('column', spec);
  ELSIF jsonb_typeof(spec) = 'array' AND fact_column = 'source_key' THEN
    spec := jsonb_build_object('column', spec);
  END IF;
  IF jsonb_typeof(spec) <> 'object' OR spec = '{}'
     OR EXISTS (SELECT FROM jsonb_each(spec) AS e WHERE e.key <> ALL ('{column,constant,default,times}'))
     OR (spec ? 'column') = (spec ? 'constant') OR (spec ? 'constant' AND spec ? 'default')
     OR NOT (coalesce(jsonb_typeof(spec -> 'column'), 'string') = 'string' OR (fact_column = 'source_key' AND jsonb_typeof(spec -> 'column') = 'array' AND spec -> 'column' <> '[]'
             AND NOT EXISTS (SELECT FROM jsonb_array_elements(spec -> 'column') AS e WHERE jsonb_typeof(e) <> 'string')))
     OR coalesce(jsonb_typeof(spec -> 'constant'), 'string') NOT IN ('string', 'number') OR coalesce(jsonb_typeof(spec -> 'default'), 'string') NOT IN ('string', 'number')
     OR (spec ? 'times' AND (fact_column <> 'amount' OR jsonb_typeof(spec -> 'times') <> 'number' OR NOT spec ? 'column'))
     OR (fact_column = 'source_key' AND (spec ? 'constant' OR spec ? 'default'))
     OR (fact_column = ANY (day_columns) AND spec ? 'default') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('the mapping of %s cannot be %s', fact_column, said),
      DETAIL = CASE WHEN fact_column = 'source_key' THEN 'It is the name of a column, or an array of them.'
                    WHEN fact_column = 'amount' THEN 'It is the name of a column, or {"column": name, "default": value, "times": number}, or {"constant": value}.'
                    WHEN fact_column = ANY (day_columns) THEN 'It is the name of a column, or {"constant": day}; a day that is missing cannot be made up.'
                    ELSE 'It is the name of a column, or {"column": name, "default": value}, or {"constant": value}.' END,
      HINT = 'For anything else make a view, and add that as the source.';
  END IF;
  constant := spec ->> 'constant';
  fallback := spec ->> 'default';
  times := (spec ->> 'times')::numeric;
  IF times <= 0 OR times > 1000000000 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('amounts cannot be multiplied by %s', times),
      HINT = 'A column in units of 10,000 yuan has "times": 10000.';
  END IF;
  names := CASE jsonb_typeof(spec -> 'column') WHEN 'string' THEN ARRAY[spec ->> 'column']
                                               WHEN 'array' THEN ARRAY(SELECT e.name FROM jsonb_array_elements_text(spec -> 'column') WITH ORDINALITY AS e (name, place) ORDER BY e.place)
                                               ELSE '{}' END;
  column_name := array_to_string(names, ', ');
  IF constant IS NOT NULL THEN
    column_name := NULL;
    raw := quote_literal(constant) || '::text';
  END IF;

  FOR of_column IN SELECT n.name, a.attnum, a.atttypid FROM unnest(names) WITH ORDINALITY AS n (name, place)
                   LEFT JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = n.name AND a.attnum > 0 AND NOT a.attisdropped ORDER BY n.place LOOP
    IF of_column.attnum IS NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'undefined_column',
        MESSAGE = format('%s has no column "%s"', relation, of_column.name),
        DETAIL = format('The mapping reads %s from it. Its columns are: %s.', fact_column,
          coalesce((SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped), 'none')),
        HINT = 'Write the name as it is there, also its case.';
    END IF;
    base := of_column.atttypid;
    WHILE (SELECT t.typtype FROM pg_type AS t WHERE t.oid = base) = 'd' LOOP
      base := (SELECT t.typbasetype FROM pg_type AS t WHERE t.oid = base);
    END LOOP;
    category := (SELECT t.typcategory FROM pg_type AS t WHERE t.oid = base);
    type_of := CASE WHEN base = 'antifraud.region'::regtype THEN 'region'
                    WHEN base = 'date'::regtype THEN 'date'
                    WHEN base = 'timestamp'::regtype THEN 'timestamp'
                    WHEN base = 'timestamptz'::regtype THEN 'timestamptz'
                    WHEN base = ANY ('{int2,int4,int8,numeric,float4,float8,money}'::regtype[]) THEN 'number'
                    WHEN category IN ('S', 'E') THEN 'text'
                    WHEN base = 'uuid'::regtype THEN 'uuid' END;
    IF type_of IS NULL
       OR (fact_column = 'occurred_on' AND type_of NOT IN ('date', 'timestamp', 'timestamptz', 'number', 'text'))
       OR (fact_column = 'recorded_at' AND type_of NOT IN ('date', 'timestamp', 'timestamptz', 'text'))
       OR (fact_column = ANY (number_columns) AND type_of NOT IN ('number', 'text'))
       OR (fact_column = 'region' AND type_of NOT IN ('region', 'number', 'text')) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'datatype_mismatch',
        MESSAGE = format('%s cannot be read from column "%s" of %s', fact_column, of_column.name, relation),
        DETAIL = format('The column is of type %s.', format_type(of_column.atttypid, NULL)),
        HINT = 'Name another column, or make a view that casts it and add that as the source.';
    ELSIF fact_column = 'subject' AND base = 'antifraud.citizen_id'::regtype THEN
      RAISE EXCEPTION USING
        ERRCODE = 'datatype_mismatch',
        MESSAGE = format('identity numbers in column "%s" of %s cannot be the subjects of facts', of_column.name, relation),
        DETAIL = 'Facts name persons by surrogate keys only, since they are copied into results.',
        HINT = 'Make a view that gives a key of your own for each person, and add that as the source.';
    END IF;
    raw := concat_ws(' || ''/'' || ', raw, format(CASE WHEN of_column.atttypid = 'text'::regtype THEN 's.%I' ELSE 's.%I::text' END, of_column.name));
  END LOOP;
  IF cardinality(names) > 1 THEN
    type_of := 'text';
  END IF;
  blank := format('pg_catalog.btrim(%s, E'' \t\r\n\u00a0\u3000'')', raw);
  IF fallback IS NOT NULL THEN
    -- a typed column can only lack its value
    raw := CASE WHEN type_of = 'text' THEN format('CASE WHEN %s IS NULL OR %s = '''' THEN %L ELSE %s END', raw, blank, fallback, raw)
                ELSE format('COALESCE(%s, %L)', raw, fallback) END;
    type_of := 'text';
  END IF;

  CASE
  WHEN fact_column = 'occurred_on' THEN
    value := CASE type_of
      WHEN 'date' THEN format('s.%I::date', names[1])
      WHEN 'timestamp' THEN format('antifraud.day_of(s.%I)', names[1])
      WHEN 'timestamptz' THEN format('CASE WHEN s.%1$I > ''1000-01-01 00:00:00+00'' AND s.%1$I < ''9999-01-01 00:00:00+00'' THEN antifraud.day_of(s.%1$I AT TIME ZONE ''Asia/Shanghai'') END', names[1])
      ELSE format('antifraud.read_date(%s)', raw) END;
    readable := CASE type_of
      -- in a CASE, which no foreign server is sent: MariaDB takes 'infinity' for day zero
      WHEN 'date' THEN format('CASE WHEN pg_catalog.isfinite(%s) THEN true ELSE false END', value)
      WHEN 'timestamp' THEN format('CASE WHEN pg_catalog.isfinite(s.%I) THEN true ELSE false END', names[1])
      ELSE format('%s IS NOT NULL', value) END;
    kind := CASE WHEN type_of NOT IN ('date', 'timestamp', 'timestamptz') THEN 'date' END;
  WHEN fact_column = 'recorded_at' THEN
    value := CASE type_of
      WHEN 'timestamptz' THEN format('s.%I::timestamptz', names[1])
      WHEN 'timestamp' THEN format('CASE WHEN s.%1$I >= ''1900-01-01'' AND s.%1$I < ''2200-01-01'' THEN s.%1$I AT TIME ZONE ''Asia/Shanghai'' END', names[1])
      WHEN 'date' THEN format('CASE WHEN s.%1$I >= ''1900-01-01'' AND s.%1$I < ''2200-01-01'' THEN s.%1$I::timestamp AT TIME ZONE ''Asia/Shanghai'' END', names[1])
      ELSE format('CASE WHEN antifraud.read_date(%1$s) >= ''1900-01-01'' AND antifraud.read_date(%1$s) < ''2200-01-01'' THEN antifraud.read_date(%1$s)::timestamp AT TIME ZONE ''Asia/Shanghai'' END', raw) END;
    readable := CASE type_of
      WHEN 'timestamptz' THEN format('CASE WHEN s.%1$I < ''1900-01-01 00:00:00+08'' OR s.%1$I >= ''2200-01-01 00:00:00+08'' THEN false ELSE true END', names[1])
      WHEN 'text' THEN format('CASE WHEN %s IS NOT NULL THEN true ELSE antifraud.read_date(%s) IS NULL AND antifraud.reading_fault(''date'', %s, ''en'') IS NULL END', value, raw, raw)
      ELSE format('CASE WHEN s.%1$I < ''1900-01-01'' OR s.%1$I >= ''2200-01-01'' THEN false ELSE true END', names[1]) END;
    kind := CASE WHEN type_of = 'text' THEN 'date' END;
  WHEN fact_column = ANY (number_columns) THEN
    value := CASE WHEN type_of = 'number' THEN format('s.%I::numeric', names[1]) ELSE format('antifraud.read_number(%s)', raw) END;
    limit_of := CASE WHEN fact_column = 'amount' THEN 100000000000 / coalesce(times, 1) ELSE 10000000000 END;
    readable := CASE WHEN fact_column = 'amount' THEN format('%1$s >= 0 AND %1$s <= %2$s', value, trim_scale(round(limit_of, 4)))
                     ELSE format('%1$s >= 0 AND %1$s <= %2$s AND %1$s = pg_catalog.trunc(%1$s)', value, limit_of) END;
    kind := CASE WHEN type_of <> 'number' THEN 'number' END;
    -- cast only what can be
    IF fact_column <> 'amount' THEN
      value := format('CASE WHEN %s THEN (%s)::bigint END', readable, value);
    ELSIF times IS NOT NULL THEN
      value := format('CASE WHEN %s THEN (%s) * %s END', readable, value, times);
    END IF;
    readable := CASE WHEN fact_column = 'quantity' THEN format('CASE WHEN %s THEN true ELSE false END', readable)
                     WHEN type_of = 'number' THEN format('CASE WHEN %s THEN true ELSE %s IS NULL END', readable, raw)
                     ELSE format('CASE WHEN %1$s THEN true ELSE antifraud.read_number(%2$s) IS NULL AND antifraud.reading_fault(''number'', %2$s, ''en'') IS NULL END', readable, raw) END;
  WHEN fact_column = 'region' THEN
    value := CASE WHEN type_of = 'region' THEN format('s.%I::antifraud.region', names[1]) ELSE format('antifraud.read_region(%s)', raw) END;
    readable := CASE WHEN type_of = 'region' THEN 'true' ELSE format('CASE WHEN %s IS NOT NULL THEN true ELSE antifraud.reading_fault(''region'', %s, ''en'') IS NULL END', value, raw) END;
    kind := CASE WHEN type_of <> 'region' THEN 'region' END;
  WHEN fact_column = 'subject' THEN
    value := format('NULLIF(pg_catalog.btrim(%s, E'' \t\r\n\u00a0\u3000'') COLLATE pg_catalog."default", '''')', raw);
    readable := format('CASE WHEN antifraud.read_citizen_id(%1$s) IS NULL AND antifraud.citizen_id_or_null(%1$s) IS NULL THEN true ELSE false END', raw);
  ELSE
    value := format('NULLIF(pg_catalog.btrim(%s, E'' \t\r\n\u00a0\u3000'') COLLATE pg_catalog."default", '''')', raw);
    -- keys are copied into results, and so are not to name a person either
    readable := CASE WHEN fact_column = 'source_key' AND (cardinality(names) > 1 OR base <> ALL ('{int2,int4}'::regtype[])) THEN format('CASE WHEN antifraud.read_citizen_id(%1$s) IS NULL AND antifraud.citizen_id_or_null(%1$s) IS NULL THEN %2$s IS NOT NULL ELSE false END', raw, value)
                     ELSE format('%s IS NOT NULL', value) END;
  END CASE;
END
$body$;
COMMENT ON FUNCTION @registry@.source_column(regclass, text, jsonb) IS 'How a column of fact is read from a relation, as SQL over its alias s: the name of the column, its text, its value, whether it can be read, and the kind of reading_fault() that says why not (null: none). An error where the mapping says something that cannot be.';

CREATE FUNCTION @registry@.source_queries(measure text, relation regclass, mapping jsonb,
  OUT relation_name text, OUT facts text, OUT unreadable text, OUT unreadable_rows text, OUT key_of text)
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry CONSTANT text := @registry_literal@;
  own CONSTANT text := quote_ident(registry);
  fact_columns CONSTANT text[] := '{unit,region,occurred_on,quantity,base,amount,subject,source_key,recorded_at}';
  general CONSTANT jsonb := '{
    "occurred_on": ["It is not a day.", "不是日期。"], "recorded_at": ["It is not a time from 1900 to 2199.", "不是1900年至2199年之间的时间。"],
    "quantity": ["It is no whole number from 0 to 10000000000.", "不是0至100亿之间的整数。"], "base": ["It is no whole number from 0 to 10000000000.", "不是0至100亿之间的整数。"],
    "amount": ["It is not between 0 and 100000000000 yuan.", "不在0至1000亿元之间。"],
    "subject": ["It is an identity number, which facts do not hold.", "是身份证件号码，事实中不得保存。"], "source_key": ["It is an identity number, which facts do not hold.", "是身份证件号码，事实中不得保存。"]}';
  -- as row security has it: the owner is bound by no scope
  in_scope CONSTANT text := concat('((SELECT NOT row_security_active(', quote_literal(own || '.unit'), '::regclass)) OR ');
  some_change CONSTANT text := concat('(SELECT EXISTS (SELECT FROM ', own, '.division_change AS d))');
  changed CONSTANT text := concat('EXISTS (SELECT FROM ', own, '.division_change AS d WHERE d.old OPERATOR(antifraud.=) ANY (antifraud.region_path(r.region)))');
  about record;
  unknown text;
  said jsonb;
  part record;
  read record;
  given record;
  worth text;
  type_of text;
  by_unit boolean;
  by_region boolean;
  moved boolean;
  place_column text;
  row_values text[] := '{}';
  row_parts text[] := '{}';
  good text[] := '{}';
  bad text[] := '{}';
  faults text[] := '{}';
  source_key text;
  columns text;
  place text;
  stands_in text;
  present text;
  missing text;
  missing_zh text;
  of_bad text;
BEGIN
  -- the measure
  IF NOT EXISTS (SELECT FROM @registry@.measure AS m WHERE m.code = source_queries.measure) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = CASE WHEN measure IS NULL THEN 'no measure was named: it is NULL' ELSE format('measure %L does not exist', measure) END,
      HINT = 'The table measure lists them; enter a measure of your own there first.';
  END IF;

  -- the relation
  SELECT c.oid, c.relkind, c.relpersistence, n.nspname, c.relname INTO about
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_table',
      MESSAGE = CASE WHEN relation IS NULL THEN 'no relation was named: it is NULL' ELSE format('relation %s does not exist', relation) END,
      HINT = 'Name a table, a view or a foreign table.';
  ELSIF about.relkind <> ALL ('{r,p,v,m,f}') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'wrong_object_type',
      MESSAGE = format('%s cannot be a source', relation),
      HINT = 'Name a table, a view or a foreign table.';
  ELSIF about.relpersistence = 't' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'wrong_object_type',
      MESSAGE = format('%s cannot be a source', relation),
      DETAIL = 'It is temporary: other sessions do not see it, and it goes when this one ends.',
      HINT = 'Use a permanent table.';
  ELSIF about.nspname = registry OR about.nspname = ANY ('{pg_catalog,information_schema,pg_toast}') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'wrong_object_type',
      MESSAGE = format('%s cannot be a source', relation),
      DETAIL = CASE WHEN about.nspname = registry THEN 'It is one of the registry''s own.' ELSE 'It belongs to the system.' END,
      HINT = 'Facts that are in tables of the registry are in the view fact already; a table of the office''s own belongs in another schema.';
  END IF;
  -- a view on the registry's tables may be a source, but not one that shows
  -- facts: these are what it would add to
  WITH RECURSIVE reached (class, object) AS (
    SELECT 'pg_class'::regclass::oid, about.oid
    UNION
    SELECT d.refclassid, d.refobjid
    FROM reached AS r
    JOIN pg_rewrite AS w ON r.class = 'pg_class'::regclass AND w.ev_class = r.object
    JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass) AND d.refobjid <> w.ev_class
  )
  SELECT pg_describe_object(r.class, r.object, 0) INTO unknown
  FROM reached AS r
  LEFT JOIN pg_proc AS p ON r.class = 'pg_proc'::regclass AND p.oid = r.object
  WHERE (r.class = 'pg_class'::regclass AND r.object = ANY (ARRAY[format('%I.fact', registry), format('%I.unreadable_row', registry)]::regclass[]::oid[]))
     OR p.pronamespace::regnamespace = quote_ident(registry)::regnamespace
  ORDER BY r.class DESC, 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_object_definition',
      MESSAGE = format('%s cannot be a source', relation),
      DETAIL = format('It reads %s: facts would rest on themselves.', unknown),
      HINT = 'Name the tables behind it.';
  END IF;
  relation_name := format('%I.%I', about.nspname, about.relname);

  -- the mapping
  IF mapping IS NULL OR jsonb_typeof(mapping) <> 'object' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('a mapping cannot be %s', coalesce(mapping::text, 'NULL')),
      DETAIL = 'It is a JSON object: columns of fact, and the columns of the relation from which they are read.',
      HINT = '{"region": "cun_dm", "occurred_on": "lasj", "amount": "ssje"}';
  END IF;
  SELECT k.key INTO unknown FROM jsonb_object_keys(mapping) AS k (key) WHERE k.key <> ALL (fact_columns) ORDER BY k.key LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_column',
      MESSAGE = format('a mapping cannot have the key "%s"', unknown),
      DETAIL = format('The keys are columns of fact: %s.', array_to_string(fact_columns, ', ')),
      HINT = 'Columns of the relation are values: {"region": "cun_dm"}.';
  END IF;
  by_unit := mapping ? 'unit';
  by_region := mapping ? 'region';
  IF NOT (mapping ? 'occurred_on' AND (by_unit OR by_region)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'a fact needs a day and a place',
      DETAIL = format('The mapping lacks %s.', CASE WHEN mapping ? 'occurred_on' THEN 'region or unit' WHEN by_unit OR by_region THEN 'occurred_on' ELSE 'occurred_on, and region or unit' END),
      HINT = '{"region": "cun_dm", "occurred_on": "lasj"}';
  END IF;
  said := mapping;
  IF NOT said ? 'source_key' THEN
    SELECT jsonb_build_object('source_key', jsonb_agg(a.attname ORDER BY k.place)) || said INTO said
    FROM pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indrelid = about.oid AND i.indisprimary AND k.place <= i.indnkeyatts
    HAVING count(*) > 0;
    said := coalesce(said, mapping);
  END IF;
  key_of := CASE WHEN mapping ? 'source_key' THEN 'mapping' WHEN said ? 'source_key' THEN 'primary key' ELSE 'content' END;

  FOR part IN SELECT c.name, coalesce(said -> c.name, CASE c.name WHEN 'quantity' THEN '{"constant": 1}'::jsonb END) AS said
              FROM unnest(fact_columns) WITH ORDINALITY AS c (name, place) ORDER BY c.place LOOP
    type_of := CASE part.name WHEN 'region' THEN 'antifraud.region' WHEN 'occurred_on' THEN 'date' WHEN 'quantity' THEN 'bigint' WHEN 'base' THEN 'bigint'
                              WHEN 'amount' THEN 'numeric' WHEN 'recorded_at' THEN 'timestamptz' ELSE 'text' END;
    IF part.said IS NULL THEN
      row_values := row_values || concat('NULL::', type_of, ' AS ', part.name);
      CONTINUE;
    END IF;
    SELECT c.* INTO read FROM @registry@.source_column(relation, part.name, part.said) AS c;
    IF jsonb_typeof(part.said) = 'object' AND part.said ?| '{constant,default}' THEN
      SELECT c.* INTO given FROM @registry@.source_column(relation, part.name, jsonb_build_object('constant', coalesce(part.said -> 'constant', part.said -> 'default'))) AS c;
      EXECUTE concat('SELECT CASE WHEN ', given.readable, ' THEN (', given.value, ')::text END') INTO worth;
      IF worth IS NULL THEN
        RAISE EXCEPTION USING
          ERRCODE = 'invalid_parameter_value',
          MESSAGE = format('%s cannot be %s', part.name, coalesce(part.said -> 'constant', part.said -> 'default')),
          HINT = 'Give a value that can be read.';
      END IF;
      IF read.column_name IS NULL THEN
        read.value := concat(quote_literal(worth), '::', type_of);
      END IF;
    END IF;
    row_values := row_values || concat(read.value, ' AS ', part.name);
    IF part.name = (CASE WHEN by_unit THEN 'unit' ELSE 'region' END) THEN
      place_column := read.column_name;
      row_parts := row_parts || concat('(', read.raw, ') COLLATE pg_catalog."default" AS raw_place');
    END IF;
    CONTINUE WHEN read.column_name IS NULL OR part.name = 'unit' OR read.readable = 'true';
    -- without a unit of its own a row needs a region anyway
    good := good || CASE WHEN part.name <> 'region' OR by_unit THEN concat('(', read.readable, ')') END;
    row_parts := row_parts || concat('(', read.raw, ') COLLATE pg_catalog."default" AS raw_', part.name, ', ', read.readable, ' AS good_', part.name);
    bad := bad || concat('r.good_', part.name, ' IS NOT TRUE');
    faults := faults || concat('(', quote_literal(part.name), ', ', quote_literal(read.column_name), ', ',
      'r.raw_', part.name,
      (SELECT string_agg(concat(', CASE WHEN r.good_', part.name, ' THEN NULL ELSE COALESCE(',
                'antifraud.reading_fault(' || quote_literal(read.kind) || ', r.raw_' || part.name || ', ' || quote_literal(w.language) || '), ',
                'CASE WHEN pg_catalog.btrim(r.raw_', part.name, ', E'' \t\r\n\u00a0\u3000'') <> '''' THEN ', quote_nullable(general -> part.name ->> w.place), ' END, ',
                quote_literal(w.empty), ') END'), '' ORDER BY w.place)
       FROM (VALUES (0, 'en', 'It is empty.'), (1, 'zh', '为空。')) AS w (place, language, empty)), ')');
  END LOOP;
  source_key := CASE WHEN key_of = 'content'
    -- by values and not by their texts, which follow settings of the session
    THEN 'pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(r.unit, r.region::text, r.occurred_on, r.quantity, r.base, r.amount, r.subject)::text, ''UTF8'')), ''hex''), 16)'
    ELSE 'r.source_key' END;

  -- Facts. Rows whose codes have changed are a branch of their own: in the
  -- other the region is what the column holds, so that conditions on it reach
  -- the table.
  columns := concat(' AS region, r.occurred_on, r.quantity, r.base, r.amount, r.subject, ', quote_literal(relation_name), '::text AS source_table, ',
    source_key, ' AS source_key, r.recorded_at, NULL::timestamptz AS voided_at FROM (SELECT ', array_to_string(row_values, ', '), ' FROM ', relation_name, ' AS s',
    ' WHERE ' || nullif(array_to_string(good, ' AND '), ''), ') AS r');
  FOREACH moved IN ARRAY CASE WHEN by_region THEN '{false,true}' ELSE '{false}' END::boolean[] LOOP
    place := CASE WHEN moved THEN 'c.region' ELSE 'r.region' END;
    stands_in := CASE WHEN NOT by_unit THEN place WHEN by_region THEN concat('COALESCE(', place, ', u.region)') ELSE 'u.region' END;
    -- c.region is there wherever a unit is, and within() looks at the other
    IF moved AND NOT by_unit THEN
      stands_in := 'COALESCE(c.region, r.region)';
    END IF;
    facts := concat_ws(' UNION ALL ', facts, concat(
      'SELECT ', quote_literal(measure), '::text AS measure, ', CASE WHEN by_unit THEN 'u.code' ELSE 'u.unit' END, ' AS unit, ', stands_in, columns,
      CASE WHEN moved THEN concat(' CROSS JOIN LATERAL (SELECT ', own, '.current_region(r.region, r.occurred_on) AS region OFFSET 0) AS c') END,
      CASE WHEN by_unit THEN concat(' JOIN ', own, '.unit AS u ON u.code = r.unit')
           ELSE concat(' JOIN ', own, '.region_unit AS u ON u.region OPERATOR(antifraud.=) COALESCE(antifraud.region_ancestor(', place, ', 5), ', place, ')') END,
      ' WHERE ', in_scope, stands_in, ' OPERATOR(antifraud.<@) (SELECT ', own, '.scope_region()))',
      CASE WHEN moved THEN concat(' AND ', some_change, ' AND ', changed)
           WHEN by_region THEN concat(' AND (NOT ', some_change, ' OR NOT ', changed, ')') END));
  END LOOP;

  -- and the rows that are none
  stands_in := CASE WHEN NOT by_unit THEN 'c.region' ELSE 'COALESCE(c.region, u.region)' END;
  bad := bad || CASE WHEN by_unit THEN 'u.code IS NULL' ELSE 'u.unit IS NULL' END;
  IF by_unit THEN
    present := 'u.code IS NULL';
    missing := 'CASE WHEN r.unit IS NULL THEN ''It is empty.'' ELSE ''It is no unit of the registry.'' END';
    missing_zh := 'CASE WHEN r.unit IS NULL THEN ''为空。'' ELSE ''不是登记的单位。'' END';
  ELSE
    present := concat('u.unit IS NULL', CASE WHEN 'r.good_region IS NOT TRUE' = ANY (bad) THEN ' AND r.good_region' END);
    missing := concat('CASE WHEN r.region IS NULL THEN ''It is empty.'' WHEN c.region IS NULL THEN ''Its changes in division_change lead round in a circle.'' ELSE pg_catalog.concat(CASE WHEN c.region OPERATOR(antifraud.<>) r.region THEN pg_catalog.format(''It is %s now. '', c.region) END,'
      ' CASE WHEN EXISTS (SELECT FROM ', own, '.unit AS o WHERE o.region OPERATOR(antifraud.=) COALESCE(antifraud.region_ancestor(c.region, 5), c.region)) THEN ''Several units lie there: map a column that names the unit.'' ELSE ''No unit of the registry lies there.'' END) END');
    missing_zh := concat('CASE WHEN r.region IS NULL THEN ''为空。'' WHEN c.region IS NULL THEN ''在区划变更表中循环。'' ELSE pg_catalog.concat(CASE WHEN c.region OPERATOR(antifraud.<>) r.region THEN pg_catalog.format(''现为%s。'', c.region) END,'
      ' CASE WHEN EXISTS (SELECT FROM ', own, '.unit AS o WHERE o.region OPERATOR(antifraud.=) COALESCE(antifraud.region_ancestor(c.region, 5), c.region)) THEN ''该地有多个单位，须映射单位列。'' ELSE ''该地没有登记的单位。'' END) END');
  END IF;
  faults := faults || concat('(', CASE WHEN by_unit THEN '''unit''' ELSE '''region''' END, ', ', coalesce(quote_literal(place_column), 'NULL'), ', r.raw_place, CASE WHEN ', present, ' THEN ', missing, ' END, CASE WHEN ', present, ' THEN ', missing_zh, ' END)');
  unreadable_rows := concat(
    ' FROM (SELECT ', array_to_string(row_values || row_parts, ', '), ' FROM ', relation_name, ' AS s) AS r',
    ' CROSS JOIN LATERAL (SELECT CASE WHEN ', some_change, ' AND ', changed, ' THEN ', own, '.current_region(r.region, r.occurred_on) ELSE r.region END AS region OFFSET 0) AS c',
    CASE WHEN by_unit THEN concat(' LEFT JOIN ', own, '.unit AS u ON u.code = r.unit')
         ELSE concat(' LEFT JOIN ', own, '.region_unit AS u ON u.region OPERATOR(antifraud.=) COALESCE(antifraud.region_ancestor(c.region, 5), c.region)') END);
  of_bad := concat(' WHERE (', array_to_string(bad, ' OR '), ') AND ', in_scope, stands_in, ' OPERATOR(antifraud.<@) (SELECT ', own, '.scope_region()))');
  unreadable := concat('SELECT ', quote_literal(measure), '::text AS measure, ', quote_literal(relation_name), '::text AS relation, ', CASE WHEN key_of = 'content' THEN source_key ELSE 'CASE WHEN r.good_source_key THEN r.source_key END' END, ' AS source_key,',
    ' f.fact_column::text, f.column_name::text,'
    ' pg_catalog.left(CASE WHEN antifraud.read_citizen_id(f.value) IS NULL AND antifraud.citizen_id_or_null(f.value) IS NULL THEN f.value ELSE pg_catalog.regexp_replace(f.value, ''[0-9](?=.{2})'', ''*'', ''g'') END, 200) AS value, f.reason::text, f.reason_zh::text, ', stands_in, ' AS region', unreadable_rows,
    ' CROSS JOIN LATERAL (VALUES ', array_to_string(faults, ', '), ') AS f (fact_column, column_name, value, reason, reason_zh)', of_bad, ' AND f.reason IS NOT NULL');
  unreadable_rows := concat('SELECT pg_catalog.count(*)', unreadable_rows, of_bad);
END
$body$;
COMMENT ON FUNCTION @registry@.source_queries(text, regclass, jsonb) IS 'The queries that a mapping comes to: the facts of a relation, what cannot be read in its other rows, and the number of these; and whether rows are named by the mapping, by the primary key or by their content. An error where the mapping, the measure or the relation will not do.';

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
    FROM @registry@.fact AS f WHERE f.measure = $1 AND f.source_table <> q.relation_name GROUP BY f.source_table ORDER BY f.source_table;
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
COMMENT ON FUNCTION @registry@.check_source(text, regclass, jsonb) IS 'What add_source() would find, without adding anything (mapping null: of the source that is there): how many rows there are, are facts, cannot be read (summary); what cannot be read in each row and why (unreadable); keys that several rows bear (duplicate); roles that read facts and may not read the relation, with what to run (access); what else to know (note).';

CREATE FUNCTION @registry@.check_source_keeper() RETURNS name
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  owner oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = format('%I.source', @registry_literal@)::regclass);
BEGIN
  IF NOT pg_has_role(owner, 'USAGE') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = 'only the owner of the registry adds and removes sources',
      DETAIL = format('In schema "%s" that is %s.', @registry_literal@, pg_get_userbyid(owner)),
      HINT = format('SET ROLE %I first.', pg_get_userbyid(owner));
  ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'active_sql_transaction',
      MESSAGE = format('sources cannot be added or removed under transaction isolation level %s', current_setting('transaction_isolation')),
      DETAIL = 'The view fact is made from all sources, also those that somebody added a moment ago.',
      HINT = 'Use READ COMMITTED.';
  END IF;
  RETURN pg_get_userbyid(owner);
END
$body$;
COMMENT ON FUNCTION @registry@.check_source_keeper() IS 'The owner of the registry; an error unless the current role may act for it, in this transaction.';

-- The options of a view are lost where CREATE OR REPLACE does not repeat them:
-- without security_invoker readers would see with the rights of the owner.
-- Views that are gone (a table below was dropped with CASCADE) are made as
-- they ship; sources whose views are gone have ended.
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
  made record;
  reader record;
BEGIN
  SELECT d.refobjid::regclass INTO made
  FROM pg_rewrite AS w JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class
  JOIN pg_class AS c ON c.oid = d.refobjid
  WHERE w.ev_class = to_regclass(format('%I.fact', registry))
    AND NOT (c.relnamespace = quote_ident(registry)::regnamespace AND (c.relname = 'registry_fact' OR c.relname ~ '^facts_of_source_[0-9]+$'));
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('the view fact reads %s by itself', made.refobjid),
      DETAIL = 'It was changed by hand, and to make it anew would undo that.',
      HINT = 'Put what was added into the view registry_fact, which stays as it is, and let fact be SELECT * FROM registry_fact; or make it a source.';
  END IF;
  UPDATE @registry@.source AS s SET relation = NULL, removed_at = now(), removed_by = current_user, removal_reason = 'its views were dropped'
    WHERE s.removed_at IS NULL AND to_regclass(format('%I.%I', registry, 'facts_of_source_' || s.id)) IS NULL;
  IF FOUND THEN
    DELETE FROM @registry@.card_exception AS x WHERE x.reason = 'A source outside the registry supplies it.' AND NOT @registry@.has_source(ARRAY[x.measure]);
  END IF;
  FOR made IN
    SELECT format('%I.%I', registry, v.name) AS name, v.name AS bare, v.query, c.oid IS NULL AS gone, coalesce(obj_description(c.oid, 'pg_class'), v.remark) AS remark,
           (SELECT string_agg(format('%I = %L', split_part(o.option, '=', 1), substr(o.option, strpos(o.option, '=') + 1)), ', ')
            FROM unnest('{security_invoker=true}'::text[] || ARRAY(SELECT r.option FROM unnest(c.reloptions) AS r (option) WHERE NOT starts_with(r.option, 'security_invoker='))) AS o (option)) AS options
    FROM (
      SELECT 'fact', concat_ws(' UNION ALL ', concat('SELECT ', fact_columns, format(' FROM %I.registry_fact AS f', registry)),
        (-- the measure as a constant here too: where another is asked for, the view below is not even
         -- planned, for which mysql_fdw would connect to its server
         SELECT string_agg(concat('SELECT ', quote_literal(s.measure), '::text AS measure, ', substr(fact_columns, length('f.measure::text, ') + 1), format(' FROM %I.%I AS f', registry, 'facts_of_source_' || s.id)), ' UNION ALL ' ORDER BY s.id)
         FROM @registry@.source AS s WHERE s.removed_at IS NULL)),
        'Every fact that a rule can count, one row each: those of the registry''s own tables, and those of sources.'
      UNION ALL
      SELECT 'unreadable_row', coalesce(
        (SELECT string_agg(concat('SELECT ', unreadable_columns, format(' FROM %I.%I AS f', registry, 'unreadable_of_source_' || s.id)), ' UNION ALL ' ORDER BY s.id) FROM @registry@.source AS s WHERE s.removed_at IS NULL),
        nothing),
        'Rows of sources that are no facts, because something in them cannot be read: a row for each column at fault. Who has a scope sees those that lie in it; those of which the place cannot be read are for the owner of the registry.') AS v (name, query, remark)
    LEFT JOIN pg_class AS c ON c.oid = to_regclass(format('%I.%I', registry, v.name))
  LOOP
    EXECUTE concat('CREATE OR REPLACE VIEW ', made.name, ' WITH (', made.options, ') AS ', made.query);
    EXECUTE format('COMMENT ON VIEW %s IS %L', made.name, made.remark);
    IF made.gone THEN
      EXECUTE format('ALTER VIEW %s OWNER TO %I', made.name, owner);
      EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', made.name);
      FOR reader IN SELECT quote_ident(a.role) AS name FROM @registry@.access_scope AS a JOIN pg_roles AS r ON r.rolname = a.role
                    WHERE (a.until IS NULL OR a.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date) AND has_table_privilege(a.role, format('%I.registry_fact', registry), 'SELECT') LOOP
        EXECUTE format('GRANT SELECT ON %s TO %s', made.name, reader.name);
      END LOOP;
      PERFORM CASE made.bare WHEN 'fact' THEN @registry@.comment_fact_views('{fact}') ELSE @registry@.comment_unreadable('{unreadable_row}') END;
    END IF;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.rebuild_fact() IS 'Make the views fact and unreadable_row from the registry''s own tables and the sources in the table source, with the options and comments that they have; and as they ship where they are gone, since a table of a source was dropped with CASCADE: such sources have ended. For the owner; add_source() and remove_source() call it.';

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
