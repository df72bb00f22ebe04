/*
 * tier_words.h
 *		Codes of risk tiers, and the words of documents for them.
 */
#ifndef AF_TIER_WORDS_H
#define AF_TIER_WORDS_H

#include "memory.h"
#include "result.h"

#include <stdbool.h>

/*
 * The code of the tier that a text names: low, medium or high for their
 * synonyms, a code of the form [a-z][a-z0-9_]* for itself.  Appended to out.
 */
extern bool af_tier_read(const char *text, size_t length, af_text *out, af_error *error);

#endif
