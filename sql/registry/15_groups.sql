-- Message groups in three levels (tuohe-2023, section 3): what they are called,
-- who runs them, how many are in them. No member is kept here.

CREATE TABLE @registry@.group_level (
  level integer CONSTRAINT group_level_pk PRIMARY KEY CONSTRAINT group_level_known CHECK (level OPERATOR(pg_catalog.>=) 1 AND level OPERATOR(pg_catalog.<=) 3),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  owner_role text CONSTRAINT group_level_owner_role_fk REFERENCES @registry@.officer_role,
  recount_days integer CONSTRAINT group_level_recount_days_not_negative CHECK (recount_days OPERATOR(pg_catalog.>=) 0)
);
COMMENT ON TABLE @registry@.group_level IS 'The levels of message groups, and what an office asks of each.';
COMMENT ON COLUMN @registry@.group_level.level IS '1 command, 2 organisation, 3 publicity among residents.';
COMMENT ON COLUMN @registry@.group_level.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.group_level.label_en IS 'Name in English.';
COMMENT ON COLUMN @registry@.group_level.owner_role IS 'Role of the officer who owns a group of this level; null: any.';
COMMENT ON COLUMN @registry@.group_level.recount_days IS 'After how many days a count of a group is stale; null: not set, as no document states it.';
INSERT INTO @registry@.group_level (level, label_zh, label_en, owner_role) VALUES
  (1, '指挥群', 'command', 'leader'),
  (2, '组织群', 'organisation', 'leader'),
  (3, '宣传群', 'publicity', 'grid');

CREATE TABLE @registry@.group_name_rule (
  code text CONSTRAINT group_name_rule_pk PRIMARY KEY CONSTRAINT group_name_rule_code_not_blank CHECK (pg_catalog.btrim(code) OPERATOR(pg_catalog.<>) ''),
  programme text CONSTRAINT group_name_rule_programme_fk REFERENCES @registry@.programme,
  office text CONSTRAINT group_name_rule_office_not_blank CHECK (pg_catalog.btrim(office) OPERATOR(pg_catalog.<>) ''),
  command_unit text NOT NULL DEFAULT '',
  members_limit integer NOT NULL DEFAULT 500 CONSTRAINT group_name_rule_members_limit_positive CHECK (members_limit OPERATOR(pg_catalog.>) 0)
);
COMMENT ON TABLE @registry@.group_name_rule IS 'Parameters of group_name() for the groups of an office. A rule holds for the groups that name it, and for the others of the region of its programme while that is in force.';
COMMENT ON COLUMN @registry@.group_name_rule.code IS 'Code.';
COMMENT ON COLUMN @registry@.group_name_rule.programme IS 'The programme that asks for it; null: only for groups that name the rule.';
COMMENT ON COLUMN @registry@.group_name_rule.office IS 'What each name begins with; null: the name of the nearest unit of kind town, the group''s own or one of the two above.';
COMMENT ON COLUMN @registry@.group_name_rule.command_unit IS 'What follows the office in the name of level 1: the document''s example doubles 街道.';
COMMENT ON COLUMN @registry@.group_name_rule.members_limit IS 'Members that one group holds; above that it is split, and its parts are numbered.';
INSERT INTO @registry@.group_name_rule (code, programme, command_unit) VALUES ('tuohe-2023', 'tuohe-2023', '街道');

CREATE TABLE @registry@.contact_group (
  code text CONSTRAINT contact_group_pk PRIMARY KEY CONSTRAINT contact_group_code_not_blank CHECK (pg_catalog.btrim(code) OPERATOR(pg_catalog.<>) ''),
  unit text NOT NULL CONSTRAINT contact_group_unit_fk REFERENCES @registry@.unit,
  name text NOT NULL CONSTRAINT contact_group_name_not_blank CHECK (pg_catalog.btrim(name) OPERATOR(pg_catalog.<>) ''),
  level integer NOT NULL DEFAULT 3 CONSTRAINT contact_group_level_fk REFERENCES @registry@.group_level
    CONSTRAINT contact_group_level_known CHECK (level OPERATOR(pg_catalog.>=) 1 AND level OPERATOR(pg_catalog.<=) 3),
  parent text CONSTRAINT contact_group_parent_fk REFERENCES @registry@.contact_group CONSTRAINT contact_group_not_its_own_parent CHECK (parent OPERATOR(pg_catalog.<>) code),
  grid integer CONSTRAINT contact_group_grid_has_a_numeral CHECK (grid OPERATOR(pg_catalog.>=) 1 AND grid OPERATOR(pg_catalog.<=) 9999),
  part integer CONSTRAINT contact_group_part_positive CHECK (part OPERATOR(pg_catalog.>=) 1),
  name_rule text CONSTRAINT contact_group_name_rule_fk REFERENCES @registry@.group_name_rule,
  formed_on date CONSTRAINT contact_group_formed_on_finite CHECK (pg_catalog.isfinite(formed_on)),
  active boolean NOT NULL DEFAULT true,
  CONSTRAINT contact_group_grid_of_level_3 CHECK (grid IS NULL OR level OPERATOR(pg_catalog.=) 3),
  -- what is done in a group names the group and its unit, and they must agree
  CONSTRAINT contact_group_of_unit UNIQUE (code, unit)
);
CREATE INDEX contact_group_unit ON @registry@.contact_group (unit);
CREATE INDEX contact_group_parent ON @registry@.contact_group (parent);
CREATE UNIQUE INDEX contact_group_part ON @registry@.contact_group (unit, level, COALESCE(grid, 0), part) WHERE active AND part IS NOT NULL;
COMMENT ON TABLE @registry@.contact_group IS 'Message groups, in three levels as tuohe-2023 builds them. No members are kept here.';
COMMENT ON COLUMN @registry@.contact_group.code IS 'Code of the group.';
COMMENT ON COLUMN @registry@.contact_group.unit IS 'The unit that answers for it.';
COMMENT ON COLUMN @registry@.contact_group.name IS 'Name of the group, by the rules of the office; rename_group() changes it.';
COMMENT ON COLUMN @registry@.contact_group.level IS '1 command, 2 organisation, 3 publicity among residents; see group_level.';
COMMENT ON COLUMN @registry@.contact_group.parent IS 'The group above it, whose messages it passes on.';
COMMENT ON COLUMN @registry@.contact_group.grid IS 'Number of the grid that it serves, at level 3; null: none.';
COMMENT ON COLUMN @registry@.contact_group.part IS 'Number among the groups of one grid or unit that members are split over; null: it is the only one.';
COMMENT ON COLUMN @registry@.contact_group.name_rule IS 'The rule for its name; null: that of a programme in force where it is.';
COMMENT ON COLUMN @registry@.contact_group.formed_on IS 'First day of the group: nothing is due in it before. Null: not known.';
COMMENT ON COLUMN @registry@.contact_group.active IS 'Whether it is in use; what falls due in an inactive group is not looked at.';

CREATE TABLE @registry@.group_role (
  code text CONSTRAINT group_role_pk PRIMARY KEY CONSTRAINT group_role_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.group_role IS 'What officers are in a message group. An office may add its own.';
INSERT INTO @registry@.group_role (code, label_zh, label_en) VALUES
  ('owner', '群主', 'owner'),
  ('admin', '管理员', 'administrator');

CREATE TABLE @registry@.group_officer (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT group_officer_pk PRIMARY KEY,
  contact_group text NOT NULL CONSTRAINT group_officer_contact_group_fk REFERENCES @registry@.contact_group,
  officer bigint NOT NULL CONSTRAINT group_officer_officer_fk REFERENCES @registry@.officer,
  role text NOT NULL DEFAULT 'owner' CONSTRAINT group_officer_role_fk REFERENCES @registry@.group_role,
  period daterange NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT group_officer_period_begins CHECK (NOT pg_catalog.isempty(period) AND pg_catalog.isfinite(pg_catalog.lower(period)) IS TRUE),
  -- PostgreSQL has no ranges of text: a range of one hash overlaps with itself alone
  CONSTRAINT group_officer_one_owner EXCLUDE USING gist
    (pg_catalog.int8range(pg_catalog.hashtextextended(contact_group, 0), pg_catalog.hashtextextended(contact_group, 0), '[]') WITH OPERATOR(pg_catalog.&&),
     period WITH OPERATOR(pg_catalog.&&)) WHERE (role OPERATOR(pg_catalog.=) 'owner')
);
CREATE INDEX group_officer_contact_group ON @registry@.group_officer (contact_group, role);
CREATE INDEX group_officer_officer ON @registry@.group_officer (officer);
COMMENT ON TABLE @registry@.group_officer IS 'Who runs each message group: one owner on any day, and administrators.';
COMMENT ON COLUMN @registry@.group_officer.id IS 'Identity; not in order of time.';
COMMENT ON COLUMN @registry@.group_officer.contact_group IS 'The group.';
COMMENT ON COLUMN @registry@.group_officer.officer IS 'The officer.';
COMMENT ON COLUMN @registry@.group_officer.role IS 'Owner or administrator; see group_role.';
COMMENT ON COLUMN @registry@.group_officer.period IS 'The days on which the officer has the role; without an upper bound while it lasts.';
COMMENT ON COLUMN @registry@.group_officer.recorded_at IS 'When it was entered.';
COMMENT ON COLUMN @registry@.group_officer.recorded_by IS 'Who entered it.';

CREATE TABLE @registry@.group_count (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT group_count_pk PRIMARY KEY,
  contact_group text NOT NULL,
  unit text NOT NULL,
  region antifraud.region NOT NULL,
  counted_on date NOT NULL CONSTRAINT group_count_counted_on_finite CHECK (pg_catalog.isfinite(counted_on)),
  members integer NOT NULL CONSTRAINT group_count_members_not_negative CHECK (members OPERATOR(pg_catalog.>=) 0),
  members_eligible integer CONSTRAINT group_count_members_eligible_not_negative CHECK (members_eligible OPERATOR(pg_catalog.>=) 0),
  households integer CONSTRAINT group_count_households_not_negative CHECK (households OPERATOR(pg_catalog.>=) 0),
  households_eligible integer CONSTRAINT group_count_households_eligible_not_negative CHECK (households_eligible OPERATOR(pg_catalog.>=) 0),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT group_count_contact_group_fk FOREIGN KEY (contact_group, unit) REFERENCES @registry@.contact_group (code, unit),
  CONSTRAINT group_count_households_of_eligible CHECK (households OPERATOR(pg_catalog.<=) households_eligible),
  CONSTRAINT group_count_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX group_count_once_a_day ON @registry@.group_count (contact_group, counted_on) WHERE voided_at IS NULL;
CREATE INDEX group_count_unit ON @registry@.group_count (unit, counted_on);
CREATE UNIQUE INDEX group_count_source_key ON @registry@.group_count (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.group_count IS 'How many are in a message group: numbers, never names.';
COMMENT ON COLUMN @registry@.group_count.contact_group IS 'The group.';
COMMENT ON COLUMN @registry@.group_count.counted_on IS 'Day of the count.';
COMMENT ON COLUMN @registry@.group_count.members IS 'Members of the group, in persons.';
COMMENT ON COLUMN @registry@.group_count.members_eligible IS 'Persons who are to be in it: the staff of the unit, the residents of the grid. Where a grid has several groups, the share of this one. Null: not known.';
COMMENT ON COLUMN @registry@.group_count.households IS 'Households, of those that are to be in it, of which somebody is; null: not counted.';
COMMENT ON COLUMN @registry@.group_count.households_eligible IS 'Households that are to be in it; where a grid has several groups, the share of this one. Null: not known.';

CREATE TABLE @registry@.group_rename (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT group_rename_pk PRIMARY KEY,
  contact_group text NOT NULL,
  unit text NOT NULL,
  region antifraud.region NOT NULL,
  old_name text NOT NULL CONSTRAINT group_rename_old_name_not_blank CHECK (pg_catalog.btrim(old_name) OPERATOR(pg_catalog.<>) ''),
  new_name text NOT NULL CONSTRAINT group_rename_new_name_not_blank CHECK (pg_catalog.btrim(new_name) OPERATOR(pg_catalog.<>) ''),
  renamed_on date NOT NULL CONSTRAINT group_rename_renamed_on_finite CHECK (pg_catalog.isfinite(renamed_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT group_rename_contact_group_fk FOREIGN KEY (contact_group, unit) REFERENCES @registry@.contact_group (code, unit),
  CONSTRAINT group_rename_names_differ CHECK (new_name OPERATOR(pg_catalog.<>) old_name),
  CONSTRAINT group_rename_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX group_rename_contact_group ON @registry@.group_rename (contact_group, renamed_on);
CREATE UNIQUE INDEX group_rename_source_key ON @registry@.group_rename (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.group_rename IS 'That a message group got another name: existing groups may be taken over. rename_group() enters it and changes the group.';
COMMENT ON COLUMN @registry@.group_rename.contact_group IS 'The group.';
COMMENT ON COLUMN @registry@.group_rename.old_name IS 'Its name before.';
COMMENT ON COLUMN @registry@.group_rename.new_name IS 'Its name from that day on.';
COMMENT ON COLUMN @registry@.group_rename.renamed_on IS 'Day of the change.';

CREATE FUNCTION @registry@.complete_group_fact() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  SELECT g.unit INTO NEW.unit FROM @registry@.contact_group AS g WHERE g.code = NEW.contact_group;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('message group %L does not exist', NEW.contact_group),
      DETAIL = format('A row of table "%s" names it.', TG_TABLE_NAME),
      HINT = 'Add it to the table contact_group first, or correct the code.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'contact_group';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_group_fact() IS 'Trigger: a fact of a message group without a unit belongs to the unit of the group.';

CREATE TRIGGER group_count_0_unit BEFORE INSERT ON @registry@.group_count
  FOR EACH ROW WHEN (NEW.unit IS NULL) EXECUTE FUNCTION @registry@.complete_group_fact();
CREATE TRIGGER group_rename_0_unit BEFORE INSERT ON @registry@.group_rename
  FOR EACH ROW WHEN (NEW.unit IS NULL) EXECUTE FUNCTION @registry@.complete_group_fact();
SELECT @registry@.guard_facts('{group_count,group_rename}', true);
SELECT @registry@.comment_code_lists('{group_role}');
