/*
 * rule_words.c
 *		The English words of the rule language.
 */
#include "rule_words.h"

#include <string.h>

static const af_word words[] = {
	{"deduct", AF_WORD_EFFECT, AF_DEDUCT},
	{"add", AF_WORD_EFFECT, AF_ADD},
	{"zero", AF_WORD_EFFECT, AF_ZERO},
	{"veto", AF_WORD_EFFECT, AF_VETO},
	{"raise", AF_WORD_EFFECT, AF_RAISE},
	{"occurrence", AF_WORD_STEP, AF_PER_OCCURRENCE},
	{"day", AF_WORD_STEP, AF_PER_DAY},
	{"missing", AF_WORD_STEP, AF_PER_MISSING},
	{"excess", AF_WORD_STEP, AF_PER_EXCESS},
	{"percent", AF_WORD_STEP, AF_PER_PERCENT},
	{"amount", AF_WORD_SUBJECT, AF_SUBJECT_AMOUNT},
	{"count", AF_WORD_SUBJECT, AF_SUBJECT_COUNT},
	{"rate", AF_WORD_SUBJECT, AF_SUBJECT_RATE},
	{"change", AF_WORD_SUBJECT, AF_SUBJECT_CHANGE},
	{"baseline", AF_WORD_VALUE, AF_VALUE_BASELINE},
	{"required", AF_WORD_VALUE, AF_VALUE_REQUIRED},
	{">", AF_WORD_OPERATOR, AF_GREATER},
	{">=", AF_WORD_OPERATOR, AF_AT_LEAST},
	{"<", AF_WORD_OPERATOR, AF_LESS},
	{"<=", AF_WORD_OPERATOR, AF_AT_MOST},
	{"=", AF_WORD_OPERATOR, AF_EQUAL},
	{"per", AF_WORD_JOINT, AF_JOINT_PER},
	{"if", AF_WORD_JOINT, AF_JOINT_IF},
	{"and", AF_WORD_JOINT, AF_JOINT_AND},
	{"cap", AF_WORD_JOINT, AF_JOINT_CAP},
};

#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

/* tolower would follow the locale, and in Turkish IF is not if. */
static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}

static bool
same(const char *word, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (word[i] == '\0' || word[i] != lower(text[i]))
			return false;
	return word[length] == '\0';
}

const af_word *
af_word_find(const char *text, size_t length)
{
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (same(words[i].text, text, length))
			return &words[i];
	return NULL;
}

const char *
af_word_text(af_word_class class, int value)
{
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (words[i].class == class && words[i].value == value)
			return words[i].text;
	return "";
}

bool
af_word_character(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool
af_rung_check(const char *name, size_t length, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];
	const af_word *word = af_word_find(name, length);
	size_t		good = 0;

	while (good < length && ((name[good] >= 'a' && name[good] <= 'z') || name[good] == '_'))
		good++;
	if (good < length || length == 0)
	{
		af_error_set(error, AF_SYNTAX, "\"%s\" cannot be the name of a rung", af_excerpt(excerpt, name, length));
		af_error_detail(error, "Names of rungs are made of the letters a to z, in lower case, and underscores.");
		return af_error_hint(error, "For example: raise yellow_card if change > 0%%");
	}
	if (length > AF_RUNG_MAX)
	{
		af_error_set(error, AF_LIMIT, "the name of the rung \"%s\" has %zu letters", af_excerpt(excerpt, name, length), length);
		af_error_detail(error, "Names of rungs have at most %d.", AF_RUNG_MAX);
		return af_error_hint(error, "Choose a shorter name, and give the long one as the rung's label.");
	}

	/*
	 * The disqualification, 一票否决, is also the last rung of the ladder, and
	 * after `raise` it cannot be taken for anything else.
	 */
	if (word && !(word->class == AF_WORD_EFFECT && word->value == AF_VETO))
	{
		af_error_set(error, AF_SYNTAX, "\"%s\" cannot be the name of a rung", word->text);
		af_error_detail(error, "It is a word of the rule language.");
		return af_error_hint(error, "Choose another name, for example: raise interview if change > 50%%");
	}
	return true;
}
