/*
 * lenient_text.h
 *		What the lenient readers share: a short text without its typography.
 */
#ifndef AF_LENIENT_TEXT_H
#define AF_LENIENT_TEXT_H

#include "lenient.h"

/* No value needs more characters. */
#define AF_LENIENT_LENGTH 64

/* The code points of a text, folded; position is for its reader. */
typedef struct af_lenient_text
{
	size_t		length;
	size_t		at;
	bool		wide;			/* some character was full-width */
	bool		narrow;			/* some was not */
	bool		wide_digit;
	bool		narrow_digit;
	int32_t		code[AF_LENIENT_LENGTH];
} af_lenient_text;

/*
 * Take what stands between blanks and behind an apostrophe, full-width signs
 * as ASCII, every kind of blank as a space.  AF_FAULT_NONE, or why not.
 */
extern af_fault af_lenient_fold(const char *text, size_t length, af_lenient_text *out);

/* The code point at the position, or behind it; -1 at the end. */
extern int32_t af_lenient_peek(const af_lenient_text *text, size_t ahead);

/* Step over one code point, where it stands here. */
extern bool af_lenient_take(af_lenient_text *text, int32_t code);

/* Step over an ASCII word or one of Chinese, where it stands here. */
extern bool af_lenient_word(af_lenient_text *text, const char *word);

extern void af_lenient_blanks(af_lenient_text *text);

/* How many ASCII digits stand here. */
extern size_t af_lenient_digits(const af_lenient_text *text);

/* The value of so many digits, at most 18, which the caller has counted; steps over them. */
extern int64_t af_lenient_value(af_lenient_text *text, size_t digits);

/* Step over a point and zeros to the end, as spreadsheets write whole numbers. */
extern void af_lenient_point_zeros(af_lenient_text *text);

/* Whether the whole text is a number in scientific notation. */
extern bool af_lenient_is_scientific(const af_lenient_text *text);

#endif
