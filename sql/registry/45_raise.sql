-- Raising what the facts ask for, and withdrawing what they no longer bear out.
-- For the owner of the registry: triggers and tick() call it.

-- The order in which rows are entered is the same everywhere, so that two
-- sessions never wait for each other. Of two that find the same the second
-- waits for the first, and enters nothing.
CREATE FUNCTION @registry@.enter_escalations(as_of date, found jsonb) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  written bigint;
BEGIN
  WITH found AS MATERIALIZED (
    SELECT f.*, u.region
    FROM jsonb_to_recordset($2) AS f (rule text, rung text, subject text, unit text, episode text, fact_table text, fact_key text, observed jsonb)
    JOIN @registry@.unit AS u ON u.code = f.unit
    JOIN @registry@.ladder AS l ON l.rung = f.rung
    -- of one episode only graver rungs follow
    WHERE NOT EXISTS (
      SELECT FROM @registry@.escalation AS e JOIN @registry@.ladder AS h ON h.rung = e.rung
      WHERE e.subject = f.subject AND e.rule = f.rule AND e.episode = f.episode AND (e.rung = f.rung OR h.rank > l.rank AND e.state <> 'withdrawn'))
      AND NOT EXISTS (
      SELECT FROM @registry@.escalation_suppression AS s
      WHERE s.period @> $1 AND (s.subject IS NULL OR s.subject = f.subject) AND (s.unit IS NULL OR s.unit = f.unit)
        AND (s.region IS NULL OR u.region OPERATOR(antifraud.<@) s.region) AND (s.rule IS NULL OR s.rule = f.rule))
  ), entered AS (
    INSERT INTO @registry@.escalation AS e (rule, rung, subject, unit, region, episode, as_of, observed, fact_table, fact_key)
    SELECT f.rule, f.rung, f.subject, f.unit, f.region, f.episode, $1, f.observed, f.fact_table, f.fact_key
    FROM found AS f
    ORDER BY f.subject, f.rule, f.episode, f.rung
    ON CONFLICT ON CONSTRAINT escalation_once DO NOTHING
    RETURNING e.id, e.rule, e.rung, e.unit, e.state, e.as_of
  ), announced AS (
    INSERT INTO @registry@.outbox AS o (key, topic, payload)
    SELECT format('escalation:%s:%s', n.id, n.state), 'escalation',
           jsonb_build_object('escalation', n.id, 'rule', n.rule, 'rung', n.rung, 'unit', n.unit, 'state', n.state, 'as_of', n.as_of)
    FROM entered AS n
    ON CONFLICT DO NOTHING
  )
  SELECT count(*) INTO written FROM entered;
  RETURN written;
END
$body$;
COMMENT ON FUNCTION @registry@.enter_escalations(date, jsonb) IS 'Enter those of the escalations found as of a day (an array of objects with the columns of evaluate_escalations()) that were not raised before and are not suppressed, each with its first event and a message in the outbox; gives how many. For raise_escalations() and the triggers.';

CREATE FUNCTION @registry@.raise_escalations(as_of date, units text[] DEFAULT NULL, subjects text[] DEFAULT NULL, measures text[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  found jsonb := (SELECT COALESCE(jsonb_agg(to_jsonb(f)), '[]') FROM @registry@.evaluate_escalations($1, $2, $3, $4) AS f);
  written bigint := 0;
  changed bigint;
  of_day date;
  doubtful bigint[];
  found_on date[];
BEGIN
  -- What was raised before is judged as of the day as of which it was found
  -- last, so that looking back from another day changes nothing: withdrawn
  -- where the facts that are known now do not ask for it, reinstated where they
  -- do again, or do now. Not what an authority cancelled or rejected. Facts
  -- change by statements, and their triggers name the units: for all at once
  -- only what sources supply is judged again, of which nothing says when it
  -- changes.
  IF units IS NOT NULL OR subjects IS NOT NULL OR @registry@.has_source() THEN
    SELECT COALESCE(array_agg(d.id), '{}'), COALESCE(array_agg(d.found_on), '{}') INTO doubtful, found_on
    FROM (
      SELECT e.id,
             (SELECT v.happened_on FROM @registry@.escalation_event AS v WHERE v.escalation = e.id AND v.action = ANY ('{raise,propose,reinstate}') ORDER BY v.ordinal DESC LIMIT 1) AS found_on
      FROM @registry@.escalation AS e
      JOIN @registry@.escalation_rule AS r ON r.code = e.rule AND (measures IS NULL OR r.measure = ANY (measures))
      WHERE e.caused_by IS NULL
        AND CASE e.state WHEN 'withdrawn' THEN (SELECT v.action FROM @registry@.escalation_event AS v WHERE v.escalation = e.id ORDER BY v.ordinal DESC LIMIT 1) = 'withdraw'
                         ELSE e.state IN (SELECT s.code FROM @registry@.escalation_state AS s WHERE s.open) END
        AND (units IS NULL OR e.unit = ANY (units)) AND (subjects IS NULL OR e.subject = ANY (subjects))
        AND (units IS NOT NULL OR subjects IS NOT NULL OR @registry@.has_source(ARRAY[r.measure]))
        -- what rests on what stood is judged by rejudge_standing()
        AND r.measure NOT IN (SELECT m.code FROM @registry@.measure AS m WHERE m.relation = 'standing')
    ) AS d;
    FOR of_day IN SELECT DISTINCT d FROM unnest(found_on) AS d ORDER BY d LOOP
      WITH judged AS MATERIALIZED (
        SELECT e.id, e.rule, e.rung, e.unit, e.state, e.subject, e.episode,
               EXISTS (SELECT FROM jsonb_to_recordset(found) AS f (rule text, rung text, subject text, episode text)
                       WHERE (f.subject, f.rule, f.episode, f.rung) = (e.subject, e.rule, e.episode, e.rung)) AS holds_now
        FROM unnest(doubtful, found_on) AS d (id, found_on)
        JOIN @registry@.escalation AS e ON e.id = d.id
        WHERE d.found_on = of_day
          -- a rule that has been switched off since says nothing
          AND e.rule IN (SELECT unnest(r.codes) FROM @registry@.escalation_rubrics(of_day) AS r)
      ), held AS MATERIALIZED (
        SELECT f.subject, f.rule, f.episode, f.rung
        FROM @registry@.evaluate_escalations(of_day, NULL::text[], ARRAY(SELECT DISTINCT j.subject FROM judged AS j),
          ARRAY(SELECT DISTINCT r.measure FROM judged AS j JOIN @registry@.escalation_rule AS r ON r.code = j.rule)) AS f
      ), stepped AS (
        -- reinstated as of the day as of which it is found, and judged by that
        -- from then on
        INSERT INTO @registry@.escalation_event AS v (escalation, action, happened_on, reason)
        SELECT j.id, CASE j.state WHEN 'withdrawn' THEN 'reinstate' ELSE 'withdraw' END,
               CASE WHEN j.state <> 'withdrawn' OR j.holds_now THEN $1 ELSE of_day END,
               CASE j.state WHEN 'withdrawn' THEN 'the facts ask for it again' ELSE 'the facts behind it no longer ask for it' END
        FROM judged AS j
        CROSS JOIN LATERAL (
          SELECT count(*) FILTER (WHERE l.rung = j.rung) > 0 AS same, count(*) > 0 AS as_grave
          FROM held AS h JOIN @registry@.ladder AS l ON l.rung = h.rung
          WHERE (h.subject, h.rule, h.episode) = (j.subject, j.rule, j.episode)
            AND l.rank >= (SELECT o.rank FROM @registry@.ladder AS o WHERE o.rung = j.rung)
        ) AS h
        -- a graver rung is no reason to take back the one before
        WHERE CASE j.state WHEN 'withdrawn' THEN j.holds_now OR h.same ELSE NOT h.as_grave END
        ORDER BY j.id
        RETURNING v.escalation, v.ordinal, v.to_state
      ), announced AS (
        INSERT INTO @registry@.outbox AS o (key, topic, payload)
        SELECT format('escalation:%s:%s:%s', s.escalation, s.to_state, s.ordinal), 'escalation',
               jsonb_build_object('escalation', j.id, 'rule', j.rule, 'rung', j.rung, 'unit', j.unit, 'state', s.to_state, 'as_of', $1)
        FROM stepped AS s JOIN judged AS j ON j.id = s.escalation
        ON CONFLICT DO NOTHING
      )
      SELECT count(*) INTO changed FROM stepped;
      written := written + changed;
    END LOOP;
  END IF;
  RETURN written + @registry@.enter_escalations($1, found);
END
$body$;
COMMENT ON FUNCTION @registry@.raise_escalations(date, text[], text[], text[]) IS 'Raise what evaluate_escalations() finds and was not raised before, each with its first event and a message in the outbox. Where units or subjects are named, withdraw what the facts no longer ask for as of the day as of which it was found, and reinstate what they ask for again; otherwise of measures that sources supply only. Gives how many. For the owner: triggers and tick() call it.';
