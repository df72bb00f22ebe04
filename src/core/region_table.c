/*
 * region_table.c
 *		Counters for very many regions.
 */
#include "region_table.h"

#include <string.h>

#define FIRST_INDEX_SIZE 256

/*
 * Blocks of counters double from 64 slots to 16,384, so that a table of three
 * regions is small and one of a province lies in few, large pieces.
 */
#define FIRST_BLOCK_BITS	6
#define LAST_BLOCK_BITS		14
#define FIRST_BLOCK			(UINT32_C(1) << FIRST_BLOCK_BITS)
#define LAST_BLOCK			(UINT32_C(1) << LAST_BLOCK_BITS)

void
af_region_table_init(af_region_table *table, const af_memory *memory, int counter_count)
{
	size_t		bytes = sizeof(af_region_entry) * FIRST_INDEX_SIZE;

	memset(table, 0, sizeof(*table));
	table->memory = memory;
	table->counter_count = counter_count;
	table->index_size = FIRST_INDEX_SIZE;
	table->index_shift = 64 - 8;
	table->index = memory->allocate(memory->context, bytes);
	memset(table->index, 0, bytes);
	table->block_capacity = 16;
	table->blocks = memory->allocate(memory->context, sizeof(int64_t *) * table->block_capacity);
}

/* Codes differ in few digits; multiplication spreads them into the high bits. */
static uint32_t
place_of(const af_region_table *table, af_region region)
{
	return (uint32_t) (((uint64_t) region * UINT64_C(0x9E3779B97F4A7C15)) >> table->index_shift);
}

/* Which block a slot (from 1) lies in, and where. */
static uint32_t
block_of(uint32_t slot, uint32_t *within)
{
	uint32_t	place = slot - 1 + FIRST_BLOCK;
	uint32_t	bits;

	if (place >= LAST_BLOCK)
	{
		*within = place % LAST_BLOCK;
		return LAST_BLOCK_BITS - FIRST_BLOCK_BITS + place / LAST_BLOCK - 1;
	}
	bits = 31 - (uint32_t) __builtin_clz(place);
	*within = place - (UINT32_C(1) << bits);
	return bits - FIRST_BLOCK_BITS;
}

int64_t *
af_region_table_counters(const af_region_table *table, uint32_t slot)
{
	uint32_t	within;
	uint32_t	block = block_of(slot, &within);

	return table->blocks[block] + (size_t) within * (size_t) table->counter_count;
}

static af_region_entry *
entry_of(const af_region_table *table, af_region region)
{
	uint32_t	mask = table->index_size - 1;
	uint32_t	place = place_of(table, region);

	while (table->index[place].slot != 0 && table->index[place].region != region)
		place = (place + 1) & mask;
	return &table->index[place];
}

bool
af_region_table_reserve(af_region_table *table, uint32_t more)
{
	uint64_t	wanted = (uint64_t) table->count + more;
	uint32_t	old_size = table->index_size;
	af_region_entry *old = table->index;
	size_t		bytes;

	while (wanted > (uint64_t) table->index_size / 4 * 3)
	{
		if (table->count + (uint64_t) more > AF_REGION_TABLE_MAX)
		{
			table->index_size = old_size;
			return false;
		}
		table->index_size *= 2;
	}
	if (table->index_size == old_size)
		return true;
	table->index_shift = 33 + __builtin_clz(table->index_size);
	bytes = sizeof(af_region_entry) * table->index_size;
	table->index = table->memory->allocate(table->memory->context, bytes);
	memset(table->index, 0, bytes);
	for (uint32_t i = 0; i < old_size; i++)
		if (old[i].slot != 0)
			*entry_of(table, old[i].region) = old[i];
	table->memory->release(table->memory->context, old);
	return true;
}

/* Make room for the counters of a new slot, and zero them. */
static void
add_slot(af_region_table *table, uint32_t slot)
{
	const af_memory *memory = table->memory;
	size_t		bytes = sizeof(int64_t) * (size_t) table->counter_count;
	uint32_t	within;
	uint32_t	block = block_of(slot, &within);

	if (block == table->block_count)
	{
		uint32_t	slots = block < LAST_BLOCK_BITS - FIRST_BLOCK_BITS ? FIRST_BLOCK << block : LAST_BLOCK;

		if (table->block_count == table->block_capacity)
		{
			table->block_capacity *= 2;
			table->blocks = memory->resize(memory->context, table->blocks, sizeof(int64_t *) * table->block_capacity);
		}
		table->blocks[table->block_count++] = memory->allocate(memory->context, bytes * slots + 1);
	}
	memset(af_region_table_counters(table, slot), 0, bytes);
}

bool
af_region_table_find(af_region_table *table, const af_region *regions, int count, int64_t **counters)
{
	/* Grow before the batch, so that places found in it stay valid. */
	if (!af_region_table_reserve(table, (uint32_t) count))
		return false;
	for (int i = 0; i < count; i++)
		__builtin_prefetch(&table->index[place_of(table, regions[i])]);
	for (int i = 0; i < count; i++)
	{
		af_region_entry *entry = entry_of(table, regions[i]);

		if (entry->slot == 0)
		{
			entry->region = regions[i];
			entry->slot = ++table->count;
			add_slot(table, entry->slot);
		}
		counters[i] = af_region_table_counters(table, entry->slot);
	}
	return true;
}

/*
 * Sort by radix, two bytes of the code at a time: codes have 15 digits, which
 * fit in 50 bits.
 */
af_region_entry *
af_region_table_sorted(const af_region_table *table)
{
	const af_memory *memory = table->memory;
	size_t		bytes = sizeof(af_region_entry) * ((size_t) table->count + 1);
	af_region_entry *from = memory->allocate(memory->context, bytes);
	af_region_entry *to = memory->allocate(memory->context, bytes);
	uint32_t   *starts = memory->allocate(memory->context, sizeof(uint32_t) * 65537);
	uint32_t	count = 0;

	for (uint32_t i = 0; i < table->index_size; i++)
		if (table->index[i].slot != 0)
			from[count++] = table->index[i];
	for (int shift = 0; shift < 64; shift += 16)
	{
		af_region_entry *swap = from;

		memset(starts, 0, sizeof(uint32_t) * 65537);
		for (uint32_t i = 0; i < count; i++)
			starts[(((uint64_t) from[i].region >> shift) & 0xFFFF) + 1]++;
		if (starts[1] == count)
			continue;			/* these two bytes are zero everywhere */
		for (int i = 0; i < 65536; i++)
			starts[i + 1] += starts[i];
		for (uint32_t i = 0; i < count; i++)
			to[starts[((uint64_t) from[i].region >> shift) & 0xFFFF]++] = from[i];
		from = to;
		to = swap;
	}
	memory->release(memory->context, to);
	memory->release(memory->context, starts);
	return from;
}
