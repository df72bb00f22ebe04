-- Random persons who share documents, dates of birth, names and towns by
-- chance: the pairs of duplicate_candidates(), everywhere and in any region,
-- are those of a plain comparison of everybody with everybody.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();
SELECT setseed(0.3) \g /dev/null

-- Two towns of one county, another county, and its units above communities.
INSERT INTO fraud.unit (code, region, name, kind) VALUES
  ('370323003001', '370323003001', 'x', 'community'), ('370324001001', '370324001001', 'x', 'community'), ('370324001002', '370324001002', 'x', 'community'),
  ('370323002000', '370323002', 'x', 'town'), ('370324000000', '370324', 'x', 'county');
INSERT INTO fraud.person (document_kind, citizen_id, document_no, born_on, name, unit, enrolled_on, ended_on, status)
SELECT CASE WHEN r.id IS NOT NULL THEN 'citizen_id' WHEN n % 3 = 0 THEN 'other' ELSE 'passport' END,
       r.id::antifraud.citizen_id,
       -- the typography of what was entered differs, and one kind holds ids too
       CASE WHEN r.id IS NULL THEN CASE WHEN n % 3 = 0 AND random() < 0.4
         THEN overlay('339999199001010013' PLACING ' ' FROM 7 FOR 0) || repeat(' ', n)
         ELSE (ARRAY['E', 'e ', 'Ｅ'])[1 + floor(random() * 3)::int] || floor(random() * 18) || repeat(' ', n) END END,
       CASE WHEN r.id IS NULL AND random() < 0.8 THEN date '1990-01-01' + floor(random() * 8)::int END,
       (ARRAY['甲某', '甲 某', '乙·某', '乙某', '丙某', NULL])[1 + floor(random() * 6)::int],
       u.code, '2024-01-01', CASE WHEN n % 7 = 0 THEN date '2024-06-30' END, CASE WHEN n % 7 = 0 THEN 'transferred' ELSE 'listed' END
FROM generate_series(1, 80) AS n
CROSS JOIN LATERAL (SELECT CASE n WHEN 5 THEN '339999199001010013' WHEN 6 THEN '339999199001010021' WHEN 8 THEN '33999919900101003X' END AS id) AS r
CROSS JOIN LATERAL (SELECT x.code FROM fraud.unit AS x WHERE n > 0 ORDER BY random() LIMIT 1) AS u;
INSERT INTO fraud.person_distinct (person, other, reason, decided_by)
SELECT d.other, d.person, 'x', 'y' FROM fraud.duplicate_candidates() AS d WHERE random() < 0.1;
UPDATE fraud.person_distinct SET void_reason = 'x' WHERE id % 3 = 0;
SELECT fraud.merge_persons(1, 2, 'x', 'y', 'z'), fraud.merge_persons(3, 4, 'x', 'y', 'z') \g /dev/null

-- Everybody with everybody, each reason by itself.
CREATE FUNCTION pg_temp.plain() RETURNS TABLE (person bigint, other bigint, score integer, reasons text[], region antifraud.region, other_region antifraud.region)
LANGUAGE sql STABLE AS $$
  SELECT a.id, b.id, least(100, w.points), w.reasons, a.region, b.region
  FROM fraud.person AS a
  JOIN fraud.person AS b ON a.id < b.id
  CROSS JOIN LATERAL (
    SELECT sum(r.points)::int AS points, array_agg(r.code ORDER BY r.points DESC, r.code) AS reasons
    FROM fraud.duplicate_reason AS r
    CROSS JOIN (SELECT coalesce(antifraud.birth_date(a.citizen_id), antifraud.birth_date(antifraud.read_citizen_id(a.document_no)), a.born_on)
                     = coalesce(antifraud.birth_date(b.citizen_id), antifraud.birth_date(antifraud.read_citizen_id(b.document_no)), b.born_on) AS born,
                       replace(replace(a.name, ' ', ''), '·', '') = replace(replace(b.name, ' ', ''), '·', '') AS name,
                       coalesce(antifraud.region_ancestor(a.region, 4), a.region)::text = coalesce(antifraud.region_ancestor(b.region, 4), b.region)::text AS town) AS same
    WHERE r.points > 0 AND CASE r.code
      WHEN 'document' THEN fraud.document_key(a.citizen_id, a.document_no) = fraud.document_key(b.citizen_id, b.document_no)
      WHEN 'name_born' THEN same.name AND same.born
      WHEN 'name_town' THEN same.name AND same.town
      WHEN 'born_town' THEN same.born AND same.town END
  ) AS w
  WHERE w.points IS NOT NULL AND 'erased' NOT IN (a.document_kind, b.document_kind) AND 'merged' NOT IN (a.status, b.status)
    AND NOT EXISTS (SELECT FROM fraud.person_distinct AS x WHERE x.voided_at IS NULL AND (x.person, x.other) IN ((a.id, b.id), (b.id, a.id)))
$$;
-- Pairs that differ, either way, in each region.
CREATE FUNCTION pg_temp.differ() RETURNS text LANGUAGE sql STABLE AS $$
  WITH plain AS MATERIALIZED (SELECT * FROM pg_temp.plain()),
  place AS (SELECT DISTINCT u.region FROM fraud.unit AS u UNION VALUES ('370323'::antifraud.region), ('37'), ('370323003'), ('440000'), (NULL)),
  mine AS MATERIALIZED (SELECT w.region::text AS place, c.person, c.other, c.score, c.reasons FROM place AS w CROSS JOIN LATERAL fraud.duplicate_candidates(w.region) AS c),
  theirs AS MATERIALIZED (
    SELECT w.region::text AS place, p.person, p.other, p.score, p.reasons FROM place AS w
    JOIN plain AS p ON w.region IS NULL OR p.region OPERATOR(antifraud.<@) w.region OR p.other_region OPERATOR(antifraud.<@) w.region)
  SELECT string_agg(x::text, ', ') FROM ((TABLE mine EXCEPT ALL TABLE theirs) UNION ALL (TABLE theirs EXCEPT ALL TABLE mine)) AS x
$$;

SELECT is((SELECT array_agg(DISTINCT r ORDER BY r) FROM fraud.duplicate_candidates() AS d CROSS JOIN unnest(d.reasons) AS r), '{born_town,document,name_born,name_town}', 'pairs for every reason');
SELECT cmp_ok((SELECT count(*) FROM fraud.duplicate_candidates('370324001002')), '<', (SELECT count(*) FROM fraud.duplicate_candidates()), 'fewer in one community');
SELECT ok(EXISTS (SELECT FROM fraud.duplicate_candidates('370324001002') AS d JOIN fraud.person AS p ON p.id IN (d.person, d.other)
                  WHERE NOT p.region OPERATOR(antifraud.<@) '370324' AND d.reasons && '{name_born,document}'), 'some with a person of another county');
SELECT is(pg_temp.differ(), NULL, 'the pairs of a plain comparison, everywhere and in each region');
UPDATE fraud.duplicate_reason SET points = 0 WHERE code = 'name_town';
UPDATE fraud.person SET ended_on = '2024-06-30', status = 'transferred' WHERE id % 3 = 0 AND status = 'listed';
SELECT is(pg_temp.differ(), NULL, 'after changes too');
ANALYZE fraud.person;
SET jit = off;
SET enable_seqscan = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT is(pg_temp.differ(), NULL, 'and by indexes alone');

-- Who sees a part of the persons compares those.
CREATE ROLE duplicate_reader;
SELECT fraud.set_scope('duplicate_reader', '370323', 'test', true) \g /dev/null
GRANT USAGE ON SCHEMA antifraud, tap TO duplicate_reader;
GRANT ALL ON SCHEMA public TO duplicate_reader;
SET ROLE duplicate_reader;
SELECT ok(count(*) BETWEEN 1 AND 79, 'a part of them') FROM fraud.person;
SELECT is(pg_temp.differ(), NULL, 'the same in a scope');
RESET enable_seqscan;
RESET enable_hashjoin;
RESET enable_mergejoin;
SELECT is(pg_temp.differ(), NULL, 'by any plan');
RESET ROLE;

SELECT * FROM finish();
