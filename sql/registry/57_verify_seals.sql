-- Verification of what was sealed, and views to read it by.

CREATE FUNCTION @registry@.verify_seals(noted_assessment bigint DEFAULT NULL, noted_digest text DEFAULT NULL)
RETURNS TABLE (assessment bigint, rubric text, as_of date, ok boolean, wrong text[], units_checked bigint, units bigint)
STABLE ROWS 20
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $body$
#variable_conflict use_column
DECLARE
  number bigint;
  last bigint;
  head @registry@.assessment;
  before text := repeat('0', 64);
  known boolean := true;
  unable text;
  rows_checked bigint;
  parted text[];
  -- of a reader in a scope not every unit can be checked
  partly boolean := row_security_active(format('%I.assessment_unit', @registry_literal@));
BEGIN
  IF (noted_assessment IS NULL) <> (noted_digest IS NULL) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'a noted seal is a number and a digest',
      HINT = 'Pass both, as they were printed, or neither.';
  END IF;
  SELECT greatest(max(a.id), noted_assessment) INTO last FROM @registry@.assessment AS a;
  -- rows can lie under any number, also one that no seal could have
  FOR number IN
    SELECT s.id FROM generate_series(1, last) AS s (id)
    UNION SELECT u.assessment FROM @registry@.assessment_unit AS u WHERE u.assessment NOT BETWEEN 1 AND coalesce(last, 0)
    UNION SELECT r.assessment FROM @registry@.assessment_rank AS r WHERE r.assessment NOT BETWEEN 1 AND coalesce(last, 0)
    UNION SELECT i.assessment FROM @registry@.assessment_item AS i WHERE i.assessment NOT BETWEEN 1 AND coalesce(last, 0)
    UNION SELECT f.assessment FROM @registry@.assessment_fact AS f WHERE f.assessment NOT BETWEEN 1 AND coalesce(last, 0)
    ORDER BY 1
  LOOP
    assessment := number;
    wrong := '{}';
    SELECT a.* INTO head FROM @registry@.assessment AS a WHERE a.id = number;
    rubric := head.rubric;
    as_of := head.as_of;
    units := head.units;
    units_checked := 0;
    IF head.id IS NULL THEN
      wrong := ARRAY[format('assessment %s is missing', number)];
      known := false;
    ELSE
      unable := NULL;
      BEGIN
        PERFORM @registry@.digest_of('', head.algorithm);
      EXCEPTION WHEN OTHERS THEN
        unable := SQLERRM;
      END;
      IF unable IS NOT NULL THEN
        wrong := ARRAY['it cannot be computed here: ' || unable];
        ok := false;
        before := head.digest;
        known := true;
        RETURN NEXT;
        CONTINUE;
      END IF;
      IF @registry@.digest_of(@registry@.sealed_head(head) || chr(10), head.algorithm) <> head.digest THEN
        wrong := wrong || 'the head was changed'::text;
      END IF;
      IF NOT known THEN
        wrong := wrong || format('what it follows, assessment %s, is missing', number - 1);
      ELSIF head.previous_digest <> before THEN
        wrong := wrong || CASE WHEN number = 1 THEN 'it follows something that is not there' ELSE format('it does not follow assessment %s as that is now', number - 1) END;
      END IF;
      IF NOT partly THEN
        IF coalesce(@registry@.digest_of(@registry@.sealed_results(number), head.algorithm) <> head.results_digest, true) THEN
          wrong := wrong || 'units were added, removed or sealed anew'::text;
        END IF;
        IF (SELECT count(*) FROM @registry@.assessment_unit AS u WHERE u.assessment = number) <> head.units THEN
          wrong := wrong || format('%s units instead of %s', (SELECT count(*) FROM @registry@.assessment_unit AS u WHERE u.assessment = number), head.units);
        END IF;
      END IF;
      IF NOT EXISTS (SELECT FROM @registry@.rubric_edition AS e WHERE e.code = head.rubric AND e.doc = head.rubric_text::antifraud.rubric) THEN
        wrong := wrong || format('rubric %L is not the one that it was sealed under', head.rubric);
      END IF;
      before := head.digest;
      known := true;
    END IF;
    SELECT count(*), coalesce(sum(c.rows), 0), wrong || coalesce(array_agg(format('rows of unit %L were changed, added or removed', c.unit) ORDER BY c.unit) FILTER (WHERE NOT c.same), '{}')
      INTO units_checked, rows_checked, wrong
      -- sealed_content(), written out: called for each unit, it would be a query of its own
      FROM (SELECT u.unit, l.lines - 1 AS rows, coalesce(@registry@.digest_of(l.content, coalesce(head.algorithm, 'sha256')) = u.digest, false)
              -- the region of a part is that of the unit; it decides who sees the row
              AND NOT EXISTS (SELECT FROM @registry@.assessment_rank AS r WHERE r.assessment = u.assessment AND r.unit = u.unit AND r.region <> u.region)
              AND NOT EXISTS (SELECT FROM @registry@.assessment_item AS i WHERE i.assessment = u.assessment AND i.unit = u.unit AND i.region <> u.region)
              AND NOT EXISTS (SELECT FROM @registry@.assessment_fact AS f WHERE f.assessment = u.assessment AND f.unit = u.unit AND f.region <> u.region) AS same
            FROM @registry@.assessment_unit AS u
            CROSS JOIN LATERAL (
              SELECT string_agg(l.line || E'\n', '' ORDER BY CASE l.part WHEN 'unit' THEN 1 WHEN 'rank' THEN 2 WHEN 'item' THEN 3 ELSE 4 END, l.place) AS content, count(*) AS lines
              FROM @registry@.sealed_lines(u.assessment, u.unit) AS l OFFSET 0
            ) AS l
            WHERE u.assessment = number) AS c;
    -- no more rows than were read with their units: then none lies apart
    IF rows_checked = (SELECT count(*) FROM @registry@.assessment_rank AS r WHERE r.assessment = number)
                    + (SELECT count(*) FROM @registry@.assessment_item AS i WHERE i.assessment = number)
                    + (SELECT count(*) FROM @registry@.assessment_fact AS f WHERE f.assessment = number) THEN
      parted := '{}';
    ELSE
      parted := ARRAY(
        SELECT format('table "%s" has rows of unit %L, which has no result', x.name, x.unit)
        FROM (
          SELECT DISTINCT 'assessment_rank'::text, r.unit FROM @registry@.assessment_rank AS r WHERE r.assessment = number
          UNION SELECT 'assessment_item', i.unit FROM @registry@.assessment_item AS i WHERE i.assessment = number
          UNION SELECT 'assessment_fact', f.unit FROM @registry@.assessment_fact AS f WHERE f.assessment = number) AS x (name, unit)
        WHERE NOT EXISTS (SELECT FROM @registry@.assessment_unit AS u WHERE u.assessment = number AND u.unit = x.unit)
        ORDER BY 1);
    END IF;
    wrong := wrong || parted;
    IF number = noted_assessment AND head.digest IS DISTINCT FROM lower(noted_digest) THEN
      wrong := wrong || format('its digest is not the noted one, %s', noted_digest);
    END IF;
    ok := wrong = '{}';
    RETURN NEXT;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.verify_seals(bigint, text) IS 'Compute every seal again: a row an assessment, with what is wrong: rows changed, added or removed, a changed head or rubric, a broken chain, gaps. Whoever owns the tables could write the whole chain anew: pass the number and digest of a seal that was printed, to find that too. A reader in a scope checks the heads and the units that it sees.';

CREATE VIEW @registry@.assessment_state WITH (security_invoker = true) AS
SELECT a.id AS assessment, a.rubric, a.title, a.as_of, a.known_at, a.published_on, a.published_by, a.objections_until, a.document_no, a.programme, a.units,
       a.revises, a.reason, r.id AS revised_by, r.id IS NULL AS in_force, a.algorithm, a.digest, a.previous_digest, a.undated, a.sealed_at, a.sealed_by
FROM @registry@.assessment AS a
LEFT JOIN @registry@.assessment AS r ON r.revises = a.id;
COMMENT ON VIEW @registry@.assessment_state IS 'Published results and their revisions: which of them are in force.';
SELECT @registry@.comment_columns('{assessment_state}', '{assessment,rubric,title,as_of,known_at,published_on,published_by,objections_until,document_no,programme,units,revises,reason,revised_by,in_force,algorithm,digest,previous_digest,undated,sealed_at,sealed_by}',
  ARRAY['Number of the seal.', 'The rubric.', 'Title.', 'The day at whose end units were judged.', 'The moment as of whose knowledge.', 'Day of publication.', 'Who published it.', 'Last day for objections; null: the calendar did not reach so far.', 'Number of the document.',
        'The programme; null: none in particular.', 'Units judged.', 'The assessment that it revises; null: none.', 'Why it was revised.', 'The revision that took its place; null: none.', 'Whether it was not revised.',
        'sha256 or sm3.', 'The seal.', 'The seal before; zeros for the first.', 'Sources that do not say when their facts were recorded.', 'When it was sealed.', 'The account that did.']);

CREATE VIEW @registry@.sealed_score WITH (security_invoker = true) AS
SELECT a.id AS assessment, a.rubric, a.as_of, a.published_on, u.rank, u.unit, u.name, u.kind, u.region, u.total, u.low, u.high, u.vetoed, a.title, a.revises, r.id IS NULL AS in_force, u.digest
FROM @registry@.assessment AS a
JOIN @registry@.assessment_unit AS u ON u.assessment = a.id
LEFT JOIN @registry@.assessment AS r ON r.revises = a.id;
COMMENT ON VIEW @registry@.sealed_score IS 'The published result of each unit, as it was published; in_force leaves out what was revised.';
SELECT @registry@.comment_columns('{sealed_score}', '{assessment,rubric,as_of,published_on,rank,unit,name,kind,region,total,low,high,vetoed,title,revises,in_force,digest}',
  ARRAY['The assessment.', 'The rubric.', 'The day at whose end it was judged.', 'Day of publication.', 'Rank among all units; ties share it.', 'The unit.', 'Its name then.', 'Its kind then.', 'Its region then.',
        'Points; the low end where something was undecided.', 'Points at the worst.', 'Points at the best.', 'Whether a veto disqualified it.', 'Title of the assessment.', 'The assessment that it revises; null: none.', 'Whether it was not revised.',
        'Digest of the rows of the unit.']);

CREATE VIEW @registry@.sealed_item WITH (security_invoker = true) AS
SELECT i.assessment, a.rubric, a.as_of, i.unit, i.region, i.section, i.item, i.title, i.points, i.rule, i.rule_text, i.clause, i.reading, i.measure, i.facts, i.quantity, i.raw, i.deducted, i.overflow, i.added,
       i.state, i.decision, i.fact_keys, r.id IS NULL AS in_force
FROM @registry@.assessment_item AS i
JOIN @registry@.assessment AS a ON a.id = i.assessment
LEFT JOIN @registry@.assessment AS r ON r.revises = a.id;
COMMENT ON VIEW @registry@.sealed_item IS 'The published result of each unit, rule by rule, with the keys of the facts that it rests on; in_force leaves out what was revised.';
SELECT @registry@.comment_columns('{sealed_item}', '{assessment,rubric,as_of,unit,region,section,item,title,points,rule,rule_text,clause,reading,measure,facts,quantity,raw,deducted,overflow,added,state,decision,fact_keys,in_force}',
  ARRAY['The assessment.', 'The rubric.', 'The day at whose end it was judged.', 'The unit.', 'Its region then.', 'Section.', 'Number of the item.', 'Its title.', 'Its points.', 'Place of the rule within the item.', 'The rule.', 'Place in the official document, and what it says.', 'Which reading was taken.',
        'What was counted.', 'How many facts.', 'Sum of their quantities.', 'Points before caps.', 'Points deducted.', 'Points beyond the item.', 'Points added.', 'scored, open, pending, review, not_measured or waived.', 'The decision in force; null: none.',
        'Keys of the facts that the rule looked at, as table:id.', 'Whether it was not revised.']);

CREATE FUNCTION @registry@.sealed_differences(assessment bigint)
RETURNS TABLE (unit text, name text, sealed numeric, now_total numeric, difference numeric, sealed_vetoed boolean, now_vetoed boolean)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  SELECT u.unit, u.name, u.total AS sealed, s.total AS now_total, s.total - u.total AS difference, u.vetoed AS sealed_vetoed, s.vetoed AS now_vetoed
  FROM @registry@.assessment AS a
  JOIN @registry@.assessment_unit AS u ON u.assessment = a.id
  LEFT JOIN LATERAL @registry@.scores(a.rubric, a.as_of) AS s ON s.unit = u.unit
  WHERE a.id = $1 AND (s.unit IS NULL OR s.total <> u.total OR s.vetoed <> u.vetoed);
END;
COMMENT ON FUNCTION @registry@.sealed_differences(bigint) IS 'Units whose published result is not what the same rubric and day give by what is known now. Nothing follows by itself: an objection, or the office, brings a revision about.';
