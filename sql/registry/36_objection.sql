-- Objections to published results, each with its time limits, and the answers.

CREATE TABLE @registry@.objection_term (
  rubric text CONSTRAINT objection_term_rubric_fk REFERENCES @registry@.rubric_edition,
  programme text CONSTRAINT objection_term_programme_fk REFERENCES @registry@.programme,
  file_within integer NOT NULL CONSTRAINT objection_term_file_within_credible CHECK (file_within BETWEEN 1 AND 366),
  answer_within integer NOT NULL CONSTRAINT objection_term_answer_within_credible CHECK (answer_within BETWEEN 1 AND 366),
  working_days boolean NOT NULL,
  basis text CONSTRAINT objection_term_basis_not_blank CHECK (btrim(basis) <> ''),
  CONSTRAINT objection_term_of_one CHECK (num_nonnulls(rubric, programme) <= 1)
);
CREATE UNIQUE INDEX objection_term_once ON @registry@.objection_term (COALESCE(rubric, ''), COALESCE(programme, ''));
COMMENT ON TABLE @registry@.objection_term IS 'Time limits of objections: of a rubric; otherwise of the programme that the assessment names; otherwise the row of neither. No source states any: those that ship are ours, and an office changes them.';
COMMENT ON COLUMN @registry@.objection_term.rubric IS 'The rubric whose results it is for.';
COMMENT ON COLUMN @registry@.objection_term.programme IS 'The programme whose results it is for.';
COMMENT ON COLUMN @registry@.objection_term.file_within IS 'Days after publication in which an objection can be filed; the day of publication does not count.';
COMMENT ON COLUMN @registry@.objection_term.answer_within IS 'Days after filing in which it is to be answered; the day of filing does not count.';
COMMENT ON COLUMN @registry@.objection_term.working_days IS 'Whether working days count, by the calendar of the office; otherwise all days do, and a limit that ends on a day off ends on the next working day (Civil Code, art. 203).';
COMMENT ON COLUMN @registry@.objection_term.basis IS 'The document that says so.';
INSERT INTO @registry@.objection_term (file_within, answer_within, working_days) VALUES (5, 15, true);

CREATE TABLE @registry@.objection_outcome (
  code text CONSTRAINT objection_outcome_pk PRIMARY KEY CONSTRAINT objection_outcome_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  corrects boolean NOT NULL
);
COMMENT ON TABLE @registry@.objection_outcome IS 'How objections are answered. An office may add its own.';
COMMENT ON COLUMN @registry@.objection_outcome.corrects IS 'Whether something was put right: then the answer names the decision or the facts, and the result is to be revised.';
INSERT INTO @registry@.objection_outcome (code, label_zh, label_en, corrects) VALUES
  ('upheld', '异议成立', 'upheld', true),
  ('partly_upheld', '部分成立', 'upheld in part', true),
  ('rejected', '异议不成立', 'rejected', false),
  ('inadmissible', '不予受理', 'not admitted', false),
  ('withdrawn', '已撤回', 'withdrawn by the unit', false);

CREATE TABLE @registry@.objection (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT objection_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT objection_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  assessment bigint NOT NULL CONSTRAINT objection_assessment_fk REFERENCES @registry@.assessment,
  item text,
  rule integer,
  claim text NOT NULL CONSTRAINT objection_claim_not_blank CHECK (btrim(claim) <> ''),
  evidence text CONSTRAINT objection_evidence_not_blank CHECK (btrim(evidence) <> ''),
  filed_on date NOT NULL CONSTRAINT objection_filed_on_finite CHECK (isfinite(filed_on)),
  filed_by text NOT NULL CONSTRAINT objection_filed_by_not_blank CHECK (btrim(filed_by) <> ''),
  file_until date,
  answer_until date,
  late_reason text CONSTRAINT objection_late_reason_not_blank CHECK (btrim(late_reason) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT objection_result_fk FOREIGN KEY (assessment, unit) REFERENCES @registry@.assessment_unit,
  CONSTRAINT objection_item_fk FOREIGN KEY (assessment, unit, item, rule) REFERENCES @registry@.assessment_item,
  CONSTRAINT objection_rule_of_an_item CHECK ((rule IS NULL) = (item IS NULL)),
  CONSTRAINT objection_in_time CHECK (filed_on <= file_until OR late_reason IS NOT NULL),
  CONSTRAINT objection_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX objection_source_key ON @registry@.objection (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX objection_once ON @registry@.objection (assessment, unit, COALESCE(item, ''), COALESCE(rule, 0)) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.objection IS 'Objections of units to their published results. One in force for a result and a rule. Names of persons do not belong here.';
COMMENT ON COLUMN @registry@.objection.unit IS 'The unit that objects, to its own result.';
COMMENT ON COLUMN @registry@.objection.assessment IS 'The assessment.';
COMMENT ON COLUMN @registry@.objection.item IS 'The item; null: the result as a whole.';
COMMENT ON COLUMN @registry@.objection.rule IS 'The rule, by its place within the item.';
COMMENT ON COLUMN @registry@.objection.claim IS 'What it objects to, and what it asks for.';
COMMENT ON COLUMN @registry@.objection.evidence IS 'What shows it: documents, by number or place.';
COMMENT ON COLUMN @registry@.objection.filed_on IS 'Day on which it was filed.';
COMMENT ON COLUMN @registry@.objection.filed_by IS 'Who filed it for the unit.';
COMMENT ON COLUMN @registry@.objection.file_until IS 'Last day for filing, that of the assessment.';
COMMENT ON COLUMN @registry@.objection.answer_until IS 'Last day for the answer, set by the server; null: the calendar does not reach so far.';
COMMENT ON COLUMN @registry@.objection.late_reason IS 'Why it was taken after the last day; null: it was in time.';

CREATE TABLE @registry@.objection_answer (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT objection_answer_pk PRIMARY KEY,
  objection bigint NOT NULL CONSTRAINT objection_answer_objection_fk REFERENCES @registry@.objection,
  outcome text NOT NULL CONSTRAINT objection_answer_outcome_fk REFERENCES @registry@.objection_outcome,
  answered_on date NOT NULL CONSTRAINT objection_answer_answered_on_finite CHECK (isfinite(answered_on)),
  answered_by text NOT NULL CONSTRAINT objection_answer_answered_by_not_blank CHECK (btrim(answered_by) <> ''),
  reasons text NOT NULL CONSTRAINT objection_answer_reasons_not_blank CHECK (btrim(reasons) <> ''),
  decision bigint CONSTRAINT objection_answer_decision_fk REFERENCES @registry@.decision,
  facts text[] NOT NULL DEFAULT '{}' CONSTRAINT objection_answer_facts_named CHECK (array_position(facts, NULL) IS NULL),
  document_no text CONSTRAINT objection_answer_document_no_not_blank CHECK (btrim(document_no) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT objection_answer_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX objection_answer_source_key ON @registry@.objection_answer (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX objection_answer_once ON @registry@.objection_answer (objection) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.objection_answer IS 'Answers to objections, each with its reasons; one in force for an objection.';
COMMENT ON COLUMN @registry@.objection_answer.objection IS 'The objection.';
COMMENT ON COLUMN @registry@.objection_answer.outcome IS 'How it was answered; see objection_outcome.';
COMMENT ON COLUMN @registry@.objection_answer.answered_on IS 'Day of the answer.';
COMMENT ON COLUMN @registry@.objection_answer.answered_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.objection_answer.reasons IS 'Why.';
COMMENT ON COLUMN @registry@.objection_answer.decision IS 'The decision that puts it right: entered, or voided, after the result was sealed.';
COMMENT ON COLUMN @registry@.objection_answer.facts IS 'Keys of the facts that put it right, as table:id: voided, or entered, after the result was sealed.';
COMMENT ON COLUMN @registry@.objection_answer.document_no IS 'Number of the document.';

SELECT @registry@.guard_facts('{objection}', true);
SELECT @registry@.guard_facts('{objection_answer}', false);
SELECT @registry@.comment_code_lists('{objection_outcome}');
