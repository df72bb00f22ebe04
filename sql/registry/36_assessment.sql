-- Results as they were published: totals, ranks, items and the facts they rest
-- on, sealed by a digest, chained to the seal before. doc/sealing.md has the
-- canonical form of the rows. seal_assessment() writes them.

CREATE TABLE @registry@.assessment (
  id bigint CONSTRAINT assessment_pk PRIMARY KEY CONSTRAINT assessment_id_positive CHECK (id > 0),
  rubric text NOT NULL CONSTRAINT assessment_rubric_fk REFERENCES @registry@.rubric_edition,
  rubric_text text NOT NULL,
  as_of date NOT NULL CONSTRAINT assessment_as_of_finite CHECK (isfinite(as_of)),
  known_at timestamptz NOT NULL CONSTRAINT assessment_known_at_once UNIQUE CONSTRAINT assessment_known_at_finite CHECK (isfinite(known_at)),
  title text NOT NULL CONSTRAINT assessment_title_not_blank CHECK (btrim(title) <> ''),
  document_no text CONSTRAINT assessment_document_no_not_blank CHECK (btrim(document_no) <> ''),
  programme text CONSTRAINT assessment_programme_fk REFERENCES @registry@.programme,
  published_on date NOT NULL CONSTRAINT assessment_published_on_finite CHECK (isfinite(published_on)),
  published_by text NOT NULL CONSTRAINT assessment_published_by_not_blank CHECK (btrim(published_by) <> ''),
  objections_until date,
  revises bigint CONSTRAINT assessment_revised_once UNIQUE CONSTRAINT assessment_revises_fk REFERENCES @registry@.assessment
    CONSTRAINT assessment_revises_an_earlier_one CHECK (revises < id),
  reason text CONSTRAINT assessment_reason_not_blank CHECK (btrim(reason) <> ''),
  undated text[] NOT NULL CONSTRAINT assessment_undated_named CHECK (array_position(undated, NULL) IS NULL),
  units bigint NOT NULL CONSTRAINT assessment_units_positive CHECK (units > 0),
  algorithm text NOT NULL CONSTRAINT assessment_algorithm_known CHECK (algorithm = ANY ('{sha256,sm3}')),
  results_digest text NOT NULL CONSTRAINT assessment_results_digest_form CHECK (results_digest ~ '^[0-9a-f]{64}$'),
  previous_digest text NOT NULL CONSTRAINT assessment_previous_digest_form CHECK (previous_digest ~ '^[0-9a-f]{64}$'),
  sealed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  sealed_by text NOT NULL DEFAULT CURRENT_USER,
  digest text NOT NULL CONSTRAINT assessment_digest_form CHECK (digest ~ '^[0-9a-f]{64}$'),
  CONSTRAINT assessment_judged_before_published CHECK (as_of <= published_on),
  CONSTRAINT assessment_revision_has_a_reason CHECK ((revises IS NULL) = (reason IS NULL))
);
COMMENT ON TABLE @registry@.assessment IS 'Results that were published: under which rubric, as of which day, as known when. Its digest covers all its rows and the digest of the one before. Never changed: revise_assessment() makes a revision, an entry of its own.';
COMMENT ON COLUMN @registry@.assessment.id IS 'Number of the seal: 1, 2, 3, without gaps.';
COMMENT ON COLUMN @registry@.assessment.rubric IS 'The rubric.';
COMMENT ON COLUMN @registry@.assessment.rubric_text IS 'The rubric itself, as its JSON document.';
COMMENT ON COLUMN @registry@.assessment.as_of IS 'The day at whose end units were judged.';
COMMENT ON COLUMN @registry@.assessment.known_at IS 'The moment as of whose knowledge they were judged, in whole milliseconds; scores(rubric, as_of, known_at) gives this result. In a revision of some units the others keep their own: see assessment_unit.known_at.';
COMMENT ON COLUMN @registry@.assessment.title IS 'Title, as it was published.';
COMMENT ON COLUMN @registry@.assessment.document_no IS 'Number of the document that published it.';
COMMENT ON COLUMN @registry@.assessment.programme IS 'The programme that it belongs to; null: none in particular.';
COMMENT ON COLUMN @registry@.assessment.published_on IS 'Day of publication; objections are counted from it.';
COMMENT ON COLUMN @registry@.assessment.published_by IS 'The person or body that published it.';
COMMENT ON COLUMN @registry@.assessment.objections_until IS 'Last day for objections, by objection_term at the time of sealing; null: the calendar did not reach so far.';
COMMENT ON COLUMN @registry@.assessment.revises IS 'The assessment that this one takes the place of; null: it is a first one. Each is revised at most once: a later revision revises the revision.';
COMMENT ON COLUMN @registry@.assessment.reason IS 'Why it was revised.';
COMMENT ON COLUMN @registry@.assessment.undated IS 'Sources whose facts do not say when they were recorded, as measure and table: what was known of them then cannot be told.';
COMMENT ON COLUMN @registry@.assessment.units IS 'How many units were judged.';
COMMENT ON COLUMN @registry@.assessment.algorithm IS 'sha256, or sm3 (GB/T 32905) where pgcrypto and the server''s OpenSSL have it. All digests of the row, and those of its units, are made by it.';
COMMENT ON COLUMN @registry@.assessment.results_digest IS 'Digest of the digests of its units.';
COMMENT ON COLUMN @registry@.assessment.previous_digest IS 'Digest of the assessment with the number before; zeros for the first.';
COMMENT ON COLUMN @registry@.assessment.sealed_at IS 'When it was sealed: start of the transaction.';
COMMENT ON COLUMN @registry@.assessment.sealed_by IS 'The account that sealed it.';
COMMENT ON COLUMN @registry@.assessment.digest IS 'Digest of all the columns of this row: the seal. Print it where the result is published.';

-- The parts are written before the head that seals them; hence the deferred
-- references.
CREATE TABLE @registry@.assessment_unit (
  assessment bigint NOT NULL CONSTRAINT assessment_unit_assessment_fk REFERENCES @registry@.assessment DEFERRABLE INITIALLY DEFERRED,
  unit text NOT NULL CONSTRAINT assessment_unit_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  rank bigint NOT NULL CONSTRAINT assessment_unit_rank_positive CHECK (rank > 0),
  total numeric NOT NULL,
  low numeric NOT NULL,
  high numeric NOT NULL,
  vetoed boolean NOT NULL,
  known_at timestamptz NOT NULL,
  decisions jsonb,
  card text NOT NULL,
  digest text CONSTRAINT assessment_unit_digest_form CHECK (digest ~ '^[0-9a-f]{64}$'),
  CONSTRAINT assessment_unit_pk PRIMARY KEY (assessment, unit)
);
COMMENT ON TABLE @registry@.assessment_unit IS 'The published result of each unit.';
COMMENT ON COLUMN @registry@.assessment_unit.region IS 'Its region then.';
COMMENT ON COLUMN @registry@.assessment_unit.name IS 'Its name then.';
COMMENT ON COLUMN @registry@.assessment_unit.kind IS 'Its kind then.';
COMMENT ON COLUMN @registry@.assessment_unit.rank IS 'Rank among all units of the assessment; equal totals share it, vetoed units come after the others.';
COMMENT ON COLUMN @registry@.assessment_unit.total IS 'Points; the low end where something was undecided.';
COMMENT ON COLUMN @registry@.assessment_unit.low IS 'Points if everything undecided had been decided at its worst.';
COMMENT ON COLUMN @registry@.assessment_unit.high IS 'Points if everything undecided had been decided at its best.';
COMMENT ON COLUMN @registry@.assessment_unit.vetoed IS 'Whether a veto disqualified it.';
COMMENT ON COLUMN @registry@.assessment_unit.known_at IS 'The moment as of whose knowledge this unit was judged.';
COMMENT ON COLUMN @registry@.assessment_unit.decisions IS 'What had been decided about it, as antifraud.with_decisions() takes it; null: nothing.';
COMMENT ON COLUMN @registry@.assessment_unit.card IS 'Its scorecard, in text form.';
COMMENT ON COLUMN @registry@.assessment_unit.digest IS 'Digest of this row and of its ranks, items and facts.';

CREATE TABLE @registry@.assessment_rank (
  assessment bigint NOT NULL,
  unit text NOT NULL,
  region antifraud.region NOT NULL,
  cohort text NOT NULL,
  rank bigint NOT NULL CONSTRAINT assessment_rank_rank_positive CHECK (rank > 0),
  of_units bigint NOT NULL CONSTRAINT assessment_rank_within CHECK (rank <= of_units),
  medal text CONSTRAINT assessment_rank_medal_known CHECK (medal = ANY ('{gold,silver,bronze}')),
  CONSTRAINT assessment_rank_pk PRIMARY KEY (assessment, unit, cohort),
  CONSTRAINT assessment_rank_unit_fk FOREIGN KEY (assessment, unit) REFERENCES @registry@.assessment_unit DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE @registry@.assessment_rank IS 'The published rank and medal of each unit within its cohorts.';
COMMENT ON COLUMN @registry@.assessment_rank.cohort IS 'The cohort; see the table cohort.';
COMMENT ON COLUMN @registry@.assessment_rank.rank IS 'Rank within the cohort; ties share it.';
COMMENT ON COLUMN @registry@.assessment_rank.of_units IS 'Units in the cohort.';
COMMENT ON COLUMN @registry@.assessment_rank.medal IS 'gold, silver or bronze; null: none.';

CREATE TABLE @registry@.assessment_item (
  assessment bigint NOT NULL,
  unit text NOT NULL,
  region antifraud.region NOT NULL,
  item text NOT NULL,
  rule integer NOT NULL,
  section text NOT NULL,
  title text NOT NULL,
  points numeric NOT NULL,
  measure text NOT NULL,
  clause text,
  rule_text text NOT NULL,
  reading text,
  facts bigint NOT NULL,
  quantity bigint NOT NULL,
  raw numeric NOT NULL,
  deducted numeric NOT NULL,
  overflow numeric NOT NULL,
  added numeric NOT NULL,
  state text NOT NULL,
  decision bigint CONSTRAINT assessment_item_decision_fk REFERENCES @registry@.decision,
  fact_keys text[] NOT NULL CONSTRAINT assessment_item_fact_keys_named CHECK (array_position(fact_keys, NULL) IS NULL),
  CONSTRAINT assessment_item_pk PRIMARY KEY (assessment, unit, item, rule),
  CONSTRAINT assessment_item_unit_fk FOREIGN KEY (assessment, unit) REFERENCES @registry@.assessment_unit DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE @registry@.assessment_item IS 'The published result of each unit, rule by rule, those that deducted nothing and those that were waived included.';
COMMENT ON COLUMN @registry@.assessment_item.item IS 'Number of the item.';
COMMENT ON COLUMN @registry@.assessment_item.rule IS 'Place of the rule within the item, from 1.';
COMMENT ON COLUMN @registry@.assessment_item.section IS 'Title of the section.';
COMMENT ON COLUMN @registry@.assessment_item.title IS 'Title of the item.';
COMMENT ON COLUMN @registry@.assessment_item.points IS 'Points of the item.';
COMMENT ON COLUMN @registry@.assessment_item.measure IS 'What was counted.';
COMMENT ON COLUMN @registry@.assessment_item.clause IS 'Place in the official document, and what it says.';
COMMENT ON COLUMN @registry@.assessment_item.rule_text IS 'The rule.';
COMMENT ON COLUMN @registry@.assessment_item.reading IS 'Which reading was taken.';
COMMENT ON COLUMN @registry@.assessment_item.facts IS 'How many facts.';
COMMENT ON COLUMN @registry@.assessment_item.quantity IS 'Sum of their quantities.';
COMMENT ON COLUMN @registry@.assessment_item.raw IS 'Points before caps.';
COMMENT ON COLUMN @registry@.assessment_item.deducted IS 'Points deducted.';
COMMENT ON COLUMN @registry@.assessment_item.overflow IS 'Points beyond those of the item that were deducted elsewhere, or nowhere.';
COMMENT ON COLUMN @registry@.assessment_item.added IS 'Points added.';
COMMENT ON COLUMN @registry@.assessment_item.state IS 'scored, open, pending, review, not_measured or waived.';
COMMENT ON COLUMN @registry@.assessment_item.decision IS 'The decision on this rule that was in force; null: none.';
COMMENT ON COLUMN @registry@.assessment_item.fact_keys IS 'Keys of the facts that the rule looked at, as table:id; of a rule with bands also those that fell into none. Those of the windows that it compares with are in assessment_fact.';

CREATE TABLE @registry@.assessment_fact (
  assessment bigint NOT NULL,
  unit text NOT NULL,
  region antifraud.region NOT NULL,
  place integer NOT NULL,
  measure text NOT NULL,
  occurred_on date NOT NULL,
  quantity bigint,
  base bigint,
  amount numeric,
  source_table text NOT NULL,
  source_key text,
  CONSTRAINT assessment_fact_pk PRIMARY KEY (assessment, unit, place),
  CONSTRAINT assessment_fact_unit_fk FOREIGN KEY (assessment, unit) REFERENCES @registry@.assessment_unit DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE @registry@.assessment_fact IS 'The facts that a published result rests on, those of the windows that it is compared with included: their keys, and what was counted. No persons.';
COMMENT ON COLUMN @registry@.assessment_fact.place IS 'Number within the unit: by measure, day, table and key.';
COMMENT ON COLUMN @registry@.assessment_fact.measure IS 'What it was.';
COMMENT ON COLUMN @registry@.assessment_fact.occurred_on IS 'The day that counted.';
COMMENT ON COLUMN @registry@.assessment_fact.quantity IS 'How many.';
COMMENT ON COLUMN @registry@.assessment_fact.base IS 'Out of how many; null: none.';
COMMENT ON COLUMN @registry@.assessment_fact.amount IS 'Size in yuan; null: none, or not known.';
COMMENT ON COLUMN @registry@.assessment_fact.source_table IS 'The table that holds it.';
COMMENT ON COLUMN @registry@.assessment_fact.source_key IS 'Identity of the row there.';
SELECT @registry@.comment_columns('{assessment_unit,assessment_rank,assessment_item,assessment_fact}', '{assessment,unit}', '{The assessment.,The unit.}');
SELECT @registry@.comment_columns('{assessment_rank,assessment_item,assessment_fact}', '{region}', '{Region of the unit then.}');

-- What is sealed stays. The head seals what was written before it under its
-- number, so that nothing can be added afterwards either. One chain: whoever
-- writes to it holds a lock until the end of the transaction.
CREATE FUNCTION @registry@.lock_seals() RETURNS void
LANGUAGE sql
BEGIN ATOMIC
  SELECT pg_advisory_xact_lock(hashtext(@registry_literal@ || '.assessment'), 0);
END;
COMMENT ON FUNCTION @registry@.lock_seals() IS 'Wait for other sessions that are sealing, and keep them waiting until the end of the transaction.';

CREATE FUNCTION @registry@.keep_sealed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  touched bigint;
  seal record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT min(n.assessment) INTO touched FROM written AS n WHERE EXISTS (SELECT FROM @registry@.assessment AS a WHERE a.id = n.assessment);
  ELSIF TG_LEVEL = 'STATEMENT' THEN
    touched := (SELECT max(a.id) FROM @registry@.assessment AS a);
  ELSIF TG_TABLE_NAME = 'assessment' THEN
    touched := OLD.id;
  ELSE
    touched := OLD.assessment;
  END IF;
  SELECT a.id, a.algorithm, a.digest, a.title, a.published_on INTO seal FROM @registry@.assessment AS a WHERE a.id = touched;
  IF FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'restrict_violation',
      MESSAGE = CASE WHEN TG_LEVEL = 'ROW' AND TG_TABLE_NAME <> 'assessment' THEN format('the result of unit %L is sealed by seal %s', to_jsonb(OLD) ->> 'unit', seal.id)
                     ELSE format('assessment %s (%s) is sealed', seal.id, seal.title) END,
      DETAIL = format('%s on table "%s" was refused. Published on %s; %s %s.', TG_OP, TG_TABLE_NAME, to_char(seal.published_on, 'YYYY-MM-DD'), seal.algorithm, seal.digest),
      HINT = 'A correction is an entry: void or add facts, enter a decision, then call revise_assessment().',
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN CASE TG_OP WHEN 'UPDATE' THEN NEW WHEN 'DELETE' THEN OLD END;
END
$body$;
COMMENT ON FUNCTION @registry@.keep_sealed() IS 'Trigger: sealed rows are not changed, removed or added to.';

CREATE FUNCTION @registry@.begin_sealed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  PERFORM @registry@.lock_seals();
  RETURN NULL;
END
$body$;
COMMENT ON FUNCTION @registry@.begin_sealed() IS 'Trigger: whoever writes results waits for other sessions that do.';

CREATE FUNCTION @registry@.guard_sealed(tables text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  sealed text;
BEGIN
  FOREACH sealed IN ARRAY tables LOOP
    EXECUTE format('CREATE TRIGGER %1$I BEFORE INSERT ON %2$I.%3$I FOR EACH STATEMENT EXECUTE FUNCTION %2$I.begin_sealed()', sealed || '_1_lock', @registry_literal@, sealed);
    IF sealed <> 'assessment' THEN
      EXECUTE format('CREATE TRIGGER %1$I AFTER INSERT ON %2$I.%3$I REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION %2$I.keep_sealed()', sealed || '_2_sealed', @registry_literal@, sealed);
    END IF;
    EXECUTE format('CREATE TRIGGER %1$I BEFORE UPDATE OR DELETE ON %2$I.%3$I FOR EACH ROW EXECUTE FUNCTION %2$I.keep_sealed()', sealed || '_3_sealed', @registry_literal@, sealed);
    EXECUTE format('CREATE TRIGGER %1$I BEFORE TRUNCATE ON %2$I.%3$I FOR EACH STATEMENT EXECUTE FUNCTION %2$I.keep_sealed()', sealed || '_4_sealed', @registry_literal@, sealed);
  END LOOP;
END
$body$;
COMMENT ON FUNCTION @registry@.guard_sealed(text[]) IS 'Create the triggers that keep the tables of published results as they were sealed.';
SELECT @registry@.guard_sealed('{assessment,assessment_unit,assessment_rank,assessment_item,assessment_fact}');
