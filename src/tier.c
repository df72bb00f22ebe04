/*
 * tier.c
 *		tier_code(text): the code of the risk tier that a text names.
 */
#include "face.h"

#include "core/tier_words.h"

PG_FUNCTION_INFO_V1(af_tier_code);
Datum
af_tier_code(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	af_memory	memory = af_palloc_memory();
	af_text		code;
	af_error	error;

	af_text_init(&code, &memory);
	if (!af_tier_read(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &code, &error))
		af_report(NULL, &error);
	return af_text_datum(code.data, code.length);
}
