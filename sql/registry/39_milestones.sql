-- Milestones: what a programme asks units to have done by a day, and when each
-- reached it, with which proof. Tables of facts as in 20_facts.sql.

CREATE TABLE @registry@.milestone_plan (
  programme text NOT NULL CONSTRAINT milestone_plan_programme_fk REFERENCES @registry@.programme,
  code text NOT NULL CONSTRAINT milestone_plan_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  stage integer NOT NULL DEFAULT 1 CONSTRAINT milestone_plan_stage_positive CHECK (stage OPERATOR(pg_catalog.>) 0),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  due_on date CONSTRAINT milestone_plan_due_on_finite CHECK (pg_catalog.isfinite(due_on)),
  due_at_end boolean NOT NULL DEFAULT false,
  evidence_required boolean NOT NULL DEFAULT true,
  basis text NOT NULL CONSTRAINT milestone_plan_basis_not_blank CHECK (pg_catalog.btrim(basis) OPERATOR(pg_catalog.<>) ''),
  CONSTRAINT milestone_plan_pk PRIMARY KEY (programme, code),
  CONSTRAINT milestone_plan_one_day CHECK (due_on IS NULL OR NOT due_at_end)
);
COMMENT ON TABLE @registry@.milestone_plan IS 'What a programme asks to have been done, by a day or without one. In force once the programme is. An office may add its own, and set days where the document has none.';
COMMENT ON COLUMN @registry@.milestone_plan.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.milestone_plan.code IS 'Code within the programme.';
COMMENT ON COLUMN @registry@.milestone_plan.stage IS 'Stage of the programme to which it belongs, from 1.';
COMMENT ON COLUMN @registry@.milestone_plan.label_zh IS 'What it asks, in Chinese.';
COMMENT ON COLUMN @registry@.milestone_plan.label_en IS 'What it asks, in English.';
COMMENT ON COLUMN @registry@.milestone_plan.due_on IS 'Last day on which it is in time, this day included; null: the document states none.';
COMMENT ON COLUMN @registry@.milestone_plan.due_at_end IS 'Whether it is due on the last day of the programme, whatever year that is in.';
COMMENT ON COLUMN @registry@.milestone_plan.evidence_required IS 'Whether it counts only with proof.';
COMMENT ON COLUMN @registry@.milestone_plan.basis IS 'Where in the document it stands.';

CREATE TABLE @registry@.milestone_plan_kind (
  programme text NOT NULL,
  code text NOT NULL,
  unit_kind text NOT NULL CONSTRAINT milestone_plan_kind_unit_kind_fk REFERENCES @registry@.unit_kind,
  CONSTRAINT milestone_plan_kind_pk PRIMARY KEY (programme, code, unit_kind),
  CONSTRAINT milestone_plan_kind_plan_fk FOREIGN KEY (programme, code) REFERENCES @registry@.milestone_plan ON DELETE CASCADE
);
COMMENT ON TABLE @registry@.milestone_plan_kind IS 'Of which kinds of unit a milestone is asked.';
COMMENT ON COLUMN @registry@.milestone_plan_kind.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.milestone_plan_kind.code IS 'The milestone.';
COMMENT ON COLUMN @registry@.milestone_plan_kind.unit_kind IS 'Each active unit of this kind in the region of the programme.';

WITH plan (programme, code, stage, label_zh, label_en, due_on, due_at_end, evidence_required, basis, unit_kinds) AS (VALUES
  ('nanma-2023', 'plan', 1, '制定实施方案，明确时间表和责任人', 'plan with a timetable and who is responsible', NULL::date, false, true, '四（一）', '{community,village}'::text[]),
  ('nanma-2023', 'mobilised', 1, '制定工作计划，动员部署', 'work plan made, people mobilised', NULL, false, true, '四（三）', '{community,village}'),
  ('qingyuan-2024', 'agenda', 1, '涉诈重点人核减、反诈宣传列入重要议事日程', 'the work is on the agenda', NULL, false, true, '五（一）', '{town,department}'),
  ('qingyuan-2024', 'plan', 1, '制定详细方案，明确责任部门、责任人员、进度安排、完成时限', 'detailed plan: department, persons, steps, time limits', NULL, false, true, '五（一）', '{town,department}'),
  ('qingyuan-2024', 'means', 1, '加大投入', 'more is invested: the decision on funds', NULL, false, true, '五（一）', '{town,department}'),
  ('qingyuan-2024', 'reduction', 2, '2024年11月底前涉诈重点人员核减率85%以上', 'reduction of listed persons reported', '2024-11-30', false, true, '三（一）1', '{county,town}'),
  ('shiqiao-2023', 'leading_group', 1, '成立建设工作领导小组', 'leading group with its head and office', '2023-08-05', false, true, '四（一）', '{town}'),
  ('shiqiao-2023', 'village_plan', 1, '制订具体实施方案，细化措施、目标和评比依据', 'plan with measures, goals and what the rating rests on', '2023-08-05', false, true, '二；四（一）', '{community,village}'),
  ('shiqiao-2023', 'mobilised', 1, '动员部署', 'people mobilised, duties clear', '2023-08-05', false, true, '四（一）', '{community,village}'),
  ('shiqiao-2023', 'audio', 2, '派出所制作防范宣传音频', 'the station has made the audio', NULL, false, true, '三、1', '{town}'),
  ('shiqiao-2023', 'content', 2, '综治办、派出所设计宣传内容', 'the content of posters is designed', NULL, false, true, '三、2', '{town}'),
  ('shiqiao-2023', 'hundred_days', 2, '策应全区“百日行动”', 'part of the district''s hundred-day campaign', NULL, false, true, '二', '{town}'),
  ('shiqiao-2023', 'tasks', 2, '建设任务落实', 'tasks carried out', '2023-09-20', false, true, '四（二）', '{community,village}'),
  ('shiqiao-2023', 'materials_kept', 2, '保留图像、视频资料、工作台账', 'pictures, videos and ledgers kept', '2023-09-20', false, true, '四（二）', '{community,village}'),
  ('shiqiao-2023', 'self_assessed', 3, '各村自评', 'villages have assessed themselves', '2023-12-10', false, true, '四（三）', '{community,village}'),
  ('shiqiao-2023', 'accepted', 3, '综合验收', 'acceptance', '2023-12-10', false, true, '四（三）', '{community,village}'),
  ('tuohe-2023', 'publicity_plan', 1, '领导小组办公室制定宣传工作计划', 'the office plans publicity by current kinds of fraud', NULL, false, true, '四（一）', '{town}'),
  ('tuohe-2023', 'plan_filed', 1, '制定宣传方案并报送领导小组办公室', 'publicity plan made and handed to the office', NULL, false, true, '四（三）', '{community,department}'),
  ('tuohe-2023', 'means', 1, '人、财、物保障', 'people, money and material assured', NULL, false, true, '五（三）', '{community}'),
  ('tuohe-2023', 'own_plan', 1, '根据实际制定本单位宣传方案', 'a plan of its own', NULL, false, true, '五（三）', '{community,department,school,enterprise,hospital}'),
  ('template-plan-1', 'office', 1, '社区、村居成立办事机构，明确目标、责任', 'office with goals and responsibilities', NULL, false, true, '三（一）', '{community,village}'),
  ('template-plan-1', 'launch', 1, '举办启动仪式', 'launch ceremony', NULL, false, true, '三（二）', '{county}'),
  ('template-plan-1', 'enterprise_rules', 2, '企事业单位健全内部沟通和财务安全规范', 'rules for internal messages and payments', NULL, false, true, '二（五）', '{enterprise}'),
  ('template-plan-1', 'closed', 3, '总结表彰', 'the programme is summed up', NULL, true, true, '三（四）', '{county}'),
  ('template-plan-2', 'mobilised', 1, '召开动员大会', 'mobilisation meeting', NULL, false, true, '五', '{community,village}'),
  ('template-plan-2', 'plan', 1, '制定工作方案，细化工作任务', 'plan and tasks', NULL, false, true, '五；六（一）', '{community,village}'),
  ('template-plan-2', 'named_person', 1, '明确专人负责', 'a person is named', NULL, false, false, '六（一）', '{community,village,department}'),
  ('template-plan-2', 'work_plan', 1, '制定工作计划，落实工作责任', 'work plan and responsibilities', NULL, false, true, '六（二）', '{community,village,department}')
), added AS (
  INSERT INTO @registry@.milestone_plan (programme, code, stage, label_zh, label_en, due_on, due_at_end, evidence_required, basis)
  SELECT p.programme, p.code, p.stage, p.label_zh, p.label_en, p.due_on, p.due_at_end, p.evidence_required, p.basis FROM plan AS p
  RETURNING programme, code
)
INSERT INTO @registry@.milestone_plan_kind (programme, code, unit_kind)
SELECT a.programme, a.code, k.unit_kind
FROM added AS a
JOIN plan AS p ON p.programme OPERATOR(pg_catalog.=) a.programme AND p.code OPERATOR(pg_catalog.=) a.code
CROSS JOIN LATERAL pg_catalog.unnest(p.unit_kinds) AS k (unit_kind);

CREATE TABLE @registry@.milestone (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT milestone_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT milestone_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  programme text NOT NULL,
  plan text NOT NULL,
  reached_on date NOT NULL CONSTRAINT milestone_reached_on_finite CHECK (pg_catalog.isfinite(reached_on)),
  document text CONSTRAINT milestone_document_not_blank CHECK (pg_catalog.btrim(document) OPERATOR(pg_catalog.<>) ''),
  evidence text CONSTRAINT milestone_evidence_not_blank CHECK (pg_catalog.btrim(evidence) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT milestone_plan_fk FOREIGN KEY (programme, plan) REFERENCES @registry@.milestone_plan,
  CONSTRAINT milestone_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX milestone_once ON @registry@.milestone (unit, programme, plan) WHERE voided_at IS NULL;
CREATE INDEX milestone_unit ON @registry@.milestone (unit, programme, plan);
CREATE UNIQUE INDEX milestone_source_key ON @registry@.milestone (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.milestone IS 'Milestones that units have reached, with their proof.';
COMMENT ON COLUMN @registry@.milestone.programme IS 'The programme that asks it.';
COMMENT ON COLUMN @registry@.milestone.plan IS 'Which of its milestones; see milestone_plan.';
COMMENT ON COLUMN @registry@.milestone.reached_on IS 'Day on which it was reached.';
COMMENT ON COLUMN @registry@.milestone.document IS 'Number of the document: the plan, the decision on funds. A document is proof.';
COMMENT ON COLUMN @registry@.milestone.evidence IS 'Where the proof is kept. Further proof stands in the table evidence, by source_table milestone and the id of this row.';

SELECT @registry@.guard_facts('{milestone}', true);

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('milestone_missed', '阶段任务逾期', 'milestone missed', '项', 'milestone', 'milestone', 'A milestone that was not reached, with the proof that it asks, by its day; on that day. Known from the day after, and no more once an entry shows that it was reached in time.');

-- Of whom what is asked.
CREATE VIEW @registry@.milestone_asked (programme, code, unit, region, stage, label_zh, label_en, due_on, evidence_required)
WITH (security_invoker = true) AS
SELECT m.programme, m.code, u.code, u.region, m.stage, m.label_zh, m.label_en,
       CASE WHEN m.due_at_end THEN p.period_to ELSE m.due_on END, m.evidence_required
FROM @registry@.milestone_plan AS m
JOIN @registry@.programme AS p ON p.code = m.programme AND p.active
JOIN @registry@.milestone_plan_kind AS k ON k.programme = m.programme AND k.code = m.code
JOIN @registry@.unit AS u ON u.kind = k.unit_kind AND u.active AND (p.region IS NULL OR u.region OPERATOR(antifraud.<@) p.region);
COMMENT ON VIEW @registry@.milestone_asked IS 'The milestones of the programmes in force, one row for each unit of which one is asked.';

-- A milestone is proven by its own columns, or while evidence about it is in
-- force.
CREATE VIEW @registry@.milestone_proven (id, unit, programme, code, reached_on, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT m.id, m.unit, m.programme, m.plan, m.reached_on, m.recorded_at, m.voided_at
FROM @registry@.milestone AS m
JOIN @registry@.milestone_plan AS p ON p.programme = m.programme AND p.code = m.plan
WHERE NOT p.evidence_required OR num_nonnulls(m.document, m.evidence) > 0
UNION ALL
SELECT s.id, s.unit, s.programme, s.plan, s.reached_on, lower(known.stretch), upper(known.stretch)
FROM (
  SELECT m.id, m.unit, m.programme, m.plan, m.reached_on, range_agg(tstzrange(m.recorded_at, m.voided_at) * tstzrange(e.recorded_at, e.voided_at)) AS stretches
  FROM @registry@.milestone AS m
  JOIN @registry@.milestone_plan AS p ON p.programme = m.programme AND p.code = m.plan AND p.evidence_required
  JOIN @registry@.evidence AS e ON e.source_table = 'milestone' AND e.source_id = m.id
  WHERE num_nonnulls(m.document, m.evidence) = 0
  GROUP BY m.id
) AS s
CROSS JOIN LATERAL unnest(s.stretches) AS known (stretch);
COMMENT ON VIEW @registry@.milestone_proven IS 'Milestones that were reached with the proof that they ask, with the time for which that was known.';
SELECT @registry@.comment_columns('{milestone_asked,milestone_proven}', '{programme,code,unit}', ARRAY['The programme.', 'The milestone within it.', 'The unit.']);
SELECT @registry@.comment_columns('{milestone_asked}', '{region,stage,label_zh,label_en,due_on,evidence_required}',
  ARRAY['Where the unit lies.', 'Stage of the programme.', 'What it asks, in Chinese.', 'What it asks, in English.', 'Last day on which it is in time; null: none is set.', 'Whether it counts only with proof.']);
SELECT @registry@.comment_columns('{milestone_proven}', '{id,reached_on,recorded_at,voided_at}',
  ARRAY['The row of the table milestone.', 'Day on which it was reached.', 'Since when this was known.', 'Until when; null: still.']);
