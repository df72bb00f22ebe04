-- A fact's size is read from the digits of numeric (src/amount.c): here
-- against numeric's own comparison and arithmetic, for numbers of every
-- layout: short and long headers, both signs, up to 6,000 digits, toasted.
\ir setup.psql

SELECT plan(4);
SELECT setseed(0.42);

CREATE FUNCTION public.doc(rule text) RETURNS antifraud.rubric LANGUAGE sql IMMUTABLE AS $$ SELECT
format('{"code":"x","edition":"1","title":"t","total":10,"period":["2023-01-01","2023-12-31"],"sections":[{"title":"s","points":10,"items":
[{"no":"1","title":"i","points":10,"rules":[{"measure":"m","rule":"%s"}]}]}]}', rule)::antifraud.rubric $$;

CREATE TABLE public.size AS
  SELECT DISTINCT (CASE WHEN g % 3 = 0 THEN '-' ELSE '' END || CASE (g / 3) % 10
    WHEN 0 THEN (random() * 1e6)::bigint::text
    WHEN 1 THEN round((random() * 1e6)::numeric, 6)::text
    WHEN 2 THEN round((random() * 100)::numeric, (random() * 10)::integer)::text
    WHEN 3 THEN '0.' || repeat('0', (random() * 12)::integer) || 1 + (random() * 99999)::integer
    WHEN 4 THEN 1 + (random() * 9)::integer || repeat('0', (random() * 40)::integer)
    WHEN 5 THEN repeat('9', 1 + (random() * 20)::integer) || '.' || repeat('9', (random() * 12)::integer) || '5'
    WHEN 6 THEN '1' || repeat('0', (random() * 3000)::integer) || '.' || repeat('0', (random() * 3000)::integer) || '1'
    WHEN 7 THEN '9223372036854.77580' || (random() * 9)::integer || CASE WHEN random() < 0.5 THEN '0000001' ELSE '' END
    WHEN 8 THEN '1000000000000.' || repeat('0', (random() * 8)::integer) || (random() * 9)::integer
    ELSE '0.00000' || (random() * 20)::integer || CASE WHEN random() < 0.5 THEN repeat('0', (random() * 3000)::integer) || '1' ELSE '' END
    END)::numeric AS size
  FROM generate_series(1, 6000) AS g;
INSERT INTO public.size VALUES (1e-16383), (-1e-16383), (1e131071), (-1e131071);
SELECT cmp_ok(count(*), '>', 3000::bigint, 'sizes') FROM public.size;

-- What the third counter of the rule counts, and what numeric says.
SELECT is_empty($$
  SELECT t.threshold, o.operator, numeric_says, counted
  FROM (SELECT unnest('{0,1,-1,0.000001,-0.000001,0.000009,9.999999,10000,9999.9999,0.0001,100000000,500000,1000000000000,-1000000000000,999999999999.999999}'::numeric[])) AS t (threshold)
  CROSS JOIN unnest('{>,>=,<,<=,=}'::text[]) AS o (operator)
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE CASE o.operator WHEN '>' THEN size > threshold WHEN '>=' THEN size >= threshold WHEN '<' THEN size < threshold
                                                  WHEN '<=' THEN size <= threshold ELSE size = threshold END),
           split_part(antifraud.tally((SELECT public.doc(format('deduct 1 per occurrence if amount %s %s', o.operator, threshold))), 'm', '2023-06-01', 1, NULL, size)::text, ',', 3)::bigint
    FROM public.size) AS s (numeric_says, counted)
  WHERE numeric_says <> counted $$, 'compared as numeric compares');
SELECT is_empty($$
  SELECT size, card FROM (SELECT size, antifraud.tally((SELECT public.doc('deduct 1 per 0.3 missing if amount < 1000')), 'm', '2023-06-01', 1, NULL, size)::text AS card
                          FROM public.size WHERE abs(size) < 1e12 GROUP BY size) AS c
  WHERE split_part(card, ',', 3)::bigint <> CASE WHEN size < 1000 THEN floor((1000 - size) / 0.3) ELSE 0 END $$, 'whole steps below a number');
SELECT is_empty($$
  SELECT size, card FROM (SELECT size, antifraud.tally((SELECT public.doc('deduct 1 per 0.07 excess if amount >= 10')), 'm', '2023-06-01', 1, NULL, size)::text AS card
                          FROM public.size WHERE abs(size) < 1e12 GROUP BY size) AS c
  WHERE split_part(card, ',', 3)::bigint <> CASE WHEN size >= 10 THEN floor((size - 10) / 0.07) ELSE 0 END $$, 'whole steps above a number');

SELECT * FROM finish();
