/*
 * rule_write.h
 *		From rule to text: canonical English, JSON and the Chinese phrase.
 */
#ifndef AF_RULE_WRITE_H
#define AF_RULE_WRITE_H

#include "memory.h"
#include "rule_model.h"

/*
 * No band takes more bytes in English, with the comma or the cap after it:
 * 29 for the points, 35 for the step and 36 for each of four comparisons.
 */
#define AF_BAND_MAX_TEXT 256

/* The one English text of a rule; reading it gives the same rule. */
extern void af_rule_write(const af_rule *rule, af_text *out);

/* One of its bands, without the cap. */
extern void af_band_write(const af_rule *rule, const af_band *band, af_text *out);

/* As JSON, every key present: see doc/rules.md. */
extern void af_rule_write_json(const af_rule *rule, af_text *out);

#endif
