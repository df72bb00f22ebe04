-- One person, entered twice: what is kept of merges, and which columns of which
-- tables name persons. Nothing here decides that two rows are one person:
-- somebody does, and signs.

INSERT INTO @registry@.person_status (code, label_zh, label_en, controlled) VALUES ('merged', '已合并', 'merged into another row', false)
  ON CONFLICT (code) DO NOTHING;

-- It follows from a merge and from nothing else.
ALTER TABLE @registry@.person ADD CONSTRAINT person_merged_is_never_controlled
  CHECK (status <> 'merged' OR (enrolled_on = DATE '9999-12-31' AND ended_on = DATE '9999-12-31' AND ended_on IS NOT NULL));
ALTER TABLE @registry@.status_change ADD CONSTRAINT status_change_is_no_merge CHECK (status <> 'merged');

CREATE TABLE @registry@.duplicate_reason (
  code text CONSTRAINT duplicate_reason_pk PRIMARY KEY CONSTRAINT duplicate_reason_known CHECK (code = ANY ('{document,name_born,name_town,born_town}')),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  points integer NOT NULL CONSTRAINT duplicate_reason_points CHECK (points >= 0 AND points <= 100)
);
COMMENT ON TABLE @registry@.duplicate_reason IS 'What makes two rows of persons look like one person, and how much each counts. An office may set the points; with 0 a reason is not looked for.';
COMMENT ON COLUMN @registry@.duplicate_reason.points IS 'Points towards the score of a pair, which is their sum, at most 100.';
INSERT INTO @registry@.duplicate_reason (code, label_zh, label_en, points) VALUES
  ('document', '证件号码相同（不论写法）', 'the same document, however it is written', 100),
  ('name_born', '姓名和出生日期相同', 'the same name and date of birth', 70),
  ('name_town', '姓名和所在乡镇（街道）相同', 'the same name in the same town', 15),
  ('born_town', '出生日期和所在乡镇（街道）相同', 'the same date of birth in the same town', 10);
SELECT @registry@.comment_code_lists('{duplicate_reason}');

CREATE TABLE @registry@.person_distinct (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT person_distinct_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT person_distinct_person_fk REFERENCES @registry@.person,
  other bigint NOT NULL CONSTRAINT person_distinct_other_fk REFERENCES @registry@.person,
  reason text NOT NULL CONSTRAINT person_distinct_reason_not_blank CHECK (btrim(reason) <> ''),
  decided_by text NOT NULL CONSTRAINT person_distinct_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT person_distinct_two CHECK (person <> other),
  CONSTRAINT person_distinct_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX person_distinct_once ON @registry@.person_distinct (least(person, other), greatest(person, other)) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.person_distinct IS 'Pairs that somebody looked at and found to be two persons: they are listed no more, and not merged.';
COMMENT ON COLUMN @registry@.person_distinct.person IS 'One of them.';
COMMENT ON COLUMN @registry@.person_distinct.other IS 'The other one.';
COMMENT ON COLUMN @registry@.person_distinct.reason IS 'How they were told apart.';
COMMENT ON COLUMN @registry@.person_distinct.decided_by IS 'Who decided.';

CREATE TABLE @registry@.person_merge (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT person_merge_pk PRIMARY KEY,
  keep bigint NOT NULL CONSTRAINT person_merge_keep_fk REFERENCES @registry@.person,
  duplicate bigint NOT NULL CONSTRAINT person_merge_duplicate_fk REFERENCES @registry@.person,
  reason text NOT NULL CONSTRAINT person_merge_reason_not_blank CHECK (btrim(reason) <> ''),
  decided_by text NOT NULL CONSTRAINT person_merge_decided_by_not_blank CHECK (btrim(decided_by) <> ''),
  conflicts text[] NOT NULL,
  despite text CONSTRAINT person_merge_despite_not_blank CHECK (btrim(despite) <> ''),
  keep_enrolled_on date NOT NULL,
  keep_status text NOT NULL CONSTRAINT person_merge_keep_status_fk REFERENCES @registry@.person_status,
  keep_ended_on date,
  duplicate_enrolled_on date NOT NULL,
  duplicate_status text NOT NULL CONSTRAINT person_merge_duplicate_status_fk REFERENCES @registry@.person_status,
  duplicate_ended_on date,
  moved jsonb NOT NULL,
  voided jsonb NOT NULL,
  added jsonb NOT NULL,
  stayed jsonb NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT person_merge_two CHECK (keep <> duplicate),
  CONSTRAINT person_merge_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX person_merge_once ON @registry@.person_merge (duplicate) WHERE voided_at IS NULL;
CREATE INDEX person_merge_keep ON @registry@.person_merge (keep);
COMMENT ON TABLE @registry@.person_merge IS 'Rows of persons that were found to be one person: who decided, why, and which rows went where. Written by merge_persons(); unmerge_persons() voids it.';
COMMENT ON COLUMN @registry@.person_merge.keep IS 'The row that stands for the person from then on.';
COMMENT ON COLUMN @registry@.person_merge.duplicate IS 'The row that was merged into it.';
COMMENT ON COLUMN @registry@.person_merge.reason IS 'Why they are one person.';
COMMENT ON COLUMN @registry@.person_merge.decided_by IS 'Who decided.';
COMMENT ON COLUMN @registry@.person_merge.conflicts IS 'What spoke against it or had to be settled; see merge_conflicts().';
COMMENT ON COLUMN @registry@.person_merge.despite IS 'Why they are one person all the same; null where nothing spoke against it.';
COMMENT ON COLUMN @registry@.person_merge.keep_enrolled_on IS 'enrolled_on of keep before.';
COMMENT ON COLUMN @registry@.person_merge.keep_status IS 'status of keep before.';
COMMENT ON COLUMN @registry@.person_merge.keep_ended_on IS 'ended_on of keep before.';
COMMENT ON COLUMN @registry@.person_merge.duplicate_enrolled_on IS 'enrolled_on of duplicate before.';
COMMENT ON COLUMN @registry@.person_merge.duplicate_status IS 'status of duplicate before.';
COMMENT ON COLUMN @registry@.person_merge.duplicate_ended_on IS 'ended_on of duplicate before.';
COMMENT ON COLUMN @registry@.person_merge.moved IS 'Rows that name keep instead of duplicate: table.column to their ids.';
COMMENT ON COLUMN @registry@.person_merge.voided IS 'Rows that were voided: of duplicate, for keep has the same, and ends of control of either while the other was under control: table.column to their ids.';
COMMENT ON COLUMN @registry@.person_merge.added IS 'Changes of status that were added to keep: table.column to their ids.';
COMMENT ON COLUMN @registry@.person_merge.stayed IS 'Rows that stayed with duplicate: table.column to their ids.';

SELECT @registry@.guard_facts('{person_distinct,person_merge}', false);

CREATE FUNCTION @registry@.guard_person_merge() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF NEW.void_reason IS NOT NULL AND OLD.voided_at IS NULL AND EXISTS (SELECT FROM @registry@.person AS p WHERE p.id = OLD.duplicate AND p.status = 'merged') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('merge %s cannot be voided by itself', OLD.id),
      DETAIL = format('Rows of person %s would stay with person %s.', OLD.duplicate, OLD.keep),
      HINT = format('Call unmerge_persons(%s, reason).', OLD.id),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_person_merge() IS 'Trigger: a merge is voided by unmerge_persons(), which moves the rows back first.';
CREATE TRIGGER person_merge_1_guard BEFORE UPDATE ON @registry@.person_merge
  FOR EACH ROW EXECUTE FUNCTION @registry@.guard_person_merge();

-- By hand the status would hide a person from every list, or bring back a row
-- whose facts are with another. unmerge_persons() puts the second trigger to rest.
CREATE FUNCTION @registry@.guard_merged_person() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF NEW.status <> 'merged' OR NOT EXISTS (SELECT FROM @registry@.person_merge AS m WHERE m.duplicate = NEW.id AND m.voided_at IS NULL) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('the status of person %s cannot be %L', NEW.id, NEW.status),
      DETAIL = CASE NEW.status WHEN 'merged' THEN 'It says that the row was merged into another, and no merge of it is in force.' ELSE 'The row was merged into that of the same person.' END,
      HINT = CASE NEW.status WHEN 'merged' THEN 'Call merge_persons().' ELSE 'Record it for the person that merged_person names, or call unmerge_persons().' END,
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'status';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_merged_person() IS 'Trigger: the status merged comes with a merge, and goes with its end.';
CREATE TRIGGER person_3_merged BEFORE INSERT ON @registry@.person
  FOR EACH ROW WHEN (NEW.status = 'merged') EXECUTE FUNCTION @registry@.guard_merged_person();
CREATE TRIGGER person_3_merged_update BEFORE UPDATE OF status ON @registry@.person
  FOR EACH ROW WHEN ((OLD.status = 'merged') <> (NEW.status = 'merged')) EXECUTE FUNCTION @registry@.guard_merged_person();

CREATE VIEW @registry@.merged_person (person, kept, merge, since) WITH (security_invoker = true) AS
WITH RECURSIVE chain AS (
  SELECT m.duplicate AS person, m.keep AS kept, m.id AS merge, m.recorded_at AS since FROM @registry@.person_merge AS m WHERE m.voided_at IS NULL
  UNION ALL
  SELECT c.person, m.keep, c.merge, c.since FROM chain AS c JOIN @registry@.person_merge AS m ON m.duplicate = c.kept AND m.voided_at IS NULL
)
SELECT c.person, c.kept, c.merge, c.since FROM chain AS c
WHERE NOT EXISTS (SELECT FROM @registry@.person_merge AS m WHERE m.duplicate = c.kept AND m.voided_at IS NULL);
COMMENT ON VIEW @registry@.merged_person IS 'Which row stands for a person now, of those that were merged: for keys that other systems still have.';
COMMENT ON COLUMN @registry@.merged_person.person IS 'The row that was merged.';
COMMENT ON COLUMN @registry@.merged_person.kept IS 'The row that stands for the person, through all merges in force.';
COMMENT ON COLUMN @registry@.merged_person.merge IS 'The merge of the row.';
COMMENT ON COLUMN @registry@.merged_person.since IS 'Since when.';

CREATE VIEW @registry@.person_merge_row (merge, keep, duplicate, action, source_table, column_name, source_id) WITH (security_invoker = true) AS
SELECT m.id, m.keep, m.duplicate, a.action, split_part(e.key, '.', 1), split_part(e.key, '.', 2), r.id::bigint
FROM @registry@.person_merge AS m
CROSS JOIN LATERAL (VALUES ('moved', m.moved), ('voided', m.voided), ('added', m.added), ('stayed', m.stayed)) AS a (action, rows)
CROSS JOIN LATERAL jsonb_each(a.rows) AS e (key, value)
CROSS JOIN LATERAL jsonb_array_elements_text(e.value) AS r (id);
COMMENT ON VIEW @registry@.person_merge_row IS 'Which rows a merge moved, voided, added or left where they were, one row each; of merges undone too.';
COMMENT ON COLUMN @registry@.person_merge_row.merge IS 'The merge.';
COMMENT ON COLUMN @registry@.person_merge_row.keep IS 'The row of the person that was kept.';
COMMENT ON COLUMN @registry@.person_merge_row.duplicate IS 'The row that was merged.';
COMMENT ON COLUMN @registry@.person_merge_row.action IS 'moved, voided, added or stayed.';
COMMENT ON COLUMN @registry@.person_merge_row.source_table IS 'The table.';
COMMENT ON COLUMN @registry@.person_merge_row.column_name IS 'The column that names the person.';
COMMENT ON COLUMN @registry@.person_merge_row.source_id IS 'Identity of the row there.';

-- By the catalog, so that a table that is added later is not forgotten.
CREATE VIEW @registry@.person_reference (name, column_name, form, handling) WITH (security_invoker = true) AS
SELECT c.relname::text, a.attname::text, 'id'::text,
       CASE WHEN c.relname = ANY ('{erasure,dossier_read,person_distinct,person_merge}') THEN 'stays' ELSE 'moves' END
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_class AS o ON o.oid = k.confrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = o.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND k.conparentid = 0 AND n.nspname = @registry_literal@ AND o.relname = 'person' AND c.relnamespace = o.relnamespace
UNION ALL
SELECT c.relname::text, a.attname::text, 'subject'::text, 'moves'::text
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
WHERE n.nspname = @registry_literal@ AND c.relkind = ANY ('{r,p}') AND NOT c.relispartition
  AND a.attname = ANY ('{subject,victim}') AND a.atttypid = 'pg_catalog.text'::regtype AND NOT a.attisdropped
  -- of these it is a kind of thing, or the key of an officer; kept facts follow
  -- from the rows that move, at the next refresh
  AND c.relname <> ALL ('{target,escalation_rule,officer,kept_fact}');
COMMENT ON VIEW @registry@.person_reference IS 'Every column of this schema that names a row of the table person, by foreign key (form id) or as person: and the id (form subject), and whether its rows move when persons are merged.';
COMMENT ON COLUMN @registry@.person_reference.name IS 'The table.';
COMMENT ON COLUMN @registry@.person_reference.column_name IS 'The column.';
COMMENT ON COLUMN @registry@.person_reference.form IS 'id or subject.';
COMMENT ON COLUMN @registry@.person_reference.handling IS 'moves, or stays: the log of files read, tombstones and the merges themselves.';

-- What is entered for a row that was merged would be seen in no list. Of
-- check-ins, tiers and suspensions the trigger of the next due day says so, and
-- missed check-ins and escalations follow from others.
CREATE FUNCTION @registry@.refuse_merged() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  named text := to_jsonb(NEW) ->> TG_ARGV[0];
  number bigint := CASE WHEN named ~ '^(person:)?[0-9]{1,18}$' THEN replace(named, 'person:', '')::bigint END;
BEGIN
  -- who may not read the status may still enter rows, as before any merge
  IF has_column_privilege(format('%I.person', TG_TABLE_SCHEMA), 'status', 'SELECT') AND has_column_privilege(format('%I.person', TG_TABLE_SCHEMA), 'id', 'SELECT')
     AND EXISTS (SELECT FROM @registry@.person AS p WHERE p.id = number AND p.status = 'merged') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('nothing can be recorded for person %s', number),
      DETAIL = 'The row was merged into that of the same person.',
      HINT = 'The view merged_person says which row stands for the person now: name that one.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = TG_ARGV[0];
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.refuse_merged() IS 'Trigger: no row is entered for a person whose row was merged into another. Its argument is the column that names the person.';

CREATE FUNCTION @registry@.guard_merged() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  about record;
  made bigint := 0;
BEGIN
  FOR about IN
    SELECT r.name, r.column_name, r.form FROM @registry@.person_reference AS r
    WHERE r.handling = 'moves' AND r.name <> ALL ('{checkin,tier_change,suspension,missed,escalation}')
      AND NOT EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = format('%I.%I', registry, r.name)::regclass AND g.tgname = r.name || '_0_merged')
    ORDER BY r.name
  LOOP
    EXECUTE format('CREATE TRIGGER %1$I BEFORE INSERT ON %2$I.%3$I FOR EACH ROW WHEN (%4$s) EXECUTE FUNCTION %2$I.refuse_merged(%5$L)', about.name || '_0_merged', registry, about.name,
                   CASE about.form WHEN 'id' THEN format('NEW.%I IS NOT NULL', about.column_name) ELSE format('starts_with(NEW.%I, ''person:'')', about.column_name) END, about.column_name);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_merged() IS 'Give every table that names persons the trigger that refuses rows for one who was merged; gives how many lacked it. For the owner: after adding a table of your own.';
SELECT @registry@.guard_merged();
