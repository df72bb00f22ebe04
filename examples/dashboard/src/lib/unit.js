// One unit's score, explained: from full points down, rule by rule.
import {scoreChart, stepsChart} from "./charts.js";
import {card, choose, empty, h, heading, table} from "./dom.js";

const numeric = (a, b) => String(a.项号).localeCompare(String(b.项号), "zh-CN", {numeric: true});

export function unit({about, score, cohort, rule, item, score_month}) {
  const asked = new URLSearchParams(location.search);
  const rubrics = [...new Map(score.map((row) => [row.细则代码, row.细则名称]))];
  let rubric = rubrics.find(([code]) => code === asked.get("rubric"))?.[0] ?? rubrics[0]?.[0];
  const units = [...new Map(score.map((row) => [row.单位代码, `${row.单位名称}（${row.乡镇名称 ?? row.类别}）`]))].sort((a, b) => a[0].localeCompare(b[0]));
  // without a choice the one with most to explain
  const lowest = score.filter((row) => row.细则代码 === rubric).reduce((a, b) => (a && a.得分 <= b.得分 ? a : b), null);
  let code = units.find(([key]) => key === asked.get("unit"))?.[0] ?? lowest?.单位代码;
  const place = h("div", {id: "explained"});
  function draw() {
    const own = score.find((row) => row.细则代码 === rubric && row.单位代码 === code);
    if (!own) return place.replaceChildren(empty("该单位不按此细则考评"));
    const items = item.filter((row) => row.细则代码 === rubric && row.单位代码 === code).toSorted(numeric);
    const heads = rule.filter((row) => row.细则代码 === rubric).toSorted(numeric);
    const full = heads.reduce((sum, row) => sum + row.分值, 0);
    const sums = heads.map((row) => {
      const rows = items.filter((i) => i.项号 === row.项号 && i.项目 === row.项目);
      return {...row, 扣分: rows.reduce((sum, i) => sum + i.扣分, 0), 加分: rows.reduce((sum, i) => sum + i.加分, 0)};
    }).filter((row) => row.扣分 || row.加分);
    const less = sums.reduce((sum, row) => sum + row.扣分, 0);
    const more = sums.reduce((sum, row) => sum + row.加分, 0);
    const groups = cohort.filter((row) => row.细则代码 === rubric && row.单位代码 === code);
    place.replaceChildren(
      h("div", {class: "grid figures"},
        h("div", {class: "card figure", id: "total", "data-value": own.得分}, h("h2", {}, own.单位名称), h("p", {class: "big"}, `${own.得分} 分`),
          h("p", {class: "remark"}, `满分 ${full}，扣 ${less}${more ? `，加 ${more}` : ""}`), own.最高分 !== own.最低分 && h("p", {class: "remark"}, `有待裁定事项：${own.最低分} 至 ${own.最高分} 分`), own.一票否决 && h("p", {class: "late"}, "一票否决")),
        h("div", {class: "card figure", id: "rank", "data-value": own.名次}, h("h2", {}, "名次"), h("p", {class: "big"}, `第 ${own.名次} 名`),
          groups.map((row) => h("p", {class: "remark"}, `${row.组别}：${row.组内单位数} 个中第 ${row.名次}${row.奖牌 ? `，${row.奖牌}` : ""}`)))),
      h("div", {class: "grid halves"},
        card({title: "分数去了哪里"}, (width) => stepsChart(full, sums, width)),
        card({title: "各月末得分", note: "虚线为全部单位的中位数，灰色为中间一半单位"},
          (width) => scoreChart(score_month.filter((row) => row.细则代码 === rubric && row.单位代码 === code), score_month.filter((row) => row.细则代码 === rubric), width))),
      card({title: "逐条计算"}, table(items, [
        {name: "项号", number: true}, {name: "项目"}, {name: "规则", long: true}, {name: "事实数", number: true}, {name: "数量", number: true},
        {name: "扣分", number: true}, {name: "加分", number: true, render: (row) => (row.加分 ? String(row.加分) : "")}, {name: "溢出", label: "超出分值未扣", number: true, render: (row) => (row.溢出 ? String(row.溢出) : "")}, {name: "状态"}
      ], {id: "items"})));
  }
  const remember = () => {
    history.replaceState(null, "", `?${new URLSearchParams({unit: code, rubric})}`);
    draw();
  };
  draw();
  return h("div", {class: "page"}, heading("得分说明", about),
    h("div", {class: "choices"},
      choose("考评细则", rubrics, rubric, (value) => { rubric = value; remember(); }, "rubric"),
      choose("单位", units, code, (value) => { code = value; remember(); }, "unit")),
    place);
}
