-- The nanma-2023 rubric against numbers worked out by hand.
--
-- The rubric below is written from the document itself (annex 2 of the plan,
-- section 3, items 1 to 9; period in section 2) and from nothing else, so
-- that this file is a check on the engine and on the rubric as shipped.
--
-- The arithmetic that every case starts from:
--
--   100 points = 15 (items 1, 2) + 55 (items 3 to 6) + 30 (items 7 to 9).
--   Item 8 takes 5 points when there were fewer than 48 publicity sessions
--   in the year.  A unit without any fact had 0 < 48, hence 95; a unit with
--   48 sessions and nothing else, 100.  "With sessions" below means that 48
--   sessions on 1 June 2023 stand beside the facts that are listed.
\ir setup.psql

SELECT no_plan();

CREATE TEMP TABLE edition (code text PRIMARY KEY, doc antifraud.rubric);

-- Readings where the document leaves a choice: 每 repeats, without 每 once
-- in the period (items 3, 5, 7 staff, 8, and the top band of item 4).
INSERT INTO edition VALUES ('nanma', $rubric$
{"code": "nanma-2023", "edition": "by hand", "title": "fraud-free communities of Nanma, 2023", "total": 100,
 "period": ["2023-05-01", "2023-12-31"], "baseline": "last_year", "baseline_from": null,
 "sections": [
  {"title": "organisation", "points": 15, "items": [
   {"no": "1", "title": "monthly study", "points": 5, "rules": [
     {"measure": "study_missing", "rule": "deduct 1 per occurrence", "clause": "3.1"}]},
   {"no": "2", "title": "ledgers", "points": 10, "rules": [
     {"measure": "ledger_missing", "rule": "deduct 1 per occurrence", "clause": "3.2"}]}]},
  {"title": "results", "points": 55, "items": [
   {"no": "3", "title": "number of cases", "points": 20, "rules": [
     {"measure": "case", "rule": "deduct 2 if count > baseline", "clause": "3.3"}]},
   {"no": "4", "title": "large cases", "points": 10, "rules": [
     {"measure": "case", "clause": "3.4",
      "rule": "deduct 1 per occurrence if amount >= 100000, deduct 2 per occurrence if amount >= 300000, deduct 10 if amount >= 500000"}]},
   {"no": "5", "title": "own staff", "points": 5, "overflow": "none", "rules": [
     {"measure": "case_staff", "rule": "deduct 10", "clause": "3.5"}]},
   {"no": "6", "title": "alerts", "points": 20, "rules": [
     {"measure": "case_after_alert", "rule": "deduct 5 per occurrence", "clause": "3.6"}]}]},
  {"title": "work", "points": 30, "items": [
   {"no": "7", "title": "app", "points": 5, "rules": [
     {"measure": "app_missing", "rule": "deduct 1 per occurrence", "clause": "3.7"},
     {"measure": "app_missing_staff", "rule": "deduct 5", "clause": "3.7"}]},
   {"no": "8", "title": "publicity", "points": 15, "combine": "sum", "rules": [
     {"measure": "publicity", "rule": "deduct 5 if count < 48", "window": "year", "clause": "3.8"},
     {"measure": "victim_unreached", "rule": "deduct 5", "clause": "3.8", "reading": "A and (B or C)"},
     {"measure": "publicity_falsified", "rule": "deduct 10", "clause": "3.8"}]},
   {"no": "9", "title": "control of persons", "points": 10, "rules": [
     {"measure": "control_failure", "rule": "deduct 1 per occurrence", "clause": "3.9"},
     {"measure": "reoffence", "rule": "deduct 5 per occurrence", "clause": "3.9"},
     {"measure": "den", "rule": "deduct 5 per occurrence", "clause": "3.9"}]}]}]}
$rubric$);

-- Section 4 of the annex, the use of results: 10 to 20 points of another
-- scorecard, at discretion, for any of three triggers, which do not stack.
INSERT INTO edition VALUES ('results', $rubric$
{"code": "nanma-2023-results", "edition": "by hand", "title": "use of results", "total": 20,
 "period": ["2023-05-01", "2023-12-31"], "baseline": "last_year",
 "sections": [{"title": "indicator telecom fraud", "points": 20, "items": [
   {"no": "1", "title": "triggers", "points": 20, "combine": "max", "rules": [
     {"measure": "case", "rule": "deduct 10..20 if change > 50%"},
     {"measure": "case", "rule": "deduct 10..20 if amount >= 500000"},
     {"measure": "den", "rule": "deduct 10..20"}]}]}]}
$rubric$);

CREATE FUNCTION pg_temp.nanma() RETURNS antifraud.rubric
  LANGUAGE sql STABLE AS $$ SELECT doc FROM edition WHERE code = 'nanma' $$;
CREATE FUNCTION pg_temp.results() RETURNS antifraud.rubric
  LANGUAGE sql STABLE AS $$ SELECT doc FROM edition WHERE code = 'results' $$;

-- The scorecard of a list of facts, (measure, day, quantity, base, amount), ...
-- An empty list is the row that a LEFT JOIN makes for a unit without facts.
CREATE FUNCTION pg_temp.card(facts text, rubric antifraud.rubric DEFAULT pg_temp.nanma())
RETURNS antifraud.scorecard LANGUAGE plpgsql STABLE AS $$
DECLARE
  result antifraud.scorecard;
BEGIN
  EXECUTE pg_catalog.format(
    'SELECT antifraud.tally($1, f.measure::text, f.occurred_on::date, f.quantity::bigint, f.base::bigint, f.amount::numeric)
     FROM (VALUES %s) f (measure, occurred_on, quantity, base, amount)',
    coalesce(nullif(facts, ''), '(NULL, NULL, NULL, NULL, NULL)'))
  INTO result USING rubric;
  RETURN result;
END $$;

CREATE FUNCTION pg_temp.with_sessions(facts text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT concat_ws(', ', nullif(facts, ''), $q$('publicity', '2023-06-01', 48, NULL, NULL)$q$) $$;

-- n facts of one kind on 1 June 2023.
CREATE FUNCTION pg_temp.times(n int, measure text, amount numeric DEFAULT NULL) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(format('(%L, %L, 1, NULL, %s)', measure, '2023-06-01', coalesce(amount::text, 'NULL')), ', ')
  FROM generate_series(1, n) $$;

CREATE FUNCTION pg_temp.total(facts text, rubric antifraud.rubric DEFAULT pg_temp.nanma()) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT antifraud.total(pg_temp.card(facts, rubric), rubric) $$;

-- An item's rows, in written order: raw = deducted + overflow, state.
CREATE FUNCTION pg_temp.item(no text, facts text, rubric antifraud.rubric DEFAULT pg_temp.nanma()) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(format('%s = %s + %s %s', b.raw, b.deducted, b.overflow, b.state), '; ' ORDER BY b.n)
  FROM ROWS FROM (antifraud.breakdown(pg_temp.card(facts, rubric), rubric)) WITH ORDINALITY
    AS b (section, item_no, item, points, measure, rule, facts, quantity, raw, deducted, overflow, added, state, n)
  WHERE b.item_no = no $$;

-- ---------------------------------------------------------------- no facts

SELECT is(pg_temp.total(''), 95::numeric, 'no facts at all, period over: only item 8 (0 < 48 sessions, 5): 100 - 5');
SELECT is(pg_temp.total('', antifraud.with_as_of(pg_temp.nanma(), '2024-01-01')), 95::numeric,
  'the first day after the period: judged, 95');
SELECT is(pg_temp.total('', antifraud.with_as_of(pg_temp.nanma(), '2023-12-31')), 100::numeric,
  'the last day itself: sessions may still be held, 100');
SELECT is(pg_temp.item('8', '', antifraud.with_as_of(pg_temp.nanma(), '2023-12-31')),
  '5 = 0 + 0 open; 0 = 0 + 0 scored; 0 = 0 + 0 scored', 'on the last day item 8 shows the 5 points as open and deducts none');
SELECT is(pg_temp.item('8', ''), '5 = 5 + 0 scored; 0 = 0 + 0 scored; 0 = 0 + 0 scored', 'after it they are deducted');
SELECT is(antifraud.total(antifraud.scorecard(pg_temp.nanma()), pg_temp.nanma()), 95::numeric, 'scorecard(rubric) is the card of a unit without facts');
SELECT is(antifraud.scorecard(pg_temp.nanma())::text, pg_temp.card('')::text, 'a row with a NULL measure counts nothing');
SELECT is(pg_temp.total(pg_temp.with_sessions('')), 100::numeric, '48 sessions and nothing else: 100');
SELECT is(antifraud.vetoed(pg_temp.card(''), pg_temp.nanma()), false, 'nanma knows no veto');
SELECT is(antifraud.raised(pg_temp.card(''), pg_temp.nanma()), '{}'::text[], 'nor an escalation');
SELECT is(antifraud.total_range(pg_temp.card(''), pg_temp.nanma()), '[95,95]'::numrange, 'nothing is at discretion: the range is one point');

-- --------------------------------------------- each item alone, and capped

SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(1, 'study_missing'))), 99::numeric, 'item 1: one month without a study, 1 x 1');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(5, 'study_missing'))), 95::numeric, 'item 1: five months, 5 of 5');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(8, 'study_missing'))), 95::numeric, 'item 1: all eight months, capped at its 5');
SELECT is(pg_temp.item('1', pg_temp.times(8, 'study_missing')), '8 = 5 + 3 scored', 'item 1: 8 raw = 5 and 3 too many');

SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(3, 'ledger_missing'))), 97::numeric, 'item 2: the three listed things missing, 3 of 10');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(12, 'ledger_missing'))), 90::numeric, 'item 2: twelve missing entries, capped at its 10');
SELECT is(pg_temp.item('2', pg_temp.times(12, 'ledger_missing')), '12 = 10 + 2 scored', 'item 2: 12 raw = 10 and 2 too many');

SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(1, 'case'))), 98::numeric, 'item 3: one case against none last year, 1 > 0');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(40, 'case'))), 98::numeric, 'item 3: forty cases deduct 2 as well: no 每, so once');
SELECT is(pg_temp.item('3', pg_temp.times(40, 'case')), '2 = 2 + 0 scored', 'item 3: 2 of 20, the rest cannot be reached');

SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 99999.99)), '0 = 0 + 0 scored', 'item 4: a cent below 100,000');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 99999.999999999999)), '0 = 0 + 0 scored', 'item 4: compared exactly, not rounded first');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 100000)), '1 = 1 + 0 scored', 'item 4: 100,000 exactly: 以上 includes it');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 299999.99)), '1 = 1 + 0 scored', 'item 4: a cent below 300,000');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 300000)), '2 = 2 + 0 scored', 'item 4: 300,000 exactly');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 300000.00)), '2 = 2 + 0 scored', 'item 4: 300,000.00 is the same');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 350000)), '2 = 2 + 0 scored', 'item 4: 350,000 deducts 2 and not 1 + 2: the highest band only');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 499999.99)), '2 = 2 + 0 scored', 'item 4: a cent below 500,000');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 500000)), '10 = 10 + 0 scored', 'item 4: 500,000 exactly takes all');
SELECT is(pg_temp.item('4', pg_temp.times(3, 'case', 500000)), '10 = 10 + 0 scored', 'item 4: three of them: no 每 in that band, so 10 once');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 100000) || ',' || pg_temp.times(1, 'case', 350000)), '3 = 3 + 0 scored',
  'item 4: each case by its own size: 1 + 2');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case', 100000) || ',' || pg_temp.times(1, 'case', 350000) || ',' || pg_temp.times(1, 'case', 600000)),
  '13 = 10 + 3 scored', 'item 4: 1 + 2 + 10 = 13, of 10');
SELECT is(pg_temp.item('4', pg_temp.times(11, 'case', 100000)), '11 = 10 + 1 scored', 'item 4: eleven at 100,000, of 10');
SELECT is(pg_temp.item('4', $$('case', '2023-06-01', 4, NULL, 100000)$$), '4 = 4 + 0 scored', 'item 4: a fact that stands for four cases, 4 x 1');
SELECT is(pg_temp.item('4', pg_temp.times(1, 'case')), '0 = 0 + 0 scored', 'item 4: a case whose loss is not known reaches no band');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(1, 'case', 350000))), 96::numeric,
  'a 350,000 yuan case: item 4 takes 2, and item 3 takes 2 (1 case > 0): 96');

SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(1, 'case_staff'))), 95::numeric, 'item 5: 10 points, but the item has 5');
SELECT is(pg_temp.item('5', pg_temp.times(1, 'case_staff')), '10 = 5 + 5 scored', 'item 5: clamped at 5, overflow 5 shown');
SELECT is(pg_temp.item('5', pg_temp.times(4, 'case_staff')), '10 = 5 + 5 scored', 'item 5: four cases are 10 once: no 每');

SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(1, 'case_after_alert'))), 95::numeric, 'item 6: one case after an alert, 5');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(4, 'case_after_alert'))), 80::numeric, 'item 6: four, 20 of 20');
SELECT is(pg_temp.item('6', pg_temp.times(5, 'case_after_alert')), '25 = 20 + 5 scored', 'item 6: five, 25 of 20');

SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(4, 'app_missing'))), 96::numeric, 'item 7: four residents without the app');
SELECT is(pg_temp.total(pg_temp.with_sessions($$('app_missing', '2023-06-01', 4, 50, NULL)$$)), 96::numeric, 'item 7: the same four as one sample of 50');
SELECT is(pg_temp.item('7', pg_temp.times(7, 'app_missing')), '7 = 5 + 2 scored; 0 = 0 + 0 scored', 'item 7: seven, 扣完为止');
SELECT is(pg_temp.item('7', pg_temp.times(2, 'app_missing_staff')), '0 = 0 + 0 scored; 5 = 5 + 0 scored', 'item 7: staff without it, 5 once');
SELECT is(pg_temp.item('7', pg_temp.times(4, 'app_missing') || ',' || pg_temp.times(1, 'app_missing_staff')),
  '4 = 4 + 0 scored; 5 = 1 + 4 scored', 'item 7: in written order 4, then 1 of the other 5');

SELECT is(pg_temp.total($$('publicity', '2023-06-01', 47, NULL, NULL)$$), 95::numeric, 'item 8: 47 sessions are fewer than 48');
SELECT is(pg_temp.total($$('publicity', '2023-06-01', 48, NULL, NULL)$$), 100::numeric, 'item 8: 48 are not');
SELECT is(pg_temp.total(pg_temp.times(47, 'publicity')), 95::numeric, 'item 8: 47 facts of one session');
SELECT is(pg_temp.total(pg_temp.times(48, 'publicity')), 100::numeric, 'item 8: 48 facts of one session');
SELECT is(pg_temp.total($$('publicity', '2023-01-01', 24, NULL, NULL), ('publicity', '2023-12-31', 24, NULL, NULL)$$), 100::numeric,
  'item 8: 全年: the calendar year, from its first day to its last');
SELECT is(pg_temp.total($$('publicity', '2022-12-31', 24, NULL, NULL), ('publicity', '2023-12-31', 24, NULL, NULL)$$), 95::numeric,
  'item 8: and not the day before it');
SELECT is(pg_temp.total($$('publicity', '2023-01-01', 24, NULL, NULL), ('publicity', '2024-01-01', 24, NULL, NULL)$$), 95::numeric,
  'item 8: nor the day after it');
SELECT is(pg_temp.item('8', pg_temp.times(2, 'victim_unreached')), '5 = 5 + 0 scored; 5 = 5 + 0 scored; 0 = 0 + 0 scored',
  'item 8: too few sessions 5, victims not reached 5 once');
SELECT is(pg_temp.item('8', pg_temp.times(1, 'victim_unreached') || ',' || pg_temp.times(1, 'publicity_falsified')),
  '5 = 5 + 0 scored; 5 = 5 + 0 scored; 10 = 5 + 5 scored', 'item 8: 5 + 5 + 10 = 20 of 15: the last row keeps 5');

SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(3, 'control_failure'))), 97::numeric, 'item 9: three defects of files');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(1, 'reoffence'))), 95::numeric, 'item 9: a reoffence, 5');
SELECT is(pg_temp.total(pg_temp.with_sessions(pg_temp.times(1, 'den'))), 95::numeric, 'item 9: a den, 5');
SELECT is(pg_temp.item('9', pg_temp.times(3, 'control_failure') || ',' || pg_temp.times(1, 'reoffence') || ',' || pg_temp.times(1, 'den')),
  '3 = 3 + 0 scored; 5 = 5 + 0 scored; 5 = 2 + 3 scored', 'item 9: 3 + 5 + 5 = 13 of 10: 3, 5, then 2');

-- Everything at once: 5 + 10 + 2 + 10 + 5 + 20 + 5 + 15 + 10 = 82, so no
-- unit can fall below 18 (18 of item 3's 20 points cannot be lost).
SELECT is(pg_temp.total(concat_ws(',', pg_temp.times(100, 'study_missing'), pg_temp.times(100, 'ledger_missing'), pg_temp.times(100, 'case', 500000),
  pg_temp.times(100, 'case_staff'), pg_temp.times(100, 'case_after_alert'), pg_temp.times(100, 'app_missing'), pg_temp.times(100, 'app_missing_staff'),
  pg_temp.times(100, 'victim_unreached'), pg_temp.times(100, 'publicity_falsified'), pg_temp.times(100, 'control_failure'),
  pg_temp.times(100, 'reoffence'), pg_temp.times(100, 'den'))), 18::numeric, 'the worst score there is: 100 - 82');

SELECT is((SELECT string_agg(item_no, ' ' ORDER BY n) FROM ROWS FROM (antifraud.breakdown(pg_temp.card(''), pg_temp.nanma())) WITH ORDINALITY
    AS b (section, item_no, item, points, measure, rule, facts, quantity, raw, deducted, overflow, added, state, n)),
  '1 2 3 4 5 6 7 7 8 8 8 9 9 9', 'a breakdown has a row for every rule, in written order');

-- ------------------------------------------------ item 3, against last year

SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 2, NULL, NULL), ('case', '2022-06-01', 2, NULL, NULL)$$), '0 = 0 + 0 scored', 'as many as last year: not above');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 3, NULL, NULL), ('case', '2022-06-01', 2, NULL, NULL)$$), '2 = 2 + 0 scored', 'one above last year');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 1, NULL, NULL)$$), '2 = 2 + 0 scored', 'a zero baseline is a count like any other: 1 > 0');
SELECT is(pg_temp.item('3', $$('case', '2022-06-01', 9, NULL, NULL)$$), '0 = 0 + 0 scored', 'no case at all this year');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 1, NULL, NULL), ('case', '2022-05-01', 1, NULL, NULL)$$), '0 = 0 + 0 scored', 'the baseline begins on 1 May 2022');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 1, NULL, NULL), ('case', '2022-04-30', 1, NULL, NULL)$$), '2 = 2 + 0 scored', 'and not the day before');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 1, NULL, NULL), ('case', '2022-12-31', 1, NULL, NULL)$$), '0 = 0 + 0 scored', 'it ends on 31 December 2022');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 1, NULL, NULL), ('case', '2023-01-01', 1, NULL, NULL)$$), '2 = 2 + 0 scored', 'a case between the two windows is in neither');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 1, NULL, NULL), ('case', '2022-07-01', 1, NULL, NULL)$$, antifraud.with_as_of(pg_temp.nanma(), '2023-06-30')),
  '2 = 2 + 0 scored', 'as of 30 June the baseline ends on 30 June 2022: the case of 1 July does not count yet');
SELECT is(pg_temp.item('3', $$('case', '2023-06-01', 1, NULL, NULL), ('case', '2022-07-01', 1, NULL, NULL)$$, antifraud.with_as_of(pg_temp.nanma(), '2023-07-01')),
  '0 = 0 + 0 scored', 'a day later it does');

-- ------------------------------------------------------- edges of the period

SELECT is(pg_temp.item('7', $$('app_missing', '2023-05-01', 1, NULL, NULL)$$), '1 = 1 + 0 scored; 0 = 0 + 0 scored', 'the first day belongs to the period');
SELECT is(pg_temp.item('7', $$('app_missing', '2023-12-31', 1, NULL, NULL)$$), '1 = 1 + 0 scored; 0 = 0 + 0 scored', 'and the last');
SELECT is(pg_temp.item('7', $$('app_missing', '2023-04-30', 1, NULL, NULL)$$), '0 = 0 + 0 scored; 0 = 0 + 0 scored', 'the day before does not');
SELECT is(pg_temp.item('7', $$('app_missing', '2024-01-01', 1, NULL, NULL)$$), '0 = 0 + 0 scored; 0 = 0 + 0 scored', 'nor the day after');
SELECT is(pg_temp.item('7', $$('app_missing', '2023-06-30', 1, NULL, NULL), ('app_missing', '2023-07-01', 1, NULL, NULL)$$,
  antifraud.with_as_of(pg_temp.nanma(), '2023-06-30')), '1 = 1 + 0 scored; 0 = 0 + 0 scored', 'as of 30 June, the 30th counts and 1 July does not');
SELECT is(pg_temp.total(pg_temp.with_sessions($$('app_missing', '2023-06-01', 0, NULL, NULL), ('case_staff', '2023-06-01', 0, NULL, NULL)$$)), 100::numeric,
  'a fact with quantity 0 is not an occurrence, for a rule with 每 or without');
SELECT is(pg_temp.total(pg_temp.with_sessions($$('weather', '2023-06-01', 7, NULL, NULL)$$)), 100::numeric, 'a measure that no rule looks at is ignored');

-- 29 February.  Re-dated to February 2024, the baseline is 1 to 28 February
-- 2023 (29 February as the 28th).
SELECT is(pg_temp.item('3', $$('case', '2024-02-29', 1, NULL, NULL)$$, antifraud.with_period(pg_temp.nanma(), '[2024-02-01,2024-02-29]')),
  '2 = 2 + 0 scored', '29 February is in a period that ends on it');
SELECT is(pg_temp.item('3', $$('case', '2024-02-29', 1, NULL, NULL), ('case', '2023-02-28', 1, NULL, NULL)$$,
  antifraud.with_period(pg_temp.nanma(), '[2024-02-01,2024-02-29]')), '0 = 0 + 0 scored', 'its baseline ends on 28 February of the year before');
SELECT is(pg_temp.item('3', $$('case', '2024-02-29', 1, NULL, NULL), ('case', '2023-03-01', 1, NULL, NULL)$$,
  antifraud.with_period(pg_temp.nanma(), '[2024-02-01,2024-02-29]')), '2 = 2 + 0 scored', 'and not on 1 March');
SELECT is(pg_temp.item('3', $$('case', '2024-02-29', 1, NULL, NULL), ('case', '2023-02-28', 1, NULL, NULL), ('case', '2023-03-01', 5, NULL, NULL)$$,
  antifraud.with_as_of(antifraud.with_period(pg_temp.nanma(), '[2024-01-01,2024-12-31]'), '2024-02-29')),
  '0 = 0 + 0 scored', 'as of 29 February: 1 against the 1 up to 28 February 2023');
SELECT is(pg_temp.item('3', $$('case', '2025-02-28', 1, NULL, NULL), ('case', '2024-02-29', 1, NULL, NULL)$$,
  antifraud.with_period(pg_temp.nanma(), '[2025-01-01,2025-12-31]')), '0 = 0 + 0 scored', 'a baseline year keeps its 29 February');
SELECT is(pg_temp.total('', antifraud.with_period(pg_temp.nanma(), '[2024-05-01,2024-12-31]')), 95::numeric, 're-dated by a year: 95 again');
SELECT is(pg_temp.total($$('publicity', '2024-02-29', 48, NULL, NULL)$$, antifraud.with_period(pg_temp.nanma(), '[2024-05-01,2025-01-01)')), 100::numeric,
  're-dated, the calendar year of item 8 moves too');

-- -------------------------------------------- the range at someone's discretion

SELECT is(pg_temp.total('', pg_temp.results()), 20::numeric, 'results: no trigger, 20 of 20');
SELECT is(antifraud.total_range(pg_temp.card('', pg_temp.results()), pg_temp.results()), '[20,20]'::numrange, 'results: and nothing to decide');
SELECT is(pg_temp.total(pg_temp.times(1, 'case', 500000), pg_temp.results()), 0::numeric, 'results: a 500,000 yuan case, undecided: 20 at worst');
SELECT is(antifraud.total_range(pg_temp.card(pg_temp.times(1, 'case', 500000), pg_temp.results()), pg_temp.results()), '[0,10]'::numrange,
  'results: between 20 - 20 and 20 - 10');
SELECT is(antifraud.total_range(pg_temp.card(pg_temp.times(1, 'case', 499999.99), pg_temp.results()), pg_temp.results()), '[20,20]'::numrange,
  'results: a cent less triggers nothing; the growth against none last year is for a person to look at');
SELECT is((SELECT array_agg(state ORDER BY n) FROM ROWS FROM (antifraud.breakdown(pg_temp.card(pg_temp.times(1, 'case', 500000), pg_temp.results()), pg_temp.results()))
    WITH ORDINALITY AS b (section, item_no, item, points, measure, rule, facts, quantity, raw, deducted, overflow, added, state, n)),
  '{review,pending,scored}', 'results: growth over 0 cannot be computed, the large case waits for a decision, no den');
SELECT is(pg_temp.total(pg_temp.times(1, 'case', 500000), antifraud.with_decisions(pg_temp.results(), '[{"item": "1", "rule": 2, "points": 15}]')), 5::numeric,
  'results: decided at 15: 20 - 15');
SELECT is(antifraud.total_range(pg_temp.card(pg_temp.times(1, 'case', 500000), pg_temp.results()),
  antifraud.with_decisions(pg_temp.results(), '[{"item": "1", "rule": 2, "points": 15}]')), '[5,5]'::numrange,
  'results: the card of before the decision reads with the rubric of after it: one identity');
SELECT is(antifraud.total_range(pg_temp.card(pg_temp.times(1, 'case', 500000) || ',' || pg_temp.times(1, 'den'), pg_temp.results()),
  antifraud.with_decisions(pg_temp.results(), '[{"item": "1", "rule": 2, "points": 12}]')), '[0,8]'::numrange,
  'results: two triggers do not stack; one decided at 12, the other 10 to 20: 20 - max(12, 20) to 20 - max(12, 10)');
SELECT is(pg_temp.total(pg_temp.times(1, 'case', 500000) || ',' || pg_temp.times(1, 'den'),
  antifraud.with_decisions(pg_temp.results(), '[{"item": "1", "rule": 2, "points": 12}, {"item": "1", "rule": 3, "waived": true}]')), 8::numeric,
  'results: the other waived: 20 - 12');
SELECT is((SELECT state FROM antifraud.breakdown(pg_temp.card(pg_temp.times(1, 'den'), pg_temp.results()),
  antifraud.with_decisions(pg_temp.results(), '[{"item": "1", "rule": 3, "waived": true}]')) WHERE measure = 'den'), 'waived', 'results: what was waived is shown as waived');
-- 3 against 2 is 50 per cent more, not over 50; 4 against 2 is 100.
SELECT is(antifraud.total_range(pg_temp.card($$('case', '2023-06-01', 3, NULL, NULL), ('case', '2022-06-01', 2, NULL, NULL)$$, pg_temp.results()), pg_temp.results()),
  '[20,20]'::numrange, 'results: exactly 50 per cent more is not over 50');
SELECT is(antifraud.total_range(pg_temp.card($$('case', '2023-06-01', 4, NULL, NULL), ('case', '2022-06-01', 2, NULL, NULL)$$, pg_temp.results()), pg_temp.results()),
  '[0,10]'::numrange, 'results: 100 per cent more is');
SELECT is(antifraud.total_range(pg_temp.card($$('case', '2023-06-01', 1501, NULL, NULL), ('case', '2022-06-01', 1000, NULL, NULL)$$, pg_temp.results()), pg_temp.results()),
  '[0,10]'::numrange, 'results: and so is 50.1');
SELECT throws_ok($$SELECT antifraud.with_decisions(pg_temp.results(), '[{"item": "1", "rule": 2, "points": 21}]')$$, '22023', NULL, 'a decision above the range is refused');
SELECT throws_ok($$SELECT antifraud.with_decisions(pg_temp.results(), '[{"item": "1", "rule": 2, "points": 9.99}]')$$, '22023', NULL, 'and one below it');
SELECT throws_ok($$SELECT antifraud.with_decisions(pg_temp.nanma(), '[{"item": "1", "rule": 1, "points": 1}]')$$, '22023', NULL, 'and points where nothing is at discretion');

-- ------------------------------------- several units: merged, and their mean

-- A: 30 sessions (5), one case after none (2): 93.  B: 30 sessions (5), one
-- case last year and none now (0), three residents without the app (3): 92.
-- As one unit: 60 sessions (0), 1 case after 1 (0), three residents (3): 97.
CREATE TEMP TABLE village (unit text, region antifraud.region, measure text, occurred_on date, quantity bigint, base bigint, amount numeric);
INSERT INTO village VALUES
  ('A', '370323002001', 'publicity', '2023-06-01', 30, NULL, NULL), ('A', '370323002001', 'case', '2023-06-01', 1, NULL, 99999),
  ('B', '370323002002', 'publicity', '2023-06-01', 30, NULL, NULL), ('B', '370323002002', 'case', '2022-06-01', 1, NULL, 99999),
  ('B', '370323002002', 'app_missing', '2023-06-01', 3, 20, NULL),
  ('C', '370323002003', NULL, NULL, NULL, NULL, NULL);
CREATE TEMP TABLE village_card AS
  SELECT unit, antifraud.tally(pg_temp.nanma(), measure, occurred_on, quantity, base, amount) AS card FROM village GROUP BY unit;
SELECT results_eq($$SELECT unit, antifraud.total(card, pg_temp.nanma()) FROM village_card ORDER BY unit$$,
  $$VALUES ('A', 93::numeric), ('B', 92), ('C', 95)$$, 'three villages: 100 - 5 - 2, 100 - 5 - 3, and 95 without facts');
SELECT is((SELECT antifraud.total(antifraud.merge(card), pg_temp.nanma()) FROM village_card WHERE unit IN ('A', 'B')), 97::numeric,
  'A and B as if they were one unit: 97');
SELECT is((SELECT avg(antifraud.total(card, pg_temp.nanma())) FROM village_card WHERE unit IN ('A', 'B')), 92.5, 'the mean of their scores: 92.5');
SELECT is((SELECT antifraud.total(a.card + b.card, pg_temp.nanma()) FROM village_card a, village_card b WHERE a.unit = 'A' AND b.unit = 'B'), 97::numeric, '+ is the same merge');
SELECT is((SELECT (a.card + b.card - a.card)::text FROM village_card a, village_card b WHERE a.unit = 'A' AND b.unit = 'B'),
  (SELECT card::text FROM village_card WHERE unit = 'B'), 'A taken away again leaves B');
SELECT is((SELECT (a.card - b.card + b.card)::text FROM village_card a, village_card b WHERE a.unit = 'A' AND b.unit = 'B'),
  (SELECT card::text FROM village_card WHERE unit = 'A'), 'also when the sums were below zero on the way');
SELECT is((SELECT (a.card + c.card)::text FROM village_card a, village_card c WHERE a.unit = 'A' AND c.unit = 'C'),
  (SELECT card::text FROM village_card WHERE unit = 'A'), 'C, which has no facts, adds nothing');
SELECT results_eq($$SELECT s.region::text, s.total, s.low, s.high, s.vetoed FROM
    (SELECT antifraud.tally_regions(pg_temp.nanma(), region, measure, occurred_on, quantity, base, amount) AS t FROM village) x,
    antifraud.scores(x.t, pg_temp.nanma()) s ORDER BY s.region$$,
  $$VALUES ('370323002001', 93::numeric, 93::numeric, 93::numeric, false), ('370323002002', 92, 92, 92, false), ('370323002003', 95, 95, 95, false)$$,
  'tally_regions: the same three scores in one pass');
SELECT throws_ok($$SELECT pg_temp.card('') + pg_temp.card('', pg_temp.results())$$, '22023', NULL, 'cards of two rubrics do not add');
SELECT throws_ok($$SELECT pg_temp.card('') + pg_temp.card('', antifraud.with_as_of(pg_temp.nanma(), '2023-06-30'))$$, '22023', NULL, 'nor cards of two as-of dates');
SELECT throws_ok($$SELECT pg_temp.card('') - pg_temp.card('', antifraud.with_period(pg_temp.nanma(), '[2022-05-01,2022-12-31]'))$$, '22023', NULL, 'nor cards of two periods');
SELECT throws_ok($$SELECT antifraud.total(pg_temp.card(''), pg_temp.results())$$, '22023', NULL, 'a card is not read with another rubric');

SELECT * FROM finish();
