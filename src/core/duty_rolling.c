/*
 * duty_rolling.c
 *		Slots of a rolling cadence, one after the other.
 */
#include "duty_walk.h"

static af_day
later(af_day a, af_day b)
{
	return a > b ? a : b;
}

static af_day
step_on(const af_duty_segment *segment, af_day anchor, int64_t steps)
{
	af_day		day = af_cadence_add(segment->cadence, anchor, steps);

	return day == AF_DAY_NONE ? AF_DAY_NEVER : day;
}

/* The end of the slot by its anchor and step, moved by the pauses in it. */
static void
set_end(af_duty_walk *walk)
{
	af_slot    *slot = &walk->slot;
	af_day		nominal = step_on(walk->segment, slot->anchor, slot->step);

	slot->end = af_pause_move(walk->duty, slot->previous, nominal);
	slot->moved = slot->end != nominal;
}

/*
 * The deadline by the end: the working day on or before it, if there is one
 * from `lowest` on.  Where the calendar does not say, the end itself stands in
 * for it, so that the walk can go on, but nothing is counted any more.
 */
static void
set_deadline(af_duty_walk *walk, af_day lowest)
{
	const af_calendar *calendar = walk->duty->calendar;
	af_slot    *slot = &walk->slot;

	slot->deadline = slot->end;
	slot->known = true;
	if (!walk->segment->workday || slot->end == AF_DAY_NEVER)
		return;
	for (af_day day = slot->end; day >= lowest; day--)
	{
		if (!af_calendar_covers(calendar, day))
		{
			slot->known = false;
			walk->uncovered = true;
			walk->frozen = true;
			return;
		}
		if (af_calendar_working(calendar, day))
		{
			slot->deadline = day;
			return;
		}
	}
}

/* The slot after this one, in the same run. */
static void
advance(af_duty_walk *walk)
{
	af_slot    *slot = &walk->slot;

	if (slot->moved)
	{
		slot->anchor = slot->end;
		slot->step = 0;
	}
	slot->step++;
	slot->first = slot->met;
	slot->met = false;
	slot->previous = slot->end;
	slot->before = slot->deadline;
	set_end(walk);
	set_deadline(walk, slot->before + 1);
}

/* A slot from a day on which everything begins anew. */
static void
begin_at(af_duty_walk *walk, af_day day)
{
	af_slot    *slot = &walk->slot;

	slot->anchor = slot->previous = slot->before = day;
	slot->step = 1;
	slot->met = false;
	slot->first = true;
	walk->base = walk->origin = walk->counted = day;
	set_end(walk);
	set_deadline(walk, day + 1);
}

static void
meet(af_duty_walk *walk, af_day day)
{
	af_slot    *slot = &walk->slot;

	if (!walk->frozen)
		walk->met++;
	if (!walk->segment->grid)
	{
		begin_at(walk, day);
		return;
	}
	slot->met = true;
	slot->met_on = day;
	walk->base = day;
	walk->counted = slot->deadline;
}

/*
 * Of slots of so many days, which nothing moves, skip those that end before a
 * day by arithmetic; how many.  The slot is then the next one, without its
 * end.
 */
static int32_t
skip_slots(af_duty_walk *walk, int64_t before)
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

/* The slot is missed, and with it those after it that end before `stop` less the grace. */
static void
miss(af_duty_walk *walk, af_day stop)
{
	af_slot    *slot = &walk->slot;

	af_duty_count_missed(walk, slot->deadline);
	if (slot->first)
	{
		walk->next_due = slot->deadline;
		walk->next_known = slot->known;
	}
	advance(walk);
	if (!walk->segment->workday && walk->duty->missed == NULL)
	{
		int32_t		count = skip_slots(walk, (int64_t) stop - walk->segment->grace);

		if (count > 0)
		{
			if (!walk->frozen)
				walk->missed += count;
			slot->before = slot->previous;
			set_end(walk);
			set_deadline(walk, slot->before + 1);
		}
	}
}

void
af_rolling_begin(af_duty_walk *walk, const af_duty_segment *segment, af_day anchor)
{
	walk->segment = segment;
	walk->position = af_duty_find(walk->duty, anchor + 1);
	begin_at(walk, anchor);
}

void
af_rolling_run(af_duty_walk *walk, af_day until, af_day limit)
{
	const af_duty *duty = walk->duty;
	const af_slot *slot = &walk->slot;

	for (;;)
	{
		bool		is_done = walk->position < walk->done_end && duty->done[walk->position] < until;
		af_day		done = is_done ? duty->done[walk->position] : limit;
		int64_t		last = (int64_t) slot->deadline + walk->segment->grace;

		af_duty_tick(walk);
		if (slot->met)
		{
			/* Further check-ins of the slot, or of the day that met it, do nothing. */
			if (is_done && (done <= slot->deadline || done <= slot->met_on))
				walk->position++;
			else if (slot->deadline < limit)
				advance(walk);
			else
				return;
		}
		else if (is_done && done <= slot->before)
			walk->position++;
		else if (is_done && done <= last)
		{
			walk->position++;
			meet(walk, done);
		}
		else if (last < limit)
			miss(walk, done);
		else
			return;
	}
}

/*
 * The new interval is as long, from the day of the change on.  The open slot
 * keeps its end; the working day is that of the new segment, but nothing falls
 * due before that is in force.
 */
static void
change_nothing(af_duty_walk *walk, const af_duty_segment *old, af_day from)
{
	af_slot    *slot = &walk->slot;

	/* Intervals in days and months may agree today and not tomorrow: the next end is later. */
	while (!slot->moved && step_on(walk->segment, slot->anchor, slot->step + 1) <= slot->end && slot->end != AF_DAY_NEVER)
		slot->step++;
	if (old->workday != walk->segment->workday && slot->deadline >= from)
		set_deadline(walk, later(slot->before + 1, from));
}

/* The open slot ends an interval after the change, unless it ended before that. */
static void
change_stricter(af_duty_walk *walk, af_day from)
{
	af_slot    *slot = &walk->slot;
	af_slot		old = *slot;

	slot->anchor = from;
	slot->step = 1;
	slot->previous = from;
	set_end(walk);
	set_deadline(walk, later(slot->before, from) + 1);
	if (old.deadline < slot->deadline)
	{
		*slot = old;
		slot->anchor = old.end;
		slot->step = 0;
		slot->moved = false;
	}
	else
		slot->known = slot->known && old.known;
}

/*
 * The slots are counted anew from the last check-in, or along the grid from
 * where that began.  What is counted stays counted: the open slot is the
 * first one that ends on or after the change and after all that was counted.
 */
static void
change_laxer(af_duty_walk *walk, const af_duty_segment *old, af_day from)
{
	af_slot    *slot = &walk->slot;
	af_day		last = slot->met ? slot->deadline : slot->before;
	af_day		open;
	bool		was_met = slot->met;
	bool		found = false;

	/* A slot that is met and never ends is followed by nothing. */
	if (last == AF_DAY_NEVER)
		return;
	open = later(from, last + 1);
	slot->anchor = slot->previous = old->grid && walk->segment->grid ? walk->origin : walk->base;
	slot->step = 1;
	slot->met = slot->first = false;
	for (;;)
	{
		af_duty_tick(walk);
		set_end(walk);
		if (!found && slot->end > walk->counted)
		{
			found = true;
			if (slot->end >= open)
			{
				slot->first = true;
				break;
			}
			set_deadline(walk, slot->previous + 1);
			walk->next_due = slot->deadline;
			walk->next_known = slot->known;
		}
		if (slot->end >= open)
			break;
		if (skip_slots(walk, found ? open : (int64_t) walk->counted + 1) > 0)
			continue;
		if (slot->moved)
		{
			slot->anchor = slot->end;
			slot->step = 0;
		}
		slot->step++;
		slot->previous = slot->end;
	}
	slot->before = was_met && !walk->segment->grid ? slot->met_on : last;
	set_deadline(walk, open);
}

void
af_rolling_change(af_duty_walk *walk, const af_duty_segment *segment, af_day from)
{
	const af_duty_segment *old = walk->segment;
	af_slot    *slot = &walk->slot;
	af_day		old_end = step_on(old, from, 1);
	af_day		new_end = step_on(segment, from, 1);

	walk->segment = segment;
	if (new_end == old_end)
		change_nothing(walk, old, from);
	else if (new_end < old_end)
		change_stricter(walk, from);
	else
		change_laxer(walk, old, from);
	if (!slot->met)
		return;
	walk->counted = slot->deadline;

	/*
	 * Off the grid a slot is over once it is met, so each check-in counts
	 * from then on.
	 */
	if (!segment->grid && slot->end != AF_DAY_NEVER)
	{
		advance(walk);
		slot->before = slot->met_on;
	}
}

af_day
af_rolling_next(af_duty_walk *walk)
{
	af_slot    *slot = &walk->slot;

	if (slot->met && slot->end != AF_DAY_NEVER)
		advance(walk);
	if (slot->first)
		return slot->known && !slot->met && slot->deadline != AF_DAY_NEVER ? slot->deadline : AF_DAY_NONE;
	return !slot->met && walk->next_known ? walk->next_due : AF_DAY_NONE;
}
