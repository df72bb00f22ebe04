-- What a row about a person must fulfil beyond its own columns, and how a
-- suspension ends early.

CREATE FUNCTION @registry@.check_person() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  controlled boolean;
  born date := coalesce(antifraud.birth_date(NEW.citizen_id), NEW.born_on);
BEGIN
  IF NEW.region IS NULL THEN
    SELECT u.region INTO NEW.region FROM @registry@.unit AS u WHERE u.code = NEW.unit;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING
        ERRCODE = CASE WHEN NEW.unit IS NULL THEN 'not_null_violation' ELSE 'foreign_key_violation' END,
        MESSAGE = CASE WHEN NEW.unit IS NULL THEN 'a person needs a region or a unit' ELSE format('unit %L does not exist', NEW.unit) END,
        DETAIL = 'Which policy holds for a person, and in whose lists the person stands, follows from the region.',
        HINT = 'Give the region, or the code of a unit that has one.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'region';
    END IF;
  END IF;

  -- The constraint person_of_age says the same, but its message would carry
  -- the row, name and id included, into the server's log.
  IF born > NEW.enrolled_on
     OR (CASE WHEN NEW.citizen_id IS NOT NULL THEN antifraud.age(NEW.citizen_id, NEW.enrolled_on)
              ELSE date_part('year', age(NEW.enrolled_on::timestamp, born::timestamp)) END) < 18 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('a person under 18 cannot be enrolled on %s', NEW.enrolled_on),
      DETAIL = 'Records of juveniles are sealed (Criminal Procedure Law, art. 286) and no ground for control.',
      HINT = 'Compare the date of birth and enrolled_on; help for a minor is no business of this table.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, CONSTRAINT = 'person_of_age';
  END IF;

  SELECT s.controlled INTO controlled FROM @registry@.person_status AS s WHERE s.code = NEW.status;
  IF controlled = (NEW.ended_on IS NOT NULL) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = CASE WHEN controlled THEN format('a person of status %L cannot have an ended_on', NEW.status)
                     ELSE format('a person of status %L needs an ended_on', NEW.status) END,
      DETAIL = CASE WHEN controlled THEN format('The status is one of persons under control; ended_on is %s.', NEW.ended_on)
                    ELSE 'The status is one of persons no longer under control; ended_on is their last day under it.' END,
      HINT = 'Set status and ended_on together, in one statement.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'ended_on';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_person() IS 'Trigger: a person without a region takes the region of the unit; refuses minors, and a status that does not agree with ended_on.';

-- Not for the kept columns: they change with each check-in.
CREATE TRIGGER person_1_check BEFORE INSERT OR UPDATE OF citizen_id, born_on, status, unit, region, enrolled_on, ended_on ON @registry@.person
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_person();

CREATE FUNCTION @registry@.check_suspension() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  max_days integer;
BEGIN
  SELECT g.max_days INTO max_days FROM @registry@.suspension_ground AS g WHERE g.code = NEW.ground;
  IF max_days IS NULL THEN
    RETURN NEW;  -- without a limit; an unknown ground fails at its foreign key
  ELSIF NEW.ends_on IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('a suspension on the ground %L needs an end', NEW.ground),
      DETAIL = format('It may last at most %s days.', max_days),
      HINT = format('Set ends_on to its last day, %s at the latest.', NEW.starts_on + (max_days - 1)),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'ends_on';
  ELSIF NEW.ends_on - NEW.starts_on >= max_days THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('a suspension from %s to %s is too long for the ground %L', NEW.starts_on, NEW.ends_on, NEW.ground),
      DETAIL = format('It lasts %s days; the ground allows %s.', NEW.ends_on - NEW.starts_on + 1, max_days),
      HINT = format('End it on %s at the latest; a longer absence needs an approval of its own.', NEW.starts_on + (max_days - 1)),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'ends_on';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_suspension() IS 'Trigger: refuses a suspension that is longer than its ground allows.';

CREATE TRIGGER suspension_1_length BEFORE INSERT ON @registry@.suspension
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_suspension();

CREATE FUNCTION @registry@.end_suspension(id bigint, on_day date, reason text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  old @registry@.suspension;
  new_id bigint;
BEGIN
  SELECT * INTO old FROM @registry@.suspension AS s WHERE s.id = end_suspension.id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('table suspension has no row %s', coalesce(id::text, 'NULL')),
      DETAIL = 'Either it does not exist, or you may not see or change it.',
      HINT = 'Look the id up in the table.';
  ELSIF old.voided_at IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('suspension %s is void already', id),
      DETAIL = format('It was voided at %s: %s', old.voided_at, old.void_reason),
      HINT = 'End the suspension that replaced it, if any.';
  ELSIF on_day IS NULL OR NOT isfinite(on_day) OR on_day < old.starts_on OR on_day > old.ends_on THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('suspension %s cannot end on %s', id, coalesce(on_day::text, 'NULL')),
      DETAIL = format('It runs from %s to %s; on_day is to be its last day.', old.starts_on, coalesce(old.ends_on::text, 'an open end')),
      HINT = 'If it never began, void it; if it lasts longer, record another one with its own approval.';
  ELSIF on_day = old.ends_on THEN
    RETURN id;  -- said before
  END IF;
  -- kept as it was recorded, and replaced: both in this transaction
  UPDATE @registry@.suspension AS s SET void_reason = coalesce(reason, '') WHERE s.id = end_suspension.id;
  INSERT INTO @registry@.suspension (person, ground, starts_on, ends_on, approver, basis, source_key)
    VALUES (old.person, old.ground, old.starts_on, on_day, old.approver, old.basis, old.source_key)
    RETURNING suspension.id INTO new_id;
  RETURN new_id;
END
$body$;
COMMENT ON FUNCTION @registry@.end_suspension(bigint, date, text) IS 'End a suspension early, or one without an end: on_day is its last day. The row is voided with the reason and replaced; gives the id of the new one.';

SELECT @registry@.guard_facts('{tier_change,checkin,suspension,control_plan}', false);
SELECT @registry@.comment_code_lists('{document_kind,person_category,person_status,tier,checkin_method,suspension_ground}');
