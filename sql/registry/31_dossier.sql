-- One file a person: which facets of it exist, where they are held and on
-- which basis; and the facts that the control of persons supplies. The facets
-- themselves are not here, and no column could take one.

CREATE TABLE @registry@.dossier_facet_kind (
  code text CONSTRAINT dossier_facet_kind_pk PRIMARY KEY CONSTRAINT dossier_facet_kind_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  rank integer NOT NULL CONSTRAINT dossier_facet_kind_rank_once UNIQUE,
  required boolean NOT NULL,
  biometric boolean NOT NULL DEFAULT false,
  police_only boolean NOT NULL DEFAULT false,
  max_months integer NOT NULL CONSTRAINT dossier_facet_kind_max_months_positive CHECK (max_months > 0),
  -- what an office may not ask of its staff, it may not ask of its files
  CONSTRAINT dossier_facet_kind_biometric_with_police CHECK (NOT biometric OR police_only),
  CONSTRAINT dossier_facet_kind_police_not_required CHECK (NOT police_only OR NOT required)
);
COMMENT ON TABLE @registry@.dossier_facet_kind IS 'Facets of the file of a person, as nanma-2023 lists them. An office may add its own, and decides which it requires and for how long each may be kept.';
COMMENT ON COLUMN @registry@.dossier_facet_kind.rank IS 'Order in lists.';
COMMENT ON COLUMN @registry@.dossier_facet_kind.required IS 'Whether a file without it is incomplete.';
COMMENT ON COLUMN @registry@.dossier_facet_kind.biometric IS 'Whether it is biometric: sensitive data that no community holds.';
COMMENT ON COLUMN @registry@.dossier_facet_kind.police_only IS 'Whether only a system of the police may hold it; here stands a reference at most, and no file is incomplete without it.';
COMMENT ON COLUMN @registry@.dossier_facet_kind.max_months IS 'Longest time from its collection until it expires, in months.';
INSERT INTO @registry@.dossier_facet_kind (code, label_zh, label_en, rank, required, biometric, police_only, max_months) VALUES
  ('identity', '基本信息', 'basic facts', 1, true, false, false, 36),
  ('fingerprint', '指纹', 'fingerprints', 2, false, true, true, 36),
  ('dna', 'DNA', 'DNA', 3, false, true, true, 36),
  ('voice', '声纹', 'voice', 4, false, true, true, 36),
  ('communications', '通讯四码', 'means of communication', 5, true, false, false, 12),
  ('payment', '支付信息', 'payment accounts', 6, true, false, false, 12),
  ('virtual_identity', '虚拟身份', 'virtual identities', 7, true, false, false, 12),
  ('occupation', '从业情况', 'occupation', 8, true, false, false, 12),
  ('border', '出入境情况', 'journeys abroad', 9, true, false, false, 12),
  ('family', '家庭及社会关系', 'family and social relations', 10, false, false, true, 12),
  ('life', '工作生活', 'work and life', 11, true, false, false, 12),
  ('economy', '经济状况', 'means', 12, true, false, false, 12),
  ('company', '人员交往', 'company, as the person states', 13, false, false, false, 12),
  ('conduct', '现实表现', 'conduct', 14, true, false, false, 12);

CREATE TABLE @registry@.dossier_system (
  code text CONSTRAINT dossier_system_pk PRIMARY KEY CONSTRAINT dossier_system_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  police boolean NOT NULL
);
COMMENT ON TABLE @registry@.dossier_system IS 'Where facets of files are held. An office may add its own.';
COMMENT ON COLUMN @registry@.dossier_system.police IS 'Whether it is a system of the police.';
INSERT INTO @registry@.dossier_system (code, label_zh, label_en, police) VALUES
  ('police_case', '公安执法办案系统', 'case system of the police', true),
  ('police_forensic', '公安刑事技术系统', 'forensic systems of the police', true),
  ('grid_platform', '基层治理平台', 'grid platform', false),
  ('paper', '纸质档案', 'paper file', false),
  ('registry', '本登记库', 'this registry', false);

CREATE TABLE @registry@.dossier_facet (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT dossier_facet_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT dossier_facet_person_fk REFERENCES @registry@.person,
  kind text NOT NULL CONSTRAINT dossier_facet_kind_fk REFERENCES @registry@.dossier_facet_kind,
  state text NOT NULL CONSTRAINT dossier_facet_state_known CHECK (state = ANY ('{held,absent,not_applicable}')),
  held_at text CONSTRAINT dossier_facet_held_at_fk REFERENCES @registry@.dossier_system,
  reference text CONSTRAINT dossier_facet_reference_short CHECK (btrim(reference) <> '' AND octet_length(reference) <= 200)
    CONSTRAINT dossier_facet_reference_is_no_data CHECK (reference !~* '^\s*data:' AND reference !~ '[A-Za-z0-9+/=_-]{65}'),
  purpose text NOT NULL CONSTRAINT dossier_facet_purpose_not_blank CHECK (btrim(purpose) <> ''),
  legal_basis text NOT NULL CONSTRAINT dossier_facet_legal_basis_not_blank CHECK (btrim(legal_basis) <> ''),
  approver text NOT NULL CONSTRAINT dossier_facet_approver_not_blank CHECK (btrim(approver) <> ''),
  collected_on date NOT NULL CONSTRAINT dossier_facet_collected_on_finite CHECK (isfinite(collected_on)),
  expires_on date NOT NULL CONSTRAINT dossier_facet_expires_on_finite CHECK (isfinite(expires_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT dossier_facet_held_somewhere CHECK ((state = 'held') = (held_at IS NOT NULL) AND (state = 'held' OR reference IS NULL)),
  CONSTRAINT dossier_facet_expires_later CHECK (expires_on >= collected_on),
  CONSTRAINT dossier_facet_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX dossier_facet_source_key ON @registry@.dossier_facet (source_key) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX dossier_facet_once_a_day ON @registry@.dossier_facet (person, kind, collected_on) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.dossier_facet IS 'Which facets of the file of a person exist, where, for what, on which basis and until when. The latest row of a kind counts. No contents.';
COMMENT ON COLUMN @registry@.dossier_facet.person IS 'The person.';
COMMENT ON COLUMN @registry@.dossier_facet.kind IS 'The facet; see dossier_facet_kind.';
COMMENT ON COLUMN @registry@.dossier_facet.state IS 'held; absent: looked for, and there is none; not_applicable: the person has no such thing.';
COMMENT ON COLUMN @registry@.dossier_facet.held_at IS 'The system that holds it; see dossier_system.';
COMMENT ON COLUMN @registry@.dossier_facet.reference IS 'Number of the file there, at most 200 bytes; never the facet itself.';
COMMENT ON COLUMN @registry@.dossier_facet.purpose IS 'What it is needed for.';
COMMENT ON COLUMN @registry@.dossier_facet.legal_basis IS 'The provision that allows it.';
COMMENT ON COLUMN @registry@.dossier_facet.approver IS 'Who approved it.';
COMMENT ON COLUMN @registry@.dossier_facet.collected_on IS 'Day on which it was collected, or its lack established.';
COMMENT ON COLUMN @registry@.dossier_facet.expires_on IS 'Last day on which it may be kept and counts.';

CREATE FUNCTION @registry@.check_dossier_facet() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  of_kind @registry@.dossier_facet_kind;
BEGIN
  SELECT k.* INTO of_kind FROM @registry@.dossier_facet_kind AS k WHERE k.code = NEW.kind;
  IF NEW.expires_on > NEW.collected_on + make_interval(months => of_kind.max_months) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('facet %L cannot be kept until %s', NEW.kind, NEW.expires_on),
      DETAIL = format('Collected on %s, it may be kept for %s months.', NEW.collected_on, of_kind.max_months),
      HINT = format('Let it expire on %s at the latest; what is needed longer is collected and approved anew.', (NEW.collected_on + make_interval(months => of_kind.max_months))::date),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'expires_on';
  ELSIF of_kind.police_only AND NEW.state = 'held'
        AND (NEW.reference IS NULL OR NOT EXISTS (SELECT FROM @registry@.dossier_system AS s WHERE s.code = NEW.held_at AND s.police)) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('facet %L cannot be held at %L', NEW.kind, NEW.held_at),
      DETAIL = CASE WHEN of_kind.biometric THEN 'Biometrics are sensitive data, held by the police alone (Personal Information Protection Law, art. 28 and 34).'
                    ELSE 'Data about relatives and relations are held by the police alone, where the law allows it.' END,
      HINT = 'Name a system of the police and the number of the file there, or record the facet as absent.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'held_at';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_dossier_facet() IS 'Trigger: a facet is kept no longer than its kind allows, and one that only the police may hold is a reference to their file.';
CREATE TRIGGER dossier_facet_1_limits BEFORE INSERT ON @registry@.dossier_facet
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_dossier_facet();

SELECT @registry@.guard_facts('{dossier_facet}', false);
SELECT @registry@.comment_code_lists('{dossier_facet_kind,dossier_system}');

-- Files are many and change daily: how many are complete is counted on a day
-- that the office chooses, as a survey of its own files.
INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('suspect', '涉诈违法犯罪嫌疑人', 'fraud suspect', '人', 'suspect', 'suspect', 'A person of the unit against whom criminal procedure was opened for fraud, on the day of the measure; not one who was cleared.'),
  ('reduced', '重点人员核减', 'person taken off the list', '人', 'person', 'status_change', 'A person under control was taken off the list, on the day of that change.'),
  ('returned', '重点人员劝返', 'person persuaded to return', '人', 'person', 'status_change', 'A person abroad was persuaded to return, on the day of that change.'),
  ('support', '帮扶', 'help given', '次', 'time', 'support', 'Help back to normal life that a person under control got.'),
  ('dossier_complete', '档案齐全', 'complete file', '份', 'file', 'sample', 'Files of persons under control that lacked nothing on the day of the count; base: persons under control. For rates.'),
  ('dossier_incomplete', '档案不全', 'incomplete file', '份', 'file', 'sample', 'Files of persons under control that lacked something on the day of the count; base: persons under control.');
INSERT INTO @registry@.sample_kind (code, label_zh, label_en, positive_measure, missing_measure) VALUES
  ('dossier', '一人一档齐全情况', 'files of persons: complete', 'dossier_complete', 'dossier_incomplete');

CREATE VIEW @registry@.facts_of_control (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
-- known from its recording, but for the times in which a clearance was in force
SELECT 'suspect'::text, s.unit, s.region, s.found_on, 1::bigint, NULL::bigint, NULL::numeric, s.subject, 'suspect'::text, s.id::text, lower(known.stretch), upper(known.stretch)
FROM @registry@.suspect AS s
CROSS JOIN LATERAL antifraud.stretches(
  tstzmultirange(tstzrange(s.recorded_at, s.voided_at))
  - COALESCE((SELECT range_agg(tstzrange(c.recorded_at, c.voided_at)) FROM @registry@.suspect_clearance AS c WHERE c.suspect = s.id), '{}')) AS known (stretch)
UNION ALL
SELECT 'reduced'::text, c.unit, c.region, c.changed_on, 1::bigint, NULL::bigint, NULL::numeric, 'person:' || c.person, 'status_change'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.status_change AS c
WHERE c.status = 'reduced'
UNION ALL
SELECT 'returned'::text, c.unit, c.region, c.changed_on, 1::bigint, NULL::bigint, NULL::numeric, 'person:' || c.person, 'status_change'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.status_change AS c
WHERE c.status = 'returned'
UNION ALL
SELECT 'support'::text, s.unit, s.region, s.given_on, 1::bigint, NULL::bigint, NULL::numeric, 'person:' || s.person, 'support'::text, s.id::text, s.recorded_at, s.voided_at
FROM @registry@.support AS s;
COMMENT ON VIEW @registry@.facts_of_control IS 'Facts of the control of persons; a part of the view fact.';
