/*
 * bounds.c
 *		What a band's comparisons allow, as an interval.
 */
#include "bounds.h"

#include <string.h>

void
af_bounds_init(af_bounds *bounds)
{
	memset(bounds, 0, sizeof(*bounds));
}

void
af_bounds_narrow(af_bounds *bounds, af_operator operator, af_wide value)
{
	bool		open = operator == AF_GREATER || operator == AF_LESS;
	bool		low = operator == AF_GREATER || operator == AF_AT_LEAST || operator == AF_EQUAL;
	bool		high = operator == AF_LESS || operator == AF_AT_MOST || operator == AF_EQUAL;

	if (low && (!bounds->has_low || value > bounds->low || (value == bounds->low && open)))
	{
		bounds->has_low = true;
		bounds->low = value;
		bounds->low_open = open;
	}
	if (high && (!bounds->has_high || value < bounds->high || (value == bounds->high && open)))
	{
		bounds->has_high = true;
		bounds->high = value;
		bounds->high_open = open;
	}
}

bool
af_bounds_within(const af_bounds *inner, const af_bounds *outer)
{
	if (outer->has_low &&
		(!inner->has_low || inner->low < outer->low ||
		 (inner->low == outer->low && outer->low_open && !inner->low_open)))
		return false;
	if (outer->has_high &&
		(!inner->has_high || inner->high > outer->high ||
		 (inner->high == outer->high && outer->high_open && !inner->high_open)))
		return false;
	return true;
}
