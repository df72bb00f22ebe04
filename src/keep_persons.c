/*
 * keep_persons.c
 *		What is kept on a person: the next due day and what it follows from.
 *
 * A registry keeps on each person when the next check-in is due, so that its
 * lists need not go through the history.  What is kept must always equal what
 * the history gives from scratch, whoever records what, in whatever order and
 * in however many sessions at once:
 *
 * - The persons are locked first, in order of their ids; what is kept is
 *   computed under a snapshot taken after that, so that of two sessions the
 *   second sees what the first recorded.  That is so under REPEATABLE READ
 *   too, as for foreign keys: the snapshot is a fresh one, not that of the
 *   transaction.
 *
 * - Persons have policies and the calendar in common.  Whoever keeps persons
 *   holds a lock that a change of these waits for, and the other way round; it
 *   is taken before any person is locked.  It is a lock on the view that
 *   computes from scratch: two sessions that change policies would hold locks
 *   on their table already, and could not both get a stronger one.
 *
 * - All this runs as the owner of the table person, without row security, as
 *   referential integrity does: a clerk who sees half the check-ins must not
 *   leave behind a day that follows from that half.
 */
#include "keep.h"
#include "trigger_support.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

/* Persons a statement of ours keeps at once: bounds memory, hides overhead. */
#define BATCH	5000

/* The statements. */
typedef enum
{
	PLAN_ADVANCE,
	PLAN_LOCK,
	PLAN_RECOMPUTE,
	PLAN_COUNT
} plan_kind;

/*
 * plain_cadence says that from settled_on on only check-ins move the next due
 * day.  The condition and the new values look at the person's row alone: if
 * another session holds it, PostgreSQL waits and looks again at the row that
 * it leaves behind.  With $3 all of the batch are locked on the way, in order,
 * also those that need to be computed from scratch afterwards.
 *
 * A plain cadence is shorter than 999 years: before the year 9000 the next due
 * day is one that the calendar has.  Afterwards it may be none, and nobody who
 * records a check-in shall get an error for that.
 */
#define IS_PLAIN \
	"p.plain_cadence IS NOT NULL AND n.done_on OPERATOR(pg_catalog.>) p.settled_on" \
	" AND n.done_on OPERATOR(pg_catalog.<) '9000-01-01'::pg_catalog.date"

static af_schema_plans plans = {"antifraud registries kept", PLAN_COUNT, {
	[PLAN_ADVANCE] = {
		"UPDATE %1$s.person AS p SET"
		" last_done = CASE WHEN " IS_PLAIN " THEN n.done_on ELSE p.last_done END,"
		" next_due = CASE WHEN " IS_PLAIN " THEN antifraud.next_due(p.plain_cadence, n.done_on) ELSE p.next_due END,"
		" settled_on = CASE WHEN " IS_PLAIN " THEN n.done_on ELSE p.settled_on END"
		" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS n (person, done_on)"
		" WHERE p.id OPERATOR(pg_catalog.=) n.person AND ($3 OR (" IS_PLAIN "))"
		" RETURNING p.id, p.plain_cadence IS NOT NULL AND p.settled_on OPERATOR(pg_catalog.=) n.done_on"
		" AND p.last_done IS NOT NULL AND p.last_done OPERATOR(pg_catalog.=) n.done_on",
		3, {INT8ARRAYOID, DATEARRAYOID, BOOLOID}, CURSOR_OPT_GENERIC_PLAN
	},

	[PLAN_LOCK] = {
		"SELECT p.id, p.status OPERATOR(pg_catalog.=) 'merged' FROM %1$s.person AS p WHERE p.id OPERATOR(pg_catalog.=) ANY ($1) ORDER BY p.id FOR NO KEY UPDATE",
		1, {INT8ARRAYOID}, CURSOR_OPT_GENERIC_PLAN
	},

	[PLAN_RECOMPUTE] = {
		"UPDATE %1$s.person AS p SET tier = s.tier, last_done = s.last_done, next_due = s.next_due,"
		" settled_on = s.settled_on, plain_cadence = s.plain_cadence"
		" FROM %1$s.person_from_scratch AS s"
		" WHERE s.person OPERATOR(pg_catalog.=) ANY ($1) AND p.id OPERATOR(pg_catalog.=) s.person"
		" AND (p.tier IS DISTINCT FROM s.tier OR p.last_done IS DISTINCT FROM s.last_done"
		" OR p.next_due IS DISTINCT FROM s.next_due OR p.settled_on IS DISTINCT FROM s.settled_on"
		" OR p.plain_cadence::pg_catalog.text IS DISTINCT FROM s.plain_cadence::pg_catalog.text)",
		1, {INT8ARRAYOID}, CURSOR_OPT_GENERIC_PLAN
	},
}, NULL};

/* The table person that this backend is keeping at the moment. */
static Oid	keeping = InvalidOid;

/* A table of the registry. */
static Oid
table_of(Oid schema, const char *name)
{
	Oid			table = get_relname_relid(name, schema);

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("schema \"%s\" has no table or view \"%s\"", get_namespace_name(schema), name),
				 errdetail("antifraud.keep_next_due() keeps the persons of the registry in that schema."),
				 errhint("Make the registry with antifraud.create_registry(), or drop the trigger.")));
	return table;
}

/* The owner of table person. */
Oid
af_keeper_owner(af_keeper *keeper)
{
	return af_relation_owner(keeper->person);
}

bool
af_keeper_trusts(af_keeper *keeper, Oid table)
{
	return has_privs_of_role(af_relation_owner(table), af_keeper_owner(keeper));
}

/*
 * The view will be read with the rights of the owner of person: it must not
 * be one that somebody else has put in its place.
 */
void
af_keeper_find(af_keeper *keeper, Oid schema)
{
	keeper->schema = schema;
	keeper->refuses_merged = false;
	keeper->person = table_of(schema, "person");
	keeper->scratch = table_of(schema, "person_from_scratch");
	if (!af_keeper_trusts(keeper, keeper->scratch))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("view \"person_from_scratch\" in schema \"%s\" belongs to another owner than table \"person\"", get_namespace_name(schema)),
				 errdetail("It would be read with the rights of role \"%s\".", GetUserNameFromId(af_keeper_owner(keeper), false)),
				 errhint("Give all of a registry to one owner: ALTER VIEW ... OWNER TO.")));
}

const char *
af_keeper_schema(af_keeper *keeper)
{
	return quote_identifier(get_namespace_name(keeper->schema));
}

static void
set_option(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
af_keeper_begin(af_keeper *keeper, bool common)
{
	LockRelationOid(keeper->scratch, common ? ExclusiveLock : RowShareLock);

	GetUserIdAndSecContext(&keeper->saved_user, &keeper->saved_context);
	keeper->guc_level = NewGUCNestLevel();
	set_option("search_path", "pg_catalog, pg_temp");
	set_option("jit", "off");
	SetUserIdAndSecContext(af_keeper_owner(keeper),
						   keeper->saved_context | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
}

void
af_keeper_end(af_keeper *keeper)
{
	AtEOXact_GUC(false, keeper->guc_level);
	SetUserIdAndSecContext(keeper->saved_user, keeper->saved_context);
}

bool
af_keeper_is_keeping(Oid table)
{
	return table == keeping;
}

static Datum
array_of(Datum *values, int count, Oid type)
{
	int16		length;
	bool		by_value;
	char		align;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	return PointerGetDatum(construct_array(values, count, type, length, by_value, align));
}

static uint64
run(af_keeper *keeper, plan_kind kind, Datum *values, int expected)
{
	int			result = SPI_execute_snapshot(af_schema_plan(&plans, keeper->schema, kind), values, NULL,
											  GetLatestSnapshot(), InvalidSnapshot, false, true, 0);

	if (result != expected)
		elog(ERROR, "SPI_execute_snapshot failed: %s", SPI_result_code_string(result));
	return SPI_processed;
}

static int
compare_ids(const void *a, const void *b)
{
	int64		x = DatumGetInt64(*(const Datum *) a);
	int64		y = DatumGetInt64(*(const Datum *) b);

	return x < y ? -1 : x > y;
}

/*
 * Move the next due day of those of the batch who are plain.  The others are
 * left in ids, and their number returned.
 */
static int
advance(af_keeper *keeper, const af_touched *batch, Datum *ids, int count)
{
	Datum	   *days = palloc(sizeof(Datum) * count);
	Datum		values[3];
	SPITupleTable *rows;
	uint64		processed;
	uint64		moved = 0;
	Datum	   *done;

	for (int i = 0; i < count; i++)
		days[i] = DateADTGetDatum(batch[i].done_on);
	values[0] = array_of(ids, count, INT8OID);
	values[1] = array_of(days, count, DATEOID);
	/* one person is locked when computed; of several, all are locked in order now */
	values[2] = BoolGetDatum(count > 1);
	processed = run(keeper, PLAN_ADVANCE, values, SPI_OK_UPDATE_RETURNING);
	rows = SPI_tuptable;

	done = palloc(sizeof(Datum) * (processed + 1));
	for (uint64 i = 0; i < processed; i++)
	{
		bool		null;

		if (DatumGetBool(SPI_getbinval(rows->vals[i], rows->tupdesc, 2, &null)))
			done[moved++] = SPI_getbinval(rows->vals[i], rows->tupdesc, 1, &null);
	}
	if (moved == (uint64) count)
		count = 0;
	else if (moved > 0)
	{
		int			left = 0;

		qsort(done, moved, sizeof(Datum), compare_ids);
		for (int i = 0; i < count; i++)
			if (bsearch(&ids[i], done, moved, sizeof(Datum), compare_ids) == NULL)
				ids[left++] = ids[i];
		count = left;
	}
	SPI_freetuptable(rows);
	pfree(done);
	pfree(days);
	pfree(DatumGetPointer(values[0]));
	pfree(DatumGetPointer(values[1]));
	return count;
}

/*
 * A row that was merged into another stands for nobody: what is recorded for
 * it would be seen in no list.  It has no plain cadence, so it comes here.
 */
static void
refuse_merged(SPITupleTable *rows, uint64 count)
{
	for (uint64 i = 0; i < count; i++)
	{
		bool		null;

		if (DatumGetBool(SPI_getbinval(rows->vals[i], rows->tupdesc, 2, &null)))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("nothing can be recorded for person %lld", (long long) DatumGetInt64(SPI_getbinval(rows->vals[i], rows->tupdesc, 1, &null))),
					 errdetail("The row was merged into that of the same person."),
					 errhint("The view merged_person says which row stands for the person now: name that one.")));
	}
}

/* Returns how many of the persons change. */
static uint64
recompute(af_keeper *keeper, Datum *ids, int count)
{
	Datum		values[1] = {array_of(ids, count, INT8OID)};
	uint64		changed;

	changed = run(keeper, PLAN_LOCK, values, SPI_OK_SELECT);
	if (keeper->refuses_merged)
		refuse_merged(SPI_tuptable, changed);
	SPI_freetuptable(SPI_tuptable);
	changed = run(keeper, PLAN_RECOMPUTE, values, SPI_OK_UPDATE);
	pfree(DatumGetPointer(values[0]));
	return changed;
}

uint64
af_keeper_keep(af_keeper *keeper, af_touched_list *list, bool may_advance)
{
	Oid			outer = keeping;
	Datum	   *ids = palloc(sizeof(Datum) * BATCH);
	uint64		changed = 0;
	int			level = NewGUCNestLevel();

	/* a plan made while the tables were small must serve when they are large */
	set_option("enable_seqscan", "off");
	set_option("enable_hashjoin", "off");
	set_option("enable_mergejoin", "off");
	PG_TRY();
	{
		keeping = keeper->person;
		for (int64 start = 0; start < list->count; start += BATCH)
		{
			int			count = (int) Min(BATCH, list->count - start);
			int			left = count;

			CHECK_FOR_INTERRUPTS();
			for (int i = 0; i < count; i++)
				ids[i] = Int64GetDatum(list->items[start + i].person);
			if (may_advance)
				left = advance(keeper, list->items + start, ids, count);
			changed += count - left;
			if (left > 0)
				changed += recompute(keeper, ids, left);
		}
	}
	PG_FINALLY();
	{
		keeping = outer;
	}
	PG_END_TRY();
	AtEOXact_GUC(false, level);
	pfree(ids);
	return changed;
}

void
af_keeper_query(af_keeper *keeper, af_touched_list *list, const char *query)
{
	SPIPlanPtr	plan = SPI_prepare(query, 0, NULL);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (SPI_execute_snapshot(plan, NULL, NULL, GetLatestSnapshot(), InvalidSnapshot, false, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_snapshot failed");
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		null;
		Datum		id = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &null);

		if (!null)
			af_touched_add(list, DatumGetInt64(id), DATEVAL_NOBEGIN);
	}
	SPI_freetuptable(SPI_tuptable);
	SPI_freeplan(plan);
}
