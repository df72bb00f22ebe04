-- checkin | 核查 | Persons under control whose check-in is due or overdue; by surrogate key, without names. | 核查到期或逾期的重点人员，仅代理键，不含姓名。
-- person_key | 人员键 | text | Surrogate key of the person. | 人员的代理键。
-- tier_code | 等级代码 | text | Code of the tier. | 风险等级代码。
-- tier_name | 等级 | text | The tier: low, medium, high. | 风险等级：低危、中危、高危。
-- tier_rank | 等级序 | numeric | Order of the tier, higher is stricter. | 等级次序，越大越严。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- officer_key | 责任人键 | text | Key of the responsible officer. | 责任民警（干部）的键。
-- state_code | 状态代码 | text | due, overdue or calendar_missing. | 状态代码。
-- state_name | 状态 | text | The state in words. | 状态：到期、逾期、缺日历。
-- last_done | 上次核查 | date | Last completed check-in. | 上次完成核查的日期。
-- next_due | 应核查日 | date | When it is or was due. | 应核查日期。
-- days_overdue | 逾期天数 | numeric | Days overdue, pauses left out. | 逾期天数，不计暂停。
-- missed_in_period | 本期漏核查 | numeric | Missed in the year so far. | 本年已漏核查次数。
-- as_of | 截至日期 | date | The day as of which it is judged. | 判断截至日期。
SELECT c.person, c.tier, t.@label@, t.rank, c.unit, u.name, c.region, c.officer, c.state,
       CASE c.state WHEN 'due' THEN @{due|到期}@ WHEN 'overdue' THEN @{overdue|逾期}@ WHEN 'calendar_missing' THEN @{calendar missing|缺日历}@ ELSE c.state END,
       c.last_done, c.next_due, c.days_overdue, c.missed_in_period, c.as_of
FROM (
  SELECT o.person, o.tier, o.unit, o.region, o.officer, o.state, o.last_done, o.next_due, o.days_overdue, o.missed_in_period, o.as_of
  FROM @registry@.checkin_overdue AS o
  UNION ALL
  SELECT d.person, d.tier, d.unit, d.region, d.officer, d.state, d.last_done, d.next_due, NULL, NULL, d.as_of
  FROM @registry@.checkin_due AS d
) AS c
LEFT JOIN @registry@.tier AS t ON t.code = c.tier
LEFT JOIN @registry@.unit AS u ON u.code = c.unit
