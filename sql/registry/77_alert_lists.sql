-- How each alert stands, at any moment; what is late; who is warned again.

CREATE FUNCTION @registry@.list_moment() RETURNS timestamptz
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE((SELECT (i.as_of + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' - interval '1 microsecond' FROM @registry@.registry_info AS i), now());
COMMENT ON FUNCTION @registry@.list_moment() IS 'The moment at which the views of alerts look: the end of registry_info.as_of in China; where that is null, now.';

-- Grouped by the own columns of an alert, so that a condition on unit or region
-- reaches the index on alerts.
CREATE FUNCTION @registry@.alerts_at(at timestamptz, within antifraud.region DEFAULT NULL)
RETURNS TABLE (alert bigint, alert_no text, unit text, region antifraud.region, unit_in_charge text, accepted boolean, source text, level text, victim text, received_at timestamptz, issued_on date,
               attempts bigint, highest_rung text, last_channel text, last_outcome text, next_channel text, first_contact_at timestamptz, first_contact_due timestamptz, first_contact_late boolean,
               settled_at timestamptz, settle_due timestamptz, settled_late boolean, state text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  WITH ladder AS MATERIALIZED (
    SELECT ARRAY(SELECT r.code FROM @registry@.alert_channel AS r ORDER BY r.rank) AS channels, ARRAY(SELECT o.code FROM @registry@.alert_outcome AS o WHERE o.settles) AS settling
  )
  SELECT s.alert, s.alert_no, s.unit, s.region, COALESCE(t.to_unit, s.unit) AS unit_in_charge,
         EXISTS (SELECT FROM @registry@.alert_acceptance AS c WHERE c.alert = s.alert AND c.unit = COALESCE(t.to_unit, s.unit) AND c.voided_at IS NULL
                 AND c.accepted_at <= $1 AND (t.transferred_at IS NULL OR c.accepted_at >= t.transferred_at)) AS accepted,
         s.source, s.level, s.victim, s.received_at, s.issued_on, s.attempts, s.highest_rung, s.last_channel, s.last_outcome,
         CASE WHEN s.state = 'open' THEN CASE WHEN s.last_channel IS NULL THEN COALESCE(v.first_channel, 'message') ELSE n.next_channel END END AS next_channel,
         s.first_contact_at, (s.received_at AT TIME ZONE 'Asia/Shanghai' + l.first_contact) AT TIME ZONE 'Asia/Shanghai' AS first_contact_due,
         COALESCE(s.first_contact_at, $1) > (s.received_at AT TIME ZONE 'Asia/Shanghai' + l.first_contact) AT TIME ZONE 'Asia/Shanghai' AS first_contact_late,
         s.settled_at, (s.received_at AT TIME ZONE 'Asia/Shanghai' + l.settle_within) AT TIME ZONE 'Asia/Shanghai' AS settle_due,
         COALESCE(s.settled_at, $1) > (s.received_at AT TIME ZONE 'Asia/Shanghai' + l.settle_within) AT TIME ZONE 'Asia/Shanghai' AS settled_late,
         s.state
  FROM (
    SELECT a.id AS alert, a.alert_no, a.unit, a.region, a.source, a.level, a.victim, a.received_at, a.issued_on,
           count(d.id) AS attempts,
           COALESCE((array_agg(d.channel ORDER BY d.rank DESC) FILTER (WHERE d.id IS NOT NULL))[1], a.channel) AS highest_rung,
           COALESCE((array_agg(d.channel ORDER BY d.attempt_at DESC, d.id DESC) FILTER (WHERE d.id IS NOT NULL))[1], a.channel) AS last_channel,
           COALESCE((array_agg(d.outcome ORDER BY d.attempt_at DESC, d.id DESC) FILTER (WHERE d.id IS NOT NULL))[1], a.outcome) AS last_outcome,
           min(d.attempt_at) AS first_contact_at,
           min(d.attempt_at) FILTER (WHERE d.settles) AS settled_at,
           COALESCE((array_agg(d.outcome ORDER BY d.attempt_at DESC, d.id DESC) FILTER (WHERE d.settles))[1],
                    CASE WHEN a.outcome = ANY ((SELECT k.settling FROM ladder AS k)::text[]) THEN a.outcome END, 'open') AS state
    FROM @registry@.alert AS a
    -- what the ladder says of an attempt is looked up in two arrays: joined, it
    -- would cost more than the attempts of one community
    LEFT JOIN (SELECT x.id, x.alert, x.channel, x.outcome, x.attempt_at,
                      array_position((SELECT k.channels FROM ladder AS k), x.channel) AS rank, x.outcome = ANY ((SELECT k.settling FROM ladder AS k)::text[]) AS settles
               FROM @registry@.dissuasion AS x WHERE x.voided_at IS NULL AND x.attempt_at <= $1) AS d
      ON d.alert = a.id
    WHERE a.voided_at IS NULL AND ($2 IS NULL OR a.region OPERATOR(antifraud.<@) $2)
      AND COALESCE(a.received_at, a.issued_on::timestamp AT TIME ZONE 'Asia/Shanghai') <= $1
    GROUP BY a.id, a.alert_no, a.unit, a.region, a.source, a.level, a.victim, a.received_at, a.issued_on, a.channel, a.outcome
  ) AS s
  LEFT JOIN (
    SELECT DISTINCT ON (x.alert) x.alert, x.to_unit, x.transferred_at FROM @registry@.alert_transfer AS x
    WHERE x.voided_at IS NULL AND x.transferred_at <= $1
    ORDER BY x.alert, x.transferred_at DESC, x.id DESC
  ) AS t ON t.alert = s.alert
  LEFT JOIN @registry@.alert_level AS v ON v.code = s.level
  LEFT JOIN @registry@.alert_step AS n ON n.after_channel = s.last_channel AND n.after_outcome = s.last_outcome
  LEFT JOIN @registry@.alert_limit_period AS l ON l.level = s.level AND s.issued_on >= l.valid_from AND s.issued_on < l.until;
END;
COMMENT ON FUNCTION @registry@.alerts_at(timestamptz, antifraud.region) IS 'How the alerts of a region (null: everywhere) stood at a moment: the unit in charge and whether it took note, attempts, the highest rung of the ladder, what to try next, whether the first attempt and the settlement were late, and the state: open, or how it was settled.';

CREATE VIEW @registry@.alert_state WITH (security_invoker = true) AS
  SELECT s.alert, s.alert_no, s.unit, s.region, s.unit_in_charge, s.accepted, s.source, s.level, s.victim, s.received_at, s.issued_on, s.attempts, s.highest_rung, s.last_channel, s.last_outcome,
         s.next_channel, s.first_contact_at, s.first_contact_due, s.first_contact_late, s.settled_at, s.settle_due, s.settled_late, s.state
  FROM (SELECT @registry@.list_moment() AS at OFFSET 0) AS t CROSS JOIN LATERAL @registry@.alerts_at(t.at) AS s;
COMMENT ON VIEW @registry@.alert_state IS 'How each alert stands, as of list_moment().';

CREATE VIEW @registry@.alert_overdue WITH (security_invoker = true) AS
  SELECT s.alert, s.alert_no, s.unit, s.region, s.unit_in_charge, s.accepted, s.source, s.level, s.victim, s.received_at, s.issued_on, s.attempts, s.highest_rung, s.last_channel, s.last_outcome,
         s.next_channel, s.first_contact_at, s.first_contact_due, s.first_contact_late, s.settled_at, s.settle_due, s.settled_late, s.state
  FROM @registry@.alert_state AS s
  WHERE s.state = 'open' AND (s.first_contact_late AND s.first_contact_at IS NULL OR s.settled_late);
COMMENT ON VIEW @registry@.alert_overdue IS 'Alerts that are open and past a limit, as of list_moment(): not answered, or not settled.';
SELECT @registry@.comment_columns('{alert_state,alert_overdue}',
  ARRAY['alert', 'alert_no', 'unit', 'region', 'unit_in_charge', 'accepted', 'source', 'level', 'victim', 'received_at', 'issued_on', 'attempts', 'highest_rung', 'last_channel', 'last_outcome',
        'next_channel', 'first_contact_at', 'first_contact_due', 'first_contact_late', 'settled_at', 'settle_due', 'settled_late', 'state'],
  ARRAY['The alert.', 'Its number.', 'The unit to which it came.', 'Where it arose.', 'The unit in charge.', 'Whether that unit has taken note.', 'From where it came.', 'Its level.',
        'Surrogate key of the person at risk.', 'When it arrived; null: only the day is known.', 'Day on which it arrived.', 'Attempts made.', 'The heaviest way that was tried.', 'The last way that was tried.',
        'What came of it.', 'What to try next; null: it is settled, or the ladder is at its end.', 'First attempt.', 'Until when the first attempt was due; null: no limit.',
        'Whether it came later, or has not come and is past; null: no limit.', 'When it was settled.', 'Until when it had to be settled; null: no limit.',
        'Whether that was later, or is past; null: no limit.', 'open; or the outcome that settled it: dissuaded, failed, false_alarm.']);

CREATE VIEW @registry@.alert_repeat WITH (security_invoker = true) AS
  SELECT a.id AS alert, a.unit, a.region, a.victim, a.issued_on, count(*) AS nth, min(b.issued_on) AS first_on
  FROM @registry@.alert AS a
  JOIN @registry@.alert AS b ON b.victim = a.victim AND b.voided_at IS NULL
    AND b.issued_on >= a.issued_on - 90 AND (b.issued_on < a.issued_on OR b.issued_on = a.issued_on AND b.id <= a.id)
  WHERE a.voided_at IS NULL
  GROUP BY a.id, a.unit, a.region, a.victim, a.issued_on
  HAVING count(*) > 1;
COMMENT ON VIEW @registry@.alert_repeat IS 'Alerts about a person about whom there had been one in the 90 days before.';
COMMENT ON COLUMN @registry@.alert_repeat.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_repeat.unit IS 'The unit to which it came.';
COMMENT ON COLUMN @registry@.alert_repeat.region IS 'Where it arose.';
COMMENT ON COLUMN @registry@.alert_repeat.victim IS 'Surrogate key of the person.';
COMMENT ON COLUMN @registry@.alert_repeat.issued_on IS 'Day on which it arrived.';
COMMENT ON COLUMN @registry@.alert_repeat.nth IS 'Which one it is of those of the 90 days.';
COMMENT ON COLUMN @registry@.alert_repeat.first_on IS 'Day of the first of them.';

-- "At once" is when the police are at the door (nanma-2023, 3 (2)): the document
-- names no hour.
CREATE FUNCTION @registry@.alert_help_at(at timestamptz, within antifraud.region DEFAULT NULL)
RETURNS TABLE (alert bigint, alert_no text, unit text, region antifraud.region, role text, role_zh text, role_en text, visited_at timestamptz, called_at timestamptz, state text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT a.id AS alert, a.alert_no, a.unit, a.region, r.code AS role, r.label_zh AS role_zh, r.label_en AS role_en, v.visited_at, c.called_at,
         CASE WHEN c.called_at <= v.visited_at THEN 'at_once' WHEN v.visited_at IS NULL AND c.called_at IS NOT NULL THEN 'at_once'
              WHEN c.called_at IS NOT NULL THEN 'late' WHEN v.visited_at IS NOT NULL THEN 'missing' ELSE 'open' END AS state
  FROM @registry@.alert AS a
  JOIN @registry@.officer_role AS r ON r.code = ANY ('{grid,police}')
  LEFT JOIN (
    SELECT d.alert, min(d.attempt_at) AS visited_at FROM @registry@.dissuasion AS d
    WHERE d.channel = 'visit' AND d.voided_at IS NULL AND d.attempt_at <= $1 GROUP BY d.alert
  ) AS v ON v.alert = a.id
  LEFT JOIN (
    -- who tried was brought in by then
    SELECT x.alert, o.role, min(x.at) AS called_at
    FROM (SELECT h.alert, h.officer, h.called_at AS at FROM @registry@.alert_helper AS h WHERE h.voided_at IS NULL
          UNION ALL
          SELECT d.alert, d.officer, d.attempt_at FROM @registry@.dissuasion AS d WHERE d.officer IS NOT NULL AND d.voided_at IS NULL) AS x
    JOIN @registry@.officer AS o ON o.id = x.officer
    WHERE x.at <= $1
    GROUP BY x.alert, o.role
  ) AS c ON c.alert = a.id AND c.role = r.code
  WHERE a.voided_at IS NULL AND ($2 IS NULL OR a.region OPERATOR(antifraud.<@) $2)
    AND COALESCE(a.received_at, a.issued_on::timestamp AT TIME ZONE 'Asia/Shanghai') <= $1;
END;
COMMENT ON FUNCTION @registry@.alert_help_at(timestamptz, antifraud.region) IS 'Whether grid worker and police assistant had been brought in for each alert of a region (null: everywhere), at a moment: a row for each of the two. at_once: by the first visit, or before one; late: after it; missing: visited without; open: neither. Brought in is who stands in alert_helper, or made an attempt.';

CREATE VIEW @registry@.alert_help WITH (security_invoker = true) AS
  SELECT h.alert, h.alert_no, h.unit, h.region, h.role, h.role_zh, h.role_en, h.visited_at, h.called_at, h.state
  FROM (SELECT @registry@.list_moment() AS at OFFSET 0) AS t CROSS JOIN LATERAL @registry@.alert_help_at(t.at) AS h;
COMMENT ON VIEW @registry@.alert_help IS 'Whether grid worker and police assistant were brought in for each alert, and at once, as of list_moment().';
SELECT @registry@.comment_columns('{alert_help}', '{alert,alert_no,unit,region,role,role_zh,role_en,visited_at,called_at,state}',
  ARRAY['The alert.', 'Its number.', 'The unit to which it came.', 'Where it arose.', 'grid or police; see officer_role.', 'The role in Chinese.', 'The role in English.', 'First visit; null: none yet.',
        'When the first of that role was brought in, or tried; null: not yet.', 'at_once, late, missing or open.']);
