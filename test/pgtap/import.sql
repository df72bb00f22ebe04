-- Import of files: reading, verdicts, applying, undoing, and who sees what is
-- staged. doc/import.md says what is meant.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- A town above the four communities, and a community of the same name as one
-- of them in another town.
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('370323', '370323', '沂山县', 'county'), ('370323002', '370323002', '南麻街道', 'town'), ('370323003', '370323003', '灵溪镇', 'town');
UPDATE fraud.unit SET parent = '370323002' WHERE code LIKE '370323002___';
UPDATE fraud.unit SET parent = '370323' WHERE kind = 'town';
INSERT INTO fraud.unit (code, region, name, parent) VALUES ('370323003001', '370323003001', '学府社区', '370323003');

-- Begin, load and check in one call; the batch is the answer.
CREATE FUNCTION pg_temp.load(target text, mapping jsonb, file text, encoding text DEFAULT 'UTF8', source text DEFAULT '甲局') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE batch bigint := fraud.import_begin(target, mapping, source, '370323', purpose => 'test', basis => 'test');
BEGIN
  PERFORM fraud.import_file(batch, convert_to(file, encoding));
  PERFORM fraud.import_check(batch);
  RETURN batch;
END $$;
CREATE FUNCTION pg_temp.verdicts(batch bigint) RETURNS text LANGUAGE sql
  RETURN (SELECT string_agg(verdict || ' ' || lines, ', ' ORDER BY verdict) FROM fraud.import_counts(batch));
CREATE FUNCTION pg_temp.faults(batch bigint) RETURNS text LANGUAGE sql
  RETURN (SELECT string_agg(line || ' ' || array_to_string(faults, ' '), E'\n' ORDER BY line) FROM fraud.import_row AS r WHERE r.batch = faults.batch AND verdict IN ('faulty', 'duplicate', 'changed'));
CREATE FUNCTION pg_temp.state(wanted bigint) RETURNS text LANGUAGE sql RETURN (SELECT state FROM fraud.import_batch WHERE id = wanted);

-- --------------------------------------------- a sheet as offices have them

-- GBK, CRLF, a title above the header, a header with a line break, dates in
-- four forms, full-width digits, 3.5万, cells with separators, quotes and line
-- breaks, a line too short, one too long, a blank line, a total, a signature.
\set cases_mapping '{"case_no": "案件编号", "filed_on": "立案日期", "happened_on": "发案日期", "unit": "所属社区", "category": "类别", "loss": "涉案金额(元)", "victim_sex": "受害人性别"}'
\set cases '某县2023年电信网络诈骗案件统计表,,,,,,,\n案件编号,立案日期,发案日期,所属社区,类别,"涉案金额\n（元）",受害人性别,备注\n'
\set cases :cases 'A001,2023-05-01,2023.4.30,华府社区,刷单返利,35000,男,\n'
\set cases :cases 'A002,2023年5月2日,,沂山县南麻街道城西社区,虚假网络投资理财,3.5万,女,"两次\n转账，""二次""受骗"\n'
\set cases :cases 'A003,45047,,３７０３２３００２００４,loan,"12,000.50",男,\n'
\set cases :cases 'A004,5/1/2023,,华府社区,刷单返利,100,男,\n'
\set cases :cases 'A005,2023-05-03,2023-05-04,华府社区,刷单返利,100,男,\n'
\set cases :cases 'A006,2023-05-03,,不存在社区,刷单返利,-1,男,\n'
\set cases :cases 'A007,2023-05-03,,学府社区,刷单,abc,男,\n'
\set cases :cases 'A008,2023-05-03,,华府社区,刷单返利,100,男\n'
\set cases :cases 'A009,2023-05-03,,华府社区,刷单返利,100,男,a,b\n'
\set cases :cases '3.70323E+11,2023-05-03,,华府社区,刷单返利,100,男,\n'
\set cases :cases 'A001,2023-05-01,2023.4.30,370323002002,brushing,"35,000",男,另一写法\n'
\set cases :cases '="A010",2023-05-03,,370323002013.0,刷单返利,100,男,,,\n'
\set cases :cases 'A011,,,灵溪镇学府社区,刷单返利,100,不详,\n'
\set cases :cases '\n合计,,,,,"47,300",,\n制表人：某某,,,,,,,\n'
SELECT replace(:'cases', E'\n', E'\r\n') AS cases \gset
SELECT pg_temp.load('fraud_case', :'cases_mapping', :'cases', 'GBK') AS batch \gset
-- 20 lines in the file, of which two belong to the one before them: the second
-- of the header counts by itself, that within a remark does not. Aside are the
-- title, two of the header, the blank one, the total, the signature: 6. Ready
-- are A001, A002, A003, A010. In A001 again only the writing differs.
SELECT is(pg_temp.verdicts(:batch), 'aside 6, duplicate 1, faulty 8, ready 4', 'each line has its verdict');
SELECT is((SELECT sum(lines)::text FROM fraud.import_counts(:batch)), (SELECT lines_read::text FROM fraud.import_batch WHERE id = :batch), 'none is lost');
-- the title is line 1, the header lines 2 and 3, A001 line 4, A002 5 and 6
SELECT is(pg_temp.faults(:batch), $$8 filed_on:date
9 :fraud_case_filed_after_act
10 unit:unit :fraud_case_loss_not_negative
11 unit:unit_ambiguous category:code loss:number
12 :too_few_cells
13 :too_many_cells
14 case_no:excel_number
15 :in_file
17 filed_on:missing :fraud_case_victim_sex_known$$, 'with all that is wrong, at the line of the file');
SELECT is((SELECT string_agg(format('%s %s %s', line, header, reason_zh), E'\n' ORDER BY line, header) FROM fraud.import_fault WHERE batch = :batch AND line IN (10, 12, 15)),
  E'10 所属社区 没有这个单位\n10  损失金额不能为负，也不能过大\n12  列数少于表头，可能漏了分隔符或一列\n15  与本文件前面某行相同', 'in words for the office');
SELECT is((SELECT value FROM fraud.import_fault WHERE batch = :batch AND line = 8), '5/1/2023', 'and the value');
SELECT is((SELECT count(*)::int FROM fraud.fraud_case), 0, 'a check writes nothing else');
SELECT is((SELECT count(*)::int FROM fraud.import_line), 0, 'and the lines are cut');
SELECT ok(NOT EXISTS (SELECT FROM fraud.import_row WHERE array_to_string(cells, '') ~ '另一写法'), 'cells that the mapping does not name are not kept');
SELECT is((SELECT pg_temp.verdicts(:batch) FROM fraud.import_check(:batch) LIMIT 1), 'aside 6, duplicate 1, faulty 8, ready 4', 'checked again: the same');

SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:batch)), 'aside 6, faulty 8, duplicate 1, applied 4', 'applied');
SELECT is((SELECT string_agg(concat_ws('|', case_no, unit, region, filed_on, happened_on, category, loss, victim_sex, source_key), E'\n' ORDER BY case_no) FROM fraud.fraud_case),
  $$A001|370323002002|370323002002|2023-05-01|2023-04-30|brushing|35000|M|甲局:A001
A002|370323002003|370323002003|2023-05-02|investment|35000|F|甲局:A002
A003|370323002004|370323002004|2023-05-01|loan|12000.5|M|甲局:A003
A010|370323002013|370323002013|2023-05-03|brushing|100|M|甲局:A010$$, 'as meant: 45047 is 1 May 2023');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:batch)), 'aside 6, faulty 8, duplicate 1, applied 4', 'again: nothing more');
SELECT is((SELECT count(*)::int FROM fraud.fraud_case), 4, 'indeed');

-- the same file again, from another system the same numbers
SELECT pg_temp.load('fraud_case', :'cases_mapping', :'cases', 'GB18030') AS again \gset
SELECT is(pg_temp.verdicts(:again), 'aside 6, duplicate 5, faulty 8', 'the same file: all there already');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:again)), 'aside 6, faulty 8, duplicate 5', 'nothing to apply');
SELECT is(pg_temp.faults(pg_temp.load('fraud_case', :'cases_mapping', E'案件编号,立案日期,发案日期,所属社区,类别,涉案金额（元）,受害人性别\nA001,2023-05-01,,华府社区,,1,\nB1,2023-05-01,,华府社区,,1,', source => '乙局')),
  '2 case_no:taken', 'a number that another source has used');

-- changed, missing unit added, and back
SELECT pg_temp.load('fraud_case', :'cases_mapping', E'案件编号,立案日期,发案日期,所属社区,类别,涉案金额（元）,受害人性别\nA001,2023-05-01,,华府社区,,36000,\nA002,2023-05-02,,城西社区,,35000.00,女\nC1,2023-06-01,,新村,,1,\nA003,2023-05-01,,怡康社区,,1,男\nA003,2023-05-01,,怡康社区,,2,男') AS changed \gset
SELECT is(pg_temp.faults(:changed), E'2 :known_other\n3 :known\n4 unit:unit\n5 :key_twice\n6 :key_twice', 'blank cells contradict nothing, another loss does; of two that contradict each other neither is taken');
INSERT INTO fraud.unit (code, region, name, parent) VALUES ('370323002020', '370323002020', '新村', '370323002');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_check(:changed)), 'aside 1, ready 1, faulty 2, duplicate 1, changed 1', 'a unit that is there now');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:changed)), 'aside 1, faulty 2, duplicate 1, changed 1, applied 1', 'a change stays aside');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:changed, changes => true)), 'aside 1, faulty 2, duplicate 1, applied 2', 'unless it is wanted');
SELECT is((SELECT string_agg(concat_ws('|', loss, happened_on, void_reason), E'\n' ORDER BY id) FROM fraud.fraud_case WHERE case_no = 'A001'),
  format(E'35000|2023-04-30|import %s, line 2: corrected\n36000', :changed), 'the old fact is voided, the new one takes its place');
SELECT is(fraud.import_undo(:changed, 'wrong file')::int, 2, 'undone');
SELECT is((SELECT string_agg(concat_ws('|', loss, happened_on, void_reason), E'\n' ORDER BY id) FROM fraud.fraud_case WHERE case_no = 'A001'),
  format(E'35000|2023-04-30|import %s, line 2: corrected\n36000|import %s undone: wrong file\n35000|2023-04-30', :changed, :changed), 'what it had corrected holds again');
SELECT is(fraud.import_undo(:changed, 'again')::int, 0, 'once');
SELECT is(pg_temp.message_of(format('SELECT fraud.import_apply(%s)', :changed)), format('55000 import %s is undone', :changed), 'and it is over');

-- what a person withdraws stays withdrawn; what an import took back may come
-- again
SELECT fraud.void_fact('fraud_case', id, 'not fraud') FROM fraud.fraud_case WHERE case_no = 'A010' \g /dev/null
SELECT is(fraud.import_undo(:batch, 'wrong month')::int, 4, 'all four were its own');
SELECT is((SELECT string_agg(case_no || ' ' || void_reason, ', ' ORDER BY id) FROM fraud.fraud_case WHERE case_no IN ('A002', 'A003', 'A010')),
  format('A002 import %s undone: wrong month, A003 import %1$s undone: wrong month, A010 not fraud', :batch), 'a fact that was withdrawn keeps its reason');
SELECT is((SELECT count(*)::int FROM fraud.fraud_case WHERE voided_at IS NULL), 1, 'the corrected A001 was entered by the other undoing');
SELECT is(pg_temp.faults(pg_temp.load('fraud_case', :'cases_mapping', E'案件编号,立案日期,发案日期,所属社区,类别,涉案金额（元）,受害人性别\nA002,2023-05-01,,华府社区,,1,\nA010,2023-05-01,,华府社区,,1,')),
  '3 :withdrawn', 'A002 may come again, A010 not');

SELECT * FROM finish();
