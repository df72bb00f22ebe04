# A source of a million rows in MariaDB: the score of a county for one month,
# with and without what its server is told (within, source_bounds), against
# plain SQL in MariaDB itself that gives the same points. Three tables: of a
# province (90 counties) with the day as a DATE, the same declared here as text
# (as zero dates make it necessary), and one in which all rows are the county's.
#
# Times by the clock of each server, the best of several turns: transport and
# planning are part of it. BENCH_ROWS=100000 make bench BENCH=source is a quick
# try. Skipped where MariaDB or mysql_fdw is missing.
set -eu
PATH=$PATH:/usr/sbin
rows=${BENCH_ROWS:-1000000}
if ! command -v mariadbd >/dev/null || [ "$(psql -XAtc "SELECT count(*) FROM pg_available_extensions WHERE name = 'mysql_fdw'")" = 0 ]; then
	echo "MariaDB (mariadb-server-core, mariadb-client-core) or mysql_fdw (postgresql-NN-mysql-fdw) is not installed: skipped"
	exit 0
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/source.XXXXXX")
port=$((20000 + $$ % 10000))
server=
trap '[ -z "$server" ] || { kill "$server"; wait "$server" || :; }; rm -rf "$dir"' EXIT
mariadb-install-db --no-defaults --datadir="$dir/data" --user="$(id -un)" --auth-root-authentication-method=normal --skip-test-db > "$dir/log" 2>&1
mariadbd --no-defaults --datadir="$dir/data" --socket="$dir/s" --pid-file="$dir/pid" --bind-address=127.0.0.1 --port="$port" --skip-name-resolve \
	--innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=512M >> "$dir/log" 2>&1 </dev/null &
server=$!
maria() { mariadb --no-defaults -N -B -S "$dir/s" -u root "$@"; }
tries=300
until maria -e 'SELECT 1' >/dev/null 2>&1; do
	tries=$((tries - 1))
	[ $tries -gt 0 ] && kill -0 "$server" || { cat "$dir/log" >&2; exit 1; }
	sleep 0.1
done

# 30 communities a county, four years; every number follows from the row's own
maria > "$dir/loaded" <<SQL
CREATE DATABASE legacy CHARACTER SET utf8mb4;
CREATE USER reader@127.0.0.1 IDENTIFIED BY 'secret';
GRANT SELECT ON legacy.* TO reader@127.0.0.1;
USE legacy;
CREATE TABLE province (id INT PRIMARY KEY, cun_dm VARCHAR(20) NOT NULL, lasj DATE NOT NULL, ssje DECIMAL(14,2), beizhu VARCHAR(200), KEY (cun_dm, lasj));
INSERT INTO province SELECT seq, CONCAT(339901 + seq % 90, LPAD(1 + seq DIV 90 % 3, 3, '0'), LPAD(1 + seq DIV 270 % 10, 3, '0')),
  DATE '2020-01-01' + INTERVAL seq * 7919 % 1461 DAY, seq % 1000 * 500, REPEAT('案情', 20) FROM seq_1_to_$rows;
CREATE TABLE county LIKE province;
ALTER TABLE county ADD KEY (lasj);
INSERT INTO county SELECT id, CONCAT('339901', SUBSTRING(cun_dm, 7)), lasj, ssje, beizhu FROM province;
ANALYZE TABLE province, county;
SQL

psql -Xq -v ON_ERROR_STOP=1 -v port="$port" <<'SQL' >/dev/null
SET client_min_messages = warning;
CREATE EXTENSION mysql_fdw;
SELECT antifraud.create_registry('fraud');
CREATE SERVER police FOREIGN DATA WRAPPER mysql_fdw OPTIONS (host '127.0.0.1', port :'port', character_set 'utf8mb4');
CREATE USER MAPPING FOR CURRENT_USER SERVER police OPTIONS (username 'reader', password 'secret');
CREATE FOREIGN TABLE province (id int, cun_dm text, lasj date, ssje numeric) SERVER police OPTIONS (dbname 'legacy', table_name 'province');
CREATE FOREIGN TABLE province_as_text (id int, cun_dm text, lasj text, ssje text) SERVER police OPTIONS (dbname 'legacy', table_name 'province');
CREATE FOREIGN TABLE county (id int, cun_dm text, lasj date, ssje numeric) SERVER police OPTIONS (dbname 'legacy', table_name 'county');
INSERT INTO fraud.unit (code, region, name)
SELECT c, c::antifraud.region, c FROM (SELECT '339901' || lpad(t::text, 3, '0') || lpad(v::text, 3, '0') AS c FROM generate_series(1, 3) AS t, generate_series(1, 10) AS v) AS x;
SELECT fraud.load_rubric('{"code":"may","edition":"1","title":"May 2023","total":100,"period":["2023-05-01","2023-05-31"],"baseline":"last_year","sections":[{"title":"s","points":100,"items":[
  {"no":"1","title":"more cases than a year before","points":40,"rules":[{"measure":"case","rule":"deduct 1 per 1 excess if count > baseline"}]},
  {"no":"2","title":"large cases","points":60,"rules":[{"measure":"case","rule":"deduct 0.5 per occurrence if amount >= 400000"}]}]}]}'::antifraud.rubric);
SELECT fraud.publish_rubric('may');
-- what was told is taken away, or given back: the planner asks the support functions
CREATE TABLE support AS SELECT oid, prosupport FROM pg_proc WHERE pronamespace = 'antifraud'::regnamespace AND proname = 'within';
CREATE PROCEDURE told(yes boolean) LANGUAGE plpgsql AS $$ BEGIN UPDATE pg_proc AS p SET prosupport = CASE WHEN yes THEN s.prosupport::oid ELSE 0 END FROM support AS s WHERE s.oid = p.oid; END $$;
CREATE FUNCTION best_ms(statement text, runs int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE best numeric; began timestamptz;
BEGIN
  FOR i IN 1 .. runs LOOP
    began := clock_timestamp();
    EXECUTE statement;
    best := least(best, extract(epoch FROM clock_timestamp() - began) * 1000);
  END LOOP;
  RETURN best;
END $$;
SQL

scores="SELECT trim_scale(sum(100 - total)) FROM fraud.scores('may')"
# what the rubric takes from all communities
plain() {
	cat <<SQL
SELECT SUM(LEAST(40, GREATEST(0, v.cases - v.before_it)) + LEAST(60, 0.5 * v.large)) INTO @sum FROM (
  SELECT cun_dm, SUM(lasj >= '2023-05-01') AS cases, SUM(lasj < '2023-05-01') AS before_it, SUM(lasj >= '2023-05-01' AND ssje >= 400000) AS large
  FROM $1 WHERE cun_dm >= '339901' AND cun_dm < '339902' AND (lasj BETWEEN '2023-05-01' AND '2023-05-31' OR lasj BETWEEN '2022-05-01' AND '2022-05-31') GROUP BY cun_dm) AS v;
SQL
}
maria_ms() {
	# the best of five, in milliseconds
	{
		for turn in 1 2 3 4 5; do
			echo "SET @began = SYSDATE(6);"
			plain "$1"
			echo "SELECT TIMESTAMPDIFF(MICROSECOND, @began, SYSDATE(6)) / 1000;"
		done
	} | maria legacy | sort -n | head -n 1
}
value() { psql -XAtq -c "SET client_min_messages = warning" -c "$1"; }
# adding a source reads all of it once
add() {
	psql -Xq -v ON_ERROR_STOP=1 -c "SELECT count(*) FROM fraud.add_source('case', '$1', '{\"source_key\":\"id\",\"region\":\"cun_dm\",\"occurred_on\":\"lasj\",\"amount\":\"ssje\"}')" >/dev/null
}

printf '%s rows; the month of a county and the same month a year before\n' "$rows"
printf '%-18s %12s %12s %12s %14s %14s\n' table 'MariaDB ms' 'told ms' 'not told ms' 'told/MariaDB' 'not told/told'
for table in province province_as_text county; do
	add "$table"
	of=${table%_as_text}
	psql -Xq -c 'CALL told(true)'
	told=$(value "SELECT round(best_ms(\$\$$scores\$\$, 7), 1)")
	with=$(value "$scores")
	psql -Xq -c 'CALL told(false)'
	not_told=$(value "SELECT round(best_ms(\$\$$scores\$\$, 1), 1)")
	without=$(value "$scores")
	psql -Xq -c 'CALL told(true)'
	plain_ms=$(maria_ms "$of")
	by_hand=$({ plain "$of"; echo 'SELECT TRIM(TRAILING "." FROM TRIM(TRAILING "0" FROM CAST(@sum AS DECIMAL(20,2))));'; } | maria legacy)
	[ "$with" = "$without" ] && [ "$with" = "$by_hand" ] || { echo "points differ: $with told, $without not told, $by_hand in MariaDB" >&2; exit 1; }
	echo "$table $plain_ms $told $not_told" | awk '{ printf "%-18s %12.1f %12.1f %12.1f %14.2f %14.1f\n", $1, $2, $3, $4, $3 / $2, $4 / $3 }'
	psql -Xq -c "SELECT fraud.remove_source('case', '$table')" >/dev/null
done
