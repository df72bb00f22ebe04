-- How targets stand, by the figures of 82_targets_figures.sql; only tests of
-- chance and intervals are floating-point.

CREATE FUNCTION @registry@.targets_at(as_of date, known_at timestamptz DEFAULT NULL, region antifraud.region DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (programme text, code text, label_zh text, label_en text, clause text, unit text, area antifraud.region, first_day date, last_day date,
               numerator numeric, denominator numeric, baseline_numerator numeric, baseline_denominator numeric, baseline_to_date numeric, unknown_amounts bigint,
               comparison text, threshold numeric, bound numeric, state text, reason text, more_allowed numeric, more_needed numeric,
               days_gone integer, days_total integer, pace numeric, forecast_low bigint, forecast_mid numeric, forecast_high bigint,
               interval_low double precision, interval_high double precision, p_value double precision, more_than_chance boolean)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH figures AS MATERIALIZED (
    SELECT f.*, t.label_zh, t.label_en, t.clause, t.subject, t.comparison, t.direction, t.threshold,
           t.subject IN ('count', 'large_count') AS counts,
           COALESCE($1 > f.last_day, true) AS over,
           CASE WHEN s.percent THEN 100 ELSE 1 END AS factor,
           CASE WHEN t.subject = 'amount' THEN 0.01 ELSE 1 END AS step,
           CASE WHEN $1 < f.first_day OR f.last_day < f.first_day THEN 0 ELSE LEAST($1, f.last_day) - f.first_day + 1 END AS days_gone,
           GREATEST(f.last_day - f.first_day + 1, 0) AS days_total,
           CASE t.baseline WHEN 'last_year' THEN 1 WHEN 'three_year_mean' THEN 3 END AS years,
           CASE
             WHEN f.last_day IS NULL THEN 'no_end'
             WHEN f.last_day < f.first_day THEN 'no_days'
             WHEN f.from_records AND f.last_day >= f.first_day + pg_catalog.make_interval(years => 1) THEN 'baseline_overlaps'
             WHEN t.scope = 'each_unit' AND f.unit IS NULL THEN 'no_units'
             WHEN t.subject IN ('unit_share_with', 'unit_share_without') AND f.denominator = 0 THEN 'no_units'
             WHEN t.subject = 'list_rate' AND f.denominator = 0 THEN 'list_empty'
             WHEN t.subject = 'large_count' AND t.amount_from IS NULL THEN 'amount_not_set'
             WHEN t.baseline = 'frozen' AND f.baseline_numerator IS NULL THEN 'baseline_not_set'
             WHEN f.from_records AND f.first_day - pg_catalog.make_interval(years => CASE t.baseline WHEN 'three_year_mean' THEN 3 ELSE 1 END) < t.baseline_from THEN 'baseline_before_records'
             WHEN t.baseline <> 'none' AND f.baseline_denominator = 0 THEN 'baseline_not_measured'
             WHEN t.comparison IN ('falls_by', 'rises_by') AND f.baseline_numerator = 0 THEN 'baseline_zero'
             WHEN t.comparison = 'falls' AND f.baseline_numerator = 0 AND f.numerator = 0 THEN 'baseline_zero'
             WHEN t.subject = 'rate' AND f.denominator = 0 AND COALESCE($1 > f.last_day, true) THEN 'nothing_measured'
           END AS reason
    FROM @registry@.target_figures($1, $2, $3, $4) AS f
    JOIN @registry@.target AS t ON t.programme = f.programme AND t.code = f.code
    JOIN @registry@.target_subject AS s ON s.code = t.subject
  ), judged AS (
    SELECT f.*,
           @registry@.target_holds(f.comparison, f.threshold, f.factor, f.numerator, f.denominator, f.baseline_numerator, f.baseline_denominator) AS holds,
           CASE WHEN f.reason IS NULL AND f.denominator > 0
                THEN @registry@.target_bound(f.comparison, f.threshold, f.factor, f.step, f.denominator, f.baseline_numerator, f.baseline_denominator) END AS bound,
           -- what can only grow, or only shrink, has missed once it is beyond
           f.direction = 'down' AND f.subject IN ('count', 'amount', 'large_count') OR f.direction = 'up' AND f.subject = 'unit_share_without' AS one_way,
           f.years IS NOT NULL AND f.counts AND f.from_records AND COALESCE(f.reason, 'baseline_zero') = 'baseline_zero' AND f.days_gone > 0
             AND f.numerator <= 100000000 AND f.baseline_to_date <= 100000000 AS tested
    FROM figures AS f
  ), tested AS (
    SELECT j.*,
           CASE WHEN j.tested THEN antifraud.change_test(j.numerator::bigint, j.baseline_to_date::bigint, 1 / j.years::double precision) END AS p_value
    FROM judged AS j
  )
  SELECT j.programme, j.code, j.label_zh, j.label_en, j.clause, j.unit, j.area, j.first_day, j.last_day,
         j.numerator, j.denominator, j.baseline_numerator, j.baseline_denominator, j.baseline_to_date, j.unknown_amounts,
         j.comparison, j.threshold,
         -- where last year had none there is no number below it
         CASE WHEN j.bound >= 0 THEN j.bound END AS bound,
         CASE WHEN j.reason IS NOT NULL THEN 'not_computable'
              WHEN j.over THEN CASE WHEN j.holds THEN 'met' ELSE 'missed' END
              WHEN j.one_way AND NOT j.holds THEN 'missed'
              ELSE 'open' END AS state,
         j.reason,
         CASE WHEN j.bound IS NULL THEN NULL
              WHEN j.subject = 'unit_share_without' THEN GREATEST(j.numerator - j.bound, 0)
              WHEN j.direction = 'down' THEN GREATEST(j.bound - j.numerator, 0) END AS more_allowed,
         CASE WHEN j.direction = 'up' AND j.bound IS NOT NULL THEN GREATEST(j.bound - j.numerator, 0) END AS more_needed,
         j.days_gone, j.days_total,
         CASE WHEN (j.counts OR j.subject = 'amount') AND j.days_gone > 0 AND j.bound > 0
              THEN pg_catalog.round(j.numerator * j.days_total / (j.bound * j.days_gone), 4) END AS pace,
         CASE WHEN r.fits THEN j.numerator::bigint + e.low
              WHEN r.spread IS NOT NULL THEN GREATEST(j.numerator, r.middle - r.spread)::bigint END AS forecast_low,
         CASE WHEN (j.counts OR j.subject = 'amount') AND j.days_gone > 0 AND COALESCE(j.reason, '') <> 'amount_not_set'
              THEN pg_catalog.round(j.numerator * j.days_total / j.days_gone, 2) END AS forecast_mid,
         CASE WHEN r.fits THEN j.numerator::bigint + e.high
              WHEN r.spread IS NOT NULL THEN pg_catalog.ceil(r.middle + r.spread)::bigint END AS forecast_high,
         w.low AS interval_low, w.high AS interval_high, j.p_value, j.p_value < 0.05 AS more_than_chance
  FROM tested AS j
  CROSS JOIN LATERAL (
    SELECT j.counts AND j.days_gone > 0 AND j.numerator <= 100000 AND COALESCE(j.reason, '') <> 'amount_not_set' AS fits,
           -- a sum of as many losses as chance brings, of sizes as so far (compound
           -- Poisson): with t the days that remain over those gone, the variance of
           -- what is to come less t times what came is t (1 + t) times the sum of squares.
           -- Not where a few losses outweigh the rest: fewer than five of one size
           -- would vary as much (Kish's effective number)
           CASE WHEN j.days_gone > 0 THEN j.numerator * j.days_total / j.days_gone END AS middle,
           CASE WHEN j.amounts_squared > 0 AND j.days_gone > 0 AND j.numerator * j.numerator >= 5 * j.amounts_squared::numeric
                THEN (1.959963984540054 * pg_catalog.sqrt(j.amounts_squared * (j.days_total - j.days_gone) * j.days_total) / j.days_gone)::numeric END AS spread
  ) AS r
  CROSS JOIN LATERAL antifraud.forecast_interval(CASE WHEN r.fits THEN j.numerator::bigint END, j.days_gone::double precision, (j.days_total - j.days_gone)::double precision) AS e
  CROSS JOIN LATERAL antifraud.wilson_interval(CASE WHEN j.subject = 'rate' AND j.numerator <= j.denominator AND j.denominator <= 1000000000 THEN j.numerator::bigint END, LEAST(j.denominator, 1000000000)::bigint) AS w;
END
$body$;
COMMENT ON FUNCTION @registry@.targets_at(date, timestamptz, antifraud.region, text[]) IS 'How each target in force stands at the end of a day (null: judged whole, as if every window were over), with what was known at known_at (null: now), for the region of its programme or a region within it. units: only targets of each unit, and of these units. See the view target_status for the columns.';

CREATE VIEW @registry@.target_status (programme, code, label_zh, label_en, clause, unit, region, first_day, last_day,
  numerator, denominator, baseline_numerator, baseline_denominator, baseline_to_date, unknown_amounts, comparison, threshold, bound, state, state_zh, reason, reason_zh,
  more_allowed, more_needed, days_gone, days_total, pace, forecast_low, forecast_mid, forecast_high, interval_low, interval_high, p_value, more_than_chance, as_of)
WITH (security_invoker = true) AS
WITH every AS MATERIALIZED (
  SELECT t.*, l.day FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.targets_at(l.day) AS t
)
SELECT t.programme, t.code, t.label_zh, t.label_en, t.clause, t.unit, t.area, t.first_day, t.last_day,
       t.numerator, t.denominator, t.baseline_numerator, t.baseline_denominator, t.baseline_to_date, t.unknown_amounts, t.comparison, t.threshold, t.bound,
       t.state, s.label_zh, t.reason, r.label_zh,
       t.more_allowed, t.more_needed, t.days_gone, t.days_total, t.pace, t.forecast_low, t.forecast_mid, t.forecast_high,
       t.interval_low, t.interval_high, t.p_value, t.more_than_chance, t.day
FROM (
  -- a null of its own, so that who asks for a unit does not get to see these
  SELECT e.programme, e.code, e.label_zh, e.label_en, e.clause, NULL::text AS unit, e.area, e.first_day, e.last_day,
         e.numerator, e.denominator, e.baseline_numerator, e.baseline_denominator, e.baseline_to_date, e.unknown_amounts, e.comparison, e.threshold, e.bound, e.state, e.reason,
         e.more_allowed, e.more_needed, e.days_gone, e.days_total, e.pace, e.forecast_low, e.forecast_mid, e.forecast_high,
         e.interval_low, e.interval_high, e.p_value, e.more_than_chance, e.day
  FROM every AS e WHERE e.unit IS NULL
  UNION ALL
  -- the first unit asked for by itself, further ones from all (see first_call)
  SELECT o.programme, o.code, o.label_zh, o.label_en, o.clause, u.code AS unit, o.area, o.first_day, o.last_day,
         o.numerator, o.denominator, o.baseline_numerator, o.baseline_denominator, o.baseline_to_date, o.unknown_amounts, o.comparison, o.threshold, o.bound, o.state, o.reason,
         o.more_allowed, o.more_needed, o.days_gone, o.days_total, o.pace, o.forecast_low, o.forecast_mid, o.forecast_high,
         o.interval_low, o.interval_high, o.p_value, o.more_than_chance, o.day
  FROM @registry@.unit AS u
  CROSS JOIN LATERAL (SELECT antifraud.first_call(u.code) AS first OFFSET 0) AS f
  CROSS JOIN LATERAL (
    SELECT t.*, l.day FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.targets_at(l.day, NULL, NULL, ARRAY[u.code]) AS t WHERE f.first
    UNION ALL
    SELECT e.* FROM every AS e WHERE NOT f.first AND e.unit = u.code
  ) AS o
  WHERE u.active AND EXISTS (SELECT FROM @registry@.target AS t WHERE t.active AND t.scope = 'each_unit' AND (t.unit_kinds IS NULL OR u.kind = ANY (t.unit_kinds)))
) AS t
JOIN @registry@.target_state AS s ON s.code = t.state
LEFT JOIN @registry@.target_reason AS r ON r.code = t.reason;
COMMENT ON VIEW @registry@.target_status IS 'How the targets of the programmes in force stand as of list_day(): targets_at() for that day.';
COMMENT ON COLUMN @registry@.target_status.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.target_status.code IS 'The target.';
COMMENT ON COLUMN @registry@.target_status.label_zh IS 'What is to be reached, in Chinese.';
COMMENT ON COLUMN @registry@.target_status.label_en IS 'What is to be reached, in English.';
COMMENT ON COLUMN @registry@.target_status.clause IS 'Where the document says so.';
COMMENT ON COLUMN @registry@.target_status.unit IS 'The unit, for a target of each unit; else null.';
COMMENT ON COLUMN @registry@.target_status.region IS 'The region that it is judged for; null: everywhere.';
COMMENT ON COLUMN @registry@.target_status.first_day IS 'First day of the window.';
COMMENT ON COLUMN @registry@.target_status.last_day IS 'Last day of the window.';
COMMENT ON COLUMN @registry@.target_status.numerator IS 'The figure now, up to as_of: cases, yuan, units, persons.';
COMMENT ON COLUMN @registry@.target_status.denominator IS 'What it is a share of; 1 for counts and amounts.';
COMMENT ON COLUMN @registry@.target_status.baseline_numerator IS 'The figure to compare with, of the whole window of the former years together.';
COMMENT ON COLUMN @registry@.target_status.baseline_denominator IS 'What that is divided by: the number of years, or the persons asked.';
COMMENT ON COLUMN @registry@.target_status.baseline_to_date IS 'The part of baseline_numerator up to the same day of the year; null for rates and fixed figures.';
COMMENT ON COLUMN @registry@.target_status.unknown_amounts IS 'Facts without an amount, now and before: they count as 0 yuan, or as not large.';
COMMENT ON COLUMN @registry@.target_status.comparison IS 'How it is compared; see target.comparison.';
COMMENT ON COLUMN @registry@.target_status.threshold IS 'The number to compare with; see target.threshold.';
COMMENT ON COLUMN @registry@.target_status.bound IS 'The largest numerator with which a target downwards is met, or the smallest with which one upwards is, at the denominator of today. Null where none is: a fall from nothing.';
COMMENT ON COLUMN @registry@.target_status.state IS 'met, missed, open or not_computable. A count or amount downwards has missed as soon as it is beyond the bound, a share of units without as soon as it is below; all else is judged after the last day.';
COMMENT ON COLUMN @registry@.target_status.state_zh IS 'The state in Chinese.';
COMMENT ON COLUMN @registry@.target_status.reason IS 'Why it is not computable; see target_reason.';
COMMENT ON COLUMN @registry@.target_status.reason_zh IS 'The reason in Chinese.';
COMMENT ON COLUMN @registry@.target_status.more_allowed IS 'How many more (cases, yuan, units that drop out) the target bears.';
COMMENT ON COLUMN @registry@.target_status.more_needed IS 'How many more are needed, at the denominator of today.';
COMMENT ON COLUMN @registry@.target_status.days_gone IS 'Days of the window up to as_of.';
COMMENT ON COLUMN @registry@.target_status.days_total IS 'Days of the window.';
COMMENT ON COLUMN @registry@.target_status.pace IS 'The figure over what the bound allows for the days gone: above 1 is too many for a target downwards, too few is below 1 for one upwards. Null where the bound is 0.';
COMMENT ON COLUMN @registry@.target_status.forecast_low IS 'Lowest figure to be expected at the end, if nothing changes: exact 95 % prediction interval for counts; for amounts an approximate one, in whole yuan, null where a few losses outweigh the rest; null for shares.';
COMMENT ON COLUMN @registry@.target_status.forecast_mid IS 'The figure at the end if the days that remain are like those gone.';
COMMENT ON COLUMN @registry@.target_status.forecast_high IS 'Highest figure to be expected at the end.';
COMMENT ON COLUMN @registry@.target_status.interval_low IS 'Low end of the 95 % interval of the share behind a sample (Wilson); it does not decide.';
COMMENT ON COLUMN @registry@.target_status.interval_high IS 'High end of it.';
COMMENT ON COLUMN @registry@.target_status.p_value IS 'Probability that chance alone makes a difference as large, between the count up to as_of and that of the same dates before (exact, two-sided). Null where it cannot be told.';
COMMENT ON COLUMN @registry@.target_status.more_than_chance IS 'Whether p_value is below 0.05.';
COMMENT ON COLUMN @registry@.target_status.as_of IS 'The day as of which it looks.';
