-- Facts are added and voided, never changed or removed.

CREATE FUNCTION @registry@.complete_fact() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  -- the foreign key would see an unknown unit only after the region, which
  -- must not be null, had been missed
  SELECT u.region INTO NEW.region FROM @registry@.unit AS u WHERE u.code = NEW.unit;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('unit %L does not exist', NEW.unit),
      DETAIL = format('A row of table "%s" names it.', TG_TABLE_NAME),
      HINT = 'Add it to the table unit first, or correct the code.',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = 'unit';
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_fact() IS 'Trigger: a fact without a region takes the region of its unit.';

CREATE FUNCTION @registry@.complete_case() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  -- What the roster says on the day of recording is part of the fact, so that
  -- a later change of the roster does not change earlier scores.
  IF EXISTS (SELECT FROM @registry@.officer AS o
             WHERE o.subject = NEW.victim AND o.unit = NEW.unit
               AND (o.joined_on IS NULL OR o.joined_on <= coalesce(NEW.happened_on, NEW.filed_on))) THEN
    NEW.victim_is_staff := true;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.complete_case() IS 'Trigger: a case whose victim stands on the roster of its unit, as staff or former staff, is marked so unless the clerk said otherwise.';

CREATE TRIGGER fraud_case_1_staff BEFORE INSERT ON @registry@.fraud_case
  FOR EACH ROW WHEN (NEW.victim_is_staff IS NULL AND NEW.victim IS NOT NULL) EXECUTE FUNCTION @registry@.complete_case();

DO $body$
DECLARE
  registry text := @registry_literal@;
  fact_table text;
BEGIN
  -- facts of a unit
  FOREACH fact_table IN ARRAY ARRAY['alert', 'fraud_case', 'finding', 'sample', 'activity', 'den'] LOOP
    EXECUTE pg_catalog.format('CREATE TRIGGER %1$I BEFORE INSERT ON %2$I.%3$I FOR EACH ROW WHEN (NEW.region IS NULL) EXECUTE FUNCTION %2$I.complete_fact()',
      fact_table OPERATOR(pg_catalog.||) '_1_region', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.unit IS ''The unit that answers for it.''', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.region IS ''Where it belongs; left out, the region of the unit.''', registry, fact_table);
  END LOOP;

  -- all facts
  FOREACH fact_table IN ARRAY ARRAY['alert', 'fraud_case', 'finding', 'sample', 'activity', 'den',
                                    'tier_change', 'checkin', 'suspension', 'control_plan', 'duty_done', 'duty_pause'] LOOP
    EXECUTE pg_catalog.format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION antifraud.append_only()',
      fact_table OPERATOR(pg_catalog.||) '_2_append_only', registry, fact_table);
    EXECUTE pg_catalog.format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION antifraud.append_only()',
      fact_table OPERATOR(pg_catalog.||) '_3_append_only', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.id IS ''Identity; not in order of time.''', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.source_key IS ''Key of the row in the system that it was imported from: unique among rows in force, so that an import can be repeated.''', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.recorded_at IS ''When the registry learnt it: start of the transaction, set by the server.''', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.recorded_by IS ''Who entered it.''', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.voided_at IS ''When it was withdrawn, set by the server; null while it is in force.''', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.voided_by IS ''Who withdrew it.''', registry, fact_table);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.void_reason IS ''Why it was withdrawn.''', registry, fact_table);
  END LOOP;
END
$body$;

DO $body$
DECLARE
  registry text := @registry_literal@;
  list text;
BEGIN
  FOREACH list IN ARRAY ARRAY['fraud_category', 'victim_group', 'alert_channel', 'alert_outcome', 'finding_kind', 'sample_kind', 'activity_kind',
                              'document_kind', 'person_category', 'person_status', 'tier', 'checkin_method', 'suspension_ground'] LOOP
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.code IS ''Code.''', registry, list);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.label_zh IS ''Name in Chinese.''', registry, list);
    EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I.label_en IS ''Name in English.''', registry, list);
  END LOOP;
END
$body$;

CREATE FUNCTION @registry@.void_fact(fact_table text, id bigint, reason text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  changed bigint;
BEGIN
  IF fact_table IS NULL OR fact_table <> ALL (ARRAY['alert', 'fraud_case', 'finding', 'sample', 'activity', 'den',
                                                       'tier_change', 'checkin', 'suspension', 'control_plan', 'duty_done', 'duty_pause', 'missed']) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_table',
      MESSAGE = format('%s is no table of facts', coalesce(quote_literal(fact_table), 'NULL')),
      HINT = 'Tables of facts: alert, fraud_case, finding, sample, activity, den, tier_change, checkin, suspension, control_plan, duty_done, duty_pause, missed.';
  END IF;
  EXECUTE format('UPDATE %I.%I SET void_reason = $1 WHERE id = $2', @registry_literal@, fact_table) USING coalesce(reason, ''), id;
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF changed = 0 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('table %s has no row %s', fact_table, coalesce(id::text, 'NULL')),
      DETAIL = 'Either it does not exist, or you may not see or change it.',
      HINT = 'Look the id up in the table.';
  END IF;
END
$body$;
COMMENT ON FUNCTION @registry@.void_fact(text, bigint, text) IS 'Withdraw a fact, with the reason: void_fact(''fraud_case'', 17, ''entered twice'').';
