-- Persons under control: who may be enrolled, tiers, check-ins, suspensions,
-- responsible officers and their handover, squads, plans and policies.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- A citizen id of the county 339999, which does not exist, with its check
-- character (ISO 7064, MOD 11-2).
CREATE FUNCTION pg_temp.made_up(born date, sequence integer) RETURNS citizen_id
LANGUAGE sql
RETURN (SELECT (digits || substr('10X98765432', 1 + sum(substr(digits, i, 1)::int * (2 ^ (18 - i))::int)::int % 11, 1))::citizen_id
        FROM (SELECT '339999' || to_char(born, 'YYYYMMDD') || to_char(sequence, 'FM000') AS digits) AS d, generate_series(1, 17) AS i
        GROUP BY digits);

-- ------------------------------------------------------------------ persons

INSERT INTO fraud.person (citizen_id, name, category, unit, enrolled_on)
  VALUES (pg_temp.made_up('1988-07-07', 1), '甲某', 'former_offender', '370323002002', '2024-01-01');
SELECT is((SELECT (id, document_kind, region, status, tier, next_due)::text FROM fraud.person),
  '(1,citizen_id,370323002002,listed,,)', 'a person takes the region of the unit, and is listed');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, document_no, enrolled_on) VALUES ('passport', 'E0', '2024-01-01')$$),
  '23502 a person needs a region or a unit', 'neither region nor unit');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, document_no, unit, enrolled_on) VALUES ('passport', 'E0', 'none', '2024-01-01')$$),
  '23503 unit ''none'' does not exist', 'an unknown unit');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_no, region, enrolled_on) VALUES ('E0', '370323', '2024-01-01')$$),
  '23514 new row for relation "person" violates check constraint "person_one_document"', 'a citizen id is the usual document');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, region, enrolled_on) VALUES ('passport', '370323', '2024-01-01')$$),
  '23514 new row for relation "person" violates check constraint "person_one_document"', 'another one has a number');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (citizen_id, region, enrolled_on) VALUES (pg_temp.made_up('1988-07-07', 1), '370323', '2024-01-01')$$),
  '23505 duplicate key value violates unique constraint "person_citizen_id_once"', 'a person is entered once');

-- Minors: 18 on 2 January 2024 is born on 2 January 2006.
SELECT is(pg_temp.error_of($$INSERT INTO fraud.person (citizen_id, name, region, enrolled_on) VALUES (pg_temp.made_up('2006-01-03', 1), '乙某', '370323', '2024-01-02')$$),
  E'23514\na person under 18 cannot be enrolled on 2024-01-02\nRecords of juveniles are sealed (Criminal Procedure Law, art. 286) and no ground for control.\n'
  'Compare the date of birth and enrolled_on; help for a minor is no business of this table.', 'one day too young; the message names nobody');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, document_no, born_on, region, enrolled_on) VALUES ('passport', 'E1', '2006-01-03', '370323', '2024-01-02')$$),
  '23514 a person under 18 cannot be enrolled on 2024-01-02', 'by the date of birth, where there is no citizen id');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (citizen_id, region, enrolled_on) VALUES (pg_temp.made_up('2030-01-03', 1), '370323', '2024-01-02')$$),
  '23514 a person under 18 cannot be enrolled on 2024-01-02', 'not born yet');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.person (document_kind, document_no, born_on, region, enrolled_on) VALUES ('passport', 'E1', '2006-01-02', '370323', '2024-01-02')$$),
  'no error', '18 on that day');
SELECT is(pg_temp.message_of($$UPDATE fraud.person SET enrolled_on = '2024-01-01' WHERE document_no = 'E1'$$),
  '23514 a person under 18 cannot be enrolled on 2024-01-01', 'nor by a change of the day');
BEGIN;
SET LOCAL session_replication_role = replica;
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (citizen_id, region, enrolled_on) VALUES (pg_temp.made_up('2006-01-03', 1), '370323', '2024-01-02')$$),
  '23514 new row for relation "person" violates check constraint "person_of_age"', 'nor where triggers do not fire');
ROLLBACK;

-- Status and the end of control.
SELECT is(pg_temp.message_of($$UPDATE fraud.person SET status = 'reduced' WHERE id = 1$$), '23514 a person of status ''reduced'' needs an ended_on', 'who is taken off the list has a last day');
SELECT is(pg_temp.message_of($$UPDATE fraud.person SET ended_on = '2024-06-30' WHERE id = 1$$), '23514 a person of status ''listed'' cannot have an ended_on', 'who is listed has none');
SELECT is(pg_temp.message_of($$UPDATE fraud.person SET status = 'reduced', ended_on = '2023-12-31' WHERE id = 1$$),
  '23514 new row for relation "person" violates check constraint "person_ends_after_enrolment"', 'not before enrolment');
SELECT is(pg_temp.error_of($$UPDATE fraud.person SET status = 'reduced', ended_on = '2024-06-30' WHERE document_no = 'E1'$$), 'no error', 'both together');

-- ------------------------------------------------- tiers, check-ins, plans

INSERT INTO fraud.tier_change (person, tier, changed_on, decided_by) VALUES (1, 'high', '2024-01-01', '街道');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'low', '2024-01-01')$$),
  '23505 duplicate key value violates unique constraint "tier_change_once_a_day"', 'one tier a day');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, '高危', '2024-02-01')$$),
  '23503 insert or update on table "tier_change" violates foreign key constraint "tier_change_tier_fk"', 'a tier is a code');
SELECT fraud.void_fact('tier_change', 1, 'wrong tier') \g /dev/null
SELECT is(pg_temp.error_of($$INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'medium', '2024-01-01')$$), 'no error', 'a voided one makes room');
SELECT is(pg_temp.message_of($$UPDATE fraud.tier_change SET tier = 'low' WHERE voided_at IS NULL$$), '23001 column "tier" of table "tier_change" cannot be changed', 'decisions are kept');

-- Half past midnight in China is the day before in UTC.
SET timezone = 'UTC';
INSERT INTO fraud.checkin (person, checked_at, method) VALUES (1, '2024-01-08 00:30+08', 'visit'), (1, '2024-01-08 16:30+00', 'call');
SELECT is((SELECT array_agg(done_on ORDER BY id) FROM fraud.checkin), '{2024-01-08,2024-01-09}'::date[], 'a check-in belongs to its day in China, whatever the server thinks');
SET timezone = 'Asia/Shanghai';
SELECT is((SELECT array_agg(outcome) FROM fraud.checkin), '{completed,completed}', 'completed, unless it is said to have failed');
-- medium, every two weeks: seen on 9 January, due on the 23rd
SELECT is((SELECT (category, tier, next_due)::text FROM fraud.person WHERE id = 1), '(former_offender,medium,2024-01-23)', 'B25: a former offender is visited regularly, as the tier asks');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.checkin (person, checked_at, outcome) VALUES (1, now(), 'maybe')$$),
  '23514 new row for relation "checkin" violates check constraint "checkin_outcome_known"', 'no third outcome');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.checkin (person, checked_at) VALUES (1, 'infinity')$$),
  '23514 new row for relation "checkin" violates check constraint "checkin_done_in_years_1_to_9999"', 'on a day that exists');
SELECT is((SELECT array_agg(replace(pg_temp.message_of(format('INSERT INTO fraud.%s', row)), '23514 new row for relation "', '') ORDER BY place) FROM unnest(ARRAY[
    $$person (document_kind, document_no, born_on, region, enrolled_on) VALUES ('passport', 'Y', '1990-01-01', '370323002002', '10000-01-01')$$,
    $$person (document_kind, document_no, born_on, region, enrolled_on, status, ended_on) VALUES ('passport', 'Y', '1990-01-01', '370323002002', '2024-01-01', 'reduced', 'infinity')$$,
    $$tier_change (person, tier, changed_on) VALUES (1, 'high', '0001-12-31 BC')$$,
    $$control_policy (tier, valid_from, basis) VALUES ('high', '10000-01-01', 'x')$$,
    $$suspension (person, ground, starts_on, ends_on, approver) VALUES (1, 'hospital', '0001-12-31 BC', '0001-01-01', 'x')$$,
    $$suspension (person, ground, starts_on, ends_on, approver) VALUES (1, 'hospital', '9999-12-31', '10000-01-01', 'x')$$]) WITH ORDINALITY AS r (row, place)),
  ARRAY['person" violates check constraint "person_enrolled_in_years_1_to_9999"', 'person" violates check constraint "person_ended_in_years_1_to_9999"',
    'tier_change" violates check constraint "tier_change_in_years_1_to_9999"', 'control_policy" violates check constraint "control_policy_in_years_1_to_9999"',
    'suspension" violates check constraint "suspension_starts_in_years_1_to_9999"', 'suspension" violates check constraint "suspension_ends_in_years_1_to_9999"'],
  'nothing in years that no calendar has');
SELECT is(pg_temp.message_of('DELETE FROM fraud.checkin'), '23001 rows of table "checkin" cannot be removed', 'check-ins are kept');
SELECT is(pg_temp.message_of($$UPDATE fraud.checkin SET checked_at = now()$$), '23001 column "checked_at" of table "checkin" cannot be changed', 'as they were');
SELECT fraud.void_fact('checkin', 2, 'another person') \g /dev/null
SELECT is((SELECT void_reason FROM fraud.checkin WHERE id = 2), 'another person', 'or withdrawn');
SELECT is(pg_temp.message_of('TRUNCATE fraud.suspension'), '23001 rows of table "suspension" cannot be removed', 'so are suspensions');

INSERT INTO fraud.control_plan (person, plan, valid_from, approver) VALUES (1, '每周上门，介绍工作', '2024-01-01', '分管领导');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.control_plan (person, plan, valid_from, approver) VALUES (1, ' ', '2024-02-01', 'x')$$),
  '23514 new row for relation "control_plan" violates check constraint "control_plan_not_blank"', 'a plan says something');

-- -------------------------------------------------------------- suspensions

SELECT is(pg_temp.error_of($$INSERT INTO fraud.suspension (person, ground, starts_on, approver) VALUES (1, 'hospital', '2024-02-01', '分管领导')$$),
  E'23514\na suspension on the ground ''hospital'' needs an end\nIt may last at most 90 days.\nSet ends_on to its last day, 2024-04-30 at the latest.', 'a limit needs an end');
-- 1 February and 89 days: 28 left in February, 31 in March, 30 in April
SELECT is(pg_temp.error_of($$INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (1, 'hospital', '2024-02-01', '2024-05-01', '分管领导')$$),
  E'23514\na suspension from 2024-02-01 to 2024-05-01 is too long for the ground ''hospital''\nIt lasts 91 days; the ground allows 90.\n'
  'End it on 2024-04-30 at the latest; a longer absence needs an approval of its own.', 'a day too long');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver, source_key) VALUES (1, 'hospital', '2024-02-01', '2024-04-30', '分管领导', 'h1')$$),
  'no error', '90 days');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.suspension (person, ground, starts_on, approver) VALUES (1, 'custody', '2024-09-01', '派出所')$$), 'no error', 'custody may have no end yet');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.suspension (person, ground, starts_on, approver) VALUES (1, 'custody', '2024-09-01', '')$$),
  '23514 new row for relation "suspension" violates check constraint "suspension_approver_not_blank"', 'somebody approved it');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (1, 'custody', '2024-09-01', '2024-08-31', 'x')$$),
  '23514 new row for relation "suspension" violates check constraint "suspension_ends_after_start"', 'the end is not before the start');

CREATE FUNCTION pg_temp.suspension_id(which text) RETURNS bigint LANGUAGE sql
  RETURN (SELECT id FROM fraud.suspension WHERE ground = which AND voided_at IS NULL);
SELECT is(pg_temp.message_of($$SELECT fraud.end_suspension(999, '2024-02-01', 'x')$$), 'P0002 table suspension has no row 999', 'none such');
SELECT is(pg_temp.error_of($$SELECT fraud.end_suspension(pg_temp.suspension_id('hospital'), '2024-05-01', 'x')$$),
  format(E'22023\nsuspension %s cannot end on 2024-05-01\nIt runs from 2024-02-01 to 2024-04-30; on_day is to be its last day.\n', pg_temp.suspension_id('hospital')) ||
  'If it never began, void it; if it lasts longer, record another one with its own approval.', 'it is not lengthened');
SELECT is(split_part(pg_temp.message_of($$SELECT fraud.end_suspension(pg_temp.suspension_id('custody'), '2024-08-31', 'x')$$), 'cannot', 2), ' end on 2024-08-31', 'nor ended before it begins');
SELECT is(pg_temp.message_of($$SELECT fraud.end_suspension(pg_temp.suspension_id('hospital'), '2024-02-20', ' ')$$),
  '23001 a row of table "suspension" cannot be voided without a reason', 'nor without a reason');
SELECT is(fraud.end_suspension(pg_temp.suspension_id('hospital'), '2024-02-20', 'home again'), pg_temp.suspension_id('hospital'), 'it ends early: the new row');
SELECT is((SELECT array_agg(format('%s %s %s', starts_on, ends_on, void_reason) ORDER BY id) FROM fraud.suspension WHERE source_key = 'h1'),
  '{"2024-02-01 2024-04-30 home again","2024-02-01 2024-02-20 "}', 'the old one is void, the key goes on');
SELECT is(fraud.end_suspension(pg_temp.suspension_id('hospital'), '2024-02-20', 'again'), pg_temp.suspension_id('hospital'), 'saying it twice changes nothing');
SELECT is((SELECT count(*) FROM fraud.suspension WHERE source_key = 'h1'), 2::bigint, 'and adds nothing');
SELECT is(fraud.end_suspension(pg_temp.suspension_id('custody'), '2024-12-24', 'released'), pg_temp.suspension_id('custody'), 'an open one ends');
SELECT alike(pg_temp.message_of($$SELECT fraud.end_suspension(id, '2024-02-10', 'x') FROM fraud.suspension WHERE void_reason = 'home again'$$), '55000 suspension % is void already', 'a void one does not');

-- ------------------------------------------------------------------ officers

INSERT INTO fraud.officer (unit, subject, role, left_on) VALUES
  ('370323002002', 'o1', 'cadre', NULL), ('370323002002', 'o2', 'cadre', NULL), ('370323002002', 'o3', 'police', '2024-05-31'), ('370323002003', 'o4', 'grid', NULL);
INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on)
  SELECT 'passport', 'P' || n, '370323002002', '2024-01-01' FROM generate_series(1, 4) AS n;
CREATE FUNCTION pg_temp.p(n integer) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.person WHERE document_no = 'P' || n);
-- who is responsible for P1..P4, when
CREATE FUNCTION pg_temp.responsible() RETURNS text LANGUAGE sql
  RETURN (SELECT string_agg(format('%s o%s %s', p.document_no, r.officer, r.period), ', ' ORDER BY p.document_no, r.period) FROM fraud.responsible_officer AS r JOIN fraud.person AS p ON p.id = r.person);

INSERT INTO fraud.responsible_officer (person, officer, period) VALUES (pg_temp.p(1), 1, '[2024-01-01,)');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.responsible_officer (person, officer, period) VALUES (pg_temp.p(1), 2, '[2024-03-01,)')$$),
  '23P01 conflicting key value violates exclusion constraint "responsible_officer_one_at_a_time"', 'one responsible officer at any time');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.responsible_officer (person, officer, period) VALUES (pg_temp.p(2), 2, 'empty')$$),
  '23514 new row for relation "responsible_officer" violates check constraint "responsible_officer_period_begins"', 'for some day');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.responsible_officer (person, officer, period) VALUES (pg_temp.p(2), 2, '(,2024-01-01)')$$),
  '23514 new row for relation "responsible_officer" violates check constraint "responsible_officer_period_begins"', 'from a day on');
INSERT INTO fraud.responsible_officer (person, officer, period) VALUES
  (pg_temp.p(2), 1, '[2024-01-01,2024-07-01)'), (pg_temp.p(3), 1, '[2024-05-01,)'), (pg_temp.p(4), 2, '[2024-01-01,)'),
  (pg_temp.p(2), 3, '[2023-01-01,2024-01-01)');

SELECT is(pg_temp.error_of($$SELECT fraud.hand_over(1, 1, '2024-04-01', 'x')$$),
  E'22023\npersons cannot be handed over from officer 1 to officer 1 on 2024-04-01\nA handover needs two different officers, a day and a reason.\nCall hand_over(from_officer, to_officer, on_day, reason).', 'to oneself');
SELECT is(pg_temp.message_of($$SELECT fraud.hand_over(1, 2, '2024-04-01', ' ')$$), '22023 persons cannot be handed over from officer 1 to officer 2 on 2024-04-01', 'without a reason');
SELECT is(pg_temp.message_of($$SELECT fraud.hand_over(1, NULL, 'infinity', 'x')$$), '22023 persons cannot be handed over from officer 1 to officer NULL on infinity', 'to nobody');
SELECT is(pg_temp.message_of($$SELECT fraud.hand_over(1, 77, '2024-04-01', 'x')$$), '42704 officer 77 does not exist', 'to an unknown officer');
SELECT is(pg_temp.error_of($$SELECT fraud.hand_over(1, 3, '2024-06-01', 'x')$$),
  E'55000\nofficer 3 cannot take over a person on 2024-06-01\nThe officer left on 2024-05-31.\nName an officer who serves on that day.', 'to one who has left');
SELECT is(fraud.hand_over(1, 2, '2024-04-01', 'transfer'), 3::bigint, 'three persons are handed over in one statement');
SELECT is(pg_temp.responsible(),
  'P1 o1 [2024-01-01,2024-04-01), P1 o2 [2024-04-01,), P2 o3 [2023-01-01,2024-01-01), P2 o1 [2024-01-01,2024-04-01), P2 o2 [2024-04-01,2024-07-01), P3 o2 [2024-05-01,), P4 o2 [2024-01-01,)',
  'what ran is cut at the day, what was to come changes hands, an end stays, what is over stays');
SELECT is(fraud.hand_over(1, 2, '2024-04-01', 'transfer'), 0::bigint, 'there is nobody left to hand over');
SELECT is((SELECT array_agg(DISTINCT coalesce(reason, '-')) FROM fraud.responsible_officer WHERE officer = 2), '{-,transfer}', 'the reason stands in the new rows');
SELECT is(fraud.hand_over(2, 4, '2024-04-01', 'mistake', ARRAY[pg_temp.p(1), pg_temp.p(3)]), 2::bigint, 'some of them go on, on the same day');
SELECT is(pg_temp.responsible(),
  'P1 o1 [2024-01-01,2024-04-01), P1 o4 [2024-04-01,), P2 o3 [2023-01-01,2024-01-01), P2 o1 [2024-01-01,2024-04-01), P2 o2 [2024-04-01,2024-07-01), P3 o4 [2024-05-01,), P4 o2 [2024-01-01,)',
  'without a period of no days between');

SELECT fraud.assign_officer(pg_temp.p(4), 1, '2024-09-01', 'closer') \g /dev/null
SELECT fraud.assign_officer(pg_temp.p(4), 4, '2024-09-01', 'closer still') \g /dev/null
SELECT fraud.assign_officer(pg_temp.p(3), 1, '2024-03-01') \g /dev/null
SELECT fraud.assign_officer(pg_temp.p(3), 1, '2024-03-15') \g /dev/null
SELECT is((SELECT string_agg(x, ', ') FROM unnest(string_to_array(pg_temp.responsible(), ', ')) AS x WHERE x ~ '^P[34]'),
  'P3 o1 [2024-03-01,2024-05-01), P3 o4 [2024-05-01,), P4 o2 [2024-01-01,2024-09-01), P4 o4 [2024-09-01,)', 'one person: in place of another, the same day again, before another, unchanged');
SELECT is(pg_temp.message_of($$SELECT fraud.assign_officer(0, 1, '2024-09-01')$$), '42704 person 0 does not exist', 'nobody to assign');
SELECT is(pg_temp.message_of($$SELECT fraud.assign_officer(pg_temp.p(4), 1, NULL)$$), '22023 an officer cannot become responsible on NULL', 'no day');
SELECT is(pg_temp.message_of($$SELECT fraud.assign_officer(pg_temp.p(4), 3, '2024-10-01')$$), '55000 officer 3 cannot take over a person on 2024-10-01', 'who has left');

-- -------------------------------------------------------------------- squads

SELECT is((SELECT string_agg(label_zh, ' ' ORDER BY rank) FROM fraud.squad_role), '分管领导 乡镇（街道）责任干部 派出所分管领导 民警 村社干部', 'the five of qingyuan');
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2024-03-01')), 30::bigint, 'six persons under control lack five each');
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2024-07-01')), 25::bigint, 'who is no longer under control lacks nothing');
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2023-12-31')), 0::bigint, 'nor who is not yet');
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2024-03-01', '370323002')), 25::bigint, 'in a town');
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2024-03-01', '370324')), 0::bigint, 'in another county');
INSERT INTO fraud.squad_member (person, role, officer, period)
  SELECT pg_temp.p(1), r.code, CASE r.code WHEN 'police' THEN 3 ELSE 1 END, '[2024-01-01,)' FROM fraud.squad_role AS r;
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2024-05-31') WHERE person = pg_temp.p(1)), 0::bigint, 'a squad is complete');
SELECT is((SELECT array_agg(format('%s %s %s', role, role_en, left_on)) FROM fraud.squad_vacancies('2024-06-01') WHERE person = pg_temp.p(1)),
  '{"police police officer 2024-05-31"}', 'until one leaves');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.squad_member (person, role, officer, period) VALUES (pg_temp.p(1), 'police', 1, '[2024-06-01,)')$$),
  '23P01 conflicting key value violates exclusion constraint "squad_member_one_a_role"', 'one in a role at any time');
SELECT is((SELECT array_agg(role) FROM fraud.squads('2024-06-01') WHERE person = pg_temp.p(1) AND vacant), '{police}', 'who has left fills no role');
UPDATE fraud.squad_member SET period = '[2024-01-01,2024-06-01)' WHERE role = 'police';
INSERT INTO fraud.squad_member (person, role, officer, period) VALUES (pg_temp.p(1), 'police', 2, '[2024-06-01,)');
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2024-06-01') WHERE person = pg_temp.p(1)), 0::bigint, 'and another follows');
SELECT is((SELECT array_agg(format('%s %s %s %s', role, officer, since, vacant)) FROM fraud.squads('2024-06-01') WHERE person = pg_temp.p(1)),
  ARRAY['leader 1 2024-01-01 f', 'cadre 1 2024-01-01 f', 'station_leader 1 2024-01-01 f', 'police 2 2024-06-01 f', 'village_cadre 1 2024-01-01 f'], 'who is in the squad');
SELECT is((SELECT count(*) FILTER (WHERE vacant) || ' of ' || count(*) FROM fraud.squads('2024-03-01', '370323002')),
  (SELECT count(*) FROM fraud.squad_vacancies('2024-03-01', '370323002')) || ' of 25', 'the vacant rows are the vacancies');
UPDATE fraud.squad_role SET required = false WHERE code = 'leader';
SELECT is((SELECT count(*) FROM fraud.squad_vacancies('2024-03-01')), 20::bigint, 'an office may do without a role');
UPDATE fraud.squad_role SET required = true;
UPDATE fraud.registry_info SET as_of = '2024-03-01';
SELECT is((SELECT count(*) FROM fraud.squad_vacancy), 25::bigint, 'the view looks at the day of the registry');
SELECT is(fraud.list_day(), '2024-03-01', 'which is set');
UPDATE fraud.registry_info SET as_of = NULL;
SELECT is(fraud.list_day(), (now() AT TIME ZONE 'Asia/Shanghai')::date, 'or today in China');

SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM fraud.checkin_method), 'call other station video visit', 'N40: methods of which the person knows, no secret ones');
-- ------------------------------------------------------------------ policies

-- Which cadence holds; and from where.
CREATE FUNCTION pg_temp.cadence(tier text, region region, day date) RETURNS text LANGUAGE sql
  RETURN (SELECT p.cadence::text FROM fraud.policy_for($1, $2, $3) AS p);
SELECT is((SELECT array_agg(format('%s %s', t.code, pg_temp.cadence(t.code, '370323002002', '2024-01-01')) ORDER BY t.rank DESC) FROM fraud.tier AS t),
  '{"high every 7 days","medium every 2 weeks","low every month"}', 'as shipped: qingyuan-2024');
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, basis) VALUES
  ('high', '37', '2024-02-01', 'every 5 days', '省'), ('high', '370323', '2024-03-01', 'every 3 days', '县'), ('high', '370323', '2024-04-01', 'every 2 days', '县'),
  ('high', '370323', '2024-05-01', NULL, '县'), ('high', NULL, '2024-06-01', 'every 6 days', '全国'), ('high', '370323002', '2025-01-01', NULL, '镇'), ('low', NULL, '2024-06-01', NULL, '全国');
SELECT is((SELECT array_agg(format('%s %s', d, pg_temp.cadence('high', '370323002002', d)) ORDER BY d)
           FROM unnest('{1999-12-31,2000-01-01,2024-01-31,2024-02-01,2024-02-29,2024-03-01,2024-04-01,2024-05-01,2024-06-01,2025-01-01}'::date[]) AS d),
  '{"1999-12-31 ","2000-01-01 every 7 days","2024-01-31 every 7 days","2024-02-01 every 5 days","2024-02-29 every 5 days","2024-03-01 every 3 days","2024-04-01 every 2 days","2024-05-01 every 5 days","2024-06-01 every 5 days","2025-01-01 every 5 days"}',
  'the most specific region wins, the latest row in it; one that withdraws gives way to the wider region');
SELECT is(pg_temp.cadence('high', '331126001001', '2024-06-01'), 'every 6 days', 'elsewhere the general one');
SELECT is(pg_temp.cadence('high', '37', '2024-06-01'), 'every 5 days', 'a region contains itself');
SELECT is(pg_temp.cadence('high', '370324', '2024-04-01'), 'every 5 days', 'and not its neighbour');
SELECT is(pg_temp.cadence('low', '370323002002', '2024-06-01'), NULL, 'withdrawn everywhere: nothing is due');
SELECT is(pg_temp.cadence('low', '370323002002', '2024-05-31'), 'every month', 'until then it was');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.control_policy (tier, valid_from, cadence, basis) VALUES ('high', '2024-06-01', 'every 4 days', 'x')$$),
  '23505 duplicate key value violates unique constraint "control_policy_once"', 'one row a tier, region and day, everywhere included');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.control_policy (tier, valid_from, cadence, grace, basis) VALUES ('high', '2024-07-01', 'every 4 days', 367, 'x')$$),
  '23514 new row for relation "control_policy" violates check constraint "control_policy_grace_range"', 'a grace of at most a year');

-- ---------------------------------------------------------------- privileges

SELECT is((SELECT array_agg(c.relname) FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
           WHERE c.relnamespace = 'fraud'::regnamespace AND c.relname ~ '^(person|checkin|suspension|tier|squad|responsible|control)' AND a.grantee = 0), NULL, 'nothing is granted to everybody');

SELECT * FROM finish();
