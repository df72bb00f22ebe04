-- Which tables of facts raise escalations when rows are recorded, and whose
-- facts move where a row names no unit.

CREATE FUNCTION @registry@.watch_facts(relation text, day_column text DEFAULT NULL, unit_column text DEFAULT 'unit') RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  watched regclass := format('%I.%I', registry, relation)::regclass;
  called text := CASE WHEN day_column IS NULL THEN '' ELSE format('%L, %L', unit_column, day_column) END;
  part record;
  event record;
BEGIN
  IF day_column IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute AS a JOIN pg_attribute AS b ON b.attrelid = a.attrelid
    WHERE a.attrelid = watched AND a.attname = unit_column AND a.atttypid = 'text'::regtype AND a.attnum > 0 AND NOT a.attisdropped
      AND b.attname = day_column AND b.atttypid = 'date'::regtype AND b.attnum > 0 AND NOT b.attisdropped) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_column',
      MESSAGE = format('the rows of table "%s" do not say whose facts they are', relation),
      DETAIL = format('It needs a column "%s" of type text and a column "%s" of type date.', unit_column, day_column),
      HINT = 'Name the columns, or enter in escalation_source a function (via) that finds whose facts move.',
      TABLE = relation, SCHEMA = registry;
  END IF;
  -- a row that is inserted straight into a partition meets the partition's
  -- triggers only
  FOR part IN SELECT t.relid, c.relname FROM pg_partition_tree(watched) AS t JOIN pg_class AS c ON c.oid = t.relid
              UNION SELECT watched, relation LOOP
    FOR event IN SELECT * FROM (VALUES
      ('INSERT', 'NEW TABLE AS new_rows'), ('UPDATE', 'OLD TABLE AS old_rows NEW TABLE AS new_rows'), ('DELETE', 'OLD TABLE AS old_rows')) AS e (name, tables) LOOP
      EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION antifraud.escalate(%s)',
                     -- names of triggers are cut at 63 bytes, and cut short they would be the same for all events
                     CASE WHEN octet_length(part.relname::text) <= 45 THEN part.relname::text ELSE left(part.relname::text, 11) END || '_9_escalate_' || lower(event.name), event.name, part.relid, event.tables, called);
    END LOOP;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.watch_facts(text, text, text) IS 'Evaluate the rules of escalation whenever rows of a table of facts of this schema are recorded, voided or removed: creates its triggers and those of its partitions. Name the columns of day and unit; without a day, escalation_source.via finds whose facts move. Call it again for new partitions. Which measures the table feeds is in measure.relation and escalation_source.';

-- Whose facts move, by the ids of rows that name no unit, or another day.
CREATE FUNCTION @registry@.cases_by_act(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT c.unit, COALESCE(c.happened_on, c.filed_on) FROM @registry@.fraud_case AS c WHERE c.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.cases_by_act(bigint[]) IS 'Unit and day of the act of these cases, for escalation_source.';
CREATE FUNCTION @registry@.cases_of_alerts(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT c.unit, c.filed_on FROM @registry@.alert AS a JOIN @registry@.fraud_case AS c ON c.victim = a.victim WHERE a.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.cases_of_alerts(bigint[]) IS 'Unit and day of the cases of the persons whom these alerts warn, for escalation_source.';
CREATE FUNCTION @registry@.cases_of_dissuasions(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT c.unit, c.filed_on FROM @registry@.dissuasion AS d
  JOIN @registry@.alert AS a ON a.id = d.alert JOIN @registry@.fraud_case AS c ON c.victim = a.victim WHERE d.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.cases_of_dissuasions(bigint[]) IS 'Unit and day of the cases of the persons whom these attempts were to reach, for escalation_source.';
CREATE FUNCTION @registry@.cases_of_verdicts(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT c.unit, c.filed_on FROM @registry@.alert_case AS k JOIN @registry@.fraud_case AS c ON c.id = k.fraud_case WHERE k.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.cases_of_verdicts(bigint[]) IS 'Unit and day of the cases that these rows of alert_case are about, for escalation_source.';
CREATE FUNCTION @registry@.cases_of_refunds(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT c.unit, c.filed_on FROM @registry@.refund AS r JOIN @registry@.fraud_case AS c ON c.id = r.fraud_case WHERE r.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.cases_of_refunds(bigint[]) IS 'Unit and day of the cases of these refunds, for escalation_source.';
CREATE FUNCTION @registry@.cases_of_follow_ups(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT c.unit, c.filed_on FROM @registry@.follow_up AS f JOIN @registry@.fraud_case AS c ON c.id = f.fraud_case WHERE f.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.cases_of_follow_ups(bigint[]) IS 'Unit and day of the cases of these calls on victims, for escalation_source.';
CREATE FUNCTION @registry@.alerts_of_dissuasions(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT u.unit, a.issued_on FROM @registry@.dissuasion AS d
  JOIN @registry@.alert AS a ON a.id = d.alert
  CROSS JOIN LATERAL (SELECT a.unit UNION SELECT t.to_unit FROM @registry@.alert_transfer AS t WHERE t.alert = a.id) AS u (unit) WHERE d.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.alerts_of_dissuasions(bigint[]) IS 'The units through which the alerts of these attempts went, with the day of each alert, for escalation_source.';
CREATE FUNCTION @registry@.alerts_of_transfers(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT u.unit, a.issued_on FROM @registry@.alert_transfer AS x
  JOIN @registry@.alert AS a ON a.id = x.alert
  CROSS JOIN LATERAL (SELECT a.unit UNION SELECT t.to_unit FROM @registry@.alert_transfer AS t WHERE t.alert = a.id) AS u (unit) WHERE x.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.alerts_of_transfers(bigint[]) IS 'The units through which these alerts went, with the day of each alert, for escalation_source.';
CREATE FUNCTION @registry@.sweeps_of_places(ids bigint[]) RETURNS TABLE (unit text, day date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT DISTINCT p.unit, a.held_on FROM @registry@.sweep_place AS p JOIN @registry@.activity AS a ON a.id = p.activity WHERE p.id = ANY ($1);
END;
COMMENT ON FUNCTION @registry@.sweeps_of_places(bigint[]) IS 'Unit and day of the sweeps of these places, for escalation_source.';

INSERT INTO @registry@.escalation_source (relation, measure, plain, amount_column, flag_column, via) VALUES
  ('fraud_case', 'case', true, 'loss', NULL, NULL),
  ('fraud_case', 'case_staff', true, 'loss', 'victim_is_staff', NULL),
  ('fraud_case', 'case_staff_current', true, 'loss', 'victim_serves', NULL),
  ('fraud_case', 'case_by_act', false, NULL, NULL, 'cases_by_act'),
  ('den', 'den', true, NULL, NULL, NULL),
  ('dissuasion', 'alert_dissuaded', false, NULL, NULL, 'alerts_of_dissuasions'),
  ('dissuasion', 'case_after_alert', false, NULL, NULL, 'cases_of_dissuasions'),
  ('dissuasion', 'case_after_alert_30_days', false, NULL, NULL, 'cases_of_dissuasions'),
  ('dissuasion', 'case_after_alert_confirmed', false, NULL, NULL, 'cases_of_dissuasions'),
  ('alert', 'case_after_alert', false, NULL, NULL, 'cases_of_alerts'),
  ('alert', 'case_after_alert_30_days', false, NULL, NULL, 'cases_of_alerts'),
  ('alert', 'case_after_alert_confirmed', false, NULL, NULL, 'cases_of_alerts'),
  ('alert_case', 'case_after_alert', false, NULL, NULL, 'cases_of_verdicts'),
  ('alert_case', 'case_after_alert_30_days', false, NULL, NULL, 'cases_of_verdicts'),
  ('alert_case', 'case_after_alert_confirmed', false, NULL, NULL, 'cases_of_verdicts'),
  ('alert_transfer', 'alert_received', false, NULL, NULL, 'alerts_of_transfers'),
  ('alert_transfer', 'alert_dissuaded', false, NULL, NULL, 'alerts_of_transfers'),
  ('refund', 'case_net', false, NULL, NULL, 'cases_of_refunds'),
  ('follow_up', 'followed_up', false, NULL, NULL, 'cases_of_follow_ups'),
  ('finding', 'control_failure_or_checkin_missed', false, NULL, NULL, NULL),
  ('group_message', 'relay_late', false, NULL, NULL, NULL),
  ('sweep_place', 'premises_checked', false, NULL, NULL, 'sweeps_of_places');
-- on the day of a limit
INSERT INTO @registry@.escalation_source (relation, measure, own_day) VALUES ('alert', 'alert_late', false), ('alert', 'alert_settled_late', false);

SELECT @registry@.watch_facts(t.relation, t.day) FROM (VALUES
  ('fraud_case', 'filed_on'), ('finding', 'found_on'), ('sample', 'sampled_on'), ('activity', 'held_on'), ('den', 'found_on'), ('missed', 'due_on'),
  ('alert', 'issued_on'), ('dissuasion', 'made_on'), ('alert_case', NULL), ('alert_transfer', NULL), ('refund', 'refunded_on'), ('follow_up', 'followed_on'),
  ('clue', 'received_on'), ('status_change', 'changed_on'), ('support', 'given_on'), ('suspect', 'found_on'), ('inspection', 'inspected_on'),
  ('site_check', 'checked_on'), ('sweep_place', NULL), ('pledge', 'signed_on'), ('group_relay', 'relayed_on'), ('group_message', 'sent_on'),
  ('group_count', 'counted_on')) AS t (relation, day);

-- Also where triggers rest: a change of the rules that is replicated.
DO $body$
DECLARE
  registry text := @registry_literal@;
  of_rules text;
BEGIN
  FOREACH of_rules IN ARRAY ARRAY['escalation_rule', 'escalation_source', 'programme', 'measure', 'source'] LOOP
    EXECUTE pg_catalog.format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION antifraud.escalation_rules_changed()',
      of_rules OPERATOR(pg_catalog.||) '_9_rules', registry, of_rules);
    EXECUTE pg_catalog.format('ALTER TABLE %I.%I ENABLE ALWAYS TRIGGER %I', registry, of_rules, of_rules OPERATOR(pg_catalog.||) '_9_rules');
  END LOOP;
END
$body$;

-- What is kept must promise nothing that the facts do not allow.
CREATE FUNCTION @registry@.verify_escalation_margins(as_of date) RETURNS TABLE (relation text, unit text, rule text, rung text, observed jsonb)
STABLE PARALLEL SAFE ROWS 1
LANGUAGE sql
BEGIN ATOMIC
  SELECT m.relation, m.unit, f.rule, f.rung, f.observed
  FROM @registry@.evaluate_escalations($1) AS f
  JOIN @registry@.escalation_rule AS r ON r.code = f.rule
  JOIN @registry@.escalation_source AS s ON s.measure = r.measure AND s.plain AND NOT @registry@.has_source(ARRAY[s.measure])
  JOIN @registry@.escalation_margin AS m ON m.relation = s.relation AND m.unit = f.unit COLLATE "C"
  JOIN @registry@.ladder AS l ON l.rung = f.rung
  WHERE f.episode ~ '^period:' AND m.used >= 0 AND $1 BETWEEN m.as_of AND m.last_day AND m.used <= m.margins[date_part('month', $1)::integer]
    AND m.rules = (SELECT w.fingerprint FROM @registry@.escalation_watch(s.relation) AS w LIMIT 1)
    AND NOT EXISTS (SELECT FROM @registry@.escalation AS e JOIN @registry@.ladder AS h ON h.rung = e.rung
                    WHERE e.subject = f.subject AND e.rule = f.rule AND e.episode = f.episode AND (e.rung = f.rung OR h.rank > l.rank))
    AND NOT EXISTS (SELECT FROM @registry@.escalation_suppression AS x WHERE (x.unit IS NULL OR x.unit = f.unit) AND (x.rule IS NULL OR x.rule = f.rule));
END;
COMMENT ON FUNCTION @registry@.verify_escalation_margins(date) IS 'Units of which escalation_margin says that nothing can be raised as of a day, and the facts ask for something: always none, unless facts were recorded where triggers rest. Then empty escalation_margin.';
