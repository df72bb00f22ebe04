-- antifraud.sealed_line() writes what the canonical form of seals has always
-- had: sealed_field() of each value, a tab between them, whatever the settings.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

CREATE TABLE odd_text AS SELECT n, t FROM unnest(ARRAY['', ' ', 'a', E'\t', E'\n', E'\r', E'\\', E'\\N', E'\\\\t', E'a\tb\nc\rd\\e', E'\t\t\n\n\r\r\\\\', E'\b\f\x0b\x01',
  '安全', E'反\t诈\\', U&'\+01F600', repeat(E'长\t', 50000), NULL]) WITH ORDINALITY AS v (t, n);
CREATE TABLE odd_number AS SELECT v::numeric AS v FROM unnest('{0,0.00,-0.000,1,-1,1.500,100,1000.0,0.10,-2.50,NaN,Infinity,-Infinity,1e-30,1.230e-10,1e40,-1e131000,99999999999999999999.99,NULL}'::text[]) AS v;
INSERT INTO odd_number SELECT ((n * 7919 % 100003)::numeric / 1000 - 50) * 10 ^ (n % 9 - 4) FROM generate_series(1, 1000) AS n;
CREATE TABLE odd_day AS SELECT v::date AS v FROM unnest('{4714-11-24 BC,4713-01-01 BC,0101-03-01 BC,0001-01-01 BC,0001-12-31 BC,0001-01-01,0099-12-31,0999-02-28,1600-02-29,1999-12-31,2000-01-01,2024-02-29,9999-12-31,10000-01-01,294276-12-31,infinity,-infinity,NULL}'::text[]) AS v;
INSERT INTO odd_day SELECT date '0001-01-01' + n * 911 FROM generate_series(1, 4000) AS n;
CREATE TABLE odd_whole AS SELECT v FROM unnest('{0,1,-1,9,10,-9223372036854775808,9223372036854775807,2147483647,-2147483648,NULL}'::bigint[]) AS v;
CREATE TABLE odd_truth AS SELECT v FROM unnest('{true,false,NULL}'::boolean[]) AS v;

CREATE FUNCTION pg_temp.differ() RETURNS text[] LANGUAGE sql AS $$
  SELECT array_agg(d.what) FROM (
    SELECT 'text ' || o.n AS what FROM odd_text AS o WHERE antifraud.sealed_line(o.t) IS DISTINCT FROM fraud.sealed_field(o.t)
    UNION ALL
    SELECT 'number ' || coalesce(o.v::text, 'null') FROM odd_number AS o WHERE antifraud.sealed_line(o.v) IS DISTINCT FROM fraud.sealed_field(o.v)
    UNION ALL
    SELECT 'day ' || coalesce(o.v::text, 'null') FROM odd_day AS o WHERE antifraud.sealed_line(o.v) IS DISTINCT FROM fraud.sealed_field(o.v)
    UNION ALL
    SELECT 'whole ' || coalesce(o.v::text, 'null') FROM odd_whole AS o WHERE antifraud.sealed_line(o.v) IS DISTINCT FROM coalesce(o.v::text, E'\\N')
    UNION ALL
    SELECT 'integer ' || o.v FROM odd_whole AS o WHERE CASE WHEN o.v BETWEEN -2147483648 AND 2147483647 THEN antifraud.sealed_line(o.v::integer) <> o.v::text END
    UNION ALL
    SELECT 'truth ' || coalesce(o.v::text, 'null') FROM odd_truth AS o WHERE antifraud.sealed_line(o.v) IS DISTINCT FROM fraud.sealed_field(o.v)
    UNION ALL
    SELECT format('line %s %s', t.n, w.v) FROM odd_text AS t CROSS JOIN odd_whole AS w CROSS JOIN odd_truth AS b
    WHERE antifraud.sealed_line('fact'::text, t.t, w.v, b.v, t.t, NULL::date)
       <> concat_ws(E'\t', 'fact', fraud.sealed_field(t.t), coalesce(w.v::text, E'\\N'), fraud.sealed_field(b.v), fraud.sealed_field(t.t), E'\\N')
  ) AS d
$$;
SELECT is(pg_temp.differ(), NULL, 'odd values');
SET datestyle = 'German, DMY';
SET timezone = 'America/New_York';
SET lc_numeric = 'C';
SET extra_float_digits = 0;
SELECT is(pg_temp.differ(), NULL, 'under other settings');
SELECT is(antifraud.sealed_line('fact'::text, 1, E'a\tb'::text, date '2023-12-31', 5::bigint, NULL::bigint, 10.50, true), E'fact\t1\ta\\tb\t2023-12-31\t5\t\\N\t10.5\tt', 'by hand');
SELECT is(antifraud.sealed_line('a'::text, date '0002-03-04 BC', NULL::text), E'a\t0002-03-04 BC\t\\N', 'and before the year 1');
SELECT is(pg_temp.error_of($$SELECT antifraud.sealed_line('a'::text, now())$$),
  E'42804\nthe canonical form has no fields of type timestamp with time zone\nIt has text, integer, bigint, numeric, boolean and date.\nCast the value to text.', 'of other types, none');
SELECT is(pg_temp.message_of($$SELECT antifraud.sealed_line(VARIADIC '{a,b}'::text[])$$), '42804 the canonical form has no fields of type text[]', 'nor of arrays');

SELECT * FROM finish();
