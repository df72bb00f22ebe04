/*
 * escalate.h
 *		What the files of the trigger function antifraud.escalate() share.
 *
 * A statement on a table of facts touches units on days (escalate_rows.c).
 * The rules that look at the table's measures are compiled once for a day and
 * kept until they change (escalate_rules.c).  Inserted rows are judged here,
 * with plans that are kept (escalate_judge.c); everything else is left to the
 * registry's function raise_escalations().
 */
#ifndef AF_ESCALATE_H
#define AF_ESCALATE_H

#include "compat.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/date.h"
#include "utils/hsearch.h"

#include "card.h"

/* The 32nd measure of a table and those after it share a bit. */
#define MAX_BITS	32

/* ---------------------------------------------------------------- rules */

/* A measure that rows of the table feed, and what rules say of it. */
typedef struct af_watched
{
	char	   *measure;
	bool		plain;			/* each row at most one fact, of quantity 1 */
	char	   *amount_column;	/* or NULL */
	char	   *flag_column;	/* or NULL */
	char	   *via;			/* the function that finds whose facts rows move, or NULL: the row says */
	bool		by_fact;
	bool		by_sum;
	bool		of_persons;
	bool		has_least;
	Datum		least;			/* numeric */
} af_watched;

/* Rules of one rubric on measures of one kind. */
typedef struct af_judge
{
	bool		by_fact;
	bool		plain;
	DateADT		first_day;
	DateADT		last_day;		/* at most the as-of day */
	DateADT		ends_on;
	DateADT		facts_from;
	Datum		doc;			/* as of the day */
	Datum		whole;			/* as of ends_on */
	bool		has_least;
	Datum		least;			/* numeric */
	bool		restricted;		/* to a region, or a kind of unit */
	uint32		bits;			/* of its measures */
	Datum		codes;			/* text[] */
	char	   *measures;		/* as a literal */
} af_judge;

typedef struct af_day_rules
{
	DateADT		as_of;			/* key */
	int			count;
	af_judge   *judges;
} af_day_rules;

/* What is known about a table of facts, until the rules change. */
typedef struct af_rules
{
	MemoryContext context;
	Oid			schema;
	Oid			owner;
	char	   *registry;		/* quoted */
	char	   *relation;		/* the name that escalation_source has */
	int64		fingerprint;
	int			count;
	af_watched *watched;
	bool		by_sum;			/* rules on sums of plain measures */
	bool		by_other_sum;	/* rules on other sums */
	bool		of_persons;
	Datum		measures;		/* text[]: those of the rows' own units */
	Datum		person_measures;
	Datum		falling;		/* text[]: rules */
	Datum		comparing;
	int			falling_count;
	int			comparing_count;
	MemoryContext day_context;
	HTAB	   *days;
	HTAB	   *plans;
	int			in_use;
	bool		stale;
} af_rules;

/* The rules for the table of a trigger, whose owner the caller has become. */
extern af_rules *af_rules_of(Oid relation, Oid schema, Oid owner, const char *name);
extern void af_rules_release(af_rules *rules);

extern const af_day_rules *af_rules_on(af_rules *rules, DateADT as_of);

/* A plan of this text, kept with the rules. */
extern SPIPlanPtr af_rules_plan(af_rules *rules, const char *query, int count, Oid *types);

/* Run a plan under the latest snapshot. */
extern uint64 af_rules_run(af_rules *rules, const char *query, int count, Oid *types, Datum *values, const char *nulls);

extern Oid	af_rubric_oid(void);

/* ----------------------------------------------------------------- rows */

typedef struct af_touched_unit
{
	char	   *code;
	int64		rows;
	DateADT		min_day;
	int64		margin;			/* below 0: to be counted */
} af_touched_unit;

typedef struct af_touched_row
{
	DateADT		day;
	int32		unit;
	uint32		bits;			/* measures of which it may be a fact that raises by itself */
} af_touched_row;

/* Units in order of their codes, rows in order of day and unit, each once. */
typedef struct af_touched_rows
{
	af_touched_unit *units;
	int32		unit_count;
	af_touched_row *rows;
	int64		row_count;
} af_touched_rows;

/* Of all rows of the statement; the trigger's arguments name unit and day. */
extern void af_touched_rows_collect(af_touched_rows *touched, TriggerData *trigger, const af_rules *rules);

/* Of the facts that they move, as a function of the registry finds them. */
extern void af_touched_rows_via(af_touched_rows *touched, TriggerData *trigger, af_rules *rules, const char *via);

/* ---------------------------------------------------------------- judge */

/* Evaluate inserted rows, and enter what they raise. */
extern void af_judge_inserted(af_rules *rules, af_touched_rows *touched);

/* Leave it to raise_escalations(), on these measures. */
extern void af_judge_again(af_rules *rules, af_touched_rows *touched, Datum measures);

/* Whether plans may read whole tables: those that are kept must serve when the tables are large. */
extern void af_escalate_planning(bool freely);

extern Datum af_text_array(char **values, int count);

/* A hash table of strings, which stand first in the entries. */
extern HTAB *af_strings(const char *name, Size entry, MemoryContext context);

#endif
