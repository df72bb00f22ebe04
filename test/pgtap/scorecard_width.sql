-- Counters of a scorecard have 16 bits while they fit, and 64 once one does
-- not.  Nobody may notice: 32767 and 32768 are counted, added, subtracted,
-- compared and written the same way.
\ir setup.psql

SELECT no_plan();

-- Four counters: facts and quantity of `m`, facts and quantity of `r`, and
-- the bases of `r`, in the order of the measures.
CREATE TABLE edition AS SELECT $${"code":"c","edition":"e","title":"t","total":10,"period":["2023-01-01","2023-12-31"],"sections":[{"title":"s","points":10,
  "items":[{"no":"1","title":"t","points":10,"rules":[{"measure":"m","rule":"deduct 1 per 10000 occurrence"},{"measure":"r","rule":"deduct 1 if rate < 50%"}]}]}]}$$::rubric AS doc;
CREATE FUNCTION counters(scorecard) RETURNS text LANGUAGE sql RETURN split_part($1::text, ':', 3);
CREATE FUNCTION of_facts(VARIADIC bigint[]) RETURNS scorecard LANGUAGE sql AS
  $$SELECT tally((SELECT doc FROM edition), 'm', '2023-05-01', q, NULL, NULL) FROM unnest($1) AS q$$;

-- ------------------------------------------------------------------- tally
SELECT is(counters(of_facts(32767)), '1,32767,0,0,0', 'the largest number of 16 bits');
SELECT is(counters(of_facts(32767, 1)), '2,32768,0,0,0', 'one more');
SELECT is(counters(of_facts(1, 32767, 5)), '3,32773,0,0,0', 'and after that');
SELECT is(counters(of_facts(32768)), '1,32768,0,0,0', 'a quantity that alone needs more');
SELECT is(counters(of_facts(65536)), '1,65536,0,0,0', 'a quantity that is 0 modulo 16 bits');
SELECT is(counters(of_facts(9223372036854775807)), '1,9223372036854775807,0,0,0', 'the largest of 64 bits');
SELECT throws_ok($$SELECT of_facts(9223372036854775807, 1)$$, '22003', 'fact on measure "m": the sum is out of range', 'one more than that');
-- facts and quantity fit, the base does not: the first two count once
SELECT is((SELECT counters(tally((SELECT doc FROM edition), 'r', '2023-05-01', 3, b, NULL)) FROM unnest('{10,40000,10}'::bigint[]) AS b),
  '0,0,3,9,40020', 'a base that needs more than 16 bits');
SELECT is((SELECT counters(tally((SELECT doc FROM edition), 'm', '2023-05-01', 1, NULL, NULL)) FROM generate_series(1, 40000)),
  '40000,40000,0,0,0', '40,000 facts');
SELECT is(total(of_facts(32767, 7233), doc), 6::numeric, '40,000 make four whole steps of 10,000, so 10 - 4') FROM edition;

-- ------------------------------------------- the same value at either width
-- 40000 - 39999 is written like 1, so it is 1.
CREATE TABLE pair AS SELECT of_facts(1) AS a, of_facts(39999, 1) - of_facts(39999) AS b;
SELECT is(b, a, 'a sum brought back equals the card that never grew') FROM pair;
SELECT is(scorecard_hash(b), scorecard_hash(a), 'and hashes alike') FROM pair;
SELECT is(scorecard_cmp(of_facts(40000), of_facts(5)), 1, 'a wide card after a narrow one');
SELECT is(scorecard_cmp(of_facts(5), of_facts(40000)), -1, 'a narrow card before a wide one');
SELECT is(scorecard_cmp(of_facts(40000) - of_facts(40000) - of_facts(5), of_facts(0, 0)), -1, 'negative counters before none');
SELECT is(of_facts(40000)::text::scorecard, of_facts(40000), 'read from its text, wide');
SELECT is(of_facts(32767)::text::scorecard, of_facts(32767), 'read from its text, narrow');

-- ------------------------------------------------------- sums, differences
SELECT is(counters(of_facts(32767) + of_facts(1)), '2,32768,0,0,0', 'a sum that grows out of 16 bits');
SELECT is(counters(of_facts(0) - of_facts(32767) - of_facts(1)), '-1,-32768,0,0,0', 'the least number of 16 bits');
SELECT is(counters(of_facts(0) - of_facts(32767) - of_facts(2)), '-1,-32769,0,0,0', 'one less');
SELECT is((SELECT counters(merge(of_facts(q))) FROM unnest('{20000,20000,20000}'::bigint[]) AS q), '3,60000,0,0,0', 'merged narrow cards');
SELECT is((SELECT counters(merge(of_facts(q))) FROM unnest('{7,40000,7}'::bigint[]) AS q), '3,40014,0,0,0', 'narrow, wide, narrow');
SELECT is((SELECT counters(merge(of_facts(q))) FROM unnest('{40000,7}'::bigint[]) AS q), '2,40007,0,0,0', 'wide first');
SELECT throws_ok($$SELECT merge(of_facts(q)) FROM unnest('{9223372036854775807,1}'::bigint[]) AS q$$, '22003', NULL, 'merged past 64 bits');

-- -------------------------------------------------- in parallel as serially
CREATE TABLE many AS SELECT n % 3 AS unit, CASE n % 2 WHEN 0 THEN 'm' ELSE 'r' END AS measure, n % 50 AS quantity, n % 70 AS base FROM generate_series(1, 60000) AS n;
ALTER TABLE many SET (parallel_workers = 2);
SET max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS SELECT unit, tally((SELECT doc FROM edition), measure, '2023-05-01', quantity, base, NULL) AS card FROM many GROUP BY unit;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TABLE parallel AS SELECT unit, tally((SELECT doc FROM edition), measure, '2023-05-01', quantity, base, NULL) AS card FROM many GROUP BY unit;
SELECT set_eq('TABLE parallel', 'TABLE serial', 'the same cards from workers');
SELECT set_eq($$SELECT unit, counters(card) FROM serial$$,
  $$SELECT unit, concat_ws(',', count(*) FILTER (WHERE measure = 'm'), sum(quantity) FILTER (WHERE measure = 'm'),
      count(*) FILTER (WHERE measure = 'r'), sum(quantity) FILTER (WHERE measure = 'r'), sum(base) FILTER (WHERE measure = 'r')) FROM many GROUP BY unit$$,
  'which are the plain sums');

SELECT * FROM finish();
