-- Issues of bulletins: numbered, frozen, with what later proved wrong in the
-- next one; their text in Chinese, and the reminder letter.

CREATE TABLE @registry@.bulletin_kind (
  code text CONSTRAINT bulletin_kind_pk PRIMARY KEY CONSTRAINT bulletin_kind_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.bulletin_kind IS 'Kinds of bulletin.';
INSERT INTO @registry@.bulletin_kind (code, label_zh, label_en) VALUES
  ('case', '案件通报', 'notice of a case'),
  ('weekly', '周通报', 'weekly bulletin'),
  ('monthly', '月通报', 'monthly bulletin'),
  ('notice', '工作通报', 'notice on the work'),
  ('reminder', '工作提示函', 'reminder letter');

CREATE TABLE @registry@.bulletin (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT bulletin_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT bulletin_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT bulletin_kind_fk REFERENCES @registry@.bulletin_kind,
  year integer NOT NULL,
  number integer NOT NULL CONSTRAINT bulletin_number_positive CHECK (number > 0),
  as_of date NOT NULL CONSTRAINT bulletin_as_of_finite CHECK (isfinite(as_of)),
  known_at timestamptz NOT NULL,
  covers_from date NOT NULL,
  covers_to date NOT NULL,
  fraud_case bigint CONSTRAINT bulletin_case_fk REFERENCES @registry@.fraud_case,
  body jsonb NOT NULL CONSTRAINT bulletin_body_is_object CHECK (jsonb_typeof(body) = 'object'),
  text_zh text NOT NULL CONSTRAINT bulletin_text_zh_not_blank CHECK (btrim(text_zh) <> ''),
  sha256 text NOT NULL,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  -- a number that was withdrawn is not given again
  CONSTRAINT bulletin_number_once UNIQUE (kind, unit, year, number),
  CONSTRAINT bulletin_covers_in_order CHECK (covers_from <= covers_to),
  CONSTRAINT bulletin_case_of_its_kind CHECK ((kind = 'case') = (fraud_case IS NOT NULL)),
  CONSTRAINT bulletin_unchanged CHECK (sha256 = encode(sha256(convert_to(body::text || E'\n' || text_zh, 'UTF8')), 'hex')),
  CONSTRAINT bulletin_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX bulletin_source_key ON @registry@.bulletin (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.bulletin IS 'Issues of bulletins, as they were sent: issue_bulletin() makes them. What proves wrong later is corrected in the next issue.';
COMMENT ON COLUMN @registry@.bulletin.unit IS 'What it is about: a county, a town, a community.';
COMMENT ON COLUMN @registry@.bulletin.kind IS 'Kind; see bulletin_kind.';
COMMENT ON COLUMN @registry@.bulletin.year IS 'Calendar year of as_of; numbers begin anew each year.';
COMMENT ON COLUMN @registry@.bulletin.number IS 'Number within kind, unit and year, from 1 without gaps.';
COMMENT ON COLUMN @registry@.bulletin.as_of IS 'The day as of which it speaks.';
COMMENT ON COLUMN @registry@.bulletin.known_at IS 'The moment as of whose knowledge it speaks.';
COMMENT ON COLUMN @registry@.bulletin.covers_from IS 'First day that it covers.';
COMMENT ON COLUMN @registry@.bulletin.covers_to IS 'Last day that it covers.';
COMMENT ON COLUMN @registry@.bulletin.fraud_case IS 'The case that a notice of a case is about.';
COMMENT ON COLUMN @registry@.bulletin.body IS 'Its contents as JSON: rows as the views give them, and corrections of earlier issues.';
COMMENT ON COLUMN @registry@.bulletin.text_zh IS 'Its text in Chinese, ready to send.';
COMMENT ON COLUMN @registry@.bulletin.sha256 IS 'SHA-256 of body, a line feed and text_zh, in UTF-8.';

CREATE TABLE @registry@.bulletin_sending (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT bulletin_sending_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT bulletin_sending_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  bulletin bigint NOT NULL CONSTRAINT bulletin_sending_bulletin_fk REFERENCES @registry@.bulletin,
  officer bigint CONSTRAINT bulletin_sending_officer_fk REFERENCES @registry@.officer,
  sent_on date NOT NULL CONSTRAINT bulletin_sending_sent_on_finite CHECK (isfinite(sent_on)),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT bulletin_sending_void_complete CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY ('{0,3}'))
);
CREATE UNIQUE INDEX bulletin_sending_source_key ON @registry@.bulletin_sending (source_key) WHERE voided_at IS NULL;
CREATE INDEX bulletin_sending_bulletin ON @registry@.bulletin_sending (bulletin);
COMMENT ON TABLE @registry@.bulletin_sending IS 'To whom a bulletin was sent.';
COMMENT ON COLUMN @registry@.bulletin_sending.unit IS 'The unit to which it went.';
COMMENT ON COLUMN @registry@.bulletin_sending.bulletin IS 'The bulletin.';
COMMENT ON COLUMN @registry@.bulletin_sending.officer IS 'The person to whom it went directly, such as the head of the leading group; null: the unit.';
COMMENT ON COLUMN @registry@.bulletin_sending.sent_on IS 'The day.';

SELECT @registry@.guard_facts('{bulletin,bulletin_sending}', true);
SELECT @registry@.comment_code_lists('{bulletin_kind}');

CREATE FUNCTION @registry@.bulletin_rows(kind text, unit text, as_of date, fraud_case bigint DEFAULT NULL) RETURNS jsonb
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE(CASE $1
  WHEN 'case' THEN (SELECT jsonb_agg(to_jsonb(b) - 'text_zh' - 'region' ORDER BY b.fraud_case)
                    FROM @registry@.fraud_case AS c CROSS JOIN LATERAL @registry@.case_bulletins(c.filed_on, c.filed_on, c.region) AS b WHERE c.id = $4 AND b.fraud_case = $4)
  WHEN 'weekly' THEN (SELECT jsonb_agg(to_jsonb(b) - '{region,kind,week,week_from,week_to}'::text[] ORDER BY b.unit <> $2, b.unit)
                      FROM @registry@.weekly_bulletins($3, (SELECT u.region FROM @registry@.unit AS u WHERE u.code = $2)) AS b)
  WHEN 'monthly' THEN (SELECT jsonb_agg(to_jsonb(b) - '{region,kind,month,month_from,month_to}'::text[] ORDER BY b.unit <> $2, b.unit)
                       FROM @registry@.monthly_bulletins($3, (SELECT u.region FROM @registry@.unit AS u WHERE u.code = $2)) AS b) END, '[]');
COMMENT ON FUNCTION @registry@.bulletin_rows(text, text, date, bigint) IS 'The rows of a bulletin about a unit as of a day, as known now; the unit itself first.';

-- An earlier issue says what it said, but for what later issues corrected.
CREATE FUNCTION @registry@.bulletin_corrections(kind text, unit text)
RETURNS TABLE (bulletin bigint, year integer, number integer, row_unit text, name text, field text, said jsonb, is_now jsonb)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  WITH issue AS MATERIALIZED (
    SELECT b.id, b.year, b.number, b.body, @registry@.bulletin_rows(b.kind, b.unit, b.as_of, b.fraud_case) AS now_rows,
           (b.body -> 'suppress_below', b.body -> 'loss_percent') IS DISTINCT FROM (to_jsonb(i.suppress_below), to_jsonb(i.loss_percent)) AS rounded_otherwise
    FROM @registry@.bulletin AS b CROSS JOIN @registry@.registry_info AS i
    WHERE b.kind = $1 AND b.unit = $2 AND b.voided_at IS NULL AND b.kind = ANY ('{case,weekly,monthly}')
  ), corrected AS MATERIALIZED (
    SELECT DISTINCT ON (c ->> 'bulletin', c ->> 'unit', c ->> 'field') (c ->> 'bulletin')::bigint AS id, c ->> 'unit' AS row_unit, c ->> 'field' AS field, c -> 'is_now' AS value
    FROM @registry@.bulletin AS b CROSS JOIN LATERAL jsonb_array_elements(b.body -> 'corrections') AS c
    WHERE b.kind = $1 AND b.unit = $2 AND b.voided_at IS NULL
    ORDER BY c ->> 'bulletin', c ->> 'unit', c ->> 'field', b.year DESC, b.number DESC
  ), said AS (
    SELECT i.id, r ->> 'unit' AS row_unit, r ->> 'name' AS name, f.key AS field, f.value
    FROM issue AS i CROSS JOIN LATERAL jsonb_array_elements(i.body -> 'rows') AS r CROSS JOIN LATERAL jsonb_each(r) AS f
  ), now_true AS (
    SELECT i.id, r ->> 'unit' AS row_unit, r ->> 'name' AS name, f.key AS field, f.value
    FROM issue AS i CROSS JOIN LATERAL jsonb_array_elements(i.now_rows) AS r CROSS JOIN LATERAL jsonb_each(r) AS f
  )
  SELECT i.id AS bulletin, i.year, i.number, d.row_unit, d.name, d.field, d.said, d.is_now
  FROM (
    SELECT COALESCE(s.id, n.id) AS id, COALESCE(s.row_unit, n.row_unit) AS row_unit, COALESCE(n.name, s.name) AS name, COALESCE(s.field, n.field) AS field,
           COALESCE(c.value, s.value) AS said, n.value AS is_now
    FROM said AS s
    FULL JOIN now_true AS n ON n.id = s.id AND n.row_unit = s.row_unit AND n.field = s.field
    LEFT JOIN corrected AS c ON c.id = COALESCE(s.id, n.id) AND c.row_unit = COALESCE(s.row_unit, n.row_unit) AND c.field = COALESCE(s.field, n.field)
  ) AS d
  JOIN issue AS i ON i.id = d.id
  WHERE d.field <> ALL ('{unit,name}')
    -- one case more or less, with its group beside it, would tell whose it is
    AND d.field <> 'groups'
    -- by threes and by fours: who knows both knows more than either tells
    AND NOT (i.rounded_otherwise AND d.field = ANY ('{loss_band,losses,losses_before,losses_year,losses_last_year,listed,reduced,reduced_before,reduced_year,reduced_last_year,categories,publicity,in_group,app,alerts}'))
    AND COALESCE(d.said, 'null') <> COALESCE(d.is_now, 'null')
    -- of a case that is gone its number says it all; of a unit that is new, what it has not
    AND NOT ($1 = 'case' AND d.is_now IS NULL AND d.field <> 'fraud_case')
    AND NOT (d.said IS NULL AND d.is_now = ANY ('{0,"{}"}'::jsonb[]));
END;
COMMENT ON FUNCTION @registry@.bulletin_corrections(text, text) IS 'What the issues in force of a kind of bulletin about a unit said, and is no longer true by what is known now: entered, withdrawn or corrected since, and not yet in a later issue. Of an issue under other settings of suppress_below or loss_percent only what these do not touch. The next issue takes it up.';

CREATE VIEW @registry@.bulletin_correction WITH (security_invoker = true) AS
SELECT b.id AS issued_in, b.kind, b.unit, (c ->> 'bulletin')::bigint AS bulletin, (c ->> 'year')::integer AS year, (c ->> 'number')::integer AS number,
       c ->> 'unit' AS row_unit, c ->> 'name' AS name, c ->> 'field' AS field, c -> 'said' AS said, c -> 'is_now' AS is_now
FROM @registry@.bulletin AS b
CROSS JOIN LATERAL jsonb_array_elements(b.body -> 'corrections') AS c
WHERE b.voided_at IS NULL;
COMMENT ON VIEW @registry@.bulletin_correction IS 'Corrections that were published, with the issue that made them; bulletin_corrections() gives those still to come.';
SELECT @registry@.comment_columns('{bulletin_correction}', '{issued_in,kind,unit,bulletin,year,number,row_unit,name,field,said,is_now}',
  ARRAY['The issue that makes the correction.', 'Its kind.', 'What it is about.', 'The issue that is corrected.', 'Its year.', 'Its number.', 'The unit of the row.', 'Its name.', 'What is corrected.', 'What was said.', 'What is true; null: left out, or gone.']);

-- --------------------------------------------------------------------- text
CREATE FUNCTION @registry@.day_zh(day date) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN EXTRACT(year FROM day) || '年' || EXTRACT(month FROM day) || '月' || EXTRACT(day FROM day) || '日';
COMMENT ON FUNCTION @registry@.day_zh(date) IS 'A day as Chinese letters write it.';

CREATE FUNCTION @registry@.breakdown_zh(cells jsonb, counter text DEFAULT '起') RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE((
  SELECT string_agg(COALESCE(k.label_zh, g.label_zh, w.label_zh, c.key) || (c.value #>> '{}') || $2, '，' ORDER BY c.key = 'left_out', (c.value #>> '{}')::numeric DESC, c.key)
  FROM jsonb_each($1) AS c
  LEFT JOIN @registry@.fraud_category AS k ON k.code = c.key
  LEFT JOIN @registry@.victim_group AS g ON g.code = c.key
  LEFT JOIN (VALUES ('unknown', '不详'), ('left_out', '其余从略'), ('reached', '已覆盖'), ('not_reached', '未覆盖'), ('yes', '是'), ('no', '否')) AS w (code, label_zh) ON w.code = c.key), '无');
COMMENT ON FUNCTION @registry@.breakdown_zh(jsonb, text) IS 'A breakdown of a monthly bulletin in words, the largest first; 无 where there is none.';

CREATE FUNCTION @registry@.shown_zh(value jsonb) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN jsonb_typeof(value) = 'object' THEN @registry@.breakdown_zh(value)
            WHEN value = 'true' THEN '是' WHEN value = 'false' THEN '否'
            ELSE COALESCE(NULLIF(value #>> '{}', ''), '＊') END;
COMMENT ON FUNCTION @registry@.shown_zh(jsonb) IS 'A value of a bulletin in its text: a number, a breakdown, yes or no; an asterisk where it is left out.';

CREATE FUNCTION @registry@.bulletin_words(body jsonb) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  own jsonb := coalesce(body #> '{rows,0}', '{}');
  kind text := body ->> 'kind';
  written text;
  listed text;
BEGIN
  written := format(E'%s电信网络诈骗%s\n%s年第%s期\n统计期间：%s至%s\n', body ->> 'unit_name',
    (SELECT k.label_zh FROM @registry@.bulletin_kind AS k WHERE k.code = kind), body ->> 'year', body ->> 'number',
    @registry@.day_zh((body ->> 'covers_from')::date), @registry@.day_zh((body ->> 'covers_to')::date));
  IF kind = 'weekly' THEN
    written := written || format(E'一、发案情况：本周%s起，上周%s起；本年累计%s起，去年同期%s起。\n    损失金额：本周%s，上周%s；本年累计%s，去年同期%s。\n',
      VARIADIC ARRAY(SELECT @registry@.shown_zh(own -> f) FROM unnest('{cases,cases_before,cases_year,cases_last_year,losses,losses_before,losses_year,losses_last_year}'::text[]) WITH ORDINALITY AS x (f, place) ORDER BY place))
      || format(E'二、涉诈“两卡”线索：本周%s条，上周%s条；本年累计%s条，去年同期%s条。\n三、涉诈重点人员：在册%s人；核减本周%s人，上周%s人；本年累计%s人，去年同期%s人。\n',
      VARIADIC ARRAY(SELECT @registry@.shown_zh(own -> f) FROM unnest('{two_card_clues,two_card_clues_before,two_card_clues_year,two_card_clues_last_year,listed,reduced,reduced_before,reduced_year,reduced_last_year}'::text[]) WITH ORDINALITY AS x (f, place) ORDER BY place));
    SELECT string_agg(format('%s：发案%s起，“两卡”线索%s条，核减%s人', r ->> 'name', @registry@.shown_zh(r -> 'cases'), @registry@.shown_zh(r -> 'two_card_clues'), @registry@.shown_zh(r -> 'reduced')), '；' ORDER BY r ->> 'unit') INTO listed
    FROM jsonb_array_elements(body -> 'rows') AS r
    WHERE r ->> 'unit' <> body ->> 'unit' AND (r ->> 'cases' <> '0' OR r ->> 'two_card_clues' <> '0' OR coalesce(r ->> 'reduced', '1') <> '0');
    written := written || format(E'四、各单位：%s。\n', coalesce(listed, '无'));
  ELSIF kind = 'monthly' THEN
    written := written || format(E'一、发案情况：本月%s起，上月%s起，去年同期%s起；损失%s。\n', VARIADIC ARRAY(SELECT @registry@.shown_zh(own -> f) FROM unnest('{cases,cases_before,cases_last_year,losses}'::text[]) WITH ORDINALITY AS x (f, place) ORDER BY place))
      || format(E'二、原因分析：案件类型：%s。受害群体：%s。\n', @registry@.breakdown_zh(own -> 'categories'), @registry@.breakdown_zh(own -> 'groups', '人'))
      || format(E'三、宣传倒查：案前宣传：%s。入群：%s。安装APP：%s。案前预警：%s。已倒查%s起。\n', @registry@.breakdown_zh(own -> 'publicity'), @registry@.breakdown_zh(own -> 'in_group'),
                @registry@.breakdown_zh(own -> 'app'), @registry@.breakdown_zh(own -> 'alerts'), @registry@.shown_zh(own -> 'reviewed'));
    SELECT string_agg(format('%s：发案%s起，去年同期%s起', r ->> 'name', @registry@.shown_zh(r -> 'cases'), @registry@.shown_zh(r -> 'cases_last_year')), '；' ORDER BY r ->> 'unit') INTO listed
    FROM jsonb_array_elements(body -> 'rows') AS r WHERE r ->> 'unit' <> body ->> 'unit' AND (r ->> 'cases' <> '0' OR r ->> 'cases_last_year' <> '0');
    written := written || format(E'四、各单位：%s。\n', coalesce(listed, '无'));
  ELSE
    written := written || (body ->> 'words') || E'\n';
  END IF;
  IF kind IN ('case', 'weekly', 'monthly') THEN
    SELECT string_agg(format('%s年第%s期%s：%s原为%s，现为%s', c ->> 'year', c ->> 'number', c ->> 'name',
             coalesce(w.label_zh, c ->> 'field'), @registry@.shown_zh(c -> 'said'), CASE WHEN kind = 'case' AND c ->> 'field' = 'fraud_case' THEN '撤销' ELSE @registry@.shown_zh(c -> 'is_now') END), '；'
             ORDER BY (c ->> 'year')::integer, (c ->> 'number')::integer, c ->> 'unit', c ->> 'field') INTO listed
    FROM jsonb_array_elements(body -> 'corrections') AS c
    LEFT JOIN (VALUES ('cases', '发案（起）'), ('cases_before', '上期发案（起）'), ('cases_year', '本年发案（起）'), ('cases_last_year', '去年同期发案（起）'),
      ('losses', '损失'), ('losses_before', '上期损失'), ('losses_year', '本年损失'), ('losses_last_year', '去年同期损失'),
      ('two_card_clues', '“两卡”线索（条）'), ('two_card_clues_before', '上期“两卡”线索（条）'), ('two_card_clues_year', '本年“两卡”线索（条）'), ('two_card_clues_last_year', '去年同期“两卡”线索（条）'),
      ('reduced', '核减（人）'), ('reduced_before', '上期核减（人）'), ('reduced_year', '本年核减（人）'), ('reduced_last_year', '去年同期核减（人）'), ('listed', '在册（人）'),
      ('reviewed', '已倒查（起）'), ('categories', '案件类型'), ('groups', '受害群体'), ('publicity', '案前宣传'), ('publicity_reached', '案前宣传'), ('in_group', '入群'), ('app', '安装APP'), ('app_installed', '安装APP'),
      ('alerts', '案前预警'), ('alert_before', '案前预警'), ('category_zh', '类型'), ('loss_band', '损失'), ('filed_on', '立案日期'), ('fraud_case', '案件')) AS w (field, label_zh)
      ON w.field = c ->> 'field'
    WHERE c ->> 'field' <> ALL ('{category,category_en}');
    written := written || format(E'更正：%s。\n', coalesce(listed, '无'));
    IF kind <> 'case' AND (body ->> 'suppress_below')::integer > 1 THEN
      written := written || format(E'注：为保护个人信息，损失按各案所在区间合计，%s人数只计%s的整倍数；“＊”和“从略”之处人数较少，不予列出。\n', CASE kind WHEN 'monthly' THEN '受害群体' ELSE '' END, body ->> 'suppress_below');
    END IF;
  END IF;
  RETURN written || format(E'%s\n%s\n', coalesce((SELECT i.office_zh FROM @registry@.registry_info AS i), body ->> 'unit_name'), @registry@.day_zh((body ->> 'as_of')::date));
END
$body$;
COMMENT ON FUNCTION @registry@.bulletin_words(jsonb) IS 'The text in Chinese of a bulletin with these contents.';

CREATE FUNCTION @registry@.reminder_letter(unit text, as_of date) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  WITH RECURSIVE u AS MATERIALIZED (
    SELECT x.code, x.name, x.region FROM @registry@.unit AS x WHERE x.code = @registry@.checked_unit($1) AND isfinite($2)
  ), counted AS MATERIALIZED (
    SELECT COALESCE(sum(f.quantity) FILTER (WHERE f.measure = 'case' AND f.occurred_on >= date_trunc('year', $2::timestamp)::date), 0) AS cases,
           COALESCE(sum(f.quantity) FILTER (WHERE f.measure = 'case' AND f.occurred_on <= ($2 - interval '1 year')::date), 0) AS cases_last_year,
           COALESCE(sum(f.quantity) FILTER (WHERE f.measure = 'duty_missed' AND f.occurred_on >= date_trunc('year', $2::timestamp)::date), 0) AS duties,
           COALESCE(sum(f.quantity) FILTER (WHERE f.measure = 'checkin_missed' AND f.occurred_on >= date_trunc('year', $2::timestamp)::date), 0) AS checkins,
           COALESCE(sum(f.quantity) FILTER (WHERE f.measure = 'control_failure' AND f.occurred_on >= date_trunc('year', $2::timestamp)::date), 0) AS defects,
           COALESCE(sum(f.quantity) FILTER (WHERE f.measure = 'alert_late' AND f.occurred_on >= date_trunc('year', $2::timestamp)::date), 0) AS alerts
    FROM @registry@.facts_between('{case,duty_missed,checkin_missed,control_failure,alert_late}', (date_trunc('year', $2::timestamp) - interval '1 year')::date, $2, NULL,
           ARRAY(SELECT a.unit FROM @registry@.unit_above AS a WHERE a.above = $1)) AS f
  )
  SELECT concat('工作提示函', E'\n', u.name, '：', E'\n',
           '截至', @registry@.day_zh($2), '，你单位', string_agg(p.words, '；' ORDER BY p.place), '。', E'\n',
           '请对照问题分析原因，落实整改，并将整改情况书面反馈。', E'\n',
           COALESCE((SELECT i.office_zh FROM @registry@.registry_info AS i), '打击治理电信网络新型违法犯罪工作联席会议办公室'), E'\n', @registry@.day_zh($2), E'\n')
  FROM u CROSS JOIN counted AS c
  CROSS JOIN LATERAL (VALUES
    (1, '本年发案' || c.cases || '起，去年同期' || c.cases_last_year || '起'
        || CASE WHEN c.cases_last_year > 0 AND c.cases > c.cases_last_year THEN '，同比上升' || trunc(100 * (c.cases - c.cases_last_year)::numeric / c.cases_last_year, 1) || '%'
                WHEN c.cases > c.cases_last_year THEN '，多' || (c.cases - c.cases_last_year) || '起' ELSE '' END),
    (2, CASE WHEN c.duties > 0 THEN '例行工作未完成' || c.duties || '次' END),
    (3, CASE WHEN c.checkins > 0 THEN '重点人员核查逾期' || c.checkins || '次' END),
    (4, CASE WHEN c.defects > 0 THEN '人员管控缺陷' || c.defects || '处' END),
    (5, CASE WHEN c.alerts > 0 THEN '预警首次响应超时' || c.alerts || '条' END)) AS p (place, words)
  WHERE p.words IS NOT NULL
  GROUP BY u.name;
END;
COMMENT ON FUNCTION @registry@.reminder_letter(text, date) IS 'A reminder letter to a unit, ready to print: cases of the year against the same days of last year, and what was left undone by that day. Only what there is is mentioned.';

CREATE FUNCTION @registry@.issue_bulletin(kind text, unit text, as_of date, fraud_case bigint DEFAULT NULL, words text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  said text := words;
  next_number integer;
  days daterange;
  contents jsonb;
  written text;
  entered bigint;
BEGIN
  PERFORM @registry@.checked_unit(issue_bulletin.unit);
  IF as_of IS NULL OR NOT isfinite(as_of) OR NOT EXISTS (SELECT FROM @registry@.bulletin_kind AS k WHERE k.code = issue_bulletin.kind) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('there is no bulletin %s as of %s', coalesce(quote_literal(issue_bulletin.kind), 'NULL'), coalesce(as_of::text, 'NULL')),
      HINT = 'Pass a kind of the table bulletin_kind, and a day.';
  ELSIF issue_bulletin.kind = 'case' AND NOT EXISTS (SELECT FROM @registry@.fraud_case AS c JOIN @registry@.unit_above AS a ON a.unit = c.unit AND a.above = issue_bulletin.unit
                                                     WHERE c.id = issue_bulletin.fraud_case AND c.voided_at IS NULL AND c.filed_on <= issue_bulletin.as_of) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('unit %L has no case %s in force by %s', issue_bulletin.unit, coalesce(issue_bulletin.fraud_case::text, 'NULL'), as_of),
      HINT = 'Pass the id of a row of fraud_case of that unit, or of one in its region.';
  ELSIF issue_bulletin.kind = 'notice' AND coalesce(btrim(words), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = 'a notice on the work has no words',
      HINT = 'Pass what it says.';
  END IF;
  days := CASE issue_bulletin.kind
    WHEN 'weekly' THEN daterange(date_trunc('week', as_of::timestamp)::date, as_of, '[]')
    WHEN 'monthly' THEN daterange(date_trunc('month', as_of::timestamp)::date, as_of, '[]')
    WHEN 'case' THEN (SELECT daterange(c.filed_on, c.filed_on, '[]') FROM @registry@.fraud_case AS c WHERE c.id = issue_bulletin.fraud_case)
    ELSE daterange(date_trunc('year', as_of::timestamp)::date, as_of, '[]') END;
  said := coalesce(words, CASE issue_bulletin.kind
    WHEN 'case' THEN (SELECT b.text_zh FROM @registry@.case_bulletins(lower(days), lower(days)) AS b WHERE b.fraud_case = issue_bulletin.fraud_case)
    WHEN 'reminder' THEN @registry@.reminder_letter(issue_bulletin.unit, as_of) END);

  -- numbers without gaps: issues of one kind about one unit wait for each
  -- other, and a transaction that fails gives its number back
  PERFORM pg_advisory_xact_lock(hashtext(@registry_literal@ || '.bulletin'), hashtext(issue_bulletin.kind || ' ' || issue_bulletin.unit));
  SELECT coalesce(max(b.number), 0) + 1 INTO next_number FROM @registry@.bulletin AS b
    WHERE b.kind = issue_bulletin.kind AND b.unit = issue_bulletin.unit AND b.year = extract(year FROM issue_bulletin.as_of);
  contents := jsonb_build_object('kind', issue_bulletin.kind, 'unit', issue_bulletin.unit, 'unit_name', (SELECT u.name FROM @registry@.unit AS u WHERE u.code = issue_bulletin.unit),
    'year', extract(year FROM issue_bulletin.as_of)::integer, 'number', next_number, 'as_of', issue_bulletin.as_of, 'known_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'covers_from', lower(days), 'covers_to', upper(days) - 1, 'words', said, 'suppress_below', (SELECT i.suppress_below FROM @registry@.registry_info AS i),
    'loss_percent', (SELECT i.loss_percent FROM @registry@.registry_info AS i),
    'rows', @registry@.bulletin_rows(issue_bulletin.kind, issue_bulletin.unit, as_of, issue_bulletin.fraud_case),
    'corrections', (SELECT coalesce(jsonb_agg(jsonb_build_object('bulletin', c.bulletin, 'year', c.year, 'number', c.number, 'unit', c.row_unit, 'name', c.name, 'field', c.field, 'said', c.said, 'is_now', c.is_now)
                                              ORDER BY c.bulletin, c.row_unit, c.field), '[]')
                    FROM @registry@.bulletin_corrections(issue_bulletin.kind, issue_bulletin.unit) AS c));
  written := @registry@.bulletin_words(contents);
  INSERT INTO @registry@.bulletin (unit, kind, year, number, as_of, known_at, covers_from, covers_to, fraud_case, body, text_zh, sha256)
    VALUES (issue_bulletin.unit, issue_bulletin.kind, extract(year FROM issue_bulletin.as_of), next_number, issue_bulletin.as_of, now(), lower(days), upper(days) - 1, issue_bulletin.fraud_case,
            contents, written, encode(sha256(convert_to(contents::text || E'\n' || written, 'UTF8')), 'hex'))
    RETURNING id INTO entered;
  RETURN entered;
END
$body$;
COMMENT ON FUNCTION @registry@.issue_bulletin(text, text, date, bigint, text) IS 'Issue a bulletin about a unit as of a day: number it, freeze its contents and text, and correct what earlier issues said. A notice of a case needs the case, a notice on the work its words. Gives its id.';

CREATE FUNCTION @registry@.bulletin_text(id bigint) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (SELECT b.text_zh FROM @registry@.bulletin AS b WHERE b.id = $1);
COMMENT ON FUNCTION @registry@.bulletin_text(bigint) IS 'The text of a bulletin that was issued, in Chinese; null where there is none.';
