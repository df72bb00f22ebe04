#!/bin/sh
# isql of unixODBC, through PostgreSQL's driver.  It has no parameters, takes a
# statement a line and shows at most 300 bytes of a value.
set -u

login="DRIVER=PostgreSQL Unicode;SERVER=$PGHOST;PORT=$PGPORT;DATABASE=$PGDATABASE;UID=$PGUSER;PWD=$PGPASSWORD"
count=0

# What isql prints for a statement.
ask() {
	printf '%s\n' "$1" | isql -b -d'|' -k "$login" 2>&1
}

# What psql prints for one: to know what should come.
know() {
	psql -XAt -F'|' -c "$1"
}

# equal GOT WANTED NAME
equal() {
	count=$((count + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $count - $3"
	else
		echo "not ok $count - $3"
		printf 'got %s\nnot %s\n' "$1" "$2" | sed 's/^/# /'
	fi
}

echo "# $(isql --version)"

for type in region citizen_id rule cadence calendar rubric scorecard score_table; do
	# A line each, so a rubric is sent in its canonical form.
	sent=written
	[ "$type" != rubric ] || sent=canonical
	know "SELECT format('INSERT INTO holder_$type VALUES (%s, %L)', n, $sent) FROM sample WHERE type = '$type' ORDER BY n" > insert.txt
	while IFS= read -r insert; do
		ask "$insert" > inserted.txt
	done < insert.txt
	equal "$(ask "SELECT value FROM holder_$type ORDER BY n")" \
		"$(know "SELECT CASE WHEN octet_length(canonical) <= 300 THEN canonical
				ELSE convert_from(substring(convert_to(canonical, 'UTF8') FOR 300), 'UTF8') || '...' END
			FROM sample WHERE type = '$type' ORDER BY n")" \
		"$type: written and read, up to 300 bytes shown"
	equal "$(know "SELECT count(*) FROM holder_$type JOIN sample USING (n) WHERE type = '$type' AND value::text = canonical")" \
		"$(know "SELECT count(*) FROM sample WHERE type = '$type'")" "$type: whole in the table"
done

# The conditions, with literals, arrays in their text form.
know "SELECT marker, found, type, (
		SELECT string_agg(part || coalesce(quote_literal(CASE jsonb_typeof(arguments->(n::int - 1))
			WHEN 'array' THEN (SELECT array_agg(a)::text FROM jsonb_array_elements_text(arguments->(n::int - 1)) AS a)
			ELSE arguments->>(n::int - 1) END), ''), '' ORDER BY n)
		FROM regexp_split_to_table(condition, '\?') WITH ORDINALITY AS p (part, n))
	FROM question ORDER BY marker" > questions.txt
while IFS='|' read -r marker found type condition; do
	equal "$(ask "SELECT count(*) FROM many_$type WHERE $condition")" "$found" "$marker finds $found"
	equal "$(ask "EXPLAIN (COSTS OFF) SELECT count(*) FROM many_$type WHERE $condition" | grep -c 'Index Cond: ')" 1 "$marker: by the index"
done < questions.txt

# The facts of the README entered, and its scores read.
for insert in \
	"fraud.fraud_case (unit, case_no, filed_on, loss) VALUES ('339999001001', 'A-1', '2023-06-03', 350000), ('339999001001', 'A-2', '2023-09-20', 80000)" \
	"fraud.activity (unit, kind, held_on, sessions) VALUES ('339999001001', 'talk', '2023-05-10', 30), ('339999001002', 'talk', '2023-05-10', 52)" \
	"fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES ('339999001001', 'app', '2023-08-01', 20, 18)"; do
	ask "INSERT INTO $insert" > inserted.txt
done
equal "$(ask 'SELECT name, total FROM fraud.scoreboard ORDER BY rank' | tr '\n' ' ')" 'Hilltop|100 Riverside School|95 Riverside|89 ' 'facts entered, scores read'

# An error comes with its SQLSTATE, when isql is told to be verbose.
error=$(printf '%s\n' "INSERT INTO holder_region VALUES (1, '33112')" | isql -b -v -k "$login" 2>&1)
case $error in
	*22P02*'invalid input syntax for type region'*'5 digits'*) error=22P02 ;;
esac
equal "$error" 22P02 'a bad region is error 22P02 with detail'

echo "1..$count"
