-- Titles, what results were used for, reviews of cases and self-assessments:
-- tables of facts as in 20_facts.sql, and the facts that they supply.

CREATE TABLE @registry@.certificate_kind (
  code text CONSTRAINT certificate_kind_pk PRIMARY KEY CONSTRAINT certificate_kind_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  fraud_free boolean NOT NULL
);
COMMENT ON TABLE @registry@.certificate_kind IS 'Kinds of title. An office may add its own.';
COMMENT ON COLUMN @registry@.certificate_kind.fraud_free IS 'Whether it says that there was no case, no suspect and no den: then targets count it, and award_certificate() gives it to nobody else.';
INSERT INTO @registry@.certificate_kind (code, label_zh, label_en, fraud_free) VALUES
  ('three_zeros', '“无诈”单元', 'fraud-free unit', true),
  ('advanced', '创建活动先进单位', 'advanced unit', false);

CREATE TABLE @registry@.certificate (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT certificate_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT certificate_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  programme text NOT NULL CONSTRAINT certificate_programme_fk REFERENCES @registry@.programme,
  kind text NOT NULL DEFAULT 'three_zeros' CONSTRAINT certificate_kind_fk REFERENCES @registry@.certificate_kind,
  period_from date NOT NULL CONSTRAINT certificate_period_from_finite CHECK (isfinite(period_from)),
  period_to date NOT NULL CONSTRAINT certificate_period_to_finite CHECK (isfinite(period_to)),
  awarded_on date NOT NULL CONSTRAINT certificate_awarded_on_finite CHECK (isfinite(awarded_on)),
  awarded_by text NOT NULL DEFAULT CURRENT_USER CONSTRAINT certificate_awarded_by_not_blank CHECK (btrim(awarded_by) <> ''),
  document_no text CONSTRAINT certificate_document_no_not_blank CHECK (btrim(document_no) <> ''),
  known_at timestamptz,
  evidence jsonb CONSTRAINT certificate_evidence_is_object CHECK (jsonb_typeof(evidence) = 'object'),
  assessment bigint,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT certificate_period_in_order CHECK (period_from <= period_to),
  -- the last day may bring a case
  CONSTRAINT certificate_after_period CHECK (awarded_on > period_to),
  CONSTRAINT certificate_evidence_dated CHECK ((evidence IS NULL) = (known_at IS NULL)),
  CONSTRAINT certificate_sealed_result_fk FOREIGN KEY (assessment, unit) REFERENCES @registry@.assessment_unit,
  CONSTRAINT certificate_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE INDEX certificate_unit ON @registry@.certificate (unit, period_to);
CREATE UNIQUE INDEX certificate_once ON @registry@.certificate (programme, kind, unit, period_from) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX certificate_source_key ON @registry@.certificate (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.certificate IS 'Titles that units were given for a period that is over. award_certificate() enters the evidence; a title from elsewhere may come without. A title that no longer holds is revoked, not changed.';
COMMENT ON COLUMN @registry@.certificate.programme IS 'The programme under which it was given.';
COMMENT ON COLUMN @registry@.certificate.kind IS 'Kind of title; see certificate_kind.';
COMMENT ON COLUMN @registry@.certificate.period_from IS 'First day of the period that it is for.';
COMMENT ON COLUMN @registry@.certificate.period_to IS 'Last day of the period that it is for.';
COMMENT ON COLUMN @registry@.certificate.awarded_on IS 'Day of the award, after that period.';
COMMENT ON COLUMN @registry@.certificate.awarded_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.certificate.document_no IS 'Number of the document that announced it.';
COMMENT ON COLUMN @registry@.certificate.known_at IS 'The moment as of whose knowledge the evidence is; null: without evidence.';
COMMENT ON COLUMN @registry@.certificate.evidence IS 'What was counted in the period: cases, suspects, dens, as numbers; looked_at: the keys of rows of these kinds that did not count, since they were withdrawn or cleared.';
COMMENT ON COLUMN @registry@.certificate.assessment IS 'The published result that it was given for, in which the unit was judged; null: none.';

CREATE TABLE @registry@.certificate_revocation (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT certificate_revocation_pk PRIMARY KEY,
  certificate bigint NOT NULL CONSTRAINT certificate_revocation_certificate_fk REFERENCES @registry@.certificate,
  revoked_on date NOT NULL CONSTRAINT certificate_revocation_revoked_on_finite CHECK (isfinite(revoked_on)),
  decided_by text NOT NULL DEFAULT CURRENT_USER CONSTRAINT certificate_revocation_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  reason text NOT NULL CONSTRAINT certificate_revocation_reason_not_blank CHECK (btrim(reason) <> ''),
  document_no text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT certificate_revocation_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX certificate_revocation_once ON @registry@.certificate_revocation (certificate) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX certificate_revocation_source_key ON @registry@.certificate_revocation (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.certificate_revocation IS 'Titles taken back, each once; void the row where that was wrong.';
COMMENT ON COLUMN @registry@.certificate_revocation.certificate IS 'The title.';
COMMENT ON COLUMN @registry@.certificate_revocation.revoked_on IS 'Day of the decision.';
COMMENT ON COLUMN @registry@.certificate_revocation.decided_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.certificate_revocation.reason IS 'Why.';
COMMENT ON COLUMN @registry@.certificate_revocation.document_no IS 'Number of the document.';

CREATE TABLE @registry@.case_review (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT case_review_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT case_review_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  fraud_case bigint NOT NULL CONSTRAINT case_review_case_fk REFERENCES @registry@.fraud_case,
  officer bigint CONSTRAINT case_review_officer_fk REFERENCES @registry@.officer,
  reviewed_on date NOT NULL CONSTRAINT case_review_reviewed_on_finite CHECK (isfinite(reviewed_on)),
  reviewed_by text NOT NULL DEFAULT CURRENT_USER CONSTRAINT case_review_reviewed_by_not_blank CHECK (btrim(reviewed_by) <> ''),
  publicity_done boolean NOT NULL,
  result text NOT NULL CONSTRAINT case_review_result_not_blank CHECK (btrim(result) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT case_review_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE INDEX case_review_case ON @registry@.case_review (fraud_case);
CREATE INDEX case_review_unit ON @registry@.case_review (unit, reviewed_on);
CREATE UNIQUE INDEX case_review_once ON @registry@.case_review (fraud_case, unit) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX case_review_source_key ON @registry@.case_review (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.case_review IS 'Double review of a case: had the department or unit that answers for publicity done it. One in force for a case and a unit.';
COMMENT ON COLUMN @registry@.case_review.unit IS 'The department or unit that was reviewed.';
COMMENT ON COLUMN @registry@.case_review.fraud_case IS 'The case.';
COMMENT ON COLUMN @registry@.case_review.officer IS 'Who was responsible for the publicity there; null: nobody in particular.';
COMMENT ON COLUMN @registry@.case_review.reviewed_on IS 'Day of the review.';
COMMENT ON COLUMN @registry@.case_review.reviewed_by IS 'Who reviewed.';
COMMENT ON COLUMN @registry@.case_review.publicity_done IS 'Whether its publicity had been done.';
COMMENT ON COLUMN @registry@.case_review.result IS 'What was found.';

CREATE TABLE @registry@.self_assessment (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT self_assessment_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT self_assessment_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  rubric text NOT NULL,
  item text NOT NULL,
  points numeric NOT NULL CONSTRAINT self_assessment_points_not_negative CHECK (points >= 0)
    CONSTRAINT self_assessment_points_two_decimals CHECK (points = round(points, 2)),
  assessed_on date NOT NULL CONSTRAINT self_assessment_assessed_on_finite CHECK (isfinite(assessed_on)),
  grounds text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT self_assessment_item_fk FOREIGN KEY (rubric, item) REFERENCES @registry@.rubric_item,
  CONSTRAINT self_assessment_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX self_assessment_once ON @registry@.self_assessment (rubric, unit, item) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX self_assessment_source_key ON @registry@.self_assessment (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.self_assessment IS 'Points that units give themselves, item by item; one in force for a unit and an item. They change no score.';
COMMENT ON COLUMN @registry@.self_assessment.rubric IS 'The rubric.';
COMMENT ON COLUMN @registry@.self_assessment.item IS 'The item.';
COMMENT ON COLUMN @registry@.self_assessment.points IS 'Points that the unit gives itself.';
COMMENT ON COLUMN @registry@.self_assessment.assessed_on IS 'Day on which it did.';
COMMENT ON COLUMN @registry@.self_assessment.grounds IS 'Why, and what shows it.';

-- ------------------------------------------------------------- consequences
CREATE TABLE @registry@.consequence_kind (
  code text CONSTRAINT consequence_kind_pk PRIMARY KEY CONSTRAINT consequence_kind_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  direction text NOT NULL CONSTRAINT consequence_kind_direction_known CHECK (direction = ANY ('{reward,penalty,record}')),
  for_unit boolean NOT NULL,
  for_officer boolean NOT NULL,
  bars_title boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE @registry@.consequence_kind IS 'What results are used for. An office may add its own.';
COMMENT ON COLUMN @registry@.consequence_kind.direction IS 'reward, penalty, or record: entered elsewhere, good or bad.';
COMMENT ON COLUMN @registry@.consequence_kind.for_unit IS 'Whether a unit can meet with it.';
COMMENT ON COLUMN @registry@.consequence_kind.for_officer IS 'Whether a person who works for a unit can; nobody else ever does, least of all a relative.';
COMMENT ON COLUMN @registry@.consequence_kind.bars_title IS 'Whether the unit gets no title under the programme in that period.';
INSERT INTO @registry@.consequence_kind (code, label_zh, label_en, direction, for_unit, for_officer, bars_title) VALUES
  ('praise', '通报表扬', 'praise in a notice', 'reward', true, true, false),
  ('reward_unit', '表彰奖励（单位）', 'reward of a unit', 'reward', true, false, false),
  ('reward_person', '表彰奖励（个人）', 'reward of a person', 'reward', false, true, false),
  ('example', '经验推广', 'good practice, spread as an example', 'reward', true, true, false),
  ('safety_assessment', '纳入平安建设考核', 'entered in the safety assessment', 'record', true, false, false),
  ('notice', '督导通报', 'critical notice', 'penalty', true, false, false),
  ('notice_above', '平安抄告', 'notice to the higher level', 'penalty', true, false, false),
  ('yellow_card', '黄牌警告', 'yellow card', 'penalty', true, false, false),
  ('red_card', '红牌警告', 'red card', 'penalty', true, false, false),
  ('listed', '挂牌整治', 'listed rectification', 'penalty', true, false, false),
  ('interview', '约谈', 'interview', 'penalty', true, true, false),
  ('points', '绩效考核扣分', 'points on another scorecard', 'penalty', true, false, false),
  ('no_title', '不评为文明村庄、文明社区', 'no title of civilised village or community', 'penalty', true, false, true),
  ('veto', '一票否决', 'one-vote veto', 'penalty', true, false, true),
  ('accountability', '责任追究', 'accountability', 'penalty', true, true, false),
  ('referral', '移送纪检监察', 'referral to the discipline body', 'penalty', true, true, false);

CREATE TABLE @registry@.consequence (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT consequence_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT consequence_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT consequence_kind_fk REFERENCES @registry@.consequence_kind,
  officer bigint CONSTRAINT consequence_officer_fk REFERENCES @registry@.officer,
  programme text CONSTRAINT consequence_programme_fk REFERENCES @registry@.programme,
  rubric text CONSTRAINT consequence_rubric_fk REFERENCES @registry@.rubric_edition,
  as_of date CONSTRAINT consequence_as_of_finite CHECK (isfinite(as_of)),
  known_at timestamptz,
  total numeric,
  vetoed boolean,
  facts text[] NOT NULL DEFAULT '{}' CONSTRAINT consequence_facts_named CHECK (array_position(facts, NULL) IS NULL),
  certificate bigint CONSTRAINT consequence_certificate_fk REFERENCES @registry@.certificate,
  case_review bigint CONSTRAINT consequence_case_review_fk REFERENCES @registry@.case_review,
  decision bigint CONSTRAINT consequence_decision_fk REFERENCES @registry@.decision,
  assessment bigint CONSTRAINT consequence_assessment_fk REFERENCES @registry@.assessment,
  outside_result text CONSTRAINT consequence_outside_result_not_blank CHECK (btrim(outside_result) <> ''),
  points numeric CONSTRAINT consequence_points_positive CHECK (points > 0)
    CONSTRAINT consequence_points_two_decimals CHECK (points = round(points, 2)),
  points_on text CONSTRAINT consequence_points_on_not_blank CHECK (btrim(points_on) <> ''),
  decided_on date NOT NULL CONSTRAINT consequence_decided_on_finite CHECK (isfinite(decided_on)),
  decided_by text NOT NULL CONSTRAINT consequence_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  reason text NOT NULL CONSTRAINT consequence_reason_not_blank CHECK (btrim(reason) <> ''),
  document_no text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT consequence_rests_on_something CHECK (num_nonnulls(rubric, certificate, case_review, assessment, outside_result) > 0 OR cardinality(facts) > 0),
  CONSTRAINT consequence_result_dated CHECK (num_nulls(rubric, as_of, known_at, total, vetoed) = ANY ('{0,5}')),
  CONSTRAINT consequence_points_complete CHECK ((kind = 'points') = (points IS NOT NULL) AND (points IS NULL) = (points_on IS NULL)),
  CONSTRAINT consequence_decision_of_points CHECK (decision IS NULL OR points IS NOT NULL),
  CONSTRAINT consequence_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE INDEX consequence_unit ON @registry@.consequence (unit, decided_on);
-- several causes of one rubric do not add up: the points are decided once
CREATE UNIQUE INDEX consequence_points_once ON @registry@.consequence (unit, rubric, points_on) WHERE points IS NOT NULL AND voided_at IS NULL;
CREATE UNIQUE INDEX consequence_source_key ON @registry@.consequence (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.consequence IS 'What a result was used for, rewards and penalties: of a unit or of somebody who works for it, on which result or facts it rests, who decided and why. Nothing is entered by itself.';
COMMENT ON COLUMN @registry@.consequence.unit IS 'The unit; for a person, the unit that the person works for.';
COMMENT ON COLUMN @registry@.consequence.kind IS 'What; see consequence_kind.';
COMMENT ON COLUMN @registry@.consequence.officer IS 'The person, who works or worked for the unit; null: the unit itself.';
COMMENT ON COLUMN @registry@.consequence.programme IS 'The programme; left out, none in particular.';
COMMENT ON COLUMN @registry@.consequence.rubric IS 'The rubric of the result on which it rests; provisional unless assessment names a sealed one.';
COMMENT ON COLUMN @registry@.consequence.as_of IS 'The day as of which that result is.';
COMMENT ON COLUMN @registry@.consequence.known_at IS 'The moment as of whose knowledge it is; left out, the time of entry.';
COMMENT ON COLUMN @registry@.consequence.total IS 'Points of the unit in that result; left out, worked out; stated, it must agree.';
COMMENT ON COLUMN @registry@.consequence.vetoed IS 'Whether that result is vetoed; worked out.';
COMMENT ON COLUMN @registry@.consequence.facts IS 'Keys of facts on which it rests, as table:id: fraud_case:17, dissuasion:3. They must be in force when it is entered, of the unit or a unit below it, and not later than decided_on.';
COMMENT ON COLUMN @registry@.consequence.certificate IS 'The title on which it rests.';
COMMENT ON COLUMN @registry@.consequence.case_review IS 'The double review on which it rests.';
COMMENT ON COLUMN @registry@.consequence.decision IS 'The decision on a discretionary range that says the same points; it is entered there, this row only cites it.';
COMMENT ON COLUMN @registry@.consequence.assessment IS 'The sealed result on which it rests: rubric, as_of, known_at, total and vetoed are then those of the unit in it.';
COMMENT ON COLUMN @registry@.consequence.outside_result IS 'Key of a result that another body gave, on which it rests.';
COMMENT ON COLUMN @registry@.consequence.points IS 'Points deducted; within the range of the rubric where it has one.';
COMMENT ON COLUMN @registry@.consequence.points_on IS 'The other scorecard on which they are deducted.';
COMMENT ON COLUMN @registry@.consequence.decided_on IS 'Day of the decision.';
COMMENT ON COLUMN @registry@.consequence.decided_by IS 'The person or body that decided.';
COMMENT ON COLUMN @registry@.consequence.reason IS 'Why.';
COMMENT ON COLUMN @registry@.consequence.document_no IS 'Number of the document.';

SELECT @registry@.guard_facts('{certificate,case_review,self_assessment,consequence}', true);
SELECT @registry@.guard_facts('{certificate_revocation}', false);
SELECT @registry@.comment_code_lists('{certificate_kind,consequence_kind}');

-- A title counts from its recording, but for the times in which a revocation
-- was in force.
CREATE VIEW @registry@.facts_of_ratings (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT 'certificate'::text, c.unit, c.region, c.period_to, 1::bigint, NULL::bigint, NULL::numeric, NULL::text, 'certificate'::text, c.id::text, lower(known.stretch), upper(known.stretch)
FROM @registry@.certificate AS c
JOIN @registry@.certificate_kind AS k ON k.code = c.kind AND k.fraud_free
CROSS JOIN LATERAL unnest(
  tstzmultirange(tstzrange(c.recorded_at, c.voided_at))
  - COALESCE((SELECT range_agg(tstzrange(r.recorded_at, r.voided_at)) FROM @registry@.certificate_revocation AS r WHERE r.certificate = c.id), '{}')) AS known (stretch);
COMMENT ON VIEW @registry@.facts_of_ratings IS 'Facts of certificates; a part of the view fact.';
