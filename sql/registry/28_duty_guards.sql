-- Duties: what they may say, and whose they are. Missed ones: decided once,
-- otherwise kept as recorded.

CREATE FUNCTION @registry@.check_duty() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF EXISTS (SELECT FROM @registry@.measure AS m WHERE m.code = NEW.measure AND (m.relation <> 'missed' OR m.code IN ('checkin_missed', 'control_failure_or_checkin_missed'))) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('a missed duty cannot supply measure %L', NEW.measure),
      DETAIL = 'It supplies duty_missed, or a measure of an office''s own whose relation is missed.',
      HINT = 'Leave measure out, or add a measure with relation ''missed'' to the table measure first.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'measure';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_duty() IS 'Trigger: the measure of a duty must be one that missed duties supply.';
CREATE TRIGGER duty_1_check BEFORE INSERT OR UPDATE OF measure ON @registry@.duty
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_duty();

-- Whose duty it is, when it is recorded: a unit that later changes its kind
-- keeps what it did.
CREATE FUNCTION @registry@.check_duty_subject() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  of_duty @registry@.duty;
  named boolean := num_nonnulls(NEW.unit, NEW.contact_group, NEW.person) > 0;
  fits boolean;
BEGIN
  SELECT d.* INTO of_duty FROM @registry@.duty AS d WHERE d.id = NEW.duty;
  IF NOT FOUND THEN
    RETURN NEW;                 -- the foreign key says so
  END IF;
  IF TG_TABLE_NAME = 'duty_done' THEN
    IF num_nonnulls(of_duty.activity_kind, of_duty.activity_measure) > 0 THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('duty %s (%s) is done by activities', of_duty.id, of_duty.code),
        DETAIL = CASE WHEN of_duty.activity_kind IS NOT NULL THEN format('They are rows of the table activity of kind %s.', of_duty.activity_kind)
                      ELSE format('They are rows of the table activity that supply measure %s.', of_duty.activity_measure) END,
        HINT = 'Record the activity; it counts for the duty by itself.';
    END IF;
    IF NOT named THEN
      NEW.unit := of_duty.unit;
      NEW.contact_group := of_duty.contact_group;
      NEW.person := of_duty.person;
      named := num_nonnulls(NEW.unit, NEW.contact_group, NEW.person) > 0;
      IF NOT named THEN
        RAISE EXCEPTION USING
          ERRCODE = 'not_null_violation',
          MESSAGE = format('duty %s (%s) is the duty of many', of_duty.id, of_duty.code),
          DETAIL = 'The row does not say who did it.',
          HINT = CASE WHEN of_duty.unit_kind IS NOT NULL THEN 'Name the unit.' ELSE 'Name the contact_group.' END;
      END IF;
    END IF;
  END IF;
  fits := CASE
    WHEN NOT named THEN true
    WHEN NEW.unit IS NOT NULL THEN
      CASE WHEN of_duty.unit_kind IS NULL THEN NEW.unit = of_duty.unit
           ELSE EXISTS (SELECT FROM @registry@.unit AS u WHERE u.code = NEW.unit AND u.kind = of_duty.unit_kind
                        AND (of_duty.region IS NULL OR u.region OPERATOR(antifraud.<@) of_duty.region)) END
    WHEN NEW.contact_group IS NOT NULL THEN
      CASE WHEN of_duty.group_level IS NULL THEN NEW.contact_group = of_duty.contact_group
           ELSE EXISTS (SELECT FROM @registry@.contact_group AS g JOIN @registry@.unit AS u ON u.code = g.unit
                        WHERE g.code = NEW.contact_group AND g.level = of_duty.group_level
                        AND (of_duty.region IS NULL OR u.region OPERATOR(antifraud.<@) of_duty.region)) END
    ELSE NEW.person = of_duty.person END;
  IF fits IS NOT TRUE THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('duty %s (%s) is not the duty of %s', of_duty.id, of_duty.code,
                       coalesce('unit ' || quote_literal(NEW.unit), 'contact group ' || quote_literal(NEW.contact_group), 'person ' || NEW.person)),
      DETAIL = format('It is that of %s.', coalesce('unit ' || quote_literal(of_duty.unit), 'contact group ' || quote_literal(of_duty.contact_group), 'person ' || of_duty.person,
                 'each unit of kind ' || of_duty.unit_kind, 'each contact group of level ' || of_duty.group_level) || coalesce(' in region ' || of_duty.region::text, '')),
      HINT = 'Correct the row, or add a duty.';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_duty_subject() IS 'Trigger: what is recorded for a duty is recorded for one whose duty it is.';
CREATE TRIGGER duty_done_1_subject BEFORE INSERT ON @registry@.duty_done
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_duty_subject();
CREATE TRIGGER duty_pause_1_subject BEFORE INSERT ON @registry@.duty_pause
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_duty_subject();

-- A decision, once, by somebody, with a reason; nothing else of the row
-- changes with it, save the unit where none was known.
CREATE FUNCTION @registry@.guard_missed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  decision CONSTANT text[] := '{status,decided_at,decided_by,reason,unit}';
  disproved bigint;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.voided_at IS NOT NULL OR OLD.status <> 'proposed' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('missed row %s is %s already', OLD.id, CASE WHEN OLD.voided_at IS NULL THEN OLD.status ELSE 'void' END),
        DETAIL = coalesce(format('Since %s, by %s.', coalesce(OLD.voided_at, OLD.decided_at), coalesce(OLD.voided_by, OLD.decided_by)), ''),
        HINT = 'Void the row with void_fact(); where it is still missed, record_missed() proposes it anew.';
    ELSIF to_jsonb(OLD) - decision <> to_jsonb(NEW) - decision OR (OLD.unit IS NOT NULL AND OLD.unit IS DISTINCT FROM NEW.unit) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = format('a decision on missed row %s cannot change what was recorded', OLD.id),
        HINT = 'Set status and reason, or use decide_missed().';
    ELSIF NEW.status = 'approved' THEN
      SELECT w.id INTO disproved FROM @registry@.missed_disproved(OLD.kind, OLD.duty, OLD.person, OLD.contact_group, OLD.duty_unit) AS w
      WHERE w.id = OLD.id OR w.status = 'approved' ORDER BY w.id = OLD.id DESC, w.id LIMIT 1;
      IF disproved = OLD.id THEN
        RAISE EXCEPTION USING
          ERRCODE = 'object_not_in_prerequisite_state',
          MESSAGE = format('missed row %s cannot be approved: by what is known now it was not missed', OLD.id),
          DETAIL = 'Something was done, paused or ordered that was not known when it was proposed.',
          HINT = 'The next record_missed() withdraws it.';
      ELSIF FOUND THEN
        RAISE EXCEPTION USING
          ERRCODE = 'object_not_in_prerequisite_state',
          MESSAGE = format('missed row %s cannot be approved while row %s waits to be withdrawn', OLD.id, disproved),
          DETAIL = format('Row %s, of the same %s, is approved and by what is known now was not missed: both might count for one slot.', disproved,
                     CASE OLD.kind WHEN 'checkin' THEN 'person' ELSE 'duty' END),
          HINT = format('Withdraw it with withdraw_missed(%s, reason), or void what disproves it.', disproved);
      END IF;
    END IF;
  END IF;
  IF NEW.status = 'proposed' THEN
    NEW.decided_at := NULL;
  ELSE
    IF NEW.reason IS NULL OR btrim(NEW.reason) = '' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'not_null_violation',
        MESSAGE = format('missed row %s cannot be %s without a reason', NEW.id, NEW.status),
        HINT = 'Say why in a few words.';
    ELSIF NEW.status = 'approved' AND NEW.unit IS NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'not_null_violation',
        MESSAGE = format('missed row %s cannot be approved: no unit answers for it', NEW.id),
        DETAIL = format('The person has no unit, and region %s is not that of one unit alone.', NEW.region),
        HINT = 'Give the person a unit, then approve.';
    END IF;
    NEW.decided_at := CASE WHEN TG_OP = 'INSERT' THEN now() ELSE greatest(now(), OLD.recorded_at) END;
    NEW.decided_by := coalesce(NEW.decided_by, current_user);
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_missed() IS 'Trigger: a missed row is decided once, with a reason; the server says when.';
CREATE TRIGGER missed_1_decision BEFORE INSERT ON @registry@.missed
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_missed();
CREATE TRIGGER missed_1_decision_once BEFORE UPDATE ON @registry@.missed
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION @registry@.guard_missed();
CREATE TRIGGER missed_2_append_only BEFORE INSERT OR DELETE ON @registry@.missed
  FOR EACH ROW EXECUTE FUNCTION antifraud.append_only();
CREATE TRIGGER missed_2_append_only_update BEFORE UPDATE ON @registry@.missed
  FOR EACH ROW WHEN (OLD.status IS NOT DISTINCT FROM NEW.status) EXECUTE FUNCTION antifraud.append_only();
CREATE TRIGGER missed_3_append_only BEFORE TRUNCATE ON @registry@.missed
  FOR EACH STATEMENT EXECUTE FUNCTION antifraud.append_only();

SELECT @registry@.guard_facts('{duty_done,duty_pause}', false);
INSERT INTO @registry@.fact_table (name, of_unit) VALUES ('missed', false);
