/*
 * duty_pause.c
 *		Days on which the clock of a duty stands still.
 */
#include "duty_walk.h"

/* The first pause that ends after a day; pause_count where there is none. */
static int
find_pause(const af_duty *duty, af_day day)
{
	int			low = 0;
	int			high = duty->pause_count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (duty->pauses[middle].last > day)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * Each paused day moves the end by one day, and what it moves over is looked
 * at again: the end is then never a paused day itself.
 */
af_day
af_pause_move(const af_duty *duty, af_day from, af_day end)
{
	int64_t		moved = end;

	if (duty->pause_count == 0 || end == AF_DAY_NEVER)
		return end;
	for (int i = find_pause(duty, from); i < duty->pause_count && duty->pauses[i].first <= moved; i++)
	{
		af_day		first = duty->pauses[i].first > from ? duty->pauses[i].first : from + 1;

		moved += duty->pauses[i].last - first + 1;
		if (moved > AF_DAY_LAST)
			return AF_DAY_NEVER;
	}
	return (af_day) moved;
}

/*
 * Of the segments in force by as_of, the one in force on the day: what a slot
 * that has not begun comes to does not depend on later segments.
 */
af_duty_pause
af_pause_rule(const af_duty *duty, af_day day)
{
	af_day		known = duty->as_of > duty->since ? duty->as_of : duty->since;
	int			low = 1;
	int			high = duty->segment_count;

	if (day > known)
		day = known;
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (duty->segments[middle].from > day)
			high = middle;
		else
			low = middle + 1;
	}
	return duty->segments[low - 1].pause;
}

af_day
af_pause_end(const af_duty *duty, af_day from, af_day to)
{
	int			i = find_pause(duty, from);

	return i < duty->pause_count && duty->pauses[i].first <= to ? duty->pauses[i].last : AF_DAY_NONE;
}

af_day
af_pause_next(const af_duty *duty, af_day day)
{
	int			i = find_pause(duty, day);

	if (i == duty->pause_count)
		return AF_DAY_NEVER;
	return duty->pauses[i].first > day ? duty->pauses[i].first : day + 1;
}

int32_t
af_pause_unpaused(const af_duty *duty, af_day from, af_day to)
{
	int32_t		days = to - from;

	for (int i = find_pause(duty, from); i < duty->pause_count && duty->pauses[i].first <= to; i++)
	{
		af_day		first = duty->pauses[i].first > from ? duty->pauses[i].first : from + 1;
		af_day		last = duty->pauses[i].last < to ? duty->pauses[i].last : to;

		days -= last - first + 1;
	}
	return days;
}

bool
af_pause_touches(const af_duty *duty, af_day first, af_day last)
{
	return af_pause_next(duty, first - 1) <= last;
}

bool
af_pause_endless(const af_duty *duty, af_day day)
{
	const af_pause *last = duty->pauses + duty->pause_count - 1;

	return duty->pause_count > 0 && last->last == AF_DAY_LAST && last->first <= day;
}
