-- One person entered twice: the pairs that are listed, what a merge moves, and
-- that undoing it leaves everything as it was. Days and scores by hand.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

-- Every row of every table that names a person, but for the log of merges.
CREATE FUNCTION pg_temp.everything() RETURNS TABLE (relation text, content jsonb) LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
  FOR name IN SELECT DISTINCT r.name FROM fraud.person_reference AS r WHERE r.name <> 'person_merge' UNION SELECT 'person' UNION SELECT 'escalation_event' LOOP
    RETURN QUERY EXECUTE format('SELECT %L::text, to_jsonb(t) FROM fraud.%I AS t', name, name);
  END LOOP;
END $$;

-- ------------------------------------------------- what names a person
SELECT set_eq('SELECT name || ''.'' || column_name || '' '' || handling FROM fraud.person_reference', ARRAY[
  'alert.victim moves', 'checkin.person moves', 'clue.subject moves', 'control_decision.person moves', 'control_plan.person moves', 'dossier_facet.person moves', 'dossier_read.person stays',
  'duty.person moves', 'duty_done.person moves', 'duty_pause.person moves', 'erasure.person stays', 'escalation.subject moves', 'escalation_suppression.subject moves', 'finding.subject moves',
  'fraud_case.victim moves', 'legal_hold.person moves', 'missed.person moves', 'person_distinct.other stays', 'person_distinct.person stays', 'person_list_entry.person moves',
  'person_merge.duplicate stays', 'person_merge.keep stays', 'persuasion.person moves', 'responsible_officer.person moves', 'squad_member.person moves', 'status_change.person moves',
  'support.person moves', 'suspect.subject moves', 'suspension.person moves', 'tier_change.person moves', 'travel_report.person moves'], 'every column that names a person, and what becomes of it');
-- read another way: by name
SELECT is((SELECT array_agg(c.relname || '.' || a.attname ORDER BY 1) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname ~ '(^|_)(person|victim|subject|suspect_of)$'
             AND NOT EXISTS (SELECT FROM fraud.person_reference AS r WHERE r.name = c.relname AND r.column_name = a.attname)),
  '{escalation_rule.subject,kept_fact.subject,officer.subject,target.subject}', 'no other column has such a name, but those of kinds of things, of officials and of copies');
SELECT is((SELECT count(*) FROM fraud.person_reference AS r WHERE r.handling = 'moves'
           AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = ('fraud.' || r.name)::regclass AND a.attname = 'id' AND a.atttypid = 'bigint'::regtype)), 0::bigint, 'what moves has an id');

-- ------------------------------------------------------------- candidates
INSERT INTO fraud.unit (code, region, name) VALUES ('370324001001', '370324001001', '邻县社区');
INSERT INTO fraud.officer (unit, subject) VALUES ('370323002002', 'o1'), ('370323002003', 'o2');
INSERT INTO fraud.person (citizen_id, document_kind, document_no, born_on, name, unit, enrolled_on, source_key) VALUES
  ('339999199001010013', 'citizen_id', NULL, NULL, '甲某', '370323002002', '2024-01-01', 'a'),
  (NULL, 'other', '３３９９９９ 19900101 0013', NULL, '甲 某', '370323002003', '2024-03-01', 'b'),
  (NULL, 'passport', 'E1234567', '1988-07-07', '乙·某', '370323002002', '2024-01-01', NULL),
  (NULL, 'hk_macao_permit', 'H-7654321', '1988-07-07', '乙某', '370323002004', '2024-01-01', NULL),
  (NULL, 'taiwan_permit', 'T1', '1977-09-09', '乙某', '370324001001', '2024-01-01', NULL),
  (NULL, 'other', 'h 7654321', '1977-09-09', '丙某', '370324001001', '2024-01-01', NULL),
  ('339999199001010021', 'citizen_id', NULL, NULL, '丁某', '370324001001', '2024-01-01', NULL);
-- 1 and 2: 100 + 70 + 15 + 10, at most 100; 3 and 4: 70 + 15 + 10; 4 and 6: the
-- same number; 5 and 6 were born on one day in one town. 7 was born on the day
-- of 1 and 2, in another town.
SELECT results_eq('SELECT person, other, score, reasons FROM fraud.duplicate_person', $$VALUES
  (1::bigint, 2::bigint, 100, '{document,name_born,name_town,born_town}'::text[]), (4, 6, 100, '{document}'), (3, 4, 95, '{name_born,name_town,born_town}'), (5, 6, 10, '{born_town}')$$,
  'pairs, each with all its reasons and their sum');
SELECT is((SELECT reasons_zh || ' / ' || reasons_en FROM fraud.duplicate_person WHERE person = 5), '出生日期和所在乡镇（街道）相同 / the same date of birth in the same town', 'in words');
SELECT results_eq($$SELECT person, other FROM fraud.duplicate_candidates('370324')$$, 'VALUES (4::bigint, 6::bigint), (5, 6)', 'in a county: of whom one is there');
UPDATE fraud.duplicate_reason SET points = 0 WHERE code = 'born_town';
SELECT results_eq('SELECT person, other, score FROM fraud.duplicate_person', 'VALUES (1::bigint, 2::bigint, 100), (4, 6, 100), (3, 4, 85)', 'an office may look for less');
UPDATE fraud.duplicate_reason SET points = 10 WHERE code = 'born_town';
INSERT INTO fraud.person_distinct (person, other, reason, decided_by) VALUES (6, 5, '当面核实', '社区民警');
SELECT is((SELECT count(*) FROM fraud.duplicate_person WHERE person = 5), 0::bigint, 'who was told apart is listed no more');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person_distinct (person, other, reason, decided_by) VALUES (5, 6, 'x', 'y')$$), '23505 duplicate key value violates unique constraint "person_distinct_once"', 'once a pair');

-- ------------------------------------------------------------ one of each
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (1, 'high', '2024-01-01'), (2, 'medium', '2024-03-01');
INSERT INTO fraud.checkin (person, checked_at) VALUES (1, '2024-01-05 10:00+08'), (1, '2024-03-04 10:00+08'), (2, '2024-03-10 10:00+08');
INSERT INTO fraud.checkin (person, checked_at) VALUES (2, '2024-03-11 10:00+08');
SELECT fraud.void_fact('checkin', 4, 'another person') \g /dev/null
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (2, 'hospital', '2024-03-02', '2024-03-03', 'x');
INSERT INTO fraud.control_plan (person, plan, valid_from, approver) VALUES (1, 'one', '2024-01-01', 'x'), (2, 'two', '2024-01-01', 'x'), (2, 'later', '2024-03-01', 'x');
INSERT INTO fraud.responsible_officer (person, officer, period) VALUES (1, 1, '[2024-01-01,)'), (2, 2, '[2024-03-01,)');
INSERT INTO fraud.squad_member (person, role, officer, period) VALUES (1, 'police', 1, '[2024-02-01,)'), (2, 'police', 2, '[2024-01-01,2024-02-01)'), (2, 'cadre', 2, '[2024-03-01,)');
INSERT INTO fraud.support (person, kind, given_on) VALUES (2, 'job', '2024-04-01');
INSERT INTO fraud.persuasion (person, made_at, channel, outcome) VALUES (2, '2024-04-01 09:00+08', 'video', 'agreed');
INSERT INTO fraud.dossier_facet (person, kind, state, held_at, reference, purpose, legal_basis, approver, collected_on, expires_on) VALUES
  (1, 'life', 'held', 'paper', 'p1', 'x', 'y', 'z', '2024-01-01', '2024-12-31'), (2, 'life', 'held', 'paper', 'p2', 'x', 'y', 'z', '2024-01-01', '2024-12-31');
INSERT INTO fraud.control_decision (person, kind, authority_kind, authority, document_no, legal_basis, reason, decided_on, valid_from, valid_to) VALUES
  (2, 'admonition', 'county_police', 'x', '1', '预防犯罪的教育措施', '电话推销', '2024-03-05', '2024-03-05', '2024-03-05');
INSERT INTO fraud.travel_report (person, reported_on, leaves_on, voluntary, decision) SELECT person, '2024-03-06', '2024-03-07', false, id FROM fraud.control_decision;
INSERT INTO fraud.duty (code, label_zh, label_en, person, cadence, since) VALUES ('talk', '谈话', 'talk', 2, 'every month', '2024-03-01');
INSERT INTO fraud.duty_done (duty, person, done_on) VALUES (1, 2, '2024-03-15');
INSERT INTO fraud.duty_pause (duty, person, starts_on, ends_on, reason, approver) VALUES (1, 2, '2024-03-20', '2024-03-21', 'x', 'y');
INSERT INTO fraud.missed (kind, measure, person, unit, region, due_on, as_of, status, reason) VALUES
  ('checkin', 'checkin_missed', 1, '370323002002', '370323002002', '2024-01-12', '2024-01-13', 'approved', 'x'),
  ('checkin', 'checkin_missed', 2, '370323002002', '370323002002', '2024-01-12', '2024-01-13', 'approved', 'y'),
  ('checkin', 'checkin_missed', 2, '370323002002', '370323002002', '2024-03-24', '2024-03-25', 'proposed', NULL);
INSERT INTO fraud.finding (unit, kind, found_on, subject) VALUES ('370323002002', 'control_failure', '2024-02-01', 'person:1'), ('370323002002', 'control_failure', '2024-04-01', 'person:2'), ('370323002002', 'control_failure', '2024-04-01', 'person:22');
INSERT INTO fraud.legal_hold (person, basis, decided_by, starts_on) VALUES (2, 'x', 'y', '2024-01-01');
SELECT count(*) FROM fraud.read_dossier(2, 'interview') \g /dev/null
CREATE TABLE fraud.own_note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person bigint NOT NULL REFERENCES fraud.person, note text);
INSERT INTO fraud.own_note (person, note) VALUES (2, 'added by an office');

-- A rule on the missed check-ins of a person, counted over the year, and one on each defect.
INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, rung, subject) VALUES ('missed', 'test', 'test', 'checkin_missed', 'raise reminder if count >= 1', NULL, 'person'), ('defect', 'test', 'test', 'control_failure', 'raise reminder', NULL, 'person');
SELECT count(*) FROM fraud.tick('2024-04-20') \g /dev/null
SELECT results_eq('SELECT rule, subject, state FROM fraud.escalation ORDER BY 1, 2',
  $$VALUES ('defect', 'person:1', 'raised'), ('defect', 'person:2', 'raised'), ('defect', 'person:22', 'raised'), ('missed', 'person:1', 'raised'), ('missed', 'person:2', 'raised')$$, 'two rows of a person are escalated twice');

-- ----------------------------------------------------------- what is refused
SELECT is(pg_temp.error_of('SELECT fraud.merge_persons(1, 2, '' '', ''office'')'), E'22023\npersons 1 and 2 are not merged without a reason and a decision\nNothing is merged by itself: somebody finds that two rows are one person, and signs.\n'
  'Say why, and who decided; despite is null, or says why they are one person although something speaks against it.', 'a reason');
SELECT matches(pg_temp.error_of('SELECT fraud.merge_persons(1, 2, ''same card'', NULL)'), '^22023', 'a signature');
SELECT is(pg_temp.message_of('SELECT fraud.merge_persons(1, 1, ''x'', ''y'')'), '22023 person 1 cannot be merged with itself', 'not with itself');
SELECT is(pg_temp.message_of('SELECT fraud.merge_persons(1, 99, ''x'', ''y'')'), 'P0002 person 99 does not exist', 'nobody is nobody');
SELECT is(pg_temp.message_of('SELECT fraud.merge_persons(NULL, 2, ''x'', ''y'')'), 'P0002 person NULL does not exist', 'nor null');
SELECT is(pg_temp.error_of('SELECT fraud.merge_persons(1, 7, ''x'', ''y'')'), E'55000\nperson 7 cannot be merged into person 1: their documents differ\nmerge_conflicts(1, 7) lists all that speaks against it, in Chinese and English.\n'
  'Compare the documents; if it is one person all the same, say why in despite.', 'two citizen ids are two persons, until somebody says otherwise');
SELECT is(pg_temp.message_of('SELECT fraud.merge_persons(6, 5, ''x'', ''y'', ''z'')'), '55000 person 5 cannot be merged into person 6: they are recorded as two persons', 'who was told apart is not merged, whatever is said');
SELECT results_eq('SELECT conflict, weight FROM fraud.merge_conflicts(1, 7) ORDER BY 1', $$VALUES ('document', 'force'), ('name', 'force'), ('region', 'note')$$, 'what speaks against it');
SELECT results_eq('SELECT conflict, weight FROM fraud.merge_conflicts(1, 2) ORDER BY 1', $$VALUES ('region', 'note'), ('tier', 'note')$$, 'a document written otherwise is the same; what differs and is settled is said');
SELECT results_eq('SELECT conflict FROM fraud.merge_conflicts(5, 3) ORDER BY 1', $$VALUES ('born'), ('region')$$, 'other kinds of document do not compare, dates of birth do');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(pg_temp.message_of('SELECT fraud.merge_persons(1, 2, ''x'', ''y'')'), '25000 nobody merges persons under transaction isolation level repeatable read', 'what others record at the same time must be seen');
ROLLBACK;

-- ------------------------------------------------------- merged and unmerged
CREATE TEMP TABLE before AS SELECT * FROM pg_temp.everything();
CREATE TEMP TABLE triggers_before AS SELECT oid, tgenabled FROM pg_trigger;
CREATE TEMP TABLE facts_before AS SELECT measure, unit, occurred_on, quantity, subject, source_table, source_key, voided_at FROM fraud.fact;
SELECT is(fraud.merge_persons(1, 2, '同一身份号码', '联席办'), 1::bigint, 'merged');
SELECT is((SELECT (status, enrolled_on, ended_on, tier, next_due, name, document_no, source_key)::text FROM fraud.person WHERE id = 2),
  '(merged,9999-12-31,9999-12-31,,,"甲 某","３３９９９９ 19900101 0013",b)', 'the row stays with its document, and is under control on no day');
-- high from January, medium from 1 March; seen on 10 March, due two weeks later
SELECT is((SELECT (status, enrolled_on, tier, last_done, next_due)::text FROM fraud.person WHERE id = 1), '(listed,2024-01-01,medium,2024-03-10,2024-03-24)', 'the latest tier holds, every check-in counts');
SELECT is((SELECT different FROM fraud.verify_next_due()), 0::bigint, 'what is kept is what the history gives');
SELECT is((SELECT array_agg(person ORDER BY person) FROM fraud.controlled_persons('2024-04-01') WHERE region <@ '370323002'), '{1,3,4}', 'one person under control');
SELECT is((SELECT array_agg(person ORDER BY person) FROM fraud.controlled_persons('2024-03-01') WHERE region <@ '370323002'), '{1,3,4}', 'on earlier days too');
SELECT is((SELECT count(*) FROM fraud.fact WHERE measure = 'control_failure_person' AND voided_at IS NULL), 2::bigint, 'what counts by person counts the person once: 1 and 22, who is another');
SELECT is((SELECT count(*) FROM fraud.fact WHERE measure = 'control_failure' AND voided_at IS NULL), 3::bigint, 'what counts by event counts each');
SELECT results_eq('SELECT rule, subject, state FROM fraud.escalation ORDER BY 1, 2',
  $$VALUES ('defect', 'person:1', 'raised'), ('defect', 'person:1', 'raised'), ('defect', 'person:22', 'raised'), ('missed', 'person:1', 'raised'), ('missed', 'person:2', 'withdrawn')$$,
  'escalations go along and none is raised anew; what both had is withdrawn for one of them');
SELECT is((SELECT count(*) FROM fraud.fact WHERE measure = 'checkin_missed' AND voided_at IS NULL), 1::bigint, 'a check-in missed on one day was one');
SELECT is((SELECT count(*) FROM fraud.fact WHERE subject = 'person:2' AND voided_at IS NULL), 0::bigint, 'nothing counts for the duplicate');
SELECT results_eq($$SELECT action, source_table, array_agg(CASE source_table WHEN 'escalation' THEN 0 ELSE source_id END ORDER BY source_id) FROM fraud.person_merge_row WHERE merge = 1 GROUP BY 1, 2 ORDER BY 1, 2$$, $$VALUES
  ('moved', 'checkin', '{3,4}'::bigint[]), ('moved', 'control_decision', '{1}'), ('moved', 'control_plan', '{2,3}'), ('moved', 'dossier_facet', '{2}'), ('moved', 'duty', '{1}'), ('moved', 'duty_done', '{1}'),
  ('moved', 'duty_pause', '{1}'), ('moved', 'escalation', '{0}'), ('moved', 'finding', '{2}'), ('moved', 'legal_hold', '{1}'), ('moved', 'missed', '{2,3}'), ('moved', 'own_note', '{1}'), ('moved', 'persuasion', '{1}'),
  ('moved', 'squad_member', '{2,3}'), ('moved', 'support', '{1}'), ('moved', 'suspension', '{1}'), ('moved', 'tier_change', '{2}'), ('moved', 'travel_report', '{1}'),
  ('stayed', 'dossier_read', '{1}'), ('stayed', 'escalation', '{0}'), ('stayed', 'responsible_officer', '{2}'),
  ('voided', 'control_plan', '{2}'), ('voided', 'dossier_facet', '{2}'), ('voided', 'missed', '{2}')$$, 'each row is accounted for; a table of the office''s own too');
SELECT is((SELECT (keep, duplicate, reason, decided_by, conflicts, recorded_by)::text FROM fraud.person_merge), format('(1,2,同一身份号码,联席办,"{tier,region}",%s)', current_user), 'who, why, and what was settled');
SELECT is((SELECT void_reason FROM fraud.missed WHERE id = 2), 'merged: person 1 has the same', 'why a row is void');
SELECT is((SELECT (person, kept, merge)::text FROM fraud.merged_person), '(2,1,1)', 'who stands for the person now');
SELECT is((SELECT count(*) FROM fraud.duplicate_person WHERE 2 IN (person, other)), 0::bigint, 'the pair is listed no more');
SELECT set_eq('SELECT oid, tgenabled FROM pg_trigger', 'SELECT * FROM triggers_before', 'every trigger is awake that was');
SELECT is(pg_temp.message_of($$UPDATE fraud.checkin SET person = 2 WHERE id = 3$$), '23001 column "person" of table "checkin" cannot be changed', 'and keeps rows as they are');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.person (document_kind, document_no, unit, enrolled_on) VALUES ('other', '３３９９９９ 19900101 0013', '370323002002', '2024-05-01')$$),
  '23505 duplicate key value violates unique constraint "person_document_once"', 'the duplicate is not entered once more');
SELECT is(pg_temp.message_of($$UPDATE fraud.person SET status = 'merged', ended_on = '2024-12-31' WHERE id = 7$$), '55000 the status of person 7 cannot be ''merged''', 'the status is that of a merge only');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (7, 'merged', '2024-12-31', 'x', 'y')$$), '23514 new row for relation "status_change" violates check constraint "status_change_is_no_merge"', 'and no change of status');
-- nothing is entered for it any more, in whatever table
SELECT is(pg_temp.error_of($$INSERT INTO fraud.checkin (person, checked_at) VALUES (2, '2024-05-01 10:00+08')$$), E'55000\nnothing can be recorded for person 2\nThe row was merged into that of the same person.\n'
  'The view merged_person says which row stands for the person now: name that one.', 'a check-in names the row that was kept');
SELECT is((SELECT array_agg(w.name ORDER BY w.name) FROM (VALUES
    ('tier_change', 'tier_change (person, tier, changed_on) VALUES (2, ''low'', ''2024-05-01'')'), ('suspension', 'suspension (person, ground, starts_on, ends_on, approver) VALUES (2, ''hospital'', ''2024-05-02'', ''2024-05-03'', ''x'')'),
    ('status_change', 'status_change (person, status, changed_on, reason, decided_by) VALUES (2, ''listed'', ''9999-12-31'', ''x'', ''y'')'), ('finding', 'finding (unit, kind, found_on, subject) VALUES (''370323002002'', ''control_failure'', ''2024-05-01'', ''person:2'')'),
    ('support', 'support (person, kind, given_on) VALUES (2, ''job'', ''2024-05-01'')'), ('control_plan', 'control_plan (person, plan, valid_from, approver) VALUES (2, ''x'', ''2024-05-01'', ''y'')'),
    ('responsible_officer', 'responsible_officer (person, officer, period) VALUES (2, 1, ''[2024-02-01,2024-02-02)'')')) AS w (name, row)
  WHERE pg_temp.message_of('INSERT INTO fraud.' || w.row) <> '55000 nothing can be recorded for person 2'), NULL, 'and so does everything else');
SELECT is((SELECT array_agg(r.name ORDER BY r.name) FROM fraud.person_reference AS r WHERE r.handling = 'moves'
           AND NOT EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = ('fraud.' || r.name)::regclass AND g.tgname IN (r.name || '_0_merged', r.name || '_9_keep_insert'))),
  '{escalation,missed,own_note}', 'every table that names persons refuses it, but those that follow from others, and a table of an office''s own');
SELECT is(fraud.guard_merged(), 1::bigint, 'which it may have guarded');
SELECT is(pg_temp.message_of($$INSERT INTO fraud.own_note (person) VALUES (2)$$), '55000 nothing can be recorded for person 2', 'then it refuses too');
SELECT is(pg_temp.error_of('SELECT fraud.merge_persons(3, 2, ''x'', ''y'')'), E'55000\nperson 2 cannot be merged into person 3\nPerson 2 is merged into person 1 already, by merge 1.\nThe view merged_person says which row stands for a person now.', 'not twice');
SELECT is(pg_temp.message_of('UPDATE fraud.person_merge SET decided_by = ''x'''), '23001 column "decided_by" of table "person_merge" cannot be changed', 'the log is kept as it was written');
SELECT is(pg_temp.error_of('SELECT fraud.void_fact(''person_merge'', 1, ''x'')'), E'55000\nmerge 1 cannot be voided by itself\nRows of person 2 would stay with person 1.\nCall unmerge_persons(1, reason).', 'and undone in one way only');
SELECT is(pg_temp.message_of('SELECT fraud.unmerge_persons(1, '' '')'), '22023 merge 1 is not undone without a reason', 'with a reason');
SELECT is(pg_temp.message_of('SELECT fraud.unmerge_persons(9, ''x'')'), 'P0002 merge 9 does not exist', 'nor one that is not there');
SELECT fraud.unmerge_persons(1, '两人，当面核实，联席办') \g /dev/null
SELECT set_eq($$SELECT * FROM pg_temp.everything() WHERE relation !~ '^escalation'$$, $$SELECT * FROM before WHERE relation !~ '^escalation'$$, 'undone, everything is as it was');
SELECT results_eq('SELECT rule, subject, state FROM fraud.escalation ORDER BY 1, 2',
  $$VALUES ('defect', 'person:1', 'raised'), ('defect', 'person:2', 'raised'), ('defect', 'person:22', 'raised'), ('missed', 'person:1', 'raised'), ('missed', 'person:2', 'raised')$$, 'what was withdrawn is raised again');
SELECT set_eq('SELECT measure, unit, occurred_on, quantity, subject, source_table, source_key, voided_at FROM fraud.fact', 'SELECT * FROM facts_before', 'every fact too');
SELECT is((SELECT different FROM fraud.verify_next_due()), 0::bigint, 'and what is kept');
SELECT is((SELECT void_reason FROM fraud.person_merge WHERE id = 1), '两人，当面核实，联席办', 'why it was undone');
SELECT matches(pg_temp.error_of('SELECT fraud.unmerge_persons(1, ''x'')'), E'^55000\nmerge 1 cannot be undone\nIt was undone at ', 'once');
-- merged again; what is recorded then stays with the person that was kept
SELECT is(fraud.merge_persons(1, 2, 'x', 'y'), 2::bigint, 'and again');
INSERT INTO fraud.checkin (person, checked_at) VALUES (1, '2024-03-20 10:00+08');
SELECT fraud.unmerge_persons(2, 'z') \g /dev/null
SELECT is((SELECT array_agg(last_done ORDER BY id) FROM fraud.person WHERE id IN (1, 2)), '{2024-03-20,2024-03-10}'::date[], 'a check-in since is that of the person it names');

-- ---------------------------------------------------------- when control was
-- A gap: control of 8 ended in 2022, that of 9 began in 2024.
INSERT INTO fraud.person (id, document_kind, document_no, name, born_on, unit, enrolled_on) OVERRIDING SYSTEM VALUE VALUES
  (8, 'passport', 'G1', '戊某', '1980-01-01', '370323002002', '2022-01-01'), (9, 'other', 'G2', '戊某', '1980-01-01', '370323002002', '2024-01-01');
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (8, 'low', '2022-01-01'), (9, 'low', '2024-01-01');
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (8, 'reduced', '2022-12-31', 'x', 'y');
CREATE TEMP TABLE before_gap AS SELECT * FROM pg_temp.everything();
SELECT fraud.merge_persons(9, 8, 'x', 'y') AS gap \gset
SELECT is((SELECT (enrolled_on, status, ended_on, tier)::text FROM fraud.person WHERE id = 9), '(2022-01-01,listed,,low)', 'control began with the first of them');
SELECT results_eq('SELECT from_status, status, changed_on FROM fraud.status_change WHERE person = 9 AND voided_at IS NULL ORDER BY changed_on', $$VALUES ('listed', 'reduced', date '2022-12-31'), ('reduced', 'listed', '2024-01-01')$$, 'ended, and began anew');
SELECT results_eq('SELECT starts_on, ends_on FROM fraud.status_gap WHERE person = 9', $$VALUES (date '2023-01-01', date '2023-12-31')$$, 'in between nothing was due');
SELECT is((SELECT count(*) FROM fraud.fact WHERE measure = 'reduced' AND subject = 'person:9' AND voided_at IS NULL), 1::bigint, 'that it ended remains a fact');
SELECT is((SELECT different FROM fraud.verify_next_due()), 0::bigint, 'kept as the history gives');
SELECT fraud.unmerge_persons(:gap, 'z') \g /dev/null
SELECT set_eq('SELECT * FROM before_gap', $$SELECT * FROM pg_temp.everything() WHERE relation <> 'status_change' OR content ->> 'void_reason' IS DISTINCT FROM 'merge 3 undone'$$, 'undone: only the change of status that was added is left, and void');

-- The other way round it is the same person: control does not end by a merge.
SELECT fraud.merge_persons(8, 9, 'x', 'y') AS gap \gset
SELECT is((SELECT (enrolled_on, status, ended_on, tier)::text FROM fraud.person WHERE id = 8), '(2022-01-01,listed,,low)', 'control lasts');
SELECT is(fraud.controlled_days(8), '{[2022-01-01,2023-01-01),[2024-01-01,)}', 'on the days of either');
SELECT fraud.unmerge_persons(:gap, 'z') \g /dev/null
SELECT is((SELECT (status, ended_on)::text FROM fraud.person WHERE id = 8), '(reduced,2022-12-31)', 'undone');

-- An overlap: the office had taken the duplicate off the list.
INSERT INTO fraud.person (id, document_kind, document_no, name, born_on, unit, enrolled_on) OVERRIDING SYSTEM VALUE VALUES (10, 'other', 'G3', '戊某', '1980-01-01', '370323002002', '2024-02-01');
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (10, 'reduced', '2024-06-30', 'entered twice', 'y');
CREATE TEMP TABLE before_overlap AS SELECT * FROM pg_temp.everything();
SELECT fraud.merge_persons(9, 10, 'x', 'y', 'G2 was replaced by G3') AS overlap \gset
SELECT is((SELECT (enrolled_on, status, ended_on)::text FROM fraud.person WHERE id = 9), '(2024-01-01,listed,)', 'the person was under control all the time');
SELECT is((SELECT (person, void_reason)::text FROM fraud.status_change WHERE changed_on = '2024-06-30'), '(9,"merged: person 9 was under control")', 'and was not taken off the list');
SELECT is((SELECT (conflicts, despite)::text FROM fraud.person_merge WHERE id = :overlap), '("{document,status}","G2 was replaced by G3")', 'against what spoke against it, with the reason');
SELECT fraud.unmerge_persons(:overlap, 'z') \g /dev/null
SELECT set_eq('SELECT * FROM before_overlap', 'SELECT * FROM pg_temp.everything()', 'undone');

-- Both ended, as their rows say: that becomes history.
UPDATE fraud.person SET status = 'deceased', ended_on = '2024-12-31' WHERE id = 3;
UPDATE fraud.person SET enrolled_on = '2022-01-01', status = 'transferred', ended_on = '2022-06-30' WHERE id = 4;
SELECT fraud.merge_persons(3, 4, 'x', 'y') AS both \gset
SELECT results_eq('SELECT from_status, status, changed_on FROM fraud.status_change WHERE person = 3 AND voided_at IS NULL ORDER BY changed_on',
  $$VALUES ('listed', 'transferred', date '2022-06-30'), ('transferred', 'listed', '2024-01-01'), ('listed', 'deceased', '2024-12-31')$$, 'ended, began anew, ended');
SELECT is((SELECT (enrolled_on, status, ended_on)::text FROM fraud.person WHERE id = 3), '(2022-01-01,deceased,2024-12-31)', 'the last end holds');
SELECT fraud.unmerge_persons(:both, 'z') \g /dev/null
SELECT results_eq('SELECT enrolled_on, status, ended_on FROM fraud.person WHERE id IN (3, 4) ORDER BY id', $$VALUES (date '2024-01-01', 'deceased', date '2024-12-31'), ('2022-01-01', 'transferred', '2022-06-30')$$, 'undone');

-- One stretch: the row alone says when it ended.
SELECT fraud.merge_persons(4, 6, 'x', 'y', 'z') AS stretch \gset
SELECT is((SELECT (enrolled_on, status, ended_on)::text FROM fraud.person WHERE id = 4), '(2022-01-01,listed,)', '6 is under control, with a gap after 4');
SELECT fraud.unmerge_persons(:stretch, 'z') \g /dev/null
UPDATE fraud.person SET ended_on = '2024-02-29' WHERE id = 4;
SELECT fraud.merge_persons(4, 6, 'x', 'y', 'z') AS stretch \gset
SELECT is((SELECT (enrolled_on, status, ended_on)::text FROM fraud.person WHERE id = 4) || (SELECT count(*) FROM fraud.status_change WHERE person = 4 AND voided_at IS NULL), '(2022-01-01,listed,)0', 'without a gap there is nothing to add');
SELECT fraud.unmerge_persons(:stretch, 'z') \g /dev/null
SELECT is((SELECT (enrolled_on, status, ended_on)::text FROM fraud.person WHERE id = 4), '(2022-01-01,transferred,2024-02-29)', 'undone');

-- Different decisions on one day, and a duty of both.
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (10, 'high', '2024-01-01');
SELECT fraud.void_fact('status_change', (SELECT id FROM fraud.status_change WHERE person = 10 AND voided_at IS NULL), 'test') \g /dev/null
SELECT results_eq('SELECT conflict, weight FROM fraud.merge_conflicts(9, 10) ORDER BY 1', $$VALUES ('document', 'force'), ('tier', 'note'), ('tier_same_day', 'force')$$, 'two tiers on one day');
INSERT INTO fraud.duty (code, label_zh, label_en, person, cadence, since) VALUES ('help', 'x', 'x', 9, 'every month', '2024-03-01'), ('help', 'x', 'x', 10, 'every month', '2024-03-01');
SELECT is(pg_temp.message_of('SELECT fraud.merge_persons(9, 10, ''x'', ''y'', ''z'')'), '55000 person 10 cannot be merged into person 9: both have the same duty in force: end one of them first', 'two duties are one');
UPDATE fraud.duty SET until = '2024-04-30' WHERE person = 10;
SELECT fraud.merge_persons(9, 10, 'x', 'y', 'z') AS same_day \gset
SELECT is((SELECT tier FROM fraud.person WHERE id = 9), 'low', 'the tier of the kept row holds');

-- A chain: undone from its end.
SELECT fraud.merge_persons(1, 9, 'x', 'y', 'z') AS chain \gset
SELECT results_eq('SELECT person, kept FROM fraud.merged_person ORDER BY 1', 'VALUES (9::bigint, 1::bigint), (10, 1)', 'through all merges');
SELECT matches(pg_temp.error_of(format('SELECT fraud.unmerge_persons(%s, ''x'')', :same_day)), 'Person 9 was merged into person 1 afterwards, by merge \d+: undo that first', 'not from the middle');
SELECT fraud.unmerge_persons(:chain, 'z') \g /dev/null
SELECT results_eq('SELECT person, kept FROM fraud.merged_person ORDER BY 1', 'VALUES (10::bigint, 9::bigint)', 'but from the end');

-- ------------------------------------------------------- who sees, who may
SELECT fraud.merge_persons(1, 2, 'x', 'y') AS seen \gset
CREATE ROLE merge_a; CREATE ROLE merge_b; CREATE ROLE merge_names;
SELECT fraud.set_scope('merge_a', '370323002002', 'test'), fraud.set_scope('merge_b', '370323002003', 'test'), fraud.set_scope('merge_names', '370323002', 'test', true) \g /dev/null
GRANT USAGE ON SCHEMA antifraud, tap TO merge_a, merge_b, merge_names;
GRANT ALL ON SCHEMA public TO merge_a, merge_b, merge_names;
SET ROLE merge_a;
SELECT is((SELECT array_agg(id ORDER BY id) FROM fraud.checkin WHERE person = 1), '{1,2,3,4,6}', 'rows that were moved are seen by who sees the person');
SELECT is((SELECT count(*) FROM fraud.person_merge WHERE id = :seen), 0::bigint, 'the merge by who sees the duplicate');
SELECT is(pg_temp.error_of('SELECT * FROM fraud.duplicate_person'), E'42501\npermission denied for table person', 'pairs by who may read names');
SELECT matches(pg_temp.error_of('SELECT fraud.merge_persons(9, 3, ''x'', ''y'')'), E'^42501\nonly the owner of the registry merges persons', 'who has a scope merges nobody');
SELECT matches(pg_temp.error_of('SELECT fraud.unmerge_persons(1, ''x'')'), E'^42501\nonly the owner', 'nor undoes it');
SET ROLE merge_b;
SELECT is((SELECT array_agg(id) FROM fraud.checkin), NULL, 'and no longer by others');
SELECT is((SELECT array_agg(id || status) FROM fraud.person), '{2merged}', 'who see that the row was merged');
SELECT is((SELECT (keep, duplicate)::text FROM fraud.person_merge WHERE id = :seen), '(1,2)', 'and into which');
SET ROLE merge_names;
SELECT is((SELECT array_agg(person || ' ' || other) FROM fraud.duplicate_person WHERE score > 90), '{"3 4","8 9"}', 'who may read names sees the pairs of the scope');
RESET ROLE;

-- ---------------------------------------------------------------- erasure
SELECT fraud.void_fact('legal_hold', 1, 'lifted') \g /dev/null
SELECT is(pg_temp.error_of('SELECT fraud.erase_person(2, ''request'', ''office'')'), E'55000\nperson 2 cannot be erased\nIt is merged into person 1: erase that one.\n'
  'Data are erased when their purpose is fulfilled and no duty to keep them remains (Personal Information Protection Law, art. 47).', 'not by halves');
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) VALUES (1, 'reduced', '2024-07-01', 'x', 'y');
SELECT fraud.erase_person(1, '个人信息保护法第四十七条', '联席办') \g /dev/null
SELECT results_eq('SELECT id, document_kind, document_no, name, citizen_id::text, source_key FROM fraud.person WHERE id IN (1, 2) ORDER BY id',
  $$VALUES (1::bigint, 'erased', '1', NULL::text, NULL::text, NULL::text), (2, 'erased', '2', NULL, NULL, NULL)$$, 'with the person goes what was merged into it');
SELECT results_eq('SELECT person FROM fraud.erasure ORDER BY 1', 'VALUES (1::bigint), (2)', 'a tombstone each');
SELECT is((SELECT (reason, despite)::text FROM fraud.person_merge WHERE id = :seen), '([erased],)', 'and why they were one');
SELECT is((SELECT count(*) FROM fraud.responsible_officer WHERE person IN (1, 2)), 0::bigint, 'what had stayed with the duplicate is removed');
SELECT is(pg_temp.error_of(format('SELECT fraud.unmerge_persons(%s, ''x'')', :seen)), format(E'55000\nmerge %s cannot be undone\nPerson 1 is erased, and nothing brings the data back.\nThe table person_merge lists the merges.', :seen), 'nobody is brought back');
SELECT matches(pg_temp.error_of('SELECT fraud.merge_persons(3, 1, ''x'', ''y'', ''z'')'), 'Person 1 is erased', 'nor merged');

SELECT * FROM finish();
