// One archive of JSON files, read in one transaction, so that all charts show
// the same moment. The connection is libpq's (PGHOST, PGUSER, PGDATABASE and
// so on); BI_SCHEMA names the schema, fraud_bi_zh if it is not set.
//
// What is fetched is what the pages show: counts, units and officers' keys.
// Rows of persons stay in the database, where row security guards them.
import pg from "pg";
import tar from "tar-stream";

const queries = {
  about: `
    SELECT (SELECT max("截至日期") FROM "年度对比") AS "截至日期",
           (SELECT string_agg("地区名称", '、' ORDER BY "地区代码") FROM "年度对比" WHERE "层级" = 3) AS "地区名称",
           (SELECT string_agg("地区代码", ' ' ORDER BY "地区代码") FROM "年度对比" WHERE "层级" = 3) AS "地区代码",
           current_user AS "读取账号"`,
  score: `
    SELECT s."细则代码", s."细则名称", s."截至日期", s."单位代码", s."单位名称", u."类别", u."乡镇代码", u."乡镇名称",
           s."名次", s."得分", s."最低分", s."最高分", s."一票否决"
    FROM "得分" AS s JOIN "单位" AS u USING ("单位代码") ORDER BY s."细则代码", s."名次", s."单位代码"`,
  cohort: `
    SELECT c."细则代码", c."组别代码", c."组别", c."单位代码", c."单位名称", u."乡镇名称", c."名次", c."组内单位数", c."奖牌", c."得分", c."一票否决"
    FROM "分组得分" AS c JOIN "单位" AS u USING ("单位代码") ORDER BY c."细则代码", c."组别代码", c."名次", c."单位代码"`,
  rule: `
    SELECT DISTINCT "细则代码", "部分", "项号", "项目", "分值" FROM "得分明细" ORDER BY 1, 3, 2, 4`,
  item: `
    SELECT "细则代码", "单位代码", "部分", "项号", "项目", "分值", "规则", "事实数", "数量", "扣分", "溢出", "加分", "状态"
    FROM "得分明细" WHERE "扣分" <> 0 OR "溢出" <> 0 OR "加分" <> 0 OR "状态代码" NOT IN ('scored', 'not_measured')
    ORDER BY "细则代码", "单位代码", "项号", "规则"`,
  score_month: `
    SELECT "细则代码", "单位代码", "月份", "截至日期", "得分" FROM "月度得分" ORDER BY "细则代码", "单位代码", "月份"`,
  town: `
    SELECT t."地区代码", t."地区名称", t."层级", t."人口", t."案件数", t."案件数下限", t."案件数上限", t."上年案件数", t."变化", t."变化下限", t."变化上限", t."P值",
           t."万人发案", t."万人发案下限", t."万人发案上限", t."损失", t."上年损失", t."起始日期", t."截至日期"
    FROM "年度对比" AS t ORDER BY t."层级", t."地区代码"`,
  trend: `
    SELECT m."月份", m."乡镇代码", m."乡镇名称", coalesce(c."案件数", m."案件数") AS "案件数", coalesce(c."损失", m."损失") AS "损失", m."上年案件数", m."上年损失"
    FROM (SELECT max("截至日期") AS "日", date_trunc('month', max("截至日期"))::date AS "本月" FROM "年度对比") AS d
    JOIN "月度对比" AS m ON m."月份" <= d."本月" AND m."月份" > d."本月" - interval '36 months'
    LEFT JOIN LATERAL (
      -- of the last month what was filed up to the day of all other figures
      SELECT count(*) AS "案件数", coalesce(sum(k."损失"), 0) AS "损失" FROM "案件" AS k JOIN "地区" AS p USING ("地区代码")
      WHERE p."乡镇代码" IS NOT DISTINCT FROM m."乡镇代码" AND p."县代码" IS NOT DISTINCT FROM m."县代码" AND k."日期" BETWEEN d."本月" AND d."日"
    ) AS c ON m."月份" = d."本月"
    ORDER BY m."月份", m."乡镇代码"`,
  target: `
    SELECT "方案代码", "目标代码", "目标", "单位代码", u."单位名称", "起始日期", "截止日期", "截至日期", "分子", "分母", "目标值", "界限", "状态代码", "状态", "原因",
           "还允许", "还需要", "进度", "预计", "预计下限", "预计上限", "P值", "超出偶然"
    FROM "目标" LEFT JOIN "单位" AS u USING ("单位代码") ORDER BY "方案代码", "单位代码" NULLS FIRST, "截止日期", "目标代码"`,
  checkin: `
    SELECT p."乡镇代码", p."乡镇名称", k."等级", k."等级序", k."状态代码", k."状态", count(*) AS "人数", max(k."逾期天数") AS "最长逾期天数"
    FROM "核查" AS k LEFT JOIN "单位" AS p USING ("单位代码") GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 4 DESC, 5`,
  officer: `
    SELECT o."责任人键", o."单位代码", o."单位名称", u."乡镇名称", o."岗位", o."人数", o."逾期", o."到期", o."七日内到期", o."暂停", o."本期漏核查"
    FROM "责任人核查" AS o LEFT JOIN "单位" AS u USING ("单位代码") ORDER BY o."逾期" DESC, o."本期漏核查" DESC, o."责任人键"::bigint`,
  escalation: `
    SELECT "状态代码", "状态", "状态序", "未办结", "举措代码", "举措", "举措序", coalesce("超期", '') AS "超期", count(*) AS "件数"
    FROM "督办" GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 3, 7, 8`,
  escalation_open: `
    SELECT e."督办键", e."日期", e."举措", e."举措序", e."情形", e."单位代码", e."单位名称", u."乡镇名称", e."人员键" IS NOT NULL AS "针对人员", e."状态", e."状态序", e."签收期限", e."整改期限", e."超期", e."超期天数"
    FROM "督办" AS e LEFT JOIN "单位" AS u USING ("单位代码") WHERE e."未办结"
    ORDER BY e."举措序" DESC, e."超期天数" DESC NULLS LAST, e."日期", e."督办键"::bigint`
};

// Days stay as they are written, numbers become numbers.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const client = new pg.Client({fallback_application_name: "antifraud dashboard"});
await client.connect();
await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
await client.query(`SET LOCAL search_path = ${client.escapeIdentifier(process.env.BI_SCHEMA || "fraud_bi_zh")}`);

const archive = tar.pack();
archive.pipe(process.stdout);
for (const [name, query] of Object.entries(queries)) {
  const {rows} = await client.query(query);
  archive.entry({name: `${name}.json`}, JSON.stringify(name === "about" ? rows[0] : rows));
}
archive.finalize();
await client.query("COMMIT");
await client.end();
