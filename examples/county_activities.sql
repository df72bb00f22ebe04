-- The county year, continued: whom activities reached, what was signed, and
-- what followed the cases. Included by county.sql, with its variables.

-- Households in four grids a place, a class in each year of a school; the
-- groups that fraud aims at without cells.
INSERT INTO fraud.reach_cell (unit, audience, cell, region, opened_on)
SELECT c.code, 'household', format('第%s网格', substr('一二三四', g, 1)), c.code, date :'first_day' FROM community AS c CROSS JOIN generate_series(1, 4) AS g
UNION ALL
SELECT u.code, 'pupil_middle', format('%s年级%s班', substr('七八九', 1 + k / 2, 1), 1 + k % 2), u.region, date :'first_day' FROM fraud.unit AS u CROSS JOIN generate_series(0, 5) AS k WHERE u.kind = 'school';
INSERT INTO fraud.audience_size (unit, audience, cell, counted_on, eligible, source)
SELECT r.unit, r.audience, r.cell, date :'first_day', CASE r.audience WHEN 'household' THEN 60 ELSE 38 END + pg_temp.draw(hashtext(r.unit || r.cell)::bigint, 'eligible', 8), '网格平台'
FROM fraud.reach_cell AS r ORDER BY r.unit, r.audience, r.cell;
INSERT INTO fraud.audience_size (unit, audience, counted_on, eligible, source)
SELECT c.code, a.audience, date :'first_day', c.population * a.share / 1000, '网格平台'
FROM community AS c CROSS JOIN (VALUES ('elderly', 210), ('student', 120), ('migrant_worker', 90), ('homemaker', 60), ('finance_staff', 8), ('age_20_50', 410)) AS a (audience, share)
ORDER BY c.code, a.audience;

INSERT INTO fraud.activity_audience (activity, audience, cell, reached)
SELECT a.id, 'household', format('第%s网格', substr('一二三四', 1 + pg_temp.draw(a.id, 'grid', 4)::int, 1)), 1 + a.reached / 4
FROM fraud.activity AS a JOIN community AS c ON c.code = a.unit
WHERE a.kind = 'visit' AND pg_temp.draw(a.id, 'ledger', 3) = 0 ORDER BY a.id;
INSERT INTO fraud.activity_audience (activity, audience, reached)
SELECT a.id, (ARRAY['elderly', 'migrant_worker', 'homemaker', 'age_20_50', 'age_20_50', 'finance_staff'])[1 + pg_temp.draw(a.id, 'whom', 6)], a.reached
FROM fraud.activity AS a JOIN community AS c ON c.code = a.unit
WHERE a.kind IN ('talk', 'event') AND pg_temp.draw(a.id, 'ledger', 3) = 0 ORDER BY a.id;
INSERT INTO fraud.activity_organiser (activity, role, persons)
SELECT a.id, (ARRAY['grid', 'volunteer', 'police_assistant', 'property', 'party_branch'])[1 + pg_temp.draw(a.id, 'who', 5)], 1 + pg_temp.draw(a.id, 'helpers', 6)::int
FROM fraud.activity AS a WHERE a.kind IN ('talk', 'event', 'visit') AND pg_temp.draw(a.id, 'helped', 12) = 0 ORDER BY a.id;
INSERT INTO fraud.evidence (source_table, source_id, kind, place, added_on)
SELECT 'activity', a.id, 'picture', '影像柜/' || a.id || '.jpg', a.held_on
FROM fraud.activity AS a WHERE a.kind = 'event' AND pg_temp.draw(a.id, 'picture', 5) = 0 ORDER BY a.id;

-- A class meeting in most classes, and a pledge.
INSERT INTO fraud.activity (unit, region, kind, held_on, reached, topic, source_key)
SELECT r.unit, r.region, 'class_meeting', date :'first_day' + 60 + pg_temp.draw(hashtext(r.unit || r.cell)::bigint, 'meeting', 60)::int, 36, 'two_cards', 'class:' || r.unit || ':' || r.cell
FROM fraud.reach_cell AS r WHERE r.audience = 'pupil_middle' AND pg_temp.draw(hashtext(r.unit || r.cell)::bigint, 'met', 8) > 0 ORDER BY 7;
INSERT INTO fraud.activity_audience (activity, audience, cell)
SELECT a.id, r.audience, r.cell FROM fraud.reach_cell AS r JOIN fraud.activity AS a ON a.source_key = 'class:' || r.unit || ':' || r.cell ORDER BY a.id;
INSERT INTO fraud.pledge (unit, kind, audience, cell, signed_on, signed)
SELECT s.unit, CASE s.audience WHEN 'household' THEN 'letter' ELSE 'pledge' END, s.audience, s.cell, date :'first_day' + 90, s.eligible - pg_temp.skewed(s.id, 'unsigned', 20)
FROM fraud.audience_size AS s WHERE s.cell IS NOT NULL AND pg_temp.draw(s.id, 'signed', 10) > 0 ORDER BY s.id;

-- Most victims are called on within two weeks; a few get money back.
INSERT INTO fraud.follow_up (fraud_case, followed_on, outcome)
SELECT c.id, least(c.filed_on + 1 + pg_temp.draw(c.id, 'called on', 14)::int, date :'as_of'), CASE WHEN pg_temp.draw(c.id, 'answer', 15) = 0 THEN 'not_reached' ELSE 'reached' END
FROM fraud.fraud_case AS c WHERE c.voided_at IS NULL AND c.followed_up IS NOT TRUE AND pg_temp.draw(c.id, 'followed up', 10) > 0 ORDER BY c.id;
INSERT INTO fraud.refund (fraud_case, refunded_on, amount)
SELECT c.id, least(c.filed_on + 40, date :'as_of'), trunc((c.loss - coalesce(c.recovered, 0)) / 2, 2)
FROM fraud.fraud_case AS c WHERE c.voided_at IS NULL AND c.loss - coalesce(c.recovered, 0) >= 100 AND pg_temp.draw(c.id, 'refunded', 25) = 0 ORDER BY c.id;

INSERT INTO fraud.sample (unit, region, kind, sampled_on, sampled, positive, age_from, age_to)
SELECT c.code, c.code, 'app_20_55', date :'as_of' - 40, 30, 30 - pg_temp.skewed(c.no, 'app 20 to 55', 9), 20, 55 FROM community AS c WHERE c.no % 3 = 0 ORDER BY c.code;

-- Towns call the places to a meeting each quarter.
INSERT INTO fraud.activity (unit, region, kind, held_on, topic, source_key)
SELECT t.code || '000', t.code, 'meeting', date :'first_day' + 91 * q + 40, 'agenda', 'quarter:' || t.code || ':' || q FROM town AS t CROSS JOIN generate_series(0, 3) AS q WHERE date :'first_day' + 91 * q + 40 <= date :'as_of' ORDER BY 6;
INSERT INTO fraud.attendance (activity, unit, attended)
SELECT a.id, c.code, pg_temp.draw(a.id * 1000 + c.no, 'came', 12) > 0 FROM fraud.activity AS a JOIN community AS c ON a.unit = c.town || '000' WHERE a.source_key LIKE 'quarter:%' ORDER BY a.id, c.code;
UPDATE fraud.broadcast_slot AS s SET from_time = t.f, to_time = t.t
FROM (VALUES ('morning', '06:30'::time, '09:00'::time), ('noon', '11:00', '13:30'), ('evening', '17:00', '20:00')) AS t (code, f, t) WHERE s.code = t.code;
