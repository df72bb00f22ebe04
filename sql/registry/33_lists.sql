-- Lists of persons, as targets look at them.

CREATE VIEW @registry@.listed_person (list, purpose, person, region, added_on, late, recorded_at, voided_at) WITH (security_invoker = true) AS
SELECT NULL::text, NULL::text, NULL::bigint, NULL::antifraud.region, NULL::date, NULL::boolean, NULL::timestamptz, NULL::timestamptz
WHERE false;
COMMENT ON VIEW @registry@.listed_person IS 'Who stands on which list. Targets on lists take their denominator from it.';
COMMENT ON COLUMN @registry@.listed_person.list IS 'The list.';
COMMENT ON COLUMN @registry@.listed_person.purpose IS 'What the list is for: reduction, return or control.';
COMMENT ON COLUMN @registry@.listed_person.person IS 'The person.';
COMMENT ON COLUMN @registry@.listed_person.region IS 'Where the person is under control.';
COMMENT ON COLUMN @registry@.listed_person.added_on IS 'Day on which the person was added.';
COMMENT ON COLUMN @registry@.listed_person.late IS 'Whether that was after the list had been frozen.';
COMMENT ON COLUMN @registry@.listed_person.recorded_at IS 'Since when it was known.';
COMMENT ON COLUMN @registry@.listed_person.voided_at IS 'When it was withdrawn; null while it is in force.';

CREATE VIEW @registry@.listed_result (purpose, person, changed_on, source_key, reached, recorded_at, voided_at) WITH (security_invoker = true) AS
SELECT NULL::text, NULL::bigint, NULL::date, NULL::bigint, NULL::boolean, NULL::timestamptz, NULL::timestamptz
WHERE false;
COMMENT ON VIEW @registry@.listed_result IS 'Changes of status of persons, and whether each reaches what a list is for. The last one up to a day counts; of one day, the one with the highest source_key.';
COMMENT ON COLUMN @registry@.listed_result.purpose IS 'What a list is for: reduction or return.';
COMMENT ON COLUMN @registry@.listed_result.person IS 'The person.';
COMMENT ON COLUMN @registry@.listed_result.changed_on IS 'Day of the change.';
COMMENT ON COLUMN @registry@.listed_result.source_key IS 'Identity of the row that says so.';
COMMENT ON COLUMN @registry@.listed_result.reached IS 'Whether the person then counts as taken off the list, or as returned.';
COMMENT ON COLUMN @registry@.listed_result.recorded_at IS 'Since when it was known.';
COMMENT ON COLUMN @registry@.listed_result.voided_at IS 'When it was withdrawn; null while it is in force.';
