-- The views of the BI schema that compare a year with the last and that show
-- what was raised, on made-up facts.
\ir setup.psql
\ir registry_setup.psql

SELECT plan(14);

SELECT antifraud.create_bi('fraud') \g /dev/null
SELECT antifraud.create_bi('fraud', 'zh') \g /dev/null
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('370323000000', '370323', '沂源县', 'county'), ('370323002000', '370323002', '南麻街道', 'town'), ('370323003000', '370323003', '另一镇', 'town'), ('370324000000', '370324', '邻县', 'county');
INSERT INTO fraud.unit (code, region, name, parent, population) VALUES ('370323003001', '370323003001', '邻镇社区', '370323003000', 4000);
UPDATE fraud.unit SET population = 5000 WHERE region <@ '370323002'::antifraud.region AND kind = 'community';
UPDATE fraud.registry_info SET as_of = '2024-02-29';

-- Five cases in 2024 up to 29 February, one withdrawn and one a day later; in
-- 2023 up to 28 February ten, and one on 1 March. The other town: none now,
-- two then. On record since January 2023.
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim)
SELECT '370323002004', date '2024-02-01' + 7 * n, 100, 'N-' || n FROM generate_series(0, 4) AS n
UNION ALL SELECT '370323002004', '2024-02-05', 100, 'withdrawn'
UNION ALL SELECT '370323002002', '2023-01-01'::date + 6 * n - CASE n WHEN 9 THEN 1 ELSE 0 END, 300, 'B-' || n FROM generate_series(0, 9) AS n
UNION ALL SELECT '370323002004', '2023-03-01', 900, 'later'
UNION ALL SELECT '370323003001', '2023-02-28', 50.50, 'C-' || n FROM generate_series(0, 1) AS n;
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002004', '2024-03-01', 1);
UPDATE fraud.fraud_case SET void_reason = 'entered twice' WHERE victim = 'withdrawn';

SELECT results_eq($$SELECT place_code, place_name, level, first_day, as_of, population, cases, cases_last_year, loss, loss_last_year FROM fraud_bi.trend_year ORDER BY place_code$$,
  $$VALUES ('370323', '沂源县', 3::numeric, '2024-01-01'::date, '2024-02-29'::date, 24000::numeric, 5::numeric, 12::numeric, 500::numeric, 3101.00),
           ('370323002', '南麻街道', 4, '2024-01-01', '2024-02-29', 20000, 5, 10, 500, 3000),
           ('370323003', '另一镇', 4, '2024-01-01', '2024-02-29', 4000, 0, 2, 0, 101.00),
           ('370324', '邻县', 3, '2024-01-01', '2024-02-29', NULL, 0, 0, 0, 0)$$,
  'a county and its towns, the same dates of both years; 29 February stands beside the 28th');
-- 5 after 10: Clopper and Pearson of 5 in 15 is 0.118241 to 0.616196 (table),
-- and 0.118241 / 0.881759 - 1 = -86.6 %, 0.616196 / 0.383804 - 1 = +60.5 %;
-- two-sided 2 * P(X <= 5; 15, 1/2) = 2 * 4944 / 32768
SELECT is((SELECT ARRAY[change, change_low, change_high, p_value] FROM fraud_bi.trend_year WHERE place_code = '370323002'), ARRAY[-50.0, -86.6, 60.5, 0.301758], 'half of last year''s, which may yet be more');
-- none after two: (1 - p)^2 = 0.025 at p = 0.841886, odds 5.324555: up to +432.5 %
SELECT is((SELECT ARRAY[change, change_low, change_high, p_value] FROM fraud_bi.trend_year WHERE place_code = '370323003'), ARRAY[-100.0, -100.0, 432.5, 0.5], 'none after two says little');
SELECT is((SELECT ARRAY[change, change_low, change_high, rate, p_value] FROM fraud_bi.trend_year WHERE place_code = '370324'), ARRAY[NULL, NULL, NULL, NULL, 1.000000], 'none after none says nothing');
-- Garwood's interval of 5 is 1.6235 to 11.6683; a half of each per 10,000
SELECT is((SELECT ARRAY[cases_low, cases_high, rate, rate_low, rate_high] FROM fraud_bi.trend_year WHERE place_code = '370323002'), ARRAY[1.62, 11.67, 2.500, 0.812, 5.834], 'cases and cases per 10,000 residents with their intervals');
UPDATE fraud.unit SET population = NULL WHERE code = '370323002002';
SELECT is((SELECT ARRAY[population, rate] FROM fraud_bi.trend_year WHERE place_code = '370323002'), ARRAY[NULL, NULL]::numeric[], 'one community of unknown size: no rate');
UPDATE fraud.registry_info SET as_of = '2023-02-28';
SELECT is((SELECT ARRAY[cases, cases_last_year, change, change_low, p_value] FROM fraud_bi.trend_year WHERE place_code = '370323002'), ARRAY[10, NULL, NULL, NULL, NULL]::numeric[], 'before the first year on record nothing is known, which is not zero');
UPDATE fraud.registry_info SET as_of = NULL;
SELECT is((SELECT DISTINCT as_of FROM fraud_bi.trend_year), (now() AT TIME ZONE 'Asia/Shanghai')::date, 'without a day set, today');

-- What was raised: a reminder over 10,000 yuan, an interview over 100,000.
INSERT INTO fraud.escalation_rule (code, source, clause_zh, cause, measure, rule, set_by, set_on, document_no)
  VALUES ('county-1', '示例文件', '发生大额案件的，发提示函、约谈', 'great_case', 'case', 'raise reminder if amount >= 10000, raise interview if amount >= 100000', '示例联席办', '2024-01-01', '虚构〔2024〕1号');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2024-05-06', 62000), ('370323003001', '2024-05-06', 620000);
SELECT count(*) FROM fraud.tick('2024-05-06') \g /dev/null
UPDATE fraud.registry_info SET as_of = '2024-05-12';
-- the ladder ships with five days to acknowledge: to the 11th, so a day late
SELECT results_eq($$SELECT day, unit_name, rung_code, rung_name, punitive, cause_name, state_code, state_name, open, acknowledge_by, late_name, days_late, person_key FROM fraud_bi.escalation WHERE rule_code = 'county-1' ORDER BY unit_code$$,
  $$VALUES ('2024-05-06'::date, '华府社区', 'reminder', 'reminder letter', false, 'a case of great loss', 'raised', 'raised', true, '2024-05-11'::date, 'not acknowledged in time', 1::numeric, NULL::text),
           ('2024-05-06', '邻镇社区', 'interview', 'interview of the head', true, 'a case of great loss', 'proposed', 'proposed', true, NULL, NULL, NULL, NULL)$$, 'escalations of units: what, why, how they stand, and since when late');
SELECT results_eq($$SELECT "举措", "情形", "状态", "超期", "超期天数" FROM fraud_bi_zh."督办" WHERE "规则代码" = 'county-1' ORDER BY "单位代码"$$,
  $$VALUES ('工作提示函', '发生重大案件', '已发出', '超期未签收', 1::numeric), ('约谈', '发生重大案件', '待审定', NULL, NULL)$$, 'in Chinese');
SELECT is((SELECT time FROM fraud_bi.escalation WHERE rung_code = 'interview' AND rule_code = 'county-1'), timestamptz '2024-05-05 16:00:00+00', 'a day begins at midnight in China');
UPDATE fraud.registry_info SET as_of = '2024-05-05';
SELECT is((SELECT count(*) FROM fraud_bi.escalation WHERE rule_code = 'county-1'), 0::bigint, 'as of the day before nothing had been raised');
UPDATE fraud.registry_info SET as_of = '2024-05-12';

CREATE ROLE bi_escalation_town;
GRANT USAGE ON SCHEMA tap TO bi_escalation_town;
SELECT antifraud.grant_bi('fraud_bi', 'bi_escalation_town', '370323002', 'a dashboard of the town') \g /dev/null
SET ROLE bi_escalation_town;
SELECT results_eq($$SELECT unit_name FROM fraud_bi.escalation WHERE rule_code = 'county-1'$$, $$VALUES ('华府社区')$$, 'a reader of one town sees its escalations');
SELECT results_eq($$SELECT place_code, cases FROM fraud_bi.trend_year WHERE level = 4 AND cases > 0$$, $$VALUES ('370323002', 7::numeric)$$, 'and its cases');
RESET ROLE;
DROP OWNED BY bi_escalation_town;
DROP ROLE bi_escalation_town;

SELECT * FROM finish();
