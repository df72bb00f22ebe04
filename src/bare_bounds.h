/*
 * bare_bounds.h
 *		Conditions on a bare column that hold wherever what is read from it
 *		lies within given days or regions.
 *
 * Other people's tables hold dates and codes as texts and numbers, which the
 * lenient readers (core/lenient.h) read.  No server but this one has the
 * readers; every server can compare its column with a text.  Each condition
 * lets through all rows that count and some more, in the text order of any
 * server (by bytes, or as dictionaries sort), and in MariaDB's and MySQL's
 * comparison of a DATE or a number with a text.
 */
#ifndef AF_FACE_BARE_BOUNDS_H
#define AF_FACE_BARE_BOUNDS_H

#include "compat.h"

#include "nodes/pg_list.h"

#include "core/civil.h"
#include "core/region.h"

/* From one day to another, both included. */
typedef struct af_day_span
{
	af_day		from;
	af_day		to;
} af_day_span;

/*
 * value is the argument of a reader: a column of a text type, or a column of
 * a number type cast to text.  NULL: nothing can be said of it.
 */
extern Node *af_bare_days(Node *value, const af_day_span *spans, int count);
extern Node *af_bare_regions(Node *value, const af_region *regions, int count);

/* A timestamp, with or without time zone, that is cast to a date. */
extern Node *af_bare_instants(Node *instant, const af_day_span *spans, int count);

/* A comparison by a btree family; NULL where the family lacks the operator. */
extern Node *af_compare(Oid family, Node *left, int16 strategy, Node *right);

#endif
