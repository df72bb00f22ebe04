-- Part of county.sql: self-assessments, reviews of cases, consequences, the
-- bulletins of the last weeks, a published result and objections to it. Needs
-- its variables, tables and functions.

UPDATE fraud.registry_info SET office_zh = '演示县打击治理电信网络新型违法犯罪工作联席会议办公室';

-- Every tenth community assesses itself, a little better than it is.
INSERT INTO fraud.self_assessment (unit, region, rubric, item, points, assessed_on, grounds)
SELECT c.code, c.code, i.rubric, i.no, GREATEST(0, i.points - pg_temp.draw(c.no, 'own ' || i.no, 3)), date :'as_of' - 20, '年终自评'
FROM community AS c JOIN fraud.rubric_item AS i ON i.rubric = 'nanma-2023' WHERE c.no % 10 = 0 ORDER BY c.code, i.no;

-- One case in twenty is looked into again: who should have warned the victim.
INSERT INTO fraud.case_review (unit, fraud_case, reviewed_on, reviewed_by, publicity_done, result)
SELECT c.unit, c.id, LEAST(c.filed_on + 20, date :'as_of'), '演示县联席办', coalesce(c.publicity_reached, false),
       CASE WHEN c.publicity_reached THEN '宣传已落实' ELSE '宣传未落实，已责令整改' END
FROM fraud.fraud_case AS c WHERE c.id % 20 = 0 AND c.voided_at IS NULL AND c.filed_on BETWEEN :'first_day' AND :'as_of' ORDER BY c.id;

-- What followed: an interview and a notice
-- where a den was found, and for what the reviews showed.
INSERT INTO fraud.consequence (unit, kind, facts, decided_on, decided_by, reason)
SELECT d.unit, k.kind, ARRAY['den:' || d.id], LEAST(d.found_on + 10, date :'as_of'), '演示县联席办', '辖区产生电诈窝点'
FROM fraud.den AS d CROSS JOIN (VALUES ('notice'), ('interview')) AS k (kind)
WHERE d.voided_at IS NULL AND d.found_on BETWEEN :'first_day' AND :'as_of' ORDER BY d.id, k.kind;
INSERT INTO fraud.consequence (unit, kind, case_review, decided_on, decided_by, reason)
SELECT r.unit, 'accountability', r.id, LEAST(r.reviewed_on + 10, date :'as_of'), '演示县联席办', '一案双查：宣传责任未落实'
FROM fraud.case_review AS r WHERE NOT r.publicity_done AND r.id % 10 = 0 ORDER BY r.id;

-- The last four weeks and the month before, of each town.
SELECT fraud.issue_bulletin('weekly', u.code, date :'monday' - 7 * w.back - 1)
FROM generate_series(3, 0, -1) AS w (back) CROSS JOIN (SELECT t.code FROM fraud.unit AS t WHERE t.kind = 'town' ORDER BY t.code LIMIT 3) AS u ORDER BY w.back DESC, u.code \g /dev/null
SELECT fraud.issue_bulletin('monthly', u.code, date_trunc('month', date :'as_of')::date - 1)
FROM (SELECT t.code FROM fraud.unit AS t WHERE t.kind = 'town' ORDER BY t.code LIMIT 3) AS u ORDER BY u.code \g /dev/null

-- The result three weeks before the end, published, and what a few of the
-- worst say to it.
SELECT fraud.seal_assessment('nanma-2023', date :'as_of' - 21, '阶段考评结果', '演示县联席办', '示例〔2023〕9号', date :'as_of' - 18) AS seal \gset
SELECT fraud.file_objection(s.assessment, s.unit, '对扣分有异议，请予复核', '村（社区）负责人', s.published_on + 1) FROM (
  SELECT x.* FROM fraud.sealed_score AS x WHERE x.assessment = :seal ORDER BY x.rank DESC, x.unit LIMIT 10) AS s \g /dev/null
SELECT fraud.answer_objection(o.id, 'rejected', '演示县联席办', '所据事实属实', o.filed_on + 7) FROM fraud.objection AS o WHERE o.id % 2 = 0 ORDER BY o.id \g /dev/null
