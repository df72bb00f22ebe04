-- The installer of the registry: ordinary tables, views and functions in a
-- schema that the caller owns, from the plain SQL files in sql/registry/.

-- Types and functions are for everybody; data are in the registry, for those
-- to whom its owner grants them.
GRANT USAGE ON SCHEMA antifraud TO PUBLIC;

CREATE FUNCTION antifraud.append_only() RETURNS trigger
  LANGUAGE C AS 'MODULE_PATHNAME', 'af_append_only';
COMMENT ON FUNCTION antifraud.append_only() IS
  'trigger function that keeps rows as they were recorded: stamps recorded_at, lets a row be voided with a reason, refuses other changes, removal and truncation';

CREATE FUNCTION antifraud.registry_version() RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN '0.1.0'::text;
COMMENT ON FUNCTION antifraud.registry_version() IS
  'the version of a registry that this extension creates; it changes only when the registry does';

CREATE FUNCTION antifraud.registry_name(schema text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
  IF schema IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'the schema of a registry cannot be NULL',
      HINT = 'Name a schema: SELECT antifraud.create_registry(''fraud'').';
  ELSIF schema = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_name',
      MESSAGE = 'the schema of a registry cannot have an empty name',
      HINT = 'Name a schema: SELECT antifraud.create_registry(''fraud'').';
  ELSIF octet_length(schema) > 63 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'name_too_long',
      MESSAGE = format('schema name "%s" is too long', schema),
      DETAIL = format('It has %s bytes; PostgreSQL keeps 63 and would cut the rest.', octet_length(schema)),
      HINT = 'Choose a shorter name; a Chinese character takes three bytes.';
  ELSIF starts_with(schema, 'pg_') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'reserved_name',
      MESSAGE = format('schema name "%s" is reserved', schema),
      DETAIL = 'PostgreSQL keeps names that begin with "pg_" for itself.',
      HINT = 'Choose another name.';
  END IF;
  RETURN schema;
END
$function$;
COMMENT ON FUNCTION antifraud.registry_name(text) IS 'the name of a schema for a registry, checked: not null, not empty, at most 63 bytes, not reserved';

-- A script with its placeholders filled in. The tag of its function bodies is
-- changed where the schema's own name contains it: any name is lawful, also
-- one made to break out of quotes.
CREATE FUNCTION antifraud.registry_bind(script text, schema text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
  tag text := '$body$';
  tries integer := 0;
BEGIN
  WHILE strpos(schema, tag) > 0 LOOP
    tries := tries + 1;
    tag := format('$body%s$', tries);
  END LOOP;
  -- piece by piece, so that nothing looks for placeholders in the name itself
  RETURN array_to_string(
    ARRAY(SELECT replace(piece, '@registry_literal@', quote_literal(schema))
          FROM unnest(string_to_array(replace(script, '$body$', tag), '@registry@')) WITH ORDINALITY AS p (piece, place)
          ORDER BY place),
    quote_ident(schema));
END
$function$;
COMMENT ON FUNCTION antifraud.registry_bind(text, text) IS 'a script of the registry with the schema filled in, as an identifier and as a literal';

CREATE FUNCTION antifraud.create_registry(schema text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET check_function_bodies = on
SET client_min_messages = warning
AS $function$
DECLARE
  found_schema oid := (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = antifraud.registry_name(schema));
  found_object text;
  caller oid := (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = current_user);
  owner oid;
BEGIN
  IF found_schema IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I', schema);
  ELSE
    IF EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = found_schema AND c.relname = 'registry_info') THEN
      RAISE EXCEPTION USING
        ERRCODE = 'duplicate_object',
        MESSAGE = format('schema "%s" holds a registry already', schema),
        HINT = 'Choose another name, or bring that registry forward with antifraud.upgrade_registry().';
    END IF;
    found_object := (
      SELECT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend AS d
      WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = found_schema AND d.deptype = 'n'
      ORDER BY 1 LIMIT 1);
    IF found_object IS NOT NULL THEN
      RAISE EXCEPTION USING
        ERRCODE = 'duplicate_schema',
        MESSAGE = format('schema "%s" exists and is not empty', schema),
        DETAIL = format('It holds %s.', found_object),
        HINT = 'A registry needs a schema of its own: choose another name.';
    END IF;
    -- who owns the schema can drop what is in it; a superuser has every
    -- role's rights, and so is asked to be the owner or to become it
    SELECT n.nspowner INTO owner FROM pg_namespace AS n WHERE n.oid = found_schema;
    IF owner <> caller
       AND (NOT pg_has_role(caller, owner, 'USAGE') OR (SELECT r.rolsuper FROM pg_roles AS r WHERE r.oid = caller))
       AND NOT (owner = 'pg_database_owner'::regrole
                AND (SELECT d.datdba FROM pg_database AS d WHERE d.datname = current_database()) = caller) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = format('schema "%s" is owned by another role, %s', schema, pg_get_userbyid(owner)),
        DETAIL = 'The owner of a schema can drop everything in it, facts included.',
        HINT = format('SET ROLE %I first, or choose another name.', pg_get_userbyid(owner));
    END IF;
  END IF;
  EXECUTE antifraud.registry_bind(antifraud.registry_script(), schema);
END
$function$;
COMMENT ON FUNCTION antifraud.create_registry(text) IS
  'create a registry: the tables, views and functions of the reference data model, with the rubrics that ship, in a new or empty schema that the caller owns';

-- A registry is brought forward step by step, each step from one version to
-- the next.
CREATE FUNCTION antifraud.upgrade_registry(schema text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET standard_conforming_strings = on
SET check_function_bodies = on
SET client_min_messages = warning
AS $function$
DECLARE
  current_version text;
  wanted_version text := antifraud.registry_version();
  step record;
BEGIN
  IF to_regclass(format('%I.registry_info', antifraud.registry_name(schema))) IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('schema "%s" holds no registry', schema),
      HINT = 'Create one with antifraud.create_registry(), or correct the name.';
  END IF;
  LOOP
    EXECUTE format('SELECT version FROM %I.registry_info FOR UPDATE', schema) INTO current_version;
    EXIT WHEN current_version = wanted_version;
    SELECT u.to_version, u.script INTO step FROM antifraud.registry_upgrades() AS u (from_version, to_version, script)
      WHERE u.from_version = current_version;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING
        ERRCODE = 'feature_not_supported',
        MESSAGE = format('the registry in schema "%s" cannot be brought from version %s to %s', schema, coalesce(current_version, 'NULL'), wanted_version),
        DETAIL = format('This release of antifraud knows no step from version %s.', coalesce(current_version, 'NULL')),
        HINT = 'If the registry is newer than the extension, update the extension; otherwise pass through a release between.';
    END IF;
    EXECUTE antifraud.registry_bind(step.script, schema);
    EXECUTE format('UPDATE %I.registry_info SET version = $1, upgraded_at = now()', schema) USING step.to_version;
  END LOOP;
  RETURN current_version;
END
$function$;
COMMENT ON FUNCTION antifraud.upgrade_registry(text) IS
  'bring a registry forward to the version of this extension; gives the version that it then has';
