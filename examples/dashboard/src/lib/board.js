// Every unit under a rubric, all together or within a cohort.
import {card, choose, h, heading, table} from "./dom.js";

export function board({about, score, cohort}) {
  const rubrics = [...new Map(score.map((row) => [row.细则代码, row.细则名称]))];
  let rubric = rubrics[0]?.[0];
  let group = "";
  let words = "";
  const choices = h("div", {class: "choices"});
  const place = h("div", {id: "board"});
  function drawChoices() {
    const groups = [...new Map(cohort.filter((row) => row.细则代码 === rubric).map((row) => [row.组别代码, `${row.组别}（${row.组内单位数}）`]))];
    choices.replaceChildren(
      choose("考评细则", rubrics, rubric, (value) => { rubric = value; group = ""; drawChoices(); draw(); }, "rubric"),
      choose("组别", [["", "全部"], ...groups], group, (value) => { group = value; draw(); }, "cohort"),
      h("label", {class: "choice"}, "单位或乡镇", h("input", {id: "words", type: "search", value: words, input: (event) => { words = event.target.value.trim(); draw(); }})));
  }
  function draw() {
    const town = new Map(score.map((row) => [row.单位代码, row]));
    const rows = (group ? cohort.filter((row) => row.细则代码 === rubric && row.组别代码 === group).map((row) => ({...town.get(row.单位代码), ...row})) : score.filter((row) => row.细则代码 === rubric))
      .filter((row) => !words || [row.单位名称, row.乡镇名称, row.单位代码].some((value) => value?.includes(words)));
    place.replaceChildren(table(rows, [
      {name: "名次", label: group ? "组内名次" : "名次", number: true},
      {name: "单位名称", label: "单位", render: (row) => h("span", {}, row.单位名称, row.奖牌 && h("span", {class: "medal"}, row.奖牌))},
      {name: "类别"}, {name: "乡镇名称", label: "乡镇"},
      {name: "得分", number: true},
      rows.some((row) => row.最高分 !== row.得分) && {name: "最高分", label: "待裁定后最高", number: true, render: (row) => (row.最高分 === row.得分 ? "" : String(row.最高分))},
      rows.some((row) => row.一票否决) && {name: "一票否决", render: (row) => (row.一票否决 ? h("span", {class: "late"}, "否决") : "")}
    ].filter(Boolean), {rowKey: "单位代码", limit: 50, id: "units", onclick: (row) => location.assign(`./unit.html?unit=${encodeURIComponent(row.单位代码)}&rubric=${encodeURIComponent(rubric)}`)}));
  }
  drawChoices();
  draw();
  return h("div", {class: "page"}, heading("考评排名", about), choices, card({title: "名次", note: "点一行看得分说明；点表头排序。同分并列。"}, place));
}
