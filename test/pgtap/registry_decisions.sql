-- Decisions that overlap when looking back: one transaction withdraws the
-- first and commits; another, which had begun before it, enters the second.
-- Stamps are of the beginning of a transaction, so for a moment both were in
-- force, and the scores of that moment must still be told.
\ir setup.psql
SELECT plan(4);
SELECT antifraud.create_registry('fraud') \g /dev/null
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('339999001001', '339999001001', '甲村', 'community');
INSERT INTO fraud.den (unit, found_on) VALUES ('339999001001', '2023-06-01');

-- The stamps as a restore brings them.
SET session_replication_role = replica;
INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, decided_on, recorded_at, voided_at, voided_by, void_reason) VALUES
  ('339999001001', 'nanma-2023-results', '1', 3, 15, 'first', '2024-01-10', '2024-01-10 09:00+00', '2024-02-01 09:00:05+00', 'clerk', 'too much'),
  ('339999001001', 'nanma-2023-results', '1', 3, 12, 'second', '2024-02-01', '2024-02-01 09:00:00+00', NULL, NULL, NULL);
RESET session_replication_role;

-- The den itself must have been known: look at decisions alone.
SELECT is(fraud.decisions_of('339999001001', 'nanma-2023-results', '2024-01-20 00:00+00'),
  '[{"item": "1", "rule": 3, "points": 15}]', 'the first decision, while it was in force');
SELECT is(fraud.decisions_of('339999001001', 'nanma-2023-results', '2024-02-01 09:00:03+00'),
  '[{"item": "1", "rule": 3, "points": 12}]', 'of two that overlap, the later entry');
SELECT is(fraud.decisions_of('339999001001', 'nanma-2023-results'),
  '[{"item": "1", "rule": 3, "points": 12}]', 'now, the second');

-- A den was found: 10 to 20 of 20 points, decided at 12, leaves 8.
SELECT is((SELECT total FROM fraud.scores('nanma-2023-results') WHERE unit = '339999001001'), 8::numeric, 'and the score takes it');
SELECT * FROM finish();
