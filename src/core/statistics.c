/*
 * statistics.c
 *		Exact tests and intervals for small counts.
 */
#include "statistics.h"

#include <math.h>

#include "distribution.h"

#define TWO_PI			6.283185307179586477
#define SQRT_HALF		0.70710678118654752440

/*
 * Outcomes whose probabilities differ by less than this are equally likely:
 * rounding must not drop the mirror image of an outcome from a test.
 */
#define EQUALLY_LIKELY	(1.0 + 1e-7)

static bool
check_count(const char *what, int64_t count, af_error *error)
{
	if (count >= 0 && count <= AF_STATISTICS_MAX)
		return true;
	af_error_set(error, AF_INVALID, "%s must be between 0 and %lld, not %lld", what, (long long) AF_STATISTICS_MAX, (long long) count);
	return af_error_hint(error, "Give a count.");
}

static bool
check_share(const char *what, double share, bool open, af_error *error)
{
	/* not (share < 0): a NaN compares false with everything */
	if (open ? share > 0 && share < 1 : share >= 0 && share <= 1)
		return true;
	af_error_set(error, AF_INVALID, "%s must be between 0 and 1, not %g", what, share);
	if (open)
		af_error_detail(error, "0 and 1 themselves give no interval.");
	return af_error_hint(error, "Give a share, not a percentage: 0.95 for 95 per cent.");
}

bool
af_poisson_cdf(int64_t count, double mean, double *result, af_error *error)
{
	af_distribution of = {-1, 0, mean};

	if (!check_count("the count", count, error))
		return false;
	if (!(mean >= 0 && mean <= (double) AF_STATISTICS_MAX))
	{
		af_error_set(error, AF_INVALID, "the mean must be between 0 and %lld, not %g", (long long) AF_STATISTICS_MAX, mean);
		return af_error_hint(error, "Give the number of events expected.");
	}
	*result = af_lower_tail(&of, count);
	return true;
}

static bool
make_binomial(int64_t count, int64_t trials, double probability, af_distribution *of, af_error *error)
{
	if (!check_count("the count", count, error) || !check_count("the number of trials", trials, error))
		return false;
	if (!check_share("the probability", probability, false, error))
		return false;
	if (count > trials)
	{
		af_error_set(error, AF_INVALID, "a count of %lld is more than %lld trials", (long long) count, (long long) trials);
		return af_error_hint(error, "The arguments are the count, the number of trials and the probability.");
	}
	of->trials = trials;
	of->probability = probability;
	of->mean = (double) trials * probability;
	return true;
}

bool
af_binomial_cdf(int64_t count, int64_t trials, double probability, double *result, af_error *error)
{
	af_distribution of;

	if (!make_binomial(count, trials, probability, &of, error))
		return false;
	*result = af_lower_tail(&of, count);
	return true;
}

/* Both sides of a test: this outcome's tail, and on the other side all that is no more likely. */
static double
both_tails(const af_distribution *of, int64_t count)
{
	double		limit = af_outcome(of, count) * EQUALLY_LIKELY;
	int64_t		low;
	int64_t		high;

	if (af_is_certain(of))
		return limit > 0 ? 1 : 0;
	if ((double) count == of->mean)
		return 1;

	/* Beyond the mean probabilities fall, so that halving finds the place. */
	if ((double) count < of->mean)
	{
		low = (int64_t) ceil(of->mean);
		high = of->trials + 1;
		while (low < high)
		{
			int64_t		middle = low + (high - low) / 2;

			if (af_outcome(of, middle) <= limit)
				high = middle;
			else
				low = middle + 1;
		}
		return fmin(1, af_lower_tail(of, count) + af_upper_tail(of, low));
	}
	low = -1;
	high = (int64_t) floor(of->mean);
	while (low < high)
	{
		int64_t		middle = low + (high - low + 1) / 2;

		if (af_outcome(of, middle) <= limit)
			low = middle;
		else
			high = middle - 1;
	}
	return fmin(1, af_upper_tail(of, count) + af_lower_tail(of, low));
}

bool
af_binomial_test(int64_t count, int64_t trials, double probability, double *result, af_error *error)
{
	af_distribution of;

	if (!make_binomial(count, trials, probability, &of, error))
		return false;
	*result = both_tails(&of, count);
	return true;
}

/* Two counts, and the share of the first that exposure alone would give it. */
static bool
make_change(int64_t now, int64_t before, double exposure, af_distribution *of, af_error *error)
{
	if (!check_count("the count now", now, error) || !check_count("the count before", before, error))
		return false;
	if (!(exposure > 0 && exposure <= 1e9))
	{
		af_error_set(error, AF_INVALID, "the ratio of exposures must be above 0 and at most 1000000000, not %g", exposure);
		return af_error_hint(error, "It is the time (or population) of the first count over that of the second: 1 against last year, 1/3 against three years.");
	}

	/*
	 * Of now + before events each falls into the first period with the
	 * probability of its exposure, if nothing has changed.
	 */
	of->trials = now + before;
	of->probability = exposure / (1 + exposure);
	of->mean = (double) of->trials * of->probability;
	return true;
}

bool
af_change_test(int64_t now, int64_t before, double exposure, double *result, af_error *error)
{
	af_distribution of;

	if (!make_change(now, before, exposure, &of, error))
		return false;
	*result = of.trials == 0 ? 1 : both_tails(&of, now);
	return true;
}

/*
 * The probability of success at which the tail of count, P(X >= count) or
 * P(X <= count), is as large as outside; it lies between from and to.
 */
static double
share_of_tail(int64_t count, int64_t trials, bool upper, double outside, double from, double to)
{
	for (;;)
	{
		af_distribution of = {trials, from + (to - from) / 2, 0};
		double		tail;

		if (of.probability <= from || of.probability >= to)
			return upper ? from : to;
		of.mean = (double) trials * of.probability;
		tail = upper ? af_upper_tail(&of, count) : af_lower_tail(&of, count);
		if (upper ? tail < outside : tail > outside)
			from = of.probability;
		else
			to = of.probability;
	}
}

bool
af_change_interval(int64_t now, int64_t before, double exposure, double confidence,
				   bool *known, bool *bounded, double *low, double *high, af_error *error)
{
	af_distribution of = {0};		/* gcc 15 does not see that make_change() fills it or refuses */
	double		outside;
	double		seen;
	double		share;

	if (!make_change(now, before, exposure, &of, error) || !check_share("the confidence", confidence, true, error))
		return false;
	*known = of.trials > 0;
	*bounded = before > 0;
	if (!*known)
		return true;
	outside = (1 - confidence) / 2;
	seen = (double) now / (double) of.trials;
	share = now == 0 ? 0 : share_of_tail(now, of.trials, true, outside, 0, seen);
	*low = share / (1 - share) / exposure;
	if (*bounded)
	{
		share = share_of_tail(now, of.trials, false, outside, seen, 1);
		*high = share / (1 - share) / exposure;
	}
	return true;
}

/* The z of a two-sided confidence. */
static double
normal_quantile(double confidence)
{
	double		outside = 1 - confidence;
	double		z = 0;

	/*
	 * erfc falls and is convex here, so Newton's steps from 0 approach the
	 * root from below and never pass it.
	 */
	for (int step = 0; step < 200; step++)
	{
		double		value = erfc(z * SQRT_HALF) - outside;
		double		next = z + value / (2 * exp(-z * z / 2) / sqrt(TWO_PI));

		if (!(next > z))
			break;
		z = next;
	}
	return z;
}

bool
af_wilson_interval(int64_t positive, int64_t sampled, double confidence,
				   bool *known, double *low, double *high, af_error *error)
{
	double		n = (double) sampled;
	double		k = (double) positive;
	double		z;
	double		middle;
	double		half;

	if (!check_count("the number of positive answers", positive, error) || !check_count("the number sampled", sampled, error))
		return false;
	if (!check_share("the confidence", confidence, true, error))
		return false;
	if (positive > sampled)
	{
		af_error_set(error, AF_INVALID, "%lld positive answers are more than %lld sampled", (long long) positive, (long long) sampled);
		return af_error_hint(error, "The arguments are the positive answers, and all who were asked.");
	}
	*known = sampled > 0;
	if (sampled == 0)
		return true;
	z = normal_quantile(confidence);
	middle = (k + z * z / 2) / (n + z * z);
	half = z * sqrt(k * (n - k) / n + z * z / 4) / (n + z * z);
	/* at the ends the exact values are 0 and 1 */
	*low = positive == 0 ? 0 : fmax(0, middle - half);
	*high = positive == sampled ? 1 : fmin(1, middle + half);
	return true;
}

bool
af_poisson_interval(int64_t count, double confidence, double *low, double *high, af_error *error)
{
	double		outside;
	double		spread;
	double		k = (double) count;

	if (!check_count("the count", count, error) || !check_share("the confidence", confidence, true, error))
		return false;
	outside = (1 - confidence) / 2;

	/* beyond these both tails are below 1e-17, less than any confidence leaves */
	spread = 10 * sqrt(k + 1) + 50;
	*low = 0;
	if (count > 0)
	{
		double		from = fmax(0, k - spread);
		double		to = k + 1;

		for (;;)
		{
			af_distribution of = {-1, 0, from + (to - from) / 2};

			if (of.mean <= from || of.mean >= to)
				break;
			if (af_upper_tail(&of, count) < outside)
				from = of.mean;
			else
				to = of.mean;
		}
		*low = from;
	}
	{
		double		from = k;
		double		to = k + spread;

		for (;;)
		{
			af_distribution of = {-1, 0, from + (to - from) / 2};

			if (of.mean <= from || of.mean >= to)
				break;
			if (af_lower_tail(&of, count) > outside)
				from = of.mean;
			else
				to = of.mean;
		}
		*high = to;
	}
	return true;
}

static bool
check_time(const char *what, double time, bool positive, af_error *error)
{
	if ((positive ? time > 0 : time >= 0) && time <= (double) AF_STATISTICS_MAX)
		return true;
	af_error_set(error, AF_INVALID, "%s must be %s 0 and at most %lld, not %g",
				 what, positive ? "above" : "at least", (long long) AF_STATISTICS_MAX, time);
	return af_error_hint(error, "Give both times in the same unit: days, say.");
}

/*
 * Of count + more events each falls into the elapsed time with the same
 * probability; the interval holds every number of more events for which this
 * count is not too rare (J. G. Nelson's prediction interval).  It is wider
 * than one that takes the rate seen so far for the true one, and says
 * something where nothing has happened yet.
 */
bool
af_forecast_interval(int64_t count, double elapsed, double remaining, double confidence,
					 int64_t *low, int64_t *high, af_error *error)
{
	af_distribution of;
	double		outside;
	int64_t		from;
	int64_t		to;

	if (!check_count("the count", count, error) || !check_share("the confidence", confidence, true, error))
		return false;
	if (!check_time("the elapsed time", elapsed, true, error) || !check_time("the remaining time", remaining, false, error))
		return false;
	outside = (1 - confidence) / 2;
	of.probability = elapsed / (elapsed + remaining);

	/* The fewest for which so many by now are not too rare. */
	from = 0;
	to = AF_STATISTICS_MAX;
	while (from < to)
	{
		int64_t		middle = from + (to - from) / 2;

		of.trials = count + middle;
		of.mean = (double) of.trials * of.probability;
		if (af_upper_tail(&of, count) > outside)
			to = middle;
		else
			from = middle + 1;
	}
	*low = from;

	/* The most for which so few by now are not too rare. */
	to = AF_STATISTICS_MAX;
	while (from < to)
	{
		int64_t		middle = from + (to - from + 1) / 2;

		of.trials = count + middle;
		of.mean = (double) of.trials * of.probability;
		if (af_lower_tail(&of, count) > outside)
			from = middle;
		else
			to = middle - 1;
	}
	*high = from;
	if (from < AF_STATISTICS_MAX)
		return true;
	af_error_set(error, AF_RANGE, "%lld events in a time of %g allow no forecast for a time of %g", (long long) count, elapsed, remaining);
	return af_error_hint(error, "Wait until more of the time is over.");
}
