-- Whom activities reached, of how many, with whose help and with what proof;
-- and what residents signed. Tables of facts as in 20_facts.sql.

INSERT INTO @registry@.activity_topic (code, label_zh, label_en)
  SELECT c.code, c.label_zh, c.label_en FROM @registry@.fraud_category AS c;

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('pledge', '签订一封信、承诺书、告知书', 'letter, pledge or notice signed', '份', 'signature', 'pledge', 'Letters, pledges and notices that residents signed, on the day of signing.');

-- A cell is as fine as it gets: who is missing is a list of cells, never of
-- persons.
CREATE TABLE @registry@.reach_cell (
  unit text NOT NULL CONSTRAINT reach_cell_unit_fk REFERENCES @registry@.unit,
  audience text NOT NULL CONSTRAINT reach_cell_audience_fk REFERENCES @registry@.audience,
  cell text NOT NULL CONSTRAINT reach_cell_not_blank CHECK (pg_catalog.btrim(cell) OPERATOR(pg_catalog.<>) ''),
  region antifraud.region NOT NULL,
  opened_on date NOT NULL CONSTRAINT reach_cell_opened_on_finite CHECK (pg_catalog.isfinite(opened_on)),
  closed_on date CONSTRAINT reach_cell_closed_on_finite CHECK (pg_catalog.isfinite(closed_on)),
  CONSTRAINT reach_cell_pk PRIMARY KEY (unit, audience, cell),
  CONSTRAINT reach_cell_closes_after_it_opens CHECK (closed_on OPERATOR(pg_catalog.>=) opened_on)
);
CREATE INDEX reach_cell_region ON @registry@.reach_cell (region);
COMMENT ON TABLE @registry@.reach_cell IS 'Parts of an audience of a unit that do not overlap: classes, buildings, grids, shifts. A class of the new school year is a new cell; the old one is closed.';
COMMENT ON COLUMN @registry@.reach_cell.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.reach_cell.audience IS 'The audience of which it is a part.';
COMMENT ON COLUMN @registry@.reach_cell.cell IS 'Its name: a class, a building, a grid, a shift. No name of a person.';
COMMENT ON COLUMN @registry@.reach_cell.region IS 'Where it belongs; left out, the region of the unit.';
COMMENT ON COLUMN @registry@.reach_cell.opened_on IS 'First day.';
COMMENT ON COLUMN @registry@.reach_cell.closed_on IS 'Last day; null while it is in use.';
CREATE TRIGGER reach_cell_1_region BEFORE INSERT ON @registry@.reach_cell
  FOR EACH ROW WHEN (NEW.region IS NULL) EXECUTE FUNCTION @registry@.complete_fact();

CREATE TABLE @registry@.audience_size (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audience_size_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT audience_size_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  audience text NOT NULL CONSTRAINT audience_size_audience_fk REFERENCES @registry@.audience,
  cell text,
  counted_on date NOT NULL CONSTRAINT audience_size_counted_on_finite CHECK (pg_catalog.isfinite(counted_on)),
  eligible bigint NOT NULL CONSTRAINT audience_size_eligible_not_negative CHECK (eligible OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT audience_size_eligible_credible CHECK (eligible OPERATOR(pg_catalog.<=) 10000000000),
  source text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT audience_size_cell_fk FOREIGN KEY (unit, audience, cell) REFERENCES @registry@.reach_cell,
  CONSTRAINT audience_size_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX audience_size_unit ON @registry@.audience_size (unit, audience, cell, counted_on);
CREATE INDEX audience_size_region ON @registry@.audience_size (region);
CREATE UNIQUE INDEX audience_size_source_key ON @registry@.audience_size (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.audience_size IS 'How many there are to reach, counted on a day: of the audience in the whole unit, or of one cell. The latest count holds.';
COMMENT ON COLUMN @registry@.audience_size.audience IS 'Who was counted; see audience.';
COMMENT ON COLUMN @registry@.audience_size.cell IS 'Which part; null: the whole unit, its cells included.';
COMMENT ON COLUMN @registry@.audience_size.counted_on IS 'From this day on it holds.';
COMMENT ON COLUMN @registry@.audience_size.eligible IS 'Persons, or households where the audience counts these.';
COMMENT ON COLUMN @registry@.audience_size.source IS 'Where the number comes from: census, school register, grid platform.';

CREATE TABLE @registry@.activity_audience (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT activity_audience_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT activity_audience_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  activity bigint NOT NULL CONSTRAINT activity_audience_activity_fk REFERENCES @registry@.activity,
  held_on date NOT NULL,
  kind text NOT NULL,
  audience text NOT NULL CONSTRAINT activity_audience_audience_fk REFERENCES @registry@.audience,
  cell text,
  reached bigint NOT NULL CONSTRAINT activity_audience_reached_not_negative CHECK (reached OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT activity_audience_reached_credible CHECK (reached OPERATOR(pg_catalog.<=) 10000000000),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT activity_audience_cell_fk FOREIGN KEY (unit, audience, cell) REFERENCES @registry@.reach_cell,
  CONSTRAINT activity_audience_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX activity_audience_activity ON @registry@.activity_audience (activity);
CREATE INDEX activity_audience_unit ON @registry@.activity_audience (unit, held_on);
CREATE INDEX activity_audience_region ON @registry@.activity_audience (region, held_on);
CREATE UNIQUE INDEX activity_audience_source_key ON @registry@.activity_audience (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.activity_audience IS 'Whom an activity reached. It may be residents of another unit than the one that held it: a lecture of the police in a school.';
COMMENT ON COLUMN @registry@.activity_audience.unit IS 'The unit whose people were reached; left out, the one that held it.';
COMMENT ON COLUMN @registry@.activity_audience.activity IS 'The activity.';
COMMENT ON COLUMN @registry@.activity_audience.held_on IS 'Day of the activity, taken from it.';
COMMENT ON COLUMN @registry@.activity_audience.kind IS 'Kind of the activity, taken from it.';
COMMENT ON COLUMN @registry@.activity_audience.audience IS 'Who was reached; see audience.';
COMMENT ON COLUMN @registry@.activity_audience.cell IS 'Which part of them; null: none of the cells, or the unit has none.';
COMMENT ON COLUMN @registry@.activity_audience.reached IS 'How many, in persons or households as the audience counts; left out, as many as the activity reached.';

CREATE TABLE @registry@.organiser_role (
  code text CONSTRAINT organiser_role_pk PRIMARY KEY CONSTRAINT organiser_role_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.organiser_role IS 'As what somebody took part in an activity. An office may add its own.';
INSERT INTO @registry@.organiser_role (code, label_zh, label_en) VALUES
  ('host', '主办', 'host'),
  ('helper', '协办', 'helper'),
  ('party_branch', '党组织', 'party branch'),
  ('police', '民警', 'police'),
  ('police_assistant', '警务助理', 'police assistants'),
  ('cadre', '基层干部', 'cadres'),
  ('grid', '网格员', 'grid workers'),
  ('property', '物业', 'property managers'),
  ('volunteer', '志愿者', 'volunteers'),
  ('charity', '公益组织', 'charities'),
  ('media', '媒体', 'media'),
  ('victim', '被骗群众代表', 'victims who speak, of their own will'),
  ('student', '学生代表', 'students'),
  ('enterprise', '企业', 'enterprises'),
  ('resident', '居民', 'residents');

CREATE TABLE @registry@.activity_organiser (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT activity_organiser_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT activity_organiser_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  activity bigint NOT NULL CONSTRAINT activity_organiser_activity_fk REFERENCES @registry@.activity,
  held_on date NOT NULL,
  role text NOT NULL DEFAULT 'host' CONSTRAINT activity_organiser_role_fk REFERENCES @registry@.organiser_role,
  body text CONSTRAINT activity_organiser_body_fk REFERENCES @registry@.body,
  persons integer CONSTRAINT activity_organiser_persons_not_negative CHECK (persons OPERATOR(pg_catalog.>=) 0),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT activity_organiser_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX activity_organiser_once ON @registry@.activity_organiser (activity, unit, role, COALESCE(body, '')) WHERE voided_at IS NULL;
CREATE INDEX activity_organiser_unit ON @registry@.activity_organiser (unit, held_on);
CREATE INDEX activity_organiser_region ON @registry@.activity_organiser (region, held_on);
CREATE UNIQUE INDEX activity_organiser_source_key ON @registry@.activity_organiser (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.activity_organiser IS 'Who took part in holding an activity, as what. Numbers, no names.';
COMMENT ON COLUMN @registry@.activity_organiser.unit IS 'The unit to which they belong; left out, that of the body, or the one that held it.';
COMMENT ON COLUMN @registry@.activity_organiser.activity IS 'The activity.';
COMMENT ON COLUMN @registry@.activity_organiser.held_on IS 'Day of the activity, taken from it.';
COMMENT ON COLUMN @registry@.activity_organiser.role IS 'As what; see organiser_role.';
COMMENT ON COLUMN @registry@.activity_organiser.body IS 'The leading group, office or team that took part as such; null: none.';
COMMENT ON COLUMN @registry@.activity_organiser.persons IS 'How many persons; null: not counted.';

CREATE TABLE @registry@.attendance (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT attendance_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT attendance_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  activity bigint NOT NULL CONSTRAINT attendance_activity_fk REFERENCES @registry@.activity,
  officer bigint CONSTRAINT attendance_officer_fk REFERENCES @registry@.officer,
  attended boolean NOT NULL DEFAULT true,
  excuse text CONSTRAINT attendance_excuse_not_blank CHECK (pg_catalog.btrim(excuse) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT attendance_excuse_of_absent CHECK (excuse IS NULL OR NOT attended),
  CONSTRAINT attendance_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX attendance_once ON @registry@.attendance (activity, unit, COALESCE(officer, 0)) WHERE voided_at IS NULL;
CREATE INDEX attendance_unit ON @registry@.attendance (unit);
CREATE UNIQUE INDEX attendance_source_key ON @registry@.attendance (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.attendance IS 'Who was called to a meeting or a training, and came or not.';
COMMENT ON COLUMN @registry@.attendance.unit IS 'The unit that was called; left out, the unit of the officer.';
COMMENT ON COLUMN @registry@.attendance.activity IS 'The meeting.';
COMMENT ON COLUMN @registry@.attendance.officer IS 'Who was called for it; null: whoever the unit sent.';
COMMENT ON COLUMN @registry@.attendance.attended IS 'Whether somebody came.';
COMMENT ON COLUMN @registry@.attendance.excuse IS 'Why nobody came, where a reason was given.';

CREATE TABLE @registry@.evidence_kind (
  code text CONSTRAINT evidence_kind_pk PRIMARY KEY CONSTRAINT evidence_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.evidence_kind IS 'Kinds of proof. An office may add its own.';
INSERT INTO @registry@.evidence_kind (code, label_zh, label_en) VALUES
  ('picture', '图片', 'picture'),
  ('video', '视频', 'video'),
  ('audio', '音频', 'audio'),
  ('screenshot', '截图', 'screenshot'),
  ('sign_in', '签到表', 'attendance sheet'),
  ('ledger', '工作台账', 'ledger'),
  ('document', '文件', 'document');

CREATE TABLE @registry@.evidence (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT evidence_pk PRIMARY KEY,
  source_table text NOT NULL CONSTRAINT evidence_source_table_fk REFERENCES @registry@.fact_table,
  source_id bigint NOT NULL,
  kind text NOT NULL CONSTRAINT evidence_kind_fk REFERENCES @registry@.evidence_kind,
  place text NOT NULL CONSTRAINT evidence_place_not_blank CHECK (pg_catalog.btrim(place) OPERATOR(pg_catalog.<>) ''),
  sha256 text CONSTRAINT evidence_sha256_form CHECK (sha256 OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$'),
  added_on date NOT NULL CONSTRAINT evidence_added_on_finite CHECK (pg_catalog.isfinite(added_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT evidence_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX evidence_source ON @registry@.evidence (source_table, source_id);
CREATE UNIQUE INDEX evidence_source_key ON @registry@.evidence (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.evidence IS 'The proof of a fact: where it is kept, and a digest by which it is known again. The pictures themselves are not kept here.';
COMMENT ON COLUMN @registry@.evidence.source_table IS 'The table of the fact; see fact_table.';
COMMENT ON COLUMN @registry@.evidence.source_id IS 'Its id there.';
COMMENT ON COLUMN @registry@.evidence.kind IS 'What it is; see evidence_kind.';
COMMENT ON COLUMN @registry@.evidence.place IS 'Where it is kept: a file, a folder, an address of the office.';
COMMENT ON COLUMN @registry@.evidence.sha256 IS 'SHA-256 of the file, in 64 hexadecimal digits; null: not a file, or not computed.';
COMMENT ON COLUMN @registry@.evidence.added_on IS 'Day on which it was filed.';

CREATE TABLE @registry@.pledge_kind (
  code text CONSTRAINT pledge_kind_pk PRIMARY KEY CONSTRAINT pledge_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.pledge_kind IS 'What is signed. An office may add its own.';
INSERT INTO @registry@.pledge_kind (code, label_zh, label_en) VALUES
  ('letter', '致居民一封信', 'letter to residents'),
  ('pledge', '承诺书', 'pledge'),
  ('notice', '告知书', 'notice'),
  ('appeal', '倡议书', 'appeal');

CREATE TABLE @registry@.pledge (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pledge_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT pledge_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT pledge_kind_fk REFERENCES @registry@.pledge_kind,
  audience text NOT NULL DEFAULT 'resident' CONSTRAINT pledge_audience_fk REFERENCES @registry@.audience,
  cell text,
  signed_on date NOT NULL CONSTRAINT pledge_signed_on_finite CHECK (pg_catalog.isfinite(signed_on)),
  signed bigint NOT NULL CONSTRAINT pledge_signed_not_negative CHECK (signed OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT pledge_signed_credible CHECK (signed OPERATOR(pg_catalog.<=) 10000000000),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT pledge_cell_fk FOREIGN KEY (unit, audience, cell) REFERENCES @registry@.reach_cell,
  CONSTRAINT pledge_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX pledge_unit ON @registry@.pledge (unit, signed_on);
CREATE INDEX pledge_region ON @registry@.pledge (region, signed_on);
CREATE UNIQUE INDEX pledge_source_key ON @registry@.pledge (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.pledge IS 'Letters, pledges and notices that were signed: how many of whom, no names.';
COMMENT ON COLUMN @registry@.pledge.kind IS 'What was signed; see pledge_kind.';
COMMENT ON COLUMN @registry@.pledge.audience IS 'Who signed; see audience.';
COMMENT ON COLUMN @registry@.pledge.cell IS 'Which part of them; null: none of the cells, or the unit has none.';
COMMENT ON COLUMN @registry@.pledge.signed_on IS 'Day of signing.';
COMMENT ON COLUMN @registry@.pledge.signed IS 'How many signed, persons or households as the audience counts.';

CREATE FUNCTION @registry@.complete_activity_part() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  held @registry@.activity;
BEGIN
  SELECT a.* INTO held FROM @registry@.activity AS a WHERE a.id = NEW.activity;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('activity %s does not exist', coalesce(NEW.activity::text, 'NULL')),
      DETAIL = format('A row of table "%s" names it.', TG_TABLE_NAME),
      HINT = 'Record the activity first.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'activity';
  ELSIF held.voided_at IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('activity %s was withdrawn', held.id),
      DETAIL = format('At %s, by %s: %s', held.voided_at, held.voided_by, held.void_reason),
      HINT = 'Record it for the activity that stands in its place.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'activity';
  END IF;
  IF TG_TABLE_NAME = 'attendance' THEN
    IF NEW.officer IS NOT NULL AND NEW.unit IS NULL THEN
      SELECT o.unit INTO NEW.unit FROM @registry@.officer AS o WHERE o.id = NEW.officer;
    END IF;
  ELSE
    IF TG_TABLE_NAME = 'activity_organiser' AND NEW.unit IS NULL THEN
      SELECT b.unit INTO NEW.unit FROM @registry@.body AS b WHERE b.code = NEW.body;
    END IF;
    NEW.unit := coalesce(NEW.unit, held.unit);
    NEW.held_on := held.held_on;
  END IF;
  IF TG_TABLE_NAME = 'activity_audience' THEN
    NEW.kind := held.kind;
    NEW.reached := coalesce(NEW.reached, held.reached);
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_activity_part() IS 'Trigger: what belongs to an activity takes its unit and day, and an audience its kind and number reached. An activity that was withdrawn takes nothing more.';
CREATE TRIGGER activity_audience_0_activity BEFORE INSERT ON @registry@.activity_audience
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_activity_part();
CREATE TRIGGER activity_organiser_0_activity BEFORE INSERT ON @registry@.activity_organiser
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_activity_part();
CREATE TRIGGER attendance_0_activity BEFORE INSERT ON @registry@.attendance
  FOR EACH ROW EXECUTE FUNCTION @registry@.complete_activity_part();

CREATE FUNCTION @registry@.check_evidence() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  found_rows bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM @registry@.fact_table AS t WHERE t.name = NEW.source_table) THEN
    RETURN NEW;                 -- the foreign key says so
  END IF;
  EXECUTE format('SELECT pg_catalog.count(*) FROM %I.%I AS f WHERE f.id OPERATOR(pg_catalog.=) $1', @registry_literal@, NEW.source_table)
    INTO found_rows USING NEW.source_id;
  IF found_rows = 0 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('table %s has no row %s', NEW.source_table, coalesce(NEW.source_id::text, 'NULL')),
      DETAIL = 'Evidence proves a fact that is recorded.',
      HINT = 'Record the fact first, or correct source_id.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'source_id';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_evidence() IS 'Trigger: evidence names a row that exists.';
CREATE TRIGGER evidence_1_source BEFORE INSERT ON @registry@.evidence
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_evidence();

SELECT @registry@.guard_facts('{audience_size,activity_audience,activity_organiser,attendance,pledge}', true);
SELECT @registry@.guard_facts('{evidence}', false);
SELECT @registry@.comment_code_lists('{organiser_role,evidence_kind,pledge_kind}');
