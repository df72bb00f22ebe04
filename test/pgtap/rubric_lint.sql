-- Each kind of oddity that lint_rubric() finds, and what is none.
-- nanma-2023's own are in test/sql/nanma_rubric.sql.
\ir setup.psql

SELECT no_plan();

CREATE FUNCTION pg_temp.found(rules text, points text DEFAULT '10') RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', l.item_no, l.rule_no, l.code), ', ' ORDER BY l.rule_no NULLS FIRST, l.code) FROM antifraud.lint_rubric((
  '{"code":"lint","edition":"1","title":"lint","total":' || points || ',"period":["2023-05-01","2023-12-31"],"baseline":"last_year","sections":[{"title":"s","points":' || points ||
  ',"items":[{"no":"1","title":"i","points":' || points || ',"rules":[' || rules || ']}]}]}')::antifraud.rubric) AS l);

SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 1 per occurrence"}'), NULL, 'nothing odd');
SELECT is(pg_temp.found(''), '1 no_rule', 'an item without a rule');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 3"}'), '1 unreachable_points', '3 of 10 points');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 3","window":"month"}'), NULL, 'eight months of 3 reach 10');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 1 per occurrence cap 9"}'), '1 unreachable_points', 'a cap below the points of the item');
SELECT is(pg_temp.found('{"measure":"m","rule":"zero"}'), NULL, 'zero takes all');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 11"}'), '1 1 exceeds_item', '11 of 10 points');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 5..10"}'), '1 1 discretion', 'a range');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 0"}', '0'), '1 1 no_points', 'a deduction of nothing');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 5 if count > 3, deduct 10 if count > 3"}'), '1 1 shadowed_band', 'two bands with one condition');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 10 if rate < 0.9%"}'), '1 1 rate_below_one', 'a fraction for a percentage');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 10 if rate < 1.5%"}'), NULL, 'a small percentage');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 10","required":5}'), '1 1 required_unused', 'a required number for nothing');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 10 per 1 missing","required":5}'), NULL, 'what is missing is missing of it');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 10","reading":"once"}'), '1 1 ambiguous_reading', 'a reading');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 5"},{"measure":"m","rule":"deduct 5"}'), '1 2 duplicate_rule', 'the same rule twice');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 5"},{"measure":"n","rule":"deduct 5"}'), NULL, 'on two measures');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 5"},{"measure":"m","rule":"deduct 5","window":"year"}'), NULL, 'over other days');
SELECT is(pg_temp.found('{"measure":"m","rule":"deduct 5 if count < required","required":10},{"measure":"m","rule":"deduct 5 if count < required","required":20}'), NULL,
  'with other required numbers');

SELECT * FROM finish();
