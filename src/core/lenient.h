/*
 * lenient.h
 *		Readers of what offices type and spreadsheets leave: dates, numbers,
 *		division codes and citizen ids.
 *
 * They read more forms than the types do, and only such as have one meaning:
 * a text that could be two values, or that has lost digits, is a fault with
 * its reason and never a guess.  They need no memory and take the time of
 * the text's length.
 *
 * Blanks round a text do not count, nor does the apostrophe by which
 * spreadsheets mark a text.  Full-width signs count as their ASCII forms.
 *
 * A condition on the bare text can stand beside one on what was read, since
 * no form but these begins with an ASCII digit:
 *	date	four digits of the year, then another sign; 8 or 14 digits, the
 *			first four of them the year; or 5 digits (a day counted from
 *			1899-12-30, as spreadsheets do, 20000 to 80000), then perhaps ".0";
 *			no other digit is full-width
 *	region	the code in ASCII digits, then perhaps ".0"; blanks may follow
 */
#ifndef AF_LENIENT_H
#define AF_LENIENT_H

#include "citizen_id.h"
#include "civil.h"
#include "region.h"

typedef enum af_fault
{
	AF_FAULT_NONE,
	AF_FAULT_BLANK,				/* no value, and nothing wrong */
	AF_FAULT_LONG,
	AF_FAULT_ENCODING,
	AF_FAULT_DATE_FORM,
	AF_FAULT_DATE_ZERO,
	AF_FAULT_DATE_DAY,
	AF_FAULT_DATE_SHORT_YEAR,
	AF_FAULT_DATE_ORDER,
	AF_FAULT_DATE_NO_DAY,
	AF_FAULT_DATE_YEAR,
	AF_FAULT_DATE_TIME,
	AF_FAULT_DATE_ZONE,
	AF_FAULT_DATE_SERIAL,
	AF_FAULT_DATE_WIDTH,
	AF_FAULT_NUMBER_FORM,
	AF_FAULT_NUMBER_GROUPS,
	AF_FAULT_NUMBER_SCIENTIFIC,
	AF_FAULT_NUMBER_PERCENT,
	AF_FAULT_NUMBER_ABOUT,
	AF_FAULT_NUMBER_SHORT,
	AF_FAULT_NUMBER_LARGE,
	AF_FAULT_REGION_FORM,
	AF_FAULT_REGION_WIDTH,
	AF_FAULT_REGION_LENGTH,
	AF_FAULT_REGION_PROVINCE,
	AF_FAULT_REGION_SCIENTIFIC,
	AF_FAULT_ID_FORM,
	AF_FAULT_ID_LENGTH,
	AF_FAULT_ID_CUT,
	AF_FAULT_ID_ROUNDED,
	AF_FAULT_ID_SCIENTIFIC,
	AF_FAULT_ID_PROVINCE,
	AF_FAULT_ID_DATE,
	AF_FAULT_ID_CHECK
} af_fault;

#define AF_LENIENT_FIRST_YEAR	1900
#define AF_LENIENT_LAST_YEAR	2199

/* A number in plain decimals, with its zero byte. */
#define AF_LENIENT_SIZE 192

extern af_fault af_lenient_date(const char *text, size_t length, af_day *value);
extern af_fault af_lenient_number(const char *text, size_t length, char decimal[AF_LENIENT_SIZE]);
extern af_fault af_lenient_region(const char *text, size_t length, af_region *value);
extern af_fault af_lenient_citizen_id(const char *text, size_t length, af_citizen_id *value);

/* Why a text was not read; NULL for none and blank.  No reason holds any part of the text. */
extern const char *af_fault_reason(af_fault fault, bool chinese);

#endif
