/*
 * clause.c
 *		parse_clause(text) and clause_coverage(text): from the words of a
 *		document to rules, and what of the words was read.
 */
#include "face.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/clause_coverage.h"
#include "core/clause_read.h"
#include "core/rule_write.h"

PG_FUNCTION_INFO_V1(af_clause_rows);
PG_FUNCTION_INFO_V1(af_clause_coverage_rows);

/* Which character, counted from 1, begins at or holds each byte. */
static int32 *
character_places(const char *data, size_t length)
{
	int32	   *place = palloc_extended(sizeof(int32) * (length + 1), MCXT_ALLOC_HUGE);
	int32		count = 0;

	for (size_t i = 0; i < length; i++)
	{
		if (((unsigned char) data[i] & 0xC0) != 0x80)
			count++;
		place[i] = count;
	}
	place[length] = count + 1;
	return place;
}

static void
read_clause(text *input, const af_memory *memory, af_clause *clause)
{
	af_error	error;

	if (!af_clause_read(VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input), memory, clause, &error))
		af_report(NULL, &error);
}

Datum
af_clause_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	text	   *input = PG_GETARG_TEXT_PP(0);
	const char *data = VARDATA_ANY(input);
	af_memory	memory = af_palloc_memory();
	af_clause	clause;
	int32	   *place;
	int			ordinal = 0;

	InitMaterializedSRF(fcinfo, 0);
	read_clause(input, &memory, &clause);
	place = character_places(data, VARSIZE_ANY_EXHDR(input));
	for (size_t i = 0; i < clause.count;)
	{
		const af_clause_piece *first = &clause.piece[i];
		const af_clause_piece *last;
		af_rule		rule;
		af_text		out;
		Datum		values[5];
		bool		nulls[5] = {false};

		if (first->reason)
		{
			i++;
			continue;
		}
		af_clause_rule(&clause, i, &rule, &i);
		last = &clause.piece[i - 1];
		af_text_init(&out, &memory);
		af_rule_write(&rule, &out);
		values[0] = Int32GetDatum(++ordinal);
		values[1] = af_text_datum(out.data, out.length);
		values[2] = af_text_datum(data + first->condition_start, first->condition_end - first->condition_start);
		values[3] = Int32GetDatum(place[Min(first->condition_start, first->start)]);
		values[4] = Int32GetDatum(place[last->end - 1]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}

Datum
af_clause_coverage_rows(PG_FUNCTION_ARGS)
{
	static const char *const kinds[] = {
		[AF_COVER_UNREAD] = "unread",
		[AF_COVER_CONDITION] = "condition",
		[AF_COVER_CONSEQUENCE] = "consequence",
	};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	text	   *input = PG_GETARG_TEXT_PP(0);
	const char *data = VARDATA_ANY(input);
	size_t		length = VARSIZE_ANY_EXHDR(input);
	af_memory	memory = af_palloc_memory();
	af_clause	clause;
	af_cover_span *span;
	size_t		count;
	int32	   *place;

	InitMaterializedSRF(fcinfo, 0);
	read_clause(input, &memory, &clause);
	place = character_places(data, length);
	span = af_clause_cover(data, length, &clause, &count);
	for (size_t i = 0; i < count; i++)
	{
		Datum		values[5];
		bool		nulls[5] = {false};

		values[0] = Int32GetDatum(place[span[i].start]);
		values[1] = Int32GetDatum(place[span[i].end - 1]);
		values[2] = CStringGetTextDatum(kinds[span[i].kind]);
		values[3] = af_text_datum(data + span[i].start, span[i].end - span[i].start);
		nulls[4] = span[i].reason == NULL;
		values[4] = nulls[4] ? (Datum) 0 : CStringGetTextDatum(span[i].reason);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}
