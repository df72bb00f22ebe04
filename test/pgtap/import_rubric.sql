-- From the text of a document to a draft: items, points, rules and questions.
-- The text is the rubric of nanma-2023, cut down to titles, points and the
-- phrases that say what follows.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

CREATE TABLE public.paper AS SELECT $$某政发〔2023〕21号
“无诈”社区考评细则
二、考评时间
2023年5月1日至2023年12月31日。
三、考评内容
考评总分100分。
（一）组织领导（15分）
1.专题研究（5分）。未部署、制定方案、每月研究的，每发现一次扣1分。
2.工作台账（10分）。有方案；有记录；有台账。每少一项扣1分。
（二）防范成效（55分）
3.发案防控（20分）。发案数超过去年同期的扣2分。
4.重大案件（10分）。涉案金额达10万以上、30万以上的，每起分别扣1分、2分。发生50万元以上的扣10分。
5.内部防范（5分）。工作人员发生案件的，扣10分。
6.预警劝阻（20分）。对预警后又发案的每起扣5分。
（三）工作落实（30分）
7.安装率（5分）。群众未安装的，每人次扣1分，扣完为止。工作人员发现有未安装的扣5分。
8.宣传（15分）。全年宣传少于48次的，扣5分。未收到宣传且未入群或未安装的扣5分。弄虚作假的，发现一次扣10分。
9.管控（10分）。底数不清、情况不明，每发现一处扣1分。造成重新作案或者产生窝点的，每一次扣5分。
四、考评结果应用
发案数同比上升超过50%，或者发生50万元以上案件、产生窝点的，酌情扣10至20分。
$$::text AS words;
CREATE TEMP TABLE asked AS SELECT a.* FROM public.paper AS p, fraud.import_rubric('draft', p.words) AS a;

SELECT results_eq($$SELECT no, points FROM fraud.rubric_section WHERE rubric = 'draft' ORDER BY no$$, 'VALUES (1, 15::numeric), (2, 55), (3, 30)', 'three sections');
SELECT results_eq($$SELECT no, section, points FROM fraud.rubric_item WHERE rubric = 'draft' ORDER BY no$$,
                  $$SELECT no, section, points FROM fraud.rubric_item WHERE rubric = 'nanma-2023' ORDER BY no$$, 'nine items with the points of the rubric that ships');
SELECT results_eq($$SELECT total, period_from, period_to, baseline, edition, title FROM fraud.rubric_edition WHERE code = 'draft'$$,
  $$VALUES (100::numeric, '2023-05-01'::date, '2023-12-31'::date, 'last_year', '某政发〔2023〕21号', '“无诈”社区考评细则')$$, 'the whole');

-- Each difference from the rubric that ships is a question.
CREATE TEMP VIEW differs AS
  SELECT coalesce(d.item, s.item) AS item, coalesce(d.ordinal, s.ordinal) AS ordinal, d.rule::text AS drafted, s.rule::text AS shipped
  FROM (SELECT * FROM fraud.rubric_rule WHERE rubric = 'draft') AS d
  FULL JOIN (SELECT * FROM fraud.rubric_rule WHERE rubric = 'nanma-2023') AS s ON s.item = d.item AND s.ordinal = d.ordinal
  WHERE (d.rule, d.counted_over) IS DISTINCT FROM (s.rule, s.counted_over);
SELECT results_eq('SELECT * FROM differs ORDER BY item, ordinal', $$VALUES
  ('2', 1, 'deduct 1 per 1 missing', 'deduct 1 per occurrence cap 3'),
  ('4', 1, 'deduct 1 per occurrence if amount >= 100000, deduct 2 per occurrence if amount >= 300000',
   'deduct 1 per occurrence if amount >= 100000, deduct 2 per occurrence if amount >= 300000, deduct 10 if amount >= 500000'),
  ('4', 2, 'deduct 10 if amount >= 500000', NULL),
  ('9', 3, NULL, 'deduct 5 per occurrence')$$, 'where the draft differs: listed_items, highest band, one rule for each case');
SELECT is((SELECT array_agg(DISTINCT a.item || ' ' || a.asks ORDER BY a.item || ' ' || a.asks) FROM asked AS a JOIN differs AS d ON d.item = a.item WHERE a.asks IN ('required', 'bands', 'alternatives')),
          '{"2 required","4 bands","9 alternatives"}', 'and each of these is asked');
SELECT is((SELECT a.suggestion FROM asked AS a WHERE a.item = '4' AND a.asks = 'bands' LIMIT 1)::antifraud.rule,
          (SELECT rule FROM fraud.rubric_rule WHERE rubric = 'nanma-2023' AND item = '4'), 'the joined bands are suggested');
SELECT is((SELECT string_agg(a.item || ' ' || a.asks, ', ' ORDER BY a.no) FROM asked AS a WHERE a.asks IN ('enumeration', 'sequence', 'and_or', 'window', 'discovery', 'baseline')),
          '1 enumeration, 3 baseline, 6 sequence, 8 window, 8 and_or, 8 discovery, 9 enumeration', 'readings that the design names');
SELECT is((SELECT count(*) FROM asked WHERE asks = 'measure'), (SELECT count(*) FROM fraud.rubric_rule WHERE rubric = 'draft' AND measure IS NULL), 'no measure is guessed');
SELECT cmp_ok((SELECT count(*) FROM asked WHERE asks = 'outside'), '>', 0::bigint, 'the use of results is listed');
SELECT ok((SELECT bool_and(substr(p.words, a.starts, a.ends - a.starts + 1) = a.words) FROM asked AS a, public.paper AS p WHERE a.ordinal IS NOT NULL AND a.starts IS NOT NULL), 'positions are those of the words');

-- Nothing is published while a question is open.
SELECT is(pg_temp.message_of($$SELECT fraud.publish_rubric('draft')$$), '55000 rule 1 of item ''1'' of rubric ''draft'' has no measure', 'a measure is missing');
UPDATE fraud.rubric_rule SET measure = 'case' WHERE rubric = 'draft';
SELECT matches(pg_temp.message_of($$SELECT fraud.publish_rubric('draft')$$), '^55000 rubric ''draft'' has [0-9]+ open questions$', 'questions are open');
UPDATE fraud.rubric_question SET answer = 'decided' WHERE rubric = 'draft';
SELECT is((SELECT count(*) FROM fraud.rubric_question WHERE rubric = 'draft' AND answered_by IS NULL), 0::bigint, 'answers are signed');
SELECT lives_ok($$SELECT fraud.publish_rubric('draft')$$, 'then it is published');
SELECT throws_ok($$UPDATE fraud.rubric_question SET answer = 'other' WHERE rubric = 'draft'$$, '55000', NULL, 'and its answers stay');

-- Other layouts.
CREATE TEMP TABLE other AS SELECT r.* FROM fraud.read_rubric(E'某办法\r\n2024年１月1日至12月31日。满分五十分\r\n一、组织（满分：２０分）\r\n（一）会议(10分)\r\n1.未开会的，每次扣1分。\r\n（二）台账（ 十 分 ）。每缺一次扣0.5分\r\n（三）培训。未训的扣1分。\r\n二、成效（25分）\r\n（一）发案（30分）：每起扣1分。') AS r;
SELECT is((SELECT string_agg(item || ' ' || points, ', ' ORDER BY starts) FROM other WHERE kind = 'item'), '1.一 10, 二 10, 2.一 30', 'sections 一, items （一）, full-width and Chinese numerals; a repeated number gets its section');
SELECT is((SELECT string_agg(words, '; ' ORDER BY words) FROM other WHERE kind = 'sum'), '20 + 25 = 45 ≠ 50; 成效: 30 = 30 ≠ 25', 'points that do not add up');
SELECT is((SELECT count(*) FROM other WHERE kind IN ('number', 'no_points')), 3::bigint, 'repeated numbers and an item without points');
SELECT is((SELECT days FROM other WHERE kind = 'period'), '[2024-01-01,2025-01-01)', 'the year of the last day is that of the first');

-- Bad input.
SELECT is(pg_temp.message_of(statement), message, message)
FROM (VALUES
  ('SELECT fraud.import_rubric(''e'', '''')', '22023 no item with points was found in the document of rubric ''e'''),
  ('SELECT fraud.import_rubric(''e'', NULL)', '22004 a rubric cannot be imported from NULL'),
  ('SELECT fraud.import_rubric('' '', ''x'')', '22023 the new edition has no code'),
  ('SELECT fraud.import_rubric(''draft'', ''x'')', '23505 rubric ''draft'' exists already'),
  ('SELECT fraud.import_rubric(''e'', repeat(''x'', 1000000))', '54000 the document is too long'),
  ('SELECT count(*) FROM fraud.read_rubric(repeat(''x'', 1000000))', '54000 the document is too long'),
  ('SELECT count(*) FROM fraud.rubric_outline(repeat(''x'', 1000000))', '54000 the document is too long'),
  ('SELECT fraud.import_rubric(''e'', ''1.甲（5分）。每次扣1分。'')', '22023 the document of rubric ''e'' states no period'),
  ('SELECT fraud.import_rubric(''e'', ''1.甲（5分）。每次扣1分。'', ''empty'')', '22023 empty is no period')) AS t (statement, message);
SELECT is((SELECT string_agg(asks, ',' ORDER BY no) FROM fraud.import_rubric('flat', E'1、甲（5分）。每次扣1分。\n1、乙（5分）。每次扣2分。', '[2024-01-01,2024-12-31]')),
          'edition,title,total,number,measure,number,measure', 'no sections, a number twice');

SELECT * FROM finish();
