-- A published rubric does not change: results rest on it.

CREATE FUNCTION @registry@.guard_rubric_part() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  touched text;
  touched_status text;
BEGIN
  -- both sides of an update, so that a rule cannot be moved out either
  FOREACH touched IN ARRAY CASE TG_OP
    WHEN 'INSERT' THEN ARRAY[NEW.rubric]
    WHEN 'DELETE' THEN ARRAY[OLD.rubric]
    ELSE ARRAY[OLD.rubric, NEW.rubric] END
  LOOP
    -- The lock makes publishing wait for this edit, and this edit for
    -- publishing.
    SELECT e.status INTO touched_status FROM @registry@.rubric_edition AS e WHERE e.code = touched FOR NO KEY UPDATE;
    IF touched_status <> 'draft' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('rubric %L is %s and cannot be changed', touched, touched_status),
        DETAIL = format('%s on table "%s" was refused: scores rest on its sections, items and rules as they are.', TG_OP, TG_TABLE_NAME),
        HINT = 'Make a new draft with derive_rubric(), change that and publish it.';
    END IF;
    -- The mark makes a publisher under REPEATABLE READ, who does not see this
    -- edit, fail instead of compiling what was there before.
    UPDATE @registry@.rubric_edition AS e SET edited_at = clock_timestamp() WHERE e.code = touched;
  END LOOP;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_rubric_part() IS 'Trigger: sections, items and rules change only while their edition is a draft.';

CREATE TRIGGER rubric_section_guard BEFORE INSERT OR UPDATE OR DELETE ON @registry@.rubric_section
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_rubric_part();
CREATE TRIGGER rubric_item_guard BEFORE INSERT OR UPDATE OR DELETE ON @registry@.rubric_item
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_rubric_part();
CREATE TRIGGER rubric_rule_guard BEFORE INSERT OR UPDATE OR DELETE ON @registry@.rubric_rule
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_rubric_part();

CREATE TRIGGER rubric_question_guard BEFORE INSERT OR UPDATE OR DELETE ON @registry@.rubric_question
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_rubric_part();

CREATE FUNCTION @registry@.stamp_answer() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF NEW.answer IS NULL THEN
    NEW.answered_by := NULL;
    NEW.answered_at := NULL;
  ELSIF NEW.answer IS DISTINCT FROM OLD.answer THEN
    NEW.answered_by := current_user;
    NEW.answered_at := now();
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.stamp_answer() IS 'Trigger: says who answered a question, and when.';
CREATE TRIGGER rubric_question_stamp BEFORE UPDATE ON @registry@.rubric_question
  FOR EACH ROW EXECUTE FUNCTION @registry@.stamp_answer();

-- What is still to be decided. A measure is decided where it is used.
CREATE VIEW @registry@.open_question WITH (security_invoker = true) AS
  SELECT q.rubric, q.no, q.asks, q.item, q.ordinal, r.rule::text AS rule, q.words, k.label_zh AS question_zh, k.label_en AS question_en, q.suggestion, q.starts, q.ends
  FROM @registry@.rubric_question AS q
  JOIN @registry@.question_kind AS k ON k.code OPERATOR(pg_catalog.=) q.asks
  LEFT JOIN @registry@.rubric_rule AS r
    ON r.rubric OPERATOR(pg_catalog.=) q.rubric AND r.item OPERATOR(pg_catalog.=) q.item AND r.ordinal OPERATOR(pg_catalog.=) q.ordinal
  WHERE CASE WHEN q.asks OPERATOR(pg_catalog.=) 'measure' THEN r.rule IS NOT NULL AND r.measure IS NULL ELSE q.answer IS NULL END;
COMMENT ON VIEW @registry@.open_question IS 'Questions of imported drafts that nobody has answered yet, with the rule as it stands; publish_rubric() refuses while there are any.';
COMMENT ON COLUMN @registry@.open_question.rubric IS 'The draft.';
COMMENT ON COLUMN @registry@.open_question.no IS 'Number of the question.';
COMMENT ON COLUMN @registry@.open_question.asks IS 'Kind of question.';
COMMENT ON COLUMN @registry@.open_question.item IS 'The item that it is about; null: the whole.';
COMMENT ON COLUMN @registry@.open_question.ordinal IS 'The rule within the item; null: the item.';
COMMENT ON COLUMN @registry@.open_question.rule IS 'The rule as it stands in the draft.';
COMMENT ON COLUMN @registry@.open_question.words IS 'The words of the document, or the figures that do not agree.';
COMMENT ON COLUMN @registry@.open_question.question_zh IS 'What is asked, in Chinese.';
COMMENT ON COLUMN @registry@.open_question.question_en IS 'What is asked, in English.';
COMMENT ON COLUMN @registry@.open_question.suggestion IS 'The rule that another answer would give, where there is one.';
COMMENT ON COLUMN @registry@.open_question.starts IS 'First character of the words in the document, from 1.';
COMMENT ON COLUMN @registry@.open_question.ends IS 'Last character of the words in the document, included.';

-- The document of an edition, from its rows. Sections and items come in
-- their places, and the rows of the tables say nothing that is not in it.
CREATE FUNCTION @registry@.rubric_document(code text) RETURNS jsonb
STABLE PARALLEL SAFE STRICT
LANGUAGE sql
BEGIN ATOMIC
  SELECT pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'code', e.code, 'edition', e.edition, 'title', e.title, 'total', pg_catalog.trim_scale(e.total),
    'period', pg_catalog.jsonb_build_array(e.period_from, e.period_to),
    'baseline', e.baseline, 'baseline_from', e.baseline_from,
    'sections', (
      SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
        'title', s.title, 'points', pg_catalog.trim_scale(s.points),
        'items', (
          SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'no', i.no, 'title', i.title, 'points', pg_catalog.trim_scale(i.points), 'overflow', i.overflow, 'combine', i.combine,
            'rules', (
              SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'measure', r.measure, 'rule', r.rule::text, 'required', r.required, 'window', r.counted_over,
                'clause', r.clause, 'reading', r.reading) ORDER BY r.ordinal), '[]')
              FROM @registry@.rubric_rule AS r WHERE r.rubric = i.rubric AND r.item = i.no)) ORDER BY i.place), '[]')
          FROM @registry@.rubric_item AS i WHERE i.rubric = s.rubric AND i.section = s.no)) ORDER BY s.no), '[]')
      FROM @registry@.rubric_section AS s WHERE s.rubric = e.code)))
  FROM @registry@.rubric_edition AS e WHERE e.code = rubric_document.code;
END;
COMMENT ON FUNCTION @registry@.rubric_document(text) IS 'The JSON document of an edition, draft or published, as its rows say it; null for an unknown one.';

CREATE FUNCTION @registry@.guard_rubric_edition() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  gap record;
  asked record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('rubric %L cannot begin as %s', NEW.code, NEW.status),
        DETAIL = 'An edition begins as a draft without sections.',
        HINT = 'Insert it as a draft, add its sections, items and rules, then call publish_rubric().';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status = 'draft' THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    ELSIF NEW.status = 'draft' THEN
      RETURN NEW;
    END IF;
    IF NEW.code <> OLD.code THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('rubric %L cannot be renamed to %L while it is published', OLD.code, NEW.code),
        HINT = 'Rename it first.';
    END IF;
    SELECT r.item, r.ordinal, r.expected INTO gap
      FROM (SELECT item, ordinal, row_number() OVER (PARTITION BY item ORDER BY ordinal) AS expected
            FROM @registry@.rubric_rule WHERE rubric = NEW.code) AS r
      WHERE r.ordinal <> r.expected ORDER BY r.item, r.ordinal LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('item %L of rubric %L has a rule %s but no rule %s', gap.item, NEW.code, gap.ordinal, gap.expected),
        DETAIL = 'Decisions and explanations find a rule by its place within the item.',
        HINT = 'Number the rules of each item 1, 2, 3 in the column ordinal.';
    END IF;
    SELECT r.item, r.ordinal INTO gap FROM @registry@.rubric_rule AS r
      WHERE r.rubric = NEW.code AND r.measure IS NULL ORDER BY r.item, r.ordinal LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('rule %s of item %L of rubric %L has no measure', gap.ordinal, gap.item, NEW.code),
        DETAIL = 'What a clause counts is for a person to say.',
        HINT = 'Name it in the column measure of rubric_rule; the table measure lists the codes.';
    END IF;
    SELECT q.no, q.asks, q.question_en, q.words, count(*) OVER () AS open INTO asked FROM @registry@.open_question AS q
      WHERE q.rubric = NEW.code ORDER BY q.no LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('rubric %L has %s open %s', NEW.code, asked.open, CASE asked.open WHEN 1 THEN 'question' ELSE 'questions' END),
        DETAIL = format('Question %s (%s): %s%s.', asked.no, asked.asks, asked.question_en, coalesce(': ' || asked.words, '')),
        HINT = 'The view open_question lists them; correct the draft where needed, and write what was decided to the column answer of rubric_question.';
    END IF;
    -- columns that this same statement changes count as it leaves them
    NEW.doc := (jsonb_strip_nulls(@registry@.rubric_document(NEW.code) || jsonb_build_object(
        'edition', NEW.edition, 'title', NEW.title, 'total', NEW.total,
        'period', jsonb_build_array(NEW.period_from, NEW.period_to),
        'baseline', NEW.baseline, 'baseline_from', NEW.baseline_from)))::text::antifraud.rubric;
    NEW.published_at := now();
    NEW.published_by := coalesce(NEW.published_by, current_user);
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE'
     AND (NEW.status = OLD.status OR (OLD.status = 'published' AND NEW.status = 'retired'))
     AND to_jsonb(NEW) - '{status,listed}'::text[] = to_jsonb(OLD) - '{status,listed}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'object_not_in_prerequisite_state',
    MESSAGE = format('rubric %L is %s and cannot be %s', OLD.code, OLD.status, CASE TG_OP WHEN 'DELETE' THEN 'deleted' ELSE 'changed' END),
    DETAIL = 'Scores rest on it as it is; only "listed" may change, and "status" from published to retired.',
    HINT = 'Make a new draft with derive_rubric(), change that and publish it.';
END
$body$;
COMMENT ON FUNCTION @registry@.guard_rubric_edition() IS 'Trigger: compiles an edition when it is published, and refuses changes afterwards.';

CREATE TRIGGER rubric_edition_guard BEFORE INSERT OR UPDATE OR DELETE ON @registry@.rubric_edition
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_rubric_edition();

CREATE FUNCTION @registry@.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'object_not_in_prerequisite_state',
    MESSAGE = format('table "%s" cannot be truncated', TG_TABLE_NAME),
    DETAIL = 'Scores rest on published rubrics.',
    HINT = 'Delete the drafts that are not needed.';
END
$body$;
COMMENT ON FUNCTION @registry@.refuse_truncate() IS 'Trigger: refuses to empty the tables of rubrics.';
CREATE TRIGGER rubric_edition_truncate BEFORE TRUNCATE ON @registry@.rubric_edition FOR EACH STATEMENT EXECUTE FUNCTION @registry@.refuse_truncate();
CREATE TRIGGER rubric_section_truncate BEFORE TRUNCATE ON @registry@.rubric_section FOR EACH STATEMENT EXECUTE FUNCTION @registry@.refuse_truncate();
CREATE TRIGGER rubric_item_truncate BEFORE TRUNCATE ON @registry@.rubric_item FOR EACH STATEMENT EXECUTE FUNCTION @registry@.refuse_truncate();
CREATE TRIGGER rubric_rule_truncate BEFORE TRUNCATE ON @registry@.rubric_rule FOR EACH STATEMENT EXECUTE FUNCTION @registry@.refuse_truncate();
CREATE TRIGGER rubric_question_truncate BEFORE TRUNCATE ON @registry@.rubric_question FOR EACH STATEMENT EXECUTE FUNCTION @registry@.refuse_truncate();
