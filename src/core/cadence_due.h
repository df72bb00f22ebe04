/*
 * cadence_due.h
 *		When a cadence is due, without a history: one date, or a series.
 */
#ifndef AF_CADENCE_DUE_H
#define AF_CADENCE_DUE_H

#include "cadence.h"
#include "calendar.h"

typedef enum af_due_status
{
	AF_DUE_FOUND,
	AF_DUE_UNKNOWN,				/* a term that the calendar does not cover */
	AF_DUE_BEYOND				/* after year 9999 */
} af_due_status;

/*
 * The day by which it is due next, where all that is known is the day on
 * which it was done last.  The calendar may be NULL; only terms ask it.
 */
extern af_due_status af_cadence_next_due(af_cadence c, af_day last_done, const af_calendar *calendar, af_day *due);

/* The days from `from` to `to` by which it would be due, were nothing done. */
typedef struct af_due_series
{
	af_cadence	cadence;
	af_day		from;
	af_day		to;
	const af_calendar *calendar;	/* or NULL */
	int64_t		step;			/* intervals so far */
	af_day		day;			/* first day that no window has taken */
	bool		unknown;		/* terms: something in it is not covered */
	bool		over;
} af_due_series;

extern void af_due_series_begin(af_due_series *series, af_cadence c, af_day from, af_day to, const af_calendar *calendar);

/*
 * The next of them; false at the end.  AF_DAY_NONE stands last, for terms that
 * the calendar does not cover.
 */
extern bool af_due_series_next(af_due_series *series, af_day *due);

#endif
