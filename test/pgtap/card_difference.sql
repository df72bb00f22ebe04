-- The audit of kept scorecards finds what somebody wrote into them: in each
-- column that it compares, in each set of cards, asked for all units and for
-- one; and what it counts by itself is what scores_from_scratch() counts.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- A second edition, with two rules of other kinds.
SELECT fraud.load_rubric('{"code": "second", "edition": "1", "title": "second", "total": 10, "period": ["2023-01-01", "2023-12-31"], "baseline": "last_year",
  "sections": [{"title": "all", "points": 10, "items": [{"no": "1", "title": "cases", "points": 10, "rules": [
    {"measure": "case", "rule": "deduct 1 per occurrence if amount >= 100000"}, {"measure": "den", "rule": "veto if count > 2"}]}]}]}') \g /dev/null
SELECT fraud.publish_rubric('second') \g /dev/null

INSERT INTO fraud.den (unit, found_on) VALUES ('370323002002', '2023-06-01'), ('370323002003', '2023-08-01');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2023-06-02', 600000), ('370323002003', '2022-06-02', 50000), ('370323002004', '2023-12-02', 150000);
INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reason, decided_by, decided_on)
SELECT '370323002004', r.rubric, r.item, r.ordinal, true, 'x', 'x', '2023-12-20' FROM fraud.rubric_rule AS r WHERE r.rubric = 'nanma-2023' AND r.measure = 'publicity';
UPDATE fraud.registry_info SET as_of = '2023-09-30';
SELECT fraud.keep_cards() > 0 AS kept \g /dev/null
SELECT results_eq($$SELECT r.rubric, r.day, r.units FROM fraud.refresh_cards('2023-06-30') AS r ORDER BY 1, 2$$,
  $$SELECT r.rubric, d.day, 4::bigint FROM (VALUES ('nanma-2023'), ('second')) AS r (rubric) CROSS JOIN (VALUES ('2023-06-30'::date), ('2023-09-30'), (NULL)) AS d (day) ORDER BY 1, 2$$,
  'two editions are kept, each for three days');
SELECT is_empty('SELECT * FROM fraud.unit_card_difference', 'and right');

-- ------------------------------------------------------ counted in one pass

SELECT set_eq($$SELECT d.day, d.unit, d.total, d.low, d.high, d.vetoed, d.card::text FROM fraud.scores_on_days('$$ || r.rubric || $$', '$$ || d.days || $$') AS d$$,
  $$SELECT d.day, s.unit, s.total, s.low, s.high, s.vetoed, s.card::text FROM unnest('$$ || d.days || $$'::date[]) AS d (day)
    CROSS JOIN LATERAL fraud.scores_from_scratch('$$ || r.rubric || $$', nullif(d.day, 'infinity')) AS s$$,
  format('%s: %s', r.rubric, d.days))
FROM (VALUES ('nanma-2023'), ('second')) AS r (rubric)
-- one day, a whole pass, and more than one pass
CROSS JOIN (VALUES ('{infinity}'), ('{2023-06-30}'), ('{2023-06-30,2023-09-30,infinity}'), ('{2023-06-30,infinity,2023-01-31,2022-12-31,2023-12-31,2023-08-01,2023-07-31}')) AS d (days);
SELECT is_empty($$SELECT * FROM fraud.scores_on_days('second', '{}')$$, 'of no day, nothing');
SELECT is(pg_temp.message_of($$SELECT * FROM fraud.scores_on_days('no such', '{infinity}')$$), pg_temp.message_of($$SELECT * FROM fraud.scores('no such')$$), 'an edition that is not there');
-- By hand: 370323002003 has no case of this year and one den, of August; a
-- den costs 5 of 100, and 48 meetings that were never held 5 once the year is over.
SELECT results_eq($$SELECT d.day, d.total FROM fraud.scores_on_days('nanma-2023', '{2023-06-30,2023-09-30,infinity}') AS d WHERE d.unit = '370323002003' ORDER BY 1$$,
  $$VALUES ('2023-06-30'::date, 100::numeric), ('2023-09-30', 95), ('infinity', 90)$$, 'a unit on three days');

-- ------------------------------------------- what somebody wrote into a card

-- Writes one column of one kept card, looks for differences, and takes it
-- back: rubric, day, unit and the columns that differ.
CREATE FUNCTION pg_temp.found(written text, of_rubric text, of_day date, of_unit text, narrow boolean) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
  rows text[];
BEGIN
  BEGIN
    EXECUTE format('UPDATE fraud.unit_card SET %s WHERE rubric = $1 AND as_of = $2 AND unit = $3', written) USING of_rubric, of_day, of_unit;
    EXECUTE format('SELECT array_agg(concat_ws('' '', d.rubric, coalesce(d.as_of, ''infinity''), d.unit,
        CASE WHEN d.kept_total IS DISTINCT FROM d.total THEN ''total'' END, CASE WHEN d.kept_low IS DISTINCT FROM d.low THEN ''low'' END,
        CASE WHEN d.kept_high IS DISTINCT FROM d.high THEN ''high'' END, CASE WHEN d.kept_vetoed IS DISTINCT FROM d.vetoed THEN ''vetoed'' END,
        CASE WHEN d.kept_card::text IS DISTINCT FROM d.card::text THEN ''card'' END))
      FROM fraud.unit_card_difference AS d %s', CASE WHEN narrow THEN 'WHERE d.unit = $1' END) INTO rows USING of_unit;
    RAISE EXCEPTION 'take it back' USING ERRCODE = 'AF000';
  EXCEPTION WHEN SQLSTATE 'AF000' THEN
    RETURN rows;
  END;
END
$$;
CREATE TEMP TABLE planted AS
SELECT c.rubric, c.as_of, c.unit, w.name, n.narrow, pg_temp.found(w.written, c.rubric, c.as_of, c.unit, n.narrow) AS found
FROM fraud.unit_card AS c
CROSS JOIN (VALUES ('total', 'total = total + 0.01'), ('low', 'low = low - 1'), ('high', 'high = high + 1'), ('vetoed', 'vetoed = NOT vetoed'),
  -- another fact of any rule: the points stay
  ('card', $$card = regexp_replace(card::text, '\d+$', (substring(card::text FROM '(\d+)$')::int + 1)::text)::antifraud.scorecard$$)) AS w (name, written)
CROSS JOIN (VALUES (false), (true)) AS n (narrow);
SELECT is((SELECT count(*) FROM planted), (2 * 3 * 4 * 5 * 2)::bigint, '2 editions, 3 days, 4 units, 5 columns; asked for all and for one');
SELECT is((SELECT array_agg(p::text) FROM planted AS p WHERE p.found IS DISTINCT FROM ARRAY[concat_ws(' ', p.rubric, p.as_of, p.unit, p.name)]), NULL, 'each is found, and nothing else');
SELECT is_empty('SELECT * FROM fraud.unit_card_difference', 'all is taken back');

-- The same counters, as if counted under another edition.
SELECT is(pg_temp.found('card = overlay(card::text PLACING ''0000'' FROM 3)::antifraud.scorecard', 'second', 'infinity', '370323002013', n.narrow), '{"second infinity 370323002013 card"}', 'the identity of a card')
FROM (VALUES (false), (true)) AS n (narrow);
SELECT is(pg_temp.found('total = total + 0', 'second', 'infinity', '370323002013', n.narrow), NULL, 'what stays as it was is none')
FROM (VALUES (false), (true)) AS n (narrow);

-- ------------------------------------------------------- kept facts are not asked

SELECT fraud.keep_facts() \g /dev/null
SELECT fraud.refresh_cards('2023-06-30') \g /dev/null
DELETE FROM fraud.kept_fact;
SELECT is((SELECT count(*) FROM fraud.fact), 0::bigint, 'somebody took away the copy of the facts');
SELECT is_empty('SELECT * FROM fraud.unit_card_difference', 'which is not what cards are compared with');
SELECT fraud.keep_facts(false) \g /dev/null
SELECT fraud.refresh_cards('2023-06-30') \g /dev/null

-- ------------------------------------------------ a fact that nobody counted

-- Somebody takes the touches away: a den of July at the unit whose card shows
-- none is in the sets of September and of the whole year, and not in that of
-- June. In edition "second" one den vetoes nothing.
INSERT INTO fraud.den (unit, found_on) VALUES ('370323002013', '2023-07-15');
SELECT is_empty('SELECT * FROM fraud.unit_card_difference', 'a unit that was touched is counted by who reads it');
DELETE FROM fraud.unit_touched;
PREPARE missed AS SELECT d.rubric, d.as_of, d.kept_total - d.total, d.kept_low - d.low, d.kept_high - d.high, d.kept_card::text <> d.card::text FROM fraud.unit_card_difference AS d WHERE d.unit = '370323002013' ORDER BY 1, 2;
PREPARE missed_in_all AS SELECT d.rubric, d.as_of, d.kept_total - d.total, d.kept_low - d.low, d.kept_high - d.high, d.kept_card::text <> d.card::text FROM fraud.unit_card_difference AS d ORDER BY 1, 2;
SELECT results_eq(q.query, $$VALUES ('nanma-2023', '2023-09-30'::date, 5::numeric, 5::numeric, 5::numeric, true), ('nanma-2023', NULL, 5, 5, 5, true),
                                    ('second', '2023-09-30', 0, 0, 0, true), ('second', NULL, 0, 0, 0, true)$$, q.query || ': nobody counted it')
FROM (VALUES ('missed'), ('missed_in_all')) AS q (query);
-- the unit comes first and last: by itself, and with all others
UPDATE fraud.unit SET active = false WHERE code <> '370323002013';
SELECT results_eq('missed_in_all', 'missed', 'whatever other units there are');
UPDATE fraud.unit SET active = false;
SELECT is_empty('SELECT * FROM fraud.unit_card_difference', 'a unit that is not active has no score');

SELECT * FROM finish();
