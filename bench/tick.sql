-- A tick: over 10,000 units with 100,000 cases, and few or many persons under
-- control of whom one in a thousand is overdue. The first raises, the second
-- has nothing to do and reads no person that is not due.
--
-- At full size: BENCH_PERSONS=1000000 make bench BENCH=tick
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
\set wanted 100000
\getenv wanted BENCH_PERSONS

CREATE TABLE timing (what text, variant text, seconds numeric, written bigint);
CREATE FUNCTION best(what text, variant text) RETURNS numeric LANGUAGE sql STABLE
  RETURN (SELECT min(t.seconds) FROM timing AS t WHERE (t.what, t.variant) = (best.what, best.variant));
CREATE PROCEDURE measure(what text, variant text, day date, runs int) LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz;
  written bigint;
BEGIN
  FOR run IN 1 .. runs LOOP
    began := clock_timestamp();
    EXECUTE format('SELECT sum(t.written) FROM %I.tick($1) AS t', variant) INTO written USING day;
    INSERT INTO timing VALUES (what, variant, extract(epoch FROM clock_timestamp() - began), written);
    COMMIT;
  END LOOP;
END
$$;

\set registry small
\set persons 10000
\ir tick/registry.psql
\set registry large
\set persons :wanted
\ir tick/registry.psql
SET search_path = public, antifraud;

CALL measure('first', 'small', '2024-12-31', 1);
CALL measure('first', 'large', '2024-12-31', 1);
ANALYZE;
-- alternating, best of five
CALL measure('again', 'small', '2024-12-31', 1);
CALL measure('again', 'large', '2024-12-31', 1);
CALL measure('again', 'small', '2024-12-31', 1);
CALL measure('again', 'large', '2024-12-31', 1);
CALL measure('again', 'small', '2024-12-31', 3);
CALL measure('again', 'large', '2024-12-31', 3);
CALL measure('past', 'small', '2024-12-10', 2);
CALL measure('past', 'large', '2024-12-10', 2);

SELECT format('%s among %s persons: %s s, %s rows written; again: %s s, %s rows; as of three weeks before: %s s',
  CASE v.variant WHEN 'small' THEN 'first tick' ELSE 'the same' END, v.persons, round(best('first', v.variant), 2), (SELECT t.written FROM timing AS t WHERE t.what = 'first' AND t.variant = v.variant),
  round(best('again', v.variant), 3), (SELECT max(t.written) FROM timing AS t WHERE t.what = 'again' AND t.variant = v.variant), round(best('past', v.variant), 3))
FROM (VALUES ('small', 10000), ('large', :wanted)) AS v (variant, persons);
SELECT format('a tick that has nothing to do: %s s among %s persons (below 1), %s x that among 10,000', round(best('again', 'large'), 3), :wanted, round(best('again', 'large') / best('again', 'small'), 2));
-- of which one in a thousand is overdue, and found by the index
SELECT format('of it who is overdue: %s ms', round(1000 * least(min(x.s), min(x.s)), 1)) FROM (
  SELECT extract(epoch FROM clock_timestamp() - x.began) AS s FROM generate_series(1, 3) AS r, LATERAL (SELECT clock_timestamp() AS began, r) AS x, LATERAL (SELECT count(*) FROM large.overdue_at('2024-12-31', 3 + 0 * x.r)) AS c) AS x;
