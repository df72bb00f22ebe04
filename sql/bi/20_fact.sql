-- fact | 事实 | Every fact that counts, of every measure: one row a fact. Withdrawn facts are left out. | 计入统计的全部事实，每条一行；已作废的不列。
-- day | 日期 | date | The day on which it counts. | 计入的日期。
-- time | 时间 | timestamptz | The beginning of that day in China, for time series. | 当日零时（北京时间），用于时间序列。
-- measure_code | 指标代码 | text | The measure; joins measure. | 指标代码，与“指标”相连。
-- measure_name | 指标名称 | text | Its name. | 指标名称。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- quantity | 数量 | numeric | How many. | 数量。
-- base | 基数 | numeric | Of how many, for a rate. | 计算比率的基数。
-- amount | 金额或规模 | numeric | Its size: yuan, for cases. | 大小；案件为元。
-- subject_key | 对象键 | text | Surrogate key of a person; no name stands behind it here. | 人员的代理键，不含姓名。
-- source | 来源 | text | The table that holds it. | 来源表。
-- source_key | 来源键 | text | Its key there. | 来源表中的键。
SELECT f.occurred_on, (f.occurred_on::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), f.measure, m.@label@, f.unit, f.region, f.quantity, f.base, f.amount, f.subject, f.source_table, f.source_key
FROM @registry@.fact AS f
JOIN @registry@.measure AS m ON m.code = f.measure
WHERE f.voided_at IS NULL
