-- The message groups, rosters and bodies of the made-up county; county.sql
-- includes it, and its variables and functions are used here.

SELECT fraud.adopt_programme(p.code, NULL, coalesce(p.period_from, date :'first_day'), greatest(p.period_to, :'as_of')) FROM fraud.programme AS p WHERE NOT p.active ORDER BY p.code \g /dev/null

-- Names by the rule; one group in ten keeps the name it had, one grid in
-- twenty has two groups, and one owner in fifteen nobody entered.
UPDATE fraud.contact_group SET grid = 1 WHERE level = 3 AND grid IS NULL;
INSERT INTO fraud.contact_group (code, unit, name, level, parent, grid, formed_on)
SELECT 'G3-' || c.code || '-2', c.code, c.name || '第二网格群', 3, 'G2-' || c.code, 2, date :'first_day' + 30
FROM community AS c WHERE c.population > 3000 ORDER BY c.code;
UPDATE fraud.contact_group AS g SET name = n.expected
FROM fraud.group_namings(:'as_of') AS n
WHERE n.contact_group = g.code AND n.expected IS NOT NULL AND pg_temp.draw(hashtext(g.code), 'named', 10) > 0;
INSERT INTO fraud.group_officer (contact_group, officer, role, period)
SELECT g.code, o.id, 'owner', daterange(g.formed_on, NULL)
FROM fraud.contact_group AS g
JOIN fraud.group_level AS l ON l.level = g.level
CROSS JOIN LATERAL (SELECT o.id FROM fraud.officer AS o WHERE o.unit = g.unit AND o.role = l.owner_role ORDER BY o.id LIMIT 1) AS o
WHERE pg_temp.draw(hashtext(g.code), 'owned', 15) > 0 ORDER BY g.code;
INSERT INTO fraud.group_count (contact_group, counted_on, members, members_eligible, households, households_eligible)
SELECT g.code, w.day, e.persons - pg_temp.skewed(hashtext(g.code) + w.no, 'outside', e.persons)::int / 2, e.persons,
       CASE WHEN g.level = 3 THEN e.households - pg_temp.skewed(hashtext(g.code) + w.no, 'outside', e.households)::int / 2 END, CASE WHEN g.level = 3 THEN e.households END
FROM fraud.contact_group AS g
CROSS JOIN LATERAL (SELECT CASE g.level WHEN 3 THEN 250 + pg_temp.draw(hashtext(g.code), 'persons', 250)::int ELSE 12 END, 90 + pg_temp.draw(hashtext(g.code), 'households', 90)::int) AS e (persons, households)
CROSS JOIN (VALUES (2, date :'as_of' - 200), (1, date :'as_of' - 20)) AS w (no, day)
WHERE pg_temp.draw(hashtext(g.code) + w.no, 'counted', 12) > 0 ORDER BY w.day, g.code;

-- A message a week from each town in the last eight, passed on within the hour
-- mostly, by nine groups of ten. The limits are the demonstration's own.
INSERT INTO fraud.relay_limit (level, valid_from, minutes) VALUES (2, date :'first_day', 30), (3, date :'first_day', 30);
INSERT INTO fraud.group_message (contact_group, title, source, received_at, sent_at)
SELECT g.code, '第' || week || '周反诈提示', (ARRAY['superior', 'case', 'material'])[1 + week % 3], CASE WHEN week % 3 = 0 THEN w.at - interval '10 minutes' END, w.at
FROM fraud.contact_group AS g
CROSS JOIN generate_series(1, 8) AS week
CROSS JOIN LATERAL (SELECT (date :'as_of' - 7 * week + time '09:00') AT TIME ZONE 'Asia/Shanghai' + make_interval(mins => pg_temp.draw(hashtext(g.code) + week, 'sent', 300)::int)) AS w (at)
WHERE g.level = 1 ORDER BY w.at, g.code;
INSERT INTO fraud.group_relay (message, contact_group, relayed_at)
SELECT m.id, g.code, m.sent_at + make_interval(mins => 5 + pg_temp.skewed(hashtext(g.code) + m.id, 'passed on', 60)::int)
FROM fraud.group_message AS m JOIN fraud.contact_group AS g ON g.parent = m.contact_group
WHERE pg_temp.draw(hashtext(g.code) + m.id, 'relayed', 10) > 0 ORDER BY m.id, g.code;
INSERT INTO fraud.group_relay (message, contact_group, relayed_at)
SELECT r.message, g.code, r.relayed_at + make_interval(mins => 5 + pg_temp.skewed(hashtext(g.code) + r.message, 'passed on', 60)::int)
FROM fraud.group_relay AS r JOIN fraud.contact_group AS g ON g.parent = r.contact_group
WHERE pg_temp.draw(hashtext(g.code) + r.message, 'relayed', 10) > 0 ORDER BY r.message, g.code;

-- Telephones nobody answers; one in ten was not handed in.
UPDATE fraud.officer SET phone = format('555-%s', lpad(id::text, 5, '0')) WHERE phone IS NULL AND pg_temp.draw(id, 'telephone', 10) > 0;
UPDATE fraud.roster_rule SET confirm_days = 90 WHERE role IN ('grid', 'liaison');
INSERT INTO fraud.body (code, unit, kind, name, formed_on)
SELECT format('B-%s-%s-%s', k.code, u.code, i), u.code, k.code, u.name || k.label_zh, date :'first_day' + pg_temp.draw(hashtext(u.code), k.code, 60)::int
FROM (SELECT unit_kind, kind, max(minimum) AS minimum FROM fraud.body_rule GROUP BY unit_kind, kind) AS r
JOIN fraud.body_kind AS k ON k.code = r.kind
JOIN fraud.unit AS u ON u.kind = r.unit_kind
CROSS JOIN LATERAL generate_series(1, r.minimum) AS i
WHERE pg_temp.draw(hashtext(u.code), 'set up ' || k.code, 20) > 0 ORDER BY 1;
INSERT INTO fraud.body_member (body, position, post, period)
SELECT b.code, p.position, p.post, daterange(b.formed_on, NULL)
FROM fraud.body AS b CROSS JOIN (VALUES (1, 'head', '主要负责同志'), (2, 'head', '政法委员'), (3, 'deputy', '派出所所长'), (4, 'member', '综治中心')) AS p (no, position, post)
WHERE pg_temp.draw(hashtext(b.code), p.post, 15) > 0 ORDER BY b.code, p.no;
