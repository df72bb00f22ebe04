-- Property test of the type rule: thousands of random valid rules, written in
-- their canonical form and in a careless one.  The canonical form must come
-- back as it is, the careless one must become it, the parts in jsonb must
-- give it again, and so must its Chinese phrase, which no other rule has.
\ir setup.psql
BEGIN;
SELECT plan(10);

CREATE FUNCTION pg_temp.pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT choices[1 + floor(random() * cardinality(choices))::int] $$;

-- A number without needless zeros, with at most so many decimals.
CREATE FUNCTION pg_temp.number(largest int, decimals int) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT trim_scale(round((random() * largest)::numeric, floor(random() * (decimals + 1))::int))::text $$;

CREATE FUNCTION pg_temp.effect(subject text, direction text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  low numeric := pg_temp.number(20, 2);
  result text := pg_temp.pick('deduct', 'deduct', 'deduct', 'add', 'zero', 'veto', 'raise');
  per text[] := ARRAY['occurrence', 'day'];
  unit text;
  step numeric;
BEGIN
  IF result = 'raise' THEN
    RETURN 'raise ' || pg_temp.pick('reminder', 'notice', 'yellow_card', 'red_card', 'interview', 'notify_higher', 'rectification', 'discipline', 'veto', 'own_rung', '_');
  ELSIF result IN ('zero', 'veto') THEN
    RETURN result;
  END IF;
  result := result || ' ' || low;
  IF random() < 0.2 THEN
    result := result || '..' || trim_scale(low + 0.01 + pg_temp.number(10, 2)::numeric);
  END IF;
  IF random() < 0.4 THEN
    RETURN result;
  END IF;
  IF subject IN ('none', 'rate', 'change') AND direction <> 'equal' THEN
    per := per || '{percent}';
  END IF;
  IF subject IN ('none', 'amount', 'count') AND direction IN ('none', 'lower', 'between') THEN
    per := per || '{excess}';
  END IF;
  IF subject IN ('none', 'amount', 'count') AND direction IN ('none', 'upper', 'between') THEN
    per := per || '{missing}';
  END IF;
  unit := pg_temp.pick(VARIADIC per);
  step := greatest(pg_temp.number(5, 6)::numeric, 0.000001);
  IF random() < 0.5 THEN
    step := 1;
  END IF;
  RETURN result || ' per ' || CASE WHEN step = 1 AND unit IN ('occurrence', 'day') THEN '' ELSE trim_scale(step) || ' ' END || unit;
END
$$;

CREATE FUNCTION pg_temp.random_rule() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  subject text := pg_temp.pick('none', 'amount', 'count', 'rate', 'change');
  direction text := pg_temp.pick('lower', 'upper', 'equal', 'between', 'symbol');
  percent text := CASE WHEN subject IN ('rate', 'change') THEN '%' ELSE '' END;
  bands text[] := '{}';
  many int := 1 + floor(random() * random() * 8);
  at numeric;
  upto numeric;
  condition text;
  op text;
BEGIN
  IF subject = 'none' THEN
    FOR i IN 1..least(many, 2) LOOP
      bands := bands || pg_temp.effect('none', 'none');
    END LOOP;
  ELSE
    at := round(((random() - 0.5) * 100)::numeric, floor(random() * 7)::int);
    FOR i IN 1..many LOOP
      upto := at + 0.000001 + round((random() * 50000 ^ random())::numeric, floor(random() * 7)::int);
      CASE direction
        WHEN 'lower' THEN
          condition := format('%s %s %s%s', subject, pg_temp.pick('>', '>='), trim_scale(at), percent);
        WHEN 'upper' THEN
          condition := format('%s %s %s%s', subject, pg_temp.pick('<', '<='), trim_scale(at), percent);
        WHEN 'equal' THEN
          condition := format('%s = %s%s', subject, trim_scale(at), percent);
        WHEN 'between' THEN
          op := pg_temp.pick('>', '>=');
          condition := format('%s %s %s%s and %s %s %s%s', subject, op, trim_scale(at), percent,
                              subject, CASE op WHEN '>' THEN '<=' ELSE '<' END, trim_scale(upto), percent);
        ELSE
          op := pg_temp.pick('<', '<=', '=', '>', '>=');
          IF i > 1 THEN
            EXIT;
          END IF;
          IF subject = 'count' THEN
            condition := format('count %s %s', op, pg_temp.pick('baseline', 'required'));
          ELSIF subject = 'change' THEN
            condition := format('change %s %s%%', op, trim_scale(at));
          ELSE
            condition := format('%s %s required', subject, op);
          END IF;
          direction := CASE WHEN op LIKE '>%' THEN 'lower' WHEN op = '=' THEN 'equal' ELSE 'upper' END;
          many := 1;
      END CASE;
      bands := bands || (pg_temp.effect(subject, direction) || ' if ' || condition);
      EXIT WHEN many = 1;
      at := upto + 1;
    END LOOP;
    IF random() < 0.3 THEN
      bands := bands || pg_temp.effect(subject, 'none');
    END IF;
    SELECT array_agg(band ORDER BY random()) INTO bands FROM unnest(bands) band;
  END IF;
  RETURN array_to_string(bands, ', ') ||
    CASE WHEN random() < 0.3 AND array_to_string(bands, ' ') ~ 'deduct|add' THEN ' cap ' || pg_temp.number(100, 2) ELSE '' END;
END
$$;

-- The same rule, carelessly written: other blanks, cases and zeros.
CREATE FUNCTION pg_temp.careless(rule text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  result text := pg_temp.pick('', ' ', E'\n\t');
  before text := '';
  part text;
BEGIN
  FOREACH part IN ARRAY string_to_array(rule, ' ') LOOP
    IF before = 'raise' THEN
      result := result || part;
    ELSIF part ~ '^\d+(\.\d+)?%?,?$' THEN
      part := regexp_replace(part, '^', pg_temp.pick('', '0', '000'));
      part := regexp_replace(part, '^(\d+)([%,]|$)', '\1' || pg_temp.pick('', '.0', '.00000000') || '\2');
      part := regexp_replace(part, '%', pg_temp.pick('%', '', ' %', E'\t%'));
      result := result || part;
    ELSIF part LIKE '%..%' THEN
      result := result || replace(part, '..', pg_temp.pick('..', ' ..', '.. ', ' .. '));
    ELSE
      result := result || pg_temp.pick(part, upper(part), initcap(part));
    END IF;
    result := result || pg_temp.pick(' ', '  ', E'\n', E'\t', E' \r\n ');
    before := part;
  END LOOP;
  RETURN result;
END
$$;

-- The canonical text again, from the parts.
CREATE FUNCTION pg_temp.rebuilt(doc jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(
      (band->>'effect')
      || coalesce(' ' || (band->>'points'), '') || coalesce('..' || (band->>'points_max'), '') || coalesce(' ' || (band->>'level'), '')
      || coalesce(' per ' || CASE WHEN band->'per'->>'step' = '1' AND band->'per'->>'unit' IN ('occurrence', 'day') THEN '' ELSE (band->'per'->>'step') || ' ' END
                  || (band->'per'->>'unit'), '')
      || coalesce(' if ' || (
           SELECT string_agg((c->>'subject') || ' ' || (c->>'op') || ' ' || coalesce(c->>'value', c->>'unit') || CASE c->>'unit' WHEN 'percent' THEN '%' ELSE '' END,
                             ' and ' ORDER BY k)
           FROM jsonb_array_elements(nullif(band->'cond', 'null')) WITH ORDINALITY AS x (c, k)), ''),
      ', ' ORDER BY n)
    || coalesce(' cap ' || (doc->>'cap'), '')
  FROM jsonb_array_elements(doc->'bands') WITH ORDINALITY AS b (band, n)
$$;

SELECT setseed(0.20230501);
CREATE TEMP TABLE sample AS
  SELECT n, r AS canonical, pg_temp.careless(r) AS careless
  FROM (SELECT n, pg_temp.random_rule() AS r FROM generate_series(1, 4000) n OFFSET 0) s;

SELECT is((SELECT count(*) FROM sample WHERE canonical::antifraud.rule::text <> canonical), 0::bigint, 'canonical text comes back as it is');
SELECT is((SELECT count(*) FROM sample WHERE careless::antifraud.rule::text <> canonical), 0::bigint, 'careless text becomes canonical');
SELECT is((SELECT count(*) FROM sample WHERE pg_temp.rebuilt(canonical::antifraud.rule::jsonb) IS DISTINCT FROM canonical), 0::bigint, 'the parts in jsonb give the text again');
SELECT is((SELECT count(DISTINCT antifraud.to_chinese(canonical::antifraud.rule)) FROM sample), (SELECT count(DISTINCT canonical) FROM sample), 'no two rules have the same Chinese phrase');
SELECT cmp_ok((SELECT count(DISTINCT canonical) FROM sample), '>', 3000::bigint, 'the sample is varied');
SELECT is((SELECT count(DISTINCT (band->>'effect', band->'per'->>'unit')) FROM sample, jsonb_array_elements(canonical::antifraud.rule::jsonb->'bands') band),
  15::bigint, 'every effect with every step that it may have is in the sample');


-- The Chinese phrase says the same rule, and also in full width.
SELECT is((SELECT count(*) FROM sample WHERE antifraud.to_chinese(canonical::antifraud.rule)::antifraud.rule::text <> canonical), 0::bigint, 'the Chinese phrase reads back to the rule');
SELECT is((SELECT count(*) FROM sample WHERE translate(antifraud.to_chinese(canonical::antifraud.rule), '0123456789.%', '０１２３４５６７８９．％')::antifraud.rule::text <> canonical), 0::bigint,
  'also in full-width digits');

-- One letter lost or changed is an error or another rule, and never a crash.
CREATE FUNCTION pg_temp.outcome(input text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN input::antifraud.rule::text;
EXCEPTION
  WHEN invalid_text_representation OR invalid_parameter_value OR numeric_value_out_of_range OR program_limit_exceeded THEN
    RETURN NULL;
END
$$;
CREATE TEMP TABLE damaged AS
  SELECT pg_temp.outcome(overlay(canonical PLACING pg_temp.pick('', 'x', '9', ' ', ',', '.', '-', '%', '<', '约') FROM 1 + floor(random() * length(canonical))::int FOR 1)) AS rule FROM sample;
SELECT is((SELECT count(*) FROM damaged WHERE rule <> rule::antifraud.rule::text), 0::bigint, 'what is read of damaged text is canonical');
SELECT cmp_ok((SELECT count(*) FROM damaged WHERE rule IS NULL), '>', 1500::bigint, 'most damaged texts are refused');

SELECT * FROM finish();
ROLLBACK;
