-- Containment by index against a sequential scan and against prefixes of
-- texts in plain SQL, on some thousand random codes of every level, with
-- empty levels among them.
\ir setup.psql

SELECT plan(12);
SELECT setseed(0.25);

-- Few values a group, so that most codes have relatives; 0 is an empty level.
CREATE TABLE place AS
SELECT DISTINCT code, level, length
FROM (SELECT region_or_null(format('9%s%s%s%s%s%s', (random() * 1)::int,
        lpad((random() * 3)::int::text, 2, '0'), lpad((random() * 4)::int::text, 2, '0'), lpad((random() * 3)::int::text, 3, '0'),
        lpad((random() * 4)::int::text, 3, '0'), lpad((random() * 3)::int::text, 3, '0'))) AS leaf
      FROM generate_series(1, 1000)) AS g,
  (VALUES (1, 2), (2, 4), (3, 6), (4, 9), (5, 12), (6, 15)) AS l (level, length),
  LATERAL (SELECT region_ancestor(leaf, level)) AS a (code)
WHERE code IS NOT NULL;
-- The digits that a region fixes, and all its digits.
ALTER TABLE place ADD prefix text, ADD digits text;
UPDATE place SET prefix = left(rpad(code::text, 15, '0'), length), digits = rpad(code::text, 15, '0');
CREATE INDEX place_code ON place (code);
ANALYZE place;

SELECT cmp_ok((SELECT count(*) FROM place), '>', 800::bigint, 'there are enough codes');
SELECT is((SELECT count(*) FROM place WHERE region_level(code) <> level), 0::bigint, 'the level is that of the last digits');

CREATE TABLE by_text AS
SELECT o.code AS outer_code, i.code AS inner_code FROM place o JOIN place i ON starts_with(i.digits, o.prefix);
SELECT cmp_ok((SELECT count(*) FROM by_text), '>', 5000::bigint, 'there are enough pairs');

SET enable_seqscan = off;
SET jit = off;
SET enable_bitmapscan = off;
-- One side drives a nested loop, the other is looked up in the index.
PREPARE within AS SELECT o.code AS outer_code, i.code AS inner_code FROM place o, LATERAL (SELECT code FROM place WHERE code <@ o.code OFFSET 0) AS i;
PREPARE within_text AS SELECT o.code AS outer_code, i.code AS inner_code FROM place o, LATERAL (SELECT code FROM place WHERE code <@ o.prefix OFFSET 0) AS i;
PREPARE contains AS SELECT o.code AS outer_code, i.code AS inner_code FROM place i, LATERAL (SELECT code FROM place WHERE code @> i.code OFFSET 0) AS o;
SELECT bag_eq('within', 'SELECT * FROM by_text', '<@ by index equals prefixes of texts');
SELECT bag_eq('within_text', 'SELECT * FROM by_text', '<@ with text equals prefixes of texts');
SELECT bag_eq('contains', 'SELECT * FROM by_text', '@> equals prefixes of texts');
CREATE FUNCTION pg_temp.conditions(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    IF line ~ 'Index Cond' THEN
      RETURN trim(line);
    END IF;
  END LOOP;
  RETURN 'none';
END
$$;
SELECT is(pg_temp.conditions('EXECUTE within'), 'Index Cond: ((code >= o.code) AND (code <= region_last(o.code)))', 'that was by index');
SELECT is(pg_temp.conditions('EXECUTE contains'), 'Index Cond: (code = ANY (region_path(i.code)))', 'and so was that');

-- Ancestors one by one, with constants, as the planner folds them.
CREATE FUNCTION pg_temp.differences() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  one region;
  found bigint;
  differences bigint := 0;
BEGIN
  FOR one IN SELECT code FROM place ORDER BY md5(code::text) LIMIT 100 LOOP
    EXECUTE format('SELECT count(*) FROM (SELECT code FROM place WHERE code @> %L EXCEPT SELECT outer_code FROM by_text WHERE inner_code = %L) AS d', one, one) INTO found;
    differences := differences + found;
    EXECUTE format('SELECT abs((SELECT count(*) FROM place WHERE code @> %L) - (SELECT count(*) FROM by_text WHERE inner_code = %L))', one, one) INTO found;
    differences := differences + found;
    EXECUTE format('SELECT abs((SELECT count(*) FROM place WHERE code <@ (SELECT region %L)) - (SELECT count(*) FROM by_text WHERE outer_code = %L))', one, one) INTO found;
    differences := differences + found;
  END LOOP;
  RETURN differences;
END
$$;
SELECT is(pg_temp.differences(), 0::bigint, 'constants and sub-selects give the same');

RESET enable_seqscan;
SET enable_indexscan = off;
SET enable_indexonlyscan = off;
SET enable_bitmapscan = off;
SELECT bag_eq('SELECT o.code AS outer_code, i.code AS inner_code FROM place o, place i WHERE i.code <@ o.code', 'SELECT * FROM by_text', '<@ by sequential scan equals prefixes of texts');
SELECT is((SELECT count(*) FROM place WHERE region_parent(code) IS DISTINCT FROM
    (SELECT max(outer_code) FROM by_text WHERE inner_code = code AND outer_code <> code)), 0::bigint, 'the parent is the smallest that contains');
SELECT is((SELECT count(*) FROM place WHERE region_path(code) IS DISTINCT FROM
    (SELECT array_agg(outer_code ORDER BY outer_code) FROM by_text WHERE inner_code = code)), 0::bigint, 'the path is all that contain');

SELECT * FROM finish();
