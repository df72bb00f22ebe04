# Behind a pool that shares connections by transaction, doc/integration.md says
# which ways of changing the role hold, and which does not.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($pgbouncer) = grep { -x } map { "$_/pgbouncer" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin';
plan skip_all => 'pgbouncer is not installed (package pgbouncer)' unless $pgbouncer;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION antifraud;
	SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.unit (code, region, name) VALUES ('339999001001', '339999001001', 'one'), ('339999002001', '339999002001', 'two');
	CREATE ROLE office_1; CREATE ROLE office_2; CREATE ROLE program NOINHERIT LOGIN; CREATE ROLE clerk LOGIN; CREATE ROLE other_clerk LOGIN;
	SELECT fraud.set_scope('office_1', '339999001', 'test'), fraud.set_scope('office_2', '339999002', 'test');
	GRANT office_1, office_2 TO program; GRANT office_1 TO clerk; GRANT office_2 TO other_clerk;
	GRANT INSERT (unit, kind, held_on) ON fraud.activity TO office_1});

# One connection for each account and database.
my $dir = PostgreSQL::Test::Utils::tempdir_short();
my $port = PostgreSQL::Test::Cluster::get_free_port();
sub write_file
{
	my ($name, $text) = @_;
	open my $file, '>', "$dir/$name" or die "$name: $!";
	print $file $text;
	close $file;
}
write_file('users', join '', map { qq("$_" ""\n) } qw(program clerk other_clerk));
write_file('ini', sprintf <<'END', $node->host, $node->port, $dir, $port, map { "$dir/$_" } qw(users log pid));
[databases]
postgres = host=%s port=%s dbname=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = %s
listen_port = %s
auth_type = trust
auth_file = %s
logfile = %s
pidfile = %s
pool_mode = transaction
default_pool_size = 1
END
my $pool = IPC::Run::start([ $pgbouncer, '-q', "$dir/ini" ], '<', \undef, '>', \my $said, '2>&1');

# What a client is told; each call is a client of its own.
sub client
{
	my ($account, $statements) = @_;
	my ($stdout, $stderr);
	IPC::Run::run([ 'psql', '-XAtq', '-d', "host=$dir port=$port user=$account dbname=postgres", '-f', '-' ], '<', \$statements, '>', \$stdout, '2>', \$stderr);
	return join ' ', split /\n/, $stdout . ($stderr =~ s/^psql:\S+ //mgr);
}
foreach (1 .. 100)
{
	last if client('program', 'SELECT 1') eq '1';
	select undef, undef, undef, 0.1;
}

my $rows = 'SELECT current_user, string_agg(name, $$+$$ ORDER BY code) FROM fraud.unit';
is(client('clerk', $rows), 'clerk|one', 'an account for each person: the rows of its office');
is(client('other_clerk', $rows), 'other_clerk|two', 'and of the other');
client('clerk', q{INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('339999001001', 'talk', '2024-01-05')});
is($node->safe_psql('postgres', 'SELECT recorded_by FROM fraud.activity'), 'clerk', 'and what is entered names the person');

foreach my $round (1 .. 3)
{
	foreach my $office (1, 2)
	{
		is(client('program', "BEGIN; SET LOCAL ROLE office_$office; $rows; COMMIT"), "office_$office|" . (qw(one two))[ $office - 1 ],
			"one account, SET LOCAL ROLE to office $office: its rows and no other");
	}
}
is(client('program', q{SELECT current_user, has_schema_privilege('fraud', 'USAGE')}), 'program|f', 'without it the account sees nothing');
like(client('program', $rows), qr/permission denied for schema fraud/, 'not even the names of tables are open to it');
like(client('program', "BEGIN; SET LOCAL ROLE office_1; SELECT 1/0; COMMIT;\nSELECT current_user"), qr/^program\b.*division by zero/, 'nor after an error');

# The trap, as the document says: should a later pgbouncer close it, the
# document is to say so.
client('program', 'SET ROLE office_1');
is(client('program', $rows), 'office_1|one', 'SET ROLE without LOCAL is still there for the next client');

$pool->kill_kill;
$node->stop;
done_testing();
