/*
 * tally_regions.c
 *		The aggregate tally_regions.
 *
 * Scores every region in one ungrouped pass.  Rows are checked as they come
 * and counted in batches: find all regions, prefetch the counters that their
 * rules will touch, then count.
 */
#include "score_table.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "tally.h"

PG_FUNCTION_INFO_V1(af_tally_regions_accumulate);
PG_FUNCTION_INFO_V1(af_tally_regions_combine);
PG_FUNCTION_INFO_V1(af_tally_regions_serialize);
PG_FUNCTION_INFO_V1(af_tally_regions_deserialize);
PG_FUNCTION_INFO_V1(af_tally_regions_final);

#define BATCH 128
#define OPENS_A_CARD (-1)

typedef struct region_tally
{
	af_score_table *table;
	const af_flat_table *flat;	/* instead of the table: a state of another process */
	af_rubric  *rubric;			/* a copy; NULL in a state that was only combined */
	int			waiting;
	af_region	region[BATCH];
	af_fact		fact[BATCH];	/* measure OPENS_A_CARD: nothing to count */
} region_tally;

static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this function is a part of the aggregate tally_regions"),
				 errhint("Call tally_regions.")));
	return context;
}

static region_tally *
new_tally(MemoryContext context, const uint8 *identity, int counter_count)
{
	region_tally *tally = MemoryContextAlloc(context, sizeof(region_tally));

	tally->table = af_score_table_new(context, identity, counter_count);
	tally->flat = NULL;
	tally->rubric = NULL;
	tally->waiting = 0;
	return tally;
}

/* Count what is waiting. */
static void
count_batch(region_tally *tally)
{
	const af_rubric *rubric = tally->rubric;
	int64_t    *counters[BATCH];

	if (tally->waiting == 0)
		return;
	if (!af_region_table_find(&tally->table->table, tally->region, tally->waiting, counters))
		af_score_table_full();
	for (int i = 0; i < tally->waiting; i++)
		if (tally->fact[i].measure >= 0)
		{
			const af_compiled_measure *measure = &af_rubric_measures(rubric)[tally->fact[i].measure];
			const af_compiled_rule *rules = &af_rubric_rules(rubric)[measure->first_rule];
			const af_compiled_rule *last = &rules[measure->rule_count - 1];

			__builtin_prefetch(&counters[i][rules->first_counter], 1);
			__builtin_prefetch(&counters[i][last->first_counter + last->window_counters - 1], 1);
		}
	for (int i = 0; i < tally->waiting; i++)
	{
		const af_fact *fact = &tally->fact[i];
		af_count_status status;

		if (fact->measure < 0)
			continue;
		status = af_card_count(rubric, counters[i], fact->measure, fact->day,
							   fact->quantity, fact->base, &fact->amount);
		if (status != AF_COUNT_OK)
		{
			af_span		name = af_rubric_text(rubric, af_rubric_measures(rubric)[fact->measure].name);

			af_count_failed(status, name.data, name.length);
		}
	}
	tally->waiting = 0;
}

/* (internal, rubric, region, measure, occurred_on, quantity, base, amount) */
Datum
af_tally_regions_accumulate(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	const af_rubric *rubric = af_tally_rubric(fcinfo, 1);
	region_tally *tally;
	af_fact    *fact;

	if (PG_ARGISNULL(0))
	{
		tally = new_tally(context, rubric->identity, rubric->counter_count);
		tally->rubric = MemoryContextAlloc(context, VARSIZE(rubric));
		memcpy(tally->rubric, rubric, VARSIZE(rubric));
	}
	else
	{
		tally = (region_tally *) PG_GETARG_POINTER(0);
		if (!af_same_identity(tally->table->identity, rubric->identity))
			af_rubric_changed();
	}
	if (tally->waiting == BATCH)
		count_batch(tally);
	fact = &tally->fact[tally->waiting];
	if (PG_ARGISNULL(3) || !af_fact_read(fcinfo, 3, tally->rubric, fact))
		fact->measure = OPENS_A_CARD;
	tally->region[tally->waiting++] = PG_ARGISNULL(2) ? AF_REGION_NONE : PG_GETARG_INT64(2);
	PG_RETURN_POINTER(tally);
}

/* What came from another process stays flat until it is added. */
Datum
af_tally_regions_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	region_tally *state = PG_ARGISNULL(0) ? NULL : (region_tally *) PG_GETARG_POINTER(0);
	region_tally *more = PG_ARGISNULL(1) ? NULL : (region_tally *) PG_GETARG_POINTER(1);

	if (more == NULL)
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (more->flat == NULL)
		elog(ERROR, "tally_regions combines only states of other processes");
	if (state == NULL)
		state = new_tally(context, more->flat->identity, more->flat->counter_count);
	if (!af_same_identity(state->table->identity, more->flat->identity) ||
		state->table->table.counter_count != more->flat->counter_count)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("score tables of different rubrics cannot be added")));
	af_score_table_add(state->table, more->flat);
	PG_RETURN_POINTER(state);
}

/* The flat form of the table is what travels. */
Datum
af_tally_regions_serialize(PG_FUNCTION_ARGS)
{
	region_tally *tally = (region_tally *) PG_GETARG_POINTER(0);
	Size		size;
	void	   *flat;

	(void) aggregate_context(fcinfo);
	count_batch(tally);
	size = EOH_get_flat_size(&tally->table->header);
	flat = palloc(size);
	EOH_flatten_into(&tally->table->header, flat, size);
	PG_RETURN_BYTEA_P(flat);
}

Datum
af_tally_regions_deserialize(PG_FUNCTION_ARGS)
{
	region_tally *tally = palloc(sizeof(region_tally));

	(void) aggregate_context(fcinfo);
	/* A bytea in a tuple is aligned for integers of four bytes only. */
	if ((uintptr_t) PG_GETARG_POINTER(0) % MAXIMUM_ALIGNOF != 0)
		tally->flat = af_flat_table_get(PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0))));
	else
		tally->flat = af_flat_table_get(PG_GETARG_DATUM(0));
	tally->table = NULL;
	tally->rubric = NULL;
	tally->waiting = 0;
	PG_RETURN_POINTER(tally);
}

/* Hands the table over; the state is of no use afterwards. */
Datum
af_tally_regions_final(PG_FUNCTION_ARGS)
{
	region_tally *tally;
	void	   *pointer;

	(void) aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	tally = (region_tally *) PG_GETARG_POINTER(0);
	count_batch(tally);
	TransferExpandedObject(EOHPGetRWDatum(&tally->table->header), CurrentMemoryContext);

	/*
	 * Return the pointer from memory of the caller's, or PostgreSQL 15 would
	 * take the object for foreign and flatten it.
	 */
	pointer = palloc(EXPANDED_POINTER_SIZE);
	memcpy(pointer, tally->table->header.eoh_rw_ptr, EXPANDED_POINTER_SIZE);
	PG_RETURN_POINTER(pointer);
}
