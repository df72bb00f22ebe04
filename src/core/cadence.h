/*
 * cadence.h
 *		How often something recurs: an interval or a number of times a window.
 *
 * A rolling cadence is counted from the last time that it was done.  A window
 * is a part of the calendar: a day, a week from Monday to Sunday (ISO 8601), a
 * month, a quarter, half a year, a year, or a term of a school.
 */
#ifndef AF_CORE_CADENCE_H
#define AF_CORE_CADENCE_H

#include "civil.h"
#include "result.h"

typedef enum af_cadence_unit
{
	AF_UNIT_DAY,
	AF_UNIT_WEEK,
	AF_UNIT_MONTH,
	AF_UNIT_QUARTER,
	AF_UNIT_HALF_YEAR,			/* windows only */
	AF_UNIT_YEAR,
	AF_UNIT_TERM				/* windows only; the calendar knows them */
} af_cadence_unit;

/* Every NUMBER units, or NUMBER times per unit. */
typedef struct af_cadence
{
	bool		rolling;
	af_cadence_unit unit;		/* as it was written */
	int32_t		number;			/* 1 to AF_CADENCE_LAST */
} af_cadence;

#define AF_CADENCE_LAST 9999
#define AF_CADENCE_SIZE 32		/* canonical text and its zero byte */

/*
 * As one number: the rank, which is the same for all that mean the same, and
 * below it the unit as written.  The rank orders rolling cadences by length
 * (a month counts as 30.4375 days and never equals a number of days), then
 * windows by unit and number.  Neither ever changes: they are stored, and
 * the rank is hashed.
 */
#define AF_CADENCE_UNIT_BITS 3
extern int64_t af_cadence_pack(af_cadence c);
extern bool af_cadence_unpack(int64_t value, af_cadence *c);
extern int64_t af_cadence_rank(int64_t value);

/* English and Chinese forms.  The error may be NULL where only the verdict matters. */
extern bool af_cadence_read(const char *text, size_t length, af_cadence *c, af_error *error);

/* Canonical text, English; its length. */
extern size_t af_cadence_write(char *buffer, af_cadence c);

/*
 * Rolling: anchor + steps intervals, where a month that is too short gives
 * its last day.  AF_DAY_NONE outside the years 1 to 9999.
 */
extern af_day af_cadence_add(af_cadence c, af_day anchor, int64_t steps);

/*
 * Windows except terms: the one that holds a day of the years 1 to 9999.
 * The last week of year 9999 ends two days after AF_DAY_LAST.
 */
extern void af_cadence_window(af_cadence c, af_day day, af_day *first, af_day *last);

#endif
