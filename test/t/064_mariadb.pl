# Sources in a real MariaDB, through mysql_fdw: utf8mb4 and GBK tables, Chinese
# names, zero dates, odd codes, times, and what the server is asked for.
#
# Under nanma-2023 (May to December 2023) a unit without facts has 95 points:
# item 8 takes 5 for fewer than 48 publicity sessions in the year.  More cases
# than in the same days of 2022 cost 2 (item 3); a case from 100,000 yuan 1,
# from 300,000 2, and one from 500,000 10 (item 4); a den 5 (item 9).
use strict;
use warnings FATAL => 'all';
use utf8;

use Encode qw(decode_utf8 encode_utf8);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($share) = run_command([ 'pg_config', '--sharedir' ]);
my ($mariadbd) = grep { -x } map { "$_/mariadbd" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/libexec';
my ($client) = grep { -x } map { "$_/mariadb" } split(/:/, $ENV{PATH});
my ($install) = grep { -x } map { "$_/mariadb-install-db" } split(/:/, $ENV{PATH});
plan skip_all => 'mysql_fdw is not installed (Debian: postgresql-NN-mysql-fdw)'
  unless -e "$share/extension/mysql_fdw.control";
plan skip_all => 'MariaDB is not installed (Debian: mariadb-server-core, mariadb-client-core)'
  unless $mariadbd && $client && $install;

# ------------------------------------------------------- a MariaDB of our own
my $dir = PostgreSQL::Test::Utils::tempdir_short();
my $user = getpwuid($<);
my $server;

sub start_mariadb
{
	$server = fork() // die "fork: $!";
	if ($server == 0)
	{
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', "$dir/log";
		open STDERR, '>&', \*STDOUT;
		exec $mariadbd, '--no-defaults', "--datadir=$dir/data", "--socket=$dir/s", "--pid-file=$dir/pid", '--skip-networking',
		  '--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=16M' or die "exec: $!";
	}
	foreach (1 .. 300)
	{
		return if system("'$client' --no-defaults -S $dir/s -u root -e 'SELECT 1' >/dev/null 2>&1") == 0;
		waitpid($server, 1) == 0 or last;
		select undef, undef, undef, 0.1;
	}
	die 'MariaDB did not start: ' . slurp_file("$dir/log");
}

sub stop_mariadb
{
	return unless $server;
	kill 'TERM', $server;
	waitpid $server, 0;
	$server = undef;
}
END { my $status = $?; kill 'KILL', $server if $server; $? = $status; }

sub mariadb
{
	my ($query) = @_;
	my $file = "$dir/query.sql";
	append_to_file($file, '');
	open my $out, '>:utf8', $file or die "$file: $!";
	print $out $query;
	close $out;
	my $said = `'$client' --no-defaults -N -B -S $dir/s -u root --default-character-set=utf8mb4 legacy < $file 2>&1`;
	die "$query\n$said" if $?;
	return decode_utf8($said);
}

run_log([ $install, '--no-defaults', "--datadir=$dir/data", "--user=$user", '--auth-root-authentication-method=normal', '--skip-test-db', '--innodb-log-file-size=8M' ])
  or die 'mariadb-install-db failed';
start_mariadb();
system("'$client' --no-defaults -S $dir/s -u root -e \"CREATE DATABASE legacy CHARACTER SET utf8mb4; CREATE USER reader\@localhost IDENTIFIED BY 'secret'; GRANT SELECT ON legacy.* TO reader\@localhost\"") == 0
  or die 'no database';
mariadb(q{
	SET sql_mode = '';
	CREATE TABLE `案件` (`案号` VARCHAR(20) PRIMARY KEY, cun_dm VARCHAR(20), lasj DATE, ssje DECIMAL(14,2), `简要案情` TEXT, KEY (cun_dm, lasj));
	INSERT INTO `案件` VALUES
		('A1', '370323002002', '2023-09-01', 35000, '刷单😀'), ('A2', '370323002003', '2023-09-30', 350000, ''), ('A3', ' 370323002004', '2023-12-31', 600000, NULL),
		('A4', '370323002004', '0000-00-00', 1, NULL), ('A5', '', '2023-09-05', 1, NULL), ('A6', NULL, '2023-09-06', 1, NULL), ('A7', '370323002999', '2023-09-07', 1, NULL),
		('A8', '370323002099', '2023-09-08', 150000, NULL), ('A9', '370323002013', '2022-09-01', 1, NULL), ('B1', '3703230020A2', '2023-09-10', 1, NULL), ('B2', '370323002002', '2023-00-00', 1, NULL);
	CREATE TABLE `宣传` (id INT PRIMARY KEY, `村代码` VARCHAR(24), `日期` VARCHAR(30), `场次` VARCHAR(10)) CHARACTER SET gbk;
	INSERT INTO `宣传` VALUES (1, '370323002002', '2023年9月1日', '４８'), (2, '370323002003', '2023.1.5', '３０场'), (3, '370323002004', '二〇二三年五月一日', '50'),
		(4, '３７０３２３００２０１３', '２０２３－０６－０１', '48'), (5, '370323002003', '20230601', '18');
	CREATE TABLE wodian (id INT PRIMARY KEY, dm BIGINT, sj DATETIME);
	INSERT INTO wodian VALUES (1, 370323002004, '2023-12-31 23:59:59'), (2, 370323002003, '2024-01-01 00:00:00'), (3, 0, '2023-06-01 00:00:00'), (4, NULL, NULL)});

# ---------------------------------------------------------------- PostgreSQL
$ENV{MYSQL_UNIX_PORT} = "$dir/s";
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->append_conf('postgresql.conf', "client_min_messages = warning\njit = off\ntimezone = 'Asia/Shanghai'");
$node->start;
sub sql { my ($query) = @_; return decode_utf8($node->safe_psql('postgres', encode_utf8($query))); }
sub error_of { my ($query) = @_; return decode_utf8(($node->psql('postgres', encode_utf8($query)))[2]); }

# What a statement, and the functions that it calls, ask of MariaDB.
sub asked
{
	my ($query) = @_;
	my (undef, undef, $log) = $node->psql('postgres', encode_utf8("LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;
		SET auto_explain.log_verbose = on; SET auto_explain.log_analyze = on; SET client_min_messages = log; $query"));
	return grep { !/never executed/ } map { decode_utf8($_) } $log =~ /Remote query: (.*)/g;
}

sql(q{CREATE EXTENSION antifraud; CREATE EXTENSION mysql_fdw; SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.unit (code, region, name) VALUES ('370323002002', '370323002002', '华府社区'), ('370323002003', '370323002003', '城西社区'),
		('370323002004', '370323002004', '怡康社区'), ('370323002013', '370323002013', '学府社区');
	CREATE SERVER police FOREIGN DATA WRAPPER mysql_fdw OPTIONS (host 'localhost', character_set 'utf8mb4');
	CREATE USER MAPPING FOR CURRENT_USER SERVER police OPTIONS (username 'reader', password 'secret');
	CREATE SCHEMA police;
	CREATE FOREIGN TABLE police."案件" ("案号" text, cun_dm text, lasj text, ssje numeric, "简要案情" text) SERVER police OPTIONS (dbname 'legacy', table_name '案件');
	CREATE FOREIGN TABLE police."宣传" (id int, "村代码" text, "日期" text, "场次" text) SERVER police OPTIONS (dbname 'legacy', table_name '宣传');
	CREATE FOREIGN TABLE police.wodian (id int, dm bigint, sj timestamp) SERVER police OPTIONS (dbname 'legacy', table_name 'wodian')});
is(sql(q{SELECT "简要案情" FROM police."案件" WHERE "案号" = 'A1'}), '刷单😀', 'characters beyond the basic plane arrive');
is(sql(q{SELECT string_agg("日期", ' ' ORDER BY id) FROM police."宣传" WHERE id IN (1, 4)}), '2023年9月1日 ２０２３－０６－０１', 'and those of a GBK table');

my $scores = q{SELECT string_agg(right(unit, 3) || ' ' || total, ', ' ORDER BY unit) FROM fraud.scores('nanma-2023')};
is(sql($scores), '002 95, 003 95, 004 95, 013 95', 'no facts yet');
sub added
{
	my ($measure, $relation, $mapping) = @_;
	return sql(qq{SELECT string_agg(concat_ws(' ', finding, source_key, column_name, value, rows), E'\\n' ORDER BY ordinality)
		FROM fraud.add_source('$measure', 'police.$relation', '$mapping') WITH ORDINALITY WHERE finding IN ('summary', 'unreadable')});
}

# ---------------------------------------------- utf8mb4: cases, with zero dates
is(added('case', '"案件"', '{"source_key":"案号","region":"cun_dm","occurred_on":"lasj","amount":"ssje"}'), join("\n",
		'summary 11', 'summary 4', 'summary 7', 'unreadable A4 lasj 0000-00-00 1', 'unreadable A5 cun_dm  1', 'unreadable A6 cun_dm 1',
		'unreadable A7 cun_dm 370323002999 1', 'unreadable A8 cun_dm 370323002099 1', 'unreadable B1 cun_dm 3703230020A2 1', 'unreadable B2 lasj 2023-00-00 1'),
	'of 11 rows A1, A2, A3 and A9 are facts; the others are named');
is(sql(q{SELECT string_agg(source_key || ' ' || reason_zh, E'\n' ORDER BY source_key) FROM fraud.unreadable_row WHERE source_key IN ('A4', 'A5', 'A7', 'B1', 'B2')}), join("\n",
		'A4 日期全为零，是某些数据库表示日期不详的写法：日期不详时请留空。', 'A5 为空。', 'A7 该地没有登记的单位。', 'B1 不是行政区划代码：代码只能由数字组成。', 'B2 日历上没有这一天。'),
	'and the reasons, for the office that keeps the table');
is(sql($scores), '002 93, 003 91, 004 83, 013 95', '95 - 2; 95 - 2 - 2; 95 - 2 - 10; and 013 has its case in 2022');
sql(q{INSERT INTO fraud.division_change (old, new) VALUES ('370323002099', '370323002013')});
is(sql($scores), '002 93, 003 91, 004 83, 013 94', 'a code that changed: A8, no more than in 2022, but from 100,000');
is(sql(q{SELECT concat_ws(' ', unit, region, occurred_on, amount, source_table) FROM fraud.fact WHERE source_key = 'A8'}),
	'370323002013 370323002013 2023-09-08 150000.00 police."案件"', 'and where its fact stands');

# --------------------------------------------------------------- GBK, and times
is(added('publicity', '"宣传"', '{"source_key":"id","region":"村代码","occurred_on":"日期","quantity":"场次"}'),
	"summary 5\nsummary 4\nsummary 1\nunreadable 2 场次 ３０场 1", 'full-width and Chinese digits are read, 30 sessions with a word are not');
is(sql($scores), '002 98, 003 91, 004 88, 013 99', '48, 18, 50 and 48 sessions');
like(added('den', 'wodian', '{"source_key":"id","region":"dm","occurred_on":"sj"}'), qr/^summary 4\nsummary 2\nsummary 2\nunreadable 3 dm 0 1\nunreadable 4 /, 'codes as numbers, and times');
is(sql($scores), '002 98, 003 91, 004 83, 013 99', 'the last second of the period counts, the next one does not');
is(sql(q{SELECT string_agg(source_key, ' ') FROM fraud.fact WHERE measure = 'den' AND occurred_on <= '2023-12-31'}), '1', 'nor is the time lost in a condition on the day');

# -------------------------------------------------- what MariaDB is asked for
my @asked = asked($scores);
my @of_cases = grep { /FROM `legacy`.`案件`/ } @asked;
cmp_ok(scalar(@of_cases), '>', 0, 'cases are asked for');
is(scalar(grep { /`cun_dm` >= '370323002002'/ && /`cun_dm` >= '370323002013'/ && /`lasj` >= '2022-04-30'/ && /`lasj` < '2024-01-01'/ } @of_cases), scalar(@of_cases),
	'of the units\' places and the rubric\'s days');
is(scalar(grep { /`cun_dm` >= '370323002099'/ } @of_cases), 1, 'and once by the code that changed');
is(scalar(grep { /FROM `legacy`.`wodian`/ && /`dm` >= 370323002002\)/ && /`sj` >= '2022-05-01 00:00:00'/ && /`sj` < '2024-01-01 00:00:00'/ } @asked), scalar(grep { /wodian/ } @asked),
	'numbers and times as such');
my %explained = map { $_ => 1 } sql(q{SELECT fraud.explain_sources('nanma-2023')}) =~ /Remote query: (.*)/g;
is(join("\n", sort keys %explained), join("\n", sort keys %{ { map { $_ => 1 } @asked } }), 'explain_sources() shows just that, without running it, and to everybody');
is(sql(q{SELECT count(*) FROM fraud.explain_sources('nanma-2023') AS line WHERE line ~ 'fraud_case'}), '0', 'and nothing of the registry\'s own tables');
@asked = asked(q{SELECT count(*) FROM fraud.facts_of_unit('370323002003', '{case}')});
is(scalar(grep { /`cun_dm` >= '370323002003'/ && !/'370323002002'/ } @asked), scalar(@asked), 'for one unit only its place');
is(scalar(asked(q{SELECT count(*) FROM fraud.facts_of_unit('370323002003', '{control_failure}')})), 0, 'for another measure nothing');
is(sql(q{SELECT string_agg(right(u.code, 3) || ' ' || (SELECT antifraud.total(c.card, c.doc) FROM (SELECT fraud.rubric_for(u.code, 'nanma-2023') AS doc,
		(SELECT antifraud.tally((SELECT fraud.rubric_as_of('nanma-2023', NULL) OFFSET 0), f.measure, f.occurred_on, f.quantity, f.base, f.amount)
		 FROM (SELECT * FROM fraud.fact OFFSET 0) AS f WHERE f.unit = u.code) AS card) AS c), ', ' ORDER BY u.code) FROM fraud.unit AS u}),
	'002 98, 003 91, 004 83, 013 99', 'counted here from all rows, the scores are the same');

# ------------------------------------- every form in every collation, there and here
my @days = map { my ($y, $m, $d) = @$_; my ($m2, $d2) = (sprintf('%02d', $m), sprintf('%02d', $d)); my $iso = "$y-$m2-$d2";
	(my $wide = $iso) =~ tr/0-9/０-９/;
	($iso, "$y-$m-$d", "$y-$m2-$d", "$y-$m2- $d", "$y- $m- $d", "$y-$m -$d2", "$y/$m/$d", "$y/$m2/$d2", "$y.$m.$d", "$y$m2$d2", "${y}年${m}月${d}日", " $iso", "　$iso", "'$iso", "$iso ", "$iso 23:59:59", "${iso}T00:00", $wide, $wide =~ tr/-/－/r,
	 "$y-$m2-" . ($d2 =~ tr/0-9/０-９/r), "$y-$m2", '0000-00-00', '不详', '') }
	[ 2022, 5, 9 ], [ 2022, 12, 31 ], [ 2023, 1, 1 ], [ 2023, 5, 1 ], [ 2023, 5, 9 ], [ 2023, 5, 10 ], [ 2023, 5, 31 ], [ 2023, 6, 1 ], [ 2023, 10, 5 ], [ 2024, 2, 29 ];
push @days, 44927, 45047, 45077, 45078, '45047.0', 20000, 20230;
my @codes = map { (my $wide = $_) =~ tr/0-9/０-９/; ($_, " $_", "'$_", "$_.0", "　$_", $wide, "x$_", "$_ ") }
	qw(33 330000 3303 330382 330382000000 330382001 330382001000 330382001000001 330383001000 330381999000 339999 340000 99 999999);
my @collations = qw(utf8mb4_general_ci utf8mb4_unicode_ci utf8mb4_uca1400_ai_ci utf8mb4_bin gbk_chinese_ci gbk_bin);
mariadb('CREATE TABLE forms (id INT AUTO_INCREMENT PRIMARY KEY, kind CHAR(4), ' . join(', ', map { my ($set) = /^([^_]+)/; "$_ VARCHAR(40) CHARACTER SET $set COLLATE $_" } @collations) . ');'
	. 'INSERT INTO forms (kind, ' . join(', ', @collations) . ') VALUES '
	. join(', ', (map { my $text = s/'/''/gr; "('day', " . join(', ', ("'$text'") x @collations) . ')' } @days), map { my $text = s/'/''/gr; "('code', " . join(', ', ("'$text'") x @collations) . ')' } @codes) . ';'
	. 'CREATE TABLE days (id INT PRIMARY KEY, d DATE, t DATETIME); INSERT INTO days SELECT seq, DATE \'2022-04-25\' + INTERVAL seq DAY, TIMESTAMP \'2022-04-25 12:00:00\' + INTERVAL seq DAY FROM seq_1_to_420');
sql('CREATE FOREIGN TABLE police.forms (id int, kind text, ' . join(', ', map { "$_ text" } @collations) . q{) SERVER police OPTIONS (dbname 'legacy', table_name 'forms');
	CREATE FOREIGN TABLE police.days (id int, d text, t text) SERVER police OPTIONS (dbname 'legacy', table_name 'days');
	CREATE FOREIGN TABLE police.typed (id int, d date, t timestamp) SERVER police OPTIONS (dbname 'legacy', table_name 'days');
	CREATE FOREIGN TABLE police.mistyped (id int, t date) SERVER police OPTIONS (dbname 'legacy', table_name 'days');
	CREATE FUNCTION rows_of(statement text) RETURNS text LANGUAGE plpgsql AS $$DECLARE ids text; BEGIN EXECUTE format('SELECT string_agg(id::text, '' '' ORDER BY id) FROM (%s) AS q', statement) INTO ids; RETURN ids; END$$});
my $spans = q{unnest('{"{[2023-05-01,2023-06-01)}","{[2023-05-09,2023-05-10)}","{[2023-05-10,2023-05-11)}","{[2022-05-01,2022-06-01),[2023-05-01,2023-06-01)}","{[2022-12-31,2023-01-02)}","{[2020-01-01,2024-01-01)}","{[2010-01-01,2024-01-01)}","{[1955-01-01,1956-01-01)}"}'::text[]) AS s (days)};
is(sql(qq{SELECT string_agg(concat_ws(' ', c, s.days), ', ') FROM $spans, unnest('{@{[join ',', @collations]}}'::text[]) AS c
	WHERE rows_of(format('SELECT id FROM police.forms WHERE kind = ''day'' AND antifraud.within(antifraud.read_date(%I), %L)', c, s.days))
	   IS DISTINCT FROM rows_of(format('SELECT id FROM (SELECT * FROM police.forms OFFSET 0) AS f WHERE kind = ''day'' AND antifraud.read_date(%I) <\@ %L::datemultirange', c, s.days))}), '', 'days');
is(sql(qq{SELECT string_agg(concat_ws(' ', c, r), ', ') FROM unnest('{33,3303,330382,330382001,339999,34}'::text[]) AS r, unnest('{@{[join ',', @collations]}}'::text[]) AS c
	WHERE rows_of(format('SELECT id FROM police.forms WHERE kind = ''code'' AND antifraud.within(antifraud.read_region(%I), ARRAY[%L::antifraud.region])', c, r))
	   IS DISTINCT FROM rows_of(format('SELECT id FROM (SELECT * FROM police.forms OFFSET 0) AS f WHERE kind = ''code'' AND antifraud.region_within_any(antifraud.read_region(%I), ARRAY[%L::antifraud.region])', c, r))}), '', 'divisions');
is(sql(qq{SELECT string_agg(concat_ws(' ', c.of, s.days), ', ') FROM $spans, (VALUES ('days', 'antifraud.read_date(d)', 'antifraud.read_date(d)'), ('days', 'antifraud.read_date(t)', 'antifraud.read_date(t)'), ('typed', 'd', 'd'), ('typed', 'antifraud.day_of(t)', 't::date'), ('mistyped', 't', 't')) AS c (of, given, plain)
	WHERE rows_of(format('SELECT id FROM police.%I WHERE antifraud.within(%s, %L)', c.of, c.given, s.days))
	   IS DISTINCT FROM rows_of(format('SELECT id FROM (SELECT * FROM police.%I OFFSET 0) AS f WHERE %s <\@ %L::datemultirange', c.of, c.plain, s.days))}), '',
	'columns of dates and of times, declared as what they are, as texts, and times as dates');

# ------------------------------------------------------- the legacy rows change
mariadb(q{UPDATE `案件` SET ssje = 100000 WHERE `案号` = 'A1'});
is(sql($scores), '002 97, 003 91, 004 83, 013 99', 'from 100,000: 1 less');
mariadb(q{DELETE FROM `案件` WHERE `案号` = 'A3'; UPDATE `案件` SET lasj = '2023-09-09' WHERE `案号` = 'A4'; UPDATE `宣传` SET `场次` = '30' WHERE id = 2});
is(sql($scores), '002 97, 003 96, 004 93, 013 99', 'a row gone, one mended: 18 + 30 = 48 sessions; A4 is a case of 1 yuan');
is(sql(q{SELECT string_agg(source_key, ' ' ORDER BY source_key) FROM fraud.unreadable_row WHERE measure = 'case'}), 'A5 A6 A7 B1 B2', 'and what is left to mend');

# ---------------------------------------------------------- a server that is down
stop_mariadb();
like(error_of($scores), qr/ERROR:  failed to connect to MySQL: Can't connect to local server/, 'scores that need it fail, and say why');
is(sql(q{SELECT count(*) FROM fraud.facts_of_unit('370323002002', '{control_failure}')}), '0', 'facts of other measures are there');
start_mariadb();
is(sql($scores), '002 97, 003 96, 004 93, 013 99', 'it is back, and so are the scores');

$node->stop;
stop_mariadb();
done_testing();
