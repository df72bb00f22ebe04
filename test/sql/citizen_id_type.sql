-- Type citizen_id.  The ids are made up: their county 339999 does not exist
-- and cannot (GB/T 2260 has no prefecture with the digits 99); check
-- characters were computed by hand with the weights of GB 11643, 7 9 10 5 8 4
-- 2 1 6 3 7 9 10 5 8 4 2, and the remainder's character in 10X98765432.
SET search_path = public, antifraud;
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';
\pset null '(null)'

CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  given text; detail text; hint text;
BEGIN
  EXECUTE query INTO given;
  RETURN coalesce(given, '(null)');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN format(E'%s: %s\n  detail: %s\n  hint: %s', SQLSTATE, SQLERRM, detail, hint);
END
$$;

-- 18 characters, x for X, white space around; 15 digits get the century 19.
SELECT given, given::citizen_id AS id
FROM unnest(ARRAY['339999199001010013', '33999919880707007X', '33999919880707007x', E' 339999199001010021\n', '339999900101001', '339999880707007']) AS given;
SELECT '11010519491231002X'::citizen_id AS example_of_the_standard;

-- Born in every kind of region: the edges of time, residents from Hong Kong,
-- Macao and Taiwan, foreign permanent residents.
SELECT id, birth_date(id), sex(id), home_region(id), mask(id), age(id, '2200-01-01')
FROM unnest('{339999180001010056,339999219912310063,339999200402290031,81000019900101014X,82000019900101015X,83000019900101016X,911156199001010176,933840199001010187}'::citizen_id[]) AS id;
SELECT region_level(home_region('339999199001010013')), pg_typeof(home_region('339999199001010013')), home_region('339999199001010013') <@ '33' AS in_33;

-- One digit of check for each remainder: exactly one character passes.
SELECT body, string_agg(c, '') AS passes
FROM unnest(ARRAY['33999919880707000', '33999919880707001', '33999919880707002', '33999919880707003', '33999919880707004', '33999919880707005',
                  '33999919880707006', '33999919880707007', '33999919880707008', '33999919880707009']) AS body, unnest(string_to_array('0123456789X', NULL)) AS c
WHERE citizen_id_or_null(body || c) IS NOT NULL GROUP BY body ORDER BY body;
-- Every single wrong digit and every exchange of two neighbours is found.
SELECT count(*) AS wrong_digits_taken
FROM generate_series(1, 17) AS place, generate_series(0, 9) AS digit
WHERE substr('33999919880707007X', place, 1) <> digit::text
  AND citizen_id_or_null(overlay('33999919880707007X' PLACING digit::text FROM place FOR 1)) IS NOT NULL;
SELECT count(*) AS exchanges_taken
FROM generate_series(1, 16) AS place, (SELECT '339999197006071238'::text) AS i (id)
WHERE substr(id, place, 1) <> substr(id, place + 1, 1)
  AND citizen_id_or_null(overlay(id PLACING substr(id, place + 1, 1) || substr(id, place, 1) FROM place FOR 2)) IS NOT NULL;

-- What is no id, and why; the message shows no more than the province.
SELECT given, E'\n' || pg_temp.try(format('SELECT %L::citizen_id', given)) AS answer
FROM unnest(ARRAY['', ' ', '3', '33999919900101001', '3399991990010100130', '33999990010100',
                  '33999919900101001a', '3399991990O1010013', '33999990010100x', '３３９９９９１９９００１０１００１３', '33999919900101001Ｘ', '某人', '3.39999E+17',
                  '109999199001010125', '00999919900101013X', '479999199001010129', '559999199001010129', '879999199001010123', '109999900101012',
                  '339999202302290092', '339999202313010105', '339999202301000110', '339999190002290191', '339999179912310078', '339999220001010084', '339999230229001',
                  '339999199001010014', '33999919900101001X', '339999199101010013']) AS given;
SELECT '339999200002290200'::citizen_id AS leap_century;
SELECT left(pg_temp.try(format('SELECT %L::citizen_id', repeat('3', 1000000))), 120);
SELECT left(pg_temp.try(format('SELECT %L::citizen_id', repeat('号', 300000))), 120);
SELECT citizen_id_or_null('339999900101001'), citizen_id_or_null('339999900101'), citizen_id_or_null(repeat('3', 1000000)), citizen_id_or_null(NULL);

-- Full years: the birthday counts; 29 February is completed on 1 March.
SELECT as_of, age('339999199001010013', as_of) FROM unnest('{1990-01-01,1990-12-31,1991-01-01,2007-12-31,2008-01-01,2023-05-01}'::date[]) AS as_of;
SELECT as_of, age('339999200402290031', as_of), extract(year FROM pg_catalog.age(as_of, '2004-02-29')) AS as_postgres_says
FROM unnest('{2004-02-29,2005-02-28,2005-03-01,2008-02-28,2008-02-29,2022-02-28,2022-03-01}'::date[]) AS as_of;
SELECT pg_temp.try($$SELECT age('339999199001010013', date '1989-12-31')$$);
SELECT pg_temp.try($$SELECT age('339999199001010013', date 'infinity')$$);
SELECT pg_temp.try($$SELECT age('339999199001010013', date '-infinity')$$);
SELECT age('339999199001010013', date '5874897-12-31') AS far_off;
SELECT pg_temp.try($$SELECT age('339999199001010013', date '4713-01-01 BC')$$);

-- age beside pg_catalog.age: whatever the path, each call finds its own.
SELECT age(citizen_id '339999199001010013', date '2020-06-01'), age(date '2020-06-01', date '1990-01-01'), age(timestamp '2020-06-01', '1990-01-01');
SET search_path = antifraud, pg_catalog;
SELECT age(citizen_id '339999199001010013', date '2020-06-01'), age(date '2020-06-01', date '1990-01-01'), age(timestamp '2020-06-01', '1990-01-01');
-- A bare literal is taken for an id: write its type.
SELECT age('2020-06-01', date '1990-01-01');
SET search_path = public, antifraud;

-- The binary form is the text.
SELECT convert_from(citizen_id_send('339999880707007'), 'UTF8') AS sent;
CREATE TEMP TABLE received (id citizen_id);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\02233999919880707007x\000\001\000\000\000\017339999900101001\377\377'$$ (FORMAT binary);
SELECT * FROM received;
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\02233999919880707\000007\377\377'$$ (FORMAT binary);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\010\001\002\003\004\005\006\007\010\377\377'$$ (FORMAT binary);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\017\102\100'; head -c 1000000 /dev/zero | tr '\0' '3'; printf '\377\377'$$ (FORMAT binary);
SELECT count(*) FROM received;

-- Order and hash are those of the texts.
CREATE TABLE person (id citizen_id PRIMARY KEY, written text);
INSERT INTO person SELECT id, id FROM unnest('{339999199001010013,339999199001010021,339999200402290031,33999919880707007X,81000019900101014X,911156199001010176}'::citizen_id[]) AS id;
UPDATE person SET written = lower(id) WHERE id::text LIKE '%X';
UPDATE person SET written = '339999900101002' WHERE id = '339999199001010021';
SELECT array_agg(id ORDER BY id) = array_agg(id ORDER BY id::text COLLATE "C") AS same_order,
  bool_and(citizen_id_hash(id) = hashint8(left(id::text, 17)::bigint)) AS hash, bool_and(citizen_id_hash_extended(id, 42) = hashint8extended(left(id::text, 17)::bigint, 42)) AS extended,
  bool_and(citizen_id_text_hash(written) = citizen_id_hash(id)) AS text_hash, min(id), max(id)
FROM person;
SELECT citizen_id_hash('339999199001010013'), citizen_id_hash_extended('339999199001010013', 0);

-- Comparison with text: index, joins, parameters.
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SET plan_cache_mode = force_generic_plan;
PREPARE by_varchar(varchar) AS SELECT id FROM person WHERE id = $1;
EXPLAIN (COSTS OFF) EXECUTE by_varchar('x');
EXECUTE by_varchar('33999919880707007x');
EXECUTE by_varchar('339999880707007');
EXECUTE by_varchar('nobody');
PREPARE by_list(varchar, text) AS SELECT id FROM person WHERE id IN ($1, $2) ORDER BY id;
EXECUTE by_list('339999900101001', '339999199001010021');
SELECT count(*) FROM person WHERE id = '33999919880707007x' OR id IN ('339999900101001') OR id = ANY ('{339999200402290031}');
SELECT count(*) FROM person a JOIN person b ON a.id = b.written;
SELECT count(*) FROM person a FULL JOIN person b ON b.written = a.id;
SELECT count(*) FROM person WHERE id NOT IN (SELECT written FROM person WHERE written LIKE '3%');
SELECT count(*) FROM person WHERE id BETWEEN '339999'::text AND '34'::text;
SELECT bool_and((a.id < b.written) = (a.written <## b.written) AND (a.id = b.written) = (a.written =## b.written)
  AND (a.written > b.id) = (a.written >## b.written)) AS agree FROM person a, person b;
SELECT opcname, amname, amvalidate(c.oid) FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod
WHERE opcintype = 'citizen_id'::regtype ORDER BY 1, 2;

-- Casts.
CREATE TEMP TABLE assigned (id citizen_id, label text, padded char(18));
INSERT INTO assigned VALUES ('339999199001010013'::text, citizen_id '339999199001010013', '339999199001010013'::char(20)), ('339999199001010021'::varchar, '', '');
INSERT INTO assigned SELECT padded FROM assigned WHERE padded <> '';
SELECT id, label FROM assigned ORDER BY id, label;
SELECT length(citizen_id '339999900101001'), citizen_id '339999900101001' || '' AS text;
DROP TABLE person;
