/*
 * rubric.c
 *		The type `rubric`: text and binary form, comparison, detoasting.
 */
#include "rubric.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "utils/builtins.h"

#include "text_type.h"

/*
 * Stored rubrics outlive the server (pg_upgrade), and are read as they lie:
 * another layout, another number in an enum of rubric.h or rule_model.h, or
 * another hash of a measure's name needs another AF_RUBRIC_FORMAT.  So do
 * new rules of how bands are compiled.
 */
#if MAXIMUM_ALIGNOF == 8
StaticAssertDecl(AF_RUBRIC_FORMAT == 1 &&
				 sizeof(af_rubric) == 128 && sizeof(af_compiled_measure) == 40 &&
				 sizeof(af_compiled_rule) == 88 && sizeof(af_compiled_band) == 128 &&
				 sizeof(af_window) == 36 && sizeof(af_compiled_item) == 32 &&
				 sizeof(af_compiled_section) == 24,
				 "the stored form of rubric has changed: raise AF_RUBRIC_FORMAT");
#endif
StaticAssertDecl(AF_RAISE == 4 && AF_PER_PERCENT == 5 && AF_SUBJECT_CHANGE == 4 && AF_EQUAL == 4 &&
				 AF_VALUE_REQUIRED == 2 && AF_WINDOW_MONTH == 2 && AF_OVERFLOW_TOTAL == 2 && AF_COMBINE_MAX == 1,
				 "a number stored in rubrics has changed: append to the enums, or raise AF_RUBRIC_FORMAT");

static const af_rubric *
check_format(const af_rubric *rubric)
{
	if (VARSIZE(rubric) < sizeof(af_rubric) || rubric->format != AF_RUBRIC_FORMAT ||
		rubric->size != VARSIZE(rubric))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored rubric is not of format %d", AF_RUBRIC_FORMAT),
				 errhint("If it was stored by a later release of antifraud, install that release.")));
	return rubric;
}

const af_rubric *
af_rubric_get(Datum value)
{
	return check_format((const af_rubric *) PG_DETOAST_DATUM(value));
}

const af_rubric *
af_rubric_get_cached(FunctionCallInfo fcinfo, int argument)
{
	struct varlena *value = (struct varlena *) PG_GETARG_POINTER(argument);
	af_rubric_cache *cache = fcinfo->flinfo->fn_extra;
	MemoryContext old;
	Size		size;

	if (!VARATT_IS_EXTENDED(value))
		return check_format((const af_rubric *) value);
	size = VARSIZE_ANY(value);
	if (cache != NULL && cache->toasted_size == size && memcmp(cache->toasted, value, size) == 0)
		return cache->rubric;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (cache != NULL)
	{
		pfree(unconstify(af_rubric *, cache->rubric));
		pfree(cache);
		fcinfo->flinfo->fn_extra = NULL;
	}
	cache = palloc(offsetof(af_rubric_cache, toasted) + size);
	cache->toasted_size = size;
	memcpy(cache->toasted, value, size);
	cache->rubric = check_format((const af_rubric *) PG_DETOAST_DATUM_COPY(PointerGetDatum(value)));
	fcinfo->flinfo->fn_extra = cache;
	MemoryContextSwitchTo(old);
	return cache->rubric;
}

/* The identity is a digest, so that cards need not carry the rules. */
static void
set_identity(af_rubric *rubric)
{
	af_memory	memory = af_palloc_memory();
	pg_cryptohash_ctx *digest = pg_cryptohash_create(PG_SHA256);
	uint8		result[PG_SHA256_DIGEST_LENGTH];
	af_text		text;

	af_text_init(&text, &memory);
	af_rubric_identity_text(rubric, &text);
	if (digest == NULL || pg_cryptohash_init(digest) < 0 ||
		pg_cryptohash_update(digest, (const uint8 *) text.data, text.length) < 0 ||
		pg_cryptohash_final(digest, result, sizeof(result)) < 0)
		elog(ERROR, "could not compute a SHA-256 digest: %s", pg_cryptohash_error(digest));
	pg_cryptohash_free(digest);
	memcpy(rubric->identity, result, AF_IDENTITY_SIZE);
}

af_rubric *
af_rubric_make(const af_model *model, Node *context)
{
	af_memory	memory = af_palloc_memory();
	af_error	error;
	af_rubric  *rubric = af_rubric_compile(model, &memory, &error);

	if (rubric == NULL)
	{
		af_report(context, &error);
		return NULL;
	}
	SET_VARSIZE(rubric, rubric->size);
	set_identity(rubric);
	return rubric;
}

af_model *
af_rubric_open(const af_rubric *rubric, const af_memory *memory)
{
	af_model   *model = af_rubric_model(rubric, memory);

	if (model == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored rubric holds a rule that does not parse")));
	return model;
}

static Datum
read_text(const char *text, size_t length, Node *context)
{
	af_memory	memory = af_palloc_memory();
	af_error	error;
	af_model   *model = af_model_read(text, length, &memory, &error);

	if (model == NULL)
		return af_report(context, &error);
	return PointerGetDatum(af_rubric_make(model, context));
}

static char *
write_text(Datum value, size_t *length)
{
	const af_rubric *rubric = af_rubric_get(value);
	af_memory	memory = af_palloc_memory();
	af_text		out;

	af_text_init(&out, &memory);
	af_model_write(af_rubric_open(rubric, &memory), &out);
	*length = out.length;
	return out.data;
}

AF_TEXT_TYPE(af_rubric)

AF_COMPARISONS(af_rubric, af_text_compare(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), write_text))
