// This year beside the last, and how much of the difference may be chance.
import {monthChart, monthsOf, sumChart} from "./charts.js";
import {card, choose, h, heading, table} from "./dom.js";
import {change, interval, probability, verdict, wan} from "./format.js";

export function trend({about, town, trend: rows}) {
  let code = "";
  const place = h("div", {id: "trend"});
  function draw() {
    const own = code ? town.find((t) => t.地区代码 === code) : town.find((t) => t.层级 === 3);
    const months = monthsOf(code ? rows.filter((r) => r.乡镇代码 === code) : rows, about.截至日期);
    place.replaceChildren(
      own ? h("div", {class: "card figure", id: "verdict", "data-value": own.变化, "data-low": own.变化下限, "data-high": own.变化上限},
        h("h2", {}, `${own.地区名称 ?? own.地区代码}，${own.起始日期} 至 ${own.截至日期}`),
        h("p", {class: "big"}, `${own.案件数} 起${own.上年案件数 == null ? "" : `，上年同期 ${own.上年案件数} 起`}${own.变化 == null ? "" : `（${change(own.变化)}）`}`),
        h("p", {class: "remark"}, [interval(own.变化下限, own.变化上限), own.P值 == null ? "" : `P值 ${probability(own.P值)}`, verdict(own)].filter(Boolean).join("；"))) : "",
      h("div", {class: "grid halves"},
        card({title: "本年累计与上年", note: "按月累计，只计整月"}, (width) => sumChart(months, width)),
        card({title: "近两年每月", note: "柱为当月，竖线为期望值的95%精确区间，灰线为上年同月；浅色为未满月"}, (width) => monthChart(months.slice(-24), width))),
      card({title: "各月"}, table(months.toReversed(), [
        {name: "月份", format: (m) => m.slice(0, 7)}, {name: "案件数", number: true}, {name: "下限", label: "区间下限", number: true, format: (v) => v.toFixed(2)}, {name: "上限", label: "区间上限", number: true, format: (v) => v.toFixed(2)},
        {name: "上年案件数", label: "上年同月", number: true}, {name: "损失", number: true, format: wan}, {name: "上年损失", number: true, format: wan}
      ], {rowKey: "月份", id: "months", limit: 12})));
  }
  draw();
  return h("div", {class: "page"}, heading("同比趋势", about),
    h("div", {class: "choices"}, choose("范围", [["", "全县"], ...town.filter((t) => t.层级 === 4).map((t) => [t.地区代码, t.地区名称 ?? t.地区代码])], code, (value) => { code = value; draw(); }, "area")),
    place);
}
