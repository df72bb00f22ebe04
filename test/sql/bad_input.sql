-- What is refused, and what it says: SQLSTATE, message, detail and hint of
-- malformed, hostile and enormous rubrics, scorecards, score tables and facts.
CREATE EXTENSION IF NOT EXISTS antifraud;
\set ON_ERROR_STOP 0
\pset format unaligned
\pset tuples_only on

CREATE SCHEMA trial;
-- for the operators
SET search_path = trial, antifraud;
SET client_min_messages = warning;

-- A statement's error, or the beginning of what it gave.
CREATE FUNCTION trial.bad(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  given text; message text; detail text; hint text;
BEGIN
  EXECUTE query INTO given;
  RETURN '!! taken: ' || coalesce(left(given, 200), 'NULL');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', SQLSTATE || ': ' || message, '  detail: ' || nullif(detail, ''), '  hint: ' || nullif(hint, ''));
END $$;

-- The smallest rubric, and what becomes of it with a part replaced.
CREATE FUNCTION trial.small() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT
'{"code":"x","edition":"1","title":"t","total":10,"period":["2023-01-01","2023-12-31"],"sections":[{"title":"s","points":10,"items":'
'[{"no":"1","title":"i","points":10,"rules":[{"measure":"m","rule":"deduct 1 per occurrence"}]}]}]}' $$;
CREATE FUNCTION trial.variant(part text, instead text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF strpos(trial.small(), part) = 0 THEN RAISE 'no % to replace', part; END IF;
  RETURN trial.bad(format('SELECT %L::antifraud.rubric', replace(trial.small(), part, instead)));
END $$;
CREATE FUNCTION trial.rule(rule text, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
  SELECT trial.variant('"rule":"deduct 1 per occurrence"', '"rule":' || to_json(rule) || more) $$;
CREATE FUNCTION trial.card(doc text DEFAULT trial.small()) RETURNS antifraud.scorecard LANGUAGE sql AS $$
  SELECT antifraud.scorecard(doc::antifraud.rubric) $$;
CREATE FUNCTION trial.tally(measure text, occurred_on date, quantity bigint, base bigint DEFAULT NULL, amount numeric DEFAULT NULL, doc text DEFAULT trial.small())
RETURNS antifraud.scorecard LANGUAGE sql AS $$
  SELECT antifraud.tally(doc::antifraud.rubric, f.m, f.o, f.q, f.b, f.a) FROM (VALUES ($1, $2, $3, $4, $5)) f (m, o, q, b, a) $$;

\echo ==== the smallest rubric is taken
SELECT trial.variant('"x"', '"x"') LIKE '!! taken%';

\echo ==== not JSON
SELECT trial.bad($$SELECT ''::antifraud.rubric$$);
SELECT trial.bad($$SELECT ' '::antifraud.rubric$$);
SELECT trial.bad($$SELECT 'nonsense'::antifraud.rubric$$);
SELECT trial.bad($$SELECT '[]'::antifraud.rubric$$);
SELECT trial.bad($$SELECT 'null'::antifraud.rubric$$);
SELECT trial.bad($$SELECT '{}'::antifraud.rubric$$);
SELECT trial.bad(format('SELECT %L::antifraud.rubric', left(trial.small(), 100)));
SELECT trial.bad(format('SELECT %L::antifraud.rubric', trial.small() || '}'));
SELECT trial.bad(format('SELECT %L::antifraud.rubric', trial.small() || ' {}'));
SELECT trial.variant('"total":10', '"total":010');
SELECT trial.variant('"total":10', '"total":+10');
SELECT trial.variant('"total":10', '"total":NaN');
SELECT trial.variant('"title":"t"', E'"title":"t\tt"');
SELECT trial.variant('"title":"t"', '"title":"\ud83d"');
SELECT trial.variant('"title":"t"', '"title":"\u0000"');
SELECT trial.variant('"title":"t"', '"title":"\x"');
SELECT trial.variant('"title":"t"', '''title'':"t"');
SELECT trial.variant('"title":"t"', '"title":"t",');

\echo ==== keys
SELECT trial.variant('"code":"x",', '');
SELECT trial.variant('"period":["2023-01-01","2023-12-31"],', '');
SELECT trial.variant('"title":"t",', '"title":"t","titel":"t",');
SELECT trial.variant('"total":10', '"total":10,"total":20');
SELECT trial.variant('"no":"1"', '"no":"1","nr":"1"');
SELECT trial.variant('"no":"1",', '');
SELECT trial.variant('"measure":"m",', '');
SELECT trial.variant('"measure":"m",', '"measure":"m","measure":"n",');
SELECT trial.variant('"rule":"deduct 1 per occurrence"', '"rules":"deduct 1 per occurrence"');
SELECT trial.variant('"code":"x"', '"code":7');
SELECT trial.variant('"code":"x"', '"code":""');
SELECT trial.variant('"no":"1"', '"no":1');
SELECT trial.variant('"measure":"m"', '"measure":["m"]');
SELECT trial.variant('"measure":"m"', '"measure":""');
SELECT trial.variant('"total":10', '"total":"10"');
SELECT trial.variant('"rules":[{"measure":"m","rule":"deduct 1 per occurrence"}]', '"rules":{"measure":"m","rule":"deduct 1 per occurrence"}');
SELECT trial.variant('"items":[{"no":"1","title":"i","points":10,"rules":[{"measure":"m","rule":"deduct 1 per occurrence"}]}]', '"items":[7]');
SELECT trial.variant('"code":"x"', '"code":"x","overflow":"none"');

\echo ==== points
SELECT trial.variant('"total":10', '"total":11');
SELECT trial.variant('"title":"s","points":10', '"title":"s","points":9');
SELECT trial.variant('"title":"i","points":10', '"title":"i","points":9.5');
SELECT trial.variant('"title":"i","points":10', '"title":"i","points":10.005');
SELECT trial.variant('"title":"i","points":10', '"title":"i","points":-10');
SELECT trial.variant('"title":"i","points":10', '"title":"i","points":1e1');
SELECT trial.variant('"total":10', '"total":100000000000000000000000000000');
SELECT trial.variant('"total":10', '"total":10000001');
SELECT trial.variant('"total":10', '"total":null');

\echo ==== period, baseline, as of
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["2023-12-31","2023-01-01"]');
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["2023-02-29","2023-12-31"]');
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["2023-1-1","2023-12-31"]');
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["2023-01-01"]');
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["2023-01-01","2023-12-31","2024-12-31"]');
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["2023-01-01",null]');
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["0000-01-01","2023-12-31"]');
SELECT trial.variant('["2023-01-01","2023-12-31"]', '["0001-01-01","9999-12-31"]');
SELECT trial.variant('"period":["2023-01-01","2023-12-31"]', '"period":["0001-01-01","2023-12-31"],"baseline":"last_year"');
SELECT trial.variant('"total":10', '"total":10,"baseline":"two_years"');
SELECT trial.variant('"total":10', '"total":10,"baseline":"last_year","baseline_from":"yesterday"');
SELECT trial.variant('"total":10', '"total":10,"as_of":"infinity"');
SELECT trial.rule('deduct 1 if count > baseline');
SELECT trial.rule('deduct 1 if change > 50%');

\echo ==== sections, items, rules
SELECT trial.variant('"sections":[', '"sections":[],"decisions":[');
SELECT trial.variant('[{"title":"s","points":10,"items":[{"no":"1","title":"i","points":10,"rules":[{"measure":"m","rule":"deduct 1 per occurrence"}]}]}]', '[]');
SELECT trial.variant('"title":"i","points":10', '"title":"i","points":5,"rules":[]},{"no":"1","title":"j","points":5');
SELECT trial.variant('"no":"1"', '"no":"1","overflow":"everywhere"');
SELECT trial.variant('"no":"1"', '"no":"1","combine":"min"');
SELECT trial.rule('deduct 1 per occurrence', ',"window":"week"');
SELECT trial.rule('deduct 1 per occurrence', ',"required":-1');
SELECT trial.rule('deduct 1 per occurrence', ',"required":"many"');
SELECT trial.rule('deduct 1 per 1 missing if count < required');
SELECT trial.rule('deduct 1 per occurrence', ',"required":12');
SELECT trial.rule('');
SELECT trial.rule('deduct');
SELECT trial.rule('deduct 1.005 per occurrence');
SELECT trial.rule('deduct 1 per ocurrence');
SELECT trial.rule('deduct 1 if rate < baseline');
SELECT trial.rule('zero per occurrence');
SELECT trial.rule('deduct 1 if count > 5 and amount > 5');
SELECT trial.rule('deduct 1 per occurrence; DROP TABLE x');
SELECT trial.rule(repeat('deduct 1 per occurrence, ', 20) || 'deduct 1');

\echo ==== decisions
CREATE FUNCTION trial.decide(decisions text, rule text DEFAULT 'deduct 1..2 per occurrence') RETURNS text LANGUAGE sql AS $$
  SELECT trial.bad(format('SELECT antifraud.with_decisions(%L::antifraud.rubric, %L::jsonb)', replace(trial.small(), 'deduct 1 per occurrence', rule), decisions)) $$;
SELECT trial.decide('[{"item":"1","rule":1,"points":1.5}]') LIKE '!! taken%';
SELECT trial.decide('{}');
SELECT trial.decide('"x"');
SELECT trial.decide('[1]');
SELECT trial.decide('[{"item":"1","points":1}]');
SELECT trial.decide('[{"item":"1","rule":1}]');
SELECT trial.decide('[{"item":"2","rule":1,"points":1}]');
SELECT trial.decide('[{"item":"1","rule":2,"points":1}]');
SELECT trial.decide('[{"item":"1","rule":0,"points":1}]');
SELECT trial.decide('[{"item":"1","rule":-1,"points":1}]');
SELECT trial.decide('[{"item":"1","rule":1.5,"points":1}]');
SELECT trial.decide('[{"item":"1","rule":"1","points":1}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":0.99}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":2.01}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":1.555}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":"1"}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":1,"waived":"yes"}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":1,"because":"x"}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":1},{"item":"1","rule":1,"points":2}]');
SELECT trial.decide('[{"item":"1","rule":1,"points":1}]', 'deduct 1 per occurrence');

\echo ==== limits
CREATE FUNCTION trial.big(rules int, rule text, window_kind text DEFAULT 'period') RETURNS text LANGUAGE sql AS $$
  SELECT replace(trial.small(), '{"measure":"m","rule":"deduct 1 per occurrence"}',
    (SELECT string_agg(format('{"measure":"m%s","rule":"%s","window":"%s"}', n, rule, window_kind), ',') FROM generate_series(1, rules) n)) $$;
SELECT trial.bad(format('SELECT %L::antifraud.rubric', trial.big(256, 'deduct 1 per occurrence'))) LIKE '!! taken%';
SELECT trial.bad(format('SELECT %L::antifraud.rubric', trial.big(257, 'deduct 1 per occurrence')));
-- bands without a counter of their own are not to be had: seven each on 200 rules
SELECT trial.bad(format('SELECT %L::antifraud.rubric', trial.big(200,
  'deduct 1 if amount > 1, deduct 2 if amount > 2, deduct 3 if amount > 3, deduct 4 if amount > 4, deduct 5 if amount > 5, deduct 6 if amount > 6, deduct 7 if amount > 7')));
SELECT trial.bad(format('SELECT %L::antifraud.rubric', trial.big(100, 'deduct 1 per occurrence', 'month')));
SELECT trial.variant('"title":"t"', '"title":"' || repeat('长', 100000) || '"') LIKE any (ARRAY['!! taken%', '54000%']);
SELECT trial.variant('"title":"t"', '"title":"' || repeat('x', 1100000) || '"');
SELECT trial.variant('"code":"x"', '"code":"' || repeat('x', 200000) || '"');
SELECT trial.variant('"measure":"m"', '"measure":"' || repeat('x', 200000) || '"');
SELECT trial.variant('"title":"t"', '"title":' || repeat('[', 100000));
SELECT trial.variant('"title":"t"', '"title":' || repeat('{"a":', 17) || '1' || repeat('}', 17));
SELECT trial.bad(format('SELECT %L::antifraud.rubric', repeat('[', 1000000)));
SELECT trial.bad(format('SELECT %L::antifraud.rubric', repeat('x', 1000000)));
SELECT trial.bad(format('SELECT %L::antifraud.rubric', '{' || (SELECT string_agg(format('"k%s":1', n), ',') FROM generate_series(1, 50000) n) || '}'));
SELECT trial.rule(repeat('deduct 1 per occurrence, ', 40000));

\echo ==== dates
SELECT trial.bad(format('SELECT antifraud.with_period(%L, %L)', trial.small(), 'empty'));
SELECT trial.bad(format('SELECT antifraud.with_period(%L, %L)', trial.small(), '[2023-01-01,)'));
SELECT trial.bad(format('SELECT antifraud.with_period(%L, %L)', trial.small(), '(,2023-01-01]'));
SELECT trial.bad(format('SELECT antifraud.with_period(%L, %L)', trial.small(), '[2023-01-01,infinity]'));
SELECT trial.bad(format('SELECT antifraud.with_period(%L, %L)', trial.small(), '[0044-03-15 BC,2023-01-01]'));
SELECT trial.bad(format('SELECT antifraud.with_period(%L, %L)', trial.big(1, 'deduct 1 per occurrence', 'month'), '[0002-01-01,9999-12-30]'));
SELECT trial.bad(format('SELECT antifraud.with_period(%L, %L)', trial.small(), '[0002-01-01,9999-12-31]')) LIKE '!! taken%';
SELECT trial.bad(format('SELECT antifraud.with_as_of(%L, %L)', trial.small(), 'infinity'));
SELECT trial.bad(format('SELECT antifraud.with_as_of(%L, %L)', trial.small(), '10000-01-01'));

\echo ==== facts
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', NULL)$$);
SELECT trial.bad($$SELECT trial.tally('m', NULL, 1)$$);
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', -1)$$);
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', 1, -1)$$);
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', 1, NULL, 'NaN')$$);
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', 1, NULL, 'NaN', replace(trial.small(), 'deduct 1 per occurrence', 'deduct 1 if amount > 5'))$$);
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', 1, NULL, 'Infinity', replace(trial.small(), 'deduct 1 per occurrence', 'deduct 1 if amount > 5'))$$);
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', 1, NULL, -1, replace(trial.small(), 'deduct 1 per occurrence', 'deduct 1 if amount > 5'))$$);
\echo -- an amount of 130,000 digits is larger than any threshold, and no error
SELECT antifraud.total(trial.tally('m', '2023-06-01', 1, NULL, ('1' || repeat('0', 130000))::numeric, d), d::antifraud.rubric)
FROM (SELECT replace(trial.small(), 'deduct 1 per occurrence', 'deduct 1 if amount > 5') AS d) x;
\echo -- dates far outside are outside; infinity is no date
SELECT antifraud.total(trial.tally('m', '4713-01-01 BC', 1), trial.small()::antifraud.rubric), antifraud.total(trial.tally('m', '5874897-12-31', 1), trial.small()::antifraud.rubric);
SELECT trial.bad($$SELECT trial.tally('m', 'infinity', 1)$$);
SELECT trial.bad($$SELECT trial.tally('m', '-infinity', 1)$$);
SELECT trial.bad($$SELECT trial.tally('m', '1999-06-01', -1)$$);
\echo -- a measure that no rule looks at is ignored, whatever is in it
SELECT trial.bad($$SELECT antifraud.total(trial.tally('other', '2023-06-01', -1), trial.small()::antifraud.rubric)$$);

\echo ==== sums beyond 64 bits
CREATE FUNCTION trial.twice(quantity bigint, base bigint, amount numeric, doc text DEFAULT trial.small()) RETURNS antifraud.scorecard LANGUAGE sql AS $$
  SELECT antifraud.tally(doc::antifraud.rubric, 'm', '2023-06-01'::date, quantity, base, amount) FROM generate_series(1, 2) $$;
SELECT trial.bad('SELECT trial.twice(9223372036854775807, NULL, NULL)');
SELECT trial.bad('SELECT trial.twice(9223372036854775807, NULL, 6, replace(trial.small(), ''deduct 1 per occurrence'', ''deduct 1 per occurrence if amount > 5''))');
SELECT trial.bad('SELECT trial.twice(1, 9223372036854775807, NULL, replace(trial.small(), ''deduct 1 per occurrence'', ''deduct 1 if rate < 5%''))');
SELECT trial.bad('SELECT trial.twice(1, NULL, 1e300, replace(trial.small(), ''deduct 1 per occurrence'', ''deduct 1 per 0.000001 excess if amount > 5''))');
SELECT trial.bad($$SELECT trial.tally('m', '2023-06-01', 9223372036854775807) + trial.tally('m', '2023-06-01', 9223372036854775807)$$);
SELECT trial.bad($$SELECT trial.card() - trial.tally('m', '2023-06-01', 9223372036854775807) - trial.tally('m', '2023-06-01', 9223372036854775807)$$);
SELECT trial.bad($$SELECT antifraud.merge(c) FROM (SELECT trial.tally('m', '2023-06-01', 9223372036854775807) AS c FROM generate_series(1, 2)) x$$);
\echo -- one such fact is not too many: it takes all 10 points of the item
SELECT antifraud.total(trial.tally('m', '2023-06-01', 9223372036854775807), trial.small()::antifraud.rubric);
SELECT raw, deducted, overflow FROM antifraud.breakdown(trial.tally('m', '2023-06-01', 9223372036854775807), trial.small()::antifraud.rubric);

\echo -- 256 rules that deduct, and add, as much as there can be: beyond 128 bits
CREATE FUNCTION trial.huge(effect text) RETURNS text LANGUAGE sql AS $$
  SELECT trial.big(256, effect || ' 10000000 per 0.000001 percent if rate > 0%') $$;
CREATE FUNCTION trial.huge_card(effect text) RETURNS antifraud.scorecard LANGUAGE sql AS $$
  SELECT antifraud.tally(trial.huge(effect)::antifraud.rubric, 'm' || n, '2023-06-01'::date, 9223372036854775807, 1, NULL) FROM generate_series(1, 256) n $$;
SELECT trial.bad($$SELECT antifraud.total(trial.huge_card('deduct'), trial.huge('deduct')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT antifraud.total(trial.huge_card('add'), trial.huge('add')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT sum(raw) FROM antifraud.breakdown(trial.huge_card('deduct'), trial.huge('deduct')::antifraud.rubric)$$);

\echo ==== cards that do not belong together
SELECT trial.bad($$SELECT trial.card() + trial.card(replace(trial.small(), 'deduct 1', 'deduct 2'))$$);
SELECT trial.bad($$SELECT trial.card() - trial.card(replace(trial.small(), '2023-12-31', '2023-12-30'))$$);
SELECT trial.bad($$SELECT trial.card() + trial.card(replace(trial.small(), '"measure":"m"', '"measure":"n"'))$$);
SELECT trial.bad($$SELECT antifraud.merge(c) FROM (VALUES (trial.card()), (trial.card(replace(trial.small(), 'deduct 1', 'deduct 2')))) x (c)$$);
SELECT trial.bad($$SELECT antifraud.total(trial.card(), replace(trial.small(), 'deduct 1', 'deduct 2')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT antifraud.total_range(trial.card(), replace(trial.small(), 'deduct 1', 'deduct 2')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT antifraud.breakdown(trial.card(), replace(trial.small(), 'deduct 1', 'deduct 2')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT antifraud.vetoed(trial.card(), replace(trial.small(), 'deduct 1', 'deduct 2')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT antifraud.raised(trial.card(), replace(trial.small(), 'deduct 1', 'deduct 2')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT antifraud.tally(d::antifraud.rubric, 'm', '2023-06-01'::date, 1, NULL, NULL) FROM (VALUES (trial.small()), (replace(trial.small(), 'deduct 1', 'deduct 2'))) x (d)$$);
\echo -- texts and decisions are no part of the identity of a rubric
SELECT antifraud.total(trial.card(), replace(trial.small(), '"title":"t"', '"title":"u"')::antifraud.rubric);

\echo ==== tables of regions
CREATE FUNCTION trial.region(region text, quantity bigint, base bigint DEFAULT NULL, amount numeric DEFAULT NULL, times int DEFAULT 1, doc text DEFAULT trial.small())
RETURNS antifraud.score_table LANGUAGE sql AS $$
  SELECT antifraud.tally_regions($6::antifraud.rubric, f.r::antifraud.region, 'm', '2023-06-01'::date, f.q, f.b, f.a)
  FROM (VALUES ($1, $2, $3, $4)) f (r, q, b, a), generate_series(1, $5) $$;
SELECT trial.bad($$SELECT trial.region('331126', NULL)$$);
SELECT trial.bad($$SELECT trial.region('331126', -1)$$);
SELECT trial.bad($$SELECT trial.region('331126', 1, -1)$$);
SELECT trial.bad($$SELECT trial.region('331126', 9223372036854775807, times => 2)$$);
SELECT trial.bad($$SELECT trial.region(NULL, 1)$$);
SELECT trial.bad($$SELECT trial.region('33112', 1)$$);
SELECT trial.bad($$SELECT trial.region('331126', 1, NULL, 'NaN', 1, replace(trial.small(), 'deduct 1 per occurrence', 'deduct 1 if amount > 5'))$$);
SELECT trial.bad($$SELECT antifraud.scores(trial.region('331126', 1), replace(trial.small(), 'deduct 1', 'deduct 2')::antifraud.rubric)$$);
SELECT trial.bad($$SELECT antifraud.tally_regions(d::antifraud.rubric, '331126', 'm', '2023-06-01'::date, 1, NULL, NULL) FROM (VALUES (trial.small()), (replace(trial.small(), 'deduct 1', 'deduct 2'))) x (d)$$);
SELECT trial.bad($$SELECT antifraud.tally_regions(NULL::antifraud.rubric, '331126', 'm', '2023-06-01'::date, 1, NULL, NULL)$$);
SELECT trial.bad($$SELECT antifraud.tally(NULL::antifraud.rubric, 'm', '2023-06-01'::date, 1, NULL, NULL)$$);
SELECT s.region, s.total FROM antifraud.scores(trial.region('331126', 9223372036854775807), trial.small()::antifraud.rubric) s;

\echo ==== a rubric whose text could not be read again: escapes are written longer than they may be read
SELECT trial.variant('"title":"t"', '"title":"' || repeat('\n', 200000) || '"');
SELECT trial.bad($$SELECT antifraud.with_decisions(replace(trial.small(), '"title":"t"', '"title":"' || repeat('x', 1048200) || '"')::antifraud.rubric,
  '[{"item":"1","rule":1,"waived":true,"reading":"as the office of the county has decided, and written down in its minutes"}]')$$);

\echo ==== cards and tables as text
SELECT trial.bad(format('SELECT %L::antifraud.score_table', left(trial.region('331126', 1)::text, -1)));
SELECT trial.bad(format('SELECT %L::antifraud.score_table', trial.region('331126', 1)::text || ','));
SELECT trial.bad(format('SELECT %L::antifraud.score_table', replace(trial.region('331126', 1)::text, '331126', '000000')));
SELECT trial.bad(format('SELECT %L::antifraud.scorecard', regexp_replace(trial.card()::text, '[0-9-]+$', '99999999999999999999')));
SELECT trial.bad(format('SELECT %L::antifraud.scorecard', trial.card()::text || repeat(',0', 2000)));
SELECT trial.bad(format('SELECT antifraud.total(%L::antifraud.scorecard, trial.small()::antifraud.rubric)', trial.card()::text || ',0'));
SELECT trial.bad(format('SELECT antifraud.total(%L::antifraud.scorecard, trial.small()::antifraud.rubric)', regexp_replace(trial.card()::text, ':[0-9a-f]{32}:', ':' || repeat('0', 32) || ':')));
\echo -- an aggregate that begins with a card of too few counters, or too many
SELECT format('CREATE AGGREGATE trial.%I(antifraud.rubric, text, date, bigint, bigint, numeric) (SFUNC = antifraud.tally_accumulate, STYPE = antifraud.scorecard, INITCOND = %L)',
              name, regexp_replace(trial.card()::text, '[^:]*$', counters))
  FROM (VALUES ('few', ''), ('many', '0,0,0')) v (name, counters) \gexec
SELECT trial.bad($$SELECT trial.few(trial.small()::antifraud.rubric, 'm', '2023-06-01'::date, 1, NULL, NULL)$$);
SELECT trial.bad($$SELECT trial.many(trial.small()::antifraud.rubric, 'm', '2023-06-01'::date, 1, NULL, NULL)$$);
SELECT trial.bad($$SELECT ''::antifraud.scorecard$$);
SELECT trial.bad($$SELECT 'nonsense'::antifraud.scorecard$$);
SELECT trial.bad($$SELECT '{}'::antifraud.scorecard$$);
SELECT trial.bad(format('SELECT %L::antifraud.scorecard', repeat('1 ', 500000)));
SELECT trial.bad(format('SELECT %L::antifraud.scorecard', left(trial.card()::text, -1)));
SELECT trial.bad(format('SELECT %L::antifraud.scorecard', trial.card()::text || '0'));
SELECT trial.bad($$SELECT ''::antifraud.score_table$$);
SELECT trial.bad($$SELECT 'nonsense'::antifraud.score_table$$);
SELECT trial.bad(format('SELECT %L::antifraud.score_table', repeat('1 ', 500000)));

DROP SCHEMA trial CASCADE;
