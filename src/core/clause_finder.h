/*
 * clause_finder.h
 *		What clause_find.c knows while it goes through a text, and its helpers.
 */
#ifndef AF_CLAUSE_FINDER_H
#define AF_CLAUSE_FINDER_H

#include "clause_condition.h"
#include "clause_consequence.h"
#include "clause_read.h"

typedef struct af_finder
{
	af_zh_tokens *t;
	af_clause  *clause;
	bool		phrase;
	size_t		window;			/* first token that belongs to no consequence yet */
	size_t		sentence_piece; /* first piece of the sentence */
	size_t		sentence;		/* first token of the sentence */
	af_zh_targets targets;
	size_t		uncapped[2];	/* pieces before this have met a limit: of deductions, of additions */
	bool		met[2];			/* some of this sentence were limited */
	bool		capped;			/* a limit came before what it limits */
	af_zh_cap	cap;
	/* of the consequence before, in the same sentence */
	bool		any;
	af_zh_condition condition;
	af_zh_step	step;
	bool		step_of_one;	/* 发现一处, not 每处 */
} af_finder;

/* What came before a consequence, apart from its condition. */
typedef struct af_lead
{
	size_t		from;			/* first token of the words */
	size_t		to;				/* behind the last, adverbs left out */
	bool		apiece;
	bool		respectively;
	bool		joined;			/* 并, or nothing at all: the condition of the consequence before */
	bool		separate;		/* a semicolon stands before it */
} af_lead;

/* ---- clause_window.c: the words before a consequence ---- */

/* The words between the consequence before and the one at a token. */
extern af_lead af_finder_lead(af_finder *f, size_t at);

/* The first token of the segment that ends at `to`. */
extern size_t af_finder_segment(const af_finder *f, size_t from, size_t to);

/* The first token of the words that select a consequence, whose own segment starts at `segment`. */
extern size_t af_finder_active(const af_finder *f, size_t from, size_t segment, bool only_step);

/* Whether the words only name a unit, a post or a grade, to which the step before applies too. */
extern bool af_finder_names_role(const af_finder *f, const af_lead *lead);

/* Take words in brackets out of the window. */
extern void af_finder_set_aside(af_finder *f, size_t at);

/* ---- clause_target.c ---- */

/* Complete a condition by what its step leads away from; the reason where that cannot be said. */
extern const char *af_finder_complete(af_finder *f, const af_zh_step *step, af_zh_condition *condition);

/* ---- clause_emit.c: pieces of the clause ---- */

/* What looks like a consequence and cannot be said. */
extern void af_finder_refuse(af_finder *f, size_t from, size_t to, const char *reason);

/* A consequence: which number of its points, which group of the condition, and whether it joins the rule before. */
extern void af_finder_emit(af_finder *f, const af_zh_consequence *c, const af_zh_condition *condition, const af_zh_step *step,
						   int number, int group, const af_clause_piece *place, bool joins);

/* 发生1起扣5分，2起以上扣10分: the first is of exactly one. */
extern void af_finder_mend_series(af_finder *f, const af_zh_condition *condition);

#endif
