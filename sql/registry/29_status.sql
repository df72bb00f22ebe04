-- The status of persons as of any day: how it changed, when and why. status and
-- ended_on of the person follow from it, and 70_next_due.sql reads from it
-- when nothing was due. A table of facts as in 20_facts.sql.

-- The unit and region of a person, as they are when the fact is recorded.
CREATE FUNCTION @registry@.complete_person_fact() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  who record;
BEGIN
  -- not the whole row: the clerk need not see names
  SELECT p.unit, p.region INTO who FROM @registry@.person AS p WHERE p.id = NEW.person;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('person %s does not exist', coalesce(NEW.person::text, 'NULL')),
      DETAIL = 'Either there is no such row in the table person, or you may not see it.',
      HINT = 'Look the id up in the table person.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'person';
  END IF;
  NEW.region := coalesce(NEW.region, who.region);
  NEW.unit := coalesce(NEW.unit, @registry@.answering_unit(who.unit, who.region));
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_person_fact() IS 'Trigger: a fact about a person takes the region of the person, and the unit that answers, where they are left out.';

CREATE TABLE @registry@.status_change (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT status_change_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT status_change_person_fk REFERENCES @registry@.person,
  unit text CONSTRAINT status_change_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  from_status text NOT NULL CONSTRAINT status_change_from_status_fk REFERENCES @registry@.person_status,
  status text NOT NULL CONSTRAINT status_change_status_fk REFERENCES @registry@.person_status,
  changed_on date NOT NULL CONSTRAINT status_change_changed_on_finite CHECK (isfinite(changed_on)),
  reason text NOT NULL CONSTRAINT status_change_reason_not_blank CHECK (btrim(reason) <> ''),
  basis text,
  decided_by text NOT NULL CONSTRAINT status_change_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT status_change_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX status_change_source_key ON @registry@.status_change (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX status_change_once_a_day ON @registry@.status_change (person, changed_on) WHERE voided_at IS NULL;
CREATE INDEX status_change_unit ON @registry@.status_change (unit, status, changed_on);
COMMENT ON TABLE @registry@.status_change IS 'How the status of persons changed: persuaded to return, taken off the list, listed again. status and ended_on of the person follow; at most one change in force for a person and a day.';
COMMENT ON COLUMN @registry@.status_change.person IS 'The person.';
COMMENT ON COLUMN @registry@.status_change.unit IS 'The unit that answered for the person when this was recorded; null: none.';
COMMENT ON COLUMN @registry@.status_change.region IS 'Where the person was under control then.';
COMMENT ON COLUMN @registry@.status_change.from_status IS 'The status before, filled in, as it was known then.';
COMMENT ON COLUMN @registry@.status_change.status IS 'The new status; see person_status.';
COMMENT ON COLUMN @registry@.status_change.changed_on IS 'First day of the new status; where it ends control, the last day under control as well.';
COMMENT ON COLUMN @registry@.status_change.reason IS 'Why.';
COMMENT ON COLUMN @registry@.status_change.basis IS 'Document or provision that it rests on.';
COMMENT ON COLUMN @registry@.status_change.decided_by IS 'Who decided.';

CREATE FUNCTION @registry@.person_status_recorded(person bigint, OUT status text, OUT ended_on date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT l.status, CASE WHEN NOT l.controlled THEN (
      SELECT min(o.changed_on) FROM @registry@.status_change AS o
      WHERE o.person = $1 AND o.voided_at IS NULL AND o.changed_on > COALESCE((
        SELECT max(b.changed_on) FROM @registry@.status_change AS b
        JOIN @registry@.person_status AS k ON k.code = b.status
        WHERE b.person = $1 AND b.voided_at IS NULL AND k.controlled), DATE '-infinity')) END
  FROM (SELECT c.status, k.controlled FROM @registry@.status_change AS c
        JOIN @registry@.person_status AS k ON k.code = c.status
        WHERE c.person = $1 AND c.voided_at IS NULL
        ORDER BY c.changed_on DESC LIMIT 1) AS l;
END;
COMMENT ON FUNCTION @registry@.person_status_recorded(bigint) IS 'Status and last day under control of a person by the changes in force; null: none is recorded, and what the row of the person says holds.';

CREATE FUNCTION @registry@.complete_status_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  who record;
BEGIN
  -- two changes at once wait for each other here
  SELECT p.enrolled_on, p.ended_on, p.status, p.recorded_by INTO who FROM @registry@.person AS p WHERE p.id = NEW.person FOR NO KEY UPDATE;
  IF NEW.changed_on < who.enrolled_on THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('the status of person %s cannot change on %s', NEW.person, NEW.changed_on),
      DETAIL = format('Control began on %s.', who.enrolled_on),
      HINT = 'Correct the day, or enrolled_on of the person.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'changed_on';
  END IF;
  IF who.ended_on IS NOT NULL AND (NEW.status, NEW.changed_on) IS DISTINCT FROM (who.status, who.ended_on)
     AND NOT EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person = NEW.person AND c.voided_at IS NULL) THEN
    -- entered on the person only: from now on that belongs to the history
    INSERT INTO @registry@.status_change (person, status, changed_on, reason, decided_by)
      VALUES (NEW.person, who.status, who.ended_on, 'as the row of the person said', who.recorded_by);
  END IF;
  NEW.from_status := coalesce(
    (SELECT c.status FROM @registry@.status_change AS c
     WHERE c.person = NEW.person AND c.voided_at IS NULL AND c.changed_on < NEW.changed_on ORDER BY c.changed_on DESC LIMIT 1),
    (SELECT c.from_status FROM @registry@.status_change AS c
     WHERE c.person = NEW.person AND c.voided_at IS NULL ORDER BY c.changed_on LIMIT 1),
    CASE WHEN who.ended_on IS NULL THEN who.status ELSE 'listed' END);
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_status_change() IS 'Trigger: a change of status knows the status before it, and does not precede enrolment.';
CREATE TRIGGER status_change_0_person BEFORE INSERT ON @registry@.status_change
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_person_fact();
CREATE TRIGGER status_change_1_history BEFORE INSERT ON @registry@.status_change
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_status_change();

CREATE FUNCTION @registry@.apply_status_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  recorded record;
BEGIN
  PERFORM FROM @registry@.person AS p WHERE p.id = NEW.person FOR NO KEY UPDATE;
  SELECT r.status, r.ended_on INTO recorded FROM @registry@.person_status_recorded(NEW.person) AS r;
  IF recorded.status IS NULL THEN
    -- none left: as it was before the first of those withdrawn last
    recorded.status := coalesce((SELECT c.from_status FROM @registry@.status_change AS c JOIN @registry@.person_status AS k ON k.code = c.from_status
                                 WHERE c.person = NEW.person AND k.controlled ORDER BY c.voided_at DESC, c.changed_on LIMIT 1), 'listed');
  END IF;
  UPDATE @registry@.person AS p SET status = recorded.status, ended_on = recorded.ended_on
    WHERE p.id = NEW.person AND (p.status, p.ended_on) IS DISTINCT FROM (recorded.status, recorded.ended_on);
  RETURN NULL;
END
$body$;
COMMENT ON FUNCTION @registry@.apply_status_change() IS 'Trigger: status and ended_on of a person follow the changes of status in force.';
CREATE TRIGGER status_change_4_apply AFTER INSERT OR UPDATE ON @registry@.status_change
  FOR EACH ROW EXECUTE FUNCTION @registry@.apply_status_change();

CREATE FUNCTION @registry@.check_person_status() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  recorded record;
BEGIN
  SELECT r.status, r.ended_on INTO recorded FROM @registry@.person_status_recorded(NEW.id) AS r;
  IF recorded.status IS NOT NULL AND (NEW.status, NEW.ended_on) IS DISTINCT FROM (recorded.status, recorded.ended_on) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('the status of person %s follows from the table status_change', NEW.id),
      DETAIL = format('By the changes in force it is %s%s.', recorded.status, coalesce(', control having ended on ' || recorded.ended_on, '')),
      HINT = 'Insert a row into status_change, or void one.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'status';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_person_status() IS 'Trigger: once a person has changes of status, status and ended_on are not changed past them.';
CREATE TRIGGER person_2_status BEFORE UPDATE OF status, ended_on ON @registry@.person
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.ended_on IS DISTINCT FROM NEW.ended_on)
  EXECUTE FUNCTION @registry@.check_person_status();

-- Whoever was taken off the list and listed again was not under control in
-- between: nothing was due on these days.
CREATE VIEW @registry@.status_gap WITH (security_invoker = true) AS
  SELECT c.person, c.changed_on + 1 AS starts_on, n.changed_on - CASE WHEN n.controlled THEN 1 ELSE 0 END AS ends_on
  FROM @registry@.status_change AS c
  JOIN @registry@.person_status AS k ON k.code = c.status AND NOT k.controlled
  CROSS JOIN LATERAL (
    SELECT x.changed_on, y.controlled
    FROM @registry@.status_change AS x
    JOIN @registry@.person_status AS y ON y.code = x.status
    WHERE x.person = c.person AND x.voided_at IS NULL AND x.changed_on > c.changed_on
    ORDER BY x.changed_on LIMIT 1
  ) AS n
  WHERE c.voided_at IS NULL AND c.changed_on + 1 <= n.changed_on - CASE WHEN n.controlled THEN 1 ELSE 0 END;
COMMENT ON VIEW @registry@.status_gap IS 'Days between the end of a person''s control and its beginning anew: nothing is due on them, as in a suspension.';
COMMENT ON COLUMN @registry@.status_gap.person IS 'The person.';
COMMENT ON COLUMN @registry@.status_gap.starts_on IS 'First day.';
COMMENT ON COLUMN @registry@.status_gap.ends_on IS 'Last day.';

SELECT @registry@.guard_facts('{status_change}', false);
