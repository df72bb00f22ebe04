-- Comparison of a type with itself and with text, the same for every type
-- that is a code.  See src/text_family.h for the order and the hash.
--
-- A tool of this script only: its last part drops it.  It expects the C
-- functions that AF_TEXT_FAMILY and AF_COMPARISONS define.
--
--   type_name       the type, in schema antifraud
--   mark            ends the names of the operators between two texts, which
--                   need names of their own: `=` of two texts is taken
--   sort_support    whether the type sorts as int8 does
CREATE PROCEDURE antifraud.define_text_family(type_name text, mark text, sort_support boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $define$
DECLARE
  own text := format('antifraud.%I', type_name);
  traits text := 'LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF';
  -- The four combinations; `symbol` is the first part of their C functions.
  pair record;
  -- The six operators, in the order of the btree strategies.
  operator record;
  operators text;
BEGIN
  FOR pair IN
    SELECT * FROM (VALUES
      (1, own, own, type_name, '', type_name || ' with ' || type_name),
      (2, own, 'text', type_name || '_text', '', type_name || ' with text'),
      (3, 'text', own, 'text_' || type_name, '', 'text with ' || type_name),
      (4, 'text', 'text', 'text_text_' || type_name, mark, 'text with text, both read as ' || type_name)
    ) AS p (ordinal, l, r, symbol, mark, meaning) ORDER BY ordinal
  LOOP
    FOR operator IN
      SELECT * FROM (VALUES
        (1, '<', 'lt', '>', '>=', 'scalarltsel', 'scalarltjoinsel', '', 'before'),
        (2, '<=', 'le', '>=', '>', 'scalarlesel', 'scalarlejoinsel', '', 'before or equal'),
        (3, '=', 'eq', '=', '<>', 'eqsel', 'eqjoinsel', ', HASHES, MERGES', 'equal'),
        (4, '>=', 'ge', '<=', '<', 'scalargesel', 'scalargejoinsel', '', 'after or equal'),
        (5, '>', 'gt', '<', '<=', 'scalargtsel', 'scalargtjoinsel', '', 'after'),
        (6, '<>', 'ne', '<>', '=', 'neqsel', 'neqjoinsel', '', 'not equal')
      ) AS o (strategy, sign, name, commutator, negator, restrict_on, join_on, hashes, meaning) ORDER BY strategy
    LOOP
      EXECUTE format('CREATE FUNCTION antifraud.%I(%s, %s) RETURNS boolean AS %L, %L %s',
        type_name || '_' || operator.name, pair.l, pair.r,
        'MODULE_PATHNAME', 'af_' || pair.symbol || '_' || operator.name, traits);
      EXECUTE format('COMMENT ON FUNCTION antifraud.%I(%s, %s) IS %L',
        type_name || '_' || operator.name, pair.l, pair.r,
        format('implementation of the operator %s: %s', operator.sign || pair.mark, pair.meaning));
      EXECUTE format('CREATE OPERATOR antifraud.%s (FUNCTION = antifraud.%I, LEFTARG = %s, RIGHTARG = %s, '
          'COMMUTATOR = OPERATOR(antifraud.%s), NEGATOR = OPERATOR(antifraud.%s), RESTRICT = %s, JOIN = %s%s)',
        operator.sign || pair.mark, type_name || '_' || operator.name, pair.l, pair.r,
        operator.commutator || pair.mark, operator.negator || pair.mark,
        operator.restrict_on, operator.join_on, operator.hashes);
      EXECUTE format('COMMENT ON OPERATOR antifraud.%s (%s, %s) IS %L',
        operator.sign || pair.mark, pair.l, pair.r,
        format('%s, in the order of the codes: %s', operator.meaning, pair.meaning));
    END LOOP;
    EXECUTE format('CREATE FUNCTION antifraud.%I(%s, %s) RETURNS integer AS %L, %L %s',
      type_name || '_cmp', pair.l, pair.r, 'MODULE_PATHNAME', 'af_' || pair.symbol || '_cmp', traits);
    EXECUTE format('COMMENT ON FUNCTION antifraud.%I(%s, %s) IS %L',
      type_name || '_cmp', pair.l, pair.r,
      '-1, 0 or 1: the first argument is before, equal to or after the second: ' || pair.meaning);
  END LOOP;

  EXECUTE format('CREATE FUNCTION antifraud.%I(%s) RETURNS integer AS %L, %L %s',
    type_name || '_hash', own, 'MODULE_PATHNAME', 'af_' || type_name || '_hash', traits);
  EXECUTE format('CREATE FUNCTION antifraud.%I(%s, bigint) RETURNS bigint AS %L, %L %s',
    type_name || '_hash_extended', own, 'MODULE_PATHNAME', 'af_' || type_name || '_hash_extended', traits);
  EXECUTE format('CREATE FUNCTION antifraud.%I(text) RETURNS integer AS %L, %L %s',
    type_name || '_text_hash', 'MODULE_PATHNAME', 'af_' || type_name || '_text_hash', traits);
  EXECUTE format('CREATE FUNCTION antifraud.%I(text, bigint) RETURNS bigint AS %L, %L %s',
    type_name || '_text_hash_extended', 'MODULE_PATHNAME', 'af_' || type_name || '_text_hash_extended', traits);
  EXECUTE format('COMMENT ON FUNCTION antifraud.%I(%s) IS %L', type_name || '_hash', own,
    'hash of a value: hashtext() of its canonical text, or hashint8() of the number that a code is; it never changes');
  EXECUTE format('COMMENT ON FUNCTION antifraud.%I(%s, bigint) IS %L', type_name || '_hash_extended', own,
    'hash of a value with a seed, of the canonical text or of the number that a code is; it never changes');
  EXECUTE format('COMMENT ON FUNCTION antifraud.%I(text) IS %L', type_name || '_text_hash',
    format('hash of a text read as %s: of its canonical form where it has one; it never changes', type_name));
  EXECUTE format('COMMENT ON FUNCTION antifraud.%I(text, bigint) IS %L', type_name || '_text_hash_extended',
    format('hash, with a seed, of a text read as %s: of its canonical form where it has one; it never changes', type_name));

  EXECUTE format('CREATE OPERATOR FAMILY antifraud.%I USING btree', type_name || '_ops');
  EXECUTE format('COMMENT ON OPERATOR FAMILY antifraud.%I USING btree IS %L', type_name || '_ops',
    format('order of %s with itself and with text', type_name));
  EXECUTE format('CREATE OPERATOR CLASS antifraud.%I DEFAULT FOR TYPE %s USING btree FAMILY antifraud.%I AS '
      'OPERATOR 1 antifraud.<, OPERATOR 2 antifraud.<=, OPERATOR 3 antifraud.=, OPERATOR 4 antifraud.>=, OPERATOR 5 antifraud.>, '
      'FUNCTION 1 antifraud.%I(%s, %s)%s',
    type_name || '_ops', own, type_name || '_ops', type_name || '_cmp', own, own,
    CASE WHEN sort_support
      THEN ', FUNCTION 2 pg_catalog.btint8sortsupport(internal), FUNCTION 4 pg_catalog.btequalimage(oid)' ELSE '' END);
  EXECUTE format('COMMENT ON OPERATOR CLASS antifraud.%I USING btree IS %L', type_name || '_ops',
    format('order of %s', type_name));

  EXECUTE format('CREATE OPERATOR FAMILY antifraud.%I USING hash', type_name || '_ops');
  EXECUTE format('COMMENT ON OPERATOR FAMILY antifraud.%I USING hash IS %L', type_name || '_ops',
    format('equality of %s with itself and with text', type_name));
  EXECUTE format('CREATE OPERATOR CLASS antifraud.%I DEFAULT FOR TYPE %s USING hash FAMILY antifraud.%I AS '
      'OPERATOR 1 antifraud.=, FUNCTION 1 antifraud.%I(%s), FUNCTION 2 antifraud.%I(%s, bigint)',
    type_name || '_ops', own, type_name || '_ops', type_name || '_hash', own, type_name || '_hash_extended', own);
  EXECUTE format('COMMENT ON OPERATOR CLASS antifraud.%I USING hash IS %L', type_name || '_ops',
    format('equality of %s', type_name));
  EXECUTE format('ALTER OPERATOR FAMILY antifraud.%I USING hash ADD '
      'OPERATOR 1 antifraud.= (%s, text), OPERATOR 1 antifraud.= (text, %s), OPERATOR 1 antifraud.%s (text, text), '
      'FUNCTION 1 (text, text) antifraud.%I(text), FUNCTION 2 (text, text) antifraud.%I(text, bigint)',
    type_name || '_ops', own, own, '=' || mark, type_name || '_text_hash', type_name || '_text_hash_extended');

  FOR pair IN
    SELECT * FROM (VALUES (own, 'text', ''), ('text', own, ''), ('text', 'text', mark)) AS p (l, r, mark)
  LOOP
    SELECT string_agg(format('OPERATOR %s antifraud.%s (%s, %s)', strategy, sign || pair.mark, pair.l, pair.r), ', ' ORDER BY strategy)
      INTO operators
      FROM (VALUES (1, '<'), (2, '<='), (3, '='), (4, '>='), (5, '>')) AS o (strategy, sign);
    EXECUTE format('ALTER OPERATOR FAMILY antifraud.%I USING btree ADD %s, FUNCTION 1 (%s, %s) antifraud.%I(%s, %s)',
      type_name || '_ops', operators, pair.l, pair.r, type_name || '_cmp', pair.l, pair.r);
  END LOOP;

  FOR operator IN
    SELECT * FROM (VALUES ('min', '_smaller', '<', 'first'), ('max', '_larger', '>', 'last')) AS a (name, suffix, sign, meaning)
  LOOP
    EXECUTE format('CREATE FUNCTION antifraud.%I(%s, %s) RETURNS %s AS %L, %L %s',
      type_name || operator.suffix, own, own, own, 'MODULE_PATHNAME', 'af_' || type_name || operator.suffix, traits);
    EXECUTE format('COMMENT ON FUNCTION antifraud.%I(%s, %s) IS %L', type_name || operator.suffix, own, own,
      format('the %s of two in the order of the codes', operator.meaning));
    EXECUTE format('CREATE AGGREGATE antifraud.%I(%s) (SFUNC = antifraud.%I, STYPE = %s, COMBINEFUNC = antifraud.%I, '
        'SORTOP = OPERATOR(antifraud.%s), PARALLEL = SAFE)',
      operator.name, own, type_name || operator.suffix, own, type_name || operator.suffix, operator.sign);
    EXECUTE format('COMMENT ON AGGREGATE antifraud.%I(%s) IS %L', operator.name, own,
      format('the %s in the order of the codes', operator.meaning));
  END LOOP;

  -- Drivers and BI tools take a code for a text, and send one as varchar.
  FOR pair IN
    SELECT * FROM (VALUES
      (own, 'text', 'IMPLICIT', 'the canonical text'), (own, 'varchar', 'IMPLICIT', 'the canonical text'),
      ('text', own, 'ASSIGNMENT', 'reads the text, or fails'), ('varchar', own, 'ASSIGNMENT', 'reads the text, or fails'),
      ('bpchar', own, 'ASSIGNMENT', 'reads the text, or fails')
    ) AS c (source, target, context, meaning)
  LOOP
    EXECUTE format('CREATE CAST (%s AS %s) WITH INOUT AS %s', pair.source, pair.target, pair.context);
    EXECUTE format('COMMENT ON CAST (%s AS %s) IS %L', pair.source, pair.target, pair.meaning);
  END LOOP;
END
$define$;
