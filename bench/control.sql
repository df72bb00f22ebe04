-- Check-ins: lists from an index, whatever the number of persons elsewhere;
-- COPY with and without the trigger that keeps the next due day; one check-in;
-- all persons verified.
--
-- Everyday size. At full size: BENCH_PERSONS=1000000 BENCH_CHECKINS=50
-- BENCH_COPY=1000000 make bench BENCH=control
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
\set wanted 100000
\getenv wanted BENCH_PERSONS
\set checkins 10
\getenv checkins BENCH_CHECKINS
\set copied 100000
\getenv copied BENCH_COPY

-- Person n: in which county, how often checked, and how long ago: a tenth of
-- all longer than the interval.
CREATE FUNCTION county(n bigint) RETURNS antifraud.region LANGUAGE sql IMMUTABLE RETURN ((330001 + (n - 1) / 3000)::text)::antifraud.region;
CREATE FUNCTION tier(n bigint) RETURNS text LANGUAGE sql IMMUTABLE RETURN (ARRAY['low', 'medium', 'high'])[1 + n % 3];
CREATE FUNCTION days(n bigint) RETURNS int LANGUAGE sql IMMUTABLE RETURN (ARRAY[31, 14, 7])[1 + n % 3];
CREATE FUNCTION ago(n bigint) RETURNS int LANGUAGE sql IMMUTABLE RETURN days(n) * (n * 31 % 110)::int / 100;

-- Seconds: of this process on a processor where Linux tells it, else by the clock.
CREATE FUNCTION spent() RETURNS numeric LANGUAGE sql VOLATILE RETURN
  CASE WHEN (pg_stat_file('/proc/self/schedstat', true)).size IS NOT NULL THEN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1e9
       ELSE extract(epoch FROM clock_timestamp()) END;
CREATE TABLE timing (what text, variant text, seconds numeric, cpu numeric);
CREATE FUNCTION best(what text, variant text) RETURNS numeric LANGUAGE sql STABLE
  RETURN (SELECT min(t.cpu) FROM timing AS t WHERE (t.what, t.variant) = (best.what, best.variant));
CREATE FUNCTION clocked(what text, variant text) RETURNS numeric LANGUAGE sql STABLE
  RETURN (SELECT min(t.seconds) FROM timing AS t WHERE (t.what, t.variant) = (clocked.what, clocked.variant));

\set registry small
\set persons 10000
\ir control/registry.psql
\set registry large
\set persons :wanted
\ir control/registry.psql
SET search_path = public, antifraud;

-- ------------------------------------------------------------------- lists
-- Many times in a row: Linux counts the processor's time in ticks.
CREATE PROCEDURE measure(what text, variant text, statement text, runs int, times int DEFAULT 1) LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz;
  cpu numeric;
BEGIN
  FOR run IN 1 .. runs LOOP
    began := clock_timestamp();
    cpu := spent();
    FOR again IN 1 .. times LOOP
      EXECUTE statement;
    END LOOP;
    INSERT INTO timing VALUES (what, variant, extract(epoch FROM clock_timestamp() - began) / times, (spent() - cpu) / times);
  END LOOP;
END
$$;
-- Three counties and thirty officers in each run; the first run of all warms up.
CREATE PROCEDURE lists(registry text, runs int) LANGUAGE plpgsql AS $$
BEGIN
  CALL measure('county', registry, format($q$SELECT count(*) FROM generate_series(0, 2) AS c, LATERAL %I.checkins_overdue('2024-12-31', county(1 + c * 3000))$q$, registry), runs, 40);
  CALL measure('officer', registry, format($q$SELECT count(*) FROM generate_series(1, 30) AS o, LATERAL %I.officer_day_list(o * 7, '2024-12-31')$q$, registry), runs, 40);
END
$$;
CREATE FUNCTION said(how text, elsewhere bigint) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('overdue list of a county of 3,000 persons, %s: %s ms among 10,000 persons, %s ms among %s = %s x (at most 1.5)', how,
    round(1000 * best('county', 'small') / 3, 2), round(1000 * best('county', 'large') / 3, 2), elsewhere, round(best('county', 'large') / best('county', 'small'), 2))
  UNION ALL
  SELECT format('day list of an officer with 40 persons, %s: %s ms among 10,000 persons, %s ms among %s = %s x (at most 1.5)', how,
    round(1000 * best('officer', 'small') / 30, 2), round(1000 * best('officer', 'large') / 30, 2), elsewhere, round(best('officer', 'large') / best('officer', 'small'), 2))
$$;
-- Persons of a county lie together, as they were imported or by CLUSTER; and
-- at worst each on a page of its own, which cannot happen among 10,000.
CLUSTER small.person USING person_unit;
CLUSTER large.person USING person_unit;
VACUUM ANALYZE small.person, large.person;
CALL lists('small', 1);
CALL lists('large', 1);
TRUNCATE timing;
CALL lists('small', 5);
CALL lists('large', 5);
SELECT said('side by side in the table', :wanted);
CREATE INDEX scattered ON large.person (hashint8(id));
CLUSTER large.person USING scattered;
DROP INDEX large.scattered;
VACUUM ANALYZE large.person;
DELETE FROM timing WHERE variant = 'large';
CALL lists('large', 5);
SELECT said('scattered over a large table', :wanted);

-- -------------------------------------------------------- COPY of check-ins
-- What the trigger does, as one would write it in PL/pgSQL: for each row lock
-- the person, then move the day, or compute it from the history. (Without the
-- guard of the kept columns, which would refuse it.)
CREATE FUNCTION large.keep_in_plpgsql() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept record;
BEGIN
  IF NEW.outcome = 'completed' THEN
    SELECT p.settled_on, p.plain_cadence INTO kept FROM large.person AS p WHERE p.id = NEW.person FOR NO KEY UPDATE;
    IF kept.plain_cadence IS NOT NULL AND NEW.done_on > kept.settled_on THEN
      UPDATE large.person AS p SET last_done = NEW.done_on, next_due = antifraud.next_due(kept.plain_cadence, NEW.done_on), settled_on = NEW.done_on
      WHERE p.id = NEW.person;
    ELSE
      UPDATE large.person AS p
      SET tier = s.tier, last_done = s.last_done, next_due = s.next_due, settled_on = s.settled_on, plain_cadence = s.plain_cadence
      FROM large.person_from_scratch AS s WHERE s.person = NEW.person AND p.id = NEW.person;
    END IF;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER yardstick AFTER INSERT ON large.checkin FOR EACH ROW EXECUTE FUNCTION large.keep_in_plpgsql();
ALTER TABLE large.checkin DISABLE TRIGGER yardstick;
CREATE PROCEDURE copy_checkins(variant text, path text) LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz := clock_timestamp();
  cpu numeric := spent();
  seconds numeric;
BEGIN
  EXECUTE format('COPY large.checkin (person, checked_at, method, officer) FROM %L', path);
  seconds := extract(epoch FROM clock_timestamp() - began);
  cpu := spent() - cpu;
  ROLLBACK;
  INSERT INTO timing VALUES (path, variant, seconds, cpu);
END
$$;
SELECT current_setting('data_directory') || '/' AS directory \gset
-- In order of time, a person's check-ins on different days; of as many persons
-- as there are rows (or persons), and of a tenth of that.
\set each :directory bench_each.tsv
\set tenth :directory bench_tenth.tsv
SELECT least(:wanted, :copied) AS each_persons, least(:wanted, :copied) / 10 AS tenth_persons \gset
COPY (SELECT 1 + n::bigint * 7919 % :each_persons, timestamptz '2025-02-01 08:00+08' + n * (interval '25 hours' / :each_persons), 'visit', 1 + n % (:wanted / 40)
  FROM generate_series(1, :copied) AS n) TO :'each';
COPY (SELECT 1 + n::bigint * 7919 % :tenth_persons, timestamptz '2025-02-01 08:00+08' + n * (interval '25 hours' / :tenth_persons), 'visit', 1 + n % (:wanted / 40)
  FROM generate_series(1, :copied) AS n) TO :'tenth';
CHECKPOINT;
\set file :each
\ir control/copy.psql
\ir control/copy.psql
\set file :tenth
\ir control/copy.psql
\ir control/copy.psql
COPY (SELECT 1) TO PROGRAM 'rm -f bench_each.tsv bench_tenth.tsv';
SELECT format('COPY of %s check-ins of %s persons: without the trigger %s s (by the clock %s), with it %s s (%s) = %s x (at most 2); the trigger itself %s s, in PL/pgSQL %s s = %s x (at least 4)',
  :copied, persons, round(best(path, 'without'), 2), round(clocked(path, 'without'), 2), round(best(path, 'with'), 2), round(clocked(path, 'with'), 2),
  round(best(path, 'with') / best(path, 'without'), 2), round(best(path, 'with') - best(path, 'without'), 2), round(best(path, 'PL/pgSQL') - best(path, 'without'), 2),
  round((best(path, 'PL/pgSQL') - best(path, 'without')) / greatest(best(path, 'with') - best(path, 'without'), 0.01), 1))
FROM (VALUES (:'each', :each_persons), (:'tenth', :tenth_persons)) AS f (path, persons);

-- ----------------------------------------------------------- one at a time
CREATE PROCEDURE record_each(variant text, rows int, keep boolean) LANGUAGE plpgsql AS $$
DECLARE
  cpu numeric := spent();
BEGIN
  FOR n IN 1 .. rows LOOP
    INSERT INTO large.checkin (person, checked_at, method, officer) VALUES (n, '2025-03-01 08:00+08', 'visit', 1);
  END LOOP;
  cpu := spent() - cpu;
  IF NOT keep THEN
    ROLLBACK;
  END IF;
  INSERT INTO timing VALUES ('one', variant, NULL, cpu / rows);
END
$$;
ALTER TABLE large.checkin DISABLE TRIGGER checkin_9_keep_insert;
CALL record_each('without', 5000, false);
ALTER TABLE large.checkin ENABLE TRIGGER checkin_9_keep_insert;
CALL record_each('with', 5000, true);
SELECT format('one check-in, an INSERT of its own: without the trigger %s us, with it %s us', round(1e6 * best('one', 'without')), round(1e6 * best('one', 'with')));

-- A day after the last known one: computed from the history.
CREATE PROCEDURE record_late(rows int) LANGUAGE plpgsql AS $$
DECLARE
  cpu numeric := spent();
BEGIN
  FOR n IN 1 .. rows LOOP
    INSERT INTO large.checkin (person, checked_at, method, officer) VALUES (n, '2024-06-01 08:00+08', 'visit', 1);
  END LOOP;
  INSERT INTO timing VALUES ('one', 'late', NULL, (spent() - cpu) / rows);
END
$$;
CALL record_late(1000);
SELECT format('one entered late, which is computed from the history: %s us', round(1e6 * best('one', 'late')));

-- -------------------------------------------------------------- all persons
CALL measure('verify', 'large', 'CREATE TEMP TABLE verified AS SELECT * FROM large.verify_next_due()', 1);
SELECT format('verify: %s persons computed from scratch, %s different, %s s (by the clock %s) = %s us each',
  persons, different, round(best('verify', 'large'), 1), round(clocked('verify', 'large'), 1), round(1e6 * best('verify', 'large') / persons, 1)) FROM verified;
