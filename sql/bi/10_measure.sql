-- measure | 指标 | What is counted: cases, findings, sessions, samples. | 统计的内容：案件、检查发现、宣传场次、抽查等。
-- measure_code | 指标代码 | text | Code of the measure. | 指标代码。
-- measure_name | 指标名称 | text | Name. | 名称。
-- counted_in | 计量单位 | text | What one of it is: a case, a session, a person. | 计量单位：起、场、人等。
-- meaning | 说明 | text | What it counts, in English. | 统计口径（英文）。
SELECT m.code, m.@label@, m.@counter@, m.meaning
FROM @registry@.measure AS m
