-- A line of the canonical form in which published rows are sealed.
CREATE FUNCTION antifraud.sealed_line(VARIADIC "any") RETURNS text
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_sealed_line';
COMMENT ON FUNCTION antifraud.sealed_line("any") IS 'a line of the canonical form of published rows: text, integer, bigint, numeric, boolean and date, a tab between them; text with the escapes of COPY, numbers without zeros at the end, days as 2023-12-31, null as \N';
