-- Type cadence: forms, errors, stored and binary form, order, hash, casts,
-- comparison with text.  Expected values were worked out by hand.
SET search_path = public, antifraud;
SET datestyle = 'ISO, YMD';
\pset null '(null)'
-- The width of a Chinese character differs between versions of psql.
\pset format unaligned

-- A statement's error in full, or what it gave.
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  given text; detail text; hint text;
BEGIN
  EXECUTE query INTO given;
  RETURN coalesce(given, '(null)');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN format(E'%s: %s\n  detail: %s\n  hint: %s', SQLSTATE, SQLERRM, detail, hint);
END
$$;

-- English: the unit stays as it was written, one is not written.
SELECT given, given::cadence AS cadence
FROM unnest(ARRAY['every 7 days', 'every day', 'every 1 day', 'every 1 days', 'every 2 day', 'every week', 'every 2 weeks', 'every month', 'every 3 months',
                  'every quarter', 'every 4 quarters', 'every year', 'every 9999 years', '1 per day', '2 per week', '1 per month', '3 per quarter',
                  '1 per half-year', '48 per year', '9999 per term', 'EVERY 7 Days', E' \t every   7  days\r\n', 'every7days', '2per week']) AS given;

-- Chinese, and full-width forms.  More are in test/pgtap/cadence.sql.
SELECT given, given::cadence AS cadence
FROM unnest(ARRAY['一周一核查', '两周一核查', '一月一核查', '每周至少两次', '全年不少于48次', '每日３次', 'ｅｖｅｒｙ　７　ｄａｙｓ']) AS given;

-- What is refused, and why.
SELECT given, E'\n' || pg_temp.try(format('SELECT %L::cadence', given)) AS answer
FROM unnest(ARRAY['', '  ', 'every', 'every 7', 'every 7 days now', 'every -7 days', 'every 1.5 days', 'every 07 days', 'every 7 hours', 'seven days', '7 days',
                  '2 per', '2 per weeks', '2 a week', 'weekly', 'Monthly', 'every half-year', 'every term', 'every 0 days', 'every 10000 days', '0 per week',
                  '99999999999999999999 per year', 'once per week', E'every 7 days\u200b', E'every\x017 days',
                  '定期', '不定期抽查', '每周', '每周通报', '每周日前', '每周五前', '每周一核查', '周一核查', '一月一日前报告', '三月一核查', '2季度一走访', '2024年一次',
                  '每隔一天一次', '每半月一次', '每个工作日一次', '每两周三次', '每两学期一次', '一学期一报告', '全年一核查', '每周两三次', '每周一至两次', '每周超过两次', '每周最多两次',
                  '每周1 2次', '每周1.5次', '每周零次', '每年一万次', '一周一场', '一周一查', '每周两次。', '每周两次以下']) AS given;
SELECT left(pg_temp.try(format('SELECT %L::cadence', 'every ' || repeat('9', 1000000) || ' days')), 120);
SELECT left(pg_temp.try(format('SELECT %L::cadence', repeat('每周', 300000))), 60);
SELECT (repeat(' ', 1000000) || 'every week' || repeat(' ', 1000000))::cadence;
SELECT cadence_or_null('every week'), cadence_or_null('weekly'), cadence_or_null(''), cadence_or_null(NULL);

-- The binary form is the text.
SELECT convert_from(cadence_send(c), 'UTF8') AS sent FROM unnest('{every 14 days,every 2 weeks,48 per year}'::cadence[]) AS c;
CREATE TEMP TABLE received (c cadence);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\015every 2 weeks\377\377'$$ (FORMAT binary);
SELECT * FROM received;
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\006weekly\377\377'$$ (FORMAT binary);
COPY received FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\002\3771\377\377'$$ (FORMAT binary);
SELECT count(*) FROM received;

-- Equality and hash are by meaning.
SELECT a, b, a::cadence = b::cadence AS equal, cadence_hash(a::cadence) = cadence_hash(b::cadence) AS same_hash, cadence_cmp(a::cadence, b::cadence) AS cmp
FROM (VALUES ('every 2 weeks', 'every 14 days'), ('every year', 'every 12 months'), ('every year', 'every 4 quarters'), ('every quarter', 'every 3 months'),
             ('every month', 'every 30 days'), ('every month', 'every 31 days'), ('every 16 months', 'every 487 days'), ('every year', 'every 365 days'),
             ('every week', '1 per week'), ('12 per year', '1 per month'), ('7 per week', '1 per day'), ('every 2 weeks', 'every 2 weeks')) AS pair (a, b);
SELECT count(DISTINCT c), count(*) FROM unnest('{every 2 weeks,every 14 days,every year,every 12 months,every 4 quarters,1 per year}'::cadence[]) AS c;

-- Released: the hash is hashint8() of a number.  Days count 32, a month 974
-- and one more, so that it equals no number of days; a window is 2^32, then
-- 65536 for its unit (day 0, week 1, ..., term 6), then its number.
SELECT cadence_hash('every 2 weeks') = hashint8(14 * 32) AS weeks, cadence_hash('every year') = hashint8(12 * 974 + 1) AS years,
  cadence_hash('48 per year') = hashint8((1::bigint << 32) + 5 * 65536 + 48) AS windows,
  cadence_hash_extended('every 2 weeks', 42) = hashint8extended(14 * 32, 42) AS extended,
  cadence_text_hash('每14天一次') = hashint8(14 * 32) AS of_text, cadence_text_hash('weekly') = hashtext('weekly') AS of_no_cadence,
  cadence_text_hash_extended('每14天一次', 42) = hashint8extended(14 * 32, 42) AS extended_of_text;

-- Rolling ones by length (a month counts 30.4375 days), then windows by unit
-- and number.
CREATE TEMP TABLE item (n int GENERATED ALWAYS AS IDENTITY, c cadence);
INSERT INTO item (c) VALUES ('every day'), ('every 6 days'), ('every week'), ('every 2 weeks'), ('every 30 days'), ('every month'), ('every 31 days'), ('every quarter'),
  ('every 365 days'), ('every year'), ('every 366 days'), ('every 487 days'), ('every 16 months'), ('every 9999 years'),
  ('1 per day'), ('3 per day'), ('1 per week'), ('2 per week'), ('9999 per week'), ('1 per month'), ('1 per quarter'), ('1 per half-year'), ('1 per year'), ('48 per year'), ('1 per term');
SELECT bool_and((a.c < b.c) = (a.n < b.n) AND (a.c <= b.c) = (a.n <= b.n) AND (a.c = b.c) = (a.n = b.n)
            AND (a.c <> b.c) = (a.n <> b.n) AND (a.c >= b.c) = (a.n >= b.n) AND (a.c > b.c) = (a.n > b.n)
            AND cadence_cmp(a.c, b.c) = sign(a.n - b.n)) AS with_itself,
  bool_and((a.c < b.c::text) = (a.n < b.n) AND (a.c::text >= b.c) = (a.n >= b.n) AND (a.c = b.c::text) = (a.n = b.n)
            AND (a.c::text <> b.c) = (a.n <> b.n)
            AND (a.c::text <#### b.c::text) = (a.n < b.n) AND (a.c::text =#### b.c::text) = (a.n = b.n)) AS with_text
FROM item a, item b;
SELECT min(c), max(c), min(c) FILTER (WHERE c > 'every year') AS after_a_year FROM item;
-- Of equal ones the same is taken in any order.
SELECT min(c), max(c) FROM unnest('{every 14 days,every 2 weeks}'::cadence[]) AS c;
SELECT min(c), max(c) FROM unnest('{every 2 weeks,every 14 days}'::cadence[]) AS c;

-- A text that is no cadence equals none and comes after all that are, by its
-- bytes; only the empty text comes first.
SELECT t FROM unnest(ARRAY['weekly', '', '每14天一次', '1 per week', 'zzz', 'every week', '每周', 'every 14 days']) WITH ORDINALITY AS u (t, n) ORDER BY t USING <####, n;
SELECT cadence 'every week' = 'weekly'::text AS equal, cadence '1 per term' < 'weekly'::text AS before, cadence 'every day' > ''::text AS after_nothing,
  'weekly'::text =#### 'weekly' AS same_text;

-- The families are complete, and indexes find what is equal.
SELECT amname, opfname, amvalidate(c.oid) AS valid, count(*) AS operators
FROM pg_opclass c JOIN pg_opfamily f ON f.oid = opcfamily JOIN pg_am am ON am.oid = opcmethod JOIN pg_amop ON amopfamily = f.oid
WHERE opcintype = 'cadence'::regtype GROUP BY c.oid, amname, opfname ORDER BY amname;
CREATE TABLE duty_of (c cadence PRIMARY KEY, label text, short varchar);
INSERT INTO duty_of SELECT c, c, c FROM item;
INSERT INTO duty_of VALUES ('every 14 days', '-', '-');
CREATE INDEX ON duty_of USING hash (c);
UPDATE duty_of SET label = '每两周一次' WHERE c = 'every 2 weeks';
SET enable_seqscan = off;
SELECT c, label FROM duty_of WHERE c = 'every 14 days'::text;
SELECT c FROM duty_of WHERE c IN (SELECT t FROM unnest(ARRAY['每14天一次', 'weekly', '一周两次']) AS t) ORDER BY c;
SELECT c FROM duty_of WHERE c BETWEEN 'every 13 days' AND '一月一核查'::text ORDER BY c;
SET enable_hashjoin = off;
SELECT count(*) AS merged FROM duty_of a FULL JOIN duty_of b ON a.c = b.label;
RESET enable_hashjoin;
SET enable_mergejoin = off;
SELECT count(*) AS hashed FROM duty_of a FULL JOIN duty_of b ON a.c = b.label;
RESET enable_mergejoin;
RESET enable_seqscan;
DROP TABLE duty_of;

-- Casts: to text without being asked, from text on assignment or when asked.
CREATE TEMP TABLE assigned (c cadence, label text, short varchar, padded char(13));
INSERT INTO assigned VALUES ('every 2 weeks'::text, cadence '两周一核查', cadence 'every week', 'every 2 weeks'),
  ('每周两次'::varchar, '-', '-', '-'), ('every day'::char(12), '-', '-', '-');
INSERT INTO assigned SELECT padded FROM assigned WHERE label = 'every 2 weeks';
SELECT c, label, short FROM assigned ORDER BY c, label;
SELECT length(cadence 'every 2 weeks'), cadence 'every week' || '!' AS joined, 'every week'::text::cadence;
SELECT 7::bigint::cadence;
SELECT typname, typcategory, typispreferred, typlen, typbyval FROM pg_type WHERE oid = 'cadence'::regtype;

-- next_due and due_dates: what is refused.
SELECT pg_temp.try($$SELECT next_due('every day', '9999-12-31')$$);
SELECT pg_temp.try($$SELECT next_due('every 9999 years', '0001-01-01')$$), pg_temp.try($$SELECT next_due('every 9998 years', '0001-01-01')$$);
SELECT pg_temp.try($$SELECT next_due('2 per week', '9999-12-31')$$);
SELECT pg_temp.try($$SELECT next_due('1 per year', '9999-01-01')$$);
SELECT pg_temp.try($$SELECT next_due('every day', 'infinity')$$);
SELECT pg_temp.try($$SELECT next_due('every day', '-infinity')$$);
SELECT pg_temp.try($$SELECT next_due('every day', '10000-01-01')$$);
SELECT pg_temp.try($$SELECT next_due('every day', '0001-12-31 BC')$$);
SELECT pg_temp.try($$SELECT count(*) FROM due_dates('every day', '-infinity', '2024-01-01')$$);
SELECT pg_temp.try($$SELECT count(*) FROM due_dates('every day', '2024-01-01', 'infinity')$$);

-- Nothing of the type depends on the caller's search path.
SET search_path = pg_catalog;
SELECT antifraud.next_due('every month', '2024-01-31'), antifraud.cadence 'every 2 weeks' OPERATOR(antifraud.=) antifraud.cadence 'every 14 days' AS equal;
