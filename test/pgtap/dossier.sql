-- Files, status as of a day, decisions, help, talks, suspects and lists of
-- persons. Numbers are worked out by hand beside them.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

INSERT INTO fraud.unit (code, region, name, kind) VALUES ('370323001', '370323001', '历山街道', 'town'), ('370323002', '370323002', '南麻街道', 'town');
-- sixty persons, by number; made-up passports
INSERT INTO fraud.person (document_kind, document_no, unit, enrolled_on)
  SELECT 'passport', 'P' || n, '370323002002', '2023-01-01' FROM generate_series(1, 60) AS n;
CREATE FUNCTION pg_temp.p(n integer) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.person WHERE document_no = 'P' || n);
CREATE FUNCTION pg_temp.now_is(n integer) RETURNS text LANGUAGE sql
  RETURN (SELECT status || coalesce(' ' || ended_on, '') FROM fraud.person WHERE id = pg_temp.p(n));
CREATE FUNCTION pg_temp.was(n integer, day date) RETURNS text LANGUAGE sql
  RETURN (SELECT s.status || CASE WHEN s.controlled THEN ' c' ELSE '' END || CASE WHEN s.returned THEN ' r' ELSE '' END FROM fraud.person_statuses(day) AS s WHERE s.person = pg_temp.p(n));

-- ------------------------------------------------------------------- status

UPDATE fraud.person SET status = 'abroad' WHERE id = pg_temp.p(1);
INSERT INTO fraud.status_change (person, status, changed_on, reason, basis, decided_by) VALUES (pg_temp.p(1), 'returned', '2024-03-01', '接受劝返', '专班研判', '街道办');
SELECT is(pg_temp.now_is(1), 'returned', 'the person follows the change');
SELECT is((SELECT (from_status, unit, region)::text FROM fraud.status_change), '(abroad,370323002002,370323002002)', 'the change knows what was before, and who answers');
SELECT is(array[pg_temp.was(1, '2024-02-29'), pg_temp.was(1, '2024-03-01')], '{abroad c,returned c r}', 'the status of the day before, and of the day');
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(1), 'reduced', '2024-11-30', '表现良好，解除列管', '联席办');
SELECT is(pg_temp.now_is(1), 'reduced 2024-11-30', 'taken off the list: control ends with that day');
SELECT is(array[pg_temp.was(1, '2024-11-29'), pg_temp.was(1, '2024-11-30')], '{returned c r,reduced r}', 'on the day itself the person is taken off, and still returned');
SELECT is((SELECT count(*) FROM fraud.controlled_persons('2024-11-30') AS c WHERE c.person = pg_temp.p(1)), 1::bigint, 'it is the last day under control');
SELECT is((SELECT count(*) FROM fraud.controlled_persons('2024-12-01') AS c WHERE c.person = pg_temp.p(1)), 0::bigint, 'and the next is not');
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(1), 'deceased', '2025-02-01', '死亡', '派出所');
SELECT is(pg_temp.now_is(1), 'deceased 2024-11-30', 'another status without control leaves its last day where it was');
-- entered late: between the other two
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(1), 'abroad', '2024-05-01', '再次出境', '派出所');
SELECT is(array[pg_temp.was(1, '2024-04-30'), pg_temp.was(1, '2024-05-01'), pg_temp.was(1, '2024-11-30')], '{returned c r,abroad c,reduced}', 'an earlier change that is entered later stands at its day');
SELECT fraud.void_fact('status_change', id, 'another person') FROM fraud.status_change WHERE status IN ('abroad', 'deceased') \g /dev/null
SELECT is(array[pg_temp.now_is(1), pg_temp.was(1, '2024-05-01')], '{reduced 2024-11-30,returned c r}', 'voided, it is as if it had not been');

SELECT is(pg_temp.error_of($$UPDATE fraud.person SET status = 'listed', ended_on = NULL WHERE id = pg_temp.p(1)$$),
  format(E'55000\nthe status of person %s follows from the table status_change\nBy the changes in force it is reduced, control having ended on 2024-11-30.\nInsert a row into status_change, or void one.', pg_temp.p(1)),
  'once there is a history, the row of the person is not changed past it');
SELECT is(pg_temp.error_of($$UPDATE fraud.person SET status = 'reduced', ended_on = '2024-11-30', name = '甲某' WHERE id = pg_temp.p(1)$$), 'no error', 'saying the same is no change');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(2), 'reduced', '2022-12-31', 'x', 'x')$$),
  format('23514 the status of person %s cannot change on 2022-12-31', pg_temp.p(2)), 'not before enrolment');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (0, 'reduced', '2024-01-01', 'x', 'x')$$), '23503 person 0 does not exist', 'of somebody');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(2), 'reduced', '2024-01-01', ' ', 'x')$$),
  '23514 new row for relation "status_change" violates check constraint "status_change_reason_not_blank"', 'with a reason');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(1), 'listed', '2024-11-30', 'x', 'x')$$),
  '23505 duplicate key value violates unique constraint "status_change_once_a_day"', 'one a day');

-- All voided: as it was before the first.
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(3), 'reduced', '2024-06-01', 'x', 'x');
SELECT fraud.void_fact('status_change', id, 'x') FROM fraud.status_change WHERE person = pg_temp.p(3) \g /dev/null
SELECT is(pg_temp.now_is(3), 'listed', 'the only change is voided');
SELECT is(pg_temp.error_of($$UPDATE fraud.person SET status = 'reduced', ended_on = '2024-06-30' WHERE id = pg_temp.p(3)$$), 'no error', 'without a history the row may be changed as before');
SELECT is(array[pg_temp.was(3, '2024-06-29'), pg_temp.was(3, '2024-06-30')], '{listed c,reduced}', 'and gives the status of a day too');
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(3), 'listed', '2024-09-01', '重新列管', 'x');
SELECT is((SELECT array_agg(format('%s>%s %s', from_status, status, changed_on) ORDER BY changed_on) FROM fraud.status_change WHERE person = pg_temp.p(3) AND voided_at IS NULL),
  '{"listed>reduced 2024-06-30","reduced>listed 2024-09-01"}', 'what the row said becomes part of the history');
SELECT is(array[pg_temp.now_is(3), pg_temp.was(3, '2024-06-30'), pg_temp.was(3, '2024-08-31'), pg_temp.was(3, '2024-09-01')], '{listed,reduced,reduced,listed c}', 'listed again: the last status by a day counts');

-- Off the list from 1 July to 31 August: nothing was due. High risk, every
-- week from 24 June, checked then: due 1 July; the 62 days between move that
-- to 1 September, and then 8 and 15 September.
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (pg_temp.p(3), 'high', '2024-06-17');
INSERT INTO fraud.checkin (person, checked_at) VALUES (pg_temp.p(3), '2024-06-24 10:00+08');
SELECT is((SELECT array_agg(g.starts_on || ' ' || g.ends_on) FROM fraud.status_gap AS g), '{"2024-07-01 2024-08-31"}', 'the days between');
SELECT is((SELECT (next_due, missed, state)::text FROM fraud.person_status_at('2024-09-01', pg_temp.p(3))), '(2024-09-01,0,due)', 'count for nothing');
SELECT is((SELECT (next_due, missed, state)::text FROM fraud.person_status_at('2024-09-16', pg_temp.p(3))), '(2024-09-01,3,overdue)', 'and what follows does');
SELECT is((SELECT state FROM fraud.person_status_at('2024-07-15', pg_temp.p(3))), 'paused', 'within, control rests');
SELECT is((SELECT count(*) FROM fraud.next_due_difference), 0::bigint, 'what is kept agrees');
UPDATE fraud.status_change SET void_reason = 'both' WHERE person = pg_temp.p(3) AND voided_at IS NULL;
SELECT is(array[pg_temp.now_is(3), (SELECT (next_due, missed)::text FROM fraud.person_status_at('2024-09-16', pg_temp.p(3)))], array['listed', '(2024-07-01,11)'], 'both voided at once: every week from 1 July to 9 September was missed');
SELECT is((SELECT count(*) FROM fraud.next_due_difference), 0::bigint, 'what is kept agrees, though ended_on has not moved');

SELECT is((SELECT array_agg(format('%s %s %s %s', f.measure, f.occurred_on, f.unit, f.subject = 'person:' || pg_temp.p(1)) ORDER BY f.occurred_on) FROM fraud.fact AS f WHERE f.voided_at IS NULL),
  '{"returned 2024-03-01 370323002002 t","reduced 2024-11-30 370323002002 t"}', 'changes are facts');

-- Random histories, in any order of entry: the person is as the last change in
-- force says, status and due days are those of the whole history.
CREATE FUNCTION pg_temp.random_histories(steps int) RETURNS TABLE (done int, refused int, different bigint) LANGUAGE plpgsql AS $$
DECLARE
  who bigint; day date; chosen bigint;
BEGIN
  done := 0; refused := 0;
  PERFORM setseed(0.29);
  FOR i IN 1 .. steps LOOP
    who := pg_temp.p(51 + floor(random() * 4)::int);
    day := date '2023-03-01' + floor(random() * 200)::int;
    BEGIN
      IF random() < 0.6 THEN
        INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by)
          VALUES (who, (array['listed', 'abroad', 'returned', 'reduced', 'transferred'])[1 + floor(random() * 5)::int], day, 'x', 'x');
      ELSIF random() < 0.3 THEN
        INSERT INTO fraud.checkin (person, checked_at) VALUES (who, day + time '10:00');
      ELSE
        -- one of them, or all of a person at once
        UPDATE fraud.status_change SET void_reason = 'x' WHERE voided_at IS NULL AND person = who AND (random() < 0.2 OR changed_on >= day);
      END IF;
      done := done + 1;
    EXCEPTION WHEN unique_violation THEN
      refused := refused + 1;
    END;
  END LOOP;
  different := (SELECT count(*) FROM fraud.next_due_difference)
    + (SELECT count(*) FROM fraud.person AS p CROSS JOIN LATERAL (
         SELECT c.status FROM fraud.status_change AS c WHERE c.person = p.id AND c.voided_at IS NULL ORDER BY c.changed_on DESC LIMIT 1) AS l
       JOIN fraud.person_status AS k ON k.code = l.status WHERE p.status <> l.status OR k.controlled = (p.ended_on IS NOT NULL));
  RETURN NEXT;
END
$$;
BEGIN;
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT pg_temp.p(n), 'high', '2023-01-01' FROM generate_series(51, 54) AS n;
SELECT is(different, 0::bigint, format('%s random changes of status', done)) FROM generate_series(1, 20) AS n CROSS JOIN LATERAL pg_temp.random_histories(40 + n);
SELECT cmp_ok((SELECT count(*) FROM fraud.status_gap), '>', 0::bigint, 'there were gaps');
-- day by day: a person is controlled on a day if the status of the day before or of the day is
SELECT is((SELECT count(*) FROM generate_series(date '2023-02-25', '2023-09-30', interval '1 day') AS g (day) CROSS JOIN LATERAL fraud.person_statuses(g.day::date) AS s
           WHERE s.person IN (pg_temp.p(51), pg_temp.p(52), pg_temp.p(53), pg_temp.p(54))
             AND s.status <> coalesce((SELECT c.status FROM fraud.status_change AS c WHERE c.person = s.person AND c.voided_at IS NULL AND c.changed_on <= g.day ORDER BY c.changed_on DESC LIMIT 1),
                                      (SELECT c.from_status FROM fraud.status_change AS c WHERE c.person = s.person AND c.voided_at IS NULL ORDER BY c.changed_on LIMIT 1),
                                      (SELECT p.status FROM fraud.person AS p WHERE p.id = s.person))), 0::bigint, 'the status of each day');
SELECT is((SELECT count(*) FROM generate_series(date '2023-02-25', '2023-09-30', interval '1 day') AS g (day) JOIN fraud.status_gap AS s ON g.day BETWEEN s.starts_on AND s.ends_on
           CROSS JOIN LATERAL fraud.person_statuses(g.day::date) AS t WHERE t.person = s.person AND t.controlled), 0::bigint, 'nobody is under control in a gap');
ROLLBACK;

-- -------------------------------------------------------------------- files

SELECT is((SELECT string_agg(label_zh, ' ' ORDER BY rank) FROM fraud.dossier_facet_kind),
  '基本信息 指纹 DNA 声纹 通讯四码 支付信息 虚拟身份 从业情况 出入境情况 家庭及社会关系 工作生活 经济状况 人员交往 现实表现', 'what nanma asks in 3 (3) 2 and 3');
SELECT is((SELECT string_agg(code, ' ' ORDER BY rank) FROM fraud.dossier_facet_kind WHERE police_only), 'fingerprint dna voice family', 'what no community holds');
SELECT is((SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = 'fraud.dossier_facet'::regclass AND a.attnum > 0),
  '{id,person,kind,state,held_at,reference,purpose,legal_basis,approver,collected_on,expires_on,source_key,recorded_at,recorded_by,voided_at,voided_by,void_reason}', 'there is no column for contents');

CREATE FUNCTION pg_temp.facet(n integer, kind text, held_at text, reference text, until date DEFAULT '2024-12-31', state text DEFAULT 'held', since date DEFAULT '2024-01-01') RETURNS text
LANGUAGE sql RETURN pg_temp.error_of(format('INSERT INTO fraud.dossier_facet (person, kind, state, held_at, reference, purpose, legal_basis, approver, collected_on, expires_on) VALUES (%s, %L, %L, %L, %L, %L, %L, %L, %L, %L)',
  pg_temp.p(n), kind, state, held_at, reference, '帮教管控', '个人信息保护法第三十四条', '分管领导', since, until));
SELECT is(pg_temp.facet(4, 'dna', 'grid_platform', 'A-1'),
  E'23514\nfacet ''dna'' cannot be held at ''grid_platform''\nBiometrics are sensitive data, held by the police alone (Personal Information Protection Law, art. 28 and 34).\n'
  'Name a system of the police and the number of the file there, or record the facet as absent.', 'DNA at a town');
SELECT is(split_part(pg_temp.facet(4, kind, 'police_forensic', NULL), E'\n', 2), format('facet %L cannot be held at ''police_forensic''', kind), kind || ' without a file number')
  FROM unnest('{fingerprint,dna,voice,family}'::text[]) AS kind;
SELECT is(split_part(pg_temp.facet(4, 'family', 'registry', 'A-1'), E'\n', 3), 'Data about relatives and relations are held by the police alone, where the law allows it.', 'family in this registry');
SELECT is(pg_temp.facet(4, 'fingerprint', 'police_forensic', '刑技2024-17'), 'no error', 'a reference to the file of the police');
SELECT is(pg_temp.facet(4, 'voice', NULL, NULL, state => 'absent'), 'no error', 'or that there is none');
SELECT matches(pg_temp.facet(4, 'payment', 'police_case', 'data:image/png;base64,AAAA'), 'dossier_facet_reference_is_no_data', 'data in the place of a reference');
SELECT matches(pg_temp.facet(4, 'payment', 'police_case', repeat('QUJD', 17)), 'dossier_facet_reference_is_no_data', '68 letters of base64');
SELECT is(pg_temp.facet(4, 'payment', 'police_case', repeat('QUJD', 16)), 'no error', '64 of them may be a number');
SELECT matches(pg_temp.facet(4, 'occupation', 'paper', repeat('号', 67)), 'dossier_facet_reference_short', '201 bytes');
SELECT matches(pg_temp.facet(4, 'occupation', NULL, NULL), 'dossier_facet_held_somewhere', 'held nowhere');
SELECT matches(pg_temp.facet(4, 'occupation', 'paper', 'x', state => 'absent'), 'dossier_facet_held_somewhere', 'absent, and held');
SELECT matches(pg_temp.facet(4, 'occupation', 'paper', 'x', '2023-12-31'), 'dossier_facet_expires_later', 'expired before it was collected');
-- 29 February 2024 and twelve months: 28 February 2025
SELECT is(pg_temp.facet(4, 'occupation', 'paper', 'x', '2025-03-01', since => '2024-02-29'),
  E'23514\nfacet ''occupation'' cannot be kept until 2025-03-01\nCollected on 2024-02-29, it may be kept for 12 months.\nLet it expire on 2025-02-28 at the latest; what is needed longer is collected and approved anew.', 'kept too long');
SELECT is(pg_temp.facet(4, 'occupation', 'paper', 'x', '2025-02-28', since => '2024-02-29'), 'no error', 'as long as allowed');
SELECT throws_ok(format('INSERT INTO fraud.dossier_facet (person, kind, state, held_at, collected_on, expires_on, purpose, legal_basis, approver) VALUES (%s, ''life'', ''held'', ''paper'', ''2024-01-01'', ''2024-02-01'', ''x'', %s)', pg_temp.p(4), missing),
  '23502', NULL, 'without a legal basis, or an approver') FROM unnest('{"NULL, ''x''","''x'', NULL"}'::text[]) AS missing;
SELECT matches(pg_temp.facet(4, 'occupation', 'paper', 'y', since => '2024-02-29'), 'dossier_facet_once_a_day', 'one a day');

-- Nine are required: identity communications payment virtual_identity
-- occupation border life economy conduct. Person 4 has payment and occupation.
CREATE FUNCTION pg_temp.file(n integer, day date) RETURNS text LANGUAGE sql
  RETURN (SELECT format('%s/%s expired %s missing %s%s', held, required, expired, missing, CASE WHEN complete THEN ' complete' END) FROM fraud.dossier_completeness_at(day) WHERE person = pg_temp.p(n));
SELECT is(pg_temp.file(4, '2024-02-28'), '1/9 expired {} missing {identity,communications,virtual_identity,occupation,border,life,economy,conduct}', 'the day before the second was collected');
SELECT is(pg_temp.file(4, '2024-02-29'), '2/9 expired {} missing {identity,communications,virtual_identity,border,life,economy,conduct}', 'the day of it');
SELECT is(pg_temp.file(5, '2024-02-29'), '0/9 expired {} missing {identity,communications,payment,virtual_identity,occupation,border,life,economy,conduct}', 'no file at all');
SELECT is(pg_temp.facet(4, k, 'registry', NULL), 'no error', k || ' is held') FROM unnest('{identity,communications,virtual_identity,life,economy,conduct}'::text[]) AS k;
SELECT is(pg_temp.facet(4, 'border', NULL, NULL, state => 'not_applicable'), 'no error', 'never abroad');
SELECT is(pg_temp.file(4, '2024-02-29'), '8/8 expired {} missing {} complete', 'what does not apply is not asked');
SELECT is(pg_temp.file(4, '2024-12-31'), '8/8 expired {} missing {} complete', 'on the last day of a facet it is held');
SELECT is(pg_temp.file(4, '2025-01-01'), '1/8 expired {identity,communications,payment,virtual_identity,life,economy,conduct} missing {}', 'the day after it is not');
SELECT is(pg_temp.facet(4, 'conduct', NULL, NULL, state => 'absent', since => '2024-06-01'), 'no error', 'the latest row of a kind counts');
SELECT is(pg_temp.file(4, '2024-06-01'), '7/8 expired {} missing {conduct}', 'though an older one says it is held');
SELECT fraud.void_fact('dossier_facet', id, 'x') FROM fraud.dossier_facet WHERE collected_on = '2024-06-01' \g /dev/null
SELECT is(pg_temp.file(4, '2024-06-01'), '8/8 expired {} missing {} complete', 'unless it was withdrawn');
-- All sixty persons were under control on 1 June 2024.
SELECT is(fraud.record_dossiers('2024-06-01'), 1::bigint, 'the files of a unit are counted');
SELECT is(fraud.record_dossiers('2024-06-01'), 0::bigint, 'once a day');
SELECT is((SELECT array_agg(format('%s %s/%s', measure, quantity, base) ORDER BY measure) FROM fraud.fact WHERE measure ~ '^dossier'), '{"dossier_complete 1/60","dossier_incomplete 59/60"}', 'which is a measure');
UPDATE fraud.registry_info SET as_of = '2024-06-01';
SELECT is((SELECT array_agg(person) FROM fraud.dossier_completeness WHERE complete), array[pg_temp.p(4)], 'the view looks at the day of the registry');

-- ---------------------------------------------------------------- decisions

CREATE FUNCTION pg_temp.decision(kind text, authority text, valid_from date, valid_to date, punished date DEFAULT NULL, reason text DEFAULT '刑满释放后仍与境外团伙联系', n integer DEFAULT 5) RETURNS text
LANGUAGE sql RETURN pg_temp.error_of(format('INSERT INTO fraud.control_decision (person, kind, authority_kind, authority, document_no, legal_basis, reason, decided_on, valid_from, valid_to, punishment_ended_on) '
  'VALUES (%s, %L, %L, %L, %L, %L, %L, %L, %L, %L, %L)', pg_temp.p(n), kind, authority, '某市公安局', '公决' || coalesce(valid_to::text, '-') || n, '反电信网络诈骗法第三十六条', reason, valid_from, valid_from, valid_to, punished));
-- Punishment ended on 31 March 2023: six months later is 30 September (31
-- September does not exist), three years later 31 March 2026.
SELECT matches(pg_temp.decision('border', 'prefecture_police', '2023-03-31', '2023-09-29', '2023-03-31'), 'control_decision_border_after_punishment', 'less than six months');
SELECT is(pg_temp.decision('border', 'prefecture_police', '2023-03-31', '2023-09-30', '2023-03-31'), 'no error', 'six months');
SELECT is(pg_temp.decision('border', 'prefecture_police', '2023-03-31', '2026-03-31', '2023-03-31'), 'no error', 'three years');
SELECT matches(pg_temp.decision('border', 'prefecture_police', '2023-03-31', '2026-04-01', '2023-03-31'), 'control_decision_border_after_punishment', 'longer');
-- 29 February 2024: 29 August 2024 to 28 February 2027
SELECT matches(pg_temp.decision('border', 'prefecture_police', '2024-02-29', '2024-08-28', '2024-02-29'), 'control_decision_border_after_punishment', 'from a leap day, too short');
SELECT is(pg_temp.decision('border', 'prefecture_police', '2024-02-29', '2024-08-29', '2024-02-29'), 'no error', 'six months from it');
SELECT is(pg_temp.decision('border', 'prefecture_police', '2024-02-29', '2027-02-28', '2024-02-29'), 'no error', 'three years from it');
SELECT matches(pg_temp.decision('border', 'prefecture_police', '2024-02-29', '2027-03-01', '2024-02-29'), 'control_decision_border_after_punishment', 'a day more');
SELECT matches(pg_temp.decision('border', 'prefecture_police', '2024-02-28', '2025-02-28', '2024-02-29'), 'control_decision_border_after_punishment', 'before the punishment has ended');
SELECT matches(pg_temp.decision('border', 'prefecture_police', '2024-01-01', '2025-01-01'), 'control_decision_border_after_punishment', 'without a punishment');
SELECT matches(pg_temp.decision('border', 'prefecture_police', '2024-01-01', NULL, '2024-01-01'), 'control_decision_border_after_punishment', 'without an end');
SELECT matches(pg_temp.decision('border', a, '2024-01-01', '2024-12-31', '2024-01-01'), 'control_decision_(border_authority|of_its_authority)', 'by another authority: ' || a)
  FROM fraud.authority_kind AS k (a) WHERE a NOT IN ('prefecture_police', 'immigration');
SELECT is(pg_temp.decision('border', 'immigration', '2024-01-01', NULL, n => 6), 'no error', 'by the immigration authority on grounds of its own');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.control_decision_authority (kind, authority_kind, legal_basis) VALUES ('border', 'county_police', 'x')$$), 'control_decision_authority_border', 'nor does configuration make it lawful');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.control_decision_kind (code, label_zh, label_en) VALUES ('stay', '一律不得出境', 'stay')$$), 'control_decision_kind_one_border', 'nor another name');
SELECT is(pg_temp.decision('border', 'immigration', '2024-01-01', '2024-12-31', reason => c.label_zh, n => 7),
  format(E'23514\n%L is no reason for a decision about person %s\nIt names a category or a tier. A decision is taken about one person, for what that person did or is likely to do (Law against Telecom and Online Fraud, art. 36).\n'
  'Give the reasons of the decision; where it has none, it is not one to be recorded here.', c.label_zh, pg_temp.p(7)), 'the category is no reason: ' || c.label_en)
  FROM fraud.person_category AS c WHERE c.code IN ('former_offender', 'returned_from_abroad', 'offended_abroad');
SELECT matches(pg_temp.decision('border', 'immigration', '2024-01-01', '2024-12-31', reason => '高危', n => 7), '高危', 'nor is the tier');
SELECT is((SELECT count(*) FROM fraud.control_decision WHERE person IN (SELECT id FROM fraud.person WHERE category <> 'other')), 0::bigint, 'nobody of the three categories is restricted by being in it');
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (pg_temp.p(8), 'high', '2024-01-01');
UPDATE fraud.person SET category = 'offended_abroad' WHERE id = pg_temp.p(8);
SELECT is((SELECT count(*) FROM fraud.control_decision WHERE person = pg_temp.p(8)), 0::bigint, 'no decision follows from a tier or a category');
SELECT is(pg_temp.decision('cards', 'county_police', '2024-01-01', '2024-12-31', n => 7) ~ 'control_decision_of_its_authority', true, 'other decisions have their authorities too');
SELECT is(pg_temp.decision('cards', 'prefecture_police', '2024-01-01', '2024-12-31', n => 7), 'no error', 'and are recorded');
SELECT is((SELECT count(*) FROM fraud.control_decisions_at('2024-12-31') WHERE person = pg_temp.p(7)), 1::bigint, 'it holds on its last day');
SELECT is((SELECT count(*) FROM fraud.control_decisions_at('2025-01-01') WHERE person = pg_temp.p(7)), 0::bigint, 'and not after');
INSERT INTO fraud.control_decision_lift (decision, lifted_on, lifted_by, reason) SELECT id, '2024-05-01', '某市公安局', '申诉成立' FROM fraud.control_decision WHERE person = pg_temp.p(7);
SELECT is(array[(SELECT count(*) FROM fraud.control_decisions_at('2024-04-30') WHERE person = pg_temp.p(7)), (SELECT count(*) FROM fraud.control_decisions_at('2024-05-01') WHERE person = pg_temp.p(7))], '{1,0}', 'nor from the day on which it is lifted');
SELECT is((SELECT array_agg(DISTINCT person) FROM fraud.control_decision_in_force), array[pg_temp.p(5), pg_temp.p(6)], 'those in force');
-- The hard measures of qingyuan's annex are not at hand: none of them is shipped.
SELECT is((SELECT string_agg(code, ' ' ORDER BY code) FROM fraud.control_decision_kind), 'admonition border cards community_correction court_injunction penalty', 'only decisions that a law knows');

-- --------------------------------------------- journeys, help, talks, suspects

SELECT matches(pg_temp.error_of(format('INSERT INTO fraud.travel_report (person, reported_on, leaves_on, voluntary) VALUES (%s, ''2024-05-01'', ''2024-05-02'', false)', pg_temp.p(5))), 'travel_report_voluntary_or_decided', 'a duty to report needs a decision');
SELECT is(pg_temp.error_of(format('INSERT INTO fraud.travel_report (person, reported_on, leaves_on, back_on, voluntary) VALUES (%s, ''2024-05-01'', ''2024-05-02'', ''2024-05-05'', true)', pg_temp.p(5))), 'no error', 'who likes may tell');
SELECT is(pg_temp.error_of(format('INSERT INTO fraud.travel_report (person, reported_on, leaves_on, voluntary, decision) SELECT person, ''2024-05-01'', ''2024-05-02'', false, id FROM fraud.control_decision WHERE person = %s LIMIT 1', pg_temp.p(6))), 'no error', 'by a decision about the person');
SELECT matches(pg_temp.error_of(format('INSERT INTO fraud.travel_report (person, reported_on, leaves_on, voluntary, decision) SELECT %s, ''2024-05-01'', ''2024-05-02'', false, id FROM fraud.control_decision WHERE person = %s LIMIT 1', pg_temp.p(9), pg_temp.p(6))), 'travel_report_decision_fk', 'not by one about another');

INSERT INTO fraud.support (person, kind, given_on, result) VALUES (pg_temp.p(5), 'job', '2024-05-10', '已就业');
SELECT is((SELECT (unit, occurred_on, quantity, subject = 'person:' || pg_temp.p(5))::text FROM fraud.fact WHERE measure = 'support'), '(370323002002,2024-05-10,1,t)', 'help is a fact of the unit that answers for the person');

INSERT INTO fraud.persuasion (person, made_at, channel, outcome) VALUES (pg_temp.p(10), '2024-05-10 09:00+08', 'video', 'agreed');
SELECT is((SELECT told_law FROM fraud.persuasion), true, 'policy and law are explained to the person');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.persuasion_channel (code, label_zh, label_en) VALUES ('f', '通过家属', 'other')$$), 'persuasion_channel_of_the_person', 'no way leads through relatives');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.persuasion_channel (code, label_zh, label_en) VALUES ('g', '其他', 'letter of guarantee')$$), 'persuasion_channel_of_the_person', 'and nobody vouches');
SELECT is((SELECT array_agg(c.relname || '.' || a.attname) FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid WHERE c.relnamespace = 'fraud'::regnamespace AND a.attnum > 0
           AND a.attname ~ 'relative|family|kin$|guarant|spouse|parent_name|fingerprint|dna|voice'), NULL, 'no column of the registry is about relatives or biometrics');

INSERT INTO fraud.suspect (unit, subject, found_on, basis) VALUES ('370323002003', 's1', '2023-06-01', '刑拘'), ('370323002003', 's2', '2023-06-02', '取保候审');
SELECT is((SELECT array_agg(subject ORDER BY subject) FROM fraud.fact WHERE measure = 'suspect' AND voided_at IS NULL), '{s1,s2}', 'suspects are facts');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.suspect (unit, subject, found_on, basis) VALUES ('370323002003', 's1', '2023-06-01', 'x')$$), 'suspect_once', 'once');
SELECT matches(pg_temp.error_of($$INSERT INTO fraud.suspect (unit, subject, found_on, basis) VALUES ('370323002003', 's3', '2023-06-01', ' ')$$), 'suspect_basis_not_blank', 'by a measure of procedure');
INSERT INTO fraud.suspect_clearance (suspect, cleared_on, reason) SELECT id, '2023-09-01', '不起诉' FROM fraud.suspect WHERE subject = 's1';
SELECT is((SELECT array_agg(subject ORDER BY subject) FROM fraud.fact WHERE measure = 'suspect' AND voided_at IS NULL), '{s2}', 'who is cleared counts as if never suspected');
-- as known at a moment: recorded 1 January, cleared 1 March, the clearance withdrawn 1 May
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO fraud.suspect (id, unit, region, subject, found_on, basis, recorded_at) OVERRIDING SYSTEM VALUE VALUES (900, '370323002004', '370323002004', 's9', '2023-12-01', 'x', '2024-01-01 00:00+08');
INSERT INTO fraud.suspect_clearance (suspect, cleared_on, reason, recorded_at, voided_at, voided_by, void_reason) VALUES (900, '2024-02-01', 'x', '2024-03-01 00:00+08', '2024-05-01 00:00+08', 'x', 'x');
SELECT is((SELECT string_agg(format('%s-%s', recorded_at::date, voided_at::date), ' ' ORDER BY recorded_at) FROM fraud.fact WHERE measure = 'suspect' AND subject = 's9'), '2024-01-01-2024-03-01 2024-05-01-', 'known, unknown for as long as the clearance stood, known again');
ROLLBACK;

-- ----------------------------------------------------------- lists and rates

-- A list of 40, frozen on 31 March; persons 11 to 50.
INSERT INTO fraud.person_list (code, programme, purpose, title, issued_by, issued_on, frozen_on) VALUES
  ('reduce-2024', 'qingyuan-2024', 'reduction', '核减名单', '县联席办', '2024-03-01', '2024-03-31'),
  ('return-2024', 'qingyuan-2024', 'return', '劝返名单', '县联席办', '2024-03-01', '2024-03-31'),
  ('empty', NULL, 'return', '空', '县联席办', '2024-03-01', NULL);
INSERT INTO fraud.person_list_entry (list, person, added_on) SELECT 'reduce-2024', pg_temp.p(n), '2024-03-01' FROM generate_series(11, 50) AS n;
-- 33 taken off by 29 November, a 34th on the 30th, a 35th on 1 December
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by)
  SELECT pg_temp.p(10 + n), 'reduced', CASE n WHEN 34 THEN date '2024-11-30' WHEN 35 THEN '2024-12-01' ELSE '2024-11-29' END, '核减', '联席办' FROM generate_series(1, 35) AS n;
CREATE FUNCTION pg_temp.rate(list text, day date, late_too boolean DEFAULT false) RETURNS text LANGUAGE sql
  RETURN (SELECT format('%s/%s%s', done, persons, CASE WHEN persons > 0 THEN CASE WHEN done * 100 >= persons * 85 THEN ' met' ELSE ' missed' END END) FROM fraud.person_list_rates(day, late_too) AS r WHERE r.list = $1);
SELECT is(array[pg_temp.rate('reduce-2024', '2024-11-29'), pg_temp.rate('reduce-2024', '2024-11-30'), pg_temp.rate('reduce-2024', '2024-12-01')], '{33/40 missed,34/40 met,35/40 met}', '34 of 40 are 85 per cent');
-- one of them is listed again
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (pg_temp.p(11), 'listed', '2024-11-30', '重新列管', '联席办');
SELECT is(pg_temp.rate('reduce-2024', '2024-11-30'), '33/40 missed', 'the last status by the day counts');

-- 20 on the list, 3 added after it was frozen; 17 of the 20 return. Persons 30
-- to 52; the first of them also stand on the other list.
INSERT INTO fraud.person_list_entry (list, person, added_on) SELECT 'return-2024', pg_temp.p(n), CASE WHEN n < 50 THEN date '2024-03-31' ELSE '2024-04-01' END FROM generate_series(30, 52) AS n;
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) SELECT pg_temp.p(n), 'returned', '2024-05-01', '劝返', '联席办' FROM generate_series(30, 46) AS n;
SELECT is(array[pg_temp.rate('return-2024', '2024-11-30'), pg_temp.rate('return-2024', '2024-11-30', true)], '{17/20 met,17/23 missed}', '17 of 20 are 85 per cent, of 23 they are 73.9');
SELECT is(pg_temp.rate('return-2024', '2024-12-31'), '17/20 met', 'who was taken off the list since has returned all the same');
SELECT is(pg_temp.rate('empty', '2024-12-31'), '0/0', 'an empty list has no rate');
SELECT is((SELECT count(*) FROM fraud.person_list_rates('2024-02-29')), 0::bigint, 'nor has one that was not issued yet');
SELECT fraud.void_fact('person_list_entry', id, 'wrong person') FROM fraud.person_list_entry WHERE list = 'return-2024' AND person = pg_temp.p(49) \g /dev/null
SELECT is(pg_temp.rate('return-2024', '2024-11-30'), '17/19 met', 'an entry that was wrong is withdrawn');
SELECT matches(pg_temp.error_of(format('INSERT INTO fraud.person_list_entry (list, person, added_on) VALUES (''return-2024'', %s, ''2024-04-02'')', pg_temp.p(30))), 'person_list_entry_once', 'a person stands once on a list');

-- Passed on to towns: persons 11 to 25 to one, 26 to 50 to the other.
CREATE FUNCTION pg_temp.e(n integer) RETURNS bigint LANGUAGE sql RETURN (SELECT id FROM fraud.person_list_entry WHERE list = 'reduce-2024' AND person = pg_temp.p(n));
INSERT INTO fraud.person_list_step (entry, step, done_on, to_unit) SELECT pg_temp.e(n), 'passed_on', '2024-03-04', CASE WHEN n < 26 THEN '370323001' ELSE '370323002' END FROM generate_series(11, 49) AS n;
INSERT INTO fraud.person_list_step (entry, step, done_on) SELECT pg_temp.e(n), 'accepted', '2024-03-06' FROM generate_series(11, 47) AS n;
INSERT INTO fraud.person_list_step (entry, step, done_on, reason) VALUES (pg_temp.e(48), 'sent_back', '2024-03-07', '户籍已迁出');
SELECT is((SELECT array_agg(format('%s %s %s', to_unit, state, persons) ORDER BY to_unit, state) FROM fraud.person_list_parts('2024-03-08') WHERE list = 'reduce-2024'),
  '{"370323001 accepted 15","370323002 accepted 22","370323002 passed_on 1"," not_passed_on 1"," sent_back 1"}', 'the parts of the towns add up to the 40 of the county');
SELECT is((SELECT array_agg(format('%s %s %s %s', state, to_unit, since, days) ORDER BY state) FROM fraud.person_list_open_at('2024-03-08') WHERE list = 'reduce-2024'),
  '{"not_passed_on  2024-03-01 7","passed_on 370323002 2024-03-04 4","sent_back  2024-03-07 1"}', 'what is open, and for how long');
INSERT INTO fraud.person_list_step (entry, step, done_on, to_unit) VALUES (pg_temp.e(48), 'passed_on', '2024-03-09', '370323001');
INSERT INTO fraud.person_list_step (entry, step, done_on) VALUES (pg_temp.e(48), 'accepted', '2024-03-09');
UPDATE fraud.registry_info SET as_of = '2024-03-09';
SELECT is((SELECT array_agg(state ORDER BY state) FROM fraud.person_list_open WHERE list = 'reduce-2024'), '{not_passed_on,passed_on}', 'passed on again and accepted the same day');
SELECT is(pg_temp.error_of(format('INSERT INTO fraud.person_list_step (entry, step, done_on) VALUES (%s, ''accepted'', ''2024-03-10'')', pg_temp.e(50))),
  format(E'23514\nentry %s cannot be accepted on 2024-03-10\nIt was not passed on to anybody.\nAn entry is passed on first, then accepted or sent back, in the order of days; void a step that is wrong.', pg_temp.e(50)), 'accepted by nobody');
SELECT matches(pg_temp.error_of(format('INSERT INTO fraud.person_list_step (entry, step, done_on) VALUES (%s, ''accepted'', ''2024-03-03'')', pg_temp.e(49))), 'It was passed on on 2024-03-04', 'before it came');
SELECT matches(pg_temp.error_of(format('INSERT INTO fraud.person_list_step (entry, step, done_on) VALUES (%s, ''sent_back'', ''2024-03-10'')', pg_temp.e(49))), 'person_list_step_sent_back_why', 'sent back without a reason');

-- ------------------------------------------------------------------ reoffence

-- All sixty are under control in the year to 30 June 2024 but none ended
-- before; two offended, one of them twice, a third a year and a day before.
INSERT INTO fraud.finding (unit, kind, found_on, subject) VALUES
  ('370323002002', 'reoffence', '2024-06-30', 'person:' || pg_temp.p(55)), ('370323002002', 'reoffence', '2024-05-30', 'person:' || pg_temp.p(55)),
  ('370323002002', 'reoffence', '2023-07-01', 'person:' || pg_temp.p(56)), ('370323002002', 'reoffence', '2023-06-30', 'person:' || pg_temp.p(57)), ('370323002002', 'reoffence', '2024-01-01', 'unknown');
SELECT is((SELECT (reoffenders, persons)::text FROM fraud.reoffence_rates('2024-06-30')), '(2,60)', 'persons, not times; twelve months');
-- 35 were taken off by 1 December 2024 and person 1 on 30 November; by 1
-- January 2026 they are out, but for person 11, who was listed again: 25 left
SELECT is((SELECT (reoffenders, persons)::text FROM fraud.reoffence_rates('2026-01-01')), '(0,25)', 'of persons under control in that time');
UPDATE fraud.registry_info SET as_of = '2024-06-30';
SELECT is((SELECT reoffenders FROM fraud.reoffence_rate), 2::bigint, 'the view');

SELECT is((SELECT array_agg(c.relname ORDER BY c.relname) FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
           WHERE c.relnamespace = 'fraud'::regnamespace AND c.relname ~ '^(dossier|status|control_decision|travel|support|persuasion|suspect|person_list)' AND a.grantee = 0), NULL, 'nothing is granted to everybody');

SELECT * FROM finish();
