"""psycopg 2, which puts the values into the statement."""

import io

import psycopg2
import psycopg2.errors
import psycopg2.extensions
import psycopg2.extras

from common import DATABASE, HOST, PASSWORD, PORT, USER, by_index, questions, registry, round_trips, tap

tap.note(f"psycopg2 {psycopg2.__version__}")
connection = psycopg2.connect(host=HOST, port=PORT, user=USER, password=PASSWORD, dbname=DATABASE)
connection.autocommit = True
cursor = connection.cursor()


def run(sql, arguments):
    cursor.execute(sql.replace("%", "%%").replace("?", "%s"), arguments)
    return cursor.fetchall() if cursor.description else None


round_trips(run)
by_index(run)
for marker, condition, arguments, name, _ in questions(run):
    statement = cursor.mogrify(f"SELECT count(*) FROM many_{name} WHERE {condition}".replace("?", "%s"), arguments).decode()
    tap.equal(run("SELECT plan_of_text(?)", [statement])[0][0], "index", f"{marker}: by the index")

cursor.execute("SELECT count(*) FROM many_region WHERE value IN %s", (("339999007001", "339999008001"),))
tap.equal(cursor.fetchone()[0], 2, "a tuple as an IN list")

registry(run)

# Batches.
rows = [("339999001001", "339999199001010013", "deduct 1 per occurrence", n) for n in range(1000)]
run("TRUNCATE incident", [])
psycopg2.extras.execute_values(cursor, "INSERT INTO incident VALUES %s", rows, page_size=500)
tap.equal(run("SELECT count(*), count(DISTINCT place), sum(loss) FROM incident", []), [(1000, 1, 499500)], "execute_values inserts 1,000 rows")
run("TRUNCATE incident", [])
psycopg2.extras.execute_batch(cursor, "INSERT INTO incident VALUES (%s, %s, %s, %s)", rows[:100])
tap.equal(run("SELECT count(*) FROM incident", [])[0][0], 100, "execute_batch inserts 100 rows")

# COPY, both ways, in both forms.
run("CREATE TEMP TABLE copied (value region)", [])
for form in ("text", "csv", "binary"):
    out = io.BytesIO()
    cursor.copy_expert(f"COPY many_region TO STDOUT (FORMAT {form})", out)
    out.seek(0)
    run("TRUNCATE copied", [])
    cursor.copy_expert(f"COPY copied FROM STDIN (FORMAT {form})", out)
    tap.equal(run("SELECT count(*) FROM copied JOIN many_region USING (value)", [])[0][0], 20000,
              f"COPY of 20,000 regions out and in again, {form}")

# Arrays come as their text form until they are declared.
array = run("SELECT ARRAY['330000', '331126']::region[]", [])[0][0]
tap.equal(array, "{330000,331126}", "an array is read as text")
oid = run("SELECT 'region[]'::regtype::oid", [])[0][0]
psycopg2.extensions.register_type(
    psycopg2.extensions.new_array_type((oid,), "region[]", psycopg2.STRING), connection)
tap.equal(run("SELECT ARRAY['330000', '331126']::region[]", [])[0][0], ["330000", "331126"],
          "once declared with new_array_type, as a list")
tap.equal(run("SELECT value FROM many_region WHERE value = ANY (?::region[]) ORDER BY 1", [["339999007001", "339999008001"]]),
          [("339999007001",), ("339999008001",)], "a list is sent as an array")

# What the driver says of a column.
run("SELECT value FROM many_region LIMIT 1", [])
tap.equal(cursor.description[0].type_code, run("SELECT 'region'::regtype::oid", [])[0][0], "the type code of a column is the type's oid")

# Errors.
name = "a bad region is DataError 22P02 with detail and hint"
error = tap.raises(psycopg2.DataError, lambda: run("INSERT INTO holder_region VALUES (1, ?)", ["33112"]), name)
if error:
    tap.ok(error.pgcode == "22P02" and error.diag.message_detail and error.diag.message_hint, name, error)
name = "a bad code in a comparison is an error, because the value stands in the statement"
error = tap.raises(psycopg2.DataError, lambda: run("SELECT 1 FROM many_region WHERE value = ?", ["nowhere"]), name)
if error:
    tap.equal(error.pgcode, "22P02", name)

tap.done()
