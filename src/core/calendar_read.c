/*
 * calendar_read.c
 *		A calendar from its text.
 *
 * {"holiday": ["2024-01-01", "2024-02-10..2024-02-17"], "term": [...]}: kinds
 * to days and ranges of days, in any order; what is said twice counts once.
 */
#include "calendar.h"

#include <string.h>

#include "json.h"

/* Whether the text has the form of a day, so that only the day can be wrong. */
static bool
looks_like_day(const char *text, size_t length)
{
	static const char form[] = "0000-00-00";

	if (length != strlen(form))
		return false;
	for (size_t i = 0; i < length; i++)
		if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

static bool
read_day(const char *text, size_t length, const char *kind, af_day *day, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];
	bool		formed = looks_like_day(text, length);

	if (af_day_read(text, length, day))
		return true;
	af_excerpt(excerpt, text, length);
	if (formed)
		af_error_set(error, AF_DATE, "calendar day \"%s\" does not exist", excerpt);
	else
		af_error_set(error, AF_SYNTAX, "invalid day in a calendar: \"%s\"", excerpt);
	af_error_detail(error, "It stands under \"%s\".", kind);
	return af_error_hint(error, "Write a day as 2024-02-10, and days in a row as 2024-02-10..2024-02-17.");
}

/* A day, or the first and the last of a range. */
static bool
read_entry(af_calendar_builder *builder, const af_span *text, af_day_kind kind, af_error *error)
{
	const char *name = af_day_kind_name(kind);
	const char *dots = NULL;
	char		excerpt[AF_EXCERPT_SIZE];
	af_day		first;
	af_day		last;

	for (size_t i = 0; i + 1 < text->length && !dots; i++)
		if (text->data[i] == '.' && text->data[i + 1] == '.')
			dots = text->data + i;
	if (!dots)
		return read_day(text->data, text->length, name, &first, error) &&
			af_calendar_add_range(builder, first, first, kind, error);
	if (!read_day(text->data, (size_t) (dots - text->data), name, &first, error) ||
		!read_day(dots + 2, text->length - (size_t) (dots + 2 - text->data), name, &last, error))
		return false;
	if (first > last)
	{
		af_error_set(error, AF_SYNTAX, "calendar range \"%s\" ends before it begins",
					 af_excerpt(excerpt, text->data, text->length));
		af_error_detail(error, "It stands under \"%s\".", name);
		return af_error_hint(error, "Write the first day of the range before its last.");
	}
	return af_calendar_add_range(builder, first, last, kind, error);
}

static bool
read_kind(af_calendar_builder *builder, const af_json *days, af_day_kind kind, af_error *error)
{
	const char *name = af_day_kind_name(kind);

	if (days->kind != AF_JSON_ARRAY)
	{
		af_error_set(error, AF_SYNTAX, "calendar key \"%s\" must hold an array of days, not %s", name, af_json_kind_name(days));
		af_error_detail(error, "Each kind has its days and ranges of days in an array.");
		return af_error_hint(error, "Write {\"%s\": [\"2024-02-10\"]}.", name);
	}
	for (const af_json *day = days->first; day; day = day->next)
	{
		if (day->kind != AF_JSON_STRING)
		{
			af_error_set(error, AF_SYNTAX, "calendar day must be a string, not %s", af_json_kind_name(day));
			af_error_detail(error, "It stands under \"%s\".", name);
			return af_error_hint(error, "Write a day as \"2024-02-10\".");
		}
		if (!read_entry(builder, &day->text, kind, error))
			return false;
	}
	return true;
}

af_calendar *
af_calendar_read(const char *text, size_t length, const af_memory *memory, af_error *error)
{
	const char *names[AF_DAY_KINDS];
	const af_json *kinds[AF_DAY_KINDS];
	const af_json *document = af_json_read(text, length, memory, error);
	af_calendar_builder builder;
	af_calendar *calendar;

	for (int i = 0; i < AF_DAY_KINDS; i++)
		names[i] = af_day_kind_name((af_day_kind) i);
	if (!document || !af_json_members(document, names, AF_DAY_KINDS, kinds, "calendar", error))
		return NULL;
	af_calendar_begin(&builder, memory);
	for (int i = 0; i < AF_DAY_KINDS; i++)
		if (kinds[i] && !read_kind(&builder, kinds[i], (af_day_kind) i, error))
			return NULL;
	calendar = af_calendar_finish(&builder, memory);
	return af_calendar_check(calendar, error) ? calendar : NULL;
}
