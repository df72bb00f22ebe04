// DuckDB on its own columnar copy of the facts: node duckdb.mjs CSV DIRECTORY.
// The query is standard input: {facts} is the table; its rows are (region,
// total).  Prints one JSON object: version, seconds by order and threads, and
// what the totals add up to; or {"skipped": "why"}.
import { readFileSync } from 'node:fs';

let DuckDBInstance, version;
try {
	({ DuckDBInstance, version } = await import('@duckdb/node-api'));
} catch {
	console.log(JSON.stringify({ skipped: 'npm package @duckdb/node-api is not installed (npm install @duckdb/node-api)' }));
	process.exit(0);
}

const [csv, directory] = process.argv.slice(2);
const query = readFileSync(0, 'utf8');
const instance = await DuckDBInstance.create(`${directory}/facts.duckdb`);
const connection = await instance.connect();
const columns = "{region: 'BIGINT', measure: 'VARCHAR', occurred_on: 'DATE', quantity: 'BIGINT', base: 'BIGINT', amount: 'DECIMAL(18,2)'}";
await connection.run(`CREATE TABLE fact AS SELECT * FROM read_csv('${csv}', columns = ${columns}, header = false)`);
await connection.run('CREATE TABLE fact_clustered AS SELECT * FROM fact ORDER BY region');
await connection.run('CHECKPOINT');

const result = { version: version?.() ?? '', seconds: {} };
for (const table of ['fact', 'fact_clustered']) {
	const statement = `SELECT count(*), sum(total), sum(total * (region % 1000003)) FROM (${query.replaceAll('{facts}', table)}) AS t`;
	for (const threads of [1, 2]) {
		await connection.run(`SET threads = ${threads}`);
		let best = Infinity;
		for (let run = 0; run < 3; run++) {
			const since = performance.now();
			const rows = (await connection.runAndReadAll(statement)).getRows();
			best = Math.min(best, (performance.now() - since) / 1000);
			result.sums = rows[0].map(String);
		}
		result.seconds[`${table} ${threads}`] = best;
	}
}
console.log(JSON.stringify(result));
