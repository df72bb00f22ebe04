# A dump holds everything that tables with the extension's types need, and a
# restore brings it back; the extension guards what is in use.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# Input text for each base type, at least two values that differ.  A type that
# is missing here fails the test.  The citizen ids are made up: the county
# 339999 does not exist.
sub rubric_text
{
	my ($code, $title) = @_;
	return qq({"code":"$code","edition":"1","title":"$title","total":10,"period":["2023-05-01","2023-12-31"],"sections":)
	  . q([{"title":"s","points":10,"items":[{"no":"1","title":"t","points":10,"rules":)
	  . q([{"measure":"case","rule":"deduct 1 per occurrence","clause":"3.1"}]}]}]});
}

my %samples = (
	cadence => [ 'every 2 weeks', 'every month', '48 per year', '1 per term' ],
	calendar => [
		'{"holiday":["2024-01-01","2024-02-10..2024-02-17"],"makeup_workday":["2024-02-04"]}',
		'{"term":["1900-01-01..2199-12-31"],"exam":["2024-06-20"]}', '{}' ],
	citizen_id => [ '339999199001010013', '339999199001010021', '33999920000229018X' ],
	region => [ '33', '331126', '331126001002', '441900003' ],
	rubric => [ rubric_text('first', 'plain'), rubric_text('second', q(无诈社区 'quoted' \\\\ and \\"escaped\\")) ],
	rule => [
		'deduct 2',
		'deduct 1 per occurrence if amount >= 100000, deduct 2 per occurrence if amount >= 300000 cap 10',
		'deduct 10..20', 'raise interview if change > 50%' ],
);

# What has to be computed: queries that return texts, a row each.
my %computed = (
	score_table => sprintf(
		q{SELECT antifraud.tally_regions(%s, region::antifraud.region, 'case', '2023-06-01', 1, NULL, NULL)::text
		  FROM (VALUES (1, '331126'), (2, '331126'), (2, '331126001002')) AS f (n, region) GROUP BY n},
		'$doc$' . rubric_text('first', 'plain') . '$doc$::antifraud.rubric'),
	scorecard => sprintf(
		q{SELECT antifraud.tally(%1$s, 'case', '2023-06-01', n, NULL, NULL)::text FROM generate_series(1, 3) AS n GROUP BY n
		  UNION ALL SELECT antifraud.scorecard(%1$s)::text},
		'$doc$' . rubric_text('first', 'plain') . '$doc$::antifraud.rubric'),
);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;

sub rows
{
	my ($database, $query) = @_;
	return $node->safe_psql($database, $query);
}

$node->safe_psql('postgres', 'CREATE DATABASE original');
$node->safe_psql('original', 'CREATE EXTENSION antifraud');

my @types = split /\n/, rows('original', q{
	SELECT typname
	FROM pg_type JOIN pg_depend ON classid = 'pg_type'::regclass AND objid = pg_type.oid AND deptype = 'e'
	JOIN pg_extension e ON refclassid = 'pg_extension'::regclass AND refobjid = e.oid
	WHERE extname = 'antifraud' AND typtype = 'b' AND typcategory <> 'A'
	ORDER BY typname});

foreach my $type (@types)
{
	$samples{$type} = [ split /\n/, rows('original', $computed{$type}) ] if $computed{$type};
	my $values = $samples{$type} || [];

	cmp_ok(scalar(@$values), '>=', 2, "there are samples of the type $type")
	  or next;

	my $list = join ', ', map { s/'/''/gr =~ s/(.*)/('$1')/sr } @$values;
	my $indexes = rows('original', qq{
		SELECT string_agg(format('CREATE INDEX ON holder_$type USING %I (value);', amname), ' ' ORDER BY amname)
		FROM pg_opclass JOIN pg_am am ON am.oid = opcmethod
		WHERE opcintype = 'antifraud.$type'::regtype AND opcdefault AND amname IN ('btree', 'hash')});
	my $unique = $indexes =~ /btree/ ? 'UNIQUE' : '';

	$node->safe_psql('original', qq{
		CREATE TABLE holder_$type (
			id int GENERATED ALWAYS AS IDENTITY,
			value antifraud.$type $unique,
			list antifraud.$type\[],
			spare antifraud.$type DEFAULT '} . $values->[0] =~ s/'/''/gr . qq{');
		INSERT INTO holder_$type (value) SELECT v::antifraud.$type FROM (VALUES $list) AS s (v);
		INSERT INTO holder_$type (value) VALUES (NULL);
		UPDATE holder_$type SET list = (SELECT array_agg(value) FROM holder_$type);
		CREATE VIEW seen_$type AS SELECT id, value FROM holder_$type WHERE value IS NOT NULL;
		$indexes});
}

# What a user would miss after a restore.
sub contents
{
	my ($database) = @_;
	my @lines;

	push @lines, rows($database, q{
		SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef});
	push @lines, rows($database, q{
		SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY viewname});
	foreach my $type (@types)
	{
		next unless @{ $samples{$type} || [] };
		push @lines, rows($database, "SELECT * FROM holder_$type ORDER BY id");
	}
	return join "\n", @lines;
}

my $directory = PostgreSQL::Test::Utils::tempdir;
my $before = contents('original');

# Both ways that people use: a plain script, and an archive restored in parallel.
$node->command_ok([ 'pg_dump', '-f', "$directory/plain.sql", 'original' ], 'dump as a script');
$node->safe_psql('postgres', 'CREATE DATABASE from_script');
$node->command_ok(
	[ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$directory/plain.sql", 'from_script' ],
	'restore the script');
is(contents('from_script'), $before, 'the script restores contents, indexes and views');

$node->command_ok([ 'pg_dump', '-Fd', '-j2', '-f', "$directory/archive", 'original' ], 'dump as an archive');
$node->safe_psql('postgres', 'CREATE DATABASE from_archive');
$node->command_ok([ 'pg_restore', '-e', '-j2', '-d', 'from_archive', "$directory/archive" ],
	'restore the archive');
is(contents('from_archive'), $before, 'the archive restores contents, indexes and views');

# The dump names the extension and none of its objects.
my $plain = slurp_file("$directory/plain.sql");
like($plain, qr/^CREATE EXTENSION IF NOT EXISTS antifraud WITH SCHEMA antifraud;$/m, 'the dump creates the extension');
unlike($plain, qr/^CREATE (FUNCTION|TYPE|OPERATOR|AGGREGATE)/m, 'and no object of it');

# Binary copies, where the type has that form.
foreach my $type (grep { @{ $samples{$_} || [] } } @types)
{
	$node->safe_psql('original', qq{
		COPY holder_$type TO '$directory/$type.bin' WITH (FORMAT binary);
		CREATE TABLE copy_$type (LIKE holder_$type);
		COPY copy_$type FROM '$directory/$type.bin' WITH (FORMAT binary)});
	is( rows('original', "SELECT * FROM copy_$type ORDER BY id"),
		rows('original', "SELECT * FROM holder_$type ORDER BY id"),
		"binary COPY of $type brings back the same values");
}

# In use, it stays; not in use, it goes and leaves nothing.
if (@types)
{
	my ($status, $out, $error) = $node->psql('original', 'DROP EXTENSION antifraud');
	isnt($status, 0, 'DROP EXTENSION is refused while columns use its types');
	like($error, qr/cannot drop extension antifraud because other objects depend on it/, 'and says why');
	is(contents('original'), $before, 'and changes nothing');
}
$node->safe_psql('postgres', 'CREATE DATABASE unused');
$node->safe_psql('unused', 'CREATE EXTENSION antifraud; DROP EXTENSION antifraud');
is( rows('unused', q{SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace('antifraud')}),
	'0', 'DROP EXTENSION leaves no function behind');
$node->safe_psql('unused', 'CREATE EXTENSION antifraud');
pass('it can be created again');

$node->stop;
done_testing();
