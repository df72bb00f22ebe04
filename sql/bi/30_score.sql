-- score | 得分 | Score and rank of every unit under every listed rubric, as of the day that the office has set. | 各单位在各考评细则下的得分与名次，截至单位设定的日期。
-- rubric_code | 细则代码 | text | Code of the rubric. | 考评细则代码。
-- rubric_title | 细则名称 | text | Its title. | 考评细则名称。
-- as_of | 截至日期 | date | The day as of which it is scored; empty: judged whole. | 计分截至日期；空为按全期计分。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- rank | 名次 | numeric | Rank; equal scores share it. | 名次，同分并列。
-- total | 得分 | numeric | Points; the low end while decisions are pending. | 得分；有待裁定时取低值。
-- low | 最低分 | numeric | Points if everything pending is decided at its worst. | 待裁定事项按最重计的得分。
-- high | 最高分 | numeric | Points if everything pending is decided at its best. | 待裁定事项按最轻计的得分。
-- vetoed | 一票否决 | boolean | Whether a veto disqualifies it. | 是否被一票否决。
SELECT b.rubric, b.title, b.as_of, b.unit, b.name, b.region, b.rank, b.total, b.low, b.high, b.vetoed
FROM @registry@.scoreboard AS b
