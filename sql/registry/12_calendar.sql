-- Which days are working days, term days and exam days, as published.

-- Closed: the type antifraud.calendar knows these kinds and no other.
CREATE TABLE @registry@.calendar_kind (
  code text CONSTRAINT calendar_kind_pk PRIMARY KEY
    CONSTRAINT calendar_kind_known CHECK (code OPERATOR(pg_catalog.=) ANY (ARRAY['holiday'::pg_catalog.text, 'makeup_workday', 'term', 'exam'])),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.calendar_kind IS 'Kinds of calendar days: the four that antifraud.calendar knows.';
COMMENT ON COLUMN @registry@.calendar_kind.code IS 'Code of the kind.';
COMMENT ON COLUMN @registry@.calendar_kind.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.calendar_kind.label_en IS 'Name in English.';
INSERT INTO @registry@.calendar_kind (code, label_zh, label_en) VALUES
  ('holiday', '放假日', 'public holiday'),
  ('makeup_workday', '调休上班日', 'make-up working day'),
  ('term', '学期日', 'day of a school term'),
  ('exam', '考试日', 'day of an exam period');

CREATE TABLE @registry@.calendar_day (
  day date CONSTRAINT calendar_day_in_range CHECK (day OPERATOR(pg_catalog.>=) '1900-01-01'::pg_catalog.date AND day OPERATOR(pg_catalog.<=) '2199-12-31'::pg_catalog.date),
  kind text CONSTRAINT calendar_day_kind_fk REFERENCES @registry@.calendar_kind,
  name text CONSTRAINT calendar_day_name_not_blank CHECK (pg_catalog.btrim(name) OPERATOR(pg_catalog.<>) ''),
  CONSTRAINT calendar_day_pk PRIMARY KEY (day, kind)
);
-- A day that were both would leave the whole office without a calendar.
CREATE UNIQUE INDEX calendar_day_holiday_or_workday ON @registry@.calendar_day (day)
  WHERE kind OPERATOR(pg_catalog.=) ANY (ARRAY['holiday'::pg_catalog.text, 'makeup_workday']);
COMMENT ON TABLE @registry@.calendar_day IS
  'Holidays, make-up working days, term days and exam days, a row a day. The working days of a year are known once one of its holidays is in. Add the days of the next year when they are published.';
COMMENT ON COLUMN @registry@.calendar_day.day IS 'The day, in the years 1900 to 2199.';
COMMENT ON COLUMN @registry@.calendar_day.kind IS 'What kind of day; see calendar_kind. A day may be a holiday or a make-up working day, not both; it may be a term day and an exam day besides.';
COMMENT ON COLUMN @registry@.calendar_day.name IS 'Which holiday, term or exam, as the notice names it.';

-- The fields of the file hold neither commas nor quotation marks.
INSERT INTO @registry@.calendar_day (day, kind, name)
  SELECT pg_catalog.split_part(l.line, ',', 1)::pg_catalog.date, pg_catalog.split_part(l.line, ',', 2), pg_catalog.split_part(l.line, ',', 3)
  FROM antifraud.shipped_data() AS s (name, doc)
  CROSS JOIN LATERAL pg_catalog.string_to_table(s.doc, E'\n') WITH ORDINALITY AS l (line, place)
  WHERE s.name OPERATOR(pg_catalog.=) 'calendar_cn' AND l.place OPERATOR(pg_catalog.>) 1 AND l.line OPERATOR(pg_catalog.<>) '';

CREATE FUNCTION @registry@.office_calendar() RETURNS antifraud.calendar
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT antifraud.calendar_agg(d.day, d.kind) AS calendar FROM @registry@.calendar_day AS d);
COMMENT ON FUNCTION @registry@.office_calendar() IS
  'The calendar of this office, made of calendar_day; null while that is empty. Take it once a query: (SELECT office_calendar()).';
