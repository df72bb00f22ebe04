/*
 * chinese_text.c
 *		A clause as tokens.
 *
 * Words of the table first, the longest that stands there; then numbers,
 * stops and free text.
 */
#include "chinese_text.h"

#include <string.h>

#include "chinese_number.h"

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

		if (before->end - before->start >= length && af_zh_starts(x->out, before->end - length, late[i]))
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
	int32_t		code = af_zh_peek(x->out, x->at, &used);
	const af_zh_token *before = last(x);
	static const char half[] = "半";

	memset(&number, 0, sizeof(number));
	if ((code >= '0' && code <= '9'))
		end = af_zh_read_arabic(x->out, x->at, &number);
	else if (af_zh_starts(x->out, x->at, "百分之"))
	{
		size_t		at = x->at + strlen("百分之");

		number.percent = true;
		if (af_zh_starts(x->out, at, "百"))
		{
			number.number = INT64_C(100) * AF_NUMBER_SCALE;
			end = at + strlen("百");
		}
		else
			end = af_zh_read_numeral(x->out, at, &number);
		if (end == at)
			return false;
	}
	else if (af_zh_starts(x->out, x->at, "千分之") || af_zh_starts(x->out, x->at, "万分之"))
	{
		size_t		at = x->at + strlen("千分之");

		number.damaged = true;
		end = af_zh_read_numeral(x->out, at, &number);
		if (end == at)
			return false;
	}
	else if (af_zh_starts(x->out, x->at, "半分"))
	{
		number.number = AF_NUMBER_SCALE / 2;
		end = x->at + strlen(half);
	}
	else
	{
		end = af_zh_read_numeral(x->out, x->at, &number);
		if (end == x->at)
			return false;
	}
	if (code >= '0' && code <= '9' && af_zh_peek(x->out, end, &used) == ':')
	{
		size_t		next = end + used;

		/* 30:1 is a proportion */
		for (code = af_zh_peek(x->out, next, &used); code >= '0' && code <= '9'; code = af_zh_peek(x->out, next, &used))
		{
			number.damaged = true;
			end = next += used;
		}
	}
	if (af_zh_peek(x->out, end, &used) == 0x2030)
	{
		number.damaged = true;	/* 0.9‰ is no percentage */
		end += used;
	}
	if (af_zh_starts(x->out, end, half) && af_zh_starts(x->out, end, "半分"))
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
				if (af_zh_starts(x->out, end, pairs[i].close))
					return end + strlen(pairs[i].close);
	return 0;
}

/* （含）, （含本数）, （不含）: the end of it, or 0. */
static size_t
mark_end(const lexer *x, size_t at, bool *with)
{
	size_t		used;

	*with = !af_zh_starts(x->out, at, "不");
	if (!*with)
		at += strlen("不");
	if (af_zh_starts(x->out, at, "包"))
		at += strlen("包");
	if (!af_zh_starts(x->out, at, "含"))
		return 0;
	for (size_t end = at; end < x->length && end < at + MARK_REACH; end += used)
	{
		int32_t		code = af_zh_peek(x->out, end, &used);

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
	int32_t		code = af_zh_peek(x->out, x->at, &used);
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
	if (word && before && before->class == AF_ZH_NUMBER && af_zh_starts(x->out, x->at, "分") && word->class != AF_ZH_UNIT &&
		!af_zh_starts(x->out, x->at, "分之"))
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
