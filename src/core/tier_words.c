/*
 * tier_words.c
 *		Codes of risk tiers, and the words of documents for them.
 */
#include "tier_words.h"

#include <string.h>

#include "utf8.h"

/* A word is one of these stems and one of the endings. */
static const struct
{
	const char *stem;
	const char *code;
}			stems[] = {
	{"高风险", "high"}, {"高危", "high"}, {"高", "high"}, {"high", "high"},
	{"中风险", "medium"}, {"中危", "medium"}, {"中", "medium"}, {"medium", "medium"},
	{"低风险", "low"}, {"低危", "low"}, {"低", "low"}, {"low", "low"}
};

static const char *const endings[] = {
	"", "人员", "对象", "人群", "群体", "重点人员", "类", "类人员", "级", "级别", "等级", "层级", "级人员", "等级人员", "档",
	"-risk", " risk", "-risk tier", " risk tier", " tier"
};

/* Words that people use for tiers without agreeing on which is which. */
static const char *const ambiguous[] = {"一级", "二级", "三级", "四级", "五级", "1级", "2级", "3级", "4级", "5级", "甲级", "乙级", "丙级", "红", "橙", "黄", "蓝", "绿"};

static bool
starts(const char *text, size_t length, const char *word)
{
	return strlen(word) <= length && memcmp(text, word, strlen(word)) == 0;
}

/*
 * Full-width letters, digits and signs as ASCII, capitals as small letters;
 * no blanks around it.  Another text stays what it is.
 */
static void
fold(const char *text, size_t length, af_text *out)
{
	size_t		blanks = 0;
	size_t		used;

	for (size_t i = 0; i < length; i += used)
	{
		int32_t		code = af_utf8_decode(text + i, length - i, &used);
		char		c;

		if (code < 0)
			used = 1;
		if (code == 0x3000)
			code = ' ';
		else if (code >= 0xFF01 && code <= 0xFF5E)
			code -= 0xFF01 - '!';
		if (code == ' ' || (code >= '\t' && code <= '\r'))
		{
			blanks++;
			continue;
		}
		if (out->length > 0)
			for (; blanks > 0; blanks--)
				af_text_append(out, " ", 1);
		blanks = 0;
		c = (char) (code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code);
		if (code >= 0 && code < 0x80)
			af_text_append(out, &c, 1);
		else
			af_text_append(out, text + i, used);
	}
}

static const char *
find_synonym(const char *text, size_t length)
{
	for (size_t s = 0; s < sizeof(stems) / sizeof(stems[0]); s++)
	{
		size_t		stem = strlen(stems[s].stem);

		if (!starts(text, length, stems[s].stem))
			continue;
		for (size_t e = 0; e < sizeof(endings) / sizeof(endings[0]); e++)
			if (length - stem == strlen(endings[e]) && memcmp(text + stem, endings[e], length - stem) == 0)
				return stems[s].code;
	}
	return NULL;
}

static bool
is_code(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!(text[i] >= 'a' && text[i] <= 'z') && (i == 0 || !((text[i] >= '0' && text[i] <= '9') || text[i] == '_')))
			return false;
	return length > 0;
}

bool
af_tier_read(const char *text, size_t length, af_text *out, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];
	const char *detail = "It is neither a synonym of high, medium or low nor of the form of a code.";
	const char *code;
	af_text		folded;

	af_text_init(&folded, out->memory);
	fold(text, length, &folded);
	code = find_synonym(folded.data, folded.length);
	if (code || is_code(folded.data, folded.length))
	{
		if (code)
			af_text_append_string(out, code);
		else
			af_text_append(out, folded.data, folded.length);
		return true;
	}
	for (size_t i = 0; i < sizeof(ambiguous) / sizeof(ambiguous[0]); i++)
		if (starts(folded.data, folded.length, ambiguous[i]))
			detail = "Documents do not agree on whether the first grade is the highest or the lowest risk, nor on what a colour means.";
	if (folded.length == 0)
		detail = "The text is empty.";
	af_error_set(error, AF_SYNTAX, "no risk tier: \"%s\"", af_excerpt(excerpt, text, length));
	af_error_detail(error, "%s", detail);
	return af_error_hint(error, "Write high, medium or low, 高危, 中危 or 低危, or the office's own code in small letters, digits and underscores.");
}
