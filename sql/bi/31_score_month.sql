-- score_month | 月度得分 | Score of every unit as it stood at the end of each month of a listed rubric's period. | 考评期内各单位每月末的得分。
-- rubric_code | 细则代码 | text | Code of the rubric. | 考评细则代码。
-- month | 月份 | date | First day of the month. | 当月第一天。
-- time | 时间 | timestamptz | Its beginning in China, for time series. | 当月起始（北京时间），用于时间序列。
-- as_of | 截至日期 | date | Last day of the month, or of the period, or the day that the office has set (today, where it has set none). | 当月、考评期或设定日期（未设定时为今日）的末日。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- total | 得分 | numeric | Points; the low end while decisions are pending. | 得分；有待裁定时取低值。
-- low | 最低分 | numeric | Points if everything pending is decided at its worst. | 待裁定事项按最重计的得分。
-- high | 最高分 | numeric | Points if everything pending is decided at its best. | 待裁定事项按最轻计的得分。
-- vetoed | 一票否决 | boolean | Whether a veto disqualifies it. | 是否被一票否决。
SELECT m.rubric, m.month, (m.month::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), m.until, s.unit, s.name, s.region, s.total, s.low, s.high, s.vetoed
FROM (
  SELECT e.code AS rubric, g.month::pg_catalog.date AS month,
         LEAST((g.month + interval '1 month - 1 day')::pg_catalog.date, e.period_to, i.as_of) AS until
  FROM @registry@.rubric_edition AS e
  CROSS JOIN (SELECT COALESCE(r.as_of, (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::pg_catalog.date) AS as_of FROM @registry@.registry_info AS r) AS i
  CROSS JOIN LATERAL pg_catalog.generate_series(pg_catalog.date_trunc('month', e.period_from::pg_catalog.timestamp), LEAST(e.period_to, i.as_of)::pg_catalog.timestamp, interval '1 month') AS g (month)
  WHERE e.status = 'published' AND e.listed
) AS m
CROSS JOIN LATERAL @registry@.scores(m.rubric, m.until) AS s
