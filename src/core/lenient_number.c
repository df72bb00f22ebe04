/*
 * lenient_number.c
 *		Lenient reader of numbers and amounts of money.
 *
 * What is read is exact: an amount in 万 is the same digits with its point
 * moved.  Numbers that say themselves that they are not exact (约3万, 3万多,
 * 3.5E+04, 85%) are faults, and so is 三万五, which is 35,000 to one reader and
 * 30,005 to another.
 */
#include "lenient_text.h"

#include <string.h>

#include "chinese_words.h"

#define LARGEST_SHIFT	16
#define LARGEST_WHOLE	INT64_C(100000000000000000)

/* A number as its digits before and behind the point. */
typedef struct parts
{
	char		whole[AF_LENIENT_LENGTH];
	char		fraction[AF_LENIENT_LENGTH];
	size_t		wholes;
	size_t		fractions;
	size_t		shift;			/* places that the point moves to the right */
	bool		negative;
} parts;

/* Numerals as on cheques stand for the plain ones. */
static int64_t
numeral(int32_t code)
{
	static const struct
	{
		int32_t		code;
		int64_t		value;
	}			cheque[] = {
		{0x58F9, 1}, {0x8D30, 2}, {0x53C1, 3}, {0x8086, 4}, {0x4F0D, 5}, {0x9646, 6}, {0x67D2, 7}, {0x634C, 8},
		{0x7396, 9}, {0x62FE, 10}, {0x4F70, 100}, {0x4EDF, 1000}, {0x842C, 10000}, {0x5104, 100000000},
	};

	for (size_t i = 0; i < sizeof(cheque) / sizeof(cheque[0]); i++)
		if (cheque[i].code == code)
			return cheque[i].value;
	return af_zh_numeral(code);
}

static size_t
zeros_of(int64_t value)
{
	size_t		zeros = 0;

	for (; value >= 10; value /= 10)
		zeros++;
	return zeros;
}

/* Words by which a number says that it is none. */
static bool
is_about(af_lenient_text x)
{
	static const char *const words[] = {
		"约", "大约", "近", "超", "逾", "不足", "不到", "多", "余", "左右", "上下", "以上", "以下", "几", "数", "至", "到", "—", "~", "≈", "+", "-", "<", ">", "≥", "≤"
	};

	af_lenient_blanks(&x);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (af_lenient_word(&x, words[i]))
			return true;
	return false;
}

/* Why what stands behind a number cannot stand there. */
static af_fault
explain_rest(af_lenient_text x)
{
	af_lenient_blanks(&x);
	if (af_lenient_word(&x, "%") || af_lenient_word(&x, "‰") || af_lenient_word(&x, "个百分点"))
		return AF_FAULT_NUMBER_PERCENT;
	if (is_about(x))
		return AF_FAULT_NUMBER_ABOUT;
	return af_lenient_peek(&x, 0) == ',' ? AF_FAULT_NUMBER_GROUPS : AF_FAULT_NUMBER_FORM;
}

static void
take_digits(af_lenient_text *x, size_t count, char *out, size_t *length)
{
	for (; count > 0; count--)
		out[(*length)++] = (char) x->code[x->at++];
}

/* 35000, 35,000.00, .5, and 万 or 亿 behind it. */
static af_fault
read_arabic(af_lenient_text *x, parts *number)
{
	size_t		digits = af_lenient_digits(x);
	size_t		group = digits;

	take_digits(x, digits, number->whole, &number->wholes);
	while (af_lenient_peek(x, 0) == ',')
	{
		if (group == 0 || group > 3)
			return AF_FAULT_NUMBER_GROUPS;
		x->at++;
		group = af_lenient_digits(x);
		if (group != 3)
			return AF_FAULT_NUMBER_GROUPS;
		take_digits(x, group, number->whole, &number->wholes);
	}
	if (af_lenient_take(x, '.'))
	{
		digits = af_lenient_digits(x);
		if (digits == 0)
			return AF_FAULT_NUMBER_FORM;
		take_digits(x, digits, number->fraction, &number->fractions);
	}
	af_lenient_blanks(x);
	for (int64_t unit; (unit = numeral(af_lenient_peek(x, 0))) >= 10; x->at++)
	{
		number->shift += zeros_of(unit);
		if (number->shift > LARGEST_SHIFT)
			return AF_FAULT_NUMBER_LARGE;
	}
	return AF_FAULT_NONE;
}

/* A number of units, being read: 三百二十 in 三百二十万五千. */
typedef struct compound
{
	int64_t		total;
	int64_t		section;		/* below 万 */
	int64_t		digit;			/* not yet multiplied; -1: none */
	size_t		digits;			/* its length */
	int64_t		unit;			/* the last unit */
	bool		zero;			/* 零 stands before the digit */
	bool		wan;			/* 万 was, since 亿 */
	bool		yi;
} compound;

/*
 * A digit without a unit is one of ones after 十 or 零, and where it fills the
 * places below the last unit (3万5000); else it may stand for the next unit.
 */
static af_fault
check_ones(const compound *c)
{
	if (c->digit < 0 || c->unit == 0)
		return AF_FAULT_NONE;
	if (c->digits > zeros_of(c->unit))
		return AF_FAULT_NUMBER_FORM;
	return c->unit > 10 && !c->zero && c->digits < zeros_of(c->unit) ? AF_FAULT_NUMBER_SHORT : AF_FAULT_NONE;
}

static af_fault
take_unit(compound *c, int64_t unit)
{
	if (unit < 10000)
	{
		if (c->digit < 0 && unit == 10)
			c->digit = 1;
		if (c->digit < 0 || (c->unit > 0 && unit >= c->unit))
			return AF_FAULT_NUMBER_FORM;
		c->section += c->digit * unit;
	}
	else
	{
		int64_t		before = c->section + (c->digit < 0 ? 0 : c->digit);
		af_fault	fault = AF_FAULT_NONE;

		/* in 1亿2000万 the digits have their unit: this one */
		if (c->unit <= unit)
			fault = check_ones(c);
		else if (c->digit >= 0 && c->digits > zeros_of(c->unit / unit))
			fault = AF_FAULT_NUMBER_FORM;

		if (fault != AF_FAULT_NONE)
			return fault;
		if (unit > 10000)
			before += c->total;
		if (before == 0 || (unit > 10000 ? c->yi : c->wan))
			return AF_FAULT_NUMBER_FORM;
		if (before > LARGEST_WHOLE / unit)
			return AF_FAULT_NUMBER_LARGE;
		c->total = (unit > 10000 ? 0 : c->total) + before * unit;
		c->section = 0;
		c->yi |= unit > 10000;
		c->wan = unit == 10000;
	}
	if (c->total + c->section > LARGEST_WHOLE)
		return AF_FAULT_NUMBER_LARGE;
	c->unit = unit;
	c->digit = -1;
	c->zero = false;
	return AF_FAULT_NONE;
}

/* 三十五, 一百零五, 叁万伍仟, 3万5千. */
static af_fault
read_compound(af_lenient_text *x, int64_t *value)
{
	compound	c = {.digit = -1};
	size_t		start = x->at;

	for (;;)
	{
		size_t		digits = af_lenient_digits(x);
		int64_t		next = digits > 0 ? 0 : numeral(af_lenient_peek(x, 0));
		af_fault	fault;

		if (next < 0)
			break;
		if (next >= 10)
		{
			x->at++;
			fault = take_unit(&c, next);
			if (fault != AF_FAULT_NONE)
				return fault;
			continue;
		}
		if (c.digit >= 0 || digits > 9)
			return AF_FAULT_NUMBER_FORM;
		if (digits == 0 && next == 0 && (c.unit > 0 && !c.zero))
		{
			c.zero = true;
			x->at++;
			continue;
		}
		c.digits = digits > 0 ? digits : 1;
		if (digits > 0)
			next = af_lenient_value(x, digits);
		else
			x->at++;
		c.digit = next;
	}
	if (x->at == start || (c.digit < 0 && c.zero))
		return AF_FAULT_NUMBER_FORM;
	*value = c.total + c.section + (c.digit < 0 ? 0 : c.digit);
	return check_ones(&c);
}

/* 角 or 分 behind 元: one digit into the fraction. */
static bool
read_coin(af_lenient_text *x, const char *word, char *digit)
{
	af_lenient_text next = *x;
	int64_t		value = numeral(af_lenient_peek(&next, 0));

	if (af_lenient_digits(&next) == 1)
		value = next.code[next.at] - '0';
	next.at++;
	if (value < 0 || value > 9 || !af_lenient_word(&next, word))
		return false;
	*digit = (char) ('0' + value);
	*x = next;
	return true;
}

/* Currency behind the number. */
static void
read_currency(af_lenient_text *x, parts *number)
{
	char		coins[2] = {'0', '0'};

	af_lenient_blanks(x);
	if (af_lenient_word(x, "CNY") || af_lenient_word(x, "RMB") || af_lenient_word(x, "人民币"))
		return;
	if (!af_lenient_word(x, "元") && !af_lenient_word(x, "圆"))
		return;
	if (number->fractions == 0 && number->shift == 0)
	{
		bool		any = read_coin(x, "角", &coins[0]);

		if (numeral(af_lenient_peek(x, 0)) == 0)
			x->at++;
		if (read_coin(x, "分", &coins[1]) || any)
		{
			memcpy(number->fraction, coins, sizeof(coins));
			number->fractions = sizeof(coins);
		}
	}
	if (!af_lenient_word(x, "整"))
		(void) af_lenient_word(x, "正");
}

static void
read_prefix(af_lenient_text *x, parts *number)
{
	bool		sign = false;
	bool		currency = false;

	for (;;)
	{
		int32_t		code = af_lenient_peek(x, 0);

		if (!sign && (code == '+' || code == '-' || code == 0x2212))
		{
			sign = true;
			number->negative = code != '+';
			x->at++;
		}
		else if (!currency && (af_lenient_take(x, 0xA5) || af_lenient_take(x, 0xFFE5) || af_lenient_word(x, "人民币") ||
							   af_lenient_word(x, "RMB") || af_lenient_word(x, "CNY")))
			currency = true;
		else
			break;
		af_lenient_blanks(x);
	}
}

/* The digits with the point where it belongs. */
static void
write_decimal(const parts *number, char *out)
{
	if (number->negative)
		*out++ = '-';
	if (number->wholes == 0)
		*out++ = '0';
	memcpy(out, number->whole, number->wholes);
	out += number->wholes;
	for (size_t i = 0; i < number->shift; i++)
		*out++ = i < number->fractions ? number->fraction[i] : '0';
	if (number->fractions > number->shift)
	{
		*out++ = '.';
		memcpy(out, number->fraction + number->shift, number->fractions - number->shift);
		out += number->fractions - number->shift;
	}
	*out = '\0';
}

af_fault
af_lenient_number(const char *text, size_t length, char decimal[AF_LENIENT_SIZE])
{
	parts		number = {.wholes = 0};
	af_lenient_text x;
	af_lenient_text begin;
	af_fault	fault = af_lenient_fold(text, length, &x);

	if (fault != AF_FAULT_NONE)
		return fault;
	if (af_lenient_is_scientific(&x))
		return AF_FAULT_NUMBER_SCIENTIFIC;
	read_prefix(&x, &number);
	begin = x;
	if (af_lenient_digits(&x) > 0 || af_lenient_peek(&x, 0) == '.')
	{
		fault = read_arabic(&x, &number);
		if (fault != AF_FAULT_NONE)
			return fault;
	}
	if (x.at == begin.at || (number.shift > 0 && number.fractions == 0 && (af_lenient_digits(&x) > 0 || numeral(af_lenient_peek(&x, 0)) >= 0)))
	{
		int64_t		value;

		if (af_lenient_peek(&begin, 0) != '-' && af_lenient_peek(&begin, 0) != '+' && is_about(begin))
			return AF_FAULT_NUMBER_ABOUT;
		x = begin;
		fault = read_compound(&x, &value);
		if (fault != AF_FAULT_NONE)
			return fault;
		number.fractions = number.shift = 0;
		number.wholes = zeros_of(value) + 1;
		for (size_t i = number.wholes; i-- > 0; value /= 10)
			number.whole[i] = (char) ('0' + value % 10);

		/* 12万3456.78 */
		if (x.code[x.at - 1] >= '0' && x.code[x.at - 1] <= '9' && af_lenient_take(&x, '.'))
		{
			size_t		digits = af_lenient_digits(&x);

			if (digits == 0)
				return AF_FAULT_NUMBER_FORM;
			take_digits(&x, digits, number.fraction, &number.fractions);
		}
	}
	read_currency(&x, &number);
	if (x.at < x.length)
		return explain_rest(x);
	write_decimal(&number, decimal);
	return AF_FAULT_NONE;
}
