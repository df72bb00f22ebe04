-- target | 目标 | Targets of the programmes: how each stands, and what is still allowed or needed. | 各方案目标的进展：现状、还允许或还需要多少。
-- programme_code | 方案代码 | text | The programme. | 方案代码。
-- target_code | 目标代码 | text | The target. | 目标代码。
-- target_name | 目标 | text | Its name. | 目标名称。
-- unit_code | 单位代码 | text | Whose target it is; empty: of the whole area. | 目标所属单位；空为全区域。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- first_day | 起始日期 | date | First day of the window. | 统计起始日期。
-- last_day | 截止日期 | date | Last day of the window. | 统计截止日期。
-- as_of | 截至日期 | date | The day as of which it is judged. | 判断截至日期。
-- numerator | 分子 | numeric | What is counted. | 统计值（分子）。
-- denominator | 分母 | numeric | Of what, for a rate. | 分母。
-- baseline | 基线 | numeric | The same, in the window compared with. | 对比期的统计值。
-- threshold | 目标值 | numeric | The number that the document sets. | 文件规定的数值。
-- bound | 界限 | numeric | The number that may not be passed, or has to be reached. | 不得超过或应当达到的数值。
-- state_code | 状态代码 | text | met, missed, open or not_computable. | 状态代码。
-- state_name | 状态 | text | The state in words. | 状态：达成、未达成、进行中、无法计算。
-- reason | 原因 | text | Why it cannot be computed. | 无法计算的原因。
-- more_allowed | 还允许 | numeric | How many more are allowed. | 还允许的数量。
-- more_needed | 还需要 | numeric | How many more are needed. | 还需要的数量。
-- pace | 进度 | numeric | The figure over what the bound allows for the days gone: 1 is on pace. Empty where the bound is 0. | 统计值与按天数均摊的界限之比，1为正好同步；界限为零时为空。
-- forecast | 预计 | numeric | Expected at the end of the window. | 期末预计值。
-- forecast_low | 预计下限 | numeric | Lower end of its range. | 预计区间下限。
-- forecast_high | 预计上限 | numeric | Upper end of its range. | 预计区间上限。
-- p_value | P值 | numeric | Probability of such a change by chance alone. | 仅因偶然出现此变化的概率。
-- more_than_chance | 超出偶然 | boolean | Whether the change is more than chance. | 变化是否超出偶然。
SELECT t.programme, t.code, t.@label@, t.unit, t.region, t.first_day, t.last_day, t.as_of, t.numerator, t.denominator, t.baseline_numerator, t.threshold, t.bound,
       t.state, CASE WHEN @{en|zh}@ = 'zh' THEN t.state_zh ELSE pg_catalog.replace(t.state, '_', ' ') END, CASE WHEN @{en|zh}@ = 'zh' THEN t.reason_zh ELSE t.reason END,
       t.more_allowed, t.more_needed, t.pace, t.forecast_mid, t.forecast_low, t.forecast_high, t.p_value::pg_catalog.numeric, t.more_than_chance
FROM @registry@.target_status AS t
