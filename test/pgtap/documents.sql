-- Clauses of the five documents that no other test shows as closely: the ids
-- before a colon are rows of doc/coverage.md. Numbers are worked out from the
-- rows beside them. County 339999 does not exist.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

DELETE FROM fraud.unit;
INSERT INTO fraud.unit (code, region, name, kind, parent, setting) VALUES
  ('county', '339999', '示范县', 'county', NULL, NULL), ('t1', '339999001', '一镇', 'town', 'county', NULL),
  ('c1', '339999001001', '泰康社区', 'community', 't1', 'urban'), ('v1', '339999001002', '王庄村', 'village', 't1', 'rural'), ('v2', '339999001003', '李庄村', 'village', 't1', 'rural'),
  ('k1', '339999001001', '花园小区', 'compound', 'c1', 'urban'), ('s1', '339999001', '实验学校', 'school', 't1', NULL), ('e1', '339999001', '机械厂', 'enterprise', 't1', NULL),
  ('h1', '339999001', '人民医院', 'hospital', 't1', NULL), ('d1', '339999001', '卫健办', 'department', 't1', NULL), ('u1', '339999001', '沂河共同体', 'cluster', 't1', NULL);

-- ------------------------------------------------------------ kinds of units
-- N48, Q64, T04, T43 name communities, villages, units, schools, enterprises,
-- hospitals, compounds; nanma assesses communities and villages (N58), nobody
-- assesses towns, counties, or a compound apart from its community.
SELECT is((SELECT array_agg(k.label_zh ORDER BY k.code) FROM fraud.unit_kind AS k WHERE k.assessed), '{共同体,社区,部门,企业,医院,学校,村}', 'N58: what is assessed');
SELECT is((SELECT array_agg(s.unit ORDER BY s.unit) FROM fraud.scores('nanma-2023') AS s), (SELECT array_agg(u.code ORDER BY u.code) FROM fraud.unit AS u JOIN fraud.unit_kind AS k ON k.code = u.kind WHERE k.assessed),
  'N58: is scored, and nothing else');
SELECT fraud.adopt_programme('qingyuan-2024', '339999', '2024-01-01', '2024-12-31') \g /dev/null
INSERT INTO fraud.fraud_case (case_no, unit, filed_on) VALUES ('H', 'h1', '2024-03-01');
SELECT is((SELECT array_agg(c.unit || ' ' || c.state ORDER BY c.unit) FROM fraud.certificate_candidates('2025-01-01', NULL, 'qingyuan-2024') AS c JOIN fraud.unit AS u ON u.code = c.unit JOIN fraud.unit_kind AS k ON k.code = u.kind),
  '{"c1 candidate","d1 candidate","e1 candidate","h1 lost","k1 candidate","s1 candidate","u1 candidate","v1 candidate","v2 candidate"}', 'N48, Q64, T04, T43: compounds, enterprises, schools, hospitals, villages; the hospital had a case');
SELECT fraud.void_fact('fraud_case', id, '非电诈') FROM fraud.fraud_case WHERE case_no = 'H' \g /dev/null
SELECT lives_ok($$SELECT fraud.award_certificate('qingyuan-2024', u, '2025-01-10') FROM unnest('{h1,k1}'::text[]) AS u$$, 'Q64: a hospital and a compound are fraud-free units');
-- Q65: who is responsible by the document answers for at least one; the titles
-- of units below a town are its own. Departments have none below them here.
SELECT is((SELECT array_agg(DISTINCT r.unit_kind) FROM fraud.responsibility AS r WHERE r.programme = 'qingyuan-2024' AND r.place = '三（三）' AND r.unit_kind IS NOT NULL), '{town}', 'Q65: towns are responsible units of the clause');
SELECT is((SELECT array_agg(concat_ws(' ', t.unit, t.numerator, t.state, t.more_needed) ORDER BY t.unit) FROM fraud.targets_at('2025-01-11') AS t WHERE t.code = 'one_unit_each'), '{"d1 0 missed 1","t1 2 met 0"}', 'Q65: two titles in the town, none of the department');
INSERT INTO fraud.certificate_revocation (certificate, revoked_on, reason) SELECT id, '2025-02-01', '补录案件' FROM fraud.certificate;
SELECT is((SELECT t.numerator || ' ' || t.state FROM fraud.targets_at('2025-02-02') AS t WHERE t.code = 'one_unit_each' AND t.unit = 't1'), '0 missed', 'Q65: both revoked');

-- ---------------------------------------------- sections, roles, contacts
-- N12: the households of a community are shared out: each section has its own
-- officer (scope), and who calls at which door is known. The third section has
-- nobody, and the officer of the second has left.
INSERT INTO fraud.reach_cell (unit, audience, cell, opened_on) SELECT 'c1', 'household', c, '2024-01-01' FROM unnest('{第一网格,第二网格,第三网格}'::text[]) AS c;
INSERT INTO fraud.audience_size (unit, audience, cell, counted_on, eligible) VALUES ('c1', 'household', '第一网格', '2024-01-01', 100), ('c1', 'household', '第二网格', '2024-01-01', 80), ('c1', 'household', '第三网格', '2024-01-01', 60);
INSERT INTO fraud.officer (unit, subject, role, scope, left_on) VALUES ('c1', 'g1', 'grid', '第一网格', NULL), ('c1', 'g2', 'grid', '第二网格', '2024-05-31'), ('c1', 'p1', 'police', NULL, NULL);
INSERT INTO fraud.activity (unit, kind, held_on, medium, source_key) VALUES ('c1', 'visit', '2024-06-01', 'face', 'visit');
INSERT INTO fraud.activity_audience (activity, audience, cell, reached) SELECT a.id, 'household', c.cell, c.reached FROM fraud.activity AS a CROSS JOIN (VALUES ('第一网格', 100), ('第二网格', 50)) AS c (cell, reached) WHERE a.source_key = 'visit';
SELECT is((SELECT array_agg(concat_ws(' ', c.cell, o.subject, c.missing) ORDER BY c.eligible DESC)
           FROM fraud.coverage_cells('2024-06-30', NULL, NULL, '{visit}') AS c
           LEFT JOIN fraud.officer AS o ON o.unit = c.unit AND o.role = 'grid' AND o.scope = c.cell AND (o.left_on IS NULL OR o.left_on >= '2024-06-30') WHERE c.unit = 'c1' AND c.audience = 'household'),
  '{"第一网格 g1 0","第二网格 30","第三网格 60"}', 'N12: of 240 households 90 are missing: 30 of a section whose officer left, 60 of one that nobody has');
SELECT is((SELECT array_agg(r.label_zh ORDER BY r.code) FROM fraud.officer_role AS r WHERE r.code IN ('grid', 'police', 'volunteer', 'property', 'building_head')), '{楼长,网格员,警务助理,物业,志愿者}', 'N13, N22: the roles that the document calls on');
-- N83: themed training for the five groups, apart from what is sent or put up
INSERT INTO fraud.activity (unit, kind, held_on, topic, medium, source_key) VALUES ('e1', 'lecture', '2024-06-02', 'acquaintance', 'face', 'training'), ('e1', 'poster', '2024-06-02', 'acquaintance', 'print', 'poster');
INSERT INTO fraud.activity_audience (activity, audience, reached) SELECT id, 'finance_staff', 8 FROM fraud.activity WHERE source_key IN ('training', 'poster');
INSERT INTO fraud.audience_size (unit, audience, counted_on, eligible) VALUES ('e1', 'finance_staff', '2024-01-01', 10);
SELECT is((SELECT row (c.reached, c.missing)::text FROM fraud.coverage_by_group('2024-06-30', NULL, NULL, '{lecture}') AS c WHERE c.unit = 'e1'), '(8,2)', 'N83, A18: 8 of 10 finance staff were trained, a poster is no training');
SELECT is((SELECT string_agg(k.code || ' ' || coalesce(k.measure, '-'), ', ' ORDER BY k.code) FROM fraud.activity_kind AS k WHERE k.code IN ('visit', 'lecture', 'leaflet', 'poster', 'sweep', 'social_push', 'meeting')),
  'leaflet -, lecture publicity, meeting -, poster -, social_push -, sweep sweep, visit publicity', 'T09, T16, B09, B22, B37: visits and lectures are sessions of publicity, printed matter and meetings are none, a sweep is a sweep');
SELECT is((SELECT array_agg(f.measure || ' ' || f.unit ORDER BY f.unit, f.occurred_on) FROM fraud.fact AS f WHERE f.source_table = 'activity'), '{"publicity c1","publicity e1"}', 'T09, T16: the visit from door to door and the lecture count, the poster does not');

-- --------------------------------------------------- study, meeting, exams
-- N61, B10: a study each month. Adopted from 1 May, six of eight months done:
-- the duty says which were missed, and the inspection enters two findings,
-- which cost a point each: 5 = 3 + 2.
SELECT fraud.adopt_duty('monthly_study', '2023-05-01', unit => 'v1') \g /dev/null
SELECT is((SELECT row (t.cadence, t.unit_kind)::text FROM fraud.duty_template AS t WHERE t.code = 'monthly_study'), '("1 per month",community)', 'N61: each month');
INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT d.id, 'v1', make_date(2023, m, 10) FROM fraud.duty AS d, unnest('{5,6,7,9,10,12}'::int[]) AS m WHERE d.code = 'monthly_study';
SELECT is((SELECT row (s.met, s.missed)::text FROM fraud.duties_at('2024-01-01') AS s WHERE s.code = 'monthly_study'), '(6,2)', 'N61: August and November were missed');
INSERT INTO fraud.finding (unit, kind, found_on, note) VALUES ('v1', 'study_missing', '2023-08-31', '8月'), ('v1', 'study_missing', '2023-11-30', '11月');
SELECT is((SELECT row (i.item_no, i.raw, i.deducted)::text FROM fraud.explain_score('v1', 'nanma-2023') AS i WHERE i.item_no = '1'), '(1,2,2)', 'N61: and cost two of the five points');
INSERT INTO fraud.activity (unit, kind, held_on, topic, source_key) VALUES ('v2', 'meeting', '2024-01-15', 'agenda', 'mobilisation');
SELECT fraud.adopt_programme('template-plan-2', '339999', '2024-01-01', '2026-12-31') \g /dev/null
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document) SELECT a.unit, 'template-plan-2', 'mobilised', a.held_on, '会议纪要' FROM fraud.activity AS a WHERE a.source_key = 'mobilisation';
SELECT is((SELECT array_agg(m.unit || ' ' || m.state ORDER BY m.unit) FROM fraud.milestones_at('2024-02-01') AS m WHERE m.programme = 'template-plan-2' AND m.code = 'mobilised'), '{"c1 open","v1 open","v2 met"}', 'B09: the meeting that mobilises, with its minutes');
-- S15: exam periods are paused where the document says so, and only there
SELECT is((SELECT array_agg(t.code ORDER BY t.code) FROM fraud.duty_template AS t WHERE t.pause_in_exams), '{town_broadcast}', 'S15: broadcasts of shiqiao alone');
SELECT fraud.adopt_duty('town_broadcast', '2024-06-01', unit => 't1') \g /dev/null
SELECT is((SELECT d.pause_in_exams FROM fraud.duty AS d WHERE d.code = 'town_broadcast'), true, 'S15: the duty that is adopted keeps it');
-- S12, S17: the station makes the audio, office and station the content
SELECT fraud.adopt_programme('shiqiao-2023', '339999001', '2023-08-01', '2023-12-10') \g /dev/null
INSERT INTO fraud.activity (unit, kind, held_on, medium, copies) VALUES ('t1', 'material', '2023-08-02', 'radio', 1), ('t1', 'material', '2023-08-03', 'print', 500);
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document) VALUES ('t1', 'shiqiao-2023', 'audio', '2023-08-02', '音频'), ('t1', 'shiqiao-2023', 'content', '2023-08-03', '海报样稿');
SELECT is((SELECT array_agg(m.code || ' ' || m.state || ' ' || a.medium || ' ' || a.copies ORDER BY m.code) FROM fraud.milestones_at('2023-08-31') AS m JOIN fraud.activity AS a ON a.unit = m.unit AND a.kind = 'material' AND a.held_on = m.reached_on WHERE m.programme = 'shiqiao-2023'),
  '{"audio met radio 1","content met print 500"}', 'S12, S17: both are made, with what was made');

-- -------------------------------------------------------------- surveys
-- Q66, S20, B15: each survey supplies its own rate; S20 only of its ages.
SELECT is((SELECT array_agg(k.code || ' ' || coalesce(k.positive_measure, '-') ORDER BY k.code) FROM fraud.sample_kind AS k JOIN fraud.target AS t ON t.measure = k.positive_measure), '{"app app_installed","app_20_55 app_20_55","awareness awareness","awareness_medical awareness_medical","awareness_pupils awareness_pupils","awareness_staff awareness_staff"}',
  'Q66, S09, S20, Q45: the surveys that targets rest on');
SELECT is((SELECT row (a.age_from, a.age_to, a.counted_in)::text FROM fraud.audience AS a WHERE a.code = 'age_20_55'), '(20,55,person)', 'S20: residents of 20 to 55');
-- Q81: each priority group can tell the frauds aimed at it: a rate of its own,
-- 45 of 50 is 90 %, 30 of 50 is 60 %; together they would hide it: 75 of 100.
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive, audience) VALUES ('c1', 'awareness', '2024-06-01', 50, 45, 'student'), ('c1', 'awareness', '2024-06-01', 50, 30, 'elderly');
SELECT is((SELECT array_agg(concat_ws(' ', s.audience, s.positive || '/' || s.sampled, s.rate) ORDER BY s.audience) FROM fraud.sample_rates('2024-01-01', '2024-12-31') AS s WHERE s.unit = 'c1' AND s.kind = 'awareness'),
  '{"elderly 30/50 60.00","student 45/50 90.00"}', 'Q81, B15: awareness of each group by itself');
UPDATE fraud.registry_info SET as_of = '2024-12-31';
SELECT is((SELECT array_agg(r.audience || ' ' || r.rate ORDER BY r.rate) FROM fraud.sample_rate AS r WHERE r.unit = 'c1' AND r.rate < 90), '{"elderly 60.00"}', 'Q81, S09: who knows least, by the view');

-- ------------------------------------------------------------------ persons
-- Q24, B25, B31: classes and tiers
SELECT is((SELECT array_agg(c.label_zh ORDER BY c.code) FROM fraud.person_category AS c), '{涉两卡人员,涉诈前科人员,出境作案人员,其他涉诈重点人员,境外回流人员}', 'Q24, Q21, B25, B31: the categories, those of cards among them');
INSERT INTO fraud.person (document_kind, document_no, category, unit, enrolled_on) VALUES ('passport', 'P1', 'former_offender', 'c1', '2024-01-01'), ('passport', 'P2', 'cards', 'c1', '2024-01-01');
INSERT INTO fraud.tier_change (person, tier, changed_on, decided_by) SELECT p.id, CASE p.document_no WHEN 'P1' THEN 'high' ELSE 'low' END, '2024-01-01', '街道' FROM fraud.person AS p;
SELECT is((SELECT array_agg(concat_ws(' ', p.category, p.tier, p.next_due) ORDER BY p.id) FROM fraud.person AS p), '{"former_offender high 2024-01-08","cards low 2024-02-01"}', 'Q24, Q25, Q27, B25, B31: the tier, not the category, sets the interval: a week, a month');
-- Q07, N43: neither has a plan, an officer or a squad yet; then one has a plan
SELECT is((SELECT array_agg(DISTINCT g.gap ORDER BY g.gap) FROM fraud.control_gaps('2024-01-05') AS g WHERE g.gap IN ('plan', 'officer')), '{officer,plan}', 'Q07, N43: no plan for the person, nobody responsible');
INSERT INTO fraud.control_plan (person, plan, valid_from, approver) SELECT p.id, '每周见面，帮助就业', '2024-01-01', '分管领导' FROM fraud.person AS p WHERE p.document_no = 'P1';
SELECT is((SELECT array_agg(p.document_no) FROM fraud.control_gaps('2024-01-05') AS g JOIN fraud.person AS p ON p.id = g.person WHERE g.gap = 'plan'), '{P2}', 'N43, Q07: one person, one plan');
-- N42: what a visit learns of work and life, means, conduct is a note of the
-- check-in, and that it is known stands in the file; company only as the person
-- states it, and no file is short of it.
INSERT INTO fraud.checkin (person, checked_at, method, note) SELECT p.id, '2024-01-05 10:00+08', 'visit', '在镇上打工，收入稳定' FROM fraud.person AS p WHERE p.document_no = 'P1';
SELECT is((SELECT c.note || ' ' || p.next_due FROM fraud.checkin AS c JOIN fraud.person AS p ON p.id = c.person), '在镇上打工，收入稳定 2024-01-12', 'N42: what the person tells, and the next visit a week on');
SELECT is((SELECT array_agg(k.code || ' ' || k.required ORDER BY k.code) FROM fraud.dossier_facet_kind AS k WHERE k.code IN ('life', 'economy', 'company', 'conduct')), '{"company false","conduct true","economy true","life true"}', 'N42: work and life, means and conduct belong to the file; company is the person''s own statement');
SELECT is((SELECT row (d.complete, 'life' = ANY (d.missing), 'company' = ANY (d.missing))::text FROM fraud.dossier_completeness_at('2024-01-06') AS d JOIN fraud.person AS p ON p.id = d.person WHERE p.document_no = 'P1'), '(f,t,f)', 'N42, N39: the file lacks what is known of life, and not of company');
-- N82: how many are drawn in anew (传染性): suspects found in a unit in a year
-- beside those of the year before; who drew in whom is not recorded.
INSERT INTO fraud.suspect (unit, subject, found_on, basis) SELECT 'v1', 's-' || n, CASE WHEN n <= 3 THEN '2023-05-01' ELSE '2024-05-01' END::date, '立案' FROM generate_series(1, 4) AS n;
SELECT is((SELECT array_agg(x.year || ' ' || x.n ORDER BY x.year) FROM (SELECT extract(year FROM f.occurred_on) AS year, sum(f.quantity) AS n FROM fraud.fact AS f WHERE f.measure = 'suspect' AND f.voided_at IS NULL GROUP BY 1) AS x), '{"2023 3","2024 1"}', 'N82: three were found in 2023, one in 2024');
SELECT is((SELECT array_agg(column_name::text) FROM information_schema.columns WHERE table_schema = 'fraud' AND table_name = 'suspect' AND column_name ~ 'relative|family|recruit|linked|drawn'), NULL, 'N82: no column links a suspect to whoever drew him in');

-- ------------------------------------------------------- cases and bulletins
-- T72: staff are not defrauded: the case that says so is a fact of its own
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category, loss, victim_is_staff) VALUES ('S1', 'd1', '2024-02-01', 'acquaintance', 50000, true), ('S2', 'd1', '2024-02-02', 'acquaintance', 10, false), ('S3', 'd1', '2024-02-03', 'loan', 10, NULL);
SELECT is((SELECT sum(f.quantity)::int FROM fraud.fact AS f WHERE f.measure = 'case_staff' AND f.unit = 'd1'), 1, 'T72: one of three cases is one of staff; what nobody said is none');
-- A37: fewer cases of impersonated superiors and customers: 4 last year, 2 now
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category) SELECT 'A' || n, 'e1', CASE WHEN n <= 4 THEN '2023-03-01' ELSE '2024-03-01' END::date, CASE WHEN n % 2 = 0 THEN 'customer_service' ELSE 'acquaintance' END FROM generate_series(1, 5) AS n;
SELECT is((SELECT array_agg(concat_ws(' ', c.label_zh, x.before, x.now) ORDER BY c.code) FROM fraud.fraud_category AS c
           JOIN (SELECT f.category, count(*) FILTER (WHERE filed_on < '2024-01-01') AS before, count(*) FILTER (WHERE filed_on >= '2024-01-01') AS now FROM fraud.fraud_case AS f WHERE f.unit = 'e1' GROUP BY 1) AS x ON x.category = c.code),
  '{"冒充领导熟人 2 1","冒充电商物流客服 2 0"}', 'A37: cases in which somebody posed as a superior or a customer service, year by year');
-- Q46, T27, B20: the categories of the month are those of the list, by name. 3 loan, 5 brushing in v2 in April
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category, loss, victim_group) SELECT 'M' || n, 'v2', '2024-04-10', CASE WHEN n <= 3 THEN 'loan' ELSE 'brushing' END, 100, 'elderly' FROM generate_series(1, 8) AS n;
SELECT is((SELECT array_agg(c.label_zh || ' ' || e.value ORDER BY e.value::int) FROM fraud.monthly_bulletins('2024-04-30') AS b CROSS JOIN LATERAL jsonb_each_text(b.categories) AS e JOIN fraud.fraud_category AS c ON c.code = e.key WHERE b.unit = 'v2'),
  '{"虚假网络贷款 3","刷单返利 5"}', 'Q46, T27: kinds of fraud of the month, most frequent last');
SELECT is((SELECT array_agg(p.label_zh || ' ' || p.cases ORDER BY p.cases) FROM fraud.victim_profiles('2024-04-01', '2024-04-30', 't1') AS p JOIN fraud.fraud_category AS c ON c.code = p.code WHERE p.dimension = 'category'), '{"虚假网络贷款 3","刷单返利 5"}', 'B20, Q46: the same in the profile of victims');
-- T30, T31: in the week of 8 to 14 April: two-card clues 2 and 1, the week
-- before 1; a den's clue is no two-card clue. Three persons taken off the list (fewer
-- would not be told).
INSERT INTO fraud.clue (unit, kind, received_on, cards) VALUES ('v1', 'two_cards_account', '2024-04-08', 5), ('v1', 'two_cards_phone', '2024-04-14', 1), ('v2', 'two_cards_account', '2024-04-10', 1), ('v2', 'two_cards_account', '2024-04-07', 1);
INSERT INTO fraud.clue (unit, kind, received_on) VALUES ('v2', 'den', '2024-04-10');
INSERT INTO fraud.person (document_kind, document_no, category, unit, enrolled_on) SELECT 'passport', 'R' || n, 'former_offender', 'c1', '2024-01-01' FROM generate_series(1, 3) AS n;
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) SELECT p.id, 'reduced', '2024-04-09', '表现稳定', '联席办' FROM fraud.person AS p WHERE p.document_no LIKE 'R_';
SELECT is((SELECT array_agg(concat_ws(' ', b.unit, b.cases, b.two_card_clues, b.two_card_clues_before, b.two_card_clues_year, b.reduced, b.reduced_before) ORDER BY b.unit) FROM fraud.weekly_bulletins('2024-04-14') AS b WHERE b.unit IN ('t1', 'c1', 'v1', 'v2')),
  '{"c1 0 0 0 0 3 0","t1 8 3 1 4 3 0","v1 0 2 0 2 0 0","v2 8 1 1 2 0 0"}', 'T30, T31: cases, two-card clues and reduction of each community, and of the town');
SELECT fraud.issue_bulletin('weekly', 't1', '2024-04-14') \g /dev/null
SELECT matches((SELECT b.text_zh FROM fraud.bulletin AS b WHERE b.kind = 'weekly'), '涉诈“两卡”线索：本周3条，上周1条.*核减本周3人，上周0人', 'T31: and in the text that is sent');
-- Q75, Q82: double review, regularly: an office's own duty, twice a year, and
-- how many cases of the month were reviewed
INSERT INTO fraud.duty (code, label_zh, label_en, unit, cadence, since) VALUES ('double_review', '一案双查', 'double review', 'county', '2 per year', '2024-01-01');
INSERT INTO fraud.case_review (unit, fraud_case, reviewed_on, publicity_done, result) SELECT 'd1', c.id, '2024-04-20', false, '未按责任清单宣传' FROM fraud.fraud_case AS c WHERE c.case_no = 'M1';
INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT d.id, 'county', r.reviewed_on FROM fraud.duty AS d, fraud.case_review AS r WHERE d.code = 'double_review';
SELECT is((SELECT row (s.met, s.missed)::text FROM fraud.duties_at('2025-01-01') AS s WHERE s.code = 'double_review'), '(0,1)', 'Q82: once in a year in which it was to be twice');
SELECT is((SELECT b.reviewed || '/' || b.cases FROM fraud.monthly_bulletins('2024-04-30') AS b WHERE b.unit = 'v2'), '1/8', 'Q75, Q82: one of the eight cases of the month was reviewed');
SELECT is((SELECT r.party FROM fraud.case_review AS v JOIN fraud.responsibility AS r ON r.programme = 'qingyuan-2024' AND r.place = '三（三）' WHERE v.unit = 'd1' AND r.party ~ '卫健'), '县卫健局', 'Q75: the department that the document makes responsible');

-- ------------------------------------------- plans, responsibility, bodies
-- Q68, B39: a plan names the department, who answers, and a day
SELECT is((SELECT array_agg(DISTINCT r.part ORDER BY r.part) FROM fraud.responsibility AS r WHERE r.programme IN ('qingyuan-2024', 'template-plan-2')), '{lead,responsible}', 'Q68, B39: who leads and who is responsible');
UPDATE fraud.responsibility SET unit = 'd1', officer = (SELECT o.id FROM fraud.officer AS o WHERE o.subject = 'p1') WHERE programme = 'qingyuan-2024' AND party = '县卫健局';
INSERT INTO fraud.milestone (unit, programme, plan, reached_on, document) VALUES ('d1', 'qingyuan-2024', 'plan', '2024-02-01', '实施方案');
UPDATE fraud.milestone_plan SET due_on = '2024-01-31' WHERE programme = 'qingyuan-2024' AND code = 'plan';
SELECT is((SELECT array_agg(concat_ws(' ', m.unit, m.state, m.days_late, o.subject) ORDER BY m.unit) FROM fraud.milestones_at('2024-02-02') AS m LEFT JOIN fraud.responsibility AS r ON r.programme = m.programme AND r.unit = m.unit LEFT JOIN fraud.officer AS o ON o.id = r.officer
           WHERE m.programme = 'qingyuan-2024' AND m.code = 'plan'), '{"d1 late 1 p1","t1 missed 2"}', 'Q68: the department is a day late, the town two and has none; who answers is named');
-- T05: two heads, deputies, members: the rule asks for two
SELECT is((SELECT array_agg(b.kind || ' ' || b.heads ORDER BY b.heads DESC) FROM fraud.body_rule AS b WHERE b.programme = 'tuohe-2023'), '{"leading_group 2","office 1","inspection 0"}', 'T05, T06, T62: a group with two heads, an office with one, a team');
-- T80: departments get in touch with those of the district
INSERT INTO fraud.activity (unit, kind, held_on, topic, source_key) VALUES ('d1', 'meeting', '2024-05-06', 'agenda', 'liaison');
INSERT INTO fraud.activity_organiser (activity, unit, role, persons) SELECT a.id, 'county', 'host', 2 FROM fraud.activity AS a WHERE a.source_key = 'liaison';
SELECT is((SELECT array_agg(concat_ws(' ', a.unit, o.unit, o.held_on)) FROM fraud.activity_organiser AS o JOIN fraud.activity AS a ON a.id = o.activity WHERE a.kind = 'meeting' AND o.unit <> a.unit), '{"d1 county 2024-05-06"}', 'T80: the department met that of the district');

-- ------------------------------------------------- self-assessment, inspection
-- S36, S40: what a village thinks of itself, the office's points, and when the
-- office was there; the gap tells what to work on. v1 lost 2 of 5 above.
INSERT INTO fraud.self_assessment (unit, rubric, item, points, assessed_on) VALUES ('v1', 'nanma-2023', '1', 5, '2023-12-01'), ('v1', 'nanma-2023', '2', 10, '2023-12-01');
INSERT INTO fraud.inspection (unit, inspected_on, announced, inspector) VALUES ('v1', '2023-12-05', false, 't1');
SELECT is((SELECT array_agg(concat_ws(' ', d.item, d.own, d.office, d.difference, i.inspected_on) ORDER BY d.item) FROM fraud.self_differences('nanma-2023', '2023-12-31', NULL, NULL) AS d LEFT JOIN fraud.inspection AS i ON i.unit = d.unit AND i.inspected_on > '2023-12-01'),
  '{"1 5 3 2 2023-12-05","2 10 10 0 2023-12-05"}', 'S36, S40: two points too many by its own count, seen by the office four days after');
-- N50, A01, N77: periods of the editions
SELECT is((SELECT array_agg(concat_ws(' ', e.code, e.period_from, e.period_to) ORDER BY e.code) FROM fraud.rubric_edition AS e WHERE e.code LIKE 'nanma%'), '{"nanma-2023 2023-05-01 2023-12-31","nanma-2023-results 2023-05-01 2023-12-31"}', 'N01, N50, N59, N77: the plan and the use of its results, over the same days');
SELECT fraud.adopt_programme('template-plan-1', '339999', '2024-03-05', '2024-12-31') \g /dev/null
SELECT is((SELECT concat_ws(' ', p.period_from, p.period_to) FROM fraud.programme AS p WHERE p.code = 'template-plan-1'), '2024-03-05 2024-12-31', 'A01: 5 March to 31 December of a year that the office says');
-- A35: who is praised at the end stands on the board as it did then
UPDATE fraud.registry_info SET as_of = '2023-12-31';
INSERT INTO fraud.consequence (unit, kind, rubric, as_of, decided_on, decided_by, reason) SELECT b.unit, 'praise', b.rubric, '2023-12-31', '2024-01-05', '区委政法委', '示范典型' FROM fraud.scoreboard AS b WHERE b.rubric = 'nanma-2023' AND b.unit = 'c1';
SELECT is((SELECT concat_ws(' ', c.unit, trim_scale(c.total), trim_scale(b.total)) FROM fraud.consequence AS c JOIN fraud.scoreboard AS b ON b.unit = c.unit AND b.rubric = c.rubric), 'c1 100 100', 'A35: by the result on the board');
-- T64: named in a notice, which rests on the case of staff
SELECT fraud.issue_bulletin('notice', 't1', '2024-02-05', NULL, '卫健办工作人员被骗，予以通报。') \g /dev/null
SELECT matches((SELECT b.text_zh FROM fraud.bulletin AS b WHERE b.kind = 'notice'), '卫健办工作人员被骗，予以通报。', 'T64: a notice names the unit');


-- -------------------------------------------------------- duties, each once
-- A duty is that of a kind of unit; where a document names two kinds it is
-- adopted for each. From 1 January to 31 March 2024: three months, 13 weeks
-- that lie wholly within (1 January is a Monday, 31 March a Sunday), 91 days.
SELECT fraud.adopt_duty(t, '2024-01-01', region => '339999001') FROM unnest('{publicity_48,monthly_meeting,parents_push,monthly_supervision,weekly_bulletin}'::text[]) AS t \g /dev/null
SELECT fraud.adopt_duty('publicity_48', '2024-01-01', unit_kind => 'village', region => '339999001'), fraud.adopt_duty('monthly_meeting', '2024-01-01', unit_kind => 'community', region => '339999001') \g /dev/null
SELECT fraud.adopt_duty('monthly_notice', '2024-01-01'), fraud.adopt_duty('case_summary', '2024-01-01', unit => 'd1'), fraud.adopt_duty('screen_daily', '2024-01-01', unit => 'd1') \g /dev/null
SELECT is((SELECT array_agg(d.code || ' ' || s.duty_unit ORDER BY d.code, s.duty_unit) FROM fraud.duty_subject AS s JOIN fraud.duty AS d ON d.id = s.duty WHERE d.code IN ('publicity_48', 'monthly_meeting', 'parents_push')),
  '{"monthly_meeting c1","monthly_meeting v1","monthly_meeting v2","parents_push s1","publicity_48 c1","publicity_48 v1","publicity_48 v2"}', 'N70, B10, A21: communities and villages alike (社区、村居); schools');
-- parents: pushed in January and twice in March; a meeting in January, February
-- and March, the last of them withdrawn; the screen on 90 of 91 days
INSERT INTO fraud.contact_group (code, unit, name, level) VALUES ('parents', 's1', '家长群', 3);
INSERT INTO fraud.activity (unit, kind, held_on, contact_group) SELECT 's1', 'parents_push', d, 'parents' FROM unnest('{2024-01-31,2024-03-01,2024-03-02}'::date[]) AS d;
INSERT INTO fraud.activity (unit, kind, held_on, source_key) SELECT 'c1', 'meeting', make_date(2024, m, 10), 'm' || m FROM generate_series(1, 3) AS m;
SELECT fraud.void_fact('activity', a.id, '未召开') FROM fraud.activity AS a WHERE a.source_key = 'm3' \g /dev/null
INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT d.id, 'd1', '2024-01-01'::date + n FROM fraud.duty AS d, generate_series(0, 90) AS n WHERE d.code = 'screen_daily' AND n <> 45;
INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT d.id, 'county', make_date(2024, m, 28) FROM fraud.duty AS d, generate_series(1, 3) AS m WHERE d.code = 'monthly_notice';
INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT d.id, 'd1', '2024-02-05' FROM fraud.duty AS d WHERE d.code = 'case_summary';
INSERT INTO fraud.duty_done (duty, unit, done_on) SELECT d.id, 't1', '2024-01-07'::date + 7 * n FROM fraud.duty AS d, generate_series(0, 11) AS n WHERE d.code = 'weekly_bulletin';
SELECT is((SELECT array_agg(concat_ws(' ', s.code, s.duty_unit, s.met, s.missed) ORDER BY s.code, s.duty_unit) FROM fraud.duties_at('2024-04-01') AS s
           WHERE s.code IN ('parents_push', 'monthly_notice', 'case_summary', 'screen_daily', 'weekly_bulletin', 'monthly_supervision') OR s.code = 'monthly_meeting' AND s.duty_unit = 'c1'),
  '{"case_summary d1 1 2","monthly_meeting c1 2 1","monthly_notice county 3 0","monthly_supervision t1 0 3","parents_push s1 2 1","screen_daily d1 90 1","weekly_bulletin t1 12 1"}',
  'A21, B10, A22, N53, B43, Q39, T31: of three months, 13 weeks and 91 days');
-- B12: what is asked regularly has the cadence that an office gives it: face to
-- face publicity, twice a quarter here; c1 once in the first, v1 twice
INSERT INTO fraud.duty (code, label_zh, label_en, unit, cadence, since, activity_kind) SELECT 'face', '面对面宣传', 'face to face', u, '2 per quarter', '2024-01-01', 'face_warning' FROM unnest('{c1,v1}'::text[]) AS u;
INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('c1', 'face_warning', '2024-01-20'), ('v1', 'face_warning', '2024-01-20'), ('v1', 'face_warning', '2024-03-20');
SELECT is((SELECT array_agg(s.duty_unit || ' ' || s.state || ' ' || s.met || '/' || s.missed ORDER BY s.duty_unit) FROM fraud.duties_at('2024-04-01') AS s WHERE s.code = 'face'), '{"c1 ok 0/1","v1 ok 1/0"}', 'B12: regularly, as the office decides');

-- ---------------------------------------- who is not charged, and who calls
-- T73: a relative of staff who is defrauded is a resident: the case counts for
-- the unit where it was filed, and for nobody's staff. c1: 2 points, as any case.
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, victim_is_staff) VALUES ('R', 'c1', '2023-09-01', 100, false);
SELECT is((SELECT array_agg(f.measure ORDER BY f.measure) FROM fraud.fact AS f JOIN fraud.fraud_case AS c ON c.id::text = f.source_key AND f.source_table = 'fraud_case' WHERE c.case_no = 'R' AND f.measure IN ('case', 'case_staff', 'case_staff_current')), '{case}', 'T73: a case like any other');
SELECT is((SELECT array_agg(i.item_no || ' ' || trim_scale(i.deducted) ORDER BY i.item_no) FROM fraud.explain_score('c1', 'nanma-2023') AS i WHERE i.item_no IN ('3', '5')), '{"3 2"}', 'T73: which costs the points of a case, and none of item 5');
-- B32: whoever is not prosecuted gets no tier by that; a decision with its
-- maker and its day does
INSERT INTO fraud.clue (unit, kind, received_on, cards, subject) SELECT 'c1', 'two_cards_account', '2024-03-01', 1, 'person:' || p.id FROM fraud.person AS p WHERE p.document_no = 'P2';
SELECT is((SELECT p.tier || ' ' || (SELECT count(*) FROM fraud.tier_change AS t WHERE t.person = p.id) FROM fraud.person AS p WHERE p.document_no = 'P2'), 'low 1', 'B32: a clue about cards changes no tier');
-- Q35, Q31: from the county to the town to the community, whose grid worker of
-- the section calls
INSERT INTO fraud.alert (alert_no, unit, victim, received_at, source) VALUES ('Q', 'county', 'x', '2024-04-20 08:00+08', 'county_centre');
INSERT INTO fraud.alert_transfer (alert, to_unit, transferred_at, reason) SELECT a.id, u.unit, u.at, '属地' FROM fraud.alert AS a CROSS JOIN (VALUES ('t1', '2024-04-20 08:05+08'::timestamptz), ('c1', '2024-04-20 08:10+08')) AS u (unit, at);
INSERT INTO fraud.dissuasion (alert, attempt_at, channel, addressee, outcome, reached, officer) SELECT a.id, '2024-04-20 08:30+08', 'visit', 'self', 'dissuaded', true, o.id FROM fraud.alert AS a JOIN fraud.officer AS o ON o.unit = 'c1' AND o.scope = '第一网格';
SELECT is((SELECT concat_ws(' ', s.unit_in_charge, s.state, d.unit, o.role, o.scope) FROM fraud.alerts_at('2024-04-20 12:00+08') AS s JOIN fraud.dissuasion AS d ON d.alert = s.alert JOIN fraud.officer AS o ON o.id = d.officer), 'c1 dissuaded c1 grid 第一网格', 'Q31, Q35: four levels, and the grid worker of the section at the door');

SELECT * FROM finish();
