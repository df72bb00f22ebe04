/*
 * duty_walk.h
 *		The walk over a history, shared by the parts of duty.
 *
 * It goes forward in time, segment by segment.  It never looks at a check-in
 * twice and takes no memory.
 */
#ifndef AF_DUTY_WALK_H
#define AF_DUTY_WALK_H

#include "duty.h"

/* Later than every day, with room for grace days in 64 bits. */
#define AF_DAY_NEVER INT32_MAX

/* A day at whose end it is due. */
typedef struct af_due
{
	af_day		day;
	int32_t		grace;
	bool		known;			/* the calendar covers what it needs */
	bool		excused;		/* in a pause in which the clock runs on: not missed, and asked for after it */
} af_due;

/* A slot that ended before a change of segment and is still in its own grace, or what waits behind one. */
typedef struct af_late
{
	af_due		due;
	bool		judged;			/* it counts */
	enum {AF_LATE_OPEN, AF_LATE_MISSED, AF_LATE_GONE} fate;
} af_late;

/*
 * The slot that is neither met nor missed yet (on a grid: nor over yet).  Its
 * days run from the day after `before` to `deadline`.
 */
typedef struct af_slot
{
	af_day		anchor;			/* its end is anchor + step intervals ... */
	int64_t		step;
	af_day		previous;		/* end of the slot before, or the anchor: pauses count from here */
	af_duty_pause pause;		/* what pauses do to it, where there are any */
	af_day		restart;		/* last day of the pause that it is counted from; AF_DAY_NONE */
	af_day		end;			/* ... moved by pauses; AF_DAY_NEVER */
	bool		moved;			/* a pause moved it: what follows is counted from it */
	af_day		before;			/* deadline of the slot before, or the anchor */
	af_day		deadline;		/* the end, or the working day before it */
	bool		known;			/* the calendar covers what the deadline needs */
	bool		excused;		/* as of af_due */
	bool		met;			/* on a grid */
	bool		first;			/* the first one after the last one met, or after the start */
} af_slot;

typedef struct af_duty_walk
{
	const af_duty *duty;
	const af_duty_segment *segment;
	bool		choice;			/* pauses do not stop the clock in all segments */
	af_day		start;			/* the first day of the duty: since, or the first segment's */
	int			position;		/* of the next check-in */
	int			done_end;		/* one beyond the last check-in up to as_of */
	int32_t		met;
	int32_t		missed;
	bool		uncovered;		/* terms or what is due next are not known */
	bool		frozen;			/* a slot that is over could not be judged: no more is counted */
	uint32_t	ticks;

	/* of the run of rolling segments */
	af_slot		slot;
	bool		grid;			/* of the last rolling segment */
	af_day		begun;			/* the start of the run */
	af_day		origin;			/* where slots were last counted anew: the start, or a check-in off the grid */
	af_day		counted;		/* the end of the last slot met, or the origin */
	af_due		due;			/* where slot.first is false: the first slot missed since */
	af_late    *late;			/* slots of earlier segments, see duty_late.c */
	int			late_count;
} af_duty_walk;

static inline af_day
af_later(af_day a, af_day b)
{
	return a > b ? a : b;
}

/* Let interrupts in from time to time. */
static inline void
af_duty_tick(af_duty_walk *walk)
{
	if ((++walk->ticks & 0xfff) == 0 && walk->duty->check != NULL)
		walk->duty->check(walk->duty->context);
}

/* The first check-in on or after a day. */
extern int	af_duty_find(const af_duty *duty, af_day day);

/* The day of the next check-in; further ones of that day are passed over. */
static inline af_day
af_duty_take(af_duty_walk *walk)
{
	af_day		day = walk->duty->done[walk->position];

	do
		walk->position++;
	while (walk->position < walk->done_end && walk->duty->done[walk->position] == day);
	return day;
}

/* Whether a slot that is over counts: its day is known, as were those of all before it. */
extern bool af_duty_judge(af_duty_walk *walk, bool known);
extern void af_duty_count_missed(af_duty_walk *walk, af_day day);

/* Slots that ended before a change of segment and are in their grace. */

#define AF_LATE_MAX (AF_DUTY_MAX_GRACE + 1)

extern void af_late_add(af_duty_walk *walk, af_due due);
/* A check-in meets the oldest. */
extern void af_late_meet(af_duty_walk *walk);
/* They are neither met nor missed. */
extern void af_late_drop(af_duty_walk *walk);
/* Those are missed whose grace was over before a day. */
extern void af_late_expire(af_duty_walk *walk, af_day day);
/* In a segment that is not rolling: as af_rolling_run. */
extern void af_late_run(af_duty_walk *walk, af_day from, af_day until, af_day limit);

/* Pauses. */

/* The day that has as many unpaused days after `from` as there are days from `from` to `end`. */
extern af_day af_pause_move(const af_duty *duty, af_day from, af_day end);
/* What pauses do to a slot whose first day this is. */
extern af_duty_pause af_pause_rule(const af_duty *duty, af_day day);
/* The last day of the first pause that has days after `from` up to `to`; AF_DAY_NONE where there is no such pause. */
extern af_day af_pause_end(const af_duty *duty, af_day from, af_day to);
/* The first paused day after a day; AF_DAY_NEVER. */
extern af_day af_pause_next(const af_duty *duty, af_day day);
/* Unpaused days after `from` up to `to`. */
extern int32_t af_pause_unpaused(const af_duty *duty, af_day from, af_day to);
extern bool af_pause_touches(const af_duty *duty, af_day first, af_day last);
/* Whether a day lies in a pause without an end. */
extern bool af_pause_endless(const af_duty *duty, af_day day);

/* Slots.  The day so many intervals after a day; AF_DAY_NEVER. */
extern af_day af_slot_step(const af_duty_segment *segment, af_day anchor, int64_t steps);
/* The end of the slot by its anchor and step, moved by the pauses in it. */
extern void af_slot_set_end(af_duty_walk *walk);
/* The deadline by the end; where it is a working day, none before `lowest`. */
extern void af_slot_set_deadline(af_duty_walk *walk, af_day lowest);
/* What follows is counted from the end of this slot. */
extern void af_slot_count_from_end(af_slot *slot);
/* A slot that is met on a grid by a day ends with the pause after it from which it is counted. */
extern void af_slot_end_with_pause(af_duty_walk *walk, af_day day);
/* The slot after this one, in the same run; or a slot from a day on which everything begins anew. */
extern void af_slot_advance(af_duty_walk *walk);
extern void af_slot_begin(af_duty_walk *walk, af_day day);
/* The open slot, as what is due. */
extern af_due af_slot_due(const af_duty_walk *walk);
/* Skip slots that end before a day, as far as arithmetic can; how many.  The slot is then the next one, without its end. */
extern int32_t af_slot_skip(af_duty_walk *walk, int64_t before);

/* Rolling: a run begins at a day, goes over to other segments, and ends. */
extern void af_rolling_begin(af_duty_walk *walk, const af_duty_segment *segment, af_day anchor);
extern void af_rolling_change(af_duty_walk *walk, const af_duty_segment *segment, af_day from);
/* What ended before a day and is in its grace keeps that; the open slot is the one after it. */
extern void af_rolling_leave(af_duty_walk *walk, af_day until);
/* Takes the check-ins before `until`, and the slots that are missed as of `limit`. */
extern void af_rolling_run(af_duty_walk *walk, af_day until, af_day limit);
/* The first slot after the last one met; its day is AF_DAY_NONE where there is none or it cannot be told. */
extern af_due af_rolling_next(af_duty_walk *walk);

/* Windows that lie between two days, both included. */
extern void af_windows_run(af_duty_walk *walk, const af_duty_segment *segment, af_day from, af_day until);
extern af_day af_windows_next(af_duty_walk *walk, const af_duty_segment *segment);

#endif
