/*
 * utf8.c
 *		Walking through UTF-8 text (RFC 3629).
 */
#include "utf8.h"

int32_t
af_utf8_decode(const char *text, size_t length, size_t *used)
{
	const unsigned char *byte = (const unsigned char *) text;
	int32_t		code;
	int32_t		least;
	size_t		need;

	*used = 0;
	if (length == 0)
		return -1;
	*used = 1;
	if (byte[0] < 0x80)
		return byte[0];
	if (byte[0] >= 0xC2 && byte[0] <= 0xDF)
	{
		need = 2;
		code = byte[0] & 0x1F;
		least = 0x80;
	}
	else if (byte[0] >= 0xE0 && byte[0] <= 0xEF)
	{
		need = 3;
		code = byte[0] & 0x0F;
		least = 0x800;
	}
	else if (byte[0] >= 0xF0 && byte[0] <= 0xF4)
	{
		need = 4;
		code = byte[0] & 0x07;
		least = 0x10000;
	}
	else
		return -1;
	if (length < need)
		return -1;
	for (size_t i = 1; i < need; i++)
	{
		if ((byte[i] & 0xC0) != 0x80)
			return -1;
		code = (code << 6) | (byte[i] & 0x3F);
	}
	if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return -1;
	*used = need;
	return code;
}

bool
af_utf8_valid(const char *text, size_t length, size_t *position)
{
	size_t		at = 0;

	while (at < length)
	{
		size_t		used;

		if (af_utf8_decode(text + at, length - at, &used) < 0)
		{
			*position = at;
			return false;
		}
		at += used;
	}
	return true;
}

size_t
af_utf8_clip(const char *text, size_t length, size_t limit)
{
	if (length <= limit)
		limit = length;
	else
	{
		while (limit > 0 && ((unsigned char) text[limit] & 0xC0) == 0x80)
			limit--;
		return limit;
	}

	/* The text itself may have been cut inside its last character. */
	for (size_t back = 1; back <= 4 && back <= limit; back++)
	{
		unsigned char byte = (unsigned char) text[limit - back];

		if ((byte & 0xC0) != 0x80)
		{
			size_t		used;

			if (byte >= 0x80 && af_utf8_decode(text + limit - back, back, &used) < 0)
				return limit - back;
			break;
		}
	}
	return limit;
}

size_t
af_utf8_character(const char *text, size_t offset)
{
	size_t		count = 1;

	for (size_t i = 0; i < offset; i++)
		if (((unsigned char) text[i] & 0xC0) != 0x80)
			count++;
	return count;
}
