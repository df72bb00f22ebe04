-- Objections to published results: time limits, answers, what follows; and
-- what rests on a sealed result. By hand, under nanma-2023 as of 1 January
-- 2024: 002 two cases against none (item 3: 2), one of 120,000 yuan (item 4:
-- 1): 97. 004 a control defect (item 9: 1): 99. 003: 100. 013 no publicity
-- (item 8: 5): 95. Working days of 2024 as the State Council published them.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

INSERT INTO fraud.activity (unit, kind, held_on, sessions) SELECT code, 'visit', '2023-06-01', 48 FROM fraud.unit WHERE code <> '370323002013';
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('A1', '370323002002', '2023-06-01', 1000), ('A2', '370323002002', '2023-07-01', 120000);
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('370323002004', 'control_failure', '2023-09-01');

-- Time limits. 10 January 2024 is a Wednesday; the day itself does not count.
SELECT is(fraud.term_end('2024-01-10', 5, true), '2024-01-17'::date, 'five working days over a weekend: 11, 12, 15, 16, 17 January');
SELECT is(fraud.term_end('2024-02-08', 3, true), '2024-02-19'::date, 'over the spring festival: 9 February, Sunday the 18th (made up), the 19th');
SELECT is(fraud.term_end('2024-01-10', 5, false), '2024-01-15'::date, 'five calendar days');
SELECT is(fraud.term_end('2024-02-05', 5, false), '2024-02-18'::date, 'that end on a day off: the next working day, here a Sunday made up');
SELECT is(fraud.term_end('2035-01-01', 5, true), NULL, 'working days that nobody has published yet cannot be counted');
SELECT is(fraud.term_end('2035-01-01', 5, false), '2035-01-06'::date, 'calendar days can');
SELECT is((SELECT concat_ws(' ', file_within, answer_within, working_days) FROM fraud.term_of_objection('nanma-2023', 'nanma-2023')), '5 15 t', 'the general limits');
INSERT INTO fraud.objection_term (programme, file_within, answer_within, working_days) VALUES ('nanma-2023', 3, 10, false), ('tuohe-2023', 9, 9, true);
SELECT is((SELECT file_within FROM fraud.term_of_objection('nanma-2023', 'nanma-2023')), 3, 'those of the programme go before');
INSERT INTO fraud.objection_term (rubric, file_within, answer_within, working_days, basis) VALUES ('nanma-2023', 5, 15, true, '示例〔2024〕2号'), ('nanma-2023-results', 9, 9, true, NULL);
SELECT is((SELECT concat_ws(' ', file_within, basis) FROM fraud.term_of_objection('nanma-2023', 'nanma-2023')), '5 示例〔2024〕2号', 'those of the rubric before these');
SELECT throws_ok($$INSERT INTO fraud.objection_term (file_within, answer_within, working_days) VALUES (1, 1, true)$$, '23505', NULL, 'one each');
SELECT throws_like($$INSERT INTO fraud.objection_term (rubric, programme, file_within, answer_within, working_days) VALUES ('nanma-2023', 'nanma-2023', 1, 1, true)$$, '%objection_term_of_one%', 'of a rubric or of a programme');

-- Filing
SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', '2023年度考评结果', '创建办', NULL, '2024-01-10', 'nanma-2023') \g /dev/null
SELECT is((SELECT objections_until FROM fraud.assessment_state), '2024-01-17'::date, 'the last day for objections is published with the result');
UPDATE fraud.objection_term SET file_within = 1 WHERE rubric = 'nanma-2023';
SELECT is(fraud.file_objection(1, '370323002002', '案件重复录入，请更正', '社区主任', '2024-01-12', '4', NULL, '立案决定书'), 1::bigint, 'to one item');
-- 15 working days after Friday the 12th: 15 to 19, 22 to 26, 29 to 31 January are 13; 1 and 2 February
SELECT is((SELECT concat_ws(' ', region, item, rule, file_until, answer_until, late_reason) FROM fraud.objection), '370323002002 4 1 2024-01-17 2024-02-02', 'with its time limits: the last day for filing stays as published');
SELECT matches(pg_temp.error_of($$SELECT fraud.file_objection(1, '370323002003', 'x', 'y', '2024-01-18')$$),
  '^23514\nthe time for objections to assessment 1 ended on 2024-01-17\nIt was published on 2024-01-10, and the objection filed on 2024-01-18', 'the last day is over');
SELECT lives_ok($$SELECT fraud.file_objection(1, '370323002013', '宣传台账已补交', '社区主任', '2024-01-17')$$, 'on the last day: to the result as a whole');
SELECT lives_ok($$SELECT fraud.file_objection(1, '370323002004', '缺陷已整改', '社区主任', '2024-01-18', '9', 1, NULL, '邮寄途中')$$, 'late, with the reason');
SELECT matches(pg_temp.error_of($$SELECT fraud.file_objection(1, '370323002002', 'x', 'y', '2024-01-09')$$), '^23514\nan objection filed on 2024-01-09 cannot be to assessment 1\nIt was published on 2024-01-10', 'not before the publication');
SELECT matches(pg_temp.error_of($$SELECT fraud.file_objection(1, 'nowhere', 'x', 'y', '2024-01-12')$$), '^P0002\nassessment 1 has no result of unit ''nowhere''', 'a unit that was judged');
SELECT matches(pg_temp.error_of($$SELECT fraud.file_objection(7, '370323002002', 'x', 'y', '2024-01-12')$$), '^P0002\nassessment 7 has no result', 'in an assessment that there is');
SELECT matches(pg_temp.error_of($$SELECT fraud.file_objection(1, '370323002002', 'x', 'y', '2024-01-12', '4', 2)$$), '^P0002\nassessment 1 has no rule 2 of item ''4''', 'and a rule that it has');
SELECT throws_ok($$SELECT fraud.file_objection(1, '370323002002', 'x', 'y', '2024-01-12', '4')$$, '23505', NULL, 'once for a rule');
SELECT throws_like($$SELECT fraud.file_objection(1, '370323002002', ' ', 'y', '2024-01-12')$$, '%objection_claim_not_blank%', 'it says what it is about');
SELECT throws_like($$INSERT INTO fraud.objection (assessment, unit, claim, filed_by, filed_on, file_until) VALUES (1, '370323002003', 'x', 'y', '2024-01-19', '2099-01-01')$$, 'the time for objections%', 'time limits are set by the server');
SELECT throws_ok($$UPDATE fraud.objection SET claim = 'x'$$, '23001', NULL, 'what was filed is not edited');
-- numbers are not consecutive: one that was refused took the second
SELECT is((SELECT array_agg(concat_ws(' ', objection, state, late, days_overdue) ORDER BY objection) FROM fraud.objections_at('2024-02-02')), '{"1 open f 0","3 open f 0","4 open t 0"}', 'open on the last day');
SELECT is((SELECT array_agg(concat_ws(' ', objection, state, days_overdue) ORDER BY objection) FROM fraud.objections_at('2024-02-06')), '{"1 overdue 4","3 open 0","4 open 0"}', 'overdue after it');
SELECT is((SELECT array_agg(objection) FROM fraud.objections_at('2024-01-16')), '{1}', 'as of a day: what had been filed');

-- Answers
SELECT matches(pg_temp.error_of($$SELECT fraud.answer_objection(1, 'upheld', '领导小组', '属实', '2024-02-01')$$), '^23514\nan answer ''upheld'' must name what puts the result right', 'upheld: not by a word alone');
SELECT matches(pg_temp.error_of($$SELECT fraud.answer_objection(1, 'upheld', '领导小组', '属实', '2024-02-01', NULL, '{fraud_case:2}')$$), '^23503\n''fraud_case:2'' is no fact that was entered or voided since', 'the fact stands as it was sealed');
SELECT fraud.void_fact('fraud_case', 2, '重复录入') \g /dev/null
SELECT throws_like($$SELECT fraud.answer_objection(1, 'upheld', '领导小组', '属实', '2024-01-11', NULL, '{fraud_case:2}')$$, 'objection 1 cannot be answered on 2024-01-11', 'not before it was filed');
SELECT throws_like($$SELECT fraud.answer_objection(1, 'upheld', '领导小组', ' ', '2024-02-01', NULL, '{fraud_case:2}')$$, '%objection_answer_reasons_not_blank%', 'not without reasons');
SELECT matches(pg_temp.message_of($$SELECT fraud.answer_objection(1, 'upheld', '领导小组', '属实', '2024-02-01', NULL, '{pg_class:1}')$$), '^23503', 'only tables of facts are looked into');
SELECT is(fraud.answer_objection(1, 'upheld', '领导小组', '案件确系重复', '2024-02-01', NULL, '{fraud_case:2}', '示例〔2024〕5号') IS NOT NULL, true, 'upheld: the fact was voided');
SELECT throws_ok($$SELECT fraud.answer_objection(1, 'rejected', '领导小组', '再议', '2024-02-02')$$, '23505', NULL, 'answered once');
SELECT matches(pg_temp.error_of($$SELECT fraud.answer_objection(3, 'rejected', '领导小组', '无据', '2024-02-01', NULL, '{fraud_case:2}')$$), '^23514\nan answer ''rejected'' puts nothing right', 'rejected: nothing is put right');
SELECT lives_ok($$SELECT fraud.answer_objection(3, 'rejected', '领导小组', '台账不全', '2024-02-20')$$, 'rejected, with reasons, too late');
INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on, decided_by) VALUES ('370323002004', 'nanma-2023', '9', 1, true, '已整改', '2024-02-01', '领导小组'), ('370323002003', 'nanma-2023', '9', 1, true, 'x', '2024-02-01', 'x');
SELECT matches(pg_temp.error_of($$SELECT fraud.answer_objection(4, 'partly_upheld', '领导小组', '已整改', '2024-02-02', 2)$$), '^23514\ndecision 2 does not put the result of unit ''370323002004'' right', 'a decision about another unit');
SELECT lives_ok($$SELECT fraud.answer_objection(4, 'partly_upheld', '领导小组', '已整改，免扣', '2024-02-02', 1)$$, 'upheld in part: waived by a decision');
SELECT is((SELECT array_agg(concat_ws(' ', objection, state, outcome, days_overdue, coalesce(revised_by::text, '-')) ORDER BY objection) FROM fraud.objections_at('2024-02-20')),
  '{"1 to_revise upheld 0 -","3 closed rejected 14 -","4 to_revise partly_upheld 0 -"}', 'what was upheld waits for the revision; 17 January and 15 working days, Sunday 4 February (made up) among them: 6 February');
SELECT is((SELECT state FROM fraud.objections_at('2024-01-31') WHERE objection = 1), 'open', 'as of the day before the answer: open');

-- The revision that takes them up
SELECT is(fraud.revise_assessment(1, '异议成立', '创建办', '示例〔2024〕6号', '2024-02-21', '{370323002002}'), 2::bigint, 'for one of them');
SELECT is((SELECT array_agg(concat_ws(' ', objection, state, coalesce(revised_by::text, '-')) ORDER BY objection) FROM fraud.objections_at('2024-02-21')), '{"1 revised 2","3 closed -","4 to_revise -"}', 'the other still waits');
SELECT is(fraud.revise_assessment(2, '异议成立', '创建办', NULL, '2024-02-22', '{370323002004}'), 3::bigint, 'for the other');
SELECT is((SELECT array_agg(concat_ws(' ', right(unit, 3), rank, trim_scale(total)) ORDER BY unit) FROM fraud.sealed_score WHERE in_force), '{"002 3 98","003 1 100","004 1 100","013 4 95"}', '97 is 98, 99 is 100');
SELECT is((SELECT concat_ws(' ', state, trim_scale(raw), trim_scale(deducted)) FROM fraud.sealed_item WHERE assessment = 3 AND unit LIKE '%004' AND item = '9' AND rule = 1), 'waived 1 0', 'waived, and visible as waived');
SELECT is((SELECT array_agg(concat_ws(' ', objection, state, coalesce(revised_by::text, '-')) ORDER BY objection) FROM fraud.objections_at('2024-02-22')), '{"1 revised 2","3 closed -","4 revised 3"}', 'nothing waits');
UPDATE fraud.registry_info SET as_of = '2024-02-21';
SELECT is((SELECT array_agg(concat_ws(' ', objection, state, as_of) ORDER BY objection) FROM fraud.objection_state), '{"1 revised 2024-02-21","3 closed 2024-02-21","4 to_revise 2024-02-21"}', 'the view objection_state, as of list_day()');
SELECT matches(pg_temp.error_of($$SELECT fraud.file_objection(1, '370323002003', 'x', 'y', '2024-01-12')$$), '^55000\nassessment 1 is no longer in force\nAssessment 3 took its place|^55000\nassessment 1 is no longer in force\nAssessment 2 took its place', 'objections are to the result in force');
SELECT lives_ok($$SELECT fraud.file_objection(3, '370323002003', 'x', 'y', '2024-02-23')$$, 'whose time begins anew');
SELECT fraud.void_fact('objection', max(id), '误录') FROM fraud.objection \g /dev/null
SELECT is((SELECT bool_and(ok) FROM fraud.verify_seals()), true, 'the seals verify through all of it');

-- What rests on a sealed result
CREATE FUNCTION pg_temp.rests(unit text, kind text, columns text, vals text, decided_on text DEFAULT '2024-01-20') RETURNS text LANGUAGE sql
  RETURN format('INSERT INTO fraud.consequence (unit, kind, decided_on, decided_by, reason, %s) VALUES (%L, %L, %L, ''创建办'', ''结果应用'', %s)', columns, unit, kind, decided_on, vals);
SELECT lives_ok(pg_temp.rests('370323002002', 'notice', 'assessment', '1'), 'before the revision: on the first result');
SELECT is((SELECT concat_ws(' ', rubric, as_of, trim_scale(total), vetoed, known_at = (SELECT known_at FROM fraud.assessment WHERE id = 1)) FROM fraud.consequence), 'nanma-2023 2024-01-01 97 f t', 'which it states as it was sealed');
SELECT matches(pg_temp.error_of(pg_temp.rests('370323002002', 'notice', 'assessment', '1', '2024-02-25')), '^55000\nassessment 1 was revised before 2024-02-25\nAssessment 2 took its place', 'after it: not on the first');
SELECT lives_ok(pg_temp.rests('370323002004', 'praise', 'assessment, total', '3, 100', '2024-02-25'), 'S37, A35: praise rests on the published result in force; a stated total agrees');
SELECT matches(pg_temp.error_of(pg_temp.rests('370323002003', 'praise', 'assessment, total', '3, 99', '2024-02-25')), '^23514\nthat is not the sealed result of unit ''370323002003''\nIn assessment 3 it is 100', 'or is refused');
SELECT matches(pg_temp.error_of(pg_temp.rests('370323002003', 'praise', 'assessment, rubric', '3, ''nanma-2023-results''', '2024-02-25')), '^23514\nthat is not the sealed result', 'so is another rubric');
INSERT INTO fraud.unit (code, region, name) VALUES ('370323002099', '370323002099', '新社区');
SELECT matches(pg_temp.error_of(pg_temp.rests('370323002099', 'praise', 'assessment', '3', '2024-02-25')), '^23503\nassessment 3 has no result of unit ''370323002099''', 'a unit that was not judged');
SELECT throws_ok(pg_temp.rests('370323002002', 'praise', 'assessment', '77', '2024-02-25'), '23503', NULL, 'a seal that there is not');
SELECT lives_ok(pg_temp.rests('370323002013', 'points', 'assessment, points, points_on', '3, 10, ''年度绩效考核''', '2024-02-25'), 'N77: so do points on another scorecard');
SELECT lives_ok(pg_temp.rests('370323002013', 'safety_assessment', 'assessment', '3', '2024-02-25'), 'B45: and the entry in the safety assessment');
SELECT lives_ok(pg_temp.rests('370323002002', 'praise', 'outside_result', '''县考评办第3号''', '2024-02-25'), 'a result of another body is cited by its key');
SELECT is((SELECT array_agg(concat_ws(' ', consequence, right(unit, 3), kind, assessment, trim_scale(total), revised_by, trim_scale(revised_total))) FROM fraud.consequence_revised), '{"1 002 notice 1 97 3 98"}', 'what rests on a result that is another one now');
SELECT fraud.adopt_programme('nanma-2023', '370323') \g /dev/null
SELECT fraud.award_certificate('nanma-2023', '370323002003', '2024-02-25', '示例〔2024〕7号', assessment => 3) AS title \gset
SELECT is((SELECT assessment FROM fraud.certificate WHERE id = :title), 3::bigint, 'a title names the published result that it was given for');
SELECT throws_ok($$SELECT fraud.award_certificate('nanma-2023', '370323002004', '2024-02-25', assessment => 77)$$, '23503', NULL, 'which there is');

-- Who sees them
SET client_min_messages = error;
CREATE ROLE objection_reader;
GRANT USAGE ON SCHEMA tap TO objection_reader;
SELECT fraud.set_scope('objection_reader', '370323002002', 'test') \g /dev/null
GRANT INSERT ON fraud.objection, fraud.objection_answer TO objection_reader;
SET ROLE objection_reader;
SELECT is((SELECT array_agg(unit ORDER BY unit) FROM fraud.objection), '{370323002002}'::text[], 'a reader sees the objections of its units');
SELECT is((SELECT array_agg(objection) FROM fraud.objection_answer), '{1}'::bigint[], 'and their answers');
SELECT throws_ok($$SELECT fraud.file_objection(3, '370323002004', 'x', 'y', '2024-02-23')$$, 'P0002', NULL, 'and objects for none but its own');
SELECT lives_ok($$SELECT fraud.file_objection(3, '370323002002', 'x', 'y', '2024-02-23')$$, 'for which it may');
RESET ROLE;
DROP OWNED BY objection_reader;
DROP ROLE objection_reader;

SELECT * FROM finish();
