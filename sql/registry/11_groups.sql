-- Message groups.

CREATE TABLE @registry@.contact_group (
  code text CONSTRAINT contact_group_pk PRIMARY KEY CONSTRAINT contact_group_code_not_blank CHECK (pg_catalog.btrim(code) OPERATOR(pg_catalog.<>) ''),
  unit text NOT NULL CONSTRAINT contact_group_unit_fk REFERENCES @registry@.unit,
  name text NOT NULL CONSTRAINT contact_group_name_not_blank CHECK (pg_catalog.btrim(name) OPERATOR(pg_catalog.<>) ''),
  level integer NOT NULL DEFAULT 3 CONSTRAINT contact_group_level_known CHECK (level OPERATOR(pg_catalog.>=) 1 AND level OPERATOR(pg_catalog.<=) 3),
  parent text CONSTRAINT contact_group_parent_fk REFERENCES @registry@.contact_group CONSTRAINT contact_group_not_its_own_parent CHECK (parent OPERATOR(pg_catalog.<>) code),
  formed_on date CONSTRAINT contact_group_formed_on_finite CHECK (pg_catalog.isfinite(formed_on)),
  active boolean NOT NULL DEFAULT true,
  -- what is done in a group names the group and its unit, and they must agree
  CONSTRAINT contact_group_of_unit UNIQUE (code, unit)
);
CREATE INDEX contact_group_unit ON @registry@.contact_group (unit);
COMMENT ON TABLE @registry@.contact_group IS 'Message groups, in three levels as tuohe-2023 builds them. No members are kept here.';
COMMENT ON COLUMN @registry@.contact_group.code IS 'Code of the group.';
COMMENT ON COLUMN @registry@.contact_group.unit IS 'The unit that answers for it.';
COMMENT ON COLUMN @registry@.contact_group.name IS 'Name of the group, by the rules of the office.';
COMMENT ON COLUMN @registry@.contact_group.level IS '1 command, 2 organisation, 3 publicity among residents.';
COMMENT ON COLUMN @registry@.contact_group.parent IS 'The group above it.';
COMMENT ON COLUMN @registry@.contact_group.formed_on IS 'First day of the group: nothing is due in it before. Null: not known.';
COMMENT ON COLUMN @registry@.contact_group.active IS 'Whether it is in use; what falls due in an inactive group is not looked at.';
