-- Judging lines: one statement for many lines, made from the mapping and from
-- what the catalogue says of the target, so that a constraint that an office
-- adds is judged as well. Nothing is written but the verdicts.

CREATE FUNCTION @registry@.import_unit_words(within antifraud.region)
RETURNS TABLE (word text, code text, region antifraud.region, times bigint)
STABLE ROWS 1000
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  -- 灵溪镇华府社区 and 苍南县灵溪镇华府社区 and 华府社区 are one place, unless two units would answer to it
  RETURN QUERY
    WITH RECURSIVE path AS (
      SELECT u.code, u.region, u.parent, @registry@.import_name(u.name) AS word, 1 AS depth FROM @registry@.unit AS u
      WHERE u.region OPERATOR(antifraud.<@) within
      UNION
      SELECT p.code, p.region, a.parent, w.word, p.depth + 1 FROM path AS p JOIN @registry@.unit AS a ON a.code = p.parent
      CROSS JOIN LATERAL (VALUES (p.word), (@registry@.import_name(a.name) || p.word)) AS w (word)
      WHERE p.depth < 8
    ), words AS (
      SELECT DISTINCT p.word, p.code, p.region FROM path AS p
      UNION
      SELECT @registry@.import_name(u.code), u.code, u.region FROM @registry@.unit AS u WHERE u.region OPERATOR(antifraud.<@) within
    )
    SELECT w.word, min(w.code), (array_agg(w.region ORDER BY w.code))[1], count(*) FROM words AS w GROUP BY w.word;
END
$body$;
COMMENT ON FUNCTION @registry@.import_unit_words(antifraud.region) IS 'By which words a file may name the units of a region: their code, their name, and their name after those of units above; times: how many units answer to it.';

CREATE FUNCTION @registry@.import_person_key(document_kind text, citizen_id antifraud.citizen_id, document_no text) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN encode(sha256(convert_to(document_kind || ':' || coalesce(citizen_id::text, document_no), 'UTF8')), 'hex');
COMMENT ON FUNCTION @registry@.import_person_key(text, antifraud.citizen_id, text) IS 'What tells the document of a person from others; staged with the row, and removed with it.';

CREATE FUNCTION @registry@.import_mask(words text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN regexp_replace(words, '([0-9０-９]{3})[0-9０-９ ]{10,}([0-9０-９][0-9０-９XxＸｘ])', '\1****\2', 'g');
COMMENT ON FUNCTION @registry@.import_mask(text) IS 'A text in which numbers as long as a citizen id show their first three and last two digits only.';

-- The columns that a file fills, in the order of the table; those that follow
-- from others (region from the unit, unit from the region) are among them.
CREATE FUNCTION @registry@.import_columns(batch bigint)
RETURNS TABLE (place integer, name text, type text, plain boolean, kind text, field integer, initial text, required boolean)
STABLE ROWS 20
LANGUAGE sql
BEGIN ATOMIC
  SELECT row_number() OVER (ORDER BY a.attnum)::integer AS place, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
         t.typnamespace = 'pg_catalog'::regnamespace AS plain, f.kind AS kind, f.place AS field,
         CASE WHEN a.atthasdef THEN pg_get_expr(d.adbin, d.adrelid) END AS initial, a.attnotnull AND NOT a.atthasdef AS required
  FROM @registry@.import_batch AS b
  JOIN pg_attribute AS a ON a.attrelid = format('%I.%I', @registry_literal@, b.target)::regclass AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN @registry@.import_field AS f ON f.batch = b.id AND f.name = a.attname
  WHERE b.id = import_columns.batch AND a.attname <> 'source_key' AND a.attgenerated = '' AND a.attidentity = ''
    AND (f.place IS NOT NULL OR a.attname = 'region' OR a.attname = 'unit' AND b.target <> 'person');
END;
COMMENT ON FUNCTION @registry@.import_columns(bigint) IS 'The columns of the target that a batch fills, in the order of import_row.taken.';

CREATE FUNCTION @registry@.import_statement(batch bigint) RETURNS text
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- (days are written into the statement and into import_row.taken, where another session reads them)
SET datestyle = 'ISO, YMD'
AS $body$
DECLARE
  registry text := @registry_literal@;
  about @registry@.import_batch;
  relation regclass;
  facts boolean;
  f record;
  c record;
  s text;
  raw text := '';        -- the cells, cleaned
  joins text := '';      -- words and what they stand for
  reads text := '';      -- the values, by column
  faults text := '';     -- reasons
  taken text := '';      -- the values as text
  had text := '';        -- the same of a row that is there
  lookups text := '';
  twins text := '';
  key text;
  unit_field integer;
  region_field integer;
BEGIN
  SELECT * INTO about FROM @registry@.import_batch AS b WHERE b.id = import_statement.batch;
  relation := format('%I.%I', registry, about.target)::regclass;
  facts := about.target <> ALL ('{person,unit}');

  FOR f IN SELECT * FROM @registry@.import_field AS w WHERE w.batch = about.id ORDER BY w.place LOOP
    s := CASE WHEN f.constant IS NOT NULL THEN quote_literal(f.constant) || '::text' ELSE format('%I.import_plain(r.cells[%s])', registry, f.place) END;
    IF f.kind <> 'text' AND f.constant IS NULL THEN  -- what stands for nothing
      s := format('nullif(nullif(nullif(nullif(nullif(%s, ''-''), ''--''), ''/''), ''NULL''), ''—'')', s);
    END IF;
    IF f.codes IS NOT NULL THEN
      s := format('coalesce(%L::jsonb ->> %s, %s)', f.codes, s, s);
    END IF;
    IF f.fallback IS NOT NULL THEN
      s := format('coalesce(%s, %L)', s, f.fallback);
    END IF;
    raw := raw || format(', %s AS "import.s%s"', s, f.place);
    s := format('b."import.s%s"', f.place);
    IF f.kind IN ('unit', 'parent') OR f.kind = 'region' THEN
      joins := joins || format(E'\n  LEFT JOIN named AS w%1$s ON w%1$s.word = %3$I.import_name(regexp_replace(%2$s, ''^([0-9]+)[.]0+$'', E''\\\\1''))', f.place, s, registry);
      unit_field := CASE WHEN f.name = 'unit' THEN f.place ELSE unit_field END;
      region_field := CASE WHEN f.name = 'region' THEN f.place ELSE region_field END;
    ELSIF f.kind = 'code' THEN
      joins := joins || format(
        E'\n  LEFT JOIN (SELECT x.word, min(x.code) AS code, count(*) AS times FROM (SELECT l.code, lower(l.code) AS word FROM %2$I.%3$I AS l UNION SELECT l.code, %2$I.import_name(l.label_zh) FROM %2$I.%3$I AS l UNION SELECT l.code, %2$I.import_name(l.label_en) FROM %2$I.%3$I AS l UNION SELECT l.code, %2$I.import_name(a.word) FROM %2$I.%3$I AS l JOIN %2$I.import_alias AS a ON a.code = l.code AND a.list = %5$L) AS x GROUP BY x.word) AS w%1$s ON w%1$s.word = %2$I.import_name(%4$s)',
        f.place, registry, f.list, s, f.list);
    END IF;
  END LOOP;
  IF region_field IS NOT NULL AND facts THEN
    joins := joins || format(E'\n  LEFT JOIN (SELECT u.region, min(u.code) AS code FROM %1$I.unit AS u WHERE u.active GROUP BY u.region HAVING count(*) = 1) AS ur ON ur.region OPERATOR(antifraud.=) antifraud.read_region(b."import.s%2$s")', registry, region_field);
  END IF;

  FOR c IN
    SELECT k.place, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, t.typnamespace = 'pg_catalog'::regnamespace AS plain, w.kind, w.place AS field, w.times,
           CASE WHEN a.atthasdef THEN pg_get_expr(d.adbin, d.adrelid) END AS initial, a.attnotnull AND NOT a.atthasdef AS required,
           CASE WHEN w.place IS NOT NULL THEN format('b."import.s%s"', w.place) END AS cell,
           k.place IS NOT NULL AS filled
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN @registry@.import_field AS w ON w.batch = about.id AND w.name = a.attname
    LEFT JOIN @registry@.import_columns(about.id) AS k ON k.name = a.attname
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
      AND a.attname <> ALL ('{source_key,recorded_at,recorded_by,voided_at,voided_by,void_reason}')
    ORDER BY a.attnum
  LOOP
    s := CASE
      WHEN c.name = 'region' AND c.field IS NOT NULL THEN
        format('coalesce(antifraud.read_region(%s), CASE WHEN w%s.times = 1 THEN w%2$s.region END%3$s)', c.cell, c.field, format(', CASE WHEN %s IS NULL AND w%s.times = 1 THEN w%2$s.region END', c.cell, unit_field))
      WHEN c.name = 'region' AND about.target = 'unit' THEN (SELECT format('antifraud.read_region(b."import.s%s")', w.place) FROM @registry@.import_field AS w WHERE w.batch = about.id AND w.name = 'code')
      WHEN c.name = 'region' AND unit_field IS NOT NULL THEN format('CASE WHEN w%s.times = 1 THEN w%1$s.region END', unit_field)
      WHEN c.name = 'unit' AND c.field IS NULL AND c.filled THEN format('coalesce(CASE WHEN w%s.times = 1 THEN w%1$s.code END, ur.code)', region_field)
      WHEN c.name = 'unit' AND region_field IS NOT NULL AND facts THEN
        format('CASE WHEN %s IS NULL THEN coalesce(CASE WHEN w%s.times = 1 THEN w%2$s.code END, ur.code) WHEN w%3$s.times = 1 THEN w%3$s.code END', c.cell, region_field, c.field)
      WHEN c.kind IN ('unit', 'code') THEN format('CASE WHEN w%s.times = 1 THEN w%1$s.code END', c.field)
      WHEN c.kind = 'parent' THEN format('CASE WHEN w%s.times = 1 THEN w%1$s.code ELSE %2$s END', c.field, c.cell)
      WHEN c.kind = 'date' THEN format('antifraud.read_date(%s)', c.cell)
      WHEN c.kind = 'number' THEN format('trim_scale(antifraud.read_number(%s)%s)', c.cell, ' * ' || c.times)
      WHEN c.kind IN ('integer', 'bigint') THEN
        format('(SELECT CASE WHEN n.n = trunc(n.n) AND n.n BETWEEN %s AND %s THEN n.n::%s END FROM (SELECT antifraud.read_number(%s)%s OFFSET 0) AS n (n))',
               CASE c.kind WHEN 'integer' THEN '-2147483648' ELSE '-9223372036854775808' END, CASE c.kind WHEN 'integer' THEN '2147483647' ELSE '9223372036854775807' END, c.kind, c.cell, ' * ' || c.times)
      WHEN c.kind = 'yes_no' THEN format($sql$CASE WHEN lower(%1$s) = ANY ('{是,有,对,√,✓,y,yes,t,true,1}') THEN true WHEN lower(%1$s) = ANY ('{否,无,没有,未,×,✗,✕,n,no,f,false,0}') THEN false END$sql$, c.cell)
      WHEN c.kind = 'time' THEN format($sql$CASE WHEN %1$s ~ '^([01]?[0-9]|2[0-3])[:：][0-5][0-9]([:：][0-5][0-9])?$' THEN translate(%1$s, '：', ':')::time END$sql$, c.cell)
      WHEN c.kind = 'citizen_id' THEN format('antifraud.read_citizen_id(%s)', c.cell)
      WHEN c.name = 'victim_sex' AND c.kind = 'text' THEN format($sql$CASE %1$s WHEN '男' THEN 'M' WHEN '女' THEN 'F' ELSE upper(%1$s) END$sql$, c.cell)
      WHEN c.kind IS NOT NULL THEN c.cell
      ELSE 'NULL' END;
    IF c.filled THEN
      faults := faults
        -- what no reader could read, in its own words
        || CASE c.kind
             WHEN 'region' THEN format(E',\n  CASE WHEN v."import.s%1$s" IS NOT NULL AND v.%2$I IS NULL THEN CASE WHEN v."import.w%1$s" > 1 THEN %4$L ELSE %3$L END END', c.field, c.name, c.name || ':region', c.name || ':unit_ambiguous')
             WHEN 'unit' THEN format(E',\n  CASE WHEN v."import.s%1$s" IS NOT NULL AND v.%2$I IS NULL THEN CASE WHEN v."import.s%1$s" ~ ''^[0-9.]+[Ee][+]?[0-9]+$'' THEN %5$L WHEN v."import.w%1$s" > 1 THEN %4$L ELSE %3$L END END',
                                     c.field, c.name, c.name || ':unit', c.name || ':unit_ambiguous', c.name || ':excel_number')
             WHEN 'code' THEN format(E',\n  CASE WHEN v."import.s%1$s" IS NOT NULL AND v.%2$I IS NULL THEN CASE WHEN v."import.w%1$s" > 1 THEN %4$L ELSE %3$L END END', c.field, c.name, c.name || ':code', c.name || ':code_ambiguous')
             ELSE CASE WHEN c.kind = ANY ('{date,number,citizen_id,yes_no,time}')
                    THEN format(E',\n  CASE WHEN v."import.s%1$s" IS NOT NULL AND v.%2$I IS NULL THEN %3$L END', c.field, c.name, c.name || ':' || c.kind) ELSE '' END END
        || CASE WHEN c.kind IN ('integer', 'bigint')
             THEN format(E',\n  CASE WHEN v."import.s%1$s" IS NOT NULL AND v.%2$I IS NULL THEN CASE WHEN antifraud.reading_fault(''number'', v."import.s%1$s") IS NULL THEN %4$L ELSE %3$L END END', c.field, c.name, c.name || ':number', c.name || ':integer') ELSE '' END
        || CASE WHEN c.times <> 1
             THEN format(E',\n  CASE WHEN v."import.s%1$s" ~ ''[万亿萬億]'' THEN %2$L END', c.field, c.name || ':unit_twice') ELSE '' END
        -- a spreadsheet makes numbers of numbers
        || CASE WHEN c.kind IN ('text', 'key', 'parent')
             THEN format(E',\n  CASE WHEN v."import.s%1$s" ~ ''^[0-9][.][0-9]+[Ee][+]?[0-9]+$'' THEN %2$L WHEN v."import.s%1$s" ~ ''^[0-9]{15}0+$'' THEN %3$L END', c.field, c.name || ':excel_number', c.name || ':excel_cut') ELSE '' END
        || CASE WHEN c.kind = 'text' AND about.target <> 'person'
             THEN format(E',\n  CASE WHEN length(v."import.s%1$s") >= 18 AND antifraud.read_citizen_id(substring(v."import.s%1$s" FROM ''[0-9０-９]{17}[0-9０-９XxＸｘ]'')) IS NOT NULL THEN %2$L END', c.field, c.name || ':citizen_id_here') ELSE '' END
        || CASE WHEN c.required AND c.field IS NOT NULL
             THEN format(E',\n  CASE WHEN v."import.s%1$s" IS NULL AND v.%3$I IS NULL THEN %2$L END', c.field, c.name || ':missing', c.name)
             -- the unit has no region of its own, or the region no unit
             WHEN c.name = 'unit' AND c.field IS NULL THEN format(E',\n  CASE WHEN v.region IS NOT NULL AND v.unit IS NULL THEN ''region:unit_of_region'' END')
             WHEN c.name = 'region' AND c.field IS NULL AND about.target = 'person' THEN format(E',\n  CASE WHEN v."import.s%s" IS NULL THEN ''unit:missing'' END', unit_field)
             WHEN c.name = 'region' AND c.field IS NULL AND about.target = 'unit' THEN format(E',\n  CASE WHEN v.region IS NULL AND v.code IS NOT NULL THEN ''code:region'' END')
             ELSE '' END;
      IF c.name = 'region' THEN
        faults := faults || format(E',\n  CASE WHEN NOT v.region OPERATOR(antifraud.<@) $4 THEN %L END', CASE WHEN c.field IS NOT NULL THEN 'region' WHEN about.target = 'unit' THEN 'code' ELSE 'unit' END || ':outside');
        IF c.field IS NOT NULL AND unit_field IS NOT NULL THEN
          faults := faults || E',\n  CASE WHEN NOT v.region OPERATOR(antifraud.<@) v."import.unit region" THEN ''region:not_of_unit'' END';
          reads := reads || format(E',\n  CASE WHEN w%s.times = 1 THEN w%1$s.region END AS "import.unit region"', unit_field);
        END IF;
      END IF;
      taken := taken || format(', v.%I::text', c.name);
      had := had || CASE WHEN c.kind = 'number' THEN format(', trim_scale(t.%I)::text', c.name) ELSE format(', t.%I::text', c.name) END;
    END IF;
    IF c.initial IS NOT NULL AND (c.cell IS NOT NULL OR NOT c.filled) THEN
      s := CASE WHEN c.cell IS NULL THEN c.initial ELSE format('CASE WHEN %s IS NULL THEN %s ELSE %s END', c.cell, c.initial, s) END;
    END IF;
    reads := reads || format(E',\n  (%s)::%s AS %I', s, c.type, c.name);
  END LOOP;
  FOR f IN SELECT w.place, w.kind FROM @registry@.import_field AS w WHERE w.batch = about.id ORDER BY w.place LOOP
    reads := reads || format(', b."import.s%s"', f.place) || CASE WHEN f.kind IN ('unit', 'region', 'code') THEN format(', w%s.times AS "import.w%1$s"', f.place) ELSE '' END;
  END LOOP;

  -- the constraints of the table, as they are written there; one on a single
  -- column is the fault of its cell.  A cell that could not be read has its own
  -- fault, and what follows from its absence would only lead astray.
  FOR c IN
    SELECT k.conname::text AS name, pg_get_expr(k.conbin, k.conrelid) AS condition,
           CASE WHEN cardinality(k.conkey) = 1 THEN w.blamed END AS blamed, w.unread
    FROM pg_constraint AS k
    CROSS JOIN LATERAL (
      SELECT min(m.name) AS blamed, string_agg(format(' AND NOT (v."import.s%s" IS NOT NULL AND v.%I IS NULL)', m.place, a.attname), '' ORDER BY m.place) AS unread
      FROM pg_attribute AS a JOIN @registry@.import_field AS m ON m.batch = about.id AND m.name = a.attname
      WHERE a.attrelid = relation AND a.attnum = ANY (k.conkey)) AS w
    WHERE k.conrelid = relation AND k.contype = 'c'
      AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum = ANY (k.conkey) AND (a.attgenerated <> '' OR a.attidentity <> '' OR a.attname = ANY ('{source_key,recorded_at,recorded_by,voided_at,voided_by,void_reason}')))
    ORDER BY k.conname
  LOOP
    faults := faults || format(E',\n  CASE WHEN NOT (%s)%s THEN %L END', c.condition, c.unread, coalesce(c.blamed, '') || ':' || c.name);
  END LOOP;

  -- rows of other tables that it refers to, but for codes and units, which
  -- were found above
  FOR c IN
    SELECT k.conname::text AS name, k.confrelid::regclass::text AS parent,
           string_agg(format('v.%I IS NOT NULL', a.attname), ' AND ' ORDER BY u.place) AS given,
           string_agg(format('p.%I %s v.%I', b.attname, CASE WHEN t.typnamespace = 'antifraud'::regnamespace THEN 'OPERATOR(antifraud.=)' ELSE '=' END, a.attname), ' AND ' ORDER BY u.place) AS condition
    FROM pg_constraint AS k
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u (own, theirs, place)
    JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = u.own
    JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = u.theirs
    JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN @registry@.import_field AS w ON w.batch = about.id AND w.name = a.attname
    WHERE k.conrelid = relation AND k.contype = 'f' AND k.confrelid <> relation
    GROUP BY k.conname, k.confrelid
    HAVING bool_or(w.kind = ANY ('{text,number,integer,bigint,date,region,citizen_id}'))
    ORDER BY k.conname
  LOOP
    faults := faults || format(E',\n  CASE WHEN %s AND NOT EXISTS (SELECT FROM %s AS p WHERE %s) THEN %L END', c.given, c.parent, c.condition, ':' || c.name);
  END LOOP;

  key := CASE
    WHEN about.target = 'unit' THEN 'j.code'
    WHEN about.target = 'person' THEN format('%I.import_person_key(j.document_kind, j.citizen_id, j.document_no)', registry)
    ELSE format('%L || coalesce(%s, encode(sha256(convert_to(array_to_string(j."import.taken", E''\x1f'', E''\x1e''), ''UTF8'')), ''hex''))', about.source || ':',
      coalesce(
        (SELECT format('j."import.s%s"', w.place) FROM @registry@.import_field AS w WHERE w.batch = about.id AND w.name = 'source_key'),
        (SELECT format('j.%I', a.attname) FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
         JOIN @registry@.import_field AS w ON w.batch = about.id AND w.name = a.attname
         WHERE i.indrelid = relation AND i.indisunique AND i.indnkeyatts = 1 ORDER BY a.attnum LIMIT 1),
        'NULL')) END;
  IF EXISTS (SELECT FROM @registry@.import_field AS w WHERE w.batch = about.id AND w.name = 'source_key') THEN
    SELECT faults || format(E',\n  CASE WHEN v."import.s%1$s" IS NULL THEN ''source_key:missing'' WHEN v."import.s%1$s" ~ ''^[0-9][.][0-9]+[Ee][+]?[0-9]+$'' THEN ''source_key:excel_number'' WHEN v."import.s%1$s" ~ ''^[0-9]{15}0+$'' THEN ''source_key:excel_cut'' END', w.place)
      INTO faults FROM @registry@.import_field AS w WHERE w.batch = about.id AND w.name = 'source_key';
  END IF;

  -- unique indexes: another row has this value already
  FOR c IN
    SELECT i.indexrelid, string_agg(format('t.%I', a.attname), ', ' ORDER BY u.place) AS columns, min(a.attname) AS first, min(u.rank_here) AS rank_here,
           string_agg(format('u%s.%I %s y.%2$I', u.rank_here, a.attname, CASE WHEN t.typnamespace = 'antifraud'::regnamespace THEN 'OPERATOR(antifraud.=)' ELSE '=' END), ' AND ' ORDER BY u.place) AS condition,
           ' WHERE ' || pg_get_expr(i.indpred, i.indrelid) AS predicate
    FROM pg_index AS i
    CROSS JOIN LATERAL (SELECT k.number, k.place, i.indexrelid::text AS rank_here FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place) WHERE k.place <= i.indnkeyatts) AS u
    LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number
    LEFT JOIN pg_type AS t ON t.oid = a.atttypid
    WHERE i.indrelid = relation AND i.indisunique AND i.indisvalid AND i.indexprs IS NULL
    GROUP BY i.indexrelid, i.indpred, i.indrelid
    HAVING bool_and(a.attname <> 'source_key' AND a.attidentity = '' AND a.attgenerated = '' AND NOT (about.target = 'unit' AND a.attname = 'code'))
       AND bool_or(EXISTS (SELECT FROM @registry@.import_field AS w WHERE w.batch = about.id AND w.name = a.attname))
    ORDER BY i.indexrelid
  LOOP
    lookups := lookups || format(E'\nLEFT JOIN (SELECT t.id::text AS id, %s FROM %s AS t%s) AS u%s ON %s', c.columns, relation::text, coalesce(c.predicate, ''), c.rank_here, c.condition);
    twins := twins || format(E'\n    WHEN u%s.id IS NOT NULL THEN ARRAY[''duplicate'', %L, u%1$s.id]', c.rank_here, CASE WHEN about.target = 'person' THEN ':document_known' ELSE c.first || ':taken' END);
  END LOOP;

  -- the row itself, by its key
  -- (read by hashing all of them once: looked up one by one, a planner that
  -- believes a partial index to be empty would read it through for each line)
  IF facts OR EXISTS (SELECT FROM @registry@.import_field AS w WHERE w.batch = about.id AND w.name = 'source_key') THEN
    lookups := format(E'\nLEFT JOIN (SELECT t.id, t.source_key AS key FROM %1$s AS t WHERE t.source_key IS NOT NULL%2$s) AS known ON known.key = %3$s\nLEFT JOIN LATERAL (SELECT t.id::text AS id, ARRAY[%4$s]::text[] AS had FROM %1$s AS t WHERE t.id = known.id OFFSET 0) AS own ON true',
      relation::text, CASE WHEN facts THEN ' AND t.voided_at IS NULL' END,
      CASE WHEN facts THEN 'y."import.key"' ELSE (SELECT format('%L || y."import.s%s"', about.source || ':', w.place) FROM @registry@.import_field AS w WHERE w.batch = about.id AND w.name = 'source_key') END, substr(had, 3)) || lookups;
  ELSIF about.target = 'unit' THEN
    lookups := format(E'\nLEFT JOIN LATERAL (SELECT t.code AS id, ARRAY[%s]::text[] AS had FROM %s AS t WHERE t.code = y."import.key" OFFSET 0) AS own ON true', substr(had, 3), relation::text) || lookups;
  ELSE
    lookups := E'\nCROSS JOIN (SELECT NULL::text AS id, NULL::text[] AS had) AS own' || lookups;
  END IF;
  IF facts THEN
    -- what a person has withdrawn does not come back with the next file; what
    -- an import took back may
    lookups := lookups || format(E'\nLEFT JOIN (SELECT DISTINCT ON (t.source_key) t.source_key, t.id::text AS id, t.void_reason FROM %s AS t WHERE t.voided_at IS NOT NULL AND t.source_key IS NOT NULL ORDER BY t.source_key, t.voided_at DESC, t.id DESC) AS gone ON gone.source_key = y."import.key" AND NOT starts_with(gone.void_reason, ''import '')', relation::text);
    twins := twins || $twin$
    WHEN gone.id IS NOT NULL THEN ARRAY['duplicate', ':withdrawn', gone.id]$twin$;
  END IF;

  RETURN format($sql$
UPDATE %1$I.import_row AS r
SET verdict = x.verdict, faults = x.faults, key = x.key, taken = x.taken, target_key = x.target_key, said = NULL
FROM (
WITH named AS MATERIALIZED (SELECT n.* FROM %1$I.import_unit_words($4) AS n)
SELECT y."import.line" AS line, y."import.key" AS key, y."import.taken" AS taken, o.found[1] AS verdict, o.found[3] AS target_key,
       CASE WHEN o.found[2] = '' THEN y."import.faults" ELSE ARRAY[o.found[2]] END AS faults
FROM (SELECT j.*, %2$s AS "import.key"
FROM (SELECT v.*, ARRAY[%3$s]::text[] AS "import.taken", CASE WHEN v."import.spoilt" THEN '{:encoding}' ELSE array_remove(ARRAY[
  CASE WHEN v."import.excess" = -10000 THEN ':open_quote' WHEN v."import.excess" < 0 THEN ':too_few_cells' WHEN v."import.excess" > 0 THEN ':too_many_cells' END%4$s]::text[], NULL) END AS "import.faults"
FROM (SELECT b."import.line", b."import.excess", b."import.spoilt"%5$s
FROM (SELECT r.line AS "import.line", r.excess AS "import.excess", strpos(array_to_string(r.cells, ''), E'\ufffd') > 0 AS "import.spoilt"%6$s
      FROM %1$I.import_row AS r WHERE r.batch = $1 AND r.line BETWEEN $2 AND $3 AND r.verdict = 'read' OFFSET 0) AS b%7$s
OFFSET 0) AS v
OFFSET 0) AS j
OFFSET 0) AS y%8$s
CROSS JOIN LATERAL (SELECT CASE
    WHEN y."import.faults" <> '{}' THEN ARRAY['faulty', '', NULL]
    WHEN own.id IS NOT NULL THEN
      CASE WHEN EXISTS (SELECT FROM unnest(y."import.taken", own.had) AS u (says, said) WHERE u.says IS NOT NULL AND u.says IS DISTINCT FROM u.said)
           THEN ARRAY['changed', ':known_other', own.id] ELSE ARRAY['duplicate', ':known', own.id] END%9$s
    ELSE ARRAY['ready', '', NULL] END AS found OFFSET 0) AS o
) AS x
WHERE r.batch = $1 AND r.line = x.line$sql$, registry, key, substr(taken, 3), faults, reads, raw, joins, lookups, twins);
END
$body$;
COMMENT ON FUNCTION @registry@.import_statement(bigint) IS 'The statement that judges the lines $2 to $3 of batch $1 about region $4.';

-- What refuses a single row, as opposed to the server, the rights of the
-- caller or a conflict that another attempt would not meet.
CREATE FUNCTION @registry@.import_is_of_row(state text) RETURNS boolean
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN left(state, 2) = ANY ('{21,22,23,54,55,P0}') AND state <> ALL ('{54001,55P03,55006,P0002,P0003}') OR state = '42501';
COMMENT ON FUNCTION @registry@.import_is_of_row(text) IS 'Whether an error of this SQLSTATE is about what a row says.';

-- Tenths: where one line in a hundred is bad, fewer repetitions than halves.
CREATE FUNCTION @registry@.import_parts(batch bigint, from_line bigint, to_line bigint, wanted text)
RETURNS TABLE (first_line bigint, last_line bigint, rows bigint, parts bigint)
LANGUAGE sql
BEGIN ATOMIC
  SELECT min(w.line) AS first_line, max(w.line) AS last_line, count(*) AS rows, count(*) OVER () AS parts
  FROM (SELECT r.line, ntile(10) OVER (ORDER BY r.line) AS part FROM @registry@.import_row AS r
        WHERE r.batch = $1 AND r.line BETWEEN $2 AND $3 AND r.verdict = $4) AS w
  GROUP BY w.part ORDER BY w.part;
END;
COMMENT ON FUNCTION @registry@.import_parts(bigint, bigint, bigint, text) IS 'The lines of a verdict between two lines, in at most ten parts.';

-- By hashing: nothing is known yet about lines that were just read, and a
-- planner that expects one would compare each with each.
CREATE FUNCTION @registry@.import_check_lines(batch bigint, from_line bigint, to_line bigint, statement text, region antifraud.region) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
SET datestyle = 'ISO, YMD'
AS $body$
DECLARE
  state text;
  message text;
  part record;
BEGIN
  BEGIN
    EXECUTE statement USING batch, from_line, to_line, region;
    RETURN;
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
    IF state = '42501' OR NOT @registry@.import_is_of_row(state) THEN
      RAISE;
    END IF;
  END;
  -- one row that no constraint can be asked about must not hold up the others
  FOR part IN SELECT * FROM @registry@.import_parts(batch, from_line, to_line, 'read') LOOP
    IF part.rows = 1 AND part.parts = 1 THEN
      UPDATE @registry@.import_row AS r SET verdict = 'faulty', faults = '{:server}', said = @registry@.import_mask(message)
        WHERE r.batch = import_check_lines.batch AND r.line = part.first_line;
    ELSE
      PERFORM @registry@.import_check_lines(batch, part.first_line, part.last_line, statement, region);
    END IF;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.import_check_lines(bigint, bigint, bigint, text, antifraud.region) IS 'Judge some lines of a batch by its statement; lines whose judging fails are found by dividing them.';

-- What only the whole file shows: the same key twice.
CREATE FUNCTION @registry@.import_settle(batch bigint) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  UPDATE @registry@.import_row AS r
  SET verdict = CASE WHEN d.differ THEN 'faulty' ELSE 'duplicate' END, faults = CASE WHEN d.differ THEN '{:key_twice}'::text[] ELSE '{:in_file}'::text[] END
  FROM (
    SELECT w.line, w.line > min(w.line) OVER same AS again, min(w.taken) OVER same <> max(w.taken) OVER same AS differ
    FROM @registry@.import_row AS w WHERE w.batch = import_settle.batch AND w.verdict = ANY ('{ready,changed}') AND w.key IS NOT NULL
    WINDOW same AS (PARTITION BY w.key)) AS d
  WHERE r.batch = import_settle.batch AND r.line = d.line AND (d.again OR d.differ);
  UPDATE @registry@.import_batch AS b SET state = 'checked' WHERE b.id = import_settle.batch;
END;
COMMENT ON FUNCTION @registry@.import_settle(bigint) IS 'Judge what only the whole file shows, the same key twice, and end the check.';

CREATE FUNCTION @registry@.import_counts(batch bigint) RETURNS TABLE (verdict text, lines bigint)
STABLE ROWS 8
LANGUAGE sql
BEGIN ATOMIC
  SELECT v.code AS verdict, count(*) AS lines FROM @registry@.import_row AS r
  JOIN unnest('{read,aside,ready,faulty,duplicate,changed,applied,undone}'::text[]) WITH ORDINALITY AS v (code, rank) ON v.code = r.verdict
  WHERE r.batch = import_counts.batch GROUP BY v.code, v.rank ORDER BY v.rank;
END;
COMMENT ON FUNCTION @registry@.import_counts(bigint) IS 'How many lines of a batch have which verdict; together all that were read, where a row with line breaks within quotes is one.';

CREATE FUNCTION @registry@.import_check(batch bigint) RETURNS TABLE (verdict text, lines bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  this @registry@.import_batch := @registry@.import_lock(batch, '{loading,checking,checked,applying,applied}');
BEGIN
  PERFORM @registry@.import_split(batch);
  -- judged anew: meanwhile a unit may have been added, or a fact entered
  UPDATE @registry@.import_row AS r SET verdict = 'read', faults = '{}', said = NULL, target_key = NULL
    WHERE r.batch = import_check.batch AND r.verdict = ANY ('{ready,faulty,duplicate,changed}');
  PERFORM @registry@.import_check_lines(batch, 1, 9223372036854775806, @registry@.import_statement(batch), this.region);
  PERFORM @registry@.import_settle(batch);
  UPDATE @registry@.import_batch AS b SET lines_checked = b.lines_read WHERE b.id = import_check.batch;
  RETURN QUERY SELECT c.verdict, c.lines FROM @registry@.import_counts(batch) AS c;
END
$body$;
COMMENT ON FUNCTION @registry@.import_check(bigint) IS 'Judge each line of a batch, and count the verdicts: nothing is written outside of it. May be called again, when what was lacking has been added.';
