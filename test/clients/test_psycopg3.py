"""psycopg 3: parameters and results in text and in binary form."""

import psycopg
from psycopg.types import TypeInfo
from psycopg.types.string import TextBinaryLoader, TextLoader

from common import DATABASE, HOST, PASSWORD, PORT, TYPES, USER, by_index, registry, round_trips, tap

tap.note(f"psycopg {psycopg.__version__}, {psycopg.pq.__impl__}")


def connect():
    return psycopg.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, dbname=DATABASE, autocommit=True)


connection = connect()


def runner(connection, placeholder, binary, prepare=None):
    def run(sql, arguments):
        with connection.cursor(binary=binary) as cursor:
            cursor.execute(sql.replace("%", "%%").replace("?", placeholder), arguments, prepare=prepare)
            return cursor.fetchall() if cursor.description else None
    return run


plain = runner(connection, "%s", False)

# Text.
round_trips(plain, label=", text")
by_index(plain, runner(connection, "%s", False, prepare=True), label=", text")

# Binary: strings go as text (oid 25), results come as the bytes of the text form.
binary = runner(connection, "%b", True)
round_trips(binary, read=lambda value: value if isinstance(value, str) else bytes(value).decode(), label=", binary")
with connection.cursor(binary=True) as cursor:
    cursor.execute("SELECT value FROM many_region WHERE value = '339999007001'")
    tap.equal(bytes(cursor.fetchone()[0]), b"339999007001", "an undeclared type in binary form comes as the bytes of its text")
declared = connect()
for name in TYPES:
    info = TypeInfo.fetch(declared, name)
    info.register(declared)
    declared.adapters.register_loader(info.oid, TextLoader)
    declared.adapters.register_loader(info.oid, TextBinaryLoader)
round_trips(runner(declared, "%b", True), label=", binary, declared")
by_index(runner(declared, "%b", True), runner(declared, "%b", True, prepare=True), label=", binary")

registry(binary, label=", binary")

# After five executions the driver prepares the statement by itself.
for _ in range(6):
    plain("SELECT count(*) AS sixth FROM many_region WHERE value = ?", ["339999007001"])
tap.equal(plain("SELECT used FROM plan_of('sixth', ARRAY['339999007001'])", [])[0][0], "index", "prepared by itself at the sixth time: by the index")

# Arrays.
tap.equal(plain("SELECT ARRAY['330000', '331126']::region[]", [])[0][0], "{330000,331126}", "an array of an undeclared type is read as text")
for form, run in (("text", runner(declared, "%s", False)), ("binary", runner(declared, "%b", True))):
    tap.equal(run("SELECT ARRAY['330000', '331126']::region[]", [])[0][0], ["330000", "331126"], f"declared, as a list, {form}")
    tap.equal(run("SELECT count(*) FROM many_region WHERE value = ANY (?)", [["339999007001", "339999008001"]])[0][0], 2,
              f"a list is sent as an array, {form}")

# Batches.
rows = [("339999001001", "339999199001010013", "deduct 1 per occurrence", n) for n in range(1000)]
for form, placeholder in (("text", "%s"), ("binary", "%b")):
    plain("TRUNCATE incident", [])
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO incident VALUES (?, ?, ?, ?)".replace("?", placeholder), rows)
    tap.equal(plain("SELECT count(*), count(DISTINCT place), sum(loss) FROM incident", []), [(1000, 1, 499500)],
              f"executemany inserts 1,000 rows, {form}")

# COPY: as the server writes it, and row by row.
plain("CREATE TEMP TABLE copied (value region, id citizen_id, clause rule, often cadence)", [])
source = """SELECT r.value, c.value, l.value, a.value
    FROM (SELECT value, row_number() OVER () AS n FROM many_region) AS r
    JOIN (SELECT value, row_number() OVER () AS n FROM many_citizen_id) AS c USING (n)
    JOIN (SELECT value, row_number() OVER () AS n FROM many_rule) AS l USING (n)
    JOIN (SELECT value, row_number() OVER () AS n FROM many_cadence) AS a USING (n) WHERE n <= 5000"""
for form in ("text", "binary"):
    plain("TRUNCATE copied", [])
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY ({source}) TO STDOUT (FORMAT {form})") as copy:
            blocks = [bytes(block) for block in copy]
        with cursor.copy(f"COPY copied FROM STDIN (FORMAT {form})") as copy:
            for block in blocks:
                copy.write(block)
    tap.equal(plain("SELECT count(*), count(DISTINCT value), count(DISTINCT id), count(DISTINCT clause), count(DISTINCT often) FROM copied", []),
              [(5000, 5000, 5000, 5000, 5000)], f"COPY of four types out and in again, {form}")
plain("TRUNCATE copied", [])
with declared.cursor() as cursor, connection.cursor() as writer:
    with cursor.copy("COPY many_region TO STDOUT (FORMAT binary)") as copy:
        copy.set_types(["region"])
        values = [row[0] for row in copy.rows()]
    tap.equal((len(values), values[0], values[-1]), (20000, "339999001001", "339999100200"), "binary COPY read row by row")
    with writer.copy("COPY copied (value) FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["text"])
        for value in values:
            copy.write_row([value])
tap.equal(plain("SELECT count(*) FROM copied JOIN many_region USING (value)", [])[0][0], 20000,
          "binary COPY written row by row, set_types(['text'])")

# A text that is no code: compared as text in binary form, an error in text form, where the server takes the type of the column.
tap.equal(binary("SELECT count(*) FROM many_region WHERE value = ?", ["nowhere"]), [(0,)], "a bad code in a comparison, binary: no rows")
name = "a bad code in a comparison, text: 22P02"
error = tap.raises(psycopg.DataError, lambda: plain("SELECT count(*) FROM many_region WHERE value = ?", ["nowhere"]), name)
if error:
    tap.equal(error.sqlstate, "22P02", name)
name = "a bad region is DataError 22P02 with detail and hint"
error = tap.raises(psycopg.DataError, lambda: plain("INSERT INTO holder_region VALUES (1, ?)", ["33112"]), name)
if error:
    tap.ok(error.sqlstate == "22P02" and error.diag.message_detail and error.diag.message_hint, name, error)

# What the driver says of a column.
with connection.cursor() as cursor:
    cursor.execute("SELECT value FROM many_region LIMIT 1")
    tap.equal(cursor.description[0].type_code, TypeInfo.fetch(connection, "region").oid, "the type code of a column is the type's oid")

tap.done()
