/*
 * result.c
 *		An error as a value.
 */
#include "result.h"

#include <stdio.h>
#include <string.h>

#include "utf8.h"

/* vsnprintf cuts between bytes; a message must not end inside a character. */
static void format_text(char *buffer, size_t size, const char *format, va_list arguments) AF_PRINTF(3, 0);

static void
format_text(char *buffer, size_t size, const char *format, va_list arguments)
{
	int			written = vsnprintf(buffer, size, format, arguments);

	if (written < 0)
		buffer[0] = '\0';
	else if ((size_t) written >= size)
		buffer[af_utf8_clip(buffer, size - 1, size - 1)] = '\0';
}

bool
af_error_set(af_error *error, af_code code, const char *format, ...)
{
	va_list		arguments;

	error->code = code;
	error->detail[0] = '\0';
	error->hint[0] = '\0';
	va_start(arguments, format);
	format_text(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return false;
}

bool
af_error_detail(af_error *error, const char *format, ...)
{
	va_list		arguments;

	va_start(arguments, format);
	format_text(error->detail, sizeof(error->detail), format, arguments);
	va_end(arguments);
	return false;
}

bool
af_error_hint(af_error *error, const char *format, ...)
{
	va_list		arguments;

	va_start(arguments, format);
	format_text(error->hint, sizeof(error->hint), format, arguments);
	va_end(arguments);
	return false;
}

const char *
af_excerpt(char buffer[AF_EXCERPT_SIZE], const char *text, size_t length)
{
	size_t		room = AF_EXCERPT_SIZE - sizeof("...");
	size_t		taken = af_utf8_clip(text, length, room);

	memcpy(buffer, text, taken);
	if (taken < length)
	{
		memcpy(buffer + taken, "...", 3);
		taken += 3;
	}
	buffer[taken] = '\0';
	return buffer;
}
