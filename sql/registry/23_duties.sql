-- What recurs: a duty of a unit, a message group or a person, what was done
-- for it, and when it was suspended. 28_duty_guards.sql has the triggers.

CREATE TABLE @registry@.duty_template (
  code text CONSTRAINT duty_template_pk PRIMARY KEY CONSTRAINT duty_template_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  basis text NOT NULL,
  unit_kind text CONSTRAINT duty_template_unit_kind_fk REFERENCES @registry@.unit_kind,
  group_level integer CONSTRAINT duty_template_group_level_known CHECK (group_level OPERATOR(pg_catalog.>=) 1 AND group_level OPERATOR(pg_catalog.<=) 3),
  cadence antifraud.cadence NOT NULL,
  activity_kind text CONSTRAINT duty_template_activity_kind_fk REFERENCES @registry@.activity_kind,
  activity_measure text CONSTRAINT duty_template_activity_measure_fk REFERENCES @registry@.measure,
  pause_in_exams boolean NOT NULL DEFAULT false,
  CONSTRAINT duty_template_one_subject CHECK (pg_catalog.num_nonnulls(unit_kind, group_level) OPERATOR(pg_catalog.=) 1),
  CONSTRAINT duty_template_one_source CHECK (pg_catalog.num_nonnulls(activity_kind, activity_measure) OPERATOR(pg_catalog.<=) 1)
);
COMMENT ON TABLE @registry@.duty_template IS 'Duties that official documents lay down. None is in force: adopt_duty() makes a duty of one. An office may add its own.';
COMMENT ON COLUMN @registry@.duty_template.code IS 'Code.';
COMMENT ON COLUMN @registry@.duty_template.label_zh IS 'What it asks, in Chinese.';
COMMENT ON COLUMN @registry@.duty_template.label_en IS 'What it asks, in English.';
COMMENT ON COLUMN @registry@.duty_template.basis IS 'Where it stands: document and place.';
COMMENT ON COLUMN @registry@.duty_template.unit_kind IS 'The duty of every active unit of this kind; adopt_duty() may name another kind or one unit.';
COMMENT ON COLUMN @registry@.duty_template.group_level IS 'The duty of every active message group of this level.';
COMMENT ON COLUMN @registry@.duty_template.cadence IS 'How often.';
COMMENT ON COLUMN @registry@.duty_template.activity_kind IS 'Done by activities of this kind; null with activity_measure null: recorded in duty_done.';
COMMENT ON COLUMN @registry@.duty_template.activity_measure IS 'Done by activities of every kind that supplies this measure.';
COMMENT ON COLUMN @registry@.duty_template.pause_in_exams IS 'Whether it is suspended in the exam periods of the calendar.';
INSERT INTO @registry@.duty_template (code, label_zh, label_en, basis, unit_kind, group_level, cadence, activity_kind, activity_measure, pause_in_exams) VALUES
  ('group_push', '每个防骗群每周至少推送两次', 'two messages a week in each group', 'template-plans-2023, plan 2: publicity in message groups', NULL, 3, '2 per week', 'push', NULL, false),
  ('monthly_meeting', '每月召开一次汇报会或协调会', 'a meeting each month', 'template-plans-2023, plan 2: organisation', 'village', NULL, '1 per month', 'meeting', NULL, false),
  ('monthly_supervision', '每月督察村（社区）', 'a tour of supervision each month', 'template-plans-2023, plan 2: supervision', 'town', NULL, '1 per month', NULL, NULL, false),
  ('monthly_notice', '每月通报发案情况', 'a notice of cases each month', 'template-plans-2023, plan 1: notices', 'county', NULL, '1 per month', NULL, NULL, false),
  ('parents_push', '每月至少向家长群推送一次', 'a message to parents each month', 'template-plans-2023, plan 1: pupils and parents', 'school', NULL, '1 per month', 'parents_push', NULL, false),
  ('monthly_study', '每月专题研究', 'a study session each month', 'nanma-2023, attachment 2, item 1', 'community', NULL, '1 per month', NULL, NULL, false),
  ('publicity_48', '全年宣传不少于48次', '48 publicity sessions a year', 'nanma-2023, attachment 2, item 8', 'community', NULL, '48 per year', NULL, 'publicity', false),
  ('case_summary', '案件每月汇总', 'a summary of cases each month', 'nanma-2023, section 4 (4)', 'department', NULL, '1 per month', NULL, NULL, false),
  ('weekly_bulletin', '每周通报', 'a bulletin each week', 'tuohe-2023, section 4 (1)', 'town', NULL, '1 per week', NULL, NULL, false),
  ('weekly_feedback', '每周日前反馈问题', 'feedback by Sunday', 'tuohe-2023, section 4 (3)', 'department', NULL, '1 per week', NULL, NULL, false),
  ('compound_broadcast', '小区早中晚播放宣传音频', 'three broadcasts a day in residential compounds', 'tuohe-2023, section 4 (2)', 'community', NULL, '3 per day', 'broadcast', NULL, false),
  ('parents_talk', '每学期组织家长讲座', 'a talk for parents each term', 'tuohe-2023, section 4 (3)', 'school', NULL, '1 per term', NULL, NULL, false),
  ('town_broadcast', '应急广播每天早中晚播放，中高考期间除外', 'three broadcasts a day, not in exam periods', 'shiqiao-2023, section 3, item 1', 'town', NULL, '3 per day', 'broadcast', NULL, true),
  ('screen_daily', '有户外显示屏的单位每天滚动播放标语', 'slogans each day on the screen of each unit that has one', 'qingyuan-2024, section 3 (2), item 1', 'department', NULL, '1 per day', NULL, NULL, false),
  ('publicity_month', '全年至少一次主题宣传月', 'a publicity month each year', 'qingyuan-2024, section 3 (2), item 3', 'county', NULL, '1 per year', 'theme_month', NULL, false);

CREATE TABLE @registry@.duty (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT duty_pk PRIMARY KEY,
  code text NOT NULL CONSTRAINT duty_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  basis text,
  unit text CONSTRAINT duty_unit_fk REFERENCES @registry@.unit,
  contact_group text CONSTRAINT duty_contact_group_fk REFERENCES @registry@.contact_group,
  person bigint CONSTRAINT duty_person_fk REFERENCES @registry@.person,
  unit_kind text CONSTRAINT duty_unit_kind_fk REFERENCES @registry@.unit_kind,
  group_level integer CONSTRAINT duty_group_level_known CHECK (group_level OPERATOR(pg_catalog.>=) 1 AND group_level OPERATOR(pg_catalog.<=) 3),
  region antifraud.region,
  cadence antifraud.cadence NOT NULL,
  since date NOT NULL CONSTRAINT duty_since_in_years_1_to_9999 CHECK (since OPERATOR(pg_catalog.>=) '0001-01-01'::date AND since OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  until date CONSTRAINT duty_until_in_years_1_to_9999 CHECK (until OPERATOR(pg_catalog.<) '9999-12-31'::date),
  grace integer NOT NULL DEFAULT 0 CONSTRAINT duty_grace_in_days CHECK (grace OPERATOR(pg_catalog.>=) 0 AND grace OPERATOR(pg_catalog.<=) 366),
  anchor text NOT NULL DEFAULT 'actual' CONSTRAINT duty_anchor_known CHECK (anchor OPERATOR(pg_catalog.=) ANY ('{actual,grid}')),
  shift text NOT NULL DEFAULT 'none' CONSTRAINT duty_shift_known CHECK (shift OPERATOR(pg_catalog.=) ANY ('{none,before}')),
  partial text NOT NULL DEFAULT 'skip' CONSTRAINT duty_partial_known CHECK (partial OPERATOR(pg_catalog.=) ANY ('{skip,prorate}')),
  pause text NOT NULL DEFAULT 'stop' CONSTRAINT duty_pause_reading_known CHECK (pause OPERATOR(pg_catalog.=) ANY ('{stop,run,restart}')),
  pause_in_exams boolean NOT NULL DEFAULT false,
  late_entry_days integer CONSTRAINT duty_late_entry_days_not_negative CHECK (late_entry_days OPERATOR(pg_catalog.>=) 0),
  activity_kind text CONSTRAINT duty_activity_kind_fk REFERENCES @registry@.activity_kind,
  activity_measure text CONSTRAINT duty_activity_measure_fk REFERENCES @registry@.measure,
  measure text NOT NULL DEFAULT 'duty_missed' CONSTRAINT duty_measure_fk REFERENCES @registry@.measure,
  missed_approval text NOT NULL DEFAULT 'person' CONSTRAINT duty_missed_approval_known CHECK (missed_approval OPERATOR(pg_catalog.=) ANY ('{person,automatic}')),
  missed_withdrawal text NOT NULL DEFAULT 'person' CONSTRAINT duty_missed_withdrawal_known CHECK (missed_withdrawal OPERATOR(pg_catalog.=) ANY ('{person,automatic}')),
  CONSTRAINT duty_one_subject CHECK (pg_catalog.num_nonnulls(unit, contact_group, person, unit_kind, group_level) OPERATOR(pg_catalog.=) 1),
  CONSTRAINT duty_region_of_many CHECK (region IS NULL OR pg_catalog.num_nonnulls(unit_kind, group_level) OPERATOR(pg_catalog.=) 1),
  CONSTRAINT duty_one_source CHECK (pg_catalog.num_nonnulls(activity_kind, activity_measure) OPERATOR(pg_catalog.<=) 1),
  CONSTRAINT duty_of_person_recorded CHECK (person IS NULL OR pg_catalog.num_nonnulls(activity_kind, activity_measure) OPERATOR(pg_catalog.=) 0),
  CONSTRAINT duty_ends_after_it_begins CHECK (until OPERATOR(pg_catalog.>=) since)
);
-- Adopted twice, each missed window would be two facts.
CREATE UNIQUE INDEX duty_once ON @registry@.duty (code, unit, contact_group, person, unit_kind, group_level, region) NULLS NOT DISTINCT WHERE until IS NULL;
COMMENT ON TABLE @registry@.duty IS 'What recurs. A change of cadence is a new row: end the old one with until, so that what was missed under it stays so.';
COMMENT ON COLUMN @registry@.duty.id IS 'Identity.';
COMMENT ON COLUMN @registry@.duty.code IS 'Code; duties that follow one another may share it, and only one of them has no until.';
COMMENT ON COLUMN @registry@.duty.label_zh IS 'What it asks, in Chinese.';
COMMENT ON COLUMN @registry@.duty.label_en IS 'What it asks, in English.';
COMMENT ON COLUMN @registry@.duty.basis IS 'Where it stands: document and place.';
COMMENT ON COLUMN @registry@.duty.unit IS 'The duty of this unit.';
COMMENT ON COLUMN @registry@.duty.contact_group IS 'The duty of this message group.';
COMMENT ON COLUMN @registry@.duty.person IS 'A duty about this monitored person, beyond the check-ins that the tier asks.';
COMMENT ON COLUMN @registry@.duty.unit_kind IS 'The duty of every active unit of this kind.';
COMMENT ON COLUMN @registry@.duty.group_level IS 'The duty of every active message group of this level.';
COMMENT ON COLUMN @registry@.duty.region IS 'With unit_kind or group_level: only those in this region; null: everywhere.';
COMMENT ON COLUMN @registry@.duty.cadence IS 'How often.';
COMMENT ON COLUMN @registry@.duty.since IS 'First day. A window counts if it lies wholly on or after it; a rolling duty is first due one interval after it.';
COMMENT ON COLUMN @registry@.duty.until IS 'Last day; null: until further notice.';
COMMENT ON COLUMN @registry@.duty.grace IS 'Days after its last day in which a rolling duty is still met.';
COMMENT ON COLUMN @registry@.duty.anchor IS 'What a rolling duty counts from after it was done: actual (that day) or grid (the days fixed from since).';
COMMENT ON COLUMN @registry@.duty.shift IS 'Whether a rolling duty that ends on a day off is due on the working day before (before) or on that day (none).';
COMMENT ON COLUMN @registry@.duty.partial IS 'Whether a first window that since cuts counts: skip (no) or prorate (in proportion, rounded down).';
COMMENT ON COLUMN @registry@.duty.pause IS 'What a suspension does to the clock of a rolling duty: stop, each paused day moves the end by one; run, it moves nothing; restart, a new interval begins at its end.';
COMMENT ON COLUMN @registry@.duty.late_entry_days IS 'What is recorded more than so many days (of China) after the day on which it was done does not count; null: whenever it is recorded, it counts on its own day.';
COMMENT ON COLUMN @registry@.duty.pause_in_exams IS 'Whether it is suspended in the exam periods of the calendar.';
COMMENT ON COLUMN @registry@.duty.activity_kind IS 'Done by activities of this kind; null with activity_measure null: recorded in duty_done.';
COMMENT ON COLUMN @registry@.duty.activity_measure IS 'Done by activities of every kind that supplies this measure.';
COMMENT ON COLUMN @registry@.duty.measure IS 'The measure that its missed windows supply once approved: duty_missed, or another of those that the table missed supplies.';
COMMENT ON COLUMN @registry@.duty.missed_approval IS 'How a missed window becomes a fact: once a person approves (person), or at once (automatic).';
COMMENT ON COLUMN @registry@.duty.missed_withdrawal IS 'Who takes such a fact back, once it turns out not to have been missed: a person (withdraw_missed), or automatic (record_missed).';

CREATE TABLE @registry@.duty_done (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT duty_done_pk PRIMARY KEY,
  duty bigint NOT NULL CONSTRAINT duty_done_duty_fk REFERENCES @registry@.duty,
  unit text CONSTRAINT duty_done_unit_fk REFERENCES @registry@.unit,
  contact_group text CONSTRAINT duty_done_contact_group_fk REFERENCES @registry@.contact_group,
  person bigint CONSTRAINT duty_done_person_fk REFERENCES @registry@.person,
  done_on date NOT NULL CONSTRAINT duty_done_in_years_1_to_9999 CHECK (done_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND done_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  times integer NOT NULL DEFAULT 1 CONSTRAINT duty_done_times_credible CHECK (times OPERATOR(pg_catalog.>=) 1 AND times OPERATOR(pg_catalog.<=) 9999),
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT duty_done_one_subject CHECK (pg_catalog.num_nonnulls(unit, contact_group, person) OPERATOR(pg_catalog.=) 1),
  CONSTRAINT duty_done_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX duty_done_unit ON @registry@.duty_done (duty, unit, done_on) INCLUDE (times, recorded_at, voided_at) WHERE unit IS NOT NULL;
CREATE INDEX duty_done_contact_group ON @registry@.duty_done (duty, contact_group, done_on) INCLUDE (times, recorded_at, voided_at) WHERE contact_group IS NOT NULL;
CREATE INDEX duty_done_person ON @registry@.duty_done (duty, person, done_on) INCLUDE (times, recorded_at, voided_at) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX duty_done_source_key ON @registry@.duty_done (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.duty_done IS 'That a duty was done, where no activity says so.';
COMMENT ON COLUMN @registry@.duty_done.duty IS 'The duty.';
COMMENT ON COLUMN @registry@.duty_done.unit IS 'The unit that did it; left out, the unit that the duty names.';
COMMENT ON COLUMN @registry@.duty_done.contact_group IS 'The message group in which it was done; left out, the one that the duty names.';
COMMENT ON COLUMN @registry@.duty_done.person IS 'The person about whom it was done; left out, the one that the duty names.';
COMMENT ON COLUMN @registry@.duty_done.done_on IS 'Day on which it was done, in local time.';
COMMENT ON COLUMN @registry@.duty_done.times IS 'How many times on that day.';
COMMENT ON COLUMN @registry@.duty_done.note IS 'Remark, or where the proof is kept.';

CREATE TABLE @registry@.duty_pause (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT duty_pause_pk PRIMARY KEY,
  duty bigint NOT NULL CONSTRAINT duty_pause_duty_fk REFERENCES @registry@.duty,
  unit text CONSTRAINT duty_pause_unit_fk REFERENCES @registry@.unit,
  contact_group text CONSTRAINT duty_pause_contact_group_fk REFERENCES @registry@.contact_group,
  person bigint CONSTRAINT duty_pause_person_fk REFERENCES @registry@.person,
  starts_on date NOT NULL CONSTRAINT duty_pause_starts_in_years_1_to_9999 CHECK (starts_on OPERATOR(pg_catalog.>=) '0001-01-01'::date AND starts_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  ends_on date CONSTRAINT duty_pause_ends_in_years_1_to_9999 CHECK (ends_on OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  reason text NOT NULL CONSTRAINT duty_pause_reason_not_blank CHECK (pg_catalog.btrim(reason) OPERATOR(pg_catalog.<>) ''),
  approver text NOT NULL CONSTRAINT duty_pause_approver_not_blank CHECK (pg_catalog.btrim(approver) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT duty_pause_at_most_one_subject CHECK (pg_catalog.num_nonnulls(unit, contact_group, person) OPERATOR(pg_catalog.<=) 1),
  CONSTRAINT duty_pause_ends_after_it_begins CHECK (ends_on OPERATOR(pg_catalog.>=) starts_on),
  CONSTRAINT duty_pause_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX duty_pause_duty ON @registry@.duty_pause (duty, starts_on);
CREATE UNIQUE INDEX duty_pause_source_key ON @registry@.duty_pause (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.duty_pause IS 'When a duty was suspended, for all whose duty it is or for one of them.';
COMMENT ON COLUMN @registry@.duty_pause.duty IS 'The duty.';
COMMENT ON COLUMN @registry@.duty_pause.unit IS 'For this unit; null with the two that follow: for all.';
COMMENT ON COLUMN @registry@.duty_pause.contact_group IS 'For this message group.';
COMMENT ON COLUMN @registry@.duty_pause.person IS 'For this person.';
COMMENT ON COLUMN @registry@.duty_pause.starts_on IS 'First day.';
COMMENT ON COLUMN @registry@.duty_pause.ends_on IS 'Last day; null: no end is known.';
COMMENT ON COLUMN @registry@.duty_pause.reason IS 'Why.';
COMMENT ON COLUMN @registry@.duty_pause.approver IS 'Who approved it: an office or a post, not a name.';

CREATE FUNCTION @registry@.adopt_duty(template text, since date, unit text DEFAULT NULL, unit_kind text DEFAULT NULL, region antifraud.region DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  made bigint;
BEGIN
  INSERT INTO @registry@.duty (code, label_zh, label_en, basis, unit, unit_kind, group_level, region, cadence, since, activity_kind, activity_measure, pause_in_exams)
  SELECT t.code, t.label_zh, t.label_en, t.basis, adopt_duty.unit,
         CASE WHEN adopt_duty.unit IS NULL THEN coalesce(adopt_duty.unit_kind, t.unit_kind) ELSE adopt_duty.unit_kind END,
         CASE WHEN num_nulls(adopt_duty.unit, adopt_duty.unit_kind) = 2 THEN t.group_level END,
         adopt_duty.region, t.cadence, adopt_duty.since, t.activity_kind, t.activity_measure, t.pause_in_exams
  FROM @registry@.duty_template AS t
  WHERE t.code = adopt_duty.template
  RETURNING id INTO made;
  IF made IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no duty template %s', coalesce(quote_literal(template), 'NULL')),
      HINT = 'The table duty_template lists them; any other duty is inserted into the table duty.';
  END IF;
  RETURN made;
END
$body$;
COMMENT ON FUNCTION @registry@.adopt_duty(text, date, text, text, antifraud.region) IS 'Put a duty of an official document into force from a day on: for every unit or group of the template''s kind, for another kind of unit, or for one unit; within a region or everywhere. Gives its id.';
