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

-- a board, whose rights were granted before there was a source, and one granted after
CREATE ROLE sources_board;
CREATE TABLE legacy.board (id integer PRIMARY KEY, code text, day date);
INSERT INTO legacy.board VALUES (1, '370323002003', '2023-05-05'), (2, '370323002004', '2023-05-05');
SELECT antifraud.create_bi('fraud') \g /dev/null
SELECT antifraud.grant_bi('fraud_bi', 'sources_board', '370323002003', 'a board') \g /dev/null
SELECT fraud.add_source('den', 'legacy.board', '{"region":"code","occurred_on":"day"}') \g /dev/null
GRANT SELECT ON legacy."案件", legacy.board TO sources_board, sources_late;
SELECT is(pg_temp.seen_by('sources_board', $$SELECT measure_code, source_key FROM fraud_bi.fact ORDER BY 1$$), E'(case,A3)\n(den,1)', 'a board sees the facts of sources in its scope');
SELECT antifraud.grant_bi('fraud_bi', 'sources_late', '370323002004', 'another') \g /dev/null
SELECT is(pg_temp.seen_by('sources_late', $$SELECT measure_code, source_key FROM fraud_bi.fact WHERE measure_code = 'den'$$), '(den,2)', 'and so does one that is let in later');
SELECT fraud.remove_source('den', 'legacy.board') \g /dev/null
DROP TABLE legacy.board;

-- options of an office's own survive, so that readers see the same
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
SELECT is((SELECT count(*) FROM fraud.source WHERE removed_at IS NULL), 1::bigint, 'nothing of this was added');

-- --------------------------------------------------- columns that have types
-- each row is a fact or unreadable, and no row makes a query fail
CREATE TABLE legacy.typed (id bigint PRIMARY KEY, code bigint, day date, at timestamptz, local timestamp, sum numeric(12,2), size float8, price money, people integer,
                           word varchar(20) COLLATE "C", wide char(20), region antifraud.region);
INSERT INTO legacy.typed VALUES
  (1, 370323002002, '2023-06-30', '2023-06-30 16:30:00+00', '2023-06-30 23:59:59', 5, 6.5, '7.5', 3, ' k1 ', '370323002002', '370323002002'),
  (2, 370323002002, 'infinity', 'infinity', '-infinity', 'NaN', 'NaN', '-1', -1, 'p2', '', NULL),
  (3, 370323002002, NULL, '294276-12-31 23:59:59+00', '294276-12-31 23:59:59', 9999999999.99, 'Infinity', '92233720368547758.07', 2147483647, '', 'no', '37'),
  (4, 99, '4713-01-01 BC', '4713-01-01 00:00:00+00 BC', '4713-01-01 BC', NULL, 1e300, NULL, NULL, NULL, NULL, '370323002003001');
INSERT INTO fraud.measure (code, label_zh, label_en, relation, meaning) SELECT 'm' || i, '试', 'test', 'legacy.typed', 'A row.' FROM generate_series(1, 9) AS i;
SELECT is((SELECT string_agg(format('%s %s', c.finding, coalesce(concat_ws(' ', c.source_key, c.column_name), c.rows::text)), ', ' ORDER BY c.ordinality)
    FROM fraud.add_source(t.measure, 'legacy.typed', t.mapping) WITH ORDINALITY AS c WHERE c.finding IN ('unreadable', 'duplicate')), t.faults, t.measure)
FROM (VALUES
  -- 4: 99 is no division; 2 and 3 have no finite day; 2 has no amount that is a number
  ('m1', '{"region":"code","occurred_on":"day","amount":"sum","quantity":"people"}'::jsonb, 'unreadable 2 day, unreadable 2 people, unreadable 2 sum, unreadable 3 day, unreadable 4 code, unreadable 4 people'),
  -- the day in China: 1 is 2023-07-01; 3 and 4 lie beyond what a day in China can be told for
  ('m2', '{"region":"region","occurred_on":"at","amount":"size"}', 'unreadable 2 at, unreadable 2 region, unreadable 2 size, unreadable 3 at, unreadable 3 region, unreadable 3 size, unreadable 4 at, unreadable 4 size'),
  ('m3', '{"unit":"wide","occurred_on":"local","amount":{"column":"price","times":10000}}', 'unreadable 2 local, unreadable 2 price, unreadable 2 wide, unreadable 3 price, unreadable 3 wide, unreadable 4 wide'),
  ('m4', '{"unit":{"constant":"370323002002"},"occurred_on":{"constant":"2023-05-02"},"quantity":{"column":"people","default":1},"base":{"constant":10},"recorded_at":"local"}', 'unreadable 2 local, unreadable 2 people, unreadable 3 local, unreadable 4 local'),
  ('m5', '{"region":{"constant":"370323002003"},"occurred_on":"day","recorded_at":"at"}', 'unreadable 2 at, unreadable 2 day, unreadable 3 at, unreadable 3 day, unreadable 4 at')) AS t (measure, mapping, faults);
SELECT results_eq($$SELECT measure, unit, region::text, occurred_on::text, quantity, base, amount, source_key, recorded_at::text FROM fraud.fact WHERE measure ~ '^m[1-9]' ORDER BY measure, source_key$$,
  $$VALUES ('m1', '370323002002', '370323002002', '2023-06-30', 3::bigint, NULL::bigint, 5.00, '1', NULL),
           ('m2', '370323002002', '370323002002', '2023-07-01', 1, NULL, 6.5, '1', NULL),
           ('m3', '370323002002', '370323002002', '2023-06-30', 1, NULL, 75000, '1', NULL),
           ('m4', '370323002002', '370323002002', '2023-05-02', 3, 10, NULL, '1', '2023-06-30 23:59:59+08'),
           ('m5', '370323002003', '370323002003', '2023-06-30', 1, NULL, NULL, '1', '2023-07-01 00:30:00+08')$$, 'what was read');
SELECT is((SELECT string_agg(word, ', ' ORDER BY word) FROM (SELECT c.source_key || ' ' || c.value || ': ' || c.reason AS word FROM fraud.add_source('m6', 'legacy.typed', '{"region":{"constant":"370323002003"},"occurred_on":"day","subject":"word"}', 'count persons', 'the law') AS c WHERE c.column_name = 'word') AS w),
  NULL, 'words as subjects');
SELECT is((SELECT string_agg(quote_nullable(f.subject), ', ' ORDER BY f.source_key) FROM fraud.fact AS f WHERE f.measure = 'm6'), $$'k1', NULL$$, 'blanks go, and an empty one is null; 4 lies before Christ and is a day');
-- 339901199001011233: made up, with the check character that ISO 7064 asks for
UPDATE legacy.typed SET word = (SELECT i.id FROM (SELECT '33990119900101123' || x AS id FROM unnest(string_to_array('0,1,2,3,4,5,6,7,8,9,X', ',')) AS x) AS i WHERE antifraud.citizen_id_or_null(i.id) IS NOT NULL) WHERE id = 1;
SELECT is((SELECT c.value || ' ' || c.reason FROM fraud.check_source('m6', 'legacy.typed') AS c WHERE c.finding = 'unreadable' AND c.source_key = '1'), '****************' || (SELECT right(word, 2) FROM legacy.typed WHERE id = 1) || ' It is an identity number, which facts do not hold.', 'identity numbers are no subjects, and are masked');

SELECT is((SELECT string_agg(concat_ws(' ', c.column_name, right(c.value, 3), c.reason), ', ' ORDER BY c.ordinality) FROM fraud.check_source('m6', 'legacy.typed', '{"region":"word","occurred_on":"day","source_key":"word"}') WITH ORDINALITY AS c WHERE c.finding = 'unreadable' AND c.value ~ '^\*+..$'),
  (SELECT format('word *%s %s, word *%1$s It is an identity number, which facts do not hold.', right(word, 2), antifraud.reading_fault('region', word)) FROM legacy.typed WHERE id = 1), 'nor keys; and are masked wherever they stand');

-- -------------------------------------------------------------- keys
CREATE TABLE legacy.pair ("年" integer, n integer, code text, day text, PRIMARY KEY ("年", n) INCLUDE (code));
INSERT INTO legacy.pair VALUES (2023, 1, '370323002002', '2023-06-01'), (2023, 2, '370323002002', '2023-06-01'), (2022, 1, '370323002002', '2022-06-01');
SELECT fraud.add_source('m7', 'legacy.pair', '{"region":"code","occurred_on":"day"}') \g /dev/null
SELECT fraud.add_source('m8', 'legacy.pair', '{"region":"code","occurred_on":"day","source_key":["n","年"]}') \g /dev/null
CREATE VIEW legacy.keyless AS SELECT code, day FROM legacy.pair;
SELECT is((SELECT string_agg(c.finding || coalesce(' ' || length(c.source_key), ''), ', ' ORDER BY c.ordinality) FROM fraud.add_source('m9', 'legacy.keyless', '{"region":"code","occurred_on":"day"}') WITH ORDINALITY AS c WHERE c.finding <> 'access'),
  'summary, summary, summary, note, note, duplicate 16', 'without a key rows are named by what they hold: two are equal, which is said');
SELECT is((SELECT string_agg(f.source_key, ' ' ORDER BY f.measure, f.source_key) FROM fraud.fact AS f WHERE f.measure IN ('m7', 'm8')), '2022/1 2023/1 2023/2 1/2022 1/2023 2/2023', 'a primary key of two columns, and columns in the order of the mapping');
SET datestyle = 'German';
SELECT is((SELECT string_agg(f.source_key, ' ' ORDER BY f.source_key) FROM fraud.fact AS f WHERE f.measure = 'm9'), (SELECT string_agg(left(encode(sha256(convert_to(
    format('[null, "370323002002", "%s-06-01", 1, null, null, null]', y), 'UTF8')), 'hex'), 16), ' ' ORDER BY left(encode(sha256(convert_to(
    format('[null, "370323002002", "%s-06-01", 1, null, null, null]', y), 'UTF8')), 'hex'), 16)) FROM unnest('{2023,2022,2023}'::integer[]) AS y), 'the names do not depend on settings');
SET datestyle = 'ISO, YMD';

-- ----------------------------------------------------- which unit answers
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('SCH', '370323002003', 'a school', 'school'), ('X1', '370323002050', 'one of two', 'village'), ('X2', '370323002050', 'the other', 'village');
CREATE TABLE legacy.places (id text PRIMARY KEY, code text, unit text, day date DEFAULT '2023-07-01');
INSERT INTO legacy.places VALUES ('a', '370323002003', ' SCH '), ('b', '370323002050', 'X2'), ('c', '370323002050001', NULL), ('d', '370323002002', '370323002002'), ('e', '370323002', 'X9');
INSERT INTO fraud.measure (code, label_zh, label_en, relation, meaning) SELECT 'n' || i, '试', 'test', 'legacy.places', 'A row.' FROM generate_series(1, 9) AS i;
SELECT results_eq($$SELECT c.source_key, c.value, c.reason FROM fraud.add_source('n1', 'legacy.places', '{"region":"code","occurred_on":"day"}') AS c WHERE c.finding = 'unreadable'$$,
  $$VALUES ('b', '370323002050', 'Several units lie there: map a column that names the unit.'), ('c', '370323002050001', 'Several units lie there: map a column that names the unit.'), ('e', '370323002', 'No unit of the registry lies there.')$$, 'by region: not where there are several');
SELECT results_eq($$SELECT source_key, unit FROM fraud.fact WHERE measure = 'n1' ORDER BY 1$$, $$VALUES ('a', '370323002003'), ('d', '370323002002')$$, 'the unit that bears the code of the place, not the school in it');
UPDATE fraud.unit SET active = false WHERE code = 'X1';
SELECT results_eq($$SELECT source_key, unit FROM fraud.fact WHERE measure = 'n1' ORDER BY 1$$, $$VALUES ('a', '370323002003'), ('b', 'X2'), ('c', 'X2'), ('d', '370323002002')$$, 'otherwise the only active one');
SELECT results_eq($$SELECT c.source_key, c.value, c.reason FROM fraud.add_source('n2', 'legacy.places', '{"unit":"unit","region":"code","occurred_on":"day"}') AS c WHERE c.finding = 'unreadable'$$,
  $$VALUES ('c', NULL, 'It is empty.'), ('e', 'X9', 'It is no unit of the registry.')$$, 'by the unit that is mapped');
SELECT results_eq($$SELECT source_key, unit, region::text FROM fraud.fact WHERE measure = 'n2' ORDER BY 1$$, $$VALUES ('a', 'SCH', '370323002003'), ('b', 'X2', '370323002050'), ('d', '370323002002', '370323002002')$$, 'with the region of the row');
SELECT fraud.add_source('n3', 'legacy.places', '{"unit":{"column":"unit","default":"X2"},"occurred_on":"day"}') \g /dev/null
SELECT results_eq($$SELECT source_key, unit, region::text FROM fraud.fact WHERE measure = 'n3' ORDER BY 1$$, $$VALUES ('a', 'SCH', '370323002003'), ('b', 'X2', '370323002050'), ('c', 'X2', '370323002050'), ('d', '370323002002', '370323002002')$$, 'or of the unit, where none is mapped');

-- ------------------------------------------------- division codes that changed
INSERT INTO fraud.division_change (old, new, valid) VALUES
  ('370399', '370323', DEFAULT),                              -- a county became a district
  ('370323002098', '370323002004', '(,2022-01-01)'),          -- its code was given to another place in 2022
  ('370323002097', '370323002096', DEFAULT), ('370323002096', '370323002002', DEFAULT),
  ('370399002077', '370323002003', DEFAULT),                  -- more special than the county
  ('370323002091', '370323002092', DEFAULT), ('370323002092', '370323002091', DEFAULT);
SELECT is(pg_temp.message_of($$INSERT INTO fraud.division_change (old, new, valid) VALUES ('370323002098', '370323002003', '[2021-06-01,)')$$),
  '23P01 conflicting key value violates exclusion constraint "division_change_one_successor"', 'one successor at a time');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.division_change (old, new) VALUES ('370323002095', '370323002')$$),
  '23514 new row for relation "division_change" violates check constraint "division_change_same_level"', 'of the same level');
CREATE TABLE legacy.moved (id integer PRIMARY KEY, code text, day text);
INSERT INTO legacy.moved VALUES (1, '370399002013', '2023-06-01'), (2, '370323002098', '2021-12-31'), (3, '370323002098', '2022-01-01'), (4, '370323002097', '2023-06-02'),
  (5, '370323002091', '2023-06-02'), (6, '370399002', '2023-06-02'), (7, '370399002013005', '2023-06-02'), (8, '370399002077', '2023-06-02'), (9, '370323002002', '2023-06-02'), (10, '370323002098', 'never');
SELECT results_eq($$SELECT c.source_key, c.value, c.reason, c.reason_zh FROM fraud.add_source('n4', 'legacy.moved', '{"region":"code","occurred_on":"day"}') AS c WHERE c.finding = 'unreadable' AND c.column_name = 'code'$$,
  $$VALUES ('3', '370323002098', 'No unit of the registry lies there.', '该地没有登记的单位。'), ('5', '370323002091', 'Its changes in division_change lead round in a circle.', '在区划变更表中循环。'),
           ('6', '370399002', 'It is 370323002 now. No unit of the registry lies there.', '现为370323002。该地没有登记的单位。')$$, 'where no successor is a unit''s');
SELECT results_eq($$SELECT source_key::integer AS key, unit, region::text FROM fraud.fact WHERE measure = 'n4' ORDER BY 1$$,
  $$VALUES (1, '370323002013', '370323002013'), (2, '370323002004', '370323002004'), (4, '370323002002', '370323002002'),
           (7, '370323002013', '370323002013005'), (8, '370323002003', '370323002003'), (9, '370323002002', '370323002002')$$,
  'a county with all in it, only days before the code was given away, two changes after each other, a grid, the more special change, and what did not change');
SELECT is((SELECT string_agg(source_key, ' ') FROM fraud.fact WHERE measure = 'n4' AND region <@ '370323002013'), '1 7', 'a question about a region finds what came into it');
-- Rows 1 to 8 bear codes that changed; 9 does not, and 10 has no day.
BEGIN;
SET LOCAL track_functions = 'pl';
SELECT count(*) FROM fraud.fact WHERE measure = 'n4' \g /dev/null
SELECT is((SELECT calls::integer FROM pg_stat_xact_user_functions WHERE schemaname = 'fraud' AND funcname = 'current_region'), 8, 'successors are looked up for codes that have one, and for no others');
COMMIT;
SELECT is(fraud.current_region('370323002098', '2021-06-01')::text || fraud.current_region('370323002098', '2022-06-01')::text, '370323002004370323002098', 'a code by the day');
DELETE FROM fraud.division_change;
SELECT is((SELECT string_agg(source_key, ' ') FROM fraud.fact WHERE measure = 'n4'), '9', 'without the table only what did not change');

-- names that would break out of quotes, formats and patterns
CREATE TABLE legacy."o'dd ""100%s \1 $body$" ("k'ey ""%I" text PRIMARY KEY, "c%1$s' -- " text, "d""%" text);
INSERT INTO legacy."o'dd ""100%s \1 $body$" VALUES ('it''s', '370323002002', '2023-06-01'), ('%s', '370323002002', 'no''t');
SELECT results_eq($$SELECT c.source_key, c.column_name, c.value FROM fraud.add_source('n6', (SELECT oid FROM pg_class WHERE relname ~ '^o''dd' AND relkind = 'r')::regclass, '{"region":"c%1$s'' -- ","occurred_on":"d\"%"}') AS c WHERE c.finding = 'unreadable'$$,
  $$VALUES ('%s', 'd"%', 'no''t')$$, 'hostile names of tables and columns');
SELECT results_eq($$SELECT source_table, source_key FROM fraud.fact WHERE measure = 'n6'$$, $v$VALUES ('legacy."o''dd ""100%s \1 $body$"', 'it''s')$v$, 'are names, in facts as well');
SELECT results_eq($$SELECT count(*) FROM fraud.facts_between('{n6,n4}', '2023-01-01', '2023-12-31') UNION ALL SELECT count(*) FROM fraud.facts_between('{n6}', '2023-01-01', '2023-12-31', NULL, '{370323002002}')$$, $$VALUES (2::bigint), (1)$$, 'and counted between two days, for all units and for some');

-- each row is a fact or listed, whatever stands in it
CREATE TABLE legacy.noise AS
  SELECT i AS id, (ARRAY['370323002002', '370323002003', '370399002004', '370323002099', '37032300200', '３７０３２３００２００２', '', NULL, 'x', '370323002050', '370323002004.0', '3.70323E+11'])[1 + (i * 7 + i / 11) % 12] AS code,
         (ARRAY['2023-05-01', '2023.5.1', '45047', '0000-00-00', '', NULL, '5/1/2023', '2023年5月1日', '20231301', '99999'])[1 + (i * 3 + i / 7) % 10] AS day,
         (ARRAY['35000', '3.5万', '', NULL, '-1', 'NaN', '1e500', '９９', '100000000001', '三万五千'])[1 + (i + i / 13) % 10] AS sum,
         (ARRAY['1', '', NULL, '1.5', '99999999999999999999', '2'])[1 + (i + i / 5) % 6] AS people
  FROM generate_series(1, 1500) AS i;
ALTER TABLE legacy.noise ADD PRIMARY KEY (id);
INSERT INTO fraud.division_change (old, new) VALUES ('370399', '370323');
SELECT results_eq($$SELECT sum(c.rows * (CASE c.reason WHEN 'Rows in the relation.' THEN 1 ELSE -1 END)) FILTER (WHERE c.finding = 'summary'), count(DISTINCT c.source_key) - sum(c.rows) FILTER (WHERE c.reason = 'Rows that cannot be read.')
  FROM fraud.add_source('n5', 'legacy.noise', '{"region":"code","occurred_on":"day","amount":"sum","quantity":"people"}') AS c$$, $$VALUES (0::numeric, 0::numeric)$$, '1,500 rows of noise: facts and unreadable rows add up');
SELECT is_empty($$SELECT id::text FROM legacy.noise EXCEPT (SELECT source_key FROM fraud.fact WHERE measure = 'n5' UNION SELECT source_key FROM fraud.unreadable_row WHERE measure = 'n5')$$, 'none is lost');
SELECT is_empty($$SELECT source_key FROM fraud.fact WHERE measure = 'n5' INTERSECT SELECT source_key FROM fraud.unreadable_row WHERE measure = 'n5'$$, 'and none is both');
SELECT is_empty($$SELECT FROM fraud.unreadable_row WHERE btrim(reason) = '' OR reason IS NULL OR btrim(reason_zh) = '' OR reason_zh IS NULL$$, 'each has its reason, in both languages');
DELETE FROM fraud.division_change;

-- --------------------------------------------------- what was known, and seals
CREATE TABLE legacy.dated (id integer PRIMARY KEY, code text, day date, entered timestamptz);
INSERT INTO legacy.dated VALUES (1, '370323002013', '2023-10-01', '2023-10-05 12:00+08'), (2, '370323002013', '2023-10-02', '2024-02-01 12:00+08'), (3, '370323002013', '2023-10-03', NULL);
SELECT fraud.add_source('den', 'legacy.dated', '{"region":"code","occurred_on":"day","recorded_at":"entered"}') \g /dev/null
-- dens cost 5 each, 10 at most: 013 has A1 (93), and now three dens (83)
SELECT is(pg_temp.score('370323002013'), 83::numeric, 'three dens: 95 - 2 - 10');
SET client_min_messages = error;
SELECT is(pg_temp.score('370323002013', NULL, '2024-01-01 00:00+08'), 83::numeric, 'as known then: the den of October and the undated one');
SELECT is(pg_temp.score('370323002013', NULL, '2023-10-05 00:00+08'), 88::numeric, 'before: the undated one alone, 95 - 2 - 5');
SET client_min_messages = warning;
SELECT results_eq($$SELECT * FROM fraud.undated_sources('nanma-2023')$$, $$VALUES ('case', 'legacy."案件"', 5::bigint), ('den', 'legacy.dated', 1)$$, 'rows that do not say when they were recorded are named');
CREATE TEMP TABLE before AS SELECT unit, total FROM fraud.scores('nanma-2023', '2024-01-01');
SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', '2023年度', '办公室', '示例〔2024〕1号', '2024-01-10') AS seal \gset
SELECT is((SELECT string_agg(source_table || ' ' || source_key, ', ' ORDER BY source_table, source_key) FROM fraud.assessment_fact WHERE unit = '370323002013'), 'legacy."案件" A1, legacy.dated 1, legacy.dated 2, legacy.dated 3', 'a seal keeps the facts that it rests on');
SELECT is((SELECT count(*) FROM fraud.assessment_fact WHERE source_key = 'A11'), 2::bigint, 'also two of one key');
UPDATE legacy."案件" SET ssje = '900000' WHERE "案号" = 'A1';
SELECT is(pg_temp.score('370323002013'), 73::numeric, 'the legacy row changes: 10 of item 4 more');
SELECT results_eq($$SELECT s.unit, s.total FROM fraud.assessment_unit AS a CROSS JOIN LATERAL fraud.scores('nanma-2023', '2024-01-01', a.known_at) AS s WHERE s.unit = a.unit ORDER BY 1$$, $$SELECT * FROM before ORDER BY 1$$, 'what was sealed stays');
SELECT is((SELECT string_agg(ok || ' ' || assessment, ', ') FROM fraud.verify_seals()), 'true 1', 'and verifies');

-- ------------------------------------------------------------ escalations
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES
  ('large', 'test', 'test', 'case', 'raise notice if amount >= 800000'), ('many', 'test', 'test', 'case', 'raise red_card if count > 3');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002004', '2023-09-20', 5);
SELECT is((SELECT count(*) FROM fraud.escalation), 1::bigint, 'a case of the registry''s own is counted with the three of the source: more than 3, at once');
SELECT is((SELECT concat_ws(' ', unit, rule, rung) FROM fraud.escalation), '370323002004 many red_card', 'with the unit');
SELECT fraud.tick('2023-12-31') \g /dev/null
SELECT is((SELECT string_agg(concat_ws(' ', unit, rule, rung, fact_table, fact_key), ', ' ORDER BY unit) FROM fraud.escalation), '370323002004 many red_card, 370323002013 large notice legacy."案件" A1', 'those of the source by tick');
DELETE FROM legacy."案件" WHERE "案号" = 'A11' AND lasj = '2023-09-12';
SELECT fraud.tick('2023-12-31') \g /dev/null
SELECT is((SELECT state FROM fraud.escalation WHERE rule = 'many'), 'withdrawn', 'and taken back when its row goes');
SELECT is_empty($$SELECT * FROM fraud.verify_escalation_margins('2023-12-31')$$, 'no margin promises what the source breaks');

-- ------------------------------------------------------------ kept scorecards
SELECT cmp_ok(fraud.keep_cards(), '>', 0::bigint, 'scorecards can be kept');
SELECT fraud.refresh_cards() \g /dev/null
SELECT results_eq($$SELECT measure FROM fraud.card_exception WHERE reason ~ '^A source' ORDER BY 1$$, $$VALUES ('case'), ('den'), ('m1'), ('m2'), ('m3'), ('m4'), ('m5'), ('m6'), ('m7'), ('m8'), ('m9'), ('n1'), ('n2'), ('n3'), ('n4'), ('n5'), ('n6')$$, 'not of editions that use a source');
SELECT is((SELECT count(*) FROM fraud.unit_card WHERE rubric = 'nanma-2023'), 0::bigint, 'such as nanma-2023');
UPDATE legacy."案件" SET ssje = '1' WHERE "案号" = 'A1';
SELECT is(pg_temp.score('370323002013'), 83::numeric, 'which is counted afresh');
SELECT is_empty($$SELECT * FROM fraud.unit_card_difference$$, 'nothing that is kept differs');
SELECT set_eq($$SELECT d.day, d.unit, d.total, d.low, d.high, d.vetoed, d.card::text FROM fraud.scores_on_days('nanma-2023', '{2023-06-30,2023-09-30,infinity}') AS d$$,
  $$SELECT d.day, s.unit, s.total, s.low, s.high, s.vetoed, s.card::text FROM unnest('{2023-06-30,2023-09-30,infinity}'::date[]) AS d (day) CROSS JOIN LATERAL fraud.scores_from_scratch('nanma-2023', nullif(d.day, 'infinity')) AS s$$,
  'of several days at once too, sources are counted');
SELECT fraud.keep_cards(false) \g /dev/null

-- ------------------------------------------------ tables change, and go away
SELECT matches(pg_temp.error_of('DROP TABLE legacy.dated'), E'^2BP01\ncannot drop table legacy.dated because other objects depend on it\n(.*\n)*view fraud.facts_of_source_[0-9]+ depends on table legacy.dated', 'a table that is a source is not dropped: what depends on it is said');
SELECT matches(pg_temp.error_of('ALTER TABLE legacy.dated ALTER day TYPE text'), E'^0A000\ncannot alter type of a column used by a view or rule\n.*facts_of_source_', 'nor is the type of a column changed that is read');
ALTER TABLE legacy.dated RENAME day TO day_of_finding;
ALTER TABLE legacy.dated ADD later text;
ALTER TABLE legacy.dated RENAME TO renamed;
SELECT is(pg_temp.score('370323002013'), 83::numeric, 'a column or table that is renamed is still read');
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.check_source('den', 'legacy.renamed')$$), '42703 legacy.renamed has no column "day"', 'the mapping has the name of before, and the check says so');
SELECT fraud.remove_source('den', 'legacy.renamed', ' renamed ') \g /dev/null
SELECT fraud.add_source('den', 'legacy.renamed', '{"region":"code","occurred_on":"day_of_finding","recorded_at":"entered"}') \g /dev/null
SELECT is(pg_temp.score('370323002013'), 83::numeric, 'removed and added by the new name: as before');
SELECT results_eq($$SELECT relation::text, relation_name, removed_by, removal_reason FROM fraud.source WHERE measure = 'den' AND relation_name <> 'legacy.board' ORDER BY id$$, format($$VALUES (NULL, 'legacy.dated', %L, 'renamed'), ('legacy.renamed', 'legacy.renamed', NULL, NULL)$$, current_user), 'both are on record');
SELECT is(pg_temp.message_of($$SELECT fraud.remove_source('suspect', 'legacy.renamed')$$), 'P0002 legacy.renamed does not supply measure ''suspect''', 'what is no source cannot be removed');
SELECT fraud.remove_source(s.measure, s.relation) FROM fraud.source AS s WHERE s.removed_at IS NULL \g /dev/null
SELECT results_eq($$SELECT right(unit, 3), total FROM fraud.scores('nanma-2023') WHERE unit ~ '^3' ORDER BY unit$$, $$VALUES ('002', 95::numeric), ('003', 95), ('004', 93), ('013', 95)$$, 'without sources: the case of the registry''s own');
SELECT results_eq($$SELECT name, options, columns FROM options_of_views ORDER BY name$$, $$SELECT name, options, columns FROM views_before ORDER BY name$$, 'all views are made as they were');
SELECT is_empty($$SELECT FROM pg_class WHERE relnamespace = 'fraud'::regnamespace AND relname ~ '_of_source_'$$, 'and none is left over');
SELECT is_empty($$SELECT measure FROM fraud.card_exception WHERE reason ~ '^A source'$$, 'nor an exception');
DROP SCHEMA legacy CASCADE;
SELECT lives_ok('SELECT count(*) FROM fraud.fact', 'now the tables can go');
-- an office that has changed fact itself is told before that is undone
CREATE SCHEMA legacy;
CREATE TABLE legacy.later (code text, day date);
CREATE OR REPLACE VIEW fraud.fact WITH (security_invoker = true) AS
  SELECT * FROM fraud.registry_facts() UNION ALL SELECT 'case', l.code, l.code::antifraud.region, l.day, 1, NULL, NULL, NULL, 'later', l.code, NULL, NULL FROM legacy.later AS l;
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.add_source('case', 'legacy.later', '{"region":"code","occurred_on":"day"}')$$), '55000 the view fact reads table legacy.later by itself', 'a view that was changed by hand is not made anew');
CREATE OR REPLACE VIEW fraud.fact WITH (security_invoker = true) AS SELECT * FROM fraud.registry_facts();
-- and after somebody dropped a table with CASCADE, which takes fact with it
CREATE ROLE sources_mended;
SELECT fraud.set_scope('sources_mended', '370323', 'checks') \g /dev/null
INSERT INTO legacy.later VALUES ('370323002002', '2023-06-01');
CREATE TABLE legacy.kept AS SELECT * FROM legacy.later;
SELECT fraud.add_source('case', 'legacy.later', '{"region":"code","occurred_on":"day"}'), fraud.add_source('den', 'legacy.kept', '{"region":"code","occurred_on":"day"}') \g /dev/null
DROP TABLE legacy.later CASCADE;
SELECT is(to_regclass('fraud.fact'), NULL, 'CASCADE takes the view fact as well');
-- names that are free now are not anybody's to take
CREATE ROLE sources_guest;
GRANT USAGE, CREATE ON SCHEMA fraud TO sources_guest;
SELECT format('facts_of_source_%s', s.id) AS free_name FROM fraud.source AS s WHERE s.relation_name = 'legacy.later' \gset
SET ROLE sources_guest;
CREATE VIEW fraud.:free_name AS SELECT current_user::text AS measure, NULL::text AS unit, NULL::antifraud.region AS region, DATE '2023-06-01' AS occurred_on, 1::bigint AS quantity, NULL::bigint AS base, NULL::numeric AS amount,
  NULL::text AS subject, NULL::text AS source_table, NULL::text AS source_key, now() AS recorded_at, NULL::timestamptz AS voided_at;
RESET ROLE;
SELECT matches(pg_temp.message_of('SELECT fraud.rebuild_fact()'), '^55000 view fraud\.facts_of_source_\d+ belongs to sources_guest, and not to the owner of the registry', 'a view that somebody put in the place of a source is not read');
DROP VIEW fraud.:free_name;
SET ROLE sources_guest;
CREATE VIEW fraud.fact AS SELECT 1 AS x;
RESET ROLE;
SELECT matches(pg_temp.message_of('SELECT fraud.rebuild_fact()'), '^55000 view fraud\.fact belongs to sources_guest', 'nor is the view fact made where it would be his');
DROP VIEW fraud.fact;
SET ROLE sources_guest;
CREATE FUNCTION fraud.facts_from_scratch() RETURNS integer LANGUAGE sql RETURN 1;
RESET ROLE;
SELECT matches(pg_temp.message_of('SELECT fraud.rebuild_fact()'), '^55000 function fraud\.facts_from_scratch\(\) belongs to sources_guest', 'nor the function');
DROP FUNCTION fraud.facts_from_scratch();
DROP OWNED BY sources_guest;
SELECT fraud.rebuild_fact() \g /dev/null
SELECT is((SELECT string_agg(measure || ' ' || source_table, ', ' ORDER BY measure) FROM fraud.fact WHERE measure IN ('case', 'den')), 'case fraud_case, den legacy.kept', 'it is made again, without the source that is gone');
SELECT is((SELECT concat_ws(' ', relation, removal_reason) FROM fraud.source WHERE relation_name = 'legacy.later'), 'its views were dropped', 'which has ended');
SELECT results_eq($$SELECT o.name, o.options, o.columns, b.remark = o.remark FROM options_of_views AS o JOIN views_before AS b ON b.name = o.name WHERE o.name IN ('fact', 'unreadable_row') ORDER BY 1$$,
  $$SELECT name, options, columns, true FROM views_before WHERE name IN ('fact', 'unreadable_row') ORDER BY 1$$, 'with the options and comments that it ships with');
GRANT SELECT ON legacy.kept TO sources_mended;
SELECT is(pg_temp.seen_by('sources_mended', $$SELECT measure FROM fraud.fact WHERE measure IN ('case', 'den') ORDER BY 1$$), E'(case)\n(den)', 'and who has a scope reads it');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.add_source('case', 'legacy.kept', '{"region":"code","occurred_on":"day"}')$$), '25001 nobody adds and removes sources under transaction isolation level repeatable read', 'nor under a snapshot that may miss a source');
COMMIT;

-- ------------------------------- a registry of its owner's, and a superuser's help
CREATE ROLE sources_owner;
SELECT format('GRANT CREATE ON DATABASE %I TO sources_owner', current_database()) \gexec
SET ROLE sources_owner;
SELECT antifraud.create_registry('owned') \g /dev/null
INSERT INTO owned.unit (code, region, name) VALUES ('370323002002', '370323002002', 'one');
RESET ROLE;
SELECT is(pg_temp.message_of($$SELECT * FROM owned.add_source('den', 'legacy.kept', '{"region":"code","occurred_on":"day"}')$$), '42501 the owner of the registry, sources_owner, may not read legacy.kept', 'what the owner may not read is no source');
GRANT SELECT ON legacy.kept TO sources_owner;
SELECT count(*) FROM owned.add_source('den', 'legacy.kept', '{"region":"code","occurred_on":"day"}') \g /dev/null
SELECT is((SELECT string_agg(DISTINCT relowner::regrole::text, ' ') FROM pg_class WHERE relnamespace = 'owned'::regnamespace), 'sources_owner', 'what a superuser adds belongs to the owner');
SELECT is(pg_temp.seen_by('sources_owner', 'SELECT source_key FROM owned.fact'), (SELECT format('(%s)', left(encode(sha256('[null, "370323002002", "2023-06-01", 1, null, null, null]'), 'hex'), 16))), 'who reads it');
SELECT is(pg_temp.seen_by('sources_owner', $$SELECT owned.remove_source(s.measure, s.relation) FROM owned.source AS s$$), '("")', 'and removes it');

-- Two cases entered, one of them void: one counts twice.
CREATE TABLE legacy.twice (id integer PRIMARY KEY, code text, day text);
INSERT INTO fraud.fraud_case (unit, case_no, filed_on) VALUES ('370323002002', 'twice-1', '2023-06-01'), ('370323002002', 'twice-2', '2023-06-01');
SELECT fraud.void_fact('fraud_case', id, 'x') FROM fraud.fraud_case WHERE case_no = 'twice-2' \g /dev/null
SELECT is((SELECT c.rows::integer FROM fraud.check_source('case', 'legacy.twice', '{"region":"code","occurred_on":"day"}') AS c WHERE c.finding = 'note' AND c.value = 'fraud_case'),
  (SELECT count(*)::integer FROM fraud.fraud_case WHERE voided_at IS NULL), 'what is void counts nowhere');

SELECT * FROM finish();
DROP OWNED BY sources_county, sources_village, sources_none, sources_late, sources_board, sources_mended, sources_owner;
DROP ROLE sources_county, sources_village, sources_none, sources_late, sources_board, sources_mended, sources_owner;
