/*
 * cadence_parts.h
 *		What the two readers of cadences share.
 */
#ifndef AF_CADENCE_PARTS_H
#define AF_CADENCE_PARTS_H

#include "cadence.h"

/*
 * A text made even: full-width forms of ASCII as ASCII, capitals small, each
 * kind of blank a space, none around it.  No cadence is longer than this.
 */
#define AF_CADENCE_TEXT 160

typedef struct af_cadence_text
{
	const char *given;			/* for messages */
	size_t		given_length;
	char		data[AF_CADENCE_TEXT];
	size_t		length;
	size_t		at;				/* where the reader stands */
	af_error   *error;
} af_cadence_text;

extern void af_cadence_skip_spaces(af_cadence_text *t);

/* Refuse the text; the caller goes on with the detail and the hint.  False. */
extern bool af_cadence_refuse(af_cadence_text *t, af_code code);

/* Refuse what stands at the reader's place, with the forms that there are. */
extern bool af_cadence_unexpected(af_cadence_text *t, const char *wanted);

/* Refuse a number that is not 1 to AF_CADENCE_LAST. */
extern bool af_cadence_number_range(af_cadence_text *t, const char *number, size_t length);

extern bool af_cadence_read_chinese(af_cadence_text *t, af_cadence *c);

#endif
