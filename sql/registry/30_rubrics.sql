-- Rubrics as rows: edited with SQL while they are drafts, compiled and then
-- immutable once published.

CREATE TABLE @registry@.rubric_edition (
  code text CONSTRAINT rubric_edition_pk PRIMARY KEY CONSTRAINT rubric_edition_code_not_blank CHECK (pg_catalog.btrim(code) OPERATOR(pg_catalog.<>) ''),
  edition text NOT NULL DEFAULT '1',
  title text NOT NULL,
  total numeric NOT NULL CONSTRAINT rubric_edition_total_not_negative CHECK (total OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT rubric_edition_total_two_decimals CHECK (total OPERATOR(pg_catalog.=) pg_catalog.round(total, 2)),
  period_from date NOT NULL CONSTRAINT rubric_edition_period_from_finite CHECK (pg_catalog.isfinite(period_from)),
  period_to date NOT NULL CONSTRAINT rubric_edition_period_to_finite CHECK (pg_catalog.isfinite(period_to)),
  baseline text CONSTRAINT rubric_edition_baseline_known CHECK (baseline OPERATOR(pg_catalog.=) ANY ('{last_year,mean_3_years}')),
  baseline_from date CONSTRAINT rubric_edition_baseline_from_finite CHECK (pg_catalog.isfinite(baseline_from)),
  derived_from text CONSTRAINT rubric_edition_derived_from_fk REFERENCES @registry@.rubric_edition,
  readings text[],
  listed boolean NOT NULL DEFAULT true,
  status text NOT NULL DEFAULT 'draft' CONSTRAINT rubric_edition_status_known CHECK (status OPERATOR(pg_catalog.=) ANY ('{draft,published,retired}')),
  edited_at timestamptz,
  published_at timestamptz,
  published_by text,
  doc antifraud.rubric,
  CONSTRAINT rubric_edition_period_in_order CHECK (period_from OPERATOR(pg_catalog.<=) period_to),
  CONSTRAINT rubric_edition_compiled CHECK ((status OPERATOR(pg_catalog.=) 'draft') OPERATOR(pg_catalog.=) (doc IS NULL))
);
COMMENT ON TABLE @registry@.rubric_edition IS 'Rubrics. A draft is edited with SQL, together with its sections, items and rules; publish_rubric() compiles it, and from then on it does not change.';
COMMENT ON COLUMN @registry@.rubric_edition.code IS 'Code, by which functions call it.';
COMMENT ON COLUMN @registry@.rubric_edition.edition IS 'Edition: the number or year of the official document.';
COMMENT ON COLUMN @registry@.rubric_edition.title IS 'Title.';
COMMENT ON COLUMN @registry@.rubric_edition.total IS 'Points in all.';
COMMENT ON COLUMN @registry@.rubric_edition.period_from IS 'First day of the period that is judged.';
COMMENT ON COLUMN @registry@.rubric_edition.period_to IS 'Last day of the period that is judged.';
COMMENT ON COLUMN @registry@.rubric_edition.baseline IS 'What counts are compared with: last_year (the same dates), mean_3_years, or null for nothing.';
COMMENT ON COLUMN @registry@.rubric_edition.baseline_from IS 'First day for which records exist; a baseline that reaches back further cannot be computed.';
COMMENT ON COLUMN @registry@.rubric_edition.derived_from IS 'The edition that it was derived from.';
COMMENT ON COLUMN @registry@.rubric_edition.readings IS 'Names of the alternative readings that it was derived with.';
COMMENT ON COLUMN @registry@.rubric_edition.listed IS 'Whether the view scoreboard shows it once it is published. May be changed at any time.';
COMMENT ON COLUMN @registry@.rubric_edition.status IS 'draft, published or retired. A retired edition still scores, and leaves the scoreboard.';
COMMENT ON COLUMN @registry@.rubric_edition.edited_at IS 'When its sections, items or rules were last changed.';
COMMENT ON COLUMN @registry@.rubric_edition.published_at IS 'When it was published.';
COMMENT ON COLUMN @registry@.rubric_edition.published_by IS 'Who published it.';
COMMENT ON COLUMN @registry@.rubric_edition.doc IS 'The compiled rubric; null while it is a draft.';

CREATE TABLE @registry@.rubric_section (
  rubric text NOT NULL CONSTRAINT rubric_section_edition_fk REFERENCES @registry@.rubric_edition ON DELETE CASCADE,
  no integer NOT NULL,
  title text NOT NULL,
  points numeric NOT NULL CONSTRAINT rubric_section_points_not_negative CHECK (points OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT rubric_section_points_two_decimals CHECK (points OPERATOR(pg_catalog.=) pg_catalog.round(points, 2)),
  CONSTRAINT rubric_section_pk PRIMARY KEY (rubric, no)
);
COMMENT ON TABLE @registry@.rubric_section IS 'Sections of a rubric.';
COMMENT ON COLUMN @registry@.rubric_section.rubric IS 'The edition.';
COMMENT ON COLUMN @registry@.rubric_section.no IS 'Place in the edition.';
COMMENT ON COLUMN @registry@.rubric_section.title IS 'Title.';
COMMENT ON COLUMN @registry@.rubric_section.points IS 'Points of the section: the sum of its items.';

CREATE TABLE @registry@.rubric_item (
  rubric text NOT NULL CONSTRAINT rubric_item_edition_fk REFERENCES @registry@.rubric_edition ON DELETE CASCADE,
  no text NOT NULL CONSTRAINT rubric_item_no_not_blank CHECK (pg_catalog.btrim(no) OPERATOR(pg_catalog.<>) ''),
  section integer NOT NULL,
  place integer NOT NULL,
  title text NOT NULL,
  points numeric NOT NULL CONSTRAINT rubric_item_points_not_negative CHECK (points OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT rubric_item_points_two_decimals CHECK (points OPERATOR(pg_catalog.=) pg_catalog.round(points, 2)),
  overflow text NOT NULL DEFAULT 'none' CONSTRAINT rubric_item_overflow_known CHECK (overflow OPERATOR(pg_catalog.=) ANY ('{none,section,total}')),
  combine text NOT NULL DEFAULT 'sum' CONSTRAINT rubric_item_combine_known CHECK (combine OPERATOR(pg_catalog.=) ANY ('{sum,max}')),
  CONSTRAINT rubric_item_pk PRIMARY KEY (rubric, no),
  CONSTRAINT rubric_item_section_fk FOREIGN KEY (rubric, section) REFERENCES @registry@.rubric_section ON DELETE CASCADE,
  CONSTRAINT rubric_item_place UNIQUE (rubric, section, place) DEFERRABLE
);
COMMENT ON TABLE @registry@.rubric_item IS 'Items of a rubric.';
COMMENT ON COLUMN @registry@.rubric_item.rubric IS 'The edition.';
COMMENT ON COLUMN @registry@.rubric_item.no IS 'Number, as the document prints it.';
COMMENT ON COLUMN @registry@.rubric_item.section IS 'Its section.';
COMMENT ON COLUMN @registry@.rubric_item.place IS 'Place in the section.';
COMMENT ON COLUMN @registry@.rubric_item.title IS 'Title.';
COMMENT ON COLUMN @registry@.rubric_item.points IS 'Points that can be lost.';
COMMENT ON COLUMN @registry@.rubric_item.overflow IS 'Where deductions beyond its points go: none, section or total.';
COMMENT ON COLUMN @registry@.rubric_item.combine IS 'sum: its rules add up; max: only the largest counts.';

CREATE TABLE @registry@.rubric_rule (
  rubric text NOT NULL CONSTRAINT rubric_rule_edition_fk REFERENCES @registry@.rubric_edition ON DELETE CASCADE,
  item text NOT NULL,
  ordinal integer NOT NULL CONSTRAINT rubric_rule_ordinal_positive CHECK (ordinal OPERATOR(pg_catalog.>) 0),
  measure text CONSTRAINT rubric_rule_measure_fk REFERENCES @registry@.measure,
  rule antifraud.rule NOT NULL,
  required numeric,
  counted_over text NOT NULL DEFAULT 'period' CONSTRAINT rubric_rule_counted_over_known CHECK (counted_over OPERATOR(pg_catalog.=) ANY ('{period,year,month}')),
  clause text,
  reading text,
  CONSTRAINT rubric_rule_pk PRIMARY KEY (rubric, item, ordinal),
  CONSTRAINT rubric_rule_item_fk FOREIGN KEY (rubric, item) REFERENCES @registry@.rubric_item ON DELETE CASCADE
);
CREATE INDEX rubric_rule_measure ON @registry@.rubric_rule (measure);
COMMENT ON TABLE @registry@.rubric_rule IS 'Rules of a rubric: a measure and what follows from it.';
COMMENT ON COLUMN @registry@.rubric_rule.rubric IS 'The edition.';
COMMENT ON COLUMN @registry@.rubric_rule.item IS 'Its item.';
COMMENT ON COLUMN @registry@.rubric_rule.ordinal IS 'Place within the item, from 1 without gaps: decisions refer to it.';
COMMENT ON COLUMN @registry@.rubric_rule.measure IS 'What is counted. Null while nobody has named it, which only a draft may say.';
COMMENT ON COLUMN @registry@.rubric_rule.rule IS 'What follows: deduct 5 per occurrence, for example.';
COMMENT ON COLUMN @registry@.rubric_rule.required IS 'The number that the rule calls required.';
COMMENT ON COLUMN @registry@.rubric_rule.counted_over IS 'Over which days facts count: period, year (the calendar year of its last day) or month (each month apart). The key "window" of the JSON document.';
COMMENT ON COLUMN @registry@.rubric_rule.clause IS 'Place in the official document, and what it says.';
COMMENT ON COLUMN @registry@.rubric_rule.reading IS 'Which reading is taken where the clause is open to several; see the table reading.';

CREATE TABLE @registry@.question_kind (
  code text CONSTRAINT question_kind_pk PRIMARY KEY CONSTRAINT question_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.question_kind IS 'What import_rubric() asks of people, and why.';
COMMENT ON COLUMN @registry@.question_kind.code IS 'Code.';
COMMENT ON COLUMN @registry@.question_kind.label_zh IS 'What is asked, in Chinese.';
COMMENT ON COLUMN @registry@.question_kind.label_en IS 'What is asked, in English.';
INSERT INTO @registry@.question_kind (code, label_zh, label_en) VALUES
  ('title', '未读出标题，暂以代码为题', 'no title was read; the code stands for it'),
  ('edition', '未读出文号', 'no document number was read'),
  ('total', '总分未载明或前后不一，暂以各部分之和为准', 'the total is not stated, or stated differently; the sum of the sections stands for it'),
  ('sum', '分值相加不符', 'the points do not add up'),
  ('period', '文中载有不止一个起止日期，以参数为准', 'the document states more than one period; the argument decides'),
  ('number', '编号重复，已加注部分序号', 'the number occurs more than once; the section was put before it'),
  ('levels', '三层以上都有分值，只取最里两层', 'more than two levels carry points; only the innermost two were taken'),
  ('outside_section', '条目不在任何有分值的部分之内，未收入', 'the item is in no section with points; left out'),
  ('no_items', '该部分没有条目', 'the section has no items'),
  ('no_points', '条目没有分值，未收入', 'the item has no points; left out'),
  ('points', '此处另有分值，未收入', 'more points are stated here; left out'),
  ('bonus', '似为加分项：加分项的分值应为0，加分另行封顶', 'this seems to be a bonus: such an item has 0 points, and a cap on what it adds'),
  ('no_rule', '该条目未读出规则', 'no rule was read in this item'),
  ('no_consequence', '此句没有读出后果，不产生规则', 'no consequence was read in these words; they make no rule'),
  ('unread', '此处像是后果，但不能写成规则，未收入', 'this looks like a consequence and cannot be said as a rule; left out'),
  ('outside', '条目之外另有后果（如结果应用），未收入', 'a consequence outside the items, such as a use of results; left out'),
  ('measure', '以哪个指标计数', 'which measure counts this'),
  ('required', '“每少一项”：应有哪些项、共几项', 'for each one missing: of which list, and how many'),
  ('once', '无“每”字：只扣（加）一次，还是逐次计', 'no word for each: once, or for each occurrence'),
  ('discovery', '“发现一次”而无“每”字：逐次计，还是只计一次', 'on a discovery, without a word for each: each time, or once'),
  ('and_or', '“且”与“或”并用：怎样结合', 'both and and or: which goes with which'),
  ('alternatives', '以“或”并列几种情形：合为一个指标，还是各立一条', 'several cases joined by or: one measure for all, or a rule for each'),
  ('enumeration', '列举几种情形而按次（处）计：何为一次', 'several cases in a list, counted one by one: what is one'),
  ('bands', '同一条目内另有按金额分档的句子：取最高一档，还是相加', 'another sentence of the item has bands by amount: the highest band, or the sum'),
  ('amount', '金额以立案损失计，还是扣除挽回', 'the amount: the loss when the case was filed, or net of what was recovered'),
  ('sequence', '“……后又”：何时起算、多长时间之内', 'after something: from when, and within how long'),
  ('window', '“全年”“每年”“每月”：按什么时段计', 'in the year, each month: over which days this is counted'),
  ('baseline', '与往期比较：比较对象以及记录自何日起齐全', 'compared with earlier years: with which, and from which day records are complete'),
  ('discretion', '酌情扣（加）分：由谁、按什么尺度决定', 'points at discretion: who decides, and by which scale'),
  ('lint', '合法但可疑', 'legal but odd'),
  ('invalid', '照此不能发布', 'it cannot be published like this');

CREATE TABLE @registry@.rubric_question (
  rubric text NOT NULL CONSTRAINT rubric_question_edition_fk REFERENCES @registry@.rubric_edition ON DELETE CASCADE,
  no integer NOT NULL,
  asks text NOT NULL CONSTRAINT rubric_question_asks_fk REFERENCES @registry@.question_kind,
  item text,
  ordinal integer,
  words text,
  starts integer,
  ends integer,
  suggestion text,
  answer text CONSTRAINT rubric_question_answer_not_blank CHECK (pg_catalog.btrim(answer) OPERATOR(pg_catalog.<>) ''),
  answered_by text,
  answered_at timestamptz,
  CONSTRAINT rubric_question_pk PRIMARY KEY (rubric, no)
);
COMMENT ON TABLE @registry@.rubric_question IS 'What a person must decide before an imported draft is published; see the view open_question. The answer is words: what it changes is changed in the draft itself.';
COMMENT ON COLUMN @registry@.rubric_question.rubric IS 'The draft.';
COMMENT ON COLUMN @registry@.rubric_question.no IS 'Number of the question.';
COMMENT ON COLUMN @registry@.rubric_question.asks IS 'Kind of question.';
COMMENT ON COLUMN @registry@.rubric_question.item IS 'The item that it is about; null: the whole.';
COMMENT ON COLUMN @registry@.rubric_question.ordinal IS 'The rule within the item, as it was numbered by the import; null: the item.';
COMMENT ON COLUMN @registry@.rubric_question.words IS 'The words of the document, or the figures that do not agree.';
COMMENT ON COLUMN @registry@.rubric_question.starts IS 'First character of the words in the document, from 1.';
COMMENT ON COLUMN @registry@.rubric_question.ends IS 'Last character of the words in the document, included.';
COMMENT ON COLUMN @registry@.rubric_question.suggestion IS 'The rule that another answer would give, where there is one.';
COMMENT ON COLUMN @registry@.rubric_question.answer IS 'What was decided; null: open. A question of kind measure is answered by naming the measure in rubric_rule.';
COMMENT ON COLUMN @registry@.rubric_question.answered_by IS 'Who answered, set by the server.';
COMMENT ON COLUMN @registry@.rubric_question.answered_at IS 'When, set by the server.';

CREATE TABLE @registry@.reading (
  rubric text NOT NULL CONSTRAINT reading_edition_fk REFERENCES @registry@.rubric_edition ON DELETE CASCADE,
  name text NOT NULL CONSTRAINT reading_name_form CHECK (name OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  item text NOT NULL,
  ordinal integer NOT NULL,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  measure text CONSTRAINT reading_measure_fk REFERENCES @registry@.measure,
  rule antifraud.rule,
  counted_over text CONSTRAINT reading_counted_over_known CHECK (counted_over OPERATOR(pg_catalog.=) ANY ('{period,year,month}')),
  overflow text CONSTRAINT reading_overflow_known CHECK (overflow OPERATOR(pg_catalog.=) ANY ('{none,section,total}')),
  CONSTRAINT reading_pk PRIMARY KEY (rubric, name, item, ordinal),
  CONSTRAINT reading_rule_fk FOREIGN KEY (rubric, item, ordinal) REFERENCES @registry@.rubric_rule ON DELETE CASCADE,
  CONSTRAINT reading_changes_something CHECK (pg_catalog.num_nonnulls(measure, rule, counted_over, overflow) OPERATOR(pg_catalog.>) 0)
);
COMMENT ON TABLE @registry@.reading IS 'Alternative readings of ambiguous clauses, by name; derive_rubric() makes a draft with those chosen.';
COMMENT ON COLUMN @registry@.reading.rubric IS 'The edition whose rule has another reading.';
COMMENT ON COLUMN @registry@.reading.name IS 'Name of the reading; one reading may change several rules.';
COMMENT ON COLUMN @registry@.reading.item IS 'Item of the rule.';
COMMENT ON COLUMN @registry@.reading.ordinal IS 'Place of the rule within the item.';
COMMENT ON COLUMN @registry@.reading.label_zh IS 'What it says, in Chinese.';
COMMENT ON COLUMN @registry@.reading.label_en IS 'What it says, in English.';
COMMENT ON COLUMN @registry@.reading.measure IS 'The measure instead; null: unchanged.';
COMMENT ON COLUMN @registry@.reading.rule IS 'The rule instead; null: unchanged.';
COMMENT ON COLUMN @registry@.reading.counted_over IS 'The days instead; null: unchanged.';
COMMENT ON COLUMN @registry@.reading.overflow IS 'Where the overflow of the item goes instead; null: unchanged.';

CREATE TABLE @registry@.decision (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT decision_unit_fk REFERENCES @registry@.unit,
  rubric text NOT NULL CONSTRAINT decision_edition_fk REFERENCES @registry@.rubric_edition,
  item text NOT NULL,
  rule integer NOT NULL DEFAULT 1,
  points numeric CONSTRAINT decision_points_not_negative CHECK (points OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT decision_points_two_decimals CHECK (points OPERATOR(pg_catalog.=) pg_catalog.round(points, 2)),
  waived boolean,
  reading text,
  reason text NOT NULL CONSTRAINT decision_reason_not_blank CHECK (pg_catalog.btrim(reason) OPERATOR(pg_catalog.<>) ''),
  document text,
  decided_on date NOT NULL CONSTRAINT decision_decided_on_finite CHECK (pg_catalog.isfinite(decided_on)),
  decided_by text NOT NULL DEFAULT CURRENT_USER,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT decision_rule_fk FOREIGN KEY (rubric, item, rule) REFERENCES @registry@.rubric_rule,
  CONSTRAINT decision_says_something CHECK (pg_catalog.num_nonnulls(points, waived, reading) OPERATOR(pg_catalog.>) 0),
  CONSTRAINT decision_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX decision_in_force ON @registry@.decision (unit, rubric, item, rule) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.decision IS 'What people decided about one rule for one unit: the points of a discretionary range, a waiver, a reading. At most one in force; void it to decide anew.';
COMMENT ON COLUMN @registry@.decision.id IS 'Identity.';
COMMENT ON COLUMN @registry@.decision.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.decision.rubric IS 'The edition.';
COMMENT ON COLUMN @registry@.decision.item IS 'The item.';
COMMENT ON COLUMN @registry@.decision.rule IS 'Place of the rule within the item, from 1.';
COMMENT ON COLUMN @registry@.decision.points IS 'Points decided, within the range of the rule.';
COMMENT ON COLUMN @registry@.decision.waived IS 'True: the deduction is waived, and stays visible as waived.';
COMMENT ON COLUMN @registry@.decision.reading IS 'How the clause was read for this unit; a remark that changes no number.';
COMMENT ON COLUMN @registry@.decision.reason IS 'Why.';
COMMENT ON COLUMN @registry@.decision.document IS 'Number of the paper that records it.';
COMMENT ON COLUMN @registry@.decision.decided_on IS 'Day of the decision.';
COMMENT ON COLUMN @registry@.decision.decided_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.decision.recorded_at IS 'When the registry learnt it: start of the transaction, set by the server.';
COMMENT ON COLUMN @registry@.decision.voided_at IS 'When it was withdrawn, set by the server; null while it is in force.';
COMMENT ON COLUMN @registry@.decision.voided_by IS 'Who withdrew it.';
COMMENT ON COLUMN @registry@.decision.void_reason IS 'Why it was withdrawn.';

CREATE TRIGGER decision_2_append_only BEFORE INSERT OR UPDATE OR DELETE ON @registry@.decision
  FOR EACH ROW EXECUTE FUNCTION antifraud.append_only();
CREATE TRIGGER decision_3_append_only BEFORE TRUNCATE ON @registry@.decision
  FOR EACH STATEMENT EXECUTE FUNCTION antifraud.append_only();
