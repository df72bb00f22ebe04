/*
 * region.c
 *		Codes of administrative divisions.
 */
#include "region.h"

#include "digits.h"
#include "utf8.h"

#define FULL_DIGITS 15

/* Digits of a code that ends at each level, and what one unit of it weighs. */
static const int level_digits[AF_REGION_LEVELS] = {2, 4, 6, 9, 12, 15};
static const int64_t level_weight[AF_REGION_LEVELS] = {
	INT64_C(10000000000000), INT64_C(100000000000), INT64_C(1000000000),
	INT64_C(1000000), INT64_C(1000), INT64_C(1)
};

typedef enum verdict
{
	GOOD,
	EMPTY,
	BAD_CHARACTER,
	BAD_LENGTH,
	NO_PROVINCE,
	LEADING_ZERO
} verdict;

static bool
is_code_length(size_t length)
{
	for (int i = 0; i < AF_REGION_LEVELS; i++)
		if (length == (size_t) level_digits[i])
			return true;
	return false;
}

static verdict
parse(const char *text, size_t length, af_region *value)
{
	if (length == 0)
		return EMPTY;
	if (af_digits_end(text, length) < length)
		return BAD_CHARACTER;
	if (!is_code_length(length))
		return BAD_LENGTH;
	if (text[0] == '0')
		return text[1] == '0' ? NO_PROVINCE : LEADING_ZERO;
	*value = af_digits_value(text, length);
	for (size_t i = length; i < FULL_DIGITS; i++)
		*value *= 10;
	return GOOD;
}

static void
explain(verdict why, const char *text, size_t length, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];
	char		character[AF_CHARACTER_SIZE];
	size_t		at = af_digits_end(text, length);

	af_error_set(error, AF_SYNTAX, "invalid input syntax for type region: \"%s\"",
				 af_excerpt(excerpt, text, length));
	switch (why)
	{
		case GOOD:
			break;
		case EMPTY:
			af_error_detail(error, "The text is empty.");
			af_error_hint(error, "Use NULL where no region is known.");
			break;
		case BAD_CHARACTER:
			af_error_detail(error, "Character %zu, %s, is not a digit.",
							af_utf8_character(text, at), af_character_name(character, text + at, length - at));
			if (af_is_wide_digit(text + at, length - at))
				af_error_hint(error, "Write the code in ASCII digits, not in full-width ones.");
			else
				af_error_hint(error, "A code has digits only, such as 331126 or 331126001.");
			break;
		case BAD_LENGTH:
			af_error_detail(error, "It is %zu digits long.", length);
			af_error_hint(error, "A code has 2 (province), 4 (prefecture), 6 (county), 9 (town), 12 (village) or 15 (grid) digits, or is padded with zeros to one of these.");
			break;
		case NO_PROVINCE:
			af_error_detail(error, "The first two digits, the province, are 00.");
			af_error_hint(error, "There is no region for the whole country; a province is 11 or above (GB/T 2260).");
			break;
		case LEADING_ZERO:
			af_error_detail(error, "No province starts with 0.");
			af_error_hint(error, "Pad codes with zeros at the end, not at the start.");
			break;
	}
}

bool
af_region_read(const char *text, size_t length, af_region *value, af_error *error)
{
	verdict		why;

	af_trim(&text, &length);
	why = parse(text, length, value);
	if (why != GOOD && error != NULL)
		explain(why, text, length, error);
	return why == GOOD;
}

size_t
af_region_write(char buffer[AF_REGION_SIZE], af_region value)
{
	int			level = af_region_level(value);
	int			digits = level_digits[level < 3 ? 2 : level - 1];

	af_digits_write(buffer, value / level_weight[level < 3 ? 2 : level - 1], digits);
	buffer[digits] = '\0';
	return (size_t) digits;
}

/* Constant divisors, which compilers turn into multiplications. */
int
af_region_level(af_region value)
{
	if (value % INT64_C(1000000000) != 0)
	{
		if (value % INT64_C(1000) != 0)
			return 6;
		return value % INT64_C(1000000) != 0 ? 5 : 4;
	}
	if (value % INT64_C(100000000000) != 0)
		return 3;
	return value % INT64_C(10000000000000) != 0 ? 2 : 1;
}

af_region
af_region_ancestor(af_region value, int level)
{
	af_region	here = value - value % level_weight[level - 1];

	/* Something must stand in the digits of the level itself. */
	if (level > 1 && here % level_weight[level - 2] == 0)
		return AF_REGION_NONE;
	return here;
}

af_region
af_region_parent(af_region value)
{
	int			level = af_region_level(value);

	if (level == 1)
		return AF_REGION_NONE;
	return value - value % level_weight[level - 2];
}

af_region
af_region_last(af_region value)
{
	return value + level_weight[af_region_level(value) - 1] - 1;
}

/* No region is wider than a province: most pairs are told apart by that alone. */
bool
af_region_contains(af_region outer, af_region inner)
{
	return inner >= outer && inner < outer + level_weight[0] && inner <= af_region_last(outer);
}
