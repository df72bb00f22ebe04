-- parse_clause, clause_coverage and the Chinese form of rule input.
\ir setup.psql
BEGIN;
SELECT plan(37);

-- Clauses of public rubrics (test/data/README.md), each with what must be read.
CREATE TEMP TABLE clause (id text, clause text, rules text, note text);
\copy clause FROM 'test/data/clauses.tsv'
CREATE TEMP TABLE reading AS
  SELECT id, clause, rules, note, (SELECT string_agg(p.rule::text, ' ; ' ORDER BY p.ordinal) FROM antifraud.parse_clause(clause) p) AS rule FROM clause;
SELECT is((SELECT count(*) FROM clause), 247::bigint, 'all clauses are there');
SELECT is((SELECT string_agg(id || ': ' || coalesce(rule, 'nothing') || ' instead of ' || coalesce(nullif(rules, ''), 'nothing'), E'\n' ORDER BY id)
  FROM reading WHERE coalesce(rule, '') <> rules), NULL, 'each clause is read as it should be');
SELECT cmp_ok((SELECT count(*) FILTER (WHERE note = 'as annotated') * 100.0 / count(*) FROM clause WHERE note <> 'gap'), '>=', 92.0,
  'at least 92 % of those that can be said are read as annotated');

-- Of every clause: rows are counted from 1, the places fit, the words before the consequence are the condition.
SELECT is((SELECT count(*) FROM (SELECT p.ordinal, row_number() OVER (PARTITION BY id ORDER BY p.ordinal) AS n FROM clause, antifraud.parse_clause(clause) p) x WHERE ordinal <> n),
  0::bigint, 'ordinals count from 1');
SELECT is((SELECT count(*) FROM clause, antifraud.parse_clause(clause) p
  WHERE starts < 1 OR ends < starts OR ends > length(clause) OR position(p.condition in clause) = 0 OR substr(clause, starts, length(p.condition)) <> p.condition),
  0::bigint, 'a row starts with its condition and ends within the text');
SELECT is((SELECT count(*) FROM (
    SELECT clause, string_agg(words, '' ORDER BY starts) AS whole, min(starts) AS low, max(ends) AS high, sum(ends - starts + 1) AS size,
           bool_and(words = substr(clause, starts, ends - starts + 1)) AS fits
    FROM clause, antifraud.clause_coverage(clause) GROUP BY id, clause) x
  WHERE whole <> clause OR low <> 1 OR high <> length(clause) OR size <> length(clause) OR NOT fits), 0::bigint, 'coverage holds every character once');
SELECT is((SELECT count(*) FROM reading WHERE (rule IS NULL) = EXISTS (SELECT FROM antifraud.clause_coverage(clause) WHERE kind = 'consequence')),
  0::bigint, 'a consequence is covered where a rule is read, and only there');
SELECT is((SELECT count(*) FROM clause, antifraud.clause_coverage(clause) WHERE reason IS NOT NULL AND kind <> 'unread'), 0::bigint, 'reasons stand with what is not read');

CREATE FUNCTION pg_temp.rules(clause text) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(rule::text, ' ; ' ORDER BY ordinal) FROM antifraud.parse_clause(clause) $$;
CREATE FUNCTION pg_temp.reasons(clause text) RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(words || ': ' || reason, ' ; ' ORDER BY starts) FROM antifraud.clause_coverage(clause) WHERE reason IS NOT NULL $$;

SELECT results_eq($$SELECT ordinal, rule::text, condition, starts, ends FROM antifraud.parse_clause('未部署的，每发现一次扣1分；宣传少于48次的，扣5分，扣完为止。')$$,
  $$VALUES (1, 'deduct 1 per occurrence', '未部署的', 1, 13), (2, 'deduct 5 if count < 48', '宣传少于48次的', 15, 31)$$, 'rows with their places');
SELECT results_eq($$SELECT starts, ends, kind, words, reason FROM antifraud.clause_coverage('未开展的，扣1分；迟报的加倍扣分。总分100分')$$,
  $$VALUES (1, 5, 'condition', '未开展的，', NULL), (6, 9, 'consequence', '扣1分；', NULL), (10, 12, 'unread', '迟报的', NULL),
           (13, 17, 'unread', '加倍扣分。', 'a multiplier cannot be said'), (18, 23, 'unread', '总分100分', NULL)$$, 'coverage of a clause');
SELECT is_empty($$SELECT * FROM antifraud.parse_clause('各社区应公布12345热线，随机抽查10%的住户。')$$, 'no consequence, no row');
SELECT is_empty($$SELECT * FROM antifraud.parse_clause('')$$, 'nothing, no row');
SELECT is_empty($$SELECT * FROM antifraud.clause_coverage('')$$, 'nothing to cover');

-- Numbers and keywords that are no consequences.
SELECT is((SELECT string_agg(coalesce(pg_temp.rules(c), '-'), ' | ' ORDER BY n) FROM unnest(ARRAY[
    '应“一票否决”而未执行的扣5分', '未公布12345热线的扣1分', '随机抽查10%的农户，发现1户不知晓扣0.5分', '被扣5分的单位，通报', '持平不扣分',
    '得3分（资料不齐扣2分）', '按时完成的不加分也不扣分', '发生重大事故的实行“一票否决”。']) WITH ORDINALITY u (c, n)),
  'deduct 5 | deduct 1 | deduct 0.5 per occurrence | - | - | deduct 2 | - | veto', 'numbers and keywords in conditions');

-- What a rule cannot say.
SELECT is((SELECT count(*) FROM unnest(ARRAY['造成后果的加倍扣分', '减半扣分', '按考核办法评分标准扣分', '酌情扣分', '排名末位的扣2分', '第一次扣1分，第二次扣2分，以此类推',
    '扣.5分', '扣0..5分', '扣05分', '扣1O分', '扣0。5分', '扣3-1分', '满意率低于全市平均水平的扣2分', '覆盖率环比下降的扣1分', '每小一个层次扣2分', '扣1.234分',
    '迟到2次扣1分', '未巡查2次以上，扣1分', '加0.5分，最高加1分', '扣该项分值的50%']) c WHERE pg_temp.rules(c) IS NOT NULL), 0::bigint, 'nothing is guessed');
SELECT is(pg_temp.reasons('排名末位的扣2分'), '扣2分: a place in a ranking cannot be said', 'a ranking is refused with its reason');
SELECT is(pg_temp.reasons('第一次扣1分，第二次扣2分，以此类推'), '扣1分，: a series that goes on cannot be said ; 扣2分，: a series that goes on cannot be said', 'so is a series');
SELECT is(pg_temp.reasons('覆盖面比上一季度窄的扣1分'), '扣1分: a comparison with another month cannot be said', 'so is the last word of the table');
SELECT is(pg_temp.reasons('扣0..5分'), '扣0: the number of points is damaged', 'so is a damaged number');

-- Kinds of words that other documents use.
SELECT is((SELECT string_agg(coalesce(pg_temp.rules(c), '-'), E'\n' ORDER BY n) FROM unnest(ARRAY[
    '一处不符合要求扣0.5分', '未使用统一标识的，每个点位扣0.1分', '未在24小时内核查的，每起扣1分', '每年至少组织2次演练，少1次扣2分', '迟报1日内扣0.2分', '5万元（含）至20万元的，每起扣1分', '损失百万元以上的，扣2分', '发案数、损失数同比上升的，各扣2分', '新增人员同比上升的，扣2分；每上升10%加扣1分', '同比下降10%以上的加1分，下降20%以上的加2分', '死亡率高于控制指标的，扣3分']) WITH ORDINALITY u (c, n)),
  concat_ws(E'\n', 'deduct 0.5 per occurrence', 'deduct 0.1 per occurrence', 'deduct 1 per occurrence', 'deduct 2 per 1 missing if count < 2', 'deduct 0.2 if amount <= 1', 'deduct 1 per occurrence if amount >= 50000 and amount <= 200000', 'deduct 2 if amount >= 1000000', 'deduct 2 if count > baseline ; deduct 2 if count > baseline', 'deduct 2 if count > baseline ; deduct 1 per 10 percent if change > 0%', 'add 1 if change <= -10%, add 2 if change <= -20%', 'deduct 3 if rate > required'), 'steps, units, ranges, falls and duties');
SELECT is((SELECT string_agg(c || ': ' || pg_temp.rules(c), E'\n') FROM unnest(ARRAY[
    '受害率超过0.9‰的，扣2分', '受害率千分之三以上的，扣2分', '未达到4批次/千人的扣2分', '配备比例未达30:1的，扣2分', '排名第一的加2分，第二的加1分', '缴获100市斤以上的，加1分', '缺勤1班扣1分', '开展2次以上的不扣分，开展1次的扣1分', '高于全市平均数的，扣1分；高于20%以上的，扣3分', '高于全市平均水平的扣2分，每高0.01%扣0.1分', '知晓率达90%，满意率达85%，每低1个百分点扣1分']) c WHERE pg_temp.rules(c) IS NOT NULL), NULL, 'proportions, ranks, units that are not known and doubtful targets are not guessed');
SELECT is(pg_temp.rules('逾期10天以上的扣1分，1个月以上的扣3分'), 'deduct 1 if amount >= 10', 'days and months do not mix in a rule');

-- Bounds: article 1259 of the Civil Code, and usage.
SELECT is((SELECT string_agg(pg_temp.rules(c || '扣1分'), ' | ' ORDER BY n) FROM unnest(ARRAY['3次以上的', '3次以下的', '3次以内的', '达3次的', '超过3次的', '不满3次的', '不足3次的',
    '少于3次的', '低于3次的', '高于3次的', '超过3次（含）的', '3次（不含）以上的', '３次及以上的', '三次以上的']) WITH ORDINALITY u (c, n)),
  'deduct 1 if count >= 3 | deduct 1 if count <= 3 | deduct 1 if count <= 3 | deduct 1 if count >= 3 | deduct 1 if count > 3 | deduct 1 if count < 3 | deduct 1 if count < 3 | ' ||
  'deduct 1 if count < 3 | deduct 1 if count < 3 | deduct 1 if count > 3 | deduct 1 if count >= 3 | deduct 1 if count > 3 | deduct 1 if count >= 3 | deduct 1 if count >= 3', 'bounds');
SELECT is((SELECT string_agg(c::antifraud.rule::text, ' | ' ORDER BY n) FROM unnest(ARRAY['扣半分', '扣０．５分', '扣两分', '扣十分', '扣十二分', '扣二十分', '扣1.5分', '扣零点五分',
    '10万元以上的，扣1分', '1.5亿元以上的，扣1分', '两百万以上的，扣1分', '1,000元以上的，扣1分', '百分之五十以上的，扣1分']) WITH ORDINALITY u (c, n)),
  'deduct 0.5 | deduct 0.5 | deduct 2 | deduct 10 | deduct 12 | deduct 20 | deduct 1.5 | deduct 0.5 | deduct 1 if amount >= 100000 | deduct 1 if amount >= 150000000 | ' ||
  'deduct 1 if amount >= 2000000 | deduct 1 if amount >= 1000 | deduct 1 if rate >= 50%', 'numbers');

-- Rule input: the phrases of the design.
SELECT is((SELECT string_agg(c::antifraud.rule::text, ' | ' ORDER BY n) FROM unnest(ARRAY['每起扣5分', '每发现一次扣1分', '少于48次的，扣5分',
    '涉案金额达10万以上、30万以上的，每起分别扣1分、2分，50万元以上的扣10分', '每低1个百分点扣0.5分', '超过去年同期的扣2分', '每起扣1分，扣完为止', '酌情扣10至20分', '一票否决', '该项不得分'])
    WITH ORDINALITY u (c, n)),
  'deduct 5 per occurrence | deduct 1 per occurrence | deduct 5 if count < 48 | ' ||
  'deduct 1 per occurrence if amount >= 100000, deduct 2 per occurrence if amount >= 300000, deduct 10 if amount >= 500000 | ' ||
  'deduct 0.5 per 1 percent if rate < required | deduct 2 if count > baseline | deduct 1 per occurrence | deduct 10..20 | veto | zero', 'phrases of documents');
SELECT is((SELECT string_agg(c::antifraud.rule::text, ' | ' ORDER BY n) FROM unnest(ARRAY['每人次扣1分', '每少一项扣1分', '每迟报一天扣0.5分', '扣2-5分', '扣2至5分', '每起扣5分，最多扣20分',
    '每起加1分，最高加3分', '每起扣1分，累计不超过10分', '不得分', '不计分', '取消评优资格', '同比上升超过50%的，约谈', '同比上升的，扣1分', '较上年下降的，加1分', '高于前三年平均的，扣1分'])
    WITH ORDINALITY u (c, n)),
  'deduct 1 per occurrence | deduct 1 per 1 missing | deduct 0.5 per day | deduct 2..5 | deduct 2..5 | deduct 5 per occurrence cap 20 | add 1 per occurrence cap 3 | ' ||
  'deduct 1 per occurrence cap 10 | zero | zero | veto | raise interview if change > 50% | deduct 1 if count > baseline | add 1 if count < baseline | deduct 1 if count > baseline', 'more phrases');
SELECT throws_ok($$SELECT '未安装的扣5分'::antifraud.rule$$, '22P02', 'invalid rule "未安装的扣5分": cannot read "未安装" at character 1', 'other words are refused with their place');
SELECT throws_ok($$SELECT '每起扣5分，加倍扣分'::antifraud.rule$$, '22P02', 'invalid rule "每起扣5分，加倍扣分": cannot read "加倍扣分" at character 7', 'so is what a rule cannot say');
SELECT throws_ok($$SELECT '每起扣1分，每户扣2分'::antifraud.rule$$, '22P02', 'invalid rule "每起扣1分，每户扣2分": cannot read "每户扣2分" at character 7', 'so are two rules in one');
SELECT is('每起扣5分（最多扣20分）'::antifraud.rule::text, 'deduct 5 per occurrence cap 20', 'a limit in brackets');
SELECT throws_ok($$SELECT '反诈'::antifraud.rule$$, '22P02', 'invalid rule "反诈": cannot read "反诈" at character 1', 'so is what has no consequence');
SELECT throws_ok($$SELECT repeat('每起扣5分；', 17)::antifraud.rule$$, '54000', NULL, 'so are too many consequences');
SELECT throws_ok($$SELECT (repeat('且', 3000) || '扣5分')::antifraud.rule$$, '54000', NULL, 'and too many words');

-- A text of a megabyte, of whatever kind, is read in well under a second.
CREATE FUNCTION pg_temp.seconds(clause text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz := clock_timestamp();
BEGIN
  PERFORM count(*) FROM antifraud.parse_clause(clause);
  PERFORM count(*) FROM antifraud.clause_coverage(clause);
  RETURN extract(epoch FROM clock_timestamp() - started);
END
$$;
SELECT is((SELECT string_agg(format('%s: %s s', unit, took), ', ') FROM (
    SELECT unit, pg_temp.seconds(repeat(unit, 1048576 / octet_length(unit)) || ending) AS took
    FROM unnest(ARRAY['每', '未开展的，扣1分，', '(', '“', '5', '一', '1、', '未开展(一)，', '最多', '扣完', '10万以上、', '取消', '扣1分、', '5次以上', '每1或', '1项', '扣1分以此类推',
                      '扣1分，最多扣2分，', '扣1分，最多加2分，', '较上年', '“一票否决”', '扣', '被', '（含', '不得评为', '每起扣1分。']) unit, unnest(ARRAY['', '各扣1分']) ending) x WHERE took > 2),
  NULL, 'a megabyte takes well under a second');
SELECT is((SELECT count(*) FROM antifraud.parse_clause(repeat('每起扣1分。', 50000))), 50000::bigint, 'all of a long text is read');
SELECT throws_ok($$SELECT antifraud.parse_clause(repeat('x', 5000000))$$, '54000', NULL, 'a longer text is refused');
SELECT is((SELECT count(*) FROM antifraud.parse_clause(NULL)) + (SELECT count(*) FROM antifraud.clause_coverage(NULL)), 0::bigint, 'no text, no rows');
SELECT * FROM finish();
ROLLBACK;
