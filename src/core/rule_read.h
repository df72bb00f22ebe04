/*
 * rule_read.h
 *		From text to rule.
 */
#ifndef AF_RULE_READ_H
#define AF_RULE_READ_H

#include "rule_model.h"

/* Far more than any clause needs; no reader looks at a longer text. */
#define AF_RULE_MAX_TEXT 65536

/* Read a rule in whichever language it is written, and check it. */
extern bool af_rule_read(const char *text, size_t length, af_rule *rule, af_error *error);

/* The readers behind it, one a language; text is not longer than the above. */
extern bool af_rule_read_english(const char *text, size_t length, af_rule *rule, af_error *error);
extern bool af_rule_read_chinese(const char *text, size_t length, af_rule *rule, af_error *error);

/* White space of the rule language: ASCII's, in no locale. */
extern bool af_rule_space(char c);

#endif
