/*
 * rubric.h
 *		The type `rubric` as other files of the face see it.
 */
#ifndef AF_FACE_RUBRIC_H
#define AF_FACE_RUBRIC_H

#include "face.h"

#include "access/detoast.h"

#include "core/rubric_model.h"

/* A rubric argument, detoasted and checked to be of this format. */
extern const af_rubric *af_rubric_get(Datum value);

/*
 * The same for a function that is called row after row with the same value:
 * the detoasted copy is kept in fn_extra, and losing it costs only time.
 */
extern const af_rubric *af_rubric_get_cached(FunctionCallInfo fcinfo, int argument);

/* What fn_extra holds: the toasted form as it came, and what it says. */
typedef struct af_rubric_cache
{
	const af_rubric *rubric;
	Size		toasted_size;
	char		toasted[FLEXIBLE_ARRAY_MEMBER];
} af_rubric_cache;

/*
 * The same where little needs to be done, as a rule once a row: inline.  A
 * toast pointer that is the same as before names the same value.
 */
static inline const af_rubric *
af_rubric_get_row(FunctionCallInfo fcinfo, int argument)
{
	const af_rubric *rubric = (const af_rubric *) PG_GETARG_POINTER(argument);

	if (likely(!VARATT_IS_EXTENDED(rubric) && VARSIZE(rubric) >= sizeof(af_rubric) &&
			   rubric->format == AF_RUBRIC_FORMAT && rubric->size == VARSIZE(rubric)))
		return rubric;
	if (VARATT_IS_EXTERNAL_ONDISK(rubric))
	{
		const af_rubric_cache *cache = fcinfo->flinfo->fn_extra;

		if (likely(cache != NULL && cache->toasted_size == TOAST_POINTER_SIZE &&
				   memcmp(cache->toasted, rubric, TOAST_POINTER_SIZE) == 0))
			return cache->rubric;
	}
	return af_rubric_get_cached(fcinfo, argument);
}

/* Compile a document into a value of the type; raises, or reports softly and returns NULL. */
extern af_rubric *af_rubric_make(const af_model *model, Node *context);

/* The document behind a value. */
extern af_model *af_rubric_open(const af_rubric *rubric, const af_memory *memory);

#endif
