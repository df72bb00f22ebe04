-- within() and counted_days(): conditions on bare columns let through what
-- they should, for texts as offices write them and for some that nobody does.
\ir setup.psql
\set rubrics 40
\ir oracle.psql

SELECT no_plan();
SELECT setseed(0.375);

-- ------------------------------------------------------------- every form

-- Each day near some ends of months and years in every form, and variations
-- of these by which they may or may not be read.
CREATE TABLE written AS
WITH day AS (
  SELECT d::date AS d, to_char(d, 'YYYY') AS y, to_char(d, 'MM') AS m, to_char(d, 'DD') AS dd, to_char(d, 'FMMM') AS sm, to_char(d, 'FMDD') AS sd
  FROM unnest('{1899-12-31,1954-10-03,1955-05-21,1957-06-28,1958-01-01,1999-12-31,2000-01-01,2022-01-05,2022-05-01,2022-05-31,2022-12-31,2023-01-01,2023-01-31,2023-02-28,2023-05-01,2023-05-02,2023-05-09,2023-05-10,2023-05-31,2023-06-01,2023-09-30,2023-10-01,2023-10-05,2023-11-30,2023-12-01,2023-12-31,2024-01-01,2024-02-29,2119-01-11,2199-12-31}'::date[]) AS d
), form AS (
  SELECT d, f.t FROM day, LATERAL (VALUES
    (format('%s-%s-%s', y, m, dd)), (format('%s-%s-%s', y, sm, sd)), (format('%s-%s-%s', y, m, sd)), (format('%s-%s-%s', y, sm, dd)),
    (format('%s- %s- %s', y, sm, sd)), (format('%s-%s -%s', y, sm, dd)), (format('%s-%s- %s', y, m, sd)), (format('%s - %s - %s', y, m, dd)),
    (format('%s/%s/%s', y, sm, sd)), (format('%s/%s/%s', y, m, dd)), (format('%s.%s.%s', y, sm, sd)), (format('%s.%s.%s', y, m, dd)),
    (y || m || dd), (y || m || dd || '235959'), (format('%s年%s月%s日', y, sm, sd)), (format('%s年 %s月 %s日', y, m, dd)), (y || m), (y), (format('%s-%s', y, m)),
    ((d - date '1899-12-30')::text), ((d - date '1899-12-30') || '.0'), (format('%s/%s/%s', sm, sd, y)), (format('%s-%s-%s', right(y, 2), m, dd)),
    (translate(format('%s－%s－%s', y, m, dd), '0123456789', '０１２３４５６７８９')), (translate(format('%s-%s-%s', y, m, dd), '0123456789', '０１２３４５６７８９')),
    (format('%s-%s-%s', y, m, translate(dd, '0123456789', '０１２３４５６７８９'))), (format('%s-%s-%s', y, translate(m, '0123456789', '０１２３４５６７８９'), dd)),
    (format('%s%s-%s-%s', left(y, 3), translate(right(y, 1), '0123456789', '０１２３４５６７８９'), m, dd)),
    (translate(format('%s年%s月%s日', y, m, dd), '0123456789', '〇一二三四五六七八九'))) AS f (t)
)
SELECT row_number() OVER () AS id, x.t, x.t::varchar(40) AS v, x.t::char(40) AS c, x.t COLLATE "C" AS bytes, x.t COLLATE "und-x-icu" AS icu
FROM (
  SELECT v.t FROM form, LATERAL (VALUES (t), (' ' || t), (t || ' '), (t || E'\t'), ('　' || t || '　'), ('''' || t), (t || ' 12:30'), (t || 'T12:30:00'), (t || ' 23:59:59.999'), (E'\u00a0' || t)) AS v (t)
  UNION ALL
  SELECT t FROM unnest(ARRAY['', ' ', '0000-00-00', '2023-00-00', '0000-00-00 00:00:00', 'NULL', '-', '?', '9999-12-31', '不详', '2023-13-01', '2023-02-30', 'A', ':', '~', 'ａ', '2023-05-011']) AS t
  UNION ALL SELECT NULL
) AS x;
SELECT cmp_ok((SELECT count(*) FROM written WHERE read_date(t) IS NOT NULL), '>', 4000::bigint, 'thousands of texts read');
SELECT cmp_ok((SELECT count(*) FROM written WHERE read_date(t) IS NULL), '>', 1000::bigint, 'and many do not');

CREATE TABLE numbered AS
SELECT n::bigint AS big, n::numeric AS num, CASE WHEN n < 2147483648 THEN n::int END AS small
FROM (SELECT (regexp_replace(t, '[^0-9]', '', 'g'))::numeric AS n FROM written WHERE t ~ '^[0-9 .]+$' AND t ~ '[0-9]') AS x WHERE n < 1e18;
ALTER TABLE numbered ADD id bigint GENERATED ALWAYS AS IDENTITY;

-- Days of the lists, and some at random.
CREATE TABLE days AS
SELECT row_number() OVER () AS n, x.days
FROM (
  SELECT unnest(ARRAY['{}', '{(,)}', '{[2023-05-01,2023-06-01)}', '{[2022-05-01,2022-06-01),[2023-05-01,2023-06-01)}', '{[2023-05-09,2023-05-10)}', '{[2023-05-10,2023-05-11)}',
    '{[2023-01-01,2024-01-01)}', '{[2023-12-31,2024-01-01)}', '{[1954-10-03,1957-06-29)}', '{(,2023-05-02)}', '{[2023-05-02,)}', '{[1900-01-01,2200-01-01)}',
    '{[2018-01-01,2023-06-01)}', '{[2023-10-01,2023-11-01)}', '{[-infinity,2023-01-01)}', '{[2023-01-01,infinity)}', '{[0001-01-01,0001-01-03)}', '{[9999-12-01,9999-12-31)}']::datemultirange[]) AS days
  UNION ALL
  SELECT range_agg(daterange(d, d + (random() * 400)::int)) FROM (
    SELECT g % 25 AS g, date '2021-06-01' + (random() * 1000)::int AS d FROM generate_series(1, 60) AS g) AS r GROUP BY g
) AS x;

CREATE FUNCTION pg_temp.rows_of(statement text) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN EXECUTE format('SELECT array_agg(id ORDER BY id) FROM (%s) AS q', statement) INTO ids; RETURN coalesce(ids, '{}'); END $$;

-- the core's operator asks nothing of the planner
SELECT is_empty($$
  SELECT d.days, c.col, neg FROM days AS d, unnest('{"read_date(t)","read_date(v)","read_date(c)","read_date(bytes)","read_date(icu)"}'::text[]) AS c (col), (VALUES (''), ('NOT ')) AS n (neg)
  WHERE pg_temp.rows_of(format('SELECT id FROM written WHERE %swithin(%s, %L)', neg, c.col, d.days))
     <> pg_temp.rows_of(format('SELECT id FROM written WHERE %s%s <@ %L::datemultirange', neg, c.col, d.days))
$$, 'days read from texts, in any collation, also below NOT');
SELECT is_empty($$
  SELECT d.days, c.col FROM days AS d, unnest('{big,num,small}'::text[]) AS c (col)
  WHERE pg_temp.rows_of(format('SELECT id FROM numbered WHERE within(read_date(%s::text), %L)', c.col, d.days))
     <> pg_temp.rows_of(format('SELECT id FROM numbered WHERE read_date(%s::text) <@ %L::datemultirange', c.col, d.days))
$$, 'days read from numbers');

-- ------------------------------------------------------------ times of day

CREATE TABLE timed AS
SELECT row_number() OVER () AS id, x.at::timestamp AS at, x.at::timestamp AT TIME ZONE 'Asia/Shanghai' AS instant, x.at::timestamp::date AS day
FROM (
  SELECT d + t AS at FROM generate_series(date '2022-04-29', date '2023-06-03', '1 day') AS d, unnest('{00:00,00:00:00.000001,07:59:59,08:00,12:00,23:59:59.999999}'::time[]) AS t
  UNION ALL SELECT unnest('{infinity,-infinity,0001-01-01 12:00,9999-12-31 12:00}'::timestamp[]) UNION ALL SELECT NULL
) AS x;
SELECT is_empty($$
  SELECT d.days, c.col FROM days AS d, unnest('{day,at::date,day_of(at),instant::date,day_of(instant AT TIME ZONE ''Asia/Shanghai'')}'::text[]) AS c (col)
  WHERE pg_temp.rows_of(format('SELECT id FROM timed WHERE within(%s, %L)', c.col, d.days))
     <> pg_temp.rows_of(format('SELECT id FROM timed WHERE %s <@ %L::datemultirange', c.col, d.days))
$$, 'days of dates and times');
SET timezone = 'Pacific/Kiritimati';
SELECT is_empty($$
  SELECT d.days FROM days AS d
  WHERE pg_temp.rows_of(format('SELECT id FROM timed WHERE within(instant::date, %L)', d.days))
     <> pg_temp.rows_of(format('SELECT id FROM timed WHERE instant::date <@ %L::datemultirange', d.days))
$$, 'in the zone that is furthest ahead');
SET timezone = 'Asia/Shanghai';

-- --------------------------------------------------------------- divisions

CREATE TABLE placed AS
WITH code AS (
  SELECT c FROM unnest('{33,3303,330382,330382001,330382001000,330382001001,330382001001002,330383,330381999999,3304,34,330399,330399999999,3399,339999,339999999999,441900,441900003,441900003001,9,90,99,990000,999999999999,330,0330382,0,000000}'::text[]) AS c
), padded AS (
  SELECT c AS t FROM code UNION SELECT rpad(c, n, '0') FROM code, unnest('{6,9,12,15}'::int[]) AS n
)
SELECT row_number() OVER () AS id, v.t, v.t::varchar AS v, v.t::char(30) AS c, v.t COLLATE "C" AS bytes, v.t COLLATE "und-x-icu" AS icu,
       CASE WHEN v.t ~ '^[0-9]+$' THEN v.t::bigint END AS big, CASE WHEN v.t ~ '^[0-9.]+$' THEN v.t::numeric END AS num, CASE WHEN v.t ~ '^[0-9]{1,9}$' THEN v.t::int END AS small,
       region_or_null(v.t) AS r
FROM (
  SELECT v.t FROM padded, LATERAL (VALUES (t), (' ' || t), (t || ' '), ('''' || t), (t || '.0'), (t || '.00'), ('　' || t), (translate(t, '0123456789', '０１２３４５６７８９')), (t || 'x'), ('+' || t), (E'\u00a0' || t), (E'\t' || t)) AS v (t)
  UNION ALL SELECT unnest(ARRAY['', '瓯海区', 'A', 'a330382', ':330382', '3.30382E+11', '３30382', '33 0382']) UNION ALL SELECT NULL
) AS v;
CREATE TABLE outer_regions AS
SELECT row_number() OVER () AS n, x.regions FROM unnest(ARRAY['{330382}', '{33}', '{3303}', '{330382001}', '{330382001000}', '{330382001001002}', '{3399}', '{339999}', '{99}', '{441900}', '{441900003}', '{330382,330383}', '{330382,34}']) AS x (regions);
SELECT is_empty($$
  SELECT o.regions, c.col, neg
  FROM outer_regions AS o, unnest('{read_region(t),read_region(v),read_region(c),read_region(bytes),read_region(icu),read_region(big::text),read_region(num::text),read_region(small::text),r}'::text[]) AS c (col), (VALUES (''), ('NOT ')) AS n (neg)
  WHERE pg_temp.rows_of(format('SELECT id FROM placed WHERE %swithin(%s, %L::region[])', neg, c.col, o.regions))
     <> pg_temp.rows_of(format('SELECT id FROM placed WHERE %sregion_within_any(%s, %L::region[])', neg, c.col, o.regions))
$$, 'divisions read from texts and numbers, also below NOT');
SELECT is_empty($$
  SELECT o.regions, c.col FROM outer_regions AS o, unnest('{read_region(t),read_region(icu),read_region(big::text),r}'::text[]) AS c (col), (VALUES ('%s <@ %L::region'), ('%2$L::region @> %1$s')) AS f (form)
  WHERE o.regions !~ ','
    AND pg_temp.rows_of(format('SELECT id FROM placed WHERE ' || form, c.col, btrim(o.regions, '{}')))
     <> pg_temp.rows_of(format('SELECT id FROM placed WHERE region_within_any(%s, %L::region[])', c.col, o.regions))
$$, '<@ and @> too');

-- ------------------------------------------------------- what the planner does

CREATE FUNCTION pg_temp.plan_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP plan := plan || line || E'\n'; END LOOP; RETURN plan; END $$;

CREATE TABLE legacy AS SELECT g AS id, (330000000000 + g * 1000003::bigint % 999999999)::text AS dm, to_char(date '2020-01-01' + g % 1400, 'YYYY-MM-DD') AS rq, date '2020-01-01' + g % 1400 AS d
FROM generate_series(1, 20000) AS g;
CREATE INDEX legacy_place ON legacy (dm);
CREATE INDEX legacy_day ON legacy (d);
ANALYZE legacy;
CREATE VIEW facts AS
  SELECT 'case' AS measure, l.d AS occurred_on, read_region(l.dm) AS region FROM legacy AS l WHERE read_region(l.dm) IS NOT NULL
  UNION ALL
  SELECT 'other', read_date(l.rq), CASE WHEN EXISTS (SELECT FROM placed AS p WHERE p.r = read_region(l.dm)) THEN region '110101' ELSE read_region(l.dm) END FROM legacy AS l WHERE read_date(l.rq) IS NOT NULL;
SELECT matches(pg_temp.plan_of($$SELECT * FROM facts WHERE measure = 'case' AND within(occurred_on, '{[2021-05-01,2021-06-01)}')$$),
  $$Index Cond: \(\(d >= '2021-05-01'::date\) AND \(d < '2021-06-01'::date\)\)$$, 'through a UNION ALL to the column: an index on dates serves');
SELECT matches(pg_temp.plan_of($$SELECT * FROM facts WHERE measure = 'case' AND within(region, '{330382}')$$),
  $$Index Cond: \(\(dm >= '330382'::text\) AND \(dm < '330383'::text\)\)$$, 'an index on the texts of codes serves');
SELECT matches(pg_temp.plan_of($$SELECT * FROM facts WHERE measure = 'case' AND region <@ '330382'::region$$),
  $$Index Cond: \(\(dm >= '330382'::text\) AND \(dm < '330383'::text\)\)$$, 'for <@ as well');
SELECT doesnt_match(pg_temp.plan_of($$SELECT * FROM facts WHERE measure = 'other' AND within(region, '{330382}')$$),
  'dm >=', 'what is put for some codes forbids it');
SELECT matches(pg_temp.plan_of($$SELECT * FROM facts WHERE measure = 'other' AND within(region, '{110101}', '{330382,110101}')$$),
  $$Index Cond: \(\(dm >= '330382'::text\) AND \(dm < '330383'::text\)\)$$, 'unless the caller knows how these are written');
SELECT is((SELECT count(*) FROM facts WHERE measure = 'other' AND within(region, '{110101,330382}', '{330382,110101}')),
  (SELECT count(*) FROM legacy WHERE dm LIKE '330382%'), 'and the rows are those');
SELECT matches(pg_temp.plan_of($$SELECT * FROM facts WHERE within(region, ARRAY(SELECT region '330382'))$$), 'within\(', 'regions that the planner does not know are asked row by row');
SELECT is((SELECT count(*) FROM facts WHERE measure = 'case' AND within(region, ARRAY(SELECT region '330382'))), (SELECT count(*) FROM legacy WHERE dm LIKE '330382%'), 'with the same rows');
CREATE COLLATION numeric_order (provider = icu, locale = 'und-u-kn-true');
ALTER TABLE legacy ADD odd text COLLATE numeric_order;
UPDATE legacy SET odd = dm;
SELECT doesnt_match(pg_temp.plan_of($$SELECT * FROM legacy WHERE within(read_region(odd), '{330382}')$$), 'odd >=', 'a collation that sorts texts as numbers is left alone');
SELECT is((SELECT count(*) FROM legacy WHERE within(read_region(odd), '{330382}')), (SELECT count(*) FROM legacy WHERE dm LIKE '330382%'), 'and gives the same rows');
SELECT is(within(NULL::date, '{[2023-01-01,2024-01-01)}'), NULL, 'no day');
SELECT is(within('330382'::region, '{330382,NULL}'), true, 'an unknown region beside the right one');
SELECT is(within('330382'::region, '{110101,NULL}'), NULL, 'and beside a wrong one');
SELECT is(within('330382'::region, '{}'::region[]), false, 'among no regions');

-- ------------------------------------------------------- what postgres_fdw sends

-- nothing is sent to plan it, so the server need not be there
SELECT count(*) = 1 AS has_fdw FROM pg_available_extensions WHERE name = 'postgres_fdw' \gset
\if :has_fdw
CREATE EXTENSION postgres_fdw;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere');
CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere;
CREATE FOREIGN TABLE away (id int, dm text, rq text, d date, n bigint, sj timestamp) SERVER elsewhere;
CREATE FUNCTION pg_temp.sent(condition text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  -- releases differ in where they write types of constants
  RETURN regexp_replace(substring(replace(pg_temp.plan_of_verbose('SELECT id FROM away WHERE ' || condition), E'\n', ' ') FROM 'WHERE (.*?) *$'), '::[a-z ]+', '', 'g');
END $$;
CREATE FUNCTION pg_temp.plan_of_verbose(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; plan text := '';
BEGIN FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || statement LOOP plan := plan || line || E'\n'; END LOOP; RETURN plan; END $$;
SELECT is(pg_temp.sent($$within(d, '{[2022-05-01,2022-06-01),[2023-05-01,2023-06-01)}') AND within(read_region(dm), '{330382}')$$),
  '((((d >= ''2022-05-01'') AND (d < ''2022-06-01'')) OR ((d >= ''2023-05-01'') AND (d < ''2023-06-01''))))'
  || ' AND ((((dm >= ''330382'') AND (dm < ''330383'')) OR (dm < ''1'') OR (dm >= ''A'')))', 'days and texts of codes');
SELECT is(pg_temp.sent($$within(read_date(rq), '{[2023-05-09,2023-05-10)}')$$),
  '((((rq >= ''2023-04-30'') AND (rq < ''2023-06-01'')) OR ((rq !~~ ''____-0_-%'') AND (rq !~~ ''____-10-%'') AND (rq !~~ ''____-11-%'') AND (rq !~~ ''____-12-%'')'
  || ' AND ((rq ~~ ''2023%'') OR ((rq !~~ ''19__%'') AND (rq !~~ ''20__%''))))))', 'days as texts: the month, and other forms of the year');
SELECT is(pg_temp.sent($$within(day_of(sj), '{[2023-05-09,2023-05-10)}') AND within(read_region(n::text), '{330382001}')$$),
  '((sj >= ''2023-05-09 00:00:00'')) AND ((sj < ''2023-05-10 00:00:00''))'
  || ' AND ((((n >= 330382001) AND (n < 330382002)) OR ((n >= 330382001000) AND (n < 330382002000)) OR ((n >= 330382001000000) AND (n < 330382002000000))))', 'times and numbers');
SELECT doesnt_match(pg_temp.plan_of_verbose($$SELECT id FROM away WHERE within(d, '{}')$$), 'Remote SQL', 'of no day nothing');
\endif

-- ------------------------------------------------------------ counted_days

-- by hand: May 2023, the same dates of 2022, and nothing else
CREATE FUNCTION pg_temp.rubric(more text, rules text) RETURNS rubric LANGUAGE sql RETURN format(
  '{"code":"t","edition":"1","title":"t","total":100,"period":["2023-05-01","2023-05-31"]%s,"sections":[{"title":"s","points":100,"items":[{"no":"1","title":"i","points":100,"rules":[%s]}]}]}', more, rules)::rubric;
SELECT is(counted_days(pg_temp.rubric(',"baseline":"last_year"', '{"measure":"case","rule":"deduct 2 if count > baseline"},{"measure":"den","rule":"deduct 1 per occurrence"}')),
  '{[2022-05-01,2022-06-01),[2023-05-01,2023-06-01)}', 'the period, and where a rule compares, its dates one year before');
SELECT is(counted_days(pg_temp.rubric(',"baseline":"last_year"', '{"measure":"case","rule":"deduct 2 if count > baseline"},{"measure":"den","rule":"deduct 1 per occurrence"}'), '{den,NULL,x}'),
  '{[2023-05-01,2023-06-01)}', 'of one measure');
SELECT is(counted_days(pg_temp.rubric(',"baseline":"last_year"', '{"measure":"den","rule":"deduct 1 per occurrence"}'), '{}'), '{}', 'of none');
SELECT is(counted_days(pg_temp.rubric(',"baseline":"mean_3_years"', '{"measure":"case","rule":"deduct 2 if count > baseline"}')),
  '{[2020-05-01,2020-06-01),[2021-05-01,2021-06-01),[2022-05-01,2022-06-01),[2023-05-01,2023-06-01)}', 'three years before');
SELECT is(counted_days(pg_temp.rubric('', '{"measure":"case","rule":"deduct 2 if count < 48","window":"year"}')), '{[2023-01-01,2024-01-01)}', 'the calendar year of the last day');
SELECT is(counted_days(pg_temp.rubric('', '{"measure":"case","rule":"deduct 2 if count < 4","window":"month"}')), '{[2023-05-01,2023-06-01)}', 'months');
SELECT is(counted_days(with_as_of(pg_temp.rubric(',"baseline":"last_year"', '{"measure":"case","rule":"deduct 2 if count > baseline"}'), '2023-05-10')),
  '{[2022-05-01,2022-05-11),[2023-05-01,2023-05-11)}', 'up to a day, in both years');
SELECT is(counted_days(with_as_of(pg_temp.rubric('', '{"measure":"case","rule":"deduct 2"}'), '2023-04-10')), '{}', 'a period that has not begun');
SELECT is(counted_days(NULL), NULL, 'of no rubric');

-- facts of other days change no card, under rubrics at random
SELECT is_empty($$
  WITH dated AS (SELECT r.n, r.doc, counted_days(r.doc) AS days FROM oracle.rubric AS r)
  SELECT d.n, f.unit FROM dated AS d, oracle.fact AS f GROUP BY d.n, d.doc, d.days, f.unit
  HAVING tally(d.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount)::text
      <> tally(d.doc, CASE WHEN f.occurred_on <@ d.days THEN f.measure END, f.occurred_on, f.quantity, f.base, f.amount)::text
$$, 'facts of other days change no card');
SELECT is_empty($$
  SELECT r.n, m.measure FROM oracle.rubric AS r, (SELECT DISTINCT measure FROM oracle.fact) AS m
  WHERE (SELECT tally(r.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount)::text FROM oracle.fact AS f WHERE f.measure = m.measure)
     <> (SELECT tally(r.doc, CASE WHEN f.occurred_on <@ counted_days(r.doc, ARRAY[m.measure]) THEN f.measure END, f.occurred_on, f.quantity, f.base, f.amount)::text FROM oracle.fact AS f WHERE f.measure = m.measure)
$$, 'nor do those of one measure on days of others');

SELECT * FROM finish();
