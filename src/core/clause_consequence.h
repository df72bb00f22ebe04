/*
 * clause_consequence.h
 *		Where the words of a consequence stand: 扣2分, 不得分, 一票否决.
 */
#ifndef AF_CLAUSE_CONSEQUENCE_H
#define AF_CLAUSE_CONSEQUENCE_H

#include "clause_parts.h"

/* 分别扣1分、2分: as many as a list may have. */
#define AF_ZH_MAX_POINTS 8

typedef struct af_zh_consequence
{
	size_t		end;			/* token behind it */
	af_effect	effect;
	int			count;			/* numbers of points */
	af_points	points[AF_ZH_MAX_POINTS];
	af_points	points_max;		/* of a range, else equal to the points */
	bool		descends;		/* 3-1分: the points of a list, not a range */
	bool		slash;			/* 扣30分/次 */
	const char *rung;
	size_t		rung_token;		/* a rung in quotation marks; 0 for none */
	const char *reason;			/* it looks like a consequence, and cannot be said */
} af_zh_consequence;

/* A consequence whose first word is at a token. */
extern bool af_zh_find_consequence(const af_zh_tokens *tokens, size_t at, size_t limit, bool phrase, af_zh_consequence *found);

typedef struct af_zh_cap
{
	size_t		end;
	af_points	cap;			/* -1: the item's own points, which always cap it */
	bool		deducts;		/* it speaks of deductions */
	bool		adds;
	const char *reason;
} af_zh_cap;

/* 扣完为止, 最多扣5分, 5分封顶 */
extern bool af_zh_find_cap(const af_zh_tokens *tokens, size_t at, size_t limit, af_zh_cap *found);

/* Points that a rule can hold; false for a damaged number or too many decimals. */
extern bool af_zh_points(const af_zh_token *number, af_points *points);

#endif
