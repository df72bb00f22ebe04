/*
 * escalate_margin.c
 *		How far a unit is from the rules on the number of its facts.
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
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "core/measure_index.h"

#define MONTHS	12

/* No number of further facts raises anything. */
#define UNBOUNDED	PG_INT32_MAX

/*
 * What a margin was counted for: the rules, and what of the unit decides
 * which of them hold for it.
 */
#define FINGERPRINT(rules)	rules " # hashtextextended(concat_ws('|', u.region::text, u.kind, u.active), 0)"

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
	if (af_rung_is_known(known, unit, code, "", 0))
		return UNBOUNDED;		/* the rule does not hold for this unit */
	for (int b = 0; b < rule->band_count; b++)
	{
		af_wide		least;

		if (!least_count(rubric, rule, &bands[b], third, &least))
			return -1;
		if (least > done && af_rung_is_known(known, unit, code, bands[b].rung, bands[b].rung_length))
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

void
af_margins_narrow(af_rules *rules, const af_judge *judge, DateADT as_of, const af_rubric *rubric, const af_tallied *t, af_touched_unit *unit, HTAB *known)
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

		if (!af_judge_looks_at(rules, judge, rubric, rule))
			continue;
		code = af_rule_code(rubric, rule);
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
