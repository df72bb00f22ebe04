/*
 * rubric.h
 *		A compiled rubric: one flat block, ready to count facts with.
 *
 * The block is what the type `rubric` stores.  Everything that counting
 * needs comes first, sorted by measure; sections, items and texts follow.
 * All references are offsets from the start of the block, so it can be
 * copied, toasted and sent as it is.  It is written by af_rubric_compile
 * alone; text from outside always goes through the reader.
 */
#ifndef AF_RUBRIC_H
#define AF_RUBRIC_H

#include "civil.h"
#include "json.h"
#include "memory.h"
#include "points.h"
#include "result.h"
#include "rule_model.h"

#define AF_RUBRIC_FORMAT		1
#define AF_RUBRIC_MAX_RULES		256
#define AF_RUBRIC_MAX_COUNTERS	1000
#define AF_RUBRIC_MAX_ITEMS		256
#define AF_IDENTITY_SIZE		16

typedef enum af_baseline_kind
{
	AF_BASELINE_NONE,
	AF_BASELINE_LAST_YEAR,
	AF_BASELINE_MEAN_3_YEARS
} af_baseline_kind;

typedef enum af_window_kind
{
	AF_WINDOW_PERIOD,
	AF_WINDOW_YEAR,				/* the calendar year of the period's last day */
	AF_WINDOW_MONTH				/* each month apart */
} af_window_kind;

typedef enum af_overflow
{
	AF_OVERFLOW_NONE,
	AF_OVERFLOW_SECTION,
	AF_OVERFLOW_TOTAL
} af_overflow;

typedef enum af_combine
{
	AF_COMBINE_SUM,
	AF_COMBINE_MAX
} af_combine;

#define AF_MAX_BASELINE_YEARS 3

/* Days that one judgement looks at; `to` and the baseline end with as_of. */
typedef struct af_window
{
	af_day		from;
	af_day		to;				/* below from where the window has not begun */
	bool		over;			/* as_of is after the last day: shortfalls can be judged */
	bool		comparable;		/* records reach back over the whole baseline */
	af_day		baseline_from[AF_MAX_BASELINE_YEARS];
	af_day		baseline_to[AF_MAX_BASELINE_YEARS];
} af_window;

/* Offset and length of a text in the block; offset 0 is NULL. */
typedef struct af_place
{
	uint32_t	offset;
	uint32_t	length;
} af_place;

typedef struct af_compiled_band
{
	af_points	points;
	af_points	points_max;		/* equal to points once decided */
	af_number	step;
	uint8_t		effect;
	uint8_t		per;
	uint8_t		comparison_count;
	uint8_t		shortfall;		/* can only be judged when the window is over */
	uint8_t		rung_length;
	uint8_t		strictest;		/* on amounts, in the n-th band: which is n-th in strictness */
	char		rung[AF_RUNG_MAX + 3];
	af_comparison comparison[AF_BAND_MAX_COMPARISONS];	/* `required` is replaced by its number */
} af_compiled_band;

typedef struct af_compiled_rule
{
	uint16_t	first_counter;	/* window after window, window_counters each */
	uint16_t	window_counters;
	uint16_t	first_window;
	uint16_t	window_count;
	uint16_t	first_band;
	uint16_t	band_count;
	uint8_t		subject;
	uint8_t		window_kind;
	uint8_t		uses_baseline;
	uint8_t		waived;
	uint8_t		has_required;
	uint8_t		plain;			/* one window, counts only: the common case of counting */
	uint16_t	item;
	uint16_t	ordinal;		/* within its item, from 1 */
	uint16_t	written;		/* within the document, from 0 */
	af_points	cap;			/* -1: none */
	af_number	required;
	af_points	decided;		/* -1: nothing decided */
	af_place	measure;
	af_place	text;			/* canonical English */
	af_place	clause;
	af_place	reading;
	af_place	decided_reading;
} af_compiled_rule;

typedef struct af_compiled_measure
{
	af_place	name;
	uint64_t	head;			/* the ends of the name, to compare with: measure_index.h */
	uint64_t	tail;
	uint16_t	first_rule;
	uint16_t	rule_count;
	uint8_t		uses_amount;
	af_day		from;			/* no fact outside these days can count */
	af_day		to;
} af_compiled_measure;

typedef struct af_compiled_item
{
	af_points	points;
	uint16_t	section;
	uint16_t	first_written;	/* its rules: written[first_written ...] */
	uint16_t	rule_count;
	uint8_t		overflow;
	uint8_t		combine;
	af_place	number;
	af_place	title;
} af_compiled_item;

typedef struct af_compiled_section
{
	af_points	points;
	uint16_t	first_item;
	uint16_t	item_count;
	af_place	title;
} af_compiled_section;

typedef struct af_rubric
{
	int32_t		varlena_header; /* PostgreSQL's; not read here */
	uint32_t	format;
	uint32_t	size;
	uint8_t		identity[AF_IDENTITY_SIZE];
	uint8_t		baseline;
	uint8_t		baseline_years; /* 1 or 3; 0 without a baseline */
	af_day		from;
	af_day		to;
	af_day		as_of;			/* AF_DAY_NONE: the period is over */
	af_day		baseline_start; /* first day for which records exist, or AF_DAY_NONE */
	uint16_t	rule_count;
	uint16_t	band_count;
	uint16_t	measure_count;
	uint16_t	window_count;
	uint16_t	item_count;
	uint16_t	section_count;
	uint16_t	counter_count;
	uint16_t	slot_count;		/* of the hash table of measures: a power of two */
	uint32_t	slots;			/* uint16_t[]: 1 + index of a measure, 0 empty */
	uint32_t	measures;
	uint32_t	rules;
	uint32_t	bands;
	uint32_t	windows;
	uint32_t	written;		/* uint16_t[]: rules in written order */
	uint32_t	items;
	uint32_t	sections;
	af_points	total;
	af_place	code;
	af_place	edition;
	af_place	title;
} af_rubric;

#define AF_RUBRIC_ARRAY(rubric, member, type) ((type *) ((char *) (rubric) + (rubric)->member))
#define af_rubric_measures(r)	AF_RUBRIC_ARRAY(r, measures, af_compiled_measure)
#define af_rubric_rules(r)		AF_RUBRIC_ARRAY(r, rules, af_compiled_rule)
#define af_rubric_bands(r)		AF_RUBRIC_ARRAY(r, bands, af_compiled_band)
#define af_rubric_windows(r)	AF_RUBRIC_ARRAY(r, windows, af_window)
#define af_rubric_written(r)	AF_RUBRIC_ARRAY(r, written, uint16_t)
#define af_rubric_items(r)		AF_RUBRIC_ARRAY(r, items, af_compiled_item)
#define af_rubric_sections(r)	AF_RUBRIC_ARRAY(r, sections, af_compiled_section)

static inline af_span
af_rubric_text(const af_rubric *rubric, af_place place)
{
	af_span		span = {NULL, 0};

	if (place.offset != 0)
	{
		span.data = (const char *) rubric + place.offset;
		span.length = place.length;
	}
	return span;
}

#endif
