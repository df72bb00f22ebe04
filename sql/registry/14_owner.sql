-- What only the owner of the registry does, since row security would show
-- anybody else a part of the rows; most of it not under a snapshot that is old.

CREATE FUNCTION @registry@.check_owner(deed text, because text, isolation_state text) RETURNS name
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  owner oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = format('%I.registry_info', @registry_literal@)::regclass);
BEGIN
  IF NOT pg_has_role(owner, 'USAGE') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('only the owner of the registry %s', deed),
      DETAIL = format('In schema "%s" that is %s: %s.', @registry_literal@, pg_get_userbyid(owner), because),
      HINT = format('SET ROLE %I first, or ask the office that runs the registry.', pg_get_userbyid(owner));
  ELSIF isolation_state IS NOT NULL AND current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION USING
      ERRCODE = isolation_state,
      MESSAGE = format('nobody %s under transaction isolation level %s', deed, current_setting('transaction_isolation')),
      DETAIL = 'What others committed since the transaction began would be missed.',
      HINT = 'Use READ COMMITTED.';
  END IF;
  RETURN pg_get_userbyid(owner);
END
$body$;
COMMENT ON FUNCTION @registry@.check_owner(text, text, text) IS 'The owner of the registry; an error unless the current role may act for it and, where isolation_state names a condition to raise, sees what others have committed. deed: what only the owner does, as in "merges persons"; because: why no other role may.';
