-- A day that is null. What is judged (scores, targets) is judged whole, as if
-- every period were over; what looks as of a day shows nothing; what raises
-- escalations refuses (SQLSTATE 22004).
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

CREATE FUNCTION pg_temp.judged(name text) RETURNS boolean LANGUAGE sql
  RETURN name IN ('scores', 'scores_from_scratch', 'cohort_ranks', 'explain_score', 'facts_scored', 'self_differences', 'targets_at', 'target_figures', 'target_windows');

-- Something for every list: programmes in force, a group, persons, a case.
SELECT fraud.adopt_programme(p.code, NULL, '2023-05-01', '2023-12-31') FROM fraud.programme AS p ORDER BY p.code \g /dev/null
INSERT INTO fraud.contact_group (code, unit, level, name, formed_on) VALUES ('g1', '370323002002', 3, '华府社区群', '2023-01-01');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2023-06-01', 1000);
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) SELECT 'passport', 'P1', u.code, u.region, '2023-01-01' FROM fraud.unit AS u WHERE u.code = '370323002002';

-- Every function of a day that gives rows and changes nothing, by name; what
-- else it needs is a unit, a rubric, a programme or an officer.
CREATE FUNCTION pg_temp.rows_of(day text) RETURNS TABLE (name text, n bigint) LANGUAGE plpgsql AS $$
DECLARE
  f record;
BEGIN
  FOR f IN
    SELECT p.proname::text AS proname,
           string_agg(format('%I => %s', x.name, CASE x.name WHEN 'as_of' THEN day || '::date' WHEN 'at' THEN day || '::timestamptz' WHEN 'rubric' THEN '''nanma-2023''' WHEN 'unit' THEN '''370323002002'''
             WHEN 'programme' THEN '''nanma-2023''' WHEN 'officer' THEN '1::bigint' WHEN 'known_at' THEN 'now()' END), ', ') AS arguments
    FROM pg_proc AS p CROSS JOIN LATERAL unnest(p.proargnames[1 : p.pronargs]) WITH ORDINALITY AS x (name, place)
    WHERE p.pronamespace = 'fraud'::regnamespace AND p.proretset AND p.provolatile <> 'v' AND (p.proargnames[1 : p.pronargs] && '{as_of,at}')
      AND (x.name IN ('as_of', 'at') OR x.place <= p.pronargs - p.pronargdefaults)
    GROUP BY p.oid, p.proname
    HAVING bool_and(x.name IN ('as_of', 'at', 'rubric', 'unit', 'programme', 'officer', 'known_at'))
  LOOP
    name := f.proname;
    BEGIN
      EXECUTE format('SELECT count(*) FROM fraud.%I(%s)', f.proname, f.arguments) INTO n;
    EXCEPTION WHEN null_value_not_allowed THEN
      n := NULL;
    END;
    RETURN NEXT;
  END LOOP;
END
$$;
CREATE TEMP TABLE on_null AS SELECT * FROM pg_temp.rows_of('NULL');
CREATE TEMP TABLE on_a_day AS SELECT * FROM pg_temp.rows_of('''2023-10-31''');
SELECT cmp_ok((SELECT count(*)::int FROM on_null), '>', 50, 'many functions look as of a day');
SELECT is((SELECT array_agg(name ORDER BY name) FROM on_null WHERE n > 0 AND NOT pg_temp.judged(name)), NULL, 'none but those of scores and targets has rows where the day is null');
SELECT is((SELECT array_agg(name ORDER BY name) FROM on_null WHERE n IS NULL AND name !~ 'escalat|standing|ranks_at|streak|overdue'), NULL, 'none but those of escalation refuses');
SELECT is((SELECT array_agg(name ORDER BY name) FROM on_null WHERE n = 0 AND pg_temp.judged(name) AND name <> 'self_differences'), NULL, 'these judge whole');
SELECT cmp_ok((SELECT count(*)::int FROM on_a_day WHERE n > 0), '>', 15, 'on a day there is something to see');
SELECT is((SELECT array_agg(name ORDER BY name) FROM on_a_day WHERE name IN ('group_coverage_at', 'group_gaps', 'milestones_at', 'places_uncovered', 'weekly_bulletins', 'monthly_bulletins') AND n = 0), NULL, 'in lists of groups, milestones and places, and in bulletins, for example');
SELECT is((SELECT array_agg(DISTINCT state ORDER BY state) FROM fraud.targets_at(NULL)), '{met,missed,not_computable}', 'targets judged whole: none is open');
SELECT bag_eq('SELECT * FROM fraud.scores(''nanma-2023'', NULL)', 'SELECT * FROM fraud.scores(''nanma-2023'')', 'a null day of scores is the one that is left out');

SELECT * FROM finish();
