/*
 * clause_read.c
 *		The consequences in the words of an official document.
 */
#include "clause_read.h"

#include <string.h>

#include "utf8.h"

#define FIRST_TOKENS 256
#define FIRST_PIECES 16

bool
af_clause_read(const char *text, size_t length, const af_memory *memory, af_clause *clause, af_error *error)
{
	af_zh_tokens tokens = {text, length, NULL, 0, FIRST_TOKENS};
	char		excerpt[AF_EXCERPT_SIZE];
	size_t		at;

	if (length > AF_CLAUSE_MAX_TEXT)
	{
		af_error_set(error, AF_LIMIT, "the text \"%s\" has %zu bytes", af_excerpt(excerpt, text, length), length);
		af_error_detail(error, "Clauses are read in texts of at most %zu bytes.", AF_CLAUSE_MAX_TEXT);
		return af_error_hint(error, "Give the document in parts, for example one item at a time.");
	}
	if (!af_utf8_valid(text, length, &at))
	{
		af_error_set(error, AF_ENCODING, "a clause is not valid UTF-8 at byte %zu", at + 1);
		return af_error_hint(error, "Set the encoding of the client to that of the text.");
	}
	tokens.token = memory->allocate(memory->context, tokens.capacity * sizeof(af_zh_token));
	clause->memory = memory;
	clause->capacity = FIRST_PIECES;
	clause->piece = memory->allocate(memory->context, clause->capacity * sizeof(af_clause_piece));
	af_zh_tokenize(&tokens, memory);
	af_clause_find(&tokens, false, clause);
	memory->release(memory->context, tokens.token);
	return true;
}

void
af_clause_rule(const af_clause *clause, size_t first, af_rule *rule, size_t *next)
{
	size_t		i = first;

	memset(rule, 0, sizeof(*rule));
	rule->cap = clause->piece[first].cap;
	do
	{
		const af_clause_piece *piece = &clause->piece[i++];

		if (!rule->subject)
			rule->subject = piece->subject;
		if (piece->cap >= 0)
			rule->cap = piece->cap;
		rule->band[rule->band_count++] = piece->band;
	} while (i < clause->count && clause->piece[i].joins && rule->band_count < AF_RULE_MAX_BANDS);
	*next = i;
}
