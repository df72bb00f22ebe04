/*
 * rubric_lint.c
 *		lint_rubric(rubric): what is legal but odd, a row a finding.
 */
#include "rubric.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/rubric_lint.h"

PG_FUNCTION_INFO_V1(af_rubric_lint_rows);

typedef struct lint_target
{
	ReturnSetInfo *result;
	const af_rubric *rubric;
} lint_target;

static void
put_finding(void *context, const af_lint *finding)
{
	lint_target *target = context;
	af_span		item = af_rubric_text(target->rubric, af_rubric_items(target->rubric)[finding->item].number);
	Datum		values[5];
	bool		nulls[5] = {false};

	values[0] = af_text_datum(item.data, item.length);
	values[1] = Int32GetDatum(finding->rule);
	nulls[1] = finding->rule == 0;
	values[2] = CStringGetTextDatum(finding->code);
	values[3] = CStringGetTextDatum(finding->message);
	values[4] = CStringGetTextDatum(finding->message_chinese);
	tuplestore_putvalues(target->result->setResult, target->result->setDesc, values, nulls);
}

Datum
af_rubric_lint_rows(PG_FUNCTION_ARGS)
{
	lint_target target = {(ReturnSetInfo *) fcinfo->resultinfo, af_rubric_get(PG_GETARG_DATUM(0))};

	InitMaterializedSRF(fcinfo, 0);
	af_rubric_lint(target.rubric, put_finding, &target);
	return (Datum) 0;
}
