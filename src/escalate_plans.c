/*
 * escalate_plans.c
 *		The plans kept with the rules of a table, and what they return.
 */
#include "escalate.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

typedef struct plan_entry
{
	const char *query;			/* key */
	SPIPlanPtr	plan;
} plan_entry;

static uint32
hash_string(const void *key, Size size)
{
	const char *string = *(const char *const *) key;

	return hash_bytes((const unsigned char *) string, (int) strlen(string));
}

static int
match_strings(const void *a, const void *b, Size size)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

HTAB *
af_strings(const char *name, Size entry, MemoryContext context)
{
	HASHCTL		control = {
		.keysize = sizeof(char *), .entrysize = entry,
		.hash = hash_string, .match = match_strings, .hcxt = context
	};

	return hash_create(name, 32, &control, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

void
af_plans_begin(af_rules *rules)
{
	rules->plans = af_strings("antifraud escalation plans", sizeof(plan_entry), rules->context);
}

void
af_plans_free(af_rules *rules)
{
	HASH_SEQ_STATUS scan;
	plan_entry *entry;

	hash_seq_init(&scan, rules->plans);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (entry->plan != NULL)
			SPI_freeplan(entry->plan);
}

SPIPlanPtr
af_rules_plan(af_rules *rules, const char *query, int count, Oid *types)
{
	bool		found;
	plan_entry *entry = hash_search(rules->plans, &query, HASH_FIND, &found);
	SPIPlanPtr	plan;

	if (found)
		return entry->plan;
	plan = SPI_prepare_cursor(query, count, types, CURSOR_OPT_GENERIC_PLAN);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "SPI_keepplan failed");
	query = MemoryContextStrdup(rules->context, query);
	entry = hash_search(rules->plans, &query, HASH_ENTER, &found);
	entry->plan = plan;
	return plan;
}

uint64
af_rules_run(af_rules *rules, const char *query, int count, Oid *types, Datum *values, const char *nulls)
{
	int			result = SPI_execute_snapshot(af_rules_plan(rules, query, count, types), values, nulls,
											  GetLatestSnapshot(), InvalidSnapshot, false, true, 0);

	if (result < 0)
		elog(ERROR, "SPI_execute_snapshot failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}

Datum
af_result_get(const SPITupleTable *table, uint64 row, int column, bool *null)
{
	return SPI_getbinval(table->vals[row], table->tupdesc, column, null);
}

char *
af_result_text(const SPITupleTable *table, uint64 row, int column)
{
	bool		null;
	Datum		value = af_result_get(table, row, column, &null);

	return null ? NULL : TextDatumGetCString(value);
}

bool
af_result_bool(const SPITupleTable *table, uint64 row, int column)
{
	bool		null;
	Datum		value = af_result_get(table, row, column, &null);

	return !null && DatumGetBool(value);
}

Datum
af_array_of(Datum *values, int count, Oid type)
{
	int16		length;
	bool		by_value;
	char		align;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	return PointerGetDatum(construct_array(values, count, type, length, by_value, align));
}

Datum
af_text_array(char **values, int count)
{
	Datum	   *datums = palloc(sizeof(Datum) * (count + 1));

	for (int i = 0; i < count; i++)
		datums[i] = CStringGetTextDatum(values[i]);
	return PointerGetDatum(construct_array(datums, count, TEXTOID, -1, false, TYPALIGN_INT));
}
