-- What is open, what became of each, the letters, and the notices that
-- documents ask for. Views look as of list_day().

CREATE FUNCTION @registry@.open_escalations(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (id bigint, rung text, rung_zh text, rung_en text, rank integer, punitive boolean, state text, state_zh text, state_en text,
               subject text, unit text, unit_name text, region antifraud.region, rule text, cause text, cause_zh text, cause_en text, source text, clause_zh text,
               episode text, raised_on date, observed jsonb, fact_table text, fact_key text, caused_by bigint,
               acknowledge_by date, rectify_by date, snoozed_until date, late text, days_late integer)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT e.id, e.rung, l.label_zh AS rung_zh, l.label_en AS rung_en, l.rank, l.punitive, e.state, s.label_zh AS state_zh, s.label_en AS state_en,
         e.subject, e.unit, u.name AS unit_name, e.region, e.rule, r.cause, c.label_zh AS cause_zh, c.label_en AS cause_en, r.source, r.clause_zh,
         e.episode, e.as_of AS raised_on, e.observed, e.fact_table, e.fact_key, e.caused_by,
         e.acknowledge_by, e.rectify_by, e.snoozed_until,
         CASE WHEN w.rectify THEN 'rectify' WHEN w.acknowledge THEN 'acknowledge' END AS late,
         CASE WHEN w.rectify THEN $1 - e.rectify_by - g.days WHEN w.acknowledge THEN $1 - e.acknowledge_by - g.days END AS days_late
  FROM @registry@.escalation AS e
  JOIN @registry@.ladder AS l ON l.rung = e.rung
  JOIN @registry@.escalation_state AS s ON s.code = e.state
  JOIN @registry@.escalation_rule AS r ON r.code = e.rule
  LEFT JOIN @registry@.escalation_cause AS c ON c.code = r.cause
  LEFT JOIN @registry@.unit AS u ON u.code = e.unit
  CROSS JOIN LATERAL (SELECT CASE WHEN e.acknowledge_by < $1 OR e.rectify_by < $1 THEN @registry@.escalation_grace(e.id, $1) END AS days) AS g
  CROSS JOIN LATERAL (SELECT (e.snoozed_until >= $1) IS NOT TRUE AND e.state = ANY ('{raised,delivered}') AND e.acknowledge_by + g.days < $1 AS acknowledge,
                             (e.snoozed_until >= $1) IS NOT TRUE AND e.state = ANY ('{raised,delivered,acknowledged}') AND e.rectify_by + g.days < $1 AS rectify) AS w
  WHERE e.state = ANY ('{proposed,raised,delivered,acknowledged,rectified,verified}') AND e.as_of <= $1
    AND ($2 IS NULL OR e.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.open_escalations(date, antifraud.region) IS 'Escalations raised up to a day, in a region (null: everywhere), about which somebody still has to do something, in the state in which they are now; and which of them are late on that day.';

CREATE VIEW @registry@.open_escalation WITH (security_invoker = true) AS
SELECT o.id, o.rung, o.rung_zh, o.rung_en, o.rank, o.punitive, o.state, o.state_zh, o.state_en, o.subject, o.unit, o.unit_name, o.region, o.rule, o.cause, o.cause_zh, o.cause_en,
       o.source, o.clause_zh, o.episode, o.raised_on, o.observed, o.fact_table, o.fact_key, o.caused_by, o.acknowledge_by, o.rectify_by, o.snoozed_until, o.late, o.days_late
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.open_escalations(l.day) AS o;
COMMENT ON VIEW @registry@.open_escalation IS 'Escalations about which somebody still has to do something, as of list_day(): the gravest have the highest rank.';
SELECT @registry@.comment_columns('{open_escalation}',
  '{id,rung,rung_zh,rung_en,rank,punitive,state,state_zh,state_en,subject,unit,unit_name,region,rule,cause,cause_zh,cause_en,source,clause_zh,episode,raised_on,observed,fact_table,fact_key,caused_by,acknowledge_by,rectify_by,snoozed_until,late,days_late}',
  ARRAY['The escalation.', 'Its rung; see ladder.', 'Name of the rung in Chinese.', 'Name of the rung in English.', 'Rank of the rung, the gravest highest.', 'Whether it needs an authority to confirm it.',
        'State; see escalation_state.', 'Name of the state in Chinese.', 'Name of the state in English.', 'Who it is about.', 'The unit that answers.', 'Name of the unit.', 'Its region.', 'The rule that raised it.',
        'Why; see escalation_cause.', 'Why, in Chinese.', 'Why, in English.', 'Document and place in it.', 'What the document says.', 'What makes it another one than before or after.', 'The day as of which it was found.',
        'What the rule saw.', 'The table of the fact that it rests on; null: a sum.', 'Identity of the row there.', 'The escalation from which it climbed; null: none.',
        'Last day to acknowledge it.', 'Last day to put it right.', 'Last day of a snooze; null: none.', 'What is late: acknowledge or rectify; null: nothing.', 'By how many days; null: not late.']);

CREATE VIEW @registry@.escalation_history (escalation, ordinal, rung, rung_zh, unit, region, action, action_zh, action_en, from_state, to_state, to_state_zh, actor, authority, happened_on, recorded_at, reason, evidence)
WITH (security_invoker = true) AS
SELECT v.escalation, v.ordinal, e.rung, l.label_zh, e.unit, e.region, v.action, a.label_zh, a.label_en, v.from_state, v.to_state, s.label_zh, v.actor, v.authority, v.happened_on, v.recorded_at, v.reason, v.evidence
FROM @registry@.escalation_event AS v
JOIN @registry@.escalation AS e ON e.id = v.escalation
JOIN @registry@.ladder AS l ON l.rung = e.rung
JOIN @registry@.escalation_action AS a ON a.code = v.action
JOIN @registry@.escalation_state AS s ON s.code = v.to_state;
COMMENT ON VIEW @registry@.escalation_history IS 'Every step of every escalation, in words.';
SELECT @registry@.comment_columns('{escalation_history}', '{escalation,ordinal,rung,rung_zh,unit,region,action,action_zh,action_en,from_state,to_state,to_state_zh,actor,authority,happened_on,recorded_at,reason,evidence}',
  ARRAY['The escalation.', 'Its steps in order, from 1.', 'Its rung.', 'Name of the rung in Chinese.', 'The unit that answers.', 'Its region.', 'What was done.', 'The same in Chinese.', 'The same in English.',
        'State before; null: it was the first step.', 'State after.', 'Name of that state in Chinese.', 'Who did it.', 'In whose name it was decided; null: no decision.', 'The day.', 'When it was entered.', 'Why.', 'What shows it.']);

-- For who audits: the owner is not refused, nor is who was allowed to.
CREATE VIEW @registry@.escalation_one_account (escalation, rung, rung_zh, unit, region, account, rectified_by, rectified_on, verified_by, verified_on, allowed_by)
WITH (security_invoker = true) AS
SELECT e.id, e.rung, l.label_zh, e.unit, e.region, v.recorded_by, r.actor, r.happened_on, v.actor, v.happened_on, l.one_account_allowed_by
FROM @registry@.escalation_event AS v
JOIN @registry@.escalation AS e ON e.id = v.escalation
JOIN @registry@.ladder AS l ON l.rung = e.rung
CROSS JOIN LATERAL (
  SELECT w.action, w.recorded_by, w.actor, w.happened_on FROM @registry@.escalation_event AS w
  WHERE w.escalation = v.escalation AND w.ordinal < v.ordinal AND w.action = 'rectify' ORDER BY w.ordinal DESC LIMIT 1
) AS r
WHERE v.action = 'verify' AND r.recorded_by = v.recorded_by;
COMMENT ON VIEW @registry@.escalation_one_account IS 'Escalations of which one account entered both that they were put right and that this was verified: as the owner of the registry, or where the ladder allows it.';
SELECT @registry@.comment_columns('{escalation_one_account}', '{escalation,rung,rung_zh,unit,region,account,rectified_by,rectified_on,verified_by,verified_on,allowed_by}',
  ARRAY['The escalation.', 'Its rung.', 'Name of the rung in Chinese.', 'The unit that answers.', 'Its region.', 'The account that entered both.', 'Who put it right, as the account says.', 'On which day.',
        'Who verified that, as the account says.', 'On which day.', 'Who allows it for this rung now; null: nobody.']);

-- By rung, for the summary of a month: no units, no persons.
CREATE FUNCTION @registry@.escalation_summary(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (rung text, rung_zh text, rung_en text, rank integer, month_from date, raised bigint, proposed bigint, confirmed bigint, rejected bigint, closed bigint, withdrawn bigint, climbed bigint, open bigint, late bigint)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT l.rung, l.label_zh AS rung_zh, l.label_en AS rung_en, l.rank, date_trunc('month', $1::timestamp)::date AS month_from,
         COALESCE(n.raised, 0) AS raised, COALESCE(n.proposed, 0) AS proposed, COALESCE(n.confirmed, 0) AS confirmed, COALESCE(n.rejected, 0) AS rejected,
         COALESCE(n.closed, 0) AS closed, COALESCE(n.withdrawn, 0) AS withdrawn, COALESCE(n.climbed, 0) AS climbed, COALESCE(o.open, 0) AS open, COALESCE(o.late, 0) AS late
  FROM @registry@.ladder AS l
  LEFT JOIN (
    SELECT e.rung, count(*) FILTER (WHERE v.action = 'raise') AS raised, count(*) FILTER (WHERE v.action = 'propose') AS proposed, count(*) FILTER (WHERE v.action = 'confirm') AS confirmed,
           count(*) FILTER (WHERE v.action = 'reject') AS rejected, count(*) FILTER (WHERE v.action = 'close') AS closed, count(*) FILTER (WHERE v.to_state = 'withdrawn') AS withdrawn,
           count(*) FILTER (WHERE v.action = 'climb') AS climbed
    FROM @registry@.escalation_event AS v JOIN @registry@.escalation AS e ON e.id = v.escalation
    WHERE v.happened_on >= date_trunc('month', $1::timestamp)::date AND v.happened_on <= $1 AND ($2 IS NULL OR e.region OPERATOR(antifraud.<@) $2)
    GROUP BY e.rung
  ) AS n ON n.rung = l.rung
  LEFT JOIN (
    SELECT x.rung, count(*) AS open, count(x.late) AS late FROM @registry@.open_escalations($1, $2) AS x GROUP BY x.rung
  ) AS o ON o.rung = l.rung
  WHERE $1 IS NOT NULL
  ORDER BY l.rank;
END
$body$;
COMMENT ON FUNCTION @registry@.escalation_summary(date, antifraud.region) IS 'What happened on each rung in the month of a day, up to that day, in a region (null: everywhere): for the monthly summary (nanma-2023, 四（四）). open and late are as of that day, in the state in which they are now.';

-- ---------------------------------------------------------------- letters
CREATE FUNCTION @registry@.escalation_letter(id bigint) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (
  SELECT CASE WHEN b.found IS NOT NULL THEN
      -- what stands in the year, and then what this letter is for
      concat(b.found, '发函事由：', w.cause || '，', w.counted, '。', E'\n', '依据：', w.clause, '。', E'\n', '请对照问题分析原因，落实整改，并将整改情况书面反馈。', E'\n', w.until, w.signed)
    ELSE concat(l.label_zh, CASE WHEN e.state = 'proposed' THEN '（待审定）' WHEN e.state = 'rejected' THEN '（不予采取）' WHEN e.state = 'withdrawn' THEN '（已撤回）' END, E'\n',
      COALESCE(u.name || '：' || E'\n', ''),
      '经查，截至', @registry@.day_zh(o.as_of), '，', CASE WHEN e.subject ~ '^person:' THEN '你单位负责的人员（内部编号' || substr(e.subject, 8) || '）' ELSE '你单位' END, w.cause || '：', w.counted, '。', E'\n',
      COALESCE('前次' || (SELECT k.label_zh FROM @registry@.escalation AS f JOIN @registry@.ladder AS k ON k.rung = f.rung WHERE f.id = e.caused_by)
               || CASE e.observed ->> 'not_done' WHEN 'acknowledge' THEN '未按期签收。' WHEN 'rectify' THEN '未按期整改。' ELSE '未按期签收或者整改。' END || E'\n', ''),
      '依据：', w.clause, '。', E'\n',
      CASE WHEN d.authority IS NOT NULL THEN concat('经', d.authority, '审定，', '理由：', d.reason, '。', E'\n') END,
      CASE WHEN e.rung = 'interview' THEN concat('请你单位主要负责人', COALESCE('于' || @registry@.day_zh(e.acknowledge_by) || '前', ''), '接受约谈。', E'\n') END,
      CASE WHEN e.state = 'proposed' THEN concat('提请', COALESCE(l.decided_by, '有权机关'), '审定，说明采取或者不予采取的理由。', E'\n')
           WHEN e.state <> ALL ('{rejected,withdrawn}') THEN w.until END,
      w.signed) END
  FROM @registry@.escalation AS e
  JOIN @registry@.ladder AS l ON l.rung = e.rung
  JOIN @registry@.escalation_rule AS r ON r.code = e.rule
  JOIN @registry@.measure AS m ON m.code = r.measure
  CROSS JOIN @registry@.registry_info AS i
  LEFT JOIN @registry@.programme AS p ON p.code = r.programme
  LEFT JOIN @registry@.unit AS u ON u.code = e.unit
  LEFT JOIN @registry@.escalation_cause AS c ON c.code = r.cause
  -- what climbed says what the first of them had found
  CROSS JOIN LATERAL (
    WITH RECURSIVE up AS (
      SELECT e.caused_by, e.rung, e.observed, e.as_of, e.fact_table
      UNION ALL
      SELECT f.caused_by, f.rung, f.observed, f.as_of, f.fact_table FROM up JOIN @registry@.escalation AS f ON f.id = up.caused_by
    )
    SELECT x.rung, x.observed, x.as_of, x.fact_table FROM up AS x WHERE x.caused_by IS NULL) AS o
  LEFT JOIN LATERAL (
    SELECT v.authority, v.reason, v.happened_on FROM @registry@.escalation_event AS v WHERE v.escalation = e.id AND v.action = 'confirm' ORDER BY v.ordinal DESC LIMIT 1) AS d ON true
  CROSS JOIN LATERAL (
           -- the words of a graver rung are not for a reminder at the first sign
    SELECT CASE WHEN r.rung IS NULL OR r.rung = o.rung THEN c.label_zh END AS cause,
           -- of what stands at the end of a day the amount counts: months, days, a rank
           concat(m.label_zh, CASE WHEN m.relation = 'standing' THEN CASE m.code WHEN 'vacancy' THEN '已' || (o.observed ->> 'amount') || '天' ELSE '为' || (o.observed ->> 'amount') END
                                   ELSE COALESCE('累计' || (o.observed ->> 'count') || m.counter_zh, (o.observed ->> 'quantity') || m.counter_zh) END,
                  CASE r.baseline WHEN 'last_year' THEN '，去年同期' WHEN 'mean_3_years' THEN '，前三年同期平均' ELSE '，基准' END || (o.observed ->> 'baseline') || m.counter_zh,
                  CASE WHEN o.observed ->> 'amount' IS NOT NULL AND o.fact_table = 'fraud_case' THEN '，金额' || @registry@.loss_band((o.observed ->> 'amount')::numeric, i.loss_percent) END) AS counted,
           -- a letter names the document, not the code that it has here
           concat(CASE WHEN starts_with(r.source, p.code || ', ') THEN concat('《', p.title, '》', '（' || p.document_no || '）', substr(r.source, length(p.code) + 3)) ELSE r.source END,
                  '，', r.clause_zh, CASE WHEN p.code IS NOT NULL AND r.set_by IS NOT NULL THEN concat('；标准由', r.set_by, '确定', '（' || r.document_no || '）') END) AS clause,
           CASE WHEN e.acknowledge_by IS NOT NULL AND e.rung <> 'interview' THEN concat('请于', @registry@.day_zh(e.acknowledge_by), '前签收', '，于' || @registry@.day_zh(e.rectify_by) || '前整改并书面反馈', '。', E'\n')
                WHEN e.rectify_by IS NOT NULL THEN concat('请于', @registry@.day_zh(e.rectify_by), '前整改并书面反馈。', E'\n') END AS until,
           concat(COALESCE(i.office_zh, '打击治理电信网络新型违法犯罪工作联席会议办公室'), E'\n', @registry@.day_zh(COALESCE(d.happened_on, e.as_of)), E'\n') AS signed) AS w
  LEFT JOIN LATERAL (
    SELECT split_part(g.letter, '请对照问题', 1) AS found
    FROM (SELECT @registry@.reminder_letter(e.unit, e.as_of) AS letter WHERE e.rung = 'reminder' AND e.state <> 'withdrawn' AND e.subject = 'unit:' || e.unit) AS g) AS b ON true
  WHERE e.id = $1);
COMMENT ON FUNCTION @registry@.escalation_letter(bigint) IS 'The letter of an escalation in Chinese, ready to send: what was found, by which clause, who confirmed it and why, and what is to be done by when. A reminder begins with what reminder_letter() finds. Losses in bands, no names; null where there is no such escalation.';

-- ---------------------------------------------------------------- notices
CREATE TABLE @registry@.notice_rule (
  programme text NOT NULL CONSTRAINT notice_rule_programme_fk REFERENCES @registry@.programme,
  kind text NOT NULL CONSTRAINT notice_rule_kind_fk REFERENCES @registry@.bulletin_kind CONSTRAINT notice_rule_kind_recurs CHECK (kind = ANY ('{case,weekly,monthly}')),
  unit_kind text NOT NULL CONSTRAINT notice_rule_unit_kind_fk REFERENCES @registry@.unit_kind,
  basis text NOT NULL,
  CONSTRAINT notice_rule_pk PRIMARY KEY (programme, kind, unit_kind)
);
COMMENT ON TABLE @registry@.notice_rule IS 'Which bulletins a programme asks for: of every case, of every week, of every month.';
COMMENT ON COLUMN @registry@.notice_rule.programme IS 'The programme.';
COMMENT ON COLUMN @registry@.notice_rule.kind IS 'Kind of bulletin: case, weekly or monthly.';
COMMENT ON COLUMN @registry@.notice_rule.unit_kind IS 'Kind of unit that it is about; for case, of the units whose cases have notices.';
COMMENT ON COLUMN @registry@.notice_rule.basis IS 'Place in the document.';
INSERT INTO @registry@.notice_rule (programme, kind, unit_kind, basis) VALUES
  ('nanma-2023', 'case', 'community', '四（四）：每案一通报'),
  ('nanma-2023', 'case', 'village', '四（四）：每案一通报'),
  ('nanma-2023', 'monthly', 'town', '四（四）：每月一汇总'),
  ('template-plan-1', 'monthly', 'county', '二（七）：每月通报发案情况'),
  ('tuohe-2023', 'weekly', 'town', '四（一）：每周通报');

-- taken into the query that calls it, so that a condition on the unit finds
-- its rows
CREATE FUNCTION @registry@.notices_due(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (programme text, kind text, kind_zh text, kind_en text, unit text, region antifraud.region, fraud_case bigint, covers_from date, covers_to date, basis text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT n.programme, n.kind, k.label_zh AS kind_zh, k.label_en AS kind_en, p.unit, p.region, c.id AS fraud_case, c.filed_on AS covers_from, c.filed_on AS covers_to, n.basis
  FROM @registry@.notice_rule AS n
  JOIN @registry@.bulletin_kind AS k ON k.code = n.kind
  JOIN @registry@.programme_unit AS p ON p.programme = n.programme
  JOIN @registry@.unit AS u ON u.code = p.unit AND u.kind = n.unit_kind
  JOIN @registry@.fraud_case AS c ON c.unit = p.unit AND c.voided_at IS NULL AND c.filed_on BETWEEN p.period_from AND least($1, COALESCE(p.period_to, $1))
  WHERE $1 IS NOT NULL AND n.kind = 'case' AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2)
    AND NOT EXISTS (SELECT FROM @registry@.bulletin AS b WHERE b.kind = 'case' AND b.fraud_case = c.id AND b.voided_at IS NULL)
  UNION ALL
  SELECT n.programme, n.kind, k.label_zh AS kind_zh, k.label_en AS kind_en, p.unit, p.region, NULL::bigint AS fraud_case, w.first_day AS covers_from, w.last_day AS covers_to, n.basis
  FROM @registry@.notice_rule AS n
  JOIN @registry@.bulletin_kind AS k ON k.code = n.kind
  JOIN @registry@.programme_unit AS p ON p.programme = n.programme
  JOIN @registry@.unit AS u ON u.code = p.unit AND u.kind = n.unit_kind
  CROSS JOIN LATERAL (
    SELECT s.first_day::date AS first_day, (s.first_day + CASE n.kind WHEN 'weekly' THEN interval '7 days' ELSE interval '1 month' END)::date - 1 AS last_day
    FROM generate_series(date_trunc(CASE n.kind WHEN 'weekly' THEN 'week' ELSE 'month' END, p.period_from::timestamp),
                         least($1, COALESCE(p.period_to, $1))::timestamp, CASE n.kind WHEN 'weekly' THEN interval '7 days' ELSE interval '1 month' END) AS s (first_day)
  ) AS w
  -- once the week or month is over; an issue as of its last day or later is it
  WHERE n.kind <> 'case' AND w.last_day < $1 AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2)
    AND NOT EXISTS (SELECT FROM @registry@.bulletin AS b WHERE b.kind = n.kind AND b.unit = p.unit AND b.as_of = w.last_day AND b.voided_at IS NULL);
END;
COMMENT ON FUNCTION @registry@.notices_due(date, antifraud.region) IS 'Bulletins that programmes in force ask for and that have not been issued by a day, in a region (null: everywhere): a notice for every case, and for every week or month that is over one as of its last day.';

CREATE VIEW @registry@.notice_due WITH (security_invoker = true) AS
SELECT n.programme, n.kind, n.kind_zh, n.kind_en, n.unit, n.region, n.fraud_case, n.covers_from, n.covers_to, n.basis
FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l
CROSS JOIN LATERAL @registry@.notices_due(l.day) AS n;
COMMENT ON VIEW @registry@.notice_due IS 'Bulletins that programmes in force ask for and that have not been issued, as of list_day(); issue_due_notices() issues them.';
SELECT @registry@.comment_columns('{notice_due}', '{programme,kind,kind_zh,kind_en,unit,region,fraud_case,covers_from,covers_to,basis}',
  ARRAY['The programme that asks for it.', 'Kind of bulletin.', 'The same in Chinese.', 'The same in English.', 'What it is to be about.', 'Its region.', 'The case; null: of a week or month.', 'First day that it covers.', 'Last day that it covers.', 'Place in the document.']);

CREATE FUNCTION @registry@.issue_due_notices(as_of date, kinds text[] DEFAULT '{case}', within antifraud.region DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  due record;
  issued bigint := 0;
BEGIN
  IF as_of IS NULL OR NOT isfinite(as_of) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('notices cannot be issued as of %s', coalesce(as_of::text, 'NULL')),
      HINT = 'Pass a day.';
  END IF;
  -- two at once: the second sees what the first has issued
  PERFORM pg_advisory_xact_lock(hashtext(@registry_literal@ || '.notices'), 0);
  FOR due IN
    SELECT DISTINCT n.kind, n.unit, n.fraud_case, n.covers_to FROM @registry@.notices_due(issue_due_notices.as_of, issue_due_notices.within) AS n
    WHERE n.kind = ANY (kinds) ORDER BY n.covers_to, n.unit, n.kind, n.fraud_case
  LOOP
    PERFORM @registry@.issue_bulletin(due.kind, due.unit, CASE due.kind WHEN 'case' THEN issue_due_notices.as_of ELSE due.covers_to END, due.fraud_case);
    issued := issued + 1;
  END LOOP;
  RETURN issued;
END
$body$;
COMMENT ON FUNCTION @registry@.issue_due_notices(date, text[], antifraud.region) IS 'Issue the bulletins of notices_due() of these kinds (left out: the notices of cases), in a region (null: everywhere); gives how many. Done twice, it issues nothing more.';
