/*
 * duty.h
 *		What of a recurring duty was met and missed, and when it is due next.
 *
 * The meaning is that of doc/reference-duty.md.  A history is a list of
 * segments, each with a cadence and its readings, in force from a day on.
 * A rolling cadence makes slots, counted from the last check-in or along a
 * grid; a window cadence looks at the calendar.
 */
#ifndef AF_DUTY_H
#define AF_DUTY_H

#include "cadence.h"
#include "calendar.h"

#define AF_DUTY_MAX_SEGMENTS	1000
#define AF_DUTY_MAX_GRACE		366

/* What the beginning of a segment does to the open slot of a rolling cadence. */
typedef enum af_duty_change
{
	AF_CHANGE_MIN,				/* stricter: at once; laxer: counted from the last check-in */
	AF_CHANGE_OPEN,				/* it keeps its end, from which the new interval runs */
	AF_CHANGE_RESTART			/* the new interval runs from the change */
} af_duty_change;

/* What a pause does to a slot of a rolling cadence that begins in a segment. */
typedef enum af_duty_pause
{
	AF_PAUSE_STOP,				/* each paused day moves its end by one day */
	AF_PAUSE_RUN,				/* its end stays; in a pause it is not missed, and due the day after that */
	AF_PAUSE_RESTART			/* it is counted anew from the last day of the pause */
} af_duty_pause;

typedef struct af_duty_segment
{
	af_day		from;
	bool		none;			/* no duty from that day on; the rest says nothing */
	af_cadence	cadence;
	int32_t		grace;			/* calendar days after the end of a slot */
	bool		grid;			/* slots stay where they are, whatever is done */
	bool		workday;		/* a slot ends on the working day on or before its end */
	bool		prorate;		/* a first, partial window counts in proportion */
	af_duty_change change;
	af_duty_pause pause;
} af_duty_segment;

/*
 * Both days are paused.  One that lasts to AF_DAY_LAST has no end, and no slot
 * that it touches ends, unless the clock runs on.
 */
typedef struct af_pause
{
	af_day		first;
	af_day		last;
} af_pause;

typedef struct af_duty
{
	const af_duty_segment *segments;	/* at least one, by day, no day twice */
	int			segment_count;
	af_day		since;
	af_day		as_of;
	const af_day *done;			/* ascending; a day may come several times */
	int			done_count;
	const af_pause *pauses;		/* ascending, with unpaused days between them */
	int			pause_count;
	const af_calendar *calendar;	/* may be NULL */

	/* Both may be NULL: the last day of each slot or window missed, in order; a pause for interrupts. */
	void		(*missed) (void *context, af_day day);
	void		(*check) (void *context);
	void	   *context;
} af_duty;

typedef enum af_duty_state
{
	AF_DUTY_OK,
	AF_DUTY_DUE,
	AF_DUTY_OVERDUE,
	AF_DUTY_PAUSED,
	AF_DUTY_CALENDAR_MISSING
} af_duty_state;

/* Days are AF_DAY_NONE where there is none. */
typedef struct af_duty_status
{
	af_day		last_done;
	af_day		next_due;
	int32_t		days_overdue;
	int32_t		met;
	int32_t		missed;
	af_duty_state state;
} af_duty_status;

extern void af_duty_run(const af_duty *duty, af_duty_status *status);
extern const char *af_duty_state_name(af_duty_state state);

#endif
