/*
 * rule_model.h
 *		One clause of a rubric, as data: what doc/rules.md calls a rule.
 *
 * A rule is a list of bands; each band is a consequence, an optional step
 * ("per ...") and an optional condition.  Readers (English, and Chinese
 * phrases) fill this in, af_rule_check refuses what makes no sense, the
 * writers print it and the rubric compiles it.
 *
 * Compiled rubrics are stored with the numbers of these enums: new members
 * go to the end, or AF_RUBRIC_FORMAT changes.
 */
#ifndef AF_RULE_MODEL_H
#define AF_RULE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "points.h"
#include "result.h"

#define AF_RULE_MAX_BANDS		16
#define AF_BAND_MAX_COMPARISONS 4
#define AF_RUNG_MAX				31	/* bytes of a rung's name */

typedef enum af_effect
{
	AF_DEDUCT,
	AF_ADD,
	AF_ZERO,
	AF_VETO,
	AF_RAISE
} af_effect;

typedef enum af_step_unit
{
	AF_PER_NOTHING,				/* once */
	AF_PER_OCCURRENCE,
	AF_PER_DAY,					/* as occurrence, for measures that count days */
	AF_PER_MISSING,
	AF_PER_EXCESS,
	AF_PER_PERCENT
} af_step_unit;

typedef enum af_subject
{
	AF_SUBJECT_NONE,			/* no condition: the occurrence itself */
	AF_SUBJECT_AMOUNT,			/* each fact's own size */
	AF_SUBJECT_COUNT,			/* the sum of quantities */
	AF_SUBJECT_RATE,			/* 100 x quantities / bases */
	AF_SUBJECT_CHANGE			/* per cent against the baseline */
} af_subject;

typedef enum af_operator
{
	AF_GREATER,
	AF_AT_LEAST,
	AF_LESS,
	AF_AT_MOST,
	AF_EQUAL
} af_operator;

typedef enum af_value_kind
{
	AF_VALUE_NUMBER,
	AF_VALUE_BASELINE,
	AF_VALUE_REQUIRED
} af_value_kind;

typedef struct af_comparison
{
	af_operator operator;
	af_value_kind kind;
	af_number	value;			/* millionths; 0 unless kind is AF_VALUE_NUMBER */
} af_comparison;

typedef struct af_band
{
	af_effect	effect;
	af_points	points;			/* hundredths; 0 for zero, veto and raise */
	af_points	points_max;		/* above points where the clause gives a range, else equal */
	af_step_unit per;
	af_number	step;			/* millionths, above 0; 0 for AF_PER_NOTHING */
	int			comparison_count;	/* 0: no condition */
	af_comparison comparison[AF_BAND_MAX_COMPARISONS];	/* all must hold; as written */
	char		rung[AF_RUNG_MAX + 1];	/* for AF_RAISE */
} af_band;

typedef struct af_rule
{
	af_subject	subject;		/* shared by all bands */
	int			band_count;
	af_band		band[AF_RULE_MAX_BANDS];
	af_points	cap;			/* hundredths; -1 where there is none */
} af_rule;

/*
 * Refuse rules that cannot be judged: see the list in doc/rules.md.  Readers
 * call this last; it also completes nothing and changes nothing.
 */
extern bool af_rule_check(const af_rule *rule, af_error *error);

#endif
