-- activity | 宣传活动 | Publicity, visits, broadcasts, sweeps: one row an activity. | 宣传、走访、广播、清查等活动，每次一行。
-- activity_key | 活动键 | text | Key of the activity. | 活动的键。
-- day | 日期 | date | The day. | 日期。
-- time | 时间 | timestamptz | The beginning of that day in China, for time series. | 当日零时（北京时间），用于时间序列。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- kind_code | 类别代码 | text | Code of the kind. | 类别代码。
-- kind_name | 类别 | text | Kind of activity. | 活动类别。
-- sessions | 场次 | numeric | Sessions that it counts for. | 折算场次。
-- minutes | 分钟 | numeric | How long, in minutes. | 时长，分钟。
-- reached | 受众人数 | numeric | Persons reached. | 到达人数。
SELECT a.id, a.held_on, (a.held_on::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), a.unit, u.name, a.region, a.kind, k.@label@, a.sessions, a.minutes, a.reached
FROM @registry@.activity AS a
JOIN @registry@.unit AS u ON u.code = a.unit
JOIN @registry@.activity_kind AS k ON k.code = a.kind
WHERE a.voided_at IS NULL
