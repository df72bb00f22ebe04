#!/usr/bin/env node
// Delivers the messages of a registry's outbox to an HTTP server.
//
//   node deliver.mjs --url http://localhost:8080/messages
//
//   --registry fraud     schema of the registry
//   --channel outbox     LISTENs there (see notify_outbox()); default: none, it only polls
//   --topics a,b         only these topics; default: all
//   --batch 10           messages claimed at a time
//   --lease 60           seconds that a claim lasts; a post may take half of it
//   --poll 30            at most so many seconds until it looks without being woken
//
// The connection is libpq's: PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD.
// The role needs set_deliverer() and nothing else.
//
// Every message is delivered at least once.  It may come twice (the answer was
// lost, or this program stopped between posting and reporting), with the same
// Idempotency-Key both times: the receiver takes note of the keys.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';

const { values: option } = parseArgs({
	options: {
		url: { type: 'string' },
		registry: { type: 'string', default: 'fraud' },
		channel: { type: 'string' },
		topics: { type: 'string' },
		batch: { type: 'string', default: '10' },
		lease: { type: 'string', default: '60' },
		poll: { type: 'string', default: '30' },
	},
});
if (!option.url) {
	console.error('deliver: --url is missing');
	process.exit(2);
}

const claimer = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
const registry = pg.escapeIdentifier(option.registry);
const lease = Number(option.lease);
const topics = option.topics ? option.topics.split(',') : null;

let stopping = false;
let pause = 1;
let wake = () => {};

// Until somebody wakes us, at most so many seconds.
const sleep = (seconds) => new Promise((resolve) => {
	const timer = setTimeout(resolve, seconds * 1000);
	wake = () => {
		clearTimeout(timer);
		resolve();
	};
});

for (const signal of ['SIGTERM', 'SIGINT']) {
	process.on(signal, () => {
		stopping = true;
		wake();
	});
}

// What goes wrong is the message's last_error; null: delivered.
async function post(message) {
	try {
		const answer = await fetch(option.url, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', 'Idempotency-Key': message.key },
			body: JSON.stringify({ topic: message.topic, payload: message.payload }),
			redirect: 'error',
			signal: AbortSignal.timeout(lease * 500),
		});
		await answer.arrayBuffer();
		return answer.ok ? null : `HTTP ${answer.status}`;
	} catch (error) {
		return error.cause?.code ?? error.cause?.message ?? error.message;
	}
}

// One statement each, so each commits: no transaction stays open while posting.
async function deliver(client) {
	const { rows } = await client.query(
		`SELECT id, key, topic, payload, attempt FROM ${registry}.claim_outbox($1, make_interval(secs => $2), $3, $4)`,
		[Number(option.batch), lease, claimer, topics]);
	const posts = rows.map((message) => post(message));
	for (const [i, message] of rows.entries()) {
		const error = await posts[i];
		const { rows: [{ state }] } = await client.query(
			`SELECT ${registry}.settle_outbox($1, $2, $3) AS state`, [message.id, message.attempt, error]);
		console.log(`${message.key} ${state}${error ? ` (${error})` : ''}`);
	}
	return rows.length;
}

async function run() {
	const client = new pg.Client({ application_name: 'antifraud deliver' });
	// without a listener of its own an error event would end the program
	let lost = null;
	client.on('error', (error) => {
		lost = error;
		wake();
	});
	await client.connect();
	try {
		client.on('notification', () => wake());
		if (option.channel) {
			await client.query(`LISTEN ${pg.escapeIdentifier(option.channel)}`);
		}
		console.log('ready');
		pause = 1;
		while (!stopping && !lost) {
			// woken while it looks, it looks again
			let woken = false;
			wake = () => { woken = true; };
			const delivered = await deliver(client);
			if (!delivered) {
				const { rows: [{ seconds }] } = await client.query(
					`SELECT extract(epoch FROM min(not_before) - clock_timestamp())::float8 AS seconds
					 FROM ${registry}.outbox WHERE delivered_at IS NULL AND dead_at IS NULL`);
				if (!woken && !stopping) {
					await sleep(Math.max(0.01, Math.min(Number(option.poll), seconds ?? Infinity)));
				}
			}
		}
		if (lost) {
			throw lost;
		}
	} finally {
		await client.end().catch(() => {});
	}
}

while (!stopping) {
	try {
		await run();
	} catch (error) {
		// the server restarts, or the network is down: what was claimed comes
		// back when its lease ends
		console.error(`deliver: ${error.message}`);
		if (!stopping) {
			await sleep(pause);
		}
		pause = Math.min(pause * 2, 60);
	}
}
console.log('stopped');
