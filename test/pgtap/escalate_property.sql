-- Random statements on facts: after each one, what antifraud.escalate() has
-- raised is what evaluating from scratch finds, and nothing that stands open
-- is without cause.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

INSERT INTO fraud.unit (code, region, name) SELECT 'u' || n, '370323002002', 'unit ' || n FROM generate_series(1, 6) AS n;
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('school', '370323002003', 'school', 'school');
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, counted_over, baseline, baseline_from, region, unit_kind) VALUES
  ('great', 't', 't', 'case', 'raise notice if amount >= 100000, raise veto if amount >= 500000', 'year', NULL, NULL, NULL, NULL),
  ('many', 't', 't', 'case', 'raise reminder if count > 2, raise notice if count >= 5, raise interview if count > 9', 'year', NULL, NULL, NULL, NULL),
  ('month', 't', 't', 'case', 'raise reminder if count >= 3', 'month', NULL, NULL, NULL, NULL),
  ('above', 't', 't', 'case', 'raise reminder if change > 0%, raise interview if change > 50%', 'year', 'last_year', NULL, NULL, NULL),
  ('mean', 't', 't', 'case', 'raise notice if count > baseline', 'year', 'mean_3_years', '2022-01-01', NULL, NULL),
  ('staff', 't', 't', 'case_staff', 'raise discipline', 'year', NULL, NULL, NULL, NULL),
  ('local', 't', 't', 'case', 'raise red_card if count > 3', 'year', NULL, NULL, '370323002003', NULL),
  ('schools', 't', 't', 'case', 'raise yellow_card if count >= 2', 'year', NULL, NULL, NULL, 'school'),
  ('after', 't', 't', 'case_after_alert', 'raise interview if count >= 1', 'year', NULL, NULL, NULL, NULL),
  ('act', 't', 't', 'case_by_act', 'raise notice if count > 4', 'year', NULL, NULL, NULL, NULL),
  ('rate', 't', 't', 'followed_up', 'raise reminder if rate < 50%', 'year', NULL, NULL, NULL, NULL);

CREATE TABLE wrong (seed integer, step integer, said text);

-- What the rules ask for of these units, of which only the gravest counts, and
-- nothing below what was raised before.
CREATE FUNCTION missing(day date, units text[]) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('%s: %s %s %s is not raised', day, f.subject, f.rule, f.rung)
  FROM fraud.evaluate_escalations(day, units) AS f
  JOIN fraud.ladder AS l ON l.rung = f.rung
  WHERE NOT EXISTS (SELECT FROM fraud.escalation AS e JOIN fraud.ladder AS h ON h.rung = e.rung
                    WHERE e.subject = f.subject AND e.rule = f.rule AND e.episode = f.episode AND h.rank >= l.rank AND e.state <> 'withdrawn')
$$;
CREATE FUNCTION groundless(units text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  day date;
BEGIN
  CREATE TEMP TABLE standing ON COMMIT DROP AS
    SELECT e.*, l.rank, (SELECT v.happened_on FROM fraud.escalation_event AS v WHERE v.escalation = e.id AND v.action IN ('raise', 'propose', 'reinstate') ORDER BY v.ordinal DESC LIMIT 1) AS found_on
    FROM fraud.escalation AS e JOIN fraud.ladder AS l ON l.rung = e.rung
    WHERE e.unit = ANY (units) AND e.state <> 'withdrawn';
  FOR day IN SELECT DISTINCT s.found_on FROM standing AS s LOOP
    RETURN QUERY
      WITH asked AS MATERIALIZED (SELECT f.*, l.rank FROM fraud.evaluate_escalations(day, units) AS f JOIN fraud.ladder AS l ON l.rung = f.rung)
      SELECT format('%s: %s %s %s %s without cause', day, s.subject, s.rule, s.rung, s.episode)
      FROM standing AS s
      WHERE s.found_on = day
        AND NOT EXISTS (SELECT FROM asked AS a WHERE a.subject = s.subject AND a.rule = s.rule AND a.episode = s.episode AND a.rank >= s.rank);
  END LOOP;
  DROP TABLE standing;
END
$$;
CREATE PROCEDURE run(seed integer, steps integer) LANGUAGE plpgsql AS $$
DECLARE
  latest date;
  touched text[];
  voided bigint[];
  what float;
  base date;
  span integer;
BEGIN
  PERFORM setseed(seed / 1000.0);
  FOR step IN 1 .. steps LOOP
    what := random();
    base := date '2022-06-01' + (random() * 700)::integer;
    span := CASE WHEN random() < 0.7 THEN 3 ELSE 500 END;
    IF what < 0.75 THEN
      WITH entered AS (
        INSERT INTO fraud.fraud_case (unit, filed_on, happened_on, loss, victim, victim_is_staff)
        SELECT (ARRAY['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'school'])[1 + floor(random() * 7)], d.day, CASE WHEN random() < 0.5 THEN d.day - (random() * 40)::integer END,
               CASE WHEN random() < 0.9 THEN (random() * 1000)::integer ELSE 90000 + (random() * 600000)::integer END, 'v' || (random() * 20)::integer, random() < 0.05
        FROM (SELECT base + floor(random() * span)::integer AS day FROM generate_series(1, 1 + floor(random() * 6)::integer)) AS d
        RETURNING unit, filed_on)
      SELECT max(filed_on), array_agg(DISTINCT unit) INTO latest, touched FROM entered;
      INSERT INTO wrong SELECT seed, step, m FROM missing(latest, touched) AS m WHERE m !~ ' (act|rate) ';
    ELSIF what < 0.85 THEN
      WITH entered AS (
        INSERT INTO fraud.alert (unit, victim, issued_on, delivered_on) VALUES ('u1', 'v' || (random() * 20)::integer, base, base) RETURNING victim)
      SELECT array_agg(DISTINCT c.unit), max(c.filed_on) INTO touched, latest FROM entered AS e JOIN fraud.fraud_case AS c ON c.victim = e.victim;
      CONTINUE WHEN latest IS NULL;
      INSERT INTO wrong SELECT seed, step, m FROM missing(latest, touched) AS m WHERE m ~ ' after ';
    ELSE
      WITH chosen AS (SELECT c.id FROM fraud.fraud_case AS c WHERE c.voided_at IS NULL ORDER BY md5(concat_ws(' ', seed, step, c.id)) LIMIT 1 + step % 2),
      voided AS (UPDATE fraud.fraud_case AS c SET void_reason = 'x' FROM chosen AS h WHERE c.id = h.id RETURNING c.id, c.unit, c.filed_on)
      SELECT max(filed_on), array_agg(DISTINCT unit), array_agg(id) INTO latest, touched, voided FROM voided;
      CONTINUE WHEN latest IS NULL;
      INSERT INTO wrong SELECT seed, step, m FROM missing(latest, touched) AS m WHERE m !~ ' (act|rate) ';
      -- entered once more, as after a mistake: what was withdrawn holds again
      IF random() < 0.5 THEN
        INSERT INTO wrong SELECT seed, step, g FROM groundless(touched) AS g;
        INSERT INTO fraud.fraud_case (unit, filed_on, happened_on, loss, victim, victim_is_staff)
          SELECT c.unit, c.filed_on, c.happened_on, c.loss, c.victim, c.victim_is_staff FROM fraud.fraud_case AS c WHERE c.id = ANY (voided) ORDER BY c.id;
        INSERT INTO wrong SELECT seed, step, m FROM missing(latest, touched) AS m WHERE m !~ ' (act|rate) ';
      END IF;
    END IF;
    INSERT INTO wrong SELECT seed, step, g FROM groundless(touched) AS g;
    EXIT WHEN EXISTS (SELECT FROM wrong);
  END LOOP;
END
$$;
CALL run(1, 40);
CALL run(2, 40);
SELECT is((SELECT string_agg(format('seed %s step %s: %s', w.seed, w.step, w.said), E'\n') FROM (SELECT * FROM wrong LIMIT 5) AS w), NULL, 'raised is what evaluating from scratch finds');
SELECT cmp_ok((SELECT count(DISTINCT (rule, rung)) FROM fraud.escalation), '>=', 12::bigint, 'of most rules and rungs');
SELECT cmp_ok((SELECT count(*) FROM fraud.escalation WHERE state = 'withdrawn'), '>=', 3::bigint, 'some were withdrawn');
SELECT is((SELECT count(*) FROM generate_series(date '2022-06-30', '2024-06-30', interval '61 days') AS d CROSS JOIN LATERAL fraud.verify_escalation_margins(d::date) AS v), 0::bigint, 'no margin promises more than the facts allow');
SELECT is((SELECT count(*) FROM fraud.escalation AS e WHERE NOT EXISTS (SELECT FROM fraud.outbox AS o WHERE o.payload ->> 'escalation' = e.id::text)), 0::bigint, 'each has its message');
SELECT finish();
