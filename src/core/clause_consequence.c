/*
 * clause_consequence.c
 *		The words of a consequence, and of what limits it.
 */
#include "clause_consequence.h"

/* How far 为止 may stand behind 扣完, and 资格 behind 取消, in tokens. */
#define REACH 12

static const char damaged[] = "the number of points is damaged";
static const char missing[] = "the number of points is missing";

static af_zh_class
class_at(const af_zh_tokens *t, size_t at, size_t limit)
{
	return at < limit ? t->token[at].class : AF_ZH_STOP;
}

bool
af_zh_points(const af_zh_token *number, af_points *points)
{
	const int64_t fine = AF_NUMBER_SCALE / AF_POINTS_SCALE;

	if (number->damaged || number->percent || number->number % fine != 0 || number->number / fine > AF_POINTS_MAX)
		return false;
	*points = number->number / fine;
	return true;
}

/* What stands behind a consequence; 扣5分的 and 扣5分以上 are conditions of something else. */
static bool
ends_well(const af_zh_tokens *t, size_t at, size_t limit)
{
	switch (class_at(t, at, limit))
	{
		case AF_ZH_OF:
		case AF_ZH_BOUND:
			return false;
		default:
			return true;
	}
}

/* 2分, 2至5分, 2分至5分, 1、2分, 1分、2分和3分; the place behind, or 0 with a reason. */
static size_t
read_points(const af_zh_tokens *t, size_t at, size_t limit, af_zh_consequence *found)
{
	bool		unit = false;

	for (;;)
	{
		const af_zh_token *stop;
		af_points	points;

		if (class_at(t, at, limit) != AF_ZH_NUMBER || !af_zh_points(&t->token[at], &points))
		{
			found->reason = damaged;
			return 0;
		}
		if (found->count == AF_ZH_MAX_POINTS)
		{
			found->reason = "too many numbers of points";
			return 0;
		}
		found->points[found->count++] = points;
		at++;
		unit = class_at(t, at, limit) == AF_ZH_POINTS;
		at += unit;
		stop = at < limit ? &t->token[at] : NULL;
		if (!stop || class_at(t, at + 1, limit) != AF_ZH_NUMBER)
			break;
		if (stop->class == AF_ZH_RANGE || af_zh_is_stop(stop, AF_STOP_DASH))
		{
			if (found->count > 1 || !af_zh_points(&t->token[at + 1], &found->points_max) ||
				class_at(t, at + 2, limit) != AF_ZH_POINTS)
			{
				found->reason = damaged;
				return 0;
			}
			found->descends = found->points_max < points;
			return at + 3;
		}
		/* 扣1分、2分 goes on; 扣1分，2次 does not */
		if (!(af_zh_is_stop(stop, AF_STOP_LIST) || stop->class == AF_ZH_LIST || stop->class == AF_ZH_OR))
			break;
		if (unit && class_at(t, at + 2, limit) != AF_ZH_POINTS)
			break;
		at++;
	}
	if (!unit)
	{
		found->reason = damaged;
		return 0;
	}
	if (class_at(t, at, limit) == AF_ZH_NUMBER || (class_at(t, at, limit) == AF_ZH_UNIT && t->token[at].value == AF_ZH_UNIT_PERCENT))
	{
		found->reason = damaged;
		return 0;
	}
	found->points_max = found->points[0];
	return at;
}

static size_t
read_slash(const af_zh_tokens *t, size_t at, size_t limit, af_zh_consequence *found)
{
	if (at + 1 >= limit || !af_zh_is_stop(&t->token[at], AF_STOP_SLASH) || t->token[at + 1].class != AF_ZH_UNIT)
		return at;
	if (t->token[at + 1].value != AF_ZH_UNIT_COUNT && t->token[at + 1].value != AF_ZH_UNIT_PERSON)
		found->reason = "a step in this unit cannot be said";
	found->slash = true;
	return at + 2;
}

/* From 扣 or 加 on. */
static bool
read_scored(const af_zh_tokens *t, size_t at, size_t limit, af_zh_consequence *found)
{
	size_t		j = at + 1;
	bool		deduct = t->token[at].class == AF_ZH_DEDUCT;

	found->effect = deduct ? AF_DEDUCT : AF_ADD;
	if (class_at(t, j, limit) == AF_ZH_DISCRETION)
		j++;
	if (class_at(t, j, limit) == AF_ZH_POINTS)
	{
		j++;
		if (class_at(t, j, limit) != AF_ZH_NUMBER)
		{
			/* 扣分标准, 的扣分: a noun */
			if (!ends_well(t, j, limit) || class_at(t, j, limit) == AF_ZH_TEXT)
				return false;
			found->reason = missing;
			found->end = j;
			return true;
		}
	}
	/* 扣所在单位2分 */
	if (deduct && class_at(t, j, limit) == AF_ZH_TEXT && t->token[j].end - t->token[j].start >= 6)
	{
		size_t		k = j + 1;

		while (k < j + 4 && (class_at(t, k, limit) == AF_ZH_TEXT || class_at(t, k, limit) == AF_ZH_SHORT))
			k++;
		if (class_at(t, k, limit) == AF_ZH_NUMBER && !t->token[k].ordinal && class_at(t, k + 1, limit) == AF_ZH_POINTS)
			j = k;
	}
	if (class_at(t, j, limit) != AF_ZH_NUMBER)
	{
		/* 扣.5分, 扣×分 */
		if (j + 1 < limit && t->token[at].end - t->token[at].start >= 3 &&
			((af_zh_is_stop(&t->token[j], AF_STOP_OTHER) && t->token[j + 1].class == AF_ZH_NUMBER) ||
			 (deduct && t->token[j].class == AF_ZH_TEXT && t->token[j + 1].class == AF_ZH_POINTS)))
		{
			found->reason = damaged;
			found->end = j + 1;
			return true;
		}
		return false;
	}
	/* 加2名, 扣10元: not points at all */
	if (class_at(t, j + 1, limit) == AF_ZH_UNIT && t->token[j + 1].value != AF_ZH_UNIT_PERCENT)
		return false;
	found->end = read_points(t, j, limit, found);
	if (!found->end)
	{
		found->end = j + 1;
		return true;
	}
	if (!ends_well(t, found->end, limit))
		return false;
	found->end = read_slash(t, found->end, limit, found);
	return true;
}

/* 按10分/户扣分, 按零分计 */
static bool
read_by(const af_zh_tokens *t, size_t at, size_t limit, af_zh_consequence *found)
{
	size_t		j;

	if (class_at(t, at + 1, limit) != AF_ZH_NUMBER || class_at(t, at + 2, limit) != AF_ZH_POINTS)
		return false;
	if (class_at(t, at + 3, limit) == AF_ZH_AWARD && t->token[at + 1].number == 0 && !t->token[at + 1].damaged)
	{
		found->effect = AF_ZERO;
		found->end = at + 4;
		return ends_well(t, found->end, limit);
	}
	found->count = 1;
	if (!af_zh_points(&t->token[at + 1], &found->points[0]))
		return false;
	found->points_max = found->points[0];
	j = read_slash(t, at + 3, limit, found);
	if (class_at(t, j, limit) == AF_ZH_OF)
		j++;
	while (class_at(t, j, limit) == AF_ZH_ADVERB || (class_at(t, j, limit) == AF_ZH_ADD && class_at(t, j + 1, limit) == AF_ZH_DEDUCT))
		j++;
	if (class_at(t, j, limit) != AF_ZH_DEDUCT && class_at(t, j, limit) != AF_ZH_ADD)
		return false;
	found->effect = class_at(t, j, limit) == AF_ZH_DEDUCT ? AF_DEDUCT : AF_ADD;
	j++;
	if (class_at(t, j, limit) == AF_ZH_POINTS)
		j++;
	found->end = j;
	return class_at(t, j, limit) != AF_ZH_NUMBER && ends_well(t, j, limit);
}

/* A predicate of its own: what stands behind it is the end of its segment, or another consequence. */
static bool
stands_alone(const af_zh_tokens *t, size_t at, size_t limit)
{
	switch (class_at(t, at, limit))
	{
		case AF_ZH_STOP:
		case AF_ZH_LIST:
		case AF_ZH_AND:
		case AF_ZH_ADVERB:
		case AF_ZH_DEDUCT:
		case AF_ZH_ZERO:
		case AF_ZH_LESS:
		case AF_ZH_FOUND:
		case AF_ZH_UNTIL:
		case AF_ZH_BY:
			return true;
		default:
			return false;
	}
}

/* 取消评先评优资格, 不得评为文明社区: up to the end of the words. */
static bool
read_exclusion(const af_zh_tokens *t, size_t at, size_t limit, af_zh_consequence *found)
{
	size_t		j = at + 1;
	bool		cancel = t->token[at].class == AF_ZH_CANCEL;

	for (; j < limit && j < at + REACH; j++)
	{
		if (t->token[j].class == AF_ZH_STOP && t->token[j].value != AF_STOP_LIST)
			break;
		if (cancel && t->token[j].class == AF_ZH_TITLE)
		{
			found->end = j + 1;
			return stands_alone(t, j + 1, limit);
		}
		if (!cancel && (t->token[j].class == AF_ZH_OF || t->token[j].class == AF_ZH_DEDUCT))
			return false;
	}
	found->end = j;
	return !cancel;
}

static bool
read_raise(const af_zh_tokens *t, size_t at, size_t limit, bool phrase, af_zh_consequence *found)
{
	size_t		j = at;
	bool		raised = t->token[at].class == AF_ZH_RAISE;

	found->effect = AF_RAISE;
	if (raised)
		j++;
	if (phrase && raised && class_at(t, j, limit) == AF_ZH_VETO)
		found->rung = "veto";
	else if (phrase && raised && class_at(t, j, limit) == AF_ZH_QUOTED)
		found->rung_token = j;
	else if (class_at(t, j, limit) == AF_ZH_RUNG)
		found->rung = t->token[j].name;
	else
		return false;
	found->end = j + 1;
	if (!raised && at > 0)
	{
		af_zh_class before = t->token[at - 1].class;

		/* 被约谈的, 未约谈: not the predicate of a sentence */
		if (before != AF_ZH_STOP && before != AF_ZH_OF && before != AF_ZH_ADVERB)
			return false;
	}
	return class_at(t, j + 1, limit) == AF_ZH_STOP;
}

bool
af_zh_find_consequence(const af_zh_tokens *t, size_t at, size_t limit, bool phrase, af_zh_consequence *found)
{
	const af_zh_token *token = &t->token[at];
	af_zh_class before = at > 0 ? t->token[at - 1].class : AF_ZH_STOP;

	*found = (af_zh_consequence) {.count = 0};
	if (before == AF_ZH_PASSIVE)
		return false;
	switch (token->class)
	{
		case AF_ZH_DEDUCT:
		case AF_ZH_ADD:
			/* 不扣5分, 未加2分 */
			if (before == AF_ZH_TEXT && token->start == t->token[at - 1].end && af_zh_ends_in(t, at - 1, "不未免"))
				return false;
			return read_scored(t, at, limit, found);
		case AF_ZH_BY:
			return read_by(t, at, limit, found);
		case AF_ZH_ZERO:
			/* 不得分包, 扣除该项分值的50% are something else */
			found->effect = AF_ZERO;
			found->end = at + 1;
			return stands_alone(t, found->end, limit);
		case AF_ZH_AWARD:
		case AF_ZH_TEXT:
			if (token->class == AF_ZH_TEXT && !af_zh_ends_in(t, at, "为"))
				return false;
			found->effect = AF_ZERO;
			found->end = at + 3;
			return class_at(t, at + 1, limit) == AF_ZH_NUMBER && t->token[at + 1].number == 0 && !t->token[at + 1].damaged &&
				class_at(t, at + 2, limit) == AF_ZH_POINTS && ends_well(t, found->end, limit);
		case AF_ZH_QUOTED:
			/* 实行“一票否决”, but not 应“一票否决”而未执行 */
			if (before != AF_ZH_TEXT || !af_zh_ends_in(t, at - 1, "行施予") ||
				!(af_zh_is(t, at, "“一票否决”") || af_zh_is(t, at, "“一票否决制”") || af_zh_is(t, at, "\"一票否决\"")))
				return false;
			/* FALLTHROUGH */
		case AF_ZH_VETO:
		case AF_ZH_FAIL:
			found->effect = AF_VETO;
			found->end = at + 1;
			return stands_alone(t, found->end, limit) &&
				!(before == AF_ZH_TEXT && af_zh_ends_in(t, at - 1, "未不应被"));
		case AF_ZH_CANCEL:
		case AF_ZH_EXCLUDE:
			found->effect = AF_VETO;
			return read_exclusion(t, at, limit, found);
		case AF_ZH_RAISE:
		case AF_ZH_RUNG:
			return read_raise(t, at, limit, phrase, found);
		case AF_ZH_REFUSE:
			/* 加倍扣分, 减半扣分 */
			found->reason = token->name;
			found->end = at + 1;
			for (size_t j = at + 1; j < limit && j < at + 3; j++)
				if ((t->token[j].class == AF_ZH_DEDUCT || t->token[j].class == AF_ZH_ADD) &&
					class_at(t, j + 1, limit) == AF_ZH_POINTS)
				{
					found->end = j + 2;
					return true;
				}
			return false;
		default:
			return false;
	}
}

static bool
is_limit(const af_zh_token *token)
{
	return token->class == AF_ZH_AT_MOST || (token->class == AF_ZH_COMPARE && token->value == AF_AT_MOST);
}

static void
note_effect(const af_zh_tokens *t, size_t at, af_zh_cap *found)
{
	found->deducts |= t->token[at].class == AF_ZH_DEDUCT || af_zh_ends_in(t, at, "扣");
	found->adds |= t->token[at].class == AF_ZH_ADD || af_zh_ends_in(t, at, "加");
}

bool
af_zh_find_cap(const af_zh_tokens *t, size_t at, size_t limit, af_zh_cap *found)
{
	size_t		j = at;
	bool		until = class_at(t, at, limit) == AF_ZH_UNTIL;

	*found = (af_zh_cap) {.cap = -1};
	if (until)
	{
		/* 扣完为止, 扣完该项分值为止, 扣完5分为止, 扣完 */
		note_effect(t, j, found);
		for (j++; j < limit && j < at + REACH && t->token[j].class != AF_ZH_STOP; j++)
		{
			if (t->token[j].class == AF_ZH_NUMBER && class_at(t, j + 1, limit) == AF_ZH_POINTS &&
				!af_zh_points(&t->token[j], &found->cap))
				found->reason = damaged;
			if (t->token[j].class == AF_ZH_END)
			{
				found->end = j + 1;
				return true;
			}
		}
		found->end = j;
		return j == at + 1;
	}
	if (at < limit && is_limit(&t->token[at]))
	{
		bool		must_end = af_zh_is(t, at, "以");

		note_effect(t, j, found);
		for (j++; j < limit && j < at + REACH && (t->token[j].class == AF_ZH_DEDUCT || t->token[j].class == AF_ZH_ADD ||
								t->token[j].class == AF_ZH_APIECE || t->token[j].class == AF_ZH_ADVERB ||
								is_limit(&t->token[j]) || af_zh_is_stop(&t->token[j], AF_STOP_LIST) ||
								af_zh_is(t, j, "为")); j++)
			note_effect(t, j, found);
		if (class_at(t, j, limit) == AF_ZH_POINTS && class_at(t, j + 1, limit) == AF_ZH_NUMBER)
			j++;				/* 最高扣分5分 */
		if (class_at(t, j, limit) != AF_ZH_NUMBER || class_at(t, j + 1, limit) != AF_ZH_POINTS ||
			class_at(t, j + 2, limit) == AF_ZH_OF)
			return false;
		if (!af_zh_points(&t->token[j], &found->cap))
			found->reason = damaged;
		found->end = j + 2;
		if (class_at(t, found->end, limit) == AF_ZH_END)
			found->end++;
		else if (must_end)
			return false;
		return true;
	}
	/* 5分封顶, 加5分封顶 */
	if (class_at(t, at, limit) == AF_ZH_DEDUCT || class_at(t, at, limit) == AF_ZH_ADD)
		note_effect(t, at++, found);
	if (class_at(t, at, limit) == AF_ZH_NUMBER && class_at(t, at + 1, limit) == AF_ZH_POINTS &&
		class_at(t, at + 2, limit) == AF_ZH_END)
	{
		if (!af_zh_points(&t->token[at], &found->cap))
			found->reason = damaged;
		found->end = at + 3;
		return true;
	}
	return false;
}
