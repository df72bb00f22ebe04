/*
 * tally.c
 *		The aggregate tally(rubric, measure, occurred_on, quantity, base, amount).
 *
 * The state is a scorecard, counted in place.  Nothing is kept between rows
 * but the state itself and a detoasted rubric that may be lost at any time:
 * a distributed engine moves the one and resets the other.
 */
#include "card.h"

#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "tally.h"

PG_FUNCTION_INFO_V1(af_tally_accumulate);

static void
reject_fact(int sqlstate, const char *what, const char *measure, size_t length, const char *detail, const char *hint)
{
	char		excerpt[AF_EXCERPT_SIZE];

	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("fact on measure \"%s\": %s", af_excerpt(excerpt, measure, length), what),
			 errdetail("%s", detail),
			 errhint("%s", hint)));
}

void
af_count_failed(af_count_status status, const char *measure, size_t length)
{
	if (status == AF_COUNT_OVERFLOW)
		reject_fact(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "the sum is out of range",
					measure, length, "A counter has 64 bits.", "Look for facts with absurd quantities or bases.");
	if (status == AF_COUNT_BEYOND)
		reject_fact(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "the amount is too large to tell by how much it exceeds the rule's number",
					measure, length, "Amounts are counted up to 9223372036854 yuan.", "Check the digits of the amount.");
}

void
af_fact_rejected(FunctionCallInfo fcinfo, int first)
{
	text	   *measure = PG_GETARG_TEXT_PP(first);
	const char *name = VARDATA_ANY(measure);
	size_t		length = VARSIZE_ANY_EXHDR(measure);

	if (PG_ARGISNULL(first + 1))
		reject_fact(ERRCODE_NULL_VALUE_NOT_ALLOWED, "it has no date (occurred_on is null)", name, length,
					"Its date says whether it counts in a period, or in the baseline.",
					"Every fact has a date: filter the rows without one and list them for correction.");
	if (PG_ARGISNULL(first + 2))
		reject_fact(ERRCODE_NULL_VALUE_NOT_ALLOWED, "it has no quantity (null)", name, length,
					"The quantity says how many it stands for.",
					"Write coalesce(quantity, 1) where a row stands for one fact.");
	if (DATE_NOT_FINITE(PG_GETARG_DATEADT(first + 1)))
		reject_fact(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "its date is infinite", name, length,
					"Its date says whether it counts in a period, or in the baseline.",
					"Give the day on which it happened.");
	if (PG_GETARG_INT64(first + 2) < 0)
		reject_fact(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
					psprintf("negative quantity " INT64_FORMAT, PG_GETARG_INT64(first + 2)), name, length,
					"A quantity is a count, 0 or more.",
					"To take a fact back, void it, or subtract its scorecard.");
	reject_fact(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
				psprintf("negative base " INT64_FORMAT, PG_GETARG_INT64(first + 3)), name, length,
				"A base is a count, 0 or more.",
				"The base of a rate is a number of people, households or samples.");
	pg_unreachable();
}

void
af_rubric_is_null(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("the rubric to tally with is null"),
			 errdetail("Without its rules there is nothing to count by."),
			 errhint("Check that the sub-select finds the rubric: is the edition published?")));
}

void
af_rubric_changed(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the rubric changes from row to row"),
			 errdetail("All rows of a group are counted with one rubric, period and as-of date."),
			 errhint("Take the rubric from a sub-select, (SELECT with_as_of(doc, ...) FROM ...).")));
}

/* Any fact.  Apart from the common ones, which it would cost registers and a canary. */
static pg_noinline Datum
count_fact(FunctionCallInfo fcinfo, const af_rubric *rubric, af_card *card)
{
	af_fact		fact;
	af_count_status status;

	if (!af_fact_read(fcinfo, 2, rubric, &fact))
		PG_RETURN_POINTER(card);
	if (card->narrow)
	{
		status = af_card_count_narrow(rubric, AF_NARROW(card), fact.measure, fact.day,
									  fact.quantity, fact.base, &fact.amount);
		if (likely(status == AF_COUNT_OK))
			PG_RETURN_POINTER(card);
		card = af_card_widened(card);
	}
	status = af_card_count(rubric, card->counters, fact.measure, fact.day,
						   fact.quantity, fact.base, &fact.amount);
	if (status != AF_COUNT_OK)
	{
		text	   *measure = PG_GETARG_TEXT_PP(2);

		af_count_failed(status, VARDATA_ANY(measure), VARSIZE_ANY_EXHDR(measure));
	}
	PG_RETURN_POINTER(card);
}

Datum
af_tally_accumulate(PG_FUNCTION_ARGS)
{
	const af_rubric *rubric;
	af_card    *card;
	struct varlena *name;

	/* What AggCheckCallContext asks, without its call: this is asked a row. */
	if (unlikely(fcinfo->context == NULL ||
				 !(IsA(fcinfo->context, AggState) || IsA(fcinfo->context, WindowAggState))))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("tally_accumulate is a part of the aggregate tally"),
				 errhint("Call tally.")));
	rubric = af_tally_rubric(fcinfo, 1);
	if (PG_ARGISNULL(0))
		card = af_card_new(rubric);
	else
	{
		card = (af_card *) PG_GETARG_POINTER(0);

		/* Anybody may make an aggregate of this function, with a card of their own to begin with. */
		if (!af_same_identity(card->identity, rubric->identity) ||
			card->counter_count != rubric->counter_count)
			af_rubric_changed();
	}

	/* A row without a measure opens a card: `unit LEFT JOIN fact`. */
	if (PG_ARGISNULL(2))
		PG_RETURN_POINTER(card);
	name = (struct varlena *) PG_GETARG_POINTER(2);
	if (likely(card->narrow && !VARATT_IS_COMPRESSED(name) && !VARATT_IS_EXTERNAL(name)))
	{
		int			measure = af_rubric_find_measure(rubric, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
		const af_compiled_measure *on;
		const af_compiled_rule *rule;

		if (measure < 0)
			PG_RETURN_POINTER(card);
		on = &af_rubric_measures(rubric)[measure];
		rule = &af_rubric_rules(rubric)[on->first_rule];
		if (likely(rule->plain && on->rule_count == 1 && !PG_ARGISNULL(3) && !PG_ARGISNULL(4)) &&
			likely(!DATE_NOT_FINITE(PG_GETARG_DATEADT(3)) && PG_GETARG_INT64(4) >= 0 &&
				   (PG_ARGISNULL(5) || PG_GETARG_INT64(5) >= 0)) &&
			likely(af_card_count_plain(rubric, rule, AF_NARROW(card), PG_GETARG_DATEADT(3), PG_GETARG_INT64(4))))
			PG_RETURN_POINTER(card);
	}
	return count_fact(fcinfo, rubric, card);
}
