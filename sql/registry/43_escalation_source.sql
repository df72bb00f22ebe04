-- What the triggers of antifraud.escalate() have to know: which measures the
-- rows of a table feed, and how. And what they keep: how far each unit is from
-- the next rung.

CREATE TABLE @registry@.escalation_source (
  relation text,
  measure text CONSTRAINT escalation_source_measure_fk REFERENCES @registry@.measure,
  plain boolean NOT NULL DEFAULT false,
  own_day boolean NOT NULL DEFAULT true,
  amount_column text,
  flag_column text,
  via text,
  CONSTRAINT escalation_source_pk PRIMARY KEY (relation, measure),
  CONSTRAINT escalation_source_columns_of_plain_rows CHECK (plain OR num_nonnulls(amount_column, flag_column) = 0),
  CONSTRAINT escalation_source_plain_or_via CHECK (NOT plain OR via IS NULL AND own_day)
);
COMMENT ON TABLE @registry@.escalation_source IS 'Which measures the rows of a table of facts feed, beyond those that measure.relation says, and how they follow from the rows: those are evaluated when a statement has changed rows of it.';
COMMENT ON COLUMN @registry@.escalation_source.relation IS 'The table, in this schema.';
COMMENT ON COLUMN @registry@.escalation_source.measure IS 'A measure whose facts follow from its rows.';
COMMENT ON COLUMN @registry@.escalation_source.plain IS 'Whether each row in force (of which flag_column is true) is one fact of the measure, of quantity 1, of the unit and the day that the row names, and there are no others. Such facts need not be counted with each row, and are read from the table, which has columns id and voided_at.';
COMMENT ON COLUMN @registry@.escalation_source.own_day IS 'Whether the facts that a row moves lie on the day that it names: a unit without facts on the days of a statement need not be counted.';
COMMENT ON COLUMN @registry@.escalation_source.amount_column IS 'The column that is the amount of the fact; null: not a column.';
COMMENT ON COLUMN @registry@.escalation_source.flag_column IS 'A boolean column: rows in which it is not true are no facts of the measure; null: none.';
COMMENT ON COLUMN @registry@.escalation_source.via IS 'A function of this schema that finds the facts which rows without a unit of their own move: (ids bigint[]) gives unit and day. Null: the row names its unit.';

-- Half of each page is left free: a row changes with each statement, and such
-- an update touches no index where it can stay on its page.
CREATE TABLE @registry@.escalation_margin (
  relation text COLLATE "C",
  unit text COLLATE "C" CONSTRAINT escalation_margin_unit_fk REFERENCES @registry@.unit,
  rules bigint NOT NULL DEFAULT 0,
  as_of date NOT NULL DEFAULT 'infinity',
  first_day date NOT NULL DEFAULT 'infinity',
  last_day date NOT NULL DEFAULT '-infinity',
  margins integer[],
  used bigint NOT NULL DEFAULT -1,
  CONSTRAINT escalation_margin_pk PRIMARY KEY (relation, unit)
) WITH (fillfactor = 50);
COMMENT ON TABLE @registry@.escalation_margin IS 'Kept by antifraud.escalate(): how many more facts of a table a unit can have before a rule on their number could raise something. While there is a margin, nothing is counted. May be emptied at any time.';
COMMENT ON COLUMN @registry@.escalation_margin.relation IS 'The table of facts.';
COMMENT ON COLUMN @registry@.escalation_margin.unit IS 'The unit.';
COMMENT ON COLUMN @registry@.escalation_margin.rules IS 'Fingerprint of the rules for which it was counted, and of the unit''s region, kind and whether it is active: others count anew.';
COMMENT ON COLUMN @registry@.escalation_margin.as_of IS 'It holds as of this day and later ones,';
COMMENT ON COLUMN @registry@.escalation_margin.first_day IS 'for facts from this day';
COMMENT ON COLUMN @registry@.escalation_margin.last_day IS 'to this day.';
COMMENT ON COLUMN @registry@.escalation_margin.margins IS 'How many facts there could be, after those that were counted, as of a day of each month of the year: a baseline grows as the year goes on.';
COMMENT ON COLUMN @registry@.escalation_margin.used IS 'How many there have been since; below 0: to be counted.';

-- Whether something was raised for days after these, which more facts before
-- them may unmake. In a form that serves no other question: while the table
-- is small, one index seems as good as another.
CREATE INDEX escalation_period ON @registry@.escalation (substr(episode, 8) COLLATE "C") WHERE starts_with(episode, 'period:');
