-- The schema of plain views for BI tools: names and types that do not change
-- between releases, what it shows of made-up facts, and who may read it.
\ir setup.psql
\ir registry_setup.psql

SELECT plan(42);

SELECT is(antifraud.create_bi('fraud'), 'fraud_bi', 'English names by default, the schema named after the registry');
SELECT is(antifraud.create_bi('fraud', 'zh'), 'fraud_bi_zh', 'Chinese names beside them');
SELECT is(antifraud.create_bi('fraud', 'zh'), 'fraud_bi_zh', 'done again, it replaces the views');
SELECT is(antifraud.create_bi('fraud', 'en', 'charts'), 'charts', 'or a name of one''s own');

-- Names and types are a promise: who changes the list breaks dashboards, so a
-- column may be added at the end of a view, never renamed, moved or retyped.
CREATE TEMP TABLE promised (schema text, view text, place int, name text, type text);
\copy promised FROM 'test/data/bi_columns.tsv'
CREATE TEMP VIEW present AS
SELECT n.nspname::text AS schema, c.relname::text AS view, a.attnum::int AS place, a.attname::text AS name, format_type(a.atttypid, -1) AS type
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('fraud_bi', 'fraud_bi_zh') AND a.attnum > 0 AND NOT a.attisdropped;
SELECT is_empty('SELECT * FROM promised EXCEPT SELECT * FROM present', 'nothing promised is missing or changed');
SELECT is_empty('SELECT * FROM present EXCEPT SELECT * FROM promised', 'nothing is there that is not promised: add it to test/data/bi_columns.tsv');
SELECT is((SELECT string_agg(DISTINCT type, ', ' ORDER BY type) FROM present), 'boolean, date, numeric, text, timestamp with time zone', 'plain types only');
SELECT is_empty($$SELECT view, name FROM present WHERE schema = 'fraud_bi' AND name !~ '^[a-z][a-z0-9_]*$'$$, 'English names are ASCII, in lower case');
SELECT is_empty($$SELECT view, name FROM present WHERE schema = 'fraud_bi_zh' AND name ~ '[a-z]'$$, 'Chinese names are Chinese');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('fraud_bi', 'fraud_bi_zh') AND (c.reloptions IS DISTINCT FROM '{security_invoker=true}' OR obj_description(c.oid, 'pg_class') IS NULL)$$, 'every view keeps row security and says what it is');
SELECT is_empty($$SELECT c.oid::regclass, a.attname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE n.nspname IN ('fraud_bi', 'fraud_bi_zh') AND col_description(c.oid, a.attnum) IS NULL$$, 'every column says what it is');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('fraud_bi', 'fraud_bi_zh') AND has_table_privilege('public', c.oid, 'SELECT')$$, 'nothing is granted to PUBLIC');
SELECT matches(obj_description('fraud_bi_zh."案件"'::regclass), '电信网络诈骗案件', 'comments in Chinese too');

-- ------------------------------------------------------------ refused

SELECT is(pg_temp.message_of($$SELECT antifraud.create_bi('fraud', 'fr')$$), '22023 there is no language ''fr''', 'another language');
SELECT is(pg_temp.message_of($$SELECT antifraud.create_bi('nowhere')$$), '42704 schema "nowhere" holds no registry', 'no registry');
SELECT is(pg_temp.message_of($$SELECT antifraud.create_bi(repeat('x', 62))$$), '42704 schema "' || repeat('x', 62) || '" holds no registry', 'a name near the limit');
SELECT is(pg_temp.message_of($$SELECT antifraud.create_bi('fraud', 'en', repeat('x', 64))$$), '42622 schema name "' || repeat('x', 64) || '" is too long', 'a name beyond the limit is not cut in silence');
SELECT is(pg_temp.message_of($$SELECT antifraud.create_bi('fraud', 'en', 'tap')$$), '42P06 schema "tap" exists and is not a BI schema of registry "fraud" in that language', 'a schema with other things in it');
SELECT is(pg_temp.message_of($$SELECT antifraud.create_bi('fraud', 'en', 'fraud_bi_zh')$$), '42P06 schema "fraud_bi_zh" exists and is not a BI schema of registry "fraud" in that language', 'a schema in the other language');
SELECT is(pg_temp.message_of($$SELECT antifraud.grant_bi('tap', 'postgres', '370323', 'x')$$), '42704 schema "tap" is not a BI schema', 'rights on what is no BI schema');

-- ------------------------------------------------------------ what it shows

INSERT INTO fraud.unit (code, region, name, kind) VALUES ('370323000000', '370323', '沂源县', 'county'), ('370323002000', '370323002', '南麻街道', 'town'), ('370323003000', '370323003', '另一镇', 'town');
INSERT INTO fraud.unit (code, region, name, parent) VALUES ('370323003001', '370323003001', '邻镇社区', '370323003000');
-- 怡康社区: one case in June 2022; two in June 2023, of 100,000 and 5,000 yuan;
-- a third was withdrawn. The other town has one in June 2023.
INSERT INTO fraud.fraud_case (unit, filed_on, category, loss, recovered, victim) VALUES
  ('370323002004', '2022-06-10', 'loan', 4000, 0, 'P-0'),
  ('370323002004', '2023-06-05', 'loan', 100000, 500, 'P-1'),
  ('370323002004', '2023-06-30', 'brushing', 5000, 0, 'P-2'),
  ('370323002004', '2023-06-12', 'brushing', 7000, 0, 'P-3'),
  ('370323003001', '2023-06-12', 'brushing', 300, 0, 'P-4');
UPDATE fraud.fraud_case SET void_reason = 'entered twice' WHERE victim = 'P-3';

SELECT results_eq($$SELECT place_code, level_name, town_name, county_name FROM fraud_bi.place WHERE place_code IN ('370323002004', '370323') ORDER BY 1$$,
  $$VALUES ('370323', 'county', NULL, '沂源县'), ('370323002004', 'community or village', '南麻街道', '沂源县')$$, 'a place with the levels above it');
SELECT results_eq($$SELECT "类别", "乡镇名称" FROM fraud_bi_zh."单位" WHERE "单位代码" = '370323002004'$$, $$VALUES ('社区', '南麻街道')$$, 'a unit, in Chinese');
SELECT results_eq($$SELECT day, loss, recovered, category_name FROM fraud_bi.fraud_case WHERE unit_code = '370323002004' ORDER BY day$$,
  $$VALUES ('2022-06-10'::date, 4000::numeric, 0::numeric, 'fake loan'), ('2023-06-05', 100000, 500, 'fake loan'), ('2023-06-30', 5000, 0, 'fake order rebates')$$, 'cases without the one withdrawn');
SELECT is((SELECT time FROM fraud_bi.fraud_case WHERE day = '2023-06-05'), timestamptz '2023-06-04 16:00:00+00', 'a day begins at midnight in China');
SELECT is((SELECT count(*) FROM fraud_bi.fact WHERE measure_code = 'case' AND unit_code = '370323002004'), 3::bigint, 'facts of a measure');
-- July 2022 to June 2023: of June 2023 the same month of the year before is on
-- record, of June 2022 it is not. Garwood's interval of 2 cases: 0.24 to 7.22
-- (table of the exact Poisson interval); of 0 cases: 0 to 3.69.
SELECT results_eq($$SELECT month, cases, cases_low, cases_high, loss, cases_last_year, loss_last_year FROM fraud_bi.trend_month WHERE town_code = '370323002' AND month IN ('2022-06-01', '2022-07-01', '2023-06-01') ORDER BY 1$$,
  $$VALUES ('2022-06-01'::date, 1::numeric, 0.03, 5.57, 4000::numeric, NULL::numeric, NULL::numeric), ('2022-07-01', 0, 0.00, 3.69, 0, NULL, NULL), ('2023-06-01', 2, 0.24, 7.22, 105000, 1, 4000)$$,
  'months with an honest interval, and beside them the year before where it is on record');
-- 100,000 yuan is 10 万: the band of 10 万以上 deducts 1 (nanma-2023, item 4)
SELECT is((SELECT total FROM fraud_bi.score WHERE rubric_code = 'nanma-2023' AND unit_code = '370323002004'),
          (SELECT s.total FROM fraud.scores('nanma-2023') AS s WHERE s.unit = '370323002004'), 'the score is that of scores()');
SELECT is((SELECT deducted FROM fraud_bi.score_item WHERE rubric_code = 'nanma-2023' AND unit_code = '370323002004' AND item_no = '4'), 1::numeric, 'and its items say why: one case of 100,000 yuan deducts 1');
SELECT is((SELECT "状态" FROM fraud_bi_zh."得分明细" WHERE "细则代码" = 'nanma-2023' AND "单位代码" = '370323002004' AND "项号" = '4'), '已计分', 'in Chinese too');
-- the period of nanma-2023 is May to December 2023: eight month ends
SELECT is((SELECT count(*) FROM fraud_bi.score_month WHERE rubric_code = 'nanma-2023' AND unit_code = '370323002004'), 8::bigint, 'eight month ends, all of them over while the office has set no day');
UPDATE fraud.registry_info SET as_of = '2023-07-15';
SELECT results_eq($$SELECT month, as_of, total FROM fraud_bi.score_month WHERE rubric_code = 'nanma-2023' AND unit_code = '370323002004' ORDER BY month$$,
  $$SELECT m, d, s.total FROM (VALUES ('2023-05-01'::date, '2023-05-31'::date), ('2023-06-01', '2023-06-30'), ('2023-07-01', '2023-07-15')) AS v (m, d) CROSS JOIN LATERAL fraud.scores('nanma-2023', d) AS s WHERE s.unit = '370323002004' ORDER BY 1$$,
  'the score as it stood at each month''s end, the last month up to the day that the office has set');
-- 2023-10-07 was a Saturday worked in exchange, 2023-10-02 a Monday of the National Day holiday
SELECT results_eq($$SELECT day, iso_week, weekday_name, working_day FROM fraud_bi.calendar WHERE day IN ('2023-10-02', '2023-10-07', '2023-10-15') ORDER BY day$$,
  $$VALUES ('2023-10-02'::date, '2023-W40', 'Monday', false), ('2023-10-07', '2023-W40', 'Saturday', true), ('2023-10-15', '2023-W41', 'Sunday', false)$$, 'the calendar knows holidays and make-up days');

-- ------------------------------------------------------------ who may read it

INSERT INTO fraud.person (citizen_id, name, unit, enrolled_on) VALUES ('339999199001010013', '甲某', '370323002004', '2023-01-01'), ('339999199001010021', '乙某', '370323003001', '2023-01-01');
INSERT INTO fraud.tier_change (person, tier, changed_on, reason) SELECT id, 'high', '2023-01-01', 'made up' FROM fraud.person;
CREATE ROLE bi_test_town;
CREATE ROLE bi_test_none;
GRANT USAGE ON SCHEMA tap TO bi_test_town, bi_test_none;
SELECT lives_ok($$SELECT antifraud.grant_bi('fraud_bi', 'bi_test_town', '370323002', 'a dashboard of the town')$$, 'a reader is let in, for one town');
SET ROLE bi_test_town;
SELECT is((SELECT count(*) FROM fraud_bi.fraud_case), 3::bigint, 'and sees the cases of that town');
SELECT is((SELECT count(*) FROM fraud_bi.checkin), 1::bigint, 'and of two persons overdue the one of that town');
SELECT is((SELECT count(*) FROM fraud_bi.score WHERE rubric_code = 'nanma-2023' AND place_code NOT LIKE '370323002%'), 0::bigint, 'and no score of another place');
-- every view answers: whoever counts rows of the whole row reads every column
SELECT lives_ok((SELECT string_agg(format('SELECT count(x) FROM %s AS x', c.oid::regclass), ';') FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'fraud_bi'), 'every view can be read');
SELECT is((SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid
           WHERE n.nspname = 'fraud' AND c.relname IN ('person', 'person_masked', 'dossier_facet', 'officer', 'control_decision') AND a.attnum > 0
             AND a.attname IN ('name', 'citizen_id', 'document_no', 'born_on', 'source_key', 'masked_id', 'phone', 'post', 'subject') AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')), 0::bigint,
          'no name, document, masked id or telephone can be read in the registry either');
SELECT is((SELECT string_agg(format('%s.%s', c.relname, a.attname), ', ') FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
           WHERE n.nspname = 'fraud' AND c.relkind = 'r' AND a.attname IN ('note', 'void_reason', 'recorded_by') AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')), NULL, 'nor what people wrote freely');
SELECT is(pg_temp.message_of('SELECT count(*) FROM fraud.dossier_facet'), '42501 permission denied for table dossier_facet', 'nor tables that no view reads');
RESET ROLE;
SELECT fraud.end_scope('bi_test_town') \g /dev/null
SET ROLE bi_test_town;
SELECT is(pg_temp.message_of('SELECT count(*) FROM fraud_bi.fraud_case'), '42501 permission denied for table fraud_case', 'when the scope is ended the views answer no more');
SET ROLE bi_test_none;
SELECT is(pg_temp.message_of('SELECT count(*) FROM fraud_bi.fraud_case'), '42501 permission denied for schema fraud_bi', 'who was given nothing reads nothing');
RESET ROLE;

DROP OWNED BY bi_test_town, bi_test_none;
DROP ROLE bi_test_town, bi_test_none;

SELECT * FROM finish();
