-- Type region: an administrative division by its code.

CREATE TYPE antifraud.region;

CREATE FUNCTION antifraud.region_in(cstring) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_region_in' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_in(cstring) IS 'reads a region code of 2, 4, 6, 9, 12 or 15 digits';

CREATE FUNCTION antifraud.region_out(antifraud.region) RETURNS cstring
AS 'MODULE_PATHNAME', 'af_region_out' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_out(antifraud.region) IS 'writes a region code: 6 digits down to the county, then 9, 12 or 15';

CREATE FUNCTION antifraud.region_recv(internal) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_region_recv' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_recv(internal) IS 'binary input of a region: its text form';

CREATE FUNCTION antifraud.region_send(antifraud.region) RETURNS bytea
AS 'MODULE_PATHNAME', 'af_region_send' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_send(antifraud.region) IS 'binary output of a region: its text form';

CREATE TYPE antifraud.region (
  INPUT = antifraud.region_in,
  OUTPUT = antifraud.region_out,
  RECEIVE = antifraud.region_recv,
  SEND = antifraud.region_send,
  LIKE = pg_catalog.int8,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.region IS 'administrative division of China: province, prefecture, county (GB/T 2260), town (GB/T 10114), village or community, grid';

CALL antifraud.define_text_family('region', '#', true);

CREATE FUNCTION antifraud.region_or_null(text) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_region_or_null' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.region_or_null(text) IS 'the region that a text is the code of; NULL where it is none';

CREATE FUNCTION antifraud.region_level(antifraud.region) RETURNS integer
AS 'MODULE_PATHNAME', 'af_region_level_sql' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.region_level(antifraud.region) IS '1 province, 2 prefecture, 3 county, 4 town, 5 village or community, 6 grid';

CREATE FUNCTION antifraud.region_parent(antifraud.region) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_region_parent_sql' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.region_parent(antifraud.region) IS 'the next region above, empty levels skipped; NULL for a province';

CREATE FUNCTION antifraud.region_ancestor(antifraud.region, level integer) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_region_ancestor_sql' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_ancestor(antifraud.region, integer) IS 'the region at a level (1 province to 6 grid) that this one is or lies in; NULL where it leaves that level empty or is above it';

CREATE FUNCTION antifraud.region_last(antifraud.region) RETURNS antifraud.region
AS 'MODULE_PATHNAME', 'af_region_last_sql' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION antifraud.region_last(antifraud.region) IS 'the greatest code that can lie inside a region: what lies inside is BETWEEN the region and this';

CREATE FUNCTION antifraud.region_path(antifraud.region) RETURNS antifraud.region[]
AS 'MODULE_PATHNAME', 'af_region_path_sql' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_path(antifraud.region) IS 'the regions that contain this one, from the province down, itself included';
