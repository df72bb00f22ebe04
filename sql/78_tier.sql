-- Risk tiers are codes in a table of the registry; documents have words for them.

CREATE FUNCTION antifraud.tier_code(name text) RETURNS text
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_tier_code';
COMMENT ON FUNCTION antifraud.tier_code(text) IS
  'the code of the risk tier that a text names: high, medium or low for their Chinese and English synonyms, an office''s own code ([a-z][a-z0-9_]*) for itself; anything else, numbered grades and colours included, is an error';
