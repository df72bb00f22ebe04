-- Where the tier alone decides how often a person is checked, histories are
-- read without a search for the policy of each day: with the same result.
\ir setup.psql
\ir registry_setup.psql
SELECT plan(12);

SELECT is((SELECT since FROM fraud.uniform_policy), '2000-01-01'::date, 'the shipped policies: one a tier, everywhere, since 2000');

-- What can happen to tiers. Two tiers ask the same, one has no policy.
INSERT INTO fraud.tier (code, rank, label_zh, label_en) VALUES ('high_too', 4, '高危二', 'high too'), ('odd', 5, '其他', 'odd');
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, change, basis) VALUES ('high_too', NULL, '2010-01-01', 'every 7 days', 'restart', 'test');
INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on) SELECT 'other', 'U' || n, '370323', '2024-01-01' FROM generate_series(1, 300) AS n;
INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on) VALUES ('other', 'before', '370323', '2009-06-01');
INSERT INTO fraud.tier_change (person, tier, changed_on)
  SELECT p.id, (ARRAY['low', 'medium', 'high', 'high_too', 'odd'])[1 + (p.id * 7 + k * (p.id % 5 + 1)) % 5], DATE '2023-12-20' + (p.id % 17 + k * (5 + p.id % 11))::int
  FROM fraud.person AS p CROSS JOIN generate_series(0, 6) AS k WHERE k <= p.id % 8;
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, 'high', '2009-07-01' FROM fraud.person WHERE document_no = 'before';
UPDATE fraud.tier_change SET void_reason = 'test' WHERE id % 9 = 0;
UPDATE fraud.person SET status = 'reduced', ended_on = DATE '2024-01-10' + (id % 40)::int WHERE id % 6 = 0;
INSERT INTO fraud.checkin (person, checked_at) SELECT p.id, timestamptz '2024-01-03 10:00+08' + k * interval '9 days' FROM fraud.person AS p CROSS JOIN generate_series(0, 5) AS k WHERE p.id % 3 > 0;
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) SELECT id, 'hospital', '2024-01-20', '2024-01-25', 'test' FROM fraud.person WHERE id % 7 = 0;

SELECT is((SELECT since FROM fraud.uniform_policy), '2010-01-01'::date, 'since the latest of them began');
SELECT cmp_ok((SELECT count(*) FROM fraud.person_history WHERE jsonb_array_length(segments) > 2), '>', 100::bigint, 'there are many histories of several tiers');
SELECT cmp_ok((SELECT count(*) FROM fraud.person_history WHERE tier = 'odd' OR tier IS NULL), '>', 50::bigint, 'and of a tier without a policy, or none');
SELECT is((SELECT count(*) FROM fraud.person AS p
           CROSS JOIN LATERAL fraud.segments_of_tiers(p.id, p.enrolled_on, p.ended_on) AS t
           CROSS JOIN LATERAL fraud.segments_between(p.id, p.region, p.enrolled_on, p.ended_on) AS s
           WHERE p.enrolled_on >= '2010-01-01' AND (t.segments, t.last_from, t.last_cadence::text, t.plain, t.needs_calendar) IS DISTINCT FROM (s.segments, s.last_from, s.last_cadence::text, s.plain, s.needs_calendar)),
  0::bigint, 'by the tier alone, or by the policy of each day: the same');
SELECT is((SELECT count(*) FROM fraud.next_due_difference), 0::bigint, 'what is kept is right');

CREATE TEMP TABLE before AS SELECT * FROM fraud.person_history;
CREATE TEMP TABLE missed_before AS SELECT * FROM fraud.missed_proposal('2024-04-01');
SELECT cmp_ok((SELECT count(*) FROM missed_before), '>', 500::bigint, 'there is something missed');

-- A policy of a place where nobody is: the tier alone no longer decides, and
-- nothing changes for anybody.
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, basis) VALUES ('high', '11', '2024-01-15', 'every day', 'test');
SELECT is((SELECT since FROM fraud.uniform_policy), NULL::date, 'a policy of one region: not uniform');
SELECT is((SELECT count(*) FROM before AS b FULL JOIN fraud.person_history AS h ON h.person = b.person
           WHERE (b.since, b.segments, b.done, b.paused, b.tier, b.settled_on, b.plain_cadence::text, b.needs_calendar) IS DISTINCT FROM
                 (h.since, h.segments, h.done, h.paused, h.tier, h.settled_on, h.plain_cadence::text, h.needs_calendar)),
  0::bigint, 'every history is the same');
SELECT set_eq('SELECT * FROM fraud.missed_proposal(''2024-04-01'')', 'SELECT * FROM missed_before', 'and so is what was missed, and who approves it');
SELECT is((SELECT count(*) FROM fraud.next_due_difference), 0::bigint, 'what is kept is still right');

DELETE FROM fraud.control_policy WHERE region = '11';
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, basis) VALUES ('high', NULL, '2024-02-01', 'every day', 'test');
SELECT is((SELECT since FROM fraud.uniform_policy), NULL::date, 'a policy that was changed: not uniform');
SELECT * FROM finish();
