-- Alerts: warnings about persons at risk, how they are answered, and when an
-- answer is late. Tables of facts as in 20_facts.sql; 29_alerts.sql has what
-- may be recorded when, and what is counted.

CREATE TABLE @registry@.alert_channel (
  code text CONSTRAINT alert_channel_pk PRIMARY KEY CONSTRAINT alert_channel_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  rank integer NOT NULL
);
COMMENT ON TABLE @registry@.alert_channel IS 'The ladder of ways to reach a person at risk, from light to heavy. An office may add its own.';
COMMENT ON COLUMN @registry@.alert_channel.rank IS 'Place on the ladder; higher is heavier.';
INSERT INTO @registry@.alert_channel (code, rank, label_zh, label_en) VALUES
  ('message', 1, '短信', 'message'),
  ('call', 2, '电话', 'call'),
  ('counter', 3, '柜面', 'bank counter'),
  ('visit', 4, '上门见面', 'visit'),
  ('family', 5, '家人劝阻', 'through the family'),
  ('neighbour', 6, '亲友邻里劝阻', 'through relatives and neighbours'),
  ('building_head', 7, '楼长劝阻', 'through the head of the building'),
  ('grid_worker', 8, '网格员劝阻', 'through the grid worker');

CREATE TABLE @registry@.alert_outcome (
  code text CONSTRAINT alert_outcome_pk PRIMARY KEY CONSTRAINT alert_outcome_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  settles boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE @registry@.alert_outcome IS 'How an alert, or one attempt at it, ended. An office may add its own.';
COMMENT ON COLUMN @registry@.alert_outcome.settles IS 'Whether the alert is done with; otherwise the next step of the ladder follows.';
INSERT INTO @registry@.alert_outcome (code, label_zh, label_en, settles) VALUES
  ('dissuaded', '劝阻成功', 'dissuaded', true),
  ('not_believed', '不承认受骗', 'not believed', false),
  ('refused', '拒接或拒见', 'refused', false),
  ('not_reached', '未联系上', 'not reached', false),
  ('passed_on', '已转达', 'passed on by another', false),
  ('failed', '劝阻失败，已转账', 'failed, the money is gone', true),
  ('false_alarm', '误报', 'false alarm', true);

CREATE TABLE @registry@.alert_source (
  code text CONSTRAINT alert_source_pk PRIMARY KEY CONSTRAINT alert_source_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.alert_source IS 'From where alerts come. An office may add its own.';
INSERT INTO @registry@.alert_source (code, label_zh, label_en) VALUES
  ('county_centre', '县反诈中心', 'anti-fraud centre of the county'),
  ('bank', '银行', 'bank'),
  ('telecom', '电信运营商', 'telecom operator'),
  ('platform', '互联网平台', 'internet platform'),
  ('resident', '群众', 'resident');

CREATE TABLE @registry@.alert_level (
  code text CONSTRAINT alert_level_pk PRIMARY KEY CONSTRAINT alert_level_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  rank integer NOT NULL CONSTRAINT alert_level_rank_once UNIQUE,
  first_channel text CONSTRAINT alert_level_first_channel_fk REFERENCES @registry@.alert_channel
);
COMMENT ON TABLE @registry@.alert_level IS 'Levels of alerts. The sources ask for grades and name none: these are ours, and an office may change them.';
COMMENT ON COLUMN @registry@.alert_level.rank IS 'Order; higher is more urgent.';
COMMENT ON COLUMN @registry@.alert_level.first_channel IS 'The rung of the ladder with which to begin.';
INSERT INTO @registry@.alert_level (code, rank, label_zh, label_en, first_channel) VALUES
  ('low', 1, '低风险', 'low risk', 'message'),
  ('medium', 2, '中风险', 'medium risk', 'call'),
  ('high', 3, '高风险', 'high risk', 'visit');

CREATE TABLE @registry@.alert_limit (
  level text CONSTRAINT alert_limit_level_fk REFERENCES @registry@.alert_level,
  valid_from date NOT NULL CONSTRAINT alert_limit_valid_from_finite CHECK (isfinite(valid_from)),
  first_contact interval CONSTRAINT alert_limit_first_contact_positive CHECK (first_contact > interval '0'),
  settle_within interval CONSTRAINT alert_limit_settle_within_positive CHECK (settle_within > interval '0'),
  CONSTRAINT alert_limit_pk PRIMARY KEY (level, valid_from)
);
COMMENT ON TABLE @registry@.alert_limit IS 'Within what time an alert must be answered, by level: the latest row by the day on which it arrived. None is shipped, since the sources ask for speed and give no hours. A new limit is a new row; changing one rewrites the past.';
COMMENT ON COLUMN @registry@.alert_limit.level IS 'The level.';
COMMENT ON COLUMN @registry@.alert_limit.valid_from IS 'First day of arrival for which it holds.';
COMMENT ON COLUMN @registry@.alert_limit.first_contact IS 'From the receipt to the first attempt, that time included; null: no limit.';
COMMENT ON COLUMN @registry@.alert_limit.settle_within IS 'From the receipt until the alert is done with; null: no limit.';

CREATE TABLE @registry@.alert_step (
  after_channel text CONSTRAINT alert_step_after_channel_fk REFERENCES @registry@.alert_channel,
  after_outcome text CONSTRAINT alert_step_after_outcome_fk REFERENCES @registry@.alert_outcome,
  next_channel text NOT NULL CONSTRAINT alert_step_next_channel_fk REFERENCES @registry@.alert_channel,
  CONSTRAINT alert_step_pk PRIMARY KEY (after_channel, after_outcome)
);
COMMENT ON TABLE @registry@.alert_step IS 'What follows an attempt that did not settle the alert (nanma-2023, qingyuan-2024). An office may change it.';
COMMENT ON COLUMN @registry@.alert_step.after_channel IS 'How it was tried.';
COMMENT ON COLUMN @registry@.alert_step.after_outcome IS 'What came of it.';
COMMENT ON COLUMN @registry@.alert_step.next_channel IS 'How to try next.';
INSERT INTO @registry@.alert_step (after_channel, after_outcome, next_channel) VALUES
  ('message', 'not_believed', 'call'), ('message', 'not_reached', 'call'), ('message', 'refused', 'call'),
  -- who denies it on the telephone is reached through the family
  ('call', 'not_believed', 'family'),
  -- who does not answer is called on
  ('call', 'not_reached', 'visit'), ('call', 'refused', 'visit'),
  ('counter', 'not_believed', 'visit'), ('counter', 'not_reached', 'visit'), ('counter', 'refused', 'visit'),
  -- and where the door stays shut: family, friends, the building head, the grid worker
  ('visit', 'not_believed', 'family'), ('visit', 'not_reached', 'family'), ('visit', 'refused', 'family'),
  ('family', 'not_believed', 'neighbour'), ('family', 'not_reached', 'neighbour'), ('family', 'refused', 'neighbour'),
  ('neighbour', 'not_believed', 'building_head'), ('neighbour', 'not_reached', 'building_head'), ('neighbour', 'refused', 'building_head'),
  ('building_head', 'not_believed', 'grid_worker'), ('building_head', 'not_reached', 'grid_worker'), ('building_head', 'refused', 'grid_worker'),
  -- who has passed it on has yet to be followed by a visit
  ('family', 'passed_on', 'visit'), ('neighbour', 'passed_on', 'visit'), ('building_head', 'passed_on', 'visit'), ('grid_worker', 'passed_on', 'visit');

CREATE TABLE @registry@.alert (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alert_pk PRIMARY KEY,
  alert_no text CONSTRAINT alert_alert_no_not_blank CHECK (btrim(alert_no) <> ''),
  unit text NOT NULL CONSTRAINT alert_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  victim text NOT NULL CONSTRAINT alert_victim_not_blank CHECK (btrim(victim) <> ''),
  source text CONSTRAINT alert_source_fk REFERENCES @registry@.alert_source,
  level text CONSTRAINT alert_level_fk REFERENCES @registry@.alert_level,
  received_at timestamptz CONSTRAINT alert_received_at_finite CHECK (isfinite(received_at)),
  issued_on date NOT NULL CONSTRAINT alert_issued_on_finite CHECK (isfinite(issued_on)),
  amount_at_risk numeric CONSTRAINT alert_amount_not_negative CHECK (amount_at_risk >= 0 AND amount_at_risk < 1e14),
  delivered_on date CONSTRAINT alert_delivered_on_finite CHECK (isfinite(delivered_on)),
  channel text CONSTRAINT alert_channel_fk REFERENCES @registry@.alert_channel,
  outcome text CONSTRAINT alert_outcome_fk REFERENCES @registry@.alert_outcome,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT alert_delivered_after_issue CHECK (delivered_on >= issued_on),
  CONSTRAINT alert_issued_when_received CHECK (issued_on = (received_at AT TIME ZONE 'Asia/Shanghai')::date),
  CONSTRAINT alert_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX alert_source_key ON @registry@.alert (source_key) WHERE voided_at IS NULL;
CREATE INDEX alert_victim ON @registry@.alert (victim);
CREATE INDEX alert_unit ON @registry@.alert (unit, issued_on);
CREATE INDEX alert_region ON @registry@.alert (region);
-- an attempt on an alert that was withdrawn was none: these are few
CREATE INDEX alert_voided ON @registry@.alert (id) INCLUDE (voided_at) WHERE voided_at IS NOT NULL;
CREATE UNIQUE INDEX alert_no ON @registry@.alert (alert_no) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.alert IS 'Warnings about persons who were about to be defrauded. What was done about one is in dissuasion; an import that knows only the end may give delivered_on, channel and outcome here.';
COMMENT ON COLUMN @registry@.alert.alert_no IS 'Number of the alert.';
COMMENT ON COLUMN @registry@.alert.unit IS 'The unit to which it came first; see alert_transfer.';
COMMENT ON COLUMN @registry@.alert.victim IS 'Surrogate key of the person warned: the one that fraud_case.victim uses. No name and no citizen id.';
COMMENT ON COLUMN @registry@.alert.source IS 'From where it came; see alert_source.';
COMMENT ON COLUMN @registry@.alert.level IS 'Level; see alert_level.';
COMMENT ON COLUMN @registry@.alert.received_at IS 'When it arrived: limits run from here. Null: only the day is known, and no limit is judged.';
COMMENT ON COLUMN @registry@.alert.issued_on IS 'Day on which it arrived at the unit; left out, the day of received_at in China.';
COMMENT ON COLUMN @registry@.alert.amount_at_risk IS 'What the person might lose, in yuan.';
COMMENT ON COLUMN @registry@.alert.delivered_on IS 'Day on which the person was reached, where no attempts are recorded; null: see dissuasion.';
COMMENT ON COLUMN @registry@.alert.channel IS 'How the person was reached, where no attempts are recorded; see alert_channel.';
COMMENT ON COLUMN @registry@.alert.outcome IS 'How it ended, where no attempts are recorded; see alert_outcome.';

CREATE TABLE @registry@.alert_transfer (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alert_transfer_pk PRIMARY KEY,
  alert bigint NOT NULL CONSTRAINT alert_transfer_alert_fk REFERENCES @registry@.alert,
  from_unit text NOT NULL CONSTRAINT alert_transfer_from_unit_fk REFERENCES @registry@.unit,
  to_unit text NOT NULL CONSTRAINT alert_transfer_to_unit_fk REFERENCES @registry@.unit,
  transferred_at timestamptz NOT NULL CONSTRAINT alert_transfer_at_finite CHECK (isfinite(transferred_at)),
  reason text NOT NULL CONSTRAINT alert_transfer_reason_not_blank CHECK (btrim(reason) <> ''),
  through text[] NOT NULL DEFAULT '{}',
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT alert_transfer_to_another CHECK (to_unit <> from_unit),
  CONSTRAINT alert_transfer_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX alert_transfer_source_key ON @registry@.alert_transfer (source_key) WHERE voided_at IS NULL;
CREATE INDEX alert_transfer_alert ON @registry@.alert_transfer (alert, transferred_at);
COMMENT ON TABLE @registry@.alert_transfer IS 'Alerts that went from one unit to another: down to a village or grid, to where the person stays. The last one says who is in charge; limits run on.';
COMMENT ON COLUMN @registry@.alert_transfer.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_transfer.from_unit IS 'The unit in charge before, filled in.';
COMMENT ON COLUMN @registry@.alert_transfer.to_unit IS 'The unit in charge from then on.';
COMMENT ON COLUMN @registry@.alert_transfer.transferred_at IS 'When.';
COMMENT ON COLUMN @registry@.alert_transfer.reason IS 'Why.';
COMMENT ON COLUMN @registry@.alert_transfer.through IS 'The units that were in charge before from_unit, filled in: they go on seeing where the alert went.';

CREATE TABLE @registry@.alert_acceptance (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alert_acceptance_pk PRIMARY KEY,
  alert bigint NOT NULL CONSTRAINT alert_acceptance_alert_fk REFERENCES @registry@.alert,
  unit text NOT NULL CONSTRAINT alert_acceptance_unit_fk REFERENCES @registry@.unit,
  accepted_at timestamptz NOT NULL CONSTRAINT alert_acceptance_at_finite CHECK (isfinite(accepted_at)),
  officer bigint CONSTRAINT alert_acceptance_officer_fk REFERENCES @registry@.officer,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT alert_acceptance_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX alert_acceptance_source_key ON @registry@.alert_acceptance (source_key) WHERE voided_at IS NULL;
CREATE INDEX alert_acceptance_alert ON @registry@.alert_acceptance (alert, unit);
COMMENT ON TABLE @registry@.alert_acceptance IS 'That a unit has taken note of an alert that is in its charge.';
COMMENT ON COLUMN @registry@.alert_acceptance.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_acceptance.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.alert_acceptance.accepted_at IS 'When.';
COMMENT ON COLUMN @registry@.alert_acceptance.officer IS 'Who took note.';

CREATE TABLE @registry@.alert_addressee (
  code text CONSTRAINT alert_addressee_pk PRIMARY KEY CONSTRAINT alert_addressee_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.alert_addressee IS 'Who was spoken to. An office may add its own.';
INSERT INTO @registry@.alert_addressee (code, label_zh, label_en) VALUES
  ('self', '本人', 'the person at risk'),
  ('family', '家人', 'family'),
  ('relative', '亲友', 'relatives and friends'),
  ('building_head', '楼长', 'head of the building'),
  ('grid_worker', '网格员', 'grid worker');

-- Who helps to warn somebody does so freely: no column names a relative, and
-- no number of one is kept.
CREATE TABLE @registry@.dissuasion (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT dissuasion_pk PRIMARY KEY,
  alert bigint NOT NULL CONSTRAINT dissuasion_alert_fk REFERENCES @registry@.alert,
  unit text NOT NULL CONSTRAINT dissuasion_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  attempt_at timestamptz NOT NULL CONSTRAINT dissuasion_attempt_at_finite CHECK (isfinite(attempt_at)),
  made_on date NOT NULL GENERATED ALWAYS AS ((attempt_at AT TIME ZONE 'Asia/Shanghai')::date) STORED,
  channel text NOT NULL CONSTRAINT dissuasion_channel_fk REFERENCES @registry@.alert_channel,
  addressee text NOT NULL DEFAULT 'self' CONSTRAINT dissuasion_addressee_fk REFERENCES @registry@.alert_addressee,
  outcome text NOT NULL CONSTRAINT dissuasion_outcome_fk REFERENCES @registry@.alert_outcome,
  reached boolean NOT NULL,
  officer bigint CONSTRAINT dissuasion_officer_fk REFERENCES @registry@.officer,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT dissuasion_reached_or_not CHECK (CASE WHEN outcome = ANY ('{not_reached,refused}') THEN NOT reached WHEN outcome = ANY ('{dissuaded,not_believed}') THEN reached ELSE true END),
  CONSTRAINT dissuasion_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX dissuasion_source_key ON @registry@.dissuasion (source_key) WHERE voided_at IS NULL;
CREATE INDEX dissuasion_alert ON @registry@.dissuasion (alert, attempt_at);
CREATE INDEX dissuasion_unit ON @registry@.dissuasion (unit, made_on);
-- which alerts have an attempt that was withdrawn, without reading the others
CREATE INDEX dissuasion_voided ON @registry@.dissuasion (alert) WHERE voided_at IS NOT NULL;
COMMENT ON TABLE @registry@.dissuasion IS 'Attempts to reach a person at risk and talk the person out of paying, one row each.';
COMMENT ON COLUMN @registry@.dissuasion.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.dissuasion.unit IS 'The unit that tried; left out, the one in charge then.';
COMMENT ON COLUMN @registry@.dissuasion.attempt_at IS 'When.';
COMMENT ON COLUMN @registry@.dissuasion.made_on IS 'Day of the attempt, in China.';
COMMENT ON COLUMN @registry@.dissuasion.channel IS 'How; see alert_channel.';
COMMENT ON COLUMN @registry@.dissuasion.addressee IS 'Who was spoken to; see alert_addressee. No name and no number.';
COMMENT ON COLUMN @registry@.dissuasion.outcome IS 'What came of it; see alert_outcome.';
COMMENT ON COLUMN @registry@.dissuasion.reached IS 'Whether the warning reached the person at risk.';
COMMENT ON COLUMN @registry@.dissuasion.officer IS 'Who tried: of the staff of the unit, the grid, the police.';

-- Who was brought in. That somebody was is not yet an attempt.
CREATE TABLE @registry@.alert_helper (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT alert_helper_pk PRIMARY KEY,
  alert bigint NOT NULL CONSTRAINT alert_helper_alert_fk REFERENCES @registry@.alert,
  unit text NOT NULL CONSTRAINT alert_helper_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  officer bigint NOT NULL CONSTRAINT alert_helper_officer_fk REFERENCES @registry@.officer,
  called_at timestamptz NOT NULL CONSTRAINT alert_helper_called_at_finite CHECK (isfinite(called_at)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT alert_helper_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX alert_helper_source_key ON @registry@.alert_helper (source_key) WHERE voided_at IS NULL;
CREATE INDEX alert_helper_alert ON @registry@.alert_helper (alert, called_at);
COMMENT ON TABLE @registry@.alert_helper IS 'Who was brought in to reach a person at risk, such as the grid worker and the police assistant (nanma-2023, 3 (2)). What they then did is in dissuasion.';
COMMENT ON COLUMN @registry@.alert_helper.alert IS 'The alert.';
COMMENT ON COLUMN @registry@.alert_helper.unit IS 'The unit that brought them in; left out, the one in charge.';
COMMENT ON COLUMN @registry@.alert_helper.officer IS 'Who was brought in.';
COMMENT ON COLUMN @registry@.alert_helper.called_at IS 'When.';

SELECT @registry@.guard_facts('{alert}', true);
SELECT @registry@.guard_facts('{dissuasion,alert_helper}', true);
SELECT @registry@.guard_facts('{alert_transfer,alert_acceptance}', false);
SELECT @registry@.comment_code_lists('{alert_channel,alert_outcome,alert_source,alert_level,alert_addressee}');
