/*
 * region.c
 *		Type region: levels and containment.
 *
 * Containment with a text on one side never fails: a text that is no region
 * contains nothing and lies in nothing.
 */
#include "code_type.h"

#include "utils/array.h"
#include "utils/lsyscache.h"

#include "core/region.h"

AF_CODE_TYPE(region, af_region_read, af_region_write)

PG_FUNCTION_INFO_V1(af_region_level_sql);
Datum
af_region_level_sql(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(af_region_level(PG_GETARG_INT64(0)));
}

static Datum
region_or_null(FunctionCallInfo fcinfo, af_region value)
{
	if (value == AF_REGION_NONE)
		PG_RETURN_NULL();
	PG_RETURN_INT64(value);
}

PG_FUNCTION_INFO_V1(af_region_parent_sql);
Datum
af_region_parent_sql(PG_FUNCTION_ARGS)
{
	return region_or_null(fcinfo, af_region_parent(PG_GETARG_INT64(0)));
}

PG_FUNCTION_INFO_V1(af_region_ancestor_sql);
Datum
af_region_ancestor_sql(PG_FUNCTION_ARGS)
{
	int32		level = PG_GETARG_INT32(1);

	if (level < 1 || level > AF_REGION_LEVELS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid level of a region: %d", level),
				 errdetail("Levels go from 1 to %d.", AF_REGION_LEVELS),
				 errhint("1 is a province, 2 a prefecture, 3 a county, 4 a town, 5 a village or community, 6 a grid.")));
	return region_or_null(fcinfo, af_region_ancestor(PG_GETARG_INT64(0), level));
}

PG_FUNCTION_INFO_V1(af_region_last_sql);
Datum
af_region_last_sql(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(af_region_last(PG_GETARG_INT64(0)));
}

/* The region and all above it, from the province down. */
PG_FUNCTION_INFO_V1(af_region_path_sql);
Datum
af_region_path_sql(PG_FUNCTION_ARGS)
{
	af_region	value = PG_GETARG_INT64(0);
	Oid			array_type = get_fn_expr_rettype(fcinfo->flinfo);
	Oid			region_type = get_element_type(array_type);
	Datum		path[AF_REGION_LEVELS];
	int			count = 0;
	int16		width;
	bool		by_value;
	char		align;

	if (!OidIsValid(region_type))
		elog(ERROR, "region_path was called without its result type");
	for (int level = 1; level <= AF_REGION_LEVELS; level++)
	{
		af_region	above = af_region_ancestor(value, level);

		if (above != AF_REGION_NONE)
			path[count++] = Int64GetDatum(above);
	}
	get_typlenbyvalalign(region_type, &width, &by_value, &align);
	PG_RETURN_ARRAYTYPE_P(construct_array(path, count, region_type, width, by_value, align));
}

/* An argument that is a region, or a text that may be one. */
static bool
region_argument(FunctionCallInfo fcinfo, int number, bool is_text, af_region *value)
{
	text	   *argument;
	bool		good;

	if (!is_text)
	{
		*value = PG_GETARG_INT64(number);
		return true;
	}
	argument = PG_GETARG_TEXT_PP(number);
	good = af_region_read(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument), value, NULL);
	PG_FREE_IF_COPY(argument, number);
	return good;
}

static bool
contains(FunctionCallInfo fcinfo, int outer_number, bool outer_is_text, bool inner_is_text)
{
	af_region	outer;
	af_region	inner;

	return region_argument(fcinfo, outer_number, outer_is_text, &outer) &&
		region_argument(fcinfo, 1 - outer_number, inner_is_text, &inner) &&
		af_region_contains(outer, inner);
}

AF_FUNCTION(af_region_contains_region, PG_RETURN_BOOL(af_region_contains(PG_GETARG_INT64(0), PG_GETARG_INT64(1))))
AF_FUNCTION(af_region_contains_text, PG_RETURN_BOOL(contains(fcinfo, 0, false, true)))
AF_FUNCTION(af_text_contains_region, PG_RETURN_BOOL(contains(fcinfo, 0, true, false)))
AF_FUNCTION(af_region_within_region, PG_RETURN_BOOL(af_region_contains(PG_GETARG_INT64(1), PG_GETARG_INT64(0))))
AF_FUNCTION(af_region_within_text, PG_RETURN_BOOL(contains(fcinfo, 1, true, false)))
AF_FUNCTION(af_text_within_region, PG_RETURN_BOOL(contains(fcinfo, 1, false, true)))
