/*
 * tally.h
 *		What tally and tally_regions share: a fact from a row's arguments.
 */
#ifndef AF_TALLY_H
#define AF_TALLY_H

#include "card.h"

typedef struct af_fact
{
	int			measure;		/* index in the rubric */
	af_day		day;
	int64		quantity;
	int64		base;
	af_amount	amount;
} af_fact;

/* Raise: an aggregate was handed another rubric than before. */
pg_noreturn extern void af_rubric_changed(void);

/* The rubric argument; raises where it is null. */
extern const af_rubric *af_tally_rubric(FunctionCallInfo fcinfo, int argument);

/*
 * Read measure, occurred_on, quantity, base and amount, five arguments from
 * `first` on; the measure is not null.  False where the rubric has no rule on
 * the measure.  Raises where the fact makes no sense.
 */
extern bool af_fact_read(FunctionCallInfo fcinfo, int first, const af_rubric *rubric, af_fact *fact);

#endif
