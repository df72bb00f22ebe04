/*
 * calendar_write.c
 *		The canonical text of a calendar.
 *
 * Kinds in their order, those without days left out; days in a row as one
 * range; no blanks.  The same days give the same text.
 */
#include "calendar.h"

void
af_calendar_write(const af_calendar *c, af_text *out)
{
	const char *separator = "";

	af_text_append_string(out, "{");
	for (int kind = 0; kind < AF_DAY_KINDS; kind++)
	{
		af_day		first;
		af_day		last = AF_CALENDAR_FIRST - 1;
		bool		found = false;

		while (af_calendar_stretch(c, (af_day_kind) kind, last + 1, &first, &last))
		{
			char		day[AF_DAY_SIZE];

			if (found)
				af_text_append_string(out, ",\"");
			else
			{
				af_text_append_string(out, separator);
				af_text_append_string(out, "\"");
				af_text_append_string(out, af_day_kind_name((af_day_kind) kind));
				af_text_append_string(out, "\":[\"");
			}
			found = true;
			af_day_write(day, first);
			af_text_append_string(out, day);
			if (last > first)
			{
				af_text_append_string(out, "..");
				af_day_write(day, last);
				af_text_append_string(out, day);
			}
			af_text_append_string(out, "\"");
		}
		if (found)
		{
			af_text_append_string(out, "]");
			separator = ",";
		}
	}
	af_text_append_string(out, "}");
}
