-- psql: variables, PREPARE with every type of parameter that drivers send, and
-- \copy in all forms, both ways.  Prints TAP; files go to the current directory.
\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on
\pset pager off
\encoding UTF8
SET client_min_messages = warning;

CREATE TEMP SEQUENCE tests;
CREATE FUNCTION pg_temp.equal(got text, wanted text, name text) RETURNS text
RETURN concat_ws(E'\n', format('%s %s - %s', CASE WHEN got IS NOT DISTINCT FROM wanted THEN 'ok' ELSE 'not ok' END,
  nextval('pg_temp.tests'), name), CASE WHEN got IS DISTINCT FROM wanted THEN regexp_replace(format(E'got %s\nnot %s', got, wanted), '^', '# ', 'gn') END);

SELECT '# psql ' || :'VERSION_NAME';

SELECT pg_temp.equal(
  (SELECT string_agg(DISTINCT type, ' ' ORDER BY type) FROM sample),
  (SELECT string_agg(typname::text, ' ' ORDER BY typname::text) FROM pg_type
   WHERE typnamespace = 'antifraud'::regnamespace AND typtype = 'b' AND typcategory <> 'A'),
  'there are samples of every type of the extension');

-- A value passes through a variable of psql.
SELECT written AS "written", canonical FROM sample WHERE type = 'rubric' AND n = 2 \gset
INSERT INTO holder_rubric VALUES (2, :'written');
SELECT pg_temp.equal(value::text, :'canonical', 'rubric: through a variable of psql') FROM holder_rubric;
SELECT value AS "value" FROM holder_rubric \gset
SELECT pg_temp.equal(:'value', :'canonical', 'rubric: the same with \gset');
TRUNCATE holder_rubric;

-- \copy does not take variables, so scripts are written and run: what was
-- sent goes to a file, from there to the table, and in each form on and back.
SELECT format(E'\\copy (SELECT n, written FROM sample WHERE type = %L UNION ALL SELECT 0, NULL) TO %I (FORMAT csv)', type, type || '.csv') || E'\n'
  || format(E'\\copy holder_%s FROM %I (FORMAT csv)', type, type || '.csv') || E'\n'
  || format($$SELECT pg_temp.equal((SELECT jsonb_agg(value::text ORDER BY n)::text FROM holder_%1$s),
       (SELECT jsonb_agg(v ORDER BY n)::text FROM (SELECT n, canonical FROM sample WHERE type = %1$L UNION ALL SELECT 0, NULL) AS s (n, v)),
       '%1$s: values and NULL, written and read with \copy');$$, type) || E'\n'
  || (SELECT string_agg(
         format(E'\\copy holder_%s TO %I (FORMAT %s)', type, type || '.' || form, form) || E'\n'
      || format('CREATE TEMP TABLE %I (LIKE holder_%s);', type || form, type) || E'\n'
      || format(E'\\copy %I FROM %I (FORMAT %s)', type || form, type || '.' || form, form) || E'\n'
      || format($$SELECT pg_temp.equal((SELECT jsonb_agg(value::text ORDER BY n)::text FROM %2$I),
           (SELECT jsonb_agg(value::text ORDER BY n)::text FROM holder_%1$s),
           '%1$s: \copy out and in again, %3$s');$$, type, type || form, form), E'\n')
     FROM (VALUES ('text'), ('csv'), ('binary')) AS f (form))
FROM (SELECT DISTINCT type FROM sample) AS t ORDER BY type
\g copies.psql
\i copies.psql

\copy many_region TO many_region.bin (FORMAT binary)
CREATE TEMP TABLE copied (value region);
\copy copied FROM many_region.bin (FORMAT binary)
SELECT pg_temp.equal(count(*)::text, '20000', '20,000 regions by binary \copy') FROM copied JOIN many_region USING (value);

-- The conditions: with literals, and prepared with parameters whose types are
-- left open or are those that drivers send.
CREATE FUNCTION pg_temp.filled(condition text, arguments text[]) RETURNS text
RETURN (SELECT string_agg(part || coalesce(arguments[n], ''), '' ORDER BY n)
        FROM regexp_split_to_table(condition, '\?') WITH ORDINALITY AS p (part, n));
CREATE FUNCTION pg_temp.as_text(argument jsonb) RETURNS text
RETURN CASE jsonb_typeof(argument)
  WHEN 'array' THEN (SELECT array_agg(a)::text FROM jsonb_array_elements_text(argument) AS a) ELSE argument #>> '{}' END;
CREATE TEMP VIEW asked AS
SELECT q.*, format('SELECT count(*) AS %s FROM many_%s WHERE ', marker, type) AS query, a.*
FROM question AS q, LATERAL (
  SELECT array_agg(pg_temp.as_text(argument) ORDER BY n) AS literals,
    array_agg(quote_literal(pg_temp.as_text(argument)) ORDER BY n) AS quoted,
    array_agg('$' || n ORDER BY n) AS numbered,
    array_agg(CASE jsonb_typeof(argument) WHEN 'array' THEN '[]' ELSE '' END ORDER BY n) AS dimensions
  FROM jsonb_array_elements(q.arguments) WITH ORDINALITY AS u (argument, n)) AS a;

\pset fieldsep '\n'
SELECT format($$%s \gset
    SELECT pg_temp.equal(:'%s', '%s', %L), pg_temp.equal(plan_of_text(%L), 'index', %L);$$,
  query || pg_temp.filled(condition, quoted), marker, found, format('%s: %s finds %s, literals', marker, condition, found),
  query || pg_temp.filled(condition, quoted), format('%s: by the index, literals', marker))
FROM asked ORDER BY marker
\g literals.psql
\i literals.psql

SELECT format($$PREPARE %1$I (%2$s) AS %3$s;
    EXECUTE %1$I (%4$s) \gset
    SELECT pg_temp.equal(:'%5$s', '%6$s', %7$L), pg_temp.equal(p.used, 'index', format('%5$s: by the index, %8$s, parameters %%s', p.types))
    FROM plan_of(%9$L, %10$L) AS p;
    DEALLOCATE %1$I;$$,
  marker || ' ' || sent, (SELECT string_agg(sent || CASE sent WHEN 'unknown' THEN '' ELSE d END, ', ') FROM unnest(dimensions) AS d),
  query || pg_temp.filled(condition, numbered), array_to_string(quoted, ', '),
  marker, found, format('%s: %s finds %s, %s', marker, condition, found, sent), sent, 'AS ' || marker || ' FROM', literals)
FROM asked, unnest(ARRAY['unknown', 'text', 'varchar']) AS sent ORDER BY marker, sent
\g prepared.psql
\i prepared.psql

-- From 16 on psql binds parameters, without a type (15 refuses the command even
-- where \if skips it, so it stands in a script).
SELECT $$SELECT count(*) AS bound FROM many_region WHERE value = $1 \bind 339999007001000 \gset
  SELECT pg_temp.equal(:'bound', '1', 'with \bind');$$
\g bind.psql
SELECT :VERSION_NUM >= 160000 AS binds \gset
\if :binds
  \i bind.psql
\endif

-- The types that are documents compare by index with a value of their type: a
-- text is compared with their text, without an index, and must be canonical.
SELECT format($$PREPARE %1$I (%2$s) AS SELECT count(*) AS %1$s FROM many_%3$s WHERE value = $1;
    EXECUTE %1$I (%4$L) \gset
    SELECT pg_temp.equal(:'%1$s', '1', '%3$s: value = ? finds 1, %2$s'),
      pg_temp.equal(CASE p.used WHEN 'index' THEN 'by the index' ELSE 'without it' END, '%5$s', '%3$s: %5$s, %2$s')
    FROM plan_of('AS %1$s FROM', ARRAY[%4$L]) AS p;
    DEALLOCATE %1$I;$$,
  type || '_' || sent, sent, type, value, CASE sent WHEN 'unknown' THEN 'by the index' ELSE 'without it' END)
FROM (SELECT type, CASE type WHEN 'calendar' THEN '{"holiday":["2001-01-31"]}' ELSE arguments->>0 END
      FROM question WHERE marker LIKE '%\_cast') AS d (type, value), unnest(ARRAY['unknown', 'text']) AS sent
ORDER BY type, sent
\g documents.psql
\i documents.psql

-- A pattern is one on the text, and finds its rows without the index.
PREPARE pattern (text) AS SELECT count(*) AS pattern FROM many_region WHERE value LIKE $1;
EXECUTE pattern ('339999007%') \gset
SELECT pg_temp.equal(:'pattern', '200', 'LIKE finds 200 villages');
SELECT pg_temp.equal((used ~ 'Seq Scan')::text, 'true', 'without the index') FROM plan_of('AS pattern FROM', ARRAY['339999007%']);

-- Without the schema in search_path the operators are not found: values are
-- compared as texts, without an index and without reading the text as a code.
BEGIN;
SET LOCAL search_path = public;
PREPARE away (text) AS SELECT count(*) AS away FROM many_region WHERE value = $1;
EXECUTE away ('339999007001000') \gset
SELECT pg_temp.equal(:'away', '0', 'without antifraud in search_path a padded code is another text');
SELECT pg_temp.equal((used ~ 'Seq Scan')::text, 'true', 'and no index is used') FROM plan_of('AS away FROM', ARRAY['339999007001000']);
ROLLBACK;

-- An error of a type, as psql shows it.
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
INSERT INTO holder_region VALUES (1, '33112') \g errors.txt
SELECT pg_temp.equal(:'LAST_ERROR_SQLSTATE', '22P02', 'a bad region is error 22P02');
\set ON_ERROR_STOP on

SELECT '1..' || currval('pg_temp.tests');
