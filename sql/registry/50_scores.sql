-- Scores: facts and a rubric in, a card and its points out.

-- What was decided about a unit, as with_decisions() takes it; null where
-- nothing was. At most one decision on a rule is in force, but looking back
-- two may overlap for a moment (a transaction that began earlier replaced one
-- that a later one withdrew): then the later entry holds.
CREATE FUNCTION @registry@.decisions_under(rubric text, known_at timestamptz DEFAULT NULL) RETURNS TABLE (unit text, decisions jsonb)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT d.unit, pg_catalog.jsonb_agg(pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
           'item', d.item, 'rule', d.rule, 'points', pg_catalog.trim_scale(d.points), 'waived', d.waived, 'reading', d.reading)) ORDER BY d.item, d.rule) AS decisions
  FROM (
    SELECT DISTINCT ON (d.unit, d.item, d.rule) d.unit, d.item, d.rule, d.points, d.waived, d.reading
    FROM @registry@.decision AS d
    WHERE d.rubric = $1 AND NOT EXISTS (SELECT FROM @registry@.assessment AS a WHERE a.rubric = $1 AND a.known_at = $2)
      AND CASE WHEN $2 IS NULL THEN d.voided_at IS NULL
               ELSE d.recorded_at <= $2 AND (d.voided_at IS NULL OR d.voided_at > $2) END
    ORDER BY d.unit, d.item, d.rule, d.id DESC
  ) AS d
  GROUP BY d.unit
  UNION ALL
  SELECT s.unit, s.decisions
  FROM @registry@.assessment AS a
  JOIN @registry@.assessment_unit AS s ON s.assessment = a.id AND s.decisions IS NOT NULL
  WHERE a.rubric = $1 AND a.known_at = $2;
END;
COMMENT ON FUNCTION @registry@.decisions_under(text, timestamptz) IS 'Decisions under a rubric, in force now or at known_at (at that of a sealed result exactly as sealed), one row a unit about which something was decided, as antifraud.with_decisions() takes them.';

-- planned once a session: it is asked for one unit at a time
CREATE FUNCTION @registry@.decisions_of(unit text, rubric text, known_at timestamptz DEFAULT NULL) RETURNS jsonb
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
AS $body$
BEGIN
  RETURN (SELECT d.decisions FROM @registry@.decisions_under($2, $3) AS d WHERE d.unit = $1);
END
$body$;
COMMENT ON FUNCTION @registry@.decisions_of(text, text, timestamptz) IS 'Decisions about a unit under a rubric, in force now or at known_at, as antifraud.with_decisions() takes them.';

-- A decision that the rubric cannot take is refused when it is entered, not
-- when somebody asks for scores.
CREATE FUNCTION @registry@.check_decision() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF EXISTS (SELECT FROM @registry@.rubric_rule AS r WHERE r.rubric = NEW.rubric AND r.item = NEW.item AND r.ordinal = NEW.rule) THEN
    PERFORM antifraud.with_decisions(@registry@.published_rubric(NEW.rubric),
      jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
        'item', NEW.item, 'rule', NEW.rule, 'points', trim_scale(NEW.points), 'waived', NEW.waived, 'reading', NEW.reading))));
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'foreign_key_violation',
    MESSAGE = format('rubric %L has no rule %s of item %L', NEW.rubric, NEW.rule, NEW.item),
    DETAIL = 'A decision is about one rule, by its place within the item.',
    HINT = 'The table rubric_rule lists them (rubric, item, ordinal).';
END
$body$;
COMMENT ON FUNCTION @registry@.check_decision() IS 'Trigger: refuses a decision that its rubric cannot take: another rule, points outside the range, an edition that is a draft.';
CREATE TRIGGER decision_1_check BEFORE INSERT ON @registry@.decision
  FOR EACH ROW WHEN (pg_catalog.num_nonnulls(NEW.points, NEW.waived, NEW.reading) > 0) EXECUTE FUNCTION @registry@.check_decision();

CREATE FUNCTION @registry@.rubric_as_of(rubric text, as_of date) RETURNS antifraud.rubric
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN as_of IS NULL THEN @registry@.published_rubric(rubric)
            ELSE antifraud.with_as_of(@registry@.published_rubric(rubric), as_of) END;
COMMENT ON FUNCTION @registry@.rubric_as_of(text, date) IS 'A published rubric as it stands on a day; null: judged whole, as if its period were over.';

CREATE FUNCTION @registry@.undated_sources(rubric text) RETURNS TABLE (measure text, source_table text, facts bigint)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
AS $body$
#variable_conflict use_column
DECLARE
  measures text[] := ARRAY(SELECT r.measure FROM @registry@.rubric_rule AS r WHERE r.rubric = $1);
  bounds record;
BEGIN
  SELECT b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds(measures, NULL) AS b;
  RETURN QUERY
    SELECT f.measure, f.source_table, count(*) FROM @registry@.facts_from_scratch() AS f
    WHERE f.measure = ANY (measures) AND f.recorded_at IS NULL
      AND (f.source_table <> ALL (bounds.placed) OR antifraud.within(f.region, bounds.regions, bounds.as_written))
    GROUP BY f.measure, f.source_table ORDER BY f.measure, f.source_table;
END
$body$;
COMMENT ON FUNCTION @registry@.undated_sources(text) IS 'Sources of the facts of a rubric that do not say when a fact was recorded: what was known of them on an earlier day cannot be told, and known_at takes them as they are now.';

-- Facts of the registry's own are not cut to the period here: baselines and
-- whole years reach beyond it, and the engine knows its windows. Those of
-- sources are, to all its windows, and to where the units lie: so much need
-- not come from another server. Facts are counted before they
-- meet their units, of which those without facts get an empty card. Compiling
-- the query takes longer than running it for a county, hence jit off. The
-- measures are handed over as values, and planned with: of the many branches
-- of the view fact only those of the rubric are left.
CREATE FUNCTION @registry@.scores_from_scratch(rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, name text, total numeric, low numeric, high numeric, vetoed boolean, card antifraud.scorecard)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
AS $body$
#variable_conflict use_column
DECLARE
  measures text[] := ARRAY(SELECT r.measure FROM @registry@.rubric_rule AS r WHERE r.rubric = $1);
  sealed bigint;
  undated record;
  sourced boolean;
  bounds record;
  days datemultirange := '{}';
BEGIN
  IF $3 IS NOT NULL THEN
    SELECT a.id INTO sealed FROM @registry@.assessment AS a WHERE a.rubric = $1 AND a.as_of = $2 AND a.known_at = $3;
    IF FOUND THEN
      RETURN QUERY
        SELECT s.unit, s.region, s.name, s.total, s.low, s.high, s.vetoed, s.card::antifraud.scorecard
        FROM @registry@.assessment_unit AS s WHERE s.assessment = sealed AND ($4 IS NULL OR s.unit = ANY ($4));
      RETURN;
    END IF;
    FOR undated IN SELECT u.* FROM @registry@.undated_sources($1) AS u LOOP
      RAISE NOTICE USING
        MESSAGE = format('%s facts of measure "%s" from %s do not say when they were recorded', undated.facts, undated.measure, undated.source_table),
        DETAIL = 'They are counted as they are now.';
    END LOOP;
  END IF;
  SELECT b.elsewhere, b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds(measures, $4) AS b;
  sourced := bounds.elsewhere <> '{}';
  IF sourced THEN
    days := antifraud.counted_days(@registry@.rubric_as_of($1, $2), ARRAY(SELECT s.measure FROM @registry@.source AS s WHERE s.removed_at IS NULL));
  END IF;
  RETURN QUERY
  WITH edition AS MATERIALIZED (
    SELECT @registry@.rubric_as_of($1, $2) AS doc
  ), counted AS MATERIALIZED (
    SELECT f.unit, antifraud.tally((SELECT e.doc FROM edition AS e), f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
    FROM @registry@.facts_from_scratch() AS f
    WHERE f.measure = ANY (measures) AND ($4 IS NULL OR f.unit = ANY ($4))
      AND CASE WHEN $3 IS NULL THEN f.voided_at IS NULL
               ELSE COALESCE(f.recorded_at <= $3, true) AND (f.voided_at IS NULL OR f.voided_at > $3) END
      AND (NOT sourced OR f.source_table <> ALL (bounds.elsewhere) OR antifraud.within(f.occurred_on, days))
      AND (NOT sourced OR f.source_table <> ALL (bounds.placed) OR antifraud.within(f.region, bounds.regions, bounds.as_written))
    GROUP BY f.unit
  ), carded AS (
    SELECT u.code, u.region, u.name, COALESCE(c.card, antifraud.scorecard(e.doc)) AS card, e.doc
    FROM @registry@.unit AS u
    JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
    CROSS JOIN edition AS e
    LEFT JOIN counted AS c ON c.unit = u.code
    WHERE u.active AND ($4 IS NULL OR u.code = ANY ($4))
  ), decided AS MATERIALIZED (
    SELECT c.code, c.region, c.name, c.card, CASE WHEN d.decisions IS NULL THEN c.doc ELSE antifraud.with_decisions(c.doc, d.decisions) END AS doc
    FROM carded AS c
    LEFT JOIN @registry@.decisions_under($1, $3) AS d ON d.unit = c.code
  )
  SELECT d.code, d.region, d.name, antifraud.total(d.card, d.doc), pg_catalog.lower(r.range), pg_catalog.upper(r.range),
         antifraud.vetoed(d.card, d.doc), d.card
  FROM decided AS d
  CROSS JOIN LATERAL (SELECT antifraud.total_range(d.card, d.doc) AS range OFFSET 0) AS r;
END
$body$;
COMMENT ON FUNCTION @registry@.scores_from_scratch(text, date, timestamptz, text[]) IS 'What scores() gives, counted from the facts whatever is kept; units: of these units only (null: all).';

-- Kept cards, where they hold; the other units are counted: a few one by one,
-- by a plan that the session keeps; more of them together; most of them with
-- all, as reading everything is then the shorter way.
CREATE FUNCTION @registry@.scores(rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, name text, total numeric, low numeric, high numeric, vetoed boolean, card antifraud.scorecard)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  stale text[] := CASE WHEN $3 IS NULL THEN @registry@.stale_units($1, $2) END;
  day date := coalesce($2, 'infinity');
  to_count text[];
BEGIN
  IF stale IS NOT NULL THEN
    to_count := ARRAY(SELECT u.code FROM @registry@.unit AS u JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
                      WHERE u.active AND (u.code = ANY (stale)
                        OR NOT EXISTS (SELECT FROM @registry@.unit_card AS c WHERE c.rubric = $1 AND c.as_of = day AND c.unit = u.code)));
    IF 3 * cardinality(to_count) > 6 + 2 * (SELECT count(*) FROM @registry@.unit_card AS c WHERE c.rubric = $1 AND c.as_of = day) THEN
      to_count := NULL;
    END IF;
  END IF;
  IF to_count IS NULL THEN
    RETURN QUERY SELECT s.unit, s.region, s.name, s.total, s.low, s.high, s.vetoed, s.card FROM @registry@.scores_from_scratch($1, $2, $3) AS s;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT u.code, u.region, u.name, c.total, c.low, c.high, c.vetoed, c.card
    FROM @registry@.unit_card AS c
    JOIN @registry@.unit AS u ON u.code = c.unit AND u.active
    JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
    WHERE c.rubric = $1 AND c.as_of = day AND c.unit <> ALL (to_count);
  IF cardinality(to_count) > 6 THEN
    RETURN QUERY SELECT s.unit, s.region, s.name, s.total, s.low, s.high, s.vetoed, s.card FROM @registry@.scores_from_scratch($1, $2, NULL, to_count) AS s;
  ELSIF to_count <> '{}' THEN
    RETURN QUERY
      SELECT u.code, u.region, u.name, antifraud.total(s.card, s.doc), lower(r.range), upper(r.range), antifraud.vetoed(s.card, s.doc), s.card
      FROM @registry@.unit AS u
      CROSS JOIN LATERAL (SELECT @registry@.card_from_scratch(u.code, $1, $2) AS card, @registry@.rubric_for(u.code, $1, $2) AS doc OFFSET 0) AS s
      CROSS JOIN LATERAL (SELECT antifraud.total_range(s.card, s.doc) AS range OFFSET 0) AS r
      WHERE u.code = ANY (to_count);
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.scores(text, date, timestamptz) IS 'The score of every active unit under a published rubric, in points. as_of: as it stands at the end of that day (null: judged whole); known_at: with what had been recorded and not voided then (null: now); that of a sealed result with its as_of gives exactly that result. total is the low end while decisions are pending.';

CREATE VIEW @registry@.scoreboard (rubric, rank, unit, name, kind, region, total, low, high, vetoed, title, as_of)
WITH (security_invoker = true) AS
SELECT e.code, pg_catalog.rank() OVER (PARTITION BY e.code ORDER BY s.vetoed, s.total DESC),
       s.unit, s.name, u.kind, s.region, s.total, s.low, s.high, s.vetoed, e.title, i.as_of
FROM @registry@.rubric_edition AS e
CROSS JOIN @registry@.registry_info AS i
CROSS JOIN LATERAL @registry@.scores(e.code, i.as_of) AS s
JOIN @registry@.unit AS u ON u.code = s.unit
WHERE e.status = 'published' AND e.listed;
COMMENT ON VIEW @registry@.scoreboard IS 'Who stands where, for every published and listed rubric, as of registry_info.as_of. Equal scores share a rank; vetoed units come after the others.';
COMMENT ON COLUMN @registry@.scoreboard.rubric IS 'The rubric.';
COMMENT ON COLUMN @registry@.scoreboard.rank IS 'Rank among all units scored under the rubric; ties share it.';
COMMENT ON COLUMN @registry@.scoreboard.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.scoreboard.name IS 'Its name.';
COMMENT ON COLUMN @registry@.scoreboard.kind IS 'Its kind; see unit_kind.';
COMMENT ON COLUMN @registry@.scoreboard.region IS 'Its region.';
COMMENT ON COLUMN @registry@.scoreboard.total IS 'Points; the low end while decisions are pending.';
COMMENT ON COLUMN @registry@.scoreboard.low IS 'Points if everything pending is decided at its worst.';
COMMENT ON COLUMN @registry@.scoreboard.high IS 'Points if everything pending is decided at its best.';
COMMENT ON COLUMN @registry@.scoreboard.vetoed IS 'Whether a veto disqualifies it.';
COMMENT ON COLUMN @registry@.scoreboard.title IS 'Title of the rubric.';
COMMENT ON COLUMN @registry@.scoreboard.as_of IS 'The day as of which it is scored; null: judged whole.';
