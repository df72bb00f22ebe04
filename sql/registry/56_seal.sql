-- Sealing: the canonical form of published rows, their digests, and the chain.
-- doc/sealing.md has the form for those who recompute it elsewhere.

-- The escapes of COPY's text format, so that a line has no tab and no line
-- feed of its own.
CREATE FUNCTION @registry@.sealed_field(value text) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE(replace(replace(replace(replace($1, E'\\', E'\\\\'), E'\t', E'\\t'), E'\n', E'\\n'), E'\r', E'\\r'), E'\\N');
COMMENT ON FUNCTION @registry@.sealed_field(text) IS 'A text as the canonical form writes it: backslash, tab, line feed and carriage return as \\, \t, \n and \r, null as \N.';

-- The output of numbers, days and times does not depend on settings here.
-- to_char() gives years before the first like those after it, and nothing for
-- infinity: both are said, so that no other value is written alike.
CREATE FUNCTION @registry@.sealed_field(value numeric) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE(trim_scale($1)::text, E'\\N');
COMMENT ON FUNCTION @registry@.sealed_field(numeric) IS 'A number as the canonical form writes it: without zeros at the end, null as \N.';

CREATE FUNCTION @registry@.sealed_field(value date) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE(CASE WHEN isfinite($1) THEN to_char($1::timestamp, 'YYYY-MM-DD') || CASE WHEN $1 < '0001-01-01' THEN ' BC' ELSE '' END ELSE $1::text END, E'\\N');
COMMENT ON FUNCTION @registry@.sealed_field(date) IS 'A day as the canonical form writes it: 2023-12-31, with BC after it before the year 1, infinity, null as \N.';

CREATE FUNCTION @registry@.sealed_field(value timestamptz) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE(CASE WHEN isfinite($1) THEN to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || CASE WHEN $1 < '0001-01-01 00:00:00+00' THEN ' BC' ELSE '' END ELSE $1::text END, E'\\N');
COMMENT ON FUNCTION @registry@.sealed_field(timestamptz) IS 'A time as the canonical form writes it: in UTC with microseconds, 2023-12-31T16:00:00.000000Z, with BC after it before the year 1, infinity, null as \N.';

CREATE FUNCTION @registry@.sealed_field(value boolean) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE $1 WHEN true THEN 't' WHEN false THEN 'f' ELSE E'\\N' END;
COMMENT ON FUNCTION @registry@.sealed_field(boolean) IS 'A yes or no as the canonical form writes it: t or f, null as \N.';

-- SM3 is not in pg_catalog; pgcrypto is called where the database has it.
CREATE FUNCTION @registry@.digest_of(content text, algorithm text) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  home text;
  digested bytea;
BEGIN
  IF algorithm = 'sha256' THEN
    RETURN encode(sha256(convert_to(content, 'UTF8')), 'hex');
  ELSIF algorithm IS DISTINCT FROM 'sm3' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('there is no digest algorithm %s', coalesce(quote_literal(algorithm), 'NULL')),
      HINT = 'Use sha256 or sm3.';
  END IF;
  SELECT n.nspname INTO home FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto';
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = 'the digest algorithm sm3 is not available',
      DETAIL = 'The extension pgcrypto is not installed in this database.',
      HINT = 'CREATE EXTENSION pgcrypto; its digest() has sm3 where the server''s OpenSSL does.';
  END IF;
  EXECUTE format('SELECT %I.digest($1, ''sm3''::text)', home) INTO digested USING convert_to(content, 'UTF8');
  RETURN encode(digested, 'hex');
END
$body$;
COMMENT ON FUNCTION @registry@.digest_of(text, text) IS 'The digest of a text in UTF-8, as 64 hexadecimal digits. algorithm: sha256, or sm3 through pgcrypto.';

-- The lines of the canonical form, each to be ended by a line feed. Sorted by
-- bytes, whatever the collation of the database. antifraud.sealed_line() writes
-- each value as sealed_field() does.
CREATE FUNCTION @registry@.sealed_head(head @registry@.assessment) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN concat_ws(E'\t', 'assessment', ($1).id::text, @registry@.sealed_field(($1).rubric), @registry@.sealed_field(($1).rubric_text), @registry@.sealed_field(($1).as_of),
  @registry@.sealed_field(($1).known_at), @registry@.sealed_field(($1).title), @registry@.sealed_field(($1).document_no), @registry@.sealed_field(($1).programme),
  @registry@.sealed_field(($1).published_on), @registry@.sealed_field(($1).published_by), @registry@.sealed_field(($1).objections_until), COALESCE(($1).revises::text, E'\\N'), @registry@.sealed_field(($1).reason),
  @registry@.sealed_field(to_jsonb(($1).undated)::text), ($1).units::text, ($1).algorithm, ($1).results_digest, ($1).previous_digest,
  @registry@.sealed_field(($1).sealed_at), @registry@.sealed_field(($1).sealed_by));
COMMENT ON FUNCTION @registry@.sealed_head(@registry@.assessment) IS 'The canonical line of the head of an assessment: all its columns but the digest.';

CREATE FUNCTION @registry@.sealed_lines(assessment bigint, unit text) RETURNS TABLE (part text, place bigint, line text)
STABLE PARALLEL SAFE ROWS 200
LANGUAGE sql
BEGIN ATOMIC
  SELECT 'unit'::text AS part, 1::bigint AS place,
         antifraud.sealed_line('unit'::text, u.unit, u.region::text, u.name, u.kind, u.rank, u.total, u.low, u.high, u.vetoed) || E'\t' || @registry@.sealed_field(u.known_at)
           || E'\t' || antifraud.sealed_line(u.decisions::text, u.card) AS line
  FROM @registry@.assessment_unit AS u WHERE u.assessment = $1 AND u.unit = $2
  UNION ALL
  SELECT 'rank'::text AS part, row_number() OVER (ORDER BY r.cohort COLLATE "C") AS place,
         antifraud.sealed_line('rank'::text, r.cohort, r.rank, r.of_units, r.medal) AS line
  FROM @registry@.assessment_rank AS r WHERE r.assessment = $1 AND r.unit = $2
  UNION ALL
  SELECT 'item'::text AS part, row_number() OVER (ORDER BY i.item COLLATE "C", i.rule) AS place,
         antifraud.sealed_line('item'::text, i.item, i.rule, i.section, i.title, i.points, i.measure, i.clause, i.rule_text, i.reading, i.facts, i.quantity,
           i.raw, i.deducted, i.overflow, i.added, i.state, i.decision, to_jsonb(i.fact_keys)::text) AS line
  FROM @registry@.assessment_item AS i WHERE i.assessment = $1 AND i.unit = $2
  UNION ALL
  SELECT 'fact'::text AS part, f.place::bigint AS place,
         antifraud.sealed_line('fact'::text, f.place, f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key) AS line
  FROM @registry@.assessment_fact AS f WHERE f.assessment = $1 AND f.unit = $2;
END;
COMMENT ON FUNCTION @registry@.sealed_lines(bigint, text) IS 'The canonical lines of the result of a unit. In the order unit, rank, item, fact, each by place, and each ended by a line feed, they are what assessment_unit.digest digests.';

CREATE FUNCTION @registry@.sealed_content(assessment bigint, unit text) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (SELECT string_agg(l.line || E'\n', '' ORDER BY CASE l.part WHEN 'unit' THEN 1 WHEN 'rank' THEN 2 WHEN 'item' THEN 3 ELSE 4 END, l.place) FROM @registry@.sealed_lines($1, $2) AS l);
COMMENT ON FUNCTION @registry@.sealed_content(bigint, text) IS 'What the digest of a unit in an assessment is made from.';

CREATE FUNCTION @registry@.sealed_content(assessment bigint) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (SELECT @registry@.sealed_head(a) || E'\n' FROM @registry@.assessment AS a WHERE a.id = $1);
COMMENT ON FUNCTION @registry@.sealed_content(bigint) IS 'What the digest of an assessment is made from: the line of its head.';

CREATE FUNCTION @registry@.sealed_results(assessment bigint) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (SELECT string_agg(@registry@.sealed_field(u.unit) || E'\t' || COALESCE(u.digest, E'\\N') || E'\n', '' ORDER BY u.unit COLLATE "C") FROM @registry@.assessment_unit AS u WHERE u.assessment = $1);
COMMENT ON FUNCTION @registry@.sealed_results(bigint) IS 'What assessment.results_digest is made from: each unit and its digest, a line each.';

-- ---------------------------------------------------------------- sealing
CREATE FUNCTION @registry@.write_seal(rubric text, as_of date, title text, published_by text, document_no text, published_on date, programme text, algorithm text,
                                      revises bigint, reason text, rejudged text[]) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET jit = off
AS $body$
DECLARE
  edition_doc antifraud.rubric := @registry@.published_rubric(write_seal.rubric);
  doc antifraud.rubric;
  edition @registry@.rubric_edition;
  head @registry@.assessment;
  before @registry@.assessment;
  term @registry@.objection_term;
  of_rubric text;
  measures text[];
  compared text[];
  judged_units text[];
  first_day date;
  last_day date;
  first_compared date;
  wrong text;
BEGIN
  IF as_of IS NULL OR NOT isfinite(as_of) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('results cannot be sealed as of %s', coalesce(as_of::text, 'NULL')),
      HINT = 'Pass the day at whose end units are judged; for a period that is over, a day after its last.';
  ELSIF row_security_active(format('%I.unit', @registry_literal@)) THEN
    -- who does not see every unit would seal a part as the whole
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('role %I cannot seal results: it does not see every unit', current_user),
      DETAIL = 'Row security limits what it sees.',
      HINT = 'Seal as the owner of the registry, or as a role that bypasses row security.';
  END IF;
  SELECT e.* INTO edition FROM @registry@.rubric_edition AS e WHERE e.code = write_seal.rubric;
  doc := antifraud.with_as_of(edition_doc, as_of);
  measures := ARRAY(SELECT r.measure FROM @registry@.rubric_rule AS r WHERE r.rubric = write_seal.rubric);
  compared := ARRAY(SELECT r.measure FROM @registry@.rubric_rule AS r WHERE r.rubric = write_seal.rubric AND r.rule::text ~ 'baseline|change');
  first_day := edition.period_from;
  last_day := least(edition.period_to, as_of);
  IF EXISTS (SELECT FROM @registry@.rubric_rule AS r WHERE r.rubric = write_seal.rubric AND r.counted_over = 'year') THEN
    first_day := least(first_day, date_trunc('year', edition.period_to::timestamp)::date);
    last_day := least(make_date(extract(year FROM edition.period_to)::integer, 12, 31), as_of);
  END IF;
  first_compared := (first_day - make_interval(years => CASE edition.baseline WHEN 'last_year' THEN 1 WHEN 'mean_3_years' THEN 3 ELSE 0 END))::date;
  -- a derived edition is ranked in the cohorts of the one that it comes from
  of_rubric := CASE WHEN EXISTS (SELECT FROM @registry@.cohort AS c WHERE c.rubric = edition.code) THEN edition.code ELSE edition.derived_from END;

  PERFORM @registry@.lock_seals();
  SELECT a.* INTO before FROM @registry@.assessment AS a ORDER BY a.id DESC LIMIT 1;
  SELECT format('assessment %s (%s)', a.id, a.title) INTO wrong FROM @registry@.assessment AS a
    WHERE a.rubric = write_seal.rubric AND a.as_of = write_seal.as_of AND write_seal.revises IS NULL
    ORDER BY a.id DESC LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('rubric %L as of %s is sealed already', write_seal.rubric, to_char(as_of, 'YYYY-MM-DD')),
      DETAIL = format('It is %s.', wrong),
      HINT = 'A correction is an entry: revise_assessment() makes a revision.';
  END IF;
  head.id := coalesce(before.id, 0) + 1;
  head.rubric := write_seal.rubric;
  head.rubric_text := edition_doc::text;
  head.as_of := write_seal.as_of;
  -- in milliseconds, which every client keeps, and no moment twice
  head.known_at := greatest(date_trunc('milliseconds', clock_timestamp()), before.known_at + interval '1 millisecond');
  head.title := write_seal.title;
  head.document_no := write_seal.document_no;
  head.programme := write_seal.programme;
  head.published_on := coalesce(write_seal.published_on, (now() AT TIME ZONE 'Asia/Shanghai')::date);
  head.published_by := write_seal.published_by;
  term := @registry@.term_of_objection(write_seal.rubric, write_seal.programme);
  head.objections_until := @registry@.term_end(head.published_on, term.file_within, term.working_days);
  head.revises := write_seal.revises;
  head.reason := write_seal.reason;
  head.algorithm := write_seal.algorithm;
  head.previous_digest := coalesce(before.digest, repeat('0', 64));
  head.sealed_at := now();
  head.sealed_by := current_user;

  IF EXISTS (SELECT FROM @registry@.assessment_unit AS u WHERE u.assessment = head.id) OR EXISTS (SELECT FROM @registry@.assessment_rank AS r WHERE r.assessment = head.id)
     OR EXISTS (SELECT FROM @registry@.assessment_item AS i WHERE i.assessment = head.id) OR EXISTS (SELECT FROM @registry@.assessment_fact AS f WHERE f.assessment = head.id) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'data_corrupted',
      MESSAGE = format('there are rows under number %s, which is not sealed yet', head.id),
      DETAIL = 'Somebody wrote them with triggers switched off, or took a seal away.',
      HINT = 'verify_seals() names them. Nothing is sealed on top of them.';
  END IF;

  -- nothing can conflict now but what this snapshot does not see: then ON
  -- CONFLICT makes it a serialization failure, which clients repeat
  judged_units := coalesce(rejudged, ARRAY(
    SELECT u.code FROM @registry@.unit AS u JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed WHERE u.active));
  -- what the engine would count, and nothing else
  INSERT INTO @registry@.assessment_fact (assessment, unit, region, place, measure, occurred_on, quantity, base, amount, source_table, source_key)
    SELECT head.id, f.unit, u.region,
           row_number() OVER (PARTITION BY f.unit ORDER BY f.measure COLLATE "C", f.occurred_on, f.source_table COLLATE "C", length(f.source_key), f.source_key COLLATE "C", f.quantity, f.base, f.amount),
           f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
    FROM @registry@.facts_from_scratch() AS f
    JOIN @registry@.unit AS u ON u.code = f.unit
    WHERE f.measure = ANY (measures) AND f.voided_at IS NULL AND f.unit = ANY (judged_units)
      AND f.occurred_on BETWEEN CASE WHEN f.measure = ANY (compared) THEN first_compared ELSE first_day END AND last_day
    ON CONFLICT DO NOTHING;
  WITH counted AS MATERIALIZED (
    SELECT f.unit, antifraud.tally(doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
    FROM @registry@.assessment_fact AS f WHERE f.assessment = head.id GROUP BY f.unit
  ), judged AS MATERIALIZED (
    SELECT u.code, u.region, u.name, u.kind, head.known_at AS known_at, d.decisions, coalesce(c.card, antifraud.scorecard(doc)) AS card,
           CASE WHEN d.decisions IS NULL THEN doc ELSE antifraud.with_decisions(doc, d.decisions) END AS doc
    FROM @registry@.unit AS u
    LEFT JOIN counted AS c ON c.unit = u.code
    LEFT JOIN @registry@.decisions_under(write_seal.rubric) AS d ON d.unit = u.code
    WHERE u.code = ANY (judged_units)
  ), result AS MATERIALIZED (
    SELECT j.code, j.region, j.name, j.kind, j.known_at, j.decisions, j.card::text AS card,
           antifraud.total(j.card, j.doc) AS total, lower(r.range) AS low, upper(r.range) AS high, antifraud.vetoed(j.card, j.doc) AS vetoed
    FROM judged AS j CROSS JOIN LATERAL (SELECT antifraud.total_range(j.card, j.doc) AS range OFFSET 0) AS r
    UNION ALL
    SELECT o.unit, o.region, o.name, o.kind, o.known_at, o.decisions, o.card, o.total, o.low, o.high, o.vetoed
    FROM @registry@.assessment_unit AS o
    WHERE o.assessment = write_seal.revises AND o.unit <> ALL (rejudged)
  ), keyed AS MATERIALIZED (
    SELECT f.unit, f.measure, w.of_year, array_agg(concat(f.source_table, ':', f.source_key) ORDER BY f.place) AS keys
    FROM @registry@.assessment_fact AS f
    JOIN (VALUES (false, edition.period_from, edition.period_to),
                 (true, date_trunc('year', edition.period_to::timestamp)::date, make_date(extract(year FROM edition.period_to)::integer, 12, 31))) AS w (of_year, first_day, last_day)
      ON f.occurred_on BETWEEN w.first_day AND w.last_day
    WHERE f.assessment = head.id
    GROUP BY f.unit, f.measure, w.of_year
  ), items AS (
    INSERT INTO @registry@.assessment_item (assessment, unit, region, item, rule, section, title, points, measure, clause, rule_text, reading,
                                            facts, quantity, raw, deducted, overflow, added, state, decision, fact_keys)
      SELECT head.id, j.code, j.region, b.item_no, b.rule_no, b.section, b.item, b.points, b.measure, r.clause, b.rule, coalesce(x.reading, r.reading),
             b.facts, b.quantity, coalesce(b.raw, 0), coalesce(b.deducted, 0), coalesce(b.overflow, 0), coalesce(b.added, 0), b.state, x.id, coalesce(y.keys, '{}')
      FROM judged AS j
      CROSS JOIN LATERAL (
        SELECT l.*, row_number() OVER (PARTITION BY l.item_no ORDER BY l.ordinality)::integer AS rule_no
        FROM antifraud.breakdown(j.card, j.doc) WITH ORDINALITY AS l) AS b
      LEFT JOIN @registry@.rubric_rule AS r ON r.rubric = write_seal.rubric AND r.item = b.item_no AND r.ordinal = b.rule_no
      LEFT JOIN @registry@.decision AS x ON x.unit = j.code AND x.rubric = write_seal.rubric AND x.item = b.item_no AND x.rule = b.rule_no AND x.voided_at IS NULL
      LEFT JOIN keyed AS y ON y.unit = j.code AND y.measure = b.measure AND y.of_year = (r.counted_over = 'year')
      ON CONFLICT DO NOTHING
  ), cohorts AS (
    INSERT INTO @registry@.assessment_rank (assessment, unit, region, cohort, rank, of_units, medal)
      SELECT head.id, s.code, s.region, s.cohort, s.rank, s.of_units,
             CASE WHEN s.vetoed THEN NULL WHEN s.rank <= s.gold THEN 'gold' WHEN s.rank <= s.gold + s.silver THEN 'silver' WHEN s.rank <= s.gold + s.silver + s.bronze THEN 'bronze' END
      FROM (
        SELECT r.code, r.region, r.vetoed, c.code AS cohort, c.gold, c.silver, c.bronze,
               rank() OVER (PARTITION BY c.code ORDER BY r.vetoed, r.total DESC) AS rank, count(*) OVER (PARTITION BY c.code) AS of_units
        FROM result AS r
        JOIN @registry@.unit AS u ON u.code = r.code
        JOIN @registry@.cohort AS c ON c.rubric = of_rubric
         AND (c.unit_kinds IS NULL OR u.kind = ANY (c.unit_kinds)) AND (c.setting IS NULL OR c.setting = u.setting)
         AND (c.zone IS NULL OR c.zone = u.zone) AND (c.region IS NULL OR u.region OPERATOR(antifraud.<@) c.region)) AS s
      ON CONFLICT DO NOTHING
  )
  INSERT INTO @registry@.assessment_unit (assessment, unit, region, name, kind, rank, total, low, high, vetoed, known_at, decisions, card)
    SELECT head.id, r.code, r.region, r.name, r.kind, rank() OVER (ORDER BY r.vetoed, r.total DESC), r.total, r.low, r.high, r.vetoed, r.known_at, r.decisions, r.card
    FROM result AS r
    ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS head.units = ROW_COUNT;
  IF rejudged IS NOT NULL THEN
    INSERT INTO @registry@.assessment_item (assessment, unit, region, item, rule, section, title, points, measure, clause, rule_text, reading,
                                            facts, quantity, raw, deducted, overflow, added, state, decision, fact_keys)
      SELECT head.id, i.unit, i.region, i.item, i.rule, i.section, i.title, i.points, i.measure, i.clause, i.rule_text, i.reading,
             i.facts, i.quantity, i.raw, i.deducted, i.overflow, i.added, i.state, i.decision, i.fact_keys
      FROM @registry@.assessment_item AS i WHERE i.assessment = write_seal.revises AND i.unit <> ALL (rejudged);
    INSERT INTO @registry@.assessment_fact (assessment, unit, region, place, measure, occurred_on, quantity, base, amount, source_table, source_key)
      SELECT head.id, f.unit, f.region, f.place, f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
      FROM @registry@.assessment_fact AS f WHERE f.assessment = write_seal.revises AND f.unit <> ALL (rejudged);
  END IF;
  IF head.units = 0 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no unit to judge under rubric %L', write_seal.rubric),
      HINT = 'The table unit has no active unit of a kind that is assessed.';
  END IF;
  head.undated := ARRAY(SELECT u.measure || ' ' || u.source_table FROM @registry@.undated_sources(write_seal.rubric) AS u);

  UPDATE @registry@.assessment_unit AS u SET digest = @registry@.digest_of(@registry@.sealed_content(u.assessment, u.unit), head.algorithm) WHERE u.assessment = head.id;
  head.results_digest := @registry@.digest_of(@registry@.sealed_results(head.id), head.algorithm);
  head.digest := @registry@.digest_of(@registry@.sealed_head(head) || chr(10), head.algorithm);
  INSERT INTO @registry@.assessment SELECT head.* ON CONFLICT DO NOTHING;
  RETURN head.id;
END
$body$;
COMMENT ON FUNCTION @registry@.write_seal(text, date, text, text, text, date, text, text, bigint, text, text[]) IS 'Judge, write and seal. For seal_assessment() and revise_assessment().';

CREATE FUNCTION @registry@.seal_assessment(rubric text, as_of date, title text, published_by text, document_no text DEFAULT NULL, published_on date DEFAULT NULL,
                                           programme text DEFAULT NULL, algorithm text DEFAULT 'sha256') RETURNS bigint
LANGUAGE sql
RETURN @registry@.write_seal($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL);
COMMENT ON FUNCTION @registry@.seal_assessment(text, date, text, text, text, date, text, text) IS 'Publish the results of all units under a rubric as of a day, and seal them: totals, ranks, items and facts, with a digest chained to the seal before. published_on: today in China if left out; algorithm: sha256 or sm3. Gives the number of the assessment.';

CREATE FUNCTION @registry@.revise_assessment(assessment bigint, reason text, published_by text, document_no text DEFAULT NULL, published_on date DEFAULT NULL,
                                             units text[] DEFAULT NULL, title text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  old @registry@.assessment;
  later bigint;
  unknown text;
BEGIN
  PERFORM @registry@.lock_seals();
  SELECT a.* INTO old FROM @registry@.assessment AS a WHERE a.id = revise_assessment.assessment;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no assessment %s', coalesce(revise_assessment.assessment::text, 'NULL')),
      HINT = 'The view assessment_state lists them.';
  ELSIF coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('assessment %s cannot be revised without a reason', old.id),
      HINT = 'Say why.';
  END IF;
  SELECT a.id INTO later FROM @registry@.assessment AS a WHERE a.revises = old.id;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('assessment %s has been revised already', old.id),
      DETAIL = format('Assessment %s took its place.', later),
      HINT = 'Revise that one.';
  END IF;
  SELECT string_agg(coalesce(quote_literal(n.code), 'NULL'), ', ' ORDER BY n.code) INTO unknown FROM unnest(units) AS n (code)
    WHERE NOT EXISTS (SELECT FROM @registry@.assessment_unit AS u WHERE u.assessment = old.id AND u.unit = n.code);
  IF unknown IS NOT NULL OR units = '{}' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('assessment %s has no unit %s', old.id, coalesce(unknown, '(none was named)')),
      HINT = 'Name units of the assessment, or NULL to judge all anew.';
  END IF;
  RETURN @registry@.write_seal(old.rubric, old.as_of, coalesce(revise_assessment.title, old.title), revise_assessment.published_by, revise_assessment.document_no,
                               revise_assessment.published_on, old.programme, old.algorithm, old.id, revise_assessment.reason, units);
END
$body$;
COMMENT ON FUNCTION @registry@.revise_assessment(bigint, text, text, text, date, text[], text) IS 'Reopen a published result: judge all its units anew, or some (the others keep what they had, and are ranked with them), by what is known now, and seal that as a revision with the reason. Gives its number.';
