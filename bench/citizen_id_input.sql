-- Input of citizen_id against a validator in PL/pgSQL that checks the same:
-- form, province, date, check character; 15 digits upgraded.
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
SET search_path = public, antifraud;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

-- Written as such functions are: one loop over the 17 digits.
CREATE FUNCTION validated(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  weights constant int[] := '{7,9,10,5,8,4,2,1,6,3,7,9,10,5,8,4,2}';
  id text := upper(btrim(given, E' \t\n\r\f\v'));
  old boolean := false;
  total int := 0;
  born date;
BEGIN
  IF length(id) = 15 THEN
    old := true;
    id := left(id, 6) || '19' || substr(id, 7);
  ELSIF length(id) <> 18 THEN
    RAISE EXCEPTION 'wrong length';
  END IF;
  IF id !~ '^[0-9]{17}[0-9X]?$' THEN
    RAISE EXCEPTION 'wrong character';
  END IF;
  IF left(id, 1) <> '9' AND left(id, 2) NOT IN ('11','12','13','14','15','21','22','23','31','32','33','34','35','36','37',
      '41','42','43','44','45','46','50','51','52','53','54','61','62','63','64','65','71','81','82','83') THEN
    RAISE EXCEPTION 'wrong province';
  END IF;
  IF substr(id, 7, 4) NOT BETWEEN '1800' AND '2199' THEN
    RAISE EXCEPTION 'wrong year';
  END IF;
  born := make_date(substr(id, 7, 4)::int, substr(id, 11, 2)::int, substr(id, 13, 2)::int);
  FOR i IN 1 .. 17 LOOP
    total := total + substr(id, i, 1)::int * weights[i];
  END LOOP;
  IF old THEN
    RETURN id || substr('10X98765432', total % 11 + 1, 1);
  END IF;
  IF substr(id, 18, 1) <> substr('10X98765432', total % 11 + 1, 1) THEN
    RAISE EXCEPTION 'wrong check character';
  END IF;
  RETURN id;
END
$$;

-- Made-up ids of a county that cannot exist; one in ten in the old form.
CREATE TABLE given AS
SELECT CASE WHEN n % 10 = 0 THEN left(id, 6) || substr(id, 9, 9) ELSE id END AS id
FROM (SELECT n, ('339999' || to_char(date '1950-01-01' + n % 18000, 'YYMMDD') || lpad((n % 1000)::text, 3, '0'))::citizen_id::text AS id
      FROM generate_series(1, 200000) AS n) AS g;
VACUUM ANALYZE given;

CREATE FUNCTION report() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz;
  base numeric;
  typed numeric;
  function numeric;
  total constant int := (SELECT count(*) FROM given);
  few constant int := 20000;
BEGIN
  IF EXISTS (SELECT FROM (SELECT id FROM given LIMIT few) AS g WHERE validated(id) IS DISTINCT FROM id::citizen_id::text) THEN
    RAISE EXCEPTION 'the two disagree';
  END IF;
  FOR run IN 1 .. 7 LOOP
    since := clock_timestamp();
    PERFORM count(id) FROM given;
    base := least(base, extract(epoch FROM clock_timestamp() - since) * 1000000 / total);
    since := clock_timestamp();
    PERFORM count(id::citizen_id) FROM given;
    typed := least(typed, extract(epoch FROM clock_timestamp() - since) * 1000000 / total);
    since := clock_timestamp();
    PERFORM count(validated(id)) FROM (SELECT id FROM given LIMIT few) AS g;
    function := least(function, extract(epoch FROM clock_timestamp() - since) * 1000000 / few);
  END LOOP;
  RETURN format('input of an id, scan included: citizen_id %s us, PL/pgSQL %s us (the scan alone %s us); PL/pgSQL / citizen_id = %s; without the scan %s',
    round(typed, 3), round(function, 3), round(base, 3), round(function / typed, 1), round((function - base) / (typed - base), 1));
END
$$;
SELECT report();
