-- What a consequence must say before it is entered.

-- Facts without a unit of their own are of the unit of what they are about.
CREATE FUNCTION @registry@.cited_fact(key text, OUT in_force boolean, OUT unit text, OUT day date)
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  relation regclass;
  about regclass;
  days text;
  link record;
  found_at text;
  found_by text;
BEGIN
  in_force := false;
  IF key !~ '^[a-z][a-z0-9_]*:[0-9]{1,18}$' OR NOT EXISTS (SELECT FROM @registry@.fact_table AS t WHERE t.name = split_part(key, ':', 1)) THEN
    RETURN;
  END IF;
  relation := format('%I.%I', @registry_literal@, split_part(key, ':', 1))::regclass;
  found_by := format('f.id = %L', split_part(key, ':', 2));
  -- the first day that a row must have is that of the fact; a title is of the day of its award
  SELECT CASE a.atttypid WHEN 'date'::regtype THEN format('f.%I', a.attname) ELSE format('(f.%I AT TIME ZONE ''Asia/Shanghai'')::date', a.attname) END INTO days
  FROM pg_attribute AS a
  WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND a.atttypid = ANY ('{date,timestamptz}'::regtype[])
    AND a.attname <> ALL ('{recorded_at,period_from,period_to}')
  ORDER BY a.attnum LIMIT 1;
  EXECUTE format('SELECT true, %s FROM %s AS f WHERE %s AND f.voided_at IS NULL', coalesce(days, 'NULL::date'), relation, found_by) INTO in_force, day;
  in_force := coalesce(in_force, false);

  about := relation;
  WHILE in_force AND found_by IS NOT NULL LOOP
    IF EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = about AND a.attname = 'unit' AND NOT a.attisdropped) THEN
      EXECUTE format('SELECT f.unit FROM %s AS f WHERE %s', about, found_by) INTO unit;
      EXIT WHEN unit IS NOT NULL;
    END IF;
    relation := about;
    found_at := found_by;
    found_by := NULL;
    FOR link IN
      SELECT c.confrelid::regclass AS relation, a.attname, k.attname AS key
      FROM pg_constraint AS c
      JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      JOIN pg_attribute AS k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1]
      JOIN pg_class AS r ON r.oid = c.confrelid AND r.relnamespace = @registry_literal@::regnamespace
      WHERE c.contype = 'f' AND c.conrelid = relation AND cardinality(c.conkey) = 1 AND c.confrelid <> relation
        AND (r.relname = ANY ('{person,contact_group,duty}') OR EXISTS (SELECT FROM @registry@.fact_table AS t WHERE t.name = r.relname))
      ORDER BY r.relname = 'duty', c.conkey
    LOOP
      EXECUTE format('SELECT format(''f.%I = %%L'', f.%I) FROM %s AS f WHERE %s AND f.%I IS NOT NULL', link.key, link.attname, relation, found_at, link.attname) INTO found_by;
      about := link.relation;
      EXIT WHEN found_by IS NOT NULL;
    END LOOP;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.cited_fact(text) IS 'What a key (table:id) cites: whether it is a fact in force, the unit that it is of (that of its alert, its den or its person, where the table names none; null: of none), and its day in China (null: it has none).';

CREATE FUNCTION @registry@.check_consequence() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  of_kind @registry@.consequence_kind;
  key text;
  cited record;
  review @registry@.case_review;
  result record;
  ranges text;
BEGIN
  -- of an unknown unit there is nothing to check: the next trigger, or the foreign key, says so
  IF NOT EXISTS (SELECT FROM @registry@.unit AS u WHERE u.code = NEW.unit) THEN
    RETURN NEW;
  END IF;
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
  ELSIF NEW.decision IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.decision AS d WHERE d.id = NEW.decision AND d.unit = NEW.unit AND d.points = NEW.points AND d.decided_on <= NEW.decided_on AND d.voided_at IS NULL) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('decision %s does not say %s points for unit %L', NEW.decision, coalesce(NEW.points::text, 'NULL'), NEW.unit),
      HINT = 'Cite the decision in force about this unit, with the same points, that was there on the day.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'decision';
  END IF;

  IF NEW.case_review IS NOT NULL THEN
    SELECT r.* INTO review FROM @registry@.case_review AS r WHERE r.id = NEW.case_review;
  END IF;

  FOREACH key IN ARRAY NEW.facts || ('certificate:' || NEW.certificate) || ('case_review:' || NEW.case_review) LOOP
    CONTINUE WHEN key IS NULL;
    cited := @registry@.cited_fact(key);
    IF NOT cited.in_force THEN
      RAISE EXCEPTION USING
        ERRCODE = 'foreign_key_violation',
        MESSAGE = format('%L is no fact in force', key),
        DETAIL = 'A consequence rests on facts that can be looked up.',
        HINT = 'Write keys as table:id, with a table of fact_table: fraud_case:17.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'facts';
    ELSIF cited.day > NEW.decided_on THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('a consequence decided on %s cannot rest on %L', to_char(NEW.decided_on, 'YYYY-MM-DD'), key),
        DETAIL = format('That is of %s, which is later.', to_char(cited.day, 'YYYY-MM-DD')),
        HINT = 'Cite what was there on the day of the decision, or correct decided_on.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'facts';
    -- who reviewed a department may name the case, which is of another unit
    ELSIF NOT EXISTS (
            WITH RECURSIVE up AS (
              SELECT cited.unit AS code
              UNION
              SELECT u.parent FROM up JOIN @registry@.unit AS u ON u.code = up.code AND u.parent IS NOT NULL
            )
            SELECT FROM up JOIN @registry@.unit_above AS a ON a.unit = up.code AND a.above = NEW.unit)
          AND key IS DISTINCT FROM 'fraud_case:' || review.fraud_case THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('a consequence for unit %L cannot rest on %L', NEW.unit, key),
        DETAIL = CASE WHEN cited.unit IS NULL THEN 'That is of no unit.' ELSE format('That is of unit %L.', cited.unit) END,
        HINT = 'Cite what is of the unit itself or of a unit below it, or record the consequence for the other unit.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'facts';
    END IF;
  END LOOP;

  -- That a crime happened is nobody's neglect: qingyuan-2024, 5 (3) traces the
  -- publicity of a department by reviewing the case; other units answer for
  -- what was found of their work (tuohe-2023, 5 (4), template-plan-2, 6 (4)).
  IF NEW.kind = 'accountability' AND (review.publicity_done IS NOT FALSE OR review.officer <> NEW.officer) THEN
    IF EXISTS (SELECT FROM @registry@.unit AS u WHERE u.code = NEW.unit AND u.kind = 'department') THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('department %L is held to account by the double review only', NEW.unit),
        DETAIL = CASE WHEN review.publicity_done THEN format('Review %s found that its publicity had been done.', review.id)
                      WHEN review.officer <> NEW.officer THEN format('Review %s names officer %s, not %s.', review.id, review.officer, NEW.officer)
                      ELSE 'No review of a case is cited.' END,
        HINT = 'Cite in case_review a review of the department that found its publicity not done.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'case_review';
    ELSIF num_nonnulls(NEW.rubric, NEW.assessment, NEW.outside_result) = 0
          AND NOT EXISTS (SELECT FROM unnest(NEW.facts) AS f (key) WHERE split_part(f.key, ':', 1) = ANY ('{finding,rectification,missed}')) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('accountability of unit %L cannot rest on %s alone', NEW.unit,
                         coalesce((SELECT string_agg(quote_literal(k.key), ', ' ORDER BY k.key)
                                   FROM unnest(NEW.facts || ('certificate:' || NEW.certificate) || ('case_review:' || NEW.case_review)) AS k (key)), 'nothing')),
        DETAIL = CASE WHEN review.publicity_done THEN format('Review %s found that its publicity had been done.', review.id)
                      WHEN review.officer <> NEW.officer THEN format('Review %s names officer %s, not %s.', review.id, review.officer, NEW.officer)
                      ELSE 'It does not show what the unit neglected.' END,
        HINT = 'Cite a review of the case that found its publicity not done (case_review), a finding, a rectification, a missed duty, or a result.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'case_review';
    END IF;
  END IF;

  IF NEW.assessment IS NOT NULL THEN
    SELECT a.rubric, a.as_of, a.known_at, a.published_on, u.unit, u.total, u.vetoed, r.id AS revised_by INTO result
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
    ELSIF result.published_on > NEW.decided_on THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('a consequence decided on %s cannot rest on assessment %s', to_char(NEW.decided_on, 'YYYY-MM-DD'), NEW.assessment),
        DETAIL = format('That was published on %s, which is later.', to_char(result.published_on, 'YYYY-MM-DD')),
        HINT = 'Cite what was there on the day of the decision, or correct decided_on.',
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
    ELSIF NEW.as_of > NEW.decided_on THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('a consequence decided on %s cannot rest on a score as of %s', to_char(NEW.decided_on, 'YYYY-MM-DD'), to_char(NEW.as_of, 'YYYY-MM-DD')),
        DETAIL = 'That day was not there yet.',
        HINT = 'Give the day of the decision, or an earlier one, as as_of.',
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
COMMENT ON FUNCTION @registry@.check_consequence() IS 'Trigger: a consequence is for whom its kind is meant, rests on facts in force of its unit or of units below it that are not later than the decision (accountability on what was neglected, that of a department on the double review), and states the result that it rests on as it was, or as it was sealed; points stay within the range that the rubric leaves.';
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
