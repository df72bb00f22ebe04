/*
 * score_table_io.c
 *		score_table as text: format, identity, counters a region, then
 *		`;region=counters` for each region in order; no region before = stands
 *		for facts without one.
 */
#include "score_table.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "text_type.h"


/* The reader: NULL with the reason in *fault. */
static af_score_table *
read_table(const char *text, size_t length, af_fault *fault)
{
	const char *end = text + length;
	const char *at = text;
	uint8		identity[AF_IDENTITY_SIZE];
	int			counter_count = 0;
	af_score_table *table;

	if (length < 3 + 2 * AF_IDENTITY_SIZE || at[0] != '1' || at[1] != ':' ||
		!af_identity_read(at + 2, identity) || at[2 + 2 * AF_IDENTITY_SIZE] != ':')
	{
		fault->why = "It must begin with \"1:\", 32 lower-case hexadecimal digits and \":\".";
		return NULL;
	}
	at += 3 + 2 * AF_IDENTITY_SIZE;
	fault->why = "The number of counters must be a whole number from 0 to 1000.";
	if (at == end || *at < '0' || *at > '9' || (*at == '0' && at + 1 < end && at[1] >= '0' && at[1] <= '9'))
		return NULL;
	for (; at < end && *at >= '0' && *at <= '9'; at++)
	{
		counter_count = counter_count * 10 + (*at - '0');
		if (counter_count > AF_RUBRIC_MAX_COUNTERS)
			return NULL;
	}
	table = af_score_table_new(CurrentMemoryContext, identity, counter_count);
	while (at < end)
	{
		const char *stop;
		af_region	region = AF_REGION_NONE;
		int64	   *counters;
		uint32		before = table->table.count;

		CHECK_FOR_INTERRUPTS();
		fault->why = "Regions are written as ;code=counters.";
		if (*at++ != ';')
			return NULL;
		stop = memchr(at, '=', (size_t) (end - at));
		if (stop == NULL)
			return NULL;
		fault->why = "It names something that is not a region.";
		if (stop > at && !af_region_read(at, (size_t) (stop - at), &region, NULL))
			return NULL;
		counters = af_score_table_row(table, region);
		fault->why = "It names a region twice.";
		if (table->table.count == before)
			return NULL;
		at = stop + 1;
		for (int i = 0; i < counter_count; i++)
		{
			if (i > 0 && (at == end || *at++ != ','))
			{
				fault->why = "A region has fewer counters than the rubric.";
				return NULL;
			}
			at = af_counter_read(at, end, &counters[i], fault);
			if (at == NULL)
				return NULL;
		}
	}
	return table;
}

static Datum
read_text(const char *text, size_t length, Node *context)
{
	af_fault	fault = {AF_SYNTAX, NULL};
	char		excerpt[AF_EXCERPT_SIZE];
	af_error	error;
	af_score_table *table = read_table(text, length, &fault);

	if (table != NULL)
		return EOHPGetRWDatum(&table->header);
	af_error_set(&error, fault.code, "invalid input syntax for type score_table: \"%s\"", af_excerpt(excerpt, text, length));
	af_error_detail(&error, "%s", fault.why);
	af_error_hint(&error, "Score tables are made by tally_regions, and written by their output function.");
	return af_report(context, &error);
}

static char *
write_text(Datum value, size_t *length)
{
	af_score_table *table = af_score_table_get(value);
	const af_region_entry *sorted = af_score_table_sorted(table);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d:", AF_SCORE_TABLE_FORMAT);
	af_identity_write(&out, table->identity);
	appendStringInfo(&out, ":%d", table->table.counter_count);
	for (uint32 i = 0; i < table->table.count; i++)
	{
		const int64_t *counters = af_region_table_counters(&table->table, sorted[i].slot);
		char		code[AF_REGION_SIZE] = "";

		CHECK_FOR_INTERRUPTS();
		if (sorted[i].region != AF_REGION_NONE)
			af_region_write(code, sorted[i].region);
		appendStringInfo(&out, ";%s=", code);
		af_counters_write(&out, (const int64 *) counters, table->table.counter_count);
	}
	*length = (size_t) out.len;
	return out.data;
}

AF_TEXT_TYPE(af_score_table)

/* By identity, then region by region and counter by counter. */
static int
compare(FunctionCallInfo fcinfo)
{
	MemoryContext old = af_scratch_begin();
	af_score_table *a = af_score_table_get(PG_GETARG_DATUM(0));
	af_score_table *b = af_score_table_get(PG_GETARG_DATUM(1));
	const af_region_entry *x = af_score_table_sorted(a);
	const af_region_entry *y = af_score_table_sorted(b);
	int			order = memcmp(a->identity, b->identity, AF_IDENTITY_SIZE);

	if (order == 0)
		order = a->table.counter_count - b->table.counter_count;
	for (uint32 i = 0; order == 0 && i < Min(a->table.count, b->table.count); i++)
	{
		const int64_t *left = af_region_table_counters(&a->table, x[i].slot);
		const int64_t *right = af_region_table_counters(&b->table, y[i].slot);

		order = (x[i].region > y[i].region) - (x[i].region < y[i].region);
		for (int n = 0; order == 0 && n < a->table.counter_count; n++)
			order = (left[n] > right[n]) - (left[n] < right[n]);
	}
	if (order == 0)
		order = (a->table.count > b->table.count) - (a->table.count < b->table.count);
	af_scratch_end(old);
	return order;
}

AF_COMPARISONS(af_score_table, compare(fcinfo))
