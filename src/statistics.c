/*
 * statistics.c
 *		Exact tests and intervals for small counts.
 */
#include "face.h"

#include "access/htup_details.h"
#include "funcapi.h"

#include "core/statistics.h"

PG_FUNCTION_INFO_V1(af_statistics_poisson_cdf);
PG_FUNCTION_INFO_V1(af_statistics_binomial_cdf);
PG_FUNCTION_INFO_V1(af_statistics_binomial_test);
PG_FUNCTION_INFO_V1(af_statistics_change_test);
PG_FUNCTION_INFO_V1(af_statistics_change_interval);
PG_FUNCTION_INFO_V1(af_statistics_wilson_interval);
PG_FUNCTION_INFO_V1(af_statistics_poisson_interval);
PG_FUNCTION_INFO_V1(af_statistics_forecast_interval);

Datum
af_statistics_poisson_cdf(PG_FUNCTION_ARGS)
{
	double		result;
	af_error	error;

	if (!af_poisson_cdf(PG_GETARG_INT64(0), PG_GETARG_FLOAT8(1), &result, &error))
		return af_report(NULL, &error);
	PG_RETURN_FLOAT8(result);
}

Datum
af_statistics_binomial_cdf(PG_FUNCTION_ARGS)
{
	double		result;
	af_error	error;

	if (!af_binomial_cdf(PG_GETARG_INT64(0), PG_GETARG_INT64(1), PG_GETARG_FLOAT8(2), &result, &error))
		return af_report(NULL, &error);
	PG_RETURN_FLOAT8(result);
}

Datum
af_statistics_binomial_test(PG_FUNCTION_ARGS)
{
	double		result;
	af_error	error;

	if (!af_binomial_test(PG_GETARG_INT64(0), PG_GETARG_INT64(1), PG_GETARG_FLOAT8(2), &result, &error))
		return af_report(NULL, &error);
	PG_RETURN_FLOAT8(result);
}

Datum
af_statistics_change_test(PG_FUNCTION_ARGS)
{
	double		result;
	af_error	error;

	if (!af_change_test(PG_GETARG_INT64(0), PG_GETARG_INT64(1), PG_GETARG_FLOAT8(2), &result, &error))
		return af_report(NULL, &error);
	PG_RETURN_FLOAT8(result);
}

static Datum
interval_row(FunctionCallInfo fcinfo, bool known, bool bounded, Datum low, Datum high)
{
	TupleDesc	row;
	Datum		values[2] = {low, high};
	bool		nulls[2] = {!known, !known || !bounded};

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE || row->natts != 2)
		elog(ERROR, "an interval is a row of 2 columns");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls));
}

Datum
af_statistics_change_interval(PG_FUNCTION_ARGS)
{
	bool		known;
	bool		bounded;
	double		low = 0;
	double		high = 0;
	af_error	error;

	if (!af_change_interval(PG_GETARG_INT64(0), PG_GETARG_INT64(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3), &known, &bounded, &low, &high, &error))
		return af_report(NULL, &error);
	return interval_row(fcinfo, known, bounded, Float8GetDatum(low), Float8GetDatum(high));
}

Datum
af_statistics_wilson_interval(PG_FUNCTION_ARGS)
{
	bool		known;
	double		low = 0;
	double		high = 0;
	af_error	error;

	if (!af_wilson_interval(PG_GETARG_INT64(0), PG_GETARG_INT64(1), PG_GETARG_FLOAT8(2), &known, &low, &high, &error))
		return af_report(NULL, &error);
	return interval_row(fcinfo, known, true, Float8GetDatum(low), Float8GetDatum(high));
}

Datum
af_statistics_poisson_interval(PG_FUNCTION_ARGS)
{
	double		low;
	double		high;
	af_error	error;

	if (!af_poisson_interval(PG_GETARG_INT64(0), PG_GETARG_FLOAT8(1), &low, &high, &error))
		return af_report(NULL, &error);
	return interval_row(fcinfo, true, true, Float8GetDatum(low), Float8GetDatum(high));
}

Datum
af_statistics_forecast_interval(PG_FUNCTION_ARGS)
{
	int64		low;
	int64		high;
	af_error	error;

	if (!af_forecast_interval(PG_GETARG_INT64(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3), &low, &high, &error))
		return af_report(NULL, &error);
	return interval_row(fcinfo, true, true, Int64GetDatum(low), Int64GetDatum(high));
}
