-- What duty_status refuses, and what it says.
CREATE EXTENSION IF NOT EXISTS antifraud;
\set ON_ERROR_STOP 0
\pset format unaligned
\pset tuples_only on

CREATE SCHEMA trial;
SET search_path = trial, antifraud;
SET client_min_messages = warning;

-- A statement's error, or what it gave.
CREATE FUNCTION trial.bad(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  given text; message text; detail text; hint text;
BEGIN
  EXECUTE query INTO given;
  RETURN '!! taken: ' || coalesce(left(given, 200), 'NULL');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', SQLSTATE || ': ' || message, '  detail: ' || nullif(detail, ''), '  hint: ' || nullif(hint, ''));
END $$;
CREATE FUNCTION trial.segments(segments text) RETURNS text LANGUAGE sql AS $$
  SELECT trial.bad(format('SELECT antifraud.duty_status(%L::jsonb, ''2024-01-01'', NULL, NULL, ''2024-02-01'')', segments)) $$;

\echo ==== days
SELECT trial.bad($$SELECT duty_status('every week', 'infinity', NULL, NULL, '2024-02-01')$$);
SELECT trial.bad($$SELECT duty_status('every week', '2024-01-01', NULL, NULL, '-infinity')$$);
SELECT trial.bad($$SELECT duty_status('every week', '2024-01-01', '{2024-01-05,10000-01-01}', NULL, '2024-02-01')$$);
SELECT trial.bad($$SELECT duty_status('every week', '0001-01-01 BC', NULL, NULL, '2024-02-01')$$);
SELECT trial.bad($$SELECT count(*) FROM missed_dates('every week', '2024-01-01', '{infinity}', NULL, '2024-02-01')$$);

\echo ==== cadences
SELECT trial.bad($$SELECT duty_status('weekly', '2024-01-01', NULL, NULL, '2024-02-01')$$);
\echo -- a bare literal is a cadence
SELECT trial.bad($$SELECT duty_status('[{"from":"2024-01-01","cadence":"every week"}]', '2024-01-01', NULL, NULL, '2024-02-01')$$);

\echo ==== segments: the array
SELECT trial.segments('{}');
SELECT trial.segments('"every week"');
SELECT trial.segments('null');
SELECT trial.segments('[]');
SELECT trial.segments('["every week"]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week"},[]]');
SELECT trial.segments((SELECT jsonb_agg(jsonb_build_object('from', '2024-01-01'::date + n, 'cadence', 'every week'))::text FROM generate_series(1, 1001) n));
SELECT trial.segments((SELECT jsonb_agg(jsonb_build_object('from', '2024-01-01'::date + n, 'cadence', 'every week'))::text FROM generate_series(1, 1000) n));

\echo ==== segments: keys
SELECT trial.segments('[{}]');
SELECT trial.segments('[{"from":"2024-01-01"}]');
SELECT trial.segments('[{"cadence":"every week"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week"},{"from":"2024-02-01","cadence":"every week","gracious":1}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","From":"2024-01-01"}]');
SELECT trial.segments(format('[{"from":"2024-01-01","cadence":"every week","%s":1}]', repeat('x', 500)));

\echo ==== segments: from
SELECT trial.segments('[{"from":null,"cadence":"every week"}]');
SELECT trial.segments('[{"from":20240101,"cadence":"every week"}]');
SELECT trial.segments('[{"from":"yesterday","cadence":"every week"}]');
SELECT trial.segments('[{"from":"2024-1-1","cadence":"every week"}]');
SELECT trial.segments('[{"from":"2024-02-30","cadence":"every week"}]');
SELECT trial.segments('[{"from":"10000-01-01","cadence":"every week"}]');
SELECT trial.segments('[{"from":"infinity","cadence":"every week"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week"},{"from":"2024-02-01","cadence":null},{"from":"2024-01-01","cadence":"every month"}]');

\echo ==== segments: cadence
SELECT trial.segments('[{"from":"2024-01-01","cadence":7}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":["every week"]}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":""}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week"},{"from":"2024-02-01","cadence":"定期"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every 10000 days"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"一周一核查"}]');

\echo ==== segments: grace, anchor, shift, partial, change, pause
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":367}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":-1}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":1.5}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":1e300}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":"3"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":true}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":{"days":3}}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","anchor":"Grid"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","shift":"after"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","shift":false}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","partial":["skip"]}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","change":"Restart"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","change":2}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","pause":"resume"}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","pause":["run"]}]');
\echo -- null is the default, and 3.0 is 3
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":null,"anchor":null,"shift":null,"partial":null,"change":null,"pause":null}]');
SELECT trial.segments('[{"from":"2024-01-01","cadence":"every week","grace":3.0,"anchor":"grid","shift":"none","partial":"prorate"}]');

\echo ==== a long walk can be cancelled: three times a day in all years, again and again
SET statement_timeout = '300ms';
SELECT sum((duty_status('3 per day', '0001-01-01', NULL, NULL, '9999-12-31'::date - n)).missed) FROM generate_series(1, 1000) n;
RESET statement_timeout;

DROP SCHEMA trial CASCADE;
