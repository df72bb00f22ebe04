-- The next due day of each person under control is kept by these.
--
-- PUBLIC may execute them, as any trigger function: whoever makes a registry
-- needs that to create its triggers. What they do with the rights of the owner
-- they do for the registry's own tables only; the check is in the function.

CREATE FUNCTION antifraud.keep_next_due() RETURNS trigger
  LANGUAGE C AS 'MODULE_PATHNAME', 'af_keep_next_due';
COMMENT ON FUNCTION antifraud.keep_next_due() IS
  'trigger function that keeps the next due day of persons when something happens to them; its argument says which table of a registry it stands on: checkin, tier_change, suspension, status_change, person, control_policy or calendar_day; it serves no table of another name, place or owner';

CREATE FUNCTION antifraud.guard_next_due() RETURNS trigger
  LANGUAGE C AS 'MODULE_PATHNAME', 'af_guard_next_due';
COMMENT ON FUNCTION antifraud.guard_next_due() IS
  'trigger function that lets nobody but antifraud.keep_next_due() write the kept columns of a person';

CREATE FUNCTION antifraud.refresh_next_due(registry text, persons bigint[] DEFAULT NULL) RETURNS bigint
  LANGUAGE C AS 'MODULE_PATHNAME', 'af_refresh_next_due';
COMMENT ON FUNCTION antifraud.refresh_next_due(text, bigint[]) IS
  'compute from scratch what is kept on these persons of a registry (null: all), for its owner; gives how many of them were wrong';
