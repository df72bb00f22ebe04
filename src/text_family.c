/*
 * text_family.c
 *		Comparison of a type with text.
 */
#include "text_family.h"

#include "common/hashfn.h"

void
af_operand_stored(Datum value, af_operand *operand)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

	operand->data = VARDATA_ANY(packed);
	operand->length = VARSIZE_ANY_EXHDR(packed);
	operand->copy = packed == (struct varlena *) DatumGetPointer(value) ? NULL : packed;
}

static void
take(const af_text_family *family, Datum value, bool is_text, af_operand *operand)
{
	size_t		length;

	operand->copy = NULL;
	if (!is_text)
	{
		family->operand(value, operand);
		return;
	}
	af_operand_stored(value, operand);
	if (family->normalise(operand->data, operand->length, operand->buffer, &length))
	{
		operand->data = operand->buffer;
		operand->length = length;
	}
}

/* A sort or a nested loop calls this a million times in one memory context. */
static void
release(af_operand *operand)
{
	if (operand->copy != NULL)
		pfree(operand->copy);
}

int
af_family_compare(const af_text_family *family, Datum left, bool left_is_text,
				  Datum right, bool right_is_text)
{
	af_operand	a;
	af_operand	b;
	int			order;

	take(family, left, left_is_text, &a);
	take(family, right, right_is_text, &b);
	order = memcmp(a.data, b.data, Min(a.length, b.length));
	if (order == 0)
		order = (a.length > b.length) - (a.length < b.length);
	release(&a);
	release(&b);
	return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/*
 * The number behind a value or a text, folded as hashint8 folds it; false
 * where the hash is that of the text.
 */
static bool
folded_number(const af_text_family *family, Datum value, bool is_text, uint32 *folded)
{
	int64_t		number;

	if (family->number == NULL)
		return false;
	if (is_text)
	{
		struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);
		bool		read = family->number(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed), &number);

		if (packed != (struct varlena *) DatumGetPointer(value))
			pfree(packed);
		if (!read)
			return false;
	}
	else
		number = family->value_number ? family->value_number(value) : DatumGetInt64(value);
	*folded = (uint32) number ^ (uint32) ((uint64) number >> 32);
	return true;
}

uint32
af_family_hash(const af_text_family *family, Datum value, bool is_text)
{
	af_operand	operand;
	uint32		hash;

	if (folded_number(family, value, is_text, &hash))
		return hash_bytes_uint32(hash);
	take(family, value, is_text, &operand);
	hash = hash_bytes((const unsigned char *) operand.data, (int) operand.length);
	release(&operand);
	return hash;
}

uint64
af_family_hash_extended(const af_text_family *family, Datum value, bool is_text, uint64 seed)
{
	af_operand	operand;
	uint32		folded;
	uint64		hash;

	if (folded_number(family, value, is_text, &folded))
		return hash_bytes_uint32_extended(folded, seed);
	take(family, value, is_text, &operand);
	hash = hash_bytes_extended((const unsigned char *) operand.data, (int) operand.length, seed);
	release(&operand);
	return hash;
}
