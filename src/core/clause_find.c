/*
 * clause_find.c
 *		Every consequence of a text, with the words that select it.
 *
 * One pass: at each token a consequence or a limit may begin; the words since
 * the consequence before it are its condition.  What looks like a consequence
 * and cannot be said becomes a piece with a reason, so that nobody takes the
 * rest for the whole.
 */
#include "clause_finder.h"

#include <string.h>

#include "rule_words.h"

static void
mark(af_finder *f, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		f->t->token[i].read = true;
}

/* The words of a window without the stops around them, as bytes of a piece. */
static void
set_condition(af_finder *f, size_t from, size_t to, af_clause_piece *piece)
{
	const af_zh_token *token = f->t->token;

	while (from < to && token[from].class == AF_ZH_STOP)
		from++;
	while (to > from && token[to - 1].class == AF_ZH_STOP &&
		   !(af_zh_is_stop(&token[to - 1], AF_STOP_CLOSE)))
		to--;
	piece->condition_start = piece->condition_end = piece->start;
	if (from < to)
	{
		piece->condition_start = token[from].start;
		piece->condition_end = token[to - 1].end;
	}
}

static bool
is_separator_before(const af_finder *f, size_t at, size_t from)
{
	return at > from && af_zh_separates(&f->t->token[at - 1]);
}

/* 3-1分 and 分别加1-3分 over a list are its points one by one. */
static const char *
enumerate(const af_zh_consequence *c, int members, af_zh_consequence *listed)
{
	const af_points step = c->descends ? -AF_POINTS_SCALE : AF_POINTS_SCALE;

	*listed = *c;
	listed->count = members;
	if (members < 2 || members > AF_ZH_MAX_POINTS || c->points_max != c->points[0] + (members - 1) * step)
		return "it is not clear which of several numbers of points applies";
	for (int i = 0; i < members; i++)
		listed->points[i] = c->points[0] + i * step;
	return NULL;
}

static bool
same_word(const af_zh_tokens *t, size_t a, size_t b)
{
	return t->token[a].end - t->token[a].start == t->token[b].end - t->token[b].start &&
		memcmp(t->text + t->token[a].start, t->text + t->token[b].start, t->token[a].end - t->token[a].start) == 0;
}

/* Two units of time or of size that are not the same; 天 and 日 are. */
static bool
other_measure(const af_zh_tokens *t, size_t a, size_t b)
{
	const af_zh_token *one = &t->token[a];
	const af_zh_token *two = &t->token[b];

	if (!a || !b || one->class != AF_ZH_UNIT || two->class != AF_ZH_UNIT ||
		one->value < AF_ZH_UNIT_DAY || one->value > AF_ZH_UNIT_SIZE || two->value < AF_ZH_UNIT_DAY || two->value > AF_ZH_UNIT_SIZE)
		return false;
	if ((af_zh_is(t, a, "天") || af_zh_is(t, a, "日")) && (af_zh_is(t, b, "天") || af_zh_is(t, b, "日")))
		return false;
	return !same_word(t, a, b);
}

static void
take(af_finder *f, size_t at, const af_zh_consequence *c)
{
	size_t		words = f->window;
	af_lead		l;
	af_zh_condition condition;
	af_zh_step	step = {.per = AF_PER_NOTHING};
	af_clause_piece place;
	const af_clause_piece *before = f->clause->count > f->sentence_piece ? &f->clause->piece[f->clause->count - 1] : NULL;
	const char *reason = NULL;
	size_t		segment;
	size_t		end;
	size_t		active;
	size_t		start;
	bool		found;
	bool		one = false;
	bool		joins;
	bool		role;
	int			copies;
	af_zh_consequence listed;
	af_subject	carried = f->any ? f->condition.subject : AF_SUBJECT_NONE;

	af_finder_set_aside(f, at);
	l = af_finder_lead(f, at);
	end = l.to;
	role = af_finder_names_role(f, &l) && f->any;
	segment = af_finder_segment(f, l.from, l.to);
	memset(&place, 0, sizeof(place));
	if (segment == l.to && is_separator_before(f, segment, l.from))
	{
		end = segment - 1;
		segment = af_finder_segment(f, l.from, end);
	}
	found = af_zh_find_step(f->t, segment, end, f->phrase, &step);
	active = af_finder_active(f, l.from, segment, found && step.start == segment && step.end == end && step.per == AF_PER_OCCURRENCE);
	if (!found && active < segment && (f->t->token[segment - 2].class == AF_ZH_OF))
		found = af_zh_find_step(f->t, af_finder_segment(f, l.from, segment - 1), segment - 1, f->phrase, &step);
	one = found && f->t->token[step.start].class != AF_ZH_EACH && !step.bare;
	if (c->slash && one)
		found = false;
	if (!found)
		step = (af_zh_step) {.per = AF_PER_NOTHING};
	if (c->slash && found)
		reason = "two steps in one phrase";
	if (step.reason)
		reason = step.reason;
	/* 开展2次以上的不扣分，开展1次的扣1分: exactly one */
	if (one && !reason && !f->phrase && step.per == AF_PER_OCCURRENCE)
		for (size_t i = l.from; i + 1 < step.start; i++)
			if (f->t->token[i].class == AF_ZH_UNIT && f->t->token[i + 1].class == AF_ZH_BOUND && same_word(f->t, i, step.unit_token))
				reason = "it is not clear whether the number is an exact one or a step";

	if (!l.separate && f->any && f->condition.count > 0 && f->condition.group[0].comparison[0].value < 0 &&
		f->condition.subject == AF_SUBJECT_CHANGE)
		carried = AF_SUBJECT_NONE;	/* after a fall of 5% it is not clear what 10%以上 is */
	if ((l.joined || role) && before && !before->reason)
		condition = f->condition;
	else
	{
		const af_zh_step none = {.per = AF_PER_NOTHING};

		af_zh_read_condition(f->t, l.from, active, end, found ? &step : &none,
							 carried,
							 f->any && f->step_of_one ? f->step.unit_token : 0, c->slash, f->phrase, &f->targets, &condition);
		if (!reason)
			reason = condition.reason;
		if (!reason && before && before->reason &&
			(condition.elliptic || (!l.separate && l.joined) || (found && step.turn != AF_TURN_NONE && step.start == l.from)))
			reason = "what it refers to cannot be read";
		/* 10天以上扣1分，1个月以上扣3分: a rule has one unit */
		if (!reason && condition.elliptic && f->any && f->condition.count > 0 && other_measure(f->t, f->condition.unit_token, condition.unit_token))
			reason = "the unit is not that of the condition before it";
	}
	if (role && !found && !c->slash && before && !before->reason)
		step = f->step;
	if (c->slash)
	{
		step.per = AF_PER_OCCURRENCE;
		step.step = AF_NUMBER_SCALE;
	}
	/* 同比上升的扣2分，每上升10%加扣1分 */
	if (!f->phrase && found && step.start == l.from && step.per == AF_PER_PERCENT && condition.count == 0 && before && f->any &&
		f->condition.count == 1 && !f->condition.rate && f->condition.group[0].comparison[0].kind == AF_VALUE_BASELINE)
		condition.since = true;
	if (!reason && (c->effect == AF_DEDUCT || c->effect == AF_ADD))
		reason = af_finder_complete(f, &step, &condition);
	if (!f->phrase && !c->slash)
		af_finder_mend_series(f, &condition);

	/* 每起扣1分，每户扣2分 add up; as bands of one rule only the last would apply */
	if (!reason && f->phrase && before && !l.separate && (l.joined || condition.count == 0))
		reason = "two consequences that add up are two rules";

	/* The consequence begins with its step where that stands right before it. */
	start = l.to;
	if (found && step.end == end && end == l.to && step.start >= l.from)
		start = step.start;
	place.start = f->t->token[start].start;
	place.end = f->t->token[c->end - 1].end;
	set_condition(f, l.from, start, &place);
	for (size_t i = words; i < f->window; i++)
		if (f->t->token[i].start > place.condition_start && f->t->token[i].end > place.condition_end &&
			f->t->token[i].end <= place.start)
			place.condition_end = f->t->token[i].end;
	if ((l.joined || role) && before && !before->reason && l.joined)
	{
		place.condition_start = before->condition_start;
		place.condition_end = before->condition_end;
	}
	mark(f, at, c->end);
	if (found)
		mark(f, step.start, step.end);
	f->any = true;
	f->step = step;
	f->step_of_one = one && !c->slash;

	/* 一、二、三等奖分别加3-1分 */
	if (!reason && (c->descends || (l.respectively && c->points_max != c->points[0])))
	{
		if (condition.count == 0)
			reason = enumerate(c, condition.members, &listed);
		else
			reason = enumerate(c, condition.count, &listed);
		c = &listed;
	}
	copies = condition.count > 0 ? condition.count : 1;
	if (!reason && c->count > 1 && condition.count > 0 && condition.count != c->count)
		reason = "the numbers of points do not match the conditions";
	else if (!reason && c->count > 1 && condition.count == 0)
	{
		copies = condition.members;
		if (copies != c->count && c->count > 2 && condition.listed == c->count)
			copies = condition.listed;
		if (!(l.respectively || c == &listed) || copies != c->count)
			reason = "the numbers of points do not match the words before them";
	}
	else if (!reason && c->count <= 1 && condition.count == 0 && (l.apiece || l.respectively))
	{
		copies = condition.members;
		if (copies < 2 || copies > AF_ZH_MAX_POINTS)
			reason = "it is not clear of what each is meant";
	}
	else if (!reason && !f->phrase && c->count <= 1 && condition.count == 1 && (l.apiece || l.respectively) &&
			 condition.members > 1 && condition.members <= AF_ZH_MAX_POINTS && (c->effect == AF_DEDUCT || c->effect == AF_ADD))
		copies = condition.members;
	f->condition = condition;
	if (reason)
	{
		af_finder_refuse(f, start < at ? start : at, c->end, reason);
		return;
	}
	joins = f->phrase;
	if (!joins && before && !before->reason && !l.joined && condition.elliptic && before->cap < 0 &&
		before->subject == condition.subject && before->band.comparison_count > 0)
		joins = true;
	if (c->effect == AF_VETO && l.joined && before && before->band.effect == AF_VETO)
	{
		f->clause->piece[f->clause->count - 1].end = place.end;
		return;
	}
	for (int i = 0; i < copies; i++)
		af_finder_emit(f, c, &condition, &step, c->count > 1 ? i : 0, i < condition.count ? i : 0, &place,
			 (f->phrase && f->clause->count > 0) || (i > 0 && c->count > 1 && condition.count > 0) || (i == 0 && joins));
}

/* A limit holds for what was said before it in its sentence; otherwise for what follows. */
static void
take_cap(af_finder *f, size_t at, const af_zh_cap *cap)
{
	af_clause  *clause = f->clause;
	bool		any = false;

	mark(f, at, cap->end);
	if (cap->reason)
	{
		af_finder_refuse(f, at, cap->end, cap->reason);
		return;
	}
	for (int adds = 0; adds <= 1; adds++)
	{
		af_effect	effect = adds ? AF_ADD : AF_DEDUCT;
		size_t		from = f->uncapped[adds] > f->sentence_piece ? f->uncapped[adds] : f->sentence_piece;

		if (adds ? cap->deducts && !cap->adds : cap->adds && !cap->deducts)
			continue;
		any |= f->met[adds];
		for (size_t i = from; i < clause->count; i++)
			if (!clause->piece[i].reason && clause->piece[i].band.effect == effect)
			{
				any = f->met[adds] = true;
				if (clause->piece[i].cap < 0)
					clause->piece[i].cap = cap->cap;
			}
		f->uncapped[adds] = clause->count;
	}

	/* 加0.5分，最高加1分: it repeats, and per what is not said */
	if (any && cap->cap >= 0 && clause->count == f->sentence_piece + 1)
	{
		af_clause_piece *piece = &clause->piece[clause->count - 1];

		if (piece->band.per == AF_PER_NOTHING && cap->cap > piece->band.points_max && !f->phrase)
			piece->reason = "a limit above its points: it repeats, and per what is not said";
	}
	if (any)
		clause->piece[clause->count - 1].end = f->t->token[cap->end - 1].end;
	if (!any && cap->cap >= 0)
	{
		f->capped = true;
		f->cap = *cap;
	}
}

static void
begin_sentence(af_finder *f, size_t at, bool item)
{
	f->window = f->sentence = at;
	f->sentence_piece = f->clause->count;
	f->capped = f->any = f->met[0] = f->met[1] = false;

	/* 登记率应达95%。每低1个百分点扣1分。 */
	if (item || (at < f->t->count && f->t->token[at].class != AF_ZH_EACH))
		memset(&f->targets, 0, sizeof(f->targets));
}

/* 以此类推: what came before it in the sentence is only the start of a series. */
static bool
is_series(const af_zh_token *token)
{
	return token->class == AF_ZH_REFUSE && strstr(token->name, "series") != NULL;
}

void
af_clause_find(af_zh_tokens *tokens, bool phrase, af_clause *clause)
{
	af_finder	f = {.t = tokens, .clause = clause, .phrase = phrase};

	clause->count = 0;
	clause->full = false;
	for (size_t i = 0; i < tokens->count && !clause->full;)
	{
		const af_zh_token *token = &tokens->token[i];
		af_zh_consequence consequence;
		af_zh_cap	cap;

		if (af_zh_is_stop(token, AF_STOP_PERIOD) || af_zh_is_stop(token, AF_STOP_LINE))
		{
			i++;
			begin_sentence(&f, i, af_zh_is_stop(token, AF_STOP_LINE));
		}
		else if (af_zh_find_cap(tokens, i, tokens->count, &cap))
		{
			take_cap(&f, i, &cap);
			f.window = i = cap.end;
		}
		else if (is_series(token))
		{
			for (; f.sentence_piece < clause->count; f.sentence_piece++)
				clause->piece[f.sentence_piece].reason = token->name;
			i++;
		}
		else if (af_zh_find_consequence(tokens, i, tokens->count, phrase, &consequence))
		{
			if (consequence.reason)
			{
				af_finder_refuse(&f, i, consequence.end, consequence.reason);
				f.any = false;
			}
			else
				take(&f, i, &consequence);
			f.window = i = consequence.end;
		}
		else
			i++;
	}
}
