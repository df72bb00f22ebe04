-- Clues and the two cards, dens, sweeps, areas in focus, inspections and the
-- putting right of what they found. Numbers worked out by hand.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

INSERT INTO fraud.unit (code, region, name, kind) VALUES
  ('town', '370323002', '街道', 'town'),
  ('market', '370323002', '市监所', 'department');

CREATE FUNCTION pg_temp.sum_of(asked text, at timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE sql RETURN (SELECT sum(f.quantity) FROM fraud.fact AS f WHERE f.measure = asked
  AND CASE WHEN at IS NULL THEN f.voided_at IS NULL ELSE f.recorded_at <= at AND (f.voided_at IS NULL OR f.voided_at > at) END);

-- Two cards: 3 accounts in a case, 2 telephone cards not known to be in one,
-- 5 accounts of which it comes out later; a clue of the grey trade (B30) has none.
INSERT INTO fraud.clue (unit, kind, received_on, source, cards, in_case) VALUES
  ('370323002002', 'two_cards_account', '2024-03-01', 'superior', 3, true),
  ('370323002002', 'two_cards_phone', '2024-03-02', 'telecom', 2, false),
  ('370323002003', 'two_cards_account', '2024-03-03', 'bank', 5, false),
  ('370323002003', 'black_grey', '2024-03-04', 'superior', 1, false),
  ('370323002003', 'den', '2024-03-05', 'resident', 1, false);
CREATE FUNCTION pg_temp.sums() RETURNS bigint[]
LANGUAGE sql RETURN ARRAY[pg_temp.sum_of('clue'), pg_temp.sum_of('tip_off'), pg_temp.sum_of('two_card_clue'), pg_temp.sum_of('two_cards_all'), pg_temp.sum_of('two_cards')];
SELECT is(pg_temp.sums(), '{5,1,3,10,3}', '5 clues, 1 of a resident (B36), 3 about cards (B31, T03, T30), 3 + 2 + 5 = 10 cards, 3 in a case (Q04)');
SELECT is((SELECT array_agg(a.attname) FROM pg_attribute AS a WHERE a.attrelid = 'fraud.clue'::regclass AND a.attname ~ '(name|phone|report|informant)'), NULL, 'who reports is not recorded');
CREATE TEMP TABLE moment AS SELECT clock_timestamp() AS before_handling;
INSERT INTO fraud.clue_handling (clue, handled_on, outcome, in_case) SELECT c.id, '2024-03-10', 'confirmed', true FROM fraud.clue AS c WHERE c.cards = 5;
INSERT INTO fraud.clue_handling (clue, handled_on, outcome, in_case) SELECT c.id, '2024-03-20', 'prosecuted', true FROM fraud.clue AS c WHERE c.cards IN (3, 5);
SELECT is(pg_temp.sums(), '{5,1,3,10,8}', 'the five were in a case too: 3 + 5, each once, however often it was said');
SELECT is(pg_temp.sum_of('two_cards', (SELECT before_handling FROM moment)), 3::bigint, 'which was not known before');
SELECT is((SELECT f.occurred_on FROM fraud.fact AS f WHERE f.measure = 'two_cards' AND f.quantity = 5), '2024-03-03'::date, 'on the day the clue came in');
-- The same card in two clues counts twice, unless the second says that it is
-- the first again; and then from when the first is withdrawn.
INSERT INTO fraud.clue (unit, kind, received_on, cards, in_case, subject) VALUES ('370323002004', 'two_cards_account', '2024-04-01', 1, true, 's1'), ('370323002004', 'two_cards_account', '2024-04-02', 1, true, 's1');
SELECT is(pg_temp.sums(), '{7,1,5,12,10}', 'two clues about one person');
INSERT INTO fraud.clue (unit, kind, received_on, cards, in_case, duplicate_of) SELECT '370323002004', 'two_cards_account', '2024-04-03', 1, true, max(c.id) FROM fraud.clue AS c;
SELECT is(pg_temp.sums(), '{7,1,5,12,10}', 'a duplicate does not count');
SELECT fraud.void_fact('clue', (SELECT max(c.duplicate_of) FROM fraud.clue AS c), 'wrong unit') \g /dev/null
SELECT is(pg_temp.sums(), '{7,1,5,12,10}', 'it takes the place of the first');
SELECT is((SELECT f.recorded_at = o.voided_at FROM fraud.fact AS f JOIN fraud.clue AS c ON c.id::text = f.source_key AND c.duplicate_of IS NOT NULL JOIN fraud.clue AS o ON o.id = c.duplicate_of WHERE f.measure = 'clue'), true, 'from the moment it was withdrawn');
SELECT throws_ok($$INSERT INTO fraud.clue (unit, kind, received_on, cards) VALUES ('370323002004', 'two_cards_phone', '2024-04-02', 0)$$, '23514', NULL, 'no card');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('A-1', '370323002002', '2024-03-01', 1000);
SELECT throws_ok($$INSERT INTO fraud.clue (unit, kind, received_on, fraud_case) SELECT '370323002004', 'two_cards_phone', '2024-04-02', id FROM fraud.fraud_case$$, '23514', NULL, 'a case is named, and it is in none');

-- The target of qingyuan counts them: from 10 in 2023 to 3 + 5 + 1 + 1 = 10 is no
-- fall, to 9 is one by 10 %, to 8 by 20 % (8 * 100 <= 10 * 80), met once the year is over.
SELECT fraud.adopt_programme('qingyuan-2024', '370323', '2024-01-01', '2024-12-31') \g /dev/null
INSERT INTO fraud.clue (unit, kind, received_on, cards, in_case) VALUES ('370323002013', 'two_cards_account', '2023-05-01', 10, true), ('370323002013', 'two_cards_phone', '2023-06-01', 90, false);
CREATE FUNCTION pg_temp.fall() RETURNS text
LANGUAGE sql RETURN (SELECT concat_ws(' ', t.numerator, t.baseline_numerator, t.state) FROM fraud.targets_at('2025-01-01') AS t WHERE t.code = 'two_cards');
SELECT is(pg_temp.fall(), '10 10 missed', '10 and 10');
SELECT fraud.void_fact('clue', (SELECT c.id FROM fraud.clue AS c WHERE c.received_on = '2024-04-01'), 'not in a case') \g /dev/null
SELECT is(pg_temp.fall(), '9 10 missed', '10 and 9');
SELECT fraud.void_fact('clue', (SELECT c.id FROM fraud.clue AS c WHERE c.received_on = '2024-04-03'), 'not in a case') \g /dev/null
SELECT is(pg_temp.fall(), '8 10 met', '10 and 8: 20 % less');

-- How clues stand: until 15 March, and at the end of the month.
CREATE FUNCTION pg_temp.clues(as_of date) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(concat_ws(' ', c.kind, c.cards, c.in_case, c.state, c.outcome, c.days) ORDER BY c.received_on, c.clue) FROM fraud.clues_at(as_of, '370323002003') AS c);
SELECT is(pg_temp.clues('2024-03-09'), ARRAY['two_cards_account 5 f open 6', 'black_grey f open 5', 'den f open 4'], '9 March');
SELECT is(pg_temp.clues('2024-03-15'), ARRAY['two_cards_account 5 t handled confirmed 7', 'black_grey f open 11', 'den f open 10'], '15 March');

-- Dens: the clue leads to one, which is closed, and counts for the year all the
-- same; another stays open.
INSERT INTO fraud.den (unit, found_on, persons) VALUES ('370323002003', '2024-03-12', 4), ('370323002003', '2024-12-31', 2);
INSERT INTO fraud.clue_handling (clue, handled_on, outcome, den) SELECT c.id, '2024-03-12', 'den_found', min(d.id) FROM fraud.clue AS c CROSS JOIN fraud.den AS d WHERE c.kind = 'den' GROUP BY c.id;
INSERT INTO fraud.den_closure (den, closed_on, premises) SELECT min(d.id), '2024-03-12', '出租房' FROM fraud.den AS d;
SELECT is(pg_temp.clues('2024-03-15'), ARRAY['two_cards_account 5 t handled confirmed 7', 'black_grey f open 11', 'den f handled den_found 7'], 'the den was found through it');
SELECT is(pg_temp.sum_of('den'), 2::bigint, 'closed or not, a den counts');
SELECT throws_ok($$INSERT INTO fraud.den_closure (den, closed_on) SELECT den, '2024-03-13' FROM fraud.den_closure$$, '23505', NULL, 'closed once');

-- Sweeps (B37): on 10 March 40 rented houses and 2 hotels; the residents of 30
-- houses are registered on the occasion, those of 6 remain unregistered.
INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('370323002003', 'sweep', '2024-03-10'), ('370323002003', 'sweep', '2024-05-10'), ('370323002002', 'talk', '2024-05-10');
INSERT INTO fraud.sweep_place (activity, premises, checked, registered, unregistered, verified, handed_over)
  SELECT a.id, p.premises, p.checked, p.registered, p.unregistered, p.verified, p.handed_over FROM fraud.activity AS a
  CROSS JOIN (VALUES ('rented', 40, 30, 6, 2, 1), ('hotel', 2, 0, 0, 0, 0)) AS p (premises, checked, registered, unregistered, verified, handed_over) WHERE a.held_on = '2024-03-10';
SELECT is((SELECT array_agg(concat_ws(' ', s.held_on, s.checked, s.registered, s.unregistered, s.verified, s.handed_over) ORDER BY s.held_on) FROM fraud.sweep AS s),
  ARRAY['2024-03-10 42 30 6 2 1', '2024-05-10 0 0 0 0 0'], '42 premises, 6 unregistered (B33); 2 persons on the list found and verified, and reported back (N30)');
SELECT is((SELECT array_agg(k.code ORDER BY k.code) FROM fraud.premises_kind AS k WHERE k.code IN ('rented', 'hotel', 'flat', 'office')), '{flat,hotel,office,rented}', 'what the document names');
SELECT is(pg_temp.sum_of('sweep'), 2::bigint, 'two sweeps');
SELECT is(pg_temp.sum_of('premises_checked'), 42::bigint, '42 premises');
SELECT is((SELECT p.unit FROM fraud.sweep_place AS p WHERE p.premises = 'hotel'), '370323002003', 'a place lies where the sweep was, unless it says otherwise');
SELECT is((SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = 'fraud.sweep_place'::regclass AND a.attnum > 0 AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype)),
  '{unit,premises,source_key,recorded_by,voided_by,void_reason}', 'no column says who lives in a house or what they do there (B34)');
SELECT throws_ok($$INSERT INTO fraud.sweep_place (activity, premises, checked, registered, unregistered) SELECT min(id), 'flat', 10, 6, 5 FROM fraud.activity WHERE kind = 'sweep'$$, '23514', NULL, 'more registered and unregistered than were visited');
SELECT fraud.void_fact('activity', (SELECT a.id FROM fraud.activity AS a WHERE a.held_on = '2024-03-10'), 'not held') \g /dev/null
SELECT is(pg_temp.sum_of('premises_checked'), NULL, 'premises of a sweep that was withdrawn were not checked');
INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('370323002003', 'sweep', '2024-03-11');
INSERT INTO fraud.sweep_place (activity, premises, checked) SELECT a.id, 'rented', 40 FROM fraud.activity AS a WHERE a.held_on = '2024-03-11';

-- An area in focus (B35) from 4 to 31 March: clues of the 4th and 5th, the den of
-- the 12th, which is closed, the sweep of the 11th with 40 premises.
INSERT INTO fraud.focus_area (unit, reason, starts_on, ends_on, decided_by) VALUES ('370323002003', '窝点线索较多', '2024-03-04', '2024-03-31', '街道领导小组办公室');
SELECT is((SELECT row (f.clues, f.dens, f.dens_open, f.sweeps, f.premises_checked)::text FROM fraud.focus_areas_at('2024-03-31') AS f), '(2,1,0,1,40)', 'what came in and was done');
SELECT is((SELECT row (f.clues, f.dens, f.dens_open, f.sweeps, f.premises_checked)::text FROM fraud.focus_areas_at('2024-03-04') AS f), '(1,0,0,0,0)', 'on its first day');
SELECT is((SELECT count(*)::int FROM fraud.focus_areas_at('2024-04-01')), 0, 'in focus no more');
SELECT throws_ok($$INSERT INTO fraud.focus_area (unit, reason, starts_on, decided_by) VALUES ('370323002003', ' ', '2024-03-04', 'x')$$, '23514', NULL, 'not without a reason');

-- Inspections: by the programme's office (N51, N57), by a team whose results go to
-- the heads (T62, T63), jointly (Q73), unannounced (T74, A34).
INSERT INTO fraud.body (code, unit, kind, name) VALUES ('office', 'town', 'office', '创建办'), ('team', 'town', 'inspection', '督导组');
INSERT INTO fraud.inspection (unit, inspected_on, announced, body, programme, report) VALUES ('370323002002', '2024-04-02', true, 'office', 'nanma-2023', '卷1');
INSERT INTO fraud.inspection (unit, inspected_on, announced, body, reported_to, reported_on) VALUES ('370323002003', '2024-04-10', false, 'team', '组长、副组长', '2024-04-11');
INSERT INTO fraud.inspection (unit, inspected_on, announced, inspector) VALUES ('370323002003', '2024-04-20', true, 'town');
INSERT INTO fraud.inspection_party (inspection, party) SELECT i.id, p.party FROM fraud.inspection AS i CROSS JOIN (VALUES ('纪委监委'), ('政法委'), ('县委督查室'), ('县政府督查室')) AS p (party) WHERE i.inspector = 'town';
SELECT is(ARRAY[pg_temp.sum_of('inspection'), pg_temp.sum_of('spot_check')], '{3,1}', 'three inspections, one of them unannounced');
SELECT is((SELECT array_agg(b.name || ' ' || i.reported_to) FROM fraud.inspection AS i JOIN fraud.body AS b ON b.code = i.body WHERE i.reported_on IS NOT NULL), '{"督导组 组长、副组长"}'::text[], 'the result went straight to the heads');
SELECT is((SELECT count(*)::int FROM fraud.inspection_party), 4, 'the organs of a joint inspection');
SELECT throws_ok($$INSERT INTO fraud.inspection (unit, inspected_on, announced) VALUES ('370323002003', '2024-04-20', true)$$, '23514', NULL, 'by somebody');
SELECT throws_ok($$INSERT INTO fraud.inspection (unit, inspected_on, announced, inspector) VALUES ('town', '2024-04-20', true, 'town')$$, '23514', NULL, 'not by itself');
SELECT throws_ok($$INSERT INTO fraud.inspection (unit, inspected_on, inspector) VALUES ('370323002003', '2024-04-20', 'town')$$, '23502', NULL, 'announced or not');
-- Each village each month (B42, B43, A32): in April the last two were not visited.
SELECT is((SELECT array_agg(right(g.unit, 4) ORDER BY g.unit) FROM fraud.inspection_gaps('2024-04-01', '2024-04-30') AS g WHERE g.kind = 'community'), '{2004,2013}', 'communities not inspected in April');
SELECT is((SELECT array_agg(concat_ws(' ', right(g.unit, 4), g.last_inspected, g.last_unannounced) ORDER BY g.unit) FROM fraud.inspection_gaps('2024-05-01', '2024-05-31') AS g WHERE g.kind = 'community'),
  ARRAY['2002 2024-04-02', '2003 2024-04-20 2024-04-10', '2004', '2013'], 'in May none was');
UPDATE fraud.registry_info SET as_of = '2024-04-09';
SELECT is((SELECT array_agg(right(g.unit, 4) ORDER BY g.unit) FROM fraud.inspection_gap AS g WHERE g.kind = 'community'), '{2003,2004,2013}', 'until 9 April one had been');

-- Findings of an inspection, assigned, put right, verified (Q74). Due on 20
-- April; A is done on the 20th, B on the 21st, C not at all, D has no day.
INSERT INTO fraud.finding (unit, kind, found_on, note, inspection) SELECT i.unit, 'work_problem', i.inspected_on, n, i.id FROM fraud.inspection AS i CROSS JOIN unnest('{A,B,C,D}'::text[]) AS n WHERE i.body = 'team';
SELECT throws_ok($$INSERT INTO fraud.finding (unit, kind, found_on, inspection) SELECT '370323002002', 'work_problem', '2024-04-10', id FROM fraud.inspection WHERE body = 'team'$$, '23503', NULL, 'of the unit that was inspected');
SELECT is(pg_temp.sum_of('work_problem'), 4::bigint, 'four problems');
INSERT INTO fraud.rectification (finding, assigned_on, due_on, assigned_by) SELECT f.id, '2024-04-11', CASE WHEN f.note <> 'D' THEN '2024-04-20'::date END, 'town' FROM fraud.finding AS f WHERE f.note IS NOT NULL;
INSERT INTO fraud.rectification_result (rectification, done_on, verified_on, verified_by)
  SELECT r.id, CASE f.note WHEN 'A' THEN '2024-04-20'::date ELSE '2024-04-21' END, CASE f.note WHEN 'A' THEN '2024-04-25'::date END, CASE f.note WHEN 'A' THEN 'town' END
  FROM fraud.rectification AS r JOIN fraud.finding AS f ON f.id = r.finding WHERE f.note IN ('A', 'B');
CREATE FUNCTION pg_temp.rectified(as_of date) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(concat_ws(' ', f.note, r.state, r.days_overdue, r.verified_by) ORDER BY f.note) FROM fraud.rectifications_at(as_of) AS r JOIN fraud.finding AS f ON f.id = r.finding);
SELECT is(pg_temp.rectified('2024-04-19'), ARRAY['A open 0', 'B open 0', 'C open 0', 'D no_day_set'], 'the day before it is due');
SELECT is(pg_temp.rectified('2024-04-20'), ARRAY['A done 0', 'B open 0', 'C open 0', 'D no_day_set'], 'on its day');
SELECT is(pg_temp.rectified('2024-04-30'), ARRAY['A done 0 town', 'B done_late 1', 'C overdue 10', 'D no_day_set'], 'ten days later');
UPDATE fraud.registry_info SET as_of = '2024-04-30';
SELECT is((SELECT array_agg(concat_ws(' ', o.unit, o.days_overdue, o.inspection = i.id)) FROM fraud.rectification_overdue AS o CROSS JOIN fraud.inspection AS i WHERE i.body = 'team'), '{"370323002003 10 t"}'::text[], 'the view names what is overdue, and which inspection found it');
SELECT is((SELECT array_agg(fi.note ORDER BY fi.note) FROM fraud.fact AS f JOIN fraud.rectification AS r ON r.id::text = f.source_key JOIN fraud.finding AS fi ON fi.id = r.finding WHERE f.measure = 'rectification_late' AND f.voided_at IS NULL AND f.occurred_on = '2024-04-20'),
  '{B,C}', 'late: what was done after its day, and what was not done');
-- An entry that shows it was done in time ends the fact; the finding's
-- withdrawal too; and nothing is late before its day.
INSERT INTO fraud.rectification_result (rectification, done_on) SELECT r.id, '2024-04-18' FROM fraud.rectification AS r JOIN fraud.finding AS f ON f.id = r.finding WHERE f.note = 'B';
SELECT is(pg_temp.sum_of('rectification_late'), 1::bigint, 'B was done in time after all');
SELECT is(pg_temp.rectified('2024-04-30'), ARRAY['A done 0 town', 'B done 0', 'C overdue 10', 'D no_day_set'], 'and the list says so');
SELECT fraud.void_fact('finding', (SELECT f.id FROM fraud.finding AS f WHERE f.note = 'C'), 'not found') \g /dev/null
SELECT is(pg_temp.sum_of('rectification_late'), NULL, 'a problem that was withdrawn need not be put right');
SELECT is(pg_temp.rectified('2024-04-30'), ARRAY['A done 0 town', 'B done 0', 'D no_day_set'], 'and is not on the list');
INSERT INTO fraud.rectification (finding, unit, assigned_on, due_on) SELECT f.id, 'market', '2024-04-11', '9999-01-01' FROM fraud.finding AS f WHERE f.note = 'D';
SELECT is(pg_temp.sum_of('rectification_late'), NULL, 'a day to come');
SELECT throws_ok($$INSERT INTO fraud.rectification_result (rectification, done_on, verified_on, verified_by) SELECT max(id), '2024-04-20', '2024-04-19', 'town' FROM fraud.rectification$$, '23514', NULL, 'verified before it was done');
SELECT throws_ok($$INSERT INTO fraud.rectification (finding, assigned_on, due_on) SELECT max(id), '2024-04-20', '2024-04-19' FROM fraud.finding$$, '23514', NULL, 'due before it was assigned');

-- Kept as they were recorded.
SELECT is((SELECT array_agg(t.name ORDER BY t.name) FROM fraud.fact_table AS t WHERE t.name IN ('clue', 'clue_handling', 'den_closure', 'sweep_place', 'focus_area', 'inspection', 'inspection_party', 'rectification', 'rectification_result')),
  '{clue,clue_handling,den_closure,focus_area,inspection,inspection_party,rectification,rectification_result,sweep_place}', 'all are tables of facts');

SELECT * FROM finish();
