-- One person, entered twice: which pairs look like it, how two rows become
-- one, and how that is undone. Nothing here decides that two rows are one
-- person: somebody does, and signs.

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
  -- of these it is a kind of thing, or the key of an officer
  AND c.relname <> ALL ('{target,escalation_rule,officer}');
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

-- ------------------------------------------------------------- candidates
CREATE FUNCTION @registry@.plain_text(value text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN upper(regexp_replace(normalize($1, NFKC), '[[:space:]·•.’''-]', '', 'g'));
COMMENT ON FUNCTION @registry@.plain_text(text) IS 'A name or a number without its typography: width, case, blanks, points and dashes.';

CREATE FUNCTION @registry@.document_key(citizen_id antifraud.citizen_id, document_no text) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE($1::text, antifraud.read_citizen_id($2)::text, @registry@.plain_text($2));
COMMENT ON FUNCTION @registry@.document_key(antifraud.citizen_id, text) IS 'A document as it is compared: a citizen id in 18 characters, also where it was entered as another document; other numbers without their typography.';

CREATE FUNCTION @registry@.duplicate_candidates(within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, other bigint, score integer, reasons text[], reasons_zh text, reasons_en text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  WITH known AS MATERIALIZED (
    SELECT p.id, p.region, @registry@.document_key(p.citizen_id, p.document_no) AS document, @registry@.plain_text(p.name) AS name,
           COALESCE(antifraud.birth_date(COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no))), p.born_on)::text AS born,
           COALESCE(antifraud.region_ancestor(p.region, 4), p.region)::text AS town
    FROM @registry@.person AS p
    WHERE p.document_kind <> 'erased' AND p.status <> 'merged'
  ), keyed AS MATERIALIZED (
    SELECT k.id, k.region, w.reason, w.key, r.points, r.label_zh, r.label_en
    FROM known AS k
    CROSS JOIN LATERAL (VALUES ('document', k.document), ('name_born', k.name || ' ' || k.born), ('name_town', k.name || ' ' || k.town), ('born_town', k.born || ' ' || k.town)) AS w (reason, key)
    JOIN @registry@.duplicate_reason AS r ON r.code = w.reason AND r.points > 0
    WHERE w.key IS NOT NULL
  )
  SELECT a.id AS person, b.id AS other, least(sum(a.points), 100)::integer AS score,
         array_agg(a.reason ORDER BY a.points DESC, a.reason) AS reasons,
         string_agg(a.label_zh, '；' ORDER BY a.points DESC, a.reason) AS reasons_zh, string_agg(a.label_en, '; ' ORDER BY a.points DESC, a.reason) AS reasons_en
  FROM keyed AS a
  JOIN keyed AS b ON b.reason = a.reason AND b.key = a.key AND b.id > a.id
  WHERE ($1 IS NULL OR a.region OPERATOR(antifraud.<@) $1 OR b.region OPERATOR(antifraud.<@) $1)
    AND NOT EXISTS (SELECT FROM @registry@.person_distinct AS x
                    WHERE x.voided_at IS NULL AND least(x.person, x.other) = a.id AND greatest(x.person, x.other) = b.id)
  GROUP BY a.id, b.id
  ORDER BY least(sum(a.points), 100) DESC, a.id, b.id;
END;
COMMENT ON FUNCTION @registry@.duplicate_candidates(antifraud.region) IS 'Pairs of persons that may be one person, in a region (null: everywhere), with every reason and a score: the sum of the points of the reasons, at most 100. For readers who may see names and documents; shows neither.';

CREATE VIEW @registry@.duplicate_person WITH (security_invoker = true) AS
  SELECT d.person, d.other, d.score, d.reasons, d.reasons_zh, d.reasons_en FROM @registry@.duplicate_candidates() AS d;
COMMENT ON VIEW @registry@.duplicate_person IS 'Pairs of persons that may be one person, the likeliest first. Somebody looks at each: merge_persons() or a row in person_distinct.';
COMMENT ON COLUMN @registry@.duplicate_person.person IS 'The row entered first.';
COMMENT ON COLUMN @registry@.duplicate_person.other IS 'The other row.';
COMMENT ON COLUMN @registry@.duplicate_person.score IS 'Sum of the points of the reasons, at most 100.';
COMMENT ON COLUMN @registry@.duplicate_person.reasons IS 'Codes of the reasons, see duplicate_reason.';
COMMENT ON COLUMN @registry@.duplicate_person.reasons_zh IS 'The reasons in Chinese.';
COMMENT ON COLUMN @registry@.duplicate_person.reasons_en IS 'The reasons in English.';

-- -------------------------------------------------------------- conflicts
CREATE FUNCTION @registry@.merge_conflicts(keep bigint, duplicate bigint)
RETURNS TABLE (conflict text, weight text, message_zh text, message_en text)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.conflict, c.weight, c.message_zh, c.message_en
  FROM (
    SELECT p.document_kind, p.citizen_id, p.document_no, p.born_on, p.name, p.category, p.status, p.tier, p.region,
           COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no)) AS id_read FROM @registry@.person AS p WHERE p.id = $1
  ) AS k
  CROSS JOIN (
    SELECT p.document_kind, p.citizen_id, p.document_no, p.born_on, p.name, p.category, p.status, p.tier, p.region,
           COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no)) AS id_read FROM @registry@.person AS p WHERE p.id = $2
  ) AS d
  CROSS JOIN LATERAL (VALUES
    ('distinct', 'stop', '已登记为两人', 'they are recorded as two persons',
     EXISTS (SELECT FROM @registry@.person_distinct AS x WHERE x.voided_at IS NULL AND least(x.person, x.other) = least($1, $2) AND greatest(x.person, x.other) = greatest($1, $2))),
    ('duty', 'stop', '两人名下有相同的在办例行工作，请先终止其一', 'both have the same duty in force: end one of them first',
     EXISTS (SELECT FROM @registry@.duty AS a JOIN @registry@.duty AS b ON b.code = a.code AND b.person = $2 AND b.until IS NULL WHERE a.person = $1 AND a.until IS NULL)),
    ('document', 'force', '证件号码不同', 'their documents differ',
     CASE WHEN k.id_read IS NOT NULL AND d.id_read IS NOT NULL THEN k.id_read OPERATOR(antifraud.<>) d.id_read
          ELSE k.document_kind = d.document_kind AND @registry@.document_key(k.citizen_id, k.document_no) <> @registry@.document_key(d.citizen_id, d.document_no) END),
    ('born', 'force', '出生日期不同', 'their dates of birth differ',
     COALESCE(antifraud.birth_date(k.id_read), k.born_on) <> COALESCE(antifraud.birth_date(d.id_read), d.born_on)),
    ('name', 'force', '姓名不同', 'their names differ', @registry@.plain_text(k.name) <> @registry@.plain_text(d.name)),
    ('tier_same_day', 'force', '同一天定为不同等级，以保留人员的为准', 'they were put into different tiers on one day: that of the kept row holds',
     EXISTS (SELECT FROM @registry@.tier_change AS a JOIN @registry@.tier_change AS b ON b.changed_on = a.changed_on AND b.person = $2 AND b.voided_at IS NULL AND b.tier <> a.tier
             WHERE a.person = $1 AND a.voided_at IS NULL)),
    ('status_same_day', 'force', '同一天变更为不同状态，以保留人员的为准', 'their status changed differently on one day: that of the kept row holds',
     EXISTS (SELECT FROM @registry@.status_change AS a JOIN @registry@.status_change AS b ON b.changed_on = a.changed_on AND b.person = $2 AND b.voided_at IS NULL AND b.status <> a.status
             WHERE a.person = $1 AND a.voided_at IS NULL)),
    ('tier', 'note', '现等级不同，以最近一次定级为准', 'their tiers differ now: the latest decision of either holds', k.tier <> d.tier),
    ('status', 'note', '现状态不同，以合并后的最近一次变更为准', 'their status differs: the latest change of either holds', k.status <> d.status),
    ('region', 'note', '所在地不同，以保留人员的为准', 'they are under control in different places: that of the kept row holds', k.region OPERATOR(antifraud.<>) d.region),
    ('category', 'note', '人员类别不同，以保留人员的为准', 'their categories differ: that of the kept row holds', k.category <> d.category)
  ) AS c (conflict, weight, message_zh, message_en, holds)
  WHERE c.holds;
END;
COMMENT ON FUNCTION @registry@.merge_conflicts(bigint, bigint) IS 'What speaks against merging the second person into the first, or would be settled by it. weight: stop (refused), force (refused unless it is said why they are one person all the same), note (what will hold). Shows neither name nor document.';

-- ---------------------------------------------------------------- merging
-- The rows that may be moved, and those that keep has already. Facts are never
-- changed, but for whom they are about; the triggers that keep them as
-- recorded rest for the time, and nobody else can write to these tables then.
-- All is locked before anything is read, always in the same order.
CREATE FUNCTION @registry@.lock_persons_for_merge() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
BEGIN
  IF NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_class AS c WHERE c.oid = format('%I.person', registry)::regclass), 'USAGE') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = 'only the owner of the registry can merge persons',
      DETAIL = 'Rows of all regions are moved, and facts change whom they are about.',
      HINT = 'Report the pair to the office that runs the registry.';
  ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_transaction_state',
      MESSAGE = format('persons cannot be merged at isolation level %s', current_setting('transaction_isolation')),
      DETAIL = 'Rows that others recorded since the transaction began would stay behind.',
      HINT = 'Use READ COMMITTED.';
  END IF;
  EXECUTE (SELECT 'LOCK TABLE ' || string_agg(format('%I.%I', registry, w.name), ', ' ORDER BY w.name) || ' IN SHARE ROW EXCLUSIVE MODE'
           FROM (SELECT r.name FROM @registry@.person_reference AS r UNION SELECT 'person') AS w);
END
$body$;
COMMENT ON FUNCTION @registry@.lock_persons_for_merge() IS 'Keep others from writing about persons until the transaction ends; for merge_persons() and unmerge_persons().';

-- What each of the tables runs before a row is written, to be put to rest.
CREATE FUNCTION @registry@.row_keepers() RETURNS text[]
STABLE
LANGUAGE sql
BEGIN ATOMIC
  SELECT array_agg(format('%I.%I %%s TRIGGER %I', n.nspname, c.relname, g.tgname) ORDER BY c.relname, g.tgname)
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = @registry_literal@ AND NOT g.tgisinternal AND g.tgenabled = 'O'
    -- of a row (1), before (2), insert (4) or update (16)
    AND g.tgtype & 3 = 3 AND g.tgtype & 20 <> 0
    AND EXISTS (SELECT FROM @registry@.person_reference AS r WHERE r.name = c.relname AND r.handling = 'moves');
END;
COMMENT ON FUNCTION @registry@.row_keepers() IS 'The triggers that keep rows of persons as recorded, as the end of an ALTER TABLE; for merge_persons() and unmerge_persons().';

-- Conditions under which a row d of the duplicate cannot go to keep as it is,
-- by the unique indexes of its table; and by the periods that exclude each other.
CREATE FUNCTION @registry@.merge_collisions(reference @registry@.person_reference, kept text) RETURNS text[]
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  relation regclass := format('%I.%I', @registry_literal@, reference.name)::regclass;
BEGIN
  RETURN ARRAY(
    SELECT format('%s EXISTS (SELECT FROM (SELECT * FROM %s%s) AS k WHERE k.%I = %s%s)',
                  CASE WHEN i.predicate IS NOT NULL THEN format('d.id IN (SELECT id FROM %s WHERE %s) AND', relation, i.predicate) ELSE '' END,
                  relation, coalesce(' WHERE ' || i.predicate, ''), reference.column_name, kept, i.others)
    FROM (
      SELECT x.indexrelid, pg_get_expr(x.indpred, x.indrelid) AS predicate,
             -- as text: the operators of every type are not at hand
             string_agg(format(CASE WHEN x.indnullsnotdistinct THEN ' AND k.%1$I::text IS NOT DISTINCT FROM d.%1$I::text' ELSE ' AND k.%1$I::text = d.%1$I::text' END, a.attname), '' ORDER BY n.place)
               FILTER (WHERE a.attname <> reference.column_name) AS others
      FROM pg_index AS x
      CROSS JOIN LATERAL unnest((x.indkey::smallint[])[0:x.indnkeyatts - 1]) WITH ORDINALITY AS n (attnum, place)
      JOIN pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = n.attnum
      WHERE x.indrelid = relation AND x.indisunique AND NOT x.indisprimary AND 0 <> ALL (x.indkey::smallint[])
      GROUP BY x.indexrelid, x.indpred, x.indrelid
      HAVING bool_or(a.attname = reference.column_name) AND bool_and(a.attname <> 'id')
    ) AS i
    WHERE i.others IS NOT NULL
    UNION ALL
    SELECT format('EXISTS (SELECT FROM %s AS k WHERE k.%I = %s AND k.period && d.period%s)', relation, reference.column_name, kept,
                  (SELECT ' AND k.role = d.role' FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = 'role' AND NOT a.attisdropped))
    WHERE EXISTS (SELECT FROM pg_constraint AS x WHERE x.conrelid = relation AND x.contype = 'x')
      AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = 'period' AND NOT a.attisdropped));
END
$body$;
COMMENT ON FUNCTION @registry@.merge_collisions(@registry@.person_reference, text) IS 'Conditions on a row d of a table, each of which keeps it from naming another person, for that one has the same; for merge_persons().';

CREATE FUNCTION @registry@.controlled_days(person bigint) RETURNS datemultirange
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (SELECT datemultirange(daterange(p.enrolled_on, p.ended_on, '[]'))
               - COALESCE((SELECT range_agg(daterange(g.starts_on, g.ends_on, '[]')) FROM @registry@.status_gap AS g WHERE g.person = p.id), '{}')
        FROM @registry@.person AS p WHERE p.id = $1);
COMMENT ON FUNCTION @registry@.controlled_days(bigint) IS 'The days on which a person was or is under control, from enrolment on, without those between an end and a beginning anew.';

CREATE FUNCTION @registry@.merge_persons(keep bigint, duplicate bigint, reason text, decided_by text, despite text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  kept record;
  other record;
  why text;
  against record;
  left_behind jsonb;
  noted text[];
  keeper text;
  keepers text[];
  reference @registry@.person_reference;
  place text;
  named text;
  renamed text;
  voids boolean;
  collisions text[];
  ids bigint[];
  parts text[] := '{}';
  places text[] := '{}';
  moved jsonb := '{}';
  voided jsonb := '{}';
  added jsonb := '{}';
  stayed jsonb := '{}';
  -- under control: on the days of either
  days datemultirange;
  has_history boolean;
  ended_later boolean;
  turn record;
  made bigint;
BEGIN
  IF coalesce(btrim(reason), '') = '' OR coalesce(btrim(decided_by), '') = '' OR btrim(despite) = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('persons %s and %s are not merged without a reason and a decision', coalesce(keep::text, 'NULL'), coalesce(duplicate::text, 'NULL')),
      DETAIL = 'Nothing is merged by itself: somebody finds that two rows are one person, and signs.',
      HINT = 'Say why, and who decided; despite is null, or says why they are one person although something speaks against it.';
  ELSIF keep = duplicate THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('person %s cannot be merged with itself', keep),
      HINT = 'Name the row to keep and the one to merge into it.';
  END IF;
  PERFORM @registry@.lock_persons_for_merge();
  SELECT p.id, p.unit, p.region, p.enrolled_on, p.status, p.ended_on INTO kept FROM @registry@.person AS p WHERE p.id = keep FOR UPDATE;
  SELECT p.id, p.unit, p.region, p.enrolled_on, p.status, p.ended_on INTO other FROM @registry@.person AS p WHERE p.id = duplicate FOR UPDATE;
  IF kept.id IS NULL OR other.id IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('person %s does not exist', coalesce(CASE WHEN kept.id IS NULL THEN keep ELSE duplicate END::text, 'NULL')),
      HINT = 'Look the id up in the table person.';
  END IF;
  SELECT w.why INTO why FROM (
    SELECT format('Person %s is erased.', e.person) FROM @registry@.erasure AS e WHERE e.person IN (kept.id, other.id)
    UNION ALL
    SELECT format('Person %s is merged into person %s already, by merge %s.', m.duplicate, m.keep, m.id) FROM @registry@.person_merge AS m
    WHERE m.duplicate IN (kept.id, other.id) AND m.voided_at IS NULL) AS w (why) LIMIT 1;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('person %s cannot be merged into person %s', duplicate, keep),
      DETAIL = why,
      HINT = 'The view merged_person says which row stands for a person now.';
  END IF;
  SELECT coalesce(array_agg(c.conflict), '{}') INTO noted FROM @registry@.merge_conflicts(keep, duplicate) AS c;
  SELECT c.weight, c.message_en, c.message_zh INTO against FROM @registry@.merge_conflicts(keep, duplicate) AS c
    WHERE c.weight = 'stop' OR (c.weight = 'force' AND despite IS NULL) ORDER BY c.weight DESC, c.conflict LIMIT 1;
  IF against.weight IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('person %s cannot be merged into person %s: %s', duplicate, keep, against.message_en),
      DETAIL = format('%s（merge_conflicts(%s, %s)）', against.message_zh, keep, duplicate),
      HINT = CASE against.weight WHEN 'stop' THEN 'Settle that first.' ELSE 'Compare the documents; if it is one person all the same, say why in despite.' END;
  END IF;

  days := @registry@.controlled_days(keep) + @registry@.controlled_days(duplicate);
  keepers := coalesce(@registry@.row_keepers(), '{}');
  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'DISABLE');
  END LOOP;

  -- an end of one while the other was under control was none
  WITH v AS (
    UPDATE @registry@.status_change AS c SET voided_at = greatest(now(), c.recorded_at), voided_by = current_user,
           void_reason = format('merged: person %s was under control', CASE c.person WHEN kept.id THEN other.id ELSE kept.id END)
    FROM @registry@.person_status AS k
    WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL AND k.code = c.status AND NOT k.controlled
      AND NOT EXISTS (SELECT FROM unnest(days) AS r WHERE upper(r) - 1 = c.changed_on)
    RETURNING c.id)
  SELECT array_agg(v.id ORDER BY v.id) INTO ids FROM v;
  IF ids IS NOT NULL THEN
    voided := jsonb_build_object('status_change.person', to_jsonb(ids));
  END IF;

  -- what both have is void on the side of the duplicate
  FOR reference IN SELECT r.* FROM @registry@.person_reference AS r WHERE r.handling = 'moves' ORDER BY r.name, r.column_name LOOP
    place := reference.name || '.' || reference.column_name;
    named := CASE reference.form WHEN 'id' THEN duplicate::text ELSE quote_literal('person:' || duplicate) END;
    renamed := CASE reference.form WHEN 'id' THEN keep::text ELSE quote_literal('person:' || keep) END;
    collisions := @registry@.merge_collisions(reference, renamed);
    voids := EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = format('%I.%I', registry, reference.name)::regclass AND a.attname = 'void_reason' AND NOT a.attisdropped);
    IF voids AND collisions <> '{}' THEN
      EXECUTE format('WITH v AS (UPDATE %1$I.%2$I AS d SET voided_at = greatest(now(), d.recorded_at), voided_by = current_user, void_reason = $1'
                     ' WHERE d.%3$I = %4$s AND d.voided_at IS NULL AND (%5$s) RETURNING d.id) SELECT array_agg(v.id ORDER BY v.id) FROM v',
                     registry, reference.name, reference.column_name, named, array_to_string(collisions, ' OR '))
        INTO ids USING format('merged: person %s has the same', keep);
      IF ids IS NOT NULL THEN
        voided := voided || jsonb_build_object(place, coalesce(voided -> place, '[]') || to_jsonb(ids));
      END IF;
      collisions := '{}';
    END IF;
    parts := parts || format('m%s AS (UPDATE %I.%I AS d SET %I = %s WHERE d.%I = %s%s RETURNING d.id)',
                             cardinality(parts) + 1, registry, reference.name, reference.column_name, renamed, reference.column_name, named,
                             CASE WHEN collisions <> '{}' THEN ' AND NOT (' || array_to_string(collisions, ' OR ') || ')' ELSE '' END);
    places := places || format('SELECT %L::text AS place, (SELECT jsonb_agg(m.id ORDER BY m.id) FROM m%s AS m) AS ids', place, cardinality(parts));
  END LOOP;

  -- where one began anew after both had ended, and where both had ended, the
  -- history must say so, also what only the rows of the persons said
  UPDATE @registry@.person AS p SET enrolled_on = other.enrolled_on WHERE p.id = keep AND other.enrolled_on < kept.enrolled_on;
  has_history := EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL)
                 OR (SELECT count(*) FROM unnest(days)) > 1;
  ids := NULL;
  FOR turn IN
    SELECT lower(r) AS day, true AS controlled FROM unnest(days) AS r WHERE lower(r) > least(kept.enrolled_on, other.enrolled_on)
    UNION ALL
    SELECT upper(r) - 1, false FROM unnest(days) AS r WHERE NOT upper_inf(r) AND has_history
    ORDER BY 1
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM @registry@.status_change AS c JOIN @registry@.person_status AS k ON k.code = c.status
                          WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL AND c.changed_on = turn.day AND k.controlled = turn.controlled);
    INSERT INTO @registry@.status_change (person, unit, region, from_status, status, changed_on, reason, decided_by)
      VALUES (keep, @registry@.answering_unit(kept.unit, kept.region), kept.region,
              coalesce((SELECT c.status FROM @registry@.status_change AS c WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL AND c.changed_on < turn.day ORDER BY c.changed_on DESC LIMIT 1), 'listed'),
              CASE WHEN turn.controlled THEN coalesce((SELECT w.status FROM (VALUES (kept.id, kept.status, kept.enrolled_on, kept.ended_on), (other.id, other.status, other.enrolled_on, other.ended_on)) AS w (id, status, enrolled_on, ended_on)
                                                      WHERE w.enrolled_on = turn.day AND w.ended_on IS NULL AND NOT EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person = w.id AND c.voided_at IS NULL) LIMIT 1), 'listed')
                   WHEN kept.ended_on = turn.day THEN kept.status ELSE other.status END,
              turn.day, format('merged: person %s', duplicate), merge_persons.decided_by)
      RETURNING status_change.id INTO made;
    ids := coalesce(ids, '{}') || made;
  END LOOP;
  IF ids IS NOT NULL THEN
    added := jsonb_build_object('status_change.person', to_jsonb(ids));
  END IF;

  -- all at once: a foreign key may hold a person together with another row
  EXECUTE format('WITH %s SELECT coalesce(jsonb_object_agg(w.place, w.ids), ''{}'') FROM (%s) AS w WHERE w.ids IS NOT NULL', array_to_string(parts, ', '), array_to_string(places, ' UNION ALL ')) INTO moved;

  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'ENABLE');
  END LOOP;
  FOR reference IN SELECT r.* FROM @registry@.person_reference AS r WHERE r.name <> ALL ('{erasure,person_merge}') ORDER BY r.name, r.column_name LOOP
    EXECUTE format('SELECT jsonb_agg(d.id ORDER BY d.id) FROM %I.%I AS d WHERE d.%I = %s', registry, reference.name, reference.column_name,
                   CASE reference.form WHEN 'id' THEN duplicate::text ELSE quote_literal('person:' || duplicate) END) INTO left_behind;
    IF left_behind IS NOT NULL THEN
      stayed := stayed || jsonb_build_object(reference.name || '.' || reference.column_name, left_behind);
    END IF;
  END LOOP;

  -- where there is no history the row says until when, as that of whoever was under control longer
  ended_later := kept.ended_on < coalesce(other.ended_on, 'infinity');
  UPDATE @registry@.person AS p SET status = CASE WHEN ended_later THEN other.status ELSE kept.status END, ended_on = CASE WHEN ended_later THEN other.ended_on ELSE kept.ended_on END
    WHERE p.id = keep AND NOT EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person = p.id AND c.voided_at IS NULL);
  -- the row stays, with its document and key, so that it is not entered once
  -- more; it was under control on no day that a list can ask for
  UPDATE @registry@.person AS p SET status = 'merged', enrolled_on = '9999-12-31', ended_on = '9999-12-31' WHERE p.id = duplicate;
  PERFORM antifraud.refresh_next_due(registry, ARRAY[keep, duplicate]);
  INSERT INTO @registry@.person_merge (keep, duplicate, reason, decided_by, conflicts, despite, keep_enrolled_on, keep_status, keep_ended_on,
                                       duplicate_enrolled_on, duplicate_status, duplicate_ended_on, moved, voided, added, stayed)
    VALUES (merge_persons.keep, merge_persons.duplicate, merge_persons.reason, merge_persons.decided_by, noted, merge_persons.despite, kept.enrolled_on, kept.status, kept.ended_on,
            other.enrolled_on, other.status, other.ended_on, moved, voided, added, stayed)
    RETURNING id INTO made;
  RETURN made;
END
$body$;
COMMENT ON FUNCTION @registry@.merge_persons(bigint, bigint, text, text, text) IS 'Merge the second person into the first: what names the duplicate names keep from then on, what both have is voided once, the duplicate is under control on no day. For the owner of the registry, who says why and who decided; despite: why they are one person although merge_conflicts() speaks against it. Gives the number of the merge; unmerge_persons() undoes it.';

CREATE FUNCTION @registry@.unmerge_persons(merge bigint, reason text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  done @registry@.person_merge;
  why text;
  keeper text;
  keepers text[];
  about record;
  parts text[] := '{}';
  recorded record;
BEGIN
  IF coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('merge %s is not undone without a reason', coalesce(merge::text, 'NULL')),
      HINT = 'Say how it turned out that they are two persons, and who decided.';
  END IF;
  PERFORM @registry@.lock_persons_for_merge();
  SELECT m.* INTO done FROM @registry@.person_merge AS m WHERE m.id = merge FOR UPDATE;
  IF done.id IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('merge %s does not exist', coalesce(merge::text, 'NULL')),
      HINT = 'The table person_merge lists them.';
  END IF;
  SELECT w.why INTO why FROM (
    SELECT 1, format('It was undone at %s: %s', done.voided_at, done.void_reason) WHERE done.voided_at IS NOT NULL
    UNION ALL
    SELECT 2, format('Person %s is erased, and nothing brings the data back.', e.person) FROM @registry@.erasure AS e WHERE e.person IN (done.keep, done.duplicate)
    UNION ALL
    SELECT 3, format('Person %s was merged into person %s afterwards, by merge %s: undo that first.', m.duplicate, m.keep, m.id) FROM @registry@.person_merge AS m
    WHERE m.duplicate = done.keep AND m.voided_at IS NULL) AS w (rank, why) ORDER BY w.rank, w.why LIMIT 1;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('merge %s cannot be undone', merge),
      DETAIL = why,
      HINT = 'The table person_merge lists the merges.';
  END IF;

  keepers := coalesce(@registry@.row_keepers(), '{}');
  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'DISABLE');
  END LOOP;
  UPDATE @registry@.person AS p SET enrolled_on = done.duplicate_enrolled_on, status = done.duplicate_status, ended_on = done.duplicate_ended_on WHERE p.id = done.duplicate;
  UPDATE @registry@.status_change AS c SET voided_at = greatest(now(), c.recorded_at), voided_by = current_user, void_reason = format('merge %s undone', merge)
    WHERE c.voided_at IS NULL AND c.id IN (SELECT e.value::bigint FROM jsonb_array_elements_text(done.added -> 'status_change.person') AS e);
  FOR about IN
    SELECT split_part(e.key, '.', 1) AS name, split_part(e.key, '.', 2) AS column_name, r.form, e.value AS ids
    FROM jsonb_each(done.moved) AS e
    JOIN @registry@.person_reference AS r ON r.name = split_part(e.key, '.', 1) AND r.column_name = split_part(e.key, '.', 2)
    ORDER BY e.key
  LOOP
    parts := parts || format('m%s AS (UPDATE %I.%I AS d SET %I = %s WHERE d.%I = %s AND d.id = ANY (%L::bigint[]))', cardinality(parts) + 1, registry, about.name,
      about.column_name, CASE about.form WHEN 'id' THEN done.duplicate::text ELSE quote_literal('person:' || done.duplicate) END,
      about.column_name, CASE about.form WHEN 'id' THEN done.keep::text ELSE quote_literal('person:' || done.keep) END,
      ARRAY(SELECT i::bigint FROM jsonb_array_elements_text(about.ids) AS i));
  END LOOP;
  IF parts <> '{}' THEN
    EXECUTE 'WITH ' || array_to_string(parts, ', ') || ' SELECT';
  END IF;
  -- in force again are those that the merge voided, and nobody else
  FOR about IN SELECT split_part(e.key, '.', 1) AS name, e.value AS ids FROM jsonb_each(done.voided) AS e ORDER BY e.key LOOP
    EXECUTE format('UPDATE %I.%I SET voided_at = NULL, voided_by = NULL, void_reason = NULL WHERE id = ANY ($1) AND void_reason LIKE ''merged: person %%''', registry, about.name)
      USING ARRAY(SELECT i::bigint FROM jsonb_array_elements_text(about.ids) AS i);
  END LOOP;
  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'ENABLE');
  END LOOP;

  SELECT r.status, r.ended_on INTO recorded FROM @registry@.person_status_recorded(done.keep) AS r;
  UPDATE @registry@.person AS p
    SET enrolled_on = CASE WHEN p.enrolled_on = least(done.duplicate_enrolled_on, done.keep_enrolled_on) THEN done.keep_enrolled_on ELSE p.enrolled_on END,
        status = coalesce(recorded.status, done.keep_status), ended_on = CASE WHEN recorded.status IS NULL THEN done.keep_ended_on ELSE recorded.ended_on END
    WHERE p.id = done.keep;
  PERFORM antifraud.refresh_next_due(registry, ARRAY[done.keep, done.duplicate]);
  UPDATE @registry@.person_merge AS m SET void_reason = unmerge_persons.reason WHERE m.id = merge;
END
$body$;
COMMENT ON FUNCTION @registry@.unmerge_persons(bigint, text) IS 'Undo a merge: the rows that it moved name the duplicate again, those that it voided are in force again. What was recorded since stays with the person that was kept. Refused where either was erased since. For the owner of the registry.';
