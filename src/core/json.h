/*
 * json.h
 *		A strict reader of JSON documents (RFC 8259) for rubrics and decisions.
 *
 * PostgreSQL's own reader cannot be used: core code knows no PostgreSQL, and
 * jsonb forgets a repeated key, which in a rubric would be points lost in
 * silence.  Positions are kept for error messages.  Depth and size are
 * bounded, and no step looks at a member twice, so hostile text costs no
 * more than its length.
 */
#ifndef AF_JSON_H
#define AF_JSON_H

#include "memory.h"
#include "result.h"

#define AF_JSON_MAX_DEPTH	16
#define AF_JSON_MAX_SIZE	((size_t) 1024 * 1024)

/* Text that somebody else keeps; data is NULL where there is none. */
typedef struct af_span
{
	const char *data;
	size_t		length;
} af_span;

typedef enum af_json_kind
{
	AF_JSON_NULL,
	AF_JSON_FALSE,
	AF_JSON_TRUE,
	AF_JSON_NUMBER,
	AF_JSON_STRING,
	AF_JSON_ARRAY,
	AF_JSON_OBJECT
} af_json_kind;

typedef struct af_json
{
	af_json_kind kind;
	af_span		text;			/* a string's content; a number as written */
	af_span		key;			/* the name under which an object holds it */
	int			count;			/* members of an array or object */
	struct af_json *first;
	struct af_json *next;
} af_json;

extern af_json *af_json_read(const char *text, size_t length, const af_memory *memory, af_error *error);

/*
 * Take an object apart: members[i] becomes the member called names[i], NULL
 * where it is absent or null.  An unknown or repeated name is an error that
 * names `where`.
 */
extern bool af_json_members(const af_json *object, const char *const *names, int name_count,
							const af_json **members, const char *where, af_error *error);

/* Append a string as a JSON literal. */
extern void af_json_write_string(af_text *out, const char *data, size_t length);

extern const char *af_json_kind_name(const af_json *value);

#endif
