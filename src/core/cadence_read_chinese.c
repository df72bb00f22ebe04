/*
 * cadence_read_chinese.c
 *		A cadence from the phrase of a document.
 *
 *		period 一 duty            一周一核查: rolling, counted from the last time
 *		每 period 一 duty         每月一汇总: in each calendar window
 *		period [at least] n 次    每周至少两次: in each calendar window
 *		每 n periods 一次         每7天一次: no window of the calendar, so rolling
 *
 * What may be read in two ways is refused: 每周一 is also a Monday, 三月 also
 * March, 每隔一天 every day or every other day, 双月 two months or the even ones.
 */
#include "cadence_parts.h"

#include <string.h>

#include "chinese_number.h"
#include "utf8.h"

/* The duty after 一, in characters. */
#define DUTY_MOST	8

/* What comes before the number of times, and behind it. */
#define WORDS_MOST	6

static const char at_least[] =
	"不得少于 不应少于 不能少于 不少于 不得低于 不应低于 不能低于 不低于 至少 最少";

static const char activities[] =
	"组织 开展 推送 召开 进行 举办 举行 发布 发送 循环播放 滚动播放 播放 播报 广播 核查 走访 入户 见面 回访 家访 "
	"通报 研判 会商 报告 汇报 上报 报送 检查 巡查 排查 督查 督导 宣传 培训 汇总 调度 更新 谈话 签到 集中 安排 完成 实施 发放 转发 学习 "
	"演练 教育 讲座";

typedef struct period
{
	bool		each;			/* 每 */
	bool		whole;			/* 全: 全年 */
	bool		counted;		/* a number stands before the unit */
	bool		pair;			/* ... and it is 两, which names no month */
	bool		arabic;			/* ... and it is in digits */
	bool		measured;		/* 个 before the unit: 三个月 */
	bool		fortnight;		/* 双周 */
	int32_t		number;
	af_cadence_unit unit;
} period;

static bool
take(af_cadence_text *t, const char *word)
{
	size_t		length = strlen(word);

	af_cadence_skip_spaces(t);
	if (t->length - t->at < length || memcmp(t->data + t->at, word, length) != 0)
		return false;
	t->at += length;
	return true;
}

/* One of several words that blanks separate; the longer of two stands first. */
static bool
take_one(af_cadence_text *t, const char *words)
{
	while (*words)
	{
		char		word[32];
		size_t		length = strcspn(words, " ");

		memcpy(word, words, length);
		word[length] = '\0';
		if (take(t, word))
			return true;
		words += length + strspn(words + length, " ");
	}
	return false;
}

static bool
refuse(af_cadence_text *t, const char *detail, const char *hint)
{
	af_cadence_refuse(t, AF_SYNTAX);
	af_error_detail(t->error, "%s", detail);
	return hint && af_error_hint(t->error, "%s", hint);
}

/* A number from 1 to AF_CADENCE_LAST, if one stands here; *found tells. */
static bool
read_number(af_cadence_text *t, int32_t *number, bool *found)
{
	af_zh_tokens tokens = {.text = t->data, .length = t->length};
	af_zh_token token = {.number = 0};
	size_t		start;
	size_t		end;

	af_cadence_skip_spaces(t);
	start = t->at;
	end = af_zh_read_arabic(&tokens, start, &token);
	if (end == start)
	{
		token = (af_zh_token) {.number = 0};
		end = af_zh_read_numeral(&tokens, start, &token);
	}
	*found = end > start;
	if (!*found)
		return true;
	if (token.damaged || token.number % AF_NUMBER_SCALE != 0)
	{
		char		excerpt[AF_EXCERPT_SIZE];

		af_cadence_refuse(t, AF_SYNTAX);
		return af_error_detail(t->error, "\"%s\" is not one whole number.", af_excerpt(excerpt, t->data + start, end - start));
	}
	if (token.number < AF_NUMBER_SCALE || token.number > AF_CADENCE_LAST * (af_number) AF_NUMBER_SCALE)
		return af_cadence_number_range(t, t->data + start, end - start);
	*number = (int32_t) (token.number / AF_NUMBER_SCALE);
	t->at = end;
	return true;
}

static bool
read_unit(af_cadence_text *t, period *p)
{
	static const struct
	{
		const char *words;
		af_cadence_unit unit;
	}			units[] = {
		{"半年", AF_UNIT_HALF_YEAR},
		{"天 日", AF_UNIT_DAY},
		{"周 星期 礼拜", AF_UNIT_WEEK},
		{"月", AF_UNIT_MONTH},
		{"季度 季", AF_UNIT_QUARTER},
		{"学期", AF_UNIT_TERM},
		{"年度 年", AF_UNIT_YEAR},
	};

	p->measured = take(t, "个");
	if (take(t, "学年"))
		return refuse(t, "A school year is no year of the calendar; a calendar knows terms.", "Write the number of times in a term, 每学期一次, or in a year, 每年一次.");
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (take_one(t, units[i].words))
		{
			p->unit = units[i].unit;
			return true;
		}
	if (take(t, "半"))
		return refuse(t, "Half a month or week is no whole number of days.", "Write the days: \"every 15 days\", 每15天一次.");
	if (take(t, "工作日"))
		return refuse(t, "A cadence counts calendar days, not working days.", "Write \"1 per day\" or a number of days.");
	return af_cadence_unexpected(t, "天, 日, 周, 月, 季度, 半年, 年 or 学期");
}

/* 三月 is March, 二季度 the second quarter, 2024年 a year. */
static bool
is_name(const period *p)
{
	if (p->each || p->whole || !p->counted || p->pair || p->measured)
		return false;
	if (p->unit == AF_UNIT_MONTH)
		return p->arabic || (p->number > 1 && p->number <= 12);
	if (p->unit == AF_UNIT_QUARTER)
		return p->arabic || (p->number > 1 && p->number <= 4);
	return p->unit == AF_UNIT_YEAR && p->number >= 1000;
}

static bool
read_period(af_cadence_text *t, period *p)
{
	size_t		start;

	if (take(t, "每隔") || take(t, "隔"))
		return refuse(t, "每隔一天 may mean every day or every second day.", "Write \"every 2 days\" or 每2天一次.");
	p->each = take(t, "每");
	p->whole = !p->each && take(t, "全");
	if (!p->whole && take(t, "双周"))
	{
		p->fortnight = p->counted = true;
		p->number = 2;
		p->unit = AF_UNIT_WEEK;
		return true;
	}
	af_cadence_skip_spaces(t);
	start = t->at;
	if (!read_number(t, &p->number, &p->counted))
		return false;
	if (!p->counted)
		p->number = 1;
	else
	{
		p->arabic = t->data[start] >= '0' && t->data[start] <= '9';
		p->pair = t->at - start == strlen("两") && memcmp(t->data + start, "两", strlen("两")) == 0;
		if (p->whole)
			return refuse(t, "全 is followed by a number.", NULL);
	}
	if (!read_unit(t, p))
		return false;
	if (p->unit == AF_UNIT_HALF_YEAR && p->counted)
		return p->number == 1 || refuse(t, "There is no such part of the calendar.", "Write months: \"every 18 months\".");
	if (!p->each && !p->whole && !p->counted && p->unit != AF_UNIT_HALF_YEAR)
		return refuse(t, "It does not begin with 每 or a number: 周一 is also a Monday.", "Write 一周一核查 or 每周一次.");
	if (is_name(p))
		return refuse(t, "It begins with the name of a month, a quarter or a year.", "Write 每 before it or 个 after the number: 每三个月一次, 三个月一核查.");
	return true;
}

/* Whether a duty may follow 一: no measure word, and nothing that says more. */
static bool
is_duty(const af_cadence_text *t)
{
	/* 一场, 一日 and so on are no duties; 回访, 家访 and the like are. */
	static const char measures[] =
		"场期篇条遍个份件名人项起批堂节日号天周月季年旬时度届位户家处段封张本部套种类班样把台只线回轮至到";
	static const char *const verbs[] = {
		"回访", "回头", "回看", "家访", "轮训", "轮岗", "轮换", "处置", "处理", "部署", "张贴", "班会", "台账"
	};
	static const char single[] = "访报查评播巡检训谈议研讲测审会";
	static const char more[] = "每不未次前后内外或至初末底约半";
	af_zh_tokens tokens = {.text = t->data, .length = t->length};
	size_t		count = 0;
	size_t		used;
	bool		good = true;
	bool		alone = false;

	for (size_t at = t->at; at < t->length; at += used, count++)
	{
		int32_t		code = af_utf8_decode(t->data + at, t->length - at, &used);
		char		character[8] = "";

		if (code < 0x3400 || code > 0x9FFF || (code >= 0x4DC0 && code < 0x4E00) || af_zh_numeral(code) >= 0)
			return false;
		memcpy(character, t->data + at, used);
		alone = count == 0 && strstr(single, character) != NULL;
		if (strstr(more, character) || (count == 0 && strstr(measures, character)))
			good = false;
	}
	for (size_t i = 0; !good && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		good = af_zh_starts(&tokens, t->at, verbs[i]) && count <= 3;
	return good && (count >= 2 || alone) && count <= DUTY_MOST;
}

static bool
read_duty(af_cadence_text *t, const period *p, af_cadence *c)
{
	if (p->each && !p->counted && p->unit == AF_UNIT_WEEK)
		return refuse(t, "每周一 is also every Monday.", "Write 一周一核查 (every week) or 每周一次 (1 per week).");
	if (p->fortnight)
		return refuse(t, "双周一 is also a Monday.", "Write 两周一核查 or 双周一次 (every 2 weeks).");
	if (p->whole || (p->unit == AF_UNIT_TERM && !(p->each && p->number == 1)))
		return refuse(t, "There is no interval of a term, and none with 全.", "Write the number of times: 每学期1次, 全年不少于48次.");
	af_cadence_skip_spaces(t);
	if (!is_duty(t))
		return af_cadence_unexpected(t, "次, or a duty in two to eight characters such as 核查, 走访 or 通报,");

	/* Documents that say 一周一核查 are carried out, and quoted, in days. */
	if (p->each && p->number == 1)
		*c = (af_cadence) {false, p->unit, 1};
	else if (p->unit == AF_UNIT_WEEK && p->number == 1)
		*c = (af_cadence) {true, AF_UNIT_DAY, 7};
	else if (p->unit == AF_UNIT_HALF_YEAR)
		*c = (af_cadence) {true, AF_UNIT_MONTH, 6};
	else
		*c = (af_cadence) {true, p->unit, p->number};
	return true;
}

/*
 * 应, 定期, 至少, 推送 and the like: without effect on the number that follows.
 * 定期 (regularly) says an interval only together with it.
 */
static void
skip_words(af_cadence_text *t)
{
	(void) take_one(t, "应当 应 必须 须 需要 需");
	for (int i = 0; i < WORDS_MOST && (take(t, "定期") || take_one(t, at_least) || take_one(t, activities)); i++)
		;
}

/* What was done so often: 每月召开一次会议, 每周一次通报, 一次汇报会或协调会. */
static bool
skip_object(af_cadence_text *t)
{
	static const char objects[] =
		"联席会议 工作会议 会议 工作例会 例会 座谈会 协调会 推进会 分析会 活动 会";

	for (int i = 0; i < WORDS_MOST && t->at < t->length; i++)
	{
		if (i > 0)
			(void) take_one(t, "或 和 及 、");
		if (!take_one(t, activities) && !take_one(t, objects))
			break;
		af_cadence_skip_spaces(t);
	}
	return t->at == t->length;
}

static bool
read_times(af_cadence_text *t, const period *p, int32_t number, af_cadence *c)
{
	(void) take_one(t, "及其以上 及以上 或以上 以上");
	af_cadence_skip_spaces(t);
	if (!skip_object(t))
		return af_cadence_unexpected(t, "nothing else, or 以上, or what was done,");
	if (p->number == 1)
		*c = (af_cadence) {false, p->unit, number};
	else if (number > 1)
		return refuse(t, "Several times in several days, weeks, months or years is no window of the calendar.",
					  "Write the number of times in one: \"2 per week\", 每周两次.");
	else if (p->unit == AF_UNIT_TERM)
		return refuse(t, "There is no interval of several terms.", "Write \"1 per term\", 每学期1次.");
	else
		*c = (af_cadence) {true, p->unit, p->number};
	return true;
}

static bool
holds(const af_cadence_text *t, const char *word)
{
	size_t		length = strlen(word);

	for (size_t at = 0; at + length <= t->length; at++)
		if (memcmp(t->data + at, word, length) == 0)
			return true;
	return false;
}

static bool
ends_with(const af_cadence_text *t, const char *mark)
{
	size_t		length = strlen(mark);

	return t->length > length && memcmp(t->data + t->length - length, mark, length) == 0;
}

/* The end of a sentence or of a clause says nothing. */
static void
trim_end(af_cadence_text *t)
{
	while (ends_with(t, " ") || ends_with(t, ",") || ends_with(t, ";"))
		t->length--;
	if (ends_with(t, "。"))
		t->length -= strlen("。");
}

/* 一次 and 一回, but not 一回访. */
static bool
is_times(const af_cadence_text *t)
{
	af_zh_tokens tokens = {.text = t->data, .length = t->length};

	return af_zh_starts(&tokens, t->at, "次") ||
		(af_zh_starts(&tokens, t->at, "回") && !af_zh_starts(&tokens, t->at, "回访") &&
		 !af_zh_starts(&tokens, t->at, "回头") && !af_zh_starts(&tokens, t->at, "回看"));
}

bool
af_cadence_read_chinese(af_cadence_text *t, af_cadence *c)
{
	period		p = {.each = false};
	int32_t		number;
	int32_t		hours;
	bool		found;
	size_t		behind;
	size_t		start;

	trim_end(t);
	if (holds(t, "不定期") || (holds(t, "定期") && !holds(t, "次")))
		return refuse(t, "定期 (regularly) and 不定期 (irregularly) say no interval.", NULL);
	(void) take_one(t, at_least);
	if (!read_period(t, &p))
		return false;
	hours = p.unit != AF_UNIT_DAY ? 0 : take_one(t, "早中晚 早、中、晚") ? 3 : take_one(t, "早晚") ? 2 : 0;
	af_cadence_skip_spaces(t);
	behind = t->at;
	skip_words(t);
	af_cadence_skip_spaces(t);
	start = t->at;
	if (!read_number(t, &number, &found))
		return false;
	af_cadence_skip_spaces(t);
	if (hours > 0 && (!found || number != hours))
		return refuse(t, hours == 3 ? "早中晚 is three times a day." : "早晚 is twice a day.", "Write 每天三次 or 每天两次.");
	if (found && is_times(t))
		return take_one(t, "次 回") && read_times(t, &p, number, c);
	if (found && start == behind && number == 1 && (unsigned char) t->data[start] >= 0x80)
		return read_duty(t, &p, c);
	t->at = behind;
	if (p.unit == AF_UNIT_WEEK && take_one(t, "一 二 三 四 五 六 日 天 末"))
		return refuse(t, "It names a day of the week.", "A cadence has no weekdays: write 每周一次, and the day where the duty is described.");
	t->at = start;
	return af_cadence_unexpected(t, found ? "such a number of times as 两次" : "the number of times, such as 一次 or 至少两次,");
}
