-- Facts are added and voided, never changed or removed. What the tables of
-- facts have in common: their list, triggers, comments, and how a row is
-- withdrawn. The file of each table calls these at its end.

CREATE TABLE @registry@.fact_table (
  name text CONSTRAINT fact_table_pk PRIMARY KEY,
  of_unit boolean NOT NULL
);
COMMENT ON TABLE @registry@.fact_table IS 'The tables of facts: those whose rows void_fact() withdraws. guard_facts() enters them; an office may guard its own.';
COMMENT ON COLUMN @registry@.fact_table.name IS 'Name of the table, in this schema.';
COMMENT ON COLUMN @registry@.fact_table.of_unit IS 'Whether each row belongs to a unit, and takes its region where none is given.';

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

CREATE FUNCTION @registry@.guard_facts(tables text[], of_unit boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  fact_table text;
  relation regclass;
  lacking text;
  said record;
BEGIN
  IF of_unit IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'of_unit cannot be NULL',
      HINT = 'Say whether each row belongs to a unit: true or false.';
  END IF;
  FOREACH fact_table IN ARRAY tables LOOP
    relation := format('%I.%I', registry, fact_table)::regclass;
    SELECT string_agg(w.name, ', ' ORDER BY w.place) INTO lacking
    FROM unnest(ARRAY['id', 'recorded_at', 'voided_at', 'voided_by', 'void_reason'] || CASE WHEN of_unit THEN ARRAY['unit', 'region'] END) WITH ORDINALITY AS w (name, place)
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = w.name AND a.attnum > 0 AND NOT a.attisdropped);
    IF lacking IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'undefined_column',
        MESSAGE = format('table "%s" cannot be a table of facts', fact_table),
        DETAIL = format('It lacks %s.', lacking),
        HINT = 'Add the columns with the types that they have in the table finding.',
        TABLE = fact_table, SCHEMA = registry;
    END IF;
    INSERT INTO @registry@.fact_table (name, of_unit) VALUES (fact_table, guard_facts.of_unit);

    IF of_unit THEN
      EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %s FOR EACH ROW WHEN (NEW.region IS NULL) EXECUTE FUNCTION %I.complete_fact()',
                     fact_table || '_1_region', relation, registry);
    END IF;
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION antifraud.append_only()',
                   fact_table || '_2_append_only', relation);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION antifraud.append_only()',
                   fact_table || '_3_append_only', relation);

    FOR said IN
      SELECT w.name, w.meaning
      FROM (VALUES
        ('id', true, 'Identity; not in order of time.'),
        ('unit', of_unit, 'The unit that answers for it.'),
        ('region', of_unit, 'Where it belongs; left out, the region of the unit.'),
        ('source_key', true, 'Key of the row in the system that it was imported from: unique among rows in force, so that an import can be repeated.'),
        ('recorded_at', true, 'When the registry learnt it: start of the transaction, set by the server.'),
        ('recorded_by', true, 'Who entered it.'),
        ('voided_at', true, 'When it was withdrawn, set by the server; null while it is in force.'),
        ('voided_by', true, 'Who withdrew it.'),
        ('void_reason', true, 'Why it was withdrawn.')) AS w (name, fits, meaning)
      JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = w.name AND NOT a.attisdropped
      WHERE w.fits AND col_description(relation, a.attnum) IS NULL
    LOOP
      EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', relation, said.name, said.meaning);
    END LOOP;
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_facts(text[], boolean) IS 'Make tables of this schema tables of facts: enter them in fact_table, create the triggers that keep their rows as recorded (and, with of_unit, fill in the region of the unit), and comment the columns that all have, where they have no comment.';

CREATE FUNCTION @registry@.comment_columns(relations text[], columns text[], meanings text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  said record;
BEGIN
  FOR said IN
    SELECT r.name, w.column_name, w.meaning FROM unnest(relations) AS r (name)
    CROSS JOIN ROWS FROM (unnest(columns), unnest(meanings)) AS w (column_name, meaning)
  LOOP
    EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', @registry_literal@, said.name, said.column_name, said.meaning);
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.comment_columns(text[], text[], text[]) IS 'Say what columns mean that several tables or views of this schema have in common.';

CREATE FUNCTION @registry@.comment_code_lists(lists text[]) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  SELECT @registry@.comment_columns($1, '{code,label_zh,label_en}', '{Code.,Name in Chinese.,Name in English.}');
END;
COMMENT ON FUNCTION @registry@.comment_code_lists(text[]) IS 'Comment the columns of code lists: code, label_zh, label_en.';

CREATE FUNCTION @registry@.comment_fact_views(views text[]) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  SELECT @registry@.comment_columns($1,
    ARRAY['measure', 'unit', 'region', 'occurred_on', 'quantity', 'base', 'amount', 'subject', 'source_table', 'source_key', 'recorded_at', 'voided_at'],
    ARRAY['What it is; see the table measure.',
          'The unit that answers for it.',
          'Where it belongs.',
          'The day that counts.',
          'How many.',
          'Out of how many, for rates; null where there is none.',
          'Size of the fact itself, in yuan; null where it has none or it is not known.',
          'Surrogate key of the person concerned; person: and a number for a row of the table person.',
          'The table that holds it.',
          'Identity of the row there.',
          'Since when it was known.',
          'When it was withdrawn; null while it is in force.']);
END;
COMMENT ON FUNCTION @registry@.comment_fact_views(text[]) IS 'Comment the twelve columns of the view fact and of the views that it is made of.';

CREATE FUNCTION @registry@.void_fact(fact_table text, id bigint, reason text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  changed bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM @registry@.fact_table AS t WHERE t.name = void_fact.fact_table) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_table',
      MESSAGE = format('%s is no table of facts', coalesce(quote_literal(fact_table), 'NULL')),
      HINT = 'The table fact_table lists them.';
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
