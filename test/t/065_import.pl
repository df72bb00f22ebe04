# A file of an office, in GBK with Windows line ends, copied by psql: loaded,
# loaded again, and interrupted by crashes of the server while it is copied and
# while it is applied. Afterwards every line is accounted for and no case is
# there twice. A dump taken in the middle goes on elsewhere.
use strict;
use warnings FATAL => 'all';

use Encode;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;
$ENV{PGCLIENTENCODING} = 'UTF8';

sub sql { return $node->safe_psql('postgres', @_); }

sql(q{
	CREATE EXTENSION antifraud;
	SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.unit (code, region, name) VALUES ('339999001001', '339999001001', U&'\4E1C\6751'), ('339999001002', '339999001002', U&'\897F\6751')});

# 3,000 cases; of each hundred the last has a date that nobody can read, and
# the 50th stands there a second time: 30 faulty, 30 duplicates, 2,970 cases.
# With a title, the header and a total: 3,033 lines.
my @forms = ('2023-05-%02d', '2023.5.%d', "2023\x{5E74}5\x{6708}%d\x{65E5}");
my @lines = ("2023\x{5E74}\x{6848}\x{4EF6},,,", "\x{7F16}\x{53F7},\x{65E5}\x{671F},\x{6751},\x{635F}\x{5931}");
foreach my $n (1 .. 3000)
{
	my $day = $n % 100 ? sprintf($forms[ $n % 3 ], 1 + $n % 28) : '5/6/2023';
	my $line = sprintf('A%d,%s,%s,%s', $n, $day, $n % 2 ? "\x{4E1C}\x{6751}" : "\x{897F}\x{6751}", $n % 5 ? $n : "3.5\x{4E07}");
	push @lines, $line;
	push @lines, $line if $n % 100 == 50;
}
push @lines, "\x{5408}\x{8BA1},,,1";
my $file = $node->basedir . '/cases.csv';
open my $out, '>:raw', $file or die "$file: $!";
print $out map { encode('GBK', "$_\r\n") } @lines;
close $out;

my $begin = qq{SELECT fraud.import_begin('fraud_case', '{"case_no": "\x{7F16}\x{53F7}", "filed_on": "\x{65E5}\x{671F}", "unit": "\x{6751}", "loss": "\x{635F}\x{5931}"}', 'office', '339999')};
my $copy = sprintf q{\copy fraud.import_stage (words) FROM '%s' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02', ENCODING 'GBK')}, $file;
my $verdicts = q{SELECT string_agg(verdict || ' ' || lines, ', ') FROM fraud.import_counts(%d)};
my $cases = q{SELECT count(*) || ' ' || count(DISTINCT case_no) || ' ' || sum(loss) FROM fraud.fraud_case WHERE voided_at IS NULL};
# 3.5 ten thousands for every fifth number but the 30 hundreds: 570 x 35,000;
# of the others the numbers themselves: all up to 3,000, less all fives
my $expected = '2970 2970 ' . (570 * 35000 + 3000 * 3001 / 2 - 5 * 600 * 601 / 2);

# psql copies, the server crashes before the end
sql(encode('UTF-8', $begin));
my ($in, $psql_out, $psql_err) = ("COPY fraud.import_stage (words) FROM STDIN WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02', ENCODING 'GBK');\n", '', '');
my $copying = IPC::Run::start([ 'psql', '-Xq', '-d', $node->connstr('postgres'), '-f', '-' ], '<', \$in, '>', \$psql_out, '2>', \$psql_err);
$in .= join '', map { encode('GBK', "$_\n") } @lines[ 0 .. 2000 ];
$copying->pump while length $in;
ok($node->poll_query_until('postgres', q{SELECT EXISTS (SELECT FROM pg_stat_progress_copy WHERE relid = 'fraud.import_stage'::regclass AND tuples_processed > 500)}),
	'another session sees how far the copy is');
$node->stop('immediate');
$copying->kill_kill;
$node->start;
is(sql('SELECT count(*) FROM fraud.import_line'), '0', 'half a copy is no copy');
is(sql('SELECT state FROM fraud.import_batch WHERE id = 1'), 'loading', 'and the file can be copied again');
sql($copy);
is(sql('SELECT count(*) FROM fraud.import_line'), '3033', 'all lines');

# the server crashes when two thirds are applied
sql(q{
	CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.case_no = 'A2001' THEN PERFORM pg_sleep(600); END IF; RETURN NEW; END $$;
	CREATE TRIGGER a_wait BEFORE INSERT ON fraud.fraud_case FOR EACH ROW EXECUTE FUNCTION public.wait()});
my $running = IPC::Run::start([ 'psql', '-Xq', '-d', $node->connstr('postgres'), '-c', 'CALL fraud.import_run(1, many => 500)' ], '<', \undef, '>', \$psql_out, '2>', \$psql_err);
ok($node->poll_query_until('postgres', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')}), 'the import is under way');
# A2001 is the 1,981st that is ready (20 of those before it are faulty): in the
# fourth step of 500
my $progress = sql('SELECT state, lines_read, lines_checked, rows_applied FROM fraud.import_progress WHERE batch = 1');
is($progress, 'applying|3033|3033|1500', 'another session sees how far it is') or diag $psql_err;
my $dump = $node->basedir . '/middle.dump';
command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('postgres') ], 'dump in the middle');
$node->stop('immediate');
$running->kill_kill;
$node->start;
sql('DROP TRIGGER a_wait ON fraud.fraud_case');
is(sql('SELECT count(*) FROM fraud.fraud_case'), '1500', 'what was committed is there, the step under way is not');
sql('CALL fraud.import_run(1, many => 500)');
is(sql(sprintf $verdicts, 1), 'aside 3, faulty 30, duplicate 30, applied 2970', 'it goes on: each line has its verdict');
is(sql($cases), $expected, 'each case is there once');

# the same file again; after a crash identities go on with a gap
my $again = sql(encode('UTF-8', $begin));
sql($copy);
sql("CALL fraud.import_run($again)");
is(sql(sprintf $verdicts, $again), 'aside 3, faulty 30, duplicate 3000', 'the same file brings nothing');
is(sql($cases), $expected, 'as before');

# killed at moments that nobody chose
sql(q{SELECT fraud.import_undo(1, 'test')});
$again = sql(encode('UTF-8', $begin));
sql($copy);
foreach my $pause (0.3, 0.5)
{
	my $killed = IPC::Run::start([ 'psql', '-Xq', '-d', $node->connstr('postgres'), '-c', "CALL fraud.import_run($again, many => 250)" ], '<', \undef, '>', \$psql_out, '2>', \$psql_err);
	sleep $pause;
	$node->stop('immediate');
	$killed->kill_kill;
	$node->start;
	note sql("SELECT state, lines_checked, rows_applied FROM fraud.import_progress WHERE batch = $again");
}
sql("CALL fraud.import_run($again)");
is(sql(sprintf $verdicts, $again), 'aside 3, faulty 30, duplicate 30, applied 2970', 'killed twice more: each line has its verdict');
is(sql($cases), $expected, 'and each case is there once');

# elsewhere, from the dump
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('elsewhere'), $dump ], 'restore');
$node->safe_psql('elsewhere', 'DROP TRIGGER a_wait ON fraud.fraud_case; CALL fraud.import_run(1)');
is($node->safe_psql('elsewhere', sprintf $verdicts, 1), 'aside 3, faulty 30, duplicate 30, applied 2970', 'a restored import goes on');
is($node->safe_psql('elsewhere', $cases), $expected, 'to the same end');

$node->stop;
done_testing();
