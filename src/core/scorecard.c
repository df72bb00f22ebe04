/*
 * scorecard.c
 *		Counting facts.
 */
#include "scorecard.h"

static bool
amount_holds(const af_amount *amount, const af_comparison *comparison)
{
	af_number	threshold = comparison->value;

	switch (comparison->operator)
	{
		case AF_GREATER:
			return amount->value > threshold || (amount->value == threshold && amount->above);
		case AF_AT_LEAST:
			return amount->value >= threshold;
		case AF_LESS:
			return amount->value < threshold;
		case AF_AT_MOST:
			return amount->value < threshold || (amount->value == threshold && !amount->above);
		case AF_EQUAL:
			return amount->value == threshold && !amount->above;
	}
	return false;
}

static bool
band_holds(const af_compiled_band *band, const af_amount *amount)
{
	/* A fact of unknown size meets no condition on its size. */
	if (band->comparison_count > 0 && !amount->known)
		return false;
	for (int i = 0; i < band->comparison_count; i++)
		if (!amount_holds(amount, &band->comparison[i]))
			return false;
	return true;
}

/*
 * How often the fact counts in its band: its quantity, or for `per excess`
 * and `per missing` whole steps between its own size and the number compared
 * with, for each unit of quantity.
 */
static af_count_status
taken(const af_compiled_band *band, const af_amount *amount, int64_t quantity, int64_t *result)
{
	bool		up = band->per == AF_PER_EXCESS;
	af_wide		distance = 0;
	af_wide		product;

	*result = quantity;
	if ((band->per != AF_PER_EXCESS && band->per != AF_PER_MISSING) || band->comparison_count == 0)
		return AF_COUNT_OK;
	if (amount->beyond)
		return AF_COUNT_BEYOND;
	for (int i = 0; i < band->comparison_count; i++)
	{
		af_operator operator = band->comparison[i].operator;

		if (up && (operator == AF_GREATER || operator == AF_AT_LEAST))
		{
			distance = (af_wide) amount->value - band->comparison[i].value;
			break;
		}
		if (!up && (operator == AF_LESS || operator == AF_AT_MOST))
		{
			distance = (af_wide) band->comparison[i].value - amount->value - (amount->above ? 1 : 0);
			break;
		}
	}
	product = distance / band->step * quantity;
	if (product > INT64_MAX)
		return AF_COUNT_OVERFLOW;
	*result = product > 0 ? (int64_t) product : 0;
	return AF_COUNT_OK;
}

/*
 * A fact is counted in one of three ways: into 64-bit counters, into the
 * 16-bit ones of a narrow card, and out of these again.  The functions below
 * are inlined with the way as a constant, so that a row pays for none of the
 * choices.
 *
 * A sum that does not fit wraps, and the counting goes on to its end: then
 * the same fact counted out restores every narrow counter.
 */
typedef enum counting
{
	COUNT_WIDE,
	COUNT_NARROW,
	COUNT_NARROW_OUT
} counting;

#define ALWAYS_INLINE	inline __attribute__((always_inline))

static ALWAYS_INLINE bool
add(counting way, void *counters, int n, int64_t value)
{
	switch (way)
	{
		case COUNT_WIDE:
			return af_add((int64_t *) counters + n, value);
		case COUNT_NARROW:
			return !__builtin_add_overflow(((int16_t *) counters)[n], value, (int16_t *) counters + n);
		case COUNT_NARROW_OUT:
			return !__builtin_sub_overflow(((int16_t *) counters)[n], value, (int16_t *) counters + n);
	}
	return false;
}

static ALWAYS_INLINE af_count_status
count_amount(counting way, const af_rubric *rubric, const af_compiled_rule *rule, void *counters, int first,
			 int64_t quantity, const af_amount *amount)
{
	const af_compiled_band *bands = &af_rubric_bands(rubric)[rule->first_band];
	int			chosen = 0;
	int64_t		value;
	af_count_status status;
	int			i;

	/* Strictest first: the first that holds is the one that applies. */
	for (i = 0; i < rule->band_count; i++)
	{
		chosen = bands[i].strictest;
		if (band_holds(&bands[chosen], amount))
			break;
	}
	if (i == rule->band_count)
		return AF_COUNT_OK;
	status = taken(&bands[chosen], amount, quantity, &value);
	if (status == AF_COUNT_OK && !add(way, counters, first + AF_COUNTER_THIRD + chosen, value))
		status = AF_COUNT_OVERFLOW;
	return status;
}

static ALWAYS_INLINE af_count_status
count_rule(counting way, const af_rubric *rubric, const af_compiled_rule *rule, void *counters,
		   af_day day, int64_t quantity, int64_t base, const af_amount *amount)
{
	const af_window *windows = &af_rubric_windows(rubric)[rule->first_window];
	int			first = rule->first_counter;
	bool		fits = true;

	for (int w = 0; w < rule->window_count; w++, first += rule->window_counters)
	{
		const af_window *window = &windows[w];

		if (day >= window->from && day <= window->to)
		{
			fits &= add(way, counters, first + AF_COUNTER_FACTS, 1);
			fits &= add(way, counters, first + AF_COUNTER_QUANTITY, quantity);
			if (rule->subject == AF_SUBJECT_RATE)
				fits &= add(way, counters, first + AF_COUNTER_THIRD, base);
			if (rule->subject == AF_SUBJECT_AMOUNT)
			{
				af_count_status status = count_amount(way, rubric, rule, counters, first, quantity, amount);

				if (status == AF_COUNT_BEYOND)
					return status;
				fits &= status == AF_COUNT_OK;
			}
		}
		if (!rule->uses_baseline)
			continue;
		for (int y = 0; y < rubric->baseline_years; y++)
			if (day >= window->baseline_from[y] && day <= window->baseline_to[y])
				fits &= add(way, counters, first + AF_COUNTER_THIRD, quantity);
	}
	return fits ? AF_COUNT_OK : AF_COUNT_OVERFLOW;
}

static ALWAYS_INLINE af_count_status
count_fact(counting way, const af_rubric *rubric, void *counters, int measure,
		   af_day day, int64_t quantity, int64_t base, const af_amount *amount)
{
	const af_compiled_measure *on = &af_rubric_measures(rubric)[measure];
	const af_compiled_rule *rule = &af_rubric_rules(rubric)[on->first_rule];
	bool		fits = true;

	for (int i = 0; i < on->rule_count; i++, rule++)
	{
		af_count_status status;

		if (rule->plain)
		{
			const af_window *window = &af_rubric_windows(rubric)[rule->first_window];
			int64_t		inside = (day >= window->from) & (day <= window->to);

			/* No processor can foretell whether it is; adding nothing is cheaper than a wrong guess. */
			fits &= add(way, counters, rule->first_counter + AF_COUNTER_FACTS, inside);
			fits &= add(way, counters, rule->first_counter + AF_COUNTER_QUANTITY, quantity & -inside);
			continue;
		}
		if (day < on->from || day > on->to)
			break;
		status = count_rule(way, rubric, rule, counters, day, quantity, base, amount);
		if (status == AF_COUNT_BEYOND)
			return status;
		fits &= status == AF_COUNT_OK;
	}
	return fits ? AF_COUNT_OK : AF_COUNT_OVERFLOW;
}

af_count_status
af_card_count(const af_rubric *rubric, int64_t *counters, int measure,
			  af_day day, int64_t quantity, int64_t base, const af_amount *amount)
{
	return count_fact(COUNT_WIDE, rubric, counters, measure, day, quantity, base, amount);
}

af_count_status
af_card_count_narrow(const af_rubric *rubric, int16_t *counters, int measure,
					 af_day day, int64_t quantity, int64_t base, const af_amount *amount)
{
	af_count_status status = count_fact(COUNT_NARROW, rubric, counters, measure, day, quantity, base, amount);

	if (status == AF_COUNT_OVERFLOW)
		count_fact(COUNT_NARROW_OUT, rubric, counters, measure, day, quantity, base, amount);
	return status;
}
