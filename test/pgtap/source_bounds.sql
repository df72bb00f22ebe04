-- Scores over sources are the same with and without the bounds that their
-- servers are told (source_bounds, within): for texts of every form, codes
-- that changed, and divisions in which units lie or do not.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();
SELECT setseed(0.625);

-- ------------------------------------------------------------- by hand

SELECT is(fraud.covering_regions('{330382001001,330382001002,330382001002}'), '{330382001001,330382001002}', 'few divisions cover themselves');
SELECT is(fraud.covering_regions(ARRAY(SELECT ('330382001' || lpad(g::text, 3, '0'))::region FROM generate_series(1, 9) AS g)), '{330382001}', 'more of one town, the town');
SELECT is(fraud.covering_regions(ARRAY(SELECT ('330382' || lpad(g::text, 3, '0') || '001')::region FROM generate_series(1, 9) AS g)), '{330382}', 'of many towns, the county');
SELECT is(fraud.covering_regions(ARRAY(SELECT ('330382' || lpad(g::text, 3, '0') || '001')::region FROM generate_series(1, 9) AS g) || '{3301}'::region[]), '{330100,330382}', 'one that is larger stands for itself');
SELECT is(fraud.covering_regions('{441900003001,441900003002,441900004001}', 2), '{441900003,441900004}', 'towns right below a prefecture');
SELECT is(fraud.covering_regions('{11,12,13,14,15,21,22,23,31}'), NULL, 'nine provinces are too many');
SELECT is(fraud.covering_regions('{}'), NULL, 'of none');
-- 303 became 304, a part of 304 became 305; 399 became another county's
INSERT INTO fraud.division_change (old, new) VALUES ('330382303', '330382304'), ('330382304001', '330382305001'), ('330382399', '330399001');
SELECT is(fraud.regions_as_written('{330382305}'), '{330382303,330382304001,330382305}', 'what went into a town, by two steps: the first as a whole, since a part of it did');
SELECT is(fraud.regions_as_written('{330399}'), '{330382399,330399}', 'what came from another county');
SELECT is(fraud.regions_as_written('{330304}'), '{330304}', 'nothing');
SELECT is((SELECT b::text FROM fraud.source_bounds('{case}', NULL) AS b), '({},{},{},{})', 'no source, no bounds');

-- ---------------------------------------------------------- many odd rows

INSERT INTO fraud.unit (code, region, name, kind)
SELECT c, c::region, c, 'community' FROM (SELECT '330382' || t || v AS c FROM unnest('{301,302,304,305}'::text[]) AS t, unnest('{001,002,003}'::text[]) AS v) AS x;
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('330399001001', '330399001001', '外县', 'community');
UPDATE fraud.unit SET active = false WHERE code = '330382302003';

-- 17 x 19 x 13 rows: each form of a code with each of a day and of a sum
CREATE SCHEMA legacy;
CREATE TABLE legacy.aj AS
SELECT g AS bh,
  CASE g % 17 WHEN 0 THEN ' ' || c WHEN 1 THEN c || '.0' WHEN 2 THEN translate(c, '0123456789', '０１２３４５６７８９') WHEN 3 THEN '''' || c WHEN 4 THEN c || '001' WHEN 5 THEN left(c, 9) WHEN 6 THEN '不详' WHEN 7 THEN '' ELSE c END AS cun_dm,
  CASE g % 19 WHEN 0 THEN to_char(d, 'YYYY/FMMM/FMDD') WHEN 1 THEN to_char(d, 'YYYY.FMMM.FMDD') WHEN 2 THEN to_char(d, 'YYYYMMDD') WHEN 3 THEN to_char(d, 'YYYY年FMMM月FMDD日')
    WHEN 4 THEN (d - date '1899-12-30')::text WHEN 5 THEN ' ' || d WHEN 6 THEN '0000-00-00' WHEN 7 THEN translate(d::text, '0123456789', '０１２３４５６７８９') WHEN 8 THEN to_char(d, 'YYYY-FMMM-FMDD')
    WHEN 9 THEN d || ' 23:59:59' WHEN 10 THEN to_char(d, 'YYYY- FMMM- FMDD') ELSE d::text END AS lasj,
  CASE g % 13 WHEN 0 THEN NULL WHEN 1 THEN '3.5万' WHEN 2 THEN '50万元' ELSE (g % 40 * 7000)::text END AS ssje
FROM (
  SELECT g, '330382' || (ARRAY['301', '302', '303', '304', '305', '306', '399'])[1 + (random() * 6)::int] || (ARRAY['001', '002', '003'])[1 + (random() * 2)::int] AS c,
         date '2019-06-01' + (random() * 2000)::int AS d
  FROM generate_series(1, 4199) AS g
) AS x;
CREATE TABLE legacy.ds (bh int GENERATED ALWAYS AS IDENTITY, dm bigint, rq int, dw text, sj timestamp, zt timestamptz);
INSERT INTO legacy.ds (dm, rq, dw, sj, zt)
SELECT a.cun_dm::bigint, to_char(a.d, 'YYYYMMDD')::int, CASE WHEN a.bh % 5 <> 0 THEN a.cun_dm ELSE '330399001001' END, a.d + time '23:30', (a.d + time '00:30') AT TIME ZONE 'Asia/Shanghai'
FROM (SELECT a.bh, a.cun_dm, read_date(a.lasj) AS d FROM legacy.aj AS a WHERE a.cun_dm ~ '^[0-9]{12}$' AND read_date(a.lasj) IS NOT NULL) AS a;

SELECT lives_ok($$SELECT fraud.add_source('case', 'legacy.aj', '{"region":"cun_dm","occurred_on":"lasj","amount":"ssje","source_key":"bh"}')$$, 'texts');
SELECT lives_ok($$SELECT fraud.add_source('den', 'legacy.ds', '{"region":"dm","occurred_on":"rq","source_key":"bh"}')$$, 'numbers');
SELECT lives_ok($$SELECT fraud.add_source('reoffence', 'legacy.ds', '{"region":"dm","occurred_on":"sj","source_key":"bh"}')$$, 'times');
SELECT lives_ok($$SELECT fraud.add_source('app_missing', 'legacy.ds', '{"unit":"dw","occurred_on":"zt","source_key":"bh"}')$$, 'a column of units, and times with a zone');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) SELECT u.code, d, 30000 FROM fraud.unit AS u, unnest('{2022-05-03,2023-05-03,2023-07-03}'::date[]) AS d WHERE u.code LIKE '3303823%';

SELECT is((SELECT b::text FROM fraud.source_bounds('{case,app_missing}', NULL) AS b),
  '("{legacy.aj,legacy.ds}",{legacy.aj},"{330382301,330382302,330382304,330382305,330399001,370323002}","{330382301,330382302,330382303,330382304,330382304001,330382305,330382399,330399001,370323002}")',
  'bounds of all units: towns, as there are 16 communities in service');
SELECT is((SELECT (b.regions, b.as_written)::text FROM fraud.source_bounds('{case}', '{330382305001}') AS b), '({330382305001},"{330382303,330382304001,330382305001}")', 'of one unit');
SELECT is((SELECT b.placed FROM fraud.source_bounds('{den,app_missing}', NULL) AS b), '{}', 'a relation that is also read by a column of units has no bound');

CREATE FUNCTION pg_temp.load(code text, period text, baseline text, rules text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fraud.load_rubric(format('{"code":"%s","edition":"1","title":"t","total":100,"period":%s,"baseline":%s,"sections":[{"title":"s","points":100,"items":[{"no":"1","title":"i","points":100,"rules":[%s]}]}]}', code, period, baseline, rules)::antifraud.rubric);
  PERFORM fraud.publish_rubric(code);
END $$;
SELECT pg_temp.load('may', '["2023-05-01","2023-05-31"]', '"last_year"', '{"measure":"case","rule":"deduct 1 per 1 excess if count > baseline"},{"measure":"den","rule":"deduct 1 per occurrence"},{"measure":"reoffence","rule":"deduct 0.5 per occurrence"},{"measure":"app_missing","rule":"deduct 0.25 per occurrence"}');
SELECT pg_temp.load('mid', '["2022-12-10","2023-02-09"]', '"mean_3_years"', '{"measure":"case","rule":"deduct 1 per 1 excess if count > baseline"},{"measure":"case","rule":"deduct 2 per occurrence if amount >= 200000"},{"measure":"den","rule":"deduct 0.01 per occurrence","window":"month"}');
SELECT pg_temp.load('year', '["2023-05-01","2023-05-31"]', 'null', '{"measure":"case","rule":"deduct 0.01 per occurrence","window":"year"},{"measure":"reoffence","rule":"deduct 0.01 per occurrence","window":"month"}');

-- what the view fact gives, read once and without any bound
CREATE TABLE shown AS SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount FROM fraud.fact AS f WHERE f.voided_at IS NULL;
CREATE FUNCTION pg_temp.counted(rubric text, as_of date) RETURNS TABLE (unit text, card text) LANGUAGE sql AS $$
  SELECT u.code, tally((SELECT fraud.rubric_as_of(rubric, as_of) OFFSET 0), f.measure, f.occurred_on, f.quantity, f.base, f.amount)::text
  FROM fraud.unit AS u LEFT JOIN shown AS f ON f.unit = u.code WHERE u.active GROUP BY u.code $$;
CREATE TABLE asked AS
SELECT r.code, d.as_of FROM unnest('{may,mid,year,nanma-2023}'::text[]) AS r (code), unnest('{NULL,2022-12-31,2023-01-31,2023-05-01,2023-05-10,2023-05-31,2023-06-15,2023-12-31}'::date[]) AS d (as_of);
CREATE TABLE want AS SELECT a.code, a.as_of, c.unit, c.card FROM asked AS a, LATERAL pg_temp.counted(a.code, a.as_of) AS c;
SELECT cmp_ok((SELECT count(DISTINCT card) FROM want), '>', 100::bigint, 'the cards differ');
CREATE TABLE got AS SELECT a.code, a.as_of, s.unit, s.card::text FROM asked AS a, LATERAL fraud.scores(a.code, a.as_of) AS s;
SELECT is_empty('TABLE got EXCEPT TABLE want', 'scores() counts what fact shows');
SELECT is((SELECT count(*) FROM got), (SELECT count(*) FROM want), 'of every unit');
-- of one unit a rubric decides only which relations are placed: by may as by nanma-2023 aj, by mid as by year ds too
SELECT is_empty($$SELECT w.* FROM want AS w WHERE w.as_of = '2023-05-31' AND w.code IN ('may', 'mid') AND fraud.card_of(w.unit, w.code, w.as_of)::text <> w.card$$, 'so does card_of(), of one unit');
SELECT is_empty($$SELECT w.* FROM want AS w WHERE w.as_of = '2023-05-31'
  AND (SELECT s.card::text FROM fraud.scores_from_scratch(w.code, w.as_of, NULL, ARRAY[w.unit]) AS s) <> w.card$$, 'and scores_from_scratch(), of some');
SELECT is_empty($$SELECT u.code FROM fraud.unit AS u
  WHERE (SELECT count(*) FROM fraud.facts_of_unit(u.code)) <> (SELECT count(*) FROM shown AS f WHERE f.unit = u.code)$$, 'facts_of_unit() leaves out none, of units not in service either');
SELECT is_empty($$SELECT d FROM unnest('{2022-05-01,2023-05-01,2023-05-31,2023-06-01}'::date[]) AS d
  WHERE (SELECT count(*) FROM fraud.facts_of_units(ARRAY(SELECT code FROM fraud.unit), '{case,den,reoffence,app_missing}', d, d + 30))
     <> (SELECT count(*) FROM shown AS f WHERE f.measure IN ('case', 'den', 'reoffence', 'app_missing') AND f.occurred_on BETWEEN d AND d + 30)$$, 'nor does facts_of_units()');
SELECT is_empty($$SELECT d, least FROM unnest('{2022-05-01,2023-05-01,2023-05-31,2023-06-01}'::date[]) AS d, unnest('{NULL,100000}'::numeric[]) AS a (least)
  WHERE (SELECT count(*) FROM fraud.facts_of_days('{case,den,reoffence,app_missing}', d, d + 30, a.least))
     <> (SELECT count(*) FROM shown AS f WHERE f.measure IN ('case', 'den', 'reoffence', 'app_missing') AND f.occurred_on BETWEEN d AND d + 30 AND (a.least IS NULL OR f.amount >= a.least))$$, 'nor facts_of_days()');
SELECT is_empty($$SELECT d, u FROM unnest('{2022-05-01,2023-05-01,2023-05-31,2023-06-01}'::date[]) AS d, (VALUES (NULL::text[]), ('{330382305001,330382302003}')) AS x (u)
  WHERE (SELECT count(*) FROM fraud.facts_between('{case,den,reoffence,app_missing}', d, d + 30, NULL, u))
     <> (SELECT count(*) FROM shown AS f WHERE f.measure IN ('case', 'den', 'reoffence', 'app_missing') AND f.occurred_on BETWEEN d AND d + 30 AND (u IS NULL OR f.unit = ANY (u)))$$, 'nor facts_between()');
SELECT is((SELECT count(*) FROM fraud.facts_of_units('{330382305001}', '{case}', '2023-06-01', '2023-05-01')), 0::bigint, 'a stretch that ends before it begins has none');

-- a larger unit beside the communities: all the county
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('bureau', '330382', '县反诈中心', 'department');
SELECT is((SELECT k.assessed FROM fraud.unit_kind AS k WHERE k.code = 'department'), true, 'departments are assessed');
TRUNCATE shown;
INSERT INTO shown SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount FROM fraud.fact AS f WHERE f.voided_at IS NULL;
SELECT is_empty($$
  SELECT unit FROM (SELECT unit, s.card::text FROM fraud.scores('may') AS s EXCEPT SELECT c.unit, c.card FROM pg_temp.counted('may', NULL) AS c) AS x
$$, 'with a unit that is the whole county');

-- a registry of many: 2 counties of 1,500 communities each, 15 in a town
BEGIN;
DELETE FROM fraud.unit WHERE code = 'bureau';
INSERT INTO fraud.unit (code, region, name)
SELECT c, c::region, c FROM (SELECT county || lpad((1 + g / 15)::text, 3, '0') || lpad((1 + g % 15)::text, 3, '0') AS c FROM unnest('{330402,330411}'::text[]) AS county, generate_series(0, 1499) AS g) AS x;
SELECT is((SELECT b.regions FROM fraud.source_bounds('{case}', NULL) AS b), '{330382,330399,330402,330411,370323}'::region[], 'thousands of communities: their counties');
ROLLBACK;

-- and the bounds are told: an index on the bare column serves, which nothing else could make use of
CREATE INDEX aj_place ON legacy.aj (cun_dm);
ANALYZE legacy.aj;
DELETE FROM fraud.unit WHERE code = 'bureau';
SET enable_seqscan = off;
BEGIN;
SELECT count(*) FROM fraud.scores('may') \g /dev/null
SELECT cmp_ok(pg_stat_get_xact_numscans('legacy.aj_place'::regclass), '>', 0::bigint, 'scores() reads a source by place');
COMMIT;
SELECT * FROM finish();
