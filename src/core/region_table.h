/*
 * region_table.h
 *		Counters for very many regions: a hash table made for random access.
 *
 * PostgreSQL's grouping pays several cache misses a row, one after another.
 * Here rows come in batches: the index is prefetched for the whole batch,
 * then the counters, and only then is anything read, so that the misses of a
 * batch overlap.
 *
 * The index holds keys, so finding a region touches one line; counters lie
 * densely in blocks that never move.  A region costs its counters and 21 to
 * 43 bytes of index.
 */
#ifndef AF_REGION_TABLE_H
#define AF_REGION_TABLE_H

#include "memory.h"
#include "region.h"

#define AF_REGION_TABLE_MAX 24000000	/* regions; China has fewer than 700,000 villages */

typedef struct af_region_entry
{
	af_region	region;			/* AF_REGION_NONE: the facts without a region */
	uint32_t	slot;			/* 1 + number of its counters; 0: empty entry */
} af_region_entry;

typedef struct af_region_table
{
	const af_memory *memory;
	int			counter_count;
	uint32_t	count;			/* regions */
	uint32_t	index_size;		/* a power of two */
	int			index_shift;
	af_region_entry *index;
	int64_t   **blocks;
	uint32_t	block_count;
	uint32_t	block_capacity;
} af_region_table;

extern void af_region_table_init(af_region_table *table, const af_memory *memory, int counter_count);

/* Make room in the index for `more` regions at once.  False where it cannot hold them. */
extern bool af_region_table_reserve(af_region_table *table, uint32_t more);

/*
 * The counters of each of `count` regions, made and zeroed where new.  False
 * where the table is full.
 */
extern bool af_region_table_find(af_region_table *table, const af_region *regions, int count, int64_t **counters);

/* All entries in order of region, in memory of the table's; table->count of them. */
extern af_region_entry *af_region_table_sorted(const af_region_table *table);

extern int64_t *af_region_table_counters(const af_region_table *table, uint32_t slot);

#endif
