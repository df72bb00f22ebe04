-- What stands at the end of a day, which no row says of itself: days overdue,
-- runs of bad months, rank. Rules that raise compare it through amount, and
-- tick() judges by it.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('overdue', '核查逾期天数', 'days that a check-in is overdue', '人', 'person', 'standing',
   'A person whose check-in is overdue at the end of the day looked at; amount: days overdue. For rules that raise.'),
  ('streak', '连续发案上升月数', 'months in a row with more cases than a year before', '个', 'unit', 'standing',
   'A unit in which, in the last month that was over and in those before it, more cases were filed than in the same month of the year before; amount: months in a row, 24 at most. Months whose year before lies before the first recorded case do not count. For rules that raise.'),
  ('rank', '评分名次', 'rank by score', '个', 'unit', 'standing',
   'A unit scored under a published and listed rubric whose period is under way; amount: rank among all, 1 the best; equal scores share the better one. For rules that raise.'),
  ('rank_from_last', '评分倒数名次', 'rank by score, from the end', '个', 'unit', 'standing',
   'As rank, counted from the end: units scored less the rank, plus 1; so equal scores share the better one here too. For rules that raise.');

-- What is kept on a person tells the days overdue where nothing but check-ins
-- moves the due day and nothing is known of later days; of days before the last
-- check-in, where nothing but check-ins ever moved it. All others are computed
-- from their history, and everybody is where a policy gives days of grace or
-- leaves out late entries. Who has no due day as of settled_on has none on a
-- later day either.
CREATE FUNCTION @registry@.overdue_at(as_of date, least_days integer DEFAULT 1, persons bigint[] DEFAULT NULL) RETURNS TABLE (person bigint, unit text, region antifraud.region, next_due date, days_overdue integer)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
AS $body$
#variable_conflict use_column
DECLARE
  simple boolean := NOT EXISTS (SELECT FROM @registry@.control_policy AS c WHERE c.grace > 0 OR c.late_entry_days IS NOT NULL OR c.void_within_days IS NOT NULL);
  due_by date := as_of - greatest(least_days, 1);
  as_kept bigint[];
  by_checkins bigint[];
  by_history bigint[];
BEGIN
  -- Every person is looked at once. An index on next_due would spare that and
  -- slow down each check-in, which changes nothing that is indexed now.
  WITH candidate AS MATERIALIZED (
    SELECT p.id, p.tier, p.region, p.enrolled_on, p.settled_on, p.plain_cadence
    FROM @registry@.person AS p
    WHERE (p.settled_on <= $1 AND p.next_due <= due_by OR p.settled_on > $1 AND p.enrolled_on <= due_by)
      AND (p.ended_on IS NULL OR p.ended_on >= $1) AND (persons IS NULL OR p.id = ANY (persons))
  ), judged AS (
    SELECT c.id, CASE
             WHEN NOT simple OR c.plain_cadence IS NULL THEN 'history'
             WHEN c.settled_on <= $1 THEN 'kept'
             WHEN EXISTS (SELECT FROM @registry@.suspension AS x WHERE x.person = c.id AND x.voided_at IS NULL)
               OR EXISTS (SELECT FROM @registry@.tier_change AS t WHERE t.person = c.id AND t.voided_at IS NULL AND t.changed_on > c.enrolled_on)
               OR EXISTS (SELECT FROM @registry@.status_change AS s WHERE s.person = c.id AND s.voided_at IS NULL)
               OR EXISTS (SELECT FROM @registry@.control_policy AS y
                          WHERE y.tier = c.tier AND y.valid_from > c.enrolled_on AND (y.region IS NULL OR c.region OPERATOR(antifraud.<@) y.region)) THEN 'history'
             ELSE 'checkins' END AS how
    FROM candidate AS c
  )
  SELECT array_agg(j.id) FILTER (WHERE j.how = 'kept'), array_agg(j.id) FILTER (WHERE j.how = 'checkins'), array_agg(j.id) FILTER (WHERE j.how = 'history')
    INTO as_kept, by_checkins, by_history
  FROM judged AS j;
  RETURN QUERY
    SELECT p.id, p.unit, p.region, p.next_due, $1 - p.next_due
    FROM unnest(as_kept) AS k (id)
    JOIN @registry@.person AS p ON p.id = k.id;
  RETURN QUERY
    SELECT p.id, p.unit, p.region, d.next_due, $1 - d.next_due
    FROM unnest(by_checkins) AS k (id)
    JOIN @registry@.person AS p ON p.id = k.id
    CROSS JOIN LATERAL (
      SELECT antifraud.next_due(p.plain_cadence, coalesce((
        SELECT max(c.done_on) FROM @registry@.checkin AS c
        WHERE c.person = p.id AND c.outcome = 'completed' AND c.voided_at IS NULL AND c.done_on BETWEEN p.enrolled_on AND $1), p.enrolled_on)) AS next_due
      OFFSET 0
    ) AS d
    WHERE d.next_due <= due_by;
  IF by_history IS NOT NULL THEN
    RETURN QUERY
      SELECT l.person, l.unit, l.region, l.next_due, l.days_overdue
      FROM @registry@.control_lines(by_history, $1, $1, @registry@.office_calendar()) AS l
      WHERE l.state = ANY ('{overdue,calendar_missing}') AND l.days_overdue >= greatest(least_days, 1);
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.overdue_at(date, integer, bigint[]) IS 'Persons (of these; null: all) whose check-in is overdue at the end of a day by so many days or more: whom checkins_overdue() lists, found in one look at each, with less about them.';

-- planned once a session: of few units, by two ways to their cases of which
-- one has nothing to do
CREATE FUNCTION @registry@.streaks_at(as_of date, units text[] DEFAULT NULL) RETURNS TABLE (unit text, first_month date, months integer)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH span AS MATERIALIZED (
    -- the first month that counts, and the one after the last that is over
    SELECT greatest((date_trunc('month', $1::timestamp) - interval '24 months')::date,
                    (date_trunc('month', min(c.filed_on)::timestamp) + interval '1 year')::date) AS first_month,
           date_trunc('month', $1::timestamp)::date AS this_month
    FROM @registry@.fraud_case AS c WHERE c.voided_at IS NULL
  ), filed AS (
    SELECT c.unit, date_trunc('month', c.filed_on::timestamp)::date AS month, count(*) AS cases
    FROM @registry@.fraud_case AS c
    WHERE $2 IS NULL AND c.voided_at IS NULL
    GROUP BY c.unit, date_trunc('month', c.filed_on::timestamp)
    UNION ALL
    SELECT c.unit, date_trunc('month', c.filed_on::timestamp)::date, count(*)
    FROM @registry@.fraud_case AS c
    WHERE c.unit = ANY ($2) AND c.voided_at IS NULL
    GROUP BY c.unit, date_trunc('month', c.filed_on::timestamp)
  ), counted AS (
    SELECT x.unit, x.month, sum(x.now) AS now, sum(x.before) AS before
    FROM (
      SELECT f.unit, f.month, f.cases AS now, 0 AS before FROM filed AS f
      UNION ALL
      SELECT f.unit, (f.month + interval '1 year')::date, 0, f.cases FROM filed AS f
    ) AS x
    CROSS JOIN span AS s
    WHERE x.month >= s.first_month AND x.month < s.this_month
    GROUP BY x.unit, x.month
  ), bad AS (
    -- months in a row are as far from the end as they have successors
    SELECT c.unit, c.month,
           (12 * (extract(year FROM s.this_month) - extract(year FROM c.month)) + extract(month FROM s.this_month) - extract(month FROM c.month))::integer AS back,
           (row_number() OVER (PARTITION BY c.unit ORDER BY c.month DESC))::integer AS ordinal
    FROM counted AS c CROSS JOIN span AS s
    WHERE c.now > c.before
  )
  SELECT b.unit, min(b.month), count(*)::integer
  FROM bad AS b WHERE b.back = b.ordinal
  GROUP BY b.unit;
END
$body$;
COMMENT ON FUNCTION @registry@.streaks_at(date, text[]) IS 'Units (of these; null: all) in which more cases were filed than in the same month of the year before, in the last month that was over by a day and those before it in a row (24 at most): the first of these months, and how many.';

CREATE FUNCTION @registry@.ranks_at(as_of date) RETURNS TABLE (rubric text, unit text, rank bigint, rank_from_last bigint)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE sql
BEGIN ATOMIC
  SELECT e.code AS rubric, r.unit, r.rank, r.units - r.rank + 1 AS rank_from_last
  FROM @registry@.rubric_edition AS e
  CROSS JOIN LATERAL (
    SELECT s.unit, rank() OVER (ORDER BY s.vetoed, s.total DESC) AS rank, count(*) OVER () AS units
    FROM @registry@.scores(e.code, $1) AS s
  ) AS r
  WHERE e.status = 'published' AND e.listed AND $1 BETWEEN e.period_from AND e.period_to;
END;
COMMENT ON FUNCTION @registry@.ranks_at(date) IS 'Who stands where on a day under each published and listed rubric whose period is under way, from the first and from the last; equal scores share the better rank in both.';

-- Only what is asked for is computed.
CREATE FUNCTION @registry@.standing_at(as_of date, measures text[] DEFAULT NULL, least_days integer DEFAULT 1, persons bigint[] DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (measure text, unit text, region antifraud.region, occurred_on date, quantity bigint, amount numeric, subject text, episode text)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
BEGIN
  IF as_of IS NULL OR NOT isfinite(as_of) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = format('what stands is told as of a day, not as of %s', coalesce(as_of::text, 'NULL')),
      HINT = 'Pass the day.';
  END IF;
  IF measures IS NULL OR 'overdue' = ANY (measures) THEN
    IF units IS NOT NULL THEN
      -- a person without a unit belongs to that of the region or one above
      persons := ARRAY(SELECT p.id FROM @registry@.person AS p WHERE (p.unit = ANY (units) OR p.unit IS NULL) AND (persons IS NULL OR p.id = ANY (persons)));
    END IF;
    RETURN QUERY
      SELECT 'overdue', s.unit, o.region, $1, 1::bigint, o.days_overdue::numeric, 'person:' || o.person, 'due:' || o.next_due
      FROM @registry@.overdue_at($1, least_days, persons) AS o
      CROSS JOIN LATERAL (
        SELECT coalesce(@registry@.answering_unit(o.unit, o.region), (
                 -- where no unit answers, the nearest above
                 SELECT u.code FROM @registry@.unit AS u WHERE u.active AND o.region OPERATOR(antifraud.<@) u.region
                 ORDER BY antifraud.region_level(u.region) DESC, u.code LIMIT 1)) AS unit
        OFFSET 0) AS s
      WHERE units IS NULL OR s.unit = ANY (units);
  END IF;
  IF measures IS NULL OR 'streak' = ANY (measures) THEN
    RETURN QUERY
      SELECT 'streak', s.unit, u.region, $1, 1::bigint, s.months::numeric, NULL::text, 'period:' || s.first_month
      FROM @registry@.streaks_at($1, units) AS s JOIN @registry@.unit AS u ON u.code = s.unit;
  END IF;
  IF measures IS NULL OR measures && '{rank,rank_from_last}' THEN
    RETURN QUERY
      SELECT m.measure, r.unit, u.region, $1, 1::bigint, m.amount::numeric, NULL::text, 'period:' || e.period_from
      FROM @registry@.ranks_at($1) AS r
      JOIN @registry@.rubric_edition AS e ON e.code = r.rubric
      JOIN @registry@.unit AS u ON u.code = r.unit
      CROSS JOIN LATERAL (VALUES ('rank', r.rank), ('rank_from_last', r.rank_from_last)) AS m (measure, amount)
      WHERE (measures IS NULL OR m.measure = ANY (measures)) AND (units IS NULL OR r.unit = ANY (units));
  END IF;
  IF measures IS NULL OR 'vacancy' = ANY (measures) THEN
    RETURN QUERY
      SELECT 'vacancy', v.unit, v.region, $1, 1::bigint, coalesce($1 - v.since + 1, 1)::numeric, NULL::text, format('due:%s:%s', v.level, coalesce(v.since::text, 'never'))
      FROM @registry@.escalation_vacancies($1, NULL, units) AS v;
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.standing_at(date, text[], integer, bigint[], text[]) IS 'What stands at the end of a day, in the columns of fact: days overdue of each person (from least_days on; of these persons, null: all), runs of bad months, ranks and vacancies of each unit; of these measures and units (null: all). episode: what makes it another one when it comes again.';

-- The first unit asked for is told of by itself, all others from all (see
-- first_call). Somebody may be overdue for whom no unit answers.
CREATE VIEW @registry@.standing (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at) WITH (security_invoker = true) AS
WITH every AS MATERIALIZED (
  SELECT s.* FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.standing_at(l.day) AS s
)
SELECT s.measure, u.code, s.region, s.occurred_on, s.quantity, NULL::bigint, s.amount, s.subject, 'standing'::text, COALESCE(s.subject, u.code) || ' ' || s.episode, NULL::timestamptz, NULL::timestamptz
FROM @registry@.unit AS u
CROSS JOIN LATERAL (SELECT antifraud.first_call(u.code) AS first OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT s.* FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.standing_at(l.day, NULL, 1, NULL, ARRAY[u.code]) AS s WHERE f.first
  UNION ALL
  SELECT e.* FROM every AS e WHERE NOT f.first AND e.unit = u.code
) AS s
UNION ALL
SELECT e.measure, NULL::text, e.region, e.occurred_on, e.quantity, NULL::bigint, e.amount, e.subject, 'standing'::text, e.subject || ' ' || e.episode, NULL::timestamptz, NULL::timestamptz
FROM every AS e
WHERE e.unit IS NULL;
COMMENT ON VIEW @registry@.standing IS 'The measures overdue, streak, rank, rank_from_last and vacancy as of list_day(), in the columns of fact: what rules that raise compare through amount. For another day see standing_at().';
SELECT @registry@.comment_fact_views('{standing}');
COMMENT ON COLUMN @registry@.standing.amount IS 'Days overdue, months in a row, the rank, or days vacant.';
COMMENT ON COLUMN @registry@.standing.source_table IS 'standing: it rests on many rows.';
COMMENT ON COLUMN @registry@.standing.source_key IS 'What it is about, and since when.';

CREATE FUNCTION @registry@.evaluate_standing(as_of date, units text[] DEFAULT NULL, subjects text[] DEFAULT NULL, measures text[] DEFAULT NULL)
RETURNS TABLE (rule text, rung text, subject text, unit text, region antifraud.region, episode text, fact_table text, fact_key text, observed jsonb)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
AS $body$
#variable_conflict use_column
DECLARE
  judge record;
  wanted text[];
  least_days integer;
  of_persons bigint[];
BEGIN
  FOR judge IN SELECT r.* FROM @registry@.escalation_rubrics($1) AS r WHERE r.last_day = $1 LOOP
    wanted := ARRAY(SELECT DISTINCT m.code FROM @registry@.measure AS m
                    WHERE m.relation = 'standing' AND m.code = ANY (judge.measures) AND (measures IS NULL OR m.code = ANY (measures)));
    CONTINUE WHEN wanted = '{}';
    least_days := least(greatest(ceil(judge.least_amount), 1), 100000);
    IF judge.subject = 'person' AND subjects IS NOT NULL THEN
      of_persons := ARRAY(SELECT substr(s.subject, 8)::bigint FROM unnest(subjects) AS s (subject) WHERE s.subject ~ '^person:[0-9]{1,18}$');
    END IF;
    RETURN QUERY
      WITH counted AS (
        SELECT CASE WHEN judge.subject = 'person' THEN s.subject ELSE 'unit:' || s.unit END AS subject, s.unit,
               CASE WHEN judge.by_fact THEN s.episode ELSE 'period:' || judge.first_day END AS episode,
               antifraud.tally(judge.doc, s.measure, s.occurred_on, s.quantity, NULL::bigint, s.amount) AS card,
               sum(s.quantity) AS quantity, CASE s.measure WHEN 'rank_from_last' THEN min(s.amount) ELSE max(s.amount) END AS amount
        FROM @registry@.standing_at($1, wanted, coalesce(least_days, 1), CASE WHEN judge.subject = 'person' THEN of_persons END) AS s
        WHERE (units IS NULL OR s.unit = ANY (units))
        -- a person for itself; of a unit, what is of one episode together
        GROUP BY 1, 2, 3, s.measure
      )
      SELECT b.item_no, b.rung, c.subject, c.unit, u.region, c.episode, NULL::text, NULL::text,
             jsonb_build_object('measure', r.measure, 'count', c.quantity, 'amount', c.amount)
      FROM counted AS c
      CROSS JOIN LATERAL antifraud.raised_by(c.card, judge.doc) AS b
      JOIN unnest(judge.codes, judge.measures, judge.regions, judge.unit_kinds) AS r (code, measure, region, unit_kind) ON r.code = b.item_no
      JOIN @registry@.unit AS u ON u.code = c.unit AND u.active
      WHERE c.subject IS NOT NULL AND (subjects IS NULL OR c.subject = ANY (subjects))
        AND (r.region IS NULL OR u.region OPERATOR(antifraud.<@) r.region) AND (r.unit_kind IS NULL OR r.unit_kind = u.kind);
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.evaluate_standing(date, text[], text[], text[]) IS 'As evaluate_escalations(), for the measures of the view standing. Reads only.';
