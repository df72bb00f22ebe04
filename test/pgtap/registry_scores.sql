-- Scores through the registry: which facts count, for whom, as known when.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- Without facts: 95 when the year is over (item 8: 0 sessions of 48 is 5
-- points), 100 before, when the shortfall is still open.
SELECT is(pg_temp.score('370323002002'), 95::numeric, 'a unit without facts, judged whole');
SELECT is(pg_temp.score('370323002002', '2024-01-01'), 95::numeric, 'after the end');
SELECT is(pg_temp.score('370323002002', '2023-12-31'), 100::numeric, 'on the last day the shortfall is open');
SELECT is(pg_temp.score('370323002002', '2023-06-30'), 100::numeric, 'and before');
SELECT is((SELECT (state, raw, deducted) FROM fraud.explain_score('370323002002', 'nanma-2023', '2023-06-30')), ROW ('open'::text, 5::numeric, 0::numeric), 'it is shown as open');
SELECT is((SELECT array_agg(unit ORDER BY unit) FROM fraud.scores('nanma-2023')), '{370323002002,370323002003,370323002004,370323002013}', 'every unit has a score');

-- A school that shares its region with a community keeps its own facts.
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('school-1', '370323002013', '学府小学', 'school');
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('school-1', 'study_missing', '2023-06-01'), ('370323002013', 'study_missing', '2023-06-01'), ('370323002013', 'study_missing', '2023-07-01');
SELECT is(pg_temp.score('school-1'), 94::numeric, 'the school loses its own point (100 - 5 - 1)');
SELECT is(pg_temp.score('370323002013'), 93::numeric, 'the community its own two (100 - 5 - 2)');

-- Levels above are parents and are not scored; nor are inactive units.
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('370323002000', '370323002', '南麻街道', 'town');
INSERT INTO fraud.unit (code, region, name, active) VALUES ('closed', '370323002', '撤销村', false);
SELECT is(pg_temp.score('370323002000'), NULL, 'a town is not scored');
SELECT is(pg_temp.score('closed'), NULL, 'nor an inactive unit');
SELECT throws_ok($$SELECT fraud.card_of('nowhere', 'nanma-2023')$$, '42704', 'unit ''nowhere'' does not exist', 'nobody has no card');
SELECT is(antifraud.total(fraud.card_of('closed', 'nanma-2023'), fraud.rubric_for('closed', 'nanma-2023')), 95::numeric, 'which still has a card');

-- Baseline facts lie outside the period: they must count. Item 3 compares
-- May to December 2023 with the same days of 2022: 1 against 1, then 2.
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002003', '2022-05-01', 1), ('370323002003', '2022-04-30', 1), ('370323002003', '2023-12-31', 1);
SELECT is(pg_temp.score('370323002003'), 95::numeric, 'as many as last year: nothing');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002003', '2023-05-01', 1), ('370323002003', '2023-04-30', 900000);
SELECT is(pg_temp.score('370323002003'), 93::numeric, 'one more: 2 points; what is outside the period does not count');
-- As of 1 December the case of 31 December has not happened: 1 against 1.
SELECT is(pg_temp.score('370323002003', '2023-12-01'), 100::numeric, 'as of a day before it');
-- Publicity counts over the calendar year, from January on.
INSERT INTO fraud.activity (unit, held_on, sessions) VALUES ('370323002003', '2023-01-01', 47);
SELECT is(pg_temp.score('370323002003'), 93::numeric, '47 sessions are too few');
INSERT INTO fraud.activity (unit, held_on, sessions) VALUES ('370323002003', '2022-12-31', 9), ('370323002003', '2024-01-01', 9);
SELECT is(pg_temp.score('370323002003'), 93::numeric, 'those of other years do not help');
INSERT INTO fraud.activity (unit, held_on, sessions) VALUES ('370323002003', '2023-12-31', 1);
SELECT is(pg_temp.score('370323002003'), 98::numeric, '48 are enough');

-- Known then. 370323002004: a case of 350,000 yuan costs 2 (item 3, none last
-- year) and 2 (item 4): 95 - 4 = 91. Voided and entered as 35,000: 93.
CREATE TEMP TABLE moment (name text PRIMARY KEY, at timestamptz);
INSERT INTO moment VALUES ('before', clock_timestamp());
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('K-1', '370323002004', '2023-06-01', 350000);
INSERT INTO moment VALUES ('entered', clock_timestamp());
BEGIN;
UPDATE fraud.fraud_case SET void_reason = 'a zero too many' WHERE case_no = 'K-1';
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('K-1', '370323002004', '2023-06-01', 35000);
COMMIT;
INSERT INTO moment VALUES ('corrected', clock_timestamp());
SELECT is(pg_temp.score('370323002004'), 93::numeric, 'now: the corrected case');
SELECT is(pg_temp.score('370323002004', NULL, (SELECT at FROM moment WHERE name = 'before')), 95::numeric, 'known before: no case');
SELECT is(pg_temp.score('370323002004', NULL, (SELECT at FROM moment WHERE name = 'entered')), 91::numeric, 'known when it was entered: the wrong amount');
SELECT is(pg_temp.score('370323002004', NULL, (SELECT at FROM moment WHERE name = 'corrected')), 93::numeric, 'known after the correction');
SELECT is((SELECT pg_temp.score('370323002004', NULL, recorded_at) FROM fraud.fraud_case WHERE case_no = 'K-1' AND voided_at IS NULL), 93::numeric, 'at the instant of the correction the two change places');
SELECT is(pg_temp.score('370323002004', NULL, '2001-01-01'), 95::numeric, 'long before');
SELECT results_eq(
  $$SELECT item_no, deducted, fact_keys FROM fraud.explain_score('370323002004', 'nanma-2023', NULL, (SELECT at FROM moment WHERE name = 'entered')) WHERE item_no = '4'$$,
  $$SELECT '4', 2::numeric, ARRAY['fraud_case ' || min(id)] FROM fraud.fraud_case WHERE case_no = 'K-1'$$, 'the explanation too is as known then');

-- A decision on a discretionary range. 2 cases against 1 is a rise of 100%.
SELECT is((SELECT (total, low, high, vetoed) FROM fraud.scores('nanma-2023-results') WHERE unit = '370323002003'), ROW (0::numeric, 0::numeric, 10::numeric, true), 'undecided, a range');
INSERT INTO moment VALUES ('undecided', clock_timestamp());
INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on) VALUES ('370323002003', 'nanma-2023-results', '1', 1, 12.5, 'r', '2024-01-10');
SELECT is((SELECT (total, low, high, vetoed) FROM fraud.scores('nanma-2023-results') WHERE unit = '370323002003'), ROW (7.5, 7.5, 7.5, true), 'decided, a number');
SELECT is((SELECT (low, high) FROM fraud.scores('nanma-2023-results', NULL, (SELECT at FROM moment WHERE name = 'undecided')) WHERE unit = '370323002003'), ROW (0::numeric, 10::numeric), 'as known before, a range');
SELECT is((SELECT (total, low, high) FROM fraud.scores('nanma-2023-results') WHERE unit = '370323002002'), ROW (20::numeric, 20::numeric, 20::numeric), 'a decision about one unit is about no other');
UPDATE fraud.decision SET void_reason = 'objection upheld';
SELECT is((SELECT (low, high) FROM fraud.scores('nanma-2023-results') WHERE unit = '370323002003'), ROW (0::numeric, 10::numeric), 'voided, a range again');

-- A waiver stays visible. A case of staff: 5 of 5 points, 5 overflow.
INSERT INTO fraud.fraud_case (unit, filed_on, victim_is_staff) VALUES ('370323002002', '2023-06-01', true);
SELECT is((SELECT (deducted, overflow, state) FROM fraud.explain_score('370323002002', 'nanma-2023') WHERE item_no = '5'), ROW (5::numeric, 5::numeric, 'scored'::text), 'item 5 clamps at its points and shows the rest');
SELECT is(pg_temp.score('370323002002'), 88::numeric, '100 - 2 (item 3) - 5 (item 5) - 5 (item 8)');
INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reading, reason, decided_on) VALUES ('370323002002', 'nanma-2023', '5', 1, true, '本人已离职', 'r', '2024-01-10');
SELECT is(pg_temp.score('370323002002'), 93::numeric, 'waived: 5 points more');
SELECT is((SELECT (deducted, state, reading) FROM fraud.explain_score('370323002002', 'nanma-2023') WHERE item_no = '5'), ROW (0::numeric, 'waived'::text, '本人已离职'::text), 'and shown as waived, with the reading');

-- The explanation adds up, and each row has its clause, facts and arithmetic.
SELECT is(100 - sum(deducted), pg_temp.score(unit), 'the rows of ' || unit || ' add up')
FROM (SELECT s.unit, e.deducted FROM fraud.scores('nanma-2023') AS s LEFT JOIN fraud.explain_score(s.unit, 'nanma-2023') AS e ON true) AS x GROUP BY unit ORDER BY unit;
SELECT results_eq(
  $$SELECT item_no, clause, rule_zh, arithmetic_zh, arithmetic, raw, deducted FROM fraud.explain_score('370323002004', 'nanma-2023')$$,
  $$VALUES ('3', '附件2第3项：发案数超过去年同期的扣2分', '超过去年同期的，扣2分', '1起 > 同期0：2分', '1 case > baseline 0: 2 points', 2::numeric, 2::numeric),
           ('8', '附件2第8项：全年宣传少于48次的扣5分', '少于48次的，扣5分', '0次 < 48：5分', '0 sessions < 48: 5 points', 5, 5)$$, 'a row a deduction');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES
  ('school-1', '2023-06-01', 100000), ('school-1', '2023-06-02', 299999.99), ('school-1', '2023-06-03', 300000), ('school-1', '2023-06-04', 500000), ('school-1', '2023-06-05', 99999.99), ('school-1', '2023-06-06', NULL);
SELECT results_eq(
  $$SELECT arithmetic_zh, arithmetic, raw, deducted, overflow, cardinality(fact_keys) FROM fraud.explain_score('school-1', 'nanma-2023') WHERE item_no = '4'$$,
  $$VALUES ('2起 × 1分（金额 ≥ 10万元） + 1起 × 2分（金额 ≥ 30万元） + 10分（金额 ≥ 50万元） = 14分，实扣10分',
            '2 × 1 (amount ≥ 100000 yuan) + 1 × 2 (amount ≥ 300000 yuan) + 10 points (amount ≥ 500000 yuan) = 14 points, 10 deducted', 14::numeric, 10::numeric, 4::numeric, 4)$$, 'bands, with the facts that selected them');
SELECT is(pg_temp.error_of($$SELECT * FROM fraud.explain_score('nobody', 'nanma-2023')$$),
  E'42704\nunit ''nobody'' does not exist\nThe table unit has no such code.\nPass the code of a unit, for a community its 12 digits.', 'an unknown unit');
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.explain_score(NULL, 'nanma-2023')$$), '42704 no unit was named: its code is NULL', 'no unit');
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.scores('nope')$$), '42704 rubric ''nope'' does not exist', 'an unknown rubric');
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.scores(NULL)$$), '22004 no rubric was named: its code is NULL', 'no rubric');

-- The explanation of every form of rule follows the engine.
SELECT fraud.load_rubric($${"code":"forms","edition":"1","title":"t","total":100,"period":["2023-01-01","2023-12-31"],"baseline":"last_year","sections":[{"title":"s","points":100,"items":[
  {"no":"1","title":"i","points":20,"rules":[{"measure":"publicity","rule":"deduct 1 per 2 missing if count < required","required":10}]},
  {"no":"2","title":"i","points":20,"rules":[{"measure":"case","rule":"deduct 2 per 1 excess if count > baseline"}]},
  {"no":"3","title":"i","points":20,"rules":[{"measure":"app_installed","rule":"deduct 0.5 per 1 percent if rate < 90%"}]},
  {"no":"4","title":"i","points":20,"rules":[{"measure":"case","rule":"deduct 1 per 2 occurrence cap 1"}]},
  {"no":"5","title":"i","points":20,"rules":[{"measure":"case","rule":"deduct 1 if count >= 2, deduct 3 if count >= 4"}, {"measure":"case","rule":"deduct 2 if count >= 1","window":"month"}]}]}]}$$) \g /dev/null
SELECT fraud.publish_rubric('forms') \g /dev/null
INSERT INTO fraud.unit (code, region, name) VALUES ('forms', '370323002', 'n');
INSERT INTO fraud.fraud_case (unit, filed_on) SELECT 'forms', '2023-02-27'::date + i FROM generate_series(0, 3) AS i;
INSERT INTO fraud.fraud_case (unit, filed_on) VALUES ('forms', '2022-03-01');
INSERT INTO fraud.activity (unit, held_on, sessions) VALUES ('forms', '2023-03-03', 5);
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES ('forms', 'app', '2023-03-03', 80, 70);
SELECT results_eq(
  $$SELECT item_no, arithmetic, arithmetic_zh, raw, deducted FROM fraud.explain_score('forms', 'forms')$$,
  $$VALUES ('1', '5 sessions < required 10: 2 × 1 = 2 points', '5次 < 规定数10：2 × 1分 = 2分', 2::numeric, 2::numeric),
           ('2', '4 cases > baseline 1: 3 × 2 = 6 points', '4起 > 同期1：3起 × 2分 = 6分', 6, 6),
           ('3', '70 ÷ 80 = 87.5% < 90%: 2 × 0.5 = 1 points', '70 ÷ 80 = 87.5% < 90%：2 × 0.5分 = 1分', 1, 1),
           ('4', '2 × 1 = 2 points, 1 deducted', '2 × 1分 = 2分，实扣1分', 2, 1),
           ('5', '4 cases = 3 points', '4起 = 3分', 3, 3),
           ('5', '4 cases, judged month by month: 4 points', '共4起，逐月判定：4分', 4, 4)$$, 'missing, excess, percent, steps, bands, months');

-- Rules without points: a row if they did something, however little was
-- counted, in the band that did it. Months are judged apart: 2 cases in
-- February and 4 in March are more than 3 in one month, and not more than 5.
SELECT fraud.load_rubric($${"code":"rungs","edition":"1","title":"t","total":10,"period":["2023-01-01","2023-12-31"],"baseline":"last_year","sections":[{"title":"s","points":10,"items":[{"no":"1","title":"i","points":10,"rules":[
  {"measure":"den","rule":"veto if count < 1"},
  {"measure":"den","rule":"raise interview if count = 0"},
  {"measure":"den","rule":"raise notice if count > 0"},
  {"measure":"case","rule":"raise reminder if change > 0%, raise interview if change > 50%"},
  {"measure":"case","rule":"veto if count > 3","window":"month"},
  {"measure":"den","rule":"raise red_card if count < 1","window":"month"},
  {"measure":"case","rule":"raise reminder if amount > 0, raise notice if amount >= 500000"},
  {"measure":"app_installed","rule":"veto if rate < 87.6%"},
  {"measure":"awareness","rule":"veto if rate < 50%"},
  {"measure":"case","rule":"deduct 1..3 per 2 occurrence"},
  {"measure":"case","rule":"deduct 1..2 if amount >= 500000"},
  {"measure":"case","rule":"raise discipline if count > 5","window":"month"}]}]}]}$$) \g /dev/null
SELECT fraud.publish_rubric('rungs') \g /dev/null
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('forms', '2023-03-20', 600000), ('forms', '2023-03-21', 5);
SELECT is((SELECT (vetoed, antifraud.raised(card, fraud.published_rubric('rungs'))) FROM fraud.scores('rungs') WHERE unit = 'forms'),
  ROW (true, '{interview,red_card,reminder,notice}'::text[]), 'what the engine says');
SELECT results_eq(
  $$SELECT rule_no, arithmetic, arithmetic_zh, state FROM fraud.explain_score('forms', 'rungs')$$,
  $$VALUES (1, '0 dens < 1: veto', '0个 < 1：一票否决', 'scored'),
           (2, '0 dens = 0: raise interview', '0个 = 0：发起约谈', 'scored'),
           (4, '6 cases, baseline 1, change 500% > 50%: raise interview', '6起，同期1，变化500% > 50%：发起约谈', 'scored'),
           (5, '6 cases, judged month by month: veto', '共6起，逐月判定：一票否决', 'scored'),
           (6, '0 dens, judged month by month: raise red_card', '共0个，逐月判定：发起红牌', 'scored'),
           (7, '1 case (amount > 0 yuan) + 1 case (amount ≥ 500000 yuan): raise reminder, raise notice', '1起（金额 > 0元） + 1起（金额 ≥ 50万元）：发起工作提示函、发起督导通报', 'scored'),
           (8, '70 ÷ 80 = 87.5% < 87.6%: veto', '70 ÷ 80 = 87.5% < 87.6%：一票否决', 'scored'),
           (10, '3 × 1 to 3 points, to be decided', '3 × 1至3分，待定', 'pending'),
           (11, '1 to 2 points (amount ≥ 500000 yuan), to be decided', '1至2分（金额 ≥ 50万元），待定', 'pending')$$, 'vetoes, rungs and ranges are explained as the engine took them');
SELECT results_eq(
  $$SELECT rule_no, arithmetic, arithmetic_zh FROM fraud.explain_score('forms', 'rungs', '2023-06-30') WHERE state = 'open' AND rule_no = 1$$,
  $$VALUES (1, '0 dens < 1, not judged before the end', '0个 < 1，期未满，暂不判定')$$, 'a veto that is open');

-- Records that do not reach back to the baseline: no comparison is shown.
SELECT fraud.load_rubric($${"code":"young","edition":"1","title":"t","total":10,"period":["2023-01-01","2023-12-31"],"baseline":"last_year","baseline_from":"2022-02-01","sections":[{"title":"s","points":10,"items":[{"no":"1","title":"i","points":10,"rules":[
  {"measure":"case","rule":"deduct 2 if count > baseline"}]}]}]}$$) \g /dev/null
SELECT fraud.publish_rubric('young') \g /dev/null
UPDATE fraud.rubric_edition SET listed = false WHERE code IN ('rungs', 'young');
SELECT results_eq(
  $$SELECT arithmetic, arithmetic_zh, deducted, state FROM fraud.explain_score('forms', 'young')$$,
  $$VALUES ('6 cases, records do not reach back to the baseline, not computable: for review', '6起，同期无完整记录，无法计算，待核', 0::numeric, 'review')$$, 'no records of the baseline');

-- Points have two decimals: a third is refused, not rounded.
SELECT is(pg_temp.message_of($$INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on) VALUES ('370323002003', 'nanma-2023-results', '1', 1, 12.345, 'r', '2024-01-10')$$),
  '22023 decision 1: "points" must be a number, not negative, with at most two decimals', 'a decision with three decimals');
SELECT lives_ok($$INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on) VALUES ('370323002003', 'nanma-2023-results', '1', 1, 12.500, 'r', '2024-01-10')$$, 'zeros at the end are not decimals');
SELECT is((SELECT total FROM fraud.scores('nanma-2023-results') WHERE unit = '370323002003'), 7.5, 'and it counts');
UPDATE fraud.decision SET void_reason = 'r' WHERE points = 12.5 AND voided_at IS NULL;

-- What if.
SELECT results_eq(
  $$SELECT line, item_no, measure, before, after FROM fraud.simulate_score('370323002004', 'nanma-2023',
      '[{"measure": "publicity", "occurred_on": "2023-11-01", "quantity": 48}, {"measure": "case", "occurred_on": "2023-06-03", "amount": 500000}]')$$,
  $$VALUES ('total', NULL, NULL, 93::numeric, 88::numeric), ('rule', '4', 'case', 0, 10), ('rule', '8', 'publicity', 5, 0)$$, 'more sessions and a heavy case');
SELECT results_eq($$SELECT line, before, after FROM fraud.simulate_score('370323002004', 'nanma-2023', '[]')$$, $$VALUES ('total', 93::numeric, 93::numeric)$$, 'nothing more');
SELECT results_eq($$SELECT line, item_no, before, after FROM fraud.simulate_score('370323002004', 'nanma-2023-results', '[{"measure": "den", "occurred_on": "2023-06-03"}]')$$,
  $$VALUES ('total', NULL, 20::numeric, 0::numeric), ('high', NULL, 20, 10), ('rule', '1', 0, 20)$$, 'a den leaves a range');
SELECT is(pg_temp.score('370323002004'), 93::numeric, 'nothing was stored');
SELECT is(pg_temp.message_of(format('SELECT * FROM fraud.simulate_score(''370323002004'', ''nanma-2023'', %L)', facts)), error, coalesce(facts, 'NULL'))
FROM (VALUES
  (NULL, '22023 the facts to suppose must be a JSON array, not NULL'),
  ('{}', '22023 the facts to suppose must be a JSON array, not object'),
  ('[1]', '22023 supposed fact 1 must be a JSON object, not number'),
  ('[{"measure": "case", "occurred_on": "2023-06-03"}, {"measure": "nonsense", "occurred_on": "2023-06-03"}]', '42704 supposed fact 2: measure "nonsense" does not exist'),
  ('[{"occurred_on": "2023-06-03"}]', '42704 supposed fact 1: measure (missing) does not exist'),
  ('[{"measure": 7, "occurred_on": "2023-06-03"}]', '42704 supposed fact 1: measure 7 does not exist'),
  ('[{"measure": "case", "occurred": "2023-06-03"}]', '22023 supposed fact 1 has an unknown key "occurred"'),
  ('[{"measure": "case"}]', '22007 supposed fact 1: occurred_on is missing'),
  ('[{"measure": "case", "occurred_on": "yesterday"}]', '22007 supposed fact 1: occurred_on is "yesterday"'),
  ('[{"measure": "case", "occurred_on": "2023-02-29"}]', '22008 supposed fact 1: occurred_on is "2023-02-29"'),
  ('[{"measure": "case", "occurred_on": "2023-06-03", "quantity": -1}]', '22023 supposed fact 1: quantity is -1'),
  ('[{"measure": "case", "occurred_on": "2023-06-03", "quantity": 1.5}]', '22023 supposed fact 1: quantity is 1.5'),
  ('[{"measure": "case", "occurred_on": "2023-06-03", "quantity": 9223372036854775808}]', '22023 supposed fact 1: quantity is 9223372036854775808'),
  ('[{"measure": "case", "occurred_on": "2023-06-03", "quantity": "1"}]', '22023 supposed fact 1: quantity is "1"'),
  ('[{"measure": "case", "occurred_on": "2023-06-03", "base": -1}]', '22023 supposed fact 1: base is -1'),
  ('[{"measure": "case", "occurred_on": "2023-06-03", "amount": -1}]', '22023 supposed fact 1: amount is -1')) AS t (facts, error);
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.simulate_score('nobody', 'nanma-2023', '[]')$$), '42704 unit ''nobody'' does not exist', 'an unknown unit');

-- The scoreboard: ties share a rank, vetoed units stand last, as_of is a setting.
SELECT is((SELECT array_agg((s.total, s.low, s.high)::text ORDER BY s.unit) FROM fraud.scores('nanma-2023') AS s),
          (SELECT array_agg((b.total, b.low, b.high)::text ORDER BY b.unit) FROM fraud.scoreboard AS b WHERE b.rubric = 'nanma-2023'), 'it shows the scores');
SELECT results_eq($$SELECT rank, unit, total FROM fraud.scoreboard WHERE rubric = 'nanma-2023' ORDER BY rank, unit$$,
  $$SELECT (SELECT count(*) FROM fraud.scores('nanma-2023') AS o WHERE o.total > s.total) + 1, s.unit, s.total FROM fraud.scores('nanma-2023') AS s ORDER BY 1, 2$$, 'a rank is one more than the units above');
SELECT is((SELECT count(DISTINCT rubric)::int FROM fraud.scoreboard), 2, 'published and listed rubrics');
UPDATE fraud.registry_info SET as_of = '2023-06-30';
SELECT is((SELECT total FROM fraud.scoreboard WHERE rubric = 'nanma-2023' AND unit = 'school-1'), pg_temp.score('school-1', '2023-06-30'), 'as of the day that is set');

-- A merged card and the mean of scores are two questions.
SELECT is((SELECT antifraud.total(antifraud.merge(s.card), fraud.published_rubric('nanma-2023')) FROM fraud.scores('nanma-2023') AS s WHERE s.unit IN ('370323002013', 'school-1')),
  (SELECT antifraud.total(sum, fraud.published_rubric('nanma-2023')) FROM (SELECT a.card OPERATOR(antifraud.+) b.card AS sum FROM fraud.scores('nanma-2023') AS a, fraud.scores('nanma-2023') AS b WHERE a.unit = '370323002013' AND b.unit = 'school-1') AS t), 'merged as added');

SELECT * FROM finish();
