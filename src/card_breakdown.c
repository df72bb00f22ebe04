/*
 * card_breakdown.c
 *		breakdown(scorecard, rubric): the score explained, a row a rule.
 *
 * Rows stand in written order, and what they deduct adds up to what their
 * item loses: 4, then 1 with overflow 2.
 */
#include "card.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "card_read.h"

PG_FUNCTION_INFO_V1(af_scorecard_breakdown);

static Datum
text_at(const af_rubric *rubric, af_place place)
{
	af_span		text = af_rubric_text(rubric, place);

	return af_text_datum(text.data, text.length);
}

/* Counters of several windows may add up to more than a bigint holds. */
static Datum
count_datum(af_wide count, const char *what)
{
	if (count > PG_INT64_MAX || count < PG_INT64_MIN)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the %s of a rule are out of range for bigint", what),
				 errhint("Look for facts with absurd quantities.")));
	return Int64GetDatum((int64) count);
}

Datum
af_scorecard_breakdown(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const af_card *card = af_card_get(PG_GETARG_DATUM(0));
	const af_rubric *rubric = af_rubric_get(PG_GETARG_DATUM(1));
	af_outcome *outcomes = palloc(sizeof(af_outcome) * (rubric->rule_count + 1));

	af_card_match(card, rubric);
	InitMaterializedSRF(fcinfo, 0);
	af_card_judge(rubric, af_card_counters(card), outcomes);
	(void) af_score_total(rubric, outcomes, AF_END_LOW);
	for (int i = 0; i < rubric->rule_count; i++)
	{
		int			index = af_rubric_written(rubric)[i];
		const af_compiled_rule *rule = &af_rubric_rules(rubric)[index];
		const af_compiled_item *item = &af_rubric_items(rubric)[rule->item];
		const af_outcome *outcome = &outcomes[index];
		Datum		values[13];
		bool		nulls[13] = {false};

		values[0] = text_at(rubric, af_rubric_sections(rubric)[item->section].title);
		values[1] = text_at(rubric, item->number);
		values[2] = text_at(rubric, item->title);
		values[3] = af_points_numeric(item->points);
		values[4] = text_at(rubric, rule->measure);
		values[5] = text_at(rubric, rule->text);
		values[6] = count_datum(outcome->facts, "facts");
		values[7] = count_datum(outcome->quantity, "quantities");
		values[8] = af_points_numeric(outcome->raw);
		values[9] = af_points_numeric(outcome->deducted);
		values[10] = af_points_numeric(outcome->overflow);
		values[11] = af_points_numeric(outcome->added);
		values[12] = CStringGetTextDatum(af_state_names[outcome->state]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
