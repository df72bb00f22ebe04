-- trend_month | 月度对比 | Cases and losses of each town by month, beside the same month of the year before. | 各乡镇每月案件与损失，及上年同月。
-- month | 月份 | date | First day of the month. | 当月第一天。
-- time | 时间 | timestamptz | Its beginning in China, for time series. | 当月起始（北京时间），用于时间序列。
-- town_code | 乡镇代码 | text | Code of the town or street; empty: cases booked above the towns. | 乡镇（街道）代码；空为乡镇以上。
-- town_name | 乡镇名称 | text | Its name. | 乡镇（街道）名称。
-- county_code | 县代码 | text | Code of the county. | 县代码。
-- cases | 案件数 | numeric | Cases filed in the month. | 当月立案数。
-- cases_low | 案件数下限 | numeric | Lower end of the exact 95 % interval of the number expected (Poisson). | 期望案件数95%精确区间下限（泊松）。
-- cases_high | 案件数上限 | numeric | Upper end of it. | 期望案件数95%精确区间上限。
-- loss | 损失 | numeric | Gross losses, in yuan. | 损失金额，元。
-- cases_last_year | 上年案件数 | numeric | Cases filed in the same month of the year before. | 上年同月立案数。
-- loss_last_year | 上年损失 | numeric | Losses in that month, in yuan. | 上年同月损失金额，元。
-- p_value | P值 | numeric | Probability of such a difference by chance alone (exact, two-sided). | 仅因偶然出现此差异的概率（精确双侧）。
WITH monthly AS MATERIALIZED (
  SELECT pg_catalog.date_trunc('month', c.filed_on::pg_catalog.timestamp)::pg_catalog.date AS month,
         COALESCE(antifraud.region_ancestor(c.region, 4)::pg_catalog.text, '') AS town, COALESCE(antifraud.region_ancestor(c.region, 3)::pg_catalog.text, '') AS county,
         pg_catalog.count(*) AS cases, COALESCE(pg_catalog.sum(c.loss), 0) AS loss
  FROM @registry@.fraud_case AS c
  WHERE c.voided_at IS NULL
  GROUP BY 1, 2, 3
), begun AS MATERIALIZED (
  -- months without a case are months too, up to the day that the lists look at
  SELECT pg_catalog.min(m.month) AS first, GREATEST(pg_catalog.max(m.month), pg_catalog.date_trunc('month', @registry@.list_day()::pg_catalog.timestamp)::pg_catalog.date) AS last FROM monthly AS m
), cell AS (
  SELECT g.month::pg_catalog.date AS month, t.town, t.county, (g.month - interval '1 year') >= b.first AS known
  FROM (SELECT DISTINCT m.town, m.county FROM monthly AS m) AS t
  CROSS JOIN begun AS b
  CROSS JOIN LATERAL pg_catalog.generate_series(b.first::pg_catalog.timestamp, b.last::pg_catalog.timestamp, interval '1 month') AS g (month)
)
SELECT c.month, (c.month::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), NULLIF(c.town, ''), p.town_name, NULLIF(c.county, ''), COALESCE(n.cases, 0),
       pg_catalog.round(w.low::pg_catalog.numeric, 2), pg_catalog.round(w.high::pg_catalog.numeric, 2), COALESCE(n.loss, 0),
       -- before the first month on record nothing is known, which is not zero
       CASE WHEN c.known THEN COALESCE(y.cases, 0) END, CASE WHEN c.known THEN COALESCE(y.loss, 0) END,
       CASE WHEN c.known THEN pg_catalog.round(antifraud.change_test(COALESCE(n.cases, 0), COALESCE(y.cases, 0))::pg_catalog.numeric, 6) END
FROM cell AS c
LEFT JOIN monthly AS n ON n.month = c.month AND n.county = c.county AND n.town = c.town
LEFT JOIN monthly AS y ON y.month = (c.month - interval '1 year')::pg_catalog.date AND y.county = c.county AND y.town = c.town
CROSS JOIN LATERAL antifraud.poisson_interval(COALESCE(n.cases, 0)) AS w
LEFT JOIN (SELECT DISTINCT q.town::pg_catalog.text AS town, q.town_name FROM @registry@.place AS q) AS p ON p.town = c.town
