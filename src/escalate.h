/*
 * escalate.h
 *		What the files of the trigger function antifraud.escalate() share.
 *
 * A statement on a table of facts touches units on days (escalate_rows.c).
 * The rules that look at the table's measures are compiled once for a day and
 * kept until they change (escalate_rules.c).  Inserted rows are judged here
 * (escalate_judge.c), with plans that are kept (escalate_plans.c); everything
 * else is left to the registry's function raise_escalations().
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
	bool		plain;			/* each row is one fact, of quantity 1 */
	bool		own_day;		/* its facts lie on the days of the rows */
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
	bool		own_day;		/* all its measures */
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
	char	   *measures;		/* as literals */
	char	   *facts;			/* where to read them: the view fact, or rows of the table itself */
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
	char	   *unit_column;	/* as the trigger names them; NULL: none */
	char	   *day_column;
	int64		fingerprint;
	int			count;
	af_watched *watched;
	bool		by_sum;			/* rules on sums of plain measures */
	bool		by_other_sum;	/* rules on other sums */
	Datum		measures;		/* text[]: those of the rows' own units */
	int			again_count;
	Datum		again_measures;	/* those left to raise_escalations() */
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
extern af_rules *af_rules_of(Oid relation, Oid schema, Oid owner, const char *name, const Trigger *definition);
extern void af_rules_release(af_rules *rules);

extern const af_day_rules *af_rules_on(af_rules *rules, DateADT as_of);

extern Oid	af_rubric_oid(void);

/* ---------------------------------------------------------------- plans */

extern void af_plans_begin(af_rules *rules);
extern void af_plans_free(af_rules *rules);

/* A plan of this text, kept with the rules. */
extern SPIPlanPtr af_rules_plan(af_rules *rules, const char *query, int count, Oid *types);

/* Run a plan under the latest snapshot. */
extern uint64 af_rules_run(af_rules *rules, const char *query, int count, Oid *types, Datum *values, const char *nulls);

/* A field of a result; as text NULL, and as a boolean false, where it is null. */
extern Datum af_result_get(const SPITupleTable *table, uint64 row, int column, bool *null);
extern char *af_result_text(const SPITupleTable *table, uint64 row, int column);
extern bool af_result_bool(const SPITupleTable *table, uint64 row, int column);

extern Datum af_array_of(Datum *values, int count, Oid type);
extern Datum af_text_array(char **values, int count);

/* A hash table of strings, which stand first in the entries. */
extern HTAB *af_strings(const char *name, Size entry, MemoryContext context);

/* ----------------------------------------------------------------- rows */

typedef struct af_touched_unit
{
	char	   *code;
	int64		rows;
	DateADT		min_day;
	bool		wanted;			/* its facts are to be counted */
	int32	   *margins;		/* then, by month */
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

/* Something that the rules ask for. */
typedef struct af_candidate
{
	char	   *unit;
	char	   *rule;
	char	   *rung;
	char	   *episode;
	char	   *fact_table;		/* or NULL */
	char	   *fact_key;
	char	   *observed;		/* JSON */
} af_candidate;

typedef struct af_candidates
{
	MemoryContext context;		/* of what they are made of */
	af_candidate *items;
	int			count;
	int			capacity;
} af_candidates;

/* A new one, empty. */
extern af_candidate *af_candidate_add(af_candidates *list);

/* Evaluate inserted rows, and enter what they raise. */
extern void af_judge_inserted(af_rules *rules, af_touched_rows *touched);

/* Leave it to raise_escalations(), on these measures. */
extern void af_judge_again(af_rules *rules, af_touched_rows *touched, Datum measures);

/* Read facts for a judge: af_rules_run(), whose errors name its rules. */
extern uint64 af_read_facts(af_rules *rules, const af_judge *judge, DateADT as_of, const char *query,
							int count, Oid *types, Datum *values, const char *nulls);

/* Codes of units: of those with these numbers, or (NULL) of all. */
extern Datum af_unit_codes(const af_touched_rows *touched, const int32 *units, int32 count);
extern af_touched_unit *af_unit_find(const af_touched_rows *touched, Datum code);

extern char *af_iso_day(DateADT day);

/* ---------------------------------------------------------------- count */

/* Judge the sums of units: of those wanted, or of all with rows that reach its days. */
extern void af_count_sums(af_rules *rules, const af_judge *judge, DateADT as_of, af_touched_rows *touched,
						  int64 from, int64 to, bool wanted, af_candidates *list);

/* What the facts of a unit come to. */
typedef struct af_tallied
{
	int64	   *now;			/* as of the day */
	int64	   *whole;			/* with all facts of the window */
	DateADT   **days;			/* of each measure of the rubric */
	int		   *day_counts;
} af_tallied;

/* Whether rows of the table may be facts of the rule's measure, of the judge's kind. */
extern bool af_judge_looks_at(const af_rules *rules, const af_judge *judge, const af_rubric *rubric, const af_compiled_rule *rule);
extern char *af_rule_code(const af_rubric *rubric, const af_compiled_rule *rule);

/* Whether this was raised for a unit already; without a rung: whether the rule does not hold for it. */
extern bool af_rung_is_known(HTAB *known, const char *unit, const char *rule, const char *rung, int length);

/* --------------------------------------------------------------- margin */

/* Take the new rows off the margins of their units, which are locked; with reset, end them. */
extern void af_margins_take(af_rules *rules, af_touched_rows *touched, DateADT as_of, bool reset);

/* Keep what was counted for the units wanted. */
extern void af_margins_keep(af_rules *rules, const af_day_rules *day, const af_touched_rows *touched);

/* The margins of a unit under one judge; lowers those that it has. */
extern void af_margins_narrow(af_rules *rules, const af_judge *judge, DateADT as_of, const af_rubric *rubric,
							  const af_tallied *t, af_touched_unit *unit, HTAB *known);

/* ------------------------------------------------------------------ all */

/* Whether plans may read whole tables: those that are kept must serve when the tables are large. */
extern void af_escalate_planning(bool freely);

#endif
