-- Names of message groups by the rule of tuohe-2023, section 3 (2).

CREATE FUNCTION @registry@.chinese_numeral(n integer) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
-- digits with the names of their places, one zero for several, none at the
-- ends; ten to nineteen begin with ten itself
RETURN CASE WHEN n >= 1 AND n <= 9999 THEN
  pg_catalog.regexp_replace(
    pg_catalog.translate(
      pg_catalog.btrim(
        pg_catalog.regexp_replace(
          pg_catalog.regexp_replace(
            pg_catalog.regexp_replace(pg_catalog.lpad(n::text, 4, '0'), '^(.)(.)(.)(.)$', '\1千\2百\3十\4'),
            '0[千百十]', '0', 'g'),
          '0+', '0', 'g'),
        '0'),
      '0123456789', '零一二三四五六七八九'),
    '^一十', '十')
END;
COMMENT ON FUNCTION @registry@.chinese_numeral(integer) IS 'A number from 1 to 9999 in Chinese numerals, as ordinals write it: 2 is 二, 10 is 十, 21 is 二十一, 101 is 一百零一. Null for any other.';

CREATE FUNCTION @registry@.group_name(level integer, office text, unit text, grid integer DEFAULT NULL, part integer DEFAULT NULL) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN normalize(
  CASE WHEN level = 1 THEN office || COALESCE(unit, '') || '反电诈指挥群'
       WHEN level = 2 THEN office || pg_catalog.regexp_replace(unit, '^(.+)社区$', '\1') || '反电诈组织群'
       WHEN level = 3 THEN office || unit || '（第' || @registry@.chinese_numeral(grid) || '网格）反电诈宣传群'
  END
  || CASE WHEN part IS NULL THEN '' WHEN part >= 1 THEN part::text || '群' END, NFC);
COMMENT ON FUNCTION @registry@.group_name(integer, text, text, integer, integer) IS 'Name of a message group by the rule of tuohe-2023: 1 the office, what is put after it (街道 in the document) and 反电诈指挥群; 2 the office, the unit without 社区 and 反电诈组织群; 3 the office, the unit, its grid in Chinese numerals in full-width brackets and 反电诈宣传群; then the number of the part, as 1群. Null where the rule gives no name, as at level 3 without a grid.';

CREATE FUNCTION @registry@.group_parts(members integer, members_limit integer DEFAULT 500) RETURNS integer
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF members < 0 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('a group cannot have %s members', members),
      DETAIL = 'The number of members is below 0.',
      HINT = 'Pass 0 or more; NULL, where it is not known, gives no names.';
  ELSIF members_limit < 1 THEN
    RAISE EXCEPTION USING
      ERRCODE = 'invalid_parameter_value',
      MESSAGE = format('a group cannot be limited to %s members', members_limit),
      DETAIL = 'The limit is below 1.',
      HINT = 'Pass 1 or more, or leave it out: 500, as tuohe-2023 has it.';
  END IF;
  RETURN CASE WHEN members <= members_limit THEN 1 ELSE (members - 1) / members_limit + 1 END;
END
$body$;
COMMENT ON FUNCTION @registry@.group_parts(integer, integer) IS 'How many groups so many members need, at most members_limit in each: 500 members one, 501 two, none one as well. Null for an unknown number.';

CREATE FUNCTION @registry@.group_names(level integer, office text, unit text, grid integer, members integer, members_limit integer DEFAULT 500)
RETURNS TABLE (part integer, name text)
IMMUTABLE PARALLEL SAFE ROWS 2
LANGUAGE sql
BEGIN ATOMIC
  SELECT p.part, @registry@.group_name($1, $2, $3, $4, p.part) AS name
  FROM (
    SELECT CASE WHEN c.parts > 1 THEN n.i END AS part
    FROM (SELECT @registry@.group_parts($5, $6) AS parts) AS c
    CROSS JOIN LATERAL pg_catalog.generate_series(1, c.parts) AS n (i)
  ) AS p
  ORDER BY p.part;
END;
COMMENT ON FUNCTION @registry@.group_names(integer, text, text, integer, integer, integer) IS 'The groups that so many members need, with their names: one without a number, or several with 1群, 2群 appended. No row for an unknown number of members.';
