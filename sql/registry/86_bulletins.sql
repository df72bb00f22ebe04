-- What bulletins say of a week, a month, and who the victims are; of single
-- cases: 86_bulletin_cases.sql. Functions take days, views look as of
-- list_day(). What they may state of money and persons: 86_bulletin_bands.sql.

-- ------------------------------------------------------------------ a week
-- Planned once a session, like those of a month: for one community planning
-- takes longer than reading.
CREATE FUNCTION @registry@.listed_known(as_of date, known_at timestamptz, units text[] DEFAULT NULL)
RETURNS TABLE (unit text, persons bigint)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  WITH change AS MATERIALIZED (
    SELECT c.person, c.changed_on, k.controlled, max(c.changed_on) FILTER (WHERE k.controlled) OVER w AS controlled_on
    FROM @registry@.status_change AS c JOIN @registry@.person_status AS k ON k.code = c.status
    WHERE c.recorded_at <= $2 AND (c.voided_at IS NULL OR c.voided_at > $2)
    WINDOW w AS (PARTITION BY c.person)
  ), ended AS MATERIALIZED (
    SELECT c.person, min(c.changed_on) FILTER (WHERE c.controlled_on IS NULL OR c.changed_on > c.controlled_on) AS ended_on
    FROM change AS c GROUP BY c.person
  )
  SELECT p.unit, count(*) AS persons
  FROM @registry@.person AS p
  LEFT JOIN ended AS e ON e.person = p.id
  WHERE p.unit IS NOT NULL AND p.recorded_at <= $2 AND p.enrolled_on <= $1 AND ($3 IS NULL OR p.unit = ANY ($3))
    AND COALESCE(CASE WHEN e.person IS NOT NULL THEN e.ended_on
                      WHEN EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person = p.id) THEN NULL
                      ELSE p.ended_on END, 'infinity') >= $1
  GROUP BY p.unit;
END;
COMMENT ON FUNCTION @registry@.listed_known(date, timestamptz, text[]) IS 'How many persons each unit (or some) had under control on a day, by the persons and the changes of status that had been recorded at known_at. Which unit answers for a person, when control began, and an end that stands on the row of the person only, are taken as they are now: they have no history.';

CREATE FUNCTION @registry@.weekly_bulletins(as_of date, within antifraud.region DEFAULT NULL, known_at timestamptz DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (unit text, name text, kind text, region antifraud.region, week text, week_from date, week_to date,
               cases bigint, cases_before bigint, cases_year bigint, cases_last_year bigint,
               losses text, losses_before text, losses_year text, losses_last_year text,
               two_card_clues bigint, two_card_clues_before bigint, two_card_clues_year bigint, two_card_clues_last_year bigint,
               reduced bigint, reduced_before bigint, reduced_year bigint, reduced_last_year bigint, listed bigint)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH days AS MATERIALIZED (
    SELECT d.monday, d.monday + 6 AS sunday, d.new_year, (d.new_year - interval '1 year')::date AS last_new_year, ($1 - interval '1 year')::date AS last_day
    FROM (SELECT date_trunc('week', $1::timestamp)::date AS monday, date_trunc('year', $1::timestamp)::date AS new_year) AS d
  ), windows AS MATERIALIZED (
    SELECT w.code, w.first_day, w.last_day FROM days AS d
    CROSS JOIN LATERAL (VALUES ('week', d.monday, $1), ('before', d.monday - 7, d.monday - 1), ('year', d.new_year, $1), ('last_year', d.last_new_year, d.last_day)) AS w (code, first_day, last_day)
  ), places AS MATERIALIZED (
    SELECT u.code, u.name, u.kind, u.region
    FROM @registry@.unit AS u
    WHERE u.active AND ($2 IS NULL OR u.region OPERATOR(antifraud.<@) $2) AND ($4 IS NULL OR u.code = ANY ($4))
  ), below AS MATERIALIZED (
    SELECT a.unit, a.above FROM @registry@.units_below(CASE WHEN $2 IS NOT NULL OR $4 IS NOT NULL THEN ARRAY(SELECT p.code FROM places AS p) END) AS a
  ), counted AS MATERIALIZED (
    SELECT CASE WHEN $2 IS NOT NULL OR $4 IS NOT NULL THEN ARRAY(SELECT DISTINCT b.unit FROM below AS b) END AS units
  ), money AS MATERIALIZED (
    SELECT e.edges, cardinality(e.edges) - 1 AS last, e.edges[cardinality(e.edges) - 1] AS large_from
    FROM (SELECT @registry@.loss_edges(i.loss_percent) AS edges FROM @registry@.registry_info AS i OFFSET 0) AS e
  ), by_unit AS MATERIALIZED (
    SELECT f.unit, f.measure, w.code AS win, sum(f.quantity)::bigint AS n, sum(f.amount) AS amount,
           sum(f.edges[f.place]) FILTER (WHERE f.place < f.last) AS at_least, sum(f.edges[f.place + 1]) FILTER (WHERE f.place < f.last) AS below,
           count(*) FILTER (WHERE f.place = f.last) AS large
    FROM (SELECT f.unit, f.measure, f.occurred_on, f.quantity, f.amount, m.edges, m.last, CASE f.measure WHEN 'case' THEN width_bucket(f.amount, m.edges) END AS place
          FROM @registry@.facts_between('{case,two_card_clue,reduced}', (SELECT min(w.first_day) FROM windows AS w), $1, $3, (SELECT c.units FROM counted AS c)) AS f
          CROSS JOIN money AS m OFFSET 0) AS f
    JOIN windows AS w ON f.occurred_on BETWEEN w.first_day AND w.last_day
    GROUP BY f.unit, f.measure, w.code
    UNION ALL
    SELECT c.unit, 'listed' AS measure, 'week' AS win, count(*) AS n, NULL AS amount, NULL AS at_least, NULL AS below, 0 AS large
    FROM @registry@.controlled_persons($1, $2) AS c WHERE $3 IS NULL AND $4 IS NULL AND c.unit IS NOT NULL GROUP BY c.unit
    UNION ALL
    SELECT p.unit, 'listed' AS measure, 'week' AS win, count(*) AS n, NULL AS amount, NULL AS at_least, NULL AS below, 0 AS large
    FROM @registry@.person AS p
    WHERE $3 IS NULL AND $4 IS NOT NULL AND p.unit = ANY ((SELECT c.units FROM counted AS c)::text[]) AND p.enrolled_on <= $1 AND (p.ended_on IS NULL OR p.ended_on >= $1)
    GROUP BY p.unit
    UNION ALL
    SELECT k.unit, 'listed' AS measure, 'week' AS win, k.persons AS n, NULL AS amount, NULL AS at_least, NULL AS below, 0 AS large
    FROM @registry@.listed_known($1, $3, (SELECT c.units FROM counted AS c)) AS k WHERE $3 IS NOT NULL
  ), summed AS MATERIALIZED (
    SELECT b.above AS code, y.measure, y.win, sum(y.n) AS n, @registry@.loss_sum_band(sum(y.n)::bigint, sum(y.amount), sum(y.at_least), sum(y.below), sum(y.large)::bigint, m.large_from, i.suppress_below) AS losses
    FROM by_unit AS y JOIN below AS b ON b.unit = y.unit CROSS JOIN money AS m CROSS JOIN @registry@.registry_info AS i
    GROUP BY b.above, y.measure, y.win, m.large_from, i.suppress_below
  ), figures AS MATERIALIZED (
    SELECT s.code,
           max(s.n) FILTER (WHERE s.measure = 'case' AND s.win = 'week') AS cases, max(s.losses) FILTER (WHERE s.measure = 'case' AND s.win = 'week') AS losses,
           max(s.n) FILTER (WHERE s.measure = 'case' AND s.win = 'before') AS cases_before, max(s.losses) FILTER (WHERE s.measure = 'case' AND s.win = 'before') AS losses_before,
           max(s.n) FILTER (WHERE s.measure = 'case' AND s.win = 'year') AS cases_year, max(s.losses) FILTER (WHERE s.measure = 'case' AND s.win = 'year') AS losses_year,
           max(s.n) FILTER (WHERE s.measure = 'case' AND s.win = 'last_year') AS cases_last_year, max(s.losses) FILTER (WHERE s.measure = 'case' AND s.win = 'last_year') AS losses_last_year,
           max(s.n) FILTER (WHERE s.measure = 'two_card_clue' AND s.win = 'week') AS clues, max(s.n) FILTER (WHERE s.measure = 'two_card_clue' AND s.win = 'before') AS clues_before,
           max(s.n) FILTER (WHERE s.measure = 'two_card_clue' AND s.win = 'year') AS clues_year, max(s.n) FILTER (WHERE s.measure = 'two_card_clue' AND s.win = 'last_year') AS clues_last_year,
           max(s.n) FILTER (WHERE s.measure = 'reduced' AND s.win = 'week') AS reduced, max(s.n) FILTER (WHERE s.measure = 'reduced' AND s.win = 'before') AS reduced_before,
           max(s.n) FILTER (WHERE s.measure = 'reduced' AND s.win = 'year') AS reduced_year, max(s.n) FILTER (WHERE s.measure = 'reduced' AND s.win = 'last_year') AS reduced_last_year,
           max(s.n) FILTER (WHERE s.measure = 'listed') AS listed
    FROM summed AS s
    GROUP BY s.code
  )
  SELECT p.code AS unit, p.name, p.kind, p.region, to_char(d.monday, 'IYYY-"W"IW') AS week, d.monday AS week_from, d.sunday AS week_to,
         COALESCE(f.cases, 0)::bigint AS cases, COALESCE(f.cases_before, 0)::bigint AS cases_before, COALESCE(f.cases_year, 0)::bigint AS cases_year, COALESCE(f.cases_last_year, 0)::bigint AS cases_last_year,
         CASE WHEN f.cases > 0 THEN f.losses ELSE '0元' END AS losses,
         CASE WHEN f.cases_before > 0 THEN f.losses_before ELSE '0元' END AS losses_before,
         CASE WHEN f.cases_year > 0 THEN f.losses_year ELSE '0元' END AS losses_year,
         CASE WHEN f.cases_last_year > 0 THEN f.losses_last_year ELSE '0元' END AS losses_last_year,
         COALESCE(f.clues, 0)::bigint AS two_card_clues, COALESCE(f.clues_before, 0)::bigint AS two_card_clues_before, COALESCE(f.clues_year, 0)::bigint AS two_card_clues_year, COALESCE(f.clues_last_year, 0)::bigint AS two_card_clues_last_year,
         @registry@.persons_shown(f.reduced::bigint, i.suppress_below) AS reduced, @registry@.persons_shown(f.reduced_before::bigint, i.suppress_below) AS reduced_before,
         @registry@.persons_shown(f.reduced_year::bigint, i.suppress_below) AS reduced_year, @registry@.persons_shown(f.reduced_last_year::bigint, i.suppress_below) AS reduced_last_year,
         @registry@.persons_shown(f.listed::bigint, i.suppress_below) AS listed
  FROM places AS p
  CROSS JOIN days AS d
  CROSS JOIN @registry@.registry_info AS i
  LEFT JOIN figures AS f ON f.code = p.code
  WHERE isfinite($1);
END
$body$;
COMMENT ON FUNCTION @registry@.weekly_bulletins(date, antifraud.region, timestamptz, text[]) IS 'The week (Monday to Sunday) of a day, up to that day, of every active unit in a region (null: everywhere) or of some units, those of towns and above with what lies in them: cases filed, losses as the sums of their bands (loss_sum_band), two-card clues, persons taken off the list (persons_shown), in the week, the week before, the year so far and the same days of last year (29 February as 28); persons under control. Null: left out, since fewer than registry_info.suppress_below persons would be told of. known_at: by what had been recorded then, every figure; for persons under control see listed_known().';

-- A village or a town that is asked for first is worked out by itself, all
-- others from all (see first_call); what lies in a county is nearly all.
CREATE VIEW @registry@.weekly_bulletin WITH (security_invoker = true) AS
WITH every AS MATERIALIZED (
  SELECT b.*, l.day AS as_of FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.weekly_bulletins(l.day) AS b
)
SELECT u.code AS unit, o.name, o.kind, o.region, o.week, o.week_from, o.week_to, o.cases, o.cases_before, o.cases_year, o.cases_last_year, o.losses, o.losses_before,
       o.losses_year, o.losses_last_year, o.two_card_clues, o.two_card_clues_before, o.two_card_clues_year, o.two_card_clues_last_year, o.reduced,
       o.reduced_before, o.reduced_year, o.reduced_last_year, o.listed, o.as_of
FROM @registry@.unit AS u
CROSS JOIN LATERAL (SELECT CASE WHEN antifraud.region_level(u.region) >= 4 THEN antifraud.first_call(u.code) ELSE false END AS first OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT b.*, l.day AS as_of FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.weekly_bulletins(l.day, NULL, NULL, ARRAY[u.code]) AS b WHERE f.first
  UNION ALL
  SELECT e.* FROM every AS e WHERE NOT f.first AND e.unit = u.code
) AS o
WHERE u.active;
COMMENT ON VIEW @registry@.weekly_bulletin IS 'The week of list_day(), up to that day, unit by unit, as weekly_bulletins() gives it: losses as the sums of their bands, persons in full multiples of suppress_below. Null: left out for the sake of persons.';
SELECT @registry@.comment_columns('{weekly_bulletin}',
  '{unit,name,kind,region,week,week_from,week_to,cases,cases_before,cases_year,cases_last_year,losses,losses_before,losses_year,losses_last_year,two_card_clues,two_card_clues_before,two_card_clues_year,two_card_clues_last_year,reduced,reduced_before,reduced_year,reduced_last_year,listed,as_of}',
  ARRAY['The unit; those of towns and above include what lies in them.', 'Its name.', 'Its kind.', 'Its region.', 'The week by ISO 8601.', 'Its Monday.', 'Its Sunday.',
        'Cases filed in the week.', 'In the week before.', 'In the year so far.', 'In the same days of last year.',
        'Known losses of the week: sum of their bands.', 'Of the week before.', 'Of the year so far.', 'Of the same days of last year.',
        'Two-card clues of the week.', 'Of the week before.', 'Of the year so far.', 'Of the same days of last year.',
        'Persons taken off the list in the week, rounded down.', 'In the week before.', 'In the year so far.', 'In the same days of last year.', 'Persons under control on the day, rounded down.', 'The day.']);

-- ----------------------------------------------------------------- a month
CREATE FUNCTION @registry@.victim_cells(from_day date, to_day date, within antifraud.region DEFAULT NULL, units text[] DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (unit text, dimension text, code text, cases bigint, hidden boolean)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH below AS MATERIALIZED (
    SELECT a.unit, a.above FROM @registry@.units_below($4) AS a
  ), counted AS MATERIALIZED (
    SELECT CASE WHEN $4 IS NOT NULL THEN ARRAY(SELECT DISTINCT b.unit FROM below AS b) END AS units
  ), filed AS MATERIALIZED (
    -- two ways to the rows, of which one has nothing to do
    SELECT c.* FROM @registry@.fraud_case AS c WHERE $4 IS NULL AND c.filed_on BETWEEN $1 AND $2
    UNION ALL
    SELECT c.* FROM @registry@.fraud_case AS c WHERE c.unit = ANY ((SELECT n.units FROM counted AS n)::text[]) AND c.filed_on BETWEEN $1 AND $2
  ), told AS MATERIALIZED (
    SELECT c.unit, COALESCE(c.category, 'unknown') AS category, COALESCE(c.victim_group, 'unknown') AS victim_group, COALESCE(c.victim_age_band, 'unknown') AS age, COALESCE(c.victim_sex, 'unknown') AS sex,
           CASE c.publicity_reached WHEN true THEN 'reached' WHEN false THEN 'not_reached' ELSE 'unknown' END AS publicity,
           CASE c.in_group WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END AS in_group,
           CASE c.app_installed WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END AS app,
           CASE WHEN COALESCE(c.alert_before, EXISTS (SELECT FROM @registry@.alert_delivery AS d
                  WHERE d.victim = c.victim AND CASE WHEN $5 IS NULL THEN upper_inf(d.known) ELSE d.known @> $5 END AND d.delivered_on <= COALESCE(c.happened_on, c.filed_on)
                    AND NOT EXISTS (SELECT FROM @registry@.alert_case AS r WHERE r.alert = d.alert AND r.fraud_case = c.id AND NOT r.confirmed
                                    AND CASE WHEN $5 IS NULL THEN r.voided_at IS NULL ELSE r.recorded_at <= $5 AND (r.voided_at IS NULL OR r.voided_at > $5) END))) THEN 'yes' ELSE 'no' END AS alert
    FROM filed AS c
    WHERE CASE WHEN $5 IS NULL THEN c.voided_at IS NULL ELSE c.recorded_at <= $5 AND (c.voided_at IS NULL OR c.voided_at > $5) END
      AND ($3 IS NULL OR c.region OPERATOR(antifraud.<@) $3)
  ), by_unit AS MATERIALIZED (
    -- counted before they meet the places that they lie in
    SELECT t.unit, count(*) AS cases, t.category, t.victim_group, t.age, t.sex, t.publicity, t.in_group, t.app, t.alert,
           GROUPING(t.category, t.victim_group, t.age, t.sex, t.publicity, t.in_group, t.app, t.alert) AS g
    FROM told AS t
    GROUP BY GROUPING SETS ((t.unit, t.category), (t.unit, t.victim_group), (t.unit, t.age), (t.unit, t.sex), (t.unit, t.publicity), (t.unit, t.in_group), (t.unit, t.app), (t.unit, t.alert))
  ), of_unit AS MATERIALIZED (
    SELECT b.unit, b.cases, CASE b.g WHEN 127 THEN 'category' WHEN 191 THEN 'group' WHEN 223 THEN 'age' WHEN 239 THEN 'sex' WHEN 247 THEN 'publicity' WHEN 251 THEN 'in_group' WHEN 253 THEN 'app' ELSE 'alert' END AS dimension,
           COALESCE(b.category, b.victim_group, b.age, b.sex, b.publicity, b.in_group, b.app, b.alert) AS code
    FROM by_unit AS b
  ), cell AS MATERIALIZED (
    SELECT a.above AS unit, n.dimension, n.code, sum(n.cases)::bigint AS cases
    FROM of_unit AS n
    JOIN below AS a ON a.unit = n.unit
    GROUP BY a.above, n.dimension, n.code
  ), ranked AS (
    SELECT c.*, i.suppress_below AS below, row_number() OVER w AS nth, sum(c.cases) OVER w - c.cases AS smaller, min(c.cases) OVER (PARTITION BY c.unit, c.dimension) AS least
    FROM cell AS c CROSS JOIN @registry@.registry_info AS i
    WHERE c.dimension <> ALL ('{group,age,sex}')
    WINDOW w AS (PARTITION BY c.unit, c.dimension ORDER BY c.cases, c.code)
  ), base AS MATERIALIZED (
    -- what no notice of a case tells is rounded once, in the town (or whatever is
    -- nearest above), and towns are summed as rounded: of a place within and one
    -- around it, each rounded for itself, the difference could be exact
    SELECT DISTINCT ON (n.unit) n.unit, a.above AS base
    FROM (SELECT DISTINCT b.unit FROM by_unit AS b) AS n
    JOIN @registry@.unit_above AS a ON a.unit = n.unit
    JOIN @registry@.unit AS u ON u.code = a.above
    JOIN @registry@.unit_kind AS k ON k.code = u.kind
    ORDER BY n.unit, k.assessed OR antifraud.region_level(u.region) > 4, antifraud.region_level(u.region) DESC, a.above
  ), told_of AS MATERIALIZED (
    SELECT t.base, t.dimension, t.code, @registry@.victims_shown(t.cases, sum(t.cases) OVER (PARTITION BY t.base, t.dimension)::bigint, i.suppress_below) AS shown
    FROM (SELECT b.base, n.dimension, n.code, sum(n.cases)::bigint AS cases
          FROM of_unit AS n JOIN base AS b ON b.unit = n.unit
          WHERE n.dimension = ANY ('{group,age,sex}')
          GROUP BY b.base, n.dimension, n.code) AS t
    CROSS JOIN @registry@.registry_info AS i
  ), rounded AS MATERIALIZED (
    SELECT a.above AS unit, t.dimension, t.code, sum(t.shown)::bigint AS shown
    FROM told_of AS t JOIN below AS a ON a.unit = t.base
    GROUP BY a.above, t.dimension, t.code
  )
  SELECT r.unit, r.dimension, r.code, r.cases, r.least < r.below AND (r.cases < r.below OR r.nth <= 2 OR r.smaller < r.below) AS hidden FROM ranked AS r
  UNION ALL
  SELECT r.unit, r.dimension, r.code, r.shown, false FROM rounded AS r WHERE r.shown > 0
  UNION ALL
  SELECT c.unit, c.dimension, 'left_out', c.cases - COALESCE(r.shown, 0), true
  FROM (SELECT x.unit, x.dimension, sum(x.cases)::bigint AS cases FROM cell AS x WHERE x.dimension = ANY ('{group,age,sex}') GROUP BY x.unit, x.dimension) AS c
  LEFT JOIN (SELECT x.unit, x.dimension, sum(x.shown)::bigint AS shown FROM rounded AS x GROUP BY x.unit, x.dimension) AS r ON r.unit = c.unit AND r.dimension = c.dimension
  WHERE c.cases > COALESCE(r.shown, 0);
END
$body$;
COMMENT ON FUNCTION @registry@.victim_cells(date, date, antifraud.region, text[], timestamptz) IS 'Cases filed from one day to another, of each unit or of some (those of towns and above with what lies in them), as known now or at known_at, broken down by category, group, age, sex of the victim and by what publicity and alerts had done. hidden: the number must not be shown. Groups, ages and sexes, of which the notice of a case tells nothing, are rounded in each town as victims_shown() does, units above are the sums of their towns, and the rest is a row left_out. For the functions of bulletins.';

CREATE FUNCTION @registry@.monthly_bulletins(as_of date, within antifraud.region DEFAULT NULL, known_at timestamptz DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (unit text, name text, kind text, region antifraud.region, month text, month_from date, month_to date,
               cases bigint, cases_before bigint, cases_last_year bigint, losses text, reviewed bigint,
               categories jsonb, groups jsonb, publicity jsonb, in_group jsonb, app jsonb, alerts jsonb)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH days AS MATERIALIZED (
    SELECT d.first_day, (d.first_day + interval '1 month')::date - 1 AS last_day, (d.first_day - interval '1 month')::date AS before_from, d.first_day - 1 AS before_to,
           (d.first_day - interval '1 year')::date AS last_year_from,
           -- the whole month of last year beside a whole month
           CASE WHEN $1 = (d.first_day + interval '1 month')::date - 1 THEN (d.first_day - interval '11 months')::date - 1 ELSE ($1 - interval '1 year')::date END AS last_year_to
    FROM (SELECT date_trunc('month', $1::timestamp)::date AS first_day) AS d
  ), places AS MATERIALIZED (
    SELECT u.code, u.name, u.kind, u.region
    FROM @registry@.unit AS u
    WHERE u.active AND ($2 IS NULL OR u.region OPERATOR(antifraud.<@) $2) AND ($4 IS NULL OR u.code = ANY ($4))
  ), asked AS MATERIALIZED (
    SELECT CASE WHEN $2 IS NOT NULL OR $4 IS NOT NULL THEN ARRAY(SELECT p.code FROM places AS p) END AS units
  ), below AS MATERIALIZED (
    SELECT b.unit, b.above FROM @registry@.units_below((SELECT a.units FROM asked AS a)) AS b
  ), money AS MATERIALIZED (
    SELECT e.edges, cardinality(e.edges) - 1 AS last, e.edges[cardinality(e.edges) - 1] AS large_from
    FROM (SELECT @registry@.loss_edges(i.loss_percent) AS edges FROM @registry@.registry_info AS i OFFSET 0) AS e
  ), by_unit AS MATERIALIZED (
    SELECT f.unit, count(*) FILTER (WHERE f.occurred_on BETWEEN d.first_day AND $1) AS cases, sum(f.amount) FILTER (WHERE f.occurred_on BETWEEN d.first_day AND $1) AS losses,
           sum(f.edges[f.place]) FILTER (WHERE f.place < f.last) AS at_least, sum(f.edges[f.place + 1]) FILTER (WHERE f.place < f.last) AS below, count(*) FILTER (WHERE f.place = f.last) AS large,
           count(*) FILTER (WHERE f.occurred_on BETWEEN d.before_from AND d.before_to) AS cases_before,
           count(*) FILTER (WHERE f.occurred_on BETWEEN d.last_year_from AND d.last_year_to) AS cases_last_year
    FROM (SELECT x.unit, x.occurred_on, x.amount, m.edges, m.last, CASE WHEN x.occurred_on >= (SELECT y.first_day FROM days AS y) THEN width_bucket(x.amount, m.edges) END AS place
          FROM @registry@.facts_between('{case}', (SELECT x.last_year_from FROM days AS x), $1, $3,
                 CASE WHEN $2 IS NOT NULL OR $4 IS NOT NULL THEN ARRAY(SELECT DISTINCT b.unit FROM below AS b) END) AS x
          CROSS JOIN money AS m OFFSET 0) AS f
    CROSS JOIN days AS d
    GROUP BY f.unit
  ), summed AS MATERIALIZED (
    SELECT b.above AS code, sum(y.cases)::bigint AS cases, sum(y.losses) AS losses, sum(y.at_least) AS at_least, sum(y.below) AS below, sum(y.large)::bigint AS large, sum(y.cases_before)::bigint AS cases_before, sum(y.cases_last_year)::bigint AS cases_last_year
    FROM by_unit AS y JOIN below AS b ON b.unit = y.unit
    GROUP BY b.above
  ), profiles AS MATERIALIZED (
    SELECT c.unit, jsonb_object_agg(c.dimension, c.codes) AS of
    FROM (SELECT v.unit, v.dimension, COALESCE(jsonb_object_agg(v.code, v.cases) FILTER (WHERE NOT v.hidden), '{}')
                 || CASE WHEN bool_or(v.hidden) THEN jsonb_build_object('left_out', sum(v.cases) FILTER (WHERE v.hidden)) ELSE '{}' END AS codes
          FROM days AS d CROSS JOIN LATERAL @registry@.victim_cells(d.first_day, $1, NULL, (SELECT a.units FROM asked AS a), $3) AS v
          GROUP BY v.unit, v.dimension) AS c
    GROUP BY c.unit
  ), first_told AS MATERIALIZED (
    -- a case that came later, between two issues of a month, would show whose it is
    SELECT DISTINCT ON (t.unit) t.unit, t.groups - 'left_out' AS groups
    FROM (SELECT r ->> 'unit' AS unit, r -> 'groups' AS groups, o.id
          FROM days AS d
          JOIN @registry@.bulletin AS o ON o.kind = 'monthly' AND o.as_of = d.last_day AND ($3 IS NULL OR o.recorded_at <= $3)
          CROSS JOIN LATERAL jsonb_array_elements(o.body -> 'rows') AS r
          WHERE $1 = d.last_day) AS t
    ORDER BY t.unit, t.id
  ), told_place AS MATERIALIZED (
    SELECT t.unit, t.groups, t.region, b.above
    FROM (SELECT x.unit, x.groups, u.region FROM first_told AS x
          JOIN @registry@.unit AS u ON u.code = x.unit
          JOIN @registry@.unit_kind AS k ON k.code = u.kind AND NOT k.assessed OFFSET 0) AS t
    JOIN below AS b ON b.unit = t.unit AND b.above <> t.unit
  ), told_within AS MATERIALIZED (
    -- nor may it show between the issue of a town and a later one of its county:
    -- that is the sum of what its largest parts were told to have
    SELECT x.above AS unit, COALESCE(jsonb_object_agg(x.key, x.cases) FILTER (WHERE x.key IS NOT NULL), '{}') AS groups
    FROM (SELECT p.above, g.key, sum(g.value::bigint) AS cases
          FROM told_place AS p LEFT JOIN LATERAL jsonb_each_text(p.groups) AS g ON true
          WHERE NOT EXISTS (SELECT FROM told_place AS o WHERE o.above = p.above AND o.region OPERATOR(antifraud.@>) p.region AND o.region <> p.region)
          GROUP BY p.above, g.key) AS x
    GROUP BY x.above
  ), reviews AS MATERIALIZED (
    SELECT b.above AS unit, count(DISTINCT c.id) AS reviewed
    FROM @registry@.case_review AS r
    JOIN @registry@.fraud_case AS c ON c.id = r.fraud_case AND CASE WHEN $3 IS NULL THEN c.voided_at IS NULL ELSE c.recorded_at <= $3 AND (c.voided_at IS NULL OR c.voided_at > $3) END
    JOIN days AS d ON c.filed_on BETWEEN d.first_day AND $1
    JOIN below AS b ON b.unit = c.unit
    WHERE CASE WHEN $3 IS NULL THEN r.voided_at IS NULL ELSE r.recorded_at <= $3 AND (r.voided_at IS NULL OR r.voided_at > $3) END
    GROUP BY b.above
  )
  SELECT p.code AS unit, p.name, p.kind, p.region, to_char(d.first_day, 'YYYY-MM') AS month, d.first_day AS month_from, d.last_day AS month_to,
         COALESCE(s.cases, 0) AS cases, COALESCE(s.cases_before, 0) AS cases_before, COALESCE(s.cases_last_year, 0) AS cases_last_year,
         @registry@.loss_sum_band(s.cases, s.losses, s.at_least, s.below, s.large, m.large_from, i.suppress_below) AS losses, COALESCE(v.reviewed, 0) AS reviewed,
         COALESCE(f.of -> 'category', '{}') AS categories,
         -- in the course of a month the next issue may differ by one case, whose
         -- group would be what has grown
         CASE WHEN $1 < d.last_day AND i.suppress_below > 1 AND s.cases > 0 THEN jsonb_build_object('left_out', s.cases)
              WHEN l.groups IS NOT NULL THEN l.groups || CASE WHEN s.cases > l.shown THEN jsonb_build_object('left_out', s.cases - l.shown) ELSE '{}' END
              ELSE COALESCE(f.of -> 'group', '{}') END AS groups, COALESCE(f.of -> 'publicity', '{}') AS publicity,
         COALESCE(f.of -> 'in_group', '{}') AS in_group, COALESCE(f.of -> 'app', '{}') AS app, COALESCE(f.of -> 'alert', '{}') AS alerts
  FROM places AS p
  CROSS JOIN days AS d
  CROSS JOIN money AS m
  CROSS JOIN @registry@.registry_info AS i
  LEFT JOIN summed AS s ON s.code = p.code
  LEFT JOIN profiles AS f ON f.unit = p.code
  LEFT JOIN reviews AS v ON v.unit = p.code
  LEFT JOIN first_told AS t ON t.unit = p.code
  LEFT JOIN told_within AS w ON w.unit = p.code
  LEFT JOIN LATERAL (SELECT COALESCE(t.groups, w.groups) AS groups, COALESCE(sum(g.value::numeric), 0) AS shown FROM jsonb_each_text(COALESCE(t.groups, w.groups)) AS g) AS l ON true
  WHERE isfinite($1);
END
$body$;
COMMENT ON FUNCTION @registry@.monthly_bulletins(date, antifraud.region, timestamptz, text[]) IS 'The month of a day, up to that day, of every active unit in a region (null: everywhere) or of some units, those of towns and above with what lies in them: cases filed, in the month before and in the same days of last year, losses as the sums of their bands (loss_sum_band), cases reviewed, and what the victims had in common. known_at: by what had been recorded then, every figure. Small numbers are left out (losses null; left_out: the sum of what is), and groups of victims rounded (victims_shown), and told only when the month is over, and then as its first issue told them.';

CREATE VIEW @registry@.monthly_bulletin WITH (security_invoker = true) AS
WITH every AS MATERIALIZED (
  SELECT b.*, l.day AS as_of FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.monthly_bulletins(l.day) AS b
)
SELECT u.code AS unit, o.name, o.kind, o.region, o.month, o.month_from, o.month_to, o.cases, o.cases_before, o.cases_last_year, o.losses, o.reviewed,
       o.categories, o.groups, o.publicity, o.in_group, o.app, o.alerts, o.as_of
FROM @registry@.unit AS u
CROSS JOIN LATERAL (SELECT CASE WHEN antifraud.region_level(u.region) >= 4 THEN antifraud.first_call(u.code) ELSE false END AS first OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT b.*, l.day AS as_of FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.monthly_bulletins(l.day, NULL, NULL, ARRAY[u.code]) AS b WHERE f.first
  UNION ALL
  SELECT e.* FROM every AS e WHERE NOT f.first AND e.unit = u.code
) AS o
WHERE u.active;
COMMENT ON VIEW @registry@.monthly_bulletin IS 'The month of list_day(), up to that day, unit by unit, as monthly_bulletins() gives it, with the causes: kinds of fraud, groups of victims, and the publicity and alerts that they had or had not.';
SELECT @registry@.comment_columns('{monthly_bulletin}', '{unit,name,kind,region,month,month_from,month_to,cases,cases_before,cases_last_year,losses,reviewed,categories,groups,publicity,in_group,app,alerts,as_of}',
  ARRAY['The unit; those of towns and above include what lies in them.', 'Its name.', 'Its kind.', 'Its region.', 'The month.', 'Its first day.', 'Its last day.', 'Cases filed.', 'In the month before.', 'In the same days of last year.',
        'Known losses: sum of their bands; null: left out.', 'Cases of which the publicity was reviewed (case_review).', 'Cases by kind of fraud; left_out: those of small numbers.', 'By group of victims, rounded down, once the month is over; left_out: the rest.',
        'By whether publicity had reached the victim.', 'By whether the victim was in the message group.', 'By whether the victim had the app.', 'By whether an alert had reached the victim before.', 'The day.']);

-- ---------------------------------------------------------- who the victims are
CREATE FUNCTION @registry@.victim_profiles(from_day date, to_day date, units text[], within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, dimension text, code text, label_zh text, label_en text, cases bigint, hidden boolean)
STABLE PARALLEL SAFE ROWS 50
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.unit, c.dimension, c.code, COALESCE(k.label_zh, g.label_zh, a.label_zh, w.label_zh, c.code) AS label_zh, COALESCE(k.label_en, g.label_en, a.label_en, w.label_en, c.code) AS label_en,
         c.cases, c.code = 'left_out' AS hidden
  FROM (
    -- which values stand behind what is left out would tell as much as the numbers
    SELECT v.unit, v.dimension, CASE WHEN v.hidden THEN 'left_out' ELSE v.code END AS code, sum(v.cases)::bigint AS cases
    FROM @registry@.victim_cells($1, $2, $4, $3) AS v
    GROUP BY v.unit, v.dimension, CASE WHEN v.hidden THEN 'left_out' ELSE v.code END
  ) AS c
  LEFT JOIN @registry@.fraud_category AS k ON c.dimension = 'category' AND k.code = c.code
  LEFT JOIN @registry@.victim_group AS g ON c.dimension = 'group' AND g.code = c.code
  LEFT JOIN @registry@.age_band AS a ON c.dimension = 'age' AND a.code = c.code
  LEFT JOIN (VALUES ('unknown', '不详', 'not known'), ('left_out', '其余从略', 'left out'), ('M', '男', 'male'), ('F', '女', 'female'),
                    ('reached', '已覆盖', 'reached'), ('not_reached', '未覆盖', 'not reached'), ('yes', '是', 'yes'), ('no', '否', 'no')) AS w (code, label_zh, label_en)
    ON w.code = c.code
  UNION ALL
  -- places of high incidence; how many cases a place had is no secret
  SELECT x.above AS unit, 'place' AS dimension, c.unit AS code, u.name AS label_zh, u.name AS label_en, count(*) AS cases, false AS hidden
  FROM @registry@.fraud_case AS c
  JOIN @registry@.unit_above AS x ON x.unit = c.unit AND x.above = ANY ($3)
  JOIN @registry@.unit AS u ON u.code = c.unit
  WHERE c.voided_at IS NULL AND c.filed_on BETWEEN $1 AND $2 AND ($4 IS NULL OR c.region OPERATOR(antifraud.<@) $4)
  GROUP BY x.above, c.unit, u.name;
END;
COMMENT ON FUNCTION @registry@.victim_profiles(date, date, text[], antifraud.region) IS 'Victims of the cases of units, and of what lies in them, filed from one day to another: by kind of fraud, group, age, sex, publicity, alert; and cases by place. within: only cases of a region. Small numbers are left out, and enough others that they cannot be told.';

CREATE FUNCTION @registry@.victim_profiles(from_day date, to_day date, unit text)
RETURNS TABLE (dimension text, code text, label_zh text, label_en text, cases bigint, hidden boolean)
STABLE PARALLEL SAFE ROWS 50
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.dimension, p.code, p.label_zh, p.label_en, p.cases, p.hidden
  FROM @registry@.victim_profiles($1, $2, ARRAY[$3], (SELECT u.region FROM @registry@.unit AS u WHERE u.code = $3)) AS p;
END;
COMMENT ON FUNCTION @registry@.victim_profiles(date, date, text) IS 'The same of one unit.';

CREATE VIEW @registry@.victim_profile WITH (security_invoker = true) AS
WITH day AS MATERIALIZED (
  SELECT d.day, date_trunc('year', d.day::timestamp)::date AS since FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d
), holder AS NOT MATERIALIZED (
  -- with others in it
  SELECT u.code, u.region FROM @registry@.unit AS u JOIN @registry@.unit_kind AS k ON k.code = u.kind AND NOT k.assessed
  WHERE u.active AND antifraud.region_level(u.region) <= 4
    AND EXISTS (SELECT FROM @registry@.unit AS x JOIN @registry@.unit_kind AS xk ON xk.code = x.kind
                WHERE x.region OPERATOR(antifraud.<@) u.region AND x.code <> u.code AND (antifraud.region_level(x.region) > antifraud.region_level(u.region) OR xk.assessed))
), every AS MATERIALIZED (
  SELECT p.* FROM day AS l CROSS JOIN LATERAL @registry@.victim_profiles(l.since, l.day, ARRAY(SELECT h.code FROM holder AS h)) AS p
)
SELECT h.code AS unit, o.dimension, o.code, o.label_zh, o.label_en, o.cases, o.hidden, l.since, l.day AS as_of
FROM holder AS h
CROSS JOIN day AS l
CROSS JOIN LATERAL (SELECT CASE WHEN antifraud.region_level(h.region) >= 4 THEN antifraud.first_call(h.code) ELSE false END AS first OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT p.* FROM @registry@.victim_profiles(l.since, l.day, ARRAY[h.code]) AS p WHERE f.first
  UNION ALL
  SELECT e.* FROM every AS e WHERE NOT f.first AND e.unit = h.code
) AS o;
COMMENT ON VIEW @registry@.victim_profile IS 'Victims of this year''s cases up to list_day(), of every town, county and above; for others see victim_profiles().';
SELECT @registry@.comment_columns('{victim_profile}', '{unit,dimension,code,label_zh,label_en,cases,hidden,since,as_of}',
  ARRAY['A unit with others in it.', 'category, group, age, sex, publicity, in_group, app, alert or place.', 'Code within it; left_out for the sum of small numbers.', 'In Chinese.', 'In English.', 'Cases.', 'Whether the row is the sum of small numbers that are left out.', 'First day.', 'Last day.']);
