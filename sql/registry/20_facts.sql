-- Facts: what happened or was counted. Rows are added and voided, never
-- changed; 25_guards.sql has the triggers. The last seven columns are the same
-- in every table of facts.
--
-- Quantities have an upper limit, far above anything true, so that no sum of
-- them overflows: one absurd row would end the scores of every unit.

CREATE TABLE @registry@.fraud_category (
  code text CONSTRAINT fraud_category_pk PRIMARY KEY CONSTRAINT fraud_category_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.fraud_category IS 'Kinds of telecom fraud. An office may add its own.';
INSERT INTO @registry@.fraud_category (code, label_zh, label_en) VALUES
  ('brushing', '刷单返利', 'fake order rebates'),
  ('investment', '虚假网络投资理财', 'fake investment'),
  ('loan', '虚假网络贷款', 'fake loan'),
  ('customer_service', '冒充电商物流客服', 'fake customer service'),
  ('impersonation', '冒充公检法', 'fake police or court'),
  ('acquaintance', '冒充领导熟人', 'fake superior or acquaintance'),
  ('credit', '虚假征信', 'fake credit record'),
  ('shopping', '虚假购物服务', 'fake goods or services'),
  ('gaming', '网络游戏产品虚假交易', 'fake game trade'),
  ('romance', '婚恋交友', 'romance'),
  ('other', '其他', 'other');

CREATE TABLE @registry@.victim_group (
  code text CONSTRAINT victim_group_pk PRIMARY KEY CONSTRAINT victim_group_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.victim_group IS 'Groups that fraud aims at. An office may add its own.';
INSERT INTO @registry@.victim_group (code, label_zh, label_en) VALUES
  ('student', '在校学生', 'student'),
  ('elderly', '老年人', 'elderly'),
  ('migrant_worker', '务工人员', 'migrant worker'),
  ('homemaker', '家庭妇女', 'homemaker'),
  ('finance_staff', '财会人员', 'finance staff'),
  ('other', '其他', 'other');

CREATE TABLE @registry@.alert_channel (
  code text CONSTRAINT alert_channel_pk PRIMARY KEY CONSTRAINT alert_channel_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  rank integer NOT NULL,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.alert_channel IS 'The ladder of ways to reach a person at risk, from light to heavy. An office may add its own.';
COMMENT ON COLUMN @registry@.alert_channel.rank IS 'Place on the ladder; higher is heavier.';
INSERT INTO @registry@.alert_channel (code, rank, label_zh, label_en) VALUES
  ('message', 1, '短信', 'message'),
  ('call', 2, '电话', 'call'),
  ('counter', 3, '柜面', 'bank counter'),
  ('visit', 4, '上门见面', 'visit'),
  ('family', 5, '家人劝阻', 'through the family'),
  ('neighbour', 6, '亲友邻里劝阻', 'through relatives and neighbours');

CREATE TABLE @registry@.alert_outcome (
  code text CONSTRAINT alert_outcome_pk PRIMARY KEY CONSTRAINT alert_outcome_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.alert_outcome IS 'How an alert ended. An office may add its own.';
INSERT INTO @registry@.alert_outcome (code, label_zh, label_en) VALUES
  ('dissuaded', '劝阻成功', 'dissuaded'),
  ('not_believed', '不承认受骗', 'not believed'),
  ('refused', '拒接或拒见', 'refused'),
  ('not_reached', '未联系上', 'not reached'),
  ('false_alarm', '误报', 'false alarm');

CREATE TABLE @registry@.finding_kind (
  code text CONSTRAINT finding_kind_pk PRIMARY KEY CONSTRAINT finding_kind_measure_fk REFERENCES @registry@.measure,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.finding_kind IS 'Kinds of inspection finding; each is a measure of the same code.';
INSERT INTO @registry@.finding_kind (code, label_zh, label_en)
  SELECT m.code, m.label_zh, m.label_en FROM @registry@.measure AS m
  WHERE m.relation OPERATOR(pg_catalog.=) 'finding' AND m.code OPERATOR(pg_catalog.<>) 'control_failure_person';

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
  ('event', '集中宣传活动', 'publicity event', 'publicity'),
  ('school_session', '校园宣传', 'school session', 'publicity'),
  ('sweep', '排查', 'sweep', NULL),
  ('meeting', '会议', 'meeting', NULL);

CREATE TABLE @registry@.alert (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alert_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT alert_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  victim text NOT NULL CONSTRAINT alert_victim_not_blank CHECK (pg_catalog.btrim(victim) OPERATOR(pg_catalog.<>) ''),
  issued_on date NOT NULL CONSTRAINT alert_issued_on_finite CHECK (pg_catalog.isfinite(issued_on)),
  delivered_on date CONSTRAINT alert_delivered_on_finite CHECK (pg_catalog.isfinite(delivered_on)),
  channel text CONSTRAINT alert_channel_fk REFERENCES @registry@.alert_channel,
  outcome text CONSTRAINT alert_outcome_fk REFERENCES @registry@.alert_outcome,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT alert_delivered_after_issue CHECK (delivered_on OPERATOR(pg_catalog.>=) issued_on),
  CONSTRAINT alert_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX alert_victim ON @registry@.alert (victim);
CREATE INDEX alert_unit ON @registry@.alert (unit, issued_on);
CREATE UNIQUE INDEX alert_source_key ON @registry@.alert (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.alert IS 'Warnings to persons who were about to be defrauded.';
COMMENT ON COLUMN @registry@.alert.victim IS 'Surrogate key of the person warned: the one that fraud_case.victim uses. No name and no citizen id.';
COMMENT ON COLUMN @registry@.alert.issued_on IS 'Day on which the alert arrived at the unit.';
COMMENT ON COLUMN @registry@.alert.delivered_on IS 'Day on which the person was reached; null if never.';
COMMENT ON COLUMN @registry@.alert.channel IS 'How the person was reached; see alert_channel.';
COMMENT ON COLUMN @registry@.alert.outcome IS 'How it ended; see alert_outcome.';

CREATE TABLE @registry@.fraud_case (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT fraud_case_pk PRIMARY KEY,
  case_no text CONSTRAINT fraud_case_no_not_blank CHECK (pg_catalog.btrim(case_no) OPERATOR(pg_catalog.<>) ''),
  unit text NOT NULL CONSTRAINT fraud_case_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  filed_on date NOT NULL CONSTRAINT fraud_case_filed_on_finite CHECK (pg_catalog.isfinite(filed_on)),
  happened_on date CONSTRAINT fraud_case_happened_on_finite CHECK (pg_catalog.isfinite(happened_on)),
  category text CONSTRAINT fraud_case_category_fk REFERENCES @registry@.fraud_category,
  loss numeric CONSTRAINT fraud_case_loss_not_negative CHECK (loss OPERATOR(pg_catalog.>=) 0 AND loss OPERATOR(pg_catalog.<) 1e14),
  recovered numeric CONSTRAINT fraud_case_recovered_not_negative CHECK (recovered OPERATOR(pg_catalog.>=) 0 AND recovered OPERATOR(pg_catalog.<) 1e14),
  victim text CONSTRAINT fraud_case_victim_not_blank CHECK (pg_catalog.btrim(victim) OPERATOR(pg_catalog.<>) ''),
  victim_group text CONSTRAINT fraud_case_victim_group_fk REFERENCES @registry@.victim_group,
  victim_is_staff boolean,
  alert_before boolean,
  publicity_reached boolean,
  in_group boolean,
  app_installed boolean,
  followed_up boolean,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT fraud_case_filed_after_act CHECK (filed_on OPERATOR(pg_catalog.>=) happened_on),
  CONSTRAINT fraud_case_recovered_of_loss CHECK (recovered OPERATOR(pg_catalog.<=) loss),
  CONSTRAINT fraud_case_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX fraud_case_unit ON @registry@.fraud_case (unit, filed_on);
CREATE INDEX fraud_case_victim ON @registry@.fraud_case (victim);
CREATE UNIQUE INDEX fraud_case_no ON @registry@.fraud_case (case_no) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX fraud_case_source_key ON @registry@.fraud_case (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.fraud_case IS 'Cases of telecom fraud. A case belongs to the unit where the victim usually lives.';
COMMENT ON COLUMN @registry@.fraud_case.case_no IS 'Number under which the police filed it.';
COMMENT ON COLUMN @registry@.fraud_case.filed_on IS 'Day on which it was filed: the day that counts, unless a rubric says otherwise.';
COMMENT ON COLUMN @registry@.fraud_case.happened_on IS 'Day of the act; null where it is not known.';
COMMENT ON COLUMN @registry@.fraud_case.category IS 'Kind of fraud; see fraud_category.';
COMMENT ON COLUMN @registry@.fraud_case.loss IS 'Gross loss at filing, in yuan; null where it is not known.';
COMMENT ON COLUMN @registry@.fraud_case.recovered IS 'Part of the loss that came back, in yuan.';
COMMENT ON COLUMN @registry@.fraud_case.victim IS 'Surrogate key of the victim. No name and no citizen id.';
COMMENT ON COLUMN @registry@.fraud_case.victim_group IS 'Group of the victim; see victim_group.';
COMMENT ON COLUMN @registry@.fraud_case.victim_is_staff IS 'Whether the victim works or worked for the unit. Left out, it is true where the roster (officer) has the victim, else null.';
COMMENT ON COLUMN @registry@.fraud_case.alert_before IS 'Whether an alert reached the victim before the act. Null: the table alert decides.';
COMMENT ON COLUMN @registry@.fraud_case.publicity_reached IS 'Whether publicity had reached the victim; null: not asked.';
COMMENT ON COLUMN @registry@.fraud_case.in_group IS 'Whether the victim was in the message group; null: not asked.';
COMMENT ON COLUMN @registry@.fraud_case.app_installed IS 'Whether the victim had the anti-fraud app; null: not asked.';
COMMENT ON COLUMN @registry@.fraud_case.followed_up IS 'Whether the victim was called on afterwards; null: not known.';

CREATE TABLE @registry@.finding (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT finding_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT finding_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT finding_kind_fk REFERENCES @registry@.finding_kind,
  found_on date NOT NULL CONSTRAINT finding_found_on_finite CHECK (pg_catalog.isfinite(found_on)),
  quantity bigint NOT NULL DEFAULT 1 CONSTRAINT finding_quantity_not_negative CHECK (quantity OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT finding_quantity_credible CHECK (quantity OPERATOR(pg_catalog.<=) 10000000000),
  subject text,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT finding_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX finding_unit ON @registry@.finding (unit, kind, found_on);
CREATE UNIQUE INDEX finding_source_key ON @registry@.finding (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.finding IS 'What inspections found wanting.';
COMMENT ON COLUMN @registry@.finding.kind IS 'What was found; see finding_kind.';
COMMENT ON COLUMN @registry@.finding.found_on IS 'Day of the inspection.';
COMMENT ON COLUMN @registry@.finding.quantity IS 'How many of them.';
COMMENT ON COLUMN @registry@.finding.subject IS 'Surrogate key of the person or file concerned. No name and no citizen id.';
COMMENT ON COLUMN @registry@.finding.note IS 'Remark of the inspector.';

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

CREATE TABLE @registry@.den (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT den_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT den_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  found_on date NOT NULL CONSTRAINT den_found_on_finite CHECK (pg_catalog.isfinite(found_on)),
  persons integer CONSTRAINT den_persons_not_negative CHECK (persons OPERATOR(pg_catalog.>=) 0),
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT den_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX den_unit ON @registry@.den (unit, found_on);
CREATE UNIQUE INDEX den_source_key ON @registry@.den (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.den IS 'Places from which fraud was committed, found in the area of a unit.';
COMMENT ON COLUMN @registry@.den.found_on IS 'Day on which it was found.';
COMMENT ON COLUMN @registry@.den.persons IS 'Persons found there.';
COMMENT ON COLUMN @registry@.den.note IS 'Remark.';
