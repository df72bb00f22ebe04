-- Whether a change of small counts is more than chance. These are the only
-- floating-point results; no score and no target is decided by them.

CREATE FUNCTION antifraud.poisson_cdf(count bigint, mean double precision) RETURNS double precision
AS 'MODULE_PATHNAME', 'af_statistics_poisson_cdf' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION antifraud.poisson_cdf(bigint, double precision) IS
  'the probability of at most so many events where mean are expected (Poisson)';

CREATE FUNCTION antifraud.binomial_cdf(count bigint, trials bigint, probability double precision) RETURNS double precision
AS 'MODULE_PATHNAME', 'af_statistics_binomial_cdf' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION antifraud.binomial_cdf(bigint, bigint, double precision) IS
  'the probability of at most so many successes in independent trials (binomial)';

CREATE FUNCTION antifraud.binomial_test(count bigint, trials bigint, probability double precision) RETURNS double precision
AS 'MODULE_PATHNAME', 'af_statistics_binomial_test' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION antifraud.binomial_test(bigint, bigint, double precision) IS
  'exact binomial test, two-sided: the probability of all outcomes no more likely than this count';

CREATE FUNCTION antifraud.change_test(now bigint, before bigint, exposure_ratio double precision DEFAULT 1) RETURNS double precision
AS 'MODULE_PATHNAME', 'af_statistics_change_test' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION antifraud.change_test(bigint, bigint, double precision) IS
  'p-value, two-sided and exact, that two counts of events differ by chance alone: exposure_ratio is the time of the first over the time of the second, 1 against last year, 1/3 against the sum of three years';

CREATE FUNCTION antifraud.change_interval(now bigint, before bigint, exposure_ratio double precision DEFAULT 1, confidence double precision DEFAULT 0.95,
  OUT low double precision, OUT high double precision)
AS 'MODULE_PATHNAME', 'af_statistics_change_interval' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION antifraud.change_interval(bigint, bigint, double precision, double precision) IS
  'exact confidence interval (Clopper and Pearson''s, given the sum) of the rate of the first count over that of the second: 1 where nothing changed; high is null where nothing was seen before, both where nothing was seen at all; exposure_ratio as in change_test()';

CREATE FUNCTION antifraud.wilson_interval(positive bigint, sampled bigint, confidence double precision DEFAULT 0.95, OUT low double precision, OUT high double precision)
AS 'MODULE_PATHNAME', 'af_statistics_wilson_interval' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION antifraud.wilson_interval(bigint, bigint, double precision) IS
  'Wilson''s confidence interval for a share of which positive of sampled were seen, between 0 and 1; nulls where nobody was sampled';

CREATE FUNCTION antifraud.poisson_interval(count bigint, confidence double precision DEFAULT 0.95, OUT low double precision, OUT high double precision)
AS 'MODULE_PATHNAME', 'af_statistics_poisson_interval' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION antifraud.poisson_interval(bigint, double precision) IS
  'exact confidence interval (Garwood''s) for the number of events expected where count were seen';

CREATE FUNCTION antifraud.forecast_interval(count bigint, elapsed double precision, remaining double precision, confidence double precision DEFAULT 0.95,
  OUT low bigint, OUT high bigint)
AS 'MODULE_PATHNAME', 'af_statistics_forecast_interval' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION antifraud.forecast_interval(bigint, double precision, double precision, double precision) IS
  'exact prediction interval: how many more events are to be expected in the remaining time where count were seen in the elapsed time, if nothing changes';
