-- Rubrics as rows: drafts, publishing, what is then immutable, readings, decisions.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- What ships is what the files say: rows and document agree.
SELECT is((SELECT array_agg(e.code || ' ' || e.status ORDER BY e.code) FROM fraud.rubric_edition AS e), 
  '{"nanma-2023 published","nanma-2023-results published","shiqiao-2023 draft","shiqiao-2023-example published","template-plan-2 draft","template-plan-2-example published","tuohe-2023 draft","tuohe-2023-example published"}', 'the shipped editions');
SELECT is(fraud.rubric_document(s.code)::text::antifraud.rubric, s.doc::antifraud.rubric, s.code || ': the rows say what the file says')
FROM antifraud.shipped_rubrics() AS s;
SELECT is((SELECT e.doc FROM fraud.rubric_edition AS e WHERE e.code = s.code), s.doc::antifraud.rubric, s.code || ': the compiled rubric too')
FROM antifraud.shipped_rubrics() AS s WHERE s.code LIKE 'nanma%';
SELECT is(fraud.rubric_document('nope'), NULL, 'an unknown edition has no document');

-- A published edition does not change.
SELECT is(pg_temp.error_of($$UPDATE fraud.rubric_rule SET rule = 'deduct 9' WHERE rubric = 'nanma-2023' AND item = '5'$$),
  E'55000\nrubric ''nanma-2023'' is published and cannot be changed\nUPDATE on table "rubric_rule" was refused: scores rest on its sections, items and rules as they are.\n'
  'Make a new draft with derive_rubric(), change that and publish it.', 'a rule');
SELECT is(pg_temp.message_of(statement), '55000 rubric ''nanma-2023'' is published and cannot be ' || what, statement)
FROM (VALUES
  ('DELETE FROM fraud.rubric_rule WHERE rubric = ''nanma-2023'' AND item = ''5''', 'changed'),
  ('INSERT INTO fraud.rubric_rule (rubric, item, ordinal, measure, rule) VALUES (''nanma-2023'', ''5'', 2, ''case'', ''deduct 1'')', 'changed'),
  ('UPDATE fraud.rubric_item SET points = 6 WHERE rubric = ''nanma-2023'' AND no = ''5''', 'changed'),
  ('DELETE FROM fraud.rubric_item WHERE rubric = ''nanma-2023'' AND no = ''5''', 'changed'),
  ('UPDATE fraud.rubric_section SET title = ''x'' WHERE rubric = ''nanma-2023''', 'changed'),
  ('UPDATE fraud.rubric_edition SET title = ''x'' WHERE code = ''nanma-2023''', 'changed'),
  ('UPDATE fraud.rubric_edition SET code = ''x'' WHERE code = ''nanma-2023''', 'changed'),
  ('UPDATE fraud.rubric_edition SET doc = antifraud.with_period(doc, ''[2024-01-01,2024-12-31]'') WHERE code = ''nanma-2023''', 'changed'),
  ('UPDATE fraud.rubric_edition SET status = ''draft'', doc = NULL WHERE code = ''nanma-2023''', 'changed'),
  ('DELETE FROM fraud.rubric_edition WHERE code = ''nanma-2023''', 'deleted')) AS t (statement, what);
SELECT throws_ok('TRUNCATE fraud.rubric_rule CASCADE', '55000', 'table "rubric_rule" cannot be truncated', 'nor are rules truncated');
SELECT lives_ok('UPDATE fraud.rubric_edition SET listed = false WHERE code = ''nanma-2023''', 'it can be taken off the scoreboard');
SELECT is((SELECT count(*)::int FROM fraud.scoreboard), 0, 'and is then not on it');
UPDATE fraud.rubric_edition SET listed = true WHERE code = 'nanma-2023';
SELECT is(pg_temp.message_of('SELECT fraud.publish_rubric(''nanma-2023'')'), '55000 rubric ''nanma-2023'' is published already', 'it is not published twice');
SELECT is(pg_temp.error_of('SELECT fraud.publish_rubric(''nope'')'),
  E'42704\nrubric ''nope'' does not exist\nEditions in this registry: ''nanma-2023'' (published), ''nanma-2023-results'' (published), ''shiqiao-2023'' (draft), ''shiqiao-2023-example'' (published), ''template-plan-2'' (draft), ''template-plan-2-example'' (published), ''tuohe-2023'' (draft), ''tuohe-2023-example'' (published).\n'
  'Correct the code, or load the rubric with load_rubric().', 'an unknown edition is named, with those that exist');
SELECT is(pg_temp.message_of('SELECT fraud.publish_rubric(NULL)'), '22004 no rubric was named: its code is NULL', 'NULL');

-- A draft is edited with SQL.
INSERT INTO fraud.rubric_edition (code, title, total, period_from, period_to) VALUES ('small', 'A small one', 10, '2023-01-01', '2023-12-31');
INSERT INTO fraud.rubric_section (rubric, no, title, points) VALUES ('small', 1, 'All', 10);
INSERT INTO fraud.rubric_item (rubric, no, section, place, title, points) VALUES ('small', 'a', 1, 2, 'Second', 4), ('small', 'b', 1, 1, 'First', 6);
INSERT INTO fraud.rubric_rule (rubric, item, ordinal, measure, rule) VALUES ('small', 'a', 1, 'case', 'deduct 1 per occurrence'), ('small', 'b', 1, 'den', 'deduct 6');
SELECT is(pg_temp.error_of('SELECT * FROM fraud.scores(''small'')'),
  E'55000\nrubric ''small'' is a draft\nOnly a published edition gives scores: a draft may still change.\nPublish it with publish_rubric(''small'').', 'a draft gives no scores');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.explain_score(''370323002002'', ''small'')'), '55000 rubric ''small'' is a draft', 'no explanation');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.simulate_score(''370323002002'', ''small'', ''[]'')'), '55000 rubric ''small'' is a draft', 'and no simulation');
SELECT throws_ok('UPDATE fraud.rubric_rule SET measure = ''nonsense'' WHERE rubric = ''small''', '23503', NULL, 'an unknown measure in a rule is refused');
SELECT throws_ok('UPDATE fraud.rubric_rule SET rule = ''deduct much'' WHERE rubric = ''small''', '22P02', NULL, 'a rule that does not parse is refused');
UPDATE fraud.rubric_item SET points = 5 WHERE rubric = 'small' AND no = 'a';
SELECT isnt(pg_temp.error_of('SELECT fraud.publish_rubric(''small'')'), 'no error', 'a section that does not add up is not published');
SELECT is((SELECT status FROM fraud.rubric_edition WHERE code = 'small'), 'draft', 'and stays a draft');
UPDATE fraud.rubric_item SET points = 4 WHERE rubric = 'small' AND no = 'a';
UPDATE fraud.rubric_rule SET ordinal = 2 WHERE rubric = 'small' AND item = 'a';
SELECT is(pg_temp.error_of('SELECT fraud.publish_rubric(''small'')'),
  E'22023\nitem ''a'' of rubric ''small'' has a rule 2 but no rule 1\nDecisions and explanations find a rule by its place within the item.\nNumber the rules of each item 1, 2, 3 in the column ordinal.', 'nor rules with a gap');
UPDATE fraud.rubric_rule SET ordinal = 1 WHERE rubric = 'small' AND item = 'a';
SELECT throws_ok($$INSERT INTO fraud.rubric_edition (code, title, total, period_from, period_to, status) VALUES ('x', 'x', 1, '2023-01-01', '2023-12-31', 'published')$$, '55000', NULL, 'an edition begins as a draft');
SELECT throws_ok($$INSERT INTO fraud.rubric_edition (code, title, total, period_from, period_to) VALUES ('x', 'x', 9.999, '2023-01-01', '2023-12-31')$$, '23514', NULL, 'points with three decimals are refused, not rounded: a total');
SELECT throws_ok('UPDATE fraud.rubric_section SET points = 9.999 WHERE rubric = ''small''', '23514', NULL, 'a section');
SELECT throws_ok('UPDATE fraud.rubric_item SET points = 9.999 WHERE rubric = ''small''', '23514', NULL, 'an item');
SELECT throws_ok($$INSERT INTO fraud.rubric_edition (code, title, total, period_from, period_to) VALUES ('x', 'x', 1, '2023-12-31', '2023-01-01')$$, '23514', NULL, 'with a period in order');
SELECT lives_ok('SELECT fraud.publish_rubric(''small'')', 'then it is published');
SELECT is((SELECT (status, published_at IS NOT NULL, published_by = current_user) FROM fraud.rubric_edition WHERE code = 'small'), ROW ('published'::text, true, true), 'with time and person');
SELECT is((SELECT doc::text::jsonb #>> '{sections,0,items,0,no}' FROM fraud.rubric_edition WHERE code = 'small'), 'b', 'items come in their places');
SELECT is(pg_temp.score('370323002002', rubric => 'small'), 10::numeric, 'and gives scores');
SELECT lives_ok('UPDATE fraud.rubric_edition SET status = ''retired'' WHERE code = ''small''', 'it is retired');
SELECT is((SELECT count(*)::int FROM fraud.scoreboard WHERE rubric = 'small'), 0, 'leaves the scoreboard');
SELECT is(pg_temp.score('370323002002', rubric => 'small'), 10::numeric, 'and still gives scores');
SELECT throws_ok('UPDATE fraud.rubric_edition SET status = ''published'' WHERE code = ''small''', '55000', NULL, 'it does not come back');

-- Publishing by UPDATE compiles as well; whatever doc is given.
SELECT fraud.derive_rubric('nanma-2023', 'by update') \g /dev/null
UPDATE fraud.rubric_edition SET status = 'published', title = 'new title', doc = (SELECT doc FROM fraud.rubric_edition WHERE code = 'small') WHERE code = 'by update';
SELECT is((SELECT doc::text::jsonb ->> 'title' FROM fraud.rubric_edition WHERE code = 'by update'), 'new title', 'the compiled rubric is that of its rows');

-- A draft can be deleted, with all its rows.
SELECT fraud.derive_rubric('nanma-2023', 'spare') \g /dev/null
SELECT lives_ok('DELETE FROM fraud.rubric_edition WHERE code = ''spare''', 'a draft is deleted');
SELECT is((SELECT count(*)::int FROM fraud.rubric_rule WHERE rubric = 'spare'), 0, 'with its rules');

-- From a document.
CREATE FUNCTION pg_temp.document() RETURNS text
LANGUAGE sql RETURN '{"code":"doc","edition":"1","title":"t","total":5,"period":["2023-01-01","2023-12-31"],"sections":[{"title":"s","points":5,"items":[{"no":"1","title":"i","points":5,"rules":[{"measure":"case","rule":"deduct 1 per occurrence"}]}]}]}';
SELECT is(fraud.load_rubric(pg_temp.document()), 'doc', 'a document is loaded as a draft');
SELECT is((SELECT (status, baseline, period_to) FROM fraud.rubric_edition WHERE code = 'doc'), ROW ('draft'::text, NULL::text, '2023-12-31'::date), 'with its defaults');
SELECT is(pg_temp.error_of('SELECT fraud.load_rubric(pg_temp.document())'), E'23505\nrubric ''doc'' exists already\nGive the document another code, or delete the draft that has it.', 'not twice');
SELECT is(pg_temp.error_of($$SELECT fraud.load_rubric(replace(replace(pg_temp.document(), '"case"', '"cases"'), '"doc"', '"doc2"'))$$),
  E'23503\nrubric ''doc2'' uses unknown measures: ''cases''\nA rule on a measure that no table supplies would never deduct anything.\nCorrect the code, or add the measure to the table measure.', 'an unknown measure');
SELECT is(pg_temp.message_of($$SELECT fraud.load_rubric(replace(replace(pg_temp.document(), '"total"', '"as_of":"2023-06-30","total"'), '"doc"', '"doc2"'))$$),
  '22023 rubric ''doc2'' carries an as-of date or decisions', 'a document as of a day');
SELECT throws_ok($$SELECT fraud.load_rubric(replace(pg_temp.document(), '"title":"t"', '"titel":"t"'))$$, '22P02', NULL, 'an unknown key');
SELECT is(pg_temp.message_of('SELECT fraud.load_rubric(NULL::text)'), '22004 a rubric cannot be loaded from NULL', 'NULL');

-- Alternative readings, each by its name, give a rubric that differs in what it says.
SELECT lives_ok(format('SELECT fraud.publish_rubric(fraud.derive_rubric(''nanma-2023'', %L, ARRAY[%L]))', 'with ' || name, name), 'reading ' || name)
FROM (SELECT DISTINCT name FROM fraud.reading WHERE rubric = 'nanma-2023' ORDER BY 1) AS r;
SELECT is((SELECT count(DISTINCT e.doc::text) FROM fraud.rubric_edition AS e WHERE e.code LIKE 'with %'), (SELECT count(DISTINCT name) FROM fraud.reading WHERE rubric = 'nanma-2023'), 'no two are the same');
SELECT fraud.derive_rubric('nanma-2023', 'several', '{overflow_to_total,per_month_above,sessions_prorated,a_and_b_then_or_c}') \g /dev/null
SELECT results_eq(
  $$SELECT r.item, r.ordinal, r.measure, r.rule::text, r.counted_over, i.overflow, r.reading
    FROM fraud.rubric_rule AS r JOIN fraud.rubric_item AS i ON i.rubric = r.rubric AND i.no = r.item
    JOIN fraud.rubric_rule AS b ON b.rubric = 'nanma-2023' AND b.item = r.item AND b.ordinal = r.ordinal
    WHERE r.rubric = 'several' AND r.reading IS DISTINCT FROM b.reading
    ORDER BY r.item, r.ordinal$$,
  $$VALUES ('3', 1, 'case', 'deduct 2 if count > baseline', 'month', 'none', 'per_month_above: 逐月比较，每超一月扣2分'),
           ('5', 1, 'case_staff', 'deduct 10', 'period', 'total', 'overflow_to_total: 超出部分扣总分'),
           ('8', 1, 'publicity', 'deduct 5 if count < 32', 'period', 'none', 'sessions_prorated: 按8个月折算32次'),
           ('8', 2, 'victim_unreached_or_no_app', 'deduct 5', 'period', 'none', 'a_and_b_then_or_c: （甲且乙）或丙，一次')$$, 'several readings at once, and nothing else changes');
SELECT is(pg_temp.error_of($$SELECT fraud.derive_rubric('nanma-2023', 'x', '{overflow_to_section,overflow_to_total}')$$),
  E'22023\ntwo of the readings change rule 1 of item 5 in the same way (overflow_to_section, overflow_to_total)\nReadings go together only where one changes the measure and another the rule, say.\nChoose one of them.', 'two readings of one clause');
SELECT fraud.derive_rubric('nanma-2023', 'both', '{by_act_date,per_case_above}') \g /dev/null
SELECT is((SELECT (measure, rule::text, reading)::text FROM fraud.rubric_rule WHERE rubric = 'both' AND item = '3'),
  '(case_by_act,"deduct 2 per 1 excess if count > baseline","by_act_date: 按案发日计；per_case_above: 每多一起扣2分")', 'two readings of one clause that go together');
SELECT is(pg_temp.message_of($$SELECT fraud.derive_rubric('nanma-2023', 'x', '{nonsense}')$$), '42704 rubric ''nanma-2023'' has no reading ''nonsense''', 'an unknown reading');
SELECT is(pg_temp.message_of($$SELECT fraud.derive_rubric('nanma-2023', 'several')$$), '23505 rubric ''several'' exists already', 'a code that is taken');
SELECT is(pg_temp.message_of($$SELECT fraud.derive_rubric('nope', 'x')$$), '42704 rubric ''nope'' does not exist', 'an unknown base');
SELECT is(pg_temp.message_of($$SELECT fraud.derive_rubric('nanma-2023', '')$$), '22023 the new edition has no code', 'no code');

-- Decisions: checked when they are entered, one in force, append-only.
SELECT is(pg_temp.message_of($$INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on) VALUES ('370323002002', 'nanma-2023-results', '1', 9, 15, 'r', '2024-01-01')$$),
  '23503 rubric ''nanma-2023-results'' has no rule 9 of item ''1''', 'no such rule');
SELECT isnt(pg_temp.error_of($$INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on) VALUES ('370323002002', 'nanma-2023-results', '1', 1, 21, 'r', '2024-01-01')$$), 'no error', 'points above the range');
SELECT isnt(pg_temp.error_of($$INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on) VALUES ('370323002002', 'nanma-2023-results', '1', 1, 9.99, 'r', '2024-01-01')$$), 'no error', 'points below the range');
SELECT isnt(pg_temp.error_of($$INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on) VALUES ('370323002002', 'nanma-2023', '5', 1, 10, 'r', '2024-01-01')$$), 'no error', 'points where there is no discretion');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('370323002002', 'several', '5', 1, true, 'r', '2024-01-01')$$), '55000 rubric ''several'' is a draft', 'about a draft');
SELECT throws_ok($$INSERT INTO fraud.decision (unit, rubric, item, rule, reason, decided_on) VALUES ('370323002002', 'nanma-2023', '5', 1, 'r', '2024-01-01')$$, '23514', NULL, 'a decision that decides nothing');
SELECT throws_ok($$INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('370323002002', 'nanma-2023', '5', 1, true, ' ', '2024-01-01')$$, '23514', NULL, 'without a reason');
SELECT throws_ok($$INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('nobody', 'nanma-2023', '5', 1, true, 'r', '2024-01-01')$$, '23503', NULL, 'about an unknown unit');
SELECT lives_ok($$INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('370323002002', 'nanma-2023', '5', 1, true, 'r', '2024-01-01')$$, 'a waiver');
SELECT throws_ok($$INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('370323002002', 'nanma-2023', '5', 1, true, 'r', '2024-01-01')$$, '23505', NULL, 'a second one beside it');
SELECT is(pg_temp.message_of('UPDATE fraud.decision SET waived = false'), '23001 column "waived" of table "decision" cannot be changed', 'it does not change');
UPDATE fraud.decision SET void_reason = 'appeal';
SELECT lives_ok($$INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('370323002002', 'nanma-2023', '5', 1, true, 'r', '2024-01-01')$$, 'after it is voided, another');

SELECT * FROM finish();
