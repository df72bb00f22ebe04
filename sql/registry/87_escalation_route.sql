-- Whom an escalation concerns: from the unit to the officers who must know, on
-- four levels, out of the rosters. Who is away is stood in for by a deputy;
-- where nobody is left the place is vacant, and that is raised too.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('vacancy', '责任岗位空缺', 'level without anybody to tell', '级', 'level', 'standing',
   'A level of a unit on which nobody can be told of an escalation at the end of the day looked at; amount: days since it is vacant, 1 where that is not known. For rules that raise.');

CREATE TABLE @registry@.escalation_level (
  code text CONSTRAINT escalation_level_pk PRIMARY KEY CONSTRAINT escalation_level_code_form CHECK (code ~ '^[a-z][a-z0-9_]*$'),
  rank integer NOT NULL CONSTRAINT escalation_level_rank_once UNIQUE,
  label_zh text NOT NULL,
  label_en text NOT NULL,
  unit_kinds text[] CONSTRAINT escalation_level_kinds_named CHECK (array_position(unit_kinds, NULL) IS NULL)
);
COMMENT ON TABLE @registry@.escalation_level IS 'The levels that must know of an escalation (qingyuan-2024, 三（一）3: county, town, village, grid).';
COMMENT ON COLUMN @registry@.escalation_level.rank IS 'Order, the lowest first.';
COMMENT ON COLUMN @registry@.escalation_level.unit_kinds IS 'Kinds of unit whose officers stand on this level; null: every kind that no higher level names.';
INSERT INTO @registry@.escalation_level (code, rank, label_zh, label_en, unit_kinds) VALUES
  ('grid', 1, '网格', 'grid', '{community,village,cluster,compound}'),
  ('village', 2, '村（社区）', 'village or community', NULL),
  ('town', 3, '镇（街道）', 'town or street', '{town}'),
  ('county', 4, '县（区）', 'county', '{county}');
SELECT @registry@.comment_code_lists('{escalation_level}');

CREATE VIEW @registry@.escalation_kind_level WITH (security_invoker = true) AS
SELECT k.code AS unit_kind, l.code AS level, l.rank
FROM @registry@.unit_kind AS k
JOIN @registry@.escalation_level AS l
  ON k.code = ANY (l.unit_kinds)
  OR (l.unit_kinds IS NULL AND NOT EXISTS (SELECT FROM @registry@.escalation_level AS x WHERE x.rank > l.rank AND k.code = ANY (x.unit_kinds)));
COMMENT ON VIEW @registry@.escalation_kind_level IS 'On which levels the officers of units of each kind stand.';
COMMENT ON COLUMN @registry@.escalation_kind_level.unit_kind IS 'Kind of unit.';
COMMENT ON COLUMN @registry@.escalation_kind_level.level IS 'The level.';
COMMENT ON COLUMN @registry@.escalation_kind_level.rank IS 'Order of the level, the lowest first.';

CREATE TABLE @registry@.escalation_recipient (
  level text NOT NULL CONSTRAINT escalation_recipient_level_fk REFERENCES @registry@.escalation_level,
  role text NOT NULL CONSTRAINT escalation_recipient_role_fk REFERENCES @registry@.officer_role,
  head boolean NOT NULL DEFAULT false,
  CONSTRAINT escalation_recipient_pk PRIMARY KEY (level, role)
);
COMMENT ON TABLE @registry@.escalation_recipient IS 'Roles of officers who must know, on each level. An office may add others.';
COMMENT ON COLUMN @registry@.escalation_recipient.level IS 'The level; see escalation_level.';
COMMENT ON COLUMN @registry@.escalation_recipient.role IS 'The role; see officer_role.';
COMMENT ON COLUMN @registry@.escalation_recipient.head IS 'Whether it is the head, who is interviewed.';
INSERT INTO @registry@.escalation_recipient (level, role, head) VALUES
  ('grid', 'grid', false),
  ('village', 'first_responsible', true),
  ('village', 'leader', true),
  ('village', 'liaison', false),
  ('town', 'first_responsible', true),
  ('town', 'leader', true),
  ('town', 'liaison', false),
  ('county', 'first_responsible', true),
  ('county', 'leader', true),
  ('county', 'liaison', false);

CREATE TABLE @registry@.vacancy_kind (
  code text CONSTRAINT vacancy_kind_pk PRIMARY KEY,
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.vacancy_kind IS 'Why nobody can be told on a level.';
INSERT INTO @registry@.vacancy_kind (code, label_zh, label_en) VALUES
  ('no_unit', '无此级单位', 'no unit on this level'),
  ('nobody', '无人任职', 'nobody was named'),
  ('left', '已离任，无人接替', 'who was named has left'),
  ('away', '离岗，无人代理', 'away, with nobody acting'),
  ('out_of_scope', '不在查看范围内', 'outside of the scope of the reader');
SELECT @registry@.comment_code_lists('{vacancy_kind}');

-- Officers who must know, with who acts for them on the day: from deputy to
-- deputy, five at most, so that a circle ends. One row an officer of a role;
-- acting is null where nobody does. Planned once a session, like what follows:
-- for one unit planning takes longer than reading.
CREATE FUNCTION @registry@.escalation_officers(on_day date, units text[] DEFAULT NULL)
RETURNS TABLE (unit text, level text, role text, head boolean, officer bigint, acting bigint, away_since date)
STABLE PARALLEL SAFE ROWS 1000
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH RECURSIVE serving AS MATERIALIZED (
    SELECT o.unit, r.level, o.role, r.head, o.id AS officer
    FROM @registry@.officer AS o
    JOIN @registry@.unit AS u ON u.code = o.unit
    JOIN @registry@.escalation_kind_level AS l ON l.unit_kind = u.kind
    JOIN @registry@.escalation_recipient AS r ON r.role = o.role AND r.level = l.level
    WHERE ($2 IS NULL OR o.unit = ANY ($2))
      AND (o.joined_on <= $1) IS NOT FALSE AND (o.left_on >= $1) IS NOT FALSE
  ), acts AS (
    SELECT DISTINCT s.officer, s.officer AS acting, 0 AS hops FROM serving AS s
    UNION ALL
    SELECT a.officer, d.deputy AS acting, a.hops + 1 AS hops
    FROM acts AS a
    JOIN @registry@.escalation_delegation AS d ON d.officer = a.acting AND d.period @> $1
    WHERE a.acting IS NOT NULL AND a.hops < 5
  ), final AS (
    SELECT DISTINCT ON (a.officer) a.officer, CASE WHEN e.left_on < $1 OR e.joined_on > $1 OR w.id IS NOT NULL THEN NULL ELSE a.acting END AS acting, own.since
    FROM acts AS a
    LEFT JOIN @registry@.officer AS e ON e.id = a.acting
    LEFT JOIN @registry@.escalation_delegation AS w ON w.officer = a.acting AND w.period @> $1
    LEFT JOIN LATERAL (SELECT lower(d.period) AS since FROM @registry@.escalation_delegation AS d WHERE d.officer = a.officer AND d.period @> $1) AS own ON true
    ORDER BY a.officer, a.hops DESC
  )
  SELECT s.unit, s.level, s.role, s.head, s.officer, f.acting, f.since AS away_since
  FROM serving AS s JOIN final AS f ON f.officer = s.officer;
END
$body$;
COMMENT ON FUNCTION @registry@.escalation_officers(date, text[]) IS 'Officers of units (null: all) who must know of escalations on a day, the level on which they stand, and who acts: themselves, a deputy while they are away, or nobody.';

CREATE FUNCTION @registry@.escalation_route_of(about text, on_day date)
RETURNS TABLE (level text, rank integer, level_zh text, level_en text, unit text, unit_name text, role text, role_zh text, role_en text, head boolean,
               officer bigint, acting_for bigint, phone text, vacancy text, vacancy_zh text, vacancy_en text)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH RECURSIVE parents AS (
    SELECT u.code, u.parent, 0 AS hops FROM @registry@.unit AS u WHERE u.code = $1
    UNION ALL
    SELECT u.code, u.parent, p.hops + 1 AS hops FROM parents AS p JOIN @registry@.unit AS u ON u.code = p.parent WHERE p.hops < 8
  ), place AS MATERIALIZED (
    -- by the parents that are entered, and by the divisions in which it lies
    SELECT x.code, u.name, l.level, l.rank, x.code = $1 AS own
    FROM (SELECT p.code FROM parents AS p UNION SELECT a.above AS code FROM @registry@.unit_above AS a WHERE a.unit = $1) AS x
    JOIN @registry@.unit AS u ON u.code = x.code
    JOIN @registry@.escalation_kind_level AS l ON l.unit_kind = u.kind
  ), told AS MATERIALIZED (
    SELECT o.unit, o.level, o.role, o.head, o.officer, o.acting
    FROM @registry@.escalation_officers($2, ARRAY(SELECT DISTINCT p.code FROM place AS p)) AS o
  )
  SELECT l.code AS level, l.rank, l.label_zh AS level_zh, l.label_en AS level_en, p.code AS unit, p.name AS unit_name,
         t.role, r.label_zh AS role_zh, r.label_en AS role_en, t.head,
         t.acting AS officer, CASE WHEN t.acting <> t.officer THEN t.officer END AS acting_for, e.phone,
         v.code AS vacancy, v.label_zh AS vacancy_zh, v.label_en AS vacancy_en
  FROM @registry@.escalation_level AS l
  LEFT JOIN place AS p ON p.level = l.code
  LEFT JOIN told AS t ON t.unit = p.code AND t.level = l.code AND t.acting IS NOT NULL
  LEFT JOIN @registry@.officer AS e ON e.id = t.acting
  LEFT JOIN @registry@.officer_role AS r ON r.code = t.role
  LEFT JOIN @registry@.vacancy_kind AS v ON v.code = CASE
    WHEN t.officer IS NOT NULL THEN NULL
    WHEN p.code IS NULL THEN CASE WHEN row_security_active(format('%I.unit', @registry_literal@)) THEN 'out_of_scope' ELSE 'no_unit' END
    WHEN EXISTS (SELECT FROM told AS x WHERE x.unit = p.code AND x.level = l.code) THEN 'away'
    WHEN EXISTS (SELECT FROM @registry@.officer AS x JOIN @registry@.escalation_recipient AS q ON q.level = l.code AND q.role = x.role WHERE x.unit = p.code AND x.left_on < $2) THEN 'left'
    ELSE 'nobody' END
  WHERE l.rank >= (SELECT min(own.rank) FROM place AS own WHERE own.own)
    -- of the units of a level one with somebody to tell will do
    AND (t.officer IS NOT NULL OR NOT EXISTS (SELECT FROM told AS x WHERE x.level = l.code AND x.acting IS NOT NULL))
  ORDER BY l.rank, t.head DESC, t.role, t.officer;
END
$body$;
COMMENT ON FUNCTION @registry@.escalation_route_of(text, date) IS 'What escalation_route() gives.';

CREATE FUNCTION @registry@.escalation_route(unit text, on_day date)
RETURNS TABLE (level text, rank integer, level_zh text, level_en text, unit text, unit_name text, role text, role_zh text, role_en text, head boolean,
               officer bigint, acting_for bigint, phone text, vacancy text, vacancy_zh text, vacancy_en text)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT r.level, r.rank, r.level_zh, r.level_en, r.unit, r.unit_name, r.role, r.role_zh, r.role_en, r.head, r.officer, r.acting_for, r.phone, r.vacancy, r.vacancy_zh, r.vacancy_en
  FROM @registry@.escalation_route_of($1, $2) AS r;
END;
COMMENT ON FUNCTION @registry@.escalation_route(text, date) IS 'Who must know of an escalation about a unit on a day: officers of its grid, village, town and county from the rosters, deputies in place of who is away; and a row with a vacancy for each level on which there is nobody. Levels below that of the unit itself are left out.';

-- The places of which a unit itself has to take care: its own levels.
CREATE FUNCTION @registry@.escalation_vacancies(as_of date, within antifraud.region DEFAULT NULL, units text[] DEFAULT NULL)
RETURNS TABLE (unit text, region antifraud.region, level text, level_zh text, level_en text, vacancy text, vacancy_zh text, vacancy_en text, since date)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $body$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH kind_level AS MATERIALIZED (
    SELECT x.unit_kind, x.level FROM @registry@.escalation_kind_level AS x
  ), told AS MATERIALIZED (
    SELECT o.unit, o.level, bool_or(o.acting IS NOT NULL) AS somebody, max(o.away_since) AS away_since
    FROM @registry@.escalation_officers($1, CASE WHEN $3 IS NOT NULL THEN $3 WHEN $2 IS NOT NULL THEN ARRAY(SELECT u.code FROM @registry@.unit AS u WHERE u.region OPERATOR(antifraud.<@) $2) END) AS o
    GROUP BY o.unit, o.level
  ), gone AS MATERIALIZED (
    SELECT o.unit, q.level, max(o.left_on) AS left_on
    FROM @registry@.officer AS o JOIN @registry@.escalation_recipient AS q ON q.role = o.role
    WHERE o.left_on < $1 AND ($3 IS NULL OR o.unit = ANY ($3))
    GROUP BY o.unit, q.level
  )
  SELECT u.code AS unit, u.region, l.code AS level, l.label_zh AS level_zh, l.label_en AS level_en, v.code AS vacancy, v.label_zh AS vacancy_zh, v.label_en AS vacancy_en,
         CASE v.code WHEN 'away' THEN t.away_since WHEN 'left' THEN g.left_on + 1 END AS since
  FROM @registry@.unit AS u
  JOIN kind_level AS k ON k.unit_kind = u.kind
  JOIN @registry@.escalation_level AS l ON l.code = k.level
  LEFT JOIN told AS t ON t.unit = u.code AND t.level = l.code
  LEFT JOIN gone AS g ON g.unit = u.code AND g.level = l.code
  JOIN @registry@.vacancy_kind AS v ON v.code = CASE WHEN t.unit IS NOT NULL THEN 'away' WHEN g.unit IS NOT NULL THEN 'left' ELSE 'nobody' END
  WHERE $1 IS NOT NULL AND u.active AND t.somebody IS NOT TRUE AND ($2 IS NULL OR u.region OPERATOR(antifraud.<@) $2) AND ($3 IS NULL OR u.code = ANY ($3));
END
$body$;
COMMENT ON FUNCTION @registry@.escalation_vacancies(date, antifraud.region, text[]) IS 'Levels of active units on which nobody can be told on a day, in a region and of some units (null: all): since when, where that is known.';

-- The first unit asked for by itself, all others from all (see first_call).
CREATE VIEW @registry@.escalation_vacancy WITH (security_invoker = true) AS
WITH every AS MATERIALIZED (
  SELECT v.* FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.escalation_vacancies(l.day) AS v
)
SELECT u.code AS unit, v.region, v.level, v.level_zh, v.level_en, v.vacancy, v.vacancy_zh, v.vacancy_en, v.since
FROM @registry@.unit AS u
CROSS JOIN LATERAL (SELECT antifraud.first_call(u.code) AS first OFFSET 0) AS f
CROSS JOIN LATERAL (
  SELECT v.* FROM (SELECT @registry@.list_day() AS day OFFSET 0) AS l CROSS JOIN LATERAL @registry@.escalation_vacancies(l.day, NULL, ARRAY[u.code]) AS v WHERE f.first
  UNION ALL
  SELECT e.* FROM every AS e WHERE NOT f.first AND e.unit = u.code
) AS v
WHERE u.active;
COMMENT ON VIEW @registry@.escalation_vacancy IS 'Levels of units on which nobody can be told, as of list_day().';
SELECT @registry@.comment_columns('{escalation_vacancy}', '{unit,region,level,level_zh,level_en,vacancy,vacancy_zh,vacancy_en,since}',
  ARRAY['The unit.', 'Its region.', 'The level; see escalation_level.', 'Its name in Chinese.', 'Its name in English.', 'Why nobody can be told; see vacancy_kind.', 'The same in Chinese.', 'The same in English.',
        'First day of the vacancy; null: not known, or always.']);
