/*
 * digits.h
 *		What the readers of codes made of digits share.
 */
#ifndef AF_DIGITS_H
#define AF_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Narrow a text to what stands between surrounding ASCII white space. */
extern void af_trim(const char **text, size_t *length);

/* The first byte that is not an ASCII digit; length where there is none. */
extern size_t af_digits_end(const char *text, size_t length);

/* The value of at most 18 digits, which the caller has checked. */
extern int64_t af_digits_value(const char *text, size_t length);

/* The last digits of a value, with leading zeros; no zero byte. */
extern void af_digits_write(char *buffer, int64_t value, int count);

/*
 * Name the character at the start of a text, for an error: in quotes where
 * it can be printed, else as its code point or its byte.
 */
#define AF_CHARACTER_SIZE 24
extern const char *af_character_name(char buffer[AF_CHARACTER_SIZE], const char *text, size_t length);

/* Whether a text starts with a full-width digit (U+FF10 to U+FF19). */
extern bool af_is_wide_digit(const char *text, size_t length);

#endif
