-- Bulletins by hand-worked numbers: a case, a week, a month, who the victims
-- are; issues, corrections, letters. County 339999 does not exist.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

DELETE FROM fraud.unit;
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('county', '339999', '试验县', 'county');
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES ('t1', '339999001', '一镇', 'town', 'county'), ('t2', '339999002', '二镇', 'town', 'county');
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES
  ('v1', '339999001001', '一村', 'village', 't1'), ('v2', '339999001002', '二村', 'village', 't1'), ('v3', '339999001003', '三村', 'village', 't1'), ('v4', '339999002001', '四村', 'village', 't2');

CREATE SEQUENCE pg_temp.nos;
CREATE FUNCTION pg_temp.cases(n int, village text, day date, loss numeric DEFAULT NULL, category text DEFAULT NULL, victim_group text DEFAULT NULL, reached boolean DEFAULT NULL) RETURNS void LANGUAGE sql
  BEGIN ATOMIC
    INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, category, victim_group, publicity_reached)
    SELECT 'C' || nextval('pg_temp.nos'), village, day, loss, category, victim_group, reached FROM generate_series(1, n);
  END;
CREATE FUNCTION pg_temp.week(day date, VARIADIC fields text[]) RETURNS text[] LANGUAGE sql
  RETURN (SELECT array_agg((SELECT string_agg(coalesce(to_jsonb(b) ->> f, '-'), ' ' ORDER BY place) FROM unnest(fields) WITH ORDINALITY AS x (f, place)) ORDER BY b.unit) FROM fraud.weekly_bulletins(day) AS b);

-- N52, T36, A26: a notice for each case, which names nobody
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category, loss, victim, victim_group, victim_sex, victim_age_band, publicity_reached, in_group, app_installed)
  VALUES ('甲1', 'v1', '2024-01-03', 'brushing', 123456.78, 'x-1', 'elderly', 'F', 'age_65_up', false, true, NULL);
SELECT is((SELECT text_zh FROM fraud.case_bulletin),
  '2024年1月3日，一村立电信网络诈骗案件一起，类型：刷单返利，损失：10万至30万元。案前宣传：未覆盖；入群：是；国家反诈中心APP：不详；案前预警：无。', 'N52: ready to send; loss as a band');
SELECT is((SELECT count(*)::int FROM pg_attribute WHERE attrelid = 'fraud.case_bulletin'::regclass AND attname ~ 'victim|age|sex|case_no|^loss$|staff'), 0, 'A26: no number, victim, age, sex, group or exact loss');
SELECT is((SELECT array_agg(fraud.loss_band(x) ORDER BY place) FROM unnest('{NULL,9999.99,10000,99999.99,100000,300000,499999.99,500000}'::numeric[]) WITH ORDINALITY AS v (x, place)),
  '{不详,1万元以下,1万至5万元,5万至10万元,10万至30万元,30万至50万元,30万至50万元,50万元以上}', 'bands include their lower end');
INSERT INTO fraud.alert (unit, victim, issued_on, delivered_on) VALUES ('v1', 'x-1', '2024-01-01', '2024-01-02');
SELECT is((SELECT alert_before FROM fraud.case_bulletin), true, 'A24: an alert had reached the victim');

-- T30, T31: week 2024-W01 is 1 to 7 January. v1: 1 case (above) and 3 of 1,000
-- yuan; v2 1 case of 500; v3 none; v4 4 of 100. Last week: 2 in v2.
SELECT pg_temp.cases(3, 'v1', '2024-01-07', 1000), pg_temp.cases(1, 'v2', '2024-01-01', 500), pg_temp.cases(4, 'v4', '2024-01-05', 100), pg_temp.cases(2, 'v2', '2023-12-31', 50) \g /dev/null
SELECT pg_temp.cases(5, 'v4', '2023-01-07', 10), pg_temp.cases(7, 'v4', '2023-01-08', 10), pg_temp.cases(1, 'v1', '2024-01-08', 10) \g /dev/null
SELECT is((SELECT DISTINCT concat_ws(' ', week, week_from, week_to) FROM fraud.weekly_bulletins('2024-01-07')), '2024-W01 2024-01-01 2024-01-07', 'T31: Monday to Sunday');
SELECT is((SELECT DISTINCT concat_ws(' ', week, week_from, week_to) FROM fraud.weekly_bulletins('2021-01-03')), '2020-W53 2020-12-28 2021-01-03', 'a year of 53 weeks');
SELECT is(pg_temp.week('2024-01-07', 'unit', 'cases', 'cases_before', 'cases_year', 'cases_last_year'),
  '{"county 9 2 9 5","t1 5 2 5 0","t2 4 0 4 5","v1 4 0 4 0","v2 1 2 1 0","v3 0 0 0 0","v4 4 0 4 5"}', 'T30, T31: this week, the week before, this year, the same days of last year; towns and the county are sums');
SELECT is(pg_temp.week('2024-01-06', 'unit', 'cases'), '{"county 6","t1 2","t2 4","v1 1","v2 1","v3 0","v4 4"}', 'on Saturday, what Sunday brings is not known');
-- losses by what the notices tell: v1 one of 10 to 30 and three below 1 (in
-- 10,000 yuan): 10 to 30 + 3; t1 one more below 1, v4 four; county 10 to 30 + 4
-- + 4. v2 has one case, which is left out
SELECT is(pg_temp.week('2024-01-07', 'unit', 'losses'), '{"county 10万至38万元","t1 10万至34万元","t2 4万元以下","v1 10万至33万元","v2 -","v3 0元","v4 4万元以下"}', 'losses: sums of their bands, of 1 case left out; 0 is shown');
UPDATE fraud.registry_info SET suppress_below = 0;
SELECT is(pg_temp.week('2024-01-07', 'unit', 'losses'), '{"county 127356.78元","t1 126956.78元","t2 400元","v1 126456.78元","v2 500元","v3 0元","v4 400元"}', 'an office may show all');
UPDATE fraud.registry_info SET suppress_below = 3;

-- T30, T31: persons under control, and taken off the list
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on)
SELECT 'passport', 'P' || n, u.code, u.region, '2023-06-01' FROM generate_series(1, 10) AS n JOIN fraud.unit AS u ON u.code = CASE WHEN n <= 5 THEN 'v1' WHEN n = 6 THEN 'v2' ELSE 'v4' END;
SELECT is(pg_temp.week('2024-01-07', 'unit', 'listed'), '{"county 9","t1 6","t2 3","v1 3","v2 -","v3 0","v4 3"}', 'T30: persons under control: of 10, 6, 4 and 5 the full multiples of 3; 1 left out');

-- T63, N51, T75: issues have numbers and do not change
UPDATE fraud.registry_info SET office_zh = '试验县联席办', as_of = '2024-01-07';
SELECT lives_ok($$SELECT fraud.issue_bulletin('weekly', 't1', '2024-01-07')$$, 'T31: the weekly bulletin is issued');
SELECT is((SELECT fraud.bulletin_text(id) FROM fraud.bulletin), E'一镇电信网络诈骗周通报\n2024年第1期\n统计期间：2024年1月1日至2024年1月7日\n'
  '一、发案情况：本周5起，上周2起；本年累计5起，去年同期0起。\n    损失金额：本周10万至34万元，上周＊；本年累计10万至34万元，去年同期0元。\n'
  '二、涉诈“两卡”线索：本周0条，上周0条；本年累计0条，去年同期0条。\n三、涉诈重点人员：在册6人；核减本周0人，上周0人；本年累计0人，去年同期0人。\n'
  '四、各单位：一村：发案4起，“两卡”线索0条，核减0人；二村：发案1起，“两卡”线索0条，核减0人。\n更正：无。\n注：为保护个人信息，损失按各案所在区间合计，人数只计3的整倍数；“＊”和“从略”之处人数较少，不予列出。\n试验县联席办\n2024年1月7日\n',
  'T31: its text, with no field half filled');
SELECT is((SELECT encode(sha256(convert_to(body::text || E'\n' || text_zh, 'UTF8')), 'hex') = sha256 FROM fraud.bulletin), true, 'with its SHA-256');
SELECT throws_ok($$UPDATE fraud.bulletin SET text_zh = '改'$$, NULL, NULL, 'an issue does not change');
SELECT is((SELECT jsonb_typeof(body -> 'rows') || ' ' || jsonb_array_length(body -> 'rows') || ' ' || (body #>> '{rows,0,unit}') FROM fraud.bulletin), 'array 4 t1', 'and as JSON: the town first, then its villages');
INSERT INTO fraud.officer (unit, subject, role) VALUES ('county', 'o-1', 'leader');
SELECT lives_ok($$INSERT INTO fraud.bulletin_sending (unit, bulletin, officer, sent_on) VALUES ('county', 1, 1, '2024-01-08')$$, 'T63: sent straight to the head of the group');

-- corrections: a case of last week that was recorded late, and one withdrawn
SELECT pg_temp.cases(1, 'v3', '2024-01-06', 700) \g /dev/null
SELECT fraud.void_fact('fraud_case', id, '非电诈') FROM fraud.fraud_case WHERE unit = 'v2' AND filed_on = '2024-01-01' \g /dev/null
SELECT is((SELECT array_agg(concat_ws(' ', number, row_unit, field, said, is_now) ORDER BY row_unit, field) FROM fraud.bulletin_corrections('weekly', 't1') WHERE field IN ('cases', 'cases_year')),
  '{"1 v2 cases 1 0","1 v2 cases_year 1 0","1 v3 cases 0 1","1 v3 cases_year 0 1"}', 'what is no longer true: one less in v2, one more in v3; the sum is the same');
SELECT fraud.issue_bulletin('weekly', 't1', '2024-01-14') \g /dev/null
SELECT is((SELECT number FROM fraud.bulletin WHERE as_of = '2024-01-14'), 2, 'the next number');
SELECT matches((SELECT text_zh FROM fraud.bulletin WHERE number = 2), '更正：.*2024年第1期二村：发案（起）原为1，现为0；.*2024年第1期三村：发案（起）原为0，现为1', 'which says what was wrong in the last');
SELECT is((SELECT count(*)::int FROM fraud.bulletin_correction WHERE bulletin = 1 AND field = 'cases'), 2, 'the view bulletin_correction');
SELECT is((SELECT count(*)::int FROM fraud.bulletin_corrections('weekly', 't1')), 0, 'and once is enough');
SELECT fraud.void_fact('fraud_case', id, '重复') FROM fraud.fraud_case WHERE unit = 'v3' \g /dev/null
SELECT is((SELECT array_agg(concat_ws(' ', number, row_unit, said, is_now) ORDER BY row_unit) FROM fraud.bulletin_corrections('weekly', 't1') WHERE field = 'cases'), '{"1 t1 5 4","1 v3 1 0"}', 'a correction can be corrected: it is compared with what was said last');
SELECT fraud.void_fact('bulletin', id, '格式有误') FROM fraud.bulletin WHERE number = 2 \g /dev/null
SELECT fraud.issue_bulletin('weekly', 't1', '2024-01-21') \g /dev/null
SELECT is((SELECT number FROM fraud.bulletin WHERE as_of = '2024-01-21'), 3, 'the number of an issue that was withdrawn is not given again');
SELECT fraud.issue_bulletin('weekly', 't2', '2024-01-21'), fraud.issue_bulletin('weekly', 't1', '2023-12-31') \g /dev/null
SELECT is((SELECT array_agg(concat_ws(' ', unit, year, number) ORDER BY id) FROM fraud.bulletin WHERE as_of IN ('2024-01-21', '2023-12-31')), '{"t1 2024 3","t2 2024 1","t1 2023 1"}', 'by place and by year');

-- N53, A22 to A24, Q46, B20, T27: the month. Categories of v4 in March: 1, 7, 9
-- of 17: 1 is below 3, and 7 goes with it
SELECT pg_temp.cases(1, 'v4', '2024-03-01', 100, 'loan', 'student', true), pg_temp.cases(7, 'v4', '2024-03-31', 100, 'brushing', 'elderly', false), pg_temp.cases(9, 'v4', '2024-03-15', 100, 'romance', 'elderly', false) \g /dev/null
SELECT pg_temp.cases(2, 'v3', '2024-03-20', 100, 'loan', 'student', false), pg_temp.cases(4, 'v4', '2024-02-29', 1), pg_temp.cases(6, 'v4', '2023-03-31', 1) \g /dev/null
SELECT results_eq($$SELECT cases, cases_before, cases_last_year, losses, categories FROM fraud.monthly_bulletins('2024-03-31') WHERE unit = 'v4'$$,
  $$VALUES (17::bigint, 4::bigint, 6::bigint, '17万元以下'::text, '{"romance": 9, "left_out": 8}'::jsonb)$$, 'N53, A23, Q46: 1, 7 and 9 of 17: 1 and 7 are left out');
SELECT results_eq($$SELECT publicity, groups FROM fraud.monthly_bulletins('2024-03-31') WHERE unit = 'v4'$$, $$VALUES ('{"left_out": 17}'::jsonb, '{"left_out": 17}'::jsonb)$$, 'A24: 1 and 16 of 17 by publicity: neither, or one would tell the other; by group its town tells');
-- of 16 elderly of 17 at most 17 - 3 = 14 are told, and of these full multiples of 3
SELECT is((SELECT groups FROM fraud.monthly_bulletins('2024-03-31') WHERE unit = 't2'), '{"elderly": 12, "left_out": 5}', 'A24: groups of a town: 12, and 5 who may be of another');
SELECT results_eq($$SELECT cases, losses, categories FROM fraud.monthly_bulletins('2024-03-31') WHERE unit = 'v3'$$, $$VALUES (2::bigint, NULL::text, '{"left_out": 2}'::jsonb)$$, 'of two cases nothing more is said, nor what they had in common');
SELECT results_eq($$SELECT cases, publicity, categories FROM fraud.monthly_bulletins('2024-03-31') WHERE unit = 'county'$$, $$VALUES (19::bigint, '{"left_out": 19}'::jsonb, '{"brushing": 7, "romance": 9, "loan": 3}'::jsonb)$$, 'A22: towns and the county with what lies in them: 3 loans can be shown');
SELECT pg_temp.cases(2, 'v1', '2024-03-20', 100, 'loan', 'student', true) \g /dev/null
SELECT is((SELECT publicity FROM fraud.monthly_bulletins('2024-03-31') WHERE unit = 'county'), '{"reached": 3, "not_reached": 18}', 'A24: reached by publicity or not');
SELECT results_eq($$SELECT month_from, month_to, cases FROM fraud.monthly_bulletins('2024-03-19', '339999002001')$$, $$VALUES ('2024-03-01'::date, '2024-03-31'::date, 10::bigint)$$, 'one village, and the month so far');
INSERT INTO fraud.case_review (unit, fraud_case, reviewed_on, publicity_done, result) SELECT 't2', id, '2024-04-01', false, '未入户' FROM fraud.fraud_case WHERE unit = 'v4' AND filed_on = '2024-03-01';
SELECT is((SELECT reviewed FROM fraud.monthly_bulletins('2024-03-31') WHERE unit = 'county'), 1::bigint, 'A24: one was traced back');
SELECT fraud.issue_bulletin('monthly', 'county', '2024-03-31') \g /dev/null
SELECT is((SELECT text_zh FROM fraud.bulletin WHERE kind = 'monthly'), E'试验县电信网络诈骗月通报\n2024年第1期\n统计期间：2024年3月1日至2024年3月31日\n'
  '一、发案情况：本月21起，上月4起，去年同期6起；损失21万元以下。\n二、原因分析：案件类型：婚恋交友9起，刷单返利7起，虚假网络贷款5起。受害群体：老年人12人，其余从略9人。\n'
  '三、宣传倒查：案前宣传：未覆盖18起，已覆盖3起。入群：不详21起。安装APP：不详21起。案前预警：否21起。已倒查1起。\n'
  '四、各单位：一镇：发案4起，去年同期0起；二镇：发案17起，去年同期6起；一村：发案2起，去年同期0起；三村：发案2起，去年同期0起；四村：发案17起，去年同期6起。\n更正：无。\n注：为保护个人信息，损失按各案所在区间合计，受害群体人数只计3的整倍数；“＊”和“从略”之处人数较少，不予列出。\n试验县联席办\n2024年3月31日\n',
  'N53, A22, A23, T27: the monthly text, causes and all');
SELECT lives_ok($$SELECT fraud.issue_bulletin('monthly', 'v2', '2024-03-31')$$, 'A25: a community reports as well');
SELECT matches((SELECT text_zh FROM fraud.bulletin WHERE kind = 'monthly' AND unit = 'v2'), '案件类型：无。受害群体：无。', 'and where there is nothing, that is said');
UPDATE fraud.registry_info SET as_of = '2024-03-31';
SELECT is((SELECT array_agg(concat_ws(' ', unit, cases) ORDER BY unit) FROM fraud.monthly_bulletin), '{"county 21","t1 4","t2 17","v1 2","v2 0","v3 2","v4 17"}', 'the view monthly_bulletin');
SELECT is((SELECT count(*)::int FROM fraud.weekly_bulletin WHERE week = '2024-W13'), 7, 'the view weekly_bulletin');

-- B20: who the victims are
SELECT is((SELECT array_agg(concat_ws(' ', code, label_zh, cases, hidden) ORDER BY cases DESC, code) FROM fraud.victim_profiles('2024-03-01', '2024-03-31', 'county') WHERE dimension = 'group'),
  '{"elderly 老年人 12 f","left_out 其余从略 9 t"}', 'B20: by group: 12 of the 16 elderly of t2, none of the 4 students of t1, who are all its victims, and what that leaves');
UPDATE fraud.registry_info SET suppress_below = 6;
SELECT is((SELECT array_agg(concat_ws(' ', code, cases, hidden) ORDER BY code) FROM fraud.victim_profiles('2024-03-01', '2024-03-31', 'county') WHERE dimension = 'group'), '{"elderly 6 f","left_out 15 t"}', 'B20: with a limit of 6 only one group, and not which others there are');
UPDATE fraud.registry_info SET suppress_below = 3;
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, victim_sex, victim_age_band)
SELECT 'P' || n, 'v4', '2024-05-01', CASE WHEN n <= 3 THEN 'M' ELSE 'F' END, CASE WHEN n <= 4 THEN 'age_20_29' ELSE 'age_65_up' END FROM generate_series(1, 9) AS n;
SELECT is((SELECT array_agg(concat_ws(' ', dimension, label_zh, cases) ORDER BY dimension, cases) FROM fraud.victim_profiles('2024-05-01', '2024-05-31', 't2') WHERE dimension IN ('age', 'sex', 'place')),
  '{"age 其余从略 3","age 65岁以上 3","age 20至29岁 3","place 四村 9","sex 男 3","sex 女 6"}', 'B20: age (4 and 5), sex (3 and 6), and places of high incidence');
SELECT is((SELECT array_agg(DISTINCT concat_ws(' ', unit, since, as_of)) FROM fraud.victim_profile), '{"county 2024-01-01 2024-03-31","t1 2024-01-01 2024-03-31","t2 2024-01-01 2024-03-31"}', 'the view victim_profile: of the county and the towns, this year');

-- N52: issue of a case; withdrawn later
SELECT fraud.issue_bulletin('case', 't1', '2024-01-10', (SELECT id FROM fraud.fraud_case WHERE case_no = '甲1')) \g /dev/null
SELECT matches((SELECT text_zh FROM fraud.bulletin WHERE kind = 'case'), '一村立电信网络诈骗案件一起.*更正：无。', 'N52: the notice of a case, numbered');
SELECT throws_like($$SELECT fraud.issue_bulletin('case', 't2', '2024-01-10', 1)$$, 'unit ''t2'' has no case 1%', 'of that place only');
SELECT fraud.void_fact('fraud_case', 1, '撤案') \g /dev/null
SELECT fraud.issue_bulletin('case', 't1', '2024-03-31', (SELECT min(id) FROM fraud.fraud_case WHERE unit = 'v1' AND filed_on = '2024-03-20')) \g /dev/null
SELECT matches((SELECT text_zh FROM fraud.bulletin WHERE kind = 'case' AND number = 2), '更正：2024年第1期一村：案件原为1，现为撤销。', 'a case that was withdrawn is corrected in the next notice');
-- N51, T75, Q71
SELECT throws_like($$SELECT fraud.issue_bulletin('notice', 'county', '2024-03-31')$$, 'a notice on the work has no words', 'a notice says something');
SELECT lives_ok($$SELECT fraud.issue_bulletin('notice', 'county', '2024-03-31', NULL, '一镇、二镇工作落实情况良好。')$$, 'N51, T75: progress is reported in a notice');
INSERT INTO fraud.finding (unit, kind, found_on, quantity) VALUES ('v4', 'control_failure', '2024-03-01', 2);
-- v4: 4 in January, 4 in February, 17 in March; 5 + 7 + 6 in the same days of 2023
SELECT is(fraud.reminder_letter('v4', '2024-03-31'), E'工作提示函\n四村：\n截至2024年3月31日，你单位本年发案25起，去年同期18起，同比上升38.8%；人员管控缺陷2处。\n请对照问题分析原因，落实整改，并将整改情况书面反馈。\n试验县联席办\n2024年3月31日\n', 'Q71: a reminder letter: 7 more than 18 are 38.8 %');
SELECT is(split_part(fraud.reminder_letter('v2', '2024-03-31'), E'\n', 3), '截至2024年3月31日，你单位本年发案0起，去年同期0起。', 'Q71: what there is not is not mentioned');
SELECT is(fraud.reminder_letter('v4', NULL), NULL, 'no letter of no day');
SELECT is((SELECT count(*) FROM fraud.weekly_bulletins(NULL)) + (SELECT count(*) FROM fraud.monthly_bulletins(NULL)) + (SELECT count(*) FROM fraud.weekly_bulletins('infinity')), 0::bigint, 'nor figures');
SELECT lives_ok($$SELECT fraud.issue_bulletin('reminder', 't2', '2024-03-31')$$, 'Q71: a letter is issued and numbered, for a town with what lies in it');
SELECT matches((SELECT text_zh FROM fraud.bulletin WHERE kind = 'reminder'), '二镇：\n截至2024年3月31日，你单位本年发案25起', 'Q71: the town of the village');
SELECT throws_like($$SELECT fraud.issue_bulletin('daily', 'county', '2024-03-31')$$, 'there is no bulletin ''daily''%', 'kinds are known');

-- a month is corrected in the next: one loan less
SELECT fraud.void_fact('fraud_case', (SELECT max(id) FROM fraud.fraud_case WHERE unit = 'v3' AND filed_on = '2024-03-20'), '非电诈') \g /dev/null
SELECT fraud.issue_bulletin('monthly', 'county', '2024-04-30') \g /dev/null
SELECT matches((SELECT text_zh FROM fraud.bulletin WHERE kind = 'monthly' AND unit = 'county' AND number = 2),
  '2024年第1期试验县：发案（起）原为21，现为20；.*案件类型原为婚恋交友9起，刷单返利7起，虚假网络贷款5起，现为婚恋交友9起，刷单返利7起，虚假网络贷款4起', 'A22: a breakdown is corrected in words');

SELECT * FROM finish();
