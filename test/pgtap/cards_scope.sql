-- Who reads kept scorecards: each role gets from scores(), with cards, what it
-- gets without. A person of county A was warned in county B, which only those
-- see who see both counties.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- made-up divisions: 339997 and 339998, of prefecture 3399
INSERT INTO fraud.unit (code, region, name) VALUES ('339997001001', '339997001001', 'A'), ('339998001001', '339998001001', 'B');
DELETE FROM fraud.unit WHERE code ~ '^3703';
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, victim) VALUES ('1', '339997001001', '2023-06-01', 900, 'warned'), ('2', '339998001001', '2023-06-02', 900, 'v2');
INSERT INTO fraud.alert (alert_no, unit, victim, level, received_at, delivered_on) VALUES ('1', '339998001001', 'warned', 'high', '2023-05-20 10:00+08', '2023-05-20');
CREATE ROLE cards_a;
CREATE ROLE cards_both;
CREATE ROLE cards_none;
CREATE ROLE cards_clerk;
SELECT fraud.set_scope('cards_a', '339997', 'x') \g /dev/null
SELECT fraud.set_scope('cards_both', '3399', 'x') \g /dev/null
GRANT USAGE ON SCHEMA fraud TO cards_none, cards_clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA fraud TO cards_none, cards_clerk;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA fraud TO cards_none, cards_clerk;
GRANT USAGE ON SCHEMA tap TO cards_a, cards_both, cards_none, cards_clerk;

-- What a role gets: its scores, whether from cards, and what it sees of them.
CREATE FUNCTION pg_temp.seen() RETURNS text LANGUAGE sql AS $$
  SELECT coalesce((SELECT string_agg(s.name || ' ' || s.total, ' ' ORDER BY s.name) FROM fraud.scores('nanma-2023') AS s), '-')
$$;
CREATE FUNCTION pg_temp.how() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', CASE WHEN fraud.stale_units('nanma-2023', NULL) IS NULL THEN 'counted' ELSE 'read' END,
    (SELECT count(*) FROM fraud.unit_card), (SELECT count(*) FROM fraud.unit_touched), (SELECT count(*) FROM fraud.unit_card_difference))
$$;
CREATE FUNCTION pg_temp.as_role(role text, what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  PERFORM set_config('role', role, true);
  EXECUTE format('SELECT pg_temp.%I()', what) INTO said;
  PERFORM set_config('role', 'none', true);
  RETURN said;
END
$$;

-- The case above last year, without one: 2 points (item 3). After an alert:
-- 5 more (item 6). 48 sessions of publicity not reached: 5 (item 8).
SELECT is(pg_temp.seen(), 'A 88 B 93', 'the owner: 100 - 2 - 5 - 5 in A, where somebody was warned, 100 - 2 - 5 in B');
SELECT is(pg_temp.as_role('cards_a', 'seen'), 'A 93', 'county A does not see the alert');
SELECT is(pg_temp.as_role('cards_both', 'seen'), 'A 88 B 93', 'the prefecture does');
SELECT is(pg_temp.as_role('cards_none', 'seen'), '-', 'who has no scope sees nothing');

SELECT fraud.keep_cards() \g /dev/null
SELECT fraud.refresh_cards() \g /dev/null
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('339998001001', 'ledger_missing', '2023-06-01');
SELECT is((SELECT array_agg(e.region::text ORDER BY e.region) FROM fraud.card_extent AS e), '{339997,339998}', 'rows lie in two counties');
SELECT is(pg_temp.how(), 'read 2 1 0', 'the owner reads cards');
SELECT is(pg_temp.as_role('cards_both', 'how'), 'read 2 1 0', 'whoever sees all reads them too');
SELECT is(pg_temp.as_role('cards_a', 'how'), 'counted 0 0 0', 'county A does not, nor does it see them');
SELECT is(pg_temp.as_role('cards_none', 'how'), 'counted 0 0 0', 'nor who has no scope');
SELECT is(pg_temp.seen(), 'A 88 B 92', 'scores are as before, but for the finding (item 2: 1 point): the owner');
SELECT is(pg_temp.as_role('cards_both', 'seen'), 'A 88 B 92', 'the prefecture');
SELECT is(pg_temp.as_role('cards_a', 'seen'), 'A 93', 'county A');
SELECT is(pg_temp.as_role('cards_none', 'seen'), '-', 'nobody');

-- A row somewhere else: the prefecture no longer sees all.
INSERT INTO fraud.unit (code, region, name) VALUES ('329999001001', '329999001001', 'C');
SELECT is(pg_temp.as_role('cards_both', 'how'), 'counted 0 0 0', 'a unit in another province: the prefecture no longer sees all');
SELECT is(pg_temp.as_role('cards_both', 'seen'), 'A 88 B 92', 'and counts');
SELECT fraud.set_scope('cards_both', '33', 'x') \g /dev/null
SELECT is(pg_temp.as_role('cards_both', 'how'), 'counted 0 0 0', 'nor does the province');
DELETE FROM fraud.unit WHERE code = '329999001001';
SELECT fraud.keep_cards() \g /dev/null
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(pg_temp.as_role('cards_both', 'how'), 'read 2 0 0', 'without it, it does again');
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) VALUES ('passport', 'X1', NULL, '339998001001', '2023-01-01');
SELECT is(pg_temp.as_role('cards_both', 'how'), 'read 2 0 0', 'a person in a county that is known changes nothing');
UPDATE fraud.person SET region = '119999001001';
SELECT is(pg_temp.as_role('cards_both', 'how'), 'counted 0 0 0', 'one who moves away does');
SELECT fraud.set_scope('cards_both', '33', 'x') \g /dev/null
UPDATE fraud.person SET region = '339998001001';
SELECT fraud.keep_cards() \g /dev/null
SELECT fraud.refresh_cards() \g /dev/null
SELECT is(pg_temp.as_role('cards_both', 'how'), 'read 2 0 0', 'counted anew, all lies in the province');

-- Scopes end, rights are taken back, an office has policies of its own.
UPDATE fraud.access_scope SET until = (now() AT TIME ZONE 'Asia/Shanghai')::date - 1 WHERE role = 'cards_both';
SELECT is(pg_temp.as_role('cards_both', 'how'), 'counted 0 0 0', 'a scope that is over');
UPDATE fraud.access_scope SET until = NULL WHERE role = 'cards_both';
SELECT is(pg_temp.as_role('cards_both', 'how'), 'read 2 0 0', 'and one that is not');
BEGIN;
REVOKE SELECT ON fraud.den FROM cards_both;
SAVEPOINT one;
SELECT matches(pg_temp.error_of($$SELECT pg_temp.as_role('cards_both', 'seen')$$), '^42501\npermission denied for table den', 'who may not read a table of facts is told so, with cards as without');
ROLLBACK;
BEGIN;
CREATE POLICY mine ON fraud.finding AS RESTRICTIVE USING (kind <> 'ledger_missing');
SELECT is(pg_temp.as_role('cards_both', 'how'), 'counted 0 0 0', 'a policy of the office');
SELECT is(pg_temp.as_role('cards_both', 'seen'), 'A 88 B 93', 'hides the finding');
ROLLBACK;
BEGIN;
ALTER TABLE fraud.den ENABLE ROW LEVEL SECURITY;
SELECT is(pg_temp.as_role('cards_both', 'how'), 'counted 0 0 0', 'a table that the office closes');
ROLLBACK;
BEGIN;
REVOKE SELECT ON fraud.unit_card FROM cards_both;
SELECT is(pg_temp.as_role('cards_both', 'seen'), 'A 88 B 92', 'who may not read the cards counts');
ROLLBACK;
ALTER ROLE cards_clerk BYPASSRLS;
SELECT is(pg_temp.as_role('cards_clerk', 'how'), 'read 2 0 0', 'a role that row security does not bind');
ALTER ROLE cards_clerk NOBYPASSRLS;

-- A clerk under row security writes facts, and need not write touches.
GRANT INSERT (unit, kind, found_on) ON fraud.finding TO cards_a;
SET ROLE cards_a;
INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('339997001001', 'ledger_missing', '2023-06-03');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.unit_touched (kind, key) VALUES ('unit', 'x')$$), E'42501\npermission denied for table unit_touched', 'nobody writes touches by hand');
SELECT matches(pg_temp.error_of('SELECT * FROM fraud.refresh_cards()'), '^42501\nonly the owner of the registry keeps scorecards', 'nor refreshes, but the owner');
SELECT matches(pg_temp.error_of('SELECT fraud.keep_cards(false)'), '^42501', 'nor ends it');
RESET ROLE;
SELECT is(fraud.stale_units('nanma-2023', NULL), '{339997001001}', 'what the clerk wrote is known');
SELECT is((SELECT count(*) FROM fraud.unit_card_difference), 0::bigint, 'and right');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT matches(pg_temp.error_of('SELECT * FROM fraud.refresh_cards()'), '^25001\nnobody keeps scorecards under transaction isolation level repeatable read', 'not under a snapshot that is old');
COMMIT;

-- The trigger function on other tables.
CREATE TABLE public.stray (unit text);
CREATE TRIGGER stray AFTER INSERT ON public.stray FOR EACH STATEMENT EXECUTE FUNCTION antifraud.touch_cards('unit:unit');
SELECT matches(pg_temp.error_of($$INSERT INTO public.stray VALUES ('x')$$), '^42P01\nthe schema of table "stray" has no table unit_touched', 'elsewhere it has nowhere to write');
CREATE TABLE fraud.stray (unit text);
CREATE TRIGGER stray AFTER INSERT ON fraud.stray REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.touch_cards('unit:code');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.stray VALUES ('x')$$), '^42703\ntable "stray" has no column "code"', 'a column that is not there');
DROP TRIGGER stray ON fraud.stray;
CREATE TRIGGER stray AFTER INSERT ON fraud.stray FOR EACH ROW EXECUTE FUNCTION antifraud.touch_cards('unit:unit');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.stray VALUES ('x')$$), '^39P01\ntrigger "stray" runs antifraud.touch_cards\(\) at the wrong moment', 'not for each row');
DROP TRIGGER stray ON fraud.stray;
CREATE TRIGGER stray AFTER INSERT ON fraud.stray REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION antifraud.touch_cards('unit:unit');
GRANT CREATE ON SCHEMA fraud TO cards_clerk;
ALTER TABLE fraud.stray OWNER TO cards_clerk;
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.stray VALUES ('x')$$), '^42501\nantifraud.touch_cards\(\) does not serve table "stray"', 'nor for another owner''s table');
DROP TABLE fraud.stray;
SELECT matches(pg_temp.error_of('SELECT antifraud.touch_cards()'), 'trigger', 'it is a trigger function');

DROP OWNED BY cards_a, cards_both, cards_none, cards_clerk;
DROP ROLE cards_a, cards_both, cards_none, cards_clerk;
SELECT * FROM finish();
