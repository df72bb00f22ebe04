/*
 * clause_condition.h
 *		What the words before a consequence say about when it applies.
 */
#ifndef AF_CLAUSE_CONDITION_H
#define AF_CLAUSE_CONDITION_H

#include "clause_parts.h"

#define AF_ZH_MAX_GROUPS 8

/* What the consequences of a condition share: comparisons that all must hold. */
typedef struct af_zh_group
{
	af_subject	subject;
	int			count;
	af_comparison comparison[AF_BAND_MAX_COMPARISONS];
} af_zh_group;

typedef struct af_zh_condition
{
	af_subject	subject;		/* of the first alternative */
	int			count;			/* alternatives */
	af_zh_group group[AF_ZH_MAX_GROUPS];
	int			members;		/* of the list before 各 or 分别 */
	int			listed;			/* where commas too part its members */
	bool		since;			/* 同比 and the like stand in it */
	bool		rate;			/* its subject ends in 率 and the like */
	bool		elliptic;		/* a comparison whose subject was named before */
	size_t		unit_token;		/* of the first comparison */
	const char *reason;
} af_zh_condition;

/* The last duty with a number: 不少于4次, 达87%以上; what 每少 and 每低 lead away from. */
typedef struct af_zh_target
{
	bool		known;
	bool		noted;			/* in the words before this consequence */
	bool		unclear;		/* two different numbers were */
	af_comparison comparison;
	size_t		unit_token;
} af_zh_target;

typedef struct af_zh_targets
{
	af_zh_target percent;
	af_zh_target count;
} af_zh_targets;

/*
 * `series` is the unit of a consequence before that was of one thing, or 0.
 *
 * Read the words from `from` to `to`.  Those before `active` only name
 * duties; the tokens of the step are left out.
 */
extern void af_zh_read_condition(af_zh_tokens *tokens, size_t from, size_t active, size_t to,
								 const af_zh_step *step, af_subject carried, size_t series, bool slash, bool phrase,
								 af_zh_targets *targets, af_zh_condition *condition);

/* Whether a stop separates segments. */
extern bool af_zh_separates(const af_zh_token *token);

#endif
