-- Objections: their time limits, filing and answering them.

-- The first day does not count (Civil Code, art. 201), and a limit in calendar
-- days that ends on a day off ends on the next working day (art. 203).
CREATE FUNCTION @registry@.term_end(from_day date, days integer, working_days boolean) RETURNS date
STABLE PARALLEL SAFE STRICT
LANGUAGE sql
BEGIN ATOMIC
  SELECT min(d.day)
  FROM (
    SELECT n.day, w.works, count(*) FILTER (WHERE w.works) OVER o AS nth, bool_or(w.works IS NULL) OVER o AS unknown
    FROM (SELECT @registry@.office_calendar() AS calendar OFFSET 0) AS c
    -- no stretch of days off is as long as that
    CROSS JOIN LATERAL (SELECT $1 + g.n AS day FROM generate_series(CASE WHEN $3 THEN 1 ELSE $2 END, CASE WHEN $3 THEN 2 * $2 ELSE $2 END + 30) AS g (n)) AS n
    CROSS JOIN LATERAL (SELECT CASE WHEN $3 THEN antifraud.is_working_day(c.calendar, n.day) ELSE COALESCE(antifraud.is_working_day(c.calendar, n.day), true) END AS works) AS w
    WINDOW o AS (ORDER BY n.day)
  ) AS d
  WHERE d.works AND NOT d.unknown AND (NOT $3 OR d.nth = $2);
END;
COMMENT ON FUNCTION @registry@.term_end(date, integer, boolean) IS 'The last day of a time limit of so many days, or working days by the calendar of the office, that begins with the day after from_day; in calendar days, a day off at the end is passed over where the calendar knows it. Null: working days that the calendar does not cover.';

CREATE FUNCTION @registry@.term_of_objection(rubric text, programme text) RETURNS @registry@.objection_term
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT t.rubric, t.programme, t.file_within, t.answer_within, t.working_days, t.basis
  FROM @registry@.objection_term AS t
  WHERE (t.rubric IS NULL OR t.rubric = $1) AND (t.programme IS NULL OR t.programme = $2)
  ORDER BY t.rubric IS NULL, t.programme IS NULL
  LIMIT 1;
END;
COMMENT ON FUNCTION @registry@.term_of_objection(text, text) IS 'The time limits of objections to results under a rubric and of a programme (null: of none): those of the rubric, else of the programme, else the general ones.';

CREATE FUNCTION @registry@.check_objection() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  about record;
  term @registry@.objection_term;
BEGIN
  SELECT a.rubric, a.programme, a.published_on, a.objections_until, r.id AS revised_by INTO about
  FROM @registry@.assessment AS a LEFT JOIN @registry@.assessment AS r ON r.revises = a.id
  WHERE a.id = NEW.assessment;
  IF NOT FOUND THEN
    RETURN NEW;                 -- the foreign key says so
  END IF;
  term := @registry@.term_of_objection(about.rubric, about.programme);
  NEW.file_until := about.objections_until;
  NEW.answer_until := @registry@.term_end(NEW.filed_on, term.answer_within, term.working_days);
  IF about.revised_by IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('assessment %s is no longer in force', NEW.assessment),
      DETAIL = format('Assessment %s took its place.', about.revised_by),
      HINT = 'Object to that one.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'assessment';
  ELSIF NEW.filed_on < about.published_on THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('an objection filed on %s cannot be to assessment %s', to_char(NEW.filed_on, 'YYYY-MM-DD'), NEW.assessment),
      DETAIL = format('It was published on %s.', to_char(about.published_on, 'YYYY-MM-DD')),
      HINT = 'Correct the day, or the number of the assessment.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'filed_on';
  ELSIF NEW.filed_on > NEW.file_until AND NEW.late_reason IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('the time for objections to assessment %s ended on %s', NEW.assessment, to_char(NEW.file_until, 'YYYY-MM-DD')),
      DETAIL = format('It was published on %s, and the objection filed on %s.', to_char(about.published_on, 'YYYY-MM-DD'), to_char(NEW.filed_on, 'YYYY-MM-DD')),
      HINT = 'To take it all the same, say why in late_reason.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'filed_on';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_objection() IS 'Trigger: sets the time limits of an objection; refuses one that is too late without a reason, and one to a result that was revised.';
CREATE TRIGGER objection_1_check BEFORE INSERT ON @registry@.objection
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_objection();

CREATE FUNCTION @registry@.check_objection_answer() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  about record;
  corrects boolean;
  key text;
  there boolean;
BEGIN
  SELECT o.unit, o.filed_on, o.voided_at, a.rubric, u.known_at INTO about
  FROM @registry@.objection AS o
  JOIN @registry@.assessment AS a ON a.id = o.assessment
  JOIN @registry@.assessment_unit AS u ON u.assessment = o.assessment AND u.unit = o.unit
  WHERE o.id = NEW.objection;
  IF NOT FOUND THEN
    RETURN NEW;                 -- the foreign key says so
  END IF;
  SELECT k.corrects INTO corrects FROM @registry@.objection_outcome AS k WHERE k.code = NEW.outcome;
  IF about.voided_at IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('objection %s was voided', NEW.objection),
      HINT = 'Answer the one that took its place.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'objection';
  ELSIF NEW.answered_on < about.filed_on THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('objection %s cannot be answered on %s', NEW.objection, to_char(NEW.answered_on, 'YYYY-MM-DD')),
      DETAIL = format('It was filed on %s.', to_char(about.filed_on, 'YYYY-MM-DD')),
      HINT = 'Correct the day.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'answered_on';
  ELSIF corrects <> (NEW.decision IS NOT NULL OR NEW.facts <> '{}') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format(CASE WHEN corrects THEN 'an answer %L must name what puts the result right' ELSE 'an answer %L puts nothing right' END, NEW.outcome),
      DETAIL = 'A correction is an entry: a decision on the rule, or facts that are voided or added.',
      HINT = CASE WHEN corrects THEN 'Enter it first, then name it in decision or facts.' ELSE 'Leave decision and facts out.' END,
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'outcome';
  ELSIF NEW.decision IS NOT NULL AND NOT EXISTS (
    SELECT FROM @registry@.decision AS d
    WHERE d.id = NEW.decision AND d.unit = about.unit AND d.rubric = about.rubric AND (d.voided_at IS NULL AND d.recorded_at > about.known_at OR d.voided_at > about.known_at)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('decision %s does not put the result of unit %L right', NEW.decision, about.unit),
      DETAIL = 'It is about another unit or rubric, or was in force when the result was sealed.',
      HINT = 'Name a decision that was entered or voided since.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'decision';
  END IF;
  FOREACH key IN ARRAY NEW.facts LOOP
    there := false;
    IF key ~ '^[a-z][a-z0-9_]*:[0-9]{1,18}$' AND EXISTS (SELECT FROM @registry@.fact_table AS t WHERE t.name = split_part(key, ':', 1)) THEN
      EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I AS f WHERE f.id = $1 AND coalesce(f.voided_at, f.recorded_at) > $2)', @registry_literal@, split_part(key, ':', 1))
        INTO there USING split_part(key, ':', 2)::bigint, about.known_at;
    END IF;
    IF NOT there THEN
      RAISE EXCEPTION USING
        ERRCODE = 'foreign_key_violation',
        MESSAGE = format('%L is no fact that was entered or voided since the result was sealed', key),
        HINT = 'Write keys as table:id, with a table of fact_table: fraud_case:17. Correct the fact first.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'facts';
    END IF;
  END LOOP;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_objection_answer() IS 'Trigger: an objection that is upheld names the decision or the facts that were entered or voided since the result was sealed; one that is not names none.';
CREATE TRIGGER objection_answer_1_check BEFORE INSERT ON @registry@.objection_answer
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_objection_answer();

CREATE FUNCTION @registry@.file_objection(assessment bigint, unit text, claim text, filed_by text, filed_on date, item text DEFAULT NULL, rule integer DEFAULT NULL,
                                          evidence text DEFAULT NULL, late_reason text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  entered bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM @registry@.assessment_unit AS u WHERE u.assessment = file_objection.assessment AND u.unit = file_objection.unit) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('assessment %s has no result of unit %s', coalesce(file_objection.assessment::text, 'NULL'), coalesce(quote_literal(file_objection.unit), 'NULL')),
      HINT = 'The view sealed_score lists them.';
  ELSIF file_objection.item IS NOT NULL AND NOT EXISTS (
    SELECT FROM @registry@.assessment_item AS i
    WHERE i.assessment = file_objection.assessment AND i.unit = file_objection.unit AND i.item = file_objection.item AND i.rule = coalesce(file_objection.rule, 1)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('assessment %s has no rule %s of item %L', file_objection.assessment, coalesce(file_objection.rule, 1), file_objection.item),
      HINT = 'The view sealed_item lists them.';
  END IF;
  INSERT INTO @registry@.objection (assessment, unit, item, rule, claim, evidence, filed_on, filed_by, late_reason)
    VALUES (file_objection.assessment, file_objection.unit, file_objection.item, CASE WHEN file_objection.item IS NOT NULL THEN coalesce(file_objection.rule, 1) ELSE file_objection.rule END,
            file_objection.claim, file_objection.evidence, file_objection.filed_on, file_objection.filed_by, file_objection.late_reason)
    RETURNING id INTO entered;
  RETURN entered;
END
$body$;
COMMENT ON FUNCTION @registry@.file_objection(bigint, text, text, text, date, text, integer, text, text) IS 'Object to the published result of a unit, or to one item of it (rule: 1 if left out). Refused after the time limit, unless late_reason says why it is taken. Gives the id of the objection.';

CREATE FUNCTION @registry@.answer_objection(objection bigint, outcome text, answered_by text, reasons text, answered_on date, decision bigint DEFAULT NULL,
                                            facts text[] DEFAULT '{}', document_no text DEFAULT NULL) RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO @registry@.objection_answer (objection, outcome, answered_by, reasons, answered_on, decision, facts, document_no)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING objection_answer.id;
END;
COMMENT ON FUNCTION @registry@.answer_objection(bigint, text, text, text, date, bigint, text[], text) IS 'Answer an objection, with the reasons. One that is upheld names the decision or the facts (table:id) that were entered or voided to put it right; then revise_assessment() publishes the result anew. Gives the id of the answer.';

CREATE FUNCTION @registry@.objections_at(as_of date)
RETURNS TABLE (objection bigint, assessment bigint, unit text, region antifraud.region, item text, rule integer, claim text, filed_on date, file_until date, late boolean,
               answer_until date, answered_on date, outcome text, revised_by bigint, state text, days_overdue integer)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE sql
BEGIN ATOMIC
  SELECT o.id AS objection, o.assessment, o.unit, o.region, o.item, o.rule, o.claim, o.filed_on, o.file_until, COALESCE(o.filed_on > o.file_until, false) AS late,
         o.answer_until, a.answered_on, a.outcome, r.id AS revised_by,
         CASE WHEN a.id IS NULL THEN CASE WHEN $1 > o.answer_until THEN 'overdue' ELSE 'open' END
              WHEN k.corrects THEN CASE WHEN r.id IS NULL THEN 'to_revise' ELSE 'revised' END
              ELSE 'closed' END AS state,
         GREATEST(COALESCE(a.answered_on, $1) - o.answer_until, 0) AS days_overdue
  FROM @registry@.objection AS o
  LEFT JOIN @registry@.objection_answer AS a ON a.objection = o.id AND a.voided_at IS NULL AND a.answered_on <= $1
  LEFT JOIN @registry@.objection_outcome AS k ON k.code = a.outcome
  LEFT JOIN @registry@.assessment AS x ON x.id = o.assessment
  -- a result in which this unit was judged since the answer
  LEFT JOIN LATERAL (
    SELECT min(l.id) AS id
    FROM @registry@.assessment AS l JOIN @registry@.assessment_unit AS u ON u.assessment = l.id AND u.unit = o.unit
    WHERE k.corrects AND l.rubric = x.rubric AND l.as_of = x.as_of AND l.revises IS NOT NULL AND u.known_at > a.recorded_at AND l.published_on <= $1
  ) AS r ON true
  WHERE o.voided_at IS NULL AND o.filed_on <= $1;
END;
COMMENT ON FUNCTION @registry@.objections_at(date) IS 'Objections as they stand on a day: open, overdue (not answered in time), to_revise (upheld, and the result not yet revised), revised, closed.';

CREATE VIEW @registry@.objection_state WITH (security_invoker = true) AS
SELECT s.objection, s.assessment, s.unit, s.region, s.item, s.rule, s.claim, s.filed_on, s.file_until, s.late, s.answer_until, s.answered_on, s.outcome, s.revised_by, s.state, s.days_overdue, l.day AS as_of
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.objections_at(l.day) AS s;
COMMENT ON VIEW @registry@.objection_state IS 'Objections as of list_day().';
SELECT @registry@.comment_columns('{objection_state}', '{objection,assessment,unit,region,item,rule,claim,filed_on,file_until,late,answer_until,answered_on,outcome,revised_by,state,days_overdue,as_of}',
  ARRAY['The objection.', 'The assessment.', 'The unit.', 'Its region.', 'The item; null: the result as a whole.', 'The rule.', 'What it objects to.', 'Day of filing.', 'Last day for filing; null: the calendar does not reach so far.', 'Whether it was filed later.',
        'Last day for the answer; null: the calendar does not reach so far.', 'Day of the answer; null: none yet.', 'The answer; see objection_outcome.', 'The revision that took it up.', 'open, overdue, to_revise, revised or closed.',
        'Days by which the answer is, or was, late.', 'The day.']);
