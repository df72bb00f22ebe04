// node-postgres: all parameters go as text without a type, results come in
// text form, or in binary form when asked for.
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import { createRequire } from 'node:module';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';

const types = ['region', 'citizen_id', 'rule', 'cadence', 'calendar', 'rubric', 'scorecard', 'score_table'];
let count = 0;

function note(text) {
	for (const line of String(text).split('\n')) console.log(`# ${line}`);
}

function ok(good, name, text = '') {
	console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${name.replaceAll('#', '\\#')}`);
	if (!good && text) note(text);
}

function equal(got, wanted, name) {
	const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
	ok(a === b, name, `got ${a}\nnot ${b}`);
}

async function failure(promise, name, check) {
	try {
		await promise;
	} catch (error) {
		ok(check(error), name, `${error.code} ${error.message}`);
		return;
	}
	ok(false, name, 'no error');
}

function numbered(sql) {
	let n = 0;
	return sql.replaceAll('?', () => `$${++n}`);
}

note(`pg ${createRequire(import.meta.url)('pg/package.json').version}, node ${process.version}`);
const client = new pg.Client();	// host, port, user, password and database from the environment
await client.connect();

async function rows(sql, values = [], options = {}) {
	return (await client.query({ text: numbered(sql), values, rowMode: 'array', ...options })).rows;
}

// Round trips, with results in text and in binary form.
for (const binary of [false, true]) {
	const form = binary ? 'binary' : 'text';
	for (const type of types) {
		const samples = await rows('SELECT n, written, canonical FROM sample WHERE type = ? ORDER BY n', [type]);
		await rows(`TRUNCATE holder_${type}`);
		for (const [n, written] of samples) {
			await rows(`INSERT INTO holder_${type} (n, value) VALUES (?, ?)`, [n, written]);
		}
		await rows(`INSERT INTO holder_${type} (n, value) VALUES (?, ?)`, [0, null]);
		const values = await rows(`SELECT value FROM holder_${type} ORDER BY n`, [], { binary });
		equal(values.map(([value]) => value === null ? null : value.toString()), [null, ...samples.map(([, , canonical]) => canonical)],
			`${type}: ${samples.length} values and NULL, written and read, ${form}`);
	}
}

// The conditions, in named statements, which the driver prepares.
for (const [marker, condition, args, type, found] of
	await rows('SELECT marker, condition, arguments, type, found FROM question ORDER BY marker')) {
	const answer = await rows(`SELECT count(*) AS ${marker} FROM many_${type} WHERE ${condition}`, args, { name: marker });
	equal(answer[0][0], String(found), `${marker}: ${condition} finds ${found}`);
	const literals = args.map((a) => Array.isArray(a) ? `{${a.map((v) => JSON.stringify(v)).join(',')}}` : a);
	const [[used, parameters]] = await rows('SELECT used, types FROM plan_of(?, ?)', [marker, literals]);
	equal(used, 'index', `${marker}: by the index, parameters ${parameters}`);
}
equal((await rows('SELECT count(*)::int FROM many_region WHERE value = ANY (?::text[])', [['339999007001', '339999007002000']]))[0][0], 2,
	'= ANY with a parameter that the statement calls text[]');

// The facts of the README entered through parameters, and its scores read.
// Numbers come as text, so that none is rounded.
for (const fact of [['A-1', '2023-06-03', 350000], ['A-2', '2023-09-20', 80000]]) {
	await rows('INSERT INTO fraud.fraud_case (unit, case_no, filed_on, loss) VALUES (?, ?, ?, ?)', ['339999001001', ...fact]);
}
for (const [unit, sessions] of [['339999001001', 30], ['339999001002', 52]]) {
	await rows('INSERT INTO fraud.activity (unit, kind, held_on, sessions) VALUES (?, ?, ?, ?)', [unit, 'talk', '2023-05-10', sessions]);
}
await rows('INSERT INTO fraud.sample (unit, kind, sampled_on, sampled, positive) VALUES (?, ?, ?, ?, ?)',
	['339999001001', 'app', '2023-08-01', 20, 18]);
equal(await rows('SELECT name, total FROM fraud.scoreboard ORDER BY rank'),
	[['Hilltop', '100'], ['Riverside School', '95'], ['Riverside', '89']], 'facts entered, scores read');
equal(await rows('SELECT item_no, deducted FROM fraud.explain_score(?, ?) ORDER BY item_no', ['339999001001', 'nanma-2023']),
	[['3', '2'], ['4', '2'], ['7', '2'], ['8', '5']], 'a score is explained');
equal(await rows('SELECT name, total FROM fraud.scores(?, as_of => ?) ORDER BY name', ['nanma-2023', '2023-06-30']),
	[['Hilltop', '100'], ['Riverside', '96'], ['Riverside School', '100']], 'scores as of a date');

// A batch: arrays, unnested.
const n = Array.from({ length: 1000 }, (_, i) => i);
await rows('TRUNCATE incident');
await rows(`INSERT INTO incident
	SELECT * FROM unnest(?::region[], ?::citizen_id[], ?::rule[], ?::numeric[])`,
	[n.map(() => '339999001001'), n.map(() => '339999199001010013'), n.map(() => 'deduct 1 per occurrence'), n]);
equal(await rows('SELECT count(*)::int, count(DISTINCT place)::int, sum(loss) FROM incident'), [[1000, 1, '499500']],
	'1,000 rows inserted from arrays');

// COPY, both ways.
await rows('CREATE TEMP TABLE copied (value region)');
for (const form of ['text', 'csv', 'binary']) {
	const blocks = [];
	await pipeline(client.query(to(`COPY many_region TO STDOUT (FORMAT ${form})`)), new Writable({
		write(block, _, done) { blocks.push(Buffer.from(block)); done(); },
	}));
	await rows('TRUNCATE copied');
	await pipeline(Readable.from(blocks), client.query(from(`COPY copied FROM STDIN (FORMAT ${form})`)));
	equal((await rows('SELECT count(*)::int FROM copied JOIN many_region USING (value)'))[0][0], 20000,
		`COPY of 20,000 regions out and in again, ${form}`);
}

// Arrays come as their text form until a parser is set.
const array = "SELECT ARRAY['330000', '331126']::region[]";
equal((await rows(array))[0][0], '{330000,331126}', 'an array is read as text');
const [[oid, textArray]] = await rows("SELECT 'region[]'::regtype::oid::int, 'text[]'::regtype::oid::int");
pg.types.setTypeParser(oid, pg.types.getTypeParser(textArray));
equal((await rows(array))[0][0], ['330000', '331126'], 'with the parser of text[], as a list');

// What the driver says of a column.
const { fields } = await client.query('SELECT value FROM many_region LIMIT 1');
equal(fields[0].dataTypeID, (await rows("SELECT 'region'::regtype::oid::int"))[0][0], 'the type id of a column is the type\'s oid');

// Errors.
await failure(rows('INSERT INTO holder_region VALUES (1, ?)', ['33112']), 'a bad region is error 22P02 with detail and hint',
	(error) => error.code === '22P02' && error.detail && error.hint);
await failure(rows('SELECT count(*) FROM many_region WHERE value = ?', ['nowhere']), 'a bad code in a comparison: 22P02',
	(error) => error.code === '22P02');
equal(await rows('SELECT count(*)::int FROM many_region WHERE value = ?::text', ['nowhere']), [[0]],
	'a bad code in a comparison with ?::text: no rows');

await client.end();
console.log(`1..${count}`);
