/*
 * cadence_due.c
 *		When a cadence is due, without a history.
 */
#include "cadence_due.h"

/*
 * Done once, a window of one is met, and the next is due; a window of more is
 * not known to be met, so it is due itself.  A day between two terms lies in
 * none: the term after it is due.
 */
static af_due_status
next_term(af_cadence c, af_day last_done, const af_calendar *calendar, af_day *due)
{
	af_day		first;

	if (af_calendar_term(calendar, last_done, &first, due) != AF_TERM_FOUND)
		return AF_DUE_UNKNOWN;
	if (c.number == 1 && first <= last_done &&
		af_calendar_term(calendar, *due + 1, &first, due) != AF_TERM_FOUND)
		return AF_DUE_UNKNOWN;
	return AF_DUE_FOUND;
}

af_due_status
af_cadence_next_due(af_cadence c, af_day last_done, const af_calendar *calendar, af_day *due)
{
	af_day		first;

	if (c.rolling)
	{
		*due = af_cadence_add(c, last_done, 1);
		return *due == AF_DAY_NONE ? AF_DUE_BEYOND : AF_DUE_FOUND;
	}
	if (c.unit == AF_UNIT_TERM)
		return next_term(c, last_done, calendar, due);
	af_cadence_window(c, last_done, &first, due);
	if (c.number == 1 && *due < AF_DAY_LAST)
		af_cadence_window(c, *due + 1, &first, due);
	else if (c.number == 1)
		return AF_DUE_BEYOND;
	return *due > AF_DAY_LAST ? AF_DUE_BEYOND : AF_DUE_FOUND;
}

void
af_due_series_begin(af_due_series *series, af_cadence c, af_day from, af_day to, const af_calendar *calendar)
{
	af_day		first;
	af_day		last;

	*series = (af_due_series) {
		.cadence = c, .from = from, .to = to, .calendar = calendar, .day = from, .over = to < from
	};

	/* What lies before the first term's year is not known either. */
	if (!c.rolling && c.unit == AF_UNIT_TERM)
		series->unknown = af_calendar_term(calendar, from, &first, &last) != AF_TERM_FOUND;
}

/* The next window from series->day on that is known; false where there is none. */
static bool
window_from(af_due_series *series, af_day *first, af_day *last)
{
	if (series->cadence.unit != AF_UNIT_TERM)
	{
		af_cadence_window(series->cadence, series->day, first, last);
		return true;
	}
	if (af_calendar_stretch(series->calendar, AF_DAY_TERM, series->day, first, last))
		return true;
	series->unknown = true;
	return false;
}

bool
af_due_series_next(af_due_series *series, af_day *due)
{
	af_day		first;

	if (series->over)
		return false;
	if (series->cadence.rolling)
	{
		*due = af_cadence_add(series->cadence, series->from, ++series->step);
		series->over = *due == AF_DAY_NONE || *due > series->to;
		return !series->over;
	}
	while (series->day <= series->to && window_from(series, &first, due) && *due <= series->to)
	{
		series->day = *due + 1;
		if (first >= series->from)
			return true;
	}
	series->over = true;
	*due = AF_DAY_NONE;
	return series->unknown;
}
