/*
 * cadence_read.c
 *		A cadence from text: what both languages share, and the English forms.
 *
 *		every [number] unit         number per unit
 */
#include "cadence_parts.h"

#include <string.h>

#include "digits.h"
#include "utf8.h"

#define FORMS "Write, for example, \"every 7 days\", \"every month\", \"2 per week\", \"48 per year\", or in Chinese \"一周一核查\", \"每周至少两次\"."

bool
af_cadence_refuse(af_cadence_text *t, af_code code)
{
	char		excerpt[AF_EXCERPT_SIZE];

	af_error_set(t->error, code, "%s cadence: \"%s\"",
				 code == AF_RANGE ? "number out of range for type" : "invalid input syntax for type",
				 af_excerpt(excerpt, t->given, t->given_length));
	return af_error_hint(t->error, "%s", FORMS);
}

bool
af_cadence_unexpected(af_cadence_text *t, const char *wanted)
{
	char		excerpt[AF_EXCERPT_SIZE];
	char		character[AF_CHARACTER_SIZE];

	af_cadence_refuse(t, AF_SYNTAX);
	af_cadence_skip_spaces(t);
	if (t->at == t->length)
		return af_error_detail(t->error, "It ends where %s should follow.", wanted);
	af_character_name(character, t->data + t->at, t->length - t->at);
	if (character[0] != '"')	/* it would not be seen */
		return af_error_detail(t->error, "%s stands where %s should follow.", character, wanted);
	return af_error_detail(t->error, "\"%s\" stands where %s should follow.",
						   af_excerpt(excerpt, t->data + t->at, t->length - t->at), wanted);
}

bool
af_cadence_number_range(af_cadence_text *t, const char *number, size_t length)
{
	char		excerpt[AF_EXCERPT_SIZE];

	af_cadence_refuse(t, AF_RANGE);
	af_error_detail(t->error, "The number is %s.", af_excerpt(excerpt, number, length));
	return af_error_hint(t->error, "A cadence has a number from 1 to %d.", AF_CADENCE_LAST);
}

void
af_cadence_skip_spaces(af_cadence_text *t)
{
	while (t->at < t->length && t->data[t->at] == ' ')
		t->at++;
}

/* The word at the reader's place; it does not move. */
static size_t
word_length(const af_cadence_text *t)
{
	size_t		at = t->at;

	while (at < t->length && ((t->data[at] >= 'a' && t->data[at] <= 'z') || (at > t->at && t->data[at] == '-')))
		at++;
	return at - t->at;
}

static bool
is_word(const af_cadence_text *t, size_t length, const char *word)
{
	return length == strlen(word) && memcmp(t->data + t->at, word, length) == 0;
}

/* A number, if one stands here; 1 where none does. */
static bool
read_number(af_cadence_text *t, int32_t *number)
{
	const char *digits = t->data + t->at;
	size_t		count = af_digits_end(digits, t->length - t->at);

	*number = 1;
	if (count == 0)
		return true;
	if (count > 1 && digits[0] == '0')
	{
		af_cadence_refuse(t, AF_SYNTAX);
		return af_error_detail(t->error, "The number begins with 0.");
	}
	if (count > 4 || digits[0] == '0')
		return af_cadence_number_range(t, digits, count);
	*number = (int32_t) af_digits_value(digits, count);
	t->at += count;
	af_cadence_skip_spaces(t);
	return true;
}

static const struct
{
	const char *name;
	const char *plural;
	af_cadence_unit unit;
}			units[] = {
	{"day", "days", AF_UNIT_DAY},
	{"week", "weeks", AF_UNIT_WEEK},
	{"month", "months", AF_UNIT_MONTH},
	{"quarter", "quarters", AF_UNIT_QUARTER},
	{"half-year", "half-years", AF_UNIT_HALF_YEAR},
	{"year", "years", AF_UNIT_YEAR},
	{"term", "terms", AF_UNIT_TERM},
};

static bool
read_unit(af_cadence_text *t, af_cadence *c)
{
	size_t		length = word_length(t);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (is_word(t, length, units[i].name) || (c->rolling && is_word(t, length, units[i].plural)))
		{
			c->unit = units[i].unit;
			if (c->rolling && (c->unit == AF_UNIT_HALF_YEAR || c->unit == AF_UNIT_TERM))
			{
				af_cadence_refuse(t, AF_SYNTAX);
				af_error_detail(t->error, "There is no interval of a %s.", units[i].name);
				return c->unit == AF_UNIT_TERM ?
					af_error_hint(t->error, "Terms have different lengths: write \"1 per term\".") :
					af_error_hint(t->error, "Write \"every 6 months\" (counted from the last time) or \"1 per half-year\" (in each half of a year).");
			}
			t->at += length;
			return t->at == t->length || af_cadence_unexpected(t, "nothing else");
		}
	return af_cadence_unexpected(t, c->rolling ? "day(s), week(s), month(s), quarter(s) or year(s)" :
								 "day, week, month, quarter, half-year, year or term");
}

/* Weekly: since the last time, or in each week? */
static bool
is_adverb(const af_cadence_text *t, size_t length)
{
	static const char *const adverbs[] = {
		"daily", "weekly", "biweekly", "fortnightly", "monthly", "bimonthly", "quarterly", "half-yearly", "yearly", "annually", "annual"
	};

	for (size_t i = 0; i < sizeof(adverbs) / sizeof(adverbs[0]); i++)
		if (is_word(t, length, adverbs[i]))
			return true;
	return false;
}

static bool
read_english(af_cadence_text *t, af_cadence *c)
{
	size_t		length = word_length(t);

	if (t->data[t->at] == '[' || t->data[t->at] == '{')
	{
		/* what an untyped literal is taken for, where both forms of duty_status could be meant */
		af_cadence_refuse(t, AF_SYNTAX);
		af_error_detail(t->error, "It is JSON, and a cadence is none.");
		return af_error_hint(t->error, "A history of cadences is jsonb: write '[...]'::jsonb. A cadence alone is, for example, \"every 7 days\".");
	}
	c->rolling = is_word(t, length, "every");
	if (c->rolling)
	{
		t->at += length;
		af_cadence_skip_spaces(t);
		return read_number(t, &c->number) && read_unit(t, c);
	}
	if (is_adverb(t, length))
	{
		af_cadence_refuse(t, AF_SYNTAX);
		af_error_detail(t->error, "\"%.*s\" may be counted from the last time or by the calendar.", (int) length, t->data + t->at);
		return af_error_hint(t->error, "Write \"every week\" (counted from the last time) or \"1 per week\" (in each calendar week); the same with day, month, quarter and year.");
	}
	if (af_digits_end(t->data, t->length) == 0)
		return af_cadence_unexpected(t, "\"every\" or a number");
	if (!read_number(t, &c->number))
		return false;
	length = word_length(t);
	if (!is_word(t, length, "per"))
		return af_cadence_unexpected(t, "\"per\"");
	t->at += length;
	af_cadence_skip_spaces(t);
	return read_unit(t, c);
}

/* Fold the text into t->data; whether it holds Chinese. */
static bool
fold(af_cadence_text *t, const char *text, size_t length, bool *chinese)
{
	t->length = 0;
	*chinese = false;
	for (size_t at = 0, used; at < length; at += used)
	{
		int32_t		code = af_utf8_decode(text + at, length - at, &used);

		if (code < 0)
		{
			af_error_set(t->error, AF_ENCODING, "invalid byte sequence in a cadence");
			return af_error_detail(t->error, "Byte %zu, 0x%02X, is not valid UTF-8.", at + 1, (unsigned char) text[at]);
		}
		if (t->length + 4 > sizeof(t->data))
		{
			af_cadence_refuse(t, AF_SYNTAX);
			return af_error_detail(t->error, "It is longer than any cadence.");
		}
		*chinese |= code >= 0x3007 && code < 0xFF00;
		if (code >= 0xFF01 && code <= 0xFF5E)
			code -= 0xFEE0;
		if (code == 0x3000 || code == 0xA0 || (code >= '\t' && code <= '\r'))
			code = ' ';
		if (code >= 'A' && code <= 'Z')
			code += 'a' - 'A';
		if (code < 0x80)
			t->data[t->length++] = (char) code;
		else
		{
			memcpy(t->data + t->length, text + at, used);
			t->length += used;
		}
	}
	while (t->length > 0 && t->data[t->length - 1] == ' ')
		t->length--;
	t->at = 0;
	af_cadence_skip_spaces(t);
	return true;
}

bool
af_cadence_read(const char *text, size_t length, af_cadence *c, af_error *error)
{
	af_error	ignored;
	af_cadence_text t;
	bool		chinese;

	t.given = text;
	t.given_length = length;
	t.error = error ? error : &ignored;
	c->number = 1;
	af_trim(&text, &length);
	if (!fold(&t, text, length, &chinese))
		return false;
	if (t.at == t.length)
	{
		af_cadence_refuse(&t, AF_SYNTAX);
		return af_error_detail(t.error, "The text is empty.");
	}
	return chinese ? af_cadence_read_chinese(&t, c) : read_english(&t, c);
}
