-- What becomes of a person under control: decisions of the authorities that
-- may take them, help, talks, journeys reported; and who is
-- suspected. Tables of facts as in 20_facts.sql.
--
-- doc/control.md has the legal limits. In short: a decision is one about one
-- person, with authority, basis and reason; none follows from a category or a
-- tier; nothing here can be said about a relative.

-- Decisions: which there are, who may take them, and those that were taken.
CREATE TABLE @registry@.control_decision_kind (
  code text CONSTRAINT control_decision_kind_pk PRIMARY KEY CONSTRAINT control_decision_kind_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  -- article 36 binds exit bans, whatever an office calls its own
  CONSTRAINT control_decision_kind_one_border CHECK (code = 'border' OR label_zh !~ '出境|出国' AND label_en !~* 'exit|border')
);
COMMENT ON TABLE @registry@.control_decision_kind IS 'Kinds of decision about one person. An office may add its own, but none about leaving the country.';
INSERT INTO @registry@.control_decision_kind (code, label_zh, label_en) VALUES
  ('border', '限制出境', 'not to leave the country'),
  ('cards', '限制账户、电话卡功能', 'restriction of accounts and telephone cards'),
  ('penalty', '行政处罚', 'administrative penalty'),
  ('admonition', '教育训诫', 'admonition'),
  ('community_correction', '社区矫正', 'community correction'),
  ('court_injunction', '法院禁止令', 'injunction of a court');

CREATE TABLE @registry@.authority_kind (
  code text CONSTRAINT authority_kind_pk PRIMARY KEY CONSTRAINT authority_kind_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  rank integer NOT NULL
);
COMMENT ON TABLE @registry@.authority_kind IS 'Kinds of authority that take decisions. An office may add its own.';
COMMENT ON COLUMN @registry@.authority_kind.rank IS 'Level: 1 county, 2 prefecture, 3 province, 4 the state.';
INSERT INTO @registry@.authority_kind (code, label_zh, label_en, rank) VALUES
  ('county_police', '县级公安机关', 'police of a county', 1),
  ('prefecture_police', '设区的市级以上公安机关', 'police of a city with districts, or above', 2),
  ('court', '人民法院', 'court', 1),
  ('justice', '司法行政机关', 'judicial administration', 1),
  ('immigration', '移民管理机构', 'immigration authority', 4),
  ('ministry', '国家主管部门', 'ministry', 4);

CREATE TABLE @registry@.control_decision_authority (
  kind text CONSTRAINT control_decision_authority_kind_fk REFERENCES @registry@.control_decision_kind,
  authority_kind text CONSTRAINT control_decision_authority_authority_fk REFERENCES @registry@.authority_kind,
  legal_basis text NOT NULL CONSTRAINT control_decision_authority_legal_basis_not_blank CHECK (btrim(legal_basis) <> ''),
  CONSTRAINT control_decision_authority_pk PRIMARY KEY (kind, authority_kind),
  CONSTRAINT control_decision_authority_border CHECK (kind <> 'border' OR authority_kind = ANY ('{prefecture_police,immigration}'))
);
COMMENT ON TABLE @registry@.control_decision_authority IS 'Which authority may take which decision, by which provision. A decision of any other is refused.';
COMMENT ON COLUMN @registry@.control_decision_authority.kind IS 'The kind of decision.';
COMMENT ON COLUMN @registry@.control_decision_authority.authority_kind IS 'The kind of authority.';
COMMENT ON COLUMN @registry@.control_decision_authority.legal_basis IS 'The provision.';
INSERT INTO @registry@.control_decision_authority (kind, authority_kind, legal_basis) VALUES
  ('border', 'prefecture_police', '反电信网络诈骗法第三十六条第二款'),
  ('border', 'immigration', '反电信网络诈骗法第三十六条第一款'),
  ('cards', 'prefecture_police', '反电信网络诈骗法第三十一条'),
  ('penalty', 'county_police', '治安管理处罚法；反电信网络诈骗法第三十八条、第四十四条'),
  ('penalty', 'prefecture_police', '反电信网络诈骗法第三十八条、第四十四条'),
  ('admonition', 'county_police', '预防犯罪的教育措施，不得附加义务'),
  ('community_correction', 'justice', '社区矫正法'),
  ('community_correction', 'court', '刑法第七十六条'),
  ('court_injunction', 'court', '刑法第三十八条、第七十二条');

CREATE TABLE @registry@.control_decision (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT control_decision_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT control_decision_person_fk REFERENCES @registry@.person,
  kind text NOT NULL,
  authority_kind text NOT NULL,
  authority text NOT NULL CONSTRAINT control_decision_authority_not_blank CHECK (btrim(authority) <> ''),
  document_no text NOT NULL CONSTRAINT control_decision_document_no_not_blank CHECK (btrim(document_no) <> ''),
  legal_basis text NOT NULL CONSTRAINT control_decision_legal_basis_not_blank CHECK (btrim(legal_basis) <> ''),
  reason text NOT NULL CONSTRAINT control_decision_reason_not_blank CHECK (btrim(reason) <> ''),
  decided_on date NOT NULL CONSTRAINT control_decision_decided_on_finite CHECK (isfinite(decided_on)),
  valid_from date NOT NULL CONSTRAINT control_decision_valid_from_finite CHECK (isfinite(valid_from)),
  valid_to date CONSTRAINT control_decision_valid_to_finite CHECK (isfinite(valid_to)),
  punishment_ended_on date CONSTRAINT control_decision_punishment_ended_on_finite CHECK (isfinite(punishment_ended_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT control_decision_of_its_authority FOREIGN KEY (kind, authority_kind) REFERENCES @registry@.control_decision_authority,
  CONSTRAINT control_decision_ends_after_it_begins CHECK (valid_to >= valid_from),
  CONSTRAINT control_decision_not_backdated CHECK (valid_from >= decided_on OR kind <> 'border'),
  CONSTRAINT control_decision_border_authority CHECK (kind <> 'border' OR authority_kind = ANY ('{prefecture_police,immigration}')),
  -- six months to three years from the end of the punishment (article 36)
  CONSTRAINT control_decision_border_after_punishment CHECK (
    kind <> 'border' OR authority_kind <> 'prefecture_police'
    OR COALESCE(valid_from >= punishment_ended_on
                AND valid_to >= punishment_ended_on + interval '6 months' AND valid_to <= punishment_ended_on + interval '3 years', false)),
  CONSTRAINT control_decision_of_person UNIQUE (id, person),
  CONSTRAINT control_decision_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX control_decision_source_key ON @registry@.control_decision (source_key) WHERE voided_at IS NULL;
CREATE INDEX control_decision_person ON @registry@.control_decision (person, valid_from);
CREATE UNIQUE INDEX control_decision_document ON @registry@.control_decision (person, kind, document_no) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.control_decision IS 'Decisions that an authority took about one person: by whom, on which provision, why, from when until when. None follows from a category or a tier.';
COMMENT ON COLUMN @registry@.control_decision.person IS 'The person.';
COMMENT ON COLUMN @registry@.control_decision.kind IS 'What was decided; see control_decision_kind.';
COMMENT ON COLUMN @registry@.control_decision.authority_kind IS 'What kind of authority decided; see control_decision_authority.';
COMMENT ON COLUMN @registry@.control_decision.authority IS 'The authority, by name.';
COMMENT ON COLUMN @registry@.control_decision.document_no IS 'Number of its decision.';
COMMENT ON COLUMN @registry@.control_decision.legal_basis IS 'The provision that it cites.';
COMMENT ON COLUMN @registry@.control_decision.reason IS 'Why about this person; belonging to a category is no reason.';
COMMENT ON COLUMN @registry@.control_decision.decided_on IS 'Day of the decision.';
COMMENT ON COLUMN @registry@.control_decision.valid_from IS 'First day on which it holds.';
COMMENT ON COLUMN @registry@.control_decision.valid_to IS 'Last day on which it holds; null: until it is lifted.';
COMMENT ON COLUMN @registry@.control_decision.punishment_ended_on IS 'Day on which a criminal punishment ended; a border decision of the police counts from it.';

CREATE FUNCTION @registry@.check_control_decision() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF EXISTS (
    SELECT FROM @registry@.person_category AS c WHERE btrim(NEW.reason) IN (c.code, c.label_zh, c.label_en)
    UNION ALL
    SELECT FROM @registry@.tier AS t WHERE btrim(NEW.reason) IN (t.code, t.label_zh, t.label_en)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('%L is no reason for a decision about person %s', btrim(NEW.reason), NEW.person),
      DETAIL = 'It names a category or a tier. A decision is taken about one person, for what that person did or is likely to do (Law against Telecom and Online Fraud, art. 36).',
      HINT = 'Give the reasons of the decision; where it has none, it is not one to be recorded here.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'reason';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_control_decision() IS 'Trigger: a decision whose reason is a category or a tier alone is refused.';
CREATE TRIGGER control_decision_1_reason BEFORE INSERT ON @registry@.control_decision
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_control_decision();

CREATE TABLE @registry@.control_decision_lift (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT control_decision_lift_pk PRIMARY KEY,
  decision bigint NOT NULL CONSTRAINT control_decision_lift_decision_fk REFERENCES @registry@.control_decision,
  lifted_on date NOT NULL CONSTRAINT control_decision_lift_lifted_on_finite CHECK (isfinite(lifted_on)),
  lifted_by text NOT NULL CONSTRAINT control_decision_lift_lifted_by_not_blank CHECK (btrim(lifted_by) <> ''),
  reason text NOT NULL CONSTRAINT control_decision_lift_reason_not_blank CHECK (btrim(reason) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT control_decision_lift_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX control_decision_lift_source_key ON @registry@.control_decision_lift (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX control_decision_lift_once ON @registry@.control_decision_lift (decision) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.control_decision_lift IS 'Decisions that were lifted before their end.';
COMMENT ON COLUMN @registry@.control_decision_lift.decision IS 'The decision.';
COMMENT ON COLUMN @registry@.control_decision_lift.lifted_on IS 'First day on which it no longer holds.';
COMMENT ON COLUMN @registry@.control_decision_lift.lifted_by IS 'The authority that lifted it.';
COMMENT ON COLUMN @registry@.control_decision_lift.reason IS 'Why.';

-- What the person tells of a journey. Nobody is kept in a place by it.
CREATE TABLE @registry@.travel_report (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT travel_report_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT travel_report_person_fk REFERENCES @registry@.person,
  reported_on date NOT NULL CONSTRAINT travel_report_reported_on_finite CHECK (isfinite(reported_on)),
  leaves_on date NOT NULL CONSTRAINT travel_report_leaves_on_finite CHECK (isfinite(leaves_on)),
  back_on date CONSTRAINT travel_report_back_on_finite CHECK (isfinite(back_on)),
  abroad boolean NOT NULL DEFAULT false,
  voluntary boolean NOT NULL,
  decision bigint,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT travel_report_back_after_leaving CHECK (back_on >= leaves_on),
  CONSTRAINT travel_report_voluntary_or_decided CHECK (voluntary = (decision IS NULL)),
  CONSTRAINT travel_report_decision_fk FOREIGN KEY (decision, person) REFERENCES @registry@.control_decision (id, person),
  CONSTRAINT travel_report_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX travel_report_source_key ON @registry@.travel_report (source_key) WHERE voided_at IS NULL;
CREATE INDEX travel_report_person ON @registry@.travel_report (person, leaves_on);
COMMENT ON TABLE @registry@.travel_report IS 'Journeys that persons reported: of their own will, or because a decision about them asks it. No places and no movements.';
COMMENT ON COLUMN @registry@.travel_report.person IS 'The person.';
COMMENT ON COLUMN @registry@.travel_report.reported_on IS 'Day of the report.';
COMMENT ON COLUMN @registry@.travel_report.leaves_on IS 'First day away.';
COMMENT ON COLUMN @registry@.travel_report.back_on IS 'Day of return, as planned; null: not known.';
COMMENT ON COLUMN @registry@.travel_report.abroad IS 'Whether it leads out of the country.';
COMMENT ON COLUMN @registry@.travel_report.voluntary IS 'Whether the person reported it without being obliged to.';
COMMENT ON COLUMN @registry@.travel_report.decision IS 'The decision about this person that asks for reports; null where it is voluntary.';

CREATE TABLE @registry@.support_kind (
  code text CONSTRAINT support_kind_pk PRIMARY KEY CONSTRAINT support_kind_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.support_kind IS 'Kinds of help back to normal life. An office may add its own.';
INSERT INTO @registry@.support_kind (code, label_zh, label_en) VALUES
  ('job', '就业帮扶', 'finding work'),
  ('training', '技能培训', 'training'),
  ('welfare', '困难救助', 'welfare'),
  ('legal_aid', '法律援助', 'legal aid'),
  ('counselling', '心理疏导', 'counselling'),
  ('school', '就学帮助', 'schooling');

CREATE TABLE @registry@.support (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT support_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT support_person_fk REFERENCES @registry@.person,
  unit text CONSTRAINT support_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT support_kind_fk REFERENCES @registry@.support_kind,
  given_on date NOT NULL CONSTRAINT support_given_on_finite CHECK (isfinite(given_on)),
  officer bigint CONSTRAINT support_officer_fk REFERENCES @registry@.officer,
  result text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT support_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX support_source_key ON @registry@.support (source_key) WHERE voided_at IS NULL;
CREATE INDEX support_person ON @registry@.support (person, given_on);
CREATE INDEX support_unit ON @registry@.support (unit, given_on);
COMMENT ON TABLE @registry@.support IS 'Help that persons got on their way back to normal life.';
COMMENT ON COLUMN @registry@.support.person IS 'The person.';
COMMENT ON COLUMN @registry@.support.unit IS 'The unit that gave it; left out, the one that answers for the person.';
COMMENT ON COLUMN @registry@.support.region IS 'Where; left out, the region of the person.';
COMMENT ON COLUMN @registry@.support.kind IS 'What; see support_kind.';
COMMENT ON COLUMN @registry@.support.given_on IS 'Day on which it was given.';
COMMENT ON COLUMN @registry@.support.officer IS 'Who saw to it.';
COMMENT ON COLUMN @registry@.support.result IS 'What came of it.';
CREATE TRIGGER support_0_person BEFORE INSERT ON @registry@.support
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_person_fact();

CREATE TABLE @registry@.persuasion_channel (
  code text CONSTRAINT persuasion_channel_pk PRIMARY KEY CONSTRAINT persuasion_channel_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  -- no relative is made to vouch, and none is worked on
  CONSTRAINT persuasion_channel_of_the_person CHECK (label_zh !~ '家属|家人|亲属|亲友|担保|连带' AND label_en !~* 'famil|relative|guarant')
);
COMMENT ON TABLE @registry@.persuasion_channel IS 'How a person is spoken to: directly, never through relatives. An office may add its own.';
INSERT INTO @registry@.persuasion_channel (code, label_zh, label_en) VALUES
  ('call', '电话', 'telephone call'),
  ('video', '视频', 'video call'),
  ('message', '短信或即时通讯', 'message'),
  ('letter', '书信', 'letter'),
  ('meeting', '见面', 'meeting');

CREATE TABLE @registry@.persuasion_outcome (
  code text CONSTRAINT persuasion_outcome_pk PRIMARY KEY CONSTRAINT persuasion_outcome_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.persuasion_outcome IS 'What came of a talk. An office may add its own.';
INSERT INTO @registry@.persuasion_outcome (code, label_zh, label_en) VALUES
  ('agreed', '同意返回', 'agreed to return'),
  ('considering', '表示考虑', 'will think about it'),
  ('refused', '拒绝', 'refused'),
  ('not_reached', '未联系上', 'not reached');

CREATE TABLE @registry@.persuasion (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT persuasion_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT persuasion_person_fk REFERENCES @registry@.person,
  made_at timestamptz NOT NULL CONSTRAINT persuasion_made_at_finite CHECK (isfinite(made_at)),
  channel text NOT NULL CONSTRAINT persuasion_channel_fk REFERENCES @registry@.persuasion_channel,
  outcome text NOT NULL CONSTRAINT persuasion_outcome_fk REFERENCES @registry@.persuasion_outcome,
  told_law boolean NOT NULL DEFAULT true,
  officer bigint CONSTRAINT persuasion_officer_fk REFERENCES @registry@.officer,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT persuasion_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX persuasion_source_key ON @registry@.persuasion (source_key) WHERE voided_at IS NULL;
CREATE INDEX persuasion_person ON @registry@.persuasion (person, made_at);
COMMENT ON TABLE @registry@.persuasion IS 'Talks with persons abroad, or about to leave, to have them return. With the person alone: relatives have no place here.';
COMMENT ON COLUMN @registry@.persuasion.person IS 'The person.';
COMMENT ON COLUMN @registry@.persuasion.made_at IS 'When.';
COMMENT ON COLUMN @registry@.persuasion.channel IS 'How; see persuasion_channel.';
COMMENT ON COLUMN @registry@.persuasion.outcome IS 'What came of it; see persuasion_outcome.';
COMMENT ON COLUMN @registry@.persuasion.told_law IS 'Whether policy and law were explained.';
COMMENT ON COLUMN @registry@.persuasion.officer IS 'Who spoke.';

CREATE TABLE @registry@.suspect (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT suspect_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT suspect_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  subject text NOT NULL CONSTRAINT suspect_subject_not_blank CHECK (btrim(subject) <> ''),
  found_on date NOT NULL CONSTRAINT suspect_found_on_finite CHECK (isfinite(found_on)),
  basis text NOT NULL CONSTRAINT suspect_basis_not_blank CHECK (btrim(basis) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT suspect_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX suspect_source_key ON @registry@.suspect (source_key) WHERE voided_at IS NULL;
CREATE INDEX suspect_unit ON @registry@.suspect (unit, found_on);
CREATE UNIQUE INDEX suspect_once ON @registry@.suspect (unit, subject, found_on) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.suspect IS 'Persons of a unit against whom a measure of criminal procedure was taken for telecom fraud. Who is cleared counts as if never suspected.';
COMMENT ON COLUMN @registry@.suspect.subject IS 'Surrogate key of the person. No name and no citizen id.';
COMMENT ON COLUMN @registry@.suspect.found_on IS 'Day of the measure.';
COMMENT ON COLUMN @registry@.suspect.basis IS 'The measure and its document: filing, summons, detention.';

CREATE TABLE @registry@.suspect_clearance (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT suspect_clearance_pk PRIMARY KEY,
  suspect bigint NOT NULL CONSTRAINT suspect_clearance_suspect_fk REFERENCES @registry@.suspect,
  cleared_on date NOT NULL CONSTRAINT suspect_clearance_cleared_on_finite CHECK (isfinite(cleared_on)),
  reason text NOT NULL CONSTRAINT suspect_clearance_reason_not_blank CHECK (btrim(reason) <> ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT suspect_clearance_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX suspect_clearance_source_key ON @registry@.suspect_clearance (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX suspect_clearance_once ON @registry@.suspect_clearance (suspect) WHERE voided_at IS NULL;
CREATE INDEX suspect_clearance_suspect ON @registry@.suspect_clearance (suspect);
COMMENT ON TABLE @registry@.suspect_clearance IS 'Suspects who were cleared: case dropped, not prosecuted, acquitted.';
COMMENT ON COLUMN @registry@.suspect_clearance.suspect IS 'The row of the table suspect.';
COMMENT ON COLUMN @registry@.suspect_clearance.cleared_on IS 'Day of the decision that cleared the person.';
COMMENT ON COLUMN @registry@.suspect_clearance.reason IS 'What decided it.';

SELECT @registry@.guard_facts('{suspect}', true);
SELECT @registry@.guard_facts('{control_decision,control_decision_lift,travel_report,support,persuasion,suspect_clearance}', false);
SELECT @registry@.comment_code_lists('{control_decision_kind,authority_kind,support_kind,persuasion_channel,persuasion_outcome}');
