/*
 * lenient_code.c
 *		Lenient readers of division codes and citizen ids.
 */
#include "lenient_text.h"

#define OLD_LENGTH 15

/* The text as bytes; false where a character is none of ASCII. */
static bool
to_ascii(const af_lenient_text *text, char buffer[AF_LENIENT_LENGTH])
{
	for (size_t i = 0; i < text->length; i++)
	{
		if (text->code[i] >= 0x80)
			return false;
		buffer[i] = (char) text->code[i];
	}
	return true;
}

/*
 * A code in ASCII digits or in full-width ones, and not in both: who filters
 * rows by the bare text may rely on the first digit.
 */
af_fault
af_lenient_region(const char *text, size_t length, af_region *value)
{
	char		digits[AF_LENIENT_LENGTH];
	af_lenient_text folded;
	af_fault	fault = af_lenient_fold(text, length, &folded);
	size_t		count;

	if (fault != AF_FAULT_NONE)
		return fault;
	if (af_lenient_is_scientific(&folded))
		return AF_FAULT_REGION_SCIENTIFIC;
	count = af_lenient_digits(&folded);
	folded.at = count;
	af_lenient_point_zeros(&folded);
	if (count == 0 || folded.at < folded.length || !to_ascii(&folded, digits))
		return AF_FAULT_REGION_FORM;
	if (folded.wide && folded.narrow)
		return AF_FAULT_REGION_WIDTH;
	if (count != 2 && count != 4 && count != 6 && count != 9 && count != 12 && count != 15)
		return AF_FAULT_REGION_LENGTH;
	return af_region_read(digits, count, value, NULL) ? AF_FAULT_NONE : AF_FAULT_REGION_PROVINCE;
}

/*
 * Blanks between the parts of an id say nothing.  Three zeros at the end are
 * what a spreadsheet leaves of the last three characters, and one such
 * remainder in eleven passes the check: so they are never taken.  15 digits
 * whose year would be 1919 or 1920 are taken for the beginning of an id of 18
 * characters, born in 19xx or 20xx.
 */
af_fault
af_lenient_citizen_id(const char *text, size_t length, af_citizen_id *value)
{
	char		id[AF_LENIENT_LENGTH];
	af_lenient_text folded;
	af_fault	fault = af_lenient_fold(text, length, &folded);
	size_t		count = 0;

	if (fault != AF_FAULT_NONE)
		return fault;
	if (af_lenient_is_scientific(&folded))
		return AF_FAULT_ID_SCIENTIFIC;
	for (size_t i = 0; i < folded.length; i++)
		if (folded.code[i] != ' ')
			folded.code[count++] = folded.code[i];
	folded.length = count;
	folded.at = af_lenient_digits(&folded);
	af_lenient_point_zeros(&folded);
	if (folded.at == folded.length)
	{
		folded.at = 0;
		count = af_lenient_digits(&folded);
	}
	if (!to_ascii(&folded, id))
		return AF_FAULT_ID_FORM;
	if (count == AF_CITIZEN_ID_LENGTH && id[15] == '0' && id[16] == '0' && id[17] == '0')
		return AF_FAULT_ID_ROUNDED;
	if (count == OLD_LENGTH && ((id[6] == '1' && id[7] == '9') || (id[6] == '2' && id[7] == '0')))
		return AF_FAULT_ID_CUT;
	switch (af_citizen_id_judge(id, count, value))
	{
		case AF_ID_GOOD:
			return AF_FAULT_NONE;
		case AF_ID_EMPTY:
			return AF_FAULT_BLANK;
		case AF_ID_BAD_LENGTH:
			return AF_FAULT_ID_LENGTH;
		case AF_ID_BAD_CHARACTER:
			return AF_FAULT_ID_FORM;
		case AF_ID_BAD_REGION:
			return AF_FAULT_ID_PROVINCE;
		case AF_ID_BAD_DATE:
			return AF_FAULT_ID_DATE;
		case AF_ID_BAD_CHECK:
			return AF_FAULT_ID_CHECK;
	}
	return AF_FAULT_ID_FORM;
}
