/*
 * rubric_model.h
 *		A rubric as a document: what its JSON says, before it is compiled.
 */
#ifndef AF_RUBRIC_MODEL_H
#define AF_RUBRIC_MODEL_H

#include "rubric.h"

typedef struct af_model_rule
{
	af_span		measure;
	af_rule		rule;
	bool		has_required;
	af_number	required;
	af_window_kind window;
	af_span		clause;			/* data is NULL where there is none */
	af_span		reading;

	/* What people decided; see rubric_decide.c. */
	bool		waived;
	af_points	decided;		/* -1: nothing */
	af_span		decided_reading;
	unsigned	decided_in_list;	/* what the list at hand has said of this rule */
} af_model_rule;

typedef struct af_model_item
{
	af_span		number;
	af_span		title;
	af_points	points;
	af_overflow overflow;
	af_combine	combine;
	int			section;
	int			first_rule;
	int			rule_count;
} af_model_item;

typedef struct af_model_section
{
	af_span		title;
	af_points	points;
	int			first_item;
	int			item_count;
} af_model_section;

typedef struct af_model
{
	af_span		code;
	af_span		edition;
	af_span		title;
	af_points	total;
	af_day		from;
	af_day		to;
	af_day		as_of;
	af_baseline_kind baseline;
	af_day		baseline_start;
	int			section_count;
	int			item_count;
	int			rule_count;
	af_model_section *sections;
	af_model_item *items;
	af_model_rule *rules;
} af_model;

/* Text to document: rubric_read.c.  NULL on error. */
extern af_model *af_model_read(const char *text, size_t length, const af_memory *memory, af_error *error);

/* Enter decisions, a JSON array: rubric_decide.c. */
extern bool af_model_decide(af_model *model, const af_json *decisions, af_error *error);

/* Document to block, and back: rubric_compile.c, rubric_model.c.  NULL on error. */
extern af_rubric *af_rubric_compile(const af_model *model, const af_memory *memory, af_error *error);
extern af_model *af_rubric_model(const af_rubric *rubric, const af_memory *memory);

/* Document to canonical JSON: rubric_write.c. */
extern void af_model_write(const af_model *model, af_text *out);
extern void af_model_write_decisions(const af_model *model, af_text *out);

/*
 * What two rubrics must share for their scorecards to be added, as text to
 * be digested: rules, windows, baseline and as-of date, and nothing else.
 */
extern void af_rubric_identity_text(const af_rubric *rubric, af_text *out);

extern const char *const af_baseline_names[];
extern const char *const af_window_names[];
extern const char *const af_overflow_names[];
extern const char *const af_combine_names[];

#endif
