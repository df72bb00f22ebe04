-- alert | 预警 | Alerts and what was done about them; by key, without the person. | 预警及处置情况，仅键值，不含当事人。
-- alert_key | 预警键 | text | Key of the alert. | 预警的键。
-- day | 日期 | date | The day on which it was issued. | 下发日期。
-- received_at | 接收时间 | timestamptz | When it was received. | 接收时间。
-- time | 时间 | timestamptz | The beginning of the day of issue in China, for time series. | 下发当日零时（北京时间），用于时间序列。
-- unit_code | 单位代码 | text | The unit in charge; joins unit. | 负责单位，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- level_name | 级别 | text | Level of risk. | 风险级别。
-- attempts | 劝阻次数 | numeric | Attempts made. | 劝阻次数。
-- first_contact_late | 首次接触超时 | boolean | Whether the first attempt was late. | 首次劝阻是否超时。
-- settled_late | 办结超时 | boolean | Whether it was settled late. | 办结是否超时。
-- state_code | 状态代码 | text | open, or what came of it. | 状态代码。
-- state_name | 状态 | text | The state in words. | 状态。
SELECT a.alert, a.issued_on, a.received_at, (a.issued_on::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), a.unit_in_charge, u.name, a.region, l.@label@, a.attempts, a.first_contact_late, a.settled_late, a.state,
       CASE WHEN a.state = 'open' THEN @{open|办理中}@ ELSE COALESCE(o.@label@, a.state) END
FROM @registry@.alert_state AS a
LEFT JOIN @registry@.unit AS u ON u.code = a.unit_in_charge
LEFT JOIN @registry@.alert_level AS l ON l.code = a.level
LEFT JOIN @registry@.alert_outcome AS o ON o.code = a.state
