/*
 * rule_write.c
 *		From rule to canonical English text.
 *
 * Lower case, single spaces, no needless zeros; comparisons and bands in
 * their written order, because order breaks ties between bands.
 */
#include "rule_write.h"

#include "rule_words.h"

static void
append_decimal(af_text *out, int64_t value, int decimals)
{
	char		buffer[AF_DECIMAL_SIZE];

	af_text_append(out, buffer, af_decimal_write(buffer, value, decimals));
}

static void
append_word(af_text *out, af_word_class class, int value)
{
	af_text_append_string(out, af_word_text(class, value));
}

static void
append_joint(af_text *out, af_joint joint)
{
	af_text_append_string(out, " ");
	append_word(out, AF_WORD_JOINT, joint);
	af_text_append_string(out, " ");
}

static void
append_step(af_text *out, const af_band *band)
{
	/* One occurrence or day goes without saying; "per missing" alone reads oddly. */
	bool		implied = (band->per == AF_PER_OCCURRENCE || band->per == AF_PER_DAY) &&
		band->step == AF_NUMBER_SCALE;

	append_joint(out, AF_JOINT_PER);
	if (!implied)
	{
		append_decimal(out, band->step, AF_NUMBER_DECIMALS);
		af_text_append_string(out, " ");
	}
	append_word(out, AF_WORD_STEP, band->per);
}

static void
append_comparison(af_text *out, af_subject subject, const af_comparison *comparison)
{
	append_word(out, AF_WORD_SUBJECT, subject);
	af_text_append_string(out, " ");
	append_word(out, AF_WORD_OPERATOR, comparison->operator);
	af_text_append_string(out, " ");
	if (comparison->kind != AF_VALUE_NUMBER)
	{
		append_word(out, AF_WORD_VALUE, comparison->kind);
		return;
	}
	append_decimal(out, comparison->value, AF_NUMBER_DECIMALS);
	if (subject == AF_SUBJECT_RATE || subject == AF_SUBJECT_CHANGE)
		af_text_append_string(out, "%");
}

void
af_band_write(const af_rule *rule, const af_band *band, af_text *out)
{
	append_word(out, AF_WORD_EFFECT, band->effect);
	if (band->effect == AF_RAISE)
	{
		af_text_append_string(out, " ");
		af_text_append_string(out, band->rung);
	}
	else if (band->effect == AF_DEDUCT || band->effect == AF_ADD)
	{
		af_text_append_string(out, " ");
		append_decimal(out, band->points, AF_POINTS_DECIMALS);
		if (band->points_max != band->points)
		{
			af_text_append_string(out, "..");
			append_decimal(out, band->points_max, AF_POINTS_DECIMALS);
		}
	}
	if (band->per != AF_PER_NOTHING)
		append_step(out, band);
	for (int i = 0; i < band->comparison_count; i++)
	{
		append_joint(out, i == 0 ? AF_JOINT_IF : AF_JOINT_AND);
		append_comparison(out, rule->subject, &band->comparison[i]);
	}
}

void
af_rule_write(const af_rule *rule, af_text *out)
{
	for (int i = 0; i < rule->band_count; i++)
	{
		if (i > 0)
			af_text_append_string(out, ", ");
		af_band_write(rule, &rule->band[i], out);
	}
	if (rule->cap >= 0)
	{
		append_joint(out, AF_JOINT_CAP);
		append_decimal(out, rule->cap, AF_POINTS_DECIMALS);
	}
}
