-- What every object of the extension owes its users, read from the catalogs,
-- so that new objects are held to it without a line here.
\ir setup.psql

SELECT no_plan();

-- The extension's own objects.
CREATE TEMP VIEW member AS
SELECT classid, objid, pg_describe_object(classid, objid, 0) AS name
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'antifraud')
  AND deptype = 'e';

CREATE TEMP VIEW routine AS
SELECT p.*, p.oid::regprocedure::text AS signature
FROM member JOIN pg_proc p ON p.oid = objid AND classid = 'pg_proc'::regclass;

-- Rows of a query that should have none, as one line.
CREATE FUNCTION pg_temp.none(names text[], what text) RETURNS text
LANGUAGE sql RETURN tap.is(coalesce(array_to_string(names, ', '), ''), '', what);

SELECT is(
  (SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'antifraud'),
  'antifraud', 'it lives in the schema antifraud');
SELECT cmp_ok((SELECT count(*) FROM routine), '>', 0::bigint, 'it has functions');

-- No tables: a dump would lose their rows, their policies and their indexes.
SELECT pg_temp.none(
  (SELECT array_agg(name ORDER BY name) FROM member JOIN pg_class c ON c.oid = objid
   WHERE classid = 'pg_class'::regclass AND relkind <> 'c'),
  'it owns no table, sequence, view or index');

SELECT pg_temp.none(
  (SELECT array_agg(name ORDER BY name) FROM member
   LEFT JOIN pg_proc p ON classid = 'pg_proc'::regclass AND p.oid = objid
   LEFT JOIN pg_type t ON classid = 'pg_type'::regclass AND t.oid = objid
   LEFT JOIN pg_class c ON classid = 'pg_class'::regclass AND c.oid = objid
   LEFT JOIN pg_namespace n ON classid = 'pg_namespace'::regclass AND n.oid = objid
   WHERE coalesce(pronamespace, typnamespace, relnamespace, n.oid, 'antifraud'::regnamespace) <> 'antifraud'::regnamespace),
  'nothing of it is outside its schema');

-- Parts of another object: rows and columns of operator families, internal
-- array types, row types.
SELECT pg_temp.none(
  (SELECT array_agg(name ORDER BY name) FROM member
   WHERE classid NOT IN ('pg_amop'::regclass, 'pg_amproc'::regclass, 'pg_namespace'::regclass)
     AND NOT (classid = 'pg_type'::regclass
              AND EXISTS (SELECT FROM pg_type t WHERE t.oid = objid AND (typcategory = 'A' OR typrelid <> 0)))
     AND obj_description(objid, classid::regclass::text) IS NULL),
  'each object has a comment');

SELECT pg_temp.none(
  (SELECT array_agg(signature ORDER BY signature) FROM routine WHERE prosecdef),
  'no function is SECURITY DEFINER');
SELECT pg_temp.none(
  (SELECT array_agg(signature ORDER BY signature) FROM routine WHERE proacl IS NOT NULL),
  'no privilege on a function is granted or revoked');
SELECT pg_temp.none(
  (SELECT array_agg(format('%s to %s', privilege_type, grantee::regrole))
   FROM pg_namespace CROSS JOIN aclexplode(nspacl)
   WHERE nspname = 'antifraud' AND grantee <> nspowner AND NOT (grantee = 0 AND privilege_type = 'USAGE')),
  'the schema grants no more than its use');
SELECT pg_temp.none(
  (SELECT array_agg(signature ORDER BY signature)
   FROM routine JOIN pg_language l ON l.oid = prolang
   WHERE lanname NOT IN ('c', 'internal', 'sql')
     AND NOT coalesce(proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)),
  'each function in another language than C and SQL pins search_path');
SELECT pg_temp.none(
  (SELECT array_agg(signature ORDER BY signature)
   FROM routine JOIN pg_language l ON l.oid = prolang
   WHERE lanname = 'sql' AND prosqlbody IS NULL),
  'each SQL function has an SQL-standard body');

-- Functions that read or write tables, by name; all others are immutable,
-- but for planner estimates, which read statistics, and first_call.
CREATE TEMP TABLE table_reader (proname name PRIMARY KEY);
INSERT INTO table_reader VALUES ('create_registry'), ('upgrade_registry'), ('refresh_next_due'), ('create_bi'), ('bi_reads'), ('grant_bi'), ('first_call');
SELECT pg_temp.none(
  (SELECT array_agg(signature ORDER BY signature) FROM routine
   WHERE provolatile <> 'i' AND prorettype <> 'trigger'::regtype
     AND NOT (prorettype = 'float8'::regtype AND proargtypes[0] = 'internal'::regtype)
     AND NOT EXISTS (SELECT FROM table_reader r WHERE r.proname = routine.proname)),
  'each function that reads no table is immutable');
SELECT pg_temp.none(
  (SELECT array_agg(signature ORDER BY signature) FROM routine
   WHERE provolatile = 'i' AND proparallel <> 's'),
  'each immutable function is parallel safe');

SELECT pg_temp.none(
  (SELECT array_agg(name ORDER BY name) FROM member WHERE CASE classid WHEN 'pg_opclass'::regclass THEN NOT amvalidate(objid) ELSE false END),
  'amvalidate accepts each operator class');

-- Base types: binary form, and what an index, a join and DISTINCT need.
CREATE TEMP VIEW base_type AS
SELECT t.* FROM member JOIN pg_type t ON t.oid = objid AND classid = 'pg_type'::regclass
WHERE typtype = 'b' AND typcategory <> 'A';
SELECT pg_temp.none(
  (SELECT array_agg(typname::text ORDER BY typname) FROM base_type WHERE typreceive = 0 OR typsend = 0),
  'each base type has a binary form');
-- An accumulator is neither compared nor grouped by.
SELECT pg_temp.none(
  (SELECT array_agg(typname || ' ' || amname ORDER BY typname, amname)
   FROM base_type CROSS JOIN pg_am am
   WHERE amname IN ('btree', 'hash') AND typname <> 'score_table'
     AND NOT EXISTS (SELECT FROM pg_opclass WHERE opcmethod = am.oid AND opcintype = base_type.oid AND opcdefault)),
  'each base type has a default btree and hash operator class');

-- Operators that promise an index or a join keep the promise.
SELECT pg_temp.none(
  (SELECT array_agg(name ORDER BY name)
   FROM member JOIN pg_operator o ON o.oid = objid AND classid = 'pg_operator'::regclass
   WHERE oprresult = 'boolean'::regtype AND (oprrest = 0 OR oprjoin = 0)),
  'each boolean operator has selectivity estimators');
SELECT pg_temp.none(
  (SELECT array_agg(name ORDER BY name)
   FROM member JOIN pg_operator o ON o.oid = objid AND classid = 'pg_operator'::regclass
   WHERE (oprcanmerge AND NOT EXISTS (SELECT FROM pg_amop JOIN pg_am am ON am.oid = amopmethod
                                      WHERE amopopr = o.oid AND amname = 'btree' AND amopstrategy = 3))
      OR (oprcanhash AND NOT EXISTS (SELECT FROM pg_amop JOIN pg_am am ON am.oid = amopmethod
                                     WHERE amopopr = o.oid AND amname = 'hash'))),
  'each operator marked MERGES or HASHES is in such a family');

SELECT * FROM finish();
