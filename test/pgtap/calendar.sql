-- Calendars against plain SQL: every day of random calendars, any order of
-- rows, parallel and serial aggregation.
\ir setup.psql

SELECT no_plan();

-- ----------------------------------------------------- known days, by hand
-- Notice for 2024: spring festival 10 to 17 February, Sunday 4 and Sunday
-- 18 February are working days; national day 1 to 7 October.
CREATE TEMP TABLE published (day date, kind text);
INSERT INTO published
  SELECT d::date, 'holiday' FROM generate_series(timestamp '2024-02-10', '2024-02-17', '1 day') AS d
  UNION ALL SELECT d::date, 'holiday' FROM generate_series(timestamp '2024-10-01', '2024-10-07', '1 day') AS d
  UNION ALL VALUES (date '2024-02-04', 'makeup_workday'), ('2024-02-18', 'makeup_workday'), ('2024-09-29', 'makeup_workday'), ('2024-10-12', 'makeup_workday')
  UNION ALL SELECT d::date, 'term' FROM generate_series(timestamp '2024-02-26', '2024-07-05', '1 day') AS d
  UNION ALL SELECT d::date, 'term' FROM generate_series(timestamp '2024-09-01', '2025-01-17', '1 day') AS d
  UNION ALL SELECT d::date, 'exam' FROM generate_series(timestamp '2024-06-20', '2024-06-26', '1 day') AS d;
CREATE TEMP TABLE made AS SELECT calendar_agg(day, kind) AS c FROM published;
SELECT is(c::text, '{"holiday":["2024-02-10..2024-02-17","2024-10-01..2024-10-07"],"makeup_workday":["2024-02-04","2024-02-18","2024-09-29","2024-10-12"],'
  '"term":["2024-02-26..2024-07-05","2024-09-01..2025-01-17"],"exam":["2024-06-20..2024-06-26"]}', 'the text') FROM made;
SELECT is(is_working_day(c, '2024-02-04'), true, 'a make-up Sunday is a working day') FROM made;
SELECT is(is_working_day(c, '2024-10-01'), false, 'national day is none') FROM made;
SELECT is(is_working_day(c, '2024-02-03'), false, 'an ordinary Saturday is none') FROM made;
SELECT is(working_day_before(c, '2024-10-07'), date '2024-09-30', 'the last working day up to the end of the national holidays') FROM made;
SELECT is(working_day_before(c, '2024-02-17'), date '2024-02-09', 'and of the spring festival') FROM made;
SELECT is(covers(c, '2025-01-10'), false, 'terms alone say nothing of working days') FROM made;
SELECT is(is_working_day(c, '2025-01-10'), NULL, 'which are then not known') FROM made;
SELECT is(working_day_before(c, '2025-01-10'), NULL, 'nor is the one before') FROM made;
SELECT is(calendar_days(c, 'exam'), '{[2024-06-20,2024-06-27)}', 'exam periods, as a pause of a duty') FROM made;

-- A working day may lie in the year before, if that is covered too.
SELECT is(working_day_before('{"holiday":["2024-01-01"]}', '2024-01-01'), NULL, 'New Year: the year before is not covered');
SELECT is(working_day_before('{"holiday":["2023-12-31..2024-01-01"]}', '2024-01-01'), date '2023-12-29', 'it is covered');

-- ------------------------------------------- random calendars, day by day
SELECT setseed(0.42) \g /dev/null
CREATE TEMP TABLE source AS
  SELECT n, d::date AS day, (ARRAY['holiday', 'makeup_workday', 'term', 'exam'])[k] AS kind, random() AS place
  FROM generate_series(1, 20) AS n CROSS JOIN generate_series(1, 4) AS k
  CROSS JOIN LATERAL (SELECT date '2019-01-01' + (random() * 3000)::int + i AS d
                      FROM generate_series(1, 12) AS stretch, generate_series(0, (random() * 20)::int) AS i
                      WHERE n > 0 AND k > 0 AND stretch > 0) AS days;
DELETE FROM source AS s WHERE kind = 'makeup_workday' AND EXISTS (SELECT FROM source AS h WHERE h.n = s.n AND h.day = s.day AND h.kind = 'holiday');
CREATE TEMP TABLE random_calendar AS SELECT n, calendar_agg(day, kind) AS c FROM source GROUP BY n;

SELECT is((SELECT count(*)::int FROM random_calendar AS r
           WHERE c <> (SELECT calendar_agg(day, kind ORDER BY place) FROM source AS s WHERE s.n = r.n)
              OR c <> (SELECT calendar_agg(day, kind ORDER BY day DESC, kind) FROM source AS s WHERE s.n = r.n)
              OR c <> (SELECT calendar_agg(day, kind ORDER BY day, kind DESC) FROM source AS s CROSS JOIN generate_series(1, 2) WHERE s.n = r.n)
              OR c <> c::text::calendar), 0, 'any order and any repetition gives the same calendar, and so does its text');
SELECT is((SELECT count(*)::int FROM random_calendar AS r CROSS JOIN unnest(ARRAY['holiday', 'makeup_workday', 'term', 'exam']) AS k
           WHERE calendar_days(c, k) <> coalesce((SELECT range_agg(daterange(day, day, '[]')) FROM source AS s WHERE s.n = r.n AND s.kind = k), '{}')), 0,
  'calendar_days is range_agg of the rows');

-- What the definition says, in SQL.
CREATE TEMP TABLE by_day AS
  SELECT n, d::date AS day,
    EXISTS (SELECT FROM source AS s WHERE s.n = r.n AND kind IN ('holiday', 'makeup_workday') AND extract(year FROM s.day) = extract(year FROM d)) AS covered,
    CASE WHEN EXISTS (SELECT FROM source AS s WHERE s.n = r.n AND s.day = d AND kind = 'makeup_workday') THEN true
         WHEN EXISTS (SELECT FROM source AS s WHERE s.n = r.n AND s.day = d AND kind = 'holiday') THEN false
         ELSE extract(isodow FROM d) <= 5 END AS working
  FROM random_calendar AS r CROSS JOIN generate_series(timestamp '2018-06-01', '2028-06-30', '1 day') AS d WHERE n <= 5;
SELECT is((SELECT count(*)::int FROM by_day JOIN random_calendar USING (n) WHERE covers(c, day) <> covered), 0, 'covers, day by day');
SELECT is((SELECT count(*)::int FROM by_day JOIN random_calendar USING (n)
           WHERE is_working_day(c, day) IS DISTINCT FROM (CASE WHEN covered THEN working END)), 0, 'is_working_day, day by day');
SELECT is((SELECT count(*)::int FROM by_day AS b JOIN random_calendar USING (n)
           WHERE working_day_before(c, day) IS DISTINCT FROM
             (SELECT CASE WHEN x.covered THEN x.day END FROM by_day AS x
              WHERE x.n = b.n AND x.day <= b.day AND x.day > b.day - 60 AND (x.working OR NOT x.covered) ORDER BY x.day DESC LIMIT 1)
             AND b.day > '2018-09-01'), 0, 'working_day_before, day by day');
SELECT cmp_ok((SELECT count(*) FROM by_day WHERE covered), '>', 10000::bigint, 'many days were covered');
SELECT cmp_ok((SELECT count(*) FROM by_day WHERE NOT covered), '>', 1000::bigint, 'and many were not');

-- ------------------------------------------------------------------ parallel
CREATE TABLE many AS
  SELECT date '1950-01-01' + (g * 7919) % 80000 AS day, (ARRAY['holiday', 'term', 'exam'])[1 + g % 3] AS kind FROM generate_series(1, 60000) AS g;
ALTER TABLE many SET (parallel_workers = 3);
ANALYZE many;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS SELECT calendar_agg(day, kind) AS c FROM many WHERE kind <> 'holiday' OR day < '1990-01-01';
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; lines text := '';
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP lines := lines || line || E'\n'; END LOOP;
  RETURN lines;
END $$;
SELECT matches(pg_temp.plan($$SELECT calendar_agg(day, kind) FROM many WHERE kind <> 'holiday' OR day < '1990-01-01'$$), 'Finalize Aggregate.*Gather.*Partial Aggregate',
  'the aggregate runs in parallel');
CREATE TEMP TABLE parallel AS SELECT calendar_agg(day, kind) AS c FROM many WHERE kind <> 'holiday' OR day < '1990-01-01';
SELECT is((SELECT count(*)::int FROM parallel JOIN serial USING (c)), 1, 'and gives what one process gives');
SELECT is((SELECT calendar_agg(day, kind) FROM many WHERE false), NULL, 'no rows in parallel');
SELECT throws_ok($$SELECT calendar_agg(day, k) FROM many CROSS JOIN unnest('{holiday,makeup_workday}'::text[]) AS k WHERE kind = 'term'$$, '22023', NULL,
  'a contradiction is found in parallel too');
INSERT INTO many VALUES ('1990-01-02', 'makeup_workday'), ('1990-01-02', 'holiday');
SELECT throws_ok($$SELECT calendar_agg(day, kind) FROM many$$, '22023', 'calendar day 1990-01-02 is both holiday and makeup_workday', 'whichever process sees which of the rows');

-- ---------------------------------------------------------------- hash, sort
SET max_parallel_workers_per_gather = 0;
SET enable_sort = off;
SELECT is((SELECT count(*)::int FROM (SELECT c FROM random_calendar UNION ALL SELECT c::text::calendar FROM random_calendar) AS x JOIN random_calendar USING (c)), 40, 'hash join');
SET enable_sort = on;
SET enable_hashjoin = off;
SELECT is((SELECT count(DISTINCT c)::int FROM (SELECT c FROM random_calendar UNION ALL SELECT c::text::calendar FROM random_calendar) AS x JOIN random_calendar USING (c)), 20, 'merge join, DISTINCT');
-- A sort keeps no memory: it calls the comparison in one memory context.
CREATE FUNCTION pg_temp.sorted(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  before bigint := (SELECT sum(total_bytes) FROM pg_backend_memory_contexts);
  sorting refcursor;
  ignored text;
BEGIN
  OPEN sorting FOR EXECUTE query;
  FETCH sorting INTO ignored;
  RETURN (SELECT sum(total_bytes) FROM pg_backend_memory_contexts) - before < 8000000;
END $$;
CREATE TEMP TABLE sorting AS SELECT format('{"holiday":["%s"],"exam":["2030-01-01"]}', date '2010-01-01' + n * 7919 % 5000)::calendar AS c FROM generate_series(1, 4000) AS n;
SELECT ok(pg_temp.sorted('SELECT left(c::text, 10) FROM (SELECT c FROM sorting ORDER BY c OFFSET 0) AS x'), 'sorting keeps no memory');

SELECT * FROM finish();
