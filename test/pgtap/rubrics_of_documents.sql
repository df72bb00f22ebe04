-- Documents that name what is assessed and state no points: drafts whose points
-- the office decides, and an example of each. County 339999 does not exist.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

SELECT is((SELECT array_agg(code || ' ' || status || ' ' || listed ORDER BY code) FROM fraud.rubric_edition WHERE code NOT LIKE 'nanma%'),
  '{"shiqiao-2023 draft true","shiqiao-2023-example published false","template-plan-2 draft true","template-plan-2-example published false","tuohe-2023 draft true","tuohe-2023-example published false"}',
  'drafts, and an example of each, unlisted');
SELECT is((SELECT array_agg(rubric || ' ' || n ORDER BY rubric) FROM (SELECT rubric, count(*) AS n FROM fraud.open_question WHERE asks = 'points_open' GROUP BY rubric) AS x),
  '{"shiqiao-2023 9","template-plan-2 5","tuohe-2023 4"}', 'the points of every item are an open question');
SELECT matches(pg_temp.message_of(format('SELECT fraud.publish_rubric(%L)', c)), '^55000|^23', c || ' is not published while they are open') FROM unnest('{shiqiao-2023,template-plan-2,tuohe-2023}'::text[]) AS c;
SELECT is((SELECT count(*)::int FROM fraud.scoreboard WHERE rubric NOT LIKE 'nanma%'), 0, 'none is on the scoreboard');
SELECT is((SELECT count(*)::int FROM fraud.rubric_rule WHERE rubric NOT LIKE 'nanma%' AND clause IS NULL), 0, 'each rule cites its clause');

INSERT INTO fraud.unit (code, region, name, kind) VALUES ('A', '339999001001', '甲村', 'village'), ('B', '339999001002', '乙村', 'village');

-- T03, T64, T79: B has 3 cases against 1 of 2023: more, and 200 % more; nobody
-- taken off the list; one case of staff: 100 - 20 - 20 - 5
INSERT INTO fraud.fraud_case (unit, filed_on, victim_is_staff) VALUES ('B', '2023-05-01', NULL), ('B', '2024-05-01', true), ('B', '2024-06-01', NULL), ('B', '2024-07-01', NULL);
SELECT is(pg_temp.score('B', NULL, NULL, 'tuohe-2023-example'), 55::numeric, 'T03: cases, reduction of persons, and staff who were defrauded');
SELECT is((SELECT vetoed FROM fraud.scores('tuohe-2023-example') WHERE unit = 'B'), true, 'T79: cases keep rising: vetoed, with the number of the example');
INSERT INTO fraud.clue (unit, kind, received_on, cards) VALUES ('A', 'two_cards_account', '2024-03-01', 2);
SELECT is(pg_temp.score('A', NULL, NULL, 'tuohe-2023-example'), 75::numeric, 'T03: a two-card clue is 5 points, nobody taken off the list 20');
SELECT is((SELECT array_agg(DISTINCT measure ORDER BY measure) FROM fraud.rubric_rule WHERE rubric = 'tuohe-2023'), '{case,case_staff,reduced,two_card_clue}', 'T03, T32: what the document names');

-- B45: a suspect and a den, no sweep: 100 - 20 - 20 - 10
INSERT INTO fraud.suspect (unit, subject, found_on, basis) VALUES ('A', 's-1', '2024-02-01', '立案');
INSERT INTO fraud.den (unit, found_on) VALUES ('A', '2024-02-01');
SELECT is(pg_temp.score('A', NULL, NULL, 'template-plan-2-example'), 50::numeric, 'B45: three zeros and what was done');

-- S02, S34: 27 cases in the same dates of three years, a mean of 9: 8 now are
-- 11.1 % less. One case is a case (10); 14 of 15 sessions (1): 89.
INSERT INTO fraud.fraud_case (unit, filed_on) SELECT 'A', make_date(y, 9, 1) FROM generate_series(2020, 2022) AS y, generate_series(1, 9);
INSERT INTO fraud.fraud_case (unit, filed_on, followed_up) SELECT 'A', '2023-09-02', true FROM generate_series(1, 8);
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES ('A', 'awareness', '2023-10-01', 100, 90), ('A', 'app_20_55', '2023-10-01', 100, 90);
INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES ('A', 'visit', '2023-09-10', 14);
SELECT is(pg_temp.score('A', NULL, NULL, 'shiqiao-2023-example'), 89::numeric, 'S34: progress, tasks, practice, effect and amount of work; 90 % is enough');
INSERT INTO fraud.fraud_case (unit, filed_on, followed_up) VALUES ('A', '2023-09-03', false);
SELECT is(pg_temp.score('A', NULL, NULL, 'shiqiao-2023-example'), 69::numeric, 'S34: 9 are no fall by 10 %, and one was not followed up: 10 and 10 less');
SELECT is((SELECT array_agg(title ORDER BY no) FROM fraud.rubric_section WHERE rubric = 'shiqiao-2023'), '{活动组织推进,任务落实,做法突出,效果显著,工作体量}', 'S02: what the rating rests on is set out');

-- The office decides: it answers, changes the points, publishes
UPDATE fraud.rubric_item SET points = CASE no WHEN '1' THEN 50 ELSE 10 END WHERE rubric = 'tuohe-2023' AND no IN ('1', '2');
UPDATE fraud.rubric_question SET answer = '办公室会议确定' WHERE rubric = 'tuohe-2023';
SELECT lives_ok($$SELECT fraud.publish_rubric('tuohe-2023')$$, 'once the points are decided it is published');

SELECT * FROM finish();
