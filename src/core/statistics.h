/*
 * statistics.h
 *		Exact tests and intervals for small counts.
 *
 * A village with three cases after five has hardly fallen: these say whether
 * a change is more than chance.  They are the only floating-point numbers of
 * the module, and no score and no target is decided by them.
 */
#ifndef AF_STATISTICS_H
#define AF_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

#include "result.h"

/* Largest number of trials, of events observed, and of events expected. */
#define AF_STATISTICS_MAX	INT64_C(1000000000)

/* P(X <= count), for the Poisson distribution of a mean. */
extern bool af_poisson_cdf(int64_t count, double mean, double *result, af_error *error);

/* P(X <= count), for the number of successes in independent trials. */
extern bool af_binomial_cdf(int64_t count, int64_t trials, double probability, double *result, af_error *error);

/* Two-sided: the probability of all outcomes no more likely than this one. */
extern bool af_binomial_test(int64_t count, int64_t trials, double probability, double *result, af_error *error);

/*
 * Whether two counts of events differ by more than chance: exact, given their
 * sum.  exposure is that of the first over that of the second.
 */
extern bool af_change_test(int64_t now, int64_t before, double exposure, double *result, af_error *error);

/* Wilson's interval for a share; *known is false where nobody was sampled. */
extern bool af_wilson_interval(int64_t positive, int64_t sampled, double confidence,
							   bool *known, double *low, double *high, af_error *error);

/* The exact interval (Garwood's) for the mean of which a count was observed. */
extern bool af_poisson_interval(int64_t count, double confidence, double *low, double *high, af_error *error);

/*
 * How the rate of the first count stands to that of the second: the exact
 * interval (Clopper and Pearson's) of the share of the first among both,
 * given their sum.  *known is false where nothing was seen, *bounded where
 * nothing was seen before.
 */
extern bool af_change_interval(int64_t now, int64_t before, double exposure, double confidence,
							   bool *known, bool *bounded, double *low, double *high, af_error *error);

/*
 * How many more events are to be expected in the remaining time, where count
 * were seen in the elapsed: the exact prediction interval.
 */
extern bool af_forecast_interval(int64_t count, double elapsed, double remaining, double confidence,
								 int64_t *low, int64_t *high, af_error *error);

#endif
