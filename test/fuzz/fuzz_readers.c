/*
 * fuzz_readers.c
 *		Readers of untrusted text, without a server: libFuzzer's target.
 *
 * Beside the sanitizers it checks what must hold of any input: a rule that
 * was read is written in both languages and read back as the same; pieces of
 * a clause lie in the text, and make rules that pass their check; coverage
 * leaves no gap; a calendar is written and read back as the same days; what a
 * lenient reader read is read back as the same, and what it did not has a reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cadence.h"
#include "core/calendar.h"
#include "core/clause_coverage.h"
#include "core/clause_read.h"
#include "core/lenient.h"
#include "core/rubric_model.h"
#include "core/rule_chinese.h"
#include "core/rule_read.h"
#include "core/rule_write.h"
#include "core/tier_words.h"
#include "core/utf8.h"

/* Every allocation of one input, so that all of it can be released at the end. */
typedef struct chunk
{
	struct chunk *next;
	struct chunk *before;
	max_align_t data[];
} chunk;

static chunk list = {&list, &list};

static void *
allocate(void *context, size_t size)
{
	chunk	   *c = malloc(sizeof(chunk) + size);

	(void) context;
	if (!c)
		abort();
	c->next = list.next;
	c->before = &list;
	list.next->before = c;
	list.next = c;
	return c->data;
}

static void
release(void *context, void *pointer)
{
	chunk	   *c = (chunk *) ((char *) pointer - offsetof(chunk, data));

	(void) context;
	c->before->next = c->next;
	c->next->before = c->before;
	free(c);
}

static void *
resize(void *context, void *pointer, size_t size)
{
	chunk	   *c = (chunk *) ((char *) pointer - offsetof(chunk, data));

	(void) context;
	c = realloc(c, sizeof(chunk) + size);
	if (!c)
		abort();
	c->before->next = c;
	c->next->before = c;
	return c->data;
}

static const af_memory memory = {allocate, resize, release, NULL};

static void
require(int holds, const char *what)
{
	if (!holds)
	{
		fprintf(stderr, "violated: %s\n", what);
		abort();
	}
}

/* Reading what a writer wrote gives the same rule. */
static void
check_written(const af_rule *rule)
{
	af_rule		again;
	af_error	error;
	af_text		english;
	af_text		chinese;
	af_text		second;

	af_text_init(&english, &memory);
	af_text_init(&chinese, &memory);
	af_text_init(&second, &memory);
	af_rule_write(rule, &english);
	require(af_rule_read(english.data, english.length, &again, &error), "the English text of a rule is read");
	af_rule_write(&again, &second);
	require(strcmp(english.data, second.data) == 0, "the English text of a rule gives the same rule");
	af_rule_write_chinese(rule, &chinese);
	require(af_rule_read(chinese.data, chinese.length, &again, &error), "the Chinese phrase of a rule is read");
	second.length = 0;
	af_rule_write(&again, &second);
	require(strcmp(english.data, second.data) == 0, "the Chinese phrase of a rule gives the same rule");
}

static void
check_clause(const char *text, size_t length)
{
	af_clause	clause;
	af_error	error;
	af_cover_span *span;
	size_t		count;
	size_t		at = 0;

	if (!af_clause_read(text, length, &memory, &clause, &error))
	{
		require(!af_utf8_valid(text, length, &at) && error.code == AF_ENCODING, "only invalid UTF-8 is refused");
		return;
	}
	require(af_utf8_valid(text, length, &at), "invalid UTF-8 is refused");
	for (size_t i = 0; i < clause.count;)
	{
		const af_clause_piece *piece = &clause.piece[i];

		require(piece->start < piece->end && piece->end <= length, "a consequence lies in the text");
		require(piece->condition_start <= piece->condition_end && piece->condition_end <= length, "a condition lies in the text");
		if (piece->reason)
			i++;
		else
		{
			af_rule		rule;

			af_clause_rule(&clause, i, &rule, &i);
			require(af_rule_check(&rule, &error), "a rule that was read can be judged");
			check_written(&rule);
		}
	}
	span = af_clause_cover(text, length, &clause, &count);
	for (size_t i = 0; i < count; i++)
	{
		require(span[i].start == at && span[i].end > at, "coverage has no gap");
		at = span[i].end;
	}
	require(at == length, "coverage ends with the text");
}

/* A cadence that was read is written, packed and counted without a loss. */
static void
check_cadence(const char *text, size_t length)
{
	af_cadence	c;
	af_cadence	again;
	af_error	error;
	char		written[AF_CADENCE_SIZE];
	af_day		first;
	af_day		last;

	if (!af_cadence_read(text, length, &c, &error))
		return;
	require(af_cadence_unpack(af_cadence_pack(c), &again) && af_cadence_pack(again) == af_cadence_pack(c), "a packed cadence is the same");
	require(af_cadence_read(written, af_cadence_write(written, c), &again, &error), "the text of a cadence is read");
	require(af_cadence_pack(again) == af_cadence_pack(c), "the text of a cadence gives the same cadence");
	if (c.rolling)
		require(af_cadence_add(c, AF_DAY_FIRST, 1) > AF_DAY_FIRST || af_cadence_add(c, AF_DAY_FIRST, 1) == AF_DAY_NONE, "an interval is longer than no day");
	else if (c.unit != AF_UNIT_TERM)
	{
		af_cadence_window(c, 0, &first, &last);
		require(first <= 0 && last >= 0, "a window holds its day");
	}
}

static void
check_calendar(const char *text, size_t length)
{
	af_error	error;
	af_calendar *calendar = af_calendar_read(text, length, &memory, &error);
	af_calendar *again;
	af_text		written;
	af_day		first;
	af_day		last;

	if (!calendar)
		return;
	af_text_init(&written, &memory);
	af_calendar_write(calendar, &written);
	again = af_calendar_read(written.data, written.length, &memory, &error);
	require(again && again->word_count == calendar->word_count &&
			memcmp(again->covered, calendar->covered, sizeof(again->covered)) == 0 &&
			memcmp(again->words, calendar->words, sizeof(again->words[0]) * calendar->word_count) == 0,
			"the text of a calendar gives the same calendar");
	for (int day = AF_CALENDAR_FIRST - 40; day <= AF_CALENDAR_LAST + 40; day += 31)
	{
		if (af_calendar_working_before(calendar, day, &last))
			require(last <= day && af_calendar_covers(calendar, last) && af_calendar_working(calendar, last), "a working day is one");
		if (af_calendar_term(calendar, day, &first, &last) == AF_TERM_FOUND)
			require(first <= last && last >= day, "a term holds the day or comes after it");
	}
	require(af_calendar_term(calendar, INT32_MAX, &first, &last) == AF_TERM_UNKNOWN &&
			af_calendar_term(calendar, INT32_MIN, &first, &last) == AF_TERM_UNKNOWN, "no term at the end of time");
}

static void
check_tier(const char *text, size_t length)
{
	af_error	error;
	af_text		code;
	af_text		again;

	af_text_init(&code, &memory);
	af_text_init(&again, &memory);
	if (af_tier_read(text, length, &code, &error))
		require(af_tier_read(code.data, code.length, &again, &error) && strcmp(code.data, again.data) == 0, "the code of a tier is its own code");
}

static void
check_reason(af_fault fault)
{
	if (fault != AF_FAULT_NONE && fault != AF_FAULT_BLANK)
		require(af_fault_reason(fault, false) && af_fault_reason(fault, true), "a fault has a reason");
	else
		require(!af_fault_reason(fault, false) && !af_fault_reason(fault, true), "what is no fault has no reason");
}

static void
check_lenient(const char *text, size_t length)
{
	char		decimal[AF_LENIENT_SIZE];
	char		again[AF_LENIENT_SIZE];
	af_day		day;
	af_day		day_again;
	int64_t		code;
	int64_t		code_again;
	af_fault	fault;

	fault = af_lenient_date(text, length, &day);
	check_reason(fault);
	if (fault == AF_FAULT_NONE)
	{
		af_day_write(decimal, day);
		require(af_lenient_date(decimal, strlen(decimal), &day_again) == AF_FAULT_NONE && day_again == day, "a date that was read is the same date");
	}
	fault = af_lenient_number(text, length, decimal);
	check_reason(fault);
	if (fault == AF_FAULT_NONE && strlen(decimal) <= 64)
		require(af_lenient_number(decimal, strlen(decimal), again) == AF_FAULT_NONE && strcmp(decimal, again) == 0, "a number that was read is the same number");
	fault = af_lenient_region(text, length, &code);
	check_reason(fault);
	if (fault == AF_FAULT_NONE)
		require(af_lenient_region(decimal, af_region_write(decimal, code), &code_again) == AF_FAULT_NONE && code_again == code, "a region that was read is the same region");
	if (af_region_read(text, length, &code, NULL))
		require(af_lenient_region(text, length, &code_again) == AF_FAULT_NONE && code_again == code, "what the type reads as a region is read");
	fault = af_lenient_citizen_id(text, length, &code);
	check_reason(fault);
	if (fault == AF_FAULT_NONE && code % 100 != 0)	/* 000 at the end is refused */
		require(af_lenient_citizen_id(decimal, af_citizen_id_write(decimal, code), &code_again) == AF_FAULT_NONE && code_again == code, "an id that was read is the same id");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const char *text = (const char *) data;
	af_rule		rule;
	af_error	error;

	if (af_rule_read(text, size, &rule, &error))
		check_written(&rule);
	check_clause(text, size);
	check_cadence(text, size);
	check_calendar(text, size);
	check_tier(text, size);
	check_lenient(text, size);
	(void) af_model_read(text, size, &memory, &error);
	while (list.next != &list)
		release(NULL, list.next->data);
	return 0;
}
