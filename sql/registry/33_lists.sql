-- Lists of persons that come from above: passed on to towns, accepted or sent
-- back, and the base of the rates of persons returned and taken off the list.

CREATE TABLE @registry@.person_list_purpose (
  code text CONSTRAINT person_list_purpose_pk PRIMARY KEY CONSTRAINT person_list_purpose_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.person_list_purpose IS 'What a list is for. An office may add its own.';
INSERT INTO @registry@.person_list_purpose (code, label_zh, label_en) VALUES
  ('reduction', '核减', 'to be taken off the list'),
  ('return', '劝返', 'to be persuaded to return'),
  ('control', '列管', 'to be kept under control');

CREATE TABLE @registry@.person_list (
  code text CONSTRAINT person_list_pk PRIMARY KEY CONSTRAINT person_list_code_not_blank CHECK (btrim(code) <> ''),
  programme text CONSTRAINT person_list_programme_fk REFERENCES @registry@.programme,
  purpose text NOT NULL CONSTRAINT person_list_purpose_fk REFERENCES @registry@.person_list_purpose,
  title text NOT NULL CONSTRAINT person_list_title_not_blank CHECK (btrim(title) <> ''),
  region antifraud.region,
  issued_by text NOT NULL CONSTRAINT person_list_issued_by_not_blank CHECK (btrim(issued_by) <> ''),
  issued_on date NOT NULL CONSTRAINT person_list_issued_on_finite CHECK (isfinite(issued_on)),
  frozen_on date CONSTRAINT person_list_frozen_on_finite CHECK (isfinite(frozen_on)),
  CONSTRAINT person_list_frozen_after_issue CHECK (frozen_on >= issued_on)
);
COMMENT ON TABLE @registry@.person_list IS 'Lists of persons that an authority issued: the base of a rate.';
COMMENT ON COLUMN @registry@.person_list.code IS 'Code of the list.';
COMMENT ON COLUMN @registry@.person_list.programme IS 'The programme that it belongs to; null: none.';
COMMENT ON COLUMN @registry@.person_list.purpose IS 'What it is for; see person_list_purpose.';
COMMENT ON COLUMN @registry@.person_list.title IS 'Title.';
COMMENT ON COLUMN @registry@.person_list.region IS 'For which region; null: everywhere.';
COMMENT ON COLUMN @registry@.person_list.issued_by IS 'Who issued it.';
COMMENT ON COLUMN @registry@.person_list.issued_on IS 'When.';
COMMENT ON COLUMN @registry@.person_list.frozen_on IS 'Persons added after this day are late: they do not count in the rate, but in its other reading. Null: not frozen, all count.';

CREATE TABLE @registry@.person_list_entry (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT person_list_entry_pk PRIMARY KEY,
  list text NOT NULL CONSTRAINT person_list_entry_list_fk REFERENCES @registry@.person_list,
  person bigint NOT NULL CONSTRAINT person_list_entry_person_fk REFERENCES @registry@.person,
  added_on date NOT NULL CONSTRAINT person_list_entry_added_on_finite CHECK (isfinite(added_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT person_list_entry_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX person_list_entry_source_key ON @registry@.person_list_entry (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX person_list_entry_once ON @registry@.person_list_entry (list, person) WHERE voided_at IS NULL;
CREATE INDEX person_list_entry_person ON @registry@.person_list_entry (person);
COMMENT ON TABLE @registry@.person_list_entry IS 'Persons on a list. A person may stand on several.';
COMMENT ON COLUMN @registry@.person_list_entry.list IS 'The list.';
COMMENT ON COLUMN @registry@.person_list_entry.person IS 'The person.';
COMMENT ON COLUMN @registry@.person_list_entry.added_on IS 'Day on which the person came onto it.';

CREATE TABLE @registry@.person_list_step (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT person_list_step_pk PRIMARY KEY,
  entry bigint NOT NULL CONSTRAINT person_list_step_entry_fk REFERENCES @registry@.person_list_entry,
  step text NOT NULL CONSTRAINT person_list_step_known CHECK (step = ANY ('{passed_on,accepted,sent_back}')),
  done_on date NOT NULL CONSTRAINT person_list_step_done_on_finite CHECK (isfinite(done_on)),
  to_unit text CONSTRAINT person_list_step_to_unit_fk REFERENCES @registry@.unit,
  reason text CONSTRAINT person_list_step_reason_not_blank CHECK (btrim(reason) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT person_list_step_passed_to_somebody CHECK ((step = 'passed_on') = (to_unit IS NOT NULL)),
  CONSTRAINT person_list_step_sent_back_why CHECK (step <> 'sent_back' OR reason IS NOT NULL),
  CONSTRAINT person_list_step_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX person_list_step_source_key ON @registry@.person_list_step (source_key) WHERE voided_at IS NULL;
CREATE INDEX person_list_step_entry ON @registry@.person_list_step (entry, done_on, id);
COMMENT ON TABLE @registry@.person_list_step IS 'The way of an entry from the county to a town: passed on, accepted, or sent back with a reason and passed on again.';
COMMENT ON COLUMN @registry@.person_list_step.entry IS 'The entry.';
COMMENT ON COLUMN @registry@.person_list_step.step IS 'passed_on, accepted or sent_back.';
COMMENT ON COLUMN @registry@.person_list_step.done_on IS 'When.';
COMMENT ON COLUMN @registry@.person_list_step.to_unit IS 'The town or other unit to which it was passed on.';
COMMENT ON COLUMN @registry@.person_list_step.reason IS 'Why it was sent back.';

CREATE FUNCTION @registry@.check_person_list_step() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  before record;
BEGIN
  PERFORM FROM @registry@.person_list_entry AS e WHERE e.id = NEW.entry FOR NO KEY UPDATE;
  SELECT s.step, s.done_on INTO before FROM @registry@.person_list_step AS s
    WHERE s.entry = NEW.entry AND s.voided_at IS NULL ORDER BY s.done_on DESC, s.id DESC LIMIT 1;
  IF before.done_on > NEW.done_on OR (NEW.step <> 'passed_on' AND before.step IS DISTINCT FROM 'passed_on') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('entry %s cannot be %s on %s', NEW.entry, replace(NEW.step, '_', ' '), NEW.done_on),
      DETAIL = coalesce('It was ' || replace(before.step, '_', ' ') || ' on ' || before.done_on || '.', 'It was not passed on to anybody.'),
      HINT = 'An entry is passed on first, then accepted or sent back, in the order of days; void a step that is wrong.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'step';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_person_list_step() IS 'Trigger: an entry is accepted or sent back by whom it was passed on to, in the order of days.';
CREATE TRIGGER person_list_step_1_order BEFORE INSERT ON @registry@.person_list_step
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_person_list_step();

SELECT @registry@.guard_facts('{person_list_entry,person_list_step}', false);
SELECT @registry@.comment_code_lists('{person_list_purpose}');

CREATE VIEW @registry@.listed_person (list, purpose, person, region, added_on, late, recorded_at, voided_at) WITH (security_invoker = true) AS
SELECT e.list, l.purpose, e.person, p.region, e.added_on, COALESCE(e.added_on > l.frozen_on, false), e.recorded_at, e.voided_at
FROM @registry@.person_list_entry AS e
JOIN @registry@.person_list AS l ON l.code = e.list
JOIN @registry@.person AS p ON p.id = e.person;
COMMENT ON VIEW @registry@.listed_person IS 'Who stands on which list. Targets on lists take their denominator from it.';
COMMENT ON COLUMN @registry@.listed_person.list IS 'The list.';
COMMENT ON COLUMN @registry@.listed_person.purpose IS 'What the list is for: reduction, return or control.';
COMMENT ON COLUMN @registry@.listed_person.person IS 'The person.';
COMMENT ON COLUMN @registry@.listed_person.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.listed_person.added_on IS 'Day on which the person was added.';
COMMENT ON COLUMN @registry@.listed_person.late IS 'Whether that was after the list had been frozen.';
COMMENT ON COLUMN @registry@.listed_person.recorded_at IS 'Since when it was known.';
COMMENT ON COLUMN @registry@.listed_person.voided_at IS 'When it was withdrawn; null while it is in force.';

CREATE VIEW @registry@.listed_result (purpose, person, changed_on, source_key, reached, recorded_at, voided_at) WITH (security_invoker = true) AS
SELECT 'reduction'::text, c.person, c.changed_on, c.id, c.status = 'reduced', c.recorded_at, c.voided_at
FROM @registry@.status_change AS c
UNION ALL
-- who was persuaded to return stays so until gone abroad again
SELECT 'return', c.person, c.changed_on, c.id, c.status = 'returned', c.recorded_at, c.voided_at
FROM @registry@.status_change AS c
WHERE c.status = ANY ('{abroad,returned}')
UNION ALL
SELECT 'control', c.person, c.changed_on, c.id, s.controlled, c.recorded_at, c.voided_at
FROM @registry@.status_change AS c
JOIN @registry@.person_status AS s ON s.code = c.status;
COMMENT ON VIEW @registry@.listed_result IS 'Changes of status of persons, and whether each reaches what a list is for. The last one up to a day counts; of one day, the one with the highest source_key.';
COMMENT ON COLUMN @registry@.listed_result.purpose IS 'What a list is for: reduction, return or control.';
COMMENT ON COLUMN @registry@.listed_result.person IS 'The person.';
COMMENT ON COLUMN @registry@.listed_result.changed_on IS 'Day of the change.';
COMMENT ON COLUMN @registry@.listed_result.source_key IS 'Identity of the row that says so.';
COMMENT ON COLUMN @registry@.listed_result.reached IS 'Whether the person then counts as taken off the list, or as returned.';
COMMENT ON COLUMN @registry@.listed_result.recorded_at IS 'Since when it was known.';
COMMENT ON COLUMN @registry@.listed_result.voided_at IS 'When it was withdrawn; null while it is in force.';
