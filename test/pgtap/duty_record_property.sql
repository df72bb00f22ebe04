-- Random activities and duties: what duty_record reads by index, and what
-- missed_proposal() makes of it, is what a plain reading gives, one duty and
-- one window at a time.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();
SELECT setseed(0.6) \g /dev/null

INSERT INTO fraud.contact_group (code, unit, name, level, formed_on) SELECT 'g' || n, u.code, 'x', 3, date '2024-01-01' + 20 * n::int
  FROM (SELECT u.code, row_number() OVER (ORDER BY u.code) AS n FROM fraud.unit AS u) AS u;
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on, ended_on, status)
  SELECT 'other', 'd' || n, u.code, u.region, date '2024-01-05' + n::int, CASE n WHEN 3 THEN date '2024-04-30' END, CASE n WHEN 3 THEN 'transferred' ELSE 'listed' END
  FROM (SELECT u.code, u.region, row_number() OVER (ORDER BY u.code) AS n FROM fraud.unit AS u) AS u;
-- the tier changes, the policy too: who approves differs from day to day
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT p.id, w.tier, w.day FROM fraud.person AS p
  CROSS JOIN (VALUES ('low', '2024-01-05'::date), ('high', '2024-03-01'), ('medium', '2024-05-01')) AS w (tier, day) WHERE p.id <> 2 OR w.tier = 'high';
INSERT INTO fraud.duty (code, label_zh, label_en, unit_kind, group_level, contact_group, person, activity_kind, activity_measure, cadence, since, until, late_entry_days, missed_approval) VALUES
  ('talks', 'x', 'x', 'community', NULL, NULL, NULL, 'talk', NULL, '2 per week', '2024-01-10', NULL, NULL, 'automatic'),
  ('daily', 'x', 'x', 'community', NULL, NULL, NULL, 'broadcast', NULL, '3 per day', '2024-03-25', '2024-05-05', NULL, 'person'),
  ('publicity', 'x', 'x', 'community', NULL, NULL, NULL, NULL, 'publicity', '5 per month', '2024-01-01', NULL, NULL, 'automatic'),
  ('late', 'x', 'x', 'community', NULL, NULL, NULL, NULL, 'publicity', '5 per month', '2024-01-01', NULL, 2, 'person'),
  ('push', 'x', 'x', NULL, 3, NULL, NULL, 'push', NULL, '2 per week', '2024-01-15', NULL, NULL, 'person'),
  ('pushlate', 'x', 'x', NULL, 3, NULL, NULL, 'push', NULL, '1 per week', '2024-01-15', NULL, 3, 'automatic'),
  ('one', 'x', 'x', NULL, NULL, 'g2', NULL, NULL, 'publicity', '1 per week', '2024-01-15', NULL, NULL, 'person'),
  ('nothing', 'x', 'x', 'community', NULL, NULL, NULL, NULL, NULL, '2 per month', '2024-01-01', NULL, NULL, 'person'),
  ('visit', 'x', 'x', NULL, NULL, NULL, 1, NULL, NULL, '1 per month', '2024-01-01', NULL, NULL, 'automatic'),
  ('ended', 'x', 'x', NULL, NULL, NULL, 3, NULL, NULL, 'every 10 days', '2024-01-01', NULL, NULL, 'person');
INSERT INTO fraud.activity (unit, kind, held_on, sessions, contact_group)
  SELECT u.code, k.kind, date '2024-01-01' + floor(random() * 160)::int, (ARRAY[0, 1, 1, 1, 2, 7])[1 + floor(random() * 6)::int],
         CASE WHEN k.kind = 'push' OR random() < 0.3 THEN (SELECT g.code FROM fraud.contact_group AS g WHERE g.unit = u.code) END
  FROM fraud.unit AS u CROSS JOIN (SELECT code AS kind FROM fraud.activity_kind WHERE measure = 'publicity' AND code <> 'testimony' OR code IN ('push', 'broadcast')) AS k CROSS JOIN generate_series(1, 12) AS n;
INSERT INTO fraud.checkin (person, checked_at) SELECT p.id, (p.enrolled_on + floor(random() * 120)::int + time '10:00') AT TIME ZONE 'Asia/Shanghai' FROM fraud.person AS p, generate_series(1, 9);
INSERT INTO fraud.duty_done (duty, unit, done_on, times) SELECT d.id, u.code, date '2024-01-01' + floor(random() * 160)::int, 1 + floor(random() * 4)::int
  FROM fraud.duty AS d, fraud.unit AS u, generate_series(1, 9) WHERE d.code = 'nothing';
INSERT INTO fraud.duty_done (duty, person, done_on) SELECT d.id, d.person, date '2024-02-01' + 10 * n FROM fraud.duty AS d, generate_series(1, 6) AS n WHERE d.person IS NOT NULL;
UPDATE fraud.activity SET void_reason = 'x' WHERE id % 7 = 0;
UPDATE fraud.duty_done SET void_reason = 'x' WHERE id % 5 = 0;
-- entered in time, as if
ALTER TABLE fraud.activity DISABLE TRIGGER USER;
UPDATE fraud.activity SET recorded_at = (held_on + id % 5 * interval '1 day' + time '12:00') AT TIME ZONE 'Asia/Shanghai';
ALTER TABLE fraud.activity ENABLE TRIGGER USER;
INSERT INTO fraud.duty_pause (duty, unit, starts_on, ends_on, reason, approver) SELECT d.id, '370323002003', '2024-03-01', '2024-03-20', 'x', 'x' FROM fraud.duty AS d WHERE d.code IN ('talks', 'nothing');

-- Both ways, the days of each in order, but for those before it began.
CREATE FUNCTION pg_temp.differ() RETURNS text LANGUAGE sql STABLE AS $$
  WITH mine AS (SELECT r.duty, r.duty_unit, r.contact_group, r.person, r.since, r.segments, ARRAY(SELECT x FROM unnest(r.done) AS x WHERE x >= r.since ORDER BY 1) AS done, r.paused FROM fraud.duty_record AS r),
  theirs AS (SELECT s.duty, s.duty_unit, s.contact_group, s.person, h.since, h.segments, ARRAY(SELECT x FROM unnest(h.done) AS x WHERE x >= h.since ORDER BY 1) AS done, h.paused
    FROM fraud.duty_subject AS s CROSS JOIN LATERAL fraud.duty_history(s.duty, s.duty_unit, s.contact_group, s.person, fraud.office_calendar()) AS h)
  SELECT left(string_agg(x::text, ', '), 1000) FROM ((TABLE mine EXCEPT ALL TABLE theirs) UNION ALL (TABLE theirs EXCEPT ALL TABLE mine)) AS x
$$;
-- What is missed, subject by subject, less what is recorded; the policy of its day.
CREATE FUNCTION pg_temp.differ_proposals() RETURNS text LANGUAGE sql STABLE AS $$
  WITH look AS MATERIALIZED (SELECT d.day, fraud.office_calendar() AS cal FROM unnest('{2024-04-15,2024-06-10}'::date[]) AS d (day)),
  missed AS (
    SELECT l.day, 'checkin' AS kind, 'checkin_missed' AS measure, NULL::bigint AS duty, p.id AS person, NULL::text AS contact_group, NULL::text AS duty_unit, p.unit, p.region, m.due_on
    FROM look AS l CROSS JOIN fraud.person AS p CROSS JOIN LATERAL fraud.missed_checkins_of(p.id, l.day, l.cal) AS m (due_on) WHERE p.enrolled_on <= l.day
    UNION ALL
    SELECT l.day, 'duty', d.measure, s.duty, s.person, s.contact_group, s.duty_unit, s.unit, s.region, m.due_on
    FROM look AS l CROSS JOIN fraud.duty_subject AS s JOIN fraud.duty AS d ON d.id = s.duty
    CROSS JOIN LATERAL fraud.missed_duties_of(s.duty, s.duty_unit, s.contact_group, s.person, l.day, l.cal) AS m (due_on)),
  plain AS MATERIALIZED (
    SELECT m.*, CASE WHEN m.duty IS NOT NULL THEN (SELECT d.missed_approval FROM fraud.duty AS d WHERE d.id = m.duty) ELSE coalesce(f.missed_approval, 'person') END AS approval,
           CASE WHEN m.duty IS NOT NULL THEN 'duty ' || m.duty ELSE 'control_policy ' || f.policy END AS basis
    FROM missed AS m
    LEFT JOIN LATERAL fraud.policy_for((SELECT t.tier FROM fraud.tier_change AS t WHERE t.person = m.person AND t.voided_at IS NULL AND t.changed_on <= m.due_on
                                        ORDER BY t.changed_on DESC LIMIT 1), m.region, m.due_on) AS f ON m.duty IS NULL
    WHERE NOT EXISTS (SELECT FROM fraud.missed AS r WHERE r.voided_at IS NULL AND r.due_on = m.due_on
                      AND (r.kind, r.duty, r.person, r.contact_group, r.duty_unit) IS NOT DISTINCT FROM (m.kind, m.duty, m.person, m.contact_group, m.duty_unit))),
  place AS (SELECT w.region FROM unnest(ARRAY[NULL, '370323002003', '370323002', '44']::antifraud.region[]) AS w (region)),
  theirs AS (SELECT w.region AS place, p.* FROM place AS w JOIN plain AS p ON w.region IS NULL OR p.region OPERATOR(antifraud.<@) w.region),
  mine AS (SELECT w.region AS place, l.day, m.* FROM place AS w CROSS JOIN look AS l CROSS JOIN LATERAL fraud.missed_proposal(l.day, w.region) AS m)
  SELECT left(string_agg(x::text, ', '), 1000) FROM ((TABLE mine EXCEPT ALL TABLE theirs) UNION ALL (TABLE theirs EXCEPT ALL TABLE mine)) AS x
$$;

SELECT cmp_ok((SELECT count(*) FROM fraud.duty_record AS r WHERE cardinality(r.done) > (SELECT count(DISTINCT x) FROM unnest(r.done) AS x)), '>', 15::bigint, 'more than once a day, often');
SELECT is(pg_temp.differ(), NULL, 'the histories of one at a time');
SELECT is(pg_temp.differ_proposals(), NULL, 'and what they make missed, where the tier alone decides');
SELECT record_missed.* FROM fraud.record_missed('2024-04-15', '370323002003') \g /dev/null
SELECT record_missed.* FROM fraud.record_missed('2024-02-10') \g /dev/null
UPDATE fraud.missed SET void_reason = 'x' WHERE id % 3 = 0;
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, missed_approval, basis) VALUES
  ('high', '370323002003', '2024-04-01', 'every 5 days', 'automatic', 'x'), ('medium', NULL, '2024-06-01', '2 per month', 'automatic', 'x');
UPDATE fraud.activity SET void_reason = 'x' WHERE id % 7 = 1 AND voided_at IS NULL;
SELECT is(pg_temp.differ(), NULL, 'after changes');
SELECT is(pg_temp.differ_proposals(), NULL, 'less what is recorded and in force, by policies of regions and days');
SELECT ok(bool_or(kind = 'checkin' AND approval = 'automatic') AND bool_or(kind = 'checkin' AND approval = 'person') AND bool_or(kind = 'duty'), 'of each some')
FROM fraud.missed_proposal('2024-07-01');
ANALYZE;
SET jit = off;
SET enable_seqscan = off;
SELECT is(pg_temp.differ(), NULL, 'by index');

RESET enable_seqscan;
CREATE ROLE duty_reader;
SELECT fraud.set_scope('duty_reader', '370323002003', 'test') \g /dev/null
GRANT USAGE ON SCHEMA antifraud, tap TO duty_reader;
GRANT ALL ON SCHEMA public TO duty_reader;
SET ROLE duty_reader;
SELECT is(pg_temp.differ(), NULL, 'the same for who sees one community');
SELECT is(pg_temp.differ_proposals(), NULL, 'of what he sees');
RESET ROLE;

SELECT * FROM finish();
