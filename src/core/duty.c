/*
 * duty.c
 *		The walk over a history, and what it comes to.
 */
#include "duty_walk.h"

int
af_duty_find(const af_duty *duty, af_day day)
{
	int			low = 0;
	int			high = duty->done_count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (duty->done[middle] >= day)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool
is_rolling(const af_duty_segment *segment)
{
	return !segment->none && segment->cadence.rolling;
}

static bool
is_windows(const af_duty_segment *segment)
{
	return !segment->none && !segment->cadence.rolling;
}

/* Whether a day is paused. */
static bool
is_paused(const af_duty *duty, af_day day)
{
	return af_pause_touches(duty, day, day);
}

/*
 * Judge what is over as of `limit`, in a segment that is in force from a day
 * to the day before `until`.
 */
static void
run_segment(af_duty_walk *walk, const af_duty_segment *segment, af_day from, af_day until, af_day limit)
{
	bool		was_rolling = walk->segment != NULL && is_rolling(walk->segment);

	if (was_rolling)
		af_rolling_leave(walk, from);
	if (is_rolling(segment))
	{
		if (was_rolling)
			af_rolling_change(walk, segment, from);
		else
			af_rolling_begin(walk, segment, from);
		af_rolling_run(walk, until, limit);
	}
	else
	{
		af_late_run(walk, from, until, limit);
		if (is_windows(segment))
			af_windows_run(walk, segment, from, limit - 1);
	}
	walk->segment = segment;
}

static void
conclude(af_duty_walk *walk, af_duty_status *status)
{
	const af_duty *duty = walk->duty;
	const af_duty_segment *segment = walk->segment;
	bool		begun = duty->as_of >= walk->start;
	bool		late = false;

	status->next_due = AF_DAY_NONE;
	if (is_rolling(segment))
	{
		af_due		due;

		/* over as well, although in its grace */
		if (!walk->slot.met && walk->slot.deadline < duty->as_of)
			af_duty_judge(walk, walk->slot.known);
		due = af_rolling_next(walk);
		status->next_due = due.day;
		walk->uncovered |= !due.known;
		late = begun && due.day != AF_DAY_NONE && duty->as_of > due.day + due.grace;
	}
	else if (is_windows(segment))
		status->next_due = af_windows_next(walk, segment);

	status->met = walk->met;
	status->missed = walk->missed;
	status->days_overdue = late ? af_pause_unpaused(duty, status->next_due, duty->as_of) : 0;
	status->last_done = AF_DAY_NONE;
	if (walk->done_end > 0 && duty->done[walk->done_end - 1] >= duty->since)
		status->last_done = duty->done[walk->done_end - 1];

	if (!segment->none && is_paused(duty, duty->as_of))
		status->state = AF_DUTY_PAUSED;
	else if (walk->uncovered || walk->frozen)
		status->state = AF_DUTY_CALENDAR_MISSING;
	else if (late)
		status->state = AF_DUTY_OVERDUE;
	else if (begun && status->next_due != AF_DAY_NONE && duty->as_of >= status->next_due)
		status->state = AF_DUTY_DUE;
	else
		status->state = AF_DUTY_OK;
}

void
af_duty_run(const af_duty *duty, af_duty_status *status)
{
	af_late		late[AF_LATE_MAX];
	af_duty_walk walk = {.duty = duty, .late = late};
	int			i = 0;

	for (int j = 0; j < duty->segment_count; j++)
		walk.choice |= duty->segments[j].pause != AF_PAUSE_STOP;

	/* Before the first segment nothing is due; what ended before since is no part of the duty. */
	while (i + 1 < duty->segment_count && duty->segments[i + 1].from <= duty->since)
		i++;
	walk.start = duty->segments[i].from > duty->since ? duty->segments[i].from : duty->since;
	walk.done_end = af_duty_find(duty, duty->as_of + 1);

	for (af_day from = walk.start;; i++)
	{
		bool		last = i + 1 == duty->segment_count || duty->segments[i + 1].from > duty->as_of;

		if (last)
		{
			run_segment(&walk, duty->segments + i, from, duty->as_of + 1, duty->as_of);
			break;
		}
		run_segment(&walk, duty->segments + i, from, duty->segments[i + 1].from, duty->segments[i + 1].from);
		from = duty->segments[i + 1].from;
	}
	af_late_drop(&walk);
	conclude(&walk, status);
}

const char *
af_duty_state_name(af_duty_state state)
{
	static const char *const names[] = {"ok", "due", "overdue", "paused", "calendar_missing"};

	return names[state];
}
