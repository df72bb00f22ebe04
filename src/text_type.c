/*
 * text_type.c
 *		I/O and hashing of a type whose binary form is its text form.
 */
#include "text_type.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"

Datum
af_text_recv(FunctionCallInfo fcinfo, af_text_reader reader)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	int			length;
	char	   *text = pq_getmsgtext(buffer, buffer->len - buffer->cursor, &length);

	return reader(text, (size_t) length, fcinfo->context);
}

Datum
af_text_send(FunctionCallInfo fcinfo, af_text_writer writer)
{
	size_t		length;
	char	   *text = writer(PG_GETARG_DATUM(0), &length);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendtext(&buffer, text, (int) length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

uint32
af_text_hash(Datum value, af_text_writer writer)
{
	MemoryContext old = af_scratch_begin();
	size_t		length;
	char	   *text = writer(value, &length);
	uint32		hash = hash_bytes((const unsigned char *) text, (int) length);

	af_scratch_end(old);
	return hash;
}

uint64
af_text_hash_extended(Datum value, uint64 seed, af_text_writer writer)
{
	MemoryContext old = af_scratch_begin();
	size_t		length;
	char	   *text = writer(value, &length);
	uint64		hash = hash_bytes_extended((const unsigned char *) text, (int) length, seed);

	af_scratch_end(old);
	return hash;
}

int
af_text_compare(Datum a, Datum b, af_text_writer writer)
{
	MemoryContext old = af_scratch_begin();
	size_t		a_length;
	size_t		b_length;
	char	   *a_text = writer(a, &a_length);
	char	   *b_text = writer(b, &b_length);
	int			order = memcmp(a_text, b_text, Min(a_length, b_length));

	if (order == 0)
		order = (a_length > b_length) - (a_length < b_length);
	af_scratch_end(old);
	return order;
}
