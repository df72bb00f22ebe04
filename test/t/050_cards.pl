# Kept scorecards and kept facts are believed by the cluster that counted them and by its
# standbys, after a crash too, and by nobody else before the next refresh.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1, extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->append_conf('postgresql.conf', 'max_prepared_transactions = 2');
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION antifraud;
	SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.unit (code, region, name) VALUES ('370323002001', '370323002001', 'A'), ('370323002002', '370323002002', 'B');
	INSERT INTO fraud.fraud_case (unit, filed_on, loss) VALUES ('370323002001', '2023-06-01', 600000);
	SELECT fraud.keep_facts();
	SELECT fraud.refresh_cards()});

# What a server believes, how many scores and facts differ (and whether of the
# facts it believes other units than of the scores), and the points.
sub state
{
	my ($server, $database) = @_;
	return $server->safe_psql($database // 'postgres', q{
		SELECT coalesce(fraud.stale_units('nanma-2023', NULL)::text, 'none'), (SELECT count(*) FROM fraud.unit_card_difference) + (SELECT count(*) FROM fraud.verify_facts())
		       + (fraud.stale_fact_units() IS DISTINCT FROM fraud.stale_units('nanma-2023', NULL))::int,
		       (SELECT string_agg(total::text, ' ' ORDER BY unit) FROM fraud.scores('nanma-2023'))});
}

my $points = $node->safe_psql('postgres', q{SELECT string_agg(total::text, ' ' ORDER BY unit) FROM fraud.scores_from_scratch('nanma-2023')});
is(state($node), "{}|0|$points", 'every card is believed');

# A standby.
$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
is(state($standby), "{}|0|$points", 'by a standby too');
$node->safe_psql('postgres', q{INSERT INTO fraud.den (unit, found_on) VALUES ('370323002002', '2023-06-01')});
$node->wait_for_catchup($standby);
my $touched = state($node);
like($touched, qr/^\{370323002002\}\|0\|/, 'a fact touches its unit');
is(state($standby), $touched, 'on the standby as well');

# Two-phase commit across a refresh.
$node->safe_psql('postgres', q{BEGIN; INSERT INTO fraud.den (unit, found_on) VALUES ('370323002001', '2023-06-02'); PREPARE TRANSACTION 'later'});
$node->safe_psql('postgres', q{SELECT fraud.refresh_cards()});
like(state($node), qr/^\{\}\|0\|/, 'a prepared transaction is not seen');
$node->stop('immediate');
$node->start;
like(state($node), qr/^\{\}\|0\|/, 'nor after a crash, which leaves the cards');
$node->safe_psql('postgres', q{COMMIT PREPARED 'later'});
like(state($node), qr/^\{370323002001\}\|0\|/, 'until it is committed');
$node->safe_psql('postgres', q{SELECT fraud.refresh_cards()});

# Numbers of transactions go on after a crash.
$node->stop('immediate');
$node->start;
$node->safe_psql('postgres', q{INSERT INTO fraud.den (unit, found_on) VALUES ('370323002002', '2023-06-05')}) for 1 .. 5;
like(state($node), qr/^\{370323002002\}\|0\|/, 'what comes after a crash is seen');
$node->safe_psql('postgres', q{SELECT fraud.refresh_cards()});

# Promoted, the standby goes on by itself.
$node->wait_for_catchup($standby);
$standby->promote;
like(state($standby), qr/^\{\}\|0\|/, 'a promoted standby believes the cards');
$standby->safe_psql('postgres', q{INSERT INTO fraud.den (unit, found_on) VALUES ('370323002001', '2023-06-07')});
like(state($standby), qr/^\{370323002001\}\|0\|/, 'and sees what touches them');
$standby->stop;

# A dump, restored whole, and its rows alone with triggers off.
my $dump = $node->basedir . '/cards.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('postgres') ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('restored'), $dump ], 'restore');
is($node->safe_psql('restored', 'SELECT count(*) > 0 FROM fraud.unit_card'), 't', 'the cards are there');
like(state($node, 'restored'), qr/^none\|0\|/, 'and not believed');
is($node->safe_psql('restored', 'SELECT units, counted FROM fraud.refresh_cards()'), '2|2', 'a refresh counts all');
like(state($node, 'restored'), qr/^\{\}\|0\|/, 'and they are believed');
is($node->safe_psql('restored', q{INSERT INTO fraud.den (unit, found_on) VALUES ('370323002001', '2023-06-09'); SELECT fraud.stale_units('nanma-2023', NULL)}), '{370323002001}', 'the triggers came with it');

# Facts of one table from a dump, its triggers off, into a database with cards.
$node->safe_psql('restored', q{SELECT fraud.refresh_cards()});
$node->safe_psql('restored', q{ALTER TABLE fraud.den DISABLE TRIGGER ALL; DELETE FROM fraud.den; ALTER TABLE fraud.den ENABLE TRIGGER ALL});
like(state($node, 'restored'), qr/^none\|0\|/, 'rows that went while triggers were off: no card is believed');
$node->safe_psql('restored', q{SELECT fraud.refresh_cards()});
$node->command_ok([ 'pg_restore', '--exit-on-error', '-a', '--disable-triggers', '-t', 'den', '-n', 'fraud', '-d', $node->connstr('restored'), $dump ], 'rows restored with --disable-triggers');
like(state($node, 'restored'), qr/^none\|0\|/, 'no card is believed either');

$node->stop;
done_testing();
