-- Who is due, who is overdue, and whose turn it is: derived on reading, as of
-- any day. Kept columns of person say whom to look at; what is shown about
-- those is computed from their history.
--
-- Each list is one statement, which the planner sees through down to the
-- tables: a county's list reads the persons of that county, an officer's list
-- those of that officer.

-- Next_due is what was due as of settled_on. Where it lies after the day asked
-- for and nothing is known about later days, the person cannot be due: all
-- others are looked at. Overdue is only who was due the day before, hence
-- ahead = -1 for a list of those.
CREATE FUNCTION @registry@.control_candidates(as_of date, within antifraud.region DEFAULT NULL, ahead integer DEFAULT 0)
RETURNS TABLE (person bigint, unit text, region antifraud.region)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.person, p.unit, p.region FROM @registry@.controlled_persons($1, $2) AS p
  WHERE p.next_due IS NULL OR p.next_due OPERATOR(pg_catalog.<=) ($1 OPERATOR(pg_catalog.+) COALESCE($3, 0))
     OR p.settled_on IS NULL OR p.settled_on OPERATOR(pg_catalog.>) $1;
END;
COMMENT ON FUNCTION @registry@.control_candidates(date, antifraud.region, integer) IS 'Persons under control on a day, in a region (null: everywhere), who may be due by then, or within so many days after it: all others are not. With ahead -1, those who may be overdue.';

CREATE FUNCTION @registry@.officer_candidates(officer bigint, as_of date, ahead integer DEFAULT 0) RETURNS TABLE (person bigint)
STABLE PARALLEL SAFE ROWS 30
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.id AS person
  FROM @registry@.responsible_officer AS r
  JOIN @registry@.person AS p ON p.id OPERATOR(pg_catalog.=) r.person
  WHERE r.officer OPERATOR(pg_catalog.=) $1 AND r.period OPERATOR(pg_catalog.@>) $2
    AND p.enrolled_on OPERATOR(pg_catalog.<=) $2 AND (p.ended_on IS NULL OR p.ended_on OPERATOR(pg_catalog.>=) $2)
    AND (p.next_due IS NULL OR p.next_due OPERATOR(pg_catalog.<=) ($2 OPERATOR(pg_catalog.+) COALESCE($3, 0))
         OR p.settled_on IS NULL OR p.settled_on OPERATOR(pg_catalog.>) $2);
END;
COMMENT ON FUNCTION @registry@.officer_candidates(bigint, date, integer) IS 'Of the persons for whom an officer is responsible on a day, those who may be due by then, or within so many days after it.';

-- What the lists show is computed apart: its plan has a hundred nodes for each
-- person, and compiling it would take longer than running it (jit). OFFSET 0
-- keeps the planner from computing everybody's history and joining afterwards.
CREATE FUNCTION @registry@.control_lines(persons bigint[], as_of date, since date, cal antifraud.calendar)
RETURNS TABLE (person bigint, tier text, unit text, region antifraud.region, officer bigint, state text, last_done date, next_due date, days_overdue integer,
               due integer, met integer, missed integer, missed_in_period bigint, last_checkins date[])
STABLE PARALLEL SAFE COST 1000 ROWS 1
LANGUAGE sql
BEGIN ATOMIC
  SELECT h.person,
         -- the tier of that day, which mostly is the latest
         CASE WHEN h.tier_since OPERATOR(pg_catalog.<=) $2 THEN h.tier ELSE (
           SELECT x.tier FROM @registry@.tier_change AS x
           WHERE x.person OPERATOR(pg_catalog.=) h.person AND x.voided_at IS NULL AND x.changed_on OPERATOR(pg_catalog.<=) $2
           ORDER BY x.changed_on DESC LIMIT 1) END AS tier,
         h.unit, h.region, r.officer, s.state, s.last_done, s.next_due, s.days_overdue, s.due, s.met, s.missed,
         CASE WHEN s.missed OPERATOR(pg_catalog.>) 0 THEN
           (SELECT pg_catalog.count(*) FROM antifraud.missed_dates(h.segments, h.since, h.done, h.paused, $2, $4) AS m (day)
            WHERE m.day OPERATOR(pg_catalog.>=) $3)
           ELSE 0 END AS missed_in_period,
         -- those that count
         ARRAY(SELECT k.done_on FROM pg_catalog.unnest(h.done) AS k (done_on)
               WHERE k.done_on OPERATOR(pg_catalog.>=) h.since AND k.done_on OPERATOR(pg_catalog.<=) $2
               ORDER BY k.done_on DESC LIMIT 3) AS last_checkins
  FROM pg_catalog.unnest($1) AS u (person)
  CROSS JOIN LATERAL (
    SELECT x.person, x.unit, x.region, x.tier, x.tier_since, x.since, x.segments, x.done, x.paused
    FROM @registry@.person_history AS x
    WHERE x.person OPERATOR(pg_catalog.=) u.person
    OFFSET 0
  ) AS h
  CROSS JOIN LATERAL antifraud.duty_status(h.segments, h.since, h.done, h.paused, $2, $4) AS s
  LEFT JOIN LATERAL (
    SELECT x.officer FROM @registry@.responsible_officer AS x
    WHERE x.person OPERATOR(pg_catalog.=) h.person AND x.period OPERATOR(pg_catalog.@>) $2
    OFFSET 0
  ) AS r ON true;
END;
COMMENT ON FUNCTION @registry@.control_lines(bigint[], date, date, antifraud.calendar) IS 'What a list shows about persons as of a day: tier and responsible officer on that day, and the duty computed from the whole history; missed_in_period counts the slots missed since the day since. With the calendar of the office.';

CREATE FUNCTION @registry@.checkins_overdue(as_of date, within antifraud.region DEFAULT NULL, since date DEFAULT NULL)
RETURNS TABLE (person bigint, tier text, unit text, region antifraud.region, officer bigint, state text, last_done date, next_due date, days_overdue integer,
               missed integer, missed_in_period bigint, last_checkins date[])
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT l.person, l.tier, l.unit, l.region, l.officer, l.state, l.last_done, l.next_due, l.days_overdue, l.missed, l.missed_in_period, l.last_checkins
  FROM @registry@.control_lines(
    ARRAY(SELECT c.person FROM @registry@.control_candidates($1, $2, -1) AS c), $1,
    COALESCE($3, pg_catalog.date_trunc('year', $1::timestamp)::date), @registry@.office_calendar()) AS l
  WHERE l.state OPERATOR(pg_catalog.=) ANY ('{overdue,calendar_missing}') AND l.days_overdue OPERATOR(pg_catalog.>) 0
  ORDER BY l.days_overdue DESC, l.person;
END;
COMMENT ON FUNCTION @registry@.checkins_overdue(date, antifraud.region, date) IS 'Persons whose check-in is overdue at the end of a day, in a region (null: everywhere): days overdue, slots missed since enrolment and since a day (null: 1 January of that year), the days of the last three check-ins, newest first. State overdue, or calendar_missing where the calendar ended before a slot that is over.';

CREATE FUNCTION @registry@.checkins_due(as_of date, within antifraud.region DEFAULT NULL, ahead integer DEFAULT 0)
RETURNS TABLE (person bigint, tier text, unit text, region antifraud.region, officer bigint, state text, last_done date, next_due date, last_checkins date[])
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT l.person, l.tier, l.unit, l.region, l.officer, l.state, l.last_done, l.next_due, l.last_checkins
  FROM @registry@.control_lines(
    ARRAY(SELECT c.person FROM @registry@.control_candidates($1, $2, $3) AS c), $1, $1, @registry@.office_calendar()) AS l
  WHERE l.state OPERATOR(pg_catalog.=) ANY ('{due,calendar_missing}') AND l.days_overdue OPERATOR(pg_catalog.=) 0
     OR l.state OPERATOR(pg_catalog.=) 'ok' AND l.next_due OPERATOR(pg_catalog.<=) ($1 OPERATOR(pg_catalog.+) COALESCE($3, 0))
  ORDER BY l.next_due NULLS FIRST, l.person;
END;
COMMENT ON FUNCTION @registry@.checkins_due(date, antifraud.region, integer) IS 'Persons whose check-in is due on a day and not overdue yet, in a region (null: everywhere); with ahead, also those due within so many days after it (state ok). State calendar_missing: the day cannot be told, since the calendar ends before it.';

CREATE FUNCTION @registry@.officer_day_list(officer bigint, as_of date, ahead integer DEFAULT 0)
RETURNS TABLE (person bigint, tier text, unit text, region antifraud.region, state text, last_done date, next_due date, days_overdue integer,
               missed integer, missed_in_period bigint, last_checkins date[])
STABLE PARALLEL SAFE ROWS 30
LANGUAGE sql
BEGIN ATOMIC
  SELECT l.person, l.tier, l.unit, l.region, l.state, l.last_done, l.next_due, l.days_overdue, l.missed, l.missed_in_period, l.last_checkins
  FROM @registry@.control_lines(
    ARRAY(SELECT c.person FROM @registry@.officer_candidates($1, $2, $3) AS c), $2,
    pg_catalog.date_trunc('year', $2::timestamp)::date, @registry@.office_calendar()) AS l
  WHERE l.state OPERATOR(pg_catalog.=) ANY ('{due,overdue,calendar_missing}')
     OR l.state OPERATOR(pg_catalog.=) 'ok' AND l.next_due OPERATOR(pg_catalog.<=) ($2 OPERATOR(pg_catalog.+) COALESCE($3, 0))
  ORDER BY l.days_overdue DESC NULLS LAST, l.next_due NULLS LAST, l.person;
END;
COMMENT ON FUNCTION @registry@.officer_day_list(bigint, date, integer) IS 'Whom an officer should check on a day: the overdue first, then those due, and with ahead those due within so many days after it.';

CREATE FUNCTION @registry@.officer_load(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (officer bigint, unit text, role text, persons bigint, strictest_tier text, overdue bigint, due bigint, due_in_7_days bigint,
               paused bigint, calendar_missing bigint, missed_in_period bigint)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT a.officer, f.unit, f.role, a.persons, t.code AS strictest_tier, a.overdue, a.due, a.due_in_7_days, a.paused, a.calendar_missing, a.missed_in_period
  FROM (
    SELECT r.officer, pg_catalog.count(*) AS persons, pg_catalog.max(t.rank) AS strictest,
           pg_catalog.count(*) FILTER (WHERE s.state OPERATOR(pg_catalog.=) ANY ('{overdue,calendar_missing}') AND s.days_overdue OPERATOR(pg_catalog.>) 0) AS overdue,
           pg_catalog.count(*) FILTER (WHERE s.state OPERATOR(pg_catalog.=) 'due') AS due,
           pg_catalog.count(*) FILTER (WHERE s.state OPERATOR(pg_catalog.=) 'ok' AND s.next_due OPERATOR(pg_catalog.<=) ($1 OPERATOR(pg_catalog.+) 7)) AS due_in_7_days,
           pg_catalog.count(*) FILTER (WHERE s.state OPERATOR(pg_catalog.=) 'paused') AS paused,
           pg_catalog.count(*) FILTER (WHERE s.state OPERATOR(pg_catalog.=) 'calendar_missing' AND s.days_overdue OPERATOR(pg_catalog.=) 0) AS calendar_missing,
           pg_catalog.sum(CASE WHEN s.missed OPERATOR(pg_catalog.>) 0 THEN
             (SELECT pg_catalog.count(*) FROM antifraud.missed_dates(h.segments, h.since, h.done, h.paused, $1, o.cal) AS m (day) WHERE m.day OPERATOR(pg_catalog.>=) o.since)
             ELSE 0 END)::bigint AS missed_in_period
    FROM (SELECT @registry@.office_calendar() AS cal, pg_catalog.date_trunc('year', $1::timestamp)::date AS since OFFSET 0) AS o
    CROSS JOIN @registry@.controlled_persons($1, $2) AS c
    CROSS JOIN LATERAL (
      SELECT x.person, x.since, x.segments, x.done, x.paused,
             CASE WHEN x.tier_since OPERATOR(pg_catalog.<=) $1 THEN x.tier ELSE (
               SELECT y.tier FROM @registry@.tier_change AS y
               WHERE y.person OPERATOR(pg_catalog.=) x.person AND y.voided_at IS NULL AND y.changed_on OPERATOR(pg_catalog.<=) $1
               ORDER BY y.changed_on DESC LIMIT 1) END AS tier
      FROM @registry@.person_history AS x
      WHERE x.person OPERATOR(pg_catalog.=) c.person
      OFFSET 0  -- one person's after another's
    ) AS h
    CROSS JOIN LATERAL antifraud.duty_status(h.segments, h.since, h.done, h.paused, $1, o.cal) AS s
    LEFT JOIN LATERAL (
      SELECT x.officer FROM @registry@.responsible_officer AS x
      WHERE x.person OPERATOR(pg_catalog.=) h.person AND x.period OPERATOR(pg_catalog.@>) $1
      OFFSET 0
    ) AS r ON true
    LEFT JOIN @registry@.tier AS t ON t.code OPERATOR(pg_catalog.=) h.tier
    GROUP BY r.officer
  ) AS a
  LEFT JOIN @registry@.officer AS f ON f.id OPERATOR(pg_catalog.=) a.officer
  LEFT JOIN @registry@.tier AS t ON t.rank OPERATOR(pg_catalog.=) a.strictest
  ORDER BY a.persons DESC, a.officer NULLS FIRST;
END;
COMMENT ON FUNCTION @registry@.officer_load(date, antifraud.region) IS 'The load of each responsible officer on a day, in a region (null: everywhere): persons, strictest tier, overdue, due, due within the week after it, paused, slots missed since 1 January. The row without an officer is of persons for whom nobody is responsible.';

CREATE FUNCTION @registry@.control_gaps(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, unit text, region antifraud.region, gap text, gap_zh text, gap_en text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.person, p.unit, p.region, g.gap, g.gap_zh, g.gap_en
  FROM @registry@.controlled_persons($1, $2) AS p
  LEFT JOIN LATERAL (
    SELECT x.tier FROM @registry@.tier_change AS x
    WHERE x.person OPERATOR(pg_catalog.=) p.person AND x.voided_at IS NULL AND x.changed_on OPERATOR(pg_catalog.<=) $1
    ORDER BY x.changed_on DESC LIMIT 1
  ) AS t ON true
  CROSS JOIN LATERAL (
    SELECT 'tier'::text AS gap, '未定级'::text AS gap_zh, 'no tier'::text AS gap_en, 1 AS place WHERE t.tier IS NULL
    UNION ALL
    SELECT 'policy'::text AS gap, '该级别无核查规定'::text AS gap_zh, 'no policy for the tier'::text AS gap_en, 2 AS place
    WHERE t.tier IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.policy_for(t.tier, p.region, $1) AS f)
    UNION ALL
    SELECT 'officer'::text AS gap, '无责任人'::text AS gap_zh, 'no responsible officer, or one who has left'::text AS gap_en, 3 AS place
    WHERE NOT EXISTS (
      SELECT FROM @registry@.responsible_officer AS r
      JOIN @registry@.officer AS o ON o.id OPERATOR(pg_catalog.=) r.officer
      WHERE r.person OPERATOR(pg_catalog.=) p.person AND r.period OPERATOR(pg_catalog.@>) $1
        AND (o.left_on IS NULL OR o.left_on OPERATOR(pg_catalog.>=) $1))
    UNION ALL
    SELECT 'plan'::text AS gap, '无一人一策'::text AS gap_zh, 'no plan'::text AS gap_en, 4 AS place
    WHERE NOT EXISTS (
      SELECT FROM @registry@.control_plan AS c
      WHERE c.person OPERATOR(pg_catalog.=) p.person AND c.voided_at IS NULL AND c.valid_from OPERATOR(pg_catalog.<=) $1)
    UNION ALL
    -- nobody can tell whether such a person is of age
    SELECT 'born_on'::text AS gap, '无出生日期'::text AS gap_zh, 'no date of birth'::text AS gap_en, 5 AS place
    FROM @registry@.person AS b
    WHERE b.id OPERATOR(pg_catalog.=) p.person AND b.citizen_id IS NULL AND b.born_on IS NULL
  ) AS g
  ORDER BY p.person, g.place;
END;
COMMENT ON FUNCTION @registry@.control_gaps(date, antifraud.region) IS 'What a person under control lacks on a day, in a region (null: everywhere): a tier, a policy for the tier, a responsible officer who still serves, a plan, a date of birth where no citizen id tells it. For the squads see squad_vacancies().';

-- A view looks at one day, which is read once. One person after another, so
-- that a condition on region around the view reaches the index on persons.
CREATE VIEW @registry@.checkin_overdue WITH (security_invoker = true) AS
  WITH office AS MATERIALIZED (
    SELECT d.day, pg_catalog.date_trunc('year', d.day::timestamp)::date AS since, @registry@.office_calendar() AS cal
    FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d
  )
  SELECT o.day AS as_of, c.person, l.tier, c.unit, c.region, l.officer, l.state, l.last_done, l.next_due, l.days_overdue, l.missed, l.missed_in_period, l.last_checkins
  FROM office AS o
  CROSS JOIN LATERAL @registry@.control_candidates(o.day, ahead => -1) AS c
  CROSS JOIN LATERAL @registry@.control_lines(ARRAY[c.person], o.day, o.since, o.cal) AS l
  WHERE l.state OPERATOR(pg_catalog.=) ANY ('{overdue,calendar_missing}') AND l.days_overdue OPERATOR(pg_catalog.>) 0;
COMMENT ON VIEW @registry@.checkin_overdue IS 'Persons whose check-in is overdue as of list_day(); for another day, or a period of one''s own, see checkins_overdue().';
COMMENT ON COLUMN @registry@.checkin_overdue.as_of IS 'The day as of which it looks.';
COMMENT ON COLUMN @registry@.checkin_overdue.person IS 'The person.';
COMMENT ON COLUMN @registry@.checkin_overdue.tier IS 'The tier of that day.';
COMMENT ON COLUMN @registry@.checkin_overdue.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.checkin_overdue.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.checkin_overdue.officer IS 'The officer responsible on that day; null: nobody.';
COMMENT ON COLUMN @registry@.checkin_overdue.state IS 'overdue; or calendar_missing where the calendar ended before a slot that is over: missed counts what could be judged.';
COMMENT ON COLUMN @registry@.checkin_overdue.last_done IS 'Day of the last completed check-in; null: none.';
COMMENT ON COLUMN @registry@.checkin_overdue.next_due IS 'Day by which the next one is due.';
COMMENT ON COLUMN @registry@.checkin_overdue.days_overdue IS 'Days since then, without paused ones.';
COMMENT ON COLUMN @registry@.checkin_overdue.missed IS 'Slots missed since enrolment.';
COMMENT ON COLUMN @registry@.checkin_overdue.missed_in_period IS 'Slots missed since 1 January of the year of as_of.';
COMMENT ON COLUMN @registry@.checkin_overdue.last_checkins IS 'Days of the last three completed check-ins, newest first.';

CREATE VIEW @registry@.checkin_due WITH (security_invoker = true) AS
  WITH office AS MATERIALIZED (
    SELECT d.day, @registry@.office_calendar() AS cal FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d
  )
  SELECT o.day AS as_of, c.person, l.tier, c.unit, c.region, l.officer, l.state, l.last_done, l.next_due, l.last_checkins
  FROM office AS o
  CROSS JOIN LATERAL @registry@.control_candidates(o.day) AS c
  CROSS JOIN LATERAL @registry@.control_lines(ARRAY[c.person], o.day, o.day, o.cal) AS l
  WHERE l.state OPERATOR(pg_catalog.=) ANY ('{due,calendar_missing}') AND l.days_overdue OPERATOR(pg_catalog.=) 0;
COMMENT ON VIEW @registry@.checkin_due IS 'Persons whose check-in is due, and not overdue yet, as of list_day(); for another day, or some days ahead, see checkins_due().';
COMMENT ON COLUMN @registry@.checkin_due.as_of IS 'The day as of which it looks.';
COMMENT ON COLUMN @registry@.checkin_due.person IS 'The person.';
COMMENT ON COLUMN @registry@.checkin_due.tier IS 'The tier of that day.';
COMMENT ON COLUMN @registry@.checkin_due.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.checkin_due.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.checkin_due.officer IS 'The officer responsible on that day; null: nobody.';
COMMENT ON COLUMN @registry@.checkin_due.state IS 'due; or calendar_missing: the day cannot be told, since the calendar ends before it.';
COMMENT ON COLUMN @registry@.checkin_due.last_done IS 'Day of the last completed check-in; null: none.';
COMMENT ON COLUMN @registry@.checkin_due.next_due IS 'Day by which the next one is due.';
COMMENT ON COLUMN @registry@.checkin_due.last_checkins IS 'Days of the last three completed check-ins, newest first.';

CREATE VIEW @registry@.control_gap WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT g.person, g.unit, g.region, g.gap, g.gap_zh, g.gap_en
  FROM today AS t CROSS JOIN LATERAL @registry@.control_gaps(t.day) AS g;
COMMENT ON VIEW @registry@.control_gap IS 'What persons under control lack, as of list_day(); empty when nobody lacks anything. For the squads see squad_vacancy.';
COMMENT ON COLUMN @registry@.control_gap.person IS 'The person.';
COMMENT ON COLUMN @registry@.control_gap.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.control_gap.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.control_gap.gap IS 'What is lacking: tier, policy, officer, plan, born_on.';
COMMENT ON COLUMN @registry@.control_gap.gap_zh IS 'The same in Chinese.';
COMMENT ON COLUMN @registry@.control_gap.gap_en IS 'The same in English.';

CREATE VIEW @registry@.person_masked WITH (security_invoker = true) AS
  SELECT p.id, p.document_kind, p.masked_id, p.category, p.status, p.tier, p.unit, p.region, p.enrolled_on, p.ended_on
  FROM @registry@.person AS p;
COMMENT ON VIEW @registry@.person_masked IS 'Persons with the citizen id masked and no name, for those who may read neither.';
COMMENT ON COLUMN @registry@.person_masked.id IS 'Surrogate key.';
COMMENT ON COLUMN @registry@.person_masked.document_kind IS 'Kind of the identity document.';
COMMENT ON COLUMN @registry@.person_masked.masked_id IS 'The citizen id, masked by antifraud.mask(); null for another document.';
COMMENT ON COLUMN @registry@.person_masked.category IS 'Why the person is under control.';
COMMENT ON COLUMN @registry@.person_masked.status IS 'Where the person stands.';
COMMENT ON COLUMN @registry@.person_masked.tier IS 'The tier, as kept.';
COMMENT ON COLUMN @registry@.person_masked.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.person_masked.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.person_masked.enrolled_on IS 'Day on which control begins.';
COMMENT ON COLUMN @registry@.person_masked.ended_on IS 'Last day under control; null while it lasts.';
