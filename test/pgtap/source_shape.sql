-- A source that its owner changes after it was added: what is kept of it, what
-- of a change is seen, and what is none.
\ir setup.psql

SELECT no_plan();
\ir registry_setup.psql

CREATE SCHEMA legacy;
CREATE ROLE shape_office;
CREATE TABLE legacy.list (no integer PRIMARY KEY, place text, kind varchar(10), day date, paid numeric);
INSERT INTO legacy.list VALUES (1, '370323002002', 'a', '2023-09-01', 5), (2, '370323002002', 'b', '2023-09-02', 5), (3, '370323002003', 'c', '2023-09-03', 5);
CREATE FUNCTION legacy.is_case(kind text) RETURNS boolean STABLE LANGUAGE sql AS $$SELECT kind <> 'x'$$;
CREATE FUNCTION legacy.half(n numeric) RETURNS numeric IMMUTABLE LANGUAGE sql RETURN n / 2;
CREATE OPERATOR legacy.%% (FUNCTION = legacy.half, RIGHTARG = numeric);
-- each constant is written otherwise under other settings, and the list of
-- varchar words after a restore
CREATE VIEW legacy.lower AS SELECT l.no, l.place, l.kind, l.day, OPERATOR(legacy.%%) l.paid AS paid FROM legacy.list AS l
  WHERE l.kind IN ('a', 'b', 'c') AND l.day >= '2023-05-01'::date AND l.day + '1 day 02:00'::interval > '2023-01-31 23:00+08'::timestamptz AND l.paid < 1e300::float8 AND '\x00ff'::bytea <> '\x' AND 'a\b' <> ''
    AND l.paid < 1000000 AND 3.25::money > 1::money;
CREATE VIEW legacy.upper AS SELECT * FROM (SELECT 1, u.* FROM legacy.lower AS u WHERE legacy.is_case(u.kind) UNION ALL SELECT 2, l.* FROM legacy.lower AS l WHERE false) AS x (branch);
ALTER TABLE legacy.list ENABLE ROW LEVEL SECURITY;
CREATE POLICY kinds ON legacy.list FOR SELECT USING (kind IN ('a', 'b', 'c', 'it''s') OR day = '2023-09-01');

-- ---------------------------------------------------------------- what is kept
SELECT fraud.add_source('case', 'legacy.upper', '{"region":"place","occurred_on":"day","source_key":"no","amount":"paid"}') \g /dev/null
SELECT results_eq($$SELECT object, string_agg(part, ', ' ORDER BY part COLLATE "C") FROM fraud.shape_of_relation('legacy.upper') GROUP BY object ORDER BY object COLLATE "C"$$,
  $$VALUES ('function legacy.half(numeric)', 'definition, owner, security'),
           ('function legacy.is_case(text)', 'body, owner, security'),
           ('table legacy.list', 'column day, column kind, column no, column paid, column place, owner, policy kinds, security'),
           ('view legacy.lower', 'column day, column kind, column no, column paid, column place, definition, owner, security'),
           ('view legacy.upper', 'column branch, column day, column kind, column no, column paid, column place, definition, owner, security')$$, 'the view and all that it reads');
SELECT results_eq($$SELECT no, digest = fraud.source_digest('legacy.upper'), accepted_by, reason FROM fraud.source_shape$$, $$VALUES (1, true, current_user::text COLLATE "default", NULL::text)$$, 'is kept when it is added');
SELECT is_empty($$SELECT * FROM fraud.lint_sources()$$, 'and is as it was');
SELECT is_empty($$SELECT * FROM fraud.check_source('case', 'legacy.upper') WHERE finding = 'change'$$, 'check_source() says nothing of it');

-- --------------------------------------------- what is no change: other settings
CREATE TEMP TABLE told AS SELECT fraud.source_digest('legacy.upper') AS digest;
SET datestyle = 'German'; SET intervalstyle = sql_standard; SET timezone = 'America/New_York'; SET extra_float_digits = -5; SET bytea_output = escape;
SET quote_all_identifiers = on; SET standard_conforming_strings = off; SET escape_string_warning = off; SET search_path = legacy, public, antifraud, tap;
SELECT is((SELECT fraud.source_digest('legacy.upper')), (SELECT digest FROM told), 'no setting of a session changes the digest');
SELECT is_empty('SELECT * FROM fraud.lint_sources()', 'nor what is found');
SET quote_all_identifiers = off; SET standard_conforming_strings = on;
SET datestyle = 'ISO, YMD'; RESET intervalstyle; SET timezone = 'Asia/Shanghai'; RESET extra_float_digits; RESET bytea_output; SET search_path = public, antifraud, tap;

-- What a dump writes, and a restore reads: the list of varchar words of the
-- view below is written otherwise than before, so the digest is another one,
-- and nothing is found all the same.
DO $$
DECLARE v regclass; p text;
BEGIN
  PERFORM set_config('search_path', '', true);
  FOREACH v IN ARRAY '{legacy.lower,legacy.upper}'::regclass[] LOOP
    EXECUTE concat('CREATE OR REPLACE VIEW ', v, ' AS ', pg_get_viewdef(v));
  END LOOP;
  SELECT pg_get_expr(polqual, polrelid) INTO p FROM pg_policy WHERE polname = 'kinds';
  EXECUTE concat('ALTER POLICY kinds ON legacy.list USING (', p, ')');
  EXECUTE pg_get_functiondef('legacy.half(numeric)'::regprocedure);
  PERFORM set_config('search_path', 'public, antifraud, tap', true);
END
$$;
SELECT isnt(fraud.source_digest('legacy.upper'), (SELECT digest FROM told), 'a definition that was restored is written otherwise');
SELECT is_empty('SELECT problem, object, part, kept, now FROM fraud.lint_sources()', 'which is no change');
SELECT is(pg_temp.message_of($$SELECT fraud.accept_source_change('case', 'legacy.upper', fraud.source_digest('legacy.upper'), 'restored')$$), '55000 legacy.upper has not changed', 'nor anything to accept');

-- --------------------------------------------------------------- what is a change
CREATE FUNCTION pg_temp.found() RETURNS text LANGUAGE sql AS $$SELECT string_agg(concat_ws(' ', l.problem, l.object, l.part), ', ' ORDER BY l.object COLLATE "C", l.part COLLATE "C") FROM fraud.lint_sources() AS l$$;
-- Each statement in a transaction that is taken back.
CREATE FUNCTION pg_temp.found_after(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  EXECUTE statement;
  said := pg_temp.found();
  RAISE EXCEPTION 'back' USING ERRCODE = 'AF001';
EXCEPTION WHEN SQLSTATE 'AF001' THEN
  RETURN said;
END
$$;
SELECT is(pg_temp.found_after(t.statement), t.found, t.statement)
FROM (VALUES
  ('CREATE OR REPLACE VIEW legacy.upper AS SELECT 1 AS branch, l.* FROM legacy.lower AS l', 'gone function legacy.is_case(text) body, gone function legacy.is_case(text) owner, gone function legacy.is_case(text) security, changed view legacy.upper definition'),
  ('CREATE OR REPLACE FUNCTION legacy.is_case(kind text) RETURNS boolean STABLE LANGUAGE sql AS $f$SELECT true$f$', 'changed function legacy.is_case(text) body'),
  ('CREATE OR REPLACE FUNCTION legacy.half(n numeric) RETURNS numeric IMMUTABLE LANGUAGE sql RETURN n * 2', 'changed function legacy.half(numeric) definition'),
  ('ALTER FUNCTION legacy.is_case(text) STRICT', 'changed function legacy.is_case(text) security'),
  ('CREATE TABLE legacy.more () INHERITS (legacy.list)', 'added table legacy.list child legacy.more'),
  ('ALTER FUNCTION legacy.is_case(text) SECURITY DEFINER', 'changed function legacy.is_case(text) security'),
  ('ALTER FUNCTION legacy.is_case(text) OWNER TO shape_office', 'changed function legacy.is_case(text) owner'),
  ('ALTER VIEW legacy.lower OWNER TO shape_office', 'changed view legacy.lower owner'),
  ('ALTER VIEW legacy.lower SET (security_invoker = true)', 'changed view legacy.lower security'),
  ('ALTER TABLE legacy.list OWNER TO shape_office', 'changed table legacy.list owner'),
  ('ALTER TABLE legacy.list ADD more text', 'added table legacy.list column more'),
  ('ALTER TABLE legacy.list DISABLE ROW LEVEL SECURITY', 'changed table legacy.list security'),
  ('ALTER POLICY kinds ON legacy.list USING (kind IN (''a'', ''b''))', 'changed table legacy.list policy kinds'),
  ('ALTER POLICY kinds ON legacy.list TO shape_office', 'changed table legacy.list policy kinds'),
  ('CREATE POLICY more ON legacy.list FOR SELECT USING (true)', 'added table legacy.list policy more'),
  ('CREATE POLICY writes ON legacy.list FOR INSERT WITH CHECK (true)', NULL),
  ('INSERT INTO legacy.list VALUES (4, ''370323002003'', ''c'', ''2023-09-03'', 5)', NULL),
  ('ALTER TABLE legacy.list SET (fillfactor = 50)', NULL),
  ('ALTER ROLE shape_office SET work_mem = ''8MB''', NULL),
  ('GRANT SELECT ON legacy.upper TO shape_office', NULL)) AS t (statement, found);

-- ---------------------------------------------------------- reported and accepted
SELECT results_eq($$SELECT step, written FROM fraud.tick('2023-10-01') WHERE step = 'sources'$$, $$VALUES ('sources', 0::bigint)$$, 'a tick finds nothing');
CREATE OR REPLACE FUNCTION legacy.is_case(kind text) RETURNS boolean STABLE LANGUAGE sql AS $$SELECT kind <> 'c'$$;
SELECT results_eq($$SELECT value, reason, reason_zh FROM fraud.check_source('case', 'legacy.upper') WHERE finding = 'change'$$,
  $$VALUES ('function legacy.is_case(text): body', 'It is not as it was when the source was added, or last accepted.', '来源的定义在添加（或上次确认）之后被改动。')$$, 'check_source() says what has changed');
SELECT results_eq($$SELECT kept, now FROM fraud.lint_sources()$$, $$VALUES (E'sql\nSELECT kind <> ''x''', E'sql\nSELECT kind <> ''c''')$$, 'lint_sources() from what to what');
SELECT results_eq($$SELECT written FROM fraud.tick('2023-10-01') WHERE step = 'sources'$$, $$VALUES (1::bigint)$$, 'the same tick again reports it');
SELECT results_eq($$SELECT topic, payload FROM fraud.outbox WHERE topic = 'source_change'$$, $$SELECT 'source_change', format('{"source": %s, "measure": "case", "lines": 1}', id)::jsonb FROM fraud.source$$, 'by a message');
SELECT results_eq($$SELECT written FROM fraud.tick('2023-10-02') WHERE step = 'sources'$$, $$VALUES (0::bigint)$$, 'once');
SELECT is(fraud.source_digest('legacy.upper'), (SELECT digest FROM fraud.lint_sources()), 'it has a digest');

SELECT is(pg_temp.message_of(t.statement), t.message, t.message)
FROM (VALUES
  ($$SELECT fraud.accept_source_change('den', 'legacy.upper', '', '')$$, 'P0002 legacy.upper does not supply measure ''den'''),
  ($$SELECT fraud.accept_source_change('case', NULL, '', '')$$, 'P0002 NULL does not supply measure ''case'''),
  ($$SELECT fraud.accept_source_change('case', 'legacy.upper', fraud.source_digest('legacy.upper'), '  ')$$, '22004 a change of legacy.upper is not accepted without a reason'),
  ($$SELECT fraud.accept_source_change('case', 'legacy.upper', 'ab', 'agreed')$$, '55000 legacy.upper is not what the digest ''ab'' says'),
  ($$SELECT fraud.accept_source_change('case', 'legacy.upper', NULL, 'agreed')$$, '55000 legacy.upper is not what the digest NULL says')) AS t (statement, message);
GRANT USAGE ON SCHEMA fraud, tap TO shape_office;
GRANT EXECUTE ON FUNCTION fraud.accept_source_change(text, regclass, text, text), fraud.check_owner(text, text, text) TO shape_office;
SET ROLE shape_office;
SELECT is(pg_temp.message_of($$SELECT fraud.accept_source_change('case', NULL, '', 'agreed')$$), '42501 only the owner of the registry accepts changes of sources', 'only the owner of the registry accepts');
RESET ROLE;

SELECT is(fraud.accept_source_change('case', 'legacy.upper', digest, ' letter 7 '), 2, 'the change is accepted') FROM fraud.lint_sources();
SELECT results_eq($$SELECT no, accepted_by, reason FROM fraud.source_shape WHERE no > 1$$, $$VALUES (2, current_user::text COLLATE "default", 'letter 7')$$, 'by whom and why');
SELECT ok(accepted_at > now() - interval '1 minute', 'and when') FROM fraud.source_shape WHERE no = 2;
SELECT is_empty('SELECT * FROM fraud.lint_sources()', 'and holds from now on');
CREATE OR REPLACE FUNCTION legacy.is_case(kind text) RETURNS boolean STABLE LANGUAGE sql AS $$SELECT kind <> 'x'$$;
SELECT is(pg_temp.found(), 'changed function legacy.is_case(text) body', 'the way back is a change as well');
SELECT results_eq($$SELECT written FROM fraud.tick('2023-10-02') WHERE step = 'sources'$$, $$VALUES (1::bigint)$$, 'which is reported');

-- Another major version writes definitions in another way; what is no
-- definition is compared all the same.
UPDATE fraud.source_shape SET server_version = 1, shape = jsonb_path_query_array(shape, '$[*] ? (@.part != "definition")') || (SELECT jsonb_agg(x || '{"value":"in other words"}' - 'again'::text) FROM jsonb_path_query(shape, '$[*] ? (@.part == "definition")') AS x) WHERE no = 2;
SELECT is(pg_temp.found(), 'other_server function legacy.half(numeric) definition, changed function legacy.is_case(text) body, other_server view legacy.lower definition, other_server view legacy.upper definition', 'definitions of another version of the server cannot be compared');
DELETE FROM fraud.source_shape;
SELECT is(pg_temp.found(), 'not_kept', 'nor where nothing was kept');
SELECT is(fraud.accept_source_change('case', 'legacy.upper', (SELECT digest FROM fraud.lint_sources()), 'looked at'), 1, 'until somebody has looked');
SELECT is(pg_temp.found(), NULL, 'and said so');

-- What comes with the server, an extension or the registry, comes with its version.
CREATE VIEW legacy.of_others AS SELECT t.table_name, u.code, antifraud.region_level(u.region) AS level FROM information_schema.tables AS t CROSS JOIN fraud.region_unit AS r JOIN fraud.unit AS u ON u.code = r.unit;
SELECT is((SELECT string_agg(DISTINCT object, ', ') FROM fraud.shape_of_relation('legacy.of_others')), 'view legacy.of_others', 'nothing of the system, of extensions and of the registry is part of a source');

-- ------------------------------------------------------------------ foreign tables
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER other FOREIGN DATA WRAPPER nothing OPTIONS (host 'a');
CREATE FOREIGN TABLE legacy.far (place text OPTIONS (column_name 'dm'), day date) SERVER other OPTIONS (table_name 'aj');
INSERT INTO fraud.source (measure, relation, relation_name, mapping) VALUES ('den', 'legacy.far', 'legacy.far', '{}');
SELECT fraud.keep_source_shape(max(id), 'legacy.far') FROM fraud.source \g /dev/null
SELECT is(pg_temp.found(), NULL, 'a foreign table');
SELECT is(pg_temp.found_after(t.statement), t.found, t.statement)
FROM (VALUES
  ('ALTER SERVER other OPTIONS (SET host ''b'')', 'changed foreign table legacy.far server'),
  ('ALTER FOREIGN TABLE legacy.far OPTIONS (SET table_name ''b'')', 'changed foreign table legacy.far options'),
  ('ALTER FOREIGN TABLE legacy.far ALTER place OPTIONS (SET column_name ''b'')', 'changed foreign table legacy.far column place'),
  ('ALTER FOREIGN TABLE legacy.far ALTER day TYPE text', 'changed foreign table legacy.far column day')) AS t (statement, found);

SELECT * FROM finish();
