# The suites of scripts/jobs/check, and their sums in $passed and $failed.

passed=0
failed=0

# add NAME PASSED FAILED [NOTE]
add() {
	passed=$((passed + $2))
	failed=$((failed + $3))
	printf '%s: %s passed, %s failed%s\n' "$1" "$2" "$3" "${4:+ ($4)}"
}

# A runner that stopped without a result is a failure of its own.
died() {
	failed=$((failed + 1))
	printf '%s: the runner failed\n' "$1"
}

# Of each log that exists at most 400 lines, without tests that passed, and of
# each file's differences at most 100.
show() {
	for log in "$@"; do
		if [ -s "$log" ]; then
			printf -- '--- %s\n' "$(basename "$log")"
			awk '/^ok / { next } /^diff -U3 / { lines = 0 } ++lines <= 100 && ++all <= 400' "$log"
		fi
	done
}

# suite_regress NAME MAKE-ARGUMENTS: pg_regress or pg_isolation_regress, which
# end with "All N tests passed" or "N of M tests failed" in every version.
suite_regress() {
	suite=$1
	shift
	case $suite in
		regress) ls test/sql/*.sql >/dev/null 2>&1 || { echo "$suite: none"; return; } ;;
		isolation) ls test/specs/*.spec >/dev/null 2>&1 || { echo "$suite: none"; return; } ;;
	esac
	rm -f regression.diffs
	# A missing expected file would end the run; an empty one fails its test.
	mkdir -p expected
	for file in test/sql/*.sql test/specs/*.spec; do
		name=$(basename "${file%.*}")
		if [ -f "$file" ] && [ ! -f "expected/$name.out" ]; then
			echo "expected/$name.out is missing"
			: > "expected/$name.out"
		fi
	done
	log=$AF_TMP/$suite.log
	make -s with_llvm=no PG_CONFIG="$PG_CONFIG" "$@" > "$log" 2>&1
	status=$?
	all=$(sed -n 's/^[# ]*All \([0-9]*\) tests passed.*/\1/p' "$log")
	bad=$(sed -n 's/^[# ]*\([0-9]*\) of \([0-9]*\) tests failed.*/\1/p' "$log")
	of=$(sed -n 's/^[# ]*\([0-9]*\) of \([0-9]*\) tests failed.*/\2/p' "$log")
	if [ "$status" = 0 ] && [ -n "$all" ]; then
		add "$suite" "$all" 0
	elif [ -n "$bad" ]; then
		show "$log" regression.diffs
		add "$suite" "$((of - bad))" "$bad"
	else
		show "$log" regression.diffs
		died "$suite"
	fi
}

# Sum the results of a verbose TAP log: passed, failed, skipped.  The bare "ok"
# that prove prints for a whole file is no test.  What is marked TODO is not
# expected to pass; subtests are indented and count once.
tap_sum() {
	awk '
		/^not ok/ && !/# *[Tt][Oo][Dd][Oo]/ { bad++ }
		/^ok / { if (/# *[Ss][Kk][Ii][Pp]/) skipped++; else good++ }
		END { print good + 0, bad + 0, skipped + 0 }' "$1"
}

# tap_result SUITE STATUS LOG: add to this suite's sums.
tap_result() {
	# shellcheck disable=SC2046 # three numbers
	set -- "$1" "$2" "$3" $(tap_sum "$3")
	if [ "$2" != 0 ] || [ "$5" != 0 ]; then
		show "$3"
		# A plan not kept, an exit status, nothing run: no test says so itself.
		[ "$5" != 0 ] && set -- "$1" "$2" "$3" "$4" "$5" "$6" || set -- "$1" "$2" "$3" "$4" 1 "$6"
	elif [ "$4" = 0 ] && [ "$6" = 0 ] && grep -q '\.\. skipped: ' "$3"; then
		# The whole file does without something that this machine has not; it says what.
		grep '\.\. skipped: ' "$3"
		set -- "$1" "$2" "$3" 0 0 1
	elif [ "$4" = 0 ] && [ "$6" = 0 ]; then
		show "$3"
		set -- "$1" "$2" "$3" 0 1 0
	fi
	good=$((good + $4))
	bad=$((bad + $5))
	skipped=$((skipped + $6))
}

# pgTAP: each file in a database of its own.
suite_pgtap() {
	ls test/pgtap/*.sql >/dev/null 2>&1 || { echo "pgtap: none"; return; }
	good=0 bad=0 skipped=0
	for file in test/pgtap/*.sql; do
		name=$(basename "$file" .sql)
		log=$AF_TMP/pgtap-$name.log
		createdb "pgtap_$name" > "$log" 2>&1 &&
			pg_prove --verbose --dbname "pgtap_$name" "$file" > "$log" 2>&1
		tap_result pgtap $? "$log"
		dropdb --if-exists --force "pgtap_$name" >/dev/null 2>&1
	done
	add pgtap "$good" "$bad" "$([ "$skipped" = 0 ] || echo "$skipped skipped")"
}

# TAP: each file with servers of its own, through PostgreSQL's own modules.
suite_tap() {
	ls test/t/*.pl >/dev/null 2>&1 || { echo "tap: none"; return; }
	modules=$(dirname "$("$PG_CONFIG" --pgxs)")/../test
	good=0 bad=0 skipped=0
	for file in test/t/*.pl; do
		name=$(basename "$file" .pl)
		log=$AF_TMP/tap-$name.log
		mkdir -p "$AF_TMP/tap/$name"
		(
			unset PGHOST PGPORT PGUSER PGDATABASE
			TESTDIR=$AF_TMP/tap/$name
			TESTDATADIR=$TESTDIR/data
			TESTLOGDIR=$TESTDIR/log
			PG_REGRESS=$modules/regress/pg_regress
			AF_PATHS=$AF_TMP/paths.conf
			export TESTDIR TESTDATADIR TESTLOGDIR PG_REGRESS AF_PATHS
			prove --verbose -I "$modules/perl" "$file"
		) > "$log" 2>&1
		tap_result tap $? "$log"
	done
	add tap "$good" "$bad" "$([ "$skipped" = 0 ] || echo "$skipped skipped")"
}

# beside SUITE: run a suite in the background; joined SUITE: wait for it, show
# what it printed and take over its sums.
beside() {
	(
		passed=0 failed=0
		"$1"
		echo "$passed $failed" > "$AF_TMP/$1.sums"
	) > "$AF_TMP/$1.out" 2>&1 &
	beside_pid=$!
}

joined() {
	wait "$beside_pid"
	cat "$AF_TMP/$1.out"
	if read -r beside_passed beside_failed 2>/dev/null < "$AF_TMP/$1.sums"; then
		passed=$((passed + beside_passed))
		failed=$((failed + beside_failed))
	else
		died "$1"
	fi
}
