-- Who sees which persons: row security by region. Every table that shows a
-- person is closed to all but its owner; set_scope() opens it to a role, for
-- one region and for a purpose.

CREATE TABLE @registry@.access_scope (
  role name CONSTRAINT access_scope_pk PRIMARY KEY,
  region antifraud.region NOT NULL,
  sees_names boolean NOT NULL DEFAULT false,
  purpose text NOT NULL CONSTRAINT access_scope_purpose_not_blank CHECK (btrim(purpose) <> ''),
  until date CONSTRAINT access_scope_until_finite CHECK (isfinite(until)),
  set_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  set_by text NOT NULL DEFAULT CURRENT_USER
);
COMMENT ON TABLE @registry@.access_scope IS 'Which role sees the persons of which region, what for and until when. Use set_scope() and end_scope(): they grant and revoke as well.';
COMMENT ON COLUMN @registry@.access_scope.role IS 'The role: an account, or a group of which accounts are members.';
COMMENT ON COLUMN @registry@.access_scope.region IS 'It sees what lies in this region.';
COMMENT ON COLUMN @registry@.access_scope.sees_names IS 'Whether it may read names and identity documents.';
COMMENT ON COLUMN @registry@.access_scope.purpose IS 'What it needs that for.';
COMMENT ON COLUMN @registry@.access_scope.until IS 'Last day, in China; null: until it is ended.';
COMMENT ON COLUMN @registry@.access_scope.set_at IS 'When it was set last.';
COMMENT ON COLUMN @registry@.access_scope.set_by IS 'Who set it.';

-- One region, so that policies compare with a single value: an index on the
-- region then serves.
-- PL/pgSQL keeps the plans: a view asks for this many times.
CREATE FUNCTION @registry@.scope_region() RETURNS antifraud.region
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
  own antifraud.region;
BEGIN
  SELECT s.region INTO own FROM @registry@.access_scope AS s WHERE s.role = CURRENT_USER AND (s.until IS NULL OR s.until >= today);
  IF own IS NULL THEN
    SELECT s.region INTO own FROM @registry@.access_scope AS s
      JOIN pg_roles AS r ON r.rolname = s.role
      WHERE pg_has_role(r.oid, 'USAGE') AND (s.until IS NULL OR s.until >= today)
      ORDER BY antifraud.region_level(s.region) DESC, s.role
      LIMIT 1;
  END IF;
  RETURN own;
END
$body$;
COMMENT ON FUNCTION @registry@.scope_region() IS 'The region whose persons the current role sees today, in China: its own scope, otherwise the narrowest of the roles that it is a member of; null: none.';

-- By foreign keys, so that a new table is not forgotten.
CREATE VIEW @registry@.person_table (name, rule, column_name, parent) WITH (security_invoker = true) AS
WITH RECURSIVE relation AS (
  SELECT c.oid, c.relname, c.relrowsecurity,
         (SELECT array_agg(a.attname) FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = @registry_literal@ AND c.relkind = ANY ('{r,p}') AND NOT c.relispartition
    -- messages to groups are public, and name cases by surrogate key only
    AND c.relname <> ALL ('{group_message,group_relay}')
), link AS (
  SELECT k.conrelid, k.confrelid, a.attname
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
  WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND k.conparentid = 0
), protected AS (
  SELECT r.oid FROM relation AS r
  WHERE r.relname = ANY ('{person,escalation,escalation_suppression}')
     OR ('region' = ANY (r.columns) AND r.columns && '{victim,subject}' AND EXISTS (SELECT FROM @registry@.fact_table AS f WHERE f.name = r.relname))
  UNION
  SELECT l.conrelid FROM protected AS p JOIN link AS l ON l.confrelid = p.oid JOIN relation AS r ON r.oid = l.conrelid
)
SELECT r.relname::text AS name,
       CASE WHEN r.relname = 'alert_transfer' THEN 'units' WHEN own.by_region THEN 'region' WHEN up.parent = 'person' THEN 'person' ELSE 'parent' END AS rule,
       CASE WHEN own.by_region THEN 'region' ELSE up.attname END::text AS column_name,
       CASE WHEN NOT own.by_region THEN up.parent END::text AS parent
FROM protected AS p
JOIN relation AS r ON r.oid = p.oid
LEFT JOIN LATERAL (
  SELECT l.attname, o.relname AS parent FROM link AS l JOIN protected AS q ON q.oid = l.confrelid JOIN relation AS o ON o.oid = q.oid
  WHERE l.conrelid = p.oid
  ORDER BY (o.relname = 'person') DESC, o.relname, l.attname LIMIT 1
) AS up ON true
CROSS JOIN LATERAL (SELECT r.relname = 'person' OR (up.parent IS DISTINCT FROM 'person' AND 'region' = ANY (r.columns) AND 'unit' = ANY (r.columns)) AS by_region) AS own;
COMMENT ON VIEW @registry@.person_table IS 'The tables that show persons, found by their columns and foreign keys: under row security.';
COMMENT ON COLUMN @registry@.person_table.name IS 'Name of the table, in this schema.';
COMMENT ON COLUMN @registry@.person_table.rule IS 'How its rows are limited: region: to those in the scope of the reader; person or parent: to those whose person, or other row that they refer to, the reader sees; units: to those that come from or go to a unit in the scope.';
COMMENT ON COLUMN @registry@.person_table.column_name IS 'The column that decides.';
COMMENT ON COLUMN @registry@.person_table.parent IS 'The table that it refers to; null: none.';

CREATE FUNCTION @registry@.protect_persons() RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  -- that role exists everywhere; a policy cannot be for nobody
  roles text := concat_ws(', ', 'pg_database_owner', (
    SELECT string_agg(quote_ident(s.role), ', ' ORDER BY s.role) FROM @registry@.access_scope AS s JOIN pg_roles AS r ON r.rolname = s.role
    WHERE s.until IS NULL OR s.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date));
  about record;
  seen text;
  entered text;
  tables bigint := 0;
BEGIN
  FOR about IN
    SELECT t.name, t.rule, t.column_name, t.parent, c.oid, c.relrowsecurity,
           EXISTS (SELECT FROM pg_policy AS y WHERE y.polrelid = c.oid AND y.polname = 'own_scope') AS has_policy,
           EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'unit' AND NOT a.attisdropped) AS has_unit,
           EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = t.column_name AND a.attnotnull) AS of_one
    FROM (
      SELECT p.name, p.rule, p.column_name, p.parent FROM @registry@.person_table AS p
      UNION ALL
      -- who saw a unit without its facts would see a score that is too high
      SELECT x.name, 'region', 'region', NULL FROM unnest('{unit,assessment_unit,assessment_rank,assessment_item,assessment_fact,objection}'::text[]) AS x (name)
      UNION ALL
      SELECT 'objection_answer', 'parent', 'objection', 'objection') AS t
    JOIN pg_class AS c ON c.oid = format('%I.%I', registry, t.name)::regclass
    ORDER BY t.name
  LOOP
    IF about.rule = 'region' THEN
      seen := format('region OPERATOR(antifraud.<@) (SELECT %I.scope_region())', registry);
      -- whoever enters a row may not lay it at the door of another's unit,
      -- nor in a place where who sees the unit would not see it
      entered := seen || CASE WHEN about.has_unit THEN
        format(' AND (%1$I.unit IS NULL OR EXISTS (SELECT FROM %2$I.unit AS u WHERE u.code = %1$I.unit AND %1$I.region OPERATOR(antifraud.<@) u.region AND u.region OPERATOR(antifraud.<@) (SELECT %2$I.scope_region())))', about.name, registry)
        ELSE '' END;
      IF about.name = 'unit' THEN
        -- few rows, wanted all together: CASE keeps the planner from expecting
        -- one or two of them and joining them row by row
        seen := format('CASE WHEN %s THEN true ELSE false END', seen);
      ELSIF about.name = 'alert' THEN
        seen := seen || format(' OR id IN (SELECT t.alert FROM %1$I.alert_transfer AS t WHERE t.voided_at IS NULL)', registry);
      ELSIF about.name = ANY ('{dissuasion,alert_helper}') THEN
        -- who sees an alert sees what other units did about it: the ladder goes on
        seen := seen || format(' OR alert IN (SELECT a.id FROM %1$I.alert AS a)', registry);
      END IF;
    ELSIF about.rule = 'units' THEN
      seen := format('from_unit IN (SELECT u.code FROM %1$I.unit AS u WHERE u.region OPERATOR(antifraud.<@) (SELECT %1$I.scope_region()))'
                     ' OR to_unit IN (SELECT u.code FROM %1$I.unit AS u WHERE u.region OPERATOR(antifraud.<@) (SELECT %1$I.scope_region()))', registry);
      entered := seen;
      -- who passed an alert on sees who has it now, however often it went on
      seen := seen || format(' OR through && ARRAY(SELECT u.code FROM %1$I.unit AS u WHERE u.region OPERATOR(antifraud.<@) (SELECT %1$I.scope_region()))', registry);
    ELSE
      -- IN, not EXISTS: the rows seen are found once a query, not once a row
      seen := format(CASE WHEN about.of_one THEN '' ELSE '%2$I IS NULL OR ' END || '%2$I IN (SELECT up.id FROM %1$I.%3$I AS up)',
                     registry, about.column_name, about.parent);
      entered := seen;
    END IF;
    IF NOT about.relrowsecurity THEN
      EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', registry, about.name);
    END IF;
    EXECUTE format('%s POLICY own_scope ON %I.%I TO %s USING (%s) WITH CHECK (%s)',
                   CASE WHEN about.has_policy THEN 'ALTER' ELSE 'CREATE' END, registry, about.name, roles, seen, entered);
    EXECUTE format('COMMENT ON POLICY own_scope ON %I.%I IS %L', registry, about.name, 'Roles with a scope see what lies in it; see person_table and access_scope.');
    tables := tables + 1;
  END LOOP;
  RETURN tables;
END
$body$;
COMMENT ON FUNCTION @registry@.protect_persons() IS 'Put every table that shows persons, unit, and the results of units under row security, for the roles in access_scope; gives how many tables. For the owner: after adding a table of your own.';

CREATE FUNCTION @registry@.set_scope(role name, region antifraud.region, purpose text, sees_names boolean DEFAULT false, until date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  open_columns text;
BEGIN
  -- what follows would take rights from the owner, who is bound by no scope
  IF role = (SELECT pg_get_userbyid(c.relowner) FROM pg_class AS c WHERE c.oid = format('%I.access_scope', registry)::regclass) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_grant_operation',
      MESSAGE = format('role %I owns the registry and cannot have a scope', role),
      DETAIL = 'Row security does not bind the owner.',
      HINT = 'Name another role: nobody should work with the account of the owner.';
  END IF;
  INSERT INTO @registry@.access_scope AS s (role, region, purpose, sees_names, until) VALUES (set_scope.role, set_scope.region, set_scope.purpose, set_scope.sees_names, set_scope.until)
    ON CONFLICT ON CONSTRAINT access_scope_pk DO UPDATE
      SET region = EXCLUDED.region, purpose = EXCLUDED.purpose, sees_names = EXCLUDED.sees_names, until = EXCLUDED.until, set_at = now(), set_by = CURRENT_USER;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', registry, role);
  EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', registry, role);
  EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA %I TO %I', registry, role);
  IF sees_names THEN
    EXECUTE format('GRANT INSERT (person, purpose) ON %I.dossier_read TO %I', registry, role);
  ELSE
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO open_columns FROM pg_attribute AS a
      WHERE a.attrelid = format('%I.person', registry)::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname <> ALL ('{citizen_id,document_no,born_on,name,source_key}');
    EXECUTE format('REVOKE SELECT ON %I.person FROM %I', registry, role);
    EXECUTE format('GRANT SELECT (%s) ON %I.person TO %I', open_columns, registry, role);
    EXECUTE format('REVOKE INSERT (person, purpose) ON %I.dossier_read FROM %I', registry, role);
  END IF;
  PERFORM @registry@.protect_persons();
END
$body$;
COMMENT ON FUNCTION @registry@.set_scope(name, antifraud.region, text, boolean, date) IS 'Let a role read the registry, and of the persons those in a region, for a purpose and until a day (null: until ended); with sees_names also names and documents, through read_dossier(). Writing is granted apart.';

CREATE FUNCTION @registry@.end_scope(role name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
BEGIN
  UPDATE @registry@.access_scope AS s SET until = (now() AT TIME ZONE 'Asia/Shanghai')::date - 1, set_at = now(), set_by = CURRENT_USER
    WHERE s.role = end_scope.role;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('role %I has no scope', coalesce(role, 'NULL')),
      HINT = 'The table access_scope lists those that have one.';
  END IF;
  IF EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = end_scope.role) THEN
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', registry, role);
    EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM %I', registry, role);
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', registry, role);
  END IF;
  PERFORM @registry@.protect_persons();
END
$body$;
COMMENT ON FUNCTION @registry@.end_scope(name) IS 'End the scope of a role today, and take back all that was granted to it in this schema.';

SELECT @registry@.protect_persons();
