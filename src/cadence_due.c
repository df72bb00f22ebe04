/*
 * cadence_due.c
 *		next_due and due_dates: when a cadence is due, without a history.
 */
#include "cadence.h"

#include "funcapi.h"
#include "utils/fmgroids.h"

#include "calendar.h"
#include "core/cadence_due.h"

af_day
af_cadence_day(DateADT date)
{
	if (date < AF_DAY_FIRST || date > AF_DAY_LAST)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("date out of range for a cadence: %s",
						OidOutputFunctionCall(F_DATE_OUT, DateADTGetDatum(date))),
				 errdetail("A cadence is counted on the dates of the years 1 to 9999."),
				 errhint("Use NULL, not infinity, for a day that is not known.")));
	return date;
}

/* The calendar, where a cadence needs one and it is given. */
static const af_calendar *
calendar_argument(FunctionCallInfo fcinfo, int number, af_cadence c)
{
	if (c.rolling || c.unit != AF_UNIT_TERM || PG_ARGISNULL(number))
		return NULL;
	return af_calendar_get(PG_GETARG_DATUM(number));
}

PG_FUNCTION_INFO_V1(af_cadence_next_due_sql);

/* next_due(cadence, last_done, calendar) */
Datum
af_cadence_next_due_sql(PG_FUNCTION_ARGS)
{
	af_cadence	c;
	af_day		last_done;
	af_day		due;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	c = af_cadence_get(PG_GETARG_DATUM(0));
	last_done = af_cadence_day(PG_GETARG_DATEADT(1));
	switch (af_cadence_next_due(c, last_done, calendar_argument(fcinfo, 2, c), &due))
	{
		case AF_DUE_FOUND:
			break;
		case AF_DUE_UNKNOWN:
			PG_RETURN_NULL();
		case AF_DUE_BEYOND:
			{
				char		cadence[AF_CADENCE_SIZE];
				char		day[AF_DAY_SIZE];

				af_cadence_write(cadence, c);
				af_day_write(day, last_done);
				ereport(ERROR,
						(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
						 errmsg("next due date out of range: %s after %s", cadence, day),
						 errdetail("It would be after the year 9999."),
						 errhint("Check the date and the number in the cadence.")));
			}
	}
	PG_RETURN_DATEADT(due);
}

PG_FUNCTION_INFO_V1(af_cadence_due_dates_sql);

/* due_dates(cadence, from_date, to_date, calendar): a row a call, nothing kept. */
Datum
af_cadence_due_dates_sql(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	af_due_series *series;
	af_day		due;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		call = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
		series = palloc(sizeof(af_due_series));
		if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
			series->over = true;
		else
		{
			af_cadence	c = af_cadence_get(PG_GETARG_DATUM(0));
			af_day		from = af_cadence_day(PG_GETARG_DATEADT(1));
			af_day		to = af_cadence_day(PG_GETARG_DATEADT(2));
			const af_calendar *calendar = calendar_argument(fcinfo, 3, c);

			/* The argument itself may be gone at the next call. */
			if (calendar != NULL)
			{
				af_calendar *copy = palloc(VARSIZE(calendar));

				memcpy(copy, calendar, VARSIZE(calendar));
				calendar = copy;
			}
			af_due_series_begin(series, c, from, to, calendar);
		}
		call->user_fctx = series;
		MemoryContextSwitchTo(old);
	}
	call = SRF_PERCALL_SETUP();
	series = call->user_fctx;
	if (!af_due_series_next(series, &due))
		SRF_RETURN_DONE(call);
	if (due == AF_DAY_NONE)
		SRF_RETURN_NEXT_NULL(call);
	SRF_RETURN_NEXT(call, DateADTGetDatum(due));
}
