/*
 * chinese_text.c
 *		A clause as tokens.
 *
 * Full-width letters, digits and signs count as their ASCII forms.  A number
 * that the text has damaged stays a token of its own and is marked, so that
 * no phrase takes a part of it for the whole.
 */
#include "chinese_text.h"

#include <string.h>

#include "utf8.h"

/* How far a closing quotation mark or （含...） is looked for, in bytes. */
#define REACH 200
#define MARK_REACH 48

typedef struct lexer
{
	af_zh_tokens *out;
	const af_memory *memory;
	const char *text;
	size_t		length;
	size_t		at;
	af_zh_index index;
} lexer;

/* The character at a place, full width folded; -1 at the end. */
static int32_t
peek(const lexer *x, size_t at, size_t *used)
{
	int32_t		code = at < x->length ? af_utf8_decode(x->text + at, x->length - at, used) : -1;

	if (code < 0)
		*used = 0;
	if (code >= 0xFF01 && code <= 0xFF5E)
		code -= 0xFEE0;
	if (code == 0x3000 || code == 0xA0)
		code = ' ';
	return code;
}

static bool
starts(const lexer *x, size_t at, const char *word)
{
	size_t		length = strlen(word);

	return length <= x->length - at && memcmp(x->text + at, word, length) == 0;
}

static af_zh_token *
last(const lexer *x)
{
	return x->out->count ? &x->out->token[x->out->count - 1] : NULL;
}

static af_zh_token *
push(lexer *x, af_zh_class class, int value, size_t end)
{
	af_zh_tokens *out = x->out;
	af_zh_token *token;

	if (class == AF_ZH_TEXT && out->count && out->token[out->count - 1].class == AF_ZH_TEXT &&
		out->token[out->count - 1].end == x->at)
	{
		token = &out->token[out->count - 1];
		token->end = end;
		x->at = end;
		return token;
	}
	if (out->count == out->capacity)
	{
		if (!x->memory)
			return NULL;
		out->capacity *= 2;
		out->token = x->memory->resize(x->memory->context, out->token, out->capacity * sizeof(af_zh_token));
	}
	token = &out->token[out->count++];
	memset(token, 0, sizeof(*token));
	token->class = class;
	token->value = value;
	token->start = x->at;
	token->end = end;
	x->at = end;
	return token;
}

static bool
is_digit(int32_t code)
{
	return code >= '0' && code <= '9';
}

/* value x factor, where it fits into an af_number; else the mark of damage. */
static af_number
scale(af_number value, int64_t factor, bool *damaged)
{
	if (value > AF_NUMBER_MAX / factor)
	{
		*damaged = true;
		return 0;
	}
	return value * factor;
}

/* 十, 百, 千, 万 and 亿 after a number: 10万, 3千. */
static size_t
read_multipliers(const lexer *x, size_t at, af_zh_token *number)
{
	for (;;)
	{
		size_t		used;
		int64_t		factor = af_zh_numeral(peek(x, at, &used));

		if (factor < 100 || starts(x, at, "百分") || starts(x, at, "千克") || starts(x, at, "千米") || starts(x, at, "千瓦"))
			return at;
		number->number = scale(number->number, factor, &number->damaged);
		number->scaled |= factor >= 10000;
		at += used;
	}
}

/* Arabic digits: 0.5, 1,000, ５. */
static size_t
read_arabic(const lexer *x, af_zh_token *number)
{
	char		digits[32];
	size_t		count = 0;
	size_t		at = x->at;
	size_t		used;
	size_t		value_used;
	int32_t		code;
	bool		point = false;

	for (;; at += used)
	{
		size_t		next;
		size_t		skip;

		code = peek(x, at, &used);
		if (code == '.' && !point && is_digit(peek(x, at + used, &next)))
			point = true;
		else if (code == ',' && used == 1 && !point && count > 0 && count <= 3 &&
				 is_digit(peek(x, at + 1, &skip)) && skip == 1 && at + 4 <= x->length &&
				 is_digit(peek(x, at + 2, &skip)) && is_digit(peek(x, at + 3, &skip)) &&
				 (at + 4 == x->length || (!is_digit(peek(x, at + 4, &skip)) && !starts(x, at + 4, "分"))))
			continue;			/* 1,000 */
		else if (!is_digit(code))
			break;
		if (count < sizeof(digits))
			digits[count++] = (char) code;
		else
			number->damaged = true;
	}
	if (af_decimal_read(digits, count, AF_NUMBER_DECIMALS, AF_NUMBER_MAX, &number->number, &value_used) != AF_DECIMAL_OK ||
		(count > 1 && digits[0] == '0' && digits[1] != '.'))
		number->damaged = true;	/* 05 has lost its point */
	if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'))
		number->damaged = true;	/* 1O, 5l */
	return read_multipliers(x, at, number);
}

/* 三, 十二, 两百五十, 一点五; the place stays where it is if there is none. */
static size_t
read_numeral(const lexer *x, size_t at, af_zh_token *number)
{
	int64_t		total = 0;
	int64_t		section = 0;
	int64_t		digit = -1;
	int64_t		unit = 0;
	size_t		begin = at;

	for (;;)
	{
		size_t		used;
		int64_t		value = af_zh_numeral(peek(x, at, &used));

		if (value < 0 || starts(x, at, "百分") || starts(x, at, "千分之") || starts(x, at, "万分之"))
			break;
		if (value < 10)
		{
			if (digit > 0)
				number->damaged = true; /* 一二: a list that has lost its commas */
			digit = value;
		}
		else if (value < 10000)
		{
			if (digit < 0 && value > 10)
			{
				if (at == begin)
					return at;	/* 百姓, 千方百计 */
				number->damaged = true;
			}
			section += (digit < 0 ? 1 : digit) * value;
			digit = -1;
			if (unit && value >= unit)
				number->damaged = true;
			unit = value;
		}
		else
		{
			if (at == begin)
				return at;		/* 万一, 亿 */
			section += digit < 0 ? 0 : digit;
			total = (total + section) * value;
			number->scaled = true;
			section = 0;
			digit = -1;
			unit = 0;
		}
		at += used;
		if (total > AF_NUMBER_MAX / AF_NUMBER_SCALE || section > 100000)
		{
			number->damaged = true;
			total = section = 0;
		}
	}
	number->number = scale(total + section + (digit < 0 ? 0 : digit), AF_NUMBER_SCALE, &number->damaged);
	if (at > begin && starts(x, at, "点"))
	{
		af_number	place = AF_NUMBER_SCALE / 10;
		size_t		used;
		size_t		next = at + strlen("点");
		int64_t		value = af_zh_numeral(peek(x, next, &used));

		if (value >= 0 && value < 10)
			for (at = next; (value = af_zh_numeral(peek(x, at, &used))) >= 0 && value < 10; at += used)
			{
				number->damaged |= place == 0;
				number->number += value * place;
				place /= 10;
			}
	}
	return at;
}

/* 第三, 前三, 后三 and 最后一, but not 提前3, 之后3 */
static bool
is_ordinal(const lexer *x, const af_zh_token *before)
{
	static const char *const late[] = {"提前", "之前", "以前", "之后", "以后"};

	if (!af_zh_ends_in(x->out, x->out->count - 1, "第前后"))
		return false;
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
	{
		size_t		length = strlen(late[i]);

		if (before->end - before->start >= length && starts(x, before->end - length, late[i]))
			return false;
	}
	return true;
}

static bool
read_number(lexer *x, bool *room)
{
	af_zh_token number;
	af_zh_token *token;
	size_t		used;
	size_t		end;
	int32_t		code = peek(x, x->at, &used);
	const af_zh_token *before = last(x);
	static const char half[] = "半";

	memset(&number, 0, sizeof(number));
	if (is_digit(code))
		end = read_arabic(x, &number);
	else if (starts(x, x->at, "百分之"))
	{
		size_t		at = x->at + strlen("百分之");

		number.percent = true;
		if (starts(x, at, "百"))
		{
			number.number = INT64_C(100) * AF_NUMBER_SCALE;
			end = at + strlen("百");
		}
		else
			end = read_numeral(x, at, &number);
		if (end == at)
			return false;
	}
	else if (starts(x, x->at, "半分"))
	{
		number.number = AF_NUMBER_SCALE / 2;
		end = x->at + strlen(half);
	}
	else
	{
		end = read_numeral(x, x->at, &number);
		if (end == x->at)
			return false;
	}
	if (starts(x, end, half) && starts(x, end, "半分"))
		number.damaged = true;	/* 一半分 */
	if (before && before->end == x->at)
		number.ordinal = before->class == AF_ZH_TEXT && is_ordinal(x, before);
	token = push(x, AF_ZH_NUMBER, 0, end);
	*room = token != NULL;
	if (token)
	{
		token->number = number.number;
		token->damaged = number.damaged;
		token->scaled = number.scaled;
		token->percent = number.percent;
		token->ordinal = number.ordinal;
	}
	return true;
}

/* The end of a quotation that starts here, or 0. */
static size_t
quotation_end(const lexer *x, int32_t open, size_t at)
{
	static const struct
	{
		int32_t		open;
		const char *close;
	}			pairs[] = {{0x201C, "”"}, {0x2018, "’"}, {0x300A, "》"}, {0x300C, "」"}, {'"', "\""}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i].open == open)
			for (size_t end = at; end < x->length && end < at + REACH && x->text[end] != '\n'; end++)
				if (starts(x, end, pairs[i].close))
					return end + strlen(pairs[i].close);
	return 0;
}

/* （含）, （含本数）, （不含）: the end of it, or 0. */
static size_t
mark_end(const lexer *x, size_t at, bool *with)
{
	size_t		used;

	*with = !starts(x, at, "不");
	if (!*with)
		at += strlen("不");
	if (starts(x, at, "包"))
		at += strlen("包");
	if (!starts(x, at, "含"))
		return 0;
	for (size_t end = at; end < x->length && end < at + MARK_REACH; end += used)
	{
		int32_t		code = peek(x, end, &used);

		if (code == ')')
			return end + used;
		if (used == 0 || code == ',' || code == '(')
			return 0;
	}
	return 0;
}

static int
stop_of(int32_t code)
{
	switch (code)
	{
		case ',':
			return AF_STOP_COMMA;
		case 0x3001:
			return AF_STOP_LIST;
		case ';':
			return AF_STOP_SEMICOLON;
		case ':':
			return AF_STOP_COLON;
		case '(':
		case '[':
		case 0x3014:
		case 0x3010:
			return AF_STOP_OPEN;
		case ')':
		case ']':
		case 0x3015:
		case 0x3011:
			return AF_STOP_CLOSE;
		case '/':
			return AF_STOP_SLASH;
		case '-':
		case '~':
		case 0x2010:
		case 0x2011:
		case 0x2012:
		case 0x2013:
		case 0x2014:
		case 0x2015:
		case 0x2212:
		case 0x2500:
		case 0x301C:
			return AF_STOP_DASH;
		case 0x3002:
		case '!':
		case '?':
		case 0xFF61:
			return AF_STOP_PERIOD;
		case '.':
		case '\'':
		case '"':
		case '+':
		case 0x2026:
		case 0x201C:
		case 0x201D:
			return AF_STOP_OTHER;
		default:
			return -1;
	}
}

/* A line ends an item where a sentence ends before it; elsewhere it only wraps. */
static bool
line_ends(const lexer *x)
{
	const af_zh_token *before = last(x);

	if (!before)
		return false;
	return before->class == AF_ZH_STOP ? before->value == AF_STOP_PERIOD || before->value == AF_STOP_SEMICOLON ||
		before->value == AF_STOP_CLOSE || before->value == AF_STOP_COLON :
		before->class == AF_ZH_POINTS || before->class == AF_ZH_ZERO || before->class == AF_ZH_END;
}

static bool
next_token(lexer *x)
{
	size_t		used;
	size_t		end;
	int32_t		code = peek(x, x->at, &used);
	const af_zh_token *before = last(x);
	bool		unit = before && (before->class == AF_ZH_NUMBER || before->class == AF_ZH_EACH ||
								  (before->class == AF_ZH_STOP && before->value == AF_STOP_SLASH));
	const af_zh_word *word;
	af_zh_token *token;
	bool		with;
	bool		room = true;
	int			stop;

	if (code == '\n' && line_ends(x))
		return push(x, AF_ZH_STOP, AF_STOP_LINE, x->at + used) != NULL;
	if (code == ' ' || (code >= '\t' && code <= '\r'))
	{
		x->at += used;
		return true;
	}
	end = quotation_end(x, code, x->at + used);
	if (end)
		return push(x, AF_ZH_QUOTED, 0, end) != NULL;
	end = code == '(' ? mark_end(x, x->at + used, &with) : 0;
	if (end)
		return push(x, with ? AF_ZH_WITH : AF_ZH_WITHOUT, 0, end) != NULL;
	if (code == '<' || code == '>' || code == 0x2264 || code == 0x2265)
		return push(x, AF_ZH_COMPARE, code == '<' ? AF_LESS : code == '>' ? AF_GREATER :
					code == 0x2264 ? AF_AT_MOST : AF_AT_LEAST, x->at + used) != NULL;
	word = code == '%' ? af_zh_find(&x->index, "%", 1, unit) :
		af_zh_find(&x->index, x->text + x->at, x->length - x->at, unit);

	/* After a number 分 is the unit, whatever would follow: 扣2分组织不力 */
	if (word && before && before->class == AF_ZH_NUMBER && starts(x, x->at, "分") && word->class != AF_ZH_UNIT &&
		!starts(x, x->at, "分之"))
		return push(x, AF_ZH_POINTS, 0, x->at + strlen("分")) != NULL;
	if ((!word || word->length <= 3) && !(word && word->class == AF_ZH_UNIT) && read_number(x, &room))
		return room;
	if (word)
	{
		token = push(x, word->class, word->value, x->at + (code == '%' ? used : word->length));
		if (token)
			token->name = word->name;
		return token != NULL;
	}
	stop = stop_of(code);
	if (stop == AF_STOP_DASH && before && before->class == AF_ZH_STOP && before->value == AF_STOP_DASH && before->end == x->at)
	{
		x->out->token[x->out->count - 1].end += used;	/* —— */
		x->at += used;
		return true;
	}
	return push(x, stop < 0 ? AF_ZH_TEXT : AF_ZH_STOP, stop < 0 ? 0 : stop, x->at + used) != NULL;
}

bool
af_zh_tokenize(af_zh_tokens *tokens, const af_memory *memory)
{
	lexer		x = {tokens, memory, tokens->text, tokens->length, 0, {0}};

	af_zh_index_build(&x.index);
	tokens->count = 0;
	while (x.at < x.length)
		if (!next_token(&x))
			return false;
	return true;
}

bool
af_zh_ends_in(const af_zh_tokens *tokens, size_t token, const char *characters)
{
	const af_zh_token *t = &tokens->token[token];

	/* All of them are CJK characters of three bytes. */
	if (t->end - t->start < 3)
		return false;
	for (; *characters; characters += 3)
		if (memcmp(tokens->text + t->end - 3, characters, 3) == 0)
			return true;
	return false;
}

bool
af_zh_holds(const af_zh_tokens *tokens, size_t token, const char *word)
{
	const af_zh_token *t = &tokens->token[token];
	size_t		length = strlen(word);
	size_t		end = t->end < t->start + REACH ? t->end : t->start + REACH;

	if (t->class == AF_ZH_TEXT)
		for (size_t i = t->start; i + length <= end; i++)
			if (memcmp(tokens->text + i, word, length) == 0)
				return true;
	return false;
}

bool
af_zh_is(const af_zh_tokens *tokens, size_t token, const char *word)
{
	const af_zh_token *t = &tokens->token[token];

	return t->end - t->start == strlen(word) && memcmp(tokens->text + t->start, word, t->end - t->start) == 0;
}
