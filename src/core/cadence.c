/*
 * cadence.c
 *		How often something recurs: as a number, and on the calendar.
 */
#include "cadence.h"

#define UNIT_MASK ((INT64_C(1) << AF_CADENCE_UNIT_BITS) - 1)

/* A day and a mean month (365.25 / 12 days) in sixteenths of a day. */
#define DAY_LENGTH		INT64_C(16)
#define MONTH_LENGTH	INT64_C(487)

/* Windows stand behind the longest interval, 9999 years. */
#define WINDOW_RANK		(INT64_C(1) << 32)
#define WINDOW_UNIT		(INT64_C(1) << 16)

/* Days or months of a unit; the other is 0. */
static int32_t
unit_days(af_cadence_unit unit)
{
	return unit == AF_UNIT_DAY ? 1 : unit == AF_UNIT_WEEK ? 7 : 0;
}

static int32_t
unit_months(af_cadence_unit unit)
{
	switch (unit)
	{
		case AF_UNIT_MONTH:
			return 1;
		case AF_UNIT_QUARTER:
			return 3;
		case AF_UNIT_HALF_YEAR:
			return 6;
		case AF_UNIT_YEAR:
			return 12;
		default:
			return 0;
	}
}

static bool
is_good(af_cadence c)
{
	if (c.number < 1 || c.number > AF_CADENCE_LAST || (int) c.unit < 0 || c.unit > AF_UNIT_TERM)
		return false;
	return !c.rolling || (c.unit != AF_UNIT_HALF_YEAR && c.unit != AF_UNIT_TERM);
}

/*
 * Months take the odd ranks and days the even ones, so that 16 months and 487
 * days, of the same mean length, still differ.
 */
static int64_t
rank_of(af_cadence c)
{
	int32_t		months = unit_months(c.unit);

	if (!c.rolling)
		return WINDOW_RANK + c.unit * WINDOW_UNIT + c.number;
	if (months > 0)
		return (INT64_C(1) * c.number * months * MONTH_LENGTH) * 2 + 1;
	return (INT64_C(1) * c.number * unit_days(c.unit) * DAY_LENGTH) * 2;
}

int64_t
af_cadence_pack(af_cadence c)
{
	return (rank_of(c) << AF_CADENCE_UNIT_BITS) | (int64_t) c.unit;
}

int64_t
af_cadence_rank(int64_t value)
{
	return value >> AF_CADENCE_UNIT_BITS;
}

/* A number that af_cadence_pack would not give is no cadence. */
bool
af_cadence_unpack(int64_t value, af_cadence *c)
{
	int64_t		rank = af_cadence_rank(value);
	int64_t		number;

	if (value < 0 || (value & UNIT_MASK) > AF_UNIT_TERM)
		return false;
	c->unit = (af_cadence_unit) (value & UNIT_MASK);
	c->rolling = rank < WINDOW_RANK;
	if (!c->rolling)
		number = rank % WINDOW_UNIT;
	else if (unit_months(c->unit) > 0)
		number = rank / 2 / (MONTH_LENGTH * unit_months(c->unit));
	else if (unit_days(c->unit) > 0)
		number = rank / 2 / (DAY_LENGTH * unit_days(c->unit));
	else
		return false;
	c->number = number > AF_CADENCE_LAST ? 0 : (int32_t) number;
	return is_good(*c) && af_cadence_pack(*c) == value;
}

static af_day
add_months(af_day anchor, int64_t months)
{
	int			year;
	int			month;
	int			day;
	int64_t		total;
	int			length;

	af_day_split(anchor, &year, &month, &day);
	total = (int64_t) year * 12 + month - 1 + months;
	if (total < 12 || total >= 10000 * 12)
		return AF_DAY_NONE;
	year = (int) total / 12;
	month = (int) total % 12 + 1;
	length = af_month_length(year, month);
	return af_day_of(year, month, day < length ? day : length);
}

af_day
af_cadence_add(af_cadence c, af_day anchor, int64_t steps)
{
	int32_t		months = unit_months(c.unit);
	int64_t		day;

	/* More steps than there are days leave the years, whatever the interval. */
	if (steps > AF_DAY_LAST - AF_DAY_FIRST || steps < AF_DAY_FIRST - AF_DAY_LAST)
		return AF_DAY_NONE;
	if (months > 0)
		return add_months(anchor, steps * c.number * months);
	day = anchor + steps * c.number * unit_days(c.unit);
	return day < AF_DAY_FIRST || day > AF_DAY_LAST ? AF_DAY_NONE : (af_day) day;
}

void
af_cadence_window(af_cadence c, af_day day, af_day *first, af_day *last)
{
	int			months = unit_months(c.unit);
	int			year;
	int			month;

	if (months == 0)
	{
		/* The first day of year 1 was a Monday. */
		*first = c.unit == AF_UNIT_WEEK ? day - (day - AF_DAY_FIRST) % 7 : day;
		*last = c.unit == AF_UNIT_WEEK ? *first + 6 : day;
		return;
	}
	af_day_split(day, &year, &month, first);
	*first = day - *first + 1;
	if (months > 1)
	{
		month -= (month - 1) % months;
		*first = af_day_of(year, month, 1);
	}
	month += months - 1;
	*last = af_day_of(year, month, af_month_length(year, month));
}
