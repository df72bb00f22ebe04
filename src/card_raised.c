/*
 * card_raised.c
 *		raised_by(scorecard, rubric): which rules ask for which rungs, and what
 *		they saw.
 *
 * raised() gives the rungs alone; who raises an escalation has to say by which
 * rule, and with which figures.
 */
#include "card.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "card_read.h"

PG_FUNCTION_INFO_V1(af_scorecard_raised_by);

static Datum
counted(af_wide count)
{
	if (count > PG_INT64_MAX || count < PG_INT64_MIN)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the counts of a rule are out of range for bigint"),
				 errhint("Look for facts with absurd quantities.")));
	return Int64GetDatum((int64) count);
}

Datum
af_scorecard_raised_by(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const af_card *card = af_card_get(PG_GETARG_DATUM(0));
	const af_rubric *rubric = af_rubric_get(PG_GETARG_DATUM(1));
	af_outcome *outcomes = palloc(sizeof(af_outcome) * (rubric->rule_count + 1));
	const int64 *counters;

	af_card_match(card, rubric);
	InitMaterializedSRF(fcinfo, 0);
	counters = af_card_counters(card);
	af_card_judge(rubric, counters, outcomes);
	for (int i = 0; i < rubric->rule_count; i++)
	{
		int			index = af_rubric_written(rubric)[i];
		const af_compiled_rule *rule = &af_rubric_rules(rubric)[index];
		const af_outcome *outcome = &outcomes[index];
		af_wide		third = 0;

		if (outcome->raised == 0)
			continue;
		if (rule->window_counters > AF_COUNTER_THIRD)
			for (int w = 0; w < rule->window_count; w++)
				third += counters[rule->first_counter + w * rule->window_counters + AF_COUNTER_THIRD];
		for (int b = 0; b < rule->band_count; b++)
		{
			const af_compiled_band *band = &af_rubric_bands(rubric)[rule->first_band + b];
			af_span		item = af_rubric_text(rubric, af_rubric_items(rubric)[rule->item].number);
			Datum		values[8];
			bool		nulls[8] = {false};

			if ((outcome->raised & (UINT32_C(1) << b)) == 0)
				continue;
			values[0] = af_text_datum(item.data, item.length);
			values[1] = Int32GetDatum(rule->ordinal);
			values[2] = Int32GetDatum(b + 1);
			values[3] = af_text_datum(band->rung, band->rung_length);
			values[4] = counted(outcome->facts);
			values[5] = counted(outcome->quantity);
			nulls[6] = rule->subject != AF_SUBJECT_RATE;
			if (!nulls[6])
				values[6] = counted(third);
			nulls[7] = !rule->uses_baseline;
			if (!nulls[7])
				values[7] = DirectFunctionCall2(numeric_div, DirectFunctionCall1(int8_numeric, counted(third)),
												DirectFunctionCall1(int8_numeric, Int64GetDatum(rubric->baseline_years)));
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}
