-- The type rubric: a compiled set of rules, written as a JSON document.

CREATE TYPE antifraud.rubric;

CREATE FUNCTION antifraud.rubric_in(cstring) RETURNS antifraud.rubric
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_in';
CREATE FUNCTION antifraud.rubric_out(antifraud.rubric) RETURNS cstring
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_out';
CREATE FUNCTION antifraud.rubric_recv(internal) RETURNS antifraud.rubric
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_recv';
CREATE FUNCTION antifraud.rubric_send(antifraud.rubric) RETURNS bytea
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_send';
COMMENT ON FUNCTION antifraud.rubric_in(cstring) IS 'text input of rubric';
COMMENT ON FUNCTION antifraud.rubric_out(antifraud.rubric) IS 'text output of rubric: the canonical form';
COMMENT ON FUNCTION antifraud.rubric_recv(internal) IS 'binary input of rubric: the same text';
COMMENT ON FUNCTION antifraud.rubric_send(antifraud.rubric) IS 'binary output of rubric: the same text';

CREATE TYPE antifraud.rubric (
  INPUT = antifraud.rubric_in,
  OUTPUT = antifraud.rubric_out,
  RECEIVE = antifraud.rubric_recv,
  SEND = antifraud.rubric_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = double,
  -- Out of line but not compressed: an aggregate that is handed the same stored
  -- rubric row after row then recognises it by a toast pointer of 18 bytes.
  STORAGE = external,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.rubric IS
  'a rubric: sections, items with points, and rules on measures, for a period; its text is a JSON document, see doc/reference.md';

-- Casts: implicit to text for clients and reports, by assignment from it.
CREATE CAST (antifraud.rubric AS text) WITH INOUT AS IMPLICIT;
CREATE CAST (antifraud.rubric AS varchar) WITH INOUT AS IMPLICIT;
CREATE CAST (text AS antifraud.rubric) WITH INOUT AS ASSIGNMENT;
CREATE CAST (varchar AS antifraud.rubric) WITH INOUT AS ASSIGNMENT;
CREATE CAST (character AS antifraud.rubric) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (antifraud.rubric AS text) IS 'the canonical text';
COMMENT ON CAST (antifraud.rubric AS varchar) IS 'the canonical text';
COMMENT ON CAST (text AS antifraud.rubric) IS 'reads a rubric';
COMMENT ON CAST (varchar AS antifraud.rubric) IS 'reads a rubric';
COMMENT ON CAST (character AS antifraud.rubric) IS 'reads a rubric';
CREATE CAST (antifraud.rubric AS jsonb) WITH INOUT AS ASSIGNMENT;
CREATE CAST (jsonb AS antifraud.rubric) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (antifraud.rubric AS jsonb) IS 'the document as jsonb';
COMMENT ON CAST (jsonb AS antifraud.rubric) IS 'reads a rubric; jsonb has already dropped repeated keys, so prefer text';

CREATE FUNCTION antifraud.rubric_eq(antifraud.rubric, antifraud.rubric) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_eq';
COMMENT ON FUNCTION antifraud.rubric_eq(antifraud.rubric, antifraud.rubric) IS 'implementation of operator =: equal';
CREATE FUNCTION antifraud.rubric_ne(antifraud.rubric, antifraud.rubric) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_ne';
COMMENT ON FUNCTION antifraud.rubric_ne(antifraud.rubric, antifraud.rubric) IS 'implementation of operator <>: not equal';
CREATE FUNCTION antifraud.rubric_lt(antifraud.rubric, antifraud.rubric) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_lt';
COMMENT ON FUNCTION antifraud.rubric_lt(antifraud.rubric, antifraud.rubric) IS 'implementation of operator <: before';
CREATE FUNCTION antifraud.rubric_le(antifraud.rubric, antifraud.rubric) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_le';
COMMENT ON FUNCTION antifraud.rubric_le(antifraud.rubric, antifraud.rubric) IS 'implementation of operator <=: before or equal';
CREATE FUNCTION antifraud.rubric_gt(antifraud.rubric, antifraud.rubric) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_gt';
COMMENT ON FUNCTION antifraud.rubric_gt(antifraud.rubric, antifraud.rubric) IS 'implementation of operator >: after';
CREATE FUNCTION antifraud.rubric_ge(antifraud.rubric, antifraud.rubric) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_ge';
COMMENT ON FUNCTION antifraud.rubric_ge(antifraud.rubric, antifraud.rubric) IS 'implementation of operator >=: after or equal';
CREATE FUNCTION antifraud.rubric_cmp(antifraud.rubric, antifraud.rubric) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_cmp';
COMMENT ON FUNCTION antifraud.rubric_cmp(antifraud.rubric, antifraud.rubric) IS 'btree comparison: below, at or above 0; by the bytes of their canonical text';
CREATE FUNCTION antifraud.rubric_hash(antifraud.rubric) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_hash';
COMMENT ON FUNCTION antifraud.rubric_hash(antifraud.rubric) IS 'hash of the canonical text; never changes';
CREATE FUNCTION antifraud.rubric_hash_extended(antifraud.rubric, bigint) RETURNS bigint
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_hash_extended';
COMMENT ON FUNCTION antifraud.rubric_hash_extended(antifraud.rubric, bigint) IS 'seeded hash of the canonical text; never changes';

CREATE OPERATOR antifraud.= (
  LEFTARG = antifraud.rubric, RIGHTARG = antifraud.rubric, FUNCTION = antifraud.rubric_eq,
  COMMUTATOR = OPERATOR(antifraud.=), NEGATOR = OPERATOR(antifraud.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR antifraud.<> (
  LEFTARG = antifraud.rubric, RIGHTARG = antifraud.rubric, FUNCTION = antifraud.rubric_ne,
  COMMUTATOR = OPERATOR(antifraud.<>), NEGATOR = OPERATOR(antifraud.=), RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR antifraud.< (
  LEFTARG = antifraud.rubric, RIGHTARG = antifraud.rubric, FUNCTION = antifraud.rubric_lt,
  COMMUTATOR = OPERATOR(antifraud.>), NEGATOR = OPERATOR(antifraud.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR antifraud.<= (
  LEFTARG = antifraud.rubric, RIGHTARG = antifraud.rubric, FUNCTION = antifraud.rubric_le,
  COMMUTATOR = OPERATOR(antifraud.>=), NEGATOR = OPERATOR(antifraud.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR antifraud.> (
  LEFTARG = antifraud.rubric, RIGHTARG = antifraud.rubric, FUNCTION = antifraud.rubric_gt,
  COMMUTATOR = OPERATOR(antifraud.<), NEGATOR = OPERATOR(antifraud.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR antifraud.>= (
  LEFTARG = antifraud.rubric, RIGHTARG = antifraud.rubric, FUNCTION = antifraud.rubric_ge,
  COMMUTATOR = OPERATOR(antifraud.<=), NEGATOR = OPERATOR(antifraud.<), RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR antifraud.= (antifraud.rubric, antifraud.rubric) IS 'equal; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.<> (antifraud.rubric, antifraud.rubric) IS 'not equal; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.< (antifraud.rubric, antifraud.rubric) IS 'before; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.<= (antifraud.rubric, antifraud.rubric) IS 'before or equal; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.> (antifraud.rubric, antifraud.rubric) IS 'after; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.>= (antifraud.rubric, antifraud.rubric) IS 'after or equal; by the bytes of their canonical text';

CREATE OPERATOR CLASS antifraud.rubric_ops DEFAULT FOR TYPE antifraud.rubric USING btree AS
  OPERATOR 1 antifraud.<, OPERATOR 2 antifraud.<=, OPERATOR 3 antifraud.=, OPERATOR 4 antifraud.>=, OPERATOR 5 antifraud.>,
  FUNCTION 1 antifraud.rubric_cmp(antifraud.rubric, antifraud.rubric);
CREATE OPERATOR CLASS antifraud.rubric_ops DEFAULT FOR TYPE antifraud.rubric USING hash AS
  OPERATOR 1 antifraud.=,
  FUNCTION 1 antifraud.rubric_hash(antifraud.rubric), FUNCTION 2 antifraud.rubric_hash_extended(antifraud.rubric, bigint);
COMMENT ON OPERATOR CLASS antifraud.rubric_ops USING btree IS 'compares rubrics by the bytes of their canonical text';
COMMENT ON OPERATOR FAMILY antifraud.rubric_ops USING btree IS 'compares rubrics by the bytes of their canonical text';
COMMENT ON OPERATOR CLASS antifraud.rubric_ops USING hash IS 'compares rubrics by the bytes of their canonical text';
COMMENT ON OPERATOR FAMILY antifraud.rubric_ops USING hash IS 'compares rubrics by the bytes of their canonical text';

-- The same rubric under other circumstances.
CREATE FUNCTION antifraud.with_period(rubric antifraud.rubric, period daterange) RETURNS antifraud.rubric
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_with_period';
COMMENT ON FUNCTION antifraud.with_period(antifraud.rubric, daterange) IS
  'the rubric re-dated: period, windows and baselines follow; the range must be finite and not empty';
CREATE FUNCTION antifraud.with_as_of(rubric antifraud.rubric, as_of date) RETURNS antifraud.rubric
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_with_as_of';
COMMENT ON FUNCTION antifraud.with_as_of(antifraud.rubric, date) IS
  'the rubric as it stands at the end of a day: later facts are ignored, baselines end on the same day of their year, shortfalls of unfinished windows are open';
CREATE FUNCTION antifraud.with_decisions(rubric antifraud.rubric, decisions jsonb) RETURNS antifraud.rubric
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_with_decisions';
COMMENT ON FUNCTION antifraud.with_decisions(antifraud.rubric, jsonb) IS
  'the rubric with what people decided: an array of {"item", "rule" (place within the item, from 1), and "points" within a discretionary range, "waived" or "reading"}; counts and identity do not change';
CREATE FUNCTION antifraud.counted_days(rubric antifraud.rubric, measures text[] DEFAULT NULL) RETURNS datemultirange
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rubric_counted_days';
COMMENT ON FUNCTION antifraud.counted_days(antifraud.rubric, text[]) IS
  'the days whose facts can count: the windows of the rules on these measures (null: on all) up to the as-of date, with their baselines; facts of other days change no score';
CREATE FUNCTION antifraud.lint_rubric(rubric antifraud.rubric, OUT item_no text, OUT rule_no integer, OUT code text, OUT message text, OUT message_zh text)
  RETURNS SETOF record
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'af_rubric_lint_rows';
COMMENT ON FUNCTION antifraud.lint_rubric(antifraud.rubric) IS
  'what is legal in a rubric but odd, a row a finding: points out of reach, items that deduct more than they are worth, bands never used, clauses open to several readings; rule_no is null where the whole item is meant';
