/*
 * cadence_write.c
 *		A cadence as text, in the unit in which it was written.
 */
#include "cadence.h"

#include <stdio.h>

size_t
af_cadence_write(char *buffer, af_cadence c)
{
	static const char *const unit[] = {"day", "week", "month", "quarter", "half-year", "year", "term"};
	int			length;

	if (!c.rolling)
		length = snprintf(buffer, AF_CADENCE_SIZE, "%d per %s", (int) c.number, unit[c.unit]);
	else if (c.number == 1)
		length = snprintf(buffer, AF_CADENCE_SIZE, "every %s", unit[c.unit]);
	else
		length = snprintf(buffer, AF_CADENCE_SIZE, "every %d %ss", (int) c.number, unit[c.unit]);
	return (size_t) length;
}
