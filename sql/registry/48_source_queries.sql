-- What a whole mapping comes to: the facts of a relation, and what cannot be
-- read in the rows that are none. No row is in both, or in neither.

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
      -- most codes have not changed: the function is for those that have
      CASE WHEN moved THEN concat(' CROSS JOIN LATERAL (SELECT CASE WHEN ', changed, ' THEN ', own, '.current_region(r.region, r.occurred_on) END AS region OFFSET 0) AS c') END,
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
    ' pg_catalog.left(CASE WHEN antifraud.read_citizen_id(f.value) IS NULL AND antifraud.citizen_id_or_null(f.value) IS NULL THEN pg_catalog.regexp_replace(f.value, ''(?<![0-9０-９])[0-9０-９]{16}(?=[0-9０-９][0-9０-９XxＸｘ](?![0-9０-９]))'', ''****************'', ''g'')'
    ' ELSE pg_catalog.regexp_replace(f.value, ''[0-9](?=.{2})'', ''*'', ''g'') END, 200) AS value, f.reason::text, f.reason_zh::text, ', stands_in, ' AS region', unreadable_rows,
    ' CROSS JOIN LATERAL (VALUES ', array_to_string(faults, ', '), ') AS f (fact_column, column_name, value, reason, reason_zh)', of_bad, ' AND f.reason IS NOT NULL');
  unreadable_rows := concat('SELECT pg_catalog.count(*)', unreadable_rows, of_bad);
END
$body$;
COMMENT ON FUNCTION @registry@.source_queries(text, regclass, jsonb) IS 'The queries that a mapping comes to: the facts of a relation, what cannot be read in its other rows, and the number of these; and whether rows are named by the mapping, by the primary key or by their content. An error where the mapping, the measure or the relation will not do.';
