-- unit | 单位 | What is assessed: communities, villages, schools, enterprises, departments. | 考评对象：社区、村、学校、企业、部门等。
-- unit_code | 单位代码 | text | Code of the unit; for a community or village its 12 digits. | 单位代码；社区、村为12位区划代码。
-- unit_name | 单位名称 | text | Name. | 名称。
-- kind_code | 类别代码 | text | Code of the kind. | 类别代码。
-- kind_name | 类别 | text | Kind: community, village, school and so on. | 类别：社区、村、学校等。
-- assessed | 参加考评 | boolean | Whether units of this kind are scored. | 该类单位是否参加考评。
-- setting_name | 城乡 | text | Urban or rural. | 城区或农村。
-- zone | 规划区 | text | Planning zone, as the office names it. | 所在规划区。
-- population | 人口 | numeric | Residents, in persons. | 居民人数。
-- active | 在用 | boolean | Whether it is assessed now. | 目前是否参评。
-- parent_code | 上级代码 | text | The unit above it. | 上级单位的代码。
-- parent_name | 上级名称 | text | Name of the unit above it. | 上级单位的名称。
-- place_code | 地区代码 | text | Code of the division in which it lies; joins place. | 所在区划的代码，与“地区”相连。
-- town_code | 乡镇代码 | text | Code of the town or street. | 所属乡镇（街道）的代码。
-- town_name | 乡镇名称 | text | Name of the town or street. | 所属乡镇（街道）的名称。
-- county_code | 县代码 | text | Code of the county. | 所属县（市、区）的代码。
-- county_name | 县名称 | text | Name of the county. | 所属县（市、区）的名称。
SELECT u.code, u.name, u.kind, k.@label@, k.assessed, s.@label@, u.zone, u.population, u.active, u.parent, up.name, u.region, p.town, p.town_name, p.county, p.county_name
FROM @registry@.unit AS u
JOIN @registry@.unit_kind AS k ON k.code = u.kind
LEFT JOIN @registry@.unit_setting AS s ON s.code = u.setting
LEFT JOIN @registry@.unit AS up ON up.code = u.parent
LEFT JOIN @registry@.place AS p ON p.region OPERATOR(antifraud.=) u.region
