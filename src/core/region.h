/*
 * region.h
 *		Codes of administrative divisions.
 *
 * A region is its code padded with zeros to 15 digits, as a number: province
 * 2, prefecture 4 and county 6 digits (GB/T 2260), town 9 (GB/T 10114),
 * village or community 12, grid 15.  So the places inside a region are the
 * numbers from the region itself to af_region_last, and the order of the
 * numbers is the byte order of the canonical texts.
 */
#ifndef AF_REGION_H
#define AF_REGION_H

#include "result.h"

typedef int64_t af_region;

#define AF_REGION_NONE		0	/* no region: never the value of one */
#define AF_REGION_LEVELS	6	/* province 1, prefecture, county, town, village, grid 6 */
#define AF_REGION_SIZE		16	/* canonical text and its zero byte */

/* The error may be NULL where only the verdict matters. */
extern bool af_region_read(const char *text, size_t length, af_region *value, af_error *error);

/* Canonical text: 6 digits down to the county, then 9, 12, 15.  Returns its length. */
extern size_t af_region_write(char buffer[AF_REGION_SIZE], af_region value);

/* The level of the last digits that are not all zero, 1 to 6. */
extern int	af_region_level(af_region value);

/*
 * The region that this one lies in at a level; AF_REGION_NONE where the
 * region has nothing at that level, being above it or leaving it empty.
 */
extern af_region af_region_ancestor(af_region value, int level);

/* The next region above, empty levels skipped; AF_REGION_NONE above a province. */
extern af_region af_region_parent(af_region value);

/* The greatest code inside. */
extern af_region af_region_last(af_region value);

/* A region contains itself. */
extern bool af_region_contains(af_region outer, af_region inner);

#endif
