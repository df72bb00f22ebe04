/*
 * chinese_number.h
 *		Numbers as clauses write them.
 */
#ifndef AF_CHINESE_NUMBER_H
#define AF_CHINESE_NUMBER_H

#include "chinese_text.h"

/* The character at a place, full width folded; -1 and none used at the end. */
extern int32_t af_zh_peek(const af_zh_tokens *tokens, size_t at, size_t *used);

/* Whether a word stands at a place. */
extern bool af_zh_starts(const af_zh_tokens *tokens, size_t at, const char *word);

/*
 * Read a number at a place into the token's number, scaled and damaged: in
 * Arabic digits, and in Chinese numerals.  The place behind it; the place
 * itself where there is none.
 */
extern size_t af_zh_read_arabic(const af_zh_tokens *tokens, size_t at, af_zh_token *number);
extern size_t af_zh_read_numeral(const af_zh_tokens *tokens, size_t at, af_zh_token *number);

#endif
