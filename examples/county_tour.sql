-- A tour of a made-up county year: scoreboard, targets, overdue check-ins, the
-- bulletin of the last week, certificates. For psql, in a database that
-- county.sql has filled. It writes one issue of the bulletin and the
-- certificates, as an office would in January; run it once.

\pset pager off
\pset footer off
\pset border 1
\pset linestyle unicode
\pset null ''
SET client_min_messages = warning;
SELECT i.as_of AS today, to_char(i.as_of, 'YYYY') AS year, i.as_of + 10 AS award_day, i.as_of + 40 AS later FROM fraud.registry_info AS i \gset

\echo
\echo '  演示县的一年      A year of a county that does not exist (339999): every name and number is MADE UP. 地名、数据均为虚构。'
\echo

SELECT (SELECT count(*) FROM fraud.unit WHERE kind IN ('community', 'village')) AS "社区和村 communities",
       (SELECT count(*) FROM fraud.person) AS "重点人员 persons",
       (SELECT count(*) FROM fraud.fact WHERE voided_at IS NULL) AS "事实 facts",
       (SELECT count(*) FROM fraud.alert WHERE voided_at IS NULL) AS "预警 alerts",
       (SELECT count(*) FROM fraud.contact_group) AS "工作群 groups";

\echo '  考评排名，分城区、农村      Scoreboard: urban and rural, each the first three and the last three'
\echo
SELECT c.label_zh AS "分组", r.rank AS "名次", r.name AS "社区（村）", r.total AS "得分",
       CASE r.medal WHEN 'gold' THEN '金' WHEN 'silver' THEN '银' WHEN 'bronze' THEN '铜' END AS "奖牌"
FROM (SELECT b.*, row_number() OVER (PARTITION BY b.cohort ORDER BY b.rank, b.unit) AS nth, count(*) OVER (PARTITION BY b.cohort) AS all_units
      FROM fraud.cohort_ranks('nanma-2023', :'today') AS b WHERE b.cohort IN ('urban', 'rural')) AS r
JOIN fraud.cohort AS c ON c.rubric = 'nanma-2023' AND c.code = r.cohort
WHERE r.nth <= 3 OR r.nth > r.all_units - 3
ORDER BY r.cohort DESC, r.nth;

\echo '  五份文件的目标，年终      Targets of the documents, when the year is over'
\echo
SELECT t.programme AS "方案", t.label_zh AS "目标", trim_scale(round(t.numerator)) AS "实际", NULLIF(t.denominator, 1) AS "共",
       trim_scale(round(t.bound)) AS "界限", s.label_zh AS "状态", r.label_zh AS "原因",
       CASE WHEN t.more_than_chance THEN '是' WHEN t.p_value IS NOT NULL THEN '否' END AS "超出偶然"
FROM fraud.targets_at(date :'today' + 1) AS t
JOIN fraud.target_state AS s ON s.code = t.state
LEFT JOIN fraud.target_reason AS r ON r.code = t.reason
WHERE t.code <> 'one_unit_each'
ORDER BY t.programme, t.code;

\echo '  逾期未见面、走访的重点人员      Overdue check-ins: the longest overdue'
\echo
SELECT c.person AS "编号", t.label_zh AS "等级", u.name AS "社区（村）", c.last_done AS "上次", c.next_due AS "应于", c.days_overdue AS "逾期天数", c.missed AS "漏查次数"
FROM fraud.checkin_overdue AS c
JOIN fraud.tier AS t ON t.code = c.tier
JOIN fraud.unit AS u ON u.code = c.unit
ORDER BY c.days_overdue DESC, c.person LIMIT 6;

\echo '  本周通报（一个镇街）      Bulletin of this week, of one town: losses in bands, small numbers left out'
\echo
SELECT fraud.issue_bulletin('weekly', w.unit, :'today') AS issue
FROM (SELECT b.unit FROM fraud.weekly_bulletins(:'today') AS b JOIN fraud.unit AS u ON u.code = b.unit AND u.kind = 'town'
      ORDER BY b.cases DESC, b.unit LIMIT 1) AS w \gset
\pset format unaligned
\pset tuples_only on
SELECT fraud.bulletin_text(:issue);
\pset tuples_only off
\pset format aligned

\echo
\echo '  “三无”称号：无发案、无涉诈人员、无窝点      Certificates of the three zeros, awarded in January; one is taken back'
\echo
SELECT count(fraud.award_certificate('nanma-2023', c.unit, :'award_day', format('演示〔%s〕1号', extract(year FROM date :'award_day'))))
FROM fraud.certificate_candidates(:'award_day', NULL, 'nanma-2023') AS c
WHERE c.state = 'candidate' AND c.setting IS NOT NULL \g /dev/null
-- A case of the year comes to light: the title is contradicted, and somebody revokes it.
SELECT min(c.unit) AS struck FROM fraud.certificate_state AS c \gset
SELECT :'struck' <> '' AS any_title \gset
\if :any_title
INSERT INTO fraud.fraud_case (case_no, unit, filed_on, loss) VALUES ('TOUR-1', :'struck', :'today', 8600);
INSERT INTO fraud.certificate_revocation (certificate, revoked_on, decided_by, reason)
SELECT c.certificate, :'later', '创建活动领导小组（演示）', '查实年内发案一起' FROM fraud.certificate_state AS c WHERE c.contradicted;
\endif
SELECT s.label_zh AS "类型", count(*) AS "单位", count(c.certificate) AS "授予", count(c.certificate) FILTER (WHERE c.in_force) AS "有效", count(c.revoked_on) AS "撤销",
       min(t.bound) AS "目标", min(x.label_zh) AS "状态"
FROM fraud.unit AS u
JOIN fraud.unit_setting AS s ON s.code = u.setting
LEFT JOIN fraud.certificate_state AS c ON c.unit = u.code
LEFT JOIN fraud.targets_at(:'later') AS t ON t.programme = 'nanma-2023' AND t.code = u.setting || '_fraud_free'
LEFT JOIN fraud.target_state AS x ON x.code = t.state
WHERE u.active
GROUP BY s.label_zh ORDER BY s.label_zh;
SELECT u.name AS "社区（村）", c.awarded_on AS "授予", c.revoked_on AS "撤销", c.cases AS "现知发案", c.reason AS "原因"
FROM fraud.certificate_state AS c JOIN fraud.unit AS u ON u.code = c.unit WHERE c.revoked_on IS NOT NULL ORDER BY u.code;
