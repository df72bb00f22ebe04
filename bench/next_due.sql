-- next_due on 10 million dates: against `date + interval`, which clamps month
-- ends too and gives a timestamp.
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET search_path = public, antifraud;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

-- Every day of some 27 years, in no order.
CREATE UNLOGGED TABLE visit AS
SELECT date '2000-01-01' + (n % 10000 * 7919 % 10000) AS done_on FROM generate_series(1, 10000000) AS n;
VACUUM ANALYZE visit;
SELECT count(*) || ' dates' FROM visit;

-- Best of several runs that take turns, in seconds for all dates.
CREATE FUNCTION best(answers text[], runs int) RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE
  seconds numeric[];
  since timestamptz;
BEGIN
  FOR run IN 1 .. runs LOOP
    FOR i IN 1 .. cardinality(answers) LOOP
      since := clock_timestamp();
      EXECUTE format('SELECT count(%s) FROM visit', answers[i]);
      seconds[i] := least(seconds[i], extract(epoch FROM clock_timestamp() - since)::numeric);
    END LOOP;
  END LOOP;
  RETURN seconds;
END
$$;

CREATE FUNCTION report(cadence cadence, step interval) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  seconds numeric[] := best(ARRAY[format('next_due(%L, done_on)', cadence), format('done_on + interval %L', step), 'done_on'], 5);
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT done_on FROM visit) AS v WHERE next_due(report.cadence, done_on) <> (done_on + step)::date) THEN
    RAISE EXCEPTION 'next_due(%, ...) differs from + interval %', cadence, step;
  END IF;
  RETURN format('next_due(''%s'', date) %s s, date + interval ''%s'' %s s: ratio %s (the scan alone %s s)', cadence,
    round(seconds[1], 3), step, round(seconds[2], 3), round(seconds[1] / seconds[2], 2), round(seconds[3], 3));
END
$$;

SELECT report('every month', '1 month');
SELECT report('every 2 weeks', '14 days');
SELECT report('every 7 days', '7 days');
