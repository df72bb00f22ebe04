/*
 * rule_eval.c
 *		What one rule says of its counters.
 *
 * Everything compared is brought to a common unit, a third of a millionth,
 * in which thresholds, and baselines of one year or the mean of three, are
 * whole numbers: a mean is never rounded.  The subject is a fraction
 * numerator / denominator, compared by cross-multiplication.  Counters have
 * 63 bits and thresholds 60, so every product fits in 128.
 */
#include <string.h>

#include "bounds.h"
#include "score.h"

#define UNIT (3 * (af_wide) AF_NUMBER_SCALE)

/* Ten to the 28 points from one band: 1,000 windows of 256 rules still add up in 128 bits. */
#define LARGEST ((af_wide) INT64_C(1000000000000000) * INT64_C(1000000000000000))

typedef struct judgement
{
	const af_rubric *rubric;
	const af_compiled_rule *rule;
	af_wide		numerator;		/* of the subject */
	af_wide		denominator;	/* above 0 */
	af_wide		baseline;		/* in UNITs */
	int64_t		quantity;
} judgement;

static af_wide
threshold(const judgement *j, const af_comparison *comparison)
{
	return comparison->kind == AF_VALUE_BASELINE ? j->baseline : (af_wide) comparison->value * 3;
}

/* -1, 0 or 1 as the subject is below, at or above a threshold. */
static int
compare(const judgement *j, af_wide value)
{
	af_wide		left = j->numerator * UNIT;
	af_wide		right = value * j->denominator;

	return (left > right) - (left < right);
}

static bool
holds(const judgement *j, const af_compiled_band *band)
{
	for (int i = 0; i < band->comparison_count; i++)
	{
		int			order = compare(j, threshold(j, &band->comparison[i]));
		bool		met = false;

		switch (band->comparison[i].operator)
		{
			case AF_GREATER:
				met = order > 0;
				break;
			case AF_AT_LEAST:
				met = order >= 0;
				break;
			case AF_LESS:
				met = order < 0;
				break;
			case AF_AT_MOST:
				met = order <= 0;
				break;
			case AF_EQUAL:
				met = order == 0;
				break;
		}
		if (!met)
			return false;
	}
	return true;
}

static af_bounds
bounds_of(const judgement *j, const af_compiled_band *band)
{
	af_bounds	bounds;

	af_bounds_init(&bounds);
	for (int i = 0; i < band->comparison_count; i++)
		af_bounds_narrow(&bounds, band->comparison[i].operator, threshold(j, &band->comparison[i]));
	return bounds;
}

/* The strictest band that holds; the last written, on a tie. -1: none. */
static int
select_band(const judgement *j, const af_compiled_band *bands)
{
	int			chosen = -1;
	af_bounds	best;

	af_bounds_init(&best);
	for (int i = 0; i < j->rule->band_count; i++)
	{
		af_bounds	b;

		if (!holds(j, &bands[i]))
			continue;
		b = bounds_of(j, &bands[i]);
		if (chosen < 0 || af_bounds_within(&b, &best))
		{
			chosen = i;
			best = b;
		}
	}
	return chosen;
}

static af_wide
whole_steps(af_wide distance, af_wide step)
{
	return distance > 0 ? distance / step : 0;
}

/* The distance that `per excess`, `missing` or `percent` measures, in steps. */
static af_wide
distance_in_steps(const judgement *j, const af_compiled_band *band)
{
	af_wide		value = 0;
	af_wide		distance;

	for (int i = 0; i < band->comparison_count; i++)
	{
		af_operator operator = band->comparison[i].operator;

		if ((band->per == AF_PER_EXCESS && operator != AF_GREATER && operator != AF_AT_LEAST) ||
			(band->per == AF_PER_MISSING && operator != AF_LESS && operator != AF_AT_MOST))
			continue;
		value = threshold(j, &band->comparison[i]);
		break;
	}
	distance = j->numerator * UNIT - value * j->denominator;
	if (band->per == AF_PER_MISSING || (band->per == AF_PER_PERCENT && distance < 0))
		distance = -distance;
	return whole_steps(distance, (af_wide) band->step * 3 * j->denominator);
}

/*
 * How often a band's points count: `taken` is the quantity that falls to it.
 */
static af_wide
times(const judgement *j, const af_compiled_band *band, int64_t taken)
{
	switch (band->per)
	{
		case AF_PER_NOTHING:
			/* Under a condition on the period the condition itself is the cause. */
			if (band->comparison_count > 0 && j->rule->subject != AF_SUBJECT_AMOUNT)
				return 1;
			return taken > 0 ? 1 : 0;
		case AF_PER_EXCESS:
		case AF_PER_MISSING:
		case AF_PER_PERCENT:
			if (band->comparison_count > 0)
				return j->rule->subject == AF_SUBJECT_AMOUNT ? (taken > 0 ? taken : 0) : distance_in_steps(j, band);
			break;
		default:
			break;
	}
	return whole_steps((af_wide) taken * AF_NUMBER_SCALE, band->step);
}

/* What one rule has gathered over its windows. */
typedef struct gathered
{
	af_wide		deduct[2];
	af_wide		add[2];
	af_wide		open;			/* what shortfalls would deduct or add */
	bool		is_open;
	bool		is_pending;
	bool		too_large;
} gathered;

/* Enter what one band does, `count` times. */
static void
enter(const judgement *j, int index, const af_compiled_band *band, af_wide count, bool open,
	  gathered *g, af_outcome *outcome)
{
	af_points	item_points = af_rubric_items(j->rubric)[j->rule->item].points;

	if (count <= 0)
		return;
	if (band->points_max > 0 && count > LARGEST / band->points_max)
	{
		g->too_large = true;
		return;
	}
	if (open)
	{
		g->is_open = true;
		if (band->effect == AF_DEDUCT)
			g->open += count * band->points_max;
		else if (band->effect == AF_ADD)
			g->open += count * band->points;
		else if (band->effect == AF_ZERO)
			g->open += item_points;
		return;
	}
	if (band->points_max > band->points)
		g->is_pending = true;
	switch (band->effect)
	{
		case AF_DEDUCT:
			g->deduct[AF_END_LOW] += count * band->points_max;
			g->deduct[AF_END_HIGH] += count * band->points;
			break;
		case AF_ADD:
			g->add[AF_END_LOW] += count * band->points;
			g->add[AF_END_HIGH] += count * band->points_max;
			break;
		case AF_ZERO:
			outcome->zero = true;
			break;
		case AF_VETO:
			outcome->vetoed = true;
			break;
		case AF_RAISE:
			outcome->raised |= UINT32_C(1) << index;
			break;
	}
}

/*
 * Judge one window.  False where the subject cannot be computed; the state
 * then says why.
 */
static bool
judge_window(judgement *j, const af_window *window, const int64_t *counters, gathered *g, af_outcome *outcome)
{
	const af_compiled_band *bands = &af_rubric_bands(j->rubric)[j->rule->first_band];
	int64_t		third = j->rule->window_counters > AF_COUNTER_THIRD ? counters[AF_COUNTER_THIRD] : 0;
	int			chosen;

	j->quantity = counters[AF_COUNTER_QUANTITY];
	j->numerator = j->quantity;
	j->denominator = 1;
	j->baseline = 0;
	if (j->rule->uses_baseline)
	{
		if (!window->comparable)
		{
			outcome->state = AF_STATE_REVIEW;
			return false;
		}
		j->baseline = (af_wide) third * (UNIT / j->rubric->baseline_years);
	}
	switch ((af_subject) j->rule->subject)
	{
		case AF_SUBJECT_AMOUNT:
			/* Each fact has chosen its band already; the bands add up. */
			for (int i = 0; i < j->rule->band_count; i++)
				enter(j, i, &bands[i], times(j, &bands[i], counters[AF_COUNTER_THIRD + i]), false, g, outcome);
			return true;
		case AF_SUBJECT_RATE:
			if (third <= 0)
			{
				outcome->state = AF_STATE_NOT_MEASURED;
				return false;
			}
			j->numerator *= 100;
			j->denominator = third;
			break;
		case AF_SUBJECT_CHANGE:
			/* A zero baseline has no per cent (GB/T practice: 不可比). */
			if (third <= 0)
			{
				outcome->state = AF_STATE_REVIEW;
				return false;
			}
			j->numerator = 100 * ((af_wide) j->rubric->baseline_years * j->quantity - third);
			j->denominator = third;
			break;
		case AF_SUBJECT_NONE:
		case AF_SUBJECT_COUNT:
			break;
	}
	chosen = select_band(j, bands);
	if (chosen >= 0)
		enter(j, chosen, &bands[chosen], times(j, &bands[chosen], j->quantity),
			  bands[chosen].shortfall && !window->over, g, outcome);
	return true;
}

static af_wide
capped(const af_compiled_rule *rule, af_wide points)
{
	return rule->cap >= 0 && points > rule->cap ? rule->cap : points;
}

bool
af_rule_judge(const af_rubric *rubric, const af_compiled_rule *rule,
			  const int64_t *counters, af_outcome *outcome)
{
	const af_window *windows = &af_rubric_windows(rubric)[rule->first_window];
	judgement	j;
	gathered	g;
	bool		judged = false;

	memset(outcome, 0, sizeof(*outcome));

	/* Most rules of most units have nothing to judge: no condition, no facts. */
	if (rule->plain && !rule->waived && rule->subject == AF_SUBJECT_NONE && counters[AF_COUNTER_QUANTITY] == 0)
	{
		outcome->facts = counters[AF_COUNTER_FACTS];
		return true;
	}
	memset(&j, 0, sizeof(j));
	j.rubric = rubric;
	j.rule = rule;
	memset(&g, 0, sizeof(g));
	for (int w = 0; w < rule->window_count; w++, counters += rule->window_counters)
	{
		outcome->facts += counters[AF_COUNTER_FACTS];
		outcome->quantity += counters[AF_COUNTER_QUANTITY];
		if (judge_window(&j, &windows[w], counters, &g, outcome))
			judged = true;
	}

	/* Some months may be comparable and others not: then the score is of the former. */
	if (g.is_open)
		outcome->state = AF_STATE_OPEN;
	else if (outcome->state == AF_STATE_NOT_MEASURED && judged)
		outcome->state = AF_STATE_SCORED;
	if (g.is_pending && outcome->state == AF_STATE_SCORED)
		outcome->state = AF_STATE_PENDING;
	outcome->raw = g.deduct[AF_END_LOW] + g.add[AF_END_LOW] + g.open;
	if (outcome->zero)
		outcome->raw += af_rubric_items(rubric)[rule->item].points;
	for (int end = 0; end < 2; end++)
	{
		outcome->deduct[end] = capped(rule, g.deduct[end]);
		outcome->add[end] = capped(rule, g.add[end]);
	}
	if (rule->waived)
	{
		outcome->state = AF_STATE_WAIVED;
		outcome->deduct[0] = outcome->deduct[1] = 0;
		outcome->add[0] = outcome->add[1] = 0;
		outcome->zero = outcome->vetoed = false;
		outcome->raised = 0;
	}
	return !g.too_large;
}
