-- What the five documents raise. Each rule holds once its programme is in
-- force. Where a document names a rung and gives no number, the rule raises a
-- reminder letter at the least sign, or nothing, and lint_escalation() lists
-- the rung until an authority has set its number with set_escalation_rule().
INSERT INTO @registry@.escalation_rule (code, programme, source, clause_zh, cause, measure, rule, rung, counted_over, baseline, reading) VALUES
  -- nanma-2023
  ('nanma-2023.zero-case', 'nanma-2023', 'nanma-2023, 二（一）', '创建期间无涉诈案件', 'zeros_lost', 'case', 'raise reminder if count >= 1', NULL, 'period', NULL, '文件未定举措：首案发提示函'),
  ('nanma-2023.zero-suspect', 'nanma-2023', 'nanma-2023, 二（一）', '创建期间无涉诈违法犯罪嫌疑人', 'zeros_lost', 'suspect', 'raise reminder if count >= 1', NULL, 'period', NULL, '文件未定举措：首人发提示函'),
  ('nanma-2023.zero-den', 'nanma-2023', 'nanma-2023, 二（一）', '创建期间无涉诈窝点', 'zeros_lost', 'den', 'raise reminder if count >= 1', NULL, 'period', NULL, '文件未定举措：首个窝点发提示函'),
  ('nanma-2023.alert', 'nanma-2023', 'nanma-2023, 三（二）', '确保每条预警指令快速接收、快速反应、快速落实，避免案件发生', 'alert_unheeded', 'case_after_alert', 'raise reminder if count >= 1', NULL, 'month', NULL, '文件未定举措：预警后又发案的，当月发提示函'),
  ('nanma-2023.motions', 'nanma-2023', 'nanma-2023, 四（四）', '对工作走过场、敷衍塞责的约谈主要负责人', 'work_falsified', 'publicity_falsified', 'raise reminder if count >= 1', 'interview', 'period', NULL, '文件未定数量：约谈待主管机关定量'),
  ('nanma-2023.idle', 'nanma-2023', 'nanma-2023, 四（四）', '工作不落实、措施不到位的，依规依纪追究责任', 'work_idle', 'study_missing', 'raise reminder if count >= 1', 'discipline', 'month', NULL, '文件未定数量：移送待主管机关定量'),
  ('nanma-2023.lasting', 'nanma-2023', 'nanma-2023, 四（四）', '造成案件持续高发的，街道纪检监察工委依规依纪追究责任', 'lasting_incidence', 'case', 'raise reminder if count > baseline', 'discipline', 'month', 'last_year', '文件未定何为持续高发：当月超过去年同月发提示函'),
  ('nanma-2023.result-change', 'nanma-2023', 'nanma-2023, 附件2第四条', '创建期间发案数同比上升超过50%，不评为文明村庄、文明社区', 'above_last_year', 'case', 'raise veto if change > 50%', 'veto', 'period', 'last_year', '不评文明称号即一票否决，提请审定；10至20分由评分表酌定'),
  ('nanma-2023.result-case', 'nanma-2023', 'nanma-2023, 附件2第四条', '发生50万元（含本数）以上的电信网络诈骗案件，不评为文明村庄、文明社区', 'great_case', 'case', 'raise veto if amount >= 500000', 'veto', 'period', NULL, '立案时损失金额，未扣除挽损'),
  ('nanma-2023.result-den', 'nanma-2023', 'nanma-2023, 附件2第四条', '产生电诈窝点，不评为文明村庄、文明社区', 'den', 'den', 'raise veto', 'veto', 'period', NULL, NULL),
  -- qingyuan-2024
  ('qingyuan-2024.idle', 'qingyuan-2024', 'qingyuan-2024, 五（二）', '对工作不落实的单位，下发工作提示函', 'work_idle', 'duty_missed', 'raise reminder if count >= 1', 'reminder', 'month', NULL, '当月有例行工作未完成即发'),
  ('qingyuan-2024.incidence', 'qingyuan-2024', 'qingyuan-2024, 五（二）', '对电诈警情高发的单位，下发工作提示函', 'high_incidence', 'case', 'raise reminder if count > baseline', 'reminder', 'year', 'last_year', '文件未定何为高发：本年累计超过去年同期即发'),
  ('qingyuan-2024.control', 'qingyuan-2024', 'qingyuan-2024, 五（二）', '对重点人员管控不到位的单位，下发工作提示函', 'control_lacking', 'control_failure_or_checkin_missed', 'raise reminder if count >= 1', 'reminder', 'month', NULL, '当月有管控缺陷或者核查逾期即发'),
  ('qingyuan-2024.alert', 'qingyuan-2024', 'qingyuan-2024, 三（一）3', '预警数据精准推送网格员并上门开展预警宣传', 'alert_unheeded', 'alert_late', 'raise reminder if count >= 1', NULL, 'month', NULL, '文件未定举措：首次响应超时的，当月发提示函'),
  ('qingyuan-2024.vacancy', 'qingyuan-2024', 'qingyuan-2024, 三（一）3', '建立县、镇（街道）、村（社区）、网格4级预警劝阻联动工作机制', 'vacancy', 'vacancy', 'raise reminder if amount >= 1', NULL, 'year', NULL, '任一级无人可告知即发提示函'),
  ('qingyuan-2024.notice', 'qingyuan-2024', 'qingyuan-2024, 五（三）', '责任落实不力、履职不到位问题突出的，督导通报', 'work_idle', 'duty_missed', NULL, 'notice', 'year', NULL, '文件未定数量'),
  ('qingyuan-2024.yellow', 'qingyuan-2024', 'qingyuan-2024, 五（三）', '案件高发问题突出的，黄牌警告', 'high_incidence', 'case', NULL, 'yellow_card', 'year', 'last_year', '文件未定数量'),
  ('qingyuan-2024.red', 'qingyuan-2024', 'qingyuan-2024, 五（三）', '案件高发问题突出的，红牌警告', 'high_incidence', 'case', NULL, 'red_card', 'year', 'last_year', '文件未定数量'),
  ('qingyuan-2024.interview', 'qingyuan-2024', 'qingyuan-2024, 五（三）', '案件高发问题突出的，约谈主要领导', 'high_incidence', 'case', NULL, 'interview', 'year', 'last_year', '文件未定数量'),
  ('qingyuan-2024.higher', 'qingyuan-2024', 'qingyuan-2024, 五（三）', '群众受损严重问题突出的，平安抄告', 'great_losses', 'case', NULL, 'higher_notice', 'year', NULL, '文件未定数量'),
  ('qingyuan-2024.listed', 'qingyuan-2024', 'qingyuan-2024, 五（三）', '群众受损严重问题突出的，挂牌整治', 'great_losses', 'case', NULL, 'listed_rectification', 'year', NULL, '文件未定数量'),
  -- shiqiao-2023 names no rung: what its targets state is put in a reminder
  ('shiqiao-2023.cases', 'shiqiao-2023', 'shiqiao-2023, 二、1', '发案数与前3年均值同比下降10%以上', 'high_incidence', 'case', 'raise reminder if change > -10%', NULL, 'year', 'mean_3_years', '文件未定举措：降幅不足10%发提示函'),
  ('shiqiao-2023.follow-up', 'shiqiao-2023', 'shiqiao-2023, 二、4', '电信诈骗警情案件回访率达100%', 'work_idle', 'followed_up', NULL, 'reminder', 'month', NULL, '文件未定回访期限：立案当日尚未回访即低于100%，期限待定'),
  ('shiqiao-2023.stage', 'shiqiao-2023', 'shiqiao-2023, 四', '各阶段任务按期完成', 'work_idle', 'milestone_missed', 'raise reminder if count >= 1', NULL, 'month', NULL, '文件未定举措：阶段任务逾期发提示函'),
  -- tuohe-2023
  ('tuohe-2023.idle', 'tuohe-2023', 'tuohe-2023, 四（四）', '对工作开展不力、责任落实不到位的社区和部门进行通报、约谈', 'work_idle', 'duty_missed', 'raise reminder if count >= 1', 'notice', 'month', NULL, '文件未定数量：通报待主管机关定量'),
  ('tuohe-2023.idle-interview', 'tuohe-2023', 'tuohe-2023, 四（四）', '对工作开展不力、责任落实不到位的社区和部门进行通报、约谈', 'work_idle', 'duty_missed', NULL, 'interview', 'year', NULL, '文件未定数量'),
  ('tuohe-2023.staff', 'tuohe-2023', 'tuohe-2023, 四（四）', '工作人员大量被骗的，进行通报、约谈', 'staff_defrauded', 'case_staff', 'raise reminder if count >= 1', 'notice', 'year', NULL, '文件未定何为大量：有工作人员被骗即发提示函'),
  ('tuohe-2023.staff-interview', 'tuohe-2023', 'tuohe-2023, 四（四）', '工作人员大量被骗的，进行通报、约谈', 'staff_defrauded', 'case_staff', NULL, 'interview', 'year', NULL, '文件未定何为大量'),
  ('tuohe-2023.lasting', 'tuohe-2023', 'tuohe-2023, 五（四）', '组织不力、进展缓慢、效果不明显、案件持续高发的，实行“一票否决”', 'lasting_incidence', 'case', 'raise reminder if count > baseline', 'veto', 'month', 'last_year', '文件未定何为持续高发：当月超过去年同月发提示函'),
  ('tuohe-2023.account', 'tuohe-2023', 'tuohe-2023, 五（四）', '案件持续高发的，按平安建设责任追究细则追责', 'lasting_incidence', 'case', NULL, 'discipline', 'year', 'last_year', '文件未定数量'),
  -- the two template plans
  ('template-plan-1.publicity', 'template-plan-1', 'template-plan-1, 二（七）', '督导相关单位分析原因、查找短板，倒查相关人员的宣传责任', 'work_idle', 'victim_unreached', 'raise reminder if count >= 1', NULL, 'month', NULL, '文件未定举措：受害人未被宣传覆盖的，当月发提示函'),
  ('template-plan-1.notice', 'template-plan-1', 'template-plan-1, 二（七）', '每月通报电信案件发案情况，督导相关单位', 'high_incidence', 'case', 'raise reminder if count > baseline', 'notice', 'month', 'last_year', '文件未定数量：当月超过去年同月发提示函；每月通报见 notice_rule'),
  ('template-plan-2.zero-case', 'template-plan-2', 'template-plan-2, 三', '无群众被骗', 'zeros_lost', 'case', 'raise reminder if count >= 1', NULL, 'year', NULL, '文件未定举措：首案发提示函'),
  ('template-plan-2.zero-suspect', 'template-plan-2', 'template-plan-2, 三', '无诈骗嫌疑人', 'zeros_lost', 'suspect', 'raise reminder if count >= 1', NULL, 'year', NULL, '文件未定举措：首人发提示函'),
  ('template-plan-2.zero-den', 'template-plan-2', 'template-plan-2, 三', '无诈骗窝点', 'zeros_lost', 'den', 'raise reminder if count >= 1', NULL, 'year', NULL, '文件未定举措：首个窝点发提示函'),
  ('template-plan-2.motions', 'template-plan-2', 'template-plan-2, 六（四）', '对工作走过场、敷衍塞责的，视情况对责任人员予以责任追究', 'work_falsified', 'publicity_falsified', 'raise reminder if count >= 1', 'discipline', 'year', NULL, '文件未定数量：追究待主管机关定量');

CREATE FUNCTION @registry@.set_escalation_rule(code text, rule antifraud.rule, set_by text, set_on date, document_no text DEFAULT NULL, measure text DEFAULT NULL, counted_over text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  open_rule @registry@.escalation_rule;
  entered text;
BEGIN
  SELECT r.* INTO open_rule FROM @registry@.escalation_rule AS r WHERE r.code = set_escalation_rule.code FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no rule %s', coalesce(quote_literal(code), 'NULL')),
      HINT = 'lint_escalation() lists the rules whose numbers are to be set; a rule of your own is inserted into escalation_rule.';
  ELSIF rule IS NULL OR set_by IS NULL OR set_on IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = format('the number of rule %L is not set without the rule, who set it and when', code),
      HINT = 'Call set_escalation_rule(code, rule, set_by, set_on, document_no).';
  ELSIF open_rule.rung IS NOT NULL AND NOT jsonb_path_exists(rule::jsonb, '$.bands[*] ? (@.level == $rung)', jsonb_build_object('rung', open_rule.rung)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('rule %L does not raise %L', rule, open_rule.rung),
      DETAIL = format('That is the rung that %s names: %s.', open_rule.source, open_rule.clause_zh),
      HINT = format('Write: raise %s if ...; for another rung insert a rule of your own.', open_rule.rung);
  END IF;
  -- a rule of its own: what the other has raised keeps its grounds
  entered := format('%s.set-%s', open_rule.code, 1 + (SELECT count(*) FROM @registry@.escalation_rule AS r WHERE r.code ~ ('^' || regexp_replace(open_rule.code, '([.])', '\\\1', 'g') || '\.set-[0-9]+$')));
  UPDATE @registry@.escalation_rule AS r SET enabled = false
    WHERE r.enabled AND r.code ~ ('^' || regexp_replace(open_rule.code, '([.])', '\\\1', 'g') || '\.set-[0-9]+$');
  INSERT INTO @registry@.escalation_rule (code, programme, source, clause_zh, cause, measure, rule, rung, reading, subject, counted_over, baseline, baseline_from, region, unit_kind, valid, set_by, set_on, document_no)
    VALUES (entered, open_rule.programme, open_rule.source, open_rule.clause_zh, open_rule.cause, coalesce(set_escalation_rule.measure, open_rule.measure), set_escalation_rule.rule, open_rule.rung, open_rule.reading, open_rule.subject, coalesce(set_escalation_rule.counted_over, open_rule.counted_over),
            open_rule.baseline, open_rule.baseline_from, open_rule.region, open_rule.unit_kind, open_rule.valid, set_escalation_rule.set_by, set_escalation_rule.set_on, set_escalation_rule.document_no);
  RETURN entered;
END
$body$;
COMMENT ON FUNCTION @registry@.set_escalation_rule(text, antifraud.rule, text, date, text, text, text) IS 'An authority sets the number that a clause leaves open, on its measure or another, over its days or others: a rule beside the one that ships, which goes on sending reminders; what was set before under the same clause is switched off. Gives the code of the new rule.';

CREATE FUNCTION @registry@.lint_escalation()
RETURNS TABLE (problem text, problem_zh text, problem_en text, code text, programme text, in_force boolean, rung text, clause_zh text)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE sql
BEGIN ATOMIC
  SELECT w.problem, w.problem_zh, w.problem_en, w.code, w.programme, w.in_force, w.rung, w.clause_zh
  FROM (
    SELECT 1 AS place, 'number_not_set' AS problem, '文件未定数量，除工作提示函外不予发出，由主管机关确定' AS problem_zh,
           'the document gives no number: nothing beyond a reminder letter is raised until an authority sets one with set_escalation_rule()' AS problem_en,
           r.code AS code, r.programme AS programme, p.active IS NOT FALSE AS in_force, r.rung AS rung, r.clause_zh AS clause_zh
    FROM @registry@.escalation_rule AS r LEFT JOIN @registry@.programme AS p ON p.code = r.programme
    WHERE r.enabled AND r.rung IS NOT NULL
      AND NOT COALESCE(jsonb_path_exists(r.rule::jsonb, '$.bands[*] ? (@.level == $rung)', jsonb_build_object('rung', r.rung)), false)
      AND NOT EXISTS (SELECT FROM @registry@.escalation_rule AS s
                      WHERE s.enabled AND s.set_by IS NOT NULL AND s.programme IS NOT DISTINCT FROM r.programme AND s.source = r.source AND s.clause_zh = r.clause_zh AND s.rung = r.rung
                        AND jsonb_path_exists(s.rule::jsonb, '$.bands[*] ? (@.level == $rung)', jsonb_build_object('rung', r.rung)))
    UNION ALL
    SELECT 2 AS place, 'nobody_decides' AS problem, '未载明由谁审定，提请后无人可定' AS problem_zh,
           'nobody is entitled to confirm or reject it: escalation_authority names no role' AS problem_en,
           NULL AS code, NULL AS programme, true AS in_force, l.rung AS rung, NULL AS clause_zh
    FROM @registry@.ladder AS l
    WHERE l.punitive AND NOT EXISTS (SELECT FROM @registry@.escalation_authority AS a JOIN pg_roles AS o ON o.rolname = a.role
                                     WHERE (a.rung IS NULL OR a.rung = l.rung) AND a.valid @> @registry@.list_day())
    UNION ALL
    SELECT 3 AS place, 'days_not_set' AS problem, '文件未定签收、整改期限，暂用默认天数，由办公室确定' AS problem_zh,
           'no document states the days to acknowledge and to rectify: those that ship hold until the office sets them, and says so in set_by' AS problem_en,
           NULL AS code, NULL AS programme, true AS in_force, l.rung AS rung, NULL AS clause_zh
    FROM @registry@.ladder AS l WHERE l.set_by IS NULL
    UNION ALL
    SELECT 4 AS place, 'raises_nothing' AS problem, '规则已停用或者已过有效期' AS problem_zh,
           'the rule is switched off, or its last day has passed' AS problem_en,
           r.code AS code, r.programme AS programme, p.active IS NOT FALSE AS in_force, r.rung AS rung, r.clause_zh AS clause_zh
    FROM @registry@.escalation_rule AS r LEFT JOIN @registry@.programme AS p ON p.code = r.programme
    WHERE (NOT r.enabled OR upper(r.valid) <= @registry@.list_day())
      -- what an authority has set anew takes the place of what it had set
      AND NOT EXISTS (SELECT FROM @registry@.escalation_rule AS s WHERE s.enabled AND s.set_by IS NOT NULL AND r.set_by IS NOT NULL AND s.source = r.source AND s.clause_zh = r.clause_zh AND s.rung = r.rung)
    UNION ALL
    SELECT 5 AS place, 'elsewhere' AS problem, '规则的地区不在方案的地区之内' AS problem_zh,
           'the region of the rule lies outside of that of its programme: it holds nowhere' AS problem_en,
           r.code AS code, r.programme AS programme, p.active AS in_force, r.rung AS rung, r.clause_zh AS clause_zh
    FROM @registry@.escalation_rule AS r JOIN @registry@.programme AS p ON p.code = r.programme
    WHERE NOT (r.region OPERATOR(antifraud.<@) p.region) AND NOT (p.region OPERATOR(antifraud.<@) r.region)
    UNION ALL
    SELECT 6 AS place, 'alert_limit_not_set' AS problem, '预警时限未定（alert_limit），不会有超时：' || l.levels_zh AS problem_zh,
           'no limit is set in alert_limit, so that no alert is ever late, of level: ' || l.levels AS problem_en,
           r.code AS code, r.programme AS programme, p.active IS NOT FALSE AS in_force, r.rung AS rung, r.clause_zh AS clause_zh
    FROM @registry@.escalation_rule AS r LEFT JOIN @registry@.programme AS p ON p.code = r.programme
    CROSS JOIN LATERAL (
      SELECT string_agg(v.code, ', ' ORDER BY v.rank) AS levels, string_agg(v.label_zh, '、' ORDER BY v.rank) AS levels_zh
      FROM @registry@.alert_level AS v
      WHERE (SELECT CASE r.measure WHEN 'alert_late' THEN a.first_contact ELSE a.settle_within END
             FROM @registry@.alert_limit AS a WHERE a.level = v.code AND a.valid_from <= @registry@.list_day() ORDER BY a.valid_from DESC LIMIT 1) IS NULL
    ) AS l
    WHERE r.enabled AND r.measure = ANY ('{alert_late,alert_settled_late}') AND l.levels IS NOT NULL
    UNION ALL
    SELECT 7 AS place, 'one_account' AS problem, '允许同一账号录入整改和核验，批准者：' || l.one_account_allowed_by AS problem_zh,
           'one account may enter both that it was put right and that this was verified, allowed by: ' || l.one_account_allowed_by AS problem_en,
           NULL AS code, NULL AS programme, true AS in_force, l.rung AS rung, NULL AS clause_zh
    FROM @registry@.ladder AS l WHERE l.one_account_allowed_by IS NOT NULL
  ) AS w
  LEFT JOIN @registry@.ladder AS l ON l.rung = w.rung
  ORDER BY w.place, w.programme, w.code, l.rank;
END;
COMMENT ON FUNCTION @registry@.lint_escalation() IS 'What an office still has to set: numbers that documents leave open, who confirms, days, limits of alerts; and rules that cannot raise anything. in_force: whether the programme of the rule is.';
