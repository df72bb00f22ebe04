/*
 * memory.h
 *		Where core code takes memory from, and a text that grows.
 *
 * The face passes palloc; a fuzzer passes malloc.  Neither function may
 * return NULL: palloc raises, and a fuzzer aborts.  Little is released piece
 * by piece; the caller drops its memory context.
 */
#ifndef AF_MEMORY_H
#define AF_MEMORY_H

#include <stddef.h>

typedef struct af_memory
{
	void	   *(*allocate) (void *context, size_t size);
	void	   *(*resize) (void *context, void *pointer, size_t size);
	void		(*release) (void *context, void *pointer);
	void	   *context;
} af_memory;

typedef struct af_text
{
	const af_memory *memory;
	char	   *data;			/* always ends in a zero byte */
	size_t		length;
	size_t		capacity;
} af_text;

extern void af_text_init(af_text *text, const af_memory *memory);
extern void af_text_append(af_text *text, const char *data, size_t length);
extern void af_text_append_string(af_text *text, const char *string);
extern void af_text_append_integer(af_text *text, long long value);

#endif
