-- Which pairs of rows look like one person, and what speaks against it.

CREATE FUNCTION @registry@.plain_text(value text) RETURNS text
IMMUTABLE PARALLEL SAFE STRICT
LANGUAGE sql
RETURN upper(regexp_replace(normalize($1, NFKC), '[[:space:]·•.’''-]', '', 'g'));
COMMENT ON FUNCTION @registry@.plain_text(text) IS 'A name or a number without its typography: width, case, blanks, points and dashes.';

CREATE FUNCTION @registry@.document_key(citizen_id antifraud.citizen_id, document_no text) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE($1::text, antifraud.read_citizen_id($2)::text, @registry@.plain_text($2));
COMMENT ON FUNCTION @registry@.document_key(antifraud.citizen_id, text) IS 'A document as it is compared: a citizen id in 18 characters, also where it was entered as another document; other numbers without their typography.';

-- By which a pair is found besides its town. Of all rows: what ANALYZE finds out
-- about an index of some is not used.
CREATE INDEX person_document ON @registry@.person (@registry@.document_key(citizen_id, document_no));
CREATE INDEX person_born ON @registry@.person (COALESCE(antifraud.birth_date(COALESCE(citizen_id, antifraud.read_citizen_id(document_no))), born_on));

-- For a region, names are only compared with those of persons who have a
-- document, a date of birth or the town in common with one who is there. Both
-- arms of a region, since each of its indexes has one.
CREATE FUNCTION @registry@.duplicate_candidates(within antifraud.region DEFAULT NULL)
RETURNS TABLE (person bigint, other bigint, score integer, reasons text[], reasons_zh text, reasons_en text)
STABLE PARALLEL SAFE ROWS 100
LANGUAGE sql
BEGIN ATOMIC
  WITH inside AS MATERIALIZED (
    SELECT p.id, @registry@.document_key(p.citizen_id, p.document_no) AS document,
           COALESCE(antifraud.birth_date(COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no))), p.born_on) AS born,
           COALESCE(antifraud.region_ancestor(p.region, 4), p.region) AS town
    FROM @registry@.person AS p
    WHERE p.document_kind <> 'erased' AND p.status <> 'merged' AND p.region OPERATOR(antifraud.<@) $1 AND p.ended_on IS NULL
    UNION ALL
    SELECT p.id AS id, @registry@.document_key(p.citizen_id, p.document_no) AS document,
           COALESCE(antifraud.birth_date(COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no))), p.born_on) AS born,
           COALESCE(antifraud.region_ancestor(p.region, 4), p.region) AS town
    FROM @registry@.person AS p
    WHERE p.document_kind <> 'erased' AND p.status <> 'merged' AND p.region OPERATOR(antifraud.<@) $1 AND p.ended_on IS NOT NULL
  ), town AS MATERIALIZED (
    SELECT DISTINCT i.town AS first, antifraud.region_last(i.town) AS last FROM inside AS i
  ), near AS MATERIALIZED (
    SELECT p.id FROM inside AS i JOIN @registry@.person AS p ON @registry@.document_key(p.citizen_id, p.document_no) = i.document
    UNION ALL
    SELECT p.id AS id FROM inside AS i
    JOIN @registry@.person AS p ON COALESCE(antifraud.birth_date(COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no))), p.born_on) = i.born
    UNION ALL
    SELECT x.id AS id FROM town AS t
    CROSS JOIN LATERAL (
      SELECT p.id FROM @registry@.person AS p
      WHERE p.region OPERATOR(antifraud.>=) t.first AND p.region OPERATOR(antifraud.<=) t.last AND p.ended_on IS NULL
      OFFSET 0  -- by its index, town by town
    ) AS x
    UNION ALL
    SELECT x.id AS id FROM town AS t
    CROSS JOIN LATERAL (
      SELECT p.id FROM @registry@.person AS p
      WHERE p.region OPERATOR(antifraud.>=) t.first AND p.region OPERATOR(antifraud.<=) t.last AND p.ended_on IS NOT NULL
      OFFSET 0  -- by its index, town by town
    ) AS x
  ), known AS MATERIALIZED (
    SELECT p.id, p.region, @registry@.document_key(p.citizen_id, p.document_no) AS document, @registry@.plain_text(p.name) AS name,
           COALESCE(antifraud.birth_date(COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no))), p.born_on)::text AS born,
           COALESCE(antifraud.region_ancestor(p.region, 4), p.region)::text AS town
    FROM (
      SELECT x.id, x.region, x.citizen_id, x.document_no, x.name, x.born_on FROM @registry@.person AS x
      WHERE $1 IS NULL AND x.document_kind <> 'erased' AND x.status <> 'merged'
      UNION ALL
      SELECT x.id AS id, x.region AS region, x.citizen_id AS citizen_id, x.document_no AS document_no, x.name AS name, x.born_on AS born_on
      FROM @registry@.person AS x
      WHERE $1 IS NOT NULL AND x.id = ANY (ARRAY(SELECT n.id FROM near AS n)) AND x.document_kind <> 'erased' AND x.status <> 'merged'
    ) AS p
  ), keyed AS MATERIALIZED (
    SELECT k.id, k.region, w.reason, w.key, r.points, r.label_zh, r.label_en
    FROM known AS k
    CROSS JOIN LATERAL (VALUES ('document', k.document), ('name_born', k.name || ' ' || k.born), ('name_town', k.name || ' ' || k.town), ('born_town', k.born || ' ' || k.town)) AS w (reason, key)
    JOIN @registry@.duplicate_reason AS r ON r.code = w.reason AND r.points > 0
    WHERE w.key IS NOT NULL
  )
  SELECT a.id AS person, b.id AS other, least(sum(a.points), 100)::integer AS score,
         array_agg(a.reason ORDER BY a.points DESC, a.reason) AS reasons,
         string_agg(a.label_zh, '；' ORDER BY a.points DESC, a.reason) AS reasons_zh, string_agg(a.label_en, '; ' ORDER BY a.points DESC, a.reason) AS reasons_en
  FROM keyed AS a
  JOIN keyed AS b ON b.reason = a.reason AND b.key = a.key AND b.id > a.id
  WHERE ($1 IS NULL OR a.region OPERATOR(antifraud.<@) $1 OR b.region OPERATOR(antifraud.<@) $1)
    AND NOT EXISTS (SELECT FROM @registry@.person_distinct AS x
                    WHERE x.voided_at IS NULL AND least(x.person, x.other) = a.id AND greatest(x.person, x.other) = b.id)
  GROUP BY a.id, b.id
  ORDER BY least(sum(a.points), 100) DESC, a.id, b.id;
END;
COMMENT ON FUNCTION @registry@.duplicate_candidates(antifraud.region) IS 'Pairs of persons that may be one person, in a region (null: everywhere), with every reason and a score: the sum of the points of the reasons, at most 100. For readers who may see names and documents; shows neither.';

CREATE VIEW @registry@.duplicate_person WITH (security_invoker = true) AS
  SELECT d.person, d.other, d.score, d.reasons, d.reasons_zh, d.reasons_en FROM @registry@.duplicate_candidates() AS d;
COMMENT ON VIEW @registry@.duplicate_person IS 'Pairs of persons that may be one person, the likeliest first. Somebody looks at each: merge_persons() or a row in person_distinct.';
COMMENT ON COLUMN @registry@.duplicate_person.person IS 'The row entered first.';
COMMENT ON COLUMN @registry@.duplicate_person.other IS 'The other row.';
COMMENT ON COLUMN @registry@.duplicate_person.score IS 'Sum of the points of the reasons, at most 100.';
COMMENT ON COLUMN @registry@.duplicate_person.reasons IS 'Codes of the reasons, see duplicate_reason.';
COMMENT ON COLUMN @registry@.duplicate_person.reasons_zh IS 'The reasons in Chinese.';
COMMENT ON COLUMN @registry@.duplicate_person.reasons_en IS 'The reasons in English.';

CREATE FUNCTION @registry@.merge_conflicts(keep bigint, duplicate bigint)
RETURNS TABLE (conflict text, weight text, message_zh text, message_en text)
STABLE PARALLEL SAFE ROWS 10
LANGUAGE sql
BEGIN ATOMIC
  SELECT c.conflict, c.weight, c.message_zh, c.message_en
  FROM (
    SELECT p.document_kind, p.citizen_id, p.document_no, p.born_on, p.name, p.category, p.status, p.tier, p.region,
           COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no)) AS id_read FROM @registry@.person AS p WHERE p.id = $1
  ) AS k
  CROSS JOIN (
    SELECT p.document_kind, p.citizen_id, p.document_no, p.born_on, p.name, p.category, p.status, p.tier, p.region,
           COALESCE(p.citizen_id, antifraud.read_citizen_id(p.document_no)) AS id_read FROM @registry@.person AS p WHERE p.id = $2
  ) AS d
  CROSS JOIN LATERAL (VALUES
    ('distinct', 'stop', '已登记为两人', 'they are recorded as two persons',
     EXISTS (SELECT FROM @registry@.person_distinct AS x WHERE x.voided_at IS NULL AND least(x.person, x.other) = least($1, $2) AND greatest(x.person, x.other) = greatest($1, $2))),
    ('duty', 'stop', '两人名下有相同的在办例行工作，请先终止其一', 'both have the same duty in force: end one of them first',
     EXISTS (SELECT FROM @registry@.duty AS a JOIN @registry@.duty AS b ON b.code = a.code AND b.person = $2 AND b.until IS NULL WHERE a.person = $1 AND a.until IS NULL)),
    ('document', 'force', '证件号码不同', 'their documents differ',
     CASE WHEN k.id_read IS NOT NULL AND d.id_read IS NOT NULL THEN k.id_read OPERATOR(antifraud.<>) d.id_read
          ELSE k.document_kind = d.document_kind AND @registry@.document_key(k.citizen_id, k.document_no) <> @registry@.document_key(d.citizen_id, d.document_no) END),
    ('born', 'force', '出生日期不同', 'their dates of birth differ',
     COALESCE(antifraud.birth_date(k.id_read), k.born_on) <> COALESCE(antifraud.birth_date(d.id_read), d.born_on)),
    ('name', 'force', '姓名不同', 'their names differ', @registry@.plain_text(k.name) <> @registry@.plain_text(d.name)),
    ('tier_same_day', 'force', '同一天定为不同等级，以保留人员的为准', 'they were put into different tiers on one day: that of the kept row holds',
     EXISTS (SELECT FROM @registry@.tier_change AS a JOIN @registry@.tier_change AS b ON b.changed_on = a.changed_on AND b.person = $2 AND b.voided_at IS NULL AND b.tier <> a.tier
             WHERE a.person = $1 AND a.voided_at IS NULL)),
    ('status_same_day', 'force', '同一天变更为不同状态，以保留人员的为准', 'their status changed differently on one day: that of the kept row holds',
     EXISTS (SELECT FROM @registry@.status_change AS a JOIN @registry@.status_change AS b ON b.changed_on = a.changed_on AND b.person = $2 AND b.voided_at IS NULL AND b.status <> a.status
             WHERE a.person = $1 AND a.voided_at IS NULL)),
    ('tier', 'note', '现等级不同，以最近一次定级为准', 'their tiers differ now: the latest decision of either holds', k.tier <> d.tier),
    ('status', 'note', '现状态不同，以合并后的最近一次变更为准', 'their status differs: the latest change of either holds', k.status <> d.status),
    ('region', 'note', '所在地不同，以保留人员的为准', 'they are under control in different places: that of the kept row holds', k.region OPERATOR(antifraud.<>) d.region),
    ('category', 'note', '人员类别不同，以保留人员的为准', 'their categories differ: that of the kept row holds', k.category <> d.category)
  ) AS c (conflict, weight, message_zh, message_en, holds)
  WHERE c.holds;
END;
COMMENT ON FUNCTION @registry@.merge_conflicts(bigint, bigint) IS 'What speaks against merging the second person into the first, or would be settled by it. weight: stop (refused), force (refused unless it is said why they are one person all the same), note (what will hold). Shows neither name nor document.';
