/*
 * chinese_words.c
 *		The Chinese words of clauses.
 *
 * One line a meaning, words separated by blanks; of two words that both stand
 * at a place the longer counts, and of two entries of one word the first.  A
 * word that only contains another is listed as text, so that the shorter one
 * is not seen in it (减少 holds 减, and takes no points away).
 */
#include "chinese_words.h"

#include <string.h>

static const struct
{
	af_zh_class class;
	int			value;
	const char *name;
	const char *words;
}			table[] = {
	{AF_ZH_TEXT, 0, NULL,
		"没有 未有 缺陷 缺点 欠薪 欠费 欠税 欠款 欠债 差评 差旅 少儿 少女 高空 高风险 高龄 高考 高速 高层 高标准 低俗 低龄 "
		"超生 超载 超员 超限 超速 超范围 经过 通过 不过 透过 升级 升学 降水 降雨 "
		"拥有 所有 有关 有效 有序 有力 具有 只有 还有 国有 有的 有无 享有 有奖 有偿 有限 不扣分 不加分 不再扣分 不予加分 不重复扣分 不重复加分 加减分 增减分 扣分项 加分项 扣分标准 "
		"加分标准 扣分依据 扣分原因 扣分情况 加分情况 评分 扣分值 加分值 参加 更加 加强 加快 加大 "
		"加入 加班 附加 添加 施加 减轻 削减 扣押 扣留 奖项 奖金 奖状 获奖 表彰奖励 减排 减免 分别的 "
		"分管 分类 分工 分析 分局 分公司 分头 分级 分片 分解 分布 分包 分组 分值 分数 分配 部分 充分 身份 "
		"成分 得分率 分之 缺席 缺勤 缺岗 缺课 缺乏 差错 差异 出差 误差 高度 高效 提高效率 高质量 高发 "
		"高危 低保 低收入 多次 多发 多人 多方 许多 多元 多部门 多种 超标 超期 超时 降级 少数 至少一 "
		"青少年 少年 满意 满分 满足 不满意 达标 传达 到达 发达 达成 表达 下达 转达 送达 "
		"及时 涉及 普及 和谐 共和 温和 参与 与会 给与 各级 各项 各类 各责任 一把手 一般 一致 一旦 一些 "
		"一切 一直 一定 一体 一线 一门 一网 统一 同一 唯一 单一 万一 之一 进一步 一是 二是 三是 一系列 "
		"一事一议 一岗双责 按时 按期 按要求 按照 按月 按季 按年 按程序 按标准 按计划 按质 按量 按需 按实 "
		"记录 登记 书记 统计 设计 会计 审计 计生 被动 被子 无一 零申报 零容忍 零报告 零距离"},
	{AF_ZH_DEDUCT, 0, NULL,
		"扣 扣除 扣减 减扣 扣罚 扣掉 倒扣 减 减去 加扣 再扣 另扣 追加扣 追扣"},
	{AF_ZH_ADD, 0, NULL,
		"加 奖 奖励 增 增记 加记 增计 加计 另加 再加 奖加 嘉奖 加奖 追加 增加得"},
	{AF_ZH_POINTS, 0, NULL,
		"分"},
	{AF_ZH_AWARD, 0, NULL,
		"得 计 记 满分为 分值为 得满分 计满分 得分"},
	{AF_ZH_ZERO, 0, NULL,
		"不得分 不计分 不记分 不给分 不予计分 不予记分 不予得分 不予给分 不能得分 均不得分 不得此项分 "
		"不得该项分 不得本项分 扣全分 扣满分 扣全部分 扣光 扣除全部分值 扣全部分值 扣除该项全部分值 "
		"扣除本项全部分值 扣除此项全部分值 扣该项全部分值 扣本项全部分值 扣除该项分值 扣除本项分值 "
		"扣除全部得分 扣除该项得分 扣除本项得分 扣除此项得分 扣除该项全部得分 扣除该项全部分数 扣该项全部得分 扣除全部分数 分值全扣 全部扣除 "
		"分数全扣 得分为零 该项不得分 本项不得分 此项不得分 该项不计分 本项不计分 此项不计分 此项不记分 "
		"该项不记分 本项不记分"},
	{AF_ZH_VETO, 0, NULL,
		"一票否决 一票否决制 一票否决权"},
	{AF_ZH_CANCEL, 0, NULL,
		"取消"},
	{AF_ZH_TITLE, 0, NULL,
		"资格"},
	{AF_ZH_EXCLUDE, 0, NULL,
		"不得评为 不评为 不能评为 不得评先 不得评优 不予评优 不得参评 不能评先 不能评优 不得参加评优 "
		"不得参与评优 不得参加评先 不得评定为优秀 不得确定为优秀 不能评定为优秀 不得评优评先 不得评先评优"},
	{AF_ZH_FAIL, 0, NULL,
		"判定为不达标 判定为不合格 评定为不合格 认定为不合格 认定考核不合格 定为不合格 确定为不合格 "
		"视为不合格 直接评为不合格 评为不合格 考核不合格 考评不合格 评为不合格等次 定为不合格等次 "
		"判定不合格 直接定为不合格 评定为不达标 视为不达标"},
	{AF_ZH_RAISE, 0, NULL,
		"发起"},
	{AF_ZH_RUNG, 0, "reminder",
		"工作提示函"},
	{AF_ZH_RUNG, 0, "notice",
		"督导通报"},
	{AF_ZH_RUNG, 0, "yellow_card",
		"黄牌"},
	{AF_ZH_RUNG, 0, "red_card",
		"红牌"},
	{AF_ZH_RUNG, 0, "interview",
		"约谈"},
	{AF_ZH_RUNG, 0, "notify_higher",
		"平安抄告"},
	{AF_ZH_RUNG, 0, "rectification",
		"挂牌整治"},
	{AF_ZH_RUNG, 0, "discipline",
		"纪律移送"},
	{AF_ZH_EACH, 0, NULL,
		"每"},
	{AF_ZH_UNIT, AF_ZH_UNIT_COUNT, NULL,
		"起 例 件 户 处 项 个 条 次 宗 笔 家 份 篇 人次 案次 件次 户次 场 场次 批次 村 台 类 期 批 辆 块 组 支 "
		"所 座 间 种 面 栋 幢 则 封 张 本 桩 单 题 部 幅 只 头 棵 株 个项目 案 环节 个环节 家次 户数 个村 "
		"社 点位 个点位 站 具 枚 校 店 班次 个班次 课时 学时 节 节课 把 瓶 袋 根 队 乡镇 镇 街道 社区 小区 单位 企业 家企业 家单位"},
	{AF_ZH_UNIT, AF_ZH_UNIT_PERSON, NULL,
		"人 名 位 人员"},
	{AF_ZH_UNIT, AF_ZH_UNIT_DAY, NULL,
		"天 日 个工作日 工作日 个自然日 个日历天"},
	{AF_ZH_UNIT, AF_ZH_UNIT_TIME, NULL,
		"小时 个小时 分钟 周 个月 月 年 个季度 季度 季 半年 学期 星期 个星期 旬"},
	{AF_ZH_UNIT, AF_ZH_UNIT_SIZE, NULL,
		"公里 米 吨 亩 公顷 克 毫克 微克 升 毫升 平方米 平方公里 岁 周岁 公斤 千克 立方米 米长"},
	{AF_ZH_UNIT, AF_ZH_UNIT_YUAN, NULL,
		"元 元人民币 块钱"},
	{AF_ZH_UNIT, AF_ZH_UNIT_PERCENT, NULL,
		"%"},
	{AF_ZH_UNIT, AF_ZH_UNIT_POINT, NULL,
		"个百分点 百分点 个点 个百分比"},
	{AF_ZH_RANK, 0, NULL,
		"名次 个名次 位次 个位次 个等次 等次 个档次 档次 个档 个等级 等级 个层次 个级别"},
	{AF_ZH_COMPARE, AF_GREATER, NULL,
		"超过 超出 过 高于 大于 多于 突破 超 逾 高出"},
	{AF_ZH_COMPARE, AF_AT_LEAST, NULL,
		"达 达到 达到了 不少于 不低于 不小于 至少 累计 累计达 累计达到 满 高于或等于 大于或等于 大于等于 "
		"高于等于 累计满 不少于年"},
	{AF_ZH_COMPARE, AF_LESS, NULL,
		"低于 少于 不足 不满 不到 未达 未达到 达不到 没有达到 没达到 小于 未满 未到 尚未达到 没有达 "
		"仍未达到"},
	{AF_ZH_COMPARE, AF_AT_MOST, NULL,
		"不超过 不高于 不多于 低于或等于 小于或等于 小于等于 低于等于 未超过 不大于 在"},
	{AF_ZH_COMPARE, AF_EQUAL, NULL,
		"等于"},
	{AF_ZH_BOUND, AF_AT_LEAST, NULL,
		"以上 及以上 或以上 及其以上 和以上"},
	{AF_ZH_BOUND, AF_AT_MOST, NULL,
		"以下 及以下 或以下 以内 之内 及以内"},
	{AF_ZH_BOUND, AF_GREATER, NULL,
		"以外 之外"},
	{AF_ZH_MORE, AF_WAY_LEVEL, NULL,
		"高 上升 提高 升 提升 升高 增长 增幅"},
	{AF_ZH_LESS, AF_WAY_LEVEL, NULL,
		"低 下降 降低 降 下滑 下跌 降幅"},
	{AF_ZH_MORE, AF_WAY_COUNT, NULL,
		"多 增加 超额 增多 多出"},
	{AF_ZH_LESS, AF_WAY_COUNT, NULL,
		"少 减少 缺 差 遗落 遗漏 缺少 欠 相差 短缺"},
	{AF_ZH_BASELINE, 0, NULL,
		"去年同期 上年同期 去年 上年 上年度 上一年度 上一年 去年同期水平 上年同期水平 去年度 前三年平均 "
		"前三年平均数 前三年平均值 近三年平均 前三年均值 三年平均值 前三年平均水平 近三年平均数 "
		"近三年平均值 去年水平 上年水平 上年末 去年同期数 上年同期数"},
	{AF_ZH_REQUIRED, AF_REQUIRED_NUMBER, NULL,
		"规定数 规定指标 目标值 目标数 任务数 规定比例 规定次数 规定数量 指标数 任务指标 计划数 下达指标 下达任务数 控制指标 控制数 控制目标 "
		"年度控制指标 年度控制数 年度指标 考核指标 年度考核指标 年度任务数 年度目标值 控制考核指标"},
	{AF_ZH_REQUIRED, AF_REQUIRED_RATE, NULL,
		"目标 目标任务 规定标准 规定要求 规定 指标 任务 要求 标准 目标要求 指标要求 下达任务 既定目标 年度目标 年度任务 年度目标任务"},
	{AF_ZH_SHORT, 0, NULL,
		"未达标 不达标 未能达标 没有达标 未完成"},
	{AF_ZH_SINCE, 0, NULL,
		"同比 较上年 比上年 较去年 比去年 较上年度 比上年度 较上一年度 比上一年度 较去年同期 比去年同期 "
		"较上年同期 比上年同期 与去年同期相比 与上年同期相比 与上年相比 与去年相比 同去年相比 "
		"较前三年平均 较前三年平均数 比前三年平均 比前三年平均数 较前三年平均值"},
	{AF_ZH_ADVERB, 0, NULL,
		"均 再 另 则 直接 予以 给予 相应 应 将 可 要 即 另行 一次性 一律 适当 都 就 须 应当 应予 并 并且 "
		"同时 还 当年 当月 该项 本项 此项 年度 一并 按规定 额外 只"},
	{AF_ZH_DISCRETION, 0, NULL,
		"酌情 视情 视情节 视情况 视情节轻重 视情形 视情酌情 根据情况 根据具体情况 根据情节 "
		"视具体情况"},
	{AF_ZH_RESPECTIVELY, 0, NULL,
		"分别"},
	{AF_ZH_APIECE, 0, NULL,
		"各"},
	{AF_ZH_AND, 0, NULL,
		"且"},
	{AF_ZH_OR, 0, NULL,
		"或 或者 或是"},
	{AF_ZH_LIST, 0, NULL,
		"和 与 及 以及"},
	{AF_ZH_RANGE, 0, NULL,
		"至 到 ~"},
	{AF_ZH_AT_MOST, 0, NULL,
		"最多 最高 累计不超过 最高不超过 最多不超过 合计不超过 上限 上限为 封顶 最高限 总分不超过 "
		"累计最多 累计最高 合计最多 累计加分不超过 累计扣分不超过 加分不超过 扣分不超过 最高可 最多可 "
		"至多 以 最高为 最多为 总计不超过 扣分上限为 加分上限为 扣分最多 扣分最高 加分最多 加分最高 "
		"加分最高不超过 最高扣 最多扣 限扣 限加 限扣分 最多限扣 最高加 最多加"},
	{AF_ZH_UNTIL, 0, NULL,
		"扣完 直至扣完 扣至 扣到 直到扣完 直至 扣满 加满 加至 加到 加完"},
	{AF_ZH_END, 0, NULL,
		"为止 止 即止 为限 为上限 为封顶"},
	{AF_ZH_BY, 0, NULL,
		"按"},
	{AF_ZH_FOUND, 0, NULL,
		"发现 出现 发生 有 存在 产生 新增 查实 查处 查出 漏"},
	{AF_ZH_PASSIVE, 0, NULL,
		"被 已被 应被"},
	{AF_ZH_BEYOND, 0, NULL,
		"超出部分"},
	{AF_ZH_TALLY, 0, NULL,
		"合计"},
	{AF_ZH_OF, 0, NULL,
		"的"},
	{AF_ZH_REFUSE, 0, "a multiplier cannot be said",
		"加倍 减半 双倍 翻倍 翻番 倍"},
	{AF_ZH_REFUSE, 0, "a level with others cannot be said",
		"持平"},
	{AF_ZH_REFUSE, 0, "a place in a ranking cannot be said",
		"排名 位次 后退 进位 退位 名次 末位 倒数 位列 位居 列前 列后 前列 排前 排后 居前 居后"},
	{AF_ZH_REFUSE, 0, "a series that goes on cannot be said",
		"以此类推 依次类推 依此类推 类推 依次递增 依次递减 递增 递减 逐次"},
	{AF_ZH_REFUSE, 0, "an average of others cannot be said",
		"平均 均值 平均值 平均数 平均水平 中位数"},
	{AF_ZH_REFUSE, 0, "a comparison with another month cannot be said",
		"环比 上月 上季度 上个月 上一季度"},
};

/* All words that begin with the same character are in one list. */
static unsigned
bucket(const char *text)
{
	return ((unsigned char) text[0] * 7u + (unsigned char) text[1] * 31u + (unsigned char) text[2]) % AF_ZH_BUCKETS;
}

void
af_zh_index_build(af_zh_index *index)
{
	memset(index->first, 0, sizeof(index->first));
	index->count = 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		for (const char *at = table[i].words; *at;)
		{
			size_t		length = strcspn(at, " ");
			af_zh_word *word = &index->word[++index->count];
			uint16_t   *last = &index->first[length < 3 ? 0 : bucket(at)];

			*word = (af_zh_word) {at, (uint16_t) length, 0, table[i].class, table[i].value, table[i].name};
			while (*last)
				last = &index->word[*last].next;
			*last = (uint16_t) index->count;
			if (index->count == AF_ZH_MAX_WORDS)
				return;			/* never: a test reads the last word of the table */
			at += length + strspn(at + length, " ");
		}
}

const af_zh_word *
af_zh_find(const af_zh_index *index, const char *text, size_t length, bool unit)
{
	const af_zh_word *best = NULL;
	unsigned	list = length < 3 || (unsigned char) text[0] < 0x80 ? 0 : bucket(text);

	for (unsigned i = index->first[list]; i; i = index->word[i].next)
	{
		const af_zh_word *word = &index->word[i];

		if (!unit && (word->class == AF_ZH_UNIT || word->class == AF_ZH_RANK))
			continue;
		if (word->length <= length && memcmp(word->text, text, word->length) == 0 &&
			(!best || word->length > best->length || (word->length == best->length && word->class == AF_ZH_UNIT)))
			best = word;
	}
	return best;
}

int64_t
af_zh_numeral(int32_t code)
{
	static const struct
	{
		int32_t		code;
		int64_t		value;
	}			numerals[] = {
		{0x96F6, 0}, {0x3007, 0}, {0x4E00, 1}, {0x4E8C, 2}, {0x4E24, 2}, {0x4E09, 3}, {0x56DB, 4}, {0x4E94, 5},
		{0x516D, 6}, {0x4E03, 7}, {0x516B, 8}, {0x4E5D, 9}, {0x5341, 10}, {0x767E, 100}, {0x5343, 1000},
		{0x4E07, 10000}, {0x4EBF, 100000000},
	};

	for (size_t i = 0; i < sizeof(numerals) / sizeof(numerals[0]); i++)
		if (numerals[i].code == code)
			return numerals[i].value;
	return -1;
}
