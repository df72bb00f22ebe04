-- What is read from files, changes of status, decisions and lists, as of any
-- day. Functions take the day, views look as of list_day().

CREATE FUNCTION @registry@.person_statuses(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, unit text, region antifraud.region, status text, controlled boolean, returned boolean)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.id AS person, p.unit, p.region, k.code AS status, k.controlled,
         COALESCE(b.status, f.from_status, p.status) = 'returned' AS returned
  FROM @registry@.person AS p
  -- the first change, which says what was before, and the last by that day
  LEFT JOIN LATERAL (SELECT c.from_status FROM @registry@.status_change AS c
    WHERE c.person = p.id AND c.voided_at IS NULL ORDER BY c.changed_on LIMIT 1) AS f ON true
  LEFT JOIN LATERAL (SELECT c.status FROM @registry@.status_change AS c
    WHERE c.person = p.id AND c.voided_at IS NULL AND c.changed_on <= $1 ORDER BY c.changed_on DESC LIMIT 1) AS l ON f.from_status IS NOT NULL
  LEFT JOIN LATERAL (SELECT c.status FROM @registry@.status_change AS c
    WHERE c.person = p.id AND c.voided_at IS NULL AND c.changed_on <= $1 AND c.status = ANY ('{abroad,returned}') ORDER BY c.changed_on DESC LIMIT 1) AS b ON f.from_status IS NOT NULL
  JOIN @registry@.person_status AS k
    ON k.code = COALESCE(l.status, f.from_status, CASE WHEN p.ended_on > $1 THEN 'listed' ELSE p.status END)
  WHERE p.enrolled_on <= $1 AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2);
END;
COMMENT ON FUNCTION @registry@.person_statuses(date, antifraud.region) IS 'The status of every person enrolled by a day, in a region (null: everywhere), at the end of that day: the last change by then, before the first change what was before it. returned: the last change to abroad or returned is to returned, whatever followed.';

CREATE FUNCTION @registry@.dossier_completeness_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, unit text, region antifraud.region, required bigint, held bigint, expired text[], missing text[], complete boolean)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT s.person, s.unit, s.region, s.required, s.held, s.expired,
         CASE WHEN s.held + cardinality(s.expired) = s.required THEN '{}' ELSE
           ARRAY(SELECT k.code FROM @registry@.dossier_facet_kind AS k WHERE k.required AND k.code <> ALL (s.present) ORDER BY k.rank) END AS missing,
         s.held = s.required AS complete
  FROM (
    SELECT p.person, p.unit, p.region,
           (SELECT count(*) FROM @registry@.dossier_facet_kind AS k WHERE k.required) - count(*) FILTER (WHERE f.state = 'not_applicable') AS required,
           count(*) FILTER (WHERE f.state = 'held' AND f.expires_on >= $1) AS held,
           COALESCE(array_agg(f.kind ORDER BY f.rank) FILTER (WHERE f.state = 'held' AND f.expires_on < $1), '{}') AS expired,
           COALESCE(array_agg(f.kind) FILTER (WHERE f.state <> 'absent'), '{}') AS present
    FROM @registry@.controlled_persons($1, $2) AS p
    LEFT JOIN (
      SELECT d.person, d.kind, k.rank, d.state, d.expires_on
      FROM @registry@.dossier_facet AS d
      JOIN @registry@.dossier_facet_kind AS k ON k.code = d.kind AND k.required
      WHERE d.voided_at IS NULL AND d.collected_on <= $1
        AND NOT EXISTS (SELECT FROM @registry@.dossier_facet AS e
                        WHERE e.person = d.person AND e.kind = d.kind AND e.voided_at IS NULL AND e.collected_on > d.collected_on AND e.collected_on <= $1)
    ) AS f ON f.person = p.person
    GROUP BY p.person, p.unit, p.region
  ) AS s;
END;
COMMENT ON FUNCTION @registry@.dossier_completeness_at(date, antifraud.region) IS 'The files of persons under control on a day, in a region (null: everywhere): facets required (without those that do not apply), held, expired, missing. A facet is held through the day on which it expires.';

CREATE VIEW @registry@.dossier_completeness WITH (security_invoker = true) AS
  SELECT c.person, c.unit, c.region, c.required, c.held, c.expired, c.missing, c.complete
  FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS t CROSS JOIN LATERAL @registry@.dossier_completeness_at(t.day) AS c;
COMMENT ON VIEW @registry@.dossier_completeness IS 'The files of persons under control, as of list_day(): what each holds and lacks.';
COMMENT ON COLUMN @registry@.dossier_completeness.person IS 'The person.';
COMMENT ON COLUMN @registry@.dossier_completeness.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.dossier_completeness.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.dossier_completeness.required IS 'Facets required, without those that do not apply.';
COMMENT ON COLUMN @registry@.dossier_completeness.held IS 'Facets held and not expired.';
COMMENT ON COLUMN @registry@.dossier_completeness.expired IS 'Facets held whose time is over.';
COMMENT ON COLUMN @registry@.dossier_completeness.missing IS 'Facets of which nothing is recorded, or only that there is none.';
COMMENT ON COLUMN @registry@.dossier_completeness.complete IS 'Whether nothing is missing or expired.';

CREATE FUNCTION @registry@.record_dossiers(as_of date, within antifraud.region DEFAULT NULL) RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
  WITH counted AS (
    INSERT INTO @registry@.sample (unit, kind, sampled_on, sampled, positive, source_key)
    SELECT a.unit, 'dossier' AS kind, $1 AS sampled_on, count(*) AS sampled, count(*) FILTER (WHERE a.complete) AS positive, 'dossier:' || $1 || ':' || a.unit AS source_key
    FROM (SELECT @registry@.answering_unit(c.unit, c.region) AS unit, c.complete FROM @registry@.dossier_completeness_at($1, $2) AS c) AS a
    WHERE a.unit IS NOT NULL
    GROUP BY a.unit
    ON CONFLICT DO NOTHING
    RETURNING 1
  )
  SELECT count(*) FROM counted;
END;
COMMENT ON FUNCTION @registry@.record_dossiers(date, antifraud.region) IS 'Count the complete files of each unit on a day: a sample of kind dossier each, once for a day. Gives how many were added. Persons without a unit are left out.';

CREATE FUNCTION @registry@.control_decisions_at(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (decision bigint, person bigint, region antifraud.region, kind text, authority text, document_no text, valid_from date, valid_to date)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT d.id AS decision, d.person, p.region, d.kind, d.authority, d.document_no, d.valid_from, d.valid_to
  FROM @registry@.control_decision AS d
  JOIN @registry@.person AS p ON p.id = d.person
  WHERE d.voided_at IS NULL AND d.valid_from <= $1 AND (d.valid_to IS NULL OR d.valid_to >= $1)
    AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2)
    AND NOT EXISTS (SELECT FROM @registry@.control_decision_lift AS l WHERE l.decision = d.id AND l.voided_at IS NULL AND l.lifted_on <= $1);
END;
COMMENT ON FUNCTION @registry@.control_decisions_at(date, antifraud.region) IS 'Decisions that hold on a day, about persons of a region (null: everywhere).';

CREATE VIEW @registry@.control_decision_in_force WITH (security_invoker = true) AS
  SELECT c.decision, c.person, c.region, c.kind, c.authority, c.document_no, c.valid_from, c.valid_to
  FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS t CROSS JOIN LATERAL @registry@.control_decisions_at(t.day) AS c;
COMMENT ON VIEW @registry@.control_decision_in_force IS 'Decisions that hold, as of list_day().';
COMMENT ON COLUMN @registry@.control_decision_in_force.decision IS 'The decision.';
COMMENT ON COLUMN @registry@.control_decision_in_force.person IS 'The person.';
COMMENT ON COLUMN @registry@.control_decision_in_force.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.control_decision_in_force.kind IS 'What was decided.';
COMMENT ON COLUMN @registry@.control_decision_in_force.authority IS 'Who decided.';
COMMENT ON COLUMN @registry@.control_decision_in_force.document_no IS 'Number of the decision.';
COMMENT ON COLUMN @registry@.control_decision_in_force.valid_from IS 'First day.';
COMMENT ON COLUMN @registry@.control_decision_in_force.valid_to IS 'Last day; null: until it is lifted.';

-- Lists: where each entry is, and the rates.
CREATE FUNCTION @registry@.person_list_entries(as_of date)
RETURNS TABLE (list text, entry bigint, person bigint, added_on date, late boolean, state text, to_unit text, since date, reason text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT e.list, e.id AS entry, e.person, e.added_on, COALESCE(e.added_on > l.frozen_on, false) AS late,
         COALESCE(s.step, 'not_passed_on') AS state,
         CASE WHEN s.step = ANY ('{passed_on,accepted}') THEN w.to_unit END AS to_unit,
         COALESCE(s.done_on, e.added_on) AS since, s.reason
  FROM @registry@.person_list_entry AS e
  JOIN @registry@.person_list AS l ON l.code = e.list
  LEFT JOIN LATERAL (SELECT x.step, x.done_on, x.reason FROM @registry@.person_list_step AS x
    WHERE x.entry = e.id AND x.voided_at IS NULL AND x.done_on <= $1 ORDER BY x.done_on DESC, x.id DESC LIMIT 1) AS s ON true
  LEFT JOIN LATERAL (SELECT x.to_unit FROM @registry@.person_list_step AS x
    WHERE x.entry = e.id AND x.voided_at IS NULL AND x.done_on <= $1 AND x.step = 'passed_on' ORDER BY x.done_on DESC, x.id DESC LIMIT 1) AS w ON true
  WHERE e.voided_at IS NULL AND e.added_on <= $1;
END;
COMMENT ON FUNCTION @registry@.person_list_entries(date) IS 'Entries of lists on a day: whether added after the list was frozen, and where each is: not_passed_on, passed_on (and not accepted yet), accepted, sent_back; with whom, and since when.';

CREATE FUNCTION @registry@.person_list_open_at(as_of date)
RETURNS TABLE (list text, entry bigint, person bigint, region antifraud.region, state text, to_unit text, since date, days integer, reason text)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT e.list, e.entry, e.person, p.region, e.state, e.to_unit, e.since, $1 - e.since AS days, e.reason
  FROM @registry@.person_list_entries($1) AS e
  JOIN @registry@.person AS p ON p.id = e.person
  WHERE e.state <> 'accepted';
END;
COMMENT ON FUNCTION @registry@.person_list_open_at(date) IS 'Entries of lists that nobody has accepted by a day, and for how many days.';

CREATE VIEW @registry@.person_list_open WITH (security_invoker = true) AS
  SELECT o.list, o.entry, o.person, o.region, o.state, o.to_unit, o.since, o.days, o.reason
  FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS t CROSS JOIN LATERAL @registry@.person_list_open_at(t.day) AS o;
COMMENT ON VIEW @registry@.person_list_open IS 'Entries of lists that nobody has accepted, as of list_day().';
COMMENT ON COLUMN @registry@.person_list_open.list IS 'The list.';
COMMENT ON COLUMN @registry@.person_list_open.entry IS 'The entry.';
COMMENT ON COLUMN @registry@.person_list_open.person IS 'The person.';
COMMENT ON COLUMN @registry@.person_list_open.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.person_list_open.state IS 'not_passed_on; passed_on and not accepted; sent_back.';
COMMENT ON COLUMN @registry@.person_list_open.to_unit IS 'With whom it is; null: with whoever issued the list.';
COMMENT ON COLUMN @registry@.person_list_open.since IS 'Since when.';
COMMENT ON COLUMN @registry@.person_list_open.days IS 'For how many days.';
COMMENT ON COLUMN @registry@.person_list_open.reason IS 'Why it was sent back.';

CREATE FUNCTION @registry@.person_list_parts(as_of date)
RETURNS TABLE (list text, to_unit text, state text, persons bigint)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  SELECT e.list, e.to_unit, e.state, count(*) AS persons
  FROM @registry@.person_list_entries($1) AS e
  GROUP BY e.list, e.to_unit, e.state;
END;
COMMENT ON FUNCTION @registry@.person_list_parts(date) IS 'How the persons of each list are divided among towns on a day. The parts add up to the list; to_unit is null where an entry is with nobody.';

CREATE FUNCTION @registry@.person_list_rates(as_of date, late_too boolean DEFAULT false)
RETURNS TABLE (list text, purpose text, done bigint, persons bigint)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT l.code AS list, l.purpose,
         count(*) FILTER (WHERE CASE l.purpose WHEN 'return' THEN s.returned WHEN 'reduction' THEN s.status = 'reduced' ELSE s.controlled END) AS done,
         count(e.entry) AS persons
  FROM @registry@.person_list AS l
  LEFT JOIN @registry@.person_list_entries($1) AS e ON e.list = l.code AND (NOT e.late OR $2)
  LEFT JOIN @registry@.person_statuses($1) AS s ON s.person = e.person
  WHERE l.issued_on <= $1
  GROUP BY l.code, l.purpose;
END;
COMMENT ON FUNCTION @registry@.person_list_rates(date, boolean) IS 'For each list issued by a day, how many of its persons are returned, taken off the list or under control, as its purpose is, by that day, and how many persons it has: numerator and denominator apart. late_too counts those added after it was frozen as well.';

-- Who offended again while under control.
CREATE FUNCTION @registry@.reoffence_rates(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, reoffenders bigint, persons bigint)
STABLE PARALLEL SAFE ROWS 300
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.unit, p.region, count(*) FILTER (WHERE f.subject IS NOT NULL) AS reoffenders, count(*) AS persons
  FROM @registry@.person AS p
  LEFT JOIN (
    SELECT DISTINCT x.subject FROM @registry@.finding AS x
    WHERE x.kind = 'reoffence' AND x.voided_at IS NULL AND x.quantity > 0
      AND x.found_on > ($1 - interval '12 months')::date AND x.found_on <= $1
  ) AS f ON f.subject = 'person:' || p.id
  WHERE p.enrolled_on <= $1 AND (p.ended_on IS NULL OR p.ended_on > ($1 - interval '12 months')::date)
    AND ($2 IS NULL OR p.region OPERATOR(antifraud.<@) $2)
  GROUP BY p.unit, p.region;
END;
COMMENT ON FUNCTION @registry@.reoffence_rates(date, antifraud.region) IS 'Persons under control at some time in the twelve months up to a day, and how many of them a finding of kind reoffence (subject person: and the id) says to have offended again, for each unit and region.';

CREATE VIEW @registry@.reoffence_rate WITH (security_invoker = true) AS
  SELECT r.unit, r.region, r.reoffenders, r.persons
  FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS t CROSS JOIN LATERAL @registry@.reoffence_rates(t.day) AS r;
COMMENT ON VIEW @registry@.reoffence_rate IS 'Persons under control in the last twelve months and those who offended again, by unit, as of list_day().';
COMMENT ON COLUMN @registry@.reoffence_rate.unit IS 'The unit that answers for the persons.';
COMMENT ON COLUMN @registry@.reoffence_rate.region IS 'Where they are under control.';
COMMENT ON COLUMN @registry@.reoffence_rate.reoffenders IS 'Persons who offended again.';
COMMENT ON COLUMN @registry@.reoffence_rate.persons IS 'Persons under control at some time in the twelve months.';
