-- calendar | 日历 | One row a day of the years that the calendar of holidays covers. | 节假日历所覆盖年份的每一天。
-- day | 日期 | date | The day. | 日期。
-- time | 时间 | timestamptz | Its beginning in China, for time series. | 当日零时（北京时间），用于时间序列。
-- year | 年 | numeric | Year. | 年份。
-- quarter | 季度 | numeric | Quarter, 1 to 4. | 季度，1至4。
-- month | 月 | numeric | Month, 1 to 12. | 月份，1至12。
-- month_start | 月初 | date | First day of the month. | 当月第一天。
-- iso_week | 周 | text | ISO week, as 2023-W05. | ISO周，如2023-W05。
-- weekday | 星期数 | numeric | 1 Monday to 7 Sunday. | 1为星期一，7为星期日。
-- weekday_name | 星期 | text | Name of the weekday. | 星期名称。
-- working_day | 工作日 | boolean | Whether it is a working day, holidays and make-up days considered. | 是否工作日（已计节假日与调休）。
-- day_name | 名称 | text | Name of the holiday or make-up day. | 节假日或调休的名称。
SELECT d.day, (d.day::pg_catalog.timestamp AT TIME ZONE 'Asia/Shanghai'),
       EXTRACT(year FROM d.day), EXTRACT(quarter FROM d.day), EXTRACT(month FROM d.day), pg_catalog.date_trunc('month', d.day::pg_catalog.timestamp)::pg_catalog.date,
       pg_catalog.to_char(d.day::pg_catalog.timestamp, 'IYYY-"W"IW'), EXTRACT(isodow FROM d.day),
       (ARRAY[@{Monday|星期一}@, @{Tuesday|星期二}@, @{Wednesday|星期三}@, @{Thursday|星期四}@, @{Friday|星期五}@, @{Saturday|星期六}@, @{Sunday|星期日}@])[EXTRACT(isodow FROM d.day)::pg_catalog.int4],
       CASE WHEN h.kind = 'holiday' THEN false WHEN h.kind = 'makeup_workday' THEN true ELSE EXTRACT(isodow FROM d.day) < 6 END, h.name
FROM (
  SELECT pg_catalog.generate_series(pg_catalog.date_trunc('year', pg_catalog.min(c.day)::pg_catalog.timestamp),
                                    pg_catalog.date_trunc('year', pg_catalog.max(c.day)::pg_catalog.timestamp) + interval '1 year - 1 day', interval '1 day')::pg_catalog.date
  FROM @registry@.calendar_day AS c
  WHERE c.kind IN ('holiday', 'makeup_workday')
) AS d (day)
LEFT JOIN @registry@.calendar_day AS h ON h.day = d.day AND h.kind IN ('holiday', 'makeup_workday')
