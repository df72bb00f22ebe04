/*
 * card.h
 *		The type `scorecard` as other files of the face see it.
 *
 * The layout is what is stored: STORAGE plain and ALIGNMENT double, so that
 * an aggregate can count in place, and a parallel combine never meets a short
 * or unaligned header.
 *
 * Most cards hold small numbers.  They are narrow: grouping by 600,000 units
 * is a matter of memory, and a chunk of 128 bytes a unit instead of 512 saves
 * half of what counting costs above a plain sum.  A card is widened when one
 * of its counters no longer fits; equal cards may differ in width.
 */
#ifndef AF_CARD_H
#define AF_CARD_H

#include "rubric.h"

#include "lib/stringinfo.h"
#include "utils/numeric.h"

#include "core/score.h"

#define AF_CARD_FORMAT 1

typedef struct af_card
{
	int32		varlena_header;
	uint8		format;
	bool		narrow;			/* counters of 16 bits, otherwise of 64 */
	uint16		counter_count;
	uint8		identity[AF_IDENTITY_SIZE];
	int64		counters[FLEXIBLE_ARRAY_MEMBER];
} af_card;

/* The counters of a narrow card. */
#define AF_NARROW(card) ((int16 *) (card)->counters)

/* Asked for every row, so without a call. */
static inline bool
af_same_identity(const uint8 *a, const uint8 *b)
{
	uint64		x[2];
	uint64		y[2];

	memcpy(x, a, AF_IDENTITY_SIZE);
	memcpy(y, b, AF_IDENTITY_SIZE);
	return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

/* A scorecard argument, checked to be whole. */
extern const af_card *af_card_get(Datum value);

/* An empty card of a rubric, in the current memory context. */
extern af_card *af_card_new(const af_rubric *rubric);

/* The counters as 64-bit numbers: its own, or a copy. */
extern const int64 *af_card_counters(const af_card *card);

/* A card of these counters, as narrow as they allow. */
extern af_card *af_card_of(const uint8 *identity, const int64 *counters, int counter_count);

/* The same card with counters of 64 bits. */
extern af_card *af_card_widened(const af_card *card);

/* Raise unless the card was counted with this rubric's rules and dates. */
extern void af_card_match(const af_card *card, const af_rubric *rubric);

/* The parts of the text forms of scorecard and score_table. */
extern void af_identity_write(StringInfo out, const uint8 *identity);
extern void af_counters_write(StringInfo out, const int64 *counters, int count);

/* Read 32 hexadecimal digits, which must be there. */
extern bool af_identity_read(const char *text, uint8 *identity);

/* Why a text is no card or table. */
typedef struct af_fault
{
	af_code		code;
	const char *why;
} af_fault;

/* Read one counter; the place behind it, or NULL with the reason in *fault. */
extern const char *af_counter_read(const char *text, const char *end, int64 *counter, af_fault *fault);

/* A fact's size from a numeric; see amount.c. */
extern af_amount af_amount_of(Numeric value);

/* Points in hundredths as numeric, without needless zeros: card_read.c. */
extern Datum af_points_numeric(af_wide points);

/* Raise: a sum of two cards would pass 64 bits. */
pg_noreturn extern void af_counter_overflowed(void);

/* Raise for a counting failure: tally.c. */
extern void af_count_failed(af_count_status status, const char *measure, size_t length);

#endif
