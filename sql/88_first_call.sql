-- What lets a view over a function answer for one unit without the others.
CREATE FUNCTION antifraud.first_call(text) RETURNS boolean
  LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'af_first_call';
COMMENT ON FUNCTION antifraud.first_call(text) IS 'whether this place in a query is evaluated for the first time: then a view computes the one unit that it is asked for, later all at once; the argument only makes it be called for each row';
