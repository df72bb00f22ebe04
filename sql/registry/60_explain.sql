-- A score explained: clause, facts, arithmetic.

-- The condition of a band in words: 金额 ≥ 30万元.
CREATE FUNCTION @registry@.condition_words(condition jsonb, chinese boolean) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN (
  SELECT pg_catalog.string_agg(
    CASE WHEN chinese
      THEN CASE c.value ->> 'subject' WHEN 'amount' THEN '金额' WHEN 'count' THEN '次数' WHEN 'rate' THEN '比率' ELSE '变化' END
      ELSE c.value ->> 'subject' END
    || ' ' || CASE c.value ->> 'op' WHEN '>=' THEN '≥' WHEN '<=' THEN '≤' ELSE c.value ->> 'op' END || ' '
    || CASE c.value ->> 'unit'
         WHEN 'baseline' THEN CASE WHEN chinese THEN '同期' ELSE 'baseline' END
         WHEN 'required' THEN CASE WHEN chinese THEN '规定数' ELSE 'required' END
         WHEN 'percent' THEN (c.value ->> 'value') || '%'
         WHEN 'yuan' THEN CASE WHEN NOT chinese THEN (c.value ->> 'value') || ' yuan'
                               WHEN (c.value ->> 'value')::numeric <> 0 AND (c.value ->> 'value')::numeric % 10000 = 0 THEN pg_catalog.trim_scale((c.value ->> 'value')::numeric / 10000) || '万元'
                               ELSE (c.value ->> 'value') || '元' END
         ELSE c.value ->> 'value' END,
    CASE WHEN chinese THEN ' 且 ' ELSE ' and ' END ORDER BY c.ordinality)
  FROM pg_catalog.jsonb_array_elements(condition) WITH ORDINALITY AS c);
COMMENT ON FUNCTION @registry@.condition_words(jsonb, boolean) IS 'A condition of a rule (its part of rule::jsonb) in words.';

-- Whether conditions on the whole window hold: rules without points (veto,
-- raise) leave no other trace. Amounts are not judged here but fact by fact.
CREATE FUNCTION @registry@.condition_holds(condition jsonb, quantity numeric, base numeric, baseline numeric, required numeric) RETURNS boolean
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN (
  SELECT COALESCE(pg_catalog.bool_and(COALESCE(CASE c.value ->> 'op'
      WHEN '>' THEN v.measured > v.versus
      WHEN '>=' THEN v.measured >= v.versus
      WHEN '<' THEN v.measured < v.versus
      WHEN '<=' THEN v.measured <= v.versus
      ELSE v.measured = v.versus END, false)), true)
  FROM pg_catalog.jsonb_array_elements(CASE WHEN pg_catalog.jsonb_typeof(condition) = 'array' THEN condition ELSE '[]' END) AS c (value)
  CROSS JOIN LATERAL (
    SELECT CASE c.value ->> 'subject'
             WHEN 'count' THEN quantity
             WHEN 'rate' THEN 100 * quantity / NULLIF(base, 0)
             WHEN 'change' THEN 100 * (quantity - baseline) / NULLIF(baseline, 0) END,
           CASE c.value ->> 'unit' WHEN 'baseline' THEN baseline WHEN 'required' THEN required ELSE (c.value ->> 'value')::numeric END
  ) AS v (measured, versus));
COMMENT ON FUNCTION @registry@.condition_holds(jsonb, numeric, numeric, numeric, numeric) IS 'Whether the conditions of a band (its part of rule::jsonb) on a count, rate or change hold. Used by explain_score().';

-- A count with what is counted: 3起, 3 cases.
CREATE FUNCTION @registry@.counted_words(quantity numeric, counter text, chinese boolean) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN pg_catalog.trim_scale(quantity)::text || CASE
    WHEN chinese THEN counter
    WHEN quantity = 1 THEN ' ' || counter
    WHEN counter ~ '[^aeiou]y$' THEN ' ' || rtrim(counter, 'y') || 'ies'
    ELSE ' ' || counter || 's' END;
COMMENT ON FUNCTION @registry@.counted_words(numeric, text, boolean) IS 'A count with what is counted, in words. Used by explain_score().';

-- The points of a band: 5, or 10至20 where they are at discretion.
CREATE FUNCTION @registry@.points_words(band jsonb, chinese boolean) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN (band ->> 'points') || COALESCE(CASE WHEN chinese THEN '至' ELSE ' to ' END || NULLIF(band ->> 'points_max', band ->> 'points'), '');
COMMENT ON FUNCTION @registry@.points_words(jsonb, boolean) IS 'The points of a band (its part of rule::jsonb) in words. Used by explain_score().';

-- How the points of one rule come about. Where the rule is of a form that no
-- short sum shows (several bands on a count, months apart), the counts and
-- the result stand alone: a sum that is not the engine's is never shown.
-- fired: the vetoes and rungs that the engine says the rule brought about.
CREATE FUNCTION @registry@.arithmetic(rule jsonb, quantity numeric, base numeric, baseline numeric, required numeric,
                                      band_facts numeric[], raw numeric, fired text[], counter text, by_month boolean, chinese boolean) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  bands jsonb := rule -> 'bands';
  band jsonb := rule #> '{bands,0}';
  subject text := rule #>> '{bands,0,cond,0,subject}';
  pointless boolean := NOT rule @? '$.bands[*].effect ? (@ == "deduct" || @ == "add" || @ == "zero")';
  versus numeric;
  versus_words text;
  steps numeric;
  words text := '';
  sum_shown numeric := 0;
  ranged boolean := false;
  points_of text;
  pts text := CASE WHEN chinese THEN '分' ELSE ' points' END;
  counted text := @registry@.counted_words(quantity, counter, chinese);
BEGIN
  IF by_month THEN
    RETURN CASE WHEN chinese THEN '共' || counted || '，逐月判定' ELSE counted || ', judged month by month' END
      || CASE WHEN pointless THEN '' WHEN chinese THEN '：' || trim_scale(raw) || '分' ELSE ': ' || trim_scale(raw) || ' points' END;
  END IF;

  IF subject = 'amount' THEN
    FOR i IN 1 .. jsonb_array_length(bands) LOOP
      CONTINUE WHEN coalesce(band_facts[i], 0) = 0;
      band := bands -> (i - 1);
      words := words || CASE WHEN words = '' THEN '' ELSE ' + ' END;
      IF band ->> 'effect' NOT IN ('deduct', 'add') THEN
        -- no number of points of its own
        words := words || @registry@.counted_words(band_facts[i], counter, chinese);
        sum_shown := CASE WHEN band ->> 'effect' <> 'zero' THEN sum_shown END;
      ELSE
        points_of := @registry@.points_words(band, chinese);
        ranged := ranged OR points_of <> band ->> 'points';
        steps := 1;
        IF jsonb_typeof(band -> 'per') = 'object' THEN
          steps := CASE WHEN band #>> '{per,unit}' IN ('occurrence', 'day') THEN floor(band_facts[i] / (band #>> '{per,step}')::numeric) END;
          words := words || CASE WHEN chinese THEN format('%s%s × %s分', trim_scale(steps), counter, points_of)
                                 ELSE format('%s × %s', trim_scale(steps), points_of) END;
        ELSE
          words := words || points_of || pts;
        END IF;
        sum_shown := sum_shown + steps * (band ->> 'points')::numeric;
      END IF;
      words := words || CASE WHEN chinese THEN '（' ELSE ' (' END || @registry@.condition_words(band -> 'cond', chinese) || CASE WHEN chinese THEN '）' ELSE ')' END;
    END LOOP;
    RETURN CASE WHEN words = '' AND pointless THEN counted
                WHEN pointless OR (ranged AND sum_shown IS NOT NULL) THEN words
                WHEN words <> '' AND sum_shown = raw THEN words || ' = ' || trim_scale(raw) || pts
                ELSE counted || ' = ' || trim_scale(raw) || pts END;
  END IF;

  IF pointless THEN
    -- the band that the engine took; the first one where it took none
    band := coalesce((
      SELECT b.value FROM jsonb_array_elements(bands) WITH ORDINALITY AS b
      WHERE concat_ws(' ', b.value ->> 'effect', b.value ->> 'level') = ANY (fired)
        AND @registry@.condition_holds(b.value -> 'cond', quantity, base, baseline, required)
      ORDER BY b.ordinality DESC LIMIT 1), band);
    subject := band #>> '{cond,0,subject}';
  END IF;
  IF baseline IS NULL AND rule @? '$.bands[*].cond[*] ? (@.subject == "change" || @.unit == "baseline")' THEN
    RETURN counted || CASE WHEN chinese THEN '，同期无完整记录' ELSE ', records do not reach back to the baseline' END;
  END IF;
  IF NOT pointless AND jsonb_array_length(bands) > 1 THEN
    RETURN counted || ' = ' || trim_scale(raw) || pts;
  END IF;
  points_of := @registry@.points_words(band, chinese);

  IF subject = 'change' AND baseline = 0 THEN
    RETURN counted || CASE WHEN chinese THEN '，同期0' ELSE ', baseline 0' END;
  ELSIF subject IS NOT NULL THEN
    versus := CASE band #>> '{cond,0,unit}' WHEN 'baseline' THEN baseline WHEN 'required' THEN required ELSE (band #>> '{cond,0,value}')::numeric END;
    versus_words := CASE band #>> '{cond,0,unit}'
      WHEN 'baseline' THEN CASE WHEN chinese THEN '同期' ELSE 'baseline ' END
      WHEN 'required' THEN CASE WHEN chinese THEN '规定数' ELSE 'required ' END
      ELSE '' END || coalesce(trim_scale(CASE band #>> '{cond,0,unit}' WHEN 'baseline' THEN round(versus, 2) ELSE versus END)::text, '?');
    words := CASE subject
        WHEN 'rate' THEN trim_scale(quantity) || ' ÷ ' || trim_scale(base) || ' = ' || trim_scale(round(100 * quantity / nullif(base, 0), 2)) || '%'
        WHEN 'change' THEN format(CASE WHEN chinese THEN '%s，同期%s，变化%s%%' ELSE '%s, baseline %s, change %s%%' END,
                                  counted, trim_scale(round(baseline, 2)),
                                  coalesce(trim_scale(round(100 * (quantity - baseline) / nullif(baseline, 0), 2))::text, '?'))
        ELSE counted END
      || CASE band #>> '{cond,0,op}' WHEN '>=' THEN ' ≥ ' WHEN '<=' THEN ' ≤ ' ELSE ' ' || (band #>> '{cond,0,op}') || ' ' END
      || versus_words || CASE WHEN subject IN ('rate', 'change') THEN '%' ELSE '' END;
    IF subject = 'rate' AND coalesce(base, 0) = 0 THEN
      words := counted;
    END IF;
  END IF;
  IF pointless THEN
    RETURN coalesce(nullif(words, ''), counted);
  ELSIF words <> '' THEN
    words := words || CASE WHEN chinese THEN '：' ELSE ': ' END;
  END IF;
  IF band ->> 'effect' = 'zero' THEN
    RETURN coalesce(nullif(words, ''), counted || CASE WHEN chinese THEN '：' ELSE ': ' END)
      || CASE WHEN chinese THEN '该项不得分' ELSE 'no points for the item' END;
  END IF;
  IF band -> 'per' IS NULL OR band -> 'per' = 'null' THEN
    IF subject IS NULL THEN
      words := CASE WHEN chinese THEN counted || '，只计一次：' ELSE counted || ', counted once: ' END;
    END IF;
    RETURN words || points_of || pts;
  END IF;

  steps := CASE band #>> '{per,unit}'
    WHEN 'excess' THEN quantity - versus
    WHEN 'missing' THEN coalesce(versus, required) - quantity
    WHEN 'percent' THEN abs(CASE subject WHEN 'rate' THEN 100 * quantity / nullif(base, 0) ELSE 100 * (quantity - baseline) / nullif(baseline, 0) END - versus)
    ELSE quantity END;
  steps := floor(steps / (band #>> '{per,step}')::numeric);
  sum_shown := steps * (band ->> 'points')::numeric;
  IF steps IS NOT NULL AND points_of <> band ->> 'points' THEN
    RETURN words || trim_scale(steps) || ' × ' || points_of || pts;
  END IF;
  IF steps IS NULL OR (sum_shown <> raw AND raw IS DISTINCT FROM (rule ->> 'cap')::numeric) THEN
    RETURN words || counted || ' = ' || trim_scale(raw) || pts;
  END IF;
  RETURN words
    || CASE WHEN chinese THEN format('%s%s × %s分 = %s分', trim_scale(steps), CASE WHEN band #>> '{per,unit}' IN ('occurrence', 'excess', 'missing') AND (band #>> '{per,step}')::numeric = 1 THEN counter ELSE '' END, points_of, trim_scale(sum_shown))
            ELSE format('%s × %s = %s points', trim_scale(steps), points_of, trim_scale(sum_shown)) END
    || CASE WHEN sum_shown = raw THEN ''
            WHEN chinese THEN '，最多' || trim_scale(raw) || '分' ELSE ', at most ' || trim_scale(raw) END;
END
$body$;
COMMENT ON FUNCTION @registry@.arithmetic(jsonb, numeric, numeric, numeric, numeric, numeric[], numeric, text[], text, boolean, boolean) IS 'How the points of a rule come about, in words, from its counts. Used by explain_score().';

-- Planned once a session, which takes longer than reading.
CREATE FUNCTION @registry@.explain_score(unit text, rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (section text, item_no text, item text, points numeric, clause text, measure text, measure_zh text, measure_en text,
               rule_no integer, rule text, rule_zh text, facts bigint, quantity bigint, arithmetic_zh text, arithmetic text,
               raw numeric, deducted numeric, overflow numeric, added numeric, state text, fact_keys text[], reading text)
STABLE PARALLEL SAFE ROWS 20
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH read AS MATERIALIZED (
    SELECT @registry@.rubric_for($1, $2, $3, $4) AS doc, @registry@.card_of($1, $2, $3, $4) AS card
  ), decided AS MATERIALIZED (
    SELECT x.item, x.rule, x.reading FROM pg_catalog.jsonb_to_recordset(@registry@.decisions_of($1, $2, $4)) AS x (item text, rule integer, reading text)
    WHERE x.reading IS NOT NULL
  ), edition AS (
    SELECT e.*, CASE e.baseline WHEN 'last_year' THEN 1 WHEN 'mean_3_years' THEN 3 END AS baseline_years
    FROM @registry@.rubric_edition AS e WHERE e.code = $2
  ), line AS MATERIALIZED (
    SELECT b.*, pg_catalog.row_number() OVER (PARTITION BY b.item_no ORDER BY b.ordinality)::integer AS ordinal
    FROM read AS r
    CROSS JOIN LATERAL antifraud.breakdown(r.card, r.doc) WITH ORDINALITY AS b
  ), shown AS (
    SELECT l.section, l.item_no, l.item, l.points, l.measure, l.rule, l.facts, l.quantity, l.raw, l.deducted, l.overflow, l.added, l.state,
           l.ordinality AS place, l.ordinal, u.clause, COALESCE(d.reading, u.reading) AS reading, u.required, u.counted_over, u.rule::jsonb AS rule_json,
           antifraud.to_chinese(u.rule) AS rule_zh,
           CASE u.counted_over WHEN 'year' THEN pg_catalog.make_date(EXTRACT(year FROM e.period_to)::integer, 1, 1) ELSE e.period_from END AS first_day,
           -- a rule without points shows what it did when it is read alone
           CASE WHEN u.rule::jsonb @? '$.bands[*].effect ? (@ == "veto" || @ == "raise")' AND l.state = 'scored' THEN (
             SELECT ARRAY(SELECT 'veto'::text AS effect WHERE antifraud.vetoed(r.card, o.doc)
                          UNION ALL SELECT 'raise '::text || x.rung AS effect FROM pg_catalog.unnest(antifraud.raised(r.card, o.doc)) AS x (rung))
             FROM read AS r
             CROSS JOIN LATERAL (
               SELECT antifraud.with_decisions(r.doc, COALESCE(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('item', y.item_no, 'rule', y.ordinal, 'waived', true)), '[]')) AS doc
               FROM line AS y WHERE y.ordinality <> l.ordinality) AS o)
             ELSE '{}' END AS fired,
           u.rule::jsonb @? '$.bands[*].effect ? (@ == "veto" || @ == "raise")' AS pointless,
           u.rule::jsonb @? '$.bands[*] ? (@.points_max > @.points)' AS discretion,
           LEAST(CASE u.counted_over WHEN 'year' THEN pg_catalog.make_date(EXTRACT(year FROM e.period_to)::integer, 12, 31) ELSE e.period_to END, $3) AS last_day,
           e.baseline_years, e.baseline_from
    FROM line AS l
    CROSS JOIN edition AS e
    JOIN @registry@.rubric_rule AS u ON u.rubric = e.code AND u.item = l.item_no AND u.ordinal = l.ordinal
    LEFT JOIN LATERAL (
      SELECT x.reading FROM decided AS x WHERE x.item = l.item_no AND x.rule = l.ordinal LIMIT 1) AS d ON true
    WHERE l.raw <> 0 OR l.deducted <> 0 OR l.overflow <> 0 OR l.added <> 0 OR l.state <> ALL ('{scored,not_measured}')
       OR u.rule::jsonb @? '$.bands[*].effect ? (@ == "veto" || @ == "raise")'
  ), known AS MATERIALIZED (
    SELECT f.measure, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
    FROM @registry@.facts_scored($1, $2, $4, $3, ARRAY(SELECT s.measure FROM shown AS s)) AS f
  ), picked AS (
    -- the facts of each line, and where bands look at amounts, the band that
    -- each selects
    SELECT s.place, s.rule_json #>> '{bands,0,cond,0,subject}' AS subject, k.occurred_on, k.quantity, k.base, k.source_table, k.source_key, pick.band
    FROM shown AS s
    JOIN known AS k ON k.measure = s.measure AND k.occurred_on BETWEEN s.first_day AND s.last_day
    LEFT JOIN LATERAL (
      SELECT b.ordinality AS band
      FROM pg_catalog.jsonb_array_elements(s.rule_json -> 'bands') WITH ORDINALITY AS b
      WHERE b.value #>> '{cond,0,subject}' = 'amount'
        AND NOT EXISTS (
          SELECT FROM pg_catalog.jsonb_array_elements(b.value -> 'cond') AS c (value)
          WHERE NOT COALESCE(CASE c.value ->> 'op'
            WHEN '>' THEN k.amount > (c.value ->> 'value')::numeric
            WHEN '>=' THEN k.amount >= (c.value ->> 'value')::numeric
            WHEN '<' THEN k.amount < (c.value ->> 'value')::numeric
            WHEN '<=' THEN k.amount <= (c.value ->> 'value')::numeric
            ELSE k.amount = (c.value ->> 'value')::numeric END, false))
      ORDER BY (SELECT MAX((c.value ->> 'value')::numeric) FROM pg_catalog.jsonb_array_elements(b.value -> 'cond') AS c (value) WHERE c.value ->> 'op' = ANY ('{>,>=,=}')) DESC NULLS LAST,
               (SELECT MIN((c.value ->> 'value')::numeric) FROM pg_catalog.jsonb_array_elements(b.value -> 'cond') AS c (value) WHERE c.value ->> 'op' = ANY ('{<,<=}')) ASC NULLS LAST,
               b.value -> 'cond' @> '[{"op": ">"}]' DESC,
               b.ordinality DESC
      LIMIT 1) AS pick ON true
  ), summed AS (
    SELECT p.place, SUM(p.base) AS base,
           (pg_catalog.array_agg(p.source_table || ' ' || p.source_key ORDER BY p.occurred_on, p.source_table, p.source_key)
              FILTER (WHERE p.quantity > 0 AND (p.band IS NOT NULL OR p.subject IS DISTINCT FROM 'amount')))[1:20] AS keys
    FROM picked AS p GROUP BY p.place
  )
  SELECT s.section, s.item_no, s.item, s.points, s.clause, s.measure, m.label_zh, m.label_en, s.ordinal, s.rule, s.rule_zh, s.facts, s.quantity,
         @registry@.arithmetic(s.rule_json, s.quantity, g.base, w.baseline, s.required, w.band_facts, s.raw, s.fired, m.counter_zh, s.counted_over = 'month', true)
           || o.outcome_zh,
         @registry@.arithmetic(s.rule_json, s.quantity, g.base, w.baseline, s.required, w.band_facts, s.raw, s.fired, m.counter_en, s.counted_over = 'month', false)
           || o.outcome_en,
         s.raw, s.deducted, s.overflow, s.added, s.state, COALESCE(g.keys, '{}'), s.reading
  FROM shown AS s
  JOIN @registry@.measure AS m ON m.code = s.measure
  LEFT JOIN summed AS g ON g.place = s.place
  CROSS JOIN LATERAL (
    SELECT CASE WHEN s.baseline_from IS NULL OR s.baseline_from <= (s.first_day - pg_catalog.make_interval(years => s.baseline_years))::date THEN (
        SELECT COALESCE(SUM(k.quantity), 0) / s.baseline_years
        FROM pg_catalog.generate_series(1, s.baseline_years) AS y (back)
        JOIN known AS k ON k.measure = s.measure
          AND k.occurred_on BETWEEN (s.first_day - pg_catalog.make_interval(years => y.back))::date
                                AND (s.last_day - pg_catalog.make_interval(years => y.back))::date) END AS baseline,
      ARRAY(
        SELECT COALESCE(SUM(p.quantity), 0)
        FROM pg_catalog.generate_series(1, pg_catalog.jsonb_array_length(s.rule_json -> 'bands')) AS i (band)
        LEFT JOIN picked AS p ON p.place = s.place AND p.band = i.band
        GROUP BY i.band ORDER BY i.band) AS band_facts
    OFFSET 0
  ) AS w
  CROSS JOIN LATERAL (
    SELECT CASE WHEN s.state = 'open' AND s.pointless THEN '，期未满，暂不判定'
                WHEN s.state = 'open' THEN '，期未满，暂不扣'
                WHEN s.state = 'pending' THEN '，待定'
                WHEN s.state = 'waived' THEN '，免扣'
                WHEN s.state = 'review' THEN '，无法计算，待核'
                WHEN s.fired <> '{}' THEN '：' || (SELECT pg_catalog.string_agg(antifraud.to_chinese(f.effect::antifraud.rule), '、') FROM pg_catalog.unnest(s.fired) AS f (effect))
                WHEN s.raw <> 0 AND s.discretion THEN '，决定' || pg_catalog.trim_scale(s.raw) || '分'
                WHEN s.deducted < s.raw AND s.added = 0 THEN '，实扣' || pg_catalog.trim_scale(s.deducted) || '分'
                ELSE '' END AS outcome_zh,
           CASE WHEN s.state = 'open' AND s.pointless THEN ', not judged before the end'
                WHEN s.state = 'open' THEN ', not deducted before the end'
                WHEN s.state = 'pending' THEN ', to be decided'
                WHEN s.state = 'waived' THEN ', waived'
                WHEN s.state = 'review' THEN ', not computable: for review'
                WHEN s.fired <> '{}' THEN ': ' || pg_catalog.array_to_string(s.fired, ', ')
                WHEN s.raw <> 0 AND s.discretion THEN ', ' || pg_catalog.trim_scale(s.raw) || ' decided'
                WHEN s.deducted < s.raw AND s.added = 0 THEN ', ' || pg_catalog.trim_scale(s.deducted) || ' deducted'
                ELSE '' END AS outcome_en
  ) AS o
  WHERE NOT s.pointless OR s.state <> ALL ('{scored,not_measured}') OR s.raw <> 0 OR s.added <> 0 OR s.fired <> '{}'
  ORDER BY s.place;
END
$body$;
COMMENT ON FUNCTION @registry@.explain_score(text, text, date, timestamptz) IS 'A score explained, a row for each rule that deducts, adds, vetoes or is undecided: clause, facts, arithmetic in Chinese and English, points. as_of and known_at as in scores(); fact_keys holds the first 20 facts as table and id.';
