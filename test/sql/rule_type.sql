-- The type rule: every form of the language, every refusal, casts, order.
SET search_path = antifraud, public;
\pset format unaligned
\pset tuples_only on

-- The canonical text, or the error in full.
CREATE FUNCTION pg_temp.try(input text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
  hint text;
BEGIN
  RETURN input::antifraud.rule;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RETURN format(E'%s: %s\n  detail: %s\n  hint: %s', SQLSTATE, SQLERRM, detail, hint);
END
$$;

-- The lines of a plan that say how rows are found and joined; the rest differs between releases.
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
    IF line ~ 'Index|Join|Cond' THEN
      RETURN NEXT regexp_replace(line, '^[ >-]+', '');
    END IF;
  END LOOP;
END
$$;

-- Forms that must come back as they are.
CREATE TEMP TABLE form (n int GENERATED ALWAYS AS IDENTITY, rule text);
INSERT INTO form (rule) VALUES
  ('deduct 1 per occurrence'),
  ('deduct 2'),
  ('deduct 1 per 2 occurrence'),
  ('deduct 1 per day'),
  ('deduct 1 per 3 day'),
  ('deduct 1 per occurrence if amount >= 100000'),
  ('deduct 5 if count < 48'),
  ('deduct 2 if count > baseline'),
  ('deduct 2 per 1 excess if count > baseline'),
  ('deduct 1 per 1 missing if count < required'),
  ('deduct 5 if rate < 90%'),
  ('deduct 1 per 1 percent if rate < 90%'),
  ('deduct 5 if change > 50%'),
  ('deduct 5 if change > -20%'),
  ('deduct 10..20'),
  ('deduct 10..20 per occurrence if amount >= 500000'),
  ('zero'),
  ('zero if count >= 3'),
  ('veto'),
  ('veto if amount >= 500000'),
  ('raise interview'),
  ('raise interview if change > 50%'),
  ('raise veto if amount >= 500000'),
  ('raise own_rung'),
  ('deduct 5 per occurrence cap 20'),
  ('add 2 per occurrence cap 6'),
  ('add 1..3 if count = 0'),
  ('deduct 1 per occurrence if amount >= 100000, deduct 2 per occurrence if amount >= 300000, deduct 10 if amount >= 500000'),
  ('deduct 1 per occurrence, deduct 5 per occurrence if amount >= 100000'),
  ('deduct 1 if count > 10 and count <= 20, deduct 2 if count > 20 and count <= 30'),
  ('deduct 0.5 per 0.25 percent if rate <= 99.5%'),
  ('deduct 1 per 1 percent'),
  ('deduct 1 per 1 missing'),
  ('deduct 1 per 2 excess'),
  ('deduct 1 per 1 percent if rate > 10% and rate < 50%'),
  ('deduct 1 if rate < required'),
  ('deduct 0.01 per 0.000001 excess if amount > 999999999999.999999 cap 9999999.99'),
  ('deduct 2 if count > baseline, deduct 5 if count > 10'),
  ('deduct 2 if count = 0, deduct 1 if count > 10 and count < 20, deduct 3 if count = 15'),
  ('deduct 1 if count > baseline, veto if count <= baseline');
SELECT count(*) FILTER (WHERE pg_temp.try(rule) = rule), count(*) FROM form;
SELECT pg_temp.try(rule) FROM form WHERE pg_temp.try(rule) <> rule;

-- As an official document would put it; no two forms alike.
SELECT rule || ' = ' || to_chinese(rule::rule) FROM form ORDER BY n;
SELECT count(DISTINCT to_chinese(rule::rule)) FROM form;
SELECT r || ' = ' || to_chinese(r::rule) FROM unnest(ARRAY[
  'deduct 1 if amount > 15000', 'deduct 1 if amount <= 200000000', 'deduct 1 if amount = 0', 'deduct 1 if amount < required',
  'deduct 1 if count = 3', 'deduct 1 if count <= baseline', 'deduct 1 if count >= required', 'deduct 1 if count = baseline',
  'deduct 1 if rate > 90%', 'deduct 1 if rate >= 90%', 'deduct 1 if rate <= 90%', 'deduct 1 if rate = 90%',
  'deduct 1 per 2 percent if rate > 90%',
  'deduct 1 if change > 0%', 'deduct 1 if change >= 50%', 'deduct 1 if change < 10.5%', 'deduct 1 if change <= 0%', 'deduct 1 if change = 0%',
  'deduct 1 if change >= -20%', 'deduct 1 if change < -20%', 'deduct 1 if change <= -20%', 'deduct 1 if change = -20%',
  'deduct 1 per 1 percent if change > -20% and change < 10%',
  'deduct 1 per occurrence, add 1 if count = 0 cap 5', 'add 1 per occurrence, add 3 if count > 10 cap 5',
  'deduct 1, deduct 2 if count > 2 cap 2',
  'deduct 1 per 10000 excess if amount > 100000', 'deduct 1 per 500 missing if amount < 10000', 'deduct 1 per 2 missing, deduct 5 if amount > 100',
  'deduct 1 per 1 percent if change < -20%',
  'raise reminder', 'raise notice', 'raise yellow_card', 'raise red_card', 'raise notify_higher', 'raise rectification', 'raise discipline'
]) r;

-- Free in case, blanks and zeros; canonical afterwards.
SELECT pg_temp.try(r) FROM unnest(ARRAY[
  '  DEDUCT  05.50  Per 1.0 OCCURRENCE  Cap 020.00 ',
  E'deduct\t10 .. 20\n\rif\fcount>=3\u000b',
  'deduct 10..10', 'deduct 1,deduct 2 if count>2', 'deduct 1 per missing', 'deduct 1 per excess', 'deduct 1 per percent',
  'deduct 1 per 1 day', 'deduct 1 if rate < 90', 'deduct 1 if change > +50 %', 'deduct 1 if change > -0', 'deduct 1.500 per 0.5000000 percent',
  'RAISE interview IF CHANGE > 50', 'deduct 0 if amount < 1000, deduct 1 per occurrence'
]) r;

-- Not of the language.
SELECT pg_temp.try(r) FROM unnest(ARRAY[
  '', '   ', 'foo', 'deduct', 'deduct x', 'deduct -5', 'deduct .5', 'deduct 5.', 'deduct 1e5', 'deduct5', 'deduct 5occurrence',
  'deduct 5 occurrence', 'deduct 5 per', 'deduct 5 per occurrences', 'deduct 5 per -1 day', 'deduct 5 per 2', 'deduct 5 cap', 'deduct 5 cap -1',
  'deduct 5 cap 10 cap 20', 'deduct 5 cap 10, deduct 5', 'deduct 5,', ', deduct 5', 'deduct 5; deduct 6', 'deduct 5 deduct 6',
  'deduct 10...20', 'deduct 10..', 'deduct 10..20..30', 'deduct 1.2.3', 'zero 5', 'veto 5', 'zero per occurrence per day',
  'deduct 5 if', 'deduct 5 if count', 'deduct 5 if count 3', 'deduct 5 if count > ', 'deduct 5 if count > x', 'deduct 5 if count > - 3',
  'deduct 5 if count > --3', 'deduct 5 if count == 3', 'deduct 5 if count <> 3', 'deduct 5 if count => 3', 'deduct 5 if count ≥ 3', 'deduct 5 if count > 3 or count < 1',
  'deduct 5 if count > 3 and', 'deduct 5 if 3 < count', 'deduct 5 if loss > 3', 'deduct 5 if count > 3 per occurrence',
  'deduct 5%', 'deduct 5 if rate < 90%%', 'deduct 5 per 5%', E'deduct 5\u00a0per day', E'deduct\u30005', E'deduct \u0001', '''deduct 5''', '未安装的扣5分', '　加倍扣分',
  'raise', 'raise 5', 'raise Interview', 'raise level2', 'raise per', 'raise CAP', 'raise if count > 3', 'raise >=', 'raise yellow-card', 'raise ' || repeat('a', 32), 'raise ' || repeat('a', 31)
]) r;

-- Numbers that do not fit.
SELECT pg_temp.try(r) FROM unnest(ARRAY[
  'deduct 0.001', 'deduct 1..2.345', 'deduct 5 cap 1.001', 'deduct 10000000.01', 'deduct 10000000', 'deduct 1 cap 99999999999999999999',
  'deduct 1 per 0.0000001 day', 'deduct 1 if amount > 0.1234567', 'deduct 1 if amount > 1000000000000', 'deduct 1 if amount > -1000000000000.000001',
  'deduct 1 per ' || repeat('9', 1000) || ' day'
]) r;

-- Well formed, but nothing that could be judged.
SELECT pg_temp.try(r) FROM unnest(ARRAY[
  'deduct 1 if rate < baseline', 'deduct 1 if change > baseline', 'deduct 1 if amount > baseline',
  'zero per occurrence', 'veto per day if count > 3', 'raise interview per 2 occurrence',
  'deduct 1 if count > 3 and rate < 90%', 'deduct 1 if count > 3, deduct 2 if amount > 100',
  'deduct 1 if count > 10 and count < 20, deduct 2 if count > 15 and count < 25',
  'deduct 1 if count > 10, deduct 2 if count < 20', 'deduct 1 if count >= 10, deduct 2 if count <= 10',
  'deduct 1 if count >= baseline, deduct 2 if count <= baseline',
  'deduct 1 if count > baseline, deduct 2 if count < 10', 'deduct 1 if count > baseline and count < 30, deduct 2 if count > 10',
  'deduct 1 if count > 10 and count < 5', 'deduct 1 if count > 5 and count < 5', 'deduct 1 if count >= 5 and count < 5',
  'deduct 1 if count = 5 and count > 6', 'deduct 1 if count > baseline and count < baseline', 'deduct 1 if count > 1 and count < 9 and count = 9',
  'deduct 1 per 0 day', 'deduct 1 per 0.000 missing', 'deduct 20..10', 'deduct 1 if amount > 50%', 'deduct 1 if count > 50%',
  'deduct 1 per excess if count < 5', 'deduct 1 per excess if count = 5', 'deduct 1 per missing if count > 5',
  'deduct 1 per missing if rate < 5%', 'deduct 1 per excess if change > 5%', 'deduct 1 per percent if count > 5', 'deduct 1 per percent if amount > 5',
  'deduct 1 per percent if rate = 90%', 'deduct 1 per percent, deduct 5 if count > 10',
  'zero cap 5', 'veto, raise interview if count > 3 cap 1',
  repeat('deduct 1, ', 15) || 'deduct 1', repeat('deduct 1, ', 16) || 'deduct 1',
  'deduct 1 if count > 1 and count > 2 and count > 3 and count > 4', 'deduct 1 if count > 1 and count > 2 and count > 3 and count > 4 and count > 5'
]) r;

-- Bands that nest or exclude each other, decided exactly.
SELECT pg_temp.try(r) = r, r FROM unnest(ARRAY[
  'deduct 1 if count >= 10 and count < 20, deduct 2 if count >= 20',
  'deduct 1 if count > 10 and count <= 20, deduct 2 if count > 20',
  'deduct 1 if count > 10 and count < 20, deduct 2 if count > 10 and count < 15',
  'deduct 1 if count >= 10 and count <= 20, deduct 2 if count > 10 and count < 20',
  'deduct 1 if count < 5, deduct 2 if count > 5, deduct 3 if count = 5',
  'deduct 1 if count > baseline and count > 3, deduct 2 if count > required',
  'deduct 1 if count > baseline and count > 10, deduct 2 if count < 5',
  'deduct 1 if count > baseline and count < 30, deduct 2 if count > baseline and count < 20',
  'deduct 1 if count > baseline and count < 30, deduct 2 if count < 30',
  'deduct 1 if count >= 5 and count <= 5'
]) r;

-- Enormous and hostile input is refused at once.
SELECT length(r), pg_temp.try(r) FROM unnest(ARRAY[
  repeat('deduct 1, ', 104858), repeat(' ', 1048576), repeat('9', 1048576), 'deduct 1' || repeat(' ', 65528), 'deduct 1' || repeat(' ', 65529),
  'raise ' || repeat('x', 60000), 'deduct ' || repeat('反诈', 10000), 'deduct 1 if count > 1' || repeat(' and count > 1', 4000)
]) r;

-- As JSON: every key is there.
SELECT jsonb_pretty('deduct 10..20 per 2 occurrence if amount >= 100000 and amount < 500000.5, raise yellow_card if amount >= 500000.5 cap 20.5'::rule::jsonb);
SELECT r::rule::jsonb FROM unnest(ARRAY[
  'deduct 2', 'zero', 'veto if count > baseline', 'deduct 1 per 1 missing if count < required', 'add 0.5 per 1 percent if rate > 90%', 'deduct 1 if change > -20%'
]) r;

-- Casts: to text and varchar by itself, from text, varchar and char on assignment.
CREATE TEMP TABLE clause (id int GENERATED ALWAYS AS IDENTITY, rule rule, doc jsonb);
INSERT INTO clause (rule) VALUES ('deduct 1'), ('DEDUCT 2'::text), ('deduct  3'::varchar), ('deduct 4   '::char(20)), (NULL);
UPDATE clause SET doc = rule WHERE id = 1;
SELECT id, rule, length(rule), rule || '!', doc FROM clause ORDER BY id;
SELECT pg_typeof(rule::text), pg_typeof(rule::varchar), rule LIKE 'deduct%' FROM clause WHERE id = 1;
INSERT INTO clause (rule) VALUES ('deduct x');
INSERT INTO clause (rule) VALUES ('deduct x'::char(20));
SELECT to_chinese(NULL), NULL::rule::jsonb;

-- Order and equality, of the canonical text.
SELECT 'deduct 1.0'::rule = 'DEDUCT 1'::rule, 'deduct 1'::rule <> 'deduct 2'::rule, 'deduct 10'::rule < 'deduct 2'::rule,
       'deduct 1'::rule <= 'deduct 1'::rule, 'deduct 1'::rule > 'add 1'::rule, 'deduct 1'::rule >= 'deduct 1 per day'::rule;
SELECT min(rule), max(rule), count(DISTINCT rule) FROM clause;
SELECT rule FROM clause ORDER BY rule DESC NULLS LAST;
SELECT rule_cmp('deduct 1'::rule, 'deduct 1 per day'::rule), rule_hash('deduct 1'::rule) = rule_hash('DEDUCT 1'::rule),
       rule_hash_extended('deduct 1'::rule, 0)::bit(32) = rule_hash('deduct 1'::rule)::bit(32),
       rule_hash('deduct 1'::rule) = rule_text_hash(' DEDUCT 1.0'), rule_text_hash('no rule') = hashtext('no rule' COLLATE "C");

-- With text: what states a rule stands for it, other text for itself, and nothing is an error.
SELECT 'deduct 1'::rule = ' DEDUCT 1.0'::text, ' DEDUCT 1.0'::varchar = 'deduct 1'::rule, 'deduct 1'::rule <> 'no rule'::text,
       'deduct 1'::rule < 'no rule'::text, 'a'::text < 'deduct 1'::rule, '每起扣5分'::text > 'deduct 1'::rule, ' DEDUCT 1.0'::text =### 'deduct 1'::text,
       'deduct 1'::rule = repeat('x', 100000)::text;
CREATE UNIQUE INDEX clause_rule ON clause (rule);
INSERT INTO clause (rule) VALUES ('Deduct 3.00');
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT pg_temp.plan($q$SELECT id FROM clause WHERE rule = 'deduct 2'$q$);
SELECT id FROM clause WHERE rule = 'deduct 2';
SELECT pg_temp.plan($q$SELECT id FROM clause WHERE rule = 'Deduct 2.0'::varchar$q$);
SELECT id FROM clause WHERE rule = 'Deduct 2.0'::varchar;
SELECT id FROM clause WHERE rule IN (SELECT unnest(ARRAY['Deduct 2.0', 'nothing', 'DEDUCT 4'])) ORDER BY id;
SELECT pg_temp.plan($q$SELECT min(rule) FROM clause$q$);
ROLLBACK;

-- The same pairs by hash, merge and nested loop, text on the other side.
CREATE TEMP TABLE heard (said text);
INSERT INTO heard VALUES ('DEDUCT 1'), ('deduct 2.0'), ('no rule'), (NULL);
BEGIN;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_nestloop = off;
SELECT pg_temp.plan($q$SELECT rule, said FROM clause FULL JOIN heard ON rule = said ORDER BY said COLLATE "C", rule$q$);
SELECT rule, said FROM clause FULL JOIN heard ON rule = said ORDER BY said COLLATE "C", rule;
SET LOCAL enable_mergejoin = on;
SET LOCAL enable_hashjoin = off;
SELECT pg_temp.plan($q$SELECT rule, said FROM clause FULL JOIN heard ON rule = said ORDER BY said COLLATE "C", rule$q$);
SELECT rule, said FROM clause FULL JOIN heard ON rule = said ORDER BY said COLLATE "C", rule;
ROLLBACK;

SELECT amname, opcname, amvalidate(c.oid)
FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod
WHERE opcintype = 'rule'::regtype ORDER BY amname;

SELECT castsource::regtype, casttarget::regtype, castcontext, castmethod
FROM pg_cast WHERE 'rule'::regtype IN (castsource, casttarget) ORDER BY 1, 2;

-- Binary output and input are the same text, read as carefully.
SELECT encode(rule_send('deduct 1 per day'), 'escape');
CREATE TEMP TABLE received (rule rule);
\copy received from program 'printf "PGCOPY\\n\\377\\r\\n\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\001\\0\\0\\0\\020DEDUCT 1 per day\\377\\377"' (format binary)
\copy received from program 'printf "PGCOPY\\n\\377\\r\\n\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\001\\0\\0\\0\\010deduct x\\377\\377"' (format binary)
\copy received from program 'printf "PGCOPY\\n\\377\\r\\n\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\001\\0\\0\\0\\012deduct 1\\0x\\377\\377"' (format binary)
SELECT rule FROM received;
SELECT typcategory, typstorage, typlen, typarray <> 0 FROM pg_type WHERE oid = 'rule'::regtype;

-- A value that came in past the input function is reported, not trusted.
CREATE CAST (bytea AS rule) WITHOUT FUNCTION;
SELECT to_chinese('deduct x'::bytea::rule);
SELECT 'deduct x'::bytea::rule::jsonb;
DROP CAST (bytea AS rule);

-- Every public object says what it means.
SELECT pg_describe_object(classid, objid, 0)
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
  AND (pg_identify_object(classid, objid, 0)).identity LIKE '%rule%'
  AND classid IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_cast'::regclass)
  AND pg_describe_object(classid, objid, 0) NOT LIKE '%[]'
  AND obj_description(objid, classid::regclass::name) IS NULL;
