-- Type calendar: text form, errors, functions, order, casts, the aggregate;
-- and tier_code.  Weekdays in 2024: 1 January was a Monday, and so were
-- 5 February, 6 May and 7 October.
SET search_path = public, antifraud;
SET datestyle = 'ISO, YMD';
\pset null '(null)'
\pset format unaligned

-- A statement's error in full, or what it gave.
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  given text; detail text; hint text;
BEGIN
  EXECUTE query INTO given;
  RETURN coalesce(left(given, 200), '(null)');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN format(E'%s: %s\n  detail: %s\n  hint: %s', SQLSTATE, SQLERRM, detail, hint);
END
$$;

-- The canonical text: kinds in their order, days in a row joined, no blanks.
SELECT given, given::calendar AS written
FROM unnest(ARRAY[
  '{}', ' { } ', '{"exam":[]}', '{"term":null}',
  '{"makeup_workday":["2024-02-04"],"holiday":["2024-01-01","2024-02-10..2024-02-17"]}',
  '{"holiday":["2024-02-17","2024-02-10","2024-02-12..2024-02-16","2024-02-11","2024-02-10"]}',
  '{"holiday":["2024-02-10..2024-02-14","2024-02-12..2024-02-17","2024-02-18..2024-02-18"]}',
  '{"exam":["2024-06-20..2024-06-25"],"term":["2024-02-26..2024-07-05"],"holiday":["2024-06-10"]}',
  '{"holiday":["1900-01-01","2199-12-31"]}',
  '{"term":["1900-01-01..2199-12-31"]}',
  '{"holiday":["2023-12-31..2024-01-01"]}',
  '{"h\u006fliday":["2024-\u0030\u0031-01"]}']) AS given;

-- What is refused, and why.
SELECT given, E'\n' || pg_temp.try(format('SELECT %L::calendar', given)) AS answer
FROM unnest(ARRAY[
  '', '[]', '"2024-01-01"', 'null', '{', '{"holiday"}',
  '{"feast":["2024-01-01"]}', '{"holiday":["2024-01-01"],"holiday":["2024-01-02"]}',
  '{"holiday":"2024-01-01"}', '{"holiday":{"2024-01-01":true}}', '{"holiday":[20240101]}', '{"holiday":[null]}', '{"holiday":[["2024-01-01"]]}',
  '{"holiday":[""]}', '{"holiday":["2024-1-1"]}', '{"holiday":["2024/01/01"]}', '{"holiday":[" 2024-01-01"]}', '{"holiday":["２０２４-01-01"]}',
  '{"holiday":["infinity"]}', '{"holiday":["2024-01-01.2024-01-02"]}', '{"holiday":["2024-01-01..."]}', '{"holiday":["..2024-01-01"]}',
  '{"holiday":["2024-01-01..2024-01-02..2024-01-03"]}', '{"term":["2023-02-29"]}', '{"term":["2024-02-30"]}', '{"term":["2024-13-01"]}', '{"term":["0000-01-01"]}',
  '{"term":["2024-02-02..2024-02-01"]}', '{"exam":["1899-12-31"]}', '{"exam":["2200-01-01"]}', '{"exam":["1899-12-31..2200-01-01"]}', '{"exam":["2024-01-01..9999-12-31"]}',
  '{"holiday":["2024-02-01..2024-02-29"],"makeup_workday":["2024-02-04"]}', '{"holiday":["2024-01-01"]} x']) AS given;

-- What a calendar says of a day.
CREATE TABLE kept (name text, c calendar);
INSERT INTO kept VALUES
  ('spring', '{"holiday":["2024-01-01","2024-02-10..2024-02-17"],"makeup_workday":["2024-02-04","2024-02-18"]}'),
  ('school', '{"term":["2023-09-01..2024-01-20","2024-02-26..2024-07-05"],"exam":["2024-06-20..2024-06-25","2024-01-10"]}'),
  ('nothing', '{}');
SELECT d AS day, covers(c, d::date), is_working_day(c, d::date) AS working, working_day_before(c, d::date) AS before
FROM kept, unnest(ARRAY['2023-12-31', '2024-01-01', '2024-01-02', '2024-01-06', '2024-02-04', '2024-02-09', '2024-02-10', '2024-02-17', '2024-02-18', '2024-02-19',
  '2024-02-25', '2024-12-31', '2025-01-01', '1899-12-31', '2200-01-01', '4713-01-01 BC', '5874897-12-31', 'infinity', '-infinity']) AS d
WHERE name = 'spring';
SELECT name, covers(c, '2024-03-01'), is_working_day(c, '2024-03-01') AS working, working_day_before(c, '2024-03-01') AS before,
  calendar_days(c, 'holiday') AS holidays, calendar_days(c, 'makeup_workday') AS made_up, calendar_days(c, 'term') AS terms, calendar_days(c, 'exam') AS exams
FROM kept ORDER BY name;
SELECT pg_temp.try($$SELECT calendar_days('{}', 'feast')$$);
SELECT pg_temp.try($$SELECT calendar_days('{}', '')$$);
SELECT covers(NULL, '2024-01-01'), is_working_day('{}', NULL), calendar_days('{}', NULL);

-- Order and equality are those of the text.
SELECT a.name || ' ' || b.name AS pair, a.c = b.c AS eq, a.c <> b.c AS ne, a.c < b.c AS lt, a.c <= b.c AS le, a.c > b.c AS gt, a.c >= b.c AS ge,
  calendar_hash(a.c) = calendar_hash(b.c) AS hash, calendar_hash_extended(a.c, 7) = calendar_hash_extended(b.c, 7) AS hash7
FROM kept AS a, kept AS b WHERE a.name <= b.name ORDER BY 1;
SELECT '{"holiday":["2024-01-01..2024-01-03"]}'::calendar = '{"term":[],"holiday":["2024-01-02","2024-01-03","2024-01-01"]}' AS same;
SELECT calendar_hash('{}') AS hash, hashtext('{}') AS of_text;
CREATE UNIQUE INDEX ON kept (c);
CREATE INDEX ON kept USING hash (c);
SELECT count(*) FROM (SELECT c FROM kept UNION SELECT c FROM kept) AS u;

-- Casts.
SELECT (c::jsonb)::text::calendar = c AS jsonb, c::text::calendar = c AS text, c::varchar || '' = c::text AS varchar FROM kept;

-- The aggregate: any order, repetitions, kinds that overlap where they may.
SELECT calendar_agg(d, k) FROM (VALUES (date '2024-02-11', 'holiday'), ('2024-02-04', 'makeup_workday'), ('2024-02-10', 'holiday'), ('2024-02-11', 'holiday'),
  ('2024-06-20', 'term'), ('2024-06-20', 'exam'), ('1900-01-01', 'holiday'), ('2199-12-31', 'holiday')) AS v (d, k);
SELECT calendar_agg(d, k) FROM (VALUES (date '2024-02-11', 'holiday')) AS v (d, k) WHERE false;
SELECT d, calendar_agg(d, 'term') OVER (ORDER BY d) FROM unnest('{2024-03-01,2024-03-02,2024-03-04}'::date[]) AS d;
SELECT k, E'\n' || pg_temp.try(format('SELECT calendar_agg(%L::date, %L)', d, k)) AS answer
FROM (VALUES (NULL, 'holiday'), ('2024-01-01', NULL), (NULL, NULL), ('2024-01-01', 'feast'), ('2024-01-01', 'Holiday'), ('2024-01-01', ''),
  ('infinity', 'term'), ('-infinity', 'term'), ('1899-12-31', 'term'), ('2200-01-01', 'term'), ('4713-01-01 BC', 'term')) AS v (d, k);
SELECT pg_temp.try($$SELECT calendar_agg(date '2024-02-04', k) FROM unnest('{term,makeup_workday,exam,holiday}'::text[]) AS k$$);

-- The largest: 40,000 stretches are read back, one more is refused.
SELECT length(c::text) AS text, c::text::calendar = c AS same FROM (SELECT calendar_agg(date '1900-01-01' + 2 * n, 'term') AS c FROM generate_series(0, 39999) AS n) AS x;
SELECT pg_temp.try($$SELECT calendar_agg(date '1900-01-01' + 2 * n, 'term') FROM generate_series(0, 40000) AS n$$);
SELECT pg_temp.try($$SELECT ('{"term":["' || string_agg((date '1900-01-01' + 2 * n)::text, '","') || '"]}')::calendar FROM generate_series(0, 40000) AS n$$);
-- All days of 300 years one by one, backwards.
SELECT calendar_agg(d::date, 'exam') FROM generate_series(timestamp '2199-12-31', '1900-01-01', '-1 day') AS d;

-- Risk tiers.
SELECT given, tier_code(given) AS code
FROM unnest(ARRAY['high', 'medium', 'low', 'HIGH', ' Low ', 'high risk', 'High-Risk', 'ＬＯＷ', '高危', '中危', '低危', '高风险', '中风险', '低风险', '高', '中', '低',
  '高危人员', '中危人员', '低危人员', '高风险等级', '高级别', '　低危　', E'\t中危\n', 'watch', 'very_high', 'Tier_9', 'high_risk', 'a']) AS given;
SELECT given, E'\n' || pg_temp.try(format('SELECT tier_code(%L)', given)) AS answer
FROM unnest(ARRAY['', '  ', '　', '一级', '二级', '三级', '1级', '红色', '黄色预警', '1', '9a', '_a', 'a-b', 'very high', '高中', '中高危', '不高', '危', '高 危', '重点人员', 'élevé', '高危；中危', repeat('高', 100)]) AS given;
SELECT tier_code(NULL);

DROP TABLE kept;
