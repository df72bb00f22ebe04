/*
 * duty_segments.c
 *		The history of a duty, from jsonb.
 *
 *	[{"from": day, "cadence": text or null, "grace": days, "anchor": "actual" or
 *	"grid", "shift": "none" or "before", "partial": "skip" or "prorate",
 *	"change": "min", "open" or "restart", "pause": "stop", "run" or "restart"},
 *	...]
 *
 * The values are read as they lie: a registry makes one such document for each
 * person of a list.
 */
#include "duty_segments.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#define KEYS_DETAIL "A segment has the keys from, cadence, grace, anchor, shift, partial, change and pause."

static bool
is_text(const JsonbValue *value, const char *text)
{
	return value->val.string.len == (int) strlen(text) && memcmp(value->val.string.val, text, value->val.string.len) == 0;
}

/* A value as an error message shows it: a string in quotes, a number, else what it is. */
static const char *
show(const JsonbValue *value)
{
	char		buffer[AF_EXCERPT_SIZE];
	char	   *number;

	switch (value->type)
	{
		case jbvString:
			return psprintf("\"%s\"", af_excerpt(buffer, value->val.string.val, value->val.string.len));
		case jbvNumeric:
			number = numeric_normalize(value->val.numeric);
			return pstrdup(af_excerpt(buffer, number, strlen(number)));
		case jbvBool:
			return value->val.boolean ? "true" : "false";
		case jbvNull:
			return "null";
		default:
			return JsonContainerIsArray(value->val.binary.data) ? "an array" : "an object";
	}
}

pg_noreturn static void
refuse(int place, const char *key, const JsonbValue *value, const char *detail, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("segment %d: \"%s\" is not valid: %s", place, key, show(value)),
			 errdetail_internal("%s", detail),
			 errhint("%s", hint)));
}

/* One of two or three words, by number; the first is the default. */
static int
read_word(int place, const char *key, const JsonbValue *value, const char *first, const char *second, const char *third)
{
	if (value->type == jbvNull || (value->type == jbvString && is_text(value, first)))
		return 0;
	if (value->type == jbvString && is_text(value, second))
		return 1;
	if (value->type == jbvString && third != NULL && is_text(value, third))
		return 2;
	refuse(place, key, value,
		   third == NULL ? psprintf("It is either \"%s\" or \"%s\".", first, second) :
		   psprintf("It is \"%s\", \"%s\" or \"%s\".", first, second, third),
		   psprintf("Leave it out for \"%s\".", first));
}

/* Whether a text is a date at all: one that does not exist, or not in these years, is another error. */
static bool
looks_like_date(const char *text, int length)
{
	int			digits = 0;
	int			dashes = 0;

	for (int i = 0; i < length; i++)
	{
		if (text[i] >= '0' && text[i] <= '9')
			digits++;
		else if (text[i] == '-' && i > 0)
			dashes++;
		else
			return false;
	}
	return digits >= 8 && dashes == 2;
}

static af_day
read_from(int place, const JsonbValue *value)
{
	af_day		day;

	if (value->type != jbvString)
		refuse(place, "from", value, "It is the day from which the segment is in force, as a string.",
			   "Write a date, for instance \"2024-03-01\".");
	if (af_day_read(value->val.string.val, value->val.string.len, &day))
		return day;
	if (is_text(value, "infinity") || is_text(value, "-infinity") ||
		looks_like_date(value->val.string.val, value->val.string.len))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("segment %d: no such date: %s", place, show(value)),
				 errdetail("A duty is counted on the dates of the years 1 to 9999."),
				 errhint("Write a date as YYYY-MM-DD.")));
	refuse(place, "from", value, "It is no date of the form YYYY-MM-DD.", "Write a date, for instance \"2024-03-01\".");
}

static void
read_cadence(int place, const JsonbValue *value, af_duty_segment *segment)
{
	af_error	error;
	af_error	placed;

	if (value->type == jbvNull)
	{
		segment->none = true;
		return;
	}
	if (value->type != jbvString)
		refuse(place, "cadence", value, "It is a cadence as a string, or null where nothing is due from that day on.",
			   "Write a cadence, for instance \"every 7 days\" or \"2 per week\".");
	if (af_cadence_read(value->val.string.val, value->val.string.len, &segment->cadence, &error))
		return;
	placed = error;
	af_error_set(&placed, error.code, "segment %d: %s", place, error.message);
	af_error_detail(&placed, "%s", error.detail);
	af_error_hint(&placed, "%s", error.hint);
	af_report(NULL, &placed);
}

static int32
read_grace(int place, const JsonbValue *value)
{
	const char *number;

	if (value->type == jbvNumeric)
	{
		number = numeric_normalize(value->val.numeric);
		if (strspn(number, "0123456789") == strlen(number) && strlen(number) <= 3 && atoi(number) <= AF_DUTY_MAX_GRACE)
			return atoi(number);
	}
	refuse(place, "grace", value, psprintf("It is a whole number of calendar days from 0 to %d.", AF_DUTY_MAX_GRACE),
		   "Leave it out for 0.");
}

static void
read_segment(int place, JsonbContainer *object, af_duty_segment *segment)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	key;
	JsonbValue	value;
	bool		has_from = false;
	bool		has_cadence = false;

	memset(segment, 0, sizeof(*segment));
	(void) JsonbIteratorNext(&iterator, &key, true);
	while ((token = JsonbIteratorNext(&iterator, &key, true)) == WJB_KEY)
	{
		(void) JsonbIteratorNext(&iterator, &value, true);
		if (is_text(&key, "from"))
		{
			segment->from = read_from(place, &value);
			has_from = true;
		}
		else if (is_text(&key, "cadence"))
		{
			read_cadence(place, &value, segment);
			has_cadence = true;
		}
		else if (is_text(&key, "grace"))
			segment->grace = value.type == jbvNull ? 0 : read_grace(place, &value);
		else if (is_text(&key, "anchor"))
			segment->grid = read_word(place, "anchor", &value, "actual", "grid", NULL) == 1;
		else if (is_text(&key, "shift"))
			segment->workday = read_word(place, "shift", &value, "none", "before", NULL) == 1;
		else if (is_text(&key, "partial"))
			segment->prorate = read_word(place, "partial", &value, "skip", "prorate", NULL) == 1;
		else if (is_text(&key, "change"))
			segment->change = (af_duty_change) read_word(place, "change", &value, "min", "open", "restart");
		else if (is_text(&key, "pause"))
			segment->pause = (af_duty_pause) read_word(place, "pause", &value, "stop", "run", "restart");
		else
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("segment %d: unknown key %s", place, show(&key)),
					 errdetail(KEYS_DETAIL),
					 errhint("Remove or rename the key.")));
	}
	if (!has_from || !has_cadence)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("segment %d: \"%s\" is missing", place, has_from ? "cadence" : "from"),
				 errdetail(KEYS_DETAIL " The first two must be there."),
				 errhint(has_from ? "Write null where nothing is due from that day on." :
						 "Write the day from which the segment is in force.")));
}

static int
compare(const void *a, const void *b)
{
	af_day		x = ((const af_duty_segment *) a)->from;
	af_day		y = ((const af_duty_segment *) b)->from;

	return (x > y) - (x < y);
}

static void
check_days(af_duty_segment *segments, int count)
{
	char		day[AF_DAY_SIZE];

	qsort(segments, count, sizeof(af_duty_segment), compare);
	for (int i = 1; i < count; i++)
		if (segments[i].from == segments[i - 1].from)
		{
			af_day_write(day, segments[i].from);
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("two segments begin on %s", day),
					 errdetail("A segment is in force from its day to the day before the next one's."),
					 errhint("Keep one of them.")));
		}
}

af_duty_segment *
af_duty_segments_get(Jsonb *document, int *count)
{
	af_duty_segment *segments;
	JsonbIterator *iterator;
	JsonbValue	value;
	int			place = 0;

	if (!JB_ROOT_IS_ARRAY(document) || JB_ROOT_IS_SCALAR(document))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("segments are %s and not an array", JB_ROOT_IS_ARRAY(document) ? "a single value" : "an object"),
				 errdetail("A history is an array of objects, one a segment. " KEYS_DETAIL),
				 errhint("Write for instance [{\"from\": \"2024-01-01\", \"cadence\": \"every 7 days\"}].")));
	*count = JB_ROOT_COUNT(document);
	if (*count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are no segments"),
				 errdetail("Nothing says what was due."),
				 errhint("Where nothing is due, say so: [{\"from\": \"2024-01-01\", \"cadence\": null}].")));
	if (*count > AF_DUTY_MAX_SEGMENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many segments: %d", *count),
				 errdetail("A history has at most %d segments.", AF_DUTY_MAX_SEGMENTS),
				 errhint("Join neighbours that say the same.")));
	segments = palloc(*count * sizeof(af_duty_segment));
	iterator = JsonbIteratorInit(&document->root);
	(void) JsonbIteratorNext(&iterator, &value, true);
	while (JsonbIteratorNext(&iterator, &value, true) == WJB_ELEM)
	{
		place++;
		if (value.type != jbvBinary || !JsonContainerIsObject(value.val.binary.data))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("segment %d is not an object", place),
					 errdetail(KEYS_DETAIL),
					 errhint("Write for instance {\"from\": \"2024-01-01\", \"cadence\": \"every 7 days\"}.")));
		read_segment(place, value.val.binary.data, &segments[place - 1]);
	}
	if (*count > 1)
		check_days(segments, *count);
	return segments;
}
