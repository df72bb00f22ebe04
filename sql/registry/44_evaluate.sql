-- Which escalations the facts ask for, as of a day: reading only. Rules that
-- count over the same days are compiled into one rubric, an item a rule, and
-- evaluated by what scores are made with: tally, and raised_by for points.

-- The rules of a day, in the rubrics that judge them. A shortfall can only be
-- judged when its days are over: so of rules on one, the days before the
-- current ones as well.
CREATE FUNCTION @registry@.escalation_rubrics(as_of date)
RETURNS TABLE (subject text, by_fact boolean, shortfall boolean, first_day date, last_day date, ends_on date, facts_from date, codes text[], measures text[],
               regions antifraud.region[], unit_kinds text[], least_amount numeric, doc antifraud.rubric)
STABLE PARALLEL SAFE ROWS 5
LANGUAGE sql
BEGIN ATOMIC
  WITH over AS (
    SELECT 'year' AS counted_over, date_trunc('year', $1::timestamp)::date - 1 AS day
    UNION
    SELECT 'month' AS counted_over, date_trunc('month', $1::timestamp)::date - 1 AS day
    UNION
    SELECT 'period' AS counted_over, upper(e.valid * daterange(p.period_from, p.period_to, '[]')) - 1 AS day
    FROM @registry@.escalation_rule AS e
    LEFT JOIN @registry@.programme AS p ON p.code = e.programme
    WHERE e.counted_over = 'period' AND upper(e.valid * daterange(p.period_from, p.period_to, '[]')) - 1 BETWEEN $1 - 366 AND $1 - 1
  ), held AS (
    SELECT r.code, r.measure, r.rule, r.subject, r.period_from, r.period_to, r.baseline, r.baseline_from, r.region, r.unit_kind
    FROM @registry@.escalation_rules($1) AS r
    UNION ALL
    SELECT r.code, r.measure, r.rule, r.subject, r.period_from, r.period_to, r.baseline, r.baseline_from, r.region, r.unit_kind
    FROM over AS o
    CROSS JOIN LATERAL @registry@.escalation_rules(o.day) AS r
    WHERE r.counted_over = o.counted_over AND r.period_to = o.day AND jsonb_path_exists(r.rule::jsonb, '$.bands[*].cond[*] ? (@.subject == "count" && (@.op == "<" || @.op == "<=" || @.op == "="))')
  ), read AS (
    SELECT h.*,
           NOT jsonb_path_exists(h.rule::jsonb, '$.bands[*].cond[*] ? (@.subject != "amount")') AS by_fact,
           jsonb_path_exists(h.rule::jsonb, '$.bands[*].cond[*] ? (@.subject == "count" && (@.op == "<" || @.op == "<=" || @.op == "="))') AS shortfall,
           -- no fact that is smaller raises anything; null: one of any size may
           (SELECT CASE WHEN bool_and(b.least IS NOT NULL) THEN min(b.least) END FROM (
             SELECT (SELECT max((c.cond ->> 'value')::numeric) FROM jsonb_array_elements(NULLIF(a.band -> 'cond', 'null')) AS c (cond) WHERE c.cond ->> 'op' = ANY ('{>,>=,=}')) AS least
             FROM jsonb_array_elements(h.rule::jsonb -> 'bands') AS a (band)) AS b) AS least_amount
    FROM held AS h
  ), based AS (
    -- a rule that compares with nothing can be counted with those that do
    SELECT r.code, r.measure, r.rule, r.subject, r.by_fact, r.shortfall, r.period_from, r.period_to, r.region, r.unit_kind, r.least_amount,
           CASE WHEN r.baseline IS NULL AND NOT r.by_fact THEN first_value(r.baseline) OVER alike ELSE r.baseline END AS baseline,
           CASE WHEN r.baseline IS NULL AND NOT r.by_fact THEN first_value(r.baseline_from) OVER alike ELSE r.baseline_from END AS baseline_from
    FROM read AS r
    WINDOW alike AS (PARTITION BY r.subject, r.by_fact, r.shortfall, r.period_from, r.period_to ORDER BY r.baseline NULLS LAST, r.baseline_from NULLS LAST)
  ), grouped AS (
    -- a card has 1,000 counters, and a rule at most 18
    SELECT r.*, (row_number() OVER (PARTITION BY r.subject, r.by_fact, r.shortfall, r.period_from, r.period_to, r.baseline, r.baseline_from ORDER BY r.code) - 1) / 50 AS part
    FROM based AS r
  )
  SELECT g.subject, g.by_fact, g.shortfall, g.period_from, LEAST(g.period_to, $1), g.period_to,
         CASE g.baseline WHEN 'last_year' THEN (g.period_from - interval '1 year')::date WHEN 'mean_3_years' THEN (g.period_from - interval '3 years')::date ELSE g.period_from END,
         array_agg(g.code ORDER BY g.code), array_agg(g.measure ORDER BY g.code), array_agg(g.region ORDER BY g.code), array_agg(g.unit_kind ORDER BY g.code),
         CASE WHEN g.by_fact AND bool_and(g.least_amount IS NOT NULL) THEN min(g.least_amount) END,
         antifraud.with_as_of(jsonb_build_object(
           'code', 'escalation', 'edition', 'escalation', 'title', 'escalation', 'total', 0,
           'period', jsonb_build_array(g.period_from, g.period_to), 'baseline', g.baseline, 'baseline_from', g.baseline_from,
           'sections', jsonb_build_array(jsonb_build_object('title', 'escalation', 'points', 0, 'items',
             jsonb_agg(jsonb_build_object('no', g.code, 'title', g.code, 'points', 0,
               'rules', jsonb_build_array(jsonb_build_object('measure', g.measure, 'rule', g.rule::text))) ORDER BY g.code))))::antifraud.rubric, $1)
  FROM grouped AS g
  GROUP BY g.subject, g.by_fact, g.shortfall, g.period_from, g.period_to, g.baseline, g.baseline_from, g.part;
END;
COMMENT ON FUNCTION @registry@.escalation_rubrics(date) IS 'The rules that hold on a day as rubrics, an item a rule: who they are about, whether each fact is judged by itself (rules on amount, and rules without a condition) or their sum, whether days without facts count, the first and the last day that counts by then, the last one that will, and from when on facts are read, the rules with their measures, regions and kinds of unit, and the least size of a fact that raises anything.';

-- The subject of a person's facts: a row of the table person, or somebody of
-- whom only a surrogate key is known.
CREATE FUNCTION @registry@.escalation_person(subject text) RETURNS text
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql
RETURN CASE WHEN subject ~ '^person:[0-9]+$' THEN subject ELSE 'person:key:' || subject END;
COMMENT ON FUNCTION @registry@.escalation_person(text) IS 'Subject of an escalation about a person, from the subject of a fact: person: and a number as it is, any other key after person:key:.';

-- Facts of a few units: planned once a session, with every branch of the view
-- fact; those of other measures are not begun. The condition on voided_at is
-- written so that no partial index fits it: while a table is empty, to read all
-- of one seems as good as to find the unit.
CREATE FUNCTION @registry@.facts_of_units(units text[], measures text[], from_day date, to_day date)
RETURNS TABLE (measure text, unit text, subject text, occurred_on date, quantity bigint, base bigint, amount numeric, source_table text, source_key text)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $body$
#variable_conflict use_column
DECLARE
  bounds record;
BEGIN
  -- a plan that is kept would begin with every source, whatever is asked
  IF @registry@.has_source() THEN
    SELECT b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds($2, $1) AS b;
    RETURN QUERY EXECUTE format(
      'SELECT f.measure, f.unit, f.subject, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
       FROM %I.facts_from_scratch() AS f
       WHERE f.unit = ANY ($1) AND f.measure = ANY ($2) AND f.voided_at IS NULL AND antifraud.within(f.occurred_on, $3)
         AND (f.source_table <> ALL ($4) OR antifraud.within(f.region, $5, $6))', @registry_literal@)
      USING $1, $2, CASE WHEN $3 <= $4 THEN datemultirange(daterange($3, $4, '[]')) ELSE '{}' END, bounds.placed, bounds.regions, bounds.as_written;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT f.measure, f.unit, f.subject, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
    FROM @registry@.facts_from_scratch() AS f
    WHERE f.unit = ANY ($1) AND f.measure = ANY ($2) AND COALESCE(f.voided_at, 'infinity') = 'infinity' AND f.occurred_on BETWEEN $3 AND $4;
END
$body$;
COMMENT ON FUNCTION @registry@.facts_of_units(text[], text[], date, date) IS 'The facts in force of some units and measures, between two days, both included.';

-- The same for all units: what a plan of its own for each set of measures takes
-- to make is longer than reading a county. Without knowing the measures, the
-- planner would look up each activity's kind one by one: hence no nested loops.
CREATE FUNCTION @registry@.facts_of_days(measures text[], from_day date, to_day date, least_amount numeric DEFAULT NULL)
RETURNS TABLE (measure text, unit text, subject text, occurred_on date, quantity bigint, base bigint, amount numeric, source_table text, source_key text)
STABLE PARALLEL SAFE ROWS 3000
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_generic_plan
SET enable_nestloop = off
AS $body$
#variable_conflict use_column
DECLARE
  bounds record;
BEGIN
  -- nor is a plan kept where there are sources
  IF @registry@.has_source() THEN
    SELECT b.placed, b.regions, b.as_written INTO bounds FROM @registry@.source_bounds($1, ARRAY(SELECT u.code FROM @registry@.unit AS u)) AS b;
    RETURN QUERY EXECUTE format(
      'SELECT f.measure, f.unit, f.subject, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
       FROM %I.facts_from_scratch() AS f
       WHERE f.measure = ANY ($1) AND f.voided_at IS NULL AND antifraud.within(f.occurred_on, $2) AND ($3 IS NULL OR f.amount >= $3)
         AND (f.source_table <> ALL ($4) OR antifraud.within(f.region, $5, $6))', @registry_literal@)
      USING $1, CASE WHEN $2 <= $3 THEN datemultirange(daterange($2, $3, '[]')) ELSE '{}' END, $4, bounds.placed, bounds.regions, bounds.as_written;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT f.measure, f.unit, f.subject, f.occurred_on, f.quantity, f.base, f.amount, f.source_table, f.source_key
    FROM @registry@.facts_from_scratch() AS f
    WHERE f.measure = ANY ($1) AND f.voided_at IS NULL AND f.occurred_on BETWEEN $2 AND $3 AND ($4 IS NULL OR f.amount >= $4);
END
$body$;
COMMENT ON FUNCTION @registry@.facts_of_days(text[], date, date, numeric) IS 'The facts in force of some measures in all units, between two days, both included; least_amount: those of this amount or more (null: all).';

CREATE FUNCTION @registry@.evaluate_escalations(as_of date, units text[] DEFAULT NULL, subjects text[] DEFAULT NULL, measures text[] DEFAULT NULL)
RETURNS TABLE (rule text, rung text, subject text, unit text, region antifraud.region, episode text, fact_table text, fact_key text, observed jsonb)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
AS $body$
#variable_conflict use_column
DECLARE
  judge record;
  wanted text[];
  of_units text[] := units;
  of_persons text[];
  said text;
BEGIN
  IF as_of IS NULL OR NOT isfinite(as_of) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = format('escalations are evaluated as of a day, not as of %s', coalesce(as_of::text, 'NULL')),
      HINT = 'Pass the day.';
  END IF;
  IF subjects IS NOT NULL THEN
    of_units := ARRAY(SELECT substr(s.subject, 6) FROM unnest(subjects) AS s (subject) WHERE starts_with(s.subject, 'unit:') AND (units IS NULL OR substr(s.subject, 6) = ANY (units)));
  END IF;
  FOR judge IN SELECT r.* FROM @registry@.escalation_rubrics($1) AS r LOOP
    wanted := ARRAY(SELECT DISTINCT m FROM unnest(judge.measures) AS m WHERE measures IS NULL OR m = ANY (measures));
    CONTINUE WHEN wanted = '{}' OR (judge.subject = 'unit' AND of_units = '{}');
    BEGIN
      IF judge.subject = 'person' THEN
        -- a person's facts, in whatever unit, where one of them is in these
        of_persons := CASE
          WHEN subjects IS NOT NULL THEN ARRAY(SELECT CASE WHEN starts_with(s.subject, 'person:key:') THEN substr(s.subject, 12) ELSE s.subject END
                                               FROM unnest(subjects) AS s (subject) WHERE starts_with(s.subject, 'person:'))
          WHEN units IS NOT NULL THEN ARRAY(SELECT DISTINCT f.subject FROM @registry@.facts_from_scratch() AS f
                                            WHERE f.measure = ANY (wanted) AND f.unit = ANY (units) AND f.subject IS NOT NULL AND f.voided_at IS NULL
                                              AND f.occurred_on BETWEEN judge.facts_from AND judge.last_day)
        END;
        CONTINUE WHEN of_persons = '{}';
      END IF;
      IF judge.by_fact AND judge.subject = 'unit' AND of_units IS NOT NULL THEN
        RETURN QUERY
          SELECT b.item_no, b.rung, 'unit:' || c.unit, c.unit, u.region, format('fact:%s:%s', c.source_table, c.source_key), c.source_table, c.source_key,
                 jsonb_strip_nulls(jsonb_build_object('measure', c.measure, 'occurred_on', c.occurred_on, 'quantity', c.quantity, 'amount', c.amount))
          FROM (
            SELECT f.measure, f.unit, f.subject, f.occurred_on, f.source_table, f.source_key, sum(f.quantity) AS quantity, max(f.amount) AS amount,
                   antifraud.tally(judge.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
            FROM @registry@.facts_of_units(of_units, wanted, judge.facts_from, judge.last_day) AS f
            WHERE judge.least_amount IS NULL OR f.amount >= judge.least_amount
            GROUP BY f.measure, f.unit, f.subject, f.occurred_on, f.source_table, f.source_key
          ) AS c
          CROSS JOIN LATERAL antifraud.raised_by(c.card, judge.doc) AS b
          JOIN unnest(judge.codes, judge.regions, judge.unit_kinds) AS r (code, region, unit_kind) ON r.code = b.item_no
          JOIN @registry@.unit AS u ON u.code = c.unit AND u.active
          WHERE (r.region IS NULL OR u.region OPERATOR(antifraud.<@) r.region) AND (r.unit_kind IS NULL OR r.unit_kind = u.kind);
      ELSIF judge.by_fact THEN
        RETURN QUERY
          SELECT b.item_no, b.rung, s.subject, c.unit, u.region, format('fact:%s:%s', c.source_table, c.source_key), c.source_table, c.source_key,
                 jsonb_strip_nulls(jsonb_build_object('measure', c.measure, 'occurred_on', c.occurred_on, 'quantity', c.quantity, 'amount', c.amount))
          FROM (
            SELECT f.measure, f.unit, f.subject, f.occurred_on, f.source_table, f.source_key, sum(f.quantity) AS quantity, max(f.amount) AS amount,
                   antifraud.tally(judge.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
            FROM @registry@.facts_of_days(wanted, judge.facts_from, judge.last_day, judge.least_amount) AS f
            WHERE CASE WHEN judge.subject = 'person' THEN of_persons IS NULL OR f.subject = ANY (of_persons) ELSE true END
            GROUP BY f.measure, f.unit, f.subject, f.occurred_on, f.source_table, f.source_key
          ) AS c
          CROSS JOIN LATERAL antifraud.raised_by(c.card, judge.doc) AS b
          JOIN unnest(judge.codes, judge.regions, judge.unit_kinds) AS r (code, region, unit_kind) ON r.code = b.item_no
          JOIN @registry@.unit AS u ON u.code = c.unit AND u.active
          CROSS JOIN LATERAL (SELECT CASE judge.subject WHEN 'person' THEN @registry@.escalation_person(c.subject) ELSE 'unit:' || c.unit END) AS s (subject)
          WHERE s.subject IS NOT NULL AND (r.region IS NULL OR u.region OPERATOR(antifraud.<@) r.region) AND (r.unit_kind IS NULL OR r.unit_kind = u.kind);
      ELSIF judge.subject = 'person' THEN
        RETURN QUERY
          SELECT b.item_no, b.rung, @registry@.escalation_person(c.subject), c.unit, u.region, 'period:' || to_char(judge.first_day, 'YYYY-MM-DD'), NULL::text, NULL::text,
                 jsonb_strip_nulls(jsonb_build_object('measure', m.measure, 'count', b.quantity, 'base', b.base, 'baseline', trim_scale(b.baseline)))
          FROM (
            SELECT f.subject, (array_agg(f.unit ORDER BY f.occurred_on DESC, f.source_key DESC))[1] AS unit,
                   antifraud.tally(judge.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
            FROM @registry@.facts_of_days(wanted, judge.facts_from, judge.last_day) AS f
            WHERE f.subject IS NOT NULL AND (of_persons IS NULL OR f.subject = ANY (of_persons))
            GROUP BY f.subject
          ) AS c
          CROSS JOIN LATERAL antifraud.raised_by(c.card, judge.doc) AS b
          JOIN unnest(judge.codes, judge.measures, judge.regions, judge.unit_kinds) AS m (code, measure, region, unit_kind) ON m.code = b.item_no AND m.measure = ANY (wanted)
          JOIN @registry@.unit AS u ON u.code = c.unit AND u.active
          WHERE (m.region IS NULL OR u.region OPERATOR(antifraud.<@) m.region) AND (m.unit_kind IS NULL OR m.unit_kind = u.kind);
      ELSIF of_units IS NOT NULL THEN
        RETURN QUERY
          WITH counted AS MATERIALIZED (
            SELECT f.unit, antifraud.tally(judge.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
            FROM @registry@.facts_of_units(of_units, wanted, judge.facts_from, judge.last_day) AS f
            GROUP BY f.unit
          ), carded AS (
            SELECT c.unit, c.card FROM counted AS c
            UNION ALL
            -- whoever did nothing at all falls short too
            SELECT u.code, antifraud.scorecard(judge.doc)
            FROM @registry@.unit AS u
            JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
            WHERE judge.shortfall AND u.code = ANY (of_units) AND NOT EXISTS (SELECT FROM counted AS c WHERE c.unit = u.code)
          )
          SELECT b.item_no, b.rung, 'unit:' || c.unit, c.unit, u.region, 'period:' || to_char(judge.first_day, 'YYYY-MM-DD'), NULL::text, NULL::text,
                 jsonb_strip_nulls(jsonb_build_object('measure', m.measure, 'count', b.quantity, 'base', b.base, 'baseline', trim_scale(b.baseline)))
          FROM carded AS c
          CROSS JOIN LATERAL antifraud.raised_by(c.card, judge.doc) AS b
          JOIN unnest(judge.codes, judge.measures, judge.regions, judge.unit_kinds) AS m (code, measure, region, unit_kind) ON m.code = b.item_no AND m.measure = ANY (wanted)
          JOIN @registry@.unit AS u ON u.code = c.unit AND u.active
          WHERE (m.region IS NULL OR u.region OPERATOR(antifraud.<@) m.region) AND (m.unit_kind IS NULL OR m.unit_kind = u.kind);
      ELSE
        RETURN QUERY
          WITH counted AS MATERIALIZED (
            SELECT f.unit, antifraud.tally(judge.doc, f.measure, f.occurred_on, f.quantity, f.base, f.amount) AS card
            FROM @registry@.facts_of_days(wanted, judge.facts_from, judge.last_day) AS f
            GROUP BY f.unit
          ), carded AS (
            SELECT c.unit, c.card FROM counted AS c
            UNION ALL
            -- whoever did nothing at all falls short too
            SELECT u.code, antifraud.scorecard(judge.doc)
            FROM @registry@.unit AS u
            JOIN @registry@.unit_kind AS k ON k.code = u.kind AND k.assessed
            WHERE judge.shortfall AND NOT EXISTS (SELECT FROM counted AS c WHERE c.unit = u.code)
          )
          SELECT b.item_no, b.rung, 'unit:' || c.unit, c.unit, u.region, 'period:' || to_char(judge.first_day, 'YYYY-MM-DD'), NULL::text, NULL::text,
                 jsonb_strip_nulls(jsonb_build_object('measure', m.measure, 'count', b.quantity, 'base', b.base, 'baseline', trim_scale(b.baseline)))
          FROM carded AS c
          CROSS JOIN LATERAL antifraud.raised_by(c.card, judge.doc) AS b
          JOIN unnest(judge.codes, judge.measures, judge.regions, judge.unit_kinds) AS m (code, measure, region, unit_kind) ON m.code = b.item_no AND m.measure = ANY (wanted)
          JOIN @registry@.unit AS u ON u.code = c.unit AND u.active
          WHERE (m.region IS NULL OR u.region OPERATOR(antifraud.<@) m.region) AND (m.unit_kind IS NULL OR m.unit_kind = u.kind);
      END IF;
    EXCEPTION WHEN data_exception OR program_limit_exceeded OR internal_error THEN
      GET STACKED DIAGNOSTICS said = PG_EXCEPTION_DETAIL;
      RAISE EXCEPTION USING
        ERRCODE = SQLSTATE,
        MESSAGE = format('escalation rules %s cannot be evaluated as of %s: %s',
          (SELECT string_agg(format('%L on %s', r.code, r.measure), ', ') FROM unnest(judge.codes, judge.measures) AS r (code, measure) WHERE r.measure = ANY (wanted)), as_of, SQLERRM),
        DETAIL = said,
        HINT = 'Correct the facts of the measure, or switch the rule off (enabled) until that is done.';
    END;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.evaluate_escalations(date, text[], text[], text[]) IS 'What the rules ask for as of a day, whether or not it was raised before: for these units (null: all), subjects (unit: or person: and the key; null: all) and measures (null: all). Reads only.';
