/*
 * rule_json.c
 *		A rule as JSON (RFC 8259), every key present.
 *
 * Nothing here needs escaping: names of rungs are lower-case letters.
 */
#include "rule_write.h"

#include "rule_words.h"

static void
append_key(af_text *out, const char *before, const char *key)
{
	af_text_append_string(out, before);
	af_text_append_string(out, "\"");
	af_text_append_string(out, key);
	af_text_append_string(out, "\":");
}

static void
append_string(af_text *out, const char *string)
{
	af_text_append_string(out, "\"");
	af_text_append_string(out, string);
	af_text_append_string(out, "\"");
}

static void
append_number(af_text *out, bool present, int64_t value, int decimals)
{
	char		buffer[AF_DECIMAL_SIZE];

	if (present)
		af_text_append(out, buffer, af_decimal_write(buffer, value, decimals));
	else
		af_text_append_string(out, "null");
}

static const char *
unit_of(af_subject subject, af_value_kind kind)
{
	if (kind != AF_VALUE_NUMBER)
		return af_word_text(AF_WORD_VALUE, kind);
	switch (subject)
	{
		case AF_SUBJECT_AMOUNT:
			return "yuan";
		case AF_SUBJECT_RATE:
		case AF_SUBJECT_CHANGE:
			return "percent";
		default:
			return "count";
	}
}

static void
append_condition(af_text *out, const af_rule *rule, const af_band *band)
{
	if (band->comparison_count == 0)
	{
		af_text_append_string(out, "null");
		return;
	}
	for (int i = 0; i < band->comparison_count; i++)
	{
		const af_comparison *comparison = &band->comparison[i];

		append_key(out, i == 0 ? "[{" : ",{", "subject");
		append_string(out, af_word_text(AF_WORD_SUBJECT, rule->subject));
		append_key(out, ",", "op");
		append_string(out, af_word_text(AF_WORD_OPERATOR, comparison->operator));
		append_key(out, ",", "value");
		append_number(out, comparison->kind == AF_VALUE_NUMBER, comparison->value, AF_NUMBER_DECIMALS);
		append_key(out, ",", "unit");
		append_string(out, unit_of(rule->subject, comparison->kind));
		af_text_append_string(out, "}");
	}
	af_text_append_string(out, "]");
}

static void
append_band(af_text *out, const af_rule *rule, const af_band *band)
{
	bool		scores = band->effect == AF_DEDUCT || band->effect == AF_ADD;

	append_key(out, "{", "effect");
	append_string(out, af_word_text(AF_WORD_EFFECT, band->effect));
	append_key(out, ",", "points");
	append_number(out, scores, band->points, AF_POINTS_DECIMALS);
	append_key(out, ",", "points_max");
	append_number(out, scores && band->points_max != band->points, band->points_max, AF_POINTS_DECIMALS);
	append_key(out, ",", "per");
	if (band->per == AF_PER_NOTHING)
		af_text_append_string(out, "null");
	else
	{
		append_key(out, "{", "step");
		append_number(out, true, band->step, AF_NUMBER_DECIMALS);
		append_key(out, ",", "unit");
		append_string(out, af_word_text(AF_WORD_STEP, band->per));
		af_text_append_string(out, "}");
	}
	append_key(out, ",", "cond");
	append_condition(out, rule, band);
	append_key(out, ",", "level");
	if (band->effect == AF_RAISE)
		append_string(out, band->rung);
	else
		af_text_append_string(out, "null");
	af_text_append_string(out, "}");
}

void
af_rule_write_json(const af_rule *rule, af_text *out)
{
	append_key(out, "{", "bands");
	for (int i = 0; i < rule->band_count; i++)
	{
		af_text_append_string(out, i == 0 ? "[" : ",");
		append_band(out, rule, &rule->band[i]);
	}
	append_key(out, "],", "cap");
	append_number(out, rule->cap >= 0, rule->cap, AF_POINTS_DECIMALS);
	af_text_append_string(out, "}");
}
