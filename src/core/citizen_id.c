/*
 * citizen_id.c
 *		Citizen identity numbers (GB 11643).
 */
#include "citizen_id.h"

#include <string.h>

#include "digits.h"
#include "utf8.h"

#define BODY_DIGITS		17
#define OLD_DIGITS		15		/* GB 11643-1989: no century, no check character */
#define SEQUENCE_UNITS	INT64_C(1000)
#define REGION_UNITS	INT64_C(100000000000)

/*
 * Two-digit codes of GB/T 2260, with 83 for a residence permit held by
 * someone from Taiwan.  No province code is known to have been withdrawn since
 * the first edition, so those in force are the abolished ones too.
 */
static bool
is_province(int code)
{
	switch (code / 10)
	{
		case 1:
			return code >= 11 && code <= 15;
		case 2:
			return code >= 21 && code <= 23;
		case 3:
			return code >= 31 && code <= 37;
		case 4:
			return code >= 41 && code <= 46;
		case 5:
			return code <= 54;
		case 6:
			return code >= 61 && code <= 65;
		case 7:
			return code == 71;
		case 8:
			return code >= 81 && code <= 83;
	}
	return false;
}

/*
 * ISO 7064, MOD 11-2: a digit weighs 2 to the power of its place, counted
 * from the check character, modulo 11; the sum with that character is 1.
 */
static char
check_character(const char *digits)
{
	static const int weight[BODY_DIGITS] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int			sum = 0;

	for (int i = 0; i < BODY_DIGITS; i++)
		sum += (digits[i] - '0') * weight[i];
	return "10X98765432"[sum % 11];
}

static int
two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* Such a text may well have 18 characters, so its length is not what is wrong. */
static bool
has_wide_character(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char) text[i] >= 0x80)
			return true;
	return false;
}

/* body takes the 17 digits; an old id gets the century 19. */
static af_id_verdict
parse(const char *text, size_t length, char body[BODY_DIGITS])
{
	size_t		digits = length == OLD_DIGITS ? OLD_DIGITS : BODY_DIGITS;
	int			year;
	int			month;

	if (length == 0)
		return AF_ID_EMPTY;
	if (length != OLD_DIGITS && length != AF_CITIZEN_ID_LENGTH)
		return has_wide_character(text, length) ? AF_ID_BAD_CHARACTER : AF_ID_BAD_LENGTH;
	if (af_digits_end(text, digits) < digits)
		return AF_ID_BAD_CHARACTER;
	if (length == OLD_DIGITS)
	{
		memcpy(body, text, 6);
		memcpy(body + 6, "19", 2);
		memcpy(body + 8, text + 6, 9);
	}
	else
	{
		char		last = text[BODY_DIGITS];

		if (last != 'X' && last != 'x' && (last < '0' || last > '9'))
			return AF_ID_BAD_CHARACTER;
		memcpy(body, text, BODY_DIGITS);
	}

	if (body[0] != '9' && !is_province(two_digits(body)))
		return AF_ID_BAD_REGION;
	year = two_digits(body + 6) * 100 + two_digits(body + 8);
	month = two_digits(body + 10);
	if (year < AF_CITIZEN_FIRST_YEAR || year > AF_CITIZEN_LAST_YEAR || month < 1 || month > 12 ||
		two_digits(body + 12) < 1 || two_digits(body + 12) > af_month_length(year, month))
		return AF_ID_BAD_DATE;
	if (length == AF_CITIZEN_ID_LENGTH)
	{
		char		last = text[BODY_DIGITS] == 'x' ? 'X' : text[BODY_DIGITS];

		if (last != check_character(body))
			return AF_ID_BAD_CHECK;
	}
	return AF_ID_GOOD;
}

/*
 * What a message may show of a text that was meant to be an id: errors land
 * in the server's log, so at most the province, and how long the text was.
 */
static const char *
masked_excerpt(char buffer[AF_EXCERPT_SIZE], const char *text, size_t length)
{
	size_t		shown = length >= 2 && af_digits_end(text, 2) == 2 && text[0] != '9' ? 2 : 0;
	size_t		characters = length > 0 ? af_utf8_character(text, length) - 1 : 0;
	size_t		width = characters <= 24 ? characters : 24;

	if (width < shown)
		width = shown;
	memcpy(buffer, text, shown);
	memset(buffer + shown, '*', width - shown);
	strcpy(buffer + width, characters > width ? "..." : "");
	return buffer;
}

static size_t
bad_character_at(const char *text, size_t length)
{
	size_t		at = af_digits_end(text, length);

	return at < length ? at : length - 1;
}

static void
explain(af_id_verdict why, const char *text, size_t length, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];
	char		character[AF_CHARACTER_SIZE];
	size_t		at = af_digits_end(text, length);
	bool		wide = at < length && af_is_wide_digit(text + at, length - at);

	af_error_set(error, why == AF_ID_BAD_DATE ? AF_DATE : AF_SYNTAX,
				 "invalid input syntax for type citizen_id: \"%s\"",
				 masked_excerpt(excerpt, text, length));
	switch (why)
	{
		case AF_ID_GOOD:
			break;
		case AF_ID_EMPTY:
			af_error_detail(error, "The text is empty.");
			af_error_hint(error, "Use NULL where no id is known.");
			break;
		case AF_ID_BAD_LENGTH:
			af_error_detail(error, "It is %zu characters long; an id has 18, or 15 in its old form (GB 11643-1989).",
							af_utf8_character(text, length) - 1);
			af_error_hint(error, "Spreadsheets round long numbers: import the column as text.");
			break;
		case AF_ID_BAD_CHARACTER:
			at = bad_character_at(text, length);
			af_error_detail(error, "Character %zu, %s, cannot stand there.",
							af_utf8_character(text, at), af_character_name(character, text + at, length - at));
			break;
		case AF_ID_BAD_REGION:
			af_error_detail(error, "No province has the code %.2s.", text);
			af_error_hint(error, "The first two digits are a province (GB/T 2260), 81 to 83 for residents from Hong Kong, Macao and Taiwan, or begin with 9 for a foreign permanent resident.");
			break;
		case AF_ID_BAD_DATE:
			af_error_detail(error, "The birth date, from character 7 on, is not a date of the years %d to %d.",
							AF_CITIZEN_FIRST_YEAR, AF_CITIZEN_LAST_YEAR);
			af_error_hint(error, "Compare the id with the card, digit by digit.");
			break;
		case AF_ID_BAD_CHECK:
			af_error_detail(error, "The check character does not agree with the 17 digits before it (ISO 7064, MOD 11-2).");
			af_error_hint(error, "One character is wrong or two are interchanged: compare the id with the card.");
			break;
	}
	if (wide)
		af_error_hint(error, "Write the id in ASCII digits, not in full-width ones.");
	else if (why == AF_ID_BAD_CHARACTER)
		af_error_hint(error, "An id is 17 digits and a check character, a digit or X; in its old form it is 15 digits.");
}

af_id_verdict
af_citizen_id_judge(const char *text, size_t length, af_citizen_id *value)
{
	char		body[BODY_DIGITS];
	af_id_verdict why = parse(text, length, body);

	if (why == AF_ID_GOOD)
		*value = af_digits_value(body, BODY_DIGITS);
	return why;
}

bool
af_citizen_id_read(const char *text, size_t length, af_citizen_id *value, af_error *error)
{
	af_id_verdict why;

	af_trim(&text, &length);
	why = af_citizen_id_judge(text, length, value);
	if (why != AF_ID_GOOD && error != NULL)
		explain(why, text, length, error);
	return why == AF_ID_GOOD;
}

size_t
af_citizen_id_write(char buffer[AF_CITIZEN_ID_SIZE], af_citizen_id value)
{
	af_digits_write(buffer, value, BODY_DIGITS);
	buffer[BODY_DIGITS] = check_character(buffer);
	buffer[AF_CITIZEN_ID_LENGTH] = '\0';
	return AF_CITIZEN_ID_LENGTH;
}

void
af_citizen_id_birth(af_citizen_id value, int *year, int *month, int *day)
{
	int			date = (int) (value / SEQUENCE_UNITS % 100000000);

	*year = date / 10000;
	*month = date / 100 % 100;
	*day = date % 100;
}

bool
af_citizen_id_is_male(af_citizen_id value)
{
	return value % 2 == 1;
}

bool
af_citizen_id_is_foreign(af_citizen_id value)
{
	return af_citizen_id_region(value) >= 900000;
}

int
af_citizen_id_region(af_citizen_id value)
{
	return (int) (value / REGION_UNITS);
}

int
af_citizen_id_age(af_citizen_id value, int year, int month, int day)
{
	int			born_year;
	int			born_month;
	int			born_day;

	af_citizen_id_birth(value, &born_year, &born_month, &born_day);
	if (month < born_month || (month == born_month && day < born_day))
		year--;
	return year < born_year ? -1 : year - born_year;
}

/*
 * Where one resident comes from Taiwan, Hong Kong, Macao or abroad (7, 8, 9),
 * even the first two digits would name that person.
 */
size_t
af_citizen_id_mask(char buffer[AF_CITIZEN_ID_SIZE], af_citizen_id value)
{
	af_citizen_id_write(buffer, value);
	if (buffer[0] >= '7')
		memset(buffer, '*', BODY_DIGITS);
	else
		memset(buffer + 2, '*', BODY_DIGITS - 2);
	return AF_CITIZEN_ID_LENGTH;
}
