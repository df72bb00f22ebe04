/*
 * chinese_number.c
 *		Numbers as clauses write them: 0.5, ５, 1,000, 十二, 两百五十, 10万.
 *
 * Full-width digits count as their ASCII forms.  A number that the text has
 * damaged is one token and is marked, so that no phrase takes a part of it
 * for the whole.
 */
#include "chinese_number.h"

#include <string.h>

#include "utf8.h"

int32_t
af_zh_peek(const af_zh_tokens *x, size_t at, size_t *used)
{
	int32_t		code = at < x->length ? af_utf8_decode(x->text + at, x->length - at, used) : -1;

	if (code < 0)
		*used = 0;
	if (code >= 0xFF01 && code <= 0xFF5E)
		code -= 0xFEE0;
	if (code == 0x3000 || code == 0xA0)
		code = ' ';
	return code;
}

bool
af_zh_starts(const af_zh_tokens *x, size_t at, const char *word)
{
	size_t		length = strlen(word);

	return length <= x->length - at && memcmp(x->text + at, word, length) == 0;
}

static bool
is_digit(int32_t code)
{
	return code >= '0' && code <= '9';
}

/* value x factor, where it fits into an af_number; else the mark of damage. */
static af_number
scale(af_number value, int64_t factor, bool *damaged)
{
	if (value > AF_NUMBER_MAX / factor)
	{
		*damaged = true;
		return 0;
	}
	return value * factor;
}

/* 十, 百, 千, 万 and 亿 after a number: 10万, 3千. */
static size_t
read_multipliers(const af_zh_tokens *x, size_t at, af_zh_token *number)
{
	for (;;)
	{
		size_t		used;
		int64_t		factor = af_zh_numeral(af_zh_peek(x, at, &used));

		if (factor < 100 || af_zh_starts(x, at, "百分") || af_zh_starts(x, at, "千克") || af_zh_starts(x, at, "千米") || af_zh_starts(x, at, "千瓦"))
			return at;
		number->number = scale(number->number, factor, &number->damaged);
		number->scaled |= factor >= 10000;
		at += used;
	}
}

size_t
af_zh_read_arabic(const af_zh_tokens *x, size_t at, af_zh_token *number)
{
	char		digits[32];
	size_t		count = 0;
	size_t		used;
	size_t		value_used;
	int32_t		code;
	bool		point = false;

	for (;; at += used)
	{
		size_t		next;
		size_t		skip;

		code = af_zh_peek(x, at, &used);
		if (code == '.' && !point && is_digit(af_zh_peek(x, at + used, &next)))
			point = true;
		else if (code == ',' && used == 1 && !point && count > 0 && count <= 3 &&
				 is_digit(af_zh_peek(x, at + 1, &skip)) && skip == 1 && at + 4 <= x->length &&
				 is_digit(af_zh_peek(x, at + 2, &skip)) && is_digit(af_zh_peek(x, at + 3, &skip)) &&
				 (at + 4 == x->length || (!is_digit(af_zh_peek(x, at + 4, &skip)) && !af_zh_starts(x, at + 4, "分"))))
			continue;			/* 1,000 */
		else if (!is_digit(code))
			break;
		if (count < sizeof(digits))
			digits[count++] = (char) code;
		else
			number->damaged = true;
	}
	if (af_decimal_read(digits, count, AF_NUMBER_DECIMALS, AF_NUMBER_MAX, &number->number, &value_used) != AF_DECIMAL_OK ||
		(count > 1 && digits[0] == '0' && digits[1] != '.'))
		number->damaged = true;	/* 05 has lost its point */
	if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'))
		number->damaged = true;	/* 1O, 5l */
	return read_multipliers(x, at, number);
}

/* 一百分 are points, 百分点 and 百分之 are not. */
static bool
are_points(const af_zh_tokens *x, size_t at)
{
	at += strlen("百分");
	return !af_zh_starts(x, at, "之") && !af_zh_starts(x, at, "点") && !af_zh_starts(x, at, "比") && !af_zh_starts(x, at, "率");
}

size_t
af_zh_read_numeral(const af_zh_tokens *x, size_t at, af_zh_token *number)
{
	int64_t		total = 0;
	int64_t		section = 0;
	int64_t		digit = -1;
	int64_t		unit = 0;
	size_t		begin = at;

	for (;;)
	{
		size_t		used;
		int64_t		value = af_zh_numeral(af_zh_peek(x, at, &used));

		if (value < 0 || (af_zh_starts(x, at, "百分") && (at == begin || !are_points(x, at))) || af_zh_starts(x, at, "千分之") || af_zh_starts(x, at, "万分之"))
			break;
		if (value < 10)
		{
			if (digit > 0)
				number->damaged = true; /* 一二: a list that has lost its commas */
			digit = value;
		}
		else if (value < 10000)
		{
			if (digit < 0 && value > 10)
			{
				if (at == begin && !af_zh_starts(x, at + used, "万元") && !af_zh_starts(x, at + used, "万以上"))
					return at;	/* 百姓, 千方百计 */
				number->damaged = at > begin;
			}
			section += (digit < 0 ? 1 : digit) * value;
			digit = -1;
			if (unit && value >= unit)
				number->damaged = true;
			unit = value;
		}
		else
		{
			if (at == begin)
				return at;		/* 万一, 亿 */
			section += digit < 0 ? 0 : digit;
			total = (total + section) * value;
			number->scaled = true;
			section = 0;
			digit = -1;
			unit = 0;
		}
		at += used;
		if (total > AF_NUMBER_MAX / AF_NUMBER_SCALE || section > 100000)
		{
			number->damaged = true;
			total = section = 0;
		}
	}
	number->number = scale(total + section + (digit < 0 ? 0 : digit), AF_NUMBER_SCALE, &number->damaged);
	if (at > begin && af_zh_starts(x, at, "点"))
	{
		af_number	place = AF_NUMBER_SCALE / 10;
		size_t		used;
		size_t		next = at + strlen("点");
		int64_t		value = af_zh_numeral(af_zh_peek(x, next, &used));

		if (value >= 0 && value < 10)
			for (at = next; (value = af_zh_numeral(af_zh_peek(x, at, &used))) >= 0 && value < 10; at += used)
			{
				number->damaged |= place == 0;
				number->number += value * place;
				place /= 10;
			}
	}
	return at;
}
