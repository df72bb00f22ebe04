-- Facts that stand in other people's tables: what is mapped, division codes
-- that changed, and which unit answers for a division. add_source() fills the
-- table source and makes the views: 48_source*.sql, after what scores need.

CREATE TABLE @registry@.source (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT source_pk PRIMARY KEY,
  measure text NOT NULL CONSTRAINT source_measure_fk REFERENCES @registry@.measure,
  relation regclass,
  relation_name text NOT NULL,
  mapping jsonb NOT NULL CONSTRAINT source_mapping_object CHECK (jsonb_typeof(mapping) = 'object'),
  purpose text CONSTRAINT source_purpose_not_blank CHECK (btrim(purpose) <> ''),
  legal_basis text CONSTRAINT source_legal_basis_not_blank CHECK (btrim(legal_basis) <> ''),
  added_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  added_by text NOT NULL DEFAULT CURRENT_USER,
  removed_at timestamptz,
  removed_by text,
  removal_reason text,
  CONSTRAINT source_persons_have_a_purpose CHECK (NOT mapping ? 'subject' OR num_nulls(purpose, legal_basis) = 0),
  CONSTRAINT source_removal_complete CHECK ((removed_at IS NULL) = (removed_by IS NULL) AND (removed_at IS NULL) = (relation IS NOT NULL)),
  CONSTRAINT source_removal_reason CHECK (removal_reason IS NULL OR (removed_at IS NOT NULL AND btrim(removal_reason) <> ''))
);
CREATE UNIQUE INDEX source_once ON @registry@.source (measure, relation) WHERE removed_at IS NULL;
COMMENT ON TABLE @registry@.source IS 'Which tables, views and foreign tables outside the registry supply facts, and how their columns are read. Rows stay when a source is removed. Use add_source() and remove_source(): they make the views as well.';
COMMENT ON COLUMN @registry@.source.id IS 'Identity; the views facts_of_source_... and unreadable_of_source_... bear it.';
COMMENT ON COLUMN @registry@.source.measure IS 'The measure that it supplies.';
COMMENT ON COLUMN @registry@.source.relation IS 'The table, view or foreign table; null: the source was removed.';
COMMENT ON COLUMN @registry@.source.relation_name IS 'Its name when it was added, with the schema: source_table of its facts.';
COMMENT ON COLUMN @registry@.source.mapping IS 'Which column of the relation each column of fact is read from, by the names that the columns had when the source was added.';
COMMENT ON COLUMN @registry@.source.purpose IS 'What its persons are needed for; null where none is mapped.';
COMMENT ON COLUMN @registry@.source.legal_basis IS 'The provision that allows it; null where no persons are mapped.';
COMMENT ON COLUMN @registry@.source.added_at IS 'When it was added.';
COMMENT ON COLUMN @registry@.source.added_by IS 'Who added it.';
COMMENT ON COLUMN @registry@.source.removed_at IS 'When it was removed; null: it supplies facts now.';
COMMENT ON COLUMN @registry@.source.removed_by IS 'Who removed it.';
COMMENT ON COLUMN @registry@.source.removal_reason IS 'Why.';

CREATE FUNCTION @registry@.has_source(measures text[] DEFAULT NULL) RETURNS boolean
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT EXISTS (SELECT FROM @registry@.source AS s WHERE s.removed_at IS NULL AND ($1 IS NULL OR s.measure = ANY ($1)));
END;
COMMENT ON FUNCTION @registry@.has_source(text[]) IS 'Whether a source outside the registry supplies one of these measures (null: any measure).';

CREATE TABLE @registry@.division_change (
  old antifraud.region NOT NULL,
  new antifraud.region NOT NULL,
  valid daterange NOT NULL DEFAULT '(,)',
  document text,
  entered_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  entered_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT division_change_changes CHECK (old OPERATOR(antifraud.<>) new),
  CONSTRAINT division_change_same_level CHECK (antifraud.region_level(old) = antifraud.region_level(new)),
  CONSTRAINT division_change_some_day CHECK (NOT isempty(valid)),
  -- a range of one code, since btree_gist need not be there
  CONSTRAINT division_change_one_successor EXCLUDE USING gist (int8range(old::text::bigint, old::text::bigint, '[]') WITH &&, valid WITH &&)
);
CREATE INDEX division_change_old ON @registry@.division_change (old);
COMMENT ON TABLE @registry@.division_change IS 'Division codes that have changed, and their successors: facts of sources that bear an old code are counted where it went. A change of a county or town holds for all codes within it, whose further digits stay; of several changes that fit, the one of the smallest division holds. Successors may change again.';
COMMENT ON COLUMN @registry@.division_change.old IS 'The code that rows bear.';
COMMENT ON COLUMN @registry@.division_change.new IS 'The code that took its place, of the same level.';
COMMENT ON COLUMN @registry@.division_change.valid IS 'For facts of which days: (,2022-01-01) where the old code was given to another place in 2022. All, if nothing is said.';
COMMENT ON COLUMN @registry@.division_change.document IS 'The order that changed it.';
COMMENT ON COLUMN @registry@.division_change.entered_at IS 'When it was entered.';
COMMENT ON COLUMN @registry@.division_change.entered_by IS 'Who entered it.';

-- Asked only for codes that have changed, or lie in a division that has.
CREATE FUNCTION @registry@.current_region(region antifraud.region, day date DEFAULT NULL) RETURNS antifraud.region
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  digits CONSTANT integer[] := '{2,4,6,9,12,15}';
  now_at antifraud.region := region;
  been text[] := '{}';
  change record;
BEGIN
  WHILE now_at IS NOT NULL LOOP
    SELECT c.old::text AS old, c.new::text AS new, digits[antifraud.region_level(c.old)] AS length INTO change
    FROM @registry@.division_change AS c
    WHERE c.old OPERATOR(antifraud.=) ANY (antifraud.region_path(now_at)) AND (day IS NULL OR c.valid @> day)
    ORDER BY antifraud.region_level(c.old) DESC, upper(c.valid) DESC NULLS FIRST
    LIMIT 1;
    EXIT WHEN NOT FOUND;
    been := been || now_at::text;
    now_at := antifraud.region_or_null(left(change.new, change.length) || substr(now_at::text, change.length + 1));
    IF now_at::text = ANY (been) THEN
      RETURN NULL;
    END IF;
  END LOOP;
  RETURN now_at;
END
$body$;
COMMENT ON FUNCTION @registry@.current_region(antifraud.region, date) IS 'The code that stands today for a division as a fact of a day (null: of any) names it, by division_change; null where that leads round in circles.';

-- Of several units in one place the one that bears the code of the place,
-- otherwise the only active one. Where that is not said, a source has to say it.
CREATE VIEW @registry@.region_unit (region, unit) WITH (security_invoker = true) AS
SELECT u.region, u.code
FROM @registry@.unit AS u
WHERE NOT EXISTS (
  SELECT FROM @registry@.unit AS o
  WHERE o.region OPERATOR(antifraud.=) u.region AND o.code <> u.code
    AND ROW (o.code = o.region::text, o.active) >= ROW (u.code = u.region::text, u.active));
COMMENT ON VIEW @registry@.region_unit IS 'The unit that answers for a division, for facts of sources that name no unit: the one whose code is that of the division, otherwise the only one there, or the only active one. Divisions that have several are left out.';
COMMENT ON COLUMN @registry@.region_unit.region IS 'The division.';
COMMENT ON COLUMN @registry@.region_unit.unit IS 'Its unit.';
