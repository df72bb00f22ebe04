-- What activities, samples and calls on victims add up to. Each list is a
-- function of days and a region, and a view of it as of list_day(). None is
-- more than one statement, so that a condition on unit or region reaches the
-- indexes; OFFSET 0 has list_day() worked out once, not for each row.

CREATE FUNCTION @registry@.coverage_cells(as_of date, since date DEFAULT NULL, within antifraud.region DEFAULT NULL, kinds text[] DEFAULT NULL, pledge text DEFAULT NULL)
RETURNS TABLE (unit text, audience text, cell text, eligible bigint, reached bigint, reached_at_least bigint, missing bigint)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT t.unit, t.audience, t.cell, t.eligible, t.reached, t.reached_at_least, t.eligible - t.reached AS missing
  FROM (
    SELECT r.unit, r.audience, r.cell, r.eligible, LEAST(r.eligible, r.reached) AS reached, LEAST(r.eligible, r.at_least) AS reached_at_least
    FROM (
      -- what a unit counts beyond its cells is the row without a cell
      SELECT p.unit, p.audience, p.cell, p.reached, p.at_least, p.cell IS NULL AND p.cells > 0 AS is_rest,
             CASE WHEN p.cell IS NULL AND p.cells > 0 THEN GREATEST(COALESCE(p.eligible, 0) - COALESCE(p.in_cells, 0), 0) ELSE p.eligible END AS eligible
      FROM (
        SELECT q.unit, q.audience, q.cell, q.eligible, q.reached, q.at_least,
               count(q.cell) OVER (PARTITION BY q.unit, q.audience) AS cells,
               (sum(q.eligible) FILTER (WHERE q.cell IS NOT NULL) OVER (PARTITION BY q.unit, q.audience))::bigint AS in_cells
        FROM (
          SELECT x.unit, x.audience, x.cell, max(x.eligible) AS eligible,
                 COALESCE(sum(x.reached), 0)::bigint AS reached, COALESCE(max(x.reached), 0) AS at_least
          FROM (
            (SELECT DISTINCT ON (s.unit, s.audience, s.cell) s.unit, s.audience, s.cell, s.eligible, NULL::bigint AS reached, s.cell IS NULL AS is_open
             FROM @registry@.audience_size AS s
             WHERE s.voided_at IS NULL AND s.counted_on <= $1 AND ($3 IS NULL OR s.region OPERATOR(antifraud.<@) $3)
             ORDER BY s.unit, s.audience, s.cell, s.counted_on DESC, s.id DESC)
            UNION ALL
            SELECT c.unit, c.audience, c.cell, NULL::bigint AS eligible, NULL::bigint AS reached, true AS is_open
            FROM @registry@.reach_cell AS c
            WHERE c.opened_on <= $1 AND (c.closed_on IS NULL OR c.closed_on >= $1) AND ($3 IS NULL OR c.region OPERATOR(antifraud.<@) $3)
            UNION ALL
            SELECT a.unit, a.audience, a.cell, NULL::bigint AS eligible, a.reached, a.cell IS NULL AS is_open
            FROM @registry@.activity_audience AS a
            WHERE $5 IS NULL AND a.voided_at IS NULL AND a.held_on >= COALESCE($2, date_trunc('year', $1::timestamp)::date) AND a.held_on <= $1
              AND ($4 IS NULL OR a.kind = ANY ($4)) AND ($3 IS NULL OR a.region OPERATOR(antifraud.<@) $3)
              AND NOT EXISTS (SELECT FROM @registry@.activity AS v WHERE v.id = a.activity AND v.voided_at IS NOT NULL)
            UNION ALL
            SELECT g.unit, g.audience, g.cell, NULL::bigint AS eligible, g.signed AS reached, g.cell IS NULL AS is_open
            FROM @registry@.pledge AS g
            WHERE g.kind = $5 AND g.voided_at IS NULL AND g.signed_on >= COALESCE($2, date_trunc('year', $1::timestamp)::date) AND g.signed_on <= $1
              AND ($3 IS NULL OR g.region OPERATOR(antifraud.<@) $3)
          ) AS x
          GROUP BY x.unit, x.audience, x.cell
          HAVING bool_or(x.is_open)
        ) AS q
      ) AS p
    ) AS r
    WHERE NOT r.is_rest OR r.eligible > 0
  ) AS t;
END;
COMMENT ON FUNCTION @registry@.coverage_cells(date, date, antifraud.region, text[], text) IS 'Of each cell that is open on a day, and of those of a unit in no cell: how many there are to reach, and were reached since a day (the first of that year), by activities of every kind or of some, or by signing a kind of pledge.';

CREATE FUNCTION @registry@.coverage_by_group(as_of date, since date DEFAULT NULL, within antifraud.region DEFAULT NULL, kinds text[] DEFAULT NULL, pledge text DEFAULT NULL)
RETURNS TABLE (unit text, audience text, cells bigint, uncounted bigint, eligible bigint, reached bigint, reached_at_least bigint, missing bigint, rate numeric)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.unit, s.audience, s.cells, s.uncounted, s.eligible, s.reached, s.reached_at_least, s.missing,
         CASE WHEN s.uncounted = 0 AND s.eligible > 0 THEN trunc(100 * s.reached::numeric / s.eligible, 2) END AS rate
  FROM (
    SELECT c.unit, c.audience, count(c.cell) AS cells, count(*) FILTER (WHERE c.eligible IS NULL) AS uncounted,
           sum(c.eligible)::bigint AS eligible, sum(c.reached)::bigint AS reached, sum(c.reached_at_least)::bigint AS reached_at_least, sum(c.missing)::bigint AS missing
    FROM @registry@.coverage_cells($1, $2, $3, $4, $5) AS c
    GROUP BY c.unit, c.audience
  ) AS s;
END;
COMMENT ON FUNCTION @registry@.coverage_by_group(date, date, antifraud.region, text[], text) IS 'coverage_cells(), summed for each unit and audience: reached of eligible. Numbers of two audiences are not added: a person may belong to both.';

CREATE VIEW @registry@.coverage_by_group (unit, audience, label_zh, label_en, counted_in, cells, uncounted, eligible, reached, reached_at_least, missing, rate, since, as_of)
WITH (security_invoker = true) AS
SELECT c.unit, c.audience, a.label_zh, a.label_en, a.counted_in, c.cells, c.uncounted, c.eligible, c.reached, c.reached_at_least, c.missing, c.rate,
       l.since, l.day
FROM (SELECT d.day, pg_catalog.date_trunc('year', d.day::timestamp)::date AS since FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.coverage_by_group(l.day, l.since) AS c
JOIN @registry@.audience AS a ON a.code = c.audience;
COMMENT ON VIEW @registry@.coverage_by_group IS 'Whom publicity reached this year up to list_day(), of how many, for each unit and audience; by activities of every kind. For other days, kinds and pledges see the function.';

CREATE VIEW @registry@.coverage_missing (unit, audience, label_zh, label_en, cell, eligible, reached, reached_at_least, missing, since, as_of)
WITH (security_invoker = true) AS
SELECT c.unit, c.audience, a.label_zh, a.label_en, c.cell, c.eligible, c.reached, c.reached_at_least, c.missing,
       l.since, l.day
FROM (SELECT d.day, pg_catalog.date_trunc('year', d.day::timestamp)::date AS since FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.coverage_cells(l.day, l.since) AS c
JOIN @registry@.audience AS a ON a.code = c.audience
WHERE c.missing > 0 OR c.eligible IS NULL;
COMMENT ON VIEW @registry@.coverage_missing IS 'Who is missing this year up to list_day(): classes, buildings, grids and shifts of which not all were reached, and those of which nobody knows how many there are. Never persons.';

SELECT @registry@.comment_columns('{coverage_by_group,coverage_missing}', '{unit,audience,label_zh,label_en,eligible,reached,reached_at_least,missing,since,as_of}',
  ARRAY['The unit.', 'Whom; see audience.', 'The audience in Chinese.', 'The audience in English.', 'How many there are, by the latest count; null: not counted.',
        'How many were reached, each cell no more than it has: not above this, since the same may have come twice.', 'How many at the least: the largest number at one time, cell by cell.', 'Eligible less reached.',
        'First day.', 'Last day.']);
SELECT @registry@.comment_columns('{coverage_by_group}', '{counted_in,cells,uncounted,rate}',
  ARRAY['person or household.', 'Cells in use.', 'Cells, or the whole unit, that nobody counted: then there is no rate.', 'Reached of eligible in per cent, cut after two decimals: 100 is all.']);
SELECT @registry@.comment_columns('{coverage_missing}', '{cell}', ARRAY['Which part; null: those in no cell.']);

-- ---------------------------------------------------------------- broadcasts
CREATE TABLE @registry@.broadcast_rule (
  duty_code text CONSTRAINT broadcast_rule_pk PRIMARY KEY,
  minutes integer NOT NULL CONSTRAINT broadcast_rule_minutes_positive CHECK (minutes OPERATOR(pg_catalog.>) 0)
);
COMMENT ON TABLE @registry@.broadcast_rule IS 'How long each broadcast of a duty must last. A duty without a row asks for none in particular.';
COMMENT ON COLUMN @registry@.broadcast_rule.duty_code IS 'Code of the duty, as in duty.code.';
COMMENT ON COLUMN @registry@.broadcast_rule.minutes IS 'Minutes at least, at one time and within the slot.';
-- shiqiao-2023, section 3, item 1; tuohe-2023 says nothing of it
INSERT INTO @registry@.broadcast_rule (duty_code, minutes) VALUES ('town_broadcast', 30);

-- STRICT, so that it is not merged into its caller and its few rows are known
-- to the planner.
CREATE FUNCTION @registry@.days_of(first_day date, last_day date) RETURNS SETOF date
IMMUTABLE PARALLEL SAFE STRICT ROWS 7
LANGUAGE sql
BEGIN ATOMIC
  SELECT first_day + n FROM generate_series(0, last_day - first_day) AS g (n);
END;
COMMENT ON FUNCTION @registry@.days_of(date, date) IS 'Each day from one to another.';

CREATE FUNCTION @registry@.broadcast_days(from_day date, to_day date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (duty bigint, code text, unit text, region antifraud.region, day date, slots bigint, met bigint, missed text[], unplaced bigint, state text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT n.duty, n.code, n.unit, n.region, n.day, n.slots, n.met, n.missed, n.unplaced,
         CASE WHEN n.met >= LEAST(n.asked, n.slots) THEN 'met' WHEN n.paused THEN 'paused' ELSE 'missed' END AS state
  FROM (
    SELECT d.id AS duty, d.code, s.duty_unit AS unit, s.region AS region, g.day AS day, @registry@.times_asked(d.cadence) AS asked,
           count(b.code) AS slots,
           count(*) FILTER (WHERE b.code = ANY (w.codes)) AS met,
           COALESCE(array_agg(b.code ORDER BY b.rank, b.code) FILTER (WHERE (b.code = ANY (w.codes)) IS NOT TRUE), '{}') AS missed,
           COALESCE(max(w.unplaced), 0) AS unplaced,
           d.pause_in_exams AND g.day IN (SELECT e.day FROM @registry@.calendar_day AS e WHERE e.kind = 'exam')
             OR EXISTS (SELECT FROM @registry@.duty_pause AS p WHERE p.duty = d.id AND p.voided_at IS NULL AND (p.unit IS NULL OR p.unit = s.duty_unit)
                        AND p.starts_on <= g.day AND (p.ends_on IS NULL OR p.ends_on >= g.day)) AS paused
    FROM @registry@.duty AS d
    JOIN @registry@.duty_subject AS s ON s.duty = d.id AND s.duty_unit IS NOT NULL
    LEFT JOIN @registry@.broadcast_rule AS r ON r.duty_code = d.code
    CROSS JOIN LATERAL @registry@.days_of(GREATEST($1, d.since), LEAST($2, d.until)) AS g (day)
    LEFT JOIN LATERAL (
      SELECT array_agg(z.code) FILTER (WHERE r.minutes IS NULL
                 OR CASE WHEN a.starts_at IS NULL OR z.to_time IS NULL THEN a.minutes >= r.minutes
                         ELSE LEAST(a.starts_at::interval + make_interval(mins => a.minutes), z.to_time::interval)
                              - GREATEST(a.starts_at::interval, z.from_time::interval) >= make_interval(mins => r.minutes) AND a.minutes >= r.minutes END) AS codes,
             sum(a.sessions) FILTER (WHERE z.code IS NULL) AS unplaced
      FROM @registry@.activity AS a
      LEFT JOIN @registry@.broadcast_slot AS z ON z.code = a.slot OR (a.slot IS NULL AND a.starts_at >= z.from_time AND a.starts_at < z.to_time)
      WHERE a.unit = s.duty_unit AND a.kind = d.activity_kind AND a.held_on = g.day AND a.voided_at IS NULL AND a.sessions > 0
    ) AS w ON true
    CROSS JOIN @registry@.broadcast_slot AS b
    WHERE d.activity_kind = 'broadcast' AND ($3 IS NULL OR s.region OPERATOR(antifraud.<@) $3)
    GROUP BY d.id, s.duty_unit, s.region, g.day
  ) AS n;
END;
COMMENT ON FUNCTION @registry@.broadcast_days(date, date, antifraud.region) IS 'For each unit with a duty done by broadcasts, and each day from one to another: which slots of the day were met, by a broadcast long enough within the slot (broadcast_rule), and which were missed. A day is met with as many slots as the duty asks; paused days (exam periods, duty_pause) are not missed.';

CREATE VIEW @registry@.broadcast_day (duty, code, unit, region, day, slots, met, missed, unplaced, state) WITH (security_invoker = true) AS
SELECT b.duty, b.code, b.unit, b.region, b.day, b.slots, b.met, b.missed, b.unplaced, b.state
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.broadcast_days(l.day - 7, l.day - 1) AS b;
COMMENT ON VIEW @registry@.broadcast_day IS 'Broadcasts of the seven days before list_day(); for other days see broadcast_days().';
SELECT @registry@.comment_columns('{broadcast_day}', '{duty,code,unit,region,day,slots,met,missed,unplaced,state}',
  ARRAY['The duty.', 'Its code.', 'The unit.', 'Its region.', 'The day.', 'Slots of a day.', 'Slots met.', 'Slots that were not, in the order of the day.',
        'Broadcasts of which the slot cannot be told.', 'met, missed or paused.']);

-- ------------------------------------------------------------------- samples
CREATE FUNCTION @registry@.sample_rates(from_day date, to_day date, within antifraud.region DEFAULT NULL, confidence double precision DEFAULT 0.95)
RETURNS TABLE (unit text, kind text, audience text, samples bigint, sampled bigint, positive bigint, rate numeric, low numeric, high numeric, too_small boolean)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.unit, s.kind, s.audience, s.samples, s.sampled, s.positive,
         CASE WHEN s.sampled > 0 THEN trunc(100 * s.positive::numeric / s.sampled, 2) END AS rate,
         round((100 * w.low)::numeric, 2) AS low, round((100 * w.high)::numeric, 2) AS high, s.sampled < k.least_sampled AS too_small
  FROM (
    SELECT m.unit, m.kind, m.audience, count(*) AS samples, sum(m.sampled)::bigint AS sampled, sum(m.positive)::bigint AS positive
    FROM @registry@.sample AS m
    WHERE m.voided_at IS NULL AND m.sampled_on >= $1 AND m.sampled_on <= $2 AND ($3 IS NULL OR m.region OPERATOR(antifraud.<@) $3)
    GROUP BY m.unit, m.kind, m.audience
  ) AS s
  JOIN @registry@.sample_kind AS k ON k.code = s.kind
  LEFT JOIN LATERAL antifraud.wilson_interval(s.positive, NULLIF(s.sampled, 0), $4) AS w ON true;
END;
COMMENT ON FUNCTION @registry@.sample_rates(date, date, antifraud.region, double precision) IS 'Spot checks and surveys from one day to another, pooled for each unit, kind and audience: the rate in per cent, with its Wilson interval. What is met or missed is decided on positive and sampled, never on the interval.';

CREATE VIEW @registry@.sample_rate (unit, kind, label_zh, label_en, audience, samples, sampled, positive, rate, low, high, too_small, since, as_of) WITH (security_invoker = true) AS
SELECT s.unit, s.kind, k.label_zh, k.label_en, s.audience, s.samples, s.sampled, s.positive, s.rate, s.low, s.high, s.too_small,
       l.since, l.day
FROM (SELECT d.day, pg_catalog.date_trunc('year', d.day::timestamp)::date AS since FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.sample_rates(l.since, l.day) AS s
JOIN @registry@.sample_kind AS k ON k.code = s.kind;
COMMENT ON VIEW @registry@.sample_rate IS 'sample_rates() of the year up to list_day(), with a confidence of 95 per cent.';
SELECT @registry@.comment_columns('{sample_rate}', '{unit,kind,label_zh,label_en,audience,samples,sampled,positive,rate,low,high,too_small,since,as_of}',
  ARRAY['The unit.', 'What was checked; see sample_kind.', 'The kind in Chinese.', 'The kind in English.', 'Who was asked; null: as the kind says.', 'How many checks.', 'Persons asked.', 'Persons who met the question.',
        'Positive of sampled in per cent, cut after two decimals; null: nobody was asked.', 'Lower end of the Wilson interval, in per cent.', 'Its upper end.', 'Whether fewer were asked than sample_kind.least_sampled.',
        'First day.', 'Last day.']);

-- ----------------------------------------------------------------- follow-up
CREATE FUNCTION @registry@.follow_ups_at(as_of date, since date DEFAULT NULL, grace_days integer DEFAULT 0, within antifraud.region DEFAULT NULL)
RETURNS TABLE (fraud_case bigint, case_no text, unit text, filed_on date, attempts bigint, followed_on date, outcome text, state text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.id AS fraud_case, c.case_no, c.unit, c.filed_on, COALESCE(f.attempts, 0) AS attempts, f.followed_on, f.outcome,
         CASE WHEN c.followed_up IS TRUE OR f.followed_on IS NOT NULL THEN 'done'
              WHEN c.filed_on + $3 >= $1 AND $3 > 0 THEN 'waiting' ELSE 'open' END AS state
  FROM @registry@.fraud_case AS c
  LEFT JOIN LATERAL (
    SELECT count(*) AS attempts, min(u.followed_on) FILTER (WHERE o.counts) AS followed_on, (array_agg(u.outcome ORDER BY u.followed_on DESC, u.id DESC))[1] AS outcome
    FROM @registry@.follow_up AS u
    JOIN @registry@.follow_up_outcome AS o ON o.code = u.outcome
    WHERE u.fraud_case = c.id AND u.voided_at IS NULL AND u.followed_on <= $1
  ) AS f ON true
  WHERE c.voided_at IS NULL AND c.filed_on >= COALESCE($2, date_trunc('year', $1::timestamp)::date) AND c.filed_on <= $1
    AND ($4 IS NULL OR c.region OPERATOR(antifraud.<@) $4);
END;
COMMENT ON FUNCTION @registry@.follow_ups_at(date, date, integer, antifraud.region) IS 'Which cases filed since a day (the first of that year) were followed up by a day: done, open, or waiting, for as many days after filing as are given as grace.';

CREATE FUNCTION @registry@.follow_up_rates(as_of date, since date DEFAULT NULL, grace_days integer DEFAULT 0, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, cases bigint, followed_up bigint, waiting bigint, missing bigint, rate numeric)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.unit, s.cases, s.followed_up, s.waiting, s.cases - s.followed_up AS missing, CASE WHEN s.cases > 0 THEN trunc(100 * s.followed_up::numeric / s.cases, 2) END AS rate
  FROM (
    SELECT f.unit, count(*) FILTER (WHERE f.state <> 'waiting') AS cases, count(*) FILTER (WHERE f.state = 'done') AS followed_up, count(*) FILTER (WHERE f.state = 'waiting') AS waiting
    FROM @registry@.follow_ups_at($1, $2, $3, $4) AS f
    GROUP BY f.unit
  ) AS s;
END;
COMMENT ON FUNCTION @registry@.follow_up_rates(date, date, integer, antifraud.region) IS 'follow_ups_at() for each unit: cases, those followed up, in per cent cut after two decimals. Waiting cases are not among the cases.';

CREATE VIEW @registry@.follow_up_open (fraud_case, case_no, unit, filed_on, attempts, outcome, days_open, as_of) WITH (security_invoker = true) AS
SELECT f.fraud_case, f.case_no, f.unit, f.filed_on, f.attempts, f.outcome, l.day - f.filed_on, l.day
FROM (SELECT d.day, pg_catalog.date_trunc('year', d.day::timestamp)::date AS since FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.follow_ups_at(l.day, l.since) AS f
WHERE f.state <> 'done';
COMMENT ON VIEW @registry@.follow_up_open IS 'Cases of the year up to list_day() whose victim was not reached yet.';
SELECT @registry@.comment_columns('{follow_up_open}', '{fraud_case,case_no,unit,filed_on,attempts,outcome,days_open,as_of}',
  ARRAY['The case.', 'Its number.', 'Its unit.', 'Day on which it was filed.', 'How often it was tried.', 'How the last try ended.', 'Days since it was filed.', 'The day that it is told for.']);

-- ------------------------------------------------- ledger, meetings, helpers
CREATE FUNCTION @registry@.activity_ledger(from_day date, to_day date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (activity bigint, unit text, region antifraud.region, held_on date, kind text, label_zh text, label_en text, medium text, topic text,
               sessions bigint, minutes integer, reached integer, copies integer, combined boolean, audiences text[], organisers text[], evidence bigint)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT a.id AS activity, a.unit, a.region AS region, a.held_on, a.kind, k.label_zh, k.label_en, a.medium, a.topic, a.sessions, a.minutes, a.reached, a.copies, a.combined,
         ARRAY(SELECT DISTINCT p.audience FROM @registry@.activity_audience AS p WHERE p.activity = a.id AND p.voided_at IS NULL ORDER BY p.audience) AS audiences,
         ARRAY(SELECT DISTINCT o.role FROM @registry@.activity_organiser AS o WHERE o.activity = a.id AND o.voided_at IS NULL ORDER BY o.role) AS organisers,
         (SELECT count(*) FROM @registry@.evidence AS e WHERE e.source_table = 'activity' AND e.source_id = a.id AND e.voided_at IS NULL) + (a.evidence IS NOT NULL)::integer AS evidence
  FROM @registry@.activity AS a
  JOIN @registry@.activity_kind AS k ON k.code = a.kind
  WHERE a.voided_at IS NULL AND a.held_on >= $1 AND a.held_on <= $2 AND ($3 IS NULL OR a.region OPERATOR(antifraud.<@) $3);
END;
COMMENT ON FUNCTION @registry@.activity_ledger(date, date, antifraud.region) IS 'The ledger of activities from one day to another: what, for whom, with whom, and how many pieces of evidence.';

CREATE VIEW @registry@.activity_ledger (activity, unit, region, held_on, kind, label_zh, label_en, medium, topic, sessions, minutes, reached, copies, combined, audiences, organisers, evidence)
WITH (security_invoker = true) AS
SELECT a.activity, a.unit, a.region, a.held_on, a.kind, a.label_zh, a.label_en, a.medium, a.topic, a.sessions, a.minutes, a.reached, a.copies, a.combined, a.audiences, a.organisers, a.evidence
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.activity_ledger(l.day - 6, l.day) AS a;
COMMENT ON VIEW @registry@.activity_ledger IS 'The ledger of the seven days up to list_day(); for other days see the function.';
SELECT @registry@.comment_columns('{activity_ledger}', '{activity,unit,region,held_on,kind,label_zh,label_en,medium,topic,sessions,minutes,reached,copies,combined,audiences,organisers,evidence}',
  ARRAY['The activity.', 'The unit.', 'Its region.', 'Day on which it was done.', 'What was done; see activity_kind.', 'The kind in Chinese.', 'The kind in English.', 'By what means; see medium.', 'What it was about; see activity_topic.',
        'How many times on that day.', 'How long, in minutes.', 'How many persons it reached.', 'Printed pieces, or messages.', 'Whether it was part of another event.', 'For whom; see audience.', 'With whose help; see organiser_role.',
        'Pieces of evidence.']);

CREATE FUNCTION @registry@.attendance_rates(from_day date, to_day date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, called bigint, attended bigint, excused bigint, absent bigint)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE sql
BEGIN ATOMIC
  SELECT t.unit, count(*) AS called, count(*) FILTER (WHERE t.attended) AS attended, count(*) FILTER (WHERE t.excuse IS NOT NULL) AS excused,
         count(*) FILTER (WHERE NOT t.attended AND t.excuse IS NULL) AS absent
  FROM @registry@.attendance AS t
  JOIN @registry@.activity AS a ON a.id = t.activity
  WHERE t.voided_at IS NULL AND a.voided_at IS NULL AND a.held_on >= $1 AND a.held_on <= $2 AND ($3 IS NULL OR t.region OPERATOR(antifraud.<@) $3)
  GROUP BY t.unit;
END;
COMMENT ON FUNCTION @registry@.attendance_rates(date, date, antifraud.region) IS 'How often each unit was called to meetings from one day to another, and came, was excused, or stayed away.';

CREATE FUNCTION @registry@.participation(from_day date, to_day date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, role text, activities bigint, persons bigint)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT o.unit, o.role, count(DISTINCT o.activity) AS activities, sum(o.persons) AS persons
  FROM @registry@.activity_organiser AS o
  WHERE o.voided_at IS NULL AND o.held_on >= $1 AND o.held_on <= $2 AND ($3 IS NULL OR o.region OPERATOR(antifraud.<@) $3)
    AND NOT EXISTS (SELECT FROM @registry@.activity AS v WHERE v.id = o.activity AND v.voided_at IS NOT NULL)
  GROUP BY o.unit, o.role;
END;
COMMENT ON FUNCTION @registry@.participation(date, date, antifraud.region) IS 'Who took part in holding activities from one day to another: of each unit and role, in how many, and how many times persons did.';
