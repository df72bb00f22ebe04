-- Who is assessed, who works there, and what can be counted.

CREATE TABLE @registry@.registry_info (
  singleton boolean NOT NULL DEFAULT true CONSTRAINT registry_info_pk PRIMARY KEY CONSTRAINT registry_info_one_row CHECK (singleton),
  version text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  upgraded_at timestamptz,
  as_of date CONSTRAINT registry_info_as_of_finite CHECK (pg_catalog.isfinite(as_of)),
  former_staff_days integer CONSTRAINT registry_info_former_staff_days_not_negative CHECK (former_staff_days OPERATOR(pg_catalog.>=) 0),
  suppress_below integer NOT NULL DEFAULT 3 CONSTRAINT registry_info_suppress_below_not_negative CHECK (suppress_below OPERATOR(pg_catalog.>=) 0),
  loss_percent integer NOT NULL DEFAULT 20 CONSTRAINT registry_info_loss_percent_range CHECK (loss_percent OPERATOR(pg_catalog.>=) 0 AND loss_percent OPERATOR(pg_catalog.<=) 80),
  office_zh text CONSTRAINT registry_info_office_zh_not_blank CHECK (pg_catalog.btrim(office_zh) OPERATOR(pg_catalog.<>) '')
);
COMMENT ON TABLE @registry@.registry_info IS 'One row: which version of the registry this schema holds, the day as of which its views look, and what the office has set.';
COMMENT ON COLUMN @registry@.registry_info.singleton IS 'Always true: there is one row.';
COMMENT ON COLUMN @registry@.registry_info.version IS 'Version of the registry; antifraud.upgrade_registry() brings it forward.';
COMMENT ON COLUMN @registry@.registry_info.created_at IS 'When the registry was created.';
COMMENT ON COLUMN @registry@.registry_info.upgraded_at IS 'When it was last brought forward; null if never.';
COMMENT ON COLUMN @registry@.registry_info.as_of IS 'The views look as of this day. Null: the view scoreboard judges every period whole, as if it were over, and the lists of what is due look at today, in China.';
COMMENT ON COLUMN @registry@.registry_info.former_staff_days IS 'For how many days after left_on somebody counts as former staff. Null: without limit.';
COMMENT ON COLUMN @registry@.registry_info.suppress_below IS 'Bulletins do not show counts of persons from 1 up to this number, exclusive. 0 or 1: all are shown.';
COMMENT ON COLUMN @registry@.registry_info.loss_percent IS 'Bulletins tell no loss so closely that it can be estimated to within so many per cent (the p of the p% rule); see loss_edges().';
COMMENT ON COLUMN @registry@.registry_info.office_zh IS 'Name of the office in Chinese, as it signs letters and bulletins; null: not set.';
INSERT INTO @registry@.registry_info (version) VALUES (antifraud.registry_version());

CREATE TABLE @registry@.unit_kind (
  code text CONSTRAINT unit_kind_pk PRIMARY KEY CONSTRAINT unit_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  assessed boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE @registry@.unit_kind IS 'Kinds of unit. An office may add its own.';
COMMENT ON COLUMN @registry@.unit_kind.code IS 'Code of the kind.';
COMMENT ON COLUMN @registry@.unit_kind.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.unit_kind.label_en IS 'Name in English.';
COMMENT ON COLUMN @registry@.unit_kind.assessed IS 'Whether units of this kind are scored themselves; levels above them are not, nor the compounds within a community.';
INSERT INTO @registry@.unit_kind (code, label_zh, label_en, assessed) VALUES
  ('community', '社区', 'community', true),
  ('village', '村', 'village', true),
  ('cluster', '共同体', 'group of villages', true),
  ('school', '学校', 'school', true),
  ('enterprise', '企业', 'enterprise', true),
  ('hospital', '医院', 'hospital', true),
  ('compound', '小区', 'residential compound', false),
  ('department', '部门', 'department', true),
  ('town', '乡镇街道', 'town or street', false),
  ('county', '县区', 'county', false),
  ('prefecture', '市', 'prefecture', false);

CREATE TABLE @registry@.unit_setting (
  code text CONSTRAINT unit_setting_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.unit_setting IS 'Urban or rural: programmes set different targets for the two.';
COMMENT ON COLUMN @registry@.unit_setting.code IS 'Code of the setting.';
COMMENT ON COLUMN @registry@.unit_setting.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.unit_setting.label_en IS 'Name in English.';
INSERT INTO @registry@.unit_setting (code, label_zh, label_en) VALUES
  ('urban', '城区', 'urban'),
  ('rural', '农村', 'rural');

CREATE TABLE @registry@.unit (
  code text CONSTRAINT unit_pk PRIMARY KEY CONSTRAINT unit_code_not_blank CHECK (pg_catalog.btrim(code) OPERATOR(pg_catalog.<>) ''),
  region antifraud.region NOT NULL,
  name text NOT NULL CONSTRAINT unit_name_not_blank CHECK (pg_catalog.btrim(name) OPERATOR(pg_catalog.<>) ''),
  kind text NOT NULL DEFAULT 'community' CONSTRAINT unit_kind_fk REFERENCES @registry@.unit_kind,
  parent text CONSTRAINT unit_parent_fk REFERENCES @registry@.unit CONSTRAINT unit_not_its_own_parent CHECK (parent OPERATOR(pg_catalog.<>) code),
  setting text CONSTRAINT unit_setting_fk REFERENCES @registry@.unit_setting,
  zone text,
  population integer CONSTRAINT unit_population_not_negative CHECK (population OPERATOR(pg_catalog.>=) 0),
  active boolean NOT NULL DEFAULT true
);
CREATE INDEX unit_region ON @registry@.unit (region);
CREATE INDEX unit_parent ON @registry@.unit (parent);
COMMENT ON TABLE @registry@.unit IS 'What is assessed: a community, a village, a school, an enterprise. Several units may share a region.';
COMMENT ON COLUMN @registry@.unit.code IS 'Code of the unit; for a community or village its 12 digits.';
COMMENT ON COLUMN @registry@.unit.region IS 'The administrative division in which it lies.';
COMMENT ON COLUMN @registry@.unit.name IS 'Name, as people know it.';
COMMENT ON COLUMN @registry@.unit.kind IS 'Kind of unit; see unit_kind.';
COMMENT ON COLUMN @registry@.unit.parent IS 'The unit above it.';
COMMENT ON COLUMN @registry@.unit.setting IS 'Urban or rural; see unit_setting.';
COMMENT ON COLUMN @registry@.unit.zone IS 'Planning zone, as the office names it.';
COMMENT ON COLUMN @registry@.unit.population IS 'Residents, in persons.';
COMMENT ON COLUMN @registry@.unit.active IS 'Whether it is assessed now; an inactive unit keeps its facts and is not scored.';

CREATE TABLE @registry@.officer_role (
  code text CONSTRAINT officer_role_pk PRIMARY KEY CONSTRAINT officer_role_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.officer_role IS 'Roles of people who work for a unit. An office may add its own.';
COMMENT ON COLUMN @registry@.officer_role.code IS 'Code of the role.';
COMMENT ON COLUMN @registry@.officer_role.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.officer_role.label_en IS 'Name in English.';
INSERT INTO @registry@.officer_role (code, label_zh, label_en) VALUES
  ('leader', '负责人', 'leader'),
  ('liaison', '联络员', 'liaison'),
  ('grid', '网格员', 'grid worker'),
  ('police', '警务助理', 'police assistant'),
  ('cadre', '村居干部', 'village or community cadre'),
  ('propagandist', '宣传员', 'publicity worker'),
  ('volunteer', '志愿者', 'volunteer'),
  ('property', '物业', 'property manager'),
  ('building_head', '楼长', 'head of a building'),
  ('first_responsible', '第一责任人', 'first person responsible'),
  ('staff', '工作人员', 'other staff');

CREATE TABLE @registry@.officer (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT officer_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT officer_unit_fk REFERENCES @registry@.unit,
  subject text NOT NULL CONSTRAINT officer_subject_not_blank CHECK (pg_catalog.btrim(subject) OPERATOR(pg_catalog.<>) ''),
  role text NOT NULL DEFAULT 'staff' CONSTRAINT officer_role_fk REFERENCES @registry@.officer_role,
  post text,
  phone text,
  scope text,
  joined_on date,
  left_on date,
  confirmed_on date,
  CONSTRAINT officer_once UNIQUE (unit, subject, role),
  CONSTRAINT officer_leaves_after_joining CHECK (left_on OPERATOR(pg_catalog.>=) joined_on)
);
CREATE INDEX officer_subject ON @registry@.officer (subject);
COMMENT ON TABLE @registry@.officer IS 'People who work or worked for a unit. Former ones stay, with the day they left: rubrics count staff and former cadres alike.';
COMMENT ON COLUMN @registry@.officer.id IS 'Identity.';
COMMENT ON COLUMN @registry@.officer.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.officer.subject IS 'Surrogate key of the person: the one that fraud_case.victim uses. No name and no citizen id.';
COMMENT ON COLUMN @registry@.officer.role IS 'Role; see officer_role.';
COMMENT ON COLUMN @registry@.officer.post IS 'Post, as the office calls it.';
COMMENT ON COLUMN @registry@.officer.phone IS 'Duty telephone.';
COMMENT ON COLUMN @registry@.officer.scope IS 'What the person answers for: a grid, a street, a group.';
COMMENT ON COLUMN @registry@.officer.joined_on IS 'First day of work; null where it is not known.';
COMMENT ON COLUMN @registry@.officer.left_on IS 'Last day of work; null while the person serves.';
COMMENT ON COLUMN @registry@.officer.confirmed_on IS 'Day on which the roster was last confirmed.';

CREATE TABLE @registry@.measure (
  code text CONSTRAINT measure_pk PRIMARY KEY
    CONSTRAINT measure_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$' AND pg_catalog.octet_length(code) OPERATOR(pg_catalog.<=) 63),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  counter_zh text NOT NULL DEFAULT '次',
  counter_en text NOT NULL DEFAULT 'occurrence',
  relation text NOT NULL,
  meaning text NOT NULL
);
COMMENT ON TABLE @registry@.measure IS 'What a rule can count. Each measure is supplied by a relation and appears in the view fact.';
COMMENT ON COLUMN @registry@.measure.code IS 'Code, as rules and facts write it.';
COMMENT ON COLUMN @registry@.measure.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.measure.label_en IS 'Name in English.';
COMMENT ON COLUMN @registry@.measure.counter_zh IS 'Measure word in Chinese, for explanations.';
COMMENT ON COLUMN @registry@.measure.counter_en IS 'What is counted, in English, singular.';
COMMENT ON COLUMN @registry@.measure.relation IS 'The table of this registry that supplies it; of a measure that only sources supply, any name. See the table source.';
COMMENT ON COLUMN @registry@.measure.meaning IS 'When a fact of this measure arises, and what its quantity, base and amount are.';
INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('study_missing', '动员、方案、专题研究缺失', 'missing mobilisation, plan or monthly study', '次', 'finding', 'finding', 'A finding that work was not started, planned or studied in a month: one finding each.'),
  ('ledger_missing', '工作台账缺项', 'missing ledger', '项', 'item', 'finding', 'One of the three required records (plan, log of daily work, ledger) does not exist.'),
  ('ledger_entry_missing', '台账记录缺失', 'missing ledger entry', '条', 'entry', 'finding', 'One entry that a ledger should hold is missing.'),
  ('case', '电诈案件', 'fraud case', '起', 'case', 'fraud_case', 'A case, on the day it was filed; amount: gross loss in yuan.'),
  ('case_net', '电诈案件（扣除挽损）', 'fraud case, net of recovery', '起', 'case', 'fraud_case', 'A case, on the day it was filed; amount: loss less what was recovered and refunded, in yuan.'),
  ('case_by_act', '电诈案件（按案发日）', 'fraud case, by date of the act', '起', 'case', 'fraud_case', 'A case, on the day of the act (the day of filing where that is not known); amount: gross loss in yuan.'),
  ('case_staff', '工作人员或离职干部被骗案件', 'case of staff or former staff', '起', 'case', 'fraud_case', 'A case whose victim works or worked for the unit; amount: gross loss in yuan.'),
  ('case_after_alert', '预警后又发案', 'case after an alert', '起', 'case', 'fraud_case', 'A case whose victim had been reached by an alert before; amount: gross loss in yuan.'),
  ('case_after_alert_30_days', '预警后30日内又发案', 'case within 30 days of an alert', '起', 'case', 'fraud_case', 'As case_after_alert, and the alert was delivered at most 30 days before.'),
  ('app_missing', '群众未安装国家反诈APP', 'resident without the anti-fraud app', '人次', 'person', 'sample', 'Residents found without the app in a spot check: sampled less positive; base: persons sampled.'),
  ('app_missing_staff', '工作人员未安装国家反诈APP', 'staff without the anti-fraud app', '人次', 'person', 'sample', 'Staff found without the app in a spot check: sampled less positive; base: persons sampled.'),
  ('app_installed', '群众安装国家反诈APP', 'resident with the anti-fraud app', '人次', 'person', 'sample', 'Residents found with the app in a spot check; base: persons sampled. For rates.'),
  ('awareness', '群众知晓', 'aware resident', '人次', 'person', 'sample', 'Residents who know the subject, in a survey; base: persons asked. For rates.'),
  ('satisfaction', '群众满意', 'satisfied resident', '人次', 'person', 'sample', 'Residents who are satisfied, in a survey; base: persons asked. For rates.'),
  ('publicity', '反诈宣传', 'publicity session', '次', 'session', 'activity', 'Publicity sessions that were held and recorded.'),
  ('victim_unreached', '受害人未被宣传覆盖', 'victim not reached by publicity', '人', 'victim', 'fraud_case', 'A case whose victim got no publicity, and was not in the message group or did not have the app.'),
  ('victim_unreached_or_no_app', '受害人未被宣传覆盖或未装APP', 'victim not reached, or without the app', '人', 'victim', 'fraud_case', 'A case whose victim got no publicity and was not in the message group, or did not have the app.'),
  ('publicity_falsified', '宣传弄虚作假', 'falsified publicity', '次', 'finding', 'finding', 'A finding that publicity work was made up.'),
  ('control_failure', '涉诈人员管控缺陷', 'control defect', '处', 'defect', 'finding', 'One defect of one file: a person not known, not clear, without a file, or a file not kept up.'),
  ('control_failure_person', '管控有缺陷的涉诈人员', 'person with a control defect', '人', 'person', 'finding', 'A person with control defects, once in a calendar year, on the day of the first.'),
  ('reoffence', '涉诈人员重新作案', 'reoffence', '次', 'reoffence', 'finding', 'A monitored person offended again for want of control.'),
  ('den', '电诈窝点', 'fraud den', '个', 'den', 'den', 'A den in the area, on the day it was found.'),
  ('checkin_missed', '核查逾期未做', 'missed check-in', '次', 'check-in', 'missed', 'A check-in of a monitored person that was not done in its time, approved as missed, on the last day on which it could be done. A policy says which, and who approves.'),
  ('duty_missed', '例行工作未完成', 'missed duty', '次', 'duty', 'missed', 'A recurring duty that was not done, or not often enough, in its window, approved as missed, on the last day of the window.'),
  ('control_failure_or_checkin_missed', '涉诈人员管控缺陷（含核查逾期）', 'control defect or missed check-in', '处', 'defect', 'missed', 'What control_failure counts, and what checkin_missed counts.');
