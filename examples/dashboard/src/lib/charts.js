import * as Plot from "@observablehq/plot";
import {poissonInterval} from "./format.js";
import {empty} from "./dom.js";

export const colours = {now: "#1f6feb", before: "#8c959f", bad: "#cf222e", good: "#1a7f37", wait: "#bf8700", quiet: "#d0d7de"};

const text = {style: {fontSize: "12px", fontFamily: "var(--sans-serif)"}};
const monthLabel = (month, i) => `${+month.slice(5, 7)}月${i === 0 || month.endsWith("-01-01") ? `\n${month.slice(0, 4)}` : ""}`;
const label = (value, most) => (value.length > most ? `${value.slice(0, most - 1)}…` : value);

/** Months from the rows of towns up to a day, with an interval of their sum. */
export function monthsOf(trend, until) {
  const months = new Map();
  for (const row of trend) {
    const m = months.get(row.月份) ?? {月份: row.月份, 案件数: 0, 损失: 0, 上年案件数: 0, 上年损失: 0, known: true};
    m.案件数 += row.案件数;
    m.损失 += row.损失;
    if (row.上年案件数 == null) m.known = false;
    m.上年案件数 += row.上年案件数 ?? 0;
    m.上年损失 += row.上年损失 ?? 0;
    months.set(row.月份, m);
  }
  return [...months.values()].map((m) => {
    const [low, high] = poissonInterval(m.案件数);
    // of a month that is not over yet the year before is known in full
    const partial = until != null && until.startsWith(m.月份.slice(0, 7)) && new Date(Date.parse(until) + 864e5).getUTCDate() !== 1;
    return {...m, partial, 上年案件数: m.known ? m.上年案件数 : null, 上年损失: m.known ? m.上年损失 : null, 下限: low, 上限: high};
  });
}

/** Cases by month with the interval of what is to be expected, and last year's. */
export function monthChart(months, width, height = 240) {
  if (!months.length) return empty();
  const known = months.filter((m) => m.上年案件数 != null);
  return Plot.plot({
    ...text, width, height, marginTop: 24, marginBottom: 40,
    x: {type: "band", label: null, ticks: months.map((m) => m.月份).filter((m, i) => i % Math.ceil((months.length * 40) / width) === 0), tickFormat: monthLabel},
    y: {label: "起", grid: true, nice: true, zero: true},
    marks: [
      Plot.barY(months, {x: "月份", y: "案件数", fill: colours.now, fillOpacity: (m) => (m.partial ? 0.35 : 0.75), insetLeft: 2, insetRight: 2}),
      Plot.ruleX(months, {x: "月份", y1: "下限", y2: "上限", stroke: "#333", strokeOpacity: 0.7}),
      Plot.line(known, {x: "月份", y: "上年案件数", stroke: colours.before, strokeWidth: 2}),
      Plot.dot(known, {x: "月份", y: "上年案件数", fill: colours.before, r: 3}),
      Plot.tip(months, Plot.pointerX({x: "月份", y: "案件数", title: (m) => `${m.月份.slice(0, 7)}${m.partial ? "（未满月）" : ""}\n${m.案件数} 起（区间 ${m.下限.toFixed(1)} 至 ${m.上限.toFixed(1)}）\n上年同月 ${m.上年案件数 ?? "无记录"}`}))
    ]
  });
}

/** Towns by a value with its interval: where intervals overlap, no order is certain. */
export function rankChart(rows, {value, low, high, x, reference, width, format = String, tick}) {
  if (rows.every((r) => r[value] == null)) return empty("没有可比的数据");
  return Plot.plot({
    ...text, width, height: 60 + 28 * rows.length, marginLeft: 96, marginRight: 56, marginBottom: 40,
    x: {label: x, grid: true, nice: true, ticks: width < 480 ? 4 : 7, tickFormat: tick, labelAnchor: "center", labelArrow: "none"},
    y: {label: null, domain: rows.map((r) => r.地区名称 ?? r.地区代码)},
    marks: [
      reference == null ? null : Plot.ruleX([reference], {stroke: colours.before, strokeDasharray: "4,3"}),
      low == null ? null : Plot.ruleY(rows.filter((r) => r[low] != null), {y: (r) => r.地区名称 ?? r.地区代码, x1: low, x2: (r) => r[high] ?? r[value], stroke: colours.now, strokeWidth: 6, strokeOpacity: 0.25}),
      Plot.dot(rows.filter((r) => r[value] != null), {y: (r) => r.地区名称 ?? r.地区代码, x: value, r: 5, fill: colours.now}),
      Plot.text(rows.filter((r) => r[value] != null), {y: (r) => r.地区名称 ?? r.地区代码, x: value, text: (r) => format(r[value]), dy: -11})
    ]
  });
}

const stateColour = (code) => ({met: colours.good, missed: colours.bad, open: colours.now}[code] ?? colours.before);

/** The figure of each target in per cent of its bound, and where it may end. */
export function targetChart(rows, width) {
  const shown = rows
    .filter((t) => t.界限 > 0 && t.分子 != null)
    .map((t) => ({...t, 方向: t.还需要 != null ? "不低于" : "不超过", 名: `${t.方案代码} ${t.目标代码} ${t.单位代码 ?? ""}`, now: (100 * t.分子) / t.界限,
                  mid: t.预计 == null ? null : (100 * t.预计) / t.界限, low: t.预计下限 == null ? null : (100 * t.预计下限) / t.界限, high: t.预计上限 == null ? null : (100 * t.预计上限) / t.界限}));
  if (!shown.length) return empty();
  const names = shown.map((t) => t.名);
  const title = new Map(shown.map((t) => [t.名, t.单位代码 == null ? t.目标 : `${t.单位名称 ?? t.单位代码}：${t.目标}`]));
  const narrow = width < 480;
  const left = Math.min(240, width * 0.4);
  return Plot.plot({
    ...text, width, height: 66 + 24 * shown.length, marginLeft: left, marginRight: narrow ? 12 : 104, marginTop: 44,
    x: {label: "占界限的百分比", grid: true, nice: true, zero: true, ticks: narrow ? 3 : 7, axis: "top", labelAnchor: "center", labelArrow: "none"},
    y: {label: null, domain: names, tickFormat: (name) => label(title.get(name), Math.floor(left / 12.5))},
    marks: [
      narrow ? null : Plot.text(shown, {y: "名", text: "方案代码", frameAnchor: "right", dx: 100, fill: colours.before}),
      Plot.ruleX([100], {stroke: "#24292f", strokeWidth: 1.5}),
      Plot.ruleY(shown.filter((t) => t.low != null), {y: "名", x1: "low", x2: "high", stroke: (t) => stateColour(t.状态代码), strokeWidth: 8, strokeOpacity: 0.25}),
      Plot.tickX(shown.filter((t) => t.mid != null), {y: "名", x: "mid", stroke: (t) => stateColour(t.状态代码), strokeWidth: 2, inset: 5}),
      Plot.dot(shown, {y: "名", x: "now", r: 5, fill: (t) => stateColour(t.状态代码), symbol: (t) => (t.方向 === "不低于" ? "triangle" : "circle"),
        title: (t) => `${t.目标}（${t.方向} ${t.界限}）\n现为 ${t.分子}，${t.状态}`})
    ]
  });
}

/** An officer by key and unit; persons may have none. */
export const officerName = (o) => (o.责任人键 == null ? "未定责任人" : `责任人${o.责任人键} · ${o.单位名称 ?? ""}`);

/** Bars of a count by name. */
export function countChart(rows, {name, value, width, colour = colours.bad, left = 150}) {
  if (!rows.length) return empty();
  return Plot.plot({
    ...text, width, height: 30 + 24 * rows.length, marginLeft: left, marginRight: 40, marginTop: 6,
    x: {axis: null, zero: true}, y: {label: null, domain: rows.map((r) => r[name])},
    marks: [Plot.barX(rows, {x: value, y: name, fill: colour, fillOpacity: 0.8, insetTop: 3, insetBottom: 3}), Plot.text(rows, {x: value, y: name, text: (r) => String(r[value]), dx: 6, textAnchor: "start"})]
  });
}

/** Escalations by state, the gravest rungs darkest. */
export function escalationChart(rows, width) {
  if (!rows.length) return empty();
  const states = [...new Map(rows.toSorted((a, b) => a.状态序 - b.状态序).map((r) => [r.状态, r])).keys()];
  const rungs = [...new Map(rows.toSorted((a, b) => a.举措序 - b.举措序).map((r) => [r.举措, r])).keys()];
  const totals = states.map((state) => ({状态: state, 件数: rows.filter((r) => r.状态 === state).reduce((sum, r) => sum + r.件数, 0)}));
  return Plot.plot({
    ...text, width, height: 70 + 26 * states.length, marginLeft: 72, marginRight: 44,
    x: {axis: null, zero: true}, y: {label: null, domain: states},
    color: {type: "ordinal", domain: rungs, range: shades(rungs.length), legend: true},
    marks: [
      Plot.barX(rows.toSorted((a, b) => a.举措序 - b.举措序), {x: "件数", y: "状态", fill: "举措", order: rungs, insetTop: 3, insetBottom: 3}),
      Plot.text(totals, {x: "件数", y: "状态", text: (t) => String(t.件数), dx: 6, textAnchor: "start"})
    ]
  });
}

/** From light to dark, so many. */
function shades(count) {
  return Array.from({length: count}, (_, i) => `hsl(${38 - (38 * i) / Math.max(1, count - 1)}, 80%, ${72 - (40 * i) / Math.max(1, count - 1)}%)`);
}

/** From full points down to the score, an item a step. */
export function stepsChart(full, items, width) {
  let left = full;
  const steps = [{名: "满分", 从: 0, 到: full, kind: "total", text: String(full)}];
  for (const item of items) {
    const to = left - item.扣分 + item.加分;
    steps.push({名: `${item.项号} ${item.项目}`, 从: left, 到: to, kind: to < left ? "bad" : "good", text: `${to < left ? "−" : "+"}${Math.abs(to - left)}`});
    left = to;
  }
  steps.push({名: "得分", 从: 0, 到: left, kind: "total", text: String(left)});
  const least = Math.min(...steps.map((s) => s.到));
  const from = Math.max(0, Math.floor((least - 10) / 10) * 10);
  return Plot.plot({
    ...text, width, height: 40 + 26 * steps.length, marginLeft: Math.min(220, width * 0.4), marginRight: 44,
    x: {label: null, domain: [from, Math.max(full, left)], grid: true, ticks: 6}, y: {label: null, domain: steps.map((s) => s.名), tickFormat: (name) => label(name, 16)},
    marks: [
      Plot.barX(steps, {y: "名", x1: (s) => Math.max(from, Math.min(s.从, s.到)), x2: (s) => Math.max(s.从, s.到), fill: (s) => ({total: colours.now, bad: colours.bad, good: colours.good}[s.kind]), fillOpacity: 0.8, insetTop: 4, insetBottom: 4}),
      Plot.text(steps, {y: "名", x: (s) => Math.max(s.从, s.到), text: "text", dx: 6, textAnchor: "start"})
    ]
  });
}

/** A unit's score at each month's end, beside the middle half of all. */
export function scoreChart(own, all, width) {
  if (!own.length) return empty();
  const months = [...new Set(all.map((r) => r.月份))].sort();
  const spread = months.map((month) => {
    const totals = all.filter((r) => r.月份 === month).map((r) => r.得分).sort((a, b) => a - b);
    const at = (share) => totals[Math.min(totals.length - 1, Math.floor(share * totals.length))];
    return {月份: month, q1: at(0.25), q2: at(0.5), q3: at(0.75)};
  });
  return Plot.plot({
    ...text, width, height: 220, marginTop: 24, marginBottom: 40,
    x: {type: "point", label: null, tickFormat: monthLabel}, y: {label: "分", grid: true, nice: true, insetTop: 14, insetBottom: 10},
    marks: [
      Plot.areaY(spread, {x: "月份", y1: "q1", y2: "q3", fill: colours.before, fillOpacity: 0.2}),
      Plot.line(spread, {x: "月份", y: "q2", stroke: colours.before, strokeDasharray: "4,3"}),
      Plot.line(own, {x: "月份", y: "得分", stroke: colours.now, strokeWidth: 2}),
      Plot.dot(own, {x: "月份", y: "得分", fill: colours.now, r: 4}),
      Plot.text(own, {x: "月份", y: "得分", text: (r) => String(r.得分), dy: -11})
    ]
  });
}

/** Two years, each summed up from January on, whole months only. */
export function sumChart(months, width) {
  const year = months.at(-1)?.月份.slice(0, 4);
  const inYear = months.filter((m) => m.月份.startsWith(year ?? "-") && !m.partial);
  if (!inYear.length) return empty();
  let now = 0;
  let before = 0;
  const sums = inYear.map((m) => ({月: +m.月份.slice(5, 7), now: (now += m.案件数), before: m.上年案件数 == null ? null : (before += m.上年案件数)}));
  return Plot.plot({
    ...text, width, height: 240, marginTop: 24, marginRight: 60, x: {label: null, tickFormat: (m) => `${m}月`, ticks: sums.length}, y: {label: "累计，起", grid: true, zero: true},
    marks: [
      Plot.line(sums.filter((s) => s.before != null), {x: "月", y: "before", stroke: colours.before, strokeWidth: 2}),
      Plot.line(sums, {x: "月", y: "now", stroke: colours.now, strokeWidth: 2.5}),
      Plot.text(sums.slice(-1), {x: "月", y: "now", text: (s) => `本年 ${s.now}`, dx: 6, textAnchor: "start", fill: colours.now}),
      Plot.text(sums.slice(-1).filter((s) => s.before != null), {x: "月", y: "before", text: (s) => `上年 ${s.before}`, dx: 6, textAnchor: "start", fill: colours.before})
    ]
  });
}
