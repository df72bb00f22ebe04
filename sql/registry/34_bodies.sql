-- Who organises: leading groups, offices and teams, the rosters that units are
-- to keep, and who is responsible for what. Rules belong to a programme, and
-- ask nothing of anybody until that is in force.

CREATE TABLE @registry@.body_kind (
  code text CONSTRAINT body_kind_pk PRIMARY KEY CONSTRAINT body_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.body_kind IS 'Kinds of body. An office may add its own.';
INSERT INTO @registry@.body_kind (code, label_zh, label_en) VALUES
  ('leading_group', '领导小组', 'leading group'),
  ('office', '领导小组办公室', 'office of a leading group'),
  ('joint_conference', '联席会议', 'joint conference'),
  ('joint_mechanism', '联合工作机制', 'joint mechanism of departments'),
  ('alert_team', '预警反制专班', 'team for alerts'),
  ('publicity_team', '反诈宣传队伍', 'publicity team'),
  ('speakers', '宣讲团', 'team of speakers'),
  ('inspection', '督导组', 'inspection group');

CREATE TABLE @registry@.body_position (
  code text CONSTRAINT body_position_pk PRIMARY KEY CONSTRAINT body_position_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  rank integer NOT NULL,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.body_position IS 'Positions in a body. An office may add its own.';
COMMENT ON COLUMN @registry@.body_position.rank IS 'Order in lists.';
INSERT INTO @registry@.body_position (code, rank, label_zh, label_en) VALUES
  ('head', 1, '组长、主任', 'head'),
  ('executive_deputy', 2, '常务副职', 'executive deputy'),
  ('deputy', 3, '副职', 'deputy'),
  ('member', 4, '成员', 'member');

CREATE TABLE @registry@.body (
  code text CONSTRAINT body_pk PRIMARY KEY CONSTRAINT body_code_not_blank CHECK (pg_catalog.btrim(code) OPERATOR(pg_catalog.<>) ''),
  unit text NOT NULL CONSTRAINT body_unit_fk REFERENCES @registry@.unit,
  kind text NOT NULL CONSTRAINT body_kind_fk REFERENCES @registry@.body_kind,
  name text NOT NULL CONSTRAINT body_name_not_blank CHECK (pg_catalog.btrim(name) OPERATOR(pg_catalog.<>) ''),
  parent text CONSTRAINT body_parent_fk REFERENCES @registry@.body CONSTRAINT body_not_its_own_parent CHECK (parent OPERATOR(pg_catalog.<>) code),
  programme text CONSTRAINT body_programme_fk REFERENCES @registry@.programme,
  seat text,
  document_no text,
  formed_on date CONSTRAINT body_formed_on_finite CHECK (pg_catalog.isfinite(formed_on)),
  dissolved_on date CONSTRAINT body_dissolved_on_finite CHECK (pg_catalog.isfinite(dissolved_on)),
  CONSTRAINT body_ends_after_it_begins CHECK (dissolved_on OPERATOR(pg_catalog.>=) formed_on)
);
CREATE INDEX body_unit ON @registry@.body (unit, kind);
COMMENT ON TABLE @registry@.body IS 'Leading groups, their offices, teams, joint conferences.';
COMMENT ON COLUMN @registry@.body.code IS 'Code of the body.';
COMMENT ON COLUMN @registry@.body.unit IS 'The unit that set it up: a county, a town, a village.';
COMMENT ON COLUMN @registry@.body.kind IS 'What it is; see body_kind.';
COMMENT ON COLUMN @registry@.body.name IS 'Name of the body.';
COMMENT ON COLUMN @registry@.body.parent IS 'The body above it: an office''s leading group.';
COMMENT ON COLUMN @registry@.body.programme IS 'The programme for which it was set up; null: for none in particular.';
COMMENT ON COLUMN @registry@.body.seat IS 'Where it sits, as the document says: a department or a station.';
COMMENT ON COLUMN @registry@.body.document_no IS 'Number of the document that set it up.';
COMMENT ON COLUMN @registry@.body.formed_on IS 'First day; null: not known.';
COMMENT ON COLUMN @registry@.body.dissolved_on IS 'Last day; null while it lasts.';

CREATE TABLE @registry@.body_member (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT body_member_pk PRIMARY KEY,
  body text NOT NULL CONSTRAINT body_member_body_fk REFERENCES @registry@.body,
  position text NOT NULL DEFAULT 'member' CONSTRAINT body_member_position_fk REFERENCES @registry@.body_position,
  post text CONSTRAINT body_member_post_not_blank CHECK (pg_catalog.btrim(post) OPERATOR(pg_catalog.<>) ''),
  unit text CONSTRAINT body_member_unit_fk REFERENCES @registry@.unit,
  officer bigint CONSTRAINT body_member_officer_fk REFERENCES @registry@.officer,
  rank integer,
  rotating boolean NOT NULL DEFAULT false,
  period daterange NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT body_member_is_somebody CHECK (pg_catalog.num_nonnulls(post, unit, officer) OPERATOR(pg_catalog.>) 0),
  CONSTRAINT body_member_period_begins CHECK (NOT pg_catalog.isempty(period) AND pg_catalog.isfinite(pg_catalog.lower(period)) IS TRUE)
);
CREATE INDEX body_member_body ON @registry@.body_member (body, position);
CREATE INDEX body_member_unit ON @registry@.body_member (unit);
CREATE INDEX body_member_officer ON @registry@.body_member (officer);
COMMENT ON TABLE @registry@.body_member IS 'Members of a body, by post, unit or officer; no names.';
COMMENT ON COLUMN @registry@.body_member.id IS 'Identity.';
COMMENT ON COLUMN @registry@.body_member.body IS 'The body.';
COMMENT ON COLUMN @registry@.body_member.position IS 'Position in it; see body_position.';
COMMENT ON COLUMN @registry@.body_member.post IS 'The post that carries the membership, as the document calls it. No name.';
COMMENT ON COLUMN @registry@.body_member.unit IS 'The unit or department that is a member, or that the member comes from.';
COMMENT ON COLUMN @registry@.body_member.officer IS 'The officer, where the roster has one.';
COMMENT ON COLUMN @registry@.body_member.rank IS 'Order within the position.';
COMMENT ON COLUMN @registry@.body_member.rotating IS 'Whether the member takes turns with others (轮驻) instead of sitting permanently (常驻).';
COMMENT ON COLUMN @registry@.body_member.period IS 'The days of the membership; without an upper bound while it lasts.';
COMMENT ON COLUMN @registry@.body_member.recorded_at IS 'When it was entered.';
COMMENT ON COLUMN @registry@.body_member.recorded_by IS 'Who entered it.';

CREATE TABLE @registry@.body_rule (
  programme text NOT NULL CONSTRAINT body_rule_programme_fk REFERENCES @registry@.programme,
  unit_kind text NOT NULL CONSTRAINT body_rule_unit_kind_fk REFERENCES @registry@.unit_kind,
  kind text NOT NULL CONSTRAINT body_rule_kind_fk REFERENCES @registry@.body_kind,
  minimum integer NOT NULL DEFAULT 1 CONSTRAINT body_rule_minimum_positive CHECK (minimum OPERATOR(pg_catalog.>) 0),
  heads integer NOT NULL DEFAULT 1 CONSTRAINT body_rule_heads_not_negative CHECK (heads OPERATOR(pg_catalog.>=) 0),
  basis text NOT NULL,
  CONSTRAINT body_rule_pk PRIMARY KEY (programme, unit_kind, kind)
);
COMMENT ON TABLE @registry@.body_rule IS 'Which bodies a programme asks for; see the view body_gap.';
COMMENT ON COLUMN @registry@.body_rule.unit_kind IS 'Of each active unit of this kind.';
COMMENT ON COLUMN @registry@.body_rule.kind IS 'The kind of body.';
COMMENT ON COLUMN @registry@.body_rule.minimum IS 'How many of them.';
COMMENT ON COLUMN @registry@.body_rule.heads IS 'How many heads each has at least: tuohe-2023 has two. 0: none is named.';
INSERT INTO @registry@.body_rule (programme, unit_kind, kind, minimum, heads, basis) VALUES
  ('nanma-2023', 'town', 'leading_group', 1, 1, '四（一）；附件1'),
  ('nanma-2023', 'town', 'office', 1, 1, '附件1'),
  ('qingyuan-2024', 'county', 'joint_conference', 1, 0, '三'),
  ('qingyuan-2024', 'county', 'alert_team', 1, 0, '三（一）3'),
  ('qingyuan-2024', 'county', 'publicity_team', 1, 0, '二（三）'),
  ('shiqiao-2023', 'town', 'leading_group', 1, 1, '四（一）'),
  ('shiqiao-2023', 'town', 'office', 1, 1, '四（一）'),
  ('tuohe-2023', 'town', 'leading_group', 1, 2, '二'),
  ('tuohe-2023', 'town', 'office', 1, 1, '二'),
  ('tuohe-2023', 'town', 'inspection', 1, 0, '四（四）'),
  ('template-plan-1', 'county', 'leading_group', 1, 1, '三（一）'),
  ('template-plan-1', 'county', 'office', 1, 1, '三（一）'),
  ('template-plan-1', 'county', 'joint_mechanism', 1, 0, '二（六）'),
  ('template-plan-1', 'town', 'leading_group', 1, 1, '三（一）'),
  ('template-plan-1', 'community', 'office', 1, 0, '三（一）'),
  ('template-plan-1', 'village', 'office', 1, 0, '三（一）'),
  ('template-plan-2', 'town', 'leading_group', 1, 1, '二'),
  ('template-plan-2', 'town', 'office', 3, 1, '二'),
  ('template-plan-2', 'town', 'speakers', 1, 0, '五（一）1'),
  ('template-plan-2', 'town', 'inspection', 1, 0, '六（四）'),
  ('template-plan-2', 'community', 'leading_group', 1, 1, '五'),
  ('template-plan-2', 'village', 'leading_group', 1, 1, '五');

CREATE TABLE @registry@.group_rule (
  programme text NOT NULL CONSTRAINT group_rule_programme_fk REFERENCES @registry@.programme,
  unit_kind text NOT NULL CONSTRAINT group_rule_unit_kind_fk REFERENCES @registry@.unit_kind,
  level integer NOT NULL CONSTRAINT group_rule_level_fk REFERENCES @registry@.group_level,
  basis text NOT NULL,
  CONSTRAINT group_rule_pk PRIMARY KEY (programme, unit_kind, level)
);
COMMENT ON TABLE @registry@.group_rule IS 'Which message groups a programme asks for; see the view group_gap.';
COMMENT ON COLUMN @registry@.group_rule.unit_kind IS 'Each active unit of this kind.';
COMMENT ON COLUMN @registry@.group_rule.level IS 'Has a group of this level.';
INSERT INTO @registry@.group_rule (programme, unit_kind, level, basis) VALUES
  ('nanma-2023', 'community', 3, '三（一）1'),
  ('nanma-2023', 'village', 3, '三（一）1'),
  ('nanma-2023', 'compound', 3, '三（一）1'),
  ('nanma-2023', 'enterprise', 3, '三（一）1'),
  ('nanma-2023', 'school', 3, '三（一）1'),
  ('shiqiao-2023', 'village', 3, '三、3'),
  ('shiqiao-2023', 'community', 3, '三、3'),
  ('tuohe-2023', 'town', 1, '三、1'),
  ('tuohe-2023', 'community', 2, '三、2'),
  ('tuohe-2023', 'department', 2, '三、2；四（三）'),
  ('tuohe-2023', 'school', 2, '三、2'),
  ('tuohe-2023', 'hospital', 2, '三、2'),
  ('tuohe-2023', 'community', 3, '三、3'),
  ('template-plan-2', 'village', 3, '五（二）3'),
  ('template-plan-2', 'community', 3, '五（二）3');

CREATE TABLE @registry@.roster_rule (
  programme text NOT NULL CONSTRAINT roster_rule_programme_fk REFERENCES @registry@.programme,
  role text NOT NULL CONSTRAINT roster_rule_role_fk REFERENCES @registry@.officer_role,
  unit_kind text NOT NULL CONSTRAINT roster_rule_unit_kind_fk REFERENCES @registry@.unit_kind,
  minimum integer NOT NULL DEFAULT 1 CONSTRAINT roster_rule_minimum_positive CHECK (minimum OPERATOR(pg_catalog.>) 0),
  confirm_days integer CONSTRAINT roster_rule_confirm_days_not_negative CHECK (confirm_days OPERATOR(pg_catalog.>=) 0),
  telephone boolean NOT NULL DEFAULT false,
  basis text NOT NULL,
  CONSTRAINT roster_rule_pk PRIMARY KEY (programme, role, unit_kind)
);
COMMENT ON TABLE @registry@.roster_rule IS 'Whom units are to name, and how their rosters are kept; see the view roster_gap.';
COMMENT ON COLUMN @registry@.roster_rule.role IS 'The role; see officer_role.';
COMMENT ON COLUMN @registry@.roster_rule.unit_kind IS 'Of each active unit of this kind.';
COMMENT ON COLUMN @registry@.roster_rule.minimum IS 'How many officers it names at least. Where a document gives no number, one.';
COMMENT ON COLUMN @registry@.roster_rule.confirm_days IS 'After how many days a roster that nobody confirmed is stale; null: not set, as no document states it.';
COMMENT ON COLUMN @registry@.roster_rule.telephone IS 'Whether each has a telephone on the roster.';
INSERT INTO @registry@.roster_rule (programme, role, unit_kind, telephone, basis) VALUES
  ('qingyuan-2024', 'grid', 'community', true, '三（一）3'),
  ('qingyuan-2024', 'grid', 'village', true, '三（一）3'),
  ('qingyuan-2024', 'propagandist', 'town', false, '三（二）1'),
  ('qingyuan-2024', 'propagandist', 'department', false, '三（二）1'),
  ('shiqiao-2023', 'grid', 'village', true, '三、5'),
  ('shiqiao-2023', 'police', 'village', true, '三、5'),
  ('template-plan-2', 'staff', 'community', false, '五（二）3；六（一）'),
  ('template-plan-2', 'staff', 'village', false, '五（二）3；六（一）'),
  ('template-plan-2', 'staff', 'department', false, '六（一）'),
  ('tuohe-2023', 'liaison', 'community', true, '五（一）'),
  ('tuohe-2023', 'liaison', 'department', true, '五（一）'),
  ('tuohe-2023', 'first_responsible', 'community', false, '五（三）'),
  ('tuohe-2023', 'leader', 'community', false, '五（三）'),
  ('tuohe-2023', 'propagandist', 'community', false, '三（二）');
SELECT @registry@.comment_columns('{body_rule,group_rule,roster_rule}', '{programme,basis}', '{The programme.,"Place in its document, numbered as there."}');

CREATE TABLE @registry@.responsibility_part (
  code text CONSTRAINT responsibility_part_pk PRIMARY KEY CONSTRAINT responsibility_part_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  rank integer NOT NULL,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.responsibility_part IS 'Parts that units have in a task. An office may add its own.';
COMMENT ON COLUMN @registry@.responsibility_part.rank IS 'Order in lists.';
INSERT INTO @registry@.responsibility_part (code, rank, label_zh, label_en) VALUES
  ('lead', 1, '牵头单位', 'lead'),
  ('responsible', 2, '责任单位', 'responsible'),
  ('supporting', 3, '配合单位', 'supporting');

CREATE TABLE @registry@.responsibility (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT responsibility_pk PRIMARY KEY,
  programme text NOT NULL CONSTRAINT responsibility_programme_fk REFERENCES @registry@.programme,
  place text NOT NULL,
  task text NOT NULL CONSTRAINT responsibility_task_not_blank CHECK (pg_catalog.btrim(task) OPERATOR(pg_catalog.<>) ''),
  part text NOT NULL DEFAULT 'responsible' CONSTRAINT responsibility_part_fk REFERENCES @registry@.responsibility_part,
  party text NOT NULL CONSTRAINT responsibility_party_not_blank CHECK (pg_catalog.btrim(party) OPERATOR(pg_catalog.<>) ''),
  unit text CONSTRAINT responsibility_unit_fk REFERENCES @registry@.unit,
  unit_kind text CONSTRAINT responsibility_unit_kind_fk REFERENCES @registry@.unit_kind,
  officer bigint CONSTRAINT responsibility_officer_fk REFERENCES @registry@.officer,
  CONSTRAINT responsibility_once UNIQUE (programme, place, task, part, party),
  CONSTRAINT responsibility_of_one_or_a_kind CHECK (unit IS NULL OR unit_kind IS NULL)
);
CREATE INDEX responsibility_unit ON @registry@.responsibility (unit);
COMMENT ON TABLE @registry@.responsibility IS 'Who leads, answers for and supports each task, as the documents say it (party) and as the units of the registry.';
COMMENT ON COLUMN @registry@.responsibility.id IS 'Identity.';
COMMENT ON COLUMN @registry@.responsibility.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.responsibility.place IS 'Place in its document, numbered as there.';
COMMENT ON COLUMN @registry@.responsibility.task IS 'The task.';
COMMENT ON COLUMN @registry@.responsibility.part IS 'The part in it; see responsibility_part.';
COMMENT ON COLUMN @registry@.responsibility.party IS 'Who, as the document calls it.';
COMMENT ON COLUMN @registry@.responsibility.unit IS 'That unit; null until an office fills it in, or where it is a kind.';
COMMENT ON COLUMN @registry@.responsibility.unit_kind IS 'Every active unit of this kind in the region of the programme.';
COMMENT ON COLUMN @registry@.responsibility.officer IS 'The officer who answers for it in person; null: nobody in particular.';
INSERT INTO @registry@.responsibility (programme, place, task, part, party, unit_kind)
SELECT w.programme, w.place, w.task, w.part, p.party,
       CASE p.party WHEN '各乡镇（街道）' THEN 'town' WHEN '各村' THEN 'village' WHEN '各村社' THEN 'village' WHEN '各社区' THEN 'community' WHEN '各村（社区）' THEN 'village'
                    WHEN '街道各部门' THEN 'department' END
FROM (VALUES
  ('nanma-2023', '四（一）、（二）', '辖区创建工作', 'responsible', '各社区'),
  ('qingyuan-2024', '三（一）1', '涉诈重点人员核减', 'responsible', '县委政法委、县公安局、联席办其他成员单位、各乡镇（街道）'),
  ('qingyuan-2024', '三（一）2', '落实属地管控责任', 'responsible', '县公安局、联席办其他成员单位、各乡镇（街道）'),
  ('qingyuan-2024', '三（一）3', '预警劝阻', 'responsible', '县公安局、县社会治理中心、联席办其他成员单位、各乡镇（街道）'),
  ('qingyuan-2024', '三（二）1', '阵地建设', 'responsible', '县联席办成员单位、各乡镇（街道）'),
  ('qingyuan-2024', '三（二）2', '推广国家反诈中心APP', 'responsible', '县联席办成员单位、各乡镇（街道）'),
  ('qingyuan-2024', '三（二）3', '专题宣传', 'lead', '县委宣传部、县委政法委'),
  ('qingyuan-2024', '三（二）3', '专题宣传', 'responsible', '县公安局、县联席办其他成员单位'),
  ('qingyuan-2024', '三（二）4', '易骗群体精准宣防', 'responsible', '县联席办、县教育局、各乡镇（街道）'),
  ('qingyuan-2024', '三（二）5', '社会反诈力量', 'responsible', '县联席办成员单位、各乡镇（街道）'),
  ('qingyuan-2024', '三（三）', '无诈单元创建', 'responsible', '县委政法委、县公安局、县经济商务局、县教育局、县卫健局、联席办其他成员单位、各乡镇（街道）'),
  ('shiqiao-2023', '三、1', '应急广播宣传', 'responsible', '广电站'),
  ('shiqiao-2023', '三、1', '应急广播宣传', 'supporting', '石桥派出所'),
  ('shiqiao-2023', '三、2', '公益广告宣传、推广国家反诈中心APP', 'lead', '综治办、石桥派出所、九里海防派出所'),
  ('shiqiao-2023', '三、2', '公益广告宣传、推广国家反诈中心APP', 'supporting', '党政办'),
  ('shiqiao-2023', '三、2', '公益广告宣传、推广国家反诈中心APP', 'responsible', '各村'),
  ('shiqiao-2023', '三、3', '短视频宣传', 'lead', '综治办'),
  ('shiqiao-2023', '三、3', '短视频宣传', 'responsible', '各村社'),
  ('shiqiao-2023', '三、4', '宣传点宣传', 'responsible', '石桥派出所'),
  ('shiqiao-2023', '三、5', '反诈小贴纸', 'responsible', '各村'),
  ('tuohe-2023', '四（一）', '协调、统计、通报', 'lead', '领导小组办公室'),
  ('tuohe-2023', '四（三）；五（二）', '本辖区、本部门反诈宣传', 'responsible', '各社区、街道各部门'),
  ('tuohe-2023', '四（三）', '学校宣传', 'responsible', '教育部门'),
  ('tuohe-2023', '四（三）', '公交站台、公交车宣传', 'responsible', '公安部门'),
  ('tuohe-2023', '四（三）', '商场、超市、宾馆、饭店宣传', 'responsible', '市监所'),
  ('tuohe-2023', '四（三）', '医院宣传', 'responsible', '卫健办'),
  ('tuohe-2023', '四（三）', '彩票点宣传', 'responsible', '民政所'),
  ('tuohe-2023', '四（四）', '督导检查', 'lead', '平安办、纪检办'),
  ('template-plan-1', '二（六）', '家长宣传联合工作机制', 'responsible', '区教体局、区公安分局'),
  ('template-plan-2', '五', '打击、防范、管理、宣传', 'responsible', '联席会议成员单位、派出所、各村（社区）、老人会')
) AS w (programme, place, task, part, parties)
CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.string_to_array(w.parties, '、')) AS p (party);

CREATE TABLE @registry@.gap_kind (
  code text CONSTRAINT gap_kind_pk PRIMARY KEY CONSTRAINT gap_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.gap_kind IS 'What the views group_gap, group_name_fault, roster_gap, body_gap and responsibility_gap find.';
INSERT INTO @registry@.gap_kind (code, label_zh, label_en) VALUES
  ('no_group', '未建群', 'no message group'),
  ('no_owner', '无群主', 'no owner'),
  ('owner_left', '群主已离任', 'the owner has left'),
  ('owner_role', '群主身份不符', 'the owner has not the role that the level asks for'),
  ('no_parent', '无上级群', 'no group above it'),
  ('parent_level', '上级群级别不符', 'the group above it is not one level higher'),
  ('not_counted', '未统计入群情况', 'never counted'),
  ('count_stale', '入群统计过期', 'the last count is too old'),
  ('no_office', '群名中单位名称不明', 'no office for its name'),
  ('no_grid', '网格群无网格编号', 'no number of a grid'),
  ('not_nfc', '群名字符未规范化', 'name in decomposed characters'),
  ('width', '群名全角半角不符', 'full and half width differ'),
  ('spaces', '群名含多余空格', 'spaces in the name'),
  ('name', '群名不符', 'another name'),
  ('number_missing', '分群未编号', 'one of several without a number'),
  ('number_needless', '仅一个群却有编号', 'numbered, though it is the only one'),
  ('number_gap', '分群编号不连续', 'numbers do not run from 1'),
  ('too_many', '人数超限未分群', 'more members than one group holds'),
  ('missing', '人员未配齐', 'fewer officers than asked for'),
  ('stale', '名册未按期确认', 'roster not confirmed in time'),
  ('no_telephone', '无联系电话', 'no telephone'),
  ('no_body', '机构未成立', 'body not set up'),
  ('no_head', '负责人未配齐', 'no head, or fewer than asked for'),
  ('head_left', '负责人已离任', 'the head has left'),
  ('no_unit', '责任单位未落实到单位', 'party not matched to a unit'),
  ('officer_left', '责任人已离任', 'the officer responsible has left');
SELECT @registry@.comment_code_lists('{body_kind,body_position,responsibility_part,gap_kind}');
