# Functions that prepare and build examples/dashboard on the throwaway server.
# Sourced by scripts/jobs/* after scripts/server.sh.

# modules DIRECTORY: those of its package-lock.json, unless they came with the
# checkout.
modules() {
	[ -d "$1/node_modules" ] ||
		(cd "$1" && npm ci --ignore-scripts --no-audit --no-fund) > "$AF_TMP/npm.log" 2>&1 ||
		{ cat "$AF_TMP/npm.log" >&2; fail "The modules for node could not be installed: run npm ci in $1 where the registry can be reached."; }
}

# dashboard_data DATABASE: the made-up county, with a reader named board.
dashboard_data() {
	createdb "$1" &&
		(cd examples/dashboard && psql -Xq -d "$1" -f data.sql) > "$AF_TMP/county.log" 2>&1 ||
		{ tail -n 20 "$AF_TMP/county.log" >&2; fail "The dashboard's database could not be made."; }
}

# dashboard_build DATABASE: dist/, as the reader sees it.
dashboard_build() {
	modules examples/dashboard
	(cd examples/dashboard && PGUSER=board PGDATABASE=$1 npm run build) > "$AF_TMP/dashboard.log" 2>&1 ||
		{ tail -n 40 "$AF_TMP/dashboard.log" >&2; fail "The dashboard could not be built."; }
}
