/*
 * rubric_lint.h
 *		What is legal in a rubric but odd: to be looked at, not refused.
 */
#ifndef AF_RUBRIC_LINT_H
#define AF_RUBRIC_LINT_H

#include "rubric.h"

typedef struct af_lint
{
	const char *code;
	int			item;			/* index in the rubric */
	int			rule;			/* ordinal within the item; 0: the item itself */
	const char *message;		/* English */
	const char *message_chinese;
} af_lint;

/* Called once a finding, in the document's order; texts last for the call. */
typedef void (*af_lint_sink) (void *context, const af_lint *finding);

extern void af_rubric_lint(const af_rubric *rubric, af_lint_sink sink, void *context);

#endif
