-- The installer of the registry: ordinary tables, views and functions in a
-- schema that the caller owns, from the plain SQL files in sql/registry/.

CREATE FUNCTION antifraud.registry_name(schema text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
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
  -- the name goes in last: what it contains is not looked at again, but for
  -- the second placeholder, which is the longer one and so comes first
  RETURN replace(
    regexp_replace(replace(script, '$body$', tag), '@registry_literal@',
                   regexp_replace(replace(quote_literal(schema), '\', '\\'), '@registry@', '@''||''registry@', 'g'), 'g'),
    '@registry@', quote_ident(schema));
END
$function$;
COMMENT ON FUNCTION antifraud.registry_bind(text, text) IS 'a script of the registry with the schema filled in, as an identifier and as a literal';
