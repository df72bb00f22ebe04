-- Which bands may stand side by side in a rule: the decision of the type's
-- input against truth tables.  Every pair of conditions made of a bound or
-- two, with the numbers 1 and 2 and the baseline, is looked at on a grid of
-- counts and baselines that has a point on each bound and between any two.
\ir setup.psql
BEGIN;
SELECT plan(6);

CREATE TEMP TABLE comparison AS
  SELECT op, value, op || ' ' || value AS text FROM unnest(ARRAY['>', '>=', '<', '<=', '=']) op, unnest(ARRAY['1', '2', 'baseline']) value;

-- A list of comparisons each, as text and as its truth table by baseline.
CREATE TEMP TABLE condition AS
  SELECT row_number() OVER (ORDER BY parts) AS id, parts,
         'count ' || array_to_string(parts, ' and count ') AS text,
         array_to_string(parts, ' ') LIKE '%baseline%' AS mixed
  FROM (SELECT ARRAY[text] AS parts FROM comparison
        UNION ALL
        SELECT ARRAY[a.text, b.text] FROM comparison a, comparison b WHERE a.op LIKE '>%' AND b.op NOT LIKE '>%') c;

CREATE TEMP TABLE truth AS
  SELECT id, baseline,
         string_agg(CASE WHEN NOT EXISTS (
             SELECT FROM unnest(parts) part,
               LATERAL (SELECT split_part(part, ' ', 1) AS op, coalesce(nullif(split_part(part, ' ', 2), 'baseline')::numeric, baseline) AS value) p
             WHERE NOT CASE op WHEN '>' THEN count > value WHEN '>=' THEN count >= value WHEN '<' THEN count < value
                               WHEN '<=' THEN count <= value ELSE count = value END)
           THEN '1' ELSE '0' END, '' ORDER BY count)::bit(13) AS holds
  FROM condition, generate_series(0, 3, 0.25) count, generate_series(0.5, 2.5, 0.5) baseline
  GROUP BY id, baseline;

CREATE FUNCTION pg_temp.refusal(rule text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM rule::antifraud.rule;
  RETURN NULL;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN CASE WHEN SQLERRM LIKE '%can never hold' THEN 'empty' WHEN SQLERRM LIKE '%overlap without nesting' THEN 'overlap'
              WHEN SQLERRM LIKE 'cannot tell which%' THEN 'unknown' ELSE SQLERRM END;
END
$$;

CREATE TEMP TABLE alone AS SELECT id, mixed, pg_temp.refusal('deduct 1 if ' || text) AS refused FROM condition;
SELECT is(
  (SELECT count(*) FROM alone WHERE NOT mixed AND (refused IS NOT NULL) <> NOT EXISTS (SELECT FROM truth t WHERE t.id = alone.id AND holds <> 0::bit(13))),
  0::bigint, 'a condition on numbers is refused exactly where it never holds');
SELECT is(
  (SELECT count(*) FROM alone JOIN truth t USING (id) WHERE refused IS NOT NULL AND holds <> 0::bit(13)),
  0::bigint, 'no condition that can hold is refused');

CREATE TEMP TABLE pair AS
  SELECT a.text AS first, b.text AS second, a.mixed OR b.mixed AS mixed,
         pg_temp.refusal('deduct 1 if ' || a.text || ', deduct 2 if ' || b.text) AS refused,
         (SELECT bool_and(t.holds & u.holds IN (t.holds, u.holds, 0::bit(13))) FROM truth t JOIN truth u USING (baseline) WHERE t.id = a.id AND u.id = b.id) AS ordered
  FROM condition a, condition b, alone x, alone y
  WHERE x.id = a.id AND x.refused IS NULL AND y.id = b.id AND y.refused IS NULL;

SELECT is(
  (SELECT string_agg(first || ' / ' || second, '; ') FROM pair WHERE NOT mixed AND (refused IS NULL) <> ordered),
  NULL, 'two bands on numbers are taken exactly where they nest or exclude each other');
SELECT is(
  (SELECT string_agg(first || ' / ' || second, '; ') FROM pair WHERE mixed AND refused IS NULL AND NOT ordered),
  NULL, 'two bands with the baseline are taken only where they nest or exclude each other at every baseline');
SELECT is(
  (SELECT string_agg(DISTINCT refused, ', ' ORDER BY refused) FROM pair WHERE refused IS NOT NULL),
  'overlap, unknown', 'and refused for that reason only');
SELECT is(
  (SELECT count(*) FROM pair WHERE refused IS NOT NULL
     AND ((first || second) !~ '<| = ' OR (first || second) !~ '>| = ')),
  0::bigint, 'bounds in one direction are never refused');

SELECT * FROM finish();
ROLLBACK;
