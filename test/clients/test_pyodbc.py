"""ODBC through pyodbc and PostgreSQL's driver, with statements prepared by the
server and by the driver itself."""

import pyodbc

from common import DATABASE, HOST, PASSWORD, PORT, USER, by_index, registry, round_trips, tap

LOGIN = f"DRIVER={{PostgreSQL Unicode}};SERVER={HOST};PORT={PORT};DATABASE={DATABASE};UID={USER};PWD={PASSWORD}"


def connect(options=""):
    return pyodbc.connect(LOGIN + options, autocommit=True)


def execute(cursor, sql, arguments):
    """An array goes in its text form: ODBC has no arrays."""
    cursor.execute(sql, *["{" + ",".join(f'"{v}"' for v in a) + "}" if isinstance(a, list) else a for a in arguments])
    return [tuple(row) for row in cursor.fetchall()] if cursor.description else None


connection = connect()
tap.note(f"pyodbc {pyodbc.version}, psqlODBC {connection.getinfo(pyodbc.SQL_DRIVER_VER)}")

for options, form in (("", "prepared by the server"), (";UseServerSidePrepare=0", "prepared by the driver")):
    connection = connect(options)
    cursor = connection.cursor()
    def run(sql, arguments):
        return execute(cursor, sql, arguments)
    round_trips(run, label=f", {form}")
    if options:
        by_index(run, label=f", {form}")
        for condition in ("value = ?", "value <@ ?"):
            plan = run(f"EXPLAIN (COSTS OFF) SELECT count(*) FROM many_region WHERE {condition}", ["339999007"])
            tap.ok(any("Index Cond" in line for (line,) in plan), f"{condition}: by the index, {form}", plan)
    else:
        # A second cursor keeps its statement prepared while the first asks about it.
        other = connection.cursor()
        by_index(run, lambda sql, arguments: execute(other, sql, arguments), label=f", {form}")

    # Batches.
    rows = [("339999001001", "339999199001010013", "deduct 1 per occurrence", n) for n in range(200)]
    for fast in (False, True):
        run("TRUNCATE incident", [])
        cursor.fast_executemany = fast
        cursor.executemany("INSERT INTO incident VALUES (?, ?, ?, ?)", rows)
        tap.equal(run("SELECT count(*), count(DISTINCT place), sum(loss) FROM incident", []), [(200, 1, 19900)],
                  f"executemany inserts 200 rows, fast_executemany = {fast}, {form}")

    # Errors; the driver passes on the detail, not the hint.
    name = f"a bad region is DataError 22P02 with detail, {form}"
    error = tap.raises(pyodbc.DataError, lambda: run("INSERT INTO holder_region VALUES (1, ?)", ["33112"]), name)
    if error:
        tap.ok(error.args[0] == "22P02" and "5 digits" in error.args[1], name, error)
    name = f"a bad code in a comparison: 22P02, {form}"
    error = tap.raises(pyodbc.DataError, lambda: run("SELECT count(*) FROM many_region WHERE value = ?", ["nowhere"]), name)
    if error:
        tap.equal(error.args[0], "22P02", name)

registry(run)

# What the driver says of columns: a text of at most 255 characters, whatever
# the type.  pyodbc reads what is longer all the same.
columns = {row.type_name: (row.data_type, row.column_size) for name in ("region", "rubric") for row in cursor.columns(table=f"holder_{name}")}
tap.equal({name: columns.get(name) for name in ("region", "rubric")},
          {"region": (pyodbc.SQL_WVARCHAR, 255), "rubric": (pyodbc.SQL_WVARCHAR, 255)}, "columns: region and rubric are WVARCHAR(255)")
run("SELECT value FROM many_region LIMIT 1", [])
tap.equal(cursor.description[0][1], str, "the type of a column is str")
long = run("SELECT canonical FROM sample WHERE type = ? AND n = 2", ["rubric"])[0][0]
tap.ok(len(long) > 255 and run("SELECT canonical::rubric FROM sample WHERE type = ? AND n = 2", ["rubric"]) == [(long,)],
       "a rubric of more than 255 characters is read whole")
cursor = connect(";MaxVarcharSize=65536").cursor()
columns = {row.type_name: row.column_size for row in cursor.columns(table="holder_rubric")}
tap.equal(columns.get("rubric"), 65536, "with MaxVarcharSize=65536 the column says so")
tap.equal(execute(cursor, "SELECT ARRAY['330000', '331126']::region[]", []), [("{330000,331126}",)], "an array is read as text")

tap.done()
