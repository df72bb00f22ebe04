-- Titles, ranks within cohorts, self-assessment, yearly rating, consequences
-- and double review, by hand-worked numbers. County 339999 does not exist.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

INSERT INTO fraud.unit (code, region, name, kind, parent, setting, zone) VALUES
  ('339999001', '339999001', '一镇', 'town', NULL, NULL, NULL),
  ('v1', '339999001001', '一村', 'village', '339999001', 'rural', '规划区内'), ('v2', '339999001002', '二村', 'village', '339999001', 'rural', '规划区内'),
  ('v3', '339999001003', '三村', 'village', '339999001', 'rural', '规划区外'), ('v4', '339999001004', '四村', 'village', '339999001', 'rural', '规划区外'),
  ('v5', '339999001005', '五村', 'village', '339999001', 'rural', '规划区外'), ('c1', '339999001006', '一社区', 'community', '339999001', 'urban', '规划区内'),
  ('k1', '339999001006', '一小区', 'compound', 'c1', 'urban', NULL), ('s1', '339999001', '一校', 'school', '339999001', NULL, NULL),
  ('e1', '339999001', '一企业', 'enterprise', '339999001', NULL, NULL), ('d1', '339999001', '一部门', 'department', '339999001', NULL, NULL);
SELECT fraud.adopt_programme('nanma-2023', '339999') \g /dev/null
SELECT fraud.adopt_programme('template-plan-1', '339999', '2023-03-05', '2023-12-31') \g /dev/null

CREATE FUNCTION pg_temp.state(unit text, as_of date, known_at timestamptz DEFAULT NULL, programme text DEFAULT 'nanma-2023') RETURNS text LANGUAGE sql
  RETURN (SELECT concat_ws(' ', c.cases, c.suspects, c.dens, c.state) FROM fraud.certificate_candidates(as_of, known_at, programme) AS c WHERE c.unit = state.unit);

-- The three zeros: N02 to N05, B03 to B05. The period is 1 May to 31 December.
SELECT is(pg_temp.state('v1', '2023-12-31'), '0 0 0 open', 'N02: nothing so far, and the last day is not over');
SELECT is(pg_temp.state('v1', '2024-01-01'), '0 0 0 candidate', 'N02, B03: no case in the whole period');
INSERT INTO fraud.fraud_case (case_no, unit, happened_on, filed_on) VALUES ('N1', 'v2', '2023-04-20', '2023-05-01'), ('N2', 'v3', '2023-12-31', '2024-01-01');
SELECT is(pg_temp.state('v2', '2024-01-01'), '1 0 0 lost', 'N03: filed in the period, though the act was before: filing counts');
SELECT is(pg_temp.state('v3', '2024-01-02'), '0 0 0 candidate', 'N03: filed after the period');
INSERT INTO fraud.suspect (unit, subject, found_on, basis) VALUES ('v4', 'k-4', '2023-08-01', '刑事拘留');
SELECT is(pg_temp.state('v4', '2024-01-01'), '0 1 0 lost', 'N04, B04: a suspect');
INSERT INTO fraud.suspect_clearance (suspect, cleared_on, reason) SELECT id, '2023-10-01', '不起诉' FROM fraud.suspect;
SELECT is(pg_temp.state('v4', '2024-01-01'), '0 0 0 candidate', 'N04, B04: one who was cleared counts as never');
INSERT INTO fraud.den (unit, found_on) VALUES ('v5', '2023-12-31');
SELECT is(pg_temp.state('v5', '2024-01-01'), '0 0 1 lost', 'N05, B05: a den on the last day');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on) VALUES ('N3', 'k1', '2023-06-01');
SELECT is(pg_temp.state('k1', '2024-01-01') || ', ' || pg_temp.state('c1', '2024-01-01'), '1 0 0 lost, 1 0 0 lost', 'Q64, T43: a case in a compound is one of the compound and of its community');
SELECT is((SELECT string_agg(unit, ' ' ORDER BY unit) FROM fraud.certificate_candidates('2024-01-01', NULL, 'nanma-2023')),
  'c1 d1 e1 k1 s1 v1 v2 v3 v4 v5', 'N48, Q64: communities, compounds, villages, schools, enterprises, departments; not the town');
SELECT is((SELECT count(*)::int FROM fraud.certificate_candidates('2024-01-01', NULL, 'shiqiao-2023')), 0, 'none under a programme that nobody adopted');
SELECT is((SELECT concat_ws(' ', state, period_from, period_to) FROM fraud.certificate_candidates('2024-01-01', NULL, 'template-plan-1', 2, '{v1}')), 'candidate 2023-03-05 2023-12-31', 'A04: under another programme, its own days');
UPDATE fraud.registry_info SET as_of = '2024-01-01';
SELECT is((SELECT array_agg(unit || ' ' || state ORDER BY unit) FROM fraud.certificate_candidate WHERE programme = 'nanma-2023' AND kind = 'village'),
  '{"v1 candidate","v2 lost","v3 candidate","v4 candidate","v5 lost"}', 'the view certificate_candidate');

-- The title: evidence, not before the end, not to others, revocable
SELECT throws_like($$SELECT fraud.award_certificate('nanma-2023', 'v1', '2023-12-31')$$, 'unit ''v1'' has no period%', 'not before the period is over');
SELECT matches(pg_temp.error_of($$SELECT fraud.award_certificate('nanma-2023', 'v2', '2024-01-10')$$), 'cannot have the title .* for 2023\n.*cases 1, suspects 0, dens 0', 'not with a case, and the numbers are said');
SELECT lives_ok($$SELECT fraud.award_certificate('nanma-2023', 'v4', '2024-01-10', '南政发〔2024〕1号')$$, 'N02, A04: awarded');
SELECT is((SELECT evidence::text FROM fraud.certificate), '{"dens": 0, "cases": 0, "suspects": 0, "looked_at": ["suspect:1"]}', 'with what was counted, and the suspect who was cleared');
SELECT is(pg_temp.state('v4', '2024-01-11'), '0 0 0 certified', 'N02: then it is certified');
SELECT is((SELECT sum(quantity)::int FROM fraud.fact WHERE measure = 'certificate' AND unit = 'v4' AND occurred_on = '2023-12-31' AND voided_at IS NULL), 1, 'Q65: counts for targets, on the last day of its period');
SELECT throws_ok($$SELECT fraud.award_certificate('nanma-2023', 'v4', '2024-01-11')$$, '23505', NULL, 'once');
SELECT throws_like($$INSERT INTO fraud.certificate (unit, programme, period_from, period_to, awarded_on) VALUES ('v1', 'nanma-2023', '2023-05-01', '2023-12-31', '2023-12-31')$$, '%certificate_after_period%', 'from elsewhere too, after the period only');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on) VALUES ('N4', 'v4', '2023-09-09');
SELECT is((SELECT concat_ws(' ', cases, in_force, contradicted, changed) FROM fraud.certificate_state WHERE unit = 'v4'), '1 t t t', 'a case that comes to light: flagged, not changed');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.certificate_revocation (certificate, revoked_on, reason) SELECT id, awarded_on - 1, '早' FROM fraud.certificate WHERE unit = 'v4'$$),
  '^23514\n.* is before .*\nThat is the awarded_on of certificate \d+, .*\nCorrect revoked_on', 'no title is revoked before its award');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.suspect_clearance (suspect, cleared_on, reason) SELECT id, found_on - 1, '早' FROM fraud.suspect$$),
  '^23514\n.*\nThat is the found_on of suspect', 'nobody cleared before being suspected');
SELECT matches(pg_temp.error_of($$WITH d AS (SELECT id, found_on FROM fraud.den LIMIT 1) INSERT INTO fraud.den_closure (den, closed_on) SELECT id, found_on - 1 FROM d$$),
  '^23514\n.*\nThat is the found_on of den', 'no den closed before it was found');
INSERT INTO fraud.certificate_revocation (certificate, revoked_on, reason) SELECT id, '2024-02-01', '补录案件' FROM fraud.certificate WHERE unit = 'v4';
SELECT is((SELECT in_force FROM fraud.certificate_state WHERE unit = 'v4'), false, 'revoked');
-- the case that contradicted it is withdrawn: the title stays taken back until the
-- revocation is, and is not given a second time
BEGIN;
SELECT fraud.void_fact('fraud_case', id, '重复录入') FROM fraud.fraud_case WHERE case_no = 'N4' \g /dev/null
SELECT is(pg_temp.state('v4', '2024-02-02'), '0 0 0 revoked', 'revoked, and no candidate');
SELECT is((SELECT concat_ws(' ', state, met, years_met) FROM fraud.yearly_rating('nanma-2023', '2024-02-02') WHERE unit = 'v4'), 'revoked f 0', 'B07: a year whose title was taken back is not met');
SELECT matches(pg_temp.error_of($$SELECT fraud.award_certificate('nanma-2023', 'v4', '2024-02-03')$$), '^23505\n.*was given the title .* for 2023 already\nIt is certificate \d+, revoked on 2024-02-01: 补录案件\.\nVoid the revocation', 'nor is it awarded a second time');
SELECT fraud.void_fact('certificate', id, '更正') FROM fraud.certificate WHERE unit = 'v4' \g /dev/null
SELECT is(pg_temp.state('v4', '2024-02-02'), '0 0 0 candidate', 'an award that was withdrawn is as if it had not been');
SELECT lives_ok($$SELECT fraud.award_certificate('nanma-2023', 'v4', '2024-02-03')$$, 'and may be made anew');
ROLLBACK;
SELECT is((SELECT count(*)::int FROM fraud.fact WHERE measure = 'certificate' AND voided_at IS NULL), 0, 'and it counts no more');
SELECT fraud.void_fact('certificate_revocation', id, '错撤') FROM fraud.certificate_revocation \g /dev/null
SELECT fraud.void_fact('fraud_case', id, '重复录入') FROM fraud.fraud_case WHERE case_no = 'N4' \g /dev/null
SELECT is((SELECT concat_ws(' ', cases, in_force, contradicted, changed) FROM fraud.certificate_state WHERE unit = 'v4'), '0 t f f', 'both withdrawn: in force again');
INSERT INTO fraud.certificate (unit, programme, period_from, period_to, awarded_on, known_at, evidence) VALUES ('c1', 'nanma-2023', '2023-05-01', '2023-12-31', '2024-01-10', now(), '{"cases":1,"suspects":0,"dens":0}');
SELECT fraud.void_fact('fraud_case', id, '非电诈') FROM fraud.fraud_case WHERE case_no = 'N3' \g /dev/null
SELECT is((SELECT concat_ws(' ', cases, contradicted, changed) FROM fraud.certificate_state WHERE unit = 'c1'), '0 f t', 'a case voided after the award is flagged as well');
SELECT fraud.void_fact('certificate', id, '更正') FROM fraud.certificate WHERE unit = 'c1' \g /dev/null
SELECT fraud.award_certificate('nanma-2023', 'c1', '2024-01-10') \g /dev/null
SELECT is((SELECT evidence ->> 'looked_at' FROM fraud.certificate WHERE unit = 'c1' AND voided_at IS NULL), (SELECT format('["fraud_case:%s"]', id) FROM fraud.fraud_case WHERE case_no = 'N3'), 'what was looked at for a community names the withdrawn case of its compound');
SELECT lives_ok($$SELECT fraud.award_certificate('template-plan-1', 'v3', '2024-01-10', NULL, 'advanced')$$, 'B44: the title of advanced unit');
SELECT is((SELECT count(*)::int FROM fraud.fact WHERE measure = 'certificate' AND unit = 'v3'), 0, 'which does not count as fraud-free');
SELECT lives_ok($$SELECT fraud.award_certificate('nanma-2023', u, '2024-01-10') FROM unnest('{s1,e1,d1,k1}'::text[]) AS u$$, 'N48, Q64, T43: school, enterprise, department, compound');

-- B07: three years, rated each year; v3 joins in the second
INSERT INTO fraud.fraud_case (case_no, unit, filed_on) VALUES ('Y1', 'v1', '2025-02-01'), ('Y2', 'v3', '2023-02-01'), ('Y3', 'v3', '2024-06-01');
SELECT fraud.adopt_programme('template-plan-2', '339999', '2023-01-01', '2025-12-31') \g /dev/null
INSERT INTO fraud.programme_entry (programme, unit, joined_on) VALUES ('template-plan-2', 'v3', '2024-03-01');
SELECT is((SELECT array_agg(concat_ws(' ', unit, year, state, years_met || '/' || years_rated, met_every_year) ORDER BY unit, year) FROM fraud.yearly_rating('template-plan-2', '2026-01-01') WHERE unit IN ('v1', 'v3', 'v4')),
  '{"v1 2023 candidate 2/3 f","v1 2024 candidate 2/3 f","v1 2025 lost 2/3 f","v3 2024 lost 1/2 f","v3 2025 candidate 1/2 f","v4 2023 candidate 3/3 t","v4 2024 candidate 3/3 t","v4 2025 candidate 3/3 t"}',
  'B07: a case in year 3; one who joins in year 2 is rated for two years; one meets all three');
SELECT is((SELECT array_agg(concat_ws(' ', year, state, met_every_year) ORDER BY year) FROM fraud.yearly_rating('template-plan-2', '2024-12-31') WHERE unit = 'v4'), '{"2023 candidate t","2024 open t"}', 'an open year is not rated yet');

-- S01: cohorts, ranks, ties, medals: 98, 98, 95, 95, 90 and one vetoed
INSERT INTO fraud.cohort (rubric, code, label_zh, label_en, zone) VALUES ('nanma-2023', 'inside', '规划区内', 'inside the planned area', '规划区内'), ('nanma-2023', 'outside', '规划区外', 'outside the planned area', '规划区外');
CREATE TEMP TABLE before AS SELECT unit, total FROM fraud.scores('nanma-2023', '2023-12-31');
SELECT is((SELECT array_agg(cohort || ' ' || of ORDER BY cohort) FROM (SELECT DISTINCT cohort, of FROM fraud.cohort_ranks('nanma-2023', '2023-12-31') WHERE cohort IS NOT NULL) AS x),
  '{"departments 1","enterprises 1","inside 3","outside 3","rural 5","schools 1","urban 1"}', 'S01, N48: urban, rural, inside, outside, schools, enterprises, departments');
SELECT is((SELECT array_agg(unit ORDER BY unit) FROM fraud.cohort_ranks('nanma-2023', '2023-12-31') WHERE cohort IS NULL AND rank IS NULL AND medal IS NULL AND region OPERATOR(antifraud.<@) '370323'), '{370323002002,370323002003,370323002004,370323002013}', 'units of no cohort are listed, without a rank');
-- findings: v1 and v2 lose 2 more, v3 and v4 5, v5 loses 10
SELECT fraud.void_fact('den', id, '误报') FROM fraud.den \g /dev/null
SELECT fraud.void_fact('fraud_case', id, '误报') FROM fraud.fraud_case WHERE unit = 'v2' \g /dev/null
INSERT INTO fraud.activity (unit, kind, held_on, sessions) SELECT u, 'visit', '2023-06-01', 48 FROM unnest('{v1,v2,v3,v4,v5}'::text[]) AS u;
INSERT INTO fraud.finding (unit, kind, found_on, quantity) VALUES ('v1', 'study_missing', '2023-06-01', 2), ('v2', 'study_missing', '2023-06-01', 2), ('v3', 'study_missing', '2023-06-01', 5), ('v4', 'study_missing', '2023-06-01', 5), ('v5', 'control_failure', '2023-06-01', 10);
SELECT is((SELECT array_agg(concat_ws(' ', unit, trim_scale(total), rank, medal) ORDER BY unit) FROM fraud.cohort_ranks('nanma-2023', '2023-12-31') WHERE cohort = 'rural'),
  '{"v1 98 1 gold","v2 98 1 gold","v3 95 3 silver","v4 95 3 silver","v5 90 5 bronze"}', 'totals 98, 98, 95, 95, 90: ranks 1, 1, 3, 3, 5; ties share the medal');
UPDATE fraud.registry_info SET as_of = '2023-12-31';
SELECT is((SELECT string_agg(concat_ws(' ', unit, rank, of, medal, label_en), ', ' ORDER BY rank, unit) FROM fraud.cohort_scoreboard WHERE rubric = 'nanma-2023' AND cohort = 'inside' AND kind = 'village'),
  'v1 2 3 silver inside the planned area, v2 2 3 silver inside the planned area', 'S01: the view cohort_scoreboard; behind the community of the zone, which lost nothing');

-- the example of the document's own rubric ranks by the cohorts of its draft
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', cohort, of), ', ') FROM fraud.cohort_ranks('shiqiao-2023-example', '2023-12-31') WHERE cohort IS NOT NULL), 'inside 3, outside 3', 'S01: shiqiao-2023-example ranks inside and outside the planned area');
SELECT is((SELECT string_agg(unit, ',' ORDER BY unit) FROM fraud.cohort_ranks('shiqiao-2023-example', '2023-12-31') WHERE cohort = 'inside' AND rank IS NOT NULL), 'c1,v1,v2', 'S01: each unit within its own');

-- S35, S36: the unit's own points beside the office's
INSERT INTO fraud.self_assessment (unit, rubric, item, points, assessed_on) VALUES ('v3', 'nanma-2023', '1', 4, '2023-12-01'), ('v3', 'nanma-2023', '2', 10, '2023-12-01'), ('v5', 'nanma-2023', '9', 10, '2023-12-01');
SELECT is((SELECT array_agg(concat_ws(' ', unit, item, trim_scale(points), trim_scale(own), trim_scale(office), trim_scale(difference)) ORDER BY unit, item) FROM fraud.self_difference),
  '{"v3 1 5 4 0 4","v3 2 10 10 10 0","v5 9 10 10 0 10"}', 'S35, S36: 4 of 5 where the office counts 0; 10 and 10; 10 and 0');
SELECT throws_ok($$INSERT INTO fraud.self_assessment (unit, rubric, item, points, assessed_on) VALUES ('v3', 'nanma-2023', '99', 4, '2023-12-01')$$, '23503', NULL, 'of an item that exists');
SELECT throws_ok($$INSERT INTO fraud.self_assessment (unit, rubric, item, points, assessed_on) VALUES ('v3', 'nanma-2023', '1', 5, '2023-12-02')$$, '23505', NULL, 'once; void it to change it');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.self_assessment (unit, rubric, item, points, assessed_on) VALUES ('v4', 'nanma-2023', '1', 999, '2023-12-01')$$),
  '^23514\nitem ''1'' of rubric ''nanma-2023'' cannot give 999 points\nIts points, with what its rules can add, are 5 at most\.\nEnter', 'S35: 999 points for an item of 5');
SELECT lives_ok($$INSERT INTO fraud.self_assessment (unit, rubric, item, points, assessed_on) VALUES ('v4', 'nanma-2023', '1', 5, '2023-12-01')$$, 'S35: all 5');
SELECT fraud.void_fact('self_assessment', max(id), '测试') FROM fraud.self_assessment \g /dev/null
-- An item of 5, and what its rules add, in a period of 1 May to 31 December
-- 2023: eight months of one year
CREATE FUNCTION pg_temp.most(combine text, over text, VARIADIC rules text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE most numeric;
BEGIN
  INSERT INTO fraud.rubric_item (rubric, no, section, place, title, points, combine) SELECT 'nanma-2023-most', 'x', i.section, 99, 'x', 5, most.combine FROM fraud.rubric_item AS i WHERE i.rubric = 'nanma-2023-most' LIMIT 1;
  INSERT INTO fraud.rubric_rule (rubric, item, ordinal, rule, counted_over) SELECT 'nanma-2023-most', 'x', r.n, r.rule::antifraud.rule, over FROM unnest(rules) WITH ORDINALITY AS r (rule, n);
  most := fraud.item_most('nanma-2023-most', 'x');
  DELETE FROM fraud.rubric_item WHERE rubric = 'nanma-2023-most' AND no = 'x';
  RETURN coalesce(trim_scale(most)::text, 'no limit');
END $$;
SELECT fraud.derive_rubric('nanma-2023', 'nanma-2023-most') \g /dev/null
SELECT is(pg_temp.most(c, o, VARIADIC r), e, 'an item of 5 with ' || array_to_string(r, '; ') || ', ' || c || ', each ' || o || ': ' || e) FROM (VALUES
  ('sum', 'period', '{deduct 1 per occurrence}'::text[], '5'), ('sum', 'period', '{add 2 per occurrence cap 6}', '11'), ('sum', 'period', '{add 2 per occurrence}', 'no limit'),
  ('sum', 'period', '{add 1..3}', '8'), ('sum', 'period', '{add 3,add 2 cap 4}', '10'), ('max', 'period', '{add 3,add 2 cap 4}', '8'),
  ('sum', 'period', '{"add 1 if count > 3, add 2 if count > 5, deduct 9 if count < 1"}', '7'), ('sum', 'period', '{"add 1 if amount > 3, add 2 if amount > 5"}', '8'),
  ('sum', 'period', '{add 3,add 1 per day}', 'no limit'), ('sum', 'month', '{add 1}', '13'), ('sum', 'month', '{add 1 cap 4}', '9'), ('sum', 'year', '{add 1}', '6')) AS x (c, o, r, e);
SELECT is(pg_temp.score('v3', '2023-12-31'), 95::numeric, 'S36: what a unit thinks of itself changes no score');

-- Consequences: what they rest on, who decided, why
CREATE FUNCTION pg_temp.consequence(columns text, vals text) RETURNS text LANGUAGE sql
  RETURN format('INSERT INTO fraud.consequence (unit, decided_on, decided_by, reason, %s) VALUES (%s)', columns, vals);
SELECT lives_ok(pg_temp.consequence('kind, rubric, as_of', $$'v1', '2024-01-05', '创建办', '成效明显', 'praise', 'nanma-2023', '2023-12-31'$$), 'N54, S37, A35: praise, by the result of the year');
SELECT is((SELECT concat_ws(' ', trim_scale(total), vetoed, known_at IS NOT NULL, programme) FROM fraud.consequence), '98 f t', 'the provisional result it rests on is worked out');
SELECT matches(pg_temp.error_of(pg_temp.consequence('kind, rubric, as_of, total', $$'v3', '2024-01-05', '创建办', '成效明显', 'praise', 'nanma-2023', '2023-12-31', 99$$)), '^23514\n.*is not 99 points\n.*it is 95 points', 'a result that was not so is refused');
SELECT throws_like(pg_temp.consequence('kind', $$'v1', '2024-01-05', '创建办', '无', 'praise'$$), '%consequence_rests_on_something%', 'resting on nothing: refused');
SELECT throws_like(pg_temp.consequence('kind, facts', $$'v1', '2024-01-05', '创建办', ' ', 'praise', '{finding:1}'$$), '%consequence_reason_not_blank%', 'without a reason: refused');
SELECT throws_ok($$INSERT INTO fraud.consequence (unit, decided_on, reason, kind, facts) VALUES ('v1', '2024-01-05', '无', 'praise', '{finding:1}')$$, '23502', NULL, 'without who decided: refused');
SELECT matches(pg_temp.error_of(pg_temp.consequence('kind, facts', format($$'v2', '2024-01-05', '创建办', '案件高发', 'notice', '{fraud_case:%s}'$$, (SELECT id FROM fraud.fraud_case WHERE case_no = 'N1')))), '^23503\n.*no fact in force', 'on a fact that was withdrawn: refused');
SELECT matches(pg_temp.message_of(pg_temp.consequence('kind, facts', $$'v2', '2024-01-05', '创建办', '案件高发', 'notice', '{pg_class:1}'$$)), '^23503', 'only tables of facts are looked into');

INSERT INTO fraud.officer (unit, subject, role) VALUES ('v5', 'o-5', 'leader'), ('v1', 'o-1', 'grid'), ('v1', 'o-2', 'volunteer');
SELECT lives_ok(pg_temp.consequence('kind, officer, facts', $$'v5', '2024-01-05', '街道党工委', '走过场', 'interview', 1, '{finding:5}'$$), 'N55, T64: the head of a unit is interviewed');
SELECT matches(pg_temp.message_of(pg_temp.consequence('kind, officer, facts', $$'v5', '2024-01-05', '街道党工委', '走过场', 'interview', 2, '{finding:5}'$$)), 'officer 2 does not belong to unit ''v5''', 'nobody else meets with it');
SELECT matches(pg_temp.message_of(pg_temp.consequence('kind, officer, facts', $$'v5', '2024-01-05', '街道党工委', '走过场', 'veto', 1, '{finding:5}'$$)), 'not for a person', 'a veto is no consequence for a person');
SELECT is((SELECT count(*)::int FROM pg_attribute WHERE attrelid = 'fraud.consequence'::regclass AND attname ~ 'relative|family|person'), 0, 'no column could name a relative');
SELECT lives_ok(pg_temp.consequence(c, v), t) FROM (VALUES
  ('kind, facts', $$'v5', '2024-01-05', '纪检监察工委', '案件持续高发', 'referral', '{finding:5}'$$, 'N56: referral to the discipline body'),
  ('kind, facts', $$'v5', '2024-01-06', '街道党工委', '依《平安建设责任追究工作实施细则》', 'accountability', '{finding:5}'$$, 'T78, B46: accountability'),
  ('kind, facts', $$'v5', '2024-01-07', '县联席办', '责任落实不力', 'listed', '{finding:5}'$$, 'Q79: listed rectification'),
  ('kind, facts', $$'v5', '2024-01-07', '县联席办', '责任落实不力', 'notice_above', '{finding:5}'$$, 'Q79: notice to the higher level'),
  ('kind, facts', $$'v5', '2024-01-07', '县联席办', '责任落实不力', 'yellow_card', '{finding:5}'$$, 'Q79: yellow card'),
  ('kind, facts', $$'v5', '2024-01-07', '县联席办', '责任落实不力', 'red_card', '{finding:5}'$$, 'Q79: red card'),
  ('kind, facts', $$'v5', '2024-01-07', '县联席办', '责任落实不力', 'notice', '{finding:5}'$$, 'Q79, T64: supervision notice'),
  ('kind, rubric, as_of', $$'v3', '2024-01-07', '平安办', '纳入考核', 'safety_assessment', 'nanma-2023', '2023-12-31'$$, 'N50, B45: entered in the safety assessment'),
  ('kind, certificate', $$'v4', '2024-01-12', '街道办', '无诈', 'reward_unit', (SELECT id FROM fraud.certificate WHERE unit = 'v4')$$, 'Q77, T76: a unit is rewarded for its title'),
  ('kind, certificate', $$'v3', '2024-01-12', '镇政府', '先进单位', 'praise', (SELECT id FROM fraud.certificate WHERE unit = 'v3')$$, 'B44: and praised for the title of advanced unit'),
  ('kind, facts', $$'v1', '2024-01-12', '街道办', '方法新', 'example', '{finding:1}'$$, 'Q76: good practice is spread'),
  ('kind, officer, facts', $$'v1', '2024-01-12', '街道办', '工作扎实', 'reward_person', 3, '{finding:1}'$$, 'Q77, T76: a person is rewarded')) AS x (c, v, t);
-- Q78: who stops a fraud is rewarded, on the attempt that did
INSERT INTO fraud.alert (unit, victim, received_at, source) VALUES ('v1', 'x-1', '2023-07-01 10:00+08', 'county_centre');
INSERT INTO fraud.dissuasion (alert, attempt_at, channel, addressee, outcome, reached, officer) SELECT id, '2023-07-01 10:20+08', 'visit', 'self', 'dissuaded', true, 2 FROM fraud.alert;
SELECT lives_ok(pg_temp.consequence('kind, officer, facts', $$'v1', '2024-01-12', '县联席办', '及时阻断', 'reward_person', 2, '{dissuasion:1}'$$), 'Q78: a grid worker who stopped a fraud');

-- N77: 10 to 20 points at discretion, on another scorecard; causes do not add up
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('B1', 'v2', '2023-08-01', 500000);
INSERT INTO fraud.den (unit, found_on) VALUES ('v2', '2023-08-02');
SELECT matches(pg_temp.error_of(pg_temp.consequence('kind, rubric, as_of, points, points_on', format($$'v2', '2024-01-05', '考核办', '大额案件', 'points', 'nanma-2023-results', '2024-01-01', %s, '年度绩效考核'$$, n))), '^23514\n.*points cannot be decided.*\n.*10(\.0+)? to 20', 'N77: ' || n || ' points are refused')
FROM unnest('{9,21}'::int[]) AS n;
SELECT lives_ok(pg_temp.consequence('kind, rubric, as_of, points, points_on', $$'v2', '2024-01-05', '考核办', '大额案件及窝点', 'points', 'nanma-2023-results', '2024-01-01', 20, '年度绩效考核'$$), 'N77: 20 points');
SELECT throws_ok(pg_temp.consequence('kind, rubric, as_of, points, points_on', $$'v2', '2024-01-05', '考核办', '窝点', 'points', 'nanma-2023-results', '2024-01-01', 10, '年度绩效考核'$$), '23505', NULL, 'N77: a case of 500,000 yuan and a den do not stack');
SELECT throws_like(pg_temp.consequence('kind, facts, points', $$'v2', '2024-01-05', '考核办', '窝点', 'points', '{den:2}', 10$$), '%consequence_points_complete%', 'points say on which scorecard');
SELECT lives_ok(pg_temp.consequence('kind, facts, points, points_on', $$'v5', '2024-01-05', '领导小组办公室', '组织不力', 'points', '{finding:5}', 3, '平安建设考核'$$), 'T77: points where no range is laid down');
SELECT is((SELECT count(*)::int FROM fraud.decision), 0, 'a consequence writes no decision by itself');
-- N81, T79
SELECT is((SELECT concat_ws(' ', cases, dens, barred, state) FROM fraud.certificate_candidates('2024-01-01', NULL, 'nanma-2023', 2, '{v1}')), '0 0 f candidate', 'not barred');
SELECT lives_ok(pg_temp.consequence('kind, rubric, as_of', $$'v2', '2024-01-05', '街道党工委', '大额案件', 'no_title', 'nanma-2023-results', '2024-01-01'$$), 'N81: no title of civilised village, on the vetoed result');
SELECT is((SELECT vetoed FROM fraud.consequence WHERE kind = 'no_title'), true, 'N81: which is recorded as vetoed');
SELECT lives_ok(pg_temp.consequence('kind, facts', $$'v1', '2023-12-20', '区平安办', '案件持续高发', 'veto', '{finding:1}'$$), 'T79: a one-vote veto');
SELECT is(pg_temp.state('v1', '2024-01-01'), '0 0 0 barred', 'T79: it bars the title of the period');
SELECT throws_like($$SELECT fraud.award_certificate('nanma-2023', 'v1', '2024-01-10', NULL, 'advanced')$$, '%cannot have the title%', 'and every other');
SELECT fraud.void_fact('consequence', id, '申诉成立') FROM fraud.consequence WHERE kind = 'veto' \g /dev/null
SELECT is(pg_temp.state('v1', '2024-01-01'), '0 0 0 candidate', 'until it is withdrawn');

-- Q75, A24: double review of a case
INSERT INTO fraud.case_review (unit, fraud_case, officer, reviewed_on, publicity_done, result) SELECT 'd1', id, NULL, '2023-09-01', false, '行业宣传未落实' FROM fraud.fraud_case WHERE case_no = 'B1';
SELECT lives_ok(pg_temp.consequence('kind, case_review', $$'d1', '2023-09-10', '县联席办', '一案双查', 'accountability', 1$$), 'Q75, A24: a department is held to account by the double review');
-- What it rests on is of the unit or below it, and was there on the day. B1 is
-- of v2, filed on 1 August; v1's finding is of 1 June; k1 lies in c1, all in the town.
INSERT INTO fraud.den (unit, found_on) VALUES ('k1', '2024-02-01'), ('k1', '2023-02-01');
SELECT max(id) AS den, max(id) - 1 AS later FROM fraud.den \gset
SELECT id AS b1 FROM fraud.fraud_case WHERE case_no = 'B1' \gset
CREATE FUNCTION pg_temp.rests(unit text, decided_on date, kind text, columns text, vals text) RETURNS text LANGUAGE sql
  RETURN pg_temp.error_of(pg_temp.consequence('kind, ' || columns, concat_ws(', ', quote_literal(unit), quote_literal(decided_on), $$'办', '因'$$, quote_literal(kind), vals)));
SELECT matches(pg_temp.rests('v3', '2024-01-05', 'praise', 'facts', format($$'{fraud_case:%s}'$$, :b1)),
  '^23514\na consequence for unit ''v3'' cannot rest on ''fraud_case:\d+''\nThat is of unit ''v2''.\nCite', 'a case of another unit');
SELECT matches(pg_temp.rests('v33', '2024-01-05', 'praise', 'facts', $$'{finding:1}'$$), '^23503\nunit ''v33'' does not exist', 'an unknown unit is said to be one');
SELECT matches(pg_temp.rests('c1', '2023-06-01', 'interview', 'facts', format($$'{den:%s}'$$, :later)),
  '^23514\na consequence decided on 2023-06-01 cannot rest on ''den:\d+''\nThat is of 2024-02-01, which is later.\nCite', 'a den found after the decision');
SELECT is(pg_temp.rests(u, d, 'interview', 'facts', f), e, t) FROM (VALUES
  ('c1', '2023-02-01'::date, format($$'{den:%s}'$$, :den), 'no error', 'the den of a compound is one of its community, on its day'),
  ('339999001', '2023-02-02', format($$'{den:%s}'$$, :den), 'no error', 'and of its town')) AS x (u, d, f, e, t);
SELECT matches(pg_temp.rests('k1', '2024-01-05', 'notice', 'facts', $$'{finding:1}'$$), '^23514\n.*\nThat is of unit ''v1''', 'not of a unit beside it');
SELECT matches(pg_temp.rests('v3', '2024-01-12', 'praise', 'certificate', (SELECT id::text FROM fraud.certificate WHERE unit = 'v4')), '^23514\na consequence for unit ''v3'' cannot rest on ''certificate:\d+''', 'nor the title of another unit');
SELECT matches(pg_temp.rests('v4', '2024-01-05', 'praise', 'certificate', (SELECT id::text FROM fraud.certificate WHERE unit = 'v4' AND programme = 'nanma-2023')), '^23514\na consequence decided on 2024-01-05 cannot rest on ''certificate:\d+''', 'nor one given later');
SELECT matches(pg_temp.rests('v1', '2023-12-01', 'praise', 'rubric, as_of', $$'nanma-2023', '2023-12-31'$$), '^23514\na consequence decided on 2023-12-01 cannot rest on a score as of 2023-12-31\n', 'nor the score of a day to come');
-- what is about something is of the unit of that; a day in China
INSERT INTO fraud.den_closure (den, closed_on) VALUES (:den, '2023-03-01');
INSERT INTO fraud.alert_helper (alert, unit, officer, called_at) SELECT id, 'v1', 2, '2023-07-01 16:30+00' FROM fraud.alert ORDER BY id LIMIT 1;
SELECT is((SELECT c::text FROM fraud.cited_fact('den_closure:' || (SELECT max(id) FROM fraud.den_closure)) AS c), '(t,k1,2023-03-01)', 'the closing of a den is of the unit of the den');
SELECT is((SELECT c::text FROM fraud.cited_fact('alert_helper:' || (SELECT max(id) FROM fraud.alert_helper)) AS c), '(t,v1,2023-07-02)', 'half past midnight in China');
INSERT INTO fraud.person (citizen_id, name, category, unit, region, enrolled_on) VALUES ('339999199001010013', '甲', 'other', 'v3', '339999001003', '2023-01-01');
INSERT INTO fraud.person_list (code, title, purpose, issued_by, issued_on) VALUES ('l', '名单', 'reduction', '市', '2023-01-01');
INSERT INTO fraud.person_list_entry (list, person, added_on) SELECT 'l', id, '2023-01-02' FROM fraud.person;
INSERT INTO fraud.person_list_step (entry, step, done_on, to_unit) SELECT id, 'passed_on', '2023-01-03', '339999001' FROM fraud.person_list_entry;
SELECT is((SELECT c::text FROM fraud.cited_fact('person_list_step:1') AS c), '(t,v3,2023-01-03)', 'a step with an entry of a list is of the unit of the person');
SELECT is((SELECT c::text FROM fraud.cited_fact('den:99999') AS c), '(f,,)', 'none');
-- Accountability: of a department by the double review, of others by what they neglected
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('d1', 'study_missing', '2023-06-01');
SELECT max(id) AS found FROM fraud.finding \gset
SELECT matches(pg_temp.rests('d1', '2023-09-10', 'accountability', 'facts', format($$'{finding:%s}'$$, :found)), '^23514\ndepartment ''d1'' is held to account by the double review only\nNo review of a case is cited.\nCite', 'Q75: no finding will do');
SELECT matches(pg_temp.rests('d1', '2023-08-31', 'accountability', 'case_review', '1'), '^23514\na consequence decided on 2023-08-31 cannot rest on ''case_review:1''', 'Q75: nor a review to come');
SELECT matches(pg_temp.rests('v2', '2023-09-10', 'accountability', 'case_review', '1'), '^23514\n.*cannot rest on ''case_review:1''\nThat is of unit ''d1''', 'Q75: nor that of another unit');
SELECT is(pg_temp.rests('d1', '2023-09-11', 'notice', 'case_review, facts', format($$1, '{fraud_case:%s}'$$, :b1)), 'no error', 'Q75: the case that was reviewed may be named beside the review');
SELECT matches(pg_temp.rests('c1', '2023-03-01', 'accountability', 'facts', format($$'{den:%s}'$$, :den)), '^23514\naccountability of unit ''c1'' cannot rest on ''den:\d+'' alone\nIt does not show what the unit neglected.\nCite a review', 'a den alone is no neglect');
INSERT INTO fraud.case_review (unit, fraud_case, officer, reviewed_on, publicity_done, result) VALUES ('v2', :b1, NULL, '2023-09-01', true, '宣传已落实');
SELECT max(id) AS done FROM fraud.case_review \gset
SELECT matches(pg_temp.rests('v2', '2023-09-10', 'accountability', 'case_review', :'done'), '^23514\naccountability of unit ''v2'' cannot rest on ''case_review:\d+'' alone\nReview \d+ found that its publicity had been done', 'A24: nor a review that found nothing');
SELECT fraud.void_fact('case_review', :done, '重查') \g /dev/null
SELECT matches(pg_temp.rests('v2', '2023-09-10', 'praise', 'case_review', :'done'), '^23503\n''case_review:\d+'' is no fact in force', 'nor one that was withdrawn');
INSERT INTO fraud.officer (unit, subject, role) VALUES ('v2', 'o-21', 'leader'), ('v2', 'o-22', 'leader');
SELECT max(id) AS officer FROM fraud.officer \gset
INSERT INTO fraud.case_review (unit, fraud_case, officer, reviewed_on, publicity_done, result) VALUES ('v2', :b1, :officer, '2023-09-02', false, '未入户宣传');
SELECT max(id) AS missing FROM fraud.case_review \gset
SELECT matches(pg_temp.rests('v2', '2023-09-10', 'accountability', 'officer, case_review', format('%s, %s', :officer - 1, :missing)), '^23514\n.*\nReview \d+ names officer \d+, not \d+', 'A24: nor of somebody whom the review does not name');
SELECT is(pg_temp.rests('v2', '2023-09-10', 'accountability', 'officer, case_review', format('%s, %s', :officer, :missing)), 'no error', 'A24: whom it names');
SELECT matches(pg_temp.error_of($$SELECT fraud.award_certificate('nanma-2032', 'v1', '2024-01-10')$$), '^23503\nthere is no programme ''nanma-2032''\n.*\nThe table programme', 'no title of an unknown programme');
SELECT matches(pg_temp.message_of($$SELECT fraud.award_certificate(NULL, 'v1', '2024-01-10')$$), '^23503 there is no programme NULL', 'nor of none');
SELECT throws_ok($$INSERT INTO fraud.case_review (unit, fraud_case, reviewed_on, publicity_done, result) VALUES ('d1', (SELECT id FROM fraud.fraud_case WHERE case_no = 'B1'), '2023-09-02', true, '已宣传')$$, '23505', NULL, 'once for a case and a department');
-- T32: with the discipline office, communities are assessed: praised and interviewed alike
SELECT is((SELECT string_agg(DISTINCT k.direction, ',' ORDER BY k.direction) FROM fraud.consequence AS c JOIN fraud.consequence_kind AS k ON k.code = c.kind), 'penalty,record,reward', 'T32: rewards, penalties and entries elsewhere');

SELECT * FROM finish();
