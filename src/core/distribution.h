/*
 * distribution.h
 *		Probabilities of the Poisson and the binomial distribution.
 */
#ifndef AF_DISTRIBUTION_H
#define AF_DISTRIBUTION_H

#include <stdbool.h>
#include <stdint.h>

/* One distribution. Poisson: trials is -1. */
typedef struct af_distribution
{
	int64_t		trials;
	double		probability;
	double		mean;
} af_distribution;

/* Whether it has one outcome only. */
extern bool af_is_certain(const af_distribution *of);

/* The probability of one outcome, within the range of the distribution. */
extern double af_outcome(const af_distribution *of, int64_t count);

/* P(X <= count). */
extern double af_lower_tail(const af_distribution *of, int64_t count);

/* P(X >= count). */
extern double af_upper_tail(const af_distribution *of, int64_t count);

#endif
