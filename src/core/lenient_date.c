/*
 * lenient_date.c
 *		Lenient reader of dates.
 *
 * The day is what counts: a time behind it must be one, and is dropped.  A
 * time with another zone than China's could belong to the day before or
 * after, so it is a fault.
 */
#include "lenient_text.h"

#include "chinese_words.h"

/* Day 0 of spreadsheets is 1899-12-30 (their 1900 has a 29 February). */
#define SERIAL_ZERO		(-36526)
#define SERIAL_FIRST	20000	/* 1954-10-03 */
#define SERIAL_LAST		80000	/* 2119-01-11 */

#define NO_PART (-1)

static af_fault
to_day(int year, int month, int day, af_day *value)
{
	if (year == 0 && month == 0 && day == 0)
		return AF_FAULT_DATE_ZERO;
	if (year < AF_LENIENT_FIRST_YEAR || year > AF_LENIENT_LAST_YEAR)
		return AF_FAULT_DATE_YEAR;
	if (month < 1 || month > 12 || day < 1 || day > af_month_length(year, month))
		return AF_FAULT_DATE_DAY;
	*value = af_day_of(year, month, day);
	return AF_FAULT_NONE;
}

/* A year in Chinese digits: 二〇二三. */
static int
read_chinese_year(af_lenient_text *x)
{
	int			year = 0;

	for (int i = 0; i < 4; i++)
	{
		int64_t		digit = af_zh_numeral(af_lenient_peek(x, (size_t) i));

		if (digit < 0 || digit > 9)
			return NO_PART;
		year = year * 10 + (int) digit;
	}
	x->at += 4;
	return year;
}

/* A month or a day in Chinese numerals: 五, 十二, 二十一. */
static int
read_chinese_part(af_lenient_text *x)
{
	int64_t		tens = 0;
	int64_t		digit = af_zh_numeral(af_lenient_peek(x, 0));

	if (digit < 0 || digit > 10)
		return NO_PART;
	x->at++;
	if (digit != 10)
	{
		if (af_zh_numeral(af_lenient_peek(x, 0)) != 10)
			return (int) digit;
		x->at++;
		tens = digit;
	}
	else
		tens = 1;
	digit = af_zh_numeral(af_lenient_peek(x, 0));
	if (digit < 1 || digit > 9)
		return (int) (tens * 10);
	x->at++;
	return (int) (tens * 10 + digit);
}

/* One or two digits, or a numeral where the text writes 年. */
static int
read_part(af_lenient_text *x, bool chinese)
{
	size_t		digits = af_lenient_digits(x);

	if (digits == 0 && chinese)
		return read_chinese_part(x);
	return digits == 1 || digits == 2 ? (int) af_lenient_value(x, digits) : NO_PART;
}

static bool
read_bounded(af_lenient_text *x, size_t most, int limit)
{
	size_t		digits = af_lenient_digits(x);

	return digits > 0 && digits <= most && af_lenient_value(x, digits) < limit;
}

/* Hours and minutes, perhaps seconds and their fraction, perhaps China's zone. */
static af_fault
read_time(af_lenient_text *x)
{
	bool		chinese;

	if (!read_bounded(x, 2, 24))
		return AF_FAULT_DATE_TIME;
	chinese = af_lenient_word(x, "时") || af_lenient_word(x, "点");
	if (!chinese && !af_lenient_take(x, ':'))
		return AF_FAULT_DATE_TIME;
	if (!chinese || x->at < x->length)
	{
		if (!read_bounded(x, 2, 60) || (chinese && !af_lenient_word(x, "分")))
			return AF_FAULT_DATE_TIME;
		if (chinese ? x->at < x->length : af_lenient_take(x, ':'))
		{
			if (!read_bounded(x, 2, 61) || (chinese && !af_lenient_word(x, "秒")))
				return AF_FAULT_DATE_TIME;
			if (af_lenient_take(x, '.'))
			{
				size_t		digits = af_lenient_digits(x);

				if (digits == 0)
					return AF_FAULT_DATE_TIME;
				x->at += digits;
			}
		}
	}
	if (x->at == x->length)
		return AF_FAULT_NONE;
	af_lenient_blanks(x);
	if (af_lenient_peek(x, 0) == 'Z' || af_lenient_peek(x, 0) == 'z' || af_lenient_peek(x, 0) == '-' || af_lenient_peek(x, 0) == '+')
	{
		if ((af_lenient_word(x, "+08:00") || af_lenient_word(x, "+0800") || af_lenient_word(x, "+08")) && x->at == x->length)
			return AF_FAULT_NONE;
		return AF_FAULT_DATE_ZONE;
	}
	return AF_FAULT_DATE_TIME;
}

/* 20230501, 20230501123300, 45047. */
static af_fault
read_run(af_lenient_text *x, size_t digits, af_day *value)
{
	int			year;
	int			month;

	if (digits == 5)
	{
		int64_t		serial = af_lenient_value(x, digits);

		af_lenient_point_zeros(x);
		if (x->at < x->length)
			return AF_FAULT_DATE_FORM;
		if (serial < SERIAL_FIRST || serial > SERIAL_LAST)
			return AF_FAULT_DATE_SERIAL;
		*value = SERIAL_ZERO + (af_day) serial;
		return AF_FAULT_NONE;
	}
	if (digits != 8 && digits != 14)
		return digits == 6 ? AF_FAULT_DATE_NO_DAY : AF_FAULT_DATE_FORM;
	year = (int) af_lenient_value(x, 4);
	month = (int) af_lenient_value(x, 2);
	if (digits == 14)
	{
		int			day = (int) af_lenient_value(x, 2);

		if (af_lenient_value(x, 2) >= 24 || af_lenient_value(x, 2) >= 60 || af_lenient_value(x, 2) >= 61)
			return AF_FAULT_DATE_TIME;
		return x->at < x->length ? AF_FAULT_DATE_FORM : to_day(year, month, day, value);
	}
	return to_day(year, month, (int) af_lenient_value(x, 2), value);
}

/* What a text without four digits of the year at its beginning may be. */
static af_fault
explain_short(af_lenient_text x, size_t digits)
{
	int32_t		separator;

	x.at += digits;
	af_lenient_blanks(&x);
	separator = af_lenient_peek(&x, 0);
	if (af_lenient_word(&x, "年"))
		return AF_FAULT_DATE_SHORT_YEAR;
	if (separator != '-' && separator != '/' && separator != '.')
		return AF_FAULT_DATE_FORM;
	x.at++;
	af_lenient_blanks(&x);
	x.at += af_lenient_digits(&x);
	af_lenient_blanks(&x);
	if (!af_lenient_take(&x, separator))
		return AF_FAULT_DATE_FORM;
	af_lenient_blanks(&x);
	return af_lenient_digits(&x) == 4 ? AF_FAULT_DATE_ORDER : AF_FAULT_DATE_SHORT_YEAR;
}

/* Year, month and day apart: 2023-05-01, 2023/5/1, 2023.5.1, 2023年5月1日, and perhaps a time. */
static af_fault
read_separated(af_lenient_text *x, int year, bool digits, af_day *value)
{
	int32_t		separator = af_lenient_peek(x, 0);
	bool		chinese = af_lenient_word(x, "年");
	af_fault	fault = AF_FAULT_NONE;
	int			month;
	int			day;

	if (!chinese)
	{
		if (!digits || (separator != '-' && separator != '/' && separator != '.'))
			return x->at == x->length ? AF_FAULT_DATE_NO_DAY : AF_FAULT_DATE_FORM;
		x->at++;
	}
	af_lenient_blanks(x);
	if (x->at == x->length)
		return AF_FAULT_DATE_NO_DAY;
	month = read_part(x, chinese);
	af_lenient_blanks(x);
	if (month == NO_PART)
		return AF_FAULT_DATE_FORM;
	if (x->at == x->length)
		return AF_FAULT_DATE_NO_DAY;
	if (chinese ? !af_lenient_word(x, "月") : !af_lenient_take(x, separator))
		return AF_FAULT_DATE_FORM;
	af_lenient_blanks(x);
	if (x->at == x->length)
		return AF_FAULT_DATE_NO_DAY;
	day = read_part(x, chinese);
	if (day == NO_PART)
		return AF_FAULT_DATE_FORM;
	if (chinese)
	{
		af_lenient_blanks(x);
		if (!af_lenient_word(x, "日") && !af_lenient_word(x, "号"))
			return AF_FAULT_DATE_FORM;
	}
	if (x->at < x->length)
	{
		if (!chinese && af_lenient_peek(x, 0) != ' ' && af_lenient_peek(x, 0) != 'T')
			return AF_FAULT_DATE_FORM;
		(void) af_lenient_take(x, 'T');
		af_lenient_blanks(x);
		fault = read_time(x);
	}
	return fault == AF_FAULT_NONE ? to_day(year, month, day, value) : fault;
}

af_fault
af_lenient_date(const char *text, size_t length, af_day *value)
{
	af_lenient_text x;
	af_fault	fault = af_lenient_fold(text, length, &x);
	size_t		digits;
	int			year;

	if (fault != AF_FAULT_NONE)
		return fault;

	/* Who filters rows by the bare text may rely on the first digit. */
	if (x.wide_digit && x.narrow_digit)
		return AF_FAULT_DATE_WIDTH;
	digits = af_lenient_digits(&x);
	if (digits == 1 || digits == 2)
		return explain_short(x, digits);
	if (digits > 4)
	{
		fault = read_run(&x, digits, value);
		if (fault != AF_FAULT_NONE || x.at == x.length)
			return fault;
		if (!af_lenient_take(&x, ' ') && !af_lenient_take(&x, 'T'))
			return AF_FAULT_DATE_FORM;
		af_lenient_blanks(&x);
		return read_time(&x);
	}
	if (digits == 4)
		year = (int) af_lenient_value(&x, 4);
	else if (digits > 0 || (year = read_chinese_year(&x)) == NO_PART)
		return AF_FAULT_DATE_FORM;
	af_lenient_blanks(&x);
	return read_separated(&x, year, digits == 4, value);
}
