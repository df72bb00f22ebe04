# Hostile binary and text: whatever arrives, the server answers with an error
# of the right class or with a value that it can write and read again.
#
# Each good value is sent in binary with one change: cut short, extended, a
# byte or a length altered, replaced by noise.  Every variant goes through the
# type's receive function (COPY BINARY) and, where it is text, its input
# function.  Noise comes from a fixed generator, so that a failure repeats.
use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => [ '--encoding=UTF8', '--locale=C.UTF-8' ]);
$node->append_conf('postgresql.conf', slurp_file($ENV{AF_PATHS}))
  if $ENV{AF_PATHS};
$node->append_conf('postgresql.conf', "log_min_messages = fatal\nlog_min_error_statement = panic\n");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION antifraud');

my $rubric = '{"code":"x","edition":"1","title":"无诈社区","total":10,"period":["2023-05-01","2023-12-31"],"baseline":"mean_3_years",'
  . '"sections":[{"title":"s","points":10,"items":[{"no":"1","title":"i","points":10,"rules":['
  . '{"measure":"m","rule":"deduct 1..2 per occurrence if amount >= 100000, deduct 5 if amount > 300000 cap 8","clause":"3.4"},'
  . '{"measure":"n","rule":"deduct 1 per 1 missing if count < required","required":48,"window":"month"},'
  . '{"measure":"n","rule":"raise interview if change > 50%"}]}]}]}';
my $facts = "(VALUES ('m', 1, 350000), ('n', 3, NULL), ('n', 40, 1)) f (m, q, a)";
my %samples = (
	cadence => "'every 12 months'",
	calendar => q('{"holiday":["2024-01-01","2024-02-10..2024-02-17"],"makeup_workday":["2024-02-04"],"term":["2024-02-26..2024-07-05"],"exam":["2199-12-31"]}'),
	region => "'331126001002'",
	citizen_id => "'33999920000229018X'",
	rule => "'deduct 1 per occurrence if amount >= 100000, deduct 2 per 3 excess if amount > 300000 cap 20'",
	rubric => "'$rubric'",
	scorecard => "(SELECT antifraud.tally('$rubric'::antifraud.rubric, m, '2023-06-01', q, NULL, a) FROM $facts)",
	score_table => "(SELECT antifraud.tally_regions('$rubric'::antifraud.rubric, r::antifraud.region, m, '2023-06-01', q, NULL, a)"
	  . " FROM $facts, (VALUES ('331126'), ('331126001002'), ('33')) g (r))",
);

# What is done with a value that was taken, besides writing and reading it.
my %use = (
	calendar => q(SELECT antifraud.covers($1, d), antifraud.working_day_before($1, d), antifraud.calendar_days($1, 'term') FROM unnest('{1900-01-01,2024-02-17,2199-12-31}'::date[]) AS d),
	rubric => 'SELECT (SELECT count(*) FROM antifraud.lint_rubric($1)) + antifraud.total(antifraud.scorecard($1), $1)',
	scorecard => "SELECT count(\$1 OPERATOR(antifraud.+) \$1) + count(\$1 OPERATOR(antifraud.-) \$1)"
	  . " + (SELECT count(*) FROM antifraud.breakdown(\$1, '$rubric')) + max(antifraud.total(\$1, '$rubric'))",
	score_table => "SELECT count(*), sum(total) FROM antifraud.scores(\$1, '$rubric')",
	rule => 'SELECT length($1::jsonb::text) + length(antifraud.to_chinese($1))',
	cadence => "SELECT antifraud.next_due(\$1, '2024-02-29'), (SELECT count(*) FROM antifraud.due_dates(\$1, '2024-02-29', '2024-12-31'))",
	region => 'SELECT antifraud.region_level($1)',
	citizen_id => 'SELECT antifraud.birth_date($1)',
);

$node->safe_psql('postgres', q{
CREATE FUNCTION taken(kind text, given text, usage text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  again text;
BEGIN
  EXECUTE format('SELECT %L::antifraud.%I::text', given, kind) INTO again;
  IF again IS DISTINCT FROM given THEN
    RETURN 'unstable';
  END IF;
  BEGIN
    IF usage IS NOT NULL THEN
      EXECUTE replace(usage, '$1', format('%L::antifraud.%I', given, kind));
    END IF;
  EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    NULL;
  END;
  RETURN 'taken';
END $$;
-- One answer a file: the SQLSTATE, or what became of the value.
CREATE FUNCTION receive(kind text, path text, files int, usage text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  given text;
BEGIN
  EXECUTE format('CREATE TEMP TABLE IF NOT EXISTS %I (value antifraud.%I)', 'of_' || kind, kind);
  FOR i IN 1..files LOOP
    BEGIN
      EXECUTE format('COPY %I FROM %L (FORMAT binary)', 'of_' || kind, path || i);
      EXECUTE format('SELECT value::text FROM %I', 'of_' || kind) INTO given;
      RETURN NEXT public.taken(kind, given, usage);
      EXECUTE format('TRUNCATE %I', 'of_' || kind);
    EXCEPTION WHEN OTHERS THEN
      RETURN NEXT SQLSTATE;
    END;
  END LOOP;
END $$;
-- The same for text: cut at each place, and each character replaced.
CREATE FUNCTION input(kind text, good text, usage text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  bad text;
  given text;
BEGIN
  FOR i IN 1..least(length(good), 400) LOOP
    FOREACH bad IN ARRAY ARRAY[left(good, i - 1), overlay(good PLACING '9' FROM i FOR 1), overlay(good PLACING '"' FROM i FOR 1),
        overlay(good PLACING '-' FROM i FOR 1), overlay(good PLACING '长' FROM i FOR 1), overlay(good PLACING '' FROM i FOR 1),
        overlay(good PLACING '00000000000000000000' FROM i FOR 1), overlay(good PLACING ',' FROM i FOR 0)] LOOP
      BEGIN
        EXECUTE format('SELECT %L::antifraud.%I::text', bad, kind) INTO given;
        RETURN NEXT public.taken(kind, given, usage);
      EXCEPTION WHEN OTHERS THEN
        RETURN NEXT SQLSTATE;
      END;
    END LOOP;
  END LOOP;
END $$;
});

my $directory = PostgreSQL::Test::Utils::tempdir();
my $seed = 370323;

sub chance
{
	my ($below) = @_;
	$seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int($seed / 65536) % $below;
}

sub variants
{
	my ($good) = @_;
	my $length = length $good;
	my $stride = int($length / 150) + 1;
	my @variants = ('', $good . "\0", $good . 'x' x 1000, $good . $good, "\xff" x $length, "\0" x $length, 'x' x 2_000_000);

	for (my $i = 0; $i < $length; $i += $stride)
	{
		push @variants, substr($good, 0, $i);
		foreach my $change ("\0", "\xff", chr(ord(substr($good, $i, 1)) ^ 1), chr(ord(substr($good, $i, 1)) ^ 0x80))
		{
			my $variant = $good;
			substr($variant, $i, 1) = $change;
			push @variants, $variant;
		}
		foreach my $number (0x7fffffff, 0xffffffff, 0x80000000, 0)
		{
			my $variant = $good;
			substr($variant, $i, 4) = pack('N', $number);
			push @variants, $variant;
		}
	}
	foreach (1 .. 100)
	{
		push @variants, join('', map { chr chance(256) } 1 .. 1 + chance(300));
	}
	return @variants;
}

# COPY's binary form: signature, flags, extension; one row of one field.
sub copy_file
{
	my ($name, $value) = @_;
	open(my $file, '>:raw', $name) or die "$name: $!";
	print $file "PGCOPY\n\xff\r\n\0", pack('NN', 0, 0), pack('n', 1), pack('N', length $value), $value, pack('n', 0xffff);
	close $file;
	chmod 0644, $name;
	return;
}

my @types = split /\n/, $node->safe_psql('postgres', q{
SELECT typname FROM pg_type WHERE typnamespace = 'antifraud'::regnamespace AND typtype = 'b' AND typcategory <> 'A' ORDER BY 1});
foreach my $type (@types)
{
	my $sample = $samples{$type};

	ok(defined $sample, "there is a sample of the type $type") or next;
	$node->safe_psql('postgres', "COPY (SELECT $sample\::antifraud.$type) TO '$directory/good' (FORMAT binary)");
	my $good = slurp_file("$directory/good");
	$good = substr($good, 25, unpack('N', substr($good, 21, 4)));

	my @variants = ($good, variants($good));
	my $count = 0;
	copy_file("$directory/$type." . ++$count, $_) foreach @variants;
	my $usage = $use{$type} ? "\$usage\$$use{$type}\$usage\$" : 'NULL';

	my ($status, $out, $error) = $node->psql('postgres', "SELECT receive('$type', '$directory/$type.', $count, $usage)");
	is($status, 0, "$type: the session survives $count binary variants") or diag($error);
	my @answers = split /\n/, $out;
	is(scalar @answers, $count, "$type: each gets an answer");
	is($answers[0], 'taken', "$type: the unchanged one is taken");
	my %wrong = map { $_ => 1 } grep { !/^(?:taken|22...|54000|08P01)$/ } @answers;
	is_deeply([ sort keys %wrong ], [], "$type: errors are of data, protocol or limits, and values read as written");
	cmp_ok(scalar(grep { $_ ne 'taken' } @answers), '>', 100, "$type: most are refused");

	($status, $out, $error) = $node->psql('postgres', "SELECT input('$type', ($sample\::antifraud.$type)::text, $usage)");
	is($status, 0, "$type: the session survives variants of its text") or diag($error);
	@answers = split /\n/, $out;
	%wrong = map { $_ => 1 } grep { !/^(?:taken|22...|54000)$/ } @answers;
	is_deeply([ sort keys %wrong ], [], "$type: text: errors are of data or limits, and values read as written");
	unlink glob("$directory/$type.*");
}

is($node->safe_psql('postgres', 'SELECT 1'), '1', 'the server is there');
unlike(slurp_file($node->logfile), qr/terminated by signal|PANIC|TRAP/, 'no process of it crashed');
$node->stop;

done_testing();
