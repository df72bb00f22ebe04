-- duty_status and missed_dates against an independent simulation, day by day
-- (duty_oracle.psql): thousands of random histories, every column compared.
--
-- A history is made from its number, so a failure repeats; it is printed as
-- calls that run in this database.
\ir setup.psql
\set histories 4000
\ir duty_oracle.psql

SELECT no_plan();

-- ------------------------------------------------- the reference itself

-- Worked by hand from the meaning; the simulation and the extension must both
-- give these.  2023-11-06 and 2024-02-05 are Mondays.
CREATE TABLE oracle.example (what text, segments jsonb, since date, done date[], paused datemultirange, as_of date, cal text,
  last_done date, next_due date, days_overdue int, due int, met int, missed int, state text, missed_dates date[]);
INSERT INTO oracle.example VALUES
  ('on the last day it is due', oracle.single('every 7 days', '2023-11-06'), '2023-11-06', '{}', '{}', '2023-11-13', NULL,
    NULL, '2023-11-13', 0, 0, 0, 0, 'due', '{}'),
  ('the day after it is missed', oracle.single('every 7 days', '2023-11-06'), '2023-11-06', NULL, NULL, '2023-11-14', NULL,
    NULL, '2023-11-13', 1, 1, 0, 1, 'overdue', '{2023-11-13}'),
  -- 28 February, 31 March, 30 April; 31 days of March and one of April
  ('month ends do not drift', oracle.single('every month', '2023-01-31'), '2023-01-31', '{}', '{}', '2023-04-01', NULL,
    NULL, '2023-02-28', 32, 2, 0, 2, 'overdue', '{2023-02-28,2023-03-31}'),
  -- the 10th meets the first; the 17th and 24th are missed, the 25th meets the one up to 1 December
  ('the next slot runs from the check-in', oracle.single('every week', '2023-11-06'), '2023-11-06', '{2023-11-25,2023-11-10,2023-11-10}', '{}', '2023-11-30', NULL,
    '2023-11-25', '2023-12-02', 0, 4, 2, 2, 'ok', '{2023-11-17,2023-11-24}'),
  ('a check-in on the first day meets nothing', oracle.single('every week', '2023-11-06'), '2023-11-06', '{2023-11-06,2023-11-05,2023-11-10}', '{}', '2023-11-09', NULL,
    '2023-11-06', '2023-11-13', 0, 0, 0, 0, 'ok', '{}'),
  ('a pause of three days moves the end and what follows', oracle.single('every 7 days', '2023-11-06'), '2023-11-06', '{}', '{[2023-11-08,2023-11-10]}', '2023-11-24', NULL,
    NULL, '2023-11-16', 8, 2, 0, 2, 'overdue', '{2023-11-16,2023-11-23}'),
  -- the 13th is moved to the 14th, 15th, 16th and 17th
  ('again until no paused day is left', oracle.single('every 7 days', '2023-11-06'), '2023-11-06', '{}', '{[2023-11-13,2023-11-16]}', '2023-11-16', NULL,
    NULL, '2023-11-17', 0, 0, 0, 0, 'paused', '{}'),
  ('a pause without an end', oracle.single('every 7 days', '2023-11-06'), '2023-11-06', '{}', '{[2023-11-10,)}', '2023-12-31', NULL,
    NULL, NULL, 0, 0, 0, 0, 'paused', '{}'),
  ('paused days are not days overdue', oracle.single('every 7 days', '2023-11-06'), '2023-11-06', '{}', '{[2023-11-15,2023-11-16]}', '2023-11-18', NULL,
    NULL, '2023-11-13', 3, 1, 0, 1, 'overdue', '{2023-11-13}'),
  -- weeks of the 6th (met: two on one day), the 13th (one only)
  ('two a week', oracle.single('2 per week', '2023-11-01'), '2023-11-01', '{2023-11-07,2023-11-14,2023-11-07}', '{}', '2023-11-20', NULL,
    '2023-11-14', '2023-11-26', 0, 2, 1, 1, 'ok', '{2023-11-19}'),
  ('the last day of a window', oracle.single('2 per week', '2023-11-01'), '2023-11-01', '{2023-11-07,2023-11-14,2023-11-07}', '{}', '2023-11-26', NULL,
    '2023-11-14', '2023-11-26', 0, 2, 1, 1, 'due', '{2023-11-19}'),
  ('a window that is met', oracle.single('2 per week', '2023-11-20'), '2023-11-20', '{2023-11-20,2023-11-21}', '{}', '2023-11-26', NULL,
    '2023-11-21', '2023-12-03', 0, 0, 0, 0, 'ok', '{}'),
  ('a window touched by a pause counts only if met', oracle.single('1 per week', '2023-11-06'), '2023-11-06', '{2023-11-15}', '{[2023-11-07,2023-11-13]}', '2023-11-20', NULL,
    '2023-11-15', '2023-11-26', 0, 1, 1, 0, 'ok', '{}'),
  -- 1 May to 31 December is 245 of 365 days; 48 x 245 / 365 = 32.2
  ('a partial year, prorated, met', '[{"from":"2023-05-01","cadence":"48 per year","partial":"prorate"}]', '2023-05-01',
    (SELECT array_agg(date '2023-05-01' + 7 * i) FROM generate_series(0, 31) i), '{}', '2024-01-01', NULL, '2023-12-04', '2024-12-31', 0, 1, 1, 0, 'ok', '{}'),
  ('a partial year, prorated, missed', '[{"from":"2023-05-01","cadence":"48 per year","partial":"prorate"}]', '2023-05-01',
    (SELECT array_agg(date '2023-05-01' + 7 * i) FROM generate_series(0, 30) i), '{}', '2024-01-01', NULL, '2023-11-27', '2024-12-31', 0, 1, 0, 1, 'ok', '{2023-12-31}'),
  ('a partial year, skipped', oracle.single('48 per year', '2023-05-01'), '2023-05-01', '{}', '{}', '2024-01-01', NULL, NULL, '2024-12-31', 0, 0, 0, 0, 'ok', '{}'),
  ('a stricter tier takes effect at once', '[{"from":"2023-11-08","cadence":"every 7 days"},{"from":"2023-11-01","cadence":"every month"}]', '2023-11-01', '{}', '{}', '2023-11-10', NULL,
    NULL, '2023-11-15', 0, 0, 0, 0, 'ok', '{}'),
  ('but never puts a due date off', '[{"from":"2023-11-28","cadence":"every 7 days"},{"from":"2023-11-01","cadence":"every month"}]', '2023-11-01', '{}', '{}', '2023-12-09', NULL,
    NULL, '2023-12-01', 8, 2, 0, 2, 'overdue', '{2023-12-01,2023-12-08}'),
  ('a laxer one counts from the last check-in', '[{"from":"2023-11-01","cadence":"every 7 days"},{"from":"2023-11-20","cadence":"every month"}]', '2023-11-01', '{2023-11-05}', '{}', '2023-11-20', NULL,
    '2023-11-05', '2023-12-05', 0, 3, 1, 2, 'ok', '{2023-11-12,2023-11-19}'),
  ('an equal one changes nothing', '[{"from":"2023-11-01","cadence":"every 7 days"},{"from":"2023-11-10","cadence":"every week"}]', '2023-11-01', '{}', '{}', '2023-11-16', NULL,
    NULL, '2023-11-08', 8, 2, 0, 2, 'overdue', '{2023-11-08,2023-11-15}'),
  ('from rolling to windows', '[{"from":"2023-11-01","cadence":"every 7 days"},{"from":"2023-11-10","cadence":"1 per week"}]', '2023-11-01', '{}', '{}', '2023-11-20', NULL,
    NULL, '2023-11-26', 0, 2, 0, 2, 'ok', '{2023-11-08,2023-11-19}'),
  ('from windows to rolling', '[{"from":"2023-11-06","cadence":"1 per week"},{"from":"2023-11-15","cadence":"every 7 days"}]', '2023-11-06', '{}', '{}', '2023-11-23', NULL,
    NULL, '2023-11-22', 1, 2, 0, 2, 'overdue', '{2023-11-12,2023-11-22}'),
  ('no duty any more', '[{"from":"2023-11-01","cadence":"every 7 days"},{"from":"2023-11-10","cadence":null}]', '2023-11-01', '{}', '{}', '2023-12-20', NULL,
    NULL, NULL, 0, 1, 0, 1, 'ok', '{2023-11-08}'),
  ('before it begins', oracle.single('every 7 days', '2023-11-06'), '2023-11-06', '{2023-10-01}', '{}', '2023-10-20', NULL,
    NULL, '2023-11-13', 0, 0, 0, 0, 'ok', '{}'),
  -- Monday 12 February is in the holiday of 10 to 17; Friday the 9th is not
  ('the working day before', '[{"from":"2024-02-05","cadence":"every 7 days","shift":"before"}]', '2024-02-05', '{}', '{}', '2024-02-09', 'real',
    NULL, '2024-02-09', 0, 0, 0, 0, 'due', '{}'),
  -- daily from Friday the 9th: no working day after it, the 10th stays
  ('but never before the slot begins', '[{"from":"2024-02-09","cadence":"every day","shift":"before"}]', '2024-02-09', '{}', '{}', '2024-02-10', 'real',
    NULL, '2024-02-10', 0, 0, 0, 0, 'due', '{}'),
  -- Sunday 4 February is a make-up working day
  ('a make-up working day is one', '[{"from":"2024-01-28","cadence":"every 7 days","shift":"before"}]', '2024-01-28', '{}', '{}', '2024-02-04', 'real',
    NULL, '2024-02-04', 0, 0, 0, 0, 'due', '{}'),
  ('a year not published yet', '[{"from":"2026-12-05","cadence":"every month","shift":"before"}]', '2026-12-05', '{}', '{}', '2026-12-20', 'real',
    NULL, NULL, 0, 0, 0, 0, 'calendar_missing', '{}'),
  ('within the grace', '[{"from":"2023-11-06","cadence":"every 7 days","grace":3}]', '2023-11-06', '{}', '{}', '2023-11-16', NULL,
    NULL, '2023-11-13', 0, 0, 0, 0, 'due', '{}'),
  ('after it', '[{"from":"2023-11-06","cadence":"every 7 days","grace":3}]', '2023-11-06', '{}', '{}', '2023-11-17', NULL,
    NULL, '2023-11-13', 4, 1, 0, 1, 'overdue', '{2023-11-13}'),
  ('done within the grace', '[{"from":"2023-11-06","cadence":"every 7 days","grace":3}]', '2023-11-06', '{2023-11-15}', '{}', '2023-11-17', NULL,
    '2023-11-15', '2023-11-22', 0, 1, 1, 0, 'ok', '{}'),
  ('on the grid', '[{"from":"2023-11-06","cadence":"every 7 days","anchor":"grid"}]', '2023-11-06', '{2023-11-08,2023-11-09,2023-11-15}', '{}', '2023-11-16', NULL,
    '2023-11-15', '2023-11-27', 0, 2, 2, 0, 'ok', '{}'),
  ('once a term', oracle.single('1 per term', '2023-09-01'), '2023-09-01', '{}', '{}', '2024-02-01', 'school',
    NULL, '2024-06-28', 0, 1, 0, 1, 'ok', '{2024-01-19}'),
  ('terms without a calendar', oracle.single('1 per term', '2023-09-01'), '2023-09-01', '{2023-10-01}', '{}', '2024-02-01', NULL,
    '2023-10-01', NULL, 0, 0, 0, 0, 'calendar_missing', '{}');

SELECT is(oracle.duty(segments, since, done, paused, as_of, cal)::text,
    ROW(last_done, next_due, days_overdue, due, met, missed, state, missed_dates)::oracle.status::text, 'the reference: ' || what)
FROM oracle.example;

-- ------------------------------------------------- against the extension

CREATE TABLE oracle.calendar AS
  SELECT cal AS name, antifraud.calendar_agg(day, kind ORDER BY md5(cal || day || kind)) AS calendar FROM oracle.calendar_day GROUP BY cal;

-- A call as text, for people.
CREATE FUNCTION oracle.call(plain text, segments jsonb, since date, done date[], paused datemultirange, as_of date, cal text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('SELECT * FROM antifraud.duty_status(%s, %L, %L, %L, %L, %s); SELECT * FROM oracle.duty(%L, %L, %L, %L, %L, %L);',
    CASE WHEN plain IS NULL THEN quote_literal(segments) || '::jsonb' ELSE quote_literal(plain) || '::antifraud.cadence' END, since, done, paused, as_of,
    coalesce('(SELECT calendar FROM oracle.calendar WHERE name = ' || quote_literal(cal) || ')', 'NULL'),
    coalesce(segments, oracle.single(plain, since)), since, done, paused, as_of, cal)
$$;

CREATE FUNCTION oracle.extension(plain text, segments jsonb, since date, done date[], paused datemultirange, as_of date, cal text)
RETURNS oracle.status LANGUAGE plpgsql STABLE AS $$
DECLARE
  c antifraud.calendar := (SELECT calendar FROM oracle.calendar WHERE name = cal);
  answer oracle.status;
BEGIN
  IF plain IS NULL THEN
    SELECT a.*, ARRAY(SELECT m FROM antifraud.missed_dates(segments, since, done, paused, as_of, c) m) INTO answer
      FROM antifraud.duty_status(segments, since, done, paused, as_of, c) a;
  ELSE
    SELECT a.*, ARRAY(SELECT m FROM antifraud.missed_dates(plain::antifraud.cadence, since, done, paused, as_of, c) m) INTO answer
      FROM antifraud.duty_status(plain::antifraud.cadence, since, done, paused, as_of, c) a;
  END IF;
  RETURN answer;
END $$;

SELECT is(oracle.extension(NULL, segments, since, done, paused, as_of, cal)::text,
    ROW(last_done, next_due, days_overdue, due, met, missed, state, missed_dates)::oracle.status::text, 'by hand: ' || what)
FROM oracle.example;

CREATE TABLE oracle.sample AS
  SELECT h.* FROM generate_series(1, :histories) n, oracle.history(n) h;
CREATE TABLE oracle.pair AS
  SELECT s.n, e.what, oracle.call(plain, segments, since, done, paused, as_of, cal) AS call, w.want, e.got
  FROM oracle.sample s
  CROSS JOIN LATERAL (SELECT oracle.duty(coalesce(segments, oracle.single(plain, since)), since, done, paused, as_of, cal) AS want) w
  CROSS JOIN LATERAL (
    SELECT 'as given' AS what, oracle.extension(plain, segments, since, done, paused, as_of, cal) AS got
    UNION ALL SELECT 'another order', oracle.extension(plain, segments, since, ARRAY(SELECT x FROM unnest(done) WITH ORDINALITY u (x, o) ORDER BY md5(o || 'again')) || NULL::date, paused, as_of, cal)
      WHERE s.n % 3 = 0
    UNION ALL SELECT 'as one segment', oracle.extension(NULL, oracle.single(plain, since), since, done, paused, as_of, cal) WHERE plain IS NOT NULL) e;

CREATE FUNCTION oracle.differ(condition text) RETURNS text LANGUAGE sql AS $$
  SELECT format('SELECT n, what, want, got, call FROM oracle.pair WHERE %s ORDER BY length(call) LIMIT 3', condition) $$;

SELECT is_empty(oracle.differ('(want).last_done IS DISTINCT FROM (got).last_done'), 'last_done');
SELECT is_empty(oracle.differ('(want).next_due IS DISTINCT FROM (got).next_due'), 'next_due');
SELECT is_empty(oracle.differ('(want).days_overdue IS DISTINCT FROM (got).days_overdue'), 'days_overdue');
SELECT is_empty(oracle.differ('(want).due IS DISTINCT FROM (got).due'), 'due');
SELECT is_empty(oracle.differ('(want).met IS DISTINCT FROM (got).met'), 'met');
SELECT is_empty(oracle.differ('(want).missed IS DISTINCT FROM (got).missed'), 'missed');
SELECT is_empty(oracle.differ('(want).state IS DISTINCT FROM (got).state'), 'state');
SELECT is_empty(oracle.differ('(want).missed_dates IS DISTINCT FROM (got).missed_dates'), 'missed_dates: which, and in order');

-- ------------------------------------------------ next_due and due_dates

CREATE TABLE oracle.series AS
  SELECT n, oracle.some_cadence(n, 'series', 55) AS cadence, date '2023-01-01' + oracle.pick(n, 'start', 1300) AS since, oracle.pick(n, 'days', 500) - 5 AS days,
    oracle.one_of(n, 'calendar', '{school,terms,real}') AS cal
  FROM generate_series(1, 1500) n;
CREATE VIEW oracle.dated AS
  SELECT s.*, c.calendar, (oracle.cadence_of(cadence)).*, ARRAY(SELECT d FROM antifraud.due_dates(cadence::antifraud.cadence, since, since + days, calendar) d) AS dates
  FROM oracle.series s LEFT JOIN oracle.calendar c ON c.name = s.cal;
SELECT is_empty($$SELECT cadence, since, days, cal, dates, w FROM oracle.dated, LATERAL (SELECT (oracle.duty(oracle.single(cadence, since), since, NULL, NULL, since + days + 1, cal)).missed_dates AS w) w
  WHERE array_remove(dates, NULL) <> w LIMIT 5$$, 'due_dates: what would be missed the day after, were nothing done');
SELECT is_empty($$SELECT cadence, since, days, cal, dates FROM oracle.dated
  WHERE days >= 0 AND (array_position(dates, NULL) IS NOT NULL) <> (unit = 'term' AND EXISTS (
    SELECT FROM generate_series(since, since + days, interval '1 day') d WHERE (oracle.window_of('term', d::date, cal)).last IS NULL))
     OR array_position(dates, NULL) < cardinality(dates) OR days < 0 AND dates <> '{}' LIMIT 5$$, 'due_dates: one last NULL where the terms are not known, nothing backwards');
SELECT is_empty($$SELECT cadence, since, cal, got, want FROM oracle.dated,
    LATERAL (SELECT antifraud.next_due(cadence::antifraud.cadence, since, calendar) AS got) g,
    LATERAL (SELECT first, last FROM oracle.window_of(unit, since, cal) WHERE NOT rolling) w,
    LATERAL (SELECT CASE WHEN number > 1 THEN w.last ELSE (oracle.window_of(unit, w.last + 1, cal)).last END AS want) x
  WHERE since >= w.first AND got IS DISTINCT FROM want LIMIT 5$$, 'next_due: the end of the window, or of the next one where once is enough');
SELECT is_empty($$SELECT cadence, since, got FROM oracle.dated, LATERAL (SELECT antifraud.next_due(cadence::antifraud.cadence, since, calendar) AS got) g
  WHERE rolling AND (got IS DISTINCT FROM oracle.later(since, 1, ROW(rolling, number, unit)::oracle.cadence)
    OR got IS DISTINCT FROM (antifraud.duty_status(cadence::antifraud.cadence, since, NULL, NULL, since, calendar)).next_due) LIMIT 5$$, 'next_due: one interval later, as duty_status says');

-- What is unknown is unknown.
SELECT is((SELECT x::text FROM antifraud.duty_status(NULL::antifraud.cadence, '2024-01-01', NULL, NULL, '2024-01-01', NULL) x), '(,,,,,,)', 'no cadence: no answer');
SELECT is((SELECT x::text FROM antifraud.duty_status('every week'::antifraud.cadence, NULL, NULL, NULL, '2024-01-01', NULL) x), '(,,,,,,)', 'no since: no answer');
SELECT is((SELECT x::text FROM antifraud.duty_status('every week'::antifraud.cadence, '2024-01-01', NULL, NULL, NULL, NULL) x), '(,,,,,,)', 'no as_of: no answer');

-- Did chance reach everything?
SELECT set_eq('SELECT DISTINCT (got).state FROM oracle.pair', ARRAY['ok', 'due', 'overdue', 'paused', 'calendar_missing'], 'every state occurred');
SELECT is_empty($$SELECT word FROM (VALUES ('grace": [1-5]'), ('"grid"'), ('"before"'), ('"prorate"'), ('cadence": null'), ('every [0-9]+ days'), ('weeks?"'), ('months?"'), ('quarters?"'), ('years?"'),
    ('per day'), ('per week'), ('per month'), ('per quarter'), ('per half-year'), ('per year'), ('per term')) w (word)
  WHERE (SELECT count(*) FROM oracle.sample WHERE coalesce(segments::text, '"' || plain || '"') ~ word) < (SELECT count(*) / 200 FROM oracle.sample)$$, 'every word of a segment occurred often');
SELECT cmp_ok((SELECT count(*) FROM oracle.sample WHERE jsonb_array_length(segments) > 1), '>', :histories::bigint / 5, 'and so did changes of segment');

SELECT * FROM finish();
