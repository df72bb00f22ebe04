/*
 * rule_read_english.c
 *		The English form of a rule.
 *
 *		rule        = band { "," band } [ "cap" points ]
 *		band        = consequence [ "per" step ] [ "if" condition ]
 *		consequence = ( "deduct" | "add" ) points [ ".." points ]
 *					| "zero" | "veto" | "raise" name
 *		step        = [ number ] ( "occurrence" | "missing" | "excess" | "percent" | "day" )
 *		condition   = comparison { "and" comparison }
 *		comparison  = subject operator value
 *		value       = number [ "%" ] | "baseline" | "required"
 *
 * One token is looked at, and none twice, so the time is that of the length.
 */
#include "rule_read.h"

#include <string.h>

#include "rule_words.h"
#include "utf8.h"

typedef enum token_kind
{
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_NUMBER,
	TOKEN_SIGN,					/* + or - */
	TOKEN_COMMA,
	TOKEN_RANGE,				/* .. */
	TOKEN_PERCENT,
	TOKEN_OTHER
} token_kind;

typedef struct reader
{
	const char *text;
	size_t		length;
	af_rule    *rule;
	af_error   *error;
	/* the token looked at */
	token_kind	kind;
	size_t		start;
	size_t		end;
	const af_word *word;		/* NULL where it is no word of the language */
} reader;

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
next_token(reader *r)
{
	const char *text = r->text;
	size_t		at = r->end;

	while (at < r->length && af_rule_space(text[at]))
		at++;
	r->start = at;
	r->word = NULL;
	if (at == r->length)
		r->kind = TOKEN_END;
	else if (is_digit(text[at]))
	{
		/* A point belongs to the number only before a digit: 10..20 is a range. */
		r->kind = TOKEN_NUMBER;
		while (at < r->length && is_digit(text[at]))
			at++;
		if (at + 1 < r->length && text[at] == '.' && is_digit(text[at + 1]))
			for (at++; at < r->length && is_digit(text[at]);)
				at++;
		if (at < r->length && af_word_character(text[at]))
		{
			/* 1e5, 5occurrence: what runs into a number is not a number */
			r->kind = TOKEN_OTHER;
			while (at < r->length && af_word_character(text[at]))
				at++;
		}
	}
	else if (af_word_character(text[at]))
	{
		r->kind = TOKEN_WORD;
		while (at < r->length && af_word_character(text[at]))
			at++;
		r->word = af_word_find(text + r->start, at - r->start);
	}
	else if (text[at] == '<' || text[at] == '>' || text[at] == '=')
	{
		/* All of <>, == and the like, so that the error shows it whole. */
		while (at < r->length && (text[at] == '<' || text[at] == '>' || text[at] == '='))
			at++;
		r->word = af_word_find(text + r->start, at - r->start);
		r->kind = r->word ? TOKEN_WORD : TOKEN_OTHER;
	}
	else if (text[at] == '.' && at + 1 < r->length && text[at + 1] == '.')
	{
		r->kind = TOKEN_RANGE;
		at += 2;
	}
	else
	{
		r->kind = text[at] == ',' ? TOKEN_COMMA : text[at] == '%' ? TOKEN_PERCENT :
			text[at] == '-' || text[at] == '+' ? TOKEN_SIGN : TOKEN_OTHER;
		if ((unsigned char) text[at] < 0x80)
			at++;
		else
			while (at < r->length && (unsigned char) text[at] >= 0x80)
				at++;
	}
	r->end = at;
}

static bool
is_word(const reader *r, af_word_class class, int value)
{
	return r->word && r->word->class == class && r->word->value == value;
}

/* Name what stands there, and what could stand there instead. */
static bool
unexpected(reader *r, const char *expected, const char *example)
{
	char		whole[AF_EXCERPT_SIZE];
	char		part[AF_EXCERPT_SIZE];
	size_t		position = af_utf8_character(r->text, r->start);

	af_excerpt(whole, r->text, r->length);
	if (r->kind == TOKEN_END)
		af_error_set(r->error, AF_SYNTAX, "invalid rule \"%s\": it ends too early, at character %zu", whole, position);
	else
		af_error_set(r->error, AF_SYNTAX, "invalid rule \"%s\": unexpected \"%s\" at character %zu", whole,
					 af_excerpt(part, r->text + r->start, r->end - r->start), position);
	af_error_detail(r->error, "Expected %s.", expected);
	return af_error_hint(r->error, "For example: %s", example);
}

/* The error of a number that cannot be taken; `what` it was to be. */
static bool
bad_number(reader *r, af_decimal_status status, const char *what, int decimals, int64_t largest, int64_t scale)
{
	char		part[AF_EXCERPT_SIZE];
	size_t		position = af_utf8_character(r->text, r->start);

	af_excerpt(part, r->text + r->start, r->end - r->start);
	if (status == AF_DECIMAL_TOO_LARGE)
	{
		af_error_set(r->error, AF_RANGE, "the %s %s at character %zu is too large", what, part, position);
		af_error_detail(r->error, "The largest allowed is %lld.", (long long) (largest / scale));
		return af_error_hint(r->error, "%s", decimals == AF_POINTS_DECIMALS ?
							 "Rubrics have some hundred points in all; check the digits." :
							 "Check the digits and the unit: amounts are in yuan.");
	}
	af_error_set(r->error, AF_SYNTAX, "the %s %s at character %zu has too many decimals", what, part, position);
	af_error_detail(r->error, "At most %d decimals are kept, and a number that does not fit is not rounded in silence.", decimals);
	return af_error_hint(r->error, "Write at most %d decimals.", decimals);
}

static bool
read_points(reader *r, af_points *points)
{
	af_decimal_status status;
	size_t		used;

	if (r->kind != TOKEN_NUMBER)
		return unexpected(r, "points: a number without a sign, with at most two decimals", "deduct 0.5 per occurrence");
	status = af_decimal_read(r->text + r->start, r->end - r->start, AF_POINTS_DECIMALS, AF_POINTS_MAX, points, &used);
	if (status != AF_DECIMAL_OK)
		return bad_number(r, status, "number of points", AF_POINTS_DECIMALS, AF_POINTS_MAX, AF_POINTS_SCALE);
	next_token(r);
	return true;
}

static bool
read_number(reader *r, const char *what, af_number *number)
{
	af_decimal_status status;
	size_t		used;

	status = af_decimal_read(r->text + r->start, r->end - r->start, AF_NUMBER_DECIMALS, AF_NUMBER_MAX, number, &used);
	if (status != AF_DECIMAL_OK)
		return bad_number(r, status, what, AF_NUMBER_DECIMALS, AF_NUMBER_MAX, AF_NUMBER_SCALE);
	next_token(r);
	return true;
}

static bool
read_rung(reader *r, char *rung)
{
	size_t		length = r->end - r->start;
	af_error	inner;

	/* An operator is a word of the table, but nobody means it as a name. */
	if (r->kind != TOKEN_WORD || (r->word && r->word->class == AF_WORD_OPERATOR))
		return unexpected(r, "the name of a rung, in lower-case letters and underscores", "raise interview if change > 50%");
	if (!af_rung_check(r->text + r->start, length, &inner))
	{
		af_error_set(r->error, inner.code, "%s, at character %zu", inner.message, af_utf8_character(r->text, r->start));
		af_error_detail(r->error, "%s", inner.detail);
		return af_error_hint(r->error, "%s", inner.hint);
	}
	memcpy(rung, r->text + r->start, length);
	rung[length] = '\0';
	next_token(r);
	return true;
}

static bool
read_consequence(reader *r, af_band *band)
{
	if (!r->word || r->word->class != AF_WORD_EFFECT)
		return unexpected(r, "\"deduct\", \"add\", \"zero\", \"veto\" or \"raise\"", "deduct 5 per occurrence cap 20");
	band->effect = (af_effect) r->word->value;
	next_token(r);
	if (band->effect == AF_RAISE)
		return read_rung(r, band->rung);
	if (band->effect == AF_ZERO || band->effect == AF_VETO)
		return true;
	if (!read_points(r, &band->points))
		return false;
	band->points_max = band->points;
	if (r->kind != TOKEN_RANGE)
		return true;
	next_token(r);
	return read_points(r, &band->points_max);
}

static bool
read_step(reader *r, af_band *band)
{
	band->step = AF_NUMBER_SCALE;
	if (r->kind == TOKEN_NUMBER && !read_number(r, "step", &band->step))
		return false;
	if (!r->word || r->word->class != AF_WORD_STEP)
		return unexpected(r, "a step without a sign: \"occurrence\", \"missing\", \"excess\", \"percent\" or \"day\", perhaps after a number",
						  "deduct 1 per 2 occurrence");
	band->per = (af_step_unit) r->word->value;
	next_token(r);
	return true;
}

/* All comparisons of a rule look at one subject; the first one sets it. */
static bool
read_subject(reader *r)
{
	af_subject	subject;

	if (!r->word || r->word->class != AF_WORD_SUBJECT)
		return unexpected(r, "\"amount\", \"count\", \"rate\" or \"change\"", "deduct 5 if count < 48");
	subject = (af_subject) r->word->value;
	if (r->rule->subject != AF_SUBJECT_NONE && r->rule->subject != subject)
	{
		af_error_set(r->error, AF_INVALID, "a rule cannot look at both \"%s\" and \"%s\" (at character %zu)",
					 af_word_text(AF_WORD_SUBJECT, r->rule->subject), r->word->text,
					 af_utf8_character(r->text, r->start));
		af_error_detail(r->error, "All conditions of a rule look at one subject, so that one band can be told to be the strictest.");
		return af_error_hint(r->error, "Write two rules in the same item.");
	}
	r->rule->subject = subject;
	next_token(r);
	return true;
}

static bool
read_percent_sign(reader *r)
{
	if (r->kind != TOKEN_PERCENT)
		return true;			/* a bare number on a rate or change is per cent too */
	if (r->rule->subject != AF_SUBJECT_RATE && r->rule->subject != AF_SUBJECT_CHANGE)
	{
		af_error_set(r->error, AF_INVALID, "\"%s\" cannot be compared with a percentage (\"%%\" at character %zu)",
					 af_word_text(AF_WORD_SUBJECT, r->rule->subject), af_utf8_character(r->text, r->start));
		af_error_detail(r->error, "An amount is in yuan, and a count is a plain number; only a rate and a change are in per cent.");
		return af_error_hint(r->error, "Leave out the %%, or write for example: deduct 1 if rate < 90%%");
	}
	next_token(r);
	return true;
}

static bool
read_value(reader *r, af_comparison *comparison)
{
	size_t		sign = r->start;
	bool		negative = false;

	if (r->word && r->word->class == AF_WORD_VALUE)
	{
		comparison->kind = (af_value_kind) r->word->value;
		next_token(r);
		return true;
	}
	comparison->kind = AF_VALUE_NUMBER;
	if (r->kind == TOKEN_SIGN && r->end < r->length && is_digit(r->text[r->end]))
	{
		negative = r->text[sign] == '-';
		next_token(r);
	}
	if (r->kind != TOKEN_NUMBER)
		return unexpected(r, "a number, \"baseline\" or \"required\"", "deduct 2 if count > baseline");
	if (!read_number(r, "number", &comparison->value))
		return false;
	if (negative)
		comparison->value = -comparison->value;
	return read_percent_sign(r);
}

static bool
read_condition(reader *r, af_band *band)
{
	for (;;)
	{
		af_comparison *comparison = &band->comparison[band->comparison_count];

		if (band->comparison_count == AF_BAND_MAX_COMPARISONS)
		{
			af_error_set(r->error, AF_LIMIT, "a condition with more than %d comparisons (at character %zu)",
						 AF_BAND_MAX_COMPARISONS, af_utf8_character(r->text, r->start));
			af_error_detail(r->error, "The comparisons of a condition look at one subject, so a lower and an upper bound say it all.");
			return af_error_hint(r->error, "For example: deduct 1 if count > 10 and count <= 20");
		}
		if (!read_subject(r))
			return false;
		if (!r->word || r->word->class != AF_WORD_OPERATOR)
			return unexpected(r, "\">\", \">=\", \"<\", \"<=\" or \"=\"", "deduct 5 if count < 48");
		comparison->operator = (af_operator) r->word->value;
		next_token(r);
		if (!read_value(r, comparison))
			return false;
		band->comparison_count++;
		if (!is_word(r, AF_WORD_JOINT, AF_JOINT_AND))
			return true;
		next_token(r);
	}
}

static bool
read_band(reader *r)
{
	af_band    *band = &r->rule->band[r->rule->band_count];

	if (r->rule->band_count == AF_RULE_MAX_BANDS)
	{
		af_error_set(r->error, AF_LIMIT, "a rule with more than %d bands (at character %zu)",
					 AF_RULE_MAX_BANDS, af_utf8_character(r->text, r->start));
		af_error_detail(r->error, "A band is one consequence with its condition.");
		return af_error_hint(r->error, "Write two rules in the same item.");
	}
	if (!read_consequence(r, band))
		return false;
	if (is_word(r, AF_WORD_JOINT, AF_JOINT_PER))
	{
		next_token(r);
		if (!read_step(r, band))
			return false;
	}
	if (is_word(r, AF_WORD_JOINT, AF_JOINT_IF))
	{
		next_token(r);
		if (!read_condition(r, band))
			return false;
	}
	r->rule->band_count++;
	return true;
}

/* What may follow the band that was read last. */
static const char *
continuation(const af_rule *rule)
{
	const af_band *band = &rule->band[rule->band_count - 1];

	if (rule->cap >= 0)
		return "the end";
	if (band->comparison_count > 0)
		return "\"and\", a comma, \"cap\" or the end";
	if (band->per != AF_PER_NOTHING || band->effect > AF_ADD)
		return "\"if\", a comma, \"cap\" or the end";
	if (band->points_max != band->points)
		return "\"per\", \"if\", a comma, \"cap\" or the end";
	return "\"..\", \"per\", \"if\", a comma, \"cap\" or the end";
}

bool
af_rule_read_english(const char *text, size_t length, af_rule *rule, af_error *error)
{
	reader		r = {text, length, rule, error, TOKEN_END, 0, 0, NULL};

	memset(rule, 0, sizeof(*rule));
	rule->cap = -1;
	next_token(&r);
	if (!read_band(&r))
		return false;
	while (r.kind == TOKEN_COMMA)
	{
		next_token(&r);
		if (!read_band(&r))
			return false;
	}
	if (is_word(&r, AF_WORD_JOINT, AF_JOINT_CAP))
	{
		next_token(&r);
		if (!read_points(&r, &rule->cap))
			return false;
	}
	return r.kind == TOKEN_END ||
		unexpected(&r, continuation(rule), "deduct 1 per occurrence if amount >= 100000, deduct 10 if amount >= 500000 cap 10");
}
