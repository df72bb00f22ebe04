/*
 * append_only.c
 *		A trigger that keeps facts as they were recorded.
 *
 * A fact is never changed and never removed: a correction voids the row,
 * with a reason, and adds another.  So what was known on any earlier day can
 * always be asked for again.  The trigger serves any table that has the
 * columns recorded_at, voided_at, voided_by and void_reason; further columns,
 * also those that an office adds later, are guarded as they are.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "face.h"
#include "miscadmin.h"
#include "trigger_support.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

/* Where the trigger's own columns stand in the table. */
typedef struct stamp_columns
{
	int			recorded_at;
	int			voided_at;
	int			voided_by;
	int			void_reason;
} stamp_columns;

static stamp_columns
find_columns(Relation relation)
{
	const char *detail = "antifraud.append_only() guards tables with the columns recorded_at, voided_at, voided_by and void_reason.";
	stamp_columns columns;

	columns.recorded_at = af_trigger_column(relation, "recorded_at", TIMESTAMPTZOID, detail);
	columns.voided_at = af_trigger_column(relation, "voided_at", TIMESTAMPTZOID, detail);
	columns.voided_by = af_trigger_column(relation, "voided_by", TEXTOID, detail);
	columns.void_reason = af_trigger_column(relation, "void_reason", TEXTOID, detail);
	return columns;
}

static bool
is_null(HeapTuple tuple, TupleDesc desc, int number)
{
	return heap_attisnull(tuple, number, desc);
}

/* The row with one column set. */
static HeapTuple
with_column(HeapTuple tuple, TupleDesc desc, int number, Datum value)
{
	bool		null = false;

	return heap_modify_tuple_by_cols(tuple, desc, 1, &number, &value, &null);
}

/*
 * Only the owner of a table may say that somebody else entered or withdrew a
 * row, as when records come from another system; others sign with the account
 * that they use.
 */
static bool
signs_for_others(Relation relation)
{
	return has_privs_of_role(GetUserId(), relation->rd_rel->relowner);
}

static Datum
current_account(void)
{
	return CStringGetTextDatum(GetUserNameFromId(GetUserId(), false));
}

/*
 * recorded_at is when the server learnt the fact, not what the client says.
 * It is the start of the transaction, so that a row and the one that corrects
 * it change places at one instant.  recorded_by is optional.
 */
static HeapTuple
stamp_insert(Relation relation, HeapTuple row)
{
	TupleDesc	desc = RelationGetDescr(relation);
	stamp_columns columns = find_columns(relation);
	int			recorded_by = SPI_fnumber(desc, "recorded_by");

	if (!is_null(row, desc, columns.voided_at) || !is_null(row, desc, columns.voided_by) ||
		!is_null(row, desc, columns.void_reason))
		ereport(ERROR,
				(errcode(ERRCODE_RESTRICT_VIOLATION),
				 errmsg("a new row of table \"%s\" cannot be void already", RelationGetRelationName(relation)),
				 errdetail("voided_at, voided_by and void_reason are set when a recorded row is withdrawn."),
				 errhint("Insert the row without them, or do not insert it.")));
	if (recorded_by > 0 && SPI_gettypeid(desc, recorded_by) == TEXTOID && !signs_for_others(relation))
		row = with_column(row, desc, recorded_by, current_account());
	return with_column(row, desc, columns.recorded_at,
					   TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()));
}

/* The first column, other than the three of a voiding, that differs; or 0. */
static int
changed_column(TupleDesc desc, HeapTuple before, HeapTuple after, const stamp_columns *columns)
{
	for (int number = 1; number <= desc->natts; number++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, number - 1);
		bool		before_null;
		bool		after_null;
		Datum		before_value;
		Datum		after_value;

		/* a generated column is computed after this trigger, from the others */
		if (attribute->attisdropped || attribute->attgenerated != '\0')
			continue;
		if (number == columns->voided_at || number == columns->voided_by || number == columns->void_reason)
			continue;
		before_value = heap_getattr(before, number, desc, &before_null);
		after_value = heap_getattr(after, number, desc, &after_null);
		if (before_null != after_null)
			return number;
		if (!before_null &&
			!datum_image_eq(before_value, after_value, attribute->attbyval, attribute->attlen))
			return number;
	}
	return 0;
}

static HeapTuple
stamp_void(Relation relation, HeapTuple before, HeapTuple after)
{
	TupleDesc	desc = RelationGetDescr(relation);
	stamp_columns columns = find_columns(relation);
	int			changed = changed_column(desc, before, after, &columns);
	bool		null;
	Datum		reason;
	TimestampTz recorded_at;
	TimestampTz voided_at;

	if (changed != 0)
		ereport(ERROR,
				(errcode(ERRCODE_RESTRICT_VIOLATION),
				 errmsg("column \"%s\" of table \"%s\" cannot be changed",
						NameStr(TupleDescAttr(desc, changed - 1)->attname), RelationGetRelationName(relation)),
				 errdetail("Rows of this table are kept as they were recorded."),
				 errhint("Void the row (set void_reason) and insert the correct one.")));
	if (!is_null(before, desc, columns.voided_at))
		ereport(ERROR,
				(errcode(ERRCODE_RESTRICT_VIOLATION),
				 errmsg("this row of table \"%s\" is void already", RelationGetRelationName(relation)),
				 errdetail("It was voided at %s.",
						   timestamptz_to_str(DatumGetTimestampTz(heap_getattr(before, columns.voided_at, desc, &null)))),
				 errhint("A voided row stays as it is; insert a new one if the fact holds after all.")));

	reason = heap_getattr(after, columns.void_reason, desc, &null);
	if (null)
	{
		/* an update that changes nothing is harmless */
		if (is_null(after, desc, columns.voided_at) && is_null(after, desc, columns.voided_by))
			return after;
	}
	if (null || strspn(TextDatumGetCString(reason), " \t\r\n") == strlen(TextDatumGetCString(reason)))
		ereport(ERROR,
				(errcode(ERRCODE_RESTRICT_VIOLATION),
				 errmsg("a row of table \"%s\" cannot be voided without a reason", RelationGetRelationName(relation)),
				 errdetail("void_reason is %s.", null ? "NULL" : "blank"),
				 errhint("Set void_reason to a few words that say why.")));

	/* this transaction may have begun before the one that recorded the row */
	voided_at = GetCurrentTransactionStartTimestamp();
	recorded_at = DatumGetTimestampTz(heap_getattr(before, columns.recorded_at, desc, &null));
	if (!null && recorded_at > voided_at)
		voided_at = recorded_at;
	after = with_column(after, desc, columns.voided_at, TimestampTzGetDatum(voided_at));
	if (is_null(after, desc, columns.voided_by) || !signs_for_others(relation))
		after = with_column(after, desc, columns.voided_by, current_account());
	return after;
}

/*
 * SQL: antifraud.append_only(), for INSERT, UPDATE and DELETE of each row and
 * for TRUNCATE of the statement.
 */
PG_FUNCTION_INFO_V1(af_append_only);
Datum
af_append_only(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("antifraud.append_only() is a trigger function"),
				 errhint("Use it in CREATE TRIGGER ... EXECUTE FUNCTION antifraud.append_only().")));
	if (!TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		TRIGGER_FIRED_FOR_ROW(trigger->tg_event) == TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" runs antifraud.append_only() at the wrong moment", trigger->tg_trigger->tgname),
				 errhint("Create it BEFORE INSERT OR UPDATE OR DELETE ... FOR EACH ROW, or BEFORE TRUNCATE ... FOR EACH STATEMENT.")));

	/* A replica or a restore replays rows with the stamps that they have. */
	if (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA)
	{
		if (TRIGGER_FIRED_BY_TRUNCATE(trigger->tg_event))
			return PointerGetDatum(NULL);
		return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple);
	}

	if (TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		return PointerGetDatum(stamp_insert(trigger->tg_relation, trigger->tg_trigtuple));
	if (TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		return PointerGetDatum(stamp_void(trigger->tg_relation, trigger->tg_trigtuple, trigger->tg_newtuple));

	ereport(ERROR,
			(errcode(ERRCODE_RESTRICT_VIOLATION),
			 errmsg("rows of table \"%s\" cannot be removed", RelationGetRelationName(trigger->tg_relation)),
			 errdetail("What was recorded stays, so that earlier results can be verified."),
			 errhint("Void a row that is wrong: set its void_reason.")));
	return PointerGetDatum(NULL);
}
