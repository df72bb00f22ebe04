-- sample | 抽查 | Sample surveys: app installed, awareness, publicity reached. | 抽查：APP安装、知晓率、宣传到位等。
-- sample_key | 抽查键 | text | Key of the survey. | 抽查的键。
-- day | 日期 | date | The day. | 日期。
-- time | 时间 | timestamptz | The beginning of that day in China, for time series. | 当日零时（北京时间），用于时间序列。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- kind_name | 类别 | text | What was asked. | 抽查内容。
-- sampled | 抽查人数 | numeric | Persons asked. | 抽查人数。
-- positive | 达标人数 | numeric | Of these, how many have it or know it. | 其中达标人数。
-- rate | 比率 | numeric | Per cent of those asked. | 达标率，百分比。
-- rate_low | 比率下限 | numeric | Lower end of Wilson's 95 % interval, per cent. | 95%威尔逊区间下限，百分比。
-- rate_high | 比率上限 | numeric | Upper end of it, per cent. | 95%威尔逊区间上限，百分比。
SELECT s.id, s.sampled_on, (s.sampled_on::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), s.unit, u.name, s.region, k.@label@, s.sampled, s.positive,
       pg_catalog.round(100.0 * s.positive / NULLIF(s.sampled, 0), 2), pg_catalog.round((100 * w.low)::pg_catalog.numeric, 2), pg_catalog.round((100 * w.high)::pg_catalog.numeric, 2)
FROM @registry@.sample AS s
JOIN @registry@.unit AS u ON u.code = s.unit
JOIN @registry@.sample_kind AS k ON k.code = s.kind
CROSS JOIN LATERAL antifraud.wilson_interval(s.positive, s.sampled) AS w
WHERE s.voided_at IS NULL
