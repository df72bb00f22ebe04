/*
 * clause_parts.h
 *		The parts of a clause that clause_find.c puts together.
 *
 * Each reader looks at the tokens from `at` up to `limit` and says where the
 * part ends; none looks at a token more than a fixed number of times.
 */
#ifndef AF_CLAUSE_PARTS_H
#define AF_CLAUSE_PARTS_H

#include "chinese_text.h"
#include "rule_model.h"

/* ---- clause_compare.c ---- */

typedef struct af_zh_comparison
{
	size_t		end;
	int			count;			/* 2 for a range */
	af_comparison comparison[2];
	af_subject	subject;
	af_zh_unit	unit;
	size_t		unit_token;		/* 0 where there is no unit */
	bool		bare;			/* a number with a unit and nothing that compares */
	bool		deadline;		/* 3日内, 14岁以下: when something is due or whom it is about */
	bool		adjacent_rate;	/* 控制率3% */
	bool		fall;			/* of a change: a fall, so signs and operators are turned */
	const char *reason;			/* it compares, and cannot be said */
} af_zh_comparison;

/* A comparison that starts here; the segment, from which the subject is taken, starts at `segment`. */
extern bool af_zh_compare(const af_zh_tokens *tokens, size_t segment, size_t at, size_t limit,
						  af_subject carried, af_zh_comparison *found);

/* ---- clause_step.c ---- */

typedef enum af_zh_turn
{
	AF_TURN_NONE,
	AF_TURN_DOWN,
	AF_TURN_UP
} af_zh_turn;

typedef struct af_zh_step
{
	size_t		start;			/* tokens of the phrase */
	size_t		end;
	af_step_unit per;
	af_number	step;
	af_zh_turn	turn;			/* which way it leads away from the value */
	bool		grows;			/* 增加: from what there was; 超: from what was allowed */
	bool		bare;			/* 超出部分: the measure counts the excess itself */
	size_t		unit_token;
	bool		money;			/* the step is in yuan */
	const char *reason;
} af_zh_step;

/* What a consequence is taken per, in the words of a segment before it. */
extern bool af_zh_find_step(const af_zh_tokens *tokens, size_t segment, size_t limit, bool phrase, af_zh_step *found);

/* Whether a token is a stop between segments. */
extern bool af_zh_is_stop(const af_zh_token *token, af_zh_stop stop);

#endif
