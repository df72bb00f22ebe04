// Check-ins overdue, by town and tier and by officer: numbers and keys only.
import {countChart, officerName} from "./charts.js";
import {card, empty, h, heading, table} from "./dom.js";

export function checkins({about, checkin, officer}) {
  const tiers = [...new Map(checkin.toSorted((a, b) => b.等级序 - a.等级序).map((row) => [row.等级 ?? "未定", row])).keys()];
  const towns = [...Map.groupBy(checkin, (row) => row.乡镇名称 ?? "（县）")].map(([town, rows]) => {
    const line = {乡镇: town, 最长: rows.reduce((most, r) => Math.max(most, r.最长逾期天数 ?? 0), 0)};
    for (const tier of tiers) line[tier] = rows.filter((r) => (r.等级 ?? "未定") === tier && r.状态代码 === "overdue").reduce((sum, r) => sum + r.人数, 0);
    line.逾期 = tiers.reduce((sum, tier) => sum + line[tier], 0);
    line.到期 = rows.filter((r) => r.状态代码 === "due").reduce((sum, r) => sum + r.人数, 0);
    return line;
  });
  const late = officer.filter((o) => o.逾期 > 0);
  return h("div", {class: "page"}, heading("核查逾期", about),
    h("div", {class: "grid halves"},
      card({title: "按乡镇与等级", note: "人数"}, table(towns, [{name: "乡镇"}, {name: "逾期", number: true}, ...tiers.map((tier) => ({name: tier, label: `其中${tier}`, number: true})), {name: "最长", label: "最长逾期天数", number: true}, {name: "到期", label: "今日到期", number: true}], {rowKey: "乡镇", id: "by-town"})),
      card({title: "逾期最多的责任人", note: "责任人键，不含姓名；需要时在登记系统中按键查找"},
        late.length ? (width) => countChart(late.slice(0, 15).map((o) => ({...o, 名: officerName(o)})), {name: "名", value: "逾期", width}) : empty("没有逾期"))),
    card({title: "全部责任人"}, table(officer, [
      {name: "责任人键"}, {name: "单位名称", label: "单位"}, {name: "乡镇名称", label: "乡镇"}, {name: "岗位"},
      {name: "人数", number: true}, {name: "逾期", number: true}, {name: "到期", number: true}, {name: "七日内到期", number: true}, {name: "暂停", number: true}, {name: "本期漏核查", number: true}
    ], {rowKey: "责任人键", id: "officers", limit: 25})));
}
