-- Where and when the facts of sources can lie that a query needs: told to the
-- planner, so that the server which holds the rows sends no others. Nothing
-- here decides what counts; rows outside would be left out anyway.

CREATE FUNCTION @registry@.covering_regions(regions antifraud.region[], most integer DEFAULT 8) RETURNS antifraud.region[]
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.covering
  FROM (
    SELECT l.level, pg_catalog.array_agg(DISTINCT a.above) AS covering
    FROM pg_catalog.generate_series(1, 6) AS l (level)
    CROSS JOIN pg_catalog.unnest($1) AS r (region)
    CROSS JOIN LATERAL (SELECT pg_catalog.max(p.step) AS above FROM pg_catalog.unnest(antifraud.region_path(r.region)) AS p (step) WHERE antifraud.region_level(p.step) <= l.level) AS a
    GROUP BY l.level
  ) AS c
  WHERE pg_catalog.cardinality(c.covering) <= $2
  ORDER BY c.level DESC LIMIT 1;
END;
COMMENT ON FUNCTION @registry@.covering_regions(antifraud.region[], integer) IS 'A few divisions that contain all these, as small as can be: themselves, or the towns, the counties, ... in which they lie; null where that takes too many, or there are none.';

-- Backwards: what became one of these, what became one of those, ...
CREATE FUNCTION @registry@.regions_as_written(regions antifraud.region[]) RETURNS antifraud.region[]
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  WITH RECURSIVE written (region) AS (
    SELECT r.region FROM pg_catalog.unnest($1) AS r (region)
    UNION
    SELECT d.old
    FROM written AS w
    JOIN @registry@.division_change AS d ON d.new OPERATOR(antifraud.<@) w.region OR d.new OPERATOR(antifraud.@>) w.region
  )
  SELECT @registry@.covering_regions(pg_catalog.array_agg(w.region), 24) FROM written AS w;
END;
COMMENT ON FUNCTION @registry@.regions_as_written(antifraud.region[]) IS 'Divisions within which rows of sources lie that are counted in these, by the codes that the rows bear: these, and by division_change those that went into them; null where that takes too many.';

CREATE FUNCTION @registry@.source_bounds(measures text[], units text[], OUT elsewhere text[], OUT placed text[], OUT regions antifraud.region[], OUT as_written antifraud.region[])
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  elsewhere := '{}';
  placed := '{}';
  regions := '{}';
  as_written := '{}';
  IF NOT @registry@.has_source($1) THEN
    RETURN;
  END IF;
  SELECT array_agg(DISTINCT s.relation_name),
         coalesce(array_agg(DISTINCT s.relation_name) FILTER (WHERE s.by_place), '{}') INTO elsewhere, placed
  FROM (
    -- what one source reads from a column of units another may place by region
    SELECT s.relation_name, NOT bool_or(s.mapping ? 'unit') AS by_place
    FROM @registry@.source AS s
    WHERE s.removed_at IS NULL AND ($1 IS NULL OR s.measure = ANY ($1))
    GROUP BY s.relation_name
  ) AS s;
  IF placed = '{}' THEN
    RETURN;
  END IF;
  regions := ARRAY(
    SELECT DISTINCT u.region FROM @registry@.unit AS u JOIN @registry@.unit_kind AS k ON k.code = u.kind
    WHERE CASE WHEN $2 IS NULL THEN u.active AND k.assessed ELSE u.code = ANY ($2) END);
  -- of a whole country it is counties at best
  IF cardinality(regions) > 2000 THEN
    regions := ARRAY(SELECT DISTINCT coalesce(antifraud.region_ancestor(r.region, 3), r.region) FROM unnest(regions) AS r (region));
  END IF;
  regions := @registry@.covering_regions(regions);
  as_written := @registry@.regions_as_written(regions);
  IF as_written IS NULL THEN
    placed := '{}';
    regions := '{}';
    as_written := '{}';
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.source_bounds(text[], text[]) IS 'For a query of fact on measures (null: all) and units (null: all that are assessed): elsewhere, the source_table of the facts of sources; placed, of those whose unit follows from the region; regions, which contain all these units; as_written, the same by the codes that rows bear. Empty where there is no source, or where no bound can be told.';
