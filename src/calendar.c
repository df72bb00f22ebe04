/*
 * calendar.c
 *		The type `calendar`: text and binary form, comparison, functions.
 */
#include "calendar.h"

#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

#include "text_type.h"

/* Stored calendars outlive the server (pg_upgrade), and are read as they lie. */
StaticAssertDecl(AF_CALENDAR_FORMAT == 1 && offsetof(af_calendar, words) == 52 && AF_DAY_KINDS == 4 &&
				 AF_DAY_HOLIDAY == 0 && AF_DAY_MAKEUP == 1 && AF_DAY_TERM == 2 && AF_DAY_EXAM == 3,
				 "the stored form of calendar has changed: raise AF_CALENDAR_FORMAT");

const af_calendar *
af_calendar_get(Datum value)
{
	const af_calendar *calendar = (const af_calendar *) PG_DETOAST_DATUM(value);

	if (VARSIZE(calendar) < offsetof(af_calendar, words) || calendar->format != AF_CALENDAR_FORMAT ||
		calendar->word_count > AF_CALENDAR_WORDS ||
		calendar->word_first + calendar->word_count > AF_CALENDAR_WORDS ||
		VARSIZE(calendar) != af_calendar_size((int) calendar->word_count))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored calendar is not of format %d", AF_CALENDAR_FORMAT),
				 errhint("If it was stored by a later release of antifraud, install that release.")));
	return calendar;
}

af_calendar *
af_calendar_make(const af_calendar_builder *builder)
{
	af_memory	memory = af_palloc_memory();
	af_calendar *calendar = af_calendar_finish(builder, &memory);

	SET_VARSIZE(calendar, af_calendar_size((int) calendar->word_count));
	return calendar;
}

static Datum
read_text(const char *text, size_t length, Node *context)
{
	af_memory	memory = af_palloc_memory();
	af_error	error;
	af_calendar *calendar = af_calendar_read(text, length, &memory, &error);

	if (calendar == NULL)
		return af_report(context, &error);
	SET_VARSIZE(calendar, af_calendar_size((int) calendar->word_count));
	return PointerGetDatum(calendar);
}

static char *
write_text(Datum value, size_t *length)
{
	const af_calendar *calendar = af_calendar_get(value);
	af_memory	memory = af_palloc_memory();
	af_text		out;

	af_text_init(&out, &memory);
	af_calendar_write(calendar, &out);
	*length = out.length;
	return out.data;
}

AF_TEXT_TYPE(af_calendar)

AF_COMPARISONS(af_calendar, af_text_compare(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), write_text))

af_day_kind
af_day_kind_get(Datum kind)
{
	text	   *name = DatumGetTextPP(kind);
	af_error	error;
	af_day_kind result = AF_DAY_HOLIDAY;

	if (!af_day_kind_read(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &result, &error))
		af_report(NULL, &error);
	return result;
}

/*
 * Infinite dates and dates far away need no care: they are int32 like any
 * other, and no calendar holds them.
 */

PG_FUNCTION_INFO_V1(af_calendar_covers_day);
Datum
af_calendar_covers_day(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(af_calendar_covers(af_calendar_get(PG_GETARG_DATUM(0)), PG_GETARG_DATEADT(1)));
}

PG_FUNCTION_INFO_V1(af_calendar_is_working_day);
Datum
af_calendar_is_working_day(PG_FUNCTION_ARGS)
{
	const af_calendar *calendar = af_calendar_get(PG_GETARG_DATUM(0));
	DateADT		day = PG_GETARG_DATEADT(1);

	if (!af_calendar_covers(calendar, day))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(af_calendar_working(calendar, day));
}

PG_FUNCTION_INFO_V1(af_calendar_working_day_before);
Datum
af_calendar_working_day_before(PG_FUNCTION_ARGS)
{
	af_day		working;

	if (!af_calendar_working_before(af_calendar_get(PG_GETARG_DATUM(0)), PG_GETARG_DATEADT(1), &working))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(working);
}

PG_FUNCTION_INFO_V1(af_calendar_days);
Datum
af_calendar_days(PG_FUNCTION_ARGS)
{
	const af_calendar *calendar = af_calendar_get(PG_GETARG_DATUM(0));
	af_day_kind kind = af_day_kind_get(PG_GETARG_DATUM(1));
	TypeCacheEntry *type = lookup_type_cache(DATEMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO);
	int			capacity = 16;
	int			count = 0;
	RangeType **ranges = palloc(sizeof(RangeType *) * (Size) capacity);
	af_day		first;
	af_day		last = AF_CALENDAR_FIRST - 1;

	while (af_calendar_stretch(calendar, kind, last + 1, &first, &last))
	{
		RangeBound	lower = {DateADTGetDatum(first), false, true, true};
		RangeBound	upper = {DateADTGetDatum(last + 1), false, false, false};

		if (count == capacity)
		{
			capacity *= 2;
			ranges = repalloc(ranges, sizeof(RangeType *) * (Size) capacity);
		}
		ranges[count++] = af_make_range(type->rngtype, &lower, &upper);
	}
	PG_RETURN_MULTIRANGE_P(make_multirange(DATEMULTIRANGEOID, type->rngtype, count, ranges));
}
