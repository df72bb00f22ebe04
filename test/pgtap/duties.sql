-- Duties: what recurs for a unit, a message group or a person, and how it stands.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

INSERT INTO fraud.unit (code, region, name, kind, active) VALUES
  ('school', '370323002002', 'school', 'school', true), ('village', '370323002100', 'village', 'village', true),
  ('closed', '370323002101', 'closed village', 'village', false), ('far', '370323003100', 'village of another town', 'village', true);
INSERT INTO fraud.contact_group (code, unit, name, level, formed_on, active) VALUES
  ('g1', '370323002002', 'group 1', 3, NULL, true), ('g2', '370323002002', 'group 2', 3, '2024-01-10', true),
  ('g3', 'far', 'group 3', 3, NULL, true), ('g4', '370323002002', 'left', 3, NULL, false), ('h', '370323002002', 'staff', 2, NULL, true);

-- A row of duties_at(): subject, last done, next due, due, met, missed, state.
CREATE FUNCTION pg_temp.stand(code text, as_of date, subject text DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (
  SELECT string_agg(concat_ws(' ', coalesce(t.duty_unit, t.contact_group, t.person::text), coalesce(t.last_done::text, '-'), coalesce(t.next_due::text, '-'), t.days_overdue, t.due, t.met, t.missed, t.state),
                    E'\n' ORDER BY coalesce(t.duty_unit, t.contact_group, t.person::text), t.since)
  FROM fraud.duties_at(as_of) AS t WHERE t.code = stand.code AND coalesce(t.duty_unit, t.contact_group, t.person::text) = coalesce(subject, t.duty_unit, t.contact_group, t.person::text));

-- ------------------------------------------------------------- templates
SELECT is((SELECT count(*)::int FROM fraud.duty), 0, 'no duty is in force until somebody adopts it');
SELECT is((SELECT array_agg(code || ': ' || cadence::text ORDER BY code) FROM fraud.duty_template), ARRAY[
  'case_summary: 1 per month', 'compound_broadcast: 3 per day', 'group_push: 2 per week', 'monthly_meeting: 1 per month', 'monthly_notice: 1 per month',
  'monthly_study: 1 per month', 'monthly_supervision: 1 per month', 'parents_push: 1 per month', 'parents_talk: 1 per term', 'publicity_48: 48 per year',
  'publicity_month: 1 per year', 'screen_daily: 1 per day', 'town_broadcast: 3 per day', 'weekly_bulletin: 1 per week', 'weekly_feedback: 1 per week'],
  'the duties of the five documents');
SELECT is(pg_temp.error_of($$SELECT fraud.adopt_duty('nonsense', '2024-01-01')$$),
  E'P0002\nthere is no duty template ''nonsense''\nThe table duty_template lists them; any other duty is inserted into the table duty.', 'no such template');
SELECT throws_ok($$SELECT fraud.adopt_duty('group_push', NULL)$$, '23502', NULL, 'a duty has a first day');
SELECT throws_ok($$SELECT fraud.adopt_duty('monthly_meeting', '2024-01-01', unit => 'village', unit_kind => 'village')$$, '23514', NULL, 'of a unit or of a kind of unit, not both');
SELECT throws_ok($$SELECT fraud.adopt_duty('monthly_meeting', '2024-01-01', unit => 'village', region => '370323')$$, '23514', NULL, 'a region narrows many, not one');
SELECT throws_ok($$SELECT fraud.adopt_duty('monthly_meeting', '2024-01-01', unit => 'nobody')$$, '23503', NULL, 'no such unit');

-- ------------------------------------------------ two pushes a week a group
-- 1 January 2024 was a Monday. Weeks: 1-7, 8-14, 15-21, 22-28 January.
SELECT isnt(fraud.adopt_duty('group_push', '2024-01-01', region => '370323002'), NULL, 'adopted');
SELECT is((SELECT array_agg(contact_group ORDER BY contact_group) FROM fraud.duty_subject), '{g1,g2}', 'every active group of the level, in the region');
SELECT throws_ok($$SELECT fraud.adopt_duty('group_push', '2024-01-15', region => '370323002')$$, '23505', NULL, 'not adopted twice, from whatever day on');
SELECT is(pg_temp.stand('group_push', '2024-01-07'), E'g1 - 2024-01-07 0 0 0 0 due', 'due on Sunday; a group that is not formed yet has no duty');
SELECT is(pg_temp.stand('group_push', '2024-01-08'), E'g1 - 2024-01-14 0 1 0 1 ok', 'missed on Monday');
INSERT INTO fraud.activity (unit, kind, held_on, sessions, contact_group) VALUES
  ('370323002002', 'push', '2024-01-09', 1, 'g1'), ('370323002002', 'push', '2024-01-14', 1, 'g1'),   -- two in the second week
  ('370323002002', 'push', '2024-01-16', 5, 'g1'),                                                    -- five on one day of the third
  ('370323002002', 'push', '2024-01-23', 1, 'g1'),                                                    -- one in the fourth
  ('370323002002', 'talk', '2024-01-24', 1, 'g1'), ('370323002002', 'push', '2024-01-25', 1, 'g2'),   -- another kind, another group
  ('370323002002', 'push', '2024-01-26', 1, NULL);                                                    -- in no group
SELECT is(pg_temp.stand('group_push', '2024-01-29', 'g1'), 'g1 2024-01-23 2024-02-04 0 4 2 2 ok', 'the first and the fourth week are missed');
-- formed on Wednesday the 10th: the week of 8 January does not lie wholly after
SELECT is(pg_temp.stand('group_push', '2024-01-29', 'g2'), 'g2 2024-01-25 2024-02-04 0 2 0 2 ok', 'a group formed later owes later');
SELECT throws_ok($$INSERT INTO fraud.activity (unit, kind, held_on, contact_group) VALUES ('school', 'push', '2024-01-01', 'g1')$$, '23503', NULL, 'a group of another unit');
SELECT fraud.void_fact('activity', (SELECT id FROM fraud.activity WHERE held_on = '2024-01-14'), 'a test message') \g /dev/null
SELECT is(pg_temp.stand('group_push', '2024-01-29', 'g1'), 'g1 2024-01-23 2024-02-04 0 4 1 3 ok', 'a voided one does not count');

-- ------------------------------------------------------- 48 sessions a year
SELECT isnt(fraud.adopt_duty('publicity_48', '2023-01-01', unit => '370323002003'), NULL, 'for one unit');
INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES
  ('370323002003', 'talk', '2023-03-01', 20), ('370323002003', 'broadcast', '2023-06-01', 27), ('370323002003', 'meeting', '2023-06-02', 30);
SELECT is(pg_temp.stand('publicity_48', '2023-12-31'), '370323002003 2023-06-01 2023-12-31 0 0 0 0 due', '47 sessions of any kind that counts as publicity: due on the last day');
SELECT is(pg_temp.stand('publicity_48', '2024-01-01'), '370323002003 2023-06-01 2024-12-31 0 1 0 1 ok', 'missed the day after');
INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('370323002003', 'event', '2023-12-31');
SELECT is(pg_temp.stand('publicity_48', '2023-12-31'), '370323002003 2023-12-31 2024-12-31 0 0 0 0 ok', 'the 48th');
SELECT is(pg_temp.stand('publicity_48', '2024-01-01'), '370323002003 2023-12-31 2024-12-31 0 1 1 0 ok', 'met');
-- ten thousand million sessions on a day make no array of that length
INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES ('370323002003', 'talk', '2024-03-01', 10000000000);
SELECT is(pg_temp.stand('publicity_48', '2024-12-31'), '370323002003 2024-03-01 2025-12-31 0 1 1 0 ok', 'a day counts no more than a window asks');

-- ------------------------------------------ three broadcasts a day, no exams
INSERT INTO fraud.calendar_day (day, kind) SELECT d::date, 'exam' FROM generate_series('2024-06-07'::timestamp, '2024-06-10', '1 day') AS d;
SELECT isnt(fraud.adopt_duty('town_broadcast', '2024-06-01', unit => 'village'), NULL, 'with exam periods');
INSERT INTO fraud.activity (unit, kind, held_on, sessions) SELECT 'village', 'broadcast', d::date, 3 FROM generate_series('2024-06-01'::timestamp, '2024-06-05', '1 day') AS d;
INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES ('village', 'broadcast', '2024-06-06', 2), ('village', 'broadcast', '2024-06-08', 3);
-- 1 to 5 met, 6 missed; 7 to 10 paused: the 8th was done all the same
SELECT is(pg_temp.stand('town_broadcast', '2024-06-10'), 'village 2024-06-08 2024-06-10 0 7 6 1 paused', 'nothing is missed in an exam period, and what is done counts');
SELECT is(pg_temp.stand('town_broadcast', '2024-06-12'), 'village 2024-06-08 2024-06-12 0 8 6 2 due', 'and after it again');

-- ------------------------------------------ recorded in duty_done: feedback
INSERT INTO fraud.duty (code, label_zh, label_en, unit_kind, region, cadence, since, until)
  VALUES ('feedback', '反馈', 'feedback', 'village', '370323002', '1 per week', '2024-01-03', '2024-01-31');
CREATE FUNCTION pg_temp.duty(code text) RETURNS bigint LANGUAGE sql RETURN (SELECT d.id FROM fraud.duty AS d WHERE d.code = duty.code);
SELECT is((SELECT array_agg(duty_unit) FROM fraud.duty_subject WHERE duty = pg_temp.duty('feedback')), '{village}', 'every active unit of the kind, in the region');
INSERT INTO fraud.duty_done (duty, unit, done_on) VALUES (pg_temp.duty('feedback'), 'village', '2024-01-05'), (pg_temp.duty('feedback'), 'village', '2024-01-10');
-- weeks that lie wholly within 3 to 31 January: 8-14 met, 15-21 and 22-28 missed
SELECT is(pg_temp.stand('feedback', '2024-03-01'), 'village 2024-01-10 - 0 3 1 2 ok', 'from its first to its last day; nothing is due after');
SELECT is(pg_temp.stand('feedback', '2024-01-02'), NULL, 'a duty that has not begun is not listed');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.duty_done (duty, done_on) VALUES (pg_temp.duty('feedback'), '2024-01-05')$$),
  format(E'23502\nduty %s (feedback) is the duty of many\nThe row does not say who did it.\nName the unit.', pg_temp.duty('feedback')), 'who did it');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.duty_done (duty, unit, done_on) VALUES (pg_temp.duty('feedback'), 'far', '2024-01-05')$$),
  format(E'23514\nduty %s (feedback) is not the duty of unit ''far''\nIt is that of each unit of kind village in region 370323002.\nCorrect the row, or add a duty.', pg_temp.duty('feedback')), 'one whose duty it is not');
SELECT throws_ok($$INSERT INTO fraud.duty_done (duty, contact_group, done_on) VALUES (pg_temp.duty('feedback'), 'g1', '2024-01-05')$$, '23514', NULL, 'nor a group');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.duty_done (duty, contact_group, done_on) VALUES (pg_temp.duty('group_push'), 'g1', '2024-01-05')$$),
  format(E'23514\nduty %s (group_push) is done by activities\nThey are rows of the table activity of kind push.\nRecord the activity; it counts for the duty by itself.', pg_temp.duty('group_push')), 'not twice over');
SELECT throws_ok($$INSERT INTO fraud.duty_done (duty, unit, done_on) VALUES (-1, 'village', '2024-01-05')$$, '23503', NULL, 'no such duty');
SELECT throws_ok($$INSERT INTO fraud.duty_done (duty, unit, done_on) VALUES (pg_temp.duty('feedback'), 'village', 'infinity')$$, '23514', NULL, 'a day that is none');
SELECT throws_ok($$INSERT INTO fraud.duty_done (duty, unit, done_on, times) VALUES (pg_temp.duty('feedback'), 'village', '2024-01-05', 0)$$, '23514', NULL, 'no times');
SELECT is(pg_temp.message_of('UPDATE fraud.duty_done SET done_on = done_on + 1'), '23001 column "done_on" of table "duty_done" cannot be changed', 'kept as recorded');
SELECT fraud.void_fact('duty_done', max(id), 'entered for another') FROM fraud.duty_done \g /dev/null
SELECT is(pg_temp.stand('feedback', '2024-03-01'), 'village 2024-01-05 - 0 3 0 3 ok', 'voided');

-- ------------------------------------------------------------------ pauses
INSERT INTO fraud.duty_pause (duty, unit, starts_on, ends_on, reason, approver) VALUES (pg_temp.duty('feedback'), 'village', '2024-01-20', '2024-01-22', 'flood', 'town office');
SELECT is(pg_temp.stand('feedback', '2024-03-01'), 'village 2024-01-05 - 0 1 0 1 ok', 'windows that a pause touches do not count');
INSERT INTO fraud.duty_pause (duty, starts_on, reason, approver) VALUES (pg_temp.duty('feedback'), '2024-01-09', 'reorganisation', 'county office');
SELECT is(pg_temp.stand('feedback', '2024-01-15'), 'village 2024-01-05 - 0 0 0 0 paused', 'for all, and with no end');
SELECT throws_ok($$INSERT INTO fraud.duty_pause (duty, unit, starts_on, reason, approver) VALUES (pg_temp.duty('feedback'), 'far', '2024-01-09', 'x', 'y')$$, '23514', NULL, 'one whose duty it is not');
SELECT throws_ok($$INSERT INTO fraud.duty_pause (duty, starts_on, ends_on, reason, approver) VALUES (pg_temp.duty('feedback'), '2024-01-09', '2024-01-08', 'x', 'y')$$, '23514', NULL, 'ended before it began');
SELECT throws_ok($$INSERT INTO fraud.duty_pause (duty, starts_on, reason, approver) VALUES (pg_temp.duty('feedback'), '2024-01-09', ' ', 'y')$$, '23514', NULL, 'with a reason');
SELECT is(pg_temp.message_of('DELETE FROM fraud.duty_pause'), '23001 rows of table "duty_pause" cannot be removed', 'and kept');

-- one of many
INSERT INTO fraud.duty (code, label_zh, label_en, unit_kind, region, cadence, since) VALUES ('notice', '通报', 'a notice each week', 'community', '370323002', '1 per week', '2024-01-01');
INSERT INTO fraud.duty_pause (duty, unit, starts_on, ends_on, reason, approver) VALUES (pg_temp.duty('notice'), '370323002002', '2024-01-03', '2024-01-03', 'flood', 'town office');
SELECT is(pg_temp.stand('notice', '2024-01-08', '370323002002'), '370323002002 - 2024-01-14 0 0 0 0 ok', 'a pause for one');
SELECT is(pg_temp.stand('notice', '2024-01-08', '370323002003'), '370323002003 - 2024-01-14 0 1 0 1 ok', 'is none for the others');

-- --------------------------------------------------- a rolling duty, a person
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) VALUES ('other', 'X-1', '370323002002', '370323002002', '2024-01-05');
INSERT INTO fraud.duty (code, label_zh, label_en, person, cadence, since) SELECT 'help', '帮扶谈话', 'a talk about work', p.id, 'every month', '2024-01-01' FROM fraud.person AS p;
-- since the person's first day, 5 January: 5 February; 5 March
SELECT is(pg_temp.stand('help', '2024-02-05'), format('%s - 2024-02-05 0 0 0 0 due', (SELECT id FROM fraud.person)), 'a month after the person was enrolled');
SELECT is(pg_temp.stand('help', '2024-02-09'), format('%s - 2024-02-05 4 1 0 1 overdue', (SELECT id FROM fraud.person)), 'four days overdue');
INSERT INTO fraud.duty_done (duty, done_on) VALUES (pg_temp.duty('help'), '2024-02-09');
SELECT is(pg_temp.stand('help', '2024-02-10'), format('%s 2024-02-09 2024-03-09 0 2 1 1 ok', (SELECT id FROM fraud.person)), 'done late: it meets the next slot, and the one after runs from that day');
SELECT throws_ok($$INSERT INTO fraud.duty (code, label_zh, label_en, person, cadence, since, activity_kind) SELECT 'x', 'x', 'x', id, 'every month', '2024-01-01', 'talk' FROM fraud.person$$, '23514', NULL, 'activities name no person');

-- ------------------------------------------------------------ what is refused
CREATE FUNCTION pg_temp.duty_with(columns text, "values" text) RETURNS text
LANGUAGE sql RETURN pg_temp.message_of(format('INSERT INTO fraud.duty (code, label_zh, label_en, cadence, since, %s) VALUES (''x'', ''x'', ''x'', ''1 per week'', ''2024-01-01'', %s)', columns, "values"));
SELECT is(pg_temp.duty_with('grace', '0'), '23514 new row for relation "duty" violates check constraint "duty_one_subject"', 'nobody''s');
SELECT is(pg_temp.duty_with('unit, contact_group', '''village'', ''g1'''), '23514 new row for relation "duty" violates check constraint "duty_one_subject"', 'two''s');
SELECT is(pg_temp.duty_with('unit, grace', '''village'', 367'), '23514 new row for relation "duty" violates check constraint "duty_grace_in_days"', 'a grace of more than a year');
SELECT is(pg_temp.duty_with('unit, until', '''village'', ''2023-12-31'''), '23514 new row for relation "duty" violates check constraint "duty_ends_after_it_begins"', 'ended before it began');
SELECT is(pg_temp.duty_with('unit, measure', '''village'', ''case'''), '23514 a missed duty cannot supply measure ''case''', 'a measure that counts something else');
SELECT is(pg_temp.duty_with('unit, measure', '''village'', ''checkin_missed'''), '23514 a missed duty cannot supply measure ''checkin_missed''', 'or another kind of missed thing');
SELECT is(pg_temp.duty_with('unit, measure', '''village'', ''nonsense'''), '23503 insert or update on table "duty" violates foreign key constraint "duty_measure_fk"', 'or nothing');
SELECT is(pg_temp.duty_with('unit, activity_kind, activity_measure', '''village'', ''talk'', ''publicity'''), '23514 new row for relation "duty" violates check constraint "duty_one_source"', 'done by two things');
SELECT throws_ok($$INSERT INTO fraud.contact_group (code, unit, name, level) VALUES ('x', 'village', 'x', 4)$$, '23514', NULL, 'a fourth level of groups');

-- -------------------------------------------------------------- terms, view
-- no terms in the calendar: that row says so, and the list stands
SELECT isnt(fraud.adopt_duty('parents_talk', '2024-01-01'), NULL, 'once a term');
SELECT is(pg_temp.stand('parents_talk', '2024-03-01'), 'school - - 0 0 0 0 calendar_missing', 'terms that nobody entered');
SELECT cmp_ok((SELECT count(*) FROM fraud.duties_at('2024-03-01')), '>', 4::bigint, 'harm no other row');
INSERT INTO fraud.calendar_day (day, kind) SELECT d::date, 'term' FROM generate_series('2023-09-01'::timestamp, '2024-07-05', '1 day') AS d WHERE d NOT BETWEEN '2024-01-27' AND '2024-02-25';
-- 1 January lies within the first term, which so does not count
SELECT is(pg_temp.stand('parents_talk', '2024-03-01'), 'school - 2024-07-05 0 0 0 0 ok', 'the term that runs');

UPDATE fraud.registry_info SET as_of = '2024-01-29';
SELECT results_eq('SELECT duty, unit, region, next_due, missed, state, as_of FROM fraud.duty_status ORDER BY duty, contact_group',
  $$SELECT duty, unit, region, next_due, missed, state, '2024-01-29'::date FROM fraud.duties_at('2024-01-29') ORDER BY duty, contact_group$$, 'the view looks as of registry_info.as_of');
SELECT is((SELECT array_agg(DISTINCT t.region::text) FROM fraud.duties_at('2024-03-01', '370323002100') AS t), '{370323002100}', 'a region''s');
-- what is read for all at once is what is read for each; the order of days is nobody's business
SELECT cmp_ok((SELECT count(*) FROM fraud.duty_record WHERE done IS NOT NULL), '>', 3::bigint, 'there are records with days done');
SELECT results_eq(
  $$SELECT r.duty, r.duty_unit, r.contact_group, r.person, r.since, r.segments, ARRAY(SELECT unnest(r.done) ORDER BY 1), r.paused FROM fraud.duty_record AS r ORDER BY 1, 2, 3, 4$$,
  $$SELECT s.duty, s.duty_unit, s.contact_group, s.person, h.since, h.segments, ARRAY(SELECT unnest(h.done) ORDER BY 1), h.paused
    FROM fraud.duty_subject AS s CROSS JOIN LATERAL fraud.duty_history(s.duty, s.duty_unit, s.contact_group, s.person, fraud.office_calendar()) AS h ORDER BY 1, 2, 3, 4$$,
  'the record of all is the history of each');
UPDATE fraud.unit SET active = false WHERE code = 'village';
SELECT is(pg_temp.stand('feedback', '2024-03-01'), NULL, 'what an inactive unit owes is not looked at');

SELECT * FROM finish();
