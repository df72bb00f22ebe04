-- What is kept on a person equals what the history gives from scratch,
-- whatever is recorded, in whatever order and by whom.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- The server is not in China; the office is.
SET timezone = 'UTC';

-- tier, last done, next due, settled on, plain cadence; and for how many
-- persons anything kept differs from the history: none.
CREATE FUNCTION pg_temp.kept(wanted bigint) RETURNS text LANGUAGE sql
  RETURN (SELECT (p.tier, p.last_done, p.next_due, p.settled_on, p.plain_cadence::text)::text FROM fraud.person AS p WHERE p.id = wanted)
    || coalesce((SELECT ' but ' || string_agg(d::text, '; ') FROM fraud.next_due_difference AS d), '');
CREATE PROCEDURE pg_temp.checked(who bigint, day date) LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO fraud.checkin (person, checked_at) VALUES (who, day + time '12:00' AT TIME ZONE 'Asia/Shanghai');
END;
CREATE PROCEDURE pg_temp.unchecked(who bigint, day date) LANGUAGE sql
BEGIN ATOMIC
  UPDATE fraud.checkin SET void_reason = 'test' WHERE person = who AND done_on = day AND voided_at IS NULL;
END;

-- ------------------------------------------------- each event, by hand

-- Person 1 lives in the county; person 2 elsewhere, and nothing happens to 2.
INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on) VALUES
  ('passport', 'E1', '370323002002', '2024-01-01'), ('passport', 'E2', '370302', '2024-01-01');
SELECT is(pg_temp.kept(1), '(,,,2024-01-01,)', 'without a tier nothing is due');
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'high', '2024-01-01'), (2, 'medium', '2024-01-01');
SELECT is(pg_temp.kept(1), '(high,,2024-01-08,2024-01-01,"every 7 days")', 'high: 7 days after enrolment');
SELECT is(pg_temp.kept(2), '(medium,,2024-01-15,2024-01-01,"every 2 weeks")', 'medium: 14 days after it');

CALL pg_temp.checked(1, '2024-01-05');
SELECT is(pg_temp.kept(1), '(high,2024-01-05,2024-01-12,2024-01-05,"every 7 days")', 'counted from the day on which it was done');
INSERT INTO fraud.checkin (person, checked_at, outcome) VALUES (1, '2024-01-08 10:00+08', 'failed');
SELECT is(pg_temp.kept(1), '(high,2024-01-05,2024-01-12,2024-01-05,"every 7 days")', 'a failed attempt does not count');
INSERT INTO fraud.checkin (person, checked_at) VALUES (1, '2024-01-12 16:30:00+00');
SELECT is(pg_temp.kept(1), '(high,2024-01-13,2024-01-20,2024-01-13,"every 7 days")', 'half past midnight in China belongs to that day');
CALL pg_temp.checked(1, '2024-01-13');
SELECT is(pg_temp.kept(1), '(high,2024-01-13,2024-01-20,2024-01-13,"every 7 days")', 'twice on a day is once');
CALL pg_temp.checked(1, '2024-01-09');
SELECT is(pg_temp.kept(1), '(high,2024-01-13,2024-01-20,2024-01-13,"every 7 days")', 'an earlier one, entered late, moves nothing');
CALL pg_temp.unchecked(1, '2024-01-13');
SELECT is(pg_temp.kept(1), '(high,2024-01-09,2024-01-16,2024-01-09,"every 7 days")', 'voided: back to the one before');

-- The slot (9, 16] loses 12, 13 and 14 January: three more days.
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (1, 'hospital', '2024-01-12', '2024-01-14', 'A');
SELECT is(pg_temp.kept(1), '(high,2024-01-09,2024-01-19,2024-01-12,)', 'a suspension moves the day');
SELECT fraud.end_suspension(1, '2024-01-13', 'discharged') \g /dev/null
SELECT is(pg_temp.kept(1), '(high,2024-01-09,2024-01-18,2024-01-12,)', 'less, when it ends early');
CALL pg_temp.checked(1, '2024-01-13');
SELECT is(pg_temp.kept(1), '(high,2024-01-13,2024-01-20,2024-01-13,)', 'a check-in during it counts');
CALL pg_temp.checked(1, '2024-01-16');
SELECT is(pg_temp.kept(1), '(high,2024-01-16,2024-01-23,2024-01-16,"every 7 days")', 'after it all is plain again');

INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'low', '2024-01-18');
SELECT is(pg_temp.kept(1), '(low,2024-01-16,2024-02-16,2024-01-18,"every month")', 'a laxer tier counts from the last check-in');
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'medium', '2024-01-25');
SELECT is(pg_temp.kept(1), '(medium,2024-01-16,2024-02-08,2024-01-25,"every 2 weeks")', 'a stricter one from the change: 25 January + 14');
UPDATE fraud.tier_change SET void_reason = 'test' WHERE tier = 'low';
-- high until 25 January: 23 January is missed, the next slot ends on the 30th;
-- medium is laxer and counts from the last check-in
SELECT is(pg_temp.kept(1), '(medium,2024-01-16,2024-01-30,2024-01-25,"every 2 weeks")', 'voided: as if the tier had never been low');
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'low', '2024-01-18');

INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, basis) VALUES ('medium', '370323', '2024-02-01', 'every 3 days', 'test');
SELECT is(pg_temp.kept(1), '(medium,2024-01-16,2024-02-04,2024-02-01,"every 3 days")', 'a policy of the county, stricter: 1 February + 3');
UPDATE fraud.control_policy SET valid_from = '2024-02-03' WHERE region = '370323';
SELECT is(pg_temp.kept(1), '(medium,2024-01-16,2024-02-06,2024-02-03,"every 3 days")', 'its first day moves');
DELETE FROM fraud.control_policy WHERE region = '370323';
SELECT is(pg_temp.kept(1), '(medium,2024-01-16,2024-02-08,2024-01-25,"every 2 weeks")', 'it is gone');

-- 15 February 2024 lies in the holidays of the Spring Festival, which begin
-- on the 10th; the 9th is a Friday.
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, shift, basis) VALUES ('medium', '370323', '2024-01-25', 'every 2 weeks', 'before', 'test');
CALL pg_temp.checked(1, '2024-02-01');
SELECT is(pg_temp.kept(1), '(medium,2024-02-01,2024-02-09,2024-02-01,)', 'shifted to the working day before');
INSERT INTO fraud.calendar_day (day, kind) VALUES ('2024-02-09', 'holiday');
SELECT is(pg_temp.kept(1), '(medium,2024-02-01,2024-02-08,2024-02-01,)', 'the calendar changes');
DELETE FROM fraud.calendar_day WHERE day = '2024-02-09';
SELECT is(pg_temp.kept(1), '(medium,2024-02-01,2024-02-09,2024-02-01,)', 'and changes back');

UPDATE fraud.person SET region = '370302' WHERE id = 1;
SELECT is(pg_temp.kept(1), '(medium,2024-02-01,2024-02-15,2024-02-01,"every 2 weeks")', 'whoever moves leaves the policy of the county behind');
UPDATE fraud.person SET enrolled_on = '2024-01-20' WHERE id = 1;
SELECT is(pg_temp.kept(1), '(medium,2024-02-01,2024-02-15,2024-02-01,"every 2 weeks")', 'enrolled later');
CALL pg_temp.unchecked(1, '2024-02-01');
-- low since 20 January: due 20 February; medium from the 25th: 8 February
SELECT is(pg_temp.kept(1), '(medium,,2024-02-08,2024-01-25,"every 2 weeks")', 'what was done before enrolment does not count');
UPDATE fraud.person SET status = 'reduced', ended_on = '2024-02-05' WHERE id = 1;
SELECT is(pg_temp.kept(1), '(medium,,,2024-02-06,)', 'after the end of control nothing is due');
UPDATE fraud.person SET status = 'listed', ended_on = NULL WHERE id = 1;
SELECT is(pg_temp.kept(1), '(medium,,2024-02-08,2024-01-25,"every 2 weeks")', 'control goes on');
SELECT is(pg_temp.kept(2), '(medium,,2024-01-15,2024-01-01,"every 2 weeks")', 'the other person is as before');

-- Every way to bring rows.
COPY fraud.checkin (person, checked_at, outcome) FROM STDIN;
1	2024-02-03 10:00+08	completed
2	2024-01-10 10:00+08	completed
1	2024-02-02 10:00+08	completed
2	2024-01-20 10:00+08	failed
1	2024-02-03 11:00+08	completed
\.
SELECT is(pg_temp.kept(1), '(medium,2024-02-03,2024-02-17,2024-02-03,"every 2 weeks")', 'COPY: the latest of several');
SELECT is(pg_temp.kept(2), '(medium,2024-01-10,2024-01-24,2024-01-10,"every 2 weeks")', 'COPY: the completed one');
MERGE INTO fraud.checkin AS c USING (VALUES (1, timestamptz '2024-02-03 11:00+08'), (2, '2024-01-12 10:00+08')) AS n (person, checked_at)
  ON c.person = n.person AND c.checked_at = n.checked_at
  WHEN MATCHED THEN UPDATE SET void_reason = 'test' WHEN NOT MATCHED THEN INSERT (person, checked_at) VALUES (n.person, n.checked_at);
SELECT is(pg_temp.kept(1), '(medium,2024-02-03,2024-02-17,2024-02-03,"every 2 weeks")', 'MERGE: there is still the other one of the day');
SELECT is(pg_temp.kept(2), '(medium,2024-01-12,2024-01-26,2024-01-12,"every 2 weeks")', 'MERGE: a new one');
BEGIN;
SAVEPOINT s;
CALL pg_temp.checked(2, '2024-01-15');
SELECT is(pg_temp.kept(2), '(medium,2024-01-15,2024-01-29,2024-01-15,"every 2 weeks")', 'within a transaction');
ROLLBACK TO s;
SELECT is(pg_temp.kept(2), '(medium,2024-01-12,2024-01-26,2024-01-12,"every 2 weeks")', 'rolled back');
CALL pg_temp.checked(2, '2024-01-14');
COMMIT;
SELECT is(pg_temp.kept(2), '(medium,2024-01-14,2024-01-28,2024-01-14,"every 2 weeks")', 'and recorded after all');
WITH c AS (INSERT INTO fraud.checkin (person, checked_at) VALUES (2, '2024-01-16 10:00+08') RETURNING person)
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT person, 'high', '2024-01-17' FROM c;
SELECT is(pg_temp.kept(2), '(high,2024-01-16,2024-01-24,2024-01-17,"every 7 days")', 'two tables in one statement: 17 January + 7');
-- met on the 10th, 12th, 14th and 16th; the 24th is missed
SELECT is((SELECT (s.*)::text FROM fraud.person_status_at('2024-01-25', 2) AS s), '(2024-01-16,2024-01-24,1,5,4,1,overdue)', 'how a person stands on a day');
SELECT is((SELECT s.state FROM fraud.person_status_at('2024-01-24', 2) AS s), 'due', 'the day before');
SELECT is(fraud.control_segments(2),
  '[{"from": "2024-01-01", "cadence": "every 2 weeks", "grace": 0, "anchor": "actual", "shift": "none", "partial": "skip"},
    {"from": "2024-01-17", "cadence": "every 7 days", "grace": 0, "anchor": "actual", "shift": "none", "partial": "skip"}]', 'what was asked from which day on');
SELECT is(fraud.verify_next_due()::text, '(2,0)', 'two persons, none differs');

-- --------------------------------------------- nobody writes what is kept

SELECT is(pg_temp.error_of($$UPDATE fraud.person SET next_due = '2030-01-01'$$),
  E'23001\nthe kept columns of table "person" cannot be changed\n'
  'tier, last_done, next_due, settled_on and plain_cadence follow from tier changes, check-ins, suspensions and policies.\n'
  'Record what happened; to compute them again call refresh_next_due().', 'not by UPDATE');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on) VALUES ('passport', 'E1', '370302', '2024-01-01')
    ON CONFLICT (document_kind, document_no) DO UPDATE SET settled_on = '2024-02-01'$$),
  '23001 the kept columns of table "person" cannot be changed', 'not on conflict');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on, tier) VALUES ('passport', 'E3', '370302', '2024-01-01', 'high')$$),
  E'23001\ncolumn "tier" of table "person" is kept by the registry and cannot be given\nIt follows from tier changes, check-ins, suspensions and policies.\n'
  'Leave the column out; record a tier_change for the tier.', 'not by INSERT');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on, settled_on) VALUES ('passport', 'E3', '370302', '2024-01-01', '2024-01-02')$$),
  '23001 column "settled_on" of table "person" is kept by the registry and cannot be given', 'nor another first day');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on, settled_on) VALUES ('passport', 'E3', '370302', '2024-01-01', '2024-01-01')$$),
  'no error', 'the day itself is no lie');
SELECT is(pg_temp.error_of($$UPDATE fraud.person SET name = '某' WHERE id = 1$$), 'no error', 'other columns can be changed');

-- What went wrong in spite of that is seen, and repaired.
SET session_replication_role = replica;
UPDATE fraud.person SET next_due = '2030-01-01' WHERE id = 1;
INSERT INTO fraud.checkin (person, checked_at) VALUES (2, '2024-01-20 10:00+08');
RESET session_replication_role;
SELECT is((SELECT string_agg((person, kept_next_due, next_due)::text, ' ' ORDER BY person) FROM fraud.next_due_difference),
  '(1,2030-01-01,2024-02-17) (2,2024-01-24,2024-01-27)', 'rows replicated or restored by hand fire no trigger: the view shows it');
SELECT is(fraud.verify_next_due()::text, '(3,2)', 'verify counts it');
SELECT is(fraud.refresh_next_due('{2,2,99,NULL}'), 1::bigint, 'one is repaired; unknown ids are nobody');
SELECT is(fraud.refresh_next_due(), 1::bigint, 'all are looked at');
SELECT is(fraud.refresh_next_due(), 0::bigint, 'nothing is left to do');
SELECT is(fraud.verify_next_due()::text, '(3,0)', 'and nothing differs');
SELECT is(pg_temp.message_of($$SELECT antifraud.refresh_next_due(NULL)$$), '22004 the schema of a registry cannot be NULL', 'refresh needs a registry');
SELECT is(pg_temp.message_of($$SELECT antifraud.refresh_next_due('nowhere')$$), '3F000 schema "nowhere" does not exist', 'one that exists');
SELECT is(pg_temp.message_of($$SELECT antifraud.refresh_next_due('tap')$$), '42P01 schema "tap" has no table or view "person"', 'and is a registry');
SELECT is(pg_temp.message_of($$SELECT antifraud.refresh_next_due(repeat('a', 64))$$), '42622 schema name "' || repeat('a', 64) || '" is too long', 'a name is not cut');

-- ------------------------------------------- a clerk who sees only a part

CREATE ROLE next_due_clerk;
GRANT USAGE ON SCHEMA fraud TO next_due_clerk;
GRANT SELECT, INSERT, UPDATE ON fraud.checkin TO next_due_clerk;
ALTER TABLE fraud.checkin ENABLE ROW LEVEL SECURITY;
ALTER TABLE fraud.checkin FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON fraud.checkin TO next_due_clerk USING (note = 'mine') WITH CHECK (true);
SET ROLE next_due_clerk;
INSERT INTO fraud.checkin (person, checked_at, note) VALUES (1, '2024-02-05 10:00+08', 'mine');
INSERT INTO fraud.checkin (person, checked_at, note) VALUES (1, '2024-01-30 10:00+08', 'mine');
UPDATE fraud.checkin SET void_reason = 'test' WHERE done_on = '2024-02-05';
SELECT pg_temp.message_of($$SELECT antifraud.refresh_next_due('fraud')$$) AS refused \gset
RESET ROLE;
SELECT is(:'refused'::text, '42501 only the owner of table person may refresh what is kept there', 'only the owner refreshes');
-- under FORCE the owner sees no rows either, but what is kept takes all
ALTER TABLE fraud.checkin NO FORCE ROW LEVEL SECURITY;
SELECT is(pg_temp.kept(1), '(medium,2024-02-03,2024-02-17,2024-02-03,"every 2 weeks")', 'rights on checkin are enough, and rows that the clerk cannot see count');
ALTER TABLE fraud.checkin DISABLE ROW LEVEL SECURITY;
DROP POLICY own_rows ON fraud.checkin;

-- The owner of a registry need not be a superuser, and may be held to its
-- policies as well (FORCE): what is kept takes all rows nevertheless.
CREATE ROLE next_due_owner;
SELECT format('GRANT CREATE ON DATABASE %I TO next_due_owner', current_database()) \gexec
SET ROLE next_due_owner;
SELECT antifraud.create_registry('owned') \g /dev/null
INSERT INTO owned.person (document_kind, document_no, region, enrolled_on) VALUES ('passport', 'E1', '370302', '2024-01-01');
INSERT INTO owned.tier_change (person, tier, changed_on) VALUES (1, 'high', '2024-01-01');
GRANT USAGE ON SCHEMA owned TO next_due_clerk;
GRANT INSERT, SELECT, UPDATE ON owned.checkin TO next_due_clerk;
ALTER TABLE owned.checkin ENABLE ROW LEVEL SECURITY;
ALTER TABLE owned.checkin FORCE ROW LEVEL SECURITY;
CREATE POLICY enter ON owned.checkin FOR INSERT WITH CHECK (true);
CREATE POLICY own_rows ON owned.checkin TO next_due_clerk USING (note = 'mine');
ALTER TABLE owned.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE owned.person FORCE ROW LEVEL SECURITY;
SET ROLE next_due_clerk;
INSERT INTO owned.checkin (person, checked_at, note) VALUES (1, '2024-01-05 10:00+08', 'mine'), (1, '2024-01-03 10:00+08', 'not mine');
UPDATE owned.checkin SET void_reason = 'test' WHERE done_on = '2024-01-05';
SELECT current_user AS clerk \gset
RESET ROLE;
SELECT is((SELECT (last_done, next_due)::text FROM owned.person), '(2024-01-03,2024-01-10)', 'an owner under FORCE, a clerk without rights on person');
SELECT is(:'clerk'::text, 'next_due_clerk', 'who is who again afterwards');
SELECT is(fraud.verify_next_due()::text, '(3,0)', 'the other registry is not touched');
DROP SCHEMA owned CASCADE;
SELECT format('REVOKE CREATE ON DATABASE %I FROM next_due_owner', current_database()) \gexec
DROP ROLE next_due_owner;

-- A search_path of the clerk's does not reach the registry's statements.
CREATE SCHEMA evil;
CREATE FUNCTION evil.trap(date, date) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'trapped'; END$$;
CREATE OPERATOR evil.> (FUNCTION = evil.trap, LEFTARG = date, RIGHTARG = date);
SET search_path = evil, pg_catalog, public, antifraud, tap;
CALL pg_temp.checked(1, '2024-02-06');
CALL pg_temp.checked(1, '2024-02-04');
SET search_path = public, antifraud, tap;
SELECT is(pg_temp.kept(1), '(medium,2024-02-06,2024-02-20,2024-02-06,"every 2 weeks")', 'operators are pg_catalog''s');

-- ------------------------- what changes under the triggers, and two at once

CREATE TABLE seen AS SELECT 0 AS n;
ALTER TABLE fraud.person ADD COLUMN village text;
ALTER TABLE fraud.checkin DROP COLUMN note, ADD COLUMN place text;
CALL pg_temp.checked(1, '2024-02-07');
SELECT is(pg_temp.kept(1), '(medium,2024-02-07,2024-02-21,2024-02-07,"every 2 weeks")', 'columns come and go');

BEGIN;
ALTER SCHEMA fraud RENAME TO renamed;
INSERT INTO renamed.checkin (person, checked_at) VALUES (1, '2024-02-09 10:00+08');
INSERT INTO renamed.checkin (person, checked_at) VALUES (1, '2024-02-05 10:00+08');
SELECT is((SELECT next_due FROM renamed.person WHERE id = 1), '2024-02-23', 'the schema gets another name');
SELECT is(renamed.verify_next_due()::text, '(3,0)', 'and nothing differs');
ROLLBACK;

SELECT antifraud.create_registry('other') \g /dev/null
INSERT INTO other.person (document_kind, document_no, region, enrolled_on) VALUES ('passport', 'E1', '370323002002', '2024-01-01');
INSERT INTO other.tier_change (person, tier, changed_on) VALUES (1, 'low', '2024-01-01');
INSERT INTO other.checkin (person, checked_at) VALUES (1, '2024-01-31 10:00+08');
CALL pg_temp.checked(1, '2024-02-08');
SELECT is((SELECT next_due FROM other.person), '2024-02-29', 'another registry: 31 January + 1 month');
SELECT is(pg_temp.kept(1), '(medium,2024-02-08,2024-02-22,2024-02-08,"every 2 weeks")', 'and this one');
UPDATE other.checkin SET void_reason = 'test';
SELECT is((SELECT next_due FROM other.person), '2024-02-01', 'from scratch too');
DROP SCHEMA other CASCADE;

-- A partitioned checkin; a partition that is loaded directly gets triggers of its own.
BEGIN;
ALTER TABLE fraud.checkin RENAME TO checkin_whole;
CREATE SCHEMA parts;
CREATE TABLE fraud.checkin (LIKE fraud.checkin_whole) PARTITION BY RANGE (done_on);
CREATE TABLE parts.checkin_2025 (recorded_by text NOT NULL, done_on date NOT NULL, checked_at timestamptz NOT NULL, LIKE seen);
ALTER TABLE parts.checkin_2025 DROP COLUMN n, ADD COLUMN person bigint NOT NULL, ADD COLUMN id bigint NOT NULL, ADD COLUMN outcome text NOT NULL, ADD COLUMN method text,
  ADD COLUMN officer bigint, ADD COLUMN source_key text, ADD COLUMN recorded_at timestamptz NOT NULL, ADD COLUMN voided_at timestamptz,
  ADD COLUMN voided_by text, ADD COLUMN void_reason text, ADD COLUMN place text;
ALTER TABLE fraud.checkin ATTACH PARTITION parts.checkin_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TRIGGER keep AFTER INSERT ON fraud.checkin REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
CREATE TRIGGER keep AFTER INSERT ON parts.checkin_2025 REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
INSERT INTO fraud.checkin (id, person, outcome, checked_at, done_on, recorded_at, recorded_by) VALUES (1, 1, 'completed', '2025-01-02 10:00+08', '2025-01-02', now(), 'x');
SELECT is((SELECT next_due FROM fraud.person WHERE id = 1), '2025-01-16', 'a partitioned table, its partition with columns in another order');
INSERT INTO parts.checkin_2025 (id, person, outcome, checked_at, done_on, recorded_at, recorded_by) VALUES (1, 1, 'completed', '2025-01-03 10:00+08', '2025-01-03', now(), 'x');
SELECT is((SELECT next_due FROM fraud.person WHERE id = 1), '2025-01-17', 'a partition in another schema, loaded directly');
ROLLBACK;

-- Wrong uses are told.
CREATE TABLE wrong (person bigint, outcome text, done_on date);
CREATE TRIGGER no_rows AFTER INSERT ON wrong FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
SELECT is(pg_temp.message_of('INSERT INTO wrong VALUES (1)'), '39P01 trigger "no_rows" runs antifraud.keep_next_due() at the wrong moment, or without the rows', 'without the new rows');
DROP TRIGGER no_rows ON wrong;
CREATE TRIGGER by_row AFTER INSERT ON wrong FOR EACH ROW EXECUTE FUNCTION antifraud.keep_next_due('checkin');
SELECT is(pg_temp.message_of('INSERT INTO wrong VALUES (1)'), '39P01 trigger "by_row" runs antifraud.keep_next_due() at the wrong moment, or without the rows', 'for each row');
DROP TRIGGER by_row ON wrong;
CREATE TRIGGER of_what AFTER INSERT ON wrong REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('visit');
SELECT is(pg_temp.message_of('INSERT INTO wrong VALUES (1)'), '39P01 trigger "of_what" does not say what antifraud.keep_next_due() looks at', 'an unknown argument');
DROP TRIGGER of_what ON wrong;
CREATE TRIGGER nowhere AFTER INSERT ON wrong REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
SELECT is(pg_temp.message_of($$INSERT INTO wrong VALUES (1, 'completed', '2024-01-01')$$), '42501 antifraud.keep_next_due(''checkin'') does not serve table "wrong"', 'a table of another name');
ALTER TABLE wrong RENAME TO checkin;
SELECT is(pg_temp.message_of($$INSERT INTO checkin VALUES (1, 'completed', '2024-01-01')$$), '42P01 schema "public" has no table or view "person"', 'no registry here');
ALTER TABLE checkin RENAME TO wrong;
DROP TRIGGER nowhere ON wrong;
CREATE TRIGGER guards AFTER INSERT ON wrong FOR EACH ROW EXECUTE FUNCTION antifraud.guard_next_due();
SELECT is(pg_temp.message_of('INSERT INTO wrong VALUES (1)'), '39P01 trigger "guards" runs antifraud.guard_next_due() at the wrong moment', 'the guard, too late');
SELECT is(pg_temp.message_of('SELECT antifraud.keep_next_due()'), '39P01 antifraud.keep_next_due() is a trigger function', 'called by hand');
DROP TABLE wrong;
BEGIN;
ALTER TABLE fraud.checkin RENAME TO checkin_whole;
CREATE TABLE fraud.checkin (person bigint, outcome text, done_on timestamp);
CREATE TRIGGER other_columns AFTER INSERT ON fraud.checkin REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
SELECT is(pg_temp.message_of('INSERT INTO fraud.checkin VALUES (1)'), '42804 column "done_on" of table "checkin" is not of type date', 'a column of another type');
ALTER TABLE fraud.checkin DROP COLUMN done_on;
SELECT is(pg_temp.message_of('INSERT INTO fraud.checkin VALUES (1)'), '42703 table "checkin" has no column "done_on"', 'a column that is not there');
ROLLBACK;
BEGIN;
ALTER TABLE fraud.control_policy RENAME TO control_policy_whole;
CREATE DOMAIN tier_code AS text;
CREATE TABLE fraud.control_policy (tier tier_code, region antifraud.region);
CREATE TRIGGER other_columns AFTER INSERT ON fraud.control_policy REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('control_policy');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.control_policy VALUES ('high')$$), '42804 column "tier" of table "control_policy" is not of type text', 'of a policy too');
ALTER TABLE fraud.control_policy ALTER tier TYPE text, ALTER region TYPE text;
SELECT is(pg_temp.message_of($$INSERT INTO fraud.control_policy VALUES ('high')$$), '42804 column "region" of table "control_policy" is not of type antifraud.region', 'nor its region');
ROLLBACK;

SELECT is(pg_temp.message_of($$INSERT INTO fraud.checkin (person, checked_at) VALUES (99, '2024-02-10 10:00+08')$$),
  '23503 insert or update on table "checkin" violates foreign key constraint "checkin_person_fk"', 'an unknown person is the foreign key''s business');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.checkin (person, checked_at) VALUES (1, '12024-02-10 10:00+08')$$),
  '23514 new row for relation "checkin" violates check constraint "checkin_done_in_years_1_to_9999"', 'a day beyond the year 9999');
BEGIN;
CALL pg_temp.checked(1, '9999-12-16');
SELECT is(pg_temp.kept(1), '(medium,9999-12-16,9999-12-30,9999-12-16,"every 2 weeks")', 'the last days there are');
CALL pg_temp.checked(1, '9999-12-18');
SELECT is(pg_temp.kept(1), '(medium,9999-12-18,,9999-12-18,"every 2 weeks")', 'nothing is due after them, and it is no error');
UPDATE fraud.control_policy SET cadence = 'every 9000 years' WHERE tier = 'medium';
CALL pg_temp.unchecked(1, '9999-12-16');
CALL pg_temp.unchecked(1, '9999-12-18');
SELECT is(pg_temp.kept(1), '(medium,2024-02-08,,2024-02-08,)', 'nor with a cadence that leads there');
ROLLBACK;
SELECT is(pg_temp.kept(1), '(medium,2024-02-08,2024-02-22,2024-02-08,"every 2 weeks")', 'and after an error all is as it was');
SELECT is(pg_temp.message_of($$UPDATE fraud.person SET next_due = '2030-01-01'$$), '23001 the kept columns of table "person" cannot be changed', 'the guard too');

DROP OWNED BY next_due_clerk;
DROP ROLE next_due_clerk;
SELECT finish();
