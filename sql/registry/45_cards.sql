-- Kept scorecards: a cache of what scores() computes, for the published and
-- listed editions, as of the day that the office looks at.
--
-- A card is never trusted for its age. refresh_cards() notes the snapshot
-- under which the cards were computed; from then on every statement on a table
-- that they rest on leaves a row in unit_touched, with its transaction. A
-- reader takes the card of a unit if each touch of it that he sees was seen by
-- that snapshot as well, and otherwise counts the facts of the unit. Since
-- cards and touches are ordinary rows, this holds under every snapshot: in a
-- long transaction, after a rollback, on a standby.

CREATE TABLE @registry@.card_source (
  relation text CONSTRAINT card_source_pk PRIMARY KEY,
  on_insert text[] NOT NULL,
  on_change text[] NOT NULL,
  CONSTRAINT card_source_form CHECK (array_to_string(on_insert || on_change, ' ', 'null') ~ '^((all|(unit|victim|alert|fraud_case|message|clue|suspect|certificate|finding|rectification|milestone):[^ ]+)( |$))*$')
);
COMMENT ON TABLE @registry@.card_source IS 'Whose scorecards a row of each table touches. A table below the view fact that is not here touches all of them. Changes take effect with keep_cards().';
COMMENT ON COLUMN @registry@.card_source.relation IS 'The table, in this schema.';
COMMENT ON COLUMN @registry@.card_source.on_insert IS 'What a new row touches, as kind:column; unit: the unit itself (empty: no unit); the other kinds are keys from which readers find the units; all: every unit; empty: none.';
COMMENT ON COLUMN @registry@.card_source.on_change IS 'What a row that is changed, withdrawn or removed touches.';
INSERT INTO @registry@.card_source (relation, on_insert, on_change) VALUES
  -- keys and not the units themselves: of two sessions that enter the alert
  -- and the case, neither sees the other's row, and whoever sees both must
  -- find the unit
  ('fraud_case', '{unit:unit}', '{unit:unit,fraud_case:id}'),
  ('refund', '{unit:unit,fraud_case:fraud_case}', '{unit:unit,fraud_case:fraud_case}'),
  ('follow_up', '{fraud_case:fraud_case}', '{fraud_case:fraud_case}'),
  ('alert', '{unit:unit,victim:victim}', '{unit:unit,victim:victim,alert:id}'),
  ('alert_case', '{fraud_case:fraud_case}', '{fraud_case:fraud_case}'),
  ('alert_transfer', '{unit:to_unit,alert:alert}', '{unit:to_unit,alert:alert}'),
  ('dissuasion', '{unit:unit,alert:alert}', '{unit:unit,alert:alert}'),
  ('group_message', '{unit:unit}', '{unit:unit,message:id}'),
  ('group_relay', '{unit:unit,message:message}', '{unit:unit,message:message}'),
  ('clue', '{unit:unit}', '{all}'),
  ('clue_handling', '{clue:clue}', '{clue:clue}'),
  ('suspect', '{unit:unit}', '{unit:unit}'),
  ('suspect_clearance', '{suspect:suspect}', '{suspect:suspect}'),
  ('certificate', '{unit:unit}', '{unit:unit}'),
  ('certificate_revocation', '{certificate:certificate}', '{certificate:certificate}'),
  -- of a sweep: the premises that it visited are other rows, of any unit
  ('activity', '{unit:unit}', '{all}'),
  ('sweep_place', '{unit:unit}', '{unit:unit}'),
  ('finding', '{unit:unit}', '{unit:unit,finding:id}'),
  ('sample', '{unit:unit}', '{unit:unit}'),
  ('den', '{unit:unit}', '{unit:unit}'),
  ('missed', '{unit:unit}', '{unit:unit}'),
  ('pledge', '{unit:unit}', '{unit:unit}'),
  ('group_count', '{unit:unit}', '{unit:unit}'),
  ('site_check', '{unit:unit}', '{unit:unit}'),
  ('inspection', '{unit:unit}', '{unit:unit}'),
  ('status_change', '{unit:unit}', '{unit:unit}'),
  ('support', '{unit:unit}', '{unit:unit}'),
  ('decision', '{unit:unit}', '{unit:unit}'),
  ('rubric_edition', '{}', '{all}'),
  ('rubric_item', '{}', '{all}'),
  ('rubric_rule', '{}', '{all}'),
  -- looked up live; what counts is where they lie
  ('person', '{}', '{}'),
  -- no card rests on these, but kept facts do (facts_of_time_limits)
  ('unit', '{unit:code}', '{unit:code}'),
  ('evidence', '{milestone:source_id}', '{milestone:source_id}'),
  ('milestone', '{unit:unit}', '{unit:unit}'),
  ('milestone_plan', '{all}', '{all}'),
  ('milestone_plan_kind', '{all}', '{all}'),
  ('rectification', '{unit:unit}', '{unit:unit}'),
  ('rectification_result', '{rectification:rectification}', '{rectification:rectification}');

CREATE TABLE @registry@.card_exception (
  measure text CONSTRAINT card_exception_pk PRIMARY KEY CONSTRAINT card_exception_measure_fk REFERENCES @registry@.measure ON DELETE CASCADE,
  reason text NOT NULL CONSTRAINT card_exception_reason_not_blank CHECK (btrim(reason) <> '')
);
COMMENT ON TABLE @registry@.card_exception IS 'Measures whose facts change without any row being written. Editions that use one are always counted afresh. Changes take effect with keep_cards().';
COMMENT ON COLUMN @registry@.card_exception.measure IS 'The measure.';
COMMENT ON COLUMN @registry@.card_exception.reason IS 'Why.';
INSERT INTO @registry@.card_exception (measure, reason) VALUES
  ('rectification_late', 'A problem becomes late by the clock.'),
  ('alert_late', 'An alert becomes late by the clock.'),
  ('alert_settled_late', 'An alert becomes late by the clock.'),
  ('milestone_missed', 'A milestone becomes missed by the clock.');

-- Object ids mean nothing in another cluster, nor after an upgrade of this
-- one: the mark then differs, and no card is trusted.
CREATE TABLE @registry@.card_keeping (
  singleton boolean NOT NULL DEFAULT true CONSTRAINT card_keeping_pk PRIMARY KEY CONSTRAINT card_keeping_one_row CHECK (singleton),
  relations oid[] NOT NULL,
  views oid[] NOT NULL,
  mark text NOT NULL,
  since timestamptz NOT NULL DEFAULT pg_catalog.now(),
  facts boolean NOT NULL DEFAULT false,
  fact_snapshot pg_snapshot,
  facts_computed_by xid8,
  facts_besides text[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE @registry@.card_keeping IS 'One row while scorecards are kept; keep_cards() makes it.';
COMMENT ON COLUMN @registry@.card_keeping.singleton IS 'Always true: there is one row at most.';
COMMENT ON COLUMN @registry@.card_keeping.relations IS 'The tables that cards rest on, by object id.';
COMMENT ON COLUMN @registry@.card_keeping.views IS 'The views of which facts_from_scratch() is made, by object id.';
COMMENT ON COLUMN @registry@.card_keeping.mark IS 'card_mark() when they were looked up; if it differs now, no card is read before the next refresh_cards().';
COMMENT ON COLUMN @registry@.card_keeping.since IS 'When that was.';
COMMENT ON COLUMN @registry@.card_keeping.facts IS 'Whether facts are kept too; keep_facts() says so.';
COMMENT ON COLUMN @registry@.card_keeping.fact_snapshot IS 'What the kept facts have seen: every transaction that this snapshot sees; null: none are kept yet.';
COMMENT ON COLUMN @registry@.card_keeping.facts_computed_by IS 'The transaction that kept them; what it touched itself counts as not seen.';
COMMENT ON COLUMN @registry@.card_keeping.facts_besides IS 'Measures whose facts are not kept, since card_exception had them and neither the clock nor a source explains it: always read from the tables.';

CREATE TABLE @registry@.card_set (
  rubric text NOT NULL CONSTRAINT card_set_rubric_fk REFERENCES @registry@.rubric_edition ON DELETE CASCADE,
  as_of date NOT NULL,
  snapshot pg_snapshot NOT NULL,
  computed_by xid8 NOT NULL,
  refreshed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  CONSTRAINT card_set_pk PRIMARY KEY (rubric, as_of)
);
COMMENT ON TABLE @registry@.card_set IS 'For which editions and days scorecards are kept.';
COMMENT ON COLUMN @registry@.card_set.rubric IS 'The edition.';
COMMENT ON COLUMN @registry@.card_set.as_of IS 'The day; infinity: judged whole.';
COMMENT ON COLUMN @registry@.card_set.snapshot IS 'What the cards have seen: every transaction that this snapshot sees.';
COMMENT ON COLUMN @registry@.card_set.computed_by IS 'The transaction that computed them; what it touched itself counts as not seen.';
COMMENT ON COLUMN @registry@.card_set.refreshed_at IS 'When it began.';

CREATE TABLE @registry@.unit_card (
  rubric text NOT NULL,
  as_of date NOT NULL,
  unit text NOT NULL,
  card antifraud.scorecard NOT NULL,
  total numeric NOT NULL,
  low numeric NOT NULL,
  high numeric NOT NULL,
  vetoed boolean NOT NULL,
  CONSTRAINT unit_card_pk PRIMARY KEY (rubric, as_of, unit),
  CONSTRAINT unit_card_set_fk FOREIGN KEY (rubric, as_of) REFERENCES @registry@.card_set ON DELETE CASCADE
);
COMMENT ON TABLE @registry@.unit_card IS 'The kept scorecard of each unit, and what is read from it. A cache: read scores(), which knows which of them hold.';
COMMENT ON COLUMN @registry@.unit_card.rubric IS 'The edition.';
COMMENT ON COLUMN @registry@.unit_card.as_of IS 'The day; infinity: judged whole.';
COMMENT ON COLUMN @registry@.unit_card.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.unit_card.card IS 'Its scorecard.';
COMMENT ON COLUMN @registry@.unit_card.total IS 'Its points; the low end while decisions are pending.';
COMMENT ON COLUMN @registry@.unit_card.low IS 'Points if everything pending is decided at its worst.';
COMMENT ON COLUMN @registry@.unit_card.high IS 'Points if everything pending is decided at its best.';
COMMENT ON COLUMN @registry@.unit_card.vetoed IS 'Whether a veto disqualifies it.';

CREATE TABLE @registry@.unit_touched (
  kind text NOT NULL,
  key text NOT NULL,
  touched_by xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX unit_touched_by ON @registry@.unit_touched (touched_by);
COMMENT ON TABLE @registry@.unit_touched IS 'What statements touched since the cards were refreshed; written by antifraud.touch_cards(), cleared by refresh_cards().';
COMMENT ON COLUMN @registry@.unit_touched.kind IS 'unit; a kind of key from which units are found; all: every unit.';
COMMENT ON COLUMN @registry@.unit_touched.key IS 'The unit, or the key.';
COMMENT ON COLUMN @registry@.unit_touched.touched_by IS 'The transaction.';

CREATE TABLE @registry@.card_extent (
  region antifraud.region NOT NULL
);
COMMENT ON TABLE @registry@.card_extent IS 'The counties in which the rows lie that row security could hide, while scorecards are kept. Who may see all of them may read cards that were counted over all of them.';
COMMENT ON COLUMN @registry@.card_extent.region IS 'A county, or a region above one; may stand there several times.';

-- Functions are marked by what they are, not by the version of their row: a
-- grant makes a new version, and every set_scope() grants.
CREATE FUNCTION @registry@.card_mark(relations oid[], views oid[]) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT encode(sha256(convert_to(concat_ws(' ',
    (SELECT c.system_identifier FROM pg_control_system() AS c),
    (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()),
    (SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'antifraud'),
    (SELECT string_agg(concat(t.oid, t.xmin, t.tgenabled), ' ' ORDER BY t.oid) FROM pg_trigger AS t
       WHERE t.tgrelid = ANY ($1) AND t.tgname = ANY ('{cards_1_before,cards_2_insert,cards_3_update,cards_4_delete,cards_5_truncate}')),
    (SELECT string_agg(concat(r.oid, r.xmin), ' ' ORDER BY r.oid) FROM pg_rewrite AS r WHERE r.ev_class = ANY ($2)),
    (SELECT string_agg(concat(p.oid, p.prosrc, p.prosqlbody, p.proconfig, p.prosecdef), ' ' ORDER BY p.oid) FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace(quote_ident(@registry_literal@)) AND p.proname = ANY ('{registry_facts,facts_from_scratch}')),
    (SELECT string_agg(concat(i.inhparent, i.inhrelid), ' ' ORDER BY i.inhparent, i.inhrelid) FROM pg_inherits AS i WHERE i.inhparent = ANY ($1)),
    (SELECT string_agg(s.srrelid::text, ' ' ORDER BY s.srrelid) FROM pg_subscription_rel AS s WHERE s.srrelid = ANY ($1))), 'UTF8')), 'hex');
END;
COMMENT ON FUNCTION @registry@.card_mark(oid[], oid[]) IS 'A mark of everything that makes kept cards trustworthy: this cluster, this database and release, the triggers of these tables, these views, partitions and subscriptions. Any change of them gives another mark.';

-- The units among those touches that a set of cards has not seen; null: all.
CREATE FUNCTION @registry@.units_touched_since(snapshot pg_snapshot, computed_by xid8) RETURNS text[]
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  kinds text[];
  keys text[];
BEGIN
  SELECT array_agg(t.kind), array_agg(t.key) INTO kinds, keys
  FROM (SELECT DISTINCT x.kind, x.key FROM @registry@.unit_touched AS x
        WHERE NOT pg_visible_in_snapshot(x.touched_by, $1) OR x.touched_by = $2) AS t;
  IF kinds IS NULL THEN
    RETURN '{}';
  ELSIF 'all' = ANY (kinds) THEN
    RETURN NULL;
  ELSIF 'unit' = ALL (kinds) THEN
    RETURN keys;
  END IF;
  RETURN ARRAY(
    WITH touched AS MATERIALIZED (
      SELECT t.kind, t.key FROM ROWS FROM (unnest(kinds), unnest(keys)) AS t (kind, key)
    ), of_alert AS MATERIALIZED (
      SELECT a.id, a.unit, a.victim FROM @registry@.alert AS a WHERE a.id = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'alert'))
    )
    SELECT t.key FROM touched AS t WHERE t.kind = 'unit'
    UNION
    SELECT c.unit FROM @registry@.fraud_case AS c
    WHERE c.victim = ANY (ARRAY(SELECT t.key FROM touched AS t WHERE t.kind = 'victim' UNION SELECT a.victim FROM of_alert AS a))
    UNION
    SELECT a.unit FROM of_alert AS a
    UNION
    SELECT x.to_unit FROM @registry@.alert_transfer AS x WHERE x.alert = ANY (ARRAY(SELECT a.id FROM of_alert AS a))
    UNION
    SELECT d.unit FROM @registry@.dissuasion AS d WHERE d.alert = ANY (ARRAY(SELECT a.id FROM of_alert AS a))
    UNION
    SELECT c.unit FROM @registry@.fraud_case AS c WHERE c.id = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'fraud_case'))
    UNION
    SELECT r.unit FROM @registry@.refund AS r WHERE r.fraud_case = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'fraud_case'))
    UNION
    SELECT r.unit FROM @registry@.group_relay AS r WHERE r.message = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'message'))
    UNION
    SELECT c.unit FROM @registry@.clue AS c WHERE c.id = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'clue'))
    UNION
    SELECT s.unit FROM @registry@.suspect AS s WHERE s.id = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'suspect'))
    UNION
    SELECT r.unit FROM @registry@.rectification AS r
    WHERE r.finding = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'finding'))
       OR r.id = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'rectification'))
    UNION
    SELECT m.unit FROM @registry@.milestone AS m WHERE m.id = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'milestone'))
    UNION
    SELECT c.unit FROM @registry@.certificate AS c WHERE c.id = ANY (ARRAY(SELECT t.key::bigint FROM touched AS t WHERE t.kind = 'certificate')));
END
$body$;
COMMENT ON FUNCTION @registry@.units_touched_since(pg_snapshot, xid8) IS 'The units whose scorecards may have changed since a snapshot, from the touches that the reader sees and the snapshot does not; null: all units.';

-- Whether what row security leaves of the tables below fact is all of it.
CREATE FUNCTION @registry@.sees_every_fact() RETURNS boolean
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  own antifraud.region;
  tables oid[];
BEGIN
  SELECT k.relations INTO tables FROM @registry@.card_keeping AS k;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF EXISTS (SELECT FROM unnest(tables) AS t (relation) WHERE NOT has_table_privilege(t.relation, 'SELECT')
               -- set_scope() may leave out the columns of names, which no score asks for
               AND NOT (t.relation = format('%I.%I', @registry_literal@, 'person')::regclass AND has_any_column_privilege(t.relation, 'SELECT'))) THEN
    RETURN false;
  ELSIF NOT EXISTS (SELECT FROM unnest(tables) AS t (relation) WHERE row_security_active(t.relation)) THEN
    RETURN true;
  END IF;
  own := @registry@.scope_region();
  RETURN own IS NOT NULL
     AND NOT EXISTS (SELECT FROM @registry@.card_extent AS e WHERE NOT e.region OPERATOR(antifraud.<@) own)
     -- policies of the office's own may hide more
     AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = ANY (tables) AND p.polname <> 'own_scope')
     AND NOT EXISTS (SELECT FROM unnest(tables) AS t (relation) WHERE row_security_active(t.relation)
                     AND NOT EXISTS (SELECT FROM @registry@.person_table AS n WHERE format('%I.%I', @registry_literal@, n.name)::regclass = t.relation)
                     AND t.relation <> format('%I.%I', @registry_literal@, 'unit')::regclass);
END
$body$;
COMMENT ON FUNCTION @registry@.sees_every_fact() IS 'Whether the current role may read all tables that kept scorecards rest on, and row security hides no row of them from it: the owner, and roles whose scope contains every county of card_extent. Only they read kept cards.';

CREATE FUNCTION @registry@.kept_may_be_read(tables text[]) RETURNS boolean
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  -- not by a statement that has changed facts and has not yet said whose, nor by
  -- who was granted the right to read before these tables were there
  SELECT coalesce(current_setting('antifraud.unsettled', true), '') = ANY ('{"",0}')
     AND NOT EXISTS (SELECT FROM unnest($1) AS n (name) WHERE NOT has_table_privilege(format('%I.%I', @registry_literal@, n.name), 'SELECT')) AS readable;
END;
COMMENT ON FUNCTION @registry@.kept_may_be_read(text[]) IS 'Whether the current role may read these tables of what is kept, and no statement is under way whose changes are not in unit_touched yet.';

CREATE FUNCTION @registry@.stale_units(rubric text, as_of date) RETURNS text[]
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  kept record;
BEGIN
  -- nothing tells when rows of a source change
  IF EXISTS (SELECT FROM @registry@.source AS s JOIN @registry@.rubric_rule AS r ON r.measure = s.measure
             WHERE s.removed_at IS NULL AND r.rubric = stale_units.rubric) THEN
    RETURN NULL;
  END IF;
  IF NOT @registry@.kept_may_be_read('{card_set,card_keeping,card_extent,unit_card,unit_touched}') THEN
    RETURN NULL;
  END IF;
  SELECT s.snapshot, s.computed_by, k.relations, k.views, k.mark INTO kept
  FROM @registry@.card_set AS s
  CROSS JOIN @registry@.card_keeping AS k
  WHERE s.rubric = stale_units.rubric AND s.as_of = coalesce(stale_units.as_of, 'infinity');
  IF NOT FOUND OR NOT @registry@.sees_every_fact() OR kept.mark <> @registry@.card_mark(kept.relations, kept.views) THEN
    RETURN NULL;
  END IF;
  RETURN @registry@.units_touched_since(kept.snapshot, kept.computed_by);
END
$body$;
COMMENT ON FUNCTION @registry@.stale_units(text, date) IS 'The units whose kept scorecard under a rubric, as of a day, does not hold for the current role and snapshot; null: no card may be read, as under a rubric that counts facts of a source.';
