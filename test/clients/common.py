"""What the Python clients share: results in TAP, and the tests that are the
same for each of them.  A client gives `run(sql, arguments)`, which takes SQL
with `?` for each parameter and returns the rows, if there are any."""

import datetime
import decimal
import json
import os
import re

TYPES = ("region", "citizen_id", "rule", "cadence", "calendar", "rubric", "scorecard", "score_table")
PLACEHOLDER = re.compile(r"\?")

HOST = os.environ["PGHOST"]
PORT = os.environ["PGPORT"]
USER = os.environ["PGUSER"]
PASSWORD = os.environ["PGPASSWORD"]
DATABASE = os.environ["PGDATABASE"]


class Tap:
    def __init__(self):
        self.count = 0

    def ok(self, good, name, note=""):
        self.count += 1
        print("ok" if good else "not ok", self.count, "-", name.replace("#", "\\#"), flush=True)
        if not good and note:
            self.note(note)
        return good

    def equal(self, got, wanted, name):
        return self.ok(got == wanted, name, f"got {got!r}\nnot {wanted!r}")

    def note(self, text):
        for line in str(text).splitlines():
            print("#", line, flush=True)

    def raises(self, error, call, name):
        """The error that the call ends with; None, and a test that failed, if it does not."""
        try:
            call()
        except error as e:
            return e
        self.ok(False, name, "no error")
        return None

    def done(self):
        print(f"1..{self.count}")


tap = Tap()


def numbered(sql):
    """With $1, $2, ... for each ?."""
    numbers = iter(range(1, 100))
    return PLACEHOLDER.sub(lambda _: f"${next(numbers)}", sql)


def round_trips(run, read=lambda value: value, label=""):
    """Each sample is written through a parameter and read back."""
    for name in TYPES:
        samples = run("SELECT n, written, canonical FROM sample WHERE type = ? ORDER BY n", [name])
        run(f"TRUNCATE holder_{name}", [])
        for n, written, _ in samples:
            run(f"INSERT INTO holder_{name} (n, value) VALUES (?, ?)", [n, written])
        run(f"INSERT INTO holder_{name} (n, value) VALUES (?, ?)", [0, None])
        values = run(f"SELECT value FROM holder_{name} ORDER BY n", [])
        tap.equal([row[0] if row[0] is None else read(row[0]) for row in values],
                  [None] + [canonical for _, _, canonical in samples],
                  f"{name}: {len(samples)} values and NULL, written and read{label}")


def questions(run):
    for marker, condition, arguments, name, found in run(
            "SELECT marker, condition, arguments::text, type, found FROM question ORDER BY marker", []):
        yield marker, condition, json.loads(arguments), name, found


def literal(argument):
    """An argument as plan_of takes it: an array in its text form."""
    if isinstance(argument, list):
        return "{" + ",".join('"' + a.replace("\\", "\\\\").replace('"', '\\"') + '"' for a in argument) + "}"
    return argument


def by_index(run, prepared=None, label="", array=True):
    """Each question has the right number of answers, found by an index.
    `prepared` runs a statement so that the driver prepares it; without it,
    the driver sends the values within the statement."""
    for marker, condition, arguments, name, found in questions(run):
        if not array and any(isinstance(a, list) for a in arguments):
            continue
        query = f"SELECT count(*) AS {marker} FROM many_{name} WHERE {condition}"
        answer = (prepared or run)(query, arguments)
        tap.equal(answer[0][0], found, f"{marker}: {condition} finds {found}{label}")
        if prepared:
            used, types = run("SELECT used, types FROM plan_of(?, string_to_array(?, '|'))",
                              [marker, "|".join(literal(a) for a in arguments)])[0]
            tap.equal(used, "index", f"{marker}: by the index{label}, parameters {types}")


def registry(run, label=""):
    """The facts of the README entered through parameters, and its scores read."""
    day = datetime.date.fromisoformat
    for case_no, filed_on, loss in (("A-1", "2023-06-03", "350000"), ("A-2", "2023-09-20", "80000")):
        run("INSERT INTO fraud.fraud_case (unit, case_no, filed_on, loss) VALUES (?, ?, ?, ?)",
            ["339999001001", case_no, day(filed_on), decimal.Decimal(loss)])
    for unit, sessions in (("339999001001", 30), ("339999001002", 52)):
        run("INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES (?, ?, ?, ?)", [unit, "talk", day("2023-05-10"), sessions])
    run("INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES (?, ?, ?, ?, ?)",
        ["339999001001", "app", day("2023-08-01"), 20, 18])
    tap.equal(run("SELECT name, total FROM fraud.scoreboard ORDER BY rank", []),
              [("Hilltop", 100), ("Riverside School", 95), ("Riverside", 89)], f"facts entered, scores read{label}")
    tap.equal(run("SELECT item_no, deducted FROM fraud.explain_score(?, ?) ORDER BY item_no", ["339999001001", "nanma-2023"]),
              [("3", 2), ("4", 2), ("7", 2), ("8", 5)], f"a score is explained{label}")
    tap.equal(run("SELECT name, total FROM fraud.scores(?, as_of => ?) ORDER BY name", ["nanma-2023", day("2023-06-30")]),
              [("Hilltop", 100), ("Riverside", 96), ("Riverside School", 100)], f"scores as of a date{label}")
