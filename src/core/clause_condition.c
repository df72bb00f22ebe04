/*
 * clause_condition.c
 *		What the words before a consequence say about when it applies.
 *
 * Only comparisons have a meaning for a rule; all other words stay words,
 * and a person or a measure decides whether they hold.  But where a number is
 * compared in a way that a rule cannot say, the consequence is refused:
 * without its condition it would be another one.
 */
#include "clause_condition.h"

#include <string.h>

typedef struct reader
{
	af_zh_tokens *t;
	bool		phrase;
	bool		slash;
	size_t		series;
	af_subject	carried;
	af_zh_targets *targets;
	af_zh_condition *out;
	size_t		first;			/* the first comparison */
	size_t		last_end;		/* of the comparison before; 0 for none */
	bool		last_bare;		/* it waits for the operator of the next: 死亡10人、重伤50人以上 */
	af_zh_comparison waiting;
} reader;

bool
af_zh_separates(const af_zh_token *token)
{
	if (token->class != AF_ZH_STOP)
		return false;
	switch (token->value)
	{
		case AF_STOP_COMMA:
		case AF_STOP_SEMICOLON:
		case AF_STOP_COLON:
		case AF_STOP_OPEN:
		case AF_STOP_CLOSE:
		case AF_STOP_PERIOD:
		case AF_STOP_LINE:
			return true;
		default:
			return false;
	}
}

static size_t
segment_end(const af_zh_tokens *t, size_t at, size_t limit)
{
	while (at < limit && !af_zh_separates(&t->token[at]))
		at++;
	return at;
}

/* 达87%以上计7分 awards; its comparison is a duty. */
static bool
awards(const af_zh_tokens *t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (t->token[i].class == AF_ZH_AWARD &&
			(af_zh_is(t, i, "满分") || af_zh_is(t, i, "得满分") || af_zh_is(t, i, "计满分") ||
			 (i + 1 < to && t->token[i + 1].class == AF_ZH_NUMBER)))
			return true;
	return false;
}

static void
note_target(af_zh_targets *targets, const af_zh_comparison *c, bool awarded)
{
	af_zh_target *target;

	if (c->reason || c->count != 1 || c->comparison[0].kind != AF_VALUE_NUMBER || c->deadline)
		return;
	if (c->subject == AF_SUBJECT_RATE)
		target = &targets->percent;
	else if (c->subject == AF_SUBJECT_COUNT && !c->bare)
		target = &targets->count;
	else
		return;
	/* 随机抽查10% is no duty; 申报率100% is */
	if (c->bare && !awarded && !c->adjacent_rate && c->comparison[0].value != INT64_C(100) * AF_NUMBER_SCALE)
		return;
	target->unclear = target->noted && target->comparison.value != c->comparison[0].value;
	target->known = target->noted = true;
	target->comparison = c->comparison[0];
	target->unit_token = c->unit_token;
	if (c->bare)
		target->comparison.operator = AF_AT_LEAST;
}

/* What joins two comparisons. */
typedef enum joint
{
	JOINT_AND,
	JOINT_OR,
	JOINT_UNCLEAR
} joint;

static joint
joint_of(reader *r, size_t from, size_t to)
{
	bool		words = false;

	for (size_t i = from; i < to; i++)
	{
		af_zh_token *token = &r->t->token[i];

		if (token->class == AF_ZH_AND)
		{
			token->read = true;
			return JOINT_AND;
		}
		if (token->class == AF_ZH_OR || token->class == AF_ZH_LIST || af_zh_is_stop(token, AF_STOP_LIST))
		{
			token->read = true;
			return JOINT_OR;
		}
		words |= token->class != AF_ZH_OF;
	}
	return words ? JOINT_UNCLEAR : JOINT_AND;
}

static bool
is_lower(af_operator operator)
{
	return operator == AF_GREATER || operator == AF_AT_LEAST;
}

/* Add a comparison, as a further bound or as an alternative. */
static void
add(reader *r, size_t at, const af_zh_comparison *c)
{
	af_zh_condition *out = r->out;
	af_zh_group *group;
	joint		how = r->last_end ? joint_of(r, r->last_end, at) : JOINT_OR;

	if (out->count > 0 && c->subject != out->subject)
	{
		/* 10人以下或者500万元以下: alternatives may differ in their subject, but not in what a rule calls it */
		if (how != JOINT_OR)
		{
			out->reason = "conditions on two subjects";
			return;
		}
		if (c->subject == AF_SUBJECT_RATE || out->subject == AF_SUBJECT_RATE ||
			c->subject == AF_SUBJECT_CHANGE || out->subject == AF_SUBJECT_CHANGE)
		{
			out->reason = "alternatives that look at different subjects";
			return;
		}
	}
	if (out->count == 0)
	{
		r->first = at;
		out->subject = c->subject;
		out->unit_token = c->unit_token;
	}
	if (how == JOINT_UNCLEAR)
	{
		out->reason = "two conditions, and how they are joined is not said";
		return;
	}
	if (how == JOINT_AND && out->count > 0)
	{
		group = &out->group[out->count - 1];
		if (!r->phrase && is_lower(group->comparison[group->count - 1].operator) == is_lower(c->comparison[0].operator))
		{
			out->reason = "two conditions, and how they are joined is not said";
			return;
		}
	}
	else if (out->count == AF_ZH_MAX_GROUPS)
	{
		out->reason = "too many alternatives";
		return;
	}
	else
	{
		group = &out->group[out->count++];
		group->count = 0;
		group->subject = c->subject;
	}
	for (int i = 0; i < c->count; i++)
	{
		/* 5%以上10%以下: that it is a rise is said by the first */
		if (i > 0 && group->count > 1 && c->subject == AF_SUBJECT_CHANGE && c->comparison[i].value == 0)
			break;
		if (group->count == AF_BAND_MAX_COMPARISONS)
		{
			out->reason = "too many comparisons in one condition";
			return;
		}
		group->comparison[group->count++] = c->comparison[i];
	}
	r->last_end = c->end;
}

static bool
same_word(const af_zh_tokens *t, size_t a, size_t b)
{
	return t->token[a].end - t->token[a].start == t->token[b].end - t->token[b].start &&
		memcmp(t->text + t->token[a].start, t->text + t->token[b].start, t->token[a].end - t->token[a].start) == 0;
}

/* 连续通报二次的, and the persons of 死亡1人扣30分/次: exactly so many. */
static bool
means_equal(const reader *r, size_t at)
{
	const af_zh_token *before = at > 0 ? &r->t->token[at - 1] : NULL;
	static const char running[] = "连续";

	if (r->slash || r->phrase)
		return r->slash;
	if (r->series && same_word(r->t, r->series, at + 1))
		return true;			/* 发生1起扣1分，2起扣3分 */
	if (before && before->class == AF_ZH_TEXT)
		for (size_t i = before->start; i + sizeof(running) - 1 <= before->end; i++)
			if (memcmp(r->t->text + i, running, sizeof(running) - 1) == 0)
				return true;
	return false;
}

/* 2次未参加 counts events, 四个一工程 and 八类案件 are names. */
static bool
is_event(const af_zh_tokens *t, size_t unit)
{
	return af_zh_is(t, unit, "次") || af_zh_is(t, unit, "起") || af_zh_is(t, unit, "例") || af_zh_is(t, unit, "项");
}

/* A number with a unit and nothing that compares. */
static void
take_bare(reader *r, size_t from, size_t at, size_t to, const af_zh_comparison *c)
{
	const af_zh_token *next = c->end < to ? &r->t->token[c->end] : NULL;
	bool		last = !next || next->class == AF_ZH_OF || af_zh_separates(next);

	/* 缺勤1班: so many of what is not known */
	if (c->unit == AF_ZH_UNIT_NONE && at > from && c->end + 1 == to && next->class == AF_ZH_TEXT && next->end - next->start <= 3 && !r->phrase)
		r->out->reason = "the unit of the number is not known";
	if (c->unit == AF_ZH_UNIT_NONE || (!last && c->unit != AF_ZH_UNIT_COUNT && c->unit != AF_ZH_UNIT_PERSON))
		return;					/* 随机抽查10%的农户, 12345, 3日内: words */
	if (next && (next->class == AF_ZH_LIST || next->class == AF_ZH_OR || af_zh_is_stop(next, AF_STOP_LIST)) && !c->reason)
	{
		r->waiting = *c;
		r->last_bare = true;
	}
	else if (((last && means_equal(r, at)) || (at == from && r->series && same_word(r->t, r->series, at + 1))) && !c->reason)
		add(r, at, c);
	else if ((last || (at == from && is_event(r->t, at + 1))) && (c->comparison[0].value > AF_NUMBER_SCALE || c->unit > AF_ZH_UNIT_DAY))
		r->out->reason = "it is not clear whether the number is a least one, an exact one or a step";
}

/* The words of one segment that count. */
static void
read_active(reader *r, size_t from, size_t to, const af_zh_step *step, bool awarded)
{
	const af_zh_token *token = r->t->token;
	af_zh_comparison c;

	for (size_t i = from; i < to && !r->out->reason;)
	{
		if (step->per != AF_PER_NOTHING && i >= step->start && i < step->end)
		{
			i = step->end;
			continue;
		}
		r->out->since |= token[i].class == AF_ZH_SINCE;
		if (token[i].class == AF_ZH_REFUSE)
		{
			r->out->reason = token[i].name;
			return;
		}
		if (token[i].class == AF_ZH_NUMBER && token[i].ordinal &&
			(i + 1 == to || token[i + 1].class == AF_ZH_OF || token[i + 1].class == AF_ZH_RANK || token[i + 1].class == AF_ZH_POINTS ||
			 (token[i + 1].class == AF_ZH_UNIT && token[i + 1].value <= AF_ZH_UNIT_PERSON &&
			  !af_zh_is(r->t, i + 1, "条") && !af_zh_is(r->t, i + 1, "项"))))
		{
			r->out->reason = "a place in a ranking or a series cannot be said";
			return;
		}
		if (!af_zh_compare(r->t, from, i, to, r->carried, &c))
		{
			if (token[i].class == AF_ZH_BOUND && i > from &&
				(token[i - 1].class == AF_ZH_NUMBER || token[i - 1].class == AF_ZH_UNIT))
				r->out->reason = "the comparison cannot be read";
			/* 100市斤以上: a unit that is not known */
			if (token[i].class == AF_ZH_BOUND && i > from + 1 && token[i - 1].class == AF_ZH_TEXT &&
				token[i - 1].end - token[i - 1].start <= 6 && token[i - 2].class == AF_ZH_NUMBER && !token[i - 2].ordinal)
				r->out->reason = "the unit of the comparison is not known";
			if (token[i].class == AF_ZH_COMPARE && i + 1 < to && token[i + 1].class == AF_ZH_NUMBER)
				r->out->reason = "the comparison cannot be read";
			i++;
			continue;
		}
		note_target(r->targets, &c, awarded);
		if (awarded)
		{
			i = c.end > i ? c.end : i + 1;
			continue;
		}
		if (c.bare)
			take_bare(r, from, i, to, &c);
		else if (c.reason)
			r->out->reason = c.reason;
		else if (!c.deadline)
		{
			if (r->last_bare && r->waiting.subject == c.subject)
			{
				r->waiting.comparison[0].operator = c.comparison[0].operator;
				add(r, i, &r->waiting);
			}
			r->last_bare = false;
			add(r, i, &c);
			for (size_t j = i; j < c.end; j++)
				r->t->token[j].read = true;
			if (r->phrase && r->out->count == 1 && r->out->group[0].count == c.count)
				for (size_t j = from; j < i; j++)
					if (token[j].class != AF_ZH_QUOTED && token[j].class != AF_ZH_NUMBER && token[j].class != AF_ZH_EACH &&
						token[j].class != AF_ZH_STOP && token[j].class != AF_ZH_OR &&
						!af_zh_holds(r->t, j, "未") && !af_zh_holds(r->t, j, "不") && !af_zh_holds(r->t, j, "无"))
						r->t->token[j].read = true; /* what is counted: 涉案金额 */
			if (r->phrase && i > from && (token[i - 1].class == AF_ZH_MORE || token[i - 1].class == AF_ZH_LESS))
				r->t->token[i - 1].read = true;
		}
		i = c.end > i ? c.end : i + 1;
	}
}

/* Words of another alternative beside a comparison: A超过10起，或者B的. */
static bool
mixes(const reader *r, size_t from, size_t to)
{
	bool		after = false;

	for (size_t i = from; i < to; i++)
	{
		const af_zh_token *token = &r->t->token[i];

		if (i >= r->last_end)
			after = true;
		/* 会议记录不规范、到会率低于80%的 */
		if (i < r->first && af_zh_is_stop(token, AF_STOP_LIST) && i > from &&
			(af_zh_holds(r->t, i - 1, "不") || af_zh_holds(r->t, i - 1, "未") || af_zh_holds(r->t, i - 1, "无")))
			return true;
		if (!token->read && (token->class == AF_ZH_OR || (after && af_zh_is_stop(token, AF_STOP_LIST))))
			return true;
	}
	return false;
}

static int
count_members(const af_zh_tokens *t, size_t from, size_t to, const af_zh_step *step)
{
	int			members = 1;

	/* 1、未成立的: the number of an item */
	if (from + 1 < to && t->token[from].class == AF_ZH_NUMBER && af_zh_is_stop(&t->token[from + 1], AF_STOP_LIST) &&
		(from + 2 >= to || t->token[from + 2].class != AF_ZH_NUMBER))
		from += 2;
	for (size_t i = from; i < to; i++)
		if ((step->per == AF_PER_NOTHING || i < step->start || i >= step->end) &&
			(af_zh_is_stop(&t->token[i], AF_STOP_LIST) || t->token[i].class == AF_ZH_LIST || t->token[i].class == AF_ZH_OR))
			members++;
	return members;
}

void
af_zh_read_condition(af_zh_tokens *t, size_t from, size_t active, size_t to,
					 const af_zh_step *step, af_subject carried, size_t series, bool slash, bool phrase,
					 af_zh_targets *targets, af_zh_condition *out)
{
	reader		r = {.t = t, .phrase = phrase, .slash = slash, .series = series, .carried = carried, .targets = targets, .out = out};
	size_t		last = from;
	af_zh_comparison c;

	*out = (af_zh_condition) {.subject = AF_SUBJECT_NONE, .members = 1};
	targets->percent.noted = targets->count.noted = false;
	for (size_t i = from; i < to;)
	{
		size_t		end = segment_end(t, i, to);
		bool		awarded = awards(t, i, end);

		for (size_t j = i; j < end; j++)
			if (t->token[j].class == AF_ZH_TEXT)
				out->rate = af_zh_ends_in(t, j, "率度例感");
		if (i >= active)
			read_active(&r, i, end, step, awarded);
		else
			for (size_t j = i; j < end;)
			{
				bool		found = af_zh_compare(t, i, j, end, AF_SUBJECT_NONE, &c);

				/* 至少开展2次宣传: a verb between the two */
				if (found && c.bare && j >= i + 2 && t->token[j - 1].class == AF_ZH_TEXT && af_zh_is(t, j - 2, "至少"))
				{
					c.bare = false;
					c.comparison[0].operator = AF_AT_LEAST;
				}
				if (found)
					note_target(targets, &c, awarded);
				j = found && c.end > j ? c.end : j + 1;
			}
		if (end > i)
			last = i;
		i = end + 1;
	}
	if (!out->reason && out->count > 0 && !phrase && mixes(&r, active, to))
		out->reason = "alternatives of which only one is a comparison";

	/* 发生治安案件、刑事案件的，每件分别: the list may stand before the step */
	out->members = count_members(t, last, segment_end(t, last, to), step);
	out->listed = out->members;
	for (size_t i = last; out->members == 1 && i > from; )
	{
		size_t		end = --i;

		while (i > from && !af_zh_separates(&t->token[i - 1]))
			i--;
		if (!af_zh_is_stop(&t->token[end], AF_STOP_COMMA))
			break;
		out->members = count_members(t, i, end, step);
	}
	/* 获镇党委，县、市、省级部门表扬的 */
	for (size_t i = from; i < to; i++)
		out->listed += af_zh_is_stop(&t->token[i], AF_STOP_COMMA);

	/* Before the comparison stands nothing that names a subject: 50万元以上的 */
	out->elliptic = out->count > 0;
	for (size_t i = from; i < to && out->elliptic; i++)
	{
		const af_zh_token *token = &t->token[i];

		if (token->read)
			break;
		if (token->class == AF_ZH_TEXT || token->class == AF_ZH_QUOTED)
			out->elliptic = false;
	}
}
