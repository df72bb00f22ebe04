/*
 * rule.c
 *		The type `rule`: one clause of an official document.
 *
 * What is stored is the canonical text, so that a stored rule outlives every
 * change of the compiled form, and a cast to text costs nothing.  A rubric
 * holds its rules compiled; nothing else needs them fast.
 */
#include "face.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/rule_chinese.h"
#include "core/rule_read.h"
#include "core/rule_write.h"

/* The canonical form of a text as a Datum; as af_report where it is no rule. */
static Datum
rule_datum(const char *text, size_t length, Node *context)
{
	af_memory	memory = af_palloc_memory();
	af_rule		rule;
	af_error	error;
	af_text		out;

	if (!af_rule_read(text, length, &rule, &error))
		return af_report(context, &error);
	af_text_init(&out, &memory);
	af_rule_write(&rule, &out);
	return af_text_datum(out.data, out.length);
}

/*
 * Every stored value has been through the reader; one that it refuses means
 * that the table is damaged, or that the bytes came in some other way.
 */
static void
rule_of(text *stored, af_rule *rule)
{
	af_error	error;

	if (!af_rule_read(VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored), rule, &error))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("a stored value of type rule cannot be read"),
				 errdetail_internal("%s", error.message),
				 errhint("Values of this type come from its input function only; look for damage or for a cast WITHOUT FUNCTION.")));
}

/* Byte order, as "C" collation has it: the same on every server. */
static int
compare(FunctionCallInfo fcinfo)
{
	text	   *a = PG_GETARG_TEXT_PP(0);
	text	   *b = PG_GETARG_TEXT_PP(1);
	size_t		a_length = VARSIZE_ANY_EXHDR(a);
	size_t		b_length = VARSIZE_ANY_EXHDR(b);
	int			result = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_length, b_length));

	if (result == 0)
		result = (a_length > b_length) - (a_length < b_length);

	/* btree operator classes must free what they detoast */
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

PG_FUNCTION_INFO_V1(af_rule_in);
Datum
af_rule_in(PG_FUNCTION_ARGS)
{
	char	   *input = PG_GETARG_CSTRING(0);

	return rule_datum(input, strlen(input), fcinfo->context);
}

PG_FUNCTION_INFO_V1(af_rule_out);
Datum
af_rule_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(TextDatumGetCString(PG_GETARG_DATUM(0)));
}

/* The binary form is the text: binary clients then see what people see. */
PG_FUNCTION_INFO_V1(af_rule_recv);
Datum
af_rule_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	int			length;
	char	   *input = pq_getmsgtext(buffer, buffer->len - buffer->cursor, &length);

	return rule_datum(input, length, NULL);
}

PG_FUNCTION_INFO_V1(af_rule_send);
Datum
af_rule_send(PG_FUNCTION_ARGS)
{
	text	   *rule = PG_GETARG_TEXT_PP(0);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendtext(&buffer, VARDATA_ANY(rule), VARSIZE_ANY_EXHDR(rule));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

/* text, varchar and char alike: blanks at the end mean nothing in a rule. */
PG_FUNCTION_INFO_V1(af_rule_from_text);
Datum
af_rule_from_text(PG_FUNCTION_ARGS)
{
	text	   *input = PG_GETARG_TEXT_PP(0);

	return rule_datum(VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input), fcinfo->context);
}

PG_FUNCTION_INFO_V1(af_rule_to_jsonb);
Datum
af_rule_to_jsonb(PG_FUNCTION_ARGS)
{
	af_memory	memory = af_palloc_memory();
	af_rule		rule;
	af_text		out;

	rule_of(PG_GETARG_TEXT_PP(0), &rule);
	af_text_init(&out, &memory);
	af_rule_write_json(&rule, &out);
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

PG_FUNCTION_INFO_V1(af_rule_to_chinese);
Datum
af_rule_to_chinese(PG_FUNCTION_ARGS)
{
	af_memory	memory = af_palloc_memory();
	af_rule		rule;
	af_text		out;

	rule_of(PG_GETARG_TEXT_PP(0), &rule);
	af_text_init(&out, &memory);
	af_rule_write_chinese(&rule, &out);
	return af_text_datum(out.data, out.length);
}

PG_FUNCTION_INFO_V1(af_rule_cmp);
Datum
af_rule_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

PG_FUNCTION_INFO_V1(af_rule_eq);
Datum
af_rule_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(af_rule_ne);
Datum
af_rule_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(af_rule_lt);
Datum
af_rule_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(af_rule_le);
Datum
af_rule_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(af_rule_gt);
Datum
af_rule_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(af_rule_ge);
Datum
af_rule_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(af_rule_smaller);
Datum
af_rule_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare(fcinfo) <= 0 ? 0 : 1));
}

PG_FUNCTION_INFO_V1(af_rule_larger);
Datum
af_rule_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare(fcinfo) >= 0 ? 0 : 1));
}

PG_FUNCTION_INFO_V1(af_rule_hash);
Datum
af_rule_hash(PG_FUNCTION_ARGS)
{
	text	   *rule = PG_GETARG_TEXT_PP(0);
	Datum		result = hash_any((unsigned char *) VARDATA_ANY(rule), VARSIZE_ANY_EXHDR(rule));

	PG_FREE_IF_COPY(rule, 0);
	PG_RETURN_DATUM(result);
}

PG_FUNCTION_INFO_V1(af_rule_hash_extended);
Datum
af_rule_hash_extended(PG_FUNCTION_ARGS)
{
	text	   *rule = PG_GETARG_TEXT_PP(0);
	Datum		result = hash_any_extended((unsigned char *) VARDATA_ANY(rule), VARSIZE_ANY_EXHDR(rule),
										   PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(rule, 0);
	PG_RETURN_DATUM(result);
}
