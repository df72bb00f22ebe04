-- The registry's calendar: what ships, what users add, what is refused.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- ------------------------------------------------------------- what ships
SELECT is((SELECT count(*)::int FROM fraud.calendar_day), 288, 'every day of the file');
SELECT results_eq(
  $$SELECT extract(year FROM day)::int, count(*) FILTER (WHERE kind = 'holiday')::int, count(*) FILTER (WHERE kind = 'makeup_workday')::int FROM fraud.calendar_day GROUP BY 1 ORDER BY 1$$,
  $$SELECT left(l, 4)::int, count(*) FILTER (WHERE split_part(l, ',', 2) = 'holiday')::int, count(*) FILTER (WHERE split_part(l, ',', 2) = 'makeup_workday')::int
    FROM antifraud.shipped_data() AS s, regexp_split_to_table(trim(E'\n' FROM s.doc), '\n') AS l WHERE s.name = 'calendar_cn' AND l ~ '^\d' GROUP BY 1 ORDER BY 1$$,
  'as many of each kind and year as the file has');
SELECT is((SELECT name FROM fraud.calendar_day WHERE day = '2024-02-10'), '春节', 'with their names');
SELECT is((SELECT count(*)::int FROM fraud.calendar_day WHERE kind = 'makeup_workday' AND extract(isodow FROM day) < 6), 0, 'make-up working days are Saturdays and Sundays');
SELECT is((SELECT count(*)::int FROM fraud.calendar_day AS d
           WHERE NOT covers((SELECT fraud.office_calendar()), d.day)
              OR is_working_day((SELECT fraud.office_calendar()), d.day) <> (d.kind = 'makeup_workday')), 0, 'office_calendar() says the same of every day');
SELECT is(pg_size_pretty(pg_column_size(fraud.office_calendar())::bigint), '1476 bytes', 'its size: 52 bytes and 16 for each 32 days');
SELECT is(covers(fraud.office_calendar(), y), y BETWEEN '2019-01-01' AND '2026-12-31', format('%s is covered or not', y))
FROM unnest('{2018-12-31,2019-01-01,2026-12-31,2027-01-01}'::date[]) AS y;
SELECT is(is_working_day(fraud.office_calendar(), '2027-03-01'), NULL, 'a Monday of 2027 is no working day yet, nor a day off');
-- By hand, from the notices: 2023, 2024 and 2025.
SELECT is(is_working_day(fraud.office_calendar(), day::date), working, format('%s', day))
FROM (VALUES ('2023-01-28', true), ('2023-01-21', false), ('2023-10-06', false), ('2023-10-07', true), ('2023-10-08', true), ('2024-02-09', true), ('2024-02-04', true),
  ('2024-10-01', false), ('2024-05-11', true), ('2024-05-12', false), ('2025-01-26', true), ('2025-10-08', false), ('2025-10-09', true)) AS v (day, working);

-- -------------------------------------------------------- what users add
INSERT INTO fraud.calendar_day (day, kind, name) VALUES ('2027-01-01', 'holiday', '元旦');
INSERT INTO fraud.calendar_day (day, kind, name)
  SELECT d::date, 'term', '2026学年第一学期' FROM generate_series(timestamp '2026-09-01', '2027-01-22', '1 day') AS d;
INSERT INTO fraud.calendar_day (day, kind) SELECT d::date, 'exam' FROM generate_series(timestamp '2027-01-18', '2027-01-22', '1 day') AS d;
SELECT is(is_working_day(fraud.office_calendar(), '2027-03-01'), true, 'once a holiday of 2027 is in, its Mondays are known');
SELECT is(is_working_day(fraud.office_calendar(), '2027-01-01'), false, 'and New Year');
SELECT is(calendar_days(fraud.office_calendar(), 'term'), '{[2026-09-01,2027-01-23)}', 'a term');
SELECT is(calendar_days(fraud.office_calendar(), 'exam'), '{[2027-01-18,2027-01-23)}', 'an exam period within it');

-- ------------------------------------------------------- what is refused
SELECT is(pg_temp.message_of($$INSERT INTO fraud.calendar_day VALUES ('2024-02-04', 'holiday')$$),
  '23505 duplicate key value violates unique constraint "calendar_day_holiday_or_workday"', 'a day both holiday and working day');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.calendar_day VALUES ('2024-02-10', 'holiday')$$) ~ '^23505 ', true, 'a day twice');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.calendar_day VALUES ('2028-01-01', 'feast')$$),
  '23503 insert or update on table "calendar_day" violates foreign key constraint "calendar_day_kind_fk"', 'an unknown kind');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.calendar_kind VALUES ('feast', '节', 'feast')$$),
  '23514 new row for relation "calendar_kind" violates check constraint "calendar_kind_known"', 'which cannot be added');
SELECT is(pg_temp.message_of(format('INSERT INTO fraud.calendar_day VALUES (%L, ''term'')', day)),
  '23514 new row for relation "calendar_day" violates check constraint "calendar_day_in_range"', format('out of range: %s', day))
FROM unnest('{1899-12-31,2200-01-01,infinity,-infinity}'::text[]) AS day;
SELECT is(pg_temp.message_of($$INSERT INTO fraud.calendar_day VALUES ('2028-01-01', 'term', ' ')$$),
  '23514 new row for relation "calendar_day" violates check constraint "calendar_day_name_not_blank"', 'a blank name');

-- A revised notice: the rows are changed.
UPDATE fraud.calendar_day SET kind = 'holiday' WHERE day = '2024-02-04';
SELECT is(is_working_day(fraud.office_calendar(), '2024-02-04'), false, 'a revised day');
TRUNCATE fraud.calendar_day;
SELECT is(fraud.office_calendar(), NULL, 'an office without a calendar');

SELECT * FROM finish();
