# The server is killed in the middle of a tick, at a moment that is known and at
# some that are not.  Afterwards the days that were done are there whole, the
# one under way is not there at all, and going on gives what an undisturbed run
# gives: nothing lost, nothing twice.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;
sub sql { return $node->safe_psql(@_); }

# Persons under control every 7 days, seen now and then; reminders after three
# days, for each and for the unit; what is not acknowledged climbs.
my $registry = q{
	CREATE EXTENSION antifraud;
	SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.unit (code, region, name) SELECT '37032300200' || n, '37032300200' || n, 'a' FROM generate_series(1, 4) AS n;
	INSERT INTO fraud.person (document_kind, document_no, unit, region, enrolled_on)
	  SELECT 'other', 'P' || n, '37032300200' || 1 + n % 4, '37032300200' || 1 + n % 4, DATE '2024-01-01' + n % 20 FROM generate_series(1, 100) AS n;
	INSERT INTO fraud.tier_change (person, tier, changed_on) SELECT id, 'high', enrolled_on FROM fraud.person;
	INSERT INTO fraud.checkin (person, checked_at)
	  SELECT p.id, (p.enrolled_on + k * (5 + p.id % 9)::int + time '10:00') AT TIME ZONE 'Asia/Shanghai' FROM fraud.person AS p, generate_series(1, 4) AS k;
	INSERT INTO fraud.escalation_rule (code, source, clause_zh, measure, rule, subject, counted_over) VALUES
	  ('late', 'test', '核查逾期', 'overdue', 'raise reminder if amount >= 3', 'person', 'year'),
	  ('many', 'test', '逾期人数', 'overdue', 'raise interview if count >= 10', 'unit', 'month');
};
foreach my $database (qw(quiet known unknown))
{
	sql('postgres', "CREATE DATABASE $database");
	sql($database, $registry);
}

my ($first, $last) = ('2024-01-01', '2024-02-05');
my $all_days = '36';
sql('quiet', "CALL fraud.tick_days('$first', '$last')");

# All that was written, but for numbers and moments.
my $contents = q{
	SELECT md5(string_agg(x.line, E'\n' ORDER BY x.line)) || ' ' || count(*) FROM (
	  SELECT concat_ws('|', e.subject, e.rule, e.rung, regexp_replace(e.episode, '^climb:.*', 'climb'), e.as_of, e.state, e.acknowledge_by, e.rectify_by, v.ordinal, v.action, v.happened_on, v.evidence - 'escalation', v.reason) AS line
	  FROM fraud.escalation AS e JOIN fraud.escalation_event AS v ON v.escalation = e.id
	  UNION ALL
	  SELECT concat_ws('|', o.topic, o.payload - 'escalation' - 'caused_by', regexp_replace(o.key, '[0-9]+', 'n'), o.attempts, e.subject, e.rung, e.as_of)
	  FROM fraud.outbox AS o LEFT JOIN fraud.escalation AS e ON e.id = (o.payload ->> 'escalation')::bigint
	  UNION ALL
	  SELECT concat_ws('|', d.as_of, d.written, d.runs_that_wrote) FROM fraud.tick_day AS d
	) AS x};
my $expected = sql('quiet', $contents);
my $counts = 'SELECT (SELECT count(*) FROM fraud.escalation), (SELECT count(*) FROM fraud.escalation_event), (SELECT count(*) FROM fraud.outbox), (SELECT count(*) FROM fraud.tick_day)';
note 'undisturbed: ' . sql('quiet', $counts);
cmp_ok(sql('quiet', 'SELECT count(*) FROM fraud.escalation WHERE caused_by IS NOT NULL'), '>', 20, 'there is something to write, and to climb');
is(sql('quiet', 'SELECT count(*) FROM fraud.tick_day'), $all_days, 'on all days');

# What must hold at any moment.
my $whole = q{
	SELECT (SELECT count(*) FROM fraud.escalation AS e WHERE NOT EXISTS (SELECT FROM fraud.escalation_event AS v WHERE v.escalation = e.id AND v.ordinal = 1))
	     + (SELECT count(*) FROM fraud.escalation AS e WHERE NOT EXISTS (SELECT FROM fraud.outbox AS o WHERE o.key IN (format('escalation:%s:raised', e.id), format('escalation:%s:proposed', e.id))))
	     + (SELECT count(*) FROM fraud.escalation AS e WHERE e.state <> (SELECT v.to_state FROM fraud.escalation_event AS v WHERE v.escalation = e.id ORDER BY v.ordinal DESC LIMIT 1))
	     + (SELECT count(*) FROM fraud.escalation AS e WHERE NOT EXISTS (SELECT FROM fraud.tick_day AS d WHERE d.as_of = e.as_of))
	     + abs((SELECT sum((d.written ->> 'raise')::int + (d.written ->> 'raise_standing')::int + (d.written ->> 'climb')::int) FROM fraud.tick_day AS d) - (SELECT count(*) FROM fraud.escalation))};

# Kill a backend and the postmaster at once, as a power cut does.
sub crash
{
	my ($pid) = @_;
	my $postmaster = (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];
	kill 'KILL', $pid if $pid;
	$node->kill9;
	# the others notice that they are alone, and somebody waits for the dead
	foreach (1 .. 1200)
	{
		last unless others() || kill 0, $postmaster;
		sleep 0.05;
	}
	$node->start;
	return;
}

# Processes of this cluster, by the directory that they work in.
sub others
{
	my $data = $node->data_dir;
	return grep { (readlink("/proc/$_/cwd") // '') eq $data } map { m{/proc/(\d+)$} } glob '/proc/[0-9]*';
}

# A statement in a session of its own, which may die with the server.
sub start_psql
{
	my ($database, $statement) = @_;
	my ($out, $err) = ('', '');
	return IPC::Run::start([ 'psql', '-Xq', '-d', $node->connstr($database), '-c', $statement ], '<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(180));
}
my $ticking = q{SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE application_name ~ '^antifraud tick' AND datname = '%s'};

# A known moment: somebody holds a letter that is to be reminded of.  What was
# raised for that day is written by then, and not committed.
sql('known', "CALL fraud.tick_days('$first', '2024-01-20')");
my $holder = start_psql('known', q{SELECT pg_sleep(150) FROM (SELECT count(*) FROM (SELECT FROM fraud.escalation WHERE state = 'raised' AND acknowledge_by = '2024-01-24' FOR UPDATE) AS y) AS x});
ok($node->poll_query_until('known', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'}), 'somebody holds letters');
cmp_ok(sql('known', q{SELECT count(*) FROM fraud.escalation WHERE state = 'raised' AND acknowledge_by = '2024-01-24'}), '>', 0, 'of the 24th');

my $ticks = start_psql('known', "CALL fraud.tick_days(NULL, '$last')");
ok($node->poll_query_until('known', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'antifraud tick 2024-01-24: remind, 7 of 9'}),
	'pg_stat_activity tells what the tick is at');
my $pid = sql('known', sprintf $ticking, 'known');
is(sql('known', q{SELECT max(as_of) FROM fraud.tick_day}), '2024-01-23', 'three days are done');
crash($pid);
$_->finish foreach $ticks, $holder;

is(sql('known', q{SELECT max(as_of) FROM fraud.tick_day}), '2024-01-23', 'after the crash they still are');
is(sql('known', q{SELECT count(*) FROM fraud.escalation WHERE as_of > '2024-01-23'}), '0', 'nothing of the day under way is there');
is(sql('known', q{SELECT count(*) FROM fraud.outbox WHERE payload ->> 'as_of' > '2024-01-23'}), '0', 'and no message of it');
is(sql('known', $whole), '0', 'what is there is whole');
sql('known', "CALL fraud.tick_days(NULL, '$last')");
is(sql('known', $counts), sql('quiet', $counts), 'going on: nothing is lost and nothing twice');
is(sql('known', $contents), $expected, 'all is as in an undisturbed run');

# Moments that nobody knows
my $crashes = 0;
sql('unknown', "CALL fraud.tick_days('$first', '$first')");
foreach my $pause (0.1, 0.5, 0.3, 0.75)
{
	my $run = start_psql('unknown', "CALL fraud.tick_days(NULL, '$last')");
	# a fast machine may be through with all days before
	$node->poll_query_until('unknown', sprintf("SELECT (%s) > 0 OR max(d.as_of) = '$last' FROM fraud.tick_day AS d", sprintf $ticking, 'unknown'));
	sleep $pause;
	my $found = sql('unknown', sprintf $ticking, 'unknown');
	crash($found);
	$crashes++ if $found;
	$run->finish;
	is(sql('unknown', $whole), '0', "killed after $pause s, on " . sql('unknown', 'SELECT max(as_of) + 1 FROM fraud.tick_day') . ': what is there is whole');
}
ok($crashes > 0, "$crashes times in the middle of a tick");
sql('unknown', "CALL fraud.tick_days(NULL, '$last')");
is(sql('unknown', $contents), $expected, 'all is as in an undisturbed run');

sql('unknown', "CALL fraud.tick_days('$first', '$last')");
is(sql('unknown', $contents), $expected, 'all days once more: nothing changes');

$node->stop;
done_testing();
