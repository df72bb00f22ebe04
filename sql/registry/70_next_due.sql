-- When a person's next check-in is due: from the history, and kept on the
-- person. 21_people.sql has the tables, 22_policy.sql how often.
--
-- What is kept must equal what the history gives, whatever was recorded in
-- whatever order: next_due_difference shows where it does not, and is empty.

-- The days on which something changes (tier, policy, end of control), and what
-- was asked from each on. A function apart (a setting keeps it so), as few
-- persons need it, and the planner would reckon with it for all.
CREATE FUNCTION @registry@.segments_between(person bigint, region antifraud.region, enrolled_on date, ended_on date)
RETURNS TABLE (segments jsonb, last_from date, last_cadence antifraud.cadence, plain boolean, needs_calendar boolean)
STABLE PARALLEL SAFE COST 1000 ROWS 1
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  SELECT pg_catalog.jsonb_agg(@registry@.segment_terms(r.cadence, r.grace, r.anchor, r.shift, r.partial, r.change, r.pause)
      OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('from', r.day) ORDER BY r.day) FILTER (WHERE r.begins) AS segments,
    pg_catalog.max(r.day) FILTER (WHERE r.begins) AS last_from,
    (pg_catalog.array_agg(r.cadence ORDER BY r.day DESC) FILTER (WHERE r.begins))[1] AS last_cadence,
    -- a check-in that is entered late may not count under a policy that
    -- otherwise asks the same, and begins no segment
    (pg_catalog.array_agg(r.plain ORDER BY r.day DESC) FILTER (WHERE r.begins))[1]
      AND pg_catalog.bool_and(r.late_entry_days IS NULL) AS plain,
    pg_catalog.bool_or(r.shift OPERATOR(pg_catalog.=) 'before' OR r.cadence::text OPERATOR(pg_catalog.~~) '% term') FILTER (WHERE r.begins) AS needs_calendar
  FROM (
    SELECT w.day, w.cadence, w.grace, w.anchor, w.shift, w.partial, w.change, w.pause, w.late_entry_days,
      w.cadence OPERATOR(antifraud.<) 'every 999 years'::antifraud.cadence AND w.anchor OPERATOR(pg_catalog.=) 'actual'
        AND w.shift OPERATOR(pg_catalog.=) 'none' AND w.change OPERATOR(pg_catalog.=) 'min' AND w.pause OPERATOR(pg_catalog.=) 'stop' AS plain,
      pg_catalog.row_number() OVER ordered OPERATOR(pg_catalog.=) 1 OR NOT (
      -- column by column: a comparison of rows comes back from a dump in
      -- other brackets
      w.cadence::text IS NOT DISTINCT FROM pg_catalog.lag(w.cadence::text) OVER ordered
        AND w.grace IS NOT DISTINCT FROM pg_catalog.lag(w.grace) OVER ordered
        AND w.anchor IS NOT DISTINCT FROM pg_catalog.lag(w.anchor) OVER ordered
        AND w.shift IS NOT DISTINCT FROM pg_catalog.lag(w.shift) OVER ordered
        AND w.partial IS NOT DISTINCT FROM pg_catalog.lag(w.partial) OVER ordered
        AND w.change IS NOT DISTINCT FROM pg_catalog.lag(w.change) OVER ordered
        AND w.pause IS NOT DISTINCT FROM pg_catalog.lag(w.pause) OVER ordered
        -- another row of the policy, or another tier, restarts the clock even
        -- where it asks the same
        AND (w.change IS DISTINCT FROM 'restart' OR w.policy IS NOT DISTINCT FROM pg_catalog.lag(w.policy) OVER ordered)) AS begins
    FROM (
      SELECT days.day, f.policy, f.cadence, f.grace, f.anchor, f.shift, f.partial, f.change, f.pause, f.late_entry_days
      FROM (
        SELECT segments_between.enrolled_on AS day
        UNION SELECT t.changed_on AS day FROM @registry@.tier_change AS t
          WHERE t.person OPERATOR(pg_catalog.=) segments_between.person AND t.voided_at IS NULL AND t.changed_on OPERATOR(pg_catalog.>) segments_between.enrolled_on
        UNION SELECT c.valid_from AS day FROM @registry@.control_policy AS c
          WHERE c.valid_from OPERATOR(pg_catalog.>) segments_between.enrolled_on AND (c.region IS NULL OR segments_between.region OPERATOR(antifraud.<@) c.region)
        UNION SELECT segments_between.ended_on OPERATOR(pg_catalog.+) 1 AS day WHERE segments_between.ended_on OPERATOR(pg_catalog.<) DATE '9999-12-31'
      ) AS days
      LEFT JOIN LATERAL (
        SELECT t.tier FROM @registry@.tier_change AS t
        WHERE t.person OPERATOR(pg_catalog.=) segments_between.person AND t.voided_at IS NULL AND t.changed_on OPERATOR(pg_catalog.<=) days.day
        ORDER BY t.changed_on DESC LIMIT 1
      ) AS held ON segments_between.ended_on IS NULL OR days.day OPERATOR(pg_catalog.<=) segments_between.ended_on
      LEFT JOIN LATERAL @registry@.policy_for(held.tier, segments_between.region, days.day) AS f ON true
      WHERE segments_between.ended_on IS NULL OR days.day OPERATOR(pg_catalog.<=) (segments_between.ended_on OPERATOR(pg_catalog.+) 1)
    ) AS w
    WINDOW ordered AS (ORDER BY w.day)
  ) AS r;
END;
COMMENT ON FUNCTION @registry@.segments_between(bigint, antifraud.region, date, date) IS 'What was asked of a person from enrolment to the end of control (null: still), as antifraud.duty_status() takes it; with the last segment''s first day and cadence, whether that only follows check-ins, and whether any asks for working days or terms. Used by person_history.';

-- The same where the tier alone decides (see uniform_policy), which needs no
-- search for the policy of each day.
-- no settings of its own: so it is taken into the query, which begins a query for
-- each person otherwise
CREATE FUNCTION @registry@.segments_of_tiers(person bigint, enrolled_on date, ended_on date)
RETURNS TABLE (segments jsonb, last_from date, last_cadence antifraud.cadence, plain boolean, needs_calendar boolean)
STABLE PARALLEL SAFE COST 1000 ROWS 1
LANGUAGE sql
BEGIN ATOMIC
  SELECT a.segments, a.last_from, a.cadences[pg_catalog.cardinality(a.cadences)] AS last_cadence,
    a.plains[pg_catalog.cardinality(a.plains)] AND a.counts AS plain, a.needs_calendar
  FROM (
    SELECT pg_catalog.jsonb_agg(r.terms OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('from', r.day)) FILTER (WHERE r.begins) AS segments,
      pg_catalog.max(r.day) FILTER (WHERE r.begins) AS last_from,
      pg_catalog.array_agg(r.cadence) FILTER (WHERE r.begins) AS cadences,
      pg_catalog.array_agg(r.plain) FILTER (WHERE r.begins) AS plains,
      pg_catalog.bool_and(r.late_entry_days IS NULL) AS counts,
      pg_catalog.bool_or(r.needs_calendar) FILTER (WHERE r.begins) AS needs_calendar
    FROM (
      SELECT w.day, f.cadence, f.late_entry_days, k.terms,
        f.cadence OPERATOR(antifraud.<) 'every 999 years'::antifraud.cadence AND f.anchor OPERATOR(pg_catalog.=) 'actual'
          AND f.shift OPERATOR(pg_catalog.=) 'none' AND f.change OPERATOR(pg_catalog.=) 'min' AND f.pause OPERATOR(pg_catalog.=) 'stop' AS plain,
        f.shift OPERATOR(pg_catalog.=) 'before' OR f.cadence::text OPERATOR(pg_catalog.~~) '% term' AS needs_calendar,
        -- the first row has none before it, and terms are never null
        k.terms IS DISTINCT FROM pg_catalog.lag(k.terms) OVER ordered
          OR (f.change OPERATOR(pg_catalog.=) 'restart' AND f.id IS DISTINCT FROM pg_catalog.lag(f.id) OVER ordered) AS begins
      FROM (
        SELECT segments_of_tiers.enrolled_on AS day, (
          SELECT t.tier FROM @registry@.tier_change AS t
          WHERE t.person OPERATOR(pg_catalog.=) segments_of_tiers.person AND t.voided_at IS NULL AND t.changed_on OPERATOR(pg_catalog.<=) segments_of_tiers.enrolled_on
          ORDER BY t.changed_on DESC LIMIT 1) AS tier
        UNION ALL
        SELECT t.changed_on AS day, t.tier AS tier FROM @registry@.tier_change AS t
        WHERE t.person OPERATOR(pg_catalog.=) segments_of_tiers.person AND t.voided_at IS NULL AND t.changed_on OPERATOR(pg_catalog.>) segments_of_tiers.enrolled_on
          AND (segments_of_tiers.ended_on IS NULL OR t.changed_on OPERATOR(pg_catalog.<=) segments_of_tiers.ended_on)
        UNION ALL
        SELECT segments_of_tiers.ended_on OPERATOR(pg_catalog.+) 1 AS day, NULL::text AS tier WHERE segments_of_tiers.ended_on OPERATOR(pg_catalog.<) DATE '9999-12-31'
      ) AS w
      LEFT JOIN @registry@.control_policy AS f ON f.tier OPERATOR(pg_catalog.=) w.tier
      CROSS JOIN LATERAL (
        -- what each tier asks, and what is asked without one: worked out once a query
        SELECT COALESCE((
            SELECT pg_catalog.jsonb_object_agg(x.tier, @registry@.segment_terms(x.cadence, x.grace, x.anchor, x.shift, x.partial, x.change, x.pause))
            FROM @registry@.control_policy AS x) OPERATOR(pg_catalog.->) f.tier,
          (SELECT @registry@.segment_terms(NULL, NULL, NULL, NULL, NULL, NULL, NULL))) AS terms OFFSET 0
      ) AS k
      WINDOW ordered AS (ORDER BY w.day)
      ORDER BY w.day
    ) AS r
  ) AS a;
END;
COMMENT ON FUNCTION @registry@.segments_of_tiers(bigint, date, date) IS 'What segments_between() gives, for a person enrolled since uniform_policy.since, for whom the tier alone decides. Used by person_history.';

CREATE FUNCTION @registry@.status_gaps_of(person bigint) RETURNS TABLE (starts_on date, ends_on date)
STABLE PARALLEL SAFE COST 1000 ROWS 1
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  SELECT g.starts_on, g.ends_on FROM @registry@.status_gap AS g WHERE g.person OPERATOR(pg_catalog.=) $1;
END;
COMMENT ON FUNCTION @registry@.status_gaps_of(bigint) IS 'The gaps of one person, see status_gap. Apart for the same reason as segments_between(); used by person_history.';

-- Most check-ins are entered on their day and never voided: only the others
-- need the policy of their day.
CREATE FUNCTION @registry@.counted_checkins(person bigint, region antifraud.region) RETURNS date[]
STABLE PARALLEL SAFE COST 1000
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  SELECT pg_catalog.array_agg(c.done_on ORDER BY c.done_on)
  FROM (
    SELECT x.done_on, x.late_by, 0 AS void_after FROM (
      SELECT k.done_on, (k.recorded_at AT TIME ZONE 'Asia/Shanghai')::date OPERATOR(pg_catalog.-) k.done_on AS late_by
      FROM @registry@.checkin AS k
      WHERE k.person OPERATOR(pg_catalog.=) $1 AND k.outcome OPERATOR(pg_catalog.=) 'completed' AND k.voided_at IS NULL
    ) AS x
    UNION ALL
    SELECT k.done_on, (k.recorded_at AT TIME ZONE 'Asia/Shanghai')::date OPERATOR(pg_catalog.-) k.done_on AS late_by,
      (k.voided_at AT TIME ZONE 'Asia/Shanghai')::date OPERATOR(pg_catalog.-) (k.recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS void_after
    FROM @registry@.checkin AS k
    WHERE k.person OPERATOR(pg_catalog.=) $1 AND k.outcome OPERATOR(pg_catalog.=) 'completed' AND k.voided_at IS NOT NULL
      -- a void on the day of entry is a slip, under any policy
      AND (k.voided_at AT TIME ZONE 'Asia/Shanghai')::date OPERATOR(pg_catalog.>) (k.recorded_at AT TIME ZONE 'Asia/Shanghai')::date
  ) AS c
  WHERE CASE WHEN c.late_by OPERATOR(pg_catalog.<=) 0 AND c.void_after OPERATOR(pg_catalog.=) 0 THEN true
    ELSE COALESCE((
      SELECT (f.late_entry_days IS NULL OR c.late_by OPERATOR(pg_catalog.<=) f.late_entry_days)
        AND (c.void_after OPERATOR(pg_catalog.=) 0 OR COALESCE(c.void_after OPERATOR(pg_catalog.>) f.void_within_days, false))
      FROM (SELECT t.tier FROM @registry@.tier_change AS t
            WHERE t.person OPERATOR(pg_catalog.=) $1 AND t.voided_at IS NULL AND t.changed_on OPERATOR(pg_catalog.<=) c.done_on
            ORDER BY t.changed_on DESC LIMIT 1) AS h
      CROSS JOIN LATERAL @registry@.policy_for(h.tier, $2, c.done_on) AS f
    ), c.void_after OPERATOR(pg_catalog.=) 0) END;
END;
COMMENT ON FUNCTION @registry@.counted_checkins(bigint, antifraud.region) IS 'Days of the completed check-ins of a person, in order, that count by late_entry_days and void_within_days of the policy in force on each of them; null: none. Used by person_history, where any policy has either.';

-- One row a person: the history in the form that antifraud.duty_status() takes.
-- Most persons have had one tier under one policy all the time, and most offices
-- have one policy a tier: the arms of s go from there to the rare and slow. Five
-- tables and subqueries and no more, so that a query of a few others still joins
-- them all in the best order (join_collapse_limit).
CREATE VIEW @registry@.person_history WITH (security_invoker = true) AS
  SELECT p.id AS person, p.enrolled_on AS since, s.segments, d.done, u.paused, t.tier,
    GREATEST(p.enrolled_on, s.last_from, d.last_done, u.last_start) AS settled_on,
    CASE WHEN s.plain AND (u.last_end IS NULL OR u.last_end OPERATOR(pg_catalog.<) GREATEST(p.enrolled_on, s.last_from, d.last_done, u.last_start))
         THEN s.last_cadence END AS plain_cadence,
    s.needs_calendar, t.changed_on AS tier_since, p.unit, p.region
  FROM @registry@.person AS p
  CROSS JOIN LATERAL (
    SELECT l.tier, l.changed_on,
      COALESCE(l.changed_on OPERATOR(pg_catalog.>) p.enrolled_on, false) AS changed,
      -- asked once a query
      COALESCE(p.enrolled_on OPERATOR(pg_catalog.>=) (SELECT f.since FROM @registry@.uniform_policy AS f)
        AND l.tier OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT c.tier FROM @registry@.control_policy AS c)), false) AS uniform
    FROM (SELECT) AS always
    LEFT JOIN LATERAL (
      SELECT x.tier, x.changed_on FROM @registry@.tier_change AS x
      WHERE x.person OPERATOR(pg_catalog.=) p.id AND x.voided_at IS NULL
      ORDER BY x.changed_on DESC LIMIT 1
    ) AS l ON true
    OFFSET 0
  ) AS t
  CROSS JOIN LATERAL (
    SELECT arm.segments, arm.last_from, arm.last_cadence, arm.plain, arm.needs_calendar FROM (
    SELECT CASE WHEN e.ends THEN b.segments OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('from', p.ended_on OPERATOR(pg_catalog.+) 1, 'cadence', NULL::text,
             'grace', 0, 'anchor', 'actual', 'shift', 'none', 'partial', 'skip') ELSE b.segments END AS segments,
      CASE WHEN e.ends THEN p.ended_on OPERATOR(pg_catalog.+) 1 ELSE p.enrolled_on END AS last_from,
      CASE WHEN NOT e.ends THEN f.cadence END AS last_cadence,
      -- rolling cadences come before windows, in the order of their length
      NOT e.ends AND f.cadence OPERATOR(antifraud.<) 'every 999 years'::antifraud.cadence AND f.anchor OPERATOR(pg_catalog.=) 'actual' AND f.shift OPERATOR(pg_catalog.=) 'none'
        AND f.change OPERATOR(pg_catalog.=) 'min' AND f.pause OPERATOR(pg_catalog.=) 'stop' AND f.late_entry_days IS NULL AS plain,
      f.shift OPERATOR(pg_catalog.=) 'before' OR (f.cadence OPERATOR(antifraud.>=) 'every 999 years'::antifraud.cadence AND f.cadence::text OPERATOR(pg_catalog.~~) '% term') AS needs_calendar
    FROM @registry@.control_policy AS f
    CROSS JOIN LATERAL (SELECT COALESCE(p.ended_on OPERATOR(pg_catalog.<) DATE '9999-12-31', false)) AS e (ends)
    CROSS JOIN LATERAL (
      SELECT pg_catalog.jsonb_set((
          -- what each tier asks: worked out once a query, but for the day
          SELECT pg_catalog.jsonb_object_agg(x.tier, pg_catalog.jsonb_build_array(
            @registry@.segment_terms(x.cadence, x.grace, x.anchor, x.shift, x.partial, x.change, x.pause) OPERATOR(pg_catalog.||) '{"from": null}'))
          FROM @registry@.control_policy AS x) OPERATOR(pg_catalog.->) f.tier, '{0,from}', pg_catalog.to_jsonb(p.enrolled_on))
    ) AS b (segments)
    WHERE t.uniform AND NOT t.changed AND f.tier OPERATOR(pg_catalog.=) t.tier
    UNION ALL
    SELECT CASE WHEN e.ends THEN b.segments OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('from', p.ended_on OPERATOR(pg_catalog.+) 1, 'cadence', NULL::text,
             'grace', 0, 'anchor', 'actual', 'shift', 'none', 'partial', 'skip') ELSE b.segments END AS segments,
      CASE WHEN e.ends THEN p.ended_on OPERATOR(pg_catalog.+) 1 ELSE p.enrolled_on END AS last_from,
      CASE WHEN NOT e.ends THEN f.cadence END AS last_cadence,
      NOT e.ends AND f.cadence OPERATOR(antifraud.<) 'every 999 years'::antifraud.cadence AND f.anchor OPERATOR(pg_catalog.=) 'actual' AND f.shift OPERATOR(pg_catalog.=) 'none'
        AND f.change OPERATOR(pg_catalog.=) 'min' AND f.pause OPERATOR(pg_catalog.=) 'stop' AND f.late_entry_days IS NULL AS plain,
      f.shift OPERATOR(pg_catalog.=) 'before' OR f.cadence::text OPERATOR(pg_catalog.~~) '% term' AS needs_calendar
    FROM (SELECT WHERE NOT t.uniform AND NOT t.changed
      AND NOT EXISTS (SELECT FROM @registry@.control_policy AS c
                      WHERE c.tier OPERATOR(pg_catalog.=) t.tier AND c.valid_from OPERATOR(pg_catalog.>) p.enrolled_on
                        AND (c.region IS NULL OR p.region OPERATOR(antifraud.<@) c.region)) OFFSET 0) AS gate
    LEFT JOIN LATERAL @registry@.policy_for(t.tier, p.region, p.enrolled_on) AS f ON true
    CROSS JOIN LATERAL (SELECT f.policy IS NOT NULL AND COALESCE(p.ended_on OPERATOR(pg_catalog.<) DATE '9999-12-31', false)) AS e (ends)
    CROSS JOIN LATERAL (
      SELECT pg_catalog.jsonb_build_array(@registry@.segment_terms(f.cadence, f.grace, f.anchor, f.shift, f.partial, f.change, f.pause)
        OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('from', p.enrolled_on))
    ) AS b (segments)
    UNION ALL
    SELECT g.segments, g.last_from, g.last_cadence, g.plain, g.needs_calendar
    FROM (SELECT WHERE t.uniform AND t.changed OFFSET 0) AS gate
    CROSS JOIN LATERAL @registry@.segments_of_tiers(p.id, p.enrolled_on, p.ended_on) AS g
    UNION ALL
    SELECT g.segments, g.last_from, g.last_cadence, g.plain, g.needs_calendar
    FROM (SELECT WHERE NOT t.uniform AND (t.changed
      OR EXISTS (SELECT FROM @registry@.control_policy AS c
                 WHERE c.tier OPERATOR(pg_catalog.=) t.tier AND c.valid_from OPERATOR(pg_catalog.>) p.enrolled_on
                   AND (c.region IS NULL OR p.region OPERATOR(antifraud.<@) c.region))) OFFSET 0) AS gate
    CROSS JOIN LATERAL @registry@.segments_between(p.id, p.region, p.enrolled_on, p.ended_on) AS g
    ) AS arm
    -- one arm gives a row, and the arms after it are not asked
    LIMIT 1
  ) AS s
  CROSS JOIN LATERAL (
    -- in the order of the index, so that the last is the latest
    SELECT x.done, x.done[pg_catalog.cardinality(x.done)] AS last_done
    FROM (SELECT CASE
      -- asked once, not for each person
      WHEN EXISTS (SELECT FROM @registry@.control_policy AS c WHERE c.late_entry_days IS NOT NULL OR c.void_within_days IS NOT NULL)
      THEN @registry@.counted_checkins(p.id, p.region)
      ELSE NULLIF(ARRAY(
      SELECT c.done_on FROM @registry@.checkin AS c
      WHERE c.person OPERATOR(pg_catalog.=) p.id AND c.outcome OPERATOR(pg_catalog.=) 'completed' AND c.voided_at IS NULL
      ORDER BY c.done_on), '{}') END AS done OFFSET 0) AS x
    OFFSET 0
  ) AS d
  CROSS JOIN LATERAL (
    SELECT pg_catalog.range_agg(pg_catalog.daterange(x.starts_on, x.ends_on, '[]')) AS paused,
      pg_catalog.max(x.starts_on) AS last_start,
      pg_catalog.max(COALESCE(x.ends_on, DATE 'infinity')) AS last_end
    FROM (
      SELECT x.starts_on, x.ends_on FROM @registry@.suspension AS x
      WHERE x.person OPERATOR(pg_catalog.=) p.id AND x.voided_at IS NULL
      UNION ALL
      -- off the list and listed again
      SELECT g.starts_on, g.ends_on
      FROM (SELECT WHERE EXISTS (
        SELECT FROM @registry@.status_change AS c WHERE c.person OPERATOR(pg_catalog.=) p.id AND c.voided_at IS NULL OFFSET 1) OFFSET 0) AS gate
      CROSS JOIN LATERAL @registry@.status_gaps_of(p.id) AS g
    ) AS x
  ) AS u;
COMMENT ON VIEW @registry@.person_history IS 'The history of each person as antifraud.duty_status() takes it, and until when it is settled.';
COMMENT ON COLUMN @registry@.person_history.person IS 'The person.';
COMMENT ON COLUMN @registry@.person_history.since IS 'Day on which control begins.';
COMMENT ON COLUMN @registry@.person_history.segments IS 'What was asked from which day on: tiers and policies as they followed each other; a null cadence asks nothing.';
COMMENT ON COLUMN @registry@.person_history.done IS 'Days of completed check-ins that count; null: none.';
COMMENT ON COLUMN @registry@.person_history.paused IS 'Days of suspensions, and between the end of control and its beginning anew; null: none.';
COMMENT ON COLUMN @registry@.person_history.tier IS 'The latest tier; null: none yet.';
COMMENT ON COLUMN @registry@.person_history.settled_on IS 'The latest day of anything known: enrolment, completed check-in, start of a segment or of a suspension.';
COMMENT ON COLUMN @registry@.person_history.plain_cadence IS 'The cadence, where from settled_on on only check-ins move the due day: rolling, shorter than 999 years, counted from the actual day, not shifted, change and pause as usual, late entries count, no suspension; otherwise null.';
COMMENT ON COLUMN @registry@.person_history.needs_calendar IS 'Whether a segment asks for working days or terms.';
COMMENT ON COLUMN @registry@.person_history.tier_since IS 'First day of the latest tier.';
COMMENT ON COLUMN @registry@.person_history.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.person_history.region IS 'Where the person is under control.';

CREATE VIEW @registry@.person_from_scratch WITH (security_invoker = true) AS
  SELECT h.person, h.tier, k.last_done, k.next_due, h.settled_on, h.plain_cadence
  FROM @registry@.person_history AS h
  CROSS JOIN LATERAL antifraud.duty_status(h.segments, h.since, h.done, h.paused, h.settled_on,
    CASE WHEN h.needs_calendar THEN (SELECT @registry@.office_calendar()) END) AS k;
COMMENT ON VIEW @registry@.person_from_scratch IS 'What ought to be kept on each person, computed from the history.';
COMMENT ON COLUMN @registry@.person_from_scratch.person IS 'The person.';
COMMENT ON COLUMN @registry@.person_from_scratch.tier IS 'See person.tier.';
COMMENT ON COLUMN @registry@.person_from_scratch.last_done IS 'See person.last_done.';
COMMENT ON COLUMN @registry@.person_from_scratch.next_due IS 'See person.next_due.';
COMMENT ON COLUMN @registry@.person_from_scratch.settled_on IS 'See person.settled_on.';
COMMENT ON COLUMN @registry@.person_from_scratch.plain_cadence IS 'See person.plain_cadence.';

CREATE VIEW @registry@.next_due_difference WITH (security_invoker = true) AS
  SELECT p.id AS person, p.tier AS kept_tier, s.tier, p.last_done AS kept_last_done, s.last_done, p.next_due AS kept_next_due, s.next_due,
    p.settled_on AS kept_settled_on, s.settled_on, p.plain_cadence AS kept_plain_cadence, s.plain_cadence
  FROM @registry@.person AS p
  JOIN @registry@.person_from_scratch AS s ON s.person OPERATOR(pg_catalog.=) p.id
  WHERE p.tier IS DISTINCT FROM s.tier OR p.last_done IS DISTINCT FROM s.last_done OR p.next_due IS DISTINCT FROM s.next_due
    OR p.settled_on IS DISTINCT FROM s.settled_on OR p.plain_cadence::text IS DISTINCT FROM s.plain_cadence::text;
COMMENT ON VIEW @registry@.next_due_difference IS 'Persons for whom what is kept is not what the history gives. Always empty; otherwise call refresh_next_due() and tell who maintains the registry.';
COMMENT ON COLUMN @registry@.next_due_difference.person IS 'The person.';
COMMENT ON COLUMN @registry@.next_due_difference.kept_tier IS 'Tier, as kept.';
COMMENT ON COLUMN @registry@.next_due_difference.tier IS 'Tier, from the history.';
COMMENT ON COLUMN @registry@.next_due_difference.kept_last_done IS 'Last completed check-in, as kept.';
COMMENT ON COLUMN @registry@.next_due_difference.last_done IS 'Last completed check-in, from the history.';
COMMENT ON COLUMN @registry@.next_due_difference.kept_next_due IS 'Next due day, as kept.';
COMMENT ON COLUMN @registry@.next_due_difference.next_due IS 'Next due day, from the history.';
COMMENT ON COLUMN @registry@.next_due_difference.kept_settled_on IS 'Latest day of anything known, as kept.';
COMMENT ON COLUMN @registry@.next_due_difference.settled_on IS 'Latest day of anything known, from the history.';
COMMENT ON COLUMN @registry@.next_due_difference.kept_plain_cadence IS 'Cadence that only check-ins move, as kept.';
COMMENT ON COLUMN @registry@.next_due_difference.plain_cadence IS 'Cadence that only check-ins move, from the history.';

CREATE FUNCTION @registry@.control_segments(person bigint) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT h.segments FROM @registry@.person_history AS h WHERE h.person OPERATOR(pg_catalog.=) control_segments.person);
COMMENT ON FUNCTION @registry@.control_segments(bigint) IS 'What was asked of a person from which day on: the segments that antifraud.duty_status() takes.';

CREATE FUNCTION @registry@.person_status_at(as_of date, person bigint)
RETURNS TABLE (last_done date, next_due date, days_overdue integer, due integer, met integer, missed integer, state text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
  SELECT k.last_done, k.next_due, k.days_overdue, k.due, k.met, k.missed, k.state
  FROM @registry@.person_history AS h
  CROSS JOIN LATERAL antifraud.duty_status(h.segments, h.since, h.done, h.paused, person_status_at.as_of,
    CASE WHEN h.needs_calendar THEN (SELECT @registry@.office_calendar()) END) AS k
  WHERE h.person OPERATOR(pg_catalog.=) person_status_at.person;
END;
COMMENT ON FUNCTION @registry@.person_status_at(date, bigint) IS 'How a person stands on a day, from the history: when the next check-in is due, days overdue, slots due, met and missed, state.';

CREATE FUNCTION @registry@.refresh_next_due(persons bigint[] DEFAULT NULL) RETURNS bigint
LANGUAGE sql
RETURN antifraud.refresh_next_due(@registry_literal@, persons);
COMMENT ON FUNCTION @registry@.refresh_next_due(bigint[]) IS 'Compute from scratch what is kept on these persons (null: all), for the owner of the registry; gives how many were wrong. Daily work never needs it.';

CREATE FUNCTION @registry@.verify_next_due(OUT persons bigint, OUT different bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT pg_catalog.count(*), (SELECT pg_catalog.count(*) FROM @registry@.next_due_difference AS d) FROM @registry@.person AS p;
END;
COMMENT ON FUNCTION @registry@.verify_next_due() IS 'Compute the next due day of every person from scratch: how many persons there are, and for how many it is not the one kept (0).';

-- Nobody else writes the kept columns.
CREATE TRIGGER person_8_kept BEFORE INSERT ON @registry@.person
  FOR EACH ROW EXECUTE FUNCTION antifraud.guard_next_due();
CREATE TRIGGER person_8_kept_update BEFORE UPDATE OF tier, last_done, next_due, settled_on, plain_cadence ON @registry@.person
  FOR EACH STATEMENT EXECUTE FUNCTION antifraud.guard_next_due();

-- By row, and only where it matters: a statement trigger with the rows would
-- fire for each change of the kept columns as well.
CREATE TRIGGER person_9_keep AFTER UPDATE OF enrolled_on, region, ended_on ON @registry@.person
  FOR EACH ROW WHEN (OLD.enrolled_on IS DISTINCT FROM NEW.enrolled_on OR OLD.region IS DISTINCT FROM NEW.region OR OLD.ended_on IS DISTINCT FROM NEW.ended_on)
  EXECUTE FUNCTION antifraud.keep_next_due('person');

DO $body$
DECLARE
  registry text := @registry_literal@;
  kept_for text;
BEGIN
  FOREACH kept_for IN ARRAY ARRAY['checkin', 'tier_change', 'suspension', 'control_policy'] LOOP
    EXECUTE pg_catalog.format('CREATE TRIGGER %I AFTER INSERT ON %I.%I REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due(%L)',
      kept_for OPERATOR(pg_catalog.||) '_9_keep_insert', registry, kept_for, kept_for);
    EXECUTE pg_catalog.format('CREATE TRIGGER %I AFTER UPDATE ON %I.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due(%L)',
      kept_for OPERATOR(pg_catalog.||) '_9_keep_update', registry, kept_for, kept_for);
    EXECUTE pg_catalog.format('CREATE TRIGGER %I AFTER DELETE ON %I.%I REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due(%L)',
      kept_for OPERATOR(pg_catalog.||) '_9_keep_delete', registry, kept_for, kept_for);
  END LOOP;
END
$body$;
-- a change of status between two others moves no ended_on, but a gap
CREATE TRIGGER status_change_9_keep_insert AFTER INSERT ON @registry@.status_change REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('status_change');
CREATE TRIGGER status_change_9_keep_update AFTER UPDATE ON @registry@.status_change REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('status_change');
CREATE TRIGGER control_policy_9_keep_truncate AFTER TRUNCATE ON @registry@.control_policy
  FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('control_policy');
CREATE TRIGGER calendar_day_9_keep AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @registry@.calendar_day
  FOR EACH STATEMENT EXECUTE FUNCTION antifraud.keep_next_due('calendar_day');
