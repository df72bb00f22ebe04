-- score_cohort | 分组得分 | Rank within the cohort: urban and rural, inside and outside the planned area. | 分组名次：城区与农村、规划区内外等。
-- rubric_code | 细则代码 | text | Code of the rubric. | 考评细则代码。
-- cohort_code | 组别代码 | text | Code of the cohort. | 组别代码。
-- cohort_name | 组别 | text | Its name. | 组别名称。
-- as_of | 截至日期 | date | The day as of which it is scored; empty: judged whole. | 计分截至日期；空为按全期计分。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- rank | 名次 | numeric | Rank within the cohort; equal scores share it. | 组内名次，同分并列。
-- cohort_size | 组内单位数 | numeric | Units in the cohort. | 组内单位数。
-- medal | 奖牌 | text | Gold, silver or bronze, as the office shares them out. | 金、银、铜牌，按单位设定的名额。
-- total | 得分 | numeric | Points. | 得分。
-- vetoed | 一票否决 | boolean | Whether a veto disqualifies it. | 是否被一票否决。
SELECT b.rubric, b.cohort, b.@label@, b.as_of, b.unit, b.name, b.region, b.rank, b.of,
       CASE b.medal WHEN 'gold' THEN @{gold|金牌}@ WHEN 'silver' THEN @{silver|银牌}@ WHEN 'bronze' THEN @{bronze|铜牌}@ ELSE b.medal END, b.total, b.vetoed
FROM @registry@.cohort_scoreboard AS b
