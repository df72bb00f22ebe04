/*
 * rubric_write.c
 *		A rubric's document as canonical JSON: every key, in a fixed order.
 */
#include <string.h>

#include "rubric_model.h"
#include "rule_write.h"

static void
write_key(af_text *out, const char *key)
{
	if (out->data[out->length - 1] != '{')
		af_text_append(out, ",", 1);
	af_text_append(out, "\"", 1);
	af_text_append_string(out, key);
	af_text_append(out, "\":", 2);
}

static void
write_text(af_text *out, const char *key, af_span text)
{
	write_key(out, key);
	if (text.data == NULL)
		af_text_append_string(out, "null");
	else
		af_json_write_string(out, text.data, text.length);
}

static void
write_name(af_text *out, const char *key, const char *name)
{
	af_span		text = {name, name ? strlen(name) : 0};

	write_text(out, key, text);
}

static void
write_decimal(af_text *out, const char *key, int64_t value, int decimals)
{
	char		buffer[AF_DECIMAL_SIZE];

	write_key(out, key);
	af_text_append(out, buffer, af_decimal_write(buffer, value, decimals));
}

static void
write_day(af_text *out, const char *key, af_day day)
{
	char		buffer[AF_DAY_SIZE];

	if (day == AF_DAY_NONE)
	{
		write_name(out, key, NULL);
		return;
	}
	af_day_write(buffer, day);
	write_name(out, key, buffer);
}

static void
write_rule(const af_model_rule *rule, af_text *out)
{
	af_text		text;

	af_text_init(&text, out->memory);
	af_rule_write(&rule->rule, &text);
	af_text_append(out, "{", 1);
	write_text(out, "measure", rule->measure);
	write_name(out, "rule", text.data);
	if (rule->has_required)
		write_decimal(out, "required", rule->required, AF_NUMBER_DECIMALS);
	else
		write_name(out, "required", NULL);
	write_name(out, "window", af_window_names[rule->window]);
	write_text(out, "clause", rule->clause);
	write_text(out, "reading", rule->reading);
	af_text_append(out, "}", 1);
}

static void
write_item(const af_model *model, const af_model_item *item, af_text *out)
{
	af_text_append(out, "{", 1);
	write_text(out, "no", item->number);
	write_text(out, "title", item->title);
	write_decimal(out, "points", item->points, AF_POINTS_DECIMALS);
	write_name(out, "overflow", af_overflow_names[item->overflow]);
	write_name(out, "combine", af_combine_names[item->combine]);
	write_key(out, "rules");
	af_text_append(out, "[", 1);
	for (int i = 0; i < item->rule_count; i++)
	{
		if (i > 0)
			af_text_append(out, ",", 1);
		write_rule(&model->rules[item->first_rule + i], out);
	}
	af_text_append(out, "]}", 2);
}

void
af_model_write_decisions(const af_model *model, af_text *out)
{
	bool		first = true;

	af_text_append(out, "[", 1);
	for (int i = 0; i < model->item_count; i++)
		for (int n = 0; n < model->items[i].rule_count; n++)
		{
			const af_model_rule *rule = &model->rules[model->items[i].first_rule + n];

			if (rule->decided < 0 && !rule->waived && rule->decided_reading.data == NULL)
				continue;
			if (!first)
				af_text_append(out, ",", 1);
			first = false;
			af_text_append(out, "{", 1);
			write_text(out, "item", model->items[i].number);
			write_decimal(out, "rule", n + 1, 0);
			if (rule->decided >= 0)
				write_decimal(out, "points", rule->decided, AF_POINTS_DECIMALS);
			if (rule->waived)
			{
				write_key(out, "waived");
				af_text_append_string(out, "true");
			}
			if (rule->decided_reading.data != NULL)
				write_text(out, "reading", rule->decided_reading);
			af_text_append(out, "}", 1);
		}
	af_text_append(out, "]", 1);
}

void
af_model_write(const af_model *model, af_text *out)
{
	char		day[AF_DAY_SIZE];
	af_text		decisions;

	af_text_append(out, "{", 1);
	write_text(out, "code", model->code);
	write_text(out, "edition", model->edition);
	write_text(out, "title", model->title);
	write_decimal(out, "total", model->total, AF_POINTS_DECIMALS);
	write_key(out, "period");
	af_text_append(out, "[\"", 2);
	af_day_write(day, model->from);
	af_text_append_string(out, day);
	af_text_append(out, "\",\"", 3);
	af_day_write(day, model->to);
	af_text_append_string(out, day);
	af_text_append(out, "\"]", 2);
	write_name(out, "baseline", af_baseline_names[model->baseline]);
	write_day(out, "baseline_from", model->baseline_start);
	write_key(out, "sections");
	af_text_append(out, "[", 1);
	for (int i = 0; i < model->section_count; i++)
	{
		const af_model_section *section = &model->sections[i];

		af_text_append_string(out, i > 0 ? ",{" : "{");
		write_text(out, "title", section->title);
		write_decimal(out, "points", section->points, AF_POINTS_DECIMALS);
		write_key(out, "items");
		af_text_append(out, "[", 1);
		for (int n = 0; n < section->item_count; n++)
		{
			if (n > 0)
				af_text_append(out, ",", 1);
			write_item(model, &model->items[section->first_item + n], out);
		}
		af_text_append(out, "]}", 2);
	}
	af_text_append(out, "]", 1);
	if (model->as_of != AF_DAY_NONE)
		write_day(out, "as_of", model->as_of);
	af_text_init(&decisions, out->memory);
	af_model_write_decisions(model, &decisions);
	if (decisions.length > 2)
	{
		write_key(out, "decisions");
		af_text_append(out, decisions.data, decisions.length);
	}
	af_text_append(out, "}", 1);
}

static void
identify_day(af_text *out, af_day day)
{
	char		buffer[AF_DAY_SIZE] = "-";

	if (day != AF_DAY_NONE)
		af_day_write(buffer, day);
	af_text_append_string(out, buffer);
	af_text_append(out, "\n", 1);
}

/*
 * One line a fact about counting; measures are quoted, since they may hold
 * anything.  Released scorecards carry a digest of this text: it never
 * changes.
 */
void
af_rubric_identity_text(const af_rubric *rubric, af_text *out)
{
	af_text_append_string(out, "antifraud rubric 1\n");
	identify_day(out, rubric->from);
	identify_day(out, rubric->to);
	identify_day(out, rubric->as_of);
	af_text_append_string(out, rubric->baseline == AF_BASELINE_NONE ? "-" : af_baseline_names[rubric->baseline]);
	af_text_append(out, "\n", 1);
	identify_day(out, rubric->baseline_start);
	for (int i = 0; i < rubric->rule_count; i++)
	{
		const af_compiled_rule *rule = &af_rubric_rules(rubric)[i];
		af_span		measure = af_rubric_text(rubric, rule->measure);
		af_span		text = af_rubric_text(rubric, rule->text);
		char		required[AF_DECIMAL_SIZE] = "-";

		if (rule->has_required)
			af_decimal_write(required, rule->required, AF_NUMBER_DECIMALS);
		af_json_write_string(out, measure.data, measure.length);
		af_text_append(out, " ", 1);
		af_text_append_string(out, af_window_names[rule->window_kind]);
		af_text_append(out, " ", 1);
		af_text_append_string(out, required);
		af_text_append(out, " ", 1);
		af_text_append(out, text.data, text.length);
		af_text_append(out, "\n", 1);
	}
}
