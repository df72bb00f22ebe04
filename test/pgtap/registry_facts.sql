-- Facts: added and voided, never changed; and what the view fact makes of them.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- What the server sets.
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, recorded_at) VALUES ('A-1', '370323002002', '2023-06-01', 350000, '2001-01-01');
SELECT is((SELECT recorded_at > '2020-01-01' FROM fraud.fraud_case), true, 'the stamp of recording cannot be forged');
SELECT is((SELECT recorded_by FROM fraud.fraud_case), current_user::text, 'who recorded it is known');
SELECT is((SELECT region::text FROM fraud.fraud_case), '370323002002', 'a fact takes the region of its unit');
INSERT INTO fraud.finding (unit, region, kind, found_on) VALUES ('370323002002', '370323002003', 'study_missing', '2023-06-01');
SELECT is((SELECT region::text FROM fraud.finding), '370323002003', 'unless it says otherwise');

-- A unit that does not exist, a day that is none, numbers that cannot be.
SELECT is(pg_temp.error_of($$INSERT INTO fraud.den (unit, found_on) VALUES ('990000', '2023-06-01')$$),
  E'23503\nunit ''990000'' does not exist\nA row of table "den" names it.\nAdd it to the table unit first, or correct the code.', 'a fact of an unknown unit');
SELECT throws_ok($$INSERT INTO fraud.den (unit, region, found_on) VALUES ('990000', '370323002003', '2023-06-01')$$, '23503', NULL, 'also where it names its region');
SELECT throws_ok($$INSERT INTO fraud.den (unit, found_on) VALUES ('370323002002', 'infinity')$$, '23514', NULL, 'an infinite day');
SELECT throws_ok($$INSERT INTO fraud.finding (unit, kind, found_on, quantity) VALUES ('370323002002', 'study_missing', '2023-06-01', -1)$$, '23514', NULL, 'a negative quantity');
SELECT throws_ok($$INSERT INTO fraud.finding (unit, kind, found_on, quantity) VALUES ('370323002002', 'study_missing', '2023-06-01', 10000000001)$$, '23514', NULL, 'a quantity whose sums could overflow and end the scores of all');
SELECT throws_ok($$INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES ('370323002002', 'app', '2023-06-01', 10000000001, 0)$$, '23514', NULL, 'a sample as absurd');
SELECT throws_ok($$INSERT INTO fraud.activity (unit, held_on, sessions) VALUES ('370323002002', '2023-06-01', 10000000001)$$, '23514', NULL, 'as many sessions');
SELECT throws_ok($$INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2023-06-01', -1)$$, '23514', NULL, 'a negative loss');
SELECT throws_ok($$INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2023-06-01', 'NaN')$$, '23514', NULL, 'a loss that is no number');
SELECT throws_ok($$INSERT INTO fraud.fraud_case (unit, filed_on, loss, recovered) VALUES ('370323002002', '2023-06-01', 1, 2)$$, '23514', NULL, 'more recovered than lost');
SELECT throws_ok($$INSERT INTO fraud.fraud_case (unit, filed_on, happened_on) VALUES ('370323002002', '2023-06-01', '2023-06-02')$$, '23514', NULL, 'filed before it happened');
SELECT throws_ok($$INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES ('370323002002', 'app', '2023-06-01', 5, 6)$$, '23514', NULL, 'more found than sampled');
SELECT throws_ok($$INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('370323002002', 'nonsense', '2023-06-01')$$, '23503', NULL, 'an unknown kind of finding');
SELECT throws_ok($$INSERT INTO fraud.fraud_case (case_no, unit, filed_on) VALUES ('A-1', '370323002003', '2023-06-02')$$, '23505', NULL, 'a case number twice');

-- Neither changed nor removed.
SELECT is(pg_temp.error_of('UPDATE fraud.fraud_case SET loss = 1'),
  E'23001\ncolumn "loss" of table "fraud_case" cannot be changed\nRows of this table are kept as they were recorded.\nVoid the row (set void_reason) and insert the correct one.', 'a change is refused');
SELECT is(pg_temp.message_of('UPDATE fraud.fraud_case SET recorded_at = ''2001-01-01'''), '23001 column "recorded_at" of table "fraud_case" cannot be changed', 'a stamp is not changed either');
SELECT is(pg_temp.message_of('UPDATE fraud.fraud_case SET loss = NULL, void_reason = ''x'''), '23001 column "loss" of table "fraud_case" cannot be changed', 'nor anything while voiding');
SELECT is(pg_temp.error_of('DELETE FROM fraud.fraud_case'),
  E'23001\nrows of table "fraud_case" cannot be removed\nWhat was recorded stays, so that earlier results can be verified.\nVoid a row that is wrong: set its void_reason.', 'nor removed');
SELECT throws_ok('TRUNCATE fraud.finding CASCADE', '23001', 'rows of table "finding" cannot be removed', 'nor truncated');
-- insert 4, delete 8, update 16, truncate 32: tgtype in the catalog
SELECT is((SELECT array_agg(c.relname ORDER BY c.relname) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'void_reason'
           WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind = 'r'
             AND (SELECT bit_or(t.tgtype) & 60 FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgfoid = 'antifraud.append_only()'::regprocedure) IS DISTINCT FROM 60), NULL,
  'every table with a void_reason is guarded against change, removal and truncation');

SELECT is((SELECT array_agg(c.relname ORDER BY c.relname) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'void_reason'
           WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind = 'r' AND c.relname <> 'decision'), (SELECT array_agg(t.name::name ORDER BY t.name) FROM fraud.fact_table AS t),
  'the tables of facts are listed; decisions have a function of their own');
SELECT is((SELECT array_agg(t.name ORDER BY t.name) FROM fraud.fact_table AS t WHERE t.of_unit IS DISTINCT FROM EXISTS (
             SELECT FROM pg_trigger AS g WHERE g.tgrelid = format('fraud.%I', t.name)::regclass AND g.tgfoid = 'fraud.complete_fact()'::regprocedure)), NULL,
  'those of a unit take its region');

-- An office guards its own.
CREATE TABLE fraud."Own visits" (id bigint PRIMARY KEY, unit text NOT NULL, region region NOT NULL, recorded_at timestamptz NOT NULL DEFAULT now());
SELECT is(pg_temp.error_of($$SELECT fraud.guard_facts('{Own visits}', true)$$),
  E'42703\ntable "Own visits" cannot be a table of facts\nIt lacks voided_at, voided_by, void_reason.\nAdd the columns with the types that they have in the table finding.', 'what it lacks');
ALTER TABLE fraud."Own visits" ADD COLUMN voided_at timestamptz, ADD COLUMN voided_by text, ADD COLUMN void_reason text;
COMMENT ON COLUMN fraud."Own visits".unit IS 'Whom we visited.';
SELECT lives_ok($$SELECT fraud.guard_facts('{Own visits}', true)$$, 'a table of the office');
INSERT INTO fraud."Own visits" (id, unit) VALUES (1, '370323002003');
SELECT is((SELECT region::text FROM fraud."Own visits"), '370323002003', 'takes the region of the unit');
SELECT fraud.void_fact('Own visits', 1, 'not held') \g /dev/null
SELECT is((SELECT void_reason FROM fraud."Own visits" WHERE voided_at IS NOT NULL), 'not held', 'is voided');
SELECT throws_ok('DELETE FROM fraud."Own visits"', '23001', NULL, 'and kept');
SELECT is((SELECT array_agg(col_description(attrelid, attnum) ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'fraud."Own visits"'::regclass AND attnum IN (1, 2)),
  ARRAY['Identity; not in order of time.', 'Whom we visited.'], 'its own comments stay');
SELECT throws_ok($$SELECT fraud.guard_facts('{Own visits}', true)$$, '23505', NULL, 'guarded once');
SELECT throws_ok($$SELECT fraud.guard_facts('{nowhere}', true)$$, '42P01', NULL, 'a table that does not exist');
SELECT throws_ok($$SELECT fraud.guard_facts('{den}', NULL)$$, '22004', 'of_unit cannot be NULL', 'of a unit or not');
DELETE FROM fraud.fact_table WHERE name = 'Own visits';
DROP TABLE fraud."Own visits";

-- Columns that an office adds are guarded as well.
ALTER TABLE fraud.den ADD COLUMN remark text;
INSERT INTO fraud.den (unit, found_on, remark) VALUES ('370323002002', '2023-06-01', 'as found');
SELECT is(pg_temp.message_of('UPDATE fraud.den SET remark = ''other'''), '23001 column "remark" of table "den" cannot be changed', 'an added column is guarded');

-- Voided, with a reason, once.
SELECT is(pg_temp.message_of('UPDATE fraud.fraud_case SET voided_at = now()'), '23001 a row of table "fraud_case" cannot be voided without a reason', 'not without a reason');
SELECT is(pg_temp.message_of('UPDATE fraud.fraud_case SET void_reason = ''  '''), '23001 a row of table "fraud_case" cannot be voided without a reason', 'a blank is none');
SELECT is(pg_temp.message_of($$SELECT fraud.void_fact('fraud_case', 1, NULL)$$), '23001 a row of table "fraud_case" cannot be voided without a reason', 'nor through the function');
UPDATE fraud.fraud_case SET void_reason = 'entered twice', voided_at = '2001-01-01' WHERE id = 1;
SELECT is((SELECT (voided_at > '2020-01-01', voided_by = current_user, void_reason) FROM fraud.fraud_case WHERE id = 1), ROW (true, true, 'entered twice'::text), 'voided, with time, person and reason');
SELECT is(pg_temp.message_of('UPDATE fraud.fraud_case SET void_reason = ''again'' WHERE id = 1'), '23001 this row of table "fraud_case" is void already', 'not twice');
SELECT is(pg_temp.message_of('UPDATE fraud.fraud_case SET voided_at = NULL, voided_by = NULL, void_reason = NULL WHERE id = 1'), '23001 this row of table "fraud_case" is void already', 'and not revived');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.den (unit, found_on, void_reason) VALUES ('370323002002', '2023-06-01', 'x')$$), '23001 a new row of table "den" cannot be void already', 'no row begins void');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('A-1', '370323002002', '2023-06-01', 3500);
SELECT pass('the number of a voided case is free for its correction');
SELECT is(pg_temp.error_of($$SELECT fraud.void_fact('unit', 1, 'x')$$), E'42P01\n''unit'' is no table of facts\nThe table fact_table lists them.', 'no other table');
SELECT is(pg_temp.error_of($$SELECT fraud.void_fact('den', 99, 'x')$$), E'P0002\ntable den has no row 99\nEither it does not exist, or you may not see or change it.\nLook the id up in the table.', 'no such row');

-- An import can be repeated.
INSERT INTO fraud.activity (unit, held_on, source_key) VALUES ('370323002002', '2023-01-05', 'grid-7');
INSERT INTO fraud.activity (unit, held_on, source_key) VALUES ('370323002002', '2023-01-05', 'grid-7') ON CONFLICT (source_key) WHERE voided_at IS NULL DO NOTHING;
SELECT is((SELECT count(*)::int FROM fraud.activity), 1, 'a source key is imported once');

-- A restore keeps the stamps that rows have.
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO fraud.den (unit, region, found_on, recorded_at) VALUES ('370323002002', '370323002002', '2023-06-01', '2001-01-01');
SELECT is((SELECT count(*)::int FROM fraud.den WHERE recorded_at = '2001-01-01'), 1, 'as replica, stamps are kept');
ALTER TABLE fraud.den ENABLE ALWAYS TRIGGER den_2_append_only;
INSERT INTO fraud.den (unit, region, found_on, recorded_at) VALUES ('370323002002', '370323002002', '2023-06-01', '2001-01-02');
SELECT is((SELECT count(*)::int FROM fraud.den WHERE recorded_at = '2001-01-02'), 1, 'also where the trigger fires always');
ALTER TABLE fraud.den ENABLE TRIGGER den_2_append_only;
ROLLBACK;

-- The trigger function says how it wants to be used.
CREATE TABLE elsewhere (a int);
CREATE TRIGGER g BEFORE INSERT ON elsewhere FOR EACH ROW EXECUTE FUNCTION antifraud.append_only();
SELECT is(split_part(pg_temp.error_of('INSERT INTO elsewhere VALUES (1)'), E'\n', 2), 'table "elsewhere" has no column "recorded_at"', 'a table without the columns');
ALTER TABLE elsewhere ADD recorded_at timestamp;
SELECT is(split_part(pg_temp.error_of('INSERT INTO elsewhere VALUES (1)'), E'\n', 2), 'column "recorded_at" of table "elsewhere" is not of type timestamp with time zone', 'a column of another type');
DROP TRIGGER g ON elsewhere;
CREATE TRIGGER g AFTER INSERT ON elsewhere FOR EACH ROW EXECUTE FUNCTION antifraud.append_only();
SELECT is(split_part(pg_temp.error_of('INSERT INTO elsewhere VALUES (1)'), E'\n', 2), 'trigger "g" runs antifraud.append_only() at the wrong moment', 'a trigger at another moment');

-- Measures. One case can be several facts.
CREATE FUNCTION pg_temp.measures(unit_code text) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(DISTINCT f.measure ORDER BY f.measure) FROM fraud.fact AS f WHERE f.unit = unit_code AND f.voided_at IS NULL);
INSERT INTO fraud.unit (code, region, name) SELECT 'U' || i, '370323002002', 'U' || i FROM generate_series(1, 9) AS i;

-- Item 8: A (no publicity) and (B (not in the group) or C (no app)).
INSERT INTO fraud.fraud_case (unit, filed_on, loss, recovered, publicity_reached, in_group, app_installed) VALUES
  ('U1', '2023-06-01', 100, 40, false, false, true), ('U2', '2023-06-01', 100, NULL, false, true, false), ('U3', '2023-06-01', NULL, NULL, false, true, true),
  ('U4', '2023-06-01', 0, 0, true, true, false), ('U5', '2023-06-01', 0, 0, NULL, NULL, NULL), ('U6', '2023-06-01', 0, 0, false, NULL, NULL);
SELECT is(pg_temp.measures('U1'), '{case,case_by_act,case_net,followed_up,victim_unreached,victim_unreached_or_no_app}', 'A and B');
SELECT is(pg_temp.measures('U2'), '{case,case_by_act,case_net,followed_up,victim_unreached,victim_unreached_or_no_app}', 'A and C');
SELECT is(pg_temp.measures('U3'), '{case,case_by_act,case_net,followed_up}', 'A alone');
SELECT is(pg_temp.measures('U4'), '{case,case_by_act,case_net,followed_up,victim_unreached_or_no_app}', 'C alone counts in the other reading');
SELECT is(pg_temp.measures('U5'), '{case,case_by_act,case_net,followed_up}', 'a victim who was not asked counts in neither');
SELECT is(pg_temp.measures('U6'), '{case,case_by_act,case_net,followed_up}', 'nor one who was asked only in part');
SELECT is((SELECT amount FROM fraud.fact WHERE unit = 'U1' AND measure = 'case_net'), 60.00, 'net of recovery');
SELECT is((SELECT amount FROM fraud.fact WHERE unit = 'U3' AND measure = 'case'), NULL, 'a loss that is not known is no amount');

-- Item 5: the roster marks staff and former staff, the clerk may say otherwise.
INSERT INTO fraud.officer (unit, subject, joined_on, left_on) VALUES ('U7', 'staff', '2020-01-01', NULL), ('U7', 'former', '2015-01-01', '2019-12-31'), ('U7', 'later', '2024-01-01', NULL);
INSERT INTO fraud.fraud_case (unit, filed_on, victim, victim_is_staff) VALUES
  ('U7', '2023-06-01', 'staff', NULL), ('U7', '2023-06-02', 'former', NULL), ('U7', '2023-06-03', 'later', NULL), ('U7', '2023-06-04', 'staff', false),
  ('U8', '2023-06-05', 'staff', NULL), ('U8', '2023-06-06', 'nobody', true);
SELECT is((SELECT array_agg(f.occurred_on ORDER BY f.occurred_on) FROM fraud.fact AS f WHERE f.measure = 'case_staff'),
  '{2023-06-01,2023-06-02,2023-06-06}', 'staff and former staff of the unit itself, or as the clerk says');
DELETE FROM fraud.officer;
SELECT is((SELECT count(*)::int FROM fraud.fact AS f WHERE f.measure = 'case_staff'), 3, 'a later change of the roster changes no fact');

-- Item 6: the same victim, after the alert was delivered.
INSERT INTO fraud.alert (unit, victim, issued_on, delivered_on) VALUES
  ('U9', 'a', '2023-06-01', '2023-06-02'), ('U9', 'a', '2023-06-03', '2023-06-03'), ('U9', 'b', '2023-06-01', NULL), ('U9', 'c', '2023-06-10', '2023-06-10'),
  ('U9', 'd', '2023-05-01', '2023-05-01'), ('U9', 'e', '2023-05-02', '2023-05-02'), ('U9', 'f', '2023-06-01', '2023-06-01');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, happened_on, victim, alert_before) VALUES
  ('same day', 'U9', '2023-06-02', NULL, 'a', NULL), ('two alerts', 'U9', '2023-06-20', NULL, 'a', NULL), ('not delivered', 'U9', '2023-06-20', NULL, 'b', NULL),
  ('before', 'U9', '2023-06-09', NULL, 'c', NULL), ('act before', 'U9', '2023-06-20', '2023-06-09', 'c', NULL), ('day 31', 'U9', '2023-06-01', NULL, 'd', NULL),
  ('day 30', 'U9', '2023-06-01', NULL, 'e', NULL), ('clerk says no', 'U9', '2023-06-09', NULL, 'f', false), ('clerk says yes', 'U9', '2023-06-09', NULL, 'g', true),
  ('no victim', 'U9', '2023-06-09', NULL, NULL, NULL);
CREATE FUNCTION pg_temp.after_alert(measure_code text) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(c.case_no ORDER BY c.case_no) FROM fraud.fact AS f JOIN fraud.fraud_case AS c ON c.id::text = f.source_key
                     WHERE f.measure = measure_code AND f.voided_at IS NULL);
SELECT is(pg_temp.after_alert('case_after_alert'), '{clerk says yes,day 30,day 31,same day,two alerts}', 'cases after an alert, each once');
SELECT is(pg_temp.after_alert('case_after_alert_30_days'), '{clerk says yes,day 30,same day,two alerts}', 'within thirty days');

-- Known then: with two alerts, the fact holds while either does.
SELECT fraud.void_fact('alert', 1, 'wrong person') \g /dev/null
SELECT is(pg_temp.after_alert('case_after_alert'), '{clerk says yes,day 30,day 31,two alerts}', 'without the first alert');
SELECT is((SELECT count(*)::int FROM fraud.fact AS f JOIN fraud.fraud_case AS c ON c.id::text = f.source_key
           WHERE f.measure = 'case_after_alert' AND c.case_no = 'two alerts'), 1, 'one stretch for a case that either alert explains');
SELECT fraud.void_fact('alert', 2, 'wrong person') \g /dev/null
SELECT is(pg_temp.after_alert('case_after_alert'), '{clerk says yes,day 30,day 31}', 'without both');
SELECT is((SELECT f.voided_at FROM fraud.fact AS f JOIN fraud.fraud_case AS c ON c.id::text = f.source_key
           WHERE f.measure = 'case_after_alert' AND c.case_no = 'two alerts'), (SELECT voided_at FROM fraud.alert WHERE id = 2), 'known until the second was voided');

-- Samples.
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES ('U1', 'app', '2023-07-01', 50, 43), ('U1', 'app_staff', '2023-07-01', 5, 5), ('U1', 'awareness', '2023-07-01', 30, 27);
SELECT results_eq($$SELECT measure, quantity, base FROM fraud.fact WHERE source_table = 'sample' ORDER BY measure$$,
  $$VALUES ('app_installed', 43::bigint, 50::bigint), ('app_missing', 7, 50), ('app_missing_staff', 0, 5), ('awareness', 27, 30)$$, 'what a sample supplies');

-- Activities: what is no publicity is recorded and not counted.
INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES ('U1', 'talk', '2023-07-01', 2), ('U1', 'meeting', '2023-07-01', 1);
SELECT results_eq($$SELECT measure, quantity FROM fraud.fact WHERE unit = 'U1' AND source_table = 'activity'$$, $$VALUES ('publicity', 2::bigint)$$, 'what an activity supplies');

-- Item 9, one a person: the first in a calendar year; and when it is voided, the next.
INSERT INTO fraud.finding (unit, kind, found_on, subject) VALUES
  ('U2', 'control_failure', '2023-03-01', 'x'), ('U2', 'control_failure', '2023-06-01', 'x'), ('U2', 'control_failure', '2022-06-01', 'x'),
  ('U2', 'control_failure', '2023-06-01', 'y'), ('U2', 'control_failure', '2023-06-02', NULL), ('U2', 'control_failure', '2023-06-03', NULL);
CREATE FUNCTION pg_temp.persons() RETURNS date[]
LANGUAGE sql RETURN (SELECT array_agg(occurred_on ORDER BY occurred_on) FROM fraud.fact WHERE unit = 'U2' AND measure = 'control_failure_person' AND voided_at IS NULL);
SELECT is(pg_temp.persons(), '{2022-06-01,2023-03-01,2023-06-01,2023-06-02,2023-06-03}', 'one a person and year');
UPDATE fraud.finding SET void_reason = 'wrong' WHERE unit = 'U2' AND found_on = '2023-03-01';
SELECT is(pg_temp.persons(), '{2022-06-01,2023-06-01,2023-06-01,2023-06-02,2023-06-03}', 'the next steps in');
SELECT is((SELECT array_agg(voided_at IS NULL ORDER BY occurred_on) FROM fraud.fact WHERE unit = 'U2' AND measure = 'control_failure_person' AND subject = 'x' AND occurred_on > '2023-01-01'),
  '{f,t}', 'and the first is known to have stood before');

-- Facts that rest on several rows, against the definition, at many moments:
-- 600 cases and 600 alerts of 60 victims, and 600 findings, recorded and voided
-- at made-up times. Each must count exactly once where its rows say so.
BEGIN;
INSERT INTO fraud.unit (code, region, name) VALUES ('many', '370323002', 'n');
SET LOCAL session_replication_role = replica;
INSERT INTO fraud.fraud_case (unit, region, filed_on, victim, recorded_at, voided_at, voided_by, void_reason)
SELECT 'many', '370323002', '2023-01-01'::date + i * 7 % 300, 'm' || i % 60, at, CASE WHEN i % 3 = 0 THEN at + make_interval(hours => i * 13 % 50) END,
       CASE WHEN i % 3 = 0 THEN 'x' END, CASE WHEN i % 3 = 0 THEN 'x' END
FROM generate_series(1, 600) AS i CROSS JOIN LATERAL (SELECT '2024-01-01'::timestamptz + make_interval(hours => i * 37 % 101) AS at) AS t;
INSERT INTO fraud.alert (unit, region, victim, issued_on, delivered_on, recorded_at, voided_at, voided_by, void_reason)
SELECT 'many', '370323002', 'm' || i * 11 % 60, '2023-01-01', '2023-01-01'::date + i * 17 % 300, at, CASE WHEN i % 2 = 0 THEN at + make_interval(hours => i * 7 % 60) END,
       CASE WHEN i % 2 = 0 THEN 'x' END, CASE WHEN i % 2 = 0 THEN 'x' END
FROM generate_series(1, 600) AS i CROSS JOIN LATERAL (SELECT '2024-01-01'::timestamptz + make_interval(hours => i * 29 % 101) AS at) AS t;
INSERT INTO fraud.finding (unit, region, kind, found_on, subject, recorded_at, voided_at, voided_by, void_reason)
SELECT 'many', '370323002', 'control_failure', '2022-06-01'::date + i * 17 % 400, CASE WHEN i % 10 > 0 THEN 'm' || i * 11 % 60 END, at, CASE WHEN i % 2 = 0 THEN at + make_interval(hours => i * 7 % 60) END,
       CASE WHEN i % 2 = 0 THEN 'x' END, CASE WHEN i % 2 = 0 THEN 'x' END
FROM generate_series(1, 600) AS i CROSS JOIN LATERAL (SELECT '2024-01-01'::timestamptz + make_interval(hours => i * 29 % 101) AS at) AS t;

CREATE FUNCTION pg_temp.known(recorded timestamptz, voided timestamptz, at timestamptz) RETURNS boolean
LANGUAGE sql RETURN recorded <= at AND (voided IS NULL OR voided > at);
CREATE TEMP TABLE moments AS SELECT '2024-01-01'::timestamptz + make_interval(mins => i * 60 - 30) AS at FROM generate_series(0, 170, 5) AS i;
CREATE TEMP TABLE viewed AS
SELECT m.at, f.measure, f.source_key, f.occurred_on FROM moments AS m JOIN fraud.fact AS f ON f.unit = 'many' AND pg_temp.known(f.recorded_at, f.voided_at, m.at)
WHERE f.measure IN ('case_after_alert', 'case_after_alert_30_days', 'control_failure_person');
CREATE TEMP TABLE defined AS
SELECT m.at, d.measure, c.id::text AS source_key, c.filed_on AS occurred_on
FROM moments AS m JOIN fraud.fraud_case AS c ON c.unit = 'many' AND pg_temp.known(c.recorded_at, c.voided_at, m.at)
CROSS JOIN (VALUES ('case_after_alert', 100000), ('case_after_alert_30_days', 30)) AS d (measure, days)
WHERE EXISTS (SELECT FROM fraud.alert AS a WHERE a.victim = c.victim AND pg_temp.known(a.recorded_at, a.voided_at, m.at) AND c.filed_on - a.delivered_on BETWEEN 0 AND d.days)
UNION ALL
SELECT m.at, 'control_failure_person', f.id::text, f.found_on
FROM moments AS m JOIN fraud.finding AS f ON f.unit = 'many' AND pg_temp.known(f.recorded_at, f.voided_at, m.at)
WHERE NOT EXISTS (SELECT FROM fraud.finding AS e WHERE e.unit = 'many' AND pg_temp.known(e.recorded_at, e.voided_at, m.at)
                  AND e.subject = f.subject AND extract(year FROM e.found_on) = extract(year FROM f.found_on) AND (e.found_on, e.id) < (f.found_on, f.id));
SELECT cmp_ok((SELECT min(n) FROM (SELECT count(*) AS n FROM defined GROUP BY measure) AS x), '>', 1000::bigint, 'there are facts of each to compare');
SELECT is((SELECT count(*)::int FROM (SELECT * FROM viewed EXCEPT ALL SELECT * FROM defined) AS x), 0, 'none counts that the rows do not say, and none twice');
SELECT is((SELECT count(*)::int FROM (SELECT * FROM defined EXCEPT ALL SELECT * FROM viewed) AS x), 0, 'none is left out');
ROLLBACK;

-- Every measure of the list is one that the view can supply, and the reverse.
SELECT is((SELECT array_agg(DISTINCT f.measure) FROM fraud.fact AS f WHERE NOT EXISTS (SELECT FROM fraud.measure AS m WHERE m.code = f.measure)), NULL, 'no fact of an unknown measure');

SELECT * FROM finish();
