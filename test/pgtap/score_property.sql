-- The engine against an independent evaluation in plain SQL (oracle.psql).
--
-- Totals, ranges, vetoes, escalations and every row of the breakdown must
-- agree with tally, with merged and subtracted cards, and in parallel.
\ir setup.psql
\set rubrics 180
\ir oracle.psql

SELECT no_plan();

-- ------------------------------------------------------------- comparison

SELECT is_empty('SELECT n, message, doc FROM oracle.refused', 'every generated rubric is taken');

CREATE TABLE oracle.card AS
  SELECT r.n, f.unit::text AS name, antifraud.tally(r.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
  FROM oracle.rubric r, oracle.fact f GROUP BY r.n, f.unit;
INSERT INTO oracle.card SELECT n, 'all', antifraud.merge(card) FROM oracle.card GROUP BY n;

CREATE TABLE oracle.answer AS
  SELECT c.n, c.name, oracle.engine(c.card, r.doc) AS j FROM oracle.card c JOIN oracle.rubric r USING (n);

CREATE VIEW oracle.pair AS
  SELECT n, name, w.j AS want, g.j AS got FROM oracle.judgement w FULL JOIN oracle.answer g USING (n, name);

SELECT is_empty($$SELECT n, name, want->'low' AS want, got->'low' AS got FROM oracle.pair WHERE want->'low' IS DISTINCT FROM got->'low' LIMIT 10$$,
  'total: the low end, for units alone and merged');
SELECT is_empty($$SELECT n, name, want->'low', want->'high', got->'range_low', got->'high' FROM oracle.pair
  WHERE want->'low' IS DISTINCT FROM got->'range_low' OR want->'high' IS DISTINCT FROM got->'high' LIMIT 10$$, 'total_range: both ends');
SELECT is_empty($$SELECT n, name, want->'vetoed', got->'vetoed' FROM oracle.pair WHERE want->'vetoed' IS DISTINCT FROM got->'vetoed' LIMIT 10$$, 'vetoed');
SELECT is_empty($$SELECT n, name, want->'raised', got->'raised' FROM oracle.pair WHERE want->'raised' IS DISTINCT FROM got->'raised' LIMIT 10$$, 'raised');
SELECT is_empty($$SELECT n, name FROM oracle.pair WHERE jsonb_array_length(want->'rows') IS DISTINCT FROM jsonb_array_length(got->'rows') LIMIT 10$$,
  'a breakdown has one row a rule');

CREATE TABLE oracle.line AS
  SELECT n, name, i, w AS want, g AS got FROM oracle.pair,
    ROWS FROM (jsonb_array_elements(want->'rows'), jsonb_array_elements(got->'rows')) WITH ORDINALITY AS x (w, g, i);

SELECT is_empty($$SELECT n, name, i, want, got FROM oracle.line WHERE (want->'item', want->>'rule', want->'facts', want->'quantity')
  IS DISTINCT FROM (got->'item', got->>'rule', got->'facts', got->'quantity') AND (want->>'rule')::antifraud.rule::text IS DISTINCT FROM got->>'rule' LIMIT 5$$,
  'rows: written order, rule as written or in canonical form');
SELECT is_empty($$SELECT n, name, i, want, got FROM oracle.line WHERE (want->'item', want->'facts', want->'quantity')
  IS DISTINCT FROM (got->'item', got->'facts', got->'quantity') LIMIT 5$$, 'rows: item, facts and quantity');
SELECT is_empty($$SELECT n, name, i, want, got FROM oracle.line WHERE want->>'rule' !~ 'zero' AND want->'would' IS DISTINCT FROM got->'raw' LIMIT 5$$,
  'rows: raw points, taken or given, before any cap');
SELECT is_empty($$SELECT n, name, i, want, got FROM oracle.line WHERE want->>'combine' = 'sum'
  AND (want->'deducted', want->'overflow') IS DISTINCT FROM (got->'deducted', got->'overflow') LIMIT 5$$, 'rows: deducted and overflow');
SELECT is_empty($$SELECT n, name, want->'item', sum((got->>'deducted')::numeric), sum((got->>'overflow')::numeric) FROM oracle.line WHERE want->>'combine' = 'max'
    GROUP BY n, name, want->'item'
    HAVING sum((got->>'deducted')::numeric) <> CASE WHEN bool_or((want->>'zeroes')::boolean) THEN max((want->>'points')::numeric)
             ELSE least(max((want->>'points')::numeric), max((want->>'d')::numeric)) END
        OR sum((got->>'overflow')::numeric) <> greatest(0, max((want->>'d')::numeric) - max((want->>'points')::numeric)) LIMIT 5$$,
  'rows: where only the largest counts, it alone is deducted');
SELECT is_empty($$SELECT n, name, i, want, got FROM oracle.line WHERE want->>'combine' = 'sum' AND want->'added' IS DISTINCT FROM got->'added' LIMIT 5$$,
  'rows: added');
SELECT is_empty($$SELECT n, name, want->'item' FROM oracle.line WHERE want->>'combine' = 'max' GROUP BY n, name, want->'item'
    HAVING sum((got->>'added')::numeric) <> max((want->>'added')::numeric) LIMIT 5$$, 'rows: and only the largest addition added');
SELECT is_empty($$SELECT n, name, i, want, got FROM oracle.line WHERE want->>'state' IS DISTINCT FROM got->>'state' LIMIT 5$$, 'rows: state');

-- Did chance reach everything?
SELECT set_eq($$SELECT DISTINCT got->>'state' FROM oracle.line$$, ARRAY['scored', 'open', 'pending', 'review', 'not_measured', 'waived'], 'every state occurred');
SELECT is((SELECT count(*) FROM (VALUES ('deduct'), ('add'), ('zero'), ('veto'), ('raise'), ('\.\.'), ('cap'), ('per .*occurrence'), ('per .*day'), ('per .*excess'), ('per .*missing'),
    ('per .*percent'), ('if amount'), ('if count'), ('if rate'), ('if change'), ('baseline'), ('required'), (' and '), (','), ('='), ('<'), ('<='), ('>'), ('>=')) w (word)
  WHERE NOT EXISTS (SELECT FROM oracle.line WHERE want->>'rule' ~ word AND (want->>'d' <> '0' OR want->>'rule' !~ '^deduct'))), 0::bigint,
  'every word of the rule language occurred');

-- ------------------------------------------- the same answer by other ways

SELECT is_empty($$SELECT n, name FROM (
    SELECT n, name, antifraud.merge(card ORDER BY part) AS card FROM (
      SELECT r.n, f.unit::text AS name, f.id * 7919 % 5 AS part, antifraud.tally(r.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
      FROM oracle.rubric r, oracle.fact f GROUP BY 1, 2, 3) parts GROUP BY n, name) m
  JOIN oracle.card c USING (n, name) WHERE m.card::text <> c.card::text LIMIT 5$$, 'merged from five arbitrary parts');
SELECT is_empty($$SELECT n, unit FROM (
    SELECT r.n, f.unit, antifraud.tally(r.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS whole,
      antifraud.tally(r.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) FILTER (WHERE f.id % 3 = 0) AS part,
      antifraud.tally(r.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) FILTER (WHERE f.id % 3 > 0) AS rest
    FROM oracle.rubric r, oracle.fact f WHERE f.unit < 4 GROUP BY 1, 2) x
  WHERE (whole - part)::text <> rest::text OR (part + rest)::text <> whole::text OR (rest + part)::text <> whole::text
     OR (part - whole + rest)::text <> (whole - whole)::text LIMIT 5$$, 'taken apart with - and put together with +');

SELECT is_empty($$SELECT n, d.doc::text, s.doc FROM oracle.sample s JOIN oracle.rubric r USING (n) CROSS JOIN LATERAL (
    SELECT CASE WHEN s.doc ? 'as_of' THEN antifraud.with_as_of(plain, (s.doc->>'as_of')::date) ELSE plain END AS dated FROM (
      SELECT antifraud.with_period((s.doc - 'as_of' - 'decisions' || '{"period": ["2019-01-01", "2019-01-31"]}')::text::antifraud.rubric,
        daterange((s.doc->'period'->>0)::date, (s.doc->'period'->>1)::date, '[]')) AS plain) p) t
  CROSS JOIN LATERAL (SELECT CASE WHEN s.doc ? 'decisions' THEN antifraud.with_decisions(dated, s.doc->'decisions') ELSE dated END AS doc) d
  WHERE d.doc::text <> r.doc::text LIMIT 3$$, 'with_period, with_as_of and with_decisions give the rubric that is written so');
SELECT is_empty($$SELECT n FROM oracle.rubric WHERE doc::text::antifraud.rubric::text <> doc::text LIMIT 3$$, 'a rubric reads as it was written');
SELECT is_empty($$SELECT n, name FROM oracle.card JOIN oracle.rubric r USING (n)
  WHERE card::text::antifraud.scorecard::text <> card::text
     OR antifraud.total(card::text::antifraud.scorecard, r.doc) <> antifraud.total(card, r.doc) LIMIT 3$$, 'and so does a scorecard');

-- ---------------------------------------------------- what chance does not reach

-- 90 per cent of 9 x 10^18 is 8.1 x 10^18; one less is below it, and a
-- millionth of a per cent is 90,000,000,000.
CREATE FUNCTION pg_temp.single(rule text) RETURNS antifraud.rubric LANGUAGE sql IMMUTABLE AS $$
  SELECT format('{"code":"x","edition":"1","title":"t","total":10,"period":["2023-01-01","2023-12-31"],"sections":[{"title":"s","points":10,
    "items":[{"no":"1","title":"i","points":10,"rules":[{"measure":"m","rule":%s}]}]}]}', to_json(rule))::antifraud.rubric $$;
CREATE FUNCTION pg_temp.rated(quantity bigint, rule text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT antifraud.total(antifraud.tally(pg_temp.single(rule), 'm', '2023-06-01'::date, quantity, 9000000000000000000, NULL), pg_temp.single(rule)) $$;
SELECT is(pg_temp.rated(8100000000000000000, 'deduct 1 if rate < 90%'), 10::numeric, 'a rate is compared exactly: 90 per cent of 9 x 10^18 is not below 90 per cent');
SELECT is(pg_temp.rated(8099999999999999999, 'deduct 1 if rate < 90%'), 9::numeric, 'one less is');
SELECT is(pg_temp.rated(8099999910000000001, 'deduct 1 per 0.000001 percent if rate < 90%'), 10::numeric, 'a step that is not whole does not count');
SELECT is(pg_temp.rated(8099999910000000000, 'deduct 1 per 0.000001 percent if rate < 90%'), 9::numeric, 'a whole one does');

-- A card from which more was taken than it held reads as one without facts.
SELECT is(antifraud.total(antifraud.scorecard(r) - antifraud.tally(r, 'm', '2023-06-01'::date, 5, NULL, NULL), r), 10::numeric,
  rule || ': a count below zero gives nothing and takes nothing')
FROM unnest(ARRAY['deduct 1 per occurrence', 'deduct 2', 'add 1 per 2 occurrence', 'veto', 'deduct 1..2 per 3 occurrence']) rule, pg_temp.single(rule) r GROUP BY rule, r;

-- -------------------------------------------------------------- in parallel

SET max_parallel_workers_per_gather = 0;
CREATE TABLE oracle.serial AS SELECT region, antifraud.tally((SELECT oracle.wide()), measure, occurred_on, quantity, base, amount)::text AS card FROM oracle.many GROUP BY region;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT ok(bool_or(line LIKE '%Partial%Aggregate%'), 'tally runs as a partial aggregate in workers')
  FROM oracle.plan('SELECT region, antifraud.tally((SELECT oracle.wide()), measure, occurred_on, quantity, base, amount) FROM oracle.many GROUP BY region') line;
SELECT set_eq($$SELECT region::text, antifraud.tally((SELECT oracle.wide()), measure, occurred_on, quantity, base, amount)::text FROM oracle.many GROUP BY region$$,
  $$SELECT region::text, card FROM oracle.serial$$, 'and gives the cards of the serial plan');
CREATE TABLE oracle.cards AS SELECT c.card FROM oracle.serial s, LATERAL (SELECT s.card::antifraud.scorecard AS card) c, generate_series(1, 50);
ANALYZE oracle.cards;
SELECT ok(bool_or(line LIKE '%Partial%Aggregate%'), 'and merge') FROM oracle.plan('SELECT antifraud.merge(card) FROM oracle.cards') line;
CREATE TABLE oracle.merged AS SELECT antifraud.merge(card)::text AS parallel FROM oracle.cards;
SET max_parallel_workers_per_gather = 0;
SELECT is((SELECT parallel FROM oracle.merged), (SELECT antifraud.merge(card)::text FROM oracle.cards), 'with the card of the serial plan');

SELECT * FROM finish();
