/*
 * rubric_lint.c
 *		What is legal in a rubric but odd.
 *
 * Real documents hold all of these: an item that deducts 10 of its 5 points,
 * one whose clauses reach only 3 of its 10.  The document stands; whoever
 * scores by it should know.
 */
#include "rubric_lint.h"

#include <stdio.h>
#include <string.h>

#define TEXT_SIZE 512
#define UNLIMITED ((af_wide) -1)

typedef struct linter
{
	const af_rubric *rubric;
	af_lint_sink sink;
	void	   *context;
	int			item;
	int			rule;
} linter;

static void
find(linter *l, const char *code, const char *message, const char *message_chinese)
{
	af_lint		finding = {code, l->item, l->rule, message, message_chinese};

	l->sink(l->context, &finding);
}

static const char *
points_text(char buffer[AF_DECIMAL_SIZE], af_wide points)
{
	af_decimal_write(buffer, points, AF_POINTS_DECIMALS);
	return buffer;
}

/* The most that a rule can ever deduct, or UNLIMITED. */
static af_wide
reach(const af_rubric *rubric, const af_compiled_rule *rule)
{
	const af_compiled_band *bands = &af_rubric_bands(rubric)[rule->first_band];
	af_wide		most = 0;
	bool		unlimited = false;

	for (int i = 0; i < rule->band_count; i++)
	{
		af_wide		once = bands[i].points_max;

		if (bands[i].effect == AF_ZERO)
			return UNLIMITED;
		if (bands[i].effect != AF_DEDUCT)
			continue;
		if (bands[i].per != AF_PER_NOTHING && once > 0)
			unlimited = true;

		/* On amounts the bands add up; otherwise the window selects one of them. */
		if (rule->subject == AF_SUBJECT_AMOUNT)
			most += once;
		else if (once > most)
			most = once;
	}
	if (unlimited)
		return rule->cap >= 0 ? rule->cap : UNLIMITED;
	most *= rule->window_count;
	return rule->cap >= 0 && rule->cap < most ? rule->cap : most;
}

static void
lint_reach(linter *l, const af_compiled_item *item)
{
	af_wide		most = 0;
	char		points[AF_DECIMAL_SIZE];
	char		reached[AF_DECIMAL_SIZE];
	char		beyond[AF_DECIMAL_SIZE];
	char		message[TEXT_SIZE];
	char		chinese[TEXT_SIZE];

	for (int i = 0; i < item->rule_count; i++)
	{
		const af_compiled_rule *rule = &af_rubric_rules(l->rubric)[af_rubric_written(l->rubric)[item->first_written + i]];
		af_wide		own = reach(l->rubric, rule);

		if (own == UNLIMITED)
			return;
		if (item->combine == AF_COMBINE_SUM)
			most += own;
		else if (own > most)
			most = own;
	}
	if (most >= item->points)
		return;
	points_text(points, item->points);
	points_text(reached, most);
	points_text(beyond, item->points - most);
	snprintf(message, sizeof(message), "at most %s of the item's %s points can be deducted; %s are out of reach", reached, points, beyond);
	snprintf(chinese, sizeof(chinese), "本项%s分中最多只能扣%s分，有%s分扣不到", points, reached, beyond);
	find(l, "unreachable_points", message, chinese);
}

static bool
same_condition(const af_compiled_band *a, const af_compiled_band *b)
{
	if (a->comparison_count != b->comparison_count)
		return false;
	for (int i = 0; i < a->comparison_count; i++)
		if (a->comparison[i].operator != b->comparison[i].operator ||
			a->comparison[i].kind != b->comparison[i].kind ||
			a->comparison[i].value != b->comparison[i].value)
			return false;
	return true;
}

static void
lint_bands(linter *l, const af_compiled_item *item, const af_compiled_rule *rule)
{
	const af_compiled_band *bands = &af_rubric_bands(l->rubric)[rule->first_band];
	char		points[AF_DECIMAL_SIZE];
	char		high[AF_DECIMAL_SIZE];
	char		worth[AF_DECIMAL_SIZE];
	char		message[TEXT_SIZE];
	char		chinese[TEXT_SIZE];

	for (int i = 0; i < rule->band_count; i++)
	{
		const af_compiled_band *band = &bands[i];

		points_text(points, band->points);
		points_text(high, band->points_max);
		points_text(worth, item->points);
		if (band->effect == AF_DEDUCT && band->points_max > item->points)
		{
			snprintf(message, sizeof(message), "deducts %s points at once from an item worth %s%s", high, worth,
					 item->overflow == AF_OVERFLOW_NONE ? "; the rest is shown as overflow and lost" : "");
			snprintf(chinese, sizeof(chinese), "一次扣%s分，超过本项的%s分%s", high, worth,
					 item->overflow == AF_OVERFLOW_NONE ? "，超出部分只作显示，不再扣减" : "");
			find(l, "exceeds_item", message, chinese);
		}
		if (band->points_max > band->points)
		{
			snprintf(message, sizeof(message), "leaves %s to %s points to discretion; the score is a range until somebody decides", points, high);
			snprintf(chinese, sizeof(chinese), "酌情扣%s至%s分，作出决定前得分为区间", points, high);
			find(l, "discretion", message, chinese);
		}
		if ((band->effect == AF_DEDUCT || band->effect == AF_ADD) && band->points_max == 0)
			find(l, "no_points", "deducts or adds no points", "扣分或加分为零");
		for (int n = i + 1; n < rule->band_count; n++)
			if (same_condition(band, &bands[n]))
			{
				snprintf(message, sizeof(message), "band %d is never used: band %d has the same condition", i + 1, n + 1);
				snprintf(chinese, sizeof(chinese), "第%d档条件与第%d档相同，永远不会适用", i + 1, n + 1);
				find(l, "shadowed_band", message, chinese);
				break;
			}
		for (int n = 0; n < band->comparison_count; n++)
			if (rule->subject == AF_SUBJECT_RATE && band->comparison[n].kind == AF_VALUE_NUMBER &&
				band->comparison[n].value > 0 && band->comparison[n].value <= AF_NUMBER_SCALE)
				find(l, "rate_below_one", "compares a rate with one per cent or less: was a fraction meant as per cent?",
					 "比率的界限不超过百分之一，请核对是否把小数当作百分数");
	}
}

static bool
uses_required(const af_rubric *rubric, const af_compiled_rule *rule)
{
	const af_compiled_band *bands = &af_rubric_bands(rubric)[rule->first_band];
	af_span		text = af_rubric_text(rubric, rule->text);
	static const char word[] = "required";

	for (size_t i = 0; i + sizeof(word) - 1 <= text.length; i++)
		if (memcmp(text.data + i, word, sizeof(word) - 1) == 0)
			return true;
	for (int i = 0; i < rule->band_count; i++)
		if (bands[i].per == AF_PER_MISSING)
			return true;
	return false;
}

static void
lint_rule(linter *l, const af_compiled_item *item, const af_compiled_rule *rule)
{
	af_span		reading = af_rubric_text(l->rubric, rule->reading);
	char		excerpt[AF_EXCERPT_SIZE];
	char		message[TEXT_SIZE];
	char		chinese[TEXT_SIZE];

	if (reading.data != NULL)
	{
		af_excerpt(excerpt, reading.data, reading.length);
		snprintf(message, sizeof(message), "the clause is open to several readings; taken: %s", excerpt);
		snprintf(chinese, sizeof(chinese), "条文可有多种理解，现采用：%s", excerpt);
		find(l, "ambiguous_reading", message, chinese);
	}
	lint_bands(l, item, rule);
	if (rule->has_required && !uses_required(l->rubric, rule))
		find(l, "required_unused", "gives a required number that the rule never looks at", "给出了规定数，但规则没有用到");
	for (int i = 0; i < rule->ordinal - 1; i++)
	{
		const af_compiled_rule *before = &af_rubric_rules(l->rubric)[af_rubric_written(l->rubric)[item->first_written + i]];
		af_span		a = af_rubric_text(l->rubric, rule->text);
		af_span		b = af_rubric_text(l->rubric, before->text);

		if (before->measure.offset != rule->measure.offset || before->window_kind != rule->window_kind ||
			before->has_required != rule->has_required || before->required != rule->required ||
			a.length != b.length || memcmp(a.data, b.data, a.length) != 0)
			continue;
		snprintf(message, sizeof(message), "says the same as rule %d of the item", i + 1);
		snprintf(chinese, sizeof(chinese), "与本项第%d条规则相同", i + 1);
		find(l, "duplicate_rule", message, chinese);
	}
}

void
af_rubric_lint(const af_rubric *rubric, af_lint_sink sink, void *context)
{
	linter		l = {rubric, sink, context, 0, 0};

	for (l.item = 0; l.item < rubric->item_count; l.item++)
	{
		const af_compiled_item *item = &af_rubric_items(rubric)[l.item];

		l.rule = 0;
		if (item->rule_count == 0)
			find(&l, "no_rule", "has no rule: its points can never be deducted", "没有规则，分数永远扣不到");
		else
			lint_reach(&l, item);
		for (int i = 0; i < item->rule_count; i++)
		{
			l.rule = i + 1;
			lint_rule(&l, item, &af_rubric_rules(rubric)[af_rubric_written(rubric)[item->first_written + i]]);
		}
	}
}
