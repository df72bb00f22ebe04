-- Sources: tables of others that supply facts.  All numbers are worked out by
-- hand.  Under nanma-2023 a unit without facts has 95 points (no publicity:
-- 5 off item 8); its first case costs 2 (item 3, above last year's none), and
-- item 4 takes 1 for each case from 100,000, 2 from 300,000, 10 from 500,000.
\ir setup.psql

SELECT no_plan();
\ir registry_setup.psql

-- What is below fact, and how its views are made.
CREATE VIEW options_of_views AS
  SELECT c.relname::text AS name, c.reloptions::text AS options, obj_description(c.oid, 'pg_class') AS remark, c.relacl::text AS rights,
         (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation, col_description(c.oid, a.attnum)), ', ' ORDER BY a.attnum)
          FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns
  FROM pg_class AS c WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind = 'v' AND c.relname !~ '_source_[0-9]+$';
CREATE TABLE views_before AS SELECT * FROM options_of_views;

-- ------------------------------------------------------- a table with odd rows
CREATE SCHEMA legacy;
CREATE TABLE legacy."案件" ("案号" text, cun_dm text, lasj text, ssje text);
INSERT INTO legacy."案件" VALUES
  ('A1', '370323002002', '2023-09-01', '35000'),
  ('A2', '370323002003', '2023年9月2日', '35万'),
  ('A3', ' 370323002003 ', '45172', '600,000.00'),          -- Excel: 45170 is 2023-09-01
  ('A4', '370323002004', '2023.9.4', NULL),
  ('A5', '37032300200400100', '2023-09-05', '1'),
  ('A6', '370323002099', '2023-09-06', '1'),
  ('A7', '370323002004', '0000-00-00', 'about 3'),
  ('A8', '370323002004', '', ''),
  (NULL, '370323002004', '2023-09-09', '9'),
  ('A10', NULL, '2023-09-10', '-10'),
  ('A11', '370323002004001', '2023-09-11', ''),             -- a grid of the community
  ('A11', '370323002004', '2023-09-12', '12');

\set mapping '{"region":"cun_dm","occurred_on":"lasj","amount":"ssje","source_key":"案号"}'
CREATE FUNCTION pg_temp.report(finding text, report text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  EXECUTE format('SELECT string_agg(concat_ws('' | '', coalesce(c.source_key, ''-''), c.column_name, c.value, c.rows), E''\n'' ORDER BY c.ordinality) FROM %s WITH ORDINALITY AS c WHERE c.finding = $1', report) INTO said USING finding;
  RETURN said;
END $$;

SELECT is(pg_temp.report('summary', format($$fraud.check_source('case', 'legacy."案件"', %L)$$, :'mapping')), '- | 12
- | 6
- | 6', '12 rows: A1, A2, A3, A4 and both A11 are facts, the other 6 are not');
SELECT is(pg_temp.report('unreadable', format($$fraud.check_source('case', 'legacy."案件"', %L)$$, :'mapping')),
'A10 | cun_dm | 1
A10 | ssje | -10 | 1
A5 | cun_dm | 37032300200400100 | 1
A6 | cun_dm | 370323002099 | 1
A7 | lasj | 0000-00-00 | 1
A7 | ssje | about 3 | 1
A8 | lasj |  | 1
- | 案号 | 1', 'what cannot be read, each fault of a row');
SELECT is(pg_temp.report('duplicate', format($$fraud.check_source('case', 'legacy."案件"', %L)$$, :'mapping')), 'A11 | 案号 | A11 | 2', 'a key that two rows bear');
SELECT results_eq(format($$SELECT column_name, reason, reason_zh FROM fraud.check_source('case', 'legacy."案件"', %L) WHERE source_key IN ('A6', 'A8', 'A10') AND finding = 'unreadable'$$, :'mapping'),
  $$VALUES ('cun_dm', 'It is empty.', '为空。'), ('ssje', 'It is not between 0 and 100000000000 yuan.', '不在0至1000亿元之间。'),
           ('cun_dm', 'No unit of the registry lies there.', '该地没有登记的单位。'), ('lasj', 'It is empty.', '为空。')$$, 'with the reason');
SELECT is_empty($$SELECT FROM fraud.source$$, 'nothing was added');
SELECT is_empty($$SELECT FROM fraud.fact$$, 'no facts yet');
BEGIN READ ONLY;
SELECT is((SELECT rows FROM fraud.check_source('case', 'legacy."案件"', '{"region":"cun_dm","occurred_on":"lasj"}') LIMIT 1), 12::bigint, 'checking writes nothing');
COMMIT;

CREATE TEMP TABLE added AS SELECT * FROM fraud.add_source('case', 'legacy."案件"', :'mapping');
SELECT results_eq($$SELECT * FROM added$$, format($$SELECT * FROM fraud.check_source('case', 'legacy."案件"', %L)$$, :'mapping'), 'adding gives the same report');
SELECT results_eq($$SELECT * FROM added$$, $$SELECT * FROM fraud.check_source('case', 'legacy."案件"')$$, 'as does checking what is there');
SELECT results_eq($$SELECT measure, unit, region::text, occurred_on::text, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at FROM fraud.fact ORDER BY source_key, occurred_on$$,
  $$VALUES ('case', '370323002002', '370323002002', '2023-09-01', 1::bigint, NULL::bigint, 35000::numeric, NULL::text, 'legacy."案件"', 'A1', NULL::timestamptz, NULL::timestamptz),
           ('case', '370323002004', '370323002004001', '2023-09-11', 1, NULL, NULL, NULL, 'legacy."案件"', 'A11', NULL, NULL),
           ('case', '370323002004', '370323002004', '2023-09-12', 1, NULL, 12, NULL, 'legacy."案件"', 'A11', NULL, NULL),
           ('case', '370323002003', '370323002003', '2023-09-02', 1, NULL, 350000, NULL, 'legacy."案件"', 'A2', NULL, NULL),
           ('case', '370323002003', '370323002003', '2023-09-03', 1, NULL, 600000, NULL, 'legacy."案件"', 'A3', NULL, NULL),
           ('case', '370323002004', '370323002004', '2023-09-04', 1, NULL, NULL, NULL, 'legacy."案件"', 'A4', NULL, NULL)$$, 'the facts');
SELECT results_eq($$SELECT source, source_key, fact_column, column_name, value, region::text FROM fraud.unreadable_row ORDER BY source_key, column_name$$,
  $$VALUES (1::bigint, 'A10', 'region', 'cun_dm', NULL, NULL), (1, 'A10', 'amount', 'ssje', '-10', NULL), (1, 'A5', 'region', 'cun_dm', '37032300200400100', NULL), (1, 'A6', 'region', 'cun_dm', '370323002099', '370323002099'),
           (1, 'A7', 'occurred_on', 'lasj', '0000-00-00', '370323002004'), (1, 'A7', 'amount', 'ssje', 'about 3', '370323002004'), (1, 'A8', 'occurred_on', 'lasj', '', '370323002004'),
           (1, NULL, 'source_key', '案号', NULL, '370323002004')$$, 'the rows that are none');

-- scores: 002 one case: 95 - 2; 003 two, of 350,000 and 600,000: 95 - 2 - 10
-- (10 of item 4 used up); 004 three small ones: 95 - 2; 013 none
SELECT results_eq($$SELECT right(unit, 3), total FROM fraud.scores('nanma-2023') ORDER BY unit$$, $$VALUES ('002', 93::numeric), ('003', 83), ('004', 93), ('013', 95)$$, 'scores count them');
SELECT is((SELECT fact_keys::text FROM fraud.explain_score('370323002003', 'nanma-2023') WHERE item_no = '3'), '{"legacy.\"案件\" A2","legacy.\"案件\" A3"}', 'explanations name them');
SELECT is((SELECT string_agg(concat_ws(' ', raw, deducted), '; ') FROM fraud.explain_score('370323002003', 'nanma-2023') WHERE item_no = '4'), '12 10', 'item 4: 2 + 10, of which 10');
-- the legacy row changes: A3 was 60,000, A1 went to 013
UPDATE legacy."案件" SET ssje = '60,000' WHERE "案号" = 'A3';
UPDATE legacy."案件" SET cun_dm = '370323002013' WHERE "案号" = 'A1';
SELECT results_eq($$SELECT right(unit, 3), total FROM fraud.scores('nanma-2023') ORDER BY unit$$, $$VALUES ('002', 95::numeric), ('003', 91), ('004', 93), ('013', 93)$$, 'and follow them: 003 is 95 - 2 - 2');
DELETE FROM legacy."案件" WHERE "案号" = 'A2';
SELECT is(pg_temp.score('370323002003'), 93::numeric, 'A2 is gone: 95 - 2');

-- ----------------------------------------------- views keep what they were made with
SELECT results_eq($$SELECT * FROM options_of_views ORDER BY name$$, $$SELECT * FROM views_before ORDER BY name$$, 'options, comments, rights and columns of all views are as before');
SELECT is((SELECT string_agg(concat_ws(' ', relname, reloptions), ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'fraud'::regnamespace AND relname ~ '_of_source_'),
  'facts_of_source_1 {security_invoker=true}, unreadable_of_source_1 {security_invoker=true}', 'its own views see with the rights of the reader');

-- ------------------------------------------------------------ who sees what
CREATE ROLE sources_county;
CREATE ROLE sources_village;
CREATE ROLE sources_none;
CREATE ROLE sources_late;
SELECT fraud.set_scope('sources_county', '370323', 'checks') \g /dev/null
SELECT fraud.set_scope('sources_village', '370323002003', 'checks') \g /dev/null
SELECT is(pg_temp.report('access', $$fraud.check_source('case', 'legacy."案件"')$$),
'- | sources_county: GRANT SELECT ON legacy."案件" TO sources_county
- | sources_village: GRANT SELECT ON legacy."案件" TO sources_village', 'roles that read facts and could not read this');
-- What a role gets to see, a row a line.
CREATE FUNCTION pg_temp.seen_by(who text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', who);
  BEGIN
    EXECUTE format('SELECT string_agg(q::text, E''\n'') FROM (%s) AS q', query) INTO said;
  EXCEPTION WHEN OTHERS THEN
    said := SQLSTATE || ' ' || SQLERRM;
  END;
  RESET ROLE;
  RETURN said;
END $$;
SELECT is(pg_temp.seen_by('sources_county', 'SELECT count(*) FROM fraud.fact'), '42501 permission denied for table 案件', 'they see nothing through the view that they may not see');
SELECT split_part(c.value, ': ', 2) FROM fraud.check_source('case', 'legacy."案件"') AS c WHERE c.finding = 'access' \gexec
SELECT is(pg_temp.report('access', $$fraud.check_source('case', 'legacy."案件"')$$), NULL, 'after what the report says was run, they can');
SELECT is(pg_temp.seen_by('sources_county', 'SELECT source_key FROM fraud.fact ORDER BY 1'), E'(A1)\n(A11)\n(A11)\n(A3)\n(A4)', 'the county: all');
SELECT is(pg_temp.seen_by('sources_county', 'SELECT source_key, column_name FROM fraud.unreadable_row ORDER BY 1, 2'), E'(A6,cun_dm)\n(A7,lasj)\n(A7,ssje)\n(A8,lasj)\n(,案号)', 'of the unreadable ones those that say where they lie');
SELECT is(pg_temp.seen_by('sources_village', 'SELECT source_key FROM fraud.fact'), '(A3)', 'the village: its own');
SELECT is(pg_temp.seen_by('sources_village', 'SELECT * FROM fraud.unreadable_row'), NULL, 'none of its own is unreadable');
SELECT is(pg_temp.seen_by('sources_village', $$SELECT unit, total FROM fraud.scores('nanma-2023')$$), '(370323002003,93)', 'and its own score');
SELECT is(pg_temp.seen_by('sources_village', $$SELECT a.* FROM fraud.source AS s, fraud.add_source('den', s.relation, '{"region":"cun_dm","occurred_on":"lasj"}') AS a$$), '42501 only the owner of the registry adds and removes sources', 'it adds no source');
SELECT is(pg_temp.seen_by('sources_village', $$SELECT fraud.remove_source('case', s.relation) FROM fraud.source AS s$$), '42501 only the owner of the registry adds and removes sources', 'and removes none');
SELECT is(pg_temp.seen_by('sources_village', 'SELECT fraud.rebuild_fact()'), '42501 only the owner of the registry adds and removes sources', 'nor makes the view anew');
SELECT is(has_table_privilege('sources_village', 'fraud.source', 'INSERT, UPDATE, DELETE'), false, 'nor past the functions');
SELECT is(pg_temp.seen_by('sources_none', 'SELECT * FROM fraud.facts_of_source_1'), '42501 permission denied for schema fraud', 'a stranger sees nothing');

-- options of an office's own survive, and so do what readers see
ALTER VIEW fraud.fact SET (security_barrier = true);
COMMENT ON VIEW fraud.fact IS 'said by the office';
ALTER VIEW fraud.fact SET (security_invoker = false);
SELECT fraud.rebuild_fact() \g /dev/null
SELECT is((SELECT reloptions::text || obj_description(oid, 'pg_class') FROM pg_class WHERE oid = 'fraud.fact'::regclass), '{security_invoker=true,security_barrier=true}said by the office', 'made anew: the office''s option and comment, and never without security_invoker');
ALTER VIEW fraud.fact RESET (security_barrier);

-- ------------------------------------------------------------- what is refused
CREATE FUNCTION pg_temp.refused(measure text, relation text, mapping text) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.message_of(format('SELECT count(*) FROM fraud.add_source(%L, %L, %L)', measure, relation, mapping)) $$;
CREATE TABLE legacy.odd (id integer, day date, at time, place point, flag boolean, doc jsonb, many text[], "Name" text, "it's ""q"" 100%s" text, cun_dm text);
CREATE TABLE legacy.keyless (cun_dm text, lasj text);
CREATE TEMP TABLE passing (cun_dm text, lasj date);
CREATE SEQUENCE legacy.counter;
CREATE VIEW legacy.of_facts AS SELECT f.region::text AS cun_dm, f.occurred_on AS lasj FROM fraud.fact AS f;
CREATE VIEW legacy.of_scores AS SELECT s.region::text AS cun_dm, DATE '2023-01-01' AS lasj FROM fraud.scores('nanma-2023') AS s;
CREATE MATERIALIZED VIEW legacy.of_views AS SELECT * FROM legacy.of_facts;
SELECT results_eq($$SELECT pg_temp.refused(t.measure, t.relation, t.mapping) FROM (VALUES
    (1, 'nothing', 'legacy.odd', '{"region":"cun_dm","occurred_on":"day"}'), (2, NULL, 'legacy.odd', '{"region":"cun_dm","occurred_on":"day"}'),
    (3, 'case', NULL, '{"region":"cun_dm","occurred_on":"day"}'), (4, 'case', 'legacy.none', '{"region":"cun_dm","occurred_on":"day"}'),
    (5, 'case', 'legacy.counter', '{"region":"last_value","occurred_on":"last_value"}'), (6, 'case', 'passing', '{"region":"cun_dm","occurred_on":"lasj"}'),
    (7, 'case', 'fraud.finding', '{"region":"region","occurred_on":"found_on"}'), (8, 'case', 'pg_class', '{"region":"relname","occurred_on":"relname"}'),
    (9, 'case', 'legacy.of_facts', '{"region":"cun_dm","occurred_on":"lasj"}'), (10, 'case', 'legacy.of_scores', '{"region":"cun_dm","occurred_on":"lasj"}'),
    (11, 'case', 'legacy.of_views', '{"region":"cun_dm","occurred_on":"lasj"}')) AS t (place, measure, relation, mapping) ORDER BY t.place$$,
  $$VALUES ('42704 measure ''nothing'' does not exist'), ('42704 no measure was named: it is NULL'), ('42P01 no relation was named: it is NULL'), ('42P01 relation "legacy.none" does not exist'),
    ('42809 legacy.counter cannot be a source'), ('42809 passing cannot be a source'), ('42809 fraud.finding cannot be a source'), ('42809 pg_class cannot be a source'),
    ('42P17 legacy.of_facts cannot be a source'), ('42P17 legacy.of_scores cannot be a source'), ('42P17 legacy.of_views cannot be a source')$$, 'measures and relations');
SELECT is(split_part(pg_temp.error_of($$SELECT * FROM fraud.add_source('case', 'legacy.of_views', '{}')$$), E'\n', 3), 'It reads view fraud.fact: facts would rest on themselves.', 'why, through two views');
SELECT results_eq($$SELECT pg_temp.refused('case', 'legacy.odd', t.mapping) FROM (VALUES
    (1, NULL), (2, '[]'), (3, '"cun_dm"'), (4, '{"region":"cun_dm"}'), (5, '{"occurred_on":"day"}'), (6, '{"region":"cun_dm","occurred_on":"day","colour":"flag"}'),
    (7, '{"region":"cun_dm","occurred_on":"dya"}'), (8, '{"region":"cun_dm","occurred_on":"Day"}'), (9, '{"region":"cun_dm","occurred_on":"ctid"}'),
    (10, '{"region":"cun_dm","occurred_on":null}'), (11, '{"region":["cun_dm"],"occurred_on":"day"}'), (12, '{"region":{"columns":"cun_dm"},"occurred_on":"day"}'),
    (13, '{"region":{"column":"cun_dm","constant":"37"},"occurred_on":"day"}'), (14, '{"region":"cun_dm","occurred_on":{"column":"day","default":"2023-01-01"}}'),
    (15, '{"region":{"constant":"37032X"},"occurred_on":"day"}'), (16, '{"region":"cun_dm","occurred_on":"day","quantity":{"constant":1.5}}'), (17, '{"region":"cun_dm","occurred_on":"day","amount":{"column":"id","default":"much"}}'),
    (18, '{"region":"cun_dm","occurred_on":"day","amount":{"column":"id","times":0}}'), (19, '{"region":"cun_dm","occurred_on":"day","quantity":{"column":"id","times":10}}'),
    (20, '{"region":"cun_dm","occurred_on":"day","source_key":[]}'), (21, '{"region":"cun_dm","occurred_on":"day","source_key":{"constant":"k"}}'), (22, '{"region":"cun_dm","occurred_on":"day","subject":"Name"}'),
    (23, '{"region":"cun_dm\" FROM pg_authid --","occurred_on":"day"}')) AS t (place, mapping) ORDER BY t.place$$,
  $$VALUES ('22023 a mapping cannot be NULL'), ('22023 a mapping cannot be []'), ('22023 a mapping cannot be "cun_dm"'), ('22023 a fact needs a day and a place'), ('22023 a fact needs a day and a place'), ('42703 a mapping cannot have the key "colour"'),
    ('42703 legacy.odd has no column "dya"'), ('42703 legacy.odd has no column "Day"'), ('42703 legacy.odd has no column "ctid"'),
    ('22023 the mapping of occurred_on cannot be null'), ('22023 the mapping of region cannot be ["cun_dm"]'), ('22023 the mapping of region cannot be {"columns": "cun_dm"}'),
    ('22023 the mapping of region cannot be {"column": "cun_dm", "constant": "37"}'), ('22023 the mapping of occurred_on cannot be {"column": "day", "default": "2023-01-01"}'),
    ('22023 region cannot be "37032X"'), ('22023 quantity cannot be 1.5'), ('22023 amount cannot be "much"'),
    ('22023 amounts cannot be multiplied by 0'), ('22023 the mapping of quantity cannot be {"times": 10, "column": "id"}'),
    ('22023 the mapping of source_key cannot be []'), ('22023 the mapping of source_key cannot be {"constant": "k"}'), ('22023 persons cannot be mapped without a purpose and a legal basis'),
    ('42703 legacy.odd has no column "cun_dm" FROM pg_authid --"')$$, 'mappings');
SELECT is((SELECT string_agg(t.refused, ', ' ORDER BY t.place) FROM (
    SELECT c.place, c.fact_column || ': ' || string_agg(a.attname, ' ' ORDER BY a.attnum) AS refused
    FROM unnest('{region,occurred_on,quantity,amount,recorded_at,source_key}'::text[]) WITH ORDINALITY AS c (fact_column, place)
    CROSS JOIN pg_attribute AS a WHERE a.attrelid = 'legacy.odd'::regclass AND a.attnum > 0
      AND starts_with(pg_temp.message_of(format('SELECT * FROM fraud.check_source(''case'', ''legacy.odd'', %L)', '{"region":"cun_dm","occurred_on":"day"}'::jsonb || jsonb_build_object(c.fact_column, a.attname))), '42804 ')
    GROUP BY c.place, c.fact_column) AS t),
  'region: day at place flag doc many, occurred_on: at place flag doc many, quantity: day at place flag doc many, amount: day at place flag doc many, recorded_at: id at place flag doc many, source_key: at place flag doc many', 'types that cannot be read as such');
SELECT is(pg_temp.refused('case', 'legacy."案件"', '{"region":"cun_dm","occurred_on":"lasj"}'), '42710 legacy."案件" supplies measure "case" already', 'the same twice');
SELECT is((SELECT count(*) FROM fraud.source), 1::bigint, 'nothing of this was added');

SELECT * FROM finish();
DROP OWNED BY sources_county, sources_village, sources_none, sources_late;
DROP ROLE sources_county, sources_village, sources_none, sources_late;
