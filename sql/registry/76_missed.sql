-- What was missed becomes a fact: proposed from what is known, approved by a
-- person or by the policy, withdrawn when it turns out not to have been
-- missed. All of it can be repeated for any day.

-- A unit where one is named; else the one whose code is the region's, as that
-- of a community is; else the only one that lies there.
CREATE FUNCTION @registry@.answering_unit(unit text, region antifraud.region) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE($1,
  (SELECT u.code FROM @registry@.unit AS u WHERE u.code = $2::text AND u.active),
  (SELECT min(u.code) FROM @registry@.unit AS u WHERE u.region OPERATOR(antifraud.=) $2 AND u.active HAVING count(*) = 1));
COMMENT ON FUNCTION @registry@.answering_unit(text, antifraud.region) IS 'The unit that answers for something: the one named, or that of the region; null where the region has none, or several.';

CREATE FUNCTION @registry@.missed_checkins_of(person bigint, as_of date, cal antifraud.calendar) RETURNS SETOF date
STABLE PARALLEL SAFE ROWS 5
LANGUAGE sql
BEGIN ATOMIC
  SELECT d.due_on
  FROM @registry@.person_history AS h
  CROSS JOIN LATERAL antifraud.missed_dates(h.segments, h.since, h.done, h.paused, $2, $3) AS d (due_on)
  WHERE h.person = $1;
END;
COMMENT ON FUNCTION @registry@.missed_checkins_of(bigint, date, antifraud.calendar) IS 'Last days of the check-ins of a person that were missed by a day, in order.';

CREATE FUNCTION @registry@.missed_duties_of(duty bigint, duty_unit text, contact_group text, person bigint, as_of date, cal antifraud.calendar) RETURNS SETOF date
STABLE PARALLEL SAFE ROWS 5
LANGUAGE sql
BEGIN ATOMIC
  SELECT d.due_on
  FROM @registry@.duty_history($1, $2, $3, $4, $6) AS h
  CROSS JOIN LATERAL antifraud.missed_dates(h.segments, h.since, h.done, h.paused, $5, $6) AS d (due_on);
END;
COMMENT ON FUNCTION @registry@.missed_duties_of(bigint, text, text, bigint, date, antifraud.calendar) IS 'Last days of the windows of a duty that were missed by a day, for one whose duty it is, in order.';

-- planned once a session: it is asked for one community too
CREATE FUNCTION @registry@.missed_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (kind text, measure text, duty bigint, person bigint, contact_group text, duty_unit text, unit text, region antifraud.region, due_on date)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH office AS MATERIALIZED (SELECT @registry@.office_calendar() AS cal)
  SELECT 'checkin'::text AS kind, 'checkin_missed'::text AS measure, NULL::bigint AS duty, h.person AS person, NULL::text AS contact_group, NULL::text AS duty_unit,
         h.unit AS unit, h.region AS region, m.due_on AS due_on
  FROM office AS o
  CROSS JOIN LATERAL (
    -- the unit once a person, not once a row
    SELECT x.person, x.region, x.segments, x.since, x.done, x.paused, COALESCE(x.unit, @registry@.answering_unit(NULL, x.region)) AS unit
    FROM @registry@.person_history AS x
    WHERE x.since <= $1 AND ($2 IS NULL OR x.region OPERATOR(antifraud.<@) $2)
    OFFSET 0
  ) AS h
  CROSS JOIN LATERAL antifraud.missed_dates(h.segments, h.since, h.done, h.paused, $1, o.cal) AS m (due_on)
  UNION ALL
  SELECT 'duty' AS kind, d.measure AS measure, s.duty AS duty, s.person AS person, s.contact_group AS contact_group, s.duty_unit AS duty_unit,
         s.unit AS unit, s.region AS region, m.due_on AS due_on
  FROM office AS o
  CROSS JOIN LATERAL (
    SELECT x.duty, x.person, x.contact_group, x.duty_unit, x.region, x.segments, x.since, x.done, x.paused,
           COALESCE(x.unit, @registry@.answering_unit(NULL, x.region)) AS unit
    FROM @registry@.duty_record AS x
    WHERE $2 IS NULL OR x.region OPERATOR(antifraud.<@) $2
    OFFSET 0
  ) AS s
  JOIN @registry@.duty AS d ON d.id = s.duty
  CROSS JOIN LATERAL antifraud.missed_dates(s.segments, s.since, s.done, s.paused, $1, o.cal) AS m (due_on);
END
$body$;
COMMENT ON FUNCTION @registry@.missed_at(date, antifraud.region) IS 'Every check-in and duty that was missed by a day, in a region or everywhere, from what was done and paused.';

CREATE FUNCTION @registry@.missed_proposal(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (kind text, measure text, duty bigint, person bigint, contact_group text, duty_unit text, unit text, region antifraud.region, due_on date, approval text, basis text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT CASE WHEN a.duty IS NULL THEN 'checkin' ELSE 'duty' END AS kind, COALESCE(f.measure, 'checkin_missed') AS measure,
         a.duty, a.person, a.contact_group, a.duty_unit, a.unit, a.region, a.due_on, COALESCE(f.missed_approval, 'person') AS approval, f.basis
  FROM (
    SELECT b.duty, b.person, b.contact_group, b.duty_unit, b.unit, b.region, b.due_on,
           -- the policy in force when it was due
           CASE WHEN b.duty IS NOT NULL THEN b.duty
                WHEN b.due_on >= (SELECT u.since FROM @registry@.uniform_policy AS u) THEN (
                  SELECT c.id FROM @registry@.control_policy AS c
                  WHERE c.tier = (SELECT t.tier FROM @registry@.tier_change AS t
                                  WHERE t.person = b.person AND t.voided_at IS NULL AND t.changed_on <= b.due_on
                                  ORDER BY t.changed_on DESC LIMIT 1))
                ELSE (
                  SELECT p.policy
                  FROM (SELECT t.tier FROM @registry@.tier_change AS t
                        WHERE t.person = b.person AND t.voided_at IS NULL AND t.changed_on <= b.due_on
                        ORDER BY t.changed_on DESC LIMIT 1) AS h
                  CROSS JOIN LATERAL @registry@.policy_for(h.tier, b.region, b.due_on) AS p) END AS terms
    FROM (
      -- by grouping, since nulls are equal there, whatever the statistics say;
      -- what has no duty is a check-in
      SELECT m.duty, m.person, m.contact_group, m.duty_unit, m.due_on, max(m.unit) AS unit, antifraud.max(m.region) AS region
      FROM (
        SELECT m.duty AS duty, m.person AS person, m.contact_group AS contact_group, m.duty_unit AS duty_unit, m.due_on AS due_on,
               m.unit AS unit, m.region AS region, false AS recorded
        FROM @registry@.missed_at($1, $2) AS m
        UNION ALL
        SELECT m.duty AS duty, m.person AS person, m.contact_group AS contact_group, m.duty_unit AS duty_unit, m.due_on AS due_on,
               NULL::text AS unit, NULL::antifraud.region AS region, true AS recorded
        FROM @registry@.missed AS m
        WHERE m.voided_at IS NULL
      ) AS m
      GROUP BY m.duty, m.person, m.contact_group, m.duty_unit, m.due_on
      HAVING NOT bool_or(m.recorded)
    ) AS b
    OFFSET 0
  ) AS a
  -- worked out once a duty and once a policy
  LEFT JOIN (
    SELECT true AS of_duty, d.id AS id, d.measure AS measure, d.missed_approval AS missed_approval, 'duty ' || d.id AS basis FROM @registry@.duty AS d
    UNION ALL
    SELECT false AS of_duty, c.id AS id, NULL::text AS measure, c.missed_approval AS missed_approval, 'control_policy ' || c.id AS basis FROM @registry@.control_policy AS c
    OFFSET 0
  ) AS f ON f.id = a.terms AND f.of_duty = (a.duty IS NOT NULL);
END
$body$;
COMMENT ON FUNCTION @registry@.missed_proposal(date, antifraud.region) IS 'What record_missed() would add to the table missed: what missed_at() gives and no row in force says, with who approves it by the policy in force when it was due.';

-- A row is looked at as of the latest day on which any row of its subject was
-- found, so that a replay for an earlier day takes nothing back.
CREATE FUNCTION @registry@.missed_withdrawal(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (id bigint, kind text, duty bigint, person bigint, contact_group text, duty_unit text, unit text, region antifraud.region, due_on date, status text, looked_on date, withdrawal text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  WITH office AS MATERIALIZED (SELECT @registry@.office_calendar() AS cal),
  subject AS MATERIALIZED (
    SELECT m.kind, m.duty, m.person, m.contact_group, m.duty_unit, greatest($1, max(m.as_of)) AS looked_on
    FROM @registry@.missed AS m
    WHERE m.voided_at IS NULL AND ($2 IS NULL OR m.region OPERATOR(antifraud.<@) $2)
    GROUP BY m.kind, m.duty, m.person, m.contact_group, m.duty_unit
  ), both_sides AS (
    SELECT s.kind AS kind, s.duty AS duty, s.person AS person, s.contact_group AS contact_group, s.duty_unit AS duty_unit, d.due_on AS due_on,
           NULL::bigint AS id, NULL::text AS unit, NULL::antifraud.region AS region, NULL::text AS status, s.looked_on AS looked_on
    FROM subject AS s
    CROSS JOIN office AS o
    CROSS JOIN LATERAL @registry@.missed_checkins_of(s.person, s.looked_on, o.cal) AS d (due_on)
    WHERE s.kind = 'checkin'
    UNION ALL
    SELECT s.kind AS kind, s.duty AS duty, s.person AS person, s.contact_group AS contact_group, s.duty_unit AS duty_unit, d.due_on AS due_on,
           NULL::bigint AS id, NULL::text AS unit, NULL::antifraud.region AS region, NULL::text AS status, s.looked_on AS looked_on
    FROM subject AS s
    CROSS JOIN office AS o
    CROSS JOIN LATERAL @registry@.missed_duties_of(s.duty, s.duty_unit, s.contact_group, s.person, s.looked_on, o.cal) AS d (due_on)
    WHERE s.kind = 'duty'
    UNION ALL
    SELECT m.kind AS kind, m.duty AS duty, m.person AS person, m.contact_group AS contact_group, m.duty_unit AS duty_unit, m.due_on AS due_on,
           m.id AS id, m.unit AS unit, m.region AS region, m.status AS status,
           greatest($1, max(m.as_of) OVER (PARTITION BY m.kind, m.duty, m.person, m.contact_group, m.duty_unit)) AS looked_on
    FROM @registry@.missed AS m
    WHERE m.voided_at IS NULL AND ($2 IS NULL OR m.region OPERATOR(antifraud.<@) $2)
  )
  SELECT w.id, w.kind, w.duty, w.person, w.contact_group, w.duty_unit, w.unit, w.region, w.due_on, w.status, w.looked_on,
         CASE WHEN w.status = 'approved' THEN COALESCE(d.missed_withdrawal, y.missed_withdrawal, 'person') ELSE 'automatic' END AS withdrawal
  FROM (
  -- a group of one row that is recorded: nothing says so any more
  SELECT max(b.id) AS id, b.kind, b.duty, b.person, b.contact_group, b.duty_unit, max(b.unit) AS unit, antifraud.max(b.region) AS region, b.due_on,
         max(b.status) AS status, max(b.looked_on) AS looked_on
  FROM both_sides AS b
  GROUP BY b.kind, b.duty, b.person, b.contact_group, b.duty_unit, b.due_on
  HAVING bool_and(b.id IS NOT NULL)
  ) AS w
  LEFT JOIN @registry@.duty AS d ON d.id = w.duty
  LEFT JOIN LATERAL (
    -- the policy in force when it was due
    SELECT f.missed_withdrawal
    FROM (SELECT c.tier FROM @registry@.tier_change AS c
          WHERE c.person = w.person AND c.voided_at IS NULL AND c.changed_on <= w.due_on
          ORDER BY c.changed_on DESC LIMIT 1) AS t
    CROSS JOIN LATERAL @registry@.policy_for(t.tier, w.region, w.due_on) AS f
    WHERE w.kind = 'checkin'
  ) AS y ON true;
END;
COMMENT ON FUNCTION @registry@.missed_withdrawal(date, antifraud.region) IS 'Rows of the table missed that are in force and, by what is known now, were not missed, and who withdraws them: record_missed() voids those that say automatic, withdraw_missed() the approved ones that a person is to withdraw.';

-- While such a row is in force, what was missed instead must not count beside
-- it: nothing more of its subject is approved.
CREATE FUNCTION @registry@.missed_disproved(kind text, duty bigint, person bigint, contact_group text, duty_unit text) RETURNS TABLE (id bigint, status text)
STABLE PARALLEL SAFE ROWS 1
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  WITH mine AS MATERIALIZED (
    SELECT m.id, m.due_on, m.status, max(m.as_of) OVER () AS looked_on
    FROM @registry@.missed AS m
    WHERE m.voided_at IS NULL AND $1 = 'checkin' AND m.kind = 'checkin' AND m.person = $3
    UNION ALL
    SELECT m.id, m.due_on, m.status, max(m.as_of) OVER () AS looked_on
    FROM @registry@.missed AS m
    WHERE m.voided_at IS NULL AND $1 = 'duty' AND m.kind = 'duty' AND m.duty = $2
      AND m.person IS NOT DISTINCT FROM $3 AND m.contact_group IS NOT DISTINCT FROM $4 AND m.duty_unit IS NOT DISTINCT FROM $5
  ), still AS MATERIALIZED (
    SELECT x.due_on AS due_on
    FROM (SELECT a.looked_on FROM mine AS a LIMIT 1) AS l
    CROSS JOIN LATERAL @registry@.missed_checkins_of($3, l.looked_on, @registry@.office_calendar()) AS x (due_on)
    WHERE $1 = 'checkin'
    UNION ALL
    SELECT x.due_on AS due_on
    FROM (SELECT a.looked_on FROM mine AS a LIMIT 1) AS l
    CROSS JOIN LATERAL @registry@.missed_duties_of($2, $5, $4, $3, l.looked_on, @registry@.office_calendar()) AS x (due_on)
    WHERE $1 = 'duty'
  )
  SELECT a.id, a.status FROM mine AS a
  WHERE NOT EXISTS (SELECT FROM still AS s WHERE s.due_on = a.due_on)
  ORDER BY a.due_on;
END;
COMMENT ON FUNCTION @registry@.missed_disproved(text, bigint, bigint, text, text) IS 'Rows of the table missed about one person''s check-ins, or one subject''s duty, that are in force and by what is known now were not missed. None of them can be approved; and while one is approved, nothing more of that subject.';

CREATE VIEW @registry@.missed_to_withdraw (id, kind, duty, person, contact_group, duty_unit, unit, region, due_on, status, looked_on, withdrawal)
WITH (security_invoker = true) AS
SELECT w.id, w.kind, w.duty, w.person, w.contact_group, w.duty_unit, w.unit, w.region, w.due_on, w.status, w.looked_on, w.withdrawal
FROM (SELECT @registry@.list_day() AS day) AS l
CROSS JOIN LATERAL @registry@.missed_withdrawal(l.day) AS w;
COMMENT ON VIEW @registry@.missed_to_withdraw IS 'Rows of the table missed that a check-in entered late or voided, a pause or another policy made not missed. The next record_missed() voids those with withdrawal automatic; those with person stay in force until withdraw_missed().';
COMMENT ON COLUMN @registry@.missed_to_withdraw.id IS 'The row.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.kind IS 'checkin or duty.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.duty IS 'The duty; null for a check-in.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.person IS 'The person.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.contact_group IS 'The message group whose duty it was.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.duty_unit IS 'The unit whose duty it was.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.unit IS 'The unit that answers for it.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.region IS 'Where it belongs.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.due_on IS 'The day on which it was said to be missed.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.status IS 'proposed, approved or rejected.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.looked_on IS 'The day as of which it is not missed.';
COMMENT ON COLUMN @registry@.missed_to_withdraw.withdrawal IS 'Who withdraws it: automatic, record_missed(); person, somebody by withdraw_missed(). By missed_withdrawal of the duty, or of the policy in force when it was due; only approved rows wait for a person.';

CREATE FUNCTION @registry@.record_missed(as_of date, within antifraud.region DEFAULT NULL, OUT proposed bigint, OUT approved bigint, OUT withdrawn bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF as_of IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'what was missed cannot be recorded as of NULL',
      HINT = 'Name a day: record_missed(''2024-02-01''). Nothing here reads the clock.';
  END IF;
  -- first, so that a slot that moved is not missed twice for a moment
  WITH taken_back AS MATERIALIZED (
    SELECT w.id, w.looked_on FROM @registry@.missed_withdrawal(record_missed.as_of, record_missed.within) AS w
    WHERE w.withdrawal = 'automatic'
  ), locked AS MATERIALIZED (
    -- in one order, so that two sessions wait for each other and never both
    SELECT m.id FROM @registry@.missed AS m
    WHERE m.id IN (SELECT t.id FROM taken_back AS t) AND m.voided_at IS NULL
    ORDER BY m.id FOR NO KEY UPDATE
  ), void AS (
    UPDATE @registry@.missed AS m
    SET void_reason = format('not missed as of %s, by what was done, paused or ordered as it is known now', t.looked_on)
    FROM taken_back AS t JOIN locked AS l ON l.id = t.id
    WHERE m.id = t.id AND m.voided_at IS NULL
    RETURNING 1
  )
  SELECT count(*) INTO withdrawn FROM void;
  WITH new AS (
    INSERT INTO @registry@.missed (kind, measure, duty, person, contact_group, duty_unit, unit, region, due_on, as_of, status, decided_by, reason)
    SELECT p.kind, p.measure, p.duty, p.person, p.contact_group, p.duty_unit, p.unit, p.region, p.due_on, record_missed.as_of,
           CASE WHEN a.at_once THEN 'approved' ELSE 'proposed' END,
           CASE WHEN a.at_once THEN 'policy' END,
           CASE WHEN a.at_once THEN format('approved at once by %s', p.basis) END
    FROM @registry@.missed_proposal(record_missed.as_of, record_missed.within) AS p
    CROSS JOIN LATERAL (
      SELECT p.approval = 'automatic' AND p.unit IS NOT NULL
        AND NOT EXISTS (SELECT FROM @registry@.missed_disproved(p.kind, p.duty, p.person, p.contact_group, p.duty_unit) AS w WHERE w.status = 'approved')
    ) AS a (at_once)
    ORDER BY p.due_on, p.duty, p.person, p.contact_group, p.duty_unit
    -- another session may be recording the same
    ON CONFLICT DO NOTHING
    RETURNING status
  )
  SELECT count(*) FILTER (WHERE n.status = 'proposed'), count(*) FILTER (WHERE n.status = 'approved') INTO proposed, approved FROM new AS n;
END
$body$;
COMMENT ON FUNCTION @registry@.record_missed(date, antifraud.region) IS 'Bring the table missed to what is known, as of a day: void what was not missed after all (approved rows only where missed_withdrawal is automatic), propose what was, and approve it at once where the policy says so and no row of the same subject waits to be withdrawn. Can be repeated, for any day, by several sessions. Gives how many rows of each.';

CREATE FUNCTION @registry@.decide_missed(id bigint, approve boolean, reason text, decided_by text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  waiting @registry@.missed;
BEGIN
  IF approve IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'a decision is true (approve) or false (reject), not NULL';
  END IF;
  SELECT m.* INTO waiting FROM @registry@.missed AS m WHERE m.id = decide_missed.id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('table missed has no row %s', coalesce(decide_missed.id::text, 'NULL')),
      DETAIL = 'Either it does not exist, or you may not see or change it.',
      HINT = 'The view missed_to_decide lists those that wait for a decision.';
  ELSIF waiting.voided_at IS NOT NULL OR waiting.status <> 'proposed' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('missed row %s is %s already', waiting.id, CASE WHEN waiting.voided_at IS NULL THEN waiting.status ELSE 'void' END),
      DETAIL = format('Since %s, by %s.', coalesce(waiting.voided_at, waiting.decided_at), coalesce(waiting.voided_by, waiting.decided_by)),
      HINT = 'Void the row with void_fact(); where it is still missed, record_missed() proposes it anew.';
  END IF;
  UPDATE @registry@.missed AS m
  SET status = CASE WHEN approve THEN 'approved' ELSE 'rejected' END,
      reason = decide_missed.reason,
      decided_by = decide_missed.decided_by,
      unit = @registry@.answering_unit(coalesce(m.unit, (SELECT p.unit FROM @registry@.person AS p WHERE p.id = m.person)), m.region)
  WHERE m.id = decide_missed.id;
END
$body$;
COMMENT ON FUNCTION @registry@.decide_missed(bigint, boolean, text, text) IS 'Approve (true) or reject (false) a proposed row of the table missed, with the reason. Approved, it is a fact from now on.';

CREATE FUNCTION @registry@.withdraw_missed(id bigint, reason text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  found_row @registry@.missed;
BEGIN
  SELECT m.* INTO found_row FROM @registry@.missed AS m WHERE m.id = withdraw_missed.id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('table missed has no row %s', coalesce(withdraw_missed.id::text, 'NULL')),
      DETAIL = 'Either it does not exist, or you may not see or change it.',
      HINT = 'The view missed_to_withdraw lists those that wait to be withdrawn.';
  ELSIF found_row.voided_at IS NOT NULL OR found_row.status <> 'approved' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('missed row %s is %s, not approved', found_row.id, CASE WHEN found_row.voided_at IS NULL THEN found_row.status ELSE 'void' END),
      DETAIL = 'Only an approved row is a fact that a person withdraws; the others follow what is known at the next record_missed().',
      HINT = 'The view missed_to_withdraw lists those that wait to be withdrawn.';
  ELSIF NOT EXISTS (SELECT FROM @registry@.missed_disproved(found_row.kind, found_row.duty, found_row.person, found_row.contact_group, found_row.duty_unit) AS w
                    WHERE w.id = found_row.id) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('missed row %s is still missed', found_row.id),
      DETAIL = format('By what was done, paused and ordered, nothing was done in time by %s.', found_row.due_on),
      HINT = 'Record the check-in, the activity or the pause first. A decision that was wrong in itself is taken back with void_fact(); record_missed() then proposes the row anew.';
  END IF;
  UPDATE @registry@.missed AS m SET void_reason = coalesce(withdraw_missed.reason, '') WHERE m.id = found_row.id;
END
$body$;
COMMENT ON FUNCTION @registry@.withdraw_missed(bigint, text) IS 'Withdraw an approved row of the table missed that turned out not to have been missed, with the reason; its fact goes with it. Refuses a row that is still missed.';

CREATE VIEW @registry@.missed_to_decide (id, kind, measure, duty, label_zh, label_en, person, contact_group, duty_unit, unit, region, due_on, recorded_at)
WITH (security_invoker = true) AS
SELECT m.id, m.kind, m.measure, m.duty, COALESCE(d.label_zh, s.label_zh), COALESCE(d.label_en, s.label_en), m.person, m.contact_group, m.duty_unit, m.unit, m.region, m.due_on, m.recorded_at
FROM @registry@.missed AS m
JOIN @registry@.measure AS s ON s.code = m.measure
LEFT JOIN @registry@.duty AS d ON d.id = m.duty
WHERE m.status = 'proposed' AND m.voided_at IS NULL;
COMMENT ON VIEW @registry@.missed_to_decide IS 'Missed check-ins and duties that wait for somebody to approve or reject them.';
COMMENT ON COLUMN @registry@.missed_to_decide.id IS 'The row, for decide_missed().';
COMMENT ON COLUMN @registry@.missed_to_decide.kind IS 'checkin or duty.';
COMMENT ON COLUMN @registry@.missed_to_decide.measure IS 'The measure that it will supply.';
COMMENT ON COLUMN @registry@.missed_to_decide.duty IS 'The duty; null for a check-in.';
COMMENT ON COLUMN @registry@.missed_to_decide.label_zh IS 'What was missed, in Chinese.';
COMMENT ON COLUMN @registry@.missed_to_decide.label_en IS 'What was missed, in English.';
COMMENT ON COLUMN @registry@.missed_to_decide.person IS 'The person.';
COMMENT ON COLUMN @registry@.missed_to_decide.contact_group IS 'The message group whose duty it was.';
COMMENT ON COLUMN @registry@.missed_to_decide.duty_unit IS 'The unit whose duty it was.';
COMMENT ON COLUMN @registry@.missed_to_decide.unit IS 'The unit that answers for it; null: it cannot be approved yet.';
COMMENT ON COLUMN @registry@.missed_to_decide.region IS 'Where it belongs.';
COMMENT ON COLUMN @registry@.missed_to_decide.due_on IS 'Last day on which it could be done in time.';
COMMENT ON COLUMN @registry@.missed_to_decide.recorded_at IS 'Since when it waits.';

-- The way from a missed window to its fact, and back.
CREATE VIEW @registry@.missed_fact (missed, kind, measure, duty, person, contact_group, duty_unit, due_on, status, decided_by, reason, unit, region, source_table, source_key, known_since, known_until)
WITH (security_invoker = true) AS
SELECT m.id, m.kind, m.measure, m.duty, m.person, m.contact_group, m.duty_unit, m.due_on,
       CASE WHEN m.voided_at IS NULL THEN m.status ELSE 'withdrawn' END, m.decided_by, m.reason, m.unit, m.region,
       CASE WHEN m.status = 'approved' THEN 'missed' END, CASE WHEN m.status = 'approved' THEN m.id::text END,
       CASE WHEN m.status = 'approved' THEN m.decided_at END, CASE WHEN m.status = 'approved' THEN m.voided_at END
FROM @registry@.missed AS m;
COMMENT ON VIEW @registry@.missed_fact IS 'Each missed check-in or window that was recorded, and the fact that it is: source_table and source_key are those of the view fact, null where it is none.';
COMMENT ON COLUMN @registry@.missed_fact.missed IS 'The row of the table missed.';
COMMENT ON COLUMN @registry@.missed_fact.kind IS 'checkin or duty.';
COMMENT ON COLUMN @registry@.missed_fact.measure IS 'The measure.';
COMMENT ON COLUMN @registry@.missed_fact.duty IS 'The duty; null for a check-in.';
COMMENT ON COLUMN @registry@.missed_fact.person IS 'The person.';
COMMENT ON COLUMN @registry@.missed_fact.contact_group IS 'The message group whose duty it was.';
COMMENT ON COLUMN @registry@.missed_fact.duty_unit IS 'The unit whose duty it was.';
COMMENT ON COLUMN @registry@.missed_fact.due_on IS 'Last day of the slot or window: occurred_on of the fact.';
COMMENT ON COLUMN @registry@.missed_fact.status IS 'proposed, approved, rejected or withdrawn.';
COMMENT ON COLUMN @registry@.missed_fact.decided_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.missed_fact.reason IS 'Why.';
COMMENT ON COLUMN @registry@.missed_fact.unit IS 'The unit that answers for it.';
COMMENT ON COLUMN @registry@.missed_fact.region IS 'Where it belongs.';
COMMENT ON COLUMN @registry@.missed_fact.source_table IS 'The table of the fact: missed.';
COMMENT ON COLUMN @registry@.missed_fact.source_key IS 'Key of the fact.';
COMMENT ON COLUMN @registry@.missed_fact.known_since IS 'Since when it is a fact: recorded_at of the fact.';
COMMENT ON COLUMN @registry@.missed_fact.known_until IS 'Until when; null: still.';
