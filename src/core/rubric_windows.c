/*
 * rubric_windows.c
 *		The days that a rule looks at, and the days that it is compared with.
 */
#include "rubric_windows.h"

static int
month_number(af_day day)
{
	int			year;
	int			month;
	int			d;

	af_day_split(day, &year, &month, &d);
	return year * 12 + month - 1;
}

int
af_window_count(const af_model *model, af_window_kind kind)
{
	if (kind != AF_WINDOW_MONTH)
		return 1;
	return month_number(model->to) - month_number(model->from) + 1;
}

/*
 * Cut a window at the as-of date and lay out its baseline: the same dates one
 * year before, or one, two and three years before, ending on the same day of
 * their year as the window does now.
 */
static void
set_window(const af_model *model, af_day from, af_day last, af_window *window)
{
	int			years = model->baseline == AF_BASELINE_MEAN_3_YEARS ? 3 : model->baseline == AF_BASELINE_LAST_YEAR ? 1 : 0;
	bool		cut = model->as_of != AF_DAY_NONE && model->as_of < last;

	window->from = from;
	window->to = cut ? model->as_of : last;
	window->over = model->as_of == AF_DAY_NONE || model->as_of > last;
	window->comparable = true;
	for (int i = 0; i < AF_MAX_BASELINE_YEARS; i++)
	{
		/* An empty span where there is no baseline, or the window has not begun. */
		window->baseline_from[i] = 1;
		window->baseline_to[i] = 0;
		if (i >= years || window->to < from)
			continue;
		window->baseline_from[i] = af_day_add_years(from, -(i + 1));
		window->baseline_to[i] = af_day_add_years(window->to, -(i + 1));
		if (model->baseline_start != AF_DAY_NONE && window->baseline_from[i] < model->baseline_start)
			window->comparable = false;
		if (from < AF_DAY_FIRST + 366 * (i + 1))
			window->comparable = false; /* there is no year before the first */
	}
}

void
af_windows_fill(const af_model *model, af_window_kind kind, af_window *windows)
{
	int			year;
	int			month;
	int			day;

	switch (kind)
	{
		case AF_WINDOW_PERIOD:
			set_window(model, model->from, model->to, windows);
			break;
		case AF_WINDOW_YEAR:
			af_day_split(model->to, &year, &month, &day);
			set_window(model, af_day_of(year, 1, 1), af_day_of(year, 12, 31), windows);
			break;
		case AF_WINDOW_MONTH:
			for (int m = month_number(model->from); m <= month_number(model->to); m++)
			{
				af_day		first = af_day_of(m / 12, m % 12 + 1, 1);
				af_day		last = first + af_month_length(m / 12, m % 12 + 1) - 1;

				set_window(model, first < model->from ? model->from : first,
						   last > model->to ? model->to : last, windows++);
			}
			break;
	}
}
