-- Part of county.sql: sites and their checks, clues, sweeps, inspections and
-- what they found, milestones. Needs its variables, tables and functions.

-- ------------------------------------------------- sites, clues, inspections

INSERT INTO fraud.site (code, unit, region, kind, name, keeper, opened_on)
SELECT c.code || '-' || k.kind, c.code, c.code, k.kind, c.name || k.name, k.keeper, date :'first_day' - 100
FROM community AS c
CROSS JOIN (VALUES (1, 'screen', '电子屏', NULL), (1, 'board', '宣传栏', NULL), (1, 'crossing', '路口', NULL), (1, 'committee', '办公楼', NULL), (1, 'supermarket', '超市', 'department-market'),
                   (2, 'lift', '电梯', NULL), (3, 'hotel', '宾馆', 'department-market'), (4, 'bank', '银行', NULL), (5, 'lottery_shop', '彩票点', 'department-civil'), (10, 'ward', '卫生院病房', 'department-health'))
  AS k (every, kind, name, keeper)
WHERE c.no % k.every = 0
ORDER BY c.code, k.kind;
INSERT INTO fraud.site (code, unit, region, kind, name)
SELECT u.code || '-site', u.code, u.region, 'school', u.name FROM fraud.unit AS u WHERE u.kind = 'school' ORDER BY u.code;

-- Each thing that some document asks is checked in spring and in autumn.
INSERT INTO fraud.site_check (unit, region, site, material, checked_on, present, refreshed_on, checked_by)
SELECT s.unit, s.region, s.code, r.material, w.day, w.present, CASE WHEN w.present AND pg_temp.draw(w.n, 'refreshed', 4) > 0 THEN w.day - pg_temp.draw(w.n, 'how long', 60)::int END, s.keeper
FROM fraud.site AS s
JOIN (SELECT DISTINCT q.site_kind, q.material FROM fraud.site_requirement AS q) AS r ON r.site_kind = s.kind
CROSS JOIN (VALUES (0), (1)) AS h (half)
CROSS JOIN LATERAL (SELECT hashtext(s.code || r.material)::bigint * 2 + h.half AS n) AS i
CROSS JOIN LATERAL (SELECT i.n, date :'first_day' + (60 + 180 * h.half + pg_temp.draw(i.n, 'check', 90))::int AS day,
                           pg_temp.draw(i.n, 'present', CASE WHEN r.material = 'banner' THEN 2 ELSE 12 END) > 0 AS present) AS w
WHERE w.day <= :'as_of'
ORDER BY w.day, s.code, r.material;

INSERT INTO fraud.clue (unit, region, kind, received_on, source, cards, in_case)
SELECT c.code, c.code, k.kind, date :'first_day' + (:days * n / (1 + :facts / 100))::int, (ARRAY['superior', 'police', 'bank', 'telecom', 'resident', 'resident'])[1 + pg_temp.draw(n, 'from', 6)],
       1 + pg_temp.skewed(n, 'cards', 4), pg_temp.draw(n, 'in case', 3) = 0
FROM generate_series(1, :facts / 100) AS n
JOIN community AS c ON c.no = pg_temp.skewed(n, 'clue', :communities)
CROSS JOIN LATERAL (SELECT (ARRAY['two_cards_account', 'two_cards_account', 'two_cards_phone', 'black_grey', 'den', 'tip_off'])[1 + pg_temp.draw(n, 'clue kind', 6)]) AS k (kind)
ORDER BY n;
INSERT INTO fraud.clue_handling (clue, handled_on, outcome, in_case)
SELECT c.id, w.day, (ARRAY['unfounded', 'confirmed', 'punished', 'prosecuted', 'passed_on'])[1 + pg_temp.draw(c.id, 'outcome', 5)], k.two_cards AND pg_temp.draw(c.id, 'turned out', 8) = 0
FROM fraud.clue AS c JOIN fraud.clue_kind AS k ON k.code = c.kind
CROSS JOIN LATERAL (SELECT c.received_on + 1 + pg_temp.skewed(c.id, 'handled', 60)::int AS day) AS w
WHERE w.day <= :'as_of' AND pg_temp.draw(c.id, 'open', 10) > 0 ORDER BY w.day, c.id;
INSERT INTO fraud.den_closure (den, closed_on, premises) SELECT d.id, d.found_on, '出租房' FROM fraud.den AS d ORDER BY d.id;
INSERT INTO fraud.focus_area (unit, region, reason, starts_on, ends_on, decided_by)
SELECT c.unit, u.region, '线索较多', date :'as_of' - 60, date :'as_of' + 30, '演示县反诈联席办'
FROM (SELECT c.unit FROM fraud.clue AS c GROUP BY c.unit ORDER BY count(*) DESC, c.unit LIMIT 3) AS c JOIN fraud.unit AS u ON u.code = c.unit ORDER BY c.unit;

INSERT INTO fraud.sweep_place (unit, region, activity, premises, checked, registered, unregistered, handed_over)
SELECT a.unit, a.region, a.id, p.premises, p.checked, p.checked / 3, p.checked / 10, CASE WHEN pg_temp.draw(a.id, 'handed over', 20) = 0 THEN 1 ELSE 0 END
FROM fraud.activity AS a
CROSS JOIN LATERAL (SELECT (ARRAY['rented', 'rented', 'hotel', 'flat', 'office'])[1 + pg_temp.draw(a.id, 'premises', 5)] AS premises, 2 + pg_temp.draw(a.id, 'checked', 30) AS checked) AS p
WHERE a.kind = 'sweep' AND pg_temp.draw(a.id, 'counted', 4) = 0 ORDER BY a.id;

-- Towns visit each place about every second month, one time in three unannounced.
INSERT INTO fraud.inspection (unit, region, inspected_on, announced, inspector)
SELECT c.code, c.code, w.day, pg_temp.draw(w.n, 'announced', 3) > 0, c.town || '000'
FROM community AS c
CROSS JOIN generate_series(0, 11) AS month
CROSS JOIN LATERAL (SELECT c.no * 12 + month AS n, (date :'first_day' + month * interval '1 month')::date + pg_temp.draw(c.no * 12 + month, 'visit', 28)::int AS day) AS w
WHERE w.day <= :'as_of' AND pg_temp.draw(w.n, 'inspected', 2) = 0 ORDER BY w.day, c.code;
INSERT INTO fraud.finding (unit, region, kind, found_on, inspection, note)
SELECT i.unit, i.region, 'work_problem', i.inspected_on, i.id, '宣传不到位' FROM fraud.inspection AS i WHERE pg_temp.draw(i.id, 'problem', 4) = 0 ORDER BY i.id;
INSERT INTO fraud.rectification (unit, region, finding, assigned_on, due_on, assigned_by)
SELECT f.unit, f.region, f.id, f.found_on + 1, f.found_on + 15, i.inspector FROM fraud.finding AS f JOIN fraud.inspection AS i ON i.id = f.inspection ORDER BY f.id;
INSERT INTO fraud.rectification_result (rectification, done_on, verified_on, verified_by)
SELECT r.id, w.day, CASE WHEN w.day + 7 <= :'as_of' THEN w.day + 7 END, CASE WHEN w.day + 7 <= :'as_of' THEN r.assigned_by END
FROM fraud.rectification AS r CROSS JOIN LATERAL (SELECT r.assigned_on + 3 + pg_temp.draw(r.id, 'done', 14)::int AS day) AS w
WHERE w.day <= :'as_of' AND pg_temp.draw(r.id, 'not done', 12) > 0 ORDER BY w.day, r.id;

INSERT INTO fraud.milestone (unit, region, programme, plan, reached_on, document)
SELECT a.unit, a.region, a.programme, a.code, w.day, CASE WHEN pg_temp.draw(w.n, 'proof', 15) > 0 THEN '文件-' || pg_temp.draw(w.n, 'document', 1000) END
FROM fraud.milestone_asked AS a
CROSS JOIN LATERAL (SELECT hashtext(a.unit || a.programme || a.code)::bigint AS n, COALESCE(a.due_on, date :'first_day' + 120) - 30 + pg_temp.skewed(hashtext(a.unit || a.code)::bigint, 'reached', 60)::int AS day) AS w
WHERE w.day BETWEEN date :'first_day' AND :'as_of' AND pg_temp.draw(w.n, 'not reached', 10) > 0 ORDER BY w.day, a.unit, a.programme, a.code;
