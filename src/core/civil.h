/*
 * civil.h
 *		Calendar arithmetic on days since 2000-01-01, PostgreSQL's own count.
 *
 * Only the proleptic Gregorian calendar and the years 1 to 9999: official
 * plans know no other.
 */
#ifndef AF_CIVIL_H
#define AF_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t af_day;

#define AF_DAY_NONE	INT32_MIN	/* no such day: never one of the years above */
#define AF_DAY_FIRST	(-730119)	/* 0001-01-01 */
#define AF_DAY_LAST		2921939 /* 9999-12-31 */

extern af_day af_day_of(int year, int month, int day);
extern void af_day_split(af_day value, int *year, int *month, int *day);
extern bool af_is_leap(int year);
extern int	af_month_length(int year, int month);

/* The same date some years later or earlier; 29 February becomes the 28th. */
extern af_day af_day_add_years(af_day value, int years);

/* YYYY-MM-DD, exactly; false where it is not of that form or does not exist. */
extern bool af_day_read(const char *text, size_t length, af_day *value);
#define AF_DAY_SIZE 16
extern void af_day_write(char buffer[AF_DAY_SIZE], af_day value);

#endif
