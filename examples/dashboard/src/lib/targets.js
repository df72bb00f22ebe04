// Targets: where each stands, what is still allowed, pace and range.
import {targetChart} from "./charts.js";
import {card, choose, h, heading, table} from "./dom.js";
import {amount, decimal, probability} from "./format.js";

export function targets({about, target}) {
  const programmes = [...new Set(target.map((t) => t.方案代码))];
  let programme = "";
  let whose = "area";
  const place = h("div", {id: "targets"});
  function draw() {
    const rows = target.filter((t) => (!programme || t.方案代码 === programme) && (whose === "all" || (t.单位代码 == null) === (whose === "area")));
    place.replaceChildren(
      card({title: "占界限的百分比", note: "圆点（不超过）或三角（不低于）为现值，短线为期末预计，浅色为其95%区间，黑线为界限。界限为零或无法计算的只列在表中"}, (width) => targetChart(rows, width)),
      card({title: "各项目标"}, table(rows, [
        {name: "方案代码", label: "方案"}, {name: "目标"}, whose !== "area" && {name: "单位名称", label: "单位"}, {name: "截止日期"},
        {name: "分子", label: "现值", number: true, render: (t) => (t.分母 == null || t.分母 === 1 ? (t.分子 == null ? "—" : amount(t.分子)) : `${amount(t.分子)} / ${amount(t.分母)}`)},
        {name: "界限", number: true, format: amount}, {name: "状态", long: true, render: (t) => h("span", {class: `state-${t.状态代码}`}, t.状态, t.原因 ? `（${t.原因}）` : "")},
        {name: "还允许", label: "余量", number: true, render: (t) => (t.还需要 != null ? `还需要 ${amount(t.还需要)}` : t.还允许 != null ? `还允许 ${amount(t.还允许)}` : "—")}, {name: "进度", number: true, format: decimal},
        {name: "预计", label: "期末预计（区间）", number: true, render: (t) => (t.预计 == null ? "—" : `${amount(t.预计)}${t.预计下限 == null ? "" : `（${amount(t.预计下限)} 至 ${amount(t.预计上限)}）`}`)},
        {name: "P值", number: true, render: (t) => (t.P值 == null ? "—" : h("span", {title: t.超出偶然 ? "超出偶然波动" : "未超出偶然波动"}, probability(t.P值)))}
      ].filter(Boolean), {id: "target-rows", limit: 60})));
  }
  draw();
  return h("div", {class: "page"}, heading("目标进度", about),
    h("div", {class: "choices"},
      choose("方案", [["", "全部"], ...programmes.map((p) => [p, p])], programme, (value) => { programme = value; draw(); }, "programme"),
      choose("范围", [["area", "全区域"], ["units", "各单位"], ["all", "全部"]], whose, (value) => { whose = value; draw(); }, "whose")),
    place, h("p", {class: "remark"}, "进度：现值与按天数均摊的界限之比，1 为正好同步。"));
}
