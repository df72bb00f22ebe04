-- The type calendar: which days are working days, term days and exam days.

CREATE TYPE antifraud.calendar;

CREATE FUNCTION antifraud.calendar_in(cstring) RETURNS antifraud.calendar
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_in';
CREATE FUNCTION antifraud.calendar_out(antifraud.calendar) RETURNS cstring
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_out';
CREATE FUNCTION antifraud.calendar_recv(internal) RETURNS antifraud.calendar
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_recv';
CREATE FUNCTION antifraud.calendar_send(antifraud.calendar) RETURNS bytea
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_send';
COMMENT ON FUNCTION antifraud.calendar_in(cstring) IS 'text input of calendar';
COMMENT ON FUNCTION antifraud.calendar_out(antifraud.calendar) IS 'text output of calendar: the canonical form';
COMMENT ON FUNCTION antifraud.calendar_recv(internal) IS 'binary input of calendar: the same text';
COMMENT ON FUNCTION antifraud.calendar_send(antifraud.calendar) IS 'binary output of calendar: the same text';

CREATE TYPE antifraud.calendar (
  INPUT = antifraud.calendar_in,
  OUTPUT = antifraud.calendar_out,
  RECEIVE = antifraud.calendar_recv,
  SEND = antifraud.calendar_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = int4,
  STORAGE = extended,
  CATEGORY = 'S'
);
COMMENT ON TYPE antifraud.calendar IS
  'holidays, make-up working days, term days and exam days of the years 1900 to 2199, as published; its text is a JSON object of kinds to days and ranges of days, see doc/reference-calendar.md';

-- Casts: implicit to text for clients and reports, by assignment from it.
CREATE CAST (antifraud.calendar AS text) WITH INOUT AS IMPLICIT;
CREATE CAST (antifraud.calendar AS varchar) WITH INOUT AS IMPLICIT;
CREATE CAST (text AS antifraud.calendar) WITH INOUT AS ASSIGNMENT;
CREATE CAST (varchar AS antifraud.calendar) WITH INOUT AS ASSIGNMENT;
CREATE CAST (character AS antifraud.calendar) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (antifraud.calendar AS text) IS 'the canonical text';
COMMENT ON CAST (antifraud.calendar AS varchar) IS 'the canonical text';
COMMENT ON CAST (text AS antifraud.calendar) IS 'reads a calendar';
COMMENT ON CAST (varchar AS antifraud.calendar) IS 'reads a calendar';
COMMENT ON CAST (character AS antifraud.calendar) IS 'reads a calendar';
CREATE CAST (antifraud.calendar AS jsonb) WITH INOUT AS ASSIGNMENT;
CREATE CAST (jsonb AS antifraud.calendar) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (antifraud.calendar AS jsonb) IS 'the calendar as jsonb';
COMMENT ON CAST (jsonb AS antifraud.calendar) IS 'reads a calendar; jsonb has already dropped repeated keys, so prefer text';

CREATE FUNCTION antifraud.calendar_eq(antifraud.calendar, antifraud.calendar) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_eq';
COMMENT ON FUNCTION antifraud.calendar_eq(antifraud.calendar, antifraud.calendar) IS 'implementation of operator =: equal';
CREATE FUNCTION antifraud.calendar_ne(antifraud.calendar, antifraud.calendar) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_ne';
COMMENT ON FUNCTION antifraud.calendar_ne(antifraud.calendar, antifraud.calendar) IS 'implementation of operator <>: not equal';
CREATE FUNCTION antifraud.calendar_lt(antifraud.calendar, antifraud.calendar) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_lt';
COMMENT ON FUNCTION antifraud.calendar_lt(antifraud.calendar, antifraud.calendar) IS 'implementation of operator <: before';
CREATE FUNCTION antifraud.calendar_le(antifraud.calendar, antifraud.calendar) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_le';
COMMENT ON FUNCTION antifraud.calendar_le(antifraud.calendar, antifraud.calendar) IS 'implementation of operator <=: before or equal';
CREATE FUNCTION antifraud.calendar_gt(antifraud.calendar, antifraud.calendar) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_gt';
COMMENT ON FUNCTION antifraud.calendar_gt(antifraud.calendar, antifraud.calendar) IS 'implementation of operator >: after';
CREATE FUNCTION antifraud.calendar_ge(antifraud.calendar, antifraud.calendar) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_ge';
COMMENT ON FUNCTION antifraud.calendar_ge(antifraud.calendar, antifraud.calendar) IS 'implementation of operator >=: after or equal';
CREATE FUNCTION antifraud.calendar_cmp(antifraud.calendar, antifraud.calendar) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_cmp';
COMMENT ON FUNCTION antifraud.calendar_cmp(antifraud.calendar, antifraud.calendar) IS 'btree comparison: below, at or above 0; by the bytes of their canonical text';
CREATE FUNCTION antifraud.calendar_hash(antifraud.calendar) RETURNS integer
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_hash';
COMMENT ON FUNCTION antifraud.calendar_hash(antifraud.calendar) IS 'hash of the canonical text; never changes';
CREATE FUNCTION antifraud.calendar_hash_extended(antifraud.calendar, bigint) RETURNS bigint
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_hash_extended';
COMMENT ON FUNCTION antifraud.calendar_hash_extended(antifraud.calendar, bigint) IS 'seeded hash of the canonical text; never changes';

CREATE OPERATOR antifraud.= (
  LEFTARG = antifraud.calendar, RIGHTARG = antifraud.calendar, FUNCTION = antifraud.calendar_eq,
  COMMUTATOR = OPERATOR(antifraud.=), NEGATOR = OPERATOR(antifraud.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
CREATE OPERATOR antifraud.<> (
  LEFTARG = antifraud.calendar, RIGHTARG = antifraud.calendar, FUNCTION = antifraud.calendar_ne,
  COMMUTATOR = OPERATOR(antifraud.<>), NEGATOR = OPERATOR(antifraud.=), RESTRICT = neqsel, JOIN = neqjoinsel
);
CREATE OPERATOR antifraud.< (
  LEFTARG = antifraud.calendar, RIGHTARG = antifraud.calendar, FUNCTION = antifraud.calendar_lt,
  COMMUTATOR = OPERATOR(antifraud.>), NEGATOR = OPERATOR(antifraud.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
CREATE OPERATOR antifraud.<= (
  LEFTARG = antifraud.calendar, RIGHTARG = antifraud.calendar, FUNCTION = antifraud.calendar_le,
  COMMUTATOR = OPERATOR(antifraud.>=), NEGATOR = OPERATOR(antifraud.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
CREATE OPERATOR antifraud.> (
  LEFTARG = antifraud.calendar, RIGHTARG = antifraud.calendar, FUNCTION = antifraud.calendar_gt,
  COMMUTATOR = OPERATOR(antifraud.<), NEGATOR = OPERATOR(antifraud.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
CREATE OPERATOR antifraud.>= (
  LEFTARG = antifraud.calendar, RIGHTARG = antifraud.calendar, FUNCTION = antifraud.calendar_ge,
  COMMUTATOR = OPERATOR(antifraud.<=), NEGATOR = OPERATOR(antifraud.<), RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR antifraud.= (antifraud.calendar, antifraud.calendar) IS 'equal; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.<> (antifraud.calendar, antifraud.calendar) IS 'not equal; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.< (antifraud.calendar, antifraud.calendar) IS 'before; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.<= (antifraud.calendar, antifraud.calendar) IS 'before or equal; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.> (antifraud.calendar, antifraud.calendar) IS 'after; by the bytes of their canonical text';
COMMENT ON OPERATOR antifraud.>= (antifraud.calendar, antifraud.calendar) IS 'after or equal; by the bytes of their canonical text';

CREATE OPERATOR CLASS antifraud.calendar_ops DEFAULT FOR TYPE antifraud.calendar USING btree AS
  OPERATOR 1 antifraud.<, OPERATOR 2 antifraud.<=, OPERATOR 3 antifraud.=, OPERATOR 4 antifraud.>=, OPERATOR 5 antifraud.>,
  FUNCTION 1 antifraud.calendar_cmp(antifraud.calendar, antifraud.calendar);
CREATE OPERATOR CLASS antifraud.calendar_ops DEFAULT FOR TYPE antifraud.calendar USING hash AS
  OPERATOR 1 antifraud.=,
  FUNCTION 1 antifraud.calendar_hash(antifraud.calendar), FUNCTION 2 antifraud.calendar_hash_extended(antifraud.calendar, bigint);
COMMENT ON OPERATOR CLASS antifraud.calendar_ops USING btree IS 'compares calendars by the bytes of their canonical text';
COMMENT ON OPERATOR FAMILY antifraud.calendar_ops USING btree IS 'compares calendars by the bytes of their canonical text';
COMMENT ON OPERATOR CLASS antifraud.calendar_ops USING hash IS 'compares calendars by the bytes of their canonical text';
COMMENT ON OPERATOR FAMILY antifraud.calendar_ops USING hash IS 'compares calendars by the bytes of their canonical text';

-- What a calendar says of a day.
CREATE FUNCTION antifraud.covers(calendar antifraud.calendar, day date) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_covers_day';
COMMENT ON FUNCTION antifraud.covers(antifraud.calendar, date) IS
  'whether the calendar knows the working days of the day''s year: it holds a holiday or a make-up working day of that year';
CREATE FUNCTION antifraud.is_working_day(calendar antifraud.calendar, day date) RETURNS boolean
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_is_working_day';
COMMENT ON FUNCTION antifraud.is_working_day(antifraud.calendar, date) IS
  'whether people work on the day: a make-up working day, or Monday to Friday and no holiday; null where the calendar does not cover the day';
CREATE FUNCTION antifraud.working_day_before(calendar antifraud.calendar, day date) RETURNS date
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_working_day_before';
COMMENT ON FUNCTION antifraud.working_day_before(antifraud.calendar, date) IS
  'the last working day on or before the day; null where that cannot be told without a day that the calendar does not cover';
CREATE FUNCTION antifraud.calendar_days(calendar antifraud.calendar, kind text) RETURNS datemultirange
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_days';
COMMENT ON FUNCTION antifraud.calendar_days(antifraud.calendar, text) IS
  'the days of one kind (holiday, makeup_workday, term, exam), days in a row as one range; the exam periods can pause a duty';

-- From rows to a calendar.
CREATE FUNCTION antifraud.calendar_accumulate(internal, date, text) RETURNS internal
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_accumulate';
CREATE FUNCTION antifraud.calendar_combine(internal, internal) RETURNS internal
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_combine';
CREATE FUNCTION antifraud.calendar_serialize(internal) RETURNS bytea
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_serialize';
CREATE FUNCTION antifraud.calendar_deserialize(bytea, internal) RETURNS internal
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_deserialize';
CREATE FUNCTION antifraud.calendar_final(internal) RETURNS antifraud.calendar
  LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_calendar_final';
COMMENT ON FUNCTION antifraud.calendar_accumulate(internal, date, text) IS 'transition of calendar_agg';
COMMENT ON FUNCTION antifraud.calendar_combine(internal, internal) IS 'combine of calendar_agg';
COMMENT ON FUNCTION antifraud.calendar_serialize(internal) IS 'state of calendar_agg for another process';
COMMENT ON FUNCTION antifraud.calendar_deserialize(bytea, internal) IS 'state of calendar_agg from another process';
COMMENT ON FUNCTION antifraud.calendar_final(internal) IS 'result of calendar_agg';
CREATE AGGREGATE antifraud.calendar_agg(day date, kind text) (
  SFUNC = antifraud.calendar_accumulate,
  STYPE = internal,
  SSPACE = 4000,
  COMBINEFUNC = antifraud.calendar_combine,
  SERIALFUNC = antifraud.calendar_serialize,
  DESERIALFUNC = antifraud.calendar_deserialize,
  FINALFUNC = antifraud.calendar_final,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE antifraud.calendar_agg(date, text) IS
  'a calendar from rows of a day and its kind (holiday, makeup_workday, term, exam), in any order, repetitions harmless; null for no rows; a null, an unknown kind, a day both holiday and makeup_workday: error';
