-- The rubrics that ship with the registry, and the other readings of their
-- ambiguous clauses. doc/interpretations.md argues each choice. One with
-- questions that only an office can answer stays a draft: documents that name
-- what is assessed, and no points. Their points are an example, which is in
-- force beside the draft under a name that says so, and unlisted.
INSERT INTO @registry@.question_kind (code, label_zh, label_en) VALUES
  ('points_open', '文件没有规定分值，所列分值仅为示例，由考核机构确定', 'the document states no points; those given are an example, and the office decides');

DO $body$
DECLARE
  shipped record;
BEGIN
  FOR shipped IN SELECT s.code, s.doc FROM antifraud.shipped_rubrics() AS s (code, doc) ORDER BY s.code LOOP
    PERFORM @registry@.load_rubric(shipped.doc);
    IF shipped.code OPERATOR(pg_catalog.=) ANY ('{shiqiao-2023,template-plan-2,tuohe-2023}') THEN
      PERFORM @registry@.derive_rubric(shipped.code, shipped.code || '-example');
      UPDATE @registry@.rubric_edition SET title = title || '：示例', listed = false WHERE code OPERATOR(pg_catalog.=) (shipped.code || '-example');
      PERFORM @registry@.publish_rubric(shipped.code || '-example');
      INSERT INTO @registry@.rubric_question (rubric, no, asks, item, words, suggestion)
        SELECT i.rubric, pg_catalog.row_number() OVER (ORDER BY i.section, i.place), 'points_open', i.no, i.title, i.points || '分'
        FROM @registry@.rubric_item AS i WHERE i.rubric OPERATOR(pg_catalog.=) shipped.code;
    END IF;
    IF NOT EXISTS (SELECT FROM @registry@.open_question AS q WHERE q.rubric OPERATOR(pg_catalog.=) shipped.code) THEN
      PERFORM @registry@.publish_rubric(shipped.code);
    END IF;
  END LOOP;
END
$body$;

-- The use of results is a card of its own, not a score of the programme.
UPDATE @registry@.rubric_edition SET listed = false WHERE code OPERATOR(pg_catalog.=) 'nanma-2023-results';

INSERT INTO @registry@.reading (rubric, name, item, ordinal, measure, rule, counted_over, overflow, label_zh, label_en) VALUES
  ('nanma-2023', 'each_missing_entry', '2', 1, 'ledger_entry_missing', 'deduct 1 per occurrence', NULL, NULL,
   '每缺一条记录为一项', 'each missing entry counts'),
  ('nanma-2023', 'per_case_above', '3', 1, NULL, 'deduct 2 per 1 excess if count > baseline', NULL, NULL,
   '每多一起扣2分', '2 points for each case above'),
  ('nanma-2023', 'per_month_above', '3', 1, NULL, NULL, 'month', NULL,
   '逐月比较，每超一月扣2分', 'month by month, 2 points for each month above'),
  ('nanma-2023', 'by_act_date', '3', 1, 'case_by_act', NULL, NULL, NULL,
   '按案发日计', 'by the date of the act'),
  ('nanma-2023', 'by_act_date', '4', 1, 'case_by_act', NULL, NULL, NULL,
   '按案发日计', 'by the date of the act'),
  ('nanma-2023', 'net_of_recovery', '4', 1, 'case_net', NULL, NULL, NULL,
   '扣除挽回损失', 'net of what was recovered'),
  ('nanma-2023', 'overflow_to_section', '5', 1, NULL, NULL, NULL, 'section',
   '超出部分扣本部分', 'the overflow falls on the section'),
  ('nanma-2023', 'overflow_to_total', '5', 1, NULL, NULL, NULL, 'total',
   '超出部分扣总分', 'the overflow falls on the total'),
  ('nanma-2023', 'alert_within_30_days', '6', 1, 'case_after_alert_30_days', NULL, NULL, NULL,
   '预警后30日内', 'within 30 days of the alert'),
  ('nanma-2023', 'confirmed_only', '6', 1, 'case_after_alert_confirmed', NULL, NULL, NULL,
   '只计经认定的', 'only what a person has confirmed'),
  ('nanma-2023', 'each_staff_member', '7', 2, NULL, 'deduct 5 per occurrence', NULL, NULL,
   '每人扣5分', '5 points for each member of staff'),
  ('nanma-2023', 'sessions_in_period', '8', 1, NULL, NULL, 'period', NULL,
   '按创建期间计48次', '48 in the period of the programme'),
  ('nanma-2023', 'sessions_prorated', '8', 1, NULL, 'deduct 5 if count < 32', 'period', NULL,
   '按8个月折算32次', '32 in the eight months of the programme'),
  ('nanma-2023', 'a_and_b_or_c_each', '8', 2, NULL, 'deduct 5 per occurrence', NULL, NULL,
   '甲且（乙或丙），每人', 'not reached and (not in group or no app); each victim'),
  ('nanma-2023', 'a_and_b_then_or_c', '8', 2, 'victim_unreached_or_no_app', NULL, NULL, NULL,
   '（甲且乙）或丙，一次', '(not reached and not in group) or no app; once'),
  ('nanma-2023', 'a_and_b_then_or_c_each', '8', 2, 'victim_unreached_or_no_app', 'deduct 5 per occurrence', NULL, NULL,
   '（甲且乙）或丙，每人', '(not reached and not in group) or no app; each victim'),
  ('nanma-2023', 'falsified_once', '8', 3, NULL, 'deduct 10', NULL, NULL,
   '弄虚作假只扣一次', 'falsified publicity deducts once'),
  ('nanma-2023', 'one_a_person', '9', 1, 'control_failure_person', NULL, NULL, NULL,
   '一人计一处', 'one a person'),
  ('nanma-2023', 'missed_duties', '8', 1, 'duty_missed', 'deduct 5', NULL, NULL,
   '例行宣传任务有未完成的即扣，一次，代替全年48次的规定', 'once, for any recurring duty missed in the year, instead of the rule of 48 sessions'),
  ('nanma-2023', 'missed_checkins', '9', 1, 'checkin_missed', NULL, NULL, NULL,
   '每逾期未核查一次为一处，检查发现的不计', 'each missed check-in is a defect; findings do not count'),
  ('nanma-2023', 'missed_checkins_too', '9', 1, 'control_failure_or_checkin_missed', NULL, NULL, NULL,
   '检查发现的每处及逾期未核查每次均为一处', 'each finding and each missed check-in is a defect');
