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

-- 150 cases in two years; losses from a few hundred yuan to 400,000, so that
-- each stands in a band that ends
CREATE FUNCTION pg_temp.draw(n int, what text, below int) RETURNS int LANGUAGE sql RETURN abs(hashint8extended(n, hashtext(what)) % below)::int;
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category, loss, victim_group, victim_sex, victim_age_band)
SELECT 'C' || n, 'v' || (1 + least(pg_temp.draw(n, 'village', 8), 5)), '2023-01-01'::date + pg_temp.draw(n, 'day', 731), 'brushing',
       round((200 * power(2000, pg_temp.draw(n, 'loss', 10000) / 10000.0))::numeric, 2), CASE pg_temp.draw(n, 'group', 3) WHEN 0 THEN 'elderly' WHEN 1 THEN 'student' END,
       CASE pg_temp.draw(n, 'sex', 2) WHEN 0 THEN 'M' ELSE 'F' END, 'age_65_up'
FROM generate_series(1, 150) AS n;
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
SELECT is((SELECT count(*)::int FROM money WHERE value !~ '^(0元|1万元以下|50万元以上|\d+万至\d+万元)$'), 0, 'no sum is exact: all are bands');
SELECT is((SELECT count(*)::int FROM money WHERE (value IS NULL) <> (cases IN (1, 2)) OR (value = '0元') <> (cases = 0)), 0, 'left out for one or two cases, and for these only; nothing is nothing');
SELECT is((SELECT array_agg(DISTINCT value) FROM money WHERE unit ~ '^v' AND value !~ '^0元' EXCEPT SELECT array_agg(DISTINCT fraud.loss_band(x)) FROM unnest('{1,10000,50000,100000,300000,500000}'::numeric[]) AS x), NULL,
  'those of a village go no further than those of a single loss');

-- A step is a day on which the cases of a figure grow by one: the sums before
-- and after say between which bounds the loss lies.
CREATE FUNCTION pg_temp.bounds(band text) RETURNS numrange LANGUAGE sql
  RETURN CASE WHEN band = '0元' THEN '[0,0]'::numrange WHEN band = '1万元以下' THEN '[0,10000)'::numrange WHEN band = '50万元以上' THEN '[500000,)'::numrange
              ELSE numrange(substring(band FROM '^\d+')::numeric * 10000, substring(band FROM '至(\d+)')::numeric * 10000) END;
CREATE TEMP TABLE step AS
SELECT s.kind, s.day, s.unit, s.field, pg_temp.bounds(s.was) AS was, pg_temp.bounds(s.value) AS now
FROM (SELECT m.*, lag(m.value) OVER w AS was, lag(m.cases) OVER w AS cases_before FROM money AS m WINDOW w AS (PARTITION BY m.kind, m.unit, m.field ORDER BY m.day)) AS s
WHERE s.cases = s.cases_before + 1 AND s.value IS NOT NULL AND s.was IS NOT NULL;
SELECT cmp_ok((SELECT count(*)::int FROM step), '>', 100, 'there are such steps, for villages, towns and the county');
CREATE TEMP TABLE told AS
SELECT s.*, c.case_no, c.loss, pg_temp.bounds(fraud.loss_band(c.loss)) AS notice, upper(s.now) - lower(s.now) + upper(s.was) - lower(s.was) AS within
FROM step AS s
JOIN fraud.unit_above AS a ON a.above = s.unit
JOIN fraud.fraud_case AS c ON c.unit = a.unit AND c.filed_on = CASE s.field WHEN 'losses_last_year' THEN (s.day - interval '1 year')::date ELSE s.day END
WHERE s.field <> 'losses_before';
SELECT is((SELECT count(*)::int FROM told WHERE NOT (loss > coalesce(lower(now) - upper(was), '-Infinity') AND loss < coalesce(upper(now) - lower(was), 'Infinity'))), 0, 'the bounds hold');
SELECT is((SELECT count(*)::int FROM told WHERE within < upper(notice) - lower(notice)), 0, 'and no step tells a loss more closely than the notice of its case');
SELECT is((SELECT array_agg(fraud.loss_sum_band(5, x, 3, true) ORDER BY place) FROM unnest('{NULL,0,499999.99,500000,699999.99,700000,999999,1000000,2999999,3000000,65000000,100000000}'::numeric[]) WITH ORDINALITY AS v (x, place)),
  '{不详,1万元以下,30万至50万元,50万至70万元,50万至70万元,70万至100万元,70万至100万元,100万至200万元,200万至300万元,300万至500万元,5000万至7000万元,10000万至20000万元}', 'sums of towns and above: 1, 2, 3, 5, 7 times a power of ten, from 500,000 on');
SELECT is((SELECT array_agg(fraud.loss_sum_band(n, 1234.5, k, many) ORDER BY n, k, many) FROM unnest('{0,2,3}'::int[]) AS n CROSS JOIN unnest('{0,3}'::int[]) AS k CROSS JOIN unnest('{f,t}'::boolean[]) AS many),
  '{0元,0元,0元,0元,1234.5元,1234.5元,NULL,NULL,1234.5元,1234.5元,1万元以下,1万元以下}', 'of fewer cases than the limit nothing; without a limit the sum itself');

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
SELECT is((SELECT count(*)::int FROM correction WHERE field ~ '^losses' AND (said #>> '{}' !~ '^(0元|1万元以下|50万元以上|\d+万至\d+万元)$' OR is_now #>> '{}' !~ '^(0元|1万元以下|50万元以上|\d+万至\d+万元)$')), 0, 'losses from band to band');
SELECT is((SELECT count(*)::int FROM correction WHERE field = 'groups'), 0, 'and not the groups of victims, where one more would tell whose it is');

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
