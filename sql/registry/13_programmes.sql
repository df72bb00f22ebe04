-- Programmes: what an official document sets out for a region and a period.
-- Documents contradict each other (one wants banners, another does without
-- them; one asks for a fall by 20 per cent, another for any fall), so none is
-- in force until an office adopts it. Targets, requirements, milestones and
-- certificates refer to their programme.

CREATE TABLE @registry@.programme (
  code text CONSTRAINT programme_pk PRIMARY KEY
    CONSTRAINT programme_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z0-9]+(-[a-z0-9]+)*$' AND pg_catalog.octet_length(code) OPERATOR(pg_catalog.<=) 63),
  title text NOT NULL CONSTRAINT programme_title_not_blank CHECK (pg_catalog.btrim(title) OPERATOR(pg_catalog.<>) ''),
  document_no text CONSTRAINT programme_document_no_not_blank CHECK (pg_catalog.btrim(document_no) OPERATOR(pg_catalog.<>) ''),
  region antifraud.region,
  period_from date CONSTRAINT programme_from_finite CHECK (pg_catalog.isfinite(period_from)),
  period_to date CONSTRAINT programme_to_finite CHECK (pg_catalog.isfinite(period_to)),
  active boolean NOT NULL DEFAULT false,
  CONSTRAINT programme_ends_after_it_begins CHECK (period_to OPERATOR(pg_catalog.>=) period_from),
  CONSTRAINT programme_active_since_a_day CHECK (NOT active OR period_from IS NOT NULL)
);
COMMENT ON TABLE @registry@.programme IS 'Programmes of official documents. What one asks is in force for the units of its region once it is active; adopt_programme() makes it so. An office may add its own.';
COMMENT ON COLUMN @registry@.programme.code IS 'Code.';
COMMENT ON COLUMN @registry@.programme.title IS 'Title of the document.';
COMMENT ON COLUMN @registry@.programme.document_no IS 'Number of the document; null where it has none or it is not known.';
COMMENT ON COLUMN @registry@.programme.region IS 'Where it is in force; null: everywhere.';
COMMENT ON COLUMN @registry@.programme.period_from IS 'First day; null where the document states none and no office has adopted it.';
COMMENT ON COLUMN @registry@.programme.period_to IS 'Last day; null: until further notice, or not stated.';
COMMENT ON COLUMN @registry@.programme.active IS 'Whether an office has adopted it.';
-- The period of nanma-2023 is that of its rubric; the others state no first
-- day, and the template plans leave out the year.
INSERT INTO @registry@.programme (code, title, document_no, period_from, period_to) VALUES
  ('nanma-2023', '关于“无诈”社区（村居）创建工作的实施方案', '南政发〔2023〕21号', '2023-05-01', '2023-12-31'),
  ('qingyuan-2024', '庆元县打击治理电信网络新型违法犯罪宣传工作方案暨“全民反诈”工作方案（征求意见稿）', NULL, NULL, NULL),
  ('shiqiao-2023', '石桥镇“无诈村社”建设活动行动方案', NULL, NULL, '2023-12-10'),
  ('tuohe-2023', '沱河街道全民反诈防骗宣传工作方案', NULL, '2023-10-24', NULL),
  ('template-plan-1', '创建“无电诈”社区（村居）活动实施方案（范本一）', NULL, NULL, NULL),
  ('template-plan-2', '创建“无电诈”社区（村居）活动实施方案（范本二）', NULL, NULL, NULL);

CREATE FUNCTION @registry@.adopt_programme(code text, region antifraud.region DEFAULT NULL, period_from date DEFAULT NULL, period_to date DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  old @registry@.programme;
  wanted @registry@.programme;
BEGIN
  SELECT p.* INTO old FROM @registry@.programme AS p WHERE p.code = adopt_programme.code FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('there is no programme %s', coalesce(quote_literal(code), 'NULL')),
      HINT = 'The table programme lists them; any other is inserted there.';
  END IF;
  wanted := old;
  wanted.region := coalesce(adopt_programme.region, old.region);
  wanted.period_from := coalesce(adopt_programme.period_from, old.period_from);
  wanted.period_to := coalesce(adopt_programme.period_to, old.period_to);
  wanted.active := true;
  IF old.active THEN
    IF old IS DISTINCT FROM wanted THEN
      RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('programme %L is in force already', code),
        DETAIL = format('In %s, from %s to %s.', coalesce('region ' || old.region::text, 'every region'), old.period_from, coalesce(old.period_to::text, 'further notice')),
        HINT = 'Change its row, or add a programme of its own for another region or period.';
    END IF;
    RETURN code;                -- said before
  ELSIF wanted.period_from IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'not_null_violation',
      MESSAGE = format('programme %L cannot be in force without a first day', code),
      DETAIL = 'Its document states none.',
      HINT = 'Give period_from, and period_to where it ends.',
      TABLE = 'programme', SCHEMA = @registry_literal@, COLUMN = 'period_from';
  END IF;
  UPDATE @registry@.programme AS p
    SET region = wanted.region, period_from = wanted.period_from, period_to = wanted.period_to, active = true
    WHERE p.code = adopt_programme.code;
  RETURN code;
END
$body$;
COMMENT ON FUNCTION @registry@.adopt_programme(text, antifraud.region, date, date) IS 'Put the programme of a document into force, in a region or everywhere. Days that are left out are those of the document. Gives its code.';

CREATE VIEW @registry@.programme_unit (programme, unit, region, period_from, period_to) WITH (security_invoker = true) AS
SELECT p.code, u.code, u.region, p.period_from, p.period_to
FROM @registry@.programme AS p
JOIN @registry@.unit AS u ON u.region OPERATOR(antifraud.<@) p.region
WHERE p.active AND u.active
UNION ALL
SELECT p.code, u.code, u.region, p.period_from, p.period_to
FROM @registry@.programme AS p
CROSS JOIN @registry@.unit AS u
WHERE p.active AND u.active AND p.region IS NULL;
COMMENT ON VIEW @registry@.programme_unit IS 'The active units in the region of each programme that is in force; units of every kind.';
COMMENT ON COLUMN @registry@.programme_unit.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.programme_unit.unit IS 'A unit in its region.';
COMMENT ON COLUMN @registry@.programme_unit.region IS 'The region of the unit.';
COMMENT ON COLUMN @registry@.programme_unit.period_from IS 'First day of the programme.';
COMMENT ON COLUMN @registry@.programme_unit.period_to IS 'Its last day; null: until further notice.';
