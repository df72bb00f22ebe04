-- checkin_officer | 责任人核查 | How many persons each officer is responsible for, and how they stand; no names. | 各责任人名下人数及核查情况，不含姓名。
-- officer_key | 责任人键 | text | Key of the officer. | 责任人的键。
-- unit_code | 单位代码 | text | Unit of the officer; joins unit. | 责任人所属单位，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- role_name | 岗位 | text | Role of the officer. | 岗位。
-- persons | 人数 | numeric | Persons that the officer is responsible for. | 名下重点人员数。
-- overdue | 逾期 | numeric | Of these, overdue. | 其中逾期人数。
-- due | 到期 | numeric | Due on the day. | 当日到期人数。
-- due_in_7_days | 七日内到期 | numeric | Due within seven days. | 七日内到期人数。
-- paused | 暂停 | numeric | Paused. | 暂停核查人数。
-- missed_in_period | 本期漏核查 | numeric | Check-ins missed in the year so far. | 本年已漏核查次数。
-- as_of | 截至日期 | date | The day as of which it is judged. | 判断截至日期。
SELECT o.officer, o.unit, u.name, r.@label@, o.persons, o.overdue, o.due, o.due_in_7_days, o.paused, o.missed_in_period, d.as_of
FROM (SELECT COALESCE(i.as_of, (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::pg_catalog.date) AS as_of FROM @registry@.registry_info AS i) AS d
CROSS JOIN LATERAL @registry@.officer_load(d.as_of) AS o
LEFT JOIN @registry@.unit AS u ON u.code = o.unit
LEFT JOIN @registry@.officer_role AS r ON r.code = o.role
