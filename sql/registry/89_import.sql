-- Files of other offices: what was loaded, how each line was judged, and what
-- became of it. A file is loaded as it is, into import_line; nothing reaches
-- another table before its line has been judged. 89_import_load.sql takes
-- lines, 89_import_cells.sql cuts them, 89_import_check.sql judges them,
-- 89_import_steps.sql applies, 89_import_undo.sql undoes, 89_import_views.sql shows.
--
-- Staged lines show persons. Only cells that the mapping names are kept, until
-- a day that every batch states; the rest is dropped when the file is read.

CREATE TABLE @registry@.import_target (
  name text CONSTRAINT import_target_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  left_out text[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE @registry@.import_target IS 'Tables that files can be imported into. An office may add its own tables of facts (fact_table) that have a source_key.';
COMMENT ON COLUMN @registry@.import_target.name IS 'Name of the table, in this schema.';
COMMENT ON COLUMN @registry@.import_target.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.import_target.label_en IS 'Name in English.';
COMMENT ON COLUMN @registry@.import_target.left_out IS 'Columns that no file fills.';
INSERT INTO @registry@.import_target (name, label_zh, label_en, left_out) VALUES
  ('fraud_case', '电诈案件', 'fraud cases', '{}'),
  ('activity', '宣传活动', 'activities', '{}'),
  ('sample', '抽查与调查', 'spot checks and surveys', '{}'),
  ('finding', '检查发现', 'findings', '{}'),
  ('den', '诈骗窝点', 'dens', '{}'),
  ('person', '管控人员', 'persons under control', '{tier,last_done,next_due,settled_on,plain_cadence}'),
  ('unit', '考核单位', 'units', '{}');

CREATE TABLE @registry@.import_verdict (
  code text CONSTRAINT import_verdict_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  meaning text NOT NULL
);
COMMENT ON TABLE @registry@.import_verdict IS 'What becomes of a line of a file.';
COMMENT ON COLUMN @registry@.import_verdict.meaning IS 'When a line has this verdict.';
INSERT INTO @registry@.import_verdict (code, label_zh, label_en, meaning) VALUES
  ('read', '已读入', 'read', 'Read and not judged yet.'),
  ('aside', '非数据行', 'no data', 'Title, header, blank line, totals or signature: not a row of data.'),
  ('ready', '可入库', 'ready', 'Will be applied.'),
  ('faulty', '有误', 'faulty', 'Goes back to the office, with the reason.'),
  ('duplicate', '重复', 'duplicate', 'There already, or twice in this file.'),
  ('changed', '已有且内容不同', 'changed', 'The key is known and the row says something else.'),
  ('applied', '已入库', 'applied', 'In its table.'),
  ('undone', '已撤销', 'undone', 'Was applied, and taken back with its batch.');

CREATE TABLE @registry@.import_batch (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT import_batch_pk PRIMARY KEY,
  target text NOT NULL CONSTRAINT import_batch_target_fk REFERENCES @registry@.import_target,
  source text NOT NULL CONSTRAINT import_batch_source_not_blank CHECK (btrim(source) <> ''),
  region antifraud.region NOT NULL,
  file_name text CONSTRAINT import_batch_file_name_not_blank CHECK (btrim(file_name) <> ''),
  sha256 bytea CONSTRAINT import_batch_sha256_length CHECK (octet_length(sha256) = 32),
  mapping jsonb NOT NULL,
  skip_lines integer NOT NULL DEFAULT 0 CONSTRAINT import_batch_skip_lines_not_negative CHECK (skip_lines >= 0),
  purpose text CONSTRAINT import_batch_purpose_not_blank CHECK (btrim(purpose) <> ''),
  basis text CONSTRAINT import_batch_basis_not_blank CHECK (btrim(basis) <> ''),
  expires_on date NOT NULL CONSTRAINT import_batch_expires_on_finite CHECK (isfinite(expires_on)),
  state text NOT NULL DEFAULT 'loading'
    CONSTRAINT import_batch_state_known CHECK (state = ANY ('{loading,checking,checked,applying,applied,undone,cancelled}')),
  begun_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  begun_by text NOT NULL DEFAULT CURRENT_USER,
  lines_read bigint NOT NULL DEFAULT 0 CONSTRAINT import_batch_lines_read_not_negative CHECK (lines_read >= 0),
  lines_checked bigint NOT NULL DEFAULT 0 CONSTRAINT import_batch_lines_checked_not_negative CHECK (lines_checked >= 0),
  rows_applied bigint NOT NULL DEFAULT 0 CONSTRAINT import_batch_rows_applied_not_negative CHECK (rows_applied >= 0),
  applied_at timestamptz,
  applied_by text,
  undone_at timestamptz,
  undone_by text,
  undo_reason text CONSTRAINT import_batch_undo_reason_not_blank CHECK (btrim(undo_reason) <> ''),
  expired_at timestamptz,
  CONSTRAINT import_batch_persons_with_purpose CHECK (target <> 'person' OR purpose IS NOT NULL AND basis IS NOT NULL),
  CONSTRAINT import_batch_undo_complete CHECK (num_nulls(undone_at, undone_by, undo_reason) = ANY ('{0,3}'))
);
CREATE INDEX import_batch_open ON @registry@.import_batch (begun_by) WHERE state = 'loading';
COMMENT ON TABLE @registry@.import_batch IS 'Files that were imported, one row each: see import_begin().';
COMMENT ON COLUMN @registry@.import_batch.id IS 'Number of the batch.';
COMMENT ON COLUMN @registry@.import_batch.target IS 'The table that it is for; see import_target.';
COMMENT ON COLUMN @registry@.import_batch.source IS 'The office or system that the file comes from: keys are unique within it.';
COMMENT ON COLUMN @registry@.import_batch.region IS 'The region that the file is about: rows outside of it are faulty.';
COMMENT ON COLUMN @registry@.import_batch.file_name IS 'Name of the file.';
COMMENT ON COLUMN @registry@.import_batch.sha256 IS 'SHA-256 of the file, where import_file() loaded it.';
COMMENT ON COLUMN @registry@.import_batch.mapping IS 'Which column of the table comes from which column of the file; see import_begin().';
COMMENT ON COLUMN @registry@.import_batch.skip_lines IS 'Lines at the top that are no data.';
COMMENT ON COLUMN @registry@.import_batch.purpose IS 'What the data are needed for; must be given for persons.';
COMMENT ON COLUMN @registry@.import_batch.basis IS 'Document or provision that it rests on; must be given for persons.';
COMMENT ON COLUMN @registry@.import_batch.expires_on IS 'Last day on which the staged cells are kept; expire_imports() removes them.';
COMMENT ON COLUMN @registry@.import_batch.state IS 'loading: lines may be added; checking, checked, applying, applied; undone; cancelled.';
COMMENT ON COLUMN @registry@.import_batch.begun_at IS 'When it was begun.';
COMMENT ON COLUMN @registry@.import_batch.begun_by IS 'The account that began it.';
COMMENT ON COLUMN @registry@.import_batch.lines_read IS 'Progress: lines of the file that were read.';
COMMENT ON COLUMN @registry@.import_batch.lines_checked IS 'Progress: lines that were judged.';
COMMENT ON COLUMN @registry@.import_batch.rows_applied IS 'Progress: rows that were applied.';
COMMENT ON COLUMN @registry@.import_batch.applied_at IS 'When the last of its rows was applied.';
COMMENT ON COLUMN @registry@.import_batch.applied_by IS 'The account that applied it.';
COMMENT ON COLUMN @registry@.import_batch.undone_at IS 'When it was undone; null: it was not.';
COMMENT ON COLUMN @registry@.import_batch.undone_by IS 'The account that undid it.';
COMMENT ON COLUMN @registry@.import_batch.undo_reason IS 'Why it was undone.';
COMMENT ON COLUMN @registry@.import_batch.expired_at IS 'When its staged cells were removed; null: they are there.';

CREATE TABLE @registry@.import_field (
  batch bigint NOT NULL CONSTRAINT import_field_batch_fk REFERENCES @registry@.import_batch,
  place integer NOT NULL CONSTRAINT import_field_place_positive CHECK (place > 0),
  name text NOT NULL,
  kind text NOT NULL CONSTRAINT import_field_kind_known CHECK (kind = ANY ('{date,number,integer,bigint,yes_no,time,region,citizen_id,unit,code,parent,text,key}')),
  list text,
  header text,
  cell integer CONSTRAINT import_field_cell_positive CHECK (cell > 0),
  constant text,
  fallback text,
  times numeric,
  codes jsonb,
  CONSTRAINT import_field_pk PRIMARY KEY (batch, place),
  CONSTRAINT import_field_name_once UNIQUE (batch, name)
);
COMMENT ON TABLE @registry@.import_field IS 'The mapping of each batch, column by column, as it is applied.';
COMMENT ON COLUMN @registry@.import_field.batch IS 'The batch.';
COMMENT ON COLUMN @registry@.import_field.place IS 'Where import_row.cells holds it.';
COMMENT ON COLUMN @registry@.import_field.name IS 'Column of the target.';
COMMENT ON COLUMN @registry@.import_field.kind IS 'How it is read.';
COMMENT ON COLUMN @registry@.import_field.list IS 'The code list whose codes or names it holds; null: none.';
COMMENT ON COLUMN @registry@.import_field.header IS 'Name of the column in the file; null: it is given by number, or constant.';
COMMENT ON COLUMN @registry@.import_field.cell IS 'Number of the column in the file, from 1; null: not found yet, or constant.';
COMMENT ON COLUMN @registry@.import_field.constant IS 'The same for every row; null: read from the file.';
COMMENT ON COLUMN @registry@.import_field.fallback IS 'What a blank cell stands for; null: nothing.';
COMMENT ON COLUMN @registry@.import_field.times IS 'What numbers are multiplied by: 10000 where the header says 万元.';
COMMENT ON COLUMN @registry@.import_field.codes IS 'Words of the file and what they stand for.';

CREATE TABLE @registry@.import_line (
  no bigint GENERATED BY DEFAULT AS IDENTITY CONSTRAINT import_line_pk PRIMARY KEY,
  batch bigint NOT NULL,
  words text,
  c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text, c9 text, c10 text,
  c11 text, c12 text, c13 text, c14 text, c15 text, c16 text, c17 text, c18 text, c19 text, c20 text,
  c21 text, c22 text, c23 text, c24 text, c25 text, c26 text, c27 text, c28 text, c29 text, c30 text,
  c31 text, c32 text, c33 text, c34 text, c35 text, c36 text, c37 text, c38 text, c39 text, c40 text
);
CREATE INDEX import_line_batch ON @registry@.import_line (batch, no);
COMMENT ON TABLE @registry@.import_line IS 'Where files land: whole lines in words, or cells in c1 to c40. import_check() takes them from here and leaves nothing.';
COMMENT ON COLUMN @registry@.import_line.no IS 'Order of the lines.';
COMMENT ON COLUMN @registry@.import_line.batch IS 'The batch; left out, the one that this account is loading.';
COMMENT ON COLUMN @registry@.import_line.words IS 'A line of the file as it is; null: cells are given.';
SELECT @registry@.comment_columns('{import_line}', array_agg('c' || n), array_agg('Column ' || n || ' of the file, as text.')) FROM generate_series(1, 40) AS n;

CREATE TABLE @registry@.import_row (
  batch bigint NOT NULL CONSTRAINT import_row_batch_fk REFERENCES @registry@.import_batch,
  line bigint NOT NULL,
  excess integer,
  cells text[],
  verdict text NOT NULL DEFAULT 'read'
    CONSTRAINT import_row_verdict_known CHECK (verdict = ANY ('{read,aside,ready,faulty,duplicate,changed,applied,undone}')),
  key text,
  taken text[],
  faults text[] NOT NULL DEFAULT '{}',
  said text,
  target_key text,
  replaced bigint,
  CONSTRAINT import_row_pk PRIMARY KEY (batch, line)
)
-- each row is judged and then applied: leave room on its page
WITH (fillfactor = 50);
CREATE INDEX import_row_target ON @registry@.import_row (target_key) WHERE target_key IS NOT NULL;
COMMENT ON TABLE @registry@.import_row IS 'Each line of each file, what it was judged to be, and what became of it.';
COMMENT ON COLUMN @registry@.import_row.batch IS 'The batch.';
COMMENT ON COLUMN @registry@.import_row.line IS 'Number of the line in the file, from 1; the first one, where a cell holds line breaks.';
COMMENT ON COLUMN @registry@.import_row.excess IS 'How many cells the line has beyond those of the header; negative: it lacks some; -10000: a quote is never closed; null: there is no header.';
COMMENT ON COLUMN @registry@.import_row.cells IS 'Its cells as they stand in the file, only those that the mapping names, in the order of import_field.place. Null: expired, or no data.';
COMMENT ON COLUMN @registry@.import_row.verdict IS 'See import_verdict.';
COMMENT ON COLUMN @registry@.import_row.key IS 'What identifies the row: the source_key that the fact gets, the code of the unit, for a person a digest of the document.';
COMMENT ON COLUMN @registry@.import_row.taken IS 'What the cells were read as, in the order of the columns of the target.';
COMMENT ON COLUMN @registry@.import_row.faults IS 'What is wrong, as column:reason; see import_reason and the view import_fault.';
COMMENT ON COLUMN @registry@.import_row.said IS 'What the server said when it refused the row, long numbers masked.';
COMMENT ON COLUMN @registry@.import_row.target_key IS 'The row of the target that it became, or that was there before.';
COMMENT ON COLUMN @registry@.import_row.replaced IS 'The fact that it took the place of.';

CREATE TABLE @registry@.import_reason (
  code text CONSTRAINT import_reason_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.import_reason IS 'Why a line is faulty, a duplicate or set aside, in words that can go back to the office; also by the name of a constraint of the target. An office may add its own.';
INSERT INTO @registry@.import_reason (code, label_zh, label_en) VALUES
  ('title', '表头之前的行', 'above the header'),
  ('header', '表头', 'header'),
  ('blank', '空行', 'blank line'),
  ('total', '合计或落款行', 'totals or signature'),
  ('encoding', '编码无法识别，该行含乱码', 'bytes that are no characters in the encoding of the file'),
  ('open_quote', '引号没有成对', 'a quote is opened and never closed'),
  ('too_few_cells', '列数少于表头，可能漏了分隔符或一列', 'fewer cells than the header: perhaps a column is missing'),
  ('too_many_cells', '列数多于表头，可能内容中含分隔符', 'more cells than the header: perhaps a value holds the separator'),
  ('missing', '必填，不能为空', 'must not be blank'),
  ('integer', '应为整数，且不能过大', 'must be a whole number, and not too large'),
  ('yes_no', '应为“是”或“否”', 'must be yes or no'),
  ('time', '时间无法识别，应为 时:分', 'is no time of the day; write hours:minutes'),
  ('code', '不在代码表中', 'is not in the code list'),
  ('code_ambiguous', '代码表中有多项同名', 'is the name of several codes'),
  ('unit', '没有这个单位', 'is no unit that is known'),
  ('unit_ambiguous', '有多个单位叫这个名称，请写上级名称或编码', 'is the name of several units: add the name of the one above, or give the code'),
  ('unit_of_region', '该区划没有对应的单位，或不止一个', 'no unit has this region, or several have'),
  ('outside', '不在本批次所属区划内', 'lies outside of the region of the batch'),
  ('not_of_unit', '区划不在该单位范围内', 'does not lie in the region of the unit'),
  ('excel_number', '被电子表格显示为科学计数法，原号码已丢失，请以文本格式重新导出', 'was turned into a number by a spreadsheet, and its digits are lost: export it as text'),
  ('excel_cut', '超过15位的号码被电子表格截断为0，原号码已丢失，请以文本格式重新导出', 'has lost the digits after the 15th in a spreadsheet: export it as text'),
  ('unit_twice', '单元格已写“万”或“亿”，又按倍数换算', 'says 万 or 亿 itself, and is multiplied as well'),
  ('citizen_id_here', '此列不得含身份证号', 'must not hold a citizen id'),
  ('key_twice', '同一编号在本文件中内容不同', 'the same key stands in this file with other contents'),
  ('in_file', '与本文件前面某行相同', 'the same as an earlier line of this file'),
  ('known', '已在库中', 'there already'),
  ('known_other', '已在库中，内容不同', 'there already, with other contents'),
  ('withdrawn', '曾入库，后被撤销；如确属实，请人工录入', 'was there and was withdrawn; if it holds after all, enter it by hand'),
  ('document_known', '该证件已登记', 'a person with this document is registered'),
  ('taken', '已有同一编号的记录', 'another row has this value already'),
  ('rests', '已有其他记录依据它，不能自动更正', 'other rows rest on it: correct it by hand'),
  ('server', '数据库拒绝了该行', 'the database refused the row'),
  ('fraud_case_filed_after_act', '立案日期早于案发日期', 'filed before it happened'),
  ('fraud_case_serves_as_staff', '在职而不是工作人员，自相矛盾', 'serves, but is no staff'),
  ('fraud_case_recovered_of_loss', '挽损金额大于损失金额', 'more was recovered than lost'),
  ('fraud_case_loss_not_negative', '损失金额不能为负，也不能过大', 'the loss must not be negative, nor absurdly large'),
  ('fraud_case_recovered_not_negative', '挽损金额不能为负，也不能过大', 'what was recovered must not be negative, nor absurdly large'),
  ('fraud_case_victim_sex_known', '性别应为男或女', 'the sex must be M or F'),
  ('fraud_case_filed_on_finite', '立案日期应为具体日期', 'the day of filing must be a day'),
  ('fraud_case_happened_on_finite', '案发日期应为具体日期', 'the day of the act must be a day'),
  ('fraud_case_no_not_blank', '案件编号不能为空', 'the number must not be blank'),
  ('fraud_case_victim_not_blank', '受害人代号不能为空', 'the key of the victim must not be blank'),
  ('activity_sessions_not_negative', '次数不能为负', 'the number of sessions must not be negative'),
  ('activity_sessions_credible', '次数过大', 'the number of sessions is absurd'),
  ('activity_minutes_not_negative', '时长不能为负', 'the minutes must not be negative'),
  ('activity_reached_not_negative', '覆盖人数不能为负', 'the number of persons reached must not be negative'),
  ('activity_copies_not_negative', '份数不能为负', 'the number of copies must not be negative'),
  ('activity_held_on_finite', '活动日期应为具体日期', 'the day must be a day'),
  ('activity_site_not_blank', '场所编码不能为空', 'the site must not be blank'),
  ('activity_testimony_with_consent', '现身说法须经本人同意', 'a victim who speaks must have agreed'),
  ('activity_contact_group_fk', '该单位没有这个联络群', 'the unit has no such message group'),
  ('sample_positive_of_sampled', '合格人数大于抽查人数', 'more met the question than were asked'),
  ('sample_sampled_not_negative', '抽查人数不能为负', 'the number of persons asked must not be negative'),
  ('sample_sampled_credible', '抽查人数过大', 'the number of persons asked is absurd'),
  ('sample_positive_not_negative', '合格人数不能为负', 'the number of persons who met the question must not be negative'),
  ('sample_sampled_on_finite', '抽查日期应为具体日期', 'the day must be a day'),
  ('sample_method_not_blank', '方式不能为空', 'the method must not be blank'),
  ('sample_age_from_credible', '年龄应在0至150之间', 'ages run from 0 to 150'),
  ('sample_age_to_credible', '年龄应在0至150之间', 'ages run from 0 to 150'),
  ('sample_ages_in_order', '年龄上限小于下限', 'the oldest is younger than the youngest'),
  ('sample_app_20_55_ages', '年龄应在20至55岁之间', 'ages must lie between 20 and 55'),
  ('finding_quantity_not_negative', '数量不能为负', 'the quantity must not be negative'),
  ('finding_quantity_credible', '数量过大', 'the quantity is absurd'),
  ('finding_found_on_finite', '检查日期应为具体日期', 'the day must be a day'),
  ('den_found_on_finite', '发现日期应为具体日期', 'the day must be a day'),
  ('den_persons_not_negative', '人数不能为负', 'the number of persons must not be negative'),
  ('person_one_document', '公民身份号码与其他证件号码应恰有其一，并与证件种类一致', 'needs exactly one document, of the kind that is stated'),
  ('person_of_age', '登记之日未满18周岁，不得列管', 'under 18 on the day of enrolment'),
  ('person_ends_after_enrolment', '解除日期早于列管日期', 'ends before it begins'),
  ('person_document_no_not_blank', '证件号码不能为空', 'the number of the document must not be blank'),
  ('person_born_on_finite', '出生日期应为具体日期', 'the date of birth must be a day'),
  ('person_name_not_blank', '姓名不能为空', 'the name must not be blank'),
  ('person_enrolled_in_years_1_to_9999', '列管日期应为具体日期', 'the day of enrolment must be a day'),
  ('person_ended_in_years_1_to_9999', '解除日期应为具体日期', 'the last day must be a day'),
  ('person_merged_is_never_controlled', '“已合并”只由合并产生，不能导入', 'merged is the status of a merge, and not entered'),
  ('status_ended', '人员状态与解除日期不一致', 'status and last day do not agree'),
  ('unit_code_not_blank', '单位编码不能为空', 'the code must not be blank'),
  ('unit_name_not_blank', '单位名称不能为空', 'the name must not be blank'),
  ('unit_not_its_own_parent', '单位不能是自己的上级', 'a unit is not above itself'),
  ('unit_parent_fk', '没有这个上级单位', 'there is no such unit above it'),
  ('unit_population_not_negative', '人口不能为负', 'the population must not be negative');

SELECT @registry@.comment_code_lists('{import_verdict,import_reason}');

-- ------------------------------------------------------------- who sees what

CREATE FUNCTION @registry@.scope_with_names() RETURNS antifraud.region
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  own antifraud.region := @registry@.scope_region();
BEGIN
  RETURN (SELECT s.region FROM @registry@.access_scope AS s JOIN pg_roles AS r ON r.rolname = s.role
          WHERE s.sees_names AND pg_has_role(r.oid, 'USAGE') AND s.region OPERATOR(antifraud.=) own
            AND (s.until IS NULL OR s.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
          LIMIT 1);
END
$body$;
COMMENT ON FUNCTION @registry@.scope_with_names() IS 'The region whose names and documents the current role may read today: that of scope_region(), where a scope of the role there sees names; null: none.';

-- Counters for all who see the region; staged lines for who loaded them, and
-- for those who may read names there.
ALTER TABLE @registry@.import_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_scope ON @registry@.import_batch
  USING (region OPERATOR(antifraud.<@) (SELECT @registry@.scope_region()))
  WITH CHECK (region OPERATOR(antifraud.<@) (SELECT @registry@.scope_region()) AND begun_by = CURRENT_USER);
COMMENT ON POLICY own_scope ON @registry@.import_batch IS 'Roles with a scope see the batches of their region, and write those that they began.';
ALTER TABLE @registry@.import_field ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_scope ON @registry@.import_field USING (batch IN (SELECT b.id FROM @registry@.import_batch AS b))
  WITH CHECK (batch IN (SELECT b.id FROM @registry@.import_batch AS b WHERE b.begun_by = CURRENT_USER));
COMMENT ON POLICY own_scope ON @registry@.import_field IS 'Who sees a batch sees its mapping.';
ALTER TABLE @registry@.import_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_scope ON @registry@.import_line USING (batch IN (SELECT b.id FROM @registry@.import_batch AS b WHERE b.begun_by = CURRENT_USER));
COMMENT ON POLICY own_scope ON @registry@.import_line IS 'Lines that are not read yet are seen by who loads them.';
ALTER TABLE @registry@.import_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_scope ON @registry@.import_row
  USING (batch IN (SELECT b.id FROM @registry@.import_batch AS b
                   WHERE b.begun_by = CURRENT_USER OR b.region OPERATOR(antifraud.<@) (SELECT @registry@.scope_with_names())))
  WITH CHECK (batch IN (SELECT b.id FROM @registry@.import_batch AS b WHERE b.begun_by = CURRENT_USER));
COMMENT ON POLICY own_scope ON @registry@.import_row IS 'Rows of a batch are seen by who loaded it, and by roles that may read names in its region.';
