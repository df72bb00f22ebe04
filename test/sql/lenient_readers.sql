-- Lenient readers.  What each text is was written down by hand before the
-- readers were run; the first four queries show what differs: nothing may.
-- The ids are made up: county 339999 does not exist.
SET search_path = public, antifraud;
SET datestyle = 'ISO, YMD';
\pset null '(null)'

CREATE TEMP TABLE date_text (given text, meant date);
INSERT INTO date_text VALUES
  ('2023-05-01', '2023-05-01'), ('2023/5/1', '2023-05-01'), ('2023.5.1', '2023-05-01'), ('2023.05.01', '2023-05-01'), ('20230501', '2023-05-01'),
  ('2023年5月1日', '2023-05-01'), ('2023年05月01号', '2023-05-01'), ('２０２３年５月１日', '2023-05-01'), ('二〇二三年五月一日', '2023-05-01'),
  ('二零二三年十二月三十一日', '2023-12-31'), ('二〇二四年二月二十九日', '2024-02-29'), ('２０２３－０５－０１', '2023-05-01'), ('２０２３．５．１', '2023-05-01'),
  (E' \t2023-05-01\r\n', '2023-05-01'), ('　2023-05-01　', '2023-05-01'), (U&'\FEFF2023-05-01', '2023-05-01'), ('''2023-05-01', '2023-05-01'),
  ('2023 年 5 月 1 日', '2023-05-01'), ('2023- 5- 1', '2023-05-01'),
  ('2023-05-01 12:33', '2023-05-01'), ('2023-05-01 12:33:00', '2023-05-01'), ('2023-05-01 12:33:00.000', '2023-05-01'), ('2023-05-01T12:33:00', '2023-05-01'),
  ('2023/5/1 0:00', '2023-05-01'), ('2023年5月1日12时33分', '2023-05-01'), ('2023年5月1日 12时', '2023-05-01'), ('2023年5月1日 12:33:07', '2023-05-01'),
  ('2023-05-01 23:59:60', '2023-05-01'), ('2023-05-01 12:33:00+08', '2023-05-01'), ('2023-05-01T12:33:00.123+08:00', '2023-05-01'),
  ('20230501123300', '2023-05-01'), ('20230501 12:33', '2023-05-01'),
  -- 44,927 is 2023-01-01, and 31 + 28 + 31 + 30 = 120 days come before May
  ('45047', '2023-05-01'), ('45047.0', '2023-05-01'), ('４５０４７', '2023-05-01'), ('20000', '1954-10-03'), ('80000', '2119-01-11'),
  ('1900-01-01', '1900-01-01'), ('2199-12-31', '2199-12-31'), ('2024-02-29', '2024-02-29'),
  -- faults
  ('0000-00-00', NULL), ('0000-00-00 00:00:00', NULL), ('00000000', NULL), ('2023-02-29', NULL), ('2023-13-01', NULL), ('2023-00-10', NULL), ('20230431', NULL),
  ('23-5-1', NULL), ('23.5.1', NULL), ('23年5月1日', NULL), ('5/1/2023', NULL), ('01-05-2023', NULL), ('5/1/23', NULL), ('2023-5', NULL), ('2023年5月', NULL), ('2023', NULL),
  ('202305', NULL), ('2023年', NULL), ('1899-12-30', NULL), ('9999-12-31', NULL), ('2023-05-01 25:00', NULL), ('2023-05-01 12', NULL), ('2023-05-01 下午', NULL),
  ('2023-05-01T20:00:00Z', NULL), ('2023-05-01 20:00:00+00', NULL), ('2023-05-01 20:00:00-05:00', NULL), ('19999', NULL), ('80001', NULL), ('45047.5', NULL),
  ('2023-05/01', NULL), ('2023-5-1-2', NULL), ('2023 5 1', NULL), ('2023-005-01', NULL), ('123', NULL), ('1234567', NULL), ('20230501250000', NULL), ('202305011233', NULL),
  ('May 1, 2023', NULL), ('不详', NULL), ('五月一日', NULL), ('2023-05-01x', NULL), ('2023-O5-01', NULL), ('-2023-05-01', NULL), ('2023年五十月一日', NULL), ('/', NULL),
  ('2023-５-01', NULL), ('20２3年5月1日', NULL), ('infinity', NULL), ('today', NULL), ('', NULL), ('   ', NULL), ('　', NULL);
SELECT given, meant, read_date(given) FROM date_text WHERE read_date(given) IS DISTINCT FROM meant;

CREATE TEMP TABLE number_text (given text, meant numeric);
INSERT INTO number_text VALUES
  ('35000', 35000), ('35,000.00', 35000.00), ('35，000', 35000), ('1,234,567', 1234567), ('0', 0), ('-0', 0), ('0035', 35), ('-3.5', -3.5), ('+3.5', 3.5), (U&'\22123.5', -3.5), ('.5', 0.5),
  ('３５０００．５', 35000.5), (' 35000 ', 35000), ('''35000', 35000),
  ('3.5万', 35000), ('3.5 万元', 35000), ('3.14159万', 31415.9), ('0.12345万', 1234.5), ('1亿', 100000000), ('1.2亿元', 120000000), ('10万亿', 10000000000000), ('3千', 3000), ('5百', 500),
  ('¥35000', 35000), ('￥35,000.00', 35000), ('¥ -35', -35), ('-¥35', -35), ('35000元', 35000), ('35000元整', 35000), ('人民币35000元', 35000), ('RMB 35000', 35000), ('35000 CNY', 35000),
  ('5元3角', 5.30), ('5元3角2分', 5.32), ('5元零2分', 5.02),
  ('3万5千', 35000), ('3万5千元', 35000), ('3万5000', 35000), ('3万零500', 30500), ('1亿2千万', 120000000), ('1亿2000万', 120000000), ('12万3456.78元', 123456.78),
  ('零', 0), ('十', 10), ('十五', 15), ('三十五', 35), ('一百', 100), ('一百零五', 105), ('一百一十', 110), ('三千二百', 3200), ('三万五千', 35000), ('三万零五', 30005), ('十万', 100000),
  ('一百二十万', 1200000), ('一千万', 10000000), ('三亿五千万', 350000000), ('一万亿', 1000000000000), ('两百五十', 250), ('一亿零五', 100000005),
  ('叁万伍仟元整', 35000), ('壹佰贰拾万圆整', 1200000), ('伍元叁角贰分', 5.32), ('伍元零贰分', 5.02), ('壹拾元正', 10),
  ('12345678901234567890.123456789', 12345678901234567890.123456789),
  -- faults
  ('约3万', NULL), ('近3万元', NULL), ('3万多', NULL), ('3万余元', NULL), ('3-5万', NULL), ('3万以上', NULL), ('100+', NULL), ('几万', NULL), ('3~5', NULL),
  ('3.5E+04', NULL), ('1e6', NULL), ('85%', NULL), ('８５％', NULL), ('3,5000', NULL), ('35,5', NULL), (',500', NULL), ('1,000,00', NULL), ('1234,567', NULL),
  ('三万五', NULL), ('3万5', NULL), ('一百五', NULL), ('三千二', NULL), ('3万50', NULL), ('一百五万', NULL), ('两三万', NULL), ('一二三', NULL), ('百万', NULL), ('万', NULL), ('三百千', NULL), ('一万万', NULL),
  ('三万五万', NULL), ('5.', NULL), ('1.2.3', NULL), ('.', NULL), ('-', NULL), ('/', NULL), ('无', NULL), ('NaN', NULL), ('Infinity', NULL), ('(35,000.00)', NULL), ('35 000', NULL), ('0x10', NULL),
  ('3万美元', NULL), ('35人', NULL), ('1.5万5千', NULL), ('1亿亿亿', NULL), ('12,345万5', NULL), ('--5', NULL), ('¥', NULL), ('元', NULL), ('3.5元2角', NULL), ('一百零', NULL), ('9999999999万5', NULL), ('', NULL), (' ', NULL);
SELECT given, meant, read_number(given) FROM number_text WHERE read_number(given) IS DISTINCT FROM meant;
-- nothing is lost or added behind the point
SELECT given, read_number(given) FROM unnest('{35000,"35,000.00",3.5万,0.1234567890123456789,1.50亿,3.14159万}'::text[]) AS given;

CREATE TEMP TABLE region_text (given text, meant region);
INSERT INTO region_text VALUES
  ('330382001000', '330382001000'), (' 330382 ', '330382'), (E'330382\t', '330382'), ('330000', '330000'), ('33', '330000'), ('330382001000.0', '330382001000'), ('330382.00', '330382'),
  ('３３０３８２', '330382'), ('　３３０３８２００１０００　', '330382001000'), ('''330382001', '330382001'), ('330382001000001', '330382001000001'), ('３３０３８２．０', '330382'),
  -- faults
  ('3303８２', NULL), ('３３０３82', NULL), ('330382.０', NULL), ('330 382', NULL), ('330-382', NULL), ('330,382', NULL), ('330382.5', NULL), ('330382.', NULL), ('.0', NULL), ('33038', NULL), ('3303820010000', NULL),
  ('000000', NULL), ('033038', NULL), ('3.30382E+11', NULL), ('3.3E11', NULL), ('灵溪镇', NULL), ('330382镇', NULL), ('+330382', NULL), ('-330382', NULL), ('', NULL), ('　', NULL);
SELECT given, meant, read_region(given) FROM region_text WHERE read_region(given) IS DISTINCT FROM meant;

-- The check of 33999919900101200 is 0 (its weighted sum is 386 = 35 * 11 + 1): an id that a
-- spreadsheet has rounded passes the check once in eleven times.
CREATE TEMP TABLE id_text (given text, meant citizen_id);
INSERT INTO id_text VALUES
  ('339999199001010013', '339999199001010013'), (' 339999199001010013 ', '339999199001010013'), ('33999919880707007x', '33999919880707007X'), ('３３９９９９１９９００１０１００１３', '339999199001010013'),
  ('33999919880707007Ｘ', '33999919880707007X'), ('339999 19900101 0013', '339999199001010013'), ('''339999199001010013', '339999199001010013'), (E'339999199001010013\t', '339999199001010013'),
  ('339999900101001', '339999199001010013'), ('339999900101001.0', '339999199001010013'),
  -- faults
  ('3.39999E+17', NULL), ('3.4E+17', NULL), ('3.39999E+14', NULL), ('339999199001010000', NULL), ('339999199001010000.0', NULL), ('339999199001012000', NULL),
  ('339999199001010', NULL), ('339999200108120', NULL), ('33999919900101001', NULL), ('33999919900101', NULL), ('3399991990010100130', NULL), ('339999199001010014', NULL), ('33999919900101001X', NULL),
  ('339999199002300013', NULL), ('339999902301001', NULL), ('009999199001010013', NULL), ('3399991990O1010013', NULL), ('339999-19900101-0013', NULL), ('33999919880707007*', NULL), ('护照E12345678', NULL), ('无', NULL),
  ('X', NULL), ('', NULL), ('  ', NULL);
SELECT given, meant, read_citizen_id(given) FROM id_text WHERE read_citizen_id(given) IS DISTINCT FROM meant;
SELECT citizen_id_or_null('339999199001012000') AS the_type_takes_it;

-- A fault has a reason, and nothing else has one.
SELECT kind, given FROM (
  SELECT 'date', given, read_date(given) IS NULL AND given !~ '^[ 　]*$' FROM date_text
  UNION ALL SELECT 'number', given, read_number(given) IS NULL AND given !~ '^[ 　]*$' FROM number_text
  UNION ALL SELECT 'region', given, read_region(given) IS NULL AND given !~ '^[ 　]*$' FROM region_text
  UNION ALL SELECT 'citizen_id', given, read_citizen_id(given) IS NULL AND given !~ '^[ 　]*$' FROM id_text) AS t (kind, given, faulty)
WHERE faulty <> (reading_fault(kind, given) IS NOT NULL) OR faulty <> (reading_fault(kind, given, 'zh') IS NOT NULL);

-- The reasons.
\pset format unaligned
\pset tuples_only on
SELECT concat_ws(E'\n', kind || ': ' || english, chinese, '  ' || string_agg(quote_literal(given), ' ' ORDER BY given COLLATE "C"))
FROM (SELECT 'date' AS kind, given FROM date_text UNION ALL SELECT 'number', given FROM number_text
      UNION ALL SELECT 'region', given FROM region_text UNION ALL SELECT 'citizen_id', given FROM id_text) AS t
  CROSS JOIN LATERAL reading_fault(kind, given) AS english CROSS JOIN LATERAL reading_fault(kind, given, 'zh') AS chinese
WHERE english IS NOT NULL GROUP BY kind, english, chinese ORDER BY kind, english COLLATE "C";

-- Hostile texts.
SELECT kind, reading_fault(kind, repeat('3', 1000000)), reading_fault(kind, repeat('号', 300000)), reading_fault(kind, repeat(' ', 1000000)),
  reading_fault(kind, repeat('　', 300000) || 'x' || repeat(' ', 1000000))
FROM unnest('{date,number,region,citizen_id}'::text[]) AS kind;
SELECT read_date(repeat(' ', 1000000) || '2023-05-01'), read_number(repeat('　', 300000) || '3万'), read_region('33' || repeat(E'\n', 1000000)), read_citizen_id(repeat(' ', 1000000) || '339999900101001');
SELECT read_number(repeat('9', 64)), read_number(repeat('9', 65)), read_number('0.' || repeat('0', 62)), read_number(repeat('9', 60) || '万亿');
SELECT read_date(NULL), read_number(NULL), read_region(NULL), read_citizen_id(NULL), reading_fault('date', NULL);

-- What is refused is the call, not the text.
\set ON_ERROR_STOP 0
\set SHOW_CONTEXT never
SELECT reading_fault('dates', '2023-05-01');
\echo :SQLSTATE
SELECT reading_fault('date', '2023-05-01', 'fr');
\echo :SQLSTATE
