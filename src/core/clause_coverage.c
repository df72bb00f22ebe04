/*
 * clause_coverage.c
 *		Which words of a text were read, and as what.
 */
#include "clause_coverage.h"

#include <string.h>

#include "utf8.h"

/* Marks of a byte beside its af_cover_kind. */
#define BEGINS 0x10
#define REFUSED 0x20
#define KIND 0x0F

static void
paint(unsigned char *mark, size_t start, size_t end, unsigned char kind)
{
	if (start < end)
	{
		memset(mark + start, kind, end - start);
		mark[start] |= BEGINS;
	}
}

/* White space and the stops between segments: they go with the words before them. */
static bool
is_stop(int32_t code)
{
	switch (code)
	{
		case ' ':
		case '\t':
		case '\n':
		case '\r':
		case 0x3000:
		case ',':
		case 0xFF0C:
		case ';':
		case 0xFF1B:
		case 0x3002:
			return true;
		default:
			return false;
	}
}

/* A stop that nobody has read takes the kind of what stands before it. */
static void
spread(const char *text, size_t length, unsigned char *mark)
{
	size_t		used;

	for (size_t at = 0; at < length; at += used)
	{
		int32_t		code = af_utf8_decode(text + at, length - at, &used);

		if (at > 0 && mark[at] == AF_COVER_UNREAD && is_stop(code))
			memset(mark + at, mark[at - 1] & (KIND | REFUSED), used);
	}
}

af_cover_span *
af_clause_cover(const char *text, size_t length, const af_clause *clause, size_t *count)
{
	const af_memory *memory = clause->memory;
	unsigned char *mark = memory->allocate(memory->context, length + 1);
	af_cover_span *span;
	size_t		capacity = 16;
	size_t		piece = 0;

	memset(mark, AF_COVER_UNREAD, length + 1);
	for (size_t i = 0; i < clause->count; i++)
	{
		const af_clause_piece *p = &clause->piece[i];

		/* The pieces of a list share their places; painting a long one over and over would be quadratic. */
		if (i > 0 && p->start == clause->piece[i - 1].start && p->end == clause->piece[i - 1].end)
			continue;
		if (p->reason)
			paint(mark, p->start, p->end, AF_COVER_UNREAD | REFUSED);
		else
		{
			if (i == 0 || p->condition_start != clause->piece[i - 1].condition_start)
				paint(mark, p->condition_start, p->condition_end, AF_COVER_CONDITION);
			paint(mark, p->start, p->end, AF_COVER_CONSEQUENCE);
		}
	}
	spread(text, length, mark);
	span = memory->allocate(memory->context, capacity * sizeof(af_cover_span));
	*count = 0;
	for (size_t at = 0; at < length;)
	{
		size_t		end = at + 1;
		af_cover_span *s;

		while (end < length && !(mark[end] & BEGINS) && (mark[end] & ~BEGINS) == (mark[at] & ~BEGINS))
			end++;
		if (*count == capacity)
		{
			capacity *= 2;
			span = memory->resize(memory->context, span, capacity * sizeof(af_cover_span));
		}
		s = &span[(*count)++];
		*s = (af_cover_span) {(af_cover_kind) (mark[at] & KIND), at, end, NULL};
		if (mark[at] & REFUSED)
		{
			while (piece < clause->count && (!clause->piece[piece].reason || clause->piece[piece].end <= at))
				piece++;
			if (piece < clause->count)
				s->reason = clause->piece[piece].reason;
		}
		at = end;
	}
	memory->release(memory->context, mark);
	return span;
}
