# Where the extension can be installed, and what it says where it cannot.
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

my ($status, $out, $error);

# The version is said in three places.
my ($control) = slurp_file('antifraud.control') =~ /^default_version *= *'([^']+)'/m;
my ($meta) = slurp_file('META.json') =~ /"version": "([^"]+)"/;
$node->safe_psql('postgres', 'CREATE EXTENSION antifraud');
is( $node->safe_psql('postgres', q{SELECT extversion FROM pg_extension WHERE extname = 'antifraud'}),
	$control, 'the version installed is the control file\'s');
is($meta, $control, 'META.json names the same version');
like(slurp_file('CHANGELOG.md'), qr/^## \Q$control\E\b/m, 'CHANGELOG.md has a section for it');

# The schema is part of every name in use, so it is fixed.
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
($status, $out, $error) = $node->psql('elsewhere',
	'CREATE SCHEMA other; CREATE EXTENSION antifraud SCHEMA other', on_error_stop => 1);
isnt($status, 0, 'another schema is refused');
like($error, qr/must be installed in schema "antifraud"/, 'with the reason');
($status, $out, $error) = $node->psql('postgres', 'ALTER EXTENSION antifraud SET SCHEMA public');
like($error, qr/does not support SET SCHEMA/, 'it cannot be moved');

# Other encodings lack characters of place names.
foreach my $encoding ('EUC_CN', 'SQL_ASCII', 'LATIN1')
{
	my $database = lc "in_$encoding";

	$node->safe_psql('postgres',
		"CREATE DATABASE $database ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	($status, $out, $error) = $node->psql($database, 'CREATE EXTENSION antifraud');
	isnt($status, 0, "a database in $encoding is refused");
	like($error, qr/antifraud needs a UTF8 database, not $encoding/, 'with the encoding it has');
	like($error, qr/HINT:  Create the database with ENCODING 'UTF8'/, 'and with what to do');
	is( $node->safe_psql($database, q{SELECT count(*) FROM pg_namespace WHERE nspname = 'antifraud'}),
		'0', 'nothing is left behind');
}

# The file cannot be fed to psql by mistake.
my ($script) = glob("sql/antifraud--$control.sql");
SKIP:
{
	skip 'the install script is not built here', 2 unless $script;
	my ($stdout, $stderr);
	IPC::Run::run([ 'psql', '-Xq', '-d', $node->connstr('elsewhere'), '-f', $script ], '>', \$stdout, '2>', \$stderr);
	like($stdout, qr/Use "CREATE EXTENSION antifraud" to load this file\./, 'psql -f says what to do instead');
	is( $node->safe_psql('elsewhere', q{SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace('antifraud')}),
		'0', 'and creates nothing');
}

# Only a superuser installs it, as long as it is not trusted.
$node->safe_psql('postgres', 'CREATE ROLE clerk LOGIN; CREATE DATABASE offices OWNER clerk');
($status, $out, $error) = $node->psql('offices', 'CREATE EXTENSION antifraud', extra_params => [ '-U', 'clerk' ]);
isnt($status, 0, 'an owner of a database who is no superuser cannot install it');
like($error, qr/permission denied to create extension "antifraud"/, 'and is told so');

# Whoever may use the schema may call the functions.
$node->safe_psql('offices', 'CREATE EXTENSION antifraud; GRANT USAGE ON SCHEMA antifraud TO clerk');
is( $node->safe_psql('offices', 'SELECT count(*) >= 0 FROM antifraud.shipped_rubrics()', extra_params => [ '-U', 'clerk' ]),
	't', 'USAGE on the schema is enough to call a function');

$node->stop;
done_testing();
