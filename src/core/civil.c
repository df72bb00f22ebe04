/*
 * civil.c
 *		Calendar arithmetic on days since 2000-01-01.
 */
#include "civil.h"

#include <stdio.h>

/* Days from 0000-03-01, where a year that begins in March starts, to 2000-01-01. */
#define EPOCH_OFFSET 730425

bool
af_is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
af_month_length(int year, int month)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && af_is_leap(year) ? 29 : length[month - 1];
}

/* Counting years from March puts the leap day last, so months need no table. */
af_day
af_day_of(int year, int month, int day)
{
	int			y = month > 2 ? year : year - 1;
	int			m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - EPOCH_OFFSET;
}

void
af_day_split(af_day value, int *year, int *month, int *day)
{
	int			z = value + EPOCH_OFFSET;
	int			era = z / 146097;
	int			doe = z % 146097;
	int			yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int			doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int			m = (5 * doy + 2) / 153;

	*day = doy - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = yoe + era * 400 + (*month <= 2 ? 1 : 0);
}

af_day
af_day_add_years(af_day value, int years)
{
	int			year;
	int			month;
	int			day;

	af_day_split(value, &year, &month, &day);
	year += years;
	if (year < 1)
		return AF_DAY_FIRST;
	if (year > 9999)
		return AF_DAY_LAST;
	if (day > af_month_length(year, month))
		day = af_month_length(year, month);
	return af_day_of(year, month, day);
}

static bool
read_digits(const char *text, int count, int *value)
{
	*value = 0;
	for (int i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

bool
af_day_read(const char *text, size_t length, af_day *value)
{
	int			year;
	int			month;
	int			day;

	if (length != 10 || text[4] != '-' || text[7] != '-' ||
		!read_digits(text, 4, &year) || !read_digits(text + 5, 2, &month) ||
		!read_digits(text + 8, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > af_month_length(year, month))
		return false;
	*value = af_day_of(year, month, day);
	return true;
}

void
af_day_write(char buffer[AF_DAY_SIZE], af_day value)
{
	int			year;
	int			month;
	int			day;

	af_day_split(value, &year, &month, &day);
	snprintf(buffer, AF_DAY_SIZE, "%04d-%02d-%02d", year % 10000, month % 100, day % 100);
}
