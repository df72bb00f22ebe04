-- What ends a thing comes on or after the day on which it began.

CREATE FUNCTION @registry@.check_sequence() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  -- of the table and its column that names a row, and of the day in either
  begun_in CONSTANT text := TG_ARGV[0];
  begun_by CONSTANT text := TG_ARGV[1];
  ended_by CONSTANT text := TG_ARGV[2];
  ended_on CONSTANT date := (to_jsonb(NEW) ->> ended_by)::date;
  of_row CONSTANT bigint := (to_jsonb(NEW) ->> begun_in)::bigint;
  begun_on date;
BEGIN
  EXECUTE format('SELECT b.%I FROM %I.%I AS b WHERE b.id = $1', begun_by, @registry_literal@, begun_in) INTO begun_on USING of_row;
  -- A row that does not exist is the foreign key's to refuse.
  IF ended_on < begun_on THEN
    RAISE EXCEPTION USING
      ERRCODE = 'check_violation',
      MESSAGE = format('%s is before %s', to_char(ended_on, 'YYYY-MM-DD'), to_char(begun_on, 'YYYY-MM-DD')),
      DETAIL = format('That is the %s of %s %s, which this row of table "%s" ends.', begun_by, begun_in, of_row, TG_TABLE_NAME),
      HINT = format('Correct %s; if the other day is wrong, void that row first and enter it anew.', ended_by),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA, COLUMN = ended_by;
  END IF;
  RETURN NEW;
END
$body$;
COMMENT ON FUNCTION @registry@.check_sequence() IS 'Trigger: what ends a thing comes on or after the day on which it began. Arguments: the table of what began, which is also the column that names its row; its day; the day of the end.';
CREATE TRIGGER certificate_revocation_0_sequence BEFORE INSERT ON @registry@.certificate_revocation
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_sequence('certificate', 'awarded_on', 'revoked_on');
CREATE TRIGGER suspect_clearance_0_sequence BEFORE INSERT ON @registry@.suspect_clearance
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_sequence('suspect', 'found_on', 'cleared_on');
CREATE TRIGGER den_closure_0_sequence BEFORE INSERT ON @registry@.den_closure
  FOR EACH ROW EXECUTE FUNCTION @registry@.check_sequence('den', 'found_on', 'closed_on');
