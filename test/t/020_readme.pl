# What the documentation shows is what the extension does.
#
# The ```sql blocks of a file run in order, in one session, in a database of
# their own; the first error fails the file.  A ```text block right after one
# is what psql prints for it, but for blanks at the ends of lines.  The READMEs
# begin in an empty database.  The files in doc/ begin with the extension, a
# registry in the schema fraud and search_path = public, antifraud; those for
# analysts with a small county year besides, and their answers are worked out a
# second time by test/data/analyst_checks.sql.
use strict;
use warnings FATAL => 'all';

use Encode;
use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
# as publications want it
$node->append_conf('postgresql.conf', 'wal_level = logical');
$node->start;

# Fenced blocks: language, text, line of the fence, whether only blank lines
# stand between it and the block before.
sub blocks
{
	my ($file) = @_;
	my (@blocks, $open);
	my $number = 0;
	my $between = 0;

	foreach my $line (split /\n/, slurp_file($file))
	{
		$number++;
		if ($open)
		{
			if ($line eq '```')
			{
				push @blocks, $open;
				undef $open;
				$between = 0;
				next;
			}
			$open->{text} .= "$line\n";
		}
		elsif ($line =~ /^```(\w*)$/)
		{
			$open = { language => $1, text => '', line => $number, follows => @blocks && !$between };
		}
		elsif ($line =~ /\S/)
		{
			$between = 1;
		}
	}
	is($open, undef, "$file: each block is closed");
	return @blocks;
}

sub tidy
{
	my ($text) = @_;

	$text =~ s/[ \t]+$//mg;
	$text =~ s/\n+\z//;
	return $text;
}

sub check_file
{
	my ($file, $database) = @_;
	my @blocks = blocks($file);
	my @statements = grep { $_->{language} eq 'sql' } @blocks;
	my ($stdout, $stderr);

	return unless @statements;
	my $script = join '', map { "\\echo \@\@$_->{line}\@\@\n$_->{text}" } @statements;
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	my $done = IPC::Run::run(
		[ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-P', 'pager=off', '-d', $node->connstr($database), '-f', '-' ],
		'<', \$script, '>', \$stdout, '2>', \$stderr);
	my @printed = split /^\@\@(\d+)\@\@\n/m, $stdout, -1;
	shift @printed;
	my %printed = @printed;
	ok($done, "$file: its SQL runs")
	  or diag(@printed ? "in the block of line $printed[-2]: $stderr" : $stderr);
	is($stderr, '', "$file: without a warning");

	foreach my $i (1 .. $#blocks)
	{
		next unless $blocks[$i]{language} eq 'text' && $blocks[$i]{follows} && $blocks[ $i - 1 ]{language} eq 'sql';
		is( tidy($printed{ $blocks[ $i - 1 ]{line} } // '(not reached)'),
			tidy($blocks[$i]{text}), "$file, line $blocks[$i]{line}: what psql prints");
	}
}

my @readmes = ('README.md', 'README.zh-CN.md');
my @documents = sort glob 'doc/*.md';

foreach my $file (@readmes)
{
	(my $database = $file) =~ s/\W/_/g;
	$node->safe_psql('postgres', "CREATE DATABASE \"$database\"");
	check_file($file, $database);
}
my @county = map { ('-v', $_) } qw(communities=60 persons=400 facts=8000);
$node->safe_psql('postgres', 'CREATE DATABASE registry');
$node->safe_psql('registry', q{
	CREATE EXTENSION antifraud;
	SELECT antifraud.create_registry('fraud')});
$node->safe_psql('postgres', 'CREATE DATABASE county TEMPLATE registry');
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('county'), @county, '-f', 'examples/county.sql' ], 'the county year');

# Every fourth of its 60 communities lies in the planned area.
is($node->safe_psql('county', q{SELECT string_agg(DISTINCT cohort || ' ' || of, ', ') FROM fraud.cohort_ranks('shiqiao-2023-example', '2023-12-31') WHERE rank IS NOT NULL}),
	'inside 15, outside 45', 'its communities are ranked within their zones');

# The tour of make demo, through that year: every part says something.
{
	$node->safe_psql('postgres', 'CREATE DATABASE tour TEMPLATE county');
	my ($printed, $warned) = ('', '');
	IPC::Run::run([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('tour'), '-f', 'examples/county_tour.sql' ], '>', \$printed, '2>', \$warned);
	is($?, 0, 'the tour of the county year');
	is($warned, '', 'the tour: without a warning');
	like($printed, qr/城区社区 │ +1 │.*│ 金/, 'the tour: a medal on the scoreboard');
	like($printed, qr/发案数较前三年均值下降10%以上 │ +\d+ │ +│ +\d+ │ (?:未)?达成/, 'the tour: a target, judged');
	like($printed, qr/(?:低|中|高)危 │.*│ 2023-\d\d-\d\d │ 2023-\d\d-\d\d │ +\d+ │/, 'the tour: a check-in that is overdue');
	like($printed, qr/周通报\n2023年第\d+期\n统计期间：2023年12月25日至2023年12月31日\n一、发案情况：本周\d+起/, 'the tour: the bulletin of the last week');
	is($node->safe_psql('tour', q{SELECT count(*) > 1, count(*) FILTER (WHERE NOT in_force) FROM fraud.certificate_state}), 't|1', 'the tour: titles, one of them taken back');
}

foreach my $file (@documents)
{
	(my $database = basename($file)) =~ s/\W/_/g;
	my $template = $file =~ m{/analyst\b} ? 'county' : 'registry';

	$node->safe_psql('postgres', qq{CREATE DATABASE "$database" TEMPLATE $template});
	$node->safe_psql('postgres', qq{ALTER DATABASE "$database" SET search_path = public, antifraud});
	check_file($file, $database);
}

# A question is checked under its title in the English page.
my %asked = map { $_ => 1 } slurp_file('doc/analyst.md') =~ /^## \d+\. (.*)$/mg;
is(scalar(keys %asked), 20, 'twenty questions');
my %checked = map { split /\|/ } split /\n/, $node->safe_psql('analyst_md', slurp_file('test/data/analyst_checks.sql'));
is_deeply([ sort keys %checked ], [ sort keys %asked ], 'each is worked out a second time');
is($checked{$_}, 't', "analyst.md, $_ The answer holds") foreach sort keys %checked;

# The two languages show the same steps.
foreach my $chinese ('README.zh-CN.md', glob 'doc/*.zh-CN.md')
{
	(my $english = $chinese) =~ s/\.zh-CN//;
	my @counts = map { scalar(grep { $_->{language} eq 'sql' } blocks($_)) } ($english, $chinese);
	is($counts[1], $counts[0], "$chinese has as many SQL blocks as $english");
}

# Links lead to files and, with #, to a heading in them.
sub headings
{
	my ($file) = @_;
	my %slug;

	foreach my $heading (decode('UTF-8', slurp_file($file)) =~ /^#+ +(.*)$/mg)
	{
		my $slug = lc $heading;
		$slug =~ s/[^\w\- ]//g;
		$slug =~ s/ /-/g;
		$slug{ encode('UTF-8', $slug) } = 1;
	}
	return \%slug;
}

foreach my $file (@readmes, @documents)
{
	my $text = slurp_file($file);
	my %missing;

	while ($text =~ /\]\(([^)\s#]*)(?:#([^)\s]*))?\)/g)
	{
		my ($target, $heading) = ($1, $2);

		next if $target =~ /^\w+:/;
		my $path = $target eq '' ? $file : dirname($file) . "/$target";
		if (!-e $path)
		{
			$missing{$target} = 1;
		}
		elsif (defined $heading && !headings($path)->{$heading})
		{
			$missing{"$target#$heading"} = 1;
		}
	}
	is(join(', ', sort keys %missing), '', "$file: links lead somewhere");
}

# Each README names every document, in its own language where there are two.
foreach my $readme (@readmes)
{
	my $text = slurp_file($readme);
	my @unnamed = grep {
		my $chinese = s/\.md$/.zh-CN.md/r;
		my $named = /\.zh-CN\./ ? '' : $readme =~ /zh-CN/ && -e $chinese ? $chinese : $_;
		$named && index($text, "]($named)") < 0
	} @documents;
	is(join(', ', @unnamed), '', "$readme names each document");
}

$node->stop;
done_testing();
