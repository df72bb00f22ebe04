-- fraud_case | 案件 | Cases of telecom fraud, one row a case; withdrawn ones are left out. | 电信网络诈骗案件，每起一行；已作废的不列。
-- case_key | 案件键 | text | Surrogate key of the case. | 案件的代理键。
-- day | 日期 | date | Day of filing. | 立案日期。
-- time | 时间 | timestamptz | The beginning of that day in China, for time series. | 当日零时（北京时间），用于时间序列。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- category_name | 类型 | text | Kind of fraud. | 诈骗类型。
-- loss | 损失 | numeric | Gross loss, in yuan. | 损失金额，元。
-- recovered | 挽回 | numeric | Recovered of it, in yuan. | 挽回金额，元。
-- victim_group_name | 受害群体 | text | Group of the victim. | 受害人所属群体。
-- victim_is_staff | 工作人员受骗 | boolean | Whether the victim works for the unit or did. | 受害人是否为（曾为）单位工作人员。
-- publicity_reached | 宣传到位 | boolean | Whether publicity had reached the victim. | 受害人是否接受过宣传。
-- in_group | 入群 | boolean | Whether the victim was in a message group. | 受害人是否在宣传群内。
-- app_installed | 安装APP | boolean | Whether the victim had the app. | 受害人是否安装反诈APP。
SELECT c.id, c.filed_on, (c.filed_on::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'), c.unit, u.name, c.region, k.@label@, c.loss, c.recovered, g.@label@, c.victim_is_staff, c.publicity_reached, c.in_group, c.app_installed
FROM @registry@.fraud_case AS c
JOIN @registry@.unit AS u ON u.code = c.unit
LEFT JOIN @registry@.fraud_category AS k ON k.code = c.category
LEFT JOIN @registry@.victim_group AS g ON g.code = c.victim_group
WHERE c.voided_at IS NULL
