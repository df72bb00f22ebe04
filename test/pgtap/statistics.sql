-- Probabilities and intervals against published tables. The tables of the
-- Poisson and binomial distributions print four to six decimals; what is
-- compared beyond that was worked out with whole numbers (binomial with
-- p = 1/2: sums of a row of Pascal's triangle over a power of two).
\ir setup.psql
SELECT plan(65);

CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE message text; state text;
BEGIN
  EXECUTE statement;
  RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
  RETURN state || ' ' || message;
END
$$;

-- Poisson, cumulative
SELECT is(round(poisson_cdf(k, mean)::numeric, 6), expected, format('Poisson: P(X <= %s; %s)', k, mean))
FROM (VALUES (0, 1, 0.367879), (1, 1, 0.735759), (2, 5, 0.124652), (5, 5, 0.615961), (5, 10, 0.067086), (10, 10, 0.583040)) AS t (k, mean, expected);

-- Binomial, cumulative
SELECT is(round(binomial_cdf(k, n, p)::numeric, 6), expected, format('binomial: P(X <= %s; %s, %s)', k, n, p))
FROM (VALUES (2, 10, 0.5, 0.054688), (3, 10, 0.5, 0.171875), (8, 18, 0.5, 0.407265), (4, 14, 0.5, 0.089783),
             (2, 12, 0.5, 0.019287), (5, 20, 0.25, 0.617173), (9, 42, 0.25, 0.371050)) AS t (k, n, p, expected);

SELECT is(max(abs(poisson_cdf(k, 4.2) - (SELECT sum(exp(-4.2::float8) * 4.2::float8 ^ i / factorial(i)::float8) FROM generate_series(0, k) AS i))) < 1e-13, true,
  'Poisson: the sum of its single probabilities') FROM generate_series(0, 25) AS k;
SELECT is(max(abs(binomial_cdf(k, 30, 0.35) - (SELECT sum((factorial(30) / factorial(i) / factorial(30 - i))::float8 * 0.35::float8 ^ i * 0.65::float8 ^ (30 - i)) FROM generate_series(0, k) AS i))) < 1e-13, true,
  'binomial: the sum of its single probabilities') FROM generate_series(0, 30) AS k;
-- 2 P(X <= m) - P(X = m) = 1 by symmetry, and P(X = m) is sqrt(2 / (pi n)) (1 - 1/(4n))
SELECT is(abs(binomial_cdf(5000000, 10000000, 0.5) - (0.5 + sqrt(2 / (pi() * 1e7)) * (1 - 1 / 4e7) / 2)) < 1e-12, true, 'binomial: ten million trials');
-- the median of a Poisson distribution: P(X <= n; n) = 1/2 + 2 / (3 sqrt(2 pi n)) + ...
SELECT is(abs(poisson_cdf(10000000, 1e7) - (0.5 + 2 / (3 * sqrt(2 * pi() * 1e7)))) < 1e-9, true, 'Poisson: ten million events');
SELECT is(poisson_cdf(0, 0), 1::float8, 'nothing expected, nothing seen');
SELECT is(ARRAY[binomial_cdf(0, 10, 0), binomial_cdf(9, 10, 1), binomial_cdf(10, 10, 1), binomial_cdf(0, 0, 0.3)], '{1,0,1,1}'::float8[], 'binomial at its ends');

-- Tests. 10 -> 2 of 12: 2 * (1 + 12 + 66) / 4096
SELECT is(round(binomial_test(2, 12, 0.5)::numeric, 12), round(158 / 4096.0, 12), 'two of twelve, two-sided');
SELECT is(round(change_test(2, 10)::numeric, 12), round(158 / 4096.0, 12), '10 cases, then 2: more than chance at 5 %');
SELECT is(round(change_test(10, 2)::numeric, 12), round(158 / 4096.0, 12), '2 cases, then 10: the same');
-- 2 * P(X <= 8; 18, 1/2)
SELECT is(round(change_test(8, 10)::numeric, 5), 0.81453, '10 cases, then 8, the reduction that qingyuan-2024 asks: may be chance');
SELECT is(round(change_test(4, 10)::numeric, 5), 0.17957, '10 cases, then 4: may be chance');
SELECT is(change_test(5, 5), 1::float8, 'no change');
SELECT is(change_test(0, 0), 1::float8, 'nothing, and nothing before');
-- against three years: the outcomes of Bin(42, 1/4) no more likely than 9 are
-- those up to 9 and those from 12 on; 10 and 11 are likelier
SELECT is(abs(change_test(9, 33, 1 / 3.0::float8) - (1 - (binomial_cdf(11, 42, 0.25) - binomial_cdf(9, 42, 0.25)))) < 1e-12, true,
  '9 cases against 33 in three years: all outcomes but the two that are likelier');
SELECT is(abs(binomial_test(7, 20, 0.3) - (SELECT sum(p) FROM (SELECT (factorial(20) / factorial(i) / factorial(20 - i))::float8 * 0.3::float8 ^ i * 0.7::float8 ^ (20 - i) AS p, i FROM generate_series(0, 20) AS i) AS a
  WHERE p <= (factorial(20) / factorial(7) / factorial(13))::float8 * 0.3::float8 ^ 7 * 0.7::float8 ^ 13 * 1.0000001)) < 1e-12, true, 'two-sided: the sum of what is no more likely');
SELECT is((SELECT max(abs(binomial_test(k, 25, 0.5) - binomial_test(25 - k, 25, 0.5))) FROM generate_series(0, 25) AS k) < 1e-12, true, 'mirror images weigh the same');

-- Wilson, 95 %
SELECT is(ARRAY[round(low::numeric, 6), round(high::numeric, 6)], expected, format('Wilson: %s of %s', k, n))
FROM (VALUES (90, 100, '{0.825634,0.944771}'::numeric[]), (45, 50, '{0.786398,0.956524}'), (540, 600, '{0.873392,0.921518}'),
             (0, 10, '{0.000000,0.277533}'), (10, 10, '{0.722467,1.000000}')) AS t (k, n, expected), wilson_interval(k, n);
-- 99 %, 8 of 10, z = 2.575829: (8 + 3.317449 -+ 2.575829 sqrt(1.6 + 1.658724)) / 16.634897
SELECT is(ARRAY[round(low::numeric, 4), round(high::numeric, 4)], ARRAY[0.4008, 0.9599], 'Wilson: 8 of 10 at 99 %') FROM wilson_interval(8, 10, 0.99);
SELECT is(wilson_interval(0, 0)::text, '(,)', 'Wilson: nobody sampled, nothing known');

-- Garwood, 95 %: the table for counts 0, 1, 2, 10 and 100
SELECT is(ARRAY[round(low::numeric, 4), round(high::numeric, 4)], expected, format('Poisson interval: %s', k))
FROM (VALUES (0, '{0.0000,3.6889}'::numeric[]), (1, '{0.0253,5.5716}'), (2, '{0.2422,7.2247}'), (10, '{4.7954,18.3904}'), (100, '{81.3640,121.6268}')) AS t (k, expected), poisson_interval(k);

-- The change: 5 of 10 by Clopper and Pearson is 0.187086 to 0.812914, and
-- 0.187086 / 0.812914 is 0.2301; where one count is 0, the share at which
-- (1 - p)^10 is 0.025 is 1 - 0.025^(1/10), whose odds are 0.025^(-1/10) - 1
SELECT is(ARRAY[round(low::numeric, 4), round(high::numeric, 4)], expected, format('change: %s after %s', n, b))
FROM (VALUES (5, 5, '{0.2301,4.3451}'::numeric[]), (0, 10, '{0.0000,0.4461}'), (10, 0, '{2.2415,NULL}'), (0, 0, '{NULL,NULL}')) AS t (n, b, expected), change_interval(n, b);
-- each limit is the ratio at which the count is just too rare: of 340 events 160 in the first period
SELECT is(ARRAY[round((1 - binomial_cdf(159, 340, low / (1 + low)))::numeric, 9), round(binomial_cdf(160, 340, high / (1 + high))::numeric, 9)], '{0.025,0.025}'::numeric[], 'change: 160 after 180, two and a half per cent on each side')
FROM change_interval(160, 180);
SELECT is(ARRAY[round(low::numeric, 6), round(high::numeric, 6)], (SELECT ARRAY[round((low * 3)::numeric, 6), round((high * 3)::numeric, 6)] FROM change_interval(9, 33)), 'change: a third of the time is three times the rate')
FROM change_interval(9, 33, 1 / 3.0::float8);
-- with a million of each the logarithm of the ratio is nearly normal, with the
-- standard deviation sqrt(2e-6): 1.959964 of them to each side
SELECT is(ARRAY[round(ln(low)::numeric, 5), round(ln(high)::numeric, 5)], '{-0.00277,0.00277}'::numeric[], 'change: a million of each') FROM change_interval(1000000, 1000000);
SELECT is(pg_temp.error_of($$SELECT antifraud.change_interval(1, -2)$$), '22023 the count before must be between 0 and 1000000000, not -2', 'change: a negative count');
SELECT is(pg_temp.error_of($$SELECT antifraud.change_interval(1, 2, 1, 1)$$), '22023 the confidence must be between 0 and 1, not 1', 'change: certainty');

-- Prediction: of 12 + y cases 12 or fewer in the first 273 of 365 days, or 12
-- or more, with a probability above 2.5 % (sums of whole numbers over 365^n)
SELECT is((low, high)::text, expected, format('%s in %s days, %s days to go', n, e, r))
FROM (VALUES (12, 273, 92, '(0,10)'), (0, 273, 92, '(0,2)'), (1, 30, 335, '(0,64)'), (3, 100, 266, '(1,26)'), (5, 100, 0, '(0,0)')) AS t (n, e, r, expected), forecast_interval(n, e, r);
SELECT is((SELECT bool_and(binomial_cdf(n, n + high, 0.25) > 0.025 AND binomial_cdf(n, n + high + 1, 0.25) <= 0.025) FROM generate_series(0, 60) AS n, forecast_interval(n, 1, 3)), true, 'the most is the last that is not too rare');

-- What is refused
SELECT is(pg_temp.error_of($$SELECT antifraud.forecast_interval(1, 0, 5)$$), '22023 the elapsed time must be above 0 and at most 1000000000, not 0', 'no time gone yet');
SELECT is(pg_temp.error_of($$SELECT antifraud.forecast_interval(12, 1e-9, 92)$$), '22003 12 events in a time of 1e-09 allow no forecast for a time of 92', 'next to none');
SELECT is(pg_temp.error_of($$SELECT antifraud.poisson_cdf(-1, 1)$$), '22023 the count must be between 0 and 1000000000, not -1', 'a negative count');
SELECT is(pg_temp.error_of($$SELECT antifraud.poisson_cdf(1, 'NaN')$$), '22023 the mean must be between 0 and 1000000000, not nan', 'a mean that is no number');
SELECT is(pg_temp.error_of($$SELECT antifraud.binomial_test(3, 2, 0.5)$$), '22023 a count of 3 is more than 2 trials', 'more than there are');
SELECT is(pg_temp.error_of($$SELECT antifraud.binomial_cdf(1, 2, 1.5)$$), '22023 the probability must be between 0 and 1, not 1.5', 'a probability above 1');
SELECT is(pg_temp.error_of($$SELECT antifraud.change_test(1, 2, 0)$$), '22023 the ratio of exposures must be above 0 and at most 1000000000, not 0', 'no time at all');
SELECT is(pg_temp.error_of($$SELECT antifraud.wilson_interval(1, 2, 95)$$), '22023 the confidence must be between 0 and 1, not 95', 'a percentage for a share');
SELECT is(pg_temp.error_of($$SELECT antifraud.wilson_interval(9223372036854775807, 9223372036854775807)$$), '22023 the number of positive answers must be between 0 and 1000000000, not 9223372036854775807', 'the largest bigint');
SELECT * FROM finish();
