/*
 * face.c
 *		What every file of the PostgreSQL face shares.
 */
#include "face.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

static int
sqlstate_of(af_code code)
{
	switch (code)
	{
		case AF_SYNTAX:
			return ERRCODE_INVALID_TEXT_REPRESENTATION;
		case AF_INVALID:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case AF_RANGE:
			return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
		case AF_DATE:
			return ERRCODE_DATETIME_FIELD_OVERFLOW;
		case AF_LIMIT:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case AF_ENCODING:
			return ERRCODE_CHARACTER_NOT_IN_REPERTOIRE;
	}
	return ERRCODE_INTERNAL_ERROR;
}

Datum
af_report(Node *context, const af_error *error)
{
	af_errsave(context, (Datum) 0,
			   (errcode(sqlstate_of(error->code)),
				errmsg_internal("%s", error->message),
				error->detail[0] ? errdetail_internal("%s", error->detail) : 0,
				error->hint[0] ? errhint("%s", error->hint) : 0));
}

static void *
allocate(void *context, size_t size)
{
	return MemoryContextAlloc((MemoryContext) context, size);
}

static void *
resize(void *context, void *pointer, size_t size)
{
	(void) context;
	return repalloc(pointer, size);
}

static void
release(void *context, void *pointer)
{
	(void) context;
	pfree(pointer);
}

af_memory
af_palloc_memory(void)
{
	af_memory	memory = {allocate, resize, release, CurrentMemoryContext};

	return memory;
}

MemoryContext
af_scratch_begin(void)
{
	return MemoryContextSwitchTo(AllocSetContextCreate(CurrentMemoryContext, "antifraud scratch", ALLOCSET_DEFAULT_SIZES));
}

void
af_scratch_end(MemoryContext old)
{
	MemoryContextDelete(MemoryContextSwitchTo(old));
}

Datum
af_text_datum(const char *data, size_t length)
{
	return PointerGetDatum(cstring_to_text_with_len(data, (int) length));
}
