-- escalation | 督办 | Letters, notices, cards and interviews: what was raised about whom, and how it stands; persons by key. | 工作提示函、通报、黄红牌、约谈等督办事项及办理状态；人员仅代理键。
-- escalation_key | 督办键 | text | Key of the escalation. | 督办事项的键。
-- day | 日期 | date | The day as of which it was raised. | 提出日期。
-- time | 时间 | timestamptz | The beginning of that day in China, for time series. | 当日零时（北京时间），用于时间序列。
-- unit_code | 单位代码 | text | The unit that answers; joins unit. | 负责单位，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- person_key | 人员键 | text | Surrogate key of the person that it is about; empty: it is about the unit. | 所涉人员的代理键；空为针对单位。
-- rung_code | 举措代码 | text | Code of the rung. | 举措代码。
-- rung_name | 举措 | text | The rung: reminder letter, notice, yellow card and so on. | 举措：工作提示函、督导通报、黄牌等。
-- rung_rank | 举措序 | numeric | Order of the rung, higher is graver. | 举措次序，越大越重。
-- punitive | 惩戒 | boolean | Whether an authority has to confirm it. | 是否须授权机关审定。
-- cause_name | 情形 | text | Why it was raised. | 提出的情形。
-- rule_code | 规则代码 | text | The rule that raised it. | 触发规则的代码。
-- state_code | 状态代码 | text | Code of the state. | 状态代码。
-- state_name | 状态 | text | How it stands. | 办理状态。
-- state_rank | 状态序 | numeric | Order of the state in lists. | 状态次序。
-- open | 未办结 | boolean | Whether somebody still has to do something. | 是否尚未办结。
-- acknowledge_by | 签收期限 | date | Last day to acknowledge it. | 签收截止日期。
-- rectify_by | 整改期限 | date | Last day to put it right. | 整改截止日期。
-- late_code | 超期代码 | text | acknowledge or rectify, if the day has passed; empty: it is in time. | 超期环节代码；空为未超期。
-- late_name | 超期 | text | The same in words. | 超期环节。
-- days_late | 超期天数 | numeric | Days late. | 超期天数。
-- previous_key | 上一督办键 | text | The escalation that was not heeded, from which this one climbed. | 由哪一件未落实的督办升级而来。
-- as_of | 截至日期 | date | The day as of which it is late or not. | 判断截至日期。
SELECT e.id, e.as_of, (e.as_of::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), e.unit, u.name, e.region,
       CASE WHEN pg_catalog.starts_with(e.subject, 'person:') THEN pg_catalog.substr(e.subject, 8) END,
       e.rung, l.@label@, l.rank, l.punitive, c.@label@, e.rule, e.state, s.@label@, s.rank, s.open, e.acknowledge_by, e.rectify_by,
       o.late, CASE o.late WHEN 'acknowledge' THEN @{not acknowledged in time|超期未签收}@ WHEN 'rectify' THEN @{not put right in time|超期未整改}@ END, o.days_late, e.caused_by, d.day
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS d
CROSS JOIN @registry@.escalation AS e
JOIN @registry@.ladder AS l ON l.rung = e.rung
JOIN @registry@.escalation_state AS s ON s.code = e.state
JOIN @registry@.escalation_rule AS r ON r.code = e.rule
LEFT JOIN @registry@.escalation_cause AS c ON c.code = r.cause
LEFT JOIN @registry@.unit AS u ON u.code = e.unit
LEFT JOIN @registry@.open_escalation AS o ON o.id = e.id
WHERE e.as_of <= d.day
