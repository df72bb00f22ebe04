-- certificate | 命名 | Certificates of fraud-free units and whether they still hold. | 无诈单位命名及其是否仍然有效。
-- certificate_key | 命名键 | text | Key of the certificate. | 命名的键。
-- programme_code | 方案代码 | text | The programme. | 方案代码。
-- kind_code | 类别代码 | text | Kind of certificate. | 类别代码。
-- unit_code | 单位代码 | text | The unit; joins unit. | 单位代码，与“单位”相连。
-- unit_name | 单位名称 | text | Its name. | 单位名称。
-- place_code | 地区代码 | text | The division; joins place. | 区划代码，与“地区”相连。
-- period_from | 考核期始 | date | First day of the period that it is for. | 考核期起始日期。
-- period_to | 考核期止 | date | Last day of it. | 考核期截止日期。
-- awarded_on | 命名日期 | date | Day of award. | 命名日期。
-- revoked_on | 撤销日期 | date | Day of revocation. | 撤销日期。
-- in_force | 有效 | boolean | Whether it is in force. | 是否有效。
-- contradicted | 与事实矛盾 | boolean | Whether facts known now speak against it. | 现有事实是否与之矛盾。
SELECT c.certificate, c.programme, c.kind, c.unit, u.name, c.region, c.period_from, c.period_to, c.awarded_on, c.revoked_on, c.in_force, c.contradicted
FROM @registry@.certificate_state AS c
JOIN @registry@.unit AS u ON u.code = c.unit
