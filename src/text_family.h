/*
 * text_family.h
 *		Comparison of a type with text, for its btree and hash families.
 *
 * Drivers send codes as text or varchar, so a type T that is a code is
 * compared with text in all four combinations: (T,T), (T,text), (text,T) and
 * (text,text).  A family without all of them fails amvalidate, breaks FULL
 * JOIN, and leaves IN (SELECT ...) without an index.
 *
 * The order is one over all texts: a text that T's input would accept stands
 * for its canonical text, any other for itself, and those compare by bytes.
 * So '331126' and '331126000000' are equal as regions, what does not parse
 * has its place too, and nothing here raises an error: the functions may be
 * LEAKPROOF.  A hash is PostgreSQL's own: hashtext() of the canonical text,
 * or, for a type that is a number inside, hashint8() of that number.  A type
 * whose order is that of its numbers gives them in place of the text; they
 * must be bytes that no text is.
 *
 * To give a type its family: fill in an af_text_family, write
 * AF_TEXT_FAMILY(name, family) in the type's file, and in SQL
 * CALL antifraud.define_text_family('name', ...); see sql/05_text_family.sql.
 */
#ifndef AF_TEXT_FAMILY_H
#define AF_TEXT_FAMILY_H

#include "face.h"

/* The longest canonical text of any type that has a family. */
#define AF_CANONICAL_SIZE 8192

/* The bytes for which a value stands in a comparison. */
typedef struct af_operand
{
	const char *data;
	size_t		length;
	void	   *copy;			/* to be freed afterwards, or NULL */
	char		buffer[AF_CANONICAL_SIZE];
} af_operand;

typedef struct af_text_family
{
	/*
	 * Canonical text of a text that T's input accepts, in out, which has
	 * AF_CANONICAL_SIZE bytes; false where the text is no T.  Never raises.
	 */
	bool		(*normalise) (const char *text, size_t length, char *out, size_t *out_length);

	/* Canonical text of a T: in the buffer, or af_operand_stored. */
	void		(*operand) (Datum value, af_operand *operand);

	/*
	 * For a T that is an int64 inside: the number that a text stands for.
	 * Grouping and hash joins ask for a hash a row, and a number is hashed
	 * several times as fast as its digits.  NULL for other types.
	 */
	bool		(*number) (const char *text, size_t length, int64_t *value);

	/* The same of a T whose int64 holds more than that number; else NULL. */
	int64_t		(*value_number) (Datum value);
} af_text_family;

/* For a T that is a varlena of just its canonical text. */
extern void af_operand_stored(Datum value, af_operand *operand);

extern int	af_family_compare(const af_text_family *family, Datum left, bool left_is_text,
							  Datum right, bool right_is_text);
extern uint32 af_family_hash(const af_text_family *family, Datum value, bool is_text);
extern uint64 af_family_hash_extended(const af_text_family *family, Datum value, bool is_text, uint64 seed);

/* One fmgr function; `answer` may use fcinfo. */
#define AF_FUNCTION(symbol, answer) \
PG_FUNCTION_INFO_V1(symbol); \
Datum \
symbol(PG_FUNCTION_ARGS) \
{ \
	answer; \
}

/* The seven functions of one combination; `order` is below, at or above 0. */
#define AF_COMPARISONS(name, order) \
AF_FUNCTION(name##_lt, PG_RETURN_BOOL((order) < 0)) \
AF_FUNCTION(name##_le, PG_RETURN_BOOL((order) <= 0)) \
AF_FUNCTION(name##_eq, PG_RETURN_BOOL((order) == 0)) \
AF_FUNCTION(name##_ne, PG_RETURN_BOOL((order) != 0)) \
AF_FUNCTION(name##_ge, PG_RETURN_BOOL((order) >= 0)) \
AF_FUNCTION(name##_gt, PG_RETURN_BOOL((order) > 0)) \
AF_FUNCTION(name##_cmp, PG_RETURN_INT32(order))

#define AF_FAMILY_ORDER(family, left_is_text, right_is_text) \
	af_family_compare(&(family), PG_GETARG_DATUM(0), left_is_text, PG_GETARG_DATUM(1), right_is_text)

/* Smaller and larger of two T, for min and max. */
#define AF_EXTREMES(name, order) \
AF_FUNCTION(name##_smaller, PG_RETURN_DATUM(PG_GETARG_DATUM((order) <= 0 ? 0 : 1))) \
AF_FUNCTION(name##_larger, PG_RETURN_DATUM(PG_GETARG_DATUM((order) >= 0 ? 0 : 1)))

/*
 * All that compares or hashes a text: af_NAME_text_lt (T, text),
 * af_text_NAME_lt (text, T), af_text_text_NAME_lt, and so on; the hashes of
 * T and of text.
 */
#define AF_TEXT_FAMILY(name, family) \
AF_COMPARISONS(af_##name##_text, AF_FAMILY_ORDER(family, false, true)) \
AF_COMPARISONS(af_text_##name, AF_FAMILY_ORDER(family, true, false)) \
AF_COMPARISONS(af_text_text_##name, AF_FAMILY_ORDER(family, true, true)) \
AF_FUNCTION(af_##name##_hash, PG_RETURN_UINT32(af_family_hash(&(family), PG_GETARG_DATUM(0), false))) \
AF_FUNCTION(af_##name##_hash_extended, PG_RETURN_UINT64(af_family_hash_extended(&(family), PG_GETARG_DATUM(0), false, (uint64) PG_GETARG_INT64(1)))) \
AF_FUNCTION(af_##name##_text_hash, PG_RETURN_UINT32(af_family_hash(&(family), PG_GETARG_DATUM(0), true))) \
AF_FUNCTION(af_##name##_text_hash_extended, PG_RETURN_UINT64(af_family_hash_extended(&(family), PG_GETARG_DATUM(0), true, (uint64) PG_GETARG_INT64(1))))

/* (T,T) for a T that is a varlena of its canonical text. */
#define AF_STORED_COMPARISONS(name, family) \
AF_COMPARISONS(af_##name, AF_FAMILY_ORDER(family, false, false)) \
AF_EXTREMES(af_##name, AF_FAMILY_ORDER(family, false, false))

#endif
