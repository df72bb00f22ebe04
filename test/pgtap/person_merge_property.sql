-- Random histories, merged in random pairs and undone in reverse: after every
-- step what is kept equals what the history gives, no row is lost, no day has
-- two rows in force, control is on the days of either, and in the end
-- everything is as it was.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();
SELECT setseed(0.7);

INSERT INTO fraud.officer (unit, subject) SELECT '370323002002', 'o' || n FROM generate_series(1, 3) AS n;
INSERT INTO fraud.person (document_kind, document_no, name, born_on, unit, enrolled_on)
  SELECT CASE n % 2 WHEN 0 THEN 'passport' ELSE 'other' END, 'D' || n, '某', '1980-01-01', (ARRAY['370323002002', '370323002003', '370323002004'])[1 + (random() * 2)::int], date '2024-01-01' + (random() * 200)::int
  FROM generate_series(1, 24) AS n;
INSERT INTO fraud.tier_change (person, tier, changed_on)
  SELECT DISTINCT ON (p.id, w.day) p.id, (ARRAY['low', 'medium', 'high'])[1 + (random() * 2)::int], w.day
  FROM fraud.person AS p CROSS JOIN LATERAL (SELECT p.enrolled_on + (CASE n WHEN 1 THEN 0 ELSE (random() * 10)::int * 20 END) AS day FROM generate_series(1, 3) AS n) AS w;
INSERT INTO fraud.checkin (person, checked_at) SELECT p.id, (p.enrolled_on + (random() * 200)::int)::timestamp AT TIME ZONE 'Asia/Shanghai' FROM fraud.person AS p, generate_series(1, 8);
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) SELECT p.id, 'hospital', w.day, w.day + 10, 'x' FROM fraud.person AS p CROSS JOIN LATERAL (SELECT p.enrolled_on + (random() * 200)::int AS day) AS w WHERE p.id % 3 = 0;
INSERT INTO fraud.control_plan (person, plan, valid_from, approver) SELECT p.id, 'p', '2024-01-01', 'x' FROM fraud.person AS p WHERE random() < 0.7;
INSERT INTO fraud.responsible_officer (person, officer, period) SELECT p.id, 1 + (random() * 2)::int, daterange(p.enrolled_on, NULL) FROM fraud.person AS p WHERE random() < 0.7;
INSERT INTO fraud.finding (unit, kind, found_on, subject) SELECT p.unit, 'control_failure', p.enrolled_on + (random() * 200)::int, 'person:' || p.id FROM fraud.person AS p, generate_series(1, 2);
-- some ended, some of these began anew
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) SELECT p.id, 'reduced', p.enrolled_on + 30 + (random() * 100)::int, 'x', 'y' FROM fraud.person AS p WHERE p.id % 3 = 1;
UPDATE fraud.person SET status = 'transferred', ended_on = enrolled_on + (random() * 150)::int WHERE id % 6 = 5;
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) SELECT c.person, 'listed', c.changed_on + 20, 'x', 'y' FROM fraud.status_change AS c WHERE c.person % 2 = 0;
SELECT count(*) FROM fraud.record_missed('2024-12-31') \g /dev/null

CREATE FUNCTION pg_temp.everything() RETURNS TABLE (relation text, content jsonb) LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
  FOR name IN SELECT DISTINCT r.name FROM fraud.person_reference AS r WHERE r.name <> 'person_merge' UNION SELECT 'person' LOOP
    RETURN QUERY EXECUTE format('SELECT %L::text, to_jsonb(t) FROM fraud.%I AS t', name, name);
  END LOOP;
END $$;
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.everything();
CREATE TEMP TABLE merged (place int GENERATED ALWAYS AS IDENTITY, merge bigint);
CREATE TEMP TABLE wrong (what text);

-- What must hold after every step.
CREATE FUNCTION pg_temp.look(step text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO wrong SELECT format('%s: %s of the due days kept are wrong', step, different) FROM fraud.verify_next_due() WHERE different > 0;
  INSERT INTO wrong SELECT format('%s: rows of %s', step, t.name) FROM fraud.fact_table AS t JOIN fraud.person_reference AS r ON r.name = t.name AND r.handling = 'moves'
    WHERE t.name <> 'status_change' AND (SELECT count(*) FROM before AS b WHERE b.relation = t.name) <> (SELECT count(*) FROM pg_temp.everything() AS e WHERE e.relation = t.name);
  INSERT INTO wrong SELECT format('%s: status of person %s', step, p.id) FROM fraud.person AS p CROSS JOIN LATERAL fraud.person_status_recorded(p.id) AS r
    WHERE r.status IS NOT NULL AND (p.status, p.ended_on) IS DISTINCT FROM (r.status, r.ended_on);
  INSERT INTO wrong SELECT format('%s: person %s has a fact', step, m.person) FROM fraud.merged_person AS m WHERE EXISTS (SELECT FROM fraud.fact AS f WHERE f.subject = 'person:' || m.person AND f.voided_at IS NULL);
  INSERT INTO wrong SELECT format('%s: person %s is under control', step, m.person) FROM fraud.merged_person AS m JOIN generate_series(date '2024-01-01', '2025-01-01', '1 month') AS d ON true
    WHERE EXISTS (SELECT FROM fraud.controlled_persons(d::date) AS c WHERE c.person = m.person);
END $$;

DO $$
DECLARE a bigint; b bigint; made bigint; n int; days datemultirange;
BEGIN
  FOR n IN 1..18 LOOP
    SELECT p.id INTO a FROM fraud.person AS p WHERE p.status <> 'merged' ORDER BY random() LIMIT 1;
    SELECT p.id INTO b FROM fraud.person AS p WHERE p.status <> 'merged' AND p.id <> a ORDER BY random() LIMIT 1;
    CONTINUE WHEN EXISTS (SELECT FROM fraud.merge_conflicts(a, b) WHERE weight = 'stop');
    days := fraud.controlled_days(a) + fraud.controlled_days(b);
    made := fraud.merge_persons(a, b, 'random', 'nobody', 'random');
    INSERT INTO merged (merge) VALUES (made);
    INSERT INTO wrong SELECT format('merge %s: under control on %s instead of %s', made, fraud.controlled_days(a), days) WHERE fraud.controlled_days(a) <> days;
    PERFORM pg_temp.look(format('merge %s', made));
    IF random() < 0.3 THEN
      PERFORM fraud.unmerge_persons(made, 'random');
      DELETE FROM merged WHERE merge = made;
      PERFORM pg_temp.look(format('merge %s undone', made));
    END IF;
  END LOOP;
END $$;
SELECT cmp_ok((SELECT count(*) FROM merged), '>', 6::bigint, 'many were merged');
SELECT cmp_ok((SELECT count(*) FROM fraud.person_merge_row WHERE action IN ('voided', 'added')), '>', 3::bigint, 'with rows that both had, and gaps');
DO $$
DECLARE m bigint;
BEGIN
  FOR m IN SELECT merge FROM merged ORDER BY place DESC LOOP
    PERFORM fraud.unmerge_persons(m, 'random');
    PERFORM pg_temp.look(format('merge %s undone', m));
  END LOOP;
END $$;
SELECT is((SELECT array_agg(what) FROM wrong), NULL, 'after each step all was right');
SELECT set_eq($$SELECT * FROM pg_temp.everything() WHERE relation <> 'status_change' OR NOT coalesce(content ->> 'void_reason' ~ '^merge [0-9]+ undone$', false)$$, 'SELECT * FROM before', 'and in the end it is as it was');

SELECT * FROM finish();
