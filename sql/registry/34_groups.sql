-- What is sent to message groups and passed on from level to level
-- (tuohe-2023, section 3), and the facts that groups supply.

CREATE TABLE @registry@.message_source (
  code text CONSTRAINT message_source_pk PRIMARY KEY CONSTRAINT message_source_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.message_source IS 'Where messages to groups come from. An office may add its own.';
INSERT INTO @registry@.message_source (code, label_zh, label_en) VALUES
  ('superior', '上级总指挥群推送', 'from the command group above'),
  ('case', '真实案例警示', 'warning from a true case'),
  ('alert', '预警信息', 'alert'),
  ('notice', '通知通报', 'notice'),
  ('material', '宣传资料', 'publicity material'),
  ('video', '短视频', 'short video');

CREATE TABLE @registry@.group_message (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT group_message_pk PRIMARY KEY,
  contact_group text NOT NULL,
  unit text NOT NULL,
  region antifraud.region NOT NULL,
  title text NOT NULL CONSTRAINT group_message_title_not_blank CHECK (pg_catalog.btrim(title) OPERATOR(pg_catalog.<>) ''),
  source text NOT NULL DEFAULT 'material' CONSTRAINT group_message_source_fk REFERENCES @registry@.message_source,
  fraud_case bigint CONSTRAINT group_message_fraud_case_fk REFERENCES @registry@.fraud_case,
  alert bigint CONSTRAINT group_message_alert_fk REFERENCES @registry@.alert,
  received_at timestamptz CONSTRAINT group_message_received_at_finite CHECK (pg_catalog.isfinite(received_at)),
  sent_at timestamptz NOT NULL CONSTRAINT group_message_sent_at_finite CHECK (pg_catalog.isfinite(sent_at)),
  sent_on date GENERATED ALWAYS AS ((sent_at AT TIME ZONE 'Asia/Shanghai')::date) STORED,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT group_message_contact_group_fk FOREIGN KEY (contact_group, unit) REFERENCES @registry@.contact_group (code, unit),
  CONSTRAINT group_message_sent_after_received CHECK (sent_at OPERATOR(pg_catalog.>=) received_at),
  CONSTRAINT group_message_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX group_message_contact_group ON @registry@.group_message (contact_group, sent_on);
CREATE INDEX group_message_sent_on ON @registry@.group_message (sent_on);
CREATE INDEX group_message_unit ON @registry@.group_message (unit, sent_on);
CREATE UNIQUE INDEX group_message_source_key ON @registry@.group_message (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.group_message IS 'Messages as they were first sent to a group, mostly of level 1; group_relay says who passed them on.';
COMMENT ON COLUMN @registry@.group_message.contact_group IS 'The group in which it was sent first.';
COMMENT ON COLUMN @registry@.group_message.title IS 'What it is about. No name, and nothing by which a victim could be recognised.';
COMMENT ON COLUMN @registry@.group_message.source IS 'Where it comes from; see message_source.';
COMMENT ON COLUMN @registry@.group_message.fraud_case IS 'The case that it warns of; null: none, or more than one.';
COMMENT ON COLUMN @registry@.group_message.alert IS 'The alert that it was made of; null: none.';
COMMENT ON COLUMN @registry@.group_message.received_at IS 'When it arrived from above, for one that is passed on from outside the groups recorded here; else null.';
COMMENT ON COLUMN @registry@.group_message.sent_at IS 'When it was sent.';
COMMENT ON COLUMN @registry@.group_message.sent_on IS 'The day of that, in China.';

CREATE TABLE @registry@.group_relay (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT group_relay_pk PRIMARY KEY,
  message bigint NOT NULL CONSTRAINT group_relay_message_fk REFERENCES @registry@.group_message,
  contact_group text NOT NULL,
  unit text NOT NULL,
  region antifraud.region NOT NULL,
  relayed_at timestamptz NOT NULL CONSTRAINT group_relay_relayed_at_finite CHECK (pg_catalog.isfinite(relayed_at)),
  relayed_on date GENERATED ALWAYS AS ((relayed_at AT TIME ZONE 'Asia/Shanghai')::date) STORED,
  officer bigint CONSTRAINT group_relay_officer_fk REFERENCES @registry@.officer,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT group_relay_contact_group_fk FOREIGN KEY (contact_group, unit) REFERENCES @registry@.contact_group (code, unit),
  CONSTRAINT group_relay_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX group_relay_once ON @registry@.group_relay (message, contact_group) WHERE voided_at IS NULL;
CREATE INDEX group_relay_contact_group ON @registry@.group_relay (contact_group, relayed_on);
CREATE INDEX group_relay_unit ON @registry@.group_relay (unit, relayed_on);
CREATE UNIQUE INDEX group_relay_source_key ON @registry@.group_relay (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.group_relay IS 'That a message was passed on in a group, once in each.';
COMMENT ON COLUMN @registry@.group_relay.message IS 'The message.';
COMMENT ON COLUMN @registry@.group_relay.contact_group IS 'The group in which it was passed on.';
COMMENT ON COLUMN @registry@.group_relay.relayed_at IS 'When that was.';
COMMENT ON COLUMN @registry@.group_relay.relayed_on IS 'The day of that, in China.';
COMMENT ON COLUMN @registry@.group_relay.officer IS 'The owner or administrator who did it; null: not known.';

CREATE TABLE @registry@.relay_limit (
  level integer NOT NULL CONSTRAINT relay_limit_level_fk REFERENCES @registry@.group_level,
  valid_from date NOT NULL CONSTRAINT relay_limit_valid_from_finite CHECK (pg_catalog.isfinite(valid_from)),
  minutes integer CONSTRAINT relay_limit_minutes_not_negative CHECK (minutes OPERATOR(pg_catalog.>=) 0),
  CONSTRAINT relay_limit_pk PRIMARY KEY (level, valid_from)
);
COMMENT ON TABLE @registry@.relay_limit IS 'Within how many minutes groups of a level pass on what the group above sends. Shipped empty: the documents say "in time". A new limit is a new row, so that earlier messages keep theirs.';
COMMENT ON COLUMN @registry@.relay_limit.level IS 'The level.';
COMMENT ON COLUMN @registry@.relay_limit.valid_from IS 'For messages sent on this day and later, until another row.';
COMMENT ON COLUMN @registry@.relay_limit.minutes IS 'Minutes after the group above had the message; null: no limit from that day on.';

CREATE TRIGGER group_message_0_unit BEFORE INSERT ON @registry@.group_message
  FOR EACH ROW WHEN (NEW.unit IS NULL) EXECUTE FUNCTION @registry@.complete_group_fact();
CREATE TRIGGER group_relay_0_unit BEFORE INSERT ON @registry@.group_relay
  FOR EACH ROW WHEN (NEW.unit IS NULL) EXECUTE FUNCTION @registry@.complete_group_fact();
SELECT @registry@.guard_facts('{group_message,group_relay}', true);
SELECT @registry@.comment_code_lists('{message_source}');

CREATE VIEW @registry@.relay_limit_period (level, valid_from, valid_until, minutes) WITH (security_invoker = true) AS
SELECT l.level, l.valid_from, pg_catalog.lead(l.valid_from) OVER (PARTITION BY l.level ORDER BY l.valid_from), l.minutes
FROM @registry@.relay_limit AS l;
COMMENT ON VIEW @registry@.relay_limit_period IS 'The limits of relay_limit, each with the day on which the next one takes its place.';
COMMENT ON COLUMN @registry@.relay_limit_period.level IS 'The level.';
COMMENT ON COLUMN @registry@.relay_limit_period.valid_from IS 'First day.';
COMMENT ON COLUMN @registry@.relay_limit_period.valid_until IS 'First day of the next one; null: until further notice.';
COMMENT ON COLUMN @registry@.relay_limit_period.minutes IS 'Minutes; null: no limit.';

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('relay', '群消息转发', 'message passed on', '次', 'message', 'group_relay', 'A message that was passed on in a group, on the day of that.'),
  ('relay_late', '群消息转发超时', 'message passed on late', '次', 'message', 'group_relay', 'A message that was passed on after the limit of its level (relay_limit), counted from when the group above had it; without a limit none.'),
  ('group_household', '入群户数', 'household in a message group', '户', 'household', 'group_count', 'Households in a group of level 3, by each count of it; base: households that are to be in it. For rates.'),
  ('group_member', '入群人数', 'person in a message group', '人', 'person', 'group_count', 'Members of a group, by each count of it, at most as many as are to be in it, which is the base. For rates.'),
  ('case_staff_current', '在职工作人员被骗案件', 'case of serving staff', '起', 'case', 'fraud_case', 'A case whose victim works for the unit, former staff not among them; amount: gross loss in yuan.');

-- A late message rests on the relay, on the message and, below the second
-- step, on the relay of the group above: it is known while all of them are.
CREATE VIEW @registry@.facts_of_groups (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT 'relay'::text, r.unit, r.region, r.relayed_on, 1::bigint, NULL::bigint, NULL::numeric, NULL::text, 'group_relay'::text, r.id::text, r.recorded_at, r.voided_at
FROM @registry@.group_relay AS r
UNION ALL
SELECT 'relay_late'::text, r.unit, r.region, r.relayed_on, 1::bigint, NULL::bigint, NULL::numeric, NULL::text, 'group_relay'::text, r.id::text, pg_catalog.lower(k.known), pg_catalog.upper(k.known)
FROM @registry@.group_relay AS r
JOIN @registry@.group_message AS m ON m.id = r.message
JOIN @registry@.contact_group AS g ON g.code = r.contact_group
JOIN @registry@.relay_limit_period AS l ON l.level = g.level AND l.valid_from <= m.sent_on AND (l.valid_until > m.sent_on) IS NOT FALSE
LEFT JOIN @registry@.group_relay AS p ON p.message = r.message AND p.contact_group = g.parent AND g.parent <> m.contact_group
CROSS JOIN LATERAL (SELECT pg_catalog.tstzrange(r.recorded_at, r.voided_at) * pg_catalog.tstzrange(m.recorded_at, m.voided_at)
                           * pg_catalog.tstzrange(p.recorded_at, p.voided_at) AS known) AS k
WHERE NOT pg_catalog.isempty(k.known)
  AND r.relayed_at - CASE WHEN g.parent = m.contact_group THEN m.sent_at ELSE p.relayed_at END > pg_catalog.make_interval(mins => l.minutes)
UNION ALL
SELECT 'relay_late'::text, m.unit, m.region, m.sent_on, 1::bigint, NULL::bigint, NULL::numeric, NULL::text, 'group_message'::text, m.id::text, m.recorded_at, m.voided_at
FROM @registry@.group_message AS m
JOIN @registry@.contact_group AS g ON g.code = m.contact_group
JOIN @registry@.relay_limit_period AS l ON l.level = g.level AND l.valid_from <= m.sent_on AND (l.valid_until > m.sent_on) IS NOT FALSE
WHERE m.sent_at - m.received_at > pg_catalog.make_interval(mins => l.minutes)
UNION ALL
SELECT 'group_household'::text, c.unit, c.region, c.counted_on, c.households::bigint, c.households_eligible::bigint, NULL::numeric, NULL::text, 'group_count'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.group_count AS c
JOIN @registry@.contact_group AS g ON g.code = c.contact_group AND g.level = 3
WHERE c.households IS NOT NULL AND c.households_eligible IS NOT NULL
UNION ALL
SELECT 'group_member'::text, c.unit, c.region, c.counted_on, LEAST(c.members, c.members_eligible)::bigint, c.members_eligible::bigint, NULL::numeric, NULL::text, 'group_count'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.group_count AS c
WHERE c.members_eligible IS NOT NULL
UNION ALL
SELECT 'case_staff_current'::text, c.unit, c.region, c.filed_on, 1::bigint, NULL::bigint, c.loss, c.victim, 'fraud_case'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.fraud_case AS c
WHERE c.victim_serves;
COMMENT ON VIEW @registry@.facts_of_groups IS 'Facts of message groups and rosters; a part of the view fact.';
