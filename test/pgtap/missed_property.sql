-- Random histories of persons and duties, with what was missed recorded in
-- between as of random days: at the end the table says what missed_at() says,
-- and a replay for any day changes nothing.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();
SELECT setseed(0.4) \g /dev/null

INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on)
  SELECT 'other', 'd' || i, '370323002002', '370323002002', '2023-01-01'::date + i FROM generate_series(1, 40) AS i;
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT p.id, (ARRAY['low', 'medium', 'high'])[1 + p.id % 3], p.enrolled_on FROM fraud.person AS p;
INSERT INTO fraud.duty (code, label_zh, label_en, unit_kind, cadence, since, grace, anchor) VALUES
  ('weekly', 'x', 'x', 'community', '1 per week', '2023-01-01', 0, 'actual'), ('rolling', 'x', 'x', 'community', 'every 10 days', '2023-01-05', 2, 'actual'),
  ('grid', 'x', 'x', 'community', 'every month', '2023-01-31', 3, 'grid');
UPDATE fraud.duty SET missed_approval = 'automatic' WHERE code <> 'grid';
UPDATE fraud.duty SET missed_withdrawal = 'automatic' WHERE code = 'weekly';

-- One step of a history, by chance.
CREATE FUNCTION pg_temp.step() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  chance integer := floor(random() * 100);
  someone bigint := (SELECT id FROM fraud.person ORDER BY random() LIMIT 1);
  a_day date := '2023-01-01'::date + floor(random() * 180)::integer;
BEGIN
  IF chance < 45 THEN
    INSERT INTO fraud.checkin (person, checked_at, outcome) VALUES (someone, a_day + time '10:00', CASE WHEN random() < 0.1 THEN 'failed' ELSE 'completed' END);
    RETURN 'checkin';
  ELSIF chance < 60 THEN
    INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT d.id, u.code, a_day FROM fraud.duty AS d, fraud.unit AS u ORDER BY random() LIMIT 1;
    RETURN 'done';
  ELSIF chance < 68 THEN
    UPDATE fraud.checkin SET void_reason = 'x' WHERE id = (SELECT id FROM fraud.checkin WHERE voided_at IS NULL ORDER BY random() LIMIT 1);
    RETURN 'void';
  ELSIF chance < 72 THEN
    UPDATE fraud.duty_done SET void_reason = 'x' WHERE id = (SELECT id FROM fraud.duty_done WHERE voided_at IS NULL ORDER BY random() LIMIT 1);
    RETURN 'void';
  ELSIF chance < 76 THEN
    INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (someone, 'hospital', a_day, a_day + floor(random() * 20)::integer, 'x');
    RETURN 'suspension';
  ELSIF chance < 78 THEN
    INSERT INTO fraud.duty_pause (duty, starts_on, ends_on, reason, approver) SELECT d.id, a_day, a_day + floor(random() * 9)::integer, 'x', 'x' FROM fraud.duty AS d ORDER BY random() LIMIT 1;
    RETURN 'pause';
  ELSIF chance < 84 THEN
    INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (someone, (ARRAY['low', 'medium', 'high'])[1 + floor(random() * 3)::integer], a_day) ON CONFLICT DO NOTHING;
    RETURN 'tier';
  ELSIF chance < 85 THEN
    INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, missed_approval, missed_withdrawal, basis)
      VALUES ('low', NULL, a_day, (ARRAY['every 10 days', 'every 3 weeks', '2 per month'])[1 + floor(random() * 3)::integer]::antifraud.cadence, 'automatic',
              (ARRAY['person', 'automatic'])[1 + floor(random() * 2)::integer], 'x') ON CONFLICT DO NOTHING;
    RETURN 'policy';
  ELSIF chance < 92 THEN
    PERFORM fraud.record_missed(a_day);
    RETURN 'record';
  ELSE
    BEGIN
      PERFORM fraud.decide_missed(m.id, random() < 0.7, 'x') FROM (SELECT id FROM fraud.missed_to_decide ORDER BY random() LIMIT 3) AS m;
    EXCEPTION WHEN object_not_in_prerequisite_state THEN
      -- one of the same subject waits to be withdrawn
      PERFORM fraud.withdraw_missed(w.id, 'x') FROM (SELECT id FROM fraud.missed_withdrawal(a_day) WHERE withdrawal = 'person' ORDER BY random() LIMIT 3) AS w;
      RETURN 'withdraw';
    END;
    RETURN 'decide';
  END IF;
END
$$;
-- Nothing is approved that is not missed by what is known at that moment, nor
-- while another row of the same subject is a fact and not missed: so a fact
-- and the one that replaces it never both count.
CREATE TABLE twice (step int, what text, subject text);
CREATE PROCEDURE pg_temp.walk() LANGUAGE plpgsql AS $$
DECLARE
  what text;
BEGIN
  FOR n IN 1 .. 700 LOOP
    what := pg_temp.step();
    INSERT INTO steps VALUES (what);
    CONTINUE WHEN what NOT IN ('record', 'decide');
    INSERT INTO twice
      SELECT n, what, s::text
      FROM (SELECT DISTINCT kind, duty, person, contact_group, duty_unit FROM fraud.missed AS m
            WHERE m.voided_at IS NULL AND m.status = 'approved' AND m.decided_at = now() AND NOT EXISTS (SELECT FROM known AS k WHERE k.id = m.id)) AS s
      WHERE EXISTS (SELECT FROM fraud.missed_disproved(s.kind, s.duty, s.person, s.contact_group, s.duty_unit) AS w WHERE w.status = 'approved');
    INSERT INTO known SELECT m.id FROM fraud.missed AS m WHERE m.status = 'approved' ON CONFLICT DO NOTHING;
  END LOOP;
END
$$;
CREATE TABLE known (id bigint PRIMARY KEY);
CREATE TABLE steps (step text);
CALL pg_temp.walk();
SELECT is((SELECT count(DISTINCT step)::int FROM steps), 10, 'steps of every kind');
SELECT is((SELECT string_agg(t::text, E'\n') FROM twice AS t), NULL, 'nothing was approved while a fact of the same subject waited to be withdrawn');
SELECT cmp_ok((SELECT count(*) FROM fraud.missed_withdrawal('2023-07-10') WHERE withdrawal = 'person'), '>', 10::bigint, 'such facts there were');

-- ---------------------------------------------------------------- the end
SELECT fraud.withdraw_missed(id, 'x') FROM fraud.missed_withdrawal('2023-07-10') WHERE withdrawal = 'person' \g /dev/null
CREATE TEMP TABLE outcome AS SELECT * FROM fraud.record_missed('2023-07-10');
SELECT cmp_ok((SELECT count(*) FROM fraud.missed WHERE voided_at IS NULL), '>', 200::bigint, 'much was missed');
SELECT cmp_ok((SELECT count(*) FROM fraud.missed WHERE voided_at IS NOT NULL), '>', 50::bigint, 'and much of it taken back');
SELECT cmp_ok((SELECT count(*) FROM fraud.fact WHERE source_table = 'missed' AND voided_at IS NULL), '>', 50::bigint, 'some of it is fact');
SELECT set_eq($$SELECT kind, duty, person, duty_unit, due_on FROM fraud.missed WHERE voided_at IS NULL$$,
  $$SELECT kind, duty, person, duty_unit, due_on FROM fraud.missed_at('2023-07-10')$$, 'what is recorded is what was missed');
SELECT is((SELECT count(*) FROM fraud.missed WHERE voided_at IS NULL), (SELECT count(*) FROM fraud.missed_at('2023-07-10')), 'each once');
SELECT is((SELECT array_agg(DISTINCT r::text) FROM generate_series(0, 190, 7) AS i CROSS JOIN LATERAL fraud.record_missed('2023-01-01'::date + i) AS r), '{"(0,0,0)"}', 'a replay for any day changes nothing');
-- the lists agree
SELECT is((SELECT count(*) FROM fraud.missed_at('2023-07-10') WHERE kind = 'duty'), (SELECT sum(t.missed) FROM fraud.duties_at('2023-07-10') AS t), 'as many as duties_at() says');
SELECT is((SELECT count(*) FROM fraud.missed_at('2023-07-10') WHERE kind = 'checkin'),
  (SELECT sum(s.missed) FROM fraud.person AS p CROSS JOIN LATERAL fraud.person_status_at('2023-07-10', p.id) AS s), 'and as person_status_at() says');
-- and a fresh recording, without the history of decisions, finds the same
CREATE TEMP TABLE before AS SELECT kind, duty, person, duty_unit, due_on FROM fraud.missed WHERE voided_at IS NULL;
UPDATE fraud.missed SET void_reason = 'anew' WHERE voided_at IS NULL;
SELECT fraud.record_missed('2023-07-10') \g /dev/null
SELECT set_eq($$SELECT kind, duty, person, duty_unit, due_on FROM fraud.missed WHERE voided_at IS NULL$$, 'TABLE before', 'all voided, all found again');

SELECT * FROM finish();
