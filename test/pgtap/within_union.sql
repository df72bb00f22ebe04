-- within() below OR and NOT, on a UNION ALL of indexed tables: what it becomes
-- in a branch is not put in order again by the planner, which then took an AND
-- for a restriction and ended the server. Each answer is compared with that of
-- the plain test, which the planner does not know.
\ir setup.psql

SELECT no_plan();

CREATE FUNCTION pg_temp.plain(day date, days datemultirange) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS 'BEGIN RETURN day <@ days; END';
CREATE FUNCTION pg_temp.plain(region region, regions region[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS 'BEGIN RETURN region_within_any(region, regions); END';

-- days from 2023-04-20 on, 200 of them, and 339999001000 to 339999200000; every 7th row without
CREATE TABLE typed AS SELECT n AS id, CASE WHEN n % 7 > 0 THEN date '2023-04-20' + n END AS day, CASE WHEN n % 7 > 0 THEN format('339999%s000', lpad(n::text, 3, '0'))::region END AS region
  FROM generate_series(1, 200) AS n;
CREATE TABLE written AS SELECT t.id, t.day::text AS day, t.region::text AS region FROM typed AS t;
CREATE INDEX ON typed (day);
CREATE INDEX ON typed (region);
CREATE INDEX ON written (day);
CREATE INDEX ON written (region);
ANALYZE typed, written;
CREATE VIEW together AS
  SELECT t.id, t.day, t.region FROM typed AS t
  UNION ALL SELECT w.id, read_date(w.day), read_region(w.region) FROM written AS w
  UNION ALL SELECT t.id, NULL::date, NULL::region FROM typed AS t
  UNION ALL SELECT t.id, '2023-05-05'::date, '339999001'::region FROM typed AS t;

CREATE FUNCTION pg_temp.same(condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  known bigint;
  plain bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM together WHERE ' || condition INTO known;
  EXECUTE 'SELECT count(*) FROM together WHERE ' || replace(condition, 'within(', 'pg_temp.plain(') INTO plain;
  RETURN is(known, plain, condition);
END
$$;
\set may 'within(day, ''{[2023-05-01,2023-06-01)}'')'
\set two 'within(day, ''{[2023-05-01,2023-06-01),[2023-07-01,2023-07-03)}'')'
\set one 'within(region, ''{339999050}'')'
\set few 'within(region, ''{339999050,339999051000,339998}'')'
SET enable_seqscan = off;
-- of the first two branches May 1 to 31 are the rows 11 to 41, less 14, 21, 28 and 35: 27 each; and all 200 of the last
SELECT is((SELECT count(*) FROM together WHERE :may), 254::bigint, 'May');
SELECT pg_temp.same(c) FROM unnest(ARRAY[:'may', :'two', :'one', :'few']) AS c;
SELECT pg_temp.same('NOT ' || c) FROM unnest(ARRAY[:'may', :'two', :'one', :'few']) AS c;
SELECT pg_temp.same(format('%s OR %s', a, b)) FROM unnest(ARRAY[:'may', :'two']) AS a, unnest(ARRAY[:'one', :'few']) AS b;
SELECT pg_temp.same(format('NOT %s OR NOT %s', a, b)) FROM unnest(ARRAY[:'may', :'two']) AS a, unnest(ARRAY[:'one', :'few']) AS b;
SELECT pg_temp.same(format('NOT (%s AND %s)', a, b)) FROM unnest(ARRAY[:'may', :'two']) AS a, unnest(ARRAY[:'one', :'few']) AS b;
SELECT pg_temp.same(format('%s AND (%s OR id < 5)', a, b)) FROM unnest(ARRAY[:'may', :'two']) AS a, unnest(ARRAY[:'one', :'few']) AS b;
SELECT pg_temp.same(format('(%s) IS NULL OR %s', a, b)) FROM unnest(ARRAY[:'may', :'two']) AS a, unnest(ARRAY[:'one', :'few']) AS b;

SELECT * FROM finish();
