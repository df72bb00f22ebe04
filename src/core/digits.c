/*
 * digits.c
 *		What the readers of codes made of digits share.
 */
#include "digits.h"

#include <stdio.h>

#include "utf8.h"

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void
af_trim(const char **text, size_t *length)
{
	while (*length > 0 && is_space((*text)[0]))
	{
		(*text)++;
		(*length)--;
	}
	while (*length > 0 && is_space((*text)[*length - 1]))
		(*length)--;
}

size_t
af_digits_end(const char *text, size_t length)
{
	size_t		at = 0;

	while (at < length && text[at] >= '0' && text[at] <= '9')
		at++;
	return at;
}

int64_t
af_digits_value(const char *text, size_t length)
{
	int64_t		value = 0;

	for (size_t i = 0; i < length; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

void
af_digits_write(char *buffer, int64_t value, int count)
{
	for (int i = count; i-- > 0;)
	{
		buffer[i] = (char) ('0' + value % 10);
		value /= 10;
	}
}

const char *
af_character_name(char buffer[AF_CHARACTER_SIZE], const char *text, size_t length)
{
	size_t		used;
	int32_t		code = af_utf8_decode(text, length, &used);

	if (code < 0)
		snprintf(buffer, AF_CHARACTER_SIZE, "byte 0x%02X", length > 0 ? (unsigned char) text[0] : 0U);
	else if (code <= ' ' || (code >= 0x7F && code <= 0xA0) || code == 0x3000 ||
			 (code >= 0x2000 && code <= 0x200F) || (code >= 0x2028 && code <= 0x202F) || code == 0xFEFF)
		snprintf(buffer, AF_CHARACTER_SIZE, "U+%04X", (unsigned int) code);
	else
		snprintf(buffer, AF_CHARACTER_SIZE, "\"%.*s\"", (int) used, text);
	return buffer;
}

bool
af_is_wide_digit(const char *text, size_t length)
{
	size_t		used;
	int32_t		code = af_utf8_decode(text, length, &used);

	return code >= 0xFF10 && code <= 0xFF19;
}
