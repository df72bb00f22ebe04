-- What a mapping says of one column of fact: how it is read from a relation
-- that others keep.
--
-- No row makes the views of sources fail: every value is read by a function or
-- cast that cannot, or within a CASE that lets through only what can be cast.

-- The parts are only put together, never taken as formats: a column may be
-- named 100%s.
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
  no_person text;
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
    -- The owner of a type may give it a cast of his own, which would run with
    -- the rights of whoever reads facts; what an extension brings is trusted.
    IF EXISTS (SELECT FROM pg_cast AS c WHERE c.castsource = base AND c.casttarget = 'text'::regtype AND c.castfunc >= 16384
               AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = c.castfunc AND d.deptype = 'e')) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'datatype_mismatch',
        MESSAGE = format('%s cannot be read from column "%s" of %s', fact_column, of_column.name, relation),
        DETAIL = format('Its type %s is cast to text by a function of its own, which would run with the rights of every reader.', format_type(of_column.atttypid, NULL)),
        HINT = 'Let the column be of type text, or drop the cast.';
    END IF;
    -- a key is the same in every session, whatever its DateStyle and TimeZone
    raw := concat_ws(' || ''/'' || ', raw, format(
      CASE WHEN fact_column = ANY ('{source_key,subject}') AND type_of = 'timestamptz'
             THEN 'CASE WHEN s.%1$I > ''1000-01-01 00:00:00+00'' AND s.%1$I < ''9999-01-01 00:00:00+00'' THEN pg_catalog.to_jsonb(s.%1$I AT TIME ZONE ''Asia/Shanghai'') OPERATOR(pg_catalog.#>>) ''{}'''
                  ' ELSE EXTRACT(epoch FROM s.%1$I)::text END'
           WHEN fact_column = ANY ('{source_key,subject}') AND type_of IN ('date', 'timestamp') THEN '(pg_catalog.to_jsonb(s.%I) OPERATOR(pg_catalog.#>>) ''{}'')'
           WHEN of_column.atttypid = 'text'::regtype THEN 's.%I' ELSE 's.%I::text' END, of_column.name));
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
  ELSE
    value := format('NULLIF(pg_catalog.btrim(%s, E'' \t\r\n\u00a0\u3000'') COLLATE pg_catalog."default", '''')', raw);
    -- keys are copied into results, and so are not to name a person either:
    -- not as a whole, not by one of several columns, not within other words
    IF fact_column = 'subject' OR (fact_column = 'source_key' AND (cardinality(names) > 1 OR base <> ALL ('{int2,int4}'::regtype[]))) THEN
      SELECT string_agg(format('antifraud.read_citizen_id(%1$s) IS NULL AND antifraud.citizen_id_or_null(%1$s) IS NULL AND ', w.words), '') INTO no_person
      FROM (SELECT raw UNION ALL SELECT format('s.%I::text', n) FROM unnest(names) AS n WHERE cardinality(names) > 1) AS w (words);
      no_person := concat(no_person, 'CASE WHEN pg_catalog.length(', raw, ') >= 18 THEN antifraud.read_citizen_id(pg_catalog.substring(', raw,
        ', ''(?<![0-9０-９])[0-9０-９]{17}[0-9０-９XxＸｘ](?![0-9０-９])'')) IS NULL ELSE true END');
    END IF;
    readable := CASE WHEN no_person IS NULL THEN format('%s IS NOT NULL', value)
                     ELSE format('CASE WHEN %s THEN %s ELSE false END', no_person, CASE fact_column WHEN 'subject' THEN 'true' ELSE value || ' IS NOT NULL' END) END;
  END CASE;
END
$body$;
COMMENT ON FUNCTION @registry@.source_column(regclass, text, jsonb) IS 'How a column of fact is read from a relation, as SQL over its alias s: the name of the column, its text, its value, whether it can be read, and the kind of reading_fault() that says why not (null: none). An error where the mapping says something that cannot be.';
