/*
 * points.c
 *		Fixed decimals.
 */
#include "points.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

af_decimal_status
af_decimal_read(const char *text, size_t length, int decimals,
				int64_t largest, int64_t *value, size_t *used)
{
	af_decimal_status status = AF_DECIMAL_OK;
	af_wide		sum = 0;
	size_t		at = 0;
	int			seen = 0;

	if (length == 0 || !is_digit(text[0]))
	{
		*used = 0;
		return AF_DECIMAL_NONE;
	}
	for (; at < length && is_digit(text[at]); at++)
		if (sum <= largest)
			sum = sum * 10 + (text[at] - '0');

	/* A point belongs to the number only before a digit: `10..20` is a range. */
	if (at + 1 < length && text[at] == '.' && is_digit(text[at + 1]))
	{
		for (at++; at < length && is_digit(text[at]); at++)
		{
			if (seen < decimals)
			{
				if (sum <= largest)
					sum = sum * 10 + (text[at] - '0');
				seen++;
			}
			else if (text[at] != '0')
				status = AF_DECIMAL_TOO_FINE;
		}
	}
	for (; seen < decimals && sum <= largest; seen++)
		sum *= 10;
	*used = at;
	if (sum > largest)
		return AF_DECIMAL_TOO_LARGE;
	*value = (int64_t) sum;
	return status;
}

size_t
af_decimal_write(char buffer[AF_DECIMAL_SIZE], af_wide value, int decimals)
{
	char		digits[AF_DECIMAL_SIZE];
	bool		negative = value < 0;
	unsigned __int128 rest = negative ? -(unsigned __int128) value : (unsigned __int128) value;
	size_t		count = 0;
	size_t		length = 0;
	int			skip = 0;

	do
	{
		digits[count++] = (char) ('0' + (int) (rest % 10));
		rest /= 10;
	} while (rest > 0 || count <= (size_t) decimals);
	while (skip < decimals && digits[skip] == '0')
		skip++;

	if (negative)
		buffer[length++] = '-';
	for (size_t i = count; i-- > (size_t) skip;)
	{
		buffer[length++] = digits[i];
		if (i == (size_t) decimals && skip < decimals)
			buffer[length++] = '.';
	}
	buffer[length] = '\0';
	return length;
}
