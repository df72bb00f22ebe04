# A source behind postgres_fdw: the tables stay where they are, in a second
# database; scores follow them; both databases survive dump and restore.
#
# Under nanma-2023 a unit without facts has 95 points; its first case costs 2
# (item 3), and one of 350,000 yuan 2 more (item 4).
use strict;
use warnings FATAL => 'all';
use utf8;

use Encode qw(encode_utf8);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->append_conf('postgresql.conf', 'client_min_messages = warning');
$node->start;
plan skip_all => 'postgres_fdw is not installed'
  if $node->safe_psql('postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'}) eq '0';

sub sql { my ($database, $query) = @_; return $node->safe_psql($database, encode_utf8($query)); }
sub error_of { my ($database, $query) = @_; return ($node->psql($database, encode_utf8($query)))[2]; }
sub seen_by { my ($role, $query) = @_; return sql('registry', "SET ROLE $role; $query"); }

# ------------------------------------------------------- the two databases
sql('postgres', "CREATE DATABASE $_") foreach qw(legacy registry);
sql('legacy', q{CREATE TABLE "案件" ("案件编号" varchar(20) PRIMARY KEY, "村代码" varchar(20), "立案时间" varchar(30), "涉案金额" varchar(30));
	CREATE INDEX ON "案件" ("村代码" COLLATE "C", "立案时间" COLLATE "C");
	INSERT INTO "案件" VALUES ('K1', '370323002002', '2023-09-01 10:00:00', '35000'), ('K2', '370323002003', '2023-09-02', '35万'),
		('K3', '370323002004', '0000-00-00 00:00:00', '1'), ('K4', '370323002999', '2023-09-04', ''), ('K5', '370323002004', '2023-09-05', '三万五')});
sql('registry', q{CREATE EXTENSION antifraud; CREATE EXTENSION postgres_fdw; SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.unit (code, region, name) VALUES ('370323002002', '370323002002', '华府社区'), ('370323002003', '370323002003', '城西社区'), ('370323002004', '370323002004', '怡康社区')});
my $socket = $node->host;
my $port = $node->port;
sql('registry', qq{CREATE SERVER police FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$socket', port '$port', dbname 'legacy');
	CREATE USER MAPPING FOR CURRENT_USER SERVER police;
	CREATE SCHEMA police; IMPORT FOREIGN SCHEMA public FROM SERVER police INTO police});
sql('registry', q{CREATE ROLE village; GRANT USAGE ON SCHEMA antifraud TO village; SELECT fraud.set_scope('village', '370323002003', 'checks')});

my $options = q{SELECT string_agg(concat_ws(' ', relname, reloptions, obj_description(oid, 'pg_class')), E'\n' ORDER BY relname) FROM pg_class WHERE relnamespace = 'fraud'::regnamespace AND relkind = 'v' AND relname !~ 'of_source_'};
my $options_before = sql('registry', $options);
my $scores = q{SELECT string_agg(right(unit, 3) || ' ' || total, ', ' ORDER BY unit) FROM fraud.scores('nanma-2023')};
is(sql('registry', $scores), '002 95, 003 95, 004 95', 'no facts yet');

# ------------------------------------------------------------- the source
my $mapping = q{{"source_key":"案件编号","region":"村代码","occurred_on":"立案时间","amount":"涉案金额"}};
is(sql('registry', qq{SELECT string_agg(concat_ws(' ', finding, source_key, column_name, value, rows), E'\n' ORDER BY ordinality) FROM fraud.add_source('case', 'police."案件"', '$mapping') WITH ORDINALITY WHERE finding <> 'note'}),
	encode_utf8(join "\n",
		'summary 5', 'summary 2', 'summary 3',
		'unreadable K3 立案时间 0000-00-00 00:00:00 1', 'unreadable K4 村代码 370323002999 1', 'unreadable K5 涉案金额 三万五 1',
		'access village: CREATE USER MAPPING FOR village SERVER police', 'access village: GRANT SELECT ON police."案件" TO village'),
	'what is found in it, and who could not read it');
is(sql('registry', $scores), '002 93, 003 91, 004 95', 'scores count its rows: 95 - 2, 95 - 2 - 2');
is(sql('registry', $options), $options_before, 'all views keep their options and comments');

sql('legacy', q{UPDATE "案件" SET "立案时间" = '2023-09-03', "涉案金额" = '400,000' WHERE "案件编号" = 'K3'; DELETE FROM "案件" WHERE "案件编号" = 'K1'});
is(sql('registry', $scores), '002 95, 003 91, 004 91', 'a row that is mended counts, and one that is gone does not');
is(sql('registry', q{SELECT string_agg(source_key, ' ' ORDER BY source_key) FROM fraud.unreadable_row}), 'K4 K5', 'and is no longer listed');
sql('registry', q{INSERT INTO fraud.division_change (old, new) VALUES ('370323002999', '370323002002')});
is(sql('registry', $scores), '002 93, 003 91, 004 91', 'a code that changed is counted where it went');
my $explained = sql('registry', q{EXPLAIN (VERBOSE, COSTS OFF) SELECT occurred_on FROM fraud.fact WHERE measure = 'den'});
unlike($explained, qr/Foreign Scan/, 'who asks for another measure does not reach for the server');

# -------------------------------------------------------------- who may read
like(($node->psql('registry', q{SET ROLE village; SELECT count(*) FROM fraud.fact}))[2], qr/permission denied for foreign table/, 'a reader who may not read the table gets an error, not fewer facts');
sql('registry', q{GRANT SELECT ON police."案件" TO village});
like(($node->psql('registry', q{SET ROLE village; SELECT count(*) FROM fraud.fact}))[2], qr/user mapping not found for .*village/, 'nor without a user mapping of his own');
my $user = sql('registry', 'SELECT current_user');
sql('registry', qq{CREATE USER MAPPING FOR village SERVER police OPTIONS (user '$user', password_required 'false')});
is(seen_by('village', q{SELECT string_agg(source_key, ' ') FROM fraud.fact}), 'K2', 'then he sees what lies in his scope');
is(sql('registry', q{SELECT count(*) FROM fraud.check_source('case', 'police."案件"') WHERE finding = 'access'}), '0', 'and the check is content');

# ------------------------------------------------------------ dump and restore
sql('registry', q{SELECT antifraud.create_registry('a"b $body$ ''c');
	INSERT INTO "a""b $body$ 'c".unit (code, region, name) VALUES ('370323002002', '370323002002', '华府社区')});
sql('registry', qq{SELECT count(*) FROM "a""b \$body\$ 'c".add_source('den', 'police."案件"', '$mapping')});
is(sql('registry', qq{SELECT string_agg(unit, ' ') FROM "a""b \$body\$ 'c".fact}), '', 'a registry of a hostile name has its own sources and units');
sql('registry', q{INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('370323002002', 'ledger_missing', '2023-06-01')});
foreach my $database (qw(legacy registry))
{
	my $file = $node->basedir . "/$database.dump";
	$node->command_ok([ 'pg_dump', '-Fc', '-f', $file, $node->connstr($database) ], "dump of $database");
	sql('postgres', "CREATE DATABASE new_$database");
	$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr("new_$database"), $file ], "restore of $database");
}
sub schema
{
	my ($text) = run_command([ 'pg_dump', '-s', $node->connstr(shift) ]);
	return join "\n", grep { !/^\\(un)?restrict / } split /\n/, $text;
}
is(schema('new_registry'), schema('registry'), 'the definitions are the same');
is(sql('new_registry', q{SELECT count(*) FROM fraud.lint_sources()}), '0', 'what was restored is what was added');
sql('new_registry', q{ALTER SERVER police OPTIONS (SET dbname 'new_legacy')});
is(sql('new_registry', q{SELECT concat_ws(' ', problem, part) FROM fraud.lint_sources()}), 'changed server', 'a server that is pointed elsewhere is a change');
sql('new_legacy', q{INSERT INTO "案件" VALUES ('K6', '370323002003', '2023-09-06', '500000')});
is(sql('registry', $scores), '002 92, 003 91, 004 91', 'the old one: a ledger is missing');
# 003: 2, and of item 4 2 + 10, of which 10
is(sql('new_registry', $scores), '002 92, 003 83, 004 91', 'the new one reads the new table');
is(sql('new_registry', $options), $options_before, 'with all options and comments');
is(sql('new_registry', 'SELECT concat_ws(\' \', measure, relation, relation_name) FROM fraud.source'), encode_utf8('case police."案件" police."案件"'), 'it knows its source');
sql('new_registry', q{SELECT fraud.remove_source('case', 'police."案件"')});
is(sql('new_registry', $scores), '002 94, 003 95, 004 95', 'and can remove it');

# ---------------------------------------------------------- a server that is down
sql('registry', q{ALTER SERVER police OPTIONS (SET port '1')});
like(error_of('registry', $scores), qr/could not connect to server "police"/, 'scores that need it fail, and say which server');
sql('registry', q{INSERT INTO fraud.finding (unit, kind, found_on) VALUES ('370323002002', 'reoffence', '2023-06-01')});
is(sql('registry', q{SELECT count(*) FROM fraud.facts_of_unit('370323002002', '{ledger_missing,reoffence}')}), '2', 'facts of other measures are recorded and read');
is(sql('registry', q{SELECT count(*) FROM fraud.facts_of_units('{370323002002}', '{reoffence}', '2023-01-01', '2023-12-31')}), '1', 'of several units too');
is(sql('registry', q{SELECT count(*) FROM fraud.facts_between('{den,reoffence}', '2023-01-01', '2023-12-31', NULL, '{370323002002}')}), '1', 'and between two days');
sql('registry', qq{ALTER SERVER police OPTIONS (SET port '$port')});

# ------------------------------------------------------------------ going away
like(error_of('registry', q{DROP FOREIGN TABLE police."案件"}), qr/view fraud\.facts_of_source_1 depends on foreign table/, 'the foreign table is not dropped: what depends on it is said');
like(error_of('registry', q{DROP SERVER police}), qr/cannot drop server police because other objects depend on it/, 'nor is the server');

$node->stop;
done_testing();
