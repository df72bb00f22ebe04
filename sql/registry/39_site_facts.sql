-- The facts that sites, clues, sweeps and inspections supply.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('site_fault', '宣传阵地不到位', 'fault of a site', '处', 'fault', 'site_check', 'A check found that something asked is missing, too few or stale, or that something is there that must not be: one for each material and programme, on the day of the check.');

CREATE VIEW @registry@.facts_of_sites (measure, unit, region, occurred_on, quantity, base, amount, subject, source_table, source_key, recorded_at, voided_at)
WITH (security_invoker = true) AS
-- every branch has exactly the types of the first: only then the planner takes
-- them one by one and leaves out those of other measures
SELECT 'clue'::text, c.unit, c.region, c.received_on, 1::bigint, NULL::bigint, NULL::numeric, c.subject, 'clue'::text, c.id::text, c.recorded_at, c.voided_at
FROM @registry@.clue_counted AS c
UNION ALL
SELECT 'tip_off', c.unit, c.region, c.received_on, 1::bigint, NULL, NULL, c.subject, 'clue', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.clue_counted AS c
WHERE c.source = 'resident'
UNION ALL
SELECT 'two_card_clue', c.unit, c.region, c.received_on, 1::bigint, NULL, NULL, c.subject, 'clue', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.clue_counted AS c
WHERE c.two_cards
UNION ALL
SELECT 'two_cards_all', c.unit, c.region, c.received_on, c.cards, NULL, NULL, c.subject, 'clue', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.clue_counted AS c
WHERE c.two_cards
UNION ALL
SELECT 'two_cards', c.unit, c.region, c.received_on, c.cards, NULL, NULL, c.subject, 'clue', c.id::text, c.recorded_at, c.voided_at
FROM @registry@.card_in_case AS c
UNION ALL
-- premises of a sweep that was withdrawn were not checked; few activities are
-- sweeps: looked up one by one (hence OFFSET 0), no other is read
SELECT 'premises_checked', p.unit, p.region, a.held_on, p.checked, NULL, NULL, NULL, 'sweep_place', p.id::text,
       greatest(p.recorded_at, a.recorded_at), least(p.voided_at, a.voided_at)
FROM @registry@.sweep_place AS p
CROSS JOIN LATERAL (SELECT x.held_on, x.recorded_at, x.voided_at FROM @registry@.activity AS x WHERE x.id = p.activity OFFSET 0) AS a
UNION ALL
SELECT 'inspection', i.unit, i.region, i.inspected_on, 1::bigint, NULL, NULL, NULL, 'inspection', i.id::text, i.recorded_at, i.voided_at
FROM @registry@.inspection AS i
UNION ALL
SELECT 'spot_check', i.unit, i.region, i.inspected_on, 1::bigint, NULL, NULL, NULL, 'inspection', i.id::text, i.recorded_at, i.voided_at
FROM @registry@.inspection AS i
WHERE NOT i.announced
UNION ALL
SELECT 'site_fault', f.unit, f.region, f.checked_on, 1::bigint, NULL, NULL, NULL, 'site_check', f.site_check || '/' || f.programme, f.recorded_at, f.voided_at
FROM @registry@.site_fault AS f;
COMMENT ON VIEW @registry@.facts_of_sites IS 'Facts of sites, clues, sweeps and inspections; a part of the view fact.';
