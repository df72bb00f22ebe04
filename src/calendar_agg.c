/*
 * calendar_agg.c
 *		The aggregate calendar_agg: a calendar from rows of a day and its kind.
 */
#include "calendar.h"

#include "utils/builtins.h"
#include "utils/date.h"

/* The state: what was gathered, in the memory of the aggregate. */
typedef struct gathering
{
	af_memory	memory;
	af_calendar_builder builder;
} gathering;

static gathering *
new_state(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	MemoryContext old;
	gathering  *state;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "calendar_agg was called outside an aggregate");
	old = MemoryContextSwitchTo(context);
	state = palloc(sizeof(gathering));
	state->memory = af_palloc_memory();
	af_calendar_begin(&state->builder, &state->memory);
	MemoryContextSwitchTo(old);
	return state;
}

static void
merge(gathering *state, const af_calendar *calendar)
{
	af_error	error;

	if (!af_calendar_merge(&state->builder, calendar, &error))
		af_report(NULL, &error);
}

static void
check_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s of calendar_agg is NULL", name),
				 errdetail("A day without a kind, or a kind without a day, says nothing."),
				 errhint("Leave such rows out: calendar_agg(day, kind) FILTER (WHERE day IS NOT NULL AND kind IS NOT NULL).")));
}

PG_FUNCTION_INFO_V1(af_calendar_accumulate);
Datum
af_calendar_accumulate(PG_FUNCTION_ARGS)
{
	gathering  *state = PG_ARGISNULL(0) ? new_state(fcinfo) : (gathering *) PG_GETARG_POINTER(0);
	DateADT		day;
	af_error	error;

	check_argument(fcinfo, 1, "day");
	check_argument(fcinfo, 2, "kind");
	day = PG_GETARG_DATEADT(1);
	/* Core code writes the years 1 to 9999 only. */
	if (day < AF_DAY_FIRST || day > AF_DAY_LAST)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("calendar day %s is out of range", DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)))),
				 errdetail("A calendar holds days of the years 1900 to 2199."),
				 errhint("Leave the day out, or correct the year.")));
	if (!af_calendar_add_range(&state->builder, day, day, af_day_kind_get(PG_GETARG_DATUM(2)), &error))
		af_report(NULL, &error);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(af_calendar_combine);
Datum
af_calendar_combine(PG_FUNCTION_ARGS)
{
	gathering  *state;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	state = PG_ARGISNULL(0) ? new_state(fcinfo) : (gathering *) PG_GETARG_POINTER(0);
	if (!PG_ARGISNULL(1))
		merge(state, af_calendar_make(&((gathering *) PG_GETARG_POINTER(1))->builder));
	PG_RETURN_POINTER(state);
}

/* For another process the state is a calendar, of whatever size. */
PG_FUNCTION_INFO_V1(af_calendar_serialize);
Datum
af_calendar_serialize(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(af_calendar_make(&((gathering *) PG_GETARG_POINTER(0))->builder));
}

PG_FUNCTION_INFO_V1(af_calendar_deserialize);
Datum
af_calendar_deserialize(PG_FUNCTION_ARGS)
{
	gathering  *state = new_state(fcinfo);

	merge(state, af_calendar_get(PG_GETARG_DATUM(0)));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(af_calendar_final);
Datum
af_calendar_final(PG_FUNCTION_ARGS)
{
	af_calendar *calendar;
	af_error	error;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	calendar = af_calendar_make(&((gathering *) PG_GETARG_POINTER(0))->builder);
	if (!af_calendar_check(calendar, &error))
		af_report(NULL, &error);
	PG_RETURN_POINTER(calendar);
}
