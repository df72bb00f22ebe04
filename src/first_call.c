/*
 * first_call.c
 *		Whether a call is the first one of its place in a query.
 *
 * The planner hands a condition on a column down to tables, and not to the
 * arguments of a function in FROM.  A view over such a function would compute
 * every unit for the one that was asked for; one that calls it unit by unit
 * would be slow for all.  With this such a view computes the first unit by
 * itself, and all of them in one pass once there is a second.  The rows are
 * the same either way, so it does not matter when a count starts anew, as in
 * a parallel worker.
 */
#include "face.h"

#include "fmgr.h"

PG_FUNCTION_INFO_V1(af_first_call);
Datum
af_first_call(PG_FUNCTION_ARGS)
{
	FmgrInfo   *place = fcinfo->flinfo;

	if (place->fn_extra != NULL)
		PG_RETURN_BOOL(false);
	/* Anything that is not NULL, and lives as long as the place. */
	place->fn_extra = place;
	PG_RETURN_BOOL(true);
}
