-- Escalation: COPY of cases in batches of 1,000, a hundred cases a unit in two
-- years, with the trigger antifraud.escalate() and without it (all other
-- triggers and foreign keys in both), and with the same logic as a PL/pgSQL row
-- trigger; one case at a time. Three registries take the same batches in turn.
--
-- Everyday size. A million cases of 10,000 units:
-- BENCH_CASES=1000000 make bench BENCH=escalation
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET jit = off;
\set cases 200000
\getenv cases BENCH_CASES
SELECT :cases / 100 AS units, :cases / 1000 AS batches, greatest(:cases / 20000, 5) AS slow \gset

-- Seconds of this process on a processor where Linux tells it, else by the clock.
CREATE FUNCTION spent() RETURNS numeric LANGUAGE sql VOLATILE RETURN
  CASE WHEN (pg_stat_file('/proc/self/schedstat', true)).size IS NOT NULL THEN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::numeric / 1e9
       ELSE extract(epoch FROM clock_timestamp()) END;
CREATE TABLE timing (what text, variant text, batch integer, seconds numeric, cpu numeric);

\set registry without
\ir escalation/registry.psql
\set registry with
\ir escalation/registry.psql
\set registry rows
\ir escalation/registry.psql
ALTER TABLE without.fraud_case DISABLE TRIGGER fraud_case_9_escalate_insert;
ALTER TABLE rows.fraud_case DISABLE TRIGGER fraud_case_9_escalate_insert;

-- What the rules say, as one would write it in PL/pgSQL: for each row lock the
-- unit, count its cases of this year and of last year up to the same day in
-- their table, and enter what is new.
CREATE FUNCTION rows.escalate_in_plpgsql() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  this_year date := date_trunc('year', NEW.filed_on);
  last_year date := date_trunc('year', NEW.filed_on) - interval '1 year';
  counted bigint;
  baseline bigint;
  found jsonb := '[]';
BEGIN
  PERFORM FROM rows.unit AS u WHERE u.code = NEW.unit FOR NO KEY UPDATE;
  IF NEW.loss >= 500000 THEN
    found := found || jsonb_build_object('rule', 'great', 'rung', 'veto', 'episode', 'fact:fraud_case:' || NEW.id);
  END IF;
  SELECT count(*) FILTER (WHERE c.filed_on >= this_year), count(*) FILTER (WHERE c.filed_on <= (NEW.filed_on - interval '1 year')::date) INTO counted, baseline
  FROM rows.fraud_case AS c
  WHERE c.unit = NEW.unit AND c.voided_at IS NULL AND c.filed_on BETWEEN last_year AND NEW.filed_on;
  IF counted > baseline THEN
    found := found || jsonb_build_object('rule', 'incidence', 'rung', 'reminder', 'episode', 'period:' || to_char(this_year, 'YYYY-MM-DD'));
  END IF;
  IF baseline > 0 AND 100 * (counted - baseline) > 50 * baseline THEN
    found := found || jsonb_build_object('rule', 'change', 'rung', 'veto', 'episode', 'period:' || to_char(this_year, 'YYYY-MM-DD'));
  END IF;
  IF counted > 200 THEN
    found := found || jsonb_build_object('rule', 'many', 'rung', 'interview', 'episode', 'period:' || to_char(this_year, 'YYYY-MM-DD'));
  END IF;
  INSERT INTO rows.escalation AS e (rule, rung, subject, unit, region, episode, as_of)
  SELECT f.rule, f.rung, 'unit:' || NEW.unit, NEW.unit, NEW.region, f.episode, NEW.filed_on
  FROM jsonb_to_recordset(found) AS f (rule text, rung text, episode text)
  WHERE NOT EXISTS (SELECT FROM rows.escalation AS e WHERE e.subject = 'unit:' || NEW.unit AND e.rule = f.rule AND e.episode = f.episode AND e.rung = f.rung);
  RETURN NULL;
END
$$;
CREATE TRIGGER yardstick AFTER INSERT ON rows.fraud_case FOR EACH ROW EXECUTE FUNCTION rows.escalate_in_plpgsql();
ALTER TABLE rows.fraud_case DISABLE TRIGGER yardstick;

-- Cases of two years in order of day, of units some of which have many; a loss
-- of 500,000 yuan is one in a thousand.
SELECT current_setting('data_directory') || '/bench_escalation' AS stem \gset
CREATE TABLE dealt AS
  SELECT i, format('3301%s', 10001001 + (u - 1) % 900 + (u - 1) / 900 * 1000) AS unit, date '2023-01-01' + (i * 730::bigint / :cases)::integer AS day,
         CASE WHEN i % 1000 = 7 THEN 600000 ELSE (i * 7919::bigint % 400000) END AS loss
  FROM (SELECT i, 1 + (hashint8(i)::bigint & 2147483647) % :units AS u FROM generate_series(1, :cases) AS i) AS d;
CREATE PROCEDURE write_batches(stem text, batches integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR b IN 0 .. batches - 1 LOOP
    EXECUTE format('COPY (SELECT ''A'' || i, unit, unit, day, loss, ''V'' || i FROM dealt WHERE i > %s AND i <= %s ORDER BY i) TO %L', b * 1000, b * 1000 + 1000, stem || b);
  END LOOP;
END
$$;
CREATE INDEX ON dealt (i);
CALL write_batches(:'stem', :batches);

CREATE PROCEDURE take(registry text, path text, batch integer) LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz := clock_timestamp();
  cpu numeric := spent();
BEGIN
  EXECUTE format('COPY %I.fraud_case (case_no, unit, region, filed_on, loss, victim) FROM %L', registry, path);
  COMMIT;
  INSERT INTO timing VALUES ('copy', registry, batch, extract(epoch FROM clock_timestamp() - began), spent() - cpu);
END
$$;
-- PL/pgSQL takes too long for all of them: it has the last.
CREATE PROCEDURE take_all(stem text, batches integer, slow integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR b IN 0 .. batches - 1 LOOP
    IF b = batches - slow THEN
      INSERT INTO rows.escalation (rule, rung, subject, unit, region, episode, as_of)
        SELECT rule, rung, subject, unit, region, episode, as_of FROM "with".escalation;
      ALTER TABLE rows.fraud_case ENABLE TRIGGER yardstick;
    END IF;
    CALL take('without', stem || b, b);
    CALL take('with', stem || b, b);
    CALL take('rows', stem || b, b);
    COMMIT;
  END LOOP;
END
$$;
CHECKPOINT;
CALL take_all(:'stem', :batches, :slow);
COPY (SELECT 1) TO PROGRAM 'rm -f bench_escalation*';

CREATE FUNCTION said(of_batches text, from_batch integer, to_batch integer) RETURNS text LANGUAGE sql AS $$
  SELECT format('COPY of %s batches of 1,000 cases, %s: without the trigger %s ms a batch (by the clock %s), with it %s ms (%s) = %s x (at most 2)',
    count(*) FILTER (WHERE variant = 'with'), of_batches, round(1000 * avg(cpu) FILTER (WHERE variant = 'without'), 1), round(1000 * avg(seconds) FILTER (WHERE variant = 'without'), 1),
    round(1000 * avg(cpu) FILTER (WHERE variant = 'with'), 1), round(1000 * avg(seconds) FILTER (WHERE variant = 'with'), 1),
    round(avg(cpu) FILTER (WHERE variant = 'with') / avg(cpu) FILTER (WHERE variant = 'without'), 2))
  FROM timing AS t WHERE t.what = 'copy' AND t.batch BETWEEN from_batch AND to_batch
$$;
SELECT said('all', 0, :batches);
SELECT said('of the first year, which has no baseline', 0, :batches / 2 - 1);
SELECT said('of the second, compared with the first', :batches / 2, :batches);
SELECT format('the last %s: the trigger itself %s ms a batch, in PL/pgSQL %s ms = %s x (at least 5)', :slow,
  round(1000 * (avg(cpu) FILTER (WHERE variant = 'with') - avg(cpu) FILTER (WHERE variant = 'without')), 1),
  round(1000 * (avg(cpu) FILTER (WHERE variant = 'rows') - avg(cpu) FILTER (WHERE variant = 'without')), 1),
  round((avg(cpu) FILTER (WHERE variant = 'rows') - avg(cpu) FILTER (WHERE variant = 'without')) / (avg(cpu) FILTER (WHERE variant = 'with') - avg(cpu) FILTER (WHERE variant = 'without')), 1))
FROM timing WHERE what = 'copy' AND batch >= :batches - :slow;
SELECT format('raised: %s of %s units', count(*), count(DISTINCT unit)) FROM "with".escalation;

-- ----------------------------------------------------------- one at a time
CREATE PROCEDURE record_each(registry text, batch integer, rows integer) LANGUAGE plpgsql AS $$
DECLARE
  cpu numeric;
BEGIN
  -- a statement for each row, as an application sends it
  cpu := spent();
  FOR n IN 1 .. rows LOOP
    EXECUTE format('INSERT INTO %I.fraud_case (case_no, unit, region, filed_on, loss, victim) VALUES ($1, $2, $2, $3, $4, $5)', registry)
      USING 'S' || batch || '-' || n, (SELECT d.unit FROM public.dealt AS d WHERE d.i = 1 + (n * 7919 + batch * 104729) % 10000), date '2024-12-31', 5, 'V' || n;
  END LOOP;
  INSERT INTO timing VALUES ('one', registry, batch, NULL, (spent() - cpu) / rows);
END
$$;
CREATE PROCEDURE record_all() LANGUAGE plpgsql AS $$
BEGIN
  FOR b IN 0 .. 9 LOOP
    CALL record_each('without', b, 300);
    COMMIT;
    CALL record_each('with', b, 300);
    COMMIT;
    CALL record_each('rows', b, 30);
    COMMIT;
  END LOOP;
END
$$;
CALL record_all();
SELECT format('one case, an INSERT of its own: without the trigger %s us, with it %s us = %s x (at most 2.5), in PL/pgSQL %s us',
  round(1e6 * avg(cpu) FILTER (WHERE variant = 'without')), round(1e6 * avg(cpu) FILTER (WHERE variant = 'with')),
  round(avg(cpu) FILTER (WHERE variant = 'with') / avg(cpu) FILTER (WHERE variant = 'without'), 2), round(1e6 * avg(cpu) FILTER (WHERE variant = 'rows')))
FROM timing WHERE what = 'one';
SELECT format('units whose margin promises more than the facts allow: %s', count(*)) FROM "with".verify_escalation_margins('2024-12-31');
