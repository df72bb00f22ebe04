-- What if: the score of a unit with facts that have not happened.

CREATE FUNCTION @registry@.supposed(input jsonb, one_of text, all_of text, keys text[], example jsonb) RETURNS TABLE (place integer, one jsonb)
IMMUTABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  strange text;
BEGIN
  IF input IS NULL OR jsonb_typeof(input) <> 'array' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('the %s to suppose must be a JSON array, not %s', all_of, coalesce(jsonb_typeof(input), 'NULL')),
      HINT = format('For example: %s.', jsonb_build_array(example));
  END IF;
  FOR place, one IN SELECT e.nth, e.value FROM jsonb_array_elements(input) WITH ORDINALITY AS e (value, nth) ORDER BY e.nth LOOP
    IF jsonb_typeof(one) <> 'object' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('supposed %s %s must be a JSON object, not %s', one_of, place, jsonb_typeof(one)),
        HINT = format('For example: %s.', example);
    END IF;
    strange := (SELECT k FROM jsonb_object_keys(one) AS k WHERE k <> ALL (keys) ORDER BY k LIMIT 1);
    IF strange IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('supposed %s %s has an unknown key "%s"', one_of, place, strange),
        HINT = format('Its keys are %s and %s.', array_to_string(trim_array(keys, 1), ', '), keys[cardinality(keys)]);
    END IF;
    RETURN NEXT;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.supposed(jsonb, text, text, text[], jsonb) IS 'The objects of a JSON array of what is supposed (one_of, all_of: its name in the singular and the plural), numbered, once it is an array of objects of certain keys. Used by supposed_facts() and supposed_policies().';

CREATE FUNCTION @registry@.supposed_facts(facts jsonb) RETURNS TABLE (measure text, occurred_on date, quantity bigint, base bigint, amount numeric)
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  one jsonb;
  place integer;
  key text;
  day date;
BEGIN
  FOR place, one IN
    SELECT s.place, s.one FROM @registry@.supposed(facts, 'fact', 'facts', '{measure,occurred_on,quantity,base,amount}', '{"measure": "case", "occurred_on": "2023-09-01", "amount": 350000}') AS s
  LOOP
    IF jsonb_typeof(one -> 'measure') IS DISTINCT FROM 'string'
       OR NOT EXISTS (SELECT FROM @registry@.measure AS m WHERE m.code = one ->> 'measure') THEN
      RAISE EXCEPTION USING
        ERRCODE = 'undefined_object',
        MESSAGE = format('supposed fact %s: measure %s does not exist', place, coalesce((one -> 'measure')::text, '(missing)')),
        DETAIL = 'Such a fact would count nothing, in silence.',
        HINT = 'The table measure lists the codes.';
    END IF;
    IF jsonb_typeof(one -> 'occurred_on') IS DISTINCT FROM 'string' OR one ->> 'occurred_on' !~ '^\d{4}-\d{2}-\d{2}$' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_datetime_format',
        MESSAGE = format('supposed fact %s: occurred_on is %s', place, coalesce((one -> 'occurred_on')::text, 'missing')),
        DETAIL = 'A day is written "YYYY-MM-DD".',
        HINT = 'For example: "occurred_on": "2023-09-01".';
    END IF;
    BEGIN
      day := (one ->> 'occurred_on')::date;
    EXCEPTION WHEN datetime_field_overflow THEN
      RAISE EXCEPTION USING
        ERRCODE = 'datetime_field_overflow',
        MESSAGE = format('supposed fact %s: occurred_on is %s', place, one -> 'occurred_on'),
        DETAIL = 'There is no such day.',
        HINT = 'Correct the month or the day.';
    END;
    FOREACH key IN ARRAY ARRAY['quantity', 'base'] LOOP
      CONTINUE WHEN coalesce(jsonb_typeof(one -> key), 'null') = 'null';
      IF jsonb_typeof(one -> key) <> 'number' OR (one ->> key)::numeric < 0
         OR (one ->> key)::numeric > 9223372036854775807 OR (one ->> key)::numeric <> trunc((one ->> key)::numeric) THEN
        RAISE EXCEPTION USING
          ERRCODE = 'invalid_parameter_value',
          MESSAGE = format('supposed fact %s: %s is %s', place, key, one -> key),
          DETAIL = 'It must be a whole number from 0 to 9223372036854775807.',
          HINT = 'Leave it out for the default.';
      END IF;
    END LOOP;
    IF coalesce(jsonb_typeof(one -> 'amount'), 'null') <> 'null'
       AND (jsonb_typeof(one -> 'amount') <> 'number' OR (one ->> 'amount')::numeric < 0) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('supposed fact %s: amount is %s', place, one -> 'amount'),
        DETAIL = 'An amount is a number of yuan, not below 0.',
        HINT = 'Leave it out where there is none.';
    END IF;
    RETURN QUERY SELECT one ->> 'measure', day, coalesce((one ->> 'quantity')::numeric::bigint, 1),
                        (one ->> 'base')::numeric::bigint, (one ->> 'amount')::numeric;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.supposed_facts(jsonb) IS 'Facts from a JSON array of {measure, occurred_on, quantity (default 1), base, amount}, checked.';

CREATE FUNCTION @registry@.simulate_score(unit text, rubric text, facts jsonb, as_of date DEFAULT NULL)
RETURNS TABLE (line text, item_no text, item text, measure text, rule text, before numeric, after numeric, state text)
STABLE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  WITH given AS MATERIALIZED (
    SELECT @registry@.rubric_for($1, $2, $4) AS doc, @registry@.rubric_as_of($2, $4) AS counted_by, @registry@.card_of($1, $2, $4) AS card
  ), supposed AS MATERIALIZED (
    SELECT g.doc, g.card AS before,
           g.card OPERATOR(antifraud.+) COALESCE(
             (SELECT antifraud.tally((SELECT g2.counted_by FROM given AS g2), f.measure, f.occurred_on, f.quantity, f.base, f.amount)
              FROM @registry@.supposed_facts($3) AS f),
             antifraud.scorecard(g.counted_by)) AS after
    FROM given AS g
  )
  SELECT 'total'::text AS line, NULL::text AS item_no, NULL::text AS item, NULL::text AS measure, NULL::text AS rule,
         antifraud.total(s.before, s.doc) AS before, antifraud.total(s.after, s.doc) AS after, NULL::text AS state
  FROM supposed AS s
  UNION ALL
  SELECT 'high'::text AS line, NULL::text AS item_no, NULL::text AS item, NULL::text AS measure, NULL::text AS rule,
         pg_catalog.upper(antifraud.total_range(s.before, s.doc)) AS before, pg_catalog.upper(antifraud.total_range(s.after, s.doc)) AS after, 'pending'::text AS state
  FROM supposed AS s
  WHERE pg_catalog.upper(antifraud.total_range(s.before, s.doc)) <> antifraud.total(s.before, s.doc)
     OR pg_catalog.upper(antifraud.total_range(s.after, s.doc)) <> antifraud.total(s.after, s.doc)
  UNION ALL
  (SELECT 'rule'::text AS line, b.item_no, b.item, b.measure, b.rule, b.deducted - b.added AS before, a.deducted - a.added AS after, a.state
   FROM supposed AS s
   CROSS JOIN LATERAL antifraud.breakdown(s.before, s.doc) WITH ORDINALITY AS b
   JOIN LATERAL antifraud.breakdown(s.after, s.doc) WITH ORDINALITY AS a ON a.ordinality = b.ordinality
   WHERE b.deducted <> a.deducted OR b.added <> a.added OR b.raw <> a.raw OR b.state <> a.state
   ORDER BY b.ordinality);
END;
COMMENT ON FUNCTION @registry@.simulate_score(text, text, jsonb, date) IS 'What if: the score of a unit with further facts, given as a JSON array of {measure, occurred_on, quantity (default 1), base, amount}. A row total (points before and after), a row high where decisions are pending, and a row for each rule whose points change (points deducted, less points added). Nothing is stored.';
