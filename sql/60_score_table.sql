-- The type score_table: scorecards of very many regions, in one pass.

CREATE TYPE antifraud.score_table;

CREATE FUNCTION antifraud.score_table_in(cstring) RETURNS antifraud.score_table
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_in';
CREATE FUNCTION antifraud.score_table_out(antifraud.score_table) RETURNS cstring
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_out';
CREATE FUNCTION antifraud.score_table_recv(internal) RETURNS antifraud.score_table
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_recv';
CREATE FUNCTION antifraud.score_table_send(antifraud.score_table) RETURNS bytea
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_send';
COMMENT ON FUNCTION antifraud.score_table_in(cstring) IS 'text input of score_table';
COMMENT ON FUNCTION antifraud.score_table_out(antifraud.score_table) IS 'text output of score_table: the canonical form';
COMMENT ON FUNCTION antifraud.score_table_recv(internal) IS 'binary input of score_table: the same text';
COMMENT ON FUNCTION antifraud.score_table_send(antifraud.score_table) IS 'binary output of score_table: the same text';

CREATE TYPE antifraud.score_table (
  INPUT = antifraud.score_table_in,
  OUTPUT = antifraud.score_table_out,
  RECEIVE = antifraud.score_table_recv,
  SEND = antifraud.score_table_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = double,
  STORAGE = extended,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.score_table IS
  'the scorecards of many regions under one rubric, made by tally_regions and read by scores; in memory while it is passed on, at most 1 GB when stored';

-- Casts: implicit to text for clients and reports, by assignment from it.
CREATE CAST (antifraud.score_table AS text) WITH INOUT AS IMPLICIT;
CREATE CAST (antifraud.score_table AS varchar) WITH INOUT AS IMPLICIT;
CREATE CAST (text AS antifraud.score_table) WITH INOUT AS ASSIGNMENT;
CREATE CAST (varchar AS antifraud.score_table) WITH INOUT AS ASSIGNMENT;
CREATE CAST (character AS antifraud.score_table) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (antifraud.score_table AS text) IS 'the canonical text';
COMMENT ON CAST (antifraud.score_table AS varchar) IS 'the canonical text';
COMMENT ON CAST (text AS antifraud.score_table) IS 'reads a score_table';
COMMENT ON CAST (varchar AS antifraud.score_table) IS 'reads a score_table';
COMMENT ON CAST (character AS antifraud.score_table) IS 'reads a score_table';

CREATE FUNCTION antifraud.score_table_eq(antifraud.score_table, antifraud.score_table) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_eq';
COMMENT ON FUNCTION antifraud.score_table_eq(antifraud.score_table, antifraud.score_table) IS 'implementation of operator =: equal';
CREATE FUNCTION antifraud.score_table_ne(antifraud.score_table, antifraud.score_table) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_ne';
COMMENT ON FUNCTION antifraud.score_table_ne(antifraud.score_table, antifraud.score_table) IS 'implementation of operator <>: not equal';
CREATE FUNCTION antifraud.score_table_lt(antifraud.score_table, antifraud.score_table) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_lt';
COMMENT ON FUNCTION antifraud.score_table_lt(antifraud.score_table, antifraud.score_table) IS 'implementation of operator <: before';
CREATE FUNCTION antifraud.score_table_le(antifraud.score_table, antifraud.score_table) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_le';
COMMENT ON FUNCTION antifraud.score_table_le(antifraud.score_table, antifraud.score_table) IS 'implementation of operator <=: before or equal';
CREATE FUNCTION antifraud.score_table_gt(antifraud.score_table, antifraud.score_table) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_gt';
COMMENT ON FUNCTION antifraud.score_table_gt(antifraud.score_table, antifraud.score_table) IS 'implementation of operator >: after';
CREATE FUNCTION antifraud.score_table_ge(antifraud.score_table, antifraud.score_table) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_ge';
COMMENT ON FUNCTION antifraud.score_table_ge(antifraud.score_table, antifraud.score_table) IS 'implementation of operator >=: after or equal';
CREATE FUNCTION antifraud.score_table_cmp(antifraud.score_table, antifraud.score_table) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_cmp';
COMMENT ON FUNCTION antifraud.score_table_cmp(antifraud.score_table, antifraud.score_table) IS 'btree comparison: below, at or above 0; by identity, then region by region and counter by counter';
CREATE FUNCTION antifraud.score_table_hash(antifraud.score_table) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_hash';
COMMENT ON FUNCTION antifraud.score_table_hash(antifraud.score_table) IS 'hash of the canonical text; never changes';
CREATE FUNCTION antifraud.score_table_hash_extended(antifraud.score_table, bigint) RETURNS bigint
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_score_table_hash_extended';
COMMENT ON FUNCTION antifraud.score_table_hash_extended(antifraud.score_table, bigint) IS 'seeded hash of the canonical text; never changes';

CREATE OPERATOR antifraud.= (
  LEFTARG = antifraud.score_table, RIGHTARG = antifraud.score_table, FUNCTION = antifraud.score_table_eq,
  COMMUTATOR = OPERATOR(antifraud.=), NEGATOR = OPERATOR(antifraud.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR antifraud.<> (
  LEFTARG = antifraud.score_table, RIGHTARG = antifraud.score_table, FUNCTION = antifraud.score_table_ne,
  COMMUTATOR = OPERATOR(antifraud.<>), NEGATOR = OPERATOR(antifraud.=), RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR antifraud.< (
  LEFTARG = antifraud.score_table, RIGHTARG = antifraud.score_table, FUNCTION = antifraud.score_table_lt,
  COMMUTATOR = OPERATOR(antifraud.>), NEGATOR = OPERATOR(antifraud.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR antifraud.<= (
  LEFTARG = antifraud.score_table, RIGHTARG = antifraud.score_table, FUNCTION = antifraud.score_table_le,
  COMMUTATOR = OPERATOR(antifraud.>=), NEGATOR = OPERATOR(antifraud.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR antifraud.> (
  LEFTARG = antifraud.score_table, RIGHTARG = antifraud.score_table, FUNCTION = antifraud.score_table_gt,
  COMMUTATOR = OPERATOR(antifraud.<), NEGATOR = OPERATOR(antifraud.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR antifraud.>= (
  LEFTARG = antifraud.score_table, RIGHTARG = antifraud.score_table, FUNCTION = antifraud.score_table_ge,
  COMMUTATOR = OPERATOR(antifraud.<=), NEGATOR = OPERATOR(antifraud.<), RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR antifraud.= (antifraud.score_table, antifraud.score_table) IS 'equal; by identity, then region by region and counter by counter';
COMMENT ON OPERATOR antifraud.<> (antifraud.score_table, antifraud.score_table) IS 'not equal; by identity, then region by region and counter by counter';
COMMENT ON OPERATOR antifraud.< (antifraud.score_table, antifraud.score_table) IS 'before; by identity, then region by region and counter by counter';
COMMENT ON OPERATOR antifraud.<= (antifraud.score_table, antifraud.score_table) IS 'before or equal; by identity, then region by region and counter by counter';
COMMENT ON OPERATOR antifraud.> (antifraud.score_table, antifraud.score_table) IS 'after; by identity, then region by region and counter by counter';
COMMENT ON OPERATOR antifraud.>= (antifraud.score_table, antifraud.score_table) IS 'after or equal; by identity, then region by region and counter by counter';

CREATE OPERATOR CLASS antifraud.score_table_ops DEFAULT FOR TYPE antifraud.score_table USING btree AS
  OPERATOR 1 antifraud.<, OPERATOR 2 antifraud.<=, OPERATOR 3 antifraud.=, OPERATOR 4 antifraud.>=, OPERATOR 5 antifraud.>,
  FUNCTION 1 antifraud.score_table_cmp(antifraud.score_table, antifraud.score_table);
CREATE OPERATOR CLASS antifraud.score_table_ops DEFAULT FOR TYPE antifraud.score_table USING hash AS
  OPERATOR 1 antifraud.=,
  FUNCTION 1 antifraud.score_table_hash(antifraud.score_table), FUNCTION 2 antifraud.score_table_hash_extended(antifraud.score_table, bigint);
COMMENT ON OPERATOR CLASS antifraud.score_table_ops USING btree IS 'compares score tables by identity, then region by region and counter by counter';
COMMENT ON OPERATOR FAMILY antifraud.score_table_ops USING btree IS 'compares score tables by identity, then region by region and counter by counter';
COMMENT ON OPERATOR CLASS antifraud.score_table_ops USING hash IS 'compares score tables by identity, then region by region and counter by counter';
COMMENT ON OPERATOR FAMILY antifraud.score_table_ops USING hash IS 'compares score tables by identity, then region by region and counter by counter';

-- Counting.
CREATE FUNCTION antifraud.tally_regions_accumulate(internal, antifraud.rubric, antifraud.region, text, date, bigint, bigint, numeric) RETURNS internal
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_tally_regions_accumulate';
CREATE FUNCTION antifraud.tally_regions_combine(internal, internal) RETURNS internal
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_tally_regions_combine';
CREATE FUNCTION antifraud.tally_regions_serialize(internal) RETURNS bytea
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_tally_regions_serialize';
CREATE FUNCTION antifraud.tally_regions_deserialize(bytea, internal) RETURNS internal
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_tally_regions_deserialize';
CREATE FUNCTION antifraud.tally_regions_final(internal) RETURNS antifraud.score_table
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_tally_regions_final';
COMMENT ON FUNCTION antifraud.tally_regions_accumulate(internal, antifraud.rubric, antifraud.region, text, date, bigint, bigint, numeric) IS 'transition of tally_regions';
COMMENT ON FUNCTION antifraud.tally_regions_combine(internal, internal) IS 'combine of tally_regions';
COMMENT ON FUNCTION antifraud.tally_regions_serialize(internal) IS 'state of tally_regions for another process';
COMMENT ON FUNCTION antifraud.tally_regions_deserialize(bytea, internal) IS 'state of tally_regions from another process';
COMMENT ON FUNCTION antifraud.tally_regions_final(internal) IS 'result of tally_regions';
CREATE AGGREGATE antifraud.tally_regions(rubric antifraud.rubric, region antifraud.region, measure text, occurred_on date, quantity bigint, base bigint, amount numeric) (
  SFUNC = antifraud.tally_regions_accumulate,
  STYPE = internal,
  SSPACE = 1000000,
  COMBINEFUNC = antifraud.tally_regions_combine,
  SERIALFUNC = antifraud.tally_regions_serialize,
  DESERIALFUNC = antifraud.tally_regions_deserialize,
  FINALFUNC = antifraud.tally_regions_final,
  FINALFUNC_MODIFY = READ_WRITE,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE antifraud.tally_regions(antifraud.rubric, antifraud.region, text, date, bigint, bigint, numeric) IS
  'the scorecards of all regions in one ungrouped pass: what tally gives with GROUP BY region, made for a province and more; facts without a region come out under a null region';

-- Reading.
CREATE FUNCTION antifraud.scores(score_table antifraud.score_table, rubric antifraud.rubric,
  OUT region antifraud.region, OUT total numeric, OUT low numeric, OUT high numeric, OUT vetoed boolean, OUT card antifraud.scorecard)
  RETURNS SETOF record
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000 AS 'MODULE_PATHNAME', 'af_score_table_scores';
COMMENT ON FUNCTION antifraud.scores(antifraud.score_table, antifraud.rubric) IS
  'a row a region in order of code: total in points (the low end where decisions are pending), low and high end, veto, and the scorecard';
