-- What of a recurring duty was met and missed, and when it is due next.

CREATE FUNCTION antifraud.duty_status(
  cadence antifraud.cadence, since date, done date[], paused datemultirange, as_of date, cal antifraud.calendar DEFAULT NULL,
  OUT last_done date, OUT next_due date, OUT days_overdue integer, OUT due integer, OUT met integer, OUT missed integer, OUT state text)
AS 'MODULE_PATHNAME', 'af_duty_status_cadence' LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION antifraud.duty_status(antifraud.cadence, date, date[], datemultirange, date, antifraud.calendar) IS
  'a duty at the end of the day as_of: when last done and next due, days overdue without paused days, slots or windows met and missed, and the state ok, due, overdue, paused or calendar_missing';

CREATE FUNCTION antifraud.duty_status(
  segments jsonb, since date, done date[], paused datemultirange, as_of date, cal antifraud.calendar DEFAULT NULL,
  OUT last_done date, OUT next_due date, OUT days_overdue integer, OUT due integer, OUT met integer, OUT missed integer, OUT state text)
AS 'MODULE_PATHNAME', 'af_duty_status_segments' LANGUAGE c IMMUTABLE PARALLEL SAFE COST 40;
COMMENT ON FUNCTION antifraud.duty_status(jsonb, date, date[], datemultirange, date, antifraud.calendar) IS
  'the same over a history: an array of {"from", "cadence", "grace" in days, "anchor": "actual" or "grid", "shift": "none" or "before", "partial": "skip" or "prorate"}, each in force from its day on; "change": "min", "open" or "restart" is what its beginning does to the open slot, "pause": "stop", "run" or "restart" what pauses do to a slot';

CREATE FUNCTION antifraud.missed_dates(
  cadence antifraud.cadence, since date, done date[], paused datemultirange, as_of date, cal antifraud.calendar DEFAULT NULL) RETURNS SETOF date
AS 'MODULE_PATHNAME', 'af_duty_missed_cadence' LANGUAGE c IMMUTABLE PARALLEL SAFE COST 20 ROWS 10;
COMMENT ON FUNCTION antifraud.missed_dates(antifraud.cadence, date, date[], datemultirange, date, antifraud.calendar) IS
  'the last day of every slot or window that duty_status counts as missed, in order';

CREATE FUNCTION antifraud.missed_dates(
  segments jsonb, since date, done date[], paused datemultirange, as_of date, cal antifraud.calendar DEFAULT NULL) RETURNS SETOF date
AS 'MODULE_PATHNAME', 'af_duty_missed_segments' LANGUAGE c IMMUTABLE PARALLEL SAFE COST 40 ROWS 10;
COMMENT ON FUNCTION antifraud.missed_dates(jsonb, date, date[], datemultirange, date, antifraud.calendar) IS
  'the last day of every slot or window that duty_status counts as missed over a history, in order';
