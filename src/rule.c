/*
 * rule.c
 *		The type `rule`: one clause of an official document.
 *
 * What is stored is the canonical text, so that a stored rule outlives every
 * change of the compiled form, and a cast to text costs nothing.  A rubric
 * holds its rules compiled; nothing else needs them fast.
 */
#include "text_family.h"

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

/*
 * For comparison with text, which may call this for every row: no memory is
 * taken, because a canonical text always fits.
 */
static bool
normalise(const char *text, size_t length, char *out, size_t *out_length)
{
	af_text		canonical = {NULL, out, 0, AF_CANONICAL_SIZE};
	af_rule		rule;
	af_error	error;

	StaticAssertStmt((AF_RULE_MAX_BANDS + 1) * AF_BAND_MAX_TEXT <= AF_CANONICAL_SIZE,
					 "a canonical rule may not fit into an operand");
	if (!af_rule_read(text, length, &rule, &error))
		return false;
	af_rule_write(&rule, &canonical);
	*out_length = canonical.length;
	return true;
}

static const af_text_family rule_family = {normalise, af_operand_stored, NULL, NULL};

AF_STORED_COMPARISONS(rule, rule_family)
AF_TEXT_FAMILY(rule, rule_family)

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
