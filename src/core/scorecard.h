/*
 * scorecard.h
 *		Counting facts: the additive state between facts and consequences.
 *
 * A card is an array of counters, laid out by its rubric: rule after rule,
 * window after window.  Counters of a window are
 *		0	facts, 1 quantity,
 *		2	bases (rate) or the baseline's quantity (count, change), where used,
 *		2 + b	for rules on amounts: what band b has taken.
 * Cards add and subtract counter by counter, so a counter may be negative for
 * a while.
 */
#ifndef AF_SCORECARD_H
#define AF_SCORECARD_H

#include "rubric.h"

#define AF_COUNTER_FACTS	0
#define AF_COUNTER_QUANTITY 1
#define AF_COUNTER_THIRD	2

/*
 * A fact's size, exactly enough to compare with any threshold: the largest
 * multiple of a millionth that is not above it, and whether it is above that.
 * A size beyond 64 bits is held at the end of the range: still above or below
 * every threshold, but its excess cannot be told.
 */
typedef struct af_amount
{
	bool		known;
	bool		above;
	bool		beyond;
	af_number	value;
} af_amount;

typedef enum af_count_status
{
	AF_COUNT_OK,
	AF_COUNT_OVERFLOW,			/* a counter would pass 64 bits */
	AF_COUNT_BEYOND				/* the excess of a fact too large to be told */
} af_count_status;

/*
 * Count one fact on a measure (its index in the rubric).  The caller has
 * checked that quantity and base are not negative.  On AF_COUNT_OVERFLOW the
 * card is no longer good.
 */
extern af_count_status af_card_count(const af_rubric *rubric, int64_t *counters, int measure,
									 af_day day, int64_t quantity, int64_t base,
									 const af_amount *amount);

/*
 * The same for a card of 16-bit counters, which is what most cards need.  On
 * AF_COUNT_OVERFLOW the card is as it was: widen it and count again.
 */
extern af_count_status af_card_count_narrow(const af_rubric *rubric, int16_t *counters, int measure,
											af_day day, int64_t quantity, int64_t base,
											const af_amount *amount);

/*
 * The same for a measure with one rule that has one window and counts only,
 * which most facts meet: inline, without a branch on the day, which no
 * processor can foretell.  False with the card as it was where a counter
 * would not fit.
 */
static inline bool
af_card_count_plain(const af_rubric *rubric, const af_compiled_rule *rule, int16_t *counters,
					af_day day, int64_t quantity)
{
	const af_window *window = &af_rubric_windows(rubric)[rule->first_window];
	int64_t		inside = (day >= window->from) & (day <= window->to);
	int16_t		facts;
	int16_t		sum;

	counters += rule->first_counter;
	if (__builtin_add_overflow(counters[AF_COUNTER_FACTS], inside, &facts) ||
		__builtin_add_overflow(counters[AF_COUNTER_QUANTITY], quantity & -inside, &sum))
		return false;
	counters[AF_COUNTER_FACTS] = facts;
	counters[AF_COUNTER_QUANTITY] = sum;
	return true;
}

static inline bool
af_add(int64_t *sum, int64_t value)
{
	return !__builtin_add_overflow(*sum, value, sum);
}

#endif
