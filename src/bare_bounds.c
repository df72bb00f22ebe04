/*
 * bare_bounds.c
 *		Conditions on a bare column: see bare_bounds.h.
 */
#include "bare_bounds.h"

#include "access/stratnum.h"
#include "catalog/pg_collation_d.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_opfamily_d.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

/* Spreadsheets count days from 1899-12-30; see core/lenient.h. */
#define SERIAL_ZERO		(-36526)
#define SERIAL_FIRST	20000
#define SERIAL_LAST		80000

/* From here on no text of five digits that begins with 19 or 20 is a day. */
#define SERIALS_APART	(SERIAL_ZERO + 21000)

/* More years are not told apart by their first digits. */
#define MOST_YEARS 8

Node *
af_compare(Oid family, Node *left, int16 strategy, Node *right)
{
	Oid			operator = get_opfamily_member(family, exprType(left), exprType(right), strategy);

	if (!OidIsValid(operator))
		return NULL;
	return (Node *) make_opclause(operator, BOOLOID, false, (Expr *) left, (Expr *) right,
								  InvalidOid, exprCollation(left));
}

/* The family by which PostgreSQL sorts a type. */
static Oid
family_of(Oid type)
{
	return lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf;
}

static Node *
either(List *conditions)
{
	if (list_length(conditions) == 1)
		return linitial(conditions);
	return (Node *) make_orclause(conditions);
}

static Node *
both(Node *a, Node *b)
{
	return (Node *) make_andclause(list_make2(a, b));
}

/*
 * Texts.
 */

/* A column of a text type, perhaps shown as text. */
static Node *
text_column(Node *value)
{
	Node	   *column = value;

	if (IsA(value, FuncExpr) && ((FuncExpr *) value)->funcid == F_TEXT_BPCHAR)
		column = linitial(((FuncExpr *) value)->args);
	while (IsA(column, RelabelType))
		column = (Node *) ((RelabelType *) column)->arg;
	if (!IsA(column, Var))
		return NULL;
	switch (exprType(column))
	{
		case BPCHAROID:
		case TEXTOID:
			return column;
		case VARCHAROID:
			return value;		/* compared as text */
		default:
			return NULL;
	}
}

/*
 * Whether texts of digits sort as such: an ICU collation may sort them as
 * numbers, and one that takes different texts for equal has no LIKE.
 */
static bool
sorts_digits(Oid collation)
{
	return OidIsValid(collation) && get_collation_isdeterministic(collation) &&
		DatumGetBool(DirectFunctionCall2Coll(text_lt, collation, CStringGetTextDatum("10"), CStringGetTextDatum("9")));
}

static Node *
text_const(Node *column, const char *value)
{
	return (Node *) makeConst(exprType(column) == BPCHAROID ? BPCHAROID : TEXTOID, -1, DEFAULT_COLLATION_OID, -1,
							  CStringGetTextDatum(value), false, false);
}

static Node *
compare_text(Node *column, int16 strategy, const char *value)
{
	return af_compare(exprType(column) == BPCHAROID ? BPCHAR_BTREE_FAM_OID : TEXT_BTREE_FAM_OID,
					  column, strategy, text_const(column, value));
}

/* column LIKE pattern, or not. */
static Node *
like(Node *column, bool wanted, const char *pattern)
{
	Oid			operator = exprType(column) == BPCHAROID ? OID_BPCHAR_LIKE_OP : OID_TEXT_LIKE_OP;

	return (Node *) make_opclause(wanted ? operator : get_negator(operator), BOOLOID, false, (Expr *) column,
								  (Expr *) makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1, CStringGetTextDatum(pattern), false, false),
								  InvalidOid, exprCollation(column));
}

/* from <= column < end */
static Node *
text_range(Node *column, const char *from, const char *end)
{
	return both(compare_text(column, BTGreaterEqualStrategyNumber, from),
				compare_text(column, BTLessStrategyNumber, end));
}

/*
 * Days.  A text that reads is YYYY-MM-D and more, and sorts by its months; or
 * it is of another form, of which only the year is looked at.  Whole months,
 * as within one 2023-05-9 and 2023-05- 9 sort behind and before 2023-05-10.
 * Nothing is compared with but dates, and patterns: MariaDB turns what a DATE
 * is compared with into a date, and takes a text that is none for day zero.
 */
static Node *
text_days(Node *column, const af_day_span *spans, int count)
{
	List	   *ranges = NIL;
	List	   *years = NIL;
	List	   *other_form = list_make4(like(column, false, "____-0_-%"), like(column, false, "____-10-%"),
										like(column, false, "____-11-%"), like(column, false, "____-12-%"));
	int			first_year;
	int			last_year;
	int			month;
	int			day;

	for (int i = 0; i < count; i++)
	{
		char		from[AF_DAY_SIZE];
		char		end[AF_DAY_SIZE];
		int			year;

		af_day_split(spans[i].from, &year, &month, &day);
		af_day_write(from, spans[i].from - day);
		af_day_split(spans[i].to, &year, &month, &day);
		af_day_write(end, spans[i].to - day + 1 + af_month_length(year, month));
		ranges = lappend(ranges, text_range(column, from, end));
	}
	af_day_split(spans[0].from, &first_year, &month, &day);
	af_day_split(spans[count - 1].to, &last_year, &month, &day);
	if (spans[0].from >= SERIALS_APART && last_year - first_year < MOST_YEARS)
	{
		for (int year = first_year; year <= last_year; year++)
			years = lappend(years, like(column, true, psprintf("%04d%%", year)));
		years = lappend(years, both(like(column, false, "19__%"), like(column, false, "20__%")));
		other_form = lappend(other_form, either(years));
	}
	return either(lappend(ranges, make_andclause(other_form)));
}

/* The digits that every code inside a region begins with; their number. */
static int
leading_digits(af_region region, int64_t *digits)
{
	static const int length[AF_REGION_LEVELS] = {2, 4, 6, 9, 12, 15};
	int			count = length[af_region_level(region) - 1];

	*digits = region;
	for (int i = count; i < 15; i++)
		*digits /= 10;
	return count;
}

/*
 * A code that reads begins with a region's digits, or with something that is
 * no digit: a blank, an apostrophe, a full-width digit.  These lie before "1"
 * or from "A" on, or (where they sort as digits do) in the range.
 */
static Node *
text_regions(Node *column, const af_region *regions, int count)
{
	List	   *ranges = NIL;

	for (int i = 0; i < count; i++)
	{
		int64_t		digits;
		int			length = leading_digits(regions[i], &digits);
		char	   *from = psprintf(INT64_FORMAT, digits);
		char	   *end = psprintf(INT64_FORMAT, digits + 1);

		if (strlen(end) != (size_t) length)
			return NULL;
		ranges = lappend(ranges, text_range(column, from, end));
	}
	ranges = lappend(ranges, compare_text(column, BTLessStrategyNumber, "1"));
	ranges = lappend(ranges, compare_text(column, BTGreaterEqualStrategyNumber, "A"));
	return either(ranges);
}

/*
 * Numbers.
 */

/* A column of a number type that is cast to text. */
static Node *
number_column(Node *value)
{
	Node	   *column;

	if (!IsA(value, CoerceViaIO))
		return NULL;
	column = (Node *) ((CoerceViaIO *) value)->arg;
	if (!IsA(column, Var))
		return NULL;
	switch (exprType(column))
	{
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
			return column;
		default:
			return NULL;
	}
}

static Node *
compare_number(Node *column, int16 strategy, int64_t value)
{
	Oid			type = exprType(column);

	if (type == NUMERICOID)
		return af_compare(family_of(type), column, strategy,
						  (Node *) makeConst(NUMERICOID, -1, InvalidOid, -1, NumericGetDatum(int64_to_numeric(value)), false, false));
	return af_compare(INTEGER_BTREE_FAM_OID, column, strategy,
					  (Node *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(value), false, get_typbyval(INT8OID)));
}

/* from <= column < end */
static Node *
number_range(Node *column, int64_t from, int64_t end)
{
	return both(compare_number(column, BTGreaterEqualStrategyNumber, from),
				compare_number(column, BTLessStrategyNumber, end));
}

/* 20230501 */
static int64_t
day_number(af_day value)
{
	int			year;
	int			month;
	int			day;

	af_day_split(value, &year, &month, &day);
	return (int64_t) year * 10000 + month * 100 + day;
}

static Node *
number_days(Node *column, const af_day_span *spans, int count)
{
	List	   *ranges = NIL;

	for (int i = 0; i < count; i++)
	{
		int64_t		from = day_number(spans[i].from);
		int64_t		last = day_number(spans[i].to);
		int64_t		serial_from = Max((int64_t) spans[i].from - SERIAL_ZERO, SERIAL_FIRST);
		int64_t		serial_last = Min((int64_t) spans[i].to - SERIAL_ZERO, SERIAL_LAST);

		ranges = lappend(ranges, number_range(column, from, last + 1));
		ranges = lappend(ranges, number_range(column, from * 1000000, (last + 1) * 1000000));
		if (serial_from <= serial_last)
			ranges = lappend(ranges, number_range(column, serial_from, serial_last + 1));
	}
	return either(ranges);
}

/* A code of each length that begins with the digits. */
static Node *
number_regions(Node *column, const af_region *regions, int count)
{
	List	   *ranges = NIL;

	for (int i = 0; i < count; i++)
	{
		int64_t		from;
		int64_t		weight = 1;

		for (int length = leading_digits(regions[i], &from); length <= 15; length++, weight *= 10)
			if (length % 3 == 0 || length == 2 || length == 4)
				ranges = lappend(ranges, number_range(column, from * weight, (from + 1) * weight));
	}
	return either(ranges);
}

/*
 * What callers see.
 */

/* Days whose neighbours can be written, too; the lenient readers know fewer. */
static bool
is_plain(const af_day_span *spans, int count)
{
	return count > 0 && spans[0].from > AF_DAY_FIRST + 31 && spans[count - 1].to < AF_DAY_LAST - 31;
}

Node *
af_bare_days(Node *value, const af_day_span *spans, int count)
{
	Node	   *column = text_column(value);

	if (!is_plain(spans, count))
		return NULL;
	if (column != NULL)
		return sorts_digits(exprCollation(column)) ? text_days(column, spans, count) : NULL;
	column = number_column(value);
	return column == NULL ? NULL : number_days(column, spans, count);
}

Node *
af_bare_regions(Node *value, const af_region *regions, int count)
{
	Node	   *column = text_column(value);

	if (count == 0)
		return NULL;
	if (column != NULL)
		return sorts_digits(exprCollation(column)) ? text_regions(column, regions, count) : NULL;
	column = number_column(value);
	return column == NULL ? NULL : number_regions(column, regions, count);
}

Node *
af_bare_instants(Node *instant, const af_day_span *spans, int count)
{
	Oid			type = exprType(instant);

	/* No time zone is a day away from another: these days more do for all. */
	int			margin = type == TIMESTAMPTZOID ? 2 : 0;
	List	   *ranges = NIL;

	if (!is_plain(spans, count))
		return NULL;
	for (int i = 0; i < count; i++)
	{
		Timestamp	ends[2] = {(spans[i].from - margin) * USECS_PER_DAY, (spans[i].to + 1 + margin) * USECS_PER_DAY};
		Node	   *limits[2];

		for (int end = 0; end < 2; end++)
			limits[end] = (Node *) makeConst(type, -1, InvalidOid, sizeof(Timestamp), TimestampGetDatum(ends[end]), false, get_typbyval(INT8OID));
		ranges = lappend(ranges, both(af_compare(family_of(type), instant, BTGreaterEqualStrategyNumber, limits[0]),
									  af_compare(family_of(type), instant, BTLessStrategyNumber, limits[1])));
	}
	return either(ranges);
}
