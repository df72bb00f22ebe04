/*
 * clause_target.c
 *		What the steps of a consequence are counted from.
 */
#include "clause_finder.h"

#include <string.h>

/* 每低1个百分点 and 每少1次 lead away from a number, which may stand in a duty before. */
const char *
af_finder_complete(af_finder *f, const af_zh_step *step, af_zh_condition *condition)
{
	static const af_operator opposite[] = {
		[AF_GREATER] = AF_AT_MOST,
		[AF_AT_LEAST] = AF_LESS,
		[AF_LESS] = AF_AT_LEAST,
		[AF_AT_MOST] = AF_GREATER,
		[AF_EQUAL] = AF_EQUAL,
	};
	bool		up = step->turn == AF_TURN_UP;
	af_zh_target *target = step->per == AF_PER_PERCENT ? &f->targets.percent : &f->targets.count;
	af_comparison *comparison = &condition->group[0].comparison[0];

	if (step->turn == AF_TURN_NONE || step->bare)
		return NULL;
	if (condition->count > 0)
	{
		/* 低于目标值的，每低1个百分点: what is required is a rate */
		if (step->per == AF_PER_PERCENT && comparison->kind == AF_VALUE_REQUIRED && condition->count == 1)
			condition->subject = condition->group[0].subject = AF_SUBJECT_RATE;

		/* 同比上升的，每上升1个百分点 */
		if (step->per == AF_PER_PERCENT && comparison->kind == AF_VALUE_BASELINE && condition->count == 1 &&
			condition->group[0].count == 1 && !condition->rate)
		{
			condition->subject = condition->group[0].subject = AF_SUBJECT_CHANGE;
			comparison->kind = AF_VALUE_NUMBER;
			comparison->value = 0;
		}

		/* 达87%以上的，每低1个百分点 would be a duty, but it does not say so */
		if (step->per == AF_PER_PERCENT && !f->phrase &&
			up != (comparison->operator == AF_GREATER || comparison->operator == AF_AT_LEAST))
			return "the step leads the other way than the condition";
		return NULL;
	}
	if (step->per != AF_PER_PERCENT && step->per != AF_PER_MISSING && step->per != AF_PER_EXCESS)
		return NULL;
	if (f->phrase && step->per == AF_PER_MISSING)
		return NULL;
	comparison->operator = up ? AF_GREATER : AF_LESS;
	comparison->kind = AF_VALUE_REQUIRED;
	comparison->value = 0;
	condition->group[0].subject = step->per == AF_PER_PERCENT ? AF_SUBJECT_RATE : AF_SUBJECT_COUNT;
	if (step->per == AF_PER_PERCENT && condition->since)
	{
		if (condition->rate)
			return "a rate against last year's cannot be said";
		condition->group[0].subject = AF_SUBJECT_CHANGE;
		comparison->kind = AF_VALUE_NUMBER;
	}
	else if (condition->since)
		comparison->kind = AF_VALUE_BASELINE;
	else if (target->known && target->unclear && step->per == AF_PER_PERCENT && !f->phrase)
		return "it is not clear which of several numbers it leads away from";
	else if (target->known && !f->phrase &&
			 (step->per == AF_PER_PERCENT ||
			  (target->unit_token && step->unit_token && !step->money &&
			   f->t->token[target->unit_token].end - f->t->token[target->unit_token].start ==
			   f->t->token[step->unit_token].end - f->t->token[step->unit_token].start &&
			   memcmp(f->t->text + f->t->token[target->unit_token].start, f->t->text + f->t->token[step->unit_token].start,
					  f->t->token[step->unit_token].end - f->t->token[step->unit_token].start) == 0)))
	{
		bool		lower = target->comparison.operator == AF_GREATER || target->comparison.operator == AF_AT_LEAST;

		comparison->kind = AF_VALUE_NUMBER;
		comparison->value = target->comparison.value;
		if (lower != up)
			comparison->operator = opposite[target->comparison.operator];
	}
	else if (step->per == AF_PER_MISSING && !step->grows)
		return NULL;			/* the measure counts what is missing */
	else if (step->grows && step->per != AF_PER_PERCENT)
		comparison->kind = AF_VALUE_BASELINE;
	condition->count = 1;
	condition->subject = condition->group[0].subject;
	condition->group[0].count = 1;
	return NULL;
}
