/*
 * escalate_judge.c
 *		Evaluating the units that a statement touched, and entering what it
 *		raises.
 *
 * A fact that raises something by its size, or by being there at all, is read
 * again through the view fact, as every rule sees it; the columns of the row
 * tell beforehand whether that can be the case.  Rules on the number of facts:
 * escalate_count.c.
 *
 * Where facts are added up, two sessions about one unit wait for each other at
 * the unit; then each reads under a snapshot taken after that, under
 * REPEATABLE READ too, as for foreign keys.
 */
#include "escalate.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/memutils.h"

af_candidate *
af_candidate_add(af_candidates *list)
{
	if (list->count == list->capacity)
	{
		list->capacity = list->capacity == 0 ? 16 : list->capacity * 2;
		list->items = list->items == NULL ? MemoryContextAlloc(list->context, sizeof(af_candidate) * list->capacity)
			: repalloc(list->items, sizeof(af_candidate) * list->capacity);
	}
	memset(&list->items[list->count], 0, sizeof(af_candidate));
	return &list->items[list->count++];
}

char *
af_iso_day(DateADT day)
{
	struct pg_tm tm;

	j2date(day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	return psprintf("%04d-%02d-%02d", tm.tm_year, tm.tm_mon, tm.tm_mday);
}

/*
 * Read facts for a judge.  What is wrong with them, or with a measure of the
 * office, is said with the rules that wanted to know.
 */
uint64
af_read_facts(af_rules *rules, const af_judge *judge, DateADT as_of, const char *query, int count, Oid *types, Datum *values, const char *nulls)
{
	MemoryContext context = CurrentMemoryContext;
	uint64		processed = 0;

	PG_TRY();
	{
		processed = af_rules_run(rules, query, count, types, values, nulls);
	}
	PG_CATCH();
	{
		ErrorData  *error;
		int			category;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		category = ERRCODE_TO_CATEGORY(error->sqlerrcode);
		if (category != ERRCODE_TO_CATEGORY(ERRCODE_DATA_EXCEPTION) &&
			category != ERRCODE_TO_CATEGORY(ERRCODE_PROGRAM_LIMIT_EXCEEDED) &&
			category != ERRCODE_TO_CATEGORY(ERRCODE_INTERNAL_ERROR))
			PG_RE_THROW();
		FlushErrorState();
		error->message = psprintf("escalation rules on %s cannot be evaluated as of %s: %s", judge->measures, af_iso_day(as_of), error->message);
		error->detail = psprintf("Of the rules: %s.%s%s", TextDatumGetCString(OidFunctionCall2(F_ARRAY_TO_STRING_ANYARRAY_TEXT, judge->codes, CStringGetTextDatum(", "))),
								 error->detail ? " " : "", error->detail ? error->detail : "");
		if (error->hint == NULL)
			error->hint = pstrdup("Correct the facts of the measure, or switch the rule off (escalation_rule.enabled) until that is done.");
		ReThrowError(error);
	}
	PG_END_TRY();
	return processed;
}

Datum
af_unit_codes(const af_touched_rows *touched, const int32 *units, int32 count)
{
	Datum	   *codes = palloc_extended(sizeof(Datum) * (count + 1), MCXT_ALLOC_HUGE);

	for (int32 i = 0; i < count; i++)
		codes[i] = CStringGetTextDatum(touched->units[units ? units[i] : i].code);
	return af_array_of(codes, count, TEXTOID);
}

static int
compare_code(const void *key, const void *unit)
{
	return strcmp(key, ((const af_touched_unit *) unit)->code);
}

af_touched_unit *
af_unit_find(const af_touched_rows *touched, Datum code)
{
	char	   *found = TextDatumGetCString(code);
	af_touched_unit *unit = bsearch(found, touched->units, touched->unit_count, sizeof(af_touched_unit), compare_code);

	/* a collation that is not deterministic takes other codes for equal */
	if (unit == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_COLLATION),
				 errmsg("facts of unit \"%s\" were found that was not asked for", found),
				 errdetail("A column of units has a collation by which different codes are equal."),
				 errhint("Give it a deterministic collation.")));
	return unit;
}

static void
lock_units(af_rules *rules, af_touched_rows *touched)
{
	Oid			types[1] = {TEXTARRAYOID};
	Datum		values[1] = {af_unit_codes(touched, NULL, touched->unit_count)};

	af_rules_run(rules, psprintf("SELECT FROM unnest($1) WITH ORDINALITY AS t (code, n)"
								 " CROSS JOIN LATERAL (SELECT FROM %s.unit AS u WHERE u.code = t.code FOR NO KEY UPDATE) AS u", rules->registry),
				 1, types, values, NULL);
	SPI_freetuptable(SPI_tuptable);
}

/* The facts of these units on one day. */
static void
judge_facts(af_rules *rules, const af_judge *judge, DateADT as_of, DateADT day, Datum units, af_candidates *list)
{
	Oid			types[4] = {af_rubric_oid(), TEXTARRAYOID, DATEOID, NUMERICOID};
	Datum		values[4] = {judge->doc, units, DateADTGetDatum(day), judge->least};
	char		nulls[4] = {' ', ' ', ' ', judge->has_least ? ' ' : 'n'};
	char	   *query = psprintf("SELECT c.unit, b.item_no, b.rung, c.source_table, c.source_key,"
								 " jsonb_strip_nulls(jsonb_build_object('measure', c.measure, 'occurred_on', c.occurred_on, 'quantity', c.quantity, 'amount', c.amount))::text"
								 " FROM (SELECT f.measure, f.unit, f.occurred_on, f.source_table, f.source_key, sum(f.quantity) AS quantity, max(f.amount) AS amount,"
								 " antifraud.tally($1, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card FROM %s AS f"
								 " WHERE COALESCE(f.voided_at, 'infinity') = 'infinity' AND f.unit = ANY ($2) AND f.occurred_on = $3 AND ($4 IS NULL OR f.amount >= $4)"
								 " GROUP BY f.measure, f.unit, f.occurred_on, f.source_table, f.source_key) AS c"
								 " CROSS JOIN LATERAL antifraud.raised_by(c.card, $1) AS b", judge->facts);
	uint64		processed = af_read_facts(rules, judge, as_of, query, 4, types, values, nulls);
	SPITupleTable *table = SPI_tuptable;

	for (uint64 i = 0; i < processed; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(list->context);
		af_candidate *found = af_candidate_add(list);

		found->unit = af_result_text(table, i, 1);
		found->rule = af_result_text(table, i, 2);
		found->rung = af_result_text(table, i, 3);
		found->fact_table = af_result_text(table, i, 4);
		found->fact_key = af_result_text(table, i, 5);
		found->observed = af_result_text(table, i, 6);
		found->episode = psprintf("fact:%s:%s", found->fact_table, found->fact_key);
		MemoryContextSwitchTo(old);
	}
	SPI_freetuptable(table);
}

/* Day by day, so that only facts of touched units on touched days are read. */
static void
judge_by_fact(af_rules *rules, const af_judge *judge, DateADT as_of, const af_touched_rows *touched, int64 from, int64 to, af_candidates *list)
{
	int32	   *units = palloc_extended(sizeof(int32) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "antifraud facts of a day", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);

	for (int64 i = from; i < to;)
	{
		DateADT		day = touched->rows[i].day;
		int32		count = 0;

		CHECK_FOR_INTERRUPTS();
		for (; i < to && touched->rows[i].day == day; i++)
			if (touched->rows[i].bits & judge->bits)
				units[count++] = touched->rows[i].unit;
		if (count > 0 && day >= judge->first_day && day <= judge->last_day)
			judge_facts(rules, judge, as_of, day, af_unit_codes(touched, units, count), list);
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	pfree(units);
}

/* -------------------------------------------------------- what comes of it */

static void
again(af_rules *rules, DateADT as_of, Datum units, Datum measures)
{
	Oid			types[3] = {DATEOID, TEXTARRAYOID, TEXTARRAYOID};
	Datum		values[3] = {DateADTGetDatum(as_of), units, measures};
	int			level = NewGUCNestLevel();

	af_escalate_planning(true);
	af_rules_run(rules, psprintf("SELECT %s.raise_escalations($1, $2, NULL::text[], $3)", rules->registry), 3, types, values, NULL);
	AtEOXact_GUC(false, level);
	SPI_freetuptable(SPI_tuptable);
}

static void
append_member(StringInfo out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(out, ",\"%s\":", name);
	escape_json(out, value);
}

/* Enter what was not raised before; what was withdrawn, raise_escalations() looks at. */
static void
enter(af_rules *rules, DateADT as_of, const af_candidates *list)
{
	Oid			known_types[4] = {TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID};
	Oid			enter_types[2] = {DATEOID, TEXTOID};
	Datum		values[4];
	char	  **column = palloc(sizeof(char *) * (list->count + 1));
	bool	   *known = palloc0(sizeof(bool) * (list->count + 1));
	char	  **withdrawn = palloc(sizeof(char *) * (list->count + 1));
	int			withdrawn_count = 0;
	int			left = list->count;
	uint64		processed;

	if (list->count == 0)
		return;
	for (int c = 0; c < 4; c++)
	{
		for (int i = 0; i < list->count; i++)
			column[i] = c == 0 ? psprintf("unit:%s", list->items[i].unit) : c == 1 ? list->items[i].rule : c == 2 ? list->items[i].episode : list->items[i].rung;
		values[c] = af_text_array(column, list->count);
	}
	processed = af_rules_run(rules, psprintf("SELECT t.n::integer, e.withdrawn FROM ROWS FROM (unnest($1), unnest($2), unnest($3), unnest($4)) WITH ORDINALITY AS t (subject, rule, episode, rung, n)"
											 " CROSS JOIN LATERAL (SELECT e.state = 'withdrawn' AS withdrawn FROM %s.escalation AS e"
											 " WHERE e.subject = t.subject AND e.rule = t.rule AND e.episode = t.episode AND e.rung = t.rung OFFSET 0) AS e", rules->registry),
							 4, known_types, values, NULL);
	for (uint64 i = 0; i < processed; i++)
	{
		bool		null;
		int			n = DatumGetInt32(af_result_get(SPI_tuptable, i, 1, &null)) - 1;

		known[n] = true;
		left--;
		if (DatumGetBool(af_result_get(SPI_tuptable, i, 2, &null)))
			withdrawn[withdrawn_count++] = list->items[n].unit;
	}
	SPI_freetuptable(SPI_tuptable);
	if (left > 0)
	{
		StringInfoData found;

		initStringInfo(&found);
		appendStringInfoChar(&found, '[');
		for (int i = 0; i < list->count; i++)
		{
			const af_candidate *item = &list->items[i];

			if (known[i])
				continue;
			appendStringInfo(&found, "%s{\"subject\":", found.len > 1 ? "," : "");
			escape_json(&found, psprintf("unit:%s", item->unit));
			append_member(&found, "unit", item->unit);
			append_member(&found, "rule", item->rule);
			append_member(&found, "rung", item->rung);
			append_member(&found, "episode", item->episode);
			append_member(&found, "fact_table", item->fact_table);
			append_member(&found, "fact_key", item->fact_key);
			appendStringInfo(&found, ",\"observed\":%s}", item->observed);
		}
		appendStringInfoChar(&found, ']');
		values[0] = DateADTGetDatum(as_of);
		values[1] = CStringGetTextDatum(found.data);
		af_rules_run(rules, psprintf("SELECT %s.enter_escalations($1, (SELECT jsonb_agg(f.found) FROM jsonb_array_elements($2::jsonb) AS f (found)"
									 " JOIN %s.unit AS u ON u.code = f.found ->> 'unit' AND u.active JOIN %s.escalation_rules($1) AS r ON r.code = f.found ->> 'rule'"
									 " WHERE (r.region IS NULL OR u.region OPERATOR(antifraud.<@) r.region) AND (r.unit_kind IS NULL OR r.unit_kind = u.kind)))",
									 rules->registry, rules->registry, rules->registry),
					 2, enter_types, values, NULL);
		SPI_freetuptable(SPI_tuptable);
	}
	if (withdrawn_count > 0)
		again(rules, as_of, af_text_array(withdrawn, withdrawn_count), rules->measures);
}

/*
 * More facts can also unmake an escalation: of a shortfall or a rate, or by
 * raising the baseline of a later window, of which as a rule there is none.
 */
static void
judge_unmade(af_rules *rules, DateADT as_of, const af_touched_rows *touched)
{
	Oid			types[4] = {TEXTARRAYOID, DATEARRAYOID, TEXTARRAYOID, TEXTARRAYOID};
	Datum		values[4];
	Datum	   *days;
	char	  **units;
	uint64		processed = 0;

	if (rules->comparing_count > 0)
	{
		Oid			later_types[2] = {TEXTARRAYOID, TEXTOID};
		Datum		later[2] = {rules->comparing, CStringGetTextDatum(af_iso_day(touched->rows[0].day))};

		processed = af_rules_run(rules, psprintf("SELECT FROM unnest($1) AS r (code) WHERE (SELECT true FROM %s.escalation AS e WHERE starts_with(e.episode, 'period:') AND substr(e.episode, 8) COLLATE \"C\" > $2 COLLATE \"C\" AND e.rule || '' = r.code LIMIT 1)", rules->registry),
								 2, later_types, later, NULL);
		SPI_freetuptable(SPI_tuptable);
	}
	if (rules->falling_count == 0 && processed == 0)
		return;
	days = palloc_extended(sizeof(Datum) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);
	for (int32 i = 0; i < touched->unit_count; i++)
		days[i] = DateADTGetDatum(touched->units[i].min_day);
	values[0] = af_unit_codes(touched, NULL, touched->unit_count);
	values[1] = af_array_of(days, touched->unit_count, DATEOID);
	values[2] = rules->falling;
	values[3] = rules->comparing;
	processed = af_rules_run(rules, psprintf("SELECT t.unit FROM ROWS FROM (unnest($1), unnest($2)) AS t (unit, day)"
											 " WHERE (SELECT true FROM %s.escalation AS e WHERE e.unit = t.unit"
											 " AND e.caused_by IS NULL AND e.state <> ALL ('{closed,rejected}') AND (e.rule = ANY ($3) OR e.rule = ANY ($4)"
											 " AND CASE WHEN starts_with(e.episode, 'period:') THEN substr(e.episode, 8)::date > t.day END) LIMIT 1)", rules->registry),
							 4, types, values, NULL);
	units = palloc(sizeof(char *) * (processed + 1));
	for (uint64 i = 0; i < processed; i++)
		units[i] = af_result_text(SPI_tuptable, i, 1);
	SPI_freetuptable(SPI_tuptable);
	if (processed > 0)
		again(rules, as_of, af_text_array(units, (int) processed), rules->measures);
}

/*
 * The rows are judged as of the latest day among them.  Where they reach
 * back beyond the windows of that day, those before are judged as of their
 * latest days, as if the statement had come in parts.
 */
static DateADT
first_of_window(const af_day_rules *day)
{
	DateADT		first = DATEVAL_NOBEGIN;

	for (int i = 0; i < day->count; i++)
		first = Max(first, day->judges[i].first_day);
	return first;
}

/* Where no rule holds on a day: back to the month before. */
static DateADT
first_of_month(DateADT day)
{
	int			year;
	int			month;
	int			of_month;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &of_month);
	return day - of_month + 1;
}

static int64
rows_before(const af_touched_rows *touched, int64 to, DateADT day)
{
	while (to > 0 && touched->rows[to - 1].day >= day)
		to--;
	return to;
}

void
af_judge_inserted(af_rules *rules, af_touched_rows *touched)
{
	int64		to = touched->row_count;
	DateADT		latest = touched->rows[to - 1].day;
	DateADT		later = latest;
	bool		wanted = false;

	if (rules->by_sum || rules->by_other_sum)
		lock_units(rules, touched);
	if (rules->by_sum)
	{
		af_margins_take(rules, touched, latest, false);
		for (int32 i = 0; i < touched->unit_count && !wanted; i++)
			wanted = touched->units[i].wanted;
	}
	while (to > 0)
	{
		DateADT		as_of = touched->rows[to - 1].day;
		const af_day_rules *day = af_rules_on(rules, as_of);
		DateADT		first = first_of_window(day);
		af_candidates list = {.context = CurrentMemoryContext};

		for (int i = 0; i < day->count; i++)
		{
			const af_judge *judge = &day->judges[i];

			/* a window that was judged as of a later day */
			if (as_of != latest && judge->ends_on >= later)
				continue;
			if (judge->by_fact)
				judge_by_fact(rules, judge, as_of, touched, 0, to, &list);
			else if (!judge->plain || as_of != latest || wanted)
				af_count_sums(rules, judge, as_of, touched, 0, to, judge->plain && as_of == latest, &list);
		}
		if (as_of == latest && wanted)
			af_margins_keep(rules, day, touched);
		enter(rules, as_of, &list);
		to = rows_before(touched, to, DATE_NOT_FINITE(first) ? first_of_month(as_of) : first);
		later = as_of;
	}
	judge_unmade(rules, latest, touched);
	if (rules->again_count > 0)
		again(rules, latest, af_unit_codes(touched, NULL, touched->unit_count), rules->again_measures);
}

void
af_judge_again(af_rules *rules, af_touched_rows *touched, Datum measures)
{
	Datum		units = af_unit_codes(touched, NULL, touched->unit_count);
	int64		to = touched->row_count;
	DateADT		latest = touched->rows[to - 1].day;

	if (rules->by_sum || rules->by_other_sum)
		lock_units(rules, touched);
	if (rules->by_sum)
		af_margins_take(rules, touched, latest, true);
	while (to > 0)
	{
		DateADT		as_of = touched->rows[to - 1].day;
		DateADT		first = first_of_window(af_rules_on(rules, as_of));

		again(rules, as_of, units, measures);
		to = rows_before(touched, to, DATE_NOT_FINITE(first) ? first_of_month(as_of) : first);
	}
}
