-- Who keeps the three zeros, who stands where among its like, and what a unit
-- thinks of itself beside what the office counts.

-- Plans that run for years are rated each year: the days of a programme in a
-- calendar year are judged by themselves.
CREATE FUNCTION @registry@.rating_periods(as_of date) RETURNS TABLE (programme text, year integer, period_from date, period_to date)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.code AS programme, y.year, GREATEST(p.period_from, make_date(y.year, 1, 1)) AS period_from, LEAST(p.period_to, make_date(y.year, 12, 31)) AS period_to
  FROM @registry@.programme AS p
  CROSS JOIN LATERAL generate_series(EXTRACT(year FROM p.period_from)::integer, EXTRACT(year FROM LEAST(p.period_to, $1))::integer) AS y (year)
  WHERE p.active AND p.period_from <= $1;
END;
COMMENT ON FUNCTION @registry@.rating_periods(date) IS 'The periods that programmes in force are rated for, up to a day: the days of each in each calendar year.';

CREATE TABLE @registry@.programme_entry (
  programme text NOT NULL CONSTRAINT programme_entry_programme_fk REFERENCES @registry@.programme,
  unit text NOT NULL CONSTRAINT programme_entry_unit_fk REFERENCES @registry@.unit,
  joined_on date NOT NULL CONSTRAINT programme_entry_joined_on_finite CHECK (isfinite(joined_on)),
  CONSTRAINT programme_entry_pk PRIMARY KEY (programme, unit)
);
COMMENT ON TABLE @registry@.programme_entry IS 'Units that joined a programme after its first day. Units without a row take part from the start.';
COMMENT ON COLUMN @registry@.programme_entry.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.programme_entry.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.programme_entry.joined_on IS 'First day from which it is judged; years that were over before are not rated.';

-- Planned once a session: for one community planning takes longer than reading.
CREATE FUNCTION @registry@.certificate_candidates(as_of date, known_at timestamptz DEFAULT NULL, of_programme text DEFAULT NULL, years integer DEFAULT 2, units text[] DEFAULT NULL)
RETURNS TABLE (programme text, unit text, name text, kind text, setting text, region antifraud.region, year integer, period_from date, period_to date,
               cases bigint, suspects bigint, dens bigint, barred boolean, certificate bigint, state text)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH part AS MATERIALIZED (
    SELECT r.programme, r.year, GREATEST(r.period_from, e.joined_on) AS period_from, r.period_to, u.code, u.name, u.kind, u.setting, u.region
    FROM @registry@.rating_periods($1) AS r
    JOIN @registry@.programme_unit AS m ON m.programme = r.programme
    JOIN @registry@.unit AS u ON u.code = m.unit
    JOIN @registry@.unit_kind AS k ON k.code = u.kind
    LEFT JOIN @registry@.unit AS above ON above.code = u.parent
    LEFT JOIN @registry@.unit_kind AS ak ON ak.code = above.kind
    LEFT JOIN @registry@.programme_entry AS e ON e.programme = r.programme AND e.unit = u.code
    -- compounds are no units that are scored, and yet can be free of fraud
    WHERE (k.assessed OR ak.assessed)
      AND ($3 IS NULL OR r.programme = $3) AND r.year > EXTRACT(year FROM $1) - $4 AND ($5 IS NULL OR u.code = ANY ($5))
      AND (e.joined_on IS NULL OR e.joined_on <= LEAST(r.period_to, $1))
  ), below AS MATERIALIZED (
    SELECT u.code, u.parent FROM @registry@.unit AS u JOIN @registry@.unit_kind AS k ON k.code = u.kind AND NOT k.assessed
    JOIN @registry@.unit AS above ON above.code = u.parent JOIN @registry@.unit_kind AS ak ON ak.code = above.kind AND ak.assessed
  ), facts AS MATERIALIZED (
    SELECT f.unit, f.measure, f.occurred_on, f.quantity
    FROM @registry@.facts_between('{case,suspect,den}', (SELECT min(p.period_from) FROM part AS p), (SELECT LEAST(max(p.period_to), $1) FROM part AS p), $2,
           CASE WHEN $5 IS NOT NULL THEN $5 || ARRAY(SELECT b.code FROM below AS b WHERE b.parent = ANY ($5)) END) AS f
  ), owned AS (
    SELECT f.unit, f.measure, f.occurred_on, f.quantity FROM facts AS f
    UNION ALL
    SELECT b.parent, f.measure, f.occurred_on, f.quantity FROM facts AS f JOIN below AS b ON b.code = f.unit
  ), counted AS MATERIALIZED (
    SELECT p.programme, p.year, p.code,
           sum(o.quantity) FILTER (WHERE o.measure = 'case') AS cases, sum(o.quantity) FILTER (WHERE o.measure = 'suspect') AS suspects,
           sum(o.quantity) FILTER (WHERE o.measure = 'den') AS dens
    FROM owned AS o JOIN part AS p ON p.code = o.unit AND o.occurred_on BETWEEN p.period_from AND LEAST(p.period_to, $1)
    GROUP BY p.programme, p.year, p.code
  ), barring AS MATERIALIZED (
    SELECT DISTINCT p.programme, p.year, p.code
    FROM @registry@.consequence AS c
    JOIN @registry@.consequence_kind AS k ON k.code = c.kind AND k.bars_title
    LEFT JOIN @registry@.rubric_edition AS e ON e.code = c.rubric
    JOIN part AS p ON p.code = c.unit AND (c.programme IS NULL OR c.programme = p.programme)
      AND COALESCE(e.period_to, c.decided_on) BETWEEN p.period_from AND COALESCE(p.period_to, $1)
    WHERE CASE WHEN $2 IS NULL THEN c.voided_at IS NULL ELSE c.recorded_at <= $2 AND (c.voided_at IS NULL OR c.voided_at > $2) END
  ), titled AS MATERIALIZED (
    SELECT c.programme, c.unit, c.period_to, max(c.id) FILTER (WHERE r.id IS NULL) AS id
    FROM @registry@.certificate AS c
    JOIN @registry@.certificate_kind AS k ON k.code = c.kind AND k.fraud_free
    LEFT JOIN @registry@.certificate_revocation AS r ON r.certificate = c.id
      AND CASE WHEN $2 IS NULL THEN r.voided_at IS NULL ELSE r.recorded_at <= $2 AND (r.voided_at IS NULL OR r.voided_at > $2) END
    WHERE CASE WHEN $2 IS NULL THEN c.voided_at IS NULL ELSE c.recorded_at <= $2 AND (c.voided_at IS NULL OR c.voided_at > $2) END
    GROUP BY c.programme, c.unit, c.period_to
  )
  SELECT p.programme, p.code AS unit, p.name, p.kind, p.setting, p.region, p.year, p.period_from, p.period_to,
         COALESCE(c.cases, 0)::bigint AS cases, COALESCE(c.suspects, 0)::bigint AS suspects, COALESCE(c.dens, 0)::bigint AS dens,
         b.code IS NOT NULL AS barred, t.id AS certificate,
         CASE WHEN COALESCE(c.cases, 0) + COALESCE(c.suspects, 0) + COALESCE(c.dens, 0) > 0 THEN 'lost'
              WHEN b.code IS NOT NULL THEN 'barred'
              WHEN p.period_to IS NULL OR $1 <= p.period_to THEN 'open'
              WHEN t.id IS NOT NULL THEN 'certified'
              WHEN t.unit IS NOT NULL THEN 'revoked'
              ELSE 'candidate' END AS state
  FROM part AS p
  LEFT JOIN counted AS c ON c.programme = p.programme AND c.year = p.year AND c.code = p.code
  LEFT JOIN barring AS b ON b.programme = p.programme AND b.year = p.year AND b.code = p.code
  LEFT JOIN titled AS t ON t.programme = p.programme AND t.unit = p.code AND t.period_to = p.period_to;
END
$body$;
COMMENT ON FUNCTION @registry@.certificate_candidates(date, timestamptz, text, integer, text[]) IS 'The three zeros of the units of programmes in force, for the rating periods of so many calendar years up to as_of: cases by the day of filing, suspects who were not cleared, dens; those of a compound count for its community too. state: open (none so far), candidate (none, and the period is over), certified, revoked (its title was taken back, though none is known now), lost, or barred by a veto.';

-- The first unit asked for is worked out by itself, all others from all (see
-- first_call).
CREATE VIEW @registry@.certificate_candidate WITH (security_invoker = true) AS
WITH day AS MATERIALIZED (
  SELECT @registry@.list_day() AS day
), every AS MATERIALIZED (
  SELECT c.unit, array_agg(c) AS lines FROM day AS l CROSS JOIN LATERAL @registry@.certificate_candidates(l.day) AS c GROUP BY c.unit
)
SELECT o.programme, u.code AS unit, o.name, o.kind, o.setting, o.region, o.year, o.period_from, o.period_to, o.cases, o.suspects, o.dens, o.barred, o.certificate, o.state, l.day AS as_of
FROM @registry@.unit AS u
CROSS JOIN day AS l
CROSS JOIN LATERAL (SELECT antifraud.first_call(u.code) AS first OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT c.* FROM @registry@.certificate_candidates(l.day, NULL, NULL, 2, ARRAY[u.code]) AS c WHERE f.first
  UNION ALL
  SELECT c.* FROM every AS e CROSS JOIN LATERAL unnest(e.lines)
    AS c (programme text, unit text, name text, kind text, setting text, region antifraud.region, year integer, period_from date, period_to date,
          cases bigint, suspects bigint, dens bigint, barred boolean, certificate bigint, state text)
  WHERE NOT f.first AND e.unit = u.code
) AS o;
COMMENT ON VIEW @registry@.certificate_candidate IS 'The three zeros one by one, for each unit of each programme in force, this year and last, as of list_day().';
SELECT @registry@.comment_columns('{certificate_candidate}', '{programme,unit,name,kind,setting,region,year,period_from,period_to,cases,suspects,dens,barred,certificate,state,as_of}',
  ARRAY['The programme.', 'The unit.', 'Its name.', 'Its kind.', 'Urban or rural.', 'Its region.', 'Calendar year.', 'First day judged.', 'Last day; null: until further notice.',
        'Cases filed.', 'Suspects, without those cleared.', 'Dens judged.', 'Whether a consequence in force bars it from the title.', 'Its certificate in force, if it has one.',
        'open, candidate, certified, revoked, lost or barred.', 'The day as of which this is.']);

CREATE FUNCTION @registry@.award_certificate(programme text, unit text, awarded_on date, document_no text DEFAULT NULL, kind text DEFAULT 'three_zeros', awarded_by text DEFAULT NULL, year integer DEFAULT NULL, assessment bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  judged record;
  must_be_free boolean;
  given record;
  within text[];
  looked_at text[];
  entered bigint;
BEGIN
  PERFORM @registry@.checked_unit(award_certificate.unit);
  IF awarded_on IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'the day of the award is NULL', HINT = 'Pass the day on which the title was given.';
  END IF;
  SELECT k.fraud_free INTO must_be_free FROM @registry@.certificate_kind AS k WHERE k.code = award_certificate.kind;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('there is no title of kind %s', coalesce(quote_literal(award_certificate.kind), 'NULL')),
      HINT = 'The table certificate_kind lists them.';
  END IF;
  IF NOT EXISTS (SELECT FROM @registry@.programme AS p WHERE p.code = award_certificate.programme) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('there is no programme %s', coalesce(quote_literal(award_certificate.programme), 'NULL')),
      DETAIL = 'A title is given under a programme.',
      HINT = 'The table programme lists them.';
  END IF;
  SELECT c.* INTO judged
  FROM @registry@.certificate_candidates(awarded_on, NULL, award_certificate.programme, 100, ARRAY[award_certificate.unit]) AS c
  WHERE c.programme = award_certificate.programme AND c.period_to < awarded_on AND (award_certificate.year IS NULL OR c.year = award_certificate.year)
  ORDER BY c.year DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('unit %L has no period of programme %L that was over on %s', award_certificate.unit, award_certificate.programme, awarded_on),
      DETAIL = 'A title is for a whole period: its last day may bring a case.',
      HINT = 'The view certificate_candidate lists the periods; adopt_programme() puts a programme into force.';
  ELSIF judged.barred OR must_be_free AND judged.state = 'lost' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('unit %L cannot have the title %L for %s', award_certificate.unit, award_certificate.kind, judged.year),
      DETAIL = CASE WHEN judged.barred THEN 'A consequence in force bars it.'
                    ELSE format('From %s to %s: cases %s, suspects %s, dens %s.', judged.period_from, judged.period_to, judged.cases, judged.suspects, judged.dens) END,
      HINT = 'Void a fact or a consequence that is wrong; otherwise the title is not given.';
  END IF;
  SELECT c.id, r.revoked_on, r.reason INTO given
  FROM @registry@.certificate AS c
  LEFT JOIN @registry@.certificate_revocation AS r ON r.certificate = c.id AND r.voided_at IS NULL
  WHERE c.programme = award_certificate.programme AND c.kind = award_certificate.kind AND c.unit = award_certificate.unit AND c.period_from = judged.period_from AND c.voided_at IS NULL;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'unique_violation',
      MESSAGE = format('unit %L was given the title %L for %s already', award_certificate.unit, award_certificate.kind, judged.year),
      DETAIL = CASE WHEN given.revoked_on IS NULL THEN format('It is certificate %s, in force.', given.id)
                    ELSE format('It is certificate %s, revoked on %s: %s.', given.id, given.revoked_on, given.reason) END,
      HINT = 'Void the revocation if it was wrong, and the title is in force again; void the certificate if the award was wrong.';
  END IF;
  within := award_certificate.unit || ARRAY(SELECT u.code FROM @registry@.unit AS u JOIN @registry@.unit_kind AS k ON k.code = u.kind AND NOT k.assessed WHERE u.parent = award_certificate.unit);
  SELECT array_agg(x.key ORDER BY x.key) INTO looked_at
  FROM (
    SELECT 'fraud_case:' || c.id FROM @registry@.fraud_case AS c WHERE c.unit = ANY (within) AND c.filed_on BETWEEN judged.period_from AND judged.period_to
    UNION ALL
    SELECT 'suspect:' || s.id FROM @registry@.suspect AS s WHERE s.unit = ANY (within) AND s.found_on BETWEEN judged.period_from AND judged.period_to
    UNION ALL
    SELECT 'den:' || d.id FROM @registry@.den AS d WHERE d.unit = ANY (within) AND d.found_on BETWEEN judged.period_from AND judged.period_to
  ) AS x (key);
  INSERT INTO @registry@.certificate (unit, programme, kind, period_from, period_to, awarded_on, awarded_by, document_no, known_at, assessment, evidence)
    VALUES (award_certificate.unit, award_certificate.programme, award_certificate.kind, judged.period_from, judged.period_to, awarded_on,
            coalesce(award_certificate.awarded_by, current_user), award_certificate.document_no, now(), award_certificate.assessment,
            jsonb_build_object('cases', judged.cases, 'suspects', judged.suspects, 'dens', judged.dens, 'looked_at', coalesce(looked_at, '{}')))
    RETURNING id INTO entered;
  RETURN entered;
END
$body$;
COMMENT ON FUNCTION @registry@.award_certificate(text, text, date, text, text, text, integer, bigint) IS 'Give a unit a title for the last rating period that was over on the day (or that of a year), with the evidence as known now, and the published result that it was given for, if any; refused where a title of freedom from fraud is not earned, or barred. Gives the id of the certificate.';

CREATE VIEW @registry@.certificate_state WITH (security_invoker = true) AS
SELECT c.id AS certificate, c.programme, c.kind, c.unit, c.region, c.period_from, c.period_to, c.awarded_on,
       r.revoked_on, r.reason, r.id IS NULL AS in_force,
       n.cases, n.suspects, n.dens,
       k.fraud_free AND n.cases + n.suspects + n.dens > 0 AS contradicted,
       c.evidence IS NOT NULL
         -- one comparison of the three would come back from a dump in other brackets
         AND NOT (n.cases IS NOT DISTINCT FROM (c.evidence ->> 'cases')::bigint
                  AND n.suspects IS NOT DISTINCT FROM (c.evidence ->> 'suspects')::bigint
                  AND n.dens IS NOT DISTINCT FROM (c.evidence ->> 'dens')::bigint) AS changed
FROM @registry@.certificate AS c
JOIN @registry@.certificate_kind AS k ON k.code = c.kind
LEFT JOIN @registry@.certificate_revocation AS r ON r.certificate = c.id AND r.voided_at IS NULL
CROSS JOIN LATERAL (
  SELECT (SELECT count(*) FROM @registry@.fraud_case AS f WHERE f.voided_at IS NULL AND f.filed_on BETWEEN c.period_from AND c.period_to
            AND (f.unit = c.unit OR f.unit = ANY (b.units))) AS cases,
         (SELECT count(*) FROM @registry@.suspect AS s WHERE s.voided_at IS NULL AND s.found_on BETWEEN c.period_from AND c.period_to
            AND (s.unit = c.unit OR s.unit = ANY (b.units))
            AND NOT EXISTS (SELECT FROM @registry@.suspect_clearance AS x WHERE x.suspect = s.id AND x.voided_at IS NULL)) AS suspects,
         (SELECT count(*) FROM @registry@.den AS d WHERE d.voided_at IS NULL AND d.found_on BETWEEN c.period_from AND c.period_to
            AND (d.unit = c.unit OR d.unit = ANY (b.units))) AS dens
  FROM (SELECT ARRAY(SELECT u.code FROM @registry@.unit AS u JOIN @registry@.unit_kind AS uk ON uk.code = u.kind AND NOT uk.assessed
                     WHERE u.parent = c.unit) AS units) AS b
) AS n
WHERE c.voided_at IS NULL;
COMMENT ON VIEW @registry@.certificate_state IS 'Titles, whether each is in force, and what is known now of its period: a fact that came to light, or was withdrawn, after the award is shown, and changes nothing by itself.';
SELECT @registry@.comment_columns('{certificate_state}', '{certificate,programme,kind,unit,region,period_from,period_to,awarded_on,revoked_on,reason,in_force,cases,suspects,dens,contradicted,changed}',
  ARRAY['The title.', 'Its programme.', 'Its kind.', 'The unit.', 'Its region.', 'First day of its period.', 'Last day.', 'Day of the award.', 'Day on which it was revoked; null: never.', 'Why it was revoked.',
        'Whether it has not been revoked.', 'Cases filed in the period, as known now.', 'Suspects, as known now.', 'Dens, as known now.', 'Whether it says fraud-free, and is not so by what is known now.', 'Whether the numbers are others than those of the evidence.']);

CREATE FUNCTION @registry@.yearly_rating(programme text, as_of date, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (unit text, name text, region antifraud.region, year integer, period_from date, period_to date, cases bigint, suspects bigint, dens bigint, state text, certificate bigint,
               met boolean, years_met bigint, years_rated bigint, met_every_year boolean)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.unit, c.name, c.region, c.year, c.period_from, c.period_to, c.cases, c.suspects, c.dens, c.state, c.certificate, c.met,
         count(*) FILTER (WHERE c.met) OVER u AS years_met, count(c.met) OVER u AS years_rated, bool_and(c.met) OVER u AS met_every_year
  FROM (SELECT x.*, CASE x.state WHEN 'open' THEN NULL WHEN 'candidate' THEN true WHEN 'certified' THEN true ELSE false END AS met
        FROM @registry@.certificate_candidates($2, $3, $1, 100) AS x) AS c
  WINDOW u AS (PARTITION BY c.unit);
END;
COMMENT ON FUNCTION @registry@.yearly_rating(text, date, timestamptz) IS 'A programme that runs for years, year by year: whether each unit kept the three zeros in each (met; null while the year is open), in how many of the years in which it took part, and in every one.';

-- ------------------------------------------------------------------ cohorts
CREATE TABLE @registry@.cohort (
  rubric text NOT NULL CONSTRAINT cohort_rubric_fk REFERENCES @registry@.rubric_edition ON DELETE CASCADE,
  code text NOT NULL CONSTRAINT cohort_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  unit_kinds text[],
  setting text CONSTRAINT cohort_setting_fk REFERENCES @registry@.unit_setting,
  zone text,
  region antifraud.region,
  gold integer NOT NULL DEFAULT 1 CONSTRAINT cohort_gold_not_negative CHECK (gold >= 0),
  silver integer NOT NULL DEFAULT 2 CONSTRAINT cohort_silver_not_negative CHECK (silver >= 0),
  bronze integer NOT NULL DEFAULT 3 CONSTRAINT cohort_bronze_not_negative CHECK (bronze >= 0),
  CONSTRAINT cohort_pk PRIMARY KEY (rubric, code)
);
COMMENT ON TABLE @registry@.cohort IS 'Within which groups units are ranked under a rubric: like with like. Editions derived from a rubric use its cohorts unless they have their own. An office may add its own.';
COMMENT ON COLUMN @registry@.cohort.rubric IS 'The rubric.';
COMMENT ON COLUMN @registry@.cohort.unit_kinds IS 'Kinds of unit; null: all.';
COMMENT ON COLUMN @registry@.cohort.setting IS 'Urban or rural; null: both.';
COMMENT ON COLUMN @registry@.cohort.zone IS 'Planning zone, as in unit.zone; null: all.';
COMMENT ON COLUMN @registry@.cohort.region IS 'Region; null: all.';
COMMENT ON COLUMN @registry@.cohort.gold IS 'Ranks that win gold.';
COMMENT ON COLUMN @registry@.cohort.silver IS 'Ranks after these that win silver.';
COMMENT ON COLUMN @registry@.cohort.bronze IS 'Ranks after these that win bronze.';
SELECT @registry@.comment_code_lists('{cohort}');
INSERT INTO @registry@.cohort (rubric, code, label_zh, label_en, unit_kinds, setting, zone) VALUES
  ('nanma-2023', 'urban', '城区社区', 'urban communities', '{community,village}', 'urban', NULL),
  ('nanma-2023', 'rural', '农村村居', 'villages', '{community,village}', 'rural', NULL),
  ('nanma-2023', 'schools', '校园', 'schools', '{school}', NULL, NULL),
  ('nanma-2023', 'enterprises', '企业', 'enterprises', '{enterprise}', NULL, NULL),
  ('nanma-2023', 'departments', '单位', 'departments and other bodies', '{department,hospital}', NULL, NULL),
  ('shiqiao-2023', 'inside', '规划区内', 'inside the planned area', '{community,village}', NULL, '规划区内'),
  ('shiqiao-2023', 'outside', '规划区外', 'outside the planned area', '{community,village}', NULL, '规划区外');

CREATE FUNCTION @registry@.cohort_ranks(rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (cohort text, rank bigint, of bigint, medal text, unit text, name text, kind text, region antifraud.region, total numeric, vetoed boolean)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE sql
BEGIN ATOMIC
  WITH cohorts AS MATERIALIZED (
    SELECT c.* FROM @registry@.cohort AS c
    WHERE c.rubric = (SELECT CASE WHEN EXISTS (SELECT FROM @registry@.cohort AS own WHERE own.rubric = e.code) THEN e.code ELSE e.derived_from END
                      FROM @registry@.rubric_edition AS e WHERE e.code = $1)
  ), ranked AS (
    SELECT c.code, c.gold, c.silver, c.bronze, s.unit, s.name, u.kind, s.region, s.total, s.vetoed,
           CASE WHEN c.code IS NOT NULL THEN rank() OVER (PARTITION BY c.code ORDER BY s.vetoed, s.total DESC) END AS rank,
           CASE WHEN c.code IS NOT NULL THEN count(*) OVER (PARTITION BY c.code) END AS of
    FROM @registry@.scores($1, $2, $3) AS s
    JOIN @registry@.unit AS u ON u.code = s.unit
    LEFT JOIN cohorts AS c
      ON (c.unit_kinds IS NULL OR u.kind = ANY (c.unit_kinds)) AND (c.setting IS NULL OR c.setting = u.setting)
     AND (c.zone IS NULL OR c.zone = u.zone) AND (c.region IS NULL OR u.region OPERATOR(antifraud.<@) c.region)
  )
  SELECT r.code AS cohort, r.rank, r.of,
         CASE WHEN r.vetoed OR r.code IS NULL THEN NULL WHEN r.rank <= r.gold THEN 'gold' WHEN r.rank <= r.gold + r.silver THEN 'silver'
              WHEN r.rank <= r.gold + r.silver + r.bronze THEN 'bronze' END AS medal,
         r.unit, r.name, r.kind, r.region, r.total, r.vetoed
  FROM ranked AS r;
END;
COMMENT ON FUNCTION @registry@.cohort_ranks(text, date, timestamptz) IS 'Who stands where within each cohort under a published rubric: rank, of how many, and the medal. Equal scores share rank and medal, and the next rank is left out (1, 1, 3); vetoed units come last and win none. A unit of no cohort has no rank.';

CREATE VIEW @registry@.cohort_scoreboard WITH (security_invoker = true) AS
SELECT e.code AS rubric, s.cohort, c.label_zh, c.label_en, s.rank, s.of, s.medal, s.unit, s.name, s.kind, s.region, s.total, s.vetoed, i.as_of
FROM @registry@.rubric_edition AS e
CROSS JOIN @registry@.registry_info AS i
CROSS JOIN LATERAL @registry@.cohort_ranks(e.code, i.as_of) AS s
LEFT JOIN LATERAL (SELECT x.label_zh, x.label_en FROM @registry@.cohort AS x WHERE x.code = s.cohort AND x.rubric = ANY (ARRAY[e.code, e.derived_from])
                   ORDER BY x.rubric = e.code DESC LIMIT 1) AS c ON true
WHERE e.status = 'published' AND e.listed;
COMMENT ON VIEW @registry@.cohort_scoreboard IS 'Who stands where among its like, for every published and listed rubric, as of registry_info.as_of.';
SELECT @registry@.comment_columns('{cohort_scoreboard}', '{rubric,cohort,label_zh,label_en,rank,of,medal,unit,name,kind,region,total,vetoed,as_of}',
  ARRAY['The rubric.', 'The cohort; null: the unit is in none.', 'The cohort in Chinese.', 'The cohort in English.', 'Rank within it; ties share it.', 'Units in the cohort.', 'gold, silver or bronze; null: none.',
        'The unit.', 'Its name.', 'Its kind.', 'Its region.', 'Points.', 'Whether a veto disqualifies it.', 'The day as of which it is scored; null: judged whole.']);

-- ---------------------------------------------------------- self-assessment
-- The engine's own limits: of what a rule adds without a cap, a band without
-- "per" adds once in each window; of bands on the size of a fact each may,
-- of others one.
CREATE FUNCTION @registry@.item_most(rubric text, item text) RETURNS numeric
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT i.points + CASE WHEN bool_or(a.most IS NULL AND a.ordinal IS NOT NULL) THEN NULL WHEN i.combine = 'max' THEN COALESCE(max(a.most), 0) ELSE COALESCE(sum(a.most), 0) END
  FROM @registry@.rubric_item AS i
  JOIN @registry@.rubric_edition AS e ON e.code = i.rubric
  LEFT JOIN LATERAL (
    SELECT r.ordinal, LEAST((r.rule::jsonb ->> 'cap')::numeric, b.points * CASE r.counted_over WHEN 'period' THEN 1
             WHEN 'year' THEN EXTRACT(year FROM e.period_to) - EXTRACT(year FROM e.period_from) + 1
             ELSE (EXTRACT(year FROM e.period_to) - EXTRACT(year FROM e.period_from)) * 12 + EXTRACT(month FROM e.period_to) - EXTRACT(month FROM e.period_from) + 1 END) AS most
    FROM @registry@.rubric_rule AS r
    CROSS JOIN LATERAL (
      SELECT count(*) AS adding,
             CASE WHEN bool_or(jsonb_typeof(x.band -> 'per') = 'object') THEN NULL
                  WHEN jsonb_path_exists(r.rule::jsonb, '$.bands[*].cond[*] ? (@.subject == "amount")') THEN sum(x.points) ELSE max(x.points) END AS points
      FROM (SELECT v.band, COALESCE(v.band ->> 'points_max', v.band ->> 'points')::numeric AS points FROM jsonb_array_elements(r.rule::jsonb -> 'bands') AS v (band)
            WHERE v.band ->> 'effect' = 'add') AS x
    ) AS b
    WHERE r.rubric = i.rubric AND r.item = i.no AND b.adding > 0
  ) AS a ON true
  WHERE i.rubric = $1 AND i.no = $2
  GROUP BY i.rubric, i.no, i.points, i.combine;
END;
COMMENT ON FUNCTION @registry@.item_most(text, text) IS 'The most points that an item of a rubric can give: its own, and what its rules can add. Null: they can add without limit, or there is no such item.';

CREATE FUNCTION @registry@.check_self_assessment() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  most numeric := @registry@.item_most(NEW.rubric, NEW.item);
BEGIN
  IF NEW.points > most THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('item %L of rubric %L cannot give %s points', NEW.item, NEW.rubric, NEW.points),
      DETAIL = format('Its points, with what its rules can add, are %s at most.', trim_scale(most)),
      HINT = 'Enter what the unit gives itself for this item alone.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'points';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_self_assessment() IS 'Trigger: a unit gives itself no more points for an item than the item can give (item_most).';
CREATE TRIGGER self_assessment_1_points BEFORE INSERT ON @registry@.self_assessment
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_self_assessment();

CREATE FUNCTION @registry@.self_differences(rubric text, as_of date DEFAULT NULL, known_at timestamptz DEFAULT NULL, of_unit text DEFAULT NULL)
RETURNS TABLE (unit text, item text, title text, points numeric, own numeric, office numeric, difference numeric, pending boolean)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE sql
SET jit = off
BEGIN ATOMIC
  WITH edition AS MATERIALIZED (
    SELECT @registry@.rubric_as_of($1, $2) AS doc
  ), assessed AS MATERIALIZED (
    SELECT a.unit, a.item, a.points FROM @registry@.self_assessment AS a
    WHERE a.rubric = $1 AND ($4 IS NULL OR a.unit = $4)
      AND CASE WHEN $3 IS NULL THEN a.voided_at IS NULL ELSE a.recorded_at <= $3 AND (a.voided_at IS NULL OR a.voided_at > $3) END
  ), carded AS MATERIALIZED (
    SELECT s.unit, s.card FROM @registry@.scores($1, $2, $3) AS s WHERE $4 IS NULL AND s.unit IN (SELECT a.unit FROM assessed AS a)
    UNION ALL
    SELECT $4 AS unit, @registry@.card_of($4, $1, $2, $3) AS card WHERE $4 IS NOT NULL AND EXISTS (SELECT FROM assessed AS a)
  ), counted AS MATERIALIZED (
    SELECT c.unit, b.item_no, max(b.points) - sum(b.deducted) + sum(COALESCE(b.added, 0)) AS office, bool_or(b.state = ANY ('{open,pending,review}')) AS pending
    FROM carded AS c
    CROSS JOIN edition AS e
    LEFT JOIN @registry@.decisions_under($1, $3) AS d ON d.unit = c.unit
    CROSS JOIN LATERAL antifraud.breakdown(c.card, CASE WHEN d.decisions IS NULL THEN e.doc ELSE antifraud.with_decisions(e.doc, d.decisions) END) AS b
    GROUP BY c.unit, b.item_no
  )
  SELECT a.unit, a.item, i.title, i.points, a.points AS own, c.office, a.points - c.office AS difference, c.pending
  FROM assessed AS a
  JOIN counted AS c ON c.unit = a.unit AND c.item_no = a.item
  JOIN @registry@.rubric_item AS i ON i.rubric = $1 AND i.no = a.item;
END;
COMMENT ON FUNCTION @registry@.self_differences(text, date, timestamptz, text) IS 'What units, or one of them, gave themselves beside what the office counts, item by item, under a published rubric.';

CREATE VIEW @registry@.self_difference WITH (security_invoker = true) AS
WITH edition AS MATERIALIZED (
  SELECT e.code AS rubric, i.as_of FROM @registry@.rubric_edition AS e CROSS JOIN @registry@.registry_info AS i
  WHERE e.status = 'published' AND EXISTS (SELECT FROM @registry@.self_assessment AS a WHERE a.rubric = e.code AND a.voided_at IS NULL)
), every AS MATERIALIZED (
  SELECT e.rubric, d.*, e.as_of FROM edition AS e CROSS JOIN LATERAL @registry@.self_differences(e.rubric, e.as_of) AS d
)
SELECT o.rubric, u.unit, o.item, o.title, o.points, o.own, o.office, o.difference, o.pending, o.as_of
FROM (SELECT x.code AS unit FROM @registry@.unit AS x JOIN @registry@.unit_kind AS k ON k.code = x.kind AND k.assessed
      WHERE x.active AND EXISTS (SELECT FROM @registry@.self_assessment AS a WHERE a.unit = x.code AND a.voided_at IS NULL)) AS u
CROSS JOIN LATERAL (SELECT antifraud.first_call(u.unit) AS first OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT e.rubric, d.*, e.as_of FROM edition AS e CROSS JOIN LATERAL @registry@.self_differences(e.rubric, e.as_of, NULL, u.unit) AS d WHERE f.first
  UNION ALL
  SELECT e.* FROM every AS e WHERE NOT f.first AND e.unit = u.unit
) AS o;
COMMENT ON VIEW @registry@.self_difference IS 'Self-assessments beside the points that the office counts, as of registry_info.as_of.';
SELECT @registry@.comment_columns('{self_difference}', '{rubric,unit,item,title,points,own,office,difference,pending,as_of}',
  ARRAY['The rubric.', 'The unit.', 'Number of the item.', 'Its title.', 'Points that the item is worth.', 'Points that the unit gave itself.', 'Points that the office counts; the low end while something is pending.',
        'Own less office: above 0, the unit thinks better of itself.', 'Whether something in the item is open, pending or to be reviewed.', 'The day as of which the office counts; null: judged whole.']);
