-- The type rule: one clause of an official document, stored as its canonical
-- English text.  The language itself is in doc/rules.md.

CREATE TYPE antifraud.rule;

CREATE FUNCTION antifraud.rule_in(cstring) RETURNS antifraud.rule
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_in';
CREATE FUNCTION antifraud.rule_out(antifraud.rule) RETURNS cstring
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_out';
CREATE FUNCTION antifraud.rule_recv(internal) RETURNS antifraud.rule
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_recv';
CREATE FUNCTION antifraud.rule_send(antifraud.rule) RETURNS bytea
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_send';
COMMENT ON FUNCTION antifraud.rule_in(cstring) IS 'text input of rule';
COMMENT ON FUNCTION antifraud.rule_out(antifraud.rule) IS 'text output of rule: the canonical English form';
COMMENT ON FUNCTION antifraud.rule_recv(internal) IS 'binary input of rule: the same text';
COMMENT ON FUNCTION antifraud.rule_send(antifraud.rule) IS 'binary output of rule: the same text';

CREATE TYPE antifraud.rule (
  INPUT = antifraud.rule_in,
  OUTPUT = antifraud.rule_out,
  RECEIVE = antifraud.rule_recv,
  SEND = antifraud.rule_send,
  LIKE = pg_catalog.text,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.rule IS
  'one clause of an official document: what is deducted, added or raised (points), per what, under which condition (yuan, counts or per cent); for example: deduct 5 per occurrence cap 20';

-- Casts.  The stored form is text, so towards text nothing happens.

CREATE FUNCTION antifraud.rule_from_text(text) RETURNS antifraud.rule
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_from_text';
CREATE FUNCTION antifraud.rule_from_text(character) RETURNS antifraud.rule
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_from_text';
CREATE FUNCTION antifraud.rule_to_jsonb(antifraud.rule) RETURNS jsonb
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_to_jsonb';
COMMENT ON FUNCTION antifraud.rule_from_text(text) IS 'the rule that a text states; an error where it states none';
COMMENT ON FUNCTION antifraud.rule_from_text(character) IS 'the rule that a text states; an error where it states none';
COMMENT ON FUNCTION antifraud.rule_to_jsonb(antifraud.rule) IS
  'the parts of a rule: bands (effect, points, points_max, per, cond, level) and cap, in points, yuan, counts and per cent; null where a part is absent';

CREATE CAST (antifraud.rule AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (antifraud.rule AS varchar) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (text AS antifraud.rule) WITH FUNCTION antifraud.rule_from_text(text) AS ASSIGNMENT;
CREATE CAST (varchar AS antifraud.rule) WITH FUNCTION antifraud.rule_from_text(text) AS ASSIGNMENT;
CREATE CAST (character AS antifraud.rule) WITH FUNCTION antifraud.rule_from_text(character) AS ASSIGNMENT;
CREATE CAST (antifraud.rule AS jsonb) WITH FUNCTION antifraud.rule_to_jsonb(antifraud.rule) AS ASSIGNMENT;
COMMENT ON CAST (antifraud.rule AS text) IS 'the canonical English text';
COMMENT ON CAST (antifraud.rule AS varchar) IS 'the canonical English text';
COMMENT ON CAST (text AS antifraud.rule) IS 'reads a rule';
COMMENT ON CAST (varchar AS antifraud.rule) IS 'reads a rule';
COMMENT ON CAST (character AS antifraud.rule) IS 'reads a rule';
COMMENT ON CAST (antifraud.rule AS jsonb) IS 'the parts of a rule';

CREATE FUNCTION antifraud.to_chinese(antifraud.rule) RETURNS text
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_to_chinese';
COMMENT ON FUNCTION antifraud.to_chinese(antifraud.rule) IS
  'the phrase that an official Chinese document would use for a rule; no two rules have the same';

-- Order: that of the bytes of the canonical text, which means nothing but is
-- the same on every server.

CREATE FUNCTION antifraud.rule_lt(antifraud.rule, antifraud.rule) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_lt';
COMMENT ON FUNCTION antifraud.rule_lt(antifraud.rule, antifraud.rule) IS 'implementation of <';
CREATE FUNCTION antifraud.rule_le(antifraud.rule, antifraud.rule) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_le';
COMMENT ON FUNCTION antifraud.rule_le(antifraud.rule, antifraud.rule) IS 'implementation of <=';
CREATE FUNCTION antifraud.rule_eq(antifraud.rule, antifraud.rule) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_eq';
COMMENT ON FUNCTION antifraud.rule_eq(antifraud.rule, antifraud.rule) IS 'implementation of =';
CREATE FUNCTION antifraud.rule_ne(antifraud.rule, antifraud.rule) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_ne';
COMMENT ON FUNCTION antifraud.rule_ne(antifraud.rule, antifraud.rule) IS 'implementation of <>';
CREATE FUNCTION antifraud.rule_ge(antifraud.rule, antifraud.rule) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_ge';
COMMENT ON FUNCTION antifraud.rule_ge(antifraud.rule, antifraud.rule) IS 'implementation of >=';
CREATE FUNCTION antifraud.rule_gt(antifraud.rule, antifraud.rule) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_gt';
COMMENT ON FUNCTION antifraud.rule_gt(antifraud.rule, antifraud.rule) IS 'implementation of >';
CREATE FUNCTION antifraud.rule_cmp(antifraud.rule, antifraud.rule) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_cmp';
CREATE FUNCTION antifraud.rule_hash(antifraud.rule) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_hash';
CREATE FUNCTION antifraud.rule_hash_extended(antifraud.rule, bigint) RETURNS bigint
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_hash_extended';
COMMENT ON FUNCTION antifraud.rule_cmp(antifraud.rule, antifraud.rule) IS 'btree comparison: negative, 0 or positive';
COMMENT ON FUNCTION antifraud.rule_hash(antifraud.rule) IS 'hash of the canonical text';
COMMENT ON FUNCTION antifraud.rule_hash_extended(antifraud.rule, bigint) IS 'hash of the canonical text, with a seed';

CREATE OPERATOR antifraud.< (
  LEFTARG = antifraud.rule, RIGHTARG = antifraud.rule, FUNCTION = antifraud.rule_lt,
  COMMUTATOR = OPERATOR(antifraud.>), NEGATOR = OPERATOR(antifraud.>=),
  RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR antifraud.< (antifraud.rule, antifraud.rule) IS 'is before, by the bytes of the canonical text';
CREATE OPERATOR antifraud.<= (
  LEFTARG = antifraud.rule, RIGHTARG = antifraud.rule, FUNCTION = antifraud.rule_le,
  COMMUTATOR = OPERATOR(antifraud.>=), NEGATOR = OPERATOR(antifraud.>),
  RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR antifraud.<= (antifraud.rule, antifraud.rule) IS 'is before or the same, by the bytes of the canonical text';
CREATE OPERATOR antifraud.= (
  LEFTARG = antifraud.rule, RIGHTARG = antifraud.rule, FUNCTION = antifraud.rule_eq,
  COMMUTATOR = OPERATOR(antifraud.=), NEGATOR = OPERATOR(antifraud.<>),
  RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR antifraud.= (antifraud.rule, antifraud.rule) IS 'is the same rule';
CREATE OPERATOR antifraud.<> (
  LEFTARG = antifraud.rule, RIGHTARG = antifraud.rule, FUNCTION = antifraud.rule_ne,
  COMMUTATOR = OPERATOR(antifraud.<>), NEGATOR = OPERATOR(antifraud.=),
  RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR antifraud.<> (antifraud.rule, antifraud.rule) IS 'is another rule';
CREATE OPERATOR antifraud.>= (
  LEFTARG = antifraud.rule, RIGHTARG = antifraud.rule, FUNCTION = antifraud.rule_ge,
  COMMUTATOR = OPERATOR(antifraud.<=), NEGATOR = OPERATOR(antifraud.<),
  RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR antifraud.>= (antifraud.rule, antifraud.rule) IS 'is after or the same, by the bytes of the canonical text';
CREATE OPERATOR antifraud.> (
  LEFTARG = antifraud.rule, RIGHTARG = antifraud.rule, FUNCTION = antifraud.rule_gt,
  COMMUTATOR = OPERATOR(antifraud.<), NEGATOR = OPERATOR(antifraud.<=),
  RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR antifraud.> (antifraud.rule, antifraud.rule) IS 'is after, by the bytes of the canonical text';

CREATE OPERATOR FAMILY antifraud.rule_ops USING btree;
CREATE OPERATOR FAMILY antifraud.rule_ops USING hash;
CREATE OPERATOR CLASS antifraud.rule_ops DEFAULT FOR TYPE antifraud.rule USING btree FAMILY antifraud.rule_ops AS
  OPERATOR 1 antifraud.< ,
  OPERATOR 2 antifraud.<= ,
  OPERATOR 3 antifraud.= ,
  OPERATOR 4 antifraud.>= ,
  OPERATOR 5 antifraud.> ,
  FUNCTION 1 antifraud.rule_cmp(antifraud.rule, antifraud.rule),
  FUNCTION 4 (antifraud.rule, antifraud.rule) pg_catalog.btequalimage(oid);
CREATE OPERATOR CLASS antifraud.rule_ops DEFAULT FOR TYPE antifraud.rule USING hash FAMILY antifraud.rule_ops AS
  OPERATOR 1 antifraud.= ,
  FUNCTION 1 antifraud.rule_hash(antifraud.rule),
  FUNCTION 2 antifraud.rule_hash_extended(antifraud.rule, bigint);
COMMENT ON OPERATOR FAMILY antifraud.rule_ops USING btree IS 'order of rules, by the bytes of their canonical text';
COMMENT ON OPERATOR FAMILY antifraud.rule_ops USING hash IS 'equality of rules';
COMMENT ON OPERATOR CLASS antifraud.rule_ops USING btree IS 'order of rules, by the bytes of their canonical text';
COMMENT ON OPERATOR CLASS antifraud.rule_ops USING hash IS 'equality of rules';

CREATE FUNCTION antifraud.rule_smaller(antifraud.rule, antifraud.rule) RETURNS antifraud.rule
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_smaller';
CREATE FUNCTION antifraud.rule_larger(antifraud.rule, antifraud.rule) RETURNS antifraud.rule
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_larger';
COMMENT ON FUNCTION antifraud.rule_smaller(antifraud.rule, antifraud.rule) IS 'the first of two rules in their order';
COMMENT ON FUNCTION antifraud.rule_larger(antifraud.rule, antifraud.rule) IS 'the last of two rules in their order';

CREATE AGGREGATE antifraud.min(antifraud.rule) (
  SFUNC = antifraud.rule_smaller, STYPE = antifraud.rule, COMBINEFUNC = antifraud.rule_smaller,
  SORTOP = OPERATOR(antifraud.<), PARALLEL = SAFE
);
CREATE AGGREGATE antifraud.max(antifraud.rule) (
  SFUNC = antifraud.rule_larger, STYPE = antifraud.rule, COMBINEFUNC = antifraud.rule_larger,
  SORTOP = OPERATOR(antifraud.>), PARALLEL = SAFE
);
COMMENT ON AGGREGATE antifraud.min(antifraud.rule) IS 'the first rule, by the bytes of the canonical text';
COMMENT ON AGGREGATE antifraud.max(antifraud.rule) IS 'the last rule, by the bytes of the canonical text';
