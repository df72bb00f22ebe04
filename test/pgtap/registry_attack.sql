-- What somebody could try who may do something, to do more, or to hide it:
-- tampering that leaves the canonical form as it was, steps on days long past,
-- and the right of the owner itself.
\ir setup.psql
SELECT plan(24);
\ir registry_setup.psql

-- ------------------------------------------------------------------ seals
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2023-06-01', 120000);
SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', '2023', 'office', NULL, '2024-01-10') AS seal \gset
SELECT digest FROM fraud.assessment \gset
SELECT is(fraud.sealed_field(date '2024-01-17'), '2024-01-17', 'a day is written as before');
SELECT is(fraud.sealed_field(to_date('2024-01-17 BC', 'YYYY-MM-DD BC')), '2024-01-17 BC', 'one before the year 1 otherwise');
SELECT is(ARRAY[fraud.sealed_field(date 'infinity'), fraud.sealed_field(date '-infinity'), fraud.sealed_field(NULL::date)], E'{infinity,-infinity,"\\\\N"}', 'and none that is not finite like one that is not there');
SELECT is(ARRAY[fraud.sealed_field(timestamptz '2023-12-31 16:00:00+00'), fraud.sealed_field(timestamptz '2024-01-17 00:00:00+00 BC'), fraud.sealed_field(timestamptz 'infinity'), fraud.sealed_field(NULL::timestamptz)],
  E'{2023-12-31T16:00:00.000000Z,"2024-01-17T00:00:00.000000Z BC",infinity,"\\\\N"}', 'the same of moments');
CREATE FUNCTION pg_temp.verified(tampering text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  SET LOCAL session_replication_role = replica;
  EXECUTE tampering;
  SET LOCAL session_replication_role = origin;
  SELECT string_agg(concat_ws(' ', v.assessment, v.ok, v.wrong), '; ' ORDER BY v.assessment) INTO said FROM fraud.verify_seals() AS v;
  RAISE EXCEPTION USING ERRCODE = 'P0099', MESSAGE = said;
EXCEPTION WHEN SQLSTATE 'P0099' THEN
  RETURN SQLERRM;
END
$$;
SELECT is(pg_temp.verified($$SELECT$$), '1 t {}', 'nothing was tampered with');
SELECT is(pg_temp.verified($$UPDATE fraud.assessment SET objections_until = to_date('2024-01-17 BC', 'YYYY-MM-DD BC')$$), '1 f {"the head was changed"}', 'the time for objections cannot be ended two thousand years ago');
SELECT is(pg_temp.verified($$UPDATE fraud.assessment_fact SET occurred_on = to_date('2023-06-01 BC', 'YYYY-MM-DD BC')$$), '1 f {"rows of unit ''370323002002'' were changed, added or removed"}', 'nor can a fact be moved there');
SELECT is(pg_temp.verified(format($$UPDATE fraud.%I SET region = '990101' WHERE unit = '370323002002'$$, t)), '1 f {"rows of unit ''370323002002'' were changed, added or removed"}', t || ': a region that hides a row is found')
FROM unnest('{assessment_item,assessment_fact}'::text[]) AS t;
SELECT is(pg_temp.verified(format($$INSERT INTO fraud.assessment_fact (assessment, unit, region, place, measure, occurred_on, source_table) VALUES (%s, '370323002002', '370323002002', 1, 'case', '2023-01-01', 'fraud_case')$$, n)), said, 'rows under number ' || n)
FROM (VALUES ('-1', '-1 f {"assessment -1 is missing","table \"assessment_fact\" has rows of unit ''370323002002'', which has no result"}; 1 f {"what it follows, assessment 0, is missing"}'),
             ('9000000000000000000', '1 t {}; 9000000000000000000 f {"assessment 9000000000000000000 is missing","table \"assessment_fact\" has rows of unit ''370323002002'', which has no result"}')) AS x (n, said);

-- ---------------------------------------------------- steps on days long past
CREATE ROLE attack_former;
-- What a statement raises when that role runs it; it is rolled back only then.
CREATE FUNCTION pg_temp.as_former(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE said text := 'no error';
BEGIN
  SET LOCAL ROLE attack_former;
  BEGIN EXECUTE statement; EXCEPTION WHEN OTHERS THEN said := SQLSTATE || ' ' || SQLERRM; END;
  RESET ROLE;
  RETURN said;
END
$$;
SELECT fraud.set_scope('attack_former', '370323', 'decides no more') \g /dev/null
GRANT INSERT (escalation, action, actor, happened_on, reason, evidence) ON fraud.escalation_event TO attack_former;
GRANT UPDATE (state, acknowledge_by, rectify_by, snoozed_until) ON fraud.escalation TO attack_former;
GRANT INSERT (region, period, approved_by, reason) ON fraud.escalation_suppression TO attack_former;
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('t.great', 'office', 'x', 'case', 'raise interview if amount >= 500000'), ('t.few', 'office', 'x', 'case', 'raise reminder if count >= 3');
INSERT INTO fraud.escalation_authority (role, authority, region, valid, basis) VALUES ('attack_former', '县联席办', '370323', '[2020-01-01,2024-06-01)', 'doc');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002003', '2024-03-15', 620000);
SELECT id AS talk FROM fraud.escalation \gset
SELECT is(pg_temp.as_former(format($$SELECT fraud.step_escalation(%s, 'reject', 'because', NULL, '2024-05-31')$$, :talk)),
  '42501 role attack_former may not reject an escalation to ''interview'' in region 370323002003', 'whose term has ended rejects nothing on a day of it');
SELECT is(pg_temp.as_former($$INSERT INTO fraud.escalation_suppression (region, period, approved_by, reason) VALUES ('370323', '[2024-05-31,2099-01-01)', 'me', 'x')$$),
  '42501 role attack_former may not suppress escalations in region 370323', 'nor keeps a county silent from then on');
INSERT INTO fraud.escalation_authority (role, authority, region, valid, basis) VALUES ('attack_former', '领导小组', '370323', '[2024-06-01,2099-01-01)', 'doc');
SELECT is(pg_temp.as_former(format($$SELECT fraud.step_escalation(%s, 'confirm', 'because', NULL, '2024-05-31')$$, :talk)), 'no error', 'who decides still can enter late what was decided then');
SELECT is((SELECT authority FROM fraud.escalation_event WHERE action = 'confirm'), '县联席办', 'in the name of the authority of that day');
SELECT fraud.step_escalation(:talk, 'acknowledge', NULL, NULL, '2024-06-02', 'Li'), fraud.step_escalation(:talk, 'rectify', 'done', '{"record": 1}', '2024-06-03', 'Li Si') \g /dev/null
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'verify', NULL, NULL, '2024-06-04', %L)$$, :talk, who)) ~ 'and cannot verify that$', true, 'a blank or a capital more makes nobody somebody else')
FROM unnest(ARRAY['Li Si ', E'LI\u3000SI']) AS w (who);

-- ------------------------------------------------------- units that change
-- three cases of a unit that is not active raise nothing; the fourth, when it
-- is, finds four
UPDATE fraud.unit SET active = false WHERE code = '370323002004';
INSERT INTO fraud.fraud_case (unit, filed_on, loss) SELECT '370323002004', '2024-03-15', 6 FROM generate_series(1, 3);
UPDATE fraud.unit SET active = true WHERE code = '370323002004';
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002004', '2024-03-16', 6);
SELECT is((SELECT array_agg(e.observed ->> 'count') FROM fraud.escalation AS e WHERE e.unit = '370323002004'), '{4}', 'a unit that becomes active is counted anew');
-- one case, of a community; the second is the second of a village
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, unit_kind) VALUES ('t.village', 'office', 'x', 'case', 'raise reminder if count >= 2', 'village');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002013', '2024-03-15', 6);
UPDATE fraud.unit SET kind = 'village' WHERE code = '370323002013';
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002013', '2024-03-16', 6);
SELECT is((SELECT array_agg(concat_ws(' ', e.rule, e.observed ->> 'count')) FROM fraud.escalation AS e WHERE e.unit = '370323002013'), '{"t.village 2"}', 'and so is one that becomes of another kind');
SELECT is((SELECT m.used FROM fraud.escalation_margin AS m WHERE m.unit = '370323002013'), 0::bigint, 'after that a margin is kept for it again');
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2024-03-15', 6);
INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002002', '2024-03-16', 6);
SELECT is((SELECT m.used FROM fraud.escalation_margin AS m WHERE m.unit = '370323002002'), 1::bigint, 'and used, where nothing changed: the first was counted, the second was not');

-- ------------------------------------------------- rights of the owner itself
SELECT is(pg_temp.error_of(format($$SELECT fraud.set_scope(%L, '370323', 'x')$$, current_user)),
  format(E'0LP01\nrole %I owns the registry and cannot have a scope\nRow security does not bind the owner.\nName another role: nobody should work with the account of the owner.', current_user), 'a scope would take the columns of names from the owner');
SELECT is(pg_temp.message_of(format($$SELECT fraud.set_deliverer(%L, %L)$$, current_user, may)), format('0LP01 role %I owns the registry and need not be let deliver', current_user), 'nor can the outbox be taken from it')
FROM unnest('{true,false}'::boolean[]) AS m (may);
SELECT * FROM finish();
