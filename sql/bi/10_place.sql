-- place | 地区 | Administrative divisions in which units lie, with the levels above them. | 各单位所在的行政区划及其上级。
-- place_code | 地区代码 | text | Code of the division, 6, 9 or 12 digits. | 区划代码，6、9或12位。
-- place_name | 地区名称 | text | Name of the division; empty where no unit stands for it. | 区划名称；没有对应单位时为空。
-- level | 层级 | numeric | 1 province, 2 prefecture, 3 county, 4 town, 5 community or village, 6 grid. | 1省、2市、3县、4乡镇、5村社、6网格。
-- level_name | 层级名称 | text | The level in words. | 层级的名称。
-- prefecture_code | 市代码 | text | Code of the prefecture. | 所属市的代码。
-- prefecture_name | 市名称 | text | Name of the prefecture. | 所属市的名称。
-- county_code | 县代码 | text | Code of the county. | 所属县（市、区）的代码。
-- county_name | 县名称 | text | Name of the county. | 所属县（市、区）的名称。
-- town_code | 乡镇代码 | text | Code of the town or street. | 所属乡镇（街道）的代码。
-- town_name | 乡镇名称 | text | Name of the town or street. | 所属乡镇（街道）的名称。
-- community_code | 村社代码 | text | Code of the community or village. | 所属社区（村）的代码。
-- community_name | 村社名称 | text | Name of the community or village. | 所属社区（村）的名称。
SELECT p.region, p.name, p.level,
       CASE p.level WHEN 1 THEN @{province|省}@ WHEN 2 THEN @{prefecture|市}@ WHEN 3 THEN @{county|县（市、区）}@ WHEN 4 THEN @{town or street|乡镇（街道）}@
                    WHEN 5 THEN @{community or village|社区（村）}@ ELSE @{grid|网格}@ END,
       p.prefecture, p.prefecture_name, p.county, p.county_name, p.town, p.town_name, p.community, p.community_name
FROM @registry@.place AS p
