-- What time alone brings. A tick looks as of a day: at the rules on facts, at
-- what stands (days overdue, runs of bad months, rank), at letters that nobody
-- acknowledged or put right. It reads no clock, and writes what is new: a tick
-- of the same day again writes nothing.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('overdue', '核查逾期天数', 'days that a check-in is overdue', '人', 'person', 'standing',
   'A person whose check-in is overdue at the end of the day looked at; amount: days overdue. For rules that raise.'),
  ('streak', '连续发案上升月数', 'months in a row with more cases than a year before', '个', 'unit', 'standing',
   'A unit in which, in the last month that was over and in those before it, more cases were filed than in the same month of the year before; amount: months in a row, 24 at most. Months whose year before lies before the first recorded case do not count. For rules that raise.'),
  ('rank', '评分名次', 'rank by score', '个', 'unit', 'standing',
   'A unit scored under a published and listed rubric whose period is under way; amount: rank among all, 1 the best; equal scores share the better one. For rules that raise.'),
  ('rank_from_last', '评分倒数名次', 'rank by score, from the end', '个', 'unit', 'standing',
   'As rank, counted from the end: units scored less the rank, plus 1; so equal scores share the better one here too. For rules that raise.');

CREATE TABLE @registry@.tick_day (
  as_of date CONSTRAINT tick_day_pk PRIMARY KEY CONSTRAINT tick_day_finite CHECK (isfinite(as_of)),
  first_run_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  last_run_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  runs_that_wrote integer NOT NULL DEFAULT 1,
  written jsonb NOT NULL CONSTRAINT tick_day_written_is_object CHECK (jsonb_typeof(written) = 'object')
);
COMMENT ON TABLE @registry@.tick_day IS 'The days that were looked at by tick(), and what was written for each. A tick that writes nothing for a day that is here leaves it as it is.';
COMMENT ON COLUMN @registry@.tick_day.as_of IS 'The day.';
COMMENT ON COLUMN @registry@.tick_day.first_run_at IS 'When it was looked at first: start of the transaction.';
COMMENT ON COLUMN @registry@.tick_day.last_run_at IS 'When something was written for it last, or first looked at.';
COMMENT ON COLUMN @registry@.tick_day.runs_that_wrote IS 'How often something was written for it; the first run counts.';
COMMENT ON COLUMN @registry@.tick_day.written IS 'What was written for it in all, by step.';

-- ------------------------------------------------------------ what stands
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

CREATE FUNCTION @registry@.streaks_at(as_of date) RETURNS TABLE (unit text, first_month date, months integer)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  WITH span AS MATERIALIZED (
    -- the first month that counts, and the one after the last that is over
    SELECT GREATEST((date_trunc('month', $1::timestamp) - interval '24 months')::date,
                    (date_trunc('month', min(c.filed_on)::timestamp) + interval '1 year')::date) AS first_month,
           date_trunc('month', $1::timestamp)::date AS this_month
    FROM @registry@.fraud_case AS c WHERE c.voided_at IS NULL
  ), counted AS (
    SELECT x.unit, x.month, sum(x.now) AS now, sum(x.before) AS before
    FROM span AS s
    CROSS JOIN LATERAL (
      SELECT c.unit, date_trunc('month', c.filed_on::timestamp)::date AS month, 1 AS now, 0 AS before
      FROM @registry@.fraud_case AS c
      WHERE c.voided_at IS NULL AND c.filed_on >= s.first_month AND c.filed_on < s.this_month
      UNION ALL
      SELECT c.unit, (date_trunc('month', c.filed_on::timestamp) + interval '1 year')::date AS month, 0 AS now, 1 AS before
      FROM @registry@.fraud_case AS c
      WHERE c.voided_at IS NULL AND c.filed_on >= (s.first_month - interval '1 year')::date AND c.filed_on < (s.this_month - interval '1 year')::date
    ) AS x
    GROUP BY x.unit, x.month
  ), bad AS (
    -- months in a row are as far from the end as they have successors
    SELECT c.unit, c.month,
           (12 * (EXTRACT(year FROM s.this_month) - EXTRACT(year FROM c.month)) + EXTRACT(month FROM s.this_month) - EXTRACT(month FROM c.month))::integer AS back,
           (row_number() OVER (PARTITION BY c.unit ORDER BY c.month DESC))::integer AS ordinal
    FROM counted AS c CROSS JOIN span AS s
    WHERE c.now > c.before
  )
  SELECT b.unit, min(b.month) AS first_month, count(*)::integer AS months
  FROM bad AS b WHERE b.back = b.ordinal
  GROUP BY b.unit;
END;
COMMENT ON FUNCTION @registry@.streaks_at(date) IS 'Units in which more cases were filed than in the same month of the year before, in the last month that was over by a day and those before it in a row (24 at most): the first of these months, and how many.';

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
CREATE FUNCTION @registry@.standing_at(as_of date, measures text[] DEFAULT NULL, least_days integer DEFAULT 1, persons bigint[] DEFAULT NULL)
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
    RETURN QUERY
      SELECT 'overdue', coalesce(@registry@.answering_unit(o.unit, o.region), (
               -- where no unit answers, the nearest above
               SELECT u.code FROM @registry@.unit AS u WHERE u.active AND o.region OPERATOR(antifraud.<@) u.region
               ORDER BY antifraud.region_level(u.region) DESC, u.code LIMIT 1)),
             o.region, $1, 1::bigint, o.days_overdue::numeric, 'person:' || o.person, 'due:' || o.next_due
      FROM @registry@.overdue_at($1, least_days, persons) AS o;
  END IF;
  IF measures IS NULL OR 'streak' = ANY (measures) THEN
    RETURN QUERY
      SELECT 'streak', s.unit, u.region, $1, 1::bigint, s.months::numeric, NULL::text, 'period:' || s.first_month
      FROM @registry@.streaks_at($1) AS s JOIN @registry@.unit AS u ON u.code = s.unit;
  END IF;
  IF measures IS NULL OR measures && '{rank,rank_from_last}' THEN
    RETURN QUERY
      SELECT m.measure, r.unit, u.region, $1, 1::bigint, m.amount::numeric, NULL::text, 'period:' || e.period_from
      FROM @registry@.ranks_at($1) AS r
      JOIN @registry@.rubric_edition AS e ON e.code = r.rubric
      JOIN @registry@.unit AS u ON u.code = r.unit
      CROSS JOIN LATERAL (VALUES ('rank', r.rank), ('rank_from_last', r.rank_from_last)) AS m (measure, amount)
      WHERE measures IS NULL OR m.measure = ANY (measures);
  END IF;
  IF measures IS NULL OR 'vacancy' = ANY (measures) THEN
    RETURN QUERY
      SELECT 'vacancy', v.unit, v.region, $1, 1::bigint, coalesce($1 - v.since + 1, 1)::numeric, NULL::text, format('due:%s:%s', v.level, coalesce(v.since::text, 'never'))
      FROM @registry@.escalation_vacancies($1) AS v;
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.standing_at(date, text[], integer, bigint[]) IS 'What stands at the end of a day, in the columns of fact: days overdue of each person (from least_days on; of these persons, null: all), runs of bad months, ranks and vacancies of each unit; of these measures (null: all). episode: what makes it another one when it comes again.';

CREATE VIEW @registry@.standing (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at) WITH (security_invoker = true) AS
SELECT s.measure, s.unit, s.region, s.occurred_on, s.quantity, NULL::bigint, s.amount, s.subject, 'standing'::text, COALESCE(s.subject, s.unit) || ' ' || s.episode, NULL::timestamptz, NULL::timestamptz
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.standing_at(l.day) AS s;
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

-- ------------------------------------------------------------------ steps
-- Steps of the registry itself, taken together: rows are locked in one order
-- and then looked at anew, since somebody may have taken a step meanwhile; one
-- that is no longer possible is left out.
CREATE FUNCTION @registry@.take_escalation_steps(as_of date, step text, taken jsonb, topic text DEFAULT 'escalation') RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  written bigint;
BEGIN
  IF taken IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM FROM @registry@.escalation AS e
    WHERE e.id IN (SELECT (t ->> 'id')::bigint FROM jsonb_array_elements(taken) AS t)
    ORDER BY e.id FOR NO KEY UPDATE;
  WITH wanted AS MATERIALIZED (
    SELECT e.id, e.rule, e.rung, e.unit, t.happened_on, t.reason, t.evidence, t.key
    FROM jsonb_to_recordset(taken) AS t (id bigint, happened_on date, reason text, evidence jsonb, key text)
    JOIN @registry@.escalation AS e ON e.id = t.id
    JOIN @registry@.ladder AS l ON l.rung = e.rung
    WHERE EXISTS (SELECT FROM @registry@.escalation_step AS s
                  WHERE s.action = step AND s.from_state = e.state AND coalesce(s.punitive, l.punitive) = l.punitive)
      AND CASE t.evidence ->> 'remind_of' WHEN 'acknowledge' THEN e.state = ANY ('{raised,delivered}') WHEN 'decide' THEN e.state = 'proposed' ELSE true END
  ), stepped AS (
    INSERT INTO @registry@.escalation_event AS v (escalation, action, happened_on, reason, evidence)
    SELECT w.id, step, coalesce(w.happened_on, $1), w.reason, w.evidence FROM wanted AS w ORDER BY w.id
    RETURNING v.escalation, v.ordinal, v.to_state
  ), announced AS MATERIALIZED (
    SELECT CASE WHEN step = ANY ('{remind,withdraw,reinstate}') THEN
             @registry@.enqueue(format('escalation:%s:%s', s.escalation, coalesce(w.key, s.to_state || ':' || s.ordinal)), topic,
               jsonb_build_object('escalation', w.id, 'rule', w.rule, 'rung', w.rung, 'unit', w.unit, 'state', s.to_state, 'as_of', $1) || coalesce(w.evidence, '{}')) END
    FROM stepped AS s JOIN wanted AS w ON w.id = s.escalation
  )
  SELECT count(*) INTO written FROM announced;
  RETURN written;
END
$body$;
COMMENT ON FUNCTION @registry@.take_escalation_steps(date, text, jsonb, text) IS 'Take a step of the registry with many escalations as of a day: an array of objects with id, and where they are wanted happened_on, reason, evidence and the end of the key of the message. Leaves out those whose state no longer allows it; gives how many. For tick().';

-- How an escalation stood on a day: after its last event up to then.
CREATE FUNCTION @registry@.escalation_stood(id bigint, on_day date) RETURNS TABLE (state text, acknowledge_by date, rectify_by date, snoozed_until date)
STABLE PARALLEL SAFE ROWS 1
LANGUAGE sql
BEGIN ATOMIC
  SELECT v.to_state AS state, v.acknowledge_by, v.rectify_by, v.snoozed_until
  FROM @registry@.escalation_event AS v
  WHERE v.escalation = $1 AND v.happened_on <= $2
  ORDER BY v.ordinal DESC LIMIT 1;
END;
COMMENT ON FUNCTION @registry@.escalation_stood(bigint, date) IS 'State and days of an escalation at the end of a day, by its events up to then; no row: it was not yet there.';

-- Why an escalation climbs on a day; null: it does not.
CREATE FUNCTION @registry@.escalation_unheeded(id bigint, on_day date) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (
  SELECT CASE WHEN s.snoozed_until >= on_day THEN NULL
              WHEN s.state = ANY ('{raised,delivered}') AND s.acknowledge_by < on_day THEN 'acknowledge'
              WHEN s.state = ANY ('{raised,delivered,acknowledged}') AND s.rectify_by < on_day THEN 'rectify' END
  FROM @registry@.escalation_stood(id, on_day) AS s);
COMMENT ON FUNCTION @registry@.escalation_unheeded(bigint, date) IS 'What was not done in time about an escalation by a day: acknowledge or rectify; null: nothing, or it is snoozed.';

CREATE FUNCTION @registry@.climb_escalations(as_of date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  parents bigint[];
  written bigint;
BEGIN
  parents := ARRAY(
    SELECT e.id FROM @registry@.escalation AS e
    JOIN @registry@.ladder AS l ON l.rung = e.rung AND l.climbs_to IS NOT NULL
    WHERE e.state = ANY ('{raised,delivered,acknowledged}') AND e.as_of <= $1 AND (e.acknowledge_by < $1 OR e.rectify_by < $1)
      AND NOT EXISTS (SELECT FROM @registry@.escalation AS c WHERE c.caused_by = e.id)
      AND @registry@.escalation_unheeded(e.id, $1) IS NOT NULL);
  IF parents = '{}' THEN
    RETURN 0;
  END IF;
  PERFORM FROM @registry@.escalation AS e WHERE e.id = ANY (parents) ORDER BY e.id FOR NO KEY UPDATE;
  -- looked at anew, now that nobody can take a step
  WITH unheeded AS MATERIALIZED (
    SELECT e.id, e.rule, e.subject, e.unit, e.region, l.climbs_to, @registry@.escalation_unheeded(e.id, $1) AS what
    FROM @registry@.escalation AS e
    JOIN @registry@.ladder AS l ON l.rung = e.rung
    WHERE e.id = ANY (parents) AND e.state = ANY ('{raised,delivered,acknowledged}')
      AND NOT EXISTS (
        SELECT FROM @registry@.escalation_suppression AS s
        WHERE s.period @> $1 AND (s.subject IS NULL OR s.subject = e.subject) AND (s.unit IS NULL OR s.unit = e.unit)
          AND (s.region IS NULL OR e.region OPERATOR(antifraud.<@) s.region) AND (s.rule IS NULL OR s.rule = e.rule))
  ), climbed AS (
    INSERT INTO @registry@.escalation AS c (rule, rung, subject, unit, region, episode, caused_by, as_of, observed)
    SELECT u.rule, u.climbs_to, u.subject, u.unit, u.region, 'climb:' || u.id, u.id, $1, jsonb_build_object('not_done', u.what)
    FROM unheeded AS u
    WHERE u.what IS NOT NULL
    ORDER BY u.subject, u.rule, u.id
    ON CONFLICT ON CONSTRAINT escalation_once DO NOTHING
    RETURNING c.id, c.caused_by, c.rule, c.rung, c.unit, c.state, c.observed
  ), told AS (
    INSERT INTO @registry@.escalation_event (escalation, action, happened_on, evidence)
    SELECT c.caused_by, 'climb', $1, c.observed || jsonb_build_object('escalation', c.id) FROM climbed AS c ORDER BY c.caused_by
  ), announced AS MATERIALIZED (
    SELECT @registry@.enqueue(format('escalation:%s:%s', c.id, c.state), 'escalation',
             jsonb_build_object('escalation', c.id, 'rule', c.rule, 'rung', c.rung, 'unit', c.unit, 'state', c.state, 'as_of', $1, 'caused_by', c.caused_by) || c.observed)
    FROM climbed AS c
  )
  SELECT count(*) INTO written FROM announced;
  RETURN written;
END
$body$;
COMMENT ON FUNCTION @registry@.climb_escalations(date) IS 'Raise the next rung of the ladder for what was not acknowledged or not put right in time by a day, once for each escalation; gives how many. For tick().';

-- What rests on what stood, or on another escalation, is judged again as of the
-- day as of which it was found, by what is known now: a check-in may have been
-- entered late, a step as well. What still stands need not be; of the others,
-- persons are judged all at once, each as of a day of its own.
CREATE FUNCTION @registry@.rejudge_standing(as_of date, stands jsonb DEFAULT '[]') RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $body$
#variable_conflict use_column
DECLARE
  doubtful bigint[];
  holding bigint[] := '{}';
  of_day record;
  changed jsonb;
BEGIN
  doubtful := ARRAY(
    SELECT e.id
    FROM @registry@.escalation AS e
    JOIN @registry@.escalation_rule AS r ON r.code = e.rule
    JOIN @registry@.measure AS m ON m.code = r.measure AND m.relation = 'standing'
    LEFT JOIN @registry@.person AS p ON m.code = 'overdue' AND p.id = CASE WHEN e.subject ~ '^person:[0-9]{1,18}$' THEN substr(e.subject, 8)::bigint END
    LEFT JOIN (
      SELECT DISTINCT f.subject, f.rule, f.episode, f.rung FROM jsonb_to_recordset(stands) AS f (rule text, rung text, subject text, episode text)
    ) AS f ON (f.subject, f.rule, f.episode, f.rung) = (e.subject, e.rule, e.episode, e.rung)
    WHERE e.caused_by IS NULL AND e.as_of <= $1
      AND (e.state IN (SELECT s.code FROM @registry@.escalation_state AS s WHERE s.open) AND f.rule IS NULL
             -- due the same day still, and nothing known of later days: so it was overdue
             AND NOT coalesce('due:' || p.next_due = e.episode AND p.settled_on <= e.as_of AND p.ended_on IS NULL, false)
           OR e.state = 'withdrawn' AND (SELECT v.action FROM @registry@.escalation_event AS v WHERE v.escalation = e.id ORDER BY v.ordinal DESC LIMIT 1) = 'withdraw')
      -- a rule that has been switched off since says nothing
      AND e.rule IN (SELECT c.code FROM @registry@.escalation_rules(e.as_of) AS c));
  IF doubtful = '{}' THEN
    RETURN 0;
  END IF;
  WITH judged AS MATERIALIZED (
    SELECT e.id, e.rule, e.rung, e.as_of, e.episode, substr(e.subject, 8)::bigint AS person
    FROM @registry@.escalation AS e
    JOIN @registry@.escalation_rule AS r ON r.code = e.rule AND r.measure = 'overdue'
    WHERE e.id = ANY (doubtful) AND e.subject ~ '^person:[0-9]{1,18}$'
  ), judge AS MATERIALIZED (
    SELECT d.as_of, r.doc, r.codes
    FROM (SELECT DISTINCT j.as_of FROM judged AS j) AS d
    CROSS JOIN LATERAL @registry@.escalation_rubrics(d.as_of) AS r
    WHERE r.subject = 'person' AND r.by_fact AND r.last_day = d.as_of
  )
  SELECT coalesce(array_agg(j.id), '{}') INTO holding
  FROM judged AS j
  JOIN judge AS g ON g.as_of = j.as_of AND j.rule = ANY (g.codes)
  JOIN @registry@.person AS p ON p.id = j.person AND p.enrolled_on < j.as_of AND (p.ended_on IS NULL OR p.ended_on >= j.as_of)
  JOIN @registry@.person_history AS h ON h.person = j.person
  CROSS JOIN LATERAL antifraud.duty_status(h.segments, h.since, h.done, h.paused, j.as_of, CASE WHEN h.needs_calendar THEN @registry@.office_calendar() END) AS k
  CROSS JOIN LATERAL (
    SELECT antifraud.tally(g.doc, x.measure, j.as_of, x.quantity, NULL::bigint, k.days_overdue::numeric) AS card
    FROM (VALUES ('overdue', 1::bigint)) AS x (measure, quantity)
  ) AS c
  WHERE k.state = ANY ('{overdue,calendar_missing}') AND k.days_overdue > 0 AND 'due:' || k.next_due = j.episode
    AND EXISTS (SELECT FROM antifraud.raised_by(c.card, g.doc) AS b WHERE b.item_no = j.rule AND b.rung = j.rung);
  FOR of_day IN
    SELECT e.as_of, r.measure, array_agg(e.id) AS ids, array_agg(DISTINCT e.subject) AS subjects
    FROM @registry@.escalation AS e
    JOIN @registry@.escalation_rule AS r ON r.code = e.rule
    WHERE e.id = ANY (doubtful) AND NOT (r.measure = 'overdue' AND e.subject ~ '^person:')
    GROUP BY e.as_of, r.measure
  LOOP
    holding := holding || ARRAY(
      SELECT e.id FROM @registry@.escalation AS e
      WHERE e.id = ANY (of_day.ids) AND (e.subject, e.rule, e.episode, e.rung) IN (
        SELECT f.subject, f.rule, f.episode, f.rung FROM @registry@.evaluate_standing(of_day.as_of, NULL, of_day.subjects, ARRAY[of_day.measure]) AS f));
  END LOOP;
  SELECT jsonb_agg(jsonb_build_object('id', e.id, 'back', e.state = 'withdrawn',
           'reason', CASE WHEN e.state = 'withdrawn' THEN 'by what is known now it stood so after all' ELSE 'by what is known now it did not stand so' END)) INTO changed
  FROM @registry@.escalation AS e
  WHERE e.id = ANY (doubtful) AND (e.state = 'withdrawn') = (e.id = ANY (holding));
  RETURN @registry@.take_escalation_steps($1, 'withdraw', jsonb_path_query_array(changed, '$[*] ? (@.back == false)'))
       + @registry@.take_escalation_steps($1, 'reinstate', jsonb_path_query_array(changed, '$[*] ? (@.back == true)'));
END
$body$;
COMMENT ON FUNCTION @registry@.rejudge_standing(date, jsonb) IS 'Withdraw escalations on measures of the view standing that are not borne out by what is known now, as of the day of each, and reinstate those that are again; of days up to this one. What was found for this day (as evaluate_standing() gives it) need not be judged again. Gives how many. For tick().';

CREATE FUNCTION @registry@.rejudge_climbs(as_of date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  changed jsonb;
BEGIN
  SELECT jsonb_agg(jsonb_build_object('id', c.id, 'back', c.state = 'withdrawn',
           'reason', CASE WHEN c.state = 'withdrawn' THEN format('escalation %s was not heeded in time after all', c.caused_by)
                          WHEN c.parent_gone THEN format('escalation %s no longer holds', c.caused_by)
                          ELSE format('escalation %s was heeded in time', c.caused_by) END)) INTO changed
  FROM (
    SELECT c.id, c.state, c.caused_by, p.state = ANY ('{withdrawn,rejected}') AS parent_gone, v.action AS latest,
           p.state <> ALL ('{withdrawn,rejected}') AND (
             @registry@.escalation_unheeded(p.id, v.judged_on) IS NOT NULL
             OR c.state = 'withdrawn' AND @registry@.escalation_unheeded(p.id, $1) IS NOT NULL) AS holds
    FROM @registry@.escalation AS c
    JOIN @registry@.escalation AS p ON p.id = c.caused_by
    CROSS JOIN LATERAL (
      -- the day as of which it was raised last
      SELECT max(x.happened_on) FILTER (WHERE x.action = ANY ('{raise,propose,reinstate}')) AS judged_on, (array_agg(x.action ORDER BY x.ordinal DESC))[1] AS action
      FROM @registry@.escalation_event AS x WHERE x.escalation = c.id
    ) AS v
    WHERE v.judged_on <= $1 AND (c.state = 'withdrawn' OR c.state IN (SELECT s.code FROM @registry@.escalation_state AS s WHERE s.open))
  ) AS c
  WHERE (c.state = 'withdrawn') = c.holds AND (c.state <> 'withdrawn' OR c.latest = 'withdraw');
  RETURN @registry@.take_escalation_steps($1, 'withdraw', jsonb_path_query_array(changed, '$[*] ? (@.back == false)'))
       + @registry@.take_escalation_steps($1, 'reinstate', jsonb_path_query_array(changed, '$[*] ? (@.back == true)'));
END
$body$;
COMMENT ON FUNCTION @registry@.rejudge_climbs(date) IS 'Withdraw what climbed from an escalation that no longer holds, or that was heeded in time as it turns out, and reinstate it where that is taken back; of days up to this one. Gives how many. For tick().';

-- ------------------------------------------------------------------- tick
CREATE FUNCTION @registry@.tick(as_of date, wait boolean DEFAULT true) RETURNS TABLE (step text, written bigint)
ROWS 9
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  steps constant text[] := '{raise,raise_standing,withdraw,deliver,wake,climb,remind,announce}';
  counts bigint[] := '{}';
  now_at text;
  called text := current_setting('application_name');
  done bigint;
  standing jsonb;
  summed jsonb;
BEGIN
  IF as_of IS NULL OR NOT as_of BETWEEN '0001-01-01' AND '9999-12-31' THEN
    RAISE EXCEPTION USING
      ERRCODE = CASE WHEN as_of IS NULL THEN 'null_value_not_allowed' ELSE 'datetime_field_overflow' END,
      MESSAGE = format('there is no tick as of %s', coalesce(as_of::text, 'NULL')),
      HINT = 'Name a day: tick(''2024-02-01''). Nothing here reads the clock.';
  ELSIF NOT (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE n.nspname = @registry_literal@ AND c.relname = 'tick_day') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = 'tick() is for the owner of the registry',
      DETAIL = 'Under row security it would see a part, and raise for a part.',
      HINT = 'schedule_ticks() lets pg_cron call it.';
  END IF;
  -- one at a time; those who read, and triggers that raise, do not wait
  IF wait THEN
    LOCK TABLE @registry@.tick_day IN SHARE UPDATE EXCLUSIVE MODE;
  ELSE
    BEGIN
      LOCK TABLE @registry@.tick_day IN SHARE UPDATE EXCLUSIVE MODE NOWAIT;
    EXCEPTION WHEN lock_not_available THEN
      RETURN QUERY SELECT 'skipped', 0::bigint;
      RETURN;
    END;
  END IF;
  FOREACH now_at IN ARRAY steps LOOP
    -- pg_stat_activity shows it at once
    PERFORM set_config('application_name', format('antifraud tick %s: %s, %s of %s', as_of, now_at, cardinality(counts) + 1, cardinality(steps)), true);
    IF now_at = 'raise_standing' THEN
      standing := (SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') FROM @registry@.evaluate_standing($1) AS f);
    END IF;
    done := CASE now_at
      WHEN 'raise' THEN @registry@.raise_escalations($1)
      WHEN 'raise_standing' THEN @registry@.enter_escalations($1, standing)
      WHEN 'withdraw' THEN @registry@.rejudge_standing($1, standing) + @registry@.rejudge_climbs($1)
      WHEN 'deliver' THEN @registry@.take_escalation_steps($1, 'deliver', (
        -- what was said to be raised, and reached whom it was for by that day
        SELECT jsonb_agg(jsonb_build_object('id', e.id, 'happened_on', greatest(d.day, e.as_of)))
        FROM @registry@.escalation AS e
        CROSS JOIN LATERAL (
          SELECT (max(o.delivered_at) AT TIME ZONE 'Asia/Shanghai')::date AS day FROM @registry@.outbox AS o
          WHERE o.key = format('escalation:%s:raised', e.id) OR o.key = (
            SELECT format('escalation:%s:raised:%s', e.id, max(v.ordinal)) FROM @registry@.escalation_event AS v WHERE v.escalation = e.id AND v.from_state <> v.to_state AND v.to_state = 'raised')
        ) AS d
        WHERE e.state = 'raised' AND d.day <= $1))
      WHEN 'wake' THEN @registry@.take_escalation_steps($1, 'wake', (
        SELECT jsonb_agg(jsonb_build_object('id', e.id)) FROM @registry@.escalation AS e WHERE e.snoozed_until < $1))
      WHEN 'climb' THEN @registry@.climb_escalations($1)
      WHEN 'remind' THEN @registry@.take_escalation_steps($1, 'remind', (
        -- once for each date, from its last day on
        SELECT jsonb_agg(jsonb_build_object('id', e.id, 'key', format('remind:%s:%s', r.what, r.by_day), 'evidence', jsonb_build_object('remind_of', r.what, 'by', r.by_day)))
        FROM @registry@.escalation AS e
        JOIN @registry@.ladder AS l ON l.rung = e.rung
        CROSS JOIN LATERAL @registry@.escalation_stood(e.id, $1) AS s
        CROSS JOIN LATERAL (
          SELECT 'acknowledge', s.acknowledge_by WHERE s.state = ANY ('{raised,delivered}') AND s.acknowledge_by <= $1
          UNION ALL
          SELECT 'rectify', s.rectify_by WHERE s.state = ANY ('{raised,delivered,acknowledged}') AND s.rectify_by <= $1
          UNION ALL
          SELECT 'decide', e.as_of + l.acknowledge_days WHERE s.state = 'proposed' AND e.as_of + l.acknowledge_days <= $1
        ) AS r (what, by_day)
        WHERE e.state = ANY ('{proposed,raised,delivered,acknowledged}') AND e.as_of <= $1 AND (s.snoozed_until IS NULL OR s.snoozed_until < $1)
          AND NOT EXISTS (SELECT FROM @registry@.escalation_event AS v
                          WHERE v.escalation = e.id AND v.action = 'remind' AND v.evidence @> jsonb_build_object('remind_of', r.what, 'by', r.by_day))), 'reminder')
      -- a decision is taken by people, who need not be able to write messages
      WHEN 'announce' THEN (
        WITH announced AS MATERIALIZED (
          SELECT @registry@.enqueue(format('escalation:%s:%s:%s', e.id, v.to_state, v.ordinal), 'escalation',
                   jsonb_build_object('escalation', e.id, 'rule', e.rule, 'rung', e.rung, 'unit', e.unit, 'state', v.to_state, 'as_of', v.happened_on))
          FROM @registry@.escalation AS e
          JOIN @registry@.escalation_event AS v ON v.escalation = e.id AND v.action = 'confirm'
          WHERE e.state = ANY ('{raised,delivered,acknowledged}') AND v.happened_on <= $1
            AND NOT EXISTS (SELECT FROM @registry@.outbox AS o WHERE o.key = format('escalation:%s:%s:%s', e.id, v.to_state, v.ordinal)))
        SELECT count(*) FROM announced AS a)
      END;
    counts := counts || done;
  END LOOP;
  PERFORM set_config('application_name', called, true);
  IF (SELECT sum(c.n) FROM unnest(counts) AS c (n)) > 0 OR NOT EXISTS (SELECT FROM @registry@.tick_day AS d WHERE d.as_of = $1) THEN
    SELECT jsonb_object_agg(c.step, c.written) INTO summed FROM unnest(steps, counts) AS c (step, written);
    INSERT INTO @registry@.tick_day AS d (as_of, written) VALUES ($1, summed)
    ON CONFLICT ON CONSTRAINT tick_day_pk DO UPDATE
      SET last_run_at = now(), runs_that_wrote = d.runs_that_wrote + 1,
          written = (SELECT jsonb_object_agg(c.step, c.written + coalesce((d.written ->> c.step)::bigint, 0)) FROM unnest(steps, counts) AS c (step, written));
  END IF;
  RETURN QUERY SELECT c.step, c.written FROM unnest(steps, counts) AS c (step, written);
END
$body$;
COMMENT ON FUNCTION @registry@.tick(date, boolean) IS 'Bring everything to what time brought by the end of a day: raise what the rules ask for, on facts and on what stands; withdraw what is not borne out; note deliveries; end snoozes; climb where nobody acknowledged or put right; remind; announce what was confirmed. Gives what each step wrote. For the owner. The same day again, or an earlier one, writes nothing twice; two at once wait for each other, or with wait => false the second is skipped.';

CREATE PROCEDURE @registry@.tick_days(from_day date, to_day date, again integer DEFAULT 0)
LANGUAGE plpgsql
-- without a search_path of its own, which would forbid COMMIT: hence the names in full
AS $body$
DECLARE
  day pg_catalog.date;
BEGIN
  IF to_day IS NULL OR NOT pg_catalog.isfinite(to_day) OR NOT pg_catalog.isfinite(from_day) OR again IS NULL OR again OPERATOR(pg_catalog.<) 0 OR again OPERATOR(pg_catalog.>) 366 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = pg_catalog.format('there are no ticks from %s to %s, %s days again', coalesce(from_day::pg_catalog.text, 'NULL'), coalesce(to_day::pg_catalog.text, 'NULL'), coalesce(again::pg_catalog.text, 'NULL')),
      HINT = 'Name the days; from_day may be NULL, for the day after the last one. From 0 to 366 days again.';
  END IF;
  day := from_day;
  IF day IS NULL THEN
    day := coalesce((SELECT pg_catalog.max(d.as_of) FROM @registry@.tick_day AS d WHERE d.as_of OPERATOR(pg_catalog.<=) to_day) OPERATOR(pg_catalog.+) 1, to_day);
    IF again OPERATOR(pg_catalog.>) 0 THEN
      day := LEAST(day, to_day OPERATOR(pg_catalog.-) again);
    END IF;
  END IF;
  WHILE day OPERATOR(pg_catalog.<=) to_day LOOP
    PERFORM @registry@.tick(day);
    -- what was done stays done, should the server crash on a later day
    COMMIT;
    day := day OPERATOR(pg_catalog.+) 1;
  END LOOP;
END
$body$;
COMMENT ON PROCEDURE @registry@.tick_days(date, date, integer) IS 'Call tick() for one day after another, in order, and commit after each. from_day null: from the day after the last that was looked at, so after a pause or a crash it goes on where it stopped. again: then also so many days before to_day, for facts that were entered late.';
REVOKE ALL ON PROCEDURE @registry@.tick_days(date, date, integer) FROM PUBLIC;

-- --------------------------------------------------------------- schedule
CREATE FUNCTION @registry@.tick_job() RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN format('antifraud tick %I', @registry_literal@);
COMMENT ON FUNCTION @registry@.tick_job() IS 'Name of the job that schedule_ticks() makes.';

CREATE FUNCTION @registry@.schedule_ticks(at time DEFAULT '00:30', again integer DEFAULT 7) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  -- pg_cron runs in GMT; its later versions can be told another time zone
  zone text := coalesce(nullif(current_setting('cron.timezone', true), ''), 'GMT');
  there timestamp;
  command text := format('CALL %I.tick_days(NULL, (pg_catalog.now() AT TIME ZONE ''Asia/Shanghai'')::date, %s)', @registry_literal@, again);
  job bigint;
BEGIN
  IF at IS NULL OR again IS NULL OR again NOT BETWEEN 0 AND 366 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('ticks cannot be scheduled at %s, %s days again', coalesce(at::text, 'NULL'), coalesce(again::text, 'NULL')),
      HINT = 'Name a time of the day, in China, and from 0 to 366 days.';
  ELSIF NOT EXISTS (SELECT FROM pg_extension AS e WHERE e.extname = 'pg_cron') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = format('pg_cron is not installed in database "%s"', current_database()),
      DETAIL = 'It schedules from one database of the server, the one that cron.database_name names, and must be in shared_preload_libraries.',
      HINT = format('CREATE EXTENSION pg_cron where it can be, and call this again; from another database, or with another scheduler, run each night: %s', command);
  END IF;
  -- China has no summer time, and the day does not matter
  there := ((date '2000-01-02' + at) AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE zone;
  EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO job
    USING @registry@.tick_job(), format('%s %s * * *', extract(minute FROM there), extract(hour FROM there)), command;
  RETURN job;
END
$body$;
COMMENT ON FUNCTION @registry@.schedule_ticks(time, integer) IS 'Let pg_cron call tick_days() each day at this time, in China, up to that day there, with so many days before it again; replaces what was scheduled before. Gives the number of the job. For the owner of the registry, who needs USAGE on the schema cron.';

CREATE FUNCTION @registry@.unschedule_ticks() RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  job bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension AS e WHERE e.extname = 'pg_cron') THEN
    RETURN false;
  END IF;
  EXECUTE 'SELECT j.jobid FROM cron.job AS j WHERE j.jobname = $1 AND j.username = CURRENT_USER' INTO job USING @registry@.tick_job();
  IF job IS NULL THEN
    RETURN false;
  END IF;
  EXECUTE 'SELECT cron.unschedule($1)' USING job;
  RETURN true;
END
$body$;
COMMENT ON FUNCTION @registry@.unschedule_ticks() IS 'Take back schedule_ticks(); false: nothing was scheduled.';
