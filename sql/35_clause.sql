-- From the words of an official document to rules; doc/rules.md has the phrases.

CREATE FUNCTION antifraud.parse_clause(clause text, OUT ordinal integer, OUT rule antifraud.rule, OUT condition text, OUT starts integer, OUT ends integer)
  RETURNS SETOF record
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 4 AS 'MODULE_PATHNAME', 'af_clause_rows';
COMMENT ON FUNCTION antifraud.parse_clause(text) IS
  'the consequences in the words of a Chinese document, a row a rule: the words that select it, and the first and the last character of both (from 1, the last included); what cannot be said as a rule has no row';

CREATE FUNCTION antifraud.clause_coverage(clause text, OUT starts integer, OUT ends integer, OUT kind text, OUT words text, OUT reason text)
  RETURNS SETOF record
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 8 AS 'MODULE_PATHNAME', 'af_clause_coverage_rows';
COMMENT ON FUNCTION antifraud.clause_coverage(text) IS
  'which characters of a text parse_clause read as consequence, which as condition and which not at all (kind: consequence, condition, unread), without gaps, counted from 1, the last included; the reason where something looks like a consequence and cannot be said';
