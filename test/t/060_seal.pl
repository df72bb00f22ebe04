# A sealed result can be checked without the database: its lines are built here
# from the columns of the tables by the text of doc/sealing.md, and digested by
# sha256sum.  Seals survive dump and restore, also into a database with another
# collation and other settings.
use strict;
use warnings FATAL => 'all';

use Encode qw(encode_utf8);
use IPC::Run qw(run);
use JSON::PP;
use POSIX qw(strftime);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'sha256sum is not installed'
  unless eval { run [ 'sha256sum', '--version' ], '>', \my $version, '2>', \my $error };

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;

sub sql { return $node->safe_psql(@_); }

# Texts with all that needs an escape, codes that sort otherwise in other
# collations, numbers with zeros at their ends, nulls.
sql('postgres', 'CREATE DATABASE old');
sql('old', <<'SQL');
CREATE EXTENSION antifraud;
SELECT antifraud.create_registry('fraud');
INSERT INTO fraud.unit (code, region, name, setting) VALUES
  ('370323002002', '370323002002', E'tab\there, \\ and\nlines\r\\N', 'urban'), ('b unit', '370323002003', '城西社区', 'urban'), ('B-unit', '370323002004', '華府 Ω 🙂', 'rural'),
  ('é', '370323002013', '学府社区', NULL), (E'x\ty\\', '370323002014', '怡康社区', 'rural');
INSERT INTO fraud.activity (unit, kind, held_on, sessions) SELECT code, 'visit', '2023-06-01', 48 FROM fraud.unit WHERE code <> 'é';
INSERT INTO fraud.fraud_case (unit, filed_on, loss) SELECT u.code, date '2022-05-01' + n * 20, CASE WHEN n % 5 > 0 THEN 1000.10 * n * n * n END
  FROM fraud.unit AS u CROSS JOIN generate_series(1, 29) AS n WHERE (n + length(u.name)) % 3 = 0;
INSERT INTO fraud.finding (unit, kind, found_on, quantity) SELECT code, 'control_failure', '2023-09-01', 2 FROM fraud.unit WHERE setting = 'rural';
INSERT INTO fraud.decision (unit, rubric, item, rule, waived, reading, reason, decided_on) VALUES (E'x\ty\\', 'nanma-2023', '9', 1, true, E'读法 "a"\tb\\', 'x', '2023-12-20');
SELECT fraud.seal_assessment('nanma-2023', '2024-01-01', E'2023年度\t"考评"\n结果', '创建办', E'〔2024〕1\\号', '2024-01-10', 'nanma-2023');
SELECT fraud.seal_assessment('tuohe-2023-example', '2024-06-30', 'half a year', '街道', NULL, '2024-07-01');
SELECT fraud.void_fact('fraud_case', min(id), 'test') FROM fraud.fraud_case;
SELECT fraud.revise_assessment(1, E'异议\n成立', '创建办', NULL, '2024-02-01', '{370323002002}');
SQL

sub sha256sum
{
	my ($content) = @_;
	run [ 'sha256sum' ], '<', \$content, '>', \my $out or die 'sha256sum failed';
	return substr($out, 0, 64);
}

# Each value by its kind, as the document has it.
my %form = (
	text => sub { my %escape = ("\\" => '\\\\', "\t" => '\\t', "\n" => '\\n', "\r" => '\\r'); return $_[0] =~ s/([\\\t\n\r])/$escape{$1}/gr; },
	number => sub { my ($n) = @_; $n =~ s/0+$// if $n =~ /\./; return $n =~ s/\.$//r; },
	boolean => sub { return $_[0] eq 'true' ? 't' : 'f'; },
	day => sub { return $_[0]; },
	# given in microseconds since 1970
	moment => sub { my $seconds = substr $_[0], 0, -6; return strftime('%Y-%m-%dT%H:%M:%S', gmtime $seconds) . '.' . substr($_[0], -6) . 'Z'; });
my %fields = (
	assessment => 'id:number rubric:text rubric_text:text as_of:day known_at:moment title:text document_no:text programme:text published_on:day published_by:text objections_until:day revises:number reason:text undated:array units:number algorithm:text results_digest:text previous_digest:text sealed_at:moment sealed_by:text',
	unit => 'unit:text region:text name:text kind:text rank:number total:number low:number high:number vetoed:boolean known_at:moment decisions:text card:text',
	rank => 'cohort:text rank:number of_units:number medal:text',
	item => 'item:text rule:number section:text title:text points:number measure:text clause:text rule_text:text reading:text facts:number quantity:number raw:number deducted:number overflow:number added:number state:text decision:number fact_keys:array',
	fact => 'place:number measure:text occurred_on:day quantity:number base:number amount:number source_table:text source_key:text');
my %table = (assessment => 'assessment', unit => 'assessment_unit', rank => 'assessment_rank', item => 'assessment_item', fact => 'assessment_fact');

# The rows of a table, every value a text.
sub rows
{
	my ($database, $kind) = @_;
	my @columns = map { [ split /:/ ] } split / /, $fields{$kind};
	my %seen = map { $_->[0] => 1 } @columns;
	push @columns, [ 'assessment', 'number' ] if $kind ne 'assessment';
	push @columns, [ 'unit', 'text' ] if $kind ne 'assessment' && !$seen{unit};
	push @columns, [ 'digest', 'text' ] if $kind =~ /^(assessment|unit)$/;
	my $list = join ', ', map {
		my ($name, $type) = @$_;
		$type eq 'moment' ? "(extract(epoch FROM $name) * 1000000)::bigint::text AS $name" : $type eq 'day' ? "to_char($name, 'YYYY-MM-DD') AS $name"
		: $type eq 'array' ? "to_json($name)::text AS $name" : "$name\::text AS $name" } @columns;
	return @{ JSON::PP->new->utf8->decode(sql($database, "SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM (SELECT $list FROM fraud.$table{$kind}) AS t")) };
}

sub line
{
	my ($kind, $row) = @_;
	my @values = map {
		my ($name, $type) = split /:/;
		my $value = $row->{$name};
		$value = '[' . join(', ', map { JSON::PP->new->allow_nonref->encode($_) } @{ JSON::PP->new->decode($value) }) . ']' if $type eq 'array';
		defined $value ? $form{ $type eq 'array' ? 'text' : $type }->($value) : '\\N' } split / /, $fields{$kind};
	return encode_utf8(join("\t", $kind, @values) . "\n");
}

# By bytes.
sub bytewise { return encode_utf8($_[0]) cmp encode_utf8($_[1]); }

sub check
{
	my ($database) = @_;
	my %of;
	foreach my $kind (qw(unit rank item fact))
	{
		push @{ $of{ $_->{assessment} }{ $_->{unit} }{$kind} }, $_ foreach rows($database, $kind);
	}
	my $before = '0' x 64;
	foreach my $head (sort { $a->{id} <=> $b->{id} } rows($database, 'assessment'))
	{
		my $results = '';
		my $wrong = 0;
		my $units = $of{ $head->{id} };
		foreach my $unit (sort { bytewise($a, $b) } keys %$units)
		{
			my $parts = $units->{$unit};
			my $content = join '',
				map({ line('unit', $_) } @{ $parts->{unit} }),
				map({ line('rank', $_) } sort { bytewise($a->{cohort}, $b->{cohort}) } @{ $parts->{rank} // [] }),
				map({ line('item', $_) } sort { bytewise($a->{item}, $b->{item}) || $a->{rule} <=> $b->{rule} } @{ $parts->{item} // [] }),
				map({ line('fact', $_) } sort { $a->{place} <=> $b->{place} } @{ $parts->{fact} // [] });
			$wrong++ if sha256sum($content) ne $parts->{unit}[0]{digest};
			$results .= encode_utf8($form{text}->($unit) . "\t$parts->{unit}[0]{digest}\n");
		}
		is($wrong, 0, "$database: the digests of the " . keys(%$units) . " units of seal $head->{id}");
		is(sha256sum($results), $head->{results_digest}, "$database: the digest of its results");
		is($head->{previous_digest}, $before, "$database: it follows the one before");
		is(sha256sum(line('assessment', $head)), $head->{digest}, "$database: the seal");
		$before = $head->{digest};
	}
}

my $facts = sql('old', 'SELECT count(*), count(*) FILTER (WHERE amount IS NULL), count(DISTINCT assessment) FROM fraud.assessment_fact');
like($facts, qr/^(\d{2,})\|\d+\|3$/, "facts, without amount, seals: $facts");
check('old');

# The command of doc/sealing.md
sub shell { my ($database, $query) = @_; run [ 'psql', '-XAtq', '-d', $node->connstr($database), '-c', $query ], '|', [ 'sha256sum' ], '>', \my $out or die; return substr $out, 0, 64; }
is(shell('old', q{SELECT line FROM fraud.sealed_lines(1, '370323002002') ORDER BY array_position('{unit,rank,item,fact}', part), place}),
	sql('old', q{SELECT digest FROM fraud.assessment_unit WHERE assessment = 1 AND unit = '370323002002'}), 'psql | sha256sum: a unit');
is(shell('old', q{SELECT rtrim(fraud.sealed_content(1), E'\n')}), sql('old', 'SELECT digest FROM fraud.assessment WHERE id = 1'), 'psql | sha256sum: the seal');

# Restored, where texts sort otherwise and nothing is set as it was.
my $dump = $node->basedir . '/old.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $node->connstr('old') ], 'dump');
my ($icu) = $node->psql('postgres', q{CREATE DATABASE new TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv'});
sql('postgres', 'CREATE DATABASE new') if $icu != 0;
sql('postgres', "ALTER DATABASE new SET $_") foreach 'datestyle = German', q{timezone = 'America/St_Johns'}, 'extra_float_digits = -15', q{bytea_output = escape}, 'standard_conforming_strings = off', 'jit = on', 'search_path = public';
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('new'), $dump ], 'restore');
is(sql('new', q{SELECT count(*) FILTER (WHERE ok), count(*) FROM fraud.verify_seals()}), '3|3', 'restored, the seals verify');
check('new');
is(sql('new', q{SELECT string_agg(s::text, '|' ORDER BY s.unit COLLATE "C") FROM fraud.assessment AS a CROSS JOIN LATERAL fraud.scores(a.rubric, a.as_of, a.known_at) AS s WHERE a.id = 1}),
	sql('old', q{SELECT string_agg(s::text, '|' ORDER BY s.unit COLLATE "C") FROM fraud.assessment AS a CROSS JOIN LATERAL fraud.scores(a.rubric, a.as_of, a.known_at) AS s WHERE a.id = 1}),
	'restored, scores as known then are the same');
my ($status, $out, $refused) = $node->psql('new', 'UPDATE fraud.assessment_item SET deducted = 0');
like($refused, qr/is sealed by seal/, 'restored, sealed rows refuse change');
is(sql('new', q{SELECT fraud.seal_assessment('nanma-2023', '2024-02-01', 'next', 'x', NULL, '2024-02-01')}), 4, 'restored, the chain goes on');
is(sql('new', q{SELECT bool_and(ok) FROM fraud.verify_seals()}), 't', 'and verifies');

# A replica that applies rows fires no triggers: rows arrive as they were
# sealed, and a change on the way is found.
sql('new', q{SET session_replication_role = replica; UPDATE fraud.assessment_fact SET amount = 1 WHERE assessment = 1 AND place = 1 AND unit = 'b unit'});
like(sql('new', q{SELECT assessment, wrong FROM fraud.verify_seals() WHERE NOT ok}), qr/^1\|\{"rows of unit 'b unit' were changed, added or removed"\}$/, 'a change made as a replica is found');

$node->stop;
done_testing();
