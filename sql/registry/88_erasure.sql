-- What may not be kept any longer: which rows have outlived what they were
-- for, and how a person is forgotten without changing any count.

CREATE TABLE @registry@.retention (
  kind text CONSTRAINT retention_pk PRIMARY KEY CONSTRAINT retention_kind_known CHECK (kind = ANY ('{facet,decision,suspension,person}')),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  months integer CONSTRAINT retention_months_not_negative CHECK (months >= 0)
);
COMMENT ON TABLE @registry@.retention IS 'For how long data about persons are kept once they are over. The sources name no such time: an office sets it.';
COMMENT ON COLUMN @registry@.retention.kind IS 'facet, decision, suspension or person.';
COMMENT ON COLUMN @registry@.retention.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.retention.label_en IS 'Name in English.';
COMMENT ON COLUMN @registry@.retention.months IS 'Months after the last day; null: not set.';
INSERT INTO @registry@.retention (kind, label_zh, label_en, months) VALUES
  ('facet', '档案要素', 'facet of a file', 0),
  ('decision', '管控决定', 'control decision', NULL),
  ('suspension', '暂停核查', 'suspension of checks', NULL),
  ('person', '已解除管控人员', 'person no longer under control', NULL);

CREATE TABLE @registry@.legal_hold (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT legal_hold_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT legal_hold_person_fk REFERENCES @registry@.person,
  basis text NOT NULL CONSTRAINT legal_hold_basis_not_blank CHECK (btrim(basis) <> ''),
  decided_by text NOT NULL CONSTRAINT legal_hold_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  starts_on date NOT NULL CONSTRAINT legal_hold_starts_on_finite CHECK (isfinite(starts_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT legal_hold_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX legal_hold_source_key ON @registry@.legal_hold (source_key) WHERE voided_at IS NULL;
CREATE INDEX legal_hold_person ON @registry@.legal_hold (person) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.legal_hold IS 'Why data about a person must be kept: a procedure, an objection, an order of a court. Void the row to lift it.';
COMMENT ON COLUMN @registry@.legal_hold.person IS 'The person.';
COMMENT ON COLUMN @registry@.legal_hold.basis IS 'Document or provision that it rests on.';
COMMENT ON COLUMN @registry@.legal_hold.decided_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.legal_hold.starts_on IS 'From when on.';

CREATE TABLE @registry@.erasure (
  person bigint CONSTRAINT erasure_pk PRIMARY KEY CONSTRAINT erasure_person_fk REFERENCES @registry@.person,
  region antifraud.region NOT NULL,
  erased_on date NOT NULL,
  basis text NOT NULL CONSTRAINT erasure_basis_not_blank CHECK (btrim(basis) <> ''),
  decided_by text NOT NULL CONSTRAINT erasure_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  erased_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  erased_by text NOT NULL DEFAULT CURRENT_USER,
  rows_removed bigint NOT NULL CONSTRAINT erasure_rows_not_negative CHECK (rows_removed >= 0)
);
COMMENT ON TABLE @registry@.erasure IS 'Tombstones: persons whose data were erased. The row of the person stays without name and document, so that facts can still be counted.';
COMMENT ON COLUMN @registry@.erasure.person IS 'Surrogate key.';
COMMENT ON COLUMN @registry@.erasure.region IS 'Where the person had been under control.';
COMMENT ON COLUMN @registry@.erasure.erased_on IS 'Day of the erasure, in China.';
COMMENT ON COLUMN @registry@.erasure.basis IS 'Document or provision that it rests on.';
COMMENT ON COLUMN @registry@.erasure.decided_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.erasure.erased_at IS 'When: start of the transaction.';
COMMENT ON COLUMN @registry@.erasure.erased_by IS 'The account that did it.';
COMMENT ON COLUMN @registry@.erasure.rows_removed IS 'How many rows were removed: facets, plans, squads, journeys, talks.';
INSERT INTO @registry@.document_kind (code, label_zh, label_en) VALUES ('erased', '已删除', 'erased')
  ON CONFLICT (code) DO NOTHING;

SELECT @registry@.guard_facts('{legal_hold}', false);

CREATE FUNCTION @registry@.expired_data_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (kind text, source_table text, source_id bigint, person bigint, region antifraud.region, expired_on date, erase_from date, held boolean)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT e.kind, e.source_table, e.source_id, e.person, e.region, e.expired_on,
         (e.expired_on + 1 + make_interval(months => r.months))::date AS erase_from,
         EXISTS (SELECT FROM @registry@.legal_hold AS h WHERE h.person = e.person AND h.voided_at IS NULL AND h.starts_on <= $1) AS held
  FROM (
    -- ended_on is null or it is not: so that a region is found by the indexes
    -- of both kinds of persons
    SELECT 'facet'::text AS kind, 'dossier_facet'::text AS source_table, f.id AS source_id, f.person AS person, p.region AS region, f.expires_on AS expired_on
    FROM @registry@.dossier_facet AS f
    JOIN @registry@.person AS p ON p.id = f.person
    WHERE f.state = 'held' AND f.voided_at IS NULL AND f.expires_on < $1
      AND p.document_kind <> 'erased' AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2) AND (p.ended_on IS NULL OR p.ended_on IS NOT NULL)
    UNION ALL
    SELECT 'decision'::text AS kind, 'control_decision'::text AS source_table, d.id AS source_id, d.person AS person, p.region AS region, LEAST(d.valid_to, l.lifted_on) AS expired_on
    FROM @registry@.control_decision AS d
    JOIN @registry@.person AS p ON p.id = d.person
    LEFT JOIN @registry@.control_decision_lift AS l ON l.decision = d.id AND l.voided_at IS NULL
    WHERE d.voided_at IS NULL AND LEAST(d.valid_to, l.lifted_on) < $1
      AND p.document_kind <> 'erased' AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2) AND (p.ended_on IS NULL OR p.ended_on IS NOT NULL)
    UNION ALL
    SELECT 'suspension'::text AS kind, 'suspension'::text AS source_table, s.id AS source_id, s.person AS person, p.region AS region, s.ends_on AS expired_on
    FROM @registry@.suspension AS s
    JOIN @registry@.person AS p ON p.id = s.person
    WHERE s.voided_at IS NULL AND s.ends_on < $1
      AND p.document_kind <> 'erased' AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2) AND (p.ended_on IS NULL OR p.ended_on IS NOT NULL)
    UNION ALL
    SELECT 'person'::text AS kind, 'person'::text AS source_table, p.id AS source_id, p.id AS person, p.region AS region, p.ended_on AS expired_on
    FROM @registry@.person AS p
    WHERE p.ended_on < $1
      AND p.document_kind <> 'erased' AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2)
  ) AS e
  JOIN @registry@.retention AS r ON r.kind = e.kind;
END;
COMMENT ON FUNCTION @registry@.expired_data_at(date, antifraud.region) IS 'What about persons is over on a day, in a region (null: everywhere): held facets whose last day has passed, decisions that no longer hold, suspensions that ended, persons no longer under control; and from when on it should be erased.';

CREATE VIEW @registry@.expired_data WITH (security_invoker = true) AS
  SELECT e.kind, e.source_table, e.source_id, e.person, e.region, e.expired_on, e.erase_from, e.held
  FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS t CROSS JOIN LATERAL @registry@.expired_data_at(t.day) AS e;
COMMENT ON VIEW @registry@.expired_data IS 'What about persons is over as of list_day(), and from when on it should be erased.';
COMMENT ON COLUMN @registry@.expired_data.kind IS 'facet, decision, suspension or person; see retention.';
COMMENT ON COLUMN @registry@.expired_data.source_table IS 'The table that holds it.';
COMMENT ON COLUMN @registry@.expired_data.source_id IS 'Identity of the row there.';
COMMENT ON COLUMN @registry@.expired_data.person IS 'The person.';
COMMENT ON COLUMN @registry@.expired_data.region IS 'Where the person is or was under control.';
COMMENT ON COLUMN @registry@.expired_data.expired_on IS 'Last day on which it held.';
COMMENT ON COLUMN @registry@.expired_data.erase_from IS 'First day on which it should no longer be there; null: the office has set no time in retention.';
COMMENT ON COLUMN @registry@.expired_data.held IS 'Whether a legal hold keeps it.';

-- All is locked before anything is read or a row is locked, always in the same
-- order: of two who erase or merge, the second waits for the whole of the
-- first, and neither for the other.
CREATE FUNCTION @registry@.lock_persons(deed text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
BEGIN
  PERFORM @registry@.check_owner(deed, 'rows of all regions that are about the person are changed', 'invalid_transaction_state');
  EXECUTE (SELECT 'LOCK TABLE ' || string_agg(format('%I.%I', registry, w.name), ', ' ORDER BY w.name) || ' IN SHARE ROW EXCLUSIVE MODE'
           FROM (SELECT r.name FROM @registry@.person_reference AS r UNION SELECT 'person') AS w);
END
$body$;
COMMENT ON FUNCTION @registry@.lock_persons(text) IS 'Keep others from writing about persons until the transaction ends; for erase_person(), merge_persons() and unmerge_persons(), and so for the owner of the registry. deed: see check_owner().';

-- For the owner of the registry. Facts are never changed, but for this: the
-- law on personal data goes before. The triggers that keep rows as recorded
-- rest for the time; nobody else can write to these tables then.
CREATE FUNCTION @registry@.erase_person(person bigint, basis text, decided_by text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
  who record;
  reason text;
  about record;
  keepers text[];
  keeper text;
  changed bigint;
  removed bigint := 0;
  touched text[];
  -- the rows that were merged into this one are the same person
  everybody bigint[];
BEGIN
  IF coalesce(btrim(basis), '') = '' OR coalesce(btrim(decided_by), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('person %s is not erased without a basis and a decision', coalesce(person::text, 'NULL')),
      DETAIL = 'What is erased cannot be brought back.',
      HINT = 'Name the document or provision, and who decided.';
  END IF;
  PERFORM @registry@.lock_persons('erases persons');
  SELECT p.id, p.region, p.ended_on, p.document_kind INTO who FROM @registry@.person AS p WHERE p.id = erase_person.person FOR UPDATE;
  IF who.id IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('person %s does not exist', coalesce(person::text, 'NULL')),
      HINT = 'Look the id up in the table person.';
  END IF;
  everybody := who.id || ARRAY(SELECT m.person FROM @registry@.merged_person AS m WHERE m.kept = who.id);
  SELECT w.why INTO reason FROM (
    SELECT 0, format('It is merged into person %s: erase that one.', m.kept) FROM @registry@.merged_person AS m WHERE m.person = who.id
    UNION ALL
    SELECT 1, format('Control has not ended by %s.', today) WHERE NOT coalesce(who.ended_on < today, false)
    UNION ALL
    SELECT 2, format('Erased already, on %s.', e.erased_on) FROM @registry@.erasure AS e WHERE e.person = who.id
    UNION ALL
    SELECT 3, format('Legal hold %s since %s.', h.id, h.starts_on) FROM @registry@.legal_hold AS h WHERE h.person = who.id AND h.voided_at IS NULL
    UNION ALL
    SELECT 4, format('Control decision %s is in force until %s.', d.id, coalesce(d.valid_to::text, 'further notice')) FROM @registry@.control_decision AS d
    LEFT JOIN @registry@.control_decision_lift AS l ON l.decision = d.id AND l.voided_at IS NULL
    WHERE d.person = who.id AND d.voided_at IS NULL AND coalesce(least(d.valid_to, l.lifted_on) >= today, true)) AS w (rank, why)
  ORDER BY w.rank LIMIT 1;
  IF reason IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('person %s cannot be erased', who.id),
      DETAIL = reason,
      HINT = 'Data are erased when their purpose is fulfilled and no duty to keep them remains (Personal Information Protection Law, art. 47).';
  END IF;

  FOR about IN
    SELECT format('%I.%I', registry, t.name) AS relation, t.rule = 'parent' AS indirect, t.column_name, t.parent,
           t.name = ANY ('{dossier_facet,control_plan,travel_report,persuasion,responsible_officer,squad_member}') AS removable,
           (SELECT string_agg(format(CASE a.attname WHEN 'source_key' THEN '%1$I = NULL'
                                     WHEN 'document_no' THEN '%1$I = ''[erased '' || id || '']'''  -- one a decision
                                     ELSE '%1$I = CASE WHEN %1$I IS NOT NULL THEN ''[erased]'' END' END, a.attname), ', ' ORDER BY a.attnum)
            FROM pg_attribute AS a
            WHERE a.attrelid = format('%I.%I', registry, t.name)::regclass AND NOT a.attisdropped AND a.atttypid = 'text'::regtype
              AND a.attname = ANY ('{note,reason,basis,result,document_no,plan,source_key,void_reason}')) AS wiping
    FROM @registry@.person_table AS t
    WHERE t.parent = 'person' OR t.parent IN (SELECT o.name FROM @registry@.person_table AS o WHERE o.parent = 'person')
    ORDER BY t.name
  LOOP
    CONTINUE WHEN about.relation = ANY (ARRAY[format('%I.%I', registry, 'erasure'), format('%I.%I', registry, 'duty'), format('%I.%I', registry, 'person_distinct'), format('%I.%I', registry, 'person_merge')]);
    keepers := ARRAY(SELECT g.tgname FROM pg_trigger AS g JOIN pg_proc AS f ON f.oid = g.tgfoid
                     WHERE g.tgrelid = about.relation::regclass AND NOT g.tgisinternal AND g.tgenabled = 'O' AND g.tgtype & 2 = 2 ORDER BY g.tgname);
    FOREACH keeper IN ARRAY keepers LOOP
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', about.relation, keeper);
    END LOOP;
    IF about.removable THEN
      EXECUTE format('DELETE FROM %s WHERE %I = ANY ($1)', about.relation, about.column_name) USING everybody;
      GET DIAGNOSTICS changed = ROW_COUNT;
      removed := removed + changed;
    ELSIF about.wiping IS NOT NULL AND about.indirect THEN
      EXECUTE format('UPDATE %s SET %s WHERE %I IN (SELECT up.id FROM %I.%I AS up WHERE up.person = ANY ($1))',
                     about.relation, about.wiping, about.column_name, registry, about.parent) USING everybody;
    ELSIF about.wiping IS NOT NULL THEN
      EXECUTE format('UPDATE %s SET %s WHERE %I = ANY ($1)', about.relation, about.wiping, about.column_name) USING everybody;
    END IF;
    FOREACH keeper IN ARRAY keepers LOOP
      EXECUTE format('ALTER TABLE %s ENABLE TRIGGER %I', about.relation, keeper);
    END LOOP;
  END LOOP;
  -- findings name a person by surrogate key; their remarks may say more
  ALTER TABLE @registry@.finding DISABLE TRIGGER finding_2_append_only;
  UPDATE @registry@.finding AS f SET note = NULL, source_key = NULL WHERE f.subject = 'person:' || who.id AND (f.note IS NOT NULL OR f.source_key IS NOT NULL);
  ALTER TABLE @registry@.finding ENABLE TRIGGER finding_2_append_only;
  -- and so do escalations: why, and by what evidence
  ALTER TABLE @registry@.escalation_event DISABLE TRIGGER escalation_event_3_guard;
  UPDATE @registry@.escalation_event AS v
    SET reason = CASE WHEN v.reason IS NOT NULL THEN '[erased]' END, evidence = CASE WHEN v.action = 'snooze' THEN jsonb_build_object('until', v.evidence -> 'until') WHEN v.from_state IS NULL THEN v.evidence END
    WHERE v.escalation IN (SELECT e.id FROM @registry@.escalation AS e WHERE e.subject = 'person:' || who.id);
  ALTER TABLE @registry@.escalation_event ENABLE TRIGGER escalation_event_3_guard;
  ALTER TABLE @registry@.escalation_suppression DISABLE TRIGGER escalation_suppression_1_enter;
  UPDATE @registry@.escalation_suppression AS s SET reason = '[erased]' WHERE s.subject = 'person:' || who.id;
  ALTER TABLE @registry@.escalation_suppression ENABLE TRIGGER escalation_suppression_1_enter;
  -- and the lines of files that told of the person
  UPDATE @registry@.import_row AS i SET cells = NULL, taken = NULL, key = NULL, said = NULL
    FROM @registry@.import_batch AS b
    WHERE b.id = i.batch AND b.target = 'person'
      AND (i.target_key = ANY (everybody::text[])
           OR i.key IN (SELECT @registry@.import_person_key(p.document_kind, p.citizen_id, p.document_no) FROM @registry@.person AS p WHERE p.id = ANY (everybody)));

  -- who was told apart from the person, or merged, and why
  ALTER TABLE @registry@.person_distinct DISABLE TRIGGER person_distinct_2_append_only;
  UPDATE @registry@.person_distinct AS x SET reason = '[erased]' WHERE x.person = ANY (everybody) OR x.other = ANY (everybody);
  ALTER TABLE @registry@.person_distinct ENABLE TRIGGER person_distinct_2_append_only;
  ALTER TABLE @registry@.person_merge DISABLE TRIGGER person_merge_2_append_only;
  UPDATE @registry@.person_merge AS m SET reason = '[erased]', despite = CASE WHEN m.despite IS NOT NULL THEN '[erased]' END
    WHERE m.keep = ANY (everybody) OR m.duplicate = ANY (everybody);
  ALTER TABLE @registry@.person_merge ENABLE TRIGGER person_merge_2_append_only;

  -- nor does the copy of facts wait for its next refresh, once one that is under
  -- way is over; of units that were touched nobody reads it until then
  SELECT k.fact_snapshot, k.facts_computed_by INTO about FROM @registry@.card_keeping AS k FOR UPDATE;
  IF FOUND THEN
    touched := @registry@.units_touched_since(about.fact_snapshot, about.facts_computed_by);
    DELETE FROM @registry@.kept_fact AS k
      WHERE k.subject = ANY (ARRAY(SELECT 'person:' || e.id FROM unnest(everybody) AS e (id)))
        AND (about.fact_snapshot IS NULL OR touched IS NULL OR COALESCE(k.unit, '') = ANY (touched));
  END IF;

  UPDATE @registry@.person AS p
    SET document_kind = 'erased', document_no = p.id::text, citizen_id = NULL, born_on = NULL, name = NULL, source_key = NULL
    WHERE p.id = ANY (everybody);
  INSERT INTO @registry@.erasure (person, region, erased_on, basis, decided_by, rows_removed)
    SELECT p.id, p.region, today, erase_person.basis, erase_person.decided_by, CASE WHEN p.id = who.id THEN removed ELSE 0 END
    FROM @registry@.person AS p WHERE p.id = ANY (everybody);
  RETURN removed;
END
$body$;
COMMENT ON FUNCTION @registry@.erase_person(bigint, text, text) IS 'Erase what is known about a person no longer under control: name, document and external keys; facets, plans, squads, journeys and talks are removed, free text about the person is blanked, counts stay. Refused while control lasts, a legal hold stands or a control decision is in force. Gives how many rows were removed; erasure keeps the tombstone.';
