-- Which places a unit lies in: sums of the one are part of those of the other.

-- Each unit with itself and with the places that it lies in.
CREATE VIEW @registry@.unit_above WITH (security_invoker = true) AS
SELECT u.code AS unit, u.code AS above FROM @registry@.unit AS u
UNION ALL
SELECT u.code AS unit, a.code AS above
FROM @registry@.unit AS u
CROSS JOIN pg_catalog.generate_series(1, 4) AS l (level)
JOIN @registry@.unit AS a ON a.region = antifraud.region_ancestor(u.region, l.level) AND a.code <> u.code AND antifraud.region_level(a.region) = l.level
JOIN @registry@.unit_kind AS k ON k.code = a.kind AND NOT k.assessed
WHERE antifraud.region_level(u.region) > l.level OR (antifraud.region_level(u.region) = l.level AND EXISTS (SELECT FROM @registry@.unit_kind AS x WHERE x.code = u.kind AND x.assessed));
COMMENT ON VIEW @registry@.unit_above IS 'Each unit with itself and with the units of towns, counties and prefectures in whose region it lies: numbers of the one are part of those of the other.';
COMMENT ON COLUMN @registry@.unit_above.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.unit_above.above IS 'Itself, or a unit above it.';

CREATE FUNCTION @registry@.units_below(above text[]) RETURNS TABLE (unit text, above text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT a.unit, a.above FROM @registry@.unit_above AS a WHERE $1 IS NULL
  UNION ALL
  -- the same, the other way round: by the region of what is above
  SELECT a.code AS unit, a.code AS above FROM @registry@.unit AS a WHERE a.code = ANY ($1)
  UNION ALL
  SELECT u.code AS unit, a.code AS above
  FROM @registry@.unit AS a
  JOIN @registry@.unit_kind AS k ON k.code = a.kind AND NOT k.assessed
  JOIN @registry@.unit AS u ON u.region OPERATOR(antifraud.<@) a.region AND u.code <> a.code
  JOIN @registry@.unit_kind AS x ON x.code = u.kind
  WHERE a.code = ANY ($1) AND antifraud.region_level(a.region) <= 4
    AND (antifraud.region_level(u.region) > antifraud.region_level(a.region) OR x.assessed);
END;
COMMENT ON FUNCTION @registry@.units_below(text[]) IS 'What unit_above says of some units above, or (null) of all: each with itself and with what lies in it.';
