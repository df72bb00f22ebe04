/*
 * chinese_words.h
 *		The Chinese words of clauses: one table for the readers.
 *
 * Free text is not looked up word by word: a word counts only where a phrase
 * of clause_find.c, clause_compare.c or clause_step.c has a place for it.
 */
#ifndef AF_CHINESE_WORDS_H
#define AF_CHINESE_WORDS_H

#include "rule_model.h"

typedef enum af_zh_class
{
	AF_ZH_TEXT,					/* anything else; also words that contain one of the others */
	AF_ZH_QUOTED,				/* between quotation marks: a name, never a consequence */
	AF_ZH_NUMBER,
	AF_ZH_STOP,					/* value: af_zh_stop */
	AF_ZH_DEDUCT,
	AF_ZH_ADD,
	AF_ZH_POINTS,				/* 分 */
	AF_ZH_AWARD,				/* what an item gives, and no consequence: 得N分 */
	AF_ZH_ZERO,
	AF_ZH_VETO,
	AF_ZH_CANCEL,				/* 取消 ... 资格 */
	AF_ZH_TITLE,				/* 资格 */
	AF_ZH_EXCLUDE,				/* 不得评为 ... */
	AF_ZH_FAIL,					/* 判定为不合格 */
	AF_ZH_RAISE,				/* 发起 */
	AF_ZH_RUNG,					/* name: the rung */
	AF_ZH_EACH,					/* 每 */
	AF_ZH_UNIT,					/* value: af_zh_unit; only after a number, 每 or / */
	AF_ZH_RANK,					/* a unit of place: 位, 名次 */
	AF_ZH_COMPARE,				/* before a number; value: af_operator */
	AF_ZH_BOUND,				/* after a number; value: af_operator */
	AF_ZH_WITH,					/* （含）: the number belongs to it */
	AF_ZH_WITHOUT,				/* （不含） */
	AF_ZH_MORE,					/* 高, 多; value: af_zh_way */
	AF_ZH_LESS,
	AF_ZH_BASELINE,
	AF_ZH_REQUIRED,				/* value: af_zh_required */
	AF_ZH_SHORT,				/* 未达标: of a rate, below what is required */
	AF_ZH_SINCE,				/* 同比 */
	AF_ZH_ADVERB,				/* without meaning before a consequence */
	AF_ZH_DISCRETION,			/* 酌情 */
	AF_ZH_RESPECTIVELY,			/* 分别 */
	AF_ZH_APIECE,				/* 各 */
	AF_ZH_AND,					/* 且 */
	AF_ZH_OR,					/* 或 */
	AF_ZH_LIST,					/* 和 */
	AF_ZH_RANGE,				/* 至 */
	AF_ZH_AT_MOST,				/* 最多 */
	AF_ZH_UNTIL,				/* 扣完 */
	AF_ZH_END,					/* 为止 */
	AF_ZH_BY,					/* 按 */
	AF_ZH_FOUND,				/* 发现 */
	AF_ZH_PASSIVE,				/* 被: what follows has happened elsewhere */
	AF_ZH_BEYOND,				/* 超出部分 */
	AF_ZH_TALLY,				/* 合计 */
	AF_ZH_OF,					/* 的 */
	AF_ZH_REFUSE				/* name: why the clause around it cannot be said */
} af_zh_class;

typedef enum af_zh_stop
{
	AF_STOP_COMMA,
	AF_STOP_LIST,				/* 、 */
	AF_STOP_SEMICOLON,
	AF_STOP_COLON,
	AF_STOP_OPEN,
	AF_STOP_CLOSE,
	AF_STOP_SLASH,
	AF_STOP_DASH,
	AF_STOP_PERIOD,
	AF_STOP_LINE,				/* a line that ends an item */
	AF_STOP_OTHER
} af_zh_stop;

typedef enum af_zh_unit
{
	AF_ZH_UNIT_COUNT,
	AF_ZH_UNIT_PERSON,
	AF_ZH_UNIT_DAY,
	AF_ZH_UNIT_TIME,
	AF_ZH_UNIT_SIZE,
	AF_ZH_UNIT_YUAN,
	AF_ZH_UNIT_PERCENT,
	AF_ZH_UNIT_POINT,				/* percentage points */
	AF_ZH_UNIT_SCORE,				/* 分 as a size */
	AF_ZH_UNIT_NONE
} af_zh_unit;

/* How 每 ... steps away from a value. */
typedef enum af_zh_way
{
	AF_WAY_LEVEL,				/* 高, 低: of a rate */
	AF_WAY_COUNT				/* 多, 少: of a number of things, or of a rate */
} af_zh_way;

/* What 要求 may be: a number, or only that of a rate (满意率未达到要求). */
typedef enum af_zh_required
{
	AF_REQUIRED_NUMBER,
	AF_REQUIRED_RATE
} af_zh_required;

typedef struct af_zh_word
{
	const char *text;
	uint16_t	length;			/* bytes */
	uint16_t	next;
	af_zh_class class;
	int			value;
	const char *name;
} af_zh_word;

#define AF_ZH_MAX_WORDS 1200
#define AF_ZH_BUCKETS	128

/* The words by their first character; built once for a text. */
typedef struct af_zh_index
{
	unsigned	count;
	uint16_t	first[AF_ZH_BUCKETS];	/* 0: none */
	af_zh_word	word[AF_ZH_MAX_WORDS + 1];
} af_zh_index;

extern void af_zh_index_build(af_zh_index *index);

/* The longest word at the start of a text; NULL where there is none.  Units only where one may stand. */
extern const af_zh_word *af_zh_find(const af_zh_index *index, const char *text, size_t length, bool unit);

/* The value of a Chinese digit (零 to 九, 〇, 两), or of 十 百 千 万 亿; -1 for others. */
extern int64_t af_zh_numeral(int32_t code);

#endif
