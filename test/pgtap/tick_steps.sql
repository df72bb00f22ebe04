-- Ticks and what people do meanwhile: snoozes, deliveries, decisions, what is
-- put right or not; replays in any order; who may; the schedule.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

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

-- Persons under control, every 7 days, never seen: person n is enrolled on
-- 1 January plus n days, due on the 8th plus n, and three days overdue on the
-- 11th plus n.
CREATE PROCEDURE enrol(registry text, persons int) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format($q$
    INSERT INTO %1$I.person (document_kind, document_no, unit, region, enrolled_on) SELECT 'other', 'P' || n, '370323002002', '370323002002', DATE '2024-01-01' + n FROM generate_series(1, $1) AS n;
    $q$, registry) USING persons;
  EXECUTE format($q$INSERT INTO %1$I.tier_change (person, tier, changed_on) SELECT id, 'high', enrolled_on FROM %1$I.person WHERE tier IS NULL$q$, registry);
  EXECUTE format($q$INSERT INTO %1$I.escalation_rule (code, source, clause_zh, measure, rule, subject) VALUES ('late', 'test', '核查逾期', 'overdue', 'raise reminder if amount >= 3', 'person')$q$, registry);
END
$$;
CALL enrol('fraud', 5);

-- Raised on the 12th to the 16th.
SELECT is(pg_temp.ticked(DATE '2024-01-11' + n), 'raise_standing 1', 'person ' || n) FROM generate_series(1, 5) AS n;
SELECT is((SELECT string_agg(subject || ' ' || acknowledge_by, ', ' ORDER BY id) FROM fraud.escalation), 'person:1 2024-01-17, person:2 2024-01-18, person:3 2024-01-19, person:4 2024-01-20, person:5 2024-01-21', 'five days each');

-- ------------------------------------------------------------- deliveries
-- Delivered at 23:30 in China on the 16th, which is 15:30 GMT.
SELECT count(*) FROM fraud.claim_outbox(10) \g /dev/null
SELECT fraud.settle_outbox(id, 1) FROM fraud.outbox WHERE key = 'escalation:1:raised' \g /dev/null
UPDATE fraud.outbox SET delivered_at = '2024-01-16 15:30+00' WHERE delivered_at IS NOT NULL;
SELECT is(pg_temp.ticked('2024-01-15'), 'nothing', 'a tick for the day before knows nothing of it');
SELECT is(pg_temp.ticked('2024-01-16'), 'deliver 1', 'delivered');
SELECT is((SELECT string_agg(state || ' ' || pg_temp.events(id), '') FROM fraud.escalation WHERE id = 1), 'delivered raise 01-12, deliver 01-16', 'on that day, in China');
-- 2 was delivered before it was raised, by that clock: it is a replay of old days
SELECT fraud.settle_outbox(id, 1) FROM fraud.outbox WHERE key = 'escalation:2:raised' \g /dev/null
UPDATE fraud.outbox SET delivered_at = '2024-01-01 00:00+00' WHERE key = 'escalation:2:raised';
SELECT is(pg_temp.ticked('2024-01-16'), 'deliver 1', 'delivered before');
SELECT is(pg_temp.events(2), 'raise 01-13, deliver 01-13', 'counts from the day on which it was raised');

-- ----------------------------------------------------------------- snooze
-- Who decides on reminders here: the owner of this database.
INSERT INTO fraud.escalation_authority (role, authority, basis) VALUES (current_user, '联席会议办公室', 'test');
SELECT is(fraud.step_escalation(3, 'snooze', 'flood', '{"until":"2024-01-22"}', '2024-01-16'), 'raised', 'snoozed until the 22nd');
-- the 17th: 1 is on its last day
SELECT is(pg_temp.ticked('2024-01-17'), 'remind 1', 'one is reminded');
-- the 20th: 1 and 2 were due on the 17th and 18th, 4 is on its last day
SELECT is(pg_temp.ticked('2024-01-20'), 'climb 2, remind 2', 'two climb, of which 2 was not reminded of yet');
SELECT is(pg_temp.events(3), 'raise 01-14, snooze 01-16', 'the one that is snoozed does neither');
SELECT is(pg_temp.ticked('2024-01-22'), 'climb 2, remind 1', 'on its last day it still is');
SELECT is(pg_temp.ticked('2024-01-23'), 'wake 1, climb 1, remind 1', 'then it wakes, and climbs');
SELECT is(pg_temp.events(3), 'raise 01-14, snooze 01-16, wake 01-23, climb 01-23, remind 01-23', 'with its events');
SELECT is(pg_temp.ticked('2024-01-23'), 'nothing', 'once');
SELECT is(pg_temp.ticked('2024-01-21'), 'nothing', 'as of a day of the snooze nothing is due');

-- -------------------------------------------------------------- decisions
-- Five notices are proposed. One is confirmed on the 25th: within 5 days of
-- that it is to be acknowledged; others are rejected. What was confirmed is
-- announced by the next tick.
CREATE TEMP TABLE notice AS SELECT id, caused_by FROM fraud.escalation WHERE rung = 'notice';
SELECT is((SELECT string_agg(state, ' ') FROM fraud.escalation WHERE rung = 'notice'), 'proposed proposed proposed proposed proposed', 'five notices are proposed');
SELECT is((SELECT string_agg(fraud.step_escalation(id, CASE caused_by WHEN 1 THEN 'confirm' ELSE 'reject' END, 'decided', on_day => '2024-01-25'), ' ' ORDER BY caused_by) FROM notice),
  'raised rejected rejected rejected rejected', 'one is confirmed');
SELECT is(pg_temp.ticked('2024-01-24'), 'nothing', 'not before that day');
SELECT is(pg_temp.ticked('2024-01-25'), 'announce 1', 'announced');
SELECT is((SELECT key FROM fraud.outbox ORDER BY id DESC LIMIT 1), (SELECT format('escalation:%s:raised:2', id) FROM notice WHERE caused_by = 1), 'by the number of its step');
SELECT is(pg_temp.ticked('2024-01-25'), 'nothing', 'once');
SELECT is((SELECT acknowledge_by FROM fraud.escalation WHERE id = (SELECT id FROM notice WHERE caused_by = 1)), '2024-01-30'::date, 'to be acknowledged within five days of that');
SELECT is(pg_temp.ticked('2024-01-31'), 'climb 1, remind 1', 'otherwise a yellow card is proposed');
SELECT is((SELECT rung || ' ' || state FROM fraud.escalation ORDER BY id DESC LIMIT 1), 'yellow_card proposed', 'proposed, again');

-- ---------------------------------------------------------- not put right
-- Person 6 is enrolled on 1 February, due on the 8th, raised on the 11th, to be
-- acknowledged by the 16th (as is done) and put right by 12 March.
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) VALUES ('other', 'P6', '370323002002', '370323002002', '2024-02-01');
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, 'high', enrolled_on FROM fraud.person WHERE tier IS NULL;
SELECT is(pg_temp.ticked('2024-02-11') ~ 'raise_standing 1', true, 'a sixth person');
CREATE TEMP TABLE sixth AS SELECT id FROM fraud.escalation WHERE subject = 'person:6';
SELECT is(fraud.step_escalation(id, 'acknowledge', on_day => '2024-02-12'), 'acknowledged', 'acknowledged') FROM sixth;
SELECT fraud.tick('2024-03-11') \g /dev/null
SELECT is((SELECT pg_temp.events(id) FROM sixth), 'raise 02-11, acknowledge 02-12', 'nothing up to 11 March');
SELECT fraud.tick('2024-03-12') \g /dev/null
SELECT is((SELECT pg_temp.events(id) FROM sixth), 'raise 02-11, acknowledge 02-12, remind 03-12', 'on the last day it is reminded of');
SELECT fraud.tick('2024-03-13') \g /dev/null
SELECT is((SELECT pg_temp.events(id) FROM sixth), 'raise 02-11, acknowledge 02-12, remind 03-12, climb 03-13', 'then it climbs');
SELECT is((SELECT e.observed FROM fraud.escalation AS e JOIN sixth AS s ON s.id = e.caused_by), '{"not_done": "rectify"}'::jsonb, 'with what was not done');
-- put right on the 14th: nothing more is asked for, now or looking back
SELECT is(fraud.step_escalation(id, 'rectify', 'seen daily', '{"records":3}', '2024-03-14'), 'rectified', 'put right') FROM sixth;
SELECT is((SELECT e.state FROM fraud.escalation AS e JOIN sixth AS s ON s.id = e.caused_by), 'proposed', 'what climbed before stays for its authority');
SELECT fraud.tick('2024-03-14'), fraud.tick('2024-03-12') \g /dev/null
SELECT is((SELECT pg_temp.events(id) FROM sixth), 'raise 02-11, acknowledge 02-12, remind 03-12, climb 03-13, rectify 03-14', 'nothing follows');

-- ------------------------------------------------------------ suppression
-- Person 7, of 1 April, is overdue by three days on the 11th; nothing is raised
-- in the unit up to the 14th, and then it is.
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) VALUES ('other', 'P7', '370323002002', '370323002002', '2024-04-01');
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, 'high', enrolled_on FROM fraud.person WHERE tier IS NULL;
INSERT INTO fraud.escalation_suppression (unit, period, approved_by, reason) VALUES ('370323002002', '[2024-04-01,2024-04-14]', 'A', 'flood');
SELECT fraud.tick('2024-04-11'), fraud.tick('2024-04-14') \g /dev/null
SELECT is((SELECT count(*) FROM fraud.escalation WHERE subject = 'person:7'), 0::bigint, 'nothing while it is suppressed');
SELECT fraud.tick('2024-04-15') \g /dev/null
SELECT is((SELECT episode || ' ' || as_of FROM fraud.escalation WHERE subject = 'person:7'), 'due:2024-04-08 2024-04-15', 'afterwards it is raised, if it still holds');
SELECT fraud.tick('2024-04-12') \g /dev/null
SELECT is((SELECT count(*) FROM fraud.escalation WHERE subject = 'person:7'), 1::bigint, 'once');

-- --------------------------------------------------- days in any order
-- The same persons in three registries: day by day, in one go by tick_days,
-- and in an order of no sense. The same episodes are there in the end. (When
-- each was found first, and so when it climbs, is another matter: nobody can
-- fail to answer a letter that was not written yet.)
SELECT antifraud.create_registry(r) FROM unnest('{daily,at_once,shuffled}'::text[]) AS r \g /dev/null
INSERT INTO daily.unit (code, region, name) VALUES ('370323002002', '370323002002', 'a');
INSERT INTO at_once.unit (code, region, name) VALUES ('370323002002', '370323002002', 'a');
INSERT INTO shuffled.unit (code, region, name) VALUES ('370323002002', '370323002002', 'a');
CALL enrol('daily', 8);
CALL enrol('at_once', 8);
CALL enrol('shuffled', 8);
-- seen now and then: person n every n + 5 days, 3 times
INSERT INTO daily.checkin (person, checked_at) SELECT n, (DATE '2024-01-01' + n + k * (n + 5) + time '10:00') AT TIME ZONE 'Asia/Shanghai' FROM generate_series(1, 8) AS n, generate_series(1, 3) AS k;
INSERT INTO at_once.checkin (person, checked_at) SELECT person, checked_at FROM daily.checkin;
INSERT INTO shuffled.checkin (person, checked_at) SELECT person, checked_at FROM daily.checkin;
SELECT daily.tick(d::date) FROM generate_series(DATE '2024-01-01', '2024-03-10', '1 day') AS d \g /dev/null
CALL at_once.tick_days('2024-01-01', '2024-03-10');
SELECT setseed(0.7) \g /dev/null
SELECT shuffled.tick(x.day) FROM (SELECT d::date AS day FROM generate_series(DATE '2024-01-01', '2024-03-10', '1 day') AS d ORDER BY random()) AS x \g /dev/null
-- Due 7 days after each visit and three days overdue on the 10th: where visits
-- are more than 10 days apart, so of persons 6, 7 and 8, after enrolment and
-- two visits: 9; and after the last visit of each of the 8, on 27 February at
-- the latest: 17 in all.
SELECT is((SELECT count(*) FROM daily.escalation WHERE caused_by IS NULL), 17::bigint, 'day by day');
CREATE VIEW raised AS
  SELECT 'daily' AS registry, subject, rule, episode, rung FROM daily.escalation WHERE caused_by IS NULL
  UNION ALL SELECT 'at_once', subject, rule, episode, rung FROM at_once.escalation WHERE caused_by IS NULL
  UNION ALL SELECT 'shuffled', subject, rule, episode, rung FROM shuffled.escalation WHERE caused_by IS NULL;
SELECT is((SELECT count(*) FROM (SELECT FROM raised GROUP BY subject, rule, episode, rung HAVING count(*) <> 3) AS x), 0::bigint, 'in any order the same is raised, once');
SELECT is((SELECT md5(string_agg(concat_ws('|', e.subject, e.episode, e.rung, e.state, e.as_of, v.action, v.happened_on), ',' ORDER BY e.subject, e.episode, e.rung, e.as_of, v.ordinal)) FROM at_once.escalation AS e JOIN at_once.escalation_event AS v ON v.escalation = e.id WHERE e.caused_by IS NULL),
          (SELECT md5(string_agg(concat_ws('|', e.subject, e.episode, e.rung, e.state, e.as_of, v.action, v.happened_on), ',' ORDER BY e.subject, e.episode, e.rung, e.as_of, v.ordinal)) FROM daily.escalation AS e JOIN daily.escalation_event AS v ON v.escalation = e.id WHERE e.caused_by IS NULL),
  'tick_days is one day after another, to the last event');
-- all days again, backwards
CREATE TEMP TABLE before_replay AS SELECT (SELECT count(*) FROM shuffled.escalation WHERE caused_by IS NULL) AS raised;
SELECT sum(t.written) AS again FROM generate_series(DATE '2024-03-10', '2024-01-01', '-1 day') AS d, LATERAL daily.tick(d::date) AS t \gset
SELECT is(:again, 0, 'all seventy days once more, backwards: nothing is written');
SELECT is((SELECT count(*) FROM daily.tick_day), 70::bigint, 'each day is noted once');
SELECT is((SELECT sum((written ->> 'raise_standing')::int) FROM daily.tick_day), 17::bigint, 'with what was written for it');
SELECT is((SELECT count(*) FROM daily.outbox WHERE topic = 'escalation'), (SELECT count(*) FROM daily.escalation), 'a message for each');

-- -------------------------------------------------------------- tick_days
CALL at_once.tick_days(NULL, '2024-03-13');
SELECT is((SELECT string_agg(as_of::text, ' ' ORDER BY as_of) FROM at_once.tick_day WHERE as_of > '2024-03-10'), '2024-03-11 2024-03-12 2024-03-13', 'from the day after the last one on');
CALL at_once.tick_days(NULL, '2024-03-13');
CALL at_once.tick_days(NULL, '2024-03-13', 3);
CALL at_once.tick_days('2024-03-20', '2024-03-19');
SELECT is((SELECT count(*) FROM at_once.tick_day), 73::bigint, 'nothing is left to do');
-- a check-in was entered late: the days before are looked at again
INSERT INTO at_once.checkin (person, checked_at) SELECT 8, '2024-03-12 10:00+08';
SELECT is((SELECT max(runs_that_wrote) FROM at_once.tick_day WHERE as_of > '2024-03-10'), 1, 'written once so far');
SELECT antifraud.create_registry('empty') \g /dev/null
CALL empty.tick_days(NULL, '2024-03-13');
SELECT is((SELECT string_agg(as_of::text, ' ') FROM empty.tick_day), '2024-03-13', 'where there was none, the day itself');
CALL empty.tick_days(NULL, '2024-03-15', 3);
SELECT is((SELECT string_agg(as_of::text, ' ' ORDER BY as_of) FROM empty.tick_day), '2024-03-12 2024-03-13 2024-03-14 2024-03-15', 'and three days again');

-- ----------------------------------------------------------------- errors
SELECT is(pg_temp.error_of('SELECT * FROM fraud.tick(NULL)'), E'22004\nthere is no tick as of NULL\nName a day: tick(''2024-02-01''). Nothing here reads the clock.', 'a day is named');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.tick(''infinity'')'), '22008 there is no tick as of infinity', 'one that there is');
SELECT is(pg_temp.message_of('CALL fraud.tick_days(NULL, NULL)'), '22023 there are no ticks from NULL to NULL, 0 days again', 'days are named');
SELECT is(pg_temp.message_of('CALL fraud.tick_days(''2024-01-01'', ''2024-01-02'', -1)'), '22023 there are no ticks from 2024-01-01 to 2024-01-02, -1 days again', 'and not fewer than none again');

-- What it is at shows in pg_stat_activity, and not afterwards.
SET application_name = 'mine';
BEGIN;
SELECT fraud.tick('2024-04-16') \g /dev/null
SELECT is(current_setting('application_name'), 'mine', 'the name of the session is as it was');
COMMIT;

-- A case entered twelve days late. The reminder is due an answer within 5 days,
-- counted from the day on which it was entered: twelve days more than from the
-- day of the case. So nobody is late today, nor in the days that a tick of
-- tonight goes through again, and on the sixth day it climbs.
BEGIN;
SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS today \gset
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('entered_late', 'test', '发案', 'case', 'raise reminder if amount >= 1');
UPDATE fraud.ladder SET acknowledge_days = 5, rectify_days = 30 WHERE rung = 'reminder';
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002004', :'today'::date - 12, 1000);
SELECT is((SELECT array_agg(o.acknowledge_by - :'today'::date) FROM fraud.open_escalations(:'today') AS o WHERE o.rule = 'entered_late'), '{-7}', 'as of the day of the case it would be late already');
SELECT is((SELECT array_agg(fraud.escalation_grace(o.id, :'today')) FROM fraud.open_escalations(:'today') AS o WHERE o.rule = 'entered_late'), '{12}', 'it has the days by which it was entered late');
SELECT is((SELECT array_agg(o.late) FROM fraud.open_escalations(:'today') AS o WHERE o.rule = 'entered_late'), '{NULL}', 'so it is not late');
SELECT is((SELECT sum(fraud.climb_escalations(:'today'::date - 7 + n)) FROM generate_series(0, 12) AS n), 0::numeric, 'nor does it climb in the nights before and in the five days after');
SELECT is((SELECT array_agg(o.late || ' ' || o.days_late) FROM fraud.open_escalations(:'today'::date + 6) AS o WHERE o.rule = 'entered_late'), '{acknowledge 1}', 'on the sixth it is late');
SELECT fraud.climb_escalations(:'today'::date + 6) \g /dev/null
SELECT is((SELECT array_agg(e.rung || ' ' || (e.as_of - :'today'::date)) FROM fraud.escalation AS e WHERE e.rule = 'entered_late' AND e.caused_by IS NOT NULL), '{notice 6}', 'and climbs');
ROLLBACK;

-- Only the owner: others see a part.
CREATE ROLE tick_clerk;
SELECT fraud.set_scope('tick_clerk', '370323', 'test') \g /dev/null
GRANT USAGE ON SCHEMA tap TO tick_clerk;
SET ROLE tick_clerk;
SELECT is(pg_temp.message_of('SELECT * FROM fraud.tick(''2024-04-16'')'), '42501 tick() is for the owner of the registry', 'a clerk cannot tick');
SELECT is(pg_temp.message_of('CALL fraud.tick_days(''2024-04-16'', ''2024-04-16'')'), '42501 permission denied for procedure tick_days', 'nor many times');
RESET ROLE;

-- --------------------------------------------------------------- schedule
SELECT is(pg_temp.error_of('SELECT fraud.schedule_ticks()'),
  format(E'0A000\npg_cron is not installed in database "%s"\nIt schedules from one database of the server, the one that cron.database_name names, and must be in shared_preload_libraries.\n'
         'CREATE EXTENSION pg_cron where it can be, and call this again; from another database, or with another scheduler, run each night: '
         'CALL fraud.tick_days(NULL, (pg_catalog.now() AT TIME ZONE ''Asia/Shanghai'')::date, 7)', current_database()), 'without pg_cron: what to do instead');
SELECT is(fraud.unschedule_ticks(), false, 'nothing was scheduled');
SELECT is(pg_temp.message_of('SELECT fraud.schedule_ticks(''00:30'', 400)'), '22023 ticks cannot be scheduled at 00:30:00, 400 days again', 'a year at most');
SELECT is(pg_temp.message_of('SELECT fraud.schedule_ticks(NULL)'), '22023 ticks cannot be scheduled at NULL, 7 days again', 'a time is named');

SELECT * FROM finish();
DROP OWNED BY tick_clerk;
DROP ROLE tick_clerk;
