-- What may leave the database by logical replication: tables that count, plan
-- and publish. A table that shows persons is in no publication made here.

-- A list of those that may, not of those that may not: a new table stays until
-- somebody has looked at it. Who adds a person to one of these, as a column
-- that refers to such a table, takes it off the list by that.
CREATE VIEW @registry@.publishable_table (name) WITH (security_invoker = true) AS
SELECT c.relname::text AS name
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = @registry_literal@ AND c.relkind = ANY ('{r,p}')
  AND c.relname = ANY ('{unit,unit_kind,unit_setting,programme,programme_entry,calendar_day,calendar_kind,measure,
    activity,activity_audience,activity_kind,activity_organiser,activity_topic,audience,audience_size,body,body_kind,broadcast_rule,broadcast_slot,medium,organiser_role,
    pledge,pledge_kind,reach_cell,sample,sample_kind,
    contact_group,group_count,group_level,group_name_rule,group_rename,group_rule,officer_role,relay_limit,roster_rule,body_rule,
    den,den_closure,focus_area,inspection,inspection_party,material,milestone,milestone_plan,milestone_plan_kind,premises_kind,site,site_kind,site_requirement,sweep_place,
    age_band,finding_kind,fraud_category,victim_group,alert_channel,alert_level,alert_limit,alert_outcome,alert_source,tier,control_policy,duty_template,
    rubric_edition,rubric_section,rubric_item,rubric_rule,reading,decision,
    assessment,assessment_unit,assessment_item,assessment_rank,certificate,certificate_kind,certificate_revocation,cohort,self_assessment,
    target,target_baseline,target_subject,escalation_cause,escalation_rule,ladder,bulletin_kind,notice_rule}'::text[])
  AND NOT EXISTS (SELECT FROM @registry@.person_table AS p WHERE p.name = c.relname);
COMMENT ON VIEW @registry@.publishable_table IS 'The tables that may leave the database by logical replication: counts, plans, rubrics, published results. None shows a person, and none refers to a table that stays.';
COMMENT ON COLUMN @registry@.publishable_table.name IS 'Name of the table, in this schema.';

CREATE VIEW @registry@.published_person (publication, name, column_names) WITH (security_invoker = true) AS
SELECT t.pubname::text AS publication, p.name, t.attnames::text[] AS column_names
FROM pg_catalog.pg_publication_tables AS t
CROSS JOIN LATERAL (SELECT pg_catalog.format('%I.%I', t.schemaname, t.tablename)::regclass::oid AS published) AS o
JOIN pg_catalog.pg_class AS c ON c.oid = coalesce(pg_catalog.pg_partition_root(o.published), o.published)
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN @registry@.person_table AS p ON p.name = c.relname
WHERE n.nspname = @registry_literal@;
COMMENT ON VIEW @registry@.published_person IS 'Tables that show persons and are in a publication all the same, also as part of a schema or of all tables: somebody must be able to say why. Empty unless an office decided otherwise.';
COMMENT ON COLUMN @registry@.published_person.publication IS 'The publication.';
COMMENT ON COLUMN @registry@.published_person.name IS 'The table, in this schema.';
COMMENT ON COLUMN @registry@.published_person.column_names IS 'Its columns that leave.';

CREATE FUNCTION @registry@.create_publication(publication text, tables text[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  stays text;
  lacking text;
BEGIN
  IF publication IS NULL OR publication = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'null_value_not_allowed',
      MESSAGE = 'a publication needs a name';
  ELSIF octet_length(publication) > 63 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'name_too_long',
      MESSAGE = format('name of publication %L has %s bytes', publication, octet_length(publication)),
      DETAIL = 'A name has at most 63 bytes.';
  END IF;
  tables := coalesce(tables, (SELECT array_agg(t.name) FROM @registry@.publishable_table AS t));
  SELECT coalesce(w.name, 'NULL') INTO stays FROM unnest(tables) AS w (name)
    WHERE NOT EXISTS (SELECT FROM @registry@.publishable_table AS t WHERE t.name = w.name)
    ORDER BY w.name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('table %L is not published', stays),
      DETAIL = CASE
        WHEN EXISTS (SELECT FROM @registry@.person_table AS p WHERE p.name = stays) THEN 'It shows persons, or refers to a table that does.'
        WHEN to_regclass(format('%I.%I', registry, stays)) IS NULL THEN 'There is no such table in the registry.'
        ELSE 'It is not among the tables that may leave.' END,
      HINT = 'The view publishable_table lists those that may. The owner of another table can add columns of it by ALTER PUBLICATION.',
      TABLE = stays, SCHEMA = registry;
  END IF;
  SELECT string_agg(format('%I.%I', registry, w.name), ', ' ORDER BY w.name) INTO lacking
    FROM (SELECT DISTINCT u.name FROM unnest(tables) AS u (name)) AS w
    WHERE NOT EXISTS (SELECT FROM pg_publication AS p JOIN pg_publication_rel AS r ON r.prpubid = p.oid
                      WHERE p.pubname = publication AND r.prrelid = format('%I.%I', registry, w.name)::regclass);
  IF NOT EXISTS (SELECT FROM pg_publication AS p WHERE p.pubname = publication) THEN
    -- of a table that somebody has divided, one name goes out
    EXECUTE format('CREATE PUBLICATION %I%s WITH (publish_via_partition_root = true)', publication, ' FOR TABLE ' || lacking);
  ELSIF lacking IS NOT NULL THEN
    EXECUTE format('ALTER PUBLICATION %I ADD TABLE %s', publication, lacking);
  END IF;
  RETURN (SELECT count(*) FROM pg_publication AS p JOIN pg_publication_rel AS r ON r.prpubid = p.oid WHERE p.pubname = publication);
END
$body$;
COMMENT ON FUNCTION @registry@.create_publication(text, text[]) IS 'Make a publication of tables that may leave (null: of all in publishable_table), or add to it those that it lacks; gives how many tables it has. A table that shows persons is refused. Needs CREATE on the database.';
