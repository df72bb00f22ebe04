-- Values at the limits of what can be stored, sorted and restored.
\ir setup.psql

SELECT no_plan();

-- ------------------------------------------------ readable from their text
-- A dump writes a rubric as text; what is stored must be readable from it.
-- 1 MiB is read.  Keys with a default and \u000a for \n make the text longer.

CREATE FUNCTION pg_temp.titled(title text) RETURNS text
LANGUAGE sql RETURN '{"code":"c","edition":"e","title":"' || title || '","total":1,"period":["2023-01-01","2023-12-31"],"sections":[{"title":"s","points":1,'
  '"items":[{"no":"1","title":"t","points":1,"rules":[{"measure":"m","rule":"deduct 1..2"}]}]}]}';
SELECT throws_ok($$SELECT pg_temp.titled(repeat('x', 1048576 - length(pg_temp.titled(''))))::antifraud.rubric$$, '54000', NULL,
  'a document of exactly 1 MiB without the keys that have defaults');
SELECT throws_ok($$SELECT pg_temp.titled(repeat('\n', 400000))::antifraud.rubric$$, '54000', NULL, 'escapes that are written longer than they were read');
CREATE TEMP TABLE large AS SELECT pg_temp.titled(repeat('x', 1048576 - 400))::antifraud.rubric AS doc;
SELECT is(length(doc::text::antifraud.rubric::text), length(doc::text), 'just below the limit it is read and written and read') FROM large;
SELECT throws_ok($$SELECT antifraud.with_decisions(doc, jsonb_build_array(jsonb_build_object('item', '1', 'rule', 1, 'reading', repeat('y', 1000)))) FROM large$$, '54000', NULL,
  'a decision that makes it too long');

-- ------------------------------------------------------------------ memory
-- A sort calls the comparison in one memory context from beginning to end.

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
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE many AS
  SELECT antifraud.with_as_of(pg_temp.titled('t')::antifraud.rubric, date '2023-01-01' + n * 7919 % 2000) AS doc, n FROM generate_series(1, 2000) AS n;
SELECT ok(pg_temp.sorted('SELECT left(doc::text, 10) FROM (SELECT doc FROM many ORDER BY doc OFFSET 0) AS x'), 'sorting rubrics keeps no memory');
CREATE TEMP TABLE tables AS
  SELECT antifraud.tally_regions(m.doc, (110000 + g)::text::antifraud.region, 'm', '2023-01-01', m.n, NULL, NULL) AS t
  FROM (SELECT n, (SELECT doc FROM many WHERE n = 1) AS doc FROM many WHERE n <= 1000) AS m CROSS JOIN generate_series(1, 20) AS g GROUP BY m.n;
SELECT ok(pg_temp.sorted('SELECT left(t::text, 10) FROM (SELECT t FROM tables ORDER BY t OFFSET 0) AS x'), 'sorting score tables keeps no memory');

SELECT * FROM finish();
