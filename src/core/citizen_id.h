/*
 * citizen_id.h
 *		Citizen identity numbers (GB 11643).
 *
 * 6 digits of region, 8 of birth date, 3 of sequence (odd for men) and a
 * check character (ISO 7064, MOD 11-2).  The value is the 17 digits as a
 * number; the check character follows from them, and the order of the
 * numbers is the byte order of the texts.
 *
 * An id is personal data: no function here puts one into an error.
 */
#ifndef AF_CITIZEN_ID_H
#define AF_CITIZEN_ID_H

#include "civil.h"
#include "result.h"

typedef int64_t af_citizen_id;

#define AF_CITIZEN_ID_LENGTH	18
#define AF_CITIZEN_ID_SIZE		19	/* with the zero byte */
#define AF_CITIZEN_FIRST_YEAR	1800
#define AF_CITIZEN_LAST_YEAR	2199

typedef enum af_id_verdict
{
	AF_ID_GOOD,
	AF_ID_EMPTY,
	AF_ID_BAD_LENGTH,
	AF_ID_BAD_CHARACTER,
	AF_ID_BAD_REGION,
	AF_ID_BAD_DATE,
	AF_ID_BAD_CHECK
} af_id_verdict;

/* What the reader finds of a text without blanks round it; the value where it is good. */
extern af_id_verdict af_citizen_id_judge(const char *text, size_t length, af_citizen_id *value);

/* The error may be NULL where only the verdict matters. */
extern bool af_citizen_id_read(const char *text, size_t length, af_citizen_id *value, af_error *error);

extern size_t af_citizen_id_write(char buffer[AF_CITIZEN_ID_SIZE], af_citizen_id value);

extern void af_citizen_id_birth(af_citizen_id value, int *year, int *month, int *day);

extern bool af_citizen_id_is_male(af_citizen_id value);

/* An id of a foreign permanent resident: it begins with 9. */
extern bool af_citizen_id_is_foreign(af_citizen_id value);

/* The six digits of region, as they stand. */
extern int	af_citizen_id_region(af_citizen_id value);

/*
 * Full years on a date, the birthday included; who was born on 29 February
 * completes a year on 1 March where there is no such day.  -1 before birth.
 */
extern int	af_citizen_id_age(af_citizen_id value, int year, int month, int day);

/* 18 characters that show the check character and a mainland province only. */
extern size_t af_citizen_id_mask(char buffer[AF_CITIZEN_ID_SIZE], af_citizen_id value);

#endif
