/*
 * citizen_id.c
 *		Type citizen_id: what an id says about its holder.
 */
#include "code_type.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "core/citizen_id.h"
#include "core/region.h"

/* The core counts days as PostgreSQL does, and a region pads to 15 digits. */
#define REGION_PADDING INT64CONST(1000000000)

AF_CODE_TYPE(citizen_id, af_citizen_id_read, af_citizen_id_write)

PG_FUNCTION_INFO_V1(af_citizen_id_birth_date);
Datum
af_citizen_id_birth_date(PG_FUNCTION_ARGS)
{
	int			year;
	int			month;
	int			day;

	af_citizen_id_birth(PG_GETARG_INT64(0), &year, &month, &day);
	PG_RETURN_DATEADT(af_day_of(year, month, day));
}

PG_FUNCTION_INFO_V1(af_citizen_id_sex);
Datum
af_citizen_id_sex(PG_FUNCTION_ARGS)
{
	return af_text_datum(af_citizen_id_is_male(PG_GETARG_INT64(0)) ? "M" : "F", 1);
}

/* The card of a foreign resident holds a country where others have a county. */
PG_FUNCTION_INFO_V1(af_citizen_id_home_region);
Datum
af_citizen_id_home_region(PG_FUNCTION_ARGS)
{
	af_citizen_id id = PG_GETARG_INT64(0);

	if (af_citizen_id_is_foreign(id))
		PG_RETURN_NULL();
	PG_RETURN_INT64(af_citizen_id_region(id) * REGION_PADDING);
}

PG_FUNCTION_INFO_V1(af_citizen_id_age_on);
Datum
af_citizen_id_age_on(PG_FUNCTION_ARGS)
{
	DateADT		as_of = PG_GETARG_DATEADT(1);
	int			year;
	int			month;
	int			day;
	int			age;

	if (DATE_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("cannot compute an age as of %s", DATE_IS_NOBEGIN(as_of) ? "-infinity" : "infinity"),
				 errdetail("An age has a date as of which it holds."),
				 errhint("Pass a finite date.")));
	j2date(as_of + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	age = af_citizen_id_age(PG_GETARG_INT64(0), year, month, day);

	/* The birth date is not shown: messages land in the server's log. */
	if (age < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("cannot compute an age as of %s", DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(as_of)))),
				 errdetail("The holder of the id was born after that date."),
				 errhint("Compare the date with birth_date(id).")));
	PG_RETURN_INT32(age);
}

PG_FUNCTION_INFO_V1(af_citizen_id_mask_sql);
Datum
af_citizen_id_mask_sql(PG_FUNCTION_ARGS)
{
	char		buffer[AF_CITIZEN_ID_SIZE];
	size_t		length = af_citizen_id_mask(buffer, PG_GETARG_INT64(0));

	return af_text_datum(buffer, length);
}
