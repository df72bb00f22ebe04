/*
 * chinese_text.h
 *		A clause as tokens: numbers, words of the table, stops and free text.
 */
#ifndef AF_CHINESE_TEXT_H
#define AF_CHINESE_TEXT_H

#include "chinese_words.h"
#include "memory.h"

typedef struct af_zh_token
{
	af_zh_class class;
	int			value;			/* as chinese_words.h says for the class */
	const char *name;
	size_t		start;			/* bytes of the text */
	size_t		end;
	af_number	number;			/* of AF_ZH_NUMBER */
	bool		damaged;		/* it cannot be what the author wrote: 05, 1O, 一二 */
	bool		scaled;			/* with 万 or 亿 */
	bool		percent;		/* 百分之 */
	bool		ordinal;		/* 第, 前, 后 stands before it */
	bool		read;			/* some phrase has a meaning for it */
} af_zh_token;

typedef struct af_zh_tokens
{
	const char *text;
	size_t		length;
	af_zh_token *token;
	size_t		count;
	size_t		capacity;
} af_zh_tokens;

/*
 * Take valid UTF-8 apart, in the time of its length.  Without memory the
 * tokens must fit into the capacity that the caller gives; false where they
 * do not.
 */
extern bool af_zh_tokenize(af_zh_tokens *tokens, const af_memory *memory);

/* Whether the last character of a token, or of the text before it, is one of a string's. */
extern bool af_zh_ends_in(const af_zh_tokens *tokens, size_t token, const char *characters);

/* Whether a token of free text holds this word; only its first characters are looked at. */
extern bool af_zh_holds(const af_zh_tokens *tokens, size_t token, const char *word);

/* Whether a token is this word of the text. */
extern bool af_zh_is(const af_zh_tokens *tokens, size_t token, const char *word);

#endif
