-- The facts that time alone brings: what was not done by its limit. They are
-- known from the limit (of a day: from midnight after it, in China), and from
-- their recording at the earliest.
--
-- No view here looks at the clock but rectification_late and milestone_late.
-- A limit that lies ahead gives a fact with a recorded_at that lies ahead, and
-- which is withdrawn at once should the thing be done in time; whoever reads
-- facts_of_time_limits leaves out what is not known yet, as the view fact does.

CREATE VIEW @registry@.rectification_lateness (id, unit, region, due_on, subject, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT s.id, s.unit, s.region, s.due_on, s.subject, lower(s.stretch), upper(s.stretch)
FROM (
  SELECT r.id, r.unit, r.region, r.due_on, f.subject,
         antifraud.stretches(
           tstzmultirange(tstzrange(greatest(r.recorded_at, f.recorded_at, (r.due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'), NULL)
                          * tstzrange('-infinity', least(r.voided_at, f.voided_at)))
           - COALESCE((SELECT range_agg(tstzrange(d.recorded_at, d.voided_at)) FROM @registry@.rectification_result AS d
                       WHERE d.rectification = r.id AND d.done_on <= r.due_on), '{}')) AS stretch
  FROM @registry@.rectification AS r
  JOIN @registry@.finding AS f ON f.id = r.finding
  WHERE r.due_on IS NOT NULL
) AS s;

-- The milestones proven (see milestone_proven) are looked up in their table
-- one by one, and evidence only where it has to prove something.
CREATE VIEW @registry@.milestone_lateness (programme, code, unit, region, due_on, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT s.programme, s.code, s.unit, s.region, s.due_on, lower(s.stretch), upper(s.stretch)
FROM (
  SELECT a.programme, a.code, a.unit, a.region, a.due_on,
         antifraud.stretches(
           tstzmultirange(tstzrange((a.due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', NULL))
           - COALESCE((SELECT range_agg(CASE WHEN NOT a.evidence_required OR num_nonnulls(m.document, m.evidence) > 0 THEN tstzmultirange(tstzrange(m.recorded_at, m.voided_at))
                                        ELSE tstzmultirange(tstzrange(m.recorded_at, m.voided_at))
                                             * (SELECT range_agg(tstzrange(e.recorded_at, e.voided_at)) FROM @registry@.evidence AS e WHERE e.source_table = 'milestone' AND e.source_id = m.id) END)
                       FROM @registry@.milestone AS m
                       WHERE m.unit = a.unit AND m.programme = a.programme AND m.plan = a.code AND m.reached_on <= a.due_on), '{}')) AS stretch
  FROM @registry@.milestone_asked AS a
  WHERE a.due_on IS NOT NULL
) AS s;
CREATE VIEW @registry@.rectification_late (id, unit, region, due_on, subject, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT l.id, l.unit, l.region, l.due_on, l.subject, l.recorded_at, l.voided_at FROM @registry@.rectification_lateness AS l WHERE l.recorded_at <= now();
CREATE VIEW @registry@.milestone_late (programme, code, unit, region, due_on, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT l.programme, l.code, l.unit, l.region, l.due_on, l.recorded_at, l.voided_at FROM @registry@.milestone_lateness AS l WHERE l.recorded_at <= now();
COMMENT ON VIEW @registry@.rectification_late IS 'Problems that were not put right by their day: one row for each stretch of time in which that was known.';
COMMENT ON VIEW @registry@.milestone_late IS 'Milestones that were not reached, with evidence where it is asked, by their day: one row for each stretch of time in which that was known.';
COMMENT ON VIEW @registry@.rectification_lateness IS 'As rectification_late, and what will be late unless it is put right, with a recorded_at ahead.';
COMMENT ON VIEW @registry@.milestone_lateness IS 'As milestone_late, and what will be missed unless it is reached, with a recorded_at ahead.';
SELECT @registry@.comment_columns('{rectification_late,rectification_lateness,milestone_late,milestone_lateness}', '{unit,region,due_on,recorded_at,voided_at}',
  ARRAY['The unit.', 'Its region.', 'Last day on which it would have been in time.', 'Since when this was known.', 'Until when; null: still.']);
SELECT @registry@.comment_columns('{rectification_late,rectification_lateness}', '{id,subject}', ARRAY['The row of the table rectification.', 'Surrogate key of the person or file concerned.']);
SELECT @registry@.comment_columns('{milestone_late,milestone_lateness}', '{programme,code}', ARRAY['The programme.', 'The milestone within it.']);

CREATE VIEW @registry@.facts_of_time_limits (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT 'alert_late'::text, s.unit, s.region, (s.due_at AT TIME ZONE 'Asia/Shanghai')::date, q.quantity, 1::bigint, NULL::numeric, NULL::text, 'alert'::text, s.id::text,
       greatest(s.recorded_at, CASE q.quantity WHEN 1 THEN s.due_at ELSE s.kept_at END), CASE q.quantity WHEN 1 THEN least(s.voided_at, s.kept_at) ELSE s.voided_at END
FROM (
  SELECT a.id, a.unit, a.region, a.recorded_at, a.voided_at, min((a.received_at AT TIME ZONE 'Asia/Shanghai' + l.first_contact) AT TIME ZONE 'Asia/Shanghai') AS due_at, min(d.recorded_at) FILTER (WHERE d.attempt_at <= (a.received_at AT TIME ZONE 'Asia/Shanghai' + l.first_contact) AT TIME ZONE 'Asia/Shanghai') AS kept_at
  FROM @registry@.alert AS a
  JOIN @registry@.alert_limit_period AS l ON l.level = a.level AND a.issued_on >= l.valid_from AND a.issued_on < l.until AND l.first_contact IS NOT NULL
  LEFT JOIN @registry@.dissuasion AS d ON d.alert = a.id
  WHERE a.received_at IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.alert_transfer AS t WHERE t.alert = a.id)
  GROUP BY a.id, a.unit, a.region, a.recorded_at, a.voided_at
  HAVING count(d.voided_at) = 0
) AS s
CROSS JOIN (VALUES (1::bigint), (0)) AS q (quantity)
WHERE CASE q.quantity WHEN 1 THEN greatest(s.recorded_at, s.due_at) < least(s.voided_at, s.kept_at, 'infinity')
                      ELSE s.kept_at IS NOT NULL AND greatest(s.recorded_at, s.kept_at) < COALESCE(s.voided_at, 'infinity') END
UNION ALL
SELECT 'alert_settled_late'::text, s.unit, s.region, (s.due_at AT TIME ZONE 'Asia/Shanghai')::date, q.quantity, 1::bigint, NULL::numeric, NULL::text, 'alert'::text, s.id::text,
       greatest(s.recorded_at, CASE q.quantity WHEN 1 THEN s.due_at ELSE s.kept_at END), CASE q.quantity WHEN 1 THEN least(s.voided_at, s.kept_at) ELSE s.voided_at END
FROM (
  SELECT a.id, a.unit, a.region, a.recorded_at, a.voided_at, min((a.received_at AT TIME ZONE 'Asia/Shanghai' + l.settle_within) AT TIME ZONE 'Asia/Shanghai') AS due_at, min(d.recorded_at) FILTER (WHERE d.attempt_at <= (a.received_at AT TIME ZONE 'Asia/Shanghai' + l.settle_within) AT TIME ZONE 'Asia/Shanghai' AND d.outcome = ANY (ARRAY(SELECT o.code FROM @registry@.alert_outcome AS o WHERE o.settles))) AS kept_at
  FROM @registry@.alert AS a
  JOIN @registry@.alert_limit_period AS l ON l.level = a.level AND a.issued_on >= l.valid_from AND a.issued_on < l.until AND l.settle_within IS NOT NULL
  LEFT JOIN @registry@.dissuasion AS d ON d.alert = a.id
  WHERE a.received_at IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.alert_transfer AS t WHERE t.alert = a.id)
  GROUP BY a.id, a.unit, a.region, a.recorded_at, a.voided_at
  HAVING count(d.voided_at) = 0
) AS s
CROSS JOIN (VALUES (1::bigint), (0)) AS q (quantity)
WHERE CASE q.quantity WHEN 1 THEN greatest(s.recorded_at, s.due_at) < least(s.voided_at, s.kept_at, 'infinity')
                      ELSE s.kept_at IS NOT NULL AND greatest(s.recorded_at, s.kept_at) < COALESCE(s.voided_at, 'infinity') END
UNION ALL
SELECT k.measure, k.unit, k.region, (k.due_at AT TIME ZONE 'Asia/Shanghai')::date, k.quantity, 1::bigint, NULL::numeric, NULL::text, 'alert'::text, k.alert::text, lower(k.stretch), upper(k.stretch)
FROM (
  SELECT m.measure, s.alert, s.unit, s.region, m.quantity, CASE WHEN m.settled THEN s.settle_due ELSE s.contact_due END AS due_at,
         antifraud.stretches(CASE
           WHEN m.quantity = 0 THEN s.known * CASE WHEN m.settled THEN s.settled ELSE s.contacted END
           WHEN m.settled THEN CASE WHEN s.settle_due IS NOT NULL THEN (s.known - COALESCE(s.settled, '{}')) * tstzmultirange(tstzrange(s.settle_due, NULL)) END
           WHEN s.contact_due IS NOT NULL THEN (s.known - COALESCE(s.contacted, '{}')) * tstzmultirange(tstzrange(s.contact_due, NULL)) END) AS stretch
  FROM (VALUES ('alert_late'::text, false, 1::bigint), ('alert_late', false, 0), ('alert_settled_late', true, 1), ('alert_settled_late', true, 0)) AS m (measure, settled, quantity)
  LEFT JOIN @registry@.alert_course AS s ON true
) AS k
UNION ALL
SELECT 'rectification_late'::text, r.unit, r.region, r.due_on, 1::bigint, NULL::bigint, NULL::numeric, r.subject, 'rectification'::text, r.id::text, r.recorded_at, r.voided_at
FROM @registry@.rectification_lateness AS r
UNION ALL
SELECT 'milestone_missed'::text, m.unit, m.region, m.due_on, 1::bigint, NULL::bigint, NULL::numeric, NULL::text, 'milestone_plan'::text, m.programme || '/' || m.code || '/' || m.unit, m.recorded_at, m.voided_at
FROM @registry@.milestone_lateness AS m;
COMMENT ON VIEW @registry@.facts_of_time_limits IS 'Facts that time brings, also those that are known only from a moment ahead (recorded_at); a part of the view fact, which shows none of these.';
