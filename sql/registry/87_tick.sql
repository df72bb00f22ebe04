-- What time alone brings. A tick looks as of a day: at the rules on facts, at
-- what stands (days overdue, runs of bad months, rank), at letters that nobody
-- acknowledged or put right. It reads no clock, and writes what is new: a tick
-- of the same day again writes nothing.

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
  SELECT v.to_state AS state, v.acknowledge_by + g.days AS acknowledge_by, v.rectify_by + g.days AS rectify_by, v.snoozed_until
  FROM @registry@.escalation_event AS v
  CROSS JOIN (SELECT @registry@.escalation_grace($1, $2) AS days) AS g
  WHERE v.escalation = $1 AND v.happened_on <= $2
  ORDER BY v.ordinal DESC LIMIT 1;
END;
COMMENT ON FUNCTION @registry@.escalation_stood(bigint, date) IS 'State and days of an escalation at the end of a day, by its events up to then, with the grace of what was entered late; no row: it was not yet there.';

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
  steps constant text[] := '{raise,raise_standing,withdraw,deliver,wake,climb,remind,announce,sources}';
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
      WHEN 'sources' THEN @registry@.report_source_changes()
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
COMMENT ON FUNCTION @registry@.tick(date, boolean) IS 'Bring everything to what time brought by the end of a day: raise what the rules ask for, on facts and on what stands; withdraw what is not borne out; note deliveries; end snoozes; climb where nobody acknowledged or put right; remind; announce what was confirmed; report sources that are no longer what they were. Gives what each step wrote. For the owner. The same day again, or an earlier one, writes nothing twice; two at once wait for each other, or with wait => false the second is skipped.';

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
