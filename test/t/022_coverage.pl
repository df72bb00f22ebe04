# Each row of doc/coverage.md names what really exists: tables, views,
# functions and columns of a fresh registry, codes that it ships, tests that
# name them.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @kinds = ('recorded', 'counted', 'reported', 'derived', 'no database', 'refused');

my $text = slurp_file('doc/coverage.md');
my @rows;
foreach my $line (grep { /^\|\s*[A-Z]\d+\s*\|/ } split /\n/, $text)
{
	my @cells = map { s/^\s+|\s+$//gr } split /(?<!\\)\|/, $line, -1;
	push @rows, { line => $line, cells => scalar(@cells), id => $cells[1], place => $cells[2], asks => $cells[3],
		answer => $cells[4] // '', test => $cells[5] // '', kind => $cells[6] // '' };
}

# The names in backquotes of a cell, with what stands in brackets behind each.
sub names
{
	my ($cell) = @_;
	my @names;
	while ($cell =~ /`([^`]+)`(?:\s*\(([^)]*)\))?/g)
	{
		my ($name, $note) = ($1, $2 // '');
		push @names, { name => $name =~ s/\(\)$//r, note => $note };
	}
	return @names;
}

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->start;
$node->safe_psql('postgres', q{CREATE EXTENSION antifraud; SELECT antifraud.create_registry('fraud')});

my %known = map { $_ => 1 } split /\n/, $node->safe_psql('postgres', q{
	SELECT relname::text FROM pg_class WHERE relnamespace = 'fraud'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
	UNION SELECT c.relname || '.' || a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
	  WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
	UNION SELECT proname FROM pg_proc WHERE pronamespace IN ('fraud'::regnamespace, 'antifraud'::regnamespace)
	UNION SELECT typname FROM pg_type WHERE typnamespace = 'antifraud'::regnamespace});
my %code = map { $_ => 1 } split /\n/, $node->safe_psql('postgres', join(' UNION ', split /\n/, $node->safe_psql('postgres', q{
	SELECT format('SELECT code::text FROM fraud.%I', c.relname) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'fraud'::regnamespace AND c.relkind = 'r' AND a.attname = 'code' AND NOT a.attisdropped})));

# Complaints about rows, shown together: a test a row would be hundreds.
sub rows_ok
{
	my ($check, $name) = @_;
	my @wrong = map { my $row = $_; map { "$row->{id}: $_" } $check->($row) } @rows;
	is(join("\n", @wrong), '', $name);
}

cmp_ok(scalar(@rows), '>=', 120, scalar(@rows) . ' rows');
rows_ok(sub { my ($row) = @_; $row->{cells} == 8 ? () : "$row->{cells} cells: $row->{line}" }, 'each row has six columns');
rows_ok(sub { my ($row) = @_; map { "nothing under $_" } grep { $row->{$_} eq '' } qw(place asks answer test) }, 'no column is empty');

my %last;
rows_ok(
	sub {
		my ($row) = @_;
		my ($letter, $number) = $row->{id} =~ /^([A-Z])(\d+)$/;
		my $expected = sprintf '%02d', 1 + ($last{$letter} // 0);
		$last{$letter} = $number;
		return $number eq $expected ? () : "expected $letter$expected";
	},
	'ids are numbered without gaps');
is(join('', sort keys %last), 'ABNQST', 'all five documents have rows, the two template plans apart');

rows_ok(sub { my ($row) = @_; my ($kind) = split /;/, $row->{kind}, 2; (grep { $_ eq ($kind // '') } @kinds) ? () : "kind $row->{kind}" }, 'kinds are known');
rows_ok(
	sub {
		my ($row) = @_;
		my ($kind, $reason) = split /;/, $row->{kind}, 2;
		return () unless $kind eq 'refused' || $kind eq 'no database';
		return 'no reason given' unless defined $reason && $reason =~ /\w/;
		my @numbers = $reason =~ /\breasons?\b([\d, and]+)/ ? $1 =~ /\d+/g : ();
		return ($kind eq 'refused' && !@numbers ? 'refused without one of the reasons' : (), map { "reason $_ is not explained" } grep { $text !~ /^$_\. \*\*/m } @numbers);
	},
	'what is refused names a reason that is explained, what no database can do says what is recorded');

# The table of kinds at the top counts the rows.
my %count;
$count{ (split /;/, $_->{kind})[0] }++ foreach @rows;
my %stated = $text =~ /^\| ([a-z ]+) \| (\d+) \|$/mg;
is_deeply(\%stated, \%count, 'the table of kinds counts them');
my ($all) = $text =~ /\((\d+) in all\)/;
is($all, scalar(@rows), 'and their sum');

rows_ok(sub { my ($row) = @_; names($row->{answer}) ? () : 'names nothing' }, 'each row names what answers it');
rows_ok(
	sub {
		my ($row) = @_;
		return map { "`$_->{name}` does not exist" } grep { !$known{ $_->{name} } } names($row->{answer});
	},
	'tables, views, functions and columns exist');
rows_ok(
	sub {
		my ($row) = @_;
		my @wrong;
		foreach my $n (grep { $known{ $_->{name} } } names($row->{answer}))
		{
			# single words: a column of what stands before, or a code that is shipped
			push @wrong, map { "`$n->{name}` has no $_" } grep { /^[a-z][a-z0-9_-]*$/ && !$known{"$n->{name}.$_"} && !$code{$_} } split /,\s*(?:and )?/, $n->{note};
		}
		return @wrong;
	},
	'columns and codes in brackets exist');
rows_ok(sub { my ($row) = @_; names($row->{test}) ? () : 'names no test' }, 'each row names a test');
rows_ok(
	sub {
		my ($row) = @_;
		return map { "$_ does not exist" }
		  grep { !-f "test/pgtap/$_" && !-f "test/sql/$_" && !-f "test/specs/$_" && !-f "test/t/$_" }
		  map { $_->{name} } names($row->{test});
	},
	'the tests exist');

# What a test shows it must at least name: each object of a row stands in one of
# the row's tests, by its own name or by that of a measure that it supplies, and
# each test names one of the row's objects. Comments do not count.
my %supplies;
foreach my $line (split /\n/, $node->safe_psql('postgres', 'SELECT relation, code FROM fraud.measure'))
{
	my ($relation, $code) = split /\|/, $line;
	push @{ $supplies{$relation} }, $code;
}
my %words;

sub words_of
{
	my ($test) = @_;
	if (!exists $words{$test})
	{
		my ($file) = grep { -f $_ } map { "test/$_/$test" } qw(pgtap sql specs t);
		my $code = defined $file ? slurp_file($file) : '';
		$code =~ s/^\s*(?:--|#).*$//mg;
		$words{$test} = { map { $_ => 1 } $code =~ /[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*/g, $code =~ /[A-Za-z0-9_]+/g };
	}
	return $words{$test};
}

sub stands_for
{
	my ($name) = @_;
	return (($name =~ /([^.]+)$/), @{ $supplies{$name} // [] });
}

rows_ok(
	sub {
		my ($row) = @_;
		my @tests = map { $_->{name} } names($row->{test});
		return map { "no test of it names `$_`" }
		  grep { my $name = $_; !grep { my $test = $_; grep { words_of($test)->{$_} } stands_for($name) } @tests } map { $_->{name} } names($row->{answer});
	},
	'a test of the row names each object');
rows_ok(
	sub {
		my ($row) = @_;
		my @tests = map { $_->{name} } names($row->{test});
		my @codes = map { grep { /^[a-z][a-z0-9_-]*$/ } split /,\s*(?:and )?/, $_->{note} } names($row->{answer});
		return map { "no test of it names $_" } grep { my $code = $_; !grep { words_of($_)->{$code} } @tests } @codes;
	},
	'and each column and code in brackets');
rows_ok(
	sub {
		my ($row) = @_;
		my @objects = map { map { stands_for($_) } $_, s/\..*//r } map { $_->{name} } names($row->{answer});
		return map { "$_ names none of its objects" } grep { my $test = $_; !grep { words_of($test)->{$_} } @objects } map { $_->{name} } names($row->{test});
	},
	'each test of the row names one of its objects');

my @planned = map { $_->{id} } grep { $_->{line} =~ /\bplanned\b/ } @rows;
is(join(' ', @planned), '', 'no row only plans');

$node->stop;
done_testing();
