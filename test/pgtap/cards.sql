-- Kept scorecards: what touches which, who may read them, and a year of made-up
-- facts changed at random, after each of which scores() must give what the
-- facts give. The county is that of the demonstration, made small; one rubric
-- counts every measure there is.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

\set communities 6
\set persons 20
\set facts 600
\ir ../../examples/county.sql
SET search_path = public, antifraud, tap;

SELECT fraud.load_rubric(jsonb_build_object('code', 'everything', 'edition', '1', 'title', 'everything', 'total', 10 * (SELECT count(*) FROM fraud.measure AS m WHERE m.code NOT IN (SELECT e.measure FROM fraud.card_exception AS e)), 'period', '["2023-01-01","2023-12-31"]'::jsonb, 'baseline', 'last_year',
  'sections', jsonb_build_array(jsonb_build_object('title', 'all', 'points', 10 * (SELECT count(*) FROM fraud.measure AS m WHERE m.code NOT IN (SELECT e.measure FROM fraud.card_exception AS e)), 'items', (
    SELECT jsonb_agg(jsonb_build_object('no', x.no, 'title', x.code, 'points', 10,
             'rules', jsonb_build_array(jsonb_build_object('measure', x.code, 'rule', 'deduct 0.01 per occurrence'), jsonb_build_object('measure', x.code, 'rule', 'deduct 0.01 if amount > 30000'))) ORDER BY x.no)
    FROM (SELECT m.code, row_number() OVER (ORDER BY m.code) AS no FROM fraud.measure AS m WHERE m.code NOT IN (SELECT e.measure FROM fraud.card_exception AS e)) AS x))))) \g /dev/null
SELECT fraud.publish_rubric('everything') \g /dev/null

-- ------------------------------------------------ what the cards rest on

SELECT is((SELECT count(*) FROM fraud.scoreboard) > 0 AND fraud.stale_units('nanma-2023', '2023-12-31') IS NULL, true, 'where no cards are kept, scores are counted');
SELECT is(pg_temp.error_of('SELECT * FROM fraud.refresh_cards()'), E'55000\nno scorecards are kept\nBegin with keep_cards().', 'and none are refreshed');
SELECT is(pg_temp.message_of('SELECT fraud.keep_cards(NULL)'), '22004 keep cannot be NULL', 'kept or not');
SELECT cmp_ok(fraud.keep_cards(), '>', 45::bigint, 'the tables below the view fact are watched');
SELECT is((SELECT array_agg(format('%s %s %s', r.rubric, coalesce(r.day::text, 'whole'), r.units = r.counted) ORDER BY r.rubric, r.day) FROM fraud.refresh_cards() AS r),
  '{"everything 2023-12-31 t","everything whole t","nanma-2023 2023-12-31 t","nanma-2023 whole t"}', 'at first every unit is counted, for the editions that are published and listed');
SELECT is((SELECT array_agg(r.counted) FROM fraud.refresh_cards() AS r), '{0,0,0,0}', 'then none');
SELECT is(fraud.stale_units('everything', '2023-12-31'), '{}', 'all cards hold');
SELECT is(fraud.stale_units('everything', '2023-12-30'), NULL, 'for that day');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'and are right');

-- By the catalog: nothing below the functions that read facts is left out, and
-- none of the views looks at the clock; registry_facts() does, of the facts
-- that time brings, which are those of the excepted measures.
SELECT is((SELECT array_agg(r.name ORDER BY r.name) FROM fraud.card_relations() AS r WHERE r.kind = 'r' AND r.on_insert || r.on_change = '{}'), '{person}', 'the tables that touch no card');
SELECT is((SELECT array_agg(DISTINCT v.relname::text ORDER BY v.relname::text) FROM fraud.card_keeping AS k JOIN pg_class AS v ON v.oid = ANY (k.views) WHERE pg_get_viewdef(v.oid) ~* 'now\(\)|current_(date|time)|localtime|clock_timestamp'),
  NULL, 'no view looks at the clock');
SELECT is((SELECT array_agg(b ORDER BY b) FROM regexp_split_to_table(pg_get_functiondef('fraud.registry_facts'::regproc), 'UNION ALL') AS b WHERE b ~ 'known_by\)?;?$|<= registry_facts.known_by|<= \$1'),
  (SELECT array_agg(b) FROM regexp_split_to_table(pg_get_functiondef('fraud.registry_facts'::regproc), 'UNION ALL') AS b WHERE b ~ 'facts_of_time_limits'), 'registry_facts() does, of one');
SELECT is((SELECT array_agg(DISTINCT m[1] ORDER BY m[1]) FROM regexp_matches(pg_get_viewdef('fraud.facts_of_time_limits'), '''([a-z_]+)''::text(?: AS measure|,|\))', 'g') AS m WHERE m[1] IN (SELECT code FROM fraud.measure)),
  (SELECT array_agg(e.measure ORDER BY e.measure) FROM fraud.card_exception AS e), 'that of the excepted measures');
SELECT is((SELECT array_agg(t.name ORDER BY t.name) FROM fraud.fact_table AS t WHERE t.name IN (SELECT r.name FROM fraud.card_relations() AS r) AND t.name NOT IN (SELECT s.relation FROM fraud.card_source AS s)), NULL, 'every table of facts says whom it touches');

-- ------------------------------------------------------ who touches whom

CREATE FUNCTION pg_temp.stale(rubric text DEFAULT 'everything') RETURNS text[] LANGUAGE sql
  RETURN (SELECT array_agg(DISTINCT s ORDER BY s) FROM unnest(fraud.stale_units(rubric, '2023-12-31')) AS s);
SELECT array_agg(u.code ORDER BY u.code) AS units FROM (SELECT u.code FROM fraud.unit AS u WHERE u.kind IN ('community', 'village') AND u.code ~ '^339999' ORDER BY u.code LIMIT 3) AS u \gset
SELECT (:'units'::text[])[1] AS a, (:'units'::text[])[2] AS b, (:'units'::text[])[3] AS c \gset
CREATE TEMP TABLE said (n int GENERATED ALWAYS AS IDENTITY, what text, got text, want text);

INSERT INTO fraud.den (unit, found_on) VALUES (:'a', '2023-06-01');
SELECT is(pg_temp.stale(), ARRAY[:'a'], 'a fact touches its unit');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'which is counted, and the others read');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(pg_temp.stale(), NULL, 'until the next refresh');
BEGIN;
INSERT INTO fraud.den (unit, found_on) VALUES (:'b', '2023-06-01');
SELECT is(pg_temp.stale(), ARRAY[:'b'], 'within the transaction too');
ROLLBACK;
SELECT is(pg_temp.stale(), NULL, 'and not after it is rolled back');
BEGIN;
SAVEPOINT one;
INSERT INTO fraud.den (unit, found_on) VALUES (:'b', '2023-06-01');
ROLLBACK TO one;
INSERT INTO fraud.den (unit, found_on) VALUES (:'c', '2023-06-01');
SELECT is(pg_temp.stale(), ARRAY[:'c'], 'nor what a savepoint took back');
INSERT INTO fraud.den (unit, found_on) VALUES (:'c', '2023-06-02');
SELECT is((SELECT count(*) FROM fraud.unit_touched WHERE kind = 'unit' AND key = :'c'), 1::bigint, 'said once a transaction');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(pg_temp.stale(), ARRAY[:'c'], 'what the refreshing transaction itself has touched is not trusted');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'and right');
COMMIT;
SELECT is(pg_temp.stale(), ARRAY[:'c'], 'nor afterwards');
SELECT fraud.refresh_cards() \g /dev/null

-- An alert in one unit makes the case of another one a case after an alert.
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, victim) VALUES ('card-1', :'a', '2023-07-10', 900, 'card-victim');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at, delivered_on) VALUES ('card-1', :'b', 'card-victim', 'high', '2023-07-01 10:00+08', '2023-07-01');
SELECT is(pg_temp.stale(), ARRAY[:'a', :'b'], 'an alert touches its unit, and those of the cases of its victim');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'case_after_alert' AND f.unit = :'a' AND f.subject = 'card-victim' AND f.voided_at IS NULL), 1::bigint, 'there is such a fact');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'and scores know');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.alert_transfer (alert, to_unit, transferred_at, reason) SELECT id, :'c', '2023-07-02 10:00+08', 'x' FROM fraud.alert WHERE alert_no = 'card-1';
SELECT is(pg_temp.stale(), ARRAY[:'a', :'b', :'c'], 'a transfer touches both ends');
SELECT fraud.refresh_cards() \g /dev/null
SELECT fraud.decide_alert_case(a.id, c.id, false, 'x') FROM fraud.alert AS a, fraud.fraud_case AS c WHERE a.alert_no = 'card-1' AND c.case_no = 'card-1' \g /dev/null
SELECT is(pg_temp.stale(), ARRAY[:'a'], 'a decision about the pair touches the unit of the case');
SELECT fraud.refresh_cards() \g /dev/null
SELECT fraud.void_fact('alert', id, 'x') FROM fraud.alert WHERE alert_no = 'card-1' \g /dev/null
SELECT is(pg_temp.stale(), ARRAY[:'a', :'b', :'c'], 'its withdrawal touches all of them');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'rightly');
SELECT fraud.refresh_cards() \g /dev/null
-- Rows of other units that rest on a row which is changed or withdrawn.
SELECT is((SELECT count(*) FROM fraud.refund AS r JOIN fraud.fraud_case AS c ON c.id = r.fraud_case WHERE r.unit <> c.unit), 0::bigint, 'refunds are of the unit of the case');
INSERT INTO fraud.refund (unit, fraud_case, refunded_on, amount) SELECT :'c', id, '2023-07-20', 10 FROM fraud.fraud_case WHERE case_no = 'card-1';
SELECT is(pg_temp.stale(), ARRAY[:'a', :'c'], 'but need not be: both are touched');
SELECT fraud.refresh_cards() \g /dev/null
SELECT fraud.void_fact('fraud_case', id, 'x') FROM fraud.fraud_case WHERE case_no = 'card-1' \g /dev/null
SELECT is(pg_temp.stale(), ARRAY[:'a', :'c'], 'a case that is withdrawn takes its refunds with it');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) SELECT 'card-2', :'b', c.victim, 'high', '2023-01-02 10:00+08' FROM fraud.fraud_case AS c WHERE c.unit = :'a' AND c.victim <> 'card-victim' ORDER BY c.id LIMIT 1;
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.dissuasion (alert, unit, attempt_at, channel, outcome, reached) SELECT id, :'c', '2023-01-02 11:00+08', 'call', 'not_believed', true FROM fraud.alert WHERE alert_no = 'card-2';
SELECT ok(ARRAY[:'a', :'b', :'c'] <@ pg_temp.stale(), 'an attempt by a third unit touches its own, that of the alert, and those of the cases of the victim');
SELECT fraud.refresh_cards() \g /dev/null
SELECT r.message FROM fraud.group_relay AS r WHERE r.voided_at IS NULL GROUP BY r.message HAVING count(DISTINCT r.unit) > 2 ORDER BY r.message LIMIT 1 \gset
SELECT fraud.void_fact('group_relay', (SELECT max(r.id) FROM fraud.group_relay AS r WHERE r.message = :message AND r.voided_at IS NULL), 'x') \g /dev/null
SELECT is(pg_temp.stale(), (SELECT array_agg(DISTINCT r.unit ORDER BY r.unit) FROM fraud.group_relay AS r WHERE r.message = :message), 'whoever passes a message on touches the units of all who did');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'rightly');
INSERT INTO fraud.clue (unit, kind, received_on) VALUES (:'a', 'tip_off', '2023-04-12');
INSERT INTO fraud.clue (unit, kind, received_on, duplicate_of) SELECT :'b', 'tip_off', '2023-04-13', max(id) FROM fraud.clue;
SELECT fraud.refresh_cards() \g /dev/null
SELECT fraud.void_fact('clue', (SELECT max(duplicate_of) FROM fraud.clue), 'x') \g /dev/null
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'a duplicate counts once the first is withdrawn, which touches all');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.activity (unit, kind, held_on) VALUES (:'a', 'sweep', '2023-05-05');
INSERT INTO fraud.sweep_place (unit, activity, premises, checked) SELECT :'b', (SELECT max(a.id) FROM fraud.activity AS a), min(k.code), 3 FROM fraud.premises_kind AS k;
SELECT fraud.refresh_cards() \g /dev/null
SELECT fraud.void_fact('activity', (SELECT max(p.activity) FROM fraud.sweep_place AS p WHERE p.voided_at IS NULL), 'x') \g /dev/null
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'and so does a sweep');
SELECT fraud.refresh_cards() \g /dev/null

INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_by, decided_on) SELECT :'b', r.rubric, r.item, r.ordinal, true, 'x', 'x', '2023-12-01' FROM fraud.rubric_rule AS r WHERE r.rubric = 'nanma-2023' ORDER BY r.item, r.ordinal LIMIT 1;
SELECT is(pg_temp.stale('nanma-2023'), ARRAY[:'b'], 'a decision touches its unit, whose points it moves');
UPDATE fraud.alert_limit SET first_contact = first_contact + interval '1 day';
SELECT is(pg_temp.stale(), NULL, 'a setting touches every unit');
SELECT is(fraud.stale_units('everything', '2023-12-31'), NULL, 'so that no card is read');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'rightly');
SELECT fraud.refresh_cards() \g /dev/null

-- What the guards of facts forbid, and the owner does without them.
ALTER TABLE fraud.den DISABLE TRIGGER den_2_append_only;
DELETE FROM fraud.den WHERE id = (SELECT max(d.id) FROM fraud.den AS d WHERE d.unit = :'c');
SELECT is(pg_temp.stale(), ARRAY[:'c'], 'a fact that is deleted touches its unit');
SELECT fraud.refresh_cards() \g /dev/null
UPDATE fraud.den SET unit = :'b' WHERE id = (SELECT max(d.id) FROM fraud.den AS d WHERE d.unit = :'c');
SELECT is(pg_temp.stale(), ARRAY[:'b', :'c'], 'and one that is moved touches both');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'rightly');
ALTER TABLE fraud.den ENABLE TRIGGER den_2_append_only;
SELECT fraud.refresh_cards() \g /dev/null
BEGIN;
ALTER TABLE fraud.pledge DISABLE TRIGGER pledge_3_append_only;
TRUNCATE fraud.pledge;
SELECT is(pg_temp.stale(), NULL, 'TRUNCATE touches every unit');
ROLLBACK;
SELECT is(fraud.stale_units('everything', '2023-12-31'), '{}', 'but for its rollback');

INSERT INTO fraud.unit (code, region, name) VALUES ('339999001777', '339999001777', 'new');
SELECT is((SELECT total FROM fraud.scores('everything', '2023-12-31') WHERE unit = '339999001777'), (SELECT total FROM fraud.scores_from_scratch('everything', '2023-12-31') WHERE unit = '339999001777'), 'a new unit, which has no card yet, is counted');
UPDATE fraud.unit SET active = false WHERE code = :'a';
SELECT is((SELECT count(*) FROM fraud.scores('everything', '2023-12-31') WHERE unit = :'a'), 0::bigint, 'a unit that is no longer active is not shown');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'rightly');
UPDATE fraud.unit SET active = true WHERE code = :'a';
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'nor again');
UPDATE fraud.registry_info SET as_of = NULL;
SELECT is((SELECT array_agg(coalesce(r.day::text, 'whole') ORDER BY r.rubric) FROM fraud.refresh_cards() AS r), '{whole,whole}', 'the day that the views look at');
SELECT is((SELECT array_agg(coalesce(r.day::text, 'whole') ORDER BY r.rubric, r.day) FROM fraud.refresh_cards('2023-09-30') AS r), '{2023-09-30,whole,2023-09-30,whole}', 'and one besides');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'both right');
UPDATE fraud.registry_info SET as_of = '2023-12-31';
SELECT fraud.refresh_cards() \g /dev/null
SELECT is((SELECT array_agg(DISTINCT s.as_of) FROM fraud.card_set AS s), '{2023-12-31,infinity}', 'cards of other days are dropped');
SELECT is(fraud.card_of(:'b', 'everything', '2023-12-31')::text, (SELECT k.card::text FROM fraud.unit_card AS k WHERE k.rubric = 'everything' AND k.unit = :'b' AND k.as_of = '2023-12-31'), 'card_of() reads it too');

-- --------------------------------- within the statement that changes facts

-- A trigger for each row, and a function in the statement itself, look while
-- nobody has yet said what was touched.
CREATE TABLE looked (moment text, cases bigint, points numeric);
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO looked SELECT TG_NAME, (SELECT count(*) FROM fraud.den WHERE unit = NEW.unit), s.total FROM fraud.scores('everything', '2023-12-31') AS s WHERE s.unit = NEW.unit;
  RETURN NULL;
END
$$;
CREATE TRIGGER a_look AFTER INSERT ON fraud.den FOR EACH ROW EXECUTE FUNCTION look();
CREATE TRIGGER z_look AFTER INSERT ON fraud.den FOR EACH ROW EXECUTE FUNCTION look();
INSERT INTO fraud.den (unit, found_on) VALUES (:'b', '2023-06-05'), (:'b', '2023-06-06');
SELECT is((SELECT array_agg(DISTINCT l.points) FROM looked AS l), (SELECT array_agg(s.total) FROM fraud.scores_from_scratch('everything', '2023-12-31') AS s WHERE s.unit = :'b'), 'triggers for each row see the rows counted');
DROP TRIGGER a_look ON fraud.den;
DROP TRIGGER z_look ON fraud.den;
SELECT is(coalesce(nullif(current_setting('antifraud.unsettled', true), ''), '0'), '0', 'afterwards all is said');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.den (unit, found_on) VALUES ('nowhere', '2023-06-05')$$), '23503 unit ''nowhere'' does not exist', 'a statement that fails');
SELECT is(coalesce(nullif(current_setting('antifraud.unsettled', true), ''), '0'), '0', 'leaves nothing unsaid');

-- ------------------------------------- what makes all cards untrustworthy

SELECT fraud.keep_cards() \g /dev/null
SELECT fraud.refresh_cards() \g /dev/null
ALTER TABLE fraud.den DISABLE TRIGGER cards_2_insert;
INSERT INTO fraud.den (unit, found_on) VALUES (:'b', '2023-06-07');
ALTER TABLE fraud.den ENABLE ALWAYS TRIGGER cards_2_insert;
SELECT is(fraud.stale_units('everything', '2023-12-31'), NULL, 'a trigger was off for a while: no card is read');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'rightly');
SELECT is((SELECT array_agg(r.units = r.counted) FROM fraud.refresh_cards() AS r), '{t,t,t,t}', 'the next refresh counts all');
SELECT is(fraud.stale_units('everything', '2023-12-31'), '{}', 'and they hold');
SET session_replication_role = replica;
INSERT INTO fraud.den (unit, region, found_on) VALUES (:'b', :'b', '2023-06-08');
RESET session_replication_role;
SELECT is(pg_temp.stale(), ARRAY[:'b'], 'rows that replication brings are told of');
SELECT fraud.refresh_cards() \g /dev/null
SELECT pg_get_viewdef('fraud.facts_of_ratings') AS ratings \gset
CREATE TABLE fraud.own_fact (id int);
CREATE OR REPLACE VIEW fraud.facts_of_ratings WITH (security_invoker = true) AS SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM (SELECT NULL::text AS measure, NULL::text AS unit, NULL::antifraud.region AS region, NULL::date AS occurred_on, NULL::bigint AS quantity, NULL::bigint AS base, NULL::numeric AS amount, NULL::text AS subject, NULL::text AS source_table, NULL::text AS source_key, NULL::timestamptz AS recorded_at, NULL::timestamptz AS voided_at FROM fraud.own_fact) AS f;
SELECT is(fraud.stale_units('everything', '2023-12-31'), NULL, 'a view was changed: no card is read');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.own_fact VALUES (1);
SELECT is(fraud.stale_units('everything', '2023-12-31'), NULL, 'a table of the office touches every unit, until card_source says more');
CREATE SCHEMA other;
CREATE TABLE other.own_fact (id int);
CREATE OR REPLACE VIEW fraud.facts_of_ratings WITH (security_invoker = true) AS SELECT f.measure, f.unit, f.region, f.occurred_on, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key, f.recorded_at, f.voided_at
  FROM (SELECT NULL::text AS measure, NULL::text AS unit, NULL::antifraud.region AS region, NULL::date AS occurred_on, NULL::bigint AS quantity, NULL::bigint AS base, NULL::numeric AS amount, NULL::text AS subject, NULL::text AS source_table, NULL::text AS source_key, NULL::timestamptz AS recorded_at, NULL::timestamptz AS voided_at FROM other.own_fact) AS f;
SELECT matches(pg_temp.error_of('SELECT fraud.keep_cards()'), '^0A000\nscorecards cannot be kept: the view fact reads other.own_fact', 'a table elsewhere says nothing');
SELECT matches(pg_temp.error_of('SELECT * FROM fraud.refresh_cards()'), '^0A000', 'nor is anything kept that rests on it');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'scores are right all the same');
INSERT INTO fraud.card_source VALUES ('other.own_fact', '{}', '{}');
INSERT INTO fraud.card_exception VALUES ('certificate', 'from elsewhere');
SELECT is((SELECT array_agg(DISTINCT r.rubric) FROM fraud.refresh_cards() AS r), '{nanma-2023}', 'but for editions that do not count it');
DELETE FROM fraud.card_source WHERE relation = 'other.own_fact';
DELETE FROM fraud.card_exception WHERE measure = 'certificate';
CREATE OR REPLACE VIEW fraud.facts_of_ratings WITH (security_invoker = true) AS :ratings
DROP TABLE fraud.own_fact, other.own_fact;
SELECT fraud.keep_cards() \g /dev/null

-- --------------------------------------------------------------- at random

\ir mutate.psql
CREATE TABLE different (n int, rubric text, unit text, kept numeric, total numeric);
CREATE FUNCTION compare(n int) RETURNS void LANGUAGE sql AS $$ INSERT INTO different SELECT n, d.rubric, d.unit, d.kept_total, d.total FROM fraud.unit_card_difference AS d $$;
SELECT fraud.refresh_cards() \g /dev/null
\set seed 0.5
\getenv seed CARD_SEED
SELECT setseed(:seed) \g /dev/null
\set rounds 60
\getenv rounds CARD_ROUNDS
\o /dev/null
SELECT format('SELECT mutate(%s)', n), format('SELECT mutate(-%s)', n), format('SELECT compare(%s)', n) FROM generate_series(1, :rounds) AS n \gexec
\o
SELECT is((SELECT array_agg(d::text) FROM (SELECT * FROM different ORDER BY n LIMIT 5) AS d), NULL, 'after each change scores() gives what the facts give');
SELECT cmp_ok((SELECT count(*) FROM mutated WHERE done), '>', :rounds::bigint, 'most changes were made');
SELECT cmp_ok((SELECT count(DISTINCT m.what) FROM mutated AS m WHERE m.done), '>', 20::bigint, 'and many kinds of them');

-- -------------------------------------------------------------------- end

SELECT is(fraud.keep_cards(false), 0::bigint, 'no longer kept');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgfoid = 'antifraud.touch_cards'::regproc), 0::bigint, 'no trigger is left');
SELECT is((SELECT count(*) FROM fraud.unit_card) + (SELECT count(*) FROM fraud.unit_touched) + (SELECT count(*) FROM fraud.card_set) + (SELECT count(*) FROM fraud.card_extent), 0::bigint, 'nor a row');
SELECT isnt((SELECT count(*) FROM fraud.scoreboard), 0::bigint, 'scores are counted');

SELECT * FROM finish();
