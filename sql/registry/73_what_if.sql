-- What if the policy were another: who would be due.

-- The policies that would hold: those supposed, and of the others the ones
-- that they do not replace.
CREATE FUNCTION @registry@.supposed_policies(policies jsonb)
RETURNS TABLE (tier text, region antifraud.region, valid_from date, cadence antifraud.cadence, grace integer, anchor text, shift text, partial text, change text, pause text)
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
#variable_conflict use_column
DECLARE
  one jsonb;
  place integer;
  key text;
  wanted text;
  seen jsonb := '[]';
BEGIN
  FOR place, one IN
    SELECT s.place, s.one FROM @registry@.supposed(policies, 'policy', 'policies', '{tier,region,valid_from,cadence,grace,anchor,shift,partial,change,pause}', '{"tier": "low", "cadence": "every 2 weeks"}') AS s
  LOOP
    IF jsonb_typeof(one -> 'tier') IS DISTINCT FROM 'string'
       OR NOT EXISTS (SELECT FROM @registry@.tier AS t WHERE t.code = one ->> 'tier') THEN
      RAISE EXCEPTION USING
        ERRCODE = 'undefined_object',
        MESSAGE = format('supposed policy %s: tier %s does not exist', place, coalesce((one -> 'tier')::text, '(missing)')),
        DETAIL = 'Such a policy would hold for nobody, in silence.',
        HINT = 'The table tier lists the codes.';
    END IF;
    IF NOT one ? 'cadence' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('supposed policy %s has no cadence', place),
        HINT = 'Write for example "cadence": "every 2 weeks", or null where nothing shall hold.';
    END IF;
    FOR key, wanted IN VALUES ('region', 'string'), ('valid_from', 'string'), ('cadence', 'string'), ('grace', 'number'), ('anchor', 'string'), ('shift', 'string'), ('partial', 'string'), ('change', 'string'), ('pause', 'string') LOOP
      IF coalesce(jsonb_typeof(one -> key), 'null') <> ALL (ARRAY['null', wanted]) THEN
        RAISE EXCEPTION USING
          ERRCODE = 'invalid_parameter_value',
          MESSAGE = format('supposed policy %s: %s is %s', place, key, one -> key),
          DETAIL = format('It must be a JSON %s.', wanted),
          HINT = 'Leave it out for the default.';
      END IF;
    END LOOP;
    IF coalesce(one ->> 'valid_from', '0001-01-01') !~ '^\d{4}-\d{2}-\d{2}$' THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_datetime_format',
        MESSAGE = format('supposed policy %s: valid_from is %s', place, one -> 'valid_from'),
        DETAIL = 'A day is written "YYYY-MM-DD".',
        HINT = 'Leave it out for a policy that would always have held.';
    END IF;
    IF coalesce((one ->> 'grace')::numeric, 0) <> ALL (ARRAY(SELECT generate_series(0, 366))::numeric[]) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('supposed policy %s: grace is %s', place, one -> 'grace'),
        DETAIL = 'It must be a whole number of days from 0 to 366.',
        HINT = 'Leave it out for none.';
    END IF;
    FOR key, wanted IN VALUES ('anchor', '{actual,grid}'), ('shift', '{none,before}'), ('partial', '{skip,prorate}'), ('change', '{min,open,restart}'), ('pause', '{stop,run,restart}') LOOP
      IF one ->> key <> ALL (wanted::text[]) THEN
        RAISE EXCEPTION USING
          ERRCODE = 'invalid_parameter_value',
          MESSAGE = format('supposed policy %s: %s is %s', place, key, one -> key),
          DETAIL = format('It must be one of %s.', array_to_string(wanted::text[], ', ')),
          HINT = 'Leave it out for the default.';
      END IF;
    END LOOP;
    tier := one ->> 'tier';
    region := (one ->> 'region')::antifraud.region;
    valid_from := coalesce(one ->> 'valid_from', '0001-01-01')::date;
    cadence := (one ->> 'cadence')::antifraud.cadence;
    grace := coalesce((one ->> 'grace')::numeric::integer, 0);
    anchor := coalesce(one ->> 'anchor', 'actual');
    shift := coalesce(one ->> 'shift', 'none');
    partial := coalesce(one ->> 'partial', 'skip');
    change := coalesce(one ->> 'change', 'min');
    pause := coalesce(one ->> 'pause', 'stop');
    IF seen @> jsonb_build_array(jsonb_build_array(tier, region::text, valid_from)) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('supposed policy %s is a second one for tier %L, %s, from %s', place, tier, coalesce('region ' || region::text, 'everywhere'), valid_from),
        HINT = 'Leave one of them out.';
    END IF;
    seen := seen || jsonb_build_array(jsonb_build_array(tier, region::text, valid_from));
    RETURN NEXT;
  END LOOP;
  RETURN QUERY
    SELECT c.tier, c.region, c.valid_from, c.cadence, c.grace, c.anchor, c.shift, c.partial, c.change, c.pause
    FROM @registry@.control_policy AS c
    WHERE NOT EXISTS (
      SELECT FROM jsonb_array_elements(seen) AS s (row)
      WHERE s.row ->> 0 = c.tier AND s.row ->> 1 IS NOT DISTINCT FROM c.region::text AND (s.row ->> 2)::date <= c.valid_from);
END
$body$;
COMMENT ON FUNCTION @registry@.supposed_policies(jsonb) IS 'The policies that would hold with those of a JSON array of {tier, region, valid_from, cadence, grace, anchor, shift, partial, change, pause}: each replaces those of its tier and region from valid_from on, or all where that is left out.';

CREATE FUNCTION @registry@.simulate_policy(as_of date, policies jsonb, within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, tier text, unit text, region antifraud.region, officer bigint, state text, next_due date, days_overdue integer, missed integer,
               supposed_state text, supposed_next_due date, supposed_days_overdue integer, supposed_missed integer, change text)
STABLE ROWS 100
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  WITH office AS MATERIALIZED (
    SELECT @registry@.office_calendar() AS cal
  ), supposed AS MATERIALIZED (
    SELECT s.tier, s.region, s.valid_from, s.cadence, s.grace, s.anchor, s.shift, s.partial, s.change, s.pause FROM @registry@.supposed_policies($2) AS s
  )
  SELECT p.person, k.tier, p.unit, p.region, r.officer,
         b.state, b.next_due, b.days_overdue, b.missed,
         a.state AS supposed_state, a.next_due AS supposed_next_due, a.days_overdue AS supposed_days_overdue, a.missed AS supposed_missed,
         CASE WHEN a.state OPERATOR(pg_catalog.=) 'overdue' AND b.state OPERATOR(pg_catalog.<>) 'overdue' THEN 'would be overdue'
              WHEN b.state OPERATOR(pg_catalog.=) 'overdue' AND a.state OPERATOR(pg_catalog.<>) 'overdue' THEN 'would no longer be overdue'
              WHEN a.state OPERATOR(pg_catalog.=) 'due' AND b.state OPERATOR(pg_catalog.<>) 'due' THEN 'would be due'
              WHEN b.state OPERATOR(pg_catalog.=) 'due' AND a.state OPERATOR(pg_catalog.<>) 'due' THEN 'would no longer be due'
              WHEN a.state IS DISTINCT FROM b.state THEN 'would be ' OPERATOR(pg_catalog.||) COALESCE(a.state, 'without a duty')
              WHEN a.next_due IS DISTINCT FROM b.next_due THEN 'another day'
              WHEN a.missed IS DISTINCT FROM b.missed THEN 'another count' END AS change
  FROM office AS o
  CROSS JOIN @registry@.controlled_persons($1, $3) AS p
  CROSS JOIN LATERAL (
    SELECT x.since, x.segments, x.done, x.paused FROM @registry@.person_history AS x
    WHERE x.person OPERATOR(pg_catalog.=) p.person
    OFFSET 0  -- one person's after another's
  ) AS h
  CROSS JOIN LATERAL (
    -- the segments of person_history, from the supposed policies
    SELECT pg_catalog.jsonb_agg(g.terms OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('from', g.day) ORDER BY g.day) AS segments
    FROM (
      SELECT w.day, w.terms, w.restarts, pg_catalog.lag(w.terms) OVER (ORDER BY w.day) AS terms_before, pg_catalog.lag(w.restarts) OVER (ORDER BY w.day) AS restarts_before
      FROM (
        SELECT d.day, @registry@.segment_terms(f.cadence, f.grace, f.anchor, f.shift, f.partial, f.change, f.pause) AS terms,
          CASE WHEN f.change OPERATOR(pg_catalog.=) 'restart' THEN pg_catalog.jsonb_build_array(held.tier, f.region::text, f.valid_from) END AS restarts
        FROM (
          SELECT h.since AS day
          UNION SELECT t.changed_on AS day FROM @registry@.tier_change AS t
            WHERE t.person OPERATOR(pg_catalog.=) p.person AND t.voided_at IS NULL AND t.changed_on OPERATOR(pg_catalog.>) h.since
          UNION SELECT s.valid_from AS day FROM supposed AS s
            WHERE s.valid_from OPERATOR(pg_catalog.>) h.since AND (s.region IS NULL OR s.region OPERATOR(antifraud.@>) p.region)
        ) AS d
        LEFT JOIN LATERAL (
          SELECT t.tier FROM @registry@.tier_change AS t
          WHERE t.person OPERATOR(pg_catalog.=) p.person AND t.voided_at IS NULL AND t.changed_on OPERATOR(pg_catalog.<=) d.day
          ORDER BY t.changed_on DESC LIMIT 1
        ) AS held ON true
        LEFT JOIN LATERAL (
          SELECT v.region, v.valid_from, v.cadence, v.grace, v.anchor, v.shift, v.partial, v.change, v.pause
          FROM (
            SELECT DISTINCT ON (s.region) s.region, s.valid_from, s.cadence, s.grace, s.anchor, s.shift, s.partial, s.change, s.pause
            FROM supposed AS s
            WHERE s.tier OPERATOR(pg_catalog.=) held.tier AND (s.region IS NULL OR s.region OPERATOR(antifraud.@>) p.region)
              AND s.valid_from OPERATOR(pg_catalog.<=) d.day
            ORDER BY s.region, s.valid_from DESC
          ) AS v
          WHERE v.cadence IS NOT NULL
          ORDER BY antifraud.region_level(v.region) DESC NULLS LAST LIMIT 1
        ) AS f ON true
      ) AS w
    ) AS g
    WHERE g.terms IS DISTINCT FROM g.terms_before OR (g.restarts IS NOT NULL AND g.restarts IS DISTINCT FROM g.restarts_before)
  ) AS u
  CROSS JOIN LATERAL antifraud.duty_status(h.segments, h.since, h.done, h.paused, $1, o.cal) AS b
  CROSS JOIN LATERAL antifraud.duty_status(u.segments, h.since, h.done, h.paused, $1, o.cal) AS a
  LEFT JOIN LATERAL (
    SELECT x.tier FROM @registry@.tier_change AS x
    WHERE x.person OPERATOR(pg_catalog.=) p.person AND x.voided_at IS NULL AND x.changed_on OPERATOR(pg_catalog.<=) $1
    ORDER BY x.changed_on DESC LIMIT 1
  ) AS k ON true
  LEFT JOIN @registry@.responsible_officer AS r ON r.person OPERATOR(pg_catalog.=) p.person AND r.period OPERATOR(pg_catalog.@>) $1
  WHERE a.state OPERATOR(pg_catalog.=) ANY ('{due,overdue,calendar_missing}') OR b.state OPERATOR(pg_catalog.=) ANY ('{due,overdue,calendar_missing}')
     OR a.state IS DISTINCT FROM b.state OR a.next_due IS DISTINCT FROM b.next_due OR a.missed IS DISTINCT FROM b.missed
  ORDER BY p.person;
END;
COMMENT ON FUNCTION @registry@.simulate_policy(date, jsonb, antifraud.region) IS 'What if: who would be due or overdue on a day under other policies (see supposed_policies()), beside the present state, in a region (null: everywhere). Persons who are neither and for whom nothing changes are left out. Nothing is stored.';
