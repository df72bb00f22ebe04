/*
 * rule_chinese.h
 *		The phrase that an official document would use for a rule.
 */
#ifndef AF_RULE_CHINESE_H
#define AF_RULE_CHINESE_H

#include "memory.h"
#include "rule_model.h"

/* No two rules have the same phrase. */
extern void af_rule_write_chinese(const af_rule *rule, af_text *out);

/* The Chinese name of a rung of the shipped ladder, or NULL. */
extern const char *af_rung_chinese(const char *rung);

#endif
