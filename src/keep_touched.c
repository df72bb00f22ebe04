/*
 * keep_touched.c
 *		The persons that a statement touched, from its transition tables.
 *
 * A COPY may bring a million rows: they are read one by one, and the list
 * holds each person once.
 */
#include "keep.h"
#include "trigger_support.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#define FIRST_CAPACITY	64

void
af_touched_init(af_touched_list *list)
{
	list->capacity = FIRST_CAPACITY;
	list->items = palloc(sizeof(af_touched) * FIRST_CAPACITY);
	list->count = 0;
	list->sorted = true;
}

void
af_touched_free(af_touched_list *list)
{
	pfree(list->items);
	list->items = NULL;
	list->count = list->capacity = 0;
}

/* In order of person, the latest check-in last. */
static int
compare(const void *a, const void *b)
{
	const af_touched *x = a;
	const af_touched *y = b;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->done_on != y->done_on)
		return x->done_on < y->done_on ? -1 : 1;
	return 0;
}

void
af_touched_sort(af_touched_list *list)
{
	int64		kept = 0;

	if (list->sorted)
		return;
	qsort(list->items, list->count, sizeof(af_touched), compare);
	for (int64 i = 1; i < list->count; i++)
	{
		if (list->items[i].person != list->items[kept].person)
			kept++;
		list->items[kept] = list->items[i];
	}
	list->count = kept + 1;
	list->sorted = true;
}

void
af_touched_add(af_touched_list *list, int64 person, DateADT done_on)
{
	if (list->count == list->capacity)
	{
		/* many rows may fall on few persons */
		af_touched_sort(list);
		if (list->count > list->capacity / 2)
		{
			list->capacity *= 2;
			list->items = repalloc_huge(list->items, sizeof(af_touched) * list->capacity);
		}
	}
	if (list->count > 0 && list->items[list->count - 1].person >= person)
		list->sorted = false;
	list->items[list->count].person = person;
	list->items[list->count].done_on = done_on;
	list->count++;
}

int
af_touched_column(Relation relation, const char *name, Oid type)
{
	return af_trigger_column(relation, name, type, "antifraud.keep_next_due() finds there whom a row is about.");
}

/* Begin to read a transition table; others may be reading it too. */
static void
rewind_rows(Tuplestorestate *rows)
{
	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
}

static void
collect_column(af_touched_list *list, Relation relation, Tuplestorestate *rows, int column)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);

	rewind_rows(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool		null;
		Datum		person = slot_getattr(slot, column, &null);

		CHECK_FOR_INTERRUPTS();
		if (!null)
			af_touched_add(list, DatumGetInt64(person), DATEVAL_NOBEGIN);
	}
	ExecDropSingleTupleTableSlot(slot);
}

void
af_touched_collect(af_touched_list *list, TriggerData *trigger, const char *column)
{
	Relation	relation = trigger->tg_relation;
	int			number = af_touched_column(relation, column, INT8OID);

	if (TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
	{
		HeapTuple	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple : trigger->tg_trigtuple;
		bool		null;
		Datum		person = SPI_getbinval(row, RelationGetDescr(relation), number, &null);

		if (!null)
			af_touched_add(list, DatumGetInt64(person), DATEVAL_NOBEGIN);
		return;
	}
	if (trigger->tg_oldtable)
		collect_column(list, relation, trigger->tg_oldtable, number);
	if (trigger->tg_newtable)
		collect_column(list, relation, trigger->tg_newtable, number);
}

static bool
is_completed(Datum outcome)
{
	static const char completed[] = "completed";
	text	   *value = DatumGetTextPP(outcome);
	bool		same = VARSIZE_ANY_EXHDR(value) == sizeof(completed) - 1 &&
		memcmp(VARDATA_ANY(value), completed, sizeof(completed) - 1) == 0;

	if (value != (text *) DatumGetPointer(outcome))
		pfree(value);
	return same;
}

/* A failed attempt moves nothing. */
static void
collect_completed(af_touched_list *list, Relation relation, Tuplestorestate *rows)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	int			person_column = af_touched_column(relation, "person", INT8OID);
	int			outcome_column = af_touched_column(relation, "outcome", TEXTOID);
	int			done_column = af_touched_column(relation, "done_on", DATEOID);

	rewind_rows(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool		person_null;
		bool		outcome_null;
		bool		done_null;
		Datum		person = slot_getattr(slot, person_column, &person_null);
		Datum		outcome = slot_getattr(slot, outcome_column, &outcome_null);
		Datum		done_on = slot_getattr(slot, done_column, &done_null);

		CHECK_FOR_INTERRUPTS();
		if (!person_null && !outcome_null && !done_null && is_completed(outcome))
			af_touched_add(list, DatumGetInt64(person), DatumGetDateADT(done_on));
	}
	ExecDropSingleTupleTableSlot(slot);
}

void
af_touched_checkins(af_touched_list *list, TriggerData *trigger, bool only_new)
{
	if (trigger->tg_oldtable && !only_new)
		collect_completed(list, trigger->tg_relation, trigger->tg_oldtable);
	if (trigger->tg_newtable)
		collect_completed(list, trigger->tg_relation, trigger->tg_newtable);
}
