# Every public type, function and aggregate, and every table, view and function
# of the registry, is described in doc/*.md, under its name in backquotes: `name`
# or `name(...)`.
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
$node->safe_psql('postgres', q{CREATE EXTENSION antifraud; SELECT antifraud.create_registry('fraud')});

my $documents = join "\n", map { slurp_file($_) } glob 'doc/*.md';

sub check
{
	my ($what, $query) = @_;
	my @names = split /\n/, $node->safe_psql('postgres', $query);
	my @missing = grep { $documents !~ /`\Q$_\E[`(]/ } @names;

	cmp_ok(scalar(@names), '>', 0, "there are $what to look for");
	is(join(', ', @missing), '', "each of the $what is in doc/");
}

check('types', q{
	SELECT DISTINCT typname FROM pg_type
	WHERE typnamespace = 'antifraud'::regnamespace AND typelem = 0 AND typrelid = 0
	ORDER BY 1});

# What stands behind a type, an operator, an operator class, a cast or an
# aggregate is called through these, and described with them.
check('functions and aggregates', q{
	SELECT DISTINCT proname FROM pg_proc
	WHERE pronamespace = 'antifraud'::regnamespace AND oid NOT IN (
		SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend]::oid[]) FROM pg_type
		UNION SELECT unnest(ARRAY[oprcode, oprrest, oprjoin]::oid[]) FROM pg_operator
		UNION SELECT amproc FROM pg_amproc
		UNION SELECT castfunc FROM pg_cast
		UNION SELECT prosupport FROM pg_proc
		UNION SELECT unnest(ARRAY[aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn]::oid[]) FROM pg_aggregate)
	ORDER BY 1});

# Functions of triggers are described with their tables.
check('tables and views of the registry', q{
	SELECT relname FROM pg_class WHERE relnamespace = 'fraud'::regnamespace AND relkind IN ('r', 'p', 'v') ORDER BY 1});
check('functions of the registry', q{
	SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'fraud'::regnamespace AND prorettype <> 'trigger'::regtype ORDER BY 1});

# Operators stand in tables: `region <@ region`, `scorecard + scorecard`.
my @operators = split /\n/, $node->safe_psql('postgres', q{
	SELECT DISTINCT oprname FROM pg_operator WHERE oprnamespace = 'antifraud'::regnamespace ORDER BY 1});
my @missing = grep { $documents !~ /`[^`\n]*(?<=[\s`])\Q$_\E(?=[\s`])[^`\n]*`/ } @operators;
is(join(' ', @missing), '', 'each operator is in doc/');

$node->stop;
done_testing();
