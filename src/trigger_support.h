/*
 * trigger_support.h
 *		What trigger functions share: columns, owners, prepared statements of a registry.
 *
 * The statements name the registry's schema, so they are made again when it
 * has been renamed.  PostgreSQL itself follows changes of the tables.
 */
#ifndef AF_TRIGGER_SUPPORT_H
#define AF_TRIGGER_SUPPORT_H

#include "postgres.h"

#include "executor/spi.h"
#include "utils/hsearch.h"
#include "utils/rel.h"

#define AF_PLANS_AT_MOST	4
#define AF_PLAN_ARGUMENTS	3

typedef struct af_plan_text
{
	const char *query;			/* with %1$s for the schema, quoted */
	int			argument_count;
	Oid			types[AF_PLAN_ARGUMENTS];
	int			cursor_options;
} af_plan_text;

typedef struct af_schema_plans
{
	const char *name;			/* of the hash table */
	int			count;			/* at most AF_PLANS_AT_MOST */
	af_plan_text texts[AF_PLANS_AT_MOST];
	HTAB	   *schemas;		/* NULL at first */
} af_schema_plans;

extern SPIPlanPtr af_schema_plan(af_schema_plans *plans, Oid schema, int kind);

/* Where a column of this name and type stands; detail says what for. */
extern int	af_trigger_column(Relation relation, const char *name, Oid type, const char *detail);

extern Oid	af_relation_owner(Oid relation);

#endif
