-- Programmes: none in force until adopted, each in a region and a period.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

SELECT is((SELECT array_agg(code ORDER BY code) FROM fraud.programme), '{nanma-2023,qingyuan-2024,shiqiao-2023,template-plan-1,template-plan-2,tuohe-2023}', 'one for each document, two for the template plans');
SELECT is((SELECT count(*)::int FROM fraud.programme WHERE active), 0, 'none is in force');
SELECT is((SELECT count(*)::int FROM fraud.programme_unit), 0, 'nor for any unit');
SELECT is((SELECT array_agg(r.code ORDER BY r.code) FROM fraud.rubric_edition AS r JOIN fraud.programme AS p USING (code)
           WHERE r.status = 'published' AND (r.period_from, r.period_to) IS DISTINCT FROM (p.period_from, p.period_to)), NULL, 'a rubric and its programme agree on the period');

SELECT is(pg_temp.error_of($$SELECT fraud.adopt_programme('nonsense')$$),
  E'P0002\nthere is no programme ''nonsense''\nThe table programme lists them; any other is inserted there.', 'an unknown one');
SELECT is(pg_temp.error_of('SELECT fraud.adopt_programme(NULL)'),
  E'P0002\nthere is no programme NULL\nThe table programme lists them; any other is inserted there.', 'NULL');
SELECT is(pg_temp.error_of($$SELECT fraud.adopt_programme('qingyuan-2024')$$),
  E'23502\nprogramme ''qingyuan-2024'' cannot be in force without a first day\nIts document states none.\nGive period_from, and period_to where it ends.', 'no day is invented');
SELECT throws_ok($$SELECT fraud.adopt_programme('nanma-2023', period_to => '2023-04-30')$$, '23514', NULL, 'it ends after it begins');
SELECT throws_ok($$SELECT fraud.adopt_programme('nanma-2023', period_to => 'infinity')$$, '23514', NULL, 'on a day');

-- The region 370323002 holds all four units of the set-up, 370323002003 one.
SELECT is(fraud.adopt_programme('nanma-2023', '370323002'), 'nanma-2023', 'adopted, in the period of the document');
SELECT is(fraud.adopt_programme('nanma-2023', '370323002'), 'nanma-2023', 'again changes nothing');
SELECT is(fraud.adopt_programme('nanma-2023'), 'nanma-2023', 'nor without a region');
SELECT is(pg_temp.error_of($$SELECT fraud.adopt_programme('nanma-2023', '370323')$$),
  E'55000\nprogramme ''nanma-2023'' is in force already\nIn region 370323002, from 2023-05-01 to 2023-12-31.\nChange its row, or add a programme of its own for another region or period.', 'not for another region besides');
SELECT lives_ok($$SELECT fraud.adopt_programme('qingyuan-2024', '370323002003', '2024-01-01')$$, 'with a first day of its own');
SELECT lives_ok($$SELECT fraud.adopt_programme('template-plan-1', NULL, '2024-03-05', '2024-12-31')$$, 'everywhere');
UPDATE fraud.unit SET active = false WHERE code = '370323002013';
SELECT bag_eq('SELECT programme, unit, period_from, period_to FROM fraud.programme_unit', $$VALUES
  ('nanma-2023', '370323002002', '2023-05-01'::date, '2023-12-31'::date),
  ('nanma-2023', '370323002003', '2023-05-01', '2023-12-31'),
  ('nanma-2023', '370323002004', '2023-05-01', '2023-12-31'),
  ('qingyuan-2024', '370323002003', '2024-01-01', NULL),
  ('template-plan-1', '370323002002', '2024-03-05', '2024-12-31'),
  ('template-plan-1', '370323002003', '2024-03-05', '2024-12-31'),
  ('template-plan-1', '370323002004', '2024-03-05', '2024-12-31')$$, 'the active units of each');
UPDATE fraud.programme SET active = false WHERE code = 'template-plan-1';
SELECT is((SELECT count(*)::int FROM fraud.programme_unit), 4, 'no more in force');
SELECT throws_ok($$UPDATE fraud.programme SET active = true WHERE code = 'template-plan-2'$$, '23514', NULL, 'nor active by hand without a first day');

-- What the office sets.
SELECT is((SELECT row (former_staff_days, suppress_below, office_zh)::text FROM fraud.registry_info), '(,3,)', 'former staff without limit, counts below 3 hidden, no name');
SELECT throws_ok('UPDATE fraud.registry_info SET suppress_below = -1', '23514', NULL, 'no negative count');
SELECT throws_ok('UPDATE fraud.registry_info SET former_staff_days = -1', '23514', NULL, 'nor days');

SELECT * FROM finish();
