/*
 * duty_rolling.c
 *		Slots of a rolling cadence, one after the other.
 */
#include "duty_walk.h"

/* A check-in meets the oldest slot that is not missed yet. */
static void
meet(af_duty_walk *walk, af_day day)
{
	af_slot    *slot = &walk->slot;
	bool		is_late = walk->late_count > 0;

	if (is_late)
	{
		walk->counted = walk->late[0].due.day;
		af_late_meet(walk);
	}
	else
		walk->met += af_duty_judge(walk, slot->known);

	if (!walk->grid)
	{
		af_late_drop(walk);
		af_slot_begin(walk, day);
	}
	else if (is_late)
	{
		slot->first = walk->late_count == 0;
		if (!slot->first)
			walk->due = walk->late[0].due;
	}
	else
	{
		slot->met = true;
		af_slot_end_with_pause(walk, day);
		walk->counted = slot->deadline;
	}
}

/* The slot is missed, and with it those after it that end before `stop` less the grace. */
static void
miss(af_duty_walk *walk, af_day stop)
{
	af_slot    *slot = &walk->slot;

	if (af_duty_judge(walk, slot->known) && !slot->excused)
		af_duty_count_missed(walk, slot->deadline);
	if (slot->first)
		walk->due = af_slot_due(walk);
	af_slot_advance(walk);
	if (!walk->segment->workday && walk->duty->missed == NULL)
	{
		int32_t		count = af_slot_skip(walk, (int64_t) stop - walk->segment->grace);

		if (count > 0)
		{
			if (!walk->frozen)
				walk->missed += count;
			slot->before = slot->previous;
			af_slot_set_end(walk);
			af_slot_set_deadline(walk, slot->before + 1);
		}
	}
}

void
af_rolling_begin(af_duty_walk *walk, const af_duty_segment *segment, af_day anchor)
{
	walk->segment = segment;
	walk->grid = segment->grid;
	walk->begun = anchor;
	walk->position = af_duty_find(walk->duty, anchor);
	af_slot_begin(walk, anchor);
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

		af_duty_tick(walk);
		af_late_expire(walk, done);
		if (slot->met)
		{
			/* Further check-ins of the slot do nothing. */
			if (is_done && done <= slot->deadline)
				af_duty_take(walk);
			else if (slot->deadline < limit)
				af_slot_advance(walk);
			else
				return;
		}
		else if ((int64_t) slot->deadline + walk->segment->grace < done)
			miss(walk, done);
		else if (!is_done)
			return;
		else if (done <= slot->before && walk->late_count == 0)
			af_duty_take(walk);
		else
			meet(walk, af_duty_take(walk));
	}
}

/* The last check-in taken in this run, or its start. */
static af_day
last_done(const af_duty_walk *walk)
{
	return walk->position > 0 ? af_later(walk->begun, walk->duty->done[walk->position - 1]) : walk->begun;
}

/* Whether two cadences mean the same, whatever they are counted from. */
static bool
is_same(af_cadence a, af_cadence b)
{
	return af_cadence_rank(af_cadence_pack(a)) == af_cadence_rank(af_cadence_pack(b));
}

/* The open slot ends an interval after a day, and those that follow are counted from it. */
static void
count_from_change(af_duty_walk *walk, af_day from)
{
	af_slot    *slot = &walk->slot;

	slot->anchor = from;
	slot->step = 1;
	slot->previous = from;
	af_slot_set_end(walk);
	af_slot_set_deadline(walk, from + 1);
}

/* A slot before the open one that is met and lasts beyond a day ends before that. */
static void
cut_before(af_duty_walk *walk, af_day from)
{
	if (walk->slot.before >= from)
		walk->slot.before = walk->counted = from - 1;
}

/* The new interval runs from the change, and must be met also where the open slot was met on a grid. */
static void
change_restart(af_duty_walk *walk, af_day from)
{
	af_slot    *slot = &walk->slot;

	if (slot->met)
	{
		slot->met = false;
		slot->first = true;
		slot->before = from;
	}
	cut_before(walk, from);
	count_from_change(walk, from);
}

/* The interval runs from the change as well, unless the open slot ends before that anyhow. */
static void
change_stricter(af_duty_walk *walk, af_day from)
{
	af_slot    *slot = &walk->slot;
	af_slot		old = *slot;

	count_from_change(walk, from);
	if (slot->met)
		af_slot_end_with_pause(walk, from);
	if (old.deadline < slot->deadline)
	{
		old.known = old.known && slot->known;
		*slot = old;
		af_slot_count_from_end(slot);
	}
	else
	{
		slot->known = slot->known && old.known;
		cut_before(walk, from);
	}
}

/*
 * The slots are counted anew from the last check-in, or along the grid from
 * where that began.  What is counted stays counted: the open slot is the
 * first one that ends on or after the change and after all that was counted.
 */
static void
change_laxer(af_duty_walk *walk, af_day from)
{
	af_slot    *slot = &walk->slot;
	af_day		last = slot->met ? slot->deadline : slot->before;
	af_day		open;
	bool		found = false;

	/* A slot that is met and never ends is followed by nothing. */
	if (last == AF_DAY_NEVER)
		return;
	af_late_drop(walk);
	open = af_later(from, last + 1);
	if (!walk->grid)
		walk->origin = walk->counted = last_done(walk);
	slot->anchor = slot->previous = walk->origin;
	slot->step = 1;
	slot->met = slot->first = false;
	for (;;)
	{
		af_duty_tick(walk);
		af_slot_set_end(walk);
		if (!found && slot->end > walk->counted)
		{
			found = true;
			if (slot->end >= open)
			{
				slot->first = true;
				break;
			}
			af_slot_set_deadline(walk, slot->previous + 1);
			walk->due = af_slot_due(walk);
		}
		if (slot->end >= open)
			break;
		if (af_slot_skip(walk, found ? open : (int64_t) walk->counted + 1) > 0)
			continue;
		if (slot->moved)
			af_slot_count_from_end(slot);
		slot->step++;
		slot->previous = slot->end;
	}
	slot->before = last;
	af_slot_set_deadline(walk, open);
}

void
af_rolling_leave(af_duty_walk *walk, af_day until)
{
	af_slot    *slot = &walk->slot;

	while (!slot->met && slot->deadline < until)
	{
		af_late_add(walk, af_slot_due(walk));
		if (slot->first)
			walk->due = af_slot_due(walk);
		af_slot_advance(walk);
	}
}

void
af_rolling_change(af_duty_walk *walk, const af_duty_segment *segment, af_day from)
{
	const af_duty_segment *old = walk->segment;
	af_slot    *slot = &walk->slot;
	af_day		old_end = af_slot_step(old, from, 1);
	af_day		new_end = af_slot_step(segment, from, 1);

	/*
	 * Off the grid a slot is over once it is met, and the open one is counted
	 * from the last check-in; an end before the change was none on the grid.
	 */
	if (!segment->grid && (slot->met || slot->before >= from))
	{
		af_slot_begin(walk, last_done(walk));
		while (slot->deadline < from)
		{
			af_duty_tick(walk);
			af_slot_advance(walk);
			slot->first = true;
		}
	}

	walk->segment = segment;
	walk->grid = segment->grid;
	if (segment->change == AF_CHANGE_RESTART)
		change_restart(walk, from);
	else if (segment->change == AF_CHANGE_MIN && new_end > old_end)
		change_laxer(walk, from);
	else if (segment->change == AF_CHANGE_MIN && new_end < old_end)
		change_stricter(walk, from);
	else
	{
		/* Days and months may agree today and not tomorrow: what follows is counted from the old end. */
		if (!is_same(old->cadence, segment->cadence))
			af_slot_count_from_end(slot);
		/* The working day is that of the new segment, but nothing falls due before it is in force. */
		if (old->workday != segment->workday)
			af_slot_set_deadline(walk, af_later(slot->before + 1, from));
	}
	if (slot->met)
		walk->counted = slot->deadline;
}

af_due
af_rolling_next(af_duty_walk *walk)
{
	af_slot    *slot = &walk->slot;
	af_due		due;

	if (slot->met && slot->end != AF_DAY_NEVER)
		af_slot_advance(walk);
	due = slot->first ? af_slot_due(walk) : walk->due;
	/* Where what is due never comes, the calendar cannot tell more. */
	if (slot->met)
		due.known = true;
	if (slot->met || !due.known || due.day == AF_DAY_NEVER || (due.excused && af_pause_endless(walk->duty, due.day)))
		due.day = AF_DAY_NONE;
	else if (due.excused)
		due.day = af_pause_end(walk->duty, due.day - 1, due.day) + 1;
	return due;
}
