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
\set cases :cases 'A007,2023-05-03,,学府社区,网恋,abc,男,\n'
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
10 unit:unit loss:fraud_case_loss_not_negative
11 unit:unit_ambiguous category:code loss:number
12 :too_few_cells
13 :too_many_cells
14 case_no:excel_number
15 :in_file
17 filed_on:missing victim_sex:fraud_case_victim_sex_known$$, 'with all that is wrong, at the line of the file');
SELECT is((SELECT string_agg(format('%s %s %s', line, header, reason_zh), E'\n' ORDER BY line, header) FROM fraud.import_fault WHERE batch = :batch AND line IN (10, 12, 15)),
  E'10 所属社区 没有这个单位\n10 涉案金额(元) 损失金额不能为负，也不能过大\n12  列数少于表头，可能漏了分隔符或一列\n15  与本文件前面某行相同', 'in words for the office');
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
SELECT is((SELECT count(*)::int FROM fraud.fraud_case WHERE voided_at IS NULL), 0, 'A001 too, although the undoing of its correction had entered it anew');
SELECT is(pg_temp.faults(pg_temp.load('fraud_case', :'cases_mapping', E'案件编号,立案日期,发案日期,所属社区,类别,涉案金额（元）,受害人性别\nA002,2023-05-01,,华府社区,,1,\nA010,2023-05-01,,华府社区,,1,')),
  '3 :withdrawn', 'A002 may come again, A010 not');

-- Corrections of corrections: 1, then 2, then 3 yuan. Undone in whatever order,
-- what is in force is what the last import that stands had said.
CREATE FUNCTION pg_temp.chain(case_no text) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  batches bigint[];
  loss int;
BEGIN
  FOR loss IN 1 .. 3 LOOP
    batches[loss] := pg_temp.load('fraud_case', '{"case_no": 1, "filed_on": 2, "unit": 3, "loss": 4}', format(E'%s,2023-05-01,华府社区,%s', case_no, loss));
    PERFORM fraud.import_apply(batches[loss], changes => true);
  END LOOP;
  RETURN batches;
END $$;
CREATE FUNCTION pg_temp.after(number text, undone int[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  batches bigint[] := pg_temp.chain(number);
  said text := '';
  one int;
BEGIN
  FOREACH one IN ARRAY undone LOOP
    PERFORM fraud.import_undo(batches[one], 'x');
    said := concat_ws(' ', said, coalesce((SELECT string_agg(loss::text, '+') FROM fraud.fraud_case AS c WHERE c.case_no = number AND voided_at IS NULL), '-'));
  END LOOP;
  RETURN btrim(said);
END $$;
SELECT is(pg_temp.after('U' || array_to_string(o, ''), o), w, format('undone in the order %s', o)) FROM (VALUES
  ('{3,2,1}'::int[], '2 1 -'), ('{3,1,2}', '2 2 -'), ('{2,3,1}', '3 1 -'), ('{2,1,3}', '3 3 -'), ('{1,3,2}', '3 2 -'), ('{1,2,3}', '3 3 -')) AS t (o, w);

-- ------------------------------------------------------------ other targets

-- Findings without a number: a digest of the row is the key, so two equal
-- lines are one; the column of the region says the unit, and the other way
-- round. 370323002099 is no region of a unit.
SELECT pg_temp.load('finding', '{"region": "区划", "unit": "单位", "kind": "问题", "found_on": "日期", "quantity": {"column": "数量", "default": 1}, "note": "备注"}',
  E'日期;区划;单位;问题;数量;备注\n2023-03-01;370323002002;;涉诈人员重新作案;;\n2023-03-01;;华府社区;reoffence;2;\n2023-03-01;370323002002;;涉诈人员重新作案;1;\n'
  '2023-03-01;370323002003;华府社区;reoffence;1;\n2023-03-01;370324;;reoffence;1;\n2023-03-01;370323002099;;reoffence;1;\n2023-03-02;华府社区;;reoffence;1.5;\n2023-03-02;华府社区;;reoffence;99999999999;\n'
  '2023-03-02;华府社区;;reoffence;1;身份证339999198807070010\n2023-03-02;华府社区;;reoffence;三;\n2023-03-02;;;reoffence;1;') AS findings \gset
SELECT is(pg_temp.faults(:findings), $$4 :in_file
5 region:not_of_unit
6 unit:missing region:outside
7 unit:missing
8 quantity:integer
9 quantity:finding_quantity_credible
10 note:citizen_id_here
12 unit:missing region:missing$$, 'a region or a unit, one of them at least, that fit together; whole and credible numbers; no citizen id');
SELECT is((SELECT value FROM fraud.import_fault WHERE batch = :findings AND line = 10), '身份证339****10', 'which nobody reads in the list for the office');
SELECT lives_ok(format('SELECT fraud.import_apply(%s)', :findings), 'applied');
SELECT is((SELECT string_agg(concat_ws('|', found_on, unit, region, kind, quantity), E'\n' ORDER BY found_on, quantity) FROM fraud.finding),
  $$2023-03-01|370323002002|370323002002|reoffence|1
2023-03-01|370323002002|370323002002|reoffence|2
2023-03-02|370323002002|370323002002|reoffence|3$$, 'as meant: 三 is 3');
SELECT ok((SELECT bool_and(source_key ~ '^甲局:[0-9a-f]{64}$') FROM fraud.finding), 'by the digest of what they say');

-- activities: whole numbers, times, yes and no, a guard that spans two columns
SELECT pg_temp.load('activity', '{"source_key": "编号", "unit": "单位", "kind": "形式", "held_on": "日期", "starts_at": "时间", "consent": "同意", "reached": "人数", "contact_group": {"constant": "none"}}',
  E'编号|单位|形式|日期|时间|同意|人数\n1|华府社区|宣讲|2023-03-01|9:30|/|120\n|华府社区|宣讲|2023-03-01|25:00|maybe|1') AS activities \gset
SELECT is(pg_temp.faults(:activities), E'2 :activity_contact_group_fk\n3 starts_at:time consent:yes_no :activity_contact_group_fk source_key:missing', 'readers of activities, and a group that the unit does not have');
SELECT is((SELECT string_agg(concat_ws('|', line, reason_zh), E'\n') FROM fraud.import_fault WHERE batch = :activities AND line = 2), '2|该单位没有这个联络群', 'with its reason');
SELECT pg_temp.load('activity', '{"source_key": "编号", "unit": "单位", "kind": {"column": "形式", "codes": {"现身": "testimony"}}, "held_on": "日期", "starts_at": "时间", "consent": "同意", "reached": "人数"}',
  E'编号\t单位\t形式\t日期\t时间\t同意\t人数\n1\t华府社区\t宣讲\t2023-03-01\t9:30\t-\t120\n2\t华府社区\t现身\t2023-03-01\t\t否\t1\n3\t华府社区\t现身\t2023-03-01\t\t是\t１２') AS activities \gset
SELECT is(pg_temp.faults(:activities), '3 :activity_testimony_with_consent', 'a check that spans columns');
SELECT fraud.import_apply(:activities) \g /dev/null
SELECT is((SELECT string_agg(concat_ws('|', source_key, kind, held_on, starts_at, consent, reached, sessions), E'\n' ORDER BY id) FROM fraud.activity),
  E'甲局:1|talk|2023-03-01|09:30:00|120|1\n甲局:3|testimony|2023-03-01|t|12|1', 'as meant');

-- samples
SELECT is(pg_temp.faults(pg_temp.load('sample', '{"source_key": 1, "unit": 2, "kind": 3, "sampled_on": 4, "sampled": 5, "positive": 6}',
  E'1,华府社区,awareness,2023-03-01,30,29\n2,华府社区,awareness,2023-03-01,30,31\n3,华府社区,群众知晓,2023-03-01,,\n\n4,华府社区,awareness,2023-03-01,1e400,1')),
  E'2 :sample_positive_of_sampled\n3 kind:code sampled:missing positive:missing\n5 sampled:number', 'columns by number, without a header');

-- units: in any order, each below one that is there or in the file
SELECT pg_temp.load('unit', '{"code": "编码", "name": "名称", "parent": "上级", "kind": "类别", "population": "人口"}',
  E'编码,名称,上级,类别,人口\n370323004001,丙村,370323004,村,1200\n370323004,丁镇,沂山县,乡镇街道,\n370323004002,戊村,370323009,村,\n370323002002,华府社区,,社区,\n370323002003,城西,,社区,\n370324001001,己村,,村,\nX1,庚校,,学校,\n370323004001,丙村,370323004,村,1200') AS units \gset
SELECT is(pg_temp.faults(:units), E'5 :known\n6 :known_other\n7 code:outside\n8 code:region\n9 :in_file', 'units are known by their codes');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:units)), 'aside 1, faulty 3, duplicate 2, changed 1, applied 2', 'those above first');
SELECT is((SELECT string_agg(concat_ws('|', code, region, name, parent, kind, population), E'\n' ORDER BY code) FROM fraud.unit WHERE code LIKE '370323004%'),
  E'370323004|370323004|丁镇|370323|town\n370323004001|370323004001|丙村|370323004|village|1200', 'as meant');
SELECT is((SELECT reason_en FROM fraud.import_fault WHERE batch = :units AND line = 4), 'is no unit that is known', 'one whose superior never came');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:units, changes => true)), 'aside 1, faulty 3, duplicate 2, changed 1, applied 2', 'a unit is not replaced');
INSERT INTO fraud.den (unit, found_on) VALUES ('370323004001', '2023-01-01');
SELECT is(pg_temp.error_of(format('SELECT fraud.import_undo(%s, %L)', :units, 'x')),
  format(E'55000\nimport %s cannot be undone\nOther rows rest on what it brought: line 2: den.\nWithdraw those first, or correct single rows by hand.', :units), 'nor removed while something rests on it');
SELECT fraud.void_fact('den', id, 'x') FROM fraud.den \g /dev/null
SELECT is(pg_temp.message_of(format('SELECT fraud.import_undo(%s, %L)', :units, 'x')), format('55000 import %s cannot be undone', :units), 'even if it is void: the facts stay');
SELECT is((SELECT count(*)::int FROM fraud.unit WHERE code LIKE '370323004%'), 2, 'all or nothing');

-- what rests on a fact: a follow-up of a case
SELECT pg_temp.load('fraud_case', :'cases_mapping', E'案件编号,立案日期,发案日期,所属社区,类别,涉案金额（元）,受害人性别\nF1,2023-05-01,,华府社区,,1,\nF2,2023-05-01,,华府社区,,1,') AS followed \gset
SELECT fraud.import_apply(:followed) \g /dev/null
INSERT INTO fraud.refund (fraud_case, refunded_on, amount) SELECT id, '2023-06-01', 1 FROM fraud.fraud_case WHERE case_no = 'F2';
SELECT is(split_part(pg_temp.error_of(format('SELECT fraud.import_undo(%s, %L)', :followed, 'x')), E'\n', 3), 'Other rows rest on what it brought: line 3: refund.', 'a case that was refunded');
SELECT pg_temp.load('fraud_case', :'cases_mapping', E'案件编号,立案日期,发案日期,所属社区,类别,涉案金额（元）,受害人性别\nF1,2023-05-02,,华府社区,,1,\nF2,2023-05-02,,华府社区,,1,') AS corrected \gset
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:corrected, true)) || ' ' || pg_temp.faults(:corrected), 'aside 1, changed 1, applied 1 3 :rests', 'is not replaced either');
SELECT fraud.void_fact('refund', id, 'x') FROM fraud.refund \g /dev/null
SELECT is(fraud.import_undo(:followed, 'x')::int, 2, 'unless that is withdrawn');
SELECT is((SELECT string_agg(concat_ws('|', case_no, filed_on), ', ') FROM fraud.fraud_case WHERE case_no LIKE 'F_' AND voided_at IS NULL), 'F1|2023-05-02', 'a later correction stays');

-- ------------------------------------------------------------------- persons

-- A citizen id of the county 339999, which does not exist, with its check
-- character (ISO 7064, MOD 11-2).
CREATE FUNCTION pg_temp.made_up(born date, sequence integer) RETURNS text
LANGUAGE sql
RETURN (SELECT digits || substr('10X98765432', 1 + sum(substr(digits, i, 1)::int * (2 ^ (18 - i))::int)::int % 11, 1)
        FROM (SELECT '339999' || to_char(born, 'YYYYMMDD') || to_char(sequence, 'FM000') AS digits) AS d, generate_series(1, 17) AS i
        GROUP BY digits);
\set person_mapping '{"citizen_id": "身份证号", "name": "姓名", "category": {"column": "类别", "default": "other"}, "status": {"column": "状态", "default": "listed"}, "ended_on": "解除", "unit": "所在村居", "enrolled_on": "列管日期"}'
-- 2: taken off the list, and no last day. 3: 17 on that day. 6: nowhere. 7: the
-- first one again, elsewhere. 9: the eighth again, nowhere.
SELECT E'序号,姓名,身份证号,类别,状态,解除,所在村居,列管日期,电话\n'
  '1,甲某,' || pg_temp.made_up('1988-07-07', 1) || E',涉诈前科人员,,,华府社区,2024.1.1,13900000000\n'
  '2,乙某,' || lower(pg_temp.made_up('1990-01-01', 2)) || E',,已核减,,华府社区,2024.1.1,\n'
  '3,丙某,' || pg_temp.made_up('2006-01-02', 3) || E',,,,华府社区,2024.1.1,\n'
  '4,丁某,3.39999E+17,,,,华府社区,2024.1.1,\n'
  '5,戊某,339999198807070000,,,,华府社区,2024.1.1,\n'
  '6,己某,' || pg_temp.made_up('1970-01-01', 4) || E',,,,,2024.1.1,\n'
  '7,甲某,' || pg_temp.made_up('1988-07-07', 1) || E',其他涉诈重点人员,,,城西社区,2024.1.1,\n'
  '8,庚某,' || pg_temp.made_up('1970-01-01', 5) || E',,,,华府社区,2024.1.1,\n'
  '9,庚某,' || pg_temp.made_up('1970-01-01', 5) || E',,,,,2024.1.1,\n' AS persons \gset
SELECT is(split_part(pg_temp.error_of($$SELECT fraud.import_begin('person', '{"citizen_id": 1, "region": 2, "enrolled_on": 3}', 'x', '370323')$$), E'\n', 3),
  'A file of persons needs a purpose and a basis (Personal Information Protection Law, art. 6 and 13).', 'persons: what for, and on what ground');
SELECT pg_temp.load('person', :'person_mapping', :'persons', 'GBK') AS people \gset
SELECT is(pg_temp.faults(:people), E'2 :key_twice\n4 :person_of_age\n5 citizen_id:citizen_id\n6 citizen_id:citizen_id\n7 unit:missing\n8 :key_twice\n10 unit:missing', 'persons: nobody twice, no minors, no guesses');
SELECT ok(NOT EXISTS (SELECT FROM fraud.import_row WHERE batch = :people AND array_to_string(cells, ' ') ~ '13900000000'), 'telephone numbers were not asked for');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:people)), 'aside 1, faulty 8, applied 1', 'a guard in a trigger refuses one more');
SELECT is((SELECT string_agg(line || ' ' || array_to_string(faults, ' ') || ' ' || said, E'\n') FROM fraud.import_row WHERE batch = :people AND said IS NOT NULL),
  '3 :status_ended a person of status ''reduced'' needs an ended_on', 'with its reason');
SELECT is((SELECT string_agg(concat_ws('|', name, unit, region, category, status), ', ') FROM fraud.person), '庚某|370323002002|370323002002|other|listed', 'one person');
SELECT is((SELECT count(*)::int FROM fraud.import_fault WHERE batch = :people AND (concat_ws(' ', value, reason_zh, reason_en, said) ~ '[0-9]{12}')), 0, 'no list shows an id in full');
SELECT pg_temp.load('person', :'person_mapping', :'persons', 'GBK') AS people_again \gset
SELECT is((SELECT array_to_string(faults, ' ') FROM fraud.import_row WHERE batch = :people_again AND line = 9), ':document_known', 'a document that is there is a duplicate');
SELECT is((SELECT target_key FROM fraud.import_row WHERE batch = :people_again AND line = 9), (SELECT id::text FROM fraud.person), 'of that person');

-- erasure reaches what is staged
UPDATE fraud.person SET status = 'reduced', ended_on = '2024-02-01';
SELECT fraud.erase_person(id, 'test', 'test') FROM fraud.person \g /dev/null
SELECT is((SELECT count(*)::int FROM fraud.import_row WHERE batch IN (:people, :people_again) AND line IN (9, 10) AND (cells IS NOT NULL OR taken IS NOT NULL OR key IS NOT NULL)), 0, 'who is erased is erased in both files, in faulty lines too');
SELECT is((SELECT count(*)::int FROM fraud.import_row WHERE batch = :people AND cells IS NOT NULL), 7, 'and nobody else');

-- what expires: a batch is kept for 30 days
SELECT is(fraud.expire_imports((SELECT max(expires_on) FROM fraud.import_batch))::int, 0, 'not on the last day');
SELECT is(fraud.expire_imports((SELECT max(expires_on) + 1 FROM fraud.import_batch)), (SELECT count(*) FROM fraud.import_batch), 'but on the next one');
SELECT is((SELECT count(*)::int FROM fraud.import_row WHERE cells IS NOT NULL OR taken IS NOT NULL OR said IS NOT NULL), 0, 'nothing staged is left');
SELECT is((SELECT count(*)::int FROM fraud.import_row AS r JOIN fraud.import_batch AS b ON b.id = r.batch WHERE b.target = 'person' AND r.key IS NOT NULL), 0, 'and no digest of a document');
SELECT is(pg_temp.verdicts(:people), 'applied 1, aside 1, faulty 8', 'the counts stay');
SELECT is(pg_temp.message_of(format('SELECT fraud.import_check(%s)', :people)), format('55000 the lines of import %s have expired', :people), 'judged no more');
SELECT is(fraud.import_undo(:findings, 'x')::int, 3, 'but undone');

-- ------------------------------------------------------------- who may, who sees

CREATE ROLE import_clerk; CREATE ROLE import_other; CREATE ROLE import_chief; CREATE ROLE import_reader;
SELECT fraud.set_scope('import_clerk', '370323002', 'cases'), fraud.set_scope('import_other', '370323003', 'cases'), fraud.set_scope('import_chief', '370323', 'all', sees_names => true), fraud.set_scope('import_reader', '370323', 'counts') \g /dev/null
SELECT fraud.set_importer('import_clerk', 'finding'), fraud.set_importer('import_other', 'finding') \g /dev/null
GRANT USAGE ON SCHEMA tap TO import_clerk, import_other, import_chief, import_reader;
\set finding_mapping '{"unit": "单位", "kind": "问题", "found_on": "日期", "subject": "对象"}'
SET ROLE import_clerk;
SELECT fraud.import_begin('finding', :'finding_mapping', '街道', '370323002') AS own \gset
\copy fraud.import_stage (words) FROM STDIN WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
单位,问题,日期,对象
华府社区,reoffence,2023-04-01,K1
灵溪镇,reoffence,2023-04-01,K2
城西社区,reoffence,2023-04-01,K3
\.
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_check(:own)), 'aside 1, ready 2, faulty 1', 'a clerk imports what lies in the scope');
CALL fraud.import_run(:own);
SELECT is(pg_temp.verdicts(:own), 'applied 2, aside 1, faulty 1', 'the rest is not known there');
SELECT is((SELECT string_agg(DISTINCT recorded_by, ',') FROM fraud.finding WHERE subject LIKE 'K_'), 'import_clerk', 'and signs for it');
SELECT is((SELECT count(*)::int FROM fraud.import_row WHERE batch <> :own), 0, 'nothing of other batches');
SELECT is(pg_temp.message_of($$SELECT fraud.import_begin('fraud_case', '{"unit": 1, "filed_on": 2}', 'x', '370323002')$$), '42501 account import_clerk may not fill table fraud_case', 'into no other table');
SELECT is(pg_temp.message_of($$SELECT fraud.import_begin('finding', '{"unit": 1, "found_on": 2, "kind": 3}', 'x', '370323003')$$), '42501 new row violates row-level security policy for table "import_batch"', 'about no other region');
SELECT is(pg_temp.message_of($$SELECT fraud.import_begin('person', '{"citizen_id": 1, "region": 2, "enrolled_on": 3}', 'x', '370323002', purpose => 'x', basis => 'x')$$), '42501 account import_clerk may not fill table person', 'no persons');
RESET ROLE;
SELECT fraud.set_importer('import_clerk', 'person') \g /dev/null
SET ROLE import_clerk;
SELECT is(split_part(pg_temp.error_of($$SELECT fraud.import_begin('person', '{"citizen_id": 1, "region": 2, "enrolled_on": 3}', 'x', '370323002', purpose => 'x', basis => 'x')$$), E'\n', 3),
  'You may not read identity documents, by which persons are known.', 'who may not read documents cannot tell who is there');
SET ROLE import_other;
SELECT is((SELECT count(*)::int FROM fraud.import_batch), 0, 'another town sees no batch');
SELECT is((SELECT count(*)::int FROM fraud.import_row) + (SELECT count(*)::int FROM fraud.import_field) + (SELECT count(*)::int FROM fraud.import_fault), 0, 'nor anything of it');
SELECT is(pg_temp.message_of(format('SELECT fraud.import_undo(%s, %L)', :own, 'x')), format('P0002 there is no import %s', :own), 'nor undoes it');
SELECT fraud.import_begin('finding', :'finding_mapping', '街道', '370323003') AS others \gset
SELECT is(pg_temp.message_of(format('INSERT INTO fraud.import_line (batch, words) VALUES (%s, %L)', :own, 'x')), '42501 new row violates row-level security policy for table "import_line"', 'nor adds to it');
SELECT is(pg_temp.message_of(format('INSERT INTO fraud.import_row (batch, line, verdict) VALUES (%s, 99, %L)', :own, 'ready')), '42501 new row violates row-level security policy for table "import_row"', 'by no way');
SET ROLE import_reader;
SELECT is((SELECT count(*)::int FROM fraud.import_row), 0, 'the county without names sees no rows');
SELECT ok((SELECT rows_applied = 2 AND lines_read = 4 FROM fraud.import_progress WHERE batch = :own), 'but how far they are');
SELECT is(pg_temp.message_of(format('SELECT fraud.import_check(%s)', :own)), '42501 permission denied for table import_batch', 'and works on none');
SET ROLE import_chief;
SELECT is((SELECT count(*)::int FROM fraud.import_row WHERE batch = :own), 4, 'with names it sees the rows');
RESET ROLE;
SELECT fraud.set_importer('import_chief', 'finding') \g /dev/null
SET ROLE import_chief;
SELECT is(pg_temp.message_of(format('SELECT fraud.import_undo(%s, %L)', :own, 'x')), format('42501 import %s is not yours', :own), 'and leaves them to who loaded them');
SET ROLE import_clerk;
SELECT is(fraud.import_undo(:own, 'draft')::int, 2, 'who undoes them');
RESET ROLE;
SELECT fraud.set_importer('import_clerk', 'finding', false) \g /dev/null
SET ROLE import_clerk;
SELECT is(pg_temp.message_of(format('SELECT fraud.import_begin(%L, %L, %L, %L)', 'finding', :'finding_mapping', 'x', '370323002')), '42501 account import_clerk may not fill table finding', 'until that ends');
RESET ROLE;
SELECT is(has_column_privilege('import_clerk', 'fraud.finding', 'void_reason', 'UPDATE'), false, 'nor does it void facts then');
SELECT is(pg_temp.message_of($$SELECT fraud.set_importer('import_nobody', 'finding')$$), '55000 role import_nobody has no scope', 'an importer has a scope');

-- ------------------------------------------------------- what cannot be begun

CREATE FUNCTION pg_temp.refusal(mapping text, target text DEFAULT 'finding') RETURNS text LANGUAGE sql
  RETURN split_part(pg_temp.error_of(format('SELECT fraud.import_begin(%L, %L, %L, %L)', target, mapping, 'x', '370323')), E'\n', 3);
SELECT is(pg_temp.refusal('[]'), 'It is array.', 'no object');
SELECT is(pg_temp.refusal('{}'), 'It names no column.', 'nothing');
SELECT is(pg_temp.refusal('{"unit": 1, "kind": 2}'), 'It lacks found_on.', 'what each row needs');
SELECT is(pg_temp.refusal('{"kind": 2}'), 'It lacks unit (or region), found_on.', 'one of the two');
SELECT is(split_part(pg_temp.refusal('{"unit": 1, "kind": 2, "found_on": 3, "nothing": 4}'), ' Those are: ', 1), 'Table finding has no column nothing that a file fills.', 'no such column');
SELECT is(split_part(pg_temp.refusal('{"unit": 1, "kind": 2, "found_on": 3, "voided_at": 4}'), ' Those are: ', 1), 'Table finding has no column voided_at that a file fills.', 'one that is the server''s');
SELECT is(split_part(pg_temp.refusal('{"unit": 1, "kind": 2, "found_on": 3, "id": 4}'), ' Those are: ', 1), 'Table finding has no column id that a file fills.', 'identities');
SELECT is(split_part(pg_temp.refusal('{"unit": 1, "kind": 2, "found_on": 3, "note\"; DROP TABLE fraud.unit; --": 4}'), ' Those are: ', 1), 'Table finding has no column "note""; DROP TABLE fraud.unit; --" that a file fills.', 'a hostile one');
SELECT is(split_part(pg_temp.refusal('{"unit": 1, "kind": 2, "found_on": 3, "nothing": 4}'), ' Those are: ', 2), 'unit, region, kind, found_on, quantity, subject, note, source_key, inspection.', 'which columns there are');
SELECT is(pg_temp.refusal('{"unit": 0, "kind": 2, "found_on": 3}'), 'For unit the column of the file is 0: neither a name nor a number from 1 to 1600.', 'column 0');
SELECT is(pg_temp.refusal('{"unit": {"column": 1, "sql": "x"}, "kind": 2, "found_on": 3}'), 'For unit it says ''sql''.', 'unknown words');
SELECT is(pg_temp.refusal('{"unit": {"column": 1, "constant": "x"}, "kind": 2, "found_on": 3}'), 'For unit it must name a column or a constant, one of them.', 'two answers');
SELECT is(pg_temp.refusal('{"unit": 1, "kind": {"column": 2, "times": 10}, "found_on": 3}'), 'kind cannot be multiplied by 10.', 'no number');
SELECT is(pg_temp.refusal('{"unit": 1, "kind": {"column": 2, "codes": {"a": 1}}, "found_on": 3}'), 'For kind the codes are no object of words.', 'codes');
SELECT is(pg_temp.message_of($$SELECT fraud.import_begin('registry_info', '{"version": 1}', 'x', '370323')$$), '42P01 ''registry_info'' is no table that files are imported into', 'no such target');
INSERT INTO fraud.import_target (name, label_zh, label_en) VALUES ('officer', 'x', 'x');
SELECT is(pg_temp.message_of($$SELECT fraud.import_begin('officer', '{"unit": 1}', 'x', '370323')$$), '42809 table officer cannot take a file', 'nor one without keys');
SELECT is((SELECT count(*)::int FROM fraud.import_batch WHERE state = 'loading' AND begun_by = CURRENT_USER), 0, 'nothing of this was begun');

-- hostile contents: values are values
SELECT pg_temp.load('finding', jsonb_build_object('unit', '单位', 'kind', jsonb_build_object('column', '问题', 'codes', jsonb_build_object($$x'; DROP TABLE fraud.unit; --$$, 'reoffence')), 'found_on', '日期',
    'note', jsonb_build_object('column', $$备"注'\%s$$, 'default', $x$$sql$'\%I$x$)),
  $$单位,问题,日期,"备""注'\%s"
华府社区,x'; DROP TABLE fraud.unit; --,2023-05-01,
华府社区,reoffence,2023-05-01,'); DELETE FROM fraud.finding; --$$, source => $$a'b"c\%s$$) AS hostile \gset
SELECT is(pg_temp.verdicts(:hostile), 'aside 1, ready 2', 'quotes, backslashes and percent signs');
SELECT fraud.import_apply(:hostile) \g /dev/null
SELECT is((SELECT string_agg(note, ' | ' ORDER BY line) FROM fraud.import_row AS r JOIN fraud.finding AS f ON f.id::text = r.target_key WHERE r.batch = :hostile), $x$$sql$'\%I | '); DELETE FROM fraud.finding; --$x$, 'as they stand');
SELECT is((SELECT count(*)::int FROM fraud.finding WHERE starts_with(source_key, $$a'b"c\%s:$$)), 2, 'the source as well');

-- ------------------------------------------------------------ odd files

SELECT is(pg_temp.error_of($$SELECT pg_temp.load('finding', '{"unit": "单位", "kind": "问题", "found_on": "日期"}', E'单位,日期\nx,y')$$),
  format(E'42703\nimport %s has no header with all the columns of its mapping\nThe line most like it lacks ''问题''.\n'
  'Compare the mapping with the header of the file; where characters look wrong, load it with its encoding (GBK, GB18030). Cancel this batch (import_cancel) and begin again.', (SELECT last_value FROM fraud.import_batch_id_seq)), 'what the header lacks');
SELECT fraud.import_begin('finding', '{"found_on": "日期", "unit": "单位", "kind": "问题"}', 'x', '370323') AS wide \gset
INSERT INTO fraud.import_stage (batch, c1, c39, c40) VALUES (:wide, '日期', '单位', '问 题'), (:wide, '2023-09-01', '华府社区', 'reoffence');
SELECT is((SELECT count(*) FROM fraud.import_check(:wide) AS c WHERE c.verdict = 'ready' AND c.lines = 1), 1::bigint, 'cells of the last columns are read');
SELECT fraud.import_begin('finding', '{"found_on": "日期", "unit": "单位", "kind": "问题"}', 'x', '370323') AS wide \gset
INSERT INTO fraud.import_stage (batch, c1, c39, c40) VALUES (:wide, '日期', '单位', '问题种类'), (:wide, '2023-09-01', '华府社区', 'reoffence');
SELECT is(split_part(pg_temp.error_of(format('SELECT fraud.import_check(%s)', :wide)), E'\n', 3), 'The line most like it lacks ''问题''.', 'and looked at for what the header lacks');
SELECT fraud.import_cancel(:wide) \g /dev/null
SELECT is(pg_temp.message_of($$SELECT pg_temp.load('finding', '{"unit": "单位", "kind": "问题", "found_on": "日期"}', E'单位,问题,日期,日期\nx,y')$$),
  format('42702 the header of import %s has ''日期'' more than once', (SELECT last_value FROM fraud.import_batch_id_seq)), 'or has twice');
SELECT is(split_part(pg_temp.error_of($$SELECT pg_temp.load('fraud_case', '{"unit": "单位", "filed_on": "日期", "loss": "损失（万元）"}', E'单位,日期,损失(万元)\n华府社区,2023-01-01,1')$$), E'\n', 3),
  'Whether its numbers are to be multiplied must be said.', 'ten thousands are not overlooked');
SELECT is(pg_temp.faults(pg_temp.load('fraud_case', '{"case_no": "号", "unit": "单位", "filed_on": "日期", "loss": {"column": "损失(万元)", "times": 10000}}', E'\ufeff号,单位,日期,损失（万元）\nD1,华府社区,2023-01-01,1.5\nD2,华府社区,2023-01-01,1.5万')),
  '3 loss:unit_twice', 'nor counted twice; a byte order mark is none of the header');
SELECT is(array_agg(f.message ORDER BY f.place), ARRAY['It is a workbook (xlsx) or another archive.', 'It is a workbook (xls).', 'It is text in UTF-16, or no text.', 'It is text in UTF-16, or no text.', 'It is empty.', 'There is no encoding ''KLINGON''.'], 'what is no text')
  FROM (SELECT c.place, split_part(pg_temp.error_of(format('SELECT fraud.import_file(fraud.import_begin(%L, %L, %L, %L), %L, %L)', 'finding', '{"unit": 1, "kind": 2, "found_on": 3}', 'x', '370323', c.content::bytea, c.encoding)), E'\n', 3) AS message
    FROM (VALUES (1, '\x504b030414', NULL), (2, '\xd0cf11e0a1b1', NULL), (3, '\xfffe4100', NULL), (4, '\x41002c00', NULL), (5, '', NULL), (6, 'x', 'KLINGON')) AS c (place, content, encoding)) AS f;
-- one line with bytes that are no GB18030: 0xff
SELECT fraud.import_begin('finding', '{"unit": "单位", "kind": "问题", "found_on": "日期", "note": "备注"}', '丙局', '370323') AS spoilt \gset
SELECT is(fraud.import_file(:spoilt, convert_to(E'单位,问题,日期,备注\n华府社区,reoffence,2023-07-01,好\n华府社区,reoffence,2023-07-02,', 'GBK') || '\xff0a'::bytea || convert_to(E'华府社区,reoffence,2023-07-03,好\n', 'GBK'), 'GBK')::int, 4, 'foreign bytes');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_check(:spoilt)) || ' ' || pg_temp.faults(:spoilt), 'aside 1, ready 2, faulty 1 3 :encoding', 'spoil only their line');
SELECT fraud.import_cancel(:spoilt) \g /dev/null
SELECT is((SELECT count(*)::int FROM fraud.import_row WHERE batch = :spoilt AND (cells IS NOT NULL OR taken IS NOT NULL)), 0, 'given up');
SELECT is(pg_temp.message_of(format('SELECT fraud.import_apply(%s)', :spoilt)), format('55000 import %s is cancelled', :spoilt), 'for good');
-- quotes: within a cell, doubled, never closed
SELECT pg_temp.load('finding', '{"unit": 1, "kind": 2, "found_on": 3, "note": 4}', E'华府社区,reoffence,2023-08-01,5" screen\n"华府社区","reoffence","2023-08-02","a, ""b"""\n"华府社区","reoffence","2023-08-03","c"\n华府社区,reoffence,2023-08-04,"d\n华府社区,reoffence,2023-08-05,e') AS quoted \gset
SELECT is(pg_temp.verdicts(:quoted) || ' ' || pg_temp.faults(:quoted), 'faulty 1, ready 4 4 :open_quote', 'a quote that is never closed spoils one line');
SELECT is((SELECT string_agg(cells[(SELECT place FROM fraud.import_field AS f WHERE f.batch = r.batch AND f.name = 'note')], ' | ' ORDER BY line) FROM fraud.import_row AS r WHERE r.batch = :quoted AND r.verdict = 'ready'), '5" screen | a, "b" | c | e', 'quotes');

-- a session with the strings of old clients
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SELECT pg_temp.load('finding', '{"unit": 1, "kind": 2, "found_on": 3, "note": 4}', E'370323002002.0,reoffence,2023-08-11,　a　\n"华府社区","reoffence","2023-08-12","b, c"\n合　计,,,', source => '旧客户端') AS old_strings \gset
SELECT is(pg_temp.verdicts(:old_strings), 'aside 1, ready 2', 'whatever the strings of the session');
RESET standard_conforming_strings;
RESET escape_string_warning;

-- cells instead of lines, as tools fill tables
SELECT fraud.import_begin('finding', '{"unit": 2, "kind": 3, "found_on": 1}', '丁局', '370323', skip_lines => 1) AS cells \gset
INSERT INTO fraud.import_stage (c1, c2, c3) VALUES ('日期', '单位', '问题'), ('2023-09-01', '华府社区', 'reoffence'), (NULL, NULL, NULL), ('合 计', NULL, NULL), ('2023-09-02', NULL, 'reoffence');
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_check(:cells)) || ' ' || pg_temp.faults(:cells), 'aside 3, ready 1, faulty 1 5 unit:missing', 'columns of a table');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.import_line (words) VALUES ('x')$$), '55000 account postgres is loading no file', 'lines belong to a file');
SELECT is(pg_temp.message_of(format('INSERT INTO fraud.import_line (batch, words) VALUES (%s, %L)', :cells, 'x')), format('55000 batch %s takes no lines', :cells), 'that is being loaded');
SELECT fraud.import_begin('finding', '{"unit": 2, "kind": 3, "found_on": 1}', 'x', '370323'), fraud.import_begin('finding', '{"unit": 2, "kind": 3, "found_on": 1}', 'x', '370323') \g /dev/null
SELECT is(pg_temp.message_of($$INSERT INTO fraud.import_line (words) VALUES ('x')$$), '55000 account postgres is loading several files', 'one of them');
SELECT fraud.import_cancel(id) FROM fraud.import_batch WHERE state = 'loading' AND begun_by = CURRENT_USER \g /dev/null

-- a constraint that an office adds is judged as well
ALTER TABLE fraud.finding ADD COLUMN "份:数" integer CONSTRAINT office_own CHECK ("份:数" < 10);
SELECT is(pg_temp.faults(pg_temp.load('finding', '{"unit": 1, "kind": 2, "found_on": 3, "份:数": 4}', E'华府社区,reoffence,2023-10-01,9\n华府社区,reoffence,2023-10-01,10\n华府社区,reoffence,2023-10-01,x')),
  E'2 份:数:office_own\n3 份:数:number', 'a column and a constraint of the office''s own');
SELECT is((SELECT string_agg(concat_ws('|', header, reason_zh, reason_en), E'\n' ORDER BY line) FROM fraud.import_fault WHERE batch = (SELECT max(batch) FROM fraud.import_row)),
  E'第4列|不符合约束 office_own|violates office_own\n第4列|不是数字：请写成35000、35,000.00或3.5万。|It is no number: write 35000, 35,000.00 or 3.5万.', 'by name, and by the number of the column');
-- and a constraint that cannot be asked about
CREATE FUNCTION public.raises(integer) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF $1 = 7 THEN RAISE 'id 339999198807070010 is bad'; END IF; RETURN true; END $$;
ALTER TABLE fraud.finding ADD CONSTRAINT office_raises CHECK (public.raises("份:数"));
SELECT pg_temp.load('finding', '{"unit": 1, "kind": 2, "found_on": 3, "份:数": 4}', (SELECT string_agg(format('华府社区,reoffence,2023-11-01,%s', n % 10), E'\n') FROM generate_series(0, 9) AS n)) AS raising \gset
SELECT is(pg_temp.verdicts(:raising) || ' ' || (SELECT said FROM fraud.import_fault WHERE batch = :raising), 'faulty 1, ready 9 id 339****10 is bad', 'holds up only its row, and shows no id');

-- what only a trigger knows: every seventh of a hundred rows is refused
CREATE FUNCTION public.refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.note LIKE '%7' THEN RAISE EXCEPTION 'no sevens'; END IF; RETURN NEW; END $$;
CREATE TRIGGER office_refuses BEFORE INSERT ON fraud.finding FOR EACH ROW EXECUTE FUNCTION public.refuses();
SELECT pg_temp.load('finding', '{"source_key": 1, "unit": 2, "kind": 3, "found_on": 4, "note": 1}', (SELECT string_agg(format('T%s,华府社区,reoffence,2023-11-01', n), E'\n') FROM generate_series(1, 100) AS n)) AS refused \gset
SELECT is((SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_apply(:refused)), 'faulty 10, applied 90', 'is found row by row');
SELECT is((SELECT string_agg(DISTINCT reason_en || ': ' || said, ', ') || ' ' || string_agg(line::text, ',' ORDER BY line) FROM fraud.import_fault WHERE batch = :refused), 'the database refused the row: no sevens 7,17,27,37,47,57,67,77,87,97', 'the right ones');
DROP TRIGGER office_refuses ON fraud.finding;

-- every constraint of the targets that ship has its words
SELECT is((SELECT string_agg(k.conname, ', ' ORDER BY k.conname) FROM pg_constraint AS k JOIN fraud.import_target AS t ON k.conrelid = format('fraud.%I', t.name)::regclass
    WHERE k.contype = 'c' AND k.conname !~ '_void_complete$|^office_' AND t.name <> 'officer' AND NOT EXISTS (SELECT FROM fraud.import_reason AS w WHERE w.code = k.conname)), NULL, 'a reason for each constraint');

-- a thousand lines in a procedure, 64 at a time, every hundredth faulty
SELECT fraud.import_begin('finding', '{"source_key": 1, "unit": 2, "kind": 3, "found_on": 4}', '戊局', '370323') AS many \gset
SELECT fraud.import_file(:many, convert_to((SELECT string_agg(format('%s,%s,reoffence,%s', n, CASE WHEN n % 2 = 0 THEN '华府社区' ELSE '城西社区' END, CASE WHEN n % 100 = 0 THEN '?' ELSE '2023-12-01' END), E'\n') FROM generate_series(1, 1000) AS n), 'GBK')) \g /dev/null
CALL fraud.import_run(:many, many => 64);
SELECT is(pg_temp.verdicts(:many), 'applied 990, faulty 10', 'in pieces: none is lost');
SELECT is((SELECT concat_ws(' ', state, lines_read, lines_checked, rows_applied) FROM fraud.import_batch WHERE id = :many), 'applied 1000 1000 990', 'and counted');
CALL fraud.import_run(:many, many => 64);
SELECT is((SELECT count(*)::int FROM fraud.finding WHERE source_key LIKE '戊局:%'), 990, 'again: nothing more');
SELECT is(pg_temp.message_of(format('CALL fraud.import_run(%s, many => 0)', :many)), '22023 an import cannot go 0 lines at a time', 'some at a time');

DROP OWNED BY import_clerk, import_other, import_chief, import_reader;
DROP ROLE import_clerk, import_other, import_chief, import_reader;

-- ----------------------------------------------------- what others call a code
-- The ten types as the police publish them, in short forms, with 类 and 诈骗
-- behind, with blanks and full-width signs; three that are no category.
SELECT fraud.import_begin('fraud_case', '{"case_no": 1, "filed_on": 2, "unit": 3, "category": 4}', 'alias', '370323') AS batch \gset
INSERT INTO fraud.import_stage (words) SELECT format('L%s,2023-06-01,华府社区,%s', n, w)
FROM unnest('{刷单返利,刷单,网络刷单类,兼职刷单诈骗,虚假投资理财,虚假网络投资理财类诈骗,虚假网络贷款,网络贷款,"贷款、代办信用卡类",冒充电商物流客服,冒充客服类,冒充公检法,冒充公检法及政府机关类诈骗,虚假征信,虚假征信类,虚假购物服务,"虚假购物、服务类",冒充领导熟人,"冒充 领导、熟人 类",网络游戏产品虚假交易,网络游戏虚假交易,网络婚恋交友,"网络婚恋、交友类",杀猪盘,其它,loan,诈骗,类,裸聊}'::text[]) WITH ORDINALITY AS t (w, n);
SELECT count(*) FROM fraud.import_check(:batch) \g /dev/null
CREATE FUNCTION pg_temp.categories(batch bigint) RETURNS text LANGUAGE sql
  RETURN (SELECT string_agg(coalesce(r.taken[c.place], array_to_string(r.faults, ' ')), ' ' ORDER BY r.line) FROM fraud.import_row AS r JOIN fraud.import_columns(categories.batch) AS c ON c.name = 'category' WHERE r.batch = categories.batch);
SELECT is(pg_temp.categories(:batch),
  'brushing brushing brushing brushing investment investment loan loan loan customer_service customer_service impersonation impersonation credit credit shopping shopping acquaintance acquaintance gaming gaming romance romance romance other loan category:code category:code category:code',
  'categories are known by the names that the police statistics give them');
SELECT is_empty($$SELECT a.word FROM fraud.import_alias AS a LEFT JOIN fraud.fraud_category AS c ON c.code = a.code WHERE a.list = 'fraud_category' AND c.code IS NULL$$, 'each alias is of a category that is there');
SELECT is_empty($$SELECT w.word FROM (SELECT fraud.import_name(a.word) AS word, a.code FROM fraud.import_alias AS a UNION SELECT fraud.import_name(c.label_zh), c.code FROM fraud.fraud_category AS c) AS w GROUP BY w.word HAVING count(*) > 1$$, 'and of one only');
-- a word of the office's own, and one that names two codes
INSERT INTO fraud.import_alias VALUES ('fraud_category', '裸聊敲诈', 'other'), ('fraud_category', '刷单  返利', 'other'), ('fraud_category', '某某', 'nothing');
SELECT fraud.import_begin('fraud_case', '{"case_no": 1, "filed_on": 2, "unit": 3, "category": 4}', 'alias', '370323') AS batch \gset
INSERT INTO fraud.import_stage (words) VALUES ('M1,2023-06-01,华府社区,裸聊敲诈'), ('M2,2023-06-01,华府社区,刷单返利'), ('M3,2023-06-01,华府社区,某某');
SELECT count(*) FROM fraud.import_check(:batch) \g /dev/null
SELECT is(pg_temp.categories(:batch), 'other category:code_ambiguous category:code', 'an office adds words; one that names two codes is a fault, one for no code says nothing');

-- Five line breaks, two of them within quotes: three rows, and a header.
SELECT fraud.import_begin('fraud_case', '{"case_no": "n", "filed_on": "d", "unit": "u"}', 'breaks', '370323') AS batch \gset
SELECT is(fraud.import_file(:batch, convert_to(E'n,d,u,x\nB1,2023-06-01,华府社区,"a\nb\nc"\nB2,2023-06-01,华府社区,\nB3,2023-06-01,华府社区,', 'UTF8')), 6::bigint, 'a file has as many lines as line breaks make');
SELECT is((SELECT sum(c.lines) FROM fraud.import_check(:batch) AS c), 4::numeric, 'those within quotes make no row');
SELECT is((SELECT lines_read FROM fraud.import_batch WHERE id = :batch), 4::bigint, 'nor a line read');

SELECT * FROM finish();
