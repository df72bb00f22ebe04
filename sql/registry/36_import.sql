-- From the text of an official document to a draft, and to what a person must
-- decide. Nothing is guessed: what is not read is listed with its place.

-- Points as documents write them, through the reader of clauses, which knows
-- the numerals.
CREATE FUNCTION @registry@.read_points(words text) RETURNS numeric
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN words ~ '^0+$' THEN 0
              WHEN length(words) <= 20 THEN (SELECT (p.rule::jsonb #>> '{bands,0,points}')::numeric FROM antifraud.parse_clause('扣' || words || '分') AS p LIMIT 1) END;
END;
COMMENT ON FUNCTION @registry@.read_points(text) IS 'Points written in Arabic, full-width or Chinese numerals; null where they cannot be read.';

CREATE FUNCTION @registry@.read_day(year text, month text, day text) RETURNS date
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN year::integer > 0 AND month::integer BETWEEN 1 AND 12
              THEN (SELECT f.first + day::integer - 1 FROM (SELECT make_date(year::integer, month::integer, 1)) AS f (first)
                    WHERE day::integer BETWEEN 1 AND extract(day FROM f.first + interval '1 month' - interval '1 day')) END;
END;
COMMENT ON FUNCTION @registry@.read_day(text, text, text) IS 'A day from the numbers of its year, month and day; null where there is no such day.';

-- No rubric is longer, and reading takes time by the line.
CREATE FUNCTION @registry@.short_document(document text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF octet_length(document) > 131072 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'program_limit_exceeded',
      MESSAGE = 'the document is too long',
      DETAIL = format('It has %s bytes; at most 131072 are read.', octet_length(document)),
      HINT = 'Give only the part that holds the rubric.';
  END IF;
  RETURN document;
END
$body$;
COMMENT ON FUNCTION @registry@.short_document(text) IS 'The document itself; an error where it is longer than a rubric can be (131072 bytes).';

-- The lines of a document under the headings that they belong to. Headings are
-- numbered as official documents number them (GB/T 9704: 一、 then （一） then
-- 1. then （1）). The innermost level that carries points are the items, the
-- one around it the sections. Full-width forms are folded one to one, so that
-- places in the folded text are places in the document.
CREATE FUNCTION @registry@.rubric_outline(document text)
  RETURNS TABLE (place bigint, kind text, section bigint, label text, title text, points numeric, body text, starts integer, body_starts integer, odd text)
IMMUTABLE PARALLEL SAFE STRICT ROWS 50
LANGUAGE sql
BEGIN ATOMIC
  WITH line AS MATERIALIZED (
    SELECT l.n, rtrim(l.words, E'\r') AS words,
           translate(rtrim(l.words, E'\r'), '０１２３４５６７８９（）．：　', '0123456789().: ') AS folded,
           (sum(length(l.words) + 1) OVER (ORDER BY l.n) - length(l.words))::integer AS starts
    FROM string_to_table(@registry@.short_document(document), E'\n') WITH ORDINALITY AS l (words, n)
  ), numbered AS MATERIALIZED (
    SELECT l.*, h.part, CASE WHEN h.part[1] IS NOT NULL THEN 1 WHEN h.part[2] IS NOT NULL THEN 2 WHEN h.part[3] IS NOT NULL THEN 3 WHEN h.part[4] IS NOT NULL THEN 4 END AS level
    FROM line AS l
    CROSS JOIN LATERAL regexp_match(l.folded,
      '^[ \t]*(?:([一二三四五六七八九十百]+)[、.]|\(([一二三四五六七八九十百]+)\)[、.]?|([0-9]{1,3})(?:、|\.(?![0-9]))|\(([0-9]{1,3})\)[、.]?)[ \t]*(.*)$') AS h (part)
  ), scored AS MATERIALIZED (
    SELECT l.*, substr(l.words, length(l.folded) - length(l.part[5]) + 1, length(s.part[1])) AS title, @registry@.read_points(s.part[2]) AS points, s.part[3] AS rest
    FROM numbered AS l
    LEFT JOIN LATERAL regexp_match(l.part[5],
      '^((?:[^()。;；]|\((?!(?:满分|总分|分值|本项|计|共)?:? *(?:[0-9]+(?:\.[0-9]+)?|[〇零一二两三四五六七八九十百半]+) *分 *\))[^()]*\))+)\( *(?:满分|总分|分值|本项|计|共)?:? *([0-9]+(?:\.[0-9]+)?|[〇零一二两三四五六七八九十百半]+) *分 *\)[ 。:.]*(.*)$') AS s (part)
      ON l.level IS NOT NULL
  ), levels AS MATERIALIZED (
    SELECT i.item_level, (SELECT max(s.level) FROM scored AS s WHERE s.points IS NOT NULL AND s.level < i.item_level) AS section_level
    FROM (SELECT max(s.level) AS item_level FROM scored AS s WHERE s.points IS NOT NULL) AS i
  ), headed AS (
    SELECT s.*, v.item_level, v.section_level,
           s.level <= v.item_level AS heads,
           count(*) FILTER (WHERE s.level <= v.item_level) OVER (ORDER BY s.n) AS block,
           count(*) FILTER (WHERE s.level <= v.section_level) OVER (ORDER BY s.n) AS part_no
    FROM scored AS s CROSS JOIN levels AS v
  ), block AS (
    SELECT h.block, min(h.part_no) AS part_no, min(h.starts) AS starts, min(h.item_level) AS item_level, min(h.section_level) AS section_level,
           min(h.level) FILTER (WHERE h.heads) AS level,
           min(coalesce(h.part[1], h.part[2], h.part[3], h.part[4])) FILTER (WHERE h.heads) AS label,
           min(h.title) FILTER (WHERE h.heads) AS title,
           min(h.points) FILTER (WHERE h.heads) AS points,
           min(h.starts + length(h.words) - length(h.rest)) FILTER (WHERE h.heads AND h.points IS NOT NULL) AS rest_starts,
           string_agg(CASE WHEN h.heads AND h.points IS NOT NULL THEN right(h.words, length(h.rest)) ELSE h.words END, E'\n' ORDER BY h.n) AS body
    FROM headed AS h GROUP BY h.block
  ), kinds AS (
    SELECT b.*, CASE WHEN b.points IS NULL THEN CASE WHEN b.level = b.item_level THEN 'unscored' ELSE 'text' END
                     WHEN b.level = b.item_level THEN 'item'
                     WHEN b.level = b.section_level THEN 'section'
                     ELSE 'outer' END AS kind
    FROM block AS b
  ), placed AS (
    -- a section ends at the next heading of its level or above, scored or not
    SELECT k.*, count(*) FILTER (WHERE k.kind = 'section') OVER (ORDER BY k.block) AS section_no,
           count(*) FILTER (WHERE k.kind = 'section') OVER (PARTITION BY k.part_no ORDER BY k.block) AS in_section
    FROM kinds AS k
  )
  SELECT p.block,
         CASE WHEN p.kind = 'unscored' AND p.section_level IS NOT NULL AND p.in_section = 0 THEN 'text' ELSE p.kind END,
         CASE WHEN p.section_level IS NULL THEN 1 WHEN p.in_section > 0 THEN p.section_no END,
         p.label, btrim(p.title, E' \t　'), p.points, p.body, p.starts, coalesce(p.rest_starts, p.starts),
         CASE WHEN p.kind = 'item' AND p.section_level IS NOT NULL AND p.in_section = 0 THEN 'outside_section'
              WHEN p.kind = 'outer' THEN 'levels'
              WHEN p.kind = 'unscored' AND (p.section_level IS NULL OR p.in_section > 0) THEN 'no_points' END
  FROM placed AS p ORDER BY p.block;
END;
COMMENT ON FUNCTION @registry@.rubric_outline(text) IS 'The sections and items of a document, a row a heading that ends another: kind section, item, outer, unscored or text, and the words under it. Characters are counted from 1.';

-- The whole reading. A row is a part of the draft, or a question about it.
CREATE TYPE @registry@.rubric_reading AS (kind text, section integer, item text, ordinal integer, title text, points numeric, rule antifraud.rule,
  counted_over text, days daterange, words text, starts integer, ends integer, suggestion text);
COMMENT ON TYPE @registry@.rubric_reading IS 'What read_rubric() reads, a row a part of the draft or a question about it.';

CREATE FUNCTION @registry@.read_rubric(document text) RETURNS SETOF @registry@.rubric_reading
IMMUTABLE PARALLEL SAFE STRICT ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  WITH outline AS MATERIALIZED (
    SELECT o.*, count(*) FILTER (WHERE o.kind = 'item') OVER () AS items,
           row_number() OVER (PARTITION BY o.kind, o.odd, o.label ORDER BY o.place) AS again,
           count(*) OVER (PARTITION BY o.kind, o.odd, o.label) AS same,
           row_number() OVER (PARTITION BY o.kind, o.odd, o.section, o.label ORDER BY o.place) AS again_here
    FROM @registry@.rubric_outline(document) AS o
  ), item AS MATERIALIZED (
    -- a number that the document gives to several items gets the section's before it
    SELECT o.*, CASE WHEN o.same = 1 THEN o.label
                     ELSE o.section || '.' || o.label || CASE WHEN o.again_here > 1 THEN '-' || o.again_here ELSE '' END END AS no
    FROM outline AS o WHERE o.kind = 'item' AND o.odd IS NULL
  ), clause AS MATERIALIZED (
    SELECT i.place, i.section, i.no, i.points AS worth, p.ordinal, p.rule, p.rule::jsonb AS parts,
           i.body_starts + p.starts - 1 AS starts, i.body_starts + p.ends - 1 AS ends,
           substr(i.body, p.starts, p.ends - p.starts + 1) AS words, p.condition
    FROM item AS i CROSS JOIN LATERAL antifraud.parse_clause(i.body) AS p
  ), band AS MATERIALIZED (
    SELECT c.*,
           b.effects, b.subjects, b.units, b.ranges, b.single, b.earlier,
           substr(c.words, length(c.condition) + 1) AS consequence
    FROM clause AS c
    CROSS JOIN LATERAL (
      SELECT array_agg(e.band ->> 'effect') AS effects, array_agg(s.cond ->> 'subject') AS subjects,
             array_agg(e.band #>> '{per,unit}') AS units,
             bool_or(e.band ->> 'points_max' IS NOT NULL AND e.band ->> 'points_max' <> e.band ->> 'points') AS ranges,
             bool_or(e.band ->> 'effect' IN ('deduct', 'add') AND e.band ->> 'per' IS NULL AND s.cond ->> 'subject' IS DISTINCT FROM 'rate') AS single,
             bool_or(s.cond ->> 'unit' = 'baseline' OR s.cond ->> 'subject' = 'change') AS earlier
      FROM jsonb_array_elements(c.parts -> 'bands') AS e (band)
      LEFT JOIN LATERAL jsonb_array_elements(nullif(e.band -> 'cond', 'null')) AS s (cond) ON true) AS b
  ), coverage AS MATERIALIZED (
    SELECT o.place, o.kind AS under, o.odd, i.no, i.section, o.body_starts + c.starts - 1 AS starts, c.kind, c.words, c.reason
    FROM outline AS o
    LEFT JOIN item AS i ON i.place = o.place
    CROSS JOIN LATERAL antifraud.clause_coverage(o.body) AS c
    WHERE o.items > 0 AND o.body <> ''
  ), flat AS MATERIALIZED (
    SELECT l.*, translate(l.words, '０１２３４５６７８９（）．：　' || E'\r', '0123456789().: ') AS folded,
           (sum(length(l.words) + 1) OVER (ORDER BY l.n) - length(l.words))::integer AS starts
    FROM string_to_table(@registry@.short_document(document), E'\n') WITH ORDINALITY AS l (words, n)
  ), total AS MATERIALIZED (
    SELECT DISTINCT ON (1) @registry@.read_points(t.part[1]) AS points, left(f.words, 200) AS words, f.starts
    FROM flat AS f
    CROSS JOIN LATERAL regexp_matches(f.folded, '(?:总分值?|满分|总计|共计)(?:为|是|:)? *([0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十百]+) *分', 'g') AS t (part)
    WHERE @registry@.read_points(t.part[1]) IS NOT NULL
      AND f.folded !~ '\( *(?:满分|总分)'
    ORDER BY 1, f.n
  ), period AS MATERIALIZED (
    SELECT DISTINCT ON (1) daterange(d.first, d.last, '[]') AS days, left(f.words, 200) AS words, f.starts
    FROM flat AS f
    CROSS JOIN LATERAL regexp_matches(f.folded,
      '([0-9]{4})年 *([0-9]{1,2})月 *([0-9]{1,2})日 *起?(?:至|到|[-–—~～]+) *(?:([0-9]{4})年)? *([0-9]{1,2})月 *([0-9]{1,2})日', 'g') AS t (part)
    CROSS JOIN LATERAL (SELECT @registry@.read_day(t.part[1], t.part[2], t.part[3]), @registry@.read_day(coalesce(t.part[4], t.part[1]), t.part[5], t.part[6])) AS d (first, last)
    WHERE d.first <= d.last
    ORDER BY 1, f.n
  ), section AS MATERIALIZED (
    SELECT o.section, o.title, o.points, o.starts, o.body_starts, count(i.place) AS items, coalesce(sum(i.points), 0) AS in_items
    FROM outline AS o LEFT JOIN item AS i ON i.section = o.section
    WHERE o.kind = 'section' GROUP BY o.section, o.title, o.points, o.starts, o.body_starts
    UNION ALL
    SELECT 1 AS section, NULL AS title, sum(i.points) AS points, NULL AS starts, NULL AS body_starts, count(*) AS items, sum(i.points) AS in_items
    FROM item AS i WHERE NOT EXISTS (SELECT FROM outline AS o WHERE o.kind = 'section') HAVING count(*) > 0
  ), heading AS (
    SELECT btrim(f.words, E' \t\r　') AS title, f.words, f.starts FROM flat AS f
    WHERE f.n < (SELECT min(g.n) FROM flat AS g JOIN outline AS o ON o.starts = g.starts WHERE o.kind IN ('section', 'item'))
      AND length(f.words) <= 100 AND f.folded ~ '(?:细则|办法|标准|方案|评分表|考核表|考评表)[ \t]*$'
      AND f.folded !~ '^[ \t]*(?:附件|[0-9一二三四五六七八九十]+[.、]|\()'
    ORDER BY f.n DESC LIMIT 1
    -- every column below is named, or a dump of a restored registry would name them anew
  ), found (rank, kind, section, item, ordinal, title, points, rule, counted_over, days, words, starts, ends, suggestion) AS (
    SELECT 1 AS rank, 'title' AS kind, NULL::bigint AS section, NULL::text AS item, NULL::integer AS ordinal, h.title, NULL::numeric AS points, NULL::antifraud.rule AS rule, NULL::text AS counted_over, NULL::daterange AS days,
           h.words, h.starts, h.starts + length(h.words) - 1 AS ends, NULL::text AS suggestion FROM heading AS h
    UNION ALL
    (SELECT 1 AS rank, 'edition' AS kind, NULL AS section, NULL AS item, NULL AS ordinal, btrim(f.words, E' \t\r　') AS title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days, f.words, f.starts, f.starts + length(f.words) - 1 AS ends, NULL AS suggestion
     FROM flat AS f WHERE f.n <= 50 AND f.folded ~ '^[ \t]*[^ 〔〕0-9]{1,20}[〔\[][0-9]{4}[〕\]] *[0-9]{1,5} *号[ \t]*$' ORDER BY f.n LIMIT 1)
    UNION ALL
    SELECT 1 AS rank, 'total' AS kind, NULL AS section, NULL AS item, NULL AS ordinal, NULL AS title, t.points, NULL AS rule, NULL AS counted_over, NULL AS days, t.words, t.starts, t.starts + length(t.words) - 1 AS ends, NULL AS suggestion FROM total AS t
    UNION ALL
    SELECT 1 AS rank, 'period' AS kind, NULL AS section, NULL AS item, NULL AS ordinal, NULL AS title, NULL AS points, NULL AS rule, NULL AS counted_over, p.days, p.words, p.starts, p.starts + length(p.words) - 1 AS ends, NULL AS suggestion FROM period AS p
    UNION ALL
    SELECT 2 AS rank, 'section' AS kind, s.section, NULL AS item, NULL AS ordinal, s.title, s.points, NULL AS rule, NULL AS counted_over, NULL AS days, NULL AS words, s.starts, s.body_starts - 1 AS ends, NULL AS suggestion FROM section AS s
    UNION ALL
    SELECT 3 AS rank, 'item' AS kind, i.section, i.no, NULL AS ordinal, i.title, i.points, NULL AS rule, NULL AS counted_over, NULL AS days, NULL AS words, i.starts, i.body_starts - 1 AS ends, NULL AS suggestion FROM item AS i
    UNION ALL
    SELECT 4 AS rank, 'rule' AS kind, b.section, b.no, b.ordinal, NULL AS title, NULL AS points, b.rule,
           CASE WHEN 'count' = ANY (b.subjects) AND b.condition ~ '全年|每年|年度' THEN 'year'
                WHEN b.subjects && '{count,rate}' AND b.condition ~ '每月|每个月|当月' THEN 'month' ELSE 'period' END AS counted_over,
           NULL AS days, b.words, b.starts, b.ends, NULL AS suggestion FROM band AS b
    -- questions about the whole
    UNION ALL
    SELECT 5 AS rank, 'sum' AS kind, NULL AS section, NULL AS item, NULL AS ordinal, NULL AS title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days,
           format('%s = %s ≠ %s', (SELECT string_agg(trim_scale(s.points)::text, ' + ' ORDER BY s.section) FROM section AS s),
                  (SELECT trim_scale(sum(s.points)) FROM section AS s), trim_scale(t.points)) AS words, t.starts, t.starts + length(t.words) - 1 AS ends, NULL AS suggestion
    FROM total AS t WHERE t.points <> (SELECT sum(s.points) FROM section AS s)
    UNION ALL
    SELECT 5 AS rank, 'sum' AS kind, s.section, NULL AS item, NULL AS ordinal, s.title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days,
           format('%s%s = %s ≠ %s', s.title || ': ', (SELECT string_agg(trim_scale(i.points)::text, ' + ' ORDER BY i.place) FROM item AS i WHERE i.section = s.section),
                  trim_scale(s.in_items), trim_scale(s.points)) AS words, s.starts, s.body_starts - 1 AS ends, NULL AS suggestion
    FROM section AS s WHERE s.items > 0 AND s.in_items <> s.points
    UNION ALL
    SELECT 5 AS rank, 'no_items' AS kind, s.section, NULL AS item, NULL AS ordinal, s.title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days, s.title, s.starts, s.body_starts - 1 AS ends, NULL AS suggestion FROM section AS s WHERE s.items = 0
    UNION ALL
    SELECT 5 AS rank, o.odd, o.section, NULL AS item, NULL AS ordinal, o.title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days, concat_ws(' ', o.label, o.title, left(o.body, 40)) AS words, o.starts, o.body_starts - 1 AS ends, NULL AS suggestion
    FROM outline AS o WHERE o.odd IS NOT NULL
    UNION ALL
    SELECT 5 AS rank, 'outside' AS kind, NULL AS section, NULL AS item, NULL AS ordinal, NULL AS title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days, concat_ws('：', btrim(c.words, E' \t\r\n　'), c.reason) AS words, c.starts, c.starts + length(rtrim(c.words, E' \t\r\n　')) - 1 AS ends, NULL AS suggestion
    FROM coverage AS c WHERE c.no IS NULL AND (c.kind = 'consequence' OR c.reason IS NOT NULL)
    UNION ALL
    SELECT 5 AS rank, 'points' AS kind, NULL AS section, NULL AS item, NULL AS ordinal, NULL AS title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days, btrim(left(f.words, 80)) AS words, f.starts, f.starts + length(f.words) - 1 AS ends, NULL AS suggestion
    FROM flat AS f
    WHERE f.folded ~ '\( *(?:满分|总分|分值|本项|计|共)?:? *(?:[0-9]+(?:\.[0-9]+)?|[〇零一二两三四五六七八九十百半]+) *分 *\)'
      AND NOT EXISTS (SELECT FROM outline AS o WHERE o.points IS NOT NULL AND o.starts = f.starts)
    -- about an item
    UNION ALL
    SELECT 6 AS rank, q.asks, i.section, i.no, NULL AS ordinal, NULL AS title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days, i.title, i.starts, i.body_starts - 1 AS ends, NULL AS suggestion
    FROM item AS i
    LEFT JOIN (SELECT b.place, bool_or(b.effects <@ '{add}') AS adds FROM band AS b GROUP BY b.place) AS u ON u.place = i.place
    CROSS JOIN LATERAL (VALUES
      ('number', i.no <> i.label),
      ('bonus', i.title ~ '加分' OR (i.points > 0 AND u.adds)),
      ('no_rule', u.place IS NULL)) AS q (asks, holds)
    WHERE q.holds
    UNION ALL
    SELECT 6 AS rank, CASE WHEN c.reason IS NULL THEN 'no_consequence' ELSE 'unread' END AS kind, c.section, c.no, NULL AS ordinal, NULL AS title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days,
           concat_ws('：', btrim(c.words, E' \t\r\n　'), c.reason) AS words, c.starts, c.starts + length(rtrim(c.words, E' \t\r\n　')) - 1 AS ends, NULL AS suggestion
    FROM coverage AS c WHERE c.no IS NOT NULL AND c.kind = 'unread' AND c.words ~ '[^[:space:][:punct:]　。，；：、]'
    -- about a rule
    UNION ALL
    SELECT 7 AS rank, q.asks, b.section, b.no, b.ordinal, NULL AS title, NULL AS points, NULL AS rule, NULL AS counted_over, NULL AS days, b.words, b.starts, b.ends, q.suggestion
    FROM band AS b
    LEFT JOIN (
      SELECT o.place, count(*) AS sentences,
             CASE WHEN bool_and(o.rule::text !~ ' cap |amount [<=]') THEN string_agg(o.rule::text, ', ' ORDER BY o.ordinal) END AS joined
      FROM band AS o WHERE 'amount' = ANY (o.subjects) GROUP BY o.place) AS u ON u.place = b.place
    CROSS JOIN LATERAL (VALUES
      ('measure', true, NULL),
      ('required', 'missing' = ANY (b.units) AND NOT coalesce('count' = ANY (b.subjects), false), regexp_replace(b.rule::text, 'per 1 missing', 'per occurrence')),
      ('once', b.single AND b.words !~ '分别', CASE
         WHEN b.rule::text ~ '^(deduct|add) [0-9.]+$' THEN b.rule::text || ' per occurrence'
         WHEN b.rule::text ~ '^deduct [0-9.]+ if count >=? ' THEN regexp_replace(b.rule::text, ' if ', ' per 1 excess if ')
         WHEN b.rule::text ~ '^deduct [0-9.]+ if count <=? ' THEN regexp_replace(b.rule::text, ' if ', ' per 1 missing if ')
         WHEN b.rule::text ~ '^(deduct|add) [0-9.]+ if amount ' THEN regexp_replace(b.rule::text, ' if ', ' per occurrence if ') END),
      ('discovery', 'occurrence' = ANY (b.units) AND b.consequence ~ '^[^每]*发现[一1１](?:次|处|起|例)[^每]*$', regexp_replace(b.rule::text, ' per occurrence', '')),
      ('and_or', b.condition ~ '[且和并].*或|或.*[且并]', NULL),
      ('alternatives', b.condition ~ '或' AND b.condition !~ '[且并]', NULL),
      ('enumeration', 'occurrence' = ANY (b.units) AND b.condition ~ '、' AND NOT coalesce('amount' = ANY (b.subjects), false), NULL),
      ('bands', 'amount' = ANY (b.subjects) AND u.sentences > 1, u.joined),
      ('amount', 'amount' = ANY (b.subjects), NULL),
      ('sequence', b.condition ~ '后(?:又|仍|再|还)', NULL),
      ('window', b.subjects && '{count,rate}' AND b.condition ~ '全年|每年|年度|每月|每个月|当月', NULL),
      ('baseline', b.earlier, NULL),
      ('discretion', b.ranges, NULL)) AS q (asks, holds, suggestion)
    WHERE q.holds
  )
  SELECT f.kind, f.section::integer, f.item, f.ordinal, f.title, f.points, f.rule, f.counted_over, f.days, f.words, f.starts, f.ends, f.suggestion
  FROM found AS f ORDER BY f.rank > 4, CASE WHEN f.rank IN (1, 2, 3, 4) THEN f.rank END, f.rank = 5, f.starts, f.rank, f.ordinal, f.kind;
END;
COMMENT ON FUNCTION @registry@.read_rubric(text) IS 'What import_rubric() reads in a document: title, edition, total, period, section, item and rule, then questions by their kind, with the words and where they stand (characters, from 1).';

CREATE FUNCTION @registry@.with_made_up_measures(document jsonb) RETURNS jsonb
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  section integer;
  item integer;
  rule integer;
BEGIN
  FOR section IN 0 .. jsonb_array_length(document -> 'sections') - 1 LOOP
    FOR item IN 0 .. jsonb_array_length(document #> ARRAY['sections', section::text, 'items']) - 1 LOOP
      FOR rule IN 0 .. jsonb_array_length(document #> ARRAY['sections', section::text, 'items', item::text, 'rules']) - 1 LOOP
        document := jsonb_set(document, ARRAY['sections', section::text, 'items', item::text, 'rules', rule::text, 'measure'],
                              to_jsonb(format('undecided_%s_%s_%s', section + 1, item + 1, rule + 1)));
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN document;
END
$body$;
COMMENT ON FUNCTION @registry@.with_made_up_measures(jsonb) IS 'The document of a rubric with a measure of its own for each rule, so that a draft can be looked over before its measures are named.';

CREATE FUNCTION @registry@.import_rubric(code text, document text, period daterange DEFAULT NULL)
  RETURNS SETOF @registry@.open_question
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  reading @registry@.rubric_reading[];
  periods daterange[];
  totals numeric[];
  sections_sum numeric;
  earlier text;
  refusal text;
BEGIN
  IF import_rubric.code IS NULL OR btrim(import_rubric.code) = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'the new edition has no code',
      HINT = 'Pass a code that no edition has yet.';
  ELSIF import_rubric.document IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'a rubric cannot be imported from NULL',
      HINT = 'Pass the text of the document.';
  ELSIF EXISTS (SELECT FROM @registry@.rubric_edition AS e WHERE e.code = import_rubric.code) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'unique_violation',
      MESSAGE = format('rubric %L exists already', import_rubric.code),
      HINT = 'Choose another code, or delete the draft that has it.';
  END IF;

  reading := ARRAY(SELECT r FROM @registry@.read_rubric(import_rubric.document) AS r);
  IF NOT EXISTS (SELECT FROM unnest(reading) AS r WHERE r.kind = 'item') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('no item with points was found in the document of rubric %L', import_rubric.code),
      DETAIL = 'An item begins a line with a number and a title, and has its points in brackets: 1.专题研究（5分）.',
      HINT = 'Bring the text into this form, or enter the rubric with load_rubric().';
  END IF;
  periods := ARRAY(SELECT r.days FROM unnest(reading) AS r WHERE r.kind = 'period');
  IF import_rubric.period IS NULL AND cardinality(periods) <> 1 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('the document of rubric %L states %s', import_rubric.code, CASE cardinality(periods) WHEN 0 THEN 'no period' ELSE 'more than one period' END),
      DETAIL = CASE cardinality(periods) WHEN 0 THEN 'A period reads 2023年5月1日至2023年12月31日.' ELSE format('Periods: %s.', array_to_string(periods, ', ')) END,
      HINT = 'Pass the period: import_rubric(code, document, ''[2023-05-01,2023-12-31]'').';
  ELSIF isempty(import_rubric.period) OR lower_inf(import_rubric.period) OR upper_inf(import_rubric.period)
        OR NOT isfinite(lower(import_rubric.period)) OR NOT isfinite(upper(import_rubric.period)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('%s is no period', import_rubric.period),
      HINT = 'Pass a first and a last day: ''[2023-05-01,2023-12-31]''.';
  END IF;
  totals := ARRAY(SELECT r.points FROM unnest(reading) AS r WHERE r.kind = 'total');
  sections_sum := (SELECT sum(r.points) FROM unnest(reading) AS r WHERE r.kind = 'section');
  earlier := (SELECT CASE WHEN bool_and(r.words ~ '三年') THEN 'mean_3_years' WHEN bool_and(r.words ~ '去年|上年|上一年|同比' AND r.words !~ '三年') THEN 'last_year' END
              FROM unnest(reading) AS r WHERE r.kind = 'baseline');

  INSERT INTO @registry@.rubric_edition (code, edition, title, total, period_from, period_to, baseline)
    SELECT import_rubric.code,
           coalesce((SELECT r.title FROM unnest(reading) AS r WHERE r.kind = 'edition'), '1'),
           coalesce((SELECT r.title FROM unnest(reading) AS r WHERE r.kind = 'title'), import_rubric.code),
           CASE cardinality(totals) WHEN 1 THEN totals[1] ELSE sections_sum END,
           lower(p.days), upper(p.days) - 1, earlier
    FROM (SELECT coalesce(import_rubric.period, periods[1])) AS p (days);
  INSERT INTO @registry@.rubric_section (rubric, no, title, points)
    SELECT import_rubric.code, r.section, coalesce(r.title, (SELECT e.title FROM @registry@.rubric_edition AS e WHERE e.code = import_rubric.code)), r.points
    FROM unnest(reading) AS r WHERE r.kind = 'section';
  INSERT INTO @registry@.rubric_item (rubric, no, section, place, title, points)
    SELECT import_rubric.code, r.item, r.section, row_number() OVER (PARTITION BY r.section ORDER BY r.starts), r.title, r.points
    FROM unnest(reading) AS r WHERE r.kind = 'item';
  INSERT INTO @registry@.rubric_rule (rubric, item, ordinal, measure, rule, counted_over, clause)
    SELECT import_rubric.code, r.item, r.ordinal, NULL, r.rule, r.counted_over, format('第%s项：%s', r.item, r.words)
    FROM unnest(reading) AS r WHERE r.kind = 'rule';

  INSERT INTO @registry@.rubric_question (rubric, no, asks, item, ordinal, words, starts, ends, suggestion)
    SELECT import_rubric.code, row_number() OVER (ORDER BY q.rank, q.place, q.asks), q.asks, q.item, q.ordinal, q.words, q.starts, q.ends, q.suggestion
    FROM (
      SELECT 1 AS rank, 0 AS place, w.asks, NULL::text AS item, NULL::integer AS ordinal, w.words, NULL::integer AS starts, NULL::integer AS ends, NULL::text AS suggestion
      FROM (VALUES
        ('title', import_rubric.code, NOT EXISTS (SELECT FROM unnest(reading) AS r WHERE r.kind = 'title')),
        ('edition', NULL, NOT EXISTS (SELECT FROM unnest(reading) AS r WHERE r.kind = 'edition')),
        ('total', coalesce(nullif(array_to_string(totals, ', '), ''), sections_sum::text), cardinality(totals) <> 1),
        ('period', array_to_string(periods, ', '), cardinality(periods) > 1 OR periods[1] <> import_rubric.period)) AS w (asks, words, holds)
      WHERE w.holds
      UNION ALL
      SELECT 2, r.place, r.kind, r.item, r.ordinal, r.words, r.starts, r.ends, r.suggestion
      FROM unnest(reading) WITH ORDINALITY AS r (kind, section, item, ordinal, title, points, rule, counted_over, days, words, starts, ends, suggestion, place)
      WHERE r.kind IN (SELECT k.code FROM @registry@.question_kind AS k) AND r.kind NOT IN ('title', 'edition', 'total', 'period')) AS q;

  -- what lint_rubric() would say, with a measure of its own for each rule
  BEGIN
    INSERT INTO @registry@.rubric_question (rubric, no, asks, item, ordinal, words)
      SELECT import_rubric.code, coalesce((SELECT max(q.no) FROM @registry@.rubric_question AS q WHERE q.rubric = import_rubric.code), 0) + row_number() OVER (),
             'lint', l.item_no, l.rule_no, l.code || ': ' || l.message_zh
      FROM antifraud.lint_rubric(@registry@.with_made_up_measures(@registry@.rubric_document(import_rubric.code))::text::antifraud.rubric) AS l
      -- asked above, in the words of the document
      WHERE l.code NOT IN ('discretion', 'ambiguous_reading', 'no_rule');
  EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    GET STACKED DIAGNOSTICS refusal = MESSAGE_TEXT;
    INSERT INTO @registry@.rubric_question (rubric, no, asks, words)
      SELECT import_rubric.code, coalesce(max(q.no), 0) + 1, 'invalid', refusal FROM @registry@.rubric_question AS q WHERE q.rubric = import_rubric.code;
  END;
  RETURN QUERY SELECT q.* FROM @registry@.open_question AS q WHERE q.rubric = import_rubric.code ORDER BY q.no;
END
$body$;
COMMENT ON FUNCTION @registry@.import_rubric(text, text, daterange) IS 'Make a draft from the text of a document: its items, points and rules, without measures; gives the questions that a person must answer before it is published. The period is needed where the document does not state one.';
