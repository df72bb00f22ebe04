/*
 * rule_read.c
 *		From text to rule: which reader takes a text.
 *
 * English words are ASCII and no Chinese phrase begins with an ASCII
 * character, so the first character that is not blank decides.
 */
#include "rule_read.h"

#include "utf8.h"

bool
af_rule_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
af_rule_read(const char *text, size_t length, af_rule *rule, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];
	size_t		at = 0;

	if (length > AF_RULE_MAX_TEXT)
	{
		af_error_set(error, AF_LIMIT, "the rule \"%s\" has %zu bytes", af_excerpt(excerpt, text, length), length);
		af_error_detail(error, "A rule has at most %d.", AF_RULE_MAX_TEXT);
		return af_error_hint(error, "A rule is one clause; give each clause of a document a rule of its own.");
	}
	if (!af_utf8_valid(text, length, &at))
	{
		af_error_set(error, AF_ENCODING, "a rule is not valid UTF-8 at byte %zu", at + 1);
		return af_error_hint(error, "Set the encoding of the client to that of the text.");
	}
	for (at = 0; at < length && af_rule_space(text[at]);)
		at++;
	if (at < length && (unsigned char) text[at] >= 0x80)
	{
		af_error_set(error, AF_SYNTAX, "cannot read the rule \"%s\"", af_excerpt(excerpt, text + at, length - at));
		af_error_detail(error, "Chinese phrases are not read in this release; a rule is written in English words.");
		return af_error_hint(error, "For example: deduct 5 per occurrence cap 20");
	}
	return af_rule_read_english(text, length, rule, error) && af_rule_check(rule, error);
}
