/*
 * memory.c
 *		A text that grows.
 */
#include "memory.h"

#include <stdio.h>
#include <string.h>

void
af_text_init(af_text *text, const af_memory *memory)
{
	text->memory = memory;
	text->capacity = 256;
	text->length = 0;
	text->data = memory->allocate(memory->context, text->capacity);
	text->data[0] = '\0';
}

void
af_text_append(af_text *text, const char *data, size_t length)
{
	if (text->length + length >= text->capacity)
	{
		while (text->length + length >= text->capacity)
			text->capacity *= 2;
		text->data = text->memory->resize(text->memory->context, text->data, text->capacity);
	}
	memcpy(text->data + text->length, data, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void
af_text_append_string(af_text *text, const char *string)
{
	af_text_append(text, string, strlen(string));
}

void
af_text_append_integer(af_text *text, long long value)
{
	char		buffer[32];
	int			length = snprintf(buffer, sizeof(buffer), "%lld", value);

	af_text_append(text, buffer, (size_t) length);
}
