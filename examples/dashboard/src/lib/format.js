const whole = new Intl.NumberFormat("zh-CN", {maximumFractionDigits: 0});
const one = new Intl.NumberFormat("zh-CN", {minimumFractionDigits: 1, maximumFractionDigits: 1});
const two = new Intl.NumberFormat("zh-CN", {minimumFractionDigits: 2, maximumFractionDigits: 2});
const plain = new Intl.NumberFormat("zh-CN", {maximumFractionDigits: 2});

export const integer = (value) => whole.format(value);
export const decimal = (value) => plain.format(value);
export const rate = (value) => two.format(value);

/** Yuan, in units of ten thousand. */
export const wan = (yuan) => `${two.format(yuan / 10000)} 万元`;

/** A figure as it is, a large one in ten thousands. */
export const amount = (value) => (Math.abs(value) >= 100000 ? `${two.format(value / 10000)}万` : plain.format(value));

/** A change in per cent, with its sign. */
export const change = (percent) => `${percent > 0 ? "+" : percent < 0 ? "−" : ""}${one.format(Math.abs(percent))}%`;

export const probability = (p) => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/** "95%区间 −37.9% 至 +1.2%", open above where there was nothing before. */
export function interval(low, high) {
  if (low == null) return "";
  return `95%区间 ${change(low)} ${high == null ? "以上" : `至 ${change(high)}`}`;
}

/** What can be said of a row of 年度对比, and nothing more. */
export function verdict(row) {
  if (row.上年案件数 == null) return "没有上年同期记录";
  if (row.案件数 + row.上年案件数 === 0) return "两年同期均无发案";
  if (row.变化上限 != null && row.变化上限 < 0) return "下降，超出偶然波动";
  if (row.变化下限 > 0) return "上升，超出偶然波动";
  return "升降未超出偶然波动";
}

/** The exact 95 % interval of a Poisson mean (Garwood's), by halving. */
export function poissonInterval(count, confidence = 0.95) {
  const outside = (1 - confidence) / 2;
  const below = (k, mean) => {
    let term = Math.exp(-mean);
    let sum = term;
    for (let i = 1; i <= k; i++) sum += term *= mean / i;
    return sum;
  };
  const solve = (from, to, tooLow) => {
    for (let i = 0; i < 100; i++) {
      const middle = (from + to) / 2;
      if (tooLow(middle)) from = middle;
      else to = middle;
    }
    return from;
  };
  const spread = 10 * Math.sqrt(count + 1) + 50;
  return [count === 0 ? 0 : solve(0, count, (mean) => 1 - below(count - 1, mean) < outside), solve(count, count + spread, (mean) => below(count, mean) > outside)];
}
