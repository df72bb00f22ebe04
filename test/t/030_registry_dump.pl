# A registry survives dump and restore: its rows with their stamps, its
# definitions, its guards and its scores.
use strict;
use warnings FATAL => 'all';

use Cwd qw(getcwd);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;

sub sql { return $node->safe_psql(@_); }

# The demonstration's data, and a fact that was voided.
my $here = getcwd();
sql('postgres', 'CREATE DATABASE old');
chdir 'examples' or die;
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('old'), '-f', 'demo.sql' ], 'the demonstration runs');
chdir $here or die;
sql('old', q{SELECT fraud.void_fact('fraud_case', min(id), 'test') FROM fraud.fraud_case});

# Facts are kept, so that the view reads a copy.
sql('old', q{SELECT fraud.keep_facts(); SELECT fraud.refresh_cards()});

# Hostile to a name as well.
sql('old', q{SELECT antifraud.create_registry('a"b $body$ ''c')});

my $dump = $node->basedir . '/old.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('old') ], 'dump');
sql('postgres', 'CREATE DATABASE new');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('new'), $dump ], 'restore');

foreach my $query (
	'fraud.scoreboard', 'fraud.fact', 'fraud.fraud_case', 'fraud.decision', 'fraud.rubric_edition', 'fraud.rubric_rule', 'fraud.registry_info', 'fraud.assessment', 'fraud.sealed_item', 'fraud.assessment_fact', 'fraud.verify_seals()',
	q{fraud.explain_score('370323002004', 'nanma-2023')}, q{fraud.scores('nanma-2023', '2023-09-30', now())})
{
	my $all = "SELECT md5(string_agg(x::text, '|' ORDER BY x::text)) FROM $query AS x";
	is(sql('new', $all), sql('old', $all), "$query is the same");
}

# The definitions come back as they were: nothing in them depends on what the
# dump of a restored database would print otherwise.
sub schema
{
	my ($text) = run_command([ 'pg_dump', '-s', $node->connstr(shift) ]);
	return join "\n", grep { !/^\\(un)?restrict / } split /\n/, $text;
}
is(schema('new'), schema('old'), 'the definitions are the same');

# Definitions first and rows later.
sql('postgres', 'CREATE DATABASE later');
$node->command_ok([ 'pg_restore', '--exit-on-error', @$_, '-d', $node->connstr('later'), $dump ], "restore @$_") foreach [ '-s' ], [ '-a', '--disable-triggers' ];

# A copy of facts holds where it was made; elsewhere after the next refresh.
foreach my $database ('new', 'later')
{
	is(sql($database, q{SELECT fraud.stale_fact_units() IS NULL, (SELECT count(*) > 0 FROM fraud.kept_fact), (SELECT count(*) FROM fraud.verify_facts())}),
		't|t|0', "$database: what was kept came along, and is not read");
	sql($database, 'SELECT fraud.refresh_cards()');
	is(sql($database, q{SELECT fraud.stale_fact_units(), (SELECT count(*) FROM fraud.verify_facts())}), '{}|0', "$database: it is kept anew");
	is(sql($database, q{SELECT md5(string_agg(f::text, '|' ORDER BY f::text)) FROM fraud.fact AS f}),
		sql('old', q{SELECT md5(string_agg(f::text, '|' ORDER BY f::text)) FROM fraud.fact AS f}), "$database: the facts are the same");
}

# The guards stand.
my ($status, $out, $error) = $node->psql('new', 'UPDATE fraud.fraud_case SET loss = 1');
like($error, qr/column "loss" of table "fraud_case" cannot be changed/, 'facts are guarded');
($status, $out, $error) = $node->psql('new', q{UPDATE fraud.rubric_item SET points = 1 WHERE rubric = 'nanma-2023'});
like($error, qr/rubric 'nanma-2023' is published and cannot be changed/, 'rubrics are guarded');

$node->stop;
done_testing();
