// Towns ranked without a map: a value each, and how certain it is.
import {rankChart} from "./charts.js";
import {card, choose, h, heading, table} from "./dom.js";
import {change, decimal, integer, probability, rate, wan} from "./format.js";

export function towns({about, town, score, officer}) {
  const county = town.find((t) => t.层级 === 3);
  const rows = town.filter((t) => t.层级 === 4).map((t) => {
    const own = score.filter((s) => s.乡镇代码 === t.地区代码);
    const officers = officer.filter((o) => o.乡镇名称 === t.地区名称);
    const persons = officers.reduce((sum, o) => sum + o.人数, 0);
    const overdue = officers.reduce((sum, o) => sum + o.逾期, 0);
    return {...t, 村社平均得分: own.length ? own.reduce((sum, s) => sum + s.得分, 0) / own.length : null, 管控人数: persons, 逾期人数: overdue, 逾期率: persons ? (100 * overdue) / persons : null};
  });
  const measures = {
    万人发案: {label: "每万人发案", low: "万人发案下限", high: "万人发案上限", x: "起/万人", reference: county?.万人发案, format: rate, worst: "high"},
    变化: {label: "发案同比变化", low: "变化下限", high: "变化上限", x: "百分比", reference: 0, format: change, worst: "high"},
    村社平均得分: {label: "单位平均得分", x: "分", format: decimal, worst: "low"},
    逾期率: {label: "核查逾期率", x: "百分比", format: decimal, worst: "high"},
    损失: {label: "损失", x: "万元", format: wan, tick: (yuan) => integer(yuan / 10000), worst: "high"}
  };
  let by = "万人发案";
  const place = h("div", {id: "ranking"});
  function draw() {
    const m = measures[by];
    const sorted = rows.toSorted((a, b) => (a[by] == null) - (b[by] == null) || (m.worst === "high" ? b[by] - a[by] : a[by] - b[by]) || a.地区代码.localeCompare(b.地区代码));
    place.replaceChildren(card({title: m.label, note: m.low ? "浅色为95%精确区间；区间重叠的乡镇，先后不作定论。虚线为全县" : null}, (width) => rankChart(sorted, {value: by, ...m, width})));
  }
  draw();
  return h("div", {class: "page"}, heading("乡镇排名", about),
    h("div", {class: "choices"}, choose("排名依据", Object.entries(measures).map(([key, m]) => [key, m.label]), by, (value) => { by = value; draw(); }, "by")),
    place,
    card({title: "各乡镇", note: "得分为所辖参评单位的平均，不是乡镇合并计分"}, table(rows, [
      {name: "地区名称", label: "乡镇"}, {name: "人口", number: true, format: integer},
      {name: "案件数", number: true}, {name: "上年案件数", label: "上年同期", number: true}, {name: "变化", number: true, format: change},
      {name: "变化下限", label: "区间下限", number: true, format: change}, {name: "变化上限", label: "区间上限", number: true, format: change}, {name: "P值", number: true, format: probability},
      {name: "万人发案", number: true, format: rate}, {name: "损失", number: true, format: wan}, {name: "村社平均得分", label: "平均得分", number: true, format: decimal},
      {name: "管控人数", number: true}, {name: "逾期人数", number: true}
    ], {rowKey: "地区代码", id: "towns"})));
}
