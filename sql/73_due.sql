-- When a cadence is due, where only the last time is known, or nothing.  With
-- a history, pauses and tiers see duty_status.

CREATE FUNCTION antifraud.next_due(cadence antifraud.cadence, last_done date, cal antifraud.calendar DEFAULT NULL) RETURNS date
AS 'MODULE_PATHNAME', 'af_cadence_next_due_sql' LANGUAGE c IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION antifraud.next_due(antifraud.cadence, date, antifraud.calendar) IS
  'the day at whose end it is due next after it was done on last_done: one interval later, or the end of the window that then counts; NULL where that needs a term that the calendar does not cover';

CREATE FUNCTION antifraud.due_dates(cadence antifraud.cadence, from_date date, to_date date, cal antifraud.calendar DEFAULT NULL) RETURNS SETOF date
AS 'MODULE_PATHNAME', 'af_cadence_due_dates_sql' LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION antifraud.due_dates(antifraud.cadence, date, date, antifraud.calendar) IS
  'the days up to to_date by which it would be due, were nothing done after from_date: ends of intervals, or of windows that lie wholly in between; a last row NULL where terms are not covered by the calendar';
