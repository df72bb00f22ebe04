-- Whom escalations concern, lists, letters, notices due, what is still to be
-- set, and who sees which of them.
\ir setup.psql
\ir registry_setup.psql
SELECT plan(51);

-- ------------------------------------------------------------------- route
-- A county, a town, a department of the town and a community with a compound.
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES
  ('370323', '370323', '沂源县', 'county', NULL),
  ('370323002', '370323002', '南麻街道', 'town', '370323'),
  ('D1', '370323002', '街道经信委', 'department', '370323002'),
  ('C1', '370323002002', '华府一期', 'compound', '370323002002'),
  ('370324001001', '370324001001', '别县的村', 'village', NULL);
INSERT INTO fraud.officer (unit, subject, role, post, phone, joined_on, left_on) VALUES
  ('370323002002', 's1', 'grid', '第一网格', '01', '2023-01-01', NULL),          -- 1
  ('370323002002', 's2', 'leader', '书记', '02', NULL, NULL),                     -- 2
  ('370323002002', 's3', 'liaison', '联络员', '03', '2023-01-01', '2023-06-30'), -- 3
  ('370323002002', 's4', 'cadre', '干部', '04', NULL, NULL),                      -- 4: need not know
  ('370323002', 's5', 'leader', '主任', '05', NULL, NULL),                        -- 5
  ('370323002', 's6', 'liaison', '联络员', '06', NULL, NULL),                     -- 6
  ('370323', 's7', 'liaison', '联络员', '07', NULL, '2023-05-31'),                -- 7
  ('D1', 's8', 'leader', '主任', '08', NULL, NULL);                               -- 8
CREATE FUNCTION pg_temp.route(unit text, on_day date) RETURNS text[]
LANGUAGE sql
AS $$ SELECT array_agg(r.level || ' ' || coalesce(r.unit, '-') || ' ' || coalesce(r.role || ' ' || r.officer || coalesce(' for ' || r.acting_for, ''), r.vacancy)) FROM fraud.escalation_route(unit, on_day) AS r $$;
SELECT is(pg_temp.route('370323002002', '2023-05-10'),
  '{grid 370323002002 grid 1,village 370323002002 leader 2,village 370323002002 liaison 3,town 370323002 leader 5,town 370323002 liaison 6,county 370323 liaison 7}', 'four levels, heads first');
SELECT is(pg_temp.route('370323002002', '2023-07-01'),
  '{grid 370323002002 grid 1,village 370323002002 leader 2,town 370323002 leader 5,town 370323002 liaison 6,county 370323 left}', 'who has left is told no more, and a level without anybody is vacant');
SELECT is(pg_temp.route('370323002002', '2022-12-31'),
  '{grid 370323002002 nobody,village 370323002002 leader 2,town 370323002 leader 5,town 370323002 liaison 6,county 370323 liaison 7}', 'nor who has not come');
SELECT is(pg_temp.route('C1', '2023-05-10'), pg_temp.route('370323002002', '2023-05-10'), 'of a compound without officers the community is told');
SELECT is(pg_temp.route('D1', '2023-05-10'), '{village D1 leader 8,town 370323002 leader 5,town 370323002 liaison 6,county 370323 liaison 7}', 'a department has no grid');
SELECT is(pg_temp.route('370323002', '2023-05-10'), '{town 370323002 leader 5,town 370323002 liaison 6,county 370323 liaison 7}', 'of a town itself nobody below');
SELECT is(pg_temp.route('370324001001', '2023-05-10'), '{grid 370324001001 nobody,village 370324001001 nobody,town - no_unit,county - no_unit}', 'where no town and no county is entered, that is said');
SELECT is(pg_temp.route('nowhere', '2023-05-10'), NULL, 'of a unit that is none, nobody');
SELECT results_eq($$SELECT level_zh, role_zh, head, phone, vacancy_zh FROM fraud.escalation_route('370323002002', '2023-07-01')$$,
  $$VALUES ('网格', '网格员', false, '01', NULL), ('村（社区）', '负责人', true, '02', NULL), ('镇（街道）', '负责人', true, '05', NULL), ('镇（街道）', '联络员', false, '06', NULL), ('县（区）', NULL, NULL, NULL, '已离任，无人接替')$$, 'in words, with duty telephones');

-- Away: 2 by 3, 3 by 4 in May; 5 by nobody; 6 by 5.
INSERT INTO fraud.escalation_delegation (officer, deputy, period, reason) VALUES
  (2, 3, '[2023-05-01,2023-06-01)', 'leave'), (3, 4, '[2023-05-15,2023-06-01)', 'leave'), (5, NULL, '[2023-05-01,)', 'transfer'), (6, 5, '[2023-05-20,2023-05-25)', 'leave');
SELECT is(pg_temp.route('370323002002', '2023-05-10'),
  '{grid 370323002002 grid 1,village 370323002002 leader 3 for 2,village 370323002002 liaison 3,town 370323002 liaison 6,county 370323 liaison 7}', 'a deputy acts for who is away; who is away without one is not told');
SELECT is(pg_temp.route('370323002002', '2023-05-15'),
  '{grid 370323002002 grid 1,village 370323002002 leader 4 for 2,village 370323002002 liaison 4 for 3,town 370323002 liaison 6,county 370323 liaison 7}', 'and the deputy of a deputy');
SELECT is(pg_temp.route('370323002002', '2023-05-22'),
  '{grid 370323002002 grid 1,village 370323002002 leader 4 for 2,village 370323002002 liaison 4 for 3,town 370323002 away,county 370323 liaison 7}', 'a deputy who is away leaves the place vacant');
INSERT INTO fraud.escalation_delegation (officer, deputy, period, reason) VALUES (4, 2, '[2023-05-28,2023-05-29)', 'leave');
SELECT is(pg_temp.route('370323002002', '2023-05-28'),
  '{grid 370323002002 grid 1,village 370323002002 away,town 370323002 liaison 6,county 370323 liaison 7}', 'a circle of deputies is nobody');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_delegation (officer, deputy, period, reason) VALUES (2, 4, '[2023-05-31,2023-06-05)', 'leave')$$),
  '23P01 conflicting key value violates exclusion constraint "escalation_delegation_one_at_a_time"', 'one deputy at a time');
SELECT results_eq($$SELECT unit, level, vacancy, since FROM fraud.escalation_vacancies('2023-05-22', '370323002002') ORDER BY unit, level$$,
  $$VALUES ('C1', 'grid', 'nobody', NULL::date), ('C1', 'village', 'nobody', NULL)$$, 'vacancies of a place');
SELECT results_eq($$SELECT unit, level, vacancy, since FROM fraud.escalation_vacancies('2023-07-01') WHERE unit IN ('370323', '370323002', 'D1') ORDER BY unit, level$$,
  $$VALUES ('370323', 'county', 'left', '2023-06-01'::date)$$, 'since the day after the last one left');
SELECT results_eq($$SELECT unit, level, vacancy, since FROM fraud.escalation_vacancies('2023-05-22') WHERE unit IN ('370323', '370323002', 'D1') ORDER BY unit, level$$,
  $$VALUES ('370323002', 'town', 'away', '2023-05-20'::date)$$, 'or since the last one went away');
UPDATE fraud.registry_info SET as_of = '2023-07-01';
SELECT set_eq('SELECT * FROM fraud.escalation_vacancy', $$SELECT * FROM fraud.escalation_vacancies('2023-07-01')$$, 'the view looks as of list_day()');

-- ------------------------------------------------------------------- lists
-- before there are rules: what is raised is entered by hand here
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, category) VALUES
  ('a1', '370323002002', '2023-05-20', 600000, NULL), ('a2', '370323002002', '2023-06-02', 1000, NULL), ('a3', '370323002003', '2023-06-03', 1000, NULL);
INSERT INTO fraud.escalation_authority (role, authority, basis) VALUES (current_user, '县联席办', 'doc');
INSERT INTO fraud.escalation_rule (code, source, clause_zh, cause, measure, rule, baseline) VALUES
  ('t.change', '县文1号', '发案上升的，发函、约谈', 'above_last_year', 'case', 'raise reminder if change > 0%, raise interview if change > 50%', 'last_year'),
  ('t.case', '县文1号', '重大案件', 'great_case', 'case', 'raise veto if amount >= 500000', NULL);
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, subject) VALUES ('t.person', '县文1号', '一人多次逾期', 'checkin_missed', 'raise reminder if count >= 2', 'person');
INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of, observed, fact_table, fact_key) VALUES
  ('t.change', 'reminder', 'unit:370323002002', '370323002002', '370323002002', 'period:2023-01-01', '2023-06-02', '{"count": 2, "baseline": 1}', NULL, NULL),
  ('t.change', 'interview', 'unit:370323002002', '370323002002', '370323002002', 'period:2023-01-01', '2023-06-02', '{"count": 2, "baseline": 1}', NULL, NULL),
  ('t.case', 'veto', 'unit:370323002002', '370323002002', '370323002002', 'fact:fraud_case:1', '2023-05-20', '{"amount": 600000}', 'fraud_case', '1'),
  ('t.change', 'reminder', 'unit:370323002003', '370323002003', '370323002003', 'period:2023-01-01', '2023-06-03', '{"count": 1}', NULL, NULL),
  ('t.person', 'reminder', 'person:7', '370323002003', '370323002003', 'period:2023-01-01', '2023-06-03', '{"count": 2}', NULL, NULL);
SELECT fraud.step_escalation(2, 'confirm', '同比上升100%', NULL, '2023-06-05', '某处') \g /dev/null
SELECT fraud.step_escalation(4, 'acknowledge', NULL, NULL, '2023-06-05', '某村') \g /dev/null
SELECT fraud.step_escalation(5, 'cancel', '输入有误', NULL, '2023-06-06', '某处') \g /dev/null
-- 1: acknowledge by 7 June, rectify by 2 July; 2: by 10 June and 5 July; 4: rectify by 3 July
SELECT results_eq($$SELECT id, rung_zh, state_zh, cause_zh, unit_name, acknowledge_by, rectify_by, late, days_late FROM fraud.open_escalation ORDER BY id$$,
  $$VALUES (1::bigint, '工作提示函', '已发出', '发案数同比上升', '华府社区', '2023-06-07'::date, '2023-07-02'::date, 'acknowledge', 24), (2, '约谈', '已发出', '发案数同比上升', '华府社区', '2023-06-10', '2023-07-05', 'acknowledge', 21),
           (3, '一票否决', '待审定', '发生重大案件', '华府社区', NULL, NULL, NULL, NULL), (4, '工作提示函', '已签收', '发案数同比上升', '城西社区', '2023-06-08', '2023-07-03', NULL, NULL)$$, 'what is open as of 1 July, and what is late');
SELECT results_eq($$SELECT id, late, days_late FROM fraud.open_escalations('2023-07-04', '370323002002') ORDER BY id$$, $$VALUES (1::bigint, 'rectify', 2), (2, 'acknowledge', 24), (3, NULL, NULL)$$, 'as of another day, in a region');
SELECT results_eq($$SELECT id FROM fraud.open_escalations('2023-06-01')$$, $$VALUES (3::bigint)$$, 'what was raised later is not there yet');
SELECT fraud.step_escalation(1, 'snooze', '洪水', '{"until": "2023-07-10"}', '2023-06-20', '某处') \g /dev/null
SELECT results_eq($$SELECT late FROM fraud.open_escalations('2023-07-10') WHERE id = 1$$, ARRAY[NULL::text], 'what is snoozed is not late');
SELECT results_eq($$SELECT late FROM fraud.open_escalations('2023-07-11') WHERE id = 1$$, ARRAY['rectify'], 'until it ends');
SELECT results_eq($$SELECT rung, raised, proposed, confirmed, withdrawn, open, late FROM fraud.escalation_summary('2023-06-30') WHERE rung IN ('reminder', 'interview', 'veto')$$,
  $$VALUES ('reminder', 3::bigint, 0::bigint, 0::bigint, 1::bigint, 2::bigint, 0::bigint), ('interview', 0, 1, 1, 0, 1, 1), ('veto', 0, 0, 0, 0, 1, 0)$$, 'June on each rung, by hand: the veto was proposed in May; the snoozed letter is not late');

-- ----------------------------------------------------------------- letters
UPDATE fraud.registry_info SET office_zh = '某县反诈办';
SELECT is(fraud.escalation_letter(1), E'工作提示函\n华府社区：\n截至2023年6月2日，你单位本年发案2起，去年同期0起，多2起。\n发函事由：发案数同比上升，电诈案件累计2起，去年同期1起。\n依据：县文1号，发案上升的，发函、约谈。\n请对照问题分析原因，落实整改，并将整改情况书面反馈。\n请于2023年6月7日前签收，于2023年7月2日前整改并书面反馈。\n某县反诈办\n2023年6月2日\n', 'a reminder letter: what stands in the year, what it is for, and the days before the signature');
SELECT is(fraud.escalation_letter(2), E'约谈\n华府社区：\n经查，截至2023年6月2日，你单位发案数同比上升：电诈案件累计2起，去年同期1起。\n依据：县文1号，发案上升的，发函、约谈。\n经县联席办审定，理由：同比上升100%。\n请你单位主要负责人于2023年6月10日前接受约谈。\n请于2023年7月5日前整改并书面反馈。\n某县反诈办\n2023年6月5日\n', 'the head is asked to an interview, with who decided and why');
SELECT is(fraud.escalation_letter(3), E'一票否决（待审定）\n华府社区：\n经查，截至2023年5月20日，你单位发生重大案件：电诈案件，金额50万元以上。\n依据：县文1号，重大案件。\n提请平安建设考核机构审定，说明采取或者不予采取的理由。\n某县反诈办\n2023年5月20日\n', 'what is only proposed says so; losses in bands');
SELECT is(fraud.escalation_letter(5), E'工作提示函（已撤回）\n城西社区：\n经查，截至2023年6月3日，你单位负责的人员（内部编号7）核查逾期未做累计2次。\n依据：县文1号，一人多次逾期。\n某县反诈办\n2023年6月3日\n', 'of a person nothing but the surrogate key');
SELECT is(fraud.escalation_letter(99), NULL, 'no escalation, no letter');

-- ----------------------------------------------------------------- notices
SELECT is_empty('SELECT * FROM fraud.notice_due', 'no programme in force asks for notices');
SELECT fraud.adopt_programme('nanma-2023', '370323002') \g /dev/null
SELECT results_eq($$SELECT kind, unit, fraud_case, covers_from, covers_to FROM fraud.notice_due ORDER BY kind, covers_from$$,
  $$VALUES ('case', '370323002002', 1::bigint, '2023-05-20'::date, '2023-05-20'::date), ('case', '370323002002', 2, '2023-06-02', '2023-06-02'), ('case', '370323002003', 3, '2023-06-03', '2023-06-03'),
           ('monthly', '370323002', NULL, '2023-05-01', '2023-05-31'), ('monthly', '370323002', NULL, '2023-06-01', '2023-06-30')$$, 'a notice for every case, and a summary for every month that is over');
SELECT is(fraud.issue_due_notices('2023-07-01'), 3::bigint, 'the notices of cases are issued');
SELECT is(fraud.issue_due_notices('2023-07-01'), 0::bigint, 'once');
SELECT is(fraud.issue_due_notices('2023-07-01', '{case,monthly}'), 2::bigint, 'and the summaries');
SELECT results_eq($$SELECT kind, unit, as_of FROM fraud.bulletin ORDER BY id$$,
  $$VALUES ('case', '370323002002', '2023-07-01'::date), ('case', '370323002002', '2023-07-01'), ('case', '370323002003', '2023-07-01'), ('monthly', '370323002', '2023-05-31'), ('monthly', '370323002', '2023-06-30')$$, 'as bulletins, those of months as of their last day');
SELECT is_empty('SELECT * FROM fraud.notice_due', 'then none is due');
SELECT is(pg_temp.message_of('SELECT fraud.issue_due_notices(NULL)'), '22023 notices cannot be issued as of NULL', 'a day is needed');

-- ----------------------------------------------------------------- privacy
SELECT is((SELECT array_agg((name, rule, column_name, parent)::text ORDER BY name) FROM fraud.person_table WHERE name ~ '^escalation'),
  ARRAY['(escalation,region,region,)', '(escalation_event,parent,escalation,escalation)', '(escalation_suppression,region,region,)'], 'escalations are closed by region, and their events with them');
CREATE ROLE escalation_clerk;
SELECT fraud.set_scope('escalation_clerk', '370323002003', 'to answer escalations') \g /dev/null
GRANT INSERT (escalation, action, actor, happened_on, reason, evidence), SELECT ON fraud.escalation_event TO escalation_clerk;
GRANT UPDATE (state, acknowledge_by, rectify_by, snoozed_until) ON fraud.escalation TO escalation_clerk;
GRANT USAGE ON SCHEMA tap TO escalation_clerk;
SET ROLE escalation_clerk;
SELECT results_eq($$SELECT id FROM fraud.open_escalation$$, $$VALUES (4::bigint)$$, 'a scoped role sees those of its region');
SELECT is((SELECT array_agg(DISTINCT escalation ORDER BY escalation) FROM fraud.escalation_history), '{4,5}'::bigint[], 'and their events');
SELECT is((SELECT array_agg(DISTINCT coalesce(vacancy, 'told')) FROM fraud.escalation_route('370323002003', '2023-05-10')), '{nobody,out_of_scope}', 'levels above its scope are not called vacant');
SELECT is(fraud.step_escalation(4, 'rectify', '已整改', '{"document": "b"}', '2023-06-20', '某村'), 'rectified', 'it takes steps there');
SELECT is(pg_temp.message_of($$SELECT fraud.step_escalation(1, 'acknowledge', NULL, NULL, '2023-06-20')$$), 'P0002 there is no escalation 1', 'not elsewhere');
SELECT is(pg_temp.message_of($$SELECT fraud.step_escalation(4, 'withdraw', 'x', NULL, '2023-06-20')$$), '42501 the step "withdraw" is not for people', 'nor those of the registry');
SELECT is(pg_temp.message_of($$SELECT fraud.step_escalation(4, 'cancel', 'x', NULL, '2023-06-20')$$), '42501 role escalation_clerk may not cancel an escalation to ''reminder'' in region 370323002003', 'nor those of an authority');
SELECT is(pg_temp.message_of($$UPDATE fraud.escalation SET state = 'closed' WHERE id = 4$$), '23001 escalation 4 is changed by steps only', 'nor writes a state');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of) VALUES ('t.change', 'reminder', 'unit:370323002003', '370323002003', '370323002003', 'due:x', '2023-06-01')$$),
  '42501 permission denied for table escalation', 'nor raises anything by hand');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_event (escalation, action, happened_on, to_state) VALUES (4, 'verify', '2023-06-20', 'closed')$$), '42501 permission denied for table escalation_event', 'nor says what comes of a step');
RESET ROLE;

-- what ships: a letter names the document, and says no more than was found
INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of, observed) VALUES
  ('tuohe-2023.staff', 'reminder', 'unit:370323002003', '370323002003', '370323002003', 'period:2023-01-01', '2023-11-05', '{"count": 1}');
INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of, observed, caused_by)
  SELECT e.rule, 'notice', e.subject, e.unit, e.region, 'climb:' || e.id, '2023-11-30', '{"not_done": "acknowledge"}', e.id FROM fraud.escalation AS e WHERE e.rule = 'tuohe-2023.staff';
SELECT is((SELECT fraud.escalation_letter(e.id) FROM fraud.escalation AS e WHERE e.rule = 'tuohe-2023.staff' AND e.rung = 'reminder'),
  E'工作提示函\n城西社区：\n截至2023年11月5日，你单位本年发案1起，去年同期0起，多1起。\n发函事由：工作人员或离职干部被骗案件累计1起。\n依据：《沱河街道全民反诈防骗宣传工作方案》四（四），工作人员大量被骗的，进行通报、约谈。\n请对照问题分析原因，落实整改，并将整改情况书面反馈。\n请于2023年11月10日前签收，于2023年12月5日前整改并书面反馈。\n某县反诈办\n2023年11月5日\n',
  'at the first sign the letter does not say that many were defrauded');
SELECT is((SELECT fraud.escalation_letter(e.id) FROM fraud.escalation AS e WHERE e.rule = 'tuohe-2023.staff' AND e.rung = 'notice'),
  E'督导通报（待审定）\n城西社区：\n经查，截至2023年11月5日，你单位工作人员或离职干部被骗案件累计1起。\n前次工作提示函未按期签收。\n依据：《沱河街道全民反诈防骗宣传工作方案》四（四），工作人员大量被骗的，进行通报、约谈。\n提请联席会议办公室审定，说明采取或者不予采取的理由。\n某县反诈办\n2023年11月30日\n',
  'what climbed says what the first letter had found, and what was not done');
-- of months in a row the letter says how many, not that it is one unit
SELECT fraud.set_escalation_rule('nanma-2023.lasting', 'raise discipline if amount >= 3', '某街道', '2023-05-01', '某发1号', measure => 'streak') \g /dev/null
INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of, observed) VALUES
  ('nanma-2023.lasting.set-1', 'discipline', 'unit:370323002003', '370323002003', '370323002003', 'period:2023-08-01', '2023-11-01', '{"measure": "streak", "count": 1, "amount": 3}');
SELECT is((SELECT fraud.escalation_letter(e.id) FROM fraud.escalation AS e WHERE e.rung = 'discipline'),
  E'纪检监察移送（待审定）\n城西社区：\n经查，截至2023年11月1日，你单位案件持续高发：连续发案上升月数为3。\n依据：《关于“无诈”社区（村居）创建工作的实施方案》（南政发〔2023〕21号）四（四），造成案件持续高发的，街道纪检监察工委依规依纪追究责任；标准由某街道确定（某发1号）。\n提请纪检监察机关审定，说明采取或者不予采取的理由。\n某县反诈办\n2023年11月1日\n',
  'months in a row, and who has set how many');

SELECT * FROM finish();
DROP OWNED BY escalation_clerk;
DROP ROLE escalation_clerk;
