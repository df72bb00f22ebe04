/*
 * calendar.h
 *		Which days are working days, term days and exam days.
 *
 * A calendar holds what was published, and nothing else: it knows the working
 * days of a year only where it names a holiday or a make-up working day of
 * that year, because the State Council publishes them year by year, and it
 * knows terms only from the year of its first term day to its last term day.
 * Whoever asks about another day is told so; the day of the week is never
 * taken for an answer.
 */
#ifndef AF_CORE_CALENDAR_H
#define AF_CORE_CALENDAR_H

#include "civil.h"
#include "memory.h"
#include "result.h"

/* The order of the kinds is that of the text form; their numbers are stored. */
typedef enum af_day_kind
{
	AF_DAY_HOLIDAY,
	AF_DAY_MAKEUP,				/* a Saturday or Sunday on which people work */
	AF_DAY_TERM,
	AF_DAY_EXAM
} af_day_kind;

#define AF_DAY_KINDS 4

/* Days are kept in words of 32 from 1900-01-01 to 2199-12-31. */
#define AF_CALENDAR_FIRST	(-36524)	/* 1900-01-01 */
#define AF_CALENDAR_LAST	73048	/* 2199-12-31 */
#define AF_CALENDAR_WORDS	((AF_CALENDAR_LAST - AF_CALENDAR_FIRST) / 32 + 1)
#define AF_CALENDAR_FIRST_YEAR	1900
#define AF_CALENDAR_YEARS	300

/*
 * At most so many stretches of days, all kinds together: their text then
 * stays below what the JSON reader takes (AF_JSON_MAX_SIZE).
 */
#define AF_CALENDAR_MAX_STRETCHES 40000

#define AF_CALENDAR_FORMAT 1

/*
 * As it is stored: flat, position independent, the same bytes for the same
 * days.  The first and the last word hold a day each.
 */
typedef struct af_calendar
{
	int32_t		varlena_header; /* PostgreSQL's; core code leaves it alone */
	uint16_t	format;
	uint16_t	word_first;		/* of AF_CALENDAR_WORDS */
	uint32_t	word_count;
	uint32_t	covered[(AF_CALENDAR_YEARS + 31) / 32]; /* a bit a year from 1900: working days are known */
	uint32_t	words[][AF_DAY_KINDS];
} af_calendar;

/* c may be NULL in these: no calendar knows nothing. */

/* Whether the working days of the day's year are known. */
extern bool af_calendar_covers(const af_calendar *c, af_day day);

/* Whether people work on the day; ask only where it is covered. */
extern bool af_calendar_working(const af_calendar *c, af_day day);

/* The last working day on or before a day; false where that needs a day that is not covered. */
extern bool af_calendar_working_before(const af_calendar *c, af_day day, af_day *working);

typedef enum af_term_status
{
	AF_TERM_FOUND,
	AF_TERM_UNKNOWN				/* before the first one's year, after the last term day, or no calendar */
} af_term_status;

/* The term that holds the day, or the next one after it. */
extern af_term_status af_calendar_term(const af_calendar *c, af_day day, af_day *first, af_day *last);

/* The first stretch of days of a kind that ends on or after a day, from its own beginning; false where there is none. */
extern bool af_calendar_stretch(const af_calendar *c, af_day_kind kind, af_day day, af_day *first, af_day *last);

extern const char *af_day_kind_name(af_day_kind kind);
extern bool af_day_kind_read(const char *text, size_t length, af_day_kind *kind, af_error *error);

/* Days are gathered here, in any order; zero words: none yet. */
typedef struct af_calendar_builder
{
	const af_memory *memory;
	int			word_first;
	int			word_count;
	uint32_t	(*words)[AF_DAY_KINDS];
} af_calendar_builder;

extern void af_calendar_begin(af_calendar_builder *builder, const af_memory *memory);
extern bool af_calendar_add_range(af_calendar_builder *builder, af_day first, af_day last, af_day_kind kind, af_error *error);
extern bool af_calendar_merge(af_calendar_builder *builder, const af_calendar *other, af_error *error);

/* The value made of what was gathered, and its bytes. */
extern af_calendar *af_calendar_finish(const af_calendar_builder *builder, const af_memory *memory);
extern size_t af_calendar_size(int word_count);

/* Whether it keeps to AF_CALENDAR_MAX_STRETCHES: whatever is stored or written must. */
extern bool af_calendar_check(const af_calendar *c, af_error *error);

/* Text: a JSON object of kinds to days and ranges of days. */
extern af_calendar *af_calendar_read(const char *text, size_t length, const af_memory *memory, af_error *error);
extern void af_calendar_write(const af_calendar *c, af_text *out);

#endif
