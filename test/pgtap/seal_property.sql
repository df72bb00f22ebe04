-- A seal keeps only the facts in the windows of its rubric: the card made of
-- them must be that of all facts, whatever the windows, baseline and day.
-- Facts by hashing, over six years, of measures with and without baselines.
\ir setup.psql

SELECT no_plan();

\ir registry_setup.psql

INSERT INTO fraud.finding (unit, kind, found_on, quantity)
SELECT u.code, k.code, date '2019-01-01' + (hashint8extended(n, 1) & 2191)::int + (hashint8extended(n, 2) & 127)::int, 1 + (hashint8extended(n, 3) & 3)
FROM generate_series(1, 400) AS n
JOIN LATERAL (SELECT code FROM fraud.unit ORDER BY code OFFSET (hashint8extended(n, 4) & 3) LIMIT 1) AS u ON true
JOIN LATERAL (SELECT code FROM (VALUES ('control_failure'), ('reoffence'), ('study_missing')) AS k (code) ORDER BY code OFFSET (hashint8extended(n, 5) & 9223372036854775807) % 3 LIMIT 1) AS k ON true;
INSERT INTO fraud.fraud_case (unit, filed_on, loss)
SELECT u.code, date '2019-01-01' + (hashint8extended(n, 6) & 2191)::int, (hashint8extended(n, 7) & 1048575)
FROM generate_series(1, 300) AS n
JOIN LATERAL (SELECT code FROM fraud.unit ORDER BY code OFFSET (hashint8extended(n, 8) & 3) LIMIT 1) AS u ON true;
INSERT INTO fraud.activity (unit, kind, held_on, sessions)
SELECT u.code, 'visit', date '2019-01-01' + (hashint8extended(n, 9) & 2191)::int, 1 + (hashint8extended(n, 10) & 7)
FROM generate_series(1, 300) AS n
JOIN LATERAL (SELECT code FROM fraud.unit ORDER BY code OFFSET (hashint8extended(n, 11) & 3) LIMIT 1) AS u ON true;

-- Editions: periods within a year, over two, a leap day; each baseline and
-- none; rules by period, year and month.
SELECT fraud.load_rubric(jsonb_build_object('code', concat_ws('-', 'p', p.no, coalesce(replace(b.baseline, '_', ''), 'none'), w.counted_over), 'edition', '1', 'title', 't', 'total', 100,
  'period', p.period, 'baseline', b.baseline,
  'sections', jsonb_build_array(jsonb_build_object('title', 's', 'points', 100, 'items', jsonb_build_array(
    jsonb_build_object('no', '1', 'title', 'i', 'points', 60, 'rules', jsonb_build_array(
      jsonb_build_object('measure', 'case', 'rule', 'deduct 1 per occurrence if amount >= 500000', 'window', w.counted_over),
      jsonb_build_object('measure', 'control_failure', 'rule', CASE WHEN b.baseline IS NULL THEN 'deduct 1 per occurrence' ELSE 'deduct 1 per 1 excess if count > baseline' END, 'window', CASE WHEN b.baseline IS NULL THEN w.counted_over ELSE 'period' END),
      jsonb_build_object('measure', 'case', 'rule', CASE WHEN b.baseline IS NULL THEN 'deduct 0.5 per 3 occurrence' ELSE 'deduct 2 if change > 10%' END, 'window', 'period'))),
    jsonb_build_object('no', '2', 'title', 'j', 'points', 40, 'rules', jsonb_build_array(
      jsonb_build_object('measure', 'publicity', 'rule', 'deduct 1 per 1 missing if count < required', 'required', 3, 'window', w.counted_over),
      jsonb_build_object('measure', 'reoffence', 'rule', 'deduct 1', 'window', w.counted_over))))))))
FROM (VALUES (1, '["2022-05-01", "2022-12-31"]'::jsonb), (2, '["2022-03-10", "2023-02-20"]'), (3, '["2024-02-29", "2024-11-30"]')) AS p (no, period)
CROSS JOIN (VALUES ('last_year'), ('mean_3_years'), (NULL)) AS b (baseline)
CROSS JOIN (VALUES ('period'), ('year'), ('month')) AS w (counted_over) \g /dev/null
SELECT fraud.publish_rubric(code) FROM fraud.rubric_edition WHERE status = 'draft' AND code LIKE 'p-%' \g /dev/null

CREATE TABLE public.sealed AS
SELECT e.code, d.day, fraud.seal_assessment(e.code, d.day, 't', 'x') AS assessment
FROM fraud.rubric_edition AS e
CROSS JOIN LATERAL (SELECT DISTINCT x.day FROM (VALUES (e.period_from - 1), (e.period_from + 100), (e.period_to), (e.period_to + 1), (make_date(extract(year FROM e.period_to)::int + 1, 1, 1))) AS x (day)) AS d
WHERE e.code LIKE 'p-%';
SELECT cmp_ok((SELECT count(*) FROM public.sealed), '=', 126::bigint, '3 periods, of 4, 5 and 5 days, 3 baselines, 3 windows');
SELECT is((SELECT array_agg(concat_ws(' ', s.code, s.day, n.unit) ORDER BY s.code, s.day, n.unit)
           FROM public.sealed AS s CROSS JOIN LATERAL fraud.scores(s.code, s.day) AS n
           JOIN fraud.assessment_unit AS u ON u.assessment = s.assessment AND u.unit = n.unit
           WHERE (n.total, n.low, n.high, n.vetoed, n.card::text) IS DISTINCT FROM (u.total, u.low, u.high, u.vetoed, u.card)), NULL, 'each sealed card is that of all facts');
SELECT cmp_ok((SELECT count(DISTINCT card) FROM fraud.assessment_unit), '>', 200::bigint, 'and cards differ');
SELECT is((SELECT array_agg(DISTINCT s.code || ' ' || i.item || ' ' || i.rule) FROM public.sealed AS s JOIN fraud.sealed_item AS i ON i.assessment = s.assessment
           WHERE cardinality(i.fact_keys) <> i.facts AND i.rule_text !~ 'amount'), NULL, 'as many keys as facts counted, of rules without bands');
SELECT is((SELECT count(*) FROM fraud.verify_seals() WHERE NOT ok), 0::bigint, 'a chain of 126 verifies');

SELECT * FROM finish();
