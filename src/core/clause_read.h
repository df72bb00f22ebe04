/*
 * clause_read.h
 *		The consequences in the words of an official document.
 */
#ifndef AF_CLAUSE_READ_H
#define AF_CLAUSE_READ_H

#include "chinese_text.h"
#include "memory.h"
#include "rule_model.h"

/* The longest text that is looked at. */
#define AF_CLAUSE_MAX_TEXT ((size_t) 4 * 1024 * 1024)

/*
 * One consequence, or a place that looks like one and cannot be said.
 * Positions are bytes; an end is that of the byte after.
 */
typedef struct af_clause_piece
{
	const char *reason;			/* why it is not read; NULL where it is */
	bool		joins;			/* a further band of the rule of the piece before */
	af_subject	subject;
	af_band		band;
	af_points	cap;			/* -1: none */
	size_t		condition_start;	/* the words that select it; equal where there are none */
	size_t		condition_end;
	size_t		start;			/* the consequence */
	size_t		end;
} af_clause_piece;

typedef struct af_clause
{
	const af_memory *memory;	/* NULL: the arrays are the caller's and do not grow */
	af_clause_piece *piece;
	size_t		count;
	size_t		capacity;
	bool		full;			/* there was no room for all */
} af_clause;

/* Read a text of valid UTF-8; false, with an error, where it is too long or invalid. */
extern bool af_clause_read(const char *text, size_t length, const af_memory *memory,
						   af_clause *clause, af_error *error);

/*
 * The rule of the pieces from first on; *next is the first piece behind it.
 * A rule that af_rule_check refuses is never among the pieces.
 */
extern void af_clause_rule(const af_clause *clause, size_t first, af_rule *rule, size_t *next);

/*
 * Behind it: read tokens into pieces, marking the tokens that have a meaning.
 * `phrase`: the text is a rule by itself, which takes nothing from context.
 */
extern void af_clause_find(af_zh_tokens *tokens, bool phrase, af_clause *clause);

#endif
