/*
 * rubric_days.c
 *		The days whose facts a rubric can count.
 */
#include "rubric.h"

#include "catalog/pg_type_d.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* What of a window has been added. */
#define ADDED_ITSELF	1
#define ADDED_BASELINE	2

static bool
is_among(af_span measure, const Datum *measures, const bool *nulls, int count)
{
	for (int i = 0; i < count; i++)
	{
		text	   *name = nulls[i] ? NULL : DatumGetTextPP(measures[i]);

		if (name != NULL && VARSIZE_ANY_EXHDR(name) == measure.length &&
			memcmp(VARDATA_ANY(name), measure.data, measure.length) == 0)
			return true;
	}
	return false;
}

static int
add_days(RangeType **ranges, int count, TypeCacheEntry *type, af_day from, af_day to)
{
	RangeBound	lower = {DateADTGetDatum(from), false, true, true};
	RangeBound	upper = {DateADTGetDatum(to + 1), false, false, false};

	if (from <= to)
		ranges[count++] = af_make_range(type, &lower, &upper);
	return count;
}

/* counted_days(rubric, measures): every window with its baselines; a fact of another day changes nothing. */
PG_FUNCTION_INFO_V1(af_rubric_counted_days);
Datum
af_rubric_counted_days(PG_FUNCTION_ARGS)
{
	const af_rubric *rubric;
	const af_window *windows;
	const af_compiled_rule *rules;
	TypeCacheEntry *type = lookup_type_cache(DATEMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO);
	Datum	   *measures = NULL;
	bool	   *nulls = NULL;
	int			measure_count = 0;
	RangeType **ranges;
	uint8	   *added;
	int			count = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	rubric = af_rubric_get(PG_GETARG_DATUM(0));
	windows = af_rubric_windows(rubric);
	rules = af_rubric_rules(rubric);
	if (!PG_ARGISNULL(1))
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &measures, &nulls, &measure_count);

	ranges = palloc(sizeof(RangeType *) * Max(rubric->window_count, 1) * (1 + AF_MAX_BASELINE_YEARS));
	added = palloc0(Max(rubric->window_count, 1));
	for (int i = 0; i < rubric->rule_count; i++)
	{
		if (!PG_ARGISNULL(1) && !is_among(af_rubric_text(rubric, rules[i].measure), measures, nulls, measure_count))
			continue;
		for (int w = rules[i].first_window; w < rules[i].first_window + rules[i].window_count; w++)
		{
			if (!(added[w] & ADDED_ITSELF))
				count = add_days(ranges, count, type->rngtype, windows[w].from, windows[w].to);
			added[w] |= ADDED_ITSELF;
			if (!rules[i].uses_baseline || added[w] & ADDED_BASELINE)
				continue;
			for (int y = 0; y < rubric->baseline_years; y++)
				count = add_days(ranges, count, type->rngtype, windows[w].baseline_from[y], windows[w].baseline_to[y]);
			added[w] |= ADDED_BASELINE;
		}
	}
	PG_RETURN_MULTIRANGE_P(make_multirange(DATEMULTIRANGEOID, type->rngtype, count, ranges));
}
