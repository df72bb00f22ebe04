-- Lenient readers: what offices type and spreadsheets leave. They never raise.

CREATE FUNCTION antifraud.read_date(text) RETURNS date
AS 'MODULE_PATHNAME', 'af_read_date' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.read_date(text) IS
  'the date that a text is, however offices and spreadsheets write it; NULL where it is none, blank, or could be two dates';

CREATE FUNCTION antifraud.read_number(text) RETURNS numeric
AS 'MODULE_PATHNAME', 'af_read_number' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.read_number(text) IS
  'the number that a text is, exactly: with separators, ten thousands, numerals, a currency (yuan); NULL where it is none, blank, about a number, or could be two';

CREATE FUNCTION antifraud.read_region(text) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_read_region' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.read_region(text) IS
  'the division code that a text is, blanks round it, full-width or from a spreadsheet; NULL where it is none or blank';

CREATE FUNCTION antifraud.read_citizen_id(text) RETURNS antifraud.citizen_id
AS 'MODULE_PATHNAME', 'af_read_citizen_id' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.read_citizen_id(text) IS
  'the citizen id that a text is, however it is spaced; NULL where it is none, blank, or where a spreadsheet has rounded or cut it';

CREATE FUNCTION antifraud.reading_fault(kind text, value text) RETURNS text
AS 'MODULE_PATHNAME', 'af_reading_fault' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.reading_fault(text, text) IS
  'why the reader of a kind (date, number, region, citizen_id) gave no value, in English; NULL where it gave one or the text is blank; never shows the text';

CREATE FUNCTION antifraud.reading_fault(kind text, value text, language text) RETURNS text
AS 'MODULE_PATHNAME', 'af_reading_fault' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.reading_fault(text, text, text) IS
  'why the reader of a kind gave no value, in Chinese (zh) or English (en)';
