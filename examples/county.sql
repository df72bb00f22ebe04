-- One year of a made-up county, of any size, the same on every run: the
-- demonstration shows it, the benchmarks time it. Needs the extension and a
-- registry in the schema fraud. Variables, with what they are if not set:
--
--   communities 300     communities and villages, 25 to a town
--   persons     3000    persons under control, with their check-ins besides
--   facts       100000  rows in the tables of facts of units
--   seed        1       another seed, another county
--   as_of       2023-12-31  the last day of the year that ends with it; the
--                           views then look as of this day
--
-- Division 339999 does not exist: no place, person, case or number here is real.

\if :{?communities} \else \set communities 300 \endif
\if :{?persons} \else \set persons 3000 \endif
\if :{?facts} \else \set facts 100000 \endif
\if :{?seed} \else \set seed 1 \endif
\if :{?as_of} \else \set as_of 2023-12-31 \endif

SELECT (date :'as_of' - interval '1 year')::date + 1 AS first_day, date :'as_of' - (date :'as_of' - interval '1 year')::date AS days \gset

-- draw(n, what, below): a number from 0 to below - 1, spread by hashing, the
-- same for the same n and what. No random(): it would depend on the plan.
CREATE FUNCTION pg_temp.draw(n bigint, what text, below bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN (hashint8extended(n, hashtextextended(what, current_setting('county.seed')::bigint)) & 9223372036854775807) % below;
-- The same, small numbers much more often than large ones.
CREATE FUNCTION pg_temp.skewed(n bigint, what text, below bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN below * (pg_temp.draw(n, what, 1000) * pg_temp.draw(n, what || ' again', 1000)) / 1000000;
SELECT set_config('county.seed', :'seed', false) \g /dev/null

-- ------------------------------------------------ places, people, groups

CREATE TEMP TABLE town AS
SELECT n AS no, format('339999%s', lpad(n::text, 3, '0')) AS code,
       substr('甲乙丙丁戊己庚辛壬癸', 1 + (n - 1) % 10, 1) || substr('子丑寅卯辰巳午未申酉戌亥', 1 + (n - 1) % 12, 1)
       || CASE WHEN n > 60 THEN n::text ELSE '' END || CASE WHEN n % 3 = 1 THEN '街道' ELSE '镇' END AS name
FROM generate_series(1, (:communities + 24) / 25) AS n;
-- no: 0 to communities - 1, in an order that is not that of the codes.
CREATE TEMP TABLE community AS
SELECT row_number() OVER (ORDER BY pg_temp.draw(n, 'order', 1000000), n) - 1 AS no, t.code || lpad((1 + n % 25)::text, 3, '0') AS code, t.code AS town,
       substr('青明清平安泰东西南北高新柳梅竹松桃杏石云', 1 + n % 20, 1) || substr('溪岭湾桥塘坪湖山泉河林园井坡沟村口关店寺', 1 + n / 20 % 20, 1)
       || CASE WHEN n >= 400 THEN (n / 400)::text ELSE '' END || CASE WHEN t.no % 3 = 1 THEN '社区' ELSE '村' END AS name,
       CASE WHEN t.no % 3 = 1 THEN 'urban' ELSE 'rural' END AS setting, 800 + 40 * pg_temp.draw(n, 'population', 100) AS population
FROM generate_series(0, :communities - 1) AS n
JOIN town AS t ON t.no = 1 + n / 25;

INSERT INTO fraud.unit (code, region, name, kind) VALUES ('339999000000', '339999', '演示县', 'county');
INSERT INTO fraud.unit (code, region, name, kind, parent) SELECT code || '000', code, name, 'town', '339999000000' FROM town ORDER BY code;
INSERT INTO fraud.unit (code, region, name, kind, parent, setting, zone, population)
SELECT code, code, name, CASE setting WHEN 'urban' THEN 'community' ELSE 'village' END, town || '000', setting,
       CASE WHEN no % 4 = 0 THEN '规划区内' ELSE '规划区外' END, population
FROM community ORDER BY code;
INSERT INTO fraud.unit (code, region, name, kind, parent)
SELECT 'school-' || code, code, name || '中心学校', 'school', code || '000' FROM town ORDER BY code;
INSERT INTO fraud.unit (code, region, name, kind, parent)
SELECT 'department-' || d.code, '339999', d.name, 'department', '339999000000'
FROM (VALUES ('police', '公安局'), ('education', '教育局'), ('health', '卫健局'), ('market', '市场监管局'), ('civil', '民政局')) AS d (code, name);

-- Six people at work in each place, the grid workers' roster not always kept up.
CREATE TEMP TABLE worker AS
SELECT c.code AS unit, format('W-%s-%s', c.code, p.no) AS subject, p.role, c.no * 6 + p.no AS n
FROM community AS c
CROSS JOIN (VALUES (0, 'leader'), (1, 'liaison'), (2, 'grid'), (3, 'grid'), (4, 'propagandist'), (5, 'cadre')) AS p (no, role);
INSERT INTO fraud.officer (unit, subject, role, post, joined_on, left_on, confirmed_on)
SELECT unit, subject, role, CASE role WHEN 'grid' THEN '网格员' ELSE '村居工作人员' END, date :'first_day' - (400 + pg_temp.draw(n, 'joined', 3000))::int,
       CASE WHEN pg_temp.draw(n, 'left', 50) = 0 THEN date :'as_of' - pg_temp.draw(n, 'left on', 300)::int END,
       date :'as_of' - pg_temp.draw(n, 'confirmed', 120)::int
FROM worker ORDER BY n;
INSERT INTO fraud.officer (unit, subject, role, post, joined_on)
SELECT t.code || '000', format('W-%s-%s', t.code, n), CASE WHEN n < 3 THEN 'leader' ELSE 'police' END, CASE WHEN n < 3 THEN '分管领导' ELSE '民警' END, date :'first_day' - 900
FROM town AS t CROSS JOIN generate_series(1, 6) AS n ORDER BY t.code, n;

INSERT INTO fraud.contact_group (code, unit, name, level, parent, formed_on)
SELECT 'G1-' || code, code || '000', name || '街道反电诈指挥群', 1, NULL, date :'first_day' - 60 FROM town ORDER BY code;
INSERT INTO fraud.contact_group (code, unit, name, level, parent, formed_on)
SELECT 'G2-' || code, code, name || '反电诈组织群', 2, 'G1-' || town, date :'first_day' - 50 FROM community ORDER BY code;
INSERT INTO fraud.contact_group (code, unit, name, level, parent, formed_on)
SELECT 'G3-' || code, code, name || '（第一网格）反电诈宣传群', 3, 'G2-' || code, date :'first_day' - 40 FROM community ORDER BY code;

-- ---------------------------------------------------- persons under control

-- Citizen ids with a right check character, of the division that does not
-- exist; nobody is a minor.
CREATE FUNCTION pg_temp.made_up_id(n bigint) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN (SELECT d.digits || substr('10X98765432', 1 + (sum(substr(d.digits, i, 1)::int * (2 ^ (18 - i))::int % 11) % 11)::int, 1)
          FROM (SELECT '339999' || to_char(date '1960-01-01' + (n * 13 % 14000)::int, 'YYYYMMDD') || lpad((2 * (n / 14000) + n % 2 + 1)::text, 3, '0')) AS d (digits)
          CROSS JOIN generate_series(1, 17) AS i GROUP BY d.digits);
CREATE TEMP TABLE listed AS
SELECT n, pg_temp.made_up_id(n) AS citizen_id, c.code AS unit, c.town,
       date :'first_day' - 20 + pg_temp.draw(n, 'enrolled', 40)::int AS enrolled_on,
       CASE WHEN pg_temp.draw(n, 'tier', 10) < 1 THEN 'high' WHEN pg_temp.draw(n, 'tier', 10) < 4 THEN 'medium' ELSE 'low' END AS tier
FROM generate_series(1, :persons) AS n
JOIN community AS c ON c.no = pg_temp.draw(n, 'community', :communities);
INSERT INTO fraud.person (citizen_id, category, status, unit, region, enrolled_on, source_key)
SELECT citizen_id, (ARRAY['former_offender', 'returned_from_abroad', 'offended_abroad', 'cards', 'other'])[1 + pg_temp.draw(n, 'category', 5)],
       CASE WHEN pg_temp.draw(n, 'status', 20) = 0 THEN 'abroad' ELSE 'listed' END, unit, unit, enrolled_on, 'county ' || n
FROM listed ORDER BY n;
ALTER TABLE listed ADD COLUMN id bigint;
UPDATE listed AS l SET id = p.id FROM fraud.person AS p WHERE p.source_key = 'county ' || l.n;
INSERT INTO fraud.tier_change (person, tier, changed_on, reason, decided_by) SELECT id, tier, enrolled_on, '初次评定', '演示县办公室' FROM listed ORDER BY id;
-- One in ten moves down in the course of the year.
INSERT INTO fraud.tier_change (person, tier, changed_on, reason, decided_by)
SELECT id, CASE tier WHEN 'high' THEN 'medium' ELSE 'low' END, enrolled_on + 60 + pg_temp.draw(n, 'moved', 200)::int, '表现良好', '演示县办公室'
FROM listed WHERE tier <> 'low' AND pg_temp.draw(n, 'moves', 4) = 0 ORDER BY id;
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver)
SELECT id, 'hospital', enrolled_on + 80 + pg_temp.draw(n, 'ill', 150)::int, enrolled_on + 90 + pg_temp.draw(n, 'ill', 150)::int, '派出所'
FROM listed WHERE pg_temp.draw(n, 'is ill', 30) = 0 ORDER BY id;
INSERT INTO fraud.control_plan (person, plan, valid_from, approver)
SELECT id, '一人一策：定期走访，协助就业', enrolled_on, '演示县办公室' FROM listed WHERE pg_temp.draw(n, 'plan', 40) > 0 ORDER BY id;
INSERT INTO fraud.responsible_officer (person, officer, period)
SELECT l.id, o.id, daterange(l.enrolled_on, NULL)
FROM listed AS l JOIN fraud.officer AS o ON o.unit = l.unit AND o.role = 'cadre' WHERE pg_temp.draw(l.n, 'officer', 60) > 0 ORDER BY l.id;
INSERT INTO fraud.squad_member (person, role, officer, period)
SELECT l.id, r.code, CASE WHEN r.code = 'village_cadre' THEN own.id ELSE o.id END, daterange(l.enrolled_on, NULL)
FROM listed AS l
CROSS JOIN fraud.squad_role AS r
JOIN fraud.officer AS own ON own.unit = l.unit AND own.role = 'cadre'
JOIN fraud.officer AS o ON o.unit = l.town || '000' AND o.subject = format('W-%s-%s', l.town, r.rank)
WHERE pg_temp.draw(l.n * 8 + r.rank, 'squad', 60) > 0 ORDER BY l.id, r.rank;
-- Checked a little before each is due; one in twenty-five is forgotten.
INSERT INTO fraud.checkin (person, outcome, checked_at, method)
SELECT l.id, CASE WHEN pg_temp.draw(l.n * 1000 + k, 'outcome', 30) = 0 THEN 'failed' ELSE 'completed' END,
       (l.enrolled_on + k * s.step)::timestamp AT TIME ZONE 'Asia/Shanghai' + make_interval(hours => 8 + pg_temp.draw(l.n * 1000 + k, 'hour', 12)::int),
       (ARRAY['visit', 'station', 'video', 'call'])[1 + pg_temp.draw(l.n * 1000 + k, 'method', 4)]
FROM listed AS l
CROSS JOIN LATERAL (SELECT CASE l.tier WHEN 'high' THEN 6 WHEN 'medium' THEN 13 ELSE 28 END) AS s (step)
CROSS JOIN LATERAL generate_series(1, (date :'as_of' - l.enrolled_on) / s.step) AS k
WHERE pg_temp.draw(l.n * 1000 + k, 'forgotten', 25) > 0
ORDER BY l.enrolled_on + k * s.step, l.id;

-- Files: most facets are held, some have expired, some are missing.
INSERT INTO fraud.dossier_facet (person, kind, state, held_at, purpose, legal_basis, approver, collected_on, expires_on)
SELECT l.id, k.code, CASE WHEN k.code = 'border' AND l.n % 3 > 0 THEN 'not_applicable' ELSE 'held' END, CASE WHEN k.code <> 'border' OR l.n % 3 = 0 THEN 'registry' END,
       '帮教管控', '个人信息保护法第三十四条', '派出所', l.enrolled_on + 5, l.enrolled_on + CASE WHEN pg_temp.draw(l.n, k.code || ' expires', 8) = 0 THEN 200 ELSE 365 END
FROM listed AS l
JOIN fraud.dossier_facet_kind AS k ON k.required
WHERE pg_temp.draw(l.n, k.code || ' lacks', 60) > 0
ORDER BY l.id, k.rank;
-- A list at the beginning, and what became of those on it.
INSERT INTO fraud.person_list (code, purpose, title, issued_by, issued_on, frozen_on) VALUES
  ('county-reduction', 'reduction', '核减名单', '演示县联席办', date :'first_day' + 30, date :'first_day' + 60),
  ('county-return', 'return', '劝返名单', '演示县联席办', date :'first_day' + 30, date :'first_day' + 60);
INSERT INTO fraud.person_list_entry (list, person, added_on)
SELECT 'county-reduction', id, date :'first_day' + 30 + pg_temp.draw(n, 'added', 35)::int FROM listed WHERE pg_temp.draw(n, 'on list', 8) = 0
UNION ALL
SELECT 'county-return', p.id, date :'first_day' + 30 FROM fraud.person AS p WHERE p.status = 'abroad'
ORDER BY 1, 2;
INSERT INTO fraud.person_list_step (entry, step, done_on, to_unit)
SELECT e.id, 'passed_on', e.added_on + 1, u.parent FROM fraud.person_list_entry AS e JOIN fraud.person AS p ON p.id = e.person JOIN fraud.unit AS u ON u.code = p.unit ORDER BY e.id;
INSERT INTO fraud.person_list_step (entry, step, done_on)
SELECT e.id, 'accepted', e.added_on + 3 FROM fraud.person_list_entry AS e WHERE pg_temp.draw(e.id, 'accepted', 25) > 0 ORDER BY e.id;
INSERT INTO fraud.persuasion (person, made_at, channel, outcome)
SELECT e.person, (e.added_on + 10 + 20 * k)::timestamp AT TIME ZONE 'Asia/Shanghai' + interval '10 hours', 'video', CASE WHEN k = 2 AND pg_temp.draw(e.person, 'returns', 6) > 0 THEN 'agreed' ELSE 'considering' END
FROM fraud.person_list_entry AS e CROSS JOIN generate_series(1, 2) AS k WHERE e.list = 'county-return' ORDER BY e.id, k;
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by)
SELECT e.person, CASE e.list WHEN 'county-return' THEN 'returned' ELSE 'reduced' END, e.added_on + 80 + pg_temp.draw(e.person, 'changed', 150)::int, '专班研判', '演示县联席办'
FROM fraud.person_list_entry AS e
WHERE pg_temp.draw(e.person, 'returns', 6) > 0 AND (e.list = 'county-return' OR NOT EXISTS (SELECT FROM fraud.person AS p WHERE p.id = e.person AND p.status = 'abroad'))
ORDER BY e.id;
INSERT INTO fraud.support (person, kind, given_on)
SELECT id, (ARRAY['job', 'training', 'welfare', 'legal_aid', 'counselling'])[1 + pg_temp.draw(n, 'support', 5)], enrolled_on + 30 + pg_temp.draw(n, 'supported', 200)::int
FROM listed WHERE pg_temp.draw(n, 'helped', 4) = 0 ORDER BY id;
INSERT INTO fraud.suspect (unit, region, subject, found_on, basis)
SELECT c.code, c.code, 'S-' || n, date :'first_day' + pg_temp.draw(n, 'suspected', :days)::int, '刑事拘留'
FROM generate_series(1, 1 + :facts / 2000) AS n JOIN community AS c ON c.no = pg_temp.draw(n, 'suspect of', :communities) ORDER BY n;

-- ------------------------------------------------------------ facts of units

-- Who is warned and who is defrauded: keys of residents, no names.
-- Every second alert has its attempts recorded; the others come from an import
-- that knows only the end.
INSERT INTO fraud.alert_limit (level, valid_from, first_contact, settle_within) VALUES
  ('high', date :'first_day', '30 minutes', '24 hours'), ('medium', date :'first_day', '2 hours', '3 days'), ('low', date :'first_day', '24 hours', NULL);
INSERT INTO fraud.alert (alert_no, unit, region, victim, source, level, amount_at_risk, received_at, issued_on, delivered_on, channel, outcome)
SELECT 'YJ-' || n, c.code, c.code, 'R-' || pg_temp.draw(n, 'resident', 40000),
       (ARRAY['county_centre', 'county_centre', 'bank', 'telecom', 'platform'])[1 + pg_temp.draw(n, 'source', 5)],
       (ARRAY['low', 'low', 'medium', 'high'])[1 + pg_temp.draw(n, 'level', 4)], 500 * (1 + pg_temp.draw(n, 'at risk', 200)),
       CASE WHEN n % 2 = 0 THEN d.day::timestamp AT TIME ZONE 'Asia/Shanghai' + pg_temp.draw(n, 'minute', 1440) * interval '1 minute' END, d.day,
       CASE WHEN n % 2 = 1 AND pg_temp.draw(n, 'reached', 12) > 0 THEN d.day + pg_temp.draw(n, 'late', 2)::int END,
       CASE WHEN n % 2 = 1 THEN (ARRAY['call', 'call', 'visit', 'family'])[1 + pg_temp.draw(n, 'channel', 4)] END,
       CASE WHEN n % 2 = 1 THEN (ARRAY['dissuaded', 'dissuaded', 'dissuaded', 'not_believed', 'refused'])[1 + pg_temp.draw(n, 'outcome', 5)] END
FROM generate_series(1, :facts * 6 / 100) AS n
JOIN community AS c ON c.no = pg_temp.skewed(n, 'alert', :communities)
CROSS JOIN LATERAL (SELECT date :'first_day' + pg_temp.draw(n, 'alert day', :days - 2)::int) AS d (day)
ORDER BY d.day, n;
-- One in thirty comes to the wrong community first.
INSERT INTO fraud.alert_transfer (alert, to_unit, transferred_at, reason)
SELECT a.id, c.code, a.received_at + interval '7 minutes', '人不在辖区'
FROM fraud.alert AS a
JOIN community AS c ON c.no = pg_temp.draw(a.id, 'goes to', :communities)
WHERE a.received_at IS NOT NULL AND c.code <> a.unit AND pg_temp.draw(a.id, 'wrong', 30) = 0
ORDER BY a.id;
-- Up to three attempts, until the person is dissuaded.
INSERT INTO fraud.dissuasion (alert, attempt_at, channel, addressee, outcome, reached)
SELECT a.id, a.received_at + (k * k * (8 + pg_temp.draw(a.id * 4 + k, 'took', 60))) * interval '1 minute',
       s.channel, CASE s.channel WHEN 'family' THEN 'family' ELSE 'self' END, s.outcome, s.outcome IN ('dissuaded', 'not_believed')
FROM fraud.alert AS a
CROSS JOIN LATERAL (SELECT 1 + pg_temp.draw(a.id, 'attempts', 3)::int) AS w (attempts)
CROSS JOIN LATERAL generate_series(1, w.attempts) AS k
CROSS JOIN LATERAL (SELECT (ARRAY['call', 'visit', 'family'])[k] AS channel,
                           CASE WHEN k = w.attempts AND pg_temp.draw(a.id, 'ends well', 12) > 0 THEN 'dissuaded'
                                ELSE (ARRAY['not_believed', 'refused', 'not_reached'])[1 + pg_temp.draw(a.id * 4 + k, 'outcome', 3)] END AS outcome) AS s
WHERE a.received_at IS NOT NULL
ORDER BY a.received_at, a.id, k;

-- Cases: those of the year, and of the three years before for the baselines,
-- a little more each. One in twelve had been warned; most losses are small.
INSERT INTO fraud.fraud_case (case_no, unit, region, filed_on, happened_on, category, loss, recovered, victim, victim_group, publicity_reached, in_group, app_installed, followed_up)
SELECT format('MADE-UP-%s-%s', back, n), c.code, c.code, d.day, d.day - pg_temp.draw(n, 'act', 4)::int,
       (SELECT k.code FROM fraud.fraud_category AS k ORDER BY k.code OFFSET pg_temp.draw(n, 'category', (SELECT count(*) FROM fraud.fraud_category)) LIMIT 1),
       l.loss, CASE WHEN pg_temp.draw(n, 'recovered', 10) = 0 THEN round(l.loss / 4, 2) ELSE 0 END,
       coalesce(a.victim, 'R-' || (40000 + n)),
       CASE WHEN pg_temp.draw(n, 'group', 3) = 0
            THEN (SELECT k.code FROM fraud.victim_group AS k ORDER BY k.code OFFSET pg_temp.draw(n, 'victim group', (SELECT count(*) FROM fraud.victim_group)) LIMIT 1) END,
       pg_temp.draw(n, 'publicity', 5) > 0, pg_temp.draw(n, 'in group', 4) > 0, pg_temp.draw(n, 'app', 4) > 0, pg_temp.draw(n, 'called on', 12) > 0
FROM generate_series(0, 3) AS back
CROSS JOIN LATERAL generate_series(1 + back * :facts, :facts * (8 + back) / 1000 + back * :facts) AS n
JOIN community AS c ON c.no = pg_temp.skewed(n, 'case', :communities)
CROSS JOIN LATERAL (SELECT (date :'first_day' - back * interval '1 year')::date + pg_temp.draw(n, 'case day', :days)::int) AS d (day)
CROSS JOIN LATERAL (SELECT round(((1 + pg_temp.draw(n, 'loss', 1000)) ^ 4)::numeric / 2000000, 2)) AS l (loss)
LEFT JOIN LATERAL (SELECT a.victim FROM fraud.alert AS a WHERE back = 0 AND pg_temp.draw(n, 'warned', 12) = 0 AND a.unit = c.code AND a.delivered_on < d.day
                   ORDER BY a.delivered_on DESC, a.id LIMIT 1) AS a ON true
ORDER BY d.day, n;

INSERT INTO fraud.finding (unit, region, kind, found_on, quantity, subject)
SELECT c.code, c.code, k.kind, date :'first_day' + pg_temp.draw(n, 'found', :days)::int, 1,
       CASE WHEN k.kind LIKE 'control%' OR k.kind = 'reoffence' THEN 'M-' || pg_temp.draw(n, 'subject', 3000) END
FROM generate_series(1, :facts / 100) AS n
JOIN community AS c ON c.no = pg_temp.skewed(n, 'finding', :communities)
CROSS JOIN LATERAL (SELECT (ARRAY['study_missing', 'study_missing', 'study_missing', 'ledger_missing', 'ledger_entry_missing', 'ledger_entry_missing', 'control_failure',
                                  'control_failure', 'control_failure', CASE WHEN n % 7 = 0 THEN 'reoffence' WHEN n % 5 = 0 THEN 'publicity_falsified' ELSE 'study_missing' END])
                           [1 + pg_temp.draw(n, 'kind', 10)]) AS k (kind)
ORDER BY 4, n;

INSERT INTO fraud.den (unit, region, found_on, persons)
SELECT c.code, c.code, date :'first_day' + pg_temp.draw(n, 'den', :days)::int, 2 + pg_temp.draw(n, 'dwellers', 8)::int
FROM generate_series(1, 1 + :facts / 20000) AS n
JOIN community AS c ON c.no = pg_temp.draw(n, 'den', :communities);

INSERT INTO fraud.sample (unit, region, kind, sampled_on, sampled, positive)
SELECT c.code, c.code, (ARRAY['app', 'app', 'app_staff', 'awareness', 'satisfaction'])[1 + pg_temp.draw(n, 'sample kind', 5)],
       date :'first_day' + pg_temp.draw(n, 'sampled', :days)::int, 20, 20 - pg_temp.skewed(n, 'negative', 5)
FROM generate_series(1, :facts * 4 / 100) AS n
JOIN community AS c ON c.no = n % :communities
ORDER BY 4, n;

-- Publicity: the bulk of the facts. In the last 31 days communities, schools
-- and towns broadcast in the morning, at noon and in the evening; one time in
-- twelve it is forgotten.
INSERT INTO fraud.activity (unit, region, kind, held_on, sessions, minutes, slot)
SELECT u.code, u.region, 'broadcast', w.day, 1, 30, (ARRAY['morning', 'noon', 'evening'])[slot]
FROM generate_series(0, 30) AS back
CROSS JOIN LATERAL (SELECT date :'as_of' - back) AS w (day)
CROSS JOIN generate_series(1, 3) AS slot
JOIN fraud.unit AS u ON u.kind IN ('community', 'town')
WHERE pg_temp.draw(hashtext(u.code || w.day)::bigint * 3 + slot, 'broadcast', 12) > 0
ORDER BY w.day, u.code, slot;

-- Two messages a week in the group of each place, one in fifty forgotten; as
-- many weeks back as there are facts for.
SELECT least(52, :facts * 32 / 100 / (:communities * 2)) AS weeks, date_trunc('week', date :'as_of')::date AS monday \gset
INSERT INTO fraud.activity (unit, region, kind, held_on, sessions, contact_group)
SELECT c.code, c.code, 'push', w.day, 1, 'G3-' || c.code
FROM generate_series(0, :weeks) AS week
CROSS JOIN (VALUES (1), (4)) AS d (day)
CROSS JOIN community AS c
CROSS JOIN LATERAL (SELECT date :'monday' - 7 * week + d.day + pg_temp.draw(c.no * 1000 + week * 2 + d.day, 'push day', 2)::int) AS w (day)
WHERE w.day BETWEEN date :'first_day' AND :'as_of' AND pg_temp.draw(c.no * 1000 + week * 2 + d.day, 'push', 50) > 0
ORDER BY w.day, c.no;

SELECT greatest(0, :facts * 66 / 100 - count(*)) AS activities FROM fraud.activity \gset
INSERT INTO fraud.activity (unit, region, kind, held_on, sessions, minutes, reached, evidence)
SELECT c.code, c.code, k.kind, date :'first_day' + (:days * n / (:activities + 1))::int, 1,
       CASE k.kind WHEN 'broadcast' THEN 30 WHEN 'talk' THEN 60 END, CASE WHEN k.kind IN ('talk', 'visit', 'event') THEN 5 + pg_temp.draw(n, 'reached', 80)::int END,
       CASE WHEN pg_temp.draw(n, 'evidence', 3) > 0 THEN '影像-' || n END
FROM generate_series(1, :activities) AS n
JOIN community AS c ON c.no = pg_temp.draw(n, 'place', :communities)
CROSS JOIN LATERAL (SELECT (ARRAY['broadcast', 'visit', 'visit', 'visit', 'talk', 'talk', 'meeting', 'sweep', 'sweep', 'event'])[1 + pg_temp.draw(n, 'kind', 10)]) AS k (kind)
ORDER BY n;
-- Schools send messages to parents.
INSERT INTO fraud.activity (unit, region, kind, held_on, sessions)
SELECT u.code, u.region, 'parents_push', (date :'as_of' - back * interval '1 month')::date - 10, 1
FROM generate_series(0, 11) AS back JOIN fraud.unit AS u ON u.kind = 'school'
WHERE pg_temp.draw(hashtext(u.code)::bigint + back, 'parents', 20) > 0 ORDER BY 4, 1;

\ir county_groups.sql

-- ------------------------------------------------------------------- duties

SELECT fraud.adopt_duty(t.code, CASE WHEN t.cadence::text LIKE '%day' THEN date :'as_of' - 30 WHEN t.code = 'group_push' THEN date :'monday' - 7 * :weeks ELSE date :'first_day' END)
FROM fraud.duty_template AS t WHERE t.code <> 'monthly_study' ORDER BY t.code \g /dev/null
SELECT fraud.adopt_duty('monthly_study', date :'first_day', unit_kind => k) FROM unnest(ARRAY['community', 'village']) AS k \g /dev/null
INSERT INTO fraud.duty_done (duty, unit, done_on)
SELECT d.id, u.code, w.day
FROM fraud.duty AS d
JOIN fraud.unit AS u ON u.kind = d.unit_kind
CROSS JOIN LATERAL generate_series(date :'first_day' + 4, date :'as_of', CASE WHEN d.cadence::text LIKE '%day' THEN interval '1 day' WHEN d.cadence::text LIKE '%week' THEN interval '7 days' ELSE interval '1 month' END) AS g (instant)
CROSS JOIN LATERAL (SELECT g.instant::date) AS w (day)
WHERE d.activity_kind IS NULL AND d.activity_measure IS NULL AND d.cadence::text ~ '^1 per (day|week|month)$' AND w.day >= d.since
  AND pg_temp.draw(hashtext(u.code || w.day)::bigint, d.code, 15) > 0
ORDER BY w.day, d.id, u.code;

\ir county_activities.sql
\ir county_sites.sql
\ir county_ratings.sql

UPDATE fraud.registry_info SET as_of = :'as_of';
ANALYZE;
