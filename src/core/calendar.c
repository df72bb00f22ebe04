/*
 * calendar.c
 *		Which days are working days, term days and exam days.
 */
#include "calendar.h"

#include <string.h>

#define WORD_BITS 32

/*
 * Where a day lies in the words of c: below 0 or from place_count on it is in
 * none of them.  In 64 bits, since any int32 may be asked for.
 */
static int64_t
place_of(const af_calendar *c, af_day day)
{
	return (int64_t) day - AF_CALENDAR_FIRST - (int64_t) c->word_first * WORD_BITS;
}

static af_day
day_at(const af_calendar *c, int64_t place)
{
	return (af_day) (place + AF_CALENDAR_FIRST + (int64_t) c->word_first * WORD_BITS);
}

static int64_t
place_count(const af_calendar *c)
{
	return (int64_t) c->word_count * WORD_BITS;
}

static bool
holds(const af_calendar *c, af_day_kind kind, af_day day)
{
	int64_t		place = place_of(c, day);

	return place >= 0 && place < place_count(c) &&
		(c->words[place / WORD_BITS][kind] >> (place % WORD_BITS) & 1) != 0;
}

bool
af_calendar_covers(const af_calendar *c, af_day day)
{
	int			year;
	int			month;
	int			day_of_month;

	if (c == NULL || day < AF_CALENDAR_FIRST || day > AF_CALENDAR_LAST)
		return false;
	af_day_split(day, &year, &month, &day_of_month);
	year -= AF_CALENDAR_FIRST_YEAR;
	return (c->covered[year / WORD_BITS] >> (year % WORD_BITS) & 1) != 0;
}

bool
af_calendar_working(const af_calendar *c, af_day day)
{
	/* 2000-01-01, day 0, was a Saturday */
	int			weekday = (day % 7 + 7 + 5) % 7;

	if (c == NULL)
		return false;
	return weekday < 5 ? !holds(c, AF_DAY_HOLIDAY, day) : holds(c, AF_DAY_MAKEUP, day);
}

bool
af_calendar_working_before(const af_calendar *c, af_day day, af_day *working)
{
	for (; af_calendar_covers(c, day); day--)
		if (af_calendar_working(c, day))
		{
			*working = day;
			return true;
		}
	return false;
}

/* The first place from `place` on whose bit, turned round by `flip`, is set. */
static int64_t
find_from(const af_calendar *c, af_day_kind kind, int64_t place, uint32_t flip)
{
	uint32_t	mask = ~UINT32_C(0) << (place % WORD_BITS);

	for (int64_t w = place / WORD_BITS; w < (int64_t) c->word_count; w++)
	{
		uint32_t	bits = (c->words[w][kind] ^ flip) & mask;

		if (bits)
			return w * WORD_BITS + __builtin_ctz(bits);
		mask = ~UINT32_C(0);
	}
	return place_count(c);
}

/* The last place up to `place` whose bit is not set; -1 where there is none. */
static int64_t
find_gap_before(const af_calendar *c, af_day_kind kind, int64_t place)
{
	uint32_t	mask = ~UINT32_C(0) >> (WORD_BITS - 1 - place % WORD_BITS);

	for (int64_t w = place / WORD_BITS; w >= 0; w--)
	{
		uint32_t	bits = ~c->words[w][kind] & mask;

		if (bits)
			return w * WORD_BITS + WORD_BITS - 1 - __builtin_clz(bits);
		mask = ~UINT32_C(0);
	}
	return -1;
}

bool
af_calendar_stretch(const af_calendar *c, af_day_kind kind, af_day day, af_day *first, af_day *last)
{
	int64_t		place;

	if (c == NULL)
		return false;
	place = place_of(c, day);
	if (place < 0)
		place = 0;
	if (place >= place_count(c))
		return false;
	place = find_from(c, kind, place, 0);
	if (place == place_count(c))
		return false;
	*first = day_at(c, find_gap_before(c, kind, place) + 1);
	*last = day_at(c, find_from(c, kind, place, ~UINT32_C(0)) - 1);
	return true;
}

/*
 * Between two terms the next one is known.  Terms are published by the year,
 * as holidays are: from 1 January of the first term day's year on they are
 * known.  Before it there may have been terms that the calendar does not
 * hold, and after the last term day there will be.
 */
af_term_status
af_calendar_term(const af_calendar *c, af_day day, af_day *first, af_day *last)
{
	int			year;
	int			month;
	int			day_of_month;

	if (c == NULL || !af_calendar_stretch(c, AF_DAY_TERM, AF_CALENDAR_FIRST, first, last))
		return AF_TERM_UNKNOWN;
	af_day_split(*first, &year, &month, &day_of_month);
	if (day < af_day_of(year, 1, 1))
		return AF_TERM_UNKNOWN;
	return af_calendar_stretch(c, AF_DAY_TERM, day, first, last) ? AF_TERM_FOUND : AF_TERM_UNKNOWN;
}

static const char *const kind_names[AF_DAY_KINDS] = {"holiday", "makeup_workday", "term", "exam"};

const char *
af_day_kind_name(af_day_kind kind)
{
	return kind_names[kind];
}

bool
af_day_kind_read(const char *text, size_t length, af_day_kind *kind, af_error *error)
{
	char		excerpt[AF_EXCERPT_SIZE];

	for (int i = 0; i < AF_DAY_KINDS; i++)
		if (strlen(kind_names[i]) == length && memcmp(kind_names[i], text, length) == 0)
		{
			*kind = (af_day_kind) i;
			return true;
		}
	af_error_set(error, AF_INVALID, "unknown kind of day: \"%s\"", af_excerpt(excerpt, text, length));
	af_error_detail(error, "A calendar knows the kinds holiday, makeup_workday, term and exam.");
	return af_error_hint(error, "Correct the kind, or leave days of other kinds out.");
}

void
af_calendar_begin(af_calendar_builder *builder, const af_memory *memory)
{
	memset(builder, 0, sizeof(*builder));
	builder->memory = memory;
}

/* Room for the words from first to last, and a year more on a side that grows. */
static void
reserve(af_calendar_builder *builder, int first, int last)
{
	const int	spare = 12;
	int			old_first = builder->word_first;
	int			old_last = builder->word_first + builder->word_count - 1;
	int			count;

	if (builder->word_count > 0)
	{
		if (first >= old_first && last <= old_last)
			return;
		first = first >= old_first ? old_first : first - spare;
		last = last <= old_last ? old_last : last + spare;
		if (first < 0)
			first = 0;
		if (last > AF_CALENDAR_WORDS - 1)
			last = AF_CALENDAR_WORDS - 1;
	}
	count = last - first + 1;
	if (builder->word_count == 0)
	{
		builder->words = builder->memory->allocate(builder->memory->context, (size_t) count * sizeof(builder->words[0]));
		memset(builder->words, 0, (size_t) count * sizeof(builder->words[0]));
	}
	else
	{
		size_t		before = (size_t) (old_first - first);

		builder->words = builder->memory->resize(builder->memory->context, builder->words,
												 (size_t) count * sizeof(builder->words[0]));
		memmove(builder->words + before, builder->words, (size_t) builder->word_count * sizeof(builder->words[0]));
		memset(builder->words, 0, before * sizeof(builder->words[0]));
		memset(builder->words + before + builder->word_count, 0,
			   ((size_t) (count - builder->word_count) - before) * sizeof(builder->words[0]));
	}
	builder->word_first = first;
	builder->word_count = count;
}

/* A word of days of one kind; w counts from 1900. */
static bool
add_bits(af_calendar_builder *builder, int w, af_day_kind kind, uint32_t bits, af_error *error)
{
	uint32_t   *word = builder->words[w - builder->word_first];
	uint32_t	both;

	word[kind] |= bits;
	both = word[AF_DAY_HOLIDAY] & word[AF_DAY_MAKEUP];
	if (both)
	{
		char		text[AF_DAY_SIZE];

		af_day_write(text, AF_CALENDAR_FIRST + w * WORD_BITS + __builtin_ctz(both));
		af_error_set(error, AF_INVALID, "calendar day %s is both holiday and makeup_workday", text);
		af_error_detail(error, "Whether people work on that day would be a guess.");
		return af_error_hint(error, "Keep the kind that was published last.");
	}
	return true;
}

bool
af_calendar_add_range(af_calendar_builder *builder, af_day first, af_day last, af_day_kind kind, af_error *error)
{
	int			from;
	int			to;

	if (first < AF_CALENDAR_FIRST || last > AF_CALENDAR_LAST)
	{
		char		text[AF_DAY_SIZE];

		af_day_write(text, first < AF_CALENDAR_FIRST ? first : last);
		af_error_set(error, AF_DATE, "calendar day %s is out of range", text);
		af_error_detail(error, "A calendar holds days of the years 1900 to 2199.");
		return af_error_hint(error, "Leave the day out, or correct the year.");
	}
	from = first - AF_CALENDAR_FIRST;
	to = last - AF_CALENDAR_FIRST;
	reserve(builder, from / WORD_BITS, to / WORD_BITS);
	for (int w = from / WORD_BITS; w <= to / WORD_BITS; w++)
	{
		uint32_t	bits = ~UINT32_C(0);

		if (w == from / WORD_BITS)
			bits &= ~UINT32_C(0) << (from % WORD_BITS);
		if (w == to / WORD_BITS)
			bits &= ~UINT32_C(0) >> (WORD_BITS - 1 - to % WORD_BITS);
		if (!add_bits(builder, w, kind, bits, error))
			return false;
	}
	return true;
}

bool
af_calendar_merge(af_calendar_builder *builder, const af_calendar *other, af_error *error)
{
	if (other->word_count == 0)
		return true;
	reserve(builder, other->word_first, other->word_first + (int) other->word_count - 1);
	for (int i = 0; i < (int) other->word_count; i++)
		for (int kind = 0; kind < AF_DAY_KINDS; kind++)
			if (!add_bits(builder, other->word_first + i, (af_day_kind) kind, other->words[i][kind], error))
				return false;
	return true;
}

size_t
af_calendar_size(int word_count)
{
	return offsetof(af_calendar, words) + (size_t) word_count * AF_DAY_KINDS * sizeof(uint32_t);
}

static bool
is_empty(const uint32_t word[AF_DAY_KINDS])
{
	return (word[0] | word[1] | word[2] | word[3]) == 0;
}

/* A word may belong to two years: the days decide. */
static void
mark_covered(af_calendar *c)
{
	for (int64_t w = 0; w < (int64_t) c->word_count; w++)
		for (uint32_t bits = c->words[w][AF_DAY_HOLIDAY] | c->words[w][AF_DAY_MAKEUP]; bits; bits &= bits - 1)
		{
			int			year;
			int			month;
			int			day;

			af_day_split(day_at(c, w * WORD_BITS + __builtin_ctz(bits)), &year, &month, &day);
			year -= AF_CALENDAR_FIRST_YEAR;
			c->covered[year / WORD_BITS] |= UINT32_C(1) << (year % WORD_BITS);
		}
}

af_calendar *
af_calendar_finish(const af_calendar_builder *builder, const af_memory *memory)
{
	int			from = 0;
	int			to = builder->word_count;
	af_calendar *c;

	while (from < to && is_empty(builder->words[from]))
		from++;
	while (to > from && is_empty(builder->words[to - 1]))
		to--;
	c = memory->allocate(memory->context, af_calendar_size(to - from));
	memset(c, 0, sizeof(*c));
	c->format = AF_CALENDAR_FORMAT;
	c->word_first = (uint16_t) (to > from ? builder->word_first + from : 0);
	c->word_count = (uint32_t) (to - from);
	if (to > from)
		memcpy(c->words, builder->words + from, (size_t) (to - from) * sizeof(builder->words[0]));
	mark_covered(c);
	return c;
}

bool
af_calendar_check(const af_calendar *c, af_error *error)
{
	int			stretches = 0;

	for (int kind = 0; kind < AF_DAY_KINDS; kind++)
		for (uint32_t w = 0, before = 0; w < c->word_count; w++)
		{
			uint32_t	bits = c->words[w][kind];

			stretches += __builtin_popcount(bits & ~(bits << 1 | before));
			before = bits >> (WORD_BITS - 1);
		}
	if (stretches <= AF_CALENDAR_MAX_STRETCHES)
		return true;
	af_error_set(error, AF_LIMIT, "calendar of %d stretches of days is too large", stretches);
	af_error_detail(error, "At most %d stretches are kept, days in a row being one.", AF_CALENDAR_MAX_STRETCHES);
	return af_error_hint(error, "Leave out days that are not needed: ordinary weekends are no holidays.");
}
