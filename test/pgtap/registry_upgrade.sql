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

-- A step that fails leaves the registry as it was.
UPDATE fraud.registry_info SET version = '9.0.0';
SELECT throws_ok($$SELECT antifraud.upgrade_registry('fraud')$$, '22012', NULL, 'a failing step is an error');
SELECT is((SELECT version FROM fraud.registry_info), '9.0.0', 'and the version stays');

SELECT * FROM finish();
