-- How often a person is checked: a cadence for each tier, by region and date.

CREATE TABLE @registry@.control_policy (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT control_policy_pk PRIMARY KEY,
  tier text NOT NULL CONSTRAINT control_policy_tier_fk REFERENCES @registry@.tier,
  region antifraud.region,
  valid_from date NOT NULL CONSTRAINT control_policy_in_years_1_to_9999 CHECK (valid_from OPERATOR(pg_catalog.>=) '0001-01-01'::date AND valid_from OPERATOR(pg_catalog.<=) '9999-12-31'::date),
  cadence antifraud.cadence,
  grace integer NOT NULL DEFAULT 0 CONSTRAINT control_policy_grace_range CHECK (grace OPERATOR(pg_catalog.>=) 0 AND grace OPERATOR(pg_catalog.<=) 366),
  anchor text NOT NULL DEFAULT 'actual' CONSTRAINT control_policy_anchor_known CHECK (anchor OPERATOR(pg_catalog.=) ANY ('{actual,grid}')),
  shift text NOT NULL DEFAULT 'none' CONSTRAINT control_policy_shift_known CHECK (shift OPERATOR(pg_catalog.=) ANY ('{none,before}')),
  partial text NOT NULL DEFAULT 'skip' CONSTRAINT control_policy_partial_known CHECK (partial OPERATOR(pg_catalog.=) ANY ('{skip,prorate}')),
  change text NOT NULL DEFAULT 'min' CONSTRAINT control_policy_change_known CHECK (change OPERATOR(pg_catalog.=) ANY ('{min,open,restart}')),
  pause text NOT NULL DEFAULT 'stop' CONSTRAINT control_policy_pause_known CHECK (pause OPERATOR(pg_catalog.=) ANY ('{stop,run,restart}')),
  late_entry_days integer CONSTRAINT control_policy_late_entry_days_not_negative CHECK (late_entry_days OPERATOR(pg_catalog.>=) 0),
  void_within_days integer CONSTRAINT control_policy_void_within_days_not_negative CHECK (void_within_days OPERATOR(pg_catalog.>=) 0),
  missed_approval text NOT NULL DEFAULT 'person' CONSTRAINT control_policy_missed_approval_known CHECK (missed_approval OPERATOR(pg_catalog.=) ANY ('{person,automatic}')),
  missed_withdrawal text NOT NULL DEFAULT 'person' CONSTRAINT control_policy_missed_withdrawal_known CHECK (missed_withdrawal OPERATOR(pg_catalog.=) ANY ('{person,automatic}')),
  basis text NOT NULL CONSTRAINT control_policy_basis_not_blank CHECK (pg_catalog.btrim(basis) OPERATOR(pg_catalog.<>) ''),
  CONSTRAINT control_policy_once UNIQUE NULLS NOT DISTINCT (tier, region, valid_from)
);
COMMENT ON TABLE @registry@.control_policy IS 'How often persons of a tier are checked. Of the regions that contain a person''s region the most specific one wins; within a region, the latest row that is valid.';
COMMENT ON COLUMN @registry@.control_policy.id IS 'Identity; not in order of time.';
COMMENT ON COLUMN @registry@.control_policy.tier IS 'The tier; see tier.';
COMMENT ON COLUMN @registry@.control_policy.region IS 'Where it holds; null: everywhere.';
COMMENT ON COLUMN @registry@.control_policy.valid_from IS 'First day on which it holds, until the next row of the same tier and region.';
COMMENT ON COLUMN @registry@.control_policy.cadence IS 'How often; null: this region has no rule of its own from that day on, and the wider region''s holds (none: nothing is due).';
COMMENT ON COLUMN @registry@.control_policy.grace IS 'Days after the due day within which a check-in still counts as in time.';
COMMENT ON COLUMN @registry@.control_policy.anchor IS 'What the next due day is counted from after a check-in: actual, the day on which it was done; grid, the day on which it was due.';
COMMENT ON COLUMN @registry@.control_policy.shift IS 'none; before: a due day that is no working day moves to the working day before it.';
COMMENT ON COLUMN @registry@.control_policy.partial IS 'For cadences by window, a first window that is not whole: skip, or prorate.';
COMMENT ON COLUMN @registry@.control_policy.change IS 'What the first day of this policy for a person (a tier change, or valid_from) does to the open slot: min, stricter at once and laxer from the last check-in; open, it keeps its end; restart, a new interval begins on that day.';
COMMENT ON COLUMN @registry@.control_policy.pause IS 'What a suspension does to the clock: stop, each paused day moves the end by one; run, it moves nothing; restart, a new interval begins at its end.';
COMMENT ON COLUMN @registry@.control_policy.late_entry_days IS 'A check-in recorded more than so many days (of China) after the day on which it was done does not count; null: whenever it is recorded, it counts on its own day. Of the policy in force on that day.';
COMMENT ON COLUMN @registry@.control_policy.void_within_days IS 'A check-in voided more than so many days (of China) after it was recorded still counts as done; null: a voided check-in never was. Of the policy in force on the day on which it was done.';
COMMENT ON COLUMN @registry@.control_policy.missed_approval IS 'Who makes a missed check-in a fact: a person, or automatic.';
COMMENT ON COLUMN @registry@.control_policy.missed_withdrawal IS 'Who takes such a fact back, once it turns out not to have been missed: a person (withdraw_missed), or automatic (record_missed).';
COMMENT ON COLUMN @registry@.control_policy.basis IS 'Document or provision that it rests on.';
-- The source gives no first day: valid since long before any history.
INSERT INTO @registry@.control_policy (tier, region, valid_from, cadence, basis) VALUES
  ('high', NULL, '2000-01-01', 'every 7 days', 'qingyuan-2024, 三（一）2：高危人员一周一核查'),
  ('medium', NULL, '2000-01-01', 'every 2 weeks', 'qingyuan-2024, 三（一）2：中危人员两周一核查'),
  ('low', NULL, '2000-01-01', 'every month', 'qingyuan-2024, 三（一）2：低危人员一月一核查');

CREATE FUNCTION @registry@.policy_for(tier text, region antifraud.region, day date)
RETURNS TABLE (policy bigint, cadence antifraud.cadence, grace integer, anchor text, shift text, partial text, change text, pause text,
               late_entry_days integer, void_within_days integer, missed_approval text, missed_withdrawal text)
STABLE PARALLEL SAFE ROWS 1
LANGUAGE sql
BEGIN ATOMIC
  SELECT valid.id AS policy, valid.cadence, valid.grace, valid.anchor, valid.shift, valid.partial, valid.change, valid.pause,
         valid.late_entry_days, valid.void_within_days, valid.missed_approval, valid.missed_withdrawal
  FROM (
    SELECT DISTINCT ON (c.region) c.id, c.region, c.cadence, c.grace, c.anchor, c.shift, c.partial, c.change, c.pause,
           c.late_entry_days, c.void_within_days, c.missed_approval, c.missed_withdrawal
    FROM @registry@.control_policy AS c
    WHERE c.tier OPERATOR(pg_catalog.=) $1
      AND (c.region IS NULL OR c.region OPERATOR(antifraud.@>) $2)
      AND c.valid_from OPERATOR(pg_catalog.<=) $3
    ORDER BY c.region, c.valid_from DESC
  ) AS valid
  WHERE valid.cadence IS NOT NULL
  ORDER BY antifraud.region_level(valid.region) DESC NULLS LAST
  LIMIT 1;
END;
COMMENT ON FUNCTION @registry@.policy_for(text, antifraud.region, date) IS 'The policy that holds for a tier in a region on a day: of the most specific region that has one; no row where none has.';

-- Most offices have the three shipped rows and no others: then the tier alone
-- decides, and nobody need be asked for by region and day. One row, always.
CREATE VIEW @registry@.uniform_policy (since) WITH (security_invoker = true) AS
SELECT CASE WHEN pg_catalog.bool_and(c.region IS NULL AND c.cadence IS NOT NULL) AND pg_catalog.count(*) OPERATOR(pg_catalog.=) pg_catalog.count(DISTINCT c.tier)
            THEN pg_catalog.max(c.valid_from) END
FROM @registry@.control_policy AS c;
COMMENT ON VIEW @registry@.uniform_policy IS 'Whether the tier alone decides how often a person is checked: one row. Lists use it to read faster; policy_for() gives the same.';
COMMENT ON COLUMN @registry@.uniform_policy.since IS 'From which day on each tier that has a policy has just one, the same everywhere; null: policies differ by region, or were changed or withdrawn.';

-- What a segment says besides its first day. Change and pause only where they
-- are not the usual ones: most segments say neither. Stable, as
-- jsonb_build_object is: otherwise it would not be inlined.
CREATE FUNCTION @registry@.segment_terms(cadence antifraud.cadence, grace integer, anchor text, shift text, partial text, change text, pause text) RETURNS jsonb
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN pg_catalog.jsonb_build_object('cadence', $1::text, 'grace', COALESCE($2, 0), 'anchor', COALESCE($3, 'actual'), 'shift', COALESCE($4, 'none'), 'partial', COALESCE($5, 'skip'))
  OPERATOR(pg_catalog.||) CASE WHEN $6 OPERATOR(pg_catalog.<>) 'min' THEN pg_catalog.jsonb_build_object('change', $6) ELSE '{}'::jsonb END
  OPERATOR(pg_catalog.||) CASE WHEN $7 OPERATOR(pg_catalog.<>) 'stop' THEN pg_catalog.jsonb_build_object('pause', $7) ELSE '{}'::jsonb END;
COMMENT ON FUNCTION @registry@.segment_terms(antifraud.cadence, integer, text, text, text, text, text) IS 'What a policy asks, as a segment of antifraud.duty_status() says it, without its first day; null is the default of each, and a null cadence asks nothing.';

CREATE FUNCTION @registry@.list_day() RETURNS date
STABLE PARALLEL SAFE
LANGUAGE sql
RETURN COALESCE((SELECT r.as_of FROM @registry@.registry_info AS r), (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::date);
COMMENT ON FUNCTION @registry@.list_day() IS 'The day as of which the views of what is due look: registry_info.as_of, or today in China where that is null. Functions take the day as an argument instead.';
