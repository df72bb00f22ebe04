-- Targets of the documents as data. 82_targets_status.sql says how they stand.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('certificate', '“无诈”称号', 'fraud-free certificate', '个', 'unit', 'certificate', 'A certificate in force that a unit was free of fraud, on the last day of the period that it is for.'),
  ('two_cards', '涉案“两卡”', 'bank or telephone card in a case', '张', 'card', 'clue', 'Cards of bank accounts and telephones that were used in fraud, on the day of the clue; quantity: cards.'),
  ('awareness_staff', '企业员工知晓', 'aware employee', '人次', 'person', 'sample', 'Employees who know the subject, in a survey; base: persons asked. For rates.'),
  ('awareness_pupils', '在校师生知晓', 'aware pupil or teacher', '人次', 'person', 'sample', 'Pupils and teachers who know the subject, in a survey; base: persons asked. For rates.'),
  ('awareness_medical', '医务人员知晓', 'aware member of medical staff', '人次', 'person', 'sample', 'Medical staff who know the subject, in a survey; base: persons asked. For rates.'),
  ('app_20_55', '20至55岁常住人口安装国家反诈APP', 'resident aged 20 to 55 with the anti-fraud app', '人次', 'person', 'sample', 'Usual residents from 20 to 55 years who have the app, in a check; base: persons checked. For rates.'),
  ('followed_up', '案件回访', 'case followed up', '起', 'case', 'fraud_case', 'A case, on the day it was filed; quantity 1 where the victim was called on afterwards, else 0; base: 1. For rates.')
ON CONFLICT (code) DO NOTHING;
INSERT INTO @registry@.sample_kind (code, label_zh, label_en, positive_measure) VALUES
  ('awareness_staff', '企业员工知晓率调查', 'employees: awareness', 'awareness_staff'),
  ('awareness_pupils', '在校师生知晓率调查', 'pupils and teachers: awareness', 'awareness_pupils'),
  ('awareness_medical', '医务人员知晓率调查', 'medical staff: awareness', 'awareness_medical'),
  ('app_20_55', '20至55岁常住人口安装国家反诈APP抽查', 'residents aged 20 to 55: anti-fraud app', 'app_20_55')
ON CONFLICT (code) DO NOTHING;

CREATE TABLE @registry@.target_subject (
  code text CONSTRAINT target_subject_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  percent boolean NOT NULL,
  meaning text NOT NULL
);
COMMENT ON TABLE @registry@.target_subject IS 'What a target looks at.';
COMMENT ON COLUMN @registry@.target_subject.percent IS 'Whether a threshold to reach or keep below is per cent of a denominator.';
COMMENT ON COLUMN @registry@.target_subject.meaning IS 'What numerator and denominator are.';
INSERT INTO @registry@.target_subject (code, label_zh, label_en, percent, meaning) VALUES
  ('count', '数量', 'count', false, 'Numerator: the sum of quantities of a measure.'),
  ('amount', '金额', 'amount', false, 'Numerator: the sum of amounts of a measure, in yuan.'),
  ('large_count', '大额数量', 'count of large ones', false, 'Numerator: the sum of quantities of a measure whose amount is amount_from or more.'),
  ('rate', '比率', 'rate', true, 'Numerator: the sum of quantities of a measure; denominator: the sum of its bases.'),
  ('unit_share_with', '达到的单位占比', 'share of units with', true, 'Numerator: active units that have a fact of a measure; denominator: active units.'),
  ('unit_share_without', '未发生的单位占比', 'share of units without', true, 'Numerator: active units that have no fact of a measure; denominator: active units.'),
  ('list_rate', '名单完成率', 'rate of listed persons', true, 'Numerator: persons on lists who were taken off them, or returned; denominator: persons on lists.');

CREATE TABLE @registry@.target_state (
  code text CONSTRAINT target_state_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.target_state IS 'How a target stands.';
INSERT INTO @registry@.target_state (code, label_zh, label_en) VALUES
  ('met', '达成', 'met'),
  ('missed', '未达成', 'missed'),
  ('open', '进行中', 'open'),
  ('not_computable', '无法计算', 'not computable');

CREATE TABLE @registry@.target_reason (
  code text CONSTRAINT target_reason_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.target_reason IS 'Why a target is not computable.';
INSERT INTO @registry@.target_reason (code, label_zh, label_en) VALUES
  ('amount_not_set', '未设定大额标准', 'no amount is set from which on one counts as large'),
  ('no_end', '未设定截止日', 'the window has no last day'),
  ('no_days', '截止日早于起始日', 'the window ends before it begins'),
  ('baseline_overlaps', '期限超过一年，与基期重叠', 'the window is longer than a year and meets the period to compare with'),
  ('baseline_not_set', '未设定基数', 'the figure to compare with has not been entered'),
  ('baseline_before_records', '基期早于记录起始日', 'records begin after the first day of the period to compare with'),
  ('baseline_zero', '基数为零', 'the figure to compare with is zero'),
  ('baseline_not_measured', '基期无抽样', 'nothing was measured in the period to compare with'),
  ('nothing_measured', '无抽样', 'nothing was measured'),
  ('no_units', '无适用单位', 'there is no unit that it applies to'),
  ('list_empty', '名单为空', 'there is nobody on the lists');
SELECT @registry@.comment_code_lists('{target_subject,target_state,target_reason}');

CREATE TABLE @registry@.target (
  programme text CONSTRAINT target_programme_fk REFERENCES @registry@.programme,
  code text CONSTRAINT target_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  clause text NOT NULL,
  subject text NOT NULL CONSTRAINT target_subject_fk REFERENCES @registry@.target_subject,
  measure text CONSTRAINT target_measure_fk REFERENCES @registry@.measure,
  amount_from numeric CONSTRAINT target_amount_from_positive CHECK (amount_from OPERATOR(pg_catalog.>) 0 AND amount_from OPERATOR(pg_catalog.<) 1e14),
  list_purpose text CONSTRAINT target_list_purpose_known CHECK (list_purpose OPERATOR(pg_catalog.=) ANY ('{reduction,return}')),
  list_entries text NOT NULL DEFAULT 'frozen' CONSTRAINT target_list_entries_known CHECK (list_entries OPERATOR(pg_catalog.=) ANY ('{frozen,all}')),
  comparison text NOT NULL CONSTRAINT target_comparison_known CHECK (comparison OPERATOR(pg_catalog.=) ANY ('{falls,falls_by,at_most,rises,rises_by,at_least}')),
  direction text NOT NULL GENERATED ALWAYS AS (CASE WHEN comparison OPERATOR(pg_catalog.=) ANY ('{falls,falls_by,at_most}') THEN 'down' ELSE 'up' END) STORED,
  threshold numeric CONSTRAINT target_threshold_sensible CHECK (threshold OPERATOR(pg_catalog.>=) 0 AND threshold OPERATOR(pg_catalog.<) 1e14),
  baseline text NOT NULL DEFAULT 'none' CONSTRAINT target_baseline_known CHECK (baseline OPERATOR(pg_catalog.=) ANY ('{none,last_year,three_year_mean,frozen}')),
  baseline_from date CONSTRAINT target_baseline_from_finite CHECK (pg_catalog.isfinite(baseline_from)),
  counted_over text NOT NULL DEFAULT 'period' CONSTRAINT target_counted_over_known CHECK (counted_over OPERATOR(pg_catalog.=) ANY ('{period,year,by_day}')),
  due_on date CONSTRAINT target_due_on_finite CHECK (pg_catalog.isfinite(due_on)),
  scope text NOT NULL DEFAULT 'region' CONSTRAINT target_scope_known CHECK (scope OPERATOR(pg_catalog.=) ANY ('{region,each_unit}')),
  unit_kinds text[] CONSTRAINT target_unit_kinds_named CHECK (pg_catalog.cardinality(unit_kinds) OPERATOR(pg_catalog.>) 0 AND pg_catalog.array_position(unit_kinds, NULL) IS NULL),
  setting text CONSTRAINT target_setting_fk REFERENCES @registry@.unit_setting,
  zone text,
  active boolean NOT NULL DEFAULT true,
  CONSTRAINT target_pk PRIMARY KEY (programme, code),
  CONSTRAINT target_measure_or_list CHECK ((subject OPERATOR(pg_catalog.=) 'list_rate') OPERATOR(pg_catalog.=) (measure IS NULL)
    AND (subject OPERATOR(pg_catalog.=) 'list_rate') OPERATOR(pg_catalog.=) (list_purpose IS NOT NULL)),
  CONSTRAINT target_amount_from_of_large_ones CHECK (amount_from IS NULL OR subject OPERATOR(pg_catalog.=) 'large_count'),
  CONSTRAINT target_threshold_where_it_has_one CHECK ((comparison OPERATOR(pg_catalog.=) ANY ('{falls,rises}')) OPERATOR(pg_catalog.=) (threshold IS NULL)),
  CONSTRAINT target_fall_within_100_percent CHECK (comparison OPERATOR(pg_catalog.<>) 'falls_by' OR threshold OPERATOR(pg_catalog.<=) 100),
  CONSTRAINT target_baseline_where_it_compares CHECK ((comparison OPERATOR(pg_catalog.=) ANY ('{at_most,at_least}')) OPERATOR(pg_catalog.=) (baseline OPERATOR(pg_catalog.=) 'none')),
  CONSTRAINT target_share_against_a_number CHECK (baseline OPERATOR(pg_catalog.=) 'none' OR subject OPERATOR(pg_catalog.=) ANY ('{count,amount,large_count,rate}')),
  CONSTRAINT target_due_on_of_a_day CHECK ((counted_over OPERATOR(pg_catalog.=) 'by_day') OPERATOR(pg_catalog.=) (due_on IS NOT NULL)),
  CONSTRAINT target_each_unit_by_facts CHECK (scope OPERATOR(pg_catalog.=) 'region' OR subject OPERATOR(pg_catalog.=) ANY ('{count,amount,large_count,rate}')),
  CONSTRAINT target_list_of_persons_not_units CHECK (subject OPERATOR(pg_catalog.<>) 'list_rate' OR pg_catalog.num_nonnulls(unit_kinds, setting, zone) OPERATOR(pg_catalog.=) 0)
);
COMMENT ON TABLE @registry@.target IS 'What programmes set out to reach. In force while its programme is. An office may add its own, and set here what a document leaves open.';
COMMENT ON COLUMN @registry@.target.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.target.code IS 'Code within the programme.';
COMMENT ON COLUMN @registry@.target.label_zh IS 'What is to be reached, in Chinese.';
COMMENT ON COLUMN @registry@.target.label_en IS 'What is to be reached, in English.';
COMMENT ON COLUMN @registry@.target.clause IS 'Where the document says so.';
COMMENT ON COLUMN @registry@.target.subject IS 'What it looks at; see target_subject.';
COMMENT ON COLUMN @registry@.target.measure IS 'The measure whose facts count; null for lists of persons.';
COMMENT ON COLUMN @registry@.target.amount_from IS 'For large_count: the amount from which on (included) a fact counts, in yuan. Null: not set, and the target is not computable.';
COMMENT ON COLUMN @registry@.target.list_purpose IS 'For list_rate: the lists of this purpose, reduction or return, that belong to the programme or to none.';
COMMENT ON COLUMN @registry@.target.list_entries IS 'For list_rate: frozen counts persons who stood on a list when it was frozen, all also those who were added later.';
COMMENT ON COLUMN @registry@.target.comparison IS 'falls and rises: below or above the baseline; falls_by, rises_by: by threshold per cent or more; at_most, at_least: threshold itself, in per cent of a denominator where there is one. All include the number itself but falls and rises.';
COMMENT ON COLUMN @registry@.target.direction IS 'down or up, as comparison says.';
COMMENT ON COLUMN @registry@.target.threshold IS 'The number to compare with: per cent, a count, or yuan. Null for falls and rises.';
COMMENT ON COLUMN @registry@.target.baseline IS 'last_year: the same dates one year before (28 February for 29 February); three_year_mean: the mean of the same dates of the three years before; frozen: the figure in target_baseline.';
COMMENT ON COLUMN @registry@.target.baseline_from IS 'First day for which records exist: a baseline that reaches back before it is not computable. Null: records reach back far enough.';
COMMENT ON COLUMN @registry@.target.counted_over IS 'period: the period of the programme; year: the calendar year of its last day (or of the day looked at, where it has none); by_day: from its first day to due_on.';
COMMENT ON COLUMN @registry@.target.due_on IS 'For by_day: the last day.';
COMMENT ON COLUMN @registry@.target.scope IS 'region: one figure for the region of the programme; each_unit: one for each active unit of unit_kinds, from its facts and those of the units below it.';
COMMENT ON COLUMN @registry@.target.unit_kinds IS 'Only units of these kinds. Null: every kind that is assessed, for shares; facts of all units, for sums.';
COMMENT ON COLUMN @registry@.target.setting IS 'Only urban or rural units.';
COMMENT ON COLUMN @registry@.target.zone IS 'Only units of this planning zone.';
COMMENT ON COLUMN @registry@.target.active IS 'Whether it is looked at while its programme is in force.';

CREATE TABLE @registry@.target_baseline (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT target_baseline_pk PRIMARY KEY,
  programme text NOT NULL,
  target text NOT NULL,
  unit text CONSTRAINT target_baseline_unit_fk REFERENCES @registry@.unit,
  numerator numeric NOT NULL CONSTRAINT target_baseline_not_negative CHECK (numerator OPERATOR(pg_catalog.>=) 0 AND numerator OPERATOR(pg_catalog.<) 1e14),
  denominator numeric NOT NULL DEFAULT 1 CONSTRAINT target_baseline_denominator_positive CHECK (denominator OPERATOR(pg_catalog.>) 0 AND denominator OPERATOR(pg_catalog.<) 1e14),
  basis text NOT NULL CONSTRAINT target_baseline_basis_not_blank CHECK (pg_catalog.btrim(basis) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT target_baseline_target_fk FOREIGN KEY (programme, target) REFERENCES @registry@.target (programme, code),
  CONSTRAINT target_baseline_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX target_baseline_once ON @registry@.target_baseline (programme, target, unit) NULLS NOT DISTINCT WHERE voided_at IS NULL;
CREATE UNIQUE INDEX target_baseline_source_key ON @registry@.target_baseline (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.target_baseline IS 'Figures to compare with that somebody fixed: they stand in place of what the facts of former years give.';
COMMENT ON COLUMN @registry@.target_baseline.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.target_baseline.target IS 'The target.';
COMMENT ON COLUMN @registry@.target_baseline.unit IS 'The unit, for a target of each unit; null: the figure of the whole region.';
COMMENT ON COLUMN @registry@.target_baseline.numerator IS 'The figure: cases, yuan, persons.';
COMMENT ON COLUMN @registry@.target_baseline.denominator IS 'What it is divided by: 3 for a sum of three years, the persons asked for a rate.';
COMMENT ON COLUMN @registry@.target_baseline.basis IS 'Where the figure comes from.';
SELECT @registry@.guard_facts('{target_baseline}', false);
