-- The notice that publishes a result, with what proves it later.

CREATE FUNCTION @registry@.assessment_notice(assessment bigint) RETURNS text
STABLE PARALLEL SAFE
LANGUAGE sql
BEGIN ATOMIC
  SELECT concat(
    a.title, E'\n', a.document_no || E'\n',
    CASE WHEN a.revises IS NOT NULL THEN concat('（修订第', a.revises, '号结果。原因：', a.reason, '）', E'\n') END,
    '依据《', e.title, '》，截至', @registry@.day_zh(a.as_of), '，对', a.units, '个单位进行了考评，现将结果公布如下：', E'\n',
    (SELECT string_agg(concat(u.rank, '. ', u.name, '：', trim_scale(u.total), '分',
              CASE WHEN u.high > u.low THEN concat('（有待定事项，', trim_scale(u.low), '至', trim_scale(u.high), '分）') END,
              CASE WHEN u.vetoed THEN '，一票否决' END,
              (SELECT string_agg(concat('，', COALESCE(c.label_zh, m.cohort), '第', m.rank, '名',
                        CASE m.medal WHEN 'gold' THEN '（金牌）' WHEN 'silver' THEN '（银牌）' WHEN 'bronze' THEN '（铜牌）' END), '' ORDER BY m.cohort COLLATE "C")
               FROM @registry@.assessment_rank AS m
               LEFT JOIN LATERAL (SELECT x.label_zh FROM @registry@.cohort AS x WHERE x.code = m.cohort AND x.rubric = ANY (ARRAY[e.code, e.derived_from]) ORDER BY x.rubric = e.code DESC LIMIT 1) AS c ON true
               WHERE m.assessment = a.id AND m.unit = u.unit)), E'\n' ORDER BY u.rank, u.unit COLLATE "C")
     FROM @registry@.assessment_unit AS u WHERE u.assessment = a.id), E'\n',
    '对本单位结果有异议的，请', CASE WHEN a.objections_until IS NOT NULL THEN concat('于', @registry@.day_zh(a.objections_until), '前（含当日）') END, '书面提出。', E'\n',
    a.published_by, E'\n', @registry@.day_zh(a.published_on), E'\n',
    '封存编号：', a.id, '；摘要（', CASE a.algorithm WHEN 'sm3' THEN 'SM3' ELSE 'SHA-256' END, '）：', a.digest, E'\n')
  FROM @registry@.assessment AS a
  JOIN @registry@.rubric_edition AS e ON e.code = a.rubric
  WHERE a.id = $1;
END;
COMMENT ON FUNCTION @registry@.assessment_notice(bigint) IS 'The notice of a published result in Chinese, ready to send: ranks, points, vetoes, medals, until when units may object, and number and digest of the seal. A reader in a scope gets the units that it sees. Null: no such assessment.';
