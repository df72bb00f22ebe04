-- What may be recorded about an alert and when; which cases followed one; and
-- the facts that alerts supply.

CREATE FUNCTION @registry@.complete_alert() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  NEW.issued_on := (NEW.received_at AT TIME ZONE 'Asia/Shanghai')::date;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_alert() IS 'Trigger: an alert without a day takes that of its receipt, in China.';
CREATE TRIGGER alert_0_day BEFORE INSERT ON @registry@.alert
  FOR EACH ROW WHEN (NEW.issued_on IS NULL AND NEW.received_at IS NOT NULL) EXECUTE FUNCTION @registry@.complete_alert();

-- The unit in charge of an alert at a moment.
CREATE FUNCTION @registry@.alert_unit_at(alert bigint, at timestamptz) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE(
  (SELECT t.to_unit FROM @registry@.alert_transfer AS t
   WHERE t.alert = $1 AND t.voided_at IS NULL AND t.transferred_at <= $2 ORDER BY t.transferred_at DESC, t.id DESC LIMIT 1),
  (SELECT a.unit FROM @registry@.alert AS a WHERE a.id = $1));
COMMENT ON FUNCTION @registry@.alert_unit_at(bigint, timestamptz) IS 'The unit in charge of an alert at a moment: that of the last transfer, or the one to which it came.';

CREATE FUNCTION @registry@.check_alert_event() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  of_alert @registry@.alert;
  moment timestamptz := CASE TG_TABLE_NAME WHEN 'dissuasion' THEN to_jsonb(NEW) ->> 'attempt_at'
                                           WHEN 'alert_transfer' THEN to_jsonb(NEW) ->> 'transferred_at'
                                           WHEN 'alert_helper' THEN to_jsonb(NEW) ->> 'called_at' ELSE to_jsonb(NEW) ->> 'accepted_at' END;
  before timestamptz;
BEGIN
  IF TG_TABLE_NAME = 'alert_transfer' THEN
    -- two transfers of one alert wait for each other
    PERFORM FROM @registry@.alert AS a WHERE a.id = NEW.alert FOR NO KEY UPDATE;
  END IF;
  SELECT a.* INTO of_alert FROM @registry@.alert AS a WHERE a.id = NEW.alert;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('alert %s does not exist', coalesce(NEW.alert::text, 'NULL')),
      DETAIL = 'Either there is no such row in the table alert, or you may not see it.',
      HINT = 'Record the alert first, or correct the id.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'alert';
  ELSIF of_alert.voided_at IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('alert %s is void', NEW.alert),
      DETAIL = format('It was withdrawn at %s: %s', of_alert.voided_at, of_alert.void_reason),
      HINT = 'Name the alert that replaced it.';
  ELSIF moment < coalesce(of_alert.received_at, of_alert.issued_on::timestamp AT TIME ZONE 'Asia/Shanghai') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('nothing can be done about alert %s at %s', NEW.alert, moment),
      DETAIL = format('It was received %s.', coalesce('at ' || of_alert.received_at, 'on ' || of_alert.issued_on)),
      HINT = 'Correct the time.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  IF TG_TABLE_NAME = 'alert_transfer' THEN
    SELECT max(t.transferred_at) INTO before FROM @registry@.alert_transfer AS t WHERE t.alert = NEW.alert AND t.voided_at IS NULL;
    IF before >= moment THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('alert %s cannot be transferred at %s', NEW.alert, moment),
        DETAIL = format('It was transferred at %s already.', before),
        HINT = 'Enter transfers in the order of time; void one that is wrong, and those after it.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'transferred_at';
    END IF;
    NEW.from_unit := @registry@.alert_unit_at(NEW.alert, moment);
    NEW.through := coalesce((SELECT t.through || t.from_unit FROM @registry@.alert_transfer AS t
                             WHERE t.alert = NEW.alert AND t.voided_at IS NULL ORDER BY t.transferred_at DESC, t.id DESC LIMIT 1), '{}');
    IF NEW.from_unit = NEW.to_unit THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('alert %s cannot be transferred to unit %L', NEW.alert, NEW.to_unit),
        DETAIL = 'It is in charge already.',
        HINT = 'Name another unit.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, CONSTRAINT = 'alert_transfer_to_another';
    END IF;
  ELSIF NEW.unit IS NULL THEN
    NEW.unit := @registry@.alert_unit_at(NEW.alert, moment);
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_alert_event() IS 'Trigger: what is done about an alert is done after its receipt, by the unit in charge unless another is named; transfers go to another unit, in the order of time.';
CREATE TRIGGER dissuasion_0_alert BEFORE INSERT ON @registry@.dissuasion
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_alert_event();
CREATE TRIGGER alert_transfer_0_alert BEFORE INSERT ON @registry@.alert_transfer
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_alert_event();
CREATE TRIGGER alert_acceptance_0_alert BEFORE INSERT ON @registry@.alert_acceptance
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_alert_event();
CREATE TRIGGER alert_helper_0_alert BEFORE INSERT ON @registry@.alert_helper
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_alert_event();

-- When each alert reached the person, and since and until when that was known.
CREATE VIEW @registry@.alert_delivery WITH (security_invoker = true) AS
SELECT a.id AS alert, a.victim, a.delivered_on, tstzrange(a.recorded_at, a.voided_at) AS known
FROM @registry@.alert AS a
WHERE a.delivered_on IS NOT NULL
UNION ALL
SELECT a.id AS alert, a.victim, d.made_on, tstzrange(a.recorded_at, a.voided_at) * tstzrange(d.recorded_at, d.voided_at) AS known
FROM @registry@.alert AS a
JOIN @registry@.dissuasion AS d ON d.alert = a.id AND d.reached
WHERE a.delivered_on IS NULL;
COMMENT ON VIEW @registry@.alert_delivery IS 'Each time that an alert reached the person: by its delivered_on, or else by its attempts.';
COMMENT ON COLUMN @registry@.alert_delivery.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_delivery.victim IS 'Surrogate key of the person.';
COMMENT ON COLUMN @registry@.alert_delivery.delivered_on IS 'The day.';
COMMENT ON COLUMN @registry@.alert_delivery.known IS 'Since and until when it was known.';

-- A case of the same person after an alert is found by the database; whether
-- it really followed from it, a person says.
CREATE TABLE @registry@.alert_case (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alert_case_pk PRIMARY KEY,
  alert bigint NOT NULL CONSTRAINT alert_case_alert_fk REFERENCES @registry@.alert,
  fraud_case bigint NOT NULL CONSTRAINT alert_case_fraud_case_fk REFERENCES @registry@.fraud_case,
  confirmed boolean NOT NULL,
  reason text NOT NULL CONSTRAINT alert_case_reason_not_blank CHECK (btrim(reason) <> ''),
  decided_by text NOT NULL DEFAULT CURRENT_USER,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT alert_case_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX alert_case_source_key ON @registry@.alert_case (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX alert_case_once ON @registry@.alert_case (alert, fraud_case) WHERE voided_at IS NULL;
CREATE INDEX alert_case_case ON @registry@.alert_case (fraud_case);
COMMENT ON TABLE @registry@.alert_case IS 'What a person decided about a case that the database found after an alert: confirmed or rejected, once. Void the row to decide anew.';
COMMENT ON COLUMN @registry@.alert_case.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_case.fraud_case IS 'The case.';
COMMENT ON COLUMN @registry@.alert_case.confirmed IS 'Whether the case followed the alert; rejected, the pair does not count.';
COMMENT ON COLUMN @registry@.alert_case.reason IS 'Why.';
COMMENT ON COLUMN @registry@.alert_case.decided_by IS 'Who decided.';

SELECT @registry@.guard_facts('{alert_case}', false);

CREATE VIEW @registry@.alert_case_candidate WITH (security_invoker = true) AS
SELECT c.id AS fraud_case, c.unit, c.region, c.victim, COALESCE(c.happened_on, c.filed_on) AS acted_on,
       d.alert, min(d.delivered_on) AS delivered_on, COALESCE(c.happened_on, c.filed_on) - min(d.delivered_on) AS days,
       k.confirmed, k.reason, k.decided_by
FROM @registry@.fraud_case AS c
JOIN @registry@.alert_delivery AS d ON d.victim = c.victim AND upper_inf(d.known) AND d.delivered_on <= COALESCE(c.happened_on, c.filed_on)
LEFT JOIN @registry@.alert_case AS k ON k.alert = d.alert AND k.fraud_case = c.id AND k.voided_at IS NULL
WHERE c.voided_at IS NULL AND c.alert_before IS NULL
GROUP BY c.id, c.unit, c.region, c.victim, c.happened_on, c.filed_on, d.alert, k.confirmed, k.reason, k.decided_by;
COMMENT ON VIEW @registry@.alert_case_candidate IS 'Cases whose victim an alert had reached on or before the day of the act, with each such alert, and what was decided about the pair. Cases of which the clerk said whether an alert came before are not looked at.';
COMMENT ON COLUMN @registry@.alert_case_candidate.fraud_case IS 'The case.';
COMMENT ON COLUMN @registry@.alert_case_candidate.unit IS 'Its unit.';
COMMENT ON COLUMN @registry@.alert_case_candidate.region IS 'Its region.';
COMMENT ON COLUMN @registry@.alert_case_candidate.victim IS 'Surrogate key of the victim.';
COMMENT ON COLUMN @registry@.alert_case_candidate.acted_on IS 'Day of the act; the day of filing where that is not known.';
COMMENT ON COLUMN @registry@.alert_case_candidate.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_case_candidate.delivered_on IS 'Day on which the alert first reached the person.';
COMMENT ON COLUMN @registry@.alert_case_candidate.days IS 'Days from then to the act.';
COMMENT ON COLUMN @registry@.alert_case_candidate.confirmed IS 'true: confirmed; false: rejected; null: nobody has decided.';
COMMENT ON COLUMN @registry@.alert_case_candidate.reason IS 'Why.';
COMMENT ON COLUMN @registry@.alert_case_candidate.decided_by IS 'Who decided.';

CREATE FUNCTION @registry@.decide_alert_case(alert bigint, fraud_case bigint, confirm boolean, reason text, decided_by text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  pair record;
  entered bigint;
BEGIN
  IF confirm IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'a decision is true (confirm) or false (reject), not NULL';
  END IF;
  SELECT c.confirmed, c.decided_by INTO pair FROM @registry@.alert_case_candidate AS c
    WHERE c.alert = decide_alert_case.alert AND c.fraud_case = decide_alert_case.fraud_case;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('case %s did not follow alert %s', coalesce(decide_alert_case.fraud_case::text, 'NULL'), coalesce(decide_alert_case.alert::text, 'NULL')),
      DETAIL = 'Not the same person, not reached before the act, one of the two is void, or fraud_case.alert_before already says it.',
      HINT = 'The view alert_case_candidate lists the pairs.';
  ELSIF pair.confirmed IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('alert %s and case %s are %s already', decide_alert_case.alert, decide_alert_case.fraud_case, CASE WHEN pair.confirmed THEN 'confirmed' ELSE 'rejected' END),
      DETAIL = format('By %s.', pair.decided_by),
      HINT = 'Void that row of alert_case with void_fact() to decide anew.';
  END IF;
  INSERT INTO @registry@.alert_case (alert, fraud_case, confirmed, reason, decided_by)
    VALUES (decide_alert_case.alert, decide_alert_case.fraud_case, confirm, coalesce(decide_alert_case.reason, ''), coalesce(decide_alert_case.decided_by, current_user))
    RETURNING alert_case.id INTO entered;
  RETURN entered;
END
$body$;
COMMENT ON FUNCTION @registry@.decide_alert_case(bigint, bigint, boolean, text, text) IS 'Confirm (true) or reject (false) that a case followed an alert, with the reason; a pair of alert_case_candidate, once. Gives the id of the row in alert_case.';

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('alert_received', '收到预警', 'alert received', '条', 'alert', 'alert', 'An alert, on the day on which it arrived; of the unit in charge; amount: what was at risk, in yuan.'),
  ('alert_late', '预警首次响应超时', 'alert answered late', '条', 'alert', 'alert', 'An alert whose level has a limit for the first attempt, on the day of the limit: 1 where none was made in time, known once the limit has passed, 0 where one was; base 1. Of the unit in charge.'),
  ('alert_settled_late', '预警办结超时', 'alert settled late', '条', 'alert', 'alert', 'As alert_late, for the limit by which an alert must be done with.'),
  ('alert_dissuaded', '预警劝阻成功', 'alert with success', '条', 'alert', 'alert', 'An alert that was no false alarm, on the day on which it arrived: 1 where the person was dissuaded, 0 where not; base 1. Of the unit in charge. For rates.'),
  ('dissuasion', '劝阻', 'attempt to dissuade', '次', 'attempt', 'dissuasion', 'An attempt to reach a person at risk, by the unit that made it.'),
  ('case_after_alert_confirmed', '经认定的预警后发案', 'case confirmed to follow an alert', '起', 'case', 'fraud_case', 'As case_after_alert, where a person has confirmed it, or the clerk stated it; amount: gross loss in yuan.');

-- Who was in charge of an alert, as known at each moment: a transfer that is
-- recorded later, or withdrawn, changes that from then on.
CREATE VIEW @registry@.alert_in_charge WITH (security_invoker = true) AS
SELECT a.id AS alert, a.unit, a.region, tstzmultirange(tstzrange(a.recorded_at, a.voided_at)) - COALESCE(t.known, '{}') AS known,
       a.issued_on, a.received_at, a.level, a.outcome, a.victim, a.amount_at_risk
FROM @registry@.alert AS a
LEFT JOIN (SELECT x.alert, range_agg(tstzrange(x.recorded_at, x.voided_at)) AS known FROM @registry@.alert_transfer AS x GROUP BY x.alert) AS t ON t.alert = a.id
UNION ALL
SELECT t.alert, t.to_unit AS unit, u.region,
       tstzmultirange(tstzrange(a.recorded_at, a.voided_at) * tstzrange(t.recorded_at, t.voided_at))
       - COALESCE((SELECT range_agg(tstzrange(x.recorded_at, x.voided_at)) FROM @registry@.alert_transfer AS x WHERE x.alert = t.alert AND x.transferred_at > t.transferred_at), '{}') AS known,
       a.issued_on, a.received_at, a.level, a.outcome, a.victim, a.amount_at_risk
FROM @registry@.alert_transfer AS t
JOIN @registry@.alert AS a ON a.id = t.alert
JOIN @registry@.unit AS u ON u.code = t.to_unit;
COMMENT ON VIEW @registry@.alert_in_charge IS 'Which unit is in charge of each alert, and at which times that was known.';
SELECT @registry@.comment_columns('{alert_in_charge}', '{alert,unit,region,known,issued_on,received_at,level,outcome,victim,amount_at_risk}',
  ARRAY['The alert.', 'The unit.', 'Its region; for the unit to which the alert came, that of the alert.', 'When this was known.', 'Day on which the alert arrived.', 'When it arrived; null: only the day is known.',
        'Its level.', 'The outcome that stands in its own row.', 'Surrogate key of the person at risk.', 'What was at risk, in yuan.']);

CREATE VIEW @registry@.alert_limit_period WITH (security_invoker = true) AS
SELECT x.level, x.valid_from, lead(x.valid_from, 1, DATE 'infinity') OVER (PARTITION BY x.level ORDER BY x.valid_from) AS until, x.first_contact, x.settle_within
FROM @registry@.alert_limit AS x;
COMMENT ON VIEW @registry@.alert_limit_period IS 'The limits of alert_limit with the day on which each gives way to the next.';
SELECT @registry@.comment_columns('{alert_limit_period}', '{level,valid_from,until,first_contact,settle_within}',
  ARRAY['The level.', 'First day of arrival for which it holds.', 'First day for which it no longer does; infinity: until further notice.', 'Time for the first attempt; null: no limit.', 'Time to be done with it; null: no limit.']);

-- On the clocks of China, here and wherever a limit is reckoned: a limit of a
-- day is not 23 hours for who reads from where clocks were put forward.
CREATE VIEW @registry@.alert_deadline WITH (security_invoker = true) AS
SELECT a.id AS alert, a.unit, a.region, (a.received_at AT TIME ZONE 'Asia/Shanghai' + l.first_contact) AT TIME ZONE 'Asia/Shanghai' AS first_contact_due, (a.received_at AT TIME ZONE 'Asia/Shanghai' + l.settle_within) AT TIME ZONE 'Asia/Shanghai' AS settle_due
FROM @registry@.alert AS a
JOIN @registry@.alert_limit_period AS l ON l.level = a.level AND a.issued_on >= l.valid_from AND a.issued_on < l.until
WHERE a.received_at IS NOT NULL;
COMMENT ON VIEW @registry@.alert_deadline IS 'The limits of each alert, by its level and the day on which it arrived; alerts without a level or a time of receipt have none.';
COMMENT ON COLUMN @registry@.alert_deadline.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_deadline.unit IS 'The unit to which it came.';
COMMENT ON COLUMN @registry@.alert_deadline.region IS 'Where it arose.';
COMMENT ON COLUMN @registry@.alert_deadline.first_contact_due IS 'The last moment for the first attempt; null: no limit.';
COMMENT ON COLUMN @registry@.alert_deadline.settle_due IS 'The last moment to be done with it; null: no limit.';
