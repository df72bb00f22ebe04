-- What bulletins say, case by case. Names nobody.

CREATE FUNCTION @registry@.case_bulletins(from_day date, to_day date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (fraud_case bigint, unit text, name text, region antifraud.region, filed_on date, category text, category_zh text, category_en text, loss_band text,
               publicity_reached boolean, in_group boolean, app_installed boolean, alert_before boolean, text_zh text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.id AS fraud_case, c.unit, u.name, c.region, c.filed_on, c.category, k.label_zh AS category_zh, k.label_en AS category_en,
         c.loss_band, c.publicity_reached, c.in_group, c.app_installed, c.alerted AS alert_before,
         concat(EXTRACT(year FROM c.filed_on), '年', EXTRACT(month FROM c.filed_on), '月', EXTRACT(day FROM c.filed_on), '日，', u.name, '立电信网络诈骗案件一起',
                '，类型：', COALESCE(k.label_zh, '不详'), '，损失：', c.loss_band,
                '。案前宣传：', CASE c.publicity_reached WHEN true THEN '已覆盖' WHEN false THEN '未覆盖' ELSE '不详' END,
                '；入群：', CASE c.in_group WHEN true THEN '是' WHEN false THEN '否' ELSE '不详' END,
                '；国家反诈中心APP：', CASE c.app_installed WHEN true THEN '已安装' WHEN false THEN '未安装' ELSE '不详' END,
                '；案前预警：', CASE WHEN c.alerted THEN '有' ELSE '无' END, '。') AS text_zh
  FROM (
    SELECT x.*, COALESCE(e.bands[width_bucket(x.loss, e.edges)], '不详') AS loss_band, COALESCE(x.alert_before, EXISTS (SELECT FROM @registry@.alert_delivery AS d
             WHERE d.victim = x.victim AND upper_inf(d.known) AND d.delivered_on <= COALESCE(x.happened_on, x.filed_on)
               AND NOT EXISTS (SELECT FROM @registry@.alert_case AS r WHERE r.alert = d.alert AND r.fraud_case = x.id AND NOT r.confirmed AND r.voided_at IS NULL))) AS alerted
    FROM (SELECT b.edges, ARRAY(SELECT @registry@.loss_band(a.edge, b.percent) FROM unnest(b.edges) AS a (edge) WHERE a.edge < 'Infinity' ORDER BY a.edge) AS bands
          FROM (SELECT i.loss_percent AS percent, @registry@.loss_edges(i.loss_percent) AS edges FROM @registry@.registry_info AS i OFFSET 0) AS b OFFSET 0) AS e
    CROSS JOIN @registry@.fraud_case AS x
    WHERE x.voided_at IS NULL AND x.filed_on BETWEEN $1 AND $2 AND ($3 IS NULL OR x.region OPERATOR(antifraud.<@) $3)
  ) AS c
  JOIN @registry@.unit AS u ON u.code = c.unit
  LEFT JOIN @registry@.fraud_category AS k ON k.code = c.category;
END;
COMMENT ON FUNCTION @registry@.case_bulletins(date, date, antifraud.region) IS 'A notice for each case filed from one day to another, in a region (null: everywhere). Without number, victim, age, group and exact loss: nobody is to be recognised.';

CREATE VIEW @registry@.case_bulletin WITH (security_invoker = true) AS
SELECT b.fraud_case, b.unit, b.name, b.region, b.filed_on, b.category, b.category_zh, b.category_en, b.loss_band, b.publicity_reached, b.in_group, b.app_installed, b.alert_before, b.text_zh
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.case_bulletins('-infinity', l.day) AS b;
COMMENT ON VIEW @registry@.case_bulletin IS 'A notice for each case filed up to list_day(), ready to send. Names nobody.';
SELECT @registry@.comment_columns('{case_bulletin}', '{fraud_case,unit,name,region,filed_on,category,category_zh,category_en,loss_band,publicity_reached,in_group,app_installed,alert_before,text_zh}',
  ARRAY['The case.', 'Its unit.', 'Name of the unit.', 'Its region.', 'Day of filing.', 'Kind of fraud.', 'Kind of fraud in Chinese.', 'Kind of fraud in English.', 'Loss, in bands.',
        'Whether publicity had reached the victim; null: not asked.', 'Whether the victim was in the message group; null: not asked.', 'Whether the victim had the app; null: not asked.',
        'Whether an alert had reached the victim before.', 'The notice in Chinese.']);
