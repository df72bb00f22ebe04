-- The audit of kept scorecards: what scores() gives against the facts.

-- The cards of an edition for the days that are kept rest on the same facts:
-- reading these takes longer by far than counting them, so that all days are
-- counted in one pass. What counts is said here once more, and not taken from
-- scores_from_scratch(), which counted what is kept.
CREATE FUNCTION @registry@.scores_on_days(rubric text, days date[])
RETURNS TABLE (day date, unit text, total numeric, low numeric, high numeric, vetoed boolean, card antifraud.scorecard)
STABLE PARALLEL SAFE ROWS 600
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
AS $body$
#variable_conflict use_column
DECLARE
  measures text[] := ARRAY(SELECT r.measure FROM @registry@.rubric_rule AS r WHERE r.rubric = $1);
  counted date[];
  docs antifraud.rubric[];
  doc_1 antifraud.rubric;
  doc_2 antifraud.rubric;
  doc_3 antifraud.rubric;
  bounds record;
  sourced boolean;
  within_days datemultirange := '{}';
BEGIN
  SELECT b.elsewhere, b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds(measures, NULL) AS b;
  sourced := bounds.elsewhere <> '{}';
  -- no more than three are kept: the day that was asked for, that of the
  -- registry, and judged whole
  FOR at IN 1 .. coalesce(cardinality(days), 0) BY 3 LOOP
    counted := days[at : at + 2];
    docs := ARRAY(SELECT @registry@.rubric_as_of($1, nullif(d.day, 'infinity')) FROM unnest(counted) WITH ORDINALITY AS d (day, n) ORDER BY d.n);
    IF sourced THEN
      within_days := (SELECT range_agg(x.span) FROM unnest(docs) AS d (doc)
        CROSS JOIN LATERAL unnest(antifraud.counted_days(d.doc, ARRAY(SELECT s.measure FROM @registry@.source AS s WHERE s.removed_at IS NULL))) AS x (span));
    END IF;
    doc_1 := docs[1];
    doc_2 := docs[2];
    doc_3 := docs[3];
    RETURN QUERY
    WITH tallied AS MATERIALIZED (
      SELECT f.unit,
             antifraud.tally(doc_1, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS first,
             antifraud.tally(doc_2, f.measure, f.occurred_on, f.quantity, f.base, f.amount) FILTER (WHERE doc_2 IS NOT NULL) AS second,
             antifraud.tally(doc_3, f.measure, f.occurred_on, f.quantity, f.base, f.amount) FILTER (WHERE doc_3 IS NOT NULL) AS third
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.measure = ANY (measures) AND f.voided_at IS NULL
        AND (NOT sourced OR f.source_table <> ALL (bounds.elsewhere) OR antifraud.within(f.occurred_on, within_days))
        AND (NOT sourced OR f.source_table <> ALL (bounds.placed) OR antifraud.within(f.region, bounds.regions, bounds.as_written))
      GROUP BY f.unit
    ), judged AS MATERIALIZED (
      SELECT u.code, t.first, t.second, t.third, x.decisions
      FROM @registry@.unit AS u
      JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
      LEFT JOIN tallied AS t ON t.unit = u.code
      LEFT JOIN @registry@.decisions_under($1) AS x ON x.unit = u.code
      WHERE u.active
    )
    SELECT j.day, d.code, antifraud.total(d.card, d.doc), lower(r.range), upper(r.range), antifraud.vetoed(d.card, d.doc), d.card
    FROM (VALUES (1, counted[1], doc_1), (2, counted[2], doc_2), (3, counted[3], doc_3)) AS j (n, day, doc)
    -- day by day: a rubric is made ready once for all units that follow each other
    CROSS JOIN LATERAL (
      SELECT c.code, coalesce(CASE j.n WHEN 1 THEN c.first WHEN 2 THEN c.second ELSE c.third END, antifraud.scorecard(j.doc)) AS card,
             CASE WHEN c.decisions IS NULL THEN j.doc ELSE antifraud.with_decisions(j.doc, c.decisions) END AS doc
      FROM judged AS c OFFSET 0
    ) AS d
    CROSS JOIN LATERAL (SELECT antifraud.total_range(d.card, d.doc) AS range OFFSET 0) AS r
    WHERE j.day IS NOT NULL;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.scores_on_days(text, date[]) IS 'The score of every active unit under a published rubric as it stands on each of these days (infinity: judged whole), counted from the facts whatever is kept.';

-- A function, for who asks soon after keep_cards(): of tables that were never
-- analyzed the planner expects so many rows that it would compile the view.
CREATE FUNCTION @registry@.card_differences(unit text DEFAULT NULL)
RETURNS TABLE (rubric text, as_of date, unit_code text, kept_total numeric, total numeric, kept_low numeric, low numeric, kept_high numeric, high numeric, kept_vetoed boolean, vetoed boolean, kept_card antifraud.scorecard, card antifraud.scorecard)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  IF $1 IS NULL THEN
    RETURN QUERY
    WITH counted AS MATERIALIZED (
      SELECT e.rubric, f.*
      FROM (SELECT s.rubric, array_agg(s.as_of) AS days FROM @registry@.card_set AS s GROUP BY s.rubric) AS e
      CROSS JOIN LATERAL @registry@.scores_on_days(e.rubric, e.days) AS f
    )
    SELECT s.rubric, s.as_of, d.*
    FROM @registry@.card_set AS s
    CROSS JOIN LATERAL (
      SELECT coalesce(k.unit, f.unit), k.total, f.total, k.low, f.low, k.high, f.high, k.vetoed, f.vetoed, k.card, f.card
      FROM @registry@.scores(s.rubric, nullif(s.as_of, 'infinity')) AS k
      FULL JOIN (SELECT c.* FROM counted AS c WHERE c.rubric = s.rubric AND c.day = s.as_of) AS f ON f.unit = k.unit
      WHERE k.total IS DISTINCT FROM f.total OR k.low IS DISTINCT FROM f.low OR k.high IS DISTINCT FROM f.high
         OR k.vetoed IS DISTINCT FROM f.vetoed OR (k.card OPERATOR(antifraud.=) f.card) IS NOT TRUE
    ) AS d;
    RETURN;
  END IF;
  RETURN QUERY
  SELECT d.*
  FROM (
    SELECT s.rubric, s.as_of, k.unit, k.total, f.total, k.low, f.low, k.high, f.high, k.vetoed, f.vetoed, k.card, f.card
    FROM @registry@.unit AS u
    JOIN @registry@.unit_kind AS q ON q.code = u.kind AND q.assessed
    JOIN @registry@.unit_card AS k ON k.unit = u.code
    JOIN @registry@.card_set AS s ON s.rubric = k.rubric AND s.as_of = k.as_of
    CROSS JOIN LATERAL (
      SELECT antifraud.total(c.card, c.doc) AS total, lower(r.range) AS low, upper(r.range) AS high, antifraud.vetoed(c.card, c.doc) AS vetoed, c.card
      FROM (SELECT @registry@.card_from_scratch(u.code, s.rubric, nullif(s.as_of, 'infinity')) AS card, @registry@.rubric_for(u.code, s.rubric, nullif(s.as_of, 'infinity')) AS doc OFFSET 0) AS c
      CROSS JOIN LATERAL (SELECT antifraud.total_range(c.card, c.doc) AS range OFFSET 0) AS r
    ) AS f
    WHERE u.code = $1 AND u.active
      AND (k.total IS DISTINCT FROM f.total OR k.low IS DISTINCT FROM f.low OR k.high IS DISTINCT FROM f.high
        OR k.vetoed IS DISTINCT FROM f.vetoed OR (k.card OPERATOR(antifraud.=) f.card) IS NOT TRUE)
    OFFSET 0
  ) AS d
  -- as scores() reads it, which counts itself what is stale
  WHERE d.unit <> ALL (@registry@.stale_units(d.rubric, nullif(d.as_of, 'infinity')));
END
$body$;
COMMENT ON FUNCTION @registry@.card_differences(text) IS 'What unit_card_difference shows, of one unit, counted by itself, or (null) of all, counted together; as_of infinity: judged whole.';

-- The first unit asked for is counted by itself, all others with all (see
-- first_call).
CREATE VIEW @registry@.unit_card_difference (rubric, as_of, unit, kept_total, total, kept_low, low, kept_high, high, kept_vetoed, vetoed, kept_card, card)
WITH (security_invoker = true) AS
WITH every AS MATERIALIZED (
  SELECT e.* FROM @registry@.card_differences() AS e
)
SELECT d.rubric, NULLIF(d.as_of, 'infinity'), u.code, d.kept_total, d.total, d.kept_low, d.low, d.kept_high, d.high, d.kept_vetoed, d.vetoed, d.kept_card, d.card
FROM @registry@.unit AS u
CROSS JOIN LATERAL (SELECT antifraud.first_call(u.code) AS first OFFSET 0) AS o
CROSS JOIN LATERAL (
  SELECT k.* FROM @registry@.card_differences(u.code) AS k WHERE o.first
  UNION ALL
  SELECT e.* FROM every AS e WHERE NOT o.first AND e.unit_code = u.code
) AS d;
COMMENT ON VIEW @registry@.unit_card_difference IS 'Units for which scores() gives, with kept scorecards, something else than the facts. Always empty; otherwise call keep_cards() and tell who maintains the registry.';
SELECT @registry@.comment_columns('{unit_card_difference}', '{rubric,as_of,unit,kept_total,total,kept_low,low,kept_high,high,kept_vetoed,vetoed,kept_card,card}',
  ARRAY['The edition.', 'The day; null: judged whole.', 'The unit.', 'Points, as read.', 'Points, from the facts.', 'Low end, as read.', 'Low end, from the facts.', 'High end, as read.', 'High end, from the facts.',
        'Whether vetoed, as read.', 'Whether vetoed, from the facts.', 'Scorecard, as read.', 'Scorecard, from the facts.']);
