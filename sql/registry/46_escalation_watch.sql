-- What antifraud.escalate() asks about a table of facts, once for as long as
-- the rules stay as they are.

CREATE FUNCTION @registry@.escalation_watch(relation text)
RETURNS TABLE (measure text, plain boolean, own_day boolean, amount_column text, flag_column text, via text, by_fact boolean, by_sum boolean, of_persons boolean,
               least_amount numeric, falling text[], comparing text[], fingerprint bigint)
STABLE PARALLEL SAFE ROWS 5
LANGUAGE sql
BEGIN ATOMIC
  WITH said AS (
    SELECT e.code, e.measure, e.subject,
           NOT jsonb_path_exists(e.rule::jsonb, '$.bands[*].cond[*] ? (@.subject != "amount")') AS by_fact,
           jsonb_path_exists(e.rule::jsonb, '$.bands[*].cond[*] ? (@.subject == "rate" || @.subject != "amount" && (@.op == "<" || @.op == "<=" || @.op == "="))') AS falling,
           e.baseline IS NOT NULL AS comparing,
           (SELECT CASE WHEN bool_and(b.least IS NOT NULL) THEN min(b.least) END FROM (
             SELECT (SELECT max((c.cond ->> 'value')::numeric) FROM jsonb_array_elements(NULLIF(a.band -> 'cond', 'null')) AS c (cond) WHERE c.cond ->> 'op' = ANY ('{>,>=,=}')) AS least
             FROM jsonb_array_elements(e.rule::jsonb -> 'bands') AS a (band)) AS b) AS least_amount,
           hashtextextended(concat_ws('|', e.code, e.rule, e.measure, e.counted_over, e.baseline, e.baseline_from, e.valid, e.region, e.unit_kind, p), 0) AS print
    FROM @registry@.escalation_rule AS e
    LEFT JOIN @registry@.programme AS p ON p.code = e.programme
    WHERE e.rule IS NOT NULL AND e.enabled AND (e.programme IS NULL OR p.active)
  ), source AS (
    -- with a source beside the table its rows are not all facts of the measure
    SELECT s.measure, s.plain AND NOT e.elsewhere AS plain, s.own_day, CASE WHEN NOT e.elsewhere THEN s.amount_column END AS amount_column,
           CASE WHEN NOT e.elsewhere THEN s.flag_column END AS flag_column, s.via
    FROM @registry@.escalation_source AS s
    CROSS JOIN LATERAL (SELECT @registry@.has_source(ARRAY[s.measure]) AS elsewhere) AS e
    WHERE s.relation = $1
    UNION ALL
    SELECT m.code, false, true, NULL::text, NULL::text, NULL::text FROM @registry@.measure AS m
    WHERE m.relation = $1 AND NOT EXISTS (SELECT FROM @registry@.escalation_source AS s WHERE s.relation = $1 AND s.measure = m.code)
  )
  SELECT s.measure, s.plain, s.own_day, s.amount_column, s.flag_column, s.via,
         bool_or(r.by_fact AND r.subject = 'unit'), bool_or(NOT r.by_fact AND r.subject = 'unit'), bool_or(r.subject = 'person'),
         CASE WHEN bool_and(r.least_amount IS NOT NULL) FILTER (WHERE r.by_fact AND r.subject = 'unit') THEN min(r.least_amount) FILTER (WHERE r.by_fact AND r.subject = 'unit') END,
         COALESCE(array_agg(r.code) FILTER (WHERE r.falling), '{}'), COALESCE(array_agg(r.code) FILTER (WHERE r.comparing), '{}'),
         (sum(sum(r.print::numeric)) OVER () % 9223372036854775807)::bigint
  FROM source AS s
  JOIN said AS r ON r.measure = s.measure
  GROUP BY s.measure, s.plain, s.own_day, s.amount_column, s.flag_column, s.via;
END;
COMMENT ON FUNCTION @registry@.escalation_watch(text) IS 'The measures that rows of a table feed and that rules look at, for antifraud.escalate(): how they follow from the rows, whether rules judge facts by themselves or their sum or persons, the least amount that raises anything, the rules whose escalations more facts may unmake (those that fall, and those that compare with a baseline), and a fingerprint of all these rules.';
