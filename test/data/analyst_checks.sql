-- The answers of doc/analyst.md a second time, from the tables of facts and
-- without the functions that were asked. Each query gives the question's
-- title in the page and whether the answer holds.
\set unit 339999002025

-- Item by item under nanma-2023, May to December; the sample of staff without
-- the app would cost 5, and 3 are left of the item's 5.
WITH lost AS (
  SELECT (SELECT sum(quantity) FROM fraud.finding WHERE unit = :'unit' AND kind = 'study_missing' AND found_on >= '2023-05-01' AND voided_at IS NULL) AS item_1,
         (SELECT CASE WHEN count(*) FILTER (WHERE filed_on >= '2023-05-01') > count(*) FILTER (WHERE filed_on BETWEEN '2022-05-01' AND '2022-12-31') THEN 2 ELSE 0 END
          FROM fraud.fraud_case WHERE unit = :'unit' AND voided_at IS NULL) AS item_3,
         (SELECT sum(CASE WHEN loss >= 300000 THEN 2 WHEN loss >= 100000 THEN 1 ELSE 0 END) FROM fraud.fraud_case WHERE unit = :'unit' AND filed_on >= '2023-05-01' AND voided_at IS NULL) AS item_4,
         (SELECT least(5, sum(sampled - positive) FILTER (WHERE kind = 'app') + CASE WHEN sum(sampled - positive) FILTER (WHERE kind = 'app_staff') > 0 THEN 5 ELSE 0 END)
          FROM fraud.sample WHERE unit = :'unit' AND sampled_on >= '2023-05-01' AND voided_at IS NULL) AS item_7,
         (SELECT CASE WHEN bool_or(NOT publicity_reached AND NOT (in_group AND app_installed)) THEN 5 ELSE 0 END
          FROM fraud.fraud_case WHERE unit = :'unit' AND filed_on >= '2023-05-01' AND voided_at IS NULL) AS item_8)
SELECT 'Who is last, and why?', (item_1, item_3, item_4, item_7, item_8) = (1, 2, 2, 5, 5) AND 100 - (item_1 + item_3 + item_4 + item_7 + item_8) = 85
       AND 85 = (SELECT min(total) FROM fraud.scoreboard WHERE rubric = 'nanma-2023')
FROM lost;

-- Eight of the 60 have fewer than three of their like before them.
SELECT 'Who leads among its like?', bool_and(c.total = m.best AND c.of = m.units) AND count(*) > 0
       AND 8 = (SELECT count(*) FROM fraud.scoreboard AS s JOIN fraud.unit AS u ON u.code = s.unit
                WHERE s.rubric = 'nanma-2023' AND u.kind IN ('community', 'village')
                  AND 3 > (SELECT count(*) FROM fraud.scoreboard AS t JOIN fraud.unit AS v ON v.code = t.unit
                           WHERE t.rubric = 'nanma-2023' AND v.kind IN ('community', 'village') AND v.setting = u.setting AND t.total > s.total))
FROM fraud.cohort_scoreboard AS c
JOIN (SELECT CASE u.setting WHEN 'urban' THEN 'urban' ELSE 'rural' END AS cohort, max(s.total) AS best, count(*) AS units
      FROM fraud.unit AS u JOIN fraud.scoreboard AS s ON s.unit = u.code AND s.rubric = 'nanma-2023' WHERE u.kind IN ('community', 'village') GROUP BY 1) AS m USING (cohort)
WHERE c.rubric = 'nanma-2023' AND c.rank = 1;

WITH held AS (
  SELECT u.code, coalesce(sum(a.sessions), 0) AS sessions
  FROM fraud.unit AS u LEFT JOIN (fraud.activity AS a JOIN fraud.activity_kind AS k ON k.code = a.kind AND k.measure = 'publicity')
    ON a.unit = u.code AND a.held_on BETWEEN '2023-01-01' AND '2023-12-31' AND a.voided_at IS NULL
  GROUP BY u.code)
SELECT 'What would two more sessions change?',
       (SELECT sessions FROM held WHERE code = :'unit') = 47
       AND (SELECT array_agg(code ORDER BY code) FROM held WHERE sessions BETWEEN 46 AND 47)
         = (SELECT array_agg(s.unit ORDER BY s.unit) FROM fraud.scores('nanma-2023') AS s
            CROSS JOIN LATERAL antifraud.breakdown(s.card, (SELECT doc FROM fraud.rubric_edition WHERE code = 'nanma-2023')) AS b
            WHERE b.measure = 'publicity' AND b.quantity BETWEEN 46 AND 47);

-- By the parents of units; two-sided, the outcomes no more likely than 4 of 14.
WITH counted AS (
  SELECT p.name, count(*) FILTER (WHERE c.filed_on >= '2023-01-01') AS now, count(*) FILTER (WHERE c.filed_on < '2023-01-01') AS before
  FROM fraud.fraud_case AS c JOIN fraud.unit AS u ON u.code = c.unit JOIN fraud.unit AS p ON p.code = u.parent
  WHERE c.voided_at IS NULL AND c.filed_on BETWEEN '2022-01-01' AND '2023-12-31' GROUP BY p.name)
SELECT 'Which towns rose by more than chance?',
       (SELECT array_agg((name, now, before)::text ORDER BY name COLLATE "C") FROM counted) = '{"(丙寅镇,4,10)","(乙丑镇,33,34)","(甲子街道,27,28)"}'
       AND (SELECT round(sum(way) / 2 ^ 14::numeric, 3) FROM (SELECT factorial(14) / (factorial(k) * factorial(14 - k)) AS way FROM generate_series(0, 14) AS k WHERE k <= 4 OR k >= 10) AS w) = 0.180;

-- High 7 days, medium 14, low a month; nobody paused since the last check.
SELECT 'Whose check-ins are overdue, officer by officer?',
       (SELECT array_agg(person ORDER BY person) FROM fraud.checkin_overdue)
     = (SELECT array_agg(p.id ORDER BY p.id)
        FROM fraud.person AS p
        CROSS JOIN LATERAL (SELECT t.tier, t.changed_on FROM fraud.tier_change AS t WHERE t.person = p.id AND t.voided_at IS NULL AND t.changed_on <= '2023-12-31' ORDER BY t.changed_on DESC LIMIT 1) AS t
        CROSS JOIN LATERAL (SELECT coalesce(max(c.done_on), p.enrolled_on) AS last_done FROM fraud.checkin AS c
                            WHERE c.person = p.id AND c.outcome = 'completed' AND c.voided_at IS NULL AND c.done_on <= '2023-12-31') AS c
        WHERE NOT EXISTS (SELECT FROM fraud.status_change AS x JOIN fraud.person_status AS s ON s.code = x.status WHERE x.person = p.id AND x.voided_at IS NULL AND x.changed_on <= '2023-12-31' AND NOT s.controlled)
          AND NOT EXISTS (SELECT FROM fraud.suspension AS s WHERE s.person = p.id AND s.voided_at IS NULL AND coalesce(s.ends_on, 'infinity') >= c.last_done AND s.starts_on <= '2023-12-31')
          AND (c.last_done + CASE t.tier WHEN 'high' THEN interval '7 days' WHEN 'medium' THEN interval '14 days' ELSE interval '1 month' END)::date < '2023-12-31');

WITH item_1 AS (SELECT unit, least(5, sum(quantity)) AS lost FROM fraud.finding WHERE kind = 'study_missing' AND found_on BETWEEN '2023-05-01' AND '2023-12-31' AND voided_at IS NULL GROUP BY unit),
     item_4 AS (SELECT unit, least(10, sum(CASE WHEN loss >= 300000 THEN 2 ELSE 1 END)) AS lost FROM fraud.fraud_case
                WHERE loss >= 100000 AND filed_on BETWEEN '2023-05-01' AND '2023-12-31' AND voided_at IS NULL GROUP BY unit),
     item_7 AS (SELECT unit, least(5, coalesce(sum(sampled - positive) FILTER (WHERE kind = 'app'), 0) + CASE WHEN sum(sampled - positive) FILTER (WHERE kind = 'app_staff') > 0 THEN 5 ELSE 0 END) AS lost
                FROM fraud.sample WHERE kind IN ('app', 'app_staff') AND sampled_on BETWEEN '2023-05-01' AND '2023-12-31' AND voided_at IS NULL GROUP BY unit),
     short AS (SELECT u.code AS unit FROM fraud.unit AS u LEFT JOIN (fraud.activity AS a JOIN fraud.activity_kind AS k ON k.code = a.kind AND k.measure = 'publicity')
                 ON a.unit = u.code AND a.held_on BETWEEN '2023-01-01' AND '2023-12-31' AND a.voided_at IS NULL
               WHERE u.kind NOT IN ('county', 'town') GROUP BY u.code HAVING coalesce(sum(a.sessions), 0) < 48),
     unreached AS (SELECT DISTINCT unit FROM fraud.fraud_case WHERE NOT publicity_reached AND NOT (in_group AND app_installed) AND filed_on BETWEEN '2023-05-01' AND '2023-12-31' AND voided_at IS NULL),
     item_8 AS (SELECT unit, least(15, 5 * count(*)) AS lost FROM (SELECT unit FROM short UNION ALL SELECT unit FROM unreached) AS x GROUP BY unit)
SELECT 'Which items of the rubric lose the most points?',
       ((SELECT sum(lost) FROM item_1), (SELECT sum(lost) FROM item_4), (SELECT sum(lost) FROM item_7), (SELECT count(*) FROM item_7 WHERE lost > 0)) = (23, 17, 160, 46)
       AND ((SELECT sum(lost) FROM item_8), (SELECT count(*) FROM item_8), (SELECT count(*) FROM short), (SELECT 5 * count(*) FROM unreached)) = (175, 32, 31, 20);

SELECT 'Which cases were large?',
       (SELECT (count(*), sum(CASE WHEN amount >= 300000 THEN 2 ELSE 1 END), max(amount) < 500000) = (14, 17, true) FROM fraud.fact
        WHERE measure = 'case' AND amount >= 100000 AND occurred_on BETWEEN '2023-05-01' AND '2023-12-31' AND voided_at IS NULL)
       AND 17 = (SELECT sum(b.deducted) FROM fraud.scores('nanma-2023', '2023-12-31') AS s
                 CROSS JOIN LATERAL antifraud.breakdown(s.card, (SELECT fraud.rubric_as_of('nanma-2023', '2023-12-31'))) AS b WHERE b.item_no = '4');

SELECT 'Who was defrauded twice, and who after a warning?', count(DISTINCT c.id) = 4
       AND NOT EXISTS (SELECT FROM fraud.fraud_case AS x JOIN fraud.fraud_case AS y ON y.victim = x.victim AND y.id > x.id AND y.voided_at IS NULL WHERE x.voided_at IS NULL)
       AND 3 = (SELECT count(*) FROM (SELECT issued_on, issued_on - lag(issued_on) OVER (PARTITION BY victim ORDER BY issued_on, id) AS after FROM fraud.alert WHERE voided_at IS NULL) AS w
                WHERE after <= 90 AND issued_on BETWEEN '2023-01-01' AND '2023-12-31')
FROM fraud.fraud_case AS c
JOIN fraud.alert AS a ON a.victim = c.victim AND a.voided_at IS NULL
WHERE c.voided_at IS NULL AND c.filed_on BETWEEN '2023-01-01' AND '2023-12-31'
  AND (a.delivered_on <= coalesce(c.happened_on, c.filed_on)
       OR EXISTS (SELECT FROM fraud.dissuasion AS d WHERE d.alert = a.id AND d.reached AND d.voided_at IS NULL AND d.made_on <= coalesce(c.happened_on, c.filed_on)));

SELECT 'Which alerts were not acted on in time?',
       (count(*), count(*) FILTER (WHERE first_attempt IS NULL OR first_attempt > received_at + first_contact),
        count(*) FILTER (WHERE NOT settled AND (received_at + settle_within < '2024-01-01 00:00+08' OR first_attempt IS NULL AND received_at + first_contact < '2024-01-01 00:00+08'))) = (240, 39, 9)
FROM (SELECT a.received_at, l.first_contact, l.settle_within,
             EXISTS (SELECT FROM fraud.dissuasion AS d JOIN fraud.alert_outcome AS o ON o.code = d.outcome AND o.settles WHERE d.alert = a.id AND d.voided_at IS NULL) AS settled,
             (SELECT min(d.attempt_at) FROM fraud.dissuasion AS d WHERE d.alert = a.id AND d.voided_at IS NULL) AS first_attempt
      FROM fraud.alert AS a JOIN fraud.alert_limit AS l ON l.level = a.level WHERE a.received_at IS NOT NULL AND a.voided_at IS NULL) AS x;

SELECT 'Who can be certified, and what speaks against the others?',
       (count(*) FILTER (WHERE setting = 'rural' AND free), count(*) FILTER (WHERE setting = 'rural'), count(*) FILTER (WHERE setting = 'urban' AND free), count(*) FILTER (WHERE setting = 'urban')) = (20, 35, 15, 25)
FROM (SELECT u.setting,
             NOT EXISTS (SELECT FROM fraud.fraud_case AS c WHERE c.unit = u.code AND c.voided_at IS NULL AND c.filed_on BETWEEN '2023-05-01' AND '2023-12-31')
             AND NOT EXISTS (SELECT FROM fraud.suspect AS s WHERE s.unit = u.code AND s.voided_at IS NULL AND s.found_on BETWEEN '2023-05-01' AND '2023-12-31'
                             AND NOT EXISTS (SELECT FROM fraud.suspect_clearance AS x WHERE x.suspect = s.id AND x.voided_at IS NULL))
             AND NOT EXISTS (SELECT FROM fraud.den AS d WHERE d.unit = u.code AND d.voided_at IS NULL AND d.found_on BETWEEN '2023-05-01' AND '2023-12-31') AS free
      FROM fraud.unit AS u WHERE u.kind IN ('community', 'village')) AS x;

-- 1 January to 30 September are 273 days of 365.
SELECT 'Which targets will be missed at this pace?',
       (so_far, before, floor(before * 0.8), round(so_far * 365 / 273.0), round(so_far * 365 / (57 * 273.0), 2)) = (51, 72, 57, 68, 1.20)
       AND (SELECT (ceil(sum(loss) * 365 / 273.0 + 1.959963985 * sqrt(sum(loss * loss) * 92 * 365) / 273), round(sum(loss) * 365 / 273.0 - 1.959963985 * sqrt(sum(loss * loss) * 92 * 365) / 273)) = (7750327, 4974352)
            FROM fraud.fraud_case WHERE voided_at IS NULL AND filed_on BETWEEN '2023-01-01' AND '2023-09-30')
FROM (SELECT count(*) FILTER (WHERE filed_on BETWEEN '2023-01-01' AND '2023-09-30') AS so_far, count(*) FILTER (WHERE filed_on BETWEEN '2022-01-01' AND '2022-12-31') AS before
      FROM fraud.fraud_case WHERE voided_at IS NULL) AS x;

SELECT 'How far were the groups at risk covered?',
       (SELECT sum(eligible) FROM fraud.audience_size WHERE audience = 'elderly' AND voided_at IS NULL) = 32604
       AND 152 = (SELECT sum(least(e.eligible, r.reached))
                  FROM fraud.audience_size AS e
                  JOIN (SELECT a.unit, sum(x.reached) AS reached FROM fraud.activity_audience AS x JOIN fraud.activity AS a ON a.id = x.activity
                        WHERE x.audience = 'elderly' AND x.voided_at IS NULL AND a.voided_at IS NULL AND a.held_on BETWEEN '2023-01-01' AND '2023-12-31' GROUP BY a.unit) AS r USING (unit)
                  WHERE e.audience = 'elderly');

SELECT 'Which message groups are full, or nearly?', (count(*), max(members), count(*) FILTER (WHERE members_eligible > 480)) = (143, 483, 5)
FROM (SELECT DISTINCT ON (contact_group) members, members_eligible FROM fraud.group_count WHERE voided_at IS NULL AND counted_on <= '2023-12-31' ORDER BY contact_group, counted_on DESC) AS x;

SELECT 'Where is what must hang there missing?', (count(*), count(*) FILTER (WHERE NOT present)) = (60, 35)
FROM (SELECT DISTINCT ON (c.site) c.present FROM fraud.site_check AS c JOIN fraud.site AS s ON s.code = c.site
      WHERE s.kind = 'committee' AND c.material = 'banner' AND c.voided_at IS NULL AND c.checked_on <= '2023-12-31' ORDER BY c.site, c.checked_on DESC) AS x;

SELECT 'Which duties are neglected?', (60 * 11, count(DISTINCT (d.unit, date_trunc('month', d.done_on)))) = (660, 617)
FROM fraud.duty_done AS d JOIN fraud.duty AS t ON t.id = d.duty
WHERE t.code = 'monthly_study' AND d.voided_at IS NULL AND d.done_on BETWEEN '2023-01-01' AND '2023-11-30';

WITH listed AS (
  SELECT p.id FROM fraud.person AS p
  WHERE p.enrolled_on <= '2023-12-31'
    AND NOT EXISTS (SELECT FROM fraud.status_change AS x JOIN fraud.person_status AS s ON s.code = x.status WHERE x.person = p.id AND x.voided_at IS NULL AND x.changed_on <= '2023-12-31' AND NOT s.controlled))
SELECT 'Who is under control without an officer, a plan or a full squad?',
       (count(*) FILTER (WHERE NOT EXISTS (SELECT FROM fraud.responsible_officer AS r JOIN fraud.officer AS o ON o.id = r.officer
                                           WHERE r.person = l.id AND r.period @> date '2023-12-31' AND (o.left_on IS NULL OR o.left_on > '2023-12-31'))),
        count(*) FILTER (WHERE NOT EXISTS (SELECT FROM fraud.control_plan AS c WHERE c.person = l.id AND c.voided_at IS NULL AND c.valid_from <= '2023-12-31'))) = (15, 14)
FROM listed AS l;

-- Wilson: (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n).
SELECT 'How many residents know, and how sure is that?', array_agg((asked, know, low, high)::text ORDER BY asked) = '{"(200,194,93.61,98.62)","(460,444,94.43,97.85)","(580,557,94.12,97.34)"}'
FROM (SELECT asked, know, round(100 * (middle - spread), 2) AS low, round(100 * (middle + spread), 2) AS high
      FROM (SELECT asked, know, (know / asked + z2 / (2 * asked)) / (1 + z2 / asked) AS middle,
                   sqrt(z2 * (know / asked * (1 - know / asked) / asked + z2 / (4 * asked * asked))) / (1 + z2 / asked) AS spread
            FROM (SELECT sum(s.sampled)::numeric AS asked, sum(s.positive)::numeric AS know, 1.959963985 ^ 2::numeric AS z2
                  FROM fraud.sample AS s JOIN fraud.unit AS u ON u.code = s.unit WHERE s.kind = 'awareness' AND s.voided_at IS NULL GROUP BY u.parent) AS x) AS y) AS w;

SELECT 'What would be escalated today, and what waits for a decision?',
       (SELECT array_agg(u.name) FROM fraud.den AS d JOIN fraud.unit AS u ON u.code = d.unit WHERE d.voided_at IS NULL AND d.found_on BETWEEN '2023-05-01' AND '2023-12-31') = '{柳溪社区}'
       AND NOT EXISTS (SELECT FROM fraud.fraud_case WHERE voided_at IS NULL AND filed_on >= '2023-05-01' AND loss >= 500000);

-- The scoreboard is of 31 December, when the rule of 48 sessions is open.
WITH held AS (
  SELECT u.code, coalesce(sum(a.sessions), 0) AS sessions
  FROM fraud.unit AS u LEFT JOIN (fraud.activity AS a JOIN fraud.activity_kind AS k ON k.code = a.kind AND k.measure = 'publicity')
    ON a.unit = u.code AND a.held_on BETWEEN '2023-01-01' AND '2023-12-31' AND a.voided_at IS NULL
  GROUP BY u.code), town AS (
  SELECT p.name, antifraud.total(antifraud.tally((SELECT fraud.rubric_as_of('nanma-2023', '2024-01-01')), f.measure, f.occurred_on, f.quantity, f.base, f.amount), (SELECT fraud.rubric_as_of('nanma-2023', '2024-01-01'))) AS as_if_one,
         (SELECT round(avg(s.total - CASE WHEN h.sessions < 48 THEN 5 ELSE 0 END), 2) FROM fraud.scoreboard AS s JOIN fraud.unit AS v ON v.code = s.unit JOIN held AS h ON h.code = v.code
          WHERE s.rubric = 'nanma-2023' AND v.parent = p.code) AS mean,
         (SELECT round(avg(s.total), 2) FROM fraud.scoreboard AS s JOIN fraud.unit AS v ON v.code = s.unit WHERE s.rubric = 'nanma-2023' AND v.parent = p.code) AS before
  FROM fraud.unit AS p JOIN fraud.unit AS u ON u.parent = p.code AND u.kind IN ('community', 'village', 'school') JOIN fraud.fact AS f ON f.unit = u.code AND f.voided_at IS NULL
  WHERE p.kind = 'town' GROUP BY p.code, p.name)
SELECT 'How did each town do: as one, or on average?', array_agg((name, mean, as_if_one)::text ORDER BY mean DESC) = '{"(甲子街道,95.23,60)","(丙寅镇,94.18,88)","(乙丑镇,91.23,56)"}'
       AND max(before) = 97.82 FROM town;

-- Two points of item 4 were lost by 30 November; one case of 620,000 costs all ten.
SELECT 'What was known at the end of the month?',
       sum(CASE WHEN loss >= 300000 THEN 2 WHEN loss >= 100000 THEN 1 ELSE 0 END) = 2 AND 85 - (10 - 2) = 77
FROM fraud.fraud_case WHERE unit = :'unit' AND filed_on BETWEEN '2023-05-01' AND '2023-11-30' AND voided_at IS NULL;
