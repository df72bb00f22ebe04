/*
 * json.c
 *		A strict reader of JSON documents (RFC 8259).
 */
#include "json.h"

#include <stdio.h>
#include <string.h>

#include "utf8.h"

typedef struct reader
{
	const char *text;
	size_t		length;
	size_t		at;
	int			depth;
	const af_memory *memory;
	af_error   *error;
} reader;

static af_json *read_value(reader *r);

static void *
fail(reader *r, const char *reason)
{
	char		excerpt[AF_EXCERPT_SIZE];

	af_error_set(r->error, AF_SYNTAX, "invalid JSON at character %zu: \"%s\"",
				 af_utf8_character(r->text, r->at),
				 af_excerpt(excerpt, r->text + r->at, r->length - r->at));
	af_error_detail(r->error, "%s", reason);
	af_error_hint(r->error, "Check the document with a JSON tool, for instance by casting it to jsonb.");
	return NULL;
}

/* What JSON allows and this reader does not. */
static void *
refuse(reader *r, af_code code, const char *what, const char *detail, const char *hint)
{
	af_error_set(r->error, code, "%s at character %zu", what, af_utf8_character(r->text, r->at));
	af_error_detail(r->error, "%s", detail);
	af_error_hint(r->error, "%s", hint);
	return NULL;
}

static void
skip_space(reader *r)
{
	while (r->at < r->length && strchr(" \t\r\n", r->text[r->at]) && r->text[r->at])
		r->at++;
}

static bool
peek(reader *r, char c)
{
	return r->at < r->length && r->text[r->at] == c;
}

static af_json *
new_value(reader *r, af_json_kind kind)
{
	af_json    *value = r->memory->allocate(r->memory->context, sizeof(af_json));

	memset(value, 0, sizeof(*value));
	value->kind = kind;
	return value;
}

static bool
read_hex(reader *r, int32_t *code)
{
	*code = 0;
	if (r->length - r->at < 4)
		return false;
	for (int i = 0; i < 4; i++)
	{
		char		c = r->text[r->at + i];

		*code <<= 4;
		if (c >= '0' && c <= '9')
			*code |= c - '0';
		else if (c >= 'a' && c <= 'f')
			*code |= c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			*code |= c - 'A' + 10;
		else
			return false;
	}
	r->at += 4;
	return true;
}

static size_t
encode(char *out, int32_t code)
{
	if (code < 0x80)
	{
		out[0] = (char) code;
		return 1;
	}
	if (code < 0x800)
	{
		out[0] = (char) (0xC0 | (code >> 6));
		out[1] = (char) (0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000)
	{
		out[0] = (char) (0xE0 | (code >> 12));
		out[1] = (char) (0x80 | ((code >> 6) & 0x3F));
		out[2] = (char) (0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | (code >> 18));
	out[1] = (char) (0x80 | ((code >> 12) & 0x3F));
	out[2] = (char) (0x80 | ((code >> 6) & 0x3F));
	out[3] = (char) (0x80 | (code & 0x3F));
	return 4;
}

/* The escape after a backslash, into out; 0 where it is none. */
static size_t
read_escape(reader *r, char *out)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int32_t		code;
	int32_t		low;

	if (r->at >= r->length || r->text[r->at] == '\0')
		return 0;
	if (r->text[r->at] != 'u')
	{
		found = strchr(from, r->text[r->at]);
		if (found == NULL)
			return 0;
		r->at++;
		*out = to[found - from];
		return 1;
	}
	r->at++;
	if (!read_hex(r, &code) || code == 0)
		return 0;				/* a text cannot hold U+0000 */
	if (code >= 0xD800 && code <= 0xDBFF)
	{
		if (r->length - r->at < 6 || r->text[r->at] != '\\' || r->text[r->at + 1] != 'u')
			return 0;
		r->at += 2;
		if (!read_hex(r, &low) || low < 0xDC00 || low > 0xDFFF)
			return 0;
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	else if (code >= 0xDC00 && code <= 0xDFFF)
		return 0;
	return encode(out, code);
}

static bool
read_string(reader *r, af_span *span)
{
	size_t		start = ++r->at;
	size_t		end = start;
	size_t		length = 0;
	bool		escaped = false;
	char	   *out;

	/* Find the closing quote first, so that one allocation suffices. */
	while (end < r->length && r->text[end] != '"')
	{
		if ((unsigned char) r->text[end] < 0x20)
		{
			r->at = end;
			fail(r, "A control character must be written as an escape inside a string.");
			return false;
		}
		if (r->text[end] == '\\')
		{
			escaped = true;
			end++;
		}
		end++;
	}
	if (end >= r->length)
	{
		r->at = start - 1;
		fail(r, "The string is not closed.");
		return false;
	}
	if (!escaped)
	{
		span->data = r->text + start;
		span->length = end - start;
		r->at = end + 1;
		return true;
	}
	out = r->memory->allocate(r->memory->context, end - start + 1);
	while (r->at < end)
	{
		if (r->text[r->at] == '\\')
		{
			size_t		written;

			r->at++;
			written = read_escape(r, out + length);
			if (written == 0)
			{
				fail(r, "This is not a valid escape.");
				return false;
			}
			length += written;
		}
		else
			out[length++] = r->text[r->at++];
	}
	out[length] = '\0';
	span->data = out;
	span->length = length;
	r->at = end + 1;
	return true;
}

static af_json *
read_number(reader *r)
{
	af_json    *value = new_value(r, AF_JSON_NUMBER);
	size_t		start = r->at;

#define DIGIT(i) ((i) < r->length && r->text[i] >= '0' && r->text[i] <= '9')
	if (peek(r, '-'))
		r->at++;
	if (!DIGIT(r->at))
		return fail(r, "A number needs a digit here.");
	if (peek(r, '0') && DIGIT(r->at + 1))
		return fail(r, "A number has no leading zeros.");
	while (DIGIT(r->at))
		r->at++;
	if (peek(r, '.'))
	{
		r->at++;
		if (!DIGIT(r->at))
			return fail(r, "A number needs a digit after its point.");
		while (DIGIT(r->at))
			r->at++;
	}
	if (peek(r, 'e') || peek(r, 'E'))
		return refuse(r, AF_SYNTAX, "number with an exponent",
					  "Numbers with an exponent are not read, so that points are as the official document writes them.",
					  "Write the number out: 10 for 1e1.");
#undef DIGIT
	value->text.data = r->text + start;
	value->text.length = r->at - start;
	return value;
}

static af_json *
read_members(reader *r, af_json_kind kind)
{
	char		close = kind == AF_JSON_ARRAY ? ']' : '}';
	af_json    *whole = new_value(r, kind);
	af_json   **tail = &whole->first;

	if (++r->depth > AF_JSON_MAX_DEPTH)
		return refuse(r, AF_LIMIT, "JSON document nested too deeply",
					  "At most 16 levels are read.", "Put fewer objects and arrays inside one another: no document that is read here needs so many levels.");
	r->at++;
	skip_space(r);
	if (peek(r, close))
	{
		r->at++;
		r->depth--;
		return whole;
	}
	for (;;)
	{
		af_span		key = {NULL, 0};
		af_json    *member;

		skip_space(r);
		if (kind == AF_JSON_OBJECT)
		{
			if (!peek(r, '"'))
				return fail(r, "A key in double quotes is expected.");
			if (!read_string(r, &key))
				return NULL;
			skip_space(r);
			if (!peek(r, ':'))
				return fail(r, "A colon is expected after a key.");
			r->at++;
		}
		member = read_value(r);
		if (member == NULL)
			return NULL;
		member->key = key;
		*tail = member;
		tail = &member->next;
		whole->count++;
		skip_space(r);
		if (peek(r, close))
			break;
		if (!peek(r, ','))
			return fail(r, kind == AF_JSON_ARRAY ? "A comma or ] is expected." : "A comma or } is expected.");
		r->at++;
	}
	r->at++;
	r->depth--;
	return whole;
}

static af_json *
read_value(reader *r)
{
	static const struct
	{
		const char *word;
		af_json_kind kind;
	}			words[] = {{"null", AF_JSON_NULL}, {"true", AF_JSON_TRUE}, {"false", AF_JSON_FALSE}};

	skip_space(r);
	if (peek(r, '{'))
		return read_members(r, AF_JSON_OBJECT);
	if (peek(r, '['))
		return read_members(r, AF_JSON_ARRAY);
	if (peek(r, '"'))
	{
		af_json    *value = new_value(r, AF_JSON_STRING);

		return read_string(r, &value->text) ? value : NULL;
	}
	if (peek(r, '-') || (r->at < r->length && r->text[r->at] >= '0' && r->text[r->at] <= '9'))
		return read_number(r);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		size_t		length = strlen(words[i].word);

		if (r->length - r->at >= length && memcmp(r->text + r->at, words[i].word, length) == 0)
		{
			r->at += length;
			return new_value(r, words[i].kind);
		}
	}
	return fail(r, r->at >= r->length ? "The document ends where a value is expected." : "A value is expected.");
}

af_json *
af_json_read(const char *text, size_t length, const af_memory *memory, af_error *error)
{
	reader		r = {text, length, 0, 0, memory, error};
	af_json    *value;
	size_t		bad;

	if (length > AF_JSON_MAX_SIZE)
	{
		af_error_set(error, AF_LIMIT, "JSON document of %zu bytes is too large", length);
		af_error_detail(error, "At most %zu bytes are read.", AF_JSON_MAX_SIZE);
		af_error_hint(error, "Leave out or shorten what is not needed, or divide the document.");
		return NULL;
	}
	if (!af_utf8_valid(text, length, &bad))
	{
		af_error_set(error, AF_ENCODING, "JSON document is not valid UTF-8 at byte %zu", bad + 1);
		return NULL;
	}
	value = read_value(&r);
	if (value == NULL)
		return NULL;
	skip_space(&r);
	if (r.at < r.length)
		return fail(&r, "Nothing may follow the document.");
	return value;
}

bool
af_json_members(const af_json *object, const char *const *names, int name_count,
				const af_json **members, const char *where, af_error *error)
{
	bool		seen[32] = {false};

	for (int i = 0; i < name_count; i++)
		members[i] = NULL;
	if (object->kind != AF_JSON_OBJECT)
	{
		af_error_set(error, AF_SYNTAX, "%s must be a JSON object, not %s", where, af_json_kind_name(object));
		af_error_detail(error, "Its parts are known by their keys.");
		return af_error_hint(error, "Write it in braces: {\"key\": value}.");
	}
	for (const af_json *member = object->first; member; member = member->next)
	{
		char		excerpt[AF_EXCERPT_SIZE];
		int			i;

		for (i = 0; i < name_count; i++)
			if (strlen(names[i]) == member->key.length &&
				memcmp(names[i], member->key.data, member->key.length) == 0)
				break;
		af_excerpt(excerpt, member->key.data, member->key.length);
		if (i == name_count)
		{
			char		list[256];
			size_t		used = 0;

			for (int n = 0; n < name_count; n++)
				used += (size_t) snprintf(list + used, sizeof(list) - used, "%s%s", n ? ", " : "", names[n]);
			af_error_set(error, AF_SYNTAX, "%s has an unknown key \"%s\"", where, excerpt);
			af_error_detail(error, "Known keys are: %s.", list);
			return af_error_hint(error, "Correct the key, or leave it out.");
		}
		if (seen[i])
		{
			af_error_set(error, AF_SYNTAX, "%s has the key \"%s\" twice", where, excerpt);
			af_error_detail(error, "Which of the two values counts would be a guess.");
			return af_error_hint(error, "Keep one of them.");
		}
		seen[i] = true;
		if (member->kind != AF_JSON_NULL)
			members[i] = member;
	}
	return true;
}

void
af_json_write_string(af_text *out, const char *data, size_t length)
{
	size_t		done = 0;

	af_text_append(out, "\"", 1);
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) data[i];
		char		escape[8];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		af_text_append(out, data + done, i - done);
		done = i + 1;
		if (c == '"' || c == '\\')
			snprintf(escape, sizeof(escape), "\\%c", c);
		else
			snprintf(escape, sizeof(escape), "\\u%04x", c);
		af_text_append_string(out, escape);
	}
	af_text_append(out, data + done, length - done);
	af_text_append(out, "\"", 1);
}

const char *
af_json_kind_name(const af_json *value)
{
	static const char *const name[] = {"null", "a boolean", "a boolean", "a number", "a string", "an array", "an object"};

	return name[value->kind];
}
