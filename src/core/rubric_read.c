/*
 * rubric_read.c
 *		A rubric's JSON document, checked: keys, dates, sums, duplicates.
 */
#include <stdio.h>
#include <string.h>

#include "rubric_model.h"
#include "rule_read.h"

const char *const af_baseline_names[] = {NULL, "last_year", "mean_3_years", NULL};
const char *const af_window_names[] = {"period", "year", "month", NULL};
const char *const af_overflow_names[] = {"none", "section", "total", NULL};
const char *const af_combine_names[] = {"sum", "max", NULL};

#define MAX_MEASURE_BYTES 63	/* a code, not a sentence; as long as a PostgreSQL name */
#define WHERE_SIZE 160

typedef struct reader
{
	const af_memory *memory;
	af_error   *error;
	af_model   *model;
} reader;

static bool
require(reader *r, const af_json *value, const char *key, const char *where)
{
	if (value != NULL)
		return true;
	af_error_set(r->error, AF_SYNTAX, "%s has no \"%s\"", where, key);
	af_error_detail(r->error, "The key \"%s\" has no default.", key);
	return af_error_hint(r->error, "Add it to the document.");
}

static bool
wrong_kind(reader *r, const af_json *value, const char *key, const char *where, const char *wanted)
{
	af_error_set(r->error, AF_SYNTAX, "\"%s\" of %s must be %s, not %s", key, where, wanted, af_json_kind_name(value));
	af_error_detail(r->error, "A rubric is a JSON document of a fixed form.");
	return af_error_hint(r->error, "See the form of a rubric in doc/reference.md.");
}

/* An optional text; empty counts as text. */
static bool
read_text(reader *r, const af_json *value, const char *key, const char *where, af_span *text)
{
	text->data = NULL;
	text->length = 0;
	if (value == NULL)
		return true;
	if (value->kind != AF_JSON_STRING)
		return wrong_kind(r, value, key, where, "a string");
	*text = value->text;
	return true;
}

/* A code, an edition or an item's number: a string, or a number as written. */
static bool
read_label(reader *r, const af_json *value, const char *key, const char *where, af_span *text)
{
	if (!require(r, value, key, where))
		return false;
	if (value->kind != AF_JSON_STRING && value->kind != AF_JSON_NUMBER)
		return wrong_kind(r, value, key, where, "a string or a number");
	*text = value->text;
	if (text->length > 0)
		return true;
	af_error_set(r->error, AF_SYNTAX, "\"%s\" of %s is empty", key, where);
	af_error_detail(r->error, "Explanations and decisions refer to it.");
	return af_error_hint(r->error, "Give it the name under which people know it.");
}

static bool
read_points(reader *r, const af_json *value, const char *key, const char *where, af_points *points)
{
	char		excerpt[AF_EXCERPT_SIZE];
	size_t		used;

	if (!require(r, value, key, where))
		return false;
	if (value->kind != AF_JSON_NUMBER)
		return wrong_kind(r, value, key, where, "a number");
	af_excerpt(excerpt, value->text.data, value->text.length);
	switch (af_decimal_read(value->text.data, value->text.length, AF_POINTS_DECIMALS, AF_POINTS_MAX, points, &used))
	{
		case AF_DECIMAL_OK:
			return true;
		case AF_DECIMAL_NONE:
			af_error_set(r->error, AF_RANGE, "\"%s\" of %s is %s", key, where, excerpt);
			af_error_detail(r->error, "Points are never negative.");
			return af_error_hint(r->error, "A deduction is a rule: write the points that the item is worth.");
		case AF_DECIMAL_TOO_FINE:
			af_error_set(r->error, AF_SYNTAX, "\"%s\" of %s is %s", key, where, excerpt);
			af_error_detail(r->error, "Points have at most two decimals.");
			return af_error_hint(r->error, "Write the points as the official document has them.");
		case AF_DECIMAL_TOO_LARGE:
			break;
	}
	af_error_set(r->error, AF_RANGE, "\"%s\" of %s is %s", key, where, excerpt);
	af_error_detail(r->error, "Points are at most ten million.");
	return af_error_hint(r->error, "Write the points as the official document has them.");
}

static bool
read_number(reader *r, const af_json *value, const char *key, const char *where, af_number *number)
{
	char		excerpt[AF_EXCERPT_SIZE];
	bool		negative;
	size_t		used;

	if (value->kind != AF_JSON_NUMBER)
		return wrong_kind(r, value, key, where, "a number");
	negative = value->text.data[0] == '-';
	switch (af_decimal_read(value->text.data + negative, value->text.length - negative,
							AF_NUMBER_DECIMALS, AF_NUMBER_MAX, number, &used))
	{
		case AF_DECIMAL_OK:
			if (negative)
				*number = -*number;
			return true;
		case AF_DECIMAL_NONE:
		case AF_DECIMAL_TOO_FINE:
		case AF_DECIMAL_TOO_LARGE:
			break;
	}
	af_error_set(r->error, AF_RANGE, "\"%s\" of %s is %s", key, where,
				 af_excerpt(excerpt, value->text.data, value->text.length));
	af_error_detail(r->error, "Numbers have at most six decimals and are at most 1000000000000.");
	return af_error_hint(r->error, "Write the number that the official document requires.");
}

/* One of a fixed list of names; absent is the first. */
static bool
read_choice(reader *r, const af_json *value, const char *key, const char *where,
			const char *const *names, int count, int *choice)
{
	char		excerpt[AF_EXCERPT_SIZE];
	char		list[96];
	size_t		used = 0;

	*choice = 0;
	if (value == NULL)
		return true;
	if (value->kind != AF_JSON_STRING)
		return wrong_kind(r, value, key, where, "a string");
	for (int i = 0; i < count; i++)
		if (names[i] != NULL && strlen(names[i]) == value->text.length &&
			memcmp(names[i], value->text.data, value->text.length) == 0)
		{
			*choice = i;
			return true;
		}
	for (int i = 0; i < count; i++)
		used += (size_t) snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", names[i] ? names[i] : "null");
	af_error_set(r->error, AF_SYNTAX, "\"%s\" of %s is \"%s\"", key, where,
				 af_excerpt(excerpt, value->text.data, value->text.length));
	af_error_detail(r->error, "It must be one of: %s.", list);
	return af_error_hint(r->error, "Choose one of them, or leave the key out for the first.");
}

static bool
read_day(reader *r, const af_json *value, const char *key, const char *where, af_day *day)
{
	char		excerpt[AF_EXCERPT_SIZE];

	if (value->kind != AF_JSON_STRING)
		return wrong_kind(r, value, key, where, "a date as a string");
	if (af_day_read(value->text.data, value->text.length, day))
		return true;
	af_error_set(r->error, AF_DATE, "\"%s\" of %s is \"%s\"", key, where,
				 af_excerpt(excerpt, value->text.data, value->text.length));
	af_error_detail(r->error, "It is not a date of the form YYYY-MM-DD in the years 0001 to 9999.");
	return af_error_hint(r->error, "Write a day that exists, for instance 2023-05-01.");
}

static bool
read_period(reader *r, const af_json *value)
{
	if (!require(r, value, "period", "the rubric"))
		return false;
	if (value->kind != AF_JSON_ARRAY || value->count != 2)
	{
		af_error_set(r->error, AF_SYNTAX, "\"period\" of the rubric must be an array of two dates");
		af_error_detail(r->error, "A period has a first and a last day, both of them in it.");
		return af_error_hint(r->error, "Write the first and the last day: [\"2023-05-01\", \"2023-12-31\"].");
	}
	if (!read_day(r, value->first, "period", "the rubric", &r->model->from) ||
		!read_day(r, value->first->next, "period", "the rubric", &r->model->to))
		return false;
	if (r->model->from <= r->model->to)
		return true;
	af_error_set(r->error, AF_INVALID, "the period of the rubric ends before it begins");
	af_error_detail(r->error, "A period has a first and a last day, both of them in it.");
	return af_error_hint(r->error, "Write the first day, then the last.");
}

static bool
read_list(reader *r, const af_json *value, const char *key, const char *where)
{
	if (!require(r, value, key, where))
		return false;
	return value->kind == AF_JSON_ARRAY || wrong_kind(r, value, key, where, "an array");
}

static bool
uses(const af_rule *rule, af_value_kind kind)
{
	for (int b = 0; b < rule->band_count; b++)
		for (int c = 0; c < rule->band[b].comparison_count; c++)
			if (rule->band[b].comparison[c].kind == kind)
				return true;
	return false;
}

static bool
read_rule(reader *r, const af_json *json, const char *item_where, int ordinal, af_model_rule *rule)
{
	static const char *const names[] = {"measure", "rule", "required", "window", "clause", "reading"};
	const af_json *member[6];
	char		where[WHERE_SIZE + 32];
	af_error	inner;
	int			choice;

	memset(rule, 0, sizeof(*rule));
	rule->decided = -1;
	snprintf(where, sizeof(where), "rule %d of %s", ordinal, item_where);
	if (!af_json_members(json, names, 6, member, where, r->error) ||
		!require(r, member[0], "measure", where) ||
		!read_text(r, member[0], "measure", where, &rule->measure) ||
		!require(r, member[1], "rule", where) ||
		!read_choice(r, member[3], "window", where, af_window_names, 3, &choice) ||
		!read_text(r, member[4], "clause", where, &rule->clause) ||
		!read_text(r, member[5], "reading", where, &rule->reading))
		return false;
	rule->window = (af_window_kind) choice;
	if (rule->measure.length == 0 || rule->measure.length > MAX_MEASURE_BYTES)
	{
		char		excerpt[AF_EXCERPT_SIZE];

		af_error_set(r->error, AF_INVALID, "\"measure\" of %s is \"%s\"", where,
					 af_excerpt(excerpt, rule->measure.data, rule->measure.length));
		af_error_detail(r->error, "A measure's code has 1 to %d bytes.", MAX_MEASURE_BYTES);
		return af_error_hint(r->error, "Use a short code, such as case or den.");
	}
	if (member[1]->kind != AF_JSON_STRING)
		return wrong_kind(r, member[1], "rule", where, "a string");
	if (!af_rule_read(member[1]->text.data, member[1]->text.length, &rule->rule, &inner))
	{
		af_error_set(r->error, inner.code, "%s: %s", where, inner.message);
		af_error_detail(r->error, "%s", inner.detail);
		return af_error_hint(r->error, "%s", inner.hint);
	}
	rule->has_required = member[2] != NULL;
	if (rule->has_required && !read_number(r, member[2], "required", where, &rule->required))
		return false;
	if (!rule->has_required && uses(&rule->rule, AF_VALUE_REQUIRED))
	{
		af_error_set(r->error, AF_INVALID, "%s compares with a required number but has no \"required\"", where);
		af_error_detail(r->error, "The rule says only that a number is required; the rubric says which.");
		return af_error_hint(r->error, "Add the number that the official document requires.");
	}
	if (r->model->baseline == AF_BASELINE_NONE &&
		(uses(&rule->rule, AF_VALUE_BASELINE) || rule->rule.subject == AF_SUBJECT_CHANGE))
	{
		af_error_set(r->error, AF_INVALID, "%s compares with a baseline but the rubric has no \"baseline\"", where);
		af_error_detail(r->error, "The rule does not say which years it compares with; the rubric does.");
		return af_error_hint(r->error, "Set \"baseline\" of the rubric to last_year or mean_3_years.");
	}
	return true;
}

static bool
read_item(reader *r, const af_json *json, int section, int ordinal)
{
	static const char *const names[] = {"no", "title", "points", "overflow", "combine", "rules"};
	const af_json *member[6];
	af_model_item *item = &r->model->items[r->model->item_count];
	char		where[WHERE_SIZE];
	char		excerpt[AF_EXCERPT_SIZE];
	int			choice;

	memset(item, 0, sizeof(*item));
	snprintf(where, sizeof(where), "item %d of section %d", ordinal, section + 1);
	if (!af_json_members(json, names, 6, member, where, r->error) ||
		!read_label(r, member[0], "no", where, &item->number))
		return false;
	snprintf(where, sizeof(where), "item \"%s\"", af_excerpt(excerpt, item->number.data, item->number.length));
	for (int i = 0; i < r->model->item_count; i++)
		if (r->model->items[i].number.length == item->number.length &&
			memcmp(r->model->items[i].number.data, item->number.data, item->number.length) == 0)
		{
			af_error_set(r->error, AF_INVALID, "%s stands twice in the rubric", where);
			af_error_detail(r->error, "Items are known by their numbers, in decisions and explanations.");
			return af_error_hint(r->error, "Give each item a number of its own.");
		}
	item->section = section;
	item->first_rule = r->model->rule_count;
	if (!require(r, member[1], "title", where) ||
		!read_text(r, member[1], "title", where, &item->title) ||
		!read_points(r, member[2], "points", where, &item->points))
		return false;
	if (!read_choice(r, member[3], "overflow", where, af_overflow_names, 3, &choice))
		return false;
	item->overflow = (af_overflow) choice;
	if (!read_choice(r, member[4], "combine", where, af_combine_names, 2, &choice))
		return false;
	item->combine = (af_combine) choice;
	if (!read_list(r, member[5], "rules", where))
		return false;
	for (const af_json *rule = member[5]->first; rule; rule = rule->next)
	{
		if (!read_rule(r, rule, where, item->rule_count + 1, &r->model->rules[r->model->rule_count]))
			return false;
		r->model->rule_count++;
		item->rule_count++;
	}
	r->model->item_count++;
	return true;
}

static bool
check_sum(reader *r, af_points whole, af_wide parts, const char *what, const char *of)
{
	char		written[AF_DECIMAL_SIZE];
	char		summed[AF_DECIMAL_SIZE];

	if (whole == parts)
		return true;
	af_decimal_write(written, whole, AF_POINTS_DECIMALS);
	af_decimal_write(summed, parts, AF_POINTS_DECIMALS);
	af_error_set(r->error, AF_INVALID, "%s has %s points but its %s add up to %s", what, written, of, summed);
	af_error_detail(r->error, "Sections add up to the total, and items to their section.");
	return af_error_hint(r->error, "Correct the points: official rubrics add up, and so must this document.");
}

static bool
read_section(reader *r, const af_json *json)
{
	static const char *const names[] = {"title", "points", "items"};
	const af_json *member[3];
	int			ordinal = r->model->section_count;
	af_model_section *section = &r->model->sections[ordinal];
	char		where[WHERE_SIZE];
	af_wide		sum = 0;

	memset(section, 0, sizeof(*section));
	snprintf(where, sizeof(where), "section %d", ordinal + 1);
	section->first_item = r->model->item_count;
	if (!af_json_members(json, names, 3, member, where, r->error) ||
		!require(r, member[0], "title", where) ||
		!read_text(r, member[0], "title", where, &section->title) ||
		!read_points(r, member[1], "points", where, &section->points) ||
		!read_list(r, member[2], "items", where))
		return false;
	for (const af_json *item = member[2]->first; item; item = item->next)
	{
		if (!read_item(r, item, ordinal, section->item_count + 1))
			return false;
		sum += r->model->items[r->model->item_count - 1].points;
		section->item_count++;
	}
	r->model->section_count++;
	return check_sum(r, section->points, sum, where, "items");
}

/* Count before reading, so that arrays are made once and limits hold early. */
static bool
make_room(reader *r, const af_json *sections)
{
	int			items = 0;
	int			rules = 0;

	for (const af_json *section = sections->first; section; section = section->next)
		for (const af_json *list = section->kind == AF_JSON_OBJECT ? section->first : NULL; list; list = list->next)
			for (const af_json *item = list->kind == AF_JSON_ARRAY ? list->first : NULL; item; item = item->next)
			{
				items++;
				for (const af_json *part = item->kind == AF_JSON_OBJECT ? item->first : NULL; part; part = part->next)
					if (part->kind == AF_JSON_ARRAY)
						rules += part->count;
			}
	if (sections->count > AF_RUBRIC_MAX_ITEMS || items > AF_RUBRIC_MAX_ITEMS || rules > AF_RUBRIC_MAX_RULES)
	{
		af_error_set(r->error, AF_LIMIT, "the rubric is too large: sections %d, items %d, rules %d", sections->count, items, rules);
		af_error_detail(r->error, "At most %d sections, %d items and %d rules are allowed.",
						AF_RUBRIC_MAX_ITEMS, AF_RUBRIC_MAX_ITEMS, AF_RUBRIC_MAX_RULES);
		return af_error_hint(r->error, "Divide the document into several rubrics.");
	}
#define ROOM(count, type) r->memory->allocate(r->memory->context, sizeof(type) * (size_t) ((count) + 1))
	r->model->sections = ROOM(sections->count, af_model_section);
	r->model->items = ROOM(items, af_model_item);
	r->model->rules = ROOM(rules, af_model_rule);
#undef ROOM
	return true;
}

static bool
read_rubric(reader *r, const af_json *json)
{
	static const char *const names[] = {"code", "edition", "title", "total", "period", "baseline",
	"baseline_from", "sections", "as_of", "decisions"};
	static const char where[] = "the rubric";
	const af_json *member[10];
	af_model   *model = r->model;
	int			choice;
	af_wide		sum = 0;

	model->as_of = AF_DAY_NONE;
	model->baseline_start = AF_DAY_NONE;
	if (!af_json_members(json, names, 10, member, where, r->error) ||
		!read_label(r, member[0], "code", where, &model->code) ||
		!read_label(r, member[1], "edition", where, &model->edition) ||
		!require(r, member[2], "title", where) ||
		!read_text(r, member[2], "title", where, &model->title) ||
		!read_points(r, member[3], "total", where, &model->total) ||
		!read_period(r, member[4]) ||
		!read_choice(r, member[5], "baseline", where, af_baseline_names, 3, &choice))
		return false;
	model->baseline = (af_baseline_kind) choice;
	if (member[6] && !read_day(r, member[6], "baseline_from", where, &model->baseline_start))
		return false;
	if (member[8] && !read_day(r, member[8], "as_of", where, &model->as_of))
		return false;
	if (!read_list(r, member[7], "sections", where) || !make_room(r, member[7]))
		return false;
	for (const af_json *section = member[7]->first; section; section = section->next)
	{
		if (!read_section(r, section))
			return false;
		sum += model->sections[model->section_count - 1].points;
	}
	if (!check_sum(r, model->total, sum, where, "sections"))
		return false;
	return member[9] == NULL || af_model_decide(model, member[9], r->error);
}

af_model *
af_model_read(const char *text, size_t length, const af_memory *memory, af_error *error)
{
	reader		r = {memory, error, NULL};
	const af_json *json = af_json_read(text, length, memory, error);

	if (json == NULL)
		return NULL;
	r.model = memory->allocate(memory->context, sizeof(af_model));
	memset(r.model, 0, sizeof(af_model));
	return read_rubric(&r, json) ? r.model : NULL;
}
