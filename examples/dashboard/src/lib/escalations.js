// What was raised, by state and rung, and what is still open.
import {escalationChart} from "./charts.js";
import {card, choose, h, heading, table} from "./dom.js";

export function escalations({about, escalation, escalation_open}) {
  const states = [...new Map(escalation_open.toSorted((a, b) => a.状态序 - b.状态序).map((e) => [e.状态, e])).keys()];
  const rungs = [...new Map(escalation_open.toSorted((a, b) => b.举措序 - a.举措序).map((e) => [e.举措, e])).keys()];
  let state = "";
  let rung = "";
  const place = h("div", {id: "open-list"});
  function draw() {
    const rows = escalation_open.filter((e) => (!state || e.状态 === state) && (!rung || e.举措 === rung));
    place.replaceChildren(card({title: `未办结 ${rows.length} 件`, note: "重者在前，超期久者在前；针对人员的只列单位"}, table(rows, [
      {name: "举措"}, {name: "情形"}, {name: "单位名称", label: "单位", render: (e) => `${e.单位名称 ?? "—"}${e.针对人员 ? "（人员）" : ""}`}, {name: "乡镇名称", label: "乡镇"}, {name: "日期", label: "提出"}, {name: "状态"},
      {name: "签收期限"}, {name: "整改期限"}, {name: "超期天数", number: true, render: (e) => (e.超期天数 == null ? "" : h("span", {class: "late"}, `${e.超期} ${e.超期天数} 天`))}
    ], {rowKey: "督办键", id: "open-rows", limit: 40})));
  }
  draw();
  return h("div", {class: "page"}, heading("督办升级", about),
    card({title: "各状态件数", note: "颜色越深，举措越重；惩戒类举措经审定后才发出"}, (width) => escalationChart(escalation, width)),
    h("div", {class: "choices"},
      choose("状态", [["", "全部"], ...states.map((s) => [s, s])], state, (value) => { state = value; draw(); }, "state"),
      choose("举措", [["", "全部"], ...rungs.map((r) => [r, r])], rung, (value) => { rung = value; draw(); }, "rung")),
    place);
}
