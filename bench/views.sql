-- Reading a registry: every view, and every function that reads for a day, on
-- the county year of examples/county.sql (300 communities, 3,000 persons,
-- 100,000 facts), whole and for one community, against the plain scan of the
-- tables of facts. Planning included; the rows are computed with all their
-- columns and thrown away at the end (EXPLAIN ANALYZE), as printing them is up
-- to the client. Time of this process on a processor where Linux tells it,
-- else by the clock: the mean of at least five runs and 40 ms, after one that
-- warms up.
--
-- Scorecards and facts are kept and have been refreshed; scores_from_scratch()
-- and facts_from_scratch() are what scores() and the views of scores, and the
-- view fact, take without.
--
-- BENCH_FACTS=20000 make bench BENCH=views is a quick try; BENCH_COMMUNITIES
-- and BENCH_PERSONS are the other sizes, BENCH_RUNS how often each is timed.
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
\getenv facts BENCH_FACTS
\getenv communities BENCH_COMMUNITIES
\getenv persons BENCH_PERSONS
\set runs 5
\getenv runs BENCH_RUNS
SET client_min_messages = warning;
SELECT antifraud.create_registry('fraud') \g /dev/null
\set QUIET on
\ir ../examples/county.sql
SELECT fraud.keep_facts() \g /dev/null
SELECT fraud.refresh_cards() \g /dev/null
VACUUM (FREEZE, ANALYZE);

-- One community: that with the most cases, hence none that would be easy.
CREATE TABLE one AS
SELECT u.code, u.region, (SELECT o.id FROM fraud.officer AS o WHERE o.unit = u.code AND o.role = 'cadre') AS officer, i.as_of
FROM fraud.registry_info AS i
CROSS JOIN LATERAL (SELECT c.unit FROM fraud.fraud_case AS c GROUP BY c.unit ORDER BY count(*) DESC, c.unit LIMIT 1) AS c
JOIN fraud.unit AS u ON u.code = c.unit;

-- What is timed: a statement for the county, and one for the community where
-- the view has a column that says whose row it is.
CREATE TABLE contender (name text PRIMARY KEY, kind text, whole text, narrow text, rows bigint, whole_ms numeric, narrow_rows bigint, narrow_ms numeric);
INSERT INTO contender (name, kind, whole, narrow)
SELECT c.relname, 'view', format('SELECT * FROM fraud.%I', c.relname),
       CASE WHEN 'unit' = ANY (a.columns) THEN format('SELECT * FROM fraud.%I WHERE unit = %L', c.relname, o.code)
            WHEN 'region' = ANY (a.columns) THEN format('SELECT * FROM fraud.%I WHERE region OPERATOR(antifraud.<@) %L', c.relname, o.region) END
FROM pg_class AS c
CROSS JOIN one AS o
CROSS JOIN LATERAL (SELECT array_agg(t.attname::text) AS columns FROM pg_attribute AS t WHERE t.attrelid = c.oid AND t.attnum > 0 AND NOT t.attisdropped) AS a
WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind IN ('v', 'm');

-- Functions that change nothing and need no more than a day, a rubric or who
-- it is for; the other arguments keep their defaults.
CREATE TABLE known_argument AS
SELECT a.name, a.value, a.narrow FROM one AS o
CROSS JOIN LATERAL (VALUES ('as_of', quote_literal(o.as_of), false), ('rubric', quote_literal('nanma-2023'), false), ('on_day', quote_literal(o.as_of), false),
  ('unit', quote_literal(o.code), true), ('region', quote_literal(o.region), true), ('within', quote_literal(o.region), true), ('officer', o.officer::text, true)) AS a (name, value, narrow);
INSERT INTO contender (name, kind, whole, narrow)
SELECT DISTINCT ON (p.proname) p.proname || '()', 'function',
       CASE WHEN NOT a.narrow_required THEN format('SELECT * FROM fraud.%I(%s)', p.proname, a.required) END,
       CASE WHEN a.narrow THEN format('SELECT * FROM fraud.%I(%s)', p.proname, concat_ws(', ', nullif(a.required, ''), a.optional)) END
FROM pg_proc AS p
CROSS JOIN LATERAL (
  SELECT coalesce(bool_and(k.name IS NOT NULL) FILTER (WHERE x.no <= p.pronargs - p.pronargdefaults), true) AS known,
         coalesce(bool_or(k.narrow) FILTER (WHERE x.no <= p.pronargs - p.pronargdefaults), false) AS narrow_required,
         coalesce(bool_or(k.narrow), false) AS narrow,
         coalesce(string_agg(quote_ident(k.name) || ' => ' || k.value, ', ' ORDER BY x.no) FILTER (WHERE x.no <= p.pronargs - p.pronargdefaults), '') AS required,
         string_agg(quote_ident(k.name) || ' => ' || k.value, ', ' ORDER BY x.no) FILTER (WHERE x.no > p.pronargs - p.pronargdefaults AND k.narrow) AS optional
  FROM unnest(p.proargnames[1 : p.pronargs]) WITH ORDINALITY AS x (name, no)
  LEFT JOIN known_argument AS k ON k.name = x.name
) AS a
WHERE p.pronamespace = 'fraud'::regnamespace AND p.prokind = 'f' AND p.provolatile <> 'v' AND p.proretset AND a.known
ORDER BY p.proname, p.pronargs DESC;

CREATE FUNCTION spent() RETURNS numeric LANGUAGE sql VOLATILE RETURN
  CASE WHEN (pg_stat_file('/proc/self/schedstat', true)).size IS NOT NULL THEN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1e6
       ELSE extract(epoch FROM clock_timestamp()) * 1000 END;
CREATE FUNCTION timed(statement text, runs int, OUT rows bigint, OUT ms numeric) LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
  since numeric;
BEGIN
  FOR run IN 0 .. 200 LOOP
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY, FORMAT JSON) ' || statement INTO plan;
    IF run = 0 THEN
      rows := (plan #>> '{0,Plan,Actual Rows}')::numeric;
      since := spent();
    ELSE
      ms := (spent() - since) / run;
      EXIT WHEN run >= runs AND ms * run >= 40;
    END IF;
  END LOOP;
END
$$;

-- The yardstick: each table of facts read once, its columns looked at.
CREATE FUNCTION scan_of(tables text[], runs int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  name text;
  ms numeric := 0;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    ms := ms + (timed(format('SELECT count(*) FROM fraud.%I WHERE voided_at IS NULL', name), runs)).ms;
  END LOOP;
  RETURN ms;
END
$$;
CREATE TABLE fact_tables AS
SELECT array_agg(c.relname::text) AS names FROM pg_class AS c
WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'kept_fact'
  AND (SELECT count(*) FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname IN ('recorded_at', 'voided_at')) = 2;

SET max_parallel_workers_per_gather = 0;
SELECT scan_of(names, :runs) AS scan, (SELECT sum(c.reltuples)::bigint FROM pg_class AS c WHERE c.relnamespace = 'fraud'::regnamespace AND c.relname = ANY (f.names)) AS rows
FROM fact_tables AS f \gset
UPDATE contender AS c SET rows = t.rows, whole_ms = t.ms FROM contender AS s CROSS JOIN LATERAL timed(s.whole, :runs) AS t WHERE s.name = c.name AND s.whole IS NOT NULL;
UPDATE contender AS c SET narrow_rows = t.rows, narrow_ms = t.ms FROM contender AS s CROSS JOIN LATERAL timed(s.narrow, :runs) AS t WHERE s.name = c.name AND s.narrow IS NOT NULL;

SELECT format('%s communities, %s persons, %s rows in %s tables of facts; their plain scan: %s ms',
  (SELECT count(*) FROM fraud.unit WHERE kind IN ('community', 'village')), (SELECT count(*) FROM fraud.person), :rows,
  (SELECT cardinality(names) FROM fact_tables), to_char(:scan, 'FM9990.0'));
SELECT format('  %s %s %s %s %s %s', rpad('', 34), lpad('rows', 8), lpad('ms', 9), lpad('x scan', 8), lpad('rows', 8), lpad('ms', 9));
SELECT format('  %s %s %s %s %s %s', rpad(name, 34), lpad(coalesce(rows::text, '-'), 8), lpad(coalesce(to_char(whole_ms, 'FM99990.0'), '-'), 9),
  lpad(coalesce(to_char(whole_ms / :scan, 'FM9990.00'), '-'), 8), lpad(coalesce(narrow_rows::text, '-'), 8), lpad(coalesce(to_char(narrow_ms, 'FM99990.0'), '-'), 9))
FROM contender ORDER BY kind DESC, name;
SELECT format('%ss: %s of %s above 50 ms: %s', kind, count(*) FILTER (WHERE whole_ms > 50), count(whole_ms),
  coalesce(string_agg(name, ', ' ORDER BY name) FILTER (WHERE whole_ms > 50), 'none')) FROM contender GROUP BY kind ORDER BY kind DESC;
SELECT format('%ss, for one community: %s of %s above 5 ms: %s', kind, count(*) FILTER (WHERE narrow_ms > 5), count(narrow_ms),
  coalesce(string_agg(name, ', ' ORDER BY name) FILTER (WHERE narrow_ms > 5), 'none')) FROM contender GROUP BY kind ORDER BY kind DESC;
