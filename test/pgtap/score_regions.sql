-- tally_regions and scores against the independent evaluation (oracle.psql)
-- and against tally, grouped; serially and in parallel.
\ir setup.psql
\set rubrics 50
\ir oracle.psql

SELECT no_plan();

CREATE TABLE oracle.region_score AS
  SELECT r.n, s.* FROM oracle.rubric r CROSS JOIN LATERAL (
    SELECT antifraud.tally_regions(r.doc, f.region, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS t FROM oracle.fact f) x
  CROSS JOIN LATERAL antifraud.scores(x.t, r.doc) s;
SELECT is_empty($$SELECT w.n, w.name, w.j->'low', w.j->'high', s.* FROM (SELECT * FROM oracle.judgement WHERE name <> 'all') w
    FULL JOIN oracle.region_score s ON s.n = w.n AND s.region = ('37032300200' || w.name)::antifraud.region
  WHERE (s.total, s.low, s.high, s.vetoed) IS DISTINCT FROM ((w.j->>'low')::numeric, (w.j->>'low')::numeric, (w.j->>'high')::numeric, (w.j->>'vetoed')::boolean) LIMIT 5$$,
  'tally_regions and scores');
SELECT is_empty($$SELECT c.n, c.name FROM (
    SELECT r.n, f.unit::text AS name, antifraud.tally(r.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
    FROM oracle.rubric r, oracle.fact f GROUP BY r.n, f.unit) c LEFT JOIN oracle.region_score s ON s.n = c.n AND s.region = ('37032300200' || c.name)::antifraud.region
  WHERE s.card::text IS DISTINCT FROM c.card::text LIMIT 5$$, 'tally_regions keeps the same cards');

-- Stored, and sent as text.
CREATE TABLE oracle.stored AS
  SELECT r.n, antifraud.tally_regions(r.doc, f.region, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS t FROM oracle.rubric r, oracle.fact f GROUP BY r.n;
SELECT set_eq($$SELECT n, s.region, s.total, s.card::text FROM oracle.stored JOIN oracle.rubric r USING (n), antifraud.scores(t, r.doc) s$$,
  $$SELECT n, region, total, card::text FROM oracle.region_score$$, 'a stored table scores the same');
SELECT set_eq($$SELECT n, s.region, s.total, s.card::text FROM oracle.stored JOIN oracle.rubric r USING (n), antifraud.scores(t::text::antifraud.score_table, r.doc) s$$,
  $$SELECT n, region, total, card::text FROM oracle.region_score$$, 'and one that was written and read');

-- -------------------------------------------------------------- in parallel

CREATE FUNCTION oracle.compare() RETURNS TABLE (region text, total numeric, low numeric, high numeric, vetoed boolean, card text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.region::text, s.total, s.low, s.high, s.vetoed, s.card::text FROM (
    SELECT antifraud.tally_regions((SELECT oracle.wide()), m.region, m.measure, m.occurred_on, m.quantity, m.base, m.amount) AS t FROM oracle.many m) x,
    antifraud.scores(x.t, oracle.wide()) s $$;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE oracle.serial AS SELECT * FROM oracle.compare();
SELECT set_eq($$SELECT region, card FROM oracle.serial$$,
  $$SELECT region::text, antifraud.tally((SELECT oracle.wide()), measure, occurred_on, quantity, base, amount)::text FROM oracle.many GROUP BY region$$,
  'the cards of tally, grouped by region');
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT ok(bool_or(line LIKE '%Partial%Aggregate%'), 'tally_regions runs as a partial aggregate in workers')
  FROM oracle.plan('SELECT antifraud.tally_regions((SELECT oracle.wide()), region, measure, occurred_on, quantity, base, amount) FROM oracle.many') line;
SELECT set_eq($$SELECT * FROM oracle.compare()$$, $$SELECT * FROM oracle.serial$$, 'with the scores and cards of the serial plan');

SELECT * FROM finish();
