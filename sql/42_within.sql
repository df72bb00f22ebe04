-- Whether a day or a region lies within some, as a condition on other people's
-- tables: the planner turns it into comparisons of the bare column, which
-- indexes serve and foreign servers evaluate (src/within.c).

CREATE FUNCTION antifraud.within_days_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'af_within_days_support' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.within_days_support(internal) IS 'planner support of within(date, datemultirange): comparisons of the bare column';

CREATE FUNCTION antifraud.within_regions_support(internal) RETURNS internal
AS 'MODULE_PATHNAME', 'af_within_regions_support' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.within_regions_support(internal) IS 'planner support of within(region, region[]): comparisons of the bare column';

CREATE FUNCTION antifraud.within(day date, days datemultirange) RETURNS boolean
AS 'elem_contained_by_multirange' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
SUPPORT antifraud.within_days_support;
COMMENT ON FUNCTION antifraud.within(date, datemultirange) IS 'whether the day is one of these; in a WHERE clause, with days known to the planner, comparisons of the column, also below read_date() and a cast from timestamp';

CREATE FUNCTION antifraud.region_within_any(antifraud.region, antifraud.region[]) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_region_within_any' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.region_within_any(antifraud.region, antifraud.region[]) IS 'whether the region is or lies in one of these; what within() leaves of itself beside comparisons of the column';

CREATE FUNCTION antifraud.within(region antifraud.region, regions antifraud.region[]) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_region_within_any' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
SUPPORT antifraud.within_regions_support;
COMMENT ON FUNCTION antifraud.within(antifraud.region, antifraud.region[]) IS 'whether the region is or lies in one of these; in a WHERE clause, with regions known to the planner, comparisons of the column, also below read_region()';

CREATE FUNCTION antifraud.within(region antifraud.region, regions antifraud.region[], as_written antifraud.region[]) RETURNS boolean
AS 'MODULE_PATHNAME', 'af_region_within_any' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
SUPPORT antifraud.within_regions_support;
COMMENT ON FUNCTION antifraud.within(antifraud.region, antifraud.region[], antifraud.region[]) IS 'the same for CASE ... ELSE what the column says END (or COALESCE), where the caller knows that the column then says a region in one of as_written';

-- A cast would do, but mysql_fdw 2.8 sends a comparison of it without the cast.
CREATE FUNCTION antifraud.day_of(at timestamp) RETURNS date
AS 'timestamp_date' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.day_of(timestamp) IS 'the day of a time, as the cast to date gives it, and never evaluated by a foreign server';
