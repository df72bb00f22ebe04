/*
 * card.c
 *		The type `scorecard`: text and binary form, comparison, sums.
 *
 * Text form: format, identity and counters, `1:0f..9e:3,3,150`.  State
 * travels between servers as text, so the reader trusts nothing.
 */
#include "card.h"

#include "utils/builtins.h"

#include "text_type.h"

PG_FUNCTION_INFO_V1(af_scorecard_of_rubric);
PG_FUNCTION_INFO_V1(af_scorecard_plus);
PG_FUNCTION_INFO_V1(af_scorecard_minus);
PG_FUNCTION_INFO_V1(af_scorecard_combine);

static const char hex[] = "0123456789abcdef";

static Size
card_size(bool narrow, int counter_count)
{
	return offsetof(af_card, counters) + (narrow ? sizeof(int16) : sizeof(int64)) * (Size) counter_count;
}

const af_card *
af_card_get(Datum value)
{
	const af_card *card = (const af_card *) PG_DETOAST_DATUM(value);

	if (VARSIZE(card) < card_size(true, 0) || card->format != AF_CARD_FORMAT ||
		VARSIZE(card) != card_size(card->narrow, card->counter_count))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored scorecard is not of format %d", AF_CARD_FORMAT),
				 errhint("If it was stored by a later release of antifraud, install that release.")));
	return card;
}

static af_card *
card_sized(const uint8 *identity, bool narrow, int counter_count)
{
	af_card    *card = palloc0(card_size(narrow, counter_count));

	SET_VARSIZE(card, card_size(narrow, counter_count));
	card->format = AF_CARD_FORMAT;
	card->narrow = narrow;
	card->counter_count = (uint16) counter_count;
	memcpy(card->identity, identity, AF_IDENTITY_SIZE);
	return card;
}

af_card *
af_card_new(const af_rubric *rubric)
{
	return card_sized(rubric->identity, true, rubric->counter_count);
}

const int64 *
af_card_counters(const af_card *card)
{
	int64	   *counters;

	if (!card->narrow)
		return card->counters;
	counters = palloc(sizeof(int64) * (Size) (card->counter_count + 1));
	for (int i = 0; i < card->counter_count; i++)
		counters[i] = AF_NARROW(card)[i];
	return counters;
}

af_card *
af_card_of(const uint8 *identity, const int64 *counters, int counter_count)
{
	bool		narrow = true;
	af_card    *card;

	for (int i = 0; i < counter_count && narrow; i++)
		narrow = counters[i] >= PG_INT16_MIN && counters[i] <= PG_INT16_MAX;
	card = card_sized(identity, narrow, counter_count);
	for (int i = 0; i < counter_count; i++)
	{
		if (narrow)
			AF_NARROW(card)[i] = (int16) counters[i];
		else
			card->counters[i] = counters[i];
	}
	return card;
}

af_card *
af_card_widened(const af_card *card)
{
	af_card    *wide = card_sized(card->identity, false, card->counter_count);

	for (int i = 0; i < card->counter_count; i++)
		wide->counters[i] = card->narrow ? AF_NARROW(card)[i] : card->counters[i];
	return wide;
}

void
af_identity_write(StringInfo out, const uint8 *identity)
{
	for (int i = 0; i < AF_IDENTITY_SIZE; i++)
	{
		appendStringInfoCharMacro(out, hex[identity[i] >> 4]);
		appendStringInfoCharMacro(out, hex[identity[i] & 15]);
	}
}

static char *
identity_text(const uint8 *identity)
{
	StringInfoData text;

	initStringInfo(&text);
	af_identity_write(&text, identity);
	return text.data;
}

bool
af_identity_read(const char *text, uint8 *identity)
{
	for (int i = 0; i < 2 * AF_IDENTITY_SIZE; i++)
	{
		const char *digit = text[i] ? strchr(hex, text[i]) : NULL;

		if (digit == NULL)
			return false;
		identity[i / 2] = (uint8) ((i % 2 ? identity[i / 2] << 4 : 0) | (digit - hex));
	}
	return true;
}

const char *
af_counter_read(const char *text, const char *end, int64 *counter, af_fault *fault)
{
	bool		negative = text < end && *text == '-';
	const char *start = text + negative;
	const char *at = start;
	uint64		value = 0;

	for (; at < end && *at >= '0' && *at <= '9' && at - start < 20; at++)
		value = value * 10 + (uint64) (*at - '0');
	if (at == start || (*start == '0' && (at - start > 1 || negative)))
	{
		fault->why = "A counter must be a whole number without needless zeros or signs.";
		return NULL;
	}
	if (at - start > 19 || value > (uint64) PG_INT64_MAX + negative)
	{
		fault->code = AF_RANGE;
		fault->why = "A counter does not fit in 64 bits.";
		return NULL;
	}
	*counter = negative ? (int64) (-value) : (int64) value;
	return at;
}

void
af_counters_write(StringInfo out, const int64 *counters, int count)
{
	for (int i = 0; i < count; i++)
	{
		char		digits[MAXINT8LEN + 1];

		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		appendBinaryStringInfo(out, digits, pg_lltoa(counters[i], digits));
	}
}

void
af_card_match(const af_card *card, const af_rubric *rubric)
{
	if (af_same_identity(card->identity, rubric->identity) &&
		card->counter_count == rubric->counter_count)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("scorecard was not counted with this rubric"),
			 errdetail("The card is of identity %s with %d counters, the rubric of identity %s with %d: their rules, windows, baseline or as-of date differ.",
					   identity_text(card->identity), card->counter_count,
					   identity_text(rubric->identity), rubric->counter_count),
			 errhint("Use the rubric that the card was counted with, including its period and as-of date.")));
}

/* The reader of the text form; NULL with the reason in *fault. */
static af_card *
read_card(const char *text, size_t length, af_fault *fault)
{
	const size_t head = 3 + 2 * AF_IDENTITY_SIZE;
	const char *end = text + length;
	const char *at = text + head;
	uint8		identity[AF_IDENTITY_SIZE];
	int64	   *counters;
	int			count = 0;
	af_card    *card;

	if (length < head || text[0] != '1' || text[1] != ':' ||
		!af_identity_read(text + 2, identity) || text[head - 1] != ':')
	{
		fault->why = "It must begin with \"1:\", 32 lower-case hexadecimal digits and \":\".";
		return NULL;
	}
	counters = palloc(sizeof(int64) * AF_RUBRIC_MAX_COUNTERS);
	while (at < end)
	{
		if (count == AF_RUBRIC_MAX_COUNTERS)
		{
			fault->why = "A scorecard has at most 1000 counters.";
			return NULL;
		}
		if (count > 0 && *at++ != ',')
		{
			fault->why = "Counters are separated by single commas.";
			return NULL;
		}
		at = af_counter_read(at, end, &counters[count++], fault);
		if (at == NULL)
			return NULL;
	}
	card = af_card_of(identity, counters, count);
	pfree(counters);
	return card;
}

static Datum
read_text(const char *text, size_t length, Node *context)
{
	af_fault	fault = {AF_SYNTAX, NULL};
	char		excerpt[AF_EXCERPT_SIZE];
	af_error	error;
	af_card    *card = read_card(text, length, &fault);

	if (card != NULL)
		PG_RETURN_POINTER(card);
	af_error_set(&error, fault.code, "invalid input syntax for type scorecard: \"%s\"", af_excerpt(excerpt, text, length));
	af_error_detail(&error, "%s", fault.why);
	af_error_hint(&error, "Scorecards are made by tally, merge and scorecard(rubric), and written by their output function.");
	return af_report(context, &error);
}

static char *
write_text(Datum value, size_t *length)
{
	const af_card *card = af_card_get(value);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%d:", AF_CARD_FORMAT);
	af_identity_write(&out, card->identity);
	appendStringInfoChar(&out, ':');
	af_counters_write(&out, af_card_counters(card), card->counter_count);
	*length = (size_t) out.len;
	return out.data;
}

AF_TEXT_TYPE(af_scorecard)

static inline int64
counter(const af_card *card, int i)
{
	return card->narrow ? AF_NARROW(card)[i] : card->counters[i];
}

/* By identity, then counter by counter. */
static int
compare(FunctionCallInfo fcinfo)
{
	const af_card *a = af_card_get(PG_GETARG_DATUM(0));
	const af_card *b = af_card_get(PG_GETARG_DATUM(1));
	int			order = memcmp(a->identity, b->identity, AF_IDENTITY_SIZE);

	for (int i = 0; order == 0 && i < Min(a->counter_count, b->counter_count); i++)
	{
		int64		x = counter(a, i);
		int64		y = counter(b, i);

		order = (x > y) - (x < y);
	}
	return order != 0 ? order : (int) a->counter_count - (int) b->counter_count;
}

AF_COMPARISONS(af_scorecard, compare(fcinfo))

/* scorecard(rubric): the empty card. */
Datum
af_scorecard_of_rubric(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(af_card_new(af_rubric_get(PG_GETARG_DATUM(0))));
}

static void
check_pair(const af_card *a, const af_card *b)
{
	if (af_same_identity(a->identity, b->identity) && a->counter_count == b->counter_count)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("scorecards of different rubrics cannot be added or subtracted"),
			 errdetail("One is of identity %s with %d counters, the other of identity %s with %d: their rules, windows, baseline or as-of date differ.",
					   identity_text(a->identity), a->counter_count,
					   identity_text(b->identity), b->counter_count),
			 errhint("Count both with the same rubric, period and as-of date.")));
}

void
af_counter_overflowed(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("a counter of the scorecard is out of range"),
			 errdetail("Counters have 64 bits."),
			 errhint("Look for facts with absurd quantities or bases.")));
}

/* The sum or the difference of two cards. */
static Datum
combined(const af_card *a, const af_card *b, bool minus)
{
	int64	   *counters = palloc(sizeof(int64) * (Size) (a->counter_count + 1));

	check_pair(a, b);
	for (int i = 0; i < a->counter_count; i++)
		if (minus ? __builtin_sub_overflow(counter(a, i), counter(b, i), &counters[i]) :
			__builtin_add_overflow(counter(a, i), counter(b, i), &counters[i]))
			af_counter_overflowed();
	PG_RETURN_POINTER(af_card_of(a->identity, counters, a->counter_count));
}

Datum
af_scorecard_plus(PG_FUNCTION_ARGS)
{
	return combined(af_card_get(PG_GETARG_DATUM(0)), af_card_get(PG_GETARG_DATUM(1)), false);
}

Datum
af_scorecard_minus(PG_FUNCTION_ARGS)
{
	return combined(af_card_get(PG_GETARG_DATUM(0)), af_card_get(PG_GETARG_DATUM(1)), true);
}

/* Whether the counters of both add up without passing those of the first. */
static bool
add_narrow(af_card *sum, const af_card *more)
{
	bool		fits = true;

	for (int i = 0; i < sum->counter_count; i++)
		fits &= !__builtin_add_overflow(AF_NARROW(sum)[i], AF_NARROW(more)[i], &AF_NARROW(sum)[i]);
	for (int i = 0; !fits && i < sum->counter_count; i++)
		(void) __builtin_sub_overflow(AF_NARROW(sum)[i], AF_NARROW(more)[i], &AF_NARROW(sum)[i]);
	return fits;
}

/*
 * The aggregates' combine, and merge's transition: adds into its first
 * argument, which in an aggregate is the state itself, unless that has to
 * be widened.
 */
Datum
af_scorecard_combine(PG_FUNCTION_ARGS)
{
	af_card    *state;
	const af_card *more;

	if (!AggCheckCallContext(fcinfo, NULL))
		return af_scorecard_plus(fcinfo);
	state = unconstify(af_card *, af_card_get(PG_GETARG_DATUM(0)));
	more = af_card_get(PG_GETARG_DATUM(1));
	check_pair(state, more);
	if (state->narrow)
	{
		if (more->narrow && add_narrow(state, more))
			PG_RETURN_POINTER(state);
		state = af_card_widened(state);
	}
	for (int i = 0; i < state->counter_count; i++)
		if (!af_add(&state->counters[i], counter(more, i)))
			af_counter_overflowed();
	PG_RETURN_POINTER(state);
}
