-- Ticks: what stands as of a day, what is raised for it, and what time brings
-- to what was raised. Days and numbers worked out by hand.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- What a tick wrote: its steps that wrote something.
CREATE FUNCTION pg_temp.ticked(day date, registry text DEFAULT 'fraud') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  EXECUTE format('SELECT string_agg(step || '' '' || written, '', '') FROM %I.tick($1) WHERE written > 0', registry) INTO said USING day;
  RETURN coalesce(said, 'nothing');
END
$$;
CREATE FUNCTION pg_temp.events(about bigint) RETURNS text
LANGUAGE sql AS $$
  SELECT string_agg(v.action || ' ' || to_char(v.happened_on, 'MM-DD'), ', ' ORDER BY v.ordinal) FROM fraud.escalation_event AS v WHERE v.escalation = about;
$$;

-- ================================================================ overdue
-- High: every 7 days. Person 1 was enrolled on 1 January and never seen: due
-- on the 8th. Person 2 was seen on the 5th: due on the 12th. Person 3 on the
-- 5th and 15th: due on the 12th, then the 22nd. Person 4 as 1, and in hospital
-- from the 4th to the 9th, 6 days: due on the 14th. Person 5 is low, every
-- month: due on 1 February. Person 6 as 1, and left on the 10th.
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on)
  SELECT 'other', 'P' || n, CASE WHEN n <> 2 THEN '370323002002' END, CASE n WHEN 2 THEN '370323002' ELSE '370323002002' END, '2024-01-01' FROM generate_series(1, 6) AS n;
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, CASE id WHEN 5 THEN 'low' ELSE 'high' END, '2024-01-01' FROM fraud.person;
INSERT INTO fraud.checkin (person, checked_at) VALUES (2, '2024-01-05 10:00+08'), (3, '2024-01-05 10:00+08'), (3, '2024-01-15 10:00+08');
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (4, 'hospital', '2024-01-04', '2024-01-09', 'A');
UPDATE fraud.person SET status = 'reduced', ended_on = '2024-01-10' WHERE id = 6;

CREATE FUNCTION pg_temp.overdue(day date, least_days integer DEFAULT 1) RETURNS text
LANGUAGE sql RETURN (SELECT coalesce(string_agg(o.person || ':' || o.days_overdue, ' ' ORDER BY o.person), 'nobody') FROM fraud.overdue_at(day, least_days) AS o);
SELECT is(pg_temp.overdue('2024-01-08'), 'nobody', 'due on the 8th itself is not overdue');
SELECT is(pg_temp.overdue('2024-01-09'), '1:1 6:1', 'the day after it is');
SELECT is(pg_temp.overdue('2024-01-10'), '1:2 6:2', 'the last day under control');
SELECT is(pg_temp.overdue('2024-01-11'), '1:3', 'is the last');
SELECT is(pg_temp.overdue('2024-01-14'), '1:6 2:2 3:2', 'looking back to before a check-in of the 15th');
SELECT is(pg_temp.overdue('2024-01-16'), '1:8 2:4 4:2', 'it was made up for');
SELECT is(pg_temp.overdue('2024-01-23'), '1:15 2:11 3:1 4:9', 'and a week later overdue again');
SELECT is(pg_temp.overdue('2024-01-23', 10), '1:15 2:11', 'ten days or more');
SELECT is(pg_temp.overdue('2024-02-02', 0), '1:25 2:21 3:11 4:19 5:1', 'less than a day is not asked for');
SELECT is((SELECT string_agg(o.person::text, ' ' ORDER BY o.person) FROM fraud.overdue_at('2024-01-23', 1, '{2,3,5}') AS o), '2 3', 'of these persons only');

-- ---------------------------------------------------- against the long list
-- Random persons: what is found at a look is what the list computes, on any
-- day. First where nothing but check-ins moves anything for most, then with
-- grace.
SELECT antifraud.create_registry('other') \g /dev/null
INSERT INTO other.control_policy (tier, region, valid_from, cadence, anchor, shift, basis) VALUES
  ('medium', '330001', '2024-02-10', 'every 5 days', 'actual', 'none', 'x'), ('low', '330002', '2023-01-01', '2 per week', 'actual', 'none', 'x'),
  ('high', '330002', '2023-01-01', 'every 6 days', 'grid', 'none', 'x'), ('medium', '330002', '2023-01-01', 'every 9 days', 'actual', 'before', 'x');
SELECT setseed(0.42) \g /dev/null
INSERT INTO other.person (document_kind, document_no, region, enrolled_on)
  SELECT 'other', 'P' || n, (ARRAY['330001', '330002', '330003', '330003'])[1 + n % 4], DATE '2024-01-01' + (random() * 30)::int FROM generate_series(1, 120) AS n;
INSERT INTO other.tier_change (person, tier, changed_on) SELECT id, (ARRAY['low', 'medium', 'high'])[1 + (id / 4) % 3], enrolled_on FROM other.person;
INSERT INTO other.tier_change (person, tier, changed_on) SELECT id, (ARRAY['high', 'low', 'medium'])[1 + (id / 4) % 3], enrolled_on + 20 FROM other.person WHERE random() < 0.2;
INSERT INTO other.checkin (person, checked_at, outcome)
  SELECT p.id, (p.enrolled_on + (random() * 80)::int + time '09:00') AT TIME ZONE 'Asia/Shanghai', CASE WHEN random() < 0.2 THEN 'failed' ELSE 'completed' END
  FROM other.person AS p, generate_series(1, 8) AS k WHERE random() < 0.8;
UPDATE other.checkin SET void_reason = 'x' WHERE random() < 0.1;
INSERT INTO other.suspension (person, ground, starts_on, ends_on, approver) SELECT id, 'hospital', enrolled_on + 10, enrolled_on + 18, 'A' FROM other.person WHERE random() < 0.1;
UPDATE other.person SET status = 'reduced', ended_on = enrolled_on + 60 WHERE id % 11 = 0;
CREATE FUNCTION pg_temp.differences() RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM generate_series(DATE '2024-01-01', '2024-05-01', '6 days') AS d (day), generate_series(1, 9, 4) AS k
  WHERE ARRAY(SELECT format('%s %s %s', o.person, o.next_due, o.days_overdue) FROM other.overdue_at(d.day::date, k) AS o ORDER BY 1)
     <> ARRAY(SELECT format('%s %s %s', o.person, o.next_due, o.days_overdue) FROM other.checkins_overdue(d.day::date) AS o WHERE o.days_overdue >= k ORDER BY 1);
$$;
SELECT cmp_ok((SELECT count(*) FROM other.overdue_at('2024-03-10')), '>', 20::bigint, 'many are overdue');
SELECT cmp_ok((SELECT count(*) FROM other.person WHERE plain_cadence IS NULL), '>', 20::bigint, 'and for many the history must be looked at');
SELECT is(pg_temp.differences(), 0::bigint, 'on 21 days, by 1, 5 and 9 days: as checkins_overdue() says');
UPDATE other.control_policy SET grace = 2 WHERE tier = 'high' AND region IS NULL;
SELECT is(pg_temp.differences(), 0::bigint, 'with days of grace too');
UPDATE other.control_policy SET grace = 0, late_entry_days = 1000 WHERE tier = 'high' AND region IS NULL;
SELECT is(pg_temp.differences(), 0::bigint, 'and where late entries do not count');

-- ================================================================= streak
-- Cases by month: 2022 begins the records (one case in January 2022, in
-- another unit). Of 002: 2022: 1 in each of October to December; 2023: 2, 1, 2
-- in these; January 2024: 1 (none the year before). So at the end of January:
-- January bad, December bad (2 > 1), November not (1 = 1): 2 months.
CREATE FUNCTION pg_temp.cases(in_unit text, VARIADIC days date[]) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO fraud.fraud_case (unit, region, case_no, filed_on, loss) SELECT in_unit, in_unit, in_unit || ' ' || d || ' ' || o, d, 1000 FROM unnest(days) WITH ORDINALITY AS x (d, o);
$$;
SET session_replication_role = replica;   -- as recorded long ago, before any rule
SELECT pg_temp.cases('370323002013', '2022-01-20'),
       pg_temp.cases('370323002002', '2022-10-05', '2022-11-05', '2022-12-05', '2023-10-05', '2023-10-06', '2023-11-05', '2023-12-05', '2023-12-06', '2024-01-31'),
       -- the records begin in January 2022: so January 2023 counts, December 2022 does not
       pg_temp.cases('370323002003', '2022-12-05', '2023-01-05', '2023-02-05') \g /dev/null
RESET session_replication_role;
CREATE FUNCTION pg_temp.streaks(day date) RETURNS text
LANGUAGE sql RETURN (SELECT coalesce(string_agg(format('%s:%s from %s', right(s.unit, 3), s.months, to_char(s.first_month, 'YYYY-MM')), ', ' ORDER BY s.unit), 'none') FROM fraud.streaks_at(day) AS s);
SELECT is(pg_temp.streaks('2024-02-01'), '002:2 from 2023-12', 'December and January');
SELECT is(pg_temp.streaks('2024-01-31'), '002:1 from 2023-12', 'January is not over on its last day');
SELECT is(pg_temp.streaks('2024-03-01'), 'none', 'February had none: the row ends');
SELECT is(pg_temp.streaks('2023-12-15'), 'none', 'November was as the year before');
SELECT is(pg_temp.streaks('2023-11-01'), '002:1 from 2023-10', 'October 2023, by 2 to 1');
SELECT is(pg_temp.streaks('2023-03-01'), '003:2 from 2023-01', 'no month before the records had a year');
SELECT is(pg_temp.streaks('2021-03-01'), 'none', 'before all records');
SELECT is((SELECT count(*) FROM other.streaks_at('2024-03-01')), 0::bigint, 'without any case');

-- =================================================================== rank
-- Under nanma-2023, as of 1 August 2023: each missing study deducts 1 (item 1,
-- 10 points), so 004 has 100 - 3, 013 and 003 have 100 - 1, 002 has 100, but
-- for the two cases of 003 in January and February, which lie outside.
INSERT INTO fraud.finding (unit, kind, found_on, quantity) VALUES
  ('370323002004', 'study_missing', '2023-06-30', 3), ('370323002013', 'study_missing', '2023-06-30', 1), ('370323002003', 'study_missing', '2023-06-30', 1);
SELECT results_eq($$SELECT right(unit, 3), rank, rank_from_last FROM fraud.ranks_at('2023-08-01') WHERE rubric = 'nanma-2023' ORDER BY unit$$,
  $$VALUES ('002', 1::bigint, 4::bigint), ('003', 2, 3), ('004', 4, 1), ('013', 2, 3)$$, 'ties share the better rank, from either end');
SELECT is_empty($$SELECT * FROM fraud.ranks_at('2024-01-01')$$, 'no rubric is under way in 2024');

-- ============================================================== standing
SELECT results_eq($$SELECT measure, unit, amount, subject, episode FROM fraud.standing_at('2024-01-14') WHERE measure = 'overdue' ORDER BY subject$$,
  -- in 370323002 lies no unit that would answer for it alone
  $$VALUES ('overdue', '370323002002', 6::numeric, 'person:1', 'due:2024-01-08'), ('overdue', NULL, 2, 'person:2', 'due:2024-01-12'), ('overdue', '370323002002', 2, 'person:3', 'due:2024-01-12')$$,
  'days overdue, by person');
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('town', '370323', '县', 'county');
SELECT is((SELECT unit FROM fraud.standing_at('2024-01-14', '{overdue}') WHERE subject = 'person:2'), 'town', 'the nearest unit above answers');
UPDATE fraud.registry_info SET as_of = '2023-08-01';
SELECT set_eq('SELECT DISTINCT measure FROM fraud.standing', ARRAY['rank', 'rank_from_last', 'vacancy'], 'the view looks as of list_day()');
UPDATE fraud.registry_info SET as_of = NULL;
SELECT is(pg_temp.message_of('SELECT * FROM fraud.standing_at(NULL)'), '22004 what stands is told as of a day, not as of NULL', 'a day is named');

-- ================================================================== rules
SELECT is(pg_temp.ticked('2024-01-14'), 'nothing', 'without rules nothing is raised');
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, subject, counted_over) VALUES
  ('late', 'test', '核查逾期', 'overdue', 'raise reminder if amount >= 2, raise notice if amount >= 10', 'person', 'year'),
  ('many', 'test', '逾期人数', 'overdue', 'raise interview if count >= 3', 'unit', 'month'),
  ('run', 'test', '连续上升', 'streak', 'raise yellow_card if amount >= 2', 'unit', 'year'),
  ('bottom', 'test', '末位', 'rank_from_last', 'raise reminder if amount <= 3', 'unit', 'period');
UPDATE fraud.escalation_rule SET valid = '[2023-05-01,2024-12-31]' WHERE code = 'bottom';

-- 14 January: persons 1, 2 and 3 by 6, 2 and 2 days; three in all, of which one
-- is the county's: so no unit has three.
SELECT results_eq($$SELECT rule, rung, subject, unit, episode, observed FROM fraud.evaluate_standing('2024-01-14') ORDER BY rule, subject$$,
  $$VALUES ('late', 'reminder', 'person:1', '370323002002', 'due:2024-01-08', '{"count": 1, "amount": 6, "measure": "overdue"}'::jsonb),
           ('late', 'reminder', 'person:2', 'town', 'due:2024-01-12', '{"count": 1, "amount": 2, "measure": "overdue"}'),
           ('late', 'reminder', 'person:3', '370323002002', 'due:2024-01-12', '{"count": 1, "amount": 2, "measure": "overdue"}')$$, 'days overdue, through amount');
-- 23 January: 1, 3 and 4 are of 002.
SELECT results_eq($$SELECT rung, subject, episode, observed ->> 'count' FROM fraud.evaluate_standing('2024-01-23') WHERE rule = 'many'$$,
  $$VALUES ('interview', 'unit:370323002002', 'period:2024-01-01', '3')$$, 'how many persons of a unit, through count');
SELECT results_eq($$SELECT rung, subject, episode, observed ->> 'amount' FROM fraud.evaluate_standing('2024-02-01') WHERE rule = 'run'$$,
  $$VALUES ('yellow_card', 'unit:370323002002', 'period:2023-12-01', '2')$$, 'months in a row: the row began in December');
SELECT results_eq($$SELECT subject, episode, observed ->> 'amount' FROM fraud.evaluate_standing('2023-08-01') ORDER BY subject$$,
  $$VALUES ('unit:370323002003', 'period:2023-05-01', '3'), ('unit:370323002004', 'period:2023-05-01', '1'), ('unit:370323002013', 'period:2023-05-01', '3')$$, 'the last three places');
SELECT is((SELECT count(*) FROM fraud.evaluate_standing('2024-01-23', '{town}')), 1::bigint, 'of a unit');
SELECT is((SELECT count(*) FROM fraud.evaluate_standing('2024-01-23', NULL, '{person:1,unit:370323002002}')), 2::bigint, 'of subjects: person 1, and many');
SELECT is((SELECT count(*) FROM fraud.evaluate_standing('2024-01-23', NULL, NULL, '{streak}')), 0::bigint, 'of a measure');
UPDATE fraud.escalation_rule SET region = '370323002002' WHERE code = 'late';
SELECT is((SELECT string_agg(subject, ' ' ORDER BY subject) FROM fraud.evaluate_standing('2024-01-14')), 'person:1 person:3', 'in the region of the rule');
UPDATE fraud.escalation_rule SET region = NULL, unit_kind = 'county' WHERE code = 'late';
SELECT is((SELECT string_agg(subject, ' ' ORDER BY subject) FROM fraud.evaluate_standing('2024-01-14')), 'person:2', 'for the kind of unit of the rule');
UPDATE fraud.escalation_rule SET unit_kind = NULL WHERE code = 'late';

-- =================================================================== tick
-- Reminders are to be acknowledged within 5 days and put right within 30.
SELECT is(pg_temp.ticked('2024-01-09'), 'nothing', 'one day is less than two');
SELECT is(pg_temp.ticked('2024-01-10'), 'raise_standing 2', 'persons 1 and 6');
SELECT is(pg_temp.ticked('2024-01-10'), 'nothing', 'the same day again writes nothing');
SELECT is(pg_temp.ticked('2024-01-11'), 'nothing', 'nor does the next: the same episode');
SELECT results_eq($$SELECT id, rule, rung, subject, unit, region::text, episode, as_of, state, acknowledge_by, rectify_by FROM fraud.escalation ORDER BY id$$,
  $$VALUES (1::bigint, 'late', 'reminder', 'person:1', '370323002002', '370323002002', 'due:2024-01-08', '2024-01-10'::date, 'raised', '2024-01-15'::date, '2024-02-09'::date),
           (2, 'late', 'reminder', 'person:6', '370323002002', '370323002002', 'due:2024-01-08', '2024-01-10', 'raised', '2024-01-15', '2024-02-09')$$, 'what was raised');
SELECT results_eq('SELECT key, topic FROM fraud.outbox ORDER BY id', $$VALUES ('escalation:1:raised', 'escalation'), ('escalation:2:raised', 'escalation')$$, 'each with a message');
-- 1 is acknowledged on the 13th, 2 is not
SELECT is(fraud.step_escalation(1, 'acknowledge', on_day => '2024-01-13'), 'acknowledged', 'one is acknowledged');
SELECT is(pg_temp.ticked('2024-01-14'), 'raise_standing 2', '14th: persons 2 and 3');
SELECT is(pg_temp.ticked('2024-01-15'), 'remind 1', 'on the last day it is reminded of');
SELECT is(pg_temp.ticked('2024-01-15'), 'nothing', 'once');
SELECT is(pg_temp.ticked('2024-01-16'), 'raise_standing 1, climb 1', '16th: person 4 by two days; the one not acknowledged climbs');
SELECT results_eq($$SELECT rung, subject, episode, caused_by, as_of, state, observed FROM fraud.escalation WHERE caused_by IS NOT NULL$$,
  $$VALUES ('notice', 'person:6', 'climb:2', 2::bigint, '2024-01-16'::date, 'proposed', '{"not_done": "acknowledge"}'::jsonb)$$, 'to a notice, proposed, not imposed');
SELECT is(pg_temp.events(2), 'raise 01-10, remind 01-15, climb 01-16', 'with its events');
SELECT is(pg_temp.ticked('2024-01-17'), 'nothing', 'it climbs once');
SELECT results_eq($$SELECT key, topic, payload FROM fraud.outbox WHERE key ~ 'remind' OR payload ? 'caused_by' ORDER BY id$$,
  $$VALUES ('escalation:2:remind:acknowledge:2024-01-15', 'reminder', '{"by": "2024-01-15", "rule": "late", "rung": "reminder", "unit": "370323002002", "as_of": "2024-01-15", "state": "raised", "remind_of": "acknowledge", "escalation": 2}'::jsonb),
           ('escalation:6:proposed', 'escalation', '{"rule": "late", "rung": "notice", "unit": "370323002002", "as_of": "2024-01-16", "state": "proposed", "not_done": "acknowledge", "caused_by": 2, "escalation": 6}')$$, 'messages of both');
SELECT is(pg_temp.ticked('2024-01-12'), 'nothing', 'replayed for an earlier day it writes nothing');
SELECT is(pg_temp.ticked('2024-01-10'), 'nothing', 'nor for the first');

-- A person seen again and overdue again is another episode: person 3 was due
-- on the 12th, came on the 15th, and is due on the 22nd.
-- 24 January: persons 1 (16 days), 2 (12), 3 (2), 4 (10, due on the 14th);
-- notices for 1, 2 and 4, by 10 days or more; three and more of a unit.
-- The reminders of 2 and 3, of the 14th, were to be acknowledged by the 19th,
-- that of 4 by the 21st: three climb and three were not reminded of before; 6
-- is to be decided within 5 days of the 16th.
SELECT is(pg_temp.ticked('2024-01-24'), 'raise_standing 5, climb 3, remind 4', 'a week in which no tick came');
SELECT results_eq($$SELECT rung, subject, episode FROM fraud.escalation WHERE as_of = '2024-01-24' AND caused_by IS NULL ORDER BY rung, subject$$,
  $$VALUES ('interview', 'unit:370323002002', 'period:2024-01-01'), ('notice', 'person:1', 'due:2024-01-08'), ('notice', 'person:2', 'due:2024-01-12'), ('notice', 'person:4', 'due:2024-01-14'),
           ('reminder', 'person:3', 'due:2024-01-22')$$, 'graver where it lasts, anew where it is anew');
SELECT is(pg_temp.ticked('2024-01-24'), 'nothing', 'and no more');

-- ------------------------------------------------------- entered late
-- Person 2 was seen on the 11th, it turns out: due on the 18th then. The two
-- about the 12th are withdrawn, with what climbed; as of the 24th the person
-- was 6 days overdue.
INSERT INTO fraud.checkin (person, checked_at) VALUES (2, '2024-01-11 10:00+08');
SELECT is(pg_temp.ticked('2024-01-24'), 'raise_standing 1, withdraw 3', 'a check-in entered late');
SELECT results_eq($$SELECT rung, episode ~ '^climb', state FROM fraud.escalation WHERE subject = 'person:2' ORDER BY id$$,
  $$VALUES ('reminder', false, 'withdrawn'), ('notice', false, 'withdrawn'), ('notice', true, 'withdrawn'), ('reminder', false, 'raised')$$, 'of another episode');
SELECT results_eq($$SELECT DISTINCT v.reason FROM fraud.escalation_event AS v JOIN fraud.escalation AS e ON e.id = v.escalation WHERE e.subject = 'person:2' AND v.action = 'withdraw' AND e.caused_by IS NULL$$,
  $$VALUES ('by what is known now it did not stand so')$$, 'with the reason');
SELECT is(pg_temp.ticked('2024-01-24'), 'nothing', 'once');
UPDATE fraud.checkin SET void_reason = 'another person' WHERE done_on = '2024-01-11';
SELECT is(pg_temp.ticked('2024-01-24'), 'withdraw 3', 'it was another person: one is withdrawn, two are reinstated');
SELECT results_eq($$SELECT rung, episode ~ '^climb', state FROM fraud.escalation WHERE subject = 'person:2' ORDER BY id$$,
  -- what climbed waits for the new last day
  $$VALUES ('reminder', false, 'raised'), ('notice', false, 'proposed'), ('notice', true, 'withdrawn'), ('reminder', false, 'withdrawn')$$, 'to be acknowledged within five days anew');
SELECT is(pg_temp.ticked('2024-01-24'), 'nothing', 'and so it stays');

-- ------------------------------------------------- an acknowledgement late
-- The reminder of person 3 of the 14th climbed on the 24th. It had been
-- acknowledged on the 18th, as is entered now.
SELECT is((SELECT fraud.step_escalation(id, 'acknowledge', on_day => '2024-01-18') FROM fraud.escalation WHERE subject = 'person:3' AND as_of = '2024-01-14'), 'acknowledged', 'acknowledged in time, and entered late');
SELECT is(pg_temp.ticked('2024-01-25'), 'withdraw 1', 'what climbed from it is withdrawn');
SELECT results_eq($$SELECT e.state, v.reason FROM fraud.escalation AS e JOIN fraud.escalation_event AS v ON v.escalation = e.id AND v.action = 'withdraw'
                    JOIN fraud.escalation AS p ON p.id = e.caused_by WHERE e.subject = 'person:3'$$,
  $$SELECT 'withdrawn', format('escalation %s was heeded in time', id) FROM fraud.escalation WHERE subject = 'person:3' AND as_of = '2024-01-14'$$, 'with the reason');

-- the 29th is the last day for the reinstated one, and of what was raised or
-- proposed on the 24th: to acknowledge persons 2 and 3, to decide the notices
-- of 1, 2 and 4, the interview, and what climbed of 4; 7
SELECT is(pg_temp.ticked('2024-01-29'), 'remind 7', 'five days later');
SELECT is((SELECT string_agg(DISTINCT v.evidence ->> 'by', ' ') FROM fraud.escalation_event AS v WHERE v.action = 'remind' AND v.happened_on = '2024-01-29'), '2024-01-29', 'each on its last day');
SELECT is(pg_temp.ticked('2024-01-30') ~ 'withdraw 1', true, 'the day after, what had climbed is reinstated');
SELECT is((SELECT state FROM fraud.escalation WHERE subject = 'person:2' AND caused_by IS NOT NULL), 'proposed', 'since it was not heeded this time either');
SELECT is(pg_temp.ticked('2024-01-30'), 'nothing', 'once');
SELECT is(pg_temp.ticked('2024-01-31'), 'nothing', 'and for good');

SELECT * FROM finish();
