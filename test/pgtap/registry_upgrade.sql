-- upgrade_registry() step by step, with made-up releases: no step has shipped
-- yet, so that registry_version() and registry_upgrades() are replaced here.
\ir setup.psql

SELECT no_plan();

SELECT antifraud.create_registry('fraud');
SELECT antifraud.create_registry('a"b $body$ ''c');

CREATE OR REPLACE FUNCTION antifraud.registry_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN '0.3.0'::text;
CREATE OR REPLACE FUNCTION antifraud.registry_upgrades() RETURNS TABLE (from_version text, to_version text, script text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
  SELECT s.from_version, s.to_version, s.script FROM (VALUES
    ('0.2.0'::text, '0.3.0'::text, 'COMMENT ON TABLE @registry@.step IS ''third'';'),
    ('0.1.0', '0.2.0', 'CREATE TABLE @registry@.step (name text); INSERT INTO @registry@.step VALUES (@registry_literal@);
      CREATE FUNCTION @registry@.named() RETURNS text LANGUAGE plpgsql AS $body$ BEGIN RETURN @registry_literal@; END $body$;'),
    ('9.0.0', '9.1.0', 'SELECT 1/0;')) AS s (from_version, to_version, script);
END;

SELECT is(antifraud.upgrade_registry('fraud'), '0.3.0', 'both steps are taken, in the order of the versions');
SELECT is(obj_description('fraud.step'::regclass), 'third', 'the first before the second');
SELECT is((SELECT version || (upgraded_at IS NOT NULL) FROM fraud.registry_info), '0.3.0true', 'the registry says so');
SELECT is(to_regclass('"a""b $body$ ''c".step'), NULL, 'the other registry is as it was');
SELECT is(antifraud.upgrade_registry('a"b $body$ ''c'), '0.3.0', 'and is brought forward by itself');
SELECT is((SELECT name FROM "a""b $body$ 'c".step), 'a"b $body$ ''c', 'a hostile name as a literal');
SELECT is("a""b $body$ 'c".named(), 'a"b $body$ ''c', 'and in the body of a function');
SELECT is(antifraud.upgrade_registry('fraud'), '0.3.0', 'again, nothing is done');

-- A step that makes the registry's own facts anew, while a source is in place.
CREATE TABLE legacy (id integer PRIMARY KEY, code text, day date);
INSERT INTO legacy VALUES (1, '370323002002', '2023-06-01');
INSERT INTO fraud.unit (code, region, name) VALUES ('370323002002', '370323002002', 'one');
SELECT fraud.add_source('den', 'legacy', '{"region":"code","occurred_on":"day"}') \g /dev/null
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('370323002002', 'reoffence', '2023-06-02');
CREATE TEMP TABLE made_before AS SELECT c.relname, c.reloptions, obj_description(c.oid, 'pg_class') AS remark FROM pg_class AS c WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind = 'v';
CREATE OR REPLACE FUNCTION antifraud.registry_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN '0.4.0'::text;
CREATE OR REPLACE FUNCTION antifraud.registry_upgrades() RETURNS TABLE (from_version text, to_version text, script text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
  SELECT s.from_version, s.to_version, s.script FROM (VALUES
    ('0.3.0'::text, '0.4.0'::text, 'CREATE OR REPLACE FUNCTION @registry@.registry_facts(known_by timestamptz DEFAULT now()) RETURNS TABLE (kind text, unit text, region antifraud.region, occurred_on date, quantity bigint, base bigint, amount numeric, subject text, source_table text, source_key text, recorded_at timestamptz, voided_at timestamptz) STABLE PARALLEL SAFE LANGUAGE sql BEGIN ATOMIC
      SELECT f.kind, f.unit, f.region, f.found_on AS occurred_on, f.quantity, NULL::bigint AS base, NULL::numeric AS amount, f.subject, ''finding''::text AS source_table, f.id::text AS source_key, f.recorded_at, f.voided_at
      FROM @registry@.finding AS f; END; SELECT @registry@.rebuild_fact();'),
    ('9.0.0', '9.1.0', 'SELECT 1/0;')) AS s (from_version, to_version, script);
END;
SELECT throws_ok($$SELECT antifraud.upgrade_registry('fraud')$$, '42P13', NULL, 'its columns stay as they are');
CREATE OR REPLACE FUNCTION antifraud.registry_upgrades() RETURNS TABLE (from_version text, to_version text, script text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
  SELECT s.from_version, s.to_version, s.script FROM (VALUES
    ('0.3.0'::text, '0.4.0'::text, 'CREATE OR REPLACE FUNCTION @registry@.registry_facts(known_by timestamptz DEFAULT now()) RETURNS TABLE (measure text, unit text, region antifraud.region, occurred_on date, quantity bigint, base bigint, amount numeric, subject text, source_table text, source_key text, recorded_at timestamptz, voided_at timestamptz) STABLE PARALLEL SAFE LANGUAGE sql BEGIN ATOMIC
      SELECT f.kind AS measure, f.unit, f.region, f.found_on AS occurred_on, f.quantity, NULL::bigint AS base, NULL::numeric AS amount, f.subject, ''finding''::text AS source_table, f.id::text AS source_key, f.recorded_at, f.voided_at
      FROM @registry@.finding AS f; END; SELECT @registry@.rebuild_fact();'),
    ('9.0.0', '9.1.0', 'SELECT 1/0;')) AS s (from_version, to_version, script);
END;
SELECT is(antifraud.upgrade_registry('fraud'), '0.4.0', 'the registry''s own facts are made anew');
SELECT results_eq($$SELECT measure, source_table FROM fraud.fact ORDER BY 1$$, $$VALUES ('den', 'public.legacy'), ('reoffence', 'finding')$$, 'and those of the source are still there');
SELECT results_eq($$SELECT c.relname, c.reloptions, obj_description(c.oid, 'pg_class') AS remark FROM pg_class AS c WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind = 'v' ORDER BY c.relname$$,
  $$SELECT * FROM made_before ORDER BY relname$$, 'all views are made with the options and comments that they had');
SELECT lives_ok($$SELECT fraud.remove_source('den', 'legacy')$$, 'the source can be removed');
SELECT is((SELECT string_agg(measure, ' ') FROM fraud.fact), 'reoffence', 'which leaves the others');

-- A step that fails leaves the registry as it was.
UPDATE fraud.registry_info SET version = '9.0.0';
SELECT throws_ok($$SELECT antifraud.upgrade_registry('fraud')$$, '22012', NULL, 'a failing step is an error');
SELECT is((SELECT version FROM fraud.registry_info), '9.0.0', 'and the version stays');

SELECT * FROM finish();
