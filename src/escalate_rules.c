/*
 * escalate_rules.c
 *		The rules that look at a table of facts, compiled and kept.
 *
 * They are kept for each table in each session, with the plans that judge its
 * facts, until a rule changes: antifraud.escalation_rules_changed() on the
 * tables of rules invalidates the relation cache's entry of escalation_rule,
 * which every session learns when the change commits.
 */
#include "escalate.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* Days of which the rules are kept: each takes some kilobytes. */
#define MAX_DAYS	400

typedef struct rules_entry
{
	Oid			relation;		/* key */
	Oid			schema;
	Oid			rule_table;
	af_rules   *rules;
} rules_entry;

static HTAB *known = NULL;

static void
forget(Datum argument, Oid relation)
{
	HASH_SEQ_STATUS scan;
	rules_entry *entry;

	hash_seq_init(&scan, known);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (entry->rules != NULL && (relation == InvalidOid || relation == entry->relation || relation == entry->rule_table))
			entry->rules->stale = true;
}

/* A table that goes by another name, or another schema's. */
static void
forget_schemas(Datum argument, int cache, uint32 hash)
{
	forget(argument, InvalidOid);
}

static void
drop(af_rules *rules)
{
	af_plans_free(rules);
	MemoryContextDelete(rules->context);
}

Oid
af_rubric_oid(void)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("rubric"),
						   ObjectIdGetDatum(get_namespace_oid("antifraud", false)));
}

/* Add the members of an array in a result to a list, each once. */
static int
add_members(char ***list, int count, Datum array)
{
	Datum	   *members;
	bool	   *nulls;
	int			length;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &members, &nulls, &length);
	*list = *list == NULL ? palloc(sizeof(char *) * (length + 1)) : repalloc(*list, sizeof(char *) * (count + length + 1));
	for (int i = 0; i < length; i++)
		(*list)[count++] = TextDatumGetCString(members[i]);
	return count;
}

/* What escalation_watch() says; in the memory of the rules. */
static void
read_watched(af_rules *rules)
{
	MemoryContext old;
	char	  **falling = NULL;
	char	  **comparing = NULL;
	char	  **measures;
	char	  **again;
	int			own = 0;
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(rules->relation)};
	char	   *query = psprintf("SELECT w.measure, w.plain, w.amount_column, w.flag_column, w.via, w.by_fact, w.by_sum, w.of_persons,"
								 " w.least_amount, w.falling, w.comparing, w.fingerprint, w.own_day FROM %s.escalation_watch($1) AS w ORDER BY w.measure", rules->registry);

	af_rules_run(rules, query, 1, types, values, NULL);
	old = MemoryContextSwitchTo(rules->context);
	rules->count = (int) SPI_processed;
	rules->watched = palloc0(sizeof(af_watched) * (rules->count + 1));
	measures = palloc(sizeof(char *) * (rules->count + 1));
	again = palloc(sizeof(char *) * (rules->count + 1));
	for (int i = 0; i < rules->count; i++)
	{
		af_watched *watched = &rules->watched[i];
		bool		null;
		Datum		least = af_result_get(SPI_tuptable, i, 9, &null);

		watched->measure = af_result_text(SPI_tuptable, i, 1);
		watched->plain = af_result_bool(SPI_tuptable, i, 2);
		watched->amount_column = af_result_text(SPI_tuptable, i, 3);
		watched->flag_column = af_result_text(SPI_tuptable, i, 4);
		watched->via = af_result_text(SPI_tuptable, i, 5);
		watched->by_fact = af_result_bool(SPI_tuptable, i, 6);
		watched->by_sum = af_result_bool(SPI_tuptable, i, 7);
		watched->of_persons = af_result_bool(SPI_tuptable, i, 8);
		watched->has_least = !null;
		if (!null)
			watched->least = PointerGetDatum(DatumGetNumericCopy(least));
		if (watched->via == NULL)
			measures[own++] = watched->measure;
		rules->by_sum |= watched->by_sum && watched->plain;
		rules->by_other_sum |= watched->by_sum && !watched->plain;
		watched->own_day = af_result_bool(SPI_tuptable, i, 13);
		/* of persons, whose facts may be of any unit; and facts that lie on other days */
		if (watched->via == NULL && (watched->of_persons || (watched->by_fact && !watched->own_day)))
			again[rules->again_count++] = watched->measure;
		rules->falling_count = add_members(&falling, rules->falling_count, af_result_get(SPI_tuptable, i, 10, &null));
		rules->comparing_count = add_members(&comparing, rules->comparing_count, af_result_get(SPI_tuptable, i, 11, &null));
		rules->fingerprint = DatumGetInt64(af_result_get(SPI_tuptable, i, 12, &null));
	}
	rules->measures = af_text_array(measures, own);
	rules->again_measures = af_text_array(again, rules->again_count);
	rules->falling = af_text_array(falling, rules->falling_count);
	rules->comparing = af_text_array(comparing, rules->comparing_count);
	MemoryContextSwitchTo(old);
	SPI_freetuptable(SPI_tuptable);
}

/* Triggers of a table's partitions may name other columns. */
static bool
same_columns(const af_rules *rules, const Trigger *definition)
{
	if (definition->tgnargs != 2)
		return rules->unit_column == NULL;
	return rules->unit_column != NULL && strcmp(rules->unit_column, definition->tgargs[0]) == 0 &&
		strcmp(rules->day_column, definition->tgargs[1]) == 0;
}

af_rules *
af_rules_of(Oid relation, Oid schema, Oid owner, const char *name, const Trigger *definition)
{
	bool		found;
	rules_entry *entry;
	Oid			rule_table = get_relname_relid("escalation_rule", schema);

	if (known == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(rules_entry)};

		known = hash_create("antifraud tables of facts", 16, &control, HASH_ELEM | HASH_BLOBS);
		CacheRegisterRelcacheCallback(forget, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, forget_schemas, (Datum) 0);
	}
	entry = hash_search(known, &relation, HASH_ENTER, &found);
	if (!found)
		entry->rules = NULL;
	if (entry->rules != NULL && (entry->rules->stale || !same_columns(entry->rules, definition) || entry->schema != schema || entry->rule_table != rule_table || entry->rules->owner != owner))
	{
		/* one that is in use further up is dropped there */
		if (entry->rules->in_use == 0)
			drop(entry->rules);
		else
			entry->rules->stale = true;
		entry->rules = NULL;
	}
	if (entry->rules == NULL)
	{
		MemoryContext context = AllocSetContextCreate(TopMemoryContext, "antifraud escalation rules", ALLOCSET_DEFAULT_SIZES);
		MemoryContext old = MemoryContextSwitchTo(context);
		af_rules   *rules = palloc0(sizeof(af_rules));

		rules->context = context;
		rules->schema = schema;
		rules->owner = owner;
		rules->registry = pstrdup(quote_identifier(get_namespace_name(schema)));
		rules->relation = pstrdup(name);
		if (definition->tgnargs == 2)
		{
			rules->unit_column = pstrdup(definition->tgargs[0]);
			rules->day_column = pstrdup(definition->tgargs[1]);
		}
		af_plans_begin(rules);
		MemoryContextSwitchTo(old);
		PG_TRY();
		{
			read_watched(rules);
		}
		PG_CATCH();
		{
			drop(rules);
			PG_RE_THROW();
		}
		PG_END_TRY();
		entry = hash_search(known, &relation, HASH_ENTER, &found);
		entry->schema = schema;
		entry->rule_table = rule_table;
		entry->rules = rules;
	}
	entry->rules->in_use++;
	return entry->rules;
}

void
af_rules_release(af_rules *rules)
{
	HASH_SEQ_STATUS scan;
	rules_entry *entry;

	if (--rules->in_use > 0 || !rules->stale)
		return;
	hash_seq_init(&scan, known);
	while ((entry = hash_seq_search(&scan)) != NULL)
		if (entry->rules == rules)
			entry->rules = NULL;
	drop(rules);
}

/*
 * Where to read the facts of a judge.  Plain ones are read from the table
 * itself, in the columns of the view fact: that has a branch for every
 * measure there is, and to plan it takes longer than a session may last.
 *
 * Whoever reads them asks for coalesce(voided_at, 'infinity') = 'infinity', so
 * that no partial index fits: to a plan that is made while the table is empty,
 * reading all of one seems as good as finding the unit.
 */
static char *
facts_of(const af_rules *rules, const af_judge *judge)
{
	StringInfoData out;

	initStringInfo(&out);
	if (!judge->plain)
		appendStringInfo(&out, "(SELECT f.* FROM %s.facts_from_scratch() AS f WHERE f.measure = ANY (ARRAY[%s]))", rules->registry, judge->measures);
	for (int i = 0; judge->plain && i < rules->count; i++)
	{
		const af_watched *watched = &rules->watched[i];

		if (!watched->plain || strstr(judge->measures, quote_literal_cstr(watched->measure)) == NULL)
			continue;
		appendStringInfo(&out, "%s SELECT %s::text AS measure, t.%s AS unit, t.%s AS occurred_on, 1::bigint AS quantity, NULL::bigint AS base, ",
						 out.len > 0 ? " UNION ALL" : "(", quote_literal_cstr(watched->measure), quote_identifier(rules->unit_column), quote_identifier(rules->day_column));
		if (watched->amount_column)
			appendStringInfo(&out, "t.%s", quote_identifier(watched->amount_column));
		else
			appendStringInfoString(&out, "NULL::numeric");
		appendStringInfo(&out, " AS amount, %s::text AS source_table, t.id::text AS source_key, t.voided_at FROM %s.%s AS t",
						 quote_literal_cstr(rules->relation), rules->registry, quote_identifier(rules->relation));
		if (watched->flag_column)
			appendStringInfo(&out, " WHERE t.%s", quote_identifier(watched->flag_column));
	}
	if (judge->plain)
		appendStringInfoChar(&out, ')');
	return out.data;
}

/* The rules of one rubric on measures of this table, plain ones or others, as a judge; false: none. */
static bool
make_judge(af_rules *rules, uint64 row, bool plain, af_judge *judge)
{
	StringInfoData literal;
	char	  **measures = NULL;
	char	  **codes = NULL;
	char	  **wanted;
	bool		null;
	int			count;
	int			wanted_count = 0;
	bool		found = false;
	Datum		least;

	judge->by_fact = af_result_bool(SPI_tuptable, row, 1);
	judge->plain = plain;
	judge->own_day = true;
	count = add_members(&measures, 0, af_result_get(SPI_tuptable, row, 8, &null));
	add_members(&codes, 0, af_result_get(SPI_tuptable, row, 11, &null));
	wanted = palloc(sizeof(char *) * (count + 1));
	initStringInfo(&literal);
	for (int i = 0; i < rules->count; i++)
	{
		bool		looked_at = false;

		if (rules->watched[i].via != NULL || rules->watched[i].plain != plain || (judge->by_fact && !rules->watched[i].own_day))
			continue;
		for (int m = 0; m < count; m++)
			if (strcmp(rules->watched[i].measure, measures[m]) == 0)
			{
				wanted[wanted_count++] = codes[m];
				looked_at = true;
			}
		if (!looked_at)
			continue;
		appendStringInfo(&literal, "%s%s", found ? ", " : "", quote_literal_cstr(rules->watched[i].measure));
		judge->bits |= UINT32_C(1) << Min(i, MAX_BITS - 1);
		judge->own_day &= rules->watched[i].own_day;
		found = true;
	}
	if (!found)
		return false;
	judge->measures = literal.data;
	judge->facts = facts_of(rules, judge);
	judge->first_day = DatumGetDateADT(af_result_get(SPI_tuptable, row, 2, &null));
	judge->last_day = DatumGetDateADT(af_result_get(SPI_tuptable, row, 3, &null));
	judge->ends_on = DatumGetDateADT(af_result_get(SPI_tuptable, row, 4, &null));
	judge->facts_from = DatumGetDateADT(af_result_get(SPI_tuptable, row, 5, &null));
	judge->doc = PointerGetDatum(PG_DETOAST_DATUM_COPY(af_result_get(SPI_tuptable, row, 6, &null)));
	judge->whole = PointerGetDatum(PG_DETOAST_DATUM_COPY(af_result_get(SPI_tuptable, row, 7, &null)));
	least = af_result_get(SPI_tuptable, row, 9, &null);
	judge->has_least = !null;
	if (!null)
		judge->least = PointerGetDatum(DatumGetNumericCopy(least));
	judge->restricted = af_result_bool(SPI_tuptable, row, 10);
	judge->codes = af_text_array(wanted, wanted_count);
	return true;
}

/* Begin anew with the days. */
static void
forget_days(af_rules *rules)
{
	HASHCTL		days = {.keysize = sizeof(DateADT), .entrysize = sizeof(af_day_rules)};

	if (rules->day_context)
		MemoryContextDelete(rules->day_context);
	rules->day_context = AllocSetContextCreate(rules->context, "antifraud escalation days", ALLOCSET_DEFAULT_SIZES);
	days.hcxt = rules->day_context;
	rules->days = hash_create("antifraud escalation days", 32, &days, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

const af_day_rules *
af_rules_on(af_rules *rules, DateADT as_of)
{
	bool		found = false;
	af_day_rules *day = NULL;
	MemoryContext old;
	af_judge   *judges;
	int			count = 0;
	Oid			types[2] = {DATEOID, TEXTARRAYOID};
	Datum		values[2] = {DateADTGetDatum(as_of), rules->measures};
	char	   *query;

	if (rules->days)
		day = hash_search(rules->days, &as_of, HASH_FIND, &found);
	if (found)
		return day;
	if (rules->days == NULL || (hash_get_num_entries(rules->days) >= MAX_DAYS && rules->in_use == 1))
		forget_days(rules);

	/* days that are over are looked at by tick(): more facts never make them fall short */
	query = psprintf("SELECT r.by_fact, r.first_day, r.last_day, r.ends_on, r.facts_from, r.doc, antifraud.with_as_of(r.doc, r.ends_on), r.measures, r.least_amount,"
					 " pg_catalog.num_nonnulls(VARIADIC r.regions::pg_catalog.text[] || r.unit_kinds) > 0, r.codes"
					 " FROM %s.escalation_rubrics($1) AS r WHERE r.subject = 'unit' AND NOT r.shortfall AND r.measures && $2 ORDER BY r.first_day, r.codes", rules->registry);
	af_rules_run(rules, query, 2, types, values, NULL);
	old = MemoryContextSwitchTo(rules->day_context);
	judges = palloc0(sizeof(af_judge) * (SPI_processed * 2 + 1));
	for (uint64 row = 0; row < SPI_processed; row++)
		for (int plain = 0; plain < 2; plain++)
			if (make_judge(rules, row, plain != 0, &judges[count]))
				count++;
			else
				memset(&judges[count], 0, sizeof(af_judge));
	MemoryContextSwitchTo(old);
	SPI_freetuptable(SPI_tuptable);
	day = hash_search(rules->days, &as_of, HASH_ENTER, &found);
	day->count = count;
	day->judges = judges;
	return day;
}
