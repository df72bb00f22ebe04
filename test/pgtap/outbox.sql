-- Messages to the outside: entered once, claimed by one, settled, tried again,
-- given up. Time is moved by hand: what stood for some minutes is written as
-- if it had.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

CREATE FUNCTION pg_temp.passes(minutes integer) RETURNS void
LANGUAGE sql AS $$
  UPDATE fraud.outbox SET not_before = not_before - make_interval(mins => minutes), claimed_until = claimed_until - make_interval(mins => minutes);
$$;

-- How many seconds a message waits from now on, to the nearest ten.
CREATE FUNCTION pg_temp.waits(message bigint) RETURNS numeric
LANGUAGE sql RETURN (SELECT round(extract(epoch FROM o.not_before - clock_timestamp()), -1) FROM fraud.outbox AS o WHERE o.id = message);

-- Entering

SELECT fraud.enqueue('escalation:1:raised', 'escalation', '{"escalation":1,"unit":"370323002004","rung":"reminder"}') \g /dev/null
SELECT fraud.enqueue('escalation:1:raised', 'escalation', '{"escalation":2}') \g /dev/null
SELECT results_eq('SELECT id, key, topic, payload::text, attempts FROM fraud.outbox',
  $$VALUES (1::bigint, 'escalation:1:raised', 'escalation', '{"rung": "reminder", "unit": "370323002004", "escalation": 1}', 0)$$,
  'a second message of the same key is not entered, and harms nothing');

SELECT is(split_part(pg_temp.error_of($$SELECT fraud.enqueue('a b', 'escalation')$$), E'\n', 2),
  'new row for relation "outbox" violates check constraint "outbox_key_form"', 'a key has no blanks');
SELECT is(split_part(pg_temp.error_of($$SELECT fraud.enqueue('', 'escalation')$$), E'\n', 2),
  'new row for relation "outbox" violates check constraint "outbox_key_form"', 'nor is it empty');
SELECT is(split_part(pg_temp.error_of($$SELECT fraud.enqueue('k', 'Escalation!')$$), E'\n', 2),
  'new row for relation "outbox" violates check constraint "outbox_topic_form"', 'a topic is a code');
SELECT is(split_part(pg_temp.error_of($$SELECT fraud.enqueue('k', 'escalation', '[1]')$$), E'\n', 2),
  'new row for relation "outbox" violates check constraint "outbox_payload_object"', 'a payload is an object');
SELECT is(split_part(pg_temp.error_of(format($$SELECT fraud.enqueue('k', 'escalation', %L)$$, payload)), E'\n', 2),
  'new row for relation "outbox" violates check constraint "outbox_payload_names_nobody"', 'no identity leaves: ' || payload)
FROM unnest(ARRAY['{"name":"x"}', '{"unit":"1","person":{"Citizen_ID":"x"}}', '{"list":[{"姓名":"x"}]}', '{"list":[[1,{"phone":"1"}]]}',
  '{"text":"请核查 990101199001011234 一人"}', '{"text":"99010119900101123X"}', '{"n":990101199001011234}']) AS payload;
-- grids have 15 digits, communities 12; a rung may be called a name
SELECT lives_ok($$SELECT fraud.enqueue('k' || o, 'other', p::jsonb)
  FROM unnest(ARRAY['{"region":"370323002004001"}', '{"unit":"370323002004","rung_name":"yellow card"}', '{"until":"20240101199001011234567"}']) WITH ORDINALITY AS x (p, o)$$,
  'codes of places may leave');
DELETE FROM fraud.outbox WHERE topic = 'other';

-- Claiming

SELECT fraud.enqueue('m:' || n, CASE WHEN n = 3 THEN 'reminder' ELSE 'escalation' END, jsonb_build_object('n', n)) FROM generate_series(2, 5) AS n \g /dev/null
SELECT results_eq($$SELECT key, attempt, claimed_until > now() + interval '4 minutes' AND claimed_until <= clock_timestamp() + interval '5 minutes' FROM fraud.claim_outbox(2)$$,
  $$VALUES ('escalation:1:raised', 1, true), ('m:2', 1, true)$$, 'the oldest come first, for five minutes');
SELECT results_eq($$SELECT key FROM fraud.claim_outbox(10, '1 minute', 'second', '{reminder}')$$, $$VALUES ('m:3')$$, 'only one topic');
SELECT results_eq($$SELECT key FROM fraud.claim_outbox(10, '1 minute', 'second')$$, $$VALUES ('m:4'), ('m:5')$$, 'what others have is not handed out');
SELECT is_empty($$SELECT * FROM fraud.claim_outbox()$$, 'then nothing is left');
SELECT results_eq($$SELECT DISTINCT claimed_by FROM fraud.outbox WHERE key >= 'm:3'$$, $$VALUES ('second')$$, 'who has it is written down');
SELECT matches((SELECT claimed_by FROM fraud.outbox WHERE key = 'm:2'), '^[^ ]+, process [0-9]+$', 'also where no name was given');

SELECT is(pg_temp.error_of('SELECT * FROM fraud.claim_outbox(0)'), E'22023\ncannot claim 0 messages\nClaim from 1 to 10000 at a time.', 'n is above 0');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.claim_outbox(NULL)'), '22023 cannot claim NULL messages', 'n is known');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.claim_outbox(1, ''0'')'), '22023 a lease of 00:00:00 is out of range', 'a lease lasts');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.claim_outbox(1, ''2 days'')'), '22023 a lease of 2 days is out of range', 'and ends');

-- Settling. Ids 1, and from the identity: 6 refused ones took numbers too, so
-- messages are looked up by their keys.

CREATE FUNCTION pg_temp.id_of(text) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.outbox WHERE key = $1);

SELECT is(fraud.settle_outbox(1, 1), 'delivered', 'delivered');
SELECT is(fraud.settle_outbox(1, 1), 'delivered', 'and again');
SELECT is(fraud.settle_outbox(1, 1, 'refused'), 'delivered', 'what was delivered stays so');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:2'), 1, 'HTTP 503'), 'retry', 'failed: it will be tried again');
SELECT results_eq($$SELECT attempts, claimed_by, last_error, dead_at FROM fraud.outbox WHERE key = 'm:2'$$,
  $$VALUES (1, NULL::text, 'HTTP 503', NULL::timestamptz)$$, 'with the error kept');
-- 1 minute, by default
SELECT is(pg_temp.waits(pg_temp.id_of('m:2')), 60::numeric, 'after a minute');
SELECT is_empty($$SELECT * FROM fraud.claim_outbox()$$, 'not before');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:2'), 1, 'HTTP 503'), 'late', 'a failure is counted once');
SELECT is(pg_temp.error_of(format('SELECT fraud.settle_outbox(%s, 2)', pg_temp.id_of('m:2'))),
  format(E'22023\nmessage %s has no attempt 2\nIt was handed out 1 times.\nReport the attempt that claim_outbox() gave.', pg_temp.id_of('m:2')), 'an attempt that never was');
SELECT is(pg_temp.message_of('SELECT fraud.settle_outbox(1, NULL)'), '22023 message 1 has no attempt NULL', 'or none');
SELECT is(pg_temp.message_of('SELECT fraud.settle_outbox(0, 1)'), 'P0002 the outbox has no message 0', 'a message that never was');
SELECT is(pg_temp.message_of('SELECT fraud.settle_outbox(NULL, 1)'), 'P0002 the outbox has no message NULL', 'or none');

-- Back-off: 1, 2, 4, ... 256 minutes after failures 1 to 9, then at most 6
-- hours; the tenth is the last. m:2 failed once; 3 to 5 are with "second" for a
-- minute more.
SELECT results_eq('SELECT fraud.outbox_pause(n) FROM unnest(ARRAY[1, 2, 3, 9, 10, 100000, 0, -5]) AS n',
  $$VALUES (interval '1 minute'), ('2 minutes'), ('4 minutes'), ('256 minutes'), ('6 hours'), ('6 hours'), ('1 minute'), ('1 minute')$$, 'pauses double, up to six hours');
UPDATE fraud.outbox_setting SET first_retry = '10 seconds', retry_factor = 3, longest_retry = '1 day', max_attempts = 3;
-- 10, 30, 90 s; 10 * 3^9 = 196,830 s is more than a day
SELECT results_eq('SELECT fraud.outbox_pause(n) FROM unnest(ARRAY[1, 2, 3, 10]) AS n',
  $$VALUES (interval '10 seconds'), ('30 seconds'), ('90 seconds'), ('24:00:00')$$, 'as the office sets them');
SELECT is(split_part(pg_temp.error_of('UPDATE fraud.outbox_setting SET max_attempts = 0'), E'\n', 2),
  'new row for relation "outbox_setting" violates check constraint "outbox_setting_max_attempts_range"', 'at least one attempt');

SELECT pg_temp.passes(1) \g /dev/null
SELECT results_eq($$SELECT key, attempt FROM fraud.claim_outbox(10, '1 minute', 'third')$$, $$VALUES ('m:2', 2), ('m:3', 2), ('m:4', 2), ('m:5', 2)$$,
  'leases that ended without an answer are handed out anew');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:3'), 1, 'slow'), 'late', 'a late failure takes it from nobody');
SELECT is((SELECT claimed_by FROM fraud.outbox WHERE key = 'm:3'), 'third', 'it is still with the third');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:4'), 1), 'delivered', 'a late delivery counts');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:4'), 2, 'duplicate'), 'delivered', 'the other one''s answer changes nothing');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:2'), 2, '  '), 'retry', 'a second failure');
SELECT is(pg_temp.waits(pg_temp.id_of('m:2')), 30::numeric, 'waits longer');
SELECT is((SELECT last_error FROM fraud.outbox WHERE key = 'm:2'), 'failed, no reason given', 'an error without words');

-- The third is the last: m:2 fails, m:3 and m:5 are never heard of again.
SELECT pg_temp.passes(1) \g /dev/null
SELECT results_eq($$SELECT key, attempt FROM fraud.claim_outbox(10, '1 minute', 'fourth')$$, $$VALUES ('m:2', 3), ('m:3', 3), ('m:5', 3)$$, 'the last attempt');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:2'), 3, 'HTTP 410'), 'dead', 'given up');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:2'), 3, 'HTTP 410'), 'dead', 'once');
SELECT pg_temp.passes(2) \g /dev/null
SELECT is_empty($$SELECT * FROM fraud.claim_outbox()$$, 'nothing is handed out a fourth time');
SELECT results_eq($$SELECT key, attempts, regexp_replace(last_error, '\d{4}-\S+ \S+', '...') FROM fraud.outbox_dead ORDER BY key$$,
  $$VALUES ('m:2', 3, 'HTTP 410'), ('m:3', 3, 'no answer to attempt 3 from fourth until ...'), ('m:5', 3, 'no answer to attempt 3 from fourth until ...')$$,
  'also those of a deliverer that crashed on them');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:5'), 3), 'delivered', 'delivered after it was given up: it was not lost after all');
SELECT results_eq('SELECT topic, waiting, leased, retrying, delivered, dead FROM fraud.outbox_status ORDER BY topic',
  $$VALUES ('escalation', 0::bigint, 0::bigint, 0::bigint, 3::bigint, 1::bigint), ('reminder', 0, 0, 0, 0, 1)$$, 'how delivery goes');

-- Trying again

SELECT fraud.requeue_outbox(pg_temp.id_of('m:2'), 'address mended') \g /dev/null
SELECT results_eq($$SELECT key, attempt FROM fraud.claim_outbox()$$, $$VALUES ('m:2', 4)$$, 'attempts go on counting');
SELECT matches((SELECT last_error FROM fraud.outbox WHERE key = 'm:2'), '^tried again, address mended, by \S+; before that: HTTP 410$', 'who tried again, and why');
SELECT is(fraud.settle_outbox(pg_temp.id_of('m:2'), 4, 'x'), 'retry', 'and three more are allowed');
SELECT is(pg_temp.waits(pg_temp.id_of('m:2')), 10::numeric, 'with pauses from the beginning');
SELECT is(pg_temp.error_of('SELECT fraud.requeue_outbox(1, ''x'')') LIKE E'55000\nmessage 1 was not given up\nIt was delivered at %', true, 'not what was delivered');
SELECT is(pg_temp.message_of(format('SELECT fraud.requeue_outbox(%s, ''x'')', pg_temp.id_of('m:2'))), format('55000 message %s was not given up', pg_temp.id_of('m:2')), 'nor what waits');
SELECT is(pg_temp.message_of('SELECT fraud.requeue_outbox(0, ''x'')'), 'P0002 the outbox has no message 0', 'nor what never was');
SELECT is(pg_temp.message_of('SELECT fraud.requeue_outbox(1, '' '')'), '22023 a message is tried again for a reason', 'nor without a reason');

-- With a moment of its own
SELECT fraud.enqueue('tomorrow', 'reminder', '{}', now() + interval '1 day') \g /dev/null
SELECT is_empty($$SELECT * FROM fraud.claim_outbox(10, '1 minute', NULL, '{reminder}')$$, 'a message for tomorrow waits');

-- Who may. A role that delivers sees the outbox and nothing else; one that has
-- a scope sees the registry, and no message.

CREATE ROLE outbox_deliverer;
CREATE ROLE outbox_other;
CREATE ROLE outbox_clerk;
GRANT USAGE ON SCHEMA tap TO outbox_deliverer, outbox_other, outbox_clerk;
SELECT fraud.set_deliverer('outbox_deliverer') \g /dev/null
SELECT fraud.set_deliverer('outbox_other') \g /dev/null
SELECT fraud.set_scope('outbox_clerk', '370323', 'test') \g /dev/null
SELECT fraud.enqueue('w:1', 'escalation'), fraud.enqueue('w:2', 'escalation') \g /dev/null

SET ROLE outbox_deliverer;
SELECT results_eq('SELECT key FROM fraud.claim_outbox(1)', $$VALUES ('w:1')$$, 'a deliverer claims');
SELECT is(fraud.settle_outbox((SELECT id FROM fraud.outbox WHERE key = 'w:1'), 1), 'delivered', 'and settles');
SELECT lives_ok('SELECT * FROM fraud.outbox_dead, fraud.outbox_status', 'and looks');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.fraud_case'), '42501 permission denied for table fraud_case', 'and sees no fact');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.person_masked'), '42501 permission denied for view person_masked', 'and no person');
SELECT is(pg_temp.message_of($$UPDATE fraud.outbox SET payload = '{}'$$), '42501 permission denied for table outbox', 'and changes no message');
SELECT is(pg_temp.message_of($$UPDATE fraud.outbox SET key = 'x'$$), '42501 permission denied for table outbox', 'nor its key');
SELECT is(pg_temp.message_of('DELETE FROM fraud.outbox'), '42501 permission denied for table outbox', 'nor takes it away');
SELECT is(pg_temp.message_of($$SELECT fraud.enqueue('x', 'x')$$), '42501 permission denied for function enqueue', 'nor enters one');
RESET ROLE;

SET ROLE outbox_clerk;
SELECT is_empty('SELECT * FROM fraud.outbox', 'a clerk with a scope sees no message');
SELECT is(pg_temp.message_of('SELECT * FROM fraud.claim_outbox()'), '42501 permission denied for table outbox', 'and claims none');
RESET ROLE;
GRANT INSERT ON fraud.outbox TO outbox_clerk;
SET ROLE outbox_clerk;
SELECT lives_ok($$SELECT fraud.enqueue('clerk:1', 'escalation')$$, 'who may enter messages');
SELECT lives_ok($$SELECT fraud.enqueue('clerk:1', 'escalation')$$, 'enters one once');
SELECT is_empty('SELECT * FROM fraud.outbox', 'and sees none for that');
RESET ROLE;
SELECT is((SELECT count(*) FROM fraud.outbox WHERE key = 'clerk:1'), 1::bigint, 'it is there');

SELECT fraud.set_deliverer('outbox_deliverer', false) \g /dev/null
SET ROLE outbox_deliverer;
SELECT is(pg_temp.message_of('SELECT * FROM fraud.claim_outbox()'), '42501 permission denied for function claim_outbox', 'no longer');
RESET ROLE;
SET ROLE outbox_other;
SELECT results_eq('SELECT key FROM fraud.claim_outbox(1)', $$VALUES ('w:2')$$, 'the other one still');
RESET ROLE;
SELECT is(pg_temp.error_of($$SELECT fraud.set_deliverer('outbox_nobody')$$), E'42704\nrole ''outbox_nobody'' does not exist\nCREATE ROLE first: the registry creates none.', 'a role that does not exist');
SELECT is(pg_temp.message_of($$SELECT fraud.set_deliverer('outbox_other', NULL)$$), '22004 may_deliver cannot be NULL', 'yes or no');

-- NOTIFY only where somebody wants it
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'fraud.outbox'::regclass AND NOT tgisinternal), 0::bigint, 'a new registry sends none');
SELECT fraud.notify_outbox('fraud "outbox" ''1''') \g /dev/null
SELECT lives_ok($$SELECT fraud.enqueue('n:1', 'escalation')$$, 'a channel of any name');
SELECT fraud.notify_outbox('again') \g /dev/null
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'fraud.outbox'::regclass AND NOT tgisinternal), 1::bigint, 'another channel replaces it');
SELECT is(pg_temp.message_of(format('SELECT fraud.notify_outbox(%L)', repeat('界', 22))), format('22023 %L cannot be the name of a channel', repeat('界', 22)), '66 bytes are too many');
SELECT fraud.notify_outbox(NULL) \g /dev/null
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'fraud.outbox'::regclass AND NOT tgisinternal), 0::bigint, 'and none again');

-- A hundred thousand delivered ones cost a claim nothing
INSERT INTO fraud.outbox (key, topic, delivered_at) SELECT 'old:' || n, 'escalation', now() FROM generate_series(1, 100000) AS n;
ANALYZE fraud.outbox;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END$$;
SELECT isnt_empty($$SELECT * FROM pg_temp.plan_of('SELECT id FROM fraud.outbox WHERE delivered_at IS NULL AND dead_at IS NULL AND not_before <= now() ORDER BY not_before, id LIMIT 10') AS p WHERE p LIKE '%using outbox_waiting%'$$,
  'what waits is found by its index');

SELECT * FROM finish();
DROP OWNED BY outbox_deliverer, outbox_other, outbox_clerk;
DROP ROLE outbox_deliverer, outbox_other, outbox_clerk;
