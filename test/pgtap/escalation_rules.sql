-- What the rules of the five documents raise, on facts whose outcome is worked
-- out by hand beside them; and what an office has to set before more is raised.
\ir setup.psql
\ir registry_setup.psql
SELECT plan(38);

CREATE FUNCTION pg_temp.found(day date, place region) RETURNS text[]
LANGUAGE sql
AS $$ SELECT array_agg(concat_ws(' ', e.unit, e.rung, e.rule, e.episode) ORDER BY e.unit, (e.rule || e.episode) COLLATE "C", e.rung) FROM fraud.evaluate_escalations(day) AS e WHERE e.region <@ place $$;
CREATE FUNCTION pg_temp.cases(unit text, days date[], loss numeric DEFAULT 1000) RETURNS void
LANGUAGE sql
AS $$ INSERT INTO fraud.fraud_case (unit, filed_on, loss) SELECT unit, d, loss FROM unnest(days) AS d $$;
INSERT INTO fraud.unit (code, region, name, kind) VALUES
  ('N0', '370323002901', 'N0', 'community'), ('N1', '370323002902', 'N1', 'community'),
  ('Q0', '331126100001', 'Q0', 'village'), ('Q1', '331126100002', 'Q1', 'village'),
  ('S0', '320707100001', 'S0', 'village'), ('S1', '320707100002', 'S1', 'village'), ('S2', '320707100003', 'S2', 'village'),
  ('T0', '341302100001', 'T0', 'community'), ('T1', '341302100002', 'T1', 'community'),
  ('P0', '420102001001', 'P0', 'community'), ('P1', '420102001002', 'P1', 'community'),
  ('R0', '350581101001', 'R0', 'village'), ('R1', '350581101002', 'R1', 'village');

SELECT results_eq($$SELECT programme, count(*), count(rule) FROM fraud.escalation_rule GROUP BY programme ORDER BY programme COLLATE "C"$$,
  $$VALUES ('nanma-2023', 10::bigint, 10::bigint), ('qingyuan-2024', 11, 5), ('shiqiao-2023', 3, 2), ('template-plan-1', 2, 2), ('template-plan-2', 4, 4), ('tuohe-2023', 6, 3)$$, 'rules of the five documents, and those with something to raise');
SELECT is((SELECT array_agg(DISTINCT r.code ORDER BY r.code) FROM fraud.escalation_rule AS r, jsonb_array_elements(r.rule::jsonb -> 'bands') AS b WHERE b ->> 'level' <> 'reminder'),
  '{nanma-2023.result-case,nanma-2023.result-change,nanma-2023.result-den}', 'beyond a reminder letter only where the document gives the number');
SELECT is_empty($$SELECT e.rule FROM fraud.evaluate_escalations('2023-10-31') AS e$$, 'no programme is in force, and nothing is raised');

-- ------------------------------------------------------------- nanma-2023
SELECT fraud.adopt_programme('nanma-2023', '370323002') \g /dev/null
-- N0: 2 cases from May to October 2022, 3 in 2023: +50 %, not more; 499,999.99
-- yuan are not 500,000. Two cases in October of both years.
SELECT pg_temp.cases('N0', '{2022-05-10,2022-10-10}'), pg_temp.cases('N0', '{2023-06-20,2023-10-20}'), pg_temp.cases('N0', '{2023-05-20}', 499999.99) \g /dev/null
-- N1: 2 in the same months of 2022, and one in March, which is outside of the
-- period; 4 in 2023: +100 %. One in October, none in October 2022.
SELECT pg_temp.cases('N1', '{2022-03-01,2022-05-10,2022-06-10}'), pg_temp.cases('N1', '{2023-06-20,2023-07-20}') \g /dev/null
INSERT INTO fraud.fraud_case (id, unit, filed_on, loss, victim) OVERRIDING SYSTEM VALUE VALUES (9001, 'N1', '2023-05-20', 500000, NULL), (9002, 'N1', '2023-10-05', 1, 'v1');
INSERT INTO fraud.alert (unit, victim, issued_on, delivered_on) VALUES ('N1', 'v1', '2023-10-01', '2023-10-01');
INSERT INTO fraud.den (unit, found_on) VALUES ('N1', '2023-09-09');
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('N1', 'publicity_falsified', '2023-06-06'), ('N1', 'study_missing', '2023-10-31'), ('N1', 'study_missing', '2023-09-30');
INSERT INTO fraud.suspect (unit, subject, found_on, basis) VALUES ('N1', 's1', '2023-08-08', '立案');
SELECT is(pg_temp.found('2023-10-31', '370323002'), ARRAY[
  'N0 reminder nanma-2023.zero-case period:2023-05-01',
  'N1 reminder nanma-2023.alert period:2023-10-01',
  'N1 reminder nanma-2023.idle period:2023-10-01',
  'N1 reminder nanma-2023.lasting period:2023-10-01',
  'N1 reminder nanma-2023.motions period:2023-05-01',
  'N1 veto nanma-2023.result-case fact:fraud_case:9001',
  'N1 veto nanma-2023.result-change period:2023-05-01',
  'N1 veto nanma-2023.result-den fact:den:1',
  'N1 reminder nanma-2023.zero-case period:2023-05-01',
  'N1 reminder nanma-2023.zero-den period:2023-05-01',
  'N1 reminder nanma-2023.zero-suspect period:2023-05-01'], 'nanma-2023 as of 31 October 2023');
SELECT is((SELECT observed - 'measure' FROM fraud.evaluate_escalations('2023-10-31') WHERE rule = 'nanma-2023.result-change'), '{"count": 4, "baseline": 2}', 'what the rule saw: 4 cases, 2 in the same months before');
SELECT is(pg_temp.found('2023-05-19', '370323002'), NULL, 'before its first case nothing');
SELECT is(pg_temp.found('2024-01-05', '370323002'), NULL, 'after its last day the programme raises nothing new');

-- ---------------------------------------------------------- qingyuan-2024
SELECT fraud.adopt_programme('qingyuan-2024', '331126100', '2024-01-01') \g /dev/null
-- Q0: one case in each year. Q1: two against one, a duty missed, a control
-- defect, and an alert of 2 March answered by nobody within the 2 hours that
-- the office set.
SELECT pg_temp.cases('Q0', '{2023-02-01,2024-02-01}'), pg_temp.cases('Q1', '{2023-02-01,2024-02-01,2024-03-01}') \g /dev/null
INSERT INTO fraud.duty (id, code, label_zh, label_en, unit_kind, cadence, since) OVERRIDING SYSTEM VALUE VALUES (901, 'study', '学习', 'study', 'village', '1 per month', '2023-01-01');
INSERT INTO fraud.missed (kind, measure, duty, duty_unit, unit, region, due_on, as_of, status, decided_by, reason, decided_at)
  VALUES ('duty', 'duty_missed', 901, 'Q1', 'Q1', '331126100002', '2024-03-31', '2024-04-01', 'approved', 'office', 'x', now()), ('duty', 'duty_missed', 901, 'T1', 'T1', '341302100002', '2023-11-30', '2023-12-01', 'approved', 'office', 'x', now());
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('Q1', 'control_failure', '2024-03-05');
INSERT INTO fraud.alert_limit (level, valid_from, first_contact) VALUES ('high', '2024-01-01', '2 hours');
INSERT INTO fraud.alert (unit, victim, level, received_at, issued_on) VALUES ('Q1', 'v2', 'high', '2024-03-02 09:00', '2024-03-02');
SELECT is(pg_temp.found('2024-03-31', '331126100'), ARRAY[
  'Q1 reminder qingyuan-2024.alert period:2024-03-01',
  'Q1 reminder qingyuan-2024.control period:2024-03-01',
  'Q1 reminder qingyuan-2024.idle period:2024-03-01',
  'Q1 reminder qingyuan-2024.incidence period:2024-01-01'], 'qingyuan-2024 as of 31 March 2024: reminder letters, and no cards');
SELECT is(pg_temp.found('2024-04-30', '331126100'), '{Q1 reminder qingyuan-2024.incidence period:2024-01-01}', 'in the next month only what still holds');

-- Q1 has a grid worker and a head who left on 10 March; Q0 never had anybody.
INSERT INTO fraud.officer (unit, subject, role, left_on) VALUES ('Q1', 'o1', 'grid', NULL), ('Q1', 'o2', 'leader', '2024-03-10');
SELECT results_eq($$SELECT unit, rung, episode, observed ->> 'amount' FROM fraud.evaluate_standing('2024-03-31') WHERE rule = 'qingyuan-2024.vacancy' ORDER BY unit, episode$$,
  $$VALUES ('Q0', 'reminder', 'due:grid:never', '1'), ('Q0', 'reminder', 'due:village:never', '1'), ('Q1', 'reminder', 'due:village:2024-03-11', '21')$$, 'a vacancy is raised by the tick; 21 days from 11 to 31 March');
SELECT is((SELECT count(*) FROM fraud.tick('2024-03-31') AS t WHERE t.step = 'raise_standing' AND t.written = 3), 1::bigint, 'and so it is');
SELECT is((SELECT count(*) FROM fraud.tick('2024-04-01') AS t WHERE t.step = 'raise_standing' AND t.written = 0), 1::bigint, 'once for each vacancy');

-- ----------------------------------------------------------- shiqiao-2023
SELECT fraud.adopt_programme('shiqiao-2023', '320707100', '2023-08-01') \g /dev/null
-- S0: 3, 4 and 5 cases in three years, a mean of 4; 3 in 2023: -25 %.
-- S1: the same, and 4: no change, a fall of less than 10 %.
-- S2: 10 in each year, and 9: -10 % exactly, as asked.
SELECT pg_temp.cases(u, '{2020-01-01,2020-01-02,2020-01-03,2021-01-01,2021-01-02,2021-01-03,2021-01-04,2022-01-01,2022-01-02,2022-01-03,2022-01-04,2022-01-05,2023-01-01,2023-01-02,2023-01-03}') FROM (VALUES ('S0'), ('S1')) AS v (u) \g /dev/null
SELECT pg_temp.cases('S1', '{2023-01-04}') \g /dev/null
SELECT pg_temp.cases('S2', ARRAY(SELECT make_date(y, 1, d) FROM generate_series(2020, 2022) AS y, generate_series(1, 10) AS d) || ARRAY(SELECT make_date(2023, 1, d) FROM generate_series(1, 9) AS d)) \g /dev/null
SELECT is(pg_temp.found('2023-11-30', '320707100'), '{S1 reminder shiqiao-2023.cases period:2023-01-01}', 'shiqiao-2023 as of 30 November 2023: less than 10 % below the mean of three years');
-- stages of 5 August and 20 September, of which nobody reached anything
SELECT is(pg_temp.found('2023-08-31', '320707100') @> '{S0 reminder shiqiao-2023.stage period:2023-08-01,S2 reminder shiqiao-2023.stage period:2023-08-01}', true, 'a stage that was missed in August');
SELECT is(pg_temp.found('2023-09-30', '320707100') @> '{S0 reminder shiqiao-2023.stage period:2023-09-01}', true, 'and another in September');

-- ------------------------------------------------------------- tuohe-2023
SELECT fraud.adopt_programme('tuohe-2023', '341302100') \g /dev/null
SELECT pg_temp.cases('T0', '{2022-11-01,2023-11-01}'), pg_temp.cases('T1', '{2022-11-01,2023-11-01,2023-11-02}') \g /dev/null
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim_is_staff) VALUES ('T1', '2023-06-01', 10, true);
SELECT is(pg_temp.found('2023-11-30', '341302100'), ARRAY[
  'T1 reminder tuohe-2023.idle period:2023-11-01',
  'T1 reminder tuohe-2023.lasting period:2023-11-01',
  'T1 reminder tuohe-2023.staff period:2023-01-01'], 'tuohe-2023 as of 30 November 2023: no veto without a number');

-- ---------------------------------------------------- the template plans
SELECT fraud.adopt_programme('template-plan-1', '420102001', '2024-03-05', '2024-12-31') \g /dev/null
-- P0: one case in June of both years, its victim reached. P1: one, none the
-- year before, its victim neither reached nor in a group.
SELECT pg_temp.cases('P0', '{2023-06-10}') \g /dev/null
INSERT INTO fraud.fraud_case (unit, filed_on, loss, publicity_reached, in_group, app_installed) VALUES ('P0', '2024-06-10', 1, true, true, true), ('P1', '2024-06-10', 1, false, false, true);
SELECT is(pg_temp.found('2024-06-30', '420102001'), '{P1 reminder template-plan-1.notice period:2024-06-01,P1 reminder template-plan-1.publicity period:2024-06-01}', 'template plan 1 as of 30 June 2024');
SELECT fraud.adopt_programme('template-plan-2', '350581101', '2024-01-01') \g /dev/null
SELECT pg_temp.cases('R1', '{2024-02-01,2024-03-01}') \g /dev/null
INSERT INTO fraud.den (unit, found_on) VALUES ('R1', '2024-02-02');
INSERT INTO fraud.suspect (unit, subject, found_on, basis) VALUES ('R1', 's2', '2024-02-03', '立案');
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('R1', 'publicity_falsified', '2024-02-04');
SELECT is(pg_temp.found('2024-06-30', '350581101'), ARRAY[
  'R1 reminder template-plan-2.motions period:2024-01-01',
  'R1 reminder template-plan-2.zero-case period:2024-01-01',
  'R1 reminder template-plan-2.zero-den period:2024-01-01',
  'R1 reminder template-plan-2.zero-suspect period:2024-01-01'], 'template plan 2 as of 30 June 2024');

-- ------------------------------------------------- what is raised is a life
SELECT fraud.raise_escalations('2023-10-31', '{N0,N1}') \g /dev/null
-- (with what climbed by the tick of 2024 above)
SELECT is_empty($$SELECT e.id, e.rung, e.state FROM fraud.escalation AS e WHERE e.unit IN ('N0', 'N1') AND e.state <> CASE e.rung WHEN 'reminder' THEN 'raised' ELSE 'proposed' END$$, 'reminders are raised, all else only proposed');
SELECT is((SELECT count(*) FROM fraud.open_escalations('2023-10-31') WHERE rung = 'veto' AND state = 'proposed'), 3::bigint, 'three vetoes wait for an authority');
SELECT is((SELECT count(*) FROM fraud.open_escalations('2023-10-31') WHERE rung NOT IN ('veto', 'reminder')), 0::bigint, 'nothing else is raised');
-- as of the day of the fact or of the tick, whichever raised it
SELECT is((SELECT array_agg(m.code || ' ' || regexp_replace(fraud.escalation_letter(e.id), '2023年[0-9]+月[0-9]+日', 'DAY', 'g') ORDER BY 1) FROM fraud.escalation AS e JOIN fraud.escalation_rule AS r ON r.code = e.rule JOIN fraud.measure AS m ON m.code = r.measure WHERE e.rule = 'nanma-2023.result-den'),
  ARRAY[E'den 一票否决（待审定）\nN1：\n经查，截至DAY，你单位产生电诈窝点：电诈窝点1个。\n依据：《关于“无诈”社区（村居）创建工作的实施方案》（南政发〔2023〕21号）附件2第四条，产生电诈窝点，不评为文明村庄、文明社区。\n提请平安建设考核机构审定，说明采取或者不予采取的理由。\n打击治理电信网络新型违法犯罪工作联席会议办公室\nDAY\n'], 'the letter cites the document and the clause');

-- ------------------------------------------------------- what is to be set
CREATE VIEW pg_temp.open_numbers AS SELECT code, rung, in_force FROM fraud.lint_escalation() WHERE problem = 'number_not_set';
SELECT results_eq($$SELECT code, rung FROM pg_temp.open_numbers ORDER BY code COLLATE "C"$$,
  $$VALUES ('nanma-2023.idle', 'discipline'), ('nanma-2023.lasting', 'discipline'), ('nanma-2023.motions', 'interview'),
           ('qingyuan-2024.higher', 'higher_notice'), ('qingyuan-2024.interview', 'interview'), ('qingyuan-2024.listed', 'listed_rectification'), ('qingyuan-2024.notice', 'notice'), ('qingyuan-2024.red', 'red_card'), ('qingyuan-2024.yellow', 'yellow_card'),
           ('shiqiao-2023.follow-up', 'reminder'), ('template-plan-1.notice', 'notice'), ('template-plan-2.motions', 'discipline'),
           ('tuohe-2023.account', 'discipline'), ('tuohe-2023.idle', 'notice'), ('tuohe-2023.idle-interview', 'interview'), ('tuohe-2023.lasting', 'veto'), ('tuohe-2023.staff', 'notice'), ('tuohe-2023.staff-interview', 'interview')$$,
  'rungs that the documents name without a number');
SELECT is(fraud.set_escalation_rule('nanma-2023.motions', 'raise interview if count >= 2', '街道领导小组', '2023-06-01', '南政办1号'), 'nanma-2023.motions.set-1', 'an authority sets one');
SELECT is((SELECT (programme, measure, rule, rung, counted_over, set_by, set_on, document_no)::text FROM fraud.escalation_rule WHERE code = 'nanma-2023.motions.set-1'),
  '(nanma-2023,publicity_falsified,"raise interview if count >= 2",interview,period,街道领导小组,2023-06-01,南政办1号)', 'as a rule of its own, which says who set it');
SELECT is_empty($$SELECT code FROM pg_temp.open_numbers WHERE code = 'nanma-2023.motions'$$, 'then it is no longer listed');
SELECT is(EXISTS (SELECT FROM fraud.evaluate_escalations('2023-10-31') WHERE rule ~ 'motions.set'), false, 'one finding is not two');
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('N1', 'publicity_falsified', '2023-10-07');
SELECT is((SELECT array_agg(concat_ws(' ', rung, rule, episode) ORDER BY rule) FROM fraud.evaluate_escalations('2023-10-31') WHERE rule ~ 'motions' AND unit = 'N1'),
  '{reminder nanma-2023.motions period:2023-05-01,interview nanma-2023.motions.set-1 period:2023-05-01}', 'two are: the reminder goes on, and an interview is asked for');
SELECT is(fraud.set_escalation_rule('nanma-2023.motions', 'raise interview if count >= 3', '街道领导小组', '2023-07-01'), 'nanma-2023.motions.set-2', 'set anew');
SELECT is((SELECT array_agg(code ORDER BY code) FROM fraud.escalation_rule WHERE code ~ '^nanma-2023.motions' AND enabled), '{nanma-2023.motions,nanma-2023.motions.set-2}', 'what was set before is switched off');
SELECT is(fraud.set_escalation_rule('qingyuan-2024.yellow', 'raise yellow_card if amount >= 300000', '县联席办', '2024-01-02', NULL, 'case_net', 'month'), 'qingyuan-2024.yellow.set-1', 'on another measure, over other days');
SELECT is(pg_temp.error_of($$SELECT fraud.set_escalation_rule('qingyuan-2024.red', 'raise veto if count >= 3', 'x', '2024-01-02')$$),
  E'23514\nrule ''raise veto if count >= 3'' does not raise ''red_card''\nThat is the rung that qingyuan-2024, 五（三） names: 案件高发问题突出的，红牌警告.\nWrite: raise red_card if ...; for another rung insert a rule of your own.', 'but not to another rung than the document names');
SELECT is((SELECT count(*) FROM (VALUES ($$SELECT fraud.set_escalation_rule('nothing', 'raise veto', 'x', '2024-01-02')$$), ($$SELECT fraud.set_escalation_rule(NULL, 'raise veto', 'x', '2024-01-02')$$), ($$SELECT fraud.set_escalation_rule('qingyuan-2024.red', NULL, 'x', '2024-01-02')$$),
                          ($$SELECT fraud.set_escalation_rule('qingyuan-2024.red', 'raise red_card', NULL, '2024-01-02')$$)) AS s (statement) WHERE pg_temp.message_of(s.statement) ~ '^(P0002 there is no rule|22004 the number of rule)'), 4::bigint, 'nor of nothing, nor by nobody');

-- Who decides, which days, and rules that cannot hold.
INSERT INTO fraud.escalation_authority (role, authority, rung, basis) VALUES (current_user, '县联席办', 'notice', 'x'), ('nobody_by_that_name', 'x', 'veto', 'x');
UPDATE fraud.ladder SET set_by = '县联席办', set_on = '2024-01-01' WHERE rung <> 'veto';
INSERT INTO fraud.escalation_rule (code, programme, source, clause_zh, measure, rule, region) VALUES ('t.elsewhere', 'nanma-2023', 'x', 'x', 'den', 'raise reminder', '110101');
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, valid) VALUES ('t.over', 'x', 'x', 'den', 'raise reminder', '(,2020-01-01)');
SELECT results_eq($$SELECT problem, string_agg(coalesce(code, rung), ',' ORDER BY coalesce(code, rung) COLLATE "C") FROM fraud.lint_escalation() WHERE problem <> 'number_not_set' GROUP BY problem ORDER BY problem COLLATE "C"$$,
  $$VALUES ('alert_limit_not_set', 'qingyuan-2024.alert'), ('days_not_set', 'veto'), ('elsewhere', 't.elsewhere'), ('nobody_decides', 'discipline,higher_notice,interview,listed_rectification,red_card,veto,yellow_card'), ('raises_nothing', 't.over')$$,
  'who decides, days, limits of alerts, and rules that cannot raise anything');

-- The limits of alerts, level by level; the one of another kind does not count,
-- nor one that does not hold yet, nor one that a later row took back.
CREATE FUNCTION pg_temp.levels() RETURNS text LANGUAGE sql AS $$SELECT string_agg(code || substr(problem_en, strpos(problem_en, ':')) || ' ' || substr(problem_zh, strpos(problem_zh, '：')), ', ' ORDER BY code) FROM fraud.lint_escalation() WHERE problem = 'alert_limit_not_set'$$;
DELETE FROM fraud.alert_limit;
CREATE TEMP TABLE all_levels AS SELECT string_agg(code, ', ' ORDER BY rank) AS en, string_agg(label_zh, '、' ORDER BY rank) AS zh FROM fraud.alert_level;
SELECT is(pg_temp.levels(), (SELECT format('qingyuan-2024.alert: %s ：%s', en, zh) FROM all_levels), 'no limit ships');
INSERT INTO fraud.alert_limit (level, valid_from, settle_within) SELECT code, '2020-01-01', '1 day' FROM fraud.alert_level;
INSERT INTO fraud.alert_limit (level, valid_from, first_contact) SELECT code, fraud.list_day() + 1, '1 hour' FROM fraud.alert_level;
SELECT is(pg_temp.levels(), (SELECT format('qingyuan-2024.alert: %s ：%s', en, zh) FROM all_levels), 'a limit for settling, and one of tomorrow, are none for the first contact today');
INSERT INTO fraud.alert_limit (level, valid_from, first_contact) SELECT code, '2021-01-01', '1 hour' FROM fraud.alert_level;
SELECT is(pg_temp.levels(), NULL, 'with a limit for each level nothing is listed');
INSERT INTO fraud.alert_limit (level, valid_from, settle_within) SELECT code, '2022-01-01', '1 day' FROM fraud.alert_level ORDER BY rank DESC LIMIT 1;
SELECT is(pg_temp.levels(), (SELECT format('qingyuan-2024.alert: %s ：%s', code, label_zh) FROM fraud.alert_level ORDER BY rank DESC LIMIT 1), 'a level whose limit ended is');

SELECT * FROM finish();
