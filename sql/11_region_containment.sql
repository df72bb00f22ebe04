-- Containment of regions: <@ (lies in) and @> (contains), by index.

CREATE FUNCTION antifraud.region_within_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'af_region_within_support' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_within_support(internal) IS 'planner support of <@: index conditions';

CREATE FUNCTION antifraud.region_contains_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'af_region_contains_support' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_contains_support(internal) IS 'planner support of @>: index conditions';

CREATE FUNCTION antifraud.region_within_sel(internal, oid, internal, integer) RETURNS double precision
AS 'MODULE_PATHNAME', 'af_region_within_sel' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_within_sel(internal, oid, internal, integer) IS 'selectivity of <@';

CREATE FUNCTION antifraud.region_contains_sel(internal, oid, internal, integer) RETURNS double precision
AS 'MODULE_PATHNAME', 'af_region_contains_sel' LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_contains_sel(internal, oid, internal, integer) IS 'selectivity of @>';

CREATE FUNCTION antifraud.region_within(antifraud.region, antifraud.region) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_region_within_region' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
SUPPORT antifraud.region_within_support;
COMMENT ON FUNCTION antifraud.region_within(antifraud.region, antifraud.region) IS 'whether the first region is or lies in the second; implementation of <@';

CREATE FUNCTION antifraud.region_within(antifraud.region, text) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_region_within_text' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
SUPPORT antifraud.region_within_support;
COMMENT ON FUNCTION antifraud.region_within(antifraud.region, text) IS 'whether the region is or lies in the one that the text names; false where it names none; implementation of <@';

CREATE FUNCTION antifraud.region_within(text, antifraud.region) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_text_within_region' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
SUPPORT antifraud.region_within_support;
COMMENT ON FUNCTION antifraud.region_within(text, antifraud.region) IS 'whether the text names a region that is or lies in the second; implementation of <@';

CREATE FUNCTION antifraud.region_contains(antifraud.region, antifraud.region) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_region_contains_region' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
SUPPORT antifraud.region_contains_support;
COMMENT ON FUNCTION antifraud.region_contains(antifraud.region, antifraud.region) IS 'whether the first region is or contains the second; implementation of @>';

CREATE FUNCTION antifraud.region_contains(antifraud.region, text) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_region_contains_text' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
SUPPORT antifraud.region_contains_support;
COMMENT ON FUNCTION antifraud.region_contains(antifraud.region, text) IS 'whether the region is or contains the one that the text names; false where it names none; implementation of @>';

CREATE FUNCTION antifraud.region_contains(text, antifraud.region) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_text_contains_region' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
SUPPORT antifraud.region_contains_support;
COMMENT ON FUNCTION antifraud.region_contains(text, antifraud.region) IS 'whether the text names a region that is or contains the second; implementation of @>';

CREATE OPERATOR antifraud.<@ (
  FUNCTION = antifraud.region_within, LEFTARG = antifraud.region, RIGHTARG = antifraud.region,
  COMMUTATOR = OPERATOR(antifraud.@>), RESTRICT = antifraud.region_within_sel, JOIN = contjoinsel
);
COMMENT ON OPERATOR antifraud.<@ (antifraud.region, antifraud.region) IS 'is or lies in';

CREATE OPERATOR antifraud.<@ (
  FUNCTION = antifraud.region_within, LEFTARG = antifraud.region, RIGHTARG = text,
  COMMUTATOR = OPERATOR(antifraud.@>), RESTRICT = antifraud.region_within_sel, JOIN = contjoinsel
);
COMMENT ON OPERATOR antifraud.<@ (antifraud.region, text) IS 'is or lies in; false where the text names no region';

CREATE OPERATOR antifraud.<@ (
  FUNCTION = antifraud.region_within, LEFTARG = text, RIGHTARG = antifraud.region,
  COMMUTATOR = OPERATOR(antifraud.@>), RESTRICT = antifraud.region_within_sel, JOIN = contjoinsel
);
COMMENT ON OPERATOR antifraud.<@ (text, antifraud.region) IS 'is or lies in; false where the text names no region';

CREATE OPERATOR antifraud.@> (
  FUNCTION = antifraud.region_contains, LEFTARG = antifraud.region, RIGHTARG = antifraud.region,
  COMMUTATOR = OPERATOR(antifraud.<@), RESTRICT = antifraud.region_contains_sel, JOIN = contjoinsel
);
COMMENT ON OPERATOR antifraud.@> (antifraud.region, antifraud.region) IS 'is or contains';

CREATE OPERATOR antifraud.@> (
  FUNCTION = antifraud.region_contains, LEFTARG = antifraud.region, RIGHTARG = text,
  COMMUTATOR = OPERATOR(antifraud.<@), RESTRICT = antifraud.region_contains_sel, JOIN = contjoinsel
);
COMMENT ON OPERATOR antifraud.@> (antifraud.region, text) IS 'is or contains; false where the text names no region';

CREATE OPERATOR antifraud.@> (
  FUNCTION = antifraud.region_contains, LEFTARG = text, RIGHTARG = antifraud.region,
  COMMUTATOR = OPERATOR(antifraud.<@), RESTRICT = antifraud.region_contains_sel, JOIN = contjoinsel
);
COMMENT ON OPERATOR antifraud.@> (text, antifraud.region) IS 'is or contains; false where the text names no region';

-- Facts that arrive county by county are clustered enough for BRIN.
CREATE OPERATOR CLASS antifraud.region_minmax_ops DEFAULT FOR TYPE antifraud.region USING brin AS
  OPERATOR 1 antifraud.<, OPERATOR 2 antifraud.<=, OPERATOR 3 antifraud.=, OPERATOR 4 antifraud.>=, OPERATOR 5 antifraud.>,
  FUNCTION 1 pg_catalog.brin_minmax_opcinfo(internal),
  FUNCTION 2 pg_catalog.brin_minmax_add_value(internal, internal, internal, internal),
  FUNCTION 3 pg_catalog.brin_minmax_consistent(internal, internal, internal),
  FUNCTION 4 pg_catalog.brin_minmax_union(internal, internal, internal);
COMMENT ON OPERATOR CLASS antifraud.region_minmax_ops USING brin IS 'first and last region of a range of blocks';
COMMENT ON OPERATOR FAMILY antifraud.region_minmax_ops USING brin IS 'first and last region of a range of blocks';
