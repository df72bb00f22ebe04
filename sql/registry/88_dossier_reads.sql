-- Who looked at the file of a person, when and for what.

CREATE TABLE @registry@.dossier_read (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT dossier_read_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT dossier_read_person_fk REFERENCES @registry@.person,
  purpose text NOT NULL CONSTRAINT dossier_read_purpose_not_blank CHECK (btrim(purpose) <> ''),
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT dossier_read_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE INDEX dossier_read_person ON @registry@.dossier_read (person, recorded_at);
COMMENT ON TABLE @registry@.dossier_read IS 'Log of files read through read_dossier(): kept as recorded, like facts.';
COMMENT ON COLUMN @registry@.dossier_read.person IS 'Whose file.';
COMMENT ON COLUMN @registry@.dossier_read.purpose IS 'What it was needed for.';
COMMENT ON COLUMN @registry@.dossier_read.recorded_at IS 'When: start of the transaction, set by the server.';
COMMENT ON COLUMN @registry@.dossier_read.recorded_by IS 'The account that read it.';

SELECT @registry@.guard_facts('{dossier_read}', false);

CREATE FUNCTION @registry@.read_dossier(person bigint, purpose text)
RETURNS TABLE (name text, document_kind text, citizen_id antifraud.citizen_id, document_no text, born_on date, category text, status text, tier text,
               unit text, region antifraud.region, enrolled_on date, ended_on date, facets jsonb)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF coalesce(btrim(purpose), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('the file of person %s is not read without a purpose', coalesce(person::text, 'NULL')),
      DETAIL = 'Personal data are processed for a stated purpose (Personal Information Protection Law, art. 6).',
      HINT = 'Say what it is needed for.';
  END IF;
  -- the table forgets what is rolled back; the log of the server does not.
  -- No words of the reader: they could forge lines of the log.
  RAISE LOG 'antifraud: file of person % asked for by %', person, current_user;
  IF NOT EXISTS (SELECT FROM @registry@.person AS p WHERE p.id = read_dossier.person) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no file of person %s', coalesce(person::text, 'NULL')),
      DETAIL = 'Either there is no such person, or it lies outside of your scope.',
      HINT = 'Look the id up in the table person.';
  END IF;
  INSERT INTO @registry@.dossier_read (person, purpose) VALUES (read_dossier.person, read_dossier.purpose);
  RETURN QUERY
    SELECT p.name, p.document_kind, p.citizen_id, p.document_no, p.born_on, p.category, p.status, p.tier, p.unit, p.region, p.enrolled_on, p.ended_on,
           (SELECT jsonb_object_agg(f.kind, jsonb_build_object('state', f.state, 'held_at', f.held_at, 'reference', f.reference, 'expires_on', f.expires_on))
            FROM (SELECT DISTINCT ON (d.kind) d.kind, d.state, d.held_at, d.reference, d.expires_on FROM @registry@.dossier_facet AS d
                  WHERE d.person = read_dossier.person AND d.voided_at IS NULL ORDER BY d.kind, d.collected_on DESC) AS f)
    FROM @registry@.person AS p WHERE p.id = read_dossier.person;
END
$body$;
COMMENT ON FUNCTION @registry@.read_dossier(bigint, text) IS 'The file of a person, for a stated purpose: name, document and where each facet is held. Each reading is entered in dossier_read, and in the log of the server.';
