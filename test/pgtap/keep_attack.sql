-- keep_next_due() works with the rights of the owner of a registry. Everybody
-- may make a table and put the trigger on it: nothing may come of that.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on) VALUES
  ('passport', 'E1', '370323002002', '2024-01-01'), ('passport', 'E2', '370302', '2024-01-01');
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'high', '2024-01-01'), (2, 'medium', '2024-01-01');
CREATE TABLE kept_before AS SELECT p.* FROM fraud.person AS p;
CREATE FUNCTION pg_temp.unharmed() RETURNS boolean LANGUAGE sql
  RETURN NOT EXISTS (SELECT FROM fraud.person AS p FULL JOIN kept_before AS b USING (id) WHERE p::text IS DISTINCT FROM b::text)
    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = 'keep_nobody');
CREATE FUNCTION pg_temp.refused(what text, relation text, statement text) RETURNS text LANGUAGE sql
  RETURN is(pg_temp.message_of(statement), format('42501 antifraud.keep_next_due(%L) does not serve table "%s"', what, relation), format('%s on %s: %s', what, relation, statement));

CREATE ROLE keep_nobody;
CREATE ROLE keep_guest;
GRANT USAGE, CREATE ON SCHEMA fraud TO keep_guest;
GRANT USAGE ON SCHEMA tap TO keep_nobody, keep_guest;

-- ------------------------------------------------- without any right in it

SET ROLE keep_nobody;
CREATE TEMPORARY TABLE z (person bigint, outcome text, done_on date);
CREATE TRIGGER t AFTER INSERT ON z REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin', 'fraud');
SELECT is(pg_temp.message_of($$INSERT INTO z VALUES (1, 'completed', '2099-01-01')$$), '39P01 trigger "t" does not say what antifraud.keep_next_due() looks at', 'no table names a registry elsewhere');
DROP TRIGGER t ON z;
CREATE TRIGGER t AFTER INSERT ON z REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
SELECT pg_temp.refused('checkin', 'z', $$INSERT INTO z VALUES (1, 'completed', '2099-01-01')$$);
SELECT is(pg_temp.error_of('INSERT INTO z DEFAULT VALUES'), E'42501\nantifraud.keep_next_due(''checkin'') does not serve table "z"\n'
  || E'It works with the rights of the owner of a registry''s table person, and so only on that registry''s own table "checkin" or a partition of it, of the same owner.\n'
  || 'Drop trigger "t", and record what happened in the table of the registry.', 'in words, and where nobody would be touched too');

-- A cast of one's own, run by whoever compares the column.
CREATE TYPE pg_temp.level AS ENUM ('high');
CREATE FUNCTION pg_temp.climb(pg_temp.level) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER ROLE keep_nobody SUPERUSER'; RETURN 'high'; END $$;
CREATE CAST (pg_temp.level AS text) WITH FUNCTION pg_temp.climb(pg_temp.level) AS IMPLICIT;
CREATE TEMPORARY TABLE control_policy (tier pg_temp.level, region text);
CREATE TRIGGER t AFTER INSERT ON control_policy REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('control_policy');
CREATE TRIGGER u AFTER TRUNCATE ON control_policy FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('control_policy');
SELECT alike(pg_temp.message_of($$INSERT INTO pg_temp.control_policy VALUES ('high')$$), '42P01 schema "pg_temp%" has no table or view "person"', 'a policy of one''s own, without a registry');
SELECT alike(pg_temp.message_of('TRUNCATE pg_temp.control_policy'), '42P01 schema "pg_temp%" has no table or view "person"', 'nor may it lock all persons');

-- With a registry of one's own around it: all that runs, runs as oneself.
CREATE TEMPORARY TABLE person (id bigint, tier text, last_done date, next_due date, settled_on date, plain_cadence antifraud.cadence, status text, region antifraud.region);
CREATE TEMPORARY VIEW person_from_scratch AS SELECT id AS person, tier, last_done, next_due, settled_on, plain_cadence FROM pg_temp.person;
CREATE TEMPORARY TABLE tier_change (person bigint, tier text, voided_at timestamptz);
INSERT INTO pg_temp.person (id) VALUES (1);
SELECT is(pg_temp.message_of($$INSERT INTO pg_temp.control_policy VALUES ('high')$$), '42804 column "tier" of table "control_policy" is not of type text', 'the types of a registry');
SELECT is(pg_temp.error_of('TRUNCATE pg_temp.control_policy'), 'no error', 'one''s own persons may be locked');
DROP TABLE pg_temp.person, pg_temp.tier_change, pg_temp.control_policy CASCADE;
SELECT alike(pg_temp.message_of($$SELECT antifraud.refresh_next_due('fraud')$$), '42501 %', 'refresh is the owner''s');
RESET ROLE;
SELECT ok(pg_temp.unharmed(), 'nothing came of it');
DROP TABLE pg_temp.z;

-- ------------------------------------- with CREATE on the registry's schema

SET ROLE keep_guest;
CREATE TABLE fraud.z (id bigint, person bigint, outcome text, done_on date, tier text, region antifraud.region);
CREATE TRIGGER t1 AFTER INSERT ON fraud.z REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
CREATE TRIGGER t2 AFTER UPDATE ON fraud.z REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('tier_change');
CREATE TRIGGER t3 AFTER DELETE ON fraud.z FOR EACH ROW EXECUTE FUNCTION antifraud.keep_next_due('person');
CREATE TRIGGER t4 AFTER TRUNCATE ON fraud.z FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('calendar_day');
SELECT pg_temp.refused('checkin', 'z', $$INSERT INTO fraud.z VALUES (1, 1, 'completed', '2088-01-01', 'high')$$);
ALTER TABLE fraud.z DISABLE TRIGGER t1;
INSERT INTO fraud.z VALUES (1, 1, 'completed', '2088-01-01', 'high');
SELECT pg_temp.refused('tier_change', 'z', 'UPDATE fraud.z SET id = 2');
SELECT pg_temp.refused('person', 'z', 'DELETE FROM fraud.z');
SELECT pg_temp.refused('calendar_day', 'z', 'TRUNCATE fraud.z');
DROP TABLE fraud.z;

-- A partition of one's own, and one that is handed to somebody else.
CREATE TABLE fraud.checkin_part (person bigint, outcome text, done_on date);
SELECT alike(pg_temp.message_of('ALTER TABLE fraud.checkin_part INHERIT fraud.checkin'), '42501 must be owner of table checkin', 'nobody joins the registry''s tables');
DROP TABLE fraud.checkin_part;
RESET ROLE;

BEGIN;
ALTER TABLE fraud.checkin RENAME TO checkin_whole;
CREATE TABLE fraud.checkin (person bigint, outcome text, done_on date) PARTITION BY RANGE (done_on);
CREATE TABLE fraud.checkin_2088 PARTITION OF fraud.checkin FOR VALUES FROM ('2088-01-01') TO ('2089-01-01');
CREATE TRIGGER t AFTER INSERT ON fraud.checkin_2088 REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
ALTER TABLE fraud.checkin_2088 OWNER TO keep_guest;
SET LOCAL ROLE keep_guest;
SELECT pg_temp.refused('checkin', 'checkin_2088', $$INSERT INTO fraud.checkin_2088 VALUES (1, 'completed', '2088-01-01')$$);
ROLLBACK;

-- Another owner's table or view in the place of the registry's.
BEGIN;
ALTER TABLE fraud.checkin OWNER TO keep_guest;
SELECT pg_temp.refused('checkin', 'checkin', $$INSERT INTO fraud.checkin (person, checked_at) VALUES (1, '2024-01-02 10:00+08')$$);
ROLLBACK;
BEGIN;
ALTER VIEW fraud.person_from_scratch OWNER TO keep_guest;
SELECT is(pg_temp.message_of($$INSERT INTO fraud.checkin (person, checked_at) VALUES (1, '2024-01-02 10:00+08')$$),
  '42501 view "person_from_scratch" in schema "fraud" belongs to another owner than table "person"', 'the view must be the owner''s');
ROLLBACK;
SELECT ok(pg_temp.unharmed(), 'nothing came of that');

-- --------------------- an owner who waits for somebody with more rights

-- What a registry runs for whoever records leaves nothing behind that would
-- run later with that person's rights.
CREATE SCHEMA trap AUTHORIZATION keep_nobody;
SET ROLE keep_nobody;
CREATE TABLE trap.person (id bigint, tier text, last_done date, next_due date, settled_on date, plain_cadence antifraud.cadence, status text);
CREATE TABLE trap.checkin (person bigint, outcome text, done_on date);
CREATE TABLE trap.later (who text);
CREATE FUNCTION trap.climb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER ROLE keep_nobody SUPERUSER'; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON trap.later DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trap.climb();
CREATE FUNCTION trap.set_trap(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN INSERT INTO trap.later VALUES (current_user); RETURN $1; END $$;
CREATE FUNCTION trap.change_role(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'RESET ROLE'; RETURN $1; END $$;
CREATE VIEW trap.person_from_scratch AS SELECT trap.set_trap(id) AS person, tier, last_done, date '2020-01-01' AS next_due, settled_on, plain_cadence FROM trap.person;
CREATE TRIGGER keep AFTER INSERT ON trap.checkin REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('checkin');
INSERT INTO trap.person (id) VALUES (1);
RESET ROLE;
SELECT is(pg_temp.message_of($$INSERT INTO trap.checkin VALUES (1, 'completed', '2024-01-02')$$), '42501 cannot fire deferred trigger within security-restricted operation', 'no deferred trigger');
SET ROLE keep_nobody;
CREATE OR REPLACE VIEW trap.person_from_scratch AS SELECT trap.change_role(id) AS person, tier, last_done, date '2020-01-01' AS next_due, settled_on, plain_cadence FROM trap.person;
RESET ROLE;
SELECT is(pg_temp.message_of($$INSERT INTO trap.checkin VALUES (1, 'completed', '2024-01-02')$$), '42501 cannot set parameter "role" within security-definer function', 'no other role');
SELECT ok(pg_temp.unharmed(), 'and nothing came of this');

-- ------------------------------------------------ what an owner may still do

SELECT is(pg_temp.error_of($$INSERT INTO fraud.checkin (person, checked_at) VALUES (1, '2024-01-02 10:00+08')$$), 'no error', 'the registry records');
SELECT is((SELECT next_due FROM fraud.person WHERE id = 1), '2024-01-09', 'and keeps');
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO keep_nobody', current_database()); END $$;
SET ROLE keep_nobody;
SELECT antifraud.create_registry('own') \g /dev/null
INSERT INTO own.person (document_kind, document_no, region, enrolled_on) VALUES ('passport', 'E1', '370323002002', '2024-01-01');
INSERT INTO own.tier_change (person, tier, changed_on) VALUES (1, 'high', '2024-01-01');
UPDATE own.control_policy SET cadence = 'every 3 days' WHERE tier = 'high';
SELECT is((SELECT next_due FROM own.person), '2024-01-04', 'a registry of an ordinary owner');
TRUNCATE own.calendar_day;
SELECT is(own.verify_next_due()::text, '(1,0)', 'and it verifies');
RESET ROLE;
INSERT INTO own.checkin (person, checked_at) VALUES (1, '2024-01-02 10:00+08');
SELECT is((SELECT next_due FROM own.person), '2024-01-05', 'a superuser may record in it');
SELECT finish();

SET client_min_messages = error;
DROP OWNED BY keep_nobody, keep_guest CASCADE;
DROP ROLE keep_nobody, keep_guest;
