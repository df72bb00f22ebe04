-- A file of 100,000 lines with 1 % faulty rows, in GBK: loaded as a file and by
-- \copy, checked, applied, loaded again (nothing comes twice), undone; against
-- a bare INSERT of the same rows, typed already, into the same table. Every
-- line is accounted for.
--
-- BENCH_LINES=1000000 make bench BENCH=import is ten times as many.
\set ON_ERROR_STOP on
\pset pager off
\pset tuples_only on
\pset format unaligned
\set lines 100000
\getenv lines BENCH_LINES
SET client_min_messages = warning;
SET search_path = public, antifraud;
SET jit = off;
SELECT antifraud.create_registry('fraud') \g /dev/null
-- ten towns, 300 communities
INSERT INTO fraud.unit (code, region, name, kind) SELECT format('3399990%s', to_char(n, 'FM00')), format('3399990%s', to_char(n, 'FM00'))::region, '镇' || n, 'town' FROM generate_series(1, 10) AS n;
INSERT INTO fraud.unit (code, region, name, parent)
SELECT p.code || to_char(n, 'FM000'), (p.code || to_char(n, 'FM000'))::region, '社区' || n, p.code
FROM generate_series(1, 300) AS n CROSS JOIN LATERAL (SELECT format('3399990%s', to_char(1 + n % 10, 'FM00')) AS code) AS p;

-- Dates in five forms, communities by name, path and code, amounts with 万. Of
-- each thousand lines ten are faulty, each otherwise.
CREATE TABLE sheet AS
SELECT n, concat_ws(',', CASE WHEN n % 1000 = 100 THEN '3.31E+11' ELSE 'A' || n END,
    CASE WHEN n % 1000 = 200 THEN '5/6/2023' WHEN n % 1000 = 300 THEN '0000-00-00' ELSE
      CASE n % 5 WHEN 0 THEN to_char(d.day, 'YYYY-MM-DD') WHEN 1 THEN to_char(d.day, 'YYYY.FMMM.FMDD') WHEN 2 THEN to_char(d.day, 'YYYY"年"FMMM"月"FMDD"日"')
                 WHEN 3 THEN (d.day - date '1899-12-30')::text ELSE to_char(d.day, 'YYYYMMDD') END END,
    CASE WHEN n % 1000 = 400 THEN '无名村' WHEN n % 3 = 0 THEN u.name WHEN n % 3 = 1 THEN p.name || u.name ELSE u.code END,
    CASE WHEN n % 1000 = 500 THEN '不详' ELSE '刷单返利' END,
    CASE WHEN n % 1000 = 600 THEN '约三万' WHEN n % 1000 = 700 THEN '-1' WHEN n % 2 = 0 THEN n::text ELSE (n / 10000.0)::numeric(12, 4) || '万' END,
    CASE WHEN n % 1000 = 800 THEN '丁' WHEN n % 2 = 0 THEN '男' ELSE '女' END,
    CASE WHEN n % 1000 = 900 THEN '少一列' ELSE '甲,乙' END) || CASE WHEN n % 1000 = 0 THEN ',多一列' ELSE '' END AS words,
  u.code AS unit, u.region, d.day
FROM generate_series(1, :lines) AS n
CROSS JOIN LATERAL (SELECT date '2023-01-01' + n % 365 AS day) AS d
JOIN fraud.unit AS u ON u.name = '社区' || 1 + n % 300
JOIN fraud.unit AS p ON p.code = u.parent;
-- the remark holds the separator: in quotes, but for the line that lacks it
UPDATE sheet SET words = CASE WHEN n % 1000 = 900 THEN replace(words, ',少一列', '') ELSE replace(words, '甲,乙', '"甲,乙"') END;
CREATE TABLE content AS SELECT convert_to(E'编号,立案日期,社区,类别,金额,性别,备注\r\n' || string_agg(words, E'\r\n' ORDER BY n) || E'\r\n', 'GBK') AS bytes FROM sheet;
SELECT :lines || ' lines, ' || round(octet_length(bytes) / 1e6, 1) || ' MB' FROM content;

CREATE TABLE clocked (no int GENERATED ALWAYS AS IDENTITY, step text, seconds numeric);
CREATE PROCEDURE clock(step text, statement text) LANGUAGE plpgsql AS $$
DECLARE since timestamptz := clock_timestamp();
BEGIN
  EXECUTE statement;
  INSERT INTO clocked (step, seconds) VALUES (step, extract(epoch FROM clock_timestamp() - since));
END $$;
CREATE PROCEDURE counts(batch bigint, expected text) LANGUAGE plpgsql AS $$
DECLARE found_counts text := (SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_counts(batch));
BEGIN
  IF found_counts IS DISTINCT FROM expected THEN RAISE EXCEPTION 'batch %: %, expected %', batch, found_counts, expected; END IF;
END $$;
\set mapping '{"case_no": "编号", "filed_on": "立案日期", "unit": "社区", "category": "类别", "loss": "金额", "victim_sex": "性别"}'
SELECT :lines / 100 AS faulty, :lines - :lines / 100 AS good \gset

-- the yardstick: the good rows, typed
CALL clock('bare INSERT', format('INSERT INTO fraud.fraud_case (case_no, unit, region, filed_on, category, loss, victim_sex, source_key) SELECT %L || n, unit, region, day, %L, n, %L, %L || n FROM sheet WHERE n %% 100 <> 0', 'A', 'brushing', 'M', 'bare:'));
UPDATE fraud.fraud_case SET void_reason = 'yardstick';
VACUUM ANALYZE fraud.fraud_case;

SELECT fraud.import_begin('fraud_case', :'mapping', 'office', '339999') AS batch \gset
CALL clock('import_file', format('SELECT fraud.import_file(%s, bytes) FROM content', :batch));
CALL clock('import_check', format('SELECT fraud.import_check(%s)', :batch));
CALL counts(:batch, format('aside 1, ready %s, faulty %s', :good, :faulty));
CALL clock('import_apply', format('SELECT fraud.import_apply(%s)', :batch));
CALL counts(:batch, format('aside 1, faulty %s, applied %s', :faulty, :good));
-- the same again, through the view
SELECT fraud.import_begin('fraud_case', :'mapping', 'office', '339999') AS again \gset
\copy (SELECT '编号,立案日期,社区,类别,金额,性别,备注' UNION ALL (SELECT words FROM sheet ORDER BY n)) TO 'import_bench.csv' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02', ENCODING 'GBK')
SELECT clock_timestamp() AS since \gset
\copy fraud.import_stage (words) FROM 'import_bench.csv' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02', ENCODING 'GBK')
INSERT INTO clocked (step, seconds) SELECT '\copy into import_stage', extract(epoch FROM clock_timestamp() - :'since'::timestamptz);
\! rm -f import_bench.csv
SELECT clock_timestamp() AS since \gset
CALL fraud.import_run(:again);
INSERT INTO clocked (step, seconds) SELECT 'import_run, all there already', extract(epoch FROM clock_timestamp() - :'since'::timestamptz);
CALL counts(:again, format('aside 1, faulty %s, duplicate %s', :faulty, :good));
CALL clock('import_undo', format('SELECT fraud.import_undo(%s, %L)', :batch, 'bench'));
CALL counts(:batch, format('aside 1, faulty %s, undone %s', :faulty, :good));

SELECT format('%s: %s s', step, round(seconds, 2)) FROM clocked ORDER BY no;
SELECT format('file, check and apply: %s s, %s times the bare INSERT', round(sum(seconds) FILTER (WHERE step ~ '^import_(file|check|apply)$'), 2),
  round(sum(seconds) FILTER (WHERE step ~ '^import_(file|check|apply)$') / sum(seconds) FILTER (WHERE step = 'bare INSERT'), 2)) FROM clocked;
SELECT 'reasons: ' || string_agg(reason || ' ' || times, ', ' ORDER BY reason) FROM (
  SELECT f.fault AS reason, count(*) AS times FROM fraud.import_row AS r CROSS JOIN unnest(r.faults) AS f (fault) WHERE r.batch = :batch AND r.verdict = 'faulty' GROUP BY f.fault) AS w;
