/*
 * keep_next_due.c
 *		The triggers that keep the next due day of each person.
 *
 * One statement trigger an event on each table that the day follows from; its
 * argument says which of them.  What a statement touched is read from
 * its transition tables, so a COPY of a million check-ins is one call.
 *
 * Like all ordinary triggers they rest while session_replication_role is
 * replica: a replica or a restore brings the kept columns along with the rest.
 */
#include "face.h"
#include "keep.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

typedef enum
{
	KEEP_CHECKIN,				/* completed check-ins */
	KEEP_HISTORY,				/* tier_change, suspension, status_change: about a person */
	KEEP_PERSON,				/* persons themselves */
	KEEP_POLICY,				/* control_policy: rows about a tier in a region */
	KEEP_CALENDAR				/* calendar_day: whoever's policy asks for it */
} keep_kind;

static const struct
{
	const char *name;
	keep_kind	kind;
}			keep_tables[] = {
	{"checkin", KEEP_CHECKIN},
	{"tier_change", KEEP_HISTORY},
	{"suspension", KEEP_HISTORY},
	{"status_change", KEEP_HISTORY},
	{"person", KEEP_PERSON},
	{"control_policy", KEEP_POLICY},
	{"calendar_day", KEEP_CALENDAR},
};

static keep_kind
kind_of(TriggerData *trigger)
{
	Trigger    *definition = trigger->tg_trigger;

	if (definition->tgnargs == 1)
		for (size_t i = 0; i < lengthof(keep_tables); i++)
			if (strcmp(keep_tables[i].name, definition->tgargs[0]) == 0)
				return keep_tables[i].kind;
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("trigger \"%s\" does not say what antifraud.keep_next_due() looks at", definition->tgname),
			 errdetail("Its one argument must be checkin, tier_change, suspension, status_change, person, control_policy or calendar_day."),
			 errhint("Create the trigger with EXECUTE FUNCTION antifraud.keep_next_due('checkin'), say.")));
	return KEEP_CHECKIN;
}

/* Transition tables are there if the trigger asks for them. */
static void
check_moment(TriggerData *trigger, keep_kind kind)
{
	TriggerEvent event = trigger->tg_event;
	bool		common = kind == KEEP_POLICY || kind == KEEP_CALENDAR;
	bool		suits;

	if (!TRIGGER_FIRED_AFTER(event))
		suits = false;
	else if (TRIGGER_FIRED_FOR_ROW(event))
		suits = kind == KEEP_PERSON;
	else if (TRIGGER_FIRED_BY_TRUNCATE(event))
		suits = common;
	else if (kind == KEEP_CALENDAR)
		suits = true;
	else
		suits = (TRIGGER_FIRED_BY_INSERT(event) || trigger->tg_oldtable != NULL) &&
			(TRIGGER_FIRED_BY_DELETE(event) || trigger->tg_newtable != NULL);
	if (!suits)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" runs antifraud.keep_next_due() at the wrong moment, or without the rows", trigger->tg_trigger->tgname),
				 errhint("Create it AFTER INSERT, UPDATE or DELETE, one trigger each, REFERENCING OLD TABLE and NEW TABLE as the event has them, FOR EACH STATEMENT; on person FOR EACH ROW.")));
}

/*
 * The registry of the trigger's table.  What follows is done with the rights
 * of the owner of its table person, on the word of the rows at hand: anybody
 * may make a table and put this trigger on it.  So it serves no table but the
 * registry's own of that name, or a partition of it, and none that somebody
 * with fewer rights than that owner could have made.
 */
static void
find_registry(af_keeper *keeper, TriggerData *trigger)
{
	Relation	relation = trigger->tg_relation;
	const char *name = trigger->tg_trigger->tgargs[0];
	Oid			table = RelationGetRelid(relation);

	if (relation->rd_rel->relispartition)
		table = llast_oid(get_partition_ancestors(table));
	if (strcmp(get_rel_name(table), name) == 0)
	{
		af_keeper_find(keeper, get_rel_namespace(table));
		if (af_keeper_trusts(keeper, table) && af_keeper_trusts(keeper, RelationGetRelid(relation)))
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("antifraud.keep_next_due('%s') does not serve table \"%s\"", name, RelationGetRelationName(relation)),
			 errdetail("It works with the rights of the owner of a registry's table person, and so only on that registry's own table \"%s\" or a partition of it, of the same owner.", name),
			 errhint("Drop trigger \"%s\", and record what happened in the table of the registry.", trigger->tg_trigger->tgname)));
}

/* Persons who are or were in a tier of the policies that change, where they hold. */
static void
collect_by_policy(af_keeper *keeper, af_touched_list *list, TriggerData *trigger)
{
	const char *schema = af_keeper_schema(keeper);
	Oid			region = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("region"),
										 ObjectIdGetDatum(get_namespace_oid("antifraud", false)));
	StringInfoData query;

	af_touched_column(trigger->tg_relation, "tier", TEXTOID);
	af_touched_column(trigger->tg_relation, "region", region);
	initStringInfo(&query);
	appendStringInfo(&query,
					 "SELECT p.id FROM %s.person AS p WHERE EXISTS (SELECT FROM %s.tier_change AS t JOIN (", schema, schema);
	if (trigger->tg_oldtable)
		appendStringInfo(&query, "SELECT o.tier::pg_catalog.text, o.region::antifraud.region FROM %s AS o", quote_identifier(trigger->tg_trigger->tgoldtable));
	if (trigger->tg_oldtable && trigger->tg_newtable)
		appendStringInfoString(&query, " UNION ALL ");
	if (trigger->tg_newtable)
		appendStringInfo(&query, "SELECT n.tier::pg_catalog.text, n.region::antifraud.region FROM %s AS n", quote_identifier(trigger->tg_trigger->tgnewtable));
	appendStringInfoString(&query,
						   ") AS c (tier, region) ON c.tier OPERATOR(pg_catalog.=) t.tier"
						   " WHERE t.person OPERATOR(pg_catalog.=) p.id AND t.voided_at IS NULL"
						   " AND (c.region IS NULL OR p.region OPERATOR(antifraud.<@) c.region))");
	if (SPI_register_trigger_data(trigger) != SPI_OK_TD_REGISTER)
		elog(ERROR, "SPI_register_trigger_data failed");
	af_keeper_query(keeper, list, query.data);
}

/* Persons for whom some policy, past or present, reads the calendar. */
static void
collect_by_calendar(af_keeper *keeper, af_touched_list *list)
{
	const char *schema = af_keeper_schema(keeper);

	af_keeper_query(keeper, list,
					psprintf("SELECT p.id FROM %s.person AS p WHERE EXISTS (SELECT FROM %s.tier_change AS t"
							 " JOIN %s.control_policy AS c ON c.tier OPERATOR(pg_catalog.=) t.tier"
							 " WHERE t.person OPERATOR(pg_catalog.=) p.id AND t.voided_at IS NULL"
							 " AND (c.region IS NULL OR p.region OPERATOR(antifraud.<@) c.region)"
							 " AND (c.shift OPERATOR(pg_catalog.=) 'before' OR c.cadence::pg_catalog.text OPERATOR(pg_catalog.~~) '%% term'))",
							 schema, schema, schema));
}

static void
collect_all(af_keeper *keeper, af_touched_list *list)
{
	af_keeper_query(keeper, list, psprintf("SELECT p.id FROM %s.person AS p", af_keeper_schema(keeper)));
}

/* SQL: antifraud.keep_next_due() */
PG_FUNCTION_INFO_V1(af_keep_next_due);
Datum
af_keep_next_due(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool		advance;
	bool		common;
	af_touched_list list;
	af_keeper	keeper;
	keep_kind	kind;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("antifraud.keep_next_due() is a trigger function"),
				 errhint("Use it in CREATE TRIGGER ... EXECUTE FUNCTION antifraud.keep_next_due('checkin'), say.")));
	kind = kind_of(trigger);
	check_moment(trigger, kind);
	find_registry(&keeper, trigger);
	common = kind == KEEP_POLICY || kind == KEEP_CALENDAR;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	af_touched_init(&list);
	keeper.refuses_merged = (kind == KEEP_CHECKIN || kind == KEEP_HISTORY) && TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	advance = kind == KEEP_CHECKIN && TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	if (kind == KEEP_CHECKIN)
		af_touched_checkins(&list, trigger, advance);
	else if (kind == KEEP_HISTORY)
		af_touched_collect(&list, trigger, "person");
	else if (kind == KEEP_PERSON)
		af_touched_collect(&list, trigger, "id");

	if (list.count > 0 || common)
	{
		af_keeper_begin(&keeper, common);
		if (kind == KEEP_POLICY && !TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
			collect_by_policy(&keeper, &list, trigger);
		else if (kind == KEEP_POLICY)
			collect_all(&keeper, &list);
		else if (kind == KEEP_CALENDAR)
			collect_by_calendar(&keeper, &list);
		af_touched_sort(&list);
		af_keeper_keep(&keeper, &list, advance);
		af_keeper_end(&keeper);
	}
	SPI_finish();
	return PointerGetDatum(NULL);
}

/* The ids of an argument; a NULL among them is nobody. */
static void
collect_array(af_touched_list *list, ArrayType *ids)
{
	Datum	   *values;
	bool	   *nulls;
	int			count;
	int16		length;
	bool		by_value;
	char		align;

	get_typlenbyvalalign(INT8OID, &length, &by_value, &align);
	deconstruct_array(ids, INT8OID, length, by_value, align, &values, &nulls, &count);
	for (int i = 0; i < count; i++)
		if (!nulls[i])
			af_touched_add(list, DatumGetInt64(values[i]), DATEVAL_NOBEGIN);
}

/*
 * SQL: antifraud.refresh_next_due(registry text, persons bigint[])
 *
 * For the owner only: it runs as the owner, like the triggers.
 */
PG_FUNCTION_INFO_V1(af_refresh_next_due);
Datum
af_refresh_next_due(PG_FUNCTION_ARGS)
{
	char	   *schema;
	Oid			owner;
	uint64		changed;
	af_touched_list list;
	af_keeper	keeper;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the schema of a registry cannot be NULL"),
				 errhint("Name it: SELECT antifraud.refresh_next_due('fraud').")));
	schema = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (strlen(schema) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(ERRCODE_NAME_TOO_LONG),
				 errmsg("schema name \"%s\" is too long", schema),
				 errhint("A name has at most %d bytes.", NAMEDATALEN - 1)));
	af_keeper_find(&keeper, get_namespace_oid(schema, false));
	owner = af_keeper_owner(&keeper);
	if (!has_privs_of_role(GetUserId(), owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only the owner of table person may refresh what is kept there"),
				 errdetail("In schema \"%s\" that is %s.", schema, GetUserNameFromId(owner, false)),
				 errhint("Nothing needs to be refreshed in daily work: the triggers do it.")));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	af_touched_init(&list);
	if (!PG_ARGISNULL(1))
		collect_array(&list, PG_GETARG_ARRAYTYPE_P(1));
	af_keeper_begin(&keeper, false);
	if (PG_ARGISNULL(1))
		collect_all(&keeper, &list);
	af_touched_sort(&list);
	changed = af_keeper_keep(&keeper, &list, false);
	af_keeper_end(&keeper);
	SPI_finish();
	PG_RETURN_INT64((int64) changed);
}
