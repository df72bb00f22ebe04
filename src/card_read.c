/*
 * card_read.c
 *		Reading a scorecard: total, total_range, vetoed, raised.
 */
#include "card.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

#include "card_read.h"

PG_FUNCTION_INFO_V1(af_scorecard_total);
PG_FUNCTION_INFO_V1(af_scorecard_total_range);
PG_FUNCTION_INFO_V1(af_scorecard_vetoed);
PG_FUNCTION_INFO_V1(af_scorecard_raised);

Datum
af_points_numeric(af_wide points)
{
	char		buffer[AF_DECIMAL_SIZE];

	/* The common cases without a detour through text. */
	if (points <= PG_INT64_MAX && points >= PG_INT64_MIN)
	{
		if (points % AF_POINTS_SCALE == 0)
			return NumericGetDatum(int64_to_numeric((int64) (points / AF_POINTS_SCALE)));
		return DirectFunctionCall1(numeric_trim_scale,
								   NumericGetDatum(int64_div_fast_to_numeric((int64) points, AF_POINTS_DECIMALS)));
	}
	af_decimal_write(buffer, points, AF_POINTS_DECIMALS);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(buffer), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

void
af_card_judge(const af_rubric *rubric, const int64 *counters, af_outcome *outcomes)
{
	if (!af_score_judge(rubric, counters, outcomes))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the points of a rule are out of range"),
				 errdetail("One rule deducts or adds more than ten to the 28 points."),
				 errhint("Look for facts with absurd quantities, or a rule with an absurdly small step.")));
}

/* The arguments (scorecard, rubric), judged. */
static const af_rubric *
judge(FunctionCallInfo fcinfo, af_outcome **outcomes)
{
	const af_card *card = af_card_get(PG_GETARG_DATUM(0));
	const af_rubric *rubric = af_rubric_get_row(fcinfo, 1);

	af_card_match(card, rubric);
	*outcomes = palloc(sizeof(af_outcome) * (rubric->rule_count + 1));
	af_card_judge(rubric, af_card_counters(card), *outcomes);
	return rubric;
}

/* total(scorecard, rubric): the low end where decisions are pending. */
Datum
af_scorecard_total(PG_FUNCTION_ARGS)
{
	af_outcome *outcomes;
	const af_rubric *rubric = judge(fcinfo, &outcomes);

	PG_RETURN_DATUM(af_points_numeric(af_score_total(rubric, outcomes, AF_END_LOW)));
}

/* total_range(scorecard, rubric): both ends, both included. */
Datum
af_scorecard_total_range(PG_FUNCTION_ARGS)
{
	af_outcome *outcomes;
	const af_rubric *rubric = judge(fcinfo, &outcomes);
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.val = af_points_numeric(af_score_total(rubric, outcomes, AF_END_LOW));
	lower.inclusive = true;
	lower.lower = true;
	upper.val = af_points_numeric(af_score_total(rubric, outcomes, AF_END_HIGH));
	upper.inclusive = true;
	PG_RETURN_RANGE_P(af_make_range(lookup_type_cache(NUMRANGEOID, TYPECACHE_RANGE_INFO), &lower, &upper));
}

bool
af_outcomes_vetoed(const af_rubric *rubric, const af_outcome *outcomes)
{
	for (int i = 0; i < rubric->rule_count; i++)
		if (outcomes[i].vetoed)
			return true;
	return false;
}

Datum
af_scorecard_vetoed(PG_FUNCTION_ARGS)
{
	af_outcome *outcomes;
	const af_rubric *rubric = judge(fcinfo, &outcomes);

	PG_RETURN_BOOL(af_outcomes_vetoed(rubric, outcomes));
}

/* raised(scorecard, rubric): escalations asked for, each once, in written order. */
Datum
af_scorecard_raised(PG_FUNCTION_ARGS)
{
	af_outcome *outcomes;
	const af_rubric *rubric = judge(fcinfo, &outcomes);
	const uint16_t *written = af_rubric_written(rubric);
	Datum	   *rungs = palloc(sizeof(Datum) * (rubric->band_count + 1));
	const af_compiled_band **seen = palloc(sizeof(af_compiled_band *) * (rubric->band_count + 1));
	int			count = 0;

	for (int i = 0; i < rubric->rule_count; i++)
	{
		const af_compiled_rule *rule = &af_rubric_rules(rubric)[written[i]];

		for (int b = 0; b < rule->band_count; b++)
		{
			const af_compiled_band *band = &af_rubric_bands(rubric)[rule->first_band + b];
			bool		again = false;

			if ((outcomes[written[i]].raised & (UINT32_C(1) << b)) == 0)
				continue;
			for (int n = 0; n < count && !again; n++)
				again = seen[n]->rung_length == band->rung_length &&
					memcmp(seen[n]->rung, band->rung, band->rung_length) == 0;
			if (again)
				continue;
			seen[count] = band;
			rungs[count++] = af_text_datum(band->rung, band->rung_length);
		}
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(rungs, count, TEXTOID, -1, false, TYPALIGN_INT));
}
