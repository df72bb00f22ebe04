/*
 * escalate_count.c
 *		Rules on the number of facts of a unit, and how far it is from them.
 *
 * The facts of a unit would have to be counted with every row.  Instead it is
 * kept how many more there can be before anything is raised
 * (escalation_margin), and they are counted when that is used up.
 *
 * A margin is counted from below: with all facts of the window, whatever the
 * as-of day, and with the baseline of that day, which only grows as days go
 * by; so it holds as of every later day.  There is one for each month left of
 * the year, with the baseline of its first day: a unit that keeps pace with
 * last year need not be counted again and again.  Changes other than new rows
 * end the margin.
 */
#include "escalate.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "card_read.h"
#include "core/measure_index.h"

/* Units that are counted at once: bounds memory. */
#define BATCH	5000

#define MONTHS	12

/* So many days of a statement are looked up one by one. */
#define MAX_DAYS	8

/* No number of further facts raises anything. */
#define UNBOUNDED	PG_INT32_MAX

/*
 * What a margin was counted for: the rules, and what of the unit decides
 * which of them hold for it.
 */
#define FINGERPRINT(rules)	rules " # hashtextextended(concat_ws('|', u.region::text, u.kind, u.active), 0)"

static bool
looks_at(const af_rules *rules, const af_judge *judge, const af_rubric *rubric, const af_compiled_rule *rule)
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

static char *
code_of(const af_rubric *rubric, const af_compiled_rule *rule)
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

static af_wide
floor_of(af_wide a, af_wide b)
{
	return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static af_wide
ceiling_of(af_wide a, af_wide b)
{
	return -floor_of(-a, b);
}

/*
 * The least number of facts with which a band can hold, against a baseline of
 * `third` facts in all its years.  False where there is none: it may hold
 * with any number.
 */
static bool
least_count(const af_rubric *rubric, const af_compiled_rule *rule, const af_compiled_band *band, int64 third, af_wide *least)
{
	bool		bounded = false;

	for (int i = 0; i < band->comparison_count; i++)
	{
		const af_comparison *comparison = &band->comparison[i];
		af_wide		numerator = comparison->value;
		af_wide		denominator = AF_NUMBER_SCALE;
		af_wide		bound;

		if (comparison->operator == AF_LESS || comparison->operator == AF_AT_MOST)
			continue;
		if (rule->subject == AF_SUBJECT_CHANGE)
		{
			/* 100 * (years * count - third) / third against value / scale */
			numerator = (af_wide) third * ((af_wide) 100 * AF_NUMBER_SCALE + comparison->value);
			denominator = (af_wide) 100 * AF_NUMBER_SCALE * rubric->baseline_years;
		}
		else if (comparison->kind == AF_VALUE_BASELINE)
		{
			numerator = third;
			denominator = rubric->baseline_years;
		}
		bound = comparison->operator == AF_GREATER ? floor_of(numerator, denominator) + 1 : ceiling_of(numerator, denominator);
		if (!bounded || bound > *least)
			*least = bound;
		bounded = true;
	}
	return bounded;
}

typedef struct known_rung
{
	const char *key;			/* unit, rule and rung */
} known_rung;

static bool
is_known(HTAB *known, const char *unit, const char *rule, const char *rung, int length)
{
	const char *key = psprintf("%s\n%s\n%.*s", unit, rule, length, rung);

	return hash_search(known, &key, HASH_FIND, NULL) != NULL;
}

/*
 * How many more facts one rule bears before it raises what it has not raised,
 * with a baseline of `third` facts in all its years.
 */
static af_wide
margin_of_rule(const af_rubric *rubric, const af_compiled_rule *rule, const int64 *now, const int64 *whole, int64 third,
			   const char *unit, const char *code, HTAB *known)
{
	const af_compiled_band *bands = &af_rubric_bands(rubric)[rule->first_band];
	bool		told = true;	/* what fewer facts raise was raised, or something graver */
	af_wide		done = 0;		/* rungs that take as many facts, or fewer, are behind it */
	af_wide		margin = UNBOUNDED;

	if (rule->subject != AF_SUBJECT_COUNT && rule->subject != AF_SUBJECT_CHANGE)
		return -1;
	if (rule->uses_baseline && !af_rubric_windows(rubric)[rule->first_window].comparable)
		return UNBOUNDED;
	if (rule->subject == AF_SUBJECT_CHANGE)
	{
		/* without a baseline in all of the window nothing can be told */
		if (whole[AF_COUNTER_THIRD] == 0)
			return UNBOUNDED;
		/* nor was it as long as there is none */
		told = now[AF_COUNTER_THIRD] > 0;
		third = Max(third, 1);
	}
	if (is_known(known, unit, code, "", 0))
		return UNBOUNDED;		/* the rule does not hold for this unit */
	for (int b = 0; b < rule->band_count; b++)
	{
		af_wide		least;

		if (!least_count(rubric, rule, &bands[b], third, &least))
			return -1;
		if (least > done && is_known(known, unit, code, bands[b].rung, bands[b].rung_length))
			done = least;
	}
	for (int b = 0; b < rule->band_count; b++)
	{
		af_wide		least;

		least_count(rubric, rule, &bands[b], third, &least);
		if (least > done && (least > now[AF_COUNTER_QUANTITY] || !told))
			margin = Min(margin, least - 1 - whole[AF_COUNTER_QUANTITY]);
	}
	return Max(margin, -1);
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

/* What the facts of a unit come to. */
typedef struct tallied
{
	int64	   *now;			/* as of the day */
	int64	   *whole;			/* with all facts of the window */
	DateADT   **days;			/* of each measure of the rubric */
	int		   *day_counts;
} tallied;

static const af_amount no_amount;

static void
count_days(const af_rubric *rubric, const af_rubric *whole, int measure, const DateADT *days, int count, tallied *t)
{
	for (int i = 0; i < count; i++)
		if (af_card_count(rubric, t->now, measure, days[i], 1, 0, &no_amount) != AF_COUNT_OK ||
			af_card_count(whole, t->whole, measure, days[i], 1, 0, &no_amount) != AF_COUNT_OK)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("the sum of the facts of a unit is out of range")));
}

/* The facts of the baseline of a rule as of a later day. */
static int64
baseline_on(const af_rubric *rubric, const af_compiled_rule *rule, DateADT as_of, const DateADT *days, int count)
{
	const af_window *window = &af_rubric_windows(rubric)[rule->first_window];
	int64		found = 0;

	for (int y = 0; y < rubric->baseline_years; y++)
	{
		af_day		to = af_day_add_years(as_of, -(y + 1));

		for (int i = 0; i < count; i++)
			found += days[i] >= window->baseline_from[y] && days[i] <= to;
	}
	return found;
}

/* The margins of a unit under one judge; lowers those that it has. */
static void
narrow_margins(af_rules *rules, const af_judge *judge, DateADT as_of, const af_rubric *rubric, const tallied *t, af_touched_unit *unit, HTAB *known)
{
	int			year;
	int			month;
	int			of_month;

	j2date(as_of + POSTGRES_EPOCH_JDATE, &year, &month, &of_month);
	for (int r = 0; r < rubric->rule_count; r++)
	{
		const af_compiled_rule *rule = &af_rubric_rules(rubric)[r];
		const int64 *now = t->now + rule->first_counter;
		const int64 *whole = t->whole + rule->first_counter;
		af_span		measure = af_rubric_text(rubric, rule->measure);
		int			index;
		char	   *code;

		if (!looks_at(rules, judge, rubric, rule))
			continue;
		code = code_of(rubric, rule);
		index = af_rubric_find_measure(rubric, measure.data, measure.length);
		for (int m = month; m <= MONTHS; m++)
		{
			int64		third = 0;
			af_wide		margin;

			if (rule->uses_baseline)
				third = m == month ? now[AF_COUNTER_THIRD]
					: baseline_on(rubric, rule, date2j(year, m, 1) - POSTGRES_EPOCH_JDATE, t->days[index], t->day_counts[index]);
			margin = margin_of_rule(rubric, rule, now, whole, third, unit->code, code, known);
			unit->margins[m - 1] = (int32) Min((af_wide) unit->margins[m - 1], margin);
			if (!rule->uses_baseline)
			{
				for (m++; m <= MONTHS; m++)
					unit->margins[m - 1] = (int32) Min((af_wide) unit->margins[m - 1], margin);
			}
		}
	}
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

		if (outcomes[r].raised == 0 || !looks_at(rules, judge, rubric, rule))
			continue;
		for (int b = 0; b < rule->band_count; b++)
		{
			const af_compiled_band *band = &af_rubric_bands(rubric)[rule->first_band + b];
			char	   *code = code_of(rubric, rule);
			const char *key;
			af_candidate *found;
			MemoryContext old;

			if ((outcomes[r].raised & (UINT32_C(1) << b)) == 0 ||
				is_known(known, unit->code, code, band->rung, band->rung_length) || is_known(known, unit->code, code, "", 0))
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
	tallied    *all = palloc_extended(sizeof(tallied) * (touched->unit_count + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	HTAB	   *known = read_known(rules, judge, as_of, codes);
	uint64		processed = af_read_facts(rules, judge, as_of,
										  psprintf("SELECT f.unit, f.measure, array_agg(f.occurred_on) FROM %s AS f"
												   " WHERE COALESCE(f.voided_at, 'infinity') = 'infinity' AND f.unit = ANY ($1) AND f.occurred_on BETWEEN $2 AND $3 GROUP BY f.unit, f.measure", judge->facts),
										  3, types, values, NULL);
	SPITupleTable *table = SPI_tuptable;

	for (int32 i = 0; i < count; i++)
	{
		tallied    *t = &all[units[i]];

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
		tallied    *t = &all[unit - touched->units];

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
			narrow_margins(rules, judge, as_of, rubric, &all[units[i]], unit, known);
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

/*
 * Take the new rows off the margins of their units, which are locked; with
 * reset, end them.  Units whose margin is used up, or was none, are to be
 * counted.  The statement is written so that there is one way only to run it:
 * a plan that was made while the tables were empty must serve when they are
 * large.
 */
void
af_margins_take(af_rules *rules, af_touched_rows *touched, DateADT as_of, bool reset)
{
	Datum	   *counts = palloc_extended(sizeof(Datum) * touched->unit_count, MCXT_ALLOC_HUGE);
	Datum	   *days = palloc_extended(sizeof(Datum) * touched->unit_count, MCXT_ALLOC_HUGE);
	Oid			types[7] = {TEXTOID, TEXTARRAYOID, INT8ARRAYOID, DATEARRAYOID, INT8OID, DATEOID, INT4OID};
	Datum		values[7];
	uint64		processed;
	SPITupleTable *table;
	int			year;
	int			month;
	int			of_month;

	for (int32 i = 0; i < touched->unit_count; i++)
	{
		/* below 0 in a new row, which is to be counted */
		counts[i] = Int64GetDatum(-1 - touched->units[i].rows);
		days[i] = DateADTGetDatum(touched->units[i].min_day);
		touched->units[i].wanted = true;
	}
	j2date(as_of + POSTGRES_EPOCH_JDATE, &year, &month, &of_month);
	values[0] = CStringGetTextDatum(rules->relation);
	values[1] = af_unit_codes(touched, NULL, touched->unit_count);
	values[2] = af_array_of(counts, touched->unit_count, INT8OID);
	values[3] = af_array_of(days, touched->unit_count, DATEOID);
	/* no rules have this fingerprint */
	values[4] = Int64GetDatum(reset ? -1 : rules->fingerprint);
	values[5] = DateADTGetDatum(as_of);
	values[6] = Int32GetDatum(month);
	processed = af_rules_run(rules,
							 psprintf("INSERT INTO %s.escalation_margin AS m (relation, unit, used, first_day, rules, as_of)"
									  " SELECT $1, t.unit, t.rows, t.min_day, u.print, $6 FROM ROWS FROM (unnest($2), unnest($3), unnest($4)) AS t (unit, rows, min_day)"
									  " CROSS JOIN LATERAL (SELECT " FINGERPRINT("$5") " AS print FROM %s.unit AS u WHERE u.code = t.unit OFFSET 0) AS u"
									  " ON CONFLICT (relation, unit) DO UPDATE SET used = CASE WHEN m.used >= 0 AND m.rules = EXCLUDED.rules AND m.as_of <= EXCLUDED.as_of"
									  " AND EXCLUDED.first_day >= m.first_day AND EXCLUDED.as_of <= m.last_day AND m.used - 1 - EXCLUDED.used <= m.margins[$7] THEN m.used - 1 - EXCLUDED.used ELSE -1 END"
									  " RETURNING m.unit, m.used >= 0", rules->registry, rules->registry),
							 7, types, values, NULL);
	table = SPI_tuptable;
	for (uint64 i = 0; i < processed; i++)
	{
		bool		null;
		af_touched_unit *unit = af_unit_find(touched, SPI_getbinval(table->vals[i], table->tupdesc, 1, &null));

		unit->wanted = !DatumGetBool(SPI_getbinval(table->vals[i], table->tupdesc, 2, &null));
	}
	SPI_freetuptable(table);
	for (int32 i = 0; i < touched->unit_count; i++)
		if (touched->units[i].wanted)
		{
			touched->units[i].margins = palloc(sizeof(int32) * MONTHS);
			for (int m = 0; m < MONTHS; m++)
				touched->units[i].margins[m] = UNBOUNDED;
		}
}

/*
 * Keep the margins that were counted.  They hold for the days that all judges
 * have in common, within the year; a month without a margin is counted when it
 * comes.
 */
void
af_margins_keep(af_rules *rules, const af_day_rules *day, const af_touched_rows *touched)
{
	Oid			types[7] = {TEXTOID, TEXTARRAYOID, TEXTARRAYOID, INT8OID, DATEOID, DATEOID, DATEOID};
	Datum		values[7];
	DateADT		first = DATEVAL_NOBEGIN;
	DateADT		last;
	Datum	   *margins = palloc_extended(sizeof(Datum) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);
	int32	   *units = palloc_extended(sizeof(int32) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);
	int32		count = 0;
	int			year;
	int			month;
	int			of_month;

	j2date(day->as_of + POSTGRES_EPOCH_JDATE, &year, &month, &of_month);
	last = date2j(year, MONTHS, 31) - POSTGRES_EPOCH_JDATE;
	for (int i = 0; i < day->count; i++)
	{
		if (day->judges[i].by_fact || !day->judges[i].plain)
			continue;
		first = Max(first, day->judges[i].first_day);
		last = Min(last, day->judges[i].ends_on);
	}
	for (int32 i = 0; i < touched->unit_count; i++)
	{
		StringInfoData literal;

		if (!touched->units[i].wanted || touched->units[i].margins[month - 1] < 0)
			continue;
		initStringInfo(&literal);
		for (int m = 0; m < MONTHS; m++)
			appendStringInfo(&literal, "%c%d", m == 0 ? '{' : ',', m < month - 1 ? -1 : touched->units[i].margins[m]);
		appendStringInfoChar(&literal, '}');
		margins[count] = CStringGetTextDatum(literal.data);
		units[count++] = i;
	}
	if (count == 0 || DATE_NOT_FINITE(first))
		return;
	values[0] = CStringGetTextDatum(rules->relation);
	values[1] = af_unit_codes(touched, units, count);
	values[2] = af_array_of(margins, count, TEXTOID);
	values[3] = Int64GetDatum(rules->fingerprint);
	values[4] = DateADTGetDatum(day->as_of);
	values[5] = DateADTGetDatum(first);
	values[6] = DateADTGetDatum(last);
	af_rules_run(rules, psprintf("INSERT INTO %s.escalation_margin AS m (relation, unit, used, margins, rules, as_of, first_day, last_day)"
								 " SELECT $1, t.unit, 0, t.margins::integer[], u.print, $5, $6, $7 FROM ROWS FROM (unnest($2), unnest($3)) AS t (unit, margins)"
								 " CROSS JOIN LATERAL (SELECT " FINGERPRINT("$4") " AS print FROM %s.unit AS u WHERE u.code = t.unit OFFSET 0) AS u"
								 " ON CONFLICT (relation, unit) DO UPDATE SET used = 0, margins = EXCLUDED.margins, rules = EXCLUDED.rules, as_of = EXCLUDED.as_of, first_day = EXCLUDED.first_day, last_day = EXCLUDED.last_day",
								 rules->registry, rules->registry),
				 7, types, values, NULL);
}
