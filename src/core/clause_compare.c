/*
 * clause_compare.c
 *		Comparisons in the words of a condition.
 *
 * 以上, 以下, 以内 and 达 include the number, 超过, 不满, 以外 and the like
 * exclude it (Civil Code, article 1259, and usage beside it); a written （含）
 * or （不含） decides.
 */
#include "clause_parts.h"

bool
af_zh_is_stop(const af_zh_token *token, af_zh_stop stop)
{
	return token->class == AF_ZH_STOP && token->value == (int) stop;
}

static af_zh_class
class_at(const af_zh_tokens *t, size_t at, size_t limit)
{
	return at < limit ? t->token[at].class : AF_ZH_STOP;
}

/* A number and its unit; the place behind them, or 0. */
static size_t
read_value(const af_zh_tokens *t, size_t at, size_t limit, af_zh_comparison *found, af_number *value)
{
	const af_zh_token *number = &t->token[at];

	if (class_at(t, at, limit) != AF_ZH_NUMBER)
		return 0;
	if (number->damaged)
	{
		/* 5A级 is a name, O5%以上 is not */
		af_zh_class next = class_at(t, at + 1, limit);

		if (next == AF_ZH_UNIT || next == AF_ZH_BOUND || (at > 0 && t->token[at - 1].class == AF_ZH_COMPARE))
			found->reason = "the number is damaged, or is no number or percentage";
		return 0;
	}
	if (number->ordinal)
		return 0;
	*value = number->number;
	at++;
	if (number->percent)
		found->unit = AF_ZH_UNIT_PERCENT;
	else if (class_at(t, at, limit) == AF_ZH_UNIT)
	{
		found->unit = (af_zh_unit) t->token[at].value;
		found->unit_token = at++;
	}
	else if (class_at(t, at, limit) == AF_ZH_POINTS)
	{
		found->unit = AF_ZH_UNIT_SCORE;
		found->unit_token = at++;
	}
	else if (class_at(t, at, limit) == AF_ZH_RANK)
		return 0;
	else if (number->scaled && found->unit == AF_ZH_UNIT_NONE)
		found->unit = AF_ZH_UNIT_YUAN; /* 10万以上 */
	if (at < limit && af_zh_is_stop(&t->token[at], AF_STOP_SLASH))
		found->reason = "a number in proportion to another cannot be said";	/* 4批次/千人 */
	return at;
}

static size_t
read_mark(const af_zh_tokens *t, size_t at, size_t limit, af_operator *operator, bool *marked)
{
	af_zh_class class = class_at(t, at, limit);

	if (class != AF_ZH_WITH && class != AF_ZH_WITHOUT)
		return at;
	*marked = true;
	if (class == AF_ZH_WITH)
		*operator = *operator == AF_GREATER ? AF_AT_LEAST : *operator == AF_LESS ? AF_AT_MOST : *operator;
	else
		*operator = *operator == AF_AT_LEAST ? AF_GREATER : *operator == AF_AT_MOST ? AF_LESS : *operator;
	return at + 1;
}

static const af_operator turned[] = {
	[AF_GREATER] = AF_LESS,
	[AF_AT_LEAST] = AF_AT_MOST,
	[AF_LESS] = AF_GREATER,
	[AF_AT_MOST] = AF_AT_LEAST,
	[AF_EQUAL] = AF_EQUAL,
};

/* What the words before a comparison say about its subject. */
typedef struct topic
{
	bool		since;			/* 同比 */
	bool		up;
	bool		down;
	bool		width;			/* 增幅, 降幅 */
	bool		rate;			/* ends in 率 and the like */
	bool		moved;			/* 上升, 下降 right before the number */
	bool		harm;			/* 死亡, 重伤: persons of one case */
} topic;

static topic
topic_of(const af_zh_tokens *t, size_t segment, size_t at)
{
	topic		result = {false, false, false, false, false, false, false};
	size_t		near = at > segment + 12 ? at - 12 : segment;

	for (size_t i = near; i < at; i++)
	{
		af_zh_class class = t->token[i].class;

		if (class == AF_ZH_SINCE)
			result.since = true;
		else if (class == AF_ZH_MORE || class == AF_ZH_LESS)
		{
			result.up = class == AF_ZH_MORE;
			result.down = !result.up;
			result.width |= af_zh_is(t, i, "增幅") || af_zh_is(t, i, "降幅");
		}
		else if (class == AF_ZH_TEXT || class == AF_ZH_DISCRETION)
			result.rate = af_zh_ends_in(t, i, "率度例感比");
	}
	if (at > segment && (t->token[at - 1].class == AF_ZH_MORE || t->token[at - 1].class == AF_ZH_LESS))
		result.moved = af_zh_ends_in(t, at - 1, "升降长滑跌");
	if (at > segment && t->token[at - 1].class == AF_ZH_TEXT)
		result.harm = af_zh_ends_in(t, at - 1, "亡伤");
	return result;
}

static void
decide_subject(const topic *about, af_subject carried, af_zh_comparison *found)
{
	bool		change = about->width || about->moved || (about->since && (about->up || about->down));

	switch (found->unit)
	{
		case AF_ZH_UNIT_PERCENT:
		case AF_ZH_UNIT_POINT:
			found->subject = change ? AF_SUBJECT_CHANGE : AF_SUBJECT_RATE;
			found->fall = change && about->down;
			if (!change && carried == AF_SUBJECT_CHANGE && !about->rate)
				found->subject = AF_SUBJECT_CHANGE; /* 同比上升5%以上扣1分，10%以上扣2分 */
			if (about->since && !change)
				found->reason = "it does not say whether it rose or fell";
			else if (change && (found->unit == AF_ZH_UNIT_POINT || (about->rate && !about->since && !about->width)))
				found->reason = "a rate against last year's cannot be said";
			return;
		case AF_ZH_UNIT_YUAN:
		case AF_ZH_UNIT_DAY:
		case AF_ZH_UNIT_TIME:
		case AF_ZH_UNIT_SIZE:
		case AF_ZH_UNIT_SCORE:
			found->subject = AF_SUBJECT_AMOUNT;
			break;
		case AF_ZH_UNIT_PERSON:
			found->subject = about->harm ? AF_SUBJECT_AMOUNT : AF_SUBJECT_COUNT;
			break;
		case AF_ZH_UNIT_COUNT:
			found->subject = AF_SUBJECT_COUNT;
			break;
		case AF_ZH_UNIT_NONE:
			found->subject = about->rate ? AF_SUBJECT_RATE : carried;
			if (found->subject == AF_SUBJECT_NONE)
				found->reason = "a number without a unit";
			break;
	}
	if (about->since && found->comparison[0].kind == AF_VALUE_NUMBER)
		found->reason = "a difference from last year in numbers cannot be said";
}

/* 超过去年同期, 低于规定数 */
static bool
read_symbol(const af_zh_tokens *t, size_t segment, size_t at, size_t limit, af_operator operator, af_zh_comparison *found)
{
	topic		about = topic_of(t, segment, at - 1);
	bool		required = class_at(t, at, limit) == AF_ZH_REQUIRED;
	af_zh_class next = class_at(t, at + 1, limit);

	if (!required && class_at(t, at, limit) != AF_ZH_BASELINE)
		return false;
	/* 超过规定时限 is about a date; 超过去年同期发案数 is about the baseline */
	if (next == AF_ZH_TEXT && required)
		return false;
	if (required && t->token[at].value == AF_REQUIRED_RATE && !about.rate)
		return false;
	if (next == AF_ZH_TEXT && class_at(t, at + 2, limit) != AF_ZH_OF && at + 2 < limit)
		return false;
	found->end = at + 1 + (next == AF_ZH_TEXT);
	if (class_at(t, found->end, limit) == AF_ZH_BOUND)
	{
		operator = (af_operator) t->token[found->end].value;
		found->end++;
	}
	found->comparison[0].kind = required ? AF_VALUE_REQUIRED : AF_VALUE_BASELINE;
	found->comparison[0].operator = operator;
	found->subject = about.rate ? AF_SUBJECT_RATE : AF_SUBJECT_COUNT;
	if (about.width || about.since)
		found->subject = AF_SUBJECT_CHANGE;
	if (at >= 2 && af_zh_ends_in(t, at - 2, "额"))
		found->subject = AF_SUBJECT_AMOUNT;
	if (!required && found->subject != AF_SUBJECT_COUNT)
		found->reason = "a rate or an amount against last year's cannot be said";
	return true;
}

/* 同比上升 without a number */
static bool
read_since(const af_zh_tokens *t, size_t segment, size_t at, size_t limit, af_zh_comparison *found)
{
	topic		about = topic_of(t, segment, at);
	size_t		way = at + 1;
	af_zh_class class;

	if (class_at(t, way, limit) == AF_ZH_TEXT || class_at(t, way, limit) == AF_ZH_ADVERB)
		way++;					/* 同比案件上升, 同比有所上升 */
	class = class_at(t, way, limit);
	if (class != AF_ZH_MORE && class != AF_ZH_LESS)
		return false;
	if (t->token[way].class == AF_ZH_MORE ? af_zh_is(t, way, "增幅") : af_zh_is(t, way, "降幅"))
		return false;
	switch (class_at(t, way + 1, limit))
	{
		case AF_ZH_NUMBER:
		case AF_ZH_COMPARE:
		case AF_ZH_EACH:
		case AF_ZH_RANGE:
			return false;		/* a number follows, and is read with it */
		default:
			break;
	}
	found->end = way + 1;
	found->comparison[0].kind = AF_VALUE_BASELINE;
	found->comparison[0].operator = class == AF_ZH_MORE ? AF_GREATER : AF_LESS;
	found->subject = AF_SUBJECT_COUNT;
	if (about.rate)
		found->reason = "a rate against last year's cannot be said";
	return true;
}

/* 发案数上升的 without 同比, 满意率未达标的 */
static bool
read_bare_way(const af_zh_tokens *t, size_t segment, size_t at, size_t limit, af_zh_comparison *found)
{
	topic		about = topic_of(t, segment, at);
	af_zh_class class = t->token[at].class;
	af_zh_class next = class_at(t, at + 1, limit);

	if (at == segment || t->token[at - 1].class != AF_ZH_TEXT)
		return false;
	found->end = at + 1;
	if (class == AF_ZH_SHORT)
	{
		found->comparison[0].kind = AF_VALUE_REQUIRED;
		found->comparison[0].operator = AF_LESS;
		found->subject = AF_SUBJECT_RATE;
		return about.rate && (next == AF_ZH_OF || at + 1 == limit);
	}
	if (t->token[at].value != AF_WAY_LEVEL || (next != AF_ZH_OF && at + 1 != limit) || about.since ||
		!af_zh_ends_in(t, at - 1, "数量案率"))
		return false;
	found->comparison[0].kind = AF_VALUE_BASELINE;
	found->comparison[0].operator = class == AF_ZH_MORE ? AF_GREATER : AF_LESS;
	found->subject = AF_SUBJECT_COUNT;
	if (about.rate)
		found->reason = "a rate against last year's cannot be said";
	return true;
}

static void
set_number(af_comparison *comparison, af_operator operator, af_number value, bool fall)
{
	comparison->kind = AF_VALUE_NUMBER;
	comparison->operator = fall ? turned[operator] : operator;
	comparison->value = fall ? -value : value;
}

bool
af_zh_compare(const af_zh_tokens *t, size_t segment, size_t at, size_t limit, af_subject carried, af_zh_comparison *found)
{
	bool		prefixed = false;
	bool		place = false;
	bool		bounded = false;
	bool		marked = false;
	bool		negative = false;
	bool		range = false;
	bool		above = false;
	af_operator operator = AF_EQUAL;
	af_operator upper = AF_AT_MOST;
	af_number	value = 0;
	af_number	other = 0;
	size_t		j = at;
	size_t		next;
	topic		about;

	*found = (af_zh_comparison) {.count = 1, .unit = AF_ZH_UNIT_NONE};
	if (class_at(t, j, limit) == AF_ZH_SINCE)
		return read_since(t, segment, at, limit, found);
	if (class_at(t, j, limit) == AF_ZH_SHORT || class_at(t, j, limit) == AF_ZH_MORE || class_at(t, j, limit) == AF_ZH_LESS)
		return read_bare_way(t, segment, at, limit, found);
	if (class_at(t, j, limit) == AF_ZH_COMPARE)
	{
		operator = (af_operator) t->token[j].value;
		place = af_zh_is(t, j, "在");
		prefixed = !place;
		j++;
		if (read_symbol(t, segment, j, limit, operator, found))
			return true;
		if (j + 1 < limit && af_zh_is_stop(&t->token[j], AF_STOP_DASH) && t->token[j + 1].class == AF_ZH_NUMBER)
		{
			negative = true;
			j++;
		}
	}
	next = read_value(t, j, limit, found, &value);
	if (!next)
		return found->reason != NULL;
	j = next;

	/* 5万元（含）至20万元 */
	if ((class_at(t, j, limit) == AF_ZH_WITH || class_at(t, j, limit) == AF_ZH_WITHOUT) && j + 1 < limit &&
		(t->token[j + 1].class == AF_ZH_RANGE || af_zh_is_stop(&t->token[j + 1], AF_STOP_DASH)))
	{
		above = class_at(t, j, limit) == AF_ZH_WITHOUT;
		j++;
	}
	if (class_at(t, j, limit) == AF_ZH_RANGE || (j < limit && af_zh_is_stop(&t->token[j], AF_STOP_DASH)))
	{
		if (prefixed || !(next = read_value(t, j + 1, limit, found, &other)) || other <= value)
			return false;
		range = true;
		j = next;
		operator = above ? AF_GREATER : AF_AT_LEAST;
	}
	j = read_mark(t, j, limit, range ? &upper : &operator, &marked);
	if (class_at(t, j, limit) == AF_ZH_BOUND && !range)
	{
		af_operator bound = (af_operator) t->token[j].value;

		/* 超过10万元以上 is 超过; 不到10万元以上 is nonsense */
		if (prefixed && (bound == AF_AT_MOST) != (operator == AF_LESS || operator == AF_AT_MOST))
			found->reason = "the words around the number contradict each other";
		if (!prefixed)
			operator = bound;
		bounded = true;
		if (marked)
			read_mark(t, j - 1, limit, &operator, &marked);
		j++;
		j = read_mark(t, j, limit, &operator, &marked);
	}
	/* 1日内扣0.2分, but 3日内未反馈 is when something was due */
	if (!prefixed && !bounded && !range && j < limit && af_zh_is(t, j, "内") && (j + 1 == limit || t->token[j + 1].class == AF_ZH_OF))
	{
		operator = AF_AT_MOST;
		bounded = true;
		j++;
	}
	if (place && !bounded && !range)
	{
		/* 在24小时内核查 is when something was due */
		found->deadline = (found->unit == AF_ZH_UNIT_TIME || found->unit == AF_ZH_UNIT_DAY) && class_at(t, j, limit) == AF_ZH_TEXT;
		found->end = j;
		return found->deadline;
	}
	if (prefixed && found->unit != AF_ZH_UNIT_YUAN && af_zh_is(t, at, "过"))
		return false;			/* 召开过2次 */
	found->bare = !prefixed && !bounded && !range;
	found->end = j;
	about = topic_of(t, segment, at);
	decide_subject(&about, carried, found);
	/* 未巡查2次以上: fewer than two, or two and more not done */
	if (!range && (operator == AF_AT_LEAST || operator == AF_GREATER) && (!prefixed || af_zh_is(t, at, "过")))
		for (size_t i = at > segment + 12 ? at - 12 : segment; i < at && !found->bare; i++)
			if (af_zh_holds(t, i, "未") || af_zh_holds(t, i, "没有"))
				found->reason = "it is not clear whether this is what was or what was not done";
	found->adjacent_rate = found->bare && at > segment && t->token[at - 1].class == AF_ZH_TEXT && af_zh_ends_in(t, at - 1, "率度");
	found->deadline = bounded && !prefixed && operator == AF_AT_MOST &&
		(found->unit == AF_ZH_UNIT_DAY || found->unit == AF_ZH_UNIT_TIME) && class_at(t, j, limit) == AF_ZH_TEXT;
	/* 14周岁以下儿童 is whom it is about */
	if (found->unit == AF_ZH_UNIT_SIZE && bounded && !prefixed && class_at(t, j, limit) == AF_ZH_TEXT &&
		(af_zh_is(t, found->unit_token, "岁") || af_zh_is(t, found->unit_token, "周岁")))
		found->deadline = true;
	set_number(&found->comparison[0], operator, negative ? -value : value, found->fall);
	if (found->subject == AF_SUBJECT_CHANGE && !range && !about.width && (operator == AF_LESS || operator == AF_AT_MOST))
	{
		/* 上升5%以内 is a rise */
		set_number(&found->comparison[1], AF_GREATER, 0, found->fall);
		found->count = 2;
	}
	if (range)
	{
		set_number(&found->comparison[1], upper, other, found->fall);
		found->count = 2;
	}
	return true;
}
