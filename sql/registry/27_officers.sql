-- Who answers for a person: one responsible officer at any time, and a squad
-- of five for each (qingyuan-2024).

-- A range of one id overlaps with itself alone, so that the constraint needs
-- no further extension.
CREATE TABLE @registry@.responsible_officer (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT responsible_officer_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT responsible_officer_person_fk REFERENCES @registry@.person,
  officer bigint NOT NULL CONSTRAINT responsible_officer_officer_fk REFERENCES @registry@.officer,
  period daterange NOT NULL,
  reason text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT responsible_officer_period_begins CHECK (NOT pg_catalog.isempty(period) AND pg_catalog.isfinite(pg_catalog.lower(period)) IS TRUE),
  CONSTRAINT responsible_officer_one_at_a_time EXCLUDE USING gist
    (pg_catalog.int8range(person, person, '[]') WITH OPERATOR(pg_catalog.&&), period WITH OPERATOR(pg_catalog.&&))
);
-- lists ask who is responsible for a person, and for whom an officer is
CREATE INDEX responsible_officer_person ON @registry@.responsible_officer (person) INCLUDE (officer, period);
CREATE INDEX responsible_officer_officer ON @registry@.responsible_officer (officer) INCLUDE (person, period);
COMMENT ON TABLE @registry@.responsible_officer IS 'The officer responsible for each person, at most one on any day. hand_over() moves the persons of an officer.';
COMMENT ON COLUMN @registry@.responsible_officer.id IS 'Identity; not in order of time.';
COMMENT ON COLUMN @registry@.responsible_officer.person IS 'The person.';
COMMENT ON COLUMN @registry@.responsible_officer.officer IS 'The officer.';
COMMENT ON COLUMN @registry@.responsible_officer.period IS 'The days on which this officer is responsible; without an upper bound while it lasts.';
COMMENT ON COLUMN @registry@.responsible_officer.reason IS 'Why this officer took over; null for the first one.';
COMMENT ON COLUMN @registry@.responsible_officer.recorded_at IS 'When it was entered.';
COMMENT ON COLUMN @registry@.responsible_officer.recorded_by IS 'Who entered it.';

CREATE TABLE @registry@.squad_role (
  code text CONSTRAINT squad_role_pk PRIMARY KEY CONSTRAINT squad_role_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  rank integer NOT NULL CONSTRAINT squad_role_rank_once UNIQUE,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  required boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE @registry@.squad_role IS 'Roles in the squad of a person (qingyuan-2024). An office may add its own.';
COMMENT ON COLUMN @registry@.squad_role.code IS 'Code.';
COMMENT ON COLUMN @registry@.squad_role.rank IS 'Order in lists.';
COMMENT ON COLUMN @registry@.squad_role.label_zh IS 'Name in Chinese.';
COMMENT ON COLUMN @registry@.squad_role.label_en IS 'Name in English.';
COMMENT ON COLUMN @registry@.squad_role.required IS 'Whether a squad without it is incomplete.';
INSERT INTO @registry@.squad_role (code, rank, label_zh, label_en) VALUES
  ('leader', 1, '分管领导', 'leader in charge'),
  ('cadre', 2, '乡镇（街道）责任干部', 'responsible cadre of the town'),
  ('station_leader', 3, '派出所分管领导', 'leader in charge at the police station'),
  ('police', 4, '民警', 'police officer'),
  ('village_cadre', 5, '村社干部', 'village or community cadre');

CREATE TABLE @registry@.squad_member (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT squad_member_pk PRIMARY KEY,
  person bigint NOT NULL CONSTRAINT squad_member_person_fk REFERENCES @registry@.person,
  role text NOT NULL CONSTRAINT squad_member_role_fk REFERENCES @registry@.squad_role,
  officer bigint NOT NULL CONSTRAINT squad_member_officer_fk REFERENCES @registry@.officer,
  period daterange NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  CONSTRAINT squad_member_period_begins CHECK (NOT pg_catalog.isempty(period) AND pg_catalog.isfinite(pg_catalog.lower(period)) IS TRUE),
  -- PostgreSQL has no ranges of text; the handful of roles have distinct hashes
  CONSTRAINT squad_member_one_a_role EXCLUDE USING gist
    (pg_catalog.int8range(person, person, '[]') WITH OPERATOR(pg_catalog.&&),
     pg_catalog.int8range(pg_catalog.hashtext(role)::bigint, pg_catalog.hashtext(role)::bigint, '[]') WITH OPERATOR(pg_catalog.&&),
     period WITH OPERATOR(pg_catalog.&&))
);
CREATE INDEX squad_member_person ON @registry@.squad_member (person, role);
CREATE INDEX squad_member_officer ON @registry@.squad_member (officer);
COMMENT ON TABLE @registry@.squad_member IS 'The squad of each person: at most one officer in a role on any day.';
COMMENT ON COLUMN @registry@.squad_member.id IS 'Identity; not in order of time.';
COMMENT ON COLUMN @registry@.squad_member.person IS 'The person.';
COMMENT ON COLUMN @registry@.squad_member.role IS 'Role; see squad_role.';
COMMENT ON COLUMN @registry@.squad_member.officer IS 'The officer.';
COMMENT ON COLUMN @registry@.squad_member.period IS 'The days on which the officer has the role; without an upper bound while it lasts.';
COMMENT ON COLUMN @registry@.squad_member.recorded_at IS 'When it was entered.';
COMMENT ON COLUMN @registry@.squad_member.recorded_by IS 'Who entered it.';

CREATE FUNCTION @registry@.checked_officer(officer bigint, on_day date) RETURNS bigint
STABLE PARALLEL SAFE
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  left_on date;
BEGIN
  SELECT o.left_on INTO left_on FROM @registry@.officer AS o WHERE o.id = checked_officer.officer;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('officer %s does not exist', coalesce(officer::text, 'NULL')),
      DETAIL = 'The table officer has no such id.',
      HINT = 'Add the officer first, or correct the id.';
  ELSIF left_on < on_day THEN
    RAISE EXCEPTION USING
      ERRCODE = 'object_not_in_prerequisite_state',
      MESSAGE = format('officer %s cannot take over a person on %s', officer, on_day),
      DETAIL = format('The officer left on %s.', left_on),
      HINT = 'Name an officer who serves on that day.';
  END IF;
  RETURN officer;
END
$body$;
COMMENT ON FUNCTION @registry@.checked_officer(bigint, date) IS 'The id of an officer, checked: an error where there is none or the officer has left before that day.';

-- The persons of an officer from a day on go to another. Two handovers at once
-- wait for each other at the rows of the first statement, and see each other's
-- work; a check-in is not in the way, as it locks no row of this table.
CREATE FUNCTION @registry@.hand_over(from_officer bigint, to_officer bigint, on_day date, reason text, persons bigint[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  begun bigint[];     -- rows that began before: they end, and others follow them
  begun_person bigint[];
  begun_end date[];   -- null: without an end
  coming bigint[];    -- rows that begin on that day or later: they change hands
BEGIN
  IF num_nulls(from_officer, to_officer, on_day, reason) > 0 OR btrim(reason) = '' OR NOT isfinite(on_day) OR from_officer = to_officer THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('persons cannot be handed over from officer %s to officer %s on %s',
        coalesce(from_officer::text, 'NULL'), coalesce(to_officer::text, 'NULL'), coalesce(on_day::text, 'NULL')),
      DETAIL = 'A handover needs two different officers, a day and a reason.',
      HINT = 'Call hand_over(from_officer, to_officer, on_day, reason).';
  END IF;
  PERFORM @registry@.checked_officer(from_officer, NULL), @registry@.checked_officer(to_officer, on_day);

  SELECT array_agg(r.id) FILTER (WHERE lower(r.period) < on_day),
         array_agg(r.person) FILTER (WHERE lower(r.period) < on_day),
         array_agg(upper(r.period)) FILTER (WHERE lower(r.period) < on_day),
         array_agg(r.id) FILTER (WHERE lower(r.period) >= on_day)
    INTO begun, begun_person, begun_end, coming
  FROM (
    SELECT o.id, o.person, o.period FROM @registry@.responsible_officer AS o
    WHERE o.officer = from_officer
      AND (upper(o.period) IS NULL OR upper(o.period) > on_day)
      AND (hand_over.persons IS NULL OR o.person = ANY (hand_over.persons))
    ORDER BY o.person, o.id
    FOR UPDATE
  ) AS r;

  UPDATE @registry@.responsible_officer AS o SET period = daterange(lower(o.period), on_day) WHERE o.id = ANY (begun);
  UPDATE @registry@.responsible_officer AS o SET officer = to_officer, reason = hand_over.reason WHERE o.id = ANY (coming);
  INSERT INTO @registry@.responsible_officer (person, officer, period, reason)
    SELECT b.person, to_officer, daterange(on_day, b.until), hand_over.reason
    FROM unnest(begun_person, begun_end) AS b (person, until);
  RETURN coalesce(cardinality(begun), 0) + coalesce(cardinality(coming), 0);
END
$body$;
COMMENT ON FUNCTION @registry@.hand_over(bigint, bigint, date, text, bigint[]) IS 'Every person of an officer (or those named) goes to another officer from on_day on, with the reason; gives how many did.';

CREATE FUNCTION @registry@.assign_officer(person bigint, officer bigint, on_day date, reason text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
  present @registry@.responsible_officer;
  until date;
BEGIN
  PERFORM FROM @registry@.person AS p WHERE p.id = assign_officer.person FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_object',
      MESSAGE = format('person %s does not exist', coalesce(person::text, 'NULL')),
      DETAIL = 'Either there is no such row in the table person, or you may not see it.',
      HINT = 'Look the id up in the table person.';
  ELSIF on_day IS NULL OR NOT isfinite(on_day) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('an officer cannot become responsible on %s', coalesce(on_day::text, 'NULL')),
      HINT = 'Name the first day.';
  END IF;
  PERFORM @registry@.checked_officer(officer, on_day);

  -- waited for here, so that the next statement sees what a handover did
  PERFORM FROM @registry@.responsible_officer AS o WHERE o.person = assign_officer.person ORDER BY o.id FOR UPDATE;
  SELECT * INTO present FROM @registry@.responsible_officer AS o
    WHERE o.person = assign_officer.person AND o.period @> on_day;
  IF present.officer = officer THEN
    RETURN;
  ELSIF lower(present.period) = on_day THEN
    UPDATE @registry@.responsible_officer AS o SET officer = assign_officer.officer, reason = assign_officer.reason WHERE o.id = present.id;
    RETURN;
  ELSIF present.id IS NULL THEN
    until := (SELECT min(lower(o.period)) FROM @registry@.responsible_officer AS o
              WHERE o.person = assign_officer.person AND lower(o.period) > on_day);
  ELSE
    until := upper(present.period);
    UPDATE @registry@.responsible_officer AS o SET period = daterange(lower(o.period), on_day) WHERE o.id = present.id;
  END IF;
  INSERT INTO @registry@.responsible_officer (person, officer, period, reason)
    VALUES (assign_officer.person, assign_officer.officer, daterange(on_day, until), assign_officer.reason);
END
$body$;
COMMENT ON FUNCTION @registry@.assign_officer(bigint, bigint, date, text) IS 'An officer becomes responsible for a person from on_day on, in place of the one before, if any.';

-- Who is under control on a day. A region given, or a condition on region
-- around it, finds its persons by index: hence a branch for each index, with
-- and without a region. (In SQL functions arguments are written $1, $2: their
-- names are also names of columns.)
CREATE FUNCTION @registry@.controlled_persons(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, unit text, region antifraud.region, tier text, enrolled_on date, next_due date, settled_on date)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.id AS person, p.unit, p.region, p.tier, p.enrolled_on, p.next_due, p.settled_on FROM @registry@.person AS p
  WHERE $2 IS NULL AND p.enrolled_on OPERATOR(pg_catalog.<=) $1 AND p.ended_on IS NULL
  UNION ALL
  SELECT p.id AS person, p.unit, p.region, p.tier, p.enrolled_on, p.next_due, p.settled_on FROM @registry@.person AS p
  WHERE $2 IS NULL AND p.enrolled_on OPERATOR(pg_catalog.<=) $1 AND p.ended_on OPERATOR(pg_catalog.>=) $1
  UNION ALL
  SELECT p.id AS person, p.unit, p.region, p.tier, p.enrolled_on, p.next_due, p.settled_on FROM @registry@.person AS p
  WHERE p.region OPERATOR(antifraud.<@) $2 AND p.enrolled_on OPERATOR(pg_catalog.<=) $1 AND p.ended_on IS NULL
  UNION ALL
  SELECT p.id AS person, p.unit, p.region, p.tier, p.enrolled_on, p.next_due, p.settled_on FROM @registry@.person AS p
  WHERE p.region OPERATOR(antifraud.<@) $2 AND p.enrolled_on OPERATOR(pg_catalog.<=) $1 AND p.ended_on OPERATOR(pg_catalog.>=) $1;
END;
COMMENT ON FUNCTION @registry@.controlled_persons(date, antifraud.region) IS 'Persons under control on a day, in a region (null: everywhere); tier, next_due and settled_on as they are kept now.';

CREATE FUNCTION @registry@.squad_vacancies(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, unit text, region antifraud.region, tier text, role text, role_zh text, role_en text, left_on date)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.person, p.unit, p.region, p.tier, r.code AS role, r.label_zh AS role_zh, r.label_en AS role_en, m.left_on
  FROM @registry@.controlled_persons($1, $2) AS p
  CROSS JOIN @registry@.squad_role AS r
  LEFT JOIN LATERAL (
    SELECT o.id, o.left_on FROM @registry@.squad_member AS q
    JOIN @registry@.officer AS o ON o.id OPERATOR(pg_catalog.=) q.officer
    WHERE q.person OPERATOR(pg_catalog.=) p.person AND q.role OPERATOR(pg_catalog.=) r.code AND q.period OPERATOR(pg_catalog.@>) $1
  ) AS m ON true
  WHERE r.required AND (m.id IS NULL OR m.left_on OPERATOR(pg_catalog.<) $1)
  ORDER BY p.person, r.rank;
END;
COMMENT ON FUNCTION @registry@.squad_vacancies(date, antifraud.region) IS 'Persons under control on a day, in a region (null: everywhere), and the roles of their squads that nobody fills: nobody was named, or who was has left (left_on).';

CREATE VIEW @registry@.squad_vacancy WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT v.person, v.unit, v.region, v.tier, v.role, v.role_zh, v.role_en, v.left_on
  FROM today AS t CROSS JOIN LATERAL @registry@.squad_vacancies(t.day) AS v;
COMMENT ON VIEW @registry@.squad_vacancy IS 'Roles that nobody fills in the squads of persons under control, as of list_day(); empty when all squads are complete.';
COMMENT ON COLUMN @registry@.squad_vacancy.person IS 'The person.';
COMMENT ON COLUMN @registry@.squad_vacancy.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.squad_vacancy.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.squad_vacancy.tier IS 'The tier, as kept.';
COMMENT ON COLUMN @registry@.squad_vacancy.role IS 'Code of the role; see squad_role.';
COMMENT ON COLUMN @registry@.squad_vacancy.role_zh IS 'Its name in Chinese.';
COMMENT ON COLUMN @registry@.squad_vacancy.role_en IS 'Its name in English.';
COMMENT ON COLUMN @registry@.squad_vacancy.left_on IS 'Last day of whoever had the role; null: nobody was named.';

CREATE FUNCTION @registry@.squads(as_of date, within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, unit text, region antifraud.region, tier text, role text, role_zh text, role_en text, officer bigint, since date, vacant boolean, plan text)
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.person, p.unit, p.region, p.tier, r.code AS role, r.label_zh AS role_zh, r.label_en AS role_en, m.officer, m.since, m.officer IS NULL AS vacant, c.plan
  FROM @registry@.controlled_persons($1, $2) AS p
  CROSS JOIN @registry@.squad_role AS r
  LEFT JOIN LATERAL (
    SELECT o.id AS officer, pg_catalog.lower(q.period) AS since FROM @registry@.squad_member AS q
    JOIN @registry@.officer AS o ON o.id OPERATOR(pg_catalog.=) q.officer
    WHERE q.person OPERATOR(pg_catalog.=) p.person AND q.role OPERATOR(pg_catalog.=) r.code AND q.period OPERATOR(pg_catalog.@>) $1
      AND (o.left_on IS NULL OR o.left_on OPERATOR(pg_catalog.>=) $1)
  ) AS m ON true
  LEFT JOIN LATERAL (
    SELECT l.plan FROM @registry@.control_plan AS l
    WHERE l.person OPERATOR(pg_catalog.=) p.person AND l.voided_at IS NULL AND l.valid_from OPERATOR(pg_catalog.<=) $1
    ORDER BY l.valid_from DESC LIMIT 1
  ) AS c ON true
  WHERE r.required OR m.officer IS NOT NULL
  ORDER BY p.person, r.rank;
END;
COMMENT ON FUNCTION @registry@.squads(date, antifraud.region) IS 'The squad of each person under control on a day, in a region (null: everywhere): a row for each role that is required or filled, and the plan for the person. Who has left fills no role.';

CREATE VIEW @registry@.squad WITH (security_invoker = true) AS
  WITH today AS MATERIALIZED (SELECT @registry@.list_day() AS day)
  SELECT s.person, s.unit, s.region, s.tier, s.role, s.role_zh, s.role_en, s.officer, s.since, s.vacant, s.plan
  FROM today AS t CROSS JOIN LATERAL @registry@.squads(t.day) AS s;
COMMENT ON VIEW @registry@.squad IS 'The squad of each person under control, as of list_day(): a row for each role that is required or filled, and the plan for the person.';
COMMENT ON COLUMN @registry@.squad.person IS 'The person.';
COMMENT ON COLUMN @registry@.squad.unit IS 'The unit that answers for the person.';
COMMENT ON COLUMN @registry@.squad.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.squad.tier IS 'The tier, as kept.';
COMMENT ON COLUMN @registry@.squad.role IS 'Code of the role; see squad_role.';
COMMENT ON COLUMN @registry@.squad.role_zh IS 'Its name in Chinese.';
COMMENT ON COLUMN @registry@.squad.role_en IS 'Its name in English.';
COMMENT ON COLUMN @registry@.squad.officer IS 'The officer who fills it; null: nobody, or one who has left.';
COMMENT ON COLUMN @registry@.squad.since IS 'First day on which that officer has the role.';
COMMENT ON COLUMN @registry@.squad.vacant IS 'Whether nobody fills the role.';
COMMENT ON COLUMN @registry@.squad.plan IS 'The plan in force for the person, the same in each row; null: none.';
