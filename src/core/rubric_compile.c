/*
 * rubric_compile.c
 *		A rubric's document to its flat block.
 */
#include <stdlib.h>
#include <string.h>

#include "measure_index.h"
#include "rubric_bands.h"
#include "rubric_windows.h"
#include "rule_write.h"

/* A rule on its way to its sorted place. */
typedef struct sortable
{
	const af_model_rule *rule;
	af_span		text;
	int			item;
	int			ordinal;
	int			written;
} sortable;

typedef struct builder
{
	char	   *block;
	uint32_t	size;
} builder;

static int
compare_spans(af_span a, af_span b)
{
	size_t		shorter = a.length < b.length ? a.length : b.length;
	int			order = shorter ? memcmp(a.data, b.data, shorter) : 0;

	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

/*
 * The order of rules in the block, and so of counters in a scorecard, must
 * not depend on where the document puts them: the written order only decides
 * between rules that count the same anyway.
 */
static int
compare_rules(const void *left, const void *right)
{
	const sortable *a = left;
	const sortable *b = right;
	int			order = compare_spans(a->rule->measure, b->rule->measure);

	if (order == 0)
		order = (int) a->rule->window - (int) b->rule->window;
	if (order == 0)
		order = compare_spans(a->text, b->text);
	if (order == 0)
		order = (a->rule->required > b->rule->required) - (a->rule->required < b->rule->required);
	if (order == 0)
		order = a->rule->has_required - b->rule->has_required;
	if (order == 0)
		order = a->written - b->written;
	return order;
}

/* Arrays are laid out on eight-byte boundaries, as the whole block is. */
static uint32_t
reserve(builder *b, size_t size)
{
	uint32_t	offset = (b->size + 7) & ~(uint32_t) 7;

	b->size = offset + (uint32_t) size;
	return offset;
}

static af_place
put_text(builder *b, af_span text)
{
	af_place	place = {0, 0};

	if (text.data == NULL)
		return place;
	place.offset = b->size;
	place.length = (uint32_t) text.length;
	if (b->block != NULL && text.length > 0)
		memcpy(b->block + b->size, text.data, text.length);
	b->size += (uint32_t) text.length;
	return place;
}

/* Facts and quantities always; then bases, a baseline, or one a band. */
static int
counters_of(const af_model_rule *rule)
{
	int			count = 2;

	if (rule->rule.subject == AF_SUBJECT_RATE || af_uses_baseline(&rule->rule))
		count++;
	if (rule->rule.subject == AF_SUBJECT_AMOUNT)
		count += rule->rule.band_count;
	return count;
}

static void
widen(af_compiled_measure *measure, af_day from, af_day to)
{
	if (from > to)
		return;
	if (measure->from > measure->to)
	{
		measure->from = from;
		measure->to = to;
		return;
	}
	if (from < measure->from)
		measure->from = from;
	if (to > measure->to)
		measure->to = to;
}

/* Group the sorted rules by measure, and hash the measures' names. */
static void
index_measures(af_rubric *rubric)
{
	af_compiled_measure *measures = af_rubric_measures(rubric);
	const af_compiled_rule *rules = af_rubric_rules(rubric);
	uint16_t   *slots = AF_RUBRIC_ARRAY(rubric, slots, uint16_t);
	uint32_t	mask = rubric->slot_count - 1u;
	af_compiled_measure *measure = NULL;

	for (int i = 0; i < rubric->rule_count; i++)
	{
		af_span		name = af_rubric_text(rubric, rules[i].measure);

		if (measure == NULL || compare_spans(name, af_rubric_text(rubric, measure->name)) != 0)
		{
			uint32_t	slot;

			measure = &measures[rubric->measure_count++];
			af_measure_ends(name.data, name.length, &measure->head, &measure->tail);
			slot = af_measure_place(measure->head, measure->tail, name.length) & mask;
			measure->name = rules[i].measure;
			measure->first_rule = (uint16_t) i;
			measure->from = 1;
			measure->to = 0;
			while (slots[slot] != 0)
				slot = (slot + 1) & mask;
			slots[slot] = rubric->measure_count;
		}
		measure->rule_count++;
		if (rules[i].subject == AF_SUBJECT_AMOUNT)
			measure->uses_amount = true;
		for (int w = 0; w < rules[i].window_count; w++)
		{
			const af_window *window = &af_rubric_windows(rubric)[rules[i].first_window + w];

			widen(measure, window->from, window->to);
			for (int y = 0; rules[i].uses_baseline && y < rubric->baseline_years; y++)
				widen(measure, window->baseline_from[y], window->baseline_to[y]);
		}
	}
}

/*
 * Write the block.  Called twice: without memory to learn its size, then with
 * zeroed memory to fill it.
 */
static void
build(const af_model *model, const sortable *sorted, builder *b, const int *window_counts)
{
	af_rubric	header;
	af_rubric  *rubric = b->block ? (af_rubric *) b->block : &header;
	bool		fill = b->block != NULL;
	int			bands = 0;
	int			windows = 0;
	int			first_window[3];
	int			counters = 0;

	memset(&header, 0, sizeof(header));
	for (int i = 0; i < model->rule_count; i++)
		bands += model->rules[i].rule.band_count;
	for (int kind = 0; kind < 3; kind++)
	{
		first_window[kind] = windows;
		windows += window_counts[kind];
	}
	rubric->slot_count = 4;
	while (rubric->slot_count < 2 * model->rule_count)
		rubric->slot_count *= 2;

	b->size = sizeof(af_rubric);
	rubric->slots = reserve(b, sizeof(uint16_t) * rubric->slot_count);
	rubric->measures = reserve(b, sizeof(af_compiled_measure) * (size_t) model->rule_count);
	rubric->rules = reserve(b, sizeof(af_compiled_rule) * (size_t) model->rule_count);
	rubric->bands = reserve(b, sizeof(af_compiled_band) * (size_t) bands);
	rubric->windows = reserve(b, sizeof(af_window) * (size_t) windows);
	rubric->written = reserve(b, sizeof(uint16_t) * (size_t) model->rule_count);
	rubric->items = reserve(b, sizeof(af_compiled_item) * (size_t) model->item_count);
	rubric->sections = reserve(b, sizeof(af_compiled_section) * (size_t) model->section_count);

	rubric->format = AF_RUBRIC_FORMAT;
	rubric->baseline = (uint8_t) model->baseline;
	rubric->baseline_years = model->baseline == AF_BASELINE_MEAN_3_YEARS ? 3 : model->baseline == AF_BASELINE_LAST_YEAR ? 1 : 0;
	rubric->from = model->from;
	rubric->to = model->to;
	rubric->as_of = model->as_of;
	rubric->baseline_start = model->baseline_start;
	rubric->rule_count = (uint16_t) model->rule_count;
	rubric->item_count = (uint16_t) model->item_count;
	rubric->section_count = (uint16_t) model->section_count;
	rubric->window_count = (uint16_t) windows;
	rubric->total = model->total;
	rubric->code = put_text(b, model->code);
	rubric->edition = put_text(b, model->edition);
	rubric->title = put_text(b, model->title);
	for (int kind = 0; fill && kind < 3; kind++)
		if (window_counts[kind] > 0)
			af_windows_fill(model, (af_window_kind) kind, af_rubric_windows(rubric) + first_window[kind]);

	for (int i = 0; i < model->rule_count; i++)
	{
		const sortable *from = &sorted[i];
		const af_model_rule *rule = from->rule;
		af_compiled_rule scratch;
		af_compiled_rule *out = fill ? &af_rubric_rules(rubric)[i] : &scratch;

		out->subject = (uint8_t) af_subject_of(rule);
		out->window_kind = (uint8_t) rule->window;
		out->uses_baseline = af_uses_baseline(&rule->rule);
		out->waived = rule->waived;
		out->has_required = rule->has_required;
		out->required = rule->required;
		out->decided = rule->decided;
		out->cap = rule->rule.cap;
		out->item = (uint16_t) from->item;
		out->ordinal = (uint16_t) from->ordinal;
		out->written = (uint16_t) from->written;
		out->window_counters = (uint16_t) counters_of(rule);
		out->first_window = (uint16_t) first_window[rule->window];
		out->window_count = (uint16_t) window_counts[rule->window];
		out->plain = out->window_count == 1 && !out->uses_baseline &&
			(out->subject == AF_SUBJECT_NONE || out->subject == AF_SUBJECT_COUNT);
		out->first_counter = (uint16_t) counters;
		counters += out->window_counters * out->window_count;
		out->first_band = rubric->band_count;
		out->band_count = (uint16_t) rule->rule.band_count;
		rubric->band_count = (uint16_t) (rubric->band_count + rule->rule.band_count);
		if (fill)
			af_bands_compile(rule, &af_rubric_bands(rubric)[out->first_band]);

		/* Rules on one measure stand together and share its name. */
		if (fill && i > 0 && compare_spans(rule->measure, sorted[i - 1].rule->measure) == 0)
			out->measure = af_rubric_rules(rubric)[i - 1].measure;
		else
			out->measure = put_text(b, rule->measure);
		out->text = put_text(b, from->text);
		out->clause = put_text(b, rule->clause);
		out->reading = put_text(b, rule->reading);
		out->decided_reading = put_text(b, rule->decided_reading);
		if (fill)
			af_rubric_written(rubric)[from->written] = (uint16_t) i;
	}
	rubric->counter_count = (uint16_t) counters;
	for (int i = 0; i < model->item_count; i++)
	{
		const af_model_item *item = &model->items[i];
		af_compiled_item scratch;
		af_compiled_item *out = fill ? &af_rubric_items(rubric)[i] : &scratch;

		out->points = item->points;
		out->section = (uint16_t) item->section;
		out->first_written = (uint16_t) item->first_rule;
		out->rule_count = (uint16_t) item->rule_count;
		out->overflow = (uint8_t) item->overflow;
		out->combine = (uint8_t) item->combine;
		out->number = put_text(b, item->number);
		out->title = put_text(b, item->title);
	}
	for (int i = 0; i < model->section_count; i++)
	{
		const af_model_section *section = &model->sections[i];
		af_compiled_section scratch;
		af_compiled_section *out = fill ? &af_rubric_sections(rubric)[i] : &scratch;

		out->points = section->points;
		out->first_item = (uint16_t) section->first_item;
		out->item_count = (uint16_t) section->item_count;
		out->title = put_text(b, section->title);
	}
	if (fill)
		index_measures(rubric);
	rubric->size = b->size;
}

/*
 * A value must be readable from its own text, or a dump could not be
 * restored; and the canonical text may be longer than the text that was read.
 * It has at most six bytes for one of the block (an escape), so that only a
 * large rubric needs to be written to know.
 */
static bool
check_text_size(const af_model *model, const builder *b, const af_memory *memory, af_error *error)
{
	af_text		text;

	if (b->size <= AF_JSON_MAX_SIZE / 6)
		return true;
	af_text_init(&text, memory);
	af_model_write(model, &text);
	memory->release(memory->context, text.data);
	if (text.length <= AF_JSON_MAX_SIZE)
		return true;
	af_error_set(error, AF_LIMIT, "the rubric is too large: its canonical text has %zu bytes", text.length);
	af_error_detail(error, "At most %zu bytes are read, and a rubric must be readable from its own text.", AF_JSON_MAX_SIZE);
	return af_error_hint(error, "Shorten the titles, clauses and readings, or divide the document.");
}

af_rubric *
af_rubric_compile(const af_model *model, const af_memory *memory, af_error *error)
{
	sortable   *sorted = memory->allocate(memory->context, sizeof(sortable) * (size_t) (model->rule_count + 1));
	int			window_counts[3] = {0, 0, 0};
	long		counters = 0;
	builder		b = {NULL, 0};

	for (int i = 0; i < model->item_count; i++)
		for (int n = 0; n < model->items[i].rule_count; n++)
		{
			int			written = model->items[i].first_rule + n;
			const af_model_rule *rule = &model->rules[written];
			af_text		text;

			af_text_init(&text, memory);
			af_rule_write(&rule->rule, &text);
			sorted[written].rule = rule;
			sorted[written].text.data = text.data;
			sorted[written].text.length = text.length;
			sorted[written].item = i;
			sorted[written].ordinal = n + 1;
			sorted[written].written = written;
			window_counts[rule->window] = af_window_count(model, rule->window);
			counters += (long) counters_of(rule) * window_counts[rule->window];
			if (counters > AF_RUBRIC_MAX_COUNTERS)
			{
				af_error_set(error, AF_LIMIT, "the rubric needs more than %d counters", AF_RUBRIC_MAX_COUNTERS);
				af_error_detail(error, "A rule takes two counters, one more for a rate or a baseline and one for each band on amounts, in each of its windows; a window of month has one for each month of the period.");
				return af_error_hint(error, "Divide the rubric, or judge fewer rules by month."), NULL;
			}
		}
	qsort(sorted, (size_t) model->rule_count, sizeof(sortable), compare_rules);
	build(model, sorted, &b, window_counts);
	if (!check_text_size(model, &b, memory, error))
		return NULL;
	b.block = memory->allocate(memory->context, b.size);
	memset(b.block, 0, b.size);
	build(model, sorted, &b, window_counts);
	return (af_rubric *) b.block;
}
