/*
 * duty_status.c
 *		duty_status and missed_dates: what was met and missed, and what is due.
 *
 * Each of them takes a cadence or a history of segments. The arguments are
 * (cadence or segments, since, done, paused, as_of, calendar).
 */
#include "cadence.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "calendar.h"
#include "duty_segments.h"

#define RESULT_COLUMNS 7

/* What is the same for all calls of a query. */
typedef struct duty_cache
{
	TupleDesc	row;			/* NULL for missed_dates */
	TypeCacheEntry *range;
} duty_cache;

static duty_cache *
get_cache(FunctionCallInfo fcinfo)
{
	FmgrInfo   *function = fcinfo->flinfo;

	if (function->fn_extra == NULL)
		function->fn_extra = MemoryContextAllocZero(function->fn_mcxt, sizeof(duty_cache));
	return function->fn_extra;
}

static TupleDesc
get_row(FunctionCallInfo fcinfo)
{
	duty_cache *cache = get_cache(fcinfo);

	if (cache->row == NULL)
	{
		MemoryContext old;
		TupleDesc	row;

		if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE || row->natts != RESULT_COLUMNS)
			elog(ERROR, "duty_status does not return a row of %d columns", RESULT_COLUMNS);
		old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		cache->row = BlessTupleDesc(CreateTupleDescCopy(row));
		MemoryContextSwitchTo(old);
	}
	return cache->row;
}

static int
compare_days(const void *a, const void *b)
{
	af_day		x = *(const af_day *) a;
	af_day		y = *(const af_day *) b;

	return (x > y) - (x < y);
}

/* Check-ins in the order of their days; elements that are NULL say nothing. */
static void
read_done(ArrayType *array, af_duty *duty)
{
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const DateADT *dates = (const DateADT *) ARR_DATA_PTR(array);
	const bits8 *present = ARR_NULLBITMAP(array);
	af_day	   *days = palloc(sizeof(af_day) * (count > 0 ? count : 1));
	bool		ascending = true;
	int			used = 0;

	for (int i = 0; i < count; i++)
	{
		if (present != NULL && (present[i / 8] & (1 << (i % 8))) == 0)
			continue;
		days[used] = af_cadence_day(*dates++);
		if (used > 0 && days[used] < days[used - 1])
			ascending = false;
		used++;
	}
	if (!ascending)
		qsort(days, used, sizeof(af_day), compare_days);
	duty->done = days;
	duty->done_count = used;
}

/*
 * Pauses as first and last days.  Whatever reaches beyond the year 9999, as
 * daterange(day, 'infinity') does, has no end.
 */
static void
read_paused(FunctionCallInfo fcinfo, MultirangeType *ranges, af_duty *duty)
{
	duty_cache *cache = get_cache(fcinfo);
	af_pause   *pauses;

	if (MultirangeIsEmpty(ranges))
		return;
	if (cache->range == NULL)
		cache->range = lookup_type_cache(MultirangeTypeGetOid(ranges), TYPECACHE_MULTIRANGE_INFO)->rngtype;
	pauses = palloc(sizeof(af_pause) * ranges->rangeCount);
	for (uint32 i = 0; i < ranges->rangeCount; i++)
	{
		RangeBound	lower;
		RangeBound	upper;
		int64		first = AF_DAY_FIRST;
		int64		last = AF_DAY_LAST;

		multirange_get_bounds(cache->range, ranges, i, &lower, &upper);
		if (!lower.infinite)
			first = Max(first, (int64) DatumGetDateADT(lower.val) + (lower.inclusive ? 0 : 1));
		if (!upper.infinite)
			last = Min(last, (int64) DatumGetDateADT(upper.val) - (upper.inclusive ? 0 : 1));
		if (first > last)
			continue;
		pauses[duty->pause_count].first = (af_day) first;
		pauses[duty->pause_count].last = (af_day) last;
		duty->pause_count++;
	}
	duty->pauses = pauses;
}

static void
check_interrupts(void *context)
{
	CHECK_FOR_INTERRUPTS();
}

/* False where the answer is NULL. */
static bool
read_arguments(FunctionCallInfo fcinfo, bool is_history, af_duty_segment *single, af_duty *duty)
{
	memset(duty, 0, sizeof(*duty));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(4))
		return false;
	duty->since = af_cadence_day(PG_GETARG_DATEADT(1));
	duty->as_of = af_cadence_day(PG_GETARG_DATEADT(4));
	if (is_history)
		duty->segments = af_duty_segments_get(PG_GETARG_JSONB_P(0), &duty->segment_count);
	else
	{
		memset(single, 0, sizeof(*single));
		single->from = duty->since;
		single->cadence = af_cadence_get(PG_GETARG_DATUM(0));
		duty->segments = single;
		duty->segment_count = 1;
	}
	if (!PG_ARGISNULL(2))
		read_done(PG_GETARG_ARRAYTYPE_P(2), duty);
	if (!PG_ARGISNULL(3))
		read_paused(fcinfo, PG_GETARG_MULTIRANGE_P(3), duty);
	if (!PG_ARGISNULL(5))
		duty->calendar = af_calendar_get(PG_GETARG_DATUM(5));
	duty->check = check_interrupts;
	return true;
}

static Datum
status_row(FunctionCallInfo fcinfo, bool is_history)
{
	af_duty_segment single;
	af_duty		duty;
	af_duty_status status;
	Datum		values[RESULT_COLUMNS];
	bool		nulls[RESULT_COLUMNS] = {false};
	const char *state;

	if (!read_arguments(fcinfo, is_history, &single, &duty))
		PG_RETURN_NULL();
	af_duty_run(&duty, &status);
	state = af_duty_state_name(status.state);
	values[0] = DateADTGetDatum(status.last_done);
	nulls[0] = status.last_done == AF_DAY_NONE;
	values[1] = DateADTGetDatum(status.next_due);
	nulls[1] = status.next_due == AF_DAY_NONE;
	values[2] = Int32GetDatum(status.days_overdue);
	values[3] = Int32GetDatum(status.met + status.missed);
	values[4] = Int32GetDatum(status.met);
	values[5] = Int32GetDatum(status.missed);
	values[6] = af_text_datum(state, strlen(state));
	return HeapTupleGetDatum(heap_form_tuple(get_row(fcinfo), values, nulls));
}

static void
put_missed(void *context, af_day day)
{
	ReturnSetInfo *result = context;
	Datum		value = DateADTGetDatum(day);
	bool		null = false;

	tuplestore_putvalues(result->setResult, result->setDesc, &value, &null);
}

static Datum
missed_rows(FunctionCallInfo fcinfo, bool is_history)
{
	af_duty_segment single;
	af_duty		duty;
	af_duty_status status;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (!read_arguments(fcinfo, is_history, &single, &duty))
		return (Datum) 0;
	duty.missed = put_missed;
	duty.context = fcinfo->resultinfo;
	af_duty_run(&duty, &status);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(af_duty_status_cadence);
PG_FUNCTION_INFO_V1(af_duty_status_segments);
PG_FUNCTION_INFO_V1(af_duty_missed_cadence);
PG_FUNCTION_INFO_V1(af_duty_missed_segments);

Datum
af_duty_status_cadence(PG_FUNCTION_ARGS)
{
	return status_row(fcinfo, false);
}

Datum
af_duty_status_segments(PG_FUNCTION_ARGS)
{
	return status_row(fcinfo, true);
}

Datum
af_duty_missed_cadence(PG_FUNCTION_ARGS)
{
	return missed_rows(fcinfo, false);
}

Datum
af_duty_missed_segments(PG_FUNCTION_ARGS)
{
	return missed_rows(fcinfo, true);
}
