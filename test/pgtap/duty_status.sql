-- duty_status and missed_dates: each sentence of doc/reference-duty.md, worked
-- out by hand.  1 January 2024 is a Monday; February 2024 has 29 days.
--
-- An answer is written: last_done next_due days_overdue due met missed state.
\ir setup.psql

SELECT no_plan();

CREATE FUNCTION pg_temp.line(antifraud.cadence, date, date[], datemultirange, date, antifraud.calendar DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT concat_ws(' ', coalesce(last_done::text, '-'), coalesce(next_due::text, '-'), days_overdue, due, met, missed, state)
  FROM antifraud.duty_status($1, $2, $3, $4, $5, $6));
CREATE FUNCTION pg_temp.line(jsonb, date, date[], datemultirange, date, antifraud.calendar DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT concat_ws(' ', coalesce(last_done::text, '-'), coalesce(next_due::text, '-'), days_overdue, due, met, missed, state)
  FROM antifraud.duty_status($1, $2, $3, $4, $5, $6));
-- Days missed, as month and day.
CREATE FUNCTION pg_temp.days(jsonb, date, date[], datemultirange, date, antifraud.calendar DEFAULT NULL) RETURNS text
LANGUAGE sql RETURN (SELECT string_agg(to_char(d, 'MM-DD'), ' ' ORDER BY ordinality) FROM antifraud.missed_dates($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS m (d));
-- A history of one segment, and of two.
CREATE FUNCTION pg_temp.one(cadence text, more jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql RETURN jsonb_build_array(jsonb_build_object('from', '2024-01-01', 'cadence', cadence) || more);
CREATE FUNCTION pg_temp.two(cadence text, changed date, new_cadence text, more jsonb DEFAULT '{}', new_more jsonb DEFAULT '{}') RETURNS jsonb
LANGUAGE sql RETURN pg_temp.one(cadence, more) || (jsonb_build_object('from', changed, 'cadence', new_cadence) || new_more);

\set weekly '''every 7 days'''
\set monthly '''every month'''

-- ---------------------------------------------------------------- rolling
-- Weekly since 1 January: slot 1 is 2 to 8 January, slot 2 is 9 to 15 January.

SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, NULL, '2024-01-01'), '- 2024-01-08 0 0 0 0 ok', 'the first is due an interval after the start');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, NULL, '2024-01-08'), '- 2024-01-08 0 0 0 0 due', 'on the last day it is due, and not yet missed');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, NULL, '2024-01-09'), '- 2024-01-08 1 1 0 1 overdue', 'and a day later overdue');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, NULL, '2024-01-15'), '- 2024-01-08 7 1 0 1 overdue', 'next_due stays; the second slot is open on its last day');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, NULL, '2024-01-16'), '- 2024-01-08 8 2 0 2 overdue', 'and missed after it');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-01-05}', NULL, '2024-01-05'), '2024-01-05 2024-01-12 0 1 1 0 ok', 'an early check-in: the next slot runs from it');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-01-08}', NULL, '2024-01-09'), '2024-01-08 2024-01-15 0 1 1 0 ok', 'a check-in on the last day');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-01-10}', NULL, '2024-01-10'), '2024-01-10 2024-01-17 0 2 1 1 ok', 'a late one: the first slot is missed, the second met');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-01-05,NULL,2024-01-05}', NULL, '2024-01-05'), '2024-01-05 2024-01-12 0 1 1 0 ok',
  'a second one on the same day does nothing, nor does NULL');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-01-01}', NULL, '2024-01-02'), '2024-01-01 2024-01-08 0 0 0 0 ok', 'one on the first day meets no slot');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2023-12-31,2024-01-20}', NULL, '2024-01-09'), '- 2024-01-08 1 1 0 1 overdue', 'before since and after as_of do not count');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-01-17,2024-01-05,2024-01-11}', NULL, '2024-01-18'), '2024-01-17 2024-01-24 0 3 3 0 ok', 'in any order');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{{2024-01-05,2024-01-11},{2024-01-17,2024-01-18}}', NULL, '2024-01-18'), '2024-01-18 2024-01-25 0 4 4 0 ok', 'and of any dimension');
-- 2 to 14 January, each day; then 21 and 28 January pass
SELECT is(pg_temp.line(:weekly, '2024-01-01', ARRAY(SELECT '2024-01-01'::date + n FROM generate_series(1, 13) n), NULL, '2024-01-29'),
  '2024-01-14 2024-01-21 8 15 13 2 overdue', 'thirteen daily visits do not make up for two missed weeks');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2023-11-30}', NULL, '2023-12-01'), '- 2024-01-08 0 0 0 0 ok', 'before since: the first end, and nothing else');

SELECT is(pg_temp.days('[{"from":"2024-01-31","cadence":"every month"}]', '2024-01-31', NULL, NULL, '2024-05-01'), '02-29 03-31 04-30', 'months are counted from the same day');
SELECT is(pg_temp.days('[{"from":"2023-01-31","cadence":"every month"}]', '2023-01-31', NULL, NULL, '2023-04-01'), '02-28 03-31', 'in any year');
SELECT is(pg_temp.line(:monthly, '2024-01-31', '{2024-02-29}', NULL, '2024-03-01'), '2024-02-29 2024-03-29 0 1 1 0 ok', 'a check-in on 29 February makes it the 29th');

-- ----------------------------------------------------------------- pauses

-- 3 to 5 January are paused: 8 January becomes the 11th
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-03,2024-01-05]}', '2024-01-11'), '- 2024-01-11 0 0 0 0 due', 'each paused day moves the end by one');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-03,2024-01-05]}', '2024-01-12'), '- 2024-01-11 1 1 0 1 overdue', 'and then it is missed');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-03,2024-01-05]}', '2024-01-02'), '- 2024-01-11 0 0 0 0 ok', 'a pause that is known beforehand moves it too');
-- 8 + 3 = 11, which takes in 10 and 11: 13
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-03,2024-01-05],[2024-01-10,2024-01-11]}', '2024-01-13'), '- 2024-01-13 0 0 0 0 due',
  'until no paused day is left');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-08,2024-01-08]}', '2024-01-08'), '- 2024-01-09 0 0 0 0 paused', 'the last day itself is paused');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{(,2024-01-03]}', '2024-01-04'), '- 2024-01-10 0 0 0 0 ok', 'a pause from long ago: the 2nd and the 3rd');
SELECT is(pg_temp.days(pg_temp.one(:weekly), '2024-01-01', NULL, '{[2024-01-03,2024-01-05]}', '2024-01-19'), '01-11 01-18', 'what follows is counted from the moved end');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-03,2024-01-05]}', '2024-01-04'), '- 2024-01-11 0 0 0 0 paused', 'within a pause it is paused');
-- after 4 January: 5 is paused, 7 unpaused days are 6 to 12
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-01-04}', '{[2024-01-03,2024-01-05]}', '2024-01-04'), '2024-01-04 2024-01-12 0 1 1 0 paused',
  'a check-in in a pause counts as any other');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-05,)}', '2024-01-04'), '- - 0 0 0 0 ok', 'a pause without an end: no next due day');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-05,)}', '2024-12-31'), '- - 0 0 0 0 paused', 'and nothing is missed');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-05,infinity]}', '2024-12-31'), '- - 0 0 0 0 paused', 'infinity is no end either');
SELECT is(pg_temp.line(:weekly, '2024-01-01', '{2024-02-01}', '{[2024-01-05,)}', '2024-12-31'), '2024-02-01 - 0 1 1 0 paused', 'a check-in in it counts');
-- 9, 10, 21 and 22 January
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-11,2024-01-20]}', '2024-01-22'), '- 2024-01-08 4 1 0 1 overdue', 'paused days are no days overdue');
-- 9, 10, 21 to 25: the second slot ends on the 25th
SELECT is(pg_temp.days(pg_temp.one(:weekly), '2024-01-01', NULL, '{[2024-01-11,2024-01-20]}', '2024-01-26'), '01-08 01-25', 'nor do they count for the next slot');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{[2024-01-11,)}', '2024-02-01'), '- 2024-01-08 2 1 0 1 paused', 'a pause without an end after it was missed: 9 and 10 January');
SELECT is(pg_temp.line(:weekly, '2024-01-01', NULL, '{}', '2024-01-09'), '- 2024-01-08 1 1 0 1 overdue', 'no pause at all');

-- ------------------------------------------------------------------ grace
-- Three days after 8 January.

\set grace '''{"grace": 3}'''
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grace), '2024-01-01', NULL, NULL, '2024-01-11'), '- 2024-01-08 0 0 0 0 due', 'within the grace it is due');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grace), '2024-01-01', NULL, NULL, '2024-01-12'), '- 2024-01-08 4 1 0 1 overdue', 'after it, overdue from the end on');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grace), '2024-01-01', '{2024-01-10}', NULL, '2024-01-12'), '2024-01-10 2024-01-17 0 1 1 0 ok',
  'a check-in in the grace meets the slot and is what follows is counted from');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grace), '2024-01-01', '{2024-01-12}', NULL, '2024-01-12'), '2024-01-12 2024-01-19 0 2 1 1 ok', 'one after it does not');
-- days 2, 3 and 4 end unmet; the check-in of the 4th is within the grace of the 2nd
SELECT is(pg_temp.line(pg_temp.one('every day', :grace), '2024-01-01', '{2024-01-04}', NULL, '2024-01-05'), '2024-01-04 2024-01-05 0 1 1 0 due',
  'it meets the oldest slot that is not missed yet');

-- ------------------------------------------------------------------- grid

\set grid '''{"anchor": "grid"}'''
\set grid_grace '''{"anchor": "grid", "grace": 3}'''
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid), '2024-01-01', '{2024-01-05}', NULL, '2024-01-05'), '2024-01-05 2024-01-15 0 1 1 0 ok', 'on a grid ends stay');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid), '2024-01-01', '{2024-01-05,2024-01-06,2024-01-08}', NULL, '2024-01-08'), '2024-01-08 2024-01-15 0 1 1 0 ok',
  'more check-ins of a slot do nothing');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid), '2024-01-01', '{2024-01-10}', NULL, '2024-01-10'), '2024-01-10 2024-01-22 0 2 1 1 ok', 'the first slot missed, the second met');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid), '2024-01-01', '{2024-01-05}', NULL, '2024-01-23'), '2024-01-05 2024-01-15 8 3 1 2 overdue', 'the first unmet one stays due');
-- 3 to 5 January paused: ends on the 11th and the 18th
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid), '2024-01-01', '{2024-01-10}', '{[2024-01-03,2024-01-05]}', '2024-01-12'), '2024-01-10 2024-01-18 0 1 1 0 ok',
  'a pause moves the whole grid');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid), '2024-01-01', '{2024-01-02}', '{[2024-01-03,)}', '2024-01-12'), '2024-01-02 - 0 1 1 0 paused',
  'met, and the pause has no end: nothing follows');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid_grace), '2024-01-01', '{2024-01-10}', NULL, '2024-01-16'), '2024-01-10 2024-01-15 0 1 1 0 due',
  'a check-in in the grace meets the slot before, and not its own');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid_grace), '2024-01-01', '{2024-01-10,2024-01-10}', NULL, '2024-01-19'), '2024-01-10 2024-01-15 4 2 1 1 overdue',
  'twice on that day neither');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :grid_grace), '2024-01-01', '{2024-01-10,2024-01-11}', NULL, '2024-01-16'), '2024-01-11 2024-01-22 0 2 2 0 ok',
  'the day after it does');

-- ------------------------------------------------------------------ shift
-- Holidays 10 to 17 February; Sunday 4 February is worked.

\set calendar '''{"holiday":["2024-01-01","2024-02-10..2024-02-17"],"makeup_workday":["2024-02-04"]}'''
\set before '''{"shift": "before"}'''
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-02-03', NULL, NULL, '2024-02-04', :calendar), '- 2024-02-09 0 0 0 0 ok',
  'Saturday 10 February is a holiday: due on Friday');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-02-03', NULL, NULL, '2024-02-10', :calendar), '- 2024-02-09 1 1 0 1 overdue', 'and missed on Saturday');
-- 17 February: no working day from the 10th on; 24 February is a Saturday
SELECT is(pg_temp.days(pg_temp.one(:weekly, :before), '2024-02-03', NULL, NULL, '2024-02-25', :calendar), '02-09 02-17 02-23',
  'the grid does not shift, and a slot without a working day keeps its end');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-02-03', '{2024-02-10}', NULL, '2024-02-10', :calendar), '2024-02-10 2024-02-17 0 2 1 1 ok',
  'a check-in after the deadline is one of the next slot');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-01-28', NULL, NULL, '2024-01-29', :calendar), '- 2024-02-04 0 0 0 0 ok', 'a Sunday that is worked');
SELECT is(pg_temp.line(pg_temp.one(:weekly), '2024-02-03', NULL, NULL, '2024-02-04', :calendar), '- 2024-02-10 0 0 0 0 ok', 'without shift the calendar changes nothing');
-- 10 February + 1 paused day = 11 February, a holiday: 9 February
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-02-03', NULL, '{[2024-02-05,2024-02-05]}', '2024-02-06', :calendar), '- 2024-02-09 0 0 0 0 ok',
  'the end that a pause has moved is shifted');
-- 4 January 2025 is not covered; 21 and 28 December are Saturdays
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-12-28', NULL, NULL, '2024-12-29', :calendar), '- - 0 0 0 0 calendar_missing', 'a year that the calendar does not cover');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-02-03', NULL, NULL, '2024-02-04'), '- - 0 0 0 0 calendar_missing', 'no calendar');
-- Slots since Saturday 14 December 2024: Friday the 20th, Friday the 27th, Saturday 4 January 2025, of which nothing is known.
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-12-14', NULL, NULL, '2024-12-28', :calendar), '- 2024-12-20 8 2 0 2 overdue', 'the open slot does not matter to who is overdue');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-12-14', NULL, NULL, '2025-01-04', :calendar), '- 2024-12-20 15 2 0 2 overdue', 'to its last day');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-12-14', NULL, NULL, '2025-01-05', :calendar), '- 2024-12-20 16 2 0 2 calendar_missing', 'but once it is over');
SELECT is(pg_temp.line(pg_temp.one(:weekly, '{"shift": "before", "grace": 5}'), '2024-12-14', NULL, NULL, '2025-01-05', :calendar), '- 2024-12-20 16 2 0 2 calendar_missing', 'in its grace too');
SELECT is(pg_temp.line('[{"from":"2024-12-27","cadence":"every 7 days","shift":"before"},{"from":"2024-12-30","cadence":"every 7 days"}]'::jsonb, '2024-12-27', NULL, NULL, '2025-01-05', :calendar),
  '- 2025-01-03 2 1 0 1 overdue', 'a slot that a change makes known is judged');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-02-03', NULL, '{[2024-02-04,2024-02-04]}', '2024-02-04'), '- - 0 0 0 0 paused', 'paused comes first');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-12-14', NULL, NULL, '2025-02-01', :calendar), '- 2024-12-20 43 2 0 2 calendar_missing',
  'counted is what could be judged before');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :before), '2024-12-14', '{2025-01-15}', NULL, '2025-02-01', :calendar), '2025-01-15 - 0 2 0 2 calendar_missing',
  'and nothing after');
SELECT is(pg_temp.line(:weekly, '2024-12-28', NULL, NULL, '2025-01-05', :calendar), '- 2025-01-04 1 1 0 1 overdue', 'who does not ask for it does not need it');

-- ------------------------------------------------- from one to another

-- monthly since 1 January: 1 February
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly), '2024-01-01', NULL, NULL, '2024-01-09'), '- 2024-02-01 0 0 0 0 ok', 'before the change');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly), '2024-01-01', NULL, NULL, '2024-01-10'), '- 2024-01-17 0 0 0 0 ok', 'stricter: an interval after the change');
SELECT is(pg_temp.days(pg_temp.two(:monthly, '2024-01-10', :weekly), '2024-01-01', NULL, NULL, '2024-01-25'), '01-17 01-24', 'and so on from there');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-30', :weekly), '2024-01-01', NULL, NULL, '2024-01-30'), '- 2024-02-01 0 0 0 0 ok', 'unless the old end is earlier');
SELECT is(pg_temp.days(pg_temp.two(:monthly, '2024-01-30', :weekly), '2024-01-01', NULL, NULL, '2024-02-09'), '02-01 02-08', 'what follows is counted from that');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly), '2024-01-01', '{2024-01-10}', NULL, '2024-01-10'), '2024-01-10 2024-01-17 0 1 1 0 ok',
  'a check-in on the day of the change is one under the new rule');
-- 12 to 14 January paused: 7 unpaused days after the 10th are 11, 15 to 20
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly), '2024-01-01', NULL, '{[2024-01-03,2024-01-04],[2024-01-12,2024-01-14]}', '2024-01-10'), '- 2024-01-20 0 0 0 0 ok',
  'pauses after the change move that end, those before it do not');
-- overdue since 1 February; the open slot of 1 March ends on 17 February
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-02-10', :weekly), '2024-01-01', NULL, NULL, '2024-02-18'), '- 2024-02-01 17 2 0 2 overdue', 'who is overdue stays so');

SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly), '2024-01-01', '{2024-01-05}', NULL, '2024-01-10'), '2024-01-05 2024-02-05 0 1 1 0 ok',
  'laxer: from the last check-in');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-20', :monthly), '2024-01-01', NULL, NULL, '2024-01-20'), '- 2024-02-01 0 2 0 2 ok',
  'who was overdue may no longer be; what was missed stays missed');
-- missed each Monday from 8 January to 19 February; every 14 days: 15, 29, 12, 26
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-02-20', 'every 2 weeks'), '2024-01-01', NULL, NULL, '2024-02-20'), '- 2024-01-15 36 7 0 7 overdue', 'or still is');
SELECT is(right(pg_temp.days(pg_temp.two(:weekly, '2024-02-20', 'every 2 weeks'), '2024-01-01', NULL, NULL, '2024-02-27'), 11), '02-19 02-26',
  'the next slot ends after the change and after all that was counted');
-- paused 3 to 12 January, 10 days: 8 January becomes the 18th, missed; 1 February becomes the 11th
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-20', :monthly), '2024-01-01', NULL, '{[2024-01-03,2024-01-12]}', '2024-01-20'), '- 2024-02-11 0 1 0 1 ok',
  'pauses since the last check-in move that end');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly) || '{"from":"2024-01-12","cadence":"every month"}', '2024-01-01', NULL, NULL, '2024-01-12'),
  '- 2024-02-01 0 0 0 0 ok', 'up and down again: as if nothing had been');

SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-05', 'every week', '{}', :grace), '2024-01-01', NULL, NULL, '2024-01-11'), '- 2024-01-08 0 0 0 0 due',
  'equally long: only the grace is new');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-05', :weekly), '2024-01-01', NULL, NULL, '2024-01-16'), '- 2024-01-08 8 2 0 2 overdue', 'the slots go on');
SELECT is(pg_temp.line(pg_temp.two('every 2 weeks', '2024-02-05', 'every 14 days', '{}', :before), '2024-01-27', NULL, NULL, '2024-02-05', :calendar),
  '- 2024-02-09 0 0 0 0 ok', 'or the working day before');
SELECT is(pg_temp.line(pg_temp.two('every 2 weeks', '2024-02-10', 'every 14 days', '{}', :before), '2024-01-27', NULL, NULL, '2024-02-10', :calendar),
  '- 2024-02-10 0 0 0 0 due', 'but nothing is due before the change');

-- within the grace of 8 January
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, :grace), '2024-01-01', NULL, NULL, '2024-01-10'), '- 2024-02-01 0 0 0 0 ok', 'laxer, in the grace of a slot');
-- it is judged by its own grace, up to the 11th; the open slot is the one up to the 15th, which now ends on the 13th
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', 'every 3 days', :grace), '2024-01-01', NULL, NULL, '2024-01-11'), '- 2024-01-08 0 0 0 0 due', 'stricter, in the grace of a slot');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', 'every 3 days', :grace), '2024-01-01', NULL, NULL, '2024-01-12'), '- 2024-01-08 4 1 0 1 overdue', 'and after it');
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-10', 'every 3 days', :grace), '2024-01-01', NULL, NULL, '2024-01-17'), '01-08 01-13 01-16', 'the slot after it is the open one');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', 'every 3 days', :grace), '2024-01-01', '{2024-01-11}', NULL, '2024-01-11'), '2024-01-11 2024-01-14 0 1 1 0 ok',
  'a check-in in it meets that slot');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', 'every week', :grace, '{"grace": 9}'), '2024-01-01', NULL, NULL, '2024-01-12'), '- 2024-01-08 4 1 0 1 overdue',
  'equally long: a slot that ended before has its own grace');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-20', 'every week', '{}', '{"grace": 9}'), '2024-01-01', NULL, NULL, '2024-01-20'), '- 2024-01-08 12 2 0 2 overdue',
  'and those that were missed had none');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', '1 per month', :grace), '2024-01-01', NULL, NULL, '2024-01-11'), '- 2024-01-31 0 0 0 0 ok', 'to windows, in the grace');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', '1 per month', :grace), '2024-01-01', NULL, NULL, '2024-01-12'), '- 2024-01-31 0 1 0 1 ok', 'after it');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', NULL, :grace), '2024-01-01', '{2024-01-10}', NULL, '2024-01-12'), '2024-01-10 - 0 1 1 0 ok', 'to no duty, done in it');
-- ends on the 5th and the 9th, each with 20 days; the check-in of the 12th meets the first
SELECT is(left(pg_temp.days(pg_temp.two('every 4 days', '2024-01-10', 'every day', '{"anchor": "grid", "grace": 20}', :grid), '2024-01-01', '{2024-01-12}', NULL, '2024-01-30'), 23),
  '01-09 01-11 01-12 01-13', 'what is missed at last stands in its place');

-- 15 June and 10 July are as far from 15 May and 10 June: a month and 30 days
SELECT is(right(pg_temp.days(pg_temp.two(:monthly, '2024-06-10', 'every 30 days'), '2024-01-15', NULL, NULL, '2024-08-15'), 17), '06-15 07-15 08-14',
  'equally long by chance: what follows is counted from the old end');
-- 10 February stays the end of the 14 days; 10 days after the 5th are shifted
SELECT is(pg_temp.line(pg_temp.two('every 2 weeks', '2024-02-05', 'every 10 days', '{}', :before), '2024-01-27', NULL, NULL, '2024-02-05', :calendar),
  '- 2024-02-09 0 0 0 0 ok', 'stricter, and the working day before');
SELECT is(pg_temp.line(pg_temp.two('every 2 weeks', '2024-02-05', 'every 10 days', '{}', :before), '2024-01-27', NULL, NULL, '2024-02-05'),
  '- - 0 0 0 0 calendar_missing', 'the earlier of two days of which one is not known');

-- grid: 1 February met on 5 January; from 10 January weekly
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly, :grid, :grid), '2024-01-01', '{2024-01-05}', NULL, '2024-01-10'), '2024-01-05 2024-01-24 0 1 1 0 ok',
  'stricter on a grid: the slot that is met ends on the 17th');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-07', :monthly, :grid, :grid), '2024-01-01', '{2024-01-05}', NULL, '2024-01-07'), '2024-01-05 2024-02-01 0 1 1 0 ok',
  'laxer on a grid: along the grid from its beginning');

-- on the grid of two months 1 March is missed and 1 May met on 7 March; then 1 July, of six; then 27 March, of two weeks
SELECT is(pg_temp.line(pg_temp.two('every 2 months', '2024-03-11', 'every 2 quarters', :grid, :grid) || '{"from":"2024-03-13","cadence":"every 2 weeks","anchor":"grid"}',
  '2024-01-01', '{2024-03-07,2024-03-20}', NULL, '2024-04-01'), '2024-03-20 2024-04-10 0 3 2 1 ok', 'laxer and then stricter while a slot is met: it is over');

-- off the grid: 8 January was met on the 3rd; the open slot runs from that day
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-05', :weekly, :grid), '2024-01-01', '{2024-01-03}', NULL, '2024-01-05'), '2024-01-03 2024-01-10 0 1 1 0 ok',
  'from a grid to the actual day: the slot that is met is over');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-04', :weekly, :grid), '2024-01-01', '{2024-01-03,2024-01-05}', NULL, '2024-01-05'), '2024-01-05 2024-01-12 0 2 2 0 ok',
  'and each check-in counts from then on');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :weekly, :grid), '2024-01-01', '{2024-01-03}', NULL, '2024-01-10'), '2024-01-03 2024-01-15 0 1 1 0 ok',
  'one that is not met keeps its end');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-04', :monthly, :grid), '2024-01-01', '{2024-01-03,2024-01-05}', NULL, '2024-01-05'), '2024-01-05 2024-02-05 0 2 2 0 ok',
  'on a laxer one too');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-20', 'every 2 months', :grid), '2024-01-01', '{2024-01-05,2024-01-12}', NULL, '2024-01-20'), '2024-01-12 2024-03-12 0 1 1 0 ok',
  'a laxer one counts from the last check-in, though that met nothing');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly, :grid), '2024-01-01', '{2024-01-05}', NULL, '2024-01-10'), '2024-01-05 2024-01-17 0 1 1 0 ok',
  'a stricter one an interval after the change');
-- the slot of a year met on 3 January ends on 10 + 21 = 31 January; 3 + 21 = 24 January is over by the 28th, when nothing was due: 14 February
SELECT is(pg_temp.line(pg_temp.two('every year', '2024-01-10', 'every 3 weeks', :grid, :grid) || '{"from":"2024-01-28","cadence":"every 3 weeks"}', '2024-01-01', '{2024-01-03}', NULL, '2024-01-28'),
  '2024-01-03 2024-02-14 0 1 1 0 ok', 'and nothing was due before the change');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, :grid), '2024-01-01', '{2024-01-04,2024-01-12,2024-01-14}', '{[2024-01-03,)}', '2024-01-15'),
  '2024-01-14 - 0 3 3 0 paused', 'even in a pause without an end');
-- 1 February met on the 5th; from the 7th the slot after it, up to 1 March, is open on the grid
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-07', 'every 2 months', :grid, :grid) || '{"from":"2024-01-10","cadence":"every 2 months"}', '2024-01-01', '{2024-01-05,2024-01-20}', NULL, '2024-01-20'),
  '2024-01-20 2024-03-20 0 2 2 0 ok', 'and a slot that has not begun does not keep a check-in from counting');

-- the key change: weekly, visited on 5 January and so due on the 12th; monthly from the 10th
\set open '''{"change": "open"}'''
\set restart '''{"change": "restart"}'''
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, '{}', '{"change": "min"}'), '2024-01-01', '{2024-01-05}', NULL, '2024-01-10'), '2024-01-05 2024-02-05 0 1 1 0 ok',
  'min: as without it');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, '{}', :open), '2024-01-01', '{2024-01-05}', NULL, '2024-01-10'), '2024-01-05 2024-01-12 0 1 1 0 ok',
  'open: the open slot keeps its end');
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-10', :monthly, '{}', :open), '2024-01-01', '{2024-01-05}', NULL, '2024-02-13'), '01-12 02-12', 'and the new interval runs from that');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, '{}', :open), '2024-01-01', '{2024-01-05,2024-01-11}', NULL, '2024-01-11'), '2024-01-11 2024-02-11 0 2 2 0 ok',
  'or from the check-in that meets it');
SELECT is(pg_temp.days(pg_temp.two(:monthly, '2024-01-10', :weekly, '{}', :open), '2024-01-01', NULL, NULL, '2024-02-16'), '02-01 02-08 02-15', 'stricter too');
SELECT is(pg_temp.days(pg_temp.two(:monthly, '2024-02-10', :monthly, '{}', :open), '2024-01-31', NULL, NULL, '2024-04-01'), '02-29 03-31', 'the same cadence: nothing');
-- every 30 days from 10 June is as far as a month: the open slot keeps its end with or without
SELECT is(right(pg_temp.days(pg_temp.two(:monthly, '2024-06-10', 'every 30 days', '{}', :open), '2024-01-15', NULL, NULL, '2024-08-15'), 17), '06-15 07-15 08-14', 'nor for one that is as long by chance');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, '{}', :restart), '2024-01-01', '{2024-01-05}', NULL, '2024-01-10'), '2024-01-05 2024-02-10 0 1 1 0 ok',
  'restart: an interval after the change, where it is laxer');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-30', :weekly, '{}', :restart), '2024-01-01', NULL, NULL, '2024-01-30'), '- 2024-02-06 0 0 0 0 ok', 'where the old end was earlier');
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-05', :weekly, '{}', :restart), '2024-01-01', NULL, NULL, '2024-01-20'), '01-12 01-19', 'and for the same cadence');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-05', :weekly, '{}', :restart), '2024-01-01', '{2024-01-05}', NULL, '2024-01-05'), '2024-01-05 2024-01-12 0 1 1 0 ok',
  'a check-in on that day meets the open slot');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, '{}', :restart), '2024-01-01', NULL, NULL, '2024-01-10'), '- 2024-01-08 2 1 0 1 overdue', 'who is overdue stays so');
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-10', :monthly, '{}', :restart), '2024-01-01', NULL, NULL, '2024-02-11'), '01-08 02-10', 'and the open slot ends later');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, :grace, :restart), '2024-01-01', NULL, NULL, '2024-01-11'), '- 2024-01-08 0 0 0 0 due', 'a slot in its grace keeps that');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', :monthly, :grace, :restart), '2024-01-01', NULL, NULL, '2024-01-12'), '- 2024-01-08 4 1 0 1 overdue', 'and is missed after it');
SELECT is(pg_temp.line(pg_temp.two(:monthly, '2024-01-10', :weekly, '{}', :restart), '2024-01-01', NULL, '{[2024-01-03,2024-01-04],[2024-01-12,2024-01-14]}', '2024-01-10'), '- 2024-01-20 0 0 0 0 ok',
  'pauses after the change move it');
-- met up to the 8th on the grid
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-05', :weekly, :grid, '{"anchor": "grid", "change": "open"}'), '2024-01-01', '{2024-01-03}', NULL, '2024-01-05'), '2024-01-03 2024-01-15 0 1 1 0 ok', 'open on a grid');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-05', :weekly, :grid, '{"anchor": "grid", "change": "restart"}'), '2024-01-01', '{2024-01-03}', NULL, '2024-01-05'), '2024-01-03 2024-01-12 0 1 1 0 ok',
  'restart on a grid: what was met is over');
SELECT is(pg_temp.line('[{"from":"2024-12-27","cadence":"every 7 days","shift":"before"},{"from":"2024-12-30","cadence":"every 7 days","change":"restart"}]'::jsonb, '2024-12-27', NULL, NULL, '2025-01-05', :calendar),
  '- 2025-01-06 0 0 0 0 ok', 'an old end that is not known does not matter');

-- the key pause: weekly since 1 January, paused 6 to 10 January
\set run '''{"pause": "run"}'''
\set anew '''{"pause": "restart"}'''
\set paused '''{[2024-01-06,2024-01-10]}'''
SELECT is(pg_temp.days(pg_temp.one(:weekly, '{"pause": "stop"}'), '2024-01-01', NULL, :paused, '2024-01-21'), '01-13 01-20', 'stop: as without it');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, :paused, '2024-01-08'), '- 2024-01-11 0 0 0 0 paused', 'run: what is due in the pause is due the day after it');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, :paused, '2024-01-11'), '- 2024-01-11 0 0 0 0 due', 'on that day');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, :paused, '2024-01-12'), '- 2024-01-11 1 0 0 0 overdue', 'overdue after it, and nothing missed');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, :paused, '2024-01-16'), '- 2024-01-11 5 1 0 1 overdue', 'the next slot ends on the 15th, as ever');
SELECT is(pg_temp.days(pg_temp.one(:weekly, :run), '2024-01-01', NULL, :paused, '2024-01-23'), '01-15 01-22', 'and so on');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', '{2024-01-07}', :paused, '2024-01-07'), '2024-01-07 2024-01-14 0 1 1 0 paused', 'a check-in in the pause meets it');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', '{2024-01-11}', :paused, '2024-01-11'), '2024-01-11 2024-01-18 0 1 1 0 ok', 'one after it the slot after');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run || '{"grace": 3}'::jsonb), '2024-01-01', NULL, :paused, '2024-01-14'), '- 2024-01-11 0 0 0 0 due', 'the grace is counted from the day after the pause');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run || '{"grace": 3}'::jsonb), '2024-01-01', NULL, :paused, '2024-01-15'), '- 2024-01-11 4 0 0 0 overdue', 'and when it is over');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, '{[2024-01-06,)}', '2024-01-05'), '- - 0 0 0 0 ok', 'a pause without an end: not due any more');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, '{[2024-01-10,)}', '2024-02-01'), '- 2024-01-08 1 1 0 1 paused', 'and nothing more is missed');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, '{[2024-01-03,2024-01-05]}', '2024-01-09'), '- 2024-01-08 1 1 0 1 overdue', 'a pause that does not hold the end does nothing');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run), '2024-01-01', NULL, '{[2024-01-11,2024-01-12]}', '2024-01-13'), '- 2024-01-08 3 1 0 1 overdue', 'but its days are not overdue');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run || :grid::jsonb), '2024-01-01', '{2024-01-03}', :paused, '2024-01-03'), '2024-01-03 2024-01-15 0 1 1 0 ok', 'on a grid');
-- Saturday 10 February 2024, a holiday, is shifted to the 9th
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run || :before::jsonb), '2024-02-03', NULL, '{[2024-02-10,2024-02-12]}', '2024-02-05', :calendar), '- 2024-02-09 0 0 0 0 ok', 'what counts is the day on which it is due');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :run || :before::jsonb), '2024-02-03', NULL, '{[2024-02-09,2024-02-12]}', '2024-02-05', :calendar), '- 2024-02-13 0 0 0 0 ok', 'and the day after a pause is not shifted');
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-09', NULL, '{"pause": "run", "grace": 5}'), '2024-01-01', NULL, :paused, '2024-01-20'), NULL, 'nor is it missed in its grace, in a segment that follows');

SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew), '2024-01-01', NULL, :paused, '2024-01-05'), '- 2024-01-17 0 0 0 0 ok', 'restart: an interval after the last day of the pause');
SELECT is(pg_temp.days(pg_temp.one(:weekly, :anew), '2024-01-01', NULL, :paused, '2024-01-25'), '01-17 01-24', 'and so on from there');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew), '2024-01-01', '{2024-01-04}', :paused, '2024-01-04'), '2024-01-04 2024-01-17 0 1 1 0 ok', 'a check-in before it');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew), '2024-01-01', '{2024-01-07}', :paused, '2024-01-07'), '2024-01-07 2024-01-17 0 1 1 0 paused', 'in it');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew), '2024-01-01', '{2024-01-12}', :paused, '2024-01-12'), '2024-01-12 2024-01-19 0 1 1 0 ok', 'and after it');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew), '2024-01-01', NULL, '{[2024-01-06,2024-01-07],[2024-01-10,2024-01-11]}', '2024-01-02'), '- 2024-01-18 0 0 0 0 ok', 'again for a pause in that interval');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew), '2024-01-01', NULL, '{[2024-01-11,2024-01-12]}', '2024-01-13'), '- 2024-01-08 3 1 0 1 overdue', 'who is overdue stays so');
SELECT is(pg_temp.days(pg_temp.one(:weekly, :anew), '2024-01-01', NULL, '{[2024-01-11,2024-01-12]}', '2024-01-20'), '01-08 01-19', 'the slot in which the pause lies is the one that begins anew');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew), '2024-01-01', NULL, '{[2024-01-06,)}', '2024-01-05'), '- - 0 0 0 0 ok', 'a pause without an end');
SELECT is(pg_temp.days(pg_temp.one(:monthly, :anew), '2024-01-01', NULL, '{[2024-01-20,2024-01-31]}', '2024-04-01'), '02-29 03-31', 'months are counted from the last day of the pause');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew || :grid::jsonb), '2024-01-01', '{2024-01-03}', :paused, '2024-01-03'), '2024-01-03 2024-01-17 0 1 1 0 ok', 'on a grid what was met ends with the pause');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew || :grid::jsonb), '2024-01-01', '{2024-01-03,2024-01-07}', :paused, '2024-01-07'), '2024-01-07 2024-01-17 0 1 1 0 paused', 'more until then do nothing');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew || :grid::jsonb), '2024-01-01', '{2024-01-03,2024-01-12}', :paused, '2024-01-12'), '2024-01-12 2024-01-24 0 2 2 0 ok', 'one after it meets the next slot');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew || :before::jsonb), '2024-02-03', NULL, '{[2024-02-05,2024-02-12]}', '2024-02-04', :calendar), '- 2024-02-19 0 0 0 0 ok', 'a working day after the pause');
SELECT is(pg_temp.line(pg_temp.one(:weekly, :anew || :before::jsonb), '2024-02-03', NULL, '{[2024-02-05,2024-02-10]}', '2024-02-04', :calendar), '- 2024-02-17 0 0 0 0 ok', 'none before it: the end stays');

-- paused 13 to 16 January; the second slot begins on the 9th
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-10', :weekly, '{}', :run), '2024-01-01', NULL, '{[2024-01-13,2024-01-16]}', '2024-01-27'), '01-08 01-19 01-26', 'the segment in which a slot begins decides');
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-09', :weekly, '{}', :run), '2024-01-01', NULL, '{[2024-01-13,2024-01-16]}', '2024-01-23'), '01-08 01-22', 'from its first day');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-09', :weekly, '{}', :run), '2024-01-01', '{2024-01-08}', '{[2024-01-13,2024-01-16]}', '2024-01-08'), '2024-01-08 2024-01-19 0 1 1 0 ok', 'a segment that is to come does not');
SELECT is(pg_temp.line(pg_temp.one('1 per week', :run), '2024-01-01', NULL, '{[2024-01-07,2024-01-08]}', '2024-01-22'), '- 2024-01-28 0 1 0 1 ok', 'nothing for windows');

-- rolling, windows and nothing
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', '1 per month'), '2024-01-01', NULL, NULL, '2024-01-10'), '- 2024-01-31 0 1 0 1 ok', 'to windows: the open slot counts for nothing');
SELECT is(pg_temp.days(pg_temp.two(:weekly, '2024-01-10', '1 per month'), '2024-01-01', NULL, NULL, '2024-03-01'), '01-08 02-29', 'nor does the rest of January');
SELECT is(pg_temp.line(pg_temp.two('1 per month', '2024-02-10', :weekly), '2024-01-01', '{2024-02-10}', NULL, '2024-02-10'), '2024-02-10 2024-02-17 0 1 0 1 ok',
  'from windows: an interval after the change, whose own day meets nothing');
SELECT is(pg_temp.line(pg_temp.two(:weekly, '2024-01-10', NULL), '2024-01-01', NULL, NULL, '2024-02-01'), '- - 0 1 0 1 ok', 'no duty any more');
SELECT is(pg_temp.line(pg_temp.two(NULL, '2024-02-01', :weekly), '2024-01-01', NULL, NULL, '2024-02-09'), '- 2024-02-08 1 1 0 1 overdue', 'no duty at first');

SELECT is(pg_temp.line('[{"from":"2024-02-01","cadence":"every week"}]'::jsonb, '2024-01-01', '{2024-01-10}', NULL, '2024-01-15'), '2024-01-10 2024-02-08 0 0 0 0 ok',
  'before the first segment nothing is due');
SELECT is(pg_temp.line('[{"from":"2023-01-01","cadence":"every week"},{"from":"2023-06-01","cadence":"every month"}]'::jsonb, '2024-01-01', NULL, NULL, '2024-01-15'),
  '- 2024-02-01 0 0 0 0 ok', 'what was before since does not matter');
SELECT is(pg_temp.line('[{"from":"2024-01-10","cadence":"every 7 days"},{"from":"2024-01-01","cadence":"every month"}]'::jsonb, '2024-01-01', NULL, NULL, '2024-01-10'),
  '- 2024-01-17 0 0 0 0 ok', 'segments in any order');

-- ---------------------------------------------------------------- windows

SELECT is(pg_temp.line('2 per week', '2024-01-01', '{2024-01-03,2024-01-03}', NULL, '2024-01-08'), '2024-01-03 2024-01-14 0 1 1 0 ok', 'each entry counts, duplicates too');
SELECT is(pg_temp.line('2 per week', '2024-01-01', '{2024-01-03}', NULL, '2024-01-08'), '2024-01-03 2024-01-14 0 1 0 1 ok', 'one short: missed, but never overdue');
SELECT is(pg_temp.line('2 per week', '2024-01-01', '{2024-01-03}', NULL, '2024-01-07'), '2024-01-03 2024-01-07 0 0 0 0 due', 'due on the last day, and not over yet');
SELECT is(pg_temp.line('2 per week', '2024-01-01', '{2024-01-03,2024-01-07}', NULL, '2024-01-07'), '2024-01-07 2024-01-14 0 0 0 0 ok', 'the current one is met: the next');
SELECT is(pg_temp.line('2 per week', '2024-01-03', NULL, NULL, '2024-01-05'), '- 2024-01-07 0 0 0 0 ok', 'a partial window has an end');
SELECT is(pg_temp.line('2 per week', '2024-01-03', NULL, NULL, '2024-01-08'), '- 2024-01-14 0 0 0 0 ok', 'and does not count');
SELECT is(pg_temp.line('2 per week', '2024-01-03', '{2024-01-02}', NULL, '2023-06-01'), '- 2024-01-07 0 0 0 0 ok', 'before since: as on its first day');
SELECT is(pg_temp.line('1 per week', '2024-01-07', NULL, NULL, '2024-01-01'), '- 2024-01-07 0 0 0 0 ok', 'and nothing is due on that day yet');
SELECT is(pg_temp.line('1 per week', '2024-01-01', NULL, '{[2024-01-07,2024-01-08]}', '2024-01-22'), '- 2024-01-28 0 1 0 1 ok', 'two weeks touched by a pause, one that is not');
SELECT is(pg_temp.line('1 per week', '2024-01-01', '{2024-01-02}', '{[2024-01-07,2024-01-08]}', '2024-01-22'), '2024-01-02 2024-01-28 0 2 1 1 ok', 'a touched one that was met counts');
SELECT is(pg_temp.line('1 per week', '2024-01-01', NULL, '{[2024-01-07,2024-01-08]}', '2024-01-08'), '- 2024-01-14 0 0 0 0 paused', 'paused');
SELECT is(pg_temp.line('1 per week', '2024-01-01', NULL, '{[2024-01-06,)}', '2024-01-05'), '- - 0 0 0 0 ok', 'a pause without an end takes the next due day');
SELECT is(pg_temp.line('3 per day', '2024-01-01', '{2024-01-01,2024-01-01,2024-01-01,2024-01-02,2024-01-02}', NULL, '2024-01-03'), '2024-01-02 2024-01-03 0 2 1 1 due', 'a day is a window');
SELECT is(pg_temp.days(pg_temp.one('1 per quarter'), '2024-01-01', NULL, NULL, '2025-01-01'), '03-31 06-30 09-30 12-31', 'quarters');
SELECT is(pg_temp.days(pg_temp.one('1 per half-year'), '2024-01-01', NULL, NULL, '2025-01-01'), '06-30 12-31', 'half years');
SELECT is(pg_temp.days(pg_temp.one('1 per month', :before), '2024-01-01', NULL, NULL, '2024-04-01'), '01-31 02-29 03-31', 'windows do not shift and ask no calendar');
SELECT is(pg_temp.line(pg_temp.two('1 per week', '2024-01-10', '1 per week'), '2024-01-01', NULL, NULL, '2024-01-22'), '- 2024-01-28 0 2 0 2 ok', 'a window on both sides of a change does not count');

-- 1 July to 31 December are 184 of 366 days: 48 x 184 / 366 = 24.1
\set prorate '''{"partial": "prorate"}'''
SELECT is(pg_temp.line(pg_temp.one('48 per year', :prorate), '2024-07-01', array_fill('2024-08-01'::date, ARRAY[24]), NULL, '2025-01-01'), '2024-08-01 2025-12-31 0 1 1 0 ok',
  'in proportion: 24 will do');
SELECT is(pg_temp.line(pg_temp.one('48 per year', :prorate), '2024-07-01', array_fill('2024-08-01'::date, ARRAY[23]), NULL, '2025-01-01'), '2024-08-01 2025-12-31 0 1 0 1 ok',
  '23 will not');
SELECT is(pg_temp.line(pg_temp.one('48 per year', :prorate), '2024-07-01', array_fill('2024-08-01'::date, ARRAY[24]), NULL, '2024-12-31'), '2024-08-01 2025-12-31 0 0 0 0 ok',
  'with 24 the current one is met');
SELECT is(pg_temp.line('48 per year', '2024-07-01', NULL, NULL, '2025-01-01'), '- 2025-12-31 0 0 0 0 ok', 'otherwise a partial year does not count');
SELECT is(pg_temp.line(pg_temp.one('1 per year', :prorate), '2024-07-01', NULL, NULL, '2024-08-01'), '- 2025-12-31 0 0 0 0 ok', 'a share of less than one is none');
SELECT is(pg_temp.line(pg_temp.one('1 per year', :prorate), '2024-07-01', NULL, NULL, '2025-01-01'), '- 2025-12-31 0 0 0 0 ok', 'and is not missed');

-- ------------------------------------------------------------------ terms

\set terms '''{"term":["2024-02-26..2024-07-05","2024-09-02..2025-01-17"]}'''
SELECT is(pg_temp.line('1 per term', '2024-02-26', NULL, NULL, '2024-03-10', :terms), '- 2024-07-05 0 0 0 0 ok', 'the current term');
SELECT is(pg_temp.line('1 per term', '2024-02-26', '{2024-03-01}', NULL, '2024-03-10', :terms), '2024-03-01 2025-01-17 0 0 0 0 ok', 'or the next, once it is met');
SELECT is(pg_temp.line('1 per term', '2024-02-26', '{2024-07-20}', NULL, '2024-08-01', :terms), '2024-07-20 2025-01-17 0 1 0 1 ok', 'between terms the next one is current, and nothing is done');
SELECT is(pg_temp.line('1 per term', '2024-02-26', '{2024-07-20,2024-09-02}', NULL, '2025-01-17', :terms), '2024-09-02 - 0 1 0 1 calendar_missing', 'the term after the last one is not known');
SELECT is(pg_temp.line('1 per term', '2024-02-26', NULL, NULL, '2025-02-01', :terms), '- - 0 2 0 2 calendar_missing', 'nor the one of a day after it');
SELECT is(pg_temp.line('1 per term', '2024-01-01', NULL, NULL, '2024-08-01', :terms), '- 2025-01-17 0 1 0 1 ok', 'terms are published by the year: none before the first one in its year');
SELECT is(pg_temp.line('1 per term', '2024-01-01', NULL, NULL, '2024-01-02', :terms), '- 2024-07-05 0 0 0 0 ok', 'the first one is the next');
SELECT is(pg_temp.line('1 per term', '2023-12-31', NULL, NULL, '2024-08-01', :terms), '- 2025-01-17 0 1 0 1 calendar_missing', 'nor whether there was one in the year before');
SELECT is(pg_temp.line('1 per term', '2024-03-01', NULL, NULL, '2024-08-01', :terms), '- 2025-01-17 0 0 0 0 ok', 'a partial term does not count');
SELECT is(pg_temp.line('1 per term', '2024-02-26', NULL, NULL, '2024-08-01'), '- - 0 0 0 0 calendar_missing', 'no calendar');

-- ------------------------------------------------------------------- edges

SELECT ok(s IS NULL AND num_nulls(s.last_done, s.next_due, s.days_overdue, s.due, s.met, s.missed, s.state) = 7, format('NULL for argument %s gives a row of NULLs', n))
  FROM generate_series(1, 4) n,
       antifraud.duty_status(CASE WHEN n <> 1 THEN 'every week'::antifraud.cadence END, CASE WHEN n <> 2 THEN '2024-01-01'::date END, NULL, NULL,
                             CASE WHEN n <> 3 THEN '2024-02-01'::date END) s WHERE n < 4;
SELECT is((SELECT s IS NULL FROM antifraud.duty_status(NULL::jsonb, '2024-01-01', NULL, NULL, '2024-02-01') s), true, 'no segments: a row of NULLs');
SELECT is((SELECT count(*) FROM antifraud.missed_dates(NULL::jsonb, '2024-01-01', NULL, NULL, '2024-02-01')), 0::bigint, 'and nothing missed');
SELECT is(pg_temp.line(:weekly, '9999-12-30', NULL, NULL, '9999-12-31'), '- - 0 0 0 0 ok', 'a day after the year 9999 is none');
SELECT is(pg_temp.line(:weekly, '9999-12-20', NULL, NULL, '9999-12-31'), '- 9999-12-27 4 1 0 1 overdue', 'one before it is');
SELECT is(pg_temp.line('1 per week', '9999-12-27', NULL, NULL, '9999-12-31'), '- - 0 0 0 0 ok', 'its last week does not end');
SELECT is(pg_temp.line('every day', '0001-01-01', NULL, NULL, '9999-12-31'), '- 0001-01-02 3652057 3652057 0 3652057 overdue', 'each day of all years');

-- ------------------------------------------------------------- properties
-- Random histories: days are missed one by one as the days of missed_dates
-- (which skips nothing by arithmetic), in whatever order check-ins are given,
-- a change that changes nothing changes nothing, and what is missed on a day
-- was missed on no later knowledge.

SELECT setseed(0.5);
CREATE TEMP TABLE trial AS
SELECT n, segments, since, done, paused, as_of FROM (
  SELECT n,
    '2024-01-01'::date + (random() * 20)::int AS since,
    '2024-01-10'::date + (random() * 150)::int AS as_of,
    (SELECT jsonb_agg(jsonb_build_object('from', '2024-01-01'::date + k * 40,
       'cadence', (ARRAY['every day', 'every 3 days', 'every 7 days', 'every 2 weeks', 'every month', 'every 30 days', '2 per week', '1 per month', NULL])[1 + (random() * 8 + 0 * (n + k))::int],
       'grace', (random() * 4 + 0 * (n + k))::int, 'anchor', (ARRAY['actual', 'grid'])[1 + (random() + 0 * (n + k))::int]))
     FROM generate_series(0, n % 4) k) AS segments,
    (SELECT array_agg('2024-01-01'::date + (random() * 150 + 0 * (n + k))::int) FROM generate_series(1, n % 20) k) AS done,
    (SELECT range_agg(daterange(f, f + (random() * 9)::int)) FROM (SELECT '2024-01-01'::date + (random() * 150 + 0 * (n + k))::int AS f FROM generate_series(1, n % 3) k) p) AS paused
  FROM generate_series(1, 3000) n) t;

SELECT is((SELECT count(*) FROM trial, antifraud.duty_status(segments, since, done, paused, as_of) s
  WHERE s.missed <> (SELECT count(*) FROM antifraud.missed_dates(segments, since, done, paused, as_of))
     OR s.due <> s.met + s.missed OR s.days_overdue < 0 OR s.last_done > as_of), 0::bigint, 'as many are missed as missed_dates has days');
SELECT is((SELECT count(*) FROM trial, antifraud.duty_status(segments, since, done, paused, as_of) s
  WHERE s IS DISTINCT FROM antifraud.duty_status(segments, since, (SELECT array_agg(d ORDER BY d DESC) FROM unnest(done) d), paused, as_of)), 0::bigint, 'in any order');
SELECT is((SELECT count(*) FROM trial, antifraud.duty_status(segments, since, done, paused, as_of) s
  WHERE s IS DISTINCT FROM antifraud.duty_status(segments, since, (SELECT array_agg(d) FROM unnest(done) d WHERE d BETWEEN since AND as_of), paused, as_of)), 0::bigint,
  'check-ins before and after do not matter');
SELECT is((SELECT count(*) FROM trial, jsonb_array_elements(segments) WITH ORDINALITY AS e (segment, place)
  WHERE segment ->> 'cadence' LIKE 'every%' AND antifraud.duty_status(segments, since, done, paused, as_of) IS DISTINCT FROM
    antifraud.duty_status(segments || (segment || jsonb_build_object('from', (segment ->> 'from')::date + 17)), since, done, paused, as_of)), 0::bigint,
  'a change that changes nothing');
SELECT is((SELECT count(*) FROM trial, jsonb_array_elements(segments) AS e (segment)
  WHERE jsonb_array_length(segments) = 1 AND segment ->> 'cadence' IS NOT NULL AND segment ->> 'grace' = '0' AND segment ->> 'anchor' = 'actual' AND
    antifraud.duty_status(segments, since, done, paused, as_of) IS DISTINCT FROM
    antifraud.duty_status((segment ->> 'cadence')::antifraud.cadence, since, done, paused, as_of)), 0::bigint, 'the first form is one segment');
-- What the registry keeps on a person rests on this.
SELECT is((SELECT count(*) FROM trial, LATERAL (SELECT e FROM jsonb_array_elements(segments) e WHERE (e ->> 'from')::date <= as_of ORDER BY (e ->> 'from')::date DESC LIMIT 1) AS l (last)
  WHERE last ->> 'cadence' LIKE 'every%' AND last ->> 'anchor' = 'actual' AND as_of > since
    AND (paused IS NULL OR upper(paused) <= as_of) AND as_of + 1 > (last ->> 'from')::date
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(segments) e WHERE (e ->> 'from')::date = as_of + 1)
    AND (antifraud.duty_status(segments, since, done || (as_of + 1), paused, as_of + 1)).next_due
        IS DISTINCT FROM antifraud.next_due((last ->> 'cadence')::antifraud.cadence, as_of + 1)), 0::bigint,
  'a check-in after all else makes it due an interval later');
SELECT is((SELECT count(*) FROM trial
  WHERE NOT ARRAY(SELECT antifraud.missed_dates(segments, since, done, paused, as_of + 1)) @> ARRAY(SELECT antifraud.missed_dates(segments, since, done, paused, as_of))
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(segments) e WHERE (e ->> 'from')::date = as_of + 1)), 0::bigint, 'what is missed stays missed');

SELECT * FROM finish();
