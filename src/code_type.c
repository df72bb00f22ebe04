/*
 * code_type.c
 *		A type that is a code: eight bytes by value, digits as text.
 */
#include "code_type.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"

Datum
af_code_in(FunctionCallInfo fcinfo, const af_code_type *type)
{
	char	   *text = PG_GETARG_CSTRING(0);
	af_error	error;
	int64_t		value;

	if (!type->read(text, strlen(text), &value, &error))
		return af_report(fcinfo->context, &error);
	PG_RETURN_INT64(value);
}

Datum
af_code_out(FunctionCallInfo fcinfo, const af_code_type *type)
{
	char		buffer[AF_CODE_SIZE];

	type->write(buffer, PG_GETARG_INT64(0));
	PG_RETURN_CSTRING(pstrdup(buffer));
}

Datum
af_code_recv(FunctionCallInfo fcinfo, const af_code_type *type)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length;
	char	   *text = pq_getmsgtext(message, message->len - message->cursor, &length);
	af_error	error;
	int64_t		value;

	if (!type->read(text, (size_t) length, &value, &error))
		return af_report(NULL, &error);
	pfree(text);
	PG_RETURN_INT64(value);
}

Datum
af_code_send(FunctionCallInfo fcinfo, const af_code_type *type)
{
	char		buffer[AF_CODE_SIZE];
	size_t		length = type->write(buffer, PG_GETARG_INT64(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendtext(&message, buffer, (int) length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

Datum
af_code_or_null(FunctionCallInfo fcinfo, const af_code_type *type)
{
	text	   *argument = PG_GETARG_TEXT_PP(0);
	int64_t		value = 0;
	bool		good = type->read(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument), &value, NULL);

	PG_FREE_IF_COPY(argument, 0);
	if (!good)
		PG_RETURN_NULL();
	PG_RETURN_INT64(value);
}

bool
af_code_normalise(const af_code_type *type, const char *text, size_t length,
				  char *out, size_t *out_length)
{
	int64_t		value;

	if (!type->read(text, length, &value, NULL))
		return false;
	*out_length = type->write(out, value);
	return true;
}

void
af_code_operand(const af_code_type *type, Datum value, af_operand *operand)
{
	operand->length = type->write(operand->buffer, DatumGetInt64(value));
	operand->data = operand->buffer;
}
