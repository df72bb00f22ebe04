-- Type region: forms, levels, errors, binary form, order, hash, casts.
-- Expected values were worked out by hand from the digits of the codes.
SET search_path = public, antifraud;
\pset null '(null)'

-- A statement's error in full, or what it gave.
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

-- Every length that is a code, padded or not; white space around it.
SELECT given, given::region AS code, region_level(given::region) AS level
FROM unnest(ARRAY['33', '3311', '331126', '331126001', '331126001002', '331126001002003',
                  '330000', '331100', '331126000', '331126000000', '330000000000000', '331126001000000',
                  E' \t331126\r\n', '441900003', '441900003001', '469000', '331126000001', '990000']) AS given;

-- Parents skip empty levels; ancestors do not invent them.
SELECT code, region_parent(code) AS parent, region_path(code) AS path, region_last(code) AS last
FROM unnest('{33,3311,331126,331126001,331126001002,331126001002003,441900003,441900003001,331126000001}'::region[]) AS code;
SELECT code, array_agg(region_ancestor(code, level) ORDER BY level) AS ancestors
FROM unnest('{33,331126,331126001002003,441900003}'::region[]) WITH ORDINALITY AS c (code, n), generate_series(1, 6) AS level
GROUP BY n, code ORDER BY n;
SELECT pg_temp.try($$SELECT region_ancestor('331126', 0)$$);
SELECT pg_temp.try($$SELECT region_ancestor('331126', 7)$$);

-- What is no code, and why (unaligned: the width that psql gives a character
-- differs between its versions).
\pset format unaligned
SELECT given, E'\n' || pg_temp.try(format('SELECT %L::region', given)) AS answer
FROM unnest(ARRAY['', '   ', '3', '331', '33112', '3311260', '33112600', '3311260010', '33112600100', '3311260010020', '3311260010020030',
                  '00', '000000', '001126', '01', '011126', '33112a', '33-11', '+33', '3.3', '33 11', '３３１１２６', '331126　', '青田县',
                  E'33\u200b11', E'33\x01']) AS given;
\pset format aligned
SELECT left(pg_temp.try(format('SELECT %L::region', repeat('3', 1000000))), 150);
SELECT left(pg_temp.try(format('SELECT %L::region', repeat('县', 300000))), 150);
SELECT region_or_null(repeat(' ', 1000000) || '33' || repeat(' ', 1000000)), region_or_null(repeat('9', 1000000)),
  region_or_null('x'), region_or_null(''), region_or_null(NULL);

-- The binary form is the text.
SELECT convert_from(region_send(code), 'UTF8') AS sent FROM unnest('{33,331126,331126001}'::region[]) AS code;
CREATE TEMP TABLE received (code region);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\017331126001000000\000\001\000\000\000\00233\377\377'$$ (FORMAT binary);
SELECT * FROM received;
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\0043a\001\0023\377\377'$$ (FORMAT binary);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\00433\00011\377\377'$$ (FORMAT binary);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\00333\3771\377\377'$$ (FORMAT binary);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\000\377\377'$$ (FORMAT binary);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\017\102\100'; head -c 1000000 /dev/zero | tr '\0' '3'; printf '\377\377'$$ (FORMAT binary);
SELECT count(*) FROM received;

-- The order is that of the canonical texts by bytes.
CREATE TEMP TABLE code AS
SELECT DISTINCT region_ancestor(c, level) AS code
FROM unnest('{331126001002003,331126002,441900003001,110101001,331127,330201,331126001002004}'::region[]) AS c, generate_series(1, 6) AS level;
DELETE FROM code WHERE code IS NULL;
SELECT string_agg(code, ' ' ORDER BY code) FROM code;
SELECT array_agg(code ORDER BY code) = array_agg(code ORDER BY code::text COLLATE "C") AS same_order FROM code;
SELECT min(code), max(code), min(code) FILTER (WHERE code <@ '44') AS first_in_44 FROM code;
SELECT bool_and((a.code < b.code) = (a.code::text COLLATE "C" < b.code::text)
            AND (a.code <= b.code) = (a.code::text COLLATE "C" <= b.code::text)
            AND (a.code = b.code) = (a.code::text = b.code::text)
            AND (a.code <> b.code) = (a.code::text <> b.code::text)
            AND (a.code >= b.code) = (a.code::text COLLATE "C" >= b.code::text)
            AND (a.code > b.code) = (a.code::text COLLATE "C" > b.code::text)
            AND region_cmp(a.code, b.code) = sign(bttextcmp(a.code::text, b.code::text COLLATE "C"))) AS agree
FROM code a, code b;

-- The hash is that of the code padded to 15 digits, as a number: it never changes.
SELECT bool_and(region_hash(code) = hashint8(rpad(code::text, 15, '0')::bigint)) AS hash,
  bool_and(region_hash_extended(code, 42) = hashint8extended(rpad(code::text, 15, '0')::bigint, 42)) AS extended
FROM code;
SELECT region_hash('331126'), region_hash_extended('331126', 0);

-- Casts: to text without being asked, from text on assignment or when asked.
CREATE TEMP TABLE assigned (code region, label text, short varchar, padded char(12));
INSERT INTO assigned VALUES ('331126'::text, region '331126', region '331126', '331126'),
  ('331127'::varchar, '-', '-', '-'), ('331128'::char(12), '-', '-', '-');
INSERT INTO assigned SELECT padded FROM assigned WHERE label = '331126';
SELECT code, label, short FROM assigned ORDER BY code;
SELECT length(region '33'), region '33' || '/' AS path, upper(region '331126001'), '331126'::text::region, 33::text::region;
SELECT 331126::bigint::region;
SELECT typname, typcategory, typispreferred, typlen, typbyval FROM pg_type WHERE oid = 'region'::regtype;

-- Nothing of the type depends on the caller's search path.
SET search_path = pg_catalog;
SELECT antifraud.region_level(antifraud.region '3311'), antifraud.region '331126' OPERATOR(antifraud.<@) antifraud.region '33' AS inside;
