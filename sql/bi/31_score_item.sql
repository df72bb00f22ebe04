-- score_item | 得分明细 | What each rule of a listed rubric deducted or added, unit by unit. | 各单位在考评细则每条规则下的扣分与加分。
-- rubric_code | 细则代码 | text | Code of the rubric. | 考评细则代码。
-- as_of | 截至日期 | date | The day as of which it is scored; empty: judged whole. | 计分截至日期；空为按全期计分。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- section | 部分 | text | Section of the rubric. | 所属部分。
-- item_no | 项号 | text | Number of the item. | 项号。
-- item | 项目 | text | Title of the item. | 项目名称。
-- item_points | 分值 | numeric | Points of the item. | 项目分值。
-- measure_code | 指标代码 | text | The measure; joins measure. | 指标代码，与“指标”相连。
-- rule | 规则 | text | The rule. | 规则。
-- facts | 事实数 | numeric | Facts that counted. | 计入的事实数。
-- quantity | 数量 | numeric | Their quantities added. | 数量合计。
-- deducted | 扣分 | numeric | Points deducted. | 扣分。
-- overflow | 溢出 | numeric | Deductions beyond the points of the item. | 超出分值的扣分。
-- added | 加分 | numeric | Points added. | 加分。
-- state_code | 状态代码 | text | scored, open, pending, review, not_measured or waived. | 状态代码。
-- state_name | 状态 | text | The state in words. | 状态。
SELECT e.code, i.as_of, s.unit, s.name, s.region, b.section, b.item_no, b.item, b.points, b.measure, CASE WHEN @{en|zh}@ = 'zh' THEN antifraud.to_chinese(b.rule::antifraud.rule) ELSE b.rule END,
       b.facts, b.quantity, b.deducted, b.overflow, b.added, b.state,
       CASE b.state WHEN 'scored' THEN @{scored|已计分}@ WHEN 'open' THEN @{open until the period ends|期末判定}@ WHEN 'pending' THEN @{awaiting a decision|待裁定}@
                    WHEN 'review' THEN @{to be reviewed|待复核}@ WHEN 'not_measured' THEN @{not measured|未测量}@ WHEN 'waived' THEN @{waived|已免除}@ ELSE b.state END
FROM @registry@.rubric_edition AS e
CROSS JOIN @registry@.registry_info AS i
CROSS JOIN LATERAL @registry@.scores(e.code, i.as_of) AS s
CROSS JOIN LATERAL antifraud.breakdown(s.card, antifraud.with_decisions(@registry@.rubric_as_of(e.code, i.as_of), COALESCE(@registry@.decisions_of(s.unit, e.code), '[]'))) AS b
WHERE e.status = 'published' AND e.listed
