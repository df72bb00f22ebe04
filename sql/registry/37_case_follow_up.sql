-- What followed a case: the call on the victim, and money that came back. Tables
-- of facts as in 20_facts.sql, of the unit of the case.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('followed_up', '案件回访', 'case followed up', '起', 'case', 'fraud_case', 'A case, on the day it was filed: 1 where the victim was reached afterwards, else 0; base: 1. For rates.'),
  ('refund', '返还被骗资金', 'refund', '笔', 'refund', 'refund', 'Money returned to a victim after the case was filed, on the day it was returned; amount in yuan.');

CREATE TABLE @registry@.follow_up_outcome (
  code text CONSTRAINT follow_up_outcome_pk PRIMARY KEY CONSTRAINT follow_up_outcome_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  counts boolean NOT NULL
);
COMMENT ON TABLE @registry@.follow_up_outcome IS 'How a call on a victim ended. An office may add its own.';
COMMENT ON COLUMN @registry@.follow_up_outcome.counts IS 'Whether the case counts as followed up after it.';
INSERT INTO @registry@.follow_up_outcome (code, label_zh, label_en, counts) VALUES
  ('reached', '已回访', 'reached', true),
  ('refused', '拒绝回访', 'refused', false),
  ('not_reached', '未联系上', 'not reached', false);

CREATE TABLE @registry@.follow_up (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT follow_up_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT follow_up_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  fraud_case bigint NOT NULL CONSTRAINT follow_up_case_fk REFERENCES @registry@.fraud_case,
  followed_on date NOT NULL CONSTRAINT follow_up_followed_on_finite CHECK (pg_catalog.isfinite(followed_on)),
  officer bigint CONSTRAINT follow_up_officer_fk REFERENCES @registry@.officer,
  outcome text NOT NULL DEFAULT 'reached' CONSTRAINT follow_up_outcome_fk REFERENCES @registry@.follow_up_outcome,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT follow_up_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX follow_up_case ON @registry@.follow_up (fraud_case, followed_on);
CREATE INDEX follow_up_unit ON @registry@.follow_up (unit, followed_on);
CREATE UNIQUE INDEX follow_up_source_key ON @registry@.follow_up (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.follow_up IS 'Calls on the victims of cases, one row an attempt.';
COMMENT ON COLUMN @registry@.follow_up.unit IS 'The unit that answers for it; left out, the unit of the case.';
COMMENT ON COLUMN @registry@.follow_up.fraud_case IS 'The case.';
COMMENT ON COLUMN @registry@.follow_up.followed_on IS 'Day of the attempt.';
COMMENT ON COLUMN @registry@.follow_up.officer IS 'Who made it; null: not recorded.';
COMMENT ON COLUMN @registry@.follow_up.outcome IS 'How it ended; see follow_up_outcome.';
COMMENT ON COLUMN @registry@.follow_up.note IS 'Remark.';

CREATE TABLE @registry@.refund (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT refund_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT refund_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  fraud_case bigint NOT NULL CONSTRAINT refund_case_fk REFERENCES @registry@.fraud_case,
  refunded_on date NOT NULL CONSTRAINT refund_refunded_on_finite CHECK (pg_catalog.isfinite(refunded_on)),
  amount numeric NOT NULL CONSTRAINT refund_amount_positive CHECK (amount OPERATOR(pg_catalog.>) 0 AND amount OPERATOR(pg_catalog.<) 1e14),
  activity bigint CONSTRAINT refund_activity_fk REFERENCES @registry@.activity,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT refund_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX refund_case ON @registry@.refund (fraud_case);
CREATE INDEX refund_unit ON @registry@.refund (unit, refunded_on);
CREATE UNIQUE INDEX refund_source_key ON @registry@.refund (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.refund IS 'Money returned to victims after their cases were filed, beyond fraud_case.recovered.';
COMMENT ON COLUMN @registry@.refund.unit IS 'The unit that answers for it; left out, the unit of the case.';
COMMENT ON COLUMN @registry@.refund.fraud_case IS 'The case.';
COMMENT ON COLUMN @registry@.refund.refunded_on IS 'Day on which it was returned.';
COMMENT ON COLUMN @registry@.refund.amount IS 'In yuan. What came back of one case is never more than its loss.';
COMMENT ON COLUMN @registry@.refund.activity IS 'The event at which it was returned; null: at none.';

CREATE FUNCTION @registry@.complete_case_part() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  of_case @registry@.fraud_case;
  done_on date;
  back numeric;
BEGIN
  -- Two sessions that return money for one case come one after the other. To
  -- lock the row of the case would take the right to change it. In REPEATABLE
  -- READ the second does not see the first: there, use SERIALIZABLE.
  IF TG_TABLE_NAME = 'refund' THEN
    PERFORM pg_advisory_xact_lock(TG_RELID::integer, (NEW.fraud_case % 2147483648)::integer);
    done_on := NEW.refunded_on;
  ELSE
    done_on := NEW.followed_on;
  END IF;
  SELECT c.* INTO of_case FROM @registry@.fraud_case AS c WHERE c.id = NEW.fraud_case;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('case %s does not exist', coalesce(NEW.fraud_case::text, 'NULL')),
      DETAIL = format('A row of table "%s" names it.', TG_TABLE_NAME),
      HINT = 'Give the id of the row in fraud_case.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'fraud_case';
  ELSIF of_case.voided_at IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('case %s was withdrawn', of_case.id),
      DETAIL = format('At %s, by %s: %s', of_case.voided_at, of_case.voided_by, of_case.void_reason),
      HINT = 'Record it for the case that stands in its place.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'fraud_case';
  ELSIF done_on < of_case.filed_on THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('%s is before case %s was filed', done_on, of_case.id),
      DETAIL = format('It was filed on %s.', of_case.filed_on),
      HINT = CASE TG_TABLE_NAME WHEN 'refund' THEN 'What came back before belongs to fraud_case.recovered.' ELSE 'Correct the day.' END,
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  NEW.unit := coalesce(NEW.unit, of_case.unit);
  IF TG_TABLE_NAME = 'refund' THEN
    SELECT coalesce(sum(r.amount), 0) INTO back FROM @registry@.refund AS r WHERE r.fraud_case = NEW.fraud_case AND r.voided_at IS NULL;
    back := back + coalesce(of_case.recovered, 0);
    IF back + NEW.amount > of_case.loss THEN
      RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = format('a refund of %s yuan is more than is left of the loss of case %s', NEW.amount, of_case.id),
        DETAIL = format('Of a loss of %s yuan, %s came back before.', of_case.loss, back),
        HINT = 'Correct the amount; a refund that is wrong is voided first.',
        TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'amount';
    END IF;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_case_part() IS 'Trigger: what follows a case comes on or after its filing, takes its unit, and returns no more than was lost.';
CREATE TRIGGER follow_up_0_case BEFORE INSERT ON @registry@.follow_up
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_case_part();
CREATE TRIGGER refund_0_case BEFORE INSERT ON @registry@.refund
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_case_part();

SELECT @registry@.guard_facts('{follow_up,refund}', true);
SELECT @registry@.comment_code_lists('{follow_up_outcome}');
