/*
 * code_type.h
 *		A type that is a code: eight bytes by value, digits as text.
 *
 * AF_CODE_TYPE(name, read, write) gives it text and binary I/O, comparison
 * and hashing with itself and with text.  `read` and `write` are the core's
 * functions; an int64 order that equals the byte order of the texts is what
 * makes them one family.
 *
 * The binary form is the text form, as it is for enums, so that clients that
 * ask for binary results see a readable code.
 */
#ifndef AF_CODE_TYPE_H
#define AF_CODE_TYPE_H

#include "text_family.h"

#define AF_CODE_SIZE 32			/* room for any code */

typedef struct af_code_type
{
	bool		(*read) (const char *text, size_t length, int64_t *value, af_error *error);
	size_t		(*write) (char *buffer, int64_t value);
} af_code_type;

extern Datum af_code_in(FunctionCallInfo fcinfo, const af_code_type *type);
extern Datum af_code_out(FunctionCallInfo fcinfo, const af_code_type *type);
extern Datum af_code_recv(FunctionCallInfo fcinfo, const af_code_type *type);
extern Datum af_code_send(FunctionCallInfo fcinfo, const af_code_type *type);

/* A text as a code, NULL where it is none. */
extern Datum af_code_or_null(FunctionCallInfo fcinfo, const af_code_type *type);

/* The af_text_family functions. */
extern bool af_code_normalise(const af_code_type *type, const char *text, size_t length,
							  char *out, size_t *out_length);
extern void af_code_operand(const af_code_type *type, Datum value, af_operand *operand);

#define AF_CODE_ORDER \
	((PG_GETARG_INT64(0) > PG_GETARG_INT64(1)) - (PG_GETARG_INT64(0) < PG_GETARG_INT64(1)))

#define AF_CODE_TYPE(name, reader, writer) \
static const af_code_type name##_type = {reader, writer}; \
static bool \
name##_normalise(const char *text, size_t length, char *out, size_t *out_length) \
{ \
	return af_code_normalise(&name##_type, text, length, out, out_length); \
} \
static void \
name##_operand(Datum value, af_operand *operand) \
{ \
	af_code_operand(&name##_type, value, operand); \
} \
static bool \
name##_number(const char *text, size_t length, int64_t *value) \
{ \
	return reader(text, length, value, NULL); \
} \
static const af_text_family name##_family = {name##_normalise, name##_operand, name##_number, NULL}; \
AF_FUNCTION(af_##name##_in, return af_code_in(fcinfo, &name##_type)) \
AF_FUNCTION(af_##name##_out, return af_code_out(fcinfo, &name##_type)) \
AF_FUNCTION(af_##name##_recv, return af_code_recv(fcinfo, &name##_type)) \
AF_FUNCTION(af_##name##_send, return af_code_send(fcinfo, &name##_type)) \
AF_FUNCTION(af_##name##_or_null, return af_code_or_null(fcinfo, &name##_type)) \
AF_COMPARISONS(af_##name, AF_CODE_ORDER) \
AF_EXTREMES(af_##name, AF_CODE_ORDER) \
AF_TEXT_FAMILY(name, name##_family)

#endif
