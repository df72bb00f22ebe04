-- Alerts: warnings to persons at risk, and the ways to reach them. A table of
-- facts as in 20_facts.sql.

CREATE TABLE @registry@.alert_channel (
  code text CONSTRAINT alert_channel_pk PRIMARY KEY CONSTRAINT alert_channel_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  rank integer NOT NULL,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.alert_channel IS 'The ladder of ways to reach a person at risk, from light to heavy. An office may add its own.';
COMMENT ON COLUMN @registry@.alert_channel.rank IS 'Place on the ladder; higher is heavier.';
INSERT INTO @registry@.alert_channel (code, rank, label_zh, label_en) VALUES
  ('message', 1, '短信', 'message'),
  ('call', 2, '电话', 'call'),
  ('counter', 3, '柜面', 'bank counter'),
  ('visit', 4, '上门见面', 'visit'),
  ('family', 5, '家人劝阻', 'through the family'),
  ('neighbour', 6, '亲友邻里劝阻', 'through relatives and neighbours');

CREATE TABLE @registry@.alert_outcome (
  code text CONSTRAINT alert_outcome_pk PRIMARY KEY CONSTRAINT alert_outcome_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.alert_outcome IS 'How an alert ended. An office may add its own.';
INSERT INTO @registry@.alert_outcome (code, label_zh, label_en) VALUES
  ('dissuaded', '劝阻成功', 'dissuaded'),
  ('not_believed', '不承认受骗', 'not believed'),
  ('refused', '拒接或拒见', 'refused'),
  ('not_reached', '未联系上', 'not reached'),
  ('false_alarm', '误报', 'false alarm');

CREATE TABLE @registry@.alert (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alert_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT alert_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  victim text NOT NULL CONSTRAINT alert_victim_not_blank CHECK (pg_catalog.btrim(victim) OPERATOR(pg_catalog.<>) ''),
  issued_on date NOT NULL CONSTRAINT alert_issued_on_finite CHECK (pg_catalog.isfinite(issued_on)),
  delivered_on date CONSTRAINT alert_delivered_on_finite CHECK (pg_catalog.isfinite(delivered_on)),
  channel text CONSTRAINT alert_channel_fk REFERENCES @registry@.alert_channel,
  outcome text CONSTRAINT alert_outcome_fk REFERENCES @registry@.alert_outcome,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT alert_delivered_after_issue CHECK (delivered_on OPERATOR(pg_catalog.>=) issued_on),
  CONSTRAINT alert_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX alert_victim ON @registry@.alert (victim);
CREATE INDEX alert_unit ON @registry@.alert (unit, issued_on);
CREATE UNIQUE INDEX alert_source_key ON @registry@.alert (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.alert IS 'Warnings to persons who were about to be defrauded.';
COMMENT ON COLUMN @registry@.alert.victim IS 'Surrogate key of the person warned: the one that fraud_case.victim uses. No name and no citizen id.';
COMMENT ON COLUMN @registry@.alert.issued_on IS 'Day on which the alert arrived at the unit.';
COMMENT ON COLUMN @registry@.alert.delivered_on IS 'Day on which the person was reached; null if never.';
COMMENT ON COLUMN @registry@.alert.channel IS 'How the person was reached; see alert_channel.';
COMMENT ON COLUMN @registry@.alert.outcome IS 'How it ended; see alert_outcome.';

SELECT @registry@.guard_facts('{alert}', true);
SELECT @registry@.comment_code_lists('{alert_channel,alert_outcome}');
