// Opens the built dashboard in Chromium, clicks through it as its readers do,
// and compares what it shows with what the registry says, asked in other words
// than the views that the dashboard reads. Environment: libpq's, for an owner
// of the registry in schema fraud; DASHBOARD, the directory of the dashboard
// with its dist/; SCREENSHOTS, where to keep a picture of each page, if wanted.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { chromium } from 'playwright-core';

const directory = process.env.DASHBOARD;
const { serve } = await import(pathToFileURL(join(directory, 'serve.mjs')));
let count = 0;

function ok(good, name, text = '') {
	console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${name.replaceAll('#', '\\#')}`);
	if (!good && text) for (const line of String(text).split('\n')) console.log(`# ${line}`);
}

function equal(got, wanted, name) {
	const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
	ok(a === b, name, `got ${a}\nnot ${b}`);
}

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const client = new pg.Client();
await client.connect();
await client.query('SET search_path = antifraud');
const rows = async (sql, values) => (await client.query({ text: sql, values, rowMode: 'array' })).rows;
// One after another: it is one connection.
async function each(list, ask) {
	const answers = [];
	for (const item of list) answers.push(await ask(item));
	return answers;
}
const value = async (sql, values) => (await rows(sql, values))[0][0];

const { server, url } = await serve(join(directory, 'dist'));
const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
	args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
		'--disable-component-update', '--disable-sync'],
});
console.log(`# Chromium ${browser.version()}, node ${process.version}`);
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(30000);
const faults = [];
const elsewhere = new Set();
page.on('pageerror', (error) => faults.push(error.message));
page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
page.on('request', (request) => request.url().startsWith(url) || request.url().startsWith('data:') || elsewhere.add(request.url()));

// Charts wait for their width.
const drawn = () => page.waitForFunction(() => [...document.querySelectorAll('.chart')].every((chart) => chart.querySelector('svg, .empty')));
async function shown(name) {
	await page.waitForSelector('.page h1');
	await drawn();
	if (process.env.SCREENSHOTS) {
		await mkdir(process.env.SCREENSHOTS, { recursive: true });
		await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
	}
	const text = await page.evaluate(() => document.querySelector('.page').textContent);
	ok(!/NaN|undefined|null|Infinity|Invalid|\[object/.test(text), `${name}: no value is missing by mistake`, text.match(/.{0,40}(NaN|undefined|null|Infinity|Invalid|\[object).{0,40}/)?.[0]);
	ok(await page.evaluate(() => [...document.querySelectorAll('svg *')].every((e) => [...e.attributes].every((a) => !/NaN|undefined/.test(a.value)))), `${name}: nothing is drawn nowhere`);
}
const follow = (label) => page.click(`#observablehq-sidebar a:text-is("${label}")`);
const data = (selector, name = 'value') => page.getAttribute(selector, `data-${name}`);
const cells = (table, column) => page.$$eval(`${table} tbody td[data-column="${column}"]`, (found) => found.map((cell) => cell.textContent));
const values = (table, column) => page.$$eval(`${table} tbody td[data-column="${column}"]`, (found) => found.map((cell) => cell.dataset.value));
const keys = (table) => page.$$eval(`${table} tbody tr`, (found) => found.map((row) => row.dataset.key));

const until = await value('SELECT as_of FROM fraud.registry_info');
const from = `${until.slice(0, 4)}-01-01`;
const [beforeFrom, beforeUntil] = (await rows(`SELECT ($1::date - interval '1 year')::date, ($2::date - interval '1 year')::date`, [from, until]))[0];
const casesOf = (region, first, last) => value('SELECT count(*) FROM fraud.fraud_case WHERE voided_at IS NULL AND region <@ $1::region AND filed_on BETWEEN $2 AND $3', [region, first, last]);
const percent = (number) => `${number > 0 ? '+' : number < 0 ? '−' : ''}${Math.abs(number).toFixed(1)}%`;
async function change(region) {
	const [now, before] = [await casesOf(region, from, until), await casesOf(region, beforeFrom, beforeUntil)];
	const [[low, high]] = await rows('SELECT round((100 * (low - 1))::numeric, 1), round((100 * (high - 1))::numeric, 1) FROM change_interval($1, $2)', [now, before]);
	return { now, before, low, high, by: await value('SELECT round(100.0 * ($1::int - $2::int) / $2::int, 1)', [now, before]) };
}

// ---------------------------------------------------------------- one page

await page.goto(url);
await shown('leader');
const county = await change('339999');
equal(Number(await data('#cases')), county.now, 'cases of the year so far');
const caseText = await page.textContent('#cases');
ok(caseText.includes(`上年同期 ${county.before} 起，${percent(county.by)}`), 'beside those of the same dates last year', caseText);
ok(caseText.includes(`95%区间 ${percent(county.low)} 至 ${percent(county.high)}`), 'with the interval of the change', caseText);
const expected = county.high < 0 ? '下降，超出偶然波动' : county.low > 0 ? '上升，超出偶然波动' : '升降未超出偶然波动';
ok(caseText.includes(expected), `and no more said than it bears: ${expected}`, caseText);
equal(Number(await data('#loss')), await value('SELECT sum(loss) FROM fraud.fraud_case WHERE voided_at IS NULL AND filed_on BETWEEN $1 AND $2', [from, until]), 'losses');
equal(Number(await data('#targets')), await value("SELECT count(*) FROM fraud.target_status WHERE unit IS NULL AND state = 'missed'"), 'targets missed');
equal(Number(await data('#overdue')), await value('SELECT count(*) FROM fraud.checkin_overdue'), 'persons overdue');
equal(Number(await data('#open')), await value('SELECT count(*) FROM fraud.open_escalation'), 'escalations open');
const late = await value('SELECT count(*) FROM fraud.open_escalation WHERE late IS NOT NULL');
ok((await page.textContent('#open')).includes(`其中超期 ${late} 件`), 'and how many of them are late', await page.textContent('#open'));
equal(await page.$$eval('.cohorts > div', (found) => found.map((group) => group.querySelector('h3').textContent)),
	(await rows('SELECT DISTINCT cohort, label_zh, "of" FROM fraud.cohort_scoreboard ORDER BY cohort')).map(([, name, of]) => `${name}（${of} 个）`), 'cohorts');
const barsOf = (title) => page.$$eval('.card', (cards, wanted) => cards.find((c) => c.querySelector('h2')?.textContent === wanted).querySelectorAll('g[aria-label="bar"] rect').length, title);
equal(await barsOf('每月发案'), 12, 'a bar a month');
equal(await barsOf('核查逾期最多的责任人'), Math.min(10, await value('SELECT count(*) FROM (SELECT officer FROM fraud.checkin_overdue GROUP BY officer) AS o')), 'a bar an officer');

// ---------------------------------------------------------------- the trend

await page.click('#cases a');
await shown('trend');
ok(page.url().endsWith('/analyst/trend.html'), 'a card leads to its page', page.url());
equal([await data('#verdict', 'value'), await data('#verdict', 'low'), await data('#verdict', 'high')].map(Number), [county.by, county.low, county.high], 'the change of the county and its interval');
await page.click('#trend button.more');
const months = await keys('#months');
const monthly = await rows(`SELECT m.month::text, count(c.id), round(max(p.low)::numeric, 2), round(max(p.high)::numeric, 2)
  FROM unnest($1::date[]) WITH ORDINALITY AS m (month, place)
  LEFT JOIN fraud.fraud_case AS c ON c.voided_at IS NULL AND date_trunc('month', c.filed_on)::date = m.month AND c.filed_on <= $2
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM fraud.fraud_case AS d WHERE d.voided_at IS NULL AND date_trunc('month', d.filed_on)::date = m.month AND d.filed_on <= $2) AS n
  CROSS JOIN LATERAL poisson_interval(n.n) AS p GROUP BY m.place, m.month ORDER BY m.place`, [months, until]);
equal(months.length, 36, 'three years of months');
const [counts, lows, highs] = [await values('#months', '案件数'), await cells('#months', '下限'), await cells('#months', '上限')];
equal(months.map((month, i) => [month, Number(counts[i]), Number(lows[i]), Number(highs[i])]), monthly, 'cases of each month and their exact interval, worked out in the browser as in the database');
const towns = await rows("SELECT region::text, name FROM fraud.unit WHERE kind = 'town' ORDER BY region");
const [town, townName] = towns.at(-1);
await page.selectOption('#area', town);
const ofTown = await change(town);
equal([await data('#verdict', 'value'), await data('#verdict', 'low'), await data('#verdict', 'high')].map(Number), [ofTown.by, ofTown.low, ofTown.high], `the change of ${townName}`);

// ---------------------------------------------------------------- the board

await follow('考评排名');
await shown('board');
const rubric = await page.inputValue('#rubric');
equal(rubric, 'nanma-2023', 'the rubric that is listed');
const board = await rows("SELECT unit, rank, total FROM fraud.scoreboard WHERE rubric = 'nanma-2023' ORDER BY rank, unit");
equal((await keys('#units')).length, Math.min(50, board.length), 'the first fifty');
await page.click('#board button.more');
equal(await keys('#units'), board.map(([unit]) => unit), 'every unit in order of rank');
equal((await values('#units', '得分')).map(Number), board.map(([, , total]) => total), 'with its score');
await page.click('#units th:has-text("得分") button');
await page.click('#units th:has-text("得分") button');
const ascending = (await values('#units', '得分')).map(Number);
equal([ascending, await page.getAttribute('#units th:has-text("得分")', 'aria-sort')], [ascending.toSorted((a, b) => a - b), 'ascending'], 'a heading sorts, and back');
await page.selectOption('#cohort', 'rural');
const rural = await rows("SELECT unit, rank, medal FROM fraud.cohort_scoreboard WHERE rubric = 'nanma-2023' AND cohort = 'rural' ORDER BY rank, unit");
equal([await keys('#units'), (await values('#units', '名次')).map(Number)], [rural.slice(0, 50).map(([unit]) => unit), rural.slice(0, 50).map(([, rank]) => rank)], 'a cohort has ranks of its own');
equal(await page.$$eval('#units .medal', (found) => found.length), rural.slice(0, 50).filter(([, , medal]) => medal).length, 'and medals');
await page.selectOption('#cohort', '');
await page.fill('#words', townName);
equal((await keys('#units')).length, Math.min(50, await value("SELECT count(*) FROM fraud.scores('nanma-2023') AS s WHERE region <@ $1::region", [town])), `the units of ${townName}, by its name`);

// ---------------------------------------------------------- one score explained

const [worst, worstRank, worstTotal] = board.filter(([unit]) => unit.startsWith(town)).at(-1);
await page.click(`#units tr[data-key="${worst}"]`);
await page.waitForURL(/unit\.html/);
await shown('unit');
ok(new URL(page.url()).searchParams.get('unit') === worst, 'a row leads to its unit', page.url());
equal([await data('#total'), await data('#rank')].map(Number), [worstTotal, worstRank], 'its score and rank');
const why = await rows('SELECT item_no, sum(deducted) FROM fraud.explain_score($1, $2, $3) GROUP BY item_no HAVING sum(deducted) > 0 ORDER BY item_no::int', [worst, rubric, until]);
const [numbers, less] = [await values('#items', '项号'), await values('#items', '扣分')];
const sums = new Map();
numbers.forEach((number, i) => Number(less[i]) && sums.set(number, (sums.get(number) ?? 0) + Number(less[i])));
equal([...sums], why, 'every deduction is that of explain_score()');
equal([...sums.values()].reduce((sum, n) => sum - n, 100), worstTotal, 'and full points less these is the score');
const monthEnds = (await rows(`SELECT s.total FROM generate_series(date '2023-05-01', $1::date, interval '1 month') AS m
  CROSS JOIN LATERAL fraud.scores('nanma-2023', least((m + interval '1 month - 1 day')::date, $1::date)) AS s WHERE s.unit = $2 ORDER BY m`, [until, worst])).map(([total]) => String(total));
ok(await page.$$eval('.card svg', (charts, wanted) => charts.some((chart) => {
	const texts = [...chart.querySelectorAll('g[aria-label="text"] text')].map((t) => t.textContent);
	return JSON.stringify(texts) === JSON.stringify(wanted);
}), monthEnds), `the months' ends: ${monthEnds.join(', ')}`);
const another = board[0][0];
await page.selectOption('#unit', another);
equal([Number(await data('#total')), new URL(page.url()).searchParams.get('unit')], [board[0][2], another], 'another unit by choice, and the address says so');

// ---------------------------------------------------------------- towns

await follow('乡镇排名');
await shown('towns');
equal(await keys('#towns'), towns.map(([code]) => code), 'every town');
equal((await values('#towns', '案件数')).map(Number), await each(towns, ([code]) => casesOf(code, from, until)), 'cases of each');
const rates = await each(towns, ([code]) => value(`SELECT round(10000.0 * (SELECT count(*) FROM fraud.fraud_case WHERE voided_at IS NULL AND region <@ $1::region AND filed_on BETWEEN $2 AND $3) / sum(population), 3)
  FROM fraud.unit WHERE kind IN ('community', 'village') AND region <@ $1::region`, [code, from, until]));
equal((await values('#towns', '万人发案')).map(Number), rates, 'cases per 10,000 residents');
const order = () => drawn().then(() => page.$$eval('#ranking svg g[aria-label="y-axis tick label"] text', (found) => found.map((t) => t.textContent)));
const highestFirst = (list) => towns.map(([, name], i) => [name, list[i]]).sort((a, b) => b[1] - a[1]).map(([name]) => name);
equal(await order(), highestFirst(rates), 'the highest rate first');
await page.selectOption('#by', '损失');
equal(await order(), highestFirst(await each(towns, ([code]) => value('SELECT sum(loss) FROM fraud.fraud_case WHERE voided_at IS NULL AND region <@ $1::region AND filed_on BETWEEN $2 AND $3', [code, from, until]))), 'or the greatest loss');

// ---------------------------------------------------------------- targets

await follow('目标进度');
await shown('targets');
const targets = await rows('SELECT numerator, state_zh FROM fraud.target_status WHERE unit IS NULL ORDER BY programme, last_day, code');
equal((await values('#target-rows', '分子')).map(Number), targets.map(([n]) => Number(n)), 'the figure of every target');
ok((await cells('#target-rows', '状态')).every((text, i) => text.startsWith(targets[i][1])), 'and its state');
await page.selectOption('#programme', 'tuohe-2023');
const pace = await rows("SELECT pace, forecast_low, forecast_high, more_allowed, forecast_mid FROM fraud.target_status WHERE unit IS NULL AND programme = 'tuohe-2023' AND code = 'cases_fall'");
equal([Number((await values('#target-rows', '进度'))[0]), (await cells('#target-rows', '预计'))[0], (await cells('#target-rows', '还允许'))[0]],
	[pace[0][0], `${pace[0][4]}（${pace[0][1]} 至 ${pace[0][2]}）`, `还允许 ${pace[0][3]}`], 'one programme: pace, range, and what is still allowed');
await page.selectOption('#programme', '');
await page.selectOption('#whose', 'units');
equal((await keys('#target-rows')).length, Math.min(60, await value('SELECT count(*) FROM fraud.target_status WHERE unit IS NOT NULL')), 'those of single units');

// ---------------------------------------------------------------- check-ins

await follow('核查逾期');
await shown('checkins');
const overdue = await rows(`SELECT t.name, count(*) FROM fraud.checkin_overdue AS o JOIN fraud.unit AS t ON t.kind = 'town' AND o.region <@ t.region GROUP BY t.name, t.region ORDER BY t.region`);
const [names, numbersOverdue] = [await keys('#by-town'), (await values('#by-town', '逾期')).map(Number)];
equal(names.map((name, i) => [name, numbersOverdue[i]]).filter(([, n]) => n > 0), overdue, 'persons overdue in each town');
const [first] = await rows('SELECT officer::text, count(*) FROM fraud.checkin_overdue GROUP BY officer ORDER BY count(*) DESC LIMIT 1');
equal(Number((await values('#officers', '逾期'))[0]), first[1], 'the officer with most of them first');
// persons for whom nobody answers stand in a row without a key
const officers = await keys('#officers');
const ofOfficer = officers.find((key) => key);
equal(Number((await values('#officers', '人数'))[officers.indexOf(ofOfficer)]), await value("SELECT count(*) FROM fraud.responsible_officer AS r JOIN fraud.person AS p ON p.id = r.person WHERE r.officer = $1 AND r.period @> $2::date AND p.status IN ('listed', 'abroad', 'returned')", [ofOfficer, until]), 'and how many an officer has in all');

// ---------------------------------------------------------------- escalations

await follow('督办升级');
await shown('escalations');
equal(await page.$$eval('.card svg g[aria-label="text"] text', (found) => found.map((t) => Number(t.textContent))),
	(await rows('SELECT count(*) FROM fraud.escalation AS e JOIN fraud.escalation_state AS s ON s.code = e.state WHERE e.as_of <= $1 GROUP BY s.rank ORDER BY s.rank', [until])).map(([n]) => n), 'how many in each state');
await page.selectOption('#state', '待审定');
const proposed = await value("SELECT count(*) FROM fraud.open_escalation WHERE state = 'proposed'");
ok((await page.textContent('#open-list h2')) === `未办结 ${proposed} 件`, `those that wait for an authority: ${proposed}`, await page.textContent('#open-list h2'));
const gravest = await value("SELECT rung_zh FROM fraud.open_escalation WHERE state = 'proposed' ORDER BY rank DESC LIMIT 1");
equal((await cells('#open-rows', '举措'))[0], gravest, 'the gravest first');

// ------------------------------------------------------- what holds for all

await page.setViewportSize({ width: 390, height: 844 });
for (const path of ['index', 'analyst/board', 'analyst/unit', 'analyst/towns', 'analyst/targets', 'analyst/checkins', 'analyst/escalations', 'analyst/trend']) {
	await page.goto(`${url}${path}.html`);
	await page.waitForSelector('.page h1');
	await drawn();
	const width = await page.evaluate(() => document.documentElement.scrollWidth);
	ok(width <= 390, `${path} fits a telephone`, `${width} pixels wide`);
}
if (process.env.SCREENSHOTS) {
	await page.goto(url);
	await page.waitForSelector('.page h1');
	await drawn();
	await page.screenshot({ path: join(process.env.SCREENSHOTS, 'telephone.png'), fullPage: true });
}
equal([...elsewhere], [], 'nothing is fetched from elsewhere');
equal(faults, [], 'no page reports an error');
await browser.close();
server.close();

// Nothing that tells who a person is may be in what was built.
const secrets = (await rows(`SELECT citizen_id::text FROM fraud.person WHERE citizen_id IS NOT NULL UNION ALL SELECT phone FROM fraud.officer WHERE phone IS NOT NULL
  UNION ALL SELECT subject FROM fraud.officer WHERE subject IS NOT NULL UNION ALL SELECT victim FROM fraud.fraud_case WHERE victim LIKE 'R-_____%'`)).map(([text]) => text);
const built = (await readdir(join(directory, 'dist'), { recursive: true, withFileTypes: true })).filter((file) => file.isFile() && /\.(json|html)$/.test(file.name));
const content = (await Promise.all(built.map((file) => readFile(join(file.parentPath ?? file.path, file.name), 'utf8')))).join('\n');
ok(secrets.length > 1000 && built.length > 15, `${secrets.length} ids, telephones and keys looked for in ${built.length} files`);
equal(secrets.filter((secret) => content.includes(secret)), [], 'none is there');

// A reader of one town gets the data of one town.
await client.query(`SELECT antifraud.grant_bi('fraud_bi_zh', 'board_of_a_town', $1, 'test')`, [town]);
const { stdout } = await promisify(execFile)(process.execPath, [join(directory, 'src/data.tar.js')], { env: { ...process.env, PGUSER: 'board_of_a_town' }, encoding: 'latin1', maxBuffer: 1e8 });
ok(stdout.includes(`"单位代码":"${town}`.replace(/[^\x00-\x7f]/g, (c) => Buffer.from(c).toString('latin1'))), 'a reader of one town sees its units');
equal(towns.filter(([code]) => code !== town && stdout.includes(code)), [], 'and nothing of another town');
await client.end();
console.log(`1..${count}`);
