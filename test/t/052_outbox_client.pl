# The example in examples/outbox: a real client listens, claims, posts to a
# real HTTP server and reports.  Nothing is lost when that server fails, hangs
# or the client is killed, and what comes twice has the same key.
use strict;
use warnings FATAL => 'all';

use File::Copy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

foreach my $program (qw(node npm))
{
	# run() dies where there is no such program
	plan skip_all => "$program is not installed (apt-get install nodejs npm)"
	  unless eval { IPC::Run::run([ $program, '--version' ], '>', \my $version, '2>', \my $error) };
}

my $dir = $PostgreSQL::Test::Utils::tmp_check . '/outbox';
mkdir $dir or die;
copy("examples/outbox/$_", $dir) or die foreach qw(deliver.mjs package.json package-lock.json);
my $output;
plan skip_all => 'the npm registry does not answer: ' . ($output =~ s/\n.*//sr)
  unless IPC::Run::run([ 'npm', 'ci', '--prefix', $dir, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error' ],
	'<', \undef, '>&', \$output, IPC::Run::timeout(120));

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;
sub sql { return $node->safe_psql('postgres', @_); }

sql(q{
	CREATE EXTENSION antifraud;
	SELECT antifraud.create_registry('fraud');
	SELECT fraud.notify_outbox('fraud outbox');
	CREATE ROLE deliverer LOGIN;
	SELECT fraud.set_deliverer('deliverer');
	UPDATE fraud.outbox_setting SET first_retry = '100 ms', max_attempts = 3;
});

# The receiver writes a line for each post.  What a key begins with says how it
# answers: once_ fails the first time, hang_ does not answer the first time,
# never_ fails until the file "mended" is there.
append_to_file("$dir/receiver.mjs", <<'JS');
import http from 'node:http';
import { appendFileSync, existsSync } from 'node:fs';
const seen = new Map();
const server = http.createServer((request, response) => {
	let body = '';
	request.on('data', (part) => { body += part; });
	request.on('end', () => {
		const key = request.headers['idempotency-key'];
		const times = (seen.get(key) ?? 0) + 1;
		seen.set(key, times);
		appendFileSync('posts', `${request.method} ${request.url} ${key} ${request.headers['content-type']} ${body}\n`);
		if (key.startsWith('hang_') && times === 1) return;
		const fails = key.startsWith('once_') && times === 1 || key.startsWith('never_') && !existsSync('mended');
		response.writeHead(fails ? 503 : 204).end();
	});
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
JS

my @started;
sub start_program
{
	my ($out, $err) = ('', '');
	my $program = { out => \$out, err => \$err };
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	local $ENV{PGDATABASE} = 'postgres';
	local $ENV{PGUSER} = 'deliverer';
	# the process itself is signalled: so no shell in between
	$program->{run} = IPC::Run::start([@_], '<', \undef, '>', \$out, '2>', \$err, init => sub { chdir $dir or die; }, IPC::Run::timeout(240));
	push @started, $program;
	return $program;
}

sub wait_for
{
	my ($program, $pattern) = @_;
	foreach (1 .. 600)
	{
		$program->{run}->pump_nb;
		return $1 // 1 if ${ $program->{out} } =~ $pattern;
		sleep 0.05;
	}
	diag("no $pattern: ${$program->{out}} ${$program->{err}}");
	return;
}

sub stop_program
{
	my ($program, $signal) = @_;
	$program->{run}->signal($signal);
	$program->{run}->finish;
	return $program->{run}->full_result(0);
}

END
{
	local $?;
	foreach my $program (@started)
	{
		eval { $program->{run}->kill_kill };
	}
}

my $port = wait_for(start_program('node', 'receiver.mjs'), qr/port (\d+)/);
my $url = "http://127.0.0.1:$port/in";

# It polls every ten minutes: what comes sooner comes by NOTIFY, or because
# a retry is due.
sub start_deliverer
{
	my $deliverer = start_program('node', 'deliver.mjs', '--url', $url, '--channel', 'fraud outbox', '--poll', '600', '--lease', '3', @_);
	ok(wait_for($deliverer, qr/^ready$/m), 'a deliverer is ready');
	return $deliverer;
}

sub posts { return split /\n/, -e "$dir/posts" ? slurp_file("$dir/posts") : ''; }
sub times_posted { my ($key) = @_; return scalar(grep { / \Q$key\E / } posts()); }
sub delivered { return $node->poll_query_until('postgres', "SELECT count(*) = " . shift() . " FROM fraud.outbox WHERE delivered_at IS NOT NULL"); }

sql(q{SELECT fraud.enqueue('first', 'escalation', '{"escalation":1,"unit":"370323002004","rung":"约谈"}'), fraud.enqueue('second', 'reminder')});
my $deliverer = start_deliverer();
ok(delivered(2), 'what was there before is delivered');
is((posts())[0], 'POST /in first application/json {"topic":"escalation","payload":{"rung":"约谈","unit":"370323002004","escalation":1}}',
	'with its key, its topic and what it says');

sql(q{SELECT fraud.enqueue('third', 'escalation')});
ok(delivered(3), 'one entered later is delivered at once: the deliverer was woken');
ok(wait_for($deliverer, qr/^third delivered$/m), 'and says so');

sql(q{BEGIN; SELECT fraud.enqueue('rolled_back', 'escalation'); ROLLBACK; SELECT fraud.enqueue('fourth', 'escalation')});
ok(delivered(4), 'the next one');
is(times_posted('rolled_back'), 0, 'what was rolled back was never posted');

# a server that fails once
sql(q{SELECT fraud.enqueue('once_1', 'escalation')});
ok(delivered(5), 'tried again after a failure');
is(times_posted('once_1'), 2, 'twice, with the same key');
ok(wait_for($deliverer, qr/^once_1 retry \(HTTP 503\)\nonce_1 delivered$/m), 'it says why');

# one that does not answer: half the lease is waited
sql(q{SELECT fraud.enqueue('hang_1', 'escalation')});
ok(delivered(6), 'tried again after no answer');
is(times_posted('hang_1'), 2, 'twice, with the same key');

# one that always fails
sql(q{SELECT fraud.enqueue('never_1', 'escalation')});
ok($node->poll_query_until('postgres', 'SELECT count(*) = 1 FROM fraud.outbox_dead'), 'given up');
is(sql('SELECT key, attempts, last_error FROM fraud.outbox_dead'), 'never_1|3|HTTP 503', 'after three attempts, with the reason');
is(times_posted('never_1'), 3, 'it was posted three times');
append_to_file("$dir/mended", '');
sql(q{SELECT fraud.requeue_outbox(id, 'the server was mended') FROM fraud.outbox_dead});
ok(delivered(7), 'tried again by hand, and the deliverer was woken');

# killed between claiming and reporting
sql(q{SELECT fraud.enqueue('hang_2', 'escalation')});
foreach (1 .. 200) { last if times_posted('hang_2'); sleep 0.05; }
stop_program($deliverer, 'KILL');
is(sql(q{SELECT attempts FROM fraud.outbox WHERE key = 'hang_2' AND delivered_at IS NULL}), '1', 'killed with a message in hand');
my @pair = (start_deliverer(), start_deliverer());
ok(delivered(8), 'another delivers it when the lease has ended');
is(times_posted('hang_2'), 2, 'twice, with the same key');

# two at once
sql(q{SELECT fraud.enqueue('many_' || n, 'escalation', jsonb_build_object('n', n)) FROM generate_series(1, 300) AS n});
ok(delivered(308), 'two deliverers share 300 messages');
my %times;
$times{$_}++ foreach map { / (many_\d+) / } posts();
is(join(' ', scalar(keys %times), grep { $times{$_} != 1 } sort keys %times), '300', 'each is posted once');
cmp_ok(scalar(grep { ${ $_->{out} } =~ /many_/ } map { $_->{run}->pump_nb; $_ } @pair), '>=', 1, 'they say so');

# the database restarts
$node->restart;
foreach my $one (@pair)
{
	ok(wait_for($one, qr/^ready\n.*^ready$/ms), 'a deliverer connects again');
}
sql(q{SELECT fraud.enqueue('after', 'escalation')});
ok(delivered(309), 'and goes on');

is(stop_program($_, 'TERM'), 0, 'SIGTERM: it stops of itself') foreach @pair;
like(${ $pair[0]{out} }, qr/^stopped$/m, 'and says so');
is(sql('SELECT count(*) FROM fraud.outbox WHERE claimed_by IS NOT NULL'), '0', 'nothing is left in hand');

$node->stop;
done_testing();
