/*
 * rule_words.h
 *		The English words of the rule language: one table for reader and writers.
 */
#ifndef AF_RULE_WORDS_H
#define AF_RULE_WORDS_H

#include "rule_model.h"

typedef enum af_word_class
{
	AF_WORD_EFFECT,				/* value: af_effect */
	AF_WORD_STEP,				/* value: af_step_unit */
	AF_WORD_SUBJECT,			/* value: af_subject */
	AF_WORD_VALUE,				/* value: af_value_kind */
	AF_WORD_OPERATOR,			/* value: af_operator */
	AF_WORD_JOINT				/* value: af_joint */
} af_word_class;

/* What holds the parts of a rule together. */
typedef enum af_joint
{
	AF_JOINT_PER,
	AF_JOINT_IF,
	AF_JOINT_AND,
	AF_JOINT_CAP
} af_joint;

typedef struct af_word
{
	const char *text;			/* lower case */
	af_word_class class;
	int			value;
} af_word;

/* The word of the language, in any case; NULL where it is none. */
extern const af_word *af_word_find(const char *text, size_t length);

/* The one word that stands for a value. */
extern const char *af_word_text(af_word_class class, int value);

/* Letters, digits and the underscore, in ASCII and in no locale. */
extern bool af_word_character(char c);

/* Whether a text may name a rung: [a-z_]+, not too long, and no keyword. */
extern bool af_rung_check(const char *name, size_t length, af_error *error);

#endif
