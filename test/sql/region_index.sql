-- region in indexes and joins: containment, and comparison with text.
-- Plans are shown as their conditions only, since the rest differs between
-- versions of PostgreSQL.
SET search_path = public, antifraud;
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SET max_parallel_workers_per_gather = 0;
SET jit = off;

-- The scans, joins and conditions of a plan, the same on every version; a
-- parameter or the result of a sub-select is shown as `?`.
CREATE FUNCTION plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query
  LOOP
    IF line ~ '(Index Cond|Recheck Cond|Hash Cond|Merge Cond|Filter|Join|Index (Only )?Scan|Bitmap|Seq Scan)' THEN
      line := regexp_replace(line, '\(InitPlan \d+\)\.col1|\$\d+', '?', 'g');
      RETURN NEXT regexp_replace(line, '^\s*(->\s*)?', '');
    END IF;
  END LOOP;
END
$$;

-- Two prefectures with two counties each, two towns in each county, three
-- villages in each town; a prefecture without counties beside them.
CREATE TABLE place (code region PRIMARY KEY, label text, short varchar(20));
INSERT INTO place
SELECT DISTINCT region_ancestor(village, level)
FROM (SELECT format('99%s%s%s%s', p, c, t, v)::region FROM unnest('{01,02}'::text[]) p, unnest('{01,02}'::text[]) c,
        unnest('{001,100}'::text[]) t, unnest('{001,002,200}'::text[]) v) AS g (village), generate_series(1, 5) AS level
UNION SELECT unnest('{9919,991900003,991900003001}'::region[]);
UPDATE place SET label = code, short = code::text || '000';
UPDATE place SET short = code WHERE region_level(code) < 4;
ANALYZE place;
SELECT region_level(code), count(*) FROM place GROUP BY 1 ORDER BY 1;

-- Containment with a constant, a sub-select, a parameter; either way round.
SELECT plan($$SELECT * FROM place WHERE code <@ '9901'$$);
SELECT plan($$SELECT * FROM place WHERE region '9901' @> code$$);
SELECT plan($$SELECT * FROM place WHERE code <@ (SELECT region '990102')$$);
SELECT plan($$SELECT * FROM place WHERE (SELECT region '990102') @> code$$);
SELECT plan($$SELECT * FROM place WHERE code <@ '990102'::text$$);
SELECT plan($$SELECT * FROM place WHERE code <@ (SELECT '990102'::text)$$);
SELECT plan($$SELECT * FROM place WHERE (SELECT '990102'::varchar) @> code$$);
SELECT plan($$SELECT * FROM place WHERE code <@ 'nowhere'::text$$);
SELECT plan($$SELECT * FROM place WHERE region_within(code, '9901')$$);
SET app.scope = '9902';
SELECT plan($$SELECT * FROM place WHERE code <@ current_setting('app.scope')::region$$);
SELECT plan($$SELECT * FROM place WHERE code @> '990102001'$$);
SELECT plan($$SELECT * FROM place WHERE (SELECT region '990102001') <@ code$$);
SELECT plan($$SELECT * FROM place WHERE code @> (SELECT '990102001'::text)$$);
SELECT plan($$SELECT * FROM (VALUES (region '9901'), ('9902')) AS scope (root) JOIN place ON code <@ root$$);
SELECT plan($$SELECT * FROM place WHERE label <@ region '9901'$$);
-- The other side may not move with the row, nor be volatile.
SELECT plan($$SELECT * FROM place WHERE code <@ region_parent(code)$$);
SELECT plan($$SELECT * FROM place WHERE code <@ (random()::int + 33)::text$$);

SELECT code FROM place WHERE code <@ '990102' ORDER BY code;
SELECT code FROM place WHERE code <@ (SELECT '990102001000'::text) ORDER BY code;
SELECT count(*) FROM place WHERE code <@ 'nowhere'::text;
SELECT count(*) FROM place WHERE code <@ (SELECT 'nowhere'::text);
SELECT count(*) FROM place WHERE code <@ NULL::region;
SELECT code FROM place WHERE code @> '990102001002' ORDER BY code;
SELECT code FROM place WHERE code @> '991900003001' ORDER BY code;
SELECT count(*) FROM place WHERE code @> (SELECT 'nowhere'::text);
SELECT root, count(*) FROM (VALUES (region '9901'), ('990202'), ('9919')) AS scope (root) JOIN place ON code <@ root GROUP BY root ORDER BY root;
SELECT region '331126' <@ '33' AS a, region '33' <@ '331126' AS b, region '33' <@ '33' AS c, region '33' @> '331126' AS d,
  '331126'::text <@ region '3311' AS e, region '3311' @> '331126'::text AS f, '33'::text @> region '331126' AS g,
  'x'::text <@ region '33' AS h, region '33' <@ 'x'::text AS i, region '33' @> 'x'::text AS j, 'x'::text @> region '33' AS k;

-- A row policy with a sub-select uses the index for whoever it binds.
CREATE TABLE desk (clerk name, scope region);
INSERT INTO desk VALUES ('regress_region_clerk', '990201');
CREATE ROLE regress_region_clerk;
GRANT SELECT ON place, desk TO regress_region_clerk;
GRANT USAGE ON SCHEMA antifraud TO regress_region_clerk;
ALTER TABLE place ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON place USING (code <@ (SELECT scope FROM desk WHERE clerk = current_user));
SET ROLE regress_region_clerk;
SELECT plan($$SELECT * FROM place$$);
SELECT plan($$SELECT * FROM place WHERE code = '990201001'$$);
SELECT count(*) FROM place;
SELECT code FROM place WHERE code @> '990201001001' ORDER BY code;
RESET ROLE;
-- Nor need the clerk have any right to the extension's schema.
BEGIN;
REVOKE ALL ON SCHEMA antifraud FROM regress_region_clerk, PUBLIC;
SET LOCAL ROLE regress_region_clerk;
SELECT plan($$SELECT * FROM place$$);
SELECT count(*) FROM place;
ROLLBACK;
ALTER TABLE place DISABLE ROW LEVEL SECURITY;
DROP POLICY scope ON place;
REVOKE ALL ON place, desk FROM regress_region_clerk;
REVOKE ALL ON SCHEMA antifraud FROM regress_region_clerk;
DROP ROLE regress_region_clerk;

-- Text parameters, as drivers send them.
SET plan_cache_mode = force_generic_plan;
PREPARE by_text(text) AS SELECT code FROM place WHERE code = $1;
PREPARE by_varchar(varchar) AS SELECT code FROM place WHERE code = $1;
PREPARE within_varchar(varchar) AS SELECT count(*) FROM place WHERE code <@ $1;
PREPARE by_array(text[]) AS SELECT code FROM place WHERE code = ANY ($1) ORDER BY code;
PREPARE by_list(varchar, varchar) AS SELECT code FROM place WHERE code IN ($1, $2) ORDER BY code;
PREPARE by_range(varchar, varchar) AS SELECT count(*) FROM place WHERE code BETWEEN $1 AND $2;
PREPARE by_others(varchar, varchar) AS SELECT count(*) FROM place WHERE code NOT IN ($1, $2);
PREPARE turned(varchar) AS SELECT code FROM place WHERE $1 = code;
PREPARE untyped AS SELECT code FROM place WHERE code = $1;
SELECT plan($$EXECUTE by_text('990102')$$);
SELECT plan($$EXECUTE by_varchar('990102')$$);
SELECT plan($$EXECUTE within_varchar('990102')$$);
SELECT plan($$EXECUTE by_array('{990102,990201}')$$);
SELECT plan($$EXECUTE by_list('990102', '990201')$$);
SELECT plan($$EXECUTE by_range('9901', '9902')$$);
SELECT plan($$EXECUTE turned('990102')$$);
SELECT plan($$EXECUTE untyped('990102')$$);
EXECUTE by_text('990102000000');
EXECUTE by_varchar(' 990102 ');
EXECUTE by_varchar('nowhere');
EXECUTE by_varchar('');
EXECUTE within_varchar('990102');
EXECUTE within_varchar('nowhere');
EXECUTE by_array('{990102000,nowhere,990201}');
EXECUTE by_list('990102', '990201000000');
EXECUTE by_range('9901', '990102001');
EXECUTE by_others('990102', 'nowhere');
EXECUTE turned('99');
EXECUTE untyped('990102000000');
RESET plan_cache_mode;

-- Literals are regions; a text column is compared as one.
SELECT code FROM place WHERE code = '990102000000' OR code IN ('99', '9901') OR code = ANY ('{990201}') ORDER BY code;
SELECT code FROM place WHERE code = 'nowhere';
SELECT plan($$SELECT * FROM place WHERE code IN (SELECT short FROM place WHERE label = '9901')$$);
SELECT count(*) FROM place WHERE code IN (SELECT short FROM place);
SELECT count(*) FROM place WHERE code NOT IN (SELECT short FROM place WHERE short LIKE '9901%');

-- Joins with a text column, by every method; the text is padded where the
-- code is not.
SELECT count(*) FROM place;
SET enable_mergejoin = off; SET enable_nestloop = off;
SELECT plan($$SELECT count(*) FROM place a JOIN (SELECT short FROM place LIMIT 5) AS b ON a.code = b.short$$);
SELECT count(*) FROM place a JOIN place b ON a.code = b.short;
SELECT count(*) FROM place a FULL JOIN place b ON a.code = b.short;
SELECT count(*) FROM place a FULL JOIN (VALUES ('99'), ('nowhere'), ('x')) AS b (t) ON a.code = b.t;
SET enable_mergejoin = on; SET enable_hashjoin = off;
SELECT plan($$SELECT count(*) FROM place a JOIN place b ON a.code = b.short$$);
SELECT count(*) FROM place a JOIN place b ON a.code = b.short;
SELECT count(*) FROM place a FULL JOIN place b ON b.short = a.code;
SELECT count(*) FROM place a FULL JOIN (VALUES ('99'), ('nowhere'), ('x')) AS b (t) ON a.code = b.t;
SET enable_nestloop = on; SET enable_mergejoin = off;
SELECT count(*) FROM place a JOIN place b ON a.code = b.short;
SET enable_hashjoin = on; SET enable_mergejoin = on;

-- Every combination compares alike, also with what is no code: one order.
CREATE TEMP TABLE sample AS
SELECT t, region_or_null(t) AS r FROM unnest(ARRAY['33', '330000', '331126', '331126000000', '331126001', '3311260', '34', '', 'x', '00', '33112', '331126x', '４', ' 331126']) AS t;
-- (t || '': since 16, PostgreSQL sorts a single column by its first key only.)
SELECT string_agg(quote_literal(t), ' ' ORDER BY t USING <#, (t || '') COLLATE "C") FROM sample;
SELECT bool_and((a.r < b.t) = (a.t <# b.t) AND (a.r <= b.t) = (a.t <=# b.t) AND (a.r = b.t) = (a.t =# b.t)
            AND (a.r >= b.t) = (a.t >=# b.t) AND (a.r > b.t) = (a.t ># b.t) AND (a.r <> b.t) = (a.t <># b.t)) AS region_text,
  bool_and((b.t > a.r) = (a.t <# b.t) AND (b.t >= a.r) = (a.t <=# b.t) AND (b.t = a.r) = (a.t =# b.t)
       AND (b.t <= a.r) = (a.t >=# b.t) AND (b.t < a.r) = (a.t ># b.t) AND (b.t <> a.r) = (a.t <># b.t)) AS text_region
FROM sample a, sample b WHERE a.r IS NOT NULL;
SELECT bool_and((a.r < b.r) = (a.t <# b.t) AND (a.r = b.r) = (a.t =# b.t)) AS region_region FROM sample a, sample b
WHERE a.r IS NOT NULL AND b.r IS NOT NULL;
SELECT count(*) AS broken FROM sample a, sample b, sample c WHERE a.t <=# b.t AND b.t <=# c.t AND NOT a.t <=# c.t;
SELECT count(*) AS broken FROM sample a, sample b WHERE a.t =# b.t
  AND (region_text_hash(a.t) <> region_text_hash(b.t) OR region_text_hash_extended(a.t, 7) <> region_text_hash_extended(b.t, 7));
SELECT count(*) AS broken FROM sample WHERE region_hash(r) <> region_text_hash(t) OR region_hash_extended(r, 7) <> region_text_hash_extended(t, 7);

-- Other index methods.
CREATE INDEX place_hash ON place USING hash (code);
CREATE INDEX place_brin ON place USING brin (code);
ALTER TABLE place DROP CONSTRAINT place_pkey;
SELECT plan($$SELECT * FROM place WHERE code = '990102000000'::text$$);
SET enable_bitmapscan = on;
SELECT plan($$SELECT * FROM place WHERE code <@ '990102'$$);
SELECT count(*) FROM place WHERE code <@ '990102';
CREATE INDEX place_second ON place (label, code);
SELECT plan($$SELECT label FROM place WHERE label = '990102' AND code <@ '9901'$$);
SELECT opcname, amname, amvalidate(c.oid) FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod
WHERE opcintype = 'region'::regtype ORDER BY 1, 2;

-- Partitions: a text finds the one that its region is in, by range and by hash.
RESET enable_seqscan;
CREATE TABLE spread (code region) PARTITION BY HASH (code);
SELECT format('CREATE TABLE spread%s PARTITION OF spread FOR VALUES WITH (MODULUS 3, REMAINDER %s)', n, n) FROM generate_series(0, 2) AS n \gexec
INSERT INTO spread SELECT code FROM place;
SELECT count(*) FROM plan($$SELECT * FROM spread WHERE code = '990102000000'::text$$) AS line WHERE line ~ 'Seq Scan';
SELECT count(*) FROM place p WHERE (SELECT count(*) FROM spread WHERE spread.code = p.short) <> 1;
CREATE TABLE ranged (code region) PARTITION BY RANGE (code);
CREATE TABLE ranged01 PARTITION OF ranged FOR VALUES FROM ('9901') TO ('9902');
CREATE TABLE ranged02 PARTITION OF ranged FOR VALUES FROM ('9902') TO ('9903');
SELECT plan($$SELECT * FROM ranged WHERE code = '990102000000'::text$$);
-- Pruning knows ranges only: with <@ alone both are looked at.
SELECT plan($$SELECT * FROM ranged WHERE code <@ '9902'$$);
SELECT plan($$SELECT * FROM ranged WHERE code BETWEEN '9902' AND region_last('9902')$$);

DROP TABLE place, desk, spread, ranged;
DROP FUNCTION plan(text);
