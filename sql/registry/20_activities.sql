-- What units did, and what spot checks and surveys found. Tables of facts as
-- in 20_facts.sql.

CREATE TABLE @registry@.sample_kind (
  code text CONSTRAINT sample_kind_pk PRIMARY KEY CONSTRAINT sample_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  positive_measure text CONSTRAINT sample_kind_positive_fk REFERENCES @registry@.measure,
  missing_measure text CONSTRAINT sample_kind_missing_fk REFERENCES @registry@.measure
);
COMMENT ON TABLE @registry@.sample_kind IS 'Kinds of spot check and survey, and the measures that they supply.';
COMMENT ON COLUMN @registry@.sample_kind.positive_measure IS 'Measure of the persons who met the question; null: none.';
COMMENT ON COLUMN @registry@.sample_kind.missing_measure IS 'Measure of the persons who did not; null: none.';
INSERT INTO @registry@.sample_kind (code, label_zh, label_en, positive_measure, missing_measure) VALUES
  ('app', '群众安装国家反诈APP抽查', 'residents: anti-fraud app', 'app_installed', 'app_missing'),
  ('app_staff', '工作人员安装国家反诈APP抽查', 'staff: anti-fraud app', NULL, 'app_missing_staff'),
  ('awareness', '知晓率调查', 'awareness', 'awareness', NULL),
  ('satisfaction', '满意度调查', 'satisfaction', 'satisfaction', NULL);

CREATE TABLE @registry@.activity_kind (
  code text CONSTRAINT activity_kind_pk PRIMARY KEY CONSTRAINT activity_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  measure text CONSTRAINT activity_kind_measure_fk REFERENCES @registry@.measure
);
COMMENT ON TABLE @registry@.activity_kind IS 'Kinds of activity, and the measure that each supplies.';
COMMENT ON COLUMN @registry@.activity_kind.measure IS 'Measure that counts it; null: recorded and not counted.';
INSERT INTO @registry@.activity_kind (code, label_zh, label_en, measure) VALUES
  ('talk', '宣讲', 'talk', 'publicity'),
  ('visit', '入户宣传', 'door-to-door visit', 'publicity'),
  ('broadcast', '广播', 'broadcast', 'publicity'),
  ('push', '群消息推送', 'message to groups', 'publicity'),
  ('parents_push', '家长群推送', 'message to parents'' groups', 'publicity'),
  ('event', '集中宣传活动', 'publicity event', 'publicity'),
  ('school_session', '校园宣传', 'school session', 'publicity'),
  ('sweep', '排查', 'sweep', NULL),
  ('meeting', '会议', 'meeting', NULL);

CREATE TABLE @registry@.sample (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sample_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT sample_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT sample_kind_fk REFERENCES @registry@.sample_kind,
  sampled_on date NOT NULL CONSTRAINT sample_sampled_on_finite CHECK (pg_catalog.isfinite(sampled_on)),
  sampled bigint NOT NULL CONSTRAINT sample_sampled_not_negative CHECK (sampled OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT sample_sampled_credible CHECK (sampled OPERATOR(pg_catalog.<=) 10000000000),
  positive bigint NOT NULL CONSTRAINT sample_positive_not_negative CHECK (positive OPERATOR(pg_catalog.>=) 0),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT sample_positive_of_sampled CHECK (positive OPERATOR(pg_catalog.<=) sampled),
  CONSTRAINT sample_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX sample_unit ON @registry@.sample (unit, kind, sampled_on);
CREATE UNIQUE INDEX sample_source_key ON @registry@.sample (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.sample IS 'Spot checks and surveys: how many were asked, and how many met the question.';
COMMENT ON COLUMN @registry@.sample.kind IS 'What was checked; see sample_kind.';
COMMENT ON COLUMN @registry@.sample.sampled_on IS 'Day of the check.';
COMMENT ON COLUMN @registry@.sample.sampled IS 'Persons checked or asked.';
COMMENT ON COLUMN @registry@.sample.positive IS 'Persons among them who met the question: had the app, knew, were satisfied.';

CREATE TABLE @registry@.activity (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT activity_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT activity_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL DEFAULT 'talk' CONSTRAINT activity_kind_fk REFERENCES @registry@.activity_kind,
  held_on date NOT NULL CONSTRAINT activity_held_on_finite CHECK (pg_catalog.isfinite(held_on)),
  sessions bigint NOT NULL DEFAULT 1 CONSTRAINT activity_sessions_not_negative CHECK (sessions OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT activity_sessions_credible CHECK (sessions OPERATOR(pg_catalog.<=) 10000000000),
  minutes integer CONSTRAINT activity_minutes_not_negative CHECK (minutes OPERATOR(pg_catalog.>=) 0),
  reached integer CONSTRAINT activity_reached_not_negative CHECK (reached OPERATOR(pg_catalog.>=) 0),
  evidence text,
  contact_group text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT activity_contact_group_fk FOREIGN KEY (contact_group, unit) REFERENCES @registry@.contact_group (code, unit),
  CONSTRAINT activity_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX activity_unit ON @registry@.activity (unit, held_on);
CREATE INDEX activity_done ON @registry@.activity (unit, kind, held_on) INCLUDE (sessions) WHERE voided_at IS NULL;
CREATE INDEX activity_done_in_group ON @registry@.activity (contact_group, kind, held_on) INCLUDE (sessions) WHERE voided_at IS NULL AND contact_group IS NOT NULL;
CREATE UNIQUE INDEX activity_source_key ON @registry@.activity (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.activity IS 'What a unit did: talks, visits, broadcasts, messages, sweeps.';
COMMENT ON COLUMN @registry@.activity.kind IS 'What was done; see activity_kind.';
COMMENT ON COLUMN @registry@.activity.held_on IS 'Day on which it was done.';
COMMENT ON COLUMN @registry@.activity.sessions IS 'How many times on that day.';
COMMENT ON COLUMN @registry@.activity.minutes IS 'How long, in minutes.';
COMMENT ON COLUMN @registry@.activity.reached IS 'How many persons it reached.';
COMMENT ON COLUMN @registry@.activity.evidence IS 'Where the proof is kept.';
COMMENT ON COLUMN @registry@.activity.contact_group IS 'The message group in which it was done; null: in none, or not one alone.';

SELECT @registry@.guard_facts('{sample,activity}', true);
SELECT @registry@.comment_code_lists('{sample_kind,activity_kind}');
