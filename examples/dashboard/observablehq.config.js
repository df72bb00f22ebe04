// Everything comes from this directory: no fonts, search or scripts from elsewhere.
export default {
  title: "无诈创建看板",
  root: "src",
  output: "dist",
  style: "style.css",
  globalStylesheets: [],
  preserveExtension: true,
  search: false,
  sidebar: true,
  pager: false,
  toc: false,
  header: "",
  footer: "数据由 antifraud 扩展的 BI 视图提供，按读取账号的地区权限生成。",
  head: '<link rel="icon" href="data:,"><script>document.documentElement.lang = "zh-CN";</script>',
  pages: [
    {name: "一页看板", path: "/index"},
    {
      name: "分析",
      open: true,
      pages: [
        {name: "考评排名", path: "/analyst/board"},
        {name: "得分说明", path: "/analyst/unit"},
        {name: "乡镇排名", path: "/analyst/towns"},
        {name: "目标进度", path: "/analyst/targets"},
        {name: "核查逾期", path: "/analyst/checkins"},
        {name: "督办升级", path: "/analyst/escalations"},
        {name: "同比趋势", path: "/analyst/trend"}
      ]
    }
  ]
};
