/*
 * rule_chinese.c
 *		The Chinese phrase of a rule.
 *
 * 以上 and 以下 include the number; 超过, 不满, 少于, 高于 and 低于 exclude it
 * (Civil Code, article 1259, and usage beside it).  Each subject, operator,
 * unit and kind of value has words of its own, so that no two rules have the
 * same phrase; doc/rules.md has the table.
 */
#include "rule_chinese.h"

#include <string.h>

/* What stands before and after the value compared with. */
typedef struct frame
{
	const char *before;
	const char *after;
} frame;

static const frame amount_frames[] = {
	[AF_GREATER] = {"超过", ""},
	[AF_AT_LEAST] = {"达", "以上"},
	[AF_LESS] = {"不满", ""},
	[AF_AT_MOST] = {"在", "以下"},
	[AF_EQUAL] = {"等于", ""},
};

static const frame count_frames[] = {
	[AF_GREATER] = {"超过", ""},
	[AF_AT_LEAST] = {"达", "以上"},
	[AF_LESS] = {"少于", ""},
	[AF_AT_MOST] = {"在", "以下"},
	[AF_EQUAL] = {"等于", ""},
};

static const frame rate_frames[] = {
	[AF_GREATER] = {"高于", ""},
	[AF_AT_LEAST] = {"达", "以上"},
	[AF_LESS] = {"低于", ""},
	[AF_AT_MOST] = {"在", "以下"},
	[AF_EQUAL] = {"等于", ""},
};

/* A fall of less than 20% is a change above -20%, and so on. */
static const af_operator mirrored[] = {
	[AF_GREATER] = AF_LESS,
	[AF_AT_LEAST] = AF_AT_MOST,
	[AF_LESS] = AF_GREATER,
	[AF_AT_MOST] = AF_AT_LEAST,
	[AF_EQUAL] = AF_EQUAL,
};

static const struct
{
	const char *name;
	const char *chinese;
}			rungs[] = {
	{"reminder", "工作提示函"},
	{"notice", "督导通报"},
	{"yellow_card", "黄牌"},
	{"red_card", "红牌"},
	{"interview", "约谈"},
	{"notify_higher", "平安抄告"},
	{"rectification", "挂牌整治"},
	{"discipline", "纪律移送"},
	{"veto", "一票否决"},
};

const char *
af_rung_chinese(const char *rung)
{
	for (size_t i = 0; i < sizeof(rungs) / sizeof(rungs[0]); i++)
		if (strcmp(rungs[i].name, rung) == 0)
			return rungs[i].chinese;
	return NULL;
}

static void
append_decimal(af_text *out, int64_t value, int decimals)
{
	char		buffer[AF_DECIMAL_SIZE];

	af_text_append(out, buffer, af_decimal_write(buffer, value, decimals));
}

/* 万 and 亿 where the number of them is whole: 10万元, but 15000元. */
static void
append_yuan(af_text *out, af_number value)
{
	const af_number ten_thousand = INT64_C(10000) * AF_NUMBER_SCALE;
	const af_number hundred_million = INT64_C(100000000) * AF_NUMBER_SCALE;
	const char *unit = "元";

	if (value != 0 && value % hundred_million == 0)
	{
		value /= 100000000;
		unit = "亿元";
	}
	else if (value != 0 && value % ten_thousand == 0)
	{
		value /= 10000;
		unit = "万元";
	}
	append_decimal(out, value, AF_NUMBER_DECIMALS);
	af_text_append_string(out, unit);
}

static void
append_value(af_text *out, af_subject subject, const af_comparison *comparison)
{
	if (comparison->kind == AF_VALUE_BASELINE)
		af_text_append_string(out, "去年同期");
	else if (comparison->kind == AF_VALUE_REQUIRED)
		af_text_append_string(out, "规定数");
	else if (subject == AF_SUBJECT_AMOUNT)
		append_yuan(out, comparison->value);
	else
	{
		append_decimal(out, comparison->value, AF_NUMBER_DECIMALS);
		af_text_append_string(out, subject == AF_SUBJECT_COUNT ? "次" : "%");
	}
}

/* A change below zero is written as a fall; this is the comparison as it is then worded. */
static af_comparison
worded(af_subject subject, const af_comparison *comparison)
{
	af_comparison result = *comparison;

	if (subject == AF_SUBJECT_CHANGE && comparison->value < 0)
	{
		result.operator = mirrored[comparison->operator];
		result.value = -comparison->value;
	}
	return result;
}

static void
append_condition(af_text *out, const af_rule *rule, const af_band *band)
{
	static const char *const subjects[] = {
		[AF_SUBJECT_NONE] = "",
		[AF_SUBJECT_AMOUNT] = "金额",
		[AF_SUBJECT_COUNT] = "",
		[AF_SUBJECT_RATE] = "比例",
		[AF_SUBJECT_CHANGE] = "同比",
	};
	const frame *frames = rule->subject == AF_SUBJECT_COUNT ? count_frames :
		rule->subject == AF_SUBJECT_RATE ? rate_frames : amount_frames;

	af_text_append_string(out, subjects[rule->subject]);
	for (int i = 0; i < band->comparison_count; i++)
	{
		af_comparison comparison = worded(rule->subject, &band->comparison[i]);

		if (i > 0)
			af_text_append_string(out, "且");
		if (rule->subject == AF_SUBJECT_CHANGE)
			af_text_append_string(out, band->comparison[i].value < 0 ? "降幅" : "增幅");
		af_text_append_string(out, frames[comparison.operator].before);
		append_value(out, rule->subject, &comparison);
		af_text_append_string(out, frames[comparison.operator].after);
	}
	af_text_append_string(out, "的，");
}

static void
append_percent_step(af_text *out, const af_rule *rule, const af_band *band)
{
	af_comparison first;

	af_text_append_string(out, "每");
	if (band->comparison_count > 0)
	{
		/* the distance is taken from the first value written */
		first = worded(rule->subject, &band->comparison[0]);
		af_text_append_string(out, first.operator == AF_GREATER || first.operator == AF_AT_LEAST ? "高" : "低");
	}
	append_decimal(out, band->step, AF_NUMBER_DECIMALS);
	af_text_append_string(out, "个百分点");
}

static void
append_step(af_text *out, const af_rule *rule, const af_band *band)
{
	static const frame frames[] = {
		[AF_PER_NOTHING] = {"", ""},
		[AF_PER_OCCURRENCE] = {"每", "起"},
		[AF_PER_DAY] = {"每", "天"},
		[AF_PER_MISSING] = {"每少", "项"},
		[AF_PER_EXCESS] = {"每超", "起"},
	};
	bool		counted = band->per == AF_PER_MISSING || band->per == AF_PER_EXCESS;

	if (band->per == AF_PER_NOTHING)
		return;
	if (band->per == AF_PER_PERCENT)
	{
		append_percent_step(out, rule, band);
		return;
	}
	/* without a condition the measure counts the excess itself, not what lies above a number */
	if (band->per == AF_PER_EXCESS && band->comparison_count == 0)
	{
		af_text_append_string(out, "超出部分每");
		append_decimal(out, band->step, AF_NUMBER_DECIMALS);
		af_text_append_string(out, "起");
		return;
	}
	af_text_append_string(out, frames[band->per].before);
	if (counted && rule->subject == AF_SUBJECT_AMOUNT && band->comparison_count > 0)
	{
		/* what lies beyond an amount is itself an amount */
		append_yuan(out, band->step);
		return;
	}
	if (counted || band->step != AF_NUMBER_SCALE)
		append_decimal(out, band->step, AF_NUMBER_DECIMALS);
	af_text_append_string(out, frames[band->per].after);
}

static void
append_points(af_text *out, const af_band *band)
{
	if (band->points_max != band->points)
		af_text_append_string(out, "酌情");
	af_text_append_string(out, band->effect == AF_DEDUCT ? "扣" : "加");
	append_decimal(out, band->points, AF_POINTS_DECIMALS);
	if (band->points_max != band->points)
	{
		af_text_append_string(out, "至");
		append_decimal(out, band->points_max, AF_POINTS_DECIMALS);
	}
	af_text_append_string(out, "分");
}

static void
append_rung(af_text *out, const char *rung)
{
	const char *chinese = af_rung_chinese(rung);

	af_text_append_string(out, "发起");
	if (chinese)
		af_text_append_string(out, chinese);
	else
	{
		af_text_append_string(out, "“");
		af_text_append_string(out, rung);
		af_text_append_string(out, "”");
	}
}

static void
append_band(af_text *out, const af_rule *rule, const af_band *band)
{
	if (band->comparison_count > 0)
		append_condition(out, rule, band);
	append_step(out, rule, band);
	switch (band->effect)
	{
		case AF_DEDUCT:
		case AF_ADD:
			append_points(out, band);
			break;
		case AF_ZERO:
			af_text_append_string(out, "该项不得分");
			break;
		case AF_VETO:
			af_text_append_string(out, "一票否决");
			break;
		case AF_RAISE:
			append_rung(out, band->rung);
			break;
	}
}

/* The cap holds for the deductions of a rule together, and for its additions. */
static void
append_cap(af_text *out, const af_rule *rule)
{
	bool		deducts = false;
	bool		adds = false;

	for (int i = 0; i < rule->band_count; i++)
	{
		deducts |= rule->band[i].effect == AF_DEDUCT;
		adds |= rule->band[i].effect == AF_ADD;
	}
	af_text_append_string(out, rule->band_count == 1 ? "，" : "；合计");
	af_text_append_string(out, deducts && adds ? "最多扣、加各" : deducts ? "最多扣" : "最多加");
	append_decimal(out, rule->cap, AF_POINTS_DECIMALS);
	af_text_append_string(out, "分");
}

void
af_rule_write_chinese(const af_rule *rule, af_text *out)
{
	for (int i = 0; i < rule->band_count; i++)
	{
		if (i > 0)
			af_text_append_string(out, "；");
		append_band(out, rule, &rule->band[i]);
	}
	if (rule->cap >= 0)
		append_cap(out, rule);
}
