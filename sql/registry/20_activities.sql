-- What units did, and what spot checks and surveys found. Tables of facts as
-- in 20_facts.sql.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('app_20_55', '20至55岁居民安装国家反诈APP', 'resident aged 20 to 55 with the anti-fraud app', '人次', 'person', 'sample', 'Residents aged 20 to 55 found with the app in a spot check; base: persons sampled. For rates.'),
  ('publicity_reached', '群众接受过宣传', 'resident reached by publicity', '人次', 'person', 'sample', 'Residents who say in a survey that publicity has reached them; base: persons asked. For rates.'),
  ('awareness_staff', '企业员工知晓', 'aware employee', '人次', 'person', 'sample', 'Employees of enterprises who know the subject, in a survey; base: persons asked. For rates.'),
  ('awareness_pupils', '在校师生知晓', 'aware pupil or teacher', '人次', 'person', 'sample', 'Pupils and teachers who know the subject, in a survey; base: persons asked. For rates.'),
  ('awareness_medical', '医务人员知晓', 'aware medical worker', '人次', 'person', 'sample', 'Medical staff who know the subject, in a survey; base: persons asked. For rates.');

-- Whom publicity is for. A person may belong to several audiences, so that
-- the numbers of two are never added.
CREATE TABLE @registry@.audience (
  code text CONSTRAINT audience_pk PRIMARY KEY CONSTRAINT audience_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  counted_in text NOT NULL DEFAULT 'person' CONSTRAINT audience_counted_in_known CHECK (counted_in OPERATOR(pg_catalog.=) ANY ('{person,household}')),
  age_from integer CONSTRAINT audience_age_from_credible CHECK (age_from OPERATOR(pg_catalog.>=) 0 AND age_from OPERATOR(pg_catalog.<=) 150),
  age_to integer CONSTRAINT audience_age_to_credible CHECK (age_to OPERATOR(pg_catalog.<=) 150),
  minors boolean NOT NULL DEFAULT false,
  CONSTRAINT audience_ages_in_order CHECK (age_to OPERATOR(pg_catalog.>=) age_from)
);
COMMENT ON TABLE @registry@.audience IS 'Whom publicity is for: numbers only, never a list of persons. An office may add its own.';
COMMENT ON COLUMN @registry@.audience.counted_in IS 'person or household: what its numbers count.';
COMMENT ON COLUMN @registry@.audience.age_from IS 'From which age, in full years; null: no limit, or not stated.';
COMMENT ON COLUMN @registry@.audience.age_to IS 'Up to which age, inclusive; null: no limit, or not stated.';
COMMENT ON COLUMN @registry@.audience.minors IS 'Whether it is made of minors: its rows by class are for their school alone.';
INSERT INTO @registry@.audience (code, label_zh, label_en, counted_in, age_from, age_to, minors) VALUES
  ('resident', '全体居民', 'all residents', 'person', NULL, NULL, false),
  ('household', '居民户', 'households', 'household', NULL, NULL, false),
  ('floating', '流动人口', 'floating population', 'person', NULL, NULL, false),
  ('student', '在校学生', 'pupils and students', 'person', NULL, NULL, true),
  ('elderly', '老年人', 'the elderly', 'person', NULL, NULL, false),
  ('migrant_worker', '务工人员', 'migrant workers', 'person', NULL, NULL, false),
  ('homemaker', '家庭妇女', 'homemakers', 'person', NULL, NULL, false),
  ('finance_staff', '财会人员', 'finance staff', 'person', NULL, NULL, false),
  ('age_20_50', '20至50岁居民', 'residents aged 20 to 50', 'person', 20, 50, false),
  ('age_20_55', '20至55岁居民', 'residents aged 20 to 55', 'person', 20, 55, false),
  ('high_risk', '高危易受骗人员', 'persons at high risk of being defrauded', 'person', NULL, NULL, false),
  ('pupil_primary', '小学生', 'primary school pupils', 'person', NULL, NULL, true),
  ('pupil_middle', '初中生', 'middle school pupils', 'person', NULL, NULL, true),
  ('pupil_high', '高中生', 'high school pupils', 'person', NULL, NULL, true),
  ('parent', '学生家长', 'parents of pupils', 'person', NULL, NULL, false),
  ('teacher', '教师', 'teachers', 'person', NULL, NULL, false),
  ('medical', '医务人员', 'medical staff', 'person', NULL, NULL, false),
  ('enterprise_staff', '企业员工', 'employees of enterprises', 'person', NULL, NULL, false),
  ('own_staff', '本单位工作人员', 'staff of the unit itself', 'person', NULL, NULL, false),
  ('trader', '个体经营业主', 'owners of small businesses', 'person', NULL, NULL, false),
  ('online_user', '本地网络用户', 'local users of social networks', 'person', NULL, NULL, false),
  ('interest_investment', '有投资需求的群体', 'people with an interest in investment', 'person', NULL, NULL, false),
  ('interest_loan', '有贷款需求的群体', 'people with an interest in loans', 'person', NULL, NULL, false),
  ('interest_dating', '有婚恋交友需求的群体', 'people with an interest in marriage or friends', 'person', NULL, NULL, false);

CREATE TABLE @registry@.sample_kind (
  code text CONSTRAINT sample_kind_pk PRIMARY KEY CONSTRAINT sample_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  positive_measure text CONSTRAINT sample_kind_positive_fk REFERENCES @registry@.measure,
  missing_measure text CONSTRAINT sample_kind_missing_fk REFERENCES @registry@.measure,
  least_sampled bigint NOT NULL DEFAULT 30 CONSTRAINT sample_kind_least_sampled_positive CHECK (least_sampled OPERATOR(pg_catalog.>=) 1)
);
COMMENT ON TABLE @registry@.sample_kind IS 'Kinds of spot check and survey, and the measures that they supply.';
COMMENT ON COLUMN @registry@.sample_kind.positive_measure IS 'Measure of the persons who met the question; null: none.';
COMMENT ON COLUMN @registry@.sample_kind.missing_measure IS 'Measure of the persons who did not; null: none.';
COMMENT ON COLUMN @registry@.sample_kind.least_sampled IS 'A rate from fewer persons than this is marked as too small to rely on; nothing else follows from it.';
INSERT INTO @registry@.sample_kind (code, label_zh, label_en, positive_measure, missing_measure) VALUES
  ('app', '群众安装国家反诈APP抽查', 'residents: anti-fraud app', 'app_installed', 'app_missing'),
  ('app_staff', '工作人员安装国家反诈APP抽查', 'staff: anti-fraud app', NULL, 'app_missing_staff'),
  ('awareness', '知晓率调查', 'awareness', 'awareness', NULL),
  ('satisfaction', '满意度调查', 'satisfaction', 'satisfaction', NULL),
  ('app_20_55', '20至55岁常住人口安装国家反诈APP抽查', 'residents aged 20 to 55: anti-fraud app', 'app_20_55', NULL),
  ('publicity_reached', '宣传覆盖调查', 'publicity reached', 'publicity_reached', NULL),
  ('awareness_staff', '企业员工知晓率调查', 'employees of enterprises: awareness', 'awareness_staff', NULL),
  ('awareness_pupils', '在校师生知晓率调查', 'pupils and teachers: awareness', 'awareness_pupils', NULL),
  ('awareness_medical', '医务人员知晓率调查', 'medical staff: awareness', 'awareness_medical', NULL);

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
  ('meeting', '会议', 'meeting', NULL),
  -- with an audience before whom somebody speaks, or a message to groups
  ('lecture', '专题讲座', 'lecture', 'publicity'),
  ('class_meeting', '主题班会', 'class meeting', 'publicity'),
  ('parents_meeting', '家长会', 'parents'' meeting', 'publicity'),
  ('home_visit_pupil', '学生家访', 'home visit to a pupil', 'publicity'),
  ('face_warning', '面对面警示提醒', 'face-to-face warning of persons at risk', 'publicity'),
  ('street_sweep', '扫楼扫街宣传', 'sweep of houses and streets with publicity', 'publicity'),
  ('testimony', '被骗群众现身说法', 'a victim speaks', 'publicity'),
  ('student_practice', '学生暑期实践宣传', 'students'' summer practice', 'publicity'),
  ('refund_event', '被骗资金返还活动', 'return of money at an event', 'publicity'),
  ('case_warning', '案例预警推送', 'case as a warning to groups', 'publicity'),
  -- put up, given out, sent by a medium, or about the work itself
  ('poster', '张贴海报', 'poster', NULL),
  ('led', 'LED屏播放', 'LED screen', NULL),
  ('leaflet', '发放宣传单', 'leaflet', NULL),
  ('letter', '发放一封信', 'letter to residents', NULL),
  ('notice', '发放告知书', 'notice to citizens', NULL),
  ('sticker', '张贴反诈小贴纸', 'sticker on house doors', NULL),
  ('material', '制作宣传品', 'material made', NULL),
  ('homework', '家庭作业', 'homework', NULL),
  ('theme_month', '主题宣传月', 'publicity month', NULL),
  ('short_video', '短视频', 'short video', NULL),
  ('case_publicity', '破案宣传', 'publicity about solved cases', NULL),
  ('ringtone', '彩铃', 'ringback tone', NULL),
  ('sms', '短信', 'text message', NULL),
  ('social_push', '社交平台推送', 'post or push in social networks', NULL),
  ('media_report', '媒体报道', 'report in the media', NULL),
  ('app_help', '帮助安装国家反诈APP', 'help with the anti-fraud app', NULL),
  ('launch', '启动仪式', 'launch ceremony', NULL),
  ('exchange', '经验交流', 'exchange of good practice', NULL),
  ('guidance', '工作指导', 'guidance to other units', NULL);

CREATE TABLE @registry@.broadcast_slot (
  code text CONSTRAINT broadcast_slot_pk PRIMARY KEY CONSTRAINT broadcast_slot_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  rank integer NOT NULL,
  from_time time,
  to_time time,
  CONSTRAINT broadcast_slot_hours_complete CHECK (pg_catalog.num_nulls(from_time, to_time) OPERATOR(pg_catalog.=) ANY ('{0,2}')),
  CONSTRAINT broadcast_slot_ends_after_it_begins CHECK (to_time OPERATOR(pg_catalog.>) from_time)
);
COMMENT ON TABLE @registry@.broadcast_slot IS 'Times of the day at which broadcasts are asked for. The documents name them without hours: an office sets them; until then a broadcast belongs to the slot that its row names. An office may add its own.';
COMMENT ON COLUMN @registry@.broadcast_slot.rank IS 'Order in the day.';
COMMENT ON COLUMN @registry@.broadcast_slot.from_time IS 'First moment, in China; null: not set.';
COMMENT ON COLUMN @registry@.broadcast_slot.to_time IS 'End, exclusive; null: not set.';
INSERT INTO @registry@.broadcast_slot (code, label_zh, label_en, rank) VALUES
  ('morning', '早', 'morning', 1),
  ('noon', '中', 'noon', 2),
  ('evening', '晚', 'evening', 3);

CREATE TABLE @registry@.medium (
  code text CONSTRAINT medium_pk PRIMARY KEY CONSTRAINT medium_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  online boolean NOT NULL
);
COMMENT ON TABLE @registry@.medium IS 'The means by which publicity reaches people. An office may add its own.';
COMMENT ON COLUMN @registry@.medium.online IS 'Whether it is online; tuohe-2023 asks for both.';
INSERT INTO @registry@.medium (code, label_zh, label_en, online) VALUES
  ('face', '面对面', 'face to face', false),
  ('print', '印刷品', 'printed matter', false),
  ('board', '宣传栏', 'notice board', false),
  ('loudspeaker', '广播喇叭', 'loudspeaker', false),
  ('radio', '广播电台', 'radio', false),
  ('television', '电视', 'television', false),
  ('screen', '电子屏', 'screen', false),
  ('newspaper', '报刊', 'newspaper', false),
  ('telephone', '电话彩铃', 'telephone and ringback tone', false),
  ('sms', '短信', 'text message', false),
  ('wechat', '微信', 'WeChat', true),
  ('public_account', '公众号', 'public account', true),
  ('video_account', '视频号', 'video account', true),
  ('weibo', '微博', 'Weibo', true),
  ('douyin', '抖音', 'Douyin', true),
  ('website', '网站', 'web site', true);

CREATE TABLE @registry@.activity_topic (
  code text CONSTRAINT activity_topic_pk PRIMARY KEY CONSTRAINT activity_topic_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.activity_topic IS 'What an activity was about: each kind of fraud (fraud_category, same codes), and other subjects. An office may add its own.';
INSERT INTO @registry@.activity_topic (code, label_zh, label_en) VALUES
  ('law', '反诈法律法规', 'the law against fraud'),
  ('common_sense', '防诈常识', 'common sense against fraud'),
  ('typical_case', '典型案例', 'typical cases'),
  ('solved_case', '已破案件', 'solved cases'),
  ('two_cards', '涉诈两卡的危害和后果', 'harm and consequences of two-card offences'),
  ('app', '国家反诈APP', 'the anti-fraud app'),
  ('six_and_ten', '六个一律、十个凡是', 'the six and the ten rules'),
  ('brand', '当地反诈宣传品牌', 'the district''s publicity brand'),
  ('agenda', '反诈工作议事', 'the work as an item of the agenda'),
  ('report', '举报涉诈线索', 'reporting of clues');

CREATE TABLE @registry@.sample (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sample_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT sample_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT sample_kind_fk REFERENCES @registry@.sample_kind,
  sampled_on date NOT NULL CONSTRAINT sample_sampled_on_finite CHECK (pg_catalog.isfinite(sampled_on)),
  sampled bigint NOT NULL CONSTRAINT sample_sampled_not_negative CHECK (sampled OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT sample_sampled_credible CHECK (sampled OPERATOR(pg_catalog.<=) 10000000000),
  positive bigint NOT NULL CONSTRAINT sample_positive_not_negative CHECK (positive OPERATOR(pg_catalog.>=) 0),
  audience text CONSTRAINT sample_audience_fk REFERENCES @registry@.audience,
  method text CONSTRAINT sample_method_not_blank CHECK (pg_catalog.btrim(method) OPERATOR(pg_catalog.<>) ''),
  age_from integer CONSTRAINT sample_age_from_credible CHECK (age_from OPERATOR(pg_catalog.>=) 0 AND age_from OPERATOR(pg_catalog.<=) 150),
  age_to integer CONSTRAINT sample_age_to_credible CHECK (age_to OPERATOR(pg_catalog.<=) 150),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT sample_positive_of_sampled CHECK (positive OPERATOR(pg_catalog.<=) sampled),
  CONSTRAINT sample_ages_in_order CHECK (age_to OPERATOR(pg_catalog.>=) age_from),
  -- one aged 19 or 56 says nothing about those aged 20 to 55
  CONSTRAINT sample_app_20_55_ages CHECK (kind OPERATOR(pg_catalog.<>) 'app_20_55' OR (age_from OPERATOR(pg_catalog.>=) 20) IS NOT FALSE AND (age_to OPERATOR(pg_catalog.<=) 55) IS NOT FALSE),
  CONSTRAINT sample_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX sample_unit ON @registry@.sample (unit, kind, sampled_on);
CREATE UNIQUE INDEX sample_source_key ON @registry@.sample (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.sample IS 'Spot checks and surveys: how many were asked, and how many met the question.';
COMMENT ON COLUMN @registry@.sample.kind IS 'What was checked; see sample_kind.';
COMMENT ON COLUMN @registry@.sample.sampled_on IS 'Day of the check.';
COMMENT ON COLUMN @registry@.sample.sampled IS 'Persons checked or asked.';
COMMENT ON COLUMN @registry@.sample.positive IS 'Persons among them who met the question: had the app, knew, were satisfied.';
COMMENT ON COLUMN @registry@.sample.audience IS 'Who was asked; see audience. Null: as the kind says.';
COMMENT ON COLUMN @registry@.sample.method IS 'How: on the spot, by telephone, by questionnaire, and who drew the sample.';
COMMENT ON COLUMN @registry@.sample.age_from IS 'Age of the youngest who could be drawn; null: not stated.';
COMMENT ON COLUMN @registry@.sample.age_to IS 'Age of the oldest; null: not stated.';

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
  starts_at time,
  slot text CONSTRAINT activity_slot_fk REFERENCES @registry@.broadcast_slot,
  medium text CONSTRAINT activity_medium_fk REFERENCES @registry@.medium,
  topic text CONSTRAINT activity_topic_fk REFERENCES @registry@.activity_topic,
  combined boolean NOT NULL DEFAULT false,
  consent boolean,
  copies integer CONSTRAINT activity_copies_not_negative CHECK (copies OPERATOR(pg_catalog.>=) 0),
  site text CONSTRAINT activity_site_not_blank CHECK (pg_catalog.btrim(site) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  -- nobody is made to tell how he was defrauded (Civil Code, article 1032)
  CONSTRAINT activity_testimony_with_consent CHECK (kind OPERATOR(pg_catalog.<>) 'testimony' OR consent IS TRUE),
  CONSTRAINT activity_contact_group_fk FOREIGN KEY (contact_group, unit) REFERENCES @registry@.contact_group (code, unit),
  CONSTRAINT activity_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX activity_unit ON @registry@.activity (unit, held_on);
CREATE INDEX activity_done ON @registry@.activity (unit, kind, held_on) INCLUDE (sessions) WHERE voided_at IS NULL;
CREATE INDEX activity_done_in_group ON @registry@.activity (contact_group, kind, held_on) INCLUDE (sessions) WHERE voided_at IS NULL AND contact_group IS NOT NULL;
-- few, where each is entered by itself
CREATE INDEX activity_several ON @registry@.activity (unit, kind, held_on) INCLUDE (sessions, contact_group) WHERE sessions OPERATOR(pg_catalog.>) 1 AND voided_at IS NULL;
CREATE INDEX activity_held_on ON @registry@.activity (held_on) WHERE voided_at IS NULL;
CREATE INDEX activity_voided ON @registry@.activity (id) WHERE voided_at IS NOT NULL;
CREATE UNIQUE INDEX activity_source_key ON @registry@.activity (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.activity IS 'What a unit did: talks, visits, broadcasts, messages, sweeps.';
COMMENT ON COLUMN @registry@.activity.kind IS 'What was done; see activity_kind.';
COMMENT ON COLUMN @registry@.activity.held_on IS 'Day on which it was done.';
COMMENT ON COLUMN @registry@.activity.sessions IS 'How many times on that day.';
COMMENT ON COLUMN @registry@.activity.minutes IS 'How long, in minutes.';
COMMENT ON COLUMN @registry@.activity.reached IS 'How many persons it reached.';
COMMENT ON COLUMN @registry@.activity.evidence IS 'Where the proof is kept.';
COMMENT ON COLUMN @registry@.activity.contact_group IS 'The message group in which it was done; null: in none, or not one alone.';
COMMENT ON COLUMN @registry@.activity.starts_at IS 'When it began, in China; null: not recorded.';
COMMENT ON COLUMN @registry@.activity.slot IS 'Time of the day of a broadcast; see broadcast_slot. Null: the slot in whose hours starts_at lies.';
COMMENT ON COLUMN @registry@.activity.medium IS 'By what means; see medium.';
COMMENT ON COLUMN @registry@.activity.topic IS 'What it was about; see activity_topic.';
COMMENT ON COLUMN @registry@.activity.combined IS 'Whether it was part of another event of the unit.';
COMMENT ON COLUMN @registry@.activity.consent IS 'Whether the person who spoke or was shown agreed. A victim who speaks must have; who it was is not recorded, nor the case.';
COMMENT ON COLUMN @registry@.activity.copies IS 'Printed pieces, or messages sent; null: none, or not counted.';
COMMENT ON COLUMN @registry@.activity.site IS 'Code of the place where it was held; null: none, or not recorded.';

SELECT @registry@.guard_facts('{sample,activity}', true);
SELECT @registry@.comment_code_lists('{audience,sample_kind,activity_kind,broadcast_slot,medium,activity_topic}');
