-- duty | 任务 | Recurring duties of units and groups: windows due, met and missed. | 单位和群组的周期性任务：应完成、已完成、未完成。
-- duty_key | 任务键 | text | Key of the duty. | 任务的键。
-- duty_code | 任务代码 | text | Code of the duty. | 任务代码。
-- duty_name | 任务 | text | Its name. | 任务名称。
-- unit_code | 单位代码 | text | The unit that answers for it; joins unit. | 责任单位，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- since | 起始日期 | date | Since when it applies. | 起始日期。
-- last_done | 上次完成 | date | Last done. | 上次完成日期。
-- next_due | 应完成日 | date | When it is or was due. | 应完成日期。
-- days_overdue | 逾期天数 | numeric | Days overdue. | 逾期天数。
-- due | 应完成 | numeric | Windows over. | 已过期数。
-- met | 已完成 | numeric | Of these, met. | 其中完成数。
-- missed | 未完成 | numeric | Of these, missed. | 其中未完成数。
-- state_code | 状态代码 | text | ok, due, overdue, paused or calendar_missing. | 状态代码。
-- state_name | 状态 | text | The state in words. | 状态。
-- as_of | 截至日期 | date | The day as of which it is judged. | 判断截至日期。
SELECT d.duty, d.code, d.@label@, d.unit, u.name, d.region, d.since, d.last_done, d.next_due, d.days_overdue, d.due, d.met, d.missed, d.state,
       CASE d.state WHEN 'ok' THEN @{in order|正常}@ WHEN 'due' THEN @{due|到期}@ WHEN 'overdue' THEN @{overdue|逾期}@ WHEN 'paused' THEN @{paused|暂停}@
                    WHEN 'calendar_missing' THEN @{calendar missing|缺日历}@ ELSE d.state END, d.as_of
FROM @registry@.duty_status AS d
LEFT JOIN @registry@.unit AS u ON u.code = d.unit
