-- What became of a file, for those who read it; and who may import.

CREATE FUNCTION @registry@.import_words_of(fault text, kind text, value text, language text) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT coalesce(
    CASE WHEN c.code = ANY ('{date,number,region,citizen_id}') THEN antifraud.reading_fault(c.code, coalesce(value, ''), language) END,
    (SELECT CASE language WHEN 'zh' THEN w.label_zh ELSE w.label_en END FROM @registry@.import_reason AS w WHERE w.code = c.code),
    CASE language WHEN 'zh' THEN '不符合约束 ' ELSE 'violates ' END || c.code)
  FROM (SELECT regexp_replace(fault, '^.*:', '') AS code) AS c;
END;
COMMENT ON FUNCTION @registry@.import_words_of(text, text, text, text) IS 'A fault of a row in words, Chinese (zh) or English (en).';

-- The list for the office is opened in a spreadsheet, which runs what begins
-- like a formula; whoever loads the list again reads it without the mark.
CREATE FUNCTION @registry@.import_shown(words text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN CASE WHEN words ~ '^[[:space:]]*[-=@+＝＠＋－]' AND words !~ '^[-+]?[0-9.,]*$' THEN '''' ELSE '' END || @registry@.import_mask(words);
COMMENT ON FUNCTION @registry@.import_shown(text) IS 'A cell as it goes back to the office: long numbers masked, and an apostrophe before what a spreadsheet would take for a formula.';

CREATE VIEW @registry@.import_fault (batch, line, verdict, header, name, value, reason_zh, reason_en, said) WITH (security_invoker = true) AS
SELECT r.batch, r.line, r.verdict, COALESCE(@registry@.import_shown(f.header), '第' || f.cell || '列') AS header, f.name,
       @registry@.import_shown(r.cells[f.place]) AS value,
       @registry@.import_words_of(w.fault, f.kind, r.cells[f.place], 'zh') AS reason_zh,
       @registry@.import_words_of(w.fault, f.kind, r.cells[f.place], 'en') AS reason_en,
       r.said
FROM @registry@.import_row AS r
CROSS JOIN LATERAL unnest(r.faults) AS w (fault)
LEFT JOIN @registry@.import_field AS f ON f.batch = r.batch AND f.name = regexp_replace(w.fault, ':[^:]*$', '')
WHERE r.verdict = ANY ('{faulty,duplicate,changed}');
COMMENT ON VIEW @registry@.import_fault IS 'What goes back to the office: each line that was not applied, with the column, the value and the reason. Long numbers are masked.';
COMMENT ON COLUMN @registry@.import_fault.batch IS 'The batch.';
COMMENT ON COLUMN @registry@.import_fault.line IS 'Number of the line in the file.';
COMMENT ON COLUMN @registry@.import_fault.verdict IS 'faulty, duplicate or changed.';
COMMENT ON COLUMN @registry@.import_fault.header IS 'Name of the column in the file; null: the whole line.';
COMMENT ON COLUMN @registry@.import_fault.name IS 'Column of the target.';
COMMENT ON COLUMN @registry@.import_fault.value IS 'What the cell holds; null: nothing, or expired.';
COMMENT ON COLUMN @registry@.import_fault.reason_zh IS 'Why, in Chinese.';
COMMENT ON COLUMN @registry@.import_fault.reason_en IS 'Why, in English.';
COMMENT ON COLUMN @registry@.import_fault.said IS 'What the server said, where it refused the row.';

CREATE VIEW @registry@.import_progress (batch, target, source, file_name, state, begun_by, begun_at, lines_read, lines_checked, rows_applied, expires_on) WITH (security_invoker = true) AS
SELECT b.id AS batch, b.target, b.source, b.file_name, b.state, b.begun_by, b.begun_at, b.lines_read, b.lines_checked, b.rows_applied, b.expires_on
FROM @registry@.import_batch AS b;
COMMENT ON VIEW @registry@.import_progress IS 'How far each import is; import_counts() counts verdicts. While psql copies, pg_stat_progress_copy shows how far that is.';
COMMENT ON COLUMN @registry@.import_progress.batch IS 'The batch.';
COMMENT ON COLUMN @registry@.import_progress.target IS 'The table that it is for.';
COMMENT ON COLUMN @registry@.import_progress.source IS 'The office or system that the file comes from.';
COMMENT ON COLUMN @registry@.import_progress.file_name IS 'Name of the file.';
COMMENT ON COLUMN @registry@.import_progress.state IS 'See import_batch.';
COMMENT ON COLUMN @registry@.import_progress.begun_by IS 'The account that began it.';
COMMENT ON COLUMN @registry@.import_progress.begun_at IS 'When it was begun.';
COMMENT ON COLUMN @registry@.import_progress.lines_read IS 'Lines of the file that were read.';
COMMENT ON COLUMN @registry@.import_progress.lines_checked IS 'Lines that were judged.';
COMMENT ON COLUMN @registry@.import_progress.rows_applied IS 'Rows that were applied.';
COMMENT ON COLUMN @registry@.import_progress.expires_on IS 'Last day on which what is staged is kept.';

CREATE FUNCTION @registry@.set_importer(role name, target text, may_import boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  columns text;
BEGIN
  IF NOT EXISTS (SELECT FROM @registry@.import_target AS t WHERE t.name = set_importer.target) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_table',
      MESSAGE = format('%s is no table that files are imported into', coalesce(quote_literal(target), 'NULL')),
      HINT = 'The table import_target lists them.';
  ELSIF NOT EXISTS (SELECT FROM @registry@.access_scope AS s WHERE s.role = set_importer.role) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('role %I has no scope', coalesce(role, 'NULL')),
      DETAIL = 'Whoever imports sees and writes rows of a region.',
      HINT = 'Give it one with set_scope().';
  END IF;
  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns FROM pg_attribute AS a JOIN @registry@.import_target AS t ON t.name = set_importer.target
    WHERE a.attrelid = format('%I.%I', registry, target)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
      AND a.attname <> ALL (t.left_out) AND a.attname <> ALL ('{recorded_at,recorded_by,voided_at,voided_by,void_reason}');
  IF may_import THEN
    EXECUTE format('GRANT INSERT, UPDATE ON %1$I.import_batch, %1$I.import_field, %1$I.import_row TO %2$I', registry, role);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I.import_line TO %I', registry, role);
    EXECUTE format('GRANT INSERT ON %I.import_stage TO %I', registry, role);
    EXECUTE format('GRANT EXECUTE ON PROCEDURE %I.import_run(bigint, boolean, integer) TO %I', registry, role);
    EXECUTE format('GRANT DELETE ON %I.import_row TO %I', registry, role);
    EXECUTE format('GRANT INSERT (%s) ON %I.%I TO %I', columns, registry, target, role);
    IF EXISTS (SELECT FROM @registry@.fact_table AS f WHERE f.name = target) THEN
      EXECUTE format('GRANT UPDATE (void_reason) ON %I.%I TO %I', registry, target, role);
    END IF;
  ELSE
    EXECUTE format('REVOKE INSERT (%s) ON %I.%I FROM %I', columns, registry, target, role);
    IF EXISTS (SELECT FROM @registry@.fact_table AS f WHERE f.name = target) THEN
      EXECUTE format('REVOKE UPDATE (void_reason) ON %I.%I FROM %I', registry, target, role);
    END IF;
    -- with the last table goes the right to stage lines
    IF NOT EXISTS (SELECT FROM @registry@.import_target AS t
                   JOIN pg_class AS c ON c.oid = to_regclass(format('%I.%I', registry, t.name))
                   CROSS JOIN LATERAL (SELECT c.relacl AS rights UNION ALL SELECT a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid AND NOT a.attisdropped) AS g
                   CROSS JOIN LATERAL aclexplode(g.rights) AS x
                   WHERE x.grantee = to_regrole(quote_ident(role)) AND x.privilege_type = 'INSERT') THEN
      EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %1$I.import_batch, %1$I.import_field, %1$I.import_row, %1$I.import_line, %1$I.import_stage FROM %2$I', registry, role);
      EXECUTE format('REVOKE SELECT ON %I.import_line FROM %I', registry, role);
      EXECUTE format('REVOKE EXECUTE ON PROCEDURE %I.import_run(bigint, boolean, integer) FROM %I', registry, role);
    END IF;
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.set_importer(name, text, boolean) IS 'Let a role with a scope import files into a table (false: no longer; with the last table it loses the right to stage lines). It writes what it could enter by hand, and nothing else.';
