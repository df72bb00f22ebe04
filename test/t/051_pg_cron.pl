# schedule_ticks() with the real pg_cron: over a connection of its own, as it is
# shipped, and with background workers.  It runs in GMT; the day is China's.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($libraries) = run_command([ 'pg_config', '--pkglibdir' ]);
plan skip_all => 'pg_cron is not installed (Debian: postgresql-NN-cron)'
  unless -e "$libraries/pg_cron.so";

sub start_node
{
	my ($name, $conf) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
	$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
	  if $ENV{AF_PATHS};
	$node->append_conf('postgresql.conf', "shared_preload_libraries = 'pg_cron'\ncron.host = '" . $node->host . "'\n$conf");
	$node->start;
	# the owner of the registry is nobody in particular
	$node->safe_psql('postgres', q{
		CREATE EXTENSION pg_cron;
		CREATE EXTENSION antifraud;
		CREATE ROLE keeper LOGIN;
		GRANT CREATE ON DATABASE postgres TO keeper;
		GRANT USAGE ON SCHEMA cron TO keeper;
		SET ROLE keeper;
		SELECT antifraud.create_registry('fraud');
		SELECT antifraud.create_registry('a "b" ''c''');
		RESET ROLE;
	});
	return $node;
}
my @nodes = (start_node('connection', ''), start_node('workers', "cron.use_background_workers = on\nmax_worker_processes = 20\n"));

sub sql { my ($node, $statement) = @_; return $node->safe_psql('postgres', $statement, extra_params => [ '-U', 'keeper' ]); }
my $main = $nodes[0];

my $jobs = 'SELECT jobname, schedule, command, database, username, active FROM cron.job ORDER BY jobname';
sql($main, 'SELECT fraud.schedule_ticks()');
is(sql($main, $jobs),
	q{antifraud tick fraud|30 16 * * *|CALL fraud.tick_days(NULL, (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::date, 7)|postgres|keeper|t},
	'half past midnight in China is 16:30 GMT of the day before');
is(sql($main, q{SELECT (timestamptz '2024-01-01 16:30+00' AT TIME ZONE 'Asia/Shanghai')::date}), '2024-01-02', 'when it is the next day there');
sql($main, q{SELECT fraud.schedule_ticks('23:05', 0)});
is(sql($main, $jobs),
	q{antifraud tick fraud|5 15 * * *|CALL fraud.tick_days(NULL, (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::date, 0)|postgres|keeper|t},
	'scheduled anew, it replaces the other');
sql($main, q{SELECT "a ""b"" 'c'".schedule_ticks('08:00')});
is(sql($main, $jobs),
	qq{antifraud tick "a ""b"" 'c'"|0 0 * * *|CALL "a ""b"" 'c'".tick_days(NULL, (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::date, 7)|postgres|keeper|t\n}
	  . q{antifraud tick fraud|5 15 * * *|CALL fraud.tick_days(NULL, (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::date, 0)|postgres|keeper|t},
	'a registry of any name has a job of its own');
is(sql($main, q{SELECT fraud.unschedule_ticks()}), 't', 'taken back');
is(sql($main, 'SELECT string_agg(jobname, E\'\n\') FROM cron.job'), q{antifraud tick "a ""b"" 'c'"}, 'and the other is left');
is(sql($main, q{SELECT fraud.unschedule_ticks()}), 'f', 'there is nothing more to take back');
is(sql($main, q{SELECT "a ""b"" 'c'".unschedule_ticks()}), 't', 'nor of the other');

# It runs, at a minute that begins in ten seconds or more.
foreach my $node (@nodes)
{
	sql($node, q{SELECT fraud.schedule_ticks((now() AT TIME ZONE 'Asia/Shanghai' + interval '70 seconds')::time, 2)});
}
foreach my $node (@nodes)
{
	my $name = $node->name;
	ok($node->poll_query_until('postgres', q{SELECT count(*) > 0 FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')}), "$name: pg_cron ran it");
	is(sql($node, q{SELECT status, username, command FROM cron.job_run_details ORDER BY runid LIMIT 1}),
		q{succeeded|keeper|CALL fraud.tick_days(NULL, (pg_catalog.now() AT TIME ZONE 'Asia/Shanghai')::date, 2)}, "$name: without an error");
	# at midnight, between the tick and this question, it may be one day more
	like(sql($node, q{SELECT string_agg(((now() AT TIME ZONE 'Asia/Shanghai')::date - as_of)::text, ' ' ORDER BY as_of) FROM fraud.tick_day}),
		qr/^(2 1 0|3 2 1)$/, "$name: for today, in China, and the two days before");
	is(sql($node, 'SELECT count(DISTINCT first_run_at) FROM fraud.tick_day'), '3', "$name: each committed by itself");
	sql($node, 'SELECT fraud.unschedule_ticks()');
	$node->stop;
}

done_testing();
