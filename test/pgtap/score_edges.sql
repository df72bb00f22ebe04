-- Edges that facts met at random miss: each worked out by hand.
--
-- One rule on measure m in an item of 100 points, period 1 May to 31 December
-- 2023, compared with the same dates of 2022.  A fact is [date, quantity,
-- base, amount].
\ir setup.psql

SELECT no_plan();

CREATE FUNCTION pg_temp.rubric(rule text, entry jsonb DEFAULT '{}', whole jsonb DEFAULT '{}') RETURNS antifraud.rubric
LANGUAGE sql RETURN (jsonb_build_object('code', 'edges', 'edition', '1', 'title', 'edges', 'total', 100,
  'period', jsonb_build_array('2023-05-01', '2023-12-31'), 'baseline', 'last_year',
  'sections', jsonb_build_array(jsonb_build_object('title', 's', 'points', 100, 'items', jsonb_build_array(jsonb_build_object(
    'no', '1', 'title', 'i', 'points', 100, 'rules', jsonb_build_array(
      jsonb_build_object('measure', 'm', 'rule', rule) || entry)))))) || whole)::text::antifraud.rubric;

CREATE FUNCTION pg_temp.card(doc antifraud.rubric, facts jsonb) RETURNS antifraud.scorecard
LANGUAGE sql RETURN coalesce((SELECT antifraud.tally(doc, 'm', (f ->> 0)::date, (f ->> 1)::bigint, (f ->> 2)::bigint, (f ->> 3)::numeric)
  FROM jsonb_array_elements(facts) AS f), antifraud.scorecard(doc));

-- raw, deducted, added and state of each rule
CREATE FUNCTION pg_temp.line(doc antifraud.rubric, facts jsonb) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', b.raw, b.deducted, b.added, b.state), ', ' ORDER BY b.ordinality)
  FROM antifraud.breakdown(pg_temp.card(doc, facts), doc) WITH ORDINALITY AS b);

CREATE FUNCTION pg_temp.sqlstate_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN '00000';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END $$;

-- ---------------------------------------------------------------- amounts

SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per occurrence if amount = 100'), '[["2023-06-01",1,null,100]]'), '1 1 0 scored', 'an amount equal to the number');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per occurrence if amount = 100'), '[["2023-06-01",1,null,100.0000001]]'), '0 0 0 scored',
  'an amount above it by less than a millionth is not equal');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per occurrence if amount < 0'), '[["2023-06-01",1,null,-0.0000001]]'), '1 1 0 scored', 'nor one below nothing by as little nothing');

-- --------------------------------------------------------------- overflow
-- A counter holds 9223372036854775807.

SELECT is(pg_temp.sqlstate_of($$SELECT pg_temp.card(pg_temp.rubric('deduct 1 per 1 excess if amount > 0'), '[["2023-06-01",5000000000000000000,null,2]]')$$), '22003',
  'the excess of one fact: 5e18 times 2');
SELECT is(pg_temp.sqlstate_of($$SELECT pg_temp.card(pg_temp.rubric('deduct 1 per 1 excess if amount > 0'), '[["2023-06-01",1000000000000000000,null,5],["2023-06-01",1000000000000000000,null,5]]')$$), '22003',
  'the excess of two facts: 5e18 and 5e18, of quantities that still add up');
SELECT is(pg_temp.sqlstate_of($$SELECT pg_temp.card(pg_temp.rubric('deduct 1 if count > baseline'), '[["2022-06-01",9223372036854775807,null,null],["2022-06-01",1,null,null]]')$$), '22003',
  'the baseline');
SELECT is(pg_temp.sqlstate_of($$SELECT pg_temp.card(pg_temp.rubric('deduct 1 if rate < 90%'), '[["2023-06-01",1,9223372036854775807,null],["2023-06-01",1,1,null]]')$$), '22003',
  'the bases');
SELECT is(pg_temp.sqlstate_of($$SELECT pg_temp.card(pg_temp.rubric('deduct 1'), '[["2023-06-01",9223372036854775807,null,null],["2023-06-01",1,null,null]]')$$), '22003',
  'the quantities');

-- Points and quantities beyond 64 bits: 1000 points for each millionth of
-- 9223372036854775807 occurrences; two months of as many.
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1000 per 0.000001 occurrence'), '[["2023-06-01",9223372036854775807,null,null]]'),
  '9223372036854775807000000000 100 0 scored', 'points are exact beyond 64 bits');
SELECT is(pg_temp.sqlstate_of($$SELECT pg_temp.line(pg_temp.rubric('deduct 10000000 per 0.000001 occurrence'), '[["2023-06-01",9223372036854775807,null,null]]')$$), '22003',
  'and an error beyond 10^28');
SELECT is(pg_temp.sqlstate_of($$SELECT pg_temp.line(pg_temp.rubric('deduct 1', '{"window":"month"}'), '[["2023-06-01",9223372036854775807,null,null],["2023-07-01",1,null,null]]')$$), '22003',
  'quantities of two months that a bigint cannot show');
SELECT is(antifraud.total(pg_temp.card(doc, facts), doc), 98.00, 'their score can be told all the same')
  FROM (VALUES (pg_temp.rubric('deduct 1', '{"window":"month"}'), '[["2023-06-01",9223372036854775807,null,null],["2023-07-01",1,null,null]]'::jsonb)) AS v (doc, facts);

-- ------------------------------------------------------------- open states

SELECT is(pg_temp.line(pg_temp.rubric('deduct 3 if count = 0', '{}', '{"as_of":"2023-12-31"}'), '[]'), '3 0 0 open',
  '"count =" is a shortfall: open on the last day');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 3 if count = 0', '{}', '{"as_of":"2024-01-01"}'), '[]'), '3 3 0 scored', 'and judged the day after');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 3 if count <= 0', '{}', '{"as_of":"2023-12-31"}'), '[]'), '3 0 0 open', '"count <=" as well');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1', '{}', '{"as_of":"2023-12-30"}'), '[["2023-12-31",1,null,null]]'), '0 0 0 scored',
  'a fact of the last day, as of the day before');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1', '{}', '{"as_of":"2023-12-30"}'), '[["2023-12-30",1,null,null]]'), '1 1 0 scored',
  'a fact of the as-of day itself');

-- -------------------------------------------------------------- discretion

SELECT is(pg_temp.line(pg_temp.rubric('deduct 0..5', '{}', '{"decisions":[{"item":"1","rule":1,"points":0}]}'), '[["2023-06-01",1,null,null]]'), '0 0 0 scored',
  'nothing is a decision too');

-- ------------------------------------------------------------------- steps
-- The excess is taken from the lower bound and what is missing from the upper
-- one, wherever they stand in the condition.

SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per 1 excess if count < 100 and count > 10'), '[["2023-06-01",13,null,null]]'), '3 3 0 scored', 'excess: 13 - 10');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per 1 missing if count > 2 and count < 10'), '[["2023-06-01",4,null,null]]'), '6 6 0 scored', 'missing: 10 - 4');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per 1 excess if amount < 100 and amount > 10'), '[["2023-06-01",1,null,13]]'), '3 3 0 scored', 'excess of an amount: 13 - 10');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per 1 missing if amount > 2 and amount < 10'), '[["2023-06-01",1,null,4]]'), '6 6 0 scored', 'an amount missing: 10 - 4');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per 1 excess if count >= 10'), '[["2023-06-01",13,null,null]]'), '3 3 0 scored', 'excess over ">="');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 per 1 missing if count <= 10'), '[["2023-06-01",4,null,null]]'), '6 6 0 scored', 'missing to "<="');

-- ------------------------------------------------------------------- bands
-- Of two bounds on one side the narrower says how strict a band is.

SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 if amount > 5 and amount > 20, deduct 2 if amount > 10'), '[["2023-06-01",1,null,30]]'), '1 1 0 scored', 'above 20 is stricter than above 10');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 if amount < 20 and amount < 5, deduct 2 if amount < 10'), '[["2023-06-01",1,null,3]]'), '1 1 0 scored', 'below 5 is stricter than below 10');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 if count > 5 and count > 20, deduct 2 if count > 10'), '[["2023-06-01",30,null,null]]'), '1 1 0 scored', 'the same of a count');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 if count < 20 and count < 5, deduct 2 if count < 10'), '[["2023-06-01",3,null,null]]'), '1 1 0 scored', 'and below');
SELECT is(pg_temp.line(pg_temp.rubric('deduct 1 if count >= 10 and count > 10, deduct 2 if count >= 10'), '[["2023-06-01",30,null,null]]'), '1 1 0 scored', '">" is stricter than ">="');

-- --------------------------------------------------------------------- cap

SELECT is(pg_temp.line(pg_temp.rubric('deduct 5 per occurrence cap 0'), '[["2023-06-01",1,null,null]]'), '5 0 0 scored', 'a cap of nothing');

-- ----------------------------------------------------------------- combine

CREATE FUNCTION pg_temp.two_rules(combine text, first jsonb, second jsonb) RETURNS antifraud.rubric
LANGUAGE sql RETURN jsonb_build_object('code', 'edges', 'edition', '1', 'title', 'edges', 'total', 100, 'period', jsonb_build_array('2023-05-01', '2023-12-31'),
  'sections', jsonb_build_array(jsonb_build_object('title', 's', 'points', 100, 'items', jsonb_build_array(jsonb_build_object(
    'no', '1', 'title', 'i', 'points', 100, 'combine', combine, 'rules', jsonb_build_array(first, second))))))::text::antifraud.rubric;

SELECT is(pg_temp.line(pg_temp.two_rules('max', '{"measure":"m","rule":"deduct 5"}', '{"measure":"m","rule":"deduct 5 per occurrence"}'), '[["2023-06-01",1,null,null]]'),
  '5 5 0 scored, 5 0 0 scored', 'of two equal deductions that do not stack the first counts');

-- ---------------------------------------------------------------- baseline

SELECT is(pg_temp.line(pg_temp.rubric('deduct 5 if count > baseline', '{}', '{"period":["0001-05-01","0001-12-31"]}'), '[["0001-06-01",1,null,null]]'), '0 0 0 review',
  'there is no year before the first');

-- ---------------------------------------------------------------- identity
-- Cards add where rules, windows, baseline and as-of date are the same, in
-- whatever order the document has the rules.

CREATE FUNCTION pg_temp.alike(a antifraud.rubric, b antifraud.rubric) RETURNS boolean
LANGUAGE sql RETURN antifraud.scorecard(a) = antifraud.scorecard(b);
SELECT ok(NOT pg_temp.alike(pg_temp.rubric('deduct 1 if count < required', '{"required":10}'), pg_temp.rubric('deduct 1 if count < required', '{"required":20}')), 'another required number');
SELECT ok(NOT pg_temp.alike(pg_temp.rubric('deduct 1 if count > baseline'), pg_temp.rubric('deduct 1 if count > baseline', '{}', '{"baseline":"mean_3_years"}')), 'another baseline');
SELECT ok(NOT pg_temp.alike(pg_temp.rubric('deduct 1 if count > baseline'), pg_temp.rubric('deduct 1 if count > baseline', '{}', '{"baseline_from":"2020-01-01"}')), 'records from another day');
SELECT ok(NOT pg_temp.alike(pg_temp.rubric('deduct 1'), pg_temp.rubric('deduct 1', '{"window":"year"}')), 'another window');
SELECT ok(NOT pg_temp.alike(pg_temp.rubric('deduct 1'), pg_temp.rubric('deduct 1', '{}', '{"as_of":"2023-06-01"}')), 'another as-of date');
SELECT ok(pg_temp.alike(pg_temp.rubric('deduct 1'), pg_temp.rubric('deduct 1', '{"clause":"c","reading":"r"}', '{"title":"another"}')), 'other texts');
SELECT ok(pg_temp.alike(pg_temp.two_rules('sum', a, b), pg_temp.two_rules('sum', b, a)), 'the other order: ' || what)
FROM (VALUES ('required', '{"measure":"m","rule":"deduct 1 if count < required","required":10}'::jsonb, '{"measure":"m","rule":"deduct 1 if count < required","required":20}'::jsonb),
             ('window', '{"measure":"m","rule":"deduct 1"}', '{"measure":"m","rule":"deduct 1","window":"year"}'),
             ('text', '{"measure":"m","rule":"deduct 1"}', '{"measure":"m","rule":"deduct 2"}'),
             ('measure', '{"measure":"m","rule":"deduct 1"}', '{"measure":"n","rule":"deduct 1"}')) AS v (what, a, b);

-- ------------------------------------------------------------------ limits
-- Two counters a rule and month: 250 rules of two months have 1000.

CREATE FUNCTION pg_temp.months(rules integer) RETURNS antifraud.rubric
LANGUAGE sql RETURN (jsonb_build_object('code', 'edges', 'edition', '1', 'title', 'edges', 'total', 1, 'period', jsonb_build_array('2023-05-31', '2023-06-01'),
  'sections', jsonb_build_array(jsonb_build_object('title', 's', 'points', 1, 'items', jsonb_build_array(jsonb_build_object('no', '1', 'title', 'i', 'points', 1,
    'rules', (SELECT jsonb_agg(jsonb_build_object('measure', 'm' || g, 'rule', 'deduct 1', 'window', 'month')) FROM generate_series(1, rules) AS g)))))))::text::antifraud.rubric;
SELECT is(cardinality(string_to_array(split_part(antifraud.scorecard(pg_temp.months(250))::text, ':', 3), ',')), 1000, '1000 counters');
SELECT is(pg_temp.sqlstate_of('SELECT pg_temp.months(251)'), '54000', 'and no more');

SELECT * FROM finish();
