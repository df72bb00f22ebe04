/*
 * rubric_change.c
 *		The same rubric for another period, as of a date, with decisions.
 */
#include "rubric.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/rangetypes.h"

PG_FUNCTION_INFO_V1(af_rubric_with_period);
PG_FUNCTION_INFO_V1(af_rubric_with_as_of);
PG_FUNCTION_INFO_V1(af_rubric_with_decisions);

/* Infinite dates are far outside these years, whether or not a day was taken off. */
static af_day
check_day(DateADT day, const char *what)
{
	if (day < AF_DAY_FIRST || day > AF_DAY_LAST)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("%s is out of range: %s", what,
						day < AF_DAY_FIRST && !IS_VALID_DATE(day) ? "-infinity" :
						IS_VALID_DATE(day) ? DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day))) : "infinity"),
				 errdetail("Only the years 0001 to 9999 are known."),
				 errhint("Give a finite date.")));
	return day;
}

/* with_period(rubric, daterange): windows and baselines follow the new dates. */
Datum
af_rubric_with_period(PG_FUNCTION_ARGS)
{
	af_memory	memory = af_palloc_memory();
	af_model   *model = af_rubric_open(af_rubric_get(PG_GETARG_DATUM(0)), &memory);
	RangeType  *range = PG_GETARG_RANGE_P(1);
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	/* A daterange is canonical: its lower bound is included, its upper is not. */
	range_deserialize(range_get_typcache(fcinfo, RangeTypeGetOid(range)), range, &lower, &upper, &empty);
	if (empty || lower.infinite || upper.infinite)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the period of a rubric cannot be %s", empty ? "empty" : "without an end"),
				 errdetail("Windows and baselines are counted from its first and its last day."),
				 errhint("Give a first and a last day, for instance daterange('2024-01-01', '2024-12-31', '[]').")));
	model->from = check_day(DatumGetDateADT(lower.val), "first day of the period");
	model->to = check_day(DatumGetDateADT(upper.val) - 1, "last day of the period");
	PG_RETURN_POINTER(af_rubric_make(model, NULL));
}

/* with_as_of(rubric, date): the period as it stands at the end of that day. */
Datum
af_rubric_with_as_of(PG_FUNCTION_ARGS)
{
	af_memory	memory = af_palloc_memory();
	af_model   *model = af_rubric_open(af_rubric_get(PG_GETARG_DATUM(0)), &memory);

	model->as_of = check_day(PG_GETARG_DATEADT(1), "as-of date");
	PG_RETURN_POINTER(af_rubric_make(model, NULL));
}

/* with_decisions(rubric, jsonb): later decisions replace earlier ones on the same rule. */
Datum
af_rubric_with_decisions(PG_FUNCTION_ARGS)
{
	af_memory	memory = af_palloc_memory();
	af_model   *model = af_rubric_open(af_rubric_get(PG_GETARG_DATUM(0)), &memory);
	char	   *text = JsonbToCString(NULL, &PG_GETARG_JSONB_P(1)->root, VARSIZE(PG_GETARG_JSONB_P(1)));
	af_error	error;
	af_json    *decisions = af_json_read(text, strlen(text), &memory, &error);

	if (decisions == NULL || !af_model_decide(model, decisions, &error))
		return af_report(NULL, &error);
	PG_RETURN_POINTER(af_rubric_make(model, NULL));
}
