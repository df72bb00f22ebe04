/*
 * lenient.c
 *		read_date, read_number, read_region, read_citizen_id: NULL where a text
 *		cannot be read, and reading_fault, which says why.
 */
#include "face.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/numeric.h"

#include "core/lenient.h"

PG_FUNCTION_INFO_V1(af_read_date);
Datum
af_read_date(PG_FUNCTION_ARGS)
{
	text	   *argument = PG_GETARG_TEXT_PP(0);
	af_day		value = 0;
	af_fault	fault = af_lenient_date(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument), &value);

	PG_FREE_IF_COPY(argument, 0);
	if (fault != AF_FAULT_NONE)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(value);
}

PG_FUNCTION_INFO_V1(af_read_number);
Datum
af_read_number(PG_FUNCTION_ARGS)
{
	text	   *argument = PG_GETARG_TEXT_PP(0);
	char		decimal[AF_LENIENT_SIZE];
	af_fault	fault = af_lenient_number(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument), decimal);

	PG_FREE_IF_COPY(argument, 0);
	if (fault != AF_FAULT_NONE)
		PG_RETURN_NULL();
	return DirectFunctionCall3(numeric_in, CStringGetDatum(decimal), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

PG_FUNCTION_INFO_V1(af_read_region);
Datum
af_read_region(PG_FUNCTION_ARGS)
{
	text	   *argument = PG_GETARG_TEXT_PP(0);
	af_region	value = AF_REGION_NONE;
	af_fault	fault = af_lenient_region(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument), &value);

	PG_FREE_IF_COPY(argument, 0);
	if (fault != AF_FAULT_NONE)
		PG_RETURN_NULL();
	PG_RETURN_INT64(value);
}

PG_FUNCTION_INFO_V1(af_read_citizen_id);
Datum
af_read_citizen_id(PG_FUNCTION_ARGS)
{
	text	   *argument = PG_GETARG_TEXT_PP(0);
	af_citizen_id value = 0;
	af_fault	fault = af_lenient_citizen_id(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument), &value);

	PG_FREE_IF_COPY(argument, 0);
	if (fault != AF_FAULT_NONE)
		PG_RETURN_NULL();
	PG_RETURN_INT64(value);
}

static bool
text_is(const text *value, const char *word)
{
	return VARSIZE_ANY_EXHDR(value) == strlen(word) && memcmp(VARDATA_ANY(value), word, strlen(word)) == 0;
}

static af_fault
fault_of(const text *kind, const text *value)
{
	const char *data = VARDATA_ANY(value);
	size_t		length = VARSIZE_ANY_EXHDR(value);
	char		excerpt[AF_EXCERPT_SIZE];
	char		decimal[AF_LENIENT_SIZE];
	af_day		day;
	af_region	region;
	af_citizen_id id;

	if (text_is(kind, "date"))
		return af_lenient_date(data, length, &day);
	if (text_is(kind, "number"))
		return af_lenient_number(data, length, decimal);
	if (text_is(kind, "region"))
		return af_lenient_region(data, length, &region);
	if (text_is(kind, "citizen_id"))
		return af_lenient_citizen_id(data, length, &id);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("no lenient reader for \"%s\"", af_excerpt(excerpt, VARDATA_ANY(kind), VARSIZE_ANY_EXHDR(kind))),
			 errdetail("There is one for each of date, number, region and citizen_id."),
			 errhint("Name one of them as the first argument; the text that was read is the second.")));
}

/* reading_fault(kind, value [, language]) */
PG_FUNCTION_INFO_V1(af_reading_fault);
Datum
af_reading_fault(PG_FUNCTION_ARGS)
{
	text	   *language = PG_NARGS() > 2 ? PG_GETARG_TEXT_PP(2) : NULL;
	bool		chinese = language != NULL && text_is(language, "zh");
	char		excerpt[AF_EXCERPT_SIZE];
	const char *reason;

	if (language != NULL && !chinese && !text_is(language, "en"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no reasons in language \"%s\"", af_excerpt(excerpt, VARDATA_ANY(language), VARSIZE_ANY_EXHDR(language))),
				 errdetail("They are written in Chinese and in English."),
				 errhint("Pass zh or en.")));
	reason = af_fault_reason(fault_of(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1)), chinese);
	if (reason == NULL)
		PG_RETURN_NULL();
	return af_text_datum(reason, strlen(reason));
}
