/*
 * escalate_rows.c
 *		The units and days that a statement on a table of facts touched.
 *
 * A COPY may bring a million rows: they are read one by one from the
 * transition table, and only unit, day and a few bits of each are kept.
 */
#include "escalate.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

/* A unit by the bytes of its code, which stand in the first row that has it. */
typedef struct unit_key
{
	const char *code;
	Size		length;
} unit_key;

typedef struct unit_entry
{
	unit_key	key;
	int32		number;
} unit_entry;

typedef struct collector
{
	af_touched_rows *touched;
	int32		unit_capacity;
	int64		row_capacity;
	HTAB	   *units;
	Relation	relation;
	const af_rules *rules;
	int			unit_column;
	int			day_column;
	int		   *amount_columns; /* of each watched measure; 0: none */
	int		   *flag_columns;
} collector;

static uint32
hash_unit(const void *key, Size size)
{
	const unit_key *unit = key;

	return hash_bytes((const unsigned char *) unit->code, (int) unit->length);
}

static int
match_units(const void *a, const void *b, Size size)
{
	const unit_key *x = a;
	const unit_key *y = b;

	return x->length != y->length || memcmp(x->code, y->code, x->length) != 0;
}

static int
column_of(Relation relation, const char *name, Oid type, const char *what)
{
	int			number = SPI_fnumber(RelationGetDescr(relation), name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column \"%s\"", RelationGetRelationName(relation), name),
				 errdetail("antifraud.escalate() looks there for %s.", what),
				 errhint("Name the right column when the table is given to watch_facts(), or drop the trigger.")));
	if (SPI_gettypeid(RelationGetDescr(relation), number) != type)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"%s\" is not of type %s",
						name, RelationGetRelationName(relation), format_type_be(type)),
				 errdetail("antifraud.escalate() looks there for %s.", what),
				 errhint("Change the type of the column.")));
	return number;
}

static int32
number_of(collector *c, Datum code)
{
	af_touched_rows *touched = c->touched;
	text	   *value = DatumGetTextPP(code);
	unit_key	key = {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
	bool		found;
	unit_entry *entry = hash_search(c->units, &key, HASH_ENTER, &found);

	if (!found)
	{
		af_touched_unit *unit;

		if (touched->unit_count == c->unit_capacity)
		{
			c->unit_capacity *= 2;
			touched->units = repalloc_huge(touched->units, sizeof(af_touched_unit) * c->unit_capacity);
		}
		unit = &touched->units[touched->unit_count];
		unit->code = pnstrdup(key.code, key.length);
		unit->rows = 0;
		unit->min_day = DATEVAL_NOEND;
		unit->wanted = false;
		unit->margins = NULL;
		entry->key.code = unit->code;
		entry->number = touched->unit_count++;
	}
	if (value != (text *) DatumGetPointer(code))
		pfree(value);
	return entry->number;
}

/* The measures of which the row may be a fact that raises something by itself. */
static uint32
bits_of(collector *c, TupleTableSlot *slot)
{
	uint32		bits = 0;

	for (int i = 0; i < c->rules->count; i++)
	{
		const af_watched *watched = &c->rules->watched[i];
		bool		null;

		if (!watched->by_fact)
			continue;
		if (c->flag_columns[i] > 0)
		{
			bool		flag = DatumGetBool(slot_getattr(slot, c->flag_columns[i], &null));

			if (null || !flag)
				continue;
		}
		if (c->amount_columns[i] > 0 && watched->has_least)
		{
			Datum		amount = slot_getattr(slot, c->amount_columns[i], &null);

			if (null || !DatumGetBool(DirectFunctionCall2(numeric_ge, amount, watched->least)))
				continue;
		}
		bits |= UINT32_C(1) << Min(i, MAX_BITS - 1);
	}
	return bits;
}

static int
compare_rows(const void *a, const void *b)
{
	const af_touched_row *x = a;
	const af_touched_row *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->unit < y->unit ? -1 : x->unit > y->unit;
}

/* Sort the rows, and fold those of one unit and day. */
static void
fold_rows(af_touched_rows *touched)
{
	int64		kept = 0;

	if (touched->row_count < 2)
		return;
	qsort(touched->rows, touched->row_count, sizeof(af_touched_row), compare_rows);
	for (int64 i = 1; i < touched->row_count; i++)
	{
		af_touched_row *last = &touched->rows[kept];

		if (touched->rows[i].day == last->day && touched->rows[i].unit == last->unit)
			last->bits |= touched->rows[i].bits;
		else
			touched->rows[++kept] = touched->rows[i];
	}
	touched->row_count = kept + 1;
}

static void
add_row(collector *c, int32 unit, DateADT day, uint32 bits)
{
	af_touched_rows *touched = c->touched;

	if (touched->row_count == c->row_capacity)
	{
		/* many rows may fall on few units and days */
		fold_rows(touched);
		if (touched->row_count > c->row_capacity / 2)
		{
			c->row_capacity *= 2;
			touched->rows = repalloc_huge(touched->rows, sizeof(af_touched_row) * c->row_capacity);
		}
	}
	touched->rows[touched->row_count].unit = unit;
	touched->rows[touched->row_count].day = day;
	touched->rows[touched->row_count].bits = bits;
	touched->row_count++;
	touched->units[unit].rows++;
	if (day < touched->units[unit].min_day)
		touched->units[unit].min_day = day;
}

/* Begin to read a transition table; others may be reading it too. */
static void
rewind_rows(Tuplestorestate *rows)
{
	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
}

static void
collect(collector *c, Tuplestorestate *rows)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(c->relation), &TTSOpsMinimalTuple);

	rewind_rows(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool		unit_null;
		bool		day_null;
		Datum		unit = slot_getattr(slot, c->unit_column, &unit_null);
		Datum		day = slot_getattr(slot, c->day_column, &day_null);

		CHECK_FOR_INTERRUPTS();
		/* a row without a unit, or a day, is nobody's fact */
		if (!unit_null && !day_null && !DATE_NOT_FINITE(DatumGetDateADT(day)))
			add_row(c, number_of(c, unit), DatumGetDateADT(day), bits_of(c, slot));
	}
	ExecDropSingleTupleTableSlot(slot);
}

static int
compare_units(const void *a, const void *b, void *units)
{
	const af_touched_unit *known = units;

	return strcmp(known[*(const int32 *) a].code, known[*(const int32 *) b].code);
}

/* Put the units in order: locks are taken in it, so that two statements never wait for each other. */
static void
sort_units(af_touched_rows *touched)
{
	int32		count = touched->unit_count;
	int32	   *order = palloc_extended(sizeof(int32) * (count + 1), MCXT_ALLOC_HUGE);
	int32	   *place = palloc_extended(sizeof(int32) * (count + 1), MCXT_ALLOC_HUGE);
	af_touched_unit *sorted = palloc_extended(sizeof(af_touched_unit) * (count + 1), MCXT_ALLOC_HUGE);

	for (int32 i = 0; i < count; i++)
		order[i] = i;
	qsort_arg(order, count, sizeof(int32), compare_units, touched->units);
	for (int32 i = 0; i < count; i++)
	{
		sorted[i] = touched->units[order[i]];
		place[order[i]] = i;
	}
	for (int64 i = 0; i < touched->row_count; i++)
		touched->rows[i].unit = place[touched->rows[i].unit];
	pfree(touched->units);
	pfree(order);
	pfree(place);
	touched->units = sorted;
}

static void
begin(collector *c)
{
	HASHCTL		control = {
		.keysize = sizeof(unit_key), .entrysize = sizeof(unit_entry),
		.hash = hash_unit, .match = match_units, .hcxt = CurrentMemoryContext
	};

	c->unit_capacity = 64;
	c->row_capacity = 64;
	c->touched->unit_count = 0;
	c->touched->row_count = 0;
	c->touched->units = palloc(sizeof(af_touched_unit) * c->unit_capacity);
	c->touched->rows = palloc(sizeof(af_touched_row) * c->row_capacity);
	c->units = hash_create("antifraud units touched", 256, &control, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

static void
end(collector *c)
{
	hash_destroy(c->units);
	sort_units(c->touched);
	fold_rows(c->touched);
}

void
af_touched_rows_collect(af_touched_rows *touched, TriggerData *trigger, const af_rules *rules)
{
	char	  **names = trigger->tg_trigger->tgargs;
	collector	c = {.touched = touched, .relation = trigger->tg_relation, .rules = rules};

	c.unit_column = column_of(c.relation, names[0], TEXTOID, "the unit of a row");
	c.day_column = column_of(c.relation, names[1], DATEOID, "the day of a row");
	c.amount_columns = palloc0(sizeof(int) * (rules->count + 1));
	c.flag_columns = palloc0(sizeof(int) * (rules->count + 1));
	for (int i = 0; i < rules->count; i++)
	{
		if (rules->watched[i].amount_column)
			c.amount_columns[i] = column_of(c.relation, rules->watched[i].amount_column, NUMERICOID, "the amount of a fact");
		if (rules->watched[i].flag_column)
			c.flag_columns[i] = column_of(c.relation, rules->watched[i].flag_column, BOOLOID, "whether a row is a fact of a measure");
	}
	begin(&c);
	if (trigger->tg_oldtable)
		collect(&c, trigger->tg_oldtable);
	if (trigger->tg_newtable)
		collect(&c, trigger->tg_newtable);
	end(&c);
}

/* The ids of the statement's rows. */
static Datum
ids_of(TriggerData *trigger)
{
	Relation	relation = trigger->tg_relation;
	int			column = column_of(relation, "id", INT8OID, "the identity of a row");
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	ArrayBuildState *ids = NULL;

	for (int old = 0; old < 2; old++)
	{
		Tuplestorestate *rows = old ? trigger->tg_oldtable : trigger->tg_newtable;

		if (rows == NULL)
			continue;
		rewind_rows(rows);
		while (tuplestore_gettupleslot(rows, true, false, slot))
		{
			bool		null;
			Datum		id = slot_getattr(slot, column, &null);

			CHECK_FOR_INTERRUPTS();
			ids = accumArrayResult(ids, id, null, INT8OID, CurrentMemoryContext);
		}
	}
	ExecDropSingleTupleTableSlot(slot);
	if (ids == NULL)
		return PointerGetDatum(construct_empty_array(INT8OID));
	return makeArrayResult(ids, CurrentMemoryContext);
}

void
af_touched_rows_via(af_touched_rows *touched, TriggerData *trigger, af_rules *rules, const char *via)
{
	collector	c = {.touched = touched};
	Oid			types[1] = {INT8ARRAYOID};
	Datum		values[1] = {ids_of(trigger)};
	char	   *query = psprintf("SELECT v.unit, v.day FROM %s.%s($1) AS v (unit, day) WHERE v.unit IS NOT NULL AND pg_catalog.isfinite(v.day)",
								 rules->registry, quote_identifier(via));

	begin(&c);
	af_rules_run(rules, query, 1, types, values, NULL);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		null;
		Datum		unit = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &null);
		Datum		day = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &null);

		add_row(&c, number_of(&c, unit), DatumGetDateADT(day), 0);
	}
	SPI_freetuptable(SPI_tuptable);
	end(&c);
}
