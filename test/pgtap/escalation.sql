-- The life of an escalation: entry, every step from every state, who may take
-- it, what it needs, and that nothing else changes anything.
\ir setup.psql
\ir registry_setup.psql
SELECT plan(89);

-- As message_of, and the statement is run once: a step can be taken once.
CREATE FUNCTION pg_temp.once(statement text) RETURNS text
LANGUAGE sql
AS $$ SELECT rtrim(split_part(e, E'\n', 1) || ' ' || split_part(e, E'\n', 2)) FROM (SELECT pg_temp.error_of(statement) AS e OFFSET 0) AS x $$;

-- ------------------------------------------------------------------ ladder
SELECT results_eq($$SELECT rung, label_zh, punitive, climbs_to FROM fraud.ladder ORDER BY rank$$,
  $$VALUES ('reminder', '工作提示函', false, 'notice'), ('notice', '督导通报', true, 'yellow_card'), ('yellow_card', '黄牌', true, 'red_card'), ('red_card', '红牌', true, 'interview'),
           ('interview', '约谈', true, 'higher_notice'), ('higher_notice', '平安抄告', true, 'listed_rectification'), ('listed_rectification', '挂牌整治', true, NULL),
           ('discipline', '纪检监察移送', true, NULL), ('veto', '一票否决', true, NULL)$$,
  'the ladder ships as the documents name its rungs; all but a reminder letter are only proposed, and nothing climbs to discipline or to a veto');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.ladder (rung, rank, label_zh, label_en, climbs_to) VALUES ('x', 20, 'x', 'x', 'x')$$) ~ 'ladder_does_not_climb_to_itself', true, 'no rung climbs to itself');

SELECT is((SELECT array_agg(l.rung ORDER BY l.rank) FROM fraud.ladder AS l WHERE pg_temp.message_of(format('UPDATE fraud.ladder SET punitive = false WHERE rung = %L', l.rung)) ~ 'ladder_never_automatic'),
  '{yellow_card,red_card,interview,higher_notice,listed_rectification,discipline,veto}', 'no office can make a punishment automatic');
UPDATE fraud.ladder SET punitive = true WHERE rung = 'notice';
SELECT lives_ok($$INSERT INTO fraud.ladder (rung, rank, label_zh, label_en, punitive) VALUES ('talk', 20, '谈话提醒', 'talk', false); DELETE FROM fraud.ladder WHERE rung = 'talk'$$, 'it can add rungs of its own');

-- ------------------------------------------------------------------- rules
INSERT INTO fraud.escalation_rule (code, source, clause_zh, cause, measure, rule, baseline) VALUES
  ('t.change', 'office', '发案上升', 'above_last_year', 'case', 'raise reminder if change > 0%, raise interview if change > 50%', 'last_year'),
  ('t.case', 'office', '重大案件', 'great_case', 'case', 'raise veto if amount >= 500000', NULL);
SELECT is(pg_temp.error_of($$INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('t.x', 'office', 'x', 'case', 'raise applause')$$),
  E'23503\nrule ''t.x'' raises ''applause'', which the ladder does not have\nIt says: raise applause.\nWrite a rung of the table ladder, or add it there.', 'a rule raises rungs of the ladder');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('t.x', 'office', 'x', 'case', 'deduct 5 per occurrence')$$),
  '23514 new row for relation "escalation_rule" violates check constraint "escalation_rule_only_raises"', 'and deducts nothing');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('t.x', 'office', 'x', 'case', 'raise reminder if change > 50%')$$),
  '23514 new row for relation "escalation_rule" violates check constraint "escalation_rule_has_its_baseline"', 'a change needs a baseline');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('t.x', 'office', 'x', 'case', 'raise reminder if count > baseline')$$),
  '23514 new row for relation "escalation_rule" violates check constraint "escalation_rule_has_its_baseline"', 'and so does a count against it');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule) VALUES ('t.x', 'office', 'x', 'publicity', 'raise reminder if count < required')$$),
  '23514 new row for relation "escalation_rule" violates check constraint "escalation_rule_requires_nothing"', 'what is required is a number here');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure) VALUES ('t.x', 'office', 'x', 'case')$$),
  '23514 new row for relation "escalation_rule" violates check constraint "escalation_rule_says_something"', 'a rule without a number names its rung at least');

-- Which hold on a day, and what they count. Periods by hand.
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, counted_over, valid, region) VALUES
  ('t.month', 'office', 'x', 'den', 'raise reminder', 'month', '[2023-01-01,2024-01-01)', '370323'),
  ('t.period', 'office', 'x', 'den', 'raise reminder', 'period', '[2023-03-15,2023-12-01)', '370323002'),
  ('t.open', 'office', 'x', 'den', 'raise reminder', 'period', '[2023-03-15,)', NULL);
INSERT INTO fraud.escalation_rule (code, programme, source, clause_zh, measure, rule, counted_over, region) VALUES
  ('t.narrow', 'nanma-2023', 'office', 'x', 'den', 'raise reminder', 'period', '370323002002'),
  ('t.wide', 'nanma-2023', 'office', 'x', 'den', 'raise reminder', 'year', '370323'),
  ('t.elsewhere', 'nanma-2023', 'office', 'x', 'den', 'raise reminder', 'year', '110101');
SELECT results_eq($$SELECT code, period_from, period_to, region::text FROM fraud.escalation_rules('2023-02-10') WHERE code ~ '^t' ORDER BY code$$,
  $$VALUES ('t.case', '2023-01-01'::date, '2023-12-31'::date, NULL), ('t.change', '2023-01-01', '2023-12-31', NULL), ('t.month', '2023-02-01', '2023-02-28', '370323')$$,
  'rules that hold on a day, with the year or month that they count; those of a programme not in force do not');
SELECT fraud.adopt_programme('nanma-2023', '370323002') \g /dev/null
SELECT results_eq($$SELECT code, period_from, period_to, region::text FROM fraud.escalation_rules('2023-07-01') WHERE code ~ '^t' ORDER BY code COLLATE "C"$$,
  $$VALUES ('t.case', '2023-01-01'::date, '2023-12-31'::date, NULL), ('t.change', '2023-01-01', '2023-12-31', NULL), ('t.month', '2023-07-01', '2023-07-31', '370323'),
           ('t.narrow', '2023-05-01', '2023-12-31', '370323002002'), ('t.open', '2023-03-15', '2023-12-31', NULL),
           ('t.period', '2023-03-15', '2023-11-30', '370323002'), ('t.wide', '2023-01-01', '2023-12-31', '370323002')$$,
  'of a programme and a region the narrower counts; a period without an end is cut to the year');
SELECT is_empty($$SELECT code FROM fraud.escalation_rules('2024-02-01') WHERE code IN ('t.narrow', 't.wide', 't.month', 't.period')$$, 'and none holds outside of its days');
DELETE FROM fraud.escalation_rule WHERE code IN ('t.month', 't.period', 't.open', 't.narrow', 't.wide', 't.elsewhere');

-- ------------------------------------------------------------------- entry
CREATE SEQUENCE pg_temp.nth;
CREATE FUNCTION pg_temp.raised(rung text, as_of date DEFAULT '2023-06-01', unit text DEFAULT '370323002002') RETURNS bigint
LANGUAGE sql
AS $$
  INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of, observed)
    VALUES ('t.change', rung, 'unit:' || unit, unit, unit::region, 'due:' || nextval('pg_temp.nth'), as_of, '{"count": 3, "baseline": 2}') RETURNING id
$$;
-- Each step as somebody else, so that who verifies is not who rectified.
CREATE FUNCTION pg_temp.step(id bigint, action text, on_day date DEFAULT '2023-06-02') RETURNS text
LANGUAGE sql
AS $$ SELECT fraud.step_escalation(id, action, 'because', '{"until": "2023-06-30", "document": "a"}', on_day, 'somebody who can ' || action) $$;
CREATE FUNCTION pg_temp.state(escalation bigint) RETURNS text
LANGUAGE sql
AS $$ SELECT e.state FROM fraud.escalation AS e WHERE e.id = escalation $$;

SELECT pg_temp.raised('reminder') AS letter \gset
SELECT pg_temp.raised('interview') AS talk \gset
-- 5 and 30 days from 1 June
SELECT results_eq(format($$SELECT state, acknowledge_by, rectify_by FROM fraud.escalation WHERE id = %s$$, :letter), $$VALUES ('raised', '2023-06-06'::date, '2023-07-01'::date)$$, 'a reminder letter is raised, with the days of the ladder');
SELECT results_eq(format($$SELECT state, acknowledge_by, rectify_by FROM fraud.escalation WHERE id = %s$$, :talk), $$VALUES ('proposed', NULL::date, NULL::date)$$, 'an interview is proposed, and nothing owed yet');
SELECT results_eq(format($$SELECT ordinal, action, from_state, to_state, happened_on, evidence FROM fraud.escalation_event WHERE escalation = %s$$, :talk),
  $$VALUES (1, 'propose', NULL, 'proposed', '2023-06-01'::date, '{"count": 3, "baseline": 2}'::jsonb)$$, 'the first event is entered with it, and says what the rule saw');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of, state) VALUES ('t.change', 'interview', 'unit:370323002002', '370323002002', '370323002002', 'due:x', '2023-06-01', 'raised')$$),
  E'23514\nan escalation to ''interview'' begins as proposed, not as raised\nA punitive rung is proposed, and confirmed or rejected with reasons: never automatic.\nLeave the state out.', 'no punitive rung is raised by itself');
SELECT is(pg_temp.message_of(format($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of) SELECT rule, rung, subject, unit, region, episode, '2023-07-01' FROM fraud.escalation WHERE id = %s$$, :talk)),
  '23505 duplicate key value violates unique constraint "escalation_once"', 'once for a subject, rule, episode and rung');
SELECT lives_ok(format($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of) SELECT rule, rung, subject, unit, region, 'period:2024-01-01', '2024-01-05' FROM fraud.escalation WHERE id = %s$$, :talk), 'a new episode is another one');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of) VALUES ('t.change', 'reminder', 'unit:370323002003', '370323002002', '370323002002', 'due:x', '2023-06-01')$$),
  '23514 new row for relation "escalation" violates check constraint "escalation_subject_form"', 'the subject is its unit, or a person');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of, caused_by) VALUES ('t.change', 'notice', 'unit:370323002002', '370323002002', '370323002002', 'climb:1', '2023-06-01', 2)$$),
  '23514 new row for relation "escalation" violates check constraint "escalation_climb_has_its_cause"', 'who climbs says from what');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation (rule, rung, subject, unit, region, episode, as_of) VALUES ('t.change', 'notice', 'unit:370323002002', '370323002002', '370323002002', 'climb:1', '2023-06-01')$$),
  '23514 new row for relation "escalation" violates check constraint "escalation_climb_has_its_cause"', 'and nothing climbs without');

-- Once it has raised something, a rule stays as it is.
SELECT is(pg_temp.error_of($$UPDATE fraud.escalation_rule SET rule = 'raise reminder if change > 10%, raise interview if change > 60%' WHERE code = 't.change'$$),
  E'55000\nrule ''t.change'' has raised something and can only be ended or switched off\nWhat was raised must stay explainable.\nEnd it by its column valid, and enter another under a new code.', 'a rule that has raised something is not changed');
SELECT is(pg_temp.message_of($$UPDATE fraud.escalation_rule SET valid = '[2023-01-01,)' WHERE code = 't.change'$$), '55000 rule ''t.change'' has raised something and can only be ended or switched off', 'nor begun later');
SELECT is(pg_temp.message_of($$DELETE FROM fraud.escalation_rule WHERE code = 't.change'$$), '23503 update or delete on table "escalation_rule" violates foreign key constraint "escalation_rule_fk" on table "escalation"', 'nor removed');
SELECT lives_ok($$UPDATE fraud.escalation_rule SET valid = '(,2025-01-01)', enabled = true WHERE code = 't.change'$$, 'it can be ended');
SELECT lives_ok($$UPDATE fraud.escalation_rule SET rule = 'raise veto if amount >= 600000' WHERE code = 't.case'$$, 'one that has raised nothing can still be changed');

-- --------------------------------------------------------------- authority
SELECT is(pg_temp.error_of(format($$SELECT fraud.step_escalation(%s, 'confirm', 'because', NULL, '2023-06-02')$$, :talk)),
  format(E'42501\nrole %I may not confirm an escalation to ''interview'' in region 370323002002\nNo authority that it acts for decides on that on 2023-06-02, and still does today.\nThe office says who does, in the table escalation_authority.', current_user),
  'as shipped nobody confirms anything, not even the owner');
INSERT INTO fraud.escalation_authority (role, authority, rung, region, valid, basis) VALUES
  (current_user, '县联席办', NULL, '370323', '[2023-01-01,2099-01-01)', 'doc'),
  (current_user, '创建活动领导小组', 'interview', '370323002', '[2023-01-01,2099-01-01)', 'doc'),
  ('nobody_by_that_name', '无', NULL, NULL, '(,)', 'doc');
SELECT is(fraud.escalation_authority_of('interview', '370323002002', '2023-06-02'), '创建活动领导小组', 'the authority for the rung and the narrowest place');
SELECT is(fraud.escalation_authority_of('veto', '370323002002', '2023-06-02'), '县联席办', 'else the one for all rungs');
SELECT is(fraud.escalation_authority_of('interview', '110101', '2023-06-02'), NULL, 'none elsewhere');
SELECT is(fraud.escalation_authority_of('interview', '370323002002', '2099-01-01'), NULL, 'nor after its last day');

-- ------------------------------------------------- every step, every state
-- How each state is reached, by hand; punitive ones begin as proposed.
CREATE FUNCTION pg_temp.at(state text, punitive boolean) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
  id bigint := pg_temp.raised(CASE WHEN punitive THEN 'interview' ELSE 'reminder' END);
  way text[] := CASE state WHEN 'proposed' THEN '{}' WHEN 'rejected' THEN '{reject}' WHEN 'raised' THEN '{}' WHEN 'delivered' THEN '{deliver}' WHEN 'acknowledged' THEN '{deliver,acknowledge}'
    WHEN 'rectified' THEN '{acknowledge,rectify}' WHEN 'verified' THEN '{acknowledge,rectify,verify}' WHEN 'closed' THEN '{acknowledge,rectify,verify,close}' WHEN 'withdrawn' THEN '{withdraw}' END;
  action text;
BEGIN
  IF punitive AND state NOT IN ('proposed', 'rejected', 'withdrawn') THEN way := ARRAY['confirm'] || way; END IF;
  FOREACH action IN ARRAY way LOOP PERFORM pg_temp.step(id, action); END LOOP;
  IF pg_temp.state(id) <> state THEN RAISE EXCEPTION 'not %', state; END IF;
  RETURN id;
END $$;
CREATE TABLE pg_temp.tried (punitive boolean, state text, action text, became text);
INSERT INTO pg_temp.tried
SELECT p.punitive, s.code, a.code, pg_temp.once(format('SELECT pg_temp.step(%s, %L)', pg_temp.at(s.code, p.punitive), a.code))
FROM (VALUES (true), (false)) AS p (punitive) CROSS JOIN fraud.escalation_state AS s CROSS JOIN fraud.escalation_action AS a
-- what is not punitive is never proposed nor rejected
WHERE p.punitive OR s.code NOT IN ('proposed', 'rejected');
-- 9 states and 7, 17 actions
SELECT is((SELECT count(*) FROM pg_temp.tried), (9 + 7) * 17::bigint, 'every action is tried from every state that a rung can be in');
SELECT is((SELECT array_agg(state || ' ' || action ORDER BY (state || ' ' || action) COLLATE "C") FROM pg_temp.tried WHERE became = 'no error' AND punitive),
  ARRAY['acknowledged cancel', 'acknowledged climb', 'acknowledged rectify', 'acknowledged remind', 'acknowledged snooze', 'acknowledged wake', 'acknowledged withdraw', 'closed cancel',
        'delivered acknowledge', 'delivered cancel', 'delivered climb', 'delivered remind', 'delivered snooze', 'delivered wake', 'delivered withdraw',
        'proposed cancel', 'proposed confirm', 'proposed reject', 'proposed remind', 'proposed snooze', 'proposed wake', 'proposed withdraw',
        'raised acknowledge', 'raised cancel', 'raised climb', 'raised deliver', 'raised remind', 'raised snooze', 'raised wake', 'raised withdraw',
        'rectified cancel', 'rectified return', 'rectified verify', 'rectified withdraw', 'verified cancel', 'verified close', 'verified withdraw', 'withdrawn reinstate']::text[], 'the steps that are legal, and no others');
SELECT set_eq($$SELECT state, action FROM pg_temp.tried WHERE became = 'no error' AND NOT punitive$$,
  $$SELECT state, action FROM pg_temp.tried WHERE became = 'no error' AND punitive AND state <> 'proposed'$$, 'the same where it is not punitive, but for what is proposed');
SELECT is_empty($$SELECT t.* FROM pg_temp.tried AS t WHERE (t.became = 'no error') <> EXISTS (SELECT FROM fraud.escalation_step AS s WHERE s.action = t.action AND s.from_state = t.state AND coalesce(s.punitive, t.punitive) = t.punitive)$$,
  'as the table of steps says');
SELECT is_empty($$SELECT * FROM pg_temp.tried WHERE became NOT IN ('no error') AND became !~ ('^55000 escalation [0-9]+ is ' || state || ' and cannot take the step "' || action || '"$')$$, 'all others are refused, by name of state and step');
SELECT pg_temp.at('proposed', true) AS waiting \gset
SELECT is(regexp_replace(pg_temp.error_of(format($$SELECT pg_temp.step(%s, 'acknowledge')$$, :waiting)), 'escalation [0-9]+', 'escalation N'),
  E'55000\nescalation N is proposed and cannot take the step "acknowledge"\nFrom there it can: cancel, confirm, reject, remind, snooze, wake, withdraw.\nThe table escalation_step has every step.', 'what could be done instead is said');
SELECT is(regexp_replace(pg_temp.error_of(format($$SELECT pg_temp.step(%s, 'deliver')$$, pg_temp.at('rejected', true))), 'escalation [0-9]+', 'escalation N'),
  E'55000\nescalation N is rejected and cannot take the step "deliver"\nNothing follows on this state.\nThe table escalation_step has every step.', 'or that nothing can');
SELECT results_eq($$SELECT s.to_state FROM fraud.escalation_step AS s WHERE s.action = 'reinstate' ORDER BY s.punitive$$, ARRAY['raised', 'proposed'], 'a punitive rung that holds again is decided anew');
SELECT pg_temp.at('withdrawn', true) AS again \gset
SELECT is(pg_temp.step(:again, 'reinstate'), 'proposed', 'and so it is');
SELECT is((SELECT array_agg(DISTINCT s.to_state) FROM fraud.escalation_step AS s WHERE s.action IN ('withdraw', 'cancel')), '{withdrawn}', 'withdrawn by the registry or cancelled by an authority: either way it is withdrawn');

-- ------------------------------------------------------ what a step needs
SELECT results_eq($$SELECT action || ': ' || pg_temp.once(format('SELECT fraud.step_escalation(%s, %L, NULL, %L, %L, %L)', pg_temp.at(state, true), action, '{"a": 1}', '2023-06-02', 'x'))
                    FROM (VALUES ('proposed', 'confirm'), ('proposed', 'reject'), ('acknowledged', 'rectify'), ('rectified', 'return'), ('raised', 'snooze'), ('raised', 'withdraw'), ('withdrawn', 'reinstate'), ('raised', 'cancel'), ('raised', 'deliver')) AS s (state, action)$$,
  ARRAY['confirm: 23502 the step "confirm" needs a reason', 'reject: 23502 the step "reject" needs a reason', 'rectify: 23502 the step "rectify" needs a reason', 'return: 23502 the step "return" needs a reason',
        'snooze: 23502 the step "snooze" needs a reason', 'withdraw: 23502 the step "withdraw" needs a reason', 'reinstate: 23502 the step "reinstate" needs a reason', 'cancel: 23502 the step "cancel" needs a reason', 'deliver: no error'],
  'decisions and their like need reasons');
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'reject', '  ', NULL, '2023-06-02')$$, :waiting)), '23514 new row for relation "escalation_event" violates check constraint "escalation_event_reason_not_blank"', 'blanks are none');
SELECT is(pg_temp.error_of(format($$SELECT fraud.step_escalation(%s, 'rectify', 'done', NULL, '2023-06-02')$$, pg_temp.at('acknowledged', true))),
  E'23502\nthe step "rectify" needs evidence\nWhat was put right can be shown.\nPass a JSON object: {"document": "...", "photographs": 3}.', 'what is put right is shown');
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'rectify', 'done', '{}', '2023-06-02')$$, pg_temp.at('acknowledged', true))), '23502 the step "rectify" needs evidence', 'an empty object shows nothing');
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'rectify', 'done', '[1]', '2023-06-02')$$, pg_temp.at('acknowledged', true))), '23514 new row for relation "escalation_event" violates check constraint "escalation_event_evidence_is_object"', 'nor does a list');
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'dance')$$, :waiting)), '22023 ''dance'' is no action on an escalation', 'an action that is none');
SELECT is(pg_temp.message_of($$SELECT fraud.step_escalation(0, 'confirm', 'because')$$), 'P0002 there is no escalation 0', 'an escalation that is none');
SELECT is(regexp_replace(pg_temp.error_of(format($$SELECT pg_temp.step(%s, 'confirm', '2023-05-31')$$, :waiting)), 'escalation [0-9]+', 'escalation N'),
  E'23514\nescalation N did not exist on 2023-05-31\nIt was raised as of 2023-06-01.\nGive the day on which the step was taken.', 'nothing is done before it was raised');

-- -------------------------------------------------------- days and snoozes
SELECT is(pg_temp.step(:waiting, 'confirm', '2023-06-20'), 'raised', 'an authority confirms');
-- 5 and 30 days from 20 June
SELECT results_eq(format($$SELECT state, acknowledge_by, rectify_by FROM fraud.escalation WHERE id = %s$$, :waiting), $$VALUES ('raised', '2023-06-25'::date, '2023-07-20'::date)$$, 'the days run from the confirmation');
SELECT results_eq(format($$SELECT actor, authority, reason, recorded_by = current_user FROM fraud.escalation_event WHERE escalation = %s AND action = 'confirm'$$, :waiting),
  $$VALUES ('somebody who can confirm', '创建活动领导小组', 'because', true)$$, 'who decided, in whose name, why, and who entered it');
UPDATE fraud.ladder SET acknowledge_days = NULL, rectify_days = 10 WHERE rung = 'red_card';
SELECT pg_temp.raised('red_card') AS card \gset
SELECT pg_temp.step(:card, 'confirm', '2023-06-05') \g /dev/null
SELECT results_eq(format($$SELECT acknowledge_by, rectify_by FROM fraud.escalation WHERE id = %s$$, :card), $$VALUES (NULL::date, '2023-06-15'::date)$$, 'an office sets other days, or none');
SELECT is(fraud.step_escalation(:card, 'snooze', 'flood', '{"until": "2023-06-30"}', '2023-06-10'), 'raised', 'a snooze leaves the state');
SELECT is((SELECT snoozed_until FROM fraud.escalation WHERE id = :card), '2023-06-30', 'until its day');
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'snooze', 'flood', '{"until": "2023-06-09"}', '2023-06-10')$$, :card)), '22023 an escalation cannot be snoozed from 2023-06-10 until ''2023-06-09''', 'not until before it begins');
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'snooze', 'flood', '{"until": "soon"}', '2023-06-10')$$, :card)), '22023 an escalation cannot be snoozed from 2023-06-10 until ''soon''', 'nor until no day');
SELECT is(pg_temp.message_of(format($$SELECT fraud.step_escalation(%s, 'snooze', 'flood', '{"until": "infinity"}', '2023-06-10')$$, :card)), '22023 an escalation cannot be snoozed from 2023-06-10 until ''infinity''', 'nor for ever');
SELECT pg_temp.step(:card, 'wake', '2023-07-01') \g /dev/null
SELECT is((SELECT snoozed_until FROM fraud.escalation WHERE id = :card), NULL, 'woken, it is snoozed no more');

-- ------------------------------------------------------ who put it right
SELECT pg_temp.at('acknowledged', false) AS work \gset
SELECT fraud.step_escalation(:work, 'rectify', 'done', '{"document": "a"}', '2023-06-03', 'the village') \g /dev/null
SELECT is(regexp_replace(pg_temp.error_of(format($$SELECT fraud.step_escalation(%s, 'verify', NULL, NULL, '2023-06-04', 'the village')$$, :work)), 'escalation [0-9]+', 'escalation N'),
  E'23514\n''the village'' put escalation N right, and cannot verify that\nSomebody else verifies it; name who as the actor.', 'nobody verifies their own work');
SELECT is(fraud.step_escalation(:work, 'return', 'not enough', NULL, '2023-06-04', 'the town'), 'acknowledged', 'it is sent back');
SELECT fraud.step_escalation(:work, 'rectify', 'now it is', '{"document": "b"}', '2023-06-05', 'the town') \g /dev/null
SELECT is(fraud.step_escalation(:work, 'verify', NULL, NULL, '2023-06-06', 'the village'), 'verified', 'who did the part that was sent back can verify another''s');
SELECT results_eq(format($$SELECT ordinal, action, to_state_zh FROM fraud.escalation_history WHERE escalation = %s ORDER BY ordinal$$, :work),
  $$VALUES (1, 'raise', '已发出'), (2, 'deliver', '已送达'), (3, 'acknowledge', '已签收'), (4, 'rectify', '已整改'), (5, 'return', '已签收'), (6, 'rectify', '已整改'), (7, 'verify', '已核验')$$, 'every step is kept, in order');

-- Four eyes: by the account, whoever is named. Two accounts of the county.
CREATE ROLE escalation_one; CREATE ROLE escalation_two;
SELECT fraud.set_scope(r, '370323', 'enters steps') FROM unnest('{escalation_one,escalation_two}'::name[]) AS r \g /dev/null
GRANT INSERT (escalation, action, actor, happened_on, reason, evidence) ON fraud.escalation_event TO escalation_one, escalation_two;
GRANT UPDATE (state, acknowledge_by, rectify_by, snoozed_until) ON fraud.escalation TO escalation_one, escalation_two;
CREATE FUNCTION pg_temp.by(who name, id bigint, action text, actor text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text; detail text; hint text;
BEGIN
  PERFORM set_config('role', who, true);
  BEGIN
    said := fraud.step_escalation(id, action, 'x', '{"document": "a"}', '2023-06-05', actor);
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    said := regexp_replace(concat_ws(E'\n', SQLSTATE, SQLERRM, detail, hint), 'escalation [0-9]+', 'escalation N');
  END;
  PERFORM set_config('role', 'none', true);
  RETURN said;
END
$$;
CREATE TEMP TABLE before_eyes AS SELECT escalation FROM fraud.escalation_one_account;
SELECT pg_temp.at('acknowledged', false) AS eyes \gset
SELECT rung AS eyes_rung FROM fraud.escalation WHERE id = :eyes \gset
SELECT is(pg_temp.by('escalation_one', :eyes, 'rectify', 'the village'), 'rectified', 'one account enters what the village did');
SELECT is(pg_temp.by('escalation_one', :eyes, 'verify', 'the town'),
  format(E'23514\naccount escalation_one entered that escalation N was put right, and cannot enter that this was verified\nIt takes two accounts, whoever is named as the actor.\nLet another account enter it. Where an office has only one, who allows that is named in ladder.one_account_allowed_by, of rung %L.', :'eyes_rung'),
  'and not that the town found it so');
SELECT is(pg_temp.by('escalation_two', :eyes, 'verify', 'the village') ~ 'put escalation N right, and cannot verify that', true, 'another account does, and not in the name of the village');
SELECT is(pg_temp.by('escalation_two', :eyes, 'return', 'the town'), 'acknowledged', 'it is sent back');
SELECT is(pg_temp.by('escalation_two', :eyes, 'rectify', 'the village'), 'rectified', 'put right by the other account');
SELECT is(pg_temp.by('escalation_one', :eyes, 'verify', 'the town'), 'verified', 'the first one can verify that');
SELECT is_empty('SELECT escalation FROM fraud.escalation_one_account EXCEPT SELECT escalation FROM before_eyes', 'two accounts are nothing to list');
SELECT pg_temp.at('acknowledged', false) AS eyes \gset
SELECT is(pg_temp.message_of(format('UPDATE fraud.ladder SET one_account_allowed_by = '' '' WHERE rung = %L', :'eyes_rung')) ~ 'ladder_one_account_allowed_by_not_blank', true, 'nobody allows nothing');
UPDATE fraud.ladder SET one_account_allowed_by = '县联席办' WHERE rung = :'eyes_rung';
SELECT results_eq($$SELECT rung, problem_zh FROM fraud.lint_escalation() WHERE problem = 'one_account'$$, format($$VALUES (%L, '允许同一账号录入整改和核验，批准者：县联席办')$$, :'eyes_rung'), 'an exception is listed');
SELECT pg_temp.by('escalation_one', :eyes, 'rectify', 'the village') \g /dev/null
SELECT is(pg_temp.by('escalation_one', :eyes, 'verify', 'the town'), 'verified', 'and holds');
SELECT results_eq(format('SELECT account, rectified_by, verified_by, verified_on, allowed_by FROM fraud.escalation_one_account WHERE escalation = %s', :eyes),
  $$VALUES ('escalation_one', 'the village', 'the town', '2023-06-05'::date, '县联席办')$$, 'what was done by it is listed');
UPDATE fraud.ladder SET one_account_allowed_by = NULL;
SELECT pg_temp.at('acknowledged', false) AS eyes \gset
SELECT fraud.step_escalation(:eyes, 'rectify', 'x', '{"document": "a"}', '2023-06-05', 'the village'), fraud.step_escalation(:eyes, 'verify', NULL, NULL, '2023-06-05', 'the town') \g /dev/null
SELECT results_eq(format('SELECT account, allowed_by FROM fraud.escalation_one_account WHERE escalation = %s', :eyes), 'SELECT current_user::text COLLATE "default", NULL::text', 'the owner is not refused, and listed');

-- ------------------------------------------------- nothing but by events
SELECT is(regexp_replace(pg_temp.error_of(format($$UPDATE fraud.escalation SET state = 'closed' WHERE id = %s$$, :work)), 'escalation [0-9]+', 'escalation N'),
  E'23001\nescalation N is changed by steps only\nIts state and days are those of its latest event; all else is as it was raised.\nTake a step: step_escalation(id, action, reason, evidence, on_day).', 'a state is not written by hand');
SELECT is((SELECT count(*) FROM (VALUES ('rectify_by = NULL'), ('rung = ''veto'''), ('unit = ''370323002003'', subject = ''unit:370323002003'''), ('observed = ''{}'''), ('raised_by = ''x''')) AS c (change)
           WHERE pg_temp.error_of(format('UPDATE fraud.escalation SET %s WHERE id = %s', c.change, :work)) ~ 'is changed by steps only'), 5::bigint, 'nor anything else');
SELECT is(pg_temp.message_of($$DELETE FROM fraud.escalation$$), '23001 rows of table "escalation" are not removed', 'no escalation is removed');
SELECT is(pg_temp.message_of($$TRUNCATE fraud.escalation CASCADE$$), '23001 rows of table "escalation" are not removed', 'nor all of them');
SELECT is(pg_temp.message_of($$UPDATE fraud.escalation_event SET reason = 'another'$$), '23001 rows of table "escalation_event" are not changed', 'no event is changed');
SELECT is(pg_temp.message_of($$DELETE FROM fraud.escalation_event$$), '23001 rows of table "escalation_event" are not removed', 'nor removed');

-- ------------------------------------------------------------ suppression
SELECT lives_ok($$INSERT INTO fraud.escalation_suppression (unit, period, approved_by, reason) VALUES ('370323002002', '[2023-06-01,2023-07-01)', 'office', 'flood')$$, 'who decides on all rungs suppresses');
SELECT is((SELECT region::text FROM fraud.escalation_suppression), '370323002002', 'where the unit lies');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_suppression (unit, period, approved_by, reason) VALUES ('370323002002', '[2023-06-01,)', 'office', 'flood')$$),
  '23514 new row for relation "escalation_suppression" violates check constraint "escalation_suppression_period_ends"', 'with an end');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.escalation_suppression (rule, period, approved_by, reason) VALUES ('t.case', '[2023-06-01,2023-07-01)', 'office', 'flood')$$),
  format('42501 role %I may not suppress escalations in every region', current_user), 'not beyond the place where they decide');
SELECT lives_ok($$UPDATE fraud.escalation_suppression SET period = '[2023-06-01,2023-06-15)'$$, 'it can be shortened');
SELECT is(pg_temp.message_of($$UPDATE fraud.escalation_suppression SET period = '[2023-06-01,2023-06-16)'$$) ~ 'can only be shortened', true, 'never lengthened');
SELECT is(pg_temp.message_of($$DELETE FROM fraud.escalation_suppression$$) ~ 'can only be shortened', true, 'nor removed');

SELECT * FROM finish();
