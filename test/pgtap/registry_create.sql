-- Creating a registry: names, owners, privileges, comments.
\ir setup.psql

SELECT no_plan();

-- What a statement raises: SQLSTATE, message, detail, hint.
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; hint text;
BEGIN
  EXECUTE statement;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', state, message, nullif(detail, ''), nullif(hint, ''));
END
$$;

-- Names that are refused, each with its reason.
SELECT is(pg_temp.error_of('SELECT antifraud.create_registry(NULL)'),
  E'22004\nthe schema of a registry cannot be NULL\nName a schema: SELECT antifraud.create_registry(''fraud'').', 'NULL');
SELECT is(pg_temp.error_of('SELECT antifraud.create_registry('''')'),
  E'42602\nthe schema of a registry cannot have an empty name\nName a schema: SELECT antifraud.create_registry(''fraud'').', 'empty');
SELECT is(pg_temp.error_of($$SELECT antifraud.create_registry(repeat('社', 22))$$),
  E'42622\nschema name "' || repeat('社', 22) || E'" is too long\nIt has 66 bytes; PostgreSQL keeps 63 and would cut the rest.\n'
  'Choose a shorter name; a Chinese character takes three bytes.', 'more than 63 bytes');
SELECT is(pg_temp.error_of($$SELECT antifraud.create_registry('pg_fraud')$$),
  E'42939\nschema name "pg_fraud" is reserved\nPostgreSQL keeps names that begin with "pg_" for itself.\nChoose another name.', 'reserved');
CREATE SCHEMA occupied CREATE TABLE something (a int);
SELECT is(pg_temp.error_of($$SELECT antifraud.create_registry('occupied')$$),
  E'42P06\nschema "occupied" exists and is not empty\nIt holds table occupied.something.\nA registry needs a schema of its own: choose another name.', 'occupied');
SELECT is((SELECT count(*)::int FROM pg_class WHERE relnamespace = 'occupied'::regnamespace), 1, 'nothing is added to it');
SELECT is(left(pg_temp.error_of($$SELECT antifraud.create_registry('antifraud')$$), 58),
  E'42P06\nschema "antifraud" exists and is not empty\nIt holds ', 'the extension''s own');

-- Names that are lawful, however they look. Each registry works. A name bears
-- several oddities where neither hides another: what is not quoted fails at any
-- of them; a quote without a backslash makes another literal than one with it;
-- a keyword is odd only by itself; a tag of the first two tags for bodies.
CREATE FUNCTION pg_temp.works(registry text) RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE total numeric;
BEGIN
  PERFORM antifraud.create_registry(registry);
  EXECUTE format('INSERT INTO %I.unit (code, region, name) VALUES (''u'', ''370323002002'', ''n'')', registry);
  EXECUTE format('INSERT INTO %I.fraud_case (unit, filed_on, loss) VALUES (''u'', ''2023-06-01'', 350000)', registry);
  EXECUTE format('SELECT %1$I.void_fact(''fraud_case'', max(id), ''test'') FROM %1$I.fraud_case', registry);
  EXECUTE format('SELECT s.total FROM %I.scores(''nanma-2023'') AS s', registry) INTO total;
  RETURN total;
END
$$;
-- One statement each: a transaction has locks for a few registries only.
CREATE SCHEMA "select";
SELECT format('SELECT is(pg_temp.works(%L), 95.00, %L)', name, format('a registry named %s works', name))
FROM unnest(ARRAY['fraud', 'FRAUD', '反诈 a.b''c', '"a\b%I%s', '$body1$x$body$', '@registry@ @registry_literal@', '/* x;drop schema fraud; --', repeat('社', 21)]) AS name \gexec
SELECT is(pg_temp.works('select'), 95.00, 'so does one named by a keyword, in an empty schema that exists');
SELECT is(pg_temp.error_of($$SELECT antifraud.create_registry('fraud')$$),
  E'42710\nschema "fraud" holds a registry already\nChoose another name, or bring that registry forward with antifraud.upgrade_registry().', 'a second one in the same schema');

-- A schema of somebody else, who could drop the facts. Rolled back, since to
-- drop a registry takes longer.
BEGIN;
CREATE ROLE registry_stranger;
CREATE ROLE registry_member IN ROLE registry_stranger;
CREATE SCHEMA strange AUTHORIZATION registry_stranger;
SELECT is(pg_temp.error_of($$SELECT antifraud.create_registry('strange')$$),
  E'42501\nschema "strange" is owned by another role, registry_stranger\nThe owner of a schema can drop everything in it, facts included.\n'
  'SET ROLE registry_stranger first, or choose another name.', 'a superuser in a schema of another role');
SET LOCAL ROLE registry_member;
DO $$ BEGIN PERFORM antifraud.create_registry('strange'); END $$;
RESET ROLE;
SELECT is((SELECT c.relowner::regrole::text FROM pg_class AS c WHERE c.oid = 'strange.unit'::regclass), 'registry_member', 'but a member of the role that owns the schema may');
ROLLBACK;

-- Two registries side by side do not see each other.
SELECT is((SELECT count(*)::int FROM "FRAUD".fact), 4, 'one case in one registry is a fact of case, case_net, case_by_act and followed_up');
INSERT INTO fraud.unit (code, region, name) VALUES ('only here', '370323002003', 'n');
SELECT is((SELECT count(*)::int FROM "FRAUD".unit), 1, 'a unit in one is not in the other');
SELECT is((SELECT array_agg(s.unit ORDER BY s.unit) FROM fraud.scores('nanma-2023') AS s), ARRAY['only here', 'u'], 'nor in its scores');

-- Versions.
SELECT is(antifraud.upgrade_registry('fraud'), antifraud.registry_version(), 'a registry of this version is left as it is');
SELECT is((SELECT upgraded_at FROM fraud.registry_info), NULL, 'and not marked as upgraded');
UPDATE fraud.registry_info SET version = '99.0';
SELECT is(pg_temp.error_of($$SELECT antifraud.upgrade_registry('fraud')$$),
  E'0A000\nthe registry in schema "fraud" cannot be brought from version 99.0 to ' || antifraud.registry_version() ||
  E'\nThis release of antifraud knows no step from version 99.0.\nIf the registry is newer than the extension, update the extension; otherwise pass through a release between.', 'an unknown version');
SELECT is(pg_temp.error_of($$SELECT antifraud.upgrade_registry('occupied')$$),
  E'42704\nschema "occupied" holds no registry\nCreate one with antifraud.create_registry(), or correct the name.', 'no registry there');

-- Steps of an upgrade are run in turn, with the schema filled in, whatever its name.
BEGIN;
CREATE OR REPLACE FUNCTION antifraud.registry_version() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 'test 3'::text;
CREATE OR REPLACE FUNCTION antifraud.registry_upgrades() RETURNS TABLE (from_version text, to_version text, script text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
SELECT * FROM (VALUES
  ('test 2', 'test 3', 'ALTER TABLE @registry@.unit ADD COLUMN second text DEFAULT @registry_literal@;'),
  ('test 1', 'test 2', 'ALTER TABLE @registry@.unit ADD COLUMN first text; CREATE FUNCTION @registry@.said() RETURNS text LANGUAGE plpgsql AS $body$ BEGIN RETURN @registry_literal@; END $body$;')) AS v (a, b, c);
END;
CREATE FUNCTION pg_temp.upgrade(registry text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('UPDATE %I.registry_info SET version = ''test 1''', registry);
  RETURN antifraud.upgrade_registry(registry);
END
$$;
SELECT is(pg_temp.upgrade(name), 'test 3', format('a registry named %s is brought through two steps', name))
FROM unnest(ARRAY['FRAUD', '反诈 a.b''c', '$body1$x$body$', '@registry@ @registry_literal@']) AS name;
SELECT is((SELECT second FROM "@registry@ @registry_literal@".unit), '@registry@ @registry_literal@', 'its name is filled in as a literal');
SELECT is("$body1$x$body$".said(), '$body1$x$body$', 'also in the body of a function');
SELECT is((SELECT (version, upgraded_at IS NOT NULL)::text FROM "FRAUD".registry_info), '("test 3",t)', 'the version is recorded');
ROLLBACK;

-- A role without any privilege but CREATE on the database owns its registry.
BEGIN;
CREATE ROLE registry_test_owner;
CREATE ROLE registry_test_stranger;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO registry_test_owner', current_database()); END $$;
GRANT USAGE ON SCHEMA tap TO registry_test_owner, registry_test_stranger;
SET ROLE registry_test_owner;
SELECT lives_ok($$SELECT antifraud.create_registry('owned')$$, 'an ordinary role creates a registry');
INSERT INTO owned.unit (code, region, name) VALUES ('u', '370323002002', 'n');
INSERT INTO owned.fraud_case (unit, filed_on) VALUES ('u', '2023-06-01');
SELECT is((SELECT s.total FROM owned.scores('nanma-2023') AS s), 93::numeric, 'and uses it');
RESET ROLE;
SELECT is((SELECT count(*)::int FROM pg_class WHERE relnamespace = 'owned'::regnamespace AND relowner <> 'registry_test_owner'::regrole), 0, 'it owns every relation');

SET ROLE registry_test_stranger;
SELECT throws_ok('SELECT * FROM owned.fact', '42501', 'permission denied for schema owned', 'a stranger sees nothing');
SELECT throws_ok($$SELECT antifraud.create_registry('mine')$$, '42501', NULL, 'and creates nothing');
RESET ROLE;
GRANT USAGE ON SCHEMA owned TO registry_test_stranger;
SET ROLE registry_test_stranger;
SELECT throws_ok('SELECT * FROM owned.fact', '42501', 'permission denied for view fact', 'nor with the schema alone');
SELECT throws_ok($$SELECT * FROM owned.scores('nanma-2023')$$, '42501', 'permission denied for function scores', 'nor through a function');
SELECT throws_ok('INSERT INTO owned.fraud_case (unit, filed_on) VALUES (''u'', ''2023-06-01'')', '42501', 'permission denied for table fraud_case', 'nor writes');
RESET ROLE;
-- The view does not lend the owner's eyes.
GRANT SELECT ON owned.fact TO registry_test_stranger;
SET ROLE registry_test_stranger;
SELECT throws_ok('SELECT * FROM owned.fact', '42501', NULL, 'the view shows only what the reader may read in the tables');
RESET ROLE;

SELECT is((SELECT array_agg(relname ORDER BY relname) FROM pg_class WHERE relnamespace = 'fraud'::regnamespace AND relkind = 'v'
           AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)), NULL, 'every view is security_invoker');
SELECT is((SELECT array_agg(DISTINCT p.oid::regprocedure::text) FROM pg_proc AS p WHERE p.pronamespace = 'fraud'::regnamespace
           AND has_function_privilege('registry_test_stranger', p.oid, 'EXECUTE')), NULL, 'no function is for everybody');
SELECT is((SELECT array_agg(c.relname ORDER BY c.relname) FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
           WHERE c.relnamespace = 'fraud'::regnamespace AND a.grantee = 0), NULL, 'no relation is for everybody');
SELECT is((SELECT array_agg(p.oid::regprocedure::text) FROM pg_proc AS p WHERE p.pronamespace = 'fraud'::regnamespace AND p.prosecdef), NULL, 'no function is SECURITY DEFINER');
SELECT is((SELECT array_agg(p.oid::regprocedure::text) FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
           -- a procedure that commits can have no setting of its own, and names every schema
           WHERE p.pronamespace = 'fraud'::regnamespace AND p.prokind <> 'p'
             AND NOT CASE l.lanname WHEN 'sql' THEN p.prosqlbody IS NOT NULL ELSE coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false) END),
  NULL, 'SQL functions have SQL-standard bodies, others a pinned search_path');

-- Each object says what it means.
SELECT is((SELECT array_agg(relname ORDER BY relname) FROM pg_class WHERE relnamespace = 'fraud'::regnamespace AND relkind IN ('r', 'v')
           AND obj_description(oid, 'pg_class') IS NULL), NULL, 'every table and view has a comment');
SELECT is((SELECT array_agg(c.relname || '.' || a.attname ORDER BY 1) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
           WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind IN ('r', 'v') AND col_description(c.oid, a.attnum) IS NULL), NULL, 'every column has a comment');
SELECT is((SELECT array_agg(oid::regprocedure::text) FROM pg_proc WHERE pronamespace = 'fraud'::regnamespace
           AND obj_description(oid, 'pg_proc') IS NULL), NULL, 'every function has a comment');
SELECT is((SELECT array_agg(conname || ' of ' || conrelid::regclass::text ORDER BY 1) FROM pg_constraint
           WHERE connamespace = 'fraud'::regnamespace AND conname ~ '_(check|fkey|key|pkey)\d*$'), NULL, 'every constraint bears a name of its own');

-- An index for each foreign key would cost more than it gives on code lists;
-- those that a unit's deletion or an edition's would scan are there.
SELECT has_index('fraud', 'fraud_case', 'fraud_case_unit', 'cases are found by unit');

SELECT * FROM finish();
ROLLBACK;
