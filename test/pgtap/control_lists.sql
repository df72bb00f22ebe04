-- Lists of control: worked by hand, against the history of every person, and
-- from an index.
\ir setup.psql
\ir registry_setup.psql
SET jit = off;

SELECT no_plan();

INSERT INTO fraud.officer (unit, subject, role) VALUES ('370323002002', 'o1', 'police'), ('370323002002', 'o2', 'cadre');

-- A to I by their document; enrolled on 1 January 2024 unless said otherwise.
CREATE FUNCTION pg_temp.p(letter text) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.person WHERE document_no = letter);
CREATE FUNCTION pg_temp.letter(person bigint) RETURNS text LANGUAGE sql RETURN (SELECT document_no FROM fraud.person WHERE id = $1);
CREATE FUNCTION pg_temp.enrol(letter text, tier text, unit text, enrolled_on date DEFAULT '2024-01-01', region region DEFAULT NULL) RETURNS void LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO fraud.person (document_kind, document_no, born_on, unit, region, enrolled_on) VALUES ('passport', $1, '1990-01-01', $3, $5, $4);
  INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT pg_temp.p($1), $2, $4 WHERE $2 IS NOT NULL;
END;
CREATE FUNCTION pg_temp.check_in(letter text, VARIADIC days date[]) RETURNS void LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO fraud.checkin (person, checked_at) SELECT pg_temp.p($1), day + time '10:00' FROM unnest($2) AS day;
END;
-- Nothing may be kept wrong in any of the steps below.
CREATE FUNCTION pg_temp.kept() RETURNS text LANGUAGE sql RETURN (SELECT coalesce(string_agg(d::text, ', '), '') FROM fraud.next_due_difference AS d);

SELECT pg_temp.enrol('A', 'high', '370323002002'), pg_temp.check_in('A', '2024-01-08', '2024-01-15'),
       pg_temp.enrol('B', 'medium', '370323002002'), pg_temp.check_in('B', '2024-01-22'),
       pg_temp.enrol('C', 'low', '370323002003'),
       pg_temp.enrol('D', 'high', '370323002003'), pg_temp.check_in('D', '2024-01-08', '2024-01-15', '2024-01-22', '2024-01-29'),
       pg_temp.enrol('E', 'high', NULL, '2024-01-01', '370324001001'),
       pg_temp.enrol('F', NULL, '370323002003'),
       pg_temp.enrol('G', 'low', '370323002004', '2024-02-01'),
       pg_temp.enrol('H', 'high', '370323002004') \g /dev/null
INSERT INTO fraud.checkin (person, checked_at, outcome) VALUES (pg_temp.p('C'), '2024-01-20 09:00', 'failed');
INSERT INTO fraud.suspension (person, ground, starts_on, approver) VALUES (pg_temp.p('D'), 'custody', '2024-02-01', '派出所');
UPDATE fraud.person SET status = 'reduced', ended_on = '2024-02-04' WHERE document_no = 'H';
SELECT fraud.assign_officer(pg_temp.p(letter), 1, '2024-01-01') FROM unnest('{A,B,C}'::text[]) AS letter \g /dev/null
SELECT fraud.hand_over(1, 2, '2024-02-05', 'rotation') \g /dev/null
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');

-- ------------------------------------------------------------------ overdue

-- A, every 7 days: done on the 8th and 15th; slots end on the 22nd and 29th
-- (missed) and on 5 February (open): due on the 22nd, 14 days ago.
-- C, every month: due on 1 February, 4 days ago; the failed attempt is none.
SELECT is((SELECT string_agg(format('%s %s o%s %s last %s due %s +%s missed %s/%s %s', pg_temp.letter(person), tier, officer, state, last_done, next_due, days_overdue, missed_in_period, missed, last_checkins), '; ')
           FROM fraud.checkins_overdue('2024-02-05', '370323')),
  'A high o2 overdue last 2024-01-15 due 2024-01-22 +14 missed 2/2 {2024-01-15,2024-01-08}; C low o2 overdue last  due 2024-02-01 +4 missed 1/1 {}',
  'overdue in the county, the longest first');
SELECT is((SELECT array_agg(format('%s %s', pg_temp.letter(person), missed_in_period)) FROM fraud.checkins_overdue('2024-02-05', '370323', '2024-01-25')), '{"A 1","C 1"}',
  'missed in a period of one''s own: of the 22nd and 29th, the second; 1 February');
SELECT is((SELECT array_agg(format('%s %s', pg_temp.letter(person), missed_in_period)) FROM fraud.checkins_overdue('2024-02-05', '370323', '2024-01-29')), '{"A 1","C 1"}',
  'the first day of the period is in it');
-- E has done nothing: due on the 8th, 28 days ago
SELECT is((SELECT array_agg(format('%s %s', pg_temp.letter(person), days_overdue)) FROM fraud.checkins_overdue('2024-02-05')), '{"E 28","A 14","C 4"}', 'everywhere');
SELECT is((SELECT array_agg(pg_temp.letter(person)) FROM fraud.checkins_overdue('2024-02-05', '370323002003')), '{C}', 'in a village');
SELECT is((SELECT count(*) FROM fraud.checkins_overdue('2024-02-05', '33')), 0::bigint, 'in another province');
SELECT is((SELECT array_agg(format('%s %s missed %s', pg_temp.letter(person), days_overdue, missed) ORDER BY pg_temp.letter(person)) FROM fraud.checkins_overdue('2024-02-04')),
  '{"A 13 missed 2","C 3 missed 1","E 27 missed 4","H 27 missed 4"}', 'a day earlier H was still under control');
SELECT is((SELECT array_agg(format('%s %s', pg_temp.letter(person), days_overdue)) FROM fraud.checkins_overdue('2024-01-10')), '{"E 2","H 2"}',
  'and on 10 January, what was recorded later does not count');
SELECT is((SELECT count(*) FROM fraud.checkins_overdue('2023-12-31')), 0::bigint, 'nobody is overdue before enrolment');
SELECT throws_ok('SELECT fraud.checkins_overdue(''infinity'')', '22008', NULL, 'a day that is none');
SELECT is((SELECT array_agg(officer ORDER BY officer) FROM fraud.checkins_overdue('2024-02-04', '370323002') WHERE officer IS NOT NULL), '{1,1}', 'the officer of that day');

-- ---------------------------------------------------------------------- due

-- B, every 2 weeks: the slot that ended on the 15th was missed, that of the
-- 29th met on the 22nd: due on 5 February.
SELECT is((SELECT string_agg(format('%s %s %s %s %s', pg_temp.letter(person), tier, state, next_due, last_checkins), '; ') FROM fraud.checkins_due('2024-02-05')),
  'B medium due 2024-02-05 {2024-01-22}', 'due on the day');
-- G, every month from 1 February: due on 1 March, 25 days ahead
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), state, next_due), '; ') FROM fraud.checkins_due('2024-02-05', ahead => 25)),
  'B due 2024-02-05; G ok 2024-03-01', 'and within 25 days');
SELECT is((SELECT array_agg(pg_temp.letter(person)) FROM fraud.checkins_due('2024-02-05', ahead => 24)), '{B}', 'not within 24');
SELECT is((SELECT array_agg(pg_temp.letter(person)) FROM fraud.checkins_due('2024-02-04', '370323', 1)), '{B}', 'tomorrow');
SELECT is((SELECT array_agg(pg_temp.letter(person) ORDER BY person) FROM fraud.checkins_due('2024-01-08')), '{E,H}', 'A and D were checked on that very day');

-- A day that cannot be told harms no other: a tier whose due days move to the
-- working day before, beyond the calendar.
INSERT INTO fraud.tier (code, rank, label_zh, label_en) VALUES ('watch', 9, '专案', 'special');
INSERT INTO fraud.control_policy (tier, valid_from, cadence, shift, basis) VALUES ('watch', '2020-01-01', 'every month', 'before', 'test');
SELECT pg_temp.enrol('I', 'watch', '370323002004', '2031-12-15'), pg_temp.enrol('J', 'high', '370323002004', '2031-12-15') \g /dev/null
SELECT is((SELECT array_agg(format('%s %s %s', pg_temp.letter(person), state, next_due) ORDER BY pg_temp.letter(person)) FROM fraud.checkins_due('2031-12-22', '370323002004')),
  '{"I calendar_missing ","J due 2031-12-22"}', 'calendar_missing is a row, and the next one is right');
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');

-- Due on Friday 25 December 2026, the last working day before the 26th; the
-- slot after it ends in a year that is not published. Who is overdue stays so.
BEGIN;
INSERT INTO fraud.control_policy (tier, valid_from, cadence, shift, basis) VALUES ('watch', '2026-01-01', 'every 7 days', 'before', 'test');
SELECT pg_temp.enrol('K', 'watch', '370323002004', '2026-12-19') \g /dev/null
SELECT is((SELECT array_agg(format('%s: %s, %s', d, (SELECT string_agg(format('%s %s %s', state, days_overdue, missed), ' ') FROM fraud.checkins_overdue(d, '370323002004') WHERE pg_temp.letter(person) = 'K'),
    (SELECT string_agg(state, ' ') FROM fraud.checkins_due(d, '370323002004') WHERE pg_temp.letter(person) = 'K')) ORDER BY d)
  FROM unnest('{2026-12-25,2026-12-26,2027-01-02,2027-02-01}'::date[]) AS d),
  '{"2026-12-25: , due","2026-12-26: overdue 1 1, ","2027-01-02: overdue 8 1, ","2027-02-01: calendar_missing 38 1, "}', 'overdue where the calendar has ended, and in one list only');
SELECT is((SELECT format('%s %s', overdue = (SELECT count(*) FROM fraud.checkins_overdue('2027-02-01', '370323002004') AS o WHERE o.officer IS NULL), calendar_missing)
  FROM fraud.officer_load('2027-02-01', '370323002004') WHERE officer IS NULL), 't 0', 'and counted once');
ROLLBACK;

-- ----------------------------------------------------------------- officers

SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), state, days_overdue), '; ') FROM fraud.officer_day_list(2, '2024-02-05')),
  'A overdue 14; C overdue 4; B due 0', 'an officer''s day: the overdue, then the due');
SELECT is((SELECT count(*) FROM fraud.officer_day_list(1, '2024-02-05')), 0::bigint, 'handed over, the list of the other is empty');
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), state, days_overdue), '; ') FROM fraud.officer_day_list(1, '2024-02-04')),
  'A overdue 13; C overdue 3', 'the day before it was not');
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), state, next_due), '; ') FROM fraud.officer_day_list(1, '2024-02-04', 1)),
  'A overdue 2024-01-22; C overdue 2024-02-01; B ok 2024-02-05', 'with tomorrow');

-- o2: A, B, C missed 2 + 1 + 1. Nobody: D paused, E overdue with 4 missed,
-- F without a tier, G.
SELECT is((SELECT string_agg(format('o%s %s %s: %s persons, %s, %s overdue, %s due, %s soon, %s paused, %s missed', officer, unit, role, persons, strictest_tier, overdue, due, due_in_7_days, paused, missed_in_period), '; ')
           FROM fraud.officer_load('2024-02-05')),
  'o  : 4 persons, high, 1 overdue, 0 due, 0 soon, 1 paused, 4 missed; o2 370323002002 cadre: 3 persons, high, 2 overdue, 1 due, 0 soon, 0 paused, 4 missed',
  'the load of each officer');
SELECT is((SELECT string_agg(format('o%s %s persons, %s soon', officer, persons, due_in_7_days), '; ') FROM fraud.officer_load('2024-02-01', '370323002')),
  'o 4 persons, 0 soon; o1 3 persons, 1 soon', 'on another day, in a town: H was there, B was due in four days');

-- --------------------------------------------------------------------- gaps

INSERT INTO fraud.control_plan (person, plan, valid_from, approver) SELECT pg_temp.p(letter), '一人一策', '2024-01-01', '分管领导' FROM unnest('{A,B,C,D,E,F}'::text[]) AS letter;
SELECT is((SELECT string_agg(format('%s %s', pg_temp.letter(person), gap), ', ') FROM fraud.control_gaps('2024-02-05')),
  'D officer, E officer, F tier, F officer, G officer, G plan', 'what is lacking');
UPDATE fraud.person SET born_on = NULL WHERE document_no = 'A';
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), gap, gap_zh), ', ') FROM fraud.control_gaps('2024-02-05', '370323002002')), E'A born_on \u65e0\u51fa\u751f\u65e5\u671f', 'of whom nobody can tell the age');
UPDATE fraud.person SET born_on = '1990-01-01' WHERE document_no = 'A';
UPDATE fraud.officer SET left_on = '2024-02-04' WHERE id = 2;
SELECT is((SELECT string_agg(format('%s %s', pg_temp.letter(person), gap), ', ') FROM fraud.control_gaps('2024-02-05', '370323002002')), 'A officer, B officer', 'an officer who has left is none');
UPDATE fraud.officer SET left_on = NULL;
INSERT INTO fraud.control_policy (tier, valid_from, cadence, basis) VALUES ('medium', '2024-02-05', NULL, 'test');
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), gap, gap_en), ', ') FROM fraud.control_gaps('2024-02-05', '370323002002')), 'B policy no policy for the tier', 'nor is a withdrawn policy one');
DELETE FROM fraud.control_policy WHERE tier = 'medium' AND cadence IS NULL;
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');

-- -------------------------------------------------------------------- views

UPDATE fraud.registry_info SET as_of = '2024-02-05';
SELECT is((SELECT string_agg(format('%s %s %s +%s %s %s', as_of, pg_temp.letter(person), officer, days_overdue, missed_in_period, last_checkins), '; ' ORDER BY person) FROM fraud.checkin_overdue),
  '2024-02-05 A 2 +14 2 {2024-01-15,2024-01-08}; 2024-02-05 C 2 +4 1 {}; 2024-02-05 E  +28 4 {}', 'the view of the overdue');
SELECT is((SELECT string_agg(pg_temp.letter(person), '; ') FROM fraud.checkin_due), 'B', 'of the due');
SELECT is((SELECT count(*) FROM fraud.control_gap), 6::bigint, 'of what is lacking');
SELECT is((SELECT array_agg(pg_temp.letter(person)) FROM fraud.checkin_overdue WHERE region <@ region '370324'), '{E}', 'part of a view');
SELECT is((SELECT masked_id FROM fraud.person_masked LIMIT 1), NULL, 'a passport is not shown, nor masked');

-- ------------------------------------------------------------------ what if

-- as they are, nothing changes, and who is due or overdue is shown
-- voided, it is no change of tier for the supposition either
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (pg_temp.p('C'), 'high', '2024-01-15');
UPDATE fraud.tier_change SET void_reason = 'another person' WHERE person = pg_temp.p('C') AND tier = 'high';
SELECT is((SELECT string_agg(format('%s %s', pg_temp.letter(person), change), '; ') FROM fraud.simulate_policy('2024-02-05', '[{"tier": "low", "cadence": "every month", "valid_from": "2024-01-20"}]') WHERE change IS NOT NULL),
  NULL, 'nor is a policy that says what held already another one');
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), state, change), '; ' ORDER BY person) FROM fraud.simulate_policy('2024-02-05', '[]')),
  'A overdue ; B due ; C overdue ; E overdue ', 'no other policy, no change');
-- C every 2 weeks all the time: due on 15 January, 21 days ago, and the slot of
-- the 29th is missed too; G would be due on 15 February
SELECT is((SELECT string_agg(format('%s %s %s %s, then %s %s %s %s: %s', pg_temp.letter(person), state, next_due, days_overdue, missed, supposed_state, supposed_next_due, supposed_days_overdue, supposed_missed || ' ' || change), '; ' ORDER BY person)
           FROM fraud.simulate_policy('2024-02-05', '[{"tier": "low", "cadence": "every 2 weeks"}]', '370323') WHERE tier = 'low'),
  'C overdue 2024-02-01 4, then 1 overdue 2024-01-15 21: 2 another day; G ok 2024-03-01 0, then 0 ok 2024-02-15 0: 0 another day', 'a stricter one, as if it had always held');
-- from 3 February: G's slot would end on 10 February, a week after
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), supposed_next_due, change), '; ' ORDER BY person)
           FROM fraud.simulate_policy('2024-02-05', '[{"tier": "low", "cadence": "every week", "valid_from": "2024-02-03"}]', '370323') WHERE tier = 'low'),
  'C 2024-02-01 ; G 2024-02-10 another day', 'from a day on');
-- A within 30 days: last done on 15 January, due on 14 February, nothing missed
SELECT is((SELECT string_agg(format('%s %s %s %s %s', pg_temp.letter(person), supposed_state, supposed_next_due, supposed_missed, change), '; ' ORDER BY person)
           FROM fraud.simulate_policy('2024-02-05', '[{"tier": "high", "cadence": "every 30 days"}]') WHERE tier = 'high'),
  'A ok 2024-02-14 0 would no longer be overdue; E overdue 2024-01-31 1 another day', 'a laxer one; for D, in custody, nothing changes');
SELECT is((SELECT string_agg(format('%s %s %s', pg_temp.letter(person), supposed_state, change), '; ' ORDER BY person)
           FROM fraud.simulate_policy('2024-02-05', '[{"tier": "high", "cadence": null}]') WHERE tier = 'high' AND change IS NOT NULL),
  'A ok would no longer be overdue; D ok would be ok; E ok would no longer be overdue', 'none at all: D''s pause has nothing to pause');
SELECT is((SELECT string_agg(format('%s %s', pg_temp.letter(person), change), '; ' ORDER BY person)
           FROM fraud.simulate_policy('2024-02-05', '[{"tier": "medium", "cadence": "every 10 days", "region": "370323002"}, {"tier": "high", "cadence": null, "region": "370324"}]') WHERE change IS NOT NULL),
  'B would be overdue', 'in a region: B was due on 1 February; where a region withdraws what it has not, the general policy holds');
SELECT is((SELECT string_agg(format('%s %s', pg_temp.letter(person), change), '; ' ORDER BY person)
           FROM fraud.simulate_policy('2024-02-05', '[{"tier": "low", "cadence": "every month", "grace": 4}, {"tier": "medium", "cadence": "2 per month"}]') WHERE change IS NOT NULL),
  'B would no longer be due; C would no longer be overdue', 'by the calendar; with four days of grace, C would be due still');
SELECT is(pg_temp.error_of($$SELECT fraud.simulate_policy('2024-02-05', $q$[{"tier": "low", "cadence": "weekly"}]$q$)$$) ~ '^22P02\n', true, 'a cadence that is none');
SELECT is(pg_temp.message_of(format('SELECT fraud.simulate_policy(%L, %L)', '2024-02-05', policies)), message, policies)
FROM (VALUES
  ('{}', '22023 the policies to suppose must be a JSON array, not object'),
  ('[1]', '22023 supposed policy 1 must be a JSON object, not number'),
  ('[{"tier": "low", "cadence": null, "cadense": 1}]', '22023 supposed policy 1 has an unknown key "cadense"'),
  ('[{"tier": "lowest", "cadence": null}]', '42704 supposed policy 1: tier "lowest" does not exist'),
  ('[{"cadence": null}]', '42704 supposed policy 1: tier (missing) does not exist'),
  ('[{"tier": "low"}]', '22023 supposed policy 1 has no cadence'),
  ('[{"tier": "low", "cadence": 7}]', '22023 supposed policy 1: cadence is 7'),
  ('[{"tier": "low", "cadence": null, "valid_from": "today"}]', '22007 supposed policy 1: valid_from is "today"'),
  ('[{"tier": "low", "cadence": null, "grace": 1.5}]', '22023 supposed policy 1: grace is 1.5'),
  ('[{"tier": "low", "cadence": null, "grace": 1e300}]', '22023 supposed policy 1: grace is 1' || repeat('0', 300)),
  ('[{"tier": "low", "cadence": null, "anchor": "ship"}]', '22023 supposed policy 1: anchor is "ship"'),
  ('[{"tier": "low", "cadence": null}, {"tier": "low", "cadence": "every day"}]', '22023 supposed policy 2 is a second one for tier ''low'', everywhere, from 0001-01-01')
) AS v (policies, message);

-- ----------------------------------- against everybody's history, any day

SELECT setseed(0.2024);
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, grace, anchor, basis) VALUES
  ('high', '3704', '2024-02-10', 'every 5 days', 1, 'grid', 'test'), ('low', '3704', '2024-02-20', '2 per month', 0, 'actual', 'test'), ('low', '3704', '2024-04-01', NULL, 0, 'actual', 'test');
INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on)
  SELECT 'passport', 'R' || n, (370402001000 + n)::text::region, '2024-01-01'::date + n % 40 FROM generate_series(1, 60) AS n;
INSERT INTO fraud.tier_change (person, tier, changed_on)
  SELECT id, (ARRAY['high', 'medium', 'low'])[1 + floor(random() * 3)::int], enrolled_on + CASE k WHEN 0 THEN 0 ELSE 1 + floor(random() * 90)::int END
  FROM fraud.person CROSS JOIN generate_series(0, 2) AS k WHERE document_no ~ '^R'
  ON CONFLICT DO NOTHING;
INSERT INTO fraud.checkin (person, checked_at, outcome)
  SELECT id, enrolled_on + floor(random() * 120)::int + time '12:00', CASE WHEN random() < 0.8 THEN 'completed' ELSE 'failed' END
  FROM fraud.person CROSS JOIN generate_series(1, 9) AS k WHERE document_no ~ '^R';
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver)
  SELECT id, 'custody', enrolled_on + 30, CASE WHEN id % 2 = 0 THEN enrolled_on + 40 END, 'x' FROM fraud.person WHERE document_no ~ '^R.*5$';
UPDATE fraud.person SET status = 'reduced', ended_on = enrolled_on + 70 WHERE document_no ~ '^R.*7$';
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');

CREATE FUNCTION pg_temp.differences(within region, OUT lists bigint, OUT overdue bigint, OUT due bigint, OUT wrong bigint) LANGUAGE sql
BEGIN ATOMIC
  WITH days AS (
    SELECT d::date AS day FROM generate_series(timestamp '2023-12-30', '2024-07-01', interval '5 days') AS d
  ), truth AS (
    SELECT d.day, p.id AS person, s.state, s.next_due, s.days_overdue, s.missed
    FROM days AS d CROSS JOIN fraud.person AS p CROSS JOIN LATERAL fraud.person_status_at(d.day, p.id) AS s
    WHERE p.region <@ $1 AND p.enrolled_on <= d.day AND (p.ended_on IS NULL OR p.ended_on >= d.day) AND s.state IN ('due', 'overdue')
  ), listed AS (
    SELECT d.day, l.person, l.state, l.next_due, l.days_overdue, l.missed FROM days AS d CROSS JOIN LATERAL fraud.checkins_overdue(d.day, $1) AS l
    UNION ALL
    SELECT d.day, l.person, l.state, l.next_due, t.days_overdue, t.missed FROM days AS d CROSS JOIN LATERAL fraud.checkins_due(d.day, $1) AS l LEFT JOIN truth AS t ON t.day = d.day AND t.person = l.person
  )
  SELECT (SELECT count(*) FROM days), count(*) FILTER (WHERE l.state = 'overdue'), count(*) FILTER (WHERE l.state = 'due'),
         count(*) FILTER (WHERE l IS DISTINCT FROM t)
  FROM listed AS l FULL JOIN truth AS t ON t.day = l.day AND t.person = l.person;
END;
SELECT is(wrong, 0::bigint, format('%s lists with %s overdue and %s due are those of all histories', lists, overdue, due)) FROM pg_temp.differences('37');
SELECT cmp_ok(overdue, '>', 100::bigint, 'there were some') FROM pg_temp.differences('3704');
-- the segments of the simulation are those of the registry
SELECT is((SELECT count(*) FROM generate_series(timestamp '2024-01-01', '2024-07-01', interval '10 days') AS d CROSS JOIN LATERAL fraud.simulate_policy(d::date, '[]') AS s WHERE s.change IS NOT NULL),
  0::bigint, 'a simulation of what is, is what is');

-- ------------------------------------------------------------- from an index

INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on)
  SELECT 'passport', 'X' || n, (330000001000 + n % 20 * 100000000 + n % 50)::text::region, '2024-01-01' FROM generate_series(1, 4000) AS n;
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, 'high', enrolled_on FROM fraud.person WHERE document_no ~ '^X';
INSERT INTO fraud.responsible_officer (person, officer, period) SELECT id, 1, '[2024-01-01,)' FROM fraud.person WHERE document_no ~ '^X' AND id % 100 = 0;
INSERT INTO fraud.officer (unit, subject) SELECT '370323002002', 'n' || n FROM generate_series(1, 100) AS n;
INSERT INTO fraud.responsible_officer (person, officer, period) SELECT id, 3 + id % 100, '[2024-01-01,)' FROM fraud.person WHERE document_no ~ '^X' AND id % 100 <> 0;
ANALYZE;
CREATE FUNCTION pg_temp.plan(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; lines text := '';
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
    lines := lines || line || E'\n';
  END LOOP;
  RETURN lines;
END
$$;
SELECT ok(pg_temp.plan(statement) ~ index_used AND pg_temp.plan(statement) !~ 'Seq Scan on (person|checkin|responsible_officer|tier_change)\M', format('an index, and nothing read whole: %s', statement))
FROM (VALUES
  ($$SELECT * FROM fraud.checkins_overdue('2024-02-05', '370324')$$, 'person_region'),
  ($$SELECT * FROM fraud.checkins_due('2024-02-05', '370324')$$, 'person_region'),
  ($$SELECT * FROM fraud.checkin_overdue WHERE region <@ region '370324'$$, 'person_region'),
  ($$SELECT * FROM fraud.checkin_due WHERE region <@ region '370324'$$, 'person_region'),
  ($$SELECT * FROM fraud.officer_day_list(2, '2024-02-05')$$, 'responsible_officer_officer'),
  ($$SELECT * FROM fraud.officer_load('2024-02-05', '370324')$$, 'person_region'),
  ($$SELECT * FROM fraud.squad_vacancies('2024-02-05', '370324')$$, 'person_region'),
  ($$SELECT h.* FROM (VALUES (1::bigint)) AS v (id) CROSS JOIN LATERAL (SELECT * FROM fraud.person_history WHERE person = v.id OFFSET 0) AS h$$, 'person_pk')
) AS v (statement, index_used);
SELECT is((SELECT count(*) FROM fraud.officer_day_list(1, '2024-02-05')), 40::bigint, 'the list of an officer among many');

-- ---------------------------------------------------------------- privileges

-- A reader who may not see names or ids reads the lists.
CREATE ROLE control_reader;
GRANT USAGE ON SCHEMA tap TO control_reader;
SELECT fraud.set_scope('control_reader', '37', 'lists') \g /dev/null
SET ROLE control_reader;
SELECT is((SELECT count(*) FROM fraud.checkin_overdue WHERE region <@ region '370323'), 2::bigint, 'lists need neither name nor id');
SELECT is((SELECT count(*) FROM fraud.officer_day_list(2, '2024-02-05')), 3::bigint, 'nor an officer''s');
SELECT throws_ok('SELECT name FROM fraud.person', '42501', NULL, 'which are closed to the reader');
SELECT is((SELECT count(masked_id) FROM fraud.person_masked WHERE masked_id !~ '^..\*{15}.$'), 0::bigint, 'but for their masks');
RESET ROLE;
DROP OWNED BY control_reader;
DROP ROLE control_reader;

SELECT * FROM finish();
