/*
 * score_table.c
 *		The expanded object behind `score_table`, and its flat form.
 */
#include "score_table.h"

#include "miscadmin.h"
#include "utils/memutils.h"

static Size flat_size(ExpandedObjectHeader *header);
static void flatten_into(ExpandedObjectHeader *header, void *result, Size allocated);

static const ExpandedObjectMethods methods = {flat_size, flatten_into};

void
af_score_table_full(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("score_table has too many regions"),
			 errdetail("A value is at most 1 GB when stored or sent, and holds at most %d regions.", AF_REGION_TABLE_MAX),
			 errhint("Score the regions in several groups, by province for instance, or use tally with GROUP BY.")));
}

af_score_table *
af_score_table_new(MemoryContext parent, const uint8 *identity, int counter_count)
{
	MemoryContext context = AllocSetContextCreate(parent, "antifraud score_table", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	af_score_table *table = palloc0(sizeof(af_score_table));

	EOH_init_header(&table->header, &methods, context);
	table->magic = AF_SCORE_TABLE_MAGIC;
	table->memory = af_palloc_memory();
	memcpy(table->identity, identity, AF_IDENTITY_SIZE);
	af_region_table_init(&table->table, &table->memory, counter_count);
	MemoryContextSwitchTo(old);
	return table;
}

int64 *
af_score_table_row(af_score_table *table, af_region region)
{
	int64_t    *counters;

	if (!af_region_table_find(&table->table, &region, 1, &counters))
		af_score_table_full();
	return (int64 *) counters;
}

const af_region_entry *
af_score_table_sorted(af_score_table *table)
{
	if (table->sorted == NULL)
		table->sorted = af_region_table_sorted(&table->table);
	return table->sorted;
}

static Size
row_words(const af_score_table *table)
{
	return 1 + (Size) table->table.counter_count;
}

static Size
flat_size(ExpandedObjectHeader *header)
{
	af_score_table *table = (af_score_table *) header;
	Size		size = offsetof(af_flat_table, rows) + sizeof(int64) * row_words(table) * table->table.count;

	if (!AllocSizeIsValid(size))
		af_score_table_full();
	return size;
}

static void
flatten_into(ExpandedObjectHeader *header, void *result, Size allocated)
{
	af_score_table *table = (af_score_table *) header;
	const af_region_entry *sorted = af_score_table_sorted(table);
	af_flat_table *flat = result;
	int64	   *row = flat->rows;

	Assert(allocated == flat_size(header));
	memset(flat, 0, offsetof(af_flat_table, rows));
	SET_VARSIZE(flat, allocated);
	flat->format = AF_SCORE_TABLE_FORMAT;
	flat->counter_count = (uint16) table->table.counter_count;
	memcpy(flat->identity, table->identity, AF_IDENTITY_SIZE);
	flat->count = table->table.count;
	for (uint32 i = 0; i < flat->count; i++, row += row_words(table))
	{
		row[0] = sorted[i].region;
		memcpy(row + 1, af_region_table_counters(&table->table, sorted[i].slot),
			   sizeof(int64) * (Size) table->table.counter_count);
	}
}

const af_flat_table *
af_flat_table_get(Datum value)
{
	const af_flat_table *flat;

	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(value)))
		return NULL;
	flat = (const af_flat_table *) PG_DETOAST_DATUM(value);
	if (VARSIZE(flat) < offsetof(af_flat_table, rows) || flat->format != AF_SCORE_TABLE_FORMAT ||
		VARSIZE(flat) != offsetof(af_flat_table, rows) + sizeof(int64) * (1 + (Size) flat->counter_count) * flat->count)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored score_table is not of format %d", AF_SCORE_TABLE_FORMAT),
				 errhint("If it was stored by a later release of antifraud, install that release.")));
	return flat;
}

#define BATCH 128

/*
 * The index is made large enough first: rows in order of region come nearly
 * in order of hash, and would pile up in one that grows behind them.
 */
void
af_score_table_add(af_score_table *table, const af_flat_table *flat)
{
	const int	counter_count = table->table.counter_count;
	const int64 *row = flat->rows;
	af_region	regions[BATCH];
	int64_t    *counters[BATCH];

	if (!af_region_table_reserve(&table->table, flat->count))
		af_score_table_full();
	for (uint32 done = 0; done < flat->count;)
	{
		int			count = (int) Min(flat->count - done, BATCH);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < count; i++)
			regions[i] = row[(Size) i * row_words(table)];
		if (!af_region_table_find(&table->table, regions, count, counters))
			af_score_table_full();
		for (int i = 0; i < count; i++)
			__builtin_prefetch(counters[i], 1);
		for (int i = 0; i < count; i++, row += row_words(table))
			for (int n = 0; n < counter_count; n++)
				if (!af_add(&counters[i][n], row[1 + n]))
					af_counter_overflowed();
		done += (uint32) count;
	}
}

af_score_table *
af_score_table_get(Datum value)
{
	const af_flat_table *flat = af_flat_table_get(value);
	af_score_table *table;

	if (flat != NULL)
	{
		table = af_score_table_new(CurrentMemoryContext, flat->identity, flat->counter_count);
		af_score_table_add(table, flat);
		return table;
	}
	table = (af_score_table *) DatumGetEOHP(value);
	if (table->magic != AF_SCORE_TABLE_MAGIC)
		elog(ERROR, "expanded object is no score_table");
	return table;
}
