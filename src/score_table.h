/*
 * score_table.h
 *		The type `score_table`: the scorecards of many regions in one value.
 *
 * In memory it is an expanded object around a region table; it is made flat,
 * sorted by region, only when it is stored or sent.
 */
#ifndef AF_SCORE_TABLE_H
#define AF_SCORE_TABLE_H

#include "card.h"

#include "utils/expandeddatum.h"

#include "core/region_table.h"

#define AF_SCORE_TABLE_FORMAT 1

/* Followed by `count` rows of a region and its counters, in order of region. */
typedef struct af_flat_table
{
	int32		varlena_header;
	uint16		format;
	uint16		counter_count;
	uint8		identity[AF_IDENTITY_SIZE];
	uint32		count;
	uint32		unused;
	int64		rows[FLEXIBLE_ARRAY_MEMBER];
} af_flat_table;

#define AF_SCORE_TABLE_MAGIC 0x61667363

typedef struct af_score_table
{
	ExpandedObjectHeader header;
	int			magic;
	af_memory	memory;
	uint8		identity[AF_IDENTITY_SIZE];
	af_region_table table;
	af_region_entry *sorted;	/* made when first needed */
} af_score_table;

/* An empty table in a memory context of its own below `parent`. */
extern af_score_table *af_score_table_new(MemoryContext parent, const uint8 *identity, int counter_count);

/* The counters of one region, made where new. */
extern int64 *af_score_table_row(af_score_table *table, af_region region);

/* A score_table argument, expanded if it is not. */
extern af_score_table *af_score_table_get(Datum value);

extern const af_region_entry *af_score_table_sorted(af_score_table *table);

/* A score_table argument if it is flat, checked; NULL where it is expanded. */
extern const af_flat_table *af_flat_table_get(Datum value);

/* Add all rows of a flat table; raises where a counter passes 64 bits. */
extern void af_score_table_add(af_score_table *table, const af_flat_table *flat);

/* Raise: more regions than a table, or more bytes than a value, can hold. */
pg_noreturn extern void af_score_table_full(void);

#endif
