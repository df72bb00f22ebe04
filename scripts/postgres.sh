# Functions that find PostgreSQL, and install through apt what is missing.
# Sourced by scripts/throwaway.

PG_OLDEST=15
PG_NEWEST=18

say() {
	printf '%s\n' "$*" >&2
}

# Major version of a pg_config, or nothing.
pg_major() {
	"$1" --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9][0-9]*\).*/\1/p'
}

pg_supported() {
	[ -n "$1" ] && [ "$1" -ge "$PG_OLDEST" ] && [ "$1" -le "$PG_NEWEST" ]
}

# Is there a server and are there headers to build against?
pg_has_server() {
	[ -x "$("$1" --bindir)/postgres" ]
}

pg_has_headers() {
	[ -f "$("$1" --includedir-server)/postgres.h" ] && [ -f "$("$1" --pgxs)" ]
}

# Major versions from the newest to the oldest.
pg_majors() {
	major=$PG_NEWEST
	while [ "$major" -ge "$PG_OLDEST" ]; do
		echo "$major"
		major=$((major - 1))
	done
}

# The major version to use when nothing complete is installed: the one of an
# installed server or of installed headers, else the newest that apt offers,
# else (apt has no lists yet, and a user cannot fetch them) the release's own.
pg_choose_major() {
	for major in $(pg_majors); do
		[ -x "/usr/lib/postgresql/$major/bin/postgres" ] && echo "$major" && return
	done
	for major in $(pg_majors); do
		[ -d "/usr/include/postgresql/$major/server" ] && echo "$major" && return
	done
	for major in $(pg_majors); do
		apt-cache show "postgresql-server-dev-$major" >/dev/null 2>&1 && echo "$major" && return
	done
	[ "$(id -u)" != 0 ] || return
	case $(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null) in
		bookworm) echo 15 ;;
		noble) echo 16 ;;
		trixie|plucky|questing) echo 17 ;;
		forky|sid) echo 18 ;;
	esac
}

# Sets PG_CONFIG if a complete installation is there; otherwise leaves it unset.
pg_find_complete() {
	if [ -n "${PG_CONFIG:-}" ]; then
		found=$(command -v "$PG_CONFIG") || { say "PG_CONFIG=$PG_CONFIG: no such program"; exit 1; }
		PG_CONFIG=$found
		pg_supported "$(pg_major "$PG_CONFIG")" ||
			{ say "PG_CONFIG=$PG_CONFIG is $("$PG_CONFIG" --version); PostgreSQL $PG_OLDEST to $PG_NEWEST is needed"; exit 1; }
		return
	fi
	for major in $(pg_majors); do
		found=/usr/lib/postgresql/$major/bin/pg_config
		if [ -x "$found" ] && pg_has_server "$found" && pg_has_headers "$found"; then
			PG_CONFIG=$found
			return
		fi
	done
	# A build from source, in the path.
	if found=$(command -v pg_config) && pg_supported "$(pg_major "$found")" &&
		pg_has_server "$found" && pg_has_headers "$found"; then
		PG_CONFIG=$found
	fi
}

# Debian packages that the job needs and that are missing, for major $1.
pg_missing_packages() {
	prefix=/usr/lib/postgresql/$1
	[ -x "$prefix/bin/postgres" ] || echo "postgresql-$1"
	[ -f "$prefix/lib/pgxs/src/makefiles/pgxs.mk" ] && [ -f "/usr/include/postgresql/$1/server/postgres.h" ] ||
		echo "postgresql-server-dev-$1"
	pg_missing_tools
	if [ "$job" = check ]; then
		[ -f "/usr/share/postgresql/$1/extension/pgtap.control" ] || echo "postgresql-$1-pgtap"
	fi
}

# What some tests need and skip without: the fuzzer's compiler and run time,
# Node.js, pg_cron, wal2json, MariaDB and mysql_fdw.  Only root gets them installed; others need not ask for them.
pg_missing_extras() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return
	case $job in check) ;; bench) pg_missing_mariadb; return ;; *) return ;; esac
	command -v clang >/dev/null 2>&1 || echo clang
	pg_has_fuzzer || apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9][0-9]*\).*/libclang-rt-\1-dev/p' | head -n 1
	command -v node >/dev/null 2>&1 || echo nodejs
	command -v npm >/dev/null 2>&1 || echo npm
	pg_missing_mariadb
	# for a server of the distribution, where the distribution has it
	[ -x "/usr/lib/postgresql/$major/bin/postgres" ] || return 0
	for extra in "cron /usr/share/postgresql/$major/extension/pg_cron.control" "wal2json /usr/lib/postgresql/$major/lib/wal2json.so"; do
		[ -f "${extra#* }" ] || ! apt-cache show "postgresql-$major-${extra%% *}" >/dev/null 2>&1 || echo "postgresql-$major-${extra%% *}"
	done
}

# A foreign database: only its programs, as the package mariadb-server would
# start a service.  Without the wrapper it is of no use.
pg_missing_mariadb() {
	[ -x "/usr/lib/postgresql/$major/bin/postgres" ] || return 0
	[ -f "/usr/share/postgresql/$major/extension/mysql_fdw.control" ] ||
		{ apt-cache show "postgresql-$major-mysql-fdw" >/dev/null 2>&1 && echo "postgresql-$major-mysql-fdw"; } || return 0
	command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] || echo mariadb-server-core
	command -v mariadb >/dev/null 2>&1 || echo mariadb-client-core
}

pg_has_fuzzer() {
	for library in /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a /usr/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a; do
		[ ! -f "$library" ] || return 0
	done
	return 1
}

# What every job needs, whatever the major version.
pg_missing_tools() {
	command -v make >/dev/null 2>&1 || echo make
	command -v gcc >/dev/null 2>&1 || echo gcc
	[ -f /usr/include/stdio.h ] || echo libc6-dev
	if [ "$job" = check ]; then
		command -v prove >/dev/null 2>&1 || echo perl
		perl -MIPC::Run -e 1 >/dev/null 2>&1 || echo libipc-run-perl
		command -v pg_prove >/dev/null 2>&1 || echo libtap-parser-sourcehandler-pgtap-perl
	fi
	[ "$job" != check-clients ] || pg_missing_clients
	case $job in check-browser|demo-serve) pg_missing_dashboard ;; esac
}

# What builds the example dashboard, and the browser that opens it.
pg_missing_dashboard() {
	command -v node >/dev/null 2>&1 || echo nodejs
	[ -d "$here/examples/dashboard/node_modules" ] || command -v npm >/dev/null 2>&1 || echo npm
	[ "$job" = check-browser ] || return 0
	command -v prove >/dev/null 2>&1 || echo perl
	[ -x /usr/bin/chromium ] || echo chromium
	{ fc-list :lang=zh; find /usr/share/fonts -name '*CJK*'; } 2>/dev/null | grep -q . || echo fonts-noto-cjk
}

# The drivers and clients that make check-clients tests.  Python's are Debian's,
# so it is Debian's Python that must find them.
pg_missing_clients() {
	command -v prove >/dev/null 2>&1 || echo perl
	for module in psycopg2 psycopg asyncpg pyodbc; do
		/usr/bin/python3 -c "import $module" >/dev/null 2>&1 || echo "python3-$module"
	done
	command -v isql >/dev/null 2>&1 || echo unixodbc
	grep -qs '^\[PostgreSQL Unicode\]' /etc/odbcinst.ini || echo odbc-postgresql
	[ -f /usr/share/java/postgresql.jar ] || echo libpostgresql-jdbc-java
	command -v javac >/dev/null 2>&1 || echo default-jdk-headless
	command -v node >/dev/null 2>&1 || echo nodejs
	[ -d "$here/test/clients/node_modules" ] || command -v npm >/dev/null 2>&1 || echo npm
}

# Installing a server makes Debian create and start a "main" cluster that
# nobody asked for.  A file that is there only meanwhile forbids that and
# leaves the administrator's own settings alone.
apt_install() {
	drop_dir=/etc/postgresql-common/createcluster.d
	drop_in=$drop_dir/antifraud-check.conf
	mkdir -p "$drop_dir"
	echo 'create_main_cluster = false' > "$drop_in"
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null >"$apt_log" 2>&1
	status=$?
	apt_clean
	return $status
}

apt_clean() {
	rm -f /etc/postgresql-common/createcluster.d/antifraud-check.conf
	rmdir /etc/postgresql-common/createcluster.d /etc/postgresql-common 2>/dev/null || :
}

# Find PostgreSQL and the tools, or install them, or say what to install.
pg_prepare() {
	pg_find_complete
	if [ -n "${PG_CONFIG:-}" ]; then
		major=$(pg_major "$PG_CONFIG")
	else
		major=
		if command -v apt-get >/dev/null 2>&1; then
			major=$(pg_choose_major)
			if [ -z "$major" ] && [ "$(id -u)" = 0 ]; then
				say "Refreshing apt's lists"
				apt-get update -qq </dev/null >&2 || exit 1
				major=$(pg_choose_major)
			fi
		fi
	fi
	case ${PG_CONFIG:-/usr/lib/postgresql/$major/bin/pg_config} in
		"/usr/lib/postgresql/$major/bin/pg_config"|/usr/bin/pg_config)
			missing=$(pg_missing_packages "${major:-NN}" | tr '\n' ' ') ;;
		*)
			missing=$(pg_missing_tools | tr '\n' ' ')
			if [ "$job" = check ] && [ ! -f "$("$PG_CONFIG" --sharedir)/extension/pgtap.control" ]; then
				say "pgTAP is not installed for $PG_CONFIG (no pgtap.control in $("$PG_CONFIG" --sharedir)/extension): see https://pgtap.org"
				exit 1
			fi ;;
	esac
	missing=${missing% }
	if [ -n "$missing" ]; then
		if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
			say "Missing: $missing"
			if [ -z "$major" ]; then
				say "(NN is a PostgreSQL major version, $PG_OLDEST to $PG_NEWEST)"
			fi
			say "Install with:"
			say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
			exit 1
		fi
		if [ -z "$major" ]; then
			say "apt offers no PostgreSQL $PG_OLDEST to $PG_NEWEST (postgresql-server-dev-NN)"
			exit 1
		fi
		say "Installing $missing"
		# shellcheck disable=SC2086 # a list of package names
		if ! apt_install $missing; then
			apt-get update -qq </dev/null >&2 || exit 1
			apt_install $missing || { tail -n 30 "$apt_log" >&2; exit 1; }
		fi
	fi
	extras=$(pg_missing_extras | tr '\n' ' ')
	if [ -n "$extras" ]; then
		say "Installing $extras"
		# shellcheck disable=SC2086 # a list of package names
		apt_install $extras || say "Not installed; the tests that need them are skipped"
	fi
	: "${PG_CONFIG:=/usr/lib/postgresql/$major/bin/pg_config}"
	pg_has_server "$PG_CONFIG" ||
		{ say "$PG_CONFIG has no server beside it ($("$PG_CONFIG" --bindir)/postgres)"; exit 1; }
	pg_has_headers "$PG_CONFIG" ||
		{ say "$PG_CONFIG has no server headers ($("$PG_CONFIG" --includedir-server)/postgres.h)"; exit 1; }
}
