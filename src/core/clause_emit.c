/*
 * clause_emit.c
 *		Adding what was found in a text to its clause, piece by piece.
 */
#include "clause_finder.h"

#include <string.h>

#include "rule_words.h"

static af_clause_piece *
push(af_finder *f)
{
	af_clause  *clause = f->clause;

	if (clause->count == clause->capacity)
	{
		if (!clause->memory)
		{
			clause->full = true;
			return NULL;
		}
		clause->capacity *= 2;
		clause->piece = clause->memory->resize(clause->memory->context, clause->piece,
											   clause->capacity * sizeof(af_clause_piece));
	}
	memset(&clause->piece[clause->count], 0, sizeof(af_clause_piece));
	clause->piece[clause->count].cap = -1;
	return &clause->piece[clause->count++];
}

void
af_finder_refuse(af_finder *f, size_t from, size_t to, const char *reason)
{
	af_clause_piece *piece = push(f);

	if (!piece)
		return;
	piece->reason = reason;
	piece->start = f->t->token[from].start;
	piece->end = f->t->token[to - 1].end;
	piece->condition_start = piece->condition_end = piece->start;
}

/* Whether the rule so far and one more band make a rule that can be judged. */
static bool
fits(af_finder *f, const af_clause_piece *piece, bool joins)
{
	af_rule		rule;
	af_error	error;
	size_t		first = f->clause->count - 1;
	size_t		next;

	memset(&rule, 0, sizeof(rule));
	rule.cap = -1;
	if (joins)
	{
		if (first == 0)
			return false;
		for (first--; first > 0 && f->clause->piece[first].joins;)
			first--;
		if (f->clause->piece[first].reason)
			return false;
		/* the last piece is the one that asks */
		f->clause->count--;
		af_clause_rule(f->clause, first, &rule, &next);
		f->clause->count++;
		if (rule.band_count == AF_RULE_MAX_BANDS || (rule.subject != piece->subject && rule.subject && piece->subject))
			return false;
	}
	if (!rule.subject)
		rule.subject = piece->subject;
	rule.band[rule.band_count++] = piece->band;
	return af_rule_check(&rule, &error);
}

void
af_finder_emit(af_finder *f, const af_zh_consequence *c, const af_zh_condition *condition, const af_zh_step *step, int number, int group,
	 const af_clause_piece *place, bool joins)
{
	af_clause_piece *piece = push(f);
	af_band    *band;

	if (!piece)
		return;
	piece->start = place->start;
	piece->end = place->end;
	piece->condition_start = place->condition_start;
	piece->condition_end = place->condition_end;
	piece->subject = condition->count ? condition->group[group].subject : AF_SUBJECT_NONE;
	band = &piece->band;
	band->effect = c->effect;
	if (c->effect == AF_DEDUCT || c->effect == AF_ADD)
	{
		band->points = c->points[number];
		band->points_max = c->count == 1 ? c->points_max : band->points;
		band->per = step->per;
		band->step = step->per == AF_PER_NOTHING ? 0 : step->step;
	}
	if (c->effect == AF_RAISE && c->rung)
		strcpy(band->rung, c->rung);
	else if (c->effect == AF_RAISE)
	{
		const af_zh_token *quoted = &f->t->token[c->rung_token];
		size_t		length = quoted->end - quoted->start;
		const size_t quotes = strlen("“");
		af_error	error;

		if (length < 2 * quotes || !af_rung_check(f->t->text + quoted->start + quotes, length - 2 * quotes, &error))
		{
			piece->reason = "this is not the name of a rung";
			return;
		}
		memcpy(band->rung, f->t->text + quoted->start + quotes, length - 2 * quotes);
	}
	if (condition->count)
	{
		band->comparison_count = condition->group[group].count;
		memcpy(band->comparison, condition->group[group].comparison, sizeof(band->comparison));
	}
	if (joins && fits(f, piece, true))
		piece->joins = true;
	else if (!fits(f, piece, false))
		piece->reason = "the words make a rule that cannot be judged";
	if (f->capped && !piece->joins && (band->effect == AF_DEDUCT || band->effect == AF_ADD))
		piece->cap = f->cap.cap;
}

void
af_finder_mend_series(af_finder *f, const af_zh_condition *condition)
{
	af_clause_piece *before;
	const af_zh_token *token = f->t->token;
	size_t		a = f->step.unit_token;
	size_t		b = condition->unit_token;

	if (!f->any || !f->step_of_one || (f->step.per != AF_PER_OCCURRENCE && f->step.per != AF_PER_DAY) || f->clause->count <= f->sentence_piece ||
		condition->count != 1 || !b || condition->group[0].comparison[0].kind != AF_VALUE_NUMBER ||
		condition->group[0].comparison[0].value <= AF_NUMBER_SCALE ||
		token[a].end - token[a].start != token[b].end - token[b].start ||
		memcmp(f->t->text + token[a].start, f->t->text + token[b].start, token[a].end - token[a].start) != 0)
		return;
	before = &f->clause->piece[f->clause->count - 1];
	if (before->reason || before->band.comparison_count > 0)
		return;
	before->band.per = AF_PER_NOTHING;
	before->band.step = 0;
	before->band.comparison_count = 1;
	before->band.comparison[0] = (af_comparison) {AF_EQUAL, AF_VALUE_NUMBER, AF_NUMBER_SCALE};
	before->subject = condition->subject;
}
