-- Activities, whom they reached of how many, what was signed, spot checks, and
-- what followed cases. The letters and numbers are those of doc/coverage.md.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();

INSERT INTO fraud.unit (code, region, name, kind) VALUES
  ('town', '370323002', 'town', 'town'), ('school', '370323002002', 'school', 'school'), ('works', '370323002003', 'works', 'enterprise'),
  ('hospital', '370323002003', 'hospital', 'hospital'), ('court', '370323002002', 'compound', 'compound'), ('media', '370323002', 'media centre', 'department');

-- Enter an activity, give its id.
CREATE FUNCTION pg_temp.held(unit text, kind text, held_on date, topic text DEFAULT NULL, medium text DEFAULT NULL) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC INSERT INTO fraud.activity (unit, kind, held_on, topic, medium) VALUES (unit, kind, held_on, topic, medium) RETURNING id; END;

-- A row of the coverage of a unit: audience, eligible, reached, at the least, missing, rate.
CREATE FUNCTION pg_temp.cover(unit_code text, as_of date, since date DEFAULT NULL, kinds text[] DEFAULT NULL, pledge text DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', c.audience, coalesce(c.eligible::text, '?'), c.reached, c.reached_at_least, coalesce(c.missing::text, '?'), coalesce(c.rate::text, '?')), ', ' ORDER BY c.audience)
                     FROM fraud.coverage_by_group(as_of, since, NULL, kinds, pledge) AS c WHERE c.unit = unit_code);
CREATE FUNCTION pg_temp.cells(unit_code text, as_of date, kinds text[] DEFAULT NULL, pledge text DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', coalesce(c.cell, '-'), coalesce(c.eligible::text, '?'), c.reached, coalesce(c.missing::text, '?')), ', ' ORDER BY c.audience, c.cell)
                     FROM fraud.coverage_cells(as_of, NULL, NULL, kinds, pledge) AS c WHERE c.unit = unit_code);
CREATE FUNCTION pg_temp.publicity(unit_code text) RETURNS bigint
LANGUAGE sql RETURN (SELECT coalesce(sum(f.quantity), 0) FROM fraud.fact AS f WHERE f.measure = 'publicity' AND f.unit = unit_code AND f.voided_at IS NULL);

-- ------------------------------------------------------------ kinds and lists
SELECT is((SELECT array_agg(k.code ORDER BY k.code) FROM fraud.activity_kind AS k WHERE k.measure = 'publicity'),
  '{broadcast,case_warning,class_meeting,event,face_warning,home_visit_pupil,lecture,parents_meeting,parents_push,push,refund_event,school_session,street_sweep,student_practice,talk,testimony,visit}',
  'what counts among nanma''s 48: sessions before an audience, and messages to groups');
SELECT is((SELECT array_agg(k.code ORDER BY k.code) FROM fraud.activity_kind AS k WHERE k.measure IS DISTINCT FROM 'publicity'),
  '{app_help,case_publicity,exchange,guidance,homework,launch,leaflet,led,letter,material,media_report,meeting,notice,poster,ringtone,short_video,sms,social_push,sticker,sweep,theme_month}',
  'what is put up, given out, sent or about the work itself is recorded and not among them');
SELECT is((SELECT count(*)::int FROM fraud.audience WHERE label_zh ~ '家属' OR label_en ~* 'famil'), 0, 'Q43: families of staff are no audience of their own; they are residents');
SELECT is((SELECT array_agg(g.code ORDER BY g.code) FROM fraud.victim_group AS g WHERE g.code <> 'other' AND NOT EXISTS (SELECT FROM fraud.audience AS a WHERE a.code = g.code)), NULL, 'N16: each of the five vulnerable groups is an audience');
SELECT is((SELECT array_agg(c.code ORDER BY c.code) FROM fraud.fraud_category AS c WHERE NOT EXISTS (SELECT FROM fraud.activity_topic AS t WHERE t.code = c.code)), NULL, 'each kind of fraud is a topic');
SELECT is((SELECT array_agg(code || ' ' || age_from || '-' || age_to ORDER BY code) FROM fraud.audience WHERE age_from IS NOT NULL), '{"age_20_50 20-50","age_20_55 20-55"}', 'T42: residents of 20 to 50; S09: of 20 to 55');
SELECT is((SELECT array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns
           WHERE table_schema = 'fraud' AND table_name IN ('activity_audience', 'audience_size', 'reach_cell', 'pledge', 'activity_organiser') AND column_name ~ 'name|person|citizen|victim|subject' AND column_name <> 'persons'), NULL,
  'no list of persons anywhere: numbers');

-- ------------------------------- an audience in cells: three classes of 40
INSERT INTO fraud.reach_cell (unit, audience, cell, opened_on) VALUES
  ('school', 'pupil_middle', 'A', '2023-01-01'), ('school', 'pupil_middle', 'B', '2023-01-01'), ('school', 'pupil_middle', 'C', '2023-01-01');
SELECT is((SELECT DISTINCT region::text FROM fraud.reach_cell), '370323002002', 'a cell lies where its unit does');
SELECT is(pg_temp.cover('school', '2023-03-01'), 'pupil_middle ? 0 0 ? ?', 'nobody counted the classes: no rate');
SELECT is((SELECT uncounted FROM fraud.coverage_by_group('2023-03-01')), 3::bigint, 'and it says how many were not');
INSERT INTO fraud.audience_size (unit, audience, cell, counted_on, eligible, source) SELECT 'school', 'pupil_middle', c, '2023-03-01', 40, '学籍系统' FROM unnest('{A,B,C}'::text[]) AS c;
-- class A twice, class B once: 40 of 40, not 80
INSERT INTO fraud.activity_audience (activity, audience, cell, reached) VALUES
  (pg_temp.held('school', 'class_meeting', '2023-03-06', 'law'), 'pupil_middle', 'A', 40),
  (pg_temp.held('school', 'class_meeting', '2023-04-10', 'two_cards'), 'pupil_middle', 'A', 40),
  (pg_temp.held('school', 'class_meeting', '2023-04-11', 'law'), 'pupil_middle', 'B', 40);
SELECT is(pg_temp.cover('school', '2023-04-30'), 'pupil_middle 120 80 80 40 66.66', 'Q54, T50, B06: 120 pupils, class A met twice, class C never: 80 of 120');
SELECT is(pg_temp.cells('school', '2023-04-30'), 'A 40 40 0, B 40 40 0, C 40 0 40', 'Q54, A13: who is missing is class C');
UPDATE fraud.registry_info SET as_of = '2023-04-30';
SELECT is((SELECT row (unit, audience, cell, missing, since, as_of)::text FROM fraud.coverage_missing), '(school,pupil_middle,C,40,2023-01-01,2023-04-30)', 'Q12, B06: the list of those missing');
SELECT is((SELECT row (eligible, reached, missing, rate, counted_in)::text FROM fraud.coverage_by_group WHERE unit = 'school'), '(120,80,40,66.66,person)', 'Q12: and the coverage, as of the office''s day');
SELECT is(pg_temp.cover('school', '2023-04-10'), 'pupil_middle 120 40 40 80 33.33', 'as of a day: the class meeting of the 11th is not held yet');
SELECT is(pg_temp.cover('school', '2023-04-30', '2023-04-11'), 'pupil_middle 120 40 40 80 33.33', 'since a day');
-- two meetings of 25 and of 30 in class C: at least 30 were there, at most 40
INSERT INTO fraud.activity_audience (activity, audience, cell, reached) VALUES (pg_temp.held('school', 'class_meeting', '2023-05-08'), 'pupil_middle', 'C', 25), (pg_temp.held('school', 'class_meeting', '2023-05-09'), 'pupil_middle', 'C', 30);
SELECT is(pg_temp.cover('school', '2023-05-31'), 'pupil_middle 120 120 110 0 100.00', 'no more than there are, and at least the largest at one time');
SELECT fraud.void_fact('activity', (SELECT id FROM fraud.activity WHERE held_on = '2023-05-08'), 'not held') \g /dev/null
SELECT is(pg_temp.cells('school', '2023-05-31'), 'A 40 40 0, B 40 40 0, C 40 30 10', 'an activity that is withdrawn reached nobody');
SELECT fraud.void_fact('activity_audience', (SELECT id FROM fraud.activity_audience WHERE held_on = '2023-05-09'), 'another class') \g /dev/null
SELECT is(pg_temp.cells('school', '2023-05-31'), 'A 40 40 0, B 40 40 0, C 40 0 40', 'nor one whose audience was');
-- counted anew, in September: classes of the new year
UPDATE fraud.reach_cell SET closed_on = '2023-08-31' WHERE cell = 'C';
INSERT INTO fraud.reach_cell (unit, audience, cell, opened_on) VALUES ('school', 'pupil_middle', 'D', '2023-09-01');
INSERT INTO fraud.audience_size (unit, audience, cell, counted_on, eligible) VALUES ('school', 'pupil_middle', 'D', '2023-09-01', 45), ('school', 'pupil_middle', 'A', '2023-09-01', 42);
SELECT is(pg_temp.cells('school', '2023-08-31'), 'A 40 40 0, B 40 40 0, C 40 0 40', 'until 31 August the old count');
SELECT is(pg_temp.cells('school', '2023-09-01'), 'A 42 42 0, B 40 40 0, D 45 0 45', 'from September the new one; of class A 80 visits are more than 42');
-- what names no class counts for those in no class alone
INSERT INTO fraud.activity_audience (activity, audience, reached) VALUES (pg_temp.held('school', 'lecture', '2023-09-05'), 'pupil_middle', 100);
SELECT is(pg_temp.cover('school', '2023-09-30'), 'pupil_middle 127 82 80 45 64.56', 'a lecture without a class fills no class: 82 of 127');
INSERT INTO fraud.audience_size (unit, audience, counted_on, eligible) VALUES ('school', 'pupil_middle', '2023-09-01', 137);
SELECT is(pg_temp.cells('school', '2023-09-30'), 'A 42 42 0, B 40 40 0, D 45 0 45, - 10 10 0', 'of 137 in the school 10 are in no class');
SELECT is((SELECT string_agg(cell, ',') FROM fraud.coverage_cells('2023-09-30', within => '370323002003')), NULL, 'in a region');
-- fewer in the school than in its classes: the classes hold
INSERT INTO fraud.audience_size (unit, audience, counted_on, eligible) VALUES ('school', 'pupil_middle', '2023-10-01', 100);
SELECT is(pg_temp.cover('school', '2023-10-01'), 'pupil_middle 127 82 80 45 64.56', 'a count of the whole that is smaller than its parts changes nothing');

-- faults
SELECT throws_ok($$INSERT INTO fraud.activity_audience (activity, audience, cell, reached) VALUES (1, 'pupil_middle', 'Z', 1)$$, '23503', NULL, 'an unknown class');
SELECT throws_ok($$INSERT INTO fraud.activity_audience (activity, audience, reached) VALUES (1, 'nobody', 1)$$, '23503', NULL, 'an unknown audience');
SELECT throws_ok($$INSERT INTO fraud.activity_audience (activity, audience) VALUES (1, 'resident')$$, '23502', NULL, 'nobody says how many');
SELECT throws_ok($$INSERT INTO fraud.activity_audience (activity, audience, reached) VALUES (1, 'resident', -1)$$, '23514', NULL, 'fewer than none');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.activity_audience (activity, audience, reached) VALUES (999, 'resident', 1)$$),
  E'23503\nactivity 999 does not exist\nA row of table "activity_audience" names it.\nRecord the activity first.', 'an activity that does not exist');
SELECT matches(pg_temp.error_of(format($$INSERT INTO fraud.activity_audience (activity, audience, reached) VALUES (%s, 'resident', 1)$$, (SELECT id FROM fraud.activity WHERE voided_at IS NOT NULL))),
  '^55000\nactivity 4 was withdrawn\n', 'one that was withdrawn');
SELECT throws_ok($$INSERT INTO fraud.reach_cell (unit, audience, cell, opened_on, closed_on) VALUES ('school', 'parent', 'A', '2023-09-01', '2023-08-31')$$, '23514', NULL, 'closed before it was opened');
SELECT is(pg_temp.message_of($$UPDATE fraud.audience_size SET eligible = 1$$), '23001 column "eligible" of table "audience_size" cannot be changed', 'a count is a fact');

-- ---------------------------------------------------- people of another unit
INSERT INTO fraud.activity (unit, kind, held_on, reached) VALUES ('town', 'lecture', '2023-05-20', 60);
INSERT INTO fraud.activity_audience (activity, unit, audience) SELECT id, 'works', 'finance_staff' FROM fraud.activity WHERE unit = 'town';
INSERT INTO fraud.audience_size (unit, audience, counted_on, eligible) VALUES ('works', 'finance_staff', '2023-01-01', 80);
SELECT is(pg_temp.cover('works', '2023-12-31'), 'finance_staff 80 60 60 20 75.00', 'A18: finance staff of an enterprise, at a lecture of the town; as many as the activity reached');
SELECT is((SELECT region::text FROM fraud.activity_audience WHERE unit = 'works'), '370323002003', 'in the region of the enterprise');

-- --------------------------------- five groups, 20 to 50, interests, parents
INSERT INTO fraud.audience_size (unit, audience, counted_on, eligible) VALUES
  ('370323002002', 'student', '2023-01-01', 200), ('370323002002', 'elderly', '2023-01-01', 150), ('370323002002', 'migrant_worker', '2023-01-01', 90), ('370323002002', 'homemaker', '2023-01-01', 60),
  ('370323002002', 'finance_staff', '2023-01-01', 12), ('370323002002', 'age_20_50', '2023-01-01', 900), ('370323002002', 'high_risk', '2023-01-01', 20), ('370323002002', 'trader', '2023-01-01', 30),
  ('370323002002', 'household', '2023-01-01', 500), ('370323002002', 'floating', '2023-01-01', 70), ('370323002002', 'resident', '2023-01-01', 1600);
CREATE FUNCTION pg_temp.reach(activity bigint, audience text, reached bigint) RETURNS void LANGUAGE sql
BEGIN ATOMIC INSERT INTO fraud.activity_audience (activity, audience, reached) VALUES (activity, audience, reached); END;
CREATE FUNCTION pg_temp.rate(audience_code text, kinds text[] DEFAULT NULL, pledge text DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT c.reached || '/' || c.eligible FROM fraud.coverage_by_group('2023-12-31', NULL, '370323002002', kinds, pledge) AS c WHERE c.unit = '370323002002' AND c.audience = audience_code);

SELECT pg_temp.reach(pg_temp.held('370323002002', 'visit', '2023-06-01', 'typical_case', 'face'), 'elderly', 100),
       pg_temp.reach(pg_temp.held('370323002002', 'visit', '2023-06-02', 'common_sense', 'face'), 'migrant_worker', 90),
       pg_temp.reach(pg_temp.held('370323002002', 'talk', '2023-06-03', 'law', 'face'), 'homemaker', 45),
       pg_temp.reach(pg_temp.held('370323002002', 'talk', '2023-06-04', 'impersonation', 'face'), 'finance_staff', 12),
       pg_temp.reach(pg_temp.held('370323002002', 'school_session', '2023-06-05', 'gaming'), 'student', 180),
       pg_temp.reach(pg_temp.held('370323002002', 'event', '2023-06-06'), 'age_20_50', 630),
       pg_temp.reach(pg_temp.held('370323002002', 'face_warning', '2023-06-07', 'investment', 'face'), 'high_risk', 15),
       pg_temp.reach(pg_temp.held('370323002002', 'visit', '2023-06-08', 'loan', 'face'), 'trader', 30),
       pg_temp.reach(pg_temp.held('370323002002', 'visit', '2023-06-09', NULL, 'face'), 'household', 460),
       pg_temp.reach(pg_temp.held('370323002002', 'visit', '2023-06-10', NULL, 'face'), 'floating', 35),
       pg_temp.reach(pg_temp.held('370323002002', 'talk', '2023-06-11', 'investment'), 'interest_investment', 25) \g /dev/null
SELECT is(ARRAY[pg_temp.rate('student'), pg_temp.rate('elderly'), pg_temp.rate('migrant_worker'), pg_temp.rate('homemaker'), pg_temp.rate('finance_staff')],
  '{180/200,100/150,90/90,45/60,12/12}', 'N16, Q12: the five groups, each of its own');
SELECT is(pg_temp.rate('age_20_50'), '630/900', 'T42: residents aged 20 to 50 come first');
SELECT is(pg_temp.rate('high_risk', '{face_warning}'), '15/20', 'N18, B21: those at risk are warned face to face');
SELECT is(pg_temp.rate('household', '{visit}'), '460/500', 'N12, T36: every household is called on, 40 are missing');
SELECT is(pg_temp.rate('floating', '{visit}'), '35/70', 'A13: and the floating population');
SELECT is(pg_temp.rate('trader'), '30/30', 'A19: owners of small businesses, of loan fraud');
SELECT is((SELECT a.topic FROM fraud.activity AS a JOIN fraud.activity_audience AS p ON p.activity = a.id WHERE p.audience = 'trader'), 'loan', 'A19: the subject is known');
SELECT is((SELECT count(*)::int FROM fraud.activity AS a JOIN fraud.activity_audience AS p ON p.activity = a.id WHERE p.audience IN ('elderly', 'migrant_worker', 'finance_staff') AND a.medium = 'face'), 3, 'Q57: brought to the elderly, migrant workers and finance staff');
SELECT is((SELECT row (c.eligible, c.reached, c.rate)::text FROM fraud.coverage_by_group('2023-12-31') AS c WHERE c.audience = 'interest_investment'), '(,25,)', 'Q61: people with an interest in investment, as an audience that nobody counts, hence no rate');
SELECT is((SELECT array_agg(DISTINCT t.topic ORDER BY t.topic) FROM fraud.activity AS t WHERE t.unit = '370323002002' AND t.topic IN ('law', 'common_sense', 'typical_case')), '{common_sense,law,typical_case}', 'Q40: the law, common sense and typical cases are told apart');
SELECT is(pg_temp.rate('resident'), '0/1600', 'N11, B01: all residents are an audience of their own: no group stands for them');
SELECT pg_temp.reach(pg_temp.held('370323002002', 'street_sweep', '2023-06-12', NULL, 'face'), 'resident', 1200), pg_temp.reach(pg_temp.held('370323002002', 'push', '2023-06-13', NULL, 'wechat'), 'resident', 1500) \g /dev/null
SELECT is(pg_temp.rate('resident', '{street_sweep}'), '1200/1600', 'Q63, T07: face to face in houses and streets');
SELECT is(pg_temp.rate('resident'), '1600/1600', 'N11, B15, T07: online and offline together, no more than there are; at the least 1,500');
SELECT is((SELECT array_agg(audience ORDER BY audience) FROM fraud.coverage_by_group('2023-12-31', within => '370323002002') WHERE unit = '370323002002' AND missing > 0),
  '{age_20_50,elderly,floating,high_risk,homemaker,household,student}', 'N11, B06: where somebody is missing');

-- parents: at meetings, at home, through homework
INSERT INTO fraud.audience_size (unit, audience, counted_on, eligible) VALUES ('school', 'parent', '2023-01-01', 240), ('school', 'teacher', '2023-01-01', 20);
SELECT pg_temp.reach(pg_temp.held('school', 'parents_meeting', '2023-03-10'), 'parent', 150), pg_temp.reach(pg_temp.held('school', 'home_visit_pupil', '2023-03-20'), 'parent', 30), pg_temp.reach(pg_temp.held('school', 'homework', '2023-03-21'), 'parent', 40) \g /dev/null
SELECT is((SELECT array_agg(c.reached ORDER BY c.reached) FROM unnest('{parents_meeting,home_visit_pupil,homework,lecture}'::text[]) AS k CROSS JOIN LATERAL fraud.coverage_by_group('2023-12-31', NULL, NULL, ARRAY[k]) AS c WHERE c.audience = 'parent'), '{0,30,40,150}', 'Q56: by each way');
SELECT is((SELECT row (c.reached, c.missing, c.rate)::text FROM fraud.coverage_by_group('2023-12-31') AS c WHERE c.audience = 'parent'), '(220,20,91.66)', 'Q56: 220 of 240 parents by all three');

-- T51: a lecture for the parents of the whole school, each term
INSERT INTO fraud.calendar_day (day, kind) SELECT d::date, 'term' FROM generate_series('2023-02-13'::timestamp, '2023-06-30', '1 day') AS d UNION ALL SELECT d::date, 'term' FROM generate_series('2023-09-01'::timestamp, '2024-01-19', '1 day') AS d;
INSERT INTO fraud.duty (code, label_zh, label_en, unit, cadence, since, activity_kind) VALUES ('parents_lecture', '每学期家长讲座', 'a lecture for parents each term', 'school', '1 per term', '2023-02-13', 'parents_meeting');
SELECT is((SELECT row (met, missed, next_due)::text FROM fraud.duties_at('2024-01-20') WHERE code = 'parents_lecture'), '(1,1,)', 'T51: held in the spring term, missed in the autumn term');
SELECT is((SELECT array_agg(c.cell) FROM fraud.coverage_cells('2023-06-30', '2023-02-13', NULL, '{parents_meeting}') AS c WHERE c.audience = 'parent' AND c.missing = 90), '{NULL}', 'T51: of the whole school: 150 of 240 came, 90 are missing');

-- Q52: a theme month each year is not any event
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('county', '370323', 'county', 'county');
SELECT fraud.adopt_duty('publicity_month', '2023-01-01') \g /dev/null
INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('county', 'event', '2023-06-01'), ('county', 'theme_month', '2024-06-01');
SELECT is((SELECT row (met, missed)::text FROM fraud.duties_at('2025-01-01') WHERE code = 'publicity_month'), '(1,1)', 'Q52: an event in 2023, a theme month in 2024');

-- ------------------------------------------------------------------- pledges
INSERT INTO fraud.reach_cell (unit, audience, cell, opened_on) VALUES ('370323002004', 'household', '第一网格', '2023-01-01'), ('370323002004', 'household', '第二网格', '2023-01-01');
INSERT INTO fraud.audience_size (unit, audience, cell, counted_on, eligible) VALUES ('370323002004', 'household', '第一网格', '2023-01-01', 100), ('370323002004', 'household', '第二网格', '2023-01-01', 80);
INSERT INTO fraud.pledge (unit, kind, audience, cell, signed_on, signed) VALUES
  ('370323002004', 'letter', 'household', '第一网格', '2023-06-01', 100), ('370323002004', 'letter', 'household', '第二网格', '2023-06-02', 50), ('370323002004', 'notice', 'household', '第二网格', '2023-06-03', 80);
SELECT is(pg_temp.cells('370323002004', '2023-12-31', NULL, 'letter'), '第一网格 100 100 0, 第二网格 80 50 30', 'N17, T37: the letter is signed by all but 30 households of the second grid');
SELECT is(pg_temp.cells('370323002004', '2023-12-31', NULL, 'notice'), '第一网格 100 0 100, 第二网格 80 80 0', 'S26, B19: the notice is another thing');
SELECT is(pg_temp.cells('370323002004', '2023-12-31'), '第一网格 100 0 100, 第二网格 80 0 80', 'a signature is no visit');
INSERT INTO fraud.pledge (unit, kind, audience, cell, signed_on, signed) VALUES ('school', 'pledge', 'pupil_middle', 'A', '2023-03-08', 38), ('school', 'pledge', 'pupil_middle', 'B', '2023-03-08', 40), ('school', 'pledge', 'pupil_middle', 'C', '2023-03-08', 40);
SELECT is((SELECT string_agg(concat_ws(' ', c.cell, c.missing), ', ' ORDER BY c.cell) FROM fraud.coverage_cells('2023-08-31', pledge => 'pledge') AS c WHERE c.audience = 'pupil_middle'), 'A 2, B 0, C 0', 'Q55: two pupils of class A have not signed; who, the school knows');
INSERT INTO fraud.pledge (unit, kind, audience, signed_on, signed) VALUES ('370323002003', 'pledge', 'resident', '2023-05-05', 300), ('works', 'pledge', 'enterprise_staff', '2023-05-06', 70), ('370323002003', 'appeal', 'resident', '2023-05-05', 40);
SELECT is((SELECT array_agg(unit || ' ' || audience || ' ' || reached ORDER BY unit, audience) FROM fraud.coverage_by_group('2023-12-31', pledge => 'pledge') WHERE reached > 0),
  '{"370323002003 resident 300","school pupil_middle 78","works enterprise_staff 70"}', 'A11, A12: pledges of residents, of staff, of pupils (those of the classes of this December)');
SELECT is((SELECT sum(quantity)::int FROM fraud.fact WHERE measure = 'pledge' AND unit = '370323002003'), 340, 'N17: a fact, for rubrics');
SELECT throws_ok($$INSERT INTO fraud.pledge (unit, kind, signed_on, signed) VALUES ('school', 'vow', '2023-05-05', 1)$$, '23503', NULL, 'an unknown kind');
SELECT throws_ok($$INSERT INTO fraud.pledge (unit, kind, signed_on, signed) VALUES ('school', 'pledge', 'infinity', 1)$$, '23514', NULL, 'on no day');
SELECT is((SELECT minors FROM fraud.audience WHERE code = 'pupil_middle'), true, 'Q55: marked as minors, so that policies can keep their rows to the school');

-- stickers on house doors
SELECT pg_temp.reach(pg_temp.held('370323002002', 'sticker', '2023-07-01', 'six_and_ten'), 'household', 320) \g /dev/null
SELECT is(pg_temp.rate('household', '{sticker}'), '320/500', 'S27: houses with the sticker, of all; it is recorded, no session');

-- ---------------------------------------------- each kind that a clause names
-- One of each is recorded; publicity counts those with an audience before it.
INSERT INTO fraud.activity (unit, kind, held_on, medium, topic, copies, combined, consent, minutes) VALUES
  ('media', 'short_video', '2023-07-01', 'douyin', 'brushing', NULL, false, NULL, 2),        -- Q49
  ('media', 'social_push', '2023-07-02', 'wechat', 'loan', 20000, false, NULL, NULL),        -- Q59, T08
  ('media', 'social_push', '2023-07-03', 'weibo', NULL, 500, false, NULL, NULL),             -- T08
  ('media', 'social_push', '2023-07-04', 'public_account', NULL, NULL, false, NULL, NULL),   -- T46
  ('media', 'social_push', '2023-07-05', 'video_account', NULL, NULL, false, NULL, NULL),    -- T46
  ('media', 'ringtone', '2023-07-06', 'telephone', 'romance', 900, false, NULL, NULL),       -- Q58
  ('media', 'sms', '2023-07-07', 'sms', NULL, 35000, false, NULL, NULL),                     -- B23
  ('media', 'case_publicity', '2023-07-08', 'television', 'solved_case', NULL, false, NULL, NULL), -- Q47, A15
  ('media', 'media_report', '2023-07-09', 'newspaper', NULL, NULL, false, NULL, NULL),       -- A36, S39
  ('media', 'media_report', '2023-07-10', 'radio', NULL, NULL, false, NULL, NULL),           -- A15
  ('media', 'material', '2023-07-11', 'print', NULL, 3000, false, NULL, NULL),               -- A08
  ('media', 'leaflet', '2023-07-12', 'print', NULL, 2500, false, NULL, NULL),                -- A09, A14
  ('media', 'poster', '2023-07-13', 'board', NULL, 40, false, NULL, NULL),                   -- A07, A14
  ('media', 'led', '2023-07-14', 'screen', 'common_sense', NULL, false, NULL, NULL),         -- A07, A14
  ('media', 'letter', '2023-07-15', 'print', NULL, 460, false, NULL, NULL),                  -- T37
  ('media', 'notice', '2023-07-16', 'print', NULL, 800, false, NULL, NULL),                  -- B19
  ('media', 'app_help', '2023-07-17', 'face', 'app', NULL, false, NULL, NULL),               -- Q44
  ('media', 'launch', '2023-07-18', NULL, NULL, NULL, false, NULL, NULL),                    -- A30
  ('media', 'exchange', '2023-07-19', NULL, NULL, NULL, false, NULL, NULL),                  -- Q76, S03, A33
  ('media', 'theme_month', '2023-07-20', NULL, 'brand', NULL, false, NULL, NULL),            -- S22
  ('media', 'meeting', '2023-07-21', NULL, 'agenda', NULL, false, NULL, NULL);               -- Q67
SELECT is(pg_temp.publicity('media'), 0::bigint, 'none of these is one of the 48 sessions');
INSERT INTO fraud.activity (unit, kind, held_on, medium, topic, combined, consent, sessions) VALUES
  ('media', 'testimony', '2023-08-01', 'face', 'brushing', false, true, 1),                  -- Q50
  ('media', 'student_practice', '2023-08-02', 'face', NULL, false, NULL, 3),                 -- Q51
  ('media', 'refund_event', '2023-08-03', NULL, NULL, false, NULL, 1),                       -- Q53
  ('media', 'talk', '2023-08-04', 'face', NULL, true, NULL, 2),                              -- T48
  ('media', 'case_warning', '2023-08-05', 'wechat', 'typical_case', false, NULL, 1);
SELECT is(pg_temp.publicity('media'), 8::bigint, '1 + 3 + 1 + 2 + 1 of these are');
CREATE FUNCTION pg_temp.count_of(condition text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE n text; BEGIN EXECUTE 'SELECT count(*) || '' '' || coalesce(sum(copies), 0) FROM fraud.activity WHERE unit = ''media'' AND ' || condition INTO n; RETURN n; END $$;
SELECT is(pg_temp.count_of($$kind = 'short_video' AND medium = 'douyin'$$), '1 0', 'Q49: short videos of the media centre');
SELECT is(pg_temp.count_of($$kind = 'social_push'$$), '4 20500', 'Q59: pushed to users of social networks, with the number of sendings');
SELECT is((SELECT array_agg(DISTINCT medium ORDER BY medium) FROM fraud.activity AS a JOIN fraud.medium AS m ON m.code = a.medium WHERE a.unit = 'media' AND m.online), '{douyin,public_account,video_account,wechat,weibo}', 'T07, T08, T46: WeChat, Weibo, Douyin, public and video accounts, apart from what is offline');
SELECT is(pg_temp.count_of($$kind = 'ringtone' AND topic = 'romance'$$), '1 900', 'Q58: ringback tones, of which kind of fraud');
SELECT is(pg_temp.count_of($$kind = 'sms'$$), '1 35000', 'B23: text messages in batches');
SELECT is(pg_temp.count_of($$kind = 'case_publicity' AND topic = 'solved_case'$$), '1 0', 'Q47: solved cases are publicised');
SELECT is(pg_temp.count_of($$kind = 'media_report' AND medium IN ('newspaper', 'radio')$$), '2 0', 'A36, S39: reports in the media');
SELECT is(pg_temp.count_of($$medium IN ('radio', 'television')$$), '2 0', 'A15: radio and television');
SELECT is(pg_temp.count_of($$kind = 'material'$$), '1 3000', 'A08: printed matter made');
SELECT is(pg_temp.count_of($$kind = 'leaflet'$$), '1 2500', 'A09, A14: and given out');
SELECT is(pg_temp.count_of($$kind IN ('poster', 'led') AND medium IN ('board', 'screen')$$), '2 40', 'A07, A14: boards and screens');
SELECT is(pg_temp.count_of($$kind IN ('letter', 'leaflet')$$), '2 2960', 'T37: letters and leaflets brought to households');
SELECT is(pg_temp.count_of($$kind = 'notice'$$), '1 800', 'B19: the notice given out');
SELECT is(pg_temp.count_of($$kind = 'app_help' AND topic = 'app'$$), '1 0', 'Q44: those without the app are called on and helped');
SELECT is(pg_temp.count_of($$kind = 'launch'$$), '1 0', 'A30: the launch ceremony');
SELECT is(pg_temp.count_of($$kind = 'exchange'$$), '1 0', 'Q76, S03, A33: good practice is passed on');
SELECT is(pg_temp.count_of($$topic = 'brand'$$), '1 0', 'S22: the district''s brand');
SELECT is(pg_temp.count_of($$kind = 'meeting' AND topic = 'agenda'$$), '1 0', 'Q67: on the agenda');
SELECT is(pg_temp.count_of('combined'), '1 0', 'T48: part of another event');
SELECT is(pg_temp.count_of($$kind = 'student_practice'$$), '1 0', 'Q51: students in summer practice');
-- a victim speaks of his own will, and nothing says which case it was
SELECT throws_ok($$INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('media', 'testimony', '2023-08-06')$$, '23514', 'new row for relation "activity" violates check constraint "activity_testimony_with_consent"', 'Q50: not without consent');
SELECT throws_ok($$INSERT INTO fraud.activity (unit, kind, held_on, consent) VALUES ('media', 'testimony', '2023-08-06', false)$$, '23514', NULL, 'Q50: nor against it');
SELECT is((SELECT array_agg(column_name::text) FROM information_schema.columns WHERE table_schema = 'fraud' AND table_name = 'activity' AND column_name IN ('victim', 'subject', 'fraud_case')), NULL, 'Q50: no link to the case');
SELECT pg_temp.reach((SELECT id FROM fraud.activity WHERE kind = 'student_practice'), 'household', 25), pg_temp.reach((SELECT id FROM fraud.activity WHERE kind = 'ringtone'), 'elderly', 900) \g /dev/null
SELECT is((SELECT array_agg(audience || ' ' || reached ORDER BY audience) FROM fraud.coverage_by_group('2023-12-31') WHERE unit = 'media'), '{"elderly 900","household 25"}', 'Q51, Q58: carried home to households; ringback tones for a group');
-- pupils from middle school on, of two-card offences; videos by pupils with parents
SELECT is((SELECT array_agg(DISTINCT p.cell ORDER BY p.cell) FROM fraud.activity AS a JOIN fraud.activity_audience AS p ON p.activity = a.id WHERE a.topic = 'two_cards' AND p.audience IN ('pupil_middle', 'pupil_high') AND p.voided_at IS NULL), '{A}', 'T53: the classes that were told of two-card offences');
INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES ('school', 'short_video', '2023-05-20', 6);
INSERT INTO fraud.activity_organiser (activity, role, persons) SELECT id, r.role, r.persons FROM fraud.activity CROSS JOIN (VALUES ('student', 6), ('resident', 7)) AS r (role, persons) WHERE unit = 'school' AND kind = 'short_video';
SELECT is((SELECT array_agg(role || ' ' || persons ORDER BY role) FROM fraud.participation('2023-05-20', '2023-05-20', '370323002002')), '{"resident 7","student 6"}', 'T52: six short videos, by six pupils with seven parents');
-- places of the publicity, by kind of unit
INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('works', 'talk', '2023-05-21'), ('court', 'visit', '2023-05-21'), ('hospital', 'lecture', '2023-05-21');
SELECT is((SELECT array_agg(DISTINCT u.kind ORDER BY u.kind) FROM fraud.activity AS a JOIN fraud.unit AS u ON u.code = a.unit WHERE a.held_on = '2023-05-21'), '{compound,enterprise,hospital}', 'N14, B14: publicity in enterprises and compounds');
INSERT INTO fraud.site (code, unit, kind, name) VALUES ('market-1', '370323002003', 'market', '农贸市场');
INSERT INTO fraud.activity (unit, kind, held_on, site) VALUES ('370323002003', 'talk', '2023-05-22', 'market-1');
SELECT is((SELECT site FROM fraud.activity WHERE held_on = '2023-05-22'), 'market-1', 'N14, B14: and in markets, by the code of the place');
SELECT throws_ok($$INSERT INTO fraud.activity (unit, kind, held_on, medium) VALUES ('media', 'talk', '2023-08-06', 'telepathy')$$, '23503', NULL, 'an unknown medium');
SELECT throws_ok($$INSERT INTO fraud.activity (unit, kind, held_on, topic) VALUES ('media', 'talk', '2023-08-06', 'weather')$$, '23503', NULL, 'an unknown topic');

-- ------------------------------------------------------------ who takes part
INSERT INTO fraud.activity_organiser (activity, unit, role, persons)
  SELECT a.id, r.unit, r.role, r.persons FROM fraud.activity AS a CROSS JOIN (VALUES (NULL, 'party_branch', 3), (NULL, 'police_assistant', 1), (NULL, 'grid', 4), (NULL, 'volunteer', 12), (NULL, 'property', 2), ('works', 'enterprise', 5), ('media', 'media', 1), (NULL, 'charity', NULL), (NULL, 'cadre', 2)) AS r (unit, role, persons)
  WHERE a.kind = 'street_sweep';
INSERT INTO fraud.activity_organiser (activity, role, persons) SELECT id, 'volunteer', 5 FROM fraud.activity WHERE unit = '370323002002' AND kind = 'event';
SELECT is((SELECT array_agg(concat_ws(' ', unit, role, activities, persons) ORDER BY unit, role) FROM fraud.participation('2023-06-01', '2023-06-30')),
  '{"370323002002 cadre 1 2","370323002002 charity 1","370323002002 grid 1 4","370323002002 party_branch 1 3","370323002002 police_assistant 1 1","370323002002 property 1 2","370323002002 volunteer 2 17","media media 1 1","works enterprise 1 5"}',
  'N13, Q63, T04, N49, Q48: party branch, police assistants, grid workers, volunteers, property managers, charities, enterprises, media');
SELECT throws_ok($$INSERT INTO fraud.activity_organiser (activity, role) SELECT id, 'grid' FROM fraud.activity WHERE kind = 'street_sweep'$$, '23505', NULL, 'not twice');

-- meetings: who was called, and came
INSERT INTO fraud.officer (unit, subject, role) VALUES ('370323002003', 'P-1', 'liaison');
INSERT INTO fraud.activity (unit, kind, held_on, topic) VALUES ('town', 'meeting', '2023-09-04', 'agenda'), ('town', 'meeting', '2023-10-09', 'agenda');
INSERT INTO fraud.attendance (activity, unit, attended, excuse)
  SELECT a.id, w.unit, w.attended, w.excuse FROM fraud.activity AS a JOIN (VALUES ('370323002002', '2023-09-04'::date, true, NULL), ('370323002002', '2023-10-09', false, '防汛'), ('370323002004', '2023-09-04', false, NULL)) AS w (unit, held_on, attended, excuse) ON a.held_on = w.held_on AND a.unit = 'town';
INSERT INTO fraud.attendance (activity, officer) SELECT a.id, o.id FROM fraud.activity AS a CROSS JOIN fraud.officer AS o WHERE a.unit = 'town' AND a.kind = 'meeting';
SELECT is((SELECT array_agg(concat_ws(' ', unit, called, attended, excused, absent) ORDER BY unit) FROM fraud.attendance_rates('2023-09-01', '2023-12-31')), '{"370323002002 2 1 1 0","370323002003 2 2 0 0","370323002004 1 0 0 1"}', 'T33, T66: the liaison officer of the second came twice, the third stayed away');
INSERT INTO fraud.body (code, unit, kind, name, formed_on) VALUES ('LG', 'media', 'leading_group', '领导小组', '2023-05-01');
INSERT INTO fraud.activity_organiser (activity, body) SELECT id, 'LG' FROM fraud.activity WHERE unit = 'town' AND held_on = '2023-10-09';
SELECT is((SELECT row (unit, role, body, held_on)::text FROM fraud.activity_organiser WHERE body IS NOT NULL), '(media,host,LG,2023-10-09)', 'T33: the meeting was held by the leading group, of another unit');
SELECT throws_ok($$INSERT INTO fraud.attendance (activity, unit, attended, excuse) VALUES (1, 'school', true, 'ill')$$, '23514', NULL, 'no excuse for who came');
SELECT throws_ok($$INSERT INTO fraud.attendance (activity, unit) SELECT activity, unit FROM fraud.attendance WHERE officer IS NULL LIMIT 1$$, '23505', NULL, 'called once');

-- -------------------------------------------------------------------- proof
INSERT INTO fraud.evidence (source_table, source_id, kind, place, sha256, added_on) SELECT 'activity', id, 'picture', '档案柜3/2023-06-12-1.jpg', encode(sha256('x'), 'hex'), '2023-06-13' FROM fraud.activity WHERE kind = 'street_sweep';
INSERT INTO fraud.evidence (source_table, source_id, kind, place, added_on) SELECT 'activity', id, 'video', '档案柜3/2023-06-12-2.mp4', '2023-06-13' FROM fraud.activity WHERE kind = 'street_sweep';
INSERT INTO fraud.evidence (source_table, source_id, kind, place, added_on) SELECT 'pledge', min(id), 'ledger', '台账第4页', '2023-06-13' FROM fraud.pledge;
SELECT is((SELECT array_agg(concat_ws(' ', held_on, kind, audiences, organisers, evidence) ORDER BY held_on) FROM fraud.activity_ledger('2023-06-11', '2023-06-13', '370323002002')),
  '{"2023-06-11 talk {interest_investment} {} 0","2023-06-12 street_sweep {resident} {cadre,charity,enterprise,grid,media,party_branch,police_assistant,property,volunteer} 2","2023-06-13 push {resident} {} 0"}', 'N71, S33: the ledger: what, for whom, with whom, and the proof');
SELECT is((SELECT array_agg(concat_ws(' ', source_table, kind, place) ORDER BY id) FROM fraud.evidence), '{"activity picture 档案柜3/2023-06-12-1.jpg","activity video 档案柜3/2023-06-12-2.mp4","pledge ledger 台账第4页"}', 'S33: pictures, videos and ledgers, where they are kept');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.evidence (source_table, source_id, kind, place, added_on) VALUES ('activity', 9999, 'picture', 'x', '2023-06-13')$$),
  E'23503\ntable activity has no row 9999\nEvidence proves a fact that is recorded.\nRecord the fact first, or correct source_id.', 'proof of nothing');
SELECT throws_ok($$INSERT INTO fraud.evidence (source_table, source_id, kind, place, added_on) VALUES ('unit', 1, 'picture', 'x', '2023-06-13')$$, '23503', NULL, 'nor of what is no fact');
SELECT throws_ok($$INSERT INTO fraud.evidence (source_table, source_id, kind, place, sha256, added_on) VALUES ('activity', 1, 'picture', 'x', 'ABC', '2023-06-13')$$, '23514', NULL, 'a digest that is none');
UPDATE fraud.registry_info SET as_of = '2023-06-17';
SELECT is((SELECT array_agg(held_on ORDER BY held_on) FROM fraud.activity_ledger), '{2023-06-11,2023-06-12,2023-06-13}', 'the view: seven days');

-- --------------------------------------------------- broadcasts by the slot
-- The town's broadcasts: 30 minutes in each of three slots, not in exam days.
UPDATE fraud.broadcast_slot SET from_time = t.f, to_time = t.t FROM (VALUES ('morning', '06:00'::time, '09:00'::time), ('noon', '11:00', '14:00'), ('evening', '17:00', '20:00')) AS t (c, f, t) WHERE code = t.c;
INSERT INTO fraud.calendar_day (day, kind) SELECT d::date, 'exam' FROM generate_series('2023-06-07'::timestamp, '2023-06-10', '1 day') AS d;
SELECT fraud.adopt_duty('town_broadcast', '2023-06-01', unit => 'town'), fraud.adopt_duty('compound_broadcast', '2023-06-01', unit => 'court') \g /dev/null
CREATE FUNCTION pg_temp.aired(unit text, day date, starts_at time, minutes integer, slot text DEFAULT NULL) RETURNS void LANGUAGE sql
BEGIN ATOMIC INSERT INTO fraud.activity (unit, kind, held_on, starts_at, minutes, slot, medium) VALUES (unit, 'broadcast', day, starts_at, minutes, slot, 'loudspeaker'); END;
CREATE FUNCTION pg_temp.day_of(unit_code text, on_day date) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(concat_ws(' ', b.met, b.missed, b.unplaced, b.state), '; ') FROM fraud.broadcast_days(on_day, on_day) AS b WHERE b.unit = unit_code);
SELECT is(pg_temp.day_of('town', '2023-05-31'), NULL, 'before the duty began');
SELECT is(pg_temp.day_of('town', '2023-06-01'), '0 {morning,noon,evening} 0 missed', 'S13: nothing was broadcast');
SELECT pg_temp.aired('town', '2023-06-02', '07:00', 30), pg_temp.aired('town', '2023-06-02', '12:00', 30), pg_temp.aired('town', '2023-06-02', '18:30', 45) \g /dev/null
SELECT is(pg_temp.day_of('town', '2023-06-02'), '3 {} 0 met', 'S13, S14: morning, noon and evening, 30 minutes each');
SELECT pg_temp.aired('town', '2023-06-03', '07:00', 30), pg_temp.aired('town', '2023-06-03', '07:30', 30), pg_temp.aired('town', '2023-06-03', '12:00', 29) \g /dev/null
SELECT is(pg_temp.day_of('town', '2023-06-03'), '1 {noon,evening} 0 missed', 'S14: twice in the morning is one slot; 29 minutes are too few');
-- in the slot: 08:45 with 30 minutes has 15 in it; 05:50 with 40 has 30 from 06:00 on; 13:30 ends with it
SELECT pg_temp.aired('town', '2023-06-04', '08:45', 30), pg_temp.aired('town', '2023-06-04', '13:30', 30), pg_temp.aired('town', '2023-06-04', '05:50', 40, 'morning'), pg_temp.aired('town', '2023-06-04', '23:50', 30, 'evening') \g /dev/null
SELECT is(pg_temp.day_of('town', '2023-06-04'), '2 {evening} 0 missed', 'S14: 30 minutes within the slot');
SELECT pg_temp.aired('town', '2023-06-05', NULL, 30, 'morning'), pg_temp.aired('town', '2023-06-05', NULL, NULL, 'noon'), pg_temp.aired('town', '2023-06-05', NULL, 30), pg_temp.aired('town', '2023-06-05', '10:00', 30) \g /dev/null
SELECT is(pg_temp.day_of('town', '2023-06-05'), '1 {noon,evening} 2 missed', 'without an hour the row names the slot; without minutes it is not met; two have no slot');
SELECT is((SELECT array_agg(day || ' ' || state ORDER BY day) FROM fraud.broadcast_days('2023-06-06', '2023-06-11') WHERE unit = 'town'),
  '{"2023-06-06 missed","2023-06-07 paused","2023-06-08 paused","2023-06-09 paused","2023-06-10 paused","2023-06-11 missed"}', 'S13: not in the exam days, 7 to 10 June');
-- tuohe asks for no minutes, and has no exam days; a pause is approved
SELECT pg_temp.aired('court', '2023-06-02', '07:00', 5), pg_temp.aired('court', '2023-06-02', '12:00', NULL), pg_temp.aired('court', '2023-06-02', '18:00', 10) \g /dev/null
SELECT is(pg_temp.day_of('court', '2023-06-02'), '3 {} 0 met', 'T38, T41: at the gate, morning, noon and evening, however long');
SELECT is(pg_temp.day_of('court', '2023-06-08'), '0 {morning,noon,evening} 0 missed', 'T38: exam days are days');
INSERT INTO fraud.duty_pause (duty, unit, starts_on, ends_on, reason, approver) SELECT id, 'court', '2023-06-20', '2023-06-21', '停电', '街道办' FROM fraud.duty WHERE code = 'compound_broadcast';
SELECT is((SELECT array_agg(state ORDER BY day) FROM fraud.broadcast_days('2023-06-19', '2023-06-22') WHERE unit = 'court'), '{missed,paused,paused,missed}', 'a pause that was approved');
UPDATE fraud.registry_info SET as_of = '2023-06-09';
SELECT is((SELECT array_agg(day || ' ' || state ORDER BY day) FROM fraud.broadcast_day WHERE unit = 'town'),
  '{"2023-06-02 met","2023-06-03 missed","2023-06-04 missed","2023-06-05 missed","2023-06-06 missed","2023-06-07 paused","2023-06-08 paused"}', 'S13: the view: the seven days before');
UPDATE fraud.broadcast_slot SET from_time = NULL, to_time = NULL;
SELECT is(pg_temp.day_of('town', '2023-06-02'), '0 {morning,noon,evening} 3 missed', 'T41: hours that no document gives are an office''s: without them, a row names its slot or has none');
SELECT throws_ok($$UPDATE fraud.broadcast_slot SET from_time = '06:00'$$, '23514', NULL, 'hours have a beginning and an end');
UPDATE fraud.registry_info SET as_of = NULL;

-- ------------------------------------------------------------------- samples
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive, audience, method) VALUES
  ('370323002002', 'awareness', '2023-06-01', 60, 55, NULL, '电话'), ('370323002002', 'awareness', '2023-07-01', 40, 35, NULL, '入户'),      -- 90 of 100
  ('370323002003', 'awareness', '2023-06-01', 50, 45, NULL, NULL), ('370323002004', 'awareness', '2023-06-01', 600, 540, NULL, NULL),
  ('370323002013', 'awareness', '2023-06-01', 10, 0, NULL, NULL), ('town', 'awareness', '2023-06-01', 10, 10, NULL, NULL), ('media', 'awareness', '2023-06-01', 0, 0, NULL, NULL),
  ('370323002002', 'satisfaction', '2023-06-01', 80, 72, NULL, NULL), ('370323002002', 'publicity_reached', '2023-06-01', 100, 97, NULL, NULL),
  ('works', 'awareness_staff', '2023-06-01', 80, 80, 'enterprise_staff', NULL), ('school', 'awareness_pupils', '2023-06-01', 120, 119, 'pupil_middle', NULL), ('hospital', 'awareness_medical', '2023-06-01', 40, 40, 'medical', NULL);
CREATE FUNCTION pg_temp.sampled(unit_code text, kind_code text DEFAULT 'awareness') RETURNS text
LANGUAGE sql RETURN (SELECT concat_ws(' ', s.samples, s.positive || '/' || s.sampled, s.rate, s.low, s.high, s.too_small) FROM fraud.sample_rates('2023-01-01', '2023-12-31') AS s WHERE s.unit = unit_code AND s.kind = kind_code);
-- Wilson, 95 per cent, z = 1.959964: (p + z2/2n -+ z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n), z2 = 3.841459.
-- 90/100: centre (.9 + .019207) / 1.038415 = .885203, half 1.959964 sqrt(.0009 + .000096) / 1.038415 = .059569
SELECT is(pg_temp.sampled('370323002002'), '2 90/100 90.00 82.56 94.48 f', 'N06, S05, A03: 90 of 100, of two surveys: 0.8256 to 0.9448');
SELECT is(pg_temp.sampled('370323002003'), '1 45/50 90.00 78.64 95.65 f', '45 of 50: 0.7864 to 0.9565');
SELECT is(pg_temp.sampled('370323002004'), '1 540/600 90.00 87.34 92.15 f', '540 of 600: 0.8734 to 0.9215');
SELECT is(pg_temp.sampled('370323002013'), '1 0/10 0.00 0.00 27.75 t', 'none of 10: up to 0.2775, and too few to rely on');
SELECT is(pg_temp.sampled('town'), '1 10/10 100.00 72.25 100.00 t', 'all of 10: from 0.7225');
SELECT is(pg_temp.sampled('media'), '1 0/0 t', 'nobody was asked: no rate');
SELECT is(pg_temp.sampled('370323002002', 'satisfaction'), '1 72/80 90.00 81.49 94.85 f', 'B40: satisfied residents');
SELECT is(pg_temp.sampled('370323002002', 'publicity_reached'), '1 97/100 97.00 91.55 98.97 f', 'B15, N49: residents whom publicity has reached');
SELECT is(ARRAY[pg_temp.sampled('works', 'awareness_staff'), pg_temp.sampled('school', 'awareness_pupils'), pg_temp.sampled('hospital', 'awareness_medical')],
  '{"1 80/80 100.00 95.42 100.00 f","1 119/120 99.16 95.43 99.85 f","1 40/40 100.00 91.24 100.00 f"}', 'Q66: staff, pupils and teachers, medical staff: 119 of 120 are not 100 per cent');
SELECT is((SELECT array_agg(concat_ws(' ', f.measure, f.quantity, f.base) ORDER BY f.measure) FROM fraud.fact AS f WHERE f.unit IN ('works', 'school', 'hospital') AND f.source_table = 'sample'), '{"awareness_medical 40 40","awareness_pupils 119 120","awareness_staff 80 80"}', 'Q66: facts with their base');
UPDATE fraud.registry_info SET as_of = '2023-06-30';
SELECT is((SELECT row (sampled, positive, label_en, as_of)::text FROM fraud.sample_rate WHERE unit = '370323002002' AND kind = 'awareness'), '(60,55,awareness,2023-06-30)', 'the view: up to the office''s day');
UPDATE fraud.registry_info SET as_of = NULL;
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive, age_from, age_to) VALUES ('370323002002', 'app_20_55', '2023-06-01', 200, 181, 20, 55);
SELECT is((SELECT row (quantity, base)::text FROM fraud.fact WHERE measure = 'app_20_55'), '(181,200)', 'S09: the app among those aged 20 to 55');
SELECT throws_ok($$INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive, age_from, age_to) VALUES ('370323002002', 'app_20_55', '2023-06-01', 9, 9, 18, 55)$$, '23514', NULL, 'S09: no younger');
SELECT throws_ok($$INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive, age_from, age_to) VALUES ('370323002002', 'app', '2023-06-01', 9, 9, 30, 20)$$, '23514', NULL, 'ages in order');

-- ----------------------------------------------------------------- follow-up
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, recovered, victim) SELECT 'C-' || i, '370323002003', '2023-10-01'::date + i, 10000, 0, 'V-' || i FROM generate_series(1, 11) AS i;
INSERT INTO fraud.follow_up (fraud_case, followed_on) SELECT id, filed_on + 3 FROM fraud.fraud_case WHERE case_no NOT IN ('C-10', 'C-11');
INSERT INTO fraud.follow_up (fraud_case, followed_on, outcome) SELECT id, '2023-10-13', 'refused' FROM fraud.fraud_case WHERE case_no = 'C-10';
INSERT INTO fraud.follow_up (fraud_case, followed_on, outcome) SELECT id, '2023-10-14', 'not_reached' FROM fraud.fraud_case WHERE case_no = 'C-10';
CREATE FUNCTION pg_temp.followed(as_of date, grace integer DEFAULT 0) RETURNS text
LANGUAGE sql RETURN (SELECT concat_ws(' ', r.followed_up || '/' || r.cases, r.waiting, r.missing, r.rate) FROM fraud.follow_up_rates(as_of, NULL, grace) AS r WHERE r.unit = '370323002003');
SELECT is(pg_temp.followed('2023-12-31'), '9/11 0 2 81.81', 'S11: two of eleven were not reached, though one was tried twice');
SELECT is((SELECT row (attempts, followed_on, outcome, state)::text FROM fraud.follow_ups_at('2023-12-31') WHERE case_no = 'C-10'), '(2,,not_reached,open)', 'S11: tried twice, not reached');
INSERT INTO fraud.follow_up (fraud_case, followed_on) SELECT id, '2023-10-20' FROM fraud.fraud_case WHERE case_no = 'C-10';
SELECT is(pg_temp.followed('2023-12-31'), '10/11 0 1 90.90', 'S11: 10 of 11 is not 100 per cent');
SELECT is(pg_temp.followed('2023-10-19'), '9/11 0 2 81.81', 'as of a day: not reached yet');
SELECT is(pg_temp.followed('2023-10-13'), '9/11 0 2 81.81', 'a case filed yesterday is among the cases');
SELECT is(pg_temp.followed('2023-10-13', 3), '9/9 2 0 100.00', 'with three days of grace those of the 11th and 12th wait');
SELECT is(pg_temp.followed('2023-10-15', 3), '9/10 1 1 90.00', 'on the fourth day after filing no more: C-10 of the 11th is open');
UPDATE fraud.registry_info SET as_of = '2023-10-31';
SELECT is((SELECT array_agg(concat_ws(' ', case_no, attempts, days_open)) FROM fraud.follow_up_open), '{"C-11 0 19"}', 'S11: the list of those open');
INSERT INTO fraud.follow_up (fraud_case, followed_on) SELECT id, '2023-10-31' FROM fraud.fraud_case WHERE case_no = 'C-11';
SELECT is(pg_temp.followed('2023-12-31'), '11/11 0 0 100.00', 'S11: 11 of 11');
SELECT is((SELECT sum(quantity) || '/' || sum(base) FROM fraud.fact WHERE measure = 'followed_up' AND unit = '370323002003' AND voided_at IS NULL), '11/11', 'S11: as facts');
SELECT fraud.void_fact('follow_up', (SELECT max(id) FROM fraud.follow_up), 'another person') \g /dev/null
SELECT is((SELECT sum(quantity) || '/' || sum(base) FROM fraud.fact WHERE measure = 'followed_up' AND unit = '370323002003' AND voided_at IS NULL), '10/11', 'S11: withdrawn, it is open again');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, followed_up) VALUES ('D-1', '370323002004', '2023-11-01', true), ('D-2', '370323002004', '2023-11-01', false);
SELECT is((SELECT sum(quantity) || '/' || sum(base) FROM fraud.fact WHERE measure = 'followed_up' AND unit = '370323002004'), '1/2', 'S11: as imported');
SELECT is(pg_temp.error_of($$INSERT INTO fraud.follow_up (fraud_case, followed_on) SELECT id, '2023-10-31' FROM fraud.fraud_case WHERE case_no = 'D-1'$$),
  E'23514\n2023-10-31 is before case 12 was filed\nIt was filed on 2023-11-01.\nCorrect the day.', 'not before the case');
SELECT is(pg_temp.error_of('INSERT INTO fraud.follow_up (fraud_case, followed_on) VALUES (999, ''2023-10-31'')'),
  E'23503\ncase 999 does not exist\nA row of table "follow_up" names it.\nGive the id of the row in fraud_case.', 'nor of none');

-- ------------------------------------------------------------------- refunds
CREATE FUNCTION pg_temp.refund(no text, refunded_on date, amount numeric) RETURNS text LANGUAGE sql
RETURN pg_temp.error_of(format('INSERT INTO fraud.refund (fraud_case, refunded_on, amount, activity) SELECT c.id, %L, %s, (SELECT min(id) FROM fraud.activity WHERE kind = ''refund_event'') FROM fraud.fraud_case AS c WHERE case_no = %L', refunded_on, amount, no));
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, recovered, victim) VALUES ('R-1', '370323002013', '2023-05-10', 120000, 20000, 'R'), ('R-2', '370323002013', '2023-05-11', NULL, NULL, 'S');
CREATE FUNCTION pg_temp.net() RETURNS text LANGUAGE sql RETURN (SELECT string_agg(coalesce(f.amount::text, '?'), ', ' ORDER BY f.source_key::bigint) FROM fraud.fact AS f WHERE f.measure = 'case_net' AND f.unit = '370323002013' AND f.voided_at IS NULL);
SELECT is(pg_temp.net(), '100000, ?', 'net of what was recovered');
SELECT is(pg_temp.refund('R-1', '2023-06-20', 30000), 'no error', 'Q53: money is returned');
SELECT is(pg_temp.refund('R-1', '2023-07-20', 69999.99), 'no error', 'Q53: and again');
SELECT is(pg_temp.net(), '0.01, ?', 'Q53: 120,000.00 - 20,000.00 - 30,000.00 - 69,999.99');
SELECT is(pg_temp.refund('R-1', '2023-07-21', 0.02), E'23514\na refund of 0.02 yuan is more than is left of the loss of case 14\nOf a loss of 120000 yuan, 119999.99 came back before.\nCorrect the amount; a refund that is wrong is voided first.', 'no more than was lost');
SELECT is(pg_temp.refund('R-1', '2023-07-21', 0.01), 'no error', 'the last fen');
SELECT fraud.void_fact('refund', (SELECT id FROM fraud.refund WHERE amount = 30000), 'another case') \g /dev/null
SELECT is(pg_temp.net(), '30000.00, ?', 'a refund that was withdrawn');
SELECT matches(pg_temp.refund('R-1', '2023-05-09', 1), E'^23514\n2023-05-09 is before case 14 was filed\n', 'not before the case');
SELECT matches(pg_temp.refund('R-1', '2023-08-01', 0), '^23514', 'nor of nothing');
SELECT is(pg_temp.refund('R-2', '2023-08-01', 500), 'no error', 'of a loss that is not known');
SELECT is((SELECT sum(amount) || ' ' || count(*) FROM fraud.fact WHERE measure = 'refund' AND voided_at IS NULL), '70500.00 3', 'Q53: facts, with their amount');
SELECT is((SELECT count(*)::int FROM fraud.refund AS r JOIN fraud.activity AS a ON a.id = r.activity WHERE a.kind = 'refund_event'), 4, 'Q53: at the event');
SELECT fraud.void_fact('fraud_case', (SELECT id FROM fraud.fraud_case WHERE case_no = 'R-2'), 'no fraud') \g /dev/null
SELECT is((SELECT sum(amount) || ' ' || count(*) FROM fraud.fact WHERE measure = 'refund' AND voided_at IS NULL), '70000.00 2', 'the refund of a case that was withdrawn goes with it');
SELECT matches(pg_temp.refund('R-2', '2023-08-02', 1), E'^55000\ncase 15 was withdrawn\n', 'nor takes another');

-- As known then: with the triggers off, which stamp the rows, each case and
-- refund at an hour of its own; the net loss and the follow-up are what rows
-- known at that hour say, once a case.
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO fraud.fraud_case (unit, region, filed_on, loss, recovered, recorded_at, voided_at, voided_by, void_reason)
  SELECT 'many', '370323002', '2023-06-01', 1000, i, t.at, CASE WHEN i % 3 = 0 THEN t.at + make_interval(hours => 50 + i % 7) END, CASE WHEN i % 3 = 0 THEN 'x' END, CASE WHEN i % 3 = 0 THEN 'x' END
  FROM generate_series(1, 60) AS i CROSS JOIN LATERAL (SELECT '2024-01-01'::timestamptz + make_interval(hours => i) AS at) AS t;
INSERT INTO fraud.refund (unit, region, fraud_case, refunded_on, amount, recorded_at, voided_at, voided_by, void_reason)
  SELECT 'many', '370323002', c.id, '2023-07-01', 10 + i, t.at, CASE WHEN i % 2 = 0 THEN t.at + make_interval(hours => 11 * i) END, CASE WHEN i % 2 = 0 THEN 'x' END, CASE WHEN i % 2 = 0 THEN 'x' END
  FROM fraud.fraud_case AS c CROSS JOIN generate_series(1, 4) AS i CROSS JOIN LATERAL (SELECT c.recorded_at + make_interval(hours => (c.recovered::int * i) % 30) AS at) AS t WHERE c.unit = 'many' AND c.recovered > 6;
INSERT INTO fraud.follow_up (unit, region, fraud_case, followed_on, outcome, recorded_at, voided_at, voided_by, void_reason)
  SELECT r.unit, r.region, r.fraud_case, r.refunded_on, CASE WHEN r.id % 5 = 0 THEN 'refused' ELSE 'reached' END, r.recorded_at, r.voided_at, r.voided_by, r.void_reason FROM fraud.refund AS r WHERE r.unit = 'many';
CREATE FUNCTION pg_temp.known(recorded timestamptz, voided timestamptz, at timestamptz) RETURNS boolean LANGUAGE sql RETURN recorded <= at AND (voided IS NULL OR voided > at);
CREATE TEMP TABLE moment AS SELECT '2024-01-01'::timestamptz + make_interval(mins => i * 180 + 30) AS at FROM generate_series(0, 60) AS i;
CREATE TEMP TABLE viewed AS SELECT m.at, f.measure, f.source_key, f.amount, f.quantity FROM moment AS m JOIN fraud.fact AS f ON f.unit = 'many' AND f.measure IN ('case_net', 'followed_up') AND pg_temp.known(f.recorded_at, f.voided_at, m.at);
CREATE TEMP TABLE defined AS
SELECT m.at, 'case_net'::text AS measure, c.id::text AS source_key,
       c.loss - c.recovered - coalesce((SELECT sum(r.amount) FROM fraud.refund AS r WHERE r.fraud_case = c.id AND pg_temp.known(r.recorded_at, r.voided_at, m.at)), 0) AS amount, 1::bigint AS quantity
FROM moment AS m JOIN fraud.fraud_case AS c ON c.unit = 'many' AND pg_temp.known(c.recorded_at, c.voided_at, m.at)
UNION ALL
SELECT m.at, 'followed_up', c.id::text, NULL, EXISTS (SELECT FROM fraud.follow_up AS u WHERE u.fraud_case = c.id AND u.outcome = 'reached' AND pg_temp.known(u.recorded_at, u.voided_at, m.at))::integer
FROM moment AS m JOIN fraud.fraud_case AS c ON c.unit = 'many' AND pg_temp.known(c.recorded_at, c.voided_at, m.at);
SELECT cmp_ok((SELECT min(n) FROM (SELECT count(*) AS n FROM defined GROUP BY measure, quantity) AS x), '>', 300::bigint, 'there are some of each to compare');
SELECT is((SELECT count(*)::int FROM (SELECT * FROM viewed EXCEPT ALL SELECT * FROM defined) AS x), 0, 'nothing that the rows known then do not say');
SELECT is((SELECT count(*)::int FROM (SELECT * FROM defined EXCEPT ALL SELECT * FROM viewed) AS x), 0, 'nothing is left out');
SELECT * FROM finish();
ROLLBACK;
