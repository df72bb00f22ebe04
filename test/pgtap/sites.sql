-- Sites: what programmes ask to be there, what checks found, what is stale;
-- and places that publicity has not reached.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

INSERT INTO fraud.unit (code, region, name, kind) VALUES
  ('transport', '370323002', '公交公司', 'department'),
  ('market', '370323002', '市监所', 'department'),
  ('health', '370323002', '卫健办', 'department'),
  ('school', '370323002002', '实验学校', 'school'),
  ('works', '370323002003', '工厂', 'enterprise'),
  ('garden', '370323002002', '花园小区', 'compound'),
  ('town', '370323002', '街道', 'town');

-- What each document asks at which place. Read off the documents.
CREATE FUNCTION pg_temp.asked(programme text) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(CASE WHEN NOT r.required THEN 'no ' ELSE '' END || r.material || ' ' || r.kinds ORDER BY r.required, r.material)
  FROM (SELECT r.required, r.material, string_agg(r.site_kind, ' ' ORDER BY r.site_kind) AS kinds FROM fraud.site_requirement AS r WHERE r.programme = asked.programme GROUP BY r.required, r.material) AS r);
SELECT is(pg_temp.asked('qingyuan-2024'), ARRAY['poster bus hotel net_cafe', 'slogan committee screen'],
  'posters in buses, hotels, net cafes (Q38); slogans on screens (Q39), and hanging at the committee (Q41)');
SELECT is(pg_temp.asked('shiqiao-2023'), ARRAY['no banner banner_place board crossing main_road', 'board culture_square', 'contacts door', 'point hotel service_centre square supermarket', 'poster board crossing',
  'stand hotel service_centre square supermarket', 'sticker door', 'video screen'],
  'posters (S18), no banners (S19), screens (S23), a point with a stand (S24), a board (S25), contacts at the door (S28)');
SELECT is(pg_temp.asked('tuohe-2023'), ARRAY['audio compound_gate loudspeaker', 'banner compound school service_window', 'leaflet service_window', 'point school', 'poster board bus bus_stop hospital_window lift lottery_shop school staircase ward',
  'stand lottery_shop school service_window', 'video bus bus_stop hotel mall restaurant screen supermarket'],
  'wherever one looks or listens (T02): compounds (T39), boards, lifts, staircases (T40), own field (T47), schools (T49), buses and stops (T54), malls, hotels (T55), hospitals (T57), lottery shops (T58), windows (T59)');
SELECT is(pg_temp.asked('template-plan-1'), ARRAY['facility car_park fitness_ground meeting_room supermarket', 'leaflet bank', 'poster square', 'slogan billboard board', 'stand square', 'video mall park screen'],
  'facilities (A05), boards and billboards (A07), banks (A10), where many people are (A14)');
SELECT is(pg_temp.asked('template-plan-2'), ARRAY['banner committee main_road', 'notice board entrance office', 'video bank hospital_window market park school screen shop square supermarket'],
  'screens in a loop (B16), banners (B17), the notice on punishing fraud (B18)');
SELECT is((SELECT array_agg(r.programme || ' ' || r.site_kind ORDER BY r.programme, r.site_kind) FROM fraud.site_requirement AS r WHERE r.refreshed),
  ARRAY['qingyuan-2024 committee', 'template-plan-1 car_park', 'template-plan-1 fitness_ground', 'template-plan-1 meeting_room', 'template-plan-1 supermarket'], 'to be changed regularly (Q41, A06)');
SELECT is((SELECT count(*)::int FROM fraud.site_requirement AS r WHERE num_nonnulls(r.refresh_days, r.check_days) > 0), 0, 'no document states days, and none is invented');
SELECT is((SELECT array_agg(r.material || ' ' || r.topic ORDER BY r.material) FROM fraud.site_requirement AS r WHERE r.site_kind = 'lottery_shop'), '{poster investment,stand investment}'::text[], 'lottery shops: above all on investment fraud (T58)');

INSERT INTO fraud.site (code, unit, kind, name, keeper) VALUES
  ('crossing', '370323002002', 'crossing', '健康路路口', NULL),
  ('screen', '370323002002', 'screen', '广场大屏', NULL),
  ('committee', '370323002002', 'committee', '居委会门口', NULL),
  ('bus', '370323002002', 'bus', '1路公交车', 'transport'),
  ('ward', '370323002002', 'ward', '内科病房', 'health'),
  ('lottery', '370323002003', 'lottery_shop', '彩票店', NULL),
  ('window', '370323002003', 'service_window', '市监窗口', 'market'),
  ('super', '370323002003', 'supermarket', '超市', 'market');
SELECT is((SELECT region::text FROM fraud.site WHERE code = 'bus'), '370323002002', 'a site lies where its unit does');
SELECT is((SELECT count(*)::int FROM fraud.sites_at('2024-04-01')), 0, 'nothing is asked before a programme is adopted');
SELECT fraud.adopt_programme('shiqiao-2023', '370323002', '2023-07-01', '2024-12-31') \g /dev/null

CREATE FUNCTION pg_temp.state(as_of date, site text) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(concat_ws(' ', s.material, s.state) ORDER BY s.material) FROM fraud.sites_at(as_of) AS s WHERE s.site = state.site);
SELECT is(pg_temp.state('2024-04-01', 'crossing'), '{banner never_checked,poster never_checked}'::text[], 'never checked: a poster must hang, a banner must not');

-- The poster hangs since 1 March and is to be fresh for 30 days: still on
-- 31 March (30 days on), no more on 1 April.
UPDATE fraud.site_requirement SET refresh_days = 30 WHERE (programme, site_kind, material) = ('shiqiao-2023', 'crossing', 'poster');
INSERT INTO fraud.site_check (site, material, checked_on, present, refreshed_on) VALUES ('crossing', 'poster', '2024-03-02', true, '2024-03-01'), ('crossing', 'banner', '2024-03-02', true, NULL);
SELECT is((SELECT c.unit || ' ' || c.region FROM fraud.site_check AS c WHERE c.material = 'poster'), '370323002002 370323002002', 'a check belongs to the unit of the site');
SELECT is(pg_temp.state('2024-03-01', 'crossing'), '{banner never_checked,poster never_checked}'::text[], 'the day before the check');
SELECT is(pg_temp.state('2024-03-31', 'crossing'), '{banner forbidden,poster ok}'::text[], '30 days after: fresh; the banner hangs and must not');
SELECT is(pg_temp.state('2024-04-01', 'crossing'), '{banner forbidden,poster stale}'::text[], 'the day after: stale');
SELECT is((SELECT s.stale_on FROM fraud.sites_at('2024-03-31') AS s WHERE s.site = 'crossing' AND s.material = 'poster'), '2024-04-01'::date, 'which the list says before');
INSERT INTO fraud.site_check (site, material, checked_on, present, refreshed_on) VALUES ('crossing', 'poster', '2024-04-02', true, NULL), ('crossing', 'banner', '2024-04-02', false, NULL);
SELECT is(pg_temp.state('2024-04-02', 'crossing'), '{banner ok,poster refresh_unknown}'::text[], 'the banner is gone; nobody knows when the poster was changed');
INSERT INTO fraud.site_check (site, material, checked_on, present) VALUES ('crossing', 'poster', '2024-04-03', false);
SELECT is(pg_temp.state('2024-04-03', 'crossing'), '{banner ok,poster missing}'::text[], 'gone');
SELECT fraud.void_fact('site_check', (SELECT max(id) FROM fraud.site_check), 'wrong crossing') \g /dev/null
SELECT is(pg_temp.state('2024-04-03', 'crossing'), '{banner ok,poster refresh_unknown}'::text[], 'a check that was withdrawn says nothing');
UPDATE fraud.site_requirement SET check_days = 7 WHERE (programme, site_kind, material) = ('shiqiao-2023', 'crossing', 'banner');
SELECT is(pg_temp.state('2024-04-09', 'crossing'), '{banner ok,poster refresh_unknown}'::text[], 'a check holds for seven days');
SELECT is(pg_temp.state('2024-04-10', 'crossing'), '{banner check_overdue,poster refresh_unknown}'::text[], 'and not for eight');
UPDATE fraud.site_requirement SET minimum = 2 WHERE (programme, site_kind, material) = ('shiqiao-2023', 'supermarket', 'stand');
INSERT INTO fraud.site_check (site, material, checked_on, present, pieces, checked_by) VALUES ('super', 'stand', '2024-04-02', true, 1, 'market'), ('super', 'point', '2024-04-02', true, NULL, 'market');
SELECT is(pg_temp.state('2024-04-02', 'super'), '{point ok,stand too_few}'::text[], 'one stand where two are asked');

-- The facts, by what was found on the day of the check. Until 2 April: the
-- banner of 2 March, the one stand; the poster was fresh when it was seen.
CREATE FUNCTION pg_temp.faults() RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(concat_ws(' ', f.occurred_on, right(f.unit, 4), f.quantity) ORDER BY f.occurred_on, f.unit) FROM fraud.fact AS f WHERE f.measure = 'site_fault' AND f.voided_at IS NULL);
SELECT is(pg_temp.faults(), '{2024-03-02 2002 1,2024-04-02 2003 1}'::text[], 'site_fault');
SELECT is((SELECT array_agg(f.material || ' ' || f.fault || CASE WHEN f.voided_at IS NOT NULL THEN ' voided' ELSE '' END ORDER BY f.site_check) FROM fraud.site_fault AS f), '{banner forbidden,poster missing voided,stand too_few}'::text[], 'and what each is');
SELECT is((SELECT array_agg(f.source_key ORDER BY f.source_key) FROM fraud.fact AS f WHERE f.measure = 'site_fault' AND f.voided_at IS NULL),
  (SELECT array_agg(f.site_check || '/' || f.programme ORDER BY 1) FROM fraud.site_fault AS f WHERE f.voided_at IS NULL), 'by check and programme: two that ask the same are two facts');
INSERT INTO fraud.site_check (site, material, checked_on, present, refreshed_on) VALUES ('crossing', 'poster', '2024-05-01', true, '2024-04-01'), ('crossing', 'poster', '2024-06-01', true, '2024-05-01'), ('crossing', 'poster', '2025-01-01', false, NULL);
SELECT is(pg_temp.faults(), '{2024-03-02 2002 1,2024-04-02 2003 1,2024-06-01 2002 1}'::text[], '30 days old is fresh, 31 stale; nothing is asked after the end of the programme');

-- Another document wants what this one does without: each says its own.
SELECT fraud.adopt_programme('template-plan-2', '370323002', '2024-01-01') \g /dev/null
INSERT INTO fraud.site (code, unit, kind, name) VALUES ('road', '370323002002', 'main_road', '主干道');
INSERT INTO fraud.site_check (site, material, checked_on, present) VALUES ('road', 'banner', '2024-07-01', true);
SELECT is((SELECT array_agg(s.programme || ' ' || s.state ORDER BY s.programme) FROM fraud.sites_at('2024-07-02') AS s WHERE s.site = 'road'), '{shiqiao-2023 forbidden,template-plan-2 ok}'::text[], 'a banner, for one and the other');

-- Regularly changed, and no days set.
SELECT fraud.adopt_programme('qingyuan-2024', '370323002', '2024-01-01') \g /dev/null
INSERT INTO fraud.site_check (site, material, checked_on, present, refreshed_on) VALUES ('committee', 'slogan', '2024-07-01', true, '2024-06-30'), ('bus', 'poster', '2024-07-01', true, NULL), ('screen', 'slogan', '2024-07-01', false, NULL);
SELECT is((SELECT array_agg(concat_ws(' ', s.site, s.keeper, s.state) ORDER BY s.site) FROM fraud.sites_at('2024-07-02') AS s WHERE s.programme = 'qingyuan-2024'),
  '{bus transport ok,committee 370323002002 refresh_not_set,screen 370323002002 missing}'::text[], 'the view says that the office has set no days');

-- tuohe: who keeps what, and the problems by Sunday.
SELECT fraud.adopt_programme('tuohe-2023', '370323002', '2023-10-24') \g /dev/null
INSERT INTO fraud.site_check (site, material, checked_on, present, checked_by) VALUES ('ward', 'poster', '2024-01-05', true, 'health'), ('lottery', 'poster', '2024-01-05', true, NULL), ('window', 'banner', '2024-01-05', false, 'market');
SELECT is((SELECT array_agg(concat_ws(' ', s.site, s.material, s.topic, s.state) ORDER BY s.site, s.material) FROM fraud.sites_at('2024-01-06') AS s WHERE s.programme = 'tuohe-2023' AND s.site IN ('ward', 'lottery', 'window')),
  ARRAY['lottery poster investment ok', 'lottery stand investment never_checked', 'ward poster ok', 'window banner missing', 'window leaflet never_checked', 'window stand never_checked'], 'departments check what must be there (T60)');
INSERT INTO fraud.activity (unit, kind, held_on, site, topic) VALUES ('370323002003', 'poster', '2024-01-04', 'lottery', 'investment');
SELECT is((SELECT array_agg(a.held_on ORDER BY a.held_on) FROM fraud.activity AS a JOIN fraud.site AS s ON s.code = a.site JOIN fraud.site_requirement AS r ON r.site_kind = s.kind AND r.material = a.kind AND r.topic = a.topic),
  '{2024-01-04}', 'the poster that was put up there is about it (T58)');
-- The week 2024-01-01 to 2024-01-07 ends on a Sunday.
INSERT INTO fraud.finding (unit, kind, found_on, note) VALUES ('370323002003', 'work_problem', '2024-01-05', '窗口未悬挂横幅');
INSERT INTO fraud.rectification (finding, assigned_on, due_on, assigned_by) SELECT max(f.id), '2024-01-06', '2024-01-10', 'market' FROM fraud.finding AS f;
SELECT is((SELECT r.unit FROM fraud.rectification AS r), '370323002003', 'what was found is put right by its unit');
SELECT fraud.adopt_duty('weekly_feedback', '2024-01-01', 'market') \g /dev/null
SELECT is((SELECT row (d.state, d.next_due)::text FROM fraud.duties_at('2024-01-07') AS d WHERE d.code = 'weekly_feedback' AND d.unit = 'market'), '(due,2024-01-07)', 'feedback is due on Sunday (T61)');
INSERT INTO fraud.duty_done (duty, unit, done_on, note) SELECT d.id, 'market', '2024-01-07', '1个问题' FROM fraud.duty AS d WHERE d.code = 'weekly_feedback';
SELECT is((SELECT row (d.met, d.missed, d.next_due)::text FROM fraud.duties_at('2024-01-15') AS d WHERE d.code = 'weekly_feedback' AND d.unit = 'market'), '(1,1,2024-01-21)', 'given on Sunday it is in time; the week after it was missed');

-- A grid's contacts are made public at the doors.
INSERT INTO fraud.site (code, unit, kind, name) VALUES ('doors', '370323002004', 'door', '第一网格各户');
INSERT INTO fraud.site_check (site, material, checked_on, present, pieces) VALUES ('doors', 'contacts', '2023-09-01', true, 120);
SELECT is((SELECT array_agg(concat_ws(' ', s.material, s.state, s.pieces) ORDER BY s.material) FROM fraud.sites_at('2023-09-02') AS s WHERE s.site = 'doors'), '{contacts ok 120,sticker never_checked}'::text[], 'contacts shown at 120 doors (S28)');

-- Closed and opened sites.
UPDATE fraud.site SET closed_on = '2024-07-03' WHERE code = 'road';
SELECT is(cardinality(pg_temp.state('2024-07-03', 'road')), 2, 'asked about on its last day');
SELECT is(pg_temp.state('2024-07-04', 'road'), NULL, 'and no more');
UPDATE fraud.registry_info SET as_of = '2024-07-03';
SELECT is((SELECT count(*)::int FROM fraud.site_state WHERE site = 'road' AND as_of = '2024-07-03'), 2, 'the view looks as of the day of the registry');

-- What is refused.
SELECT is(pg_temp.error_of($$INSERT INTO fraud.site_check (site, material, checked_on, present) VALUES ('nowhere', 'poster', '2024-01-05', true)$$),
  E'23503\nsite ''nowhere'' does not exist\nA row of table "site_check" names it.\nRecord it in the table site first.', 'a site that does not exist');
SELECT throws_ok($$INSERT INTO fraud.site_check (site, material, checked_on, present, pieces) VALUES ('bus', 'poster', '2024-01-05', true, 0)$$, '23514', NULL, 'there, and none');
SELECT throws_ok($$INSERT INTO fraud.site_check (site, material, checked_on, present, refreshed_on) VALUES ('bus', 'poster', '2024-01-05', true, '2024-01-06')$$, '23514', NULL, 'changed after it was seen');
SELECT throws_ok($$UPDATE fraud.site_check SET present = false$$, '23001', NULL, 'never changed');
SELECT throws_ok($$INSERT INTO fraud.activity (unit, held_on, site) VALUES ('370323002002', '2024-01-05', 'nowhere')$$, '23503', NULL, 'an activity names a site that exists');

-- Places that publicity has not reached (N14, N15, B14, T02). 2024: the school has a
-- group and a lecture of another unit; the works a group and no publicity but
-- a meeting; the garden neither; a talk is held in the supermarket.
INSERT INTO fraud.contact_group (code, unit, name, level) VALUES ('g1', 'school', '群1', 3), ('g2', 'works', '群2', 3), ('g3', '370323002002', '群3', 3);
INSERT INTO fraud.activity (unit, kind, held_on, site) VALUES ('370323002002', 'talk', '2024-02-01', NULL), ('370323002003', 'talk', '2024-06-01', 'super'), ('works', 'meeting', '2024-06-01', NULL), ('works', 'talk', '2023-12-31', NULL);
INSERT INTO fraud.activity_audience (unit, activity, audience, reached) SELECT 'school', a.id, 'student', 40 FROM fraud.activity AS a WHERE a.unit = '370323002002';
CREATE FUNCTION pg_temp.uncovered(as_of date, days int) RETURNS text[]
LANGUAGE sql RETURN (SELECT array_agg(concat_ws(' ', coalesce(p.site, right(p.unit, 6)), CASE WHEN p.no_group THEN 'group' END, CASE WHEN p.no_activity THEN 'activity' END, p.last_activity) ORDER BY coalesce(p.site, p.unit))
  FROM fraud.places_uncovered(as_of, days, '370323002') AS p WHERE p.kind NOT IN ('department', 'village') AND p.unit NOT IN ('370323002004', '370323002013'));
SELECT is(pg_temp.uncovered('2024-07-03', NULL), ARRAY['002003 group 2024-06-01', 'garden group activity', 'lottery activity', 'works activity 2023-12-31'], 'this year');
SELECT is(pg_temp.uncovered('2024-07-03', 33), ARRAY['002002 activity 2024-02-01', '002003 group 2024-06-01', 'garden group activity', 'lottery activity', 'school activity 2024-02-01', 'works activity 2023-12-31'], '33 days: from 1 June on');
SELECT is(pg_temp.uncovered('2024-07-03', 32), ARRAY['002002 activity 2024-02-01', '002003 group activity 2024-06-01', 'garden group activity', 'lottery activity', 'school activity 2024-02-01', 'super activity 2024-06-01', 'works activity 2023-12-31'], '32 days: from 2 June on');
SELECT is((SELECT row (p.no_group, p.no_activity)::text FROM fraud.place_uncovered AS p WHERE p.unit = 'garden'), '(t,t)', 'the view: a compound that no group covers and nobody visited');

SELECT * FROM finish();
