/*
 * escalate.c
 *		The trigger function antifraud.escalate(): thresholds that raise
 *		themselves when facts are recorded.
 *
 * One statement trigger an event on a table of facts, with transition tables;
 * its arguments name the columns of unit and day.  What a statement touched
 * is evaluated once, as of its latest day, however many rows it brought.
 *
 * Like all ordinary triggers it rests while session_replication_role is
 * replica: a replica or a restore brings the escalations along with the rest.
 */
#include "escalate.h"
#include "trigger_support.h"

#include "access/htup_details.h"
#include "catalog/partition.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* What is read with the rights of the registry's owner must be the owner's. */
static const char *const parts[] = {"escalation", "escalation_rule", "escalation_source", "escalation_margin", "escalation_event", "outbox", "unit", "fact"};
#define FACTS_FUNCTION	"facts_from_scratch"

static void
check_moment(TriggerData *trigger)
{
	TriggerEvent event = trigger->tg_event;

	if (!TRIGGER_FIRED_AFTER(event) || TRIGGER_FIRED_FOR_ROW(event) || TRIGGER_FIRED_BY_TRUNCATE(event) ||
		(!TRIGGER_FIRED_BY_INSERT(event) && trigger->tg_oldtable == NULL) ||
		(!TRIGGER_FIRED_BY_DELETE(event) && trigger->tg_newtable == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" runs antifraud.escalate() at the wrong moment, or without the rows", trigger->tg_trigger->tgname),
				 errhint("Create it with watch_facts(): AFTER INSERT, UPDATE or DELETE, one trigger each, REFERENCING OLD TABLE and NEW TABLE as the event has them, FOR EACH STATEMENT.")));
	if (trigger->tg_trigger->tgnargs != 0 && trigger->tg_trigger->tgnargs != 2)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" does not say where antifraud.escalate() finds the unit and the day of a row", trigger->tg_trigger->tgname),
				 errdetail("Its two arguments name their columns; a table whose rows name no unit has none."),
				 errhint("Create it with watch_facts(), or with EXECUTE FUNCTION antifraud.escalate('unit', 'filed_on'), say.")));
}

/* facts_from_scratch() too, by which the facts are counted. */
static void
check_facts_function(Oid schema, Oid owner)
{
	oidvector  *none = buildoidvector(NULL, 0);
	HeapTuple	found = SearchSysCache3(PROCNAMEARGSNSP, CStringGetDatum(FACTS_FUNCTION), PointerGetDatum(none), ObjectIdGetDatum(schema));
	Oid			its_owner;

	if (!HeapTupleIsValid(found))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("schema \"%s\" has no function \"%s\"", get_namespace_name(schema), FACTS_FUNCTION "()"),
				 errdetail("antifraud.escalate() counts the facts that it gives."),
				 errhint("rebuild_fact() of the registry makes it.")));
	its_owner = ((Form_pg_proc) GETSTRUCT(found))->proowner;
	ReleaseSysCache(found);
	pfree(none);
	if (!has_privs_of_role(its_owner, owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("function \"%s\" in schema \"%s\" belongs to another owner than table \"escalation\"", FACTS_FUNCTION "()", get_namespace_name(schema)),
				 errdetail("It would be used with the rights of role \"%s\".", GetUserNameFromId(owner, false)),
				 errhint("Give all of a registry to one owner: ALTER FUNCTION ... OWNER TO.")));
}

/*
 * The table whose facts these are (for a partition, the whole), and the owner
 * of the registry around it.  What follows is done with the rights of that
 * owner: so it serves no table that somebody with fewer rights could have made.
 */
static Oid
find_registry(TriggerData *trigger, Oid *table)
{
	Relation	relation = trigger->tg_relation;
	Oid			schema;
	Oid			owner = InvalidOid;

	*table = RelationGetRelid(relation);
	if (relation->rd_rel->relispartition)
		*table = llast_oid(get_partition_ancestors(*table));
	schema = get_rel_namespace(*table);
	for (size_t i = 0; i < lengthof(parts); i++)
	{
		Oid			part = get_relname_relid(parts[i], schema);

		if (!OidIsValid(part))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("schema \"%s\" has no table or view \"%s\"", get_namespace_name(schema), parts[i]),
					 errdetail("antifraud.escalate() raises escalations in the registry of the table's own schema."),
					 errhint("Make the registry with antifraud.create_registry(), or drop trigger \"%s\".", trigger->tg_trigger->tgname)));
		if (i == 0)
			owner = af_relation_owner(part);
		else if (!has_privs_of_role(af_relation_owner(part), owner))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("\"%s\" in schema \"%s\" belongs to another owner than table \"escalation\"", parts[i], get_namespace_name(schema)),
					 errdetail("It would be used with the rights of role \"%s\".", GetUserNameFromId(owner, false)),
					 errhint("Give all of a registry to one owner: ALTER TABLE ... OWNER TO.")));
	}
	check_facts_function(schema, owner);
	if (!has_privs_of_role(af_relation_owner(*table), owner) || !has_privs_of_role(af_relation_owner(RelationGetRelid(relation)), owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("antifraud.escalate() does not serve table \"%s\"", RelationGetRelationName(relation)),
				 errdetail("It works with the rights of the owner of a registry, and so only on tables of the same owner in its schema."),
				 errhint("Drop trigger \"%s\", or have the owner of the registry own the table.", trigger->tg_trigger->tgname)));
	return owner;
}

static void
set_option(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
af_escalate_planning(bool freely)
{
	static const char *const options[] = {"enable_seqscan", "enable_hashjoin", "enable_mergejoin"};

	for (size_t i = 0; i < lengthof(options); i++)
		set_option(options[i], freely ? "on" : "off");
}

static void
evaluate(af_rules *rules, TriggerData *trigger)
{
	af_touched_rows touched;
	const char *done = NULL;

	if (trigger->tg_trigger->tgnargs == 2)
	{
		af_touched_rows_collect(&touched, trigger, rules);
		if (touched.row_count > 0 && TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
			af_judge_inserted(rules, &touched);
		else if (touched.row_count > 0)
			af_judge_again(rules, &touched, rules->measures);
	}

	/* what rows move that stands elsewhere, function by function */
	for (int i = 0; i < rules->count; i++)
	{
		const char *via = rules->watched[i].via;
		char	  **measures;
		int			count = 0;
		bool		before = false;

		if (via == NULL)
			continue;
		measures = palloc(sizeof(char *) * rules->count);
		for (int m = 0; m < rules->count; m++)
		{
			if (rules->watched[m].via == NULL || strcmp(rules->watched[m].via, via) != 0)
				continue;
			before |= m < i;
			measures[count++] = rules->watched[m].measure;
		}
		if (before)
			continue;
		done = via;
		af_touched_rows_via(&touched, trigger, rules, done);
		if (touched.row_count > 0)
			af_judge_again(rules, &touched, af_text_array(measures, count));
	}
}

/* SQL: antifraud.escalate() */
PG_FUNCTION_INFO_V1(af_escalate);
Datum
af_escalate(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	af_rules   *rules = NULL;
	Oid			table;
	Oid			owner;
	Oid			saved_user;
	int			saved_context;
	int			level;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("antifraud.escalate() is a trigger function"),
				 errhint("Put it on a table of facts with watch_facts().")));
	check_moment(trigger);
	owner = find_registry(trigger, &table);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	GetUserIdAndSecContext(&saved_user, &saved_context);
	level = NewGUCNestLevel();
	set_option("search_path", "pg_catalog, pg_temp");
	set_option("jit", "off");
	SetUserIdAndSecContext(owner, saved_context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
	rules = af_rules_of(table, get_rel_namespace(table), owner, get_rel_name(table), trigger->tg_trigger);
	PG_TRY();
	{
		if (rules->count > 0)
		{
			af_escalate_planning(false);
			evaluate(rules, trigger);
		}
	}
	PG_FINALLY();
	{
		af_rules_release(rules);
	}
	PG_END_TRY();
	AtEOXact_GUC(false, level);
	SetUserIdAndSecContext(saved_user, saved_context);
	SPI_finish();
	return PointerGetDatum(NULL);
}

/*
 * SQL: antifraud.escalation_rules_changed(), after any change of the tables
 * that rules follow from: every session learns that what it keeps is stale.
 */
PG_FUNCTION_INFO_V1(af_escalation_rules_changed);
Datum
af_escalation_rules_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Oid			rules;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("antifraud.escalation_rules_changed() is a trigger function"),
				 errhint("It stands on the tables of rules of a registry.")));
	rules = get_relname_relid("escalation_rule", RelationGetNamespace(trigger->tg_relation));
	if (OidIsValid(rules))
		CacheInvalidateRelcacheByRelid(rules);
	return PointerGetDatum(NULL);
}
