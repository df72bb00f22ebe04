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

CALL antifraud.define_text_family('rule', '###', false);

-- The stored form is the canonical text, so towards text there is nothing to do.
DROP CAST (antifraud.rule AS text);
DROP CAST (antifraud.rule AS varchar);
CREATE CAST (antifraud.rule AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (antifraud.rule AS varchar) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (antifraud.rule AS text) IS 'the canonical text';
COMMENT ON CAST (antifraud.rule AS varchar) IS 'the canonical text';

CREATE FUNCTION antifraud.rule_to_jsonb(antifraud.rule) RETURNS jsonb
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_to_jsonb';
COMMENT ON FUNCTION antifraud.rule_to_jsonb(antifraud.rule) IS
  'the parts of a rule: bands (effect, points, points_max, per, cond, level) and cap, in points, yuan, counts and per cent; null where a part is absent';
CREATE CAST (antifraud.rule AS jsonb) WITH FUNCTION antifraud.rule_to_jsonb(antifraud.rule) AS ASSIGNMENT;
COMMENT ON CAST (antifraud.rule AS jsonb) IS 'the parts of a rule';

CREATE FUNCTION antifraud.to_chinese(antifraud.rule) RETURNS text
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_rule_to_chinese';
COMMENT ON FUNCTION antifraud.to_chinese(antifraud.rule) IS
  'the phrase that an official Chinese document would use for a rule; no two rules have the same';
