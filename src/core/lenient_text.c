/*
 * lenient_text.c
 *		What the lenient readers share: a short text without its typography.
 */
#include "lenient_text.h"

#include <string.h>

#include "utf8.h"

/* ASCII white space, no-break and ideographic spaces, and marks of no width. */
static bool
is_blank(int32_t code)
{
	return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 || code == 0x3000 || code == 0xFEFF ||
		(code >= 0x2000 && code <= 0x200B) || code == 0x202F || code == 0x2060;
}

/* Full-width ASCII has the same order at U+FF01. */
static int32_t
fold(int32_t code)
{
	if (code >= 0xFF01 && code <= 0xFF5E)
		return code - 0xFF01 + '!';
	return is_blank(code) ? ' ' : code;
}

af_fault
af_lenient_fold(const char *text, size_t length, af_lenient_text *out)
{
	size_t		used;
	size_t		blanks = 0;
	bool		marked = false;

	out->length = out->at = 0;
	out->wide = out->narrow = out->wide_digit = out->narrow_digit = false;
	for (size_t i = 0; i < length; i += used)
	{
		int32_t		code = af_utf8_decode(text + i, length - i, &used);

		if (code < 0)
			return AF_FAULT_ENCODING;
		if (is_blank(code))
		{
			blanks++;
			continue;
		}
		if (code == '\'' && out->length == 0 && !marked)
		{
			marked = true;
			continue;
		}
		if (out->length == 0)
			blanks = 0;
		if (out->length + blanks >= AF_LENIENT_LENGTH)
			return AF_FAULT_LONG;
		*(code == fold(code) ? &out->narrow : &out->wide) = true;
		if (fold(code) >= '0' && fold(code) <= '9')
			*(code == fold(code) ? &out->narrow_digit : &out->wide_digit) = true;
		for (; blanks > 0; blanks--)
			out->code[out->length++] = ' ';
		out->code[out->length++] = fold(code);
	}
	return out->length == 0 ? AF_FAULT_BLANK : AF_FAULT_NONE;
}

int32_t
af_lenient_peek(const af_lenient_text *text, size_t ahead)
{
	return text->at + ahead < text->length ? text->code[text->at + ahead] : -1;
}

bool
af_lenient_take(af_lenient_text *text, int32_t code)
{
	if (af_lenient_peek(text, 0) != code)
		return false;
	text->at++;
	return true;
}

bool
af_lenient_word(af_lenient_text *text, const char *word)
{
	size_t		length = strlen(word);
	size_t		count = 0;
	size_t		used;

	for (size_t i = 0; i < length; i += used, count++)
		if (af_lenient_peek(text, count) != af_utf8_decode(word + i, length - i, &used))
			return false;
	text->at += count;
	return true;
}

void
af_lenient_blanks(af_lenient_text *text)
{
	while (af_lenient_take(text, ' '))
		;
}

size_t
af_lenient_digits(const af_lenient_text *text)
{
	size_t		count = 0;

	while (af_lenient_peek(text, count) >= '0' && af_lenient_peek(text, count) <= '9')
		count++;
	return count;
}

int64_t
af_lenient_value(af_lenient_text *text, size_t digits)
{
	int64_t		value = 0;

	for (; digits > 0; digits--)
		value = value * 10 + (text->code[text->at++] - '0');
	return value;
}

void
af_lenient_point_zeros(af_lenient_text *text)
{
	size_t		zeros = 1;

	if (af_lenient_peek(text, 0) != '.' || af_lenient_peek(text, 1) != '0')
		return;
	while (af_lenient_peek(text, zeros) == '0')
		zeros++;
	if (text->at + zeros == text->length)
		text->at += zeros;
}

bool
af_lenient_is_scientific(const af_lenient_text *text)
{
	af_lenient_text rest = *text;
	size_t		digits;

	rest.at = 0;
	if (!af_lenient_take(&rest, '-'))
		(void) af_lenient_take(&rest, '+');
	digits = af_lenient_digits(&rest);
	rest.at += digits;
	if (digits == 0)
		return false;
	if (af_lenient_take(&rest, '.'))
		rest.at += af_lenient_digits(&rest);
	af_lenient_blanks(&rest);
	if (!af_lenient_take(&rest, 'E') && !af_lenient_take(&rest, 'e'))
		return false;
	if (!af_lenient_take(&rest, '-'))
		(void) af_lenient_take(&rest, '+');
	digits = af_lenient_digits(&rest);
	return digits > 0 && rest.at + digits == rest.length;
}
