/*
 * rule_read_chinese.c
 *		The quantified phrase of a clause as a rule: 每起扣5分，最多扣20分.
 *
 * The same readers as for whole sentences, but nothing may be left over and
 * nothing is taken from context.  No memory is taken: comparisons with text
 * come here for every row.
 */
#include "rule_read.h"

#include <string.h>

#include "clause_read.h"
#include "utf8.h"

#define MAX_TOKENS	2048
#define MAX_PIECES	(AF_RULE_MAX_BANDS + 1)

static bool
unread(const char *text, size_t length, size_t start, size_t end, const char *reason, af_error *error)
{
	char		whole[AF_EXCERPT_SIZE];
	char		part[AF_EXCERPT_SIZE];

	af_error_set(error, AF_SYNTAX, "invalid rule \"%s\": cannot read \"%s\" at character %zu",
				 af_excerpt(whole, text, length), af_excerpt(part, text + start, end - start), af_utf8_character(text, start));
	if (reason)
		af_error_detail(error, "A rule cannot say this: %s.", reason);
	else
		af_error_detail(error, "A rule takes the quantified phrase of a clause and nothing else: what is counted and compared, per what, and the points.");
	return af_error_hint(error, "For example: 每起扣5分，最多扣20分 (deduct 5 per occurrence cap 20). Whole sentences are read by antifraud.parse_clause.");
}

static bool
too_long(const char *text, size_t length, const char *what, int most, af_error *error)
{
	char		whole[AF_EXCERPT_SIZE];

	af_error_set(error, AF_LIMIT, "the rule \"%s\" has too many %s", af_excerpt(whole, text, length), what);
	af_error_detail(error, "A phrase has at most %d.", most);
	return af_error_hint(error, "A rule is one clause; give each clause of a document a rule of its own.");
}

/* Stops and 的 hold a phrase together. */
static bool
is_filler(const af_zh_token *token)
{
	if (token->class == AF_ZH_OF || token->class == AF_ZH_TALLY)
		return true;
	return token->class == AF_ZH_STOP &&
		(token->value == AF_STOP_COMMA || token->value == AF_STOP_SEMICOLON || token->value == AF_STOP_LIST ||
		 token->value == AF_STOP_OPEN || token->value == AF_STOP_CLOSE || token->value == AF_STOP_PERIOD);
}

bool
af_rule_read_chinese(const char *text, size_t length, af_rule *rule, af_error *error)
{
	af_zh_token token[MAX_TOKENS];
	af_clause_piece piece[MAX_PIECES];
	af_zh_tokens tokens = {text, length, token, 0, MAX_TOKENS};
	af_clause	clause = {NULL, piece, 0, MAX_PIECES, false};
	size_t		next;

	if (!af_zh_tokenize(&tokens, NULL))
		return too_long(text, length, "words", MAX_TOKENS, error);
	af_clause_find(&tokens, true, &clause);
	if (clause.full || clause.count > AF_RULE_MAX_BANDS)
		return too_long(text, length, "consequences", AF_RULE_MAX_BANDS, error);
	for (size_t i = 0; i < clause.count; i++)
		if (piece[i].reason)
			return unread(text, length, piece[i].start, piece[i].end, piece[i].reason, error);
	for (size_t i = 0; i < tokens.count; i++)
		if (!token[i].read && !is_filler(&token[i]))
			return unread(text, length, token[i].start, token[i].end, NULL, error);
	if (clause.count == 0)
		return unread(text, length, 0, length, "there is no consequence in it", error);
	af_clause_rule(&clause, 0, rule, &next);
	if (next < clause.count)
		return unread(text, length, piece[next].start, piece[next].end, "with what stands before it, it makes no rule that can be judged", error);
	return true;
}
