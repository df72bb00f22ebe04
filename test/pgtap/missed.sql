-- Missed check-ins and duties: proposed, decided, counted as facts, withdrawn.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- Persons a, b and c; a and c in a community, b in a town where nobody answers.
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) VALUES
  ('other', 'a', '370323002002', '370323002002', '2023-06-01'),
  ('other', 'b', NULL, '370323003', '2023-06-01'),
  ('other', 'c', NULL, '370323002003', '2023-06-01');
CREATE FUNCTION pg_temp.p(document text) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.person WHERE document_no = document);
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT p.id, CASE p.document_no WHEN 'a' THEN 'high' ELSE 'low' END, p.enrolled_on FROM fraud.person AS p;

CREATE FUNCTION pg_temp.missed(document text) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(to_char(m.due_on, 'MM-DD') || ' ' || CASE WHEN m.voided_at IS NULL THEN m.status ELSE 'void ' || m.status END, ', ' ORDER BY m.due_on, m.id)
                     FROM fraud.missed AS m WHERE m.person = pg_temp.p(document));
CREATE FUNCTION pg_temp.checked(document text, days text) RETURNS void
LANGUAGE sql AS $$INSERT INTO fraud.checkin (person, checked_at) SELECT pg_temp.p(document), (d || ' 09:00 Asia/Shanghai')::timestamptz FROM regexp_split_to_table(days, ' ') AS d$$;
CREATE FUNCTION pg_temp.facts(measure_code text DEFAULT 'checkin_missed') RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', f.unit, f.region, f.occurred_on, f.quantity, f.source_table), ', ' ORDER BY f.occurred_on, f.unit) FROM fraud.fact AS f WHERE f.measure = measure_code AND f.voided_at IS NULL);

-- ---------------------------------------------------------------- proposed
-- a, weekly from 1 June: due on the 8th, 15th, 22nd, 29th. Seen on the 14th:
-- the 8th is missed; then due on the 21st, 28th.
SELECT pg_temp.checked('a', '2023-06-14') \g /dev/null
SELECT is((SELECT array_agg(due_on ORDER BY due_on) FROM fraud.missed_proposal('2023-06-22') WHERE person = pg_temp.p('a')), '{2023-06-08,2023-06-21}', 'what was missed by the 22nd');
SELECT is((SELECT (kind, measure, duty, unit, region::text, approval, basis)::text FROM fraud.missed_proposal('2023-06-10')),
  format('(checkin,checkin_missed,,370323002002,370323002002,person,"control_policy %s")', (SELECT id FROM fraud.control_policy WHERE tier = 'high')), 'whose it is, and who approves');
SELECT is((SELECT count(*)::int FROM fraud.missed), 0, 'a proposal is not recorded by looking at it');
SELECT is(fraud.record_missed('2023-06-08')::text, '(0,0,0)', 'on the last day nothing is missed yet');
SELECT is(fraud.record_missed('2023-06-09')::text, '(1,0,0)', 'the day after, it is');
SELECT is(fraud.record_missed('2023-06-09')::text, '(0,0,0)', 'once');
SELECT is(fraud.record_missed('2023-06-22')::text, '(1,0,0)', 'the next');
SELECT is(fraud.record_missed('2023-06-09')::text, '(0,0,0)', 'a replay for an earlier day takes nothing back');
SELECT is(fraud.record_missed('2023-06-01')::text, '(0,0,0)', 'nor one for the first day of all');
SELECT is(pg_temp.missed('a'), '06-08 proposed, 06-21 proposed', 'two rows');
SELECT is((SELECT as_of FROM fraud.missed WHERE due_on = '2023-06-21'), '2023-06-22', 'found on that day');
SELECT is(pg_temp.error_of('SELECT fraud.record_missed(NULL)'), E'22004\nwhat was missed cannot be recorded as of NULL\nName a day: record_missed(''2024-02-01''). Nothing here reads the clock.', 'a day is needed');
SELECT is(fraud.record_missed('2023-07-05', '370323003')::text, '(1,0,0)', 'of a region: b, due on 1 July');
SELECT is(pg_temp.missed('c'), NULL, 'not of another');
SELECT is(fraud.record_missed('2023-06-30')::text, '(1,0,0)', 'a on the 28th');

-- ----------------------------------------------------------------- decided
-- A proposal that is disproved before the next run withdraws it.
BEGIN;
SELECT pg_temp.checked('a', '2023-06-08') \g /dev/null
SELECT is(substring(pg_temp.error_of('SELECT fraud.decide_missed(1, true, ''x'')') FROM '^[^\n]*\n[^\n]*'), E'55000\nmissed row 1 cannot be approved: by what is known now it was not missed', 'is not approved');
SELECT is(pg_temp.error_of('SELECT fraud.decide_missed(1, false, ''x'')'), 'no error', 'though rejected');
ROLLBACK;
SELECT is(pg_temp.facts(), NULL, 'a proposal is no fact');
SELECT is((SELECT array_agg(label_en || ' ' || due_on ORDER BY due_on) FROM fraud.missed_to_decide), '{"missed check-in 2023-06-08","missed check-in 2023-06-21","missed check-in 2023-06-28","missed check-in 2023-07-01"}', 'what waits');
CREATE FUNCTION pg_temp.decide(document text, day text, approve boolean, reason text) RETURNS text
LANGUAGE sql RETURN replace(substring(pg_temp.error_of(format('SELECT fraud.decide_missed(%s, %L, %L)', (SELECT max(id) FROM fraud.missed WHERE person = pg_temp.p(document) AND due_on = ('2023-' || day)::date), approve, reason)) FROM '^[^\n]*\n?[^\n]*'), E'\n', ' ');
SELECT is(pg_temp.decide('a', '06-08', true, 'seen by nobody'), 'no error', 'approved');
SELECT is(pg_temp.facts(), '370323002002 370323002002 2023-06-08 1 missed', 'a fact, on the last day on which it could be done');
SELECT is((SELECT (status, decided_by = current_user, decided_at = now(), reason)::text FROM fraud.missed WHERE due_on = '2023-06-08'), '(approved,t,f,"seen by nobody")', 'by whom, and why');
SELECT is((SELECT f.recorded_at FROM fraud.fact AS f WHERE f.measure = 'checkin_missed'), (SELECT decided_at FROM fraud.missed WHERE due_on = '2023-06-08'), 'known since it was approved');
SELECT is((SELECT f.subject FROM fraud.fact AS f WHERE f.measure = 'checkin_missed'), 'person:' || pg_temp.p('a'), 'the person''s number alone');
SELECT is(pg_temp.decide('a', '06-21', false, 'in hospital, papers came late'), 'no error', 'rejected');
SELECT is(fraud.record_missed('2023-06-30')::text, '(0,0,0)', 'and not proposed again');
SELECT is(pg_temp.missed('a'), '06-08 approved, 06-21 rejected, 06-28 proposed', 'as decided');
SELECT is(pg_temp.decide('a', '06-08', false, 'no'), '55000 missed row 1 is approved already', 'decided once');
SELECT is(pg_temp.decide('a', '06-08', true, 'seen by nobody'), '55000 missed row 1 is approved already', 'the same again is refused too');
SELECT is(pg_temp.message_of('SELECT fraud.decide_missed(-1, true, ''x'')'), 'P0002 table missed has no row -1', 'no such row');
SELECT is(pg_temp.message_of('SELECT fraud.decide_missed(1, NULL, ''x'')'), '22004 a decision is true (approve) or false (reject), not NULL', 'yes or no');
SELECT matches(pg_temp.decide('a', '06-28', true, ' '), '^23502 missed row \d+ cannot be approved without a reason$', 'with a reason');
SELECT matches(pg_temp.decide('a', '06-28', false, NULL), '^23502 missed row \d+ cannot be rejected without a reason$', 'also a rejection');
SELECT matches(pg_temp.decide('b', '07-01', true, 'x'), '^23502 missed row \d+ cannot be approved: no unit answers for it$', 'somebody must answer for it');
UPDATE fraud.person SET unit = '370323002004' WHERE document_no = 'b';
SELECT is(pg_temp.decide('b', '07-01', true, 'x'), 'no error', 'now somebody does');
SELECT is(pg_temp.facts(), '370323002002 370323002002 2023-06-08 1 missed, 370323002004 370323003 2023-07-01 1 missed', 'and has the fact');
-- past the functions
SELECT is(pg_temp.message_of('UPDATE fraud.missed SET due_on = due_on + 1 WHERE status = ''proposed'''), '23001 column "due_on" of table "missed" cannot be changed', 'nothing changes');
SELECT matches(pg_temp.message_of('UPDATE fraud.missed SET due_on = due_on - 1, status = ''approved'', reason = ''x'' WHERE status = ''proposed'''), '^23001 a decision on missed row \d+ cannot change what was recorded$', 'nor with a decision');
SELECT matches(pg_temp.message_of('UPDATE fraud.missed SET unit = ''370323002003'', status = ''approved'', reason = ''x'' WHERE status = ''proposed'''), '^23001 a decision on missed row \d+ cannot change what was recorded$', 'nor who answers');
SELECT is(pg_temp.message_of('UPDATE fraud.missed SET status = ''proposed'' WHERE status = ''approved'' AND due_on = ''2023-06-08'''), '55000 missed row 1 is approved already', 'no way back');
SELECT is(pg_temp.message_of('UPDATE fraud.missed SET decided_at = ''2001-01-01'' WHERE status = ''approved'''), '23001 column "decided_at" of table "missed" cannot be changed', 'no other time');
SELECT is(pg_temp.message_of('DELETE FROM fraud.missed'), '23001 rows of table "missed" cannot be removed', 'not removed');
SELECT is(pg_temp.message_of('TRUNCATE fraud.missed'), '23001 rows of table "missed" cannot be removed', 'not at once either');

-- --------------------------------------------------------------- withdrawn
-- A check-in of 8 June, entered late: the 8th was met, the next was due on the
-- 15th and met on the 14th; 21 and 28 June stay as they are.
SELECT is((SELECT count(*)::int FROM fraud.missed_withdrawal('2023-06-30')), 0, 'so far nothing');
SELECT pg_temp.checked('a', '2023-06-08') \g /dev/null
UPDATE fraud.registry_info SET as_of = '2023-06-30';
SELECT is((SELECT array_agg(person || ' ' || due_on || ' ' || status || ' ' || withdrawal) FROM fraud.missed_to_withdraw), ARRAY[pg_temp.p('a') || ' 2023-06-08 approved person'], 'shown first');
SELECT is((SELECT count(*)::int FROM fraud.missed_proposal('2023-06-30')), 0, 'and nothing else is missed instead');
SELECT is(fraud.record_missed('2023-06-10')::text, '(0,0,0)', 'an approved one is not withdrawn by a run');
SELECT is(pg_temp.facts(), '370323002002 370323002002 2023-06-08 1 missed, 370323002004 370323003 2023-07-01 1 missed', 'its fact stays');
SELECT is(pg_temp.decide('a', '06-28', true, 'seen by nobody'), format('55000 missed row %s cannot be approved while row 1 waits to be withdrawn', (SELECT id FROM fraud.missed WHERE due_on = '2023-06-28')), 'no other of the person is approved meanwhile');
SELECT is(pg_temp.message_of('UPDATE fraud.missed SET status = ''approved'', reason = ''x'' WHERE due_on = ''2023-06-28'''), format('55000 missed row %s cannot be approved while row 1 waits to be withdrawn', (SELECT id FROM fraud.missed WHERE due_on = '2023-06-28')), 'past the function neither');
SELECT is(pg_temp.message_of('SELECT fraud.withdraw_missed(1, '' '')'), '23001 a row of table "missed" cannot be voided without a reason', 'withdrawn with a reason');
SELECT is(pg_temp.message_of('SELECT fraud.withdraw_missed(-1, ''x'')'), 'P0002 table missed has no row -1', 'no such row');
SELECT is(pg_temp.message_of(format('SELECT fraud.withdraw_missed(%s, ''x'')', (SELECT id FROM fraud.missed WHERE person = pg_temp.p('b')))), format('55000 missed row %s is still missed', (SELECT id FROM fraud.missed WHERE person = pg_temp.p('b'))), 'one that is still missed is not');
SELECT is(pg_temp.message_of(format('SELECT fraud.withdraw_missed(%s, ''x'')', (SELECT id FROM fraud.missed WHERE due_on = '2023-06-28'))), format('55000 missed row %s is proposed, not approved', (SELECT id FROM fraud.missed WHERE due_on = '2023-06-28')), 'nor a proposal');
SELECT fraud.withdraw_missed(1, 'the log of the 8th came in') \g /dev/null
SELECT is(pg_temp.message_of('SELECT fraud.withdraw_missed(1, ''x'')'), '55000 missed row 1 is void, not approved', 'withdrawn once');
SELECT is((SELECT count(*)::int FROM fraud.missed_to_withdraw), 0, 'and no longer waits');
SELECT is(pg_temp.missed('a'), '06-08 void approved, 06-21 rejected, 06-28 proposed', 'with its decision');
SELECT is((SELECT void_reason FROM fraud.missed WHERE voided_at IS NOT NULL), 'the log of the 8th came in', 'with the reason');
SELECT is(pg_temp.facts(), '370323002004 370323003 2023-07-01 1 missed', 'the fact is gone');
SELECT is((SELECT count(*)::int FROM fraud.fact AS f WHERE f.measure = 'checkin_missed'), 2, 'but not what was known');
-- That check-in was another person's: missed again, and proposed anew.
SELECT fraud.void_fact('checkin', id, 'another person') FROM fraud.checkin WHERE done_on = '2023-06-08' \g /dev/null
SELECT is(fraud.record_missed('2023-06-30')::text, '(1,0,0)', 'missed after all');
SELECT is(pg_temp.missed('a'), '06-08 void approved, 06-08 proposed, 06-21 rejected, 06-28 proposed', 'a new row, to be decided');
-- A check-in of the 20th moves the slots after it: not the 21st and 28th, but
-- the 27th; the rejected row goes too.
SELECT pg_temp.checked('a', '2023-06-20') \g /dev/null
SELECT is(fraud.record_missed('2023-06-30')::text, '(1,0,2)', 'slots that moved');
SELECT is(pg_temp.missed('a'), '06-08 void approved, 06-08 proposed, 06-21 void rejected, 06-27 proposed, 06-28 void proposed', 'are other slots');
SELECT is((SELECT void_reason FROM fraud.missed WHERE due_on = '2023-06-28'), 'not missed as of 2023-06-30, by what was done, paused or ordered as it is known now', 'as of the last day on which anything of the person was found');
-- A pause, approved late. 3 to 9 June: the 8th becomes the 15th, met on the 14th.
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (pg_temp.p('a'), 'hospital', '2023-06-03', '2023-06-09', 'station');
SELECT is(fraud.record_missed('2023-06-30')::text, '(0,0,1)', 'a pause');
SELECT is(pg_temp.missed('a'), '06-08 void approved, 06-08 void proposed, 06-21 void rejected, 06-27 proposed, 06-28 void proposed', 'withdraws as well');
-- A failed attempt does nothing.
INSERT INTO fraud.checkin (person, checked_at, outcome) VALUES (pg_temp.p('a'), '2023-06-25 09:00+08', 'failed');
SELECT is(fraud.record_missed('2023-06-30')::text, '(0,0,0)', 'a failed attempt is none');
-- A person who leaves control on the 27th owed that day; one who left on the 26th did not.
UPDATE fraud.person SET status = 'reduced', ended_on = '2023-06-27' WHERE document_no = 'a';
SELECT is(fraud.record_missed('2023-09-30', '370323002002')::text, '(0,0,0)', 'nothing is due after the last day, and the last day counts');
UPDATE fraud.person SET ended_on = '2023-06-26' WHERE document_no = 'a';
SELECT is(fraud.record_missed('2023-09-30', '370323002002')::text, '(0,0,1)', 'what would have been due after the last day is not missed');
SELECT is(pg_temp.message_of('SELECT fraud.void_fact(''missed'', 2, ''x'')'), '23001 this row of table "missed" is void already', 'voided once');

-- ----------------------------------------------------------- by the policy
-- c, monthly: due on 1 July, 1 August, 1 September. From August on the county
-- approves at once.
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, missed_approval, basis) VALUES ('low', '370323', '2023-08-01', 'every month', 'automatic', 'county rule');
SELECT is(fraud.record_missed('2023-09-02', '370323002003')::text, '(1,2,0)', 'proposed under the one policy, approved under the other');
SELECT is(pg_temp.missed('c'), '07-01 proposed, 08-01 approved, 09-01 approved', 'by the policy in force on the day');
SELECT is((SELECT DISTINCT (unit, decided_by, reason)::text FROM fraud.missed WHERE person = pg_temp.p('c') AND status = 'approved'),
  format('(370323002003,policy,"approved at once by control_policy %s")', (SELECT max(id) FROM fraud.control_policy)), 'the unit of the region answers, and the policy is named');
SELECT is(fraud.record_missed('2023-09-02')::text, '(0,2,0)', 'b too');
-- A check-in of 20 July, entered late: instead of 1 August, 20 August; and of
-- 1 September nothing. The two facts stay, so what is missed instead is only
-- proposed; once they are withdrawn it can be approved. The reading 'automatic'
-- does both at once, and nothing is counted twice at any time.
SELECT is(pg_temp.facts(), '370323002004 370323003 2023-07-01 1 missed, 370323002003 370323002003 2023-08-01 1 missed, 370323002004 370323003 2023-08-01 1 missed, 370323002003 370323002003 2023-09-01 1 missed, 370323002004 370323003 2023-09-01 1 missed', 'five facts');
SELECT pg_temp.checked('c', '2023-07-20') \g /dev/null
SELECT is(fraud.record_missed('2023-09-02')::text, '(1,0,0)', 'what is missed instead is proposed, against the policy');
SELECT is(pg_temp.missed('c'), '07-01 proposed, 08-01 approved, 08-20 proposed, 09-01 approved', 'beside the facts, which stay');
SELECT is(fraud.record_missed('2023-09-02')::text, '(0,0,0)', 'once');
SELECT matches(pg_temp.decide('c', '08-20', true, 'x'), '^55000 missed row \d+ cannot be approved while row \d+ waits to be withdrawn$', 'and not approved beside them');
BEGIN;
SELECT fraud.withdraw_missed(id, 'log of 20 July') FROM fraud.missed_to_withdraw WHERE person = pg_temp.p('c') AND withdrawal = 'person' \g /dev/null
SELECT is(pg_temp.decide('c', '08-20', true, 'x'), 'no error', 'after them it is');
SELECT is(pg_temp.missed('c'), '07-01 proposed, 08-01 void approved, 08-20 approved, 09-01 void approved', 'one fact for two');
ROLLBACK;
BEGIN;
SELECT fraud.void_fact('missed', id, 'found anew below') FROM fraud.missed WHERE due_on = '2023-08-20' \g /dev/null
UPDATE fraud.control_policy SET missed_withdrawal = 'automatic' WHERE basis = 'county rule';
SELECT is((SELECT array_agg(due_on || ' ' || withdrawal ORDER BY due_on) FROM fraud.missed_withdrawal('2023-09-02')), '{"2023-08-01 automatic","2023-09-01 automatic"}', 'by the policy in force when they were due');
SELECT is(fraud.record_missed('2023-09-02')::text, '(0,1,2)', 'automatic: withdrawn and approved in one run');
SELECT is(pg_temp.missed('c'), '07-01 proposed, 08-01 void approved, 08-20 void proposed, 08-20 approved, 09-01 void approved', 'the same in the end');
ROLLBACK;
-- What disproves them may itself be void: then they stand.
SELECT fraud.void_fact('checkin', id, 'another person') FROM fraud.checkin WHERE person = pg_temp.p('c') \g /dev/null
SELECT is(fraud.record_missed('2023-09-02')::text, '(0,0,1)', 'the proposal goes');
SELECT is(pg_temp.missed('c'), '07-01 proposed, 08-01 approved, 08-20 void proposed, 09-01 approved', 'the facts stand');

-- --------------------------------------------------------- duties the same
INSERT INTO fraud.measure (code, label_zh, label_en, relation, meaning) VALUES ('bulletin_missed', '通报缺失', 'missed bulletin', 'missed', 'A bulletin that was not sent.');
INSERT INTO fraud.duty (code, label_zh, label_en, unit_kind, region, cadence, since, until, measure, missed_approval) VALUES
  ('study', '每月专题研究', 'monthly study', 'community', '370323002', '1 per month', '2023-05-01', '2023-12-31', 'duty_missed', 'person'),
  ('bulletin', '每周通报', 'weekly bulletin', 'community', '370323002002', '1 per week', '2023-05-01', '2023-05-14', 'bulletin_missed', 'automatic');
CREATE FUNCTION pg_temp.duty(code text) RETURNS bigint LANGUAGE sql RETURN (SELECT d.id FROM fraud.duty AS d WHERE d.code = duty.code);
INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT pg_temp.duty('study'), u, d::date FROM unnest('{370323002002,370323002003,370323002004,370323002013}'::text[]) AS u, unnest('{2023-05-20,2023-06-20}'::date[]) AS d WHERE u <> '370323002013';
-- four communities, May and June: only the last did nothing. Bulletins: weeks
-- of 1 and 8 May, one unit.
SELECT is(fraud.record_missed('2023-07-01', '370323002')::text, '(2,2,0)', 'duties are proposed, or approved at once');
SELECT is((SELECT array_agg(concat_ws(' ', label_en, duty_unit, unit, due_on) ORDER BY due_on) FROM fraud.missed_to_decide WHERE kind = 'duty'),
  '{"monthly study 370323002013 370323002013 2023-05-31","monthly study 370323002013 370323002013 2023-06-30"}', 'the windows missed, by their last days');
SELECT is(pg_temp.facts('bulletin_missed'), '370323002002 370323002002 2023-05-07 1 missed, 370323002002 370323002002 2023-05-14 1 missed', 'a measure of the office''s own');
SELECT fraud.decide_missed(id, true, 'inspected') FROM fraud.missed_to_decide WHERE kind = 'duty' \g /dev/null
SELECT is(pg_temp.facts('duty_missed'), '370323002013 370323002013 2023-05-31 1 missed, 370323002013 370323002013 2023-06-30 1 missed', 'facts of the unit');
INSERT INTO fraud.duty_done (duty, unit, done_on) VALUES (pg_temp.duty('study'), '370323002013', '2023-05-31');
SELECT is(fraud.record_missed('2023-07-01')::text, '(0,0,0)', 'entered late');
SELECT is((SELECT array_agg(due_on || ' ' || status || ' ' || withdrawal) FROM fraud.missed_to_withdraw WHERE kind = 'duty'), '{"2023-05-31 approved person"}', 'waits for a person');
SELECT fraud.withdraw_missed(id, 'study of 31 May') FROM fraud.missed_to_withdraw WHERE kind = 'duty' \g /dev/null
UPDATE fraud.duty SET until = '2023-05-31', missed_withdrawal = 'automatic' WHERE code = 'study';
SELECT is(fraud.record_missed('2023-07-01')::text, '(0,0,1)', 'a duty that ended earlier');
SELECT is(pg_temp.facts('duty_missed'), NULL, 'no fact is left');

-- ------------------------------------------------------------------- links
SELECT is((SELECT count(*)::int FROM fraud.fact AS f JOIN fraud.missed_fact AS l ON l.source_table = f.source_table AND l.source_key = f.source_key AND l.measure = f.measure
           WHERE (l.due_on, l.unit, l.region, l.known_since) = (f.occurred_on, f.unit, f.region, f.recorded_at) AND l.known_until IS NOT DISTINCT FROM f.voided_at),
  (SELECT count(*)::int FROM fraud.fact WHERE source_table = 'missed' AND measure <> 'control_failure_or_checkin_missed'), 'from each fact to its cause');
SELECT is((SELECT count(*)::int FROM fraud.missed_fact AS l WHERE (l.source_key IS NOT NULL) <> EXISTS (SELECT FROM fraud.fact AS f WHERE f.source_table = 'missed' AND f.source_key = l.missed::text)), 0, 'from each cause to its fact');
SELECT is((SELECT array_agg(DISTINCT status ORDER BY status) FROM fraud.missed_fact), '{approved,proposed,withdrawn}', 'what became of each');
SELECT is((SELECT array_agg(due_on) FROM fraud.missed_fact WHERE duty = pg_temp.duty('bulletin') AND source_key IS NOT NULL AND due_on = '2023-05-07'), '{2023-05-07}', 'a window by its duty and its last day');

-- ------------------------------------------------------------------- points
-- Item 8: 48 sessions are missed by all, so 5 points; item 9 has none as
-- shipped. c missed two check-ins in the period, 1 August and 1 September.
CREATE FUNCTION pg_temp.points(rubric text, unit_code text, number text) RETURNS numeric
LANGUAGE sql RETURN (SELECT coalesce(sum(e.deducted), 0) FROM fraud.explain_score(unit_code, rubric) AS e WHERE e.item_no = number);
SELECT fraud.derive_rubric('nanma-2023', 'strict', '{missed_checkins}') \g /dev/null
SELECT fraud.publish_rubric('strict') \g /dev/null
SELECT fraud.derive_rubric('nanma-2023', 'both', '{missed_checkins_too,missed_duties}') \g /dev/null
SELECT fraud.publish_rubric('both') \g /dev/null
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('370323002003', 'control_failure', '2023-10-01');
SELECT is(pg_temp.points('nanma-2023', '370323002003', '9'), 1.00, 'as shipped: findings alone');
SELECT is(pg_temp.points('strict', '370323002003', '9'), 2.00, 'missed check-ins instead');
SELECT is(pg_temp.points('both', '370323002003', '9'), 3.00, 'or as well');
SELECT is(pg_temp.points('nanma-2023', '370323002003', '8'), 5.00, 'as shipped: fewer than 48 sessions');
SELECT is(pg_temp.points('both', '370323002003', '8'), 0.00, 'no duty was missed');
UPDATE fraud.duty SET until = '2023-12-31' WHERE code = 'study';
SELECT fraud.record_missed('2023-09-15') \g /dev/null
SELECT fraud.decide_missed(id, true, 'inspected') FROM fraud.missed_to_decide WHERE kind = 'duty' \g /dev/null
SELECT is(pg_temp.points('both', '370323002003', '8'), 5.00, 'July and August were: 5 points, once');
SELECT is((SELECT e.arithmetic FROM fraud.explain_score('370323002003', 'both') AS e WHERE e.measure = 'duty_missed'),
  '2 duties, counted once: 5 points', 'in words');
SELECT is((SELECT e.fact_keys[1] FROM fraud.explain_score('370323002003', 'strict') AS e WHERE e.measure = 'checkin_missed'),
  (SELECT 'missed ' || source_key FROM fraud.missed_fact WHERE person = pg_temp.p('c') AND due_on = '2023-08-01'), 'the explanation names the fact');

SELECT * FROM finish();
