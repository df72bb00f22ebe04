-- The install script is made of the numbered parts in sql/, in their order.
\echo Use "CREATE EXTENSION antifraud" to load this file. \quit

-- Names of places in official documents do not all exist in EUC_CN, GBK and
-- the like (the control file refuses them as well; this says why).
DO $guard$
BEGIN
  IF pg_catalog.current_setting('server_encoding') OPERATOR(pg_catalog.<>) 'UTF8' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = pg_catalog.format('antifraud needs a UTF8 database, not %s', pg_catalog.current_setting('server_encoding')),
      DETAIL = 'Other encodings cannot store some of the place names in official documents.',
      HINT = 'Create the database with ENCODING ''UTF8'' TEMPLATE template0.';
  END IF;
END
$guard$;
