/*
 * statistics.c
 *		Poisson and binomial probabilities, tests and intervals.
 *
 * Probabilities of single outcomes are computed from their distance to the
 * mean (C. Loader, "Fast and accurate computation of binomial
 * probabilities", 2000): differences of logarithms of factorials would lose
 * eight digits at ten million.  Tails are summed from the outcome nearest to
 * the mean outwards, where each term is smaller than the one before.
 */
#include "statistics.h"

#include <math.h>

#define TWO_PI			6.283185307179586477
#define SQRT_HALF		0.70710678118654752440

/*
 * Outcomes whose probabilities differ by less than this are equally likely:
 * rounding must not drop the mirror image of an outcome from a test.
 */
#define EQUALLY_LIKELY	(1.0 + 1e-7)

/*
 * Up to so many trials the number of ways is exact in a double, and so is
 * every probability of a fair coin: 56/1024 must not come out as less.
 */
#define FEW_TRIALS		56

/* One distribution. Poisson: trials is -1. */
typedef struct distribution
{
	int64_t		trials;
	double		probability;
	double		mean;
} distribution;

/* log(n!) less Stirling's formula for it. */
static double
stirling_rest(double n)
{
	double		square = n * n;

	if (n < 16)
		return lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(TWO_PI);
	return (1 / 12.0 - (1 / 360.0 - (1 / 1260.0 - 1 / (1680.0 * square)) / square) / square) / n;
}

/* value * log(value / mean) + mean - value, exact where they are close. */
static double
deviance(double value, double mean)
{
	double		gap = value - mean;

	if (fabs(gap) < 0.1 * (value + mean))
	{
		double		ratio = gap / (value + mean);
		double		sum = gap * ratio;
		double		power = 2 * value * ratio;

		for (int odd = 3; odd < 100; odd += 2)
		{
			double		next;

			power *= ratio * ratio;
			next = sum + power / odd;
			if (next == sum)
				break;
			sum = next;
		}
		return sum;
	}
	return value * log(value / mean) + mean - value;
}

/* How many ways there are to choose. */
static double
ways(int64_t trials, int64_t count)
{
	int64_t		product = 1;

	for (int64_t i = 0; i < count; i++)
		product = product * (trials - i) / (i + 1);
	return (double) product;
}

static bool
is_short(const distribution *of)
{
	return of->trials >= 0 && of->trials <= FEW_TRIALS;
}

/* The probability of one outcome, within the range of the distribution. */
static double
outcome(const distribution *of, int64_t count)
{
	double		n = (double) of->trials;
	double		k = (double) count;

	if (of->trials < 0)
	{
		if (of->mean == 0)
			return count == 0 ? 1 : 0;
		if (count == 0)
			return exp(-of->mean);
		return exp(-stirling_rest(k) - deviance(k, of->mean)) / sqrt(TWO_PI * k);
	}
	if (of->probability == 0)
		return count == 0 ? 1 : 0;
	if (of->probability == 1)
		return count == of->trials ? 1 : 0;
	if (is_short(of))
		return ways(of->trials, count) * pow(of->probability, k) * pow(1 - of->probability, n - k);
	if (count == 0)
		return exp(n * log1p(-of->probability));
	if (count == of->trials)
		return exp(n * log(of->probability));
	return exp(stirling_rest(n) - stirling_rest(k) - stirling_rest(n - k)
			   - deviance(k, of->mean) - deviance(n - k, n * (1 - of->probability)))
		* sqrt(n / (TWO_PI * k * (n - k)));
}

/* The probability of one more, over that of this many. */
static double
next_ratio(const distribution *of, int64_t count)
{
	if (of->trials < 0)
		return of->mean / ((double) count + 1);
	return (double) (of->trials - count) / ((double) count + 1) * (of->probability / (1 - of->probability));
}

/* P(X <= count) below the mean. */
static double
sum_down(const distribution *of, int64_t count)
{
	double		term = outcome(of, count);
	double		sum = term;

	while (count > 0 && term > sum * 1e-17)
	{
		count--;
		term = is_short(of) ? outcome(of, count) : term / next_ratio(of, count);
		sum += term;
	}
	return sum;
}

/* P(X >= count) above the mean. */
static double
sum_up(const distribution *of, int64_t count)
{
	double		term = outcome(of, count);
	double		sum = term;

	while ((of->trials < 0 || count < of->trials) && term > sum * 1e-17)
	{
		count++;
		term = is_short(of) ? outcome(of, count) : term * next_ratio(of, count - 1);
		sum += term;
	}
	return sum;
}

static bool
is_certain(const distribution *of)
{
	return of->mean == 0 || (of->trials >= 0 && of->probability == 1);
}

/* P(X <= count). */
static double
lower_tail(const distribution *of, int64_t count)
{
	if (count < 0)
		return 0;
	if (of->trials >= 0 && count >= of->trials)
		return 1;
	if (is_certain(of))
		return of->mean == 0 ? 1 : 0;
	if ((double) count < of->mean)
		return fmin(1, sum_down(of, count));
	return fmax(0, 1 - sum_up(of, count + 1));
}

/* P(X >= count). */
static double
upper_tail(const distribution *of, int64_t count)
{
	if (count <= 0)
		return 1;
	if (of->trials >= 0 && count > of->trials)
		return 0;
	if (is_certain(of))
		return of->mean == 0 ? 0 : 1;
	if ((double) count > of->mean)
		return fmin(1, sum_up(of, count));
	return fmax(0, 1 - sum_down(of, count - 1));
}

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
	distribution of = {-1, 0, mean};

	if (!check_count("the count", count, error))
		return false;
	if (!(mean >= 0 && mean <= (double) AF_STATISTICS_MAX))
	{
		af_error_set(error, AF_INVALID, "the mean must be between 0 and %lld, not %g", (long long) AF_STATISTICS_MAX, mean);
		return af_error_hint(error, "Give the number of events expected.");
	}
	*result = lower_tail(&of, count);
	return true;
}

static bool
make_binomial(int64_t count, int64_t trials, double probability, distribution *of, af_error *error)
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
	distribution of;

	if (!make_binomial(count, trials, probability, &of, error))
		return false;
	*result = lower_tail(&of, count);
	return true;
}

/* Both sides of a test: this outcome's tail, and on the other side all that is no more likely. */
static double
both_tails(const distribution *of, int64_t count)
{
	double		limit = outcome(of, count) * EQUALLY_LIKELY;
	int64_t		low;
	int64_t		high;

	if (is_certain(of))
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

			if (outcome(of, middle) <= limit)
				high = middle;
			else
				low = middle + 1;
		}
		return fmin(1, lower_tail(of, count) + upper_tail(of, low));
	}
	low = -1;
	high = (int64_t) floor(of->mean);
	while (low < high)
	{
		int64_t		middle = low + (high - low + 1) / 2;

		if (outcome(of, middle) <= limit)
			low = middle;
		else
			high = middle - 1;
	}
	return fmin(1, upper_tail(of, count) + lower_tail(of, low));
}

bool
af_binomial_test(int64_t count, int64_t trials, double probability, double *result, af_error *error)
{
	distribution of;

	if (!make_binomial(count, trials, probability, &of, error))
		return false;
	*result = both_tails(&of, count);
	return true;
}

/* Two counts, and the share of the first that exposure alone would give it. */
static bool
make_change(int64_t now, int64_t before, double exposure, distribution *of, af_error *error)
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
	distribution of;

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
		distribution of = {trials, from + (to - from) / 2, 0};
		double		tail;

		if (of.probability <= from || of.probability >= to)
			return upper ? from : to;
		of.mean = (double) trials * of.probability;
		tail = upper ? upper_tail(&of, count) : lower_tail(&of, count);
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
	distribution of = {0};		/* gcc 15 does not see that make_change() fills it or refuses */
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
			distribution of = {-1, 0, from + (to - from) / 2};

			if (of.mean <= from || of.mean >= to)
				break;
			if (upper_tail(&of, count) < outside)
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
			distribution of = {-1, 0, from + (to - from) / 2};

			if (of.mean <= from || of.mean >= to)
				break;
			if (lower_tail(&of, count) > outside)
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
	distribution of;
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
		if (upper_tail(&of, count) > outside)
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
		if (lower_tail(&of, count) > outside)
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
