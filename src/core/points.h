/*
 * points.h
 *		Fixed decimals: points in hundredths, other numbers in millionths.
 *
 * A score is money to the community that gets it, so there is no float: all
 * arithmetic is on integers, and 128 bits where a product may pass 64.
 */
#ifndef AF_POINTS_H
#define AF_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t af_points;		/* hundredths of a point */
typedef int64_t af_number;		/* millionths: thresholds, steps, required numbers */

/*
 * Sums and products of the two above.  Aligned as 64 bits are, since palloc
 * promises no more.
 */
typedef __int128 af_wide __attribute__((aligned(8)));


#define AF_POINTS_DECIMALS	2
#define AF_POINTS_SCALE		100
#define AF_POINTS_MAX		INT64_C(1000000000)	/* ten million points */
#define AF_NUMBER_DECIMALS	6
#define AF_NUMBER_SCALE		1000000
#define AF_NUMBER_MAX		INT64_C(1000000000000000000)	/* 10 to the 12 */

typedef enum af_decimal_status
{
	AF_DECIMAL_OK,
	AF_DECIMAL_NONE,			/* no digit here */
	AF_DECIMAL_TOO_FINE,		/* more decimals than the type has */
	AF_DECIMAL_TOO_LARGE
} af_decimal_status;

/*
 * Read `digits [ "." digits ]` at the start of text, without a sign, into
 * units of 10^-decimals.  *used is the number of bytes that belong to the
 * number, whatever the status.  Zeros beyond the last decimal are harmless.
 */
extern af_decimal_status af_decimal_read(const char *text, size_t length, int decimals,
										 int64_t largest, int64_t *value, size_t *used);

/* Write a value of 10^-decimals units, without needless zeros. */
#define AF_DECIMAL_SIZE 48
extern size_t af_decimal_write(char buffer[AF_DECIMAL_SIZE], af_wide value, int decimals);

#endif
