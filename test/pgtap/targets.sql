-- Targets of the documents by hand-worked numbers. County 339999 does not
-- exist; each town stands for one example.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

-- Town 001: 12 urban communities; 002: 10 villages; 003: 48 villages; others
-- have one village each, the unit 339999NNN001.
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('county', '339999', '县', 'county');
INSERT INTO fraud.unit (code, region, name, kind, parent)
SELECT format('339999%s', lpad(n::text, 3, '0')), format('339999%s', lpad(n::text, 3, '0')), '镇' || n, 'town', 'county' FROM generate_series(1, 20) AS n;
INSERT INTO fraud.unit (code, region, name, kind, parent, setting)
SELECT c.code, c.code, '村' || c.n, CASE WHEN t.n = 1 THEN 'community' ELSE 'village' END, left(c.code, 9), CASE WHEN t.n = 1 THEN 'urban' ELSE 'rural' END
FROM generate_series(1, 20) AS t (n)
CROSS JOIN LATERAL generate_series(1, CASE t.n WHEN 1 THEN 12 WHEN 2 THEN 10 WHEN 3 THEN 48 ELSE 1 END) AS c0 (n)
CROSS JOIN LATERAL (SELECT format('339999%s%s', lpad(t.n::text, 3, '0'), lpad(c0.n::text, 3, '0')), c0.n) AS c (code, n);

CREATE FUNCTION pg_temp.village(town int, n int DEFAULT 1) RETURNS text LANGUAGE sql
  RETURN format('339999%s%s', lpad(town::text, 3, '0'), lpad(n::text, 3, '0'));
-- n cases in the first village of a town on one day, each with the same loss
CREATE FUNCTION pg_temp.cases(town int, n int, day date, loss numeric DEFAULT NULL) RETURNS void LANGUAGE sql
  BEGIN ATOMIC
    INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss)
    SELECT format('%s-%s-%s-%s', town, day, coalesce(loss, 0), gen_random_uuid()), pg_temp.village(town), day, loss FROM generate_series(1, n);
  END;
-- How a target stands in a town.
CREATE FUNCTION pg_temp.at(town int, programme text, code text, as_of date, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (state text, reason text, numerator numeric, denominator numeric, baseline numeric, years numeric, bound numeric, allowed numeric, needed numeric) LANGUAGE sql
  BEGIN ATOMIC
    SELECT t.state, t.reason, t.numerator, t.denominator, t.baseline_numerator, t.baseline_denominator, t.bound, t.more_allowed, t.more_needed
    FROM fraud.targets_at(as_of, known_at, format('339999%s', lpad(town::text, 3, '0'))::antifraud.region) AS t
    WHERE t.programme = at.programme AND t.code = at.code;
  END;

-- What ships
SELECT is((SELECT string_agg(programme || ' ' || n, ', ' ORDER BY programme) FROM (SELECT programme, count(*) AS n FROM fraud.target GROUP BY programme) AS x),
  'nanma-2023 5, qingyuan-2024 12, shiqiao-2023 7, template-plan-1 1, template-plan-2 1, tuohe-2023 2', 'targets of each programme');
SELECT is((SELECT count(*)::int FROM fraud.target_status), 0, 'none is in force');
SELECT is((SELECT array_agg(concat_ws(' ', programme, code, comparison, trim_scale(threshold), baseline) ORDER BY programme, code) FROM fraud.target WHERE threshold > 1),
  '{nanma-2023 rural_fraud_free at_least 50 none,nanma-2023 urban_fraud_free at_least 30 none,qingyuan-2024 awareness_medical at_least 100 none,qingyuan-2024 awareness_pupils at_least 100 none,qingyuan-2024 awareness_staff at_least 100 none,qingyuan-2024 cases falls_by 20 last_year,qingyuan-2024 large_losses falls_by 20 last_year,qingyuan-2024 losses falls_by 20 last_year,qingyuan-2024 reduced at_least 85 none,qingyuan-2024 returned at_least 85 none,qingyuan-2024 two_cards falls_by 20 last_year,shiqiao-2023 app_20_55 at_least 90 none,shiqiao-2023 awareness at_least 90 none,shiqiao-2023 cases falls_by 10 three_year_mean,shiqiao-2023 followed_up at_least 100 none,shiqiao-2023 no_case_share at_least 70 none}',
  'the numbers of the documents');
SELECT is((SELECT due_on FROM fraud.target WHERE code = 'reduced'), '2024-11-30'::date, 'Q18: by the end of November 2024');

SELECT fraud.adopt_programme('qingyuan-2024', '339999', '2024-01-01', '2024-12-31') \g /dev/null
SELECT fraud.adopt_programme('shiqiao-2023', '339999', '2023-08-05') \g /dev/null
SELECT fraud.adopt_programme('nanma-2023', '339999') \g /dev/null
SELECT fraud.adopt_programme('tuohe-2023', '339999') \g /dev/null
SELECT fraud.adopt_programme('template-plan-1', '339999', '2024-01-01', '2024-12-31') \g /dev/null
SELECT fraud.adopt_programme('template-plan-2', '339999', '2024-01-01', '2024-12-31') \g /dev/null

-- Q01: ten cases, a fifth less is eight: 8 * 100 <= 10 * 80; 9 * 100 is more.
SELECT pg_temp.cases(4, 10, '2023-03-01', 100000), pg_temp.cases(4, 7, '2024-03-01', 100000) \g /dev/null
SELECT results_eq($$SELECT state, numerator, baseline, years, bound, allowed, needed FROM pg_temp.at(4, 'qingyuan-2024', 'cases', '2024-06-30')$$,
  $$VALUES ('open', 7::numeric, 10::numeric, 1::numeric, 8::numeric, 1::numeric, NULL::numeric)$$, 'Q01: seven in June, one more is allowed');
SELECT pg_temp.cases(4, 1, '2024-07-01', 100000) \g /dev/null
SELECT results_eq($$SELECT state, allowed FROM pg_temp.at(4, 'qingyuan-2024', 'cases', '2024-12-31')$$, $$VALUES ('open', 0::numeric)$$, 'eight on the last day: not over yet');
SELECT is((SELECT state FROM pg_temp.at(4, 'qingyuan-2024', 'cases', '2025-01-01')), 'met', 'Q01: 10 -> 8 is 20 % less: met (20%以上 includes 20)');
-- Q02: 1,000,000.00 -> 800,000.00 met, 800,000.01 missed
SELECT results_eq($$SELECT state, numerator, baseline, bound, allowed FROM pg_temp.at(4, 'qingyuan-2024', 'losses', '2025-01-01')$$,
  $$VALUES ('met', 800000::numeric, 1000000::numeric, 800000::numeric, 0::numeric)$$, 'Q02: a million -> 800,000.00 yuan: met');
SELECT pg_temp.cases(4, 1, '2024-12-31', 0.01) \g /dev/null
SELECT results_eq($$SELECT state, numerator FROM pg_temp.at(4, 'qingyuan-2024', 'losses', '2025-01-01')$$, $$VALUES ('missed', 800000.01)$$, 'Q02: 800,000.01 yuan: missed');
SELECT results_eq($$SELECT state, numerator FROM pg_temp.at(4, 'qingyuan-2024', 'cases', '2025-01-01')$$, $$VALUES ('missed', 9::numeric)$$, 'Q01: 10 -> 9: missed');
SELECT is((SELECT state FROM pg_temp.at(4, 'qingyuan-2024', 'cases', '2024-12-31')), 'missed', 'missed as soon as it cannot be reached, before the window is over');
SELECT is((SELECT state FROM pg_temp.at(4, 'qingyuan-2024', 'cases', '2024-12-30')), 'open', 'what is filed after the day looked at does not count');

-- 23 -> 18.4, that is 18
SELECT pg_temp.cases(5, 23, '2023-05-01'), pg_temp.cases(5, 18, '2024-05-01') \g /dev/null
SELECT results_eq($$SELECT state, bound FROM pg_temp.at(5, 'qingyuan-2024', 'cases', '2025-01-01')$$, $$VALUES ('met', 18::numeric)$$, '23 -> 18 met: 18.4 are allowed');
SELECT pg_temp.cases(5, 1, '2024-05-02') \g /dev/null
SELECT is((SELECT state FROM pg_temp.at(5, 'qingyuan-2024', 'cases', '2025-01-01')), 'missed', '23 -> 19 missed');
-- losses that nobody knows
SELECT results_eq($$SELECT t.state, t.reason, t.unknown_amounts FROM fraud.targets_at('2025-01-01', NULL, '339999005') AS t WHERE t.code = 'losses'$$,
  $$VALUES ('not_computable', 'baseline_zero', 42::bigint)$$, 'no loss is known: 42 cases without an amount are said');

-- No case last year: no per cent of it; whether the number falls is a matter of counting
SELECT results_eq($$SELECT state, reason FROM pg_temp.at(6, 'qingyuan-2024', 'cases', '2025-01-01')$$, $$VALUES ('not_computable', 'baseline_zero')$$, 'zero last year: 20 % less is not computable');
SELECT results_eq($$SELECT state, reason FROM pg_temp.at(6, 'template-plan-2', 'cases_fall', '2025-01-01')$$, $$VALUES ('not_computable', 'baseline_zero')$$, 'B01: none, and none before: cannot fall');
SELECT is((SELECT state FROM pg_temp.at(6, 'template-plan-1', 'no_case', '2025-01-01')), 'met', 'A02: no case at all: met');
SELECT pg_temp.cases(6, 1, '2024-02-01', 5) \g /dev/null
SELECT is((SELECT state FROM pg_temp.at(6, 'template-plan-2', 'cases_fall', '2024-03-01')), 'missed', 'B01: one, and none before: risen');
SELECT results_eq($$SELECT state, bound, allowed FROM pg_temp.at(6, 'template-plan-1', 'no_case', '2024-02-01')$$, $$VALUES ('missed', 0::numeric, 0::numeric)$$, 'A02: one case misses it, on its day');
SELECT is((SELECT state FROM pg_temp.at(6, 'template-plan-1', 'no_case', '2024-01-31')), 'open', 'A02: not before');
SELECT results_eq($$SELECT state, bound FROM pg_temp.at(4, 'template-plan-2', 'cases_fall', '2025-01-01')$$, $$VALUES ('met', 9::numeric)$$, 'B01: 10 -> 9 falls; 9 is the most');

-- Q03, Q62: what a large loss is, the document does not say
SELECT is((SELECT array_agg(concat_ws(' ', code, state, reason) ORDER BY code) FROM fraud.targets_at('2025-01-01') WHERE code IN ('large_losses', 'no_large_loss')),
  '{"large_losses not_computable amount_not_set","no_large_loss not_computable amount_not_set"}', 'Q03, Q62: no sum is invented');
UPDATE fraud.target SET amount_from = 500000 WHERE subject = 'large_count';
SELECT pg_temp.cases(7, 5, '2023-06-01', 500000), pg_temp.cases(7, 3, '2023-06-01', 499999.99), pg_temp.cases(7, 4, '2024-06-01', 600000) \g /dev/null
SELECT results_eq($$SELECT state, numerator, baseline, bound FROM pg_temp.at(7, 'qingyuan-2024', 'large_losses', '2025-01-01')$$,
  $$VALUES ('met', 4::numeric, 5::numeric, 4::numeric)$$, 'Q03: 5 of 500,000 yuan or more -> 4: met; 499,999.99 is not large');
SELECT is((SELECT state FROM pg_temp.at(7, 'qingyuan-2024', 'no_large_loss', '2024-06-01')), 'missed', 'Q62: a large loss misses it');
SELECT is((SELECT state FROM pg_temp.at(6, 'qingyuan-2024', 'no_large_loss', '2025-01-01')), 'met', 'Q62: 5 yuan are none');

SELECT results_eq($$SELECT bound, allowed, needed FROM pg_temp.at(9, 'qingyuan-2024', 'cases', '2024-06-01')$$, $$VALUES (NULL::numeric, NULL::numeric, NULL::numeric)$$, 'what is not computable allows no number');

-- S08: three years of 10, 11, 12 in the same dates: 3 * 9 * 100 <= 33 * 90 (2700, 2970); ten: 3000
SELECT pg_temp.cases(8, 10, '2020-08-05'), pg_temp.cases(8, 11, '2021-12-10'), pg_temp.cases(8, 12, '2022-10-01'), pg_temp.cases(8, 9, '2023-09-01') \g /dev/null
SELECT pg_temp.cases(8, 5, '2020-08-04'), pg_temp.cases(8, 5, '2022-12-11'), pg_temp.cases(8, 5, '2019-10-01') \g /dev/null
SELECT results_eq($$SELECT state, numerator, baseline, years, bound FROM pg_temp.at(8, 'shiqiao-2023', 'cases', '2023-12-11')$$,
  $$VALUES ('met', 9::numeric, 33::numeric, 3::numeric, 9::numeric)$$, 'S08: 9 against a mean of 11: met; days outside the dates do not count');
SELECT results_eq($$SELECT state, bound FROM pg_temp.at(8, 'shiqiao-2023', 'cases_fall', '2023-12-11')$$, $$VALUES ('met', 11::numeric)$$, 'S06: 9 against 12 of last year: fallen');
SELECT pg_temp.cases(8, 1, '2023-12-10') \g /dev/null
SELECT is((SELECT state FROM pg_temp.at(8, 'shiqiao-2023', 'cases', '2023-12-11')), 'missed', 'S08: 10 is more than 9.9: missed');
SELECT results_eq($$SELECT state, reason, baseline FROM pg_temp.at(9, 'shiqiao-2023', 'cases', '2023-12-11')$$, $$VALUES ('not_computable', 'baseline_zero', 0::numeric)$$, 'S08: 0, 0, 0: not computable');
UPDATE fraud.target SET baseline_from = '2020-08-06' WHERE programme = 'shiqiao-2023' AND code = 'cases';
SELECT is((SELECT reason FROM pg_temp.at(8, 'shiqiao-2023', 'cases', '2023-12-11')), 'baseline_before_records', 'S08: records that begin a day late: a year is missing');
UPDATE fraud.target SET baseline_from = '2020-08-05' WHERE programme = 'shiqiao-2023' AND code = 'cases';
SELECT is((SELECT state FROM pg_temp.at(8, 'shiqiao-2023', 'cases', '2023-12-11')), 'missed', 'on the day itself they reach back far enough');
-- S07, N10, T01: losses
SELECT pg_temp.cases(9, 1, '2022-09-01', 100), pg_temp.cases(9, 1, '2023-09-01', 99.99) \g /dev/null
SELECT results_eq($$SELECT state, bound FROM pg_temp.at(9, 'shiqiao-2023', 'losses_fall', '2023-12-11')$$, $$VALUES ('met', 99.99)$$, 'S07: 100.00 -> 99.99 yuan falls');
SELECT is((SELECT array_agg(concat_ws(' ', programme, code, state, numerator::numeric(10,2), baseline_numerator::numeric(10,2)) ORDER BY programme, code)
           FROM fraud.targets_at('2024-01-01', NULL, '339999009') WHERE programme IN ('nanma-2023', 'tuohe-2023') AND code IN ('cases_fall', 'losses_fall')),
  '{"nanma-2023 cases_fall missed 1.00 1.00","nanma-2023 losses_fall met 99.99 100.00","tuohe-2023 cases_fall open 0.00 1.00","tuohe-2023 losses_fall open 0.00 99.99"}',
  'N09, N10: the same number has not fallen; T01: no last day, so the year looked at');
SELECT pg_temp.cases(9, 1, '2023-02-01', 0.01) \g /dev/null
SELECT is((SELECT state FROM pg_temp.at(9, 'nanma-2023', 'losses_fall', '2023-11-01')), 'missed', 'N10: the calendar year counts, not the period: 100.00 in February and after');
SELECT is((SELECT array_agg(concat_ws(' ', first_day, last_day) ORDER BY code) FROM fraud.targets_at('2023-12-31') WHERE programme = 'tuohe-2023'),
  '{"2023-01-01 2023-12-31","2023-01-01 2023-12-31"}', 'T01: the year');
SELECT is((SELECT array_agg(state ORDER BY code) FROM fraud.targets_at('2023-12-31', NULL, '339999009') WHERE programme = 'tuohe-2023'), '{missed,missed}', 'T01: both must fall');

-- S09: awareness, exactly; S20, Q66 the same
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive)
SELECT pg_temp.village(10), k, '2023-10-01'::date, 400, 360 FROM unnest('{awareness,app_20_55}'::text[]) AS k
UNION ALL SELECT pg_temp.village(10), k, '2023-11-01', 200, 180 FROM unnest('{awareness,app_20_55}'::text[]) AS k
UNION ALL SELECT pg_temp.village(11), k, '2023-11-01', 600, 539 FROM unnest('{awareness,app_20_55}'::text[]) AS k;
SELECT results_eq($$SELECT state, numerator, denominator, needed FROM pg_temp.at(10, 'shiqiao-2023', 'awareness', '2023-12-11')$$,
  $$VALUES ('met', 540::numeric, 600::numeric, 0::numeric)$$, 'S09: 540 of 600, two surveys together, is 90 %: met');
SELECT results_eq($$SELECT state, needed FROM pg_temp.at(11, 'shiqiao-2023', 'awareness', '2023-12-11')$$, $$VALUES ('missed', 1::numeric)$$, 'S09: 539 missed, by one');
SELECT is((SELECT state FROM pg_temp.at(11, 'shiqiao-2023', 'awareness', '2023-12-10')), 'open', 'S09: upwards is told when it is over');
SELECT is((SELECT ARRAY[state, round(interval_low::numeric, 6)::text, round(interval_high::numeric, 6)::text] FROM fraud.targets_at('2023-12-11', NULL, '339999010') WHERE code = 'awareness'),
  '{met,0.873392,0.921518}', 'S09: met, though the interval reaches down to 0.873: it does not decide');
SELECT is((SELECT array_agg((SELECT state FROM pg_temp.at(t, 'shiqiao-2023', 'app_20_55', '2023-12-11')) ORDER BY t) FROM unnest('{10,11}'::int[]) AS t), '{met,missed}', 'S20: 540 and 539 of 600 with the app');
SELECT results_eq($$SELECT state, reason FROM unnest('{2023-12-10,2023-12-11}'::date[]) AS d, pg_temp.at(12, 'shiqiao-2023', 'awareness', d) AS t$$,
  $$VALUES ('open', NULL), ('not_computable', 'nothing_measured')$$, 'S09: nobody asked');
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES
  (pg_temp.village(10), 'awareness_staff', '2024-05-01', 50, 50), (pg_temp.village(10), 'awareness_pupils', '2024-05-01', 1000, 999), (pg_temp.village(10), 'awareness_medical', '2024-05-01', 20, 20);
SELECT is((SELECT array_agg(concat_ws(' ', code, state, more_needed) ORDER BY code) FROM fraud.targets_at('2025-01-01', NULL, '339999010') WHERE programme = 'qingyuan-2024' AND code LIKE 'awareness%'),
  '{"awareness_medical met 0","awareness_pupils missed 1","awareness_staff met 0"}', 'Q66: 100 % is all of them');

-- Q45: coverage rises: 80 of 100, then 161 of 200
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES (pg_temp.village(10), 'app', '2023-05-01', 100, 80), (pg_temp.village(10), 'app', '2024-05-01', 200, 160);
SELECT results_eq($$SELECT state, numerator, denominator, baseline, years, bound, needed FROM pg_temp.at(10, 'qingyuan-2024', 'app_rises', '2025-01-01')$$,
  $$VALUES ('missed', 160::numeric, 200::numeric, 80::numeric, 100::numeric, 161::numeric, 1::numeric)$$, 'Q45: 80 % after 80 % has not risen: 161 are needed');
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES (pg_temp.village(10), 'app', '2024-06-01', 1, 1);
SELECT is((SELECT state FROM pg_temp.at(10, 'qingyuan-2024', 'app_rises', '2025-01-01')), 'met', 'Q45: 161 of 201 is more');
SELECT is((SELECT reason FROM pg_temp.at(11, 'qingyuan-2024', 'app_rises', '2025-01-01')), 'baseline_not_measured', 'Q45: nothing measured last year');

-- S11: all cases followed up: 11 of 11, then 11 of 12
INSERT INTO fraud.fraud_case (unit, filed_on, followed_up) SELECT pg_temp.village(12), '2023-09-01', true FROM generate_series(1, 11);
SELECT results_eq($$SELECT state, numerator, denominator FROM pg_temp.at(12, 'shiqiao-2023', 'followed_up', '2023-12-11')$$, $$VALUES ('met', 11::numeric, 11::numeric)$$, 'S11: 11 of 11');
SELECT pg_temp.cases(12, 1, '2023-12-10') \g /dev/null
SELECT results_eq($$SELECT state, numerator, denominator, needed FROM pg_temp.at(12, 'shiqiao-2023', 'followed_up', '2023-12-11')$$, $$VALUES ('missed', 11::numeric, 12::numeric, 1::numeric)$$, 'S11: a case of the last day that nobody followed up');

-- S10: 48 villages, 70 % is 33.6: 34 without a case
INSERT INTO fraud.fraud_case (unit, filed_on) SELECT pg_temp.village(3, n), '2023-09-01' FROM generate_series(1, 14) AS n, generate_series(1, 2);
SELECT results_eq($$SELECT state, numerator, denominator, bound, allowed, needed FROM pg_temp.at(3, 'shiqiao-2023', 'no_case_share', '2023-10-01')$$,
  $$VALUES ('open', 34::numeric, 48::numeric, 34::numeric, 0::numeric, 0::numeric)$$, 'S10: 34 of 48, no other may have one');
SELECT is((SELECT state FROM pg_temp.at(3, 'shiqiao-2023', 'no_case_share', '2023-12-11')), 'met', 'S10: 34 met');
INSERT INTO fraud.fraud_case (unit, filed_on) VALUES (pg_temp.village(3, 15), '2023-10-02');
SELECT results_eq($$SELECT state, needed FROM pg_temp.at(3, 'shiqiao-2023', 'no_case_share', '2023-10-03')$$, $$VALUES ('missed', 1::numeric)$$, 'S10: 33 cannot become more');
UPDATE fraud.unit SET active = false WHERE code = pg_temp.village(3, 15);
SELECT results_eq($$SELECT state, numerator, denominator, bound FROM pg_temp.at(3, 'shiqiao-2023', 'no_case_share', '2023-12-11')$$,
  $$VALUES ('met', 33::numeric, 47::numeric, 33::numeric)$$, 'S10: an inactive village leaves both sides: 33 of 47, of which 32.9 are needed');

-- a case in a compound is one of its village, which is one less of 47 then
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES ('garden', pg_temp.village(3, 16)::antifraud.region, '花园小区', 'compound', pg_temp.village(3, 16));
INSERT INTO fraud.fraud_case (case_no, unit, filed_on) VALUES ('garden', 'garden', '2023-12-10');
SELECT results_eq($$SELECT state, numerator, denominator, needed FROM pg_temp.at(3, 'shiqiao-2023', 'no_case_share', '2023-12-11')$$,
  $$VALUES ('missed', 32::numeric, 47::numeric, 1::numeric)$$, 'S10: a case in a compound of a village: 32 of 47, and the compound is no village of its own');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on) VALUES ('its own', pg_temp.village(3, 16), '2023-12-10');
SELECT is((SELECT numerator FROM pg_temp.at(3, 'shiqiao-2023', 'no_case_share', '2023-12-11')), 32::numeric, 'S10: with one of the village itself it is still one village');
SELECT fraud.void_fact('fraud_case', id, '误录') FROM fraud.fraud_case WHERE case_no IN ('garden', 'its own') \g /dev/null
SELECT is((SELECT state FROM pg_temp.at(3, 'shiqiao-2023', 'no_case_share', '2023-12-11')), 'met', 'S10: both withdrawn: 33 of 47');
-- nobody below zero: from no case nothing can fall, and no number of cases is allowed
SELECT pg_temp.cases(19, 1, '2023-06-01', 100) \g /dev/null
SELECT results_eq($$SELECT state, numerator, baseline, bound, allowed FROM pg_temp.at(19, 'nanma-2023', 'cases_fall', '2023-06-30')$$,
  $$VALUES ('missed', 1::numeric, 0::numeric, NULL::numeric, 0::numeric)$$, 'N09: one after none has risen; no bound below zero is stated');
SELECT results_eq($$SELECT state, bound, allowed FROM pg_temp.at(19, 'nanma-2023', 'losses_fall', '2023-06-30')$$, $$VALUES ('missed', NULL::numeric, 0::numeric)$$, 'N10: nor one of a fen less than nothing');

-- N07, N08: 12 urban communities at 30 % need 4 (3.6), 10 villages at 50 % need 5
SELECT results_eq($$SELECT state, numerator, denominator, bound, needed FROM pg_temp.at(1, 'nanma-2023', 'urban_fraud_free', '2023-12-31')$$,
  $$VALUES ('open', 0::numeric, 12::numeric, 4::numeric, 4::numeric)$$, 'N07: 4 of 12');
SELECT results_eq($$SELECT state, denominator, needed FROM pg_temp.at(2, 'nanma-2023', 'rural_fraud_free', '2024-01-01')$$, $$VALUES ('missed', 10::numeric, 5::numeric)$$, 'N08: 5 of 10');
SELECT results_eq($$SELECT state, reason FROM pg_temp.at(2, 'nanma-2023', 'urban_fraud_free', '2024-01-01')$$, $$VALUES ('not_computable', 'no_units')$$, 'N07: no urban community there');
-- titles: four of twelve communities meet it, one revoked does not; a title of a
-- compound is none of its community
INSERT INTO fraud.unit (code, region, name, kind, parent, setting) VALUES ('urban garden', pg_temp.village(1, 4)::antifraud.region, '明珠小区', 'compound', pg_temp.village(1, 4), 'urban');
SELECT is((SELECT array_agg(setting || ' ' || n ORDER BY setting) FROM (SELECT u.setting, count(*) AS n FROM fraud.unit AS u JOIN fraud.unit_setting AS s ON s.code = u.setting WHERE u.region OPERATOR(antifraud.<@) '339999001' OR u.region OPERATOR(antifraud.<@) '339999002' GROUP BY u.setting) AS x),
  '{"rural 10","urban 13"}', 'N07, N08: twelve communities and a compound are urban, ten villages rural');
SELECT fraud.award_certificate('nanma-2023', pg_temp.village(1, n), '2024-01-10') FROM generate_series(1, 3) AS n \g /dev/null
SELECT fraud.award_certificate('nanma-2023', 'urban garden', '2024-01-10') \g /dev/null
SELECT results_eq($$SELECT state, numerator, denominator, needed FROM pg_temp.at(1, 'nanma-2023', 'urban_fraud_free', '2024-01-11')$$, $$VALUES ('missed', 3::numeric, 12::numeric, 1::numeric)$$, 'N07: three titles of twelve are 25 %; that of the compound is not the community''s');
SELECT fraud.award_certificate('nanma-2023', pg_temp.village(1, 4), '2024-01-10'), fraud.award_certificate('nanma-2023', pg_temp.village(2, n), '2024-01-10') FROM generate_series(1, 1) AS n \g /dev/null
SELECT fraud.award_certificate('nanma-2023', pg_temp.village(2, n), '2024-01-10') FROM generate_series(2, 5) AS n \g /dev/null
SELECT results_eq($$SELECT numerator || '/' || denominator || ' ' || state FROM (VALUES (1, 'urban_fraud_free'), (2, 'rural_fraud_free')) AS t (town, code), pg_temp.at(t.town, 'nanma-2023', t.code, '2024-01-11') ORDER BY t.town$$,
  $$VALUES ('4/12 met'), ('5/10 met')$$, 'N07: 4 of 12 are 33 %; N08: 5 of 10 are 50 %, which 以上 includes');
INSERT INTO fraud.certificate_revocation (certificate, revoked_on, reason) SELECT id, '2024-02-01', '补录案件' FROM fraud.certificate WHERE unit IN (pg_temp.village(1, 4), pg_temp.village(2, 5));
SELECT results_eq($$SELECT numerator || '/' || denominator || ' ' || state FROM (VALUES (1, 'urban_fraud_free'), (2, 'rural_fraud_free')) AS t (town, code), pg_temp.at(t.town, 'nanma-2023', t.code, '2024-02-01') ORDER BY t.town$$,
  $$VALUES ('3/12 missed'), ('4/10 missed')$$, 'N07, N08: a title that was revoked counts no more');
UPDATE fraud.unit SET active = false WHERE code = 'urban garden';
-- the same arithmetic with facts that a clerk enters: an office asks for talks
INSERT INTO fraud.target (programme, code, label_zh, label_en, clause, subject, measure, comparison, threshold, unit_kinds, setting) VALUES
  ('nanma-2023', 'talks', '宣传', 'talks', 'own', 'unit_share_with', 'publicity', 'at_least', 30, '{community,village}', 'urban');
INSERT INTO fraud.activity (unit, kind, held_on) SELECT pg_temp.village(1, n), 'talk', '2023-05-01' FROM generate_series(1, 3) AS n, generate_series(1, 2);
INSERT INTO fraud.activity (unit, kind, held_on) VALUES (pg_temp.village(1, 4), 'talk', '2024-01-01');
SELECT results_eq($$SELECT state, numerator, needed FROM pg_temp.at(1, 'nanma-2023', 'talks', '2024-01-02')$$, $$VALUES ('missed', 3::numeric, 1::numeric)$$, 'three of twelve units, each once, only in the window');
INSERT INTO fraud.activity (unit, kind, held_on) VALUES (pg_temp.village(1, 4), 'talk', '2023-12-31');
SELECT is((SELECT state FROM pg_temp.at(1, 'nanma-2023', 'talks', '2024-01-01')), 'met', 'four of twelve');
-- N02
SELECT is((SELECT state FROM pg_temp.at(2, 'nanma-2023', 'no_case', '2024-01-01')), 'met', 'N02: no case in the period');
SELECT is((SELECT state FROM pg_temp.at(3, 'nanma-2023', 'no_case', '2024-01-01')), 'missed', 'N02: cases in town 003');

-- Q65: each town and department; certificates of a unit and of those below it
SELECT is((SELECT count(*)::int FROM fraud.targets_at('2024-06-01') WHERE code = 'one_unit_each' AND state = 'open' AND more_needed = 1), 20, 'Q65: a row for each of 20 towns');
INSERT INTO fraud.target (programme, code, label_zh, label_en, clause, subject, measure, comparison, threshold, scope, unit_kinds) VALUES
  ('qingyuan-2024', 'talk_each', '宣传', 'talks', 'own', 'count', 'publicity', 'at_least', 1, 'each_unit', '{town,department}');
INSERT INTO fraud.activity (unit, kind, held_on) VALUES (pg_temp.village(2, 7), 'talk', '2024-05-01'), ('339999003', 'talk', '2024-05-01');
SELECT is((SELECT array_agg(concat_ws(' ', unit, numerator, state) ORDER BY unit) FROM fraud.targets_at('2025-01-01') WHERE code = 'talk_each' AND unit < '339999005'),
  '{"339999001 1 met","339999002 1 met","339999003 1 met","339999004 0 missed"}', 'Q65: at least one each, below it or itself');
SELECT is((SELECT array_agg(unit) FROM fraud.targets_at('2025-01-01', NULL, '339999002') WHERE code = 'talk_each'), '{339999002}', 'in one town');

-- Q05, Q18, with 40 on a list: 34 are 85 %. 20 on a list and 3 added after it was frozen, 17 returned.
SELECT is((SELECT array_agg(concat_ws(' ', code, state, reason) ORDER BY code) FROM fraud.targets_at('2025-01-01') WHERE code IN ('returned', 'reduced')),
  '{"reduced not_computable list_empty","returned not_computable list_empty"}', 'Q05, Q18: nobody on a list');
INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on)
SELECT 'passport', 'P' || n, CASE WHEN n <= 40 THEN '339999013' ELSE '339999014' END::antifraud.region, '2023-01-01' FROM (SELECT generate_series(1, 40) UNION SELECT generate_series(101, 123)) AS g (n);
CREATE FUNCTION pg_temp.p(n int) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.person WHERE document_no = 'P' || n);
CREATE FUNCTION pg_temp.becomes(n int, status text, day date) RETURNS void LANGUAGE sql
  BEGIN ATOMIC
    INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) SELECT pg_temp.p(n), status, day, '研判', '联席办';
  END;
INSERT INTO fraud.person_list (code, programme, purpose, title, issued_by, issued_on, frozen_on) VALUES
  ('L1', 'qingyuan-2024', 'reduction', '核减名单', '联席办', '2024-01-10', '2024-01-31'),
  ('L2', NULL, 'return', '劝返名单', '联席办', '2024-01-10', '2024-01-31'),
  ('L3', 'qingyuan-2024', 'return', '劝返名单二', '联席办', '2024-01-10', NULL),
  ('L4', 'tuohe-2023', 'return', '别的方案', '联席办', '2024-01-10', NULL);
INSERT INTO fraud.person_list_entry (list, person, added_on)
SELECT 'L1', pg_temp.p(n), '2024-01-10'::date FROM generate_series(1, 40) AS n
UNION ALL SELECT 'L2', pg_temp.p(n), CASE WHEN n > 120 THEN '2024-02-01' ELSE '2024-01-31' END::date FROM generate_series(101, 123) AS n
UNION ALL SELECT 'L3', pg_temp.p(101), '2024-01-11'
UNION ALL SELECT 'L4', pg_temp.p(1), '2024-01-11';
SELECT pg_temp.becomes(n, 'reduced', '2024-11-30') FROM generate_series(1, 33) AS n \g /dev/null
SELECT pg_temp.becomes(n, 'returned', '2024-05-01') FROM generate_series(101, 117) AS n \g /dev/null
SELECT pg_temp.becomes(34, 'reduced', '2024-12-01') \g /dev/null
SELECT results_eq($$SELECT state, numerator, denominator, needed FROM pg_temp.at(13, 'qingyuan-2024', 'reduced', '2025-01-01')$$,
  $$VALUES ('missed', 33::numeric, 40::numeric, 1::numeric)$$, 'Q18: 33 of 40 by 30 November is 82.5 %; the next day is too late');
SELECT pg_temp.becomes(35, 'reduced', '2024-11-30') \g /dev/null
SELECT results_eq($$SELECT state, numerator, bound FROM pg_temp.at(13, 'qingyuan-2024', 'reduced', '2024-12-01')$$, $$VALUES ('met', 34::numeric, 34::numeric)$$, 'Q18: 34 of 40 is 85 %: met');
SELECT pg_temp.becomes(36, 'reduced', '2024-06-01'), pg_temp.becomes(36, 'listed', '2024-11-29') \g /dev/null
SELECT is((SELECT numerator FROM pg_temp.at(13, 'qingyuan-2024', 'reduced', '2024-12-01')), 34::numeric, 'Q18: taken off and listed again: the last status by the day counts');
SELECT is((SELECT numerator FROM pg_temp.at(13, 'qingyuan-2024', 'reduced', '2024-06-01')), 1::numeric, 'Q18: on 1 June it was that one');
SELECT fraud.void_fact('status_change', id, '误录') FROM fraud.status_change WHERE person = pg_temp.p(35) \g /dev/null
SELECT is((SELECT state FROM pg_temp.at(13, 'qingyuan-2024', 'reduced', '2024-12-01')), 'missed', 'Q18: 33, one having been entered by mistake');
SELECT results_eq($$SELECT state, numerator, denominator FROM pg_temp.at(14, 'qingyuan-2024', 'returned', '2025-01-01')$$,
  $$VALUES ('met', 17::numeric, 20::numeric)$$, 'Q05: 17 of the 20 of the frozen list, 85 %: met; a person on two lists is one, another programme''s list is none');
SELECT is((SELECT denominator FROM pg_temp.at(13, 'qingyuan-2024', 'returned', '2025-01-01')), 0::numeric, 'not the list of another programme');
UPDATE fraud.target SET list_entries = 'all' WHERE code = 'returned';
SELECT results_eq($$SELECT state, numerator, denominator FROM pg_temp.at(14, 'qingyuan-2024', 'returned', '2025-01-01')$$,
  $$VALUES ('missed', 17::numeric, 23::numeric)$$, 'Q05: 17 of 23, with those added later, 73.9 %: missed');
SELECT is((SELECT state FROM pg_temp.at(14, 'qingyuan-2024', 'returned', '2024-12-31')), 'open', 'Q05: told when it is over');

-- Q04: cards
SELECT is((SELECT concat_ws(' ', measure, comparison, trim_scale(threshold), baseline) FROM fraud.target WHERE code = 'two_cards'), 'two_cards falls_by 20 last_year', 'Q04: cards of clues');
SELECT results_eq($$SELECT state, reason FROM pg_temp.at(4, 'qingyuan-2024', 'two_cards', '2025-01-01')$$, $$VALUES ('not_computable', 'baseline_zero')$$, 'Q04: none last year');

-- Pace: 12 cases by 30 September, 273 of 365 days; 12 * 365 / 273 = 16.04. Of
-- 12 + y cases 12 or fewer in the first 273 days has a probability above 2.5 %
-- up to y = 10 (whole-number arithmetic), 12 or more from y = 0 on.
SELECT pg_temp.cases(15, 20, '2022-12-31'), pg_temp.cases(15, 12, '2023-04-01') \g /dev/null
SELECT results_eq($$SELECT days_gone, days_total, pace, forecast_low, forecast_mid, forecast_high, more_allowed FROM fraud.targets_at('2023-09-30', NULL, '339999015') WHERE programme = 'nanma-2023' AND code = 'cases_fall'$$,
  $$VALUES (273, 365, round(12 * 365 / (19 * 273.0), 4), 12::bigint, 16.04, 22::bigint, 7::numeric)$$, 'pace and forecast on 30 September 2023');
SELECT results_eq($$SELECT days_gone, days_total FROM fraud.targets_at('2024-09-30', NULL, '339999015') WHERE programme = 'qingyuan-2024' AND code = 'cases'$$,
  $$VALUES (274, 366)$$, '2024 has 366 days');
SELECT results_eq($$SELECT forecast_low, forecast_mid, forecast_high FROM fraud.targets_at('2024-01-01', NULL, '339999015') WHERE programme = 'nanma-2023' AND code = 'cases_fall'$$,
  $$VALUES (12::bigint, 12.00, 12::bigint)$$, 'when it is over nothing is left to forecast');
SELECT results_eq($$SELECT state, numerator, days_gone, pace, forecast_mid, p_value FROM fraud.targets_at('2023-12-31', NULL, '339999015') WHERE programme = 'qingyuan-2024' AND code = 'cases'$$,
  $$VALUES ('open', 0::numeric, 0, NULL::numeric, NULL::numeric, NULL::float8)$$, 'before it begins');
-- Losses of 10 cases of 12,000 yuan by 30 September, 273 days gone and 92 to
-- go: 120,000 * 365 / 273 = 160,439.56. The squares are 10 * 12,000^2:
-- 1.959964 * 12,000 * sqrt(10 * 92 * 365) / 273 = 23,519.57 * 579.4825 / 273 =
-- 49,924: at the least what is lost already, at the most 210,363.
SELECT pg_temp.cases(20, 10, '2023-02-01', 12000) \g /dev/null
SELECT is((SELECT ARRAY[forecast_low, round(forecast_mid), round(forecast_high, -1)] FROM fraud.targets_at('2023-09-30', NULL, '339999020') WHERE programme = 'nanma-2023' AND code = 'losses_fall'),
  '{120000,160440,210360}', 'range of the losses of the year');
SELECT is((SELECT ARRAY[forecast_low, forecast_mid, forecast_high] FROM fraud.targets_at('2024-01-01', NULL, '339999020') WHERE programme = 'nanma-2023' AND code = 'losses_fall'),
  '{120000,120000.00,120000}', 'which closes at the end');
-- 360 days gone, 5 to go: 121,666.67, and 23,519.57 * sqrt(10 * 5 * 365) / 360 = 8,825.9
SELECT is((SELECT ARRAY[forecast_low, round(forecast_high, -1)] FROM fraud.targets_at('2023-12-26', NULL, '339999020') WHERE programme = 'nanma-2023' AND code = 'losses_fall'),
  '{120000,130490}', 'and narrows before');
-- one of 1,000,000 beside them: 1,120,000^2 is 1.25 times the squares, below 5
SELECT pg_temp.cases(20, 1, '2023-02-02', 1000000) \g /dev/null
SELECT is((SELECT concat_ws(' ', forecast_low, round(forecast_mid), forecast_high) FROM fraud.targets_at('2023-12-26', NULL, '339999020') WHERE programme = 'nanma-2023' AND code = 'losses_fall'),
  (SELECT round(1120000 * 365 / 360.0)::text), 'no range where one loss outweighs all others');
SELECT results_eq($$SELECT forecast_low, forecast_mid, forecast_high FROM fraud.targets_at('2023-06-30', NULL, '339999002') WHERE programme = 'nanma-2023' AND code = 'losses_fall'$$,
  $$VALUES (NULL::bigint, 0.00, NULL::bigint)$$, 'where nothing was lost nobody knows how large a loss would be');
-- the same dates: those 20 were filed on the last day of the year before
SELECT is((SELECT ARRAY[baseline_numerator, baseline_to_date] FROM fraud.targets_at('2023-09-30', NULL, '339999015') WHERE programme = 'nanma-2023' AND code = 'cases_fall'), '{20,0}', 'up to the same day of last year: none');

-- More than chance? 10 -> 8 is not, 10 -> 2 is (2 * 79 / 4096)
SELECT pg_temp.cases(16, 10, '2023-03-01'), pg_temp.cases(16, 8, '2024-03-01'), pg_temp.cases(17, 10, '2023-03-01'), pg_temp.cases(17, 2, '2024-03-01') \g /dev/null
SELECT is((SELECT array_agg((SELECT concat_ws(' ', state, round(p_value::numeric, 4), more_than_chance) FROM fraud.targets_at('2025-01-01', NULL, format('3399990%s', t)::antifraud.region) WHERE programme = 'qingyuan-2024' AND code = 'cases') ORDER BY t) FROM unnest('{16,17}'::int[]) AS t),
  '{"met 0.8145 f","met 0.0386 t"}', '10 -> 8 reaches the target and may be chance; 10 -> 2 is more');
-- 9 against 33 in three years: 1 less the probabilities of 10 and 11 of 42 at 1/4
UPDATE fraud.fraud_case SET void_reason = 'entered twice' WHERE unit = pg_temp.village(8) AND filed_on = '2023-12-10' AND voided_at IS NULL;
SELECT is((SELECT concat_ws(' ', state, round(p_value::numeric, 6), more_than_chance) FROM fraud.targets_at('2023-12-11', NULL, '339999008') WHERE code = 'cases' AND programme = 'shiqiao-2023'),
  'met ' || (SELECT round((1 - sum((factorial(42) / factorial(i) / factorial(42 - i))::numeric * 3::numeric ^ (42 - i) / 4::numeric ^ 42)), 6) FROM generate_series(10, 11) AS i) || ' f', '9 against 10, 11, 12: chance');

-- Figures that somebody fixed stand in place of the records
INSERT INTO fraud.target_baseline (programme, target, numerator, denominator, basis) VALUES ('tuohe-2023', 'cases_fall', 400, 1, '2022年统计公报');
SELECT results_eq($$SELECT numerator < 400, baseline_numerator, baseline_to_date, bound, p_value FROM fraud.targets_at('2023-12-31') WHERE programme = 'tuohe-2023' AND code = 'cases_fall'$$,
  $$VALUES (true, 400::numeric, NULL::numeric, 399::numeric, NULL::float8)$$, 'a figure for the whole region');
SELECT is((SELECT baseline_numerator FROM fraud.targets_at('2023-12-31', NULL, '339999008') WHERE programme = 'tuohe-2023' AND code = 'cases_fall'), 12 + 5::numeric, 'which says nothing of one town');
UPDATE fraud.target SET baseline = 'frozen' WHERE programme = 'tuohe-2023';
SELECT is((SELECT array_agg(concat_ws(' ', code, state, reason) ORDER BY code) FROM fraud.targets_at('2024-01-01') WHERE programme = 'tuohe-2023'), '{"cases_fall open","losses_fall not_computable baseline_not_set"}', 'frozen, and not entered');
SELECT throws_ok($$INSERT INTO fraud.target_baseline (programme, target, numerator, basis) VALUES ('tuohe-2023', 'cases_fall', 300, 'x')$$, '23505', NULL, 'one figure at a time');
SELECT throws_ok($$UPDATE fraud.target_baseline SET numerator = 1$$, '23001', NULL, 'which is not changed');
SELECT fraud.void_fact('target_baseline', id, '更正') FROM fraud.target_baseline \g /dev/null
SELECT is((SELECT reason FROM fraud.targets_at('2024-01-01') WHERE programme = 'tuohe-2023' AND code = 'cases_fall'), 'baseline_not_set', 'but withdrawn');

-- 29 February: 28 February of the year before
INSERT INTO fraud.programme (code, title, region, period_from, period_to, active) VALUES ('leap', '闰', '339999', '2024-02-29', '2024-02-29', true);
INSERT INTO fraud.target (programme, code, label_zh, label_en, clause, subject, measure, comparison, threshold, baseline) VALUES ('leap', 'cases', '案', 'cases', '1', 'count', 'case', 'falls', NULL, 'last_year');
SELECT pg_temp.cases(18, 2, '2023-02-28'), pg_temp.cases(18, 9, '2023-03-01'), pg_temp.cases(18, 1, '2024-02-29') \g /dev/null
SELECT results_eq($$SELECT state, numerator, baseline FROM pg_temp.at(18, 'leap', 'cases', '2024-03-01')$$, $$VALUES ('met', 1::numeric, 2::numeric)$$, '29 February against 28 February');

-- What was known when
SELECT results_eq($$SELECT state, numerator FROM pg_temp.at(8, 'shiqiao-2023', 'cases', '2023-12-11', now() - interval '1 hour')$$, $$VALUES ('not_computable', 0::numeric)$$, 'an hour ago nothing was recorded');
SELECT results_eq($$SELECT a.numerator, b.numerator FROM (SELECT max(voided_at) AS at FROM fraud.fraud_case) AS v,
    pg_temp.at(8, 'shiqiao-2023', 'cases', '2023-12-11', v.at) AS a, pg_temp.at(8, 'shiqiao-2023', 'cases', '2023-12-11', v.at - interval '1 microsecond') AS b$$,
  $$VALUES (9::numeric, 10::numeric)$$, 'before it was withdrawn there were ten');

-- Q70: the view, as of the day of the registry
UPDATE fraud.registry_info SET as_of = '2025-01-01';
SELECT is((SELECT array_agg(concat_ws(' ', code, state, state_zh, reason_zh) ORDER BY code) FROM fraud.target_status WHERE programme = 'qingyuan-2024' AND unit IS NULL AND code IN ('cases', 'two_cards')),
  '{"cases met 达成","two_cards not_computable 无法计算 基数为零"}', 'Q70: how the county stands, in one view');
SELECT is((SELECT count(*) FROM fraud.target_status), (SELECT count(*) FROM fraud.targets_at('2025-01-01')), 'a row for each');
SELECT is((SELECT array_agg(DISTINCT as_of) FROM fraud.target_status), '{2025-01-01}', 'as of that day');
SELECT is((SELECT count(*)::int FROM fraud.targets_at('2025-01-01', NULL, '110101')), 0, 'another county has no part in them');
UPDATE fraud.target SET active = false WHERE programme = 'leap';
SELECT is((SELECT count(*)::int FROM fraud.target_status WHERE programme = 'leap'), 0, 'a target can be left out');

-- Odd days: no day is the end of all, infinite ones are before or after it
SELECT is((SELECT array_agg(t.state ORDER BY d.day NULLS FIRST) FROM unnest('{NULL,-infinity,2023-12-10,2023-12-11,infinity}'::date[]) AS d (day), fraud.targets_at(d.day, NULL, '339999008') AS t WHERE t.code = 'cases' AND t.programme = 'shiqiao-2023'),
  '{met,open,open,met,met}', 'without a day it is judged whole');
SELECT is((SELECT array_agg(concat_ws(' ', d.day, t.state, t.reason) ORDER BY d.day NULLS FIRST) FROM unnest('{NULL,-infinity,2023-06-01,infinity}'::date[]) AS d (day), fraud.targets_at(d.day, NULL, '339999008') AS t WHERE t.code = 'cases_fall' AND t.programme = 'tuohe-2023'),
  '{"not_computable no_end","-infinity not_computable no_end","2023-06-01 not_computable baseline_not_set","infinity not_computable no_end"}', 'a year that never comes has no end');
INSERT INTO fraud.programme (code, title, region, period_from, period_to, active) VALUES ('odd', '怪', '339999', '2024-01-01', '2025-01-01', true);
INSERT INTO fraud.target (programme, code, label_zh, label_en, clause, subject, measure, comparison, threshold, baseline, counted_over, due_on) VALUES
  ('odd', 'late', '案', 'cases', '1', 'count', 'case', 'at_most', 5, 'none', 'by_day', '2023-12-31'),
  ('odd', 'long', '案', 'cases', '1', 'count', 'case', 'falls', NULL, 'last_year', 'period', NULL);
SELECT is((SELECT array_agg(concat_ws(' ', code, state, reason, days_gone, days_total) ORDER BY code) FROM fraud.targets_at('2025-06-01') WHERE programme = 'odd'),
  '{"late not_computable no_days 0 0","long not_computable baseline_overlaps 367 367"}', 'a day before the first; a window of a year and a day');
UPDATE fraud.programme SET period_to = '2024-12-31' WHERE code = 'odd';
SELECT isnt((SELECT reason FROM fraud.targets_at('2025-06-01') WHERE programme = 'odd' AND code = 'long'), 'baseline_overlaps', 'a year is not too long');

-- The bound is the last number that holds, for each comparison, in steps of one and of a fen
SELECT is((SELECT count(*)::int FROM unnest('{falls,falls_by,at_most,rises,rises_by,at_least}'::text[]) AS c, unnest('{0,0.5,10,20,33.3,70,100}'::numeric[]) AS t, unnest('{1,0.01}'::numeric[]) AS step,
                  unnest('{1,7,48}'::numeric[]) AS d, unnest('{0,1,9.99,10,33}'::numeric[]) AS bn, unnest('{1,3,41}'::numeric[]) AS bd, unnest('{1,100}'::int[]) AS factor
             CROSS JOIN LATERAL (SELECT CASE WHEN c IN ('falls', 'falls_by', 'at_most') THEN 1 ELSE -1 END * step AS further, fraud.target_bound(c, t, factor, step, d, bn, bd) AS bound) AS b
             WHERE NOT fraud.target_holds(c, t, factor, bound, d, bn, bd) OR fraud.target_holds(c, t, factor, bound + further, d, bn, bd) OR bound IS NULL), 0,
  'the bound holds, and the next number does not');

-- What a target cannot be
SELECT throws_ok(format('INSERT INTO fraud.target (programme, code, label_zh, label_en, clause, %s) VALUES (''leap'', ''x'', ''x'', ''x'', ''x'', %s)', c, v), '23514', NULL, why)
FROM (VALUES ('subject, measure, comparison', $$'count', 'case', 'at_most'$$, 'no threshold'),
             ('subject, measure, comparison, threshold, baseline', $$'count', 'case', 'falls', 5, 'last_year'$$, 'a threshold that says nothing'),
             ('subject, measure, comparison, threshold', $$'count', 'case', 'falls_by', 20$$, 'nothing to compare with'),
             ('subject, measure, comparison, threshold, baseline', $$'count', 'case', 'falls_by', 101, 'last_year'$$, 'more than all'),
             ('subject, comparison, threshold', $$'count', 'at_most', 1$$, 'no measure'),
             ('subject, measure, comparison, threshold', $$'list_rate', 'case', 'at_least', 85$$, 'no list'),
             ('subject, measure, comparison, threshold, amount_from', $$'count', 'case', 'at_most', 1, 5$$, 'an amount where none is looked at'),
             ('subject, measure, comparison, threshold, counted_over', $$'count', 'case', 'at_most', 1, 'by_day'$$, 'no day'),
             ('subject, measure, comparison, threshold, scope', $$'unit_share_with', 'case', 'at_least', 1, 'each_unit'$$, 'a share of one unit'),
             ('subject, measure, comparison, threshold', $$'count', 'case', 'at_most', 'NaN'$$, 'not a number')) AS t (c, v, why);

SELECT * FROM finish();
