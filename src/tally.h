/*
 * tally.h
 *		What tally and tally_regions share: a fact from a row's arguments.
 */
#ifndef AF_TALLY_H
#define AF_TALLY_H

#include "card.h"

#include "utils/date.h"

#include "core/measure_index.h"

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

/* Raise: there is no rubric to count by. */
pg_noreturn extern void af_rubric_is_null(void);

/* The rubric argument; raises where it is null. */
static inline const af_rubric *
af_tally_rubric(FunctionCallInfo fcinfo, int argument)
{
	if (unlikely(PG_ARGISNULL(argument)))
		af_rubric_is_null();
	return af_rubric_get_row(fcinfo, argument);
}

/* Raise: say what is wrong with a fact that af_fact_read does not take. */
pg_noreturn extern void af_fact_rejected(FunctionCallInfo fcinfo, int first);

/*
 * Read measure, occurred_on, quantity, base and amount, five arguments from
 * `first` on; the measure is not null.  False where the rubric has no rule on
 * the measure.  Raises where the fact makes no sense.  The amount is read
 * where a rule may look at it.  Inline: it is most of what a row costs.
 */
static inline bool
af_fact_read(FunctionCallInfo fcinfo, int first, const af_rubric *rubric, af_fact *fact)
{
	const af_compiled_measure *on;
	struct varlena *name = (struct varlena *) PG_GETARG_POINTER(first);

	if (unlikely(VARATT_IS_COMPRESSED(name) || VARATT_IS_EXTERNAL(name)))
		name = pg_detoast_datum_packed(name);
	fact->measure = af_rubric_find_measure(rubric, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	if (fact->measure < 0)
		return false;
	if (unlikely(PG_ARGISNULL(first + 1) || PG_ARGISNULL(first + 2)))
		af_fact_rejected(fcinfo, first);
	fact->day = PG_GETARG_DATEADT(first + 1);
	fact->quantity = PG_GETARG_INT64(first + 2);
	fact->base = PG_ARGISNULL(first + 3) ? 0 : PG_GETARG_INT64(first + 3);
	if (unlikely(DATE_NOT_FINITE(fact->day) || (fact->quantity | fact->base) < 0))
		af_fact_rejected(fcinfo, first);
	on = &af_rubric_measures(rubric)[fact->measure];
	fact->amount.known = false;
	if (on->uses_amount && fact->day >= on->from && fact->day <= on->to && !PG_ARGISNULL(first + 4))
		fact->amount = af_amount_of((Numeric) PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(first + 4)));
	return true;
}

#endif
