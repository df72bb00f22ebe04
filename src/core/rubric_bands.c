/*
 * rubric_bands.c
 *		A rule's bands as they are counted and judged: required numbers filled
 *		in, decisions entered, the strictest first.
 */
#include <string.h>

#include "bounds.h"
#include "rubric_bands.h"

/*
 * A shortfall can only be judged when its window is over: an office that has
 * held 40 of 48 sessions in October has not failed yet.
 */
static bool
is_shortfall(const af_compiled_band *band, af_subject subject)
{
	if (subject != AF_SUBJECT_COUNT || band->comparison_count == 0)
		return false;
	for (int i = 0; i < band->comparison_count; i++)
		if (band->comparison[i].operator == AF_LESS || band->comparison[i].operator == AF_AT_MOST ||
			band->comparison[i].operator == AF_EQUAL)
			return true;
	return false;
}

static void
compile_band(const af_model_rule *rule, const af_band *band, af_subject subject, af_compiled_band *out)
{
	out->effect = (uint8_t) band->effect;
	out->points = band->points;
	out->points_max = band->points_max;
	if (rule->decided >= 0 && band->points_max > band->points)
		out->points = out->points_max = rule->decided;
	out->per = (uint8_t) band->per;
	out->step = band->step;
	out->comparison_count = (uint8_t) band->comparison_count;
	for (int i = 0; i < band->comparison_count; i++)
	{
		out->comparison[i].operator = band->comparison[i].operator;
		out->comparison[i].kind = band->comparison[i].kind;
		out->comparison[i].value = band->comparison[i].value;
		if (out->comparison[i].kind == AF_VALUE_REQUIRED)
		{
			out->comparison[i].kind = AF_VALUE_NUMBER;
			out->comparison[i].value = rule->required;
		}
	}

	/* 每少一项 with a required number and no condition is short of that number. */
	if (band->per == AF_PER_MISSING && band->comparison_count == 0 && rule->has_required)
	{
		out->comparison_count = 1;
		out->comparison[0].operator = AF_LESS;
		out->comparison[0].kind = AF_VALUE_NUMBER;
		out->comparison[0].value = rule->required;
	}
	out->shortfall = is_shortfall(out, subject);
	out->rung_length = (uint8_t) strlen(band->rung);
	memcpy(out->rung, band->rung, out->rung_length);
}

/*
 * Order a rule's bands from the strictest to the laxest, the last written
 * first on a tie, so that counting can stop at the first that holds.  A band
 * is stricter the more of the others it lies within.
 */
static void
order_bands(af_compiled_band *bands, int count)
{
	af_bounds	bounds[AF_RULE_MAX_BANDS];
	int			outer[AF_RULE_MAX_BANDS];

	for (int i = 0; i < count; i++)
	{
		af_bounds_init(&bounds[i]);
		for (int n = 0; n < bands[i].comparison_count; n++)
			af_bounds_narrow(&bounds[i], bands[i].comparison[n].operator, bands[i].comparison[n].value);
	}
	for (int i = 0; i < count; i++)
	{
		outer[i] = 0;
		for (int n = 0; n < count; n++)
			if (af_bounds_within(&bounds[i], &bounds[n]))
				outer[i]++;
	}
	for (int i = 0; i < count; i++)
	{
		int			place = 0;

		for (int n = 0; n < count; n++)
			if (outer[n] > outer[i] || (outer[n] == outer[i] && n > i))
				place++;
		bands[place].strictest = (uint8_t) i;
	}
}

/* A rule without any condition is judged by its count once `required` gives it one. */
af_subject
af_subject_of(const af_model_rule *rule)
{
	if (rule->rule.subject == AF_SUBJECT_NONE && rule->has_required)
		for (int i = 0; i < rule->rule.band_count; i++)
			if (rule->rule.band[i].per == AF_PER_MISSING)
				return AF_SUBJECT_COUNT;
	return rule->rule.subject;
}

bool
af_uses_baseline(const af_rule *rule)
{
	if (rule->subject == AF_SUBJECT_CHANGE)
		return true;
	for (int b = 0; b < rule->band_count; b++)
		for (int c = 0; c < rule->band[b].comparison_count; c++)
			if (rule->band[b].comparison[c].kind == AF_VALUE_BASELINE)
				return true;
	return false;
}

void
af_bands_compile(const af_model_rule *rule, af_compiled_band *bands)
{
	af_subject	subject = af_subject_of(rule);

	for (int i = 0; i < rule->rule.band_count; i++)
		compile_band(rule, &rule->rule.band[i], subject, &bands[i]);
	order_bands(bands, rule->rule.band_count);
}
