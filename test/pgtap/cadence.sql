-- Cadences: the forms that documents use, and when they are due.  Dates were
-- worked out by hand; 2024-01-01 was a Monday, and 2024 a leap year.
\ir setup.psql

SELECT no_plan();

-- English and Chinese forms.
SELECT is(given::cadence::text, meant, format('%s is %s', given, meant))
FROM (VALUES
  ('every 7 days', 'every 7 days'), ('Every  1  Week', 'every week'), ('every 24 months', 'every 24 months'), ('48 per year', '48 per year'), ('1 per half-year', '1 per half-year'),
  -- qingyuan-2024: a high tier by the week, a medium one by the fortnight, a low one by the month
  ('一周一核查', 'every 7 days'), ('两周一核查', 'every 2 weeks'), ('二周一核查', 'every 2 weeks'), ('一月一核查', 'every month'),
  ('一日一报告', 'every day'), ('三天一见面', 'every 3 days'), ('十天一核查', 'every 10 days'), ('一百二十天一研判', 'every 120 days'), ('7天一核查', 'every 7 days'),
  ('一季一走访', 'every quarter'), ('一季度一会商', 'every quarter'), ('半年一走访', 'every 6 months'), ('三个月一走访', 'every 3 months'), ('两月一走访', 'every 2 months'),
  ('一年一通报', 'every year'), ('每两周一核查', 'every 2 weeks'), ('一周一访', 'every 7 days'), ('一日一报', 'every day'), ('一周一查', 'every 7 days'), ('一月一会', 'every month'),
  ('一周一核查。', 'every 7 days'), ('一周一核查，', 'every 7 days'), ('一周一核查；', 'every 7 days'), ('双周一次', 'every 2 weeks'), ('每双周至少一次', 'every 2 weeks'),
  ('一月一回访', 'every month'), ('一月一家访', 'every month'), ('一周一班会', 'every 7 days'),
  -- several periods are no window of the calendar
  ('每7天一次', 'every 7 days'), ('每七天一次', 'every 7 days'), ('每两周一次', 'every 2 weeks'), ('每2周至少核查一次', 'every 2 weeks'), ('每三月一次', 'every 3 months'),
  ('每三个月一次', 'every 3 months'), ('每两季度一次', 'every 2 quarters'), ('每3年不少于1次', 'every 3 years'), ('两周一次', 'every 2 weeks'),
  -- windows
  ('每月一汇总', '1 per month'), ('每日一报告', '1 per day'), ('每日一播', '1 per day'), ('每年一评', '1 per year'), ('每半年一走访', '1 per half-year'), ('每学期一报告', '1 per term'),
  ('每月定期召开一次', '1 per month'), ('每月定期召开一次汇报会或协调会', '1 per month'), ('每月召开一次会议', '1 per month'), ('每周一次通报', '1 per week'), ('每周两次会议。', '2 per week'),
  ('一周一次核查', '1 per week'), ('每天早中晚三次', '3 per day'), ('每天早、中、晚播放三次', '3 per day'), ('每天早中晚三次循环播放', '3 per day'), ('每日早晚两次', '2 per day'),
  ('每周不得少于两次', '2 per week'), ('每月不得少于一次', '1 per month'), ('每月应不少于一次', '1 per month'), ('每月应当至少一次', '1 per month'), ('每月不应少于一次；', '1 per month'), ('每周应核查一次，', '1 per week'),
  ('每周至少两次', '2 per week'), ('每周不少于2次', '2 per week'), ('每周两次以上', '2 per week'), ('每周至少推送两次以上', '2 per week'), ('每周推送不少于２次', '2 per week'),
  ('至少每周一次', '1 per week'), ('每星期一次', '1 per week'), ('每个星期两次', '2 per week'), ('一周两次', '2 per week'), ('每周一次', '1 per week'), ('每周六次', '6 per week'),
  ('每周 2 次', '2 per week'), ('每月不少于一次', '1 per month'), ('每月一次', '1 per month'), ('每个月两次及以上', '2 per month'), ('一个月一次', '1 per month'), ('每1个月一次', '1 per month'),
  ('全年不少于48次', '48 per year'), ('每年48次', '48 per year'), ('一年48次', '48 per year'), ('全年至少开展不少于1次', '1 per year'), ('每年四十八次', '48 per year'), ('每年度一次', '1 per year'),
  ('每天三次', '3 per day'), ('每日3次', '3 per day'), ('每日３次', '3 per day'), ('每学期1次', '1 per term'), ('每学期至少组织一次', '1 per term'), ('每个学期两次', '2 per term'),
  ('每半年一次', '1 per half-year'), ('半年一次', '1 per half-year'), ('每季度不少于1次', '1 per quarter'), ('每季一次', '1 per quarter'), ('每年九千九百九十九次', '9999 per year')
) AS form (given, meant);

-- Nothing is guessed.
SELECT throws_ok(format('SELECT %L::cadence', given), '22P02', NULL, format('%s is refused', given))
FROM unnest(ARRAY['定期', '不定期', '定期核查', '每周', '每天', '每周通报', '每周日前', '每周五前', '每周日一次', '每周一', '每周一核查', '每周一前上报', '每周末一次', '周一核查', '月一核查',
  '一月一日', '一月一日前报告', '二月一核查', '12月一次', '3月一核查', '1月一次', '第一季度一次', '二季度一次', '2024年一次', '隔天一次', '每隔两天一次', '每半月一次', '每旬一次', '每学年一次', '每个工作日一次',
  '每两周三次', '每两学期一次', '一学期一报告', '全年一核查', '全两年一次', '每周一至两次', '每周2-3次', '每周两三次', '每周一、两次', '每周超过两次', '每周不超过两次', '每周最多两次', '每周两次以下', '每周两次以内',
  '每周不得推送两次', '每周1 2次', '每周05次', '每周1.5次', '每周一点五次', '每周两次左右', '每周约两次', '一周一场', '一月一期简报', '一年一度', '一周一', '一周',
  '一月一不定', '一月一至两次', '每每周一次', '次', '一次', '两次', '核查', '每小时一次', '一周一 核 查!', '每早中晚三次', '每天早中晚两次', '每天早中晚各一次', '每天早中晚播放', '每周早中晚三次', '每月定期', '每月定期核查', '一周一定期核查', '不定期每周一次',
  '每周不定期一次', '双周一核查', '双周两次', '双月一次', '每周一访', '每周一次或', '每周一次通报两次', '每周一次以内', '每周一次核查。会议', '每周应不推送两次', '每学年一核查', '。', '，', 'weekly', 'daily', 'monthly', 'yearly', 'every', 'every month or so', '1 per fortnight', '1/week']) AS given;
SELECT throws_ok($$SELECT s FROM duty_status('[{"from":"2024-01-01","cadence":"every month"}]', '2024-01-01', NULL, NULL, '2024-01-18') AS s$$, '22P02', NULL, 'a history without ::jsonb is refused');
SELECT throws_ok($$SELECT '每学年一次'::cadence$$, '22P02', 'invalid input syntax for type cadence: "每学年一次"', 'a school year');
SELECT throws_ok(format('SELECT %L::cadence', given), '22003', NULL, format('%s is out of range', given))
FROM unnest(ARRAY['every 0 days', 'every 10000 days', '0 per week', '10000 per year', '每周0次', '每周零次', '每年一万次', '每10000天一次', '0天一核查']) AS given;

-- What is written reads back as the same, for every unit and many numbers.
SELECT is(count(*), 0::bigint, 'each text is its own canonical form')
FROM (SELECT format('every %s %ss', n, u) AS t FROM unnest('{day,week,month,quarter,year}'::text[]) AS u, generate_series(2, 9999, 7) AS n
      UNION ALL SELECT format('%s per %s', n, u) FROM unnest('{day,week,month,quarter,half-year,year,term}'::text[]) AS u, generate_series(1, 9999, 7) AS n) AS s
WHERE t::cadence::text IS DISTINCT FROM t;

-- Rolling: one interval later; a month that is too short gives its last day.
SELECT is(next_due(c::cadence, done), due, format('%s after %s', c, done))
FROM (VALUES
  ('every day', date '2024-02-28', date '2024-02-29'), ('every day', '2023-02-28', '2023-03-01'), ('every 7 days', '2024-12-30', '2025-01-06'), ('every 2 weeks', '2024-02-20', '2024-03-05'),
  ('every month', '2024-01-31', '2024-02-29'), ('every month', '2023-01-31', '2023-02-28'), ('every month', '2024-01-29', '2024-02-29'), ('every month', '2024-02-29', '2024-03-29'),
  ('every month', '2024-12-31', '2025-01-31'), ('every month', '2024-03-31', '2024-04-30'), ('every 2 months', '2023-12-31', '2024-02-29'), ('every 14 months', '2023-12-31', '2025-02-28'),
  ('every quarter', '2024-11-30', '2025-02-28'), ('every quarter', '2024-01-31', '2024-04-30'), ('every year', '2024-02-29', '2025-02-28'), ('every 4 years', '2024-02-29', '2028-02-29'),
  ('every 100 years', '2000-02-29', '2100-02-28'), ('every 9998 years', '0001-12-31', '9999-12-31'), ('every month', '1900-01-31', '1900-02-28'), ('every day', '9999-12-30', '9999-12-31')
) AS v (c, done, due);

-- Windows: done once, the window of one is met, and the one after it is due;
-- of more, the same window is.
SELECT is(next_due(c::cadence, done), due, format('%s after %s', c, done))
FROM (VALUES
  ('1 per day', date '2024-02-28', date '2024-02-29'), ('3 per day', '2024-02-28', '2024-02-28'),
  ('1 per week', '2024-01-01', '2024-01-14'), ('1 per week', '2024-01-07', '2024-01-14'), ('1 per week', '2024-01-08', '2024-01-21'), ('2 per week', '2024-01-07', '2024-01-07'), ('2 per week', '2024-12-31', '2025-01-05'),
  ('1 per month', '2024-01-31', '2024-02-29'), ('2 per month', '2024-02-01', '2024-02-29'), ('1 per month', '2024-12-01', '2025-01-31'),
  ('1 per quarter', '2024-02-29', '2024-06-30'), ('2 per quarter', '2024-02-29', '2024-03-31'), ('1 per quarter', '2024-10-01', '2025-03-31'),
  ('1 per half-year', '2024-06-30', '2024-12-31'), ('2 per half-year', '2024-06-30', '2024-06-30'), ('1 per half-year', '2024-07-01', '2025-06-30'),
  ('1 per year', '2024-01-01', '2025-12-31'), ('48 per year', '2024-01-01', '2024-12-31'), ('48 per year', '9999-01-01', '9999-12-31')
) AS v (c, done, due);
SELECT is(next_due('every day', NULL), NULL, 'never done: not known') UNION ALL SELECT is(next_due(NULL, '2024-01-01'), NULL, 'no cadence: nothing due');

-- Terms come from the calendar: spring from 19 February to 28 June 2024,
-- autumn from 2 September 2024 to 17 January 2025.
CREATE TABLE school AS
SELECT calendar_agg(day::date, 'term') AS cal
FROM (SELECT generate_series('2024-02-19', '2024-06-28', interval '1 day') UNION ALL SELECT generate_series('2024-09-02', '2025-01-17', interval '1 day')) AS d (day);
SELECT is(next_due(c::cadence, done, (SELECT cal FROM school)), due, format('%s after %s', c, done))
FROM (VALUES
  ('1 per term', date '2024-02-19', date '2025-01-17'), ('2 per term', '2024-02-19', '2024-06-28'), ('2 per term', '2024-06-28', '2024-06-28'),
  ('1 per term', '2024-07-15', '2025-01-17'), ('2 per term', '2024-07-15', '2025-01-17'), ('2 per term', '2025-01-17', '2025-01-17'),
  ('1 per term', '2025-01-17', NULL), ('1 per term', '2024-09-02', NULL), ('2 per term', '2025-01-18', NULL), ('1 per term', '2024-02-18', '2024-06-28'), ('1 per term', '2024-01-01', '2024-06-28'), ('1 per term', '2023-12-31', NULL),
  -- the calendar is asked about terms only
  ('every 7 days', '2030-01-01', '2030-01-08'), ('1 per month', '2030-01-01', '2030-02-28')
) AS v (c, done, due);
SELECT is(next_due('1 per term', '2024-03-01'), NULL, 'no calendar: not known');

-- due_dates.
CREATE FUNCTION dates(c cadence, since date, until date, cal calendar DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(coalesce(d::text, '?'), ' ' ORDER BY n) FROM due_dates(c, since, until, cal) WITH ORDINALITY AS s (d, n));
SELECT is(dates('every month', '2024-01-31', '2024-06-30'), '2024-02-29 2024-03-31 2024-04-30 2024-05-31 2024-06-30', 'the series stays on the 31st');
SELECT is(dates('every month', '2024-01-31', '2024-06-29'), '2024-02-29 2024-03-31 2024-04-30 2024-05-31', 'what is due after to_date is left out');
SELECT is(dates('every year', '2020-02-29', '2024-12-31'), '2021-02-28 2022-02-28 2023-02-28 2024-02-29', 'the series stays on 29 February');
SELECT is(dates('every 7 days', '2024-01-01', '2024-01-22'), '2024-01-08 2024-01-15 2024-01-22', 'weeks from the day itself');
SELECT is(dates('every 7 days', '2024-01-01', '2024-01-07'), NULL, 'nothing due yet');
SELECT is(dates('2 per week', '2024-01-01', '2024-01-21'), '2024-01-07 2024-01-14 2024-01-21', 'a row a window, from Monday');
SELECT is(dates('2 per week', '2024-01-02', '2024-01-20'), '2024-01-14', 'windows that lie wholly in between');
SELECT is(dates('1 per month', '2023-12-02', '2024-03-31'), '2024-01-31 2024-02-29 2024-03-31', 'months');
SELECT is(dates('1 per quarter', '2024-01-01', '2024-12-30'), '2024-03-31 2024-06-30 2024-09-30', 'quarters');
SELECT is(dates('1 per half-year', '2024-01-01', '2024-12-31'), '2024-06-30 2024-12-31', 'half-years');
SELECT is(dates('48 per year', '2023-06-01', '2025-12-31'), '2024-12-31 2025-12-31', 'years');
SELECT is(dates('3 per day', '2024-02-28', '2024-03-01'), '2024-02-28 2024-02-29 2024-03-01', 'days');
SELECT is(dates('every day', '2024-01-02', '2024-01-01'), NULL, 'to before from: nothing');
SELECT is(dates('every day', '2024-01-01', '2024-01-01'), NULL, 'nor on the same day');
SELECT is(dates('every day', NULL, '2024-01-01'), NULL, 'no first day: nothing');
SELECT is(dates('every 10 days', '9999-12-05', '9999-12-31'), '9999-12-15 9999-12-25', 'the years end');
SELECT is(dates('1 per week', '9999-12-20', '9999-12-31'), '9999-12-26', 'and so do the weeks');
SELECT is((SELECT count(*) FROM due_dates('every day', '0001-01-01', '9999-12-31')), 3652058::bigint, 'every day of all the years');
SELECT is((SELECT count(*) FROM due_dates('1 per week', '0001-01-01', '9999-12-31')), 521722::bigint, 'every week of all the years');
SELECT is(dates('1 per term', '2024-02-19', '2025-01-17', (SELECT cal FROM school)), '2024-06-28 2025-01-17', 'terms');
SELECT is(dates('1 per term', '2024-02-20', '2025-01-16', (SELECT cal FROM school)), NULL, 'terms that lie wholly in between: none');
SELECT is(dates('1 per term', '2024-07-01', '2025-01-17', (SELECT cal FROM school)), '2025-01-17', 'from between two terms');
SELECT is(dates('1 per term', '2024-07-01', '2025-01-18', (SELECT cal FROM school)), '2025-01-17 ?', 'beyond the last term day it cannot be told');
SELECT is(dates('1 per term', '2024-01-01', '2024-08-31', (SELECT cal FROM school)), '2024-06-28', 'known from the first one''s year on');
SELECT is(dates('1 per term', '2023-12-31', '2024-08-31', (SELECT cal FROM school)), '2024-06-28 ?', 'but not before it');
SELECT is(dates('1 per term', '2026-01-01', '2026-12-31', (SELECT cal FROM school)), '?', 'nor after all');
SELECT is(dates('1 per term', '2024-01-01', '2024-12-31'), '?', 'nor without a calendar');
SELECT is(dates('1 per term', '2024-12-31', '2024-01-01'), NULL, 'but no day asks nothing');

-- A series is what next_due gives, over and over, from a day on which no month is cut.
SELECT is(
  (SELECT count(*) FROM (SELECT d, lag(d, 1, date '2020-01-15') OVER (ORDER BY n) AS before FROM due_dates(c, '2020-01-15', '2030-01-15') WITH ORDINALITY AS s (d, n)) AS s
   WHERE d <> next_due(c, before)), 0::bigint, format('%s: one after the other', c))
FROM unnest('{every 3 days,every week,every month,every 5 months,every quarter,every year}'::cadence[]) AS c;
-- And windows are those of PostgreSQL.
SELECT is(
  (SELECT count(*) FROM generate_series(date '1999-12-20', '2008-01-10', interval '1 day') AS day
   WHERE next_due(format('2 per %s', unit)::cadence, day::date) <> (date_trunc(unit, day) + format('1 %s', replace(unit, 'quarter', 'month'))::interval * CASE unit WHEN 'quarter' THEN 3 ELSE 1 END)::date - 1),
  0::bigint, format('a %s ends where date_trunc says', unit))
FROM unnest('{day,week,month,quarter,year}'::text[]) AS unit;
SELECT is((SELECT count(*) FROM generate_series(date '1999-12-20', '2024-01-10', interval '1 day') AS day WHERE next_due('every month', day::date) <> (day + interval '1 month')::date),
  0::bigint, 'a month later is what + interval gives');

-- What would have been due by yesterday is what duty_status counts as missed
-- where nothing was done; and after one check-in both name the same day.
SELECT is(
  (SELECT count(*) FROM school, generate_series(date '2023-11-20', '2024-12-20', interval '13 days') AS since, generate_series(0, 500, 29) AS days
   WHERE (duty_status(c, since::date, '{}', '{}', since::date + days, cal)).missed
     <> (SELECT count(d) FROM due_dates(c, since::date, since::date + days - 1, cal) AS d)), 0::bigint, format('%s: due_dates are what duty_status counts', c))
FROM unnest('{every day,every 7 days,every month,every quarter,every year,1 per day,2 per week,1 per month,1 per quarter,1 per half-year,48 per year,1 per term}'::cadence[]) AS c;
SELECT is(
  (SELECT count(*) FROM school, generate_series(date '2023-11-20', '2024-12-20', interval '1 day') AS done
   WHERE (duty_status(c, done::date - 400, ARRAY[done::date], '{}', done::date, cal)).next_due <> next_due(c, done::date, cal)), 0::bigint, format('%s: next_due is that of duty_status', c))
FROM unnest('{every day,every 7 days,every month,every quarter,every year,1 per day,1 per week,1 per month,1 per quarter,1 per half-year,1 per year,1 per term}'::cadence[]) AS c;

-- What a plan may rely on.
SELECT is(provolatile::text || proparallel::text, 'is', format('%s is immutable and parallel safe', proname))
FROM pg_proc WHERE pronamespace = 'antifraud'::regnamespace AND proname IN ('next_due', 'due_dates', 'cadence_or_null', 'cadence_in', 'cadence_recv') ORDER BY proname;

SELECT * FROM finish();
