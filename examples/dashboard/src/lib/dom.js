// Elements, tables and choices, without a library: Framework's own come from
// a server elsewhere, and this has to run where there is none.
import {resize} from "observablehq:stdlib";

/** h("p", {class: "remark"}, "text", child): an element; functions are listeners. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value != null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** A card with a heading, whose chart is drawn anew when its width changes. */
export function card({title, note, id}, ...content) {
  return h("div", {class: "card", id},
    h("h2", {}, title), note && h("p", {class: "remark"}, note),
    content.map((part) => (typeof part === "function" ? h("div", {class: "chart"}, resize(part)) : part)));
}

export function empty(text = "没有数据") {
  return h("p", {class: "empty"}, text);
}

/**
 * A table that sorts by a click on a heading. Columns: {name, label, format,
 * number, long, render(row)}; data-* attributes let a test read values.
 */
export function table(rows, columns, {onclick, rowKey, limit, id} = {}) {
  if (!rows.length) return empty();
  let shown = rows;
  let order = null;
  let all = !limit;
  const body = h("tbody");
  const more = h("button", {class: "more", type: "button", click: () => { all = true; draw(); }});
  function draw() {
    body.replaceChildren(...shown.slice(0, all ? undefined : limit).map((row) =>
      h("tr", {"data-key": rowKey && row[rowKey], tabindex: onclick ? 0 : null, class: onclick && "link",
               ...(onclick && {click: () => onclick(row), keydown: (event) => { if (event.key === "Enter") onclick(row); }})},
        columns.map((column) => h("td", {"data-column": column.name, "data-value": row[column.name], class: column.number ? "number" : column.long && "long"},
          column.render ? column.render(row) : text(row[column.name], column))))));
    more.hidden = all || shown.length <= limit;
    more.textContent = `显示全部 ${shown.length} 行`;
  }
  function sortBy(column) {
    order = order?.column === column ? {column, down: !order.down} : {column, down: Boolean(column.number)};
    shown = rows.toSorted((a, b) => (order.down ? -1 : 1) * compare(a[column.name], b[column.name]));
    for (const heading of head.children) heading.removeAttribute("aria-sort");
    head.children[columns.indexOf(column)].setAttribute("aria-sort", order.down ? "descending" : "ascending");
    draw();
  }
  const head = h("tr", {}, columns.map((column) =>
    h("th", {class: column.number && "number", scope: "col"}, h("button", {type: "button", click: () => sortBy(column)}, column.label ?? column.name))));
  draw();
  return h("div", {class: "scroll"}, h("table", {id}, h("thead", {}, head), body), more);
}

function text(value, {format}) {
  if (value == null || value === "") return "—";
  return format ? format(value) : String(value);
}

function compare(a, b) {
  if (a == null || b == null) return (a == null) - (b == null);
  return typeof a === "number" ? a - b : String(a).localeCompare(String(b), "zh-CN", {numeric: true});
}

/** A labelled choice; options: [[value, label]]. */
export function choose(label, options, value, onchange, id) {
  const select = h("select", {id, change: () => onchange(select.value)},
    options.map(([key, name]) => h("option", {value: key, selected: key === value}, name)));
  return h("label", {class: "choice"}, label, select);
}

/** Says whose data it is; every page begins with it. */
export function heading(title, about) {
  const madeUp = about.地区代码?.includes("339999");
  return h("header", {class: "heading"},
    h("h1", {}, title),
    h("p", {class: "remark"}, `${about.地区名称 ?? ""}，截至 ${about.截至日期 ?? "—"}`, madeUp && h("strong", {}, "　演示数据，均为虚构")));
}
