-- `region <@` on 660,000 codes: against the same range written by hand, and
-- against ltree with GiST, for a county, a prefecture and a province.
-- The divisions are synthetic: 31 provinces with 11 prefectures of 8 counties
-- of 15 towns of 16 villages make 660,000 codes in all.
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS ltree;
SET search_path = public, antifraud;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

CREATE TABLE place AS
WITH RECURSIVE level (digits, depth) AS (
  SELECT (10 + p)::text, 1 FROM generate_series(1, 31) AS p
  UNION ALL
  SELECT digits || lpad(n::text, width, '0'), depth + 1
  FROM level, (VALUES (1, 11, 2), (2, 8, 2), (3, 15, 3), (4, 15, 3)) AS w (above, members, width), generate_series(1, members) AS n
  WHERE above = depth
)
SELECT digits::region AS code, digits, 0 AS payload FROM level ORDER BY random();
-- Spare codes, so that the number is the one of the whole country.
INSERT INTO place SELECT ('42' || lpad(n::text, 10, '0'))::region, '42' || lpad(n::text, 10, '0'), 0
FROM generate_series(1, 660000 - (SELECT count(*)::int FROM place)) AS n;
ALTER TABLE place ADD path ltree;
-- 33.1101.331101: each label is a whole prefix, as ltree users write codes.
UPDATE place SET path = (SELECT string_agg(left(digits, length), '.' ORDER BY length)
  FROM unnest('{2,4,6,9,12}'::int[]) AS length WHERE length <= length(digits))::ltree;
CREATE INDEX place_code ON place (code);
CREATE INDEX place_path ON place USING gist (path);
VACUUM FULL place;
VACUUM ANALYZE place;
SELECT count(*) || ' codes' FROM place;

-- Best of several runs, in microseconds a statement, planning included.  The
-- statements take turns, so that what else the machine does falls on all of
-- them; each runs once unmeasured, so that none starts with the processor
-- caches that its neighbour left.
CREATE FUNCTION best(statements text[], runs int, times int, OUT micro numeric[], OUT counts bigint[]) LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz;
  spent numeric;
  found bigint;
BEGIN
  FOR run IN 1 .. runs LOOP
    FOR i IN 1 .. cardinality(statements) LOOP
      EXECUTE statements[i] INTO found;
      since := clock_timestamp();
      FOR again IN 1 .. times LOOP
        EXECUTE statements[i] INTO found;
      END LOOP;
      spent := extract(epoch FROM clock_timestamp() - since) * 1000000 / times;
      micro[i] := least(micro[i], spent);
      counts[i] := found;
    END LOOP;
  END LOOP;
END
$$;

CREATE FUNCTION report(what text, root text, runs int, times int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  low text := root::region;
  high text := region_last(root::region);
  path text := (SELECT p.path FROM place p WHERE p.code = root::region);
  measured record;
BEGIN
  measured := best(ARRAY[
    format('SELECT count(*) FROM place WHERE code <@ %L', root),
    format('SELECT count(*) FROM place WHERE code >= %L AND code <= %L', low, high),
    format('SELECT count(*) FROM place WHERE path <@ %L', path),
    format('SELECT count(*) FROM place WHERE code <@ (SELECT region %L)', root),
    format('SELECT count(*) FROM place WHERE code >= (SELECT region %L) AND code <= (SELECT region %L)', low, high)], runs, times);
  IF measured.counts[1] <> ALL (measured.counts) THEN
    RAISE EXCEPTION 'the counts differ: %', measured.counts;
  END IF;
  RETURN format('%s (%s rows): region <@ %s us, range by hand %s us, ltree %s us; with sub-selects <@ %s us, range %s us; '
      '<@ / range = %s, with sub-selects %s; ltree / <@ = %s',
    what, measured.counts[1], round(measured.micro[1], 1), round(measured.micro[2], 1), round(measured.micro[3], 1),
    round(measured.micro[4], 1), round(measured.micro[5], 1), round(measured.micro[1] / measured.micro[2], 3),
    round(measured.micro[4] / measured.micro[5], 3), round(measured.micro[3] / measured.micro[1], 2));
END
$$;

SELECT report('county', '330203', 50, 20);
SELECT report('prefecture', '3302', 30, 5);
SELECT report('province', '33', 15, 2);
-- Without indexes: the cost of the operators themselves.
SET enable_indexscan = off;
SET enable_indexonlyscan = off;
SET enable_bitmapscan = off;
SELECT report('county, sequential scan', '330203', 15, 1);
