/*
 * escalate_judge.c
 *		Evaluating the units that a statement touched.
 *
 * A fact that raises something by its size, or by being there at all, is read
 * again through the view fact, as every rule sees it; the columns of the row
 * tell beforehand whether that can be the case.
 *
 * For rules on the number of facts the facts of a unit would have to be
 * counted with every row.  Instead it is kept how many more there can be
 * before anything is raised (escalation_margin), and they are counted when
 * that is used up.  A margin is counted from below: with all facts of the
 * window, whatever the as-of day, and with the baseline of that day, which
 * can only grow as days go by.  Changes other than new rows end it.
 *
 * Two sessions about one unit wait for each other on the unit's margin, or on
 * the unit where facts of several tables are added up; then each reads under
 * a snapshot taken after that, under REPEATABLE READ too, as for foreign keys.
 */
#include "escalate.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "card_read.h"

/* Units that are counted at once: bounds memory. */
#define BATCH	5000

/* No number of further facts raises anything. */
#define UNBOUNDED	PG_INT64_MAX

/* Something that the rules ask for. */
typedef struct candidate
{
	char	   *unit;
	char	   *rule;
	char	   *rung;
	char	   *episode;
	char	   *fact_table;		/* or NULL */
	char	   *fact_key;
	char	   *observed;		/* JSON */
} candidate;

typedef struct candidates
{
	candidate  *items;
	int			count;
	int			capacity;
} candidates;

static candidate *
add_candidate(candidates *list)
{
	if (list->count == list->capacity)
	{
		list->capacity = list->capacity == 0 ? 16 : list->capacity * 2;
		list->items = list->items == NULL ? palloc(sizeof(candidate) * list->capacity)
			: repalloc(list->items, sizeof(candidate) * list->capacity);
	}
	memset(&list->items[list->count], 0, sizeof(candidate));
	return &list->items[list->count++];
}

static Datum
get(SPITupleTable *table, uint64 row, int column, bool *null)
{
	return SPI_getbinval(table->vals[row], table->tupdesc, column, null);
}

static char *
get_text(SPITupleTable *table, uint64 row, int column)
{
	bool		null;
	Datum		value = get(table, row, column, &null);

	return null ? NULL : TextDatumGetCString(value);
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

static char *
iso_day(DateADT day)
{
	struct pg_tm tm;

	j2date(day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	return psprintf("%04d-%02d-%02d", tm.tm_year, tm.tm_mon, tm.tm_mday);
}

/*
 * Read facts for a judge.  What is wrong with them, or with a measure of the
 * office, is said with the rules that wanted to know.
 */
static uint64
read_facts(af_rules *rules, const af_judge *judge, DateADT as_of, const char *query, int count, Oid *types, Datum *values, const char *nulls)
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
		error->message = psprintf("escalation rules on %s cannot be evaluated as of %s: %s", judge->measures, iso_day(as_of), error->message);
		error->detail = psprintf("Of the rules %s.%s%s", TextDatumGetCString(OidFunctionCall2(F_ARRAY_TO_STRING_ANYARRAY_TEXT, judge->codes, CStringGetTextDatum(", "))),
								 error->detail ? " " : "", error->detail ? error->detail : "");
		if (error->hint == NULL)
			error->hint = pstrdup("Correct the facts of the measure, or switch the rule off (escalation_rule.enabled) until that is done.");
		ReThrowError(error);
	}
	PG_END_TRY();
	return processed;
}

/* ---------------------------------------------------------------- locks */

static Datum
codes_of(const af_touched_rows *touched, const int32 *units, int32 count)
{
	Datum	   *codes = palloc_extended(sizeof(Datum) * (count + 1), MCXT_ALLOC_HUGE);

	for (int32 i = 0; i < count; i++)
		codes[i] = CStringGetTextDatum(touched->units[units ? units[i] : i].code);
	return array_of(codes, count, TEXTOID);
}

static int
compare_code(const void *key, const void *unit)
{
	return strcmp(key, ((const af_touched_unit *) unit)->code);
}

static af_touched_unit *
find_unit(const af_touched_rows *touched, Datum code)
{
	return bsearch(TextDatumGetCString(code), touched->units, touched->unit_count, sizeof(af_touched_unit), compare_code);
}

/*
 * Lock the units' margins, in order, and take the new rows off them; with
 * reset, end them.  A margin that is none any more is left below 0.  The
 * statements are written so that there is one way only to run them: a plan
 * that was made while the tables were empty must serve when they are large.
 */
static void
take_margins(af_rules *rules, af_touched_rows *touched, DateADT as_of, bool reset)
{
	Datum	   *counts = palloc_extended(sizeof(Datum) * touched->unit_count, MCXT_ALLOC_HUGE);
	Datum	   *days = palloc_extended(sizeof(Datum) * touched->unit_count, MCXT_ALLOC_HUGE);
	Oid			types[6] = {TEXTOID, TEXTARRAYOID, INT8ARRAYOID, DATEARRAYOID, INT8OID, DATEOID};
	Datum		values[6];
	uint64		processed;
	SPITupleTable *table;

	for (int32 i = 0; i < touched->unit_count; i++)
	{
		counts[i] = Int64GetDatum(touched->units[i].rows);
		days[i] = DateADTGetDatum(touched->units[i].min_day);
	}
	values[0] = CStringGetTextDatum(rules->relation);
	values[1] = codes_of(touched, NULL, touched->unit_count);
	values[2] = array_of(counts, touched->unit_count, INT8OID);
	values[3] = array_of(days, touched->unit_count, DATEOID);
	/* no rules have this fingerprint */
	values[4] = Int64GetDatum(reset ? -1 : rules->fingerprint);
	values[5] = DateADTGetDatum(as_of);
	/* in a new row, the columns carry what the statement brought; it is below 0 like any that is to be counted */
	processed = af_rules_run(rules,
							 psprintf("INSERT INTO %s.escalation_margin AS m (relation, unit, margin, first_day, rules, as_of)"
									  " SELECT $1, t.unit, - t.rows, t.min_day, $5, $6 FROM ROWS FROM (unnest($2), unnest($3), unnest($4)) AS t (unit, rows, min_day)"
									  " WHERE (SELECT true FROM %s.unit AS u WHERE u.code = t.unit)"
									  " ON CONFLICT (relation, unit) DO UPDATE SET margin = CASE WHEN m.rules = EXCLUDED.rules AND m.as_of <= EXCLUDED.as_of"
									  " AND EXCLUDED.first_day >= m.first_day AND EXCLUDED.as_of <= m.last_day AND m.margin + EXCLUDED.margin >= 0 THEN m.margin + EXCLUDED.margin ELSE -1 END"
									  " RETURNING m.unit, m.margin", rules->registry, rules->registry),
							 6, types, values, NULL);
	table = SPI_tuptable;
	for (uint64 i = 0; i < processed; i++)
	{
		bool		null;
		af_touched_unit *unit = find_unit(touched, get(table, i, 1, &null));

		unit->margin = DatumGetInt64(get(table, i, 2, &null));
	}
	SPI_freetuptable(table);
}

static void
lock_units(af_rules *rules, af_touched_rows *touched)
{
	Oid			types[1] = {TEXTARRAYOID};
	Datum		values[1] = {codes_of(touched, NULL, touched->unit_count)};

	af_rules_run(rules, psprintf("SELECT FROM unnest($1) WITH ORDINALITY AS t (code, n)"
								 " CROSS JOIN LATERAL (SELECT FROM %s.unit AS u WHERE u.code = t.code FOR NO KEY UPDATE) AS u", rules->registry),
				 1, types, values, NULL);
	SPI_freetuptable(SPI_tuptable);
}

/* --------------------------------------------------- facts by themselves */

/* The facts of these units on one day. */
static void
judge_facts(af_rules *rules, const af_judge *judge, DateADT as_of, DateADT day, Datum units, candidates *list)
{
	Oid			types[4] = {af_rubric_oid(), TEXTARRAYOID, DATEOID, NUMERICOID};
	Datum		values[4] = {judge->doc, units, DateADTGetDatum(day), judge->least};
	char		nulls[4] = {' ', ' ', ' ', judge->has_least ? ' ' : 'n'};
	char	   *query = psprintf("SELECT c.unit, b.item_no, b.rung, c.source_table, c.source_key,"
								 " jsonb_strip_nulls(jsonb_build_object('measure', c.measure, 'occurred_on', c.occurred_on, 'quantity', c.quantity, 'amount', c.amount))::text"
								 " FROM (SELECT f.measure, f.unit, f.occurred_on, f.source_table, f.source_key, sum(f.quantity) AS quantity, max(f.amount) AS amount,"
								 " antifraud.tally($1, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card FROM %s.fact AS f"
								 " WHERE f.measure = ANY (ARRAY[%s])%s%s AND f.voided_at IS NULL AND f.unit = ANY ($2) AND f.occurred_on = $3 AND ($4 IS NULL OR f.amount >= $4)"
								 " GROUP BY f.measure, f.unit, f.occurred_on, f.source_table, f.source_key) AS c"
								 " CROSS JOIN LATERAL antifraud.raised_by(c.card, $1) AS b",
								 rules->registry, judge->measures,
								 judge->plain ? " AND f.source_table = " : "", judge->plain ? quote_literal_cstr(rules->relation) : "");
	uint64		processed = read_facts(rules, judge, as_of, query, 4, types, values, nulls);
	SPITupleTable *table = SPI_tuptable;

	for (uint64 i = 0; i < processed; i++)
	{
		candidate  *found = add_candidate(list);

		found->unit = get_text(table, i, 1);
		found->rule = get_text(table, i, 2);
		found->rung = get_text(table, i, 3);
		found->fact_table = get_text(table, i, 4);
		found->fact_key = get_text(table, i, 5);
		found->observed = get_text(table, i, 6);
		found->episode = psprintf("fact:%s:%s", found->fact_table, found->fact_key);
	}
	SPI_freetuptable(table);
}

/* Day by day, so that only facts of touched units on touched days are read. */
static void
judge_by_fact(af_rules *rules, const af_judge *judge, DateADT as_of, const af_touched_rows *touched, int64 from, int64 to, candidates *list)
{
	int32	   *units = palloc_extended(sizeof(int32) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);

	for (int64 i = from; i < to;)
	{
		DateADT		day = touched->rows[i].day;
		int32		count = 0;

		CHECK_FOR_INTERRUPTS();
		for (; i < to && touched->rows[i].day == day; i++)
			if (touched->rows[i].bits & judge->bits)
				units[count++] = touched->rows[i].unit;
		if (count > 0 && day >= judge->first_day && day <= judge->last_day)
			judge_facts(rules, judge, as_of, day, codes_of(touched, units, count), list);
	}
	pfree(units);
}

/* ------------------------------------------------------------------ sums */

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

/* How many more facts one rule bears before it raises what it has not raised. */
static af_wide
margin_of_rule(const af_rubric *rubric, const af_compiled_rule *rule, const int64 *now, const int64 *whole,
			   const char *unit, const char *code, HTAB *known)
{
	const af_compiled_band *bands = &af_rubric_bands(rubric)[rule->first_band];
	int64		third = rule->uses_baseline ? now[AF_COUNTER_THIRD] : 0;
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
		if (least > done && least > now[AF_COUNTER_QUANTITY])
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
	Datum		values[4] = {units, judge->codes, CStringGetTextDatum(psprintf("period:%s", iso_day(judge->first_day))), DateADTGetDatum(as_of)};

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
			const char *key = psprintf("%s\n%s\n%s", get_text(table, i, 1), get_text(table, i, 2), get_text(table, i, 3));

			hash_search(known, &key, HASH_ENTER, NULL);
		}
		SPI_freetuptable(table);
	}
	return known;
}

/* Count the facts of these units, and keep how far they are from the next rung. */
static void
judge_batch(af_rules *rules, const af_judge *judge, DateADT as_of, af_touched_rows *touched, const int32 *units, int32 count, candidates *list)
{
	const af_rubric *rubric = af_rubric_get(judge->doc);
	Oid			rubric_type = af_rubric_oid();
	Oid			types[5] = {rubric_type, rubric_type, TEXTARRAYOID, DATEOID, DATEOID};
	Datum		codes = codes_of(touched, units, count);
	Datum		values[5] = {judge->doc, judge->whole, codes, DateADTGetDatum(judge->facts_from), DateADTGetDatum(judge->plain ? judge->ends_on : judge->last_day)};
	af_outcome *outcomes = palloc(sizeof(af_outcome) * (rubric->rule_count + 1));
	bool	   *counted = palloc0(sizeof(bool) * touched->unit_count);
	int64	   *nothing = palloc0(sizeof(int64) * (rubric->counter_count + 1));
	HTAB	   *known = judge->plain ? read_known(rules, judge, as_of, codes) : NULL;
	/* of plain facts only the day is needed */
	const char *counts = judge->plain ? "1, NULL, NULL" : "f.quantity, f.base, f.amount";
	char	   *query = psprintf("SELECT f.unit, antifraud.tally($1, f.measure, f.occurred_on, %s)%s"
								 " FROM %s.fact AS f WHERE f.measure = ANY (ARRAY[%s])%s%s AND f.voided_at IS NULL AND f.unit = ANY ($3) AND f.occurred_on BETWEEN $4 AND $5 AND $2 IS NOT NULL GROUP BY f.unit",
								 counts, judge->plain ? psprintf(", antifraud.tally($2, f.measure, f.occurred_on, %s)", counts) : "", rules->registry, judge->measures,
								 judge->plain ? " AND f.source_table = " : "", judge->plain ? quote_literal_cstr(rules->relation) : "");
	uint64		processed = read_facts(rules, judge, as_of, query, 5, types, values, NULL);
	SPITupleTable *table = SPI_tuptable;

	for (uint64 i = 0; i < processed + count; i++)
	{
		bool		null;
		af_touched_unit *unit = i < processed ? find_unit(touched, get(table, i, 1, &null)) : &touched->units[units[i - processed]];
		const int64 *now = nothing;
		const int64 *whole = nothing;
		af_wide		margin = UNBOUNDED;

		/* those without facts come last */
		if (counted[unit - touched->units])
			continue;
		counted[unit - touched->units] = true;
		if (i < processed)
		{
			now = af_card_counters(af_card_get(get(table, i, 2, &null)));
			if (judge->plain)
				whole = af_card_counters(af_card_get(get(table, i, 3, &null)));
		}
		af_card_judge(rubric, now, outcomes);
		for (int r = 0; r < rubric->rule_count; r++)
		{
			const af_compiled_rule *rule = &af_rubric_rules(rubric)[r];
			const int64 *counters = now + rule->first_counter;
			char	   *code;

			if (!looks_at(rules, judge, rubric, rule))
				continue;
			code = code_of(rubric, rule);
			for (int b = 0; b < rule->band_count; b++)
			{
				const af_compiled_band *band = &af_rubric_bands(rubric)[rule->first_band + b];
				candidate  *found;

				if ((outcomes[r].raised & (UINT32_C(1) << b)) == 0)
					continue;
				if (known && (is_known(known, unit->code, code, band->rung, band->rung_length) || is_known(known, unit->code, code, "", 0)))
					continue;
				found = add_candidate(list);
				found->unit = unit->code;
				found->rule = code;
				found->rung = pnstrdup(band->rung, band->rung_length);
				found->episode = psprintf("period:%s", iso_day(judge->first_day));
				found->observed = observed(rubric, rule, counters);
				if (known)
				{
					const char *key = psprintf("%s\n%s\n%s", unit->code, code, found->rung);

					hash_search(known, &key, HASH_ENTER, NULL);
				}
			}
			if (known)
				margin = Min(margin, margin_of_rule(rubric, rule, counters, whole + rule->first_counter, unit->code, code, known));
		}
		if (known)
			unit->margin = Min(unit->margin, (int64) Min(margin, UNBOUNDED));
	}
	SPI_freetuptable(table);
}

static void
judge_sums(af_rules *rules, const af_judge *judge, DateADT as_of, af_touched_rows *touched, int64 from, int64 to, const bool *wanted, candidates *list)
{
	bool	   *touching = palloc_extended(sizeof(bool) * (touched->unit_count + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	int32	   *units = palloc(sizeof(int32) * BATCH);
	int32		count = 0;

	for (int64 i = from; i < to; i++)
		if (touched->rows[i].day >= judge->facts_from)
			touching[touched->rows[i].unit] = true;
	for (int32 i = 0; i < touched->unit_count; i++)
	{
		/* whose margin is to be kept is counted in any case */
		if (wanted ? wanted[i] : touching[i])
			units[count++] = i;
		if (count > 0 && (count == BATCH || i == touched->unit_count - 1))
		{
			CHECK_FOR_INTERRUPTS();
			judge_batch(rules, judge, as_of, touched, units, count, list);
			count = 0;
		}
	}
	pfree(touching);
	pfree(units);
}

/* Keep the margins that were counted; they hold for the days that all judges have in common. */
static void
keep_margins(af_rules *rules, const af_day_rules *day, const af_touched_rows *touched, const bool *wanted)
{
	Oid			types[7] = {TEXTOID, TEXTARRAYOID, INT8ARRAYOID, INT8OID, DATEOID, DATEOID, DATEOID};
	Datum		values[7];
	DateADT		first = DATEVAL_NOBEGIN;
	DateADT		last = DATEVAL_NOEND;
	Datum	   *margins = palloc_extended(sizeof(Datum) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);
	int32	   *units = palloc_extended(sizeof(int32) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);
	int32		count = 0;

	for (int i = 0; i < day->count; i++)
	{
		if (day->judges[i].by_fact || !day->judges[i].plain)
			continue;
		first = Max(first, day->judges[i].first_day);
		last = Min(last, day->judges[i].ends_on);
	}
	for (int32 i = 0; i < touched->unit_count; i++)
	{
		if (!wanted[i] || touched->units[i].margin < 0)
			continue;
		margins[count] = Int64GetDatum(touched->units[i].margin);
		units[count++] = i;
	}
	if (count == 0 || DATE_NOT_FINITE(first))
		return;
	values[0] = CStringGetTextDatum(rules->relation);
	values[1] = codes_of(touched, units, count);
	values[2] = array_of(margins, count, INT8OID);
	values[3] = Int64GetDatum(rules->fingerprint);
	values[4] = DateADTGetDatum(day->as_of);
	values[5] = DateADTGetDatum(first);
	values[6] = DateADTGetDatum(last);
	af_rules_run(rules, psprintf("INSERT INTO %s.escalation_margin AS m (relation, unit, margin, rules, as_of, first_day, last_day)"
								 " SELECT $1, t.unit, t.margin, $4, $5, $6, $7 FROM ROWS FROM (unnest($2), unnest($3)) AS t (unit, margin)"
								 " WHERE (SELECT true FROM %s.unit AS u WHERE u.code = t.unit)"
								 " ON CONFLICT (relation, unit) DO UPDATE SET margin = EXCLUDED.margin, rules = EXCLUDED.rules, as_of = EXCLUDED.as_of, first_day = EXCLUDED.first_day, last_day = EXCLUDED.last_day",
								 rules->registry, rules->registry),
				 7, types, values, NULL);
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
enter(af_rules *rules, DateADT as_of, const candidates *list)
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
		int			n = DatumGetInt32(get(SPI_tuptable, i, 1, &null)) - 1;

		known[n] = true;
		left--;
		if (DatumGetBool(get(SPI_tuptable, i, 2, &null)))
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
			const candidate *item = &list->items[i];

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
		Datum		later[2] = {rules->comparing, CStringGetTextDatum(iso_day(touched->rows[0].day))};

		processed = af_rules_run(rules, psprintf("SELECT FROM unnest($1) AS r (code) WHERE (SELECT true FROM %s.escalation AS e WHERE starts_with(e.episode, 'period:') AND substr(e.episode, 8) COLLATE \"C\" > $2 COLLATE \"C\" AND e.rule || '' = r.code LIMIT 1)", rules->registry),
								 2, later_types, later, NULL);
		SPI_freetuptable(SPI_tuptable);
	}
	if (rules->falling_count == 0 && processed == 0)
		return;
	days = palloc_extended(sizeof(Datum) * (touched->unit_count + 1), MCXT_ALLOC_HUGE);
	for (int32 i = 0; i < touched->unit_count; i++)
		days[i] = DateADTGetDatum(touched->units[i].min_day);
	values[0] = codes_of(touched, NULL, touched->unit_count);
	values[1] = array_of(days, touched->unit_count, DATEOID);
	values[2] = rules->falling;
	values[3] = rules->comparing;
	processed = af_rules_run(rules, psprintf("SELECT t.unit FROM ROWS FROM (unnest($1), unnest($2)) AS t (unit, day)"
											 " WHERE (SELECT true FROM %s.escalation AS e WHERE e.unit = t.unit"
											 " AND e.caused_by IS NULL AND e.state <> ALL ('{closed,rejected}') AND (e.rule = ANY ($3) OR e.rule = ANY ($4)"
											 " AND CASE WHEN starts_with(e.episode, 'period:') THEN substr(e.episode, 8)::date > t.day END) LIMIT 1)", rules->registry),
							 4, types, values, NULL);
	units = palloc(sizeof(char *) * (processed + 1));
	for (uint64 i = 0; i < processed; i++)
		units[i] = get_text(SPI_tuptable, i, 1);
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
	bool	   *wanted = palloc_extended(sizeof(bool) * (touched->unit_count + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	bool		any = false;

	if (rules->by_other_sum)
		lock_units(rules, touched);
	if (rules->by_sum)
	{
		take_margins(rules, touched, latest, false);
		for (int32 i = 0; i < touched->unit_count; i++)
		{
			wanted[i] = touched->units[i].margin < 0;
			any |= wanted[i];
			if (wanted[i])
				touched->units[i].margin = UNBOUNDED;
		}
	}
	while (to > 0)
	{
		DateADT		as_of = touched->rows[to - 1].day;
		const af_day_rules *day = af_rules_on(rules, as_of);
		DateADT		first = first_of_window(day);
		candidates	list = {NULL, 0, 0};

		for (int i = 0; i < day->count; i++)
		{
			const af_judge *judge = &day->judges[i];

			/* a window that was judged as of a later day */
			if (as_of != latest && judge->ends_on >= later)
				continue;
			if (judge->by_fact)
				judge_by_fact(rules, judge, as_of, touched, 0, to, &list);
			else if (!judge->plain || as_of != latest)
				judge_sums(rules, judge, as_of, touched, 0, to, NULL, &list);
			else if (any)
				judge_sums(rules, judge, as_of, touched, 0, to, wanted, &list);
		}
		if (as_of == latest && any)
			keep_margins(rules, day, touched, wanted);
		enter(rules, as_of, &list);
		to = rows_before(touched, to, DATE_NOT_FINITE(first) ? first_of_month(as_of) : first);
		later = as_of;
	}
	judge_unmade(rules, latest, touched);
	if (rules->of_persons)
		again(rules, latest, codes_of(touched, NULL, touched->unit_count), rules->person_measures);
}

void
af_judge_again(af_rules *rules, af_touched_rows *touched, Datum measures)
{
	Datum		units = codes_of(touched, NULL, touched->unit_count);
	int64		to = touched->row_count;
	DateADT		latest = touched->rows[to - 1].day;

	if (rules->by_other_sum)
		lock_units(rules, touched);
	if (rules->by_sum)
		take_margins(rules, touched, latest, true);
	while (to > 0)
	{
		DateADT		as_of = touched->rows[to - 1].day;
		DateADT		first = first_of_window(af_rules_on(rules, as_of));

		again(rules, as_of, units, measures);
		to = rows_before(touched, to, DATE_NOT_FINITE(first) ? first_of_month(as_of) : first);
	}
}
