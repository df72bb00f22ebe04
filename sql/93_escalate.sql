-- Thresholds that raise themselves when facts are recorded.
--
-- PUBLIC may execute these, as any trigger function: whoever makes a registry
-- needs that to create its triggers. What escalate() does with the rights of
-- the owner of a registry it does for that owner's tables in its schema only;
-- the check is in the function.

CREATE FUNCTION antifraud.escalate() RETURNS trigger
  LANGUAGE C AS 'MODULE_PATHNAME', 'af_escalate';
COMMENT ON FUNCTION antifraud.escalate() IS
  'trigger function that evaluates the rules of a registry for the units that a statement on a table of facts touched, as of its latest day, and raises escalations; its arguments name the columns of unit and day; watch_facts() of the registry creates its triggers';

CREATE FUNCTION antifraud.escalation_rules_changed() RETURNS trigger
  LANGUAGE C AS 'MODULE_PATHNAME', 'af_escalation_rules_changed';
COMMENT ON FUNCTION antifraud.escalation_rules_changed() IS
  'trigger function on the tables that rules of escalation follow from: sessions that keep the rules compiled compile them anew';
