-- Milestones: what programmes ask by a day, when it was reached, with which
-- proof. Days worked out by hand from the documents.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

INSERT INTO fraud.unit (code, region, name, kind) VALUES
  ('town', '370323002', '街道', 'town'),
  ('county', '370323', '县', 'county'),
  ('dept', '370323002', '市监所', 'department'),
  ('works', '370323002', '工厂', 'enterprise');
UPDATE fraud.unit SET kind = 'village' WHERE code IN ('370323002004', '370323002013');

-- What each document asks, of whom, by which day.
CREATE FUNCTION pg_temp.asked(programme text) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(concat_ws(' ', m.code, m.stage, m.due_on, CASE WHEN m.due_at_end THEN 'end' END,
    (SELECT string_agg(k.unit_kind, ',' ORDER BY k.unit_kind) FROM fraud.milestone_plan_kind AS k WHERE (k.programme, k.code) = (m.programme, m.code)), m.basis) ORDER BY m.stage, m.code)
  FROM fraud.milestone_plan AS m WHERE m.programme = asked.programme);
SELECT is(pg_temp.asked('nanma-2023'), ARRAY['mobilised 1 community,village 四（三）', 'plan 1 community,village 四（一）'], 'nanma: plan with timetable and persons (N45), work plan and mobilisation (N47)');
SELECT is(pg_temp.asked('qingyuan-2024'), ARRAY['agenda 1 department,town 五（一）', 'means 1 department,town 五（一）', 'plan 1 department,town 五（一）', 'reduction 2 2024-11-30 county,town 三（一）1'],
  'qingyuan: agenda (Q67), detailed plan (Q68), means (Q69), reduction by the end of November');
SELECT is(pg_temp.asked('shiqiao-2023'), ARRAY['leading_group 1 2023-08-05 town 四（一）', 'mobilised 1 2023-08-05 community,village 四（一）', 'village_plan 1 2023-08-05 community,village 二；四（一）',
  'audio 2 town 三、1', 'content 2 town 三、2', 'hundred_days 2 town 二', 'materials_kept 2 2023-09-20 community,village 四（二）', 'tasks 2 2023-09-20 community,village 四（二）',
  'accepted 3 2023-12-10 community,village 四（三）', 'self_assessed 3 2023-12-10 community,village 四（三）'],
  'shiqiao: three stages (S29, S31, S32, S34), audio (S12), content (S17), proof kept (S33), hundred days (S04), what the rating rests on (S02)');
SELECT is(pg_temp.asked('tuohe-2023'), '{"means 1 community 五（三）","own_plan 1 community,department,enterprise,hospital,school 五（三）","plan_filed 1 community,department 四（三）","publicity_plan 1 town 四（一）"}',
  'tuohe: the office''s plan (T27), plans handed in (T45), means (T70), a plan of its own (T71)');
SELECT is(pg_temp.asked('template-plan-1'), '{"launch 1 county 三（二）","office 1 community,village 三（一）","enterprise_rules 2 enterprise 二（五）","closed 3 end county 三（四）"}',
  'template 1: launch (A30), office (A29), rules of enterprises (A17), end of the programme (A01)');
SELECT is(pg_temp.asked('template-plan-2'), '{"mobilised 1 community,village 五","named_person 1 community,department,village 六（一）","plan 1 community,village 五；六（一）","work_plan 1 community,department,village 六（二）"}',
  'template 2: mobilisation, plan and tasks (B09), a person and a plan (B38), work plans (B39)');
SELECT is((SELECT count(*)::int FROM fraud.milestones_at('2023-12-31')), 0, 'none is asked before its programme is adopted');

-- shiqiao: before 5 August (8月5日前) includes that day.
SELECT fraud.adopt_programme('shiqiao-2023', '370323002', '2023-07-01') \g /dev/null
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document) VALUES
  ('town', 'shiqiao-2023', 'leading_group', '2023-08-05', '石发〔2023〕1号'),
  ('370323002002', 'shiqiao-2023', 'village_plan', '2023-08-06', '华府方案');
INSERT INTO fraud.milestone (unit, programme, plan, reached_on) VALUES ('370323002003', 'shiqiao-2023', 'village_plan', '2023-08-01');
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, evidence) VALUES ('370323002004', 'shiqiao-2023', 'village_plan', '2023-08-01', '档案柜3');
CREATE FUNCTION pg_temp.state(as_of date, plan text) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(concat_ws(' ', right(m.unit, 4), m.state, m.days_late, m.days_left) ORDER BY m.unit) FROM fraud.milestones_at(as_of) AS m WHERE m.code = plan);
SELECT is(pg_temp.state('2023-08-05', 'leading_group'), '{town met 0}', 'reached on the day itself: met');
SELECT is(pg_temp.state('2023-08-05', 'village_plan'), '{"2002 open 0 0","2003 open 0 0","2004 met 0","2013 open 0 0"}', 'on the day: open what is not reached, and what has no proof');
SELECT is(pg_temp.state('2023-08-16', 'village_plan'), '{"2002 late 1","2003 missed 11","2004 met 0","2013 missed 11"}', '6 August is a day late; without proof it is missed; 5 to 16 August are 11 days');
SELECT is(pg_temp.state('2023-08-01', 'village_plan'), '{"2002 open 0 4","2003 open 0 4","2004 met 0","2013 open 0 4"}', '1 August: four days remain, and what is reached later is not known');
SELECT is(pg_temp.state('2023-12-31', 'audio'), '{"town open"}', 'no day is stated: never late');
SELECT is((SELECT count(*)::int FROM fraud.milestones_at('2023-08-16', '370323002003')), 6, 'one village: six milestones, two in each stage');
SELECT is((SELECT array_agg(m.stage || ' ' || m.due_on ORDER BY m.stage, m.code) FROM fraud.milestones_at('2023-08-16', '370323002003') AS m),
  '{1 2023-08-05,1 2023-08-05,2 2023-09-20,2 2023-09-20,3 2023-12-10,3 2023-12-10}'::text[], 'the three stages');

-- The facts: missed unless reached by the day with proof, known from midnight
-- after it in China (5 August 16:00 UTC).
CREATE FUNCTION pg_temp.missed(plan text) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(right(f.unit, 4) ORDER BY f.unit) FROM fraud.fact AS f WHERE f.measure = 'milestone_missed' AND f.source_key = 'shiqiao-2023/' || plan || '/' || f.unit AND f.voided_at IS NULL);
SELECT is(pg_temp.missed('leading_group'), NULL, 'met: no fact');
SELECT is(pg_temp.missed('village_plan'), '{2002,2003,2013}', 'late, without proof, or not at all: missed');
SELECT is((SELECT row (f.occurred_on, f.quantity, f.recorded_at)::text FROM fraud.fact AS f WHERE f.measure = 'milestone_missed' AND f.unit = '370323002013' AND f.source_key = 'shiqiao-2023/village_plan/' || f.unit),
  '(2023-08-05,1,"2023-08-06 00:00:00+08")', 'on its day, known since the midnight after');
-- Proof that comes later shows that it was reached in time; the proof is a
-- picture or a ledger, by its place and digest.
INSERT INTO fraud.evidence (source_table, source_id, kind, place, sha256, added_on)
  SELECT 'milestone', m.id, 'ledger', '档案柜4', repeat('ab', 32), '2023-08-20' FROM fraud.milestone AS m WHERE m.unit = '370323002003';
SELECT is(pg_temp.missed('village_plan'), '{2002,2013}', 'then it is a fact no more');
SELECT is(pg_temp.state('2023-08-16', 'village_plan'), '{"2002 late 1","2003 met 0","2004 met 0","2013 missed 11"}', 'and the milestone is met');
SELECT is((SELECT f.voided_at = e.recorded_at FROM fraud.fact AS f CROSS JOIN fraud.evidence AS e WHERE f.measure = 'milestone_missed' AND f.unit = '370323002003' AND f.source_key = 'shiqiao-2023/village_plan/' || f.unit), true,
  'what was known before stays known');
SELECT fraud.void_fact('evidence', (SELECT max(id) FROM fraud.evidence), 'wrong ledger') \g /dev/null
SELECT is(pg_temp.state('2023-08-16', 'village_plan'), '{"2002 late 1","2003 missed 11","2004 met 0","2013 missed 11"}', 'proof that was withdrawn is none');
SELECT is(pg_temp.missed('village_plan'), '{2002,2003,2013}', 'and the fact is one again');
-- (within one transaction the two moments are the same; here they are two)
SELECT is((SELECT count(*)::int FROM fraud.fact AS f WHERE f.measure = 'milestone_missed' AND f.unit = '370323002003' AND f.source_key = 'shiqiao-2023/village_plan/' || f.unit), 2, 'in two stretches');

-- Once in force, and kept.
SELECT throws_ok($$INSERT INTO fraud.milestone (unit, programme, plan, reached_on) VALUES ('town', 'shiqiao-2023', 'leading_group', '2023-08-01')$$, '23505', NULL, 'reached once');
SELECT throws_ok($$INSERT INTO fraud.milestone (unit, programme, plan, reached_on) VALUES ('town', 'shiqiao-2023', 'nonsense', '2023-08-01')$$, '23503', NULL, 'one that is planned');
SELECT throws_ok($$INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document) VALUES ('town', 'shiqiao-2023', 'audio', '2023-08-01', ' ')$$, '23514', NULL, 'a blank is no document');
SELECT throws_ok($$UPDATE fraud.milestone SET reached_on = '2023-08-01'$$, '23001', NULL, 'never changed');
SELECT fraud.void_fact('milestone', (SELECT id FROM fraud.milestone WHERE unit = 'town'), 'not so') \g /dev/null
SELECT is(pg_temp.state('2023-08-16', 'leading_group'), '{town missed 11}', 'withdrawn: missed');

-- qingyuan: by the end of November (11月底前) includes the 30th; the means are a
-- decision, by its document.
SELECT fraud.adopt_programme('qingyuan-2024', '370323', '2024-01-01') \g /dev/null
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document) VALUES
  ('county', 'qingyuan-2024', 'reduction', '2024-11-30', '报告'), ('town', 'qingyuan-2024', 'reduction', '2024-12-01', '报告'), ('dept', 'qingyuan-2024', 'means', '2024-03-01', '会议纪要');
SELECT is(pg_temp.state('2024-12-31', 'reduction'), '{"unty met 0","town late 1"}', '30 November is in time, 1 December a day late');
SELECT is(pg_temp.state('2024-12-31', 'means'), '{"dept met","town open"}', 'funds: the document is the milestone');

-- template 1: 5 March to 31 December of a year that the office says.
SELECT fraud.adopt_programme('template-plan-1', '370323', '2024-03-05', '2024-12-31') \g /dev/null
SELECT is((SELECT row (m.due_on, m.state, m.days_left)::text FROM fraud.milestones_at('2024-12-01') AS m WHERE m.code = 'closed'), '(2024-12-31,open,30)', 'due on the last day of the programme');
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document) VALUES ('works', 'template-plan-1', 'enterprise_rules', '2024-04-01', '财务安全规范');
SELECT is((SELECT m.state FROM fraud.milestones_at('2024-12-01') AS m WHERE m.code = 'enterprise_rules'), 'met', 'an enterprise has its rules');
SELECT is(pg_temp.state('2024-12-01', 'launch'), '{"unty open"}', 'the launch');
SELECT is(pg_temp.state('2024-12-01', 'office'), '{"2002 open","2003 open","2004 open","2013 open"}', 'an office in each community');

-- template 2: a named person needs no proof beyond the entry.
SELECT fraud.adopt_programme('template-plan-2', '370323002003', '2024-01-01') \g /dev/null
INSERT INTO fraud.milestone (unit, programme, plan, reached_on) VALUES ('370323002003', 'template-plan-2', 'named_person', '2024-02-01'), ('370323002003', 'template-plan-2', 'work_plan', '2024-02-01');
SELECT is((SELECT array_agg(concat_ws(' ', m.code, m.state, m.proven) ORDER BY m.code) FROM fraud.milestones_at('2024-12-01') AS m WHERE m.programme = 'template-plan-2'),
  '{"mobilised open","named_person met f","plan open","work_plan open f"}', 'a plan without document is not met');

-- An office sets a day where the document has none; the view looks as of its day.
UPDATE fraud.milestone_plan SET due_on = '2024-02-10' WHERE programme = 'template-plan-2' AND code = 'plan';
UPDATE fraud.registry_info SET as_of = '2024-02-11';
SELECT is((SELECT row (m.state, m.days_late, m.as_of)::text FROM fraud.milestone_state AS m WHERE (m.programme, m.code) = ('template-plan-2', 'plan')), '(missed,1,2024-02-11)', 'milestone_state');
UPDATE fraud.milestone_plan SET due_on = '9999-01-01' WHERE programme = 'template-plan-2' AND code = 'plan';
SELECT is((SELECT count(*)::int FROM fraud.fact WHERE measure = 'milestone_missed' AND occurred_on > '2025-01-01'), 0, 'a day to come is not missed');
SELECT throws_ok($$UPDATE fraud.milestone_plan SET due_at_end = true WHERE due_on IS NOT NULL$$, '23514', NULL, 'a day, or the end of the programme');
UPDATE fraud.unit SET active = false WHERE code = 'town';
SELECT is(pg_temp.state('2024-12-31', 'reduction'), '{"unty met 0"}', 'nothing is asked of an inactive unit');

SELECT * FROM finish();
