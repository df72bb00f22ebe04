/*
 * sealed_line.c
 *		A line of the canonical form of published rows: fields with the escapes
 *		of COPY's text format, a tab between them.
 *
 * What fraud.sealed_field() gives for each value, written in one go: a seal of
 * a county has half a million fields.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(af_sealed_line);

/* By bytes: in UTF8, the encoding of every database with this extension, no part of another character looks like one of these. */
static void
append_text(StringInfo line, const char *text, size_t length)
{
	const char *end = text + length;
	const char *plain = text;

	for (; text < end; text++)
	{
		char		escape;

		switch (*text)
		{
			case '\\':
				escape = '\\';
				break;
			case '\t':
				escape = 't';
				break;
			case '\n':
				escape = 'n';
				break;
			case '\r':
				escape = 'r';
				break;
			default:
				continue;
		}
		appendBinaryStringInfo(line, plain, (int) (text - plain));
		appendStringInfoCharMacro(line, '\\');
		appendStringInfoCharMacro(line, escape);
		plain = text + 1;
	}
	appendBinaryStringInfo(line, plain, (int) (end - plain));
}

static void
append_date(StringInfo line, DateADT day)
{
	char		text[MAXDATELEN + 1];
	struct pg_tm tm;

	if (DATE_NOT_FINITE(day))
		EncodeSpecialDate(day, text);
	else
	{
		j2date(day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		EncodeDateOnly(&tm, USE_ISO_DATES, text);
	}
	appendStringInfoString(line, text);
}

static void
append_value(StringInfo line, Oid type, Datum value)
{
	char		digits[MAXINT8LEN + 1];

	switch (type)
	{
		case TEXTOID:
			{
				text	   *written = DatumGetTextPP(value);

				append_text(line, VARDATA_ANY(written), VARSIZE_ANY_EXHDR(written));
				break;
			}
		case INT4OID:
			appendBinaryStringInfo(line, digits, pg_ltoa(DatumGetInt32(value), digits));
			break;
		case INT8OID:
			appendBinaryStringInfo(line, digits, pg_lltoa(DatumGetInt64(value), digits));
			break;
		case BOOLOID:
			appendStringInfoCharMacro(line, DatumGetBool(value) ? 't' : 'f');
			break;
		case DATEOID:
			append_date(line, DatumGetDateADT(value));
			break;
		case NUMERICOID:
			appendStringInfoString(line, DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, value))));
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("the canonical form has no fields of type %s", format_type_be(type)),
					 errdetail("It has text, integer, bigint, numeric, boolean and date."),
					 errhint("Cast the value to text.")));
	}
}

Datum
af_sealed_line(PG_FUNCTION_ARGS)
{
	StringInfoData line;

	initStringInfo(&line);
	for (int i = 0; i < PG_NARGS(); i++)
	{
		if (i > 0)
			appendStringInfoCharMacro(&line, '\t');
		if (PG_ARGISNULL(i))
			appendStringInfoString(&line, "\\N");
		else
			append_value(&line, get_fn_expr_argtype(fcinfo->flinfo, i), PG_GETARG_DATUM(i));
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(line.data, line.len));
}
