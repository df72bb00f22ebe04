-- Random histories: after each step, what is kept equals what the history
-- gives; and the same facts, entered in another order, give the same.
\ir setup.psql
\ir registry_setup.psql

SELECT no_plan();
SELECT antifraud.create_registry('other') \g /dev/null

INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on)
  SELECT 'other', 'P' || n, (ARRAY['370323002002', '370323002003', '370302001001'])[1 + n % 3], DATE '2024-01-01' + n FROM generate_series(1, 15) AS n;
INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, (ARRAY['low', 'medium', 'high'])[1 + id % 3], enrolled_on FROM fraud.person;

CREATE FUNCTION pg_temp.one_of(VARIADIC choices text[]) RETURNS text LANGUAGE sql
  RETURN choices[1 + floor(random() * cardinality(choices))::int];
CREATE FUNCTION pg_temp.some_day() RETURNS date LANGUAGE sql
  RETURN DATE '2024-01-01' + floor(random() * 120)::int;
CREATE FUNCTION pg_temp.somebody() RETURNS bigint LANGUAGE sql
  RETURN 1 + floor(random() * 15)::bigint;

-- Check-ins are recorded up to twelve days ago, so that some are voided late;
-- the note tells the other registry when. All of them are of 2024: those from
-- the middle of February on are within the days that a policy may allow.
CREATE FUNCTION said_when() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := coalesce(NEW.note, (now() - floor(random() * 12) * interval '1 day')::text);
  NEW.recorded_at := NEW.note::timestamptz;
  RETURN NEW;
END
$$;
CREATE TRIGGER zz_said_when BEFORE INSERT ON fraud.checkin FOR EACH ROW EXECUTE FUNCTION said_when();
CREATE TRIGGER zz_said_when BEFORE INSERT ON other.checkin FOR EACH ROW EXECUTE FUNCTION said_when();

UPDATE fraud.control_policy SET late_entry_days = current_date - DATE '2024-03-01' WHERE tier = 'high';
UPDATE fraud.control_policy SET void_within_days = 3 WHERE tier IN ('medium', 'high');

-- One step; what it did.
CREATE FUNCTION pg_temp.step() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  what text := pg_temp.one_of('done', 'done', 'done', 'done', 'done', 'done', 'failed', 'many', 'many', 'void', 'void', 'tier', 'tier', 'void_tier',
    'pause', 'pause', 'void_pause', 'end_pause', 'policy', 'change_policy', 'drop_policy', 'holiday', 'no_holiday', 'move', 'enrol', 'end', 'go_on', 'go_on', 'go_on');
  who bigint := pg_temp.somebody();
  day date := pg_temp.some_day();
  chosen bigint;
BEGIN
  CASE what
    WHEN 'done' THEN
      -- mostly a little after the last one, as life goes
      day := coalesce((SELECT settled_on FROM fraud.person WHERE id = who AND random() < 0.8) + floor(random() * 12)::int, day);
      INSERT INTO fraud.checkin (person, checked_at) VALUES (who, day + time '09:00' AT TIME ZONE 'Asia/Shanghai');
    WHEN 'failed' THEN
      INSERT INTO fraud.checkin (person, checked_at, outcome) VALUES (who, day + time '09:00' AT TIME ZONE 'Asia/Shanghai', 'failed');
    WHEN 'many' THEN
      INSERT INTO fraud.checkin (person, checked_at, outcome)
        SELECT p.id, p.settled_on + floor(random() * 12)::int - 2 + time '09:00' AT TIME ZONE 'Asia/Shanghai', pg_temp.one_of('completed', 'completed', 'failed')
        FROM fraud.person AS p, generate_series(1, 2) AS n WHERE random() < 0.4;
    WHEN 'void' THEN
      SELECT id INTO chosen FROM fraud.checkin WHERE voided_at IS NULL ORDER BY random() LIMIT 1;
      UPDATE fraud.checkin SET void_reason = 'x' WHERE id = chosen;
    WHEN 'tier' THEN
      INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (who, pg_temp.one_of('low', 'medium', 'high'), day)
        ON CONFLICT (person, changed_on) WHERE voided_at IS NULL DO NOTHING;
    WHEN 'void_tier' THEN
      SELECT id INTO chosen FROM fraud.tier_change WHERE voided_at IS NULL ORDER BY random() LIMIT 1;
      UPDATE fraud.tier_change SET void_reason = 'x' WHERE id = chosen;
    WHEN 'pause' THEN
      IF random() < 0.05 THEN
        INSERT INTO fraud.suspension (person, ground, starts_on, approver) VALUES (who, 'custody', day, 'A');
      ELSE
        INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (who, 'hospital', day, day + floor(random() * 20)::int, 'A');
      END IF;
    WHEN 'void_pause' THEN
      SELECT id INTO chosen FROM fraud.suspension WHERE voided_at IS NULL ORDER BY random() LIMIT 1;
      UPDATE fraud.suspension SET void_reason = 'x' WHERE id = chosen;
    WHEN 'end_pause' THEN
      SELECT id INTO chosen FROM fraud.suspension WHERE voided_at IS NULL ORDER BY random() LIMIT 1;
      PERFORM fraud.end_suspension(id, starts_on, 'x') FROM fraud.suspension WHERE id = chosen;
    WHEN 'policy' THEN
      INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, grace, anchor, shift, partial, change, pause, late_entry_days, void_within_days, basis) VALUES
        (pg_temp.one_of('low', 'medium', 'high'), pg_temp.one_of('37', '370323', '370323002002', '370302', NULL)::region, day,
         pg_temp.one_of('every 3 days', 'every 5 days', 'every 9 days', 'every week', 'every month', 'every quarter', 'every 4 days', 'every 10 days', 'every 6 weeks', '2 per week', '1 per month', '1 per term', NULL)::cadence,
         floor(random() * 3)::int, pg_temp.one_of('actual', 'actual', 'actual', 'grid'), pg_temp.one_of('none', 'none', 'none', 'before'), pg_temp.one_of('skip', 'prorate'),
         pg_temp.one_of('min', 'min', 'min', 'min', 'open', 'restart'), pg_temp.one_of('stop', 'stop', 'stop', 'stop', 'run', 'restart'),
         CASE WHEN random() < 0.5 THEN current_date - DATE '2024-03-01' + floor(random() * 9)::int END, CASE WHEN random() < 0.5 THEN floor(random() * 9)::int END, 'x')
        ON CONFLICT ON CONSTRAINT control_policy_once DO NOTHING;
    WHEN 'change_policy' THEN
      SELECT id INTO chosen FROM fraud.control_policy WHERE basis = 'x' ORDER BY random() LIMIT 1;
      UPDATE fraud.control_policy SET tier = pg_temp.one_of('low', 'medium', 'high'), region = pg_temp.one_of('370323002003', '3703')::region,
        valid_from = day + 1000 * chosen::int % 7 WHERE id = chosen
        AND NOT EXISTS (SELECT FROM fraud.control_policy WHERE region IN ('370323002003', '3703'));
    WHEN 'drop_policy' THEN
      SELECT id INTO chosen FROM fraud.control_policy WHERE basis = 'x' ORDER BY random() LIMIT 1;
      DELETE FROM fraud.control_policy WHERE id = chosen;
    WHEN 'holiday' THEN
      INSERT INTO fraud.calendar_day (day, kind) SELECT d, k FROM (VALUES (day, pg_temp.one_of('holiday', 'term'))) AS v (d, k)
        WHERE NOT EXISTS (SELECT FROM fraud.calendar_day AS c WHERE c.day = d);
    WHEN 'no_holiday' THEN
      DELETE FROM fraud.calendar_day AS c WHERE c.day = (SELECT x.day FROM fraud.calendar_day AS x WHERE x.day >= '2024-01-01' ORDER BY random() LIMIT 1);
    WHEN 'move' THEN
      UPDATE fraud.person SET region = pg_temp.one_of('370323002002', '370323002003', '370302001001')::region WHERE id = who;
    WHEN 'enrol' THEN
      UPDATE fraud.person SET enrolled_on = day WHERE id = who AND ended_on IS NULL;
    WHEN 'end' THEN
      UPDATE fraud.person SET status = 'reduced', ended_on = greatest(day, enrolled_on) WHERE id = who;
    WHEN 'go_on' THEN
      UPDATE fraud.person SET status = 'listed', ended_on = NULL WHERE id = who;
  END CASE;
  RETURN format('%s, person %s, %s', what, who, day);
END
$$;

CREATE TABLE wrong (step int, what text, difference text);
CREATE TABLE plain (persons bigint);
CREATE PROCEDURE pg_temp.walk(steps int, seed float8) LANGUAGE plpgsql AS $$
DECLARE
  what text;
BEGIN
  PERFORM setseed(seed);
  FOR n IN 1 .. steps LOOP
    what := pg_temp.step();
    INSERT INTO wrong SELECT n, what, d::text FROM fraud.next_due_difference AS d;
    EXIT WHEN FOUND;
    INSERT INTO plain SELECT count(*) FROM fraud.person WHERE plain_cadence IS NOT NULL;
  END LOOP;
END
$$;

-- The same facts in any order: a second registry gets them one by one, mixed.
CREATE FUNCTION pg_temp.copied() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  statement text;
BEGIN
  DELETE FROM other.calendar_day;
  DELETE FROM other.control_policy;
  INSERT INTO other.person (id, document_kind, document_no, region, enrolled_on, ended_on, status) OVERRIDING SYSTEM VALUE
    SELECT id, document_kind, document_no, region, enrolled_on, ended_on, status FROM fraud.person;
  INSERT INTO other.calendar_day SELECT * FROM fraud.calendar_day WHERE day < '2024-01-01' OR kind = 'makeup_workday';
  FOR statement IN
    SELECT s FROM (
      SELECT format('INSERT INTO other.checkin (person, checked_at, outcome, note, source_key) VALUES (%L, %L, %L, %L, %L)', person, checked_at, outcome, note, id) FROM fraud.checkin
      UNION ALL SELECT format('INSERT INTO other.tier_change (person, tier, changed_on) VALUES (%L, %L, %L)', person, tier, changed_on) FROM fraud.tier_change WHERE voided_at IS NULL
      UNION ALL SELECT format('INSERT INTO other.suspension (person, ground, starts_on, ends_on, approver) VALUES (%L, %L, %L, %L, %L)',
        person, ground, starts_on, ends_on, approver) FROM fraud.suspension WHERE voided_at IS NULL
      UNION ALL SELECT format('INSERT INTO other.control_policy (tier, region, valid_from, cadence, grace, anchor, shift, partial, change, pause, late_entry_days, void_within_days, basis) VALUES (%L, %L, %L, %L, %L, %L, %L, %L, %L, %L, %L, %L, %L)',
        tier, region, valid_from, cadence, grace, anchor, shift, partial, change, pause, late_entry_days, void_within_days, basis) FROM fraud.control_policy
      UNION ALL SELECT format('INSERT INTO other.calendar_day (day, kind) VALUES (%L, %L)', day, kind) FROM fraud.calendar_day WHERE day >= '2024-01-01' AND kind <> 'makeup_workday'
    ) AS all_facts (s) ORDER BY random()
  LOOP
    EXECUTE statement;
  END LOOP;
  UPDATE other.checkin AS o SET void_reason = 'x' FROM fraud.checkin AS c WHERE o.source_key = c.id::text AND c.voided_at IS NOT NULL;
  RETURN QUERY SELECT (p, o)::text
    FROM (SELECT id, tier, last_done, next_due, settled_on, plain_cadence::text FROM fraud.person) AS p
    JOIN (SELECT id, tier, last_done, next_due, settled_on, plain_cadence::text FROM other.person) AS o USING (id)
    WHERE p IS DISTINCT FROM o
    UNION ALL SELECT d::text FROM other.next_due_difference AS d;
END
$$;

CALL pg_temp.walk(400, 0.25);
SELECT is((SELECT string_agg(w::text, E'\n') FROM wrong AS w), NULL, '400 random steps: after each, what is kept is what the history gives');
SELECT is((SELECT string_agg(c, E'\n') FROM pg_temp.copied() AS c), NULL, 'the facts in force, entered in another order, give the same');
SELECT cmp_ok((SELECT avg(persons) FROM plain), '>', 2.0, 'some persons are plain, on average');
SELECT cmp_ok((SELECT avg(persons) FROM plain), '<', 12.0, 'and others not');
SELECT cmp_ok((SELECT count(*) FROM fraud.checkin WHERE voided_at IS NULL AND outcome = 'completed'), '>', 100::bigint, 'there were many check-ins');

-- What counts, told another way: each check-in by the latest policy of the
-- most specific region on its day.
CREATE FUNCTION pg_temp.counts(c fraud.checkin, place antifraud.region) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  tier_then text;
  late integer;
  void_limit integer;
  one record;
  found_row fraud.control_policy;
BEGIN
  SELECT t.tier INTO tier_then FROM fraud.tier_change AS t
    WHERE t.person = c.person AND t.voided_at IS NULL AND t.changed_on <= c.done_on ORDER BY t.changed_on DESC LIMIT 1;
  FOR one IN SELECT DISTINCT coalesce(region_level(x.region), 0) AS level FROM fraud.control_policy AS x ORDER BY 1 LOOP
    SELECT y.* INTO found_row FROM fraud.control_policy AS y
      WHERE y.tier = tier_then AND coalesce(region_level(y.region), 0) = one.level AND (y.region IS NULL OR place <@ y.region) AND y.valid_from <= c.done_on
      ORDER BY y.valid_from DESC LIMIT 1;
    IF FOUND AND found_row.cadence IS NOT NULL THEN
      late := found_row.late_entry_days;
      void_limit := found_row.void_within_days;
    END IF;
  END LOOP;
  RETURN c.outcome = 'completed'
    AND (late IS NULL OR (c.recorded_at AT TIME ZONE 'Asia/Shanghai')::date <= c.done_on + late)
    AND (c.voided_at IS NULL OR (void_limit IS NOT NULL AND (c.voided_at AT TIME ZONE 'Asia/Shanghai')::date > (c.recorded_at AT TIME ZONE 'Asia/Shanghai')::date + void_limit));
END
$$;
SELECT is((SELECT string_agg(format('%s: %s, not %s', p.id, h.done, w.done), '; ')
           FROM fraud.person AS p JOIN fraud.person_history AS h ON h.person = p.id
           CROSS JOIN LATERAL (SELECT array_agg(c.done_on ORDER BY c.done_on) AS done FROM fraud.checkin AS c WHERE c.person = p.id AND pg_temp.counts(c, p.region)) AS w
           WHERE h.done IS DISTINCT FROM w.done), NULL, 'the check-ins that count');
SELECT cmp_ok((SELECT count(*) FROM fraud.checkin AS c JOIN fraud.person AS p ON p.id = c.person WHERE c.voided_at IS NULL AND c.outcome = 'completed' AND NOT pg_temp.counts(c, p.region)), '>', 5::bigint, 'some were entered too late');
SELECT cmp_ok((SELECT count(*) FROM fraud.checkin AS c JOIN fraud.person AS p ON p.id = c.person WHERE c.voided_at IS NOT NULL AND pg_temp.counts(c, p.region)), '>', 0::bigint, 'some count though voided');
SELECT finish();
