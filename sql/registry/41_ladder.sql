-- What can be raised, and when: the rungs of the ladder, and the rules whose
-- consequence is to raise one. The documents name the rungs and their causes,
-- but few numbers and no days: what an office has to set, lint_escalation()
-- lists (doc/escalation.md).

CREATE TABLE @registry@.ladder (
  rung text CONSTRAINT ladder_pk PRIMARY KEY CONSTRAINT ladder_rung_form CHECK (rung ~ '^[a-z_]+$' AND octet_length(rung) <= 63),
  rank integer NOT NULL CONSTRAINT ladder_rank_once UNIQUE,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  punitive boolean NOT NULL DEFAULT true,
  acknowledge_days integer CONSTRAINT ladder_acknowledge_days_not_negative CHECK (acknowledge_days >= 0),
  rectify_days integer CONSTRAINT ladder_rectify_days_not_negative CHECK (rectify_days >= 0),
  climbs_to text CONSTRAINT ladder_climbs_to_fk REFERENCES @registry@.ladder DEFERRABLE,
  decided_by text CONSTRAINT ladder_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  set_by text CONSTRAINT ladder_set_by_not_blank CHECK (btrim(set_by) <> ''),
  set_on date CONSTRAINT ladder_set_on_finite CHECK (isfinite(set_on)),
  one_account_allowed_by text CONSTRAINT ladder_one_account_allowed_by_not_blank CHECK (btrim(one_account_allowed_by) <> ''),
  CONSTRAINT ladder_does_not_climb_to_itself CHECK (climbs_to <> rung),
  -- no punishment without a decision, whatever an office sets
  CONSTRAINT ladder_never_automatic CHECK (punitive OR rung <> ALL ('{yellow_card,red_card,interview,higher_notice,listed_rectification,discipline,veto}'))
);
COMMENT ON TABLE @registry@.ladder IS 'Rungs of escalation, from a letter to a veto. An office may set days, add rungs of its own and change where one climbs to.';
COMMENT ON COLUMN @registry@.ladder.rung IS 'Code, as rules write it: raise reminder.';
COMMENT ON COLUMN @registry@.ladder.rank IS 'Order, the gravest last.';
COMMENT ON COLUMN @registry@.ladder.label_zh IS 'Name in Chinese, as the documents have it.';
COMMENT ON COLUMN @registry@.ladder.label_en IS 'Name in English.';
COMMENT ON COLUMN @registry@.ladder.punitive IS 'Whether it is only proposed, until somebody whom escalation_authority names confirms or rejects it with reasons.';
COMMENT ON COLUMN @registry@.ladder.acknowledge_days IS 'Days within which it is to be acknowledged, from the day on which it was raised or confirmed; null: whenever.';
COMMENT ON COLUMN @registry@.ladder.rectify_days IS 'Days within which it is to be put right, from the same day; null: whenever.';
COMMENT ON COLUMN @registry@.ladder.climbs_to IS 'What follows when one of these is not acknowledged or not put right in time; null: nothing does.';
COMMENT ON COLUMN @registry@.ladder.decided_by IS 'The post or body that decides on it, as the documents call it; who that is here stands in escalation_authority.';
COMMENT ON COLUMN @registry@.ladder.set_by IS 'Who set the days; null: they are those that ship, which no document states, and lint_escalation() asks for them.';
COMMENT ON COLUMN @registry@.ladder.set_on IS 'When they were set.';
COMMENT ON COLUMN @registry@.ladder.one_account_allowed_by IS 'Who allowed that one account enters both that such a rung was put right and that this was verified; null: it takes two accounts.';
-- Rungs of qingyuan-2024, 五（二）（三）, of nanma-2023, 四（四）, and of
-- tuohe-2023, 五（四）. Nothing climbs to discipline or to a veto: each needs a
-- cause of its own.
INSERT INTO @registry@.ladder (rung, rank, label_zh, label_en, punitive, acknowledge_days, rectify_days, climbs_to, decided_by) VALUES
  ('reminder', 1, '工作提示函', 'reminder letter', false, 5, 30, 'notice', NULL),
  ('notice', 2, '督导通报', 'supervision notice', true, 5, 30, 'yellow_card', '联席会议办公室'),
  ('yellow_card', 3, '黄牌', 'yellow card', true, 5, 30, 'red_card', '联席会议办公室'),
  ('red_card', 4, '红牌', 'red card', true, 5, 30, 'interview', '联席会议办公室'),
  ('interview', 5, '约谈', 'interview of the head', true, 5, 30, 'higher_notice', '创建活动领导小组'),
  ('higher_notice', 6, '平安抄告', 'notice to the higher level', true, 5, 30, 'listed_rectification', '联席会议办公室'),
  ('listed_rectification', 7, '挂牌整治', 'listed rectification', true, 5, 90, NULL, '联席会议办公室'),
  ('discipline', 8, '纪检监察移送', 'referral to the discipline body', true, 5, NULL, NULL, '纪检监察机关'),
  ('veto', 9, '一票否决', 'one-vote veto', true, 5, NULL, NULL, '平安建设考核机构');

CREATE TABLE @registry@.escalation_cause (
  code text CONSTRAINT escalation_cause_pk PRIMARY KEY CONSTRAINT escalation_cause_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.escalation_cause IS 'Why something is raised, in the words of letters. An office may add its own.';
SELECT @registry@.comment_code_lists('{escalation_cause}');
INSERT INTO @registry@.escalation_cause (code, label_zh, label_en) VALUES
  ('work_idle', '工作不落实', 'work not done'),
  ('high_incidence', '电诈警情高发', 'high incidence'),
  ('lasting_incidence', '案件持续高发', 'lasting high incidence'),
  ('above_last_year', '发案数同比上升', 'cases above last year'),
  ('control_lacking', '重点人员管控不到位', 'control of persons lacking'),
  ('staff_defrauded', '工作人员大量被骗', 'staff defrauded in numbers'),
  ('great_case', '发生重大案件', 'a case of great loss'),
  ('great_losses', '群众受损严重', 'heavy losses'),
  ('den', '产生电诈窝点', 'a den'),
  ('alert_unheeded', '预警劝阻不落实', 'alerts not acted on'),
  ('zeros_lost', '失去“三无”条件', 'one of the three zeros lost'),
  ('work_falsified', '工作弄虚作假、走过场', 'work made up or gone through in form only'),
  ('vacancy', '责任岗位空缺', 'nobody there who answers');

CREATE TABLE @registry@.escalation_rule (
  code text CONSTRAINT escalation_rule_pk PRIMARY KEY CONSTRAINT escalation_rule_code_form CHECK (code ~ '^[a-z0-9]+([._-][a-z0-9]+)*$' AND octet_length(code) <= 63),
  programme text CONSTRAINT escalation_rule_programme_fk REFERENCES @registry@.programme,
  source text NOT NULL CONSTRAINT escalation_rule_source_not_blank CHECK (btrim(source) <> ''),
  clause_zh text NOT NULL CONSTRAINT escalation_rule_clause_zh_not_blank CHECK (btrim(clause_zh) <> ''),
  cause text CONSTRAINT escalation_rule_cause_fk REFERENCES @registry@.escalation_cause,
  measure text NOT NULL CONSTRAINT escalation_rule_measure_fk REFERENCES @registry@.measure,
  rule antifraud.rule,
  rung text CONSTRAINT escalation_rule_rung_fk REFERENCES @registry@.ladder,
  reading text,
  subject text NOT NULL DEFAULT 'unit' CONSTRAINT escalation_rule_subject_known CHECK (subject = ANY ('{unit,person}')),
  counted_over text NOT NULL DEFAULT 'year' CONSTRAINT escalation_rule_counted_over_known CHECK (counted_over = ANY ('{period,year,month}')),
  baseline text CONSTRAINT escalation_rule_baseline_known CHECK (baseline = ANY ('{last_year,mean_3_years}')),
  baseline_from date CONSTRAINT escalation_rule_baseline_from_finite CHECK (isfinite(baseline_from)),
  region antifraud.region,
  unit_kind text CONSTRAINT escalation_rule_unit_kind_fk REFERENCES @registry@.unit_kind,
  valid daterange NOT NULL DEFAULT '(,)' CONSTRAINT escalation_rule_valid_not_empty CHECK (NOT isempty(valid)),
  set_by text CONSTRAINT escalation_rule_set_by_not_blank CHECK (btrim(set_by) <> ''),
  set_on date CONSTRAINT escalation_rule_set_on_finite CHECK (isfinite(set_on)),
  document_no text CONSTRAINT escalation_rule_document_no_not_blank CHECK (btrim(document_no) <> ''),
  enabled boolean NOT NULL DEFAULT true,
  CONSTRAINT escalation_rule_says_something CHECK (rule IS NOT NULL OR rung IS NOT NULL),
  CONSTRAINT escalation_rule_only_raises CHECK (NOT jsonb_path_exists(rule::jsonb, '$.bands[*] ? (@.effect != "raise")')),
  -- the shortfall, and what nobody required, have no number here
  CONSTRAINT escalation_rule_requires_nothing CHECK (NOT jsonb_path_exists(rule::jsonb, '$.bands[*].cond[*] ? (@.unit == "required")')),
  CONSTRAINT escalation_rule_has_its_baseline CHECK (baseline IS NOT NULL
    OR NOT jsonb_path_exists(rule::jsonb, '$.bands[*].cond[*] ? (@.unit == "baseline" || @.subject == "change")'))
);
CREATE INDEX escalation_rule_measure ON @registry@.escalation_rule (measure);
COMMENT ON TABLE @registry@.escalation_rule IS 'Rules that raise a rung, on any measure. One that has raised something stays as it is: it can be ended or switched off, and another takes its place.';
COMMENT ON COLUMN @registry@.escalation_rule.code IS 'Code.';
COMMENT ON COLUMN @registry@.escalation_rule.programme IS 'The programme that it belongs to: it holds in its region and period, once that is in force. Null: a rule of the office.';
COMMENT ON COLUMN @registry@.escalation_rule.source IS 'Document and place in it.';
COMMENT ON COLUMN @registry@.escalation_rule.clause_zh IS 'What it says, briefly, in Chinese.';
COMMENT ON COLUMN @registry@.escalation_rule.cause IS 'Why it raises something; see escalation_cause.';
COMMENT ON COLUMN @registry@.escalation_rule.measure IS 'What is looked at; see measure.';
COMMENT ON COLUMN @registry@.escalation_rule.rule IS 'When what is raised: raise interview if change > 50%. Null: the document gives no number, and nothing is raised until an authority sets one.';
COMMENT ON COLUMN @registry@.escalation_rule.rung IS 'The rung that the document names; null: those of the rule.';
COMMENT ON COLUMN @registry@.escalation_rule.reading IS 'Which reading is taken where the clause is open to several.';
COMMENT ON COLUMN @registry@.escalation_rule.subject IS 'Who it is about: unit, or person (the subject of the facts).';
COMMENT ON COLUMN @registry@.escalation_rule.counted_over IS 'Over which days facts count: period (of the rule, cut to its programme), year (the calendar year) or month.';
COMMENT ON COLUMN @registry@.escalation_rule.baseline IS 'What change and baseline compare with: last_year or mean_3_years; null: neither occurs.';
COMMENT ON COLUMN @registry@.escalation_rule.baseline_from IS 'First day for which there are records: a baseline before it is not computable, and raises nothing.';
COMMENT ON COLUMN @registry@.escalation_rule.region IS 'Where it holds; null: everywhere, or in the region of its programme.';
COMMENT ON COLUMN @registry@.escalation_rule.unit_kind IS 'Kind of unit for which it holds; null: every kind.';
COMMENT ON COLUMN @registry@.escalation_rule.valid IS 'The days on which it holds.';
COMMENT ON COLUMN @registry@.escalation_rule.set_by IS 'The authority that set its number; null: the document itself states it.';
COMMENT ON COLUMN @registry@.escalation_rule.set_on IS 'When it was set.';
COMMENT ON COLUMN @registry@.escalation_rule.document_no IS 'Number of the document by which it was set.';
COMMENT ON COLUMN @registry@.escalation_rule.enabled IS 'Whether it is looked at.';

-- Set-wise for who evaluates: one row a rule that holds, with the days that it
-- counts. A period without an end is cut to the calendar year.
CREATE FUNCTION @registry@.escalation_rules(as_of date)
RETURNS TABLE (code text, measure text, rule antifraud.rule, subject text, counted_over text, period_from date, period_to date,
               baseline text, baseline_from date, region antifraud.region, unit_kind text)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE sql
BEGIN ATOMIC
  SELECT e.code, e.measure, e.rule, e.subject, e.counted_over,
         CASE e.counted_over WHEN 'year' THEN y.first_day WHEN 'month' THEN date_trunc('month', $1::timestamp)::date
              ELSE COALESCE(NULLIF(lower(h.days), '-infinity'), y.first_day) END AS period_from,
         CASE e.counted_over WHEN 'year' THEN y.last_day WHEN 'month' THEN (date_trunc('month', $1::timestamp) + interval '1 month')::date - 1
              ELSE COALESCE(NULLIF(upper(h.days), 'infinity') - 1, y.last_day) END AS period_to,
         e.baseline, e.baseline_from,
         CASE WHEN p.region OPERATOR(antifraud.<@) e.region THEN p.region ELSE COALESCE(e.region, p.region) END AS region, e.unit_kind
  FROM @registry@.escalation_rule AS e
  LEFT JOIN @registry@.programme AS p ON p.code = e.programme
  CROSS JOIN LATERAL (SELECT e.valid * daterange(p.period_from, p.period_to, '[]') AS days) AS h
  CROSS JOIN LATERAL (SELECT date_trunc('year', $1::timestamp)::date AS first_day, (date_trunc('year', $1::timestamp) + interval '1 year')::date - 1 AS last_day) AS y
  WHERE e.rule IS NOT NULL AND e.enabled AND h.days @> $1
    AND (e.programme IS NULL OR p.active)
    -- a rule for a place outside of its programme's holds nowhere
    AND (e.region IS NULL OR p.region IS NULL OR e.region OPERATOR(antifraud.<@) p.region OR p.region OPERATOR(antifraud.<@) e.region);
END;
COMMENT ON FUNCTION @registry@.escalation_rules(date) IS 'The rules that can raise something on a day: set, enabled, valid, and of no programme or of one in force; with the days that each counts and the region where it holds (null: everywhere).';

CREATE FUNCTION @registry@.check_escalation_rule() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  unknown text;
BEGIN
  SELECT string_agg(DISTINCT quote_literal(b ->> 'level'), ', ') INTO unknown
  FROM jsonb_array_elements(NEW.rule::jsonb -> 'bands') AS b
  WHERE NOT EXISTS (SELECT FROM @registry@.ladder AS l WHERE l.rung = b ->> 'level');
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('rule %L raises %s, which the ladder does not have', NEW.code, unknown),
      DETAIL = format('It says: %s.', NEW.rule),
      HINT = 'Write a rung of the table ladder, or add it there.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'rule';
  END IF;
  IF TG_OP = 'UPDATE' AND EXISTS (SELECT FROM @registry@.escalation AS x WHERE x.rule = OLD.code)
     AND (to_jsonb(NEW) - '{valid,enabled}'::text[] <> to_jsonb(OLD) - '{valid,enabled}'::text[] OR NOT NEW.valid <@ OLD.valid OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('rule %L has raised something and can only be ended or switched off', OLD.code),
      DETAIL = 'What was raised must stay explainable.',
      HINT = 'End it by its column valid, and enter another under a new code.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_escalation_rule() IS 'Trigger: a rule raises rungs of the ladder, and once it has raised something it stays as it was.';
CREATE TRIGGER escalation_rule_1_check BEFORE INSERT OR UPDATE ON @registry@.escalation_rule
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_escalation_rule();
