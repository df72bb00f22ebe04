-- What a consequence must say before it is entered.

CREATE FUNCTION @registry@.check_consequence() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  of_kind @registry@.consequence_kind;
  key text;
  there boolean;
  result record;
  ranges text;
BEGIN
  SELECT k.* INTO of_kind FROM @registry@.consequence_kind AS k WHERE k.code = NEW.kind;
  IF FOUND AND NOT (CASE WHEN NEW.officer IS NULL THEN of_kind.for_unit ELSE of_kind.for_officer END) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('consequence %L is not for a %s', NEW.kind, CASE WHEN NEW.officer IS NULL THEN 'unit' ELSE 'person' END),
      HINT = 'The table consequence_kind says for whom each is.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'kind';
  ELSIF NEW.officer IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.officer AS o WHERE o.id = NEW.officer AND o.unit = NEW.unit) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('officer %s does not belong to unit %L', NEW.officer, NEW.unit),
      DETAIL = 'Only people who work or worked for the unit meet with its consequences.',
      HINT = 'Name the unit of the officer, or record the consequence for the unit.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'officer';
  ELSIF NEW.decision IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.decision AS d WHERE d.id = NEW.decision AND d.unit = NEW.unit AND d.points = NEW.points AND d.voided_at IS NULL) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('decision %s does not say %s points for unit %L', NEW.decision, coalesce(NEW.points::text, 'NULL'), NEW.unit),
      HINT = 'Cite the decision in force about this unit, with the same points.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'decision';
  END IF;

  FOREACH key IN ARRAY NEW.facts LOOP
    there := false;
    IF key ~ '^[a-z][a-z0-9_]*:[0-9]{1,18}$' AND EXISTS (SELECT FROM @registry@.fact_table AS t WHERE t.name = split_part(key, ':', 1)) THEN
      EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I AS f WHERE f.id = $1 AND f.voided_at IS NULL)', @registry_literal@, split_part(key, ':', 1))
        INTO there USING split_part(key, ':', 2)::bigint;
    END IF;
    IF NOT there THEN
      RAISE EXCEPTION USING
        ERRCODE = 'foreign_key_violation',
        MESSAGE = format('%L is no fact in force', key),
        DETAIL = 'A consequence rests on facts that can be looked up.',
        HINT = 'Write keys as table:id, with a table of fact_table: fraud_case:17.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'facts';
    END IF;
  END LOOP;

  IF NEW.assessment IS NOT NULL THEN
    SELECT a.rubric, a.as_of, a.known_at, u.unit, u.total, u.vetoed, r.id AS revised_by INTO result
    FROM @registry@.assessment AS a
    LEFT JOIN @registry@.assessment_unit AS u ON u.assessment = a.id AND u.unit = NEW.unit
    LEFT JOIN @registry@.assessment AS r ON r.revises = a.id AND r.published_on <= NEW.decided_on
    WHERE a.id = NEW.assessment;
    IF FOUND AND result.unit IS NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'foreign_key_violation',
        MESSAGE = format('assessment %s has no result of unit %L', NEW.assessment, NEW.unit),
        HINT = 'Cite an assessment in which the unit was judged, or the facts.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'assessment';
    ELSIF result.revised_by IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('assessment %s was revised before %s', NEW.assessment, to_char(NEW.decided_on, 'YYYY-MM-DD')),
        DETAIL = format('Assessment %s took its place.', result.revised_by),
        HINT = 'Rest the consequence on that one.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'assessment';
    ELSIF NEW.rubric <> result.rubric OR NEW.as_of <> result.as_of OR NEW.known_at <> result.known_at OR NEW.total <> result.total OR NEW.vetoed <> result.vetoed THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('that is not the sealed result of unit %L', NEW.unit),
        DETAIL = format('In assessment %s it is %s points%s, under %L as of %s.', NEW.assessment, result.total, CASE WHEN result.vetoed THEN ', vetoed' ELSE '' END, result.rubric, to_char(result.as_of, 'YYYY-MM-DD')),
        HINT = 'Leave rubric, as_of, known_at, total and vetoed out.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'assessment';
    END IF;
    NEW.rubric := result.rubric;
    NEW.as_of := result.as_of;
    NEW.known_at := result.known_at;
    NEW.total := result.total;
    NEW.vetoed := result.vetoed;
  ELSIF NEW.rubric IS NOT NULL THEN
    IF NEW.as_of IS NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'not_null_violation',
        MESSAGE = 'a consequence that rests on a score must say as of which day',
        HINT = 'Give as_of; known_at, total and vetoed are worked out.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'as_of';
    END IF;
    NEW.known_at := coalesce(NEW.known_at, now());
    SELECT antifraud.total(c.card, c.doc) AS total, antifraud.vetoed(c.card, c.doc) AS vetoed INTO result
    FROM (SELECT @registry@.card_of(NEW.unit, NEW.rubric, NEW.as_of, NEW.known_at) AS card, @registry@.rubric_for(NEW.unit, NEW.rubric, NEW.as_of, NEW.known_at) AS doc OFFSET 0) AS c;
    IF NEW.total <> result.total OR NEW.vetoed <> result.vetoed THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('the result of unit %L is not %s points%s', NEW.unit, coalesce(NEW.total, result.total), CASE WHEN NEW.vetoed THEN ', vetoed' ELSE '' END),
        DETAIL = format('Under %L as of %s, as known at %s, it is %s points%s.', NEW.rubric, NEW.as_of, NEW.known_at, result.total, CASE WHEN result.vetoed THEN ', vetoed' ELSE '' END),
        HINT = 'Leave total and vetoed out, or correct as_of and known_at.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'total';
    END IF;
    NEW.total := result.total;
    NEW.vetoed := result.vetoed;
  END IF;

  IF NEW.rubric IS NOT NULL AND NEW.points IS NOT NULL THEN
    SELECT string_agg(DISTINCT format('%s to %s', b ->> 'points', b ->> 'points_max'), ', ') INTO ranges
    FROM @registry@.rubric_rule AS r
    CROSS JOIN LATERAL jsonb_array_elements(r.rule::jsonb -> 'bands') AS b
    WHERE r.rubric = NEW.rubric AND b ->> 'effect' = 'deduct' AND (b ->> 'points_max')::numeric > (b ->> 'points')::numeric
    HAVING NOT bool_or(NEW.points BETWEEN (b ->> 'points')::numeric AND (b ->> 'points_max')::numeric);
    IF ranges IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('%s points cannot be decided under rubric %L', NEW.points, NEW.rubric),
        DETAIL = format('At discretion it allows %s.', ranges),
        HINT = 'Decide on points within the range.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'points';
    END IF;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_consequence() IS 'Trigger: a consequence is for whom its kind is meant, rests on facts in force, and states the result that it rests on as it was, or as it was sealed; points stay within the range that the rubric leaves.';
CREATE TRIGGER consequence_1_check BEFORE INSERT ON @registry@.consequence
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_consequence();

-- A consequence is not undone by a revision: somebody decides.
CREATE VIEW @registry@.consequence_revised WITH (security_invoker = true) AS
SELECT c.id AS consequence, c.unit, c.region, c.kind, c.decided_on, c.assessment, c.total, c.vetoed, r.id AS revised_by, n.total AS revised_total, n.vetoed AS revised_vetoed
FROM @registry@.consequence AS c
JOIN @registry@.assessment AS a ON a.id = c.assessment
JOIN @registry@.assessment AS r ON r.rubric = a.rubric AND r.as_of = a.as_of AND r.id > a.id
 AND NOT EXISTS (SELECT FROM @registry@.assessment AS later WHERE later.revises = r.id)
LEFT JOIN @registry@.assessment_unit AS n ON n.assessment = r.id AND n.unit = c.unit
WHERE c.voided_at IS NULL AND (n.total = c.total AND n.vetoed = c.vetoed) IS NOT TRUE;
COMMENT ON VIEW @registry@.consequence_revised IS 'Consequences in force that rest on a published result which has been revised since, and was another one then. Whether they stand is for whoever decided.';
SELECT @registry@.comment_columns('{consequence_revised}', '{consequence,unit,region,kind,decided_on,assessment,total,vetoed,revised_by,revised_total,revised_vetoed}',
  ARRAY['The consequence.', 'The unit.', 'Its region.', 'What it is; see consequence_kind.', 'Day of the decision.', 'The assessment that it rests on.', 'Points in that.', 'Whether that was vetoed.', 'The revision in force.',
        'Points in the revision; null: the unit is not in it.', 'Whether that is vetoed.']);
