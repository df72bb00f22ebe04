-- Imports by an account that means harm. It writes the tables of imports as
-- itself, and the owner of the registry, who is bound by no scope, goes on
-- with its batch: other counties must stay as they are.
\ir setup.psql

SELECT no_plan();
\ir registry_setup.psql

INSERT INTO fraud.unit (code, region, name) VALUES ('339999', '339999', '甲县'), ('339998', '339998', '乙县');
INSERT INTO fraud.unit (code, region, name) VALUES ('339999001001', '339999001001', '东村'), ('339998001001', '339998001001', '南村');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, source_key) VALUES ('Z1', '339998001001', '2023-05-01', 'police:Z1');
INSERT INTO fraud.person (citizen_id, document_kind, name, unit, enrolled_on) VALUES ('339999199001010013', 'citizen_id', '甲某', '339998001001', '2024-01-01');
CREATE ROLE attack_importer;
SELECT fraud.set_scope('attack_importer', '339999', 'test'), fraud.set_importer('attack_importer', 'fraud_case') \g /dev/null
GRANT USAGE ON SCHEMA tap TO attack_importer;

-- A1 is honest; A2 was judged to be of another county, and is said to be
-- ready; line 3 says that it became the case Z1 of that county, and line 4
-- that it corrects that case.
SET ROLE attack_importer;
SELECT fraud.import_begin('fraud_case', '{"case_no":1,"filed_on":2,"unit":3}', 'office', '339999') AS batch \gset
INSERT INTO fraud.import_stage (words) VALUES ('A1,2023-05-01,东村'), ('A2,2023-05-02,南村');
SELECT is((SELECT string_agg(concat_ws(' ', c.verdict, c.lines), ', ') FROM fraud.import_check(:batch) AS c), 'ready 1, faulty 1', 'a village of another county is no unit that the account knows');
UPDATE fraud.import_row SET verdict = 'ready', faults = '{}', key = 'office:A2', taken = ARRAY['A2', '339998001001', '339998001001', '2023-05-02'] WHERE batch = :batch AND line = 2;
INSERT INTO fraud.import_row (batch, line, verdict, key, taken, replaced) VALUES (:batch, 4, 'ready', 'police:Z1', ARRAY['Z9', '339999001001', '339999001001', '2023-05-02'], 1);
RESET ROLE;
SELECT count(*) FROM fraud.import_apply(:batch, true) \g /dev/null
SELECT is((SELECT string_agg(concat_ws(' ', c.case_no, c.unit, c.void_reason), ', ' ORDER BY c.case_no) FROM fraud.fraud_case AS c), 'A1 339999001001, Z1 339998001001', 'the owner applies only what lies in the region of the batch, and corrects nothing else');
SET ROLE attack_importer;
INSERT INTO fraud.import_row (batch, line, verdict, key, target_key) VALUES (:batch, 3, 'applied', 'police:Z1', '1');
RESET ROLE;
SELECT is(pg_temp.error_of(format('SELECT fraud.import_undo(%s, ''forged'')', :batch)),
  format(E'55000\nimport %s cannot be undone\nWhat lines 3 became lies outside of its region 339999 now, or never was of this import.\nCorrect single rows by hand.', :batch), 'nor is anything else taken back');
SELECT is((SELECT count(*) FROM fraud.fraud_case AS c WHERE c.voided_at IS NULL), 2::bigint, 'both cases stand');

-- a batch of cases that becomes one of persons
SET ROLE attack_importer;
SELECT is(pg_temp.message_of(format('UPDATE fraud.import_batch SET target = ''person'', purpose = ''x'', basis = ''y'' WHERE id = %s', :batch)),
  format('55000 what import %s was announced as does not change', :batch), 'a batch stays one of its table');
SELECT is(pg_temp.message_of(format('UPDATE fraud.import_batch SET region = ''339999001'' WHERE id = %s', :batch)),
  format('55000 what import %s was announced as does not change', :batch), 'and of its region');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.import_batch (target, source, region, mapping, expires_on) VALUES ('fraud_case', 'x', '339998', '{}', '2030-01-01')$$),
  '42501 new row violates row-level security policy for table "import_batch"', 'no batch is entered for another region');
-- one of persons, although the account may not enter any
SELECT is(pg_temp.message_of($$INSERT INTO fraud.import_batch (target, source, region, mapping, expires_on, purpose, basis, state) VALUES ('person', 'x', '339999', '{}', '2030-01-01', 'x', 'y', 'applied')$$),
  '42501 account attack_importer may not fill table person', 'no batch is entered for a table that the account may not fill');
SELECT is(pg_temp.message_of($$SELECT fraud.import_begin('person', '{"citizen_id": 1, "region": 2, "enrolled_on": 3}', 'x', '339999', purpose => 'x', basis => 'x')$$),
  '42501 account attack_importer may not fill table person', 'nor begun');
-- columns that no file fills, or not this account's
SELECT is(pg_temp.message_of(format('INSERT INTO fraud.import_field (batch, place, name, kind, constant) VALUES (%s, 9, %L, ''text'', ''somebody'')', :batch, c)),
  format('42501 account attack_importer may not fill column %s of table fraud_case by an import', c), 'nor is column ' || c || ' mapped')
FROM unnest('{recorded_by,void_reason,voided_at,id,nothing}'::text[]) AS c;
SELECT is(pg_temp.message_of(format('UPDATE fraud.import_field SET name = ''recorded_by'' WHERE batch = %s AND place = 1', :batch)),
  '42501 account attack_importer may not fill column recorded_by of table fraud_case by an import', 'afterwards');
SELECT is(pg_temp.message_of('INSERT INTO fraud.import_field (batch, place, name, kind) VALUES (999999, 9, ''unit'', ''unit'')'),
  '42501 account attack_importer may not fill column unit of table of a batch that is not there by an import', 'nor of a batch of nobody');
RESET ROLE;
-- one from the time when it might
INSERT INTO fraud.import_batch (target, source, region, mapping, expires_on, purpose, basis, state, begun_by) VALUES ('person', 'x', '339999', '{}', '2030-01-01', 'x', 'y', 'applied', 'attack_importer') RETURNING id AS forged \gset
SET ROLE attack_importer;
INSERT INTO fraud.import_row (batch, line, verdict, target_key) VALUES (:forged, 1, 'applied', '1');
RESET ROLE;
SELECT is(pg_temp.message_of(format('SELECT fraud.import_undo(%s, ''forged'')', :forged)), format('55000 import %s cannot be undone', :forged), 'no person of another county is removed');
SELECT is((SELECT count(*) FROM fraud.person), 1::bigint, 'and is there');

RESET ROLE;

-- ------------------------------------------------------------ other settings
-- Checked by a session that writes the day first, applied by one that reads
-- the month first: May 1 stays May 1. The keys are digests of the rows, and
-- are the same whoever checks.
SELECT fraud.import_begin('fraud_case', '{"filed_on":1,"unit":2}', 'styles', '339999') AS batch \gset
INSERT INTO fraud.import_stage (words) VALUES ('2023-05-01,东村'), ('2023-12-31,东村');
SET datestyle = 'SQL, DMY';
SELECT count(*) FROM fraud.import_check(:batch) \g /dev/null
SET datestyle = 'ISO, MDY';
SELECT count(*) FROM fraud.import_apply(:batch) \g /dev/null
SET datestyle = 'ISO, YMD';
SELECT is((SELECT string_agg(c.filed_on::text, ' ' ORDER BY c.filed_on) FROM fraud.fraud_case AS c WHERE c.source_key LIKE 'styles:%'), '2023-05-01 2023-12-31', 'days are the same in the session that applies');
SELECT fraud.import_begin('fraud_case', '{"filed_on":1,"unit":2}', 'styles', '339999') AS batch \gset
INSERT INTO fraud.import_stage (words) VALUES ('2023-05-01,东村'), ('2023-12-31,东村');
SELECT is((SELECT string_agg(concat_ws(' ', c.verdict, c.lines), ', ') FROM fraud.import_check(:batch) AS c), 'duplicate 2', 'and the file that comes again is known');

-- ------------------------------------------------------------------ long lines
-- A quote that is never closed, before as many separators as a long file has;
-- put together anew at each of them, this took hours.
SET statement_timeout = '10s';
SELECT is(fraud.import_quoted('a,"' || repeat(',', 300000), ','), ARRAY['a', '"' || repeat(',', 300000), NULL], 'a quote that is never closed costs no more than the line is long');
SELECT is(cardinality(fraud.import_quoted(repeat('"x,y",', 100000) || 'z', ',')), 100001, 'nor do many quotes');
RESET statement_timeout;

-- the list for the office is opened in a spreadsheet
SELECT is((SELECT string_agg(coalesce(fraud.import_shown(v), 'NULL'), '|' ORDER BY n) FROM unnest('{=1+1,@SUM(A1),"+cmd|x!A0","-2+3+cmd|x!A0"," =1","＝1",-5,+5.50,"1,200",-,A001,339999199001010013,NULL}'::text[]) WITH ORDINALITY AS t (v, n)),
  '''=1+1|''@SUM(A1)|''+cmd|x!A0|''-2+3+cmd|x!A0|'' =1|''＝1|-5|+5.50|1,200|-|A001|339****13|NULL', 'what begins like a formula has an apostrophe before it; numbers have none');

-- --------------------------------------------------------- who imports no more
CREATE ROLE attack_no_importer;
SELECT fraud.set_scope('attack_no_importer', '339999', 'test') \g /dev/null
CREATE VIEW pg_temp.more_than_scope AS
  SELECT x.privilege_type, o.name FROM (
    SELECT c.relname::text || coalesce('.' || g.part, ''), g.rights FROM pg_class AS c CROSS JOIN LATERAL (SELECT NULL::text AS part, c.relacl AS rights UNION ALL SELECT a.attname, a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS g WHERE c.relnamespace = 'fraud'::regnamespace
    UNION ALL
    SELECT p.oid::regprocedure::text, p.proacl FROM pg_proc AS p WHERE p.pronamespace = 'fraud'::regnamespace) AS o (name, rights)
  CROSS JOIN LATERAL aclexplode(o.rights) AS x
  WHERE x.grantee = to_regrole('attack_importer')
  EXCEPT
  SELECT x.privilege_type, o.name FROM (
    SELECT c.relname::text || coalesce('.' || g.part, ''), g.rights FROM pg_class AS c CROSS JOIN LATERAL (SELECT NULL::text AS part, c.relacl AS rights UNION ALL SELECT a.attname, a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS g WHERE c.relnamespace = 'fraud'::regnamespace
    UNION ALL
    SELECT p.oid::regprocedure::text, p.proacl FROM pg_proc AS p WHERE p.pronamespace = 'fraud'::regnamespace) AS o (name, rights)
  CROSS JOIN LATERAL aclexplode(o.rights) AS x
  WHERE x.grantee = to_regrole('attack_no_importer');
SELECT fraud.set_importer('attack_importer', 'finding'), fraud.set_importer('attack_importer', 'fraud_case', false) \g /dev/null
SELECT ok(has_table_privilege('attack_importer', 'fraud.import_row', 'INSERT, UPDATE, DELETE'), 'who imports into another table still stages lines');
SELECT fraud.set_importer('attack_importer', 'finding', false) \g /dev/null
SELECT is_empty('SELECT * FROM pg_temp.more_than_scope', 'who imports into none has what a role with the scope has, and no more');
SELECT fraud.set_importer('attack_importer', 'finding', false) \g /dev/null
SELECT is_empty('SELECT * FROM pg_temp.more_than_scope', 'taking it away twice is the same');
SELECT is_empty($$SELECT * FROM pg_class AS c WHERE c.relnamespace = 'fraud'::regnamespace AND c.relname ~ '^import_' AND has_table_privilege('attack_importer', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')$$, 'nothing of imports is written');
SELECT fraud.set_importer('attack_importer', 'finding') \g /dev/null
SET ROLE attack_importer;
SELECT isnt(fraud.import_begin('finding', '{"unit": 1, "found_on": 2, "kind": 3}', 'x', '339999'), NULL, 'given again it works again');
RESET ROLE;

SELECT * FROM finish();
