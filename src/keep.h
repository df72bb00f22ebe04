/*
 * keep.h
 *		What the files of keep_next_due share: the persons whose next due day a
 *		statement may have moved.
 */
#ifndef AF_KEEP_H
#define AF_KEEP_H

#include "compat.h"

#include "commands/trigger.h"
#include "utils/date.h"

/* A person, and the latest check-in that the statement added. */
typedef struct af_touched
{
	int64		person;
	DateADT		done_on;
} af_touched;

/*
 * In order of person, each once, after af_touched_sort().  Locks are taken in
 * this order everywhere, so that two statements never wait for each other.
 */
typedef struct af_touched_list
{
	af_touched *items;
	int64		count;
	int64		capacity;
	bool		sorted;
} af_touched_list;

extern void af_touched_init(af_touched_list *list);
extern void af_touched_add(af_touched_list *list, int64 person, DateADT done_on);
extern void af_touched_sort(af_touched_list *list);
extern void af_touched_free(af_touched_list *list);

/* The number of a column, which must be of just this type. */
extern int	af_touched_column(Relation relation, const char *name, Oid type);

/* The persons that the trigger's rows name in a column; for a row trigger, of its row. */
extern void af_touched_collect(af_touched_list *list, TriggerData *trigger, const char *column);

/* The persons of completed check-ins among the new rows (new) or among all rows of the statement. */
extern void af_touched_checkins(af_touched_list *list, TriggerData *trigger, bool only_new);

/*
 * The registry whose persons are kept, and the right to change what is kept:
 * begin becomes the owner of its table person, with a safe search_path and
 * nothing left over for later (no cursor, no temporary table, no deferred
 * trigger, no other role); end undoes it.  An error undoes it too.  With
 * common, what persons have in common has changed: waits for whoever is
 * keeping persons by what it was before.
 */
typedef struct af_keeper
{
	Oid			schema;
	Oid			person;
	Oid			scratch;		/* the view that computes from the history */
	bool		refuses_merged; /* of rows entered for a person who was merged */
	Oid			saved_user;
	int			saved_context;
	int			guc_level;
} af_keeper;

extern void af_keeper_find(af_keeper *keeper, Oid schema);
extern Oid	af_keeper_owner(af_keeper *keeper);

/* Whether a table's owner has the rights of the owner of person. */
extern bool af_keeper_trusts(af_keeper *keeper, Oid table);

extern void af_keeper_begin(af_keeper *keeper, bool common);
extern void af_keeper_end(af_keeper *keeper);

/*
 * Keep the persons of a sorted list.  With may_advance, they have new check-ins
 * and nothing else: where the next due day simply follows from the latest, it
 * is moved there.  All others are computed from scratch.  Inside begin and
 * end.  Returns how many persons were found wrong or moved.
 */
extern uint64 af_keeper_keep(af_keeper *keeper, af_touched_list *list, bool may_advance);

/* Is this backend just changing what is kept in the table? */
extern bool af_keeper_is_keeping(Oid table);

/* Run a query that gives ids of persons, and add them to the list. */
extern void af_keeper_query(af_keeper *keeper, af_touched_list *list, const char *query);

/* The schema's name as an identifier. */
extern const char *af_keeper_schema(af_keeper *keeper);

#endif
