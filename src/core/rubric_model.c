/*
 * rubric_model.c
 *		A rubric's flat block back to its document.
 */
#include <string.h>

#include "rubric_model.h"
#include "rule_read.h"

af_model *
af_rubric_model(const af_rubric *rubric, const af_memory *memory)
{
	af_model   *model = memory->allocate(memory->context, sizeof(af_model));

#define ROOM(count, type) memory->allocate(memory->context, sizeof(type) * (size_t) ((count) + 1))
	memset(model, 0, sizeof(*model));
	model->code = af_rubric_text(rubric, rubric->code);
	model->edition = af_rubric_text(rubric, rubric->edition);
	model->title = af_rubric_text(rubric, rubric->title);
	model->total = rubric->total;
	model->from = rubric->from;
	model->to = rubric->to;
	model->as_of = rubric->as_of;
	model->baseline = (af_baseline_kind) rubric->baseline;
	model->baseline_start = rubric->baseline_start;
	model->section_count = rubric->section_count;
	model->item_count = rubric->item_count;
	model->rule_count = rubric->rule_count;
	model->sections = ROOM(model->section_count, af_model_section);
	model->items = ROOM(model->item_count, af_model_item);
	model->rules = ROOM(model->rule_count, af_model_rule);
#undef ROOM
	for (int i = 0; i < model->section_count; i++)
	{
		const af_compiled_section *from = &af_rubric_sections(rubric)[i];
		af_model_section *to = &model->sections[i];

		to->title = af_rubric_text(rubric, from->title);
		to->points = from->points;
		to->first_item = from->first_item;
		to->item_count = from->item_count;
	}
	for (int i = 0; i < model->item_count; i++)
	{
		const af_compiled_item *from = &af_rubric_items(rubric)[i];
		af_model_item *to = &model->items[i];

		to->number = af_rubric_text(rubric, from->number);
		to->title = af_rubric_text(rubric, from->title);
		to->points = from->points;
		to->overflow = (af_overflow) from->overflow;
		to->combine = (af_combine) from->combine;
		to->section = from->section;
		to->first_rule = from->first_written;
		to->rule_count = from->rule_count;
	}
	for (int i = 0; i < model->rule_count; i++)
	{
		const af_compiled_rule *from = &af_rubric_rules(rubric)[i];
		af_model_rule *to = &model->rules[from->written];
		af_span		text = af_rubric_text(rubric, from->text);
		af_error	error;

		memset(to, 0, sizeof(*to));
		to->measure = af_rubric_text(rubric, from->measure);
		if (!af_rule_read(text.data, text.length, &to->rule, &error))
			return NULL;		/* not a block that we wrote */
		to->has_required = from->has_required;
		to->required = from->required;
		to->window = (af_window_kind) from->window_kind;
		to->clause = af_rubric_text(rubric, from->clause);
		to->reading = af_rubric_text(rubric, from->reading);
		to->waived = from->waived;
		to->decided = from->decided;
		to->decided_reading = af_rubric_text(rubric, from->decided_reading);
	}
	return model;
}
