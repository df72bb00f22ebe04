/*
 * result.h
 *		An error as a value: what is wrong, why, and what to do about it.
 *
 * Core code never raises: it fills in an af_error and returns false.  The
 * PostgreSQL face turns the value into ereport (or a soft error), so that the
 * same code can be fuzzed, and used in a loop over a whole document, without
 * a server.
 */
#ifndef AF_RESULT_H
#define AF_RESULT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each code stands for one SQLSTATE; the face holds the table. */
typedef enum af_code
{
	AF_SYNTAX,					/* 22P02: the text is not of the type's form */
	AF_INVALID,					/* 22023: well formed, but says nothing sensible */
	AF_RANGE,					/* 22003: a number outside its range */
	AF_DATE,					/* 22008: a date that does not exist */
	AF_LIMIT,					/* 54000: larger than the documented limit */
	AF_ENCODING					/* 22021: not valid UTF-8 */
} af_code;

typedef struct af_error
{
	af_code		code;
	char		message[320];
	char		detail[320];
	char		hint[320];
} af_error;

#if defined(__GNUC__)
#define AF_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define AF_PRINTF(f, a)
#endif

/* All three return false, so that a caller may write `return af_error_set(...)`. */
extern bool af_error_set(af_error *error, af_code code, const char *format, ...) AF_PRINTF(3, 4);
extern bool af_error_detail(af_error *error, const char *format, ...) AF_PRINTF(2, 3);
extern bool af_error_hint(af_error *error, const char *format, ...) AF_PRINTF(2, 3);

/* At most about 60 bytes of a text, cut between characters, for a message. */
#define AF_EXCERPT_SIZE 80
extern const char *af_excerpt(char buffer[AF_EXCERPT_SIZE], const char *text, size_t length);

#endif
