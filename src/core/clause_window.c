/*
 * clause_window.c
 *		The words before a consequence: which of them select it.
 */
#include "clause_finder.h"

#include <string.h>

/* The longest words in brackets, in tokens. */
#define ASIDE_REACH 60

af_lead
af_finder_lead(af_finder *f, size_t at)
{
	af_lead		l = {.from = f->window, .to = at};
	af_zh_token *token = f->t->token;
	bool		also = false;

	for (; l.to > l.from; l.to--)
	{
		af_zh_class class = token[l.to - 1].class;

		if (class == AF_ZH_APIECE)
			l.apiece = true;
		else if (class == AF_ZH_RESPECTIVELY)
			l.respectively = true;
		else if (class != AF_ZH_ADVERB && class != AF_ZH_DISCRETION)
			break;
		token[l.to - 1].read = true;
	}
	for (; l.from < l.to; l.from++)
	{
		also |= af_zh_is(f->t, l.from, "并") || af_zh_is(f->t, l.from, "并且") || af_zh_is(f->t, l.from, "同时");
		if (token[l.from].class == AF_ZH_STOP)
			l.separate |= af_zh_is_stop(&token[l.from], AF_STOP_SEMICOLON);
		else if (token[l.from].class != AF_ZH_AND && token[l.from].class != AF_ZH_LIST &&
				 !af_zh_is(f->t, l.from, "并") && !af_zh_is(f->t, l.from, "同时"))
			break;
	}
	l.joined = f->window > f->sentence && !l.separate && (l.from == l.to || (also && l.to == l.from + 1));
	return l;
}

/* The segment that ends at `to`. */
size_t
af_finder_segment(const af_finder *f, size_t from, size_t to)
{
	while (to > from && !af_zh_separates(&f->t->token[to - 1]))
		to--;
	return to;
}

/* A segment goes on with the one before it where that ends in 的, or where 或者 or 且 follows. */
size_t
af_finder_active(const af_finder *f, size_t from, size_t segment, bool only_step)
{
	const af_zh_token *token = f->t->token;

	/* 10人以下重伤的事故，每起: the words before are a noun with its 的 */
	if (only_step && segment > from + 3 && af_zh_is_stop(&token[segment - 1], AF_STOP_COMMA) &&
		token[segment - 2].class == AF_ZH_TEXT && token[segment - 3].class == AF_ZH_OF)
		segment = af_finder_segment(f, from, segment - 1);

	while (segment > from + 1 && af_zh_is_stop(&token[segment - 1], AF_STOP_COMMA) &&
		   (f->phrase || token[segment - 2].class == AF_ZH_OF || token[segment].class == AF_ZH_OR ||
			token[segment].class == AF_ZH_AND))
		segment = af_finder_segment(f, from, segment - 1);
	return segment;
}

/* The units, posts or grades that share a clause: 主办单位每次扣1分，协办单位扣0.5分. */
bool
af_finder_names_role(const af_finder *f, const af_lead *l)
{
	return l->to == l->from + 1 && f->t->token[l->from].class == AF_ZH_TEXT &&
		f->t->token[l->from].end - f->t->token[l->from].start <= 18 && af_zh_ends_in(f->t, l->from, "位门员导人级件") &&
		!af_zh_holds(f->t, l->from, "未") && !af_zh_holds(f->t, l->from, "不") && !af_zh_holds(f->t, l->from, "无");
}

/*
 * Words in brackets that hold no consequence only explain: 每发生1起（次）扣1分.
 * They are moved to the front of the window and out of it, in their order, so
 * that the words around them meet; a duty in them counts: （每年不少于4次）.
 */
void
af_finder_set_aside(af_finder *f, size_t at)
{
	const af_memory *memory = f->clause->memory;
	af_zh_token *token = f->t->token;
	af_zh_token *kept;
	const af_zh_step none = {.per = AF_PER_NOTHING};
	af_zh_condition ignored;
	size_t		first = f->window;
	size_t		kept_count = 0;
	size_t		next = first;

	while (first < at && !af_zh_is_stop(&token[first], AF_STOP_OPEN))
		first++;
	if (!memory || first == at)
		return;
	kept = memory->allocate(memory->context, (at - f->window) * sizeof(af_zh_token));
	for (size_t i = f->window; i < at;)
	{
		size_t		close = i;
		bool		bound = false;

		if (af_zh_is_stop(&token[i], AF_STOP_OPEN))
			for (close = i + 1; close < at && close < i + ASIDE_REACH && !af_zh_is_stop(&token[close], AF_STOP_CLOSE); close++)
				bound |= token[close].class == AF_ZH_BOUND;

		/* 集体访（5人以上）的: this is part of the condition, so only the brackets go */
		if (bound && close < at && close < i + ASIDE_REACH)
		{
			token[next++] = token[i++];
			while (i < close)
				kept[kept_count++] = token[i++];
			token[next++] = token[i++];
		}
		else if (close == i || close == at || close == i + ASIDE_REACH)
			kept[kept_count++] = token[i++];
		else
			for (; i <= close; i++)
				token[next++] = token[i];
	}
	memcpy(&token[next], kept, kept_count * sizeof(af_zh_token));
	memory->release(memory->context, kept);
	if (next > f->window)
		af_zh_read_condition(f->t, f->window, next, next, &none, AF_SUBJECT_NONE, 0, false, false, &f->targets, &ignored);
	f->window = next;
}
