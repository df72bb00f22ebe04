/*
 * touch_cards.c
 *		The trigger that says whose kept scorecard a statement made stale.
 *
 * A registry may keep the scorecard of each unit. Every statement on a table
 * that cards rest on then leaves rows in unit_touched: what it touched (a
 * unit, or a key from which readers find the units) and its transaction.
 * These are inserts alone, so that writers never wait for each other.
 *
 * One trigger before the statement and one after it. The first only marks the
 * transaction as unsettled: until the second has written what was touched,
 * whoever reads scores within the same transaction reads them from scratch.
 * The mark is a parameter that is set locally, so that it goes with a
 * statement that fails.
 */
#include "face.h"
#include "trigger_support.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#define UNSETTLED	"antifraud.unsettled"

/* The statements, %1$s being the schema. */
typedef enum
{
	PLAN_TOUCH,
	PLAN_EXTENT,
	PLAN_COUNT
} plan_kind;

/*
 * A transaction that touches the same again need not say so again; what
 * another transaction touched may have been seen already, and counts for
 * nothing. The areas in which rows lie are few and only ever grow.
 */
static af_schema_plans plans = {"antifraud registries touched", PLAN_COUNT, {
	[PLAN_TOUCH] = {
		"INSERT INTO %1$s.unit_touched (kind, key)"
		" SELECT n.kind, n.key FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS n (kind, key)"
		" WHERE NOT EXISTS (SELECT FROM %1$s.unit_touched AS t WHERE t.touched_by OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id()"
		" AND t.kind OPERATOR(pg_catalog.=) n.kind AND t.key OPERATOR(pg_catalog.=) n.key)",
		2, {TEXTARRAYOID, TEXTARRAYOID}, 0
	},

	[PLAN_EXTENT] = {
		"INSERT INTO %1$s.card_extent (region)"
		" SELECT DISTINCT n.region FROM (SELECT COALESCE(antifraud.region_ancestor(u.key::antifraud.region, 3), u.key::antifraud.region) AS region"
		" FROM pg_catalog.unnest($1) AS u (key)) AS n"
		" WHERE NOT EXISTS (SELECT FROM %1$s.card_extent AS e WHERE e.region OPERATOR(antifraud.=) n.region)",
		1, {TEXTARRAYOID}, 0
	},
}, NULL};

/* A value that a column of the touched rows holds, as text. */
typedef struct touched
{
	int			argument;		/* which argument of the trigger asks for it */
	int			length;
	const char *value;
} touched;

static uint32
touched_hash(const void *key, Size size)
{
	const touched *t = key;

	return hash_bytes((const unsigned char *) t->value, t->length) + t->argument;
}

static int
touched_match(const void *a, const void *b, Size size)
{
	const touched *x = a;
	const touched *y = b;

	if (x->argument != y->argument || x->length != y->length)
		return 1;
	return memcmp(x->value, y->value, x->length);
}

/* How many statements of this transaction have not yet said what they touched. */
static int
unsettled(void)
{
	const char *value = GetConfigOption(UNSETTLED, true, false);

	return value == NULL ? 0 : atoi(value);
}

static void
set_unsettled(int statements)
{
	set_config_option(UNSETTLED, psprintf("%d", statements), PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

/*
 * The values of one column in a transition table, each once. Text is looked
 * up where it lies, and copied only when it is new. Rows without a unit touch
 * the empty one: no card has them, kept facts have.
 */
static void
collect(HTAB *found, MemoryContext keep, Relation relation, Tuplestorestate *rows, int argument, int column, bool of_unit)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	MemoryContext each = AllocSetContextCreate(CurrentMemoryContext, "antifraud touched row", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(each);
	Oid			type = SPI_gettypeid(RelationGetDescr(relation), column);
	Oid			output;
	bool		varlena;
	FmgrInfo	out;

	getTypeOutputInfo(type, &output, &varlena);
	fmgr_info_cxt(output, &out, caller);
	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool		null;
		Datum		value = slot_getattr(slot, column, &null);
		touched		key = {.argument = argument};

		CHECK_FOR_INTERRUPTS();
		if (null && !of_unit)
			continue;
		if (null)
			key.value = "";
		else if (type == TEXTOID)
		{
			text	   *plain = DatumGetTextPP(value);

			key.value = VARDATA_ANY(plain);
			key.length = VARSIZE_ANY_EXHDR(plain);
		}
		else
		{
			key.value = OutputFunctionCall(&out, value);
			key.length = strlen(key.value);
		}
		if (hash_search(found, &key, HASH_FIND, NULL) == NULL)
		{
			key.value = MemoryContextStrdup(keep, pnstrdup(key.value, key.length));
			hash_search(found, &key, HASH_ENTER, NULL);
		}
		MemoryContextReset(each);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(each);
	ExecDropSingleTupleTableSlot(slot);
}

static void
run(Oid schema, plan_kind kind, ArrayBuildState *kinds, ArrayBuildState *keys)
{
	Datum		values[2];
	int			result;

	if (kind == PLAN_TOUCH)
	{
		values[0] = makeArrayResult(kinds, CurrentMemoryContext);
		values[1] = makeArrayResult(keys, CurrentMemoryContext);
	}
	else
		values[0] = makeArrayResult(keys, CurrentMemoryContext);
	result = SPI_execute_plan(af_schema_plan(&plans, schema, kind), values, NULL, false, 0);
	if (result != SPI_OK_INSERT)
		elog(ERROR, "what was touched could not be written: %s", SPI_result_code_string(result));
}

/* The column that an argument names after a colon; 0 where it names none. */
static int
column_of(TriggerData *trigger, const char *argument)
{
	const char *colon = strchr(argument, ':');
	int			column;

	if (colon == NULL)
		return 0;
	column = SPI_fnumber(RelationGetDescr(trigger->tg_relation), colon + 1);
	if (column <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column \"%s\"", RelationGetRelationName(trigger->tg_relation), colon + 1),
				 errdetail("Trigger \"%s\" asks antifraud.touch_cards() to look there.", trigger->tg_trigger->tgname),
				 errhint("Correct the row of this table in card_source and call keep_cards() again.")));
	return column;
}

/* Only says where rows lie, which no reader waits for. */
static bool
is_extent(const char *argument)
{
	return strncmp(argument, "region:", strlen("region:")) == 0;
}

static bool
is_unit(const char *argument)
{
	return strncmp(argument, "unit:", strlen("unit:")) == 0;
}

/*
 * Write down what the statement touched, as the owner of unit_touched, which
 * a clerk has no right to write. Anybody may put this trigger on a table of
 * his; it serves those whose owner has the rights of that owner.
 */
static void
touch(TriggerData *trigger)
{
	Relation	relation = trigger->tg_relation;
	Oid			schema = RelationGetNamespace(relation);
	Oid			kept = get_relname_relid("unit_touched", schema);
	HASHCTL		control = {.keysize = sizeof(touched), .entrysize = sizeof(touched), .hash = touched_hash, .match = touched_match, .hcxt = CurrentMemoryContext};
	HTAB	   *found = hash_create("antifraud touched", 64, &control, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
	MemoryContext keep = CurrentMemoryContext;
	HASH_SEQ_STATUS scan;
	touched    *each;
	ArrayBuildState *kinds = NULL;
	ArrayBuildState *keys = NULL;
	ArrayBuildState *regions = NULL;
	bool		by_row = TRIGGER_FIRED_FOR_ROW(trigger->tg_event);
	bool		rows = by_row || trigger->tg_oldtable != NULL || trigger->tg_newtable != NULL;
	bool		empty = !by_row && rows &&
		(trigger->tg_oldtable == NULL || tuplestore_tuple_count(trigger->tg_oldtable) == 0) &&
		(trigger->tg_newtable == NULL || tuplestore_tuple_count(trigger->tg_newtable) == 0);
	Oid			owner;
	Oid			saved_user;
	int			saved_context;
	int			guc_level;

	if (!OidIsValid(kept))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("the schema of table \"%s\" has no table unit_touched", RelationGetRelationName(relation)),
				 errhint("antifraud.touch_cards() serves tables of a registry; drop trigger \"%s\".", trigger->tg_trigger->tgname)));
	owner = af_relation_owner(kept);
	if (!has_privs_of_role(relation->rd_rel->relowner, owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("antifraud.touch_cards() does not serve table \"%s\"", RelationGetRelationName(relation)),
				 errdetail("It works with the rights of the owner of the registry, and so only on tables of that owner."),
				 errhint("Drop trigger \"%s\".", trigger->tg_trigger->tgname)));
	if (empty)
		return;

	for (int i = 0; i < trigger->tg_trigger->tgnargs; i++)
	{
		const char *argument = trigger->tg_trigger->tgargs[i];
		int			column = column_of(trigger, argument);

		if (column == 0 || !rows)
		{
			touched		key = {.argument = i, .value = ""};

			/* no column, or a TRUNCATE: everything */
			if (!is_extent(argument))
				hash_search(found, &key, HASH_ENTER, NULL);
			continue;
		}
		if (by_row)
		{
			touched		key = {.argument = i, .value = SPI_getvalue(trigger->tg_newtuple, RelationGetDescr(relation), column)};

			if (key.value != NULL)
			{
				key.length = strlen(key.value);
				hash_search(found, &key, HASH_ENTER, NULL);
			}
		}
		if (trigger->tg_oldtable)
			collect(found, keep, relation, trigger->tg_oldtable, i, column, is_unit(argument));
		if (trigger->tg_newtable)
			collect(found, keep, relation, trigger->tg_newtable, i, column, is_unit(argument));
	}

	hash_seq_init(&scan, found);
	while ((each = hash_seq_search(&scan)) != NULL)
	{
		const char *argument = trigger->tg_trigger->tgargs[each->argument];
		const char *colon = strchr(argument, ':');
		Datum		key = PointerGetDatum(cstring_to_text_with_len(each->value, each->length));

		if (is_extent(argument))
			regions = accumArrayResult(regions, key, false, TEXTOID, keep);
		else
		{
			const char *kind = colon == NULL || !rows ? "all" : pnstrdup(argument, colon - argument);

			kinds = accumArrayResult(kinds, CStringGetTextDatum(kind), false, TEXTOID, keep);
			keys = accumArrayResult(keys, key, false, TEXTOID, keep);
		}
	}

	GetUserIdAndSecContext(&saved_user, &saved_context);
	SetUserIdAndSecContext(owner, saved_context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
	guc_level = NewGUCNestLevel();
	set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (kinds != NULL)
		run(schema, PLAN_TOUCH, kinds, keys);
	if (regions != NULL)
		run(schema, PLAN_EXTENT, NULL, regions);
	AtEOXact_GUC(false, guc_level);
	SetUserIdAndSecContext(saved_user, saved_context);
}

/*
 * SQL: antifraud.touch_cards(), for each statement; after an UPDATE for each
 * row where it only says where rows lie. Its arguments are pairs of what is
 * touched and the column that says which: unit:unit. An argument without a
 * column touches everything.
 */
PG_FUNCTION_INFO_V1(af_touch_cards);
Datum
af_touch_cards(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool		touches = false;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("antifraud.touch_cards() is a trigger function"),
				 errhint("keep_cards() of a registry creates the triggers that use it.")));
	for (int i = 0; i < trigger->tg_trigger->tgnargs; i++)
		touches = touches || !is_extent(trigger->tg_trigger->tgargs[i]);
	if (TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
	{
		set_unsettled(unsettled() + 1);
		return PointerGetDatum(NULL);
	}
	if (!TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		(TRIGGER_FIRED_FOR_ROW(trigger->tg_event) && (touches || !TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" runs antifraud.touch_cards() at the wrong moment", trigger->tg_trigger->tgname),
				 errhint("Create it FOR EACH STATEMENT, one before and one after; keep_cards() does.")));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	touch(trigger);
	SPI_finish();
	if (touches)
		set_unsettled(Max(unsettled() - 1, 0));
	return PointerGetDatum(NULL);
}
