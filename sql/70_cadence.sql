-- Type cadence: how often something recurs.

CREATE TYPE antifraud.cadence;

CREATE FUNCTION antifraud.cadence_in(cstring) RETURNS antifraud.cadence
AS 'MODULE_PATHNAME', 'af_cadence_in' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.cadence_in(cstring) IS 'reads a cadence: every 7 days, 2 per week, or the phrase of a Chinese document';

CREATE FUNCTION antifraud.cadence_out(antifraud.cadence) RETURNS cstring
AS 'MODULE_PATHNAME', 'af_cadence_out' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.cadence_out(antifraud.cadence) IS 'writes a cadence in English, in the unit in which it was read';

CREATE FUNCTION antifraud.cadence_recv(internal) RETURNS antifraud.cadence
AS 'MODULE_PATHNAME', 'af_cadence_recv' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.cadence_recv(internal) IS 'binary input of a cadence: its text form';

CREATE FUNCTION antifraud.cadence_send(antifraud.cadence) RETURNS bytea
AS 'MODULE_PATHNAME', 'af_cadence_send' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.cadence_send(antifraud.cadence) IS 'binary output of a cadence: its text form';

CREATE TYPE antifraud.cadence (
  INPUT = antifraud.cadence_in,
  OUTPUT = antifraud.cadence_out,
  RECEIVE = antifraud.cadence_recv,
  SEND = antifraud.cadence_send,
  LIKE = pg_catalog.int8,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.cadence IS 'how often something recurs: every so many days, weeks, months, quarters or years, counted from the last time; or so many times in each day, week, month, quarter, half-year, year or term';

-- Equal values may be written differently, so they do not sort as int8 does,
-- and a btree index must not take one for the other's bytes.
CALL antifraud.define_text_family('cadence', '####', false);

CREATE FUNCTION antifraud.cadence_or_null(text) RETURNS antifraud.cadence
AS 'MODULE_PATHNAME', 'af_cadence_or_null' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.cadence_or_null(text) IS 'the cadence that a text says; NULL where it says none';
