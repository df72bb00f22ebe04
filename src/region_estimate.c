/*
 * region_estimate.c
 *		How many rows <@ and @> keep.
 *
 * The planner's own estimate of a range cannot look inside a bin of the
 * histogram of a type that it does not know.  Codes are numbers, so here one
 * can; as they leave gaps, a small region of a large country still comes out
 * too low.  And the range is estimated once, not once for each of its ends.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type_d.h"
#include "nodes/nodeFuncs.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "core/region.h"

/* As for a range whose bounds are unknown (DEFAULT_RANGE_INEQ_SEL). */
#define UNKNOWN_SELECTIVITY 0.005

/* The share of the histogram's values below a code; its bins are equally full. */
static double
share_below(const AttStatsSlot *histogram, af_region code)
{
	int			low = 0;
	int			high = histogram->nvalues - 1;
	af_region	from;
	af_region	to;

	if (code <= DatumGetInt64(histogram->values[low]))
		return 0.0;
	if (code > DatumGetInt64(histogram->values[high]))
		return 1.0;
	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (DatumGetInt64(histogram->values[middle]) < code)
			low = middle;
		else
			high = middle;
	}
	from = DatumGetInt64(histogram->values[low]);
	to = DatumGetInt64(histogram->values[high]);
	return (low + (double) (code - from) / (double) (to - from)) / (histogram->nvalues - 1);
}

/* The share of a column's rows that lie in a region. */
static double
share_inside(VariableStatData *column, Oid operator, af_region outer)
{
	AttStatsSlot slot;
	double		nulls;
	double		common = 0.0;
	double		common_inside = 0.0;
	double		rest_inside = UNKNOWN_SELECTIVITY;

	if (!HeapTupleIsValid(column->statsTuple) || column->atttype != exprType(column->var) ||
		!statistic_proc_security_check(column, get_opcode(operator)))
		return UNKNOWN_SELECTIVITY;
	nulls = ((Form_pg_statistic) GETSTRUCT(column->statsTuple))->stanullfrac;
	if (get_attstatsslot(&slot, column->statsTuple, STATISTIC_KIND_MCV, InvalidOid,
						 ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
	{
		for (int i = 0; i < slot.nvalues; i++)
		{
			common += slot.numbers[i];
			if (af_region_contains(outer, DatumGetInt64(slot.values[i])))
				common_inside += slot.numbers[i];
		}
		free_attstatsslot(&slot);
	}
	if (get_attstatsslot(&slot, column->statsTuple, STATISTIC_KIND_HISTOGRAM, InvalidOid, ATTSTATSSLOT_VALUES))
	{
		if (slot.nvalues > 1)
			rest_inside = share_below(&slot, af_region_last(outer) + 1) - share_below(&slot, outer);
		free_attstatsslot(&slot);
	}
	return common_inside + Max(1.0 - nulls - common, 0.0) * rest_inside;
}

/* A known other side as a region; false where it is NULL or names none. */
static bool
known_region(Const *known, af_region *value)
{
	text	   *packed;

	if (known->constisnull)
		return false;
	if (known->consttype != TEXTOID)
	{
		*value = DatumGetInt64(known->constvalue);
		return true;
	}
	packed = DatumGetTextPP(known->constvalue);
	return af_region_read(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed), value, NULL);
}

/* inner_number is the argument that lies in the other one. */
static Datum
estimate(FunctionCallInfo fcinfo, int inner_number)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *arguments = (List *) PG_GETARG_POINTER(2);
	VariableStatData column;
	Node	   *other;
	bool		column_on_left;
	af_region	value;
	double		share = UNKNOWN_SELECTIVITY;

	if (!get_restriction_variable(root, arguments, PG_GETARG_INT32(3), &column, &other, &column_on_left))
		PG_RETURN_FLOAT8(UNKNOWN_SELECTIVITY);
	if (IsA(other, Const) && !known_region((Const *) other, &value))
		share = 0.0;
	else if (exprType(column.var) == TEXTOID)
		share = UNKNOWN_SELECTIVITY;
	else if ((column_on_left ? 0 : 1) == inner_number)
	{
		if (IsA(other, Const))
			share = share_inside(&column, operator, value);
	}
	else
	{
		/* What contains a region is one code a level. */
		bool		guessed;
		int			levels = IsA(other, Const) ? af_region_level(value) : AF_REGION_LEVELS;

		share = levels / get_variable_numdistinct(&column, &guessed);
	}
	ReleaseVariableStats(column);
	CLAMP_PROBABILITY(share);
	PG_RETURN_FLOAT8(share);
}

PG_FUNCTION_INFO_V1(af_region_within_sel);
Datum
af_region_within_sel(PG_FUNCTION_ARGS)
{
	return estimate(fcinfo, 0);
}

PG_FUNCTION_INFO_V1(af_region_contains_sel);
Datum
af_region_contains_sel(PG_FUNCTION_ARGS)
{
	return estimate(fcinfo, 1);
}
