/*
 * clause_coverage.h
 *		Which words of a text were read, and as what.
 */
#ifndef AF_CLAUSE_COVERAGE_H
#define AF_CLAUSE_COVERAGE_H

#include "clause_read.h"

typedef enum af_cover_kind
{
	AF_COVER_UNREAD,
	AF_COVER_CONDITION,
	AF_COVER_CONSEQUENCE
} af_cover_kind;

typedef struct af_cover_span
{
	af_cover_kind kind;
	size_t		start;			/* bytes; the end is that of the byte after */
	size_t		end;
	const char *reason;			/* why a consequence was not read; NULL for other words */
} af_cover_span;

/* Spans that cover the text without gaps, in order; stops belong to what stands before them. */
extern af_cover_span *af_clause_cover(const char *text, size_t length, const af_clause *clause, size_t *count);

#endif
