-- The facts that sites, clues, sweeps, inspections and milestones supply.
-- What was not done in time is known from midnight after its day, in China,
-- and from its recording at the earliest; such a fact is not shown before.

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('site_fault', '宣传阵地不到位', 'fault of a site', '处', 'fault', 'site_check', 'A check found that something asked is missing, too few or stale, or that something is there that must not be: one for each material and programme, on the day of the check.');

CREATE VIEW @registry@.rectification_late (id, unit, region, due_on, subject, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT s.id, s.unit, s.region, s.due_on, s.subject, lower(s.stretch), upper(s.stretch)
FROM (
  SELECT r.id, r.unit, r.region, r.due_on, f.subject,
         antifraud.stretches(
           tstzmultirange(tstzrange(greatest(r.recorded_at, f.recorded_at, (r.due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'), NULL)
                          * tstzrange('-infinity', least(r.voided_at, f.voided_at)))
           - COALESCE((SELECT range_agg(tstzrange(d.recorded_at, d.voided_at)) FROM @registry@.rectification_result AS d
                       WHERE d.rectification = r.id AND d.done_on <= r.due_on), '{}')) AS stretch
  FROM @registry@.rectification AS r
  JOIN @registry@.finding AS f ON f.id = r.finding
  WHERE r.due_on IS NOT NULL
) AS s
WHERE lower(s.stretch) <= now();

-- The milestones proven (see milestone_proven) are looked up in their table
-- one by one, and evidence only where it has to prove something.
CREATE VIEW @registry@.milestone_late (programme, code, unit, region, due_on, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT s.programme, s.code, s.unit, s.region, s.due_on, lower(s.stretch), upper(s.stretch)
FROM (
  SELECT a.programme, a.code, a.unit, a.region, a.due_on,
         antifraud.stretches(
           tstzmultirange(tstzrange((a.due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', NULL))
           - COALESCE((SELECT range_agg(CASE WHEN NOT a.evidence_required OR num_nonnulls(m.document, m.evidence) > 0 THEN tstzmultirange(tstzrange(m.recorded_at, m.voided_at))
                                        ELSE tstzmultirange(tstzrange(m.recorded_at, m.voided_at))
                                             * (SELECT range_agg(tstzrange(e.recorded_at, e.voided_at)) FROM @registry@.evidence AS e WHERE e.source_table = 'milestone' AND e.source_id = m.id) END)
                       FROM @registry@.milestone AS m
                       WHERE m.unit = a.unit AND m.programme = a.programme AND m.plan = a.code AND m.reached_on <= a.due_on), '{}')) AS stretch
  FROM @registry@.milestone_asked AS a
  WHERE a.due_on IS NOT NULL
) AS s
WHERE lower(s.stretch) <= now();
COMMENT ON VIEW @registry@.rectification_late IS 'Problems that were not put right by their day: one row for each stretch of time in which that was known.';
COMMENT ON VIEW @registry@.milestone_late IS 'Milestones that were not reached, with evidence where it is asked, by their day: one row for each stretch of time in which that was known.';
SELECT @registry@.comment_columns('{rectification_late,milestone_late}', '{unit,region,due_on,recorded_at,voided_at}',
  ARRAY['The unit.', 'Its region.', 'Last day on which it would have been in time.', 'Since when this was known.', 'Until when; null: still.']);
SELECT @registry@.comment_columns('{rectification_late}', '{id,subject}', ARRAY['The row of the table rectification.', 'Surrogate key of the person or file concerned.']);
SELECT @registry@.comment_columns('{milestone_late}', '{programme,code}', ARRAY['The programme.', 'The milestone within it.']);

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
SELECT 'rectification_late', r.unit, r.region, r.due_on, 1::bigint, NULL, NULL, r.subject, 'rectification', r.id::text, r.recorded_at, r.voided_at
FROM @registry@.rectification_late AS r
UNION ALL
SELECT 'site_fault', f.unit, f.region, f.checked_on, 1::bigint, NULL, NULL, NULL, 'site_check', f.site_check || '/' || f.programme, f.recorded_at, f.voided_at
FROM @registry@.site_fault AS f
UNION ALL
SELECT 'milestone_missed', m.unit, m.region, m.due_on, 1::bigint, NULL, NULL, NULL, 'milestone_plan', m.programme || '/' || m.code || '/' || m.unit, m.recorded_at, m.voided_at
FROM @registry@.milestone_late AS m;
COMMENT ON VIEW @registry@.facts_of_sites IS 'Facts of sites, clues, sweeps, inspections and milestones; a part of the view fact.';
