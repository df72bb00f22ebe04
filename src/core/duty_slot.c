/*
 * duty_slot.c
 *		One slot of a rolling cadence: where it ends, and the one after it.
 */
#include "duty_walk.h"

af_day
af_slot_step(const af_duty_segment *segment, af_day anchor, int64_t steps)
{
	af_day		day = af_cadence_add(segment->cadence, anchor, steps);

	return day == AF_DAY_NONE ? AF_DAY_NEVER : day;
}

/*
 * The end of a slot with pauses.  An interval that begins anew on the last day
 * of a pause may have begun another segment, with another rule.
 */
static void
set_paused_end(af_duty_walk *walk, af_day nominal)
{
	const af_duty *duty = walk->duty;
	af_slot    *slot = &walk->slot;
	af_day		from = slot->previous;
	af_day		restart;

	slot->moved = false;
	slot->end = nominal;
	while ((slot->pause = af_pause_rule(duty, from + 1)) == AF_PAUSE_RESTART &&
		   (restart = af_pause_end(duty, from, slot->end)) != AF_DAY_NONE)
	{
		if (restart == AF_DAY_LAST)
		{
			slot->end = AF_DAY_NEVER;
			return;
		}
		slot->restart = slot->anchor = from = restart;
		slot->step = 1;
		slot->end = af_slot_step(walk->segment, restart, 1);
	}
	if (slot->pause == AF_PAUSE_STOP)
	{
		nominal = slot->end;
		slot->end = af_pause_move(duty, from, nominal);
		slot->moved = slot->end != nominal;
	}
}

/* The end of the slot by its anchor and step, moved by the pauses in it. */
void
af_slot_set_end(af_duty_walk *walk)
{
	af_slot    *slot = &walk->slot;
	af_day		nominal = af_slot_step(walk->segment, slot->anchor, slot->step);

	slot->pause = AF_PAUSE_STOP;
	slot->restart = AF_DAY_NONE;
	if (walk->choice && walk->duty->pause_count > 0)
		set_paused_end(walk, nominal);
	else
	{
		slot->end = af_pause_move(walk->duty, slot->previous, nominal);
		slot->moved = slot->end != nominal;
	}
}

/*
 * The deadline by the end: the working day on or before it, if there is one
 * from `lowest` on and after a pause that the slot is counted from.  Where the
 * calendar does not say, the end itself stands in for it, so that the walk can
 * go on; but once that slot is over, nothing is counted any more.
 */
static void
shift_deadline(af_duty_walk *walk, af_day lowest)
{
	const af_calendar *calendar = walk->duty->calendar;
	af_slot    *slot = &walk->slot;

	if (slot->restart != AF_DAY_NONE)
		lowest = af_later(lowest, slot->restart + 1);
	for (af_day day = slot->end; day >= lowest; day--)
	{
		if (!af_calendar_covers(calendar, day))
		{
			slot->known = false;
			return;
		}
		if (af_calendar_working(calendar, day))
		{
			slot->deadline = day;
			return;
		}
	}
}

void
af_slot_set_deadline(af_duty_walk *walk, af_day lowest)
{
	af_slot    *slot = &walk->slot;

	slot->deadline = slot->end;
	slot->known = true;
	if (walk->segment->workday && slot->end != AF_DAY_NEVER)
		shift_deadline(walk, lowest);
	slot->excused = slot->pause == AF_PAUSE_RUN && af_pause_touches(walk->duty, slot->deadline, slot->deadline);
}

/* What follows is counted from the end of this slot. */
void
af_slot_count_from_end(af_slot *slot)
{
	slot->anchor = slot->end;
	slot->step = 0;
	slot->moved = false;
}

/* The slot after this one, in the same run. */
void
af_slot_advance(af_duty_walk *walk)
{
	af_slot    *slot = &walk->slot;

	if (slot->moved)
		af_slot_count_from_end(slot);
	slot->step++;
	slot->first = slot->met;
	slot->met = false;
	slot->previous = slot->end;
	slot->before = slot->deadline;
	af_slot_set_end(walk);
	af_slot_set_deadline(walk, slot->before + 1);
}

/* A slot from a day on which everything begins anew. */
void
af_slot_begin(af_duty_walk *walk, af_day day)
{
	af_slot    *slot = &walk->slot;

	slot->anchor = slot->previous = slot->before = day;
	slot->step = 1;
	slot->met = false;
	slot->first = true;
	walk->origin = walk->counted = day;
	af_slot_set_end(walk);
	af_slot_set_deadline(walk, day + 1);
}

/* The open slot, as what is due. */
af_due
af_slot_due(const af_duty_walk *walk)
{
	const af_slot *slot = &walk->slot;

	return (af_due) {.day = slot->deadline, .grace = walk->segment->grace, .known = slot->known, .excused = slot->excused};
}

/* A slot that is counted from a pause has two parts, where the first is met on a grid: what follows that pause must be met too. */
void
af_slot_end_with_pause(af_duty_walk *walk, af_day day)
{
	af_slot    *slot = &walk->slot;

	if (slot->restart == AF_DAY_NONE || slot->restart < day)
		return;
	slot->end = slot->deadline = af_pause_end(walk->duty, af_later(slot->previous, day - 1), slot->restart);
	slot->restart = slot->end;	/* so that it is never shifted */
	slot->known = true;
	af_slot_count_from_end(slot);
}

/*
 * Of slots of so many days, which nothing moves, skip those that end before a
 * day by arithmetic; how many.  The slot is then the next one, without its
 * end.
 */
int32_t
af_slot_skip(af_duty_walk *walk, int64_t before)
{
	af_slot    *slot = &walk->slot;
	af_cadence	cadence = walk->segment->cadence;
	int64_t		days = cadence.unit == AF_UNIT_DAY ? 1 : cadence.unit == AF_UNIT_WEEK ? 7 : 0;
	int64_t		reach = before - 1;
	int64_t		count;

	days *= cadence.number;
	if (days == 0 || slot->end > reach || slot->end != slot->anchor + slot->step * days)
		return 0;
	if (walk->duty->pause_count > 0)
	{
		af_day		pause = af_pause_next(walk->duty, slot->previous);

		if (reach >= pause)
			reach = pause - 1;
		if (slot->end > reach)
			return 0;
	}
	count = (reach - slot->anchor) / days - slot->step + 1;
	slot->step += count;
	slot->previous = (af_day) (slot->anchor + (slot->step - 1) * days);
	return (int32_t) count;
}
