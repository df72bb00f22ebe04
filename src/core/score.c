/*
 * score.c
 *		From rules to items, sections and the total.
 *
 * An item gives its points less its rules' deductions, which stop at its
 * points (扣完为止); what is deducted beyond goes where `overflow` says.
 */
#include "score.h"

const char *const af_state_names[] = {"scored", "open", "pending", "review", "not_measured", "waived"};

bool
af_score_judge(const af_rubric *rubric, const int64_t *counters, af_outcome *outcomes)
{
	for (int i = 0; i < rubric->rule_count; i++)
	{
		const af_compiled_rule *rule = &af_rubric_rules(rubric)[i];

		if (!af_rule_judge(rubric, rule, counters + rule->first_counter, &outcomes[i]))
			return false;
	}
	return true;
}

static af_wide
least(af_wide a, af_wide b)
{
	return a < b ? a : b;
}

/* Which rule of an item is the largest, in deductions or additions; the first on a tie. */
static int
largest(const af_rubric *rubric, const af_compiled_item *item, const af_outcome *outcomes, af_end end, bool adding)
{
	int			found = -1;
	af_wide		most = 0;

	for (int i = 0; i < item->rule_count; i++)
	{
		int			rule = af_rubric_written(rubric)[item->first_written + i];
		af_wide		points = adding ? outcomes[rule].add[end] : outcomes[rule].deduct[end];

		if (points > most)
		{
			most = points;
			found = rule;
		}
	}
	return found;
}

typedef struct item_score
{
	af_points	deducted;
	af_wide		overflow;
	af_wide		added;
} item_score;

/*
 * Lay an item's deductions out in written order within its points, so that
 * the rows of an explanation add up to the score: 4, then 1 with overflow 2.
 */
static item_score
score_item(const af_rubric *rubric, const af_compiled_item *item, af_outcome *outcomes, af_end end)
{
	item_score	score = {0, 0, 0};
	af_wide		left = item->points;
	int			only_deduct = -1;
	int			only_add = -1;

	if (item->combine == AF_COMBINE_MAX)
	{
		only_deduct = largest(rubric, item, outcomes, end, false);
		only_add = largest(rubric, item, outcomes, end, true);
	}
	for (int i = 0; i < item->rule_count; i++)
	{
		int			rule = af_rubric_written(rubric)[item->first_written + i];
		af_outcome *outcome = &outcomes[rule];
		bool		counts = item->combine == AF_COMBINE_SUM || rule == only_deduct;
		bool		adds = item->combine == AF_COMBINE_SUM || rule == only_add;
		af_wide		deduct = counts ? outcome->deduct[end] : 0;
		af_wide		taken = least(deduct, left);

		outcome->deducted = (af_points) taken;
		outcome->overflow = deduct - taken;
		outcome->added = adds ? outcome->add[end] : 0;
		left -= taken;
		score.overflow += outcome->overflow;
		score.added += outcome->added;
	}

	/* `zero` takes what the others have left, and so causes no overflow. */
	for (int i = 0; i < item->rule_count; i++)
	{
		af_outcome *outcome = &outcomes[af_rubric_written(rubric)[item->first_written + i]];

		if (!outcome->zero)
			continue;
		outcome->deducted += (af_points) left;
		left = 0;
	}
	score.deducted = (af_points) (item->points - left);
	return score;
}

af_wide
af_score_total(const af_rubric *rubric, af_outcome *outcomes, af_end end)
{
	af_wide		total = 0;
	af_wide		added = 0;
	af_wide		overflow = 0;

	for (int s = 0; s < rubric->section_count; s++)
	{
		const af_compiled_section *section = &af_rubric_sections(rubric)[s];
		af_wide		points = 0;

		for (int i = 0; i < section->item_count; i++)
		{
			const af_compiled_item *item = &af_rubric_items(rubric)[section->first_item + i];
			item_score	score = score_item(rubric, item, outcomes, end);

			points += item->points - score.deducted;
			added += score.added;
			if (item->overflow == AF_OVERFLOW_SECTION)
				points -= score.overflow;
			else if (item->overflow == AF_OVERFLOW_TOTAL)
				overflow += score.overflow;
		}
		total += points > 0 ? points : 0;
	}
	total += added - overflow;
	return total > 0 ? total : 0;
}
