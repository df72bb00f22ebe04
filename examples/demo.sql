-- The rubric of Nanma street (nanma-2023) scores the town's real communities
-- on made-up facts. Run with psql in this directory, in an empty database;
-- README.md says where the divisions come from.

\set ON_ERROR_STOP on
\encoding UTF8
\pset pager off
\pset footer off
\pset border 1
\pset linestyle unicode
\pset null ''
SET client_min_messages = warning;

\echo
\echo '  无诈社区创建考评 · 演示      Fraud-free communities: a demonstration'
\echo '  The places are real (Yiyuan county, 370323). Every fact below is MADE UP. 地名真实，数据均为虚构。'
\echo

CREATE EXTENSION IF NOT EXISTS antifraud;
SELECT antifraud.create_registry('fraud') \g /dev/null

-- ---------------------------------------------------------------- places

CREATE TEMP TABLE division (code text, name text, level int, parent text);
\copy division FROM 'divisions_yiyuan.csv' WITH (FORMAT csv, HEADER)

-- Levels above the town first, so that each parent exists.
INSERT INTO fraud.unit (code, region, name, kind, parent)
SELECT code, code, name, CASE level WHEN 2 THEN 'prefecture' WHEN 3 THEN 'county' ELSE 'town' END, CASE WHEN level > 2 THEN parent END
FROM division WHERE level BETWEEN 2 AND 4 ORDER BY level, code;

-- The programme is that of Nanma street (南麻街道, 370323002).
INSERT INTO fraud.unit (code, region, name, kind, parent, setting)
SELECT code, code, CASE WHEN name LIKE '%居委会' THEN regexp_replace(name, '(社区)?居委会$', '社区') ELSE regexp_replace(name, '村?村委会$', '村') END,
       CASE WHEN name LIKE '%居委会' THEN 'community' ELSE 'village' END, parent,
       CASE WHEN name LIKE '%居委会' THEN 'urban' ELSE 'rural' END
FROM division WHERE level = 5 AND parent = '370323002000' ORDER BY code;

-- ------------------------------------------------------- facts, made up

-- Publicity: four sessions a month, 48 in the year, but for a few places.
INSERT INTO fraud.activity (unit, kind, held_on, sessions)
SELECT u.code, (ARRAY['talk', 'visit', 'broadcast', 'push'])[1 + month % 4], make_date(2023, month, 15),
       CASE WHEN month = 12 THEN CASE u.name WHEN '学府社区' THEN 3 WHEN '怡康社区' THEN 2 WHEN '高堂峪村' THEN 0 ELSE 4 END ELSE 4 END
FROM fraud.unit AS u CROSS JOIN generate_series(1, 12) AS month
WHERE u.parent = '370323002000';

-- Staff and former cadres, by surrogate key.
INSERT INTO fraud.officer (unit, subject, role, joined_on, left_on)
SELECT u.code, o.subject, o.role, o.joined_on::date, o.left_on::date
FROM (VALUES ('怡康社区', 'P-301', 'cadre', '2015-03-01', '2021-12-31'),
             ('华府社区', 'P-302', 'grid', '2019-06-01', NULL)) AS o (name, subject, role, joined_on, left_on)
JOIN fraud.unit AS u USING (name);

-- Alerts that reached their person.
INSERT INTO fraud.alert (unit, victim, issued_on, delivered_on, channel, outcome)
SELECT u.code, a.victim, a.day::date, a.day::date, a.channel, a.outcome
FROM (VALUES ('怡康社区', 'P-101', '2023-06-03', 'call', 'not_believed'),
             ('鲁阳社区', 'P-111', '2023-05-20', 'call', 'refused'),
             ('鲁阳社区', 'P-112', '2023-08-09', 'visit', 'not_believed'),
             ('鲁阳社区', 'P-113', '2023-11-02', 'family', 'not_believed'),
             ('城西社区', 'P-121', '2023-09-10', 'visit', 'dissuaded')) AS a (name, victim, day, channel, outcome)
JOIN fraud.unit AS u USING (name);

-- Cases: filing day, loss in yuan, victim, and what the victim was asked.
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, category, loss, recovered, victim, publicity_reached, in_group, app_installed)
SELECT format('MADE-UP-%s-%s', left(c.day, 4), row_number() OVER (ORDER BY c.day, c.victim)), u.code, c.day::date, c.category, c.loss, c.recovered, c.victim, c.reached, c.in_group, c.app
FROM (VALUES
  ('怡康社区', '2022-06-11', 'brushing', 8000, 0, 'P-100', NULL::boolean, NULL::boolean, NULL::boolean),
  ('怡康社区', '2022-10-02', 'loan', 21000, 0, 'P-099', NULL, NULL, NULL),
  ('怡康社区', '2023-06-05', 'investment', 350000, 40000, 'P-101', true, true, true),
  ('怡康社区', '2023-07-19', 'impersonation', 120000, 0, 'P-102', false, false, true),
  ('怡康社区', '2023-09-27', 'customer_service', 15000, 0, 'P-301', true, true, true),
  ('怡康社区', '2023-12-31', 'brushing', 6000, 0, 'P-103', true, true, NULL),
  ('城西社区', '2022-08-14', 'investment', 60000, 0, 'P-119', NULL, NULL, NULL),
  ('城西社区', '2023-10-08', 'investment', 500000, 0, 'P-122', false, true, false),
  ('城西社区', '2023-11-15', 'gaming', 9000, 0, 'P-123', true, true, true),
  ('鲁阳社区', '2022-07-07', 'loan', 30000, 0, 'P-110', NULL, NULL, NULL),
  ('鲁阳社区', '2022-09-09', 'loan', 30000, 0, 'P-109', NULL, NULL, NULL),
  ('鲁阳社区', '2022-11-11', 'loan', 30000, 0, 'P-108', NULL, NULL, NULL),
  ('鲁阳社区', '2023-05-22', 'customer_service', 42000, 0, 'P-111', true, true, true),
  ('鲁阳社区', '2023-08-10', 'credit', 77000, 0, 'P-112', true, true, true),
  ('鲁阳社区', '2023-11-05', 'investment', 99999.99, 0, 'P-113', true, true, true),
  ('华府社区', '2022-05-01', 'shopping', 3000, 0, 'P-130', NULL, NULL, NULL),
  ('华府社区', '2023-05-01', 'shopping', 4500, 0, 'P-131', true, true, true),
  ('河南村', '2022-06-06', 'loan', 5000, 0, 'P-140', NULL, NULL, NULL),
  ('河南村', '2022-12-30', 'loan', 5000, 0, 'P-141', NULL, NULL, NULL),
  ('河南村', '2023-06-16', 'investment', 100000, 0, 'P-142', true, true, true),
  ('河南村', '2023-08-26', 'romance', 299999, 0, 'P-143', true, true, true),
  ('大田庄村', '2023-07-01', 'brushing', 2600, 0, 'P-150', true, true, true),
  ('南埠东村', '2023-04-30', 'brushing', 800000, 0, 'P-160', true, true, true)
) AS c (name, day, category, loss, recovered, victim, reached, in_group, app)
JOIN fraud.unit AS u USING (name);

-- Findings of inspections.
INSERT INTO fraud.finding (unit, kind, found_on, quantity, subject, note)
SELECT u.code, f.kind, f.day::date, f.quantity, f.subject, f.note
FROM (VALUES
  ('怡康社区', 'study_missing', '2023-08-31', 1, NULL, '七月未专题研究'),
  ('怡康社区', 'study_missing', '2023-10-31', 1, NULL, '九月未专题研究'),
  ('怡康社区', 'control_failure', '2023-11-20', 1, 'M-01', '档案未更新'),
  ('学府社区', 'study_missing', '2023-06-30', 1, NULL, '五月未专题研究'),
  ('鲁阳社区', 'ledger_missing', '2023-12-10', 2, NULL, '缺工作安排记录和台账'),
  ('荆山社区', 'publicity_falsified', '2023-09-12', 1, NULL, '台账所记活动未举行'),
  ('荆山社区', 'reoffence', '2023-10-20', 1, 'M-02', '重新作案'),
  ('栗行村', 'control_failure', '2023-11-21', 4, 'M-03', '一档四处缺陷'),
  ('东台峪村', 'ledger_missing', '2023-12-11', 3, NULL, '方案、记录、台账均无'),
  ('侯家官庄村', 'study_missing', '2023-12-12', 8, NULL, '各月均未研究')
) AS f (name, kind, day, quantity, subject, note)
JOIN fraud.unit AS u USING (name);
INSERT INTO fraud.den (unit, found_on, persons)
SELECT code, '2023-08-03', 4 FROM fraud.unit WHERE name = '荆山社区';

-- Spot checks of the app: residents, and staff.
INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive)
SELECT u.code, s.kind, '2023-11-08', s.sampled, s.positive
FROM (VALUES ('怡康社区', 'app', 50, 47), ('华府社区', 'app', 50, 49), ('陡起峪村', 'app', 40, 32), ('刘家大峪村', 'app_staff', 6, 5),
             ('贾家庄村', 'app', 30, 30)) AS s (name, kind, sampled, positive)
JOIN fraud.unit AS u USING (name);

SELECT (SELECT count(*) FROM fraud.unit WHERE parent = '370323002000') AS "社区和村 units",
       (SELECT count(*) FROM fraud.fraud_case) AS "案件 cases",
       (SELECT count(*) FROM fraud.finding) AS "检查发现 findings",
       (SELECT sum(sessions) FROM fraud.activity) AS "宣传场次 sessions",
       (SELECT title FROM fraud.rubric_edition WHERE code = 'nanma-2023') AS "细则 rubric";

-- ------------------------------------------------------------- the board

\echo '  南麻街道考评排名（2023年5月1日至12月31日）      Scoreboard of Nanma street'
\echo
SELECT b.rank AS "名次", CASE WHEN b.total < 100 THEN min(b.name) ELSE format('%s等%s个', min(b.name COLLATE "C"), count(*)) END AS "社区（村）",
       b.total AS "得分",
       (SELECT string_agg(format('第%s项 −%s', d.item_no, d.deducted), '  ' ORDER BY d.item_no::int)
        FROM (SELECT e.item_no, sum(e.deducted) AS deducted FROM fraud.explain_score(min(b.unit), b.rubric) AS e GROUP BY e.item_no) AS d) AS "扣在哪里"
FROM fraud.scoreboard AS b
WHERE b.rubric = 'nanma-2023'
GROUP BY b.rubric, b.rank, b.total, CASE WHEN b.total < 100 THEN b.unit END
ORDER BY b.rank, min(b.unit);

\echo
\echo '  怡康社区的得分，逐条说明      One score, row by row: clause, facts, arithmetic'
\echo
\pset format wrapped
\pset columns 160
SELECT e.item_no || ' ' || e.item AS "项", regexp_replace(e.clause, '^附件2第\d+项：', '') AS "条款",
       split_part(e.fact_keys[1], ' ', 1) || (SELECT string_agg(' ' || split_part(k, ' ', 2), ',') FROM unnest(e.fact_keys[1:4]) AS k)
         || CASE WHEN cardinality(e.fact_keys) > 4 THEN ', …' ELSE '' END AS "事实",
       e.arithmetic_zh AS "计算", e.deducted AS "扣分", nullif(e.overflow, 0) AS "溢出"
FROM fraud.unit AS u CROSS JOIN fraud.explain_score(u.code, 'nanma-2023') AS e
WHERE u.name = '怡康社区';
\pset format aligned
SELECT format('  100 − %s = %s 分。 In English: the largest is "%s".', 100 - s.total, s.total,
              (SELECT e.arithmetic FROM fraud.explain_score(u.code, 'nanma-2023') AS e ORDER BY e.deducted DESC, e.item_no LIMIT 1)) AS note
FROM fraud.unit AS u JOIN fraud.scores('nanma-2023') AS s ON s.unit = u.code WHERE u.name = '怡康社区'
\gset
\echo :note

-- ------------------------------------------------------------- the seal

\echo
\echo '  考评结果公布并封存；封存之后任何改动都能查出      The result is published and sealed: any later change is found'
\echo
SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', '2023年度考评结果', '演示', '虚构文号2号', '2024-01-10') \g /dev/null
SELECT v.assessment AS "编号", s.title AS "结果", v.units AS "单位", left(s.digest, 16) || '…' AS "摘要 SHA-256",
       CASE WHEN v.ok THEN '完好 intact' ELSE array_to_string(v.wrong, '; ') END AS "校验"
FROM fraud.verify_seals() AS v JOIN fraud.assessment_state AS s ON s.assessment = v.assessment;

-- --------------------------------------------------------------- what if

\echo
\echo '  如果怡康社区再办两场宣传？      What if it had held two more sessions?'
\echo
SELECT CASE s.line WHEN 'total' THEN '总分 total' ELSE '扣分 deducted' END AS "行", s.item AS "项目", s.before AS "原", s.after AS "现"
FROM fraud.unit AS u
CROSS JOIN fraud.simulate_score(u.code, 'nanma-2023', '[{"measure": "publicity", "occurred_on": "2023-12-20", "quantity": 2}]') AS s
WHERE u.name = '怡康社区';

-- ------------------------------------------------------ the use of results

\echo
\echo '  考评结果应用：绩效考核电信诈骗预防指标项（20分），酌情扣分作出决定前为区间'
\echo '  Use of results: at discretion, so a range until somebody decides; vetoed: no title of civilised community'
\echo
INSERT INTO fraud.decision (unit, rubric, item, rule, points, reason, document, decided_on, decided_by)
SELECT code, 'nanma-2023-results', '1', 3, 15, '窝点由群众举报发现，主动配合查处', '虚构文号1号', '2024-01-15', '演示' FROM fraud.unit WHERE name = '荆山社区';
SELECT s.name AS "社区（村）", s.low AS "最低", s.high AS "最高", CASE WHEN s.vetoed THEN '不评' ELSE '' END AS "文明社区",
       string_agg(DISTINCT e.arithmetic_zh, '；') AS "依据"
FROM fraud.scores('nanma-2023-results') AS s
CROSS JOIN fraud.explain_score(s.unit, 'nanma-2023-results') AS e
WHERE e.facts > 0 AND e.rule LIKE 'deduct %'
GROUP BY s.unit, s.name, s.low, s.high, s.vetoed
ORDER BY s.unit;

-- ------------------------------------------------------------- escalation

\echo
\echo '  升级：规则提请，授权机关审定，说明理由      Escalation: rules propose, an authority decides, with reasons'
\echo
SELECT fraud.adopt_programme('nanma-2023', '370323002') \g /dev/null
SELECT fraud.tick('2023-12-31') \g /dev/null
INSERT INTO fraud.escalation_authority (role, authority, region, basis) VALUES (current_user, '创建活动领导小组（演示）', '370323002', '虚构文号2号');
SELECT fraud.step_escalation(o.id, 'confirm', '窝点查实', NULL, '2024-01-05') FROM fraud.open_escalations('2023-12-31') AS o WHERE o.rule = 'nanma-2023.result-den' AND o.unit_name = '荆山社区' \g /dev/null
SELECT o.rung_zh AS "举措", o.cause_zh AS "情形", o.state_zh AS "状态", count(*) AS "件", string_agg(DISTINCT o.unit_name, '、' ORDER BY o.unit_name) FILTER (WHERE o.punitive) AS "单位（提请审定的）"
FROM fraud.open_escalations('2024-01-05') AS o GROUP BY o.rank, o.rung_zh, o.cause_zh, o.state_zh ORDER BY o.rank DESC, 2, 3;
SELECT fraud.escalation_letter(o.id) AS letter FROM fraud.open_escalations('2024-01-05') AS o WHERE o.rung = 'veto' AND o.state = 'raised'
\gset
\echo :letter
SELECT count(*) AS "文件未定数量、待定的举措 numbers still to be set" FROM fraud.lint_escalation() WHERE problem = 'number_not_set' AND in_force;
