/*
 * amount.c
 *		A fact's size: from numeric to something that compares in one step.
 *
 * numeric's arithmetic functions cost more than all the rest of counting a
 * fact, so its digits are read directly.  Their layout is the on-disk format
 * (src/backend/utils/adt/numeric.c), which pg_upgrade has kept fixed since
 * PostgreSQL 9.1: a 16-bit header that says short, long or special, a weight,
 * and digits of base 10000.  test/pgtap/amount.sql compares with numeric's
 * own comparison.
 */
#include "card.h"

#define KIND_MASK		0xC000
#define KIND_NEGATIVE	0x4000
#define KIND_SHORT		0x8000
#define KIND_SPECIAL	0xC000
#define SHORT_NEGATIVE	0x2000
#define SHORT_WEIGHT_SIGN 0x0040
#define SHORT_WEIGHT_MASK 0x003F
#define SPECIAL_NEGATIVE_INFINITY 0xF000
#define SPECIAL_POSITIVE_INFINITY 0xD000

/* A numeric with a one-byte header is not aligned. */
static uint16
word_at(const char *place)
{
	uint16		word;

	memcpy(&word, place, sizeof(word));
	return word;
}

af_amount
af_amount_of(Numeric value)
{
	static const int64 power[] = {
		INT64CONST(100),		/* weight -1: ten thousandths, in millionths */
		INT64CONST(1000000),
		INT64CONST(10000000000),
		INT64CONST(100000000000000),
		INT64CONST(1000000000000000000)
	};
	const char *data = VARDATA_ANY((struct varlena *) value);
	int			bytes = (int) VARSIZE_ANY_EXHDR((struct varlena *) value);
	uint16		header = word_at(data);
	const char *digits;
	int			count;
	int			weight;
	bool		negative;
	af_wide		sum = 0;
	af_amount	amount = {true, false, false, 0};

	if ((header & KIND_MASK) == KIND_SPECIAL)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount of a fact cannot be %s",
						header == SPECIAL_POSITIVE_INFINITY ? "Infinity" :
						header == SPECIAL_NEGATIVE_INFINITY ? "-Infinity" : "NaN"),
				 errdetail("A rule compares the amount with a number."),
				 errhint("Give the amount as a finite number, or NULL where it is not known.")));
	if (header & KIND_SHORT)
	{
		negative = (header & SHORT_NEGATIVE) != 0;
		weight = (header & SHORT_WEIGHT_SIGN ? ~SHORT_WEIGHT_MASK : 0) | (header & SHORT_WEIGHT_MASK);
		digits = data + 2;
		count = (bytes - 2) / 2;
	}
	else
	{
		negative = (header & KIND_MASK) == KIND_NEGATIVE;
		weight = (int16) word_at(data + 2);
		digits = data + 4;
		count = (bytes - 4) / 2;
	}
	for (int i = 0; i < count; i++, weight--)
	{
		int			digit = (int16) word_at(digits + 2 * i);

		if (digit == 0)
			continue;
		if (weight > 3)
			amount.beyond = true;
		else if (weight >= -1)
			sum += (af_wide) power[weight + 1] * digit;
		else if (weight == -2)
		{
			sum += digit / 100;
			amount.above |= digit % 100 != 0;
		}
		else
			amount.above = true;
	}
	if (sum > PG_INT64_MAX - 1)
		amount.beyond = true;
	if (amount.beyond)
	{
		amount.above = false;
		amount.value = negative ? PG_INT64_MIN : PG_INT64_MAX;
	}
	else if (negative)
		amount.value = -(int64) sum - (amount.above ? 1 : 0);
	else
		amount.value = (int64) sum;
	return amount;
}
