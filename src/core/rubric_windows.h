/*
 * rubric_windows.h
 *		The days that a rule looks at, and the days that it is compared with.
 */
#ifndef AF_RUBRIC_WINDOWS_H
#define AF_RUBRIC_WINDOWS_H

#include "rubric_model.h"

/* How many windows a kind has for this rubric: 1, or the months of its period. */
extern int	af_window_count(const af_model *model, af_window_kind kind);

extern void af_windows_fill(const af_model *model, af_window_kind kind, af_window *windows);

#endif
