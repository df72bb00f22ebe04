-- How two rows of one person become one, and two again. Facts are never
-- changed, but for whom they are about; the triggers that keep them as
-- recorded rest for the time, and nobody else can write to these tables then.

-- What each of the tables runs before a row is written, to be put to rest.
CREATE FUNCTION @registry@.row_keepers() RETURNS text[]
STABLE
LANGUAGE sql
BEGIN ATOMIC
  SELECT array_agg(format('%I.%I %%s TRIGGER %I', n.nspname, c.relname, g.tgname) ORDER BY c.relname, g.tgname)
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = @registry_literal@ AND NOT g.tgisinternal AND g.tgenabled = 'O'
    -- of a row (1), before (2), insert (4) or update (16)
    AND g.tgtype & 3 = 3 AND g.tgtype & 20 <> 0
    AND EXISTS (SELECT FROM @registry@.person_reference AS r WHERE r.name = c.relname AND r.handling = 'moves');
END;
COMMENT ON FUNCTION @registry@.row_keepers() IS 'The triggers that keep rows of persons as recorded, as the end of an ALTER TABLE; for merge_persons() and unmerge_persons().';

-- Conditions under which a row d of the duplicate cannot go to keep as it is,
-- by the unique indexes of its table; and by the periods that exclude each other.
CREATE FUNCTION @registry@.merge_collisions(reference @registry@.person_reference, kept text) RETURNS text[]
STABLE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  relation regclass := format('%I.%I', @registry_literal@, reference.name)::regclass;
BEGIN
  RETURN ARRAY(
    SELECT format('%s EXISTS (SELECT FROM (SELECT * FROM %s%s) AS k WHERE k.%I = %s%s)',
                  CASE WHEN i.predicate IS NOT NULL THEN format('d.id IN (SELECT id FROM %s WHERE %s) AND', relation, i.predicate) ELSE '' END,
                  relation, coalesce(' WHERE ' || i.predicate, ''), reference.column_name, kept, i.others)
    FROM (
      SELECT x.indexrelid, pg_get_expr(x.indpred, x.indrelid) AS predicate,
             -- as text: the operators of every type are not at hand
             string_agg(format(CASE WHEN x.indnullsnotdistinct THEN ' AND k.%1$I::text IS NOT DISTINCT FROM d.%1$I::text' ELSE ' AND k.%1$I::text = d.%1$I::text' END, a.attname), '' ORDER BY n.place)
               FILTER (WHERE a.attname <> reference.column_name) AS others
      FROM pg_index AS x
      CROSS JOIN LATERAL unnest((x.indkey::smallint[])[0:x.indnkeyatts - 1]) WITH ORDINALITY AS n (attnum, place)
      JOIN pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = n.attnum
      WHERE x.indrelid = relation AND x.indisunique AND NOT x.indisprimary AND 0 <> ALL (x.indkey::smallint[])
      GROUP BY x.indexrelid, x.indpred, x.indrelid
      HAVING bool_or(a.attname = reference.column_name) AND bool_and(a.attname <> 'id')
    ) AS i
    WHERE i.others IS NOT NULL
    UNION ALL
    SELECT format('EXISTS (SELECT FROM %s AS k WHERE k.%I = %s AND k.period && d.period%s)', relation, reference.column_name, kept,
                  (SELECT ' AND k.role = d.role' FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = 'role' AND NOT a.attisdropped))
    WHERE EXISTS (SELECT FROM pg_constraint AS x WHERE x.conrelid = relation AND x.contype = 'x')
      AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = 'period' AND NOT a.attisdropped));
END
$body$;
COMMENT ON FUNCTION @registry@.merge_collisions(@registry@.person_reference, text) IS 'Conditions on a row d of a table, each of which keeps it from naming another person, for that one has the same; for merge_persons().';

CREATE FUNCTION @registry@.controlled_days(person bigint) RETURNS datemultirange
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN (SELECT datemultirange(daterange(p.enrolled_on, p.ended_on, '[]'))
               - COALESCE((SELECT range_agg(daterange(g.starts_on, g.ends_on, '[]')) FROM @registry@.status_gap AS g WHERE g.person = p.id), '{}')
        FROM @registry@.person AS p WHERE p.id = $1);
COMMENT ON FUNCTION @registry@.controlled_days(bigint) IS 'The days on which a person was or is under control, from enrolment on, without those between an end and a beginning anew.';

CREATE FUNCTION @registry@.merge_persons(keep bigint, duplicate bigint, reason text, decided_by text, despite text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  kept record;
  other record;
  why text;
  against record;
  left_behind jsonb;
  noted text[];
  keeper text;
  keepers text[];
  reference @registry@.person_reference;
  place text;
  named text;
  renamed text;
  voids boolean;
  collisions text[];
  ids bigint[];
  parts text[] := '{}';
  places text[] := '{}';
  moved jsonb := '{}';
  voided jsonb := '{}';
  added jsonb := '{}';
  stayed jsonb := '{}';
  -- under control: on the days of either
  days datemultirange;
  has_history boolean;
  ended_later boolean;
  turn record;
  made bigint;
BEGIN
  IF coalesce(btrim(reason), '') = '' OR coalesce(btrim(decided_by), '') = '' OR btrim(despite) = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('persons %s and %s are not merged without a reason and a decision', coalesce(keep::text, 'NULL'), coalesce(duplicate::text, 'NULL')),
      DETAIL = 'Nothing is merged by itself: somebody finds that two rows are one person, and signs.',
      HINT = 'Say why, and who decided; despite is null, or says why they are one person although something speaks against it.';
  ELSIF keep = duplicate THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('person %s cannot be merged with itself', keep),
      HINT = 'Name the row to keep and the one to merge into it.';
  END IF;
  PERFORM @registry@.lock_persons('merges persons');
  SELECT p.id, p.unit, p.region, p.enrolled_on, p.status, p.ended_on INTO kept FROM @registry@.person AS p WHERE p.id = keep FOR UPDATE;
  SELECT p.id, p.unit, p.region, p.enrolled_on, p.status, p.ended_on INTO other FROM @registry@.person AS p WHERE p.id = duplicate FOR UPDATE;
  IF kept.id IS NULL OR other.id IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('person %s does not exist', coalesce(CASE WHEN kept.id IS NULL THEN keep ELSE duplicate END::text, 'NULL')),
      HINT = 'Look the id up in the table person.';
  END IF;
  SELECT w.why INTO why FROM (
    SELECT format('Person %s is erased.', e.person) FROM @registry@.erasure AS e WHERE e.person IN (kept.id, other.id)
    UNION ALL
    SELECT format('Person %s is merged into person %s already, by merge %s.', m.duplicate, m.keep, m.id) FROM @registry@.person_merge AS m
    WHERE m.duplicate IN (kept.id, other.id) AND m.voided_at IS NULL) AS w (why) LIMIT 1;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('person %s cannot be merged into person %s', duplicate, keep),
      DETAIL = why,
      HINT = 'The view merged_person says which row stands for a person now.';
  END IF;
  SELECT coalesce(array_agg(c.conflict), '{}') INTO noted FROM @registry@.merge_conflicts(keep, duplicate) AS c;
  SELECT c.weight, c.message_en INTO against FROM @registry@.merge_conflicts(keep, duplicate) AS c
    WHERE c.weight = 'stop' OR (c.weight = 'force' AND despite IS NULL) ORDER BY c.weight DESC, c.conflict LIMIT 1;
  IF against.weight IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('person %s cannot be merged into person %s: %s', duplicate, keep, against.message_en),
      DETAIL = format('merge_conflicts(%s, %s) lists all that speaks against it, in Chinese and English.', keep, duplicate),
      HINT = CASE against.weight WHEN 'stop' THEN 'Settle that first.' ELSE 'Compare the documents; if it is one person all the same, say why in despite.' END;
  END IF;

  days := @registry@.controlled_days(keep) + @registry@.controlled_days(duplicate);
  keepers := coalesce(@registry@.row_keepers(), '{}');
  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'DISABLE');
  END LOOP;

  -- an end of one while the other was under control was none
  WITH v AS (
    UPDATE @registry@.status_change AS c SET voided_at = greatest(now(), c.recorded_at), voided_by = current_user,
           void_reason = format('merged: person %s was under control', CASE c.person WHEN kept.id THEN other.id ELSE kept.id END)
    FROM @registry@.person_status AS k
    WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL AND k.code = c.status AND NOT k.controlled
      AND NOT EXISTS (SELECT FROM unnest(days) AS r WHERE upper(r) - 1 = c.changed_on)
    RETURNING c.id)
  SELECT array_agg(v.id ORDER BY v.id) INTO ids FROM v;
  IF ids IS NOT NULL THEN
    voided := jsonb_build_object('status_change.person', to_jsonb(ids));
  END IF;

  -- what both have is void on the side of the duplicate
  FOR reference IN SELECT r.* FROM @registry@.person_reference AS r WHERE r.handling = 'moves' ORDER BY r.name, r.column_name LOOP
    place := reference.name || '.' || reference.column_name;
    named := CASE reference.form WHEN 'id' THEN duplicate::text ELSE quote_literal('person:' || duplicate) END;
    renamed := CASE reference.form WHEN 'id' THEN keep::text ELSE quote_literal('person:' || keep) END;
    collisions := @registry@.merge_collisions(reference, renamed);
    voids := EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = format('%I.%I', registry, reference.name)::regclass AND a.attname = 'void_reason' AND NOT a.attisdropped);
    IF voids AND collisions <> '{}' THEN
      EXECUTE format('WITH v AS (UPDATE %1$I.%2$I AS d SET voided_at = greatest(now(), d.recorded_at), voided_by = current_user, void_reason = $1'
                     ' WHERE d.%3$I = %4$s AND d.voided_at IS NULL AND (%5$s) RETURNING d.id) SELECT array_agg(v.id ORDER BY v.id) FROM v',
                     registry, reference.name, reference.column_name, named, array_to_string(collisions, ' OR '))
        INTO ids USING format('merged: person %s has the same', keep);
      IF ids IS NOT NULL THEN
        voided := voided || jsonb_build_object(place, coalesce(voided -> place, '[]') || to_jsonb(ids));
      END IF;
      collisions := '{}';
    END IF;
    parts := parts || format('m%s AS (UPDATE %I.%I AS d SET %I = %s WHERE d.%I = %s%s RETURNING d.id)',
                             cardinality(parts) + 1, registry, reference.name, reference.column_name, renamed, reference.column_name, named,
                             CASE WHEN collisions <> '{}' THEN ' AND NOT (' || array_to_string(collisions, ' OR ') || ')' ELSE '' END);
    places := places || format('SELECT %L::text AS place, (SELECT jsonb_agg(m.id ORDER BY m.id) FROM m%s AS m) AS ids', place, cardinality(parts));
  END LOOP;

  -- where one began anew after both had ended, and where both had ended, the
  -- history must say so, also what only the rows of the persons said
  UPDATE @registry@.person AS p SET enrolled_on = other.enrolled_on WHERE p.id = keep AND other.enrolled_on < kept.enrolled_on;
  has_history := EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL)
                 OR (SELECT count(*) FROM unnest(days)) > 1;
  ids := NULL;
  FOR turn IN
    SELECT lower(r) AS day, true AS controlled FROM unnest(days) AS r WHERE lower(r) > least(kept.enrolled_on, other.enrolled_on)
    UNION ALL
    SELECT upper(r) - 1, false FROM unnest(days) AS r WHERE NOT upper_inf(r) AND has_history
    ORDER BY 1
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM @registry@.status_change AS c JOIN @registry@.person_status AS k ON k.code = c.status
                          WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL AND c.changed_on = turn.day AND k.controlled = turn.controlled);
    INSERT INTO @registry@.status_change (person, unit, region, from_status, status, changed_on, reason, decided_by)
      VALUES (keep, @registry@.answering_unit(kept.unit, kept.region), kept.region,
              coalesce((SELECT c.status FROM @registry@.status_change AS c WHERE c.person IN (kept.id, other.id) AND c.voided_at IS NULL AND c.changed_on < turn.day ORDER BY c.changed_on DESC LIMIT 1), 'listed'),
              CASE WHEN turn.controlled THEN coalesce((SELECT w.status FROM (VALUES (kept.id, kept.status, kept.enrolled_on, kept.ended_on), (other.id, other.status, other.enrolled_on, other.ended_on)) AS w (id, status, enrolled_on, ended_on)
                                                      WHERE w.enrolled_on = turn.day AND w.ended_on IS NULL AND NOT EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person = w.id AND c.voided_at IS NULL) LIMIT 1), 'listed')
                   WHEN kept.ended_on = turn.day THEN kept.status ELSE other.status END,
              turn.day, format('merged: person %s', duplicate), merge_persons.decided_by)
      RETURNING status_change.id INTO made;
    ids := coalesce(ids, '{}') || made;
  END LOOP;
  IF ids IS NOT NULL THEN
    added := jsonb_build_object('status_change.person', to_jsonb(ids));
  END IF;

  -- all at once: a foreign key may hold a person together with another row
  EXECUTE format('WITH %s SELECT coalesce(jsonb_object_agg(w.place, w.ids), ''{}'') FROM (%s) AS w WHERE w.ids IS NOT NULL', array_to_string(parts, ', '), array_to_string(places, ' UNION ALL ')) INTO moved;

  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'ENABLE');
  END LOOP;
  FOR reference IN SELECT r.* FROM @registry@.person_reference AS r WHERE r.name <> ALL ('{erasure,person_merge}') ORDER BY r.name, r.column_name LOOP
    EXECUTE format('SELECT jsonb_agg(d.id ORDER BY d.id) FROM %I.%I AS d WHERE d.%I = %s', registry, reference.name, reference.column_name,
                   CASE reference.form WHEN 'id' THEN duplicate::text ELSE quote_literal('person:' || duplicate) END) INTO left_behind;
    IF left_behind IS NOT NULL THEN
      stayed := stayed || jsonb_build_object(reference.name || '.' || reference.column_name, left_behind);
    END IF;
  END LOOP;

  -- where there is no history the row says until when, as that of whoever was under control longer
  ended_later := kept.ended_on < coalesce(other.ended_on, 'infinity');
  UPDATE @registry@.person AS p SET status = CASE WHEN ended_later THEN other.status ELSE kept.status END, ended_on = CASE WHEN ended_later THEN other.ended_on ELSE kept.ended_on END
    WHERE p.id = keep AND NOT EXISTS (SELECT FROM @registry@.status_change AS c WHERE c.person = p.id AND c.voided_at IS NULL);
  INSERT INTO @registry@.person_merge (keep, duplicate, reason, decided_by, conflicts, despite, keep_enrolled_on, keep_status, keep_ended_on,
                                       duplicate_enrolled_on, duplicate_status, duplicate_ended_on, moved, voided, added, stayed)
    VALUES (merge_persons.keep, merge_persons.duplicate, merge_persons.reason, merge_persons.decided_by, noted, merge_persons.despite, kept.enrolled_on, kept.status, kept.ended_on,
            other.enrolled_on, other.status, other.ended_on, moved, voided, added, stayed)
    RETURNING id INTO made;
  -- the row stays, with its document and key, so that it is not entered once
  -- more; it was under control on no day that a list can ask for
  UPDATE @registry@.person AS p SET status = 'merged', enrolled_on = '9999-12-31', ended_on = '9999-12-31' WHERE p.id = duplicate;
  PERFORM antifraud.refresh_next_due(registry, ARRAY[keep, duplicate]);
  RETURN made;
END
$body$;
COMMENT ON FUNCTION @registry@.merge_persons(bigint, bigint, text, text, text) IS 'Merge the second person into the first: what names the duplicate names keep from then on, what both have is voided once, the duplicate is under control on no day. For the owner of the registry, who says why and who decided; despite: why they are one person although merge_conflicts() speaks against it. Gives the number of the merge; unmerge_persons() undoes it.';

CREATE FUNCTION @registry@.unmerge_persons(merge bigint, reason text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  registry text := @registry_literal@;
  done @registry@.person_merge;
  why text;
  keeper text;
  keepers text[];
  about record;
  parts text[] := '{}';
  recorded record;
BEGIN
  IF coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('merge %s is not undone without a reason', coalesce(merge::text, 'NULL')),
      HINT = 'Say how it turned out that they are two persons, and who decided.';
  END IF;
  PERFORM @registry@.lock_persons('merges persons');
  SELECT m.* INTO done FROM @registry@.person_merge AS m WHERE m.id = merge FOR UPDATE;
  IF done.id IS NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'no_data_found',
      MESSAGE = format('merge %s does not exist', coalesce(merge::text, 'NULL')),
      HINT = 'The table person_merge lists them.';
  END IF;
  SELECT w.why INTO why FROM (
    SELECT 1, format('It was undone at %s: %s', done.voided_at, done.void_reason) WHERE done.voided_at IS NOT NULL
    UNION ALL
    SELECT 2, format('Person %s is erased, and nothing brings the data back.', e.person) FROM @registry@.erasure AS e WHERE e.person IN (done.keep, done.duplicate)
    UNION ALL
    SELECT 3, format('Person %s was merged into person %s afterwards, by merge %s: undo that first.', m.duplicate, m.keep, m.id) FROM @registry@.person_merge AS m
    WHERE m.duplicate = done.keep AND m.voided_at IS NULL) AS w (rank, why) ORDER BY w.rank, w.why LIMIT 1;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('merge %s cannot be undone', merge),
      DETAIL = why,
      HINT = 'The table person_merge lists the merges.';
  END IF;

  keepers := coalesce(@registry@.row_keepers(), '{}');
  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'DISABLE');
  END LOOP;
  EXECUTE format('ALTER TABLE %I.person DISABLE TRIGGER person_3_merged_update', registry);
  UPDATE @registry@.person AS p SET enrolled_on = done.duplicate_enrolled_on, status = done.duplicate_status, ended_on = done.duplicate_ended_on WHERE p.id = done.duplicate;
  EXECUTE format('ALTER TABLE %I.person ENABLE TRIGGER person_3_merged_update', registry);
  UPDATE @registry@.status_change AS c SET voided_at = greatest(now(), c.recorded_at), voided_by = current_user, void_reason = format('merge %s undone', merge)
    WHERE c.voided_at IS NULL AND c.id IN (SELECT e.value::bigint FROM jsonb_array_elements_text(done.added -> 'status_change.person') AS e);
  FOR about IN
    SELECT split_part(e.key, '.', 1) AS name, split_part(e.key, '.', 2) AS column_name, r.form, e.value AS ids
    FROM jsonb_each(done.moved) AS e
    JOIN @registry@.person_reference AS r ON r.name = split_part(e.key, '.', 1) AND r.column_name = split_part(e.key, '.', 2)
    ORDER BY e.key
  LOOP
    parts := parts || format('m%s AS (UPDATE %I.%I AS d SET %I = %s WHERE d.%I = %s AND d.id = ANY (%L::bigint[]))', cardinality(parts) + 1, registry, about.name,
      about.column_name, CASE about.form WHEN 'id' THEN done.duplicate::text ELSE quote_literal('person:' || done.duplicate) END,
      about.column_name, CASE about.form WHEN 'id' THEN done.keep::text ELSE quote_literal('person:' || done.keep) END,
      ARRAY(SELECT i::bigint FROM jsonb_array_elements_text(about.ids) AS i));
  END LOOP;
  IF parts <> '{}' THEN
    EXECUTE 'WITH ' || array_to_string(parts, ', ') || ' SELECT';
  END IF;
  -- in force again are those that the merge voided, and nobody else
  FOR about IN SELECT split_part(e.key, '.', 1) AS name, e.value AS ids FROM jsonb_each(done.voided) AS e ORDER BY e.key LOOP
    EXECUTE format('UPDATE %I.%I SET voided_at = NULL, voided_by = NULL, void_reason = NULL WHERE id = ANY ($1) AND void_reason LIKE ''merged: person %%''', registry, about.name)
      USING ARRAY(SELECT i::bigint FROM jsonb_array_elements_text(about.ids) AS i);
  END LOOP;
  FOREACH keeper IN ARRAY keepers LOOP
    EXECUTE 'ALTER TABLE ' || format(keeper, 'ENABLE');
  END LOOP;

  SELECT r.status, r.ended_on INTO recorded FROM @registry@.person_status_recorded(done.keep) AS r;
  UPDATE @registry@.person AS p
    SET enrolled_on = CASE WHEN p.enrolled_on = least(done.duplicate_enrolled_on, done.keep_enrolled_on) THEN done.keep_enrolled_on ELSE p.enrolled_on END,
        status = coalesce(recorded.status, done.keep_status), ended_on = CASE WHEN recorded.status IS NULL THEN done.keep_ended_on ELSE recorded.ended_on END
    WHERE p.id = done.keep;
  PERFORM antifraud.refresh_next_due(registry, ARRAY[done.keep, done.duplicate]);
  UPDATE @registry@.person_merge AS m SET void_reason = unmerge_persons.reason WHERE m.id = merge;
END
$body$;
COMMENT ON FUNCTION @registry@.unmerge_persons(bigint, text) IS 'Undo a merge: the rows that it moved name the duplicate again, those that it voided are in force again. What was recorded since stays with the person that was kept. Refused where either was erased since. For the owner of the registry.';
