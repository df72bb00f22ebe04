-- Published results: sealing, the chain, what verify_seals() finds, revisions,
-- and scores as known then. By hand, under nanma-2023 as of 1 January 2024:
-- 002 two cases against none last year (item 3: 2) and one of 120,000 yuan
-- (item 4: 1): 97. 003 nothing: 100. 004 one control defect (item 9: 1),
-- waived: 100. 013 no publicity (item 8: 5): 95.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

UPDATE fraud.unit SET setting = CASE WHEN code IN ('370323002002', '370323002003') THEN 'urban' ELSE 'rural' END;
INSERT INTO fraud.activity (unit, kind, held_on, sessions) SELECT code, 'visit', '2023-06-01', 48 FROM fraud.unit WHERE code <> '370323002013';
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('A1', '370323002002', '2023-06-01', 1000), ('A2', '370323002002', '2023-07-01', 120000), ('A0', '370323002003', '2021-07-01', 120000);
INSERT INTO fraud.finding (unit, kind, found_on, quantity) VALUES ('370323002004', 'control_failure', '2023-09-01', 1);
INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_on) VALUES ('370323002004', 'nanma-2023', '9', 1, true, '已整改', '2023-12-20');

-- What is refused
SELECT matches(pg_temp.error_of($$SELECT fraud.seal_assessment('nothing', '2024-01-01', 't', 'x')$$), '^42704\nrubric ''nothing'' does not exist', 'no such rubric');
SELECT matches(pg_temp.error_of($$SELECT fraud.seal_assessment('tuohe-2023', '2024-01-01', 't', 'x')$$), '^55000\nrubric ''tuohe-2023'' is a draft', 'a draft gives no results');
SELECT matches(pg_temp.error_of($$SELECT fraud.seal_assessment('nanma-2023', NULL, 't', 'x')$$), '^22023\nresults cannot be sealed as of NULL', 'a result is as of a day');
SELECT matches(pg_temp.error_of($$SELECT fraud.seal_assessment('nanma-2023', 'infinity', 't', 'x')$$), '^22023\nresults cannot be sealed as of infinity', 'which is a day');
SELECT throws_like($$SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', ' ', 'x')$$, '%assessment_title_not_blank%', 'it has a title');
SELECT throws_ok($$SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', 't', NULL)$$, '23502', NULL, 'somebody publishes it');
SELECT throws_like($$SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', 't', 'x', NULL, '2023-12-31')$$, '%assessment_judged_before_published%', 'not before the day as of which it is');
SELECT matches(pg_temp.error_of($$SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', 't', 'x', NULL, NULL, NULL, 'md5')$$), '^22023\nthere is no digest algorithm ''md5''', 'an algorithm that is not weak');
SELECT is((SELECT count(*)::int FROM fraud.assessment_fact), 0, 'of all this nothing is left');

-- The seal
SELECT is(fraud.seal_assessment('nanma-2023', '2024-01-01', '2023年度考评结果', '创建办', '示例〔2024〕1号', '2024-01-10', 'nanma-2023'), 1::bigint, 'S34, S36, T32, B07: the result of a period, published and sealed');
SELECT is((SELECT array_agg(concat_ws(' ', right(unit, 3), rank, trim_scale(total), vetoed) ORDER BY unit) FROM fraud.sealed_score),
  '{"002 3 97 f","003 1 100 f","004 1 100 f","013 4 95 f"}', 'each unit, its rank and points');
SELECT is((SELECT array_agg(concat_ws(' ', right(unit, 3), cohort, rank, of_units, medal) ORDER BY unit) FROM fraud.assessment_rank),
  '{"002 urban 2 2 silver","003 urban 1 2 gold","004 rural 1 2 gold","013 rural 2 2 silver"}', 'ranks and medals within cohorts');
SELECT is((SELECT array_agg(concat_ws(' ', unit, cohort, rank, of_units, medal) ORDER BY unit) FROM fraud.assessment_rank),
  (SELECT array_agg(concat_ws(' ', unit, cohort, rank, of, medal) ORDER BY unit) FROM fraud.cohort_ranks('nanma-2023', '2024-01-01')), 'those of cohort_ranks()');
SELECT is((SELECT bool_and(i.fact_keys @> ARRAY(SELECT replace(k, ' ', ':') FROM unnest(e.fact_keys) AS k)) FROM fraud.unit AS u CROSS JOIN fraud.explain_score(u.code, 'nanma-2023', '2024-01-01') AS e JOIN fraud.sealed_item AS i ON i.unit = u.code AND i.item = e.item_no AND i.rule = e.rule_no), true, 'the keys that explain_score() names are among them');
SELECT is((SELECT concat_ws(' ', trim_scale(raw), trim_scale(deducted), state, decision, fact_keys) FROM fraud.sealed_item WHERE unit LIKE '%004' AND item = '9' AND rule = 1),
  '1 0 waived 1 {finding:1}', 'a waived deduction stays visible as waived, with its decision and its fact');
SELECT is((SELECT array_agg(concat_ws(' ', item, rule, trim_scale(deducted), fact_keys) ORDER BY item, rule) FROM fraud.sealed_item WHERE unit LIKE '%002' AND deducted > 0),
  '{"3 1 2 {fraud_case:1,fraud_case:2}","4 1 1 {fraud_case:1,fraud_case:2}"}', 'what was deducted, and the keys of the facts');
SELECT is((SELECT count(*)::int FROM fraud.sealed_item WHERE unit LIKE '%003'), 14, 'rules that deducted nothing are there too');
SELECT is((SELECT array_agg(concat_ws(' ', right(unit, 3), place, measure, occurred_on, quantity, amount) ORDER BY unit, place) FROM fraud.assessment_fact),
  '{"002 1 case 2023-06-01 1 1000","002 2 case 2023-07-01 1 120000","002 3 publicity 2023-06-01 48","003 1 publicity 2023-06-01 48","004 1 control_failure 2023-09-01 1","004 2 publicity 2023-06-01 48"}',
  'the facts of the period and of the year that it is compared with; not those of 2021');
SELECT is((SELECT concat_ws(' ', in_force, units, published_on, document_no, algorithm, undated, previous_digest = repeat('0', 64)) FROM fraud.assessment_state),
  't 4 2024-01-10 示例〔2024〕1号 sha256 {} t', 'the head');
SELECT is((SELECT concat_ws(' ', ok, wrong, units_checked, units) FROM fraud.verify_seals()), 't {} 4 4', 'it verifies');
SELECT matches(pg_temp.error_of($$SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', 't', 'x')$$), '^55000\nrubric ''nanma-2023'' as of 2024-01-01 is sealed already\nIt is assessment 1', 'once for a rubric and a day');

SELECT is(fraud.assessment_notice(1), concat_ws(E'\n', '2023年度考评结果', '示例〔2024〕1号', '依据《南麻街道“无诈”社区（村居）创建考评细则》，截至2024年1月1日，对4个单位进行了考评，现将结果公布如下：',
  '1. 城西社区：100分，城区社区第1名（金牌）', '1. 怡康社区：100分，农村村居第1名（金牌）', '3. 华府社区：97分，城区社区第2名（银牌）', '4. 学府社区：95分，农村村居第2名（银牌）',
  '对本单位结果有异议的，请于2024年1月17日前（含当日）书面提出。', '创建办', '2024年1月10日', '封存编号：1；摘要（SHA-256）：' || (SELECT digest FROM fraud.assessment), ''), 'the notice that publishes it');
SELECT is(fraud.assessment_notice(99), NULL, 'of what there is');

-- Sealed rows refuse change, and name the seal
SELECT digest AS first_digest FROM fraud.assessment \gset
SELECT matches(pg_temp.error_of(s), E'^23001\n.*seal.*\n.* on table "assessment.*Published on 2024-01-10; sha256 ' || :'first_digest', s)
FROM (VALUES ('UPDATE fraud.assessment SET title = ''x'''), ('DELETE FROM fraud.assessment'), ('TRUNCATE fraud.assessment CASCADE'),
             ('UPDATE fraud.assessment_unit SET total = 100'), ('DELETE FROM fraud.assessment_unit'), ('UPDATE fraud.assessment_unit SET digest = NULL'),
             ('UPDATE fraud.assessment_item SET deducted = 0'), ('DELETE FROM fraud.assessment_item'), ('TRUNCATE fraud.assessment_item CASCADE'),
             ('UPDATE fraud.assessment_rank SET medal = NULL'), ('DELETE FROM fraud.assessment_fact'), ('UPDATE fraud.assessment_fact SET amount = 0'),
             ('INSERT INTO fraud.assessment_fact SELECT assessment, unit, region, 99, measure, occurred_on, quantity, base, amount, source_table, source_key FROM fraud.assessment_fact WHERE place = 1'),
             ('INSERT INTO fraud.assessment_rank SELECT assessment, unit, region, ''more'', 1, 1, NULL FROM fraud.assessment_unit')) AS v (s);
SELECT is(split_part(pg_temp.error_of('UPDATE fraud.assessment_item SET deducted = 0 WHERE unit LIKE ''%002'''), E'\n', 2), 'the result of unit ''370323002002'' is sealed by seal 1', 'whose result it is');
SELECT throws_ok($$INSERT INTO fraud.assessment_rank VALUES (7, '370323002002', '370323002002', 'urban', 1, 1, NULL); SET CONSTRAINTS ALL IMMEDIATE$$, '23503', NULL, 'nothing is left lying about for a seal to come');

-- As known then
CREATE TABLE public.then AS SELECT known_at FROM fraud.assessment;
CREATE TABLE public.said AS SELECT unit, total, low, high, vetoed, card::text AS card FROM fraud.scores('nanma-2023', '2024-01-01');
CREATE TABLE public.explained AS SELECT e.*::text AS line FROM fraud.unit AS u CROSS JOIN fraud.explain_score(u.code, 'nanma-2023', '2024-01-01') AS e;
SELECT fraud.void_fact('fraud_case', 2, '重复录入') \g /dev/null
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('A3', '370323002003', '2023-08-01', 500000);
UPDATE fraud.decision SET void_reason = '整改不实' WHERE id = 1;
INSERT INTO fraud.unit (code, region, name) VALUES ('370323002099', '370323002099', '新社区');
-- one that a transaction was about to enter: by its stamp it was known then
SET session_replication_role = replica;
INSERT INTO fraud.fraud_case (case_no, unit, region, filed_on, loss, recorded_at) VALUES ('A4', '370323002013', '370323002013', '2023-08-01', 100000, '2023-08-02 00:00+08');
RESET session_replication_role;
SELECT results_eq($$SELECT unit, total, low, high, vetoed, card::text FROM fraud.scores('nanma-2023', '2024-01-01', (SELECT known_at FROM public.then)) ORDER BY unit$$,
  $$SELECT * FROM public.said ORDER BY unit$$, 'scores() as known then is the sealed result: an entry withdrawn, one added, a decision voided, one that was not committed, and a new unit change nothing');
SELECT results_eq($$SELECT e.*::text FROM public.said AS s CROSS JOIN fraud.explain_score(s.unit, 'nanma-2023', '2024-01-01', (SELECT known_at FROM public.then)) AS e ORDER BY 1$$,
  $$SELECT line FROM public.explained ORDER BY 1$$, 'and so is explain_score()');
SELECT is((SELECT array_agg(trim_scale(antifraud.total(fraud.card_of(unit, 'nanma-2023', '2024-01-01', known_at), fraud.rubric_for(unit, 'nanma-2023', '2024-01-01', known_at))) ORDER BY unit) FROM public.said, public.then),
  '{97,100,100,95}'::numeric[], 'and card_of() with rubric_for()');
-- now: 002 one case (2): 98; 003 one case of 500,000 (2 and 10): 88; 004 not waived: 99; 013 one case of 100,000 (5, 2 and 1): 92
SELECT is((SELECT array_agg(concat_ws(' ', right(unit, 3), trim_scale(sealed), trim_scale(now_total), trim_scale(difference)) ORDER BY unit) FROM fraud.sealed_differences(1)),
  '{"002 97 98 1","003 100 88 -12","004 100 99 -1","013 95 92 -3"}', 'sealed_differences(): what would be another result now');
SELECT is(pg_temp.score('370323002013', '2024-01-01', (SELECT known_at + interval '1 microsecond' FROM public.then)), 92.00, 'a moment that is not sealed is known up to the transactions then open');
SELECT is((SELECT extract(microseconds FROM known_at)::int % 1000 FROM public.then), 0, 'the moment is in whole milliseconds, which every client keeps');
SELECT is((SELECT ok FROM fraud.verify_seals()), true, 'none of this touches the seal');

-- Revisions
SELECT matches(pg_temp.error_of($$SELECT fraud.revise_assessment(1, ' ', 'x')$$), '^22023\nassessment 1 cannot be revised without a reason', 'a revision has a reason');
SELECT matches(pg_temp.error_of($$SELECT fraud.revise_assessment(9, 'r', 'x')$$), '^P0002\nthere is no assessment 9', 'of what there is');
SELECT matches(pg_temp.error_of($$SELECT fraud.revise_assessment(1, 'r', 'x', NULL, NULL, '{370323002002,nowhere}')$$), '^42704\nassessment 1 has no unit ''nowhere''', 'and of its units');
SELECT is(fraud.revise_assessment(1, '异议成立：案件重复录入', '创建办', '示例〔2024〕9号', '2024-02-05', '{370323002002}'), 2::bigint, 'of one unit');
SELECT is((SELECT array_agg(concat_ws(' ', right(unit, 3), rank, trim_scale(total)) ORDER BY unit) FROM fraud.sealed_score WHERE in_force),
  '{"002 3 98","003 1 100","004 1 100","013 4 95"}', 'the others keep what they had, and are ranked with it');
SELECT is((SELECT array_agg(concat_ws(' ', assessment, in_force, revised_by, reason) ORDER BY assessment) FROM fraud.assessment_state), '{"1 f 2","2 t 异议成立：案件重复录入"}', 'which one is in force, and why');
SELECT matches(fraud.assessment_notice(2), E'示例〔2024〕9号\n（修订第1号结果。原因：异议成立：案件重复录入）\n依据', 'the notice of a revision says what it revises');
SELECT is((SELECT count(*)::int FROM fraud.assessment_fact WHERE assessment = 2 AND unit LIKE '%002'), 2, 'without the fact that was voided');
SELECT results_eq($$SELECT unit, total FROM fraud.scores('nanma-2023', '2024-01-01', (SELECT known_at FROM fraud.assessment WHERE id = 2)) ORDER BY 1$$,
  $$SELECT unit, total FROM fraud.sealed_score WHERE assessment = 2 ORDER BY 1$$, 'scores() at its moment is the revision');
SELECT matches(pg_temp.error_of($$SELECT fraud.revise_assessment(1, 'r', 'x')$$), '^55000\nassessment 1 has been revised already\nAssessment 2 took its place', 'a revision is revised, not the first result again');
SELECT is(fraud.revise_assessment(2, '全面复核', '创建办', NULL, '2024-03-01'), 3::bigint, 'of all units');
SELECT is((SELECT array_agg(concat_ws(' ', right(unit, 3), rank, trim_scale(total)) ORDER BY unit) FROM fraud.sealed_score WHERE in_force),
  '{"002 2 98","003 5 88","004 1 99","013 4 92","099 3 95"}', 'judged anew, with the unit that is new (no publicity: 95)');
SELECT is((SELECT array_agg(concat_ws(' ', assessment, ok, units_checked) ORDER BY assessment) FROM fraud.verify_seals()), '{"1 t 4","2 t 4","3 t 5"}', 'the chain verifies');
SELECT is((SELECT bool_and(a.previous_digest = b.digest) FROM fraud.assessment AS a JOIN fraud.assessment AS b ON b.id = a.id - 1), true, 'each holds the digest of the one before');

-- What the owner can do, and verify_seals() finds: triggers off, or as a replica
CREATE FUNCTION pg_temp.found_after(statement text, numbered bigint DEFAULT NULL, noted text DEFAULT NULL) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE found text[];
BEGIN
  BEGIN
    SET LOCAL session_replication_role = replica;
    EXECUTE statement;
    SET LOCAL session_replication_role = origin;
    found := ARRAY(SELECT v.assessment || ' ' || w FROM fraud.verify_seals(numbered, noted) AS v CROSS JOIN unnest(v.wrong) WITH ORDINALITY AS w (w, place) ORDER BY v.assessment, w.place);
    RAISE EXCEPTION 'undo';
  EXCEPTION WHEN raise_exception THEN
    RETURN found;
  END;
END
$$;
SELECT is(pg_temp.found_after(s), f, s) FROM (VALUES
  ('SELECT 1', '{}'::text[]),
  ('UPDATE fraud.assessment_unit SET total = 96 WHERE assessment = 1 AND unit LIKE ''%002''', '{"1 rows of unit ''370323002002'' were changed, added or removed"}'),
  ('UPDATE fraud.assessment_unit SET rank = 2 WHERE assessment = 1 AND unit LIKE ''%002''', '{"1 rows of unit ''370323002002'' were changed, added or removed"}'),
  ('UPDATE fraud.assessment_item SET clause = clause || ''。'' WHERE assessment = 2 AND unit LIKE ''%003'' AND item = ''5''', '{"2 rows of unit ''370323002003'' were changed, added or removed"}'),
  ('DELETE FROM fraud.assessment_item WHERE assessment = 2 AND unit LIKE ''%003'' AND item = ''5''', '{"2 rows of unit ''370323002003'' were changed, added or removed"}'),
  ('UPDATE fraud.assessment_fact SET source_key = ''9'' WHERE assessment = 1 AND unit LIKE ''%004'' AND place = 1', '{"1 rows of unit ''370323002004'' were changed, added or removed"}'),
  ('INSERT INTO fraud.assessment_fact SELECT assessment, unit, region, 9, measure, occurred_on, quantity, base, amount, source_table, source_key FROM fraud.assessment_fact WHERE assessment = 1 AND unit LIKE ''%004'' AND place = 1',
   '{"1 rows of unit ''370323002004'' were changed, added or removed"}'),
  ('UPDATE fraud.assessment_rank SET medal = ''gold'' WHERE assessment = 3 AND unit LIKE ''%013''', '{"3 rows of unit ''370323002013'' were changed, added or removed"}'),
  ('DELETE FROM fraud.assessment_unit WHERE assessment = 1 AND unit LIKE ''%013''',
   '{"1 units were added, removed or sealed anew","1 3 units instead of 4","1 table \"assessment_item\" has rows of unit ''370323002013'', which has no result","1 table \"assessment_rank\" has rows of unit ''370323002013'', which has no result"}'),
  ('UPDATE fraud.assessment SET title = ''别的'' WHERE id = 1', '{"1 the head was changed"}'),
  ('UPDATE fraud.assessment SET sealed_at = sealed_at + interval ''1 microsecond'' WHERE id = 3', '{"3 the head was changed"}'),
  ('UPDATE fraud.assessment_unit SET total = 96 WHERE assessment = 1 AND unit LIKE ''%002''; UPDATE fraud.assessment_unit SET digest = fraud.digest_of(fraud.sealed_content(1, unit), ''sha256'') WHERE assessment = 1 AND unit LIKE ''%002''',
   '{"1 units were added, removed or sealed anew"}'),
  ('DELETE FROM fraud.assessment WHERE id = 2', '{"2 assessment 2 is missing","3 what it follows, assessment 2, is missing"}'),
  ('DELETE FROM fraud.assessment WHERE id = 3', '{"3 assessment 3 is missing"}'),
  ('UPDATE fraud.assessment AS a SET title = ''别的'', digest = fraud.digest_of(replace(fraud.sealed_content(a.id), a.title, ''别的''), ''sha256'') WHERE id = 1', '{"2 it does not follow assessment 1 as that is now"}'),
  ('UPDATE fraud.assessment AS a SET previous_digest = repeat(''1'', 64), digest = fraud.digest_of(replace(fraud.sealed_content(a.id), repeat(''0'', 64), repeat(''1'', 64)), ''sha256'') WHERE id = 1', '{"1 it follows something that is not there","2 it does not follow assessment 1 as that is now"}'),
  ('UPDATE fraud.rubric_edition SET doc = (SELECT doc FROM fraud.rubric_edition WHERE code = ''nanma-2023-results'') WHERE code = ''nanma-2023''',
   '{"1 rubric ''nanma-2023'' is not the one that it was sealed under","2 rubric ''nanma-2023'' is not the one that it was sealed under","3 rubric ''nanma-2023'' is not the one that it was sealed under"}')
) AS v (s, f);
-- a whole seal taken away, or written anew, is found by who noted the digest
SELECT digest AS last_digest FROM fraud.assessment WHERE id = 3 \gset
SELECT is(pg_temp.found_after(s, 3, :'last_digest'), f, 'with a noted digest: ' || s) FROM (VALUES
  ('SELECT 1', '{}'::text[]),
  ('DELETE FROM fraud.assessment_fact WHERE assessment = 3; DELETE FROM fraud.assessment_item WHERE assessment = 3; DELETE FROM fraud.assessment_rank WHERE assessment = 3; DELETE FROM fraud.assessment_unit WHERE assessment = 3; DELETE FROM fraud.assessment WHERE id = 3',
   ARRAY['3 assessment 3 is missing', '3 its digest is not the noted one, ' || :'last_digest']),
  ('UPDATE fraud.assessment AS a SET title = ''别的'', digest = fraud.digest_of(replace(fraud.sealed_content(a.id), a.title, ''别的''), ''sha256'') WHERE id = 3', ARRAY['3 its digest is not the noted one, ' || :'last_digest'])
) AS v (s, f);
SELECT is((SELECT bool_and(ok) FROM fraud.verify_seals(3, upper(:'last_digest'))), true, 'capitals or not');
SELECT matches(pg_temp.error_of($do$DO $d$ BEGIN
  SET LOCAL session_replication_role = replica; DELETE FROM fraud.assessment WHERE id = 3; SET LOCAL session_replication_role = origin;
  PERFORM fraud.seal_assessment('nanma-2023', '2023-06-30', 'x', 'x');
END $d$$do$), '^XX001\nthere are rows under number 3, which is not sealed yet', 'nothing is sealed on top of the rows of a seal that was taken away');
SELECT throws_like($$SELECT fraud.verify_seals(3)$$, 'a noted seal is a number and a digest', 'a number alone is not enough');
ALTER TABLE fraud.assessment_item DISABLE TRIGGER ALL;
UPDATE fraud.assessment_item SET reading = 'x' WHERE assessment = 1 AND unit LIKE '%002' AND item = '1';
ALTER TABLE fraud.assessment_item ENABLE TRIGGER ALL;
SELECT is((SELECT wrong FROM fraud.verify_seals() WHERE NOT ok), '{"rows of unit ''370323002002'' were changed, added or removed"}', 'with triggers disabled');
SET session_replication_role = replica;
UPDATE fraud.assessment_item SET reading = 'each_finding: 每缺一个月为一次' WHERE assessment = 1 AND unit LIKE '%002' AND item = '1';
RESET session_replication_role;
SELECT is((SELECT bool_and(ok) FROM fraud.verify_seals()), true, 'put back as it was, it verifies');

-- The canonical form does not depend on settings
CREATE TABLE public.digests AS SELECT assessment, unit, fraud.sealed_content(assessment, unit) AS content FROM fraud.assessment_unit;
SET datestyle = 'German'; SET timezone = 'America/St_Johns'; SET extra_float_digits = -15; SET bytea_output = 'escape'; SET intervalstyle = 'iso_8601'; SET lc_numeric = 'C'; SET standard_conforming_strings = off; SET escape_string_warning = off; SET backslash_quote = on; SET client_encoding = 'GB18030'; SET xmlbinary = 'hex'; SET quote_all_identifiers = on;
SELECT count(*) FILTER (WHERE ok) = 3 AS verified FROM fraud.verify_seals() \gset
SELECT bool_and(d.content = fraud.sealed_content(d.assessment, d.unit)) AS unchanged FROM public.digests AS d \gset
SET datestyle = 'ISO, YMD'; SET timezone = 'Asia/Shanghai'; RESET extra_float_digits; RESET bytea_output; RESET intervalstyle; RESET standard_conforming_strings; SET client_encoding = 'UTF8'; RESET quote_all_identifiers;
SELECT ok(:'verified', 'verify_seals() in a session with other settings');
SELECT ok(:'unchanged', 'and the lines are the same');
SELECT is(fraud.sealed_field(E'a\tb\nc\\d\re'), 'a\tb\nc\\d\re', 'text is escaped as COPY does');
SELECT is(concat_ws(' ', fraud.sealed_field(NULL::text), fraud.sealed_field('\N'::text), fraud.sealed_field(1.50), fraud.sealed_field(-0.00), fraud.sealed_field(1e30), fraud.sealed_field('2023-12-31'::date), fraud.sealed_field('2023-12-31 23:59:59.5+08'::timestamptz), fraud.sealed_field(true)),
  '\N \\N 1.5 0 1000000000000000000000000000000 2023-12-31 2023-12-31T15:59:59.500000Z t', 'null, numbers, days, times in UTC, yes');
SELECT is(fraud.digest_of('abc', 'sha256'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'SHA-256 of abc, as FIPS 180 has it');

-- SM3, through pgcrypto
SELECT matches(pg_temp.error_of($$SELECT fraud.digest_of('abc', 'sm3')$$), '^0A000\nthe digest algorithm sm3 is not available', 'without pgcrypto there is no SM3');
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pgcrypto') AS pgcrypto \gset
\if :pgcrypto
CREATE SCHEMA crypto;
CREATE EXTENSION pgcrypto SCHEMA crypto;
SELECT pg_temp.error_of($$SELECT fraud.digest_of('abc', 'sm3')$$) = 'no error' AS sm3 \gset
\if :sm3
SELECT is(fraud.digest_of('abc', 'sm3'), '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0', 'SM3 of abc, as GB/T 32905 has it');
SELECT is(fraud.seal_assessment('nanma-2023', '2023-09-30', '三季度结果', '创建办', NULL, '2023-10-08', NULL, 'sm3'), 4::bigint, 'a seal by SM3, in the same chain');
SELECT is((SELECT array_agg(concat_ws(' ', assessment, ok) ORDER BY assessment) FROM fraud.verify_seals()), '{"1 t","2 t","3 t","4 t"}', 'verifies');
SELECT is((SELECT digest <> fraud.digest_of(fraud.sealed_content(4), 'sha256') AND digest = fraud.digest_of(fraud.sealed_content(4), 'sm3') FROM fraud.assessment WHERE id = 4), true, 'and is one');
DROP EXTENSION pgcrypto;
SELECT is((SELECT array_agg(concat_ws(' ', assessment, wrong) ORDER BY assessment) FROM fraud.verify_seals() WHERE NOT ok), '{"4 {\"it cannot be computed here: the digest algorithm sm3 is not available\"}"}', 'where there is no SM3 any more, verify_seals() says so, and goes on');
CREATE EXTENSION pgcrypto;
\else
SELECT skip('the OpenSSL of this server has no SM3', 5);
\endif
\else
SELECT skip('pgcrypto is not installed on this server', 5);
\endif

-- Sources that do not say when they knew
ALTER TABLE fraud.finding DISABLE TRIGGER ALL, ALTER COLUMN recorded_at DROP NOT NULL;
UPDATE fraud.finding SET recorded_at = NULL;
SELECT is((SELECT array_agg(concat_ws(' ', measure, source_table, facts)) FROM fraud.undated_sources('nanma-2023')), '{"control_failure finding 1"}', 'sources without recorded_at are named');
SELECT is(pg_temp.score('370323002004', '2024-01-01', '2020-01-01'), 94::numeric, 'and counted as they are now: 5 for publicity that nobody had recorded, 1 for the finding');
SELECT fraud.revise_assessment(3, '测试', 'x') AS undated_one \gset
SELECT is((SELECT undated FROM fraud.assessment WHERE id = :undated_one), '{"control_failure finding"}', 'also in the head of a seal');

-- Who seals, who sees
SET client_min_messages = error;
CREATE ROLE seal_reader;
CREATE ROLE seal_clerk;
GRANT USAGE ON SCHEMA tap TO seal_reader, seal_clerk;
SELECT fraud.set_scope('seal_reader', '370323002002', 'test') \g /dev/null
GRANT INSERT ON ALL TABLES IN SCHEMA fraud TO seal_reader;
SET ROLE seal_reader;
SELECT is((SELECT array_agg(DISTINCT unit) FROM fraud.sealed_score), '{370323002002}', 'a reader in a scope sees the results of its units');
SELECT is((SELECT array_agg(DISTINCT unit) FROM (SELECT unit FROM fraud.sealed_item UNION ALL SELECT unit FROM fraud.assessment_fact UNION ALL SELECT unit FROM fraud.assessment_rank) AS x), '{370323002002}', 'their items, facts and ranks');
SELECT is((SELECT array_agg(unit) FROM fraud.scores('nanma-2023', '2024-01-01', (SELECT known_at FROM fraud.assessment WHERE id = 1))), '{370323002002}', 'also as known then');
SELECT is((SELECT array_agg(concat_ws(' ', ok, units_checked, units) ORDER BY assessment) FROM fraud.verify_seals() WHERE assessment <= 3), '{"t 1 4","t 1 4","t 1 5"}', 'and can verify the heads, and what it sees');
SELECT matches(pg_temp.error_of($$SELECT fraud.seal_assessment('nanma-2023', '2023-08-31', 't', 'x')$$), '^42501\nrole seal_reader cannot seal results: it does not see every unit', 'it cannot seal a part as the whole');
RESET ROLE;
SET ROLE seal_clerk;
SELECT is((SELECT array_agg(c.relname) FROM pg_class AS c WHERE c.relnamespace = 'fraud'::regnamespace AND c.relname ~ '^(assessment|sealed|objection)' AND c.relkind IN ('r', 'v') AND has_table_privilege(c.oid, 'SELECT')), NULL, 'others see nothing');
RESET ROLE;
DROP OWNED BY seal_reader, seal_clerk;
DROP ROLE seal_reader, seal_clerk;

SELECT * FROM finish();
