// The one page for who leads the county.
import {countChart, officerName, escalationChart, monthChart, monthsOf, rankChart, targetChart} from "./charts.js";
import {card, empty, h, heading} from "./dom.js";
import {change, integer, interval, rate, verdict, wan} from "./format.js";

const sum = (rows, name) => rows.reduce((total, row) => total + (row[name] ?? 0), 0);

/** A number large enough to read across a room; data-value is what a test compares. */
function figure(id, title, page, value, shown, ...lines) {
  return h("div", {class: "card figure", id, "data-value": value}, h("h2", {}, h("a", {href: `./analyst/${page}.html`}, title)), h("p", {class: "big"}, shown), lines.filter(Boolean).map((line) => h("p", {class: "remark"}, line)));
}

export function leader({about, town, trend, target, cohort, officer, escalation}) {
  const counties = town.filter((t) => t.层级 === 3);
  const county = counties[0];
  const towns = town.filter((t) => t.层级 === 4);
  const ofCounty = target.filter((t) => t.单位代码 == null);
  const inState = (code) => ofCounty.filter((t) => t.状态代码 === code).length;
  const overdue = officer.filter((o) => o.逾期 > 0);
  const open = escalation.filter((e) => e.未办结);
  return h("div", {class: "page"},
    heading("无诈创建一页看板", about),
    h("div", {class: "grid figures"},
      county && figure("cases", "本年发案", "trend", county.案件数, `${integer(county.案件数)} 起`,
        county.上年案件数 != null && `上年同期 ${integer(county.上年案件数)} 起${county.变化 == null ? "" : `，${change(county.变化)}`}`, interval(county.变化下限, county.变化上限), verdict(county)),
      county && figure("loss", "本年损失", "trend", county.损失, wan(county.损失), county.上年损失 != null && `上年同期 ${wan(county.上年损失)}`),
      figure("targets", "目标", "targets", inState("missed"), `${inState("missed")} 项未达成`, `已达成 ${inState("met")}，进行中 ${inState("open")}，无法计算 ${inState("not_computable")}`),
      figure("overdue", "核查逾期", "checkins", sum(officer, "逾期"), `${integer(sum(officer, "逾期"))} 人`, `涉及责任人 ${overdue.length} 名`, `今日到期 ${integer(sum(officer, "到期"))} 人，七日内 ${integer(sum(officer, "七日内到期"))} 人`),
      figure("open", "督办未办结", "escalations", sum(open, "件数"), `${integer(sum(open, "件数"))} 件`, `其中超期 ${integer(sum(open.filter((e) => e.超期 !== ""), "件数"))} 件`, `待审定 ${integer(sum(open.filter((e) => e.状态代码 === "proposed"), "件数"))} 件`)),
    h("div", {class: "grid halves"},
      card({title: "每月发案", note: "柱为当月，竖线为期望值的95%区间，灰线为上年同月"}, (width) => monthChart(monthsOf(trend, about.截至日期).slice(-12), width)),
      card({title: "乡镇每万人发案", note: "浅色为95%区间；区间重叠的乡镇，先后不作定论"},
        (width) => rankChart(towns.toSorted((a, b) => (b.万人发案 ?? -1) - (a.万人发案 ?? -1)), {value: "万人发案", low: "万人发案下限", high: "万人发案上限", x: "起/万人", reference: county?.万人发案, width, format: rate}))),
    h("div", {class: "grid halves"},
      card({title: "目标进度", note: "圆点（上限类）或三角（下限类）为现值，短线为期末预计，浅色为其区间；黑线为界限"}, (width) => targetChart(ofCounty, width)),
      card({title: "分组前三与末三"}, cohortTables(cohort))),
    h("div", {class: "grid halves"},
      card({title: "核查逾期最多的责任人", note: "仅列责任人键，不列姓名"},
        overdue.length ? (width) => countChart(overdue.slice(0, 10).map((o) => ({...o, 名: officerName(o)})), {name: "名", value: "逾期", width}) : empty("没有逾期")),
      card({title: "督办事项办理状态"}, (width) => escalationChart(escalation, width))));
}

/** Of each cohort the first and the last; who shares a rank is listed by code. */
function cohortTables(cohort) {
  const groups = Map.groupBy(cohort, (row) => `${row.细则代码} ${row.组别代码}`);
  if (!groups.size) return empty();
  return h("div", {class: "cohorts"}, [...groups.values()].map((rows) => {
    const few = rows.length <= 6;
    const line = (row) => h("tr", {}, h("td", {class: "number"}, String(row.名次)), h("td", {}, row.单位名称, row.奖牌 && h("span", {class: "medal"}, row.奖牌)), h("td", {class: "number"}, String(row.得分)));
    return h("div", {}, h("h3", {}, `${rows[0].组别}（${rows.length} 个）`),
      h("table", {}, h("tbody", {}, (few ? rows : rows.slice(0, 3)).map(line), !few && h("tr", {class: "gap"}, h("td", {colspan: 3}, "⋯")), !few && rows.slice(-3).map(line))));
  }));
}
