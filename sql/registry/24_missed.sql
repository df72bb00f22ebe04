-- Check-ins and duties that were missed. A row is proposed from what is known
-- (76_missed.sql), approved or rejected once, and from its approval on it is a
-- fact. It is never changed otherwise, only voided.

CREATE TABLE @registry@.missed (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT missed_pk PRIMARY KEY,
  kind text NOT NULL CONSTRAINT missed_kind_known CHECK (kind OPERATOR(pg_catalog.=) ANY ('{checkin,duty}')),
  measure text NOT NULL CONSTRAINT missed_measure_fk REFERENCES @registry@.measure,
  duty bigint CONSTRAINT missed_duty_fk REFERENCES @registry@.duty,
  person bigint CONSTRAINT missed_person_fk REFERENCES @registry@.person,
  contact_group text CONSTRAINT missed_contact_group_fk REFERENCES @registry@.contact_group,
  duty_unit text CONSTRAINT missed_duty_unit_fk REFERENCES @registry@.unit,
  unit text CONSTRAINT missed_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  due_on date NOT NULL CONSTRAINT missed_due_on_finite CHECK (pg_catalog.isfinite(due_on)),
  as_of date NOT NULL CONSTRAINT missed_after_it_was_due CHECK (as_of OPERATOR(pg_catalog.>) due_on),
  status text NOT NULL DEFAULT 'proposed' CONSTRAINT missed_status_known CHECK (status OPERATOR(pg_catalog.=) ANY ('{proposed,approved,rejected}')),
  decided_at timestamptz,
  decided_by text,
  reason text CONSTRAINT missed_reason_not_blank CHECK (pg_catalog.btrim(reason) OPERATOR(pg_catalog.<>) ''),
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT missed_checkin_of_person CHECK (kind OPERATOR(pg_catalog.<>) 'checkin' OR (person IS NOT NULL AND pg_catalog.num_nonnulls(duty, contact_group, duty_unit) OPERATOR(pg_catalog.=) 0)),
  CONSTRAINT missed_duty_of_one CHECK (kind OPERATOR(pg_catalog.<>) 'duty' OR (duty IS NOT NULL AND pg_catalog.num_nonnulls(person, contact_group, duty_unit) OPERATOR(pg_catalog.=) 1)),
  CONSTRAINT missed_decision_complete CHECK (pg_catalog.num_nulls(decided_at, decided_by, reason) OPERATOR(pg_catalog.=) CASE WHEN status OPERATOR(pg_catalog.=) 'proposed' THEN 3 ELSE 0 END),
  CONSTRAINT missed_approved_for_a_unit CHECK (status OPERATOR(pg_catalog.<>) 'approved' OR unit IS NOT NULL),
  CONSTRAINT missed_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
-- One row a cause in force, whoever records it: two sessions that do so at
-- once meet in these.
CREATE UNIQUE INDEX missed_checkin_once ON @registry@.missed (person, due_on) WHERE kind OPERATOR(pg_catalog.=) 'checkin' AND voided_at IS NULL;
CREATE UNIQUE INDEX missed_duty_once ON @registry@.missed (duty, due_on, person, contact_group, duty_unit) NULLS NOT DISTINCT WHERE kind OPERATOR(pg_catalog.=) 'duty' AND voided_at IS NULL;
CREATE INDEX missed_unit ON @registry@.missed (unit, due_on);
-- a rubric that does not count them passes over them at no cost
CREATE INDEX missed_approved ON @registry@.missed (measure, unit, due_on) WHERE status OPERATOR(pg_catalog.=) 'approved';
CREATE INDEX missed_undecided ON @registry@.missed (due_on) WHERE status OPERATOR(pg_catalog.=) 'proposed' AND voided_at IS NULL;
COMMENT ON TABLE @registry@.missed IS 'Check-ins and duties that were not done in their time: proposed, then approved or rejected. An approved one is a fact.';
COMMENT ON COLUMN @registry@.missed.id IS 'Identity; not in order of time.';
COMMENT ON COLUMN @registry@.missed.kind IS 'checkin or duty.';
COMMENT ON COLUMN @registry@.missed.measure IS 'The measure that it supplies once approved.';
COMMENT ON COLUMN @registry@.missed.duty IS 'The duty; null for a check-in.';
COMMENT ON COLUMN @registry@.missed.person IS 'The monitored person who was not checked, or whom the duty is about.';
COMMENT ON COLUMN @registry@.missed.contact_group IS 'The message group whose duty it was.';
COMMENT ON COLUMN @registry@.missed.duty_unit IS 'The unit whose duty it was.';
COMMENT ON COLUMN @registry@.missed.unit IS 'The unit that answers for it, when it was recorded or approved; null: nobody knows, and it cannot be approved.';
COMMENT ON COLUMN @registry@.missed.region IS 'Where it belongs.';
COMMENT ON COLUMN @registry@.missed.due_on IS 'Last day on which it could be done in time: the day that counts.';
COMMENT ON COLUMN @registry@.missed.as_of IS 'The day as of which it was found missed.';
COMMENT ON COLUMN @registry@.missed.status IS 'proposed, approved or rejected. Decided once; void the row to have it proposed anew.';
COMMENT ON COLUMN @registry@.missed.decided_at IS 'When it was approved or rejected: since then it is a fact, or none. Set by the server.';
COMMENT ON COLUMN @registry@.missed.decided_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.missed.reason IS 'Why; the policy, where it approves at once.';

COMMENT ON COLUMN @registry@.missed.recorded_at IS 'When it was proposed: start of the transaction, set by the server.';
COMMENT ON COLUMN @registry@.missed.recorded_by IS 'Who had it proposed.';
COMMENT ON COLUMN @registry@.missed.voided_at IS 'When it was withdrawn, set by the server; null while it is in force.';
COMMENT ON COLUMN @registry@.missed.voided_by IS 'Who withdrew it.';
COMMENT ON COLUMN @registry@.missed.void_reason IS 'Why it was withdrawn.';
