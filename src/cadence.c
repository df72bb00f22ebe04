/*
 * cadence.c
 *		Type cadence: I/O and comparison.
 *
 * The value is eight bytes: a rank and the unit as written (core/cadence.h).
 * Comparison and hash see the rank only, so `every 2 weeks` equals `every 14
 * days`, while each is written as it was read.
 */
#include "code_type.h"

#include "cadence.h"

StaticAssertDecl(AF_CADENCE_SIZE <= AF_CODE_SIZE, "a cadence may not fit into a code");

/* Released: values are stored as these numbers. */
StaticAssertDecl(AF_CADENCE_UNIT_BITS == 3 && AF_UNIT_DAY == 0 && AF_UNIT_WEEK == 1 && AF_UNIT_MONTH == 2 &&
				 AF_UNIT_QUARTER == 3 && AF_UNIT_HALF_YEAR == 4 && AF_UNIT_YEAR == 5 && AF_UNIT_TERM == 6,
				 "the stored form of cadence has changed");

static bool
read_packed(const char *text, size_t length, int64_t *value, af_error *error)
{
	af_cadence	c;

	if (!af_cadence_read(text, length, &c, error))
		return false;
	*value = af_cadence_pack(c);
	return true;
}

/* What is stored was packed by us; anything else is a damaged page. */
af_cadence
af_cadence_get(Datum datum)
{
	int64_t		value = DatumGetInt64(datum);
	af_cadence	c;

	if (!af_cadence_unpack(value, &c))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored value " INT64_FORMAT " is no cadence", (int64) value)));
	return c;
}

static size_t
write_packed(char *buffer, int64_t value)
{
	return af_cadence_write(buffer, af_cadence_get(Int64GetDatum(value)));
}

static const af_code_type cadence_type = {read_packed, write_packed};

AF_FUNCTION(af_cadence_in, return af_code_in(fcinfo, &cadence_type))
AF_FUNCTION(af_cadence_out, return af_code_out(fcinfo, &cadence_type))
AF_FUNCTION(af_cadence_recv, return af_code_recv(fcinfo, &cadence_type))
AF_FUNCTION(af_cadence_send, return af_code_send(fcinfo, &cadence_type))
AF_FUNCTION(af_cadence_or_null, return af_code_or_null(fcinfo, &cadence_type))

/*
 * In the order of the text family a cadence stands for its rank: a zero byte,
 * which no text holds, and the rank from its highest byte down.  So cadences
 * come in the order of their ranks, behind the empty text and before all
 * others that are none.
 */
static size_t
write_rank(char *buffer, int64_t value)
{
	uint64		rank = (uint64) af_cadence_rank(value);

	buffer[0] = '\0';
	for (int i = 0; i < 8; i++)
		buffer[1 + i] = (char) (rank >> (56 - 8 * i));
	return 9;
}

static bool
cadence_normalise(const char *text, size_t length, char *out, size_t *out_length)
{
	int64_t		value;

	if (!read_packed(text, length, &value, NULL))
		return false;
	*out_length = write_rank(out, value);
	return true;
}

static void
cadence_operand(Datum value, af_operand *operand)
{
	operand->length = write_rank(operand->buffer, DatumGetInt64(value));
	operand->data = operand->buffer;
}

static bool
text_rank(const char *text, size_t length, int64_t *rank)
{
	if (!read_packed(text, length, rank, NULL))
		return false;
	*rank = af_cadence_rank(*rank);
	return true;
}

static int64_t
value_rank(Datum value)
{
	return af_cadence_rank(DatumGetInt64(value));
}

static const af_text_family cadence_family = {cadence_normalise, cadence_operand, text_rank, value_rank};

static inline int
rank_order(int64_t left, int64_t right)
{
	left = af_cadence_rank(left);
	right = af_cadence_rank(right);
	return (left > right) - (left < right);
}

AF_COMPARISONS(af_cadence, rank_order(PG_GETARG_INT64(0), PG_GETARG_INT64(1)))
AF_TEXT_FAMILY(cadence, cadence_family)

/* Of two that are equal, always the same one, whatever their order. */
AF_EXTREMES(af_cadence, AF_CODE_ORDER)
