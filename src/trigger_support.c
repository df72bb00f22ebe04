/*
 * trigger_support.c
 *		What trigger functions share: columns, prepared statements of a registry.
 */
#include "trigger_support.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

typedef struct schema_entry
{
	Oid			schema;			/* key */
	char		name[NAMEDATALEN];
	SPIPlanPtr	plan[AF_PLANS_AT_MOST];
} schema_entry;

static schema_entry *
find_schema(af_schema_plans *plans, Oid schema)
{
	char	   *name = get_namespace_name(schema);
	schema_entry *found;
	bool		known;

	if (name == NULL)
		elog(ERROR, "cache lookup failed for schema %u", schema);
	if (plans->schemas == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(schema_entry)};

		plans->schemas = hash_create(plans->name, 4, &control, HASH_ELEM | HASH_BLOBS);
	}
	found = hash_search(plans->schemas, &schema, HASH_ENTER, &known);
	if (!known || strcmp(found->name, name) != 0)
	{
		for (int i = 0; i < AF_PLANS_AT_MOST; i++)
		{
			SPIPlanPtr	old = known ? found->plan[i] : NULL;

			found->plan[i] = NULL;
			if (old != NULL)
				SPI_freeplan(old);
		}
		strlcpy(found->name, name, NAMEDATALEN);
	}
	pfree(name);
	return found;
}

SPIPlanPtr
af_schema_plan(af_schema_plans *plans, Oid schema, int kind)
{
	schema_entry *found = find_schema(plans, schema);
	af_plan_text *text = &plans->texts[kind];

	Assert(kind < plans->count && plans->count <= AF_PLANS_AT_MOST);
	if (found->plan[kind] == NULL)
	{
		char	   *query = psprintf(text->query, quote_identifier(found->name));
		SPIPlanPtr	plan = SPI_prepare_cursor(query, text->argument_count, text->types, text->cursor_options);

		if (plan == NULL)
			elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
		if (SPI_keepplan(plan) != 0)
			elog(ERROR, "SPI_keepplan failed");
		found->plan[kind] = plan;
	}
	return found->plan[kind];
}

int
af_trigger_column(Relation relation, const char *name, Oid type, const char *detail)
{
	int			number = SPI_fnumber(RelationGetDescr(relation), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column \"%s\"", RelationGetRelationName(relation), name),
				 errdetail("%s", detail),
				 errhint("Add the column, or drop the trigger from this table.")));
	if (SPI_gettypeid(RelationGetDescr(relation), number) != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"%s\" is not of type %s",
						name, RelationGetRelationName(relation), format_type_be(type)),
				 errhint("Change the type of the column.")));
	return number;
}

Oid
af_relation_owner(Oid relation)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relation);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}
