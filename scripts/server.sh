# Functions that build the extension and run a throwaway server in $AF_TMP.
# Sourced by scripts/jobs/*, which run as an ordinary user in a copy of the tree.
set -u

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

# Build and install below $AF_TMP/inst; make's arguments may follow.
build() {
	if ! make -s -j2 with_llvm=no PG_CONFIG="$PG_CONFIG" DESTDIR="$AF_TMP/inst" "$@" install > "$AF_TMP/build.log" 2>&1; then
		cat "$AF_TMP/build.log" >&2
		fail "The build failed."
	fi
}

# Where a server finds what was installed there.
write_paths() {
	major=$("$PG_CONFIG" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
	{
		echo "dynamic_library_path = '$AF_TMP/inst$("$PG_CONFIG" --pkglibdir):\$libdir'"
		if [ "$major" -ge 18 ]; then
			echo "extension_control_path = '$AF_TMP/inst$("$PG_CONFIG" --sharedir):\$system'"
		else
			echo "extension_destdir = '$AF_TMP/inst'"
		fi
	} > "$AF_TMP/paths.conf"
}

# Start the server, on $AF_PORT if that is set; more settings are read from
# standard input.
server_start() {
	write_paths
	initdb -D "$AF_TMP/data" -U postgres -A trust --no-sync --encoding=UTF8 --locale=C.UTF-8 > "$AF_TMP/initdb.log" 2>&1 ||
		{ cat "$AF_TMP/initdb.log" >&2; fail "initdb failed."; }
	mkdir -p "$AF_TMP/socket"
	{
		cat "$AF_TMP/paths.conf"
		echo "listen_addresses = ''"
		echo "port = ${AF_PORT:-5432}"
		echo "unix_socket_directories = '$AF_TMP/socket'"
		echo "fsync = off"
		echo "full_page_writes = off"
		echo "synchronous_commit = off"
		echo "log_line_prefix = '%p %d '"
		cat
	} >> "$AF_TMP/data/postgresql.conf"
	if ! postgres -D "$AF_TMP/data" -C dynamic_library_path > "$AF_TMP/settings.log" 2>&1; then
		cat "$AF_TMP/settings.log" >&2
		fail "This server can only load an extension from its own directories (before PostgreSQL 18 that needs Debian's packages): use make install and make installcheck."
	fi
	PGHOST=$AF_TMP/socket
	PGPORT=${AF_PORT:-5432}
	PGUSER=postgres
	PGDATABASE=postgres
	export PGHOST PGPORT PGUSER PGDATABASE
	# Not through pg_ctl, which would take it out of our process group (a job
	# at a terminal sets own_session=setsid, as Ctrl-C would stop the server).
	${own_session:-} postgres -D "$AF_TMP/data" > "$AF_TMP/server.log" 2>&1 </dev/null &
	server=$!
	tries=300
	until pg_isready -q; do
		tries=$((tries - 1))
		if [ $tries = 0 ] || ! kill -0 "$server" 2>/dev/null; then
			cat "$AF_TMP/server.log" >&2
			fail "The server did not start."
		fi
		sleep 0.1
	done
}

server_stop() {
	kill -INT "$server"
	wait "$server"
}
