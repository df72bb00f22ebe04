-- The figures that targets compare, and the comparison: with whole numbers and
-- decimals, multiplied crosswise and never rounded.

-- numerator/denominator against threshold and baseline; factor: 100 where the
-- threshold is per cent of the denominator.
CREATE FUNCTION @registry@.target_holds(comparison text, threshold numeric, factor integer, numerator numeric, denominator numeric,
                                        baseline_numerator numeric, baseline_denominator numeric) RETURNS boolean
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE comparison
  WHEN 'falls' THEN numerator * baseline_denominator < baseline_numerator * denominator
  WHEN 'rises' THEN numerator * baseline_denominator > baseline_numerator * denominator
  WHEN 'falls_by' THEN numerator * baseline_denominator * 100 <= baseline_numerator * denominator * (100 - threshold)
  WHEN 'rises_by' THEN numerator * baseline_denominator * 100 >= baseline_numerator * denominator * (100 + threshold)
  WHEN 'at_most' THEN numerator * factor <= threshold * denominator
  WHEN 'at_least' THEN numerator * factor >= threshold * denominator END;
COMMENT ON FUNCTION @registry@.target_holds(text, numeric, integer, numeric, numeric, numeric, numeric) IS 'Whether a comparison of a target holds, exactly. factor: 100 where threshold is per cent of the denominator, else 1. Used by targets_at().';

-- In steps (1, or 0.01 for yuan), since the last number that still holds
-- depends on what comes next. PL/pgSQL keeps its plans; a function in SQL that
-- cannot be inlined is planned again in each query.
CREATE FUNCTION @registry@.target_bound(comparison text, threshold numeric, factor integer, step numeric, denominator numeric,
                                        baseline_numerator numeric, baseline_denominator numeric) RETURNS numeric
IMMUTABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  upper numeric := CASE WHEN comparison IN ('at_most', 'at_least') THEN threshold * denominator
                        WHEN comparison = 'falls_by' THEN baseline_numerator * denominator * (100 - threshold)
                        WHEN comparison = 'rises_by' THEN baseline_numerator * denominator * (100 + threshold)
                        ELSE baseline_numerator * denominator END;
  lower numeric := step * CASE WHEN comparison IN ('at_most', 'at_least') THEN factor
                               WHEN comparison IN ('falls_by', 'rises_by') THEN baseline_denominator * 100
                               ELSE baseline_denominator END;
BEGIN
  RETURN step * CASE
    WHEN upper IS NULL OR lower IS NULL OR lower = 0 THEN NULL
    WHEN comparison IN ('falls_by', 'at_most') THEN div(upper, lower)
    WHEN comparison IN ('rises_by', 'at_least') THEN div(upper, lower) + (CASE WHEN upper % lower > 0 THEN 1 ELSE 0 END)
    WHEN comparison = 'rises' THEN div(upper, lower) + 1
    ELSE div(upper, lower) - (CASE WHEN upper % lower > 0 THEN 0 ELSE 1 END) END;
END
$body$;
COMMENT ON FUNCTION @registry@.target_bound(text, numeric, integer, numeric, numeric, numeric, numeric) IS 'The largest numerator with which a target downwards holds, the smallest with which one upwards does; below 0: none. step: 1 for counts, 0.01 for yuan. Used by targets_at().';

-- For all units the view is planned anew each time, with the measures as
-- constants: the estimates are then right, and relations that supply none of
-- them are not read. For a few units planning would take longer than reading,
-- by index, so that is planned once a session; the sets that bulletins, titles
-- and the targets of the documents ask for by themselves, since even to begin
-- with forty branches takes a while.
CREATE FUNCTION @registry@.facts_between(measures text[], first_day date, last_day date, known_at timestamptz DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (measure text, unit text, occurred_on date, quantity bigint, base bigint, amount numeric)
STABLE PARALLEL SAFE ROWS 3000
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
DECLARE
  sourced boolean := @registry@.has_source();
  bounds record;
BEGIN
  -- nor is a plan kept while there are sources, with each of which it would begin
  IF units IS NULL OR sourced THEN
    SELECT b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds(measures, coalesce(units, ARRAY(SELECT u.code FROM @registry@.unit AS u WHERE sourced))) AS b;
    -- kept facts, where they may be read, take a seventh of the time
    RETURN QUERY EXECUTE format(
      'SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount
       FROM %I.%s AS f
       WHERE f.measure = ANY ($1) AND f.occurred_on BETWEEN $2 AND $3
         AND CASE WHEN $4 IS NULL THEN f.voided_at IS NULL
                  ELSE COALESCE(f.recorded_at <= $4, true) AND (f.voided_at IS NULL OR f.voided_at > $4) END
         AND ($5 IS NULL OR f.unit = ANY ($5))%s', @registry_literal@, CASE WHEN @registry@.stale_fact_units() IS NULL THEN 'facts_from_scratch()' ELSE 'fact' END,
      CASE WHEN sourced THEN ' AND antifraud.within(f.occurred_on, $6) AND (f.source_table <> ALL ($7) OR antifraud.within(f.region, $8, $9))' END)
      USING measures, first_day, last_day, known_at, units,
            CASE WHEN first_day <= last_day THEN datemultirange(daterange(first_day, last_day, '[]')) ELSE '{}' END, bounds.placed, bounds.regions, bounds.as_written;
  ELSIF measures = '{case}' THEN
    RETURN QUERY
      SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.measure IN ('case') AND f.occurred_on BETWEEN first_day AND last_day AND f.unit = ANY (units)
        AND CASE WHEN known_at IS NULL THEN f.voided_at IS NULL
                 ELSE f.recorded_at <= known_at AND (f.voided_at IS NULL OR f.voided_at > known_at) END;
  ELSIF measures = '{case,suspect,den}' THEN
    RETURN QUERY
      SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.measure IN ('case', 'suspect', 'den') AND f.occurred_on BETWEEN first_day AND last_day AND f.unit = ANY (units)
        AND CASE WHEN known_at IS NULL THEN f.voided_at IS NULL
                 ELSE f.recorded_at <= known_at AND (f.voided_at IS NULL OR f.voided_at > known_at) END;
  ELSIF measures = '{case,two_card_clue,reduced}' THEN
    RETURN QUERY
      SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.measure IN ('case', 'two_card_clue', 'reduced') AND f.occurred_on BETWEEN first_day AND last_day AND f.unit = ANY (units)
        AND CASE WHEN known_at IS NULL THEN f.voided_at IS NULL
                 ELSE f.recorded_at <= known_at AND (f.voided_at IS NULL OR f.voided_at > known_at) END;
  ELSIF measures <@ '{app_20_55,app_installed,awareness,awareness_medical,awareness_pupils,awareness_staff,case,certificate,followed_up,two_cards}' THEN
    RETURN QUERY
      SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.measure IN ('app_20_55', 'app_installed', 'awareness', 'awareness_medical', 'awareness_pupils', 'awareness_staff', 'case', 'certificate', 'followed_up', 'two_cards')
        AND f.measure = ANY (measures) AND f.occurred_on BETWEEN first_day AND last_day AND f.unit = ANY (units)
        AND CASE WHEN known_at IS NULL THEN f.voided_at IS NULL
                 ELSE f.recorded_at <= known_at AND (f.voided_at IS NULL OR f.voided_at > known_at) END;
  ELSE
    RETURN QUERY
      SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount
      FROM @registry@.facts_from_scratch() AS f
      WHERE f.measure = ANY (measures) AND f.occurred_on BETWEEN first_day AND last_day AND f.unit = ANY (units)
        AND CASE WHEN known_at IS NULL THEN f.voided_at IS NULL
                 ELSE f.recorded_at <= known_at AND (f.voided_at IS NULL OR f.voided_at > known_at) END;
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.facts_between(text[], date, date, timestamptz, text[]) IS 'Facts of some measures from one day to another, as known now or at known_at, of some units or (null) of all. Used by targets_at().';

-- The targets in force, each with its window and the years that it compares with.
CREATE FUNCTION @registry@.target_windows(as_of date, region antifraud.region DEFAULT NULL)
RETURNS TABLE (programme text, code text, area antifraud.region, narrowed boolean, first_day date, last_day date, years integer)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.code AS programme, t.code, CASE WHEN p.region OPERATOR(antifraud.<@) $2 THEN p.region ELSE COALESCE($2, p.region) END AS area,
         $2 IS NOT NULL AND NOT COALESCE(p.region OPERATOR(antifraud.<@) $2, false) AS narrowed,
         CASE t.counted_over WHEN 'year' THEN pg_catalog.make_date(y.year, 1, 1) ELSE p.period_from END AS first_day,
         CASE t.counted_over WHEN 'year' THEN pg_catalog.make_date(y.year, 12, 31)
                             WHEN 'by_day' THEN t.due_on ELSE p.period_to END AS last_day,
         CASE t.baseline WHEN 'last_year' THEN 1 WHEN 'three_year_mean' THEN 3 ELSE 0 END AS years
  FROM @registry@.target AS t
  JOIN @registry@.programme AS p ON p.code = t.programme
  CROSS JOIN LATERAL (SELECT CASE WHEN pg_catalog.isfinite(COALESCE(p.period_to, $1)) THEN EXTRACT(year FROM COALESCE(p.period_to, $1))::integer END AS year) AS y
  WHERE p.active AND t.active
    AND ($2 IS NULL OR p.region IS NULL OR p.region OPERATOR(antifraud.<@) $2 OR $2 OPERATOR(antifraud.<@) p.region);
END;
COMMENT ON FUNCTION @registry@.target_windows(date, antifraud.region) IS 'The targets in force that concern a region (null: all), with the region that each is judged for, its first and last day, and how many years before it compares with. Used by targets_at().';

-- Planning takes longer than running for one community: so this and the next
-- are planned once a session, and not each time.
CREATE FUNCTION @registry@.target_figures(as_of date, known_at timestamptz DEFAULT NULL, region antifraud.region DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (programme text, code text, unit text, area antifraud.region, narrowed boolean, first_day date, last_day date,
               numerator numeric, denominator numeric, baseline_numerator numeric, baseline_denominator numeric, baseline_to_date numeric, unknown_amounts bigint, from_records boolean, amounts_squared double precision)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH RECURSIVE wanted AS MATERIALIZED (
    SELECT t.*, w.area, w.narrowed, w.first_day, w.last_day, w.years
    FROM @registry@.target_windows($1, $3) AS w
    JOIN @registry@.target AS t ON t.programme = w.programme AND t.code = w.code
    WHERE $4 IS NULL OR t.scope = 'each_unit'
  ), windows AS MATERIALIZED (
    -- back 0: the window itself up to as_of; 1 to 3: the same dates of former years;
    -- span: the same number for all that ask for the same sums
    SELECT n.*, dense_rank() OVER (ORDER BY n.measure, n.first_day, n.last_day, n.to_date, n.area, n.unit_kinds, n.setting, n.zone, n.large, n.amount_from) AS span
    FROM (
      SELECT w.programme, w.code, w.measure, w.scope, w.subject, w.area, w.unit_kinds, w.setting, w.zone,
             w.subject = 'large_count' AS large, CASE w.subject WHEN 'large_count' THEN w.amount_from END AS amount_from, y.back,
             (w.first_day - pg_catalog.make_interval(years => y.back))::date AS first_day,
             (CASE WHEN y.back = 0 THEN LEAST(w.last_day, $1) ELSE w.last_day END - pg_catalog.make_interval(years => y.back))::date AS last_day,
             (LEAST(w.last_day, $1) - pg_catalog.make_interval(years => y.back))::date AS to_date
      FROM wanted AS w
      CROSS JOIN LATERAL pg_catalog.generate_series(0, w.years) AS y (back)
      WHERE w.measure IS NOT NULL AND w.last_day IS NOT NULL
    ) AS n
  ), subject AS MATERIALIZED (
    -- units that are judged, or share in what is; a target of a region without
    -- conditions on units has none here
    SELECT w.programme, w.code, u.code AS unit
    FROM wanted AS w
    JOIN @registry@.unit AS u ON (w.unit_kinds IS NULL OR u.kind = ANY (w.unit_kinds)) AND (w.setting IS NULL OR u.setting = w.setting) AND (w.zone IS NULL OR u.zone = w.zone)
    JOIN @registry@.unit_kind AS k ON k.code = u.kind AND (k.assessed OR w.unit_kinds IS NOT NULL)
    WHERE u.active AND (w.area IS NULL OR u.region OPERATOR(antifraud.<@) w.area)
      AND (w.scope = 'each_unit' OR w.subject IN ('unit_share_with', 'unit_share_without')) AND ($4 IS NULL OR u.code = ANY ($4))
  ), below (top, unit) AS (
    -- each unit that a target of each unit is for, and the units below it
    SELECT s.unit, s.unit
    FROM subject AS s JOIN wanted AS w ON w.programme = s.programme AND w.code = s.code AND w.scope = 'each_unit'
    UNION
    SELECT b.top, u.code FROM below AS b JOIN @registry@.unit AS u ON u.parent = b.unit
  ), facts AS MATERIALIZED (
    SELECT f.measure, f.unit, f.occurred_on, f.quantity, f.base, f.amount, f.amount::double precision AS size, u.region, u.kind, u.setting, u.zone
    FROM @registry@.unit AS u
    JOIN @registry@.facts_between(
           ARRAY(SELECT DISTINCT w.measure FROM windows AS w),
           (SELECT MIN(w.first_day) FROM windows AS w), (SELECT MAX(w.last_day) FROM windows AS w), $2,
           CASE WHEN $4 IS NOT NULL THEN ARRAY(SELECT b.unit FROM below AS b)
                WHEN $3 IS NOT NULL THEN ARRAY(SELECT u.code FROM @registry@.unit AS u WHERE u.region OPERATOR(antifraud.<@) $3) END) AS f ON f.unit = u.code
  ), counted AS MATERIALIZED (
    -- programmes ask for the same cases over and over: each span is summed once
    SELECT p.span, f.occurred_on <= p.to_date AS by_now,
           SUM(f.quantity) FILTER (WHERE NOT p.large OR f.amount >= p.amount_from) AS quantity, SUM(f.base) AS base, SUM(f.amount) AS amount, SUM(f.size * f.size) AS squared,
           COUNT(*) - COUNT(f.amount) AS without_amount
    FROM (SELECT DISTINCT ON (n.span) n.* FROM windows AS n WHERE n.scope = 'region' AND n.subject IN ('count', 'amount', 'large_count', 'rate') ORDER BY n.span) AS p
    JOIN facts AS f ON f.measure = p.measure AND f.occurred_on >= p.first_day AND f.occurred_on <= p.last_day
    WHERE (p.area IS NULL OR f.region OPERATOR(antifraud.<@) p.area)
      AND (p.unit_kinds IS NULL OR f.kind = ANY (p.unit_kinds)) AND (p.setting IS NULL OR f.setting = p.setting) AND (p.zone IS NULL OR f.zone = p.zone)
    GROUP BY p.span, f.occurred_on <= p.to_date
  ), summed AS (
    SELECT n.programme, n.code, NULL::text AS unit, n.back, c.by_now, c.quantity, c.base, c.amount, c.squared,
           CASE WHEN n.subject IN ('amount', 'large_count') THEN c.without_amount ELSE 0 END AS unknown_amounts
    FROM windows AS n
    JOIN counted AS c ON c.span = n.span
    WHERE n.scope = 'region' AND n.subject IN ('count', 'amount', 'large_count', 'rate')
    UNION ALL
    SELECT w.programme, w.code, s.unit, n.back, f.occurred_on <= n.to_date,
           SUM(f.quantity) FILTER (WHERE w.subject <> 'large_count' OR f.amount >= w.amount_from), SUM(f.base), SUM(f.amount), SUM(f.size * f.size),
           COUNT(*) FILTER (WHERE f.amount IS NULL AND w.subject IN ('amount', 'large_count'))
    FROM wanted AS w
    JOIN windows AS n ON n.programme = w.programme AND n.code = w.code
    JOIN subject AS s ON s.programme = w.programme AND s.code = w.code
    JOIN below AS b ON b.top = s.unit
    JOIN facts AS f ON f.unit = b.unit AND f.measure = n.measure AND f.occurred_on >= n.first_day AND f.occurred_on <= n.last_day
    WHERE w.scope = 'each_unit'
    GROUP BY w.programme, w.code, s.unit, n.back, f.occurred_on <= n.to_date
  ), had AS MATERIALIZED (
    SELECT DISTINCT n.programme, n.code, w.subject, f.unit
    FROM wanted AS w
    JOIN windows AS n ON n.programme = w.programme AND n.code = w.code
    JOIN facts AS f ON f.measure = n.measure AND f.occurred_on >= n.first_day AND f.occurred_on <= n.last_day AND f.quantity > 0
    WHERE n.back = 0 AND w.subject IN ('unit_share_with', 'unit_share_without')
  ), shares AS MATERIALIZED (
    SELECT w.programme, w.code, COUNT(*) FILTER (WHERE h.unit IS NOT NULL) AS having, COUNT(*) AS units
    FROM wanted AS w
    JOIN subject AS s ON s.programme = w.programme AND s.code = w.code
    LEFT JOIN (
      SELECT o.programme, o.code, o.unit FROM had AS o
      UNION
      -- what happened in a compound happened in its community; a title of the
      -- compound is none of the community
      SELECT o.programme, o.code, u.parent
      FROM had AS o
      JOIN @registry@.unit AS u ON u.code = o.unit
      JOIN @registry@.unit_kind AS k ON k.code = u.kind AND NOT k.assessed
      WHERE o.subject = 'unit_share_without'
    ) AS h ON h.programme = w.programme AND h.code = w.code AND h.unit = s.unit
    WHERE w.subject IN ('unit_share_with', 'unit_share_without')
    GROUP BY w.programme, w.code
  ), on_list AS MATERIALIZED (
    SELECT DISTINCT w.programme, w.code, l.person
    FROM wanted AS w
    JOIN @registry@.listed_person AS l ON l.purpose = w.list_purpose AND l.added_on <= LEAST(w.last_day, $1) AND (w.list_entries = 'all' OR NOT l.late)
      AND (w.area IS NULL OR l.region OPERATOR(antifraud.<@) w.area)
      AND CASE WHEN $2 IS NULL THEN l.voided_at IS NULL ELSE l.recorded_at <= $2 AND (l.voided_at IS NULL OR l.voided_at > $2) END
    JOIN @registry@.person_list AS n ON n.code = l.list AND (n.programme IS NULL OR n.programme = w.programme)
    WHERE w.subject = 'list_rate'
  ), reached AS MATERIALIZED (
    -- one pass over the changes of status: a look-up for each person listed
    -- would be as many
    SELECT DISTINCT ON (w.programme, w.code, r.person) w.programme, w.code, r.person, r.reached
    FROM wanted AS w
    JOIN @registry@.listed_result AS r ON r.purpose = w.list_purpose AND r.changed_on <= LEAST(w.last_day, $1)
      AND CASE WHEN $2 IS NULL THEN r.voided_at IS NULL ELSE r.recorded_at <= $2 AND (r.voided_at IS NULL OR r.voided_at > $2) END
    -- IS TRUE: hashed, and not joined row by row
    WHERE w.subject = 'list_rate' AND (r.person IN (SELECT l.person FROM on_list AS l)) IS TRUE
    ORDER BY w.programme, w.code, r.person, r.changed_on DESC, r.source_key DESC
  ), listed AS MATERIALIZED (
    SELECT l.programme, l.code, COUNT(*) FILTER (WHERE (l.programme, l.code, l.person) IN (SELECT r.programme, r.code, r.person FROM reached AS r WHERE r.reached)) AS reached, COUNT(*) AS persons
    FROM on_list AS l
    GROUP BY l.programme, l.code
  ), judged AS (
    SELECT w.*, s.unit AS subject_unit
    FROM wanted AS w
    LEFT JOIN subject AS s ON w.scope = 'each_unit' AND s.programme = w.programme AND s.code = w.code
  ), sums AS MATERIALIZED (
    SELECT s.programme, s.code, s.unit,
           SUM(s.quantity) FILTER (WHERE s.back = 0) AS quantity, SUM(s.base) FILTER (WHERE s.back = 0) AS base, SUM(s.amount) FILTER (WHERE s.back = 0) AS amount,
           SUM(s.quantity) FILTER (WHERE s.back > 0) AS quantity_before, SUM(s.base) FILTER (WHERE s.back > 0) AS base_before, SUM(s.amount) FILTER (WHERE s.back > 0) AS amount_before,
           SUM(s.quantity) FILTER (WHERE s.back > 0 AND s.by_now) AS quantity_to_date, SUM(s.amount) FILTER (WHERE s.back > 0 AND s.by_now) AS amount_to_date,
           SUM(s.unknown_amounts) AS unknown_amounts, SUM(s.squared) FILTER (WHERE s.back = 0) AS squared
    FROM summed AS s
    GROUP BY s.programme, s.code, s.unit
  )
  SELECT j.programme, j.code, j.subject_unit AS unit, j.area, j.narrowed, j.first_day, j.last_day,
         CASE j.subject WHEN 'amount' THEN COALESCE(s.amount, 0)
                        WHEN 'unit_share_with' THEN COALESCE(h.having, 0)
                        WHEN 'unit_share_without' THEN COALESCE(h.units - h.having, 0)
                        WHEN 'list_rate' THEN COALESCE(l.reached, 0)
                        ELSE COALESCE(s.quantity, 0) END::numeric AS numerator,
         CASE j.subject WHEN 'rate' THEN COALESCE(s.base, 0)
                        WHEN 'unit_share_with' THEN COALESCE(h.units, 0)
                        WHEN 'unit_share_without' THEN COALESCE(h.units, 0)
                        WHEN 'list_rate' THEN COALESCE(l.persons, 0)
                        ELSE 1 END::numeric AS denominator,
         CASE WHEN b.numerator IS NOT NULL THEN b.numerator
              WHEN j.years > 0 THEN CASE j.subject WHEN 'amount' THEN COALESCE(s.amount_before, 0) ELSE COALESCE(s.quantity_before, 0) END END AS baseline_numerator,
         CASE WHEN b.numerator IS NOT NULL THEN b.denominator
              WHEN j.years > 0 THEN CASE j.subject WHEN 'rate' THEN COALESCE(s.base_before, 0) ELSE j.years END END::numeric AS baseline_denominator,
         CASE WHEN b.numerator IS NULL AND j.years > 0 AND j.subject <> 'rate'
              THEN CASE j.subject WHEN 'amount' THEN COALESCE(s.amount_to_date, 0) ELSE COALESCE(s.quantity_to_date, 0) END END::numeric AS baseline_to_date,
         COALESCE(s.unknown_amounts, 0)::bigint AS unknown_amounts,
         b.numerator IS NULL AND j.years > 0 AS from_records,
         CASE j.subject WHEN 'amount' THEN s.squared END AS amounts_squared
  FROM judged AS j
  LEFT JOIN sums AS s ON s.programme = j.programme AND s.code = j.code AND s.unit IS NOT DISTINCT FROM j.subject_unit
  LEFT JOIN shares AS h ON h.programme = j.programme AND h.code = j.code
  LEFT JOIN listed AS l ON l.programme = j.programme AND l.code = j.code
  LEFT JOIN LATERAL (
    SELECT b.numerator, b.denominator
    FROM @registry@.target_baseline AS b
    WHERE b.programme = j.programme AND b.target = j.code AND b.unit IS NOT DISTINCT FROM j.subject_unit AND j.baseline <> 'none'
      AND (NOT j.narrowed OR j.scope = 'each_unit')
      AND CASE WHEN $2 IS NULL THEN b.voided_at IS NULL ELSE b.recorded_at <= $2 AND (b.voided_at IS NULL OR b.voided_at > $2) END
    ORDER BY b.id DESC
    LIMIT 1
  ) AS b ON true
  WHERE j.subject_unit IS NOT NULL OR $4 IS NULL AND (j.scope = 'region' OR NOT j.narrowed);
END
$body$;
COMMENT ON FUNCTION @registry@.target_figures(date, timestamptz, antifraud.region, text[]) IS 'The figures that targets compare: numerator and denominator now, of the same dates of former years (or as fixed in target_baseline), the part of these up to the same day, and the sum of the squares of the amounts now. Used by targets_at().';
