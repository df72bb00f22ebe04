/*
 * rule_read.c
 *		From text to rule: which reader takes a text.
 *
 * An English rule begins with an English letter, and no Chinese phrase does,
 * so the first character that is not blank decides.
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
	bool		chinese;

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
	chinese = at < length && (unsigned char) text[at] >= 0x80;

	/* Some phrases begin with a number: 10万元以上的，每起扣1分 */
	for (size_t i = at; i < length && !chinese && !((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z')); i++)
		chinese = (unsigned char) text[i] >= 0x80;
	if (chinese)
		return af_rule_read_chinese(text, length, rule, error) && af_rule_check(rule, error);
	return af_rule_read_english(text, length, rule, error) && af_rule_check(rule, error);
}
