-- What every client finds: sample values of each type, empty tables to write
-- them to, tables large enough for an index to be worth it, and the conditions
-- to ask them with.  Run by a superuser in an empty database, of which each
-- client then gets a copy; :password is that of their role.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE EXTENSION antifraud;
CREATE ROLE clerk LOGIN PASSWORD :'password';
ALTER ROLE clerk SET search_path = public, antifraud;
GRANT CREATE ON SCHEMA public TO clerk;
SELECT format('GRANT CREATE ON DATABASE %I TO clerk', current_database()) \gexec
SET ROLE clerk;
SET search_path = public, antifraud;

-- A registry with the units of the README, so that a client can enter its facts
-- and must read its scores.
SELECT create_registry('fraud') \g /dev/null
INSERT INTO fraud.unit (code, region, name, kind) VALUES
  ('339999001001', '339999001001', 'Riverside', 'community'),
  ('339999001002', '339999001002', 'Hilltop', 'community'),
  ('riverside-school', '339999001001', 'Riverside School', 'school');

-- What a client sends, and what it must read back.  No prefecture has the code
-- 3399: the ids and places are made up.  The check character of the upgraded
-- id: 3x7+3x9+9x10+9x5+9x8+9x4+1x2+9x1+8x6+8x3+7x9+7x5+7x2 = 486, 486 mod 11 = 2, X.
CREATE TABLE sample (type text, n int, written text, canonical text, PRIMARY KEY (type, n));
INSERT INTO sample VALUES
  ('region', 1, '331126', '331126'),
  ('region', 2, '33', '330000'),
  ('region', 3, '339999001001000', '339999001001'),
  ('citizen_id', 1, '339999199001010013', '339999199001010013'),
  ('citizen_id', 2, '33999920000229018x', '33999920000229018X'),
  ('citizen_id', 3, '339999880707007', '33999919880707007X'),
  ('rule', 1, 'deduct 5 per occurrence cap 20', 'deduct 5 per occurrence cap 20'),
  ('rule', 2, '每起扣5分，最多扣20分', 'deduct 5 per occurrence cap 20'),
  ('rule', 3, 'raise interview if change > 50%', 'raise interview if change > 50%'),
  ('cadence', 1, 'every 2 weeks', 'every 2 weeks'),
  ('cadence', 2, '一周一核查', 'every 7 days'),
  ('cadence', 3, '全年不少于48次', '48 per year'),
  ('calendar', 1, '{"holiday": ["2024-02-10..2024-02-16", "2024-02-17"], "makeup_workday": ["2024-02-04"]}',
    '{"holiday":["2024-02-10..2024-02-17"],"makeup_workday":["2024-02-04"]}'),
  ('calendar', 2, '{}', '{}');

-- A title with everything that a driver might trip over.
INSERT INTO sample (type, n, written)
SELECT 'rubric', n, replace($${"code":"clients","edition":"1","title":"TITLE","total":10,"period":["2023-05-01","2023-12-31"],
  "sections":[{"title":"s","points":10,"items":[{"no":"1","title":"t","points":10,"rules":[
    {"measure":"case","rule":"deduct 1 per occurrence","clause":"3.1"}]}]}]}$$, 'TITLE', title)
FROM (VALUES (1, 'plain'), (2, '无诈社区 𠮷 ''quoted'' \\ and \"escaped\" ? %s $1 :name {d}')) AS t (n, title);
UPDATE sample SET canonical = written::rubric::text WHERE type = 'rubric';

-- Cards are computed, not written by hand: one fact, three facts.
INSERT INTO sample
SELECT 'scorecard', n, card, card
FROM (SELECT f.n, tally((SELECT canonical::rubric FROM sample WHERE type = 'rubric' AND n = 1), 'case', '2023-06-01', f.n, NULL, NULL)::text
      FROM (VALUES (1), (3)) AS f (n) GROUP BY f.n) AS t (n, card)
UNION ALL
SELECT 'score_table', n, cards, cards
FROM (SELECT f.n, tally_regions((SELECT canonical::rubric FROM sample WHERE type = 'rubric' AND n = 1), f.place::region, 'case', '2023-06-01', 1, NULL, NULL)::text
      FROM (VALUES (1, '331126'), (2, '331126'), (2, '331126001002')) AS f (n, place) GROUP BY f.n) AS t (n, cards);

-- A table to write each type to, with a NULL, and one for batches.
CREATE TABLE holder_region (n int, value region);
CREATE TABLE holder_citizen_id (n int, value citizen_id);
CREATE TABLE holder_rule (n int, value rule);
CREATE TABLE holder_cadence (n int, value cadence);
CREATE TABLE holder_calendar (n int, value calendar);
CREATE TABLE holder_rubric (n int, value rubric);
CREATE TABLE holder_scorecard (n int, value scorecard);
CREATE TABLE holder_score_table (n int, value score_table);
CREATE TABLE incident (place region, victim citizen_id, clause rule, loss numeric);

-- 100 towns of 200 villages; a birth on each of 20,000 days from 1950 on; 100
-- deductions with 200 caps; 9,999 intervals and as many times a year.
CREATE TABLE many_region (value region PRIMARY KEY);
INSERT INTO many_region
SELECT format('339999%s%s', to_char(town, 'FM000'), to_char(village, 'FM000'))::region
FROM generate_series(1, 100) AS town, generate_series(1, 200) AS village;

CREATE TABLE many_citizen_id (value citizen_id PRIMARY KEY);
INSERT INTO many_citizen_id
SELECT (digits || substr('10X98765432', (SELECT sum(substr(digits, i, 1)::int * (2 ^ (18 - i))::int) % 11 FROM generate_series(1, 17) AS i)::int + 1, 1))::citizen_id
FROM (SELECT '339999' || to_char(date '1950-01-01' + day, 'YYYYMMDD') || '001' FROM generate_series(0, 19999) AS day) AS d (digits);

CREATE TABLE many_rule (value rule PRIMARY KEY);
INSERT INTO many_rule
SELECT format('deduct %s per occurrence cap %s', points, cap)::rule FROM generate_series(1, 100) AS points, generate_series(1, 200) AS cap;

CREATE TABLE many_cadence (value cadence PRIMARY KEY);
INSERT INTO many_cadence
SELECT format(f, n)::cadence FROM generate_series(1, 9999) AS n, (VALUES ('every %s days'), ('%s per year')) AS form (f);

CREATE TABLE many_calendar (value calendar PRIMARY KEY);
INSERT INTO many_calendar SELECT calendar_agg(date '2001-01-01' + n, 'holiday') FROM generate_series(0, 4999) AS n GROUP BY n;

CREATE TABLE many_rubric (value rubric PRIMARY KEY);
INSERT INTO many_rubric
SELECT replace(canonical, 'plain', 'number ' || i)::rubric FROM sample, generate_series(1, 2000) AS i WHERE type = 'rubric' AND n = 1;

CREATE TABLE many_scorecard (value scorecard PRIMARY KEY);
INSERT INTO many_scorecard
SELECT tally((SELECT canonical::rubric FROM sample WHERE type = 'rubric' AND n = 1), 'case', '2023-06-01', i, NULL, NULL)
FROM generate_series(1, 1000) AS i GROUP BY i;

CREATE TABLE many_score_table (value score_table PRIMARY KEY);
INSERT INTO many_score_table
SELECT tally_regions((SELECT canonical::rubric FROM sample WHERE type = 'rubric' AND n = 1), '331126', 'case', '2023-06-01', i, NULL, NULL)
FROM generate_series(1, 1000) AS i GROUP BY i;

VACUUM ANALYZE many_region, many_citizen_id, many_rule, many_cadence, many_calendar, many_rubric, many_scorecard, many_score_table;

-- What to ask.  Each ? is a parameter; an array among the arguments is one
-- array; `found` is how many rows answer:
--   region      a town has 200 villages; a grid lies in one village
--   citizen_id  January 1990 has 31 days; check characters: 19900101 372 mod 11 = 9, 3;
--               19900131 402 mod 11 = 6, 6; 19900102 377 mod 11 = 3, 9
--   rule        sorts as text: caps 10 to 19 (10) and 100 to 189 (90)
--   cadence     10 intervals from 100 to 109 days; 30 days are no month
CREATE TABLE question (marker text PRIMARY KEY, type text, condition text, arguments jsonb, found bigint);
INSERT INTO question VALUES
  ('region_equal', 'region', 'value = ?', '["339999007001"]', 1),
  ('region_padded', 'region', 'value = ?', '["339999007001000"]', 1),
  ('region_in', 'region', 'value IN (?, ?, ?)', '["339999007001", "339999008001", "339999101001"]', 2),
  ('region_any', 'region', 'value = ANY (?)', '[["339999007001", "339999008001", "339999101001"]]', 2),
  ('region_between', 'region', 'value BETWEEN ? AND ?', '["339999007001", "339999007010"]', 10),
  ('region_within', 'region', 'value <@ ?', '["339999007"]', 200),
  ('region_contains', 'region', 'value @> ?', '["339999007001002"]', 1),
  ('citizen_id_equal', 'citizen_id', 'value = ?', '["339999199001010013"]', 1),
  ('citizen_id_old', 'citizen_id', 'value = ?', '["339999900101001"]', 1),
  ('citizen_id_in', 'citizen_id', 'value IN (?, ?)', '["339999199001010013", "339999199001020019"]', 2),
  ('citizen_id_any', 'citizen_id', 'value = ANY (?)', '[["339999199001010013", "339999199001020019"]]', 2),
  ('citizen_id_between', 'citizen_id', 'value BETWEEN ? AND ?', '["339999199001010013", "339999199001310016"]', 31),
  ('rule_equal', 'rule', 'value = ?', '["deduct 5 per occurrence cap 20"]', 1),
  ('rule_chinese', 'rule', 'value = ?', '["每起扣5分，最多扣20分"]', 1),
  ('rule_in', 'rule', 'value IN (?, ?)', '["deduct 5 per occurrence cap 20", "deduct 500 per occurrence cap 20"]', 1),
  ('rule_any', 'rule', 'value = ANY (?)', '[["deduct 5 per occurrence cap 20", "deduct 6 per occurrence cap 20"]]', 2),
  ('rule_between', 'rule', 'value BETWEEN ? AND ?', '["deduct 7 per occurrence cap 10", "deduct 7 per occurrence cap 19"]', 100),
  ('cadence_equal', 'cadence', 'value = ?', '["48 per year"]', 1),
  ('cadence_chinese', 'cadence', 'value = ?', '["全年不少于48次"]', 1),
  ('cadence_in', 'cadence', 'value IN (?, ?)', '["every week", "every month"]', 1),
  ('cadence_any', 'cadence', 'value = ANY (?)', '[["every 3 days", "3 per year"]]', 2),
  ('cadence_between', 'cadence', 'value BETWEEN ? AND ?', '["every 100 days", "every 109 days"]', 10),
  ('calendar_cast', 'calendar', 'value = CAST(? AS calendar)', '["{\"holiday\": [\"2001-01-31\"]}"]', 1);
INSERT INTO question
SELECT m.type || '_cast', m.type, format('value = CAST(? AS %s)', m.type), jsonb_build_array(m.value), 1
FROM (SELECT 'rubric', max(value)::text FROM many_rubric
  UNION ALL SELECT 'scorecard', max(value::text) FROM many_scorecard
  UNION ALL SELECT 'score_table', max(value::text) FROM many_score_table) AS m (type, value);

-- Does a plan find its rows by an index?
CREATE FUNCTION finds_by_index(plan text) RETURNS boolean
RETURN plan ~ 'Index Cond: ' AND plan !~ 'Seq Scan';

-- The plans of the client's own prepared statement, the newest one of this
-- session whose text holds the marker: for these arguments, and for any.
-- `used` is 'index', or else the plan that does not use one; `types` are those
-- of the parameters, as the client sent them or the server found them.
CREATE FUNCTION plan_of(marker text, arguments text[], OUT used text, OUT types text) LANGUAGE plpgsql AS $$
DECLARE
  prepared record;
  mode text;
  line text;
  plan text;
BEGIN
  SELECT p.name, p.parameter_types INTO prepared
    FROM pg_catalog.pg_prepared_statements AS p
    WHERE p.statement LIKE '%' || marker || '%' AND p.statement NOT LIKE '%plan_of%'
    ORDER BY p.prepare_time DESC LIMIT 1;
  IF NOT FOUND THEN
    used := 'no prepared statement';
    RETURN;
  END IF;
  types := array_to_string(prepared.parameter_types, ', ');
  FOREACH mode IN ARRAY ARRAY['force_custom_plan', 'force_generic_plan'] LOOP
    PERFORM set_config('plan_cache_mode', mode, true);
    plan := mode;
    FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) EXECUTE %I (%s)', prepared.name,
        (SELECT string_agg(quote_literal(a), ', ' ORDER BY n) FROM unnest(arguments) WITH ORDINALITY AS u (a, n))) LOOP
      plan := plan || E'\n' || line;
    END LOOP;
    IF NOT finds_by_index(plan) THEN
      used := concat_ws(E'\n', used, plan);
    END IF;
  END LOOP;
  PERFORM set_config('plan_cache_mode', 'auto', true);
  used := coalesce(used, 'index');
END
$$;

-- The same of a statement without parameters.
CREATE FUNCTION plan_of_text(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  line text;
  plan text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    plan := concat_ws(E'\n', plan, line);
  END LOOP;
  RETURN CASE WHEN finds_by_index(plan) THEN 'index' ELSE plan END;
END
$$;
