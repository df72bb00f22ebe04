-- The stretches of time in which a fact that rests on several rows was known.
-- PostgreSQL's own unnest(), under another estimate: it takes every value to
-- hold a hundred, and a view of many such facts then looks so dear that its
-- query is compiled, which takes longer than running it.
CREATE FUNCTION antifraud.stretches(tstzmultirange) RETURNS SETOF tstzrange
  LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE ROWS 1 AS 'multirange_unnest';
COMMENT ON FUNCTION antifraud.stretches(tstzmultirange) IS 'the ranges of a multirange, a row each, in order: unnest() that the planner expects to give one row';
