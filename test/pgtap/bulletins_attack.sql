-- What somebody learns who has every issue, of every unit, one for each day, and
-- subtracts one from another. And: every figure as it was known
-- at a moment. Made-up facts of a county that does not exist, 339999.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

DELETE FROM fraud.unit;
INSERT INTO fraud.unit (code, region, name, kind) VALUES ('county', '339999', '试验县', 'county');
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES ('t1', '339999001', '一镇', 'town', 'county'), ('t2', '339999002', '二镇', 'town', 'county');
INSERT INTO fraud.unit (code, region, name, kind, parent)
SELECT 'v' || n, '33999900' || (1 + n / 4) || '00' || n, n || '村', 'village', 't' || (1 + n / 4) FROM generate_series(1, 6) AS n;

-- 350 cases in two years; losses from a few hundred yuan to 400,000, so that
-- each stands in a band that ends
CREATE FUNCTION pg_temp.draw(n int, what text, below int) RETURNS int LANGUAGE sql RETURN abs(hashint8extended(n, hashtext(what)) % below)::int;
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category, loss, victim_group, victim_sex, victim_age_band)
SELECT 'C' || n, 'v' || (1 + least(pg_temp.draw(n, 'village', 8), 5)), '2023-01-01'::date + pg_temp.draw(n, 'day', 731), 'brushing',
       round((200 * power(2000, pg_temp.draw(n, 'loss', 10000) / 10000.0))::numeric, 2), CASE pg_temp.draw(n, 'group', 3) WHEN 0 THEN 'elderly' WHEN 1 THEN 'student' END,
       CASE pg_temp.draw(n, 'sex', 2) WHEN 0 THEN 'M' ELSE 'F' END, 'age_65_up'
FROM generate_series(1, 350) AS n;
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on)
SELECT 'passport', 'P' || n, u.code, u.region, '2023-06-01' FROM generate_series(1, 60) AS n JOIN fraud.unit AS u ON u.code = 'v' || (1 + n % 6);
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by)
SELECT p.id, 'reduced', '2024-01-01'::date + pg_temp.draw(p.id::int, 'reduced', 366), '表现良好', '派出所' FROM fraud.person AS p WHERE p.id % 2 = 0;

-- An issue a day, of all units.
CREATE TEMP TABLE weekly AS SELECT d.day::date AS day, b.* FROM generate_series('2024-01-01', '2024-06-30', interval '1 day') AS d (day) CROSS JOIN LATERAL fraud.weekly_bulletins(d.day::date) AS b;
CREATE TEMP TABLE monthly AS SELECT d.day::date AS day, b.* FROM generate_series('2024-01-01', '2024-06-30', interval '1 day') AS d (day) CROSS JOIN LATERAL fraud.monthly_bulletins(d.day::date) AS b;
SELECT is((SELECT count(*)::int FROM weekly), 182 * 9, 'an issue of nine units on each day of half a year');

-- ------------------------------------------------------------------- money
CREATE TEMP TABLE money AS
SELECT 'weekly' AS kind, w.day, w.unit, x.field, x.value, x.cases FROM weekly AS w
CROSS JOIN LATERAL (VALUES ('losses', w.losses, w.cases), ('losses_before', w.losses_before, w.cases_before), ('losses_year', w.losses_year, w.cases_year), ('losses_last_year', w.losses_last_year, w.cases_last_year)) AS x (field, value, cases)
UNION ALL
SELECT 'monthly', m.day, m.unit, 'losses', m.losses, m.cases FROM monthly AS m;
SELECT is((SELECT count(*)::int FROM money WHERE value !~ '^(0元|\d+万元以[上下]|\d+万至\d+万元)$'), 0, 'no sum is exact');
SELECT is((SELECT count(*)::int FROM money WHERE (value IS NULL) <> (cases IN (1, 2)) OR (value = '0元') <> (cases = 0)), 0, 'left out for one or two cases, and for these only; nothing is nothing');

-- Whoever has the notices of all cases, and nothing else, works out each sum:
-- so no sum tells more than they do. The ends of bands are read from their text.
CREATE FUNCTION pg_temp.bounds(band text) RETURNS numeric[] LANGUAGE sql
  RETURN (SELECT CASE WHEN band ~ '以下' THEN ARRAY[0, n[1]] WHEN band ~ '以上' THEN ARRAY[n[1], 'Infinity'] ELSE n END
          FROM (SELECT array_agg(m[1]::numeric) AS n FROM regexp_matches(band, '\d+', 'g') AS m) AS x);
CREATE TEMP TABLE notice AS SELECT b.unit, b.filed_on, pg_temp.bounds(b.loss_band) AS ends FROM fraud.case_bulletins('2023-01-01', '2024-12-31') AS b;
CREATE FUNCTION pg_temp.of_notices(of_unit text, from_day date, to_day date) RETURNS numeric[] LANGUAGE sql
  RETURN (SELECT ARRAY[sum(n.ends[1]), sum(n.ends[2])] FROM notice AS n JOIN fraud.unit_above AS a ON a.unit = n.unit AND a.above = of_unit WHERE n.filed_on BETWEEN from_day AND to_day);
SELECT is((SELECT count(*)::int FROM money AS m
  CROSS JOIN LATERAL (SELECT date_trunc('week', m.day::timestamp)::date AS monday) AS d
  CROSS JOIN LATERAL (SELECT CASE WHEN m.kind = 'monthly' THEN pg_temp.of_notices(m.unit, date_trunc('month', m.day::timestamp)::date, m.day) ELSE CASE m.field
      WHEN 'losses' THEN pg_temp.of_notices(m.unit, d.monday, m.day) WHEN 'losses_before' THEN pg_temp.of_notices(m.unit, d.monday - 7, d.monday - 1)
      WHEN 'losses_year' THEN pg_temp.of_notices(m.unit, '2024-01-01', m.day) ELSE pg_temp.of_notices(m.unit, '2023-01-01', (m.day - interval '1 year')::date) END END AS ends OFFSET 0) AS n
  WHERE m.value ~ '万' AND m.day IN ('2024-01-31', '2024-02-29', '2024-05-16', '2024-06-30') AND pg_temp.bounds(m.value) <> n.ends), 0, 'each sum follows from the notices of its cases');
SELECT cmp_ok((SELECT count(*)::int FROM money AS m WHERE m.value ~ '万' AND m.day IN ('2024-01-31', '2024-02-29', '2024-05-16', '2024-06-30')), '>', 50, 'of many sums');

-- Two other counties with the same notices, each loss at the lower end of its
-- band, or right below the upper one: no issue differs, nor do texts and
-- corrections. Whatever is worked out from them, all of the band remains.
CREATE FUNCTION pg_temp.everything() RETURNS text LANGUAGE sql
  RETURN (SELECT string_agg(i.issue, E'\n' ORDER BY i.day, i.kind, i.issue)
          FROM (SELECT d.day, 'w' AS kind, to_jsonb(w)::text AS issue FROM generate_series('2024-01-07', '2024-12-31', interval '13 days') AS d (day) CROSS JOIN LATERAL fraud.weekly_bulletins(d.day::date) AS w
                UNION ALL
                SELECT d.day, 'm', to_jsonb(m)::text FROM generate_series('2024-01-07', '2024-12-31', interval '24 days') AS d (day) CROSS JOIN LATERAL fraud.monthly_bulletins(d.day::date) AS m
                UNION ALL
                SELECT c.filed_on, 'c', to_jsonb(c)::text FROM fraud.case_bulletins('2023-01-01', '2024-12-31') AS c
                UNION ALL
                SELECT '2024-06-30', 't', fraud.bulletin_words(jsonb_build_object('kind', k.kind, 'unit', u.code, 'unit_name', u.name, 'year', 2024, 'number', 1, 'as_of', '2024-06-30', 'covers_from', '2024-06-01',
                  'covers_to', '2024-06-30', 'suppress_below', 3, 'rows', fraud.bulletin_rows(k.kind, u.code, '2024-06-30'), 'corrections', '[]'::jsonb))
                FROM fraud.unit AS u CROSS JOIN unnest('{weekly,monthly}'::text[]) AS k (kind)) AS i);
CREATE TEMP TABLE truth AS SELECT c.id, c.loss, pg_temp.everything() AS told FROM (SELECT id, loss FROM fraud.fraud_case OFFSET 0) AS c WHERE c.id = 1 UNION ALL SELECT c.id, c.loss, NULL FROM fraud.fraud_case AS c WHERE c.id <> 1;
ALTER TABLE fraud.fraud_case DISABLE TRIGGER USER;
UPDATE fraud.fraud_case AS c SET loss = (SELECT max(e) FROM unnest(fraud.loss_edges(20)) AS e WHERE e <= c.loss);
SELECT is(md5(pg_temp.everything()), (SELECT md5(told) FROM truth WHERE id = 1), 'every loss at the lower end of its band: nothing that is published differs');
UPDATE fraud.fraud_case AS c SET loss = (SELECT least(min(e), 9999999999) - 0.01 FROM unnest(fraud.loss_edges(20)) AS e WHERE e > c.loss);
SELECT is(md5(pg_temp.everything()), (SELECT md5(told) FROM truth WHERE id = 1), 'nor with every loss right below the upper end');
UPDATE fraud.fraud_case AS c SET loss = c.loss + 0.01 WHERE c.id = (SELECT id FROM truth WHERE loss BETWEEN 10000 AND 49999 ORDER BY id LIMIT 1);
SELECT isnt(md5(pg_temp.everything()), (SELECT md5(told) FROM truth WHERE id = 1), 'while a cent that takes one into the next band shows');
UPDATE fraud.fraud_case AS c SET loss = t.loss FROM truth AS t WHERE t.id = c.id;
ALTER TABLE fraud.fraud_case ENABLE TRIGGER USER;

-- By brute force: all counties of four cases with losses of these fourteen sizes.
-- Somebody knows the notices, the sum of the first three (a village, or until
-- yesterday) and of all four (its town, or until today), and takes for each case
-- the greatest and the least loss that go with that; half of the difference, of
-- what lies in the middle, is how far the best estimate may be off.
CREATE TEMP TABLE size AS SELECT x.loss, e.edges[width_bucket(x.loss, e.edges)] AS band, CASE WHEN x.loss < 500000 THEN e.edges[width_bucket(x.loss, e.edges)] ELSE 0 END AS at_least,
  CASE WHEN x.loss < 500000 THEN e.edges[width_bucket(x.loss, e.edges) + 1] ELSE 0 END AS below, CASE WHEN x.loss < 500000 THEN 0 ELSE 1 END AS large
FROM unnest('{100,9999.99,10000,29999,49999.99,50000,99999.99,100000,200000,299999.99,300000,499999.99,500000,5000000}'::numeric[]) AS x (loss), fraud.loss_edges(20) AS e (edges);
CREATE TEMP TABLE small_county AS
SELECT ARRAY[a.loss, b.loss, c.loss, d.loss] AS losses, concat_ws(' ', a.band, b.band, c.band, d.band) AS notices,
       concat_ws(' ', fraud.loss_sum_band(3, a.loss + b.loss + c.loss, a.at_least + b.at_least + c.at_least, a.below + b.below + c.below, a.large + b.large + c.large, 500000, 3),
                      fraud.loss_sum_band(4, a.loss + b.loss + c.loss + d.loss, a.at_least + b.at_least + c.at_least + d.at_least, a.below + b.below + c.below + d.below, a.large + b.large + c.large + d.large, 500000, 3)) AS told,
       concat_ws(' ', fraud.loss_band(a.loss + b.loss + c.loss), fraud.loss_band(a.loss + b.loss + c.loss + d.loss)) AS bands_of_sums
FROM size AS a, size AS b, size AS c, size AS d WHERE a.loss >= b.loss AND b.loss >= c.loss;
CREATE FUNCTION pg_temp.closest(what text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE off numeric; BEGIN
  EXECUTE format('SELECT trunc(min(100 * (k.most - k.least) / (k.most + k.least)), 1) FROM (SELECT max(x.loss) AS most, min(x.loss) AS least FROM small_county AS s CROSS JOIN LATERAL unnest(s.losses) WITH ORDINALITY AS x (loss, place) GROUP BY %s, x.place) AS k', what) INTO off;
  RETURN off;
END $$;
SELECT is((SELECT count(*)::int FROM small_county), 560 * 14, 'fourteen sizes: 14 x 15 x 16 / 6 times three, times 14');
-- 300,000 to 499,999.99: 199,999.99 of 799,999.99 are 24.9 %
SELECT is(pg_temp.closest('notices'), 24.9, 'from the notices alone: no estimate comes closer than 24.9 per cent');
SELECT is(pg_temp.closest('notices, told'), 24.9, 'with the sums no closer');
SELECT cmp_ok(pg_temp.closest('notices, bands_of_sums'), '<', 1.0, 'while bands of the true sums would give some away');
SELECT is((SELECT array_agg(DISTINCT s.losses[1]) FROM small_county AS s WHERE s.notices ~ '^100000 0 0 ' AND s.bands_of_sums ~ '^30万至50万元 '), '{299999.99}', 'as that of 295,000, 5,000 and 5,000: with two below 10,000 the third is near 300,000');

-- The rule: (b - a)/(b + a) of each band. 30 to 50: 20 of 80 = 25 %; 5 to 10: 33.3;
-- 10 to 30: 50; 1 to 5: 66.7; 10 to 50: 66.7; 5 to 30: 71.4; 1 to 10: 81.8
SELECT is((SELECT array_agg(concat(p, ': ', array_to_string(ARRAY(SELECT CASE WHEN e < 'Infinity' THEN trim_scale(e / 10000) END FROM unnest(fraud.loss_edges(p)) AS e), ' ')) ORDER BY p) FROM unnest('{0,20,25,26,33,34,66,67,80}'::int[]) AS p),
  '{"0: 0 1 5 10 30 50","20: 0 1 5 10 30 50","25: 0 1 5 10 30 50","26: 0 1 5 10 30","33: 0 1 5 10 30","34: 0 1 5 30","66: 0 1 5 30","67: 0 1 10","80: 0 1 10"}', 'bands are as wide as the rule asks');
SELECT is((SELECT count(*)::int FROM generate_series(0, 80) AS p CROSS JOIN LATERAL (SELECT e AS below, lag(e) OVER (ORDER BY e) AS at_least FROM unnest(fraud.loss_edges(p)) AS e) AS b
           WHERE b.at_least > 0 AND b.below < 'Infinity' AND (b.below - b.at_least) * 100 < (b.below + b.at_least) * p), 0, 'for each p');
SELECT is((SELECT array_agg(fraud.loss_band(x, 50) ORDER BY place) FROM unnest('{NULL,70000,300000,7000000}'::numeric[]) WITH ORDINALITY AS v (x, place)), '{不详,5万至30万元,30万元以上,30万元以上}', 'of 50 per cent');
SELECT throws_ok('UPDATE fraud.registry_info SET loss_percent = 81', '23514', NULL, 'up to 80 per cent');
SELECT is((SELECT array_agg(fraud.loss_sum_band(n, 1234.5, 0, 20000, 0, 500000, k) ORDER BY n, k) FROM unnest('{0,2,3}'::int[]) AS n CROSS JOIN unnest('{0,3}'::int[]) AS k), '{0元,0元,1234.5元,NULL,1234.5元,2万元以下}', 'of fewer cases than the limit nothing; without a limit the sum itself');
SELECT is((SELECT array_agg(fraud.loss_sum_band(3, 0, a, b, n, 500000, 3) ORDER BY a, n) FROM (VALUES (NULL, NULL, 0), (NULL, NULL, 3), (0, 10000, 2), (0, 30000, 0), (110000, 350000, 0)) AS v (a, b, n)), '{3万元以下,1万元以下（另2起50万元以上）,11万至35万元,不详,3起50万元以上}', 'large losses are counted besides; not known');
-- three cases of a town, one of 9 million: of it, as of any from 500,000 on, that
INSERT INTO fraud.unit (code, region, name, kind, parent) VALUES ('t3', '339999003', '三镇', 'town', 'county');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) SELECT 'D' || n, 't3', '2025-01-06', n FROM unnest('{9000000,20000,3000}'::numeric[]) AS n;
SELECT is((SELECT b.losses FROM fraud.weekly_bulletins('2025-01-06') AS b WHERE b.unit = 't3'), '1万至6万元（另1起50万元以上）', 'a loss that dominates: 1 to 5 and less than 1, and one of 50 and more');
SELECT fraud.void_fact('fraud_case', id, '试验') FROM fraud.fraud_case WHERE unit = 't3' \g /dev/null
UPDATE fraud.unit SET active = false WHERE code = 't3';

-- ----------------------------------------------------------------- persons
SELECT is((SELECT array_agg(fraud.persons_shown(n, 3) ORDER BY n) FROM generate_series(0, 7) AS n), '{0,NULL,NULL,3,3,3,6,6}', 'persons: full multiples of the limit');
SELECT is((SELECT count(*)::int FROM weekly AS w CROSS JOIN LATERAL unnest(ARRAY[w.reduced, w.reduced_before, w.reduced_year, w.reduced_last_year, w.listed]) AS x (n) WHERE n % 3 <> 0), 0, 'in every issue');
-- persons of v1, v3 and v5 leave one by one; figures stay until three have
SELECT is((SELECT array_agg(DISTINCT w.listed) FROM weekly AS w WHERE w.unit = 'v3'), (SELECT array_agg(DISTINCT fraud.persons_shown(n, 3)) FROM (
  SELECT count(*) FILTER (WHERE p.ended_on IS NULL OR p.ended_on >= d.day) AS n FROM generate_series('2024-01-01', '2024-06-30', interval '1 day') AS d (day) CROSS JOIN fraud.person AS p WHERE p.unit = 'v3' GROUP BY d.day) AS x),
  'persons under control: no step of one is seen');
SELECT is((SELECT count(*)::int FROM (SELECT w.listed - lag(w.listed) OVER (PARTITION BY w.unit ORDER BY w.day) AS step FROM weekly AS w WHERE w.listed IS NOT NULL) AS s WHERE s.step NOT IN (0, -3, -6)), 0, 'nor in a town, nor in the county');

-- ------------------------------------------------------- groups of victims
SELECT is((SELECT count(*)::int FROM monthly AS m WHERE m.day < m.month_to AND m.groups - 'left_out' <> '{}'), 0, 'in the course of a month groups are not told: the next issue may have one case more');
SELECT cmp_ok((SELECT count(*)::int FROM monthly AS m WHERE m.day = m.month_to AND m.groups - 'left_out' <> '{}'), '>', 3, 'they are when it is over');
SELECT is((SELECT count(*)::int FROM monthly AS m CROSS JOIN LATERAL jsonb_each(m.groups) AS g WHERE g.key <> 'left_out' AND g.value::int % 3 <> 0), 0, 'in full multiples of three');
SELECT is((SELECT count(*)::int FROM monthly AS m WHERE m.cases <> (SELECT coalesce(sum(g.value::int), 0) FROM jsonb_each(m.groups) AS g)), 0, 'and with the rest they are all cases');

SELECT is((SELECT count(*)::int FROM (SELECT m.day, g.key, sum(g.value::int) FILTER (WHERE m.unit = 'county') AS county, sum(g.value::int) FILTER (WHERE m.unit ~ '^t') AS towns
           FROM monthly AS m CROSS JOIN LATERAL jsonb_each(m.groups) AS g WHERE m.unit !~ '^v' GROUP BY m.day, g.key) AS x WHERE x.county <> x.towns), 0, 'those of the county are those of its towns: subtraction leaves nothing');
SELECT is((SELECT count(*)::int FROM monthly AS m WHERE m.unit ~ '^v' AND m.groups - 'left_out' <> '{}'), 0, 'nor are there any of a village, to be subtracted from its town');
-- All towns of up to twelve victims of three groups: what is told of a group goes
-- with as many as three who are of another.
CREATE TEMP TABLE town AS
SELECT a + b + c AS n, a, concat_ws(' ', a + b + c, fraud.victims_shown(a, a + b + c, 3), fraud.victims_shown(b, a + b + c, 3), fraud.victims_shown(c, a + b + c, 3)) AS told
FROM generate_series(0, 12) AS a, generate_series(0, 12) AS b, generate_series(0, 12) AS c WHERE a + b + c BETWEEN 3 AND 12;
SELECT is((SELECT count(*)::int FROM (SELECT t.told FROM town AS t GROUP BY t.told HAVING min(t.a) > max(t.n) - 3) AS x), 0, 'it is never certain that all victims are of a group, nor all but two');
SELECT is((SELECT array_agg(fraud.victims_shown(a, n, 3) ORDER BY n, a) FROM (VALUES (3, 3), (4, 4), (5, 6), (6, 6), (7, 10), (8, 10)) AS v (a, n)), '{0,0,3,3,6,6}', 'of 3 or 4 none are told, of 6 elderly among 6 three, of 7 and 8 among 10 six');

-- ------------------------------------- one unit, a region, all: the same
CREATE FUNCTION pg_temp.same(kind text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; BEGIN
  EXECUTE format($q$SELECT count(*) FROM fraud.unit AS u CROSS JOIN unnest('{2024-03-13,2024-06-30,2024-12-31}'::date[]) AS d (day)
    JOIN LATERAL fraud.%1$s(d.day) AS b ON b.unit = u.code
    LEFT JOIN LATERAL fraud.%1$s(d.day, u.region) AS r ON r.unit = u.code AND to_jsonb(r) = to_jsonb(b)
    LEFT JOIN LATERAL fraud.%1$s(d.day, NULL, NULL, ARRAY[u.code]) AS o ON o.unit = u.code AND to_jsonb(o) = to_jsonb(b)
    WHERE r.unit IS NULL OR o.unit IS NULL$q$, kind) INTO n;
  RETURN n;
END $$;
SELECT is(pg_temp.same('weekly_bulletins'), 0::bigint, 'a week of one unit is the same whoever else is in the issue');
SELECT is(pg_temp.same('monthly_bulletins'), 0::bigint, 'and a month');
UPDATE fraud.registry_info SET as_of = '2024-06-30';
SELECT results_eq('SELECT * FROM fraud.weekly_bulletin WHERE unit = ''v2''', 'SELECT * FROM (SELECT * FROM fraud.weekly_bulletin OFFSET 0) AS b WHERE unit = ''v2''', 'the view weekly_bulletin, asked for one unit');
SELECT results_eq('SELECT * FROM fraud.monthly_bulletin WHERE unit = ''t1''', 'SELECT * FROM (SELECT * FROM fraud.monthly_bulletin OFFSET 0) AS b WHERE unit = ''t1''', 'monthly_bulletin');
SELECT results_eq('SELECT * FROM fraud.victim_profile WHERE unit = ''t2'' ORDER BY 2, 3', 'SELECT * FROM (SELECT * FROM fraud.victim_profile OFFSET 0) AS b WHERE unit = ''t2'' ORDER BY 2, 3', 'victim_profile');
SELECT is((SELECT array_agg(unit ORDER BY unit) FROM fraud.weekly_bulletin WHERE unit IN ('v1', 'v4', 'county')), '{county,v1,v4}', 'several units, small and large');

-- ------------------------------------------------------------- corrections
SELECT fraud.issue_bulletin('weekly', 't1', '2024-06-30'), fraud.issue_bulletin('monthly', 't1', '2024-06-30') \g /dev/null
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, victim_group) VALUES ('late', 'v1', '2024-06-28', 212345.67, 'elderly');
SELECT fraud.void_fact('fraud_case', (SELECT id FROM fraud.fraud_case WHERE unit = 'v2' AND filed_on BETWEEN '2024-01-01' AND '2024-06-23' ORDER BY id LIMIT 1), '重复') \g /dev/null
CREATE TEMP TABLE correction AS SELECT * FROM fraud.bulletin_corrections('weekly', 't1') UNION ALL SELECT * FROM fraud.bulletin_corrections('monthly', 't1');
SELECT is((SELECT count(*)::int FROM correction WHERE field = 'cases_year' AND is_now::int - said::int IN (1, -1)), 2, 'a case that came late and one that was withdrawn are corrected');
SELECT is((SELECT count(*)::int FROM correction WHERE field ~ '^losses' AND (said #>> '{}' !~ '^(0元|\d+万元以[上下]|\d+万至\d+万元)$' OR is_now #>> '{}' !~ '^(0元|\d+万元以[上下]|\d+万至\d+万元)$')), 0, 'losses from bands to bands');
SELECT is((SELECT count(*)::int FROM correction WHERE field = 'groups'), 0, 'and not the groups of victims, where one more would tell whose it is');

-- the month told anew, after a case that came late: its group is in what is left
-- out, even where it would have made the three full
CREATE TEMP TABLE again AS SELECT m.unit, m.groups, m.cases FROM fraud.monthly_bulletins('2024-06-30') AS m;
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, victim_group) SELECT 'later still' || n, 'v1', '2024-06-27', 100, 'elderly' FROM generate_series(1, 6) AS n;
SELECT is((SELECT array_agg(concat_ws(' ', m.unit, m.cases - a.cases, m.groups - 'left_out' = a.groups - 'left_out', (m.groups ->> 'left_out')::int - coalesce((a.groups ->> 'left_out')::int, 0)) ORDER BY m.unit)
           FROM fraud.monthly_bulletins('2024-06-30') AS m JOIN again AS a ON a.unit = m.unit WHERE m.unit IN ('t1', 'v1')), '{"t1 6 t 6","v1 6 t 6"}', 'groups of a month stay as its first issue told them');
SELECT fraud.issue_bulletin('monthly', 't1', '2024-06-30') \g /dev/null
SELECT is((SELECT count(*)::int FROM (SELECT DISTINCT b.body #> '{rows,0,groups}' #- '{left_out}' FROM fraud.bulletin AS b WHERE b.kind = 'monthly' AND b.unit = 't1') AS x), 1, 'in a second issue, too');
-- t1 has been told, its county and t2 have not: of the county what was told of t1
SELECT is((SELECT m.groups - 'left_out' FROM fraud.monthly_bulletins('2024-06-30') AS m WHERE m.unit = 'county'), (SELECT groups - 'left_out' FROM again WHERE unit = 't1'), 'nor does the issue of the county after that of its town show what came between');
SELECT is((SELECT m.groups FROM fraud.monthly_bulletins('2024-06-30', NULL, NULL, '{county}') AS m), (SELECT m.groups FROM fraud.monthly_bulletins('2024-06-30') AS m WHERE m.unit = 'county'), 'asked for alone, too');
SELECT is((SELECT sum(g.value::int) FROM fraud.monthly_bulletins('2024-06-30') AS m CROSS JOIN LATERAL jsonb_each(m.groups) AS g WHERE m.unit = 'county'), (SELECT cases FROM fraud.monthly_bulletins('2024-06-30') WHERE unit = 'county'), 'the rest is left out');
SELECT fraud.void_fact('fraud_case', id, '重复') FROM fraud.fraud_case WHERE case_no ~ '^later still' \g /dev/null
-- another limit makes no corrections: 6 by threes and 8 by fours would be 8
UPDATE fraud.registry_info SET suppress_below = 4;
SELECT is((SELECT count(*)::int FROM unnest('{weekly,monthly}'::text[]) AS k CROSS JOIN LATERAL fraud.bulletin_corrections(k, 't1') AS c WHERE c.field !~ '^(cases|two_card|reviewed)'), 0, 'under another limit earlier issues are corrected in what it does not touch');
UPDATE fraud.registry_info SET suppress_below = 3, loss_percent = 50;
SELECT is((SELECT count(*)::int FROM unnest('{weekly,monthly}'::text[]) AS k CROSS JOIN LATERAL fraud.bulletin_corrections(k, 't1') AS c WHERE c.field ~ '^losses'), 0, 'nor do other bands');
UPDATE fraud.registry_info SET loss_percent = 20;

-- --------------------------------------------------------- as known then
-- Each of these is recorded in a transaction of its own, after the moment.
CREATE TEMP TABLE moment AS SELECT clock_timestamp() AS at;
CREATE TEMP TABLE then_week AS SELECT * FROM fraud.weekly_bulletins('2024-06-30');
CREATE TEMP TABLE then_month AS SELECT * FROM fraud.monthly_bulletins('2024-06-30');
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss, victim, category, victim_group, publicity_reached) SELECT 'later' || n, 'v4', '2024-06-29', 1000, 'x-later', 'loan', 'student', true FROM generate_series(1, 3) AS n;
INSERT INTO fraud.alert (unit, victim, issued_on, delivered_on) SELECT 'v1', 'x-alerted', '2024-06-01', '2024-06-01';
INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on) SELECT 'passport', 'Q' || n, 'v4', u.region, '2024-01-01' FROM generate_series(1, 6) AS n JOIN fraud.unit AS u ON u.code = 'v4';
INSERT INTO fraud.status_change (person, status, changed_on, reason, decided_by) SELECT p.id, 'reduced', '2024-06-25', '表现良好', '派出所' FROM fraud.person AS p WHERE p.unit = 'v2' AND p.ended_on IS NULL AND p.id % 2 = 1;
SELECT fraud.void_fact('status_change', c.id, '误录') FROM fraud.status_change AS c JOIN fraud.person AS p ON p.id = c.person WHERE p.unit = 'v3' AND c.changed_on <= '2024-06-30' \g /dev/null
INSERT INTO fraud.case_review (unit, fraud_case, reviewed_on, publicity_done, result) SELECT 't1', id, '2024-06-30', false, '未入户' FROM fraud.fraud_case WHERE case_no = 'late';
SELECT fraud.void_fact('fraud_case', (SELECT id FROM fraud.fraud_case WHERE filed_on BETWEEN '2024-06-01' AND '2024-06-28' AND voided_at IS NULL AND case_no ~ '^C' ORDER BY id LIMIT 1), '撤案') \g /dev/null
SELECT isnt((SELECT jsonb_agg(to_jsonb(b) ORDER BY b.unit) FROM fraud.weekly_bulletins('2024-06-30') AS b), (SELECT jsonb_agg(to_jsonb(b) ORDER BY b.unit) FROM then_week AS b), 'the week is another by now');
SELECT results_eq('SELECT * FROM fraud.weekly_bulletins(''2024-06-30'', NULL, (SELECT at FROM moment)) ORDER BY unit', 'SELECT * FROM then_week ORDER BY unit', 'known_at: every figure of the week as it was, persons under control among them');
SELECT results_eq('SELECT * FROM fraud.monthly_bulletins(''2024-06-30'', NULL, (SELECT at FROM moment)) ORDER BY unit', 'SELECT * FROM then_month ORDER BY unit', 'and of the month: cases, losses, reviews, what the victims had in common');
SELECT isnt((SELECT jsonb_agg(to_jsonb(b) ORDER BY b.unit) FROM fraud.monthly_bulletins('2024-06-30') AS b), (SELECT jsonb_agg(to_jsonb(b) ORDER BY b.unit) FROM then_month AS b), 'which is another too');
SELECT results_eq('SELECT * FROM fraud.weekly_bulletins(''2024-06-30'', ''339999001'', (SELECT at FROM moment)) WHERE unit <> ''t1'' ORDER BY unit', 'SELECT * FROM then_week WHERE region <@ ''339999001'' AND unit <> ''t1'' ORDER BY unit', 'of a town alone');
SELECT is((SELECT sum(k.persons) FROM fraud.listed_known('2024-06-30', 'infinity') AS k), (SELECT count(*)::numeric FROM fraud.controlled_persons('2024-06-30') WHERE unit IS NOT NULL), 'listed_known at the end of time is what is known now');
SELECT is((SELECT count(*)::int FROM fraud.listed_known('2024-06-30', '2020-01-01')), 0, 'and before all began nobody');

SELECT * FROM finish();
