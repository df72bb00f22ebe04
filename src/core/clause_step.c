/*
 * clause_step.c
 *		What a consequence is taken per: 每起, 发现一处, 每低1个百分点.
 */
#include "clause_parts.h"

/* How many tokens may stand between 每 and its number: 每错漏报数据一例. */
#define REACH 8

static bool
is_period(const af_zh_tokens *t, size_t at, size_t limit)
{
	/* 每月研究的: a rhythm, unless the consequence follows at once */
	return t->token[at].class == AF_ZH_UNIT &&
		(t->token[at].value == AF_ZH_UNIT_TIME || t->token[at].value == AF_ZH_UNIT_DAY) && at + 1 < limit;
}

static void
turn_of(const af_zh_tokens *t, size_t at, af_zh_step *step, bool *level)
{
	const af_zh_token *token = &t->token[at];

	if (step->turn != AF_TURN_NONE)
		return;
	if (token->class == AF_ZH_MORE || token->class == AF_ZH_LESS)
	{
		step->turn = token->class == AF_ZH_MORE ? AF_TURN_UP : AF_TURN_DOWN;
		*level = token->value == AF_WAY_LEVEL;
		step->grows = af_zh_is(t, at, "增加") || af_zh_is(t, at, "增多") || af_zh_is(t, at, "上升") ||
			af_zh_is(t, at, "增长") || af_zh_is(t, at, "减少");
	}
	else if (token->class == AF_ZH_COMPARE && (token->value == AF_GREATER || token->value == AF_LESS))
	{
		step->turn = token->value == AF_GREATER ? AF_TURN_UP : AF_TURN_DOWN;
		*level = af_zh_is(t, at, "低于") || af_zh_is(t, at, "高于");
	}
}

/* What the unit behind the number makes of the step. */
static void
decide(const af_zh_tokens *t, size_t unit, bool level, bool phrase, af_zh_step *step)
{
	const af_zh_token *token = &t->token[unit];

	step->unit_token = unit;
	if (token->class == AF_ZH_RANK || (level && token->value == AF_ZH_UNIT_PERSON))
	{
		step->reason = "a place in a ranking cannot be said";
		return;
	}
	switch ((af_zh_unit) token->value)
	{
		case AF_ZH_UNIT_POINT:
			if (step->turn == AF_TURN_NONE && af_zh_is(t, unit, "个点"))
			{
				step->reason = "it is not clear what is counted";	/* 每个点: a place, or a percentage point */
				return;
			}
			/* FALLTHROUGH */
		case AF_ZH_UNIT_PERCENT:
			step->per = AF_PER_PERCENT;
			return;
		case AF_ZH_UNIT_DAY:
			step->per = AF_PER_DAY;
			return;
		case AF_ZH_UNIT_YUAN:
			step->money = true;
			/* FALLTHROUGH */
		case AF_ZH_UNIT_COUNT:
		case AF_ZH_UNIT_PERSON:
			if (step->turn == AF_TURN_NONE && !step->money)
				step->per = AF_PER_OCCURRENCE;
			else if (step->turn == AF_TURN_NONE || (step->money && !phrase))
				step->reason = "a step in yuan cannot be said without the amount it starts from";
			else if (level && !step->grows)
				step->reason = "it is not clear what is counted";
			else if (level && step->turn == AF_TURN_DOWN)
				step->reason = "it is not clear what is counted";
			else
				step->per = step->turn == AF_TURN_UP ? AF_PER_EXCESS : AF_PER_MISSING;
			return;
		default:
			step->reason = "a step in this unit cannot be said";
	}
}

/* From 每 on. */
static bool
read_each(const af_zh_tokens *t, size_t each, size_t limit, bool phrase, af_zh_step *step)
{
	bool		level = false;
	bool		fresh = false;
	size_t		j = each + 1;

	step->start = each;
	step->step = AF_NUMBER_SCALE;
	if (j < limit && (t->token[j].class == AF_ZH_UNIT || t->token[j].class == AF_ZH_RANK))
	{
		if (j + 1 < limit && t->token[j + 1].class == AF_ZH_NUMBER)
			return false;		/* 每村2名: a quota */
		step->end = j + 1;
		decide(t, j, false, phrase, step);
		/* 每个单位少报1次: what follows may step too */
		for (size_t k = j + 1; k + 1 < limit && k < j + REACH; k++)
			if ((t->token[k].class == AF_ZH_LESS || t->token[k].class == AF_ZH_MORE) && t->token[k + 1].class == AF_ZH_NUMBER)
				step->reason = "two steps in one phrase";
		return true;
	}
	for (; j < limit && j <= each + REACH && t->token[j].class != AF_ZH_STOP; j++)
	{
		if (t->token[j].class == AF_ZH_NUMBER && !t->token[j].ordinal)
			break;
		/* 每千人配备不足3人的: a comparison of its own */
		if (t->token[j].class == AF_ZH_COMPARE && j > each + 1 && j + 1 < limit && t->token[j + 1].class == AF_ZH_NUMBER)
			return false;
		if (t->token[j].class == AF_ZH_REFUSE)
			step->reason = t->token[j].name;
		fresh |= t->token[j].class == AF_ZH_FOUND;
		turn_of(t, j, step, &level);
		if (t->token[j].class == AF_ZH_TEXT && af_zh_is(t, j, "小"))
		{
			step->reason = "a word of the step is damaged";
			return true;
		}
	}
	step->end = j;
	if (j < limit && t->token[j].class == AF_ZH_NUMBER && !t->token[j].ordinal)
	{
		if (t->token[j].damaged || t->token[j].number <= 0)
		{
			step->reason = "the number is damaged";
			return true;
		}
		step->step = t->token[j].number;
		if (t->token[j].percent)
		{
			step->per = AF_PER_PERCENT;
			step->end = j + 1;
			return true;
		}
		if (j + 1 < limit && (t->token[j + 1].class == AF_ZH_UNIT || t->token[j + 1].class == AF_ZH_RANK))
		{
			step->end = j + 2;
			decide(t, j + 1, level, phrase, step);
			return true;
		}
		step->reason = "the unit of the step cannot be read";
		return true;
	}
	/* 每新增风险纳税人: the number one is left out */
	if (fresh && step->turn == AF_TURN_NONE)
	{
		step->per = AF_PER_OCCURRENCE;
		step->end = each + 1;
	}
	else
		step->reason = "the step cannot be read";
	return true;
}

/* 发现一处, 少一次, 一次 right before the consequence: without 每, and of one. */
static bool
read_one(const af_zh_tokens *t, size_t segment, size_t number, size_t limit, af_zh_step *step)
{
	bool		level = false;
	bool		led = false;
	size_t		unit = number + 1;
	size_t		before = number > segment ? number - 1 : number;

	if (t->token[number].class != AF_ZH_NUMBER || t->token[number].damaged || t->token[number].ordinal ||
		t->token[number].number != AF_NUMBER_SCALE || unit >= limit || t->token[unit].class != AF_ZH_UNIT)
		return false;
	if (unit + 1 < limit && (t->token[unit + 1].class == AF_ZH_BOUND || af_zh_is(t, unit + 1, "内") || t->token[unit + 1].class == AF_ZH_WITH))
		return false;
	if (before < number)
	{
		if (t->token[before].class != AF_ZH_COMPARE)
			turn_of(t, before, step, &level);
		led = t->token[before].class == AF_ZH_FOUND || step->turn != AF_TURN_NONE;
		if (t->token[before].class == AF_ZH_COMPARE || af_zh_is_stop(&t->token[before], AF_STOP_DASH))
			return false;		/* 少于1次 is a comparison */
		if (t->token[before].class == AF_ZH_TEXT && af_zh_ends_in(t, before, "同统任唯"))
			return false;
	}
	if (t->token[unit].value == AF_ZH_UNIT_YUAN || t->token[unit].value == AF_ZH_UNIT_TIME || t->token[unit].value == AF_ZH_UNIT_SIZE ||
		((t->token[unit].value == AF_ZH_UNIT_PERCENT || t->token[unit].value == AF_ZH_UNIT_POINT) && step->turn == AF_TURN_NONE))
		return false;

	/* 少完成一件, 缺报1次 */
	if (!led && before < number && before > segment && t->token[before].class == AF_ZH_TEXT &&
		t->token[before].end - t->token[before].start <= 12 && t->token[before - 1].class == AF_ZH_LESS &&
		t->token[before - 1].value == AF_WAY_COUNT)
	{
		before--;
		turn_of(t, before, step, &level);
		led = true;
	}
	/* 超生1个小孩 counts, but 未配备1名, 每季度1次 are duties */
	if (!led && (unsigned char) t->text[t->token[number].start] < 0x80)
	{
		led = true;
		for (size_t i = segment; i < number && led; i++)
			led = t->token[i].class != AF_ZH_EACH && !af_zh_holds(t, i, "未") && !af_zh_holds(t, i, "没有") && !af_zh_holds(t, i, "无");
		if (led)
			before = number;
	}
	/* 一处不符合要求, 一次未参加 */
	if (!led && number == segment && unit + 1 < limit && t->token[unit].value == AF_ZH_UNIT_COUNT &&
		(af_zh_holds(t, unit + 1, "不") || af_zh_holds(t, unit + 1, "未") || af_zh_holds(t, unit + 1, "没有")))
		led = true;
	/* elsewhere 一 is a word like any other: 一村一档 */
	if (!led && unit + 1 < limit && t->token[unit + 1].class != AF_ZH_OF)
		return false;
	step->start = led ? before : number;
	step->end = unit + 1;
	step->step = AF_NUMBER_SCALE;
	decide(t, unit, level, false, step);
	return true;
}

bool
af_zh_find_step(const af_zh_tokens *t, size_t segment, size_t limit, bool phrase, af_zh_step *found)
{
	*found = (af_zh_step) {.per = AF_PER_NOTHING};
	for (size_t i = limit; i-- > segment;)
		if (t->token[i].class == AF_ZH_EACH && i + 1 < limit && !is_period(t, i + 1, limit))
		{
			if (!read_each(t, i, limit, phrase, found))
				break;
			/* 每增加1个项目或增资100万元 */
			for (size_t k = found->end; k + 1 < limit; k++)
				if (t->token[k].class == AF_ZH_OR && !phrase)
					for (size_t n = k + 1; n < limit; n++)
						if (t->token[n].class == AF_ZH_NUMBER && !t->token[n].ordinal)
							found->reason = "two steps in one phrase";
			if (i > segment && t->token[i - 1].class == AF_ZH_BEYOND)
			{
				found->bare = true;
				found->start--;
				if (found->per == AF_PER_OCCURRENCE)
					found->per = AF_PER_EXCESS;
			}
			return true;
		}
	for (size_t i = limit; i-- > segment;)
		if (read_one(t, segment, i, limit, found))
			return true;
	return false;
}
