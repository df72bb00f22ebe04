/*
 * keep_guard.c
 *		Nobody writes what antifraud.keep_next_due() keeps on a person.
 *
 * Two triggers: before an UPDATE that names a kept column, once a statement,
 * so that it costs nothing a row; and before each new row, which has nothing
 * kept yet but the day on which its history begins.
 */
#include "face.h"
#include "keep.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/rel.h"

static int
column_of(Relation relation, const char *name)
{
	int			number = SPI_fnumber(RelationGetDescr(relation), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column \"%s\"", RelationGetRelationName(relation), name),
				 errdetail("antifraud.guard_next_due() guards the kept columns of a registry's table person."),
				 errhint("Add the column, or drop the trigger from this table.")));
	return number;
}

static HeapTuple
begin_row(Relation relation, HeapTuple row)
{
	static const char *const kept[] = {"tier", "last_done", "next_due", "plain_cadence"};
	TupleDesc	desc = RelationGetDescr(relation);
	int			settled = column_of(relation, "settled_on");
	int			enrolled = column_of(relation, "enrolled_on");
	bool		enrolled_null;
	bool		settled_null;
	Datum		enrolled_on = heap_getattr(row, enrolled, desc, &enrolled_null);
	Datum		settled_on = heap_getattr(row, settled, desc, &settled_null);
	const char *given = NULL;

	for (size_t i = 0; i < lengthof(kept) && given == NULL; i++)
		if (!heap_attisnull(row, column_of(relation, kept[i]), desc))
			given = kept[i];
	if (given == NULL && !settled_null && (enrolled_null || settled_on != enrolled_on))
		given = "settled_on";
	if (given != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_RESTRICT_VIOLATION),
				 errmsg("column \"%s\" of table \"%s\" is kept by the registry and cannot be given", given, RelationGetRelationName(relation)),
				 errdetail("It follows from tier changes, check-ins, suspensions and policies."),
				 errhint("Leave the column out; record a tier_change for the tier.")));
	if (enrolled_null)
		return row;
	return heap_modify_tuple_by_cols(row, desc, 1, &settled, &enrolled_on, &enrolled_null);
}

/*
 * SQL: antifraud.guard_next_due(), BEFORE INSERT for each row and BEFORE
 * UPDATE OF the kept columns for each statement.
 */
PG_FUNCTION_INFO_V1(af_guard_next_due);
Datum
af_guard_next_due(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("antifraud.guard_next_due() is a trigger function"),
				 errhint("Use it in CREATE TRIGGER ... EXECUTE FUNCTION antifraud.guard_next_due().")));
	if (TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_FOR_ROW(trigger->tg_event) &&
		TRIGGER_FIRED_BY_INSERT(trigger->tg_event))
		return PointerGetDatum(begin_row(trigger->tg_relation, trigger->tg_trigtuple));
	if (TRIGGER_FIRED_BEFORE(trigger->tg_event) && TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) &&
		TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
	{
		if (!af_keeper_is_keeping(RelationGetRelid(trigger->tg_relation)))
			ereport(ERROR,
					(errcode(ERRCODE_RESTRICT_VIOLATION),
					 errmsg("the kept columns of table \"%s\" cannot be changed", RelationGetRelationName(trigger->tg_relation)),
					 errdetail("tier, last_done, next_due, settled_on and plain_cadence follow from tier changes, check-ins, suspensions and policies."),
					 errhint("Record what happened; to compute them again call refresh_next_due().")));
		return PointerGetDatum(NULL);
	}
	ereport(ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("trigger \"%s\" runs antifraud.guard_next_due() at the wrong moment", trigger->tg_trigger->tgname),
			 errhint("Create it BEFORE INSERT ... FOR EACH ROW, or BEFORE UPDATE OF the kept columns ... FOR EACH STATEMENT.")));
	return PointerGetDatum(NULL);
}
