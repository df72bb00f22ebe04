-- The audit of kept scorecards: what scores() gives against the facts.

-- The first unit asked for is counted by itself, all others with all (see
-- first_call).
CREATE VIEW @registry@.unit_card_difference (rubric, as_of, unit, kept_total, total, kept_low, low, kept_high, high, kept_vetoed, vetoed, kept_card, card)
WITH (security_invoker = true) AS
WITH every AS MATERIALIZED (
  SELECT s.rubric, s.as_of, d.*
  FROM @registry@.card_set AS s
  CROSS JOIN LATERAL (
    SELECT COALESCE(k.unit, f.unit) AS unit, k.total AS kept_total, f.total, k.low AS kept_low, f.low, k.high AS kept_high, f.high,
           k.vetoed AS kept_vetoed, f.vetoed, k.card AS kept_card, f.card
    FROM @registry@.scores(s.rubric, NULLIF(s.as_of, 'infinity')) AS k
    FULL JOIN @registry@.scores_from_scratch(s.rubric, NULLIF(s.as_of, 'infinity')) AS f ON f.unit = k.unit
    WHERE k.total IS DISTINCT FROM f.total OR k.low IS DISTINCT FROM f.low OR k.high IS DISTINCT FROM f.high
       OR k.vetoed IS DISTINCT FROM f.vetoed OR k.card::text IS DISTINCT FROM f.card::text
  ) AS d
)
SELECT d.rubric, NULLIF(d.as_of, 'infinity'), u.code, d.kept_total, d.total, d.kept_low, d.low, d.kept_high, d.high, d.kept_vetoed, d.vetoed, d.kept_card, d.card
FROM @registry@.unit AS u
CROSS JOIN LATERAL (SELECT antifraud.first_call(u.code) AS first OFFSET 0) AS o
CROSS JOIN LATERAL (
  -- as scores() reads it: what is stale it counts itself
  SELECT s.rubric, s.as_of, k.total AS kept_total, f.total, k.low AS kept_low, f.low, k.high AS kept_high, f.high, k.vetoed AS kept_vetoed, f.vetoed, k.card AS kept_card, f.card
  FROM @registry@.card_set AS s
  JOIN @registry@.unit_card AS k ON k.rubric = s.rubric AND k.as_of = s.as_of
  JOIN @registry@.unit_kind AS q ON q.code = u.kind AND q.assessed
  CROSS JOIN LATERAL (SELECT @registry@.stale_units(s.rubric, NULLIF(s.as_of, 'infinity')) AS units OFFSET 0) AS t
  CROSS JOIN LATERAL (
    SELECT antifraud.total(c.card, c.doc) AS total, lower(r.range) AS low, upper(r.range) AS high, antifraud.vetoed(c.card, c.doc) AS vetoed, c.card
    FROM (
      SELECT @registry@.card_from_scratch(u.code, s.rubric, NULLIF(s.as_of, 'infinity')) AS card, @registry@.rubric_for(u.code, s.rubric, NULLIF(s.as_of, 'infinity')) AS doc OFFSET 0
    ) AS c
    CROSS JOIN LATERAL (SELECT antifraud.total_range(c.card, c.doc) AS range OFFSET 0) AS r
  ) AS f
  WHERE o.first AND u.active AND k.unit = u.code AND u.code <> ALL (t.units)
    AND (k.total IS DISTINCT FROM f.total OR k.low IS DISTINCT FROM f.low OR k.high IS DISTINCT FROM f.high OR k.vetoed IS DISTINCT FROM f.vetoed OR k.card::text IS DISTINCT FROM f.card::text)
  UNION ALL
  SELECT e.rubric, e.as_of, e.kept_total, e.total, e.kept_low, e.low, e.kept_high, e.high, e.kept_vetoed, e.vetoed, e.kept_card, e.card
  FROM every AS e WHERE NOT o.first AND e.unit = u.code
) AS d;
COMMENT ON VIEW @registry@.unit_card_difference IS 'Units for which scores() gives, with kept scorecards, something else than the facts. Always empty; otherwise call keep_cards() and tell who maintains the registry.';
SELECT @registry@.comment_columns('{unit_card_difference}', '{rubric,as_of,unit,kept_total,total,kept_low,low,kept_high,high,kept_vetoed,vetoed,kept_card,card}',
  ARRAY['The edition.', 'The day; null: judged whole.', 'The unit.', 'Points, as read.', 'Points, from the facts.', 'Low end, as read.', 'Low end, from the facts.', 'High end, as read.', 'High end, from the facts.',
        'Whether vetoed, as read.', 'Whether vetoed, from the facts.', 'Scorecard, as read.', 'Scorecard, from the facts.']);
