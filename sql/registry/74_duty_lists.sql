-- How each duty stands, from what was done and paused: computed when asked,
-- kept nowhere.

-- Whose duty it is now. An inactive unit or group has no duties to look at.
CREATE VIEW @registry@.duty_subject (duty, duty_unit, contact_group, person, unit, region) WITH (security_invoker = true) AS
SELECT d.id, u.code, NULL::text, NULL::bigint, u.code, u.region
FROM @registry@.duty AS d
JOIN @registry@.unit AS u ON u.code = d.unit
WHERE u.active
UNION ALL
SELECT d.id, u.code, NULL, NULL, u.code, u.region
FROM @registry@.duty AS d
JOIN @registry@.unit AS u ON u.kind = d.unit_kind
WHERE u.active AND (d.region IS NULL OR u.region OPERATOR(antifraud.<@) d.region)
UNION ALL
SELECT d.id, NULL, g.code, NULL, u.code, u.region
FROM @registry@.duty AS d
JOIN @registry@.contact_group AS g ON g.code = d.contact_group
JOIN @registry@.unit AS u ON u.code = g.unit
WHERE g.active
UNION ALL
SELECT d.id, NULL, g.code, NULL, u.code, u.region
FROM @registry@.duty AS d
JOIN @registry@.contact_group AS g ON g.level = d.group_level
JOIN @registry@.unit AS u ON u.code = g.unit
WHERE g.active AND (d.region IS NULL OR u.region OPERATOR(antifraud.<@) d.region)
UNION ALL
SELECT d.id, NULL, NULL, p.id, p.unit, p.region
FROM @registry@.duty AS d
JOIN @registry@.person AS p ON p.id = d.person;
COMMENT ON VIEW @registry@.duty_subject IS 'Whose duty each duty is: units, message groups and persons, one row each.';
COMMENT ON COLUMN @registry@.duty_subject.duty IS 'The duty.';
COMMENT ON COLUMN @registry@.duty_subject.duty_unit IS 'The unit whose duty it is; null: the duty of a group, or about a person.';
COMMENT ON COLUMN @registry@.duty_subject.contact_group IS 'The message group whose duty it is.';
COMMENT ON COLUMN @registry@.duty_subject.person IS 'The person whom it is about.';
COMMENT ON COLUMN @registry@.duty_subject.unit IS 'The unit that answers for it; null where a person has none.';
COMMENT ON COLUMN @registry@.duty_subject.region IS 'Where it belongs.';

CREATE FUNCTION @registry@.times_asked(cadence antifraud.cadence) RETURNS integer
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN CASE WHEN cadence::text ~ '^[0-9]+ per ' THEN pg_catalog.split_part(cadence::text, ' ', 1)::integer ELSE 1 END;
COMMENT ON FUNCTION @registry@.times_asked(antifraud.cadence) IS 'How many times a cadence asks for in one window; 1 for a rolling one. More on one day changes nothing.';

CREATE FUNCTION @registry@.repeated(days date[], times bigint[]) RETURNS date[]
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN (SELECT array_agg(t.day) FROM unnest(days, times) AS t (day, times) CROSS JOIN LATERAL generate_series(1, t.times));
COMMENT ON FUNCTION @registry@.repeated(date[], bigint[]) IS 'Each day as many times as the second array says.';

-- What antifraud.duty_status() needs. A day counts as often as something was
-- done on it, though no more often than a window asks.
CREATE FUNCTION @registry@.duty_history(duty bigint, duty_unit text, contact_group text, person bigint, cal antifraud.calendar)
RETURNS TABLE (segments jsonb, since date, done date[], paused datemultirange)
STABLE PARALLEL SAFE ROWS 1
LANGUAGE sql
BEGIN ATOMIC
  SELECT jsonb_build_array(@registry@.segment_terms(d.cadence, d.grace, d.anchor, d.shift, d.partial, 'min', d.pause) || jsonb_build_object('from', s.since))
         || CASE WHEN s.until IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('from', s.until + 1, 'cadence', NULL::text)) END AS segments,
         s.since AS since,
         (SELECT array_agg(w.day) FROM (
            SELECT a.held_on AS day, least(a.sessions, s.asked)::integer AS times
            FROM @registry@.activity AS a
            WHERE a.unit = $2 AND a.kind = ANY (s.kinds) AND a.held_on >= s.since AND a.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (a.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - a.held_on <= d.late_entry_days)
            UNION ALL
            SELECT a.held_on AS day, least(a.sessions, s.asked)::integer AS times
            FROM @registry@.activity AS a
            WHERE a.contact_group = $3 AND a.kind = ANY (s.kinds) AND a.held_on >= s.since AND a.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (a.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - a.held_on <= d.late_entry_days)
            UNION ALL
            SELECT x.done_on AS day, least(x.times, s.asked) AS times FROM @registry@.duty_done AS x WHERE x.duty = $1 AND x.unit = $2 AND x.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (x.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - x.done_on <= d.late_entry_days)
            UNION ALL
            SELECT x.done_on AS day, least(x.times, s.asked) AS times FROM @registry@.duty_done AS x WHERE x.duty = $1 AND x.contact_group = $3 AND x.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (x.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - x.done_on <= d.late_entry_days)
            UNION ALL
            SELECT x.done_on AS day, least(x.times, s.asked) AS times FROM @registry@.duty_done AS x WHERE x.duty = $1 AND x.person = $4 AND x.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (x.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - x.done_on <= d.late_entry_days)
          ) AS w CROSS JOIN LATERAL generate_series(1, w.times)) AS done,
         COALESCE((SELECT range_agg(daterange(p.starts_on, p.ends_on, '[]')) FROM @registry@.duty_pause AS p
                   WHERE p.duty = $1 AND p.voided_at IS NULL
                     AND (num_nonnulls(p.unit, p.contact_group, p.person) = 0 OR p.unit = $2 OR p.contact_group = $3 OR p.person = $4)), '{}')
         + CASE WHEN d.pause_in_exams THEN COALESCE(antifraud.calendar_days($5, 'exam'), '{}') ELSE '{}' END AS paused
  FROM @registry@.duty AS d
  CROSS JOIN LATERAL (
    SELECT greatest(d.since, (SELECT g.formed_on FROM @registry@.contact_group AS g WHERE g.code = $3),
                             (SELECT p.enrolled_on FROM @registry@.person AS p WHERE p.id = $4)) AS since,
           least(d.until, (SELECT p.ended_on FROM @registry@.person AS p WHERE p.id = $4)) AS until,
           CASE WHEN d.activity_kind IS NULL THEN ARRAY(SELECT k.code FROM @registry@.activity_kind AS k WHERE k.measure = d.activity_measure)
                ELSE ARRAY[d.activity_kind] END AS kinds,
           @registry@.times_asked(d.cadence) AS asked
    OFFSET 0                    -- worked out once, not wherever it is named
  ) AS s
  WHERE d.id = $1 AND (s.until IS NULL OR s.until >= s.since);
END;
COMMENT ON FUNCTION @registry@.duty_history(bigint, text, text, bigint, antifraud.calendar) IS 'The history of a duty for one whose duty it is, as antifraud.duty_status() takes it: cadence from which day, what was done, what was paused. No row where the duty ended before it could begin.';

-- The same for everybody whose duty it is now. What is the same for all of a
-- duty is worked out once a duty; what each did is read by index, kind by
-- kind (hence OFFSET 0), and from the index alone unless the duty asks when
-- it was recorded, so that one unit's duties cost no more when others
-- have many; rows that count several times are read once more, from an index
-- of their own, where a duty asks for several. Days before a duty begins
-- are left to duty_status(), which looks at none of them.
CREATE VIEW @registry@.duty_record (duty, duty_unit, contact_group, person, unit, region, since, segments, done, paused) WITH (security_invoker = true) AS
WITH asked AS MATERIALIZED (
  SELECT d.id, d.since, d.until, t.times,
         ARRAY(SELECT k.code FROM @registry@.activity_kind AS k WHERE k.code = d.activity_kind OR k.measure = d.activity_measure) AS kinds,
         t.terms, jsonb_build_array(jsonb_build_object('from', d.since) || t.terms) AS segments, d.late_entry_days,
         -- the first of each index, which the planner would not take by itself
         (SELECT true FROM @registry@.duty_done AS x WHERE x.duty = d.id AND x.unit IS NOT NULL ORDER BY x.unit LIMIT 1) IS NOT NULL
         OR (SELECT true FROM @registry@.duty_done AS x WHERE x.duty = d.id AND x.contact_group IS NOT NULL ORDER BY x.contact_group LIMIT 1) IS NOT NULL
         OR (SELECT true FROM @registry@.duty_done AS x WHERE x.duty = d.id AND x.person IS NOT NULL ORDER BY x.person LIMIT 1) IS NOT NULL AS recorded,
         t.times > 1 AND EXISTS (SELECT FROM @registry@.activity AS a WHERE a.sessions > 1 AND a.voided_at IS NULL) AS several,
         EXISTS (SELECT FROM @registry@.duty_pause AS p WHERE p.duty = d.id AND p.voided_at IS NULL) AS pauses,
         CASE WHEN d.pause_in_exams THEN COALESCE(antifraud.calendar_days(@registry@.office_calendar(), 'exam'), '{}') ELSE '{}' END AS exams
  FROM @registry@.duty AS d
  CROSS JOIN LATERAL (
    SELECT @registry@.times_asked(d.cadence) AS times, @registry@.segment_terms(d.cadence, d.grace, d.anchor, d.shift, d.partial, 'min', d.pause) AS terms OFFSET 0
  ) AS t
)
SELECT s.duty, s.duty_unit, s.contact_group, s.person, s.unit, s.region, w.since,
       CASE WHEN w.since = d.since AND w.until IS NULL THEN d.segments
            ELSE jsonb_build_array(jsonb_build_object('from', w.since) || d.terms)
                 || CASE WHEN w.until IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('from', w.until + 1, 'cadence', NULL::text)) END END,
       NULLIF(CASE WHEN d.kinds = '{}' OR s.person IS NOT NULL THEN NULL WHEN d.late_entry_days IS NULL THEN
         -- most ask for one kind
         CASE WHEN cardinality(d.kinds) = 1 AND s.duty_unit IS NOT NULL THEN
           ARRAY(SELECT a.held_on FROM @registry@.activity AS a
                 WHERE a.unit = s.duty_unit AND a.kind = d.kinds[1] AND a.held_on >= d.since AND a.sessions > 0 AND a.voided_at IS NULL)
         WHEN cardinality(d.kinds) = 1 THEN
           ARRAY(SELECT a.held_on FROM @registry@.activity AS a
                 WHERE a.contact_group = s.contact_group AND a.kind = d.kinds[1] AND a.held_on >= d.since AND a.sessions > 0 AND a.voided_at IS NULL)
         WHEN s.duty_unit IS NOT NULL THEN
           ARRAY(SELECT a.held_on FROM unnest(d.kinds) AS k (code)
                 CROSS JOIN LATERAL (
                   SELECT a.held_on FROM @registry@.activity AS a
                   WHERE a.unit = s.duty_unit AND a.kind = k.code AND a.held_on >= d.since AND a.sessions > 0 AND a.voided_at IS NULL
                   OFFSET 0
                 ) AS a)
         ELSE
           ARRAY(SELECT a.held_on FROM unnest(d.kinds) AS k (code)
                 CROSS JOIN LATERAL (
                   SELECT a.held_on FROM @registry@.activity AS a
                   WHERE a.contact_group = s.contact_group AND a.kind = k.code AND a.held_on >= d.since AND a.sessions > 0 AND a.voided_at IS NULL
                   OFFSET 0
                 ) AS a)
         END
         -- what is done in a group is done by its unit
         || CASE WHEN d.several THEN
           (SELECT @registry@.repeated(array_agg(a.held_on), array_agg(least(a.sessions, d.times) - 1))
            FROM @registry@.activity AS a
            WHERE a.unit = s.unit AND (s.contact_group IS NULL OR a.contact_group = s.contact_group) AND a.kind = ANY (d.kinds) AND a.held_on >= d.since
              AND a.sessions > 1 AND a.voided_at IS NULL) END
       ELSE
         (SELECT array_agg(a.held_on) FILTER (WHERE a.sessions > 0)
                 || @registry@.repeated(array_agg(a.held_on) FILTER (WHERE a.sessions > 1), array_agg(least(a.sessions, d.times) - 1) FILTER (WHERE a.sessions > 1))
          FROM unnest(d.kinds) AS k (code)
          CROSS JOIN LATERAL (
            SELECT a.held_on, a.sessions FROM @registry@.activity AS a
            WHERE a.unit = s.duty_unit AND a.kind = k.code AND a.voided_at IS NULL AND a.held_on >= d.since
              AND (a.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - a.held_on <= d.late_entry_days
            UNION ALL
            SELECT a.held_on, a.sessions FROM @registry@.activity AS a
            WHERE a.contact_group = s.contact_group AND a.kind = k.code AND a.voided_at IS NULL AND a.held_on >= d.since
              AND (a.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - a.held_on <= d.late_entry_days
            OFFSET 0
          ) AS a)
       END
       || CASE WHEN d.recorded THEN
         (SELECT array_agg(x.done_on)
                 || @registry@.repeated(array_agg(x.done_on) FILTER (WHERE least(x.times, d.times) > 1),
                                        array_agg((least(x.times, d.times) - 1)::bigint) FILTER (WHERE least(x.times, d.times) > 1))
          FROM (
            SELECT x.done_on, x.times FROM @registry@.duty_done AS x WHERE x.duty = s.duty AND x.unit = s.duty_unit AND x.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (x.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - x.done_on <= d.late_entry_days)
            UNION ALL
            SELECT x.done_on, x.times FROM @registry@.duty_done AS x WHERE x.duty = s.duty AND x.contact_group = s.contact_group AND x.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (x.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - x.done_on <= d.late_entry_days)
            UNION ALL
            SELECT x.done_on, x.times FROM @registry@.duty_done AS x WHERE x.duty = s.duty AND x.person = s.person AND x.voided_at IS NULL
              AND (d.late_entry_days IS NULL OR (x.recorded_at AT TIME ZONE 'Asia/Shanghai')::date - x.done_on <= d.late_entry_days)
          ) AS x) END, '{}'),
       CASE WHEN d.pauses THEN COALESCE(
         (SELECT range_agg(daterange(p.starts_on, p.ends_on, '[]')) FROM @registry@.duty_pause AS p
          WHERE p.duty = s.duty AND p.voided_at IS NULL
            AND (num_nonnulls(p.unit, p.contact_group, p.person) = 0 OR p.unit = s.duty_unit OR p.contact_group = s.contact_group OR p.person = s.person)), '{}') + d.exams
         ELSE d.exams END
FROM @registry@.duty_subject AS s
JOIN asked AS d ON d.id = s.duty
CROSS JOIN LATERAL (
  SELECT greatest(d.since, CASE WHEN s.contact_group IS NOT NULL THEN (SELECT g.formed_on FROM @registry@.contact_group AS g WHERE g.code = s.contact_group) END,
                           CASE WHEN s.person IS NOT NULL THEN (SELECT p.enrolled_on FROM @registry@.person AS p WHERE p.id = s.person) END) AS since,
         least(d.until, CASE WHEN s.person IS NOT NULL THEN (SELECT p.ended_on FROM @registry@.person AS p WHERE p.id = s.person) END) AS until
  OFFSET 0
) AS w
WHERE w.until IS NULL OR w.until >= w.since;
COMMENT ON VIEW @registry@.duty_record IS 'The history of every duty for all whose duty it is, as antifraud.duty_status() takes it: what duty_history() gives for one.';
COMMENT ON COLUMN @registry@.duty_record.duty IS 'The duty.';
COMMENT ON COLUMN @registry@.duty_record.duty_unit IS 'The unit whose duty it is; null: the duty of a group, or about a person.';
COMMENT ON COLUMN @registry@.duty_record.contact_group IS 'The message group whose duty it is.';
COMMENT ON COLUMN @registry@.duty_record.person IS 'The person whom it is about.';
COMMENT ON COLUMN @registry@.duty_record.unit IS 'The unit that answers for it; null where a person has none.';
COMMENT ON COLUMN @registry@.duty_record.region IS 'Where it belongs.';
COMMENT ON COLUMN @registry@.duty_record.since IS 'From which day on, for this unit, group or person.';
COMMENT ON COLUMN @registry@.duty_record.segments IS 'What was asked from which day on.';
COMMENT ON COLUMN @registry@.duty_record.done IS 'The days on which it was done, one as often as it was done on it, though no more often than a window asks; null: never.';
COMMENT ON COLUMN @registry@.duty_record.paused IS 'When it was suspended.';

CREATE FUNCTION @registry@.duties_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (duty bigint, code text, label_zh text, label_en text, duty_unit text, contact_group text, person bigint, unit text, region antifraud.region,
               cadence antifraud.cadence, since date, until date, last_done date, next_due date, days_overdue integer, due integer, met integer, missed integer, state text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  WITH office AS MATERIALIZED (SELECT @registry@.office_calendar() AS cal)
  SELECT d.id AS duty, d.code, d.label_zh, d.label_en, h.duty_unit, h.contact_group, h.person, h.unit, h.region AS region,
         d.cadence, h.since, d.until, t.last_done, t.next_due, t.days_overdue, t.due, t.met, t.missed, t.state
  FROM @registry@.duty_record AS h
  JOIN @registry@.duty AS d ON d.id = h.duty
  CROSS JOIN office AS o
  CROSS JOIN LATERAL antifraud.duty_status(h.segments, h.since, h.done, h.paused, $1, o.cal) AS t
  WHERE h.since <= $1 AND ($2 IS NULL OR h.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.duties_at(date, antifraud.region) IS 'How each duty that has begun stands at the end of a day, for each unit, group or person whose duty it is, in a region or everywhere: windows due, met and missed, the next due day, the state.';

CREATE VIEW @registry@.duty_status (duty, code, label_zh, label_en, duty_unit, contact_group, person, unit, region, cadence, since, until,
                                    last_done, next_due, days_overdue, due, met, missed, state, as_of)
WITH (security_invoker = true) AS
SELECT t.duty, t.code, t.label_zh, t.label_en, t.duty_unit, t.contact_group, t.person, t.unit, t.region, t.cadence, t.since, t.until,
       t.last_done, t.next_due, t.days_overdue, t.due, t.met, t.missed, t.state, l.day
FROM (SELECT @registry@.list_day() AS day) AS l
CROSS JOIN LATERAL @registry@.duties_at(l.day) AS t;
COMMENT ON VIEW @registry@.duty_status IS 'How each duty stands as of registry_info.as_of, or today in China: duties_at() for that day. What is published as a rate is missed.';
COMMENT ON COLUMN @registry@.duty_status.duty IS 'The duty.';
COMMENT ON COLUMN @registry@.duty_status.code IS 'Its code.';
COMMENT ON COLUMN @registry@.duty_status.label_zh IS 'What it asks, in Chinese.';
COMMENT ON COLUMN @registry@.duty_status.label_en IS 'What it asks, in English.';
COMMENT ON COLUMN @registry@.duty_status.duty_unit IS 'The unit whose duty it is; null: the duty of a group, or about a person.';
COMMENT ON COLUMN @registry@.duty_status.contact_group IS 'The message group whose duty it is.';
COMMENT ON COLUMN @registry@.duty_status.person IS 'The person whom it is about.';
COMMENT ON COLUMN @registry@.duty_status.unit IS 'The unit that answers for it.';
COMMENT ON COLUMN @registry@.duty_status.region IS 'Where it belongs.';
COMMENT ON COLUMN @registry@.duty_status.cadence IS 'How often.';
COMMENT ON COLUMN @registry@.duty_status.since IS 'From which day on, for this unit, group or person.';
COMMENT ON COLUMN @registry@.duty_status.until IS 'Last day; null: until further notice.';
COMMENT ON COLUMN @registry@.duty_status.last_done IS 'When it was last done.';
COMMENT ON COLUMN @registry@.duty_status.next_due IS 'Last day on which it can be done in time; null: nothing is due, or it cannot be told.';
COMMENT ON COLUMN @registry@.duty_status.days_overdue IS 'Days since then, for a rolling duty.';
COMMENT ON COLUMN @registry@.duty_status.due IS 'Windows that are over: met and missed.';
COMMENT ON COLUMN @registry@.duty_status.met IS 'Windows in which it was done as often as asked.';
COMMENT ON COLUMN @registry@.duty_status.missed IS 'Windows in which it was not.';
COMMENT ON COLUMN @registry@.duty_status.state IS 'ok, due, overdue, paused or calendar_missing.';
COMMENT ON COLUMN @registry@.duty_status.as_of IS 'The day that it is told for.';
