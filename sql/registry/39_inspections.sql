-- Inspections of units' work, and the putting right of what they found.
-- Inspections are of units, announced or not; never of persons.

CREATE TABLE @registry@.inspection (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT inspection_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT inspection_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  inspected_on date NOT NULL CONSTRAINT inspection_inspected_on_finite CHECK (pg_catalog.isfinite(inspected_on)),
  announced boolean NOT NULL,
  body text CONSTRAINT inspection_body_fk REFERENCES @registry@.body,
  inspector text CONSTRAINT inspection_inspector_fk REFERENCES @registry@.unit CONSTRAINT inspection_not_of_itself CHECK (inspector OPERATOR(pg_catalog.<>) unit),
  programme text CONSTRAINT inspection_programme_fk REFERENCES @registry@.programme,
  report text CONSTRAINT inspection_report_not_blank CHECK (pg_catalog.btrim(report) OPERATOR(pg_catalog.<>) ''),
  reported_to text CONSTRAINT inspection_reported_to_not_blank CHECK (pg_catalog.btrim(reported_to) OPERATOR(pg_catalog.<>) ''),
  reported_on date CONSTRAINT inspection_reported_on_finite CHECK (pg_catalog.isfinite(reported_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT inspection_by_somebody CHECK (pg_catalog.num_nonnulls(body, inspector) OPERATOR(pg_catalog.>) 0),
  CONSTRAINT inspection_reported_after CHECK (reported_on OPERATOR(pg_catalog.>=) inspected_on),
  CONSTRAINT inspection_reported_to_somebody CHECK (pg_catalog.num_nulls(reported_to, reported_on) OPERATOR(pg_catalog.=) ANY ('{0,2}')),
  -- a finding names the inspection and its unit, and they must agree
  CONSTRAINT inspection_of_unit UNIQUE (id, unit),
  CONSTRAINT inspection_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX inspection_unit ON @registry@.inspection (unit, inspected_on);
CREATE UNIQUE INDEX inspection_source_key ON @registry@.inspection (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.inspection IS 'Inspections of the work of units, announced or unannounced: by an office, a team, a higher unit.';
COMMENT ON COLUMN @registry@.inspection.unit IS 'The unit that was inspected.';
COMMENT ON COLUMN @registry@.inspection.inspected_on IS 'Day of the inspection.';
COMMENT ON COLUMN @registry@.inspection.announced IS 'Whether the unit had been told before.';
COMMENT ON COLUMN @registry@.inspection.body IS 'The body that inspected; see body.';
COMMENT ON COLUMN @registry@.inspection.inspector IS 'The unit that inspected: the town, a department.';
COMMENT ON COLUMN @registry@.inspection.programme IS 'The programme on which it looked; null: on none in particular.';
COMMENT ON COLUMN @registry@.inspection.report IS 'Where the report is kept.';
COMMENT ON COLUMN @registry@.inspection.reported_to IS 'The post to which the result went straight: the heads of the group. No name.';
COMMENT ON COLUMN @registry@.inspection.reported_on IS 'Day on which it was reported.';

CREATE TABLE @registry@.inspection_party (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT inspection_party_pk PRIMARY KEY,
  inspection bigint NOT NULL CONSTRAINT inspection_party_inspection_fk REFERENCES @registry@.inspection,
  party text NOT NULL CONSTRAINT inspection_party_not_blank CHECK (pg_catalog.btrim(party) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT inspection_party_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX inspection_party_once ON @registry@.inspection_party (inspection, party) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX inspection_party_source_key ON @registry@.inspection_party (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.inspection_party IS 'The organs that took part in a joint inspection.';
COMMENT ON COLUMN @registry@.inspection_party.inspection IS 'The inspection.';
COMMENT ON COLUMN @registry@.inspection_party.party IS 'The organ: discipline inspection, supervision office. No name of a person.';

ALTER TABLE @registry@.finding ADD COLUMN inspection bigint;
ALTER TABLE @registry@.finding ADD CONSTRAINT finding_inspection_fk FOREIGN KEY (inspection, unit) REFERENCES @registry@.inspection (id, unit);
CREATE INDEX finding_inspection ON @registry@.finding (inspection) WHERE inspection IS NOT NULL;
COMMENT ON COLUMN @registry@.finding.inspection IS 'The inspection that found it; null: found otherwise, or not recorded.';

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('inspection', '督导检查', 'inspection', '次', 'inspection', 'inspection', 'An inspection of the work of the unit, on its day.'),
  ('spot_check', '不定期抽查、暗访', 'unannounced inspection', '次', 'inspection', 'inspection', 'An unannounced inspection of the work of the unit, on its day.'),
  ('work_problem', '工作问题', 'problem in the work', '个', 'problem', 'finding', 'A problem in the work that an inspection or a department''s own check found, and that is to be put right.'),
  ('rectification_late', '整改逾期', 'problem not put right in time', '个', 'problem', 'rectification', 'A problem that was not put right by its day, on that day; known from the day after, and no more once an entry shows that it was done in time.');
INSERT INTO @registry@.finding_kind (code, label_zh, label_en)
  SELECT m.code, m.label_zh, m.label_en FROM @registry@.measure AS m WHERE m.code OPERATOR(pg_catalog.=) 'work_problem';

CREATE TABLE @registry@.rectification (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT rectification_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT rectification_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  finding bigint NOT NULL CONSTRAINT rectification_finding_fk REFERENCES @registry@.finding,
  assigned_on date NOT NULL CONSTRAINT rectification_assigned_on_finite CHECK (pg_catalog.isfinite(assigned_on)),
  due_on date CONSTRAINT rectification_due_on_finite CHECK (pg_catalog.isfinite(due_on)),
  assigned_by text CONSTRAINT rectification_assigned_by_fk REFERENCES @registry@.unit,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT rectification_due_after_assigned CHECK (due_on OPERATOR(pg_catalog.>=) assigned_on),
  CONSTRAINT rectification_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX rectification_once ON @registry@.rectification (finding, unit) WHERE voided_at IS NULL;
CREATE INDEX rectification_unit ON @registry@.rectification (unit, due_on);
CREATE UNIQUE INDEX rectification_source_key ON @registry@.rectification (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.rectification IS 'Problems that were assigned to a unit to be put right. A longer time is a new row: void the first.';
COMMENT ON COLUMN @registry@.rectification.unit IS 'The unit that is to put it right; left out, that of the finding.';
COMMENT ON COLUMN @registry@.rectification.finding IS 'What was found wanting.';
COMMENT ON COLUMN @registry@.rectification.assigned_on IS 'Day on which it was assigned.';
COMMENT ON COLUMN @registry@.rectification.due_on IS 'Last day on which it is in time; null: no day was set, and it cannot be late.';
COMMENT ON COLUMN @registry@.rectification.assigned_by IS 'The unit that assigned it.';
COMMENT ON COLUMN @registry@.rectification.note IS 'What is to be done.';
CREATE TRIGGER rectification_0_unit BEFORE INSERT ON @registry@.rectification
  FOR EACH ROW WHEN (NEW.unit IS NULL) EXECUTE FUNCTION @registry@.take_unit('finding', 'id');

CREATE TABLE @registry@.rectification_result (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT rectification_result_pk PRIMARY KEY,
  rectification bigint NOT NULL CONSTRAINT rectification_result_rectification_fk REFERENCES @registry@.rectification,
  done_on date NOT NULL CONSTRAINT rectification_result_done_on_finite CHECK (pg_catalog.isfinite(done_on)),
  verified_on date CONSTRAINT rectification_result_verified_on_finite CHECK (pg_catalog.isfinite(verified_on)),
  verified_by text CONSTRAINT rectification_result_verified_by_fk REFERENCES @registry@.unit,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT rectification_result_verified_by_somebody CHECK (pg_catalog.num_nulls(verified_on, verified_by) OPERATOR(pg_catalog.=) ANY ('{0,2}')),
  CONSTRAINT rectification_result_verified_after CHECK (verified_on OPERATOR(pg_catalog.>=) done_on),
  CONSTRAINT rectification_result_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX rectification_result_rectification ON @registry@.rectification_result (rectification, done_on);
CREATE UNIQUE INDEX rectification_result_source_key ON @registry@.rectification_result (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.rectification_result IS 'That a problem was put right, and who verified it. One that was not is voided by who looked.';
COMMENT ON COLUMN @registry@.rectification_result.rectification IS 'What had been assigned.';
COMMENT ON COLUMN @registry@.rectification_result.done_on IS 'Day on which it was put right.';
COMMENT ON COLUMN @registry@.rectification_result.verified_on IS 'Day on which it was verified; null: not yet.';
COMMENT ON COLUMN @registry@.rectification_result.verified_by IS 'The unit that verified it.';
COMMENT ON COLUMN @registry@.rectification_result.note IS 'What was done.';

SELECT @registry@.guard_facts('{inspection,rectification}', true);
SELECT @registry@.guard_facts('{inspection_party,rectification_result}', false);
