/*
 * duty_late.c
 *		Slots that ended before a change of segment, while their own grace lasts.
 *
 * They stand in the order of their days, the first one open: what is missed
 * while an earlier slot may still be met waits behind it, so that days are
 * reported in order.  All lie within AF_DUTY_MAX_GRACE days and no two on one
 * day, which bounds their number.
 */
#include "duty_walk.h"

/* Decide what was over before a day, and report what waits for nothing any more. */
static void
sweep(af_duty_walk *walk, af_day day)
{
	int			kept = 0;

	for (int i = 0; i < walk->late_count; i++)
	{
		af_late		late = walk->late[i];

		af_duty_tick(walk);
		if (late.fate == AF_LATE_OPEN && late.due.day + late.due.grace < day)
		{
			bool		missed = late.judged && !late.due.excused;

			walk->missed += missed;
			late.fate = missed ? AF_LATE_MISSED : AF_LATE_GONE;
		}
		if (late.fate == AF_LATE_OPEN || (late.fate == AF_LATE_MISSED && kept > 0))
			walk->late[kept++] = late;
		else if (late.fate == AF_LATE_MISSED && walk->duty->missed != NULL)
			walk->duty->missed(walk->duty->context, late.due.day);
	}
	walk->late_count = kept;
}

void
af_late_add(af_duty_walk *walk, af_due due)
{
	walk->late[walk->late_count++] = (af_late) {.due = due, .judged = af_duty_judge(walk, due.known), .fate = AF_LATE_OPEN};
}

void
af_late_meet(af_duty_walk *walk)
{
	walk->met += walk->late[0].judged;
	walk->late[0].fate = AF_LATE_GONE;
	sweep(walk, AF_DAY_FIRST);
}

void
af_late_drop(af_duty_walk *walk)
{
	for (int i = 0; i < walk->late_count; i++)
		if (walk->late[i].fate == AF_LATE_OPEN)
			walk->late[i].fate = AF_LATE_GONE;
	sweep(walk, AF_DAY_FIRST);
}

void
af_late_expire(af_duty_walk *walk, af_day day)
{
	if (walk->late_count > 0)
		sweep(walk, day);
}

void
af_late_run(af_duty_walk *walk, af_day from, af_day until, af_day limit)
{
	if (walk->late_count == 0)
		return;
	walk->position = af_duty_find(walk->duty, from);
	while (walk->position < walk->done_end && walk->duty->done[walk->position] < until)
	{
		af_late_expire(walk, af_duty_take(walk));
		if (walk->late_count == 0)
			return;
		af_late_meet(walk);
		if (!walk->grid)
			af_late_drop(walk);
	}
	af_late_expire(walk, limit);
}

bool
af_duty_judge(af_duty_walk *walk, bool known)
{
	walk->frozen |= !known;
	return !walk->frozen;
}

void
af_duty_count_missed(af_duty_walk *walk, af_day day)
{
	if (walk->frozen)
		return;
	walk->missed++;
	if (walk->duty->missed == NULL)
		return;
	if (walk->late_count == 0)
		walk->duty->missed(walk->duty->context, day);
	else
		walk->late[walk->late_count++] = (af_late) {.due.day = day, .fate = AF_LATE_MISSED};
}
