-- Scoring: tally and tally_regions under the rubric nanma-2023, against a
-- bare scan, GROUP BY, the same rules in plain SQL, and DuckDB.  Best of three
-- (of fewer, where that takes above 20 s); all contenders take turns on the
-- same facts, in one run.
--
-- BENCH_FACTS=1000000 make bench BENCH=tally is a quick try.  doc/performance.md
-- says what each line means.
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
\set facts 10000000
\getenv facts BENCH_FACTS
SET client_min_messages = warning;
SET search_path = public, antifraud;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
-- No contender's hash table spills to disk; the last line says so.
SET work_mem = '2GB';
CREATE EXTENSION IF NOT EXISTS pg_prewarm;

\ir tally/facts.psql
\set document `cat ../sql/registry/rubrics/nanma-2023.json`
CREATE TABLE edition AS SELECT :'document'::rubric AS doc;
SELECT cardinality(string_to_array(split_part(scorecard(doc)::text, ':', 3), ',')) AS counters FROM edition \gset

-- What is compared.  Of kind `work`: the grouping alone, its groups only
-- counted; of kind `totals`: a total a region, and the totals added up.  With
-- `sorted`, facts in order of region are grouped as they come by the index.
CREATE TABLE contender (name text, kind text, statement text, sorted boolean DEFAULT false, no int GENERATED ALWAYS AS IDENTITY);
INSERT INTO contender (name, kind, statement) VALUES
  ('bare scan', 'work', 'SELECT count(region) + count(measure), max(occurred_on), sum(quantity), sum(base), sum(amount) FROM {facts}'),
  ('GROUP BY one sum', 'work', 'SELECT count(s) FROM (SELECT sum(quantity) AS s FROM {facts} GROUP BY region) AS g'),
  ('tally', 'work', 'SELECT count(card) FROM (SELECT tally((SELECT doc FROM edition), measure, occurred_on, quantity, base, amount) AS card
     FROM {facts} GROUP BY region) AS g'),
  ('tally_regions', 'work', 'SELECT tally_regions((SELECT doc FROM edition), region, measure, occurred_on, quantity, base, amount) IS NOT NULL FROM {facts}'),
  ('tally, totals', 'totals', 'SELECT region, total(card, (SELECT doc FROM edition)) FROM
     (SELECT region, tally((SELECT doc FROM edition), measure, occurred_on, quantity, base, amount) AS card FROM {facts} GROUP BY region) AS g'),
  ('tally_regions, totals', 'totals', 'SELECT s.region, s.total FROM
     (SELECT tally_regions((SELECT doc FROM edition), region, measure, occurred_on, quantity, base, amount) AS counted FROM {facts}) AS g,
     scores(g.counted, (SELECT doc FROM edition)) AS s');
INSERT INTO contender (name, kind, statement, sorted)
SELECT name || ', sorted', kind, statement, true FROM contender WHERE name IN ('GROUP BY one sum', 'tally', 'tally, totals') ORDER BY no;
\ir tally/plain_sql.psql

CREATE FUNCTION statement_of(contender, facts text) RETURNS text LANGUAGE sql
  RETURN CASE $1.kind WHEN 'work' THEN replace($1.statement, '{facts}', facts)
    ELSE 'SELECT sum(total) FROM (' || replace($1.statement, '{facts}', facts) || ') AS answer (region, total)' END;

-- How a statement groups, joins and shares out, outermost first.
CREATE FUNCTION plan_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text;
  node text;
  nodes text[];
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
    node := substring(line FROM '^(?:\s*->)?\s*((?:Finalize |Partial )?(?:\w*Aggregate|Gather(?: Merge)?|Sort|(?:Hash|Merge) Join|Index.* Scan))');
    IF node IS NOT NULL THEN
      nodes := nodes || node;
    END IF;
  END LOOP;
  RETURN array_to_string(nodes[CASE WHEN cardinality(nodes) > 1 AND nodes[1] = 'Aggregate' THEN 2 ELSE 1 END :], ' < ');
END
$$;

-- All give the same totals, or nothing is measured.
CREATE PROCEDURE compare() LANGUAGE plpgsql AS $$
DECLARE
  c contender;
  facts text;
  wrong bigint;
BEGIN
  FOREACH facts IN ARRAY '{fact,fact_clustered}'::text[] LOOP
    FOR c IN SELECT * FROM contender WHERE kind = 'totals' AND NOT sorted ORDER BY no LOOP
      EXECUTE 'CREATE TEMP TABLE result AS SELECT region, total FROM (' || replace(c.statement, '{facts}', facts) || ') AS a (region, total)';
      IF to_regclass('pg_temp.expected') IS NULL THEN
        ALTER TABLE result RENAME TO expected;
        CONTINUE;
      END IF;
      SELECT count(*) INTO wrong FROM expected AS e FULL JOIN result AS r ON e.region = r.region WHERE e.total IS DISTINCT FROM r.total;
      IF wrong > 0 THEN
        RAISE EXCEPTION '% on %: % totals differ', c.name, facts, wrong;
      END IF;
      DROP TABLE result;
    END LOOP;
  END LOOP;
END
$$;
CALL compare();
SELECT format('%s facts of %s regions, table %s; %s%% on measures of the rubric; totals %s to %s, mean %s, the same from all contenders; %s counters a region',
  :facts, :regions, pg_size_pretty(pg_table_size('fact')),
  (SELECT round(100.0 * sum(part) FILTER (WHERE EXISTS (SELECT FROM band WHERE band.measure = mix.measure)) / sum(part), 1) FROM mix),
  min(total), max(total), round(avg(total), 2), :counters) FROM expected;

CREATE TABLE timing (facts text, workers int, name text, no int, plan text, seconds numeric, spent numeric, UNIQUE (facts, workers, name));
CREATE PROCEDURE measure(facts text, workers int, runs int) LANGUAGE plpgsql AS $$
DECLARE
  c contender;
  since timestamptz;
  taken numeric;
BEGIN
  PERFORM set_config('max_parallel_workers_per_gather', workers::text, false);
  FOR run IN 1 .. runs LOOP
    FOR c IN SELECT * FROM contender AS o WHERE NOT (o.sorted AND facts = 'fact')
      AND NOT EXISTS (SELECT FROM timing AS t WHERE (t.facts, t.workers, t.name) = (measure.facts, measure.workers, o.name) AND t.spent > 20)
      ORDER BY no LOOP
      PERFORM set_config('enable_hashagg', (NOT c.sorted)::text, false);
      since := clock_timestamp();
      EXECUTE statement_of(c, facts);
      taken := extract(epoch FROM clock_timestamp() - since);
      INSERT INTO timing VALUES (facts, workers, c.name, c.no, plan_of(statement_of(c, facts)), taken, taken)
      ON CONFLICT ON CONSTRAINT timing_facts_workers_name_key
      DO UPDATE SET seconds = least(timing.seconds, excluded.seconds), spent = timing.spent + excluded.spent;
      COMMIT;
    END LOOP;
  END LOOP;
  PERFORM set_config('max_parallel_workers_per_gather', '0', false);
  PERFORM set_config('enable_hashagg', 'on', false);
END
$$;

CREATE FUNCTION report(facts text, workers int) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('%s, %s:', CASE facts WHEN 'fact' THEN 'random order' ELSE 'in order of region' END,
    CASE workers WHEN 0 THEN 'serial' ELSE workers || ' workers' END)
  UNION ALL
  (SELECT format('  %s %s s %s x scan %s x GROUP BY  %s', rpad(name, 34), lpad(to_char(seconds, 'FM990.00'), 6),
    lpad(to_char(seconds / max(seconds) FILTER (WHERE name = 'bare scan') OVER (), 'FM990.00'), 6),
    lpad(to_char(seconds / max(seconds) FILTER (WHERE name = 'GROUP BY one sum') OVER (), 'FM990.00'), 6), plan)
  FROM timing AS t WHERE t.facts = $1 AND t.workers = $2 ORDER BY no)
$$;

-- One contender's time as a multiple of another's.
CREATE FUNCTION ratio(facts text, name text, yardstick text) RETURNS numeric
  RETURN (SELECT a.seconds / b.seconds FROM timing AS a JOIN timing AS b ON a.facts = b.facts AND a.workers = b.workers
    WHERE a.facts = $1 AND a.workers = 0 AND a.name = $2 AND b.name = $3);

SELECT pg_stat_force_next_flush() \g /dev/null
SELECT pg_stat_get_db_temp_bytes(oid) AS spilled FROM pg_database WHERE datname = current_database() \gset
SELECT sum(pg_prewarm(oid)) > 0 AS warm FROM pg_class WHERE relname = 'fact' \gset
CALL measure('fact', 0, 3);
SELECT report('fact', 0);
CALL measure('fact', 2, 3);
SELECT report('fact', 2);
SELECT sum(pg_prewarm(oid)) > 0 AS warm FROM pg_class WHERE relname = 'fact_clustered' \gset
CALL measure('fact_clustered', 0, 3);
SELECT report('fact_clustered', 0);
CALL measure('fact_clustered', 2, 3);
SELECT report('fact_clustered', 2);
SELECT pg_stat_force_next_flush() \g /dev/null
SELECT format('temporary files: %s', pg_size_pretty(pg_stat_get_db_temp_bytes(oid) - :spilled))
FROM pg_database WHERE datname = current_database();

-- Memory: what the finished table holds in memory contexts, and by how much
-- the process has grown, in a new process each.
CREATE TABLE memory (what text, contexts numeric, process numeric);
CREATE FUNCTION used(seen boolean, OUT contexts numeric, OUT process numeric) LANGUAGE sql VOLATILE AS $$
  SELECT (SELECT sum(total_bytes) FROM pg_get_backend_memory_contexts() WHERE seen),
    1024 * substring(pg_read_file(CASE WHEN seen THEN '/proc/self/status' END) FROM 'RssAnon:\s*(\d+)')::numeric
$$;
\c
SET search_path = public, antifraud;
-- The first call pays for plans and caches, and is not counted.
SELECT (used(true)).* \g /dev/null
SELECT used((SELECT tally_regions((SELECT doc FROM edition), region, measure, occurred_on, quantity, base, amount) IS NOT NULL
  FROM (SELECT * FROM fact LIMIT 1) AS f)) \g /dev/null
INSERT INTO memory SELECT 'before', (u).* FROM (SELECT used(true) AS u OFFSET 0) AS u;
INSERT INTO memory SELECT 'table', (u).*
FROM (SELECT used(t IS NOT NULL) AS u FROM (SELECT tally_regions((SELECT doc FROM edition), region, measure, occurred_on, quantity, base, amount) AS t
  FROM fact) AS g OFFSET 0) AS u;
CREATE VIEW cost AS
SELECT (after.contexts - before.contexts) / :regions AS contexts, (after.process - before.process) / :regions AS process, 8 * :counters AS counters
FROM memory AS before, memory AS after WHERE before.what = 'before' AND after.what = 'table';
SELECT format('tally_regions holds %s bytes a region in memory contexts (the process grew by %s), its counters take %s',
  round(contexts), round(process), counters) FROM cost;

-- DuckDB reads the same facts from a file into a database of its own.
\set directory `mktemp -d`
\set csv :directory /facts.csv
\set query :directory /query.sql
SELECT statement FROM contender WHERE name = 'one-level SQL, rules written out' \g :query
COPY (SELECT region::text, measure, occurred_on, quantity, base, amount FROM fact) TO STDOUT (FORMAT csv) \g :csv
\set duckdb `if command -v node >/dev/null; then node tally/duckdb.mjs :'csv' :'directory' < :'query'; else echo '{"skipped": "node is not installed"}'; fi`
\set removed `rm -rf :'directory'`
CREATE TABLE duckdb AS SELECT :'duckdb'::jsonb AS said;
SELECT 'DuckDB: ' || (said ->> 'skipped') FROM duckdb WHERE said ? 'skipped';
SELECT count(*) = 0 AS same, count(*) > 0 AS differ FROM duckdb,
  (SELECT count(*)::text, sum(total)::text, sum(total * (region::text::bigint % 1000003))::text
   FROM scores((SELECT tally_regions((SELECT doc FROM edition), region, measure, occurred_on, quantity, base, amount) FROM fact),
     (SELECT doc FROM edition))) AS ours (n, total, mixed)
WHERE said ? 'sums' AND said -> 'sums' IS DISTINCT FROM jsonb_build_array(n, total, mixed) \gset
\if :differ
  DO $$ BEGIN RAISE EXCEPTION 'the totals of DuckDB differ'; END $$;
\endif
SELECT format('DuckDB %s, totals, %s, %s thread(s): %s s; tally_regions with totals, %s workers: %s s = %s x DuckDB', said ->> 'version',
  CASE split_part(key, ' ', 1) WHEN 'fact' THEN 'random order' ELSE 'in order of region' END, split_part(key, ' ', 2),
  to_char(value::numeric, 'FM990.00'), workers, to_char(seconds, 'FM990.00'), to_char(seconds / value::numeric, 'FM990.00'))
FROM duckdb, jsonb_each_text(said -> 'seconds') JOIN timing ON facts = split_part(key, ' ', 1)
  AND workers = CASE split_part(key, ' ', 2) WHEN '1' THEN 0 ELSE 2 END AND name = 'tally_regions, totals'
ORDER BY key;

-- Targets, for 10 million facts in one process.
SELECT format('%s %s: %s, at %s %s', CASE WHEN CASE least WHEN true THEN value >= bound ELSE value <= bound END THEN 'reached' ELSE 'missed ' END,
  what, to_char(value, 'FM990.00'), CASE WHEN least THEN 'least' ELSE 'most' END, bound)
FROM (
  SELECT 1 AS no, 'tally_regions / bare scan, random order' AS what, ratio('fact', 'tally_regions', 'bare scan') AS value, 3.5 AS bound, false AS least
  UNION ALL SELECT 2, 'tally_regions / GROUP BY one sum, random order', ratio('fact', 'tally_regions', 'GROUP BY one sum'), 0.4, false
  UNION ALL SELECT 3, 'tally_regions / bare scan, in order of region', ratio('fact_clustered', 'tally_regions', 'bare scan'), 2.5, false
  UNION ALL SELECT 4, 'tally / GROUP BY one sum, in order of region', ratio('fact_clustered', 'tally', 'GROUP BY one sum'), 1.3, false
  UNION ALL SELECT 6, 'two-level SQL / tally with totals, in order of region', ratio('fact_clustered', 'two-level SQL, rules in a table', 'tally, totals'), 4, true
  UNION ALL SELECT 5, 'tally / GROUP BY one sum, both sorted', ratio('fact_clustered', 'tally, sorted', 'GROUP BY one sum, sorted'), 1.3, false
  UNION ALL SELECT 7, 'two-level SQL / tally with totals, sorted', ratio('fact_clustered', 'two-level SQL, rules in a table', 'tally, totals, sorted'), 4, true
  UNION ALL SELECT 8, 'memory of tally_regions / its counters', contexts / counters, 2, false FROM cost
) AS target ORDER BY no;
