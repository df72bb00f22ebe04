-- trend_year | 年度对比 | Cases and losses of the year so far, by county and by town, beside the same dates of the year before, with exact intervals. | 各县、各乡镇本年以来案件与损失，及上年同期，附精确区间。
-- place_code | 地区代码 | text | The county or town; joins place. | 县或乡镇的代码，与“地区”相连。
-- place_name | 地区名称 | text | Its name. | 名称。
-- level | 层级 | numeric | 3 county, 4 town or street. | 3县，4乡镇（街道）。
-- county_code | 县代码 | text | The county in which it lies. | 所属县的代码。
-- first_day | 起始日期 | date | First day of the year. | 本年第一天。
-- as_of | 截至日期 | date | The day up to which it is counted: the one that the office has set, otherwise today. | 统计截至日期：单位设定的日期，未设定时为今日。
-- population | 人口 | numeric | Residents of its communities and villages, in persons; empty: of some it is not known. | 所辖村社居民人数；有村社人数不详时为空。
-- cases | 案件数 | numeric | Cases filed in the year so far. | 本年以来立案数。
-- cases_low | 案件数下限 | numeric | Lower end of the exact 95 % interval of the number expected (Poisson). | 期望案件数95%精确区间下限（泊松）。
-- cases_high | 案件数上限 | numeric | Upper end of it. | 期望案件数95%精确区间上限。
-- cases_last_year | 上年案件数 | numeric | Cases on the same dates of the year before; empty: no case that old is on record. | 上年同期立案数；空为没有那么早的记录。
-- change | 变化 | numeric | Change of the cases, per cent. | 案件数变化，百分比。
-- change_low | 变化下限 | numeric | Lower end of its exact 95 % interval, per cent. | 变化的95%精确区间下限，百分比。
-- change_high | 变化上限 | numeric | Upper end of it; empty: there was no case the year before. | 变化的95%精确区间上限；上年无案件时为空。
-- p_value | P值 | numeric | Probability of such a difference by chance alone (exact, two-sided). | 仅因偶然出现此差异的概率（精确双侧）。
-- rate | 万人发案 | numeric | Cases per 10,000 residents. | 每万人案件数。
-- rate_low | 万人发案下限 | numeric | Lower end of its interval. | 每万人案件数区间下限。
-- rate_high | 万人发案上限 | numeric | Upper end of it. | 每万人案件数区间上限。
-- loss | 损失 | numeric | Gross losses in the year so far, in yuan. | 本年以来损失金额，元。
-- loss_last_year | 上年损失 | numeric | Losses on the same dates of the year before, in yuan. | 上年同期损失金额，元。
WITH day AS MATERIALIZED (
  SELECT pg_catalog.date_trunc('year', l.day::pg_catalog.timestamp)::pg_catalog.date AS first_day, l.day AS as_of,
         (pg_catalog.date_trunc('year', l.day::pg_catalog.timestamp) - interval '1 year')::pg_catalog.date AS first_before, (l.day - interval '1 year')::pg_catalog.date AS until_before
  FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
), begun AS MATERIALIZED (
  SELECT pg_catalog.date_trunc('month', pg_catalog.min(c.filed_on)::pg_catalog.timestamp)::pg_catalog.date AS day FROM @registry@.fraud_case AS c WHERE c.voided_at IS NULL
), counted AS MATERIALIZED (
  SELECT COALESCE(antifraud.region_ancestor(c.region, 4)::pg_catalog.text, '') AS town, COALESCE(antifraud.region_ancestor(c.region, 3)::pg_catalog.text, '') AS county,
         pg_catalog.count(*) FILTER (WHERE c.filed_on >= d.first_day) AS cases, COALESCE(pg_catalog.sum(c.loss) FILTER (WHERE c.filed_on >= d.first_day), 0) AS loss,
         pg_catalog.count(*) FILTER (WHERE c.filed_on <= d.until_before) AS cases_before, COALESCE(pg_catalog.sum(c.loss) FILTER (WHERE c.filed_on <= d.until_before), 0) AS loss_before
  FROM day AS d
  JOIN @registry@.fraud_case AS c ON c.filed_on BETWEEN d.first_day AND d.as_of OR c.filed_on BETWEEN d.first_before AND d.until_before
  WHERE c.voided_at IS NULL
  GROUP BY 1, 2
), living AS MATERIALIZED (
  SELECT COALESCE(p.town::pg_catalog.text, '') AS town, COALESCE(p.county::pg_catalog.text, '') AS county,
         pg_catalog.sum(u.population) AS population, pg_catalog.count(*) FILTER (WHERE u.population IS NULL) AS unknown
  FROM @registry@.unit AS u
  JOIN @registry@.place AS p ON p.region OPERATOR(antifraud.=) u.region
  WHERE u.active AND p.level >= 5 AND u.code = p.region::pg_catalog.text
  GROUP BY 1, 2
), area AS (
  SELECT p.region::pg_catalog.text AS code, p.name, p.level, p.county::pg_catalog.text AS county FROM @registry@.place AS p WHERE p.level IN (3, 4)
), summed AS (
  SELECT a.code, a.name, a.level, a.county,
         COALESCE(n.cases, 0) AS cases, COALESCE(n.loss, 0) AS loss, COALESCE(n.cases_before, 0) AS cases_before, COALESCE(n.loss_before, 0) AS loss_before,
         CASE WHEN v.unknown = 0 THEN NULLIF(v.population, 0) END AS population
  FROM area AS a
  CROSS JOIN LATERAL (
    SELECT pg_catalog.sum(c.cases)::pg_catalog.int8 AS cases, pg_catalog.sum(c.loss) AS loss, pg_catalog.sum(c.cases_before)::pg_catalog.int8 AS cases_before, pg_catalog.sum(c.loss_before) AS loss_before
    FROM counted AS c WHERE CASE a.level WHEN 3 THEN c.county = a.code ELSE c.town = a.code END) AS n
  CROSS JOIN LATERAL (
    SELECT pg_catalog.sum(l.population) AS population, pg_catalog.sum(l.unknown) AS unknown FROM living AS l WHERE CASE a.level WHEN 3 THEN l.county = a.code ELSE l.town = a.code END) AS v
)
SELECT s.code, s.name, s.level, s.county, d.first_day, d.as_of, s.population, s.cases, pg_catalog.round(w.low::pg_catalog.numeric, 2), pg_catalog.round(w.high::pg_catalog.numeric, 2),
       -- before the first month on record nothing is known, which is not zero
       CASE WHEN k.known THEN s.cases_before END,
       CASE WHEN k.known THEN pg_catalog.round(100.0 * (s.cases - s.cases_before) / NULLIF(s.cases_before, 0), 1) END,
       CASE WHEN k.known THEN pg_catalog.round((100 * (v.low - 1))::pg_catalog.numeric, 1) END, CASE WHEN k.known THEN pg_catalog.round((100 * (v.high - 1))::pg_catalog.numeric, 1) END,
       CASE WHEN k.known THEN pg_catalog.round(antifraud.change_test(s.cases, s.cases_before)::pg_catalog.numeric, 6) END,
       pg_catalog.round(10000.0 * s.cases / s.population, 3), pg_catalog.round((10000 * w.low)::pg_catalog.numeric / s.population, 3), pg_catalog.round((10000 * w.high)::pg_catalog.numeric / s.population, 3),
       s.loss, CASE WHEN k.known THEN s.loss_before END
FROM summed AS s
CROSS JOIN day AS d
CROSS JOIN LATERAL (SELECT COALESCE((SELECT b.day FROM begun AS b) <= d.first_before, false) AS known) AS k
CROSS JOIN LATERAL antifraud.poisson_interval(s.cases) AS w
CROSS JOIN LATERAL antifraud.change_interval(s.cases, s.cases_before) AS v
