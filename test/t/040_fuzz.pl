# The readers of untrusted text under libFuzzer, AddressSanitizer and
# UndefinedBehaviorSanitizer, without a server, for a bounded time.
#
# AF_FUZZ_SECONDS sets the time (20).  Without clang and its fuzzer library the
# test is skipped.
use strict;
use warnings FATAL => 'all';

use Encode;
use File::Basename;
use File::Temp;
use Test::More;

my $top = dirname(__FILE__) . '/../..';
my $seconds = $ENV{AF_FUZZ_SECONDS} || 20;
my $directory = File::Temp->newdir;
my $target = "$directory/fuzz_readers";
my @flags = ('-g', '-O1', '-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=undefined');

open my $probe, '>', "$directory/probe.c" or die $!;
print $probe "#include <stddef.h>\nint LLVMFuzzerTestOneInput(const unsigned char *d, size_t n) { return d && n ? 0 : 0; }\n";
close $probe;
plan skip_all => 'no clang with libFuzzer (packages clang and libclang-rt-NN-dev)'
  if system("clang @flags -o $directory/probe $directory/probe.c >$directory/probe.log 2>&1");

is(system("clang @flags -Wall -Wextra -Werror -I$top/src -o $target $top/test/fuzz/fuzz_readers.c $top/src/core/*.c >$directory/build.log 2>&1"),
	0, 'the target is built') or diag(`head -c 4000 $directory/build.log`);

# The seeds: every clause of the regression test, each shipped rubric, some rules, a calendar, tiers and what the lenient readers read.
mkdir "$directory/corpus";
my $count = 0;
my $seed = sub {
	open my $file, '>', sprintf('%s/corpus/%04d', $directory, $count++) or die $!;
	print $file $_[0];
	close $file;
};
open my $clauses, '<', "$top/test/data/clauses.tsv" or die $!;
while (my $line = <$clauses>)
{
	my (undef, $text, $rules) = split /\t/, $line;
	$seed->($text);
	$seed->($_) foreach split / ; /, $rules;
}
close $clauses;
foreach my $name (glob "$top/sql/registry/rubrics/*.json")
{
	open my $file, '<', $name or die $!;
	local $/;
	$seed->(<$file>);
	close $file;
}
$seed->($_) foreach 'every 2 weeks', '48 per year', '一周一核查', '每周至少推送两次以上', '每7天一次', '全年不少于48次', '三个月一走访';
$seed->($_) foreach '{"holiday":["2024-01-01","2024-02-10..2024-02-17"],"makeup_workday":["2024-02-04"],"term":["2024-02-26..2024-07-05"],"exam":["2199-12-31"]}',
  encode('UTF-8', "\x{9AD8}\x{5371}\x{4EBA}\x{5458}"), 'high';
$seed->($_) foreach '2023-05-01 12:33:00.5+08', '20230501123300', '45047.0', '2023年5月1日 12时33分', '二〇二三年十二月三十一日', '1,234,567.89', '¥3.5万元', '三亿五千万零五', '叁万伍仟元贰角壹分整', '3万5千',
  '330382001000.0', '３３０３８２００１', '339999 19900101 0013', '33999919880707007x', '339999900101001', '3.39999E+17';
cmp_ok($count, '>', 200, 'seeds');

my $status = system("cd $directory && $target -max_total_time=$seconds -timeout=5 -rss_limit_mb=2048 -max_len=20000 -verbosity=0 corpus >$directory/run.log 2>&1");
is($status, 0, "no crash, leak or broken promise in $seconds s")
  or diag(`tail -c 6000 $directory/run.log`, map { "input: " . `od -c $_ | head -n 40` } glob "$directory/{crash,leak,timeout,oom}-*");

done_testing();
