-- From document to rows, from rows to a compiled rubric, from one edition to
-- the next.

CREATE FUNCTION @registry@.load_rubric(doc text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  document jsonb;
  section jsonb;
  item jsonb;
  section_no integer := 0;
  item_place integer;
  unknown text;
BEGIN
  IF doc IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'a rubric cannot be loaded from NULL',
      HINT = 'Pass the JSON document of the rubric.';
  END IF;
  -- the type checks the document; its output is canonical, so that every key
  -- with a default is dealt with in one place
  document := doc::antifraud.rubric::text::jsonb;
  IF document ?| '{as_of,decisions}'::text[] THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('rubric %L carries an as-of date or decisions', document ->> 'code'),
      DETAIL = 'An edition holds the rules for every unit and every day.',
      HINT = 'Leave out the keys "as_of" and "decisions"; scores() takes the date, and the table decision the decisions.';
  END IF;
  IF EXISTS (SELECT FROM @registry@.rubric_edition AS e WHERE e.code = document ->> 'code') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'unique_violation',
      MESSAGE = format('rubric %L exists already', document ->> 'code'),
      HINT = 'Give the document another code, or delete the draft that has it.';
  END IF;
  SELECT string_agg(DISTINCT quote_literal(r ->> 'measure'), ', ') INTO unknown
    FROM jsonb_path_query(document, '$.sections[*].items[*].rules[*]') AS r
    WHERE NOT EXISTS (SELECT FROM @registry@.measure AS m WHERE m.code = r ->> 'measure');
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('rubric %L uses unknown measures: %s', document ->> 'code', unknown),
      DETAIL = 'A rule on a measure that no table supplies would never deduct anything.',
      HINT = 'Correct the code, or add the measure to the table measure.';
  END IF;

  INSERT INTO @registry@.rubric_edition (code, edition, title, total, period_from, period_to, baseline, baseline_from)
    VALUES (document ->> 'code', document ->> 'edition', document ->> 'title', (document ->> 'total')::numeric,
            (document #>> '{period,0}')::date, (document #>> '{period,1}')::date,
            document ->> 'baseline', (document ->> 'baseline_from')::date);
  FOR section IN SELECT value FROM jsonb_array_elements(document -> 'sections') LOOP
    section_no := section_no + 1;
    INSERT INTO @registry@.rubric_section (rubric, no, title, points)
      VALUES (document ->> 'code', section_no, section ->> 'title', (section ->> 'points')::numeric);
    item_place := 0;
    FOR item IN SELECT value FROM jsonb_array_elements(section -> 'items') LOOP
      item_place := item_place + 1;
      INSERT INTO @registry@.rubric_item (rubric, no, section, place, title, points, overflow, combine)
        VALUES (document ->> 'code', item ->> 'no', section_no, item_place, item ->> 'title', (item ->> 'points')::numeric,
                coalesce(item ->> 'overflow', 'none'), coalesce(item ->> 'combine', 'sum'));
      INSERT INTO @registry@.rubric_rule (rubric, item, ordinal, measure, rule, required, counted_over, clause, reading)
        SELECT document ->> 'code', item ->> 'no', r.ordinality, r.value ->> 'measure', (r.value ->> 'rule')::antifraud.rule,
               (r.value ->> 'required')::numeric, coalesce(r.value ->> 'window', 'period'), r.value ->> 'clause', r.value ->> 'reading'
        FROM jsonb_array_elements(item -> 'rules') WITH ORDINALITY AS r;
    END LOOP;
  END LOOP;
  RETURN document ->> 'code';
END
$body$;
COMMENT ON FUNCTION @registry@.load_rubric(text) IS 'Make a draft from the JSON document of a rubric; gives its code.';

CREATE FUNCTION @registry@.load_rubric(doc jsonb) RETURNS text
LANGUAGE sql
RETURN @registry@.load_rubric(doc::text);
COMMENT ON FUNCTION @registry@.load_rubric(jsonb) IS 'As load_rubric(text). A repeated key is noticed only in text: jsonb has forgotten it.';

CREATE FUNCTION @registry@.unknown_rubric(code text) RETURNS void
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  known text;
BEGIN
  IF code IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'no rubric was named: its code is NULL',
      HINT = 'Pass the code of an edition; the table rubric_edition lists them.';
  END IF;
  SELECT string_agg(quote_literal(e.code) || ' (' || e.status || ')', ', ' ORDER BY e.code) INTO known FROM @registry@.rubric_edition AS e;
  RAISE EXCEPTION USING
    ERRCODE = 'undefined_object',
    MESSAGE = format('rubric %L does not exist', code),
    DETAIL = coalesce('Editions in this registry: ' || known || '.', 'This registry has no editions.'),
    HINT = 'Correct the code, or load the rubric with load_rubric().';
END
$body$;
COMMENT ON FUNCTION @registry@.unknown_rubric(text) IS 'Raises the error for an edition that does not exist, naming those that do.';

CREATE FUNCTION @registry@.publish_rubric(code text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  edition_status text;
BEGIN
  SELECT e.status INTO edition_status FROM @registry@.rubric_edition AS e WHERE e.code = publish_rubric.code FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM @registry@.unknown_rubric(publish_rubric.code);
  END IF;
  IF edition_status <> 'draft' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('rubric %L is %s already', publish_rubric.code, edition_status),
      HINT = 'Make a new draft with derive_rubric(), change that and publish it.';
  END IF;
  UPDATE @registry@.rubric_edition AS e SET status = 'published' WHERE e.code = publish_rubric.code;
END
$body$;
COMMENT ON FUNCTION @registry@.publish_rubric(text) IS 'Compile a draft and put it into force; from then on it does not change.';

CREATE FUNCTION @registry@.published_rubric(code text) RETURNS antifraud.rubric
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  edition_status text;
  edition_doc antifraud.rubric;
BEGIN
  SELECT e.status, e.doc INTO edition_status, edition_doc FROM @registry@.rubric_edition AS e WHERE e.code = published_rubric.code;
  IF NOT FOUND THEN
    PERFORM @registry@.unknown_rubric(published_rubric.code);
  END IF;
  IF edition_status = 'draft' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('rubric %L is a draft', published_rubric.code),
      DETAIL = 'Only a published edition gives scores: a draft may still change.',
      HINT = format('Publish it with publish_rubric(%L).', published_rubric.code);
  END IF;
  RETURN edition_doc;
END
$body$;
COMMENT ON FUNCTION @registry@.published_rubric(text) IS 'The compiled rubric of a published or retired edition; an error for a draft or an unknown one.';

CREATE FUNCTION @registry@.derive_rubric(base text, code text, readings text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  wrong text;
BEGIN
  PERFORM FROM @registry@.rubric_edition AS e WHERE e.code = base;
  IF NOT FOUND THEN
    PERFORM @registry@.unknown_rubric(base);
  END IF;
  IF derive_rubric.code IS NULL OR btrim(derive_rubric.code) = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'the new edition has no code',
      HINT = 'Pass a code that no edition has yet.';
  END IF;
  IF EXISTS (SELECT FROM @registry@.rubric_edition AS e WHERE e.code = derive_rubric.code) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'unique_violation',
      MESSAGE = format('rubric %L exists already', derive_rubric.code),
      HINT = 'Choose another code, or delete the draft that has it.';
  END IF;
  SELECT string_agg(coalesce(quote_literal(n.name), 'NULL'), ', ') INTO wrong
    FROM unnest(derive_rubric.readings) AS n (name)
    WHERE NOT EXISTS (SELECT FROM @registry@.reading AS r WHERE r.rubric = base AND r.name = n.name);
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('rubric %L has no reading %s', base, wrong),
      DETAIL = coalesce((SELECT 'Its readings: ' || string_agg(DISTINCT r.name, ', ') || '.' FROM @registry@.reading AS r WHERE r.rubric = base),
                        'It has no alternative readings.'),
      HINT = 'Choose among the names in the table reading.';
  END IF;
  SELECT format('rule %s of item %s in the same way (%s)', r.ordinal, r.item, string_agg(r.name, ', ' ORDER BY r.name)) INTO wrong
    FROM @registry@.reading AS r
    WHERE r.rubric = base AND r.name = ANY (derive_rubric.readings)
    GROUP BY r.item, r.ordinal
    HAVING count(r.measure) > 1 OR count(r.rule) > 1 OR count(r.counted_over) > 1 OR count(r.overflow) > 1
    ORDER BY r.item, r.ordinal LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('two of the readings change %s', wrong),
      DETAIL = 'Readings go together only where one changes the measure and another the rule, say.',
      HINT = 'Choose one of them.';
  END IF;

  INSERT INTO @registry@.rubric_edition (code, edition, title, total, period_from, period_to, baseline, baseline_from, derived_from, readings, listed)
    SELECT derive_rubric.code, e.edition, e.title, e.total, e.period_from, e.period_to, e.baseline, e.baseline_from, e.code, derive_rubric.readings, e.listed
    FROM @registry@.rubric_edition AS e WHERE e.code = base;
  INSERT INTO @registry@.rubric_section (rubric, no, title, points)
    SELECT derive_rubric.code, s.no, s.title, s.points FROM @registry@.rubric_section AS s WHERE s.rubric = base;
  INSERT INTO @registry@.rubric_item (rubric, no, section, place, title, points, overflow, combine)
    SELECT derive_rubric.code, i.no, i.section, i.place, i.title, i.points,
           coalesce((SELECT max(r.overflow) FROM @registry@.reading AS r
                     WHERE r.rubric = base AND r.item = i.no AND r.name = ANY (derive_rubric.readings)), i.overflow),
           i.combine
    FROM @registry@.rubric_item AS i WHERE i.rubric = base;
  INSERT INTO @registry@.rubric_rule (rubric, item, ordinal, measure, rule, required, counted_over, clause, reading)
    SELECT derive_rubric.code, u.item, u.ordinal, coalesce(r.measure, u.measure), coalesce(r.rule::antifraud.rule, u.rule), u.required,
           coalesce(r.counted_over, u.counted_over), u.clause, coalesce(r.said, u.reading)
    FROM @registry@.rubric_rule AS u
    LEFT JOIN (
      SELECT c.item, c.ordinal, max(c.measure) AS measure, max(c.rule::text) AS rule, max(c.counted_over) AS counted_over,
             string_agg(c.name || ': ' || c.label_zh, '；' ORDER BY c.name) AS said
      FROM @registry@.reading AS c
      WHERE c.rubric = base AND c.name = ANY (derive_rubric.readings)
      GROUP BY c.item, c.ordinal) AS r
      ON r.item = u.item AND r.ordinal = u.ordinal
    WHERE u.rubric = base;
  -- an open question stays open in what is made from the draft
  INSERT INTO @registry@.rubric_question (rubric, no, asks, item, ordinal, words, starts, ends, suggestion, answer, answered_by, answered_at)
    SELECT derive_rubric.code, q.no, q.asks, q.item, q.ordinal, q.words, q.starts, q.ends, q.suggestion, q.answer, q.answered_by, q.answered_at
    FROM @registry@.rubric_question AS q WHERE q.rubric = base;
  INSERT INTO @registry@.reading (rubric, name, item, ordinal, label_zh, label_en, measure, rule, counted_over, overflow)
    SELECT derive_rubric.code, r.name, r.item, r.ordinal, r.label_zh, r.label_en, r.measure, r.rule, r.counted_over, r.overflow
    FROM @registry@.reading AS r
    WHERE r.rubric = base AND r.name <> ALL (derive_rubric.readings);
  RETURN derive_rubric.code;
END
$body$;
COMMENT ON FUNCTION @registry@.derive_rubric(text, text, text[]) IS 'Make a draft from an edition, with the alternative readings named: derive_rubric(''nanma-2023'', ''nanma-2023-net'', ''{net_of_recovery}'').';
