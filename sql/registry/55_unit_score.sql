-- One unit at a time: its facts, its card.

CREATE FUNCTION @registry@.checked_unit(unit text) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  PERFORM FROM @registry@.unit AS u WHERE u.code = checked_unit.unit;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = CASE WHEN checked_unit.unit IS NULL THEN 'no unit was named: its code is NULL'
                     ELSE format('unit %L does not exist', checked_unit.unit) END,
      DETAIL = 'The table unit has no such code.',
      HINT = 'Pass the code of a unit, for a community its 12 digits.';
  END IF;
  RETURN checked_unit.unit;
END
$body$;
COMMENT ON FUNCTION @registry@.checked_unit(text) IS 'The code of a unit, checked: an error where it does not exist.';

-- Planned once a session, with all branches of the view fact: for one unit
-- planning takes longer than reading, and branches of other measures are not
-- begun.
CREATE FUNCTION @registry@.facts_of_unit(unit text, measures text[] DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (measure text, occurred_on date, quantity bigint, base bigint, amount numeric, source_table text, source_key text)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
DECLARE
  bounds record;
BEGIN
  -- a plan that is kept would begin with every source, whatever is asked
  IF @registry@.has_source() THEN
    SELECT b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds($2, ARRAY[$1]) AS b;
    RETURN QUERY EXECUTE format(
      'SELECT f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
       FROM %I.facts_from_scratch() AS f
       WHERE f.unit = $1 AND ($2 IS NULL OR f.measure = ANY ($2))
         AND CASE WHEN $3 IS NULL THEN f.voided_at IS NULL
                  ELSE COALESCE(f.recorded_at <= $3, true) AND (f.voided_at IS NULL OR f.voided_at > $3) END
         AND (f.source_table <> ALL ($4) OR antifraud.within(f.region, $5, $6))', @registry_literal@)
      USING $1, $2, $3, bounds.placed, bounds.regions, bounds.as_written;
  ELSIF $2 IS NULL AND @registry@.stale_fact_units() IS NOT NULL THEN
    RETURN QUERY
      SELECT f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
      FROM @registry@.fact AS f
      WHERE f.unit = $1
        AND CASE WHEN $3 IS NULL THEN f.voided_at IS NULL
                 ELSE COALESCE(f.recorded_at <= $3, true) AND (f.voided_at IS NULL OR f.voided_at > $3) END;
  -- the measures of nanma-2023 have a small plan of their own
  ELSIF $2 <@ '{app_missing,app_missing_staff,case,case_after_alert,case_staff,control_failure,den,ledger_missing,publicity,publicity_falsified,reoffence,study_missing,victim_unreached}' THEN
    RETURN QUERY
      SELECT f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.unit = $1 AND f.measure = ANY ($2)
        AND f.measure IN ('app_missing', 'app_missing_staff', 'case', 'case_after_alert', 'case_staff', 'control_failure', 'den', 'ledger_missing',
                          'publicity', 'publicity_falsified', 'reoffence', 'study_missing', 'victim_unreached')
        AND CASE WHEN $3 IS NULL THEN f.voided_at IS NULL
                 ELSE COALESCE(f.recorded_at <= $3, true) AND (f.voided_at IS NULL OR f.voided_at > $3) END;
  ELSE
    RETURN QUERY
      SELECT f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.unit = $1 AND ($2 IS NULL OR f.measure = ANY ($2))
        AND CASE WHEN $3 IS NULL THEN f.voided_at IS NULL
                 ELSE COALESCE(f.recorded_at <= $3, true) AND (f.voided_at IS NULL OR f.voided_at > $3) END;
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.facts_of_unit(text, text[], timestamptz) IS 'The facts of one unit of some measures (null: of all), of any date, in force now or at known_at.';

CREATE FUNCTION @registry@.facts_scored(unit text, rubric text, known_at timestamptz DEFAULT NULL, as_of date DEFAULT NULL, measures text[] DEFAULT NULL)
RETURNS TABLE (measure text, occurred_on date, quantity bigint, base bigint, amount numeric, source_table text, source_key text)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  sealed bigint;
BEGIN
  IF $3 IS NOT NULL AND $4 IS NOT NULL THEN
    SELECT a.id INTO sealed FROM @registry@.assessment AS a JOIN @registry@.assessment_unit AS s ON s.assessment = a.id AND s.unit = $1
      WHERE a.rubric = $2 AND a.as_of = $4 AND a.known_at = $3;
    IF FOUND THEN
      RETURN QUERY
        SELECT f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
        FROM @registry@.assessment_fact AS f WHERE f.assessment = sealed AND f.unit = $1 AND ($5 IS NULL OR f.measure = ANY ($5));
      RETURN;
    END IF;
  END IF;
  RETURN QUERY
    SELECT f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
    FROM @registry@.facts_of_unit($1, ARRAY(SELECT r.measure FROM @registry@.rubric_rule AS r WHERE r.rubric = $2 AND ($5 IS NULL OR r.measure = ANY ($5))), $3) AS f;
END
$body$;
COMMENT ON FUNCTION @registry@.facts_scored(text, text, timestamptz, date, text[]) IS 'The facts of one unit that a rubric counts, of any date, in force now or at known_at; where a result was sealed as of that day and known_at, those that it rests on. measures: of these only (null: all).';

CREATE FUNCTION @registry@.card_from_scratch(unit text, rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL) RETURNS antifraud.scorecard
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  code text := @registry@.checked_unit($1);
  doc antifraud.rubric := @registry@.rubric_as_of($2, $3);
BEGIN
  RETURN (SELECT antifraud.tally(doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount)
          FROM (SELECT) AS one LEFT JOIN @registry@.facts_scored(code, $2, $4, $3) AS f ON true);
END
$body$;
COMMENT ON FUNCTION @registry@.card_from_scratch(text, text, date, timestamptz) IS 'The scorecard of one unit, active or not, counted from its facts whatever is kept; arguments as of scores().';

CREATE FUNCTION @registry@.card_of(unit text, rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL) RETURNS antifraud.scorecard
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  code text := @registry@.checked_unit($1);
  stale text[] := CASE WHEN $4 IS NULL THEN @registry@.stale_units($2, $3) END;
  kept antifraud.scorecard;
BEGIN
  IF code <> ALL (stale) THEN
    SELECT c.card INTO kept FROM @registry@.unit_card AS c WHERE c.rubric = $2 AND c.as_of = coalesce($3, 'infinity') AND c.unit = code;
    IF FOUND THEN
      RETURN kept;
    END IF;
  END IF;
  RETURN @registry@.card_from_scratch(code, $2, $3, $4);
END
$body$;
COMMENT ON FUNCTION @registry@.card_of(text, text, date, timestamptz) IS 'The scorecard of one unit, active or not, the kept one where it holds; arguments as of scores().';

CREATE FUNCTION @registry@.rubric_for(unit text, rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL) RETURNS antifraud.rubric
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN antifraud.with_decisions(@registry@.rubric_as_of(rubric, as_of),
                                COALESCE(@registry@.decisions_of(@registry@.checked_unit(unit), rubric, known_at), '[]'::jsonb));
COMMENT ON FUNCTION @registry@.rubric_for(text, text, date, timestamptz) IS 'A published rubric with what was decided about one unit: what its card is read with.';
