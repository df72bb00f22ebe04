# Events out: logical decoding reads every type, a publication carries the
# tables that may leave to another server, and no person goes with them.
use strict;
use warnings FATAL => 'all';

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($publisher, $subscriber) = map { PostgreSQL::Test::Cluster->new($_) } qw(publisher subscriber);
foreach my $node ($publisher, $subscriber)
{
	$node->init(allows_streaming => 'logical', extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
	$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
	  if $ENV{AF_PATHS};
	$node->append_conf('postgresql.conf', 'client_min_messages = warning');
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION antifraud');
}
sub sql { return $publisher->safe_psql('postgres', @_); }

# The whole of a table, as text.
sub rows
{
	my ($node, $database, $relation) = @_;
	return $node->safe_psql($database, "SELECT string_agg(x::text, E'\\n' ORDER BY x::text COLLATE \"C\") FROM $relation AS x");
}

# ------------------------------------------------------------- every type

my $document = q({"code":"first","edition":"1","title":"无诈 'quoted' and \"escaped\"","total":10,"period":["2023-05-01","2023-12-31"],"sections":)
  . q([{"title":"s","points":10,"items":[{"no":"1","title":"t","points":10,"rules":[{"measure":"case","rule":"deduct 1 per occurrence"}]}]}]});
my %value = (
	cadence => q{'一周一核查'},
	calendar => q{'{"holiday":["2024-01-01"],"makeup_workday":["2024-02-04"]}'},
	citizen_id => q{'33999920000229018X'},
	region => q{'331126001002'},
	rubric => "'" . ($document =~ s/'/''/gr) . "'",
	rule => q{'deduct 1 per occurrence if amount >= 100000, deduct 2 per occurrence if amount >= 300000 cap 10'},
	scorecard => q{(SELECT antifraud.tally(doc, 'case', '2023-06-01', 3, NULL, NULL) FROM the_rubric)},
	score_table => q{(SELECT antifraud.tally_regions(doc, '331126', 'case', '2023-06-01', 3, NULL, NULL) FROM the_rubric)});
my @types = split /\n/, sql(q{
	SELECT typname FROM pg_type WHERE typnamespace = 'antifraud'::regnamespace AND typtype = 'b' AND typelem = 0 ORDER BY 1});
is_deeply([ sort keys %value ], \@types, 'there is a value of each type');

my $columns = join ', ', map { "$_ antifraud.$_, ${_}_list antifraud.${_}\[]" } @types;
my $table = "CREATE TABLE every_type (id int PRIMARY KEY, word text, $columns)";
sql("CREATE TABLE the_rubric (doc antifraud.rubric); $table; ALTER TABLE every_type REPLICA IDENTITY FULL");
sql("INSERT INTO the_rubric VALUES ($value{rubric})");

# One row in every table that is read below; and that nothing is asked of the
# types but their text: no search_path names their schema.
my $insert = sprintf 'INSERT INTO every_type (id, word, %s) VALUES (%%d, %%s, %s)',
  join(', ', map { "$_, ${_}_list" } @types),
  join(', ', map { "$value{$_}, ARRAY[$value{$_}, NULL]::antifraud.${_}\[]" } @types);

my $wal2json = -f $publisher->config_data('--pkglibdir') . '/wal2json.so';
sql(q{SELECT pg_create_logical_replication_slot('plain', 'test_decoding')});
# Recent minor releases want to be told which plugins may be loaded.
if ($wal2json && sql(q{SELECT count(*) FROM pg_settings WHERE name = 'output_plugin_libraries'}))
{
	$publisher->append_conf('postgresql.conf', q{output_plugin_libraries = 'pgoutput, test_decoding, wal2json'});
	$publisher->reload;
}
sql(q{SELECT pg_create_logical_replication_slot('json', 'wal2json')}) if $wal2json;

sql(sprintf $insert, 1, q{'甲'});
my %text;
@text{ 'word', map { ($_, "${_}_list") } @types } = map { sql("SELECT $_ FROM every_type WHERE id = 1") } 'word', map { ($_, "${_}_list") } @types;
sql('UPDATE every_type SET word = NULL, region = NULL WHERE id = 1');
sql('DELETE FROM every_type WHERE id = 1');
sql(q{
	SELECT antifraud.create_registry('fraud');
	INSERT INTO fraud.unit (code, region, name) VALUES ('339999001001', '339999001001', '示例社区');
	INSERT INTO fraud.person (citizen_id, name, unit, enrolled_on) VALUES ('339999199001010013', '某人', '339999001001', '2024-01-01');
	INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('339999001001', '2024-01-05', 1000, 'victim-1');
	INSERT INTO fraud.activity (unit, kind, held_on) VALUES ('339999001001', 'talk', '2024-02-01')});

my @decoded = split /\n/, sql(q{SELECT data FROM pg_logical_slot_get_changes('plain', NULL, NULL) WHERE data LIKE 'table public.every_type%' OR data LIKE 'table fraud.person:%'});
foreach my $type (@types)
{
	my $printed = $text{$type} =~ s/'/''/gr;
	like($decoded[0], qr/ $type\[antifraud\.$type\]:'\Q$printed\E' /, "test_decoding prints $type");
	like($decoded[2], qr/\b$type\[antifraud\.$type\]/, "and the $type of a row that was deleted") if $type ne 'region';
}
like($decoded[3], qr/339999199001010013/, 'a slot without a list of tables shows persons, which is why doc/integration.md gives the list');

SKIP:
{
	skip 'wal2json is not installed (package postgresql-NN-wal2json)', 1 unless $wal2json;

	my $tables = sql(q{SELECT string_agg('fraud.' || name, ',') FROM fraud.publishable_table});
	my @some = map { decode_json($_) } split /\n/, sql(qq{
		SELECT data FROM pg_logical_slot_peek_changes('json', NULL, NULL, 'format-version', '2', 'include-transaction', 'false', 'add-tables', '$tables')});
	my %seen = map { $_->{table} => 1 } @some;
	ok($seen{activity} && $seen{unit}, 'wal2json gives the tables of the list');
	ok(!grep({ $seen{$_} } qw(person fraud_case every_type)), 'and no other');

	my @all = map { decode_json($_) } split /\n/, sql(q{
		SELECT data FROM pg_logical_slot_get_changes('json', NULL, NULL, 'format-version', '2', 'include-transaction', 'false', 'include-typmod', 'false', 'add-tables', 'public.every_type')});
	is(join('', map { $_->{action} } @all), 'IUD', 'wal2json tells an insert, an update and a delete');
	my %column = map { $_->{name} => $_ } @{ $all[0]{columns} };
	my %updated = map { $_->{name} => $_->{value} } @{ $all[1]{columns} };
	my %old = map { $_->{name} => $_->{value} } @{ $all[1]{identity} };
	my %deleted = map { $_->{name} => $_->{value} } @{ $all[2]{identity} };
	utf8::decode($_) foreach values %text;
	foreach my $type (@types)
	{
		is($column{$type}{value}, $text{$type}, "wal2json gives $type as text");
		is($column{$type}{type}, "antifraud.$type", 'and names the type');
		is($column{"${type}_list"}{value}, $text{"${type}_list"}, "an array of $type");
		is($old{$type}, $text{$type}, 'and the value before an update');
	}
	is($updated{region}, undef, 'a null is a null');
	is($deleted{rubric}, $text{rubric}, 'and a deleted row is told with its values');
}

# Whoever reads a slot elsewhere reads these texts back.
sql(sprintf $insert, 2, q{'乙'});
is(sql('SELECT word FROM every_type WHERE id = 2'), '乙', 'a row for the subscribers');
sql('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots');

# ----------------------------------------------------------- subscriptions

is(sql(q{SELECT fraud.create_publication('county') = (SELECT count(*) FROM fraud.publishable_table)}), 't', 'a publication of the tables that may leave');
sql('CREATE PUBLICATION types FOR TABLE every_type');
is(sql('SELECT count(*) FROM fraud.published_person'), '0', 'none that shows a person is in a publication');

# The recipe of doc/integration.md: a registry there, whose shipped rows give
# way to those of the publisher.
foreach my $form (qw(text binary))
{
	my $binary = $form eq 'binary' ? 'true' : 'false';
	my $there = sub { return $subscriber->safe_psql($form, @_); };

	$subscriber->safe_psql('postgres', "CREATE DATABASE \"$form\"");
	$there->("CREATE EXTENSION antifraud; SELECT antifraud.create_registry('fraud'); $table");
	$there->(q{
		SET session_replication_role = replica;
		SELECT format('DELETE FROM fraud.%I', name) FROM fraud.publishable_table
		\gexec});
	$there->(sprintf q{CREATE SUBSCRIPTION from_%s CONNECTION '%s' PUBLICATION county, types WITH (binary = %s, slot_name = 'to_%s')},
		$form, $publisher->connstr . ' dbname=postgres', $binary, $form);
	$subscriber->wait_for_subscription_sync($publisher, "from_$form", $form);

	foreach my $relation ('every_type', 'fraud.unit', 'fraud.activity', 'fraud.rubric_edition', 'fraud.measure', 'fraud.calendar_day')
	{
		is(rows($subscriber, $form, $relation), rows($publisher, 'postgres', $relation), "$form: $relation is copied");
	}
}

sql(sprintf $insert, 3, q{'丙'});
sql(q{
	UPDATE every_type SET region = '339999', word = NULL, rubric = NULL WHERE id = 2;
	INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES ('339999001001', 'push', '2024-03-01', 2);
	UPDATE fraud.activity SET void_reason = 'entered twice' WHERE held_on = '2024-02-01';
	INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES ('339999001001', 'app', '2024-03-02', 20, 19);
	INSERT INTO fraud.fraud_case (unit, filed_on, loss, victim) VALUES ('339999001001', '2024-03-05', 2000, 'victim-2')});
foreach my $form (qw(text binary))
{
	$publisher->wait_for_catchup("from_$form");
	foreach my $relation ('every_type', 'fraud.activity', 'fraud.sample')
	{
		is(rows($subscriber, $form, $relation), rows($publisher, 'postgres', $relation), "$form: changes of $relation arrive, with their stamps");
	}
	foreach my $relation ('person', 'fraud_case')
	{
		is($subscriber->safe_psql($form, "SELECT count(*) FROM fraud.$relation"), '0', "$form: $relation stays");
	}
	is($subscriber->safe_psql($form, q{SELECT quantity FROM fraud.fact WHERE measure = 'publicity' AND voided_at IS NULL}), '2', "$form: what arrived is read as facts");
	my ($status, $out, $error) = $subscriber->psql($form, 'UPDATE fraud.activity SET sessions = 5');
	like($error, qr/column "sessions" of table "activity" cannot be changed/, "$form: and guarded there too");
}

# ------------------------------------------------------------- no persons

is(sql(q{SELECT count(*) FROM pg_publication_tables AS t JOIN fraud.person_table AS p ON p.name = t.tablename WHERE t.schemaname = 'fraud'}), '0',
	'no table of person_table is in the publication');
is(sql(q{SELECT count(*) FROM pg_publication_tables WHERE pubname = 'county' AND tablename IN ('officer', 'access_scope', 'outbox', 'attendance', 'body_member', 'evidence', 'person')}), '0',
	'nor are officers, accounts, messages and pieces of evidence');
is( sql(q{
	SELECT string_agg(DISTINCT format('%s refers to %s', conrelid::regclass, confrelid::regclass), ', ') FROM pg_constraint
	WHERE contype = 'f' AND conrelid IN (SELECT ('fraud.' || name)::regclass FROM fraud.publishable_table)
	  AND confrelid NOT IN (SELECT ('fraud.' || name)::regclass FROM fraud.publishable_table)}),
	'', 'no table that leaves refers to one that stays');
is( sql(q{
	SELECT string_agg(name, ', ') FROM fraud.publishable_table
	WHERE NOT EXISTS (SELECT FROM pg_index WHERE indrelid = ('fraud.' || name)::regclass AND indisprimary)}),
	'', 'each has a key, without which updates would fail');

# What goes over the wire, byte by byte.
sql(q{SELECT pg_create_logical_replication_slot('wire', 'pgoutput')});
sql(q{
	INSERT INTO fraud.person (citizen_id, name, unit, enrolled_on) VALUES ('33999920000229018X', '某乙', '339999001001', '2024-01-01');
	INSERT INTO fraud.alert (unit, victim, issued_on) VALUES ('339999001001', 'victim-3', '2024-04-01');
	INSERT INTO fraud.activity (unit, kind, held_on, topic) VALUES ('339999001001', 'talk', '2024-04-02', NULL)});
my $wire = sql(q{
	SELECT count(*) FILTER (WHERE position('talk'::bytea IN data) > 0), count(*) FILTER (WHERE position('33999920000229018X'::bytea IN data) > 0 OR position('victim-3'::bytea IN data) > 0)
	FROM pg_logical_slot_get_binary_changes('wire', NULL, NULL, 'proto_version', '1', 'publication_names', 'county')});
is($wire, '1|0', 'the activity is on the wire, the person and the alert are not');

# By the helper none gets in; past it, a view names what did.
foreach my $try (
	[ 'fraud_case', 'It shows persons, or refers to a table that does.' ],
	[ 'person', 'It shows persons, or refers to a table that does.' ],
	[ 'officer', 'It is not among the tables that may leave.' ],
	[ 'nothing', 'There is no such table in the registry.' ])
{
	my ($status, $out, $error) = $publisher->psql('postgres', "\\set VERBOSITY verbose\nSELECT fraud.create_publication('county', '{unit,$try->[0]}')");
	like($error, qr/42501: table '$try->[0]' is not published\nDETAIL:  \Q$try->[1]\E/, "$try->[0] is refused");
}
sql('CREATE PUBLICATION cases FOR TABLE fraud.fraud_case (id, unit, region, filed_on, category, loss)');
is(sql('SELECT publication, name, column_names FROM fraud.published_person'), 'cases|fraud_case|{id,unit,region,filed_on,category,loss}', 'an own decision is listed with its columns');
sql('CREATE PUBLICATION everything FOR ALL TABLES');
is(sql(q{SELECT count(*) = (SELECT count(*) FROM fraud.person_table) FROM fraud.published_person WHERE publication = 'everything'}), 't', 'FOR ALL TABLES publishes persons, and the view says so');
sql('DROP PUBLICATION everything; DROP PUBLICATION cases');

# A table of the list that comes to show persons is on it no more.
sql('ALTER TABLE fraud.sample ADD COLUMN who bigint REFERENCES fraud.person (id)');
is(sql(q{SELECT count(*) FROM fraud.publishable_table WHERE name = 'sample'}), '0', 'a column that refers to persons takes a table off the list');
is(sql(q{SELECT publication, name FROM fraud.published_person}), 'county|sample', 'and the view names the publication that has it');
sql('ALTER TABLE fraud.sample DROP COLUMN who');

# Again, with a table less; and a publication of some tables.
sql('ALTER PUBLICATION county DROP TABLE fraud.sample');
is(sql(q{SELECT fraud.create_publication('county') = (SELECT count(*) FROM fraud.publishable_table)}), 't', 'what a publication lacks is added');
is(sql(q{SELECT fraud.create_publication('a "few"', '{unit,activity,unit}')}), '2', 'a publication of two tables');
is(sql(q{SELECT fraud.create_publication('a "few"', '{sample}')}), '3', 'and one more');
my ($status, $out, $error) = $publisher->psql('postgres', "\\set VERBOSITY verbose\nSELECT fraud.create_publication(repeat('名', 22))");
like($error, qr/42622: name of publication .* has 66 bytes/, 'a name that would be cut is an error');
($status, $out, $error) = $publisher->psql('postgres', "\\set VERBOSITY verbose\nSELECT fraud.create_publication(NULL)");
like($error, qr/22004: a publication needs a name/, 'so is none');

foreach my $form (qw(text binary))
{
	$subscriber->safe_psql($form, "DROP SUBSCRIPTION from_$form");
}
$publisher->stop;
$subscriber->stop;
done_testing();
