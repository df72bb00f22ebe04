-- antifraud.escalate(): escalations raised as facts are recorded. Numbers are
-- worked out beside each test.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

CREATE FUNCTION pg_temp.raised(since bigint DEFAULT 0, schema text DEFAULT 'fraud') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  said text;
BEGIN
  EXECUTE format($q$SELECT string_agg(concat_ws(' ', right(e.unit, 2), e.rule, e.rung, e.episode, e.as_of, e.state), E'\n' ORDER BY e.unit COLLATE "C", e.rule COLLATE "C", e.episode COLLATE "C", e.rung COLLATE "C")
    FROM %I.escalation AS e WHERE e.id > $1$q$, schema) INTO said USING since;
  RETURN said;
END
$$;
CREATE FUNCTION pg_temp.latest() RETURNS bigint LANGUAGE sql RETURN (SELECT coalesce(max(id), 0) FROM fraud.escalation);
CREATE FUNCTION pg_temp.events(of_rule text) RETURNS text LANGUAGE sql RETURN (
  SELECT string_agg(v.action, ' ' ORDER BY v.escalation, v.ordinal) FROM fraud.escalation_event AS v JOIN fraud.escalation AS e ON e.id = v.escalation WHERE e.rule = of_rule);

INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, counted_over, baseline) VALUES
  ('great', 't', 't', 'case', 'raise notice if amount >= 100000, raise veto if amount >= 500000', 'year', NULL),
  ('many', 't', 't', 'case', 'raise reminder if count > 2, raise interview if count > 4', 'year', NULL),
  ('above', 't', 't', 'case', 'raise reminder if change > 0%, raise interview if change > 50%', 'year', 'last_year'),
  ('den', 't', 't', 'den', 'raise listed_rectification', 'year', NULL),
  ('idle', 't', 't', 'publicity', 'raise reminder if count < 2', 'month', NULL),
  ('after', 't', 't', 'case_after_alert', 'raise interview if count >= 1', 'year', NULL);

-- ------------------------------------------------------- one row, and many
-- a case of 99,999.99 yuan is none of 100,000
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002002', '2023-03-01', 99999.99, 'v1');
SELECT is(pg_temp.raised(), NULL, 'below every threshold');
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002002', '2023-03-02', 100000, 'v2');
SELECT is(pg_temp.raised(), '02 great notice fact:fraud_case:2 2023-03-02 proposed', 'a fact by its size; punitive rungs are proposed');
SELECT results_eq($$SELECT action, from_state, to_state, happened_on FROM fraud.escalation_event$$, $$VALUES ('propose', NULL::text, 'proposed', date '2023-03-02')$$, 'with its first event');
SELECT is((SELECT string_agg(key || ' ' || (payload ->> 'unit'), ', ') FROM fraud.outbox), 'escalation:1:proposed 370323002002', 'and a message');
SELECT is((SELECT observed FROM fraud.escalation), '{"measure": "case", "occurred_on": "2023-03-02", "quantity": 1, "amount": 100000}', 'and what it saw');

-- one statement, four units' worth: the third case of unit 02 (3 > 2), and of
-- 500,000; as of the latest day of the statement
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002002', '2023-03-05', 1, 'v3'), ('370323002003', '2023-03-09', 500000, 'v4'), ('370323002004', '2023-03-07', NULL, 'v5');
SELECT is(pg_temp.raised(:since), '02 many reminder period:2023-01-01 2023-03-09 raised
03 great veto fact:fraud_case:4 2023-03-09 proposed', 'several rows in one statement; no loss known, no size');
SELECT is((SELECT observed FROM fraud.escalation WHERE rule = 'many'), '{"measure": "case", "count": 3}', 'a count');

-- COPY: units 03 and 04 get four more: 03 has 5 (> 4: interview, and no
-- reminder besides), 04 has 5
SELECT pg_temp.latest() AS since \gset
\copy fraud.fraud_case (unit, filed_on, loss, victim) FROM PROGRAM 'i=0; while [ $i -lt 4 ]; do printf "370323002003\t2023-04-0%d\t5\tw$i\n370323002004\t2023-04-0%d\t5\tx$i\n" $((i+1)) $((i+1)); i=$((i+1)); done'
SELECT is(pg_temp.raised(:since), '03 many interview period:2023-01-01 2023-04-04 proposed
04 many interview period:2023-01-01 2023-04-04 proposed', 'COPY: the band that fits, once a unit');
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) SELECT '370323002003', '2023-04-05', 5, 'y' FROM generate_series(1, 5);
SELECT is(pg_temp.raised(:since), '03 many interview period:2023-01-01 2023-04-04 proposed
04 many interview period:2023-01-01 2023-04-04 proposed', 'once an episode');
-- a new year is a new episode; unit 02 had 3 by 31 December 2023, 0 by 4
-- January 2023: no baseline by then, nothing to compare with
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) SELECT '370323002002', '2024-01-04', 5, 'z' FROM generate_series(1, 3);
SELECT is(pg_temp.raised(:since), '02 many reminder period:2024-01-01 2024-01-04 raised', 'a new episode');
-- on 1 March 2024 there was 1 by 1 March 2023: 4 are 300 % more; many: 4 > 2
-- is raised already
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002002', '2024-03-01', 5, 'z');
SELECT is(pg_temp.raised(:since), '02 above interview period:2024-01-01 2024-03-01 proposed', 'a change against last year');
SELECT is((SELECT observed FROM fraud.escalation WHERE rule = 'above'), '{"measure": "case", "count": 4, "baseline": 1}', 'with its baseline');

-- rows of several windows in one statement: each as of its own latest day.
-- 04: 5 cases in 2023, 3 in 2021, 3 in 2022 of which the last comes last
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim)
  SELECT '370323002004', d, 5, 'q' FROM unnest('{2021-05-01,2021-05-02,2021-05-03,2022-06-01,2022-06-02,2022-06-03}'::date[]) AS d;
SELECT is(pg_temp.raised(:since), '04 many reminder period:2021-01-01 2021-05-03 raised
04 many reminder period:2022-01-01 2022-06-03 raised', 'windows apart; 3 against 3 is no change');

-- other tables of facts
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.den (unit, found_on) VALUES ('370323002013', '2023-05-05');
SELECT is(pg_temp.raised(:since), '13 den listed_rectification fact:den:1 2023-05-05 proposed', 'a rule without a condition: the fact itself');
-- an alert that is entered after the case that it preceded: the facts of the
-- unit of the case move, on the day of the case
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.alert (unit, victim, issued_on, delivered_on) VALUES ('370323002013', 'v4', '2023-03-01', '2023-03-02');
SELECT is(pg_temp.raised(:since), '03 after interview period:2023-01-01 2023-03-09 proposed', 'an alert and a case of two units');
SELECT fraud.decide_alert_case(1, 4, false, 'another person') \g /dev/null
SELECT is(pg_temp.events('after'), 'propose withdraw', 'rejected: it never followed the alert');
SELECT fraud.void_fact('alert_case', 1, 'it was the same') \g /dev/null
SELECT is(pg_temp.events('after'), 'propose withdraw reinstate', 'and again');

-- ----------------------------------------------------------- void and after
SELECT fraud.void_fact('fraud_case', 2, 'entered twice') \g /dev/null
SELECT is(pg_temp.events('great'), 'propose withdraw propose', 'the fact behind it is void: withdrawn; the other stands');
-- 02 in 2023: 3 - 1 = 2, no more than 2
SELECT is((SELECT state FROM fraud.escalation WHERE rule = 'many' AND unit = '370323002002' AND episode = 'period:2023-01-01'), 'withdrawn', 'a count that fell');
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002002', '2023-12-01', 5, 'v2');
SELECT is(pg_temp.raised(:since), NULL, 'nothing new is raised');
SELECT is((SELECT state FROM fraud.escalation WHERE rule = 'many' AND unit = '370323002002' AND episode = 'period:2023-01-01'), 'raised', 'the same is reinstated');
-- 300 % came of a baseline of 1: one more by 1 March 2023 makes it 4 against
-- 2 (100 %), five more 4 against 6
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002002', '2023-02-01', 5, 'a');
SELECT is(pg_temp.events('above'), 'propose', 'more last year, but not enough');
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) SELECT '370323002002', '2023-02-02', 5, 'a' FROM generate_series(1, 4);
SELECT is(pg_temp.events('above'), 'propose withdraw', 'facts of last year that are entered late unmake what was raised this year');

-- a shortfall is judged when its days are over, by the tick; an entry that
-- comes late unmakes it. March 2023: unit 13 has one session of two
INSERT INTO fraud.activity (unit, held_on, kind, sessions) VALUES ('370323002013', '2023-03-10', 'talk', 1);
SELECT pg_temp.latest() AS since \gset
SELECT fraud.raise_escalations('2023-04-01', '{370323002013}') \g /dev/null
SELECT is(pg_temp.raised(:since), '13 idle reminder period:2023-03-01 2023-04-01 raised', 'a shortfall');
INSERT INTO fraud.activity (unit, held_on, kind, sessions) VALUES ('370323002013', '2023-03-20', 'talk', 1);
SELECT is(pg_temp.raised(:since), '13 idle reminder period:2023-02-01 2023-03-20 raised
13 idle reminder period:2023-03-01 2023-04-01 withdrawn', 'made up for; February is seen at last');

-- suppressed while it lasts, raised by the next look
INSERT INTO fraud.escalation_authority (role, authority, basis) VALUES (CURRENT_USER, 'office', 't');
INSERT INTO fraud.escalation_suppression (unit, period, approved_by, reason) VALUES ('370323002013', '[2023-06-01,2023-07-01)', 'x', 'flood');
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.den (unit, found_on) VALUES ('370323002013', '2023-06-05');
SELECT is(pg_temp.raised(:since), NULL, 'suppressed');
SELECT fraud.raise_escalations('2023-07-01', '{370323002013}', NULL, '{den}') \g /dev/null
SELECT is(pg_temp.raised(:since), '13 den listed_rectification fact:den:2 2023-07-01 proposed', 'and raised when that is over');

-- rules as they change: in this session, and what was kept for others
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('few', 't', 't', 'case', 'raise yellow_card if count >= 2');
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002013', '2023-08-01', 5, 'b');
SELECT is(pg_temp.raised(:since), NULL, 'one is not two');
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002013', '2023-08-02', 5, 'b');
SELECT is(pg_temp.raised(:since), '13 few yellow_card period:2023-01-01 2023-08-02 proposed', 'a new rule holds at once');
UPDATE fraud.escalation_rule SET enabled = false WHERE code = 'few';
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) SELECT '370323002013', '2022-08-02', 5, 'b' FROM generate_series(1, 2);
SELECT is(pg_temp.raised(:since), NULL, 'and rests when it is switched off');
BEGIN;
UPDATE fraud.escalation_rule SET enabled = true WHERE code = 'few';
INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('370323002013', '2022-08-03', 5, 'b');
SELECT is(pg_temp.raised(:since), '13 few yellow_card period:2022-01-01 2022-08-03 proposed
13 many reminder period:2022-01-01 2022-08-03 raised', 'within a larger transaction');
ROLLBACK;
SELECT is(pg_temp.raised(:since), NULL, 'gone with it');

-- ------------------------------------------------------ where triggers rest
SET session_replication_role = replica;
INSERT INTO fraud.den (unit, region, found_on) VALUES ('370323002013', '370323002013', '2023-09-01');
SET session_replication_role = origin;
SELECT is(pg_temp.raised(:since), NULL, 'a replica raises nothing of its own');

-- a column more, another name, another schema
ALTER TABLE fraud.den ADD COLUMN remark text DEFAULT 'x', DROP COLUMN recorded_by;
INSERT INTO fraud.den (unit, found_on) VALUES ('370323002013', '2023-09-02');
SELECT is(pg_temp.raised(:since), '13 den listed_rectification fact:den:4 2023-09-02 proposed', 'after ALTER TABLE');
ALTER SCHEMA fraud RENAME TO renamed;
SELECT throws_like($$INSERT INTO renamed.fraud_case (unit, filed_on, victim) VALUES ('370323002013', '2023-09-02', 'x')$$, '%fraud%', 'a registry keeps the name that it was made with');
ALTER SCHEMA renamed RENAME TO fraud;
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.den (unit, found_on) VALUES ('370323002013', '2023-09-03');
SELECT is(pg_temp.raised(:since), '13 den listed_rectification fact:den:5 2023-09-03 proposed', 'and serves under it');

-- two registries at once, with rules of their own
SELECT antifraud.create_registry('second') \g /dev/null
INSERT INTO second.unit (code, region, name) VALUES ('370323002013', '370323002013', 'x');
INSERT INTO second.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('own', 't', 't', 'den', 'raise red_card if count >= 2');
SELECT pg_temp.latest() AS since \gset
WITH a AS (INSERT INTO fraud.den (unit, found_on) VALUES ('370323002013', '2023-10-01')),
  b AS (INSERT INTO second.den (unit, found_on) VALUES ('370323002013', '2023-10-01'), ('370323002013', '2023-10-02'))
SELECT;
SELECT is(pg_temp.raised(:since), '13 den listed_rectification fact:den:6 2023-10-01 proposed', 'the one');
SELECT is(pg_temp.raised(0, 'second'), '13 own red_card period:2023-01-01 2023-10-02 proposed', 'and the other');

-- --------------------------------------------- a table of the office's own
CREATE TABLE fraud.pyramid (
  id bigint GENERATED ALWAYS AS IDENTITY, unit text, region antifraud.region, seen_on date, sum numeric, source_key text,
  recorded_at timestamptz NOT NULL DEFAULT now(), voided_at timestamptz, voided_by text, void_reason text) PARTITION BY RANGE (seen_on);
CREATE TABLE fraud.pyramid_2023 PARTITION OF fraud.pyramid FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE fraud.pyramid_2024 PARTITION OF fraud.pyramid FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
SELECT fraud.guard_facts('{pyramid}', true) \g /dev/null
INSERT INTO fraud.measure (code, label_zh, label_en, relation, meaning) VALUES ('pyramid', '传销', 'pyramid scheme', 'pyramid', 'One seen.');
-- the view fact of an office has its measures besides
SELECT pg_get_viewdef('fraud.fact'::regclass, false) AS body \gset
SELECT rtrim(:'body', E'; \n') || $$ UNION ALL SELECT 'pyramid', p.unit, p.region, p.seen_on, 1, NULL, p.sum, NULL, 'pyramid', p.id::text, p.recorded_at, p.voided_at FROM fraud.pyramid AS p$$ AS body \gset
CREATE OR REPLACE VIEW fraud.fact WITH (security_invoker = true) AS :body;
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('pyramid', 't', 't', 'pyramid', 'raise notice if amount > 100, raise veto if amount > 1000'), ('pyramids', 't', 't', 'pyramid', 'raise red_card if count > 2');
SELECT is(pg_temp.message_of($$SELECT fraud.watch_facts('pyramid', 'day')$$), '42703 the rows of table "pyramid" do not say whose facts they are', 'a column that is not there');
SELECT is(pg_temp.message_of($$SELECT fraud.watch_facts('pyramids', 'day')$$), '42P01 relation "fraud.pyramids" does not exist', 'a table that is not there');
SELECT fraud.watch_facts('pyramid', 'seen_on') \g /dev/null
SELECT pg_temp.latest() AS since \gset
INSERT INTO fraud.pyramid (unit, seen_on, sum) VALUES ('370323002002', '2023-12-31', 500), ('370323002002', '2024-01-01', 5000);
SELECT is(pg_temp.raised(:since), '02 pyramid notice fact:pyramid:1 2023-12-31 proposed
02 pyramid veto fact:pyramid:2 2024-01-01 proposed', 'through the whole, into two partitions');
SELECT pg_temp.latest() AS since \gset
-- from PostgreSQL 17 on a partition has the identity column of the whole
INSERT INTO fraud.pyramid_2024 (id, unit, region, seen_on, sum) OVERRIDING SYSTEM VALUE VALUES (13, '370323002002', '370323002002', '2024-02-01', 101), (14, '370323002002', '370323002002', '2024-02-02', 1);
SELECT is(pg_temp.raised(:since), '02 pyramid notice fact:pyramid:13 2024-02-02 proposed
02 pyramids red_card period:2024-01-01 2024-02-02 proposed', 'straight into one');
SELECT fraud.void_fact('pyramid', 13, 'none') \g /dev/null
SELECT is(pg_temp.events('pyramids'), 'propose withdraw', 'void there');
-- where a table allows it, rows change and go
DROP TRIGGER pyramid_2_append_only ON fraud.pyramid;
UPDATE fraud.pyramid SET unit = '370323002003' WHERE id = 2;
SELECT is((SELECT string_agg(concat_ws(' ', right(unit, 2), rule, rung, episode, state), E'\n' ORDER BY id) FROM fraud.escalation WHERE fact_key = '2' AND fact_table = 'pyramid'),
  '02 pyramid veto fact:pyramid:2 withdrawn
03 pyramid veto fact:pyramid:2 proposed', 'a fact that moves to another unit');
DELETE FROM fraud.pyramid WHERE id = 2;
SELECT is((SELECT string_agg(state, ' ') FROM fraud.escalation WHERE fact_key = '2' AND fact_table = 'pyramid'), 'withdrawn withdrawn', 'and one that is removed');

-- a long name: 20 characters are 60 bytes, to which 18 more for a trigger's
-- name do not fit into 63
CREATE TABLE fraud."一二三四五六七八九十一二三四五六七八九十" (id bigint PRIMARY KEY, unit text, seen_on date);
SELECT fraud.watch_facts('一二三四五六七八九十一二三四五六七八九十', 'seen_on') \g /dev/null
SELECT is((SELECT string_agg(tgname::text, ' ' ORDER BY tgname COLLATE "C") FROM pg_trigger WHERE tgrelid = 'fraud."一二三四五六七八九十一二三四五六七八九十"'::regclass AND NOT tgisinternal),
  '一二三四五六七八九十一_9_escalate_delete 一二三四五六七八九十一_9_escalate_insert 一二三四五六七八九十一_9_escalate_update', 'a table of a long name is watched for each event');

-- ------------------------------------------------------------------ errors
-- an office's measure that fails, fails by name
SELECT replace(:'body', 'p.sum,', '1 / (p.sum - 7),') AS body \gset
CREATE OR REPLACE VIEW fraud.fact WITH (security_invoker = true) AS :body;
SELECT is(pg_temp.error_of($$INSERT INTO fraud.pyramid (unit, seen_on, sum) VALUES ('370323002002', '2024-05-01', 7)$$),
  E'22012\nescalation rules on ''pyramid'' cannot be evaluated as of 2024-05-01: division by zero\nOf the rules: pyramids.\n'
  || 'Correct the facts of the measure, or switch the rule off (escalation_rule.enabled) until that is done.', 'the rule that could not be evaluated is named');
SELECT is(pg_temp.message_of($$SELECT fraud.evaluate_escalations('2023-06-01', '{370323002002}', NULL, '{case}')$$), 'no error ', 'others are not harmed');
ALTER TABLE fraud.pyramid DISABLE TRIGGER pyramid_9_escalate_insert;
INSERT INTO fraud.pyramid (unit, seen_on, sum) VALUES ('370323002002', '2024-05-01', 7);
SELECT is(split_part(pg_temp.error_of($$SELECT fraud.evaluate_escalations('2024-05-02', NULL, NULL, '{pyramid}')$$), E'\n', 2),
  'escalation rules ''pyramids'' on pyramid cannot be evaluated as of 2024-05-02: division by zero', 'by evaluate_escalations() too');
SELECT is(pg_temp.message_of($$SELECT fraud.evaluate_escalations(NULL)$$), '22004 escalations are evaluated as of a day, not as of NULL', 'no day');

CREATE TABLE fraud.strange (unit text, day date);
CREATE TRIGGER t AFTER INSERT ON fraud.strange FOR EACH ROW EXECUTE FUNCTION antifraud.escalate('unit', 'day');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.strange VALUES ('x', '2023-01-01')$$), '39P01 trigger "t" runs antifraud.escalate() at the wrong moment, or without the rows', 'not for each row');
DROP TRIGGER t ON fraud.strange;
CREATE TRIGGER t AFTER INSERT ON fraud.strange REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.escalate('unit');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.strange VALUES ('x', '2023-01-01')$$), '39P01 trigger "t" does not say where antifraud.escalate() finds the unit and the day of a row', 'both columns');
DROP TRIGGER t ON fraud.strange;
CREATE TRIGGER t AFTER INSERT ON fraud.strange REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.escalate('unit', 'daytime');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.strange VALUES ('x', '2023-01-01')$$), 'no error', 'a table that feeds no measure is none of its business');
INSERT INTO fraud.escalation_source (relation, measure) VALUES ('strange', 'case');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.strange VALUES ('x', '2023-01-01')$$), '42703 table "strange" has no column "daytime"', 'a column that is not there');
CREATE TABLE public.elsewhere (unit text, day date);
CREATE TRIGGER t AFTER INSERT ON public.elsewhere REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.escalate('unit', 'day');
SELECT is(pg_temp.message_of($$INSERT INTO public.elsewhere VALUES ('x', '2023-01-01')$$), '42P01 schema "public" has no table or view "escalation"', 'no registry there');

SELECT finish();
