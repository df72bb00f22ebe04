# Many sessions record about the same few persons at once: check-ins alone and
# together, voidings, changes of tier, suspensions, policies.  What is kept on
# each person is what the history gives afterwards, and nobody waited in a circle.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;

plan skip_all => 'pgbench is not installed'
  unless IPC::Run::run([ 'pgbench', '--version' ], '>', \my $version, '2>', \my $error);

$node->safe_psql('postgres', q{
	CREATE EXTENSION antifraud;
	SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.person (document_kind, document_no, region, enrolled_on)
	  SELECT 'other', 'P' || n, '370323', '2024-01-01' FROM generate_series(1, 60) AS n;
	INSERT INTO fraud.tier_change (person, tier, changed_on)
	  SELECT id, (ARRAY['high', 'medium', 'low'])[1 + id % 3], enrolled_on FROM fraud.person;
});

my $script = "$PostgreSQL::Test::Utils::tmp_check/record.sql";
append_to_file($script, <<'SQL');
\set p random(1, 60)
\set n random(1, 60)
\set d random(0, 200)
\set k random(1, 100)
\if :k <= 40
INSERT INTO fraud.checkin (person, checked_at) VALUES (:p, date '2024-01-01' + :d + time '10:00');
\elif :k <= 65
INSERT INTO fraud.checkin (person, checked_at) SELECT DISTINCT 1 + (:p * i * 37) % 60, date '2024-01-01' + :d + time '10:00' FROM generate_series(1, 20) AS i;
\elif :k <= 80
BEGIN;
INSERT INTO fraud.checkin (person, checked_at) VALUES (:p, date '2024-01-01' + :d + time '10:00');
UPDATE fraud.checkin SET void_reason = 'x' WHERE id = (SELECT min(id) FROM fraud.checkin WHERE person = :p AND voided_at IS NULL) AND voided_at IS NULL;
END;
\elif :k <= 90
INSERT INTO fraud.tier_change (person, tier, changed_on) VALUES (:p, (ARRAY['high', 'medium', 'low'])[1 + :n % 3], date '2024-01-01' + :d) ON CONFLICT DO NOTHING;
\elif :k <= 96
INSERT INTO fraud.suspension (person, ground, starts_on, ends_on, approver) VALUES (:p, 'hospital', date '2024-01-01' + :d, date '2024-01-01' + :d + :n % 20, 'A');
\elif :k <= 98
INSERT INTO fraud.control_policy (tier, region, valid_from, cadence, basis)
  VALUES ((ARRAY['high', 'medium', 'low'])[1 + :n % 3], '370323', date '2024-01-01' + :d, 'every 5 days', 'x') ON CONFLICT DO NOTHING;
\else
DELETE FROM fraud.control_policy WHERE id = (SELECT min(id) FROM fraud.control_policy WHERE basis = 'x');
\endif
SQL

sub record
{
	my ($isolation) = @_;
	(my $escaped = $isolation) =~ s/ /\\ /g;
	local $ENV{PGOPTIONS} = "-c default_transaction_isolation=$escaped";

	command_ok([ 'pgbench', '-n', '-c', '5', '-j', '2', '-t', '60', '--max-tries=100',
			'--random-seed=4', '-h', $node->host, '-p', $node->port, '-f', $script, 'postgres' ],
		"five sessions record, $isolation");
	is($node->safe_psql('postgres', 'SELECT * FROM fraud.verify_next_due()'), '60|0', 'nothing differs afterwards');
}

record('read committed');
is($node->safe_psql('postgres', q{SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'}), '0', 'nobody waited in a circle');
record('repeatable read');
record('serializable');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM fraud.checkin'), '>', 500, 'check-ins were recorded');

$node->stop;
done_testing();
