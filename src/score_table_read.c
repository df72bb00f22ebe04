/*
 * score_table_read.c
 *		scores(score_table, rubric): the score of every region.
 *
 * A flat table is read as it is: it is sorted, and a sub-select has flattened
 * it already.
 */
#include "score_table.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "card_read.h"

PG_FUNCTION_INFO_V1(af_score_table_scores);

/* scores(score_table, rubric): a row a region, in order of region. */
Datum
af_score_table_scores(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const af_flat_table *flat = af_flat_table_get(PG_GETARG_DATUM(0));
	af_score_table *table = flat ? NULL : af_score_table_get(PG_GETARG_DATUM(0));
	const af_rubric *rubric = af_rubric_get(PG_GETARG_DATUM(1));
	const af_region_entry *sorted = flat ? NULL : af_score_table_sorted(table);
	const int64 *row = flat ? flat->rows : NULL;
	uint32		count = flat ? flat->count : table->table.count;
	af_outcome *outcomes = palloc(sizeof(af_outcome) * (rubric->rule_count + 1));
	MemoryContext per_row;
	MemoryContext old;

	if (!af_same_identity(flat ? flat->identity : table->identity, rubric->identity) ||
		(flat ? flat->counter_count : table->table.counter_count) != rubric->counter_count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("score_table was not counted with this rubric"),
				 errdetail("Their rules, windows, baseline or as-of date differ."),
				 errhint("Use the rubric that the table was counted with, including its period and as-of date.")));
	InitMaterializedSRF(fcinfo, 0);
	per_row = AllocSetContextCreate(CurrentMemoryContext, "antifraud scores", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(per_row);
	for (uint32 i = 0; i < count; i++)
	{
		Datum		values[6];
		bool		nulls[6] = {false};
		af_region	region = flat ? row[0] : sorted[i].region;
		const int64_t *counters = flat ? (const int64_t *) row + 1 :
			af_region_table_counters(&table->table, sorted[i].slot);

		CHECK_FOR_INTERRUPTS();
		if (flat)
			row += 1 + rubric->counter_count;
		af_card_judge(rubric, (const int64 *) counters, outcomes);
		values[0] = Int64GetDatum(region);
		nulls[0] = region == AF_REGION_NONE;
		values[2] = af_points_numeric(af_score_total(rubric, outcomes, AF_END_LOW));
		values[1] = values[2];
		values[3] = af_points_numeric(af_score_total(rubric, outcomes, AF_END_HIGH));
		values[4] = BoolGetDatum(af_outcomes_vetoed(rubric, outcomes));
		values[5] = PointerGetDatum(af_card_of(rubric->identity, (const int64 *) counters, rubric->counter_count));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		MemoryContextReset(per_row);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_row);
	return (Datum) 0;
}
