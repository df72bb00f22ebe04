-- The targets of the five documents. None is in force until its programme is.

-- Where a document says 同比 without a number (falls), any fall will do. The
-- numbers that documents leave open (what a large loss is) stay open here.
INSERT INTO @registry@.target
  (programme, code, label_zh, label_en, clause, subject, measure, list_purpose, comparison, threshold, baseline, counted_over, due_on, scope, unit_kinds, setting) VALUES
  ('nanma-2023', 'no_case', '零发案', 'no case at all', '1', 'count', 'case', NULL, 'at_most', 0, 'none', 'period', NULL, 'region', NULL, NULL),
  ('nanma-2023', 'urban_fraud_free', '城区“无诈社区”占30%以上', '30 % of urban communities fraud-free', '2 (2)', 'unit_share_with', 'certificate', NULL, 'at_least', 30, 'none', 'period', NULL, 'region', '{community,village}', 'urban'),
  ('nanma-2023', 'rural_fraud_free', '农村“无诈村居”占50%以上', '50 % of villages fraud-free', '2 (2)', 'unit_share_with', 'certificate', NULL, 'at_least', 50, 'none', 'period', NULL, 'region', '{community,village}', 'rural'),
  ('nanma-2023', 'cases_fall', '年内发案数下降', 'cases of the year fall', '2 (2)', 'count', 'case', NULL, 'falls', NULL, 'last_year', 'year', NULL, 'region', NULL, NULL),
  ('nanma-2023', 'losses_fall', '年内损失数下降', 'losses of the year fall', '2 (2)', 'amount', 'case', NULL, 'falls', NULL, 'last_year', 'year', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'cases', '发案同比下降20%以上', 'cases down by 20 %', '2', 'count', 'case', NULL, 'falls_by', 20, 'last_year', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'losses', '案损同比下降20%以上', 'losses down by 20 %', '2', 'amount', 'case', NULL, 'falls_by', 20, 'last_year', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'large_losses', '高损案件同比下降20%以上', 'large-loss cases down by 20 %', '2', 'large_count', 'case', NULL, 'falls_by', 20, 'last_year', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'two_cards', '涉案“两卡”下降20%以上', 'cards in cases down by 20 %', '2', 'count', 'two_cards', NULL, 'falls_by', 20, 'last_year', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'returned', '涉诈重点人员劝返率85%以上', '85 % of listed persons returned', '2', 'list_rate', NULL, 'return', 'at_least', 85, 'none', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'reduced', '2024年11月底前核减率85%以上', '85 % of listed persons taken off the list by the end of November 2024', '3 (1) 1', 'list_rate', NULL, 'reduction', 'at_least', 85, 'none', 'by_day', '2024-11-30', 'region', NULL, NULL),
  ('qingyuan-2024', 'app_rises', '反诈APP覆盖率继续提升', 'app coverage goes on rising', '3 (2) 2', 'rate', 'app_installed', NULL, 'rises', NULL, 'last_year', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'no_large_loss', '严防大额案件', 'no large loss', '3 (2) 4', 'large_count', 'case', NULL, 'at_most', 0, 'none', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'one_unit_each', '各责任单位至少创建1个无诈单元', 'a fraud-free unit of each responsible unit', '3 (3)', 'count', 'certificate', NULL, 'at_least', 1, 'none', 'period', NULL, 'each_unit', '{town,department}', NULL),
  ('qingyuan-2024', 'awareness_staff', '企业员工知晓率100%', 'all employees know', '3 (3)', 'rate', 'awareness_staff', NULL, 'at_least', 100, 'none', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'awareness_pupils', '在校师生知晓率100%', 'all pupils and teachers know', '3 (3)', 'rate', 'awareness_pupils', NULL, 'at_least', 100, 'none', 'period', NULL, 'region', NULL, NULL),
  ('qingyuan-2024', 'awareness_medical', '医务人员知晓率100%', 'all medical staff know', '3 (3)', 'rate', 'awareness_medical', NULL, 'at_least', 100, 'none', 'period', NULL, 'region', NULL, NULL),
  ('shiqiao-2023', 'cases_fall', '发案数明显减少', 'cases fall clearly', '2', 'count', 'case', NULL, 'falls', NULL, 'last_year', 'period', NULL, 'region', NULL, NULL),
  ('shiqiao-2023', 'losses_fall', '财产损失明显减少', 'losses fall clearly', '2', 'amount', 'case', NULL, 'falls', NULL, 'last_year', 'period', NULL, 'region', NULL, NULL),
  ('shiqiao-2023', 'cases', '发案数较前三年均值下降10%以上', 'cases 10 % below the mean of three years', '2, 1', 'count', 'case', NULL, 'falls_by', 10, 'three_year_mean', 'period', NULL, 'region', NULL, NULL),
  ('shiqiao-2023', 'awareness', '群众知晓率90%以上', '90 % of residents know', '2, 2', 'rate', 'awareness', NULL, 'at_least', 90, 'none', 'period', NULL, 'region', NULL, NULL),
  ('shiqiao-2023', 'no_case_share', '“零发案”村社70%以上', '70 % of villages without a case', '2, 3', 'unit_share_without', 'case', NULL, 'at_least', 70, 'none', 'period', NULL, 'region', '{community,village}', NULL),
  ('shiqiao-2023', 'followed_up', '警情案件回访率100%', 'all cases followed up', '2, 4', 'rate', 'followed_up', NULL, 'at_least', 100, 'none', 'period', NULL, 'region', NULL, NULL),
  ('shiqiao-2023', 'app_20_55', '20至55岁常住人口安装率90%以上', '90 % of residents aged 20 to 55 have the app', '3, 2', 'rate', 'app_20_55', NULL, 'at_least', 90, 'none', 'period', NULL, 'region', NULL, NULL),
  ('tuohe-2023', 'cases_fall', '发案数下降', 'cases fall', 'preamble', 'count', 'case', NULL, 'falls', NULL, 'last_year', 'year', NULL, 'region', NULL, NULL),
  ('tuohe-2023', 'losses_fall', '群众损失数下降', 'losses fall', 'preamble', 'amount', 'case', NULL, 'falls', NULL, 'last_year', 'year', NULL, 'region', NULL, NULL),
  ('template-plan-1', 'no_case', '零发案', 'no case at all', '1', 'count', 'case', NULL, 'at_most', 0, 'none', 'period', NULL, 'region', NULL, NULL),
  ('template-plan-2', 'cases_fall', '发案减少', 'fewer cases', '1', 'count', 'case', NULL, 'falls', NULL, 'last_year', 'year', NULL, 'region', NULL, NULL);
