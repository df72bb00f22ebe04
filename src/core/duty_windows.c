/*
 * duty_windows.c
 *		So many times in each window of the calendar.
 */
#include "duty_walk.h"

/* The window, or term, that holds a day; for terms also the next one after it. */
static bool
find_window(const af_duty *duty, af_cadence cadence, af_day day, af_day *first, af_day *last)
{
	if (cadence.unit == AF_UNIT_TERM)
		return af_calendar_term(duty->calendar, day, first, last) == AF_TERM_FOUND;
	af_cadence_window(cadence, day, first, last);
	return true;
}

/*
 * How many times it must be done in a window; -1 where the window does not
 * count.  One that holds the first day of the duty, but does not begin there,
 * counts in proportion, if at all.
 */
static int32_t
required(const af_duty_walk *walk, const af_duty_segment *segment, af_day from, af_day first, af_day last)
{
	int32_t		number;

	if (first >= from)
		return segment->cadence.number;
	if (!segment->prorate || from != walk->start)
		return -1;
	number = (int32_t) ((int64_t) segment->cadence.number * (last - from + 1) / (last - first + 1));
	return number > 0 ? number : -1;
}

/* Check-ins on the days from first to last, of those that count at all. */
static int32_t
count_done(const af_duty_walk *walk, int position, af_day last)
{
	const af_duty *duty = walk->duty;
	int			from = position;

	while (position < walk->done_end && duty->done[position] <= last)
		position++;
	return position - from;
}

static void
judge(af_duty_walk *walk, af_day first, af_day last, int32_t number, int32_t done)
{
	if (done >= number)
	{
		if (!walk->frozen)
			walk->met++;
	}
	else if (!af_pause_touches(walk->duty, first, last))
		af_duty_count_missed(walk, last);
}

void
af_windows_run(af_duty_walk *walk, const af_duty_segment *segment, af_day from, af_day until)
{
	af_day		day = from;

	walk->position = af_duty_find(walk->duty, from);
	while (day <= until)
	{
		af_day		first;
		af_day		last;
		int32_t		number;
		int32_t		done;

		af_duty_tick(walk);
		if (!find_window(walk->duty, segment->cadence, day, &first, &last))
		{
			/* Days without known terms; those that come later still count. */
			walk->uncovered = true;
			if (!af_calendar_stretch(walk->duty->calendar, AF_DAY_TERM, day, &first, &last))
				return;
			day = first;
			continue;
		}
		if (last > until)
			return;
		number = required(walk, segment, from, first, last);
		/* Check-ins of the holidays before a term belong to no window. */
		while (walk->position < walk->done_end && walk->duty->done[walk->position] < first)
			walk->position++;
		done = count_done(walk, walk->position, last);
		walk->position += done;
		if (number > 0)
			judge(walk, first < from ? from : first, last, number, done);
		day = last + 1;
	}
}

af_day
af_windows_next(af_duty_walk *walk, const af_duty_segment *segment)
{
	const af_duty *duty = walk->duty;
	af_day		day = duty->as_of > walk->start ? duty->as_of : walk->start;
	af_day		first;
	af_day		last;
	int32_t		number;
	bool		met;

	if (!find_window(duty, segment->cadence, day, &first, &last))
	{
		walk->uncovered = true;
		return AF_DAY_NONE;
	}

	/*
	 * A partial window that does not count is still the current one, unless
	 * its share of the number is none at all.
	 */
	number = segment->cadence.number;
	if (segment->prorate && first < walk->start)
		number = required(walk, segment, walk->start, first, last);
	met = count_done(walk, af_duty_find(duty, first > duty->since ? first : duty->since), last) >= number;
	if (met && !find_window(duty, segment->cadence, last + 1, &first, &last))
	{
		walk->uncovered = true;
		return AF_DAY_NONE;
	}
	return last > AF_DAY_LAST || af_pause_endless(duty, last) ? AF_DAY_NONE : last;
}
