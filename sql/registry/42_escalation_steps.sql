-- The life of an escalation: triggers that complete it on entry, check each
-- step against escalation_step, and let nothing but events change it. All that
-- is checked is checked here, whoever writes; step_escalation() only makes it
-- easier to say.

-- ------------------------------------------------------------------ entry
CREATE FUNCTION @registry@.enter_escalation() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  first_state text;
  step @registry@.ladder;
BEGIN
  SELECT l.* INTO step FROM @registry@.ladder AS l WHERE l.rung = NEW.rung;
  SELECT s.to_state INTO first_state FROM @registry@.escalation_step AS s WHERE s.from_state IS NULL AND s.punitive = step.punitive;
  IF NEW.state IS NOT NULL AND first_state IS NOT NULL AND NEW.state <> first_state THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('an escalation to %L begins as %s, not as %s', NEW.rung, first_state, NEW.state),
      DETAIL = CASE WHEN step.punitive THEN 'A punitive rung is proposed, and confirmed or rejected with reasons: never automatic.' END,
      HINT = 'Leave the state out.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'state';
  END IF;
  NEW.state := coalesce(first_state, NEW.state);
  -- what is only proposed is not yet owed
  NEW.acknowledge_by := CASE WHEN first_state = 'raised' THEN NEW.as_of + step.acknowledge_days END;
  NEW.rectify_by := CASE WHEN first_state = 'raised' THEN NEW.as_of + step.rectify_days END;
  NEW.snoozed_until := NULL;
  NEW.raised_at := now();
  NEW.raised_by := CURRENT_USER;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.enter_escalation() IS 'Trigger: an escalation begins as proposed where its rung is punitive and as raised elsewhere, with the days of the ladder.';
CREATE TRIGGER escalation_1_enter BEFORE INSERT ON @registry@.escalation
  FOR EACH ROW EXECUTE FUNCTION @registry@.enter_escalation();

CREATE FUNCTION @registry@.first_escalation_event() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  INSERT INTO @registry@.escalation_event (escalation, ordinal, action, to_state, happened_on, evidence, acknowledge_by, rectify_by)
    SELECT e.id, 1, s.action, e.state, e.as_of, NULLIF(e.observed, '{}'), e.acknowledge_by, e.rectify_by
    FROM entered AS e
    JOIN @registry@.escalation_step AS s ON s.from_state IS NULL AND s.to_state = e.state
    ORDER BY e.id;
  RETURN NULL;
END
$body$;
COMMENT ON FUNCTION @registry@.first_escalation_event() IS 'Trigger: the first event of each escalation entered, raise or propose.';
CREATE TRIGGER escalation_2_first_event AFTER INSERT ON @registry@.escalation
  REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION @registry@.first_escalation_event();

-- ------------------------------------------------------------------ steps
CREATE FUNCTION @registry@.escalation_authority_of(rung text, region antifraud.region, on_day date) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  -- the narrowest that fits; a role that was dropped entitles nobody. The day
  -- is what the role says: one that is no longer entitled to anything could
  -- go on deciding on days long past, and so the clock is asked as well, as
  -- for other rights
  RETURN (
    WITH fitting AS MATERIALIZED (
      SELECT a.* FROM @registry@.escalation_authority AS a
      JOIN pg_roles AS r ON r.rolname = a.role
      WHERE pg_has_role(r.oid, 'USAGE')
        AND (a.rung IS NULL OR a.rung = escalation_authority_of.rung)
        AND (a.region IS NULL OR escalation_authority_of.region OPERATOR(antifraud.<@) a.region)
    )
    SELECT f.authority FROM fitting AS f
    WHERE f.valid @> on_day AND EXISTS (SELECT FROM fitting AS t WHERE t.valid @> (now() AT TIME ZONE 'Asia/Shanghai')::date)
    ORDER BY f.rung IS NULL, antifraud.region_level(f.region) DESC NULLS LAST, f.id
    LIMIT 1);
END
$body$;
COMMENT ON FUNCTION @registry@.escalation_authority_of(text, antifraud.region, date) IS 'The authority in whose name the current role may decide on a rung in a region on a day, by escalation_authority; null: it may not, or today, in China, it may no longer decide on any.';

CREATE FUNCTION @registry@.enter_escalation_event() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  about @registry@.escalation;
  kind @registry@.escalation_action;
  step @registry@.escalation_step;
  rung @registry@.ladder;
BEGIN
  -- steps of one escalation wait for each other, and see what the one before
  -- made of it
  SELECT e.* INTO about FROM @registry@.escalation AS e WHERE e.id = NEW.escalation FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no escalation %s', coalesce(NEW.escalation::text, 'NULL')),
      DETAIL = 'Either it does not exist, or it lies outside of your scope.',
      HINT = 'The view open_escalation lists those that are open.';
  END IF;
  SELECT k.* INTO kind FROM @registry@.escalation_action AS k WHERE k.code = NEW.action;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('%s is no action on an escalation', coalesce(quote_literal(NEW.action), 'NULL')),
      HINT = format('Actions are: %s.', (SELECT string_agg(k.code, ', ' ORDER BY k.code) FROM @registry@.escalation_action AS k));
  END IF;
  SELECT l.* INTO rung FROM @registry@.ladder AS l WHERE l.rung = about.rung;
  SELECT s.* INTO step FROM @registry@.escalation_step AS s
    WHERE s.action = NEW.action AND s.from_state = about.state AND coalesce(s.punitive, rung.punitive) = rung.punitive;
  IF step.to_state IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('escalation %s is %s and cannot take the step "%s"', about.id, about.state, NEW.action),
      DETAIL = coalesce('From there it can: ' || (SELECT string_agg(s.action, ', ' ORDER BY s.action) FROM @registry@.escalation_step AS s
                                                 WHERE s.from_state = about.state AND coalesce(s.punitive, rung.punitive) = rung.punitive) || '.', 'Nothing follows on this state.'),
      HINT = 'The table escalation_step has every step.';
  END IF;

  IF kind.by_registry AND NOT (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class AS c WHERE c.oid = TG_RELID) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('the step "%s" is not for people', NEW.action),
      DETAIL = 'The registry takes it by itself, when it evaluates rules and keeps dates.',
      HINT = CASE NEW.action WHEN 'withdraw' THEN 'An authority can cancel it.' ELSE 'tick() does it in time.' END;
  ELSIF kind.needs_reason AND NEW.reason IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'not_null_violation',
      MESSAGE = format('the step "%s" needs a reason', NEW.action),
      HINT = 'Say why.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'reason';
  ELSIF kind.needs_evidence AND coalesce(NEW.evidence, '{}') = '{}' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'not_null_violation',
      MESSAGE = format('the step "%s" needs evidence', NEW.action),
      DETAIL = CASE NEW.action WHEN 'snooze' THEN 'A snooze has an end.' ELSE 'What was put right can be shown.' END,
      HINT = CASE NEW.action WHEN 'snooze' THEN 'Pass {"until": "2023-08-31"}.' ELSE 'Pass a JSON object: {"document": "...", "photographs": 3}.' END,
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'evidence';
  ELSIF NOT kind.by_registry AND NEW.happened_on < about.as_of THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('escalation %s did not exist on %s', about.id, NEW.happened_on),
      DETAIL = format('It was raised as of %s.', about.as_of),
      HINT = 'Give the day on which the step was taken.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'happened_on';
  END IF;

  NEW.authority := NULL;
  IF kind.by_authority THEN
    NEW.authority := @registry@.escalation_authority_of(about.rung, about.region, NEW.happened_on);
    IF NEW.authority IS NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = format('role %I may not %s an escalation to %L in region %s', CURRENT_USER, NEW.action, about.rung, about.region),
        DETAIL = format('No authority that it acts for decides on that on %s, and still does today.', NEW.happened_on),
        HINT = 'The office says who does, in the table escalation_authority.';
    END IF;
  ELSIF NEW.action = 'verify' AND EXISTS (
    SELECT FROM @registry@.escalation_event AS v
    WHERE v.escalation = about.id AND v.action = 'rectify'
      -- a blank more does not make it somebody else
      AND lower(regexp_replace(v.actor, '[[:space:]\u3000]', '', 'g')) = lower(regexp_replace(NEW.actor, '[[:space:]\u3000]', '', 'g'))
      AND v.ordinal > coalesce((SELECT max(w.ordinal) FROM @registry@.escalation_event AS w WHERE w.escalation = about.id AND w.action = 'return'), 0)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('%L put escalation %s right, and cannot verify that', NEW.actor, about.id),
      HINT = 'Somebody else verifies it; name who as the actor.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'actor';
  -- four eyes: the names of actors are what an account writes. The owner, who
  -- can write anything, is shown by escalation_one_account.
  ELSIF NEW.action = 'verify' AND rung.one_account_allowed_by IS NULL
        AND NOT (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class AS c WHERE c.oid = TG_RELID)
        AND EXISTS (
    SELECT FROM @registry@.escalation_event AS v
    WHERE v.escalation = about.id AND v.action = 'rectify' AND v.recorded_by = CURRENT_USER
      AND v.ordinal > coalesce((SELECT max(w.ordinal) FROM @registry@.escalation_event AS w WHERE w.escalation = about.id AND w.action = 'return'), 0)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('account %I entered that escalation %s was put right, and cannot enter that this was verified', CURRENT_USER, about.id),
      DETAIL = 'It takes two accounts, whoever is named as the actor.',
      HINT = format('Let another account enter it. Where an office has only one, who allows that is named in ladder.one_account_allowed_by, of rung %L.', about.rung),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'recorded_by';
  END IF;

  NEW.ordinal := 1 + (SELECT max(v.ordinal) FROM @registry@.escalation_event AS v WHERE v.escalation = about.id);
  NEW.from_state := about.state;
  NEW.to_state := step.to_state;
  NEW.recorded_at := now();
  NEW.recorded_by := CURRENT_USER;
  NEW.acknowledge_by := about.acknowledge_by;
  NEW.rectify_by := about.rectify_by;
  NEW.snoozed_until := about.snoozed_until;
  IF NEW.action = ANY ('{confirm,reinstate}') THEN
    NEW.acknowledge_by := CASE WHEN step.to_state = 'raised' THEN NEW.happened_on + rung.acknowledge_days END;
    NEW.rectify_by := CASE WHEN step.to_state = 'raised' THEN NEW.happened_on + rung.rectify_days END;
    NEW.snoozed_until := NULL;
  ELSIF NEW.action = 'snooze' THEN
    BEGIN
      NEW.snoozed_until := (NEW.evidence ->> 'until')::date;
    EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
      NEW.snoozed_until := NULL;
    END;
    IF NEW.snoozed_until IS NULL OR NOT isfinite(NEW.snoozed_until) OR NEW.snoozed_until < NEW.happened_on THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('an escalation cannot be snoozed from %s until %s', NEW.happened_on, coalesce(quote_literal(NEW.evidence ->> 'until'), 'NULL')),
        DETAIL = 'A snooze has an end, on its first day or after it.',
        HINT = 'Pass {"until": "2023-08-31"} as evidence.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'evidence';
    END IF;
  ELSIF NEW.action = 'wake' OR NEW.to_state IS DISTINCT FROM NEW.from_state THEN
    NEW.snoozed_until := NULL;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.enter_escalation_event() IS 'Trigger: a step is one of escalation_step, taken by whom it is for, with what it needs; the rest of the event is filled in.';
-- The first one of each is entered with it, and none can take its number.
CREATE TRIGGER escalation_event_1_enter BEFORE INSERT ON @registry@.escalation_event
  FOR EACH ROW WHEN (NEW.ordinal IS DISTINCT FROM 1) EXECUTE FUNCTION @registry@.enter_escalation_event();

CREATE FUNCTION @registry@.apply_escalation_event() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  UPDATE @registry@.escalation AS e
    SET state = NEW.to_state, acknowledge_by = NEW.acknowledge_by, rectify_by = NEW.rectify_by, snoozed_until = NEW.snoozed_until
    WHERE e.id = NEW.escalation;
  RETURN NULL;
END
$body$;
COMMENT ON FUNCTION @registry@.apply_escalation_event() IS 'Trigger: an escalation has the state of its latest event.';
CREATE TRIGGER escalation_event_2_apply AFTER INSERT ON @registry@.escalation_event
  FOR EACH ROW WHEN (NEW.from_state IS NOT NULL) EXECUTE FUNCTION @registry@.apply_escalation_event();

-- ---------------------------------------------------- nothing but by events
CREATE FUNCTION @registry@.guard_escalation() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  latest @registry@.escalation_event;
BEGIN
  IF TG_OP <> 'UPDATE' OR TG_TABLE_NAME = 'escalation_event' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'restrict_violation',
      MESSAGE = format('rows of table "%s" are not %s', TG_TABLE_NAME, CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END),
      DETAIL = 'What was raised, and what became of it, is kept.',
      HINT = 'An authority can cancel an escalation: step_escalation(id, ''cancel'', reason).',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  SELECT v.* INTO latest FROM @registry@.escalation_event AS v WHERE v.escalation = OLD.id ORDER BY v.ordinal DESC LIMIT 1;
  IF (NEW.id, NEW.rule, NEW.rung, NEW.subject, NEW.unit, NEW.region, NEW.episode, NEW.caused_by, NEW.as_of, NEW.observed, NEW.fact_table, NEW.fact_key, NEW.raised_at, NEW.raised_by)
     IS DISTINCT FROM (OLD.id, OLD.rule, OLD.rung, OLD.subject, OLD.unit, OLD.region, OLD.episode, OLD.caused_by, OLD.as_of, OLD.observed, OLD.fact_table, OLD.fact_key, OLD.raised_at, OLD.raised_by)
     OR (NEW.state, NEW.acknowledge_by, NEW.rectify_by, NEW.snoozed_until) IS DISTINCT FROM (latest.to_state, latest.acknowledge_by, latest.rectify_by, latest.snoozed_until) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'restrict_violation',
      MESSAGE = format('escalation %s is changed by steps only', OLD.id),
      DETAIL = 'Its state and days are those of its latest event; all else is as it was raised.',
      HINT = 'Take a step: step_escalation(id, action, reason, evidence, on_day).',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_escalation() IS 'Trigger: escalations and their events are not removed, events not changed, and escalations changed by events only.';
CREATE TRIGGER escalation_3_guard BEFORE UPDATE OR DELETE ON @registry@.escalation
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_escalation();
CREATE TRIGGER escalation_4_guard BEFORE TRUNCATE ON @registry@.escalation
  FOR EACH STATEMENT EXECUTE FUNCTION @registry@.guard_escalation();
CREATE TRIGGER escalation_event_3_guard BEFORE UPDATE OR DELETE ON @registry@.escalation_event
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_escalation();
CREATE TRIGGER escalation_event_4_guard BEFORE TRUNCATE ON @registry@.escalation_event
  FOR EACH STATEMENT EXECUTE FUNCTION @registry@.guard_escalation();

CREATE FUNCTION @registry@.step_escalation(id bigint, action text, reason text DEFAULT NULL, evidence jsonb DEFAULT NULL, on_day date DEFAULT NULL, actor text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  state text;
BEGIN
  INSERT INTO @registry@.escalation_event AS v (escalation, action, actor, happened_on, reason, evidence)
    VALUES (step_escalation.id, step_escalation.action, coalesce(step_escalation.actor, CURRENT_USER), coalesce(on_day, @registry@.list_day()), step_escalation.reason, step_escalation.evidence)
    RETURNING v.to_state INTO state;
  RETURN state;
END
$body$;
COMMENT ON FUNCTION @registry@.step_escalation(bigint, text, text, jsonb, date, text) IS 'Take a step with an escalation: confirm, reject, deliver, acknowledge, rectify, return, verify, close, snooze or cancel it, with reason and evidence where the step needs them, on a day (left out: list_day()), by an actor (left out: the account). Gives the state afterwards.';

CREATE FUNCTION @registry@.enter_escalation_suppression() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  day date := lower(NEW.period);
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'period' <> to_jsonb(OLD) - 'period' OR lower(NEW.period) <> lower(OLD.period) OR upper(NEW.period) > upper(OLD.period))) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'restrict_violation',
      MESSAGE = format('suppression %s can only be shortened', OLD.id),
      HINT = 'End it earlier by its period, or enter another.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  ELSIF TG_OP = 'INSERT' THEN
    NEW.recorded_at := now();
    NEW.recorded_by := CURRENT_USER;
    NEW.region := coalesce(NEW.region, (SELECT u.region FROM @registry@.unit AS u WHERE u.code = coalesce(NEW.unit, substring(NEW.subject FROM '^unit:(.*)'))));
    -- of a rung that is not named: whoever decides on all of them
    IF @registry@.escalation_authority_of('', NEW.region, day) IS NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = format('role %I may not suppress escalations in %s', CURRENT_USER, coalesce('region ' || NEW.region::text, 'every region')),
        DETAIL = format('No authority that it acts for decides on all rungs there on %s, and still does today.', day),
        HINT = 'The office says who does, in the table escalation_authority.';
    END IF;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.enter_escalation_suppression() IS 'Trigger: a suppression is entered by whom escalation_authority entitles to all rungs there, and later only shortened.';
CREATE TRIGGER escalation_suppression_1_enter BEFORE INSERT OR UPDATE OR DELETE ON @registry@.escalation_suppression
  FOR EACH ROW EXECUTE FUNCTION @registry@.enter_escalation_suppression();

-- Days count from the day of the fact, so that ticks can be replayed. What is
-- entered late would be overdue when it is raised: those to whom it goes have
-- all the days of the ladder from the day on which it was entered. A day more
-- than a year before that is history played again, as if entered in time.
CREATE FUNCTION @registry@.escalation_grace(id bigint, on_day date) RETURNS integer
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE((
  SELECT greatest(0, r.entered_on - r.happened_on)
  FROM (
    SELECT v.happened_on, (v.recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS entered_on
    FROM @registry@.escalation_event AS v
    WHERE v.escalation = $1 AND v.happened_on <= $2 AND v.to_state = 'raised' AND v.action = ANY ('{raise,confirm,reinstate}')
    ORDER BY v.ordinal DESC LIMIT 1) AS r
  WHERE r.entered_on <= $2 + 366), 0);
COMMENT ON FUNCTION @registry@.escalation_grace(bigint, date) IS 'By how many days the limits of an escalation are later on a day than acknowledge_by and rectify_by say, because it was entered that many days after the day as of which it was found; 0 on days more than a year before it was entered.';
