// PostgreSQL's JDBC driver: setString sends varchar, setArray an array of what
// it is told, setObject with Types.OTHER leaves the type to the server.

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;

class TestJdbc {
	static final String[] TYPES = {"region", "citizen_id", "rule", "cadence", "calendar", "rubric", "scorecard", "score_table"};
	static int count = 0;

	static void note(Object text) {
		for (String line : String.valueOf(text).split("\n"))
			System.out.println("# " + line);
	}

	static void ok(boolean good, String name, Object note) {
		System.out.println((good ? "ok " : "not ok ") + ++count + " - " + name.replace("#", "\\#"));
		if (!good)
			note(note);
	}

	static void equal(Object got, Object wanted, String name) {
		ok(Objects.equals(got, wanted), name, "got " + got + "\nnot " + wanted);
	}

	static Connection connect(String... options) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", System.getenv("PGUSER"));
		properties.setProperty("password", System.getenv("PGPASSWORD"));
		for (String option : options) {
			String[] parts = option.split("=");
			properties.setProperty(parts[0], parts[1]);
		}
		return DriverManager.getConnection("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/"
			+ System.getenv("PGDATABASE"), properties);
	}

	// How a parameter is given to the driver.
	interface Setter {
		void set(PreparedStatement statement, int index, String value) throws SQLException;
	}

	static final Setter AS_STRING = PreparedStatement::setString;
	static final Setter AS_OTHER = (statement, index, value) -> statement.setObject(index, value, Types.OTHER);

	static List<List<String>> rows(Connection connection, String sql, Object... arguments) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < arguments.length; i++) {
				if (arguments[i] instanceof String[] list)
					statement.setArray(i + 1, connection.createArrayOf("text", list));
				else
					statement.setObject(i + 1, arguments[i]);
			}
			return statement.execute() ? read(statement.getResultSet()) : null;
		}
	}

	static List<List<String>> read(ResultSet result) throws SQLException {
		List<List<String>> rows = new ArrayList<>();
		while (result.next()) {
			List<String> row = new ArrayList<>();
			for (int i = 1; i <= result.getMetaData().getColumnCount(); i++)
				row.add(result.getString(i));
			rows.add(row);
		}
		return rows;
	}

	static String one(Connection connection, String sql, Object... arguments) throws SQLException {
		return rows(connection, sql, arguments).get(0).get(0);
	}

	static void roundTrips(Connection connection, Setter setter, String label) throws SQLException {
		for (String type : TYPES) {
			List<List<String>> samples = rows(connection, "SELECT n, written, canonical FROM sample WHERE type = ? ORDER BY n", type);
			List<String> wanted = new ArrayList<>();
			wanted.add(null);
			rows(connection, "TRUNCATE holder_" + type);
			try (PreparedStatement insert = connection.prepareStatement("INSERT INTO holder_" + type + " (n, value) VALUES (?, ?)")) {
				insert.setInt(1, 0);
				insert.setNull(2, Types.VARCHAR);
				insert.executeUpdate();
				for (List<String> sample : samples) {
					insert.setInt(1, Integer.parseInt(sample.get(0)));
					setter.set(insert, 2, sample.get(1));
					insert.executeUpdate();
					wanted.add(sample.get(2));
				}
			}
			List<String> values = new ArrayList<>();
			for (List<String> row : rows(connection, "SELECT value FROM holder_" + type + " ORDER BY n"))
				values.add(row.get(0));
			equal(values, wanted, type + ": " + samples.size() + " values and NULL, written and read, " + label);
		}
	}

	// The conditions; the driver prepares a statement at the fifth execution.
	static void byIndex(Connection connection, Setter setter, String arraysOf, boolean prepares, String label) throws SQLException {
		for (List<String> question : rows(connection, """
			SELECT marker, condition, type, found,
				(SELECT array_agg(CASE jsonb_typeof(a) WHEN 'array' THEN (SELECT array_agg(e)::text FROM jsonb_array_elements_text(a) AS e)
						ELSE a #>> '{}' END ORDER BY n)
					FROM jsonb_array_elements(arguments) WITH ORDINALITY AS u (a, n)),
				condition LIKE '%ANY%'
			FROM question ORDER BY marker""")) {
			String marker = question.get(0), condition = question.get(1), type = question.get(2), found = question.get(3);
			boolean array = question.get(5).equals("t");
			String[] arguments = elements(connection, question.get(4));
			String arrayOf = arraysOf == null ? type : arraysOf;
			String query = "SELECT count(*) AS " + marker + " FROM many_" + type + " WHERE " + condition;
			try (PreparedStatement statement = connection.prepareStatement(query)) {
				String answer = null;
				for (int execution = 1; execution <= 6; execution++) {
					for (int i = 0; i < arguments.length; i++) {
						if (array)
							statement.setArray(i + 1, connection.createArrayOf(arrayOf, elements(connection, arguments[i])));
						else
							setter.set(statement, i + 1, arguments[i]);
					}
					try (ResultSet result = statement.executeQuery()) {
						result.next();
						answer = result.getString(1);
					}
				}
				equal(answer, found, marker + ": " + condition + " finds " + found + ", " + label);
				if (prepares) {
					List<String> plan = rows(connection, "SELECT used, types FROM plan_of(?, ?)", marker, arguments).get(0);
					equal(plan.get(0), "index", marker + ": by the index, " + label + ", parameters " + plan.get(1));
				}
			}
		}
	}

	// The elements of an array in its text form.
	static String[] elements(Connection connection, String text) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT ?::text[]")) {
			statement.setString(1, text);
			try (ResultSet result = statement.executeQuery()) {
				result.next();
				return (String[]) result.getArray(1).getArray();
			}
		}
	}

	// The facts of the README entered through parameters, and its scores read.
	static void registry(Connection connection) throws SQLException {
		String insert = "INSERT INTO fraud.fraud_case (unit, case_no, filed_on, loss) VALUES (?, ?, ?, ?)";
		rows(connection, insert, "339999001001", "A-1", LocalDate.of(2023, 6, 3), new BigDecimal(350000));
		rows(connection, insert, "339999001001", "A-2", LocalDate.of(2023, 9, 20), new BigDecimal(80000));
		insert = "INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES (?, ?, ?, ?)";
		rows(connection, insert, "339999001001", "talk", LocalDate.of(2023, 5, 10), 30);
		rows(connection, insert, "339999001002", "talk", LocalDate.of(2023, 5, 10), 52);
		rows(connection, "INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES (?, ?, ?, ?, ?)",
			"339999001001", "app", LocalDate.of(2023, 8, 1), 20, 18);
		equal(rows(connection, "SELECT name, total FROM fraud.scoreboard ORDER BY rank").toString(),
			"[[Hilltop, 100], [Riverside School, 95], [Riverside, 89]]", "facts entered, scores read");
		equal(rows(connection, "SELECT item_no, deducted FROM fraud.explain_score(?, ?) ORDER BY item_no", "339999001001", "nanma-2023").toString(),
			"[[3, 2], [4, 2], [7, 2], [8, 5]]", "a score is explained");
		equal(rows(connection, "SELECT name, total FROM fraud.scores(?, as_of => ?) ORDER BY name", "nanma-2023", LocalDate.of(2023, 6, 30)).toString(),
			"[[Hilltop, 100], [Riverside, 96], [Riverside School, 100]]", "scores as of a date");
	}

	static void batch(Connection connection, String label) throws SQLException {
		rows(connection, "TRUNCATE incident");
		try (PreparedStatement insert = connection.prepareStatement("INSERT INTO incident VALUES (?, ?, ?, ?)")) {
			for (int i = 0; i < 1000; i++) {
				insert.setString(1, "339999001001");
				insert.setString(2, "339999199001010013");
				insert.setString(3, "deduct 1 per occurrence");
				insert.setBigDecimal(4, new BigDecimal(i));
				insert.addBatch();
			}
			insert.executeBatch();
		}
		equal(rows(connection, "SELECT count(*), count(DISTINCT place), sum(loss) FROM incident"), List.of(List.of("1000", "1", "499500")),
			"a batch inserts 1,000 rows, " + label);
	}

	static void arrays(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
			ResultSet result = statement.executeQuery("SELECT ARRAY['330000', '331126']::region[]")) {
			result.next();
			Array array = result.getArray(1);
			equal(array.getBaseTypeName(), "region", "an array says of what it is");
			equal(Arrays.toString((Object[]) array.getArray()), "[330000, 331126]", "an array is read as a list");
		}
	}

	static void copies(Connection connection) throws Exception {
		CopyManager manager = connection.unwrap(PGConnection.class).getCopyAPI();
		rows(connection, "CREATE TEMP TABLE copied (value region)");
		for (String form : new String[] {"text", "csv", "binary"}) {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			rows(connection, "TRUNCATE copied");
			manager.copyOut("COPY many_region TO STDOUT (FORMAT " + form + ")", out);
			manager.copyIn("COPY copied FROM STDIN (FORMAT " + form + ")", new ByteArrayInputStream(out.toByteArray()));
			equal(one(connection, "SELECT count(*) FROM copied JOIN many_region USING (value)"), "20000",
				"COPY of 20,000 regions out and in again, " + form);
		}
	}

	// What the driver says of types and columns: OTHER by number, the type by
	// name; a value is a PGobject, whose text getString gives.
	static void metadata(Connection connection) throws SQLException {
		DatabaseMetaData metadata = connection.getMetaData();
		List<String> known = new ArrayList<>();
		try (ResultSet types = metadata.getTypeInfo()) {
			while (types.next())
				if (types.getInt("DATA_TYPE") == Types.OTHER)
					known.add(types.getString("TYPE_NAME"));
		}
		for (String type : TYPES) {
			ok(known.contains(type), type + ": getTypeInfo lists it", known);
			try (ResultSet columns = metadata.getColumns(null, "public", "holder_" + type, "value")) {
				columns.next();
				equal(columns.getInt("DATA_TYPE") + " " + columns.getString("TYPE_NAME"), Types.OTHER + " " + type, type + ": getColumns says OTHER and the name");
			}
			try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT value FROM holder_" + type + " WHERE value IS NOT NULL")) {
				ResultSetMetaData column = result.getMetaData();
				result.next();
				equal(column.getColumnTypeName(1) + " " + column.getColumnClassName(1) + " " + result.getObject(1).getClass().getName(),
					type + " java.lang.String org.postgresql.util.PGobject", type + ": its column is said to be a String, and getObject gives a PGobject");
				fails(() -> result.getObject(1, String.class), "22023", false, type + ": getObject(1, String.class) is refused by the driver");
			}
		}
		try (ResultSet keys = metadata.getPrimaryKeys(null, "public", "many_region")) {
			ok(keys.next() && keys.getString("COLUMN_NAME").equals("value"), "getPrimaryKeys finds a key of type region", "none");
		}
		try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM many_region WHERE value = ?")) {
			equal(statement.getParameterMetaData().getParameterTypeName(1), "region", "the metadata of a parameter say region");
		}
	}

	// Grids in which people type (LibreOffice Base, DBeaver) use these.
	static void updatable(Connection connection) throws SQLException {
		rows(connection, "CREATE TEMP TABLE grid (place region PRIMARY KEY, clause rule)");
		rows(connection, "INSERT INTO grid VALUES ('331126', 'deduct 1'), ('331127', 'deduct 2')");
		try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
			ResultSet result = statement.executeQuery("SELECT place, clause FROM grid ORDER BY place")) {
			result.next();
			result.updateString(2, "每起扣5分");
			result.updateRow();
			result.next();
			result.deleteRow();
			result.moveToInsertRow();
			result.updateString(1, "331100000000");
			result.updateString(2, "deduct 3");
			result.insertRow();
		}
		equal(rows(connection, "SELECT place, clause FROM grid ORDER BY place"),
			List.of(List.of("331100", "deduct 3"), List.of("331126", "deduct 5 per occurrence")), "an updatable result set updates, deletes and inserts");
	}

	static void cursor(Connection connection) throws SQLException {
		connection.setAutoCommit(false);
		try (PreparedStatement statement = connection.prepareStatement("SELECT value FROM many_region WHERE value <@ ? ORDER BY value")) {
			int n = 0;
			statement.setFetchSize(50);
			statement.setString(1, "339999007");
			try (ResultSet result = statement.executeQuery()) {
				while (result.next())
					n++;
			}
			equal(n, 200, "a cursor fetches 200 rows in pieces of 50");
		}
		connection.commit();
		connection.setAutoCommit(true);
	}

	interface Action {
		void run() throws SQLException;
	}

	static void fails(Action action, String state, boolean detailed, String name) {
		try {
			action.run();
			ok(false, name, "no error");
		} catch (SQLException e) {
			ok(state.equals(e.getSQLState()) && (!detailed || e instanceof PSQLException p
				&& p.getServerErrorMessage().getDetail() != null && p.getServerErrorMessage().getHint() != null), name, e);
		}
	}

	static String countOf(Connection connection, Setter setter, String value) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM many_region WHERE value = ?")) {
			setter.set(statement, 1, value);
			return read(statement.executeQuery()).get(0).get(0);
		}
	}

	static void errors(Connection connection) throws SQLException {
		fails(() -> rows(connection, "INSERT INTO holder_region VALUES (1, ?)", "33112"), "22P02", true, "a bad region is error 22P02 with detail and hint");
		equal(countOf(connection, AS_STRING, "nowhere"), "0", "a bad code in a comparison, setString: no rows");
		fails(() -> countOf(connection, AS_OTHER, "nowhere"), "22P02", true, "a bad code in a comparison, setObject OTHER: 22P02");
		fails(() -> countOf(connection, (statement, index, value) -> statement.setLong(index, Long.parseLong(value)), "339999007001"),
			"42883", false, "a number is not compared with a region: 42883");
	}

	public static void main(String[] arguments) throws Exception {
		Connection connection = connect();
		note("JDBC " + connection.getMetaData().getDriverVersion() + ", Java " + System.getProperty("java.version"));
		roundTrips(connection, AS_STRING, "setString");
		roundTrips(connection, AS_OTHER, "setObject OTHER");
		byIndex(connection, AS_STRING, "text", true, "setString");
		byIndex(connection, AS_OTHER, null, true, "setObject OTHER");
		byIndex(connect("stringtype=unspecified"), AS_STRING, "varchar", true, "stringtype=unspecified");
		byIndex(connect("preferQueryMode=simple"), AS_STRING, "text", false, "preferQueryMode=simple");
		registry(connection);
		batch(connection, "as it comes");
		batch(connect("reWriteBatchedInserts=true"), "reWriteBatchedInserts");
		copies(connection);
		arrays(connection);
		metadata(connection);
		updatable(connection);
		cursor(connection);
		errors(connection);
		System.out.println("1.." + count);
	}
}
