-- Alerts: receipt, levels and limits, the ladder of attempts, transfers, the
-- cases that followed, and what is counted. Times are worked out by hand.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES ('370323', '370323', '沂源县', 'county', NULL), ('370323002', '370323002', '南麻街道', 'town', '370323');
UPDATE fraud.unit SET parent = '370323002' WHERE kind = 'community';
INSERT INTO fraud.officer (unit, subject, role, scope) VALUES
  ('370323002002', 'o1', 'grid', '第一网格'), ('370323002002', 'o2', 'police', NULL), ('370323002002', 'o3', 'staff', NULL), ('370323002002', 'o4', 'volunteer', NULL);

-- An alert by its number; an attempt.
CREATE FUNCTION pg_temp.a(no text) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.alert WHERE alert_no = no AND voided_at IS NULL);
CREATE FUNCTION pg_temp.tries(no text, at timestamptz, channel text, outcome text, reached boolean DEFAULT false, addressee text DEFAULT 'self', officer bigint DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN pg_temp.error_of(format('INSERT INTO fraud.dissuasion (alert, attempt_at, channel, outcome, reached, addressee, officer) VALUES (%L, %L, %L, %L, %L, %L, %L)',
  pg_temp.a(no), at, channel, outcome, reached, addressee, officer));
CREATE FUNCTION pg_temp.state(no text, at timestamptz) RETURNS text LANGUAGE sql
  RETURN (SELECT format('%s %s of %s, next %s%s%s', s.state, s.attempts, coalesce(s.highest_rung, '-'), coalesce(s.next_channel, '-'),
            CASE WHEN s.first_contact_late THEN ' answered late' ELSE '' END, CASE WHEN s.settled_late THEN ' settled late' ELSE '' END)
          FROM fraud.alerts_at(at) AS s WHERE s.alert_no = no);

-- ------------------------------------------------------------------ receipt

SET timezone = 'UTC';
INSERT INTO fraud.alert (alert_no, unit, victim, source, level, received_at, amount_at_risk) VALUES ('A1', '370323002002', 'v1', 'county_centre', 'high', '2024-05-01 16:30+00', 20000);
SELECT is((SELECT issued_on FROM fraud.alert), '2024-05-02', 'half past midnight in China is the next day, whatever the server thinks');
SET timezone = 'Asia/Shanghai';
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.alert (unit, victim, received_at, issued_on) VALUES ('370323002002', 'v1', '2024-05-02 00:30+08', '2024-05-01')$$), 'alert_issued_when_received', 'the day and the time agree');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.alert (alert_no, unit, victim, issued_on) VALUES ('A1', '370323002002', 'v1', '2024-05-01')$$), 'alert_no', 'a number once');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.alert (unit, victim, issued_on, source) VALUES ('370323002002', 'v1', '2024-05-01', 'hearsay')$$), 'alert_source_fk', 'from a source that is known');
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM fraud.alert_source), 'bank county_centre platform resident telecom', 'the sources: police, banks, telecom, internet platforms, residents');
SELECT is((SELECT (unit, occurred_on, quantity, amount, subject)::text FROM fraud.fact WHERE measure = 'alert_received'), '(370323002002,2024-05-02,1,20000,v1)', 'what arrived is counted');

-- ------------------------------------------------------------------- ladder

SELECT is((SELECT string_agg(label_zh, ' ' ORDER BY rank) FROM fraud.alert_channel), '短信 电话 柜面 上门见面 家人劝阻 亲友邻里劝阻 楼长劝阻 网格员劝阻', 'the ladder');
SELECT is((SELECT string_agg(code || ' ' || first_channel, ', ' ORDER BY rank) FROM fraud.alert_level), 'low message, medium call, high visit', 'by level, where to begin');
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) VALUES
  ('low', '370323002002', 'v2', 'low', '2024-05-02 08:00+08'), ('medium', '370323002002', 'v3', 'medium', '2024-05-02 08:00+08'), ('none', '370323002002', 'v4', NULL, '2024-05-02 08:00+08');
SELECT is(array[pg_temp.state('A1', '2024-05-02 09:00+08'), pg_temp.state('medium', '2024-05-02 09:00+08'), pg_temp.state('low', '2024-05-02 09:00+08'), pg_temp.state('none', '2024-05-02 09:00+08')],
  '{"open 0 of -, next visit","open 0 of -, next call","open 0 of -, next message","open 0 of -, next message"}', 'before anybody tried');
SELECT is(pg_temp.state('low', '2024-05-02 07:59+08'), NULL, 'before it arrived there is none');
-- who denies it on the telephone is reached through the family
SELECT is(pg_temp.tries('medium', '2024-05-02 09:00+08', 'call', 'not_believed', true), 'no error', 'a call');
SELECT is(pg_temp.state('medium', '2024-05-02 09:00+08'), 'open 1 of call, next family', 'denied on the telephone: the family');
SELECT is(pg_temp.tries('medium', '2024-05-02 09:20+08', 'family', 'passed_on', false, 'family'), 'no error', 'who passes it on');
SELECT is(pg_temp.state('medium', '2024-05-02 09:20+08'), 'open 2 of family, next visit', 'then somebody calls there');
SELECT is(pg_temp.tries('medium', '2024-05-02 10:00+08', 'visit', 'dissuaded', true, 'self', 3), 'no error', 'staff of the unit take part');
SELECT is(pg_temp.state('medium', '2024-05-02 10:00+08'), 'dissuaded 3 of family, next -', 'settled; the highest rung was the family');
SELECT is(pg_temp.state('medium', '2024-05-02 09:59+08'), 'open 2 of family, next visit', 'a minute earlier it was open');
-- who does not answer is called on; where the door stays shut: family, friends, building head, grid worker
SELECT is(pg_temp.tries('low', ('2024-05-02 09:0' || n || '+08')::timestamptz, c, CASE n % 2 WHEN 0 THEN 'refused' ELSE 'not_reached' END, false, w), 'no error', c)
FROM (VALUES (1, 'message', 'self'), (2, 'call', 'self'), (3, 'visit', 'self'), (4, 'family', 'family'), (5, 'neighbour', 'relative'), (6, 'building_head', 'building_head'), (7, 'grid_worker', 'grid_worker')) AS v (n, c, w);
SELECT is((SELECT array_agg(pg_temp.state('low', ('2024-05-02 09:0' || n || '+08')::timestamptz) ORDER BY n) FROM generate_series(1, 7) AS n),
  '{"open 1 of message, next call","open 2 of call, next visit","open 3 of visit, next family","open 4 of family, next neighbour","open 5 of neighbour, next building_head","open 6 of building_head, next grid_worker","open 7 of grid_worker, next -"}',
  'each step by what came of the last');
SELECT is((SELECT count(*) FROM fraud.alert_step AS s JOIN fraud.alert_outcome AS o ON o.code = s.after_outcome WHERE o.settles), 0::bigint, 'nothing follows what is settled');
SELECT is((SELECT string_agg(o.code, ' ' ORDER BY o.code) FROM fraud.alert_outcome AS o WHERE o.settles), 'dissuaded failed false_alarm', 'which is that');

-- what may be recorded
SELECT matches(pg_temp.tries('A1', '2024-05-02 00:29+08', 'call', 'refused'), format('23514\nnothing can be done about alert %s at 2024-05-02 00:29:00\+08\nIt was received at 2024-05-02 00:30:00\+08', pg_temp.a('A1')), 'nothing before its receipt');
SELECT is(pg_temp.tries('A1', '2024-05-02 00:30+08', 'message', 'refused'), 'no error', 'at the same moment');
SELECT matches(pg_temp.tries('A1', '2024-05-02 01:00+08', 'call', 'dissuaded', false), 'dissuasion_reached_or_not', 'dissuaded, but not reached');
SELECT matches(pg_temp.tries('A1', '2024-05-02 01:00+08', 'call', 'not_reached', true), 'dissuasion_reached_or_not', 'not reached, but reached');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.dissuasion (alert, attempt_at, channel, outcome, reached) VALUES (0, now(), 'call', 'refused', false)$$), '^23503\nalert 0 does not exist', 'of an alert');
SELECT is((SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = 'fraud.dissuasion'::regclass AND a.attnum > 0),
  '{id,alert,unit,region,attempt_at,made_on,channel,addressee,outcome,reached,officer,source_key,recorded_at,recorded_by,voided_at,voided_by,void_reason}', 'no column for the name or number of a relative, and no remark');
SELECT is((SELECT array_agg(format('%s %s', f.unit, f.n)) FROM (SELECT unit, count(*) AS n FROM fraud.fact WHERE measure = 'dissuasion' AND voided_at IS NULL GROUP BY unit) AS f), '{"370323002002 11"}', 'attempts are counted for the unit that made them');
-- who stopped a fraud, for the reward
SELECT is(pg_temp.tries('A1', '2024-05-02 01:00+08', 'visit', 'dissuaded', true, 'self', 4), 'no error', 'a volunteer does');
SELECT is(pg_temp.tries('none', '2024-05-02 09:00+08', 'visit', 'dissuaded', true, 'self', 1), 'no error', 'and a grid worker');
SELECT is((SELECT array_agg(o.role ORDER BY o.role) FROM fraud.dissuasion AS d JOIN fraud.officer AS o ON o.id = d.officer WHERE d.outcome = 'dissuaded'), '{grid,staff,volunteer}', 'who they were is known');

-- ------------------------------------------------------------------- limits

SELECT is((SELECT count(*) FROM fraud.alert_limit), 0::bigint, 'no limit is shipped: the sources give none');
SELECT is((SELECT count(*) FROM fraud.fact WHERE measure IN ('alert_late', 'alert_settled_late')), 0::bigint, 'so nothing is late');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.alert_limit VALUES ('high', '2024-06-01', '0', NULL)$$), 'alert_limit_first_contact_positive', 'a limit is some time');
-- from 1 June two hours and a day for medium; from 1 July one hour
INSERT INTO fraud.alert_limit (level, valid_from, first_contact, settle_within) VALUES ('medium', '2024-06-01', '2 hours', '24 hours'), ('medium', '2024-07-01', '1 hour', NULL);
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at)
  SELECT no, '370323002003', 'w' || no, 'medium', '2024-06-10 23:30+08' FROM unnest('{m1,m2,m3,m4}'::text[]) AS no;
SELECT is(pg_temp.tries('m1', '2024-06-11 01:29+08', 'call', 'not_reached'), 'no error', 'a minute before 01:30 the next day');
SELECT is(pg_temp.tries('m2', '2024-06-11 01:30+08', 'call', 'not_reached'), 'no error', 'at 01:30');
SELECT is(pg_temp.tries('m3', '2024-06-11 01:31+08', 'call', 'not_reached'), 'no error', 'a minute after it');
SELECT is((SELECT array_agg(s.alert_no || coalesce(' ' || s.first_contact_late, '') ORDER BY s.alert_no) FROM fraud.alerts_at('2024-06-11 01:30+08') AS s WHERE s.alert_no ~ '^m\d'), '{"m1 false","m2 false","m3 false","m4 false"}', 'at the limit nobody is late');
SELECT is((SELECT array_agg(s.alert_no || coalesce(' ' || s.first_contact_late, '') ORDER BY s.alert_no) FROM fraud.alerts_at('2024-06-11 01:31+08') AS s WHERE s.alert_no ~ '^m\d'), '{"m1 false","m2 false","m3 true","m4 true"}', 'a minute later two are: tried late, and not tried');
SELECT is((SELECT (first_contact_due, settle_due)::text FROM fraud.alerts_at('2024-06-11 01:31+08') AS s WHERE s.alert_no = 'm1'), '("2024-06-11 01:30:00+08","2024-06-11 23:30:00+08")', 'the two limits');
SELECT is((SELECT array_agg(f.measure || ' ' || f.occurred_on || ' ' || f.quantity || '/' || f.base || ' ' || a.alert_no ORDER BY a.alert_no) FROM fraud.fact AS f JOIN fraud.alert AS a ON a.id::text = f.source_key WHERE f.measure = 'alert_late' AND f.voided_at IS NULL),
  '{"alert_late 2024-06-11 0/1 m1","alert_late 2024-06-11 0/1 m2","alert_late 2024-06-11 1/1 m3","alert_late 2024-06-11 1/1 m4"}', 'as facts, on the day of the limit');
SELECT is(pg_temp.tries('m1', '2024-06-11 23:30+08', 'visit', 'dissuaded', true), 'no error', 'settled at the limit');
SELECT is(pg_temp.tries('m2', '2024-06-11 23:31+08', 'visit', 'failed', true), 'no error', 'settled a minute late');
SELECT is((SELECT array_agg(pg_temp.state(no, '2024-06-12 00:00+08') ORDER BY no) FROM unnest('{m1,m2,m3,m4}'::text[]) AS no),
  '{"dissuaded 2 of visit, next -","failed 2 of visit, next - settled late","open 1 of call, next visit answered late settled late","open 0 of -, next call answered late settled late"}', 'who is late with what');
SELECT is((SELECT array_agg(f.quantity || ' ' || a.alert_no ORDER BY a.alert_no) FROM fraud.fact AS f JOIN fraud.alert AS a ON a.id::text = f.source_key WHERE f.measure = 'alert_settled_late' AND f.voided_at IS NULL), '{"0 m1","1 m2","1 m3","1 m4"}', 'facts likewise');
-- an alert that has just come in, with an hour to answer it
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('late', 'test', 'test', 'alert_late', 'raise reminder if count >= 1');
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) VALUES ('ahead', '370323002003', 'ahead', 'medium', now());
SELECT is((SELECT array_agg(f.measure) FROM fraud.fact AS f JOIN fraud.alert AS a ON a.id::text = f.source_key AND a.alert_no = 'ahead' WHERE f.measure IN ('alert_late', 'alert_settled_late')), NULL, 'nobody is late while there is time');
SELECT is((SELECT count(*) FROM fraud.escalation WHERE rule = 'late'), 0::bigint, 'nor is a letter raised');
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) VALUES ('passed', '370323002003', 'passed', 'medium', now() - interval '61 minutes');
SELECT is((SELECT array_agg(a.alert_no || ' ' || f.quantity) FROM fraud.fact AS f JOIN fraud.alert AS a ON a.id::text = f.source_key AND a.alert_no IN ('ahead', 'passed') WHERE f.measure = 'alert_late'), '{passed 1}', 'a minute after the hour somebody is');
UPDATE fraud.escalation_rule SET enabled = false WHERE code = 'late';
SELECT fraud.void_fact('alert', id, 'a test') FROM fraud.alert WHERE alert_no IN ('ahead', 'passed') \g /dev/null
UPDATE fraud.registry_info SET as_of = '2024-06-11';
SELECT is((SELECT array_agg(alert_no ORDER BY alert_no) FROM fraud.alert_overdue), '{m3,m4}', 'open and past a limit at the end of the day');
UPDATE fraud.registry_info SET as_of = '2024-06-10';
SELECT is((SELECT array_agg(alert_no ORDER BY alert_no) FROM fraud.alert_overdue), NULL, 'not on the day before');
SELECT is((SELECT count(*) FROM fraud.alert_state WHERE alert_no ~ '^m\d'), 4::bigint, 'though they are there');
-- a limit of another time
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) VALUES ('june', '370323002003', 'x1', 'medium', '2024-06-30 23:59+08'), ('july', '370323002003', 'x2', 'medium', '2024-07-01 00:00+08');
SELECT is((SELECT array_agg(format('%s %s %s', alert_no, first_contact_due - received_at, settle_due - received_at) ORDER BY alert_no) FROM fraud.alerts_at('2024-08-01 00:00+08') WHERE alert_no ~ '^ju'),
  '{"july 01:00:00 ","june 02:00:00 1 day"}', 'a new limit leaves what had arrived before as it was');
-- alerts of which only the day is known
INSERT INTO fraud.alert (alert_no, unit, victim, level, issued_on, delivered_on, channel, outcome) VALUES ('import', '370323002004', 'x3', 'medium', '2024-06-15', '2024-06-16', 'visit', 'dissuaded');
SELECT is(pg_temp.state('import', '2024-07-01 00:00+08'), 'dissuaded 0 of visit, next -', 'an import that knows the end only');
SELECT is((SELECT first_contact_due FROM fraud.alerts_at('2024-07-01 00:00+08') WHERE alert_no = 'import'), NULL, 'no limit is judged without a time of receipt');
-- of those of June, without the false alarm: m1 and the import of six
INSERT INTO fraud.alert (alert_no, unit, victim, issued_on, outcome) VALUES ('false', '370323002004', 'x4', '2024-06-15', 'false_alarm');
SELECT is((SELECT sum(quantity) || '/' || sum(base) FROM fraud.fact WHERE measure = 'alert_dissuaded' AND occurred_on BETWEEN '2024-06-01' AND '2024-06-30' AND voided_at IS NULL), '2/6', 'the rate of success');

-- ----------------------------------------------------------------- transfers

INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) VALUES ('t', '370323', 'y1', 'medium', '2024-06-20 08:00+08');
CREATE FUNCTION pg_temp.goes(no text, to_unit text, at timestamptz, reason text DEFAULT '属地') RETURNS text
LANGUAGE sql RETURN pg_temp.error_of(format('INSERT INTO fraud.alert_transfer (alert, to_unit, transferred_at, reason) VALUES (%L, %L, %L, %L)', pg_temp.a(no), to_unit, at, reason));
SELECT matches(pg_temp.goes('t', '370323', '2024-06-20 08:05+08'), '^23514\nalert \d+ cannot be transferred to unit ''370323''\nIt is in charge already', 'to itself');
SELECT is(pg_temp.goes('t', '370323002', '2024-06-20 08:05+08'), 'no error', 'from the county to the town');
SELECT is(pg_temp.goes('t', '370323002002', '2024-06-20 08:10+08'), 'no error', 'to the community, whose grid worker is known');
SELECT matches(pg_temp.goes('t', '370323002003', '2024-06-20 08:10+08'), 'It was transferred at 2024-06-20 08:10', 'not at the same moment');
SELECT is((SELECT array_agg(from_unit || '>' || to_unit ORDER BY transferred_at) FROM fraud.alert_transfer), '{370323>370323002,370323002>370323002002}', 'from whom is filled in');
SELECT is((SELECT array_agg(fraud.alert_unit_at(pg_temp.a('t'), ('2024-06-20 08:' || m || '+08')::timestamptz) ORDER BY m) FROM unnest('{00,04,05,09,10}'::text[]) AS m), '{370323,370323,370323002,370323002,370323002002}', 'who is in charge when');
SELECT is((SELECT (unit, unit_in_charge, accepted)::text FROM fraud.alerts_at('2024-06-20 08:11+08') WHERE alert_no = 't'), '(370323,370323002002,f)', 'nobody there has taken note yet');
INSERT INTO fraud.alert_acceptance (alert, accepted_at, officer) VALUES (pg_temp.a('t'), '2024-06-20 08:12+08', 1);
SELECT is((SELECT (unit_in_charge, accepted)::text FROM fraud.alerts_at('2024-06-20 08:12+08') WHERE alert_no = 't'), '(370323002002,t)', 'now the grid worker has');
-- N22: the grid worker (1) and the police assistant (2), at once: by the visit
-- of 08:20 at the latest
CREATE FUNCTION pg_temp.help(no text, at timestamptz) RETURNS text[] LANGUAGE sql
  RETURN (SELECT array_agg(concat_ws(' ', role, to_char(called_at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI'), state) ORDER BY role) FROM fraud.alert_help_at(at) WHERE alert_no = no);
SELECT is(pg_temp.help('t', '2024-06-20 08:15+08'), '{"grid open","police open"}', 'N22: before the visit nobody need have been called');
SELECT is(pg_temp.tries('t', '2024-06-20 08:20+08', 'visit', 'refused', false, 'self', 2), 'no error', 'the police assistant is at the door');
SELECT is(pg_temp.help('t', '2024-06-20 08:20+08'), '{"grid missing","police 08:20 at_once"}', 'N22: the police assistant is there, the grid worker was not called');
INSERT INTO fraud.alert_helper (alert, officer, called_at) VALUES (pg_temp.a('t'), 1, '2024-06-20 08:21+08') RETURNING unit \gset helper_
SELECT is(:'helper_unit'::text, '370323002002', 'called by the unit in charge');
SELECT is(pg_temp.help('t', '2024-06-20 12:00+08'), '{"grid 08:21 late","police 08:20 at_once"}', 'N22: a minute later is not at once');
SELECT fraud.void_fact('alert_helper', id, 'it was 08:20') FROM fraud.alert_helper \g /dev/null
INSERT INTO fraud.alert_helper (alert, officer, called_at) VALUES (pg_temp.a('t'), 1, '2024-06-20 08:20+08');
SELECT is(pg_temp.help('t', '2024-06-20 12:00+08'), '{"grid 08:20 at_once","police 08:20 at_once"}', 'N22: with the visit is');
SELECT is(pg_temp.help('t', '2024-06-20 08:19:59+08'), '{"grid open","police open"}', 'and not before it was');
SELECT matches(pg_temp.error_of(format('INSERT INTO fraud.alert_helper (alert, officer, called_at) VALUES (%s, 1, %L)', pg_temp.a('t'), '2024-06-20 07:59+08')), '^23514\nnothing can be done about alert', 'nobody is called before the alert came');
SELECT is(pg_temp.tries('t', '2024-06-20 08:20+08', 'visit', 'refused', false, 'self', 1), 'no error', 'both visit');
UPDATE fraud.registry_info SET as_of = '2024-06-20';
SELECT is((SELECT count(*) FROM fraud.alert_help WHERE alert_no = 't' AND state = 'at_once'), 2::bigint, 'the view alert_help');
UPDATE fraud.registry_info SET as_of = '2024-06-10';
SELECT is((SELECT DISTINCT unit FROM fraud.dissuasion WHERE alert = pg_temp.a('t')), '370323002002', 'an attempt is of the unit in charge');
SELECT is((SELECT unit FROM fraud.fact WHERE measure = 'alert_received' AND source_key = pg_temp.a('t')::text AND voided_at IS NULL), '370323002002', 'the alert counts for the unit in charge');
SELECT is((SELECT (first_contact_due, first_contact_late)::text FROM fraud.alerts_at('2024-06-20 12:00+08') WHERE alert_no = 't'), '("2024-06-20 10:00:00+08",f)', 'limits run on from the receipt');
SELECT is(pg_temp.goes('t', '370323002', '2024-06-20 09:00+08', '人不在辖区'), 'no error', 'back again');
SELECT is((SELECT (unit_in_charge, accepted)::text FROM fraud.alerts_at('2024-06-20 09:00+08') WHERE alert_no = 't'), '(370323002,f)', 'which has to take note anew');
SELECT is((SELECT array_agg(unit) FROM fraud.fact WHERE measure = 'alert_received' AND source_key = pg_temp.a('t')::text AND voided_at IS NULL), '{370323002}', 'one unit at a time');
SELECT fraud.void_fact('alert_transfer', max(id), 'wrong') FROM fraud.alert_transfer \g /dev/null
SELECT is((SELECT array_agg(unit) FROM fraud.fact WHERE measure = 'alert_received' AND source_key = pg_temp.a('t')::text AND voided_at IS NULL), '{370323002002}', 'a transfer that was wrong is as if it had not been');

-- an alert is withdrawn after it was settled
SELECT fraud.void_fact('alert', pg_temp.a('m1'), 'another person') \g /dev/null
SELECT is(pg_temp.state('m1', '2024-06-12 00:00+08'), NULL, 'a withdrawn alert is in no list');
SELECT is((SELECT count(*) FROM fraud.fact AS f JOIN fraud.alert AS a ON f.source_table = 'alert' AND f.source_key = a.id::text WHERE a.alert_no = 'm1' AND f.voided_at IS NULL), 0::bigint, 'and no fact');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.dissuasion (alert, attempt_at, channel, outcome, reached) SELECT id, '2024-06-12 08:00+08', 'call', 'refused', false FROM fraud.alert WHERE alert_no = 'm1'$$), '^55000\nalert \d+ is void', 'nor is anything done about it');

-- ------------------------------------------------------------------- repeats

INSERT INTO fraud.alert (alert_no, unit, victim, issued_on) VALUES ('r1', '370323002002', 'r', '2024-01-01'), ('r2', '370323002002', 'r', '2024-03-31'), ('r3', '370323002002', 'r', '2024-03-31'), ('r4', '370323002002', 'r', '2024-06-30');
-- 1 January to 31 March 2024: 90 days; 31 March to 30 June: 91
SELECT is((SELECT array_agg(format('%s %s %s', a.alert_no, r.nth, r.first_on) ORDER BY a.alert_no) FROM fraud.alert_repeat AS r JOIN fraud.alert AS a ON a.id = r.alert), '{"r2 2 2024-01-01","r3 3 2024-01-01"}', 'the n-th alert within 90 days');

-- ------------------------------------------------- cases that followed an alert

-- Community 013: c1 warned twice, reached on 2 and 5 June; defrauded on 5 June.
INSERT INTO fraud.alert (alert_no, unit, victim, received_at) VALUES
  ('c1a', '370323002013', 'c1', '2023-06-02 08:00+08'), ('c1b', '370323002013', 'c1', '2023-06-05 08:00+08'), ('c2', '370323002013', 'c2', '2023-06-02 08:00+08'), ('c3', '370323002013', 'c3', '2023-06-02 08:00+08');
SELECT is(pg_temp.tries('c1a', '2023-06-02 09:00+08', 'call', 'not_believed', true), 'no error', 'reached');
SELECT is(pg_temp.tries('c1b', '2023-06-05 09:00+08', 'call', 'not_believed', true), 'no error', 'reached again');
SELECT is(pg_temp.tries('c2', '2023-06-02 09:00+08', 'call', 'refused', false), 'no error', 'never reached');
SELECT is(pg_temp.tries('c3', '2023-06-02 09:00+08', 'visit', 'false_alarm', true), 'no error', 'taken for a false alarm');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, happened_on, loss, victim) VALUES
  ('C1', '370323002013', '2023-06-06', '2023-06-05', 1000, 'c1'), ('C2', '370323002013', '2023-06-06', NULL, 1000, 'c2'), ('C3', '370323002013', '2023-06-06', NULL, 1000, 'c3'),
  ('C4', '370323002013', '2023-06-06', '2023-06-01', 1000, 'c1');
CREATE FUNCTION pg_temp.after(measure text) RETURNS text[] LANGUAGE sql
  RETURN (SELECT array_agg(c.case_no || ' ' || f.quantity ORDER BY c.case_no) FROM fraud.fact AS f JOIN fraud.fraud_case AS c ON c.id::text = f.source_key WHERE f.measure = $1 AND f.unit = '370323002013' AND f.voided_at IS NULL);
SELECT is(pg_temp.after('case_after_alert'), '{"C1 1","C3 1"}', 'two alerts and a case are one; the day of the alert counts; a false alarm was an alert; who was not reached, or later, does not count');
SELECT is((SELECT array_agg(format('%s %s %s %s', c.case_no, a.alert_no, k.days, k.confirmed) ORDER BY c.case_no, a.alert_no) FROM fraud.alert_case_candidate AS k JOIN fraud.alert AS a ON a.id = k.alert JOIN fraud.fraud_case AS c ON c.id = k.fraud_case),
  '{"C1 c1a 3 ","C1 c1b 0 ","C3 c3 4 "}', 'the pairs that the database found');
SELECT is(pg_temp.after('case_after_alert_confirmed'), NULL, 'nobody has confirmed any');
-- 20 points for item 6, 5 a case
SELECT is((SELECT sum(x.deducted) FROM fraud.explain_score('370323002013', 'nanma-2023') AS x WHERE x.item_no = '6'), 10::numeric, 'nanma item 6: 5 for each of the two');

CREATE FUNCTION pg_temp.c(no text) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.fraud_case WHERE case_no = no);
CREATE FUNCTION pg_temp.decide(alert_no text, case_no text, confirm boolean, reason text) RETURNS text
LANGUAGE sql RETURN pg_temp.error_of(format('SELECT fraud.decide_alert_case(%L, %L, %L, %L, ''李某'')', pg_temp.a(alert_no), pg_temp.c(case_no), confirm, reason));
SELECT is(pg_temp.decide('c1a', 'C1', false, '另一骗局'), 'no error', 'one pair is rejected');
SELECT is(pg_temp.after('case_after_alert'), '{"C1 1","C3 1"}', 'the other still makes it one');
SELECT is(pg_temp.decide('c1b', 'C1', false, '另一骗局'), 'no error', 'both are');
SELECT is(pg_temp.after('case_after_alert'), '{"C3 1"}', 'then it did not follow');
SELECT is(pg_temp.decide('c3', 'C3', true, '同一骗局'), 'no error', 'one is confirmed');
SELECT is(pg_temp.after('case_after_alert') || pg_temp.after('case_after_alert_confirmed'), '{C3 1,C3 1}', 'it counts in both');
SELECT is((SELECT sum(x.deducted) FROM fraud.explain_score('370323002013', 'nanma-2023') AS x WHERE x.item_no = '6'), 5::numeric, 'nanma item 6');
SELECT matches(pg_temp.decide('c3', 'C3', false, 'x'), '^55000\nalert \d+ and case \d+ are confirmed already\nBy 李某', 'once');
SELECT matches(pg_temp.decide('c2', 'C2', true, 'x'), '^P0002\ncase \d+ did not follow alert', 'a pair that was found');
SELECT matches(pg_temp.decide('c1a', 'C4', true, 'x'), '^P0002', 'not one before the alert');
SELECT fraud.void_fact('alert_case', id, 'anew') FROM fraud.alert_case WHERE confirmed \g /dev/null
SELECT matches(pg_temp.decide('c3', 'C3', false, ' '), 'alert_case_reason_not_blank', 'with a reason');
SELECT is(pg_temp.decide('c3', 'C3', true, '同一骗局'), 'no error', 'anew, after the first decision was withdrawn');
SELECT fraud.void_fact('fraud_case', pg_temp.c('C3'), 'x') \g /dev/null
SELECT is(pg_temp.after('case_after_alert') || pg_temp.after('case_after_alert_confirmed'), NULL, 'a case that is withdrawn takes the pair along');
SELECT is((SELECT count(*) FROM fraud.alert_case_candidate WHERE fraud_case = pg_temp.c('C3')), 0::bigint, 'and is no candidate');
-- A transferred alert counts for the unit in charge, the case for the victim's.
SELECT is(pg_temp.tries('t', '2024-06-20 08:30+08', 'visit', 'not_believed', true), 'no error', 'reached by the community');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, victim, alert_before) VALUES ('C5', '370323002004', '2024-06-21', 1000, 'y1', NULL), ('C6', '370323002004', '2024-06-21', 1000, 'y1', false), ('C7', '370323002004', '2024-06-21', 1000, 'y2', true);
SELECT is((SELECT array_agg(c.case_no || ' ' || f.unit ORDER BY c.case_no) FROM fraud.fact AS f JOIN fraud.fraud_case AS c ON c.id::text = f.source_key WHERE f.measure = 'case_after_alert' AND f.occurred_on = '2024-06-21'),
  '{"C5 370323002004","C7 370323002004"}', 'what the clerk says comes first');
SELECT is((SELECT array_agg(c.case_no) FROM fraud.fact AS f JOIN fraud.fraud_case AS c ON c.id::text = f.source_key WHERE f.measure = 'case_after_alert_confirmed' AND f.occurred_on = '2024-06-21'), '{C7}', 'and is a confirmation');

-- The reading that counts only what was confirmed.
SELECT fraud.derive_rubric('nanma-2023', 'nanma-2023-confirmed', '{confirmed_only}') \g /dev/null
SELECT fraud.publish_rubric('nanma-2023-confirmed') \g /dev/null
SELECT is((SELECT sum(x.deducted) FROM fraud.explain_score('370323002013', 'nanma-2023-confirmed') AS x WHERE x.item_no = '6'), NULL, 'nothing is deducted for what nobody has confirmed');

-- ------------------------------------------------------- as known at a moment

-- Many rows recorded and voided at random hours; what the views say against
-- what the rows say at each of many moments.
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO fraud.unit (code, region, name) VALUES ('many', '370323003', 'n'), ('more', '370323003', 'n');
CREATE FUNCTION pg_temp.from_hour(i integer, salt integer) RETURNS timestamptz LANGUAGE sql RETURN '2024-06-01'::timestamptz + make_interval(hours => (i * 29 + salt * 13) % 101);
CREATE FUNCTION pg_temp.to_hour(i integer, salt integer) RETURNS timestamptz LANGUAGE sql
  RETURN CASE WHEN (i + salt) % 3 = 0 THEN pg_temp.from_hour(i, salt) + make_interval(hours => (i * 7 + salt) % 60) END;
CREATE FUNCTION pg_temp.said(i integer, salt integer) RETURNS text LANGUAGE sql RETURN CASE WHEN (i + salt) % 3 = 0 THEN 'x' END;
INSERT INTO fraud.alert (id, alert_no, unit, region, victim, level, received_at, issued_on, recorded_at, voided_at, voided_by, void_reason) OVERRIDING SYSTEM VALUE
  SELECT 10000 + i, NULL, 'many', '370323003', 'z' || i % 25, 'medium', '2024-06-01 12:00+08', '2024-06-01', pg_temp.from_hour(i, 1), pg_temp.to_hour(i, 1), pg_temp.said(i, 1), pg_temp.said(i, 1)
  FROM generate_series(1, 150) AS i;
INSERT INTO fraud.dissuasion (id, alert, unit, region, attempt_at, channel, outcome, reached, recorded_at, voided_at, voided_by, void_reason) OVERRIDING SYSTEM VALUE
  SELECT 10000 + i, 10001 + i * 7 % 150, 'many', '370323003', '2024-06-01 12:00+08'::timestamptz + make_interval(mins => i * 37 % 4000), 'call', (array['dissuaded', 'not_believed', 'refused', 'false_alarm'])[1 + i % 4], i % 4 <> 2,
         pg_temp.from_hour(i, 2), pg_temp.to_hour(i, 2), pg_temp.said(i, 2), pg_temp.said(i, 2)
  FROM generate_series(1, 300) AS i;
INSERT INTO fraud.alert_transfer (id, alert, from_unit, to_unit, transferred_at, reason, recorded_at, voided_at, voided_by, void_reason) OVERRIDING SYSTEM VALUE
  SELECT 10000 + i, 10001 + i * 11 % 50, CASE WHEN i % 2 = 0 THEN 'many' ELSE 'more' END, CASE WHEN i % 2 = 0 THEN 'more' ELSE 'many' END, '2024-06-01 12:00+08'::timestamptz + make_interval(mins => i), 'x',
         pg_temp.from_hour(i, 3), pg_temp.to_hour(i, 3), pg_temp.said(i, 3), pg_temp.said(i, 3)
  FROM generate_series(1, 120) AS i;
INSERT INTO fraud.fraud_case (id, unit, region, filed_on, victim, recorded_at, voided_at, voided_by, void_reason) OVERRIDING SYSTEM VALUE
  SELECT 10000 + i, 'many', '370323003', '2024-06-01'::date + i % 4, 'z' || i % 25, pg_temp.from_hour(i, 4), pg_temp.to_hour(i, 4), pg_temp.said(i, 4), pg_temp.said(i, 4)
  FROM generate_series(1, 50) AS i;
INSERT INTO fraud.alert_case (alert, fraud_case, confirmed, reason, recorded_at, voided_at, voided_by, void_reason)
  SELECT a.id, c.id, (a.id + c.id) % 2 = 0, 'x', pg_temp.from_hour((a.id + c.id)::int, 5), pg_temp.to_hour((a.id + c.id)::int, 5), pg_temp.said((a.id + c.id)::int, 5), pg_temp.said((a.id + c.id)::int, 5)
  FROM fraud.alert AS a JOIN fraud.fraud_case AS c ON c.victim = a.victim WHERE a.unit = 'many' AND c.unit = 'many' AND (a.id + c.id) % 5 < 3;

CREATE FUNCTION pg_temp.known(recorded timestamptz, voided timestamptz, at timestamptz) RETURNS boolean LANGUAGE sql RETURN recorded <= at AND (voided IS NULL OR voided > at);
CREATE TEMP TABLE moments AS SELECT '2024-06-01'::timestamptz + make_interval(mins => i * 60 - 30) AS at FROM generate_series(0, 170, 6) AS i;
CREATE TEMP TABLE viewed AS
SELECT m.at, f.measure, f.unit, f.source_key, f.quantity FROM moments AS m JOIN fraud.fact AS f ON f.unit IN ('many', 'more') AND pg_temp.known(f.recorded_at, f.voided_at, m.at)
WHERE f.measure IN ('alert_received', 'alert_late', 'alert_settled_late', 'alert_dissuaded', 'case_after_alert', 'case_after_alert_confirmed');
CREATE TEMP TABLE now_known AS
SELECT m.at, a.id, coalesce((SELECT t.to_unit FROM fraud.alert_transfer AS t WHERE t.alert = a.id AND pg_temp.known(t.recorded_at, t.voided_at, m.at) ORDER BY t.transferred_at DESC LIMIT 1), a.unit) AS unit
FROM moments AS m JOIN fraud.alert AS a ON a.unit = 'many' AND pg_temp.known(a.recorded_at, a.voided_at, m.at);
CREATE FUNCTION pg_temp.tried(alert bigint, at timestamptz, until timestamptz, outcomes text[]) RETURNS boolean LANGUAGE sql
  RETURN EXISTS (SELECT FROM fraud.dissuasion AS d WHERE d.alert = $1 AND pg_temp.known(d.recorded_at, d.voided_at, $2) AND d.attempt_at <= $3 AND (outcomes IS NULL OR d.outcome = ANY (outcomes)));
CREATE TEMP TABLE defined AS
SELECT k.at, 'alert_received' AS measure, k.unit, k.id::text AS source_key, 1::bigint AS quantity FROM now_known AS k
UNION ALL
-- two hours, and a day, after noon of 1 June; nobody is late before that
SELECT w.* FROM (
  SELECT k.at, 'alert_late', k.unit, k.id::text, CASE WHEN pg_temp.tried(k.id, k.at, '2024-06-01 14:00+08', NULL) THEN 0 ELSE 1 END AS quantity FROM now_known AS k) AS w
WHERE w.quantity = 0 OR w.at >= '2024-06-01 14:00+08'
UNION ALL
SELECT w.* FROM (
  SELECT k.at, 'alert_settled_late', k.unit, k.id::text, CASE WHEN pg_temp.tried(k.id, k.at, '2024-06-02 12:00+08', '{dissuaded,failed,false_alarm}') THEN 0 ELSE 1 END AS quantity FROM now_known AS k) AS w
WHERE w.quantity = 0 OR w.at >= '2024-06-02 12:00+08'
UNION ALL
SELECT k.at, 'alert_dissuaded', k.unit, k.id::text, CASE WHEN pg_temp.tried(k.id, k.at, 'infinity', '{dissuaded}') THEN 1 ELSE 0 END FROM now_known AS k
WHERE NOT pg_temp.tried(k.id, k.at, 'infinity', '{false_alarm}')
UNION ALL
SELECT m.at, w.measure, c.unit, c.id::text, 1
FROM moments AS m JOIN fraud.fraud_case AS c ON c.unit = 'many' AND pg_temp.known(c.recorded_at, c.voided_at, m.at)
CROSS JOIN (VALUES ('case_after_alert', false), ('case_after_alert_confirmed', true)) AS w (measure, only_confirmed)
WHERE EXISTS (SELECT FROM fraud.alert AS a WHERE a.victim = c.victim AND pg_temp.known(a.recorded_at, a.voided_at, m.at)
  AND EXISTS (SELECT FROM fraud.dissuasion AS d WHERE d.alert = a.id AND d.reached AND d.made_on <= c.filed_on AND pg_temp.known(d.recorded_at, d.voided_at, m.at))
  AND CASE WHEN w.only_confirmed THEN EXISTS (SELECT FROM fraud.alert_case AS k WHERE k.alert = a.id AND k.fraud_case = c.id AND k.confirmed AND pg_temp.known(k.recorded_at, k.voided_at, m.at))
           ELSE NOT EXISTS (SELECT FROM fraud.alert_case AS k WHERE k.alert = a.id AND k.fraud_case = c.id AND NOT k.confirmed AND pg_temp.known(k.recorded_at, k.voided_at, m.at)) END);
SELECT cmp_ok((SELECT min(n) FROM (SELECT count(*) AS n FROM defined GROUP BY measure, quantity) AS x), '>', 100::bigint, 'there are facts of each to compare');
SELECT is((SELECT array_agg(DISTINCT unit ORDER BY unit) FROM defined WHERE measure = 'alert_late'), '{many,more}', 'and transfers');
SELECT is((SELECT array_agg(DISTINCT x.measure) FROM (SELECT * FROM viewed EXCEPT ALL SELECT * FROM defined) AS x), NULL, 'no fact that the rows do not say, and none twice');
SELECT is((SELECT array_agg(DISTINCT x.measure) FROM (SELECT * FROM defined EXCEPT ALL SELECT * FROM viewed) AS x), NULL, 'none is left out');
ROLLBACK;

-- A clerk who may read, and enter attempts, and no more.
CREATE ROLE alert_clerk;
GRANT USAGE ON SCHEMA tap TO alert_clerk;
SELECT fraud.set_scope('alert_clerk', '370323', 'alerts') \g /dev/null
GRANT INSERT ON fraud.dissuasion, fraud.alert_transfer TO alert_clerk;
SET ROLE alert_clerk;
SELECT lives_ok($$INSERT INTO fraud.dissuasion (alert, attempt_at, channel, outcome, reached) SELECT id, '2024-06-20 10:00+08', 'call', 'refused', false FROM fraud.alert WHERE alert_no = 't'$$, 'an attempt is entered by who may do that alone');
SELECT throws_ok($$INSERT INTO fraud.alert_transfer (alert, to_unit, transferred_at, reason) SELECT id, '370323002003', '2024-06-20 11:00+08', 'x' FROM fraud.alert WHERE alert_no = 't'$$, '42501', NULL, 'a transfer takes the right to change the alert');
RESET ROLE;
DROP OWNED BY alert_clerk;
DROP ROLE alert_clerk;

-- What was tried on alert t counts no more once the alert is withdrawn.
CREATE FUNCTION pg_temp.attempts() RETURNS bigint LANGUAGE sql AS
  $$SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'dissuasion' AND f.voided_at IS NULL
    AND f.source_key IN (SELECT d.id::text FROM fraud.dissuasion AS d JOIN fraud.alert AS a ON a.id = d.alert WHERE a.alert_no = 't')$$;
SELECT cmp_ok(pg_temp.attempts(), '>', 0::bigint, 'attempts on an alert are facts');
SELECT fraud.void_fact('alert', id, 'entered twice') FROM fraud.alert WHERE alert_no = 't' AND voided_at IS NULL \g /dev/null
SELECT is(pg_temp.attempts(), 0::bigint, 'and are none once the alert is withdrawn');

SELECT is((SELECT array_agg(c.relname ORDER BY c.relname) FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
           WHERE c.relnamespace = 'fraud'::regnamespace AND c.relname ~ '^(alert|dissuasion)' AND a.grantee = 0), NULL, 'nothing is granted to everybody');

SELECT * FROM finish();
