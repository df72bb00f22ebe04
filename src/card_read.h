/*
 * card_read.h
 *		Judging a scorecard, for the functions that read one.
 */
#ifndef AF_CARD_READ_H
#define AF_CARD_READ_H

#include "card.h"

/* Judge every rule of a card's counters; raises where points pass any range. */
extern void af_card_judge(const af_rubric *rubric, const int64 *counters, af_outcome *outcomes);

extern bool af_outcomes_vetoed(const af_rubric *rubric, const af_outcome *outcomes);

#endif
