/*
 * rule_check.c
 *		Refuse rules that cannot be judged (doc/rules.md lists them).
 *
 * Of several bands the one with the strictest condition that holds applies.
 * That is well defined only where of any two conditions one implies the
 * other or both cannot hold at once; this file decides it, and where it
 * cannot be decided without knowing the baseline, the rule is refused.
 */
#include "rule_model.h"

#include <stdio.h>
#include <string.h>

#include "bounds.h"
#include "rule_words.h"

/* The unknown baseline and required number are each a line of their own. */
#define KINDS 3

typedef struct condition
{
	af_bounds	line[KINDS];	/* what the comparisons with one kind of value allow */
	bool		used[KINDS];
	bool		lower;			/* some > or >= */
	bool		upper;			/* some < or <= */
	bool		point;			/* some = */
} condition;

static void
narrow(condition *c, const af_comparison *comparison)
{
	af_operator operator = comparison->operator;

	c->used[comparison->kind] = true;
	c->lower |= operator == AF_GREATER || operator == AF_AT_LEAST;
	c->upper |= operator == AF_LESS || operator == AF_AT_MOST;
	c->point |= operator == AF_EQUAL;
	af_bounds_narrow(&c->line[comparison->kind], operator, comparison->value);
}

static condition
condition_of(const af_band *band)
{
	condition	c;

	memset(&c, 0, sizeof(c));
	for (int i = 0; i < band->comparison_count; i++)
		narrow(&c, &band->comparison[i]);
	return c;
}

static bool
is_empty(const af_bounds *b)
{
	return b->has_low && b->has_high &&
		(b->low > b->high || (b->low == b->high && (b->low_open || b->high_open)));
}

static bool
disjoint(const af_bounds *a, const af_bounds *b)
{
	af_bounds	both = *a;

	if (b->has_low)
		af_bounds_narrow(&both, b->low_open ? AF_GREATER : AF_AT_LEAST, b->low);
	if (b->has_high)
		af_bounds_narrow(&both, b->high_open ? AF_LESS : AF_AT_MOST, b->high);
	return is_empty(&both);
}

/* Whether two conditions nest or exclude each other, whatever the baseline is. */
static bool
are_ordered(const condition *a, const condition *b)
{
	bool		a_inside = true;
	bool		b_inside = true;

	/* a single number lies inside or outside; two half lines nest */
	if (a->point || b->point || (!a->upper && !b->upper) || (!a->lower && !b->lower))
		return true;
	for (int k = 0; k < KINDS; k++)
	{
		if (disjoint(&a->line[k], &b->line[k]))
			return true;
		a_inside &= af_bounds_within(&a->line[k], &b->line[k]);
		b_inside &= af_bounds_within(&b->line[k], &a->line[k]);
	}
	return a_inside || b_inside;
}

#define COMPARISON_SIZE 80

static const char *
describe(char buffer[COMPARISON_SIZE], const af_rule *rule, const af_comparison *comparison)
{
	char		number[AF_DECIMAL_SIZE] = "";

	if (comparison->kind == AF_VALUE_NUMBER)
		af_decimal_write(number, comparison->value, AF_NUMBER_DECIMALS);
	snprintf(buffer, COMPARISON_SIZE, "%s %s %s", af_word_text(AF_WORD_SUBJECT, rule->subject),
			 af_word_text(AF_WORD_OPERATOR, comparison->operator),
			 comparison->kind == AF_VALUE_NUMBER ? number : af_word_text(AF_WORD_VALUE, comparison->kind));
	return buffer;
}

static bool
check_pair(const af_rule *rule, int first, int second, af_error *error)
{
	condition	a = condition_of(&rule->band[first]);
	condition	b = condition_of(&rule->band[second]);
	char		one[COMPARISON_SIZE];
	char		other[COMPARISON_SIZE];
	int			kinds = 0;

	if (are_ordered(&a, &b))
		return true;
	for (int k = 0; k < KINDS; k++)
		kinds += a.used[k] || b.used[k];
	describe(one, rule, &rule->band[first].comparison[0]);
	describe(other, rule, &rule->band[second].comparison[0]);
	if (kinds == 1)
	{
		af_error_set(error, AF_INVALID, "bands %d (\"if %s ...\") and %d (\"if %s ...\") overlap without nesting",
					 first + 1, one, second + 1, other);
		af_error_detail(error, "Of several bands the one with the strictest condition that holds applies; "
						"here neither condition implies the other, and both can hold.");
		return af_error_hint(error, "Give the bands limits that nest or do not meet, or write two rules.");
	}
	af_error_set(error, AF_INVALID, "cannot tell which of bands %d (\"if %s ...\") and %d (\"if %s ...\") is the stricter",
				 first + 1, one, second + 1, other);
	af_error_detail(error, "They compare with different kinds of value, and whether one implies the other depends on the baseline or on the required number.");
	return af_error_hint(error, "Write two rules in the same item.");
}

/* What a comparison may look at. */
static bool
check_comparison(const af_rule *rule, const af_comparison *comparison, int band, af_error *error)
{
	char		buffer[COMPARISON_SIZE];

	if (comparison->kind != AF_VALUE_BASELINE || rule->subject == AF_SUBJECT_COUNT)
		return true;
	af_error_set(error, AF_INVALID, "band %d: \"%s\" makes no sense", band, describe(buffer, rule, comparison));
	switch (rule->subject)
	{
		case AF_SUBJECT_CHANGE:
			af_error_detail(error, "A change is itself taken against the baseline, in per cent of it.");
			return af_error_hint(error, "Compare with a percentage: change > 0%%");
		case AF_SUBJECT_RATE:
			af_error_detail(error, "A baseline is a count, and a rate is a percentage.");
			return af_error_hint(error, "Compare the rate with a percentage, or the count with the baseline: count > baseline");
		default:
			af_error_detail(error, "An amount is the size of one fact, and a baseline is the count of a period.");
			return af_error_hint(error, "Compare the amount with a number of yuan, or the count with the baseline: count > baseline");
	}
}

/* What a step may be taken of. */
static bool
check_step(const af_rule *rule, const af_band *band, int number, af_error *error)
{
	const char *per = af_word_text(AF_WORD_STEP, band->per);
	condition	c = condition_of(band);
	bool		percent = band->per == AF_PER_PERCENT;
	bool		of_percent = rule->subject == AF_SUBJECT_RATE || rule->subject == AF_SUBJECT_CHANGE;

	if (band->per == AF_PER_NOTHING)
		return true;
	if (band->effect != AF_DEDUCT && band->effect != AF_ADD)
	{
		af_error_set(error, AF_INVALID, "band %d: \"%s\" cannot be taken \"per %s\"", number,
					 af_word_text(AF_WORD_EFFECT, band->effect), per);
		af_error_detail(error, "It happens once in the period, however often its cause does.");
		return af_error_hint(error, "Leave out \"per %s\".", per);
	}
	if (band->step <= 0)
	{
		af_error_set(error, AF_INVALID, "band %d: a step of 0 in \"per 0 %s\"", number, per);
		af_error_detail(error, "Quantities are divided by the step.");
		return af_error_hint(error, "Leave the step out to count each one: per %s", per);
	}
	if (band->per == AF_PER_OCCURRENCE || band->per == AF_PER_DAY)
		return true;
	if (rule->subject != AF_SUBJECT_NONE && percent != of_percent)
	{
		af_error_set(error, AF_INVALID, "band %d: \"per %s\" in a rule that looks at \"%s\"", number, per,
					 af_word_text(AF_WORD_SUBJECT, rule->subject));
		af_error_detail(error, "Percentage points are steps of a rate or a change; what is missing or in excess are steps of a count or an amount.");
		return af_error_hint(error, "For example: deduct 1 per 1 percent if rate < 90%%, or deduct 1 per 1 missing if count < 48");
	}
	if (band->comparison_count == 0)
		return true;			/* the measure itself counts what is missing */
	if (percent && c.point)
	{
		af_error_set(error, AF_INVALID, "band %d: \"per percent\" with \"=\"", number);
		af_error_detail(error, "Steps are counted from the value compared with, and with \"=\" there is no distance.");
		return af_error_hint(error, "For example: deduct 1 per 1 percent if rate < 90%%");
	}
	if (band->per == AF_PER_EXCESS && !c.lower)
	{
		af_error_set(error, AF_INVALID, "band %d: \"per excess\" without a lower bound", number);
		af_error_detail(error, "The excess is what lies above the value in a comparison with \">\" or \">=\".");
		return af_error_hint(error, "For example: deduct 2 per 1 excess if count > baseline");
	}
	if (band->per == AF_PER_MISSING && !c.upper)
	{
		af_error_set(error, AF_INVALID, "band %d: \"per missing\" without an upper bound", number);
		af_error_detail(error, "What is missing is what lies below the value in a comparison with \"<\" or \"<=\".");
		return af_error_hint(error, "For example: deduct 1 per 1 missing if count < required");
	}
	return true;
}

static bool
check_band(const af_rule *rule, int index, af_error *error)
{
	const af_band *band = &rule->band[index];
	condition	c = condition_of(band);

	if (band->points_max < band->points)
	{
		char		low[AF_DECIMAL_SIZE];
		char		high[AF_DECIMAL_SIZE];

		af_decimal_write(low, band->points, AF_POINTS_DECIMALS);
		af_decimal_write(high, band->points_max, AF_POINTS_DECIMALS);
		af_error_set(error, AF_INVALID, "band %d: the range of points %s..%s is reversed", index + 1, low, high);
		af_error_detail(error, "The lower number of points comes first.");
		return af_error_hint(error, "Write %s..%s.", high, low);
	}
	if (!check_step(rule, band, index + 1, error))
		return false;
	for (int i = 0; i < band->comparison_count; i++)
		if (!check_comparison(rule, &band->comparison[i], index + 1, error))
			return false;
	for (int k = 0; k < KINDS; k++)
		if (is_empty(&c.line[k]))
		{
			char		one[COMPARISON_SIZE];
			char		other[COMPARISON_SIZE];

			/* No comparison is empty by itself, so there are at least two. */
			af_error_set(error, AF_INVALID, "band %d: the condition \"%s and %s%s\" can never hold", index + 1,
						 describe(one, rule, &band->comparison[0]), describe(other, rule, &band->comparison[1]),
						 band->comparison_count > 2 ? " and ..." : "");
			af_error_detail(error, "Its comparisons exclude each other.");
			return af_error_hint(error, "All comparisons of a condition must hold; write two bands or two rules for \"or\".");
		}
	return true;
}

bool
af_rule_check(const af_rule *rule, af_error *error)
{
	bool		scores = false;

	for (int i = 0; i < rule->band_count; i++)
	{
		scores |= rule->band[i].effect == AF_DEDUCT || rule->band[i].effect == AF_ADD;
		if (!check_band(rule, i, error))
			return false;
	}
	for (int i = 0; i < rule->band_count; i++)
		for (int j = i + 1; j < rule->band_count; j++)
			if (!check_pair(rule, i, j, error))
				return false;
	if (rule->cap >= 0 && !scores)
	{
		char		cap[AF_DECIMAL_SIZE];

		af_decimal_write(cap, rule->cap, AF_POINTS_DECIMALS);
		af_error_set(error, AF_INVALID, "\"cap %s\" in a rule that neither deducts nor adds points", cap);
		af_error_detail(error, "A cap limits the points of its rule.");
		return af_error_hint(error, "Leave out the cap.");
	}
	return true;
}
