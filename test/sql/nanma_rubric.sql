-- The shipped rubric nanma-2023, held against its document (南政发〔2023〕21号,
-- attachment 2): what the points add up to, and what is odd in it.
--
-- Expected, from the document:
--   100 points: 15 + 55 + 30 = (5+10) + (20+10+5+20) + (5+15+10).
--   Item 2 (10 points): one point for each of three records that is missing,
--     so 3 can be lost and 7 cannot.
--   Item 3 (20): 2 points where cases exceed last year's, once: 18 cannot be lost.
--   Item 5 (5): deducts 10.
--   Item 4 (10): 10 points at once for a case of 500,000 yuan: not more than it
--     is worth.  Items 1, 6, 7, 8, 9 can be lost whole.
--   Open to several readings: items 1 to 6, staff in 7, both 48 sessions and
--     the victim not reached in 8, what one defect is in 9.
SET client_min_messages = warning;
SET datestyle = 'ISO, YMD';
\pset null '-'
SELECT antifraud.create_registry('fraud');

-- Points add up, item by item.
SELECT s.no, s.title, s.points, sum(i.points) AS items, s.points = sum(i.points) AS adds_up
FROM fraud.rubric_section s JOIN fraud.rubric_item i ON i.rubric = s.rubric AND i.section = s.no
WHERE s.rubric = 'nanma-2023' GROUP BY s.no, s.title, s.points ORDER BY s.no;
SELECT e.code, e.total, sum(s.points) AS sections, e.period_from, e.period_to, e.baseline
FROM fraud.rubric_edition e JOIN fraud.rubric_section s ON s.rubric = e.code
GROUP BY e.code ORDER BY e.code;
SELECT i.no, i.title, i.points, i.overflow, i.combine, r.ordinal, r.measure, r.rule, r.counted_over
FROM fraud.rubric_item i JOIN fraud.rubric_rule r ON r.rubric = i.rubric AND r.item = i.no
WHERE i.rubric = 'nanma-2023' ORDER BY i.section, i.place, r.ordinal;

-- The clauses in Chinese, as the rules say them.
SELECT r.item, r.ordinal, antifraud.to_chinese(r.rule) AS rule_zh, r.clause
FROM fraud.rubric_rule r WHERE r.rubric = 'nanma-2023' ORDER BY r.item::int, r.ordinal;

-- What is odd.
SELECT l.item_no, l.rule_no, l.code, l.message
FROM fraud.rubric_edition e, antifraud.lint_rubric(e.doc) l
WHERE e.code = 'nanma-2023' ORDER BY l.item_no::int, l.rule_no NULLS FIRST, l.code;
SELECT l.item_no, l.rule_no, l.code, l.message_zh
FROM fraud.rubric_edition e, antifraud.lint_rubric(e.doc) l
WHERE e.code = 'nanma-2023' AND l.code <> 'ambiguous_reading' ORDER BY l.item_no::int, l.rule_no NULLS FIRST, l.code;

-- Each ambiguous rule names the reading that is taken, and other readings
-- exist for it, or the table says that there is none.
SELECT r.item, r.ordinal, r.reading AS taken, coalesce(string_agg(a.name, ', ' ORDER BY a.name), '-') AS others
FROM fraud.rubric_rule r LEFT JOIN fraud.reading a ON a.rubric = r.rubric AND a.item = r.item AND a.ordinal = r.ordinal
WHERE r.rubric = 'nanma-2023' AND r.reading IS NOT NULL GROUP BY r.item, r.ordinal, r.reading ORDER BY r.item::int, r.ordinal;
SELECT a.item, a.ordinal, a.name, a.measure, a.rule, a.counted_over, a.overflow, a.label_en
FROM fraud.reading a WHERE a.rubric = 'nanma-2023' ORDER BY a.item::int, a.ordinal, a.name;

-- The use of results: 20 points of another score, 10 to 20 at discretion, not
-- stacked; the same three triggers bar the title of a civilised community.
SELECT r.item, r.ordinal, i.combine, r.measure, r.rule
FROM fraud.rubric_item i JOIN fraud.rubric_rule r ON r.rubric = i.rubric AND r.item = i.no
WHERE i.rubric = 'nanma-2023-results' ORDER BY r.ordinal;
SELECT l.item_no, l.rule_no, l.code, l.message
FROM fraud.rubric_edition e, antifraud.lint_rubric(e.doc) l
WHERE e.code = 'nanma-2023-results' ORDER BY l.rule_no NULLS FIRST, l.code;

DROP SCHEMA fraud CASCADE;
