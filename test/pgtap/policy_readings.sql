-- The readings that a policy chooses: what a change and a pause do, check-ins
-- that are entered late, and those voided long after.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- When a row was recorded is the server's business; here its note says so.
CREATE FUNCTION said_when() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recorded_at := coalesce(NEW.note::timestamptz, NEW.recorded_at);
  RETURN NEW;
END
$$;
CREATE TRIGGER zz_said_when BEFORE INSERT ON fraud.checkin FOR EACH ROW EXECUTE FUNCTION said_when();
CREATE TRIGGER zz_said_when BEFORE INSERT ON fraud.duty_done FOR EACH ROW EXECUTE FUNCTION said_when();

CREATE FUNCTION pg_temp.p(document text) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.person WHERE document_no = document);
CREATE FUNCTION pg_temp.kept() RETURNS text LANGUAGE sql RETURN (SELECT coalesce(string_agg(d::text, '; '), '') FROM fraud.next_due_difference AS d);
CREATE FUNCTION pg_temp.stands(document text, day date) RETURNS text
LANGUAGE sql RETURN (SELECT concat_ws(' ', coalesce(s.last_done::text, '-'), coalesce(s.next_due::text, '-'), s.met || '+' || s.missed, s.state) FROM fraud.person_status_at(day, pg_temp.p(document)) AS s);
CREATE FUNCTION pg_temp.due(document text) RETURNS text
LANGUAGE sql RETURN (SELECT concat_ws(' ', p.next_due, coalesce(p.plain_cadence::text, '-')) FROM fraud.person AS p WHERE p.document_no = document);

INSERT INTO fraud.person (document_kind, document_no, born_on, region, enrolled_on) VALUES
  ('passport', 'a', '1990-01-01', '370323002002', '2024-01-01'),
  ('passport', 'b', '1990-01-01', '370323002003', '2024-01-01'),
  ('passport', 'c', '1990-01-01', '370302001001', '2024-01-01');
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, 'high', '2024-01-01' FROM fraud.person;

-- ------------------------------------------------------------- entered late
-- Weekly; in 370323 what is entered more than two days late does not count.
SELECT is(pg_temp.due('a'), '2024-01-08 every 7 days', 'as shipped, check-ins alone move the due day');
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, late_entry_days, basis) VALUES ('high', '370323', '2024-01-01', 'every 7 days', 2, 'test');
SELECT is(pg_temp.due('a'), '2024-01-08 -', 'now it is computed from the history');
SELECT is(pg_temp.due('c'), '2024-01-08 every 7 days', 'not elsewhere');
INSERT INTO fraud.checkin (person, checked_at, note) VALUES
  (pg_temp.p('a'), '2024-01-08 09:00+08', '2024-01-10 23:30+08'), (pg_temp.p('b'), '2024-01-08 09:00+08', '2024-01-11 00:30+08'),
  (pg_temp.p('c'), '2024-01-08 09:00+08', '2024-01-11 00:30+08');
SELECT is(pg_temp.stands('a', '2024-01-14'), '2024-01-08 2024-01-15 1+0 ok', 'two days late: counts');
SELECT is(pg_temp.stands('b', '2024-01-14'), '- 2024-01-08 0+1 overdue', 'half an hour into the third day of China: does not');
SELECT is(pg_temp.stands('c', '2024-01-14'), '2024-01-08 2024-01-15 1+0 ok', 'in a region without the rule it does');
SELECT is(pg_temp.due('b'), '2024-01-08 -', 'what is kept does not follow it either');
SELECT is((SELECT last_checkins::text FROM fraud.checkins_overdue('2024-01-14') WHERE person = pg_temp.p('b')), '{}', 'nor does a list show it');
SELECT is(fraud.counted_checkins(pg_temp.p('a'), '370323002002'), '{2024-01-08}', 'the days that count');
INSERT INTO fraud.checkin (person, checked_at) VALUES (pg_temp.p('c'), '2023-12-20 09:00+08');
SELECT is((SELECT last_checkins::text FROM fraud.checkins_overdue('2024-01-16') WHERE person = pg_temp.p('c')), '{2024-01-08}', 'a check-in before enrolment is not among the last');
-- From February on there is no such rule: the policy of the day decides.
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, basis) VALUES ('high', '370323', '2024-02-01', 'every 7 days', 'test');
SELECT is(pg_temp.due('b'), '2024-01-08 -', 'the same cadence begins no segment, but late entries count again');
INSERT INTO fraud.checkin (person, checked_at, note) VALUES
  (pg_temp.p('b'), '2024-01-31 09:00+08', '2024-02-05 09:00+08'), (pg_temp.p('b'), '2024-02-01 09:00+08', '2024-02-20 09:00+08');
SELECT is(pg_temp.stands('b', '2024-02-07'), '2024-02-01 2024-02-08 1+4 ok', '31 January does not count, 1 February does');
SELECT is(fraud.counted_checkins(pg_temp.p('b'), '370323002003'), '{2024-02-01}', 'by the policy in force on each day');
-- Moved to where it counts, and back.
UPDATE fraud.person SET region = '370302001001' WHERE document_no = 'b';
SELECT is(pg_temp.stands('b', '2024-02-07'), '2024-02-01 2024-02-08 3+3 ok', 'where there is no rule all of them count');
UPDATE fraud.person SET region = '370323002003' WHERE document_no = 'b';
SELECT is(pg_temp.stands('b', '2024-02-07'), '2024-02-01 2024-02-08 1+4 ok', 'and back');
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.control_policy (tier, valid_from, cadence, late_entry_days, basis) VALUES ('low', '2024-01-01', 'every day', -1, 'x')$$),
  '23514 new row for relation "control_policy" violates check constraint "control_policy_late_entry_days_not_negative"', 'no negative days');
DELETE FROM fraud.control_policy WHERE basis = 'test';
SELECT is(pg_temp.due('b'), '2024-02-08 every 7 days', 'without the rule as before');
SELECT is(pg_temp.kept(), '', 'what is kept follows the policies');

-- -------------------------------------------------------------- voided late
-- Recorded five and six days ago, voided now: within five days, or not.
CREATE PROCEDURE pg_temp.forget() LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL session_replication_role = replica;
  DELETE FROM fraud.checkin;
  SET LOCAL session_replication_role = origin;
  PERFORM fraud.refresh_next_due();
END
$$;
CALL pg_temp.forget();
INSERT INTO fraud.checkin (person, checked_at, note) VALUES
  (pg_temp.p('a'), '2024-01-08 09:00+08', (now() - interval '5 days')::text), (pg_temp.p('b'), '2024-01-08 09:00+08', (now() - interval '6 days')::text),
  (pg_temp.p('c'), '2024-01-08 09:00+08', (now() - interval '6 days')::text);
SELECT is(pg_temp.stands('b', '2024-01-14'), '2024-01-08 2024-01-15 1+0 ok', 'recorded');
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, void_within_days, basis) VALUES ('high', '370323', '2024-01-01', 'every 7 days', 5, 'test');
SELECT is(pg_temp.due('a'), '2024-01-15 every 7 days', 'a new check-in counts in any case: it alone still moves the due day');
SELECT fraud.void_fact('checkin', id, 'entered for another') FROM fraud.checkin WHERE voided_at IS NULL \g /dev/null
SELECT is(pg_temp.stands('a', '2024-01-14'), '- 2024-01-08 0+1 overdue', 'voided after five days: never was');
SELECT is(pg_temp.stands('b', '2024-01-14'), '2024-01-08 2024-01-15 1+0 ok', 'after six: still done');
SELECT is(pg_temp.stands('c', '2024-01-14'), '- 2024-01-08 0+1 overdue', 'elsewhere never was');
SELECT is(pg_temp.due('b'), '2024-01-15 every 7 days', 'as kept');
INSERT INTO fraud.checkin (person, checked_at, note) VALUES (pg_temp.p('b'), '2024-01-12 09:00+08', NULL);
SELECT is(pg_temp.due('b'), '2024-01-19 every 7 days', 'and moved by the next one');
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');
DELETE FROM fraud.control_policy WHERE basis = 'test';
SELECT is(pg_temp.stands('b', '2024-01-13'), '2024-01-12 2024-01-19 1+1 ok', 'without the rule as if it had never been');
CALL pg_temp.forget();

-- ------------------------------------------------------------------- change
-- Stricter: monthly from 1 January, due on 1 February; weekly from the 10th.
-- Laxer: weekly, due on the 8th; monthly from the 3rd.
UPDATE fraud.tier_change SET void_reason = 'x';
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES
  (pg_temp.p('a'), 'low', '2024-01-01'), (pg_temp.p('a'), 'high', '2024-01-10'), (pg_temp.p('b'), 'high', '2024-01-01'), (pg_temp.p('b'), 'low', '2024-01-03');
SELECT is(pg_temp.due('a') || ', ' || pg_temp.due('b'), '2024-01-17 every 7 days, 2024-02-01 every month', 'min: stricter at once, laxer from the last check-in');
UPDATE fraud.control_policy SET change = 'open';
SELECT is(pg_temp.due('a') || ', ' || pg_temp.due('b'), '2024-02-01 -, 2024-01-08 -', 'open: the slot keeps its end');
UPDATE fraud.control_policy SET change = 'restart';
SELECT is(pg_temp.due('a') || ', ' || pg_temp.due('b'), '2024-01-17 -, 2024-02-03 -', 'restart: from the day of the change');
SELECT is(fraud.control_segments(pg_temp.p('b')) -> 1, '{"from": "2024-01-03", "cadence": "every month", "grace": 0, "anchor": "actual", "shift": "none", "partial": "skip", "change": "restart"}'::jsonb, 'in the segments');
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');
-- The same cadence: another tier, or another row of the policy, restarts.
UPDATE fraud.control_policy SET cadence = 'every month';
SELECT is(pg_temp.due('a') || ', ' || pg_temp.due('b'), '2024-02-10 -, 2024-02-03 -', 'also where both ask the same');
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, change, basis) VALUES ('low', '370323', '2024-01-20', 'every month', 'restart', 'test');
SELECT is(pg_temp.due('b'), '2024-02-20 -', 'a new row of the policy does so too');
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (pg_temp.p('b'), 'low', '2024-01-25');
SELECT is(pg_temp.due('b'), '2024-02-20 -', 'the same tier said again does not');
SELECT is((SELECT supposed_next_due::text FROM fraud.simulate_policy('2024-01-31', '[{"tier": "low", "region": "370323", "valid_from": "2024-01-30", "cadence": "every month", "change": "restart"}]') WHERE person = pg_temp.p('b')), '2024-02-29', 'what if: from the 30th');
SELECT is((SELECT supposed_next_due::text FROM fraud.simulate_policy('2024-01-31', '[{"tier": "low", "region": "370323", "valid_from": "2024-01-30", "cadence": "every month"}]') WHERE person = pg_temp.p('b')), NULL, 'what if: no change');
DELETE FROM fraud.control_policy WHERE basis = 'test';
UPDATE fraud.control_policy SET change = 'min';
SELECT is(pg_temp.due('a') || ', ' || pg_temp.due('b'), '2024-02-01 every month, 2024-02-01 every month', 'min: as if nothing had changed');

-- -------------------------------------------------------------------- pause
-- Weekly from 1 January; in hospital from the 3rd to the 5th.
UPDATE fraud.control_policy SET cadence = 'every 7 days';
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (pg_temp.p('b'), 'hospital', '2024-01-03', '2024-01-05', 'A');
SELECT is(pg_temp.due('b'), '2024-01-11 -', 'stop: three days later');
UPDATE fraud.control_policy SET pause = 'run';
SELECT is(pg_temp.due('b'), '2024-01-08 -', 'run: as if there were none');
UPDATE fraud.control_policy SET pause = 'restart';
SELECT is(pg_temp.due('b'), '2024-01-12 -', 'restart: a week after its last day');
SELECT is(fraud.control_segments(pg_temp.p('b')) -> 0 ->> 'pause', 'restart', 'in the segments');
SELECT is(pg_temp.kept(), '', 'what is kept is what the history gives');
SELECT is((SELECT supposed_next_due::text FROM fraud.simulate_policy('2024-01-10', '[{"tier": "high", "cadence": "every 7 days", "pause": "run"}, {"tier": "low", "cadence": "every 7 days", "pause": "run"}]') WHERE person = pg_temp.p('b')), '2024-01-08', 'what if');
SELECT is(pg_temp.message_of($$SELECT fraud.simulate_policy('2024-01-10', '[{"tier": "high", "cadence": null, "pause": "skip"}]')$$), '22023 supposed policy 1: pause is "skip"', 'a reading that there is not');
UPDATE fraud.control_policy SET pause = 'stop';

-- ------------------------------------------------------------------- duties
-- A duty has these too, save change: it never changes, but ends.
INSERT INTO fraud.duty (code, label_zh, label_en, unit, cadence, since, pause, late_entry_days) VALUES
  ('feedback', 'x', 'x', '370323002002', 'every 7 days', '2024-01-01', 'stop', 2);
INSERT INTO fraud.duty_pause (duty, starts_on, ends_on, reason, approver) VALUES (1, '2024-01-10', '2024-01-11', 'x', 'x');
INSERT INTO fraud.duty_done (duty, done_on, note) VALUES (1, '2024-01-08', '2024-01-10 23:30+08'), (1, '2024-01-14', '2024-01-17 00:30+08');
CREATE FUNCTION pg_temp.duty() RETURNS text LANGUAGE sql RETURN (SELECT concat_ws(' ', last_done, next_due, met || '+' || missed) FROM fraud.duties_at('2024-01-16'));
SELECT is(pg_temp.duty(), '2024-01-08 2024-01-17 1+0', 'the second was entered too late; two days of pause');
SELECT is((SELECT h.done FROM fraud.duty_history(1, '370323002002', NULL, NULL, NULL) AS h), '{2024-01-08}', 'so says its history');
UPDATE fraud.duty SET late_entry_days = 3;
SELECT is(pg_temp.duty(), '2024-01-14 2024-01-21 2+0', 'three days are allowed');
UPDATE fraud.duty SET late_entry_days = 2, pause = 'run';
SELECT is(pg_temp.duty(), '2024-01-08 2024-01-15 1+1', 'the clock ran on');
SELECT is((SELECT array_agg(m) FROM fraud.missed_duties_of(1, '370323002002', NULL, NULL, '2024-01-16', NULL) AS m), '{2024-01-15}', 'missed');
-- of activities, which are recorded now
INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('370323002003', 'meeting', '2024-01-08'), ('370323002003', 'meeting', current_date);
INSERT INTO fraud.duty (code, label_zh, label_en, unit, cadence, since, activity_kind, late_entry_days) VALUES ('meeting', 'x', 'x', '370323002003', '1 per month', '2024-01-01', 'meeting', NULL);
SELECT is((SELECT met || ' ' || last_done FROM fraud.duties_at('2024-02-01') WHERE code = 'meeting'), '1 2024-01-08', 'an activity entered years later');
UPDATE fraud.duty SET late_entry_days = 1 WHERE code = 'meeting';
SELECT is((SELECT met || '+' || missed FROM fraud.duties_at('2024-02-01') WHERE code = 'meeting'), '0+1', 'is too late');
SELECT is((SELECT h.done FROM fraud.duty_history((SELECT id FROM fraud.duty WHERE code = 'meeting'), '370323002003', NULL, NULL, NULL) AS h), ARRAY[current_date], 'one of today is not');

SELECT finish();
