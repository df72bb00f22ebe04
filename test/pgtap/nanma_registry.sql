-- nanma-2023 as shipped, over rows in the registry's tables: the numbers are
-- worked out by hand from the document, as in nanma_by_hand.sql.  A unit has
-- 100 points; without 48 publicity sessions in 2023 it loses 5 (item 8).
\ir setup.psql

SELECT no_plan();
SELECT antifraud.create_registry('fraud');
SET search_path = fraud, public, antifraud, tap;

INSERT INTO unit (code, region, name, kind) VALUES
  ('A', '370323002001', 'A, a community', 'community'),
  ('S', '370323002001', 'S, a school in A', 'school'),
  ('B', '370323002002', 'B, a community', 'community'),
  ('N', '370323002003', 'N, without facts', 'village'),
  ('R', '370323002004', 'R, closed', 'village'),
  ('T', '370323002', 'the town, which is not assessed', 'town');
UPDATE unit SET active = false WHERE code = 'R';

CREATE FUNCTION pg_temp.total(which text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT total FROM fraud.scores('nanma-2023', as_of, known_at) WHERE unit = which $$;
-- An item's rows of the explanation: raw = deducted + overflow; rules that
-- deduct nothing are not in it.
CREATE FUNCTION pg_temp.item(which text, no text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(format('%s = %s + %s', raw, deducted, overflow), '; ' ORDER BY rule_no)
  FROM fraud.explain_score(which, 'nanma-2023') WHERE item_no = no $$;
CREATE TABLE moment (name text PRIMARY KEY, at timestamptz);

SELECT results_eq($$SELECT unit, total FROM fraud.scores('nanma-2023') ORDER BY unit$$,
  $$VALUES ('A', 95::numeric), ('B', 95), ('N', 95), ('S', 95)$$, 'no facts yet: 95 each; a closed unit and a town are not scored');
SELECT results_eq($$SELECT DISTINCT total FROM fraud.scores('nanma-2023', '2023-12-31')$$, $$VALUES (100::numeric)$$, 'as of the last day: 100');
SELECT results_eq($$SELECT DISTINCT total FROM fraud.scores('nanma-2023', '2024-01-01')$$, $$VALUES (95::numeric)$$, 'as of the day after: 95');
INSERT INTO moment VALUES ('nothing', clock_timestamp());

INSERT INTO activity (unit, kind, held_on, sessions) VALUES ('A', 'talk', '2023-01-01', 24), ('A', 'broadcast', '2023-12-31', 24),
  ('S', 'school_session', '2023-06-01', 48), ('B', 'push', '2023-06-01', 47), ('B', 'meeting', '2023-06-01', 9);
SELECT results_eq($$SELECT unit, total FROM fraud.scores('nanma-2023') ORDER BY unit$$, $$VALUES ('A', 100::numeric), ('B', 95), ('N', 95), ('S', 100)$$,
  'sessions: 24 + 24; 48; 47, and a meeting is not publicity; none');

-- ------------------------------------------- a school in a community's region
-- A: a case of 350,000: item 3 (1 > 0) 2, item 4 2: 96.  S: one of 120,000:
-- 2 + 1: 97.  If regions were what is scored, both would have 2 cases.
INSERT INTO fraud_case (case_no, unit, filed_on, loss) VALUES ('a1', 'A', '2023-06-10', 350000), ('s1', 'S', '2023-05-01', 120000);
SELECT is(pg_temp.total('A'), 96::numeric, 'A: 100 - 2 - 2');
SELECT is(pg_temp.total('S'), 97::numeric, 'S, in the same region: 100 - 2 - 1');
SELECT results_eq($$SELECT unit, region::text FROM fact WHERE measure = 'case' ORDER BY unit$$, $$VALUES ('A', '370323002001'), ('S', '370323002001')$$, 'both cases lie in the one region');
INSERT INTO moment VALUES ('cases', clock_timestamp());

-- ------------------------------------------------- voided, and known later
SELECT void_fact('fraud_case', id, 'entered twice') FROM fraud_case WHERE case_no = 'a1';
SELECT is(pg_temp.total('A'), 100::numeric, 'the case voided: A is back at 100');
SELECT is(pg_temp.total('A', NULL, (SELECT at FROM moment WHERE name = 'cases')), 96::numeric, 'but as known before the voiding: 96');
SELECT is(pg_temp.total('A', NULL, (SELECT at FROM moment WHERE name = 'nothing')), 95::numeric, 'and as known before anything: 95');
INSERT INTO moment VALUES ('voided', clock_timestamp());
INSERT INTO fraud_case (case_no, unit, filed_on, loss) VALUES ('a2', 'A', '2023-06-10', 99999.99);
SELECT is(pg_temp.total('A'), 98::numeric, 'a case of June recorded now: item 3 only');
SELECT is(pg_temp.total('A', NULL, (SELECT at FROM moment WHERE name = 'voided')), 100::numeric, 'was not known before');
SELECT is(pg_temp.total('A', '2023-06-09'), 100::numeric, 'as of the day before it was filed it does not count');
INSERT INTO fraud_case (case_no, unit, filed_on, loss) VALUES ('a0', 'A', '2022-06-10', 100000);
SELECT is(pg_temp.total('A'), 100::numeric, 'one case in the same months of last year: 1 is not above 1');
SELECT is(pg_temp.total('A', '2023-06-10'), 100::numeric, 'as of 10 June 2023 the baseline ends on 10 June 2022, its day: 1 against 1, sessions still open');
SELECT is(pg_temp.total('A', '2023-06-10', (SELECT at FROM moment WHERE name = 'voided')), 100::numeric, 'both dates together');

-- --------------------------------------------------------------- each item
INSERT INTO finding (unit, kind, found_on, quantity) VALUES ('B', 'study_missing', '2023-05-31', 8), ('B', 'ledger_missing', '2023-06-01', 3),
  ('B', 'control_failure', '2023-12-31', 3), ('B', 'reoffence', '2023-06-01', 1), ('B', 'study_missing', '2023-04-30', 1);
INSERT INTO den (unit, found_on) VALUES ('B', '2023-05-01'), ('B', '2024-01-01');
INSERT INTO sample (unit, kind, sampled_on, sampled, positive) VALUES ('B', 'app', '2023-06-01', 50, 46), ('B', 'app_staff', '2023-06-01', 10, 8);
SELECT is(pg_temp.item('B', '1'), '8 = 5 + 3', 'item 1: eight months without a study, of 5');
SELECT is(pg_temp.item('B', '2'), '3 = 3 + 0', 'item 2: the three listed things');
SELECT is(pg_temp.item('B', '7'), '4 = 4 + 0; 5 = 1 + 4', 'item 7: 50 - 46 residents, then staff, of 5');
SELECT is(pg_temp.item('B', '9'), '3 = 3 + 0; 5 = 5 + 0; 5 = 2 + 3', 'item 9: three defects, a reoffence, a den in the period, of 10');

-- only for show: item 8 takes 10 for publicity that was made up; unit B lost
-- 5 there before (47 sessions)
BEGIN;
SELECT is(pg_temp.item('B', '8'), '5 = 5 + 0', 'item 8: 47 sessions');
INSERT INTO finding (unit, kind, found_on) VALUES ('B', 'publicity_falsified', '2023-06-02');
SELECT is(pg_temp.item('B', '8'), '5 = 5 + 0; 10 = 10 + 0', 'A31: publicity only for show is found and costs 10');
ROLLBACK;

INSERT INTO officer (unit, subject, left_on) VALUES ('N', 'cadre-1', '2023-01-01');
INSERT INTO fraud_case (case_no, unit, filed_on, loss, victim, publicity_reached, in_group, app_installed) VALUES
  ('n1', 'N', '2023-06-10', 500000, 'cadre-1', true, true, true);
SELECT is(pg_temp.item('N', '5'), '10 = 5 + 5', 'item 5: a former officer was the victim: clamped at 5, overflow 5');
SELECT is(pg_temp.item('N', '4'), '10 = 10 + 0', 'item 4: 500,000 exactly');
SELECT is(pg_temp.total('N'), 78::numeric, 'N: 100 - 5 (sessions) - 2 (item 3) - 10 (4) - 5 (5)');

-- Item 6: the alert must have reached this victim before.
INSERT INTO alert (unit, victim, issued_on, delivered_on) VALUES ('S', 'v1', '2023-06-01', '2023-06-02'), ('S', 'v2', '2023-06-01', '2023-06-20'),
  ('S', 'v3', '2023-06-01', NULL), ('S', 'v4', '2023-06-01', '2023-06-02'), ('S', 'v1', '2023-06-03', '2023-06-03');
INSERT INTO fraud_case (case_no, unit, filed_on, happened_on, loss, victim) VALUES ('s-v1', 'S', '2023-06-11', '2023-06-10', 1, 'v1'),
  ('s-v2', 'S', '2023-06-25', '2023-06-10', 1, 'v2'), ('s-v3', 'S', '2023-06-11', '2023-06-10', 1, 'v3');
SELECT is(pg_temp.item('S', '6'), '5 = 5 + 0', 'item 6: only v1: v2''s alert came after the act, v3''s never arrived, v4 was not robbed; two alerts make one case');
INSERT INTO moment VALUES ('alerts', clock_timestamp());
SELECT void_fact('alert', id, 'wrong victim') FROM alert WHERE victim = 'v1' AND issued_on = '2023-06-01';
SELECT is(pg_temp.item('S', '6'), '5 = 5 + 0', 'item 6: the second alert still stands');
SELECT void_fact('alert', id, 'wrong victim') FROM alert WHERE victim = 'v1' AND voided_at IS NULL;
SELECT is(pg_temp.item('S', '6'), NULL, 'item 6: both voided: no case after an alert');
SELECT is(pg_temp.total('S') - pg_temp.total('S', NULL, (SELECT at FROM moment WHERE name = 'alerts')), 5::numeric, 'item 6: which is 5 more than was known');

-- Item 8: A and (B or C): not reached, and not in the group or without the app.
INSERT INTO unit (code, region, name) SELECT 'U' || n, '370323002005', 'U' || n FROM generate_series(1, 6) n;
INSERT INTO fraud_case (case_no, unit, filed_on, publicity_reached, in_group, app_installed) VALUES
  ('u1', 'U1', '2023-06-01', false, false, true), ('u2', 'U2', '2023-06-01', false, true, false), ('u3', 'U3', '2023-06-01', false, true, true),
  ('u4', 'U4', '2023-06-01', true, false, false), ('u5', 'U5', '2023-06-01', NULL, false, false), ('u6', 'U6', '2023-06-01', false, false, NULL),
  ('u6b', 'U6', '2023-06-01', false, false, false);
SELECT results_eq($$SELECT unit, total FROM fraud.scores('nanma-2023') WHERE unit LIKE 'U_' ORDER BY unit$$,
  $$VALUES ('U1', 88::numeric), ('U2', 88), ('U3', 93), ('U4', 93), ('U5', 93), ('U6', 88)$$,
  'item 8: 100 - 5 (sessions) - 2 (a case) and 5 more for U1, U2 and U6 (twice, but once counts)');

-- ---------------------------------------------------- a decision on a range
SELECT results_eq($$SELECT total, low, high FROM fraud.scores('nanma-2023-results') WHERE unit = 'N'$$, $$VALUES (0::numeric, 0::numeric, 10::numeric)$$,
  'results: a 500,000 yuan case, 10 to 20 of 20, undecided');
INSERT INTO moment VALUES ('undecided', clock_timestamp());
INSERT INTO decision (unit, rubric, item, rule, points, reason, decided_on)
  SELECT 'N', rubric, item, ordinal, 15, 'first such case', '2024-01-10' FROM rubric_rule WHERE rubric = 'nanma-2023-results' AND rule::text = 'deduct 10..20 if amount >= 500000';
SELECT results_eq($$SELECT total, low, high FROM fraud.scores('nanma-2023-results') WHERE unit = 'N'$$, $$VALUES (5::numeric, 5::numeric, 5::numeric)$$, 'results: decided at 15: 5 left');
SELECT results_eq($$SELECT total, low, high FROM fraud.scores('nanma-2023-results', NULL, (SELECT at FROM moment WHERE name = 'undecided')) WHERE unit = 'N'$$,
  $$VALUES (0::numeric, 0::numeric, 10::numeric)$$, 'results: as known before the decision it was open');
SELECT results_eq($$SELECT total, low, high FROM fraud.scores('nanma-2023-results') WHERE unit = 'B'$$, $$VALUES (0::numeric, 0::numeric, 10::numeric)$$, 'results: B has a den');
SELECT results_eq($$SELECT unit FROM fraud.scores('nanma-2023-results') WHERE vetoed ORDER BY unit$$, $$VALUES ('B'), ('N')$$,
  'results: a den and a case of 500,000 rule out the title of civilised community');
SELECT throws_ok($$INSERT INTO decision (unit, rubric, item, rule, points, reason, decided_on)
  SELECT 'B', rubric, item, ordinal, 21, 'too much', '2024-01-10' FROM rubric_rule WHERE rubric = 'nanma-2023-results' AND rule::text = 'deduct 10..20'$$, '22023', NULL,
  'results: 21 of 10 to 20 is refused when it is entered');
INSERT INTO decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('N', 'nanma-2023', '5', 1, true, 'retired long ago', '2024-01-10');
SELECT is(pg_temp.total('N'), 83::numeric, 'item 5 waived for N: 78 + 5');
SELECT results_eq($$SELECT raw, deducted, state FROM explain_score('N', 'nanma-2023') WHERE item_no = '5'$$, $$VALUES (10::numeric, 0::numeric, 'waived')$$,
  'and stays visible as waived');

-- ------------------------------------------------------ the board, and what if
SELECT results_eq($$SELECT total FROM scoreboard ORDER BY rank, unit$$, $$SELECT total FROM fraud.scores('nanma-2023') ORDER BY total DESC, unit$$, 'the scoreboard has the scores, best first');
SELECT set_eq($$SELECT s.rank FROM scoreboard s$$, $$SELECT rank() OVER (ORDER BY total DESC) FROM fraud.scores('nanma-2023')$$, 'equal scores share a rank');
SELECT is((SELECT sum(deducted) FROM explain_score('B', 'nanma-2023')), 100 - pg_temp.total('B'), 'an explanation''s deductions add up to what is missing from 100');
SELECT results_eq($$SELECT before, after FROM simulate_score('A', 'nanma-2023', '[{"measure": "case", "occurred_on": "2023-07-01", "amount": 350000}]') WHERE line = 'total'$$,
  $$VALUES (100::numeric, 96::numeric)$$, 'one more case of 350,000 would cost A 2 (2 > 1) and 2');
SELECT is(pg_temp.total('A'), 100::numeric, 'and has not');

SELECT * FROM finish();
