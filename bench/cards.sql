-- Kept scorecards, with and without them in turns: reading, on the county year
-- of examples/county.sql, and what they cost whoever writes. Time of this
-- process on a processor where Linux tells it, else by the clock; the best of
-- four turns.
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
\getenv facts BENCH_FACTS
\getenv communities BENCH_COMMUNITIES
\getenv persons BENCH_PERSONS
SET client_min_messages = warning;
SELECT antifraud.create_registry('fraud') \g /dev/null
\set QUIET on
\ir ../examples/county.sql
VACUUM (FREEZE, ANALYZE);
SET max_parallel_workers_per_gather = 0;

CREATE FUNCTION spent() RETURNS numeric LANGUAGE sql VOLATILE RETURN
  CASE WHEN (pg_stat_file('/proc/self/schedstat', true)).size IS NOT NULL THEN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1e6
       ELSE extract(epoch FROM clock_timestamp()) * 1000 END;
CREATE TABLE took (what text, kept boolean, ms numeric);
CREATE PROCEDURE read(what text, kept boolean, statement text) LANGUAGE plpgsql AS $$
DECLARE since numeric; plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || statement INTO plan;
  since := spent();
  FOR i IN 1 .. 5 LOOP
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || statement INTO plan;
  END LOOP;
  INSERT INTO took VALUES (what, kept, (spent() - since) / 5);
END
$$;

-- New cases, as many statements as transactions.
CREATE TABLE entered AS SELECT c.unit, c.region, c.filed_on, c.loss FROM fraud.fraud_case AS c;
CREATE PROCEDURE write(what text, kept boolean, batch int, batches int) LANGUAGE plpgsql AS $$
DECLARE since numeric := spent();
BEGIN
  FOR i IN 0 .. batches - 1 LOOP
    INSERT INTO fraud.fraud_case (unit, region, filed_on, loss) SELECT e.unit, e.region, e.filed_on, e.loss FROM entered AS e OFFSET i * batch % 2000 LIMIT batch;
    COMMIT;
  END LOOP;
  INSERT INTO took VALUES (what, kept, (spent() - since) / batches);
END
$$;

SELECT c.unit AS one FROM fraud.fraud_case AS c GROUP BY c.unit ORDER BY count(*) DESC, c.unit LIMIT 1 \gset
CREATE PROCEDURE turn(kept boolean, one text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fraud.keep_cards(kept);
  IF kept THEN
    PERFORM fraud.refresh_cards();
  END IF;
  COMMIT;
  CALL read('scoreboard', kept, 'SELECT * FROM fraud.scoreboard');
  CALL read('scoreboard, one unit', kept, format('SELECT * FROM fraud.scoreboard WHERE unit = %L', one));
  CALL read('cohort_scoreboard, one unit', kept, format('SELECT * FROM fraud.cohort_scoreboard WHERE unit = %L', one));
  CALL read('explain_score(), one unit', kept, format('SELECT * FROM fraud.explain_score(%L, ''nanma-2023'')', one));
  CALL write('1,000 cases in one statement', kept, 1000, 10);
  CALL write('one case', kept, 1, 300);
  IF kept THEN
    CALL read('scoreboard, every unit touched since', kept, 'SELECT * FROM fraud.scoreboard');
    PERFORM fraud.refresh_cards();
    COMMIT;
    INSERT INTO fraud.den (unit, found_on) VALUES (one, '2023-12-01');
    COMMIT;
    CALL read('scoreboard, one unit touched since', kept, 'SELECT * FROM fraud.scoreboard');
  END IF;
END
$$;
CALL turn(false, :'one');
CALL turn(true, :'one');
CALL turn(true, :'one');
CALL turn(false, :'one');
CALL turn(false, :'one');
CALL turn(true, :'one');
CALL turn(true, :'one');
CALL turn(false, :'one');

SELECT format('%s communities, %s cases at the end', (SELECT count(*) FROM fraud.unit WHERE kind IN ('community', 'village')), (SELECT count(*) FROM fraud.fraud_case));
SELECT format('  %s %s %s %s', rpad('ms', 40), lpad('counted', 9), lpad('kept', 9), lpad('ratio', 7));
SELECT format('  %s %s %s %s', rpad(what, 40), lpad(coalesce(to_char(min(ms) FILTER (WHERE NOT kept), 'FM99990.00'), '-'), 9),
  lpad(coalesce(to_char(min(ms) FILTER (WHERE kept), 'FM99990.00'), '-'), 9), lpad(coalesce(to_char(min(ms) FILTER (WHERE kept) / min(ms) FILTER (WHERE NOT kept), 'FM990.00'), '-'), 7))
FROM took GROUP BY what ORDER BY min(CASE WHEN what ~ 'case' THEN 2 ELSE 1 END), what;
