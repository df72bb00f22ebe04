-- Kept facts: the view fact gives what the tables give, whoever reads it and
-- whatever has been changed since; and what time brings, at its time.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- all that is left lies in one province, 33
DELETE FROM fraud.unit AS u WHERE u.code ~ '^3703';
\set communities 6
\set persons 20
\set facts 600
\ir ../../examples/county.sql
SET search_path = public, antifraud, tap;
SELECT array_agg(u.code ORDER BY u.code) AS units FROM (SELECT u.code FROM fraud.unit AS u WHERE u.kind IN ('community', 'village') AND u.code ~ '^339999' ORDER BY u.code LIMIT 3) AS u \gset
SELECT (:'units'::text[])[1] AS a, (:'units'::text[])[2] AS b, (:'units'::text[])[3] AS c \gset

CREATE FUNCTION pg_temp.stale() RETURNS text[] LANGUAGE sql RETURN (SELECT array_agg(DISTINCT s ORDER BY s) FROM unnest(fraud.stale_fact_units()) AS s);
CREATE FUNCTION pg_temp.wrong() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM fraud.verify_facts());

-- ----------------------------------------------------------- begin, refresh

SELECT is(pg_temp.wrong(), 0::bigint, 'where nothing is kept the view and the function are the same');
SELECT is(pg_temp.message_of('SELECT fraud.keep_facts(NULL)'), '22004 keep cannot be NULL', 'kept or not');
CREATE ROLE facts_clerk;
GRANT USAGE ON SCHEMA fraud, tap TO facts_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA fraud TO facts_clerk;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA fraud TO facts_clerk;
SET ROLE facts_clerk;
SELECT matches(pg_temp.message_of('SELECT fraud.keep_facts()'), '^42501 ', 'only for the owner');
SELECT matches(pg_temp.message_of('SELECT fraud.refresh_facts(pg_current_snapshot())'), '^42501 ', 'nor refreshed by others');
RESET ROLE;
SELECT count(*) AS facts, md5(string_agg(f::text, E'\n' ORDER BY f::text)) AS digest FROM fraud.fact AS f \gset
SELECT md5(string_agg(t::text, E'\n' ORDER BY t::text)) AS targets FROM fraud.targets_at('2023-12-31') AS t \gset
SELECT fraud.keep_facts() \g /dev/null
SELECT is((SELECT count(*) FROM fraud.card_keeping), 1::bigint, 'with the triggers of kept scorecards');
SELECT is(fraud.stale_fact_units(), NULL, 'nothing is kept at first');
SELECT is((SELECT count(*) FROM fraud.fact), :facts::bigint, 'and everything read from the tables');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(fraud.stale_fact_units(), '{}', 'all is kept');
CREATE ROLE facts_town;
SELECT fraud.set_scope('facts_town', '339999001', '日常工作') \g /dev/null
SELECT is(fraud.stale_fact_units(), '{}', 'and still is when another role is given a scope');
SELECT fraud.end_scope('facts_town') \g /dev/null
SELECT is(fraud.stale_fact_units(), '{}', 'or loses it');
BEGIN;
ALTER FUNCTION fraud.registry_facts SET jit = off;
SELECT is(fraud.stale_fact_units(), NULL, 'not when the function of all facts is another');
ROLLBACK;
SELECT is((SELECT count(*) FROM fraud.kept_fact AS k WHERE NOT k.by_clock OR k.recorded_at <= now()), :facts::bigint, 'every fact once');
SELECT is((SELECT md5(string_agg(f::text, E'\n' ORDER BY f::text)) FROM fraud.fact AS f), :'digest', 'the view gives the same rows');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
SELECT is((SELECT md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM fraud.targets_at('2023-12-31') AS t), :'targets', 'targets, which read kept facts, are what they were');

-- That it is the kept rows which are read shows in rows that are not true.
INSERT INTO fraud.kept_fact (measure, unit, region, occurred_on, quantity, source_table, source_key, recorded_at, by_clock)
  VALUES ('den', :'b', :'b', '2023-06-01', 1, 'planted', '1', '2023-06-01', false);
SELECT is((SELECT array_agg(f.unit) FROM fraud.fact AS f WHERE f.source_table = 'planted'), ARRAY[:'b'], 'the view reads what is kept');
SELECT is((SELECT count(*) FROM fraud.facts_of_unit(:'b') AS f WHERE f.source_table = 'planted'), 1::bigint, 'so does facts_of_unit() of all measures');
SELECT is((SELECT count(*) FROM fraud.facts_of_unit(:'b', '{den}') AS f WHERE f.source_table = 'planted'), 0::bigint, 'but scores count the tables');
SELECT is((SELECT count(*) FROM fraud.facts_between('{den}', '2023-06-01', '2023-06-01') AS f WHERE f.unit = :'b'), (SELECT count(*) FROM fraud.den AS d WHERE d.unit = :'b' AND d.found_on = '2023-06-01') + 1, 'what targets are made of reads what is kept');
SELECT is((SELECT count(*) FROM fraud.facts_from_scratch() AS f WHERE f.source_table = 'planted'), 0::bigint, 'which do not have it');
SELECT is((SELECT array_agg(concat_ws(' ', v.finding, v.measure, v.unit, v.source_key)) FROM fraud.verify_facts() AS v), ARRAY['kept only den ' || :'b' || ' 1'], 'verify_facts() tells');
DELETE FROM fraud.kept_fact WHERE ctid = (SELECT min(k.ctid) FROM fraud.kept_fact AS k WHERE k.measure = 'case' AND k.unit = :'c');
SELECT is((SELECT array_agg(concat_ws(' ', v.finding, v.measure, v.unit) ORDER BY v.finding) FROM fraud.verify_facts() AS v), ARRAY['kept only den ' || :'b', 'missing case ' || :'c'], 'also of one that is gone');

-- --------------------------------------------------- what a change touches

INSERT INTO fraud.den (unit, found_on) VALUES (:'a', '2023-06-01');
SELECT is(pg_temp.stale(), ARRAY[:'a'], 'a new fact touches its unit');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'den' AND f.unit = :'a'), (SELECT count(*) FROM fraud.den AS d WHERE d.unit = :'a'), 'and is in the view at once');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.source_table = 'planted'), 1::bigint, 'while the others are read as kept');
INSERT INTO fraud.den (unit, found_on) VALUES (:'b', '2023-06-01');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.source_table = 'planted'), 0::bigint, 'those of a unit that was touched are not');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(fraud.stale_fact_units(), '{}', 'a refresh brings them up to date');
SELECT is((SELECT array_agg(concat_ws(' ', v.finding, v.measure, v.unit)) FROM fraud.verify_facts() AS v), ARRAY['missing case ' || :'c'], 'of the units touched, and no others');
SELECT fraud.keep_cards() \g /dev/null
SELECT is(fraud.stale_fact_units(), NULL, 'keep_cards() forgets what was kept');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(pg_temp.wrong(), 0::bigint, 'and the next refresh writes all of it');

BEGIN;
INSERT INTO fraud.den (unit, found_on) VALUES (:'a', '2023-06-03');
SELECT is(pg_temp.stale(), ARRAY[:'a'], 'within the transaction too');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
ROLLBACK;
SELECT is(fraud.stale_fact_units(), '{}', 'and not after it is rolled back');

-- Facts of no unit: those of persons whose unit is not known.
INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on) VALUES ('passport', 'KEPT1', '339999', '2023-01-01');
INSERT INTO fraud.support (person, kind, given_on) SELECT p.id, (SELECT min(k.code) FROM fraud.support_kind AS k), '2023-05-01' FROM fraud.person AS p WHERE p.document_no = 'KEPT1';
SELECT is((SELECT count(*) FROM fraud.support AS s WHERE s.unit IS NULL), 1::bigint, 'a row without a unit');
SELECT is(pg_temp.stale(), '{""}', 'touches those of no unit');
SELECT is(pg_temp.wrong(), 0::bigint, 'of which there is now one');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is((SELECT count(*) FROM fraud.kept_fact AS k WHERE k.unit IS NULL AND k.measure = 'support'), 1::bigint, 'which is kept');
SELECT is(pg_temp.wrong(), 0::bigint, 'and right');
SELECT fraud.void_fact('support', (SELECT max(s.id) FROM fraud.support AS s), 'x') \g /dev/null
SELECT is(pg_temp.wrong(), 0::bigint, 'also withdrawn');
SELECT fraud.refresh_cards() \g /dev/null

-- A person entered twice: facts name the row that is kept.
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) VALUES ('passport', 'KEPT2', :'a', :'a', '2023-01-01'), ('passport', 'KEPT3', :'a', :'a', '2023-01-01');
SELECT min(p.id) AS keep, max(p.id) AS duplicate FROM fraud.person AS p WHERE p.document_no IN ('KEPT2', 'KEPT3') \gset
INSERT INTO fraud.support (person, kind, given_on) SELECT :duplicate, min(k.code), '2023-05-02' FROM fraud.support_kind AS k;
SELECT fraud.refresh_cards() \g /dev/null
SELECT is((SELECT array_agg(f.subject) FROM fraud.fact AS f WHERE f.measure = 'support' AND f.occurred_on = '2023-05-02'), ARRAY['person:' || :duplicate], 'a fact about the one');
SELECT fraud.merge_persons(:keep, :duplicate, 'entered twice', 'A', 'B') \g /dev/null
SELECT is((SELECT array_agg(f.subject) FROM fraud.fact AS f WHERE f.measure = 'support' AND f.occurred_on = '2023-05-02' AND f.voided_at IS NULL), ARRAY['person:' || :keep], 'is about the other once they are merged');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is((SELECT count(*) FROM fraud.kept_fact AS k WHERE k.subject = 'person:' || :duplicate AND k.voided_at IS NULL), 0::bigint, 'nor is the former name kept');

-- What is erased is in no copy either, without waiting for a refresh.
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) VALUES ('passport', 'KEPT4', :'c', :'c', '2023-01-01');
SELECT p.id AS erased FROM fraud.person AS p WHERE p.document_no = 'KEPT4' \gset
INSERT INTO fraud.support (person, kind, given_on) SELECT :erased, min(k.code), '2023-05-03' FROM fraud.support_kind AS k;
UPDATE fraud.person SET status = 'reduced', ended_on = '2023-12-31' WHERE id = :erased;
SELECT fraud.refresh_cards() \g /dev/null
SELECT is((SELECT array_agg(k.measure) FROM fraud.kept_fact AS k WHERE k.subject = 'person:' || :erased), '{support}', 'a fact about somebody is kept');
SELECT fraud.erase_person(:erased, 'law', 'office') \g /dev/null
SELECT is((SELECT count(*) FROM fraud.kept_fact AS k WHERE k.subject = 'person:' || :erased), 0::bigint, 'and gone from the copy once he is erased');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(pg_temp.wrong(), 0::bigint, 'after the next refresh too');

-- Within the statement, before anybody has said what was touched.
CREATE TABLE looked (seen bigint, there bigint);
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO looked SELECT (SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'den' AND f.unit = NEW.unit), (SELECT count(*) FROM fraud.den AS d WHERE d.unit = NEW.unit);
  RETURN NULL;
END
$$;
CREATE TRIGGER a_look AFTER INSERT ON fraud.den FOR EACH ROW EXECUTE FUNCTION look();
INSERT INTO fraud.den (unit, found_on) VALUES (:'b', '2023-06-05'), (:'b', '2023-06-06');
SELECT is((SELECT count(*) FROM looked AS l WHERE l.seen = l.there), 2::bigint, 'a trigger for each row sees the rows');
DROP TRIGGER a_look ON fraud.den;
SELECT fraud.refresh_cards() \g /dev/null

-- A query that enters a fact in a WITH reads the facts as they were before, each
-- once: also where it comes to the WITH when it has begun to read them.
BEGIN;
SELECT count(*) AS facts_before FROM fraud.fact \gset
WITH entered AS (INSERT INTO fraud.den (unit, found_on) VALUES (:'b', '2023-06-07') RETURNING 1)
  SELECT count(*) AS facts_within, max((SELECT count(*) FROM entered)) AS facts_entered FROM fraud.fact \gset
SELECT is(:facts_within::bigint, :facts_before::bigint, 'a fact entered in a WITH meanwhile makes none count twice');
SELECT is((SELECT count(*) FROM fraud.fact), :facts_before + :facts_entered::bigint, 'and is there afterwards');
ROLLBACK;

-- ------------------------------------------------- what rests on other rows

-- Milestones and corrections: kept facts rest on them, scorecards do not.
SELECT m.unit AS m_unit, m.source_key AS m_key FROM fraud.fact AS m WHERE m.measure = 'milestone_missed' AND m.voided_at IS NULL AND m.unit IS NOT NULL ORDER BY m.unit, m.source_key LIMIT 1 \gset
SELECT count(*) AS before FROM fraud.fact AS f WHERE f.measure = 'milestone_missed' AND f.source_key = :'m_key' AND f.voided_at IS NULL \gset
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document)
  SELECT :'m_unit', split_part(:'m_key', '/', 1), split_part(:'m_key', '/', 2), '2023-01-01', 'x';
SELECT is(pg_temp.stale(), ARRAY[:'m_unit'], 'a milestone touches its unit');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'milestone_missed' AND f.source_key = :'m_key' AND f.voided_at IS NULL), :before - 1::bigint, 'it is no longer missed');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.finding (unit, kind, found_on, quantity) SELECT :'b', min(k.code), '2023-03-01', 1 FROM fraud.finding_kind AS k;
INSERT INTO fraud.rectification (unit, finding, assigned_on, due_on) SELECT :'c', max(f.id), '2023-03-02', '2023-03-10' FROM fraud.finding AS f;
SELECT is(pg_temp.stale(), ARRAY[:'b', :'c'], 'a finding touches its unit, a correction that which has to make it');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'rectification_late' AND f.unit = :'c' AND f.occurred_on = '2023-03-10'), 1::bigint, 'which is late');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.rectification_result (rectification, done_on) SELECT max(r.id), '2023-03-09' FROM fraud.rectification AS r;
SELECT is(pg_temp.stale(), ARRAY[:'c'], 'a result touches that unit');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'rectification_late' AND f.unit = :'c' AND f.occurred_on = '2023-03-10' AND f.voided_at IS NULL), 0::bigint, 'in time after all');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
SELECT fraud.refresh_cards() \g /dev/null
SELECT fraud.void_fact('finding', (SELECT max(f.id) FROM fraud.finding AS f), 'x') \g /dev/null
SELECT is(pg_temp.stale(), ARRAY[:'b', :'c'], 'a finding withdrawn touches also who had to put it right');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
UPDATE fraud.unit SET active = false WHERE code = :'a';
SELECT is(pg_temp.wrong(), 0::bigint, 'of a unit closed no milestone is missed');
UPDATE fraud.unit SET active = true WHERE code = :'a';
SELECT fraud.refresh_cards() \g /dev/null

-- ---------------------------------------------------------------- the clock

-- A limit of the first contact that is over in two seconds: the alert arrived
-- as long ago as the limit, less two seconds. A problem to be put right by
-- today, in China, is late from tomorrow 00:00.
SELECT l.level, l.first_contact FROM fraud.alert_limit_period AS l
  WHERE l.first_contact IS NOT NULL AND l.first_contact < interval '3 days' AND l.valid_from < current_date - 4 AND l.until = 'infinity' ORDER BY l.first_contact, l.level LIMIT 1 \gset
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) SELECT 'clock', :'a', 'clock', :'level', clock_timestamp() - interval :'first_contact' + interval '2 seconds';
INSERT INTO fraud.finding (unit, kind, found_on, quantity) SELECT :'b', min(k.code), (now() AT TIME ZONE 'Asia/Shanghai')::date - 1, 1 FROM fraud.finding_kind AS k;
INSERT INTO fraud.rectification (unit, finding, assigned_on, due_on) SELECT :'b', max(f.id), (now() AT TIME ZONE 'Asia/Shanghai')::date - 1, (now() AT TIME ZONE 'Asia/Shanghai')::date FROM fraud.finding AS f;
SELECT fraud.refresh_cards() \g /dev/null
CREATE FUNCTION pg_temp.late() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'alert_late' AND f.quantity = 1 AND f.source_key = (SELECT a.id::text FROM fraud.alert AS a WHERE a.alert_no = 'clock'));
SELECT is(pg_temp.late(), 0::bigint, 'an alert whose limit lies ahead is not late');
SELECT is((SELECT count(*) FROM fraud.kept_fact AS k WHERE k.measure = 'alert_late' AND k.quantity = 1 AND k.by_clock AND k.source_key = (SELECT a.id::text FROM fraud.alert AS a WHERE a.alert_no = 'clock')), 1::bigint, 'though it is kept that it will be');
SELECT is(pg_temp.wrong(), 0::bigint, 'the tables say the same');
SELECT pg_sleep(2.2) \g /dev/null
SELECT is(fraud.stale_fact_units(), '{}', 'nobody writes anything');
SELECT is(pg_temp.late(), 1::bigint, 'and after the limit it is late');
SELECT is(pg_temp.wrong(), 0::bigint, 'the tables say the same');
SELECT is((SELECT array_agg(k.recorded_at = ((k.occurred_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')) FROM fraud.kept_fact AS k WHERE k.measure = 'rectification_late' AND k.recorded_at > now()), '{t}', 'what is due today will be late from midnight');
SELECT is((SELECT count(*) FROM fraud.rectification_lateness AS l WHERE l.recorded_at > now()) - (SELECT count(*) FROM fraud.rectification_late AS l WHERE l.recorded_at > now()), 1::bigint, 'and is not shown before');

-- A limit of one day, received 2024-03-10 00:30 in China: due 2024-03-11 00:30.
-- In New York that is from 11:30 on the 9th over the night in which clocks were
-- put forward; on its clocks the day would end after 23 hours, on 2024-03-10.
BEGIN;
UPDATE fraud.alert_limit SET first_contact = '1 day', settle_within = '2 days';
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at) SELECT v.no, :'a', v.no, :'level', '2024-03-10 00:30+08' FROM (VALUES ('one'), ('passed')) AS v (no);
INSERT INTO fraud.alert_transfer (alert, from_unit, to_unit, transferred_at, reason) SELECT a.id, :'a', :'b', '2024-03-10 00:40+08', 'x' FROM fraud.alert AS a WHERE a.alert_no = 'passed';
CREATE FUNCTION pg_temp.due() RETURNS text[] LANGUAGE sql RETURN (
  SELECT array_agg(DISTINCT concat_ws(' ', f.measure, f.occurred_on) ORDER BY concat_ws(' ', f.measure, f.occurred_on)) FROM fraud.fact AS f JOIN fraud.alert AS a ON f.source_key = a.id::text AND f.source_table = 'alert'
  WHERE a.alert_no IN ('one', 'passed') AND f.measure IN ('alert_late', 'alert_settled_late'));
CREATE FUNCTION pg_temp.listed() RETURNS boolean[] LANGUAGE sql RETURN (
  SELECT array_agg(DISTINCT (l.first_contact_due, l.settle_due) = ('2024-03-11 00:30+08'::timestamptz, '2024-03-12 00:30+08'::timestamptz)) FROM fraud.alerts_at('2024-04-01 00:00+08') AS l WHERE l.alert_no IN ('one', 'passed'));
SET LOCAL timezone = 'America/New_York';
SELECT is(pg_temp.due(), '{alert_late 2024-03-11,alert_settled_late 2024-03-12}', 'a limit of a day ends at the same moment wherever it is read');
SELECT is(pg_temp.listed(), '{t}', 'in lists too');
SELECT is((SELECT array_agg(DISTINCT (d.first_contact_due, d.settle_due) = ('2024-03-11 00:30+08'::timestamptz, '2024-03-12 00:30+08'::timestamptz)) FROM fraud.alert_deadline AS d JOIN fraud.alert AS a ON a.id = d.alert WHERE a.alert_no IN ('one', 'passed')), '{t}', 'and in the view of limits');
ROLLBACK;

-- ----------------------------------------------------------- who reads what

CREATE ROLE facts_a;
CREATE ROLE facts_all;
CREATE ROLE facts_view;
SELECT fraud.set_scope('facts_a', :'a', 'x') \g /dev/null
SELECT fraud.set_scope('facts_all', '33', 'x') \g /dev/null
GRANT USAGE ON SCHEMA tap TO facts_a, facts_all;
SELECT fraud.keep_cards() \g /dev/null
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.kept_fact (measure, unit, region, occurred_on, quantity, subject, source_table, source_key, recorded_at, by_clock)
  VALUES ('den', :'b', :'b', '2023-06-01', 1, 'person:1', 'planted', '1', '2023-06-01', false), ('den', :'a', :'a', '2023-06-01', 1, 'person:2', 'planted', '2', '2023-06-01', false);
SELECT count(*) FILTER (WHERE f.source_table <> 'planted') AS all_facts FROM fraud.fact AS f \gset
CREATE FUNCTION pg_temp.as_role(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  PERFORM set_config('role', role, true);
  EXECUTE statement INTO said;
  PERFORM set_config('role', 'none', true);
  RETURN said;
END
$$;
SELECT is(pg_temp.as_role('facts_all', 'SELECT count(*) FROM fraud.fact WHERE source_table = ''planted'''), '2', 'who sees all facts reads what is kept');
SELECT is(pg_temp.as_role('facts_all', 'SELECT fraud.stale_fact_units()'), '{}', 'as it holds');
SELECT is(pg_temp.as_role('facts_a', 'SELECT count(*) FROM fraud.kept_fact'), '0', 'who sees a part sees nothing of it');
SELECT is(pg_temp.as_role('facts_a', 'SELECT fraud.stale_fact_units()'), NULL, 'and takes none as holding');
SELECT is(pg_temp.as_role('facts_a', 'SELECT count(*) FROM fraud.fact WHERE source_table = ''planted'''), '0', 'nor in the view');
SELECT is(pg_temp.as_role('facts_a', 'SELECT count(*) FROM fraud.fact'), pg_temp.as_role('facts_a', 'SELECT count(*) FROM fraud.facts_from_scratch()'), 'which gives what its tables give');
SELECT cmp_ok(pg_temp.as_role('facts_a', 'SELECT count(*) FROM fraud.fact')::bigint, '<', :all_facts::bigint, 'a part');
SELECT is(pg_temp.as_role('facts_a', format('SELECT count(*) FROM fraud.fact AS f WHERE f.subject IS NOT NULL AND NOT f.region OPERATOR(antifraud.<@) %L', :'a')), '0', 'and no person elsewhere');
SELECT is(pg_temp.as_role('facts_clerk', 'SELECT count(*) FROM fraud.kept_fact'), '0', 'without a scope nothing');
SELECT is(pg_temp.as_role('facts_clerk', 'SELECT count(*) FROM fraud.fact AS f WHERE f.measure = ''case'''), '0', 'nor in the view');
SELECT ok(NOT has_table_privilege('facts_view', 'fraud.kept_fact', 'SELECT'), 'others may not even ask');
GRANT USAGE ON SCHEMA fraud TO facts_view;
GRANT SELECT ON fraud.fact TO facts_view;
SELECT fraud.keep_facts() \g /dev/null
SELECT ok(has_table_privilege('facts_view', 'fraud.kept_fact', 'SELECT'), 'who was granted the view by itself is granted what it reads');
SELECT fraud.refresh_cards() \g /dev/null
SELECT throws_ok($$SELECT pg_temp.as_role('facts_view', 'SELECT count(*) FROM fraud.fact')$$, '42501', NULL, 'and still needs the tables below, as before');
SELECT is((SELECT array_agg(DISTINCT a.grantee) FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid = 'fraud.kept_fact'::regclass AND a.grantee = 0), NULL, 'nothing to PUBLIC');

-- ------------------------------------------------------- sources, exceptions

CREATE SCHEMA legacy;
CREATE TABLE legacy.den (place text, day date);
INSERT INTO legacy.den VALUES (:'a', '2023-08-01'), (:'b', '2023-08-02');
SELECT count(*) AS dens FROM fraud.fact WHERE measure = 'den' \gset
SELECT fraud.add_source('den', 'legacy.den', '{"region": "place", "occurred_on": "day"}') \g /dev/null
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'den'), :dens + 2::bigint, 'facts of a source are added');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(fraud.stale_fact_units(), '{}', 'those of the registry kept');
INSERT INTO legacy.den VALUES (:'a', '2023-08-03');
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'den'), :dens + 3::bigint, 'those of the source read where they are');
SELECT is((SELECT count(*) FROM fraud.kept_fact AS k WHERE k.source_table = 'legacy.den'), 0::bigint, 'and never kept');
SELECT is(pg_temp.wrong(), 0::bigint, 'rightly');
SELECT is((SELECT c.reloptions FROM pg_class AS c WHERE c.oid = 'fraud.fact'::regclass), '{security_invoker=true}', 'the view reads with the rights of the reader');
SELECT fraud.remove_source('den', 'legacy.den', 'x') \g /dev/null
SELECT is((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'den'), :dens::bigint, 'removed');
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.card_exception VALUES ('certificate', 'from elsewhere'), ('inspection', 'from elsewhere');
SELECT fraud.refresh_cards() \g /dev/null
SELECT is((SELECT count(*) FROM fraud.kept_fact AS k WHERE k.measure IN ('certificate', 'inspection')), 0::bigint, 'what changes without a row being written is not kept');
SELECT cmp_ok((SELECT count(*) FROM fraud.fact AS f WHERE f.measure = 'inspection'), '>', 0::bigint, 'but read from the tables');
SELECT is(pg_temp.wrong(), 0::bigint, 'each once');
INSERT INTO fraud.den (unit, found_on) VALUES (:'a', '2023-09-01');
SELECT is(pg_temp.wrong(), 0::bigint, 'also beside units that were touched');
DELETE FROM fraud.card_exception WHERE reason = 'from elsewhere';
SELECT fraud.refresh_cards() \g /dev/null
SELECT cmp_ok((SELECT count(*) FROM fraud.kept_fact AS k WHERE k.measure = 'inspection'), '>', 0::bigint, 'kept again once the exception is gone');

-- --------------------------------------------------------------- at random

\ir mutate.psql
CREATE TABLE compared (n int, kept boolean);
CREATE TABLE different (n int, finding text, measure text, unit text, source_key text);
CREATE FUNCTION compare(n int) RETURNS void LANGUAGE sql AS $$ INSERT INTO compared SELECT n, fraud.stale_fact_units() IS NOT NULL; INSERT INTO different SELECT n, v.finding, v.measure, v.unit, v.source_key FROM fraud.verify_facts() AS v $$;
\set seed 0.25
\getenv seed CARD_SEED
SELECT setseed(:seed) \g /dev/null
\set rounds 60
\getenv rounds CARD_ROUNDS
\o /dev/null
SELECT format('SELECT mutate(%s)', n), format('SELECT mutate(-%s)', n), format('SELECT compare(%s)', n) FROM generate_series(1, :rounds) AS n \gexec
\o
SELECT is((SELECT array_agg(d::text) FROM (SELECT * FROM different ORDER BY n LIMIT 5) AS d), NULL, 'after each change the view gives what the tables give');
SELECT cmp_ok((SELECT count(*) FROM compared WHERE kept), '>', :rounds / 10::bigint, 'which were read from what is kept, not from tables every time');
SELECT cmp_ok((SELECT count(*) FROM mutated WHERE done), '>', :rounds::bigint, 'most changes were made');
SELECT cmp_ok((SELECT count(*) FROM mutated WHERE done AND what = 'refresh'), '>', 3::bigint, 'among them refreshes');

-- -------------------------------------------------------------------- end

SELECT is(fraud.keep_cards(false), 0::bigint, 'scorecards are no longer kept');
SELECT is((SELECT count(*) FROM fraud.kept_fact), 0::bigint, 'nor facts, without whose triggers nobody knows');
SELECT is(pg_temp.wrong(), 0::bigint, 'the view reads the tables');
SELECT is((SELECT count(*) FROM pg_depend AS d JOIN pg_rewrite AS w ON w.oid = d.objid WHERE w.ev_class = 'fraud.fact'::regclass AND d.refobjid = 'fraud.kept_fact'::regclass), 0::bigint, 'and those alone');
SELECT fraud.keep_facts() \g /dev/null
SELECT fraud.refresh_cards() \g /dev/null
SELECT fraud.keep_facts(false) \g /dev/null
SELECT is((SELECT count(*) FROM fraud.card_keeping AS k WHERE NOT k.facts), 1::bigint, 'without facts scorecards may go on');
SELECT is(pg_temp.wrong() + (SELECT count(*) FROM fraud.kept_fact), 0::bigint, 'with none kept');

SELECT * FROM finish();
