-- The control of persons: who is under control, in which tier, what was done
-- and what was paused. 22_policy.sql says how often; 26_people_guards.sql has
-- the triggers, 27_officers.sql who answers for a person.
--
-- What a person is needed for here is stated in doc/control.md with the legal
-- limits: no biometrics, no relatives, no sealed record of a juvenile.

CREATE TABLE @registry@.document_kind (
  code text CONSTRAINT document_kind_pk PRIMARY KEY CONSTRAINT document_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.document_kind IS 'Kinds of identity document. citizen_id is any id in the form of GB 11643, the card of a foreign permanent resident included. An office may add its own.';
INSERT INTO @registry@.document_kind (code, label_zh, label_en) VALUES
  ('citizen_id', '公民身份号码', 'citizen id'),
  ('passport', '护照', 'passport'),
  ('hk_macao_permit', '港澳居民来往内地通行证', 'permit for residents of Hong Kong and Macao'),
  ('taiwan_permit', '台湾居民来往大陆通行证', 'permit for residents of Taiwan'),
  ('other', '其他证件', 'other document');

CREATE TABLE @registry@.person_category (
  code text CONSTRAINT person_category_pk PRIMARY KEY CONSTRAINT person_category_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.person_category IS 'Why a person is under control. An office may add its own.';
INSERT INTO @registry@.person_category (code, label_zh, label_en) VALUES
  ('former_offender', '涉诈前科人员', 'convicted or punished for fraud before'),
  ('returned_from_abroad', '境外回流人员', 'returned from abroad'),
  ('offended_abroad', '出境作案人员', 'left the country to commit fraud'),
  ('cards', '涉两卡人员', 'sold, let or lent bank accounts or telephone cards'),
  ('other', '其他涉诈重点人员', 'other person of concern');

CREATE TABLE @registry@.person_status (
  code text CONSTRAINT person_status_pk PRIMARY KEY CONSTRAINT person_status_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  controlled boolean NOT NULL
);
COMMENT ON TABLE @registry@.person_status IS 'Where a person stands. An office may add its own.';
COMMENT ON COLUMN @registry@.person_status.controlled IS 'Whether a person of this status is under control; one who is not has an ended_on.';
INSERT INTO @registry@.person_status (code, label_zh, label_en, controlled) VALUES
  ('listed', '列管', 'under control', true),
  ('abroad', '滞留境外', 'abroad, to be persuaded to return', true),
  ('returned', '已劝返', 'persuaded to return', true),
  ('reduced', '已核减', 'taken off the list', false),
  ('transferred', '已移交', 'handed to another office', false),
  ('deceased', '已死亡', 'deceased', false);

CREATE TABLE @registry@.tier (
  code text CONSTRAINT tier_pk PRIMARY KEY CONSTRAINT tier_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  rank integer NOT NULL CONSTRAINT tier_rank_once UNIQUE,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.tier IS 'Tiers of risk. antifraud.tier_code() reads their Chinese names. An office may add its own.';
COMMENT ON COLUMN @registry@.tier.rank IS 'Order of the tiers; higher is stricter.';
INSERT INTO @registry@.tier (code, rank, label_zh, label_en) VALUES
  ('low', 1, '低危', 'low risk'),
  ('medium', 2, '中危', 'medium risk'),
  ('high', 3, '高危', 'high risk');

-- The five kept columns change with each check-in. They stand in no index, so
-- that such an update can stay on its page (a heap-only tuple) and touches no
-- index at all; the lists find their persons by region or by officer, and
-- these columns then say at once whom to look at. Half of each page is left
-- free for the same purpose: a COPY may bring a check-in of every person.
CREATE TABLE @registry@.person (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT person_pk PRIMARY KEY,
  document_kind text NOT NULL DEFAULT 'citizen_id' CONSTRAINT person_document_kind_fk REFERENCES @registry@.document_kind,
  citizen_id antifraud.citizen_id CONSTRAINT person_citizen_id_once UNIQUE,
  document_no text CONSTRAINT person_document_no_not_blank CHECK (pg_catalog.btrim(document_no) OPERATOR(pg_catalog.<>) ''),
  born_on date CONSTRAINT person_born_on_finite CHECK (pg_catalog.isfinite(born_on)),
  name text CONSTRAINT person_name_not_blank CHECK (pg_catalog.btrim(name) OPERATOR(pg_catalog.<>) ''),
  category text NOT NULL DEFAULT 'other' CONSTRAINT person_category_fk REFERENCES @registry@.person_category,
  status text NOT NULL DEFAULT 'listed' CONSTRAINT person_status_fk REFERENCES @registry@.person_status,
  unit text CONSTRAINT person_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  enrolled_on date NOT NULL CONSTRAINT person_enrolled_in_years_1_to_9999 CHECK (enrolled_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND enrolled_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  ended_on date CONSTRAINT person_ended_in_years_1_to_9999 CHECK (ended_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND ended_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  source_key text CONSTRAINT person_source_key_once UNIQUE,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  tier text CONSTRAINT person_tier_fk REFERENCES @registry@.tier,
  last_done date,
  next_due date,
  settled_on date,
  plain_cadence antifraud.cadence,
  masked_id text GENERATED ALWAYS AS (antifraud.mask(citizen_id)) STORED,
  CONSTRAINT person_document_once UNIQUE (document_kind, document_no),
  CONSTRAINT person_one_document CHECK (
    CASE WHEN document_kind OPERATOR(pg_catalog.=) 'citizen_id' THEN citizen_id IS NOT NULL AND document_no IS NULL
         ELSE citizen_id IS NULL AND document_no IS NOT NULL END),
  CONSTRAINT person_ends_after_enrolment CHECK (ended_on OPERATOR(pg_catalog.>=) enrolled_on),
  CONSTRAINT person_of_age CHECK (
    CASE WHEN COALESCE(antifraud.birth_date(citizen_id), born_on) OPERATOR(pg_catalog.>) enrolled_on THEN false
         WHEN citizen_id IS NOT NULL THEN antifraud.age(citizen_id, enrolled_on) OPERATOR(pg_catalog.>=) 18
         ELSE pg_catalog.date_part('year', pg_catalog.age(enrolled_on::timestamp, born_on::timestamp)) OPERATOR(pg_catalog.>=) 18 END)
) WITH (fillfactor = 50);
CREATE INDEX person_region ON @registry@.person (region) WHERE ended_on IS NULL;
CREATE INDEX person_region_ended ON @registry@.person (region, ended_on) WHERE ended_on IS NOT NULL;
CREATE INDEX person_unit ON @registry@.person (unit);
COMMENT ON TABLE @registry@.person IS 'Persons under control, one row each, and those who were. Only what the control needs; lists show the id alone.';
COMMENT ON COLUMN @registry@.person.id IS 'Surrogate key: what every list and every other table shows.';
COMMENT ON COLUMN @registry@.person.document_kind IS 'Kind of the identity document; see document_kind.';
COMMENT ON COLUMN @registry@.person.citizen_id IS 'Citizen id; null where another document identifies the person.';
COMMENT ON COLUMN @registry@.person.document_no IS 'Number of the other document.';
COMMENT ON COLUMN @registry@.person.born_on IS 'Date of birth where no citizen id tells it.';
COMMENT ON COLUMN @registry@.person.name IS 'Name. No list shows it.';
COMMENT ON COLUMN @registry@.person.category IS 'Why the person is under control; see person_category.';
COMMENT ON COLUMN @registry@.person.status IS 'Where the person stands; see person_status.';
COMMENT ON COLUMN @registry@.person.unit IS 'The unit that answers for the person; null: none below the region.';
COMMENT ON COLUMN @registry@.person.region IS 'Where the person is under control; left out, the region of the unit.';
COMMENT ON COLUMN @registry@.person.enrolled_on IS 'Day on which control begins; the first check-in is due one interval later.';
COMMENT ON COLUMN @registry@.person.ended_on IS 'Last day under control; null while it lasts.';
COMMENT ON COLUMN @registry@.person.source_key IS 'Key of the row in the system that it was imported from.';
COMMENT ON COLUMN @registry@.person.recorded_at IS 'When the registry learnt of the person.';
COMMENT ON COLUMN @registry@.person.recorded_by IS 'Who entered the person.';
COMMENT ON COLUMN @registry@.person.tier IS 'Kept: the tier in force by the latest tier_change. Set by the registry only.';
COMMENT ON COLUMN @registry@.person.last_done IS 'Kept: the last completed check-in up to settled_on.';
COMMENT ON COLUMN @registry@.person.next_due IS 'Kept: the day by which the next check-in is due, as of settled_on; null: none, or not known.';
COMMENT ON COLUMN @registry@.person.settled_on IS 'Kept: the latest day of anything known about the person.';
COMMENT ON COLUMN @registry@.person.plain_cadence IS 'Kept: the cadence where nothing but check-ins moves the next due day from settled_on on; null: it must be computed from the history.';
COMMENT ON COLUMN @registry@.person.masked_id IS 'The citizen id, masked by antifraud.mask(), for those who may not read it; null for another document.';

CREATE TABLE @registry@.tier_change (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT tier_change_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT tier_change_person_fk REFERENCES @registry@.person,
  tier text NOT NULL CONSTRAINT tier_change_tier_fk REFERENCES @registry@.tier,
  changed_on date NOT NULL CONSTRAINT tier_change_in_years_1_to_9999 CHECK (changed_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND changed_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  reason text,
  basis text,
  decided_by text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT tier_change_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX tier_change_once_a_day ON @registry@.tier_change (person, changed_on) INCLUDE (tier) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX tier_change_source_key ON @registry@.tier_change (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.tier_change IS 'Decisions that put a person into a tier; the first is the tier at enrolment. At most one in force for a person and a day.';
COMMENT ON COLUMN @registry@.tier_change.person IS 'The person.';
COMMENT ON COLUMN @registry@.tier_change.tier IS 'The tier from that day on; see tier.';
COMMENT ON COLUMN @registry@.tier_change.changed_on IS 'First day of the tier.';
COMMENT ON COLUMN @registry@.tier_change.reason IS 'Why.';
COMMENT ON COLUMN @registry@.tier_change.basis IS 'Document or provision that it rests on.';
COMMENT ON COLUMN @registry@.tier_change.decided_by IS 'Who decided.';

CREATE TABLE @registry@.checkin_method (
  code text CONSTRAINT checkin_method_pk PRIMARY KEY CONSTRAINT checkin_method_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.checkin_method IS 'How a person is checked. An office may add its own.';
INSERT INTO @registry@.checkin_method (code, label_zh, label_en) VALUES
  ('visit', '上门见面', 'visit'),
  ('station', '到所报到', 'at the police station'),
  ('video', '视频', 'video call'),
  ('call', '电话', 'telephone call'),
  ('other', '其他', 'other');

CREATE TABLE @registry@.checkin (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT checkin_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT checkin_person_fk REFERENCES @registry@.person,
  outcome text NOT NULL DEFAULT 'completed' CONSTRAINT checkin_outcome_known CHECK (outcome OPERATOR(pg_catalog.=) ANY ('{completed,failed}')),
  checked_at timestamptz NOT NULL,
  done_on date NOT NULL GENERATED ALWAYS AS ((checked_at AT TIME ZONE 'Asia/Shanghai')::date) STORED
    CONSTRAINT checkin_done_in_years_1_to_9999 CHECK (done_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND done_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  method text CONSTRAINT checkin_method_fk REFERENCES @registry@.checkin_method,
  officer bigint CONSTRAINT checkin_officer_fk REFERENCES @registry@.officer,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT checkin_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX checkin_done ON @registry@.checkin (person, done_on) WHERE outcome = 'completed' AND voided_at IS NULL;
CREATE INDEX checkin_voided ON @registry@.checkin (person, done_on) WHERE outcome = 'completed' AND voided_at IS NOT NULL;
CREATE UNIQUE INDEX checkin_source_key ON @registry@.checkin (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.checkin IS 'Checks of persons, completed or failed. Only a completed one meets what was due.';
COMMENT ON COLUMN @registry@.checkin.person IS 'The person.';
COMMENT ON COLUMN @registry@.checkin.outcome IS 'completed: the person was seen or reached; failed: tried in vain.';
COMMENT ON COLUMN @registry@.checkin.checked_at IS 'When it was done.';
COMMENT ON COLUMN @registry@.checkin.done_on IS 'Day on which it was done, in China (Asia/Shanghai), whatever the time zone of the server or of the client.';
COMMENT ON COLUMN @registry@.checkin.method IS 'How; see checkin_method.';
COMMENT ON COLUMN @registry@.checkin.officer IS 'Who did it; need not be the responsible officer.';
COMMENT ON COLUMN @registry@.checkin.note IS 'Remark.';

CREATE TABLE @registry@.suspension_ground (
  code text CONSTRAINT suspension_ground_pk PRIMARY KEY CONSTRAINT suspension_ground_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  max_days integer CONSTRAINT suspension_ground_max_days_positive CHECK (max_days OPERATOR(pg_catalog.>) 0)
);
COMMENT ON TABLE @registry@.suspension_ground IS 'Why check-ins may pause, and for how long. An office may add its own.';
COMMENT ON COLUMN @registry@.suspension_ground.max_days IS 'Longest suspension on this ground, in days; null: no limit, and the end may be left open.';
INSERT INTO @registry@.suspension_ground (code, label_zh, label_en, max_days) VALUES
  ('custody', '羁押或服刑', 'in custody or serving a sentence', NULL),
  ('hospital', '住院治疗', 'in hospital', 90),
  ('bereavement', '家中丧事', 'death in the family', 15),
  ('approved_travel', '经批准外出', 'away with permission', 30),
  ('other', '其他经批准的事由', 'other approved ground', 30);

CREATE TABLE @registry@.suspension (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT suspension_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT suspension_person_fk REFERENCES @registry@.person,
  ground text NOT NULL CONSTRAINT suspension_ground_fk REFERENCES @registry@.suspension_ground,
  starts_on date NOT NULL CONSTRAINT suspension_starts_in_years_1_to_9999 CHECK (starts_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND starts_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  ends_on date CONSTRAINT suspension_ends_in_years_1_to_9999 CHECK (ends_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND ends_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  approver text NOT NULL CONSTRAINT suspension_approver_not_blank CHECK (pg_catalog.btrim(approver) OPERATOR(pg_catalog.<>) ''),
  basis text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT suspension_ends_after_start CHECK (ends_on OPERATOR(pg_catalog.>=) starts_on),
  CONSTRAINT suspension_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
)
-- thin pages: persons are looked up one by one, among few rows, and a reading
-- of them all must not look cheaper to the planner than the index
WITH (fillfactor = 10);
CREATE INDEX suspension_person ON @registry@.suspension (person, starts_on) INCLUDE (ends_on) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX suspension_source_key ON @registry@.suspension (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.suspension IS 'Pauses of check-ins: each approved by somebody, on a ground, and no longer than the ground allows. end_suspension() ends one early.';
COMMENT ON COLUMN @registry@.suspension.person IS 'The person.';
COMMENT ON COLUMN @registry@.suspension.ground IS 'Why; see suspension_ground.';
COMMENT ON COLUMN @registry@.suspension.starts_on IS 'First day of the pause.';
COMMENT ON COLUMN @registry@.suspension.ends_on IS 'Last day of the pause; null: its end is not known yet, which only a ground without a limit allows.';
COMMENT ON COLUMN @registry@.suspension.approver IS 'Who approved it.';
COMMENT ON COLUMN @registry@.suspension.basis IS 'Document or provision that it rests on.';

CREATE TABLE @registry@.control_plan (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT control_plan_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT control_plan_person_fk REFERENCES @registry@.person,
  plan text NOT NULL CONSTRAINT control_plan_not_blank CHECK (pg_catalog.btrim(plan) OPERATOR(pg_catalog.<>) ''),
  valid_from date NOT NULL CONSTRAINT control_plan_valid_from_finite CHECK (pg_catalog.isfinite(valid_from)),
  approver text NOT NULL CONSTRAINT control_plan_approver_not_blank CHECK (pg_catalog.btrim(approver) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT control_plan_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX control_plan_once_a_day ON @registry@.control_plan (person, valid_from) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX control_plan_source_key ON @registry@.control_plan (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.control_plan IS 'The plan for each person (one person, one plan); the latest in force replaces those before it.';
COMMENT ON COLUMN @registry@.control_plan.person IS 'The person.';
COMMENT ON COLUMN @registry@.control_plan.plan IS 'What will be done: help, talks, checks. No secret means and no duty of relatives.';
COMMENT ON COLUMN @registry@.control_plan.valid_from IS 'First day of the plan.';
COMMENT ON COLUMN @registry@.control_plan.approver IS 'Who approved it.';
