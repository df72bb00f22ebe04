/*
 * utf8.h
 *		Walking through UTF-8 text.
 */
#ifndef AF_UTF8_H
#define AF_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The code point at text, and in *used the bytes that it takes; -1 where the
 * bytes are not valid UTF-8 (overlong, surrogate, above U+10FFFF, cut short).
 */
extern int32_t af_utf8_decode(const char *text, size_t length, size_t *used);

/* Whether the whole text is valid; if not, *position is the offending byte. */
extern bool af_utf8_valid(const char *text, size_t length, size_t *position);

/* The largest number of bytes, at most limit, that ends between characters. */
extern size_t af_utf8_clip(const char *text, size_t length, size_t limit);

/* Which character, counted from 1, stands at a byte offset. */
extern size_t af_utf8_character(const char *text, size_t offset);

#endif
