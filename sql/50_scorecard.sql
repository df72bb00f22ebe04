-- The type scorecard: what facts add up to, for each rule of a rubric.

CREATE TYPE antifraud.scorecard;

CREATE FUNCTION antifraud.scorecard_in(cstring) RETURNS antifraud.scorecard
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_in';
CREATE FUNCTION antifraud.scorecard_out(antifraud.scorecard) RETURNS cstring
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_out';
CREATE FUNCTION antifraud.scorecard_recv(internal) RETURNS antifraud.scorecard
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_recv';
CREATE FUNCTION antifraud.scorecard_send(antifraud.scorecard) RETURNS bytea
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_send';
COMMENT ON FUNCTION antifraud.scorecard_in(cstring) IS 'text input of scorecard';
COMMENT ON FUNCTION antifraud.scorecard_out(antifraud.scorecard) IS 'text output of scorecard: the canonical form';
COMMENT ON FUNCTION antifraud.scorecard_recv(internal) IS 'binary input of scorecard: the same text';
COMMENT ON FUNCTION antifraud.scorecard_send(antifraud.scorecard) IS 'binary output of scorecard: the same text';

CREATE TYPE antifraud.scorecard (
  INPUT = antifraud.scorecard_in,
  OUTPUT = antifraud.scorecard_out,
  RECEIVE = antifraud.scorecard_recv,
  SEND = antifraud.scorecard_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = double,
  STORAGE = plain,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.scorecard IS
  'the additive state of a score: for each rule of one rubric its counts, base or baseline, and nothing else; points are computed on reading';

-- Casts: implicit to text for clients and reports, by assignment from it.
CREATE CAST (antifraud.scorecard AS text) WITH INOUT AS IMPLICIT;
CREATE CAST (antifraud.scorecard AS varchar) WITH INOUT AS IMPLICIT;
CREATE CAST (text AS antifraud.scorecard) WITH INOUT AS ASSIGNMENT;
CREATE CAST (varchar AS antifraud.scorecard) WITH INOUT AS ASSIGNMENT;
CREATE CAST (character AS antifraud.scorecard) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (antifraud.scorecard AS text) IS 'the canonical text';
COMMENT ON CAST (antifraud.scorecard AS varchar) IS 'the canonical text';
COMMENT ON CAST (text AS antifraud.scorecard) IS 'reads a scorecard';
COMMENT ON CAST (varchar AS antifraud.scorecard) IS 'reads a scorecard';
COMMENT ON CAST (character AS antifraud.scorecard) IS 'reads a scorecard';

CREATE FUNCTION antifraud.scorecard_eq(antifraud.scorecard, antifraud.scorecard) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_eq';
COMMENT ON FUNCTION antifraud.scorecard_eq(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator =: equal';
CREATE FUNCTION antifraud.scorecard_ne(antifraud.scorecard, antifraud.scorecard) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_ne';
COMMENT ON FUNCTION antifraud.scorecard_ne(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator <>: not equal';
CREATE FUNCTION antifraud.scorecard_lt(antifraud.scorecard, antifraud.scorecard) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_lt';
COMMENT ON FUNCTION antifraud.scorecard_lt(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator <: before';
CREATE FUNCTION antifraud.scorecard_le(antifraud.scorecard, antifraud.scorecard) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_le';
COMMENT ON FUNCTION antifraud.scorecard_le(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator <=: before or equal';
CREATE FUNCTION antifraud.scorecard_gt(antifraud.scorecard, antifraud.scorecard) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_gt';
COMMENT ON FUNCTION antifraud.scorecard_gt(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator >: after';
CREATE FUNCTION antifraud.scorecard_ge(antifraud.scorecard, antifraud.scorecard) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_ge';
COMMENT ON FUNCTION antifraud.scorecard_ge(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator >=: after or equal';
CREATE FUNCTION antifraud.scorecard_cmp(antifraud.scorecard, antifraud.scorecard) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_cmp';
COMMENT ON FUNCTION antifraud.scorecard_cmp(antifraud.scorecard, antifraud.scorecard) IS 'btree comparison: below, at or above 0; by identity, then counter by counter';
CREATE FUNCTION antifraud.scorecard_hash(antifraud.scorecard) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_hash';
COMMENT ON FUNCTION antifraud.scorecard_hash(antifraud.scorecard) IS 'hash of the canonical text; never changes';
CREATE FUNCTION antifraud.scorecard_hash_extended(antifraud.scorecard, bigint) RETURNS bigint
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_hash_extended';
COMMENT ON FUNCTION antifraud.scorecard_hash_extended(antifraud.scorecard, bigint) IS 'seeded hash of the canonical text; never changes';

CREATE OPERATOR antifraud.= (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_eq,
  COMMUTATOR = OPERATOR(antifraud.=), NEGATOR = OPERATOR(antifraud.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR antifraud.<> (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_ne,
  COMMUTATOR = OPERATOR(antifraud.<>), NEGATOR = OPERATOR(antifraud.=), RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR antifraud.< (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_lt,
  COMMUTATOR = OPERATOR(antifraud.>), NEGATOR = OPERATOR(antifraud.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR antifraud.<= (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_le,
  COMMUTATOR = OPERATOR(antifraud.>=), NEGATOR = OPERATOR(antifraud.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR antifraud.> (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_gt,
  COMMUTATOR = OPERATOR(antifraud.<), NEGATOR = OPERATOR(antifraud.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR antifraud.>= (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_ge,
  COMMUTATOR = OPERATOR(antifraud.<=), NEGATOR = OPERATOR(antifraud.<), RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR antifraud.= (antifraud.scorecard, antifraud.scorecard) IS 'equal; by identity, then counter by counter';
COMMENT ON OPERATOR antifraud.<> (antifraud.scorecard, antifraud.scorecard) IS 'not equal; by identity, then counter by counter';
COMMENT ON OPERATOR antifraud.< (antifraud.scorecard, antifraud.scorecard) IS 'before; by identity, then counter by counter';
COMMENT ON OPERATOR antifraud.<= (antifraud.scorecard, antifraud.scorecard) IS 'before or equal; by identity, then counter by counter';
COMMENT ON OPERATOR antifraud.> (antifraud.scorecard, antifraud.scorecard) IS 'after; by identity, then counter by counter';
COMMENT ON OPERATOR antifraud.>= (antifraud.scorecard, antifraud.scorecard) IS 'after or equal; by identity, then counter by counter';

CREATE OPERATOR CLASS antifraud.scorecard_ops DEFAULT FOR TYPE antifraud.scorecard USING btree AS
  OPERATOR 1 antifraud.<, OPERATOR 2 antifraud.<=, OPERATOR 3 antifraud.=, OPERATOR 4 antifraud.>=, OPERATOR 5 antifraud.>,
  FUNCTION 1 antifraud.scorecard_cmp(antifraud.scorecard, antifraud.scorecard);
CREATE OPERATOR CLASS antifraud.scorecard_ops DEFAULT FOR TYPE antifraud.scorecard USING hash AS
  OPERATOR 1 antifraud.=,
  FUNCTION 1 antifraud.scorecard_hash(antifraud.scorecard), FUNCTION 2 antifraud.scorecard_hash_extended(antifraud.scorecard, bigint);
COMMENT ON OPERATOR CLASS antifraud.scorecard_ops USING btree IS 'compares scorecards by identity, then counter by counter';
COMMENT ON OPERATOR FAMILY antifraud.scorecard_ops USING btree IS 'compares scorecards by identity, then counter by counter';
COMMENT ON OPERATOR CLASS antifraud.scorecard_ops USING hash IS 'compares scorecards by identity, then counter by counter';
COMMENT ON OPERATOR FAMILY antifraud.scorecard_ops USING hash IS 'compares scorecards by identity, then counter by counter';

CREATE FUNCTION antifraud.scorecard(rubric antifraud.rubric) RETURNS antifraud.scorecard
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_of_rubric';
COMMENT ON FUNCTION antifraud.scorecard(antifraud.rubric) IS 'the empty scorecard of a rubric';
CREATE FUNCTION antifraud.scorecard_plus(antifraud.scorecard, antifraud.scorecard) RETURNS antifraud.scorecard
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_plus';
CREATE FUNCTION antifraud.scorecard_minus(antifraud.scorecard, antifraud.scorecard) RETURNS antifraud.scorecard
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_minus';
COMMENT ON FUNCTION antifraud.scorecard_plus(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator +';
COMMENT ON FUNCTION antifraud.scorecard_minus(antifraud.scorecard, antifraud.scorecard) IS 'implementation of operator -';
CREATE OPERATOR antifraud.+ (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_plus,
  COMMUTATOR = OPERATOR(antifraud.+)
);
CREATE OPERATOR antifraud.- (
  LEFTARG = antifraud.scorecard, RIGHTARG = antifraud.scorecard, FUNCTION = antifraud.scorecard_minus
);
COMMENT ON OPERATOR antifraud.+ (antifraud.scorecard, antifraud.scorecard) IS
  'the card of both together, as if they were one unit; an error where their rubrics differ';
COMMENT ON OPERATOR antifraud.- (antifraud.scorecard, antifraud.scorecard) IS
  'the card with the second taken back; an error where their rubrics differ';

-- Counting.
CREATE FUNCTION antifraud.tally_accumulate(antifraud.scorecard, antifraud.rubric, text, date, bigint, bigint, numeric) RETURNS antifraud.scorecard
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_tally_accumulate';
COMMENT ON FUNCTION antifraud.tally_accumulate(antifraud.scorecard, antifraud.rubric, text, date, bigint, bigint, numeric) IS 'transition of tally';
CREATE FUNCTION antifraud.scorecard_combine(antifraud.scorecard, antifraud.scorecard) RETURNS antifraud.scorecard
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_combine';
COMMENT ON FUNCTION antifraud.scorecard_combine(antifraud.scorecard, antifraud.scorecard) IS 'combine of tally, transition and combine of merge';
CREATE AGGREGATE antifraud.tally(rubric antifraud.rubric, measure text, occurred_on date, quantity bigint, base bigint, amount numeric) (
  SFUNC = antifraud.tally_accumulate,
  STYPE = antifraud.scorecard,
  SSPACE = 512,
  COMBINEFUNC = antifraud.scorecard_combine,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE antifraud.tally(antifraud.rubric, text, date, bigint, bigint, numeric) IS
  'the scorecard of a group of facts; a row with a null measure opens a card and counts nothing; amount in yuan; facts outside the rubric''s windows and measures are ignored';
CREATE AGGREGATE antifraud.merge(antifraud.scorecard) (
  SFUNC = antifraud.scorecard_combine,
  STYPE = antifraud.scorecard,
  SSPACE = 512,
  COMBINEFUNC = antifraud.scorecard_combine,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE antifraud.merge(antifraud.scorecard) IS
  'the card of all together, as if they were one unit; for the mean of their scores use avg(total(card, rubric))';

-- Reading.
CREATE FUNCTION antifraud.total(scorecard antifraud.scorecard, rubric antifraud.rubric) RETURNS numeric
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_total';
COMMENT ON FUNCTION antifraud.total(antifraud.scorecard, antifraud.rubric) IS
  'the score in points; the low end where decisions are pending';
CREATE FUNCTION antifraud.total_range(scorecard antifraud.scorecard, rubric antifraud.rubric) RETURNS numrange
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_total_range';
COMMENT ON FUNCTION antifraud.total_range(antifraud.scorecard, antifraud.rubric) IS
  'the score in points with every undecided range at its worst and at its best, both ends included';
CREATE FUNCTION antifraud.vetoed(scorecard antifraud.scorecard, rubric antifraud.rubric) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_vetoed';
COMMENT ON FUNCTION antifraud.vetoed(antifraud.scorecard, antifraud.rubric) IS
  'whether a rule with the consequence veto holds; the score stands beside it';
CREATE FUNCTION antifraud.raised(scorecard antifraud.scorecard, rubric antifraud.rubric) RETURNS text[]
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_scorecard_raised';
COMMENT ON FUNCTION antifraud.raised(antifraud.scorecard, antifraud.rubric) IS
  'the escalations that rules ask for, each once, in written order; an empty array where none does';
CREATE FUNCTION antifraud.raised_by(scorecard antifraud.scorecard, rubric antifraud.rubric,
  OUT item_no text, OUT rule_no integer, OUT band_no integer, OUT rung text, OUT facts bigint, OUT quantity bigint, OUT base bigint, OUT baseline numeric)
  RETURNS SETOF record
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 2 AS 'MODULE_PATHNAME', 'af_scorecard_raised_by';
COMMENT ON FUNCTION antifraud.raised_by(antifraud.scorecard, antifraud.rubric) IS
  'which rules ask for an escalation, a row for each rung, in written order: the item, the place of the rule within it and of the band within the rule, and what the rule saw over all its windows: facts, quantity, for rates their base, and the baseline where it compares with one';
CREATE FUNCTION antifraud.breakdown(scorecard antifraud.scorecard, rubric antifraud.rubric,
  OUT section text, OUT item_no text, OUT item text, OUT points numeric, OUT measure text, OUT rule text,
  OUT facts bigint, OUT quantity bigint, OUT raw numeric, OUT deducted numeric, OUT overflow numeric, OUT added numeric, OUT state text)
  RETURNS SETOF record
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'af_scorecard_breakdown';
COMMENT ON FUNCTION antifraud.breakdown(antifraud.scorecard, antifraud.rubric) IS
  'the score explained, a row a rule in written order: points of the item, what the rule counts, its raw points, what it deducts within the item''s points, the overflow beyond them, what it adds; state is scored, open, pending, review, not_measured or waived';
