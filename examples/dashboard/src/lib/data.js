// The files of ../data.tar.js, each fetched when a page asks for it.
import {FileAttachment} from "observablehq:stdlib";

const files = {
  about: FileAttachment("../data/about.json"),
  score: FileAttachment("../data/score.json"),
  cohort: FileAttachment("../data/cohort.json"),
  rule: FileAttachment("../data/rule.json"),
  item: FileAttachment("../data/item.json"),
  score_month: FileAttachment("../data/score_month.json"),
  town: FileAttachment("../data/town.json"),
  trend: FileAttachment("../data/trend.json"),
  target: FileAttachment("../data/target.json"),
  checkin: FileAttachment("../data/checkin.json"),
  officer: FileAttachment("../data/officer.json"),
  escalation: FileAttachment("../data/escalation.json"),
  escalation_open: FileAttachment("../data/escalation_open.json")
};

/** load("town", "trend"): an object with the rows of each. */
export async function load(...names) {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await files[name].json()])));
}
