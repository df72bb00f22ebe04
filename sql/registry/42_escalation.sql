-- What was raised, and what became of it. An escalation is entered once for a
-- subject, rule, episode and rung; all that follows is an event, and events
-- alone change its state. Which steps there are is data: escalation_step.

CREATE TABLE @registry@.escalation_state (
  code text CONSTRAINT escalation_state_pk PRIMARY KEY,
  rank integer NOT NULL CONSTRAINT escalation_state_rank_once UNIQUE,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  open boolean NOT NULL
);
COMMENT ON TABLE @registry@.escalation_state IS 'States of an escalation.';
COMMENT ON COLUMN @registry@.escalation_state.rank IS 'Order in lists.';
COMMENT ON COLUMN @registry@.escalation_state.open IS 'Whether somebody still has to do something.';
INSERT INTO @registry@.escalation_state (code, rank, label_zh, label_en, open) VALUES
  ('proposed', 1, '待审定', 'proposed', true),
  ('raised', 2, '已发出', 'raised', true),
  ('delivered', 3, '已送达', 'delivered', true),
  ('acknowledged', 4, '已签收', 'acknowledged', true),
  ('rectified', 5, '已整改', 'rectified', true),
  ('verified', 6, '已核验', 'verified', true),
  ('closed', 7, '已办结', 'closed', false),
  ('rejected', 8, '不予采取', 'rejected', false),
  ('withdrawn', 9, '已撤回', 'withdrawn', false);

CREATE TABLE @registry@.escalation_action (
  code text CONSTRAINT escalation_action_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  needs_reason boolean NOT NULL,
  needs_evidence boolean NOT NULL,
  by_authority boolean NOT NULL,
  by_registry boolean NOT NULL
);
COMMENT ON TABLE @registry@.escalation_action IS 'What can be done about an escalation, and what it takes.';
COMMENT ON COLUMN @registry@.escalation_action.needs_reason IS 'Whether a reason must be given.';
COMMENT ON COLUMN @registry@.escalation_action.needs_evidence IS 'Whether evidence must be cited: a JSON object that is not empty.';
COMMENT ON COLUMN @registry@.escalation_action.by_authority IS 'Whether only roles in escalation_authority may do it.';
COMMENT ON COLUMN @registry@.escalation_action.by_registry IS 'Whether only the registry itself does it, when it evaluates rules and keeps dates.';
INSERT INTO @registry@.escalation_action (code, label_zh, label_en, needs_reason, needs_evidence, by_authority, by_registry) VALUES
  ('raise', '发出', 'raise', false, false, false, true),
  ('propose', '提请审定', 'propose', false, false, false, true),
  ('confirm', '审定', 'confirm', true, false, true, false),
  ('reject', '不予采取', 'reject', true, false, true, false),
  ('deliver', '送达', 'deliver', false, false, false, false),
  ('acknowledge', '签收', 'acknowledge', false, false, false, false),
  ('rectify', '整改', 'rectify', true, true, false, false),
  ('return', '退回整改', 'send back', true, false, false, false),
  ('verify', '核验', 'verify', false, false, false, false),
  ('close', '办结', 'close', false, false, false, false),
  ('remind', '催办', 'remind', false, false, false, true),
  ('climb', '升级', 'climb', false, false, false, true),
  ('snooze', '缓办', 'snooze', true, true, true, false),
  ('wake', '恢复办理', 'end the snooze', false, false, false, true),
  ('withdraw', '撤回', 'withdraw', true, false, false, true),
  ('reinstate', '恢复', 'reinstate', true, false, false, true),
  ('cancel', '撤销', 'cancel', true, false, true, false);

CREATE TABLE @registry@.escalation_step (
  action text NOT NULL CONSTRAINT escalation_step_action_fk REFERENCES @registry@.escalation_action,
  from_state text CONSTRAINT escalation_step_from_fk REFERENCES @registry@.escalation_state,
  to_state text NOT NULL CONSTRAINT escalation_step_to_fk REFERENCES @registry@.escalation_state,
  punitive boolean,
  CONSTRAINT escalation_step_once UNIQUE NULLS NOT DISTINCT (action, from_state, punitive)
);
COMMENT ON TABLE @registry@.escalation_step IS 'The steps from state to state: all that are not here are refused.';
COMMENT ON COLUMN @registry@.escalation_step.action IS 'What is done; see escalation_action.';
COMMENT ON COLUMN @registry@.escalation_step.from_state IS 'In which state it can be done; null: it is the first step.';
COMMENT ON COLUMN @registry@.escalation_step.to_state IS 'The state afterwards.';
COMMENT ON COLUMN @registry@.escalation_step.punitive IS 'For punitive rungs only (true), for the others only (false); null: for all.';
INSERT INTO @registry@.escalation_step (action, from_state, to_state, punitive) VALUES
  ('raise', NULL, 'raised', false),
  ('propose', NULL, 'proposed', true),
  ('confirm', 'proposed', 'raised', NULL),
  ('reject', 'proposed', 'rejected', NULL),
  ('deliver', 'raised', 'delivered', NULL),
  ('acknowledge', 'raised', 'acknowledged', NULL),      -- who signs for it has it
  ('acknowledge', 'delivered', 'acknowledged', NULL),
  ('rectify', 'acknowledged', 'rectified', NULL),
  ('return', 'rectified', 'acknowledged', NULL),
  ('verify', 'rectified', 'verified', NULL),
  ('close', 'verified', 'closed', NULL),
  ('withdraw', 'proposed', 'withdrawn', NULL),
  ('withdraw', 'raised', 'withdrawn', NULL),
  ('withdraw', 'delivered', 'withdrawn', NULL),
  ('withdraw', 'acknowledged', 'withdrawn', NULL),
  ('withdraw', 'rectified', 'withdrawn', NULL),
  ('withdraw', 'verified', 'withdrawn', NULL),
  ('reinstate', 'withdrawn', 'raised', false),
  ('reinstate', 'withdrawn', 'proposed', true),         -- the facts are others: it is decided anew
  ('cancel', 'proposed', 'withdrawn', NULL),
  ('cancel', 'raised', 'withdrawn', NULL),
  ('cancel', 'delivered', 'withdrawn', NULL),
  ('cancel', 'acknowledged', 'withdrawn', NULL),
  ('cancel', 'rectified', 'withdrawn', NULL),
  ('cancel', 'verified', 'withdrawn', NULL),
  ('cancel', 'closed', 'withdrawn', NULL),
  ('remind', 'proposed', 'proposed', NULL),
  ('remind', 'raised', 'raised', NULL),
  ('remind', 'delivered', 'delivered', NULL),
  ('remind', 'acknowledged', 'acknowledged', NULL),
  ('climb', 'raised', 'raised', NULL),
  ('climb', 'delivered', 'delivered', NULL),
  ('climb', 'acknowledged', 'acknowledged', NULL),
  ('snooze', 'proposed', 'proposed', NULL),
  ('snooze', 'raised', 'raised', NULL),
  ('snooze', 'delivered', 'delivered', NULL),
  ('snooze', 'acknowledged', 'acknowledged', NULL),
  ('wake', 'proposed', 'proposed', NULL),
  ('wake', 'raised', 'raised', NULL),
  ('wake', 'delivered', 'delivered', NULL),
  ('wake', 'acknowledged', 'acknowledged', NULL);
SELECT @registry@.comment_code_lists('{escalation_state,escalation_action}');

CREATE TABLE @registry@.escalation_authority (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT escalation_authority_pk PRIMARY KEY,
  role name NOT NULL,
  authority text NOT NULL CONSTRAINT escalation_authority_authority_not_blank CHECK (btrim(authority) <> ''),
  rung text CONSTRAINT escalation_authority_rung_fk REFERENCES @registry@.ladder,
  region antifraud.region,
  valid daterange NOT NULL DEFAULT '(,)' CONSTRAINT escalation_authority_valid_not_empty CHECK (NOT isempty(valid)),
  basis text NOT NULL CONSTRAINT escalation_authority_basis_not_blank CHECK (btrim(basis) <> '')
);
COMMENT ON TABLE @registry@.escalation_authority IS 'Who confirms, rejects, snoozes, cancels and suppresses: the members of a role, in the name of an authority. Empty as shipped: nobody does until the office says who.';
COMMENT ON COLUMN @registry@.escalation_authority.id IS 'Identity.';
COMMENT ON COLUMN @registry@.escalation_authority.role IS 'The role of the database.';
COMMENT ON COLUMN @registry@.escalation_authority.authority IS 'The post or body that it acts for, as decisions name it.';
COMMENT ON COLUMN @registry@.escalation_authority.rung IS 'The rung that it decides on; null: all.';
COMMENT ON COLUMN @registry@.escalation_authority.region IS 'Where; null: everywhere.';
COMMENT ON COLUMN @registry@.escalation_authority.valid IS 'The days on which it may. What is decided on one of them can be entered as long as the role may decide still, by this row or another.';
COMMENT ON COLUMN @registry@.escalation_authority.basis IS 'Document or provision that it rests on.';

CREATE TABLE @registry@.escalation (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT escalation_pk PRIMARY KEY,
  rule text NOT NULL CONSTRAINT escalation_rule_fk REFERENCES @registry@.escalation_rule,
  rung text NOT NULL CONSTRAINT escalation_rung_fk REFERENCES @registry@.ladder,
  subject text NOT NULL CONSTRAINT escalation_subject_form CHECK (subject = 'unit:' || unit OR subject ~ '^person:.'),
  unit text CONSTRAINT escalation_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  episode text NOT NULL CONSTRAINT escalation_episode_form CHECK (episode ~ '^(fact|period|due|climb):.'),
  caused_by bigint CONSTRAINT escalation_caused_by_fk REFERENCES @registry@.escalation,
  as_of date NOT NULL CONSTRAINT escalation_as_of_finite CHECK (isfinite(as_of)),
  observed jsonb NOT NULL DEFAULT '{}' CONSTRAINT escalation_observed_is_object CHECK (jsonb_typeof(observed) = 'object'),
  fact_table text,
  fact_key text,
  state text NOT NULL CONSTRAINT escalation_state_fk REFERENCES @registry@.escalation_state,
  acknowledge_by date,
  rectify_by date,
  snoozed_until date,
  raised_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  raised_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT escalation_once UNIQUE (subject, rule, episode, rung),
  CONSTRAINT escalation_fact_complete CHECK (num_nulls(fact_table, fact_key) = ANY ('{0,2}')),
  CONSTRAINT escalation_climb_has_its_cause CHECK (CASE WHEN caused_by IS NULL THEN episode !~ '^climb:' ELSE episode = 'climb:' || caused_by END)
);
CREATE INDEX escalation_unit ON @registry@.escalation (unit, as_of);
CREATE INDEX escalation_region_open ON @registry@.escalation (region) WHERE state = ANY ('{proposed,raised,delivered,acknowledged,rectified,verified}');
CREATE INDEX escalation_rule_state ON @registry@.escalation (rule, subject, state);
CREATE INDEX escalation_caused_by ON @registry@.escalation (caused_by) WHERE caused_by IS NOT NULL;
CREATE INDEX escalation_fact ON @registry@.escalation (fact_table, fact_key) WHERE fact_table IS NOT NULL;
-- what time alone brings: letters not acknowledged or not put right, snoozes
-- that end
CREATE INDEX escalation_acknowledge_by ON @registry@.escalation (acknowledge_by) WHERE state = ANY ('{raised,delivered}');
CREATE INDEX escalation_rectify_by ON @registry@.escalation (rectify_by) WHERE state = ANY ('{raised,delivered,acknowledged}');
CREATE INDEX escalation_snoozed ON @registry@.escalation (snoozed_until) WHERE snoozed_until IS NOT NULL;
COMMENT ON TABLE @registry@.escalation IS 'What was raised: entered by the registry, once for a subject, rule, episode and rung. Its state is that of its latest event, and follows from events alone.';
COMMENT ON COLUMN @registry@.escalation.id IS 'Identity; not in order of time.';
COMMENT ON COLUMN @registry@.escalation.rule IS 'The rule that raised it.';
COMMENT ON COLUMN @registry@.escalation.rung IS 'The rung; see ladder.';
COMMENT ON COLUMN @registry@.escalation.subject IS 'Who it is about: unit: and a code, or person: and a surrogate key, without name and number.';
COMMENT ON COLUMN @registry@.escalation.unit IS 'The unit that answers; null: a person for whom none does.';
COMMENT ON COLUMN @registry@.escalation.region IS 'Where it belongs.';
COMMENT ON COLUMN @registry@.escalation.episode IS 'What makes it another one: fact: and the row of the fact, for rules on the size of one; period: and the first day that was counted; due: and the day that was missed; climb: and the escalation that was not heeded.';
COMMENT ON COLUMN @registry@.escalation.caused_by IS 'The escalation that was not acknowledged or not put right in time; null: it rests on facts.';
COMMENT ON COLUMN @registry@.escalation.as_of IS 'The day as of which it was found.';
COMMENT ON COLUMN @registry@.escalation.observed IS 'What the rule saw: counts, sums, baseline, amount. No names.';
COMMENT ON COLUMN @registry@.escalation.fact_table IS 'The table of the fact that it rests on; null: it rests on a sum of facts.';
COMMENT ON COLUMN @registry@.escalation.fact_key IS 'Identity of the row there.';
COMMENT ON COLUMN @registry@.escalation.state IS 'State; see escalation_state. Left out on entry: proposed for punitive rungs, raised for others.';
COMMENT ON COLUMN @registry@.escalation.acknowledge_by IS 'Last day on which it can be acknowledged in time; null: whenever, or not yet confirmed.';
COMMENT ON COLUMN @registry@.escalation.rectify_by IS 'Last day on which it can be put right in time; null: whenever, or not yet confirmed.';
COMMENT ON COLUMN @registry@.escalation.snoozed_until IS 'Last day on which it neither climbs nor reminds; null: it is not snoozed.';
COMMENT ON COLUMN @registry@.escalation.raised_at IS 'When it was entered: start of the transaction.';
COMMENT ON COLUMN @registry@.escalation.raised_by IS 'The account that entered it.';

CREATE TABLE @registry@.escalation_event (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT escalation_event_pk PRIMARY KEY,
  escalation bigint NOT NULL CONSTRAINT escalation_event_escalation_fk REFERENCES @registry@.escalation,
  ordinal integer NOT NULL,
  action text NOT NULL CONSTRAINT escalation_event_action_fk REFERENCES @registry@.escalation_action,
  from_state text CONSTRAINT escalation_event_from_fk REFERENCES @registry@.escalation_state,
  to_state text NOT NULL CONSTRAINT escalation_event_to_fk REFERENCES @registry@.escalation_state,
  actor text NOT NULL DEFAULT CURRENT_USER CONSTRAINT escalation_event_actor_not_blank CHECK (btrim(actor) <> ''),
  authority text,
  happened_on date NOT NULL CONSTRAINT escalation_event_happened_on_finite CHECK (isfinite(happened_on)),
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  reason text CONSTRAINT escalation_event_reason_not_blank CHECK (btrim(reason) <> ''),
  evidence jsonb CONSTRAINT escalation_event_evidence_is_object CHECK (jsonb_typeof(evidence) = 'object'),
  acknowledge_by date,
  rectify_by date,
  snoozed_until date,
  CONSTRAINT escalation_event_in_order UNIQUE (escalation, ordinal)
);
COMMENT ON TABLE @registry@.escalation_event IS 'Every step of every escalation: added, never changed or removed. Enter action, actor, day, reason and evidence, or use step_escalation(); the rest is filled in.';
COMMENT ON COLUMN @registry@.escalation_event.id IS 'Identity; not in order of time.';
COMMENT ON COLUMN @registry@.escalation_event.escalation IS 'The escalation.';
COMMENT ON COLUMN @registry@.escalation_event.ordinal IS 'Its place among the steps of the escalation, from 1 without gaps; filled in.';
COMMENT ON COLUMN @registry@.escalation_event.action IS 'What was done; see escalation_action.';
COMMENT ON COLUMN @registry@.escalation_event.from_state IS 'State before; filled in; null: it was the first step.';
COMMENT ON COLUMN @registry@.escalation_event.to_state IS 'State after; filled in.';
COMMENT ON COLUMN @registry@.escalation_event.actor IS 'Who did it, as the office names people; left out, the account.';
COMMENT ON COLUMN @registry@.escalation_event.authority IS 'In whose name it was decided; filled in from escalation_authority.';
COMMENT ON COLUMN @registry@.escalation_event.happened_on IS 'The day on which it was done.';
COMMENT ON COLUMN @registry@.escalation_event.recorded_at IS 'When it was entered: start of the transaction; filled in.';
COMMENT ON COLUMN @registry@.escalation_event.recorded_by IS 'The account that entered it; filled in.';
COMMENT ON COLUMN @registry@.escalation_event.reason IS 'Why.';
COMMENT ON COLUMN @registry@.escalation_event.evidence IS 'What shows it, as JSON: documents, photographs, records. A snooze says until when: {"until": "2023-08-31"}.';
COMMENT ON COLUMN @registry@.escalation_event.acknowledge_by IS 'Last day to acknowledge it, after this step; filled in.';
COMMENT ON COLUMN @registry@.escalation_event.rectify_by IS 'Last day to put it right, after this step; filled in.';
COMMENT ON COLUMN @registry@.escalation_event.snoozed_until IS 'Until when it is snoozed, after this step; filled in.';

CREATE TABLE @registry@.escalation_suppression (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT escalation_suppression_pk PRIMARY KEY,
  subject text CONSTRAINT escalation_suppression_subject_form CHECK (subject ~ '^(unit|person):.'),
  unit text CONSTRAINT escalation_suppression_unit_fk REFERENCES @registry@.unit,
  region antifraud.region,
  rule text CONSTRAINT escalation_suppression_rule_fk REFERENCES @registry@.escalation_rule,
  period daterange NOT NULL CONSTRAINT escalation_suppression_period_ends CHECK (NOT isempty(period) AND isfinite(lower(period)) IS TRUE AND isfinite(upper(period)) IS TRUE),
  approved_by text NOT NULL CONSTRAINT escalation_suppression_approved_by_not_blank CHECK (btrim(approved_by) <> ''),
  reason text NOT NULL CONSTRAINT escalation_suppression_reason_not_blank CHECK (btrim(reason) <> ''),
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT escalation_suppression_of_something CHECK (num_nonnulls(subject, unit, region, rule) > 0)
);
CREATE INDEX escalation_suppression_unit ON @registry@.escalation_suppression (unit);
COMMENT ON TABLE @registry@.escalation_suppression IS 'While one holds nothing is raised for what it names; when it ends, what still holds is raised. Shortened by its period, never removed.';
COMMENT ON COLUMN @registry@.escalation_suppression.id IS 'Identity.';
COMMENT ON COLUMN @registry@.escalation_suppression.subject IS 'The subject, as escalation has it; null: any.';
COMMENT ON COLUMN @registry@.escalation_suppression.unit IS 'The unit, with all its persons; null: any.';
COMMENT ON COLUMN @registry@.escalation_suppression.region IS 'The region; null: any. Left out where a unit is named, that of the unit.';
COMMENT ON COLUMN @registry@.escalation_suppression.rule IS 'The rule; null: any.';
COMMENT ON COLUMN @registry@.escalation_suppression.period IS 'The days on which it holds: with a first and a last.';
COMMENT ON COLUMN @registry@.escalation_suppression.approved_by IS 'Who approved it.';
COMMENT ON COLUMN @registry@.escalation_suppression.reason IS 'Why.';
COMMENT ON COLUMN @registry@.escalation_suppression.recorded_at IS 'When it was entered.';
COMMENT ON COLUMN @registry@.escalation_suppression.recorded_by IS 'The account that entered it.';

CREATE TABLE @registry@.escalation_delegation (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT escalation_delegation_pk PRIMARY KEY,
  officer bigint NOT NULL CONSTRAINT escalation_delegation_officer_fk REFERENCES @registry@.officer,
  deputy bigint CONSTRAINT escalation_delegation_deputy_fk REFERENCES @registry@.officer CONSTRAINT escalation_delegation_to_another CHECK (deputy <> officer),
  period daterange NOT NULL CONSTRAINT escalation_delegation_period_begins CHECK (NOT isempty(period) AND isfinite(lower(period)) IS TRUE),
  reason text NOT NULL CONSTRAINT escalation_delegation_reason_not_blank CHECK (btrim(reason) <> ''),
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT escalation_delegation_one_at_a_time EXCLUDE USING gist
    (int8range(officer, officer, '[]') WITH &&, period WITH &&)
);
CREATE INDEX escalation_delegation_deputy ON @registry@.escalation_delegation (deputy);
COMMENT ON TABLE @registry@.escalation_delegation IS 'Officers who are away, and who acts for them: letters go to the deputy. Without a deputy the place is vacant.';
COMMENT ON COLUMN @registry@.escalation_delegation.id IS 'Identity.';
COMMENT ON COLUMN @registry@.escalation_delegation.officer IS 'Who is away.';
COMMENT ON COLUMN @registry@.escalation_delegation.deputy IS 'Who acts; null: nobody.';
COMMENT ON COLUMN @registry@.escalation_delegation.period IS 'The days.';
COMMENT ON COLUMN @registry@.escalation_delegation.reason IS 'Why: leave, transfer, illness without its name.';
COMMENT ON COLUMN @registry@.escalation_delegation.recorded_at IS 'When it was entered.';
COMMENT ON COLUMN @registry@.escalation_delegation.recorded_by IS 'The account that entered it.';
