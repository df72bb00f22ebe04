-- The facts of alerts, but for those that time brings (39_time_limits.sql).

-- Most alerts stay where they arrived and none of their attempts was
-- withdrawn: what was known of them since when is the least of some times.
-- Only of the others the stretches are worked out, one by one.
CREATE VIEW @registry@.alert_course WITH (security_invoker = true) AS
SELECT c.alert, c.unit, c.region, c.issued_on, c.amount_at_risk, c.victim, c.known, c.transferred,
       (c.received_at AT TIME ZONE 'Asia/Shanghai' + l.first_contact) AT TIME ZONE 'Asia/Shanghai' AS contact_due, (c.received_at AT TIME ZONE 'Asia/Shanghai' + l.settle_within) AT TIME ZONE 'Asia/Shanghai' AS settle_due, d.contacted, d.settled,
       CASE WHEN c.outcome = 'dissuaded' THEN c.known ELSE c.known * d.dissuaded END AS success,
       CASE WHEN c.outcome = 'false_alarm' THEN c.known ELSE COALESCE(d.no_alarm, '{}') END AS none
FROM (
  -- as alert_in_charge has them
  SELECT a.id AS alert, a.unit, a.region, a.issued_on, a.amount_at_risk, a.victim, a.received_at, a.level, a.outcome, t.alert IS NOT NULL AS transferred,
         tstzmultirange(tstzrange(a.recorded_at, a.voided_at)) - COALESCE(t.known, '{}') AS known
  FROM (
    SELECT w.alert FROM @registry@.alert_transfer AS w
    UNION
    SELECT w.alert FROM @registry@.dissuasion AS w WHERE w.voided_at IS NOT NULL
  ) AS x
  JOIN @registry@.alert AS a ON a.id = x.alert
  LEFT JOIN (SELECT y.alert, range_agg(tstzrange(y.recorded_at, y.voided_at)) AS known FROM @registry@.alert_transfer AS y GROUP BY y.alert) AS t ON t.alert = a.id
  UNION ALL
  SELECT t.alert, t.to_unit, u.region, a.issued_on, a.amount_at_risk, a.victim, a.received_at, a.level, a.outcome, true,
         tstzmultirange(tstzrange(a.recorded_at, a.voided_at) * tstzrange(t.recorded_at, t.voided_at))
         - COALESCE((SELECT range_agg(tstzrange(y.recorded_at, y.voided_at)) FROM @registry@.alert_transfer AS y WHERE y.alert = t.alert AND y.transferred_at > t.transferred_at), '{}')
  FROM @registry@.alert_transfer AS t
  JOIN @registry@.alert AS a ON a.id = t.alert
  JOIN @registry@.unit AS u ON u.code = t.to_unit
) AS c
LEFT JOIN @registry@.alert_limit_period AS l ON l.level = c.level AND c.issued_on >= l.valid_from AND c.issued_on < l.until
CROSS JOIN LATERAL (
  SELECT range_agg(tstzrange(d.recorded_at, d.voided_at)) FILTER (WHERE d.attempt_at <= (c.received_at AT TIME ZONE 'Asia/Shanghai' + l.first_contact) AT TIME ZONE 'Asia/Shanghai') AS contacted,
         range_agg(tstzrange(d.recorded_at, d.voided_at)) FILTER (WHERE d.attempt_at <= (c.received_at AT TIME ZONE 'Asia/Shanghai' + l.settle_within) AT TIME ZONE 'Asia/Shanghai' AND d.outcome = ANY (ARRAY(SELECT o.code FROM @registry@.alert_outcome AS o WHERE o.settles))) AS settled,
         range_agg(tstzrange(d.recorded_at, d.voided_at)) FILTER (WHERE d.outcome = 'dissuaded') AS dissuaded,
         range_agg(tstzrange(d.recorded_at, d.voided_at)) FILTER (WHERE d.outcome = 'false_alarm') AS no_alarm
  FROM @registry@.dissuasion AS d WHERE d.alert = c.alert
) AS d;
COMMENT ON VIEW @registry@.alert_course IS 'What was known, and when, of the alerts that were passed on, or of which an attempt was withdrawn: one row for each unit that was in charge.';
SELECT @registry@.comment_columns('{alert_course}', '{alert,unit,region,issued_on,amount_at_risk,victim,known,transferred,contact_due,settle_due,contacted,settled,success,none}',
  ARRAY['The alert.', 'The unit in charge.', 'Its region; for the unit to which the alert came, that of the alert.', 'Day on which the alert arrived.', 'What was at risk, in yuan.', 'Surrogate key of the person at risk.',
        'When it was known that this unit is in charge.', 'Whether the alert was passed on.', 'The last moment for the first attempt; null: no limit.', 'The last moment to be done with it; null: no limit.',
        'When an attempt in time was known; null: never.', 'When it was known that the alert was done with in time; null: never.', 'When it was known that the person was dissuaded; null: never.', 'When it was known that the alert was a false alarm.']);

CREATE VIEW @registry@.facts_of_alerts (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT 'alert_received'::text, a.unit, a.region, a.issued_on, 1::bigint, NULL::bigint, a.amount_at_risk, a.victim, 'alert'::text, a.id::text, a.recorded_at, a.voided_at
FROM @registry@.alert AS a
WHERE NOT EXISTS (SELECT FROM @registry@.alert_transfer AS t WHERE t.alert = a.id)
UNION ALL
SELECT 'alert_dissuaded'::text, s.unit, s.region, s.issued_on, q.quantity, 1::bigint, NULL::numeric, NULL::text, 'alert'::text, s.id::text,
       CASE q.quantity WHEN 1 THEN s.success_at ELSE s.recorded_at END, least(s.voided_at, s.none_at, CASE q.quantity WHEN 0 THEN s.success_at END)
FROM (
  SELECT a.id, a.unit, a.region, a.issued_on, a.recorded_at, a.voided_at,
         CASE WHEN a.outcome = 'dissuaded' THEN a.recorded_at ELSE min(greatest(a.recorded_at, d.recorded_at)) FILTER (WHERE d.outcome = 'dissuaded') END AS success_at,
         min(d.recorded_at) FILTER (WHERE d.outcome = 'false_alarm') AS none_at,
         count(d.id) FILTER (WHERE d.outcome = ANY ('{dissuaded,false_alarm}')) = 0 AS whole
  FROM @registry@.alert AS a
  LEFT JOIN @registry@.dissuasion AS d ON d.alert = a.id
  WHERE a.outcome IS DISTINCT FROM 'false_alarm' AND NOT EXISTS (SELECT FROM @registry@.alert_transfer AS t WHERE t.alert = a.id)
  GROUP BY a.id, a.unit, a.region, a.issued_on, a.outcome, a.recorded_at, a.voided_at
  HAVING count(d.voided_at) = 0
) AS s
CROSS JOIN (VALUES (1::bigint), (0)) AS q (quantity)
WHERE CASE q.quantity WHEN 1 THEN s.success_at ELSE s.recorded_at END < least(s.voided_at, s.none_at, CASE q.quantity WHEN 0 THEN s.success_at END, 'infinity')
   OR s.whole AND (s.success_at IS NOT NULL) = (q.quantity = 1)
UNION ALL
-- one branch for both measures: an outer join of the measures, so that nothing
-- is read where neither is asked
SELECT k.measure, k.unit, k.region, k.day, k.quantity, k.base, k.amount, k.subject, 'alert'::text, k.alert::text, lower(k.stretch), upper(k.stretch)
FROM (
  SELECT m.measure, s.alert, s.unit, s.region, m.quantity, m.base, CASE WHEN m.base IS NULL THEN s.amount_at_risk END AS amount, CASE WHEN m.base IS NULL THEN s.victim END AS subject,
         s.issued_on AS day,
         antifraud.stretches(CASE WHEN m.base IS NULL THEN CASE WHEN s.transferred THEN s.known END
           ELSE CASE m.quantity WHEN 1 THEN s.success - s.none ELSE s.known - COALESCE(s.success, '{}') - s.none END END) AS stretch
  FROM (VALUES ('alert_received'::text, 1::bigint, NULL::bigint), ('alert_dissuaded', 1, 1), ('alert_dissuaded', 0, 1)) AS m (measure, quantity, base)
  LEFT JOIN @registry@.alert_course AS s ON true
) AS k
UNION ALL
-- an attempt on an alert that was withdrawn was none
SELECT 'dissuasion'::text, d.unit, d.region, d.made_on, 1::bigint, NULL::bigint, NULL::numeric, NULL::text, 'dissuasion'::text, d.id::text, d.recorded_at, LEAST(d.voided_at, a.voided_at)
FROM @registry@.dissuasion AS d
LEFT JOIN (SELECT x.id, x.voided_at FROM @registry@.alert AS x WHERE x.voided_at IS NOT NULL) AS a ON a.id = d.alert
UNION ALL
SELECT 'case_after_alert_confirmed'::text, s.unit, s.region, s.filed_on, 1::bigint, NULL::bigint, s.loss, s.victim, 'fraud_case'::text, s.id::text, lower(s.stretch), upper(s.stretch)
FROM (
  SELECT c.id, c.unit, c.region, c.filed_on, c.loss, c.victim,
         antifraud.stretches(range_agg(tstzrange(c.recorded_at, c.voided_at) * tstzrange(x.recorded_at, x.voided_at) * tstzrange(a.recorded_at, a.voided_at) * tstzrange(r.recorded_at, r.voided_at))) AS stretch
  FROM @registry@.alert_case AS x
  JOIN @registry@.fraud_case AS c ON c.id = x.fraud_case AND c.alert_before IS NULL
  JOIN @registry@.alert AS a ON a.id = x.alert AND a.victim = c.victim
  -- as alert_delivery says it
  JOIN LATERAL (
    SELECT a.delivered_on AS day, NULL::timestamptz AS recorded_at, NULL::timestamptz AS voided_at
    WHERE a.delivered_on IS NOT NULL
    UNION ALL
    SELECT d.made_on, d.recorded_at, d.voided_at FROM @registry@.dissuasion AS d WHERE d.alert = a.id AND d.reached AND a.delivered_on IS NULL
  ) AS r ON r.day <= COALESCE(c.happened_on, c.filed_on)
  WHERE x.confirmed
  GROUP BY c.id, c.unit, c.region, c.filed_on, c.loss, c.victim
) AS s
UNION ALL
SELECT 'case_after_alert_confirmed'::text, c.unit, c.region, c.filed_on, 1::bigint, NULL::bigint, c.loss, c.victim, 'fraud_case'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE c.alert_before;
COMMENT ON VIEW @registry@.facts_of_alerts IS 'Facts of alerts; a part of the view fact.';
