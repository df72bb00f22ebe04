-- The made-up county that the dashboard shows: ../county.sql, at the end of
-- October 2023 so that the year is still open, with escalations in every
-- state, and a reader for it. Run with psql in this directory, in an empty
-- database; the variable reader names the role, board if it is not set.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
\if :{?reader} \else \set reader board \endif
\if :{?communities} \else \set communities 100 \endif
\if :{?persons} \else \set persons 600 \endif
\if :{?facts} \else \set facts 20000 \endif
\set as_of 2023-10-31

CREATE EXTENSION IF NOT EXISTS antifraud;
SELECT antifraud.create_registry('fraud') \g /dev/null
\ir ../county.sql

-- What the office decided: a number where the document has none, and who
-- confirms what is proposed.
INSERT INTO fraud.escalation_rule (code, source, clause_zh, cause, measure, rule, set_by, set_on, document_no)
VALUES ('county-1', '演示县联席办文件', '发生5万元以上案件的，发提示函；30万元以上的，约谈', 'great_case', 'case',
        'raise reminder if amount >= 50000, raise interview if amount >= 300000', '演示县联席办', '2022-12-01', '虚构文号3号');
INSERT INTO fraud.escalation_authority (role, authority, region, basis) VALUES (CURRENT_USER, '演示县联席办', '339999', '虚构文号3号');

-- What is raised by the end of some months, and what units and office then do
-- about it. Who acts, and how far, is drawn from what it is about.
DO $$
DECLARE
  month_end date;
  e record;
BEGIN
  FOREACH month_end IN ARRAY ARRAY[date '2023-03-31', '2023-06-30', '2023-08-31', '2023-09-30', '2023-10-31'] LOOP
    PERFORM fraud.tick(month_end);
    FOR e IN SELECT o.id, o.state, o.raised_on, (hashtext(concat_ws(' ', o.subject, o.rule, o.rung, o.episode)) & 1023) % 10 AS luck FROM fraud.open_escalations(month_end) AS o WHERE month_end < '2023-10-31' OR o.raised_on < '2023-10-20' ORDER BY o.id LOOP
      CASE
        WHEN e.state = 'proposed' AND e.luck < 6 THEN PERFORM fraud.step_escalation(e.id, 'confirm', '经核查属实', on_day => month_end);
        WHEN e.state = 'proposed' AND e.luck = 6 THEN PERFORM fraud.step_escalation(e.id, 'reject', '案件不属该单位责任', on_day => month_end);
        WHEN e.state IN ('raised', 'delivered') AND e.luck < 9 THEN PERFORM fraud.step_escalation(e.id, 'acknowledge', on_day => month_end);
        WHEN e.state = 'acknowledged' AND e.luck < 8 THEN PERFORM fraud.step_escalation(e.id, 'rectify', '已补课宣传', '{"record": "made up"}', month_end, '单位联络员');
        WHEN e.state = 'rectified' AND e.luck < 7 THEN PERFORM fraud.step_escalation(e.id, 'verify', on_day => month_end, actor => '县督导组');
        WHEN e.state = 'verified' AND e.luck < 5 THEN PERFORM fraud.step_escalation(e.id, 'close', on_day => month_end, actor => '县督导组');
        ELSE NULL;
      END CASE;
    END LOOP;
  END LOOP;
END
$$;

SELECT antifraud.create_bi('fraud', 'zh') \g /dev/null
SELECT format('CREATE ROLE %I LOGIN', :'reader') WHERE to_regrole(quote_ident(:'reader')) IS NULL \gexec
SELECT antifraud.grant_bi('fraud_bi_zh', :'reader', '339999', 'dashboard of the made-up county') \g /dev/null
ANALYZE;
