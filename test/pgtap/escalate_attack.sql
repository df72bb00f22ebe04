-- escalate() works with the rights of the owner of a registry, whoever records
-- the fact. Row security hides nothing from it, and nobody gains by it.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

CREATE ROLE escalate_nobody;
CREATE ROLE escalate_guest;
CREATE ROLE escalate_clerk;
GRANT USAGE ON SCHEMA tap TO escalate_nobody, escalate_guest, escalate_clerk;
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES
  ('many', 't', 't', 'case', 'raise reminder if count >= 3'), ('great', 't', 't', 'case', 'raise veto if amount >= 500000');

-- ------------------------------------------------ a clerk under row security
SELECT fraud.set_scope('escalate_clerk', '370323002002', 'to record cases') \g /dev/null
GRANT INSERT (unit, region, filed_on, loss, victim), UPDATE (void_reason) ON fraud.fraud_case TO escalate_clerk;
-- one case of the unit lies where the clerk does not see it
INSERT INTO fraud.fraud_case (unit, region, filed_on, loss, victim) VALUES ('370323002002', '370324', '2023-01-01', 1, 'far'), ('370323002002', '370323002002', '2023-01-02', 1, 'near');
SET ROLE escalate_clerk;
SELECT is((SELECT count(*) FROM fraud.fraud_case), 1::bigint, 'the clerk sees one case of the unit');
INSERT INTO fraud.fraud_case (unit, region, filed_on, loss, victim) VALUES ('370323002002', '370323002002', '2023-01-03', 600000, 'new');
RESET ROLE;
SELECT results_eq('SELECT rule, state, observed ->> ''count'', raised_by = CURRENT_USER::text FROM fraud.escalation ORDER BY rule',
  $$VALUES ('great', 'proposed', NULL::text, true), ('many', 'raised', '3', true)$$, 'the third is counted as the third, and what it raises is the owner''s');
SET ROLE escalate_clerk;
SELECT is(current_user::text, 'escalate_clerk', 'the clerk is the clerk again');
SELECT is(current_setting('search_path'), 'public, antifraud, tap', 'with what was set before');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of) VALUES ('many', 'reminder', 'unit:370323002003', '370323002003', '370323002003', 'period:2023-01-01', '2023-01-01')$$),
  '42501 permission denied for table escalation', 'nor can it raise by hand');
SELECT is(pg_temp.message_of('UPDATE fraud.escalation_margin SET used = 0'), '42501 permission denied for table escalation_margin', 'nor keep it from being raised');
-- an error in the statement, after the trigger had begun
SELECT is(pg_temp.message_of($$INSERT INTO fraud.fraud_case (unit, region, filed_on, loss, victim) VALUES ('370323002002', '370323002002', '2023-01-04', -1, 'new')$$),
  '23514 new row for relation "fraud_case" violates check constraint "fraud_case_loss_not_negative"', 'an error');
SELECT is(current_user::text || (SELECT count(*) FROM fraud.fraud_case), 'escalate_clerk2', 'leaves the role as it was');
SELECT fraud.void_fact('fraud_case', 3, 'error') \g /dev/null
RESET ROLE;
SELECT is((SELECT string_agg(state, ' ' ORDER BY rule) FROM fraud.escalation), 'withdrawn withdrawn', 'what the clerk voids is withdrawn');
SELECT is((SELECT count(*) FROM fraud.escalation_event WHERE recorded_by = 'escalate_clerk'), 0::bigint, 'by the owner');

-- ------------------------------------------------- tables of somebody else
CREATE FUNCTION pg_temp.counts() RETURNS text LANGUAGE sql RETURN (SELECT count(*) FROM fraud.escalation) || ' ' || (SELECT count(*) FROM fraud.escalation_event) || ' ' || (SELECT count(*) FROM fraud.escalation_margin);
SELECT pg_temp.counts() AS before \gset
SET ROLE escalate_nobody;
CREATE TEMPORARY TABLE den (unit text, found_on date);
CREATE TRIGGER t AFTER INSERT ON den REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.escalate('unit', 'found_on');
SELECT alike(pg_temp.message_of($$INSERT INTO pg_temp.den VALUES ('370323002002', '2023-01-01')$$), '42P01 schema "pg_temp%" has no table or view "escalation"', 'a table of one''s own, without a registry');
CREATE TEMPORARY TABLE escalation (id int);
CREATE TEMPORARY TABLE escalation_rule (code text);
CREATE TEMPORARY TABLE escalation_source (relation text);
CREATE TEMPORARY TABLE escalation_margin (unit text);
CREATE TEMPORARY TABLE escalation_event (id int);
CREATE TEMPORARY TABLE outbox (id int);
CREATE TEMPORARY TABLE unit (code text);
CREATE TEMPORARY TABLE fact (measure text);
SELECT alike(pg_temp.message_of($$INSERT INTO pg_temp.den VALUES ('370323002002', '2023-01-01')$$), '42883 schema "pg_temp%" has no function "facts_from_scratch()"', 'nor with a part of one');
CREATE FUNCTION pg_temp.facts_from_scratch() RETURNS SETOF fact LANGUAGE sql AS 'SELECT * FROM pg_temp.fact';
SELECT alike(pg_temp.message_of($$INSERT INTO pg_temp.den VALUES ('370323002002', '2023-01-01')$$), '42883 function pg_temp%.escalation_watch(text) does not exist', 'with a registry of one''s own around it, all runs as oneself');
RESET ROLE;

GRANT USAGE, CREATE ON SCHEMA fraud TO escalate_guest;
SET ROLE escalate_guest;
CREATE TABLE fraud.z (unit text, found_on date);
CREATE TRIGGER t AFTER INSERT ON fraud.z REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.escalate('unit', 'found_on');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.z VALUES ('370323002002', '2023-01-01')$$), E'42501\nantifraud.escalate() does not serve table "z"\n'
  || E'It works with the rights of the owner of a registry, and so only on tables of the same owner in its schema.\nDrop trigger "t", or have the owner of the registry own the table.', 'a guest''s table in the registry''s schema');
-- functions of a guest that would suit the calls as well
CREATE FUNCTION fraud.enqueue(text, text, jsonb) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as %', current_user; END $$;
CREATE FUNCTION fraud.raise_escalations(date, text[], text, text[]) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as %', current_user; END $$;
CREATE FUNCTION fraud.enter_escalations(date, json) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as %', current_user; END $$;
CREATE FUNCTION fraud.escalation_watch(varchar) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as %', current_user; END $$;
CREATE FUNCTION fraud.escalation_rubrics(timestamp) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as %', current_user; END $$;
RESET ROLE;
SELECT is(pg_temp.counts(), :'before', 'nothing came of that');
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002003', '2023-01-03', 600000, 'new');
SELECT fraud.void_fact('fraud_case', (SELECT max(id) FROM fraud.fraud_case), 'error') \g /dev/null
SELECT is((SELECT string_agg(v.action, ' ' ORDER BY v.id) FROM fraud.escalation_event AS v JOIN fraud.escalation AS e ON e.id = v.escalation WHERE e.unit = '370323002003'), 'propose withdraw', 'and the registry calls its own functions');

-- a part that belongs to somebody else
BEGIN;
ALTER TABLE fraud.den OWNER TO escalate_guest;
SELECT is(pg_temp.message_of($$INSERT INTO fraud.den (unit, found_on) VALUES ('370323002003', '2023-01-01')$$), '42501 antifraud.escalate() does not serve table "den"', 'a table that was given away');
ROLLBACK;
BEGIN;
ALTER VIEW fraud.fact OWNER TO escalate_guest;
SELECT is(pg_temp.message_of($$INSERT INTO fraud.den (unit, found_on) VALUES ('370323002003', '2023-01-01')$$), '42501 "fact" in schema "fraud" belongs to another owner than table "escalation"', 'the facts must be the owner''s');
ROLLBACK;

BEGIN;
ALTER FUNCTION fraud.facts_from_scratch() OWNER TO escalate_guest;
SELECT is(pg_temp.message_of($$INSERT INTO fraud.den (unit, found_on) VALUES ('370323002003', '2023-01-01')$$), '42501 function "facts_from_scratch()" in schema "fraud" belongs to another owner than table "escalation"', 'and so must be the function that counts them');
ROLLBACK;

-- nothing is left behind that would run later with somebody else's rights
CREATE FUNCTION fraud.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON fraud.outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fraud.later();
SELECT is(pg_temp.message_of($$INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002003', '2023-01-03', 600000, 'new')$$), '42501 cannot fire deferred trigger within security-restricted operation', 'no deferred trigger');
DROP TRIGGER later ON fraud.outbox;

-- ------------------------------------------------------- an ordinary owner
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO escalate_nobody', current_database()); END $$;
SET ROLE escalate_nobody;
SELECT antifraud.create_registry('own') \g /dev/null
INSERT INTO own.unit (code, region, name) VALUES ('a', '370323002013', 'x');
INSERT INTO own.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('own', 't', 't', 'den', 'raise red_card');
INSERT INTO own.den (unit, found_on) VALUES ('a', '2023-10-01');
RESET ROLE;
INSERT INTO own.den (unit, found_on) VALUES ('a', '2023-10-02');
SELECT results_eq('SELECT raised_by, count(*) FROM own.escalation GROUP BY 1', $$VALUES ('escalate_nobody', 2::bigint)$$, 'a registry of an ordinary owner, in which a superuser records too');
SELECT finish();

SET client_min_messages = error;
DROP OWNED BY escalate_nobody, escalate_guest, escalate_clerk CASCADE;
DROP ROLE escalate_nobody, escalate_guest, escalate_clerk;
