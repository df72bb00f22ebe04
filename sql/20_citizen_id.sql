-- Type citizen_id: an identity number of a citizen (GB 11643).

CREATE TYPE antifraud.citizen_id;

CREATE FUNCTION antifraud.citizen_id_in(cstring) RETURNS antifraud.citizen_id
AS 'MODULE_PATHNAME', 'af_citizen_id_in' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.citizen_id_in(cstring) IS 'reads a citizen id of 18 characters, or of 15 digits in its old form';

CREATE FUNCTION antifraud.citizen_id_out(antifraud.citizen_id) RETURNS cstring
AS 'MODULE_PATHNAME', 'af_citizen_id_out' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.citizen_id_out(antifraud.citizen_id) IS 'writes a citizen id in 18 characters';

CREATE FUNCTION antifraud.citizen_id_recv(internal) RETURNS antifraud.citizen_id
AS 'MODULE_PATHNAME', 'af_citizen_id_recv' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.citizen_id_recv(internal) IS 'binary input of a citizen id: its text form';

CREATE FUNCTION antifraud.citizen_id_send(antifraud.citizen_id) RETURNS bytea
AS 'MODULE_PATHNAME', 'af_citizen_id_send' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.citizen_id_send(antifraud.citizen_id) IS 'binary output of a citizen id: its text form';

CREATE TYPE antifraud.citizen_id (
  INPUT = antifraud.citizen_id_in,
  OUTPUT = antifraud.citizen_id_out,
  RECEIVE = antifraud.citizen_id_recv,
  SEND = antifraud.citizen_id_send,
  LIKE = pg_catalog.int8,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.citizen_id IS 'identity number of a citizen (GB 11643): 17 digits and a check character';

CALL antifraud.define_text_family('citizen_id', '##', true);

CREATE FUNCTION antifraud.citizen_id_or_null(text) RETURNS antifraud.citizen_id
AS 'MODULE_PATHNAME', 'af_citizen_id_or_null' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.citizen_id_or_null(text) IS 'the citizen id that a text is; NULL where it is none';

CREATE FUNCTION antifraud.birth_date(antifraud.citizen_id) RETURNS date
AS 'MODULE_PATHNAME', 'af_citizen_id_birth_date' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.birth_date(antifraud.citizen_id) IS 'date of birth of the holder of the id';

CREATE FUNCTION antifraud.sex(antifraud.citizen_id) RETURNS text
AS 'MODULE_PATHNAME', 'af_citizen_id_sex' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.sex(antifraud.citizen_id) IS 'sex of the holder of the id: M or F';

CREATE FUNCTION antifraud.home_region(antifraud.citizen_id) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_citizen_id_home_region' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.home_region(antifraud.citizen_id) IS 'county where the id was first issued, as coded then; NULL for a foreign permanent resident';

CREATE FUNCTION antifraud.age(antifraud.citizen_id, as_of date) RETURNS integer
AS 'MODULE_PATHNAME', 'af_citizen_id_age_on' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.age(antifraud.citizen_id, date) IS 'full years of age on a date, the birthday included';

CREATE FUNCTION antifraud.mask(antifraud.citizen_id) RETURNS text
AS 'MODULE_PATHNAME', 'af_citizen_id_mask_sql' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.mask(antifraud.citizen_id) IS 'the id in 18 characters, asterisks but for the check character and the two digits of a mainland province';
