"""asyncpg, which prepares every statement and takes the types of parameters
from the server; types it does not know go as text, until it is told to send
them in binary form."""

import asyncio
import io

import asyncpg

from common import DATABASE, HOST, PASSWORD, PORT, TYPES, USER, by_index, numbered, registry, round_trips, tap

tap.note(f"asyncpg {asyncpg.__version__}")
loop = asyncio.new_event_loop()
wait = loop.run_until_complete


def connect():
    return wait(asyncpg.connect(host=HOST, port=int(PORT), user=USER, password=PASSWORD, database=DATABASE))


def runner(connection):
    return lambda sql, arguments: [tuple(row) for row in wait(connection.fetch(numbered(sql), *arguments))]


plain = connect()
binary = connect()
for name in TYPES:
    wait(binary.set_type_codec(name, schema="antifraud", encoder=str.encode, decoder=bytes.decode, format="binary"))

for connection, form in ((plain, "as it comes"), (binary, "binary")):
    run = runner(connection)
    round_trips(run, label=f", {form}")
    by_index(run, run, label=f", {form}")
    tap.equal(run("SELECT ARRAY['330000', '331126']::region[]", []), [(["330000", "331126"],)], f"an array is a list, {form}")
    tap.equal(run("SELECT count(*) FROM many_region WHERE value = ANY (?::text[])", [["339999007001", "339999007002000"]]), [(2,)],
              f"= ANY with a parameter that the statement calls text[], {form}")

    # A batch.
    run("TRUNCATE incident", [])
    rows = [("339999001001", "339999199001010013", "deduct 1 per occurrence", n) for n in range(1000)]
    wait(connection.executemany("INSERT INTO incident VALUES ($1, $2, $3, $4)", rows))
    tap.equal(run("SELECT count(*), count(DISTINCT place), sum(loss) FROM incident", []), [(1000, 1, 499500)], f"executemany inserts 1,000 rows, {form}")

    # COPY, both ways.
    run("CREATE TEMP TABLE copied (value region)", [])
    for copy in ("text", "csv", "binary"):
        run("TRUNCATE copied", [])
        out = io.BytesIO()
        wait(connection.copy_from_table("many_region", output=out, format=copy))
        out.seek(0)
        wait(connection.copy_to_table("copied", source=out, format=copy))
        tap.equal(run("SELECT count(*) FROM copied JOIN many_region USING (value)", []), [(20000,)],
                  f"COPY of 20,000 regions out and in again, {copy}; codec {form}")

    # Errors.
    name = f"a bad region is InvalidTextRepresentationError 22P02 with detail and hint, {form}"
    error = tap.raises(asyncpg.InvalidTextRepresentationError, lambda: run("INSERT INTO holder_region VALUES (1, ?)", ["33112"]), name)
    if error:
        tap.ok(error.sqlstate == "22P02" and error.detail and error.hint, name, error)
    name = f"a bad code in a comparison: 22P02, {form}"
    error = tap.raises(asyncpg.DataError, lambda: run("SELECT count(*) FROM many_region WHERE value = ?", ["nowhere"]), name)
    if error:
        tap.equal(error.sqlstate, "22P02", name)
    tap.equal(run("SELECT count(*) FROM many_region WHERE value = ?::text", ["nowhere"]), [(0,)],
              f"a bad code in a comparison with ?::text: no rows, {form}")

registry(runner(plain))

# Rows of values go in binary form only, so the types must have been declared.
records = [("339999001001", "339999199001010013", "deduct 1 per occurrence", n) for n in range(1000)]
name = "copy_records_to_table refuses types that are not declared"
if tap.raises(asyncpg.InternalClientError, lambda: wait(plain.copy_records_to_table("incident", records=records)), name):
    tap.ok(True, name)
run("TRUNCATE incident", [])
wait(binary.copy_records_to_table("incident", records=records))
tap.equal(run("SELECT count(*), count(DISTINCT place), sum(loss) FROM incident", []), [(1000, 1, 499500)], "declared, it copies 1,000 rows")

# What the driver says of a column and of a parameter.
prepared = wait(plain.prepare("SELECT value FROM many_region WHERE value = $1"))
tap.equal((prepared.get_attributes()[0].type.name, prepared.get_parameters()[0].name), ("region", "region"), "column and parameter say region")

tap.done()
