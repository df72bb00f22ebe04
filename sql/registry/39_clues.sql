-- Clues of fraud and of the trade that serves it, what became of them, dens,
-- sweeps of premises and areas in focus. Tables of facts as in 20_facts.sql.
-- Nothing here says who reported a clue, nor what people do in their homes.

CREATE TABLE @registry@.clue_kind (
  code text CONSTRAINT clue_kind_pk PRIMARY KEY CONSTRAINT clue_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL,
  two_cards boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE @registry@.clue_kind IS 'Kinds of clue. An office may add its own.';
COMMENT ON COLUMN @registry@.clue_kind.two_cards IS 'Whether it is about bank accounts or telephone cards (两卡), and counts their number.';
INSERT INTO @registry@.clue_kind (code, label_zh, label_en, two_cards) VALUES
  ('two_cards_account', '银行账户、对公账户', 'bank account', true),
  ('two_cards_phone', '手机卡', 'telephone card', true),
  ('black_grey', '黑灰产线索', 'black and grey trade', false),
  ('den', '窝点线索', 'den', false),
  ('tip_off', '群众举报其他线索', 'other report by residents', false),
  ('other', '其他', 'other', false);

CREATE TABLE @registry@.clue_source (
  code text CONSTRAINT clue_source_pk PRIMARY KEY CONSTRAINT clue_source_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.clue_source IS 'Where a clue comes from. An office may add its own.';
INSERT INTO @registry@.clue_source (code, label_zh, label_en) VALUES
  ('superior', '上级下发', 'sent by a higher authority'),
  ('police', '公安机关发现', 'found by the police'),
  ('bank', '银行', 'bank'),
  ('telecom', '通信运营商', 'telecom operator'),
  ('sweep', '排查清查', 'sweep'),
  ('resident', '群众举报', 'reported by residents'),
  ('other', '其他', 'other');

CREATE TABLE @registry@.clue_outcome (
  code text CONSTRAINT clue_outcome_pk PRIMARY KEY CONSTRAINT clue_outcome_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.clue_outcome IS 'What a clue led to. An office may add its own.';
INSERT INTO @registry@.clue_outcome (code, label_zh, label_en) VALUES
  ('unfounded', '查否', 'unfounded'),
  ('confirmed', '查实', 'confirmed'),
  ('prosecuted', '移送追究刑事责任', 'prosecuted'),
  ('punished', '行政处罚', 'administrative penalty'),
  ('passed_on', '移交其他地区', 'passed on to another place'),
  ('den_found', '查获窝点', 'a den was found');

CREATE TABLE @registry@.clue (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT clue_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT clue_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  kind text NOT NULL CONSTRAINT clue_kind_fk REFERENCES @registry@.clue_kind,
  received_on date NOT NULL CONSTRAINT clue_received_on_finite CHECK (pg_catalog.isfinite(received_on)),
  source text NOT NULL DEFAULT 'police' CONSTRAINT clue_source_fk REFERENCES @registry@.clue_source,
  cards bigint NOT NULL DEFAULT 1 CONSTRAINT clue_cards_positive CHECK (cards OPERATOR(pg_catalog.>) 0)
    CONSTRAINT clue_cards_credible CHECK (cards OPERATOR(pg_catalog.<=) 10000000000),
  subject text CONSTRAINT clue_subject_not_blank CHECK (pg_catalog.btrim(subject) OPERATOR(pg_catalog.<>) ''),
  in_case boolean NOT NULL DEFAULT false,
  fraud_case bigint CONSTRAINT clue_fraud_case_fk REFERENCES @registry@.fraud_case,
  duplicate_of bigint CONSTRAINT clue_duplicate_of_fk REFERENCES @registry@.clue CONSTRAINT clue_not_its_own_duplicate CHECK (duplicate_of OPERATOR(pg_catalog.<>) id),
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT clue_with_case_is_in_case CHECK (fraud_case IS NULL OR in_case),
  CONSTRAINT clue_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX clue_unit ON @registry@.clue (unit, received_on);
CREATE INDEX clue_region ON @registry@.clue (region, received_on);
CREATE UNIQUE INDEX clue_source_key ON @registry@.clue (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.clue IS 'Clues: accounts and cards that were sold, let or lent, the black and grey trade, dens, what residents report. Who reported is not recorded.';
COMMENT ON COLUMN @registry@.clue.unit IS 'The unit that it concerns: where the holder lives, or the place is.';
COMMENT ON COLUMN @registry@.clue.kind IS 'What it is about; see clue_kind.';
COMMENT ON COLUMN @registry@.clue.received_on IS 'Day on which it came in: the day that counts.';
COMMENT ON COLUMN @registry@.clue.source IS 'Where it comes from; see clue_source.';
COMMENT ON COLUMN @registry@.clue.cards IS 'How many accounts or cards; it counts for kinds that are about these.';
COMMENT ON COLUMN @registry@.clue.subject IS 'Surrogate key of the person or place concerned. No name, no citizen id, no number of a card.';
COMMENT ON COLUMN @registry@.clue.in_case IS 'Whether the cards were used in a case (涉案), known when it came in; clue_handling says so where it came out later.';
COMMENT ON COLUMN @registry@.clue.fraud_case IS 'The case, where it is one of this registry.';
COMMENT ON COLUMN @registry@.clue.duplicate_of IS 'The clue about the same thing that came in before: this one does not count while that one is in force.';
COMMENT ON COLUMN @registry@.clue.note IS 'Remark. No name.';

CREATE TABLE @registry@.clue_handling (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT clue_handling_pk PRIMARY KEY,
  clue bigint NOT NULL CONSTRAINT clue_handling_clue_fk REFERENCES @registry@.clue,
  handled_on date NOT NULL CONSTRAINT clue_handling_handled_on_finite CHECK (pg_catalog.isfinite(handled_on)),
  outcome text NOT NULL CONSTRAINT clue_handling_outcome_fk REFERENCES @registry@.clue_outcome,
  in_case boolean NOT NULL DEFAULT false,
  fraud_case bigint CONSTRAINT clue_handling_fraud_case_fk REFERENCES @registry@.fraud_case,
  den bigint CONSTRAINT clue_handling_den_fk REFERENCES @registry@.den,
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT clue_handling_with_case_is_in_case CHECK (fraud_case IS NULL OR in_case),
  CONSTRAINT clue_handling_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX clue_handling_clue ON @registry@.clue_handling (clue);
CREATE UNIQUE INDEX clue_handling_source_key ON @registry@.clue_handling (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.clue_handling IS 'What was done with a clue and what it led to; the latest says how it stands. Nobody comes under control through it: a competent person decides that, with reasons.';
COMMENT ON COLUMN @registry@.clue_handling.clue IS 'The clue.';
COMMENT ON COLUMN @registry@.clue_handling.handled_on IS 'Day on which it was done.';
COMMENT ON COLUMN @registry@.clue_handling.outcome IS 'What it led to; see clue_outcome.';
COMMENT ON COLUMN @registry@.clue_handling.in_case IS 'Whether it came out that the cards were used in a case.';
COMMENT ON COLUMN @registry@.clue_handling.fraud_case IS 'The case, where it is one of this registry.';
COMMENT ON COLUMN @registry@.clue_handling.den IS 'The den that was found through it.';
COMMENT ON COLUMN @registry@.clue_handling.note IS 'Remark. No name.';

CREATE TABLE @registry@.den_closure (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT den_closure_pk PRIMARY KEY,
  den bigint NOT NULL CONSTRAINT den_closure_den_fk REFERENCES @registry@.den,
  closed_on date NOT NULL CONSTRAINT den_closure_closed_on_finite CHECK (pg_catalog.isfinite(closed_on)),
  premises text CONSTRAINT den_closure_premises_not_blank CHECK (pg_catalog.btrim(premises) OPERATOR(pg_catalog.<>) ''),
  note text,
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT den_closure_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX den_closure_once ON @registry@.den_closure (den) WHERE voided_at IS NULL;
CREATE UNIQUE INDEX den_closure_source_key ON @registry@.den_closure (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.den_closure IS 'Dens that were closed. A den counts for the year in which it was found, closed or not.';
COMMENT ON COLUMN @registry@.den_closure.den IS 'The den.';
COMMENT ON COLUMN @registry@.den_closure.closed_on IS 'Day on which it was closed.';
COMMENT ON COLUMN @registry@.den_closure.premises IS 'What the premises were: a rented flat, a hotel, an office.';
COMMENT ON COLUMN @registry@.den_closure.note IS 'What was done.';

CREATE TABLE @registry@.premises_kind (
  code text CONSTRAINT premises_kind_pk PRIMARY KEY CONSTRAINT premises_kind_code_form CHECK (code OPERATOR(pg_catalog.~) '^[a-z][a-z0-9_]*$'),
  label_zh text NOT NULL,
  label_en text NOT NULL
);
COMMENT ON TABLE @registry@.premises_kind IS 'Kinds of premises that a sweep visits. An office may add its own.';
INSERT INTO @registry@.premises_kind (code, label_zh, label_en) VALUES
  ('rented', '出租房屋', 'rented housing'),
  ('hotel', '酒店', 'hotel'),
  ('flat', '公寓', 'flat'),
  ('office', '写字楼', 'office building'),
  ('house', '房屋', 'house'),
  ('other', '其他', 'other');

CREATE TABLE @registry@.sweep_place (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sweep_place_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT sweep_place_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  activity bigint NOT NULL CONSTRAINT sweep_place_activity_fk REFERENCES @registry@.activity,
  premises text NOT NULL CONSTRAINT sweep_place_premises_fk REFERENCES @registry@.premises_kind,
  checked bigint NOT NULL CONSTRAINT sweep_place_checked_not_negative CHECK (checked OPERATOR(pg_catalog.>=) 0)
    CONSTRAINT sweep_place_checked_credible CHECK (checked OPERATOR(pg_catalog.<=) 10000000000),
  registered bigint NOT NULL DEFAULT 0 CONSTRAINT sweep_place_registered_not_negative CHECK (registered OPERATOR(pg_catalog.>=) 0),
  unregistered bigint NOT NULL DEFAULT 0 CONSTRAINT sweep_place_unregistered_not_negative CHECK (unregistered OPERATOR(pg_catalog.>=) 0),
  verified bigint NOT NULL DEFAULT 0 CONSTRAINT sweep_place_verified_not_negative CHECK (verified OPERATOR(pg_catalog.>=) 0),
  handed_over bigint NOT NULL DEFAULT 0 CONSTRAINT sweep_place_handed_over_not_negative CHECK (handed_over OPERATOR(pg_catalog.>=) 0),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT sweep_place_of_checked CHECK (registered OPERATOR(pg_catalog.<=) checked AND unregistered OPERATOR(pg_catalog.<=) (checked OPERATOR(pg_catalog.-) registered)),
  CONSTRAINT sweep_place_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE UNIQUE INDEX sweep_place_once ON @registry@.sweep_place (activity, premises, unit) WHERE voided_at IS NULL;
CREATE INDEX sweep_place_unit ON @registry@.sweep_place (unit);
CREATE UNIQUE INDEX sweep_place_source_key ON @registry@.sweep_place (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.sweep_place IS 'What a sweep visited: numbers of premises by kind. The register of residents is kept by the police, and what people do at home is nobody''s to record.';
COMMENT ON COLUMN @registry@.sweep_place.unit IS 'The unit in whose area they are; left out, the one that held the sweep.';
COMMENT ON COLUMN @registry@.sweep_place.activity IS 'The sweep: an activity of kind sweep.';
COMMENT ON COLUMN @registry@.sweep_place.premises IS 'What was visited; see premises_kind.';
COMMENT ON COLUMN @registry@.sweep_place.checked IS 'How many were visited.';
COMMENT ON COLUMN @registry@.sweep_place.registered IS 'Of these: whose residents were entered in the police''s register on the occasion.';
COMMENT ON COLUMN @registry@.sweep_place.unregistered IS 'Of these: whose residents remain unregistered.';
COMMENT ON COLUMN @registry@.sweep_place.verified IS 'Persons on a list sent by the police who were found and verified, and reported back.';
COMMENT ON COLUMN @registry@.sweep_place.handed_over IS 'Clues that were handed to the police.';
CREATE TRIGGER sweep_place_0_unit BEFORE INSERT ON @registry@.sweep_place
  FOR EACH ROW WHEN (NEW.unit IS NULL) EXECUTE FUNCTION @registry@.take_unit('activity', 'id');

CREATE TABLE @registry@.focus_area (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT focus_area_pk PRIMARY KEY,
  unit text NOT NULL CONSTRAINT focus_area_unit_fk REFERENCES @registry@.unit,
  region antifraud.region NOT NULL,
  place text CONSTRAINT focus_area_place_not_blank CHECK (pg_catalog.btrim(place) OPERATOR(pg_catalog.<>) ''),
  reason text NOT NULL CONSTRAINT focus_area_reason_not_blank CHECK (pg_catalog.btrim(reason) OPERATOR(pg_catalog.<>) ''),
  starts_on date NOT NULL CONSTRAINT focus_area_starts_on_finite CHECK (pg_catalog.isfinite(starts_on)),
  ends_on date CONSTRAINT focus_area_ends_on_finite CHECK (pg_catalog.isfinite(ends_on)),
  decided_by text NOT NULL CONSTRAINT focus_area_decided_by_not_blank CHECK (pg_catalog.btrim(decided_by) OPERATOR(pg_catalog.<>) ''),
  source_key text,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  recorded_by text NOT NULL DEFAULT CURRENT_USER,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  CONSTRAINT focus_area_ends_after_it_begins CHECK (ends_on OPERATOR(pg_catalog.>=) starts_on),
  CONSTRAINT focus_area_void_complete CHECK (pg_catalog.num_nulls(voided_at, voided_by, void_reason) OPERATOR(pg_catalog.=) ANY ('{0,3}'))
);
CREATE INDEX focus_area_unit ON @registry@.focus_area (unit, starts_on);
CREATE UNIQUE INDEX focus_area_source_key ON @registry@.focus_area (source_key) WHERE voided_at IS NULL;
COMMENT ON TABLE @registry@.focus_area IS 'Communities and places with many clues that are to be put right, by a decision with reasons. To end one early, enter it anew with its last day and void the first.';
COMMENT ON COLUMN @registry@.focus_area.place IS 'Which place in it; null: the whole area of the unit.';
COMMENT ON COLUMN @registry@.focus_area.reason IS 'Why.';
COMMENT ON COLUMN @registry@.focus_area.starts_on IS 'First day.';
COMMENT ON COLUMN @registry@.focus_area.ends_on IS 'Last day; null: until further notice.';
COMMENT ON COLUMN @registry@.focus_area.decided_by IS 'The office that decided.';

SELECT @registry@.guard_facts('{clue,sweep_place,focus_area}', true);
SELECT @registry@.guard_facts('{clue_handling,den_closure}', false);
SELECT @registry@.comment_code_lists('{clue_kind,clue_source,clue_outcome,premises_kind}');

INSERT INTO @registry@.measure (code, label_zh, label_en, counter_zh, counter_en, relation, meaning) VALUES
  ('clue', '涉诈线索', 'clue', '条', 'clue', 'clue', 'A clue of any kind, on the day it came in.'),
  ('tip_off', '群众举报线索', 'clue reported by residents', '条', 'clue', 'clue', 'A clue that residents reported, on the day it came in.'),
  ('two_card_clue', '涉诈“两卡”线索', 'two-card clue', '条', 'clue', 'clue', 'A clue about bank accounts or telephone cards, on the day it came in.'),
  ('two_cards', '涉案“两卡”', 'bank or telephone card in a case', '张', 'card', 'clue', 'Bank accounts and telephone cards that were used in a case, on the day the clue came in; quantity: accounts and cards.'),
  ('two_cards_all', '涉诈“两卡”', 'bank or telephone card in a clue', '张', 'card', 'clue', 'Bank accounts and telephone cards of all clues about them, used in a case or not; quantity: accounts and cards.'),
  ('sweep', '扫楼排查', 'sweep', '次', 'sweep', 'activity', 'Sweeps of premises that were held and recorded.'),
  ('premises_checked', '清查场所', 'premises checked', '处', 'place', 'sweep_place', 'Premises that sweeps visited, on the day of the sweep.');
UPDATE @registry@.activity_kind SET measure = 'sweep' WHERE code OPERATOR(pg_catalog.=) 'sweep';

-- A duplicate counts only from when the first was withdrawn.
CREATE VIEW @registry@.clue_counted (id, unit, region, kind, two_cards, received_on, source, cards, subject, in_case, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT c.id, c.unit, c.region, c.kind, k.two_cards, c.received_on, c.source, c.cards, c.subject, c.in_case,
       CASE WHEN c.duplicate_of IS NULL THEN c.recorded_at ELSE greatest(c.recorded_at, (SELECT o.voided_at FROM @registry@.clue AS o WHERE o.id = c.duplicate_of)) END, c.voided_at
FROM @registry@.clue AS c
JOIN @registry@.clue_kind AS k ON k.code = c.kind
-- few are duplicates: their originals are looked up one by one
WHERE c.duplicate_of IS NULL OR (SELECT o.voided_at FROM @registry@.clue AS o WHERE o.id = c.duplicate_of) < COALESCE(c.voided_at, 'infinity');
COMMENT ON VIEW @registry@.clue_counted IS 'The clues that count, duplicates of one in force left out, with the time for which that was known.';

-- Cards in cases: said when the clue came in, or by what became of it; several
-- entries that say so count once.
CREATE VIEW @registry@.card_in_case (id, unit, region, received_on, cards, subject, recorded_at, voided_at)
WITH (security_invoker = true) AS
SELECT c.id, c.unit, c.region, c.received_on, c.cards, c.subject, c.recorded_at, c.voided_at
FROM @registry@.clue_counted AS c
WHERE c.two_cards AND c.in_case
UNION ALL
SELECT s.id, s.unit, s.region, s.received_on, s.cards, s.subject, pg_catalog.lower(known.stretch), pg_catalog.upper(known.stretch)
FROM (
  SELECT c.id, c.unit, c.region, c.received_on, c.cards, c.subject,
         pg_catalog.range_agg(pg_catalog.tstzrange(c.recorded_at, c.voided_at) * pg_catalog.tstzrange(h.recorded_at, h.voided_at)) AS stretches
  FROM @registry@.clue_counted AS c
  JOIN @registry@.clue_handling AS h ON h.clue = c.id AND h.in_case
  WHERE c.two_cards AND NOT c.in_case
  GROUP BY c.id, c.unit, c.region, c.received_on, c.cards, c.subject
) AS s
CROSS JOIN LATERAL pg_catalog.unnest(s.stretches) AS known (stretch);
COMMENT ON VIEW @registry@.card_in_case IS 'Bank accounts and telephone cards that were used in a case, with the time for which that was known.';
SELECT @registry@.comment_columns('{clue_counted,card_in_case}', '{id,unit,region,received_on,cards,subject,recorded_at,voided_at}',
  ARRAY['The clue.', 'Its unit.', 'Its region.', 'Day on which it came in.', 'How many accounts or cards.', 'Surrogate key of the person or place concerned.', 'Since when this was known.', 'Until when; null: still.']);
SELECT @registry@.comment_columns('{clue_counted}', '{kind,two_cards,source,in_case}',
  ARRAY['What it is about.', 'Whether it is about bank accounts or telephone cards.', 'Where it comes from.', 'Whether the cards were known to be in a case when it came in.']);

CREATE VIEW @registry@.sweep (activity, unit, region, held_on, sessions, checked, registered, unregistered, verified, handed_over)
WITH (security_invoker = true) AS
SELECT a.id, a.unit, a.region, a.held_on, a.sessions, COALESCE(p.checked, 0), COALESCE(p.registered, 0), COALESCE(p.unregistered, 0), COALESCE(p.verified, 0), COALESCE(p.handed_over, 0)
FROM @registry@.activity AS a
LEFT JOIN LATERAL (
  SELECT pg_catalog.sum(p.checked)::bigint AS checked, pg_catalog.sum(p.registered)::bigint AS registered, pg_catalog.sum(p.unregistered)::bigint AS unregistered,
         pg_catalog.sum(p.verified)::bigint AS verified, pg_catalog.sum(p.handed_over)::bigint AS handed_over
  FROM @registry@.sweep_place AS p WHERE p.activity = a.id AND p.voided_at IS NULL
) AS p ON true
WHERE a.kind = 'sweep' AND a.voided_at IS NULL;
COMMENT ON VIEW @registry@.sweep IS 'Sweeps in force, with what they visited and found in all.';
SELECT @registry@.comment_columns('{sweep}', '{activity,unit,region,held_on,sessions,checked,registered,unregistered,verified,handed_over}',
  ARRAY['The activity.', 'The unit that held it.', 'Where it belongs.', 'Day of the sweep.', 'How many on that day.', 'Premises visited.', 'Of these: registered on the occasion.',
        'Of these: still unregistered.', 'Persons on a list of the police who were found and verified.', 'Clues handed to the police.']);
