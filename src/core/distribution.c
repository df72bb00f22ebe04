/*
 * distribution.c
 *		Probabilities of the Poisson and the binomial distribution.
 *
 * Probabilities of single outcomes are computed from their distance to the
 * mean (C. Loader, "Fast and accurate computation of binomial
 * probabilities", 2000): differences of logarithms of factorials would lose
 * eight digits at ten million.  Tails are summed from the outcome nearest to
 * the mean outwards, where each term is smaller than the one before.
 */
#include "distribution.h"

#include <math.h>

#define TWO_PI			6.283185307179586477

/*
 * Up to so many trials the number of ways is exact in a double, and so is
 * every probability of a fair coin: 56/1024 must not come out as less.
 */
#define FEW_TRIALS		56

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
is_short(const af_distribution *of)
{
	return of->trials >= 0 && of->trials <= FEW_TRIALS;
}

/* The probability of one outcome, within the range of the distribution. */
double
af_outcome(const af_distribution *of, int64_t count)
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
next_ratio(const af_distribution *of, int64_t count)
{
	if (of->trials < 0)
		return of->mean / ((double) count + 1);
	return (double) (of->trials - count) / ((double) count + 1) * (of->probability / (1 - of->probability));
}

/* P(X <= count) below the mean. */
static double
sum_down(const af_distribution *of, int64_t count)
{
	double		term = af_outcome(of, count);
	double		sum = term;

	while (count > 0 && term > sum * 1e-17)
	{
		count--;
		term = is_short(of) ? af_outcome(of, count) : term / next_ratio(of, count);
		sum += term;
	}
	return sum;
}

/* P(X >= count) above the mean. */
static double
sum_up(const af_distribution *of, int64_t count)
{
	double		term = af_outcome(of, count);
	double		sum = term;

	while ((of->trials < 0 || count < of->trials) && term > sum * 1e-17)
	{
		count++;
		term = is_short(of) ? af_outcome(of, count) : term * next_ratio(of, count - 1);
		sum += term;
	}
	return sum;
}

bool
af_is_certain(const af_distribution *of)
{
	return of->mean == 0 || (of->trials >= 0 && of->probability == 1);
}

/* P(X <= count). */
double
af_lower_tail(const af_distribution *of, int64_t count)
{
	if (count < 0)
		return 0;
	if (of->trials >= 0 && count >= of->trials)
		return 1;
	if (af_is_certain(of))
		return of->mean == 0 ? 1 : 0;
	if ((double) count < of->mean)
		return fmin(1, sum_down(of, count));
	return fmax(0, 1 - sum_up(of, count + 1));
}

/* P(X >= count). */
double
af_upper_tail(const af_distribution *of, int64_t count)
{
	if (count <= 0)
		return 1;
	if (of->trials >= 0 && count > of->trials)
		return 0;
	if (af_is_certain(of))
		return of->mean == 0 ? 0 : 1;
	if ((double) count > of->mean)
		return fmin(1, sum_up(of, count));
	return fmax(0, 1 - sum_down(of, count - 1));
}
