/*
 * bounds.h
 *		What a band's comparisons allow, as an interval; which of two is
 *		stricter.
 *
 * Of several bands that hold, the strictest applies, and the last written on
 * a tie (doc/rules.md).  Conditions of one rule nest or are disjoint
 * (af_rule_check), so "lies within" orders those that hold.
 */
#ifndef AF_BOUNDS_H
#define AF_BOUNDS_H

#include "points.h"
#include "rule_model.h"

typedef struct af_bounds
{
	bool		has_low;
	bool		has_high;
	bool		low_open;
	bool		high_open;
	af_wide		low;
	af_wide		high;
} af_bounds;

/* No bounds at all: the whole line. */
extern void af_bounds_init(af_bounds *bounds);

/* Narrow by one comparison with a value. */
extern void af_bounds_narrow(af_bounds *bounds, af_operator operator, af_wide value);

/* Whether everything that `inner` allows lies within `outer`. */
extern bool af_bounds_within(const af_bounds *inner, const af_bounds *outer);

#endif
