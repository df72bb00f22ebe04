-- A tick: over 10,000 units with 100,000 cases, and few or many persons under
-- control of whom one in a thousand is overdue. The first raises, the second
-- has nothing to do.
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

-- Seconds: of this process on a processor where Linux tells it, else by the clock.
CREATE FUNCTION spent() RETURNS numeric LANGUAGE sql VOLATILE RETURN
  CASE WHEN (pg_stat_file('/proc/self/schedstat', true)).size IS NOT NULL THEN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1e9
       ELSE extract(epoch FROM clock_timestamp()) END;
CREATE TABLE timing (what text, variant text, seconds numeric, written bigint);
CREATE FUNCTION best(what text, variant text) RETURNS numeric LANGUAGE sql STABLE
  RETURN (SELECT min(t.seconds) FROM timing AS t WHERE (t.what, t.variant) = (best.what, best.variant));
CREATE PROCEDURE measure(what text, variant text, day date, runs int) LANGUAGE plpgsql AS $$
DECLARE
  began numeric;
  written bigint;
BEGIN
  FOR run IN 1 .. runs LOOP
    began := spent();
    EXECUTE format('SELECT sum(t.written) FROM %I.tick($1) AS t', variant) INTO written USING day;
    INSERT INTO timing VALUES (what, variant, spent() - began, written);
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
CREATE PROCEDURE look(variant text) LANGUAGE plpgsql AS $$
DECLARE
  began numeric;
  found bigint;
BEGIN
  FOR run IN 1 .. 3 LOOP
    began := spent();
    EXECUTE format('SELECT count(*) FROM %I.overdue_at($1, 3)', variant) INTO found USING DATE '2024-12-31';
    INSERT INTO timing VALUES ('look', variant, spent() - began, found);
  END LOOP;
END
$$;
CALL look('small');
CALL look('large');
SELECT format('of which to find the %s who are overdue: %s s', (SELECT max(t.written) FROM timing AS t WHERE t.what = 'look' AND t.variant = 'large'), round(best('look', 'large'), 3));
