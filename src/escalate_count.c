/*
 * escalate_count.c
 *		Rules on the number of facts of a unit.
 *
 * The facts of a unit would have to be counted with every row.  Instead it is
 * kept how many more there can be before anything is raised
 * (escalate_margin.c), and they are counted when that is used up.
 */
#include "escalate.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "card_read.h"
#include "core/measure_index.h"

/* Units that are counted at once: bounds memory. */
#define BATCH	5000

/* So many days of a statement are looked up one by one. */
#define MAX_DAYS	8

bool
af_judge_looks_at(const af_rules *rules, const af_judge *judge, const af_rubric *rubric, const af_compiled_rule *rule)
{
	af_span		measure = af_rubric_text(rubric, rule->measure);

	for (int i = 0; i < rules->count; i++)
	{
		const af_watched *watched = &rules->watched[i];

		if (watched->via == NULL && watched->plain == judge->plain && strlen(watched->measure) == measure.length &&
			memcmp(watched->measure, measure.data, measure.length) == 0)
			return true;
	}
	return false;
}

char *
af_rule_code(const af_rubric *rubric, const af_compiled_rule *rule)
{
	af_span		number = af_rubric_text(rubric, af_rubric_items(rubric)[rule->item].number);

	return pnstrdup(number.data, number.length);
}

static char *
observed(const af_rubric *rubric, const af_compiled_rule *rule, const int64 *counters)
{
	StringInfoData out;
	af_span		measure = af_rubric_text(rubric, rule->measure);

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"measure\":");
	escape_json(&out, pnstrdup(measure.data, measure.length));
	appendStringInfo(&out, ",\"count\":" INT64_FORMAT, counters[AF_COUNTER_QUANTITY]);
	if (rule->subject == AF_SUBJECT_RATE)
		appendStringInfo(&out, ",\"base\":" INT64_FORMAT, counters[AF_COUNTER_THIRD]);
	if (rule->uses_baseline)
	{
		Datum		baseline = DirectFunctionCall2(numeric_div, DirectFunctionCall1(int8_numeric, Int64GetDatum(counters[AF_COUNTER_THIRD])),
												   DirectFunctionCall1(int8_numeric, Int64GetDatum(rubric->baseline_years)));

		appendStringInfo(&out, ",\"baseline\":%s", DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, baseline))));
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

typedef struct known_rung
{
	const char *key;			/* unit, rule and rung */
} known_rung;

bool
af_rung_is_known(HTAB *known, const char *unit, const char *rule, const char *rung, int length)
{
	const char *key = psprintf("%s\n%s\n%.*s", unit, rule, length, rung);

	return hash_search(known, &key, HASH_FIND, NULL) != NULL;
}

/* What was raised for these units already in the window, and rules that do not hold for them. */
static HTAB *
read_known(af_rules *rules, const af_judge *judge, DateADT as_of, Datum units)
{
	HTAB	   *known = af_strings("antifraud rungs known", sizeof(known_rung), CurrentMemoryContext);
	Oid			types[4] = {TEXTARRAYOID, TEXTARRAYOID, TEXTOID, DATEOID};
	Datum		values[4] = {units, judge->codes, CStringGetTextDatum(psprintf("period:%s", af_iso_day(judge->first_day))), DateADTGetDatum(as_of)};

	for (int pass = 0; pass < 2; pass++)
	{
		SPITupleTable *table;
		uint64		processed;

		if (pass == 0)
			processed = af_rules_run(rules, psprintf("SELECT t.unit, e.rule, e.rung FROM unnest($1) AS t (unit) CROSS JOIN LATERAL (SELECT e.rule, e.rung FROM %s.escalation AS e"
													 " WHERE e.subject = 'unit:' || t.unit AND e.rule = ANY ($2) AND e.episode = $3 AND e.state <> 'withdrawn' OFFSET 0) AS e", rules->registry),
									 3, types, values, NULL);
		else if (judge->restricted)
			processed = af_rules_run(rules, psprintf("SELECT u.code, r.code, '' FROM %s.unit AS u JOIN %s.escalation_rules($4) AS r ON r.code = ANY ($2)"
													 " AND NOT ((r.region IS NULL OR u.region OPERATOR(antifraud.<@) r.region) AND (r.unit_kind IS NULL OR r.unit_kind = u.kind))"
													 " WHERE u.code = ANY ($1) AND $3 IS NOT NULL", rules->registry, rules->registry),
									 4, types, values, NULL);
		else
			break;
		table = SPI_tuptable;
		for (uint64 i = 0; i < processed; i++)
		{
			const char *key = psprintf("%s\n%s\n%s", SPI_getvalue(table->vals[i], table->tupdesc, 1), SPI_getvalue(table->vals[i], table->tupdesc, 2),
									   SPI_getvalue(table->vals[i], table->tupdesc, 3));

			hash_search(known, &key, HASH_ENTER, NULL);
		}
		SPI_freetuptable(table);
	}
	return known;
}

static const af_amount no_amount;

static void
count_days(const af_rubric *rubric, const af_rubric *whole, int measure, const DateADT *days, int count, af_tallied *t)
{
	for (int i = 0; i < count; i++)
		if (af_card_count(rubric, t->now, measure, days[i], 1, 0, &no_amount) != AF_COUNT_OK ||
			af_card_count(whole, t->whole, measure, days[i], 1, 0, &no_amount) != AF_COUNT_OK)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("the sum of the facts of a unit is out of range")));
}

/* What the counters of a unit raise. */
static void
find_raised(af_rules *rules, const af_judge *judge, const af_rubric *rubric, const int64 *counters, const af_touched_unit *unit,
			HTAB *known, af_outcome *outcomes, af_candidates *list)
{
	af_card_judge(rubric, counters, outcomes);
	for (int r = 0; r < rubric->rule_count; r++)
	{
		const af_compiled_rule *rule = &af_rubric_rules(rubric)[r];

		if (outcomes[r].raised == 0 || !af_judge_looks_at(rules, judge, rubric, rule))
			continue;
		for (int b = 0; b < rule->band_count; b++)
		{
			const af_compiled_band *band = &af_rubric_bands(rubric)[rule->first_band + b];
			char	   *code = af_rule_code(rubric, rule);
			const char *key;
			af_candidate *found;
			MemoryContext old;

			if ((outcomes[r].raised & (UINT32_C(1) << b)) == 0 ||
				af_rung_is_known(known, unit->code, code, band->rung, band->rung_length) || af_rung_is_known(known, unit->code, code, "", 0))
				continue;
			key = psprintf("%s\n%s\n%.*s", unit->code, code, band->rung_length, band->rung);
			hash_search(known, &key, HASH_ENTER, NULL);
			old = MemoryContextSwitchTo(list->context);
			found = af_candidate_add(list);
			found->unit = unit->code;
			found->rule = pstrdup(code);
			found->rung = pnstrdup(band->rung, band->rung_length);
			found->episode = psprintf("period:%s", af_iso_day(judge->first_day));
			found->observed = observed(rubric, rule, counters + rule->first_counter);
			MemoryContextSwitchTo(old);
		}
	}
}

/* Count plain facts: each is one of its day. */
static void
count_plain(af_rules *rules, const af_judge *judge, DateADT as_of, af_touched_rows *touched, const int32 *units, int32 count, bool keep, af_candidates *list)
{
	const af_rubric *rubric = af_rubric_get(judge->doc);
	const af_rubric *whole = af_rubric_get(judge->whole);
	Datum		codes = af_unit_codes(touched, units, count);
	Oid			types[3] = {TEXTARRAYOID, DATEOID, DATEOID};
	Datum		values[3] = {codes, DateADTGetDatum(judge->facts_from), DateADTGetDatum(judge->ends_on)};
	af_outcome *outcomes = palloc(sizeof(af_outcome) * (rubric->rule_count + 1));
	af_tallied    *all = palloc_extended(sizeof(af_tallied) * (touched->unit_count + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	HTAB	   *known = read_known(rules, judge, as_of, codes);
	uint64		processed = af_read_facts(rules, judge, as_of,
										  psprintf("SELECT f.unit, f.measure, array_agg(f.occurred_on) FROM %s AS f"
												   " WHERE COALESCE(f.voided_at, 'infinity') = 'infinity' AND f.unit = ANY ($1) AND f.occurred_on BETWEEN $2 AND $3 GROUP BY f.unit, f.measure", judge->facts),
										  3, types, values, NULL);
	SPITupleTable *table = SPI_tuptable;

	for (int32 i = 0; i < count; i++)
	{
		af_tallied    *t = &all[units[i]];

		t->now = palloc0(sizeof(int64) * (rubric->counter_count + 1));
		t->whole = palloc0(sizeof(int64) * (rubric->counter_count + 1));
		t->days = palloc0(sizeof(DateADT *) * (rubric->measure_count + 1));
		t->day_counts = palloc0(sizeof(int) * (rubric->measure_count + 1));
	}
	for (uint64 i = 0; i < processed; i++)
	{
		bool		null;
		af_touched_unit *unit = af_unit_find(touched, SPI_getbinval(table->vals[i], table->tupdesc, 1, &null));
		text	   *measure = DatumGetTextPP(SPI_getbinval(table->vals[i], table->tupdesc, 2, &null));
		ArrayType  *days = DatumGetArrayTypeP(SPI_getbinval(table->vals[i], table->tupdesc, 3, &null));
		int			index = af_rubric_find_measure(rubric, VARDATA_ANY(measure), VARSIZE_ANY_EXHDR(measure));
		af_tallied    *t = &all[unit - touched->units];

		/* dates are 4 bytes each, and none is null */
		t->days[index] = (DateADT *) ARR_DATA_PTR(days);
		t->day_counts[index] = ArrayGetNItems(ARR_NDIM(days), ARR_DIMS(days));
		count_days(rubric, whole, index, t->days[index], t->day_counts[index], t);
	}
	for (int32 i = 0; i < count; i++)
	{
		af_touched_unit *unit = &touched->units[units[i]];

		find_raised(rules, judge, rubric, all[units[i]].now, unit, known, outcomes, list);
		if (keep)
			af_margins_narrow(rules, judge, as_of, rubric, &all[units[i]], unit, known);
	}
	SPI_freetuptable(table);
}

/* Count facts of any kind, by what scores are made with. */
static void
count_others(af_rules *rules, const af_judge *judge, DateADT as_of, af_touched_rows *touched, const int32 *units, int32 count, af_candidates *list)
{
	const af_rubric *rubric = af_rubric_get(judge->doc);
	Oid			types[4] = {af_rubric_oid(), TEXTARRAYOID, DATEOID, DATEOID};
	Datum		codes = af_unit_codes(touched, units, count);
	Datum		values[4] = {judge->doc, codes, DateADTGetDatum(judge->facts_from), DateADTGetDatum(judge->last_day)};
	af_outcome *outcomes = palloc(sizeof(af_outcome) * (rubric->rule_count + 1));
	HTAB	   *known = read_known(rules, judge, as_of, codes);
	uint64		processed = af_read_facts(rules, judge, as_of,
										  psprintf("SELECT f.unit, antifraud.tally($1, f.measure, f.occurred_on, f.quantity, f.base, f.amount) FROM %s AS f"
												   " WHERE COALESCE(f.voided_at, 'infinity') = 'infinity' AND f.unit = ANY ($2) AND f.occurred_on BETWEEN $3 AND $4 GROUP BY f.unit", judge->facts),
										  4, types, values, NULL);
	SPITupleTable *table = SPI_tuptable;

	for (uint64 i = 0; i < processed; i++)
	{
		bool		null;
		af_touched_unit *unit = af_unit_find(touched, SPI_getbinval(table->vals[i], table->tupdesc, 1, &null));

		find_raised(rules, judge, rubric, af_card_counters(af_card_get(SPI_getbinval(table->vals[i], table->tupdesc, 2, &null))), unit, known, outcomes, list);
	}
	SPI_freetuptable(table);
}

/*
 * Of the units touched, those with facts on the days of the statement: nothing
 * else can have changed.  Facts that rest on several tables take long to
 * count, and few rows bring any.  Where there are many days, all are counted.
 */
static void
leave_untouched(af_rules *rules, const af_judge *judge, DateADT as_of, const af_touched_rows *touched, int64 from, int64 to, bool *touching)
{
	Datum		days[MAX_DAYS];
	Oid			types[2] = {TEXTARRAYOID, DATEARRAYOID};
	Datum		values[2];
	int			count = 0;
	uint64		processed;

	for (int64 i = from; i < to; i++)
	{
		DateADT		day = touched->rows[i].day;

		if (day < judge->facts_from || (count > 0 && days[count - 1] == DateADTGetDatum(day)))
			continue;
		if (count == MAX_DAYS)
			return;
		days[count++] = DateADTGetDatum(day);
	}
	values[0] = af_unit_codes(touched, NULL, touched->unit_count);
	values[1] = af_array_of(days, count, DATEOID);
	processed = af_read_facts(rules, judge, as_of,
							  psprintf("SELECT DISTINCT f.unit FROM %s AS f WHERE COALESCE(f.voided_at, 'infinity') = 'infinity' AND f.unit = ANY ($1) AND f.occurred_on = ANY ($2)", judge->facts),
							  2, types, values, NULL);
	memset(touching, 0, sizeof(bool) * touched->unit_count);
	for (uint64 i = 0; i < processed; i++)
	{
		bool		null;

		touching[af_unit_find(touched, SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &null)) - touched->units] = true;
	}
	SPI_freetuptable(SPI_tuptable);
}

void
af_count_sums(af_rules *rules, const af_judge *judge, DateADT as_of, af_touched_rows *touched, int64 from, int64 to, bool wanted, af_candidates *list)
{
	bool	   *touching = palloc_extended(sizeof(bool) * (touched->unit_count + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	int32	   *units = palloc(sizeof(int32) * BATCH);
	int32		count = 0;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "antifraud facts of units", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);

	for (int64 i = from; i < to; i++)
		if (touched->rows[i].day >= judge->facts_from)
			touching[touched->rows[i].unit] = true;
	if (!judge->plain && judge->own_day)
		leave_untouched(rules, judge, as_of, touched, from, to, touching);
	for (int32 i = 0; i < touched->unit_count; i++)
	{
		/* whose margin is to be kept is counted in any case */
		if (wanted ? touched->units[i].wanted : touching[i])
			units[count++] = i;
		if (count > 0 && (count == BATCH || i == touched->unit_count - 1))
		{
			CHECK_FOR_INTERRUPTS();
			if (judge->plain)
				count_plain(rules, judge, as_of, touched, units, count, wanted, list);
			else
				count_others(rules, judge, as_of, touched, units, count, list);
			MemoryContextReset(scratch);
			count = 0;
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	pfree(touching);
	pfree(units);
}
